//! A text with holes: what one stretch of nodes was written as, and how another of the same shape is written by it.

use super::Stretch;
use crate::field::Plan;
use crate::format::text::SECONDS;
use crate::pen::Pen;
use crate::tree::{Dissection, Item, Node};
use crate::{Field, Out};
use std::ops::Range;

/// The most bytes of a node that belong to a shape.
const MOST_BYTES: usize = 8;
/// What of a text is copied at once: a text is longer than it counts by as much.
const AT_ONCE: usize = 64;
/// The longest text between two holes that a pen copies.
const MOST_COPIED: usize = 512;

/// A text with holes, and the shape it is for.
#[derive(Clone, Default)]
pub(super) struct Slot {
    pub(super) nodes: Vec<Key>,
    depth: usize,
    /// The index of the first node, and where it begins in the packet.
    at: usize,
    start: u32,
    text: Vec<u8>,
    /// The holes of a stretch that begins at the same place, and of one that begins elsewhere.
    holes: [Vec<Hole>; 2],
    /// Where the text behind the last of them begins, and the end of it.
    rest: [usize; 2],
    len: usize,
    /// Which nodes have others under them behind the stretch.
    pub(super) open: Vec<u8>,
    /// Which nodes have a length that differs, and whether they have bytes at all.
    loose: Vec<(u8, bool)>,
    same: Vec<Same>,
    /// Which nodes' bits are pictured, and of how many bytes.
    pictured: Vec<(u8, u32)>,
    /// The slots of stretches that came behind this one.
    pub(super) next: [u16; 2],
}

/// What belongs to the shape of a node: numbers, and which of their bits count.
#[derive(Clone, Copy)]
pub(super) struct Key {
    field: &'static Field,
    value: u64,
    value_counts: u64,
    /// End, source and marks.
    rest: u64,
    rest_counts: u64,
    /// Start and length.
    place: u64,
    place_counts: u64,
    /// Which bits of how far the stretch was moved count: none for what stands nowhere in the packet.
    moves: u64,
}

/// Bytes that belong to the shape: those of a node.
#[derive(Clone, Copy)]
struct Same {
    node: u8,
    len: u8,
    bytes: [u8; MOST_BYTES],
}

/// A piece of the text that differs.
#[derive(Clone, Copy)]
pub(in crate::format) struct Hole {
    /// The field as which its node is written: its own or a twin's.
    pub(in crate::format) field: &'static Field,
    /// The text before it.
    pub(super) from: u16,
    pub(super) len: u16,
    /// How long the piece was.
    pub(super) skip: u16,
    /// Which node of the stretch it tells of.
    pub(super) node: u8,
    pub(in crate::format) what: What,
}

/// What a piece tells.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::format) enum What {
    /// The value as the line shows it.
    Value,
    /// The value as PDML's `show` has it.
    Show,
    /// The node's bytes.
    Raw,
    /// How many they are.
    Size,
    /// Where they begin.
    Place,
    /// The value in decimal.
    Dec,
    /// The value in hexadecimal, without `0x`.
    Hex,
    /// The value as an IPv4 address.
    Ipv4,
    /// The bytes with colons.
    Colons,
    /// The value as seconds.
    Seconds,
    /// The node's only byte.
    Byte,
    /// The node's bytes, which are two.
    Two,
    /// The node's bytes, which are four.
    Four,
}

/// Writes the pieces of holes.
pub(in crate::format) trait Fill {
    /// Writes a short piece. Answers `false`, having written nothing, for others.
    fn short(&mut self, hole: &Hole, of: Dissection<'_>, node: &Node, pen: &mut Pen<'_>) -> bool;
    /// Writes any piece.
    fn any(&mut self, hole: &Hole, item: Item<'_>, out: &mut Out);
}

impl Slot {
    /// Keeps the text of a stretch.
    pub(super) fn keep<const PLACES: bool>(&mut self, stretch: &Stretch<'_>, text: &[u8], noted: &[Hole]) {
        (self.depth, self.at, self.start, self.len) =
            (stretch.depth, stretch.at, stretch.start(), text.len());
        self.text.clear();
        self.text.extend_from_slice(text);
        self.text.extend_from_slice(&[0; AT_ONCE]);
        for (moved, (holes, rest)) in self.holes.iter_mut().zip(&mut self.rest).enumerate() {
            holes.clear();
            *rest = 0;
            for hole in noted {
                if hole.what != What::Place || moved == 1 {
                    // Noted was where the piece begins.
                    let at = usize::from(hole.from);
                    holes.push(Hole { from: *rest as u16, len: (at - *rest) as u16, ..*hole });
                    *rest = at + usize::from(hole.skip);
                }
            }
        }
        self.learn_shape::<PLACES>(stretch);
    }
    fn learn_shape<const PLACES: bool>(&mut self, stretch: &Stretch<'_>) {
        self.nodes.clear();
        self.open.clear();
        self.loose.clear();
        self.same.clear();
        self.pictured.clear();
        let mut before = 0..0;
        for (index, node) in stretch.nodes.iter().enumerate() {
            let starts = &node.field.starts;
            let index = index as u8;
            let open = node.end as usize > stretch.end;
            let rest_counts = if open { !u64::from(u32::MAX) } else { u64::MAX };
            let place_counts = match (PLACES, starts.sized) {
                (false, _) => 0,
                (true, false) => u32::MAX.into(),
                (true, true) => u64::MAX,
            };
            self.nodes.push(Key {
                field: node.field,
                value: node.value & starts.counts,
                value_counts: starts.counts,
                rest: rest(node) & rest_counts,
                rest_counts,
                place: place(node) & place_counts,
                place_counts,
                moves: if node.start == 0 { 0 } else { u64::MAX },
            });
            if open {
                self.open.push(index);
            }
            if !PLACES && node.field.show.mask != 0 {
                self.pictured.push((index, node.len));
            }
            if PLACES && !starts.sized {
                self.loose.push((index, node.len > 0));
            }
            // Flags have the same bytes as the flag before.
            if PLACES && has_same_bytes(node) && node.range() != before {
                let mut same = Same { node: index, len: node.len as u8, bytes: [0; MOST_BYTES] };
                for (to, from) in same.bytes.iter_mut().zip(stretch.of.raw(node)) {
                    *to = *from;
                }
                self.same.push(same);
                before = node.range();
            }
        }
    }
    /// Whether the stretch has this slot's shape, or begins with it.
    #[inline(always)]
    pub(super) fn has<const PLACES: bool>(&self, stretch: &Stretch<'_>) -> bool {
        let Some(nodes) = stretch.nodes.get(..self.nodes.len()).filter(|nodes| !nodes.is_empty()) else {
            return false;
        };
        let behind = (stretch.at as u64).wrapping_sub(self.at as u64);
        let beyond = u64::from(stretch.start()).wrapping_sub(self.start.into());
        for (key, node) in self.nodes.iter().zip(nodes) {
            // One branch for all of it.
            let mut differs = ((node.value & key.value_counts) ^ key.value)
                | ((rest(node).wrapping_sub(behind) ^ key.rest) & key.rest_counts);
            if PLACES {
                differs |= (place(node).wrapping_sub(beyond & key.moves) ^ key.place) & key.place_counts;
            }
            if differs != 0 || !std::ptr::eq(key.field, node.field) {
                return false;
            }
        }
        let end = stretch.at + nodes.len();
        self.depth == stretch.depth
            && self
                .open
                .iter()
                .all(|index| nodes.get(usize::from(*index)).is_some_and(|node| node.end as usize > end))
            && self.loose.iter().all(|(index, some)| {
                nodes.get(usize::from(*index)).is_some_and(|node| (node.len > 0) == *some)
            })
            && self
                .pictured
                .iter()
                .all(|(index, len)| nodes.get(usize::from(*index)).is_some_and(|node| node.len == *len))
            && self.same.iter().all(|same| {
                let node = nodes.get(usize::from(same.node));
                let bytes = node.and_then(|node| stretch.of.packet.bytes.get(node.start as usize..));
                match bytes {
                    Some([first, ..]) if same.len == 1 => *first == same.bytes[0],
                    Some(bytes) => same.bytes.get(..same.len.into()) == bytes.get(..same.len.into()),
                    None => false,
                }
            })
    }
    /// Writes the text with what the stretch has in the holes.
    #[inline(always)]
    pub(super) fn write(&self, stretch: &Stretch<'_>, out: &mut Out, fill: &mut impl Fill) {
        let moved = usize::from(self.start != stretch.start());
        let (Some(mut pen), Some(holes)) = (out.pen(), self.holes.get(moved)) else { return };
        for hole in holes {
            let Some(node) = stretch.nodes.get(usize::from(hole.node)) else { continue };
            let (from, len) = (usize::from(hole.from), usize::from(hole.len));
            let text = self.text.get(from..).unwrap_or(&[]);
            if len <= MOST_COPIED {
                pen.padded(text, len);
            } else {
                let by = pen.at;
                out.moved(by);
                out.raw(text.get(..len).unwrap_or(&[]));
                match out.pen() {
                    Some(next) => pen = next,
                    None => return,
                }
            }
            let bytes = || stretch.of.packet.bytes.get(node.start as usize..).unwrap_or(&[]);
            let mut short = true;
            match hole.what {
                What::Dec => pen.dec(node.value),
                What::Hex => pen.hex(node.value, hole.field.starts.digits.into()),
                What::Ipv4 => pen.ipv4(node.value as u32),
                What::Seconds => pen.seconds(node.value as i64),
                What::Byte => pen.hex_byte(bytes().first().copied().unwrap_or(0)),
                What::Two => {
                    pen.hex(bytes().first_chunk().map_or(0, |two| u16::from_be_bytes(*two)).into(), 4);
                }
                What::Four => {
                    pen.hex(bytes().first_chunk().map_or(0, |four| u32::from_be_bytes(*four)).into(), 8);
                }
                What::Colons => pen.colons(bytes().get(..node.len as usize).unwrap_or(&[])),
                What::Size => pen.dec(node.len.into()),
                What::Place => pen.dec(node.start.into()),
                What::Value | What::Show | What::Raw => {
                    short = fill.short(hole, stretch.of, node, &mut pen);
                }
            }
            if !short || pen.is_full() {
                let by = pen.at;
                out.moved(by);
                if !short {
                    let index = stretch.at + usize::from(hole.node);
                    fill.any(hole, Item { dissection: stretch.of, index, node }, out);
                }
                match out.pen() {
                    Some(next) => pen = next,
                    None => return,
                }
            }
        }
        let by = pen.at;
        out.moved(by);
        let rest = self.rest.get(moved).copied().unwrap_or(0);
        out.raw(self.text.get(rest..self.len).unwrap_or(&[]));
    }
}

/// End, source and marks of a node in one number.
#[inline(always)]
fn rest(node: &Node) -> u64 {
    u64::from(node.marks) << 48 | u64::from(node.source) << 32 | u64::from(node.end)
}

/// Start and length of a node in one number.
#[inline(always)]
fn place(node: &Node) -> u64 {
    u64::from(node.len) << 32 | u64::from(node.start)
}

/// Whether the bytes of a node belong to its shape as its value does: those of names, flags and addresses.
#[inline(always)]
pub(in crate::format) fn has_same_bytes(node: &Node) -> bool {
    node.field.starts.counts > 0
        && node.field.starts.sized
        && node.len.wrapping_sub(1) < MOST_BYTES as u32
        && node.source == 0
        && !node.is(Node::GENERATED)
}

/// A narrower piece, if the value is written in one of the usual ways: what stands around it is always the same.
pub(super) fn refine(what: What, item: Item<'_>, written: Range<usize>) -> (What, Range<usize>) {
    let (field, Range { start, end }) = (item.node.field, written);
    let unit = match field.starts.plan {
        Plan::Time if field.show.unit.is_empty() => SECONDS,
        _ => field.show.unit,
    };
    let number = start..end - if what == What::Value { unit.len() } else { 0 };
    match (what, field.starts.plan) {
        (What::Value, Plan::Dec) | (What::Show, Plan::Dec | Plan::DecHex) => (What::Dec, number),
        (What::Value, Plan::Hex) | (What::Show, Plan::Hex | Plan::HexDec) => {
            (What::Hex, number.start + 2..number.end)
        }
        (What::Value | What::Show, Plan::Ipv4) => (What::Ipv4, number),
        (What::Value | What::Show, Plan::Ether) if item.node.source == 0 && !item.node.is(Node::OWN_TEXT) => {
            (What::Colons, number)
        }
        (What::Value | What::Show, Plan::Time) => (What::Seconds, number),
        (What::Raw, _) if field.starts.sized && item.node.source == 0 => match item.node.len {
            1 => (What::Byte, start..end),
            2 => (What::Two, start..end),
            4 => (What::Four, start..end),
            _ => (what, start..end),
        },
        _ => (what, start..end),
    }
}
