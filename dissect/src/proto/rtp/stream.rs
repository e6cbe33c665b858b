//! RTP streams: what one synchronization source sends from one end to another, with loss by RFC 3550, A.3 and jitter by
//! A.8.

use super::{Header, Session, event, payload_type};
use crate::capture::Time;
use crate::flow::records::{self, Records};
use crate::memory::Here;
use crate::{Ends, State};
use hashbrown::{DefaultHashBuilder, HashMap};
use std::collections::VecDeque;
use std::sync::Arc;

/// How many streams are kept; the oldest go first.
pub const MOST_STREAMS: usize = 1 << 14;

/// How many telephone events of one stream are kept, from the first one on.
pub const MOST_EVENTS: usize = 1 << 8;

/// What learning fixed for an RTP packet.
#[derive(Debug)]
pub(super) struct Known {
    packet: u64,
    /// What its end was set up by.
    pub session: Option<Arc<Session>>,
    /// The packet that did so, up to 2³² − 1.
    pub setup: u32,
    /// The sequence number with the number of its wraps, counted from 1.
    pub extended: u32,
}

impl records::Record for Known {
    fn packet(&self) -> u64 {
        self.packet
    }
}

/// The RTP streams that were seen: what a report of them is made from.
#[derive(Debug, Default)]
pub struct Streams {
    pub(super) records: Records<Known>,
    /// The streams from the oldest on; `dropped` were before the first.
    kept: VecDeque<Stream>,
    dropped: u64,
    places: HashMap<(Ends, u32), u64, DefaultHashBuilder>,
}

impl State for Streams {
    fn forget(&mut self, before: u64) {
        self.records.forget(before);
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
    pub(super) fn learn(&mut self, here: Here, setup: Option<(Arc<Session>, u64)>, seen: &Seen<'_>) -> u32 {
        let (session, setup) = setup.map_or((None, 0), |(session, packet)| (Some(session), packet));
        let key = (here.ends, seen.header.ssrc);
        let at = match self.places.get(&key) {
            Some(place) => (place - self.dropped) as usize,
            None => self.begin(key),
        };
        let extended = self
            .kept
            .get_mut(at)
            .map_or(0, |stream| stream.learn(here, session.as_ref().map(|session| (session, setup)), seen));
        self.records.push(Known { packet: here.packet, session, setup: setup as u32, extended })
    }
    /// Begins a stream. Answers where it stands.
    fn begin(&mut self, key: (Ends, u32)) -> usize {
        if self.kept.len() >= MOST_STREAMS
            && let Some(oldest) = self.kept.pop_front()
        {
            self.places.remove(&(oldest.ends, oldest.ssrc));
            self.dropped += 1;
        }
        self.places.insert(key, self.dropped + self.kept.len() as u64);
        self.kept.push_back(Stream::new(key));
        self.kept.len() - 1
    }
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
    fn learn(&mut self, here: Here, setup: Option<(&Arc<Session>, u64)>, seen: &Seen<'_>) -> u32 {
        let header = seen.header;
        if let Some((session, packet)) = setup
            && self.session.as_ref().is_none_or(|old| !Arc::ptr_eq(old, session))
        {
            self.session = Some(Arc::clone(session));
            // What is set up anew counts the wraps anew, as in Wireshark.
            if self.setup != packet {
                (self.setup, self.extended) = (packet, 1 << 16);
            }
        }
        if self.packets == 0 {
            self.extended = 1 << 16;
        }
        self.extended = extend(self.extended, header.sequence);
        self.packets += 1;
        self.bytes += seen.payload.len() as u64;
        self.marked += u64::from(header.marker());
        self.payload_types |= 1 << header.payload_type();
        self.count(header.sequence);
        self.measure(here.time, header);
        if self.packets == 1 {
            (self.first_packet, self.first_time) = (here.packet, here.time);
        }
        (self.last_packet, self.last_time) = (here.packet, here.time);
        if self.encoding(header.payload_type()) == Some(event::ENCODING) {
            self.press(here.packet, seen);
        }
        self.extended
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
    fn measure(&mut self, time: Option<Time>, header: Header) {
        let payload_type = header.payload_type();
        let rate = self.clock_rate(payload_type);
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
    /// How many units of the timestamp make a second. Telephone events keep the timestamp, so they have no jitter.
    fn clock_rate(&self, payload_type: u8) -> Option<u32> {
        match self.session.as_ref().and_then(|session| session.format(payload_type)) {
            Some(format) if format.encoding.eq_ignore_ascii_case(event::ENCODING) => None,
            Some(format) if format.clock_rate > 0 => Some(format.clock_rate),
            _ => payload_type::clock_rate(payload_type),
        }
    }
    /// The name of telephone events, or none: what the session says of a payload type.
    fn encoding(&self, payload_type: u8) -> Option<&'static str> {
        let format = self.session.as_ref()?.format(payload_type)?;
        format.encoding.eq_ignore_ascii_case(event::ENCODING).then_some(event::ENCODING)
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
    /// The name of a payload type: what the session said, else RFC 3551's.
    pub fn payload_name(&self, payload_type: u8) -> &str {
        let said = self.session.as_ref().and_then(|session| session.format(payload_type));
        said.map_or(payload_type::NAMES.name_or_unknown(payload_type.into()), |format| &format.encoding)
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
