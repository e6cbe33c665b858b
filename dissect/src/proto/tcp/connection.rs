//! Connections, RFC 9293, 3.3.1: which one a segment belongs to, and what is known of each.
//!
//! What learning needs to go on is live state (`Flow`), bounded in connections. What dissecting reads stands in records:
//! a `Standing` for each segment, a [`Connection`] for each connection. [`Connections::iter`] is for reports.

use super::analysis::{
    Arrival, EXTRA, Extra, Flow, PART_REPEATED, REPEATED, REUSED_PORTS, Standing, UNKNOWN,
};
use super::reassembly::{Cut, Data, MOST_BYTES, Stream};
#[cfg(feature = "reports")]
use super::trace::{Step, Trace};
use crate::capture::Time;
use crate::flow::records::{Record, Records};
use crate::{Ends, Framing, Here, State};
use hashbrown::{DefaultHashBuilder, HashTable};
use std::hash::BuildHasher;

/// How many connections can go on at once; then those end that were silent for long.
pub const MOST_LIVE: usize = 1 << 16;
/// How many connections are kept for reports when packets are forgotten; the oldest go first.
pub const MOST_KEPT: usize = 1 << 17;

/// How many segments of one side are looked at for a protocol that knows them.
pub const MOST_LOOKS: u8 = 32;

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
    known: Records<Connection>,
    standings: Records<Standing>,
    extras: Records<Extra>,
    /// How many bytes wait in streams.
    waiting: usize,
    /// The segments, where reports will draw them.
    #[cfg(feature = "reports")]
    trace: Option<Trace>,
}

impl State for Connections {
    #[cfg(feature = "reports")]
    fn trace(&mut self, one: Option<u32>) {
        self.trace = Some(Trace::new(one));
    }
    fn forget(&mut self, before: u64) {
        self.standings.forget(before);
        self.extras.forget(before);
        while self.known.len() > MOST_KEPT {
            let first = self.known.iter().next().filter(|one| one.last < before);
            let Some(connection) = first.is_some().then(|| self.known.pop()).flatten() else { return };
            // One that goes on is kept, with a new number for packets to come.
            let hash = self.hash(&connection.ends);
            let found = self.place(hash, &connection.ends).and_then(|place| self.flows.get_mut(place));
            if let Some(flow) = found.filter(|flow| flow.stream == connection.stream) {
                flow.connection = self.known.push(connection);
            }
        }
    }
}

impl Connections {
    /// The connections, the oldest first.
    pub fn iter(&self) -> impl Iterator<Item = &Connection> {
        self.known.iter()
    }
    #[cfg(feature = "reports")]
    pub(super) fn trace(&self) -> Option<&Trace> {
        self.trace.as_ref()
    }
    /// How many began.
    pub fn begun(&self) -> u32 {
        self.begun
    }
    pub(super) fn standing(&self, note: u32) -> Option<&Standing> {
        self.standings.of(note)
    }
    pub(super) fn connection(&self, standing: &Standing) -> Option<&Connection> {
        self.known.of(standing.connection)
    }
    /// What does not fit a standing.
    pub(super) fn extra(&self, standing: &Standing) -> Option<&Extra> {
        self.extras.of(standing.extra).filter(|_| standing.analysis.has(EXTRA))
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
    /// Takes a segment with its data. Answers the number of its standing.
    pub(super) fn add(&mut self, arrival: &Arrival, here: &Here, data: &[u8]) -> u32 {
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
            self.waiting = self.waiting.saturating_sub(flow.waiting());
            *flow =
                Flow::new(here.ends, hash, self.begun, self.known.push(Connection::new(self.begun, here)));
            self.begun = self.begun.wrapping_add(1);
        }
        let Some(connection) = self.known.of_mut(flow.connection) else { return u32::MAX };
        let (mut standing, extra) = flow.take(arrival, here, connection);
        if reused {
            standing.analysis.set(REUSED_PORTS);
        }
        #[cfg(feature = "reports")]
        if let Some(trace) = &mut self.trace {
            trace.add(Step::new(arrival, &standing, connection, here));
        }
        let note = self.standings.push(standing);
        if let Some(extra) = extra {
            self.add_extra(note, extra);
        }
        if !data.is_empty() {
            self.cut(note, arrival, here, place, data);
        }
        note
    }
    fn add_extra(&mut self, note: u32, extra: Extra) -> u32 {
        let number = self.extras.push(extra);
        if let Some(standing) = self.standings.of_mut(note) {
            standing.extra = number;
            standing.analysis.set(EXTRA);
        }
        number
    }
    /// Says that the data of a segment, which was just taken, is the first of a protocol with framing.
    pub(super) fn frame(
        &mut self,
        note: u32,
        arrival: &Arrival,
        here: &Here,
        data: &[u8],
        (protocol, framing): (u16, Framing),
    ) {
        let place = self.place(self.hash(&here.ends), &here.ends);
        if let Some(flow) = place.and_then(|place| self.flows.get_mut(place)) {
            let (side, _) = flow.side(&here.ends);
            let next = side.first.take().unwrap_or_else(|| arrival.data_sequence());
            side.stream = Some(Box::new(Stream::new(protocol, framing, next)));
        }
        self.cut(note, arrival, here, place.unwrap_or(usize::MAX), data);
    }
    /// Cuts a segment's data into messages, if it belongs to a stream of them.
    fn cut(&mut self, note: u32, arrival: &Arrival, here: &Here, place: usize, bytes: &[u8]) {
        let Some(flow) = self.flows.get_mut(place) else { return };
        let (side, acknowledged) = flow.side(&here.ends);
        let Some(stream) = &mut side.stream else {
            if side.unknown >= MOST_LOOKS
                && let Some(standing) = self.standings.of_mut(note)
            {
                standing.analysis.set(UNKNOWN);
            }
            return;
        };
        let standing = self.standings.of(note);
        let known = standing.filter(|standing| standing.analysis.has(EXTRA)).map(|standing| standing.extra);
        let (packet, extra) = (here.packet as u32, known.unwrap_or(self.extras.next()));
        let (before, sequence) = (stream.waiting(), arrival.data_sequence());
        let cut = stream.take(&Data { sequence, bytes, packet, extra, acknowledged });
        self.waiting = (self.waiting + stream.waiting()).saturating_sub(before);
        if self.waiting > MOST_BYTES {
            self.waiting = self.waiting.saturating_sub(stream.waiting());
            stream.give_up();
        }
        for piece in cut.block.iter().flat_map(|block| &block.pieces).filter(|piece| piece.packet != packet) {
            let cut = self.extras.of_mut(piece.extra).and_then(|extra| extra.cut.as_deref_mut());
            if let Some(cut) = cut.filter(|cut| cut.whole_in == 0) {
                cut.whole_in = here.packet;
            }
        }
        if known.is_none() {
            let (round_trip, delta) =
                standing.map_or((0, 0), |standing| (standing.round_trip.into(), standing.delta.into()));
            self.add_extra(note, Extra { packet, round_trip, delta, ..Extra::default() });
        }
        if let Some(extra) = self.extras.of_mut(extra) {
            extra.cut = Some(Box::new(cut));
        }
    }
    /// How many bytes of a segment's data came before.
    pub(super) fn repeated(&self, note: u32, length: usize) -> Option<usize> {
        let standing = self.standings.of(note)?;
        if standing.analysis.has(PART_REPEATED) {
            return Some(self.extra(standing)?.repeated as usize);
        }
        standing.analysis.has(REPEATED).then_some(length)
    }
    /// Says that nobody knows the data of a segment, which was just taken.
    pub(super) fn leave(&mut self, note: u32, here: &Here) {
        let place = self.place(self.hash(&here.ends), &here.ends);
        if let Some(flow) = place.and_then(|place| self.flows.get_mut(place)) {
            let (side, _) = flow.side(&here.ends);
            (side.unknown, side.first) = (side.unknown.saturating_add(1), None);
        }
        if let Some(standing) = self.standings.of_mut(note) {
            standing.analysis.set(UNKNOWN);
        }
    }
    /// Whether nobody knows a segment's data.
    pub(super) fn is_unknown(&self, note: u32) -> bool {
        self.standings.of(note).is_some_and(|standing| standing.analysis.has(UNKNOWN))
    }
    /// Whether it is decided who takes a segment's data.
    pub(super) fn is_decided(&self, note: u32) -> bool {
        self.is_unknown(note) || self.cut_of(note).is_some()
    }
    /// How a segment's data was cut; `None` if it belongs to no stream of messages.
    pub(super) fn cut_of(&self, note: u32) -> Option<&Cut> {
        self.extra(self.standings.of(note)?)?.cut.as_deref()
    }
    /// Begins a connection between ends that are not known.
    fn begin(&mut self, hash: u64, here: &Here) -> usize {
        let connection = self.known.push(Connection::new(self.begun, here));
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
                    self.waiting = self.waiting.saturating_sub(flow.waiting());
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proto::tcp::Flags;
    use crate::{Address, Here};

    fn here(packet: u64, up: bool, port: u16) -> Here {
        let ends = [(Address::Ipv4(1), port), (Address::Ipv4(2), 80)];
        let [from, to] = if up { ends } else { [ends[1], ends[0]] };
        let ends = Ends { source: from.0, destination: to.0, source_port: from.1, destination_port: to.1 };
        Here { packet, time: Some(Time::new(packet as i64, 0)), length: 60, ends }
    }

    fn arrival(flags: Flags, sequence: u32, acknowledgment: u32, length: u32) -> Arrival {
        Arrival { sequence, acknowledgment, length, flags, window: 1000, shift: None, sacked: 0 }
    }

    const SYN_ACK: Flags = Flags(Flags::SYN.0 | Flags::ACK.0);

    /// A handshake on a port, in three packets.
    fn connect(connections: &mut Connections, packet: u64, port: u16) {
        connections.add(&arrival(Flags::SYN, 99, 0, 0), &here(packet, true, port), &[]);
        connections.add(&arrival(SYN_ACK, 199, 100, 0), &here(packet + 1, false, port), &[]);
        connections.add(&arrival(Flags::ACK, 100, 200, 0), &here(packet + 2, true, port), &[]);
    }

    #[test]
    fn a_connection_is_counted_by_side() {
        let mut connections = Connections::default();
        connect(&mut connections, 1, 1000);
        connections.add(&arrival(Flags::ACK, 100, 200, 10), &here(4, true, 1000), &[0; 10]);
        connections.add(&arrival(Flags::ACK, 200, 110, 0), &here(5, false, 1000), &[]);
        connections.add(&arrival(Flags(0x11), 110, 200, 0), &here(6, true, 1000), &[]);
        let one = connections.iter().next().unwrap();
        assert_eq!((one.stream(), one.packets(), one.ends().source_port), (0, (1, 6), 1000));
        assert_eq!(one.completeness(), 0b01_1111);
        assert_eq!((one.part(Part::Fin), one.part(Part::Rst)), (Some(6), None));
        assert_eq!(one.initial_round_trip(), Some(2_000_000_000));
        let [up, down] = one.ways();
        assert_eq!((up.packets, up.bytes, up.data, up.syns, up.fins), (4, 240, 10, 1, 1));
        assert_eq!((down.packets, down.syns), (2, 1));
        // What the upper side sent was acknowledged after a second each time: the SYN, the data.
        let second = 1_000_000_000;
        assert_eq!(up.round_trips, Samples { count: 2, min: second, max: second, sum: 2 * second });
        assert_eq!(up.round_trips.mean(), Some(second));
        assert_eq!(one.times(), Some((Time::new(1, 0), Time::new(6, 0))));
    }

    #[test]
    fn a_syn_with_another_number_begins_another_connection_and_the_same_does_not() {
        let mut connections = Connections::default();
        connect(&mut connections, 1, 1000);
        let again = connections.add(&arrival(Flags::SYN, 99, 0, 0), &here(4, true, 1000), &[]);
        assert_eq!(connections.begun(), 1);
        assert!(!connections.standing(again).unwrap().analysis.has(REUSED_PORTS));
        let other = connections.add(&arrival(Flags::SYN, 5000, 0, 0), &here(5, true, 1000), &[]);
        assert_eq!(connections.begun(), 2);
        let standing = connections.standing(other).unwrap();
        assert!(standing.analysis.has(REUSED_PORTS));
        assert_eq!((connections.connection(standing).unwrap().stream, standing.base), (1, 5000));
        let ports: Vec<u16> = connections.iter().map(|one| one.ends().source_port).collect();
        assert_eq!(ports, [1000, 1000]);
    }

    #[test]
    fn flows_are_bounded_and_those_that_go_on_stay() {
        let mut connections = Connections::default();
        for packet in 1..=(3 * MOST_LIVE as u64) {
            let mut here = here(packet, true, 7);
            here.ends.destination = Address::Ipv4(packet as u32);
            connections.add(&arrival(Flags::ACK, 1, 1, 0), &here, &[]);
            connections.add(&arrival(Flags::ACK, 1, 1, 0), &self::here(packet, true, 9), &[]);
        }
        assert_eq!((connections.flows.len(), connections.places.len()), (MOST_LIVE, MOST_LIVE));
        assert_eq!(connections.begun(), 3 * MOST_LIVE as u32 + 1);
        let busy = connections.iter().find(|one| one.ends().source_port == 9).unwrap();
        assert_eq!(busy.ways()[0].packets, 3 * MOST_LIVE as u64);
    }

    #[test]
    fn connections_are_kept_for_reports_up_to_a_number() {
        let mut connections = Connections::default();
        for packet in 1..=(MOST_KEPT as u64 + 10) {
            let mut here = here(packet, true, 7);
            here.ends.destination = Address::Ipv4(packet as u32);
            connections.add(&arrival(Flags::ACK, 1, 1, 0), &here, &[]);
            connections.add(&arrival(Flags::ACK, 1, 1, 0), &self::here(packet, true, 9), &[]);
        }
        connections.forget(u64::MAX);
        assert_eq!(connections.known.len(), MOST_KEPT);
        assert!(connections.standings.is_empty());
        // The one that goes on was among the first, and is still known.
        let note = connections.add(&arrival(Flags::ACK, 1, 1, 0), &here(1 << 20, true, 9), &[]);
        let standing = *connections.standing(note).unwrap();
        let busy = connections.connection(&standing).unwrap();
        assert_eq!((busy.stream, busy.ways[0].packets), (1, MOST_KEPT as u64 + 11));
    }
}
