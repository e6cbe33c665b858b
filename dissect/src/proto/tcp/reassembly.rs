//! Streams cut into messages. A stream has no boundaries (RFC 9293, 3.8): the protocol above knows them, by its
//! [`Framing`].
//!
//! What a `Stream` keeps is live state: the begin of a message whose end did not come yet, and segments that came early.
//! What became of a segment's data is a record, its `Cut`.

use super::analysis::before;
use crate::{Frame, Framing};
use std::collections::VecDeque;

/// How many bytes one side may keep waiting; what is more is given up.
pub const MOST_WAITING: usize = 1 << 20;
/// How many bytes may wait in all streams together.
pub const MOST_BYTES: usize = 32 << 20;
/// How many segments may wait for an earlier one, and of how many a message may be made.
pub const MOST_SEGMENTS: usize = 1 << 10;

/// A piece of a message: a segment's data, or a part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) packet: u32,
    pub(super) len: u32,
    /// The number of the record that tells of the segment.
    pub(super) extra: u32,
}

/// Messages that were put together of several segments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Block {
    pub(super) pieces: Vec<Piece>,
    pub(super) bytes: Vec<u8>,
}

/// What became of a segment's data. It reads: first the block, then whole messages, then what waits for more.
#[derive(Clone, Debug, Default)]
pub(super) struct Cut {
    /// The protocol's index.
    pub(super) protocol: u16,
    /// All of the data came before.
    pub(super) repeated: bool,
    /// Where in the data the messages begin that it has whole, and where they end.
    pub(super) whole: (u32, u32),
    /// Where in them the second one begins: at their end for one.
    pub(super) first: u32,
    /// What the segment completed.
    pub(super) block: Option<Box<Block>>,
    /// The packet that completed the message whose end is not here; 0 while none has.
    pub(super) whole_in: u64,
}

/// A segment that came early.
#[derive(Debug)]
struct Early {
    sequence: u32,
    bytes: Vec<u8>,
    packet: u32,
    extra: u32,
}

/// A segment's data on its way into a stream.
#[derive(Clone, Copy, Debug)]
pub(super) struct Data<'a> {
    pub(super) sequence: u32,
    pub(super) bytes: &'a [u8],
    pub(super) packet: u32,
    pub(super) extra: u32,
    /// What the other side acknowledged last.
    pub(super) acknowledged: Option<u32>,
}

/// One direction of a connection that carries a protocol with framing.
#[derive(Debug)]
pub(super) struct Stream {
    pub(super) protocol: u16,
    framing: Framing,
    /// The sequence number of the byte that comes next.
    next: u32,
    /// The begin of a message, without its end.
    begun: Vec<u8>,
    pieces: Vec<Piece>,
    /// How many bytes must have begun before it is worth looking again.
    wanted: usize,
    /// In the order of their sequence numbers.
    early: VecDeque<Early>,
    early_bytes: usize,
}

impl Stream {
    /// A stream whose next byte has this sequence number.
    pub(super) fn new(protocol: u16, framing: Framing, next: u32) -> Stream {
        let (begun, pieces, early) = (Vec::new(), Vec::new(), VecDeque::new());
        Stream { protocol, framing, next, begun, pieces, wanted: 0, early, early_bytes: 0 }
    }
    /// How many bytes wait in it.
    pub(super) fn waiting(&self) -> usize {
        self.begun.len() + self.early_bytes
    }
    /// Forgets all that waits.
    pub(super) fn give_up(&mut self) {
        (self.begun, self.pieces, self.wanted) = (Vec::new(), Vec::new(), 0);
        (self.early, self.early_bytes) = (VecDeque::new(), 0);
    }
    /// Takes a segment's data. Answers what became of it.
    pub(super) fn take(&mut self, data: &Data<'_>) -> Cut {
        let Data { sequence, bytes, acknowledged, .. } = *data;
        let end = sequence.wrapping_add(bytes.len() as u32);
        let all = bytes.len() as u32;
        let mut cut = Cut { protocol: self.protocol, whole: (all, all), ..Cut::default() };
        if !before(self.next, end) {
            cut.repeated = true;
            return cut;
        }
        if before(self.next, sequence) {
            let first = self.early.front().map_or(sequence, |early| early.sequence);
            let first = if before(sequence, first) { sequence } else { first };
            // A gap that the receiver does not have will not be filled; nor do we wait for ever.
            let filled = acknowledged.is_some_and(|number| !before(number, first));
            if !filled && self.early.len() < MOST_SEGMENTS && self.waiting() + bytes.len() <= MOST_WAITING {
                self.keep(data);
                return cut;
            }
            (self.begun, self.pieces, self.wanted) = (Vec::new(), Vec::new(), 0);
            self.next = first;
            if first != sequence {
                self.keep(data);
                cut.block = self.gather();
                return cut;
            }
        }
        let skipped = self.next.wrapping_sub(sequence) as usize;
        self.next = end;
        let own = bytes.get(skipped..).unwrap_or(&[]);
        if self.early.is_empty() {
            self.go_on(data, own, &mut cut);
        } else {
            self.begin(own, data.packet, data.extra);
            cut.block = self.gather();
        }
        if self.begun.len() > MOST_WAITING || self.pieces.len() > MOST_SEGMENTS {
            (self.begun, self.pieces, self.wanted) = (Vec::new(), Vec::new(), 0);
        }
        cut
    }
    /// Puts an early segment in its place.
    fn keep(&mut self, data: &Data<'_>) {
        let Data { sequence, bytes, packet, extra, .. } = *data;
        let behind = self.early.iter().rev().take_while(|early| before(sequence, early.sequence)).count();
        self.early_bytes += bytes.len();
        let at = self.early.len() - behind;
        self.early.insert(at, Early { sequence, bytes: bytes.to_vec(), packet, extra });
    }
    /// Adds bytes to what has begun.
    fn begin(&mut self, bytes: &[u8], packet: u32, extra: u32) {
        if !bytes.is_empty() {
            self.begun.extend_from_slice(bytes);
            self.pieces.push(Piece { packet, len: bytes.len() as u32, extra });
        }
    }
    /// Adds to what has begun the early segments that now follow, and takes out the messages that are whole.
    fn gather(&mut self) -> Option<Box<Block>> {
        while self.early.front().is_some_and(|early| !before(self.next, early.sequence)) {
            let Some(early) = self.early.pop_front() else { break };
            self.early_bytes -= early.bytes.len();
            let skipped = self.next.wrapping_sub(early.sequence) as usize;
            if let Some(own) = early.bytes.get(skipped..) {
                self.begin(own, early.packet, early.extra);
                self.next = self.next.wrapping_add(own.len() as u32);
            }
        }
        let (_, whole, wanted) = messages(self.framing, &self.begun);
        self.wanted = self.begun.len() - whole + wanted;
        self.take_out(whole)
    }
    /// Takes the first bytes out of what has begun.
    fn take_out(&mut self, len: usize) -> Option<Box<Block>> {
        if len == 0 {
            return None;
        }
        let rest = self.begun.split_off(len.min(self.begun.len()));
        let bytes = std::mem::replace(&mut self.begun, rest);
        let (mut pieces, mut left) = (Vec::new(), len as u32);
        while let Some(piece) = self.pieces.first_mut() {
            if piece.len > left {
                if left > 0 {
                    pieces.push(Piece { len: left, ..*piece });
                    piece.len -= left;
                }
                break;
            }
            left -= piece.len;
            pieces.push(self.pieces.remove(0));
        }
        Some(Box::new(Block { pieces, bytes }))
    }
    /// Takes data that comes next, with nothing early behind it.
    fn go_on(&mut self, data: &Data<'_>, own: &[u8], cut: &mut Cut) {
        let all = data.bytes.len() as u32;
        let mut rest = own;
        if !self.begun.is_empty() {
            let before = self.begun.len();
            self.begin(own, data.packet, data.extra);
            if self.begun.len() < self.wanted {
                return;
            }
            match (self.framing)(&self.begun) {
                Frame::Whole(len) if len > before => {
                    cut.block = self.take_out(len);
                    rest = own.get(len - before..).unwrap_or(&[]);
                }
                Frame::More(missing) => {
                    self.wanted = self.begun.len() + missing;
                    return;
                }
                _ => rest = own,
            }
            (self.begun, self.pieces) = (Vec::new(), Vec::new());
        }
        let start = all - rest.len() as u32;
        let (first, whole, wanted) = messages(self.framing, rest);
        let tail = rest.get(whole..).unwrap_or(&[]);
        self.begin(tail, data.packet, data.extra);
        self.wanted = tail.len() + wanted;
        (cut.whole, cut.first) = ((start, start + whole as u32), first as u32);
    }
}

/// How many bytes the first of the whole messages has that bytes begin with, and all of them; how many the next one lacks.
/// What is no message counts as one, to the end.
fn messages(framing: Framing, bytes: &[u8]) -> (usize, usize, usize) {
    let (mut first, mut at) = (0, 0);
    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
        let len = match framing(rest) {
            Frame::Whole(len) => len.clamp(1, rest.len()),
            Frame::More(missing) => return (first, at, missing),
            Frame::Other => rest.len(),
        };
        if at == 0 {
            first = len;
        }
        at += len;
    }
    (first, at, 0)
}

/// The first message of bytes that are whole messages, and the rest.
pub(super) fn first(framing: Framing, bytes: &[u8]) -> (&[u8], &[u8]) {
    let len = match framing(bytes) {
        Frame::Whole(len) => len.clamp(1, bytes.len().max(1)),
        _ => bytes.len(),
    };
    bytes.split_at_checked(len).unwrap_or((bytes, &[]))
}
