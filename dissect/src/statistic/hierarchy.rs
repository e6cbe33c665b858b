//! `io,phs`: which protocols stand in which, with packets and bytes.

use super::{Counted, Look, Looks, QUOTING, Statistic, filter, one_table, titled};
use crate::report::{Cell, Column, Report};
use crate::tree::Node;
use crate::{Dissector, Field, Kind, Out, Tree};

/// The most rows that are kept. Protocols are few; only packets made to be odd have many orders of them.
const MOST_ROWS: usize = 1 << 14;

/// How deep rows are indented; what stands deeper is marked.
const MOST_INDENTED: usize = 16;

/// What is no protocol's group, and stands beside them all the same.
const BESIDE: [&str; 2] = ["_ws.malformed", "_ws.short"];

static COLUMNS: &[Column] = &[
    Column::new("depth", "Depth"),
    Column::new("protocol", "Protocol"),
    Column::new("packets", "Packets"),
    Column::new("packets_percent", "% of packets"),
    Column::new("bytes", "Bytes"),
    Column::new("bytes_percent", "% of bytes"),
];

#[derive(Debug, Default)]
struct Row {
    name: &'static str,
    frames: u64,
    bytes: u64,
    /// The first row under it, and the next one beside it; 0 for none.
    child: u32,
    next: u32,
}

#[derive(Debug)]
struct Hierarchy {
    filter: String,
    fields: Vec<&'static Field>,
    /// The first is the root of all.
    rows: Vec<Row>,
    /// How often a row was missing because there were too many.
    left_out: u64,
}

pub(super) fn make(dissector: &Dissector, rest: &str) -> Result<Counted, String> {
    let all = dissector.protocols().iter().flat_map(|one| one.fields.iter().copied().flatten());
    let fields = all.filter(|field| field.show.kind == Kind::Protocol).copied().collect();
    let statistic = Hierarchy { filter: rest.to_owned(), fields, rows: vec![Row::default()], left_out: 0 };
    Ok(Counted { filter: filter(dissector, rest)?, statistic: Box::new(statistic) })
}

impl Hierarchy {
    /// Calls `told` with each row, the root left out, in the order in which they stand under each other.
    fn each(&self, mut told: impl FnMut(usize, &Row)) {
        let mut open = vec![self.rows.first().map_or(0, |root| root.child)];
        while let Some(at) = open.last_mut() {
            let Some(row) = self.rows.get(*at as usize).filter(|_| *at != 0) else {
                open.pop();
                continue;
            };
            *at = row.next;
            told(open.len() - 1, row);
            open.push(row.child);
        }
    }
    /// The row of this name under another.
    fn row(&mut self, under: u32, name: &'static str) -> Option<u32> {
        let (mut last, mut at) = (0, self.rows.get(under as usize)?.child);
        while at != 0 {
            let row = self.rows.get(at as usize)?;
            if row.name == name {
                return Some(at);
            }
            (last, at) = (at, row.next);
        }
        let new = self.rows.len() as u32;
        if self.rows.len() >= MOST_ROWS {
            self.left_out += 1;
            return None;
        }
        self.rows.push(Row { name, ..Row::default() });
        if last == 0 {
            self.rows.get_mut(under as usize)?.child = new;
        } else {
            self.rows.get_mut(last as usize)?.next = new;
        }
        Some(new)
    }
    /// Counts the protocol of this name under a row, and answers its own.
    fn step(&mut self, under: u32, name: &'static str, bytes: u64) -> Option<u32> {
        let at = self.row(under, name)?;
        let row = self.rows.get_mut(at as usize)?;
        row.frames += 1;
        row.bytes += bytes;
        Some(at)
    }
    /// Counts the protocols of a packet, each under the one before it. What stands inside another counts with that one, but
    /// for what SCTP's chunks carry.
    fn chain(&mut self, tree: &Tree, commented: bool, bytes: u64) -> Option<()> {
        let mut row = if commented { self.step(0, "pkt_comment", bytes)? } else { 0 };
        for top in tree.top() {
            let Some(node) = tree.nodes().get(top).filter(|node| node.field.name != "frame") else {
                continue;
            };
            if counts(node) {
                row = self.step(row, node.field.name, bytes)?;
            }
            if !QUOTING.contains(&node.field.name) {
                row = self.inner(row, tree, top, bytes)?;
            }
        }
        Some(())
    }
    /// Counts what stands inside a protocol's group and yet beside it: the first fault, at which tshark ends, and what SCTP's
    /// chunks carry.
    fn inner(&mut self, mut row: u32, tree: &Tree, top: usize, bytes: u64) -> Option<u32> {
        let nodes = tree.nodes();
        let name = nodes.get(top).map_or("", |node| node.field.name);
        let (mut carried, mut faulty) = (false, false);
        for part in tree.children(top) {
            let end = nodes.get(part).map_or(part, |node| node.end as usize);
            let (mut at, mut first) = (part, true);
            while let Some(node) = nodes.get(at).filter(|_| at < end) {
                let is_protocol = node.field.show.kind == Kind::Protocol;
                if name == "sctp" && is_protocol && node.field.name != name {
                    // As tshark does, a further chunk with a payload is the protocol once more.
                    if carried && first {
                        row = self.step(row, name, bytes)?;
                    }
                    (carried, first) = (true, false);
                    row = self.step(row, node.field.name, bytes)?;
                } else if !is_protocol && !faulty && counts(node) {
                    faulty = true;
                    row = self.step(row, node.field.name, bytes)?;
                }
                at = if is_protocol { node.end as usize } else { at + 1 };
            }
        }
        Some(row)
    }
}

/// Whether a node is a row of its own.
fn counts(node: &Node) -> bool {
    node.field.show.kind == Kind::Protocol || BESIDE.contains(&node.field.name)
}

impl Statistic for Hierarchy {
    fn looks(&self) -> Looks {
        Looks::Fields(self.fields.clone())
    }
    fn filters(&self) -> Option<Vec<&'static Field>> {
        Some(Vec::new())
    }
    fn packet(&mut self, look: &Look<'_>) {
        let commented = look.dissection.packet.options.comments().next().is_some();
        self.chain(look.dissection.tree, commented, look.length());
    }
    fn write(&self, out: &mut Out) {
        let line = "===================================================================\n";
        out.str("\n").str(line).str("Protocol Hierarchy Statistics\nFilter: ").text(self.filter.as_bytes());
        out.str("\n\n");
        self.each(|depth, row| {
            let start = out.len();
            out.spaces(depth.min(MOST_INDENTED) * 2).str(if depth > MOST_INDENTED { "..." } else { "" });
            out.str(row.name);
            let width = out.len() - start;
            out.spaces(40usize.saturating_sub(width)).str(" frames:").dec(row.frames);
            out.str(" bytes:").dec(row.bytes).str("\n");
        });
        if self.left_out > 0 {
            out.str("(and further orders of protocols, ").dec(self.left_out).str(" times)\n");
        }
        out.str(line);
    }
    fn report(&self) -> Option<Report> {
        let (mut all, mut rows) = ((0, 0), Vec::new());
        self.each(|depth, row| {
            if depth == 0 {
                all = (all.0 + row.frames, all.1 + row.bytes);
            }
        });
        let share = |part: u64, of: u64| Cell::Decimal(part as f64 * 100.0 / of.max(1) as f64, 1);
        self.each(|depth, row| {
            rows.push(vec![
                Cell::Count(depth as u64),
                Cell::text(row.name),
                Cell::Count(row.frames),
                share(row.frames, all.0),
                Cell::Count(row.bytes),
                share(row.bytes, all.1),
            ]);
        });
        let title = titled("Protocol hierarchy", &self.filter);
        Some(one_table("hierarchy", title, "Protocols", COLUMNS, rows, self.left_out))
    }
}
