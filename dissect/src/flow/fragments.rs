//! Fragments of IP packets put together again: RFC 791, 3.2 and RFC 8200, 4.5.
//!
//! What waits for more is live state, bounded in packets, pieces and bytes; the oldest goes first. What is whole is a record
//! of the packet that completed it.

use crate::tree::Item;
use crate::{Address, Cx, Ends, Field, Out, State};
use hashbrown::{DefaultHashBuilder, HashMap};
use std::collections::{BTreeMap, VecDeque};

/// How many packets may wait for fragments.
pub const MOST_WAITING: usize = 1024;
/// How many fragments one packet may have: the smallest ones of the largest packet.
pub const MOST_PIECES: usize = 8192;
/// How many bytes may wait, of all packets together.
pub const MOST_BYTES: usize = 16 << 20;

/// What says that fragments belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    source: Address,
    destination: Address,
    /// The identification: 16 bits in IPv4, 32 in IPv6.
    id: u32,
    /// The protocol in IPv4; 0 in IPv6, whose fragments may name it differently.
    protocol: u8,
}

impl Key {
    /// The key of a fragment between these ends.
    pub fn new(ends: &Ends, id: u32, protocol: u8) -> Key {
        Key { source: ends.source, destination: ends.destination, id, protocol }
    }
}

/// A fragment as it came.
#[derive(Clone, Copy, Debug)]
pub struct Fragment<'a> {
    /// Where its bytes belong in the packet's payload.
    pub offset: u32,
    /// More follow it.
    pub more: bool,
    /// Its bytes.
    pub bytes: &'a [u8],
}

/// Where a fragment of a whole packet came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The packet that brought it.
    pub packet: u64,
    /// Where its bytes begin in the whole.
    pub offset: u32,
    /// How many there are.
    pub len: u32,
}

/// The fields in which a protocol shows how a packet was put together.
#[derive(Debug)]
pub struct Fields {
    /// The group.
    pub fragments: &'static Field,
    /// A fragment: the number of its packet.
    pub fragment: &'static Field,
    /// How many there were.
    pub count: &'static Field,
    /// How many bytes they make.
    pub length: &'static Field,
    /// What the bytes are called as a source.
    pub source: &'static str,
}

/// A packet that waits for more of it.
#[derive(Debug, Default)]
struct Waiting {
    /// When it began, to know it from a later one with the same key.
    began: u64,
    pieces: Vec<Piece>,
    bytes: Vec<u8>,
    /// Disjoint ranges that were received, by their starts.
    ranges: BTreeMap<u32, u32>,
    /// Where the packet ends, once its last fragment came.
    end: Option<u32>,
}

/// A packet that was put together.
#[derive(Debug)]
struct Whole {
    packet: u64,
    pieces: Vec<Piece>,
    bytes: Vec<u8>,
}

/// The fragments of a protocol. The hash is keyed at random, since senders choose the keys.
#[derive(Debug, Default)]
pub struct Fragments {
    waiting: HashMap<Key, Waiting, DefaultHashBuilder>,
    order: VecDeque<(u64, Key)>,
    begun: u64,
    bytes: usize,
    /// Records; the first has the number `forgotten`.
    whole: VecDeque<Whole>,
    forgotten: u32,
}

impl State for Fragments {
    fn forget(&mut self, before: u64) {
        while self.whole.front().is_some_and(|whole| whole.packet < before) {
            self.whole.pop_front();
            self.forgotten = self.forgotten.wrapping_add(1);
        }
    }
}

impl Fragments {
    /// Takes a fragment of a packet of this number. Answers the number of the record if it was the last that was missing.
    fn add(&mut self, key: Key, fragment: &Fragment<'_>, packet: u64) -> Option<u32> {
        let end = fragment.offset.checked_add(fragment.bytes.len() as u32)?;
        if fragment.bytes.is_empty()
            || self.waiting.get(&key).is_some_and(|one| one.pieces.len() >= MOST_PIECES)
        {
            return None;
        }
        let begun = self.begun;
        let waiting =
            self.waiting.entry(key).or_insert_with(|| Waiting { began: begun, ..Waiting::default() });
        if waiting.began == begun {
            self.begun += 1;
            self.order.push_back((begun, key));
        }
        let before = waiting.bytes.len();
        waiting.take(fragment, end, packet);
        self.bytes += waiting.bytes.len() - before;
        if let Some(end) = waiting.end.filter(|end| waiting.ranges.get(&0).is_some_and(|to| to >= end)) {
            let mut one = self.waiting.remove(&key)?;
            self.bytes -= one.bytes.len();
            one.bytes.truncate(end as usize);
            self.whole.push_back(Whole { packet, pieces: one.pieces, bytes: one.bytes });
            return Some(self.forgotten.wrapping_add(self.whole.len() as u32 - 1));
        }
        self.shed();
        None
    }
    /// Drops what waits longest while there is too much.
    fn shed(&mut self) {
        while self.waiting.len() > MOST_WAITING
            || self.bytes > MOST_BYTES
            || self.order.len() > 2 * MOST_WAITING
        {
            let Some((began, key)) = self.order.pop_front() else { return };
            if self.waiting.get(&key).is_some_and(|one| one.began == began) {
                self.bytes -= self.waiting.remove(&key).map_or(0, |one| one.bytes.len());
            }
        }
    }
    fn whole(&self, number: u32) -> Option<&Whole> {
        self.whole.get(number.wrapping_sub(self.forgotten) as usize)
    }
}

impl Waiting {
    /// Puts a fragment that ends at `end` in its place. Bytes that came before stay.
    fn take(&mut self, fragment: &Fragment<'_>, end: u32, packet: u64) {
        self.pieces.push(Piece { packet, offset: fragment.offset, len: fragment.bytes.len() as u32 });
        if !fragment.more {
            self.end.get_or_insert(end);
        }
        if self.bytes.len() < end as usize {
            self.bytes.resize(end as usize, 0);
        }
        // The ranges that the fragment touches become one with it; the gaps between them take its bytes.
        let (mut start, mut stop, mut from) = (fragment.offset, end, fragment.offset);
        let first = self
            .ranges
            .range(..=start)
            .next_back()
            .filter(|(_, to)| **to >= start)
            .map_or(start, |(at, _)| *at);
        let touched: Vec<(u32, u32)> = self.ranges.range(first..=end).map(|(at, to)| (*at, *to)).collect();
        for (at, to) in touched {
            self.fill(fragment, from, at);
            from = from.max(to);
            (start, stop) = (start.min(at), stop.max(to));
            self.ranges.remove(&at);
        }
        self.fill(fragment, from, end);
        self.ranges.insert(start, stop);
    }
    /// Copies the fragment's bytes for a gap.
    fn fill(&mut self, fragment: &Fragment<'_>, from: u32, to: u32) {
        if from < to {
            let own = fragment.bytes.get((from - fragment.offset) as usize..(to - fragment.offset) as usize);
            if let (Some(place), Some(own)) = (self.bytes.get_mut(from as usize..to as usize), own) {
                place.copy_from_slice(own);
            }
        }
    }
}

impl Cx<'_> {
    /// Remembers a fragment. If it completes its packet, shows how under the node `group`, which
    /// [`place_of_next`](Cx::place_of_next) told, and walks the whole as a further source.
    pub fn reassemble(
        &mut self,
        group: usize,
        key: Key,
        fragment: &Fragment<'_>,
        fields: &Fields,
        walk: impl FnOnce(&mut Self, &[u8]),
    ) -> bool {
        if self.cut > 0 {
            return false;
        }
        // The note is the record's number and one, so that 0 is for none.
        let note = self.remember(fragment.bytes, |fragments: &mut Fragments, here| {
            fragments.add(key, fragment, here.packet).map_or(0, |number| number.wrapping_add(1))
        });
        let Some(number) = note.filter(|note| *note != 0).map(|note| note.wrapping_sub(1)) else {
            return false;
        };
        let record = self.record(|fragments: &Fragments| {
            fragments.whole(number).map(|whole| (whole.pieces.clone(), whole.bytes.clone()))
        });
        let Some((pieces, bytes)) = record else { return false };
        self.source(fields.source, bytes, |cx, bytes| {
            cx.append(group, |cx| show(cx, fields, &pieces, bytes));
            walk(cx, bytes);
        });
        true
    }
}

fn show(cx: &mut Cx<'_>, fields: &Fields, pieces: &[Piece], bytes: &[u8]) {
    cx.group_with(fields.fragments, bytes, 0, |cx| {
        for piece in pieces {
            let own = bytes
                .get(piece.offset as usize..(piece.offset.saturating_add(piece.len)) as usize)
                .unwrap_or(&[]);
            cx.generated(fields.fragment, own, piece.packet);
        }
        cx.generated(fields.count, &[], pieces.len() as u64);
        cx.generated(fields.length, &[], bytes.len() as u64);
    });
}

/// Writes the line of [`Fields::fragments`]: ` (1480 bytes)`.
pub fn write_group(item: Item<'_>, out: &mut Out) {
    out.str(" (").dec(item.node.len.into()).str(" bytes)");
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: Key = Key { source: Address::Ipv4(1), destination: Address::Ipv4(2), id: 3, protocol: 17 };

    fn fragment(offset: u32, more: bool, bytes: &[u8]) -> Fragment<'_> {
        Fragment { offset, more, bytes }
    }

    fn whole(order: &[usize]) -> Vec<u8> {
        let all =
            [fragment(0, true, b"abcdefgh"), fragment(8, true, b"ijklmnop"), fragment(16, false, b"qr")];
        let mut fragments = Fragments::default();
        for (at, index) in order.iter().enumerate() {
            let answer = fragments.add(KEY, &all[*index], at as u64 + 1);
            assert_eq!(answer.is_some(), at + 1 == order.len(), "{order:?}");
        }
        assert_eq!((fragments.bytes, fragments.waiting.len()), (0, 0));
        fragments.whole(0).unwrap().bytes.clone()
    }

    #[test]
    fn fragments_come_in_any_order_and_twice() {
        for order in [&[0, 1, 2][..], &[2, 1, 0], &[1, 0, 2], &[2, 0, 1], &[0, 0, 2, 2, 1]] {
            assert_eq!(whole(order), b"abcdefghijklmnopqr");
        }
    }

    #[test]
    fn of_fragments_that_overlap_the_bytes_that_came_first_stay() {
        let mut fragments = Fragments::default();
        assert_eq!(fragments.add(KEY, &fragment(8, true, b"ijklmnop"), 1), None);
        assert_eq!(fragments.add(KEY, &fragment(0, true, b"abcdefghXXXXXXXXYYYYYYYY"), 2), None);
        assert_eq!(fragments.add(KEY, &fragment(24, false, b"z"), 3), Some(0));
        assert_eq!(fragments.whole(0).unwrap().bytes, b"abcdefghijklmnopYYYYYYYYz");
    }

    #[test]
    fn what_waits_is_bounded_and_the_oldest_goes() {
        let mut fragments = Fragments::default();
        for id in 0..=MOST_WAITING as u32 {
            fragments.add(Key { id, ..KEY }, &fragment(8, true, &[0; 8]), 1);
        }
        assert_eq!(fragments.waiting.len(), MOST_WAITING);
        assert!(!fragments.waiting.contains_key(&Key { id: 0, ..KEY }));
        let large = vec![0; 60_000];
        for id in 0..2 * (MOST_BYTES / large.len()) as u32 {
            fragments.add(Key { id, ..KEY }, &fragment(0, true, &large), 1);
            assert!(fragments.bytes <= MOST_BYTES);
        }
    }

    #[test]
    fn a_packet_in_more_pieces_than_allowed_never_ends() {
        let mut fragments = Fragments::default();
        for at in 0..=MOST_PIECES as u32 {
            fragments.add(KEY, &fragment((at % 100) * 16, true, &[0; 8]), 1);
        }
        assert_eq!(fragments.waiting.get(&KEY).unwrap().pieces.len(), MOST_PIECES);
    }

    #[test]
    fn records_go_when_they_are_forgotten() {
        let mut fragments = Fragments::default();
        for packet in 1..=3 {
            assert_eq!(fragments.add(KEY, &fragment(0, false, b"abc"), packet), Some(packet as u32 - 1));
        }
        fragments.forget(3);
        assert!(fragments.whole(1).is_none());
        assert_eq!(fragments.whole(2).unwrap().packet, 3);
        assert_eq!(fragments.add(KEY, &fragment(0, false, b"abc"), 4), Some(3));
    }
}
