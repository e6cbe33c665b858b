//! Which sender report a report block answers, and how long the way there and back took: RFC 3550, 6.4.1.

use super::{PacketType, packets};
use crate::capture::Time;
use crate::flow::records::{Record, Records};
use crate::header::number;
use crate::memory::Here;
use crate::proto::rtp::Session;
use crate::{Address, State};
use hashbrown::{DefaultHashBuilder, HashMap};
use std::collections::VecDeque;
use std::sync::Arc;

/// How many sender reports are kept for the blocks that answer them; the oldest go first.
pub const MOST_REPORTS: usize = 1 << 12;

/// How many nanoseconds a unit of 1/65536 second has, as a fraction.
const UNIT: (i64, i64) = (1_000_000_000, 65_536);

/// Who sent a sender report and the middle of its NTP timestamp: what a block names it by.
type Key = (Address, u32, u32);

/// A block that answers a sender report.
#[derive(Clone, Copy, Debug)]
pub(super) struct Trip {
    packet: u64,
    /// Where the block begins in the datagram.
    pub at: u32,
    /// The packet of the sender report.
    pub report: u64,
    /// How long ago it was captured, in nanoseconds.
    pub age: i64,
    /// The time to the receiver and back, in nanoseconds: negative where clocks or the capture are wrong.
    pub delay: i64,
}

/// The round trips of a datagram that are still to be shown, in the order of their blocks.
pub(super) struct Trips<'t> {
    pub rest: &'t [Trip],
    /// Where the datagram begins.
    pub base: u32,
}

impl Trips<'_> {
    /// The round trip of the block that begins here.
    pub(super) fn take(&mut self, at: u32) -> Option<Trip> {
        let (trip, rest) =
            self.rest.split_first().filter(|(trip, _)| self.base.wrapping_add(trip.at) == at)?;
        self.rest = rest;
        Some(*trip)
    }
}

/// What learning fixed for a datagram.
#[derive(Debug)]
struct Known {
    packet: u64,
    session: Option<Arc<Session>>,
    /// The packet that set it up, up to 2³² − 1.
    set_up: u32,
    /// The first of its round trips, and how many there are.
    first: u32,
    count: u32,
}

impl Record for Known {
    fn packet(&self) -> u64 {
        self.packet
    }
}

impl Record for Trip {
    fn packet(&self) -> u64 {
        self.packet
    }
}

/// What RTCP keeps between packets.
#[derive(Debug, Default)]
pub struct Reports {
    known: Records<Known>,
    trips: Records<Trip>,
    sent: HashMap<Key, (u64, Option<Time>), DefaultHashBuilder>,
    order: VecDeque<Key>,
    round_trips: u64,
    longest: i64,
    sum: i128,
}

impl State for Reports {
    fn forget(&mut self, before: u64) {
        self.known.forget(before);
        self.trips.forget(before);
    }
}

impl Reports {
    /// How many round trips were measured, and their mean and the longest in nanoseconds.
    pub fn round_trips(&self) -> (u64, i64, i64) {
        let mean = self.sum.checked_div(self.round_trips.into()).unwrap_or(0);
        (self.round_trips, mean as i64, self.longest)
    }
    /// Takes a datagram. Answers the number of its record.
    pub(super) fn learn(&mut self, here: Here, setup: Option<(Arc<Session>, u64)>, bytes: &[u8]) -> u32 {
        let (session, set_up) = setup.map_or((None, 0), |(session, packet)| (Some(session), packet as u32));
        let first = self.trips.next();
        for (header, own) in packets(bytes) {
            let word = |at: usize| own.get(at..at + 4).map(|word| number(word) as u32);
            let kind = PacketType(header.packet_type);
            let blocks = match kind {
                PacketType::SR => 28,
                PacketType::RR => 8,
                _ => continue,
            };
            if let (PacketType::SR, Some(sender), Some(high), Some(low)) = (kind, word(4), word(8), word(12))
            {
                self.send((here.ends.source, sender, high << 16 | low >> 16), here);
            }
            for at in (0..usize::from(header.count())).map(|block| blocks + block * 24) {
                let (Some(source), Some(last @ 1..), Some(held)) = (word(at), word(at + 16), word(at + 20))
                else {
                    continue;
                };
                let place = (own.as_ptr() as usize - bytes.as_ptr() as usize + at) as u32;
                self.answer((here.ends.destination, source, last), held, place, here);
            }
        }
        let count = self.trips.next().wrapping_sub(first);
        self.known.push(Known { packet: here.packet, session, set_up, first, count })
    }
    /// A sender report.
    fn send(&mut self, key: Key, here: Here) {
        if self.sent.insert(key, (here.packet, here.time)).is_none() {
            self.order.push_back(key);
        }
        if self.order.len() > MOST_REPORTS
            && let Some(oldest) = self.order.pop_front()
        {
            self.sent.remove(&oldest);
        }
    }
    /// A block at this place that answers a report, which the receiver held so long.
    fn answer(&mut self, key: Key, held: u32, at: u32, here: Here) {
        let Some((report, sent)) = self.sent.get(&key).copied() else { return };
        let Some(age) = here.time.zip(sent).and_then(|(now, sent)| now.checked_since(sent)) else { return };
        let delay = age.saturating_sub(i64::from(held) * UNIT.0 / UNIT.1);
        self.trips.push(Trip { packet: here.packet, at, report, age, delay });
        self.round_trips += 1;
        self.longest = self.longest.max(delay);
        self.sum += i128::from(delay);
    }
    /// What was fixed for a datagram: what set it up, and its round trips in the order of their blocks.
    pub(super) fn of(&self, note: u32) -> Option<(Option<Arc<Session>>, u32, Vec<Trip>)> {
        let known = self.known.of(note)?;
        let trips = (0..known.count).filter_map(|at| self.trips.of(known.first.wrapping_add(at)).copied());
        Some((known.session.clone(), known.set_up, trips.collect()))
    }
}
