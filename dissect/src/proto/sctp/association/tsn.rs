//! Each TSN: when it was sent, acknowledged, sent again.

use super::event::Cause;
use crate::flow::records::Record;
use std::collections::VecDeque;

/// For how many SCTP packets what they sent is known: what is acknowledged or sent again later counts as new.
pub const MOST_PACKETS: u32 = 1 << 16;
/// How many TSNs a side's window spans at most. A TSN farther off begins a new one.
pub const MOST_SPAN: u32 = 1 << 16;

/// Whether a TSN comes after another: serial numbers of RFC 1982.
#[inline]
pub fn after(a: u32, b: u32) -> bool {
    (a.wrapping_sub(b) as i32) > 0
}

/// What is kept of a packet. Its number is the packet's note.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    pub(super) time: i64,
    /// Packet numbers beyond 32 bits wrap.
    pub(super) packet: u32,
    /// The index of its association, and above it the side that sent it.
    pub(super) association: u32,
    /// The first of the chunks it sent.
    pub(super) sent: u32,
    /// The first of the remarks on it.
    pub(super) remarks: u32,
}

/// The bit of [`Seen::association`] that tells the side.
pub(super) const SIDE: u32 = 1 << 31;

/// A DATA or I-DATA chunk. Numbers of others have one added, so that 0 is for none.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sent {
    pub(super) seen: u32,
    pub(super) tsn: u32,
    /// The packet that was the first to acknowledge it, with one added.
    pub(super) acked: u32,
    /// The next chunk that the same packet was the first to acknowledge, with one added.
    pub(super) next: u32,
    /// What is seldom, with one added.
    pub(super) more: u32,
    pub(super) len: u16,
    pub(super) path: u8,
    pub(super) bits: u8,
}

/// The bits of [`Sent`].
pub(super) const GAP_ACKED: u8 = 1;
pub(super) const RENEGED: u8 = 2;

/// What few chunks have: retransmissions, and the message that pieces make.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct More {
    pub(super) seen: u32,
    /// The chunk that sent the TSN first, with one added. Of that chunk itself: 0.
    pub(super) first: u32,
    /// The next chunk that sent it, with one added.
    pub(super) next: u32,
    /// The last chunk that sent it, of the first one's.
    pub(super) last: u32,
    /// The packet that reported it as duplicate, with one added.
    pub(super) duplicate: u32,
    /// The record of the whole message, with one added.
    pub(super) whole: u32,
    pub(super) cause: Option<Cause>,
    /// Acknowledged sooner after it was sent again than any chunk ever was.
    pub(super) too_soon: bool,
}

impl Record for Seen {
    fn packet(&self) -> u64 {
        self.packet.into()
    }
}
impl Record for Sent {
    fn packet(&self) -> u64 {
        self.seen.into()
    }
}
impl Record for More {
    fn packet(&self) -> u64 {
        self.seen.into()
    }
}

/// The TSNs of a side, in blocks of 64: for each the number of its record, and which wait for their acknowledgement.
#[derive(Clone, Debug, Default)]
pub(super) struct Window {
    /// The first TSN of the first block.
    base: u32,
    blocks: VecDeque<Block>,
}

/// 64 TSNs.
#[derive(Clone, Debug)]
pub(super) struct Block {
    /// Numbers of records with one added.
    slots: [u32; 64],
    /// Those that wait for their acknowledgement.
    open: u64,
    /// Those that a gap block acknowledged, and nothing else yet.
    gap: u64,
    /// Those that did when the last acknowledgement came.
    before: u64,
    /// Those that have a record.
    there: u64,
}

impl Window {
    /// Where a TSN stands: its block and its bit.
    #[inline]
    fn place(&self, tsn: u32) -> Option<(usize, u32)> {
        let off = tsn.wrapping_sub(self.base);
        let block = (off >> 6) as usize;
        (block < self.blocks.len()).then_some((block, off & 63))
    }
    /// The number of the record of a TSN.
    pub(super) fn of(&self, tsn: u32) -> Option<u32> {
        let (block, bit) = self.place(tsn)?;
        self.blocks.get(block)?.slots.get(bit as usize)?.checked_sub(1)
    }
    /// The first TSN that it reaches.
    pub(super) fn begin(&self) -> u32 {
        self.base
    }
    /// Makes room for a TSN; answers which blocks are new, as their first TSNs. `None` for one too far behind.
    fn reach(&mut self, tsn: u32) -> Option<std::ops::Range<u32>> {
        const MOST: u32 = MOST_SPAN / 64;
        let start = tsn & !63;
        let (ahead, len) = (start.wrapping_sub(self.base) >> 6, self.blocks.len() as u32);
        let behind = self.base.wrapping_sub(start) >> 6;
        let mut new = start..1;
        if ahead < len {
            new.end = 0;
        } else if len > 0 && behind < ahead && behind <= MOST {
            if behind + len > MOST {
                return None;
            }
            new.end = behind;
            (0..behind).for_each(|_| self.blocks.push_front(Block::NEW));
            self.base = start;
        } else if len > 0 && ahead < 2 * MOST {
            new = self.base.wrapping_add(len << 6)..ahead + 1 - len;
            for _ in len..=ahead {
                self.blocks.push_back(Block::NEW);
            }
            while self.blocks.len() as u32 > MOST {
                self.blocks.pop_front();
                self.base = self.base.wrapping_add(64);
            }
        } else {
            self.blocks.clear();
            self.base = start;
            self.blocks.push_back(Block::NEW);
        }
        Some(new)
    }
    /// Notes the record of a TSN sent for the first time. `open` says that it waits for its acknowledgement. Answers the
    /// blocks that are new: the first TSN of the first, and how many.
    pub(super) fn put(&mut self, tsn: u32, number: u32, open: bool) -> (u32, u32) {
        let mut new = 0..0;
        if self.place(tsn).is_none() {
            let Some(reached) = self.reach(tsn) else { return (0, 0) };
            new = reached;
        }
        let Some((at, bit)) = self.place(tsn) else { return (0, 0) };
        if let Some(block) = self.blocks.get_mut(at) {
            if let Some(slot) = block.slots.get_mut(bit as usize) {
                *slot = number.wrapping_add(1);
            }
            block.there |= 1 << bit;
            block.open |= u64::from(open) << bit;
        }
        (new.start, new.end)
    }
    /// Drops the block that begins with this TSN and what stands before it, unless it has a record that `is_live`.
    /// Answers whether it stays.
    pub(super) fn expire(&mut self, start: u32, is_live: impl Fn(u32) -> bool) -> bool {
        let Some((at, _)) = self.place(start) else { return false };
        let live = self
            .blocks
            .get(at)
            .is_some_and(|block| block.slots.iter().any(|slot| slot.checked_sub(1).is_some_and(&is_live)));
        if !live {
            self.blocks.drain(..=at);
            self.base = start.wrapping_add(64);
            if self.blocks.is_empty() {
                self.blocks = VecDeque::new();
            }
        }
        live
    }
    /// Runs over the TSNs from `first` to `last`, as far as they are in the window, block by block: the first TSN of the
    /// block, the block, and the bits that are meant.
    pub(super) fn over(&mut self, first: u32, last: u32, mut run: impl FnMut(u32, &mut Block, u64)) {
        let end = (self.blocks.len() as u32) << 6;
        if end == 0 || after(first, last) {
            return;
        }
        let (from, to) = (first.wrapping_sub(self.base), last.wrapping_sub(self.base));
        // What lies before the window is far ahead of its begin.
        let from = if after(self.base, first) { 0 } else { from };
        if after(self.base, last) || from >= end {
            return;
        }
        let to = to.min(end - 1);
        for at in from >> 6..=to >> 6 {
            let low = if at == from >> 6 { u64::MAX << (from & 63) } else { u64::MAX };
            let high = if at == to >> 6 { u64::MAX >> (63 - (to & 63)) } else { u64::MAX };
            if let Some(block) = self.blocks.get_mut(at as usize) {
                run(self.base.wrapping_add(at << 6), block, low & high);
            }
        }
    }
}

impl Block {
    const NEW: Block = Block { slots: [0; 64], open: 0, gap: 0, before: 0, there: 0 };
    /// Takes those of the meant TSNs that wait: they wait no more. `gap` says that a gap block acknowledged them.
    #[inline]
    pub(super) fn close(&mut self, meant: u64, gap: bool) -> u64 {
        let closed = self.open & meant;
        self.open &= !meant;
        self.gap = if gap { self.gap | (self.there & meant) } else { self.gap & !meant };
        closed
    }
    /// Those of the meant TSNs that have a record.
    pub(super) fn there(&self, meant: u64) -> u64 {
        self.there & meant
    }
    /// Begins to compare the gap blocks of an acknowledgement with those of the one before.
    pub(super) fn keep_gap(&mut self, meant: u64) {
        self.before = self.gap & meant;
        self.gap &= !meant;
    }
    /// Those that only gap blocks had acknowledged, and that the last ones do not any more.
    pub(super) fn taken_back(&mut self, meant: u64) -> u64 {
        let taken = self.before & !self.gap & meant;
        self.before = 0;
        taken
    }
    pub(super) fn number(&self, bit: u32) -> Option<u32> {
        self.slots.get(bit as usize)?.checked_sub(1)
    }
}

/// The places of the bits that are set.
pub(super) fn bits(mut word: u64) -> impl Iterator<Item = u32> {
    std::iter::from_fn(move || {
        let bit = word.trailing_zeros();
        (bit < 64).then(|| {
            word &= word - 1;
            bit
        })
    })
}
