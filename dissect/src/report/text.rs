//! Reports for people.

use super::{Arrow, Body, Cell, Ladder, Report, Table};
use crate::{Out, Severity};

/// How many packets of a finding are named.
const MOST_NAMED: usize = 8;

/// Writes a report as lines.
pub fn text(report: &Report, out: &mut Out) {
    out.text(report.title.as_bytes()).byte(b'\n');
    for part in &report.parts {
        out.byte(b'\n').str(part.heading).byte(b'\n');
        match &part.body {
            Body::Facts(facts) => {
                let facts: Vec<_> = facts.iter().filter(|(_, cell)| *cell != Cell::None).collect();
                let width = facts.iter().map(|(column, _)| column.label.chars().count()).max().unwrap_or(0);
                for (column, cell) in facts {
                    out.str("  ").str(column.label).spaces(width - column.label.chars().count() + 2);
                    write(cell, out);
                    out.byte(b'\n');
                }
            }
            Body::Table(rows) if rows.rows.is_empty() => drop(out.str("  none\n")),
            Body::Table(rows) => table(rows, out),
            Body::Findings(findings) if findings.is_empty() => drop(out.str("  none\n")),
            Body::Findings(findings) => {
                for finding in findings {
                    out.str(match finding.severity {
                        Severity::Error => "  ERROR  ",
                        Severity::Warn => "  WARN   ",
                        Severity::Note => "  NOTE   ",
                        Severity::Chat => "  OK     ",
                    });
                    out.text(finding.text.as_bytes());
                    if !finding.reference.is_empty() {
                        out.str(" [").str(finding.reference).byte(b']');
                    }
                    packets(&finding.packets, out);
                    out.byte(b'\n');
                }
            }
        }
    }
}

/// Names the packets that show something.
fn packets(packets: &[u64], out: &mut Out) {
    for (at, packet) in packets.iter().take(MOST_NAMED).enumerate() {
        let first = if packets.len() == 1 { " (packet " } else { " (packets " };
        out.str(if at == 0 { first } else { ", " }).dec(*packet);
    }
    if packets.len() > MOST_NAMED {
        out.str(" and ").dec((packets.len() - MOST_NAMED) as u64).str(" more");
    }
    if !packets.is_empty() {
        out.byte(b')');
    }
}

/// Writes a table with its columns under each other: numbers to the right, text to the left.
fn table(table: &Table, out: &mut Out) {
    let mut written = Out::new();
    let mut rows: Vec<Vec<String>> = vec![table.columns.iter().map(|one| one.label.to_owned()).collect()];
    for row in &table.rows {
        rows.push(
            row.iter()
                .map(|cell| {
                    written.clear();
                    write(cell, &mut written);
                    written.to_string_lossy()
                })
                .collect(),
        );
    }
    let count = |text: &String| text.chars().count();
    let widths: Vec<usize> = (0..table.columns.len())
        .map(|at| rows.iter().filter_map(|row| row.get(at)).map(count).max().unwrap_or(0))
        .collect();
    let right: Vec<bool> = (0..table.columns.len())
        .map(|at| table.rows.iter().filter_map(|row| row.get(at)).any(Cell::is_number))
        .collect();
    for row in &rows {
        // Blanks are written before what follows them, so that no line ends in some.
        let mut blanks = 2;
        for ((cell, width), right) in row.iter().zip(&widths).zip(&right) {
            let rest = width - count(cell);
            if cell.is_empty() {
                blanks += width;
            } else {
                out.spaces(if *right { blanks + rest } else { blanks }).str(cell);
                blanks = if *right { 0 } else { rest };
            }
            blanks += 2;
        }
        out.byte(b'\n');
    }
}

impl Cell {
    /// Whether it is a number, which stands to the right of its column.
    pub fn is_number(&self) -> bool {
        matches!(
            self,
            Cell::Count(_) | Cell::Packet(_) | Cell::Seconds(_) | Cell::Moment(_) | Cell::Decimal(..)
        )
    }
    /// Writes it for people. Text of packets has no control characters in it then, and is otherwise as it came.
    pub fn write(&self, out: &mut Out) {
        write(self, out);
    }
}

/// Writes a value.
fn write(cell: &Cell, out: &mut Out) {
    match cell {
        Cell::None => {}
        Cell::Text(text) => drop(out.text(text.as_bytes())),
        Cell::Count(number) | Cell::Packet(number) => drop(out.dec(*number)),
        Cell::Hex(number, digits) => drop(out.hex_0x(*number, (*digits).into())),
        Cell::Packets(numbers) => list(numbers, out, |number, out| {
            out.dec(*number);
        }),
        Cell::Seconds(nanoseconds) => {
            // Microseconds are what people compare.
            let sign = if *nanoseconds < 0 { "-" } else { "" };
            let micros = (nanoseconds.unsigned_abs() + 500) / 1000;
            out.str(sign).dec(micros / 1_000_000).byte(b'.').dec_padded(micros % 1_000_000, 6);
        }
        Cell::Moment(time) => drop(out.time(*time)),
        Cell::Decimal(number, digits) => drop(out.fmt(format_args!("{number:.*}", usize::from(*digits)))),
        Cell::Flag(flag) => drop(out.str(if *flag { "yes" } else { "no" })),
        Cell::List(cells) => list(cells, out, write),
    }
}

fn list<T>(items: &[T], out: &mut Out, write: impl Fn(&T, &mut Out)) {
    for (at, item) in items.iter().enumerate() {
        out.str(if at == 0 { "" } else { ", " });
        write(item, out);
    }
}

/// How wide a ladder's lane is: room for an address.
const LANE: usize = 26;

/// Writes a ladder with a lane for each end, an arrow a line, and before it the time and the packet.
pub fn ladder(picture: &Ladder, out: &mut Out) {
    let Ladder { title, ends, arrows } = picture;
    out.text(title.as_bytes()).str("\n\n");
    out.spaces(24);
    let mut name = Out::new();
    let mut before = 0;
    for end in ends {
        name.clear();
        name.text(end.as_bytes());
        let text = name.to_string_lossy();
        let width = text.chars().count();
        let pad = LANE.saturating_sub(width) / 2;
        out.spaces(before + pad).str(&text);
        before = LANE.saturating_sub(width + pad);
        if width >= LANE {
            before = 1;
        }
    }
    out.byte(b'\n');
    for arrow in arrows {
        rung(arrow, ends.len(), out);
    }
}

/// Writes one arrow: `   0.000123       1            ├──────── INIT ─────────→│`.
fn rung(arrow: &Arrow, lanes: usize, out: &mut Out) {
    let mut line = Out::new();
    write(&Cell::Seconds(arrow.since), &mut line);
    let time = line.to_string_lossy();
    out.spaces(14_usize.saturating_sub(time.len())).str(&time);
    line.clear();
    line.dec(arrow.packet);
    let number = line.to_string_lossy();
    out.spaces(9_usize.saturating_sub(number.len()).max(1)).str(&number).byte(b' ');
    let (left, right) = (arrow.from.min(arrow.to), arrow.from.max(arrow.to));
    line.clear();
    line.text(arrow.label.as_bytes());
    let label: String = line.to_string_lossy();
    out.spaces(LANE / 2);
    let to_right = arrow.from < arrow.to;
    for at in 0..lanes {
        if at > left && at < right {
            continue;
        }
        let (begins, ends) = (at == left && left < right, at == right && left < right);
        out.str(if begins && to_right {
            "├"
        } else if ends && !to_right {
            "┤"
        } else {
            "│"
        });
        if begins {
            // The whole way to the other lane.
            let way = (right - left) * LANE - 1;
            let text: String = label.chars().take(way.saturating_sub(5)).collect();
            let dashes = way - 1 - text.chars().count() - if text.is_empty() { 0 } else { 2 };
            let (before, after) = (dashes / 2, dashes - dashes / 2);
            out.str(if to_right { "" } else { "←" }).str(&"─".repeat(before));
            if !text.is_empty() {
                out.byte(b' ').str(&text).byte(b' ');
            }
            out.str(&"─".repeat(after)).str(if to_right { "→" } else { "" });
        } else if at + 1 < lanes {
            out.spaces(LANE - 1);
        }
    }
    if left == right {
        out.byte(b' ').str(&label);
    }
    if !arrow.note.is_empty() {
        out.str("  ").text(arrow.note.as_bytes());
    }
    out.byte(b'\n');
}
