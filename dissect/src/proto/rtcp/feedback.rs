//! Feedback: RFC 4585, the codec control messages of RFC 5104, and the drafts of REMB and transport-wide congestion control
//! that WebRTC speaks.

use super::{MEDIA, SENDER};
use crate::header::number;
use crate::proto::icmpv6::layout::{Cell, cell, row};
use crate::{Base, Codes, Cx, Malformed, Show, fields};

pub(super) static RTP_FORMATS: Codes = Codes {
    unknown: "Unknown",
    names: &[
        (NACK, "Generic negative acknowledgement (NACK)"),
        (TMMBR, "Temporary Maximum Media Stream Bit Rate Request (TMMBR)"),
        (TMMBN, "Temporary Maximum Media Stream Bit Rate Notification (TMMBN)"),
        (TRANSPORT_CC, "Transport-wide Congestion Control (Transport-cc)"),
        (31, "Reserved for future extensions"),
    ],
};
pub(super) static PAYLOAD_FORMATS: Codes = Codes {
    unknown: "Unknown",
    names: &[
        (PLI, "Picture Loss Indication"),
        (SLI, "Slice Loss Indication"),
        (3, "Reference Picture Selection Indication"),
        (FIR, "Full Intra Request (FIR) Command"),
        (5, "Temporal-Spatial Trade-off Request (TSTR)"),
        (6, "Temporal-Spatial Trade-off Notification (TSTN)"),
        (7, "Video Back Channel Message (VBCM)"),
        (ALFB, "Application Layer Feedback"),
        (31, "Reserved for future extensions"),
    ],
};

const NACK: u64 = 1;
const TMMBR: u64 = 3;
const TMMBN: u64 = 4;
const TRANSPORT_CC: u64 = 15;
const PLI: u64 = 1;
const SLI: u64 = 2;
const FIR: u64 = 4;
const ALFB: u64 = 15;

/// The short names of payload-specific feedback, for the summary line.
pub(super) fn short_name(format: u8) -> &'static str {
    match format {
        1 => "PLI",
        2 => "SLI",
        3 => "RPSI",
        4 => "FIR",
        5 => "TSTR",
        6 => "TSTN",
        7 => "VBCM",
        15 => "ALFB",
        31 => "Reserved",
        _ => "Unknown",
    }
}

fields! {
    /// Feedback that is not known here.
    CONTROL = "rtcp.fci", "Feedback Control Information (FCI)", Show::bytes(), "RFC 4585, 6.1";
    /// A packet that was lost.
    LOST = "rtcp.rtpfb.nack_pid", "RTCP Transport Feedback NACK PID", Show::u16().repeats(), "RFC 4585, 6.2.1";
    /// Which of the next 16 packets were lost too.
    ALSO_LOST = "rtcp.rtpfb.nack_blp", "RTCP Transport Feedback NACK BLP", Show::u16().hex().repeats(), "RFC 4585, 6.2.1";
    /// A limit of the bit rate.
    LIMIT = "rtcp.rtpfb.tmmbr.fci", "Bit rate limit", Show::group().repeats(), "RFC 5104, 4.2.1.1";
    /// Whose bit rate is limited.
    LIMIT_SOURCE = "rtcp.rtpfb.tmmbr.fci.ssrc", "SSRC", Show::u32().base(Base::HexDec), "RFC 5104, 4.2.1.1";
    /// How many places the mantissa is shifted.
    LIMIT_EXPONENT = "rtcp.rtpfb.tmmbr.fci.exp", "MxTBR Exp", Show::u8().mask(0xfc), "RFC 5104, 4.2.1.1";
    /// The mantissa of the bit rate.
    LIMIT_MANTISSA = "rtcp.rtpfb.tmmbr.fci.mantissa", "MxTBR Mantissa", Show::u24().mask(0x3fffe), "RFC 5104, 4.2.1.1";
    /// The overhead of a packet in bytes.
    OVERHEAD = "rtcp.rtpfb.tmmbr.fci.measuredoverhead", "Measured Overhead", Show::u16().mask(0x1ff), "RFC 5104, 4.2.1.1";
    /// Which packets came when.
    ARRIVALS = "rtcp.rtpfb.transportcc", "Transport-wide feedback", Show::group(), "draft-holmer-rmcat-transport-wide-cc-extensions-01, 3.1";
    /// The first packet that is told of.
    FIRST_PACKET = "rtcp.rtpfb.transportcc.baseseq", "Base Sequence Number", Show::u16().base(Base::DecHex), "draft-holmer-rmcat-transport-wide-cc-extensions-01, 3.1";
    /// Of how many packets is told.
    STATUS_COUNT = "rtcp.rtpfb.transportcc.statuscount", "Packet Status Count", Show::u16().base(Base::DecHex), "draft-holmer-rmcat-transport-wide-cc-extensions-01, 3.1";
    /// When the first packet came, in units of 64 ms.
    REFERENCE = "rtcp.rtpfb.transportcc.reftime", "Reference Time", Show::i32(), "draft-holmer-rmcat-transport-wide-cc-extensions-01, 3.1";
    /// Counts the feedback packets.
    FEEDBACK_COUNT = "rtcp.rtpfb.transportcc.pktcount", "Feedback Packets Count", Show::u8().base(Base::DecHex), "draft-holmer-rmcat-transport-wide-cc-extensions-01, 3.1";
    /// Which packets came: a run of one status, or a status for each.
    STATUS_CHUNK = "rtcp.rtpfb.transportcc.pktchunk", "Packet Chunk", Show::u16().base(Base::DecHex).repeats(), "draft-holmer-rmcat-transport-wide-cc-extensions-01, 3.1";
    /// How long after the one before a packet came, in units of 250 µs; as a signed number where it takes two bytes.
    ARRIVAL_DELTA = "rtcp.rtpfb.transportcc.recv_delta", "Recv Delta", Show::u8().hex().repeats(), "draft-holmer-rmcat-transport-wide-cc-extensions-01, 3.1.5";
    /// Zeros up to a multiple of 4 bytes.
    DELTA_PADDING = "rtcp.rtpfb.transportcc.recv_delta.padding", "Recv Delta Padding", Show::u16().hex(), "draft-holmer-rmcat-transport-wide-cc-extensions-01, 3.1";
    /// A slice that was lost.
    SLICE = "rtcp.psfb.sli", "Slice loss", Show::group().repeats(), "RFC 4585, 6.3.2";
    /// The first macroblock that was lost.
    FIRST_MACROBLOCK = "rtcp.psfb.fir.sli.first", "First MB", Show::u32().mask(0xfff8_0000), "RFC 4585, 6.3.2";
    /// How many macroblocks were lost.
    MACROBLOCKS = "rtcp.psfb.fir.sli.number", "Number of MBs", Show::u32().mask(0x7_ffc0), "RFC 4585, 6.3.2";
    /// In which picture they were lost.
    PICTURE = "rtcp.psfb.fir.sli.picture_id", "Picture ID", Show::u32().mask(0x3f), "RFC 4585, 6.3.2";
    /// A request of a full picture.
    REQUEST = "rtcp.psfb.fir.fci", "Full Intra Request", Show::group().repeats(), "RFC 5104, 4.3.1.1";
    /// Who is to send it.
    REQUEST_SOURCE = "rtcp.psfb.fir.fci.ssrc", "SSRC", Show::u32().base(Base::HexDec), "RFC 5104, 4.3.1.1";
    /// Counts the requests.
    REQUEST_NUMBER = "rtcp.psfb.fir.fci.csn", "Command Sequence Number", Show::u8(), "RFC 5104, 4.3.1.1";
    /// Must be zero.
    REQUEST_RESERVED = "rtcp.psfb.fir.fci.reserved", "Reserved", Show::u24(), "RFC 5104, 4.3.1.1";
    /// How much the receiver can take.
    ESTIMATE = "rtcp.psfb.remb.fci", "Receiver Estimated Maximum Bitrate", Show::group(), "draft-alvestrand-rmcat-remb-03, 2.2";
    /// Always `REMB`.
    ESTIMATE_NAME = "rtcp.psfb.remb.identifier", "Unique Identifier", Show::text(), "draft-alvestrand-rmcat-remb-03, 2.2";
    /// How many sources it is about.
    ESTIMATE_COUNT = "rtcp.psfb.remb.fci.number_ssrcs", "Number of Ssrcs", Show::u8(), "draft-alvestrand-rmcat-remb-03, 2.2";
    /// How many places the mantissa is shifted.
    ESTIMATE_EXPONENT = "rtcp.psfb.remb.fci.br_exp", "BR Exp", Show::u8().mask(0xfc), "draft-alvestrand-rmcat-remb-03, 2.2";
    /// The mantissa of the bit rate.
    ESTIMATE_MANTISSA = "rtcp.psfb.remb.fci.br_mantissa", "Br Mantissa", Show::u32().mask(0x3_ffff), "draft-alvestrand-rmcat-remb-03, 2.2";
    /// The bit rate in bits per second.
    ESTIMATE_RATE = "rtcp.psfb.remb.fci.rate", "Maximum bit rate", Show::u64().unit(" bit/s"), "draft-alvestrand-rmcat-remb-03, 2.2";
    /// A source that it is about.
    ESTIMATE_SOURCE = "rtcp.psfb.remb.fci.ssrc", "SSRC", Show::u32().base(Base::HexDec).repeats(), "draft-alvestrand-rmcat-remb-03, 2.2";
}

static HEAD: [Cell; 2] = [cell(&SENDER, 4), cell(&MEDIA, 4)];
static ARRIVAL_HEAD: [Cell; 4] =
    [cell(&FIRST_PACKET, 2), cell(&STATUS_COUNT, 2), cell(&REFERENCE, 3), cell(&FEEDBACK_COUNT, 1)];
static REQUEST_CELLS: [Cell; 3] =
    [cell(&REQUEST_SOURCE, 4), cell(&REQUEST_NUMBER, 1), cell(&REQUEST_RESERVED, 3)];

/// Feedback to the transport, RFC 4585, 6.2.
pub(super) fn rtp(cx: &mut Cx<'_>, content: &[u8], format: u8) {
    let Some(rest) = row(cx, content, &HEAD) else { return };
    match u64::from(format) {
        NACK => entries(cx, rest, 4, |cx, own| {
            let (first, mask) = own.split_at_checked(2).unwrap_or((own, &[]));
            let (packet, lost) = (number(first) as u16, number(mask));
            cx.leaf(&LOST, first, packet.into());
            cx.group_with(&ALSO_LOST, mask, lost, |cx| {
                for bit in (0..16).filter(|bit| lost >> bit & 1 == 1) {
                    cx.leaf(&LOST, mask, packet.wrapping_add(bit + 1).into());
                }
            });
        }),
        TMMBR | TMMBN => entries(cx, rest, 8, |cx, own| {
            cx.group(&LIMIT, own, |cx| {
                let at = |from, to| own.get(from..to).unwrap_or(&[]);
                cx.leaf(&LIMIT_SOURCE, at(0, 4), number(at(0, 4)));
                cx.bits(&LIMIT_EXPONENT, at(4, 5), number(at(4, 5)));
                cx.bits(&LIMIT_MANTISSA, at(4, 7), number(at(4, 7)));
                cx.bits(&OVERHEAD, at(6, 8), number(at(6, 8)));
            });
        }),
        TRANSPORT_CC => cx.group(&ARRIVALS, rest, |cx| arrivals(cx, rest)),
        _ => control(cx, rest),
    }
}

/// Feedback to the encoder, RFC 4585, 6.3.
pub(super) fn payload(cx: &mut Cx<'_>, content: &[u8], format: u8) {
    let Some(rest) = row(cx, content, &HEAD) else { return };
    match u64::from(format) {
        SLI => entries(cx, rest, 4, |cx, own| {
            cx.group(&SLICE, own, |cx| {
                cx.flags(&[&FIRST_MACROBLOCK, &MACROBLOCKS, &PICTURE], own, number(own));
            });
        }),
        FIR => entries(cx, rest, 8, |cx, own| {
            cx.group(&REQUEST, own, |cx| row(cx, own, &REQUEST_CELLS));
        }),
        ALFB if rest.starts_with(b"REMB") => cx.group(&ESTIMATE, rest, |cx| estimate(cx, rest)),
        _ => control(cx, rest),
    }
}

fn control(cx: &mut Cx<'_>, rest: &[u8]) {
    if !rest.is_empty() {
        cx.leaf(&CONTROL, rest, 0);
    }
}

/// Runs over entries of one size.
fn entries(cx: &mut Cx<'_>, bytes: &[u8], size: usize, mut show: impl FnMut(&mut Cx<'_>, &[u8])) {
    let mut entries = bytes.chunks_exact(size);
    for own in &mut entries {
        show(cx, own);
    }
    let rest = entries.remainder();
    if !rest.is_empty() {
        cx.malformed(rest, Malformed::short(&CONTROL, 0, size, rest.len()));
    }
}

fn estimate(cx: &mut Cx<'_>, bytes: &[u8]) {
    let at = |from, to| bytes.get(from..to).unwrap_or(&[]);
    let Some((_, sources)) = bytes.split_at_checked(8) else {
        cx.leaf(&ESTIMATE_NAME, at(0, 4), 0);
        return cx.malformed(bytes, Malformed::short(&ESTIMATE_COUNT, 4, 4, bytes.len().saturating_sub(4)));
    };
    let rate = number(at(5, 8));
    cx.leaf(&ESTIMATE_NAME, at(0, 4), 0);
    cx.leaf(&ESTIMATE_COUNT, at(4, 5), number(at(4, 5)));
    cx.bits(&ESTIMATE_EXPONENT, at(5, 6), number(at(5, 6)));
    cx.bits(&ESTIMATE_MANTISSA, at(5, 8), rate);
    let (exponent, mantissa) = ((rate >> 18) as u32, rate & 0x3_ffff);
    cx.generated(&ESTIMATE_RATE, at(5, 8), mantissa.saturating_mul(1 << exponent));
    entries(cx, sources, 4, |cx, own| cx.leaf(&ESTIMATE_SOURCE, own, number(own)));
}

/// How many bytes the delta of a packet of this status takes.
fn delta_size(status: u16) -> usize {
    match status {
        1 => 1,
        2 => 2,
        _ => 0,
    }
}

/// Adds the chunks that say which packets came, and behind them when.
fn arrivals(cx: &mut Cx<'_>, bytes: &[u8]) {
    let Some(rest) = row(cx, bytes, &ARRIVAL_HEAD) else { return };
    let count = number(bytes.get(2..4).unwrap_or(&[])) as usize;
    let (mut told, mut at) = (0, 0);
    while told < count {
        let Some(chunk) = rest.get(at..at + 2) else {
            return cx.malformed(rest, Malformed::short(&STATUS_CHUNK, at, 2, rest.len().saturating_sub(at)));
        };
        cx.leaf(&STATUS_CHUNK, chunk, number(chunk));
        told += statuses(number(chunk) as u16).0;
        at += 2;
    }
    let (chunks, mut deltas) = rest.split_at_checked(at).unwrap_or((rest, &[]));
    let mut left = count;
    for chunk in chunks.chunks_exact(2) {
        let (packets, status) = statuses(number(chunk) as u16);
        for packet in 0..packets.min(left) {
            let size = delta_size(status(number(chunk) as u16, packet));
            // A run of packets that did not come takes no bytes: there is nothing to look at one by one.
            if size == 0 && number(chunk) >> 15 == 0 {
                break;
            }
            let Some((own, behind)) = deltas.split_at_checked(size) else {
                return cx.malformed(deltas, Malformed::short(&ARRIVAL_DELTA, 0, size, deltas.len()));
            };
            if size > 0 {
                cx.leaf(&ARRIVAL_DELTA, own, number(own));
            }
            deltas = behind;
        }
        left -= packets.min(left);
    }
    if !deltas.is_empty() && deltas.len() < 4 {
        cx.leaf(&DELTA_PADDING, deltas, number(deltas));
    }
}

/// Of how many packets a chunk tells, and how to read the status of one of them.
fn statuses(chunk: u16) -> (usize, fn(u16, usize) -> u16) {
    match chunk >> 14 {
        0 | 1 => (usize::from(chunk & 0x1fff), |chunk, _| chunk >> 13),
        2 => (14, |chunk, packet| chunk >> (13 - packet.min(13)) & 1),
        _ => (7, |chunk, packet| chunk >> (12 - 2 * packet.min(6)) & 3),
    }
}
