//! Learning from a packet: which association it belongs to, and what its chunks change.

use super::event::{Cause, EventKind, SwitchCause};
use super::path::{MOST_HEARTBEATS, MOST_PATHS, Waiting};
use super::reassembly::{Piece, Reassembly};
use super::side::MOST_EXTENSIONS;
use super::trace;
use super::tsn::{Block, GAP_ACKED, MOST_PACKETS, More, RENEGED, SIDE, Seen, Sent, after, bits};
use super::{
    Association, Associations, End, EndKind, EndsKey, Event, Finder, Log, MOST_ASSOCIATIONS, MOST_BLOCKS,
    MOST_REASON, Path, Remark, Status, Way,
};
use crate::memory::Here;
use crate::proto::sctp::Header;
use crate::proto::sctp::cause::{CauseCode, Causes};
use crate::proto::sctp::chunk::data::Flags;
use crate::proto::sctp::chunk::sack::Gap;
use crate::proto::sctp::chunk::{
    self, Chunk, Data, IData, Init, NrSack, Sack, abort, asconf, cookie, data, ecne, error, forward_tsn,
    heartbeat, i_data, i_forward_tsn, init, nr_sack, packet_drop, re_config, sack, shutdown,
    shutdown_complete,
};
use crate::proto::sctp::parameter::{ParameterType, Parameters};
use crate::{Address, Ends};

/// How many of the last SACKs that told of gaps are remembered, to tell a fast retransmission.
const MOST_STRIKES: usize = 16;
/// How many of them make one: RFC 9260, 7.2.4.
const STRIKES: usize = 3;

/// The kinds of remarks.
pub(super) mod remark {
    /// A SACK that acknowledges something first: the number of the first chunk with one added, above it the bytes in flight.
    pub(crate) const ACKS: u8 = 1;
    /// A HEARTBEAT: the number of the packet that answered, with one added; filled in later.
    pub(crate) const HEARTBEAT: u8 = 2;
    /// A HEARTBEAT ACK: after how many nanoseconds.
    pub(crate) const HEARTBEAT_ACK: u8 = 3;
    /// How many TSNs were acknowledged that the capture does not have.
    pub(crate) const MISSING: u8 = 4;
    /// The first TSN that was taken back, above it how many.
    pub(crate) const RENEGED: u8 = 5;
    pub(crate) const WINDOW_UPDATE: u8 = 6;
    pub(crate) const PROBE: u8 = 7;
    /// The path before, above it the cause.
    pub(crate) const SWITCH: u8 = 8;
    /// The packet that had it first.
    pub(crate) const AGAIN: u8 = 9;
    pub(crate) const WRONG_TAG: u8 = 10;
    /// How many streams there are.
    pub(crate) const BAD_STREAM: u8 = 11;
    pub(crate) const AFTER_SHUTDOWN: u8 = 12;
    pub(crate) const T_BIT: u8 = 13;
    pub(crate) const COLLISION: u8 = 14;
    /// The index of the association before.
    pub(crate) const RESTART: u8 = 15;
}

impl Associations {
    /// Learns from a packet. Answers the number of its record.
    pub(in super::super) fn learn(&mut self, packet: &[u8], here: Here) -> u32 {
        let Ok((chunks, header)) = Header::parse(packet) else { return u32::MAX };
        let first = Chunk::parse(chunks).ok().map(|first| first.1);
        let found = self.find(&header, first.as_ref(), &here.ends);
        self.expire();
        let Associations { all, dropped, finder, reassembly, log, trace } = self;
        let time = here.time.map_or(0, |time| i64::try_from(time.nanoseconds()).unwrap_or(0));
        let number = log.seen.push(Seen {
            time,
            packet: here.packet as u32,
            association: found.index & !SIDE | u32::from(found.side) << 31,
            sent: log.sent.next(),
            remarks: log.remarks.next(),
        });
        let place = found.index.wrapping_sub(*dropped) as usize;
        let Some(association) = all.get_mut(place) else { return number };
        let (me, index) = (found.side, found.index);
        let mut step = Step {
            association,
            log,
            finder,
            reassembly,
            here,
            time,
            number,
            index,
            me,
            path: 0,
            data: 0,
            sacks: 0,
        };
        step.packet(found.news);
        if let Some(trace) = trace.as_mut().filter(|trace| trace.wants(index)) {
            trace.packet(trace::Step::new(here.packet, time, index, me, step.path), chunks);
        }
        let mut rest = chunks;
        while let Ok((next, chunk)) = Chunk::parse(rest) {
            step.chunk(&chunk, &header);
            rest = next;
        }
        number
    }
    /// Drops the blocks of TSNs that are too old, or too many.
    fn expire(&mut self) {
        while let Some((way, start, seen)) = self.log.blocks.front().copied() {
            let now = self.log.seen.next();
            let forced = self.log.blocks.len() > MOST_BLOCKS;
            if !forced && now.wrapping_sub(seen) < MOST_PACKETS {
                return;
            }
            self.log.blocks.pop_front();
            let Associations { all, dropped, log, .. } = self;
            let Some(association) =
                (way & !SIDE).checked_sub(*dropped).and_then(|at| all.get_mut(at as usize))
            else {
                continue;
            };
            let window = &mut association.side_mut((way >> 31) as u8).window;
            if window.expire(start, |number| !forced && log.is_live(number)) {
                log.blocks.push_back((way, start, now));
            }
        }
    }
    /// The association of a packet; a new one if none fits.
    fn find(&mut self, header: &Header, first: Option<&Chunk<'_>>, ends: &Ends) -> Found {
        let (tag, from, to) = (header.verification_tag, header.source_port, header.destination_port);
        let kind = first.map_or(u8::MAX, |first| first.number);
        let initial =
            first.filter(|_| kind == init::TYPE.number).and_then(|first| Init::parse(first.value).ok());
        let initial = initial.map_or(0, |(_, init)| init.initiate_tag);
        if let Some((index, side)) = self.way(tag, from, to) {
            return Found { index, side, news: News::None };
        }
        let ending = kind == abort::TYPE.number || kind == shutdown_complete::TYPE.number;
        if ending && first.is_some_and(|first| first.flags & 1 == 1) {
            if let Some((index, side)) = self.way(tag, to, from) {
                return Found { index, side: side ^ 1, news: News::None };
            }
        }
        if let Some((index, side)) = self.way(initial, to, from) {
            return Found { index, side: side ^ 1, news: News::None };
        }
        let asked = kind == init::TYPE.number;
        let (mut restart_of, mut stranger) = (None, false);
        if let Some(index) = self.finder.ends.find(&key(ends)) {
            if let Some(one) = self.of_mut(index).filter(|one| one.end.is_none()) {
                let me = one.side_of(ends);
                if asked
                    && one.begun
                    && one.side(me).tag == 0
                    && one.side(me ^ 1).status == Status::CookieWait
                {
                    return Found { index, side: me, news: News::Collision };
                }
                if asked {
                    restart_of = (one.sides.iter().all(|side| side.tag != 0)).then_some(index);
                } else if one.side(me ^ 1).tag == 0 || tag == 0 {
                    return self.take(index, me, tag);
                } else {
                    one.wrong_tags += 1;
                    stranger = true;
                }
            }
        } else if let Some((index, me)) = self.by_ports(ends, first).filter(|_| !asked && tag != 0) {
            return self.take(index, me, tag);
        }
        let answers = [init::ACK.number, cookie::ACK.number];
        let side = u8::from(answers.contains(&kind));
        let index = self.add(ends, side, restart_of);
        let news = match restart_of {
            Some(before) => News::Restart(before),
            None if stranger => News::WrongTag,
            None => News::None,
        };
        if !asked && !(ending && first.is_some_and(|first| first.flags & 1 == 1)) {
            self.take(index, side, tag);
        }
        Found { index, side, news }
    }
    /// The way that a tag and ports lead, if that association is still kept.
    fn way(&self, tag: u32, from: u16, to: u16) -> Option<Way> {
        if tag == 0 {
            return None;
        }
        self.finder.tags.find(&(tag, from, to)).filter(|way| way.0 >= self.dropped)
    }
    /// An association of which only one direction was seen, between the same ports but other addresses, if what the packet
    /// acknowledges or answers, its TSN or an address fits it.
    fn by_ports(&self, ends: &Ends, first: Option<&Chunk<'_>>) -> Option<(u32, u8)> {
        let index = self.finder.ends.find(&key(&without_addresses(ends)))?;
        let one = self.of(index).filter(|one| one.end.is_none())?;
        let me = if ends.source_port == ends.destination_port { 1 } else { one.side_of(ends) };
        let (mine, theirs) = (one.side(me), one.side(me ^ 1));
        let near =
            |a: u32, b: Option<u32>| b.is_some_and(|b| a.wrapping_sub(b).wrapping_add(1 << 15) < 1 << 16);
        let chunk = first?;
        let number = chunk.value.first_chunk().map_or(0, |word| u32::from_be_bytes(*word));
        let fits = match chunk.number {
            0 | 64 => near(number, mine.acked),
            3 | 16 => near(number, theirs.highest),
            5 => one.waits_for(me ^ 1, crc32c::crc32c(chunk.value)),
            _ => false,
        };
        // A port that the system gave says much, if an address says the rest.
        let fits = fits
            || ends.source_port != ends.destination_port
                && (mine.addresses.contains(&ends.source) || theirs.addresses.contains(&ends.destination));
        (theirs.tag == 0 && fits).then_some((index, me))
    }
    /// Gives the receiver of a packet its tag.
    fn take(&mut self, index: u32, me: u8, tag: u32) -> Found {
        if let Some(one) = self.all.get_mut(index.wrapping_sub(self.dropped) as usize) {
            let (from, to) = (one.side(me).port, one.side(me ^ 1).port);
            if tag != 0 && one.side(me ^ 1).tag == 0 {
                one.side_mut(me ^ 1).tag = tag;
                self.finder.tags.put((tag, from, to), (index, me));
            }
        }
        Found { index, side: me, news: News::None }
    }
    fn add(&mut self, ends: &Ends, me: u8, restart_of: Option<u32>) -> u32 {
        let index = self.dropped.wrapping_add(self.all.len() as u32) & !SIDE;
        let mut one = Association { index, restart_of, ..Association::default() };
        one.side_mut(me).port = ends.source_port;
        one.side_mut(me ^ 1).port = ends.destination_port;
        if let Some(before) = restart_of.and_then(|index| self.of_mut(index)) {
            before.restarted_by = Some(index);
            one.restarts = before.restarts + 1;
        }
        self.all.push_back(one);
        self.finder.ends.put(key(&without_addresses(ends)), index);
        if self.all.len() > MOST_ASSOCIATIONS {
            self.all.pop_front();
            self.dropped += 1;
        }
        index
    }
}

/// Which association and side a packet is from.
struct Found {
    index: u32,
    side: u8,
    news: News,
}

/// What the look-up noticed.
enum News {
    None,
    WrongTag,
    Collision,
    Restart(u32),
}

/// The key of two ends, in whichever direction.
fn key(ends: &Ends) -> EndsKey {
    let (a, b) = ((ends.source, ends.source_port), (ends.destination, ends.destination_port));
    let order = |end: &(Address, u16)| match end.0 {
        Address::Ipv4(address) => (end.1, u128::from(address)),
        Address::Ipv6(bytes) => (end.1, u128::from_be_bytes(bytes)),
        _ => (end.1, 0),
    };
    if order(&a) <= order(&b) { (a, b) } else { (b, a) }
}

fn without_addresses(ends: &Ends) -> Ends {
    Ends { source: Address::None, destination: Address::None, ..*ends }
}

impl Log {
    /// Whether what a chunk's record says may still change.
    fn is_live(&self, number: u32) -> bool {
        self.sent.of(number).is_some_and(|sent| self.seen.next().wrapping_sub(sent.seen) < MOST_PACKETS)
    }
    fn remark(&mut self, seen: u32, kind: u8, chunk: u8, value: u64) -> u32 {
        self.remarks.push(Remark { seen, kind, chunk, value })
    }
    /// What is seldom of a chunk, made if it has none yet.
    fn more(&mut self, number: u32, seen: u32) -> Option<&mut More> {
        let sent = self.sent.of_mut(number)?;
        if sent.more == 0 {
            sent.more = self.more.push(More { seen, ..More::default() }).wrapping_add(1);
        }
        self.more.of_mut(sent.more.wrapping_sub(1))
    }
}

/// A packet of an association that is being learnt from.
struct Step<'s> {
    association: &'s mut Association,
    log: &'s mut Log,
    finder: &'s mut Finder,
    reassembly: &'s mut Reassembly,
    here: Here,
    time: i64,
    /// The number of its record.
    number: u32,
    /// The association's index.
    index: u32,
    /// The side that sent it.
    me: u8,
    /// The path it came on.
    path: u8,
    /// How many DATA and I-DATA chunks came before.
    data: u8,
    /// How many SACK and NR-SACK chunks came before.
    sacks: u8,
}

impl Step<'_> {
    fn event(&mut self, kind: EventKind) {
        self.event_of(self.me, kind);
    }
    fn event_of(&mut self, side: u8, kind: EventKind) {
        let event = Event { packet: self.here.packet, time: self.time, side, path: self.path, kind };
        self.association.events.add(event);
    }
    fn status(&mut self, side: u8, status: Status) {
        if self.association.side(side).status != status {
            self.association.side_mut(side).status = status;
            self.event_of(side, EventKind::Status(status));
        }
    }
    fn remark(&mut self, kind: u8, chunk: u8, value: u64) -> u32 {
        self.log.remark(self.number, kind, chunk, value)
    }

    /// Counts the packet, for its side and its path.
    fn packet(&mut self, news: News) {
        let (ends, me) = (self.here.ends, usize::from(self.me & 1));
        self.path = self.find_path(&ends);
        let (packet, time, length) = (self.here.packet, self.time, self.here.length);
        self.association.side_mut(self.me).traffic.packet(packet, time, length);
        if let Some(path) = self.association.paths.get_mut(usize::from(self.path)) {
            path.traffic[me].packet(packet, time, length);
        }
        match news {
            News::None => {}
            News::WrongTag => {
                self.remark(remark::WRONG_TAG, 0, 0);
            }
            News::Collision => {
                self.remark(remark::COLLISION, 0, 0);
                self.event(EventKind::Collision);
            }
            News::Restart(before) => {
                self.remark(remark::RESTART, 0, before.into());
                self.event(EventKind::Restart(before));
            }
        }
    }
    /// The path between two addresses; a new one if there is none.
    fn find_path(&mut self, ends: &Ends) -> u8 {
        let mut addresses = [ends.source, ends.destination];
        if self.me & 1 == 1 {
            addresses.swap(0, 1);
        }
        let Association { paths, sides, .. } = &mut *self.association;
        let last = sides[usize::from(self.me & 1)].path;
        if paths.get(usize::from(last)).is_some_and(|path| path.addresses == addresses) {
            return last;
        }
        let known = paths.iter().position(|path| path.addresses == addresses);
        if known.is_none() && paths.len() < MOST_PATHS {
            paths.push(Path { addresses, ..Path::default() });
            self.finder.ends.put(key(ends), self.index);
            for (side, address) in sides.iter_mut().zip(addresses) {
                side.add_address(address);
            }
        }
        let at = known.unwrap_or(paths.len() - 1) as u8;
        self.association.side_mut(self.me).path = at;
        at
    }

    fn chunk(&mut self, chunk: &Chunk<'_>, header: &Header) {
        let place = chunk::place(chunk.number);
        let me = usize::from(self.me & 1);
        self.association.sides[me].traffic.chunk(place);
        if let Some(path) = self.association.paths.get_mut(usize::from(self.path)) {
            path.traffic[me].chunk(place);
        }
        match chunk.number {
            n if n == data::TYPE.number => {
                if let Ok((payload, data)) = Data::parse(chunk.value) {
                    let flags = Flags(chunk.flags);
                    let new = self.data(data.tsn, data.stream, payload.len());
                    if new && !flags.whole() && chunk.missing() == 0 {
                        let message = if flags.unordered() { 1 << 16 } else { u64::from(data.ssn) };
                        let message = message | u64::from(data.stream) << 32;
                        self.piece(message, data.tsn, flags, data.ppid, payload);
                    }
                }
            }
            n if n == i_data::TYPE.number => {
                if let Ok((payload, data)) = IData::parse(chunk.value) {
                    let flags = Flags(chunk.flags);
                    let new = self.data(data.tsn, data.stream, payload.len());
                    if new && !flags.whole() && chunk.missing() == 0 {
                        let kind = 1 << 63 | u64::from(flags.unordered()) << 62;
                        let message = kind | u64::from(data.stream) << 32 | u64::from(data.mid);
                        let place = if flags.beginning() { 0 } else { data.ppid_or_fsn };
                        self.piece(message, place, flags, data.ppid_or_fsn, payload);
                    }
                }
            }
            n if n == sack::TYPE.number => {
                if let Ok((rest, sack)) = Sack::parse(chunk.value) {
                    let gaps = rest.get(..usize::from(sack.gap_count) * 4).unwrap_or(rest);
                    self.sack(sack.cumulative_tsn_ack, sack.a_rwnd, [gaps, &[]]);
                    self.duplicates(sack.duplicates(rest));
                    self.sacks = self.sacks.saturating_add(1);
                }
            }
            n if n == nr_sack::TYPE.number => {
                if let Ok((rest, sack)) = NrSack::parse(chunk.value) {
                    let (gaps, nr_gaps, duplicates) = sack.lists(rest);
                    self.sack(sack.cumulative_tsn_ack, sack.a_rwnd, [gaps, nr_gaps]);
                    let words = duplicates.as_chunks::<4>().0.iter();
                    self.duplicates(words.map(|word| u32::from_be_bytes(*word)));
                    self.sacks = self.sacks.saturating_add(1);
                }
            }
            _ => self.control(chunk, header),
        }
    }

    /// Chunks that are seldom.
    fn control(&mut self, chunk: &Chunk<'_>, header: &Header) {
        let (me, peer) = (self.me, self.me ^ 1);
        match chunk.number {
            n if n == init::TYPE.number => self.init(chunk.value),
            n if n == init::ACK.number => self.init_ack(chunk.value),
            n if n == cookie::ECHO.number => self.cookie_echo(chunk.value),
            n if n == cookie::ACK.number => {
                self.event(EventKind::CookieAck);
                self.status(me, Status::Established);
                self.status(peer, Status::Established);
            }
            n if n == heartbeat::TYPE.number => self.heartbeat(chunk.value),
            n if n == heartbeat::ACK.number => self.heartbeat_ack(chunk.value),
            n if n == abort::TYPE.number => self.abort(chunk, header),
            n if n == error::TYPE.number => self.error(chunk.value),
            n if n == shutdown::TYPE.number => {
                let again = self.association.side(me).status == Status::ShutdownSent;
                self.event(if again { EventKind::ShutdownAgain } else { EventKind::Shutdown });
                if again {
                    self.again(2, self.association.side(me).traffic.last);
                }
                self.association.side_mut(me).ending = true;
                self.status(me, Status::ShutdownSent);
                if self.association.side(peer).status != Status::ShutdownAckSent {
                    self.status(peer, Status::ShutdownReceived);
                }
                if let Some(upto) = chunk.value.first_chunk() {
                    self.shutdown_acks(u32::from_be_bytes(*upto));
                }
            }
            n if n == shutdown::ACK.number => {
                self.association.side_mut(me).ending = true;
                self.event(EventKind::ShutdownAck);
                self.status(me, Status::ShutdownAckSent);
            }
            n if n == shutdown_complete::TYPE.number => {
                let reflected = chunk.flags & 1 == 1;
                self.check_t_bit(reflected, header);
                self.event(EventKind::ShutdownComplete(reflected));
                let kind = if reflected { EndKind::ShutdownWithoutAssociation } else { EndKind::Shutdown };
                self.end(kind, 0, &[]);
            }
            n if n == asconf::TYPE.number => self.asconf(chunk.value),
            n if n == forward_tsn::TYPE.number || n == i_forward_tsn::TYPE.number => {
                if let Some(tsn) = chunk.value.first_chunk() {
                    self.event(EventKind::ForwardTsn(u32::from_be_bytes(*tsn)));
                }
            }
            n if n == re_config::TYPE.number => {
                for parameter in Parameters::new(chunk.value).take(2).flatten() {
                    self.association.reconfigured = true;
                    self.event(EventKind::Reconfigure(parameter.kind.0));
                }
            }
            n if n == ecne::TYPE.number => self.event(EventKind::Congestion),
            n if n == packet_drop::TYPE.number => self.event(EventKind::PacketDropped),
            _ => {}
        }
    }

    fn init(&mut self, value: &[u8]) {
        let Ok((parameters, init)) = Init::parse(value) else { return };
        let (me, before) = (self.me, self.association.side(self.me).init);
        if before != 0 && self.association.side(me).tag == init.initiate_tag {
            self.event(EventKind::InitAgain);
            self.again(0, before);
            return;
        }
        self.association.begun = true;
        self.learn_init(&init, parameters);
        self.event(EventKind::Init);
        self.status(me, Status::CookieWait);
    }
    fn init_ack(&mut self, value: &[u8]) {
        let Ok((parameters, init)) = Init::parse(value) else { return };
        self.learn_init(&init, parameters);
        self.event(EventKind::InitAck);
    }
    /// What INIT and INIT ACK tell of their sender.
    fn learn_init(&mut self, init: &Init, parameters: &[u8]) {
        let (packet, index, me) = (self.here.packet, self.index, self.me);
        let to = self.association.side(me ^ 1).port;
        let side = self.association.side_mut(me);
        (side.tag, side.init) = (init.initiate_tag, packet);
        (side.initial_a_rwnd, side.a_rwnd) = (init.a_rwnd, init.a_rwnd);
        (side.outbound_streams, side.inbound_streams) = (init.outbound_streams, init.inbound_streams);
        side.initial_tsn = init.initial_tsn;
        if init.initiate_tag != 0 {
            self.finder.tags.put((init.initiate_tag, to, side.port), (index, me ^ 1));
        }
        for parameter in Parameters::new(parameters).flatten() {
            let value = parameter.value;
            match parameter.kind {
                ParameterType::SUPPORTED_EXTENSIONS => {
                    side.extensions = value.iter().copied().take(MOST_EXTENSIONS).collect();
                }
                ParameterType::ECN_CAPABLE => side.ecn = true,
                ParameterType::FORWARD_TSN_SUPPORTED => side.partial_reliability = true,
                ParameterType::ZERO_CHECKSUM_ACCEPTABLE => side.zero_checksum = true,
                ParameterType::ADAPTATION_LAYER_INDICATION => {
                    side.adaptation = value.first_chunk().map(|word| u32::from_be_bytes(*word));
                }
                ParameterType::STATE_COOKIE => side.cookie = value.len() as u16,
                kind => {
                    if let Some(address) = address(kind, value) {
                        side.add_address(address);
                    }
                }
            }
        }
    }
    /// An INIT, a cookie or a SHUTDOWN that was sent again.
    fn again(&mut self, which: usize, first: u64) {
        if let Some(count) = self.association.side_mut(self.me).again.get_mut(which) {
            *count = count.saturating_add(1);
        }
        self.remark(remark::AGAIN, which as u8, first);
    }
    fn cookie_echo(&mut self, value: &[u8]) {
        let (me, sum) = (self.me, crc32c::crc32c(value) | 1);
        let side = self.association.side_mut(me);
        let again = side.cookie_sum == sum;
        side.cookie_sum = sum;
        if again {
            self.event(EventKind::CookieEchoAgain);
            self.again(1, 0);
        } else {
            self.event(EventKind::CookieEcho);
            self.status(me, Status::CookieEchoed);
        }
    }

    fn heartbeat(&mut self, value: &[u8]) {
        let (me, sum) = (usize::from(self.me & 1), crc32c::crc32c(value));
        let (packet, time) = (self.here.packet, self.time);
        let remark = self.remark(remark::HEARTBEAT, 0, 0);
        let Some(path) = self.association.paths.get_mut(usize::from(self.path)) else { return };
        let beats = &mut path.heartbeats[me];
        beats.sent = beats.sent.saturating_add(1);
        let lost = beats.waiting.back_mut().filter(|last| !last.lost).map(|last| {
            last.lost = true;
            last.packet
        });
        beats.unanswered = beats.unanswered.saturating_add(u32::from(lost.is_some()));
        if beats.waiting.len() >= MOST_HEARTBEATS {
            beats.waiting.pop_front();
        }
        beats.waiting.push_back(Waiting { sum, packet, time, remark, lost: false });
        if let Some(packet) = lost {
            self.event(EventKind::HeartbeatLost(packet));
        }
    }
    fn heartbeat_ack(&mut self, value: &[u8]) {
        let (peer, sum) = (usize::from((self.me ^ 1) & 1), crc32c::crc32c(value));
        let answered = self.association.paths.iter_mut().zip(0..).find_map(|(path, place)| {
            let beats = &mut path.heartbeats[peer];
            let at = beats.waiting.iter().position(|one| one.sum == sum)?;
            let one = beats.waiting.remove(at)?;
            let rtt = self.time.saturating_sub(one.time);
            beats.answered = beats.answered.saturating_add(1);
            beats.unanswered -= u32::from(one.lost && beats.unanswered > 0);
            beats.rtt.add(rtt);
            path.errors[peer] = 0;
            Some((one.remark, rtt, place))
        });
        if let Some((remark, rtt, path)) = answered {
            if let Some(remark) = self.log.remarks.of_mut(remark) {
                remark.value = u64::from(self.number) + 1;
            }
            self.remark(remark::HEARTBEAT_ACK, 0, rtt as u64);
            // The answer may take another path than the question, which is the one it tells of.
            let here = std::mem::replace(&mut self.path, path);
            self.event_of(peer as u8, EventKind::HeartbeatAck(rtt));
            self.path = here;
        }
    }

    /// Remarks a T bit that is set though the tag is the receiver's own, or not set though it is the sender's:
    /// RFC 9260, 8.5.1.
    fn check_t_bit(&mut self, reflected: bool, header: &Header) {
        let (mine, theirs) = (self.association.side(self.me).tag, self.association.side(self.me ^ 1).tag);
        let tag = header.verification_tag;
        if mine != theirs && (reflected && tag == theirs || !reflected && tag == mine) {
            self.remark(remark::T_BIT, 0, 0);
        }
    }
    fn abort(&mut self, chunk: &Chunk<'_>, header: &Header) {
        let reflected = chunk.flags & 1 == 1;
        self.check_t_bit(reflected, header);
        let cause = Causes::new(chunk.value).next().and_then(Result::ok);
        let code = cause.map_or(0, |cause| cause.code.0);
        self.event(EventKind::Abort(code, reflected));
        let user = cause.filter(|cause| cause.code == CauseCode::USER_INITIATED_ABORT);
        let kind = if reflected { EndKind::AbortWithoutAssociation } else { EndKind::Abort };
        self.end(kind, code, user.map_or(&[], |cause| cause.value));
    }
    fn end(&mut self, kind: EndKind, cause: u16, reason: &[u8]) {
        if self.association.end.is_none() {
            let reason = reason.get(..MOST_REASON).unwrap_or(reason).to_vec();
            let end = End { packet: self.here.packet, time: self.time, side: self.me, kind, cause, reason };
            self.association.end = Some(end);
        }
        self.status(self.me, Status::Closed);
        self.status(self.me ^ 1, Status::Closed);
    }
    fn error(&mut self, value: &[u8]) {
        let Some(Ok(cause)) = Causes::new(value).next() else { return };
        self.event(EventKind::Error(cause.code.0));
        if let (CauseCode::STALE_COOKIE, Some(word)) = (cause.code, cause.value.first_chunk()) {
            self.event(EventKind::StaleCookie(u32::from_be_bytes(*word)));
        }
    }
    fn asconf(&mut self, value: &[u8]) {
        let requests = value.get(4..).unwrap_or(&[]);
        for parameter in Parameters::new(requests).flatten() {
            let inner = parameter.value.get(4..).unwrap_or(&[]);
            let Some(Ok(one)) = Parameters::new(inner).next() else { continue };
            let Some(address) = address(one.kind, one.value) else { continue };
            match parameter.kind {
                ParameterType::ADD_IP_ADDRESS => {
                    self.association.side_mut(self.me).add_address(address);
                    self.event(EventKind::AddAddress(address));
                }
                ParameterType::DELETE_IP_ADDRESS => self.event(EventKind::DeleteAddress(address)),
                ParameterType::SET_PRIMARY_ADDRESS => {
                    self.association.side_mut(self.me ^ 1).asked_primary = Some(address);
                    self.event(EventKind::SetPrimary(address));
                }
                _ => {}
            }
        }
    }
}

/// The address of an address parameter.
fn address(kind: ParameterType, value: &[u8]) -> Option<Address> {
    match kind {
        ParameterType::IPV4_ADDRESS => Some(Address::Ipv4(u32::from_be_bytes(*value.first_chunk()?))),
        ParameterType::IPV6_ADDRESS => Some(Address::Ipv6(*value.first_chunk()?)),
        _ => None,
    }
}

/// DATA and what acknowledges it.
impl Step<'_> {
    /// A piece of a message that was not sent before.
    fn piece(&mut self, message: u64, place: u32, flags: Flags, ppid: u32, bytes: &[u8]) {
        let (way, sent) = (self.index | u32::from(self.me) << 31, self.log.sent.next().wrapping_sub(1));
        let (begins, ends, packet) = (flags.beginning(), flags.ending(), self.here.packet);
        let piece = Piece { way, message, place, begins, ends, ppid, bytes, sent, packet };
        let Some((whole, chunks)) = self.reassembly.add(&piece) else { return };
        let whole = self.log.wholes.push(whole).wrapping_add(1);
        for chunk in chunks {
            if let Some(more) = self.log.more(chunk, self.number) {
                more.whole = whole;
            }
        }
        self.association.side_mut(self.me).messages += 1;
    }
    /// A DATA or I-DATA chunk. Answers whether its TSN is new.
    fn data(&mut self, tsn: u32, stream: u16, len: usize) -> bool {
        let (ordinal, me, path) = (self.data, self.me, self.path);
        self.data = self.data.saturating_add(1);
        let len = len.min(usize::from(u16::MAX)) as u16;
        let number = self.log.sent.push(Sent {
            seen: self.number,
            tsn,
            acked: 0,
            next: 0,
            more: 0,
            len,
            path,
            bits: 0,
        });
        let peer = self.association.side(me ^ 1);
        let (peer_a_rwnd, limit) = (peer.least_a_rwnd.map(|_| peer.a_rwnd), peer.inbound_streams);
        let side = self.association.side_mut(me);
        side.traffic.user_bytes += u64::from(len);
        if side.status == Status::Unknown {
            side.status = Status::Established;
        }
        let streams = if limit == 0 { side.outbound_streams } else { side.outbound_streams.min(limit) };
        let known = side.init != 0 && limit != 0;
        let before = side.window.of(tsn).filter(|number| self.log.is_live(*number));
        if let Some(before) = before {
            self.sent_again(tsn, before, number);
        } else {
            let late = side.acked.is_some_and(|acked| !after(tsn, acked));
            let (start, count) = side.window.put(tsn, number, !late);
            for at in 0..count {
                let way = self.index | u32::from(me) << 31;
                self.log.blocks.push_back((way, start.wrapping_add(at << 6), self.number));
            }
            side.chunks.sent += 1;
            if side.highest.is_none_or(|highest| after(tsn, highest)) {
                side.highest = Some(tsn);
            }
            let probe = peer_a_rwnd == Some(0) && side.in_flight == 0;
            let ending = side.ending;
            if !late {
                side.in_flight = side.in_flight.saturating_add(len.into());
                side.most_in_flight = side.most_in_flight.max(side.in_flight);
            }
            if probe {
                side.window_probes += 1;
                self.remark(remark::PROBE, ordinal, 0);
                self.event(EventKind::WindowProbe(tsn));
            }
            if ending {
                self.remark(remark::AFTER_SHUTDOWN, ordinal, 0);
            }
            self.take_primary(ordinal);
        }
        if known && stream >= streams && !self.association.reconfigured {
            self.remark(remark::BAD_STREAM, ordinal, streams.into());
        }
        if let Some(path) = self.association.paths.get_mut(usize::from(path)) {
            path.traffic[usize::from(me & 1)].user_bytes += u64::from(len);
        }
        before.is_none()
    }
    /// A new chunk tells which path the sender prefers.
    fn take_primary(&mut self, ordinal: u8) {
        let (path, side) = (self.path, self.association.side_mut(self.me));
        let Some(before) = side.primary.replace(path).filter(|before| *before != path) else {
            side.first_primary.get_or_insert(path);
            return;
        };
        side.switches += 1;
        let (home, asked) = (side.first_primary == Some(path), side.asked_primary);
        let me = usize::from(self.me & 1);
        let paths = &self.association.paths;
        let to = paths.get(usize::from(path)).map(|path| path.addresses[me ^ 1]);
        let old = paths.get(usize::from(before));
        let cause = match old {
            _ if asked.is_some() && asked == to => SwitchCause::SetPrimary,
            Some(old) if old.errors[me] > 0 => SwitchCause::T3,
            Some(old) if old.heartbeats[me].waiting.iter().any(|one| one.lost) => SwitchCause::Heartbeat,
            _ if home => SwitchCause::FailBack,
            _ => SwitchCause::Unknown,
        };
        self.remark(remark::SWITCH, ordinal, u64::from(before) | (cause as u64) << 32);
        self.event(EventKind::Switch(before, cause));
    }
    /// A TSN that was sent before, in the chunk `before`.
    fn sent_again(&mut self, tsn: u32, before: u32, number: u32) {
        let (seen, me, path) = (self.number, self.me, self.path);
        let Some(first) = self.log.sent.of(before).copied() else { return };
        let Some(more) = self.log.more(before, seen) else { return };
        let last = if more.last == 0 { before } else { more.last.wrapping_sub(1) };
        more.last = number.wrapping_add(1);
        if last == before {
            more.next = number.wrapping_add(1);
        } else if let Some(more) = self.log.more(last, seen) {
            more.next = number.wrapping_add(1);
        }
        let sent = self.log.sent.of(last).copied().unwrap_or(first);
        let earlier = self.log.seen.of(sent.seen).map_or(0, |seen| seen.time);
        let side = self.association.side_mut(me);
        let strikes = side.strikes.iter().filter(|one| one.0.wrapping_sub(sent.seen) as i32 > 0);
        let cause = if first.acked != 0 {
            Cause::AfterAck
        } else if sent.path != path {
            Cause::Failover
        } else if strikes.filter(|one| after(one.1, tsn)).count() >= STRIKES {
            Cause::Fast
        } else {
            Cause::T3
        };
        side.chunks.again += 1;
        match cause {
            Cause::T3 => {
                side.chunks.t3 += 1;
                side.timeouts.add(self.time.saturating_sub(earlier));
            }
            Cause::Fast => side.chunks.fast += 1,
            Cause::Failover => side.chunks.failover += 1,
            Cause::AfterAck => side.chunks.spurious += 1,
        }
        let me = usize::from(me & 1);
        if let Some(one) = self.association.paths.get_mut(usize::from(path)) {
            one.retransmissions[me] += 1;
        }
        if let Some(one) = self.association.paths.get_mut(usize::from(sent.path)) {
            one.errors[me] += u32::from(matches!(cause, Cause::T3 | Cause::Failover));
        }
        if let Some(more) = self.log.more(number, seen) {
            (more.first, more.cause) = (before.wrapping_add(1), Some(cause));
        }
        self.event(EventKind::Retransmission(tsn, cause));
    }

    /// An acknowledgement: up to a TSN all, and the gap blocks of each list as far as they ascend.
    fn sack(&mut self, upto: u32, a_rwnd: u32, lists: [&[u8]; 2]) {
        let (peer, mut acks) = (self.me ^ 1, Acks::default());
        let side = self.association.side_mut(peer);
        let mut window = std::mem::take(&mut side.window);
        let before = side.acked;
        let newer = before.is_none_or(|before| !after(before, upto));
        let mut missing = 0;
        if newer {
            let first = before.map_or_else(|| window.begin(), |before| before.wrapping_add(1));
            let mut there = 0;
            window.over(first, upto, |start, block, meant| {
                there += block.there(meant).count_ones();
                let closed = block.close(meant, false);
                acks.take(self.log, start, block, closed, self.number, 0);
            });
            side.acked = Some(upto);
            if let (Some(before), Some(_)) = (before, side.highest) {
                missing = upto.wrapping_sub(before).saturating_sub(there);
            }
        }
        let (mut new_gap, mut reneged) = (None, (0, 0));
        let old_gap = side.gap_acked.filter(|high| newer && after(*high, upto));
        if let Some(high) = old_gap {
            window.over(upto.wrapping_add(1), high, |_, block, meant| block.keep_gap(meant));
        }
        for list in lists {
            let mut last = 0;
            for gap in Gap::all(list) {
                if gap.start <= last || gap.end < gap.start {
                    continue;
                }
                last = gap.end;
                let (first, end) = gap.tsns(upto);
                new_gap = Some(end);
                window.over(first, end, |start, block, meant| {
                    let closed = block.close(meant, true);
                    acks.take(self.log, start, block, closed, self.number, GAP_ACKED);
                });
            }
        }
        if let Some(high) = old_gap {
            window.over(upto.wrapping_add(1), high, |start, block, meant| {
                for bit in bits(block.taken_back(meant)) {
                    if reneged.1 == 0 {
                        reneged.0 = start.wrapping_add(bit);
                    }
                    reneged.1 += 1;
                    let sent = block.number(bit).and_then(|number| self.log.sent.of_mut(number));
                    if let Some(sent) = sent {
                        sent.bits |= RENEGED;
                    }
                }
            });
        }
        let side = self.association.side_mut(peer);
        if newer {
            side.gap_acked = new_gap;
        }
        if let (Some(_), Some(highest)) = (new_gap, acks.highest) {
            if side.strikes.len() >= MOST_STRIKES {
                side.strikes.pop_front();
            }
            side.strikes.push_back((self.number, highest));
        }
        side.window = window;
        side.chunks.acked += acks.count;
        side.chunks.gap_acked += acks.gaps;
        side.chunks.missing = side.chunks.missing.saturating_add(missing);
        side.chunks.reneged += reneged.1;
        self.finish_sack(&acks, before == Some(upto) && reneged.1 == 0, a_rwnd);
        if missing > 0 {
            self.remark(remark::MISSING, self.sacks, missing.into());
            self.event(EventKind::Missing(missing));
        }
        if reneged.1 > 0 {
            self.remark(remark::RENEGED, self.sacks, u64::from(reneged.0) | u64::from(reneged.1) << 32);
            self.event(EventKind::Reneged(reneged.0));
        }
    }
    /// What a SHUTDOWN acknowledges: RFC 9260, 3.3.8.
    fn shutdown_acks(&mut self, upto: u32) {
        let side = self.association.side_mut(self.me ^ 1);
        if side.acked.is_some_and(|acked| !after(upto, acked))
            || side.highest.is_none_or(|high| after(upto, high))
        {
            return;
        }
        let first = side.acked.map_or_else(|| side.window.begin(), |before| before.wrapping_add(1));
        let mut acks = Acks::default();
        let mut window = std::mem::take(&mut side.window);
        window.over(first, upto, |start, block, meant| {
            let closed = block.close(meant, false);
            acks.take(self.log, start, block, closed, self.number, 0);
        });
        side.window = window;
        side.acked = Some(upto);
        side.chunks.acked += acks.count;
        let a_rwnd = self.association.side(self.me).a_rwnd;
        self.finish_sack(&acks, false, a_rwnd);
    }
    /// What is measured at an acknowledgement, and what it tells of the receiver's room.
    fn finish_sack(&mut self, acks: &Acks, same: bool, a_rwnd: u32) {
        let (me, peer) = (self.me, self.me ^ 1);
        let side = self.association.side_mut(peer);
        side.in_flight = side.in_flight.saturating_sub(acks.bytes);
        let flight = side.in_flight;
        let (mut at, mut earliest, mut latest) = (acks.first, i64::MAX, i64::MIN);
        while let Some(sent) = at.checked_sub(1).and_then(|number| self.log.sent.of(number)).copied() {
            at = sent.next;
            let Some(time) = self.log.seen.of(sent.seen).map(|seen| seen.time) else { continue };
            let more = sent.more.checked_sub(1).and_then(|number| self.log.more.of(number)).copied();
            if let Some(more) = more.filter(|more| more.last != 0) {
                self.acked_after_again(more.last.wrapping_sub(1));
                continue;
            }
            let rtt = self.time.saturating_sub(time);
            self.association.side_mut(peer).rtt.add(rtt);
            if let Some(path) = self.association.paths.get_mut(usize::from(sent.path)) {
                path.rtt[usize::from(peer & 1)].add(rtt);
                path.errors[usize::from(peer & 1)] = 0;
            }
            (earliest, latest) = (earliest.min(time), latest.max(time));
        }
        let side = self.association.side_mut(me);
        if earliest <= latest {
            side.sack_delay.add(self.time.saturating_sub(latest));
            side.longest_sack_delay.add(self.time.saturating_sub(earliest));
        }
        let before = (side.a_rwnd, side.least_a_rwnd);
        side.a_rwnd = a_rwnd;
        side.least_a_rwnd = Some(before.1.map_or(a_rwnd, |least| least.min(a_rwnd)));
        let closed = before.1.is_some() && before.0 == 0;
        side.zero_windows += u32::from(a_rwnd == 0 && !closed);
        if a_rwnd == 0 && !closed {
            self.event(EventKind::WindowClosed);
        } else if a_rwnd > 0 && closed {
            self.event(EventKind::WindowOpened(a_rwnd));
        }
        if acks.count > 0 {
            let value = u64::from(acks.first) | u64::from(flight) << 32;
            self.remark(remark::ACKS, self.sacks, value);
        } else if same && before.1.is_some() && a_rwnd > before.0 {
            self.remark(remark::WINDOW_UPDATE, self.sacks, 0);
        }
    }
    /// A TSN was acknowledged that had been sent again, last in the chunk of this number: no answer is faster than the fastest.
    fn acked_after_again(&mut self, last: u32) {
        let Some(sent) = self.log.sent.of(last).copied() else { return };
        let Some(again) = self.log.seen.of(sent.seen).map(|seen| seen.time) else { return };
        let side = self.association.side_mut(self.me ^ 1);
        if side.rtt.count > 0 && self.time.saturating_sub(again) < side.rtt.least {
            if let Some(more) =
                self.log.more(last, self.number).filter(|more| more.cause != Some(Cause::AfterAck))
            {
                more.too_soon = true;
                side.chunks.spurious += 1;
            }
        }
    }
    /// TSNs that the receiver got twice.
    fn duplicates(&mut self, tsns: impl Iterator<Item = u32>) {
        for tsn in tsns {
            let side = self.association.side_mut(self.me ^ 1);
            side.chunks.duplicates = side.chunks.duplicates.saturating_add(1);
            let first =
                side.window.of(tsn).and_then(|number| self.log.sent.of(number)).map_or(0, |sent| sent.more);
            let last =
                first.checked_sub(1).and_then(|more| self.log.more.of(more)).map_or(0, |more| more.last);
            let more = last.checked_sub(1).and_then(|last| self.log.more(last, self.number));
            if let Some(more) = more.filter(|more| more.duplicate == 0) {
                more.duplicate = self.number.wrapping_add(1);
                side.chunks.spurious += u32::from(more.cause != Some(Cause::AfterAck) && !more.too_soon);
            }
            self.event_of(self.me ^ 1, EventKind::Duplicate(tsn));
        }
    }
}

/// The chunks that a packet is the first to acknowledge, a list through their records.
#[derive(Default)]
struct Acks {
    /// The first and the last of the list: numbers of records with one added.
    first: u32,
    last: u32,
    count: u32,
    gaps: u32,
    bytes: u32,
    highest: Option<u32>,
}

impl Acks {
    /// Takes those of a block that were closed.
    fn take(&mut self, log: &mut Log, start: u32, block: &Block, closed: u64, seen: u32, mark: u8) {
        for bit in bits(closed) {
            let Some(number) = block.number(bit).filter(|number| log.is_live(*number)) else { continue };
            let Some(sent) = log.sent.of_mut(number) else { continue };
            sent.acked = seen.wrapping_add(1);
            sent.bits |= mark;
            self.bytes = self.bytes.saturating_add(sent.len.into());
            let number = number.wrapping_add(1);
            match self.last.checked_sub(1).and_then(|last| log.sent.of_mut(last)) {
                Some(last) => last.next = number,
                None => self.first = number,
            }
            self.last = number;
            self.count += 1;
            self.gaps += u32::from(mark);
            let tsn = start.wrapping_add(bit);
            if self.highest.is_none_or(|highest| after(tsn, highest)) {
                self.highest = Some(tsn);
            }
        }
    }
}
