//! NDJSON for Elasticsearch's bulk interface, as tshark's `-T ek`: for each packet a line that says where it goes, and a
//! line with its layers, each one object without anything nested in it.

use super::chains::Chains;
use super::columns::cell;
use super::value::written_or;
use super::{date, json, line, value};
use crate::capture::Time;
use crate::tree::{Dissection, Item, Node};
use crate::{Field, Kind, Out, Packet};
use hashbrown::{DefaultHashBuilder, HashMap};

/// Writes packets for Elasticsearch.
#[derive(Clone, Debug, Default)]
pub struct Elastic {
    /// The layers of the packet: indexes of protocols' nodes.
    layers: Vec<u32>,
    /// What stands in a layer, by its name; the names in the order in which they were met.
    names: Chains,
    /// The number of a name in `names`.
    places: HashMap<u64, u32, DefaultHashBuilder>,
    /// The text of a value before its signs are escaped.
    scratch: Out,
}

impl Elastic {
    /// Writes nothing: every packet stands alone.
    pub fn begin(&self, _: &mut Out) {}
    /// Writes nothing.
    pub fn end(&self, _: &mut Out) {}
    /// Writes a packet.
    pub fn packet(&mut self, dissection: Dissection<'_>, out: &mut Out) {
        head(dissection.packet, out);
        let nodes = dissection.tree.nodes();
        self.layers.clear();
        let protocols = nodes.iter().enumerate().filter(|(_, node)| node.field.show.kind == Kind::Protocol);
        self.layers.extend(protocols.map(|(at, _)| at as u32));
        // What no protocol holds: where understanding stopped, or the nodes of a part of the tree.
        self.gather(dissection, 0, nodes.len(), true);
        let mut comma = self.members("_ws", dissection, out);
        for at in 0..self.layers.len() {
            let Some(node) = self.layers.get(at).and_then(|layer| nodes.get(*layer as usize)) else {
                continue;
            };
            let is_same = |layer: &&u32| {
                nodes.get(**layer as usize).is_some_and(|other| other.field.key() == node.field.key())
            };
            let before = self.layers.get(..at).unwrap_or(&[]);
            if before.iter().any(|layer| is_same(&layer)) {
                continue;
            }
            let count = self.layers.iter().filter(is_same).count();
            out.str(if comma { "," } else { "" }).byte(b'"');
            underscored(node.field.name, out);
            out.str(if count > 1 { "\":[" } else { "\":" });
            comma = true;
            let mut inner = false;
            for other in at..self.layers.len() {
                let Some(index) = self.layers.get(other).copied() else { continue };
                let Some(layer) = nodes.get(index as usize).filter(|_| is_same(&&index)) else { continue };
                out.str(if inner { ",{" } else { "{" });
                inner = true;
                if layer.is(Node::FILTERED) {
                    out.str("\"filtered\":\"").str(layer.field.name).str("\"}");
                    continue;
                }
                self.gather(dissection, index as usize + 1, layer.end as usize, false);
                self.members(layer.field.name, dissection, out);
                out.byte(b'}');
            }
            out.str(if count > 1 { "]" } else { "" });
        }
        out.str("}}\n");
    }
    /// Finds what stands in a range of nodes, but not in a protocol in it.
    fn gather(&mut self, dissection: Dissection<'_>, from: usize, to: usize, top: bool) {
        self.names.clear(0);
        self.places.clear();
        let nodes = dissection.tree.nodes();
        let mut at = from;
        while let Some(node) = nodes.get(at).filter(|_| at < to) {
            if node.field.show.kind == Kind::Protocol {
                at = (node.end as usize).max(at + 1);
                continue;
            }
            self.add(at, node.field);
            if !top || !node.is(Node::HIDDEN) {
                node.field.show.also.iter().for_each(|twin| self.add(at, twin));
            }
            at = if node.is(Node::FILTERED) { (node.end as usize).max(at + 1) } else { at + 1 };
        }
    }
    fn add(&mut self, at: usize, field: &'static Field) {
        let new = self.names.len();
        let number = *self.places.entry(field.key()).or_insert(new as u32) as usize;
        if number == new {
            self.names.begin();
        }
        self.names.add(number, at, field);
    }
    /// Writes the members that were gathered; whether there are any.
    fn members(&mut self, layer: &str, dissection: Dissection<'_>, out: &mut Out) -> bool {
        for at in 0..self.names.len() {
            let (Some(entry), several) = (self.names.first(at), self.names.has_several(at)) else { continue };
            out.str(if at > 0 { ",\"" } else { "\"" });
            if !entry.field.name.starts_with("_ws.") {
                underscored(layer, out);
                out.byte(b'_');
            }
            underscored(entry.field.name, out);
            out.str(if several { "\":[" } else { "\":" });
            let mut next = Some(entry);
            while let Some(entry) = next {
                if let Some(item) = dissection.item(entry.node as usize) {
                    scalar(item, entry.field, &mut self.scratch, out);
                }
                next = self.names.after(entry);
                out.str(if next.is_none() { "" } else { "," });
            }
            out.str(if several { "]" } else { "" });
        }
        self.names.len() > 0
    }
}

/// Writes the line that says where a packet goes, and the begin of its own.
pub(super) fn head(packet: &Packet<'_>, out: &mut Out) {
    out.str("{\"index\":{\"_index\":\"");
    index(packet, out);
    out.str("\",\"_type\":\"doc\"}}\n{");
    if let Some(time) = packet.time {
        let millis = time.nanoseconds().div_euclid(1_000_000) as i64;
        out.str("\"timestamp\":\"").signed(millis).str("\",");
    }
    out.str("\"layers\":{");
}

/// Writes the name of the index, by the packet's day.
pub(super) fn index(packet: &Packet<'_>, out: &mut Out) {
    out.str("packets-");
    date::day(packet.time.unwrap_or_default(), out);
}

/// Writes a name as a key: dots are for what is nested.
pub(super) fn underscored(name: &str, out: &mut Out) {
    for (at, part) in name.split('.').enumerate() {
        out.str(if at > 0 { "_" } else { "" }).str(part);
    }
}

fn scalar(item: Item<'_>, field: &'static Field, scratch: &mut Out, out: &mut Out) {
    let node = item.node;
    match field.show.kind {
        Kind::Boolean => drop(out.str(if node.value == 0 { "false" } else { "true" })),
        Kind::Moment => {
            out.byte(b'"');
            date::iso(Time::from_nanoseconds_64(node.value as i64), out);
            out.byte(b'"');
        }
        kind => {
            scratch.clear();
            match kind {
                Kind::None if node.is(Node::MALFORMED) => value(item, scratch),
                Kind::None => line(item, scratch),
                Kind::Text => written_or(item, scratch, |bytes, scratch| {
                    scratch.raw(bytes);
                }),
                Kind::Bytes => drop(scratch.hex_bytes(item.bytes(), ":")),
                _ => cell(item, field, true, scratch),
            }
            out.byte(b'"');
            json::escape(scratch.as_bytes(), out);
            out.byte(b'"');
        }
    }
}
