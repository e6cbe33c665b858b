//! RTP streams: what one synchronization source sends from one end to another, with loss by RFC 3550, A.3 and jitter by
//! A.8.

use super::{Header, Session, event, payload_type};
use crate::capture::Time;
use crate::flow::expected::Expectation;
use crate::flow::records::{self, Records};
use crate::memory::Here;
use crate::proto::sdp::media::payload_type as payload_type_name;
use crate::{Address, Ends, State};
use hashbrown::{DefaultHashBuilder, HashTable};
use std::collections::VecDeque;
use std::hash::{BuildHasher, Hash, Hasher};
use std::sync::Arc;

/// How many streams are kept; the oldest go first.
pub const MOST_STREAMS: usize = 1 << 14;

/// How many telephone events of one stream are kept, from the first one on.
pub const MOST_EVENTS: usize = 1 << 8;

/// How many records may be begun behind the one that a stream still uses. Then it begins another, so that the old one can be
/// forgotten with those around it.
const MOST_BEHIND: u32 = 4 * MOST_STREAMS as u32;

/// What learning fixed for the packets of a stream, as long as it is the same for all of them.
#[derive(Debug)]
pub(super) struct Known {
    /// The last packet that needs it.
    last: u64,
    /// What their end was set up by.
    pub session: Option<Arc<Session>>,
    /// The packet that did so, up to 2³² − 1.
    pub setup: u32,
    /// How often the sequence number wrapped, counted from 1.
    wraps: u32,
}

impl Known {
    /// A sequence number with the number of its wraps.
    pub(super) fn extended(&self, sequence: u16) -> u32 {
        self.wraps << 16 | u32::from(sequence)
    }
}

impl records::Record for Known {
    fn packet(&self) -> u64 {
        self.last
    }
}

/// The RTP streams that were seen: what a report of them is made from.
#[derive(Debug, Default)]
pub struct Streams {
    pub(super) records: Records<Known>,
    /// The streams from the oldest on; `dropped` were before the first.
    kept: VecDeque<Stream>,
    dropped: u64,
    /// Their numbers, by ends and source. The hash is keyed at random: senders choose them.
    places: HashTable<u32>,
    hasher: DefaultHashBuilder,
    /// Whether packets that are learnt now belong to no stream.
    uncounted: bool,
}

impl State for Streams {
    fn forget(&mut self, before: u64) {
        self.records.forget(before);
    }
    fn counted(&mut self, counted: bool) {
        self.uncounted = !counted;
    }
}

impl Streams {
    /// The streams in the order in which they began.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Stream> {
        self.kept.iter()
    }
    /// How many streams there were that are not kept any more.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }
    /// Takes a packet. Answers the number of its record.
    pub(super) fn learn(&mut self, here: Here, setup: Option<&Expectation>, seen: &Seen<'_>) -> u32 {
        if self.uncounted {
            return self.records.next();
        }
        let key = (here.ends, seen.header.ssrc);
        let hash = hash(&self.hasher, &key);
        let at = self.find(hash, &key).unwrap_or_else(|| self.begin(hash, key));
        let Some(stream) = self.kept.get_mut(at) else { return self.records.next() };
        stream.learn(here, setup, seen, &mut self.records)
    }
    /// Takes a packet that another one quotes: it did not arrive. Answers the number of its record.
    pub(super) fn quote(&mut self, here: Here, setup: Option<&Expectation>, header: Header) -> u32 {
        let key = (here.ends, header.ssrc);
        let stream = self.find(hash(&self.hasher, &key), &key).and_then(|at| self.kept.get(at));
        let wraps = stream.map_or(1, |stream| extend(stream.extended, header.sequence) >> 16);
        let session = setup.and_then(Session::said);
        let setup = setup.filter(|_| session.is_some()).map_or(0, |setup| setup.since as u32);
        self.records.push(Known { last: here.packet, session, setup, wraps })
    }
    /// Where a stream stands.
    #[inline]
    fn find(&self, hash: u64, key: &(Ends, u32)) -> Option<usize> {
        let at = |number: &u32| number.wrapping_sub(self.dropped as u32) as usize;
        let is = |number: &u32| {
            let stream = self.kept.get(at(number));
            stream.is_some_and(|stream| stream.ssrc == key.1 && stream.ends == key.0)
        };
        self.places.find(hash, is).map(at)
    }
    /// Begins a stream. Answers where it stands.
    fn begin(&mut self, at: u64, key: (Ends, u32)) -> usize {
        if self.kept.len() >= MOST_STREAMS
            && let Some(oldest) = self.kept.pop_front()
        {
            let number = self.dropped as u32;
            let hash = hash(&self.hasher, &(oldest.ends, oldest.ssrc));
            if let Ok(entry) = self.places.find_entry(hash, |one| *one == number) {
                entry.remove();
            }
            self.dropped += 1;
        }
        let (kept, hasher, dropped) = (&self.kept, &self.hasher, self.dropped as u32);
        let of = |number: &u32| {
            let stream = kept.get(number.wrapping_sub(dropped) as usize);
            stream.map_or(0, |stream| hash(hasher, &(stream.ends, stream.ssrc)))
        };
        self.places.insert_unique(at, dropped.wrapping_add(kept.len() as u32), of);
        self.kept.push_back(Stream::new(key));
        self.kept.len() - 1
    }
}

fn hash(hasher: &DefaultHashBuilder, (ends, ssrc): &(Ends, u32)) -> u64 {
    let mut state = hasher.build_hasher();
    match (ends.source, ends.destination) {
        (Address::Ipv4(source), Address::Ipv4(destination)) => {
            state.write_u64(u64::from(source) << 32 | u64::from(destination));
        }
        addresses => addresses.hash(&mut state),
    }
    let ports = u32::from(ends.source_port) << 16 | u32::from(ends.destination_port);
    state.write_u64(u64::from(ports) << 32 | u64::from(*ssrc));
    state.finish()
}

/// A packet as a stream sees it.
pub(super) struct Seen<'b> {
    pub header: Header,
    pub payload: &'b [u8],
}

/// A mean with the least and the greatest, in milliseconds. What was never measured has a least of -1 and a mean of 0, as
/// Wireshark has it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// The least.
    pub min: f64,
    /// The mean.
    pub mean: f64,
    /// The greatest.
    pub max: f64,
}

impl Range {
    const NONE: Range = Range { min: -1.0, mean: 0.0, max: 0.0 };
    /// Takes a value of the packet of this number, of which the first has no value. The packets without a value count as
    /// average ones.
    fn add(&mut self, value: f64, packets: u64) {
        self.min = if self.min < 0.0 { value } else { self.min.min(value) };
        self.max = self.max.max(value);
        let values = packets.saturating_sub(1).max(1) as f64;
        self.mean = (self.mean * (values - 1.0) + value) / values;
    }
}

/// A stream: one synchronization source from one end to another.
#[derive(Debug)]
pub struct Stream {
    ends: Ends,
    ssrc: u32,
    session: Option<Arc<Session>>,
    setup: u64,
    /// The number of the last record.
    known: u32,
    /// What the session says of the last payload type.
    format: Option<Meaning>,
    payload_types: u128,
    first_packet: u64,
    last_packet: u64,
    first_time: Option<Time>,
    last_time: Option<Time>,
    packets: u64,
    bytes: u64,
    marked: u64,
    /// The last sequence number with the number of its wraps from 1, in this session.
    extended: u32,
    /// The first and the highest sequence number, which counts wraps.
    first_sequence: u16,
    highest: u64,
    late: u64,
    duplicates: u64,
    /// The last timestamp of a payload type whose clock is known.
    timestamp: Option<u32>,
    was_comfort_noise: bool,
    transit: f64,
    delta: Range,
    jitter: Range,
    events: Vec<Event>,
    further_events: u64,
}

/// What a payload type stands for, as far as packets are measured by it.
#[derive(Clone, Copy, Debug)]
struct Meaning {
    payload_type: u8,
    /// How many units of the timestamp make a second. Telephone events keep the timestamp, so they have no jitter.
    clock_rate: Option<u32>,
    is_event: bool,
}

/// A telephone event of RFC 4733: a key pressed, over all of its packets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// What it is: 0 to 9 are digits, 10 and 11 are `*` and `#`, 12 to 15 A to D, 16 Flash.
    pub event: u8,
    /// The timestamp that its packets share.
    pub timestamp: u32,
    /// How long it lasted as far as was said, in units of the timestamp. Longer ones than 65535 units go on in another.
    pub duration: u16,
    /// The power level, in dBm0 with the sign dropped.
    pub volume: u8,
    /// In how many packets it was sent.
    pub packets: u32,
    /// Whether its end was said.
    pub ended: bool,
    /// The packet in which it began.
    pub first_packet: u64,
}

impl Event {
    /// The key of a telephone, if it is one.
    pub fn key(&self) -> Option<char> {
        b"0123456789*#ABCD".get(usize::from(self.event)).map(|key| char::from(*key))
    }
}

impl Stream {
    fn new((ends, ssrc): (Ends, u32)) -> Stream {
        Stream {
            ends,
            ssrc,
            session: None,
            setup: 0,
            known: u32::MAX,
            format: None,
            payload_types: 0,
            first_packet: 0,
            last_packet: 0,
            first_time: None,
            last_time: None,
            packets: 0,
            bytes: 0,
            marked: 0,
            extended: 0,
            first_sequence: 0,
            highest: 0,
            late: 0,
            duplicates: 0,
            timestamp: None,
            was_comfort_noise: false,
            transit: 0.0,
            delta: Range::NONE,
            jitter: Range::NONE,
            events: Vec::new(),
            further_events: 0,
        }
    }
    /// Takes a packet. Answers the number of its record.
    fn learn(
        &mut self,
        here: Here,
        setup: Option<&Expectation>,
        seen: &Seen<'_>,
        records: &mut Records<Known>,
    ) -> u32 {
        let header = seen.header;
        let is_set_up = setup.is_some_and(|setup| self.set_up(setup));
        if self.packets == 0 {
            self.extended = 1 << 16;
        }
        self.extended = extend(self.extended, header.sequence);
        self.packets += 1;
        self.bytes += seen.payload.len() as u64;
        self.marked += u64::from(header.marker());
        self.payload_types |= 1 << header.payload_type();
        self.count(header.sequence);
        let format = self.meaning(header.payload_type());
        self.measure(here.time, header, format.clock_rate);
        if self.packets == 1 {
            (self.first_packet, self.first_time) = (here.packet, here.time);
        }
        (self.last_packet, self.last_time) = (here.packet, here.time);
        if format.is_event {
            self.press(here.packet, seen);
        }
        self.note(here.packet, is_set_up, records)
    }
    /// Takes what its end was set up by; whether that was a session.
    fn set_up(&mut self, setup: &Expectation) -> bool {
        let is_same = |old: &Arc<Session>| std::ptr::addr_eq(Arc::as_ptr(old), Arc::as_ptr(&setup.said));
        if self.setup == setup.since && self.session.as_ref().is_some_and(is_same) {
            return true;
        }
        let Some(session) = Session::said(setup) else { return false };
        (self.session, self.format) = (Some(session), None);
        // What is set up anew counts the wraps anew, as in Wireshark.
        if self.setup != setup.since {
            (self.setup, self.extended) = (setup.since, 1 << 16);
        }
        true
    }
    /// The record of the packet, which others before it may have.
    fn note(&mut self, packet: u64, is_set_up: bool, records: &mut Records<Known>) -> u32 {
        let session = self.session.as_ref().filter(|_| is_set_up);
        let setup = session.map_or(0, |_| self.setup as u32);
        let wraps = self.extended >> 16;
        if records.next().wrapping_sub(self.known) <= MOST_BEHIND
            && let Some(known) = records.of_mut(self.known)
            && (known.setup, known.wraps) == (setup, wraps)
            && known.session.as_ref().map(Arc::as_ptr) == session.map(Arc::as_ptr)
        {
            known.last = packet;
            return self.known;
        }
        self.known = records.push(Known { last: packet, session: session.cloned(), setup, wraps });
        self.known
    }
    /// Counts by RFC 3550, A.1 and A.3.
    fn count(&mut self, sequence: u16) {
        if self.packets == 1 {
            (self.first_sequence, self.highest) = (sequence, sequence.into());
            return;
        }
        match sequence.wrapping_sub(self.highest as u16) {
            0 => self.duplicates += 1,
            ahead if ahead < 1 << 15 => self.highest += u64::from(ahead),
            _ => self.late += 1,
        }
    }
    /// Measures by RFC 3550, A.8. Silence is none of the network's doing: as in Wireshark, what begins a talkspurt, comfort
    /// noise and what follows it do not enter the ranges.
    fn measure(&mut self, time: Option<Time>, header: Header, rate: Option<u32>) {
        let payload_type = header.payload_type();
        let is_comfort_noise = payload_type::is_comfort_noise(payload_type);
        let begins = header.marker() || is_comfort_noise || self.was_comfort_noise;
        let since = time.zip(self.last_time).and_then(|(now, before)| now.checked_since(before));
        if let Some(delta) = since.map(|since| since as f64 / 1e6).filter(|_| self.packets > 1) {
            if let (Some(rate), Some(before)) = (rate, self.timestamp) {
                let sent = header.timestamp.wrapping_sub(before) as i32;
                let difference = (delta - f64::from(sent) * 1e3 / f64::from(rate)).abs();
                self.transit += (difference - self.transit) / 16.0;
            }
            if !begins {
                self.delta.add(delta, self.packets);
                if rate.is_some() && self.timestamp.is_some() {
                    self.jitter.add(self.transit, self.packets);
                }
            }
        }
        if rate.is_some() || self.timestamp.is_none() {
            self.timestamp = Some(header.timestamp);
        }
        self.was_comfort_noise = is_comfort_noise;
    }
    /// A packet of a telephone event.
    fn press(&mut self, packet: u64, seen: &Seen<'_>) {
        let Ok((_, block)) = event::Block::parse(seen.payload) else { return };
        let (event, timestamp) = (block.event, seen.header.timestamp);
        let same = |old: &&mut Event| old.event == event && old.timestamp == timestamp;
        if let Some(old) = self.events.last_mut().filter(same) {
            old.packets = old.packets.saturating_add(1);
            old.duration = old.duration.max(block.duration);
            old.ended |= block.has_ended();
            return;
        }
        if self.events.len() >= MOST_EVENTS {
            self.further_events += 1;
            return;
        }
        let (volume, duration, ended) = (block.volume(), block.duration, block.has_ended());
        let first_packet = packet;
        self.events.push(Event { event, timestamp, duration, volume, packets: 1, ended, first_packet });
    }
    /// What a payload type stands for.
    fn meaning(&mut self, payload_type: u8) -> Meaning {
        if let Some(known) = self.format.filter(|known| known.payload_type == payload_type) {
            return known;
        }
        let said = self.session.as_ref().and_then(|session| session.format(payload_type));
        let is_event = said.is_some_and(|format| format.encoding.eq_ignore_ascii_case(event::ENCODING));
        let clock_rate = match said {
            Some(_) if is_event => None,
            Some(format) if format.clock_rate > 0 => Some(format.clock_rate),
            _ => payload_type::clock_rate(payload_type),
        };
        let known = Meaning { payload_type, clock_rate, is_event };
        self.format = Some(known);
        known
    }
}

/// A sequence number with the number of its wraps, near the one before it.
fn extend(before: u32, sequence: u16) -> u32 {
    before.wrapping_add_signed(i32::from(sequence.wrapping_sub(before as u16) as i16))
}

/// What a report reads.
impl Stream {
    /// From where to where.
    pub fn ends(&self) -> &Ends {
        &self.ends
    }
    /// The synchronization source.
    pub fn ssrc(&self) -> u32 {
        self.ssrc
    }
    /// The packet that set it up last; 0 if none did.
    pub fn setup(&self) -> u64 {
        self.setup
    }
    /// What set it up last, if anything did: the method and the names of payload types.
    pub fn session(&self) -> Option<&Session> {
        self.session.as_deref()
    }
    /// The payload types that were met, in ascending order.
    pub fn payload_types(&self) -> impl Iterator<Item = u8> {
        (0..128).filter(|payload_type| self.payload_types >> payload_type & 1 == 1)
    }
    /// The name of a payload type: what the session said, else RFC 3551's, else its number.
    pub fn payload_name(&self, payload_type: u8) -> &str {
        let said = self.session.as_ref().and_then(|session| session.format(payload_type));
        let assigned = || payload_type_name(payload_type.into()).unwrap_or(payload_type::NAMES.unknown);
        said.map_or_else(assigned, |format| &format.encoding)
    }
    /// The first and the last packet.
    pub fn span(&self) -> (u64, u64) {
        (self.first_packet, self.last_packet)
    }
    /// The time of the first and of the last packet.
    pub fn times(&self) -> (Option<Time>, Option<Time>) {
        (self.first_time, self.last_time)
    }
    /// How many packets came, duplicates included.
    pub fn packets(&self) -> u64 {
        self.packets
    }
    /// How many bytes of payload came.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }
    /// How many packets had the marker bit.
    pub fn marked(&self) -> u64 {
        self.marked
    }
    /// How many packets were sent, by the sequence numbers: RFC 3550, A.3.
    pub fn expected(&self) -> u64 {
        self.highest - u64::from(self.first_sequence) + 1
    }
    /// How many packets are missing; negative where more came again: RFC 3550, A.3.
    pub fn lost(&self) -> i64 {
        self.expected() as i64 - self.packets as i64
    }
    /// How many packets had a lower sequence number than one before them.
    pub fn late(&self) -> u64 {
        self.late
    }
    /// How many packets had the highest sequence number once more.
    pub fn duplicates(&self) -> u64 {
        self.duplicates
    }
    /// The time between packets, in milliseconds.
    pub fn delta(&self) -> Range {
        self.delta
    }
    /// The interarrival jitter, in milliseconds: RFC 3550, A.8. A report block has the last one in units of the timestamp.
    pub fn jitter(&self) -> Range {
        self.jitter
    }
    /// The telephone events, from the first one on.
    pub fn events(&self) -> &[Event] {
        &self.events
    }
    /// How many packets of telephone events came when no more were kept.
    pub fn further_events(&self) -> u64 {
        self.further_events
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::State;

    /// Learns a packet of a stream that nobody announced. Answers its number.
    fn learn(streams: &mut Streams, packet: u64, ssrc: u32, sequence: u16) -> u32 {
        let header = Header { first: 0x80, second: 8, sequence, timestamp: 0, ssrc };
        let here = Here { packet, time: None, length: 0, ends: Ends::default() };
        streams.learn(here, None, &Seen { header, payload: &[] })
    }

    #[test]
    fn packets_share_a_record_as_long_as_it_says_the_same() {
        let mut streams = Streams::default();
        let mut notes: Vec<u32> = [1, 2, 65535, 0, 65534, 1].map(|at| learn(&mut streams, 1, 7, at)).to_vec();
        notes.dedup();
        assert_eq!((notes.len(), streams.records.len()), (5, 5));
        let extended: Vec<u32> =
            (0..).map_while(|at| Some(streams.records.of(at)?.extended(9) >> 16)).collect();
        assert_eq!(extended, [1, 0, 1, 0, 1]);
        assert_eq!((learn(&mut streams, 2, 7, 2), streams.records.len()), (4, 5));
        // A packet that is quoted changes nothing of the stream.
        let header = Header { first: 0x80, second: 8, sequence: 9, timestamp: 0, ssrc: 7 };
        let here = Here { packet: 3, time: None, length: 0, ends: Ends::default() };
        assert_eq!((streams.quote(here, None, header), streams.kept[0].packets()), (5, 7));
        assert_eq!(learn(&mut streams, 4, 7, 3), 4);
    }

    #[test]
    fn a_stream_that_goes_on_does_not_keep_the_records_of_others() {
        let (mut streams, mut most) = (Streams::default(), 0);
        for packet in 1..=4 * u64::from(MOST_BEHIND) {
            let note = learn(&mut streams, packet, (packet as u32 % 4).min(1) * packet as u32, packet as u16);
            assert_eq!(streams.records.of(note).unwrap().last, packet);
            streams.forget(packet);
            most = most.max(streams.records.len());
        }
        assert!(most <= MOST_BEHIND as usize + 2, "{most}");
        assert_eq!((streams.kept.len(), streams.places.len()), (MOST_STREAMS, MOST_STREAMS));
    }
}
