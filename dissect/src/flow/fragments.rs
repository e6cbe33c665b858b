//! Fragments of IP packets put together again: RFC 791, 3.2 and RFC 8200, 4.5.
//!
//! What waits for more is live state, bounded in packets, pieces and bytes; the oldest goes first. What is whole is a record
//! of the packet that completed it.

use super::records::{Record, Records};
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
    /// Its packet ends before the header says, whether the capture cut it or not.
    pub is_short: bool,
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
    /// These bytes.
    pub data: &'static Field,
    /// In a fragment: the packet that completed it.
    pub whole_in: &'static Field,
    /// What the bytes are called as a source.
    pub source: &'static str,
}

/// A packet that waits for more of it.
#[derive(Debug, Default)]
struct Waiting {
    /// When it began, to know it from a later one with the same key.
    began: u64,
    pieces: Vec<Piece>,
    /// The numbers of their records.
    parts: Vec<u32>,
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

impl Record for Whole {
    fn packet(&self) -> u64 {
        self.packet
    }
}

/// What became of a fragment.
#[derive(Clone, Copy, Debug)]
struct Part {
    packet: u64,
    /// The packet that completed what it belongs to; 0 while none has.
    whole_in: u64,
    /// What it completed itself: the number of the record.
    completed: Option<u32>,
}

impl Record for Part {
    fn packet(&self) -> u64 {
        self.packet
    }
}

/// The fragments of a protocol. The hash is keyed at random, since senders choose the keys.
#[derive(Debug, Default)]
pub struct Fragments {
    waiting: HashMap<Key, Waiting, DefaultHashBuilder>,
    order: VecDeque<(u64, Key)>,
    begun: u64,
    bytes: usize,
    parts: Records<Part>,
    whole: Records<Whole>,
}

impl State for Fragments {
    fn forget(&mut self, before: u64) {
        self.parts.forget(before);
        self.whole.forget(before);
    }
}

impl Fragments {
    /// Takes a fragment of a packet of this number. Answers the number of its record.
    fn add(&mut self, key: Key, fragment: &Fragment<'_>, packet: u64) -> u32 {
        let part = self.parts.push(Part { packet, whole_in: 0, completed: None });
        if let Some(one) = self.put(key, fragment, packet, part) {
            for part in &one.parts {
                if let Some(part) = self.parts.of_mut(*part) {
                    part.whole_in = packet;
                }
            }
            let whole = self.whole.push(Whole { packet, pieces: one.pieces, bytes: one.bytes });
            if let Some(part) = self.parts.of_mut(part) {
                part.completed = Some(whole);
            }
        }
        part
    }
    /// Puts a fragment to the others. Answers what they make if it was the last that was missing.
    fn put(&mut self, key: Key, fragment: &Fragment<'_>, packet: u64, part: u32) -> Option<Waiting> {
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
        waiting.parts.push(part);
        waiting.take(fragment, end, packet);
        self.bytes += waiting.bytes.len() - before;
        if let Some(end) = waiting.end.filter(|end| waiting.ranges.get(&0).is_some_and(|to| to >= end)) {
            let mut one = self.waiting.remove(&key)?;
            self.bytes -= one.bytes.len();
            one.bytes.truncate(end as usize);
            return Some(one);
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
    fn whole(&self, part: u32) -> Option<&Whole> {
        self.whole.of(self.parts.of(part)?.completed?)
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
    /// [`place_of_next`](Cx::place_of_next) told, and walks the whole as a further source. A fragment that does not tells who
    /// does, at the bytes `place`. One that is short, or cut, completes nothing: if it is the first of its
    /// packet, what is there of it is walked.
    pub fn reassemble(
        &mut self,
        (group, place): (usize, &[u8]),
        key: Key,
        fragment: &Fragment<'_>,
        fields: &Fields,
        walk: impl FnOnce(&mut Self, &[u8]),
    ) -> bool {
        if self.cut > 0 || fragment.is_short {
            let is_first = fragment.offset == 0;
            if is_first {
                self.rest_elsewhere(|cx| walk(cx, fragment.bytes));
            }
            return is_first;
        }
        let note = self.remember(fragment.bytes, |fragments: &mut Fragments, here| {
            fragments.add(key, fragment, here.packet)
        });
        let Some(part) = note else { return false };
        let record = self.record(|fragments: &Fragments| {
            fragments.whole(part).map(|whole| (whole.pieces.clone(), whole.bytes.clone()))
        });
        let Some((pieces, bytes)) = record else {
            let whole_in =
                self.record(|fragments: &Fragments| fragments.parts.of(part).map(|part| part.whole_in));
            if let Some(packet) = whole_in.and_then(|packet| self.news(packet)) {
                self.append(group, |cx| cx.generated(fields.whole_in, place, packet));
            }
            return false;
        };
        self.source(fields.source, bytes, |cx, bytes| {
            cx.append(group, |cx| show_pieces(cx, fields, &pieces, bytes));
            walk(cx, bytes);
        });
        true
    }
}

/// Shows of which pieces bytes were put together.
pub(crate) fn show_pieces(cx: &mut Cx<'_>, fields: &Fields, pieces: &[Piece], bytes: &[u8]) {
    cx.group_with(fields.fragments, bytes, 0, |cx| {
        for piece in pieces {
            let own = bytes
                .get(piece.offset as usize..(piece.offset.saturating_add(piece.len)) as usize)
                .unwrap_or(&[]);
            cx.generated(fields.fragment, own, piece.packet);
        }
        let none = bytes.get(..0).unwrap_or(&[]);
        cx.generated(fields.count, none, pieces.len() as u64);
        cx.generated(fields.length, none, bytes.len() as u64);
        cx.generated(fields.data, bytes, 0);
    });
}

/// Writes the line of [`Fields::fragments`]: `(1480 bytes): #11(552), #12(928)`.
pub fn write_group(item: Item<'_>, out: &mut Out) {
    let valued = item.node.field.show.kind == crate::Kind::Bytes;
    out.str(if valued { "(" } else { " (" }).dec(item.node.len.into()).str(" bytes)");
    let mut before = ": #";
    for piece in item.children().filter(|child| child.node.field.show.kind == crate::Kind::Packet) {
        out.str(before).dec(piece.node.value).byte(b'(').dec(piece.node.len.into()).byte(b')');
        before = ", #";
    }
}

/// Writes the line of [`Fields::fragment`]: `11, payload: 0-551 (552 bytes)`.
pub fn write_fragment(item: Item<'_>, out: &mut Out) {
    let (start, len) = (u64::from(item.node.start), u64::from(item.node.len));
    out.dec(item.node.value).str(", payload: ").dec(start).byte(b'-');
    out.dec((start + len).saturating_sub(1)).str(" (").dec(len).str(" bytes)");
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: Key = Key { source: Address::Ipv4(1), destination: Address::Ipv4(2), id: 3, protocol: 17 };

    fn fragment(offset: u32, more: bool, bytes: &[u8]) -> Fragment<'_> {
        Fragment { offset, more, bytes, is_short: false }
    }

    fn whole(order: &[usize]) -> Vec<u8> {
        let all =
            [fragment(0, true, b"abcdefgh"), fragment(8, true, b"ijklmnop"), fragment(16, false, b"qr")];
        let mut fragments = Fragments::default();
        for (at, index) in order.iter().enumerate() {
            let part = fragments.add(KEY, &all[*index], at as u64 + 1);
            assert_eq!(fragments.whole(part).is_some(), at + 1 == order.len(), "{order:?}");
        }
        assert_eq!((fragments.bytes, fragments.waiting.len()), (0, 0));
        assert!(fragments.parts.iter().all(|part| part.whole_in == order.len() as u64));
        fragments.whole(order.len() as u32 - 1).unwrap().bytes.clone()
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
        fragments.add(KEY, &fragment(8, true, b"ijklmnop"), 1);
        fragments.add(KEY, &fragment(0, true, b"abcdefghXXXXXXXXYYYYYYYY"), 2);
        let last = fragments.add(KEY, &fragment(24, false, b"z"), 3);
        assert_eq!(fragments.whole(last).unwrap().bytes, b"abcdefghijklmnopYYYYYYYYz");
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
            assert_eq!(fragments.add(KEY, &fragment(0, false, b"abc"), packet), packet as u32 - 1);
        }
        fragments.forget(3);
        assert!(fragments.whole(1).is_none());
        assert_eq!(fragments.whole(2).unwrap().packet, 3);
        assert_eq!(fragments.add(KEY, &fragment(0, false, b"abc"), 4), 3);
    }
}
