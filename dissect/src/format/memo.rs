//! What packets repeat: runs of nodes that were written before are copied instead of being written again.
//!
//! Packets of one conversation differ in a few numbers; most of their lines are those of a packet before. A run is a
//! series of whole subtrees of nodes whose lines follow from the nodes and their bytes alone ([`Starts::recurs`] says
//! which fields'). Its key holds all that the lines follow from, so a copy is what would have been written.
//!
//! The memory is a table with two places for each hash: a new run replaces one that stood there. It does not grow.
//!
//! [`Starts::recurs`]: crate::field::Starts

use crate::Out;
use crate::tree::{Dissection, Node};
use std::fmt;

/// How many runs are remembered. Together they fit the second cache of most machines.
const RUNS: usize = 512;
/// An odd number that spreads what is multiplied with it over all bits.
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;
/// The most nodes of a run.
const MOST_NODES: usize = 16;
/// The longest text of a run, in bytes.
const MOST_TEXT: usize = 2048;
/// The most places that the text of a run tells.
const MOST_PLACES: usize = 32;
/// What stands before a place.
const PLACE: &[u8] = b" pos=\"";
/// The most bytes of a node, so that they fit a key.
const MOST_BYTES: u32 = 8;
/// The deepest node of a run.
const MOST_DEPTH: usize = 64;

/// All that a node's lines follow from: value, field, place and bytes.
type Key = [u64; 4];

/// Runs that were written, and their text.
#[derive(Clone)]
pub(super) struct Memo {
    /// None until the first run is kept.
    slots: Vec<Slot>,
    /// Whether anything is to be kept.
    on: bool,
    /// Which of its two places the next run takes.
    turn: usize,
    /// The key of the run that was looked for last.
    keys: [Key; MOST_NODES],
}

#[derive(Clone, Copy)]
struct Slot {
    keys: [Key; MOST_NODES],
    /// How many nodes there are; none in an empty slot.
    count: usize,
    /// Where the first node begins in the packet.
    start: u32,
    /// Where the text tells places.
    places: [Place; MOST_PLACES],
    told: usize,
    text: [u8; MOST_TEXT],
    len: usize,
}

/// A number in the text that says where a node begins.
#[derive(Clone, Copy)]
struct Place {
    /// Where its digits begin in the text, and where they end.
    from: u16,
    to: u16,
    /// How far it is from the first node's.
    beyond: u32,
}

const EMPTY: Slot = Slot {
    keys: [[0; 4]; MOST_NODES],
    count: 0,
    start: 0,
    places: [Place { from: 0, to: 0, beyond: 0 }; MOST_PLACES],
    told: 0,
    text: [0; MOST_TEXT],
    len: 0,
};

/// A run in the tree.
#[derive(Clone, Copy)]
pub(super) struct Run {
    /// The index behind its last node.
    pub(super) end: usize,
    count: usize,
    /// Where the first node begins in the packet.
    start: u32,
    slot: usize,
}

impl Memo {
    /// An empty memory.
    pub(super) fn new() -> Memo {
        Memo { slots: Vec::new(), on: true, turn: 0, keys: [[0; 4]; MOST_NODES] }
    }
    /// A memory that keeps nothing.
    pub(super) fn off() -> Memo {
        Memo { on: false, ..Memo::new() }
    }
    /// The run of nodes that begins at `at`, ends at `until` at the latest and stands at a depth.
    #[inline]
    pub(super) fn run(&mut self, of: Dissection<'_>, at: usize, until: usize, depth: usize) -> Option<Run> {
        if !self.on || depth > MOST_DEPTH {
            return None;
        }
        let nodes = of.tree.nodes().get(at..until)?;
        let start = nodes.first()?.start;
        let (mut hash, mut count, mut open) = (depth as u64, 0, 0);
        let mut whole = (0, 0);
        for (node, key) in nodes.iter().zip(&mut self.keys) {
            let Some(raw) = bytes(of, node) else { break };
            let end = node.end as usize - at;
            let place = u64::from(node.start.wrapping_sub(start)) << 32 | (depth as u64) << 16;
            let place = place | (end as u64 & 255) << 8 | u64::from(node.marks) << 4 | u64::from(node.len);
            *key = [node.value, std::ptr::from_ref(node.field) as u64, place, raw];
            hash = (hash ^ key[0] ^ key[1] ^ key[2].rotate_left(20) ^ raw.rotate_left(32))
                .wrapping_mul(SPREAD)
                .rotate_left(29);
            count += 1;
            open = open.max(end);
            if open <= count {
                whole = (count, hash);
            }
        }
        let (count, hash) = whole;
        let slot = (hash.wrapping_mul(SPREAD) >> 40) as usize % RUNS;
        (count > 0).then_some(Run { end: at + count, count, start, slot })
    }
    /// Writes a run just looked for, if it is remembered.
    #[inline]
    pub(super) fn write(&self, run: Run, out: &mut Out) -> bool {
        let keys = self.keys.get(..run.count);
        for place in [run.slot, run.slot ^ 1] {
            let Some(slot) = self.slots.get(place) else { return false };
            if slot.count == run.count && slot.keys.get(..slot.count) == keys {
                if slot.start == run.start || slot.told == 0 {
                    out.raw(slot.text.get(..slot.len).unwrap_or(&[]));
                } else {
                    slot.write_from(run.start, out);
                }
                return true;
            }
        }
        false
    }
    /// Remembers the text of a run just looked for.
    #[inline(never)]
    pub(super) fn keep(&mut self, run: Run, text: &[u8]) {
        if self.slots.is_empty() {
            self.slots = vec![EMPTY; RUNS];
        }
        // The two places take turns.
        self.turn ^= 1;
        let Some(slot) = self.slots.get_mut(run.slot ^ self.turn) else { return };
        (slot.count, slot.told, slot.start) = (0, 0, run.start);
        let (Some(room), Some(keys)) = (slot.text.get_mut(..text.len()), slot.keys.get_mut(..run.count))
        else {
            return;
        };
        room.copy_from_slice(text);
        keys.copy_from_slice(self.keys.get(..run.count).unwrap_or(&[]));
        slot.len = text.len();
        if slot.find_places() {
            slot.count = run.count;
        }
    }
}

impl Slot {
    /// Writes the text as of nodes of which the first begins at `start`.
    fn write_from(&self, start: u32, out: &mut Out) {
        let mut from = 0;
        for place in self.places.get(..self.told).unwrap_or(&[]) {
            let piece = self.text.get(from..usize::from(place.from)).unwrap_or(&[]);
            out.raw(piece).dec(start.wrapping_add(place.beyond).into());
            from = usize::from(place.to);
        }
        out.raw(self.text.get(from..self.len).unwrap_or(&[]));
    }
    /// Finds the places that the text tells. Answers `false` if there are too many.
    fn find_places(&mut self) -> bool {
        let Some(text) = self.text.get(..self.len) else { return false };
        let mut at = 0;
        while let Some(next) = text.get(at..).and_then(|rest| memchr::memmem::find(rest, PLACE)) {
            let from = at + next + PLACE.len();
            let digits = text.get(from..).unwrap_or(&[]).iter().take_while(|byte| byte.is_ascii_digit());
            let (count, number) = digits.fold((0, 0u32), |(count, sum), digit| {
                (count + 1, sum.wrapping_mul(10).wrapping_add(u32::from(digit - b'0')))
            });
            let Some(place) = self.places.get_mut(self.told) else { return false };
            *place = Place {
                from: from as u16,
                to: (from + count) as u16,
                beyond: number.wrapping_sub(self.start),
            };
            self.told += 1;
            at = from + count;
        }
        true
    }
}

/// The bytes of a node as a number, if its lines follow from its key.
#[inline(always)]
fn bytes(of: Dissection<'_>, node: &Node) -> Option<u64> {
    if node.marks & !Node::GENERATED != 0
        || node.source != 0
        || node.len > MOST_BYTES
        || !node.field.starts.recurs
    {
        return None;
    }
    let rest = of.packet.bytes.get(node.start as usize..).unwrap_or(&[]);
    let unused = (MOST_BYTES - node.len) * 8;
    match rest.first_chunk::<8>() {
        Some(first) => Some(u64::from_be_bytes(*first).checked_shr(unused).unwrap_or(0)),
        None if node.len == 0 => Some(0),
        None => Some(rest.get(..node.len as usize)?.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte))),
    }
}

impl fmt::Debug for Memo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memo").field("on", &self.on).finish_non_exhaustive()
    }
}
