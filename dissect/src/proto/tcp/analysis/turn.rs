//! The decisions on a segment, and how its connection goes on with it.

use super::super::Flags;
use super::mark::{
    ACK_LOST_SEGMENT, Analysis, DUPLICATE_ACK, FAST_OPEN_ACK, FAST_OPEN_IGNORED, FAST_RETRANSMISSION,
    FIN_PASSIVE, KEEP_ALIVE, KEEP_ALIVE_ACK, LOST_SEGMENT, OUT_OF_ORDER, RETRANSMISSION,
    SPURIOUS_RETRANSMISSION, WINDOW_FULL, WINDOW_UPDATE, ZERO_WINDOW, ZERO_WINDOW_PROBE,
    ZERO_WINDOW_PROBE_ACK,
};
use super::unacknowledged::Sent;
use super::{Arrival, Scale, Side, before};

/// Nanoseconds within which a segment behind later ones counts as out of order, where no round trip was measured.
pub const OUT_OF_ORDER_TIME: i64 = 3_000_000;
/// Nanoseconds after the last duplicate acknowledgment within which what is sent again is a fast retransmission.
pub const FAST_TIME: i64 = 20_000_000;
/// How many duplicate acknowledgments lead to a fast retransmission.
const FAST_DUPLICATES: u32 = 2;

/// A segment that is being taken.
pub(super) struct Turn<'a> {
    pub(super) arrival: &'a Arrival,
    pub(super) own: &'a mut Side,
    pub(super) other: &'a mut Side,
    pub(super) time: i64,
    pub(super) packet: u32,
    pub(super) initial: Option<i64>,
    pub(super) analysis: Analysis,
    /// How many bytes of its data came before.
    pub(super) repeated: u32,
}

/// Two numbers that a standing shows beside each other.
pub(super) type Pair = Option<(u32, u32)>;

impl Turn<'_> {
    /// Decides what the segment is. Answers what a duplicate acknowledgment repeats and its number; and the packet and
    /// time from which a timeout counts.
    pub(super) fn decide(&mut self) -> (Pair, Option<(u32, i64)>) {
        let Arrival { sequence, length, window, .. } = *self.arrival;
        let plain = self.arrival.is_plain();
        let next = self.own.next;
        if length == 1 && next == Some(sequence) && self.other.window == Some(0) {
            self.analysis.set(ZERO_WINDOW_PROBE);
        }
        if window == 0 && plain {
            self.analysis.set(ZERO_WINDOW);
        }
        let probe = self.analysis.has(ZERO_WINDOW_PROBE);
        if let Some(next) = next.filter(|_| !probe) {
            if before(next, sequence) && !self.arrival.has(Flags::RST) {
                self.analysis.set(LOST_SEGMENT);
            }
            if length <= 1 && plain && sequence == next.wrapping_sub(1) {
                self.analysis.set(KEEP_ALIVE);
            }
        }
        self.check_windows(plain);
        let duplicate = self.check_acknowledgment();
        let resent = if probe { None } else { self.check_order() };
        (duplicate, resent)
    }
    /// What a segment without data, or at the window's end, says by its window and acknowledgment.
    fn check_windows(&mut self, plain: bool) {
        let Arrival { sequence, acknowledgment, length, window, .. } = *self.arrival;
        let (own, other) = (&self.own, &self.other);
        if !plain {
            return;
        }
        if length > 0 {
            if let (Some(limit), Some(window)) = (other.acknowledgment, other.window)
                && other.scale != Scale::Unknown
                && self.arrival.end() == limit.wrapping_add(other.scale.apply(window))
            {
                self.analysis.set(WINDOW_FULL);
            }
            return;
        }
        let repeats = own.next == Some(sequence) && own.acknowledgment == Some(acknowledgment);
        if !repeats {
            return;
        }
        if window != 0 && own.window != Some(window) {
            self.analysis.set(WINDOW_UPDATE);
        }
        if own.window == Some(window) {
            if window != 0 && other.last.has(KEEP_ALIVE) {
                self.analysis.set(KEEP_ALIVE_ACK);
            } else if window == 0 && other.last.has(ZERO_WINDOW_PROBE) {
                self.analysis.set(ZERO_WINDOW_PROBE_ACK);
            } else if window != 0 {
                self.analysis.set(DUPLICATE_ACK);
            }
        }
    }
    /// Duplicate acknowledgments, and such of what was not captured.
    fn check_acknowledgment(&mut self) -> Pair {
        let acknowledgment = self.arrival.acknowledgment;
        if self.arrival.has(Flags::ACK)
            && let Some(next) = self.other.next
            && before(self.other.expected, acknowledgment)
        {
            // While the other side repeats itself, it may well have sent what was not captured.
            if before(next, acknowledgment) && self.other.duplicates > 0 {
                self.other.duplicates = 0;
            } else {
                self.analysis.set(ACK_LOST_SEGMENT);
            }
            self.other.expected = if before(next, acknowledgment) { acknowledgment } else { next };
        }
        if self.own.acknowledgment != Some(acknowledgment) {
            (self.own.repeated, self.own.duplicates) = (self.packet, 0);
        }
        if !self.analysis.has(DUPLICATE_ACK) {
            return None;
        }
        self.own.duplicates = self.own.duplicates.saturating_add(1);
        Some((self.own.repeated, self.own.duplicates))
    }
    /// Whether the segment was sent before, or comes behind later ones. Answers from when a timeout counts.
    fn check_order(&mut self) -> Option<(u32, i64)> {
        let Arrival { sequence, length, .. } = *self.arrival;
        if !self.arrival.takes_room() || self.analysis.has(KEEP_ALIVE) {
            return None;
        }
        // The byte of a probe that the receiver dropped comes again with more behind it.
        let behind = self.own.next.map(|next| next.wrapping_sub(sequence) as i32);
        if length > 1 && behind == Some(1) {
            return None;
        }
        let acknowledged = self.other.acknowledgment;
        if length > 0 && acknowledged.is_some_and(|number| !before(number, sequence.wrapping_add(length))) {
            self.analysis.set(SPURIOUS_RETRANSMISSION);
            self.analysis.set(RETRANSMISSION);
            return None;
        }
        let next = self.own.next.filter(|next| before(sequence, *next))?;
        let since = self.time.wrapping_sub(self.other.acknowledgment_time);
        if self.other.duplicates >= FAST_DUPLICATES && acknowledged == Some(sequence) && since < FAST_TIME {
            self.analysis.set(FAST_RETRANSMISSION);
            self.analysis.set(RETRANSMISSION);
            return None;
        }
        let threshold = self.initial.unwrap_or(OUT_OF_ORDER_TIME);
        if self.time.wrapping_sub(self.own.next_time) < threshold && self.arrival.end() != next {
            self.analysis.set(OUT_OF_ORDER);
            return None;
        }
        self.analysis.set(RETRANSMISSION);
        let oldest = self.own.unacknowledged.sent.front().copied();
        let (packet, time) =
            oldest.map_or((self.own.next_packet, self.own.next_time), |one| (one.packet, one.time));
        Some((packet, self.time.wrapping_sub(time)))
    }
    /// What the handshake says: of Fast Open (RFC 7413, 4.2), and of the end.
    pub(super) fn handshake(&mut self) {
        let Arrival { acknowledgment, length, .. } = *self.arrival;
        if self.arrival.has(Flags::FIN) {
            // Sent again, it is what it was.
            if self.other.fin.is_some() && (self.own.fin.is_none() || self.own.fin_is_passive) {
                self.own.fin_is_passive = true;
                self.analysis.set(FIN_PASSIVE);
            }
            self.own.fin = Some(self.arrival.end());
        }
        if !self.arrival.has(Flags::SYN) {
            return;
        }
        if !self.arrival.has(Flags::ACK) {
            self.own.syn_data = Some(length);
        } else if let (Some(1..), Some(base)) = (self.other.syn_data, self.other.base) {
            let beyond = acknowledgment.wrapping_sub(base).wrapping_sub(1);
            self.analysis.set(if beyond == 0 { FAST_OPEN_IGNORED } else { FAST_OPEN_ACK });
        }
    }
    /// Goes on from the segment. Answers what it acknowledges exactly.
    pub(super) fn go_on(&mut self) -> Option<Sent> {
        let arrival = self.arrival;
        let Arrival { sequence, acknowledgment, window, .. } = *arrival;
        let (end, own, other) = (arrival.end(), &mut *self.own, &mut *self.other);
        let lost = self.analysis.has(LOST_SEGMENT);
        if lost {
            own.countable = false;
            own.gaps.rotate_right(1);
            own.gaps[0] = (own.next.unwrap_or(sequence), sequence);
        } else if let Some(next) = own.next.filter(|next| arrival.length > 0 && before(sequence, *next)) {
            let start = arrival.data_sequence();
            let next = if own.fin == Some(next) { next.wrapping_sub(1) } else { next };
            if before(start, next) && !own.fill(start, end) {
                self.repeated = next.wrapping_sub(start).min(arrival.length);
            }
        }
        let before_it = own.next;
        if !self.analysis.has(ZERO_WINDOW_PROBE) && own.next.is_none_or(|next| before(next, end)) {
            (own.next, own.next_packet, own.next_time) = (Some(end), self.packet, self.time);
        }
        match before_it {
            None => own.expected = end,
            Some(next) if own.expected == sequence => {
                own.expected = if lost { next } else { own.next.unwrap_or(end) };
            }
            Some(_) => {}
        }
        if arrival.takes_room() {
            own.unacknowledged.push(Sent { start: sequence, end, packet: self.packet, time: self.time });
        }
        own.window = Some(window);
        own.last = self.analysis;
        let mut exact = None;
        if arrival.has(Flags::SYN) && !arrival.has(Flags::ACK) {
            own.acknowledgment = None;
        } else if arrival.has(Flags::ACK) {
            own.acknowledgment = Some(acknowledgment);
            own.acknowledgment_time = self.time;
            other.countable = true;
            exact = other.unacknowledged.acknowledge(acknowledgment);
            other.unacknowledged.sacked = arrival.sacked;
        }
        exact
    }
    /// The bytes in flight with this segment, and those since the last push.
    pub(super) fn in_flight(&mut self) -> Pair {
        let (arrival, own) = (self.arrival, &mut *self.own);
        if arrival.length == 0 || !own.countable {
            return None;
        }
        let waiting = &own.unacknowledged;
        let extra = u32::from(arrival.has(Flags(Flags::SYN.0 | Flags::FIN.0)));
        let bytes = waiting.highest.wrapping_sub(waiting.lowest).wrapping_sub(extra);
        let bytes = if (bytes as i32) < 0 { 0 } else { bytes.saturating_sub(waiting.sacked) };
        let pushed = if own.push_ended { 0 } else { own.pushed };
        own.pushed = pushed.saturating_add(arrival.length);
        own.push_ended = arrival.has(Flags::PSH);
        Some((bytes, own.pushed))
    }
}
