//! What is known of the packet that is being dissected, and how the tree shows it.
//!
//! Where Wireshark has a field, it is that one, with its values when its TSNs are absolute. What later packets brought is shown
//! as far as [`Cx::news`] allows.

use super::event::Cause;
use super::learn::remark;
use super::tsn::{More, SIDE, Seen, Sent, after};
use super::{Associations, Purpose, Remark};
use crate::proto::sctp::chunk::{self, Chunk, Data, IData, data};
use crate::proto::sctp::{Packet, SUM_FIELDS, ppid};
use crate::tree::Item;
use crate::{Area, Codes, Cx, Field, Out, Severity, Show, fields};

fields! {
    /// Which association the packet belongs to, counted from 0.
    pub INDEX = "sctp.assoc_index", "Association index", Show::u16(), "sctpdump";
    /// The packet that sent the TSN first.
    pub RETRANSMISSION = "sctp.retransmission", "This TSN is a retransmission of one in frame", Show::packet(), "RFC 9260, 6.3.3";
    /// The chunk was sent before.
    pub RETRANSMISSION_NOTE = "sctp.retransmission.expert", "Retransmitted TSN",
        Show::expert(Severity::Note, Area::Sequence), "RFC 9260, 6.3.3";
    /// How long after the TSN was sent first.
    pub RETRANSMISSION_TIME = "sctp.retransmission_time", "Retransmitted after",
        Show::duration().unit(" seconds"), "RFC 9260, 6.3.3";
    /// The packet that had acknowledged the TSN before it was sent again.
    pub AFTER_ACK = "sctp.retransmitted_after_ack", "Chunk was acked prior to retransmission", Show::packet(), "RFC 9260, 6.2.1";
    /// The TSN had been acknowledged already: the acknowledgement was lost or taken back, or the timer was too short.
    pub AFTER_ACK_NOTE = "sctp.retransmitted_after_ack.expert",
        "This TSN was acked prior to this retransmission (reneged ack?).",
        Show::expert(Severity::Warn, Area::Sequence), "RFC 9260, 6.2.1";
    /// How often the TSN was sent again.
    pub COUNT = "sctp.retransmitted_count", "TSN was retransmitted this many times", Show::u32(), "RFC 9260, 6.3.3";
    /// The TSN was sent again more than twice.
    pub MORE_THAN_TWICE = "sctp.retransmission.more_than_twice", "This TSN was retransmitted more than 2 times.",
        Show::expert(Severity::Warn, Area::Sequence), "RFC 9260, 8.2";
    /// A packet that sent the TSN again.
    pub RETRANSMITTED = "sctp.retransmitted", "This TSN is retransmitted in frame", Show::packet().repeats(), "RFC 9260, 6.3.3";
    /// The first packet that acknowledged the TSN.
    pub ACKED = "sctp.acked", "This chunk is acked in frame", Show::packet(), "RFC 9260, 6.2";
    /// From the packet that sent the TSN first to the one that acknowledged it first.
    pub DATA_RTT = "sctp.data_rtt", "The RTT to SACK was", Show::duration().unit(" seconds"), "RFC 9260, 6.3.1";
    /// A TSN that this packet is the first to acknowledge.
    pub ACK = "sctp.ack", "Acknowledges TSN", Show::u32().repeats(), "RFC 9260, 6.2";
    /// The packet that sent that TSN first.
    pub ACK_FRAME = "sctp.ack_frame", "Acknowledges TSN in frame", Show::packet(), "RFC 9260, 6.2";
    /// From that packet to this one.
    pub SACK_RTT = "sctp.sack_rtt", "The RTT since DATA was", Show::duration().unit(" seconds"), "RFC 9260, 6.3.1";
    /// A message whose last missing piece this chunk is.
    pub FRAGMENTS = "sctp.fragments", "Reassembled SCTP Fragments", Show::group().write(write_fragments), "RFC 9260, 6.9";
    /// A packet that brought a piece.
    pub FRAGMENT = "sctp.fragment", "SCTP Fragment", Show::packet().repeats(), "RFC 9260, 6.9";
    /// The packet that completes the message.
    pub REASSEMBLED_IN = "sctp.reassembled_in", "Reassembled Message in frame", Show::packet(), "RFC 9260, 6.9";
    /// Why the TSN was sent again, as far as the packets tell.
    pub CAUSE = "sctp.analysis.retransmission_cause", "Cause of the retransmission", Show::u8().codes(&CAUSES), "RFC 9260, 6.3.3";
    /// The retransmission was without need: the receiver reported it as duplicate, or acknowledged the TSN sooner after than
    /// any before.
    pub SPURIOUS = "sctp.analysis.spurious", "The retransmission was not needed", Show::expert(Severity::Note, Area::Sequence),
        "RFC 9260, 6.3.3";
    /// How many bytes of messages are not acknowledged yet, of what the receiver of this packet sent.
    pub IN_FLIGHT = "sctp.analysis.bytes_in_flight", "Bytes in flight after this acknowledgement",
        Show::u32().unit(" bytes"), "RFC 9260, 6.1";
    /// How many TSNs are acknowledged that the capture does not have.
    pub MISSING = "sctp.analysis.acked_missing", "Acknowledged TSNs that are not in the capture", Show::u32(), "RFC 9260, 6.2";
    /// How many TSNs were acknowledged in gap blocks and are not any more.
    pub RENEGED = "sctp.analysis.reneged", "TSNs taken back that gap blocks had acknowledged", Show::u32(), "RFC 9260, 6.2";
    /// The acknowledgement brings nothing but more room.
    pub WINDOW_UPDATE = "sctp.analysis.window_update", "Window update", Show::expert(Severity::Chat, Area::Sequence), "RFC 9260, 6.2";
    /// The chunk is sent though the receiver can take none: it asks for its window.
    pub PROBE = "sctp.analysis.zero_window_probe", "Zero window probe", Show::expert(Severity::Note, Area::Sequence), "RFC 9260, 6.1";
    /// New messages take another path than before, and why.
    pub SWITCH = "sctp.analysis.path_switch", "New messages take another path", Show::u8().codes(&SWITCHES), "RFC 9260, 6.4";
    /// The chunk was sent before, in the same handshake or shutdown.
    pub AGAIN = "sctp.analysis.control_retransmission", "The chunk was sent before", Show::expert(Severity::Note, Area::Sequence),
        "RFC 9260, 5.1";
    /// The packet with the HEARTBEAT ACK.
    pub HEARTBEAT_ACKED = "sctp.analysis.heartbeat_acked_in", "This HEARTBEAT is answered in frame", Show::packet(), "RFC 9260, 8.3";
    /// From the HEARTBEAT to its answer.
    pub HEARTBEAT_RTT = "sctp.analysis.heartbeat_rtt", "Time since the HEARTBEAT", Show::duration().unit(" seconds"), "RFC 9260, 8.3";
    /// The receiver did not choose this tag: it drops the packet.
    pub WRONG_TAG = "sctp.analysis.wrong_verification_tag", "The verification tag is not the receiver's",
        Show::expert(Severity::Warn, Area::Protocol), "RFC 9260, 8.5";
    /// The stream is beyond the number that both sides agreed on.
    pub BAD_STREAM = "sctp.analysis.stream_invalid", "The stream is beyond the negotiated number",
        Show::expert(Severity::Warn, Area::Protocol), "RFC 9260, 3.3.10.1";
    /// A side that shuts down sends no new messages.
    pub AFTER_SHUTDOWN = "sctp.analysis.data_after_shutdown", "New DATA after a SHUTDOWN of the same side",
        Show::expert(Severity::Warn, Area::Protocol), "RFC 9260, 9.2";
    /// The T bit says that the tag is the sender's own. It is not, or the tag is and the bit is not set.
    pub T_BIT = "sctp.analysis.t_bit", "The T bit does not fit the verification tag",
        Show::expert(Severity::Warn, Area::Protocol), "RFC 9260, 8.5.1";
    /// Both sides asked for the association at once.
    pub COLLISION = "sctp.analysis.init_collision", "Both sides sent an INIT", Show::expert(Severity::Chat, Area::Sequence),
        "RFC 9260, 5.2.1";
    /// The association takes the place of one that had not ended: its index.
    pub RESTART = "sctp.analysis.restart_of", "Restart of association", Show::u32(), "RFC 9260, 5.2.2";
}

/// The values of [`CAUSE`].
static CAUSES: Codes = Codes {
    unknown: "Unknown",
    names: &[
        (Cause::T3 as u64, "timeout (T3-rtx)"),
        (Cause::Fast as u64, "fast retransmit"),
        (Cause::Failover as u64, "sent on another path"),
        (Cause::AfterAck as u64, "acknowledged before"),
        (Cause::Copy as u64, "not sent again: a copy of the packet"),
    ],
};

/// The values of [`SWITCH`].
static SWITCHES: Codes = Codes {
    unknown: "Unknown",
    names: &[
        (super::SwitchCause::T3 as u64, "retransmissions on the path before"),
        (super::SwitchCause::Heartbeat as u64, "a HEARTBEAT on the path before was not answered"),
        (super::SwitchCause::SetPrimary as u64, "the peer set its primary address"),
        (super::SwitchCause::FailBack as u64, "back to the first path"),
        (super::SwitchCause::Followed as u64, "the peer's messages come that way"),
        (super::SwitchCause::Unknown as u64, "no cause seen"),
        (super::SwitchCause::Deleted as u64, "an address of the path before was deleted"),
    ],
};

/// What became of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Its receiver took it, as far as can be told.
    Arrived,
    /// Its checksum is wrong: its receiver drops it, RFC 9260, 6.8.
    Spoilt,
    /// Its receiver says in a PKTDROP that it was dropped.
    Dropped,
    /// It did not get there: ICMP quotes it.
    Undelivered,
}

/// What is known of a packet, and of which of its chunks the walk has come to.
#[derive(Debug, Default)]
#[allow(clippy::struct_excessive_bools, reason = "each says something else")]
pub struct Known {
    /// The number of its record.
    note: u32,
    seen: Option<Seen>,
    /// How many remarks there are on it.
    remarks: u32,
    /// Whether what is known goes into the tree.
    tells: bool,
    /// Whether messages that nobody learns from have no records.
    counts: bool,
    /// While learning: whether others may learn from the packet's chunks.
    carries: bool,
    /// The index of the association of a packet that did not arrive.
    lost: Option<u32>,
    /// How many DATA and I-DATA chunks came before.
    data: u8,
    /// The number of the record of the next one.
    sent: u32,
    /// How many acknowledgements came before.
    acks: u8,
    /// The number of the record of the message that this chunk is a piece of, with one added.
    whole: u32,
    /// Whether nobody reads what the chunks carry.
    leaves_payloads: bool,
}

impl Known {
    /// Learns from a packet, or recalls what was learnt.
    pub(in super::super) fn of(cx: &mut Cx<'_>, packet: &Packet<'_>, fate: Fate) -> Known {
        if fate != Fate::Arrived {
            return Known::of_lost(cx, packet, fate);
        }
        let tells = cx.wants(FIELDS);
        let asks = tells
            || cx.learns()
            || cx.wants(SUM_FIELDS)
            || (cx.has_line() || cx.shows_carried()) && chunk::has_data(packet.chunk_bytes());
        if !asks {
            return Known::default();
        }
        let learning = cx.learning();
        // Whoever shows the packet walks its messages anyway.
        let teaches = ppid::teachers(cx);
        let teaches = learning.then_some(&teaches as &dyn Fn(u32) -> bool);
        let mut known = Known { tells, ..Known::default() };
        let note = cx.remember(packet.bytes, |state: &mut Associations, here| {
            let note = state.learn(packet, &here, teaches);
            known.counts = state.purpose == Purpose::Counts;
            known.carries = state.carries;
            // Where only learning goes on, the records are read by whoever comes to the chunks.
            if !learning || known.carries {
                (known.seen, known.remarks) = state.log.with_remarks(note);
            }
            note
        });
        known.note = note.unwrap_or(u32::MAX);
        if !cx.learns() {
            let recalled = cx.record(|state: &Associations| Some(state.log.with_remarks(known.note)));
            (known.seen, known.remarks) = recalled.unwrap_or_default();
            if known.seen.is_none() {
                return Known::of_lost(cx, packet, Fate::Spoilt);
            }
        }
        known.sent = known.seen.map_or(0, |seen| seen.sent);
        known
    }
    /// The same of a packet that did not arrive. Its note stands at its tag: at its begin stands that of one that did.
    fn of_lost(cx: &mut Cx<'_>, packet: &Packet<'_>, fate: Fate) -> Known {
        let learn = |state: &mut Associations, here| state.learn_lost(packet, here, fate);
        let at = packet.bytes.get(4..).unwrap_or(packet.bytes);
        let index = if cx.quoted { cx.remember_quoted(at, learn) } else { cx.remember(at, learn) };
        Known { lost: index.filter(|index| *index != u32::MAX), ..Known::default() }
    }
    /// Says whether nobody reads what the chunks carry.
    pub(in super::super) fn leave_payloads(&mut self, leaves: bool) {
        self.leaves_payloads = leaves;
    }
    /// Whether that was said.
    pub(in super::super) fn leaves_payloads(&self) -> bool {
        self.leaves_payloads
    }
    /// While learning: whether others may learn from the packet's chunks.
    pub(in super::super) fn carries(&self) -> bool {
        self.carries
    }
    /// Whether the packet was learnt from.
    pub(in super::super) fn is_learnt(&self) -> bool {
        self.seen.is_some()
    }
    /// Whether the packet has no checksum and its receiver accepts that.
    pub(in super::super) fn accepts_zero(&self, cx: &mut Cx<'_>) -> bool {
        let mut accepts = false;
        self.remarks(cx, |_, remark| accepts |= remark.kind == remark::ZERO_CHECKSUM);
        accepts
    }
    /// Adds what is known of the packet as a whole. `tag` is its verification tag.
    pub(in super::super) fn emit_packet(&self, cx: &mut Cx<'_>, at: &[u8], tag: &[u8]) {
        if let Some(index) = self.lost {
            cx.generated(&INDEX, at, index.into());
        }
        let Some(seen) = self.seen.filter(|_| self.tells) else { return };
        cx.generated(&INDEX, at, (seen.association & !SIDE).into());
        self.remarks(cx, |cx, remark| match remark.kind {
            remark::WRONG_TAG => cx.expert(&WRONG_TAG, tag),
            remark::COLLISION => cx.expert(&COLLISION, at),
            remark::RESTART => cx.generated(&RESTART, at, remark.value),
            _ => {}
        });
    }
    /// Runs over the remarks on the packet.
    fn remarks(&self, cx: &mut Cx<'_>, mut each: impl FnMut(&mut Cx<'_>, Remark)) {
        let first = self.seen.map_or(0, |seen| seen.remarks);
        for number in (0..self.remarks).map(|at| first.wrapping_add(at)) {
            if let Some(remark) = cx.record(|state: &Associations| state.log.remarks.of(number).copied()) {
                each(cx, remark);
            }
        }
    }
    /// Adds what is known of a chunk that is neither DATA nor an acknowledgement.
    pub(in super::super) fn emit_control(&self, cx: &mut Cx<'_>, chunk: &Chunk<'_>) {
        let (at, number) = (chunk.bytes.get(..0).unwrap_or(&[]), chunk.number);
        if !self.tells {
            return;
        }
        self.remarks(cx, |cx, remark| match remark.kind {
            remark::AGAIN if AGAIN_TYPES.get(usize::from(remark.chunk)) == Some(&number) => {
                cx.expert(&AGAIN, at);
            }
            remark::HEARTBEAT if number == chunk::heartbeat::TYPE.number => {
                let answer = remark.value.checked_sub(1);
                let answer = answer
                    .and_then(|number| cx.record(|state: &Associations| state.log.packet(number as u32)));
                if let Some(packet) = answer.and_then(|packet| cx.news(packet)) {
                    cx.generated(&HEARTBEAT_ACKED, at, packet);
                }
            }
            remark::HEARTBEAT_ACK if number == chunk::heartbeat::ACK.number => {
                cx.generated(&HEARTBEAT_RTT, at, remark.value);
            }
            remark::T_BIT
                if number == chunk::abort::TYPE.number || number == chunk::shutdown_complete::TYPE.number =>
            {
                cx.expert(&T_BIT, chunk.bytes.get(1..2).unwrap_or(at));
            }
            _ => {}
        });
    }

    /// Goes past a DATA or I-DATA chunk that nobody learns from. Answers whether it did.
    pub(in super::super) fn pass(&mut self, chunk: &Chunk<'_>) -> bool {
        let cut = is_cut(chunk);
        if self.seen.is_some() && !cut && !self.counts {
            self.sent = self.sent.wrapping_add(1);
            self.data = self.data.saturating_add(1);
        }
        !cut
    }
    /// Adds the TSN of a DATA or I-DATA chunk and what is known of it. Answers whether it was sent before.
    pub(in super::super) fn dissect_tsn(&mut self, cx: &mut Cx<'_>, chunk: &Chunk<'_>) -> bool {
        let Some(bytes) = chunk.value.get(..4) else { return false };
        let tsn = u32::from_be_bytes(*bytes.first_chunk().unwrap_or(&[0; 4]));
        let (number, ordinal) = (self.sent, self.data);
        let sent = self.seen.filter(|_| !is_cut(chunk)).and_then(|_| {
            cx.record(|state: &Associations| {
                state.log.sent.of(number).filter(|sent| sent.seen == self.note).copied()
            })
        });
        if sent.is_some() {
            self.sent = self.sent.wrapping_add(1);
            self.data = self.data.saturating_add(1);
        }
        let more = sent
            .filter(|sent| sent.more != 0)
            .and_then(|sent| cx.record(|state: &Associations| state.log.more_of(&sent)));
        let again = more.is_some_and(|more| more.first != 0);
        self.whole = more.map_or(0, |more| more.whole);
        if cx.showing() {
            cx.group_with(&data::TSN, bytes, tsn.into(), |cx| {
                if let (Some(seen), Some(sent), true) = (self.seen, sent, self.tells) {
                    let at = Place { chunk: chunk.bytes.get(..0).unwrap_or(&[]), field: bytes };
                    emit_sent(cx, &at, number, &seen, &sent, &more.unwrap_or_default());
                    self.emit_data_remarks(cx, at.chunk, ordinal);
                }
            });
        }
        again
    }
    /// Shows how a message was put together that this piece completes, and walks it; or where it is completed. Answers
    /// whether it did.
    pub(in super::super) fn dissect_piece(
        &self,
        cx: &mut Cx<'_>,
        payload: &[u8],
        walk: impl FnOnce(&mut Cx<'_>, u32, &[u8]),
    ) -> bool {
        let Some(number) = self.whole.checked_sub(1) else { return false };
        let last =
            cx.record(|state: &Associations| state.log.wholes.of(number).map(|one| (one.packet, one.sent)));
        let Some((packet, last)) = last else { return false };
        if last != self.sent.wrapping_sub(1) {
            if let Some(packet) = cx.news(packet) {
                cx.generated(&REASSEMBLED_IN, payload.get(..0).unwrap_or(&[]), packet);
            }
            return false;
        }
        let whole = cx.record(|state: &Associations| {
            let whole = state.log.wholes.of(number)?;
            Some((whole.ppid, whole.parts.clone(), whole.bytes.clone()))
        });
        let Some((ppid, parts, bytes)) = whole else { return false };
        let group = cx.place_of_next();
        cx.group_with(&FRAGMENTS, payload, (bytes.len() as u64) << 32 | parts.len() as u64, |_| {});
        cx.source("Reassembled SCTP message", bytes, |cx, bytes| {
            cx.append(group, |cx| {
                for part in &parts {
                    let end = part.at.saturating_add(part.len) as usize;
                    cx.generated(&FRAGMENT, bytes.get(part.at as usize..end).unwrap_or(&[]), part.packet);
                }
            });
            walk(cx, ppid, bytes);
        });
        true
    }
    fn emit_data_remarks(&self, cx: &mut Cx<'_>, at: &[u8], ordinal: u8) {
        self.remarks(cx, |cx, remark| match remark.kind {
            _ if remark.chunk != ordinal => {}
            remark::PROBE => cx.expert(&PROBE, at),
            remark::SWITCH => cx.generated(&SWITCH, at, remark.value >> 32),
            remark::BAD_STREAM => cx.expert(&BAD_STREAM, at),
            remark::AFTER_SHUTDOWN => cx.expert(&AFTER_SHUTDOWN, at),
            _ => {}
        });
    }

    /// Adds the cumulative TSN of an acknowledgement, with the TSNs that it is the first to acknowledge. Those of its gap
    /// blocks are left in the answer.
    pub(in super::super) fn dissect_ack(
        &mut self,
        cx: &mut Cx<'_>,
        chunk: &Chunk<'_>,
        field: &'static Field,
    ) -> Acks {
        let mut acks = Acks::default();
        let Some(bytes) = chunk.value.get(..4).filter(|_| cx.showing()) else { return acks };
        let upto = u32::from_be_bytes(*bytes.first_chunk().unwrap_or(&[0; 4]));
        let ordinal = self.acks;
        self.acks = self.acks.saturating_add(1);
        acks.time = self.seen.map_or(0, |seen| seen.time);
        if !self.tells {
            cx.leaf(field, bytes, upto.into());
            return acks;
        }
        cx.group_with(field, bytes, upto.into(), |cx| {
            let at = chunk.bytes.get(..0).unwrap_or(&[]);
            self.remarks(cx, |_, remark| {
                if remark.kind == remark::ACKS && remark.chunk == ordinal {
                    acks.next = remark.value as u32;
                }
            });
            acks.emit(cx, chunk, bytes, upto.wrapping_sub(1 << 30), upto);
            self.remarks(cx, |cx, remark| match remark.kind {
                _ if remark.chunk != ordinal => {}
                remark::ACKS => cx.generated(&IN_FLIGHT, at, remark.value >> 32),
                remark::MISSING => cx.generated(&MISSING, at, remark.value),
                remark::RENEGED => cx.generated(&RENEGED, at, remark.value >> 32),
                remark::WINDOW_UPDATE => cx.expert(&WINDOW_UPDATE, at),
                _ => {}
            });
        });
        acks
    }
}

/// Whether the fixed part of a DATA or I-DATA chunk is cut: then it has no record.
fn is_cut(chunk: &Chunk<'_>) -> bool {
    chunk.value.len() < if chunk.number == data::TYPE.number { Data::LEN } else { IData::LEN }
}

/// The chunks that [`AGAIN`] is about, in the order of their counters.
const AGAIN_TYPES: [u8; 3] =
    [chunk::init::TYPE.number, chunk::cookie::ECHO.number, chunk::shutdown::TYPE.number];

/// Where fields stand that no bytes say: Wireshark places some at the sum of the places of the chunk and of the field, which
/// may be beyond the packet. As they have no bytes, it is harmless, and comparing stays exact.
struct Place<'b> {
    chunk: &'b [u8],
    field: &'b [u8],
}

impl Place<'_> {
    fn sum(&self, cx: &Cx<'_>) -> u32 {
        cx.offset(self.chunk).saturating_add(cx.offset(self.field))
    }
}

/// Adds what is known of a chunk: what it sends again, where it is sent again, where it is acknowledged.
fn emit_sent(cx: &mut Cx<'_>, at: &Place<'_>, number: u32, seen: &Seen, sent: &Sent, more: &More) {
    let place = at.sum(cx);
    let first = if more.first == 0 { Some((*seen, *sent)) } else { read(cx, more.first.wrapping_sub(1)) };
    let Some((first_seen, first)) = first else { return };
    let acked = first
        .acked
        .checked_sub(1)
        .and_then(|number| cx.record(|state: &Associations| state.log.seen.of(number).copied()));
    if more.first != 0 {
        cx.group_generated_at(&RETRANSMISSION, place, first_seen.packet.into(), |cx| {
            cx.expert(&RETRANSMISSION_NOTE, at.chunk);
            cx.generated(&RETRANSMISSION_TIME, at.chunk, seen.time.wrapping_sub(first_seen.time) as u64);
            if let (Some(Cause::AfterAck), Some(acked)) = (more.cause, acked) {
                let start = cx.offset(at.chunk);
                cx.group_generated_at(&AFTER_ACK, start, acked.packet.into(), |cx| {
                    cx.expert(&AFTER_ACK_NOTE, at.chunk);
                });
            }
            cx.generated(&CAUSE, at.chunk, more.cause.map_or(0, |cause| cause as u64));
            let duplicate = more
                .duplicate
                .checked_sub(1)
                .and_then(|number| cx.record(|state: &Associations| state.log.packet(number)));
            let soon = acked.filter(|_| more.too_soon).map(|acked| u64::from(acked.packet));
            if [duplicate, soon].into_iter().flatten().any(|packet| cx.news(packet).is_some()) {
                cx.expert(&SPURIOUS, at.chunk);
            }
        });
    } else if more.last != 0 {
        emit_copies(cx, at, place, number, more);
    }
    if let Some(acked) = acked.filter(|acked| cx.news(acked.packet.into()).is_some()) {
        cx.group_generated_at(&ACKED, place, acked.packet.into(), |cx| {
            cx.generated(&DATA_RTT, at.chunk, acked.time.wrapping_sub(first_seen.time) as u64);
        });
    }
}

/// Adds where a chunk was sent again.
fn emit_copies(cx: &mut Cx<'_>, at: &Place<'_>, place: u32, number: u32, more: &More) {
    let each = |cx: &mut Cx<'_>, run: &mut dyn FnMut(&mut Cx<'_>, u64)| {
        let mut next = more.next;
        while let Some((seen, sent)) =
            next.checked_sub(1).filter(|next| *next != number).and_then(|next| read(cx, next))
        {
            let Some(packet) = cx.news(seen.packet.into()) else { return };
            run(cx, packet);
            next = cx.record(|state: &Associations| state.log.more_of(&sent)).map_or(0, |more| more.next);
        }
    };
    let mut count = 0;
    each(cx, &mut |_, _| count += 1);
    if count > 0 {
        cx.group_generated_at(&COUNT, place, count, |cx| {
            if count > 2 {
                cx.expert(&MORE_THAN_TWICE, at.chunk);
            }
            each(cx, &mut |cx, packet| cx.generated(&RETRANSMITTED, at.chunk, packet));
        });
    }
}

/// The record of a chunk, and that of its packet.
fn read(cx: &Cx<'_>, number: u32) -> Option<(Seen, Sent)> {
    cx.record(|state: &Associations| {
        let sent = state.log.sent.of(number)?;
        Some((*state.log.seen.of(sent.seen)?, *sent))
    })
}

/// The chunks that an acknowledgement is the first to acknowledge, as far as they are not shown yet.
#[derive(Debug, Default)]
pub struct Acks {
    /// The number of the record of the next one, with one added.
    next: u32,
    /// The time of the acknowledgement.
    time: i64,
}

impl Acks {
    /// Adds those of the next ones that are in a range.
    pub(in super::super) fn emit(
        &mut self,
        cx: &mut Cx<'_>,
        chunk: &Chunk<'_>,
        field: &[u8],
        first: u32,
        last: u32,
    ) {
        let at = Place { chunk: chunk.bytes.get(..0).unwrap_or(&[]), field };
        while let Some((seen, sent)) = self.next.checked_sub(1).and_then(|next| read(cx, next)) {
            if after(first, sent.tsn) || after(sent.tsn, last) {
                return;
            }
            self.next = sent.next;
            let place = at.sum(cx);
            cx.group_generated_at(&ACK, place, sent.tsn.into(), |cx| {
                cx.generated(&ACK_FRAME, at.chunk, seen.packet.into());
                cx.generated(&SACK_RTT, at.chunk, self.time.wrapping_sub(seen.time) as u64);
            });
        }
    }
}

fn write_fragments(item: Item<'_>, out: &mut Out) {
    let (bytes, pieces) = (item.node.value >> 32, item.node.value & 0xffff_ffff);
    out.str(" (").dec(bytes).str(" bytes, ").dec(pieces).str(" fragments)");
}
