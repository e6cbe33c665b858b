//! How a segment stands in its connection, as fields: numbers counted from the first, the analysis, times.

use super::analysis::{self, Analysis, Scale, Standing};
use super::{Connections, Header};
use crate::tree::Item;
use crate::{Area, Cx, Field, Out, Severity, Show, fields};

const NOTE: Show = Show::expert(Severity::Note, Area::Sequence);
const WARN: Show = Show::expert(Severity::Warn, Area::Sequence);
const CHAT: Show = Show::expert(Severity::Chat, Area::Sequence);

fields! {
    /// The connection's number, counted from 0 in the order in which connections began.
    pub(super) STREAM = "tcp.stream", "Stream index", Show::u32(), "sctpdump";
    /// Which parts of a connection's life were captured: SYN (1), SYN with acknowledgment (2), acknowledgment (4), data (8), FIN (16), RST (32).
    pub(super) COMPLETENESS = "tcp.completeness", "Conversation completeness", Show::u8().write_value(write_completeness), "RFC 9293, 3.3.2";
    /// The sequence number, counted from the connection's first.
    pub(super) SEQUENCE = "tcp.seq", "Sequence Number", Show::u32().write_parts(write_sequence), "RFC 9293, 3.4";
    /// The sequence number that follows this segment, counted from the connection's first.
    pub(super) NEXT = "tcp.nxtseq", "Next Sequence Number", Show::u32().write_parts(write_sequence), "RFC 9293, 3.4";
    /// The sequence number that the sender expects next, counted from the other side's first.
    pub(super) ACKNOWLEDGMENT = "tcp.ack", "Acknowledgment Number", Show::u32().write_parts(write_acknowledgment), "RFC 9293, 3.4";
    /// How many bytes the sender can take, scaled if the handshake said so.
    pub(super) WINDOW = "tcp.window_size", "Calculated window size", Show::u32(), "RFC 7323, 2.3";
    /// What the window in the header is multiplied with: -1 when the handshake was not seen, -2 when it is not scaled.
    pub(super) FACTOR = "tcp.window_size_scalefactor", "Window size scaling factor", Show::i32().write_value(write_factor), "RFC 7323, 2.3";
    /// Times within the connection.
    TIMESTAMPS = "tcp.timestamps", "Timestamps", Show::group(), "sctpdump";
    /// The time since the connection's first packet.
    TIME_RELATIVE = "tcp.time_relative", "Time since first frame in this TCP stream", Show::duration(), "sctpdump";
    /// The time since the packet before in this connection.
    TIME_DELTA = "tcp.time_delta", "Time since previous frame in this TCP stream", Show::duration(), "sctpdump";
    /// What the segment means in its connection.
    ANALYSIS = "tcp.analysis", "SEQ/ACK analysis", Show::group(), "sctpdump";
    /// The packet whose data this segment acknowledges.
    ACKS_FRAME = "tcp.analysis.acks_frame", "This is an ACK to the segment in frame", Show::packet(), "RFC 9293, 3.4";
    /// The time since that packet: a round trip, as far as the capture saw it.
    ACK_RTT = "tcp.analysis.ack_rtt", "The RTT to ACK the segment was", Show::duration(), "RFC 6298, 3";
    /// The time from the SYN to the first acknowledgment of the handshake.
    INITIAL_RTT = "tcp.analysis.initial_rtt", "iRTT", Show::duration(), "RFC 9293, 3.5";
    /// How many bytes this side sent that are not acknowledged yet, with this segment's.
    IN_FLIGHT = "tcp.analysis.bytes_in_flight", "Bytes in flight", Show::u32(), "RFC 5681, 2";
    /// How many bytes this side sent since its last push, with this segment's.
    PUSHED = "tcp.analysis.push_bytes_sent", "Bytes sent since last PSH flag", Show::u32(), "RFC 9293, 3.9.1.2";
    /// What the segment is found to be.
    FLAGS = "tcp.analysis.flags", "TCP Analysis Flags", Show::group(), "sctpdump";
    /// The time from the oldest segment that is not acknowledged to this one, which was sent again.
    RTO = "tcp.analysis.rto", "The RTO for this segment was", Show::duration(), "RFC 6298, 5";
    /// The packet from which that time counts.
    RTO_FRAME = "tcp.analysis.rto_frame", "RTO based on delta from frame", Show::packet(), "RFC 6298, 5";
    /// The acknowledgment repeats an earlier one.
    DUPLICATE_ACK = "tcp.analysis.duplicate_ack", "This is a TCP duplicate ack", Show::group().repeats(), "RFC 5681, 2";
    /// How many acknowledgments repeated it, with this one.
    DUPLICATE_NUMBER = "tcp.analysis.duplicate_ack_num", "Duplicate ACK #", Show::u32(), "RFC 5681, 2";
    /// The packet that it repeats.
    DUPLICATE_FRAME = "tcp.analysis.duplicate_ack_frame", "Duplicate to the ACK in frame", Show::packet(), "RFC 5681, 2";
    /// The acknowledgment repeats an earlier one.
    DUPLICATE_REMARK = "tcp.analysis.duplicate_ack", "Duplicate ACK", NOTE.write(write_duplicate), "RFC 5681, 2";
    /// The segment was sent before.
    RETRANSMISSION = "tcp.analysis.retransmission", "This frame is a (suspected) retransmission", NOTE, "RFC 9293, 3.8.1";
    /// The segment was sent again because of duplicate acknowledgments.
    FAST_RETRANSMISSION = "tcp.analysis.fast_retransmission", "This frame is a (suspected) fast retransmission", NOTE, "RFC 5681, 3.2";
    /// The segment was sent again although it had been acknowledged.
    SPURIOUS_RETRANSMISSION = "tcp.analysis.spurious_retransmission", "This frame is a (suspected) spurious retransmission", NOTE, "RFC 5682, 1";
    /// The segment comes behind ones with later numbers, too soon to have been sent again.
    OUT_OF_ORDER = "tcp.analysis.out_of_order", "This frame is a (suspected) out-of-order segment", WARN, "RFC 9293, 3.10.7.4";
    /// A connection begins between ports that another one had.
    REUSED_PORTS = "tcp.analysis.reused_ports", "A new tcp session is started with the same ports as an earlier session in this trace", NOTE, "RFC 9293, 3.6.1";
    /// There is a gap before the segment.
    LOST_SEGMENT = "tcp.analysis.lost_segment", "Previous segment(s) not captured (common at capture start)", WARN, "RFC 9293, 3.4";
    /// What is acknowledged was not captured.
    ACK_LOST_SEGMENT = "tcp.analysis.ack_lost_segment", "ACKed segment that wasn't captured (common at capture start)", WARN, "RFC 9293, 3.4";
    /// The segment tells another window, and nothing else.
    WINDOW_UPDATE = "tcp.analysis.window_update", "TCP window update", CHAT, "RFC 9293, 3.8.6";
    /// The segment fills the other side's window.
    WINDOW_FULL = "tcp.analysis.window_full", "TCP window specified by the receiver is now completely full", WARN, "RFC 9293, 3.8.6";
    /// The segment asks whether the other side is still there.
    KEEP_ALIVE = "tcp.analysis.keep_alive", "TCP keep-alive segment", NOTE, "RFC 9293, 3.8.4";
    /// The segment answers that.
    KEEP_ALIVE_ACK = "tcp.analysis.keep_alive_ack", "ACK to a TCP keep-alive segment", NOTE, "RFC 9293, 3.8.4";
    /// The segment asks whether the other side's window opened.
    ZERO_WINDOW_PROBE = "tcp.analysis.zero_window_probe", "TCP Zero Window Probe", NOTE, "RFC 9293, 3.8.6.1";
    /// The sender can take no more.
    ZERO_WINDOW = "tcp.analysis.zero_window", "TCP Zero Window segment", WARN, "RFC 9293, 3.8.6";
    /// The segment answers a probe: the window is still closed.
    ZERO_WINDOW_PROBE_ACK = "tcp.analysis.zero_window_probe_ack", "ACK to a TCP Zero Window Probe", NOTE, "RFC 9293, 3.8.6.1";
    /// The data of the SYN is acknowledged with it.
    FAST_OPEN_ACK = "tcp.analysis.tfo_ack", "TCP SYN-ACK accepting TFO data", NOTE, "RFC 7413, 4.2";
    /// The data of the SYN is not acknowledged: it must be sent again.
    FAST_OPEN_IGNORED = "tcp.analysis.tfo_ignored", "TCP SYN-ACK ignoring TFO data", NOTE, "RFC 7413, 4.2";
    /// This side is the first to end the connection.
    pub(super) FIN_ACTIVE = "tcp.connection.fin_active", "This frame initiates the connection closing", NOTE, "RFC 9293, 3.6";
    /// The other side ended the connection before.
    pub(super) FIN_PASSIVE = "tcp.connection.fin_passive", "This frame undergoes the connection closing", NOTE, "RFC 9293, 3.6";
}

/// What the analysis can find, with the remark, and what the summary line says of it.
static FOUND: [(Analysis, &Field, &str); 15] = [
    (analysis::REUSED_PORTS, &REUSED_PORTS, "Port numbers reused"),
    (analysis::FAST_RETRANSMISSION, &FAST_RETRANSMISSION, "Fast Retransmission"),
    (analysis::SPURIOUS_RETRANSMISSION, &SPURIOUS_RETRANSMISSION, "Spurious Retransmission"),
    (analysis::RETRANSMISSION, &RETRANSMISSION, "Retransmission"),
    (analysis::OUT_OF_ORDER, &OUT_OF_ORDER, "Out-Of-Order"),
    (analysis::LOST_SEGMENT, &LOST_SEGMENT, "Previous segment not captured"),
    (analysis::ACK_LOST_SEGMENT, &ACK_LOST_SEGMENT, "ACKed unseen segment"),
    (analysis::WINDOW_UPDATE, &WINDOW_UPDATE, "Window Update"),
    (analysis::WINDOW_FULL, &WINDOW_FULL, "Window Full"),
    (analysis::KEEP_ALIVE, &KEEP_ALIVE, "Keep-Alive"),
    (analysis::KEEP_ALIVE_ACK, &KEEP_ALIVE_ACK, "Keep-Alive ACK"),
    (analysis::DUPLICATE_ACK, &DUPLICATE_ACK, "Dup ACK"),
    (analysis::ZERO_WINDOW_PROBE, &ZERO_WINDOW_PROBE, "ZeroWindowProbe"),
    (analysis::ZERO_WINDOW, &ZERO_WINDOW, "ZeroWindow"),
    (analysis::ZERO_WINDOW_PROBE_ACK, &ZERO_WINDOW_PROBE_ACK, "ZeroWindowProbeAck"),
];

/// A standing with what else is known of its connection and may be told.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct View {
    pub(super) standing: Standing,
    stream: u32,
    completeness: u8,
    /// Nanoseconds since the connection's first packet.
    since: Option<i64>,
    initial: Option<i64>,
    /// Nanoseconds since the packet that is acknowledged, and since the one before.
    round_trip: i64,
    delta: i64,
    timeout: Option<(u32, i64)>,
}

/// What stands under the flags.
pub(super) static ENDS: &[&Field] = &[&FIN_PASSIVE, &FIN_ACTIVE];

impl View {
    /// Reads the records of a segment's note.
    pub(super) fn of(cx: &Cx<'_>, note: u32) -> Option<View> {
        let time = cx.packet.time;
        let (view, parts, first, initial) = cx.record(|connections: &Connections| {
            let mut standing = *connections.standing(note)?;
            let connection = connections.connection(&standing)?;
            let extra = connections.extra(&standing);
            let (round_trip, delta) = extra
                .map_or((standing.round_trip.into(), standing.delta.into()), |extra| {
                    (extra.round_trip, extra.delta)
                });
            let timeout = extra.and_then(|extra| extra.timeout);
            if cx.is_absolute() {
                (standing.base, standing.other_base) = (0, 0);
            }
            let first = connection.times.map(|times| times.0);
            let view =
                View { standing, stream: connection.stream, round_trip, delta, timeout, ..View::default() };
            Some((view, connection.parts, first, connection.initial))
        })?;
        let seen = (0..).zip(parts).filter(|(_, packet)| cx.news(*packet).is_some());
        let completeness = seen.map(|(at, _)| 1 << at).sum();
        let initial = initial.filter(|initial| cx.news(initial.1).is_some()).map(|initial| initial.0);
        let since = time.zip(first).and_then(|(time, first)| time.checked_since(first));
        Some(View { completeness, since, initial, ..view })
    }
    /// The sequence number, counted from the connection's first.
    pub(super) fn sequence(&self, header: &Header) -> u32 {
        header.sequence.wrapping_sub(self.standing.base)
    }
    /// The acknowledgment number, counted from the other side's first; as it stands if it is not significant.
    pub(super) fn acknowledgment(&self, header: &Header) -> u32 {
        let base = if header.flags().contains(super::Flags::ACK) { self.standing.other_base } else { 0 };
        header.acknowledgment.wrapping_sub(base)
    }
    /// The window, scaled. That of a SYN never is (RFC 7323, 2.2).
    pub(super) fn window(&self, header: &Header) -> u32 {
        let syn = header.flags().contains(super::Flags::SYN);
        if syn { header.window.into() } else { self.standing.scale.apply(header.window) }
    }
    /// What the window is multiplied with.
    pub(super) fn factor(&self) -> i64 {
        match self.standing.scale {
            Scale::Unknown => -1,
            Scale::Unused => -2,
            Scale::Shift(shift) => super::option::window_scale::multiplier(shift) as i64,
        }
    }
    /// Adds the connection's number.
    pub(super) fn emit_stream(&self, cx: &mut Cx<'_>, place: &[u8]) {
        cx.generated(&STREAM, place, self.stream.into());
        cx.generated(&COMPLETENESS, place, self.completeness.into());
    }
    /// Adds the remark on the answer to a SYN that had data.
    pub(super) fn remark_on_acknowledgment(&self) -> Option<&'static Field> {
        match self.standing.analysis {
            found if found.has(analysis::FAST_OPEN_ACK) => Some(&FAST_OPEN_ACK),
            found if found.has(analysis::FAST_OPEN_IGNORED) => Some(&FAST_OPEN_IGNORED),
            _ => None,
        }
    }
    /// The remark on a FIN.
    pub(super) fn remark_on_end(&self) -> &'static Field {
        if self.standing.analysis.has(analysis::FIN_PASSIVE) { &FIN_PASSIVE } else { &FIN_ACTIVE }
    }
    /// Adds times and analysis, at the begin of the segment.
    pub(super) fn emit_end(&self, cx: &mut Cx<'_>, place: &[u8]) {
        if let Some(since) = self.since {
            cx.group_generated(&TIMESTAMPS, place, |cx| {
                cx.generated(&TIME_RELATIVE, place, since as u64);
                cx.generated(&TIME_DELTA, place, self.delta as u64);
            });
        }
        let said = Analysis(analysis::MARKED.0 | analysis::IN_FLIGHT.0 | analysis::ACKNOWLEDGES.0);
        if self.standing.analysis.has(said) {
            cx.group_generated(&ANALYSIS, place, |cx| self.emit_analysis(cx, place));
        }
    }
    fn emit_analysis(&self, cx: &mut Cx<'_>, place: &[u8]) {
        let Standing { analysis: found, counts, acknowledged, .. } = self.standing;
        if found.has(analysis::ACKNOWLEDGES) {
            cx.generated(&ACKS_FRAME, place, acknowledged.into());
            // None at all is less than the capture's clock can tell.
            if self.round_trip != 0 {
                cx.generated(&ACK_RTT, place, self.round_trip as u64);
            }
        }
        if let Some(initial) = self.initial.filter(|initial| *initial != 0) {
            cx.generated(&INITIAL_RTT, place, initial as u64);
        }
        if found.has(analysis::IN_FLIGHT) {
            if counts.0 > 0 {
                cx.generated(&IN_FLIGHT, place, counts.0.into());
            }
            cx.generated(&PUSHED, place, counts.1.into());
        }
        if !found.has(analysis::MARKED) {
            return;
        }
        cx.group_generated(&FLAGS, place, |cx| {
            for (flag, field, _) in &FOUND {
                if found.has(*flag) {
                    cx.generated(field, place, 0);
                }
            }
            if let Some((packet, time)) = self.timeout {
                cx.generated(&RTO, place, time as u64);
                cx.generated(&RTO_FRAME, place, packet.into());
            }
        });
        if found.has(analysis::DUPLICATE_ACK) {
            cx.generated(&DUPLICATE_NUMBER, place, counts.1.into());
            cx.group_generated_with(&DUPLICATE_FRAME, place, counts.0.into(), |cx| {
                cx.generated(&DUPLICATE_REMARK, place, counts.1.into());
            });
        }
    }
    /// Writes what the analysis found in front of the summary line. Answers whether it found anything.
    pub(super) fn write_line(&self, info: &mut Out) -> bool {
        let found = self.standing.analysis;
        if !found.has(analysis::MARKED) {
            return false;
        }
        for (flag, _, words) in FOUND.iter().rev() {
            let of_a_kind = Analysis(analysis::FAST_RETRANSMISSION.0 | analysis::SPURIOUS_RETRANSMISSION.0);
            if !found.has(*flag) || *flag == analysis::RETRANSMISSION && found.has(of_a_kind) {
                continue;
            }
            info.str("[TCP ").str(words);
            if *flag == analysis::DUPLICATE_ACK {
                let (packet, number) = self.standing.counts;
                info.byte(b' ').dec(packet.into()).byte(b'#').dec(number.into());
            }
            info.str("] ");
        }
        true
    }
}

fn write_sequence(item: Item<'_>, out: &mut Out) {
    out.tell(item).str(if item.dissection.tree.absolute { "" } else { "    (relative sequence number)" });
}

fn write_acknowledgment(item: Item<'_>, out: &mut Out) {
    out.tell(item);
    if item.dissection.tree.absolute {
        return;
    }
    // The flags stand behind it; without the flag its number is no acknowledgment.
    let mut behind = (item.index..).map_while(|at| item.dissection.item(at)).inspect(|next| out.sees(*next));
    let flags = behind.find(|next| next.node.field == &super::flags::FLAGS);
    if flags.is_some_and(|flags| super::Flags(flags.node.value as u16).contains(super::Flags::ACK)) {
        out.str("    (relative ack number)");
    }
}

fn write_factor(item: Item<'_>, out: &mut Out) {
    match item.node.value as i64 {
        -1 => out.str("-1 (unknown)"),
        -2 => out.str("-2 (no window scaling used)"),
        factor => out.dec(factor as u64),
    };
}

fn write_duplicate(item: Item<'_>, out: &mut Out) {
    out.str(" (#").dec(item.node.value).byte(b')');
}

fn write_completeness(item: Item<'_>, out: &mut Out) {
    // A handshake with data is complete when it ends; the lower bits are those of `Part`.
    let value = item.node.value;
    let (handshake, data, ended) = (value & 7 == 7, value & 8 != 0, value & 0x30 != 0);
    out.str(match value {
        1 => "Incomplete, SYN_SENT",
        3 => "Incomplete, CLIENT_ESTABLISHED",
        _ if !handshake => "Incomplete",
        _ if ended && data => "Complete, WITH_DATA",
        _ if ended => "Complete, NO_DATA",
        _ if data => "Incomplete, DATA",
        _ => "Incomplete, ESTABLISHED",
    });
    out.str(" (").dec(value).byte(b')');
}
