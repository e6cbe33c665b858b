//! Learning from a packet: which association it belongs to, and what its chunks change.

use super::event::EventKind;
use super::find::{News, key};
use super::path::{MOST_HEARTBEATS, MOST_PATHS, Traffic, Waiting};
use super::reassembly::Reassembly;
use super::side::MOST_EXTENSIONS;
use super::trace;
use super::tsn::{MOST_PACKETS, More, SIDE, Seen, after};
use super::{
    Association, Associations, End, EndKind, Event, Fate, Finder, Log, MOST_BLOCKS, MOST_REASON, Path,
    Purpose, Remark, Status,
};
use crate::Address;
use crate::memory::Here;
use crate::proto::sctp::cause::{CauseCode, Causes};
use crate::proto::sctp::chunk::data::Flags;
use crate::proto::sctp::chunk::{
    self, Chunk, Data, IData, Init, NrSack, Sack, abort, asconf, cookie, data, ecne, error, forward_tsn,
    heartbeat, i_data, i_forward_tsn, init, nr_sack, packet_drop, re_config, sack, shutdown,
    shutdown_complete,
};
use crate::proto::sctp::parameter::reconfiguration::{
    NextTsns, ReconfigurationResponse, ReconfigurationResult,
};
use crate::proto::sctp::parameter::{ParameterType, Parameters};
use crate::proto::sctp::{Header, Packet};

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
    /// There is no checksum, which the receiver accepts.
    pub(crate) const ZERO_CHECKSUM: u8 = 16;
}

impl Associations {
    /// Learns from a packet. Answers the number of its record. `teaches` tells whether somebody may learn from a message with
    /// an identifier, for who asks whether the packet has such.
    pub(super) fn learn(
        &mut self,
        packet: &Packet<'_>,
        here: &Here,
        teaches: Option<&dyn Fn(u32) -> bool>,
    ) -> u32 {
        let (header, chunks) = (&packet.header, packet.chunk_bytes());
        let first = Chunk::parse(chunks).ok().map(|first| first.1);
        let found = self.find(header, first.as_ref(), &here.ends);
        self.expire();
        let Associations { all, dropped, finder, reassembly, log, trace, purpose, uncounted, carries } = self;
        *carries = false;
        let time = here.nanoseconds();
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
            purpose: *purpose,
            uncounted: *uncounted,
            carries,
            teaches,
            is_copy: false,
        };
        step.packet(found.news);
        if step.purpose == Purpose::All {
            step.is_copy = step.association.copies.take(me, step.path, header.checksum, time);
        }
        if header.checksum == 0 && step.association.side(me ^ 1).zero_checksum {
            step.remark(remark::ZERO_CHECKSUM, 0, 0);
        }
        if let Some(trace) = trace.as_mut().filter(|trace| trace.wants(index)) {
            trace.packet(trace::Step::new(here.packet, time, index, me, step.path), chunks);
        }
        let mut rest = chunks;
        while !rest.is_empty() {
            let Ok((next, chunk)) = Chunk::parse(rest) else { break };
            step.chunk(&chunk, header);
            rest = next;
        }
        number
    }
    /// Learns from a packet, or its begin, that it did not arrive. Answers the association's index.
    pub(super) fn learn_lost(&mut self, packet: &Packet<'_>, here: Here, fate: Fate) -> u32 {
        let first = Chunk::parse(packet.chunk_bytes()).ok().map(|first| first.1);
        let Some((index, side)) = self.find_known(&packet.header, first.as_ref()) else { return u32::MAX };
        let Some(association) = self.of_mut(index) else { return u32::MAX };
        match fate {
            Fate::Undelivered => {}
            Fate::Spoilt => {
                association.spoilt = association.spoilt.saturating_add(1);
                return index;
            }
            Fate::Arrived | Fate::Dropped => return index,
        }
        let joins = |path: &Path| path.joins(&here.ends, usize::from(side & 1));
        let path = association.paths.iter().position(joins).unwrap_or(0) as u8;
        let time = here.nanoseconds();
        association.unreachable = association.unreachable.saturating_add(1);
        association.events.add(Event { packet: here.packet, time, side, path, kind: EventKind::Unreachable });
        index
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
}

impl Log {
    /// Whether what a chunk's record says may still change.
    pub(super) fn is_live(&self, number: u32) -> bool {
        self.sent.of(number).is_some_and(|sent| self.seen.next().wrapping_sub(sent.seen) < MOST_PACKETS)
    }
    /// What is kept of a packet that was just learnt, or recalled, and how many remarks there are on it.
    pub(super) fn with_remarks(&self, number: u32) -> (Option<Seen>, u32) {
        let Some(seen) = self.seen.of(number) else { return (None, 0) };
        let remarks = (0..).take_while(|at| {
            self.remarks.of(seen.remarks.wrapping_add(*at)).is_some_and(|remark| remark.seen == number)
        });
        (Some(*seen), remarks.count() as u32)
    }
    fn remark(&mut self, seen: u32, kind: u8, chunk: u8, value: u64) -> u32 {
        self.remarks.push(Remark { seen, kind, chunk, value })
    }
    /// What is seldom of a chunk, made if it has none yet.
    pub(super) fn more(&mut self, number: u32, seen: u32) -> Option<&mut More> {
        let sent = self.sent.of_mut(number)?;
        if sent.more == 0 {
            sent.more = self.more.push(More { seen, ..More::default() }).wrapping_add(1);
        }
        self.more.of_mut(sent.more.wrapping_sub(1))
    }
}

/// A packet of an association that is being learnt from.
pub(super) struct Step<'s> {
    pub(super) association: &'s mut Association,
    pub(super) log: &'s mut Log,
    pub(super) finder: &'s mut Finder,
    pub(super) reassembly: &'s mut Reassembly,
    pub(super) here: &'s Here,
    pub(super) time: i64,
    /// The number of its record.
    pub(super) number: u32,
    /// The association's index.
    pub(super) index: u32,
    /// The side that sent it.
    pub(super) me: u8,
    /// The path it came on.
    pub(super) path: u8,
    /// How many DATA and I-DATA chunks came before.
    pub(super) data: u8,
    /// How many SACK and NR-SACK chunks came before.
    pub(super) sacks: u8,
    pub(super) purpose: Purpose,
    /// Whether statistics do not count this packet.
    uncounted: bool,
    carries: &'s mut bool,
    teaches: Option<&'s dyn Fn(u32) -> bool>,
    /// Whether the packet is a copy of one before.
    pub(super) is_copy: bool,
}

impl Step<'_> {
    pub(super) fn event(&mut self, kind: EventKind) {
        self.event_of(self.me, kind);
    }
    pub(super) fn event_of(&mut self, side: u8, kind: EventKind) {
        let event = Event { packet: self.here.packet, time: self.time, side, path: self.path, kind };
        self.association.events.add(event);
    }
    fn status(&mut self, side: u8, status: Status) {
        if self.association.side(side).status != status {
            self.association.side_mut(side).status = status;
            self.event_of(side, EventKind::Status(status));
        }
    }
    pub(super) fn remark(&mut self, kind: u8, chunk: u8, value: u64) -> u32 {
        self.log.remark(self.number, kind, chunk, value)
    }

    /// Finds the path of the packet, and counts it for that and for its side.
    fn packet(&mut self, news: News) {
        self.path = self.find_path();
        let (packet, time, length) = (self.here.packet, self.time, self.here.length);
        self.count(|traffic| traffic.packet(packet, time, length));
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
    /// Adds to what is counted for the side and the path of the packet.
    #[inline]
    fn count(&mut self, add: impl Fn(&mut Traffic)) {
        if self.purpose == Purpose::Lines {
            return;
        }
        let me = usize::from(self.me & 1);
        add(&mut self.association.sides[me].traffic);
        if let (false, Some(path)) = (self.uncounted, self.association.paths.get_mut(usize::from(self.path)))
        {
            add(&mut path.traffic[me]);
        }
    }
    /// The path between two addresses; a new one if there is none.
    fn find_path(&mut self) -> u8 {
        let (me, ends) = (usize::from(self.me & 1), &self.here.ends);
        let Association { paths, sides, .. } = &mut *self.association;
        let joins = |path: &Path| path.joins(ends, me);
        let last = sides[me].path;
        if paths.get(usize::from(last)).is_some_and(joins) {
            return last;
        }
        let known = paths.iter().position(joins);
        if known.is_none() && paths.len() < MOST_PATHS {
            let mut addresses = [ends.source, ends.destination];
            if me == 1 {
                addresses.swap(0, 1);
            }
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
        self.count(|traffic| traffic.chunk(place));
        if let Some(teaches) = self.teaches
            && self.passes(chunk, teaches)
        {
            return;
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
                if let Ok((rest, sack)) = Sack::parse(chunk.value)
                    && !self.passes_sack(sack.cumulative_tsn_ack)
                {
                    let gaps = rest.get(..usize::from(sack.gap_count) * 4).unwrap_or(rest);
                    self.sack(sack.cumulative_tsn_ack, sack.a_rwnd, [gaps, &[]]);
                    self.duplicates(sack.duplicates(rest));
                    self.sacks = self.sacks.saturating_add(1);
                }
            }
            n if n == nr_sack::TYPE.number => {
                if let Ok((rest, sack)) = NrSack::parse(chunk.value)
                    && !self.passes_sack(sack.cumulative_tsn_ack)
                {
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

    /// Whether all that is to be learnt of a chunk is learnt when it was counted. Notes whether others learn from it.
    fn passes(&mut self, chunk: &Chunk<'_>, teaches: &dyn Fn(u32) -> bool) -> bool {
        match chunk.number {
            n if n == data::TYPE.number || n == i_data::TYPE.number => {
                let teaches = data::whole_of(chunk).is_none_or(teaches);
                *self.carries |= teaches;
                let passes = self.purpose == Purpose::Counts && !teaches;
                if passes {
                    self.count_data(chunk.value.first_chunk());
                }
                passes
            }
            n => {
                *self.carries |= n == packet_drop::TYPE.number;
                false
            }
        }
    }
    /// Whether of an acknowledgement only the TSN counts, by which associations are told apart whose begin was not seen.
    fn passes_sack(&mut self, upto: u32) -> bool {
        let passes = self.purpose != Purpose::All;
        let side = self.association.side_mut(self.me ^ 1);
        if passes && side.acked.is_none_or(|acked| !after(acked, upto)) {
            side.acked = Some(upto);
        }
        passes
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
                    if parameter.kind == ParameterType::RECONFIGURATION_RESPONSE {
                        self.reset_tsns(parameter.value);
                    }
                }
            }
            n if n == ecne::TYPE.number => self.event(EventKind::Congestion),
            n if n == packet_drop::TYPE.number => self.event(EventKind::PacketDropped),
            _ => {}
        }
    }

    /// The TSNs after an SSN/TSN reset that was performed: RFC 6525, 5.2.4.
    fn reset_tsns(&mut self, value: &[u8]) {
        let Ok((rest, response)) = ReconfigurationResponse::parse(value) else { return };
        let Ok((_, next)) = NextTsns::parse(rest) else { return };
        if response.result != ReconfigurationResult::PERFORMED.0 {
            return;
        }
        for (side, next) in [(self.me, next.senders), (self.me ^ 1, next.receivers)] {
            let (side, last) = (self.association.side_mut(side), next.wrapping_sub(1));
            (side.acked, side.highest, side.gap_acked) = (Some(last), side.highest.map(|_| last), None);
            side.in_flight = 0;
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
                ParameterType::DELETE_IP_ADDRESS => {
                    let from = self.here.ends.source;
                    self.association.side_mut(self.me).delete_address(address, from);
                    self.event(EventKind::DeleteAddress(address));
                }
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
