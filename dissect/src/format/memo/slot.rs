//! A text with holes: what one stretch of nodes was written as, and how another of the same shape is written by it.

use super::hole::{Hole, What};
use super::recent::Recent;
use super::steps::Steps;
use super::{Shape, Stretch};
use crate::field::{Plan, Reads};
use crate::tree::{Item, Node};
use crate::{Field, Out};

/// The most bytes of a node that belong to a shape, and how many are compared at once.
const MOST_BYTES: usize = 8;

/// A text with holes, and the shape it is for.
#[derive(Clone, Default)]
pub(super) struct Slot {
    pub(super) nodes: Vec<Key>,
    depth: usize,
    /// The index of the first node.
    at: usize,
    /// How a stretch is written all of whose nodes stand at the same places in the packet, and any other.
    steps: [Steps; 2],
    /// Which nodes have others under them behind the stretch.
    pub(super) open: Vec<u8>,
    sizes: Vec<Size>,
    /// Those of which it only counts whether they are none, one or more.
    amounts: Vec<Size>,
    same: Vec<Same>,
    /// The same, node by node.
    each: Vec<(u8, Same)>,
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
    /// Of the length: whether it counts.
    place_counts: u64,
}

impl Key {
    /// How a node differs in shape, and, in the lower half of the second number, in place. Its stretch begins so many nodes
    /// behind that of the key.
    #[inline(always)]
    fn differs<S: Shape>(&self, node: &Node, behind: u64) -> (u64, u64) {
        let differs = ((node.value ^ self.value) & self.value_counts)
            | ((rest(node).wrapping_sub(behind) ^ self.rest) & self.rest_counts)
            | (std::ptr::from_ref(self.field) as usize ^ std::ptr::from_ref(node.field) as usize) as u64;
        let place = if S::PLACES { (place(node) ^ self.place) & self.place_counts } else { 0 };
        (differs | place >> 32, place)
    }
}

/// How many bytes a node takes, where that belongs to the shape.
#[derive(Clone, Copy)]
struct Size {
    node: u8,
    len: u32,
}

/// Bytes that belong to the shape: of some that follow each other in the packet those that count.
#[derive(Clone, Copy)]
struct Same {
    at: u32,
    bytes: u64,
    counts: u64,
}

impl Same {
    /// The bytes of a node.
    fn of(node: &Node, bytes: &[u8]) -> Same {
        let mut same = Same { at: node.start, bytes: 0, counts: 0 };
        same.takes(node.start, bytes);
        same
    }
    /// Takes the bytes of a node too, if they are near enough.
    fn takes(&mut self, at: u32, bytes: &[u8]) -> bool {
        let skip = at.wrapping_sub(self.at) as usize;
        let takes = skip.saturating_add(bytes.len()) <= MOST_BYTES;
        if takes {
            for (place, byte) in (skip..).zip(bytes) {
                self.bytes |= u64::from(*byte) << (place * 8);
                self.counts |= 0xff << (place * 8);
            }
        }
        takes
    }
    /// Whether a packet has them, at the same place or at another.
    #[inline(always)]
    fn is_in(&self, packet: &[u8], at: u32) -> bool {
        let at = at as usize;
        match packet.get(at..at + MOST_BYTES).and_then(|bytes| bytes.first_chunk()) {
            Some(bytes) => (u64::from_le_bytes(*bytes) ^ self.bytes) & self.counts == 0,
            None => self.is_at_end(packet.get(at..).unwrap_or(&[])),
        }
    }
    /// The same for the last bytes of a packet, which are less than eight.
    #[inline(never)]
    fn is_at_end(&self, bytes: &[u8]) -> bool {
        let mut same = Same { bytes: 0, counts: 0, ..*self };
        same.takes(self.at, bytes);
        (same.bytes ^ self.bytes) & self.counts == 0 && self.counts & !same.counts == 0
    }
}

impl Slot {
    /// Keeps the text of a stretch.
    pub(super) fn keep<S: Shape>(&mut self, stretch: &Stretch<'_>, text: &[u8], holes: &[Hole]) {
        (self.depth, self.at) = (stretch.depth, stretch.at);
        let [same, moved] = &mut self.steps;
        let stays = holes.iter().filter(|hole| hole.what != What::Place);
        let takes =
            same.take(text, stays, S::PLACES) && (!S::PLACES || moved.take(text, holes.iter(), S::PLACES));
        if takes {
            self.learn_shape::<S>(stretch);
        } else {
            self.nodes.clear();
        }
    }
    fn learn_shape<S: Shape>(&mut self, stretch: &Stretch<'_>) {
        self.nodes.clear();
        self.open.clear();
        self.sizes.clear();
        self.amounts.clear();
        self.same.clear();
        self.each.clear();
        for (index, node) in stretch.nodes.iter().enumerate() {
            let starts = &node.field.starts;
            let index = index as u8;
            let open = node.end as usize > stretch.end;
            let rest_counts = if open { !u64::from(u32::MAX) } else { u64::MAX };
            let place_counts = match (S::PLACES, starts.sized) {
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
            });
            if open {
                self.open.push(index);
            }
            // Of nodes that differ in size it counts whether there are bytes, and whether there are several; of others all,
            // where places do not count, as bits are pictured by it.
            if !starts.sized && (S::PLACES || node.field.show.reads == Reads::Parts) {
                self.amounts.push(Size { node: index, len: node.len.min(2) });
            } else if !S::PLACES && (node.field.show.mask != 0 || starts.plan == Plan::Ether) {
                self.sizes.push(Size { node: index, len: node.len });
            }
            if S::PLACES && has_same_bytes(node) {
                let Some(bytes) = stretch.of.packet.bytes.get(node.range()) else {
                    // It says that it has bytes, and has none.
                    self.nodes.clear();
                    return;
                };
                self.each.push((index, Same::of(node, bytes)));
                // Header fields stand side by side: one look at the packet is enough for many of them.
                if !self.same.iter_mut().any(|same| same.takes(node.start, bytes)) {
                    self.same.push(Same::of(node, bytes));
                }
            }
        }
    }
    /// Whether the stretch has this slot's shape, or begins with it; if so, whether any of its nodes stands elsewhere in
    /// the packet.
    #[inline(always)]
    pub(super) fn has<S: Shape>(&self, stretch: &Stretch<'_>) -> Option<bool> {
        let nodes = stretch.nodes.get(..self.nodes.len()).filter(|nodes| !nodes.is_empty())?;
        let behind = (stretch.at as u64).wrapping_sub(self.at as u64);
        // Four at a time: that is a fourth of the loop.
        let (keys, last_keys) = self.nodes.as_chunks::<4>();
        let (fours, last) = nodes.as_chunks::<4>();
        let mut places = 0;
        for (keys, nodes) in keys.iter().zip(fours) {
            for (key, node) in keys.iter().zip(nodes) {
                let (differs, place) = key.differs::<S>(node, behind);
                if differs != 0 {
                    return None;
                }
                places |= place;
            }
        }
        for (key, node) in last_keys.iter().zip(last) {
            let (differs, place) = key.differs::<S>(node, behind);
            if differs != 0 {
                return None;
            }
            places |= place;
        }
        let (moved, packet) = (places != 0, stretch.of.packet.bytes);
        let end = stretch.at + nodes.len();
        let has = self.depth == stretch.depth
            && self
                .open
                .iter()
                .all(|index| nodes.get(usize::from(*index)).is_some_and(|node| node.end as usize > end))
            && self
                .sizes
                .iter()
                .all(|size| nodes.get(usize::from(size.node)).is_some_and(|node| node.len == size.len))
            && self.amounts.iter().all(|size| {
                nodes.get(usize::from(size.node)).is_some_and(|node| node.len.min(2) == size.len)
            })
            && if moved {
                self.each.iter().all(|(node, same)| {
                    nodes.get(usize::from(*node)).is_some_and(|node| same.is_in(packet, node.start))
                })
            } else {
                self.same.iter().all(|same| same.is_in(packet, same.at))
            };
        has.then_some(moved)
    }
    /// Writes the stretch by the steps of the one that was kept. `any` writes what is too long for a pen.
    #[inline(always)]
    pub(super) fn write<S: Shape>(
        &self,
        stretch: &Stretch<'_>,
        moved: bool,
        out: &mut Out,
        recent: &mut Recent,
        any: impl FnMut(What, Item<'_>, &mut Out),
    ) {
        let [same, elsewhere] = &self.steps;
        let steps = if S::PLACES && moved { elsewhere } else { same };
        steps.write::<S>(stretch, out, recent, any);
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
