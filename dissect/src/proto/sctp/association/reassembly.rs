//! Messages put together from their pieces: RFC 9260, 6.9 and RFC 8260, 2.2.3.
//!
//! Pieces of DATA belong together by consecutive TSNs, those of I-DATA by their message and its fragment sequence numbers. On
//! which path and in which order they came makes no difference. What waits is bounded in runs, pieces and bytes; the oldest
//! goes first. A whole message is a record of the packet that completed it.

use crate::flow::records::Record;
use hashbrown::{DefaultHashBuilder, HashMap};
use std::collections::VecDeque;

/// How many runs of pieces may wait for others.
pub const MOST_RUNS: usize = 4096;
/// How many pieces a message may have.
pub const MOST_PIECES: usize = 1 << 14;
/// How many bytes may wait, of all messages together.
pub const MOST_BYTES: usize = 16 << 20;

/// A piece of a message.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece<'b> {
    /// The association and the side that sends.
    pub(super) way: u32,
    /// What pieces of one message have in common: whether it is I-DATA, the stream, whether it is unordered, the message.
    pub(super) message: u64,
    /// Its place: the TSN, or the fragment sequence number.
    pub(super) place: u32,
    pub(super) begins: bool,
    pub(super) ends: bool,
    pub(super) ppid: u32,
    pub(super) bytes: &'b [u8],
    /// The record of its chunk.
    pub(super) sent: u32,
    pub(super) packet: u64,
}

type Key = (u32, u64, u32);

/// Pieces with consecutive places.
#[derive(Debug, Default)]
struct Run {
    key: (u32, u64),
    first: u32,
    last: u32,
    begins: bool,
    ends: bool,
    ppid: u32,
    /// In the order in which they came.
    pieces: Vec<Waiting>,
    bytes: Vec<u8>,
}

#[derive(Clone, Copy, Debug)]
struct Waiting {
    place: u32,
    sent: u32,
    packet: u64,
    at: u32,
    len: u32,
}

/// Where a piece of a message came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) packet: u64,
    pub(super) at: u32,
    pub(super) len: u32,
}

/// A message that was put together.
#[derive(Debug)]
pub(super) struct Whole {
    /// The packet that completed it.
    pub(super) packet: u64,
    /// The record of the chunk that completed it.
    pub(super) sent: u32,
    pub(super) ppid: u32,
    pub(super) parts: Vec<Part>,
    pub(super) bytes: Vec<u8>,
}

impl Record for Whole {
    fn packet(&self) -> u64 {
        self.packet
    }
}

/// The pieces that wait. The hash is keyed at random, since senders choose the keys.
#[derive(Debug, Default)]
pub(super) struct Reassembly {
    runs: HashMap<u64, Run, DefaultHashBuilder>,
    /// The runs by their first and by their last place.
    edges: HashMap<Key, u64, DefaultHashBuilder>,
    order: VecDeque<u64>,
    begun: u64,
    bytes: usize,
}

impl Reassembly {
    /// Takes a piece. If it was the last that was missing, answers the message and the records of its chunks.
    pub(super) fn add(&mut self, piece: &Piece<'_>) -> Option<(Whole, Vec<u32>)> {
        let key = |place| (piece.way, piece.message, place);
        if self.edges.contains_key(&key(piece.place)) {
            return None;
        }
        let (at, len) = (0, piece.bytes.len() as u32);
        let waiting = Waiting { place: piece.place, sent: piece.sent, packet: piece.packet, at, len };
        let mut run = Run {
            key: (piece.way, piece.message),
            first: piece.place,
            last: piece.place,
            begins: piece.begins,
            ends: piece.ends,
            ppid: piece.ppid,
            ..Run::default()
        };
        let before = (!piece.begins).then(|| self.at_edge(key(piece.place.wrapping_sub(1)), false)).flatten();
        let mut id = None;
        if let Some((before, mut one)) = before {
            (one.last, one.ends) = (run.last, run.ends);
            id = Some(before);
            run = one;
        }
        run.push(waiting, piece.bytes);
        self.bytes += piece.bytes.len();
        let after = (!piece.ends).then(|| self.at_edge(key(piece.place.wrapping_add(1)), true)).flatten();
        if let Some((after, one)) = after {
            id = Some(id.map_or(after, |id| id.min(after)));
            run.join(one);
        }
        if run.begins && run.ends {
            self.bytes -= run.bytes.len();
            return run.whole(piece);
        }
        if run.pieces.len() > MOST_PIECES {
            self.bytes -= run.bytes.len();
            return None;
        }
        let id = id.unwrap_or_else(|| {
            self.begun += 1;
            self.order.push_back(self.begun);
            self.begun
        });
        self.edges.insert(key(run.first), id);
        self.edges.insert(key(run.last), id);
        self.runs.insert(id, run);
        self.shed();
        None
    }
    /// Takes the run out that begins, or ends, at a place.
    fn at_edge(&mut self, key: Key, first: bool) -> Option<(u64, Run)> {
        let id = *self.edges.get(&key)?;
        let open = |run: &&Run| {
            if first { run.first == key.2 && !run.begins } else { run.last == key.2 && !run.ends }
        };
        self.runs.get(&id).filter(open)?;
        let run = self.take(id)?;
        Some((id, run))
    }
    fn take(&mut self, id: u64) -> Option<Run> {
        let run = self.runs.remove(&id)?;
        self.edges.remove(&(run.key.0, run.key.1, run.first));
        self.edges.remove(&(run.key.0, run.key.1, run.last));
        Some(run)
    }
    /// Drops what waits longest while there is too much.
    fn shed(&mut self) {
        while self.runs.len() > MOST_RUNS || self.bytes > MOST_BYTES || self.order.len() > 2 * MOST_RUNS {
            let Some(id) = self.order.pop_front() else { return };
            self.bytes -= self.take(id).map_or(0, |run| run.bytes.len());
        }
    }
}

impl Run {
    fn push(&mut self, piece: Waiting, bytes: &[u8]) {
        self.pieces.push(Waiting { at: self.bytes.len() as u32, ..piece });
        self.bytes.extend_from_slice(bytes);
    }
    /// Appends the run that follows it.
    fn join(&mut self, mut other: Run) {
        (other.first, other.begins) = (self.first, self.begins);
        other.ppid = if self.begins { self.ppid } else { other.ppid };
        // The shorter one is copied.
        if other.pieces.len() > self.pieces.len() {
            std::mem::swap(self, &mut other);
        } else {
            (self.last, self.ends, self.ppid) = (other.last, other.ends, other.ppid);
        }
        let before = self.bytes.len() as u32;
        self.pieces.extend(other.pieces.iter().map(|piece| Waiting { at: piece.at + before, ..*piece }));
        self.bytes.extend_from_slice(&other.bytes);
    }
    fn whole(mut self, last: &Piece<'_>) -> Option<(Whole, Vec<u32>)> {
        let first = self.first;
        self.pieces.sort_unstable_by_key(|piece| piece.place.wrapping_sub(first));
        let mut whole = Whole {
            packet: last.packet,
            sent: last.sent,
            ppid: self.ppid,
            parts: Vec::with_capacity(self.pieces.len()),
            bytes: Vec::with_capacity(self.bytes.len()),
        };
        for piece in &self.pieces {
            whole.parts.push(Part { packet: piece.packet, at: whole.bytes.len() as u32, len: piece.len });
            whole
                .bytes
                .extend_from_slice(self.bytes.get(piece.at as usize..(piece.at + piece.len) as usize)?);
        }
        Some((whole, self.pieces.iter().map(|piece| piece.sent).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &[u8] = b"abcdefgh";

    fn piece(place: u32, from: usize, last: usize) -> Piece<'static> {
        Piece {
            way: 1,
            message: 2,
            place,
            begins: from == 0,
            ends: from == last,
            ppid: if from == 0 { 60 } else { 0 },
            bytes: &TEXT[from..=from],
            sent: place,
            packet: u64::from(place) + 10,
        }
    }

    /// Every order of so many pieces, over the wrap of the TSN.
    #[test]
    fn pieces_come_in_any_order() {
        let most: usize = 5;
        let mut order: Vec<usize> = (0..most).collect();
        let mut orders = vec![];
        permute(&mut order, 0, &mut orders);
        assert_eq!(orders.len(), 120);
        for order in orders {
            let mut reassembly = Reassembly::default();
            for (at, from) in order.iter().enumerate() {
                let place = 0xffff_fffe_u32.wrapping_add(*from as u32);
                let answer = reassembly.add(&Piece { packet: at as u64, ..piece(place, *from, most - 1) });
                assert_eq!(answer.is_some(), at + 1 == most, "{order:?}");
                let Some((whole, sent)) = answer else { continue };
                assert_eq!((&whole.bytes[..], whole.ppid, whole.packet), (&b"abcde"[..], 60, 4));
                assert_eq!(sent, [0xffff_fffe, 0xffff_ffff, 0, 1, 2]);
                let packets: Vec<u64> = whole.parts.iter().map(|part| part.packet).collect();
                let expected: Vec<u64> =
                    (0..most).map(|from| order.iter().position(|one| *one == from).unwrap() as u64).collect();
                assert_eq!(packets, expected);
            }
            assert!(reassembly.runs.is_empty() && reassembly.edges.is_empty() && reassembly.bytes == 0);
        }
    }

    fn permute(items: &mut Vec<usize>, from: usize, into: &mut Vec<Vec<usize>>) {
        if from == items.len() {
            into.push(items.clone());
        }
        for at in from..items.len() {
            items.swap(from, at);
            permute(items, from + 1, into);
            items.swap(from, at);
        }
    }

    #[test]
    fn messages_with_consecutive_tsns_stay_apart() {
        let mut reassembly = Reassembly::default();
        assert!(reassembly.add(&piece(3, 0, 1)).is_none());
        assert!(reassembly.add(&piece(2, 1, 1)).is_none());
        assert!(reassembly.add(&piece(1, 0, 1)).is_some());
        assert!(reassembly.add(&piece(4, 1, 1)).is_some());
        assert!(reassembly.add(&Piece { message: 3, ..piece(1, 0, 1) }).is_none());
        assert!(reassembly.add(&piece(2, 1, 1)).is_none());
    }

    #[test]
    fn what_waits_is_bounded_in_runs_bytes_and_pieces() {
        let mut reassembly = Reassembly::default();
        for at in 0..=MOST_RUNS as u32 {
            assert!(reassembly.add(&piece(at * 4, 1, 3)).is_none());
        }
        assert_eq!((reassembly.runs.len(), reassembly.edges.len()), (MOST_RUNS, MOST_RUNS));
        assert!(!reassembly.edges.contains_key(&(1, 2, 0)) && reassembly.edges.contains_key(&(1, 2, 4)));
        let large = vec![0; 60_000];
        for at in 0..2 * (MOST_BYTES / large.len()) as u32 {
            reassembly.add(&Piece { bytes: &large, ..piece(at * 4 + 2, 1, 3) });
            assert!(reassembly.bytes <= MOST_BYTES);
        }
        let mut reassembly = Reassembly::default();
        for at in 0..=MOST_PIECES as u32 {
            reassembly.add(&Piece { begins: at == 0, ends: false, ..piece(at, 1, 3) });
        }
        assert!(reassembly.runs.is_empty() && reassembly.edges.is_empty() && reassembly.bytes == 0);
    }
}
