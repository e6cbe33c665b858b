//! The bytes of every field as JSON, in the shape of tshark's `-T jsonraw`: for each field its bytes in hexadecimal, where
//! they begin, how many they are, the mask and Wireshark's number of the type. No key stands twice in an object: what tshark
//! has several times is an array, as it is with its `--no-duplicate-keys`.

use super::MOST_DEPTH;
use super::elastic::index;
use super::json::Seen;
use crate::tree::{Dissection, Node};
use crate::{Field, Kind, Out};

/// Writes packets as JSON with the bytes of their fields.
#[derive(Clone, Debug, Default)]
pub struct JsonRaw {
    begun: bool,
    seen: Seen,
}

impl JsonRaw {
    /// Writes what stands before the first packet.
    pub fn begin(&self, out: &mut Out) {
        out.str("[\n");
    }
    /// Writes a packet.
    pub fn packet(&mut self, dissection: Dissection<'_>, out: &mut Out) {
        out.str(if self.begun { ",\n" } else { "" }).str("{\"_index\":\"");
        self.begun = true;
        index(dissection.packet, out);
        out.str("\",\"_type\":\"doc\",\"_score\":null,\"_source\":{\"layers\":{");
        let nodes = dissection.tree.nodes();
        self.seen.begin(nodes.len() * 2);
        // The packet's level: protocols, wherever they stand, and what stands in none.
        let (mut inside, mut under) = (0, 0);
        for (at, node) in nodes.iter().enumerate() {
            let end = node.end as usize;
            if node.field.show.kind == Kind::Protocol {
                self.member(dissection, at, (u32::MAX, nodes.len()), true, 0, out);
                inside = inside.max(end);
            } else if at >= inside.max(under) {
                self.member(dissection, at, (u32::MAX, nodes.len()), false, 0, out);
                under = end;
            }
        }
        close(b'}', out);
        out.truncate(out.len() - 1);
        out.str("}}");
    }
    /// Writes what stands behind the last packet.
    pub fn end(&self, out: &mut Out) {
        out.str(if self.begun { "\n]\n" } else { "]\n" });
    }
    /// Writes the members of a node's name and of its twins' names, for it and all nodes of these names in the group, where
    /// that was not done before.
    fn member(
        &mut self,
        dissection: Dissection<'_>,
        at: usize,
        (group, end): (u32, usize),
        protocols: bool,
        depth: usize,
        out: &mut Out,
    ) {
        let Some(node) = dissection.tree.nodes().get(at) else { return };
        for field in std::iter::once(node.field).chain(node.field.show.also.iter().copied()) {
            if self.seen.count(field, group, true).1 {
                continue;
            }
            let same = Same { dissection, key: field.key(), end, protocols };
            let several = same.after(at + 1).is_some();
            out.byte(b'"').str(field.name).str(if several { "_raw\":[" } else { "_raw\":" });
            let (mut next, mut trees) = (Some(at), false);
            while let Some(one) = next {
                if let Some(node) = dissection.tree.nodes().get(one) {
                    bytes(dissection, node, field, out);
                    trees |= (node.end as usize > one + 1 || node.is(Node::FILTERED))
                        && node.field.key() == same.key;
                }
                next = same.after(one + 1);
            }
            if several {
                close(b']', out);
            }
            if trees && depth < MOST_DEPTH {
                self.trees(same, at, field, several, depth, out);
            }
        }
    }
    /// Writes what stands under the nodes of a name, from the first of them on.
    fn trees(
        &mut self,
        same: Same<'_>,
        at: usize,
        field: &'static Field,
        several: bool,
        depth: usize,
        out: &mut Out,
    ) {
        let tree = if same.protocols { "\":" } else { "_tree\":" };
        out.byte(b'"').str(field.name).str(tree).str(if several { "[" } else { "" });
        let nodes = same.dissection.tree.nodes();
        let mut next = Some(at);
        while let Some(one) = next {
            out.byte(b'{');
            let end = nodes.get(one).map_or(one, |node| node.end as usize);
            let mut child = one + 1;
            if let Some(node) = nodes.get(one).filter(|node| node.is(Node::FILTERED)) {
                out.str("\"filtered\":\"").str(node.field.name).str("\",");
                child = end;
            }
            while let Some(node) = nodes.get(child).filter(|_| child < end) {
                if node.field.show.kind != Kind::Protocol {
                    self.member(same.dissection, child, (one as u32, end), false, depth + 1, out);
                }
                child = (node.end as usize).max(child + 1);
            }
            close(b'}', out);
            next = same.after(one + 1);
        }
        if several {
            close(b']', out);
        }
    }
}

/// Nodes of one name side by side, or all protocols of one name.
#[derive(Clone, Copy)]
struct Same<'a> {
    dissection: Dissection<'a>,
    key: u64,
    end: usize,
    protocols: bool,
}

impl Same<'_> {
    /// The next of them from a place on that begins a node of the group.
    fn after(&self, from: usize) -> Option<usize> {
        let nodes = self.dissection.tree.nodes();
        // The place behind a node is under it: what is side by side begins where it ends.
        let mut at = if self.protocols {
            from
        } else {
            from.checked_sub(1).and_then(|before| nodes.get(before)).map_or(from, |node| node.end as usize)
        };
        while let Some(node) = nodes.get(at).filter(|_| at < self.end) {
            let field = node.field;
            let is_protocol = field.show.kind == Kind::Protocol;
            let named = field.key() == self.key || field.show.also.iter().any(|twin| twin.key() == self.key);
            if named && is_protocol == self.protocols {
                return Some(at);
            }
            at = if self.protocols { at + 1 } else { (node.end as usize).max(at + 1) };
        }
        None
    }
}

/// Closes an object or an array over the comma of its last value.
fn close(sign: u8, out: &mut Out) {
    if out.as_bytes().last() == Some(&b',') {
        out.truncate(out.len() - 1);
    }
    out.byte(sign).byte(b',');
}

/// Writes the bytes of a node, their place, the mask and the type, and a comma.
fn bytes(dissection: Dissection<'_>, node: &Node, field: &Field, out: &mut Out) {
    out.str("[\"");
    if field.show.mask == 0 {
        out.hex_bytes(dissection.raw(node), "");
    } else {
        out.hex(node.value, 1);
    }
    out.str("\",").dec(node.start.into()).byte(b',').dec(node.len.into()).byte(b',');
    out.dec(field.show.mask).byte(b',').dec(number(field.show.kind)).str("],");
}

/// Wireshark's number of a type: its place in the list of `tshark -G ftypes`.
fn number(kind: Kind) -> u64 {
    match kind {
        Kind::None => 0,
        Kind::Protocol => 1,
        Kind::Boolean => 2,
        Kind::Unsigned(bits) => 3 + u64::from(bits.div_ceil(8)),
        Kind::Signed(bits) => 11 + u64::from(bits.div_ceil(8)),
        Kind::Double => 23,
        Kind::Moment => 24,
        Kind::Duration => 25,
        Kind::Text => 26,
        Kind::Ether => 29,
        Kind::Bytes => 30,
        Kind::Ipv4 => 32,
        Kind::Ipv6 => 33,
        Kind::Packet => 35,
    }
}
