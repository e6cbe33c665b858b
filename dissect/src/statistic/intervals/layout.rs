//! The table of `io,stat`, in tshark's layout.

use super::{Cell, Column, Intervals, MOST_INTERVALS, What};
use crate::Out;

/// The most signs of a column's text in a line, where the table is not wider.
const TEXT_WIDTH: usize = 89;

/// The sizes of the table.
struct Sizes {
    /// The interval in microseconds, and whether it is the whole duration.
    length: u64,
    is_whole: bool,
    /// Digits before the point of the duration, and behind the point of the interval.
    before: usize,
    behind: usize,
    /// The column of intervals, without its spaces.
    first: usize,
    /// The table and the box around it.
    table: usize,
    width: usize,
}

impl Intervals {
    pub(super) fn lay_out(&self, out: &mut Out) {
        let sizes = self.sizes();
        let Sizes { width, table, length, .. } = sizes;
        let rows = self.rows(length);
        out.str("\n");
        repeated(b'=', width, out).str("\n");
        boxed(width, out, |out| {
            out.str("IO Statistics");
        });
        boxed(width, out, |_| {});
        self.write_times(&sizes, out);
        boxed(width, out, |_| {});
        for (at, column) in self.columns.iter().enumerate() {
            column.write_text(at, width, out);
        }
        repeated(b'-', width - 2, out.str("|")).str("|\n");
        let gap = width - table;
        let widths: Vec<Vec<usize>> =
            self.columns.iter().map(|column| column.widths(rows, &sizes, self.duration)).collect();
        let edge = |out: &mut Out| {
            if gap > 0 {
                out.spaces(gap - 1).str("|");
            }
            out.str("\n");
        };
        out.str("|").spaces(sizes.first + 2).str("|");
        for (at, widths) in widths.iter().enumerate() {
            let whole: usize = widths.iter().map(|width| width + 3).sum::<usize>() - 1;
            let start = out.len();
            out.dec(at as u64 + 1);
            let written = out.len() - start;
            out.spaces(whole.saturating_sub(written)).str("|");
        }
        edge(out);
        out.str("| Interval").spaces(sizes.first.saturating_sub(8) + 1).str("|");
        for (column, widths) in self.columns.iter().zip(&widths) {
            for (name, width) in column.headings().iter().zip(widths) {
                let rest = width + 2 - name.len();
                out.spaces(rest.div_ceil(2)).str(name).spaces(rest / 2).str("|");
            }
        }
        edge(out);
        repeated(b'-', table - 2, out.str("|")).str("|");
        edge(out);
        for row in 0..rows {
            self.write_interval(row as u64, rows as u64, &sizes, out);
            for (column, widths) in self.columns.iter().zip(&widths) {
                column.write_cells(row, widths, &sizes, self.duration, out);
            }
            edge(out);
        }
        repeated(b'=', width, out).str("\n");
        if self.left_out > 0 {
            out.str("(and ").dec(self.left_out).str(" packets of later intervals)\n");
        }
    }
    /// How many intervals there are, as far as they are counted: a clock may have leapt by centuries.
    fn rows(&self, length: u64) -> usize {
        usize::try_from(self.duration.div_ceil(length.max(1))).unwrap_or(usize::MAX).min(MOST_INTERVALS)
    }
    fn sizes(&self) -> Sizes {
        let whole = self.length.is_none_or(|length| length >= self.duration);
        let length = if whole { self.duration } else { self.length.unwrap_or(self.duration) };
        let seconds = self.duration / 1_000_000;
        let before = (seconds.checked_ilog10().unwrap_or(0) as usize + 1).min(5);
        let behind = match (whole, before) {
            (true, 1) => 3,
            (true, _) => 1,
            (false, _) => self.digits,
        };
        let end = if behind == 0 { before } else { before + 1 + behind };
        let first = (2 * end + 4).max(8);
        let mut sizes = Sizes { length, is_whole: whole, before, behind, first, table: 0, width: 0 };
        let rows = self.rows(length);
        let cells: usize = self
            .columns
            .iter()
            .flat_map(|column| column.widths(rows, &sizes, self.duration))
            .map(|width| width + 3)
            .sum();
        sizes.table = first + 4 + cells;
        let least = match (whole, behind) {
            (true, _) => 31 + before + behind,
            (false, 0) => 25 + before,
            (false, _) => 26 + before + behind,
        };
        let text = self
            .columns
            .iter()
            .map(|column| column.label().len().min(TEXT_WIDTH + 2) + 11)
            .max()
            .unwrap_or(0);
        sizes.width = sizes.table.max(least).max(text);
        // A gap beside the table has its own edge.
        sizes.width += usize::from(sizes.width == sizes.table + 1);
        sizes
    }
    fn write_times(&self, sizes: &Sizes, out: &mut Out) {
        let Sizes { before, behind, length, .. } = *sizes;
        let behind_duration = if behind == 0 { 6 } else { behind };
        for (name, time, behind) in
            [("Duration: ", self.duration, behind_duration), ("Interval: ", length, behind)]
        {
            // As tshark does, the line grows where the number has more digits than there is room for.
            let room = before + if behind == 0 { 0 } else { 1 + behind };
            out.str("| ").str(name);
            if name.starts_with('D') && sizes.behind == 0 {
                // tshark pads the fraction with spaces.
                out.fmt(format_args!("{}.{:6} secs", time / 1_000_000, time % 1_000_000));
            } else {
                out.fmt(format_args!("{:room$.behind$} secs", seconds(time)));
            }
            out.spaces(sizes.width.saturating_sub(2 + name.len() + room + 5 + 1)).str("|\n");
        }
    }
    fn write_interval(&self, row: u64, rows: u64, sizes: &Sizes, out: &mut Out) {
        let Sizes { before, behind, length, is_whole, .. } = *sizes;
        let (start, end) = (row * length, (row + 1) * length);
        let is_last = row + 1 == rows;
        if behind == 0 && !is_whole {
            let pad = usize::from(before == 1);
            out.str("| ").spaces(pad).fmt(format_args!("{:before$} <> ", start / 1_000_000));
            if is_last && end > self.duration {
                let width = before.max(2) + 1;
                out.fmt(format_args!("{:<width$}|", "Dur"));
            } else {
                out.fmt(format_args!("{:before$} ", end / 1_000_000)).spaces(pad).str("|");
            }
            return;
        }
        let width = before + 1 + behind;
        let end = end.min(self.duration);
        out.fmt(format_args!("| {:width$.behind$} <> {:width$.behind$} |", seconds(start), seconds(end)));
    }
}

fn seconds(microseconds: u64) -> f64 {
    microseconds as f64 / 1e6
}

impl Column {
    pub(super) fn label(&self) -> &str {
        if self.text.is_empty() { "Frames and bytes" } else { &self.text }
    }
    /// What the column is, in as many lines as it takes.
    fn write_text(&self, at: usize, width: usize, out: &mut Out) {
        let room = (width - 11).max(1);
        let mut rest = self.label();
        let mut is_first = true;
        while !rest.is_empty() {
            let end = if rest.len() <= room {
                rest.len()
            } else {
                let most = (0..=room).rev().find(|at| rest.is_char_boundary(*at)).unwrap_or(rest.len());
                let space = rest.get(..most).and_then(|part| part.rfind(' '));
                space.filter(|at| *at > 0).unwrap_or(most.max(1))
            };
            let (line, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
            boxed(width, out, |out| {
                match (is_first, at) {
                    (true, 0) => out.str("Col 1: "),
                    (true, _) => out.fmt(format_args!("{:5}: ", at + 1)),
                    (false, _) => out.str("       "),
                };
                out.text(line.as_bytes());
            });
            (rest, is_first) = (after.trim_start(), false);
        }
    }
    fn headings(&self) -> Vec<&'static str> {
        match self.what {
            What::Both => vec!["Frames", "Bytes"],
            what => vec![what.name()],
        }
    }
    /// The widths of the numbers.
    fn widths(&self, rows: usize, sizes: &Sizes, duration: u64) -> Vec<usize> {
        let mut scratch = Out::new();
        let mut widths: Vec<usize> = self.headings().iter().map(|name| name.len()).collect();
        for (at, width) in widths.iter_mut().enumerate() {
            for row in 0..rows.min(self.cells.len()).max(1) {
                scratch.clear();
                self.write_number(row, at, sizes, duration, &mut scratch);
                *width = (*width).max(scratch.len());
            }
        }
        widths
    }
    fn write_cells(&self, row: usize, widths: &[usize], sizes: &Sizes, duration: u64, out: &mut Out) {
        let mut scratch = Out::new();
        for (at, width) in widths.iter().enumerate() {
            scratch.clear();
            self.write_number(row, at, sizes, duration, &mut scratch);
            out.spaces(width.saturating_sub(scratch.len()) + 1).raw(scratch.as_bytes()).str(" |");
        }
    }
    /// What is calculated of the values of an interval. Times are in microseconds.
    pub(super) fn calculated(&self, row: usize, length: u64, duration: u64) -> i64 {
        let Cell { count, sum, least, greatest, .. } = self.cells.get(row).copied().unwrap_or_default();
        match self.what {
            What::Both | What::Frames | What::Bytes | What::Count => count as i64,
            What::Sum => sum,
            What::Min => least,
            What::Max => greatest,
            What::Average => sum.checked_div(count.try_into().unwrap_or(i64::MAX)).unwrap_or(0),
            What::Load => {
                // How many were there at a time.
                let start = row as u64 * length;
                let length = length.min(duration.saturating_sub(start)).max(1);
                i64::try_from(sum as i128 * 1_000_000 / i128::from(length)).unwrap_or(i64::MAX)
            }
        }
    }
    fn write_number(&self, row: usize, at: usize, sizes: &Sizes, duration: u64, out: &mut Out) {
        let Cell { frames, bytes, count, .. } = self.cells.get(row).copied().unwrap_or_default();
        match self.what {
            What::Both | What::Frames if at == 0 => {
                out.dec(frames);
                return;
            }
            What::Both | What::Frames | What::Bytes => {
                out.dec(bytes);
                return;
            }
            What::Count => {
                out.dec(count);
                return;
            }
            _ => {}
        }
        let value = self.calculated(row, sizes.length, duration);
        if self.is_time {
            let sign = if value < 0 { "-" } else { "" };
            let value = value.unsigned_abs();
            out.str(sign).dec(value / 1_000_000).byte(b'.').dec_padded(value % 1_000_000, 6);
        } else {
            out.signed(value);
        }
    }
}

fn repeated(byte: u8, count: usize, out: &mut Out) -> &mut Out {
    for _ in 0..count {
        out.byte(byte);
    }
    out
}

/// A line of the box.
fn boxed(width: usize, out: &mut Out, write: impl FnOnce(&mut Out)) {
    let start = out.len();
    out.str("| ");
    write(out);
    let written = out.len() - start;
    out.spaces(width.saturating_sub(written + 1)).str("|\n");
}
