//! `conv,…`: who talked with whom, how much in which direction, when.

use super::ends::{Finder, Layer};
use super::rows::Rows;
use super::{Counted, Look, Looks, Statistic, filter, one_table, titled};
use crate::report::{Cell, Column, Report};
use crate::{Address, Dissector, Ends, Field, Out};

/// The most conversations that are told apart. The packets of further ones are counted as left out.
pub const MOST_CONVERSATIONS: usize = 1 << 20;

/// A conversation.
#[derive(Clone, Copy, Debug)]
pub struct Conversation {
    /// The ends as its first packet had them.
    pub ends: Ends,
    /// Packets in the direction of the first one, and in the other.
    pub frames: [u64; 2],
    /// Bytes on the wire in these directions.
    pub bytes: [u64; 2],
    /// When the earliest packet came, in nanoseconds since the capture's first.
    pub first: i64,
    /// When the latest packet came.
    pub last: i64,
}

static COLUMNS: &[Column] = &[
    Column::new("a", "A"),
    Column::new("b", "B"),
    Column::new("packets", "Packets"),
    Column::new("bytes", "Bytes"),
    Column::new("packets_a_to_b", "Packets A to B"),
    Column::new("bytes_a_to_b", "Bytes A to B"),
    Column::new("packets_b_to_a", "Packets B to A"),
    Column::new("bytes_b_to_a", "Bytes B to A"),
    Column::new("start_seconds", "Start"),
    Column::new("duration_seconds", "Duration"),
];

#[derive(Debug)]
struct Conversations {
    filter: String,
    finder: Finder,
    /// By the lower end, the upper end, and what tells conversations of these apart.
    rows: Rows<(Ends, u64), Conversation>,
}

pub(super) fn make(dissector: &Dissector, layer: &'static Layer, rest: &str) -> Result<Counted, String> {
    let statistic = Conversations {
        filter: rest.to_owned(),
        finder: Finder::new(dissector, layer),
        rows: Rows::new(MOST_CONVERSATIONS),
    };
    Ok(Counted { filter: filter(dissector, rest)?, statistic: Box::new(statistic) })
}

/// The ends with the lower one as the source.
fn sorted(ends: Ends) -> Ends {
    let Ends { source, destination, source_port, destination_port } = ends;
    if (source, source_port) <= (destination, destination_port) {
        return ends;
    }
    Ends {
        source: destination,
        destination: source,
        source_port: destination_port,
        destination_port: source_port,
    }
}

impl Statistic for Conversations {
    fn looks(&self) -> Looks {
        Looks::Fields(self.finder.fields())
    }
    fn filters(&self) -> Option<Vec<&'static Field>> {
        Some(Vec::new())
    }
    fn packet(&mut self, look: &Look<'_>) {
        let (length, since) = (look.length(), look.since);
        let new = |ends| Conversation { ends, frames: [0; 2], bytes: [0; 2], first: since, last: since };
        let rows = &mut self.rows;
        self.finder.each(look, |ends, stream| {
            let Some(row) = rows.of((sorted(ends), stream), || new(ends)) else { return };
            let back = usize::from(row.ends != ends);
            row.frames[back] += 1;
            row.bytes[back] += length;
            (row.first, row.last) = (row.first.min(since), row.last.max(since));
        });
    }
    fn write(&self, out: &mut Out) {
        write(
            self.finder.layer.title,
            self.finder.layer.has_ports,
            &self.filter,
            self.rows.all(),
            (self.rows.left_out, "packets of further conversations"),
            out,
        );
    }
    fn report(&self) -> Option<Report> {
        let has_ports = self.finder.layer.has_ports;
        let name = |address: &Address, port: u16| {
            if has_ports { Cell::end(address, port) } else { Cell::address(address) }
        };
        let mut order: Vec<&Conversation> = self.rows.all().iter().collect();
        order.sort_by_key(|row| std::cmp::Reverse(row.frames[0] + row.frames[1]));
        let rows = order.into_iter().map(|row| {
            vec![
                name(&row.ends.source, row.ends.source_port),
                name(&row.ends.destination, row.ends.destination_port),
                Cell::Count(row.frames[0] + row.frames[1]),
                Cell::Count(row.bytes[0] + row.bytes[1]),
                Cell::Count(row.frames[0]),
                Cell::Count(row.bytes[0]),
                Cell::Count(row.frames[1]),
                Cell::Count(row.bytes[1]),
                Cell::Seconds(row.first),
                Cell::Seconds(row.last.saturating_sub(row.first)),
            ]
        });
        let title = titled(&format!("{} conversations", self.finder.layer.title), &self.filter);
        let (rows, left_out) = (rows.collect(), self.rows.left_out);
        Some(one_table("conversations", title, "Conversations", COLUMNS, rows, left_out))
    }
}

/// What stands above and below such tables.
pub(super) const LINE: &str =
    "================================================================================\n";

/// Writes what stands above the columns.
pub(super) fn heading(title: &str, what: &str, filter: &str, out: &mut Out) {
    let filter = if filter.is_empty() { "<No Filter>" } else { filter };
    out.str(LINE).str(title).str(" ").str(what).str("\nFilter:").text(filter.as_bytes()).str("\n");
}

/// Writes conversations as tshark does, those with the most packets first, and how many of what was left out.
pub fn write(
    title: &str,
    has_ports: bool,
    filter: &str,
    rows: &[Conversation],
    left_out: (u64, &str),
    out: &mut Out,
) {
    let width = if has_ports { 59 } else { 47 };
    heading(title, "Conversations", filter, out);
    out.spaces(width)
        .str("|       <-      | |       ->      | |     Total     |    Relative    |   Duration   |\n");
    out.spaces(width)
        .str("| Frames  Bytes | | Frames  Bytes | | Frames  Bytes |      Start     |              |\n");
    let mut order: Vec<u32> = (0..rows.len() as u32).collect();
    let frames = |at: &u32| rows.get(*at as usize).map_or(0, |row| row.frames[0] + row.frames[1]);
    order.sort_by_key(|at| std::cmp::Reverse(frames(at)));
    for row in order.iter().filter_map(|at| rows.get(*at as usize)) {
        let Ends { source, destination, source_port, destination_port } = row.ends;
        let width = if has_ports { 26 } else { 20 };
        padded(width, out, |out| end(&source, has_ports.then_some(source_port), out));
        out.str(" <-> ");
        padded(width, out, |out| end(&destination, has_ports.then_some(destination_port), out));
        let total = (row.frames[0] + row.frames[1], row.bytes[0] + row.bytes[1]);
        for (frames, bytes) in [(row.frames[1], row.bytes[1]), (row.frames[0], row.bytes[0]), total] {
            out.fmt(format_args!("  {frames:6} "));
            padded(9, out, |out| size(bytes, out));
        }
        // Seconds as tshark reckons them, so that the last digits are the same.
        let seconds = |time: i64| (time / 1_000_000_000) as f64 + (time % 1_000_000_000) as f64 / 1e9;
        let (first, lasts) = (seconds(row.first), seconds(row.last) - seconds(row.first));
        out.fmt(format_args!("  {first:14.9}   {lasts:12.4}\n"));
    }
    if left_out.0 > 0 {
        out.str("(and ").dec(left_out.0).str(" ").str(left_out.1).str(")\n");
    }
    out.str(LINE);
}

/// Writes an address, and a port behind a colon.
fn end(address: &Address, port: Option<u16>, out: &mut Out) {
    address.write(out);
    if let Some(port) = port {
        out.byte(b':').dec(port.into());
    }
}

/// Writes something with spaces behind it up to a width.
pub(super) fn padded(width: usize, out: &mut Out, write: impl FnOnce(&mut Out)) {
    let start = out.len();
    write(out);
    let written = out.len() - start;
    out.spaces(width.saturating_sub(written));
}

/// Writes a number of bytes with the unit in which it has two digits at least.
fn size(bytes: u64, out: &mut Out) {
    let units = [(1_000_000_000_000, " TB"), (1_000_000_000, " GB"), (1_000_000, " MB"), (1_000, " kB")];
    let (unit, name) = units.into_iter().find(|(unit, _)| bytes / unit >= 10).unwrap_or((1, " bytes"));
    out.dec(bytes / unit).str(name);
}
