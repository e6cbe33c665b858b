//! A path: a pair of addresses, one of each side, RFC 9260, 1.3.

use crate::proto::sctp::chunk::CHUNKS;
use crate::{Address, Ends};
use std::collections::VecDeque;

/// How many paths an association keeps apart; packets on further ones count to the last.
pub const MOST_PATHS: usize = 32;
/// How many HEARTBEATs of a path and side may wait for their answer.
pub const MOST_HEARTBEATS: usize = 16;

/// What went by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Packets.
    pub packets: u64,
    /// Their bytes on the wire, with all layers.
    pub bytes: u64,
    /// Bytes of users' messages, those that were sent again included.
    pub user_bytes: u64,
    /// Chunks by type, in the order of [`CHUNKS`]; unknown types at the end.
    pub chunks: [u32; CHUNKS.len() + 1],
    /// The first packet; 0 for none.
    pub first: u64,
    /// The last packet.
    pub last: u64,
    /// The time of the first: nanoseconds since 1970.
    pub first_time: i64,
    /// The time of the last.
    pub last_time: i64,
}

impl Traffic {
    /// How many chunks of a type went by.
    pub fn of_type(&self, number: u8) -> u32 {
        let place = CHUNKS.iter().position(|kind| kind.number == number).unwrap_or(CHUNKS.len());
        self.chunks.get(place).copied().unwrap_or(0)
    }
    #[inline]
    pub(super) fn packet(&mut self, packet: u64, time: i64, length: u32) {
        if self.packets == 0 {
            (self.first, self.first_time) = (packet, time);
        }
        (self.last, self.last_time) = (packet, time);
        self.packets += 1;
        self.bytes += u64::from(length);
    }
    #[inline]
    pub(super) fn chunk(&mut self, place: usize) {
        if let Some(count) = self.chunks.get_mut(place.min(CHUNKS.len())) {
            *count = count.saturating_add(1);
        }
    }
}

/// Shortest, longest and mean of some lengths of time, in nanoseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Times {
    /// How many.
    pub count: u32,
    /// The shortest; 0 of none.
    pub least: i64,
    /// The longest; 0 of none.
    pub most: i64,
    /// All together.
    pub sum: i64,
}

impl Times {
    #[inline]
    pub(super) fn add(&mut self, time: i64) {
        if self.count == 0 || time < self.least {
            self.least = time;
        }
        if self.count == 0 || time > self.most {
            self.most = time;
        }
        self.count = self.count.saturating_add(1);
        self.sum = self.sum.saturating_add(time);
    }
    /// The mean; 0 of none.
    pub fn mean(&self) -> i64 {
        self.sum.checked_div(self.count.into()).unwrap_or(0)
    }
}

/// The HEARTBEATs of one side on a path.
#[derive(Clone, Debug, Default)]
pub struct Heartbeats {
    /// How many were sent.
    pub sent: u32,
    /// How many were answered.
    pub answered: u32,
    /// How many were not answered before the next one was sent.
    pub unanswered: u32,
    /// After how long they were answered.
    pub rtt: Times,
    /// Those that wait for their answer: a sum over their information, the packet, its time and the remark to be filled.
    pub(super) waiting: VecDeque<Waiting>,
}

/// A HEARTBEAT that waits for its answer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Waiting {
    pub(super) sum: u32,
    pub(super) packet: u64,
    pub(super) time: i64,
    pub(super) remark: u32,
    pub(super) lost: bool,
}

/// A path and what went over it.
#[derive(Clone, Debug, Default)]
pub struct Path {
    /// The addresses, by side.
    pub addresses: [Address; 2],
    /// What each side sent.
    pub traffic: [Traffic; 2],
    /// The HEARTBEATs of each side.
    pub heartbeats: [Heartbeats; 2],
    /// How many chunks each side sent again here, those first sent on another path included.
    pub retransmissions: [u32; 2],
    /// How many of those when the timer had run out, or on this path instead of the one before, since the last chunk sent
    /// here was acknowledged: a sender gives the path up after Path.Max.Retrans of them.
    pub errors: [u32; 2],
    /// After how long each side's chunks that were sent once were acknowledged.
    pub rtt: [Times; 2],
}

impl Path {
    /// Whether a packet with these ends, sent by side `me`, takes it.
    #[inline]
    pub(super) fn joins(&self, ends: &Ends, me: usize) -> bool {
        self.addresses[me] == ends.source && self.addresses[me ^ 1] == ends.destination
    }
}
