//! Connections, RFC 9293, 3.3.1: which one a segment belongs to, and what is known of each.
//!
//! What learning needs to go on is live state ([`Flow`]), bounded in connections. What dissecting reads stands in records:
//! a [`Standing`] for each segment, a [`Connection`] for each connection. [`Connections::iter`] is for reports.

use super::analysis::{Arrival, Flow, REUSED_PORTS, Standing, TIMED_OUT};
use crate::capture::Time;
use crate::flow::records::{Record, Records};
use crate::{Ends, Here, State};
use hashbrown::{DefaultHashBuilder, HashTable};
use std::hash::BuildHasher;

/// How many connections can go on at once; then those end that were silent for long.
pub const MOST_LIVE: usize = 1 << 16;
/// How many connections are kept for reports when packets are forgotten; the oldest go first.
pub const MOST_KEPT: usize = 1 << 17;

/// What was seen of a connection's life: the bits of `tcp.completeness`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// A SYN.
    Syn = 0,
    /// A SYN with an acknowledgment.
    SynAck = 1,
    /// A segment that only acknowledges.
    Ack = 2,
    /// Data.
    Data = 3,
    /// A FIN.
    Fin = 4,
    /// A RST.
    Rst = 5,
}

/// Measured times, in nanoseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Samples {
    /// How many there are.
    pub count: u32,
    /// The shortest.
    pub min: i64,
    /// The longest.
    pub max: i64,
    /// All together.
    pub sum: i64,
}

impl Samples {
    pub(super) fn add(&mut self, sample: i64) {
        (self.min, self.max) =
            if self.count == 0 { (sample, sample) } else { (self.min.min(sample), self.max.max(sample)) };
        self.count = self.count.saturating_add(1);
        self.sum = self.sum.saturating_add(sample);
    }
    /// The mean, if there is a sample.
    pub fn mean(&self) -> Option<i64> {
        self.sum.checked_div(self.count.into())
    }
}

/// What one side of a connection sent.
#[derive(Clone, Copy, Debug, Default)]
pub struct Way {
    /// How many packets.
    pub packets: u64,
    /// The lengths of these packets on the wire.
    pub bytes: u64,
    /// The bytes of data in them, with those that were sent again.
    pub data: u64,
    /// How many SYNs.
    pub syns: u32,
    /// How many FINs.
    pub fins: u32,
    /// How many RSTs.
    pub resets: u32,
    /// How many segments were sent again, fast and spurious ones among them.
    pub retransmissions: u32,
    /// How many of these were fast retransmissions.
    pub fast_retransmissions: u32,
    /// How many of these brought what was acknowledged before.
    pub spurious_retransmissions: u32,
    /// How many segments came out of order.
    pub out_of_order: u32,
    /// How many gaps there were before segments.
    pub lost: u32,
    /// How many acknowledgments were duplicates.
    pub duplicate_acks: u32,
    /// How many segments closed the window.
    pub zero_windows: u32,
    /// How long the other side took to acknowledge what this side sent.
    pub round_trips: Samples,
}

/// A connection as a whole.
#[derive(Clone, Debug)]
pub struct Connection {
    pub(super) stream: u32,
    pub(super) ends: Ends,
    pub(super) first: u64,
    pub(super) last: u64,
    pub(super) times: Option<(Time, Time)>,
    /// For each [`Part`] the packet that was the first to bring it; 0 for none yet.
    pub(super) parts: [u64; 6],
    pub(super) ways: [Way; 2],
    /// Nanoseconds from the SYN to the first acknowledgment of the handshake, and the packet that brought that.
    pub(super) initial: Option<(i64, u64)>,
}

impl Record for Connection {
    fn packet(&self) -> u64 {
        self.last
    }
}

impl Connection {
    /// Its number, counted from 0 in the order in which connections began.
    pub fn stream(&self) -> u32 {
        self.stream
    }
    /// Its ends: the source sent the first packet.
    pub fn ends(&self) -> &Ends {
        &self.ends
    }
    /// The numbers of its first and last packet.
    pub fn packets(&self) -> (u64, u64) {
        (self.first, self.last)
    }
    /// The times of its first and last packet.
    pub fn times(&self) -> Option<(Time, Time)> {
        self.times
    }
    /// What the sender of the first packet sent, and what the other side did.
    pub fn ways(&self) -> &[Way; 2] {
        &self.ways
    }
    /// The first packet that brought a part of a connection's life.
    pub fn part(&self, part: Part) -> Option<u64> {
        self.parts.get(part as usize).copied().filter(|packet| *packet != 0)
    }
    /// What was seen of its life: a bit for each [`Part`], the lowest for the SYN.
    pub fn completeness(&self) -> u8 {
        (0..).zip(self.parts).filter(|(_, packet)| *packet != 0).map(|(at, _)| 1 << at).sum()
    }
    /// Nanoseconds from the SYN to the first acknowledgment of the handshake.
    pub fn initial_round_trip(&self) -> Option<i64> {
        self.initial.map(|initial| initial.0)
    }
    pub(super) fn saw(&mut self, part: Part, packet: u64) {
        if let Some(place) = self.parts.get_mut(part as usize).filter(|place| **place == 0) {
            *place = packet;
        }
    }
}

/// All connections. The hash is keyed at random, since senders choose the keys.
#[derive(Debug, Default)]
pub struct Connections {
    hasher: DefaultHashBuilder,
    /// Where the flow between two ends stands in `flows`.
    places: HashTable<u32>,
    flows: Vec<Flow>,
    /// Where the search for a flow that was silent for long goes on.
    hand: usize,
    begun: u32,
    connections: Records<Connection>,
    standings: Records<Standing>,
}

impl State for Connections {
    fn forget(&mut self, before: u64) {
        self.standings.forget(before);
        while self.connections.len() > MOST_KEPT {
            let first = self.connections.iter().next().filter(|one| one.last < before);
            let Some(connection) = first.is_some().then(|| self.connections.pop()).flatten() else { return };
            // One that goes on is kept, with a new number for packets to come.
            let hash = self.hash(&connection.ends);
            let found = self.place(hash, &connection.ends).and_then(|place| self.flows.get_mut(place));
            if let Some(flow) = found.filter(|flow| flow.stream == connection.stream) {
                flow.connection = self.connections.push(connection);
            }
        }
    }
}

impl Connections {
    /// The connections, the oldest first.
    pub fn iter(&self) -> impl Iterator<Item = &Connection> {
        self.connections.iter()
    }
    /// How many began.
    pub fn begun(&self) -> u32 {
        self.begun
    }
    pub(super) fn standing(&self, note: u32) -> Option<&Standing> {
        self.standings.of(note)
    }
    pub(super) fn connection(&self, standing: &Standing) -> Option<&Connection> {
        self.connections.of(standing.connection)
    }
    /// After which packet, and after how many nanoseconds, a segment was sent again.
    pub(super) fn timeout(&self, note: u32, standing: &Standing) -> Option<(u32, i64)> {
        let second = self.standings.of(note.wrapping_add(1)).filter(|_| standing.analysis.has(TIMED_OUT))?;
        Some((second.acknowledged, second.round_trip))
    }
    fn hash(&self, ends: &Ends) -> u64 {
        use crate::Address::Ipv4;
        if let (Ipv4(from), Ipv4(to)) = (ends.source, ends.destination) {
            let from = u64::from(from) << 16 | u64::from(ends.source_port);
            let to = u64::from(to) << 16 | u64::from(ends.destination_port);
            return self.hasher.hash_one((from.min(to), from.max(to)));
        }
        let (from, to) = ((ends.source, ends.source_port), (ends.destination, ends.destination_port));
        self.hasher.hash_one(if from <= to { (from, to) } else { (to, from) })
    }
    fn place(&self, hash: u64, ends: &Ends) -> Option<usize> {
        let same = |place: &u32| self.flows.get(*place as usize).is_some_and(|flow| flow.way(ends).is_some());
        self.places.find(hash, same).map(|place| *place as usize)
    }
    /// Takes a segment. Answers the number of its standing.
    pub(super) fn add(&mut self, arrival: &Arrival, here: &Here) -> u32 {
        let hash = self.hash(&here.ends);
        let known = self.place(hash, &here.ends);
        let mut reused = false;
        let place = match known {
            Some(place) => place,
            None => self.begin(hash, here),
        };
        let Some(flow) = self.flows.get_mut(place) else { return u32::MAX };
        if known.is_some() && flow.begins_anew(arrival, &here.ends) {
            reused = true;
            *flow = Flow::new(
                here.ends,
                hash,
                self.begun,
                self.connections.push(Connection::new(self.begun, here)),
            );
            self.begun = self.begun.wrapping_add(1);
        }
        let Some(connection) = self.connections.of_mut(flow.connection) else { return u32::MAX };
        let (mut standing, timeout) = flow.take(arrival, here, connection);
        if reused {
            standing.analysis.set(REUSED_PORTS);
        }
        let note = self.standings.push(standing);
        if let Some(timeout) = timeout {
            self.standings.push(timeout);
        }
        note
    }
    /// Begins a connection between ends that are not known.
    fn begin(&mut self, hash: u64, here: &Here) -> usize {
        let connection = self.connections.push(Connection::new(self.begun, here));
        let flow = Flow::new(here.ends, hash, self.begun, connection);
        self.begun = self.begun.wrapping_add(1);
        let place = if self.flows.len() < MOST_LIVE {
            self.flows.push(flow);
            self.flows.len() - 1
        } else {
            self.replace(flow)
        };
        let Connections { places, flows, .. } = self;
        places.insert_unique(hash, place as u32, |place| {
            flows.get(*place as usize).map_or(0, |flow| flow.hash)
        });
        place
    }
    /// Puts a flow in the place of one that was silent since the hand last passed it.
    fn replace(&mut self, new: Flow) -> usize {
        loop {
            let place = self.hand;
            self.hand = if place + 1 < self.flows.len() { place + 1 } else { 0 };
            match self.flows.get_mut(place) {
                Some(flow) if flow.used => flow.used = false,
                Some(flow) => {
                    let hash = std::mem::replace(flow, new).hash;
                    if let Ok(entry) = self.places.find_entry(hash, |one| *one as usize == place) {
                        entry.remove();
                    }
                    return place;
                }
                None => return 0,
            }
        }
    }
}

impl Connection {
    fn new(stream: u32, here: &Here) -> Connection {
        let (ends, first) = (here.ends, here.packet);
        let times = here.time.map(|time| (time, time));
        let (parts, ways) = ([0; 6], [Way::default(); 2]);
        Connection { stream, ends, first, last: first, times, parts, ways, initial: None }
    }
}
