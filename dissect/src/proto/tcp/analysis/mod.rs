//! What a segment means in its connection: sent again, out of order, a duplicate acknowledgment, a round trip.
//!
//! These are Wireshark's terms and rules of thumb (the user's guide, "TCP Analysis"); the RFCs that are named say what lies
//! behind them. `Flow::take` decides when a segment is learnt, and what it decides stands in the segment's `Standing`.

mod mark;
mod turn;
mod unacknowledged;

pub(super) use mark::*;
pub use turn::{FAST_TIME, OUT_OF_ORDER_TIME};
pub use unacknowledged::MOST_UNACKNOWLEDGED;

use turn::Turn;
use unacknowledged::Unacknowledged;

use super::connection::{Connection, Part};
use super::option::{sack, window_scale};
use super::reassembly::{Cut, Stream};
use super::{Flags, Header};
use crate::flow::records::Record;
use crate::{Ends, Here};
use std::collections::VecDeque;

/// How a window is to be scaled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Scale {
    /// The handshake was not seen.
    #[default]
    Unknown,
    /// One of the two sides does not scale.
    Unused,
    /// By so many bits.
    Shift(u8),
}

impl Scale {
    /// The window of a header.
    #[inline]
    pub(super) fn apply(self, window: u16) -> u32 {
        match self {
            Scale::Shift(shift) => u32::from(window) << shift.min(window_scale::LARGEST),
            _ => window.into(),
        }
    }
}

/// A record: how a segment stands in its connection. Packet numbers have 32 bits.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Standing {
    packet: u32,
    /// The number of the connection's record.
    pub(super) connection: u32,
    pub(super) analysis: Analysis,
    /// The numbers from which this side's and the other side's sequence numbers are counted.
    pub(super) base: u32,
    pub(super) other_base: u32,
    /// The bytes in flight with this segment, and those sent since the last push. In a duplicate acknowledgment: the packet
    /// that it repeats, and its number among the duplicates.
    pub(super) counts: (u32, u32),
    /// The packet whose data is acknowledged.
    pub(super) acknowledged: u32,
    /// Nanoseconds since that packet, and since the packet before in this connection, unless the extra record tells them.
    pub(super) round_trip: u32,
    pub(super) delta: u32,
    /// The number of the extra record, if there is one.
    pub(super) extra: u32,
    pub(super) scale: Scale,
}

impl Record for Standing {
    fn packet(&self) -> u64 {
        self.packet.into()
    }
}

/// A record: what few segments need besides.
#[derive(Debug, Default)]
pub(super) struct Extra {
    pub(super) packet: u32,
    /// Nanoseconds, where they do not fit the standing.
    pub(super) round_trip: i64,
    pub(super) delta: i64,
    /// Of what was sent again: the packet, and the nanoseconds since then, from which a timeout counts.
    pub(super) timeout: Option<(u32, i64)>,
    /// How many bytes of the data came before, if not all.
    pub(super) repeated: u32,
    /// How the data was cut into messages.
    pub(super) cut: Option<Box<Cut>>,
}

impl Record for Extra {
    fn packet(&self) -> u64 {
        self.packet.into()
    }
}

/// What a segment says that matters to its connection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Arrival {
    pub(super) sequence: u32,
    pub(super) acknowledgment: u32,
    /// The bytes of data.
    pub(super) length: u32,
    pub(super) flags: Flags,
    pub(super) window: u16,
    /// The shift of the window scale option.
    pub(super) shift: Option<u8>,
    /// How many bytes it acknowledges selectively.
    pub(super) sacked: u32,
}

impl Arrival {
    pub(super) fn new(header: &Header, length: usize, options: &[u8]) -> Arrival {
        let (Header { sequence, acknowledgment, window, .. }, flags) = (*header, header.flags());
        let shift = if flags.contains(Flags::SYN) { window_scale::find(options) } else { None };
        let sacked = if options.is_empty() { 0 } else { sack::count(options, acknowledgment) };
        Arrival { sequence, acknowledgment, length: length as u32, flags, window, shift, sacked }
    }
    fn has(&self, flags: Flags) -> bool {
        self.flags.contains(flags)
    }
    /// The sequence number of the first byte of data.
    pub(super) fn data_sequence(&self) -> u32 {
        self.sequence.wrapping_add(self.has(Flags::SYN).into())
    }
    /// Neither begins nor ends a connection.
    fn is_plain(&self) -> bool {
        !self.has(Flags(Flags::SYN.0 | Flags::FIN.0 | Flags::RST.0))
    }
    /// Takes room among the sequence numbers.
    fn takes_room(&self) -> bool {
        self.length > 0 || self.has(Flags(Flags::SYN.0 | Flags::FIN.0))
    }
    /// The sequence number behind it.
    fn end(&self) -> u32 {
        let extra = self.has(Flags(Flags::SYN.0 | Flags::FIN.0));
        self.sequence.wrapping_add(self.length).wrapping_add(extra.into())
    }
}

/// Whether a sequence number comes before another (RFC 9293, 3.4).
#[inline]
pub(super) fn before(a: u32, b: u32) -> bool {
    (a.wrapping_sub(b) as i32) < 0
}

/// What is known of one side.
#[derive(Debug)]
pub(super) struct Side {
    /// Where it is cut into messages, once it is known that it carries a protocol with framing.
    pub(super) stream: Option<Box<Stream>>,
    /// The sequence number of the first byte of data, if the SYN was seen and no data yet.
    pub(super) first: Option<u32>,
    /// How many segments had data that nobody knew.
    pub(super) unknown: u8,
    /// Gaps that may still be filled.
    gaps: [(u32, u32); 4],
    /// The number from which its sequence numbers are counted.
    base: Option<u32>,
    /// The sequence number that it sends next, with the packet and time that said so.
    next: Option<u32>,
    next_packet: u32,
    next_time: i64,
    /// How far it may be acknowledged without surprise.
    expected: u32,
    /// The last acknowledgment it sent, and when.
    acknowledgment: Option<u32>,
    acknowledgment_time: i64,
    /// The first packet with that acknowledgment, and how many repeated it.
    repeated: u32,
    duplicates: u32,
    /// The last window, as it stood in the header.
    window: Option<u16>,
    scale: Scale,
    /// What its last segment was.
    last: Analysis,
    unacknowledged: Unacknowledged,
    /// Whether the bytes in flight can be told: not behind a gap, until the other side answers.
    countable: bool,
    /// Bytes since the last push, and whether that push was the last segment.
    pushed: u32,
    push_ended: bool,
    /// The bytes of data in its SYN.
    syn_data: Option<u32>,
    /// The sequence number behind its FIN.
    fin: Option<u32>,
    /// Whether the other side's FIN came before it.
    fin_is_passive: bool,
}

impl Side {
    const fn new() -> Side {
        let unacknowledged =
            Unacknowledged { sent: VecDeque::new(), mixed: false, lowest: 0, highest: 0, sacked: 0 };
        Side {
            stream: None,
            first: None,
            unknown: 0,
            gaps: [(0, 0); 4],
            base: None,
            next: None,
            next_packet: 0,
            next_time: 0,
            expected: 0,
            acknowledgment: None,
            acknowledgment_time: 0,
            repeated: 0,
            duplicates: 0,
            window: None,
            scale: Scale::Unknown,
            last: Analysis(0),
            unacknowledged,
            countable: true,
            pushed: 0,
            push_ended: false,
            syn_data: None,
            fin: None,
            fin_is_passive: false,
        }
    }
}

/// The live state of a connection.
#[derive(Debug)]
pub(super) struct Flow {
    pub(super) ends: Ends,
    pub(super) hash: u64,
    pub(super) stream: u32,
    /// The number of the connection's record.
    pub(super) connection: u32,
    /// Whether it was met since the hand last passed it.
    pub(super) used: bool,
    /// When the last SYN came.
    syn: Option<i64>,
    /// The first round trip, once it is known.
    initial: Option<i64>,
    last_time: i64,
    sides: [Side; 2],
}

impl Flow {
    pub(super) const fn new(ends: Ends, hash: u64, stream: u32, connection: u32) -> Flow {
        let sides = [Side::new(), Side::new()];
        Flow { ends, hash, stream, connection, used: true, syn: None, initial: None, last_time: 0, sides }
    }
    /// Which side sends a packet between these ends, if they are this flow's.
    #[inline]
    pub(super) fn way(&self, ends: &Ends) -> Option<u8> {
        let own = &self.ends;
        if own.source_port == ends.source_port
            && own.destination_port == ends.destination_port
            && own.source == ends.source
            && own.destination == ends.destination
        {
            return Some(0);
        }
        let back = own.source_port == ends.destination_port
            && own.destination_port == ends.source_port
            && own.source == ends.destination
            && own.destination == ends.source;
        back.then_some(1)
    }
    /// Whether a segment begins another connection between the same ends: a SYN with another number.
    pub(super) fn begins_anew(&self, arrival: &Arrival, ends: &Ends) -> bool {
        let side = if self.way(ends) == Some(1) { &self.sides[1] } else { &self.sides[0] };
        arrival.has(Flags::SYN)
            && !arrival.has(Flags::ACK)
            && side.base.is_some_and(|base| base != arrival.sequence)
    }
    /// Takes a segment: decides what it is, and goes on.
    ///
    /// Answers its standing, and what does not fit it.
    pub(super) fn take(
        &mut self,
        arrival: &Arrival,
        here: &Here,
        connection: &mut Connection,
    ) -> (Standing, Option<Extra>) {
        self.used = true;
        let way = self.way(&here.ends).unwrap_or(0);
        let packet = here.packet as u32;
        let time = here.time.map_or(self.last_time, |time| {
            time.seconds().wrapping_mul(1_000_000_000).wrapping_add(time.nanos().into())
        });
        let delta = if connection.first == here.packet { 0 } else { time.wrapping_sub(self.last_time) };
        self.last_time = time;
        let [a, b] = &mut self.sides;
        let (own, other) = if way == 0 { (a, b) } else { (b, a) };
        let mut analysis = Analysis(0);
        if own.set_bases(other, arrival) {
            analysis.set(REUSED_PORTS);
        }
        own.scale_windows(other, arrival);
        if self.initial.is_none() {
            if arrival.has(Flags::SYN) {
                if !arrival.has(Flags::ACK) {
                    self.syn = Some(time);
                }
            } else if let (true, Some(syn)) = (arrival.has(Flags::ACK), self.syn) {
                let initial = time.wrapping_sub(syn);
                self.initial = Some(initial);
                connection.initial = Some((initial, here.packet));
            }
        }
        let mut turn =
            Turn { arrival, own, other, time, packet, initial: self.initial, analysis, repeated: 0 };
        let (duplicate, resent) = turn.decide();
        turn.handshake();
        let exact = turn.go_on();
        let in_flight = turn.in_flight();
        let (mut analysis, repeated) = (turn.analysis, turn.repeated);
        if repeated > 0 {
            analysis.set(if repeated < arrival.length { PART_REPEATED } else { REPEATED });
        }
        let (base, other_base) = (own.base.unwrap_or(0), other.base.unwrap_or(0));
        if in_flight.is_some() {
            analysis.set(IN_FLIGHT);
        }
        if exact.is_some() {
            analysis.set(ACKNOWLEDGES);
        }
        let acknowledged = exact.map_or(0, |sent| sent.packet);
        let round_trip = exact.map_or(0, |sent| time.wrapping_sub(sent.time));
        account(connection, usize::from(way), arrival, here, analysis);
        if exact.is_some()
            && let Some(other) = connection.ways.get_mut(1 - usize::from(way))
        {
            other.round_trips.add(round_trip);
        }
        let counts = in_flight.or(duplicate).unwrap_or((0, 0));
        let standing = Standing {
            packet,
            connection: self.connection,
            analysis,
            base,
            other_base,
            counts,
            acknowledged,
            round_trip: round_trip as u32,
            delta: delta as u32,
            extra: 0,
            scale: own.scale,
        };
        let fits = |time: i64| u32::try_from(time).is_ok();
        if resent.is_none() && fits(round_trip) && fits(delta) && !analysis.has(PART_REPEATED) {
            return (standing, None);
        }
        (standing, Some(Extra { packet, round_trip, delta, timeout: resent, repeated, cut: None }))
    }
    /// The side that sends a packet between these ends, and what the other side acknowledged.
    pub(super) fn side(&mut self, ends: &Ends) -> (&mut Side, Option<u32>) {
        let [a, b] = &mut self.sides;
        if self.ends.source_port == ends.source_port && self.ends.source == ends.source {
            (a, b.acknowledgment)
        } else {
            (b, a.acknowledgment)
        }
    }
    /// How many bytes wait in its streams.
    pub(super) fn waiting(&self) -> usize {
        self.sides.iter().filter_map(|side| side.stream.as_ref()).map(|stream| stream.waiting()).sum()
    }
}

/// Adds a segment to the connection's figures.
fn account(connection: &mut Connection, way: usize, arrival: &Arrival, here: &Here, analysis: Analysis) {
    connection.last = here.packet;
    if let (Some(time), Some((_, last))) = (here.time, &mut connection.times) {
        *last = time;
    }
    let (packet, has) = (here.packet, |flags| arrival.has(flags));
    if has(Flags::SYN) {
        connection.saw(if has(Flags::ACK) { Part::SynAck } else { Part::Syn }, packet);
        if arrival.length > 0 {
            connection.saw(Part::Data, packet);
        }
    } else if has(Flags::ACK) {
        connection.saw(if arrival.length > 0 { Part::Data } else { Part::Ack }, packet);
        if has(Flags::FIN) {
            connection.saw(Part::Fin, packet);
        }
    }
    if has(Flags::RST) {
        connection.saw(Part::Rst, packet);
    }
    let Some(way) = connection.ways.get_mut(way) else { return };
    way.packets += 1;
    way.bytes = way.bytes.saturating_add(here.length.into());
    way.data = way.data.saturating_add(arrival.length.into());
    if !arrival.is_plain() {
        way.syns = way.syns.saturating_add(has(Flags::SYN).into());
        way.fins = way.fins.saturating_add(has(Flags::FIN).into());
        way.resets = way.resets.saturating_add(has(Flags::RST).into());
    }
    if analysis.has(MARKED) {
        for (count, flag) in [
            (&mut way.retransmissions, RETRANSMISSION),
            (&mut way.fast_retransmissions, FAST_RETRANSMISSION),
            (&mut way.spurious_retransmissions, SPURIOUS_RETRANSMISSION),
            (&mut way.out_of_order, OUT_OF_ORDER),
            (&mut way.lost, LOST_SEGMENT),
            (&mut way.duplicate_acks, DUPLICATE_ACK),
            (&mut way.zero_windows, ZERO_WINDOW),
        ] {
            *count = count.saturating_add(analysis.has(flag).into());
        }
    }
}

impl Side {
    /// Fills gaps with data. Answers whether it fell into one.
    fn fill(&mut self, start: u32, end: u32) -> bool {
        let mut fell = false;
        for gap in &mut self.gaps {
            if before(gap.0, gap.1) && before(start, gap.1) && before(gap.0, end) {
                fell = true;
                if !before(gap.0, start) {
                    gap.0 = end;
                } else if !before(end, gap.1) {
                    gap.1 = start;
                }
            }
        }
        fell
    }
    /// Sets from where sequence numbers are counted. Answers whether a SYN with an acknowledgment says another number than
    /// was known.
    fn set_bases(&mut self, other: &mut Side, arrival: &Arrival) -> bool {
        let mut changed = false;
        if arrival.has(Flags::SYN) {
            changed = arrival.has(Flags::ACK) && self.base.is_some_and(|base| base != arrival.sequence);
            self.base = Some(arrival.sequence);
            self.first = Some(arrival.sequence.wrapping_add(1));
        } else if self.base.is_none() {
            self.base = Some(arrival.sequence.wrapping_sub(1));
        }
        if other.base.is_none() && arrival.has(Flags::ACK) {
            other.base = Some(arrival.acknowledgment.wrapping_sub(1));
        }
        changed
    }
    /// Takes what a SYN says about scaling: both sides must want it (RFC 7323, 2.2).
    fn scale_windows(&mut self, other: &mut Side, arrival: &Arrival) {
        if !arrival.has(Flags::SYN) {
            return;
        }
        match arrival.shift {
            None => (self.scale, other.scale) = (Scale::Unused, Scale::Unused),
            Some(_) if arrival.has(Flags::ACK) && self.scale == Scale::Unused => {}
            Some(shift) => self.scale = Scale::Shift(shift),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_is_filled_from_both_ends_and_once() {
        let mut side = Side::new();
        side.gaps[0] = (100, 200);
        assert!(side.fill(50, 120) && side.fill(180, 250) && side.fill(130, 140));
        assert!(!side.fill(50, 120) && !side.fill(180, 250) && !side.fill(300, 400));
        assert!(side.fill(120, 180));
        assert!(!side.fill(100, 200));
    }
}
