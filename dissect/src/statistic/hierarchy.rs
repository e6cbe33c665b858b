//! `io,phs`: which protocols stand in which, with packets and bytes.

use super::{Counted, Look, Looks, QUOTING, Statistic, filter};
use crate::tree::Node;
use crate::{Dissector, Field, Kind, Out, Tree};

/// The most rows that are kept. Protocols are few; only packets made to be odd have many orders of them.
const MOST_ROWS: usize = 1 << 14;

/// How deep rows are indented; what stands deeper is marked.
const MOST_INDENTED: usize = 16;

/// What is no protocol's group, and stands beside them all the same.
const BESIDE: [&str; 2] = ["_ws.malformed", "_ws.short"];

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
    /// Counts what stands inside a protocol's group and yet beside it.
    fn inner(&mut self, mut row: u32, tree: &Tree, top: usize, bytes: u64) -> Option<u32> {
        let nodes = tree.nodes();
        let name = nodes.get(top).map_or("", |node| node.field.name);
        let mut carried = false;
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
                } else if !is_protocol && counts(node) {
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
    fn packet(&mut self, look: &Look<'_>) {
        let commented = look.dissection.packet.options.comments().next().is_some();
        self.chain(look.dissection.tree, commented, look.length());
    }
    fn write(&self, out: &mut Out) {
        let line = "===================================================================\n";
        out.str("\n").str(line).str("Protocol Hierarchy Statistics\nFilter: ").text(self.filter.as_bytes());
        out.str("\n\n");
        let mut open = vec![self.rows.first().map_or(0, |root| root.child)];
        while let Some(at) = open.last_mut() {
            let Some(row) = self.rows.get(*at as usize).filter(|_| *at != 0) else {
                open.pop();
                continue;
            };
            *at = row.next;
            let depth = open.len() - 1;
            let start = out.len();
            out.spaces(depth.min(MOST_INDENTED) * 2).str(if depth > MOST_INDENTED { "..." } else { "" });
            out.str(row.name);
            let width = out.len() - start;
            out.spaces(40usize.saturating_sub(width)).str(" frames:").dec(row.frames);
            out.str(" bytes:").dec(row.bytes).str("\n");
            open.push(row.child);
        }
        if self.left_out > 0 {
            out.str("(and further orders of protocols, ").dec(self.left_out).str(" times)\n");
        }
        out.str(line);
    }
}
