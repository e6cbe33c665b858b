//! DATA and I-DATA, and what acknowledges them: RFC 9260, 6.

use super::event::{Cause, EventKind, SwitchCause};
use super::learn::{Step, remark};
use super::reassembly::Piece;
use super::tsn::{Block, GAP_ACKED, MOST_PACKETS, More, RENEGED, Sent, after, bits};
use super::{Purpose, Status};
use crate::proto::sctp::chunk::data::Flags;
use crate::proto::sctp::chunk::sack::Gap;

/// How many of the last SACKs that told of gaps are remembered, to tell a fast retransmission.
const MOST_STRIKES: usize = 16;
/// How many of them make one: RFC 9260, 7.2.4.
const STRIKES: usize = 3;

impl Step<'_> {
    /// A piece of a message that was not sent before.
    pub(super) fn piece(&mut self, message: u64, place: u32, flags: Flags, ppid: u32, bytes: &[u8]) {
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
    /// A DATA or I-DATA chunk of which only the TSN counts: by it associations are told apart whose begin was not seen.
    pub(super) fn count_data(&mut self, tsn: Option<&[u8; 4]>) {
        let (Some(tsn), side) = (tsn.copied().map(u32::from_be_bytes), self.association.side_mut(self.me))
        else {
            return;
        };
        if side.highest.is_none_or(|highest| after(tsn, highest)) {
            side.highest = Some(tsn);
        }
    }
    /// A DATA or I-DATA chunk. Answers whether its TSN is new.
    pub(super) fn data(&mut self, tsn: u32, stream: u16, len: usize) -> bool {
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
        let side = self.association.side_mut(me);
        if side.status == Status::Unknown {
            side.status = Status::Established;
        }
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
            if side.highest.is_none_or(|highest| after(tsn, highest)) {
                side.highest = Some(tsn);
            }
            if self.purpose != Purpose::Lines {
                self.new_data(tsn, ordinal, len, late);
            }
        }
        if self.purpose != Purpose::Lines {
            self.user_data(stream, ordinal, len);
        }
        before.is_none()
    }
    /// A TSN that was not sent before; `late` if it was acknowledged even so.
    #[inline]
    fn new_data(&mut self, tsn: u32, ordinal: u8, len: u16, late: bool) {
        let peer = self.association.side(self.me ^ 1);
        let peer_is_full = peer.least_a_rwnd.is_some() && peer.a_rwnd == 0;
        let side = self.association.side_mut(self.me);
        side.chunks.sent += 1;
        let probe = peer_is_full && side.in_flight == 0;
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
    /// Counts the bytes of a chunk, and notes a stream that there is not.
    #[inline]
    fn user_data(&mut self, stream: u16, ordinal: u8, len: u16) {
        let limit = self.association.side(self.me ^ 1).inbound_streams;
        let side = self.association.side_mut(self.me);
        side.traffic.user_bytes += u64::from(len);
        let streams = if limit == 0 { side.outbound_streams } else { side.outbound_streams.min(limit) };
        let known = side.init != 0 && limit != 0;
        if known && stream >= streams && !self.association.reconfigured {
            self.remark(remark::BAD_STREAM, ordinal, streams.into());
        }
        if let Some(path) = self.association.paths.get_mut(usize::from(self.path)) {
            path.traffic[usize::from(self.me & 1)].user_bytes += u64::from(len);
        }
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
        let is_deleted = |side: usize| {
            let address = old.and_then(|old| old.addresses.get(side));
            address.is_some_and(|address| self.association.sides[side].deleted.contains(address))
        };
        let cause = match old {
            _ if is_deleted(0) || is_deleted(1) => SwitchCause::Deleted,
            _ if asked.is_some() && asked == to => SwitchCause::SetPrimary,
            Some(old) if old.errors[me] > 0 => SwitchCause::T3,
            Some(old) if old.heartbeats[me].waiting.iter().any(|one| one.lost) => SwitchCause::Heartbeat,
            _ if self.association.side(self.me ^ 1).primary == Some(path) => SwitchCause::Followed,
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
        let cause = if self.is_copy {
            Cause::Copy
        } else if first.acked != 0 {
            Cause::AfterAck
        } else if sent.path != path {
            Cause::Failover
        } else if strikes.filter(|one| after(one.1, tsn)).count() >= STRIKES {
            Cause::Fast
        } else {
            Cause::T3
        };
        side.chunks.again += u32::from(cause != Cause::Copy);
        match cause {
            Cause::Copy => side.chunks.copies += 1,
            Cause::T3 => {
                side.chunks.t3 += 1;
                side.timeouts.add(self.time.saturating_sub(earlier));
            }
            Cause::Fast => side.chunks.fast += 1,
            Cause::Failover => side.chunks.failover += 1,
            Cause::AfterAck => side.chunks.spurious += 1,
        }
        if let Some(more) = self.log.more(number, seen) {
            (more.first, more.cause) = (before.wrapping_add(1), Some(cause));
        }
        if cause == Cause::Copy {
            return;
        }
        let me = usize::from(me & 1);
        if let Some(one) = self.association.paths.get_mut(usize::from(path)) {
            one.retransmissions[me] += 1;
        }
        if let Some(one) = self.association.paths.get_mut(usize::from(sent.path)) {
            one.errors[me] += u32::from(matches!(cause, Cause::T3 | Cause::Failover));
        }
        self.event(EventKind::Retransmission(tsn, cause));
    }

    /// An acknowledgement: up to a TSN all, and the gap blocks of each list as far as they ascend.
    pub(super) fn sack(&mut self, upto: u32, a_rwnd: u32, lists: [&[u8]; 2]) {
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
                self.acknowledge(&mut acks, start, block, closed, 0);
            });
            let side = self.association.side_mut(peer);
            side.acked = Some(upto);
            if let (Some(before), Some(_)) = (before, side.highest) {
                missing = upto.wrapping_sub(before).saturating_sub(there);
            }
        }
        let (mut new_gap, mut reneged) = (None, (0, 0));
        let old_gap = self.association.side(peer).gap_acked.filter(|high| newer && after(*high, upto));
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
                    self.acknowledge(&mut acks, start, block, closed, GAP_ACKED);
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
    pub(super) fn shutdown_acks(&mut self, upto: u32) {
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
            self.acknowledge(&mut acks, start, block, closed, 0);
        });
        let side = self.association.side_mut(self.me ^ 1);
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
        let (flight, (earliest, latest)) = (side.in_flight, (acks.earliest, acks.latest));
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
        if side.rtt.count == 0 || self.time.saturating_sub(again) >= side.rtt.least {
            return;
        }
        let is_counted = |more: &&mut More| matches!(more.cause, Some(Cause::AfterAck | Cause::Copy));
        let more = self.log.more(last, self.number).filter(|more| !is_counted(more));
        if let Some(more) = more {
            more.too_soon = true;
            side.chunks.spurious += 1;
        }
    }
    /// TSNs that the receiver got twice.
    pub(super) fn duplicates(&mut self, tsns: impl Iterator<Item = u32>) {
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
                let is_counted = matches!(more.cause, Some(Cause::AfterAck | Cause::Copy)) || more.too_soon;
                side.chunks.spurious += u32::from(!is_counted);
            }
            self.event_of(self.me ^ 1, EventKind::Duplicate(tsn));
        }
    }
}

/// The chunks that a packet is the first to acknowledge, a list through their records.
struct Acks {
    /// The first and the last of the list: numbers of records with one added.
    first: u32,
    last: u32,
    count: u32,
    gaps: u32,
    bytes: u32,
    highest: Option<u32>,
    /// When the first and the last of those that were sent once were sent.
    earliest: i64,
    latest: i64,
    /// The packet that was asked for last, and its time: chunks of one packet follow each other.
    sender: Option<(u32, i64)>,
}

impl Default for Acks {
    fn default() -> Acks {
        let (earliest, latest) = (i64::MAX, i64::MIN);
        Acks { first: 0, last: 0, count: 0, gaps: 0, bytes: 0, highest: None, earliest, latest, sender: None }
    }
}

impl Step<'_> {
    /// Takes those of a block that were closed: this packet is the first to acknowledge them.
    fn acknowledge(&mut self, acks: &mut Acks, start: u32, block: &Block, closed: u64, mark: u8) {
        for bit in bits(closed) {
            let Some(number) = block.number(bit) else { continue };
            let Some(sent) = self.log.sent.of_mut(number) else { continue };
            if self.number.wrapping_add(1).wrapping_sub(sent.seen) >= MOST_PACKETS {
                continue;
            }
            sent.acked = self.number.wrapping_add(1);
            sent.bits |= mark;
            let sent = *sent;
            acks.bytes = acks.bytes.saturating_add(sent.len.into());
            let number = number.wrapping_add(1);
            match acks.last.checked_sub(1).and_then(|last| self.log.sent.of_mut(last)) {
                Some(last) => last.next = number,
                None => acks.first = number,
            }
            acks.last = number;
            acks.count += 1;
            acks.gaps += u32::from(mark);
            let tsn = start.wrapping_add(bit);
            if acks.highest.is_none_or(|highest| after(tsn, highest)) {
                acks.highest = Some(tsn);
            }
            self.measure(acks, &sent);
        }
    }
    /// What the acknowledgement of a chunk measures.
    fn measure(&mut self, acks: &mut Acks, sent: &Sent) {
        let time = match acks.sender {
            Some((seen, time)) if seen == sent.seen => time,
            _ => {
                let Some(time) = self.log.seen.of(sent.seen).map(|seen| seen.time) else { return };
                acks.sender = Some((sent.seen, time));
                time
            }
        };
        let more = sent.more.checked_sub(1).and_then(|number| self.log.more.of(number)).copied();
        if let Some(more) = more.filter(|more| more.last != 0) {
            return self.acked_after_again(more.last.wrapping_sub(1));
        }
        let (rtt, peer) = (self.time.saturating_sub(time), self.me ^ 1);
        self.association.side_mut(peer).rtt.add(rtt);
        if let Some(path) = self.association.paths.get_mut(usize::from(sent.path)) {
            path.rtt[usize::from(peer & 1)].add(rtt);
            path.errors[usize::from(peer & 1)] = 0;
        }
        (acks.earliest, acks.latest) = (acks.earliest.min(time), acks.latest.max(time));
    }
}
