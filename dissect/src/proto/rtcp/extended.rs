//! Extended reports, RFC 3611.

use super::report::{LOST_FRACTION, moment};
use super::{SENDER, SOURCE};
use crate::header::number;
use crate::proto::icmpv6::layout::{Cell, cell, row};
use crate::tree::Item;
use crate::{Area, Codes, Cx, Malformed, Out, Severity, Show, codes, fields};

codes! {
    /// What a block reports: RFC 3611, 4, and its registry.
    pub BlockType: u8, BLOCK_TYPES, "Unknown" {
        /// Which packets were lost.
        LOSS = 1, "Loss Run Length Encoding Report Block";
        /// Which packets came again.
        DUPLICATES = 2, "Duplicate Run Length Encoding Report Block";
        /// When packets came.
        RECEIPTS = 3, "Packet Receipt Times Report Block";
        /// The time at the receiver.
        REFERENCE = 4, "Receiver Reference Time Report Block";
        /// The answer to that.
        DLRR = 5, "DLRR Report Block";
        /// A summary.
        STATISTICS = 6, "Statistics Summary Report Block";
        /// What telephony wants to know.
        VOIP = 7, "VoIP Metrics Report Block";
        /// RFC 5093.
        BT_XNQ = 8, "BT XNQ RTCP XR (RFC5093) Report Block";
        /// Texas Instruments'.
        TI_XVQ = 9, "Texas Instruments Extended VoIP Quality Block";
        /// RFC 5725.
        POST_REPAIR = 10, "Post-repair Loss RLE Report Block";
        /// RFC 6332.
        MULTICAST = 11, "Multicast Acquisition Report Block";
        /// RFC 7272.
        IDMS = 12, "Inter-destination Media Synchronization Block";
    }
}

fields! {
    /// A report block.
    BLOCK = "rtcp.xr.block", "Extended report block", Show::group().repeats(), "RFC 3611, 3";
    /// What the block reports.
    TYPE = "rtcp.xr.bt", "Type", Show::u8().codes(&BLOCK_TYPES), "RFC 3611, 3";
    /// What depends on the type.
    SPECIFIC = "rtcp.xr.bs", "Type Specific", Show::u8(), "RFC 3611, 3";
    /// One packet of two to this power is told of.
    THINNING = "rtcp.xr.tf", "Thinning factor", Show::u8().mask(0x0f), "RFC 3611, 4.1";
    /// The length in words of 4 bytes.
    LENGTH = "rtcp.xr.bl", "Length", Show::u16().write_value(write_length), "RFC 3611, 3";
    /// What the block holds.
    CONTENT = "rtcp.xr.content", "Contents", Show::group(), "RFC 3611, 3";
    /// The first packet that the report is about.
    BEGIN = "rtcp.xr.beginseq", "Begin Sequence Number", Show::u16(), "RFC 3611, 4.1";
    /// The one behind the last packet that the report is about.
    END = "rtcp.xr.endseq", "End Sequence Number", Show::u16(), "RFC 3611, 4.1";
    /// A run of so many packets that are alike: what came is 1, what did not is 0.
    RUN = "rtcp.xr.chunk.length", "Run length", Show::u16().repeats().write(write_run), "RFC 3611, 4.1.1";
    /// 15 packets, bit by bit.
    VECTOR = "rtcp.xr.chunk.bit_vector", "Bit vector", Show::u16().hex().repeats(), "RFC 3611, 4.1.2";
    /// The end of the chunks.
    TERMINATOR = "rtcp.xr.chunk.null_terminator", "Null terminator", Show::group().repeats(), "RFC 3611, 4.1.3";
    /// When a packet came, by RTP's clock.
    RECEIPT = "rtcp.xr.receipt_time_seq", "Receipt Time", Show::u32().repeats(), "RFC 3611, 4.3";
    /// The time at the receiver.
    TIME = "rtcp.xr.timestamp", "Timestamp", Show::moment(), "RFC 3611, 4.4";
    /// The answer to one receiver.
    ANSWER = "rtcp.xr.dlrr.receiver", "Receiver", Show::group().repeats(), "RFC 3611, 4.5";
    /// The middle of the last time at the receiver that came; 0 if none did.
    LAST = "rtcp.xr.lrr", "Last RR timestamp", Show::u32(), "RFC 3611, 4.5";
    /// How long ago that came, in units of 1/65536 second.
    DELAY = "rtcp.xr.dlrr", "Delay since last RR timestamp", Show::u32(), "RFC 3611, 4.5";
    /// The number of lost packets is told.
    HAS_LOSS = "rtcp.xr.stats.lrflag", "Loss Report Flag", Show::flag().words("True", "False").mask(0x80), "RFC 3611, 4.6";
    /// The number of duplicates is told.
    HAS_DUPLICATES = "rtcp.xr.stats.dupflag", "Duplicates Report Flag", Show::flag().words("True", "False").mask(0x40), "RFC 3611, 4.6";
    /// The jitter is told.
    HAS_JITTER = "rtcp.xr.stats.jitterflag", "Jitter Report Flag", Show::flag().words("True", "False").mask(0x20), "RFC 3611, 4.6";
    /// Time to live or hop limit is told.
    HAS_HOPS = "rtcp.xr.stats.ttl", "TTL or Hop Limit Flag", Show::u8().mask(0x18).codes(&HOPS), "RFC 3611, 4.6";
    /// How many packets were lost.
    LOST = "rtcp.xr.stats.lost", "Lost Packets", Show::u32(), "RFC 3611, 4.6";
    /// How many packets came again.
    DUPLICATES = "rtcp.xr.stats.dups", "Duplicate Packets", Show::u32(), "RFC 3611, 4.6";
    /// The least jitter.
    LEAST_JITTER = "rtcp.xr.stats.minjitter", "Minimum Jitter", Show::u32(), "RFC 3611, 4.6";
    /// The greatest jitter.
    MOST_JITTER = "rtcp.xr.stats.maxjitter", "Maximum Jitter", Show::u32(), "RFC 3611, 4.6";
    /// The mean jitter.
    MEAN_JITTER = "rtcp.xr.stats.meanjitter", "Mean Jitter", Show::u32(), "RFC 3611, 4.6";
    /// The standard deviation of the jitter.
    JITTER_DEVIATION = "rtcp.xr.stats.devjitter", "Standard Deviation of Jitter", Show::u32(), "RFC 3611, 4.6";
    /// The least number of hops left.
    LEAST_HOPS = "rtcp.xr.stats.minttl", "Minimum TTL or Hop Limit", Show::u8(), "RFC 3611, 4.6";
    /// The greatest number of hops left.
    MOST_HOPS = "rtcp.xr.stats.maxttl", "Maximum TTL or Hop Limit", Show::u8(), "RFC 3611, 4.6";
    /// The mean number of hops left.
    MEAN_HOPS = "rtcp.xr.stats.meanttl", "Mean TTL or Hop Limit", Show::u8(), "RFC 3611, 4.6";
    /// The standard deviation of the number of hops left.
    HOPS_DEVIATION = "rtcp.xr.stats.devttl", "Standard Deviation of TTL", Show::u8(), "RFC 3611, 4.6";
    /// How many packets of 256 came too late or too early to be played.
    DISCARDED = "rtcp.ssrc.discarded", "Fraction discarded", Show::u8().unit(" / 256"), "RFC 3611, 4.7.1";
    /// How many packets of 256 were missing in bursts.
    BURST_DENSITY = "rtcp.xr.voipmetrics.burstdensity", "Burst Density", Show::u8(), "RFC 3611, 4.7.2";
    /// How many packets of 256 were missing between bursts.
    GAP_DENSITY = "rtcp.xr.voipmetrics.gapdensity", "Gap Density", Show::u8(), "RFC 3611, 4.7.2";
    /// The mean length of bursts, in milliseconds.
    BURST_DURATION = "rtcp.xr.voipmetrics.burstduration", "Burst Duration(ms)", Show::u16(), "RFC 3611, 4.7.2";
    /// The mean time between bursts, in milliseconds.
    GAP_DURATION = "rtcp.xr.voipmetrics.gapduration", "Gap Duration(ms)", Show::u16(), "RFC 3611, 4.7.2";
    /// The time to the other end and back, in milliseconds.
    ROUND_TRIP = "rtcp.xr.voipmetrics.rtdelay", "Round Trip Delay(ms)", Show::u16(), "RFC 3611, 4.7.3";
    /// The time that packets spend in the end system, in milliseconds.
    END_DELAY = "rtcp.xr.voipmetrics.esdelay", "End System Delay(ms)", Show::u16(), "RFC 3611, 4.7.3";
    /// The power of speech, in dBm0.
    SIGNAL = "rtcp.xr.voipmetrics.signallevel", "Signal Level", Show::i32(), "RFC 3611, 4.7.4";
    /// The power of silence, in dBm0.
    NOISE = "rtcp.xr.voipmetrics.noiselevel", "Noise Level", Show::i32(), "RFC 3611, 4.7.4";
    /// What is left of the echo, in dB below the signal.
    ECHO = "rtcp.xr.voipmetrics.rerl", "Residual Echo Return Loss", Show::u8(), "RFC 3611, 4.7.4";
    /// How many packets in a row must come to end a burst.
    GAP_MINIMUM = "rtcp.xr.voipmetrics.gmin", "Gmin", Show::u8(), "RFC 3611, 4.7.2";
    /// The quality of the call, from 0 to 100; 127 if it is not known.
    RATING = "rtcp.xr.voipmetrics.rfactor", "R Factor", Show::u8(), "RFC 3611, 4.7.5";
    /// The quality of the network on the other side, from 0 to 100; 127 if it is not known.
    EXTERNAL_RATING = "rtcp.xr.voipmetrics.extrfactor", "External R Factor", Show::u8(), "RFC 3611, 4.7.5";
    /// The opinion of who listens, from 1 to 5; 12.7 if it is not known.
    LISTENING = "rtcp.xr.voipmetrics.moslq", "MOS - Listening Quality", Show::double(), "RFC 3611, 4.7.5";
    /// The opinion of who talks, from 1 to 5; 12.7 if it is not known.
    TALKING = "rtcp.xr.voipmetrics.moscq", "MOS - Conversational Quality", Show::double(), "RFC 3611, 4.7.5";
    /// How lost packets are replaced.
    CONCEALMENT = "rtcp.xr.voipmetrics.plc", "Packet Loss Concealment Algorithm", Show::u8().mask(0xc0).codes(&CONCEALMENTS), "RFC 3611, 4.7.6";
    /// Whether the jitter buffer adapts itself.
    ADAPTATION = "rtcp.xr.voipmetrics.jba", "Adaptive Jitter Buffer Algorithm", Show::u8().mask(0x30).codes(&ADAPTATIONS), "RFC 3611, 4.7.6";
    /// How fast it adapts itself.
    RATE = "rtcp.xr.voipmetrics.jbrate", "Jitter Buffer Rate", Show::u8().mask(0x0f), "RFC 3611, 4.7.6";
    /// The delay of the jitter buffer, in milliseconds.
    NOMINAL = "rtcp.xr.voipmetrics.jbnominal", "Nominal Jitter Buffer Size", Show::u16(), "RFC 3611, 4.7.7";
    /// The greatest delay of the jitter buffer now, in milliseconds.
    MAXIMUM = "rtcp.xr.voipmetrics.jbmax", "Maximum Jitter Buffer Size", Show::u16(), "RFC 3611, 4.7.7";
    /// The greatest delay that the jitter buffer can have, in milliseconds.
    ABSOLUTE = "rtcp.xr.voipmetrics.jbabsmax", "Absolute Maximum Jitter Buffer Size", Show::u16(), "RFC 3611, 4.7.7";
    /// The length is not the type's.
    WRONG_LENGTH = "rtcp.invalid_block_length", "Invalid block length", Show::expert(Severity::Warn, Area::Protocol), "RFC 3611, 4";
}

static HOPS: Codes = Codes {
    unknown: "Undefined",
    names: &[(0, "No TTL Values"), (1, "IPv4"), (2, "IPv6"), (3, "Undefined")],
};
static CONCEALMENTS: Codes = Codes {
    unknown: "Unspecified",
    names: &[(0, "Unspecified"), (1, "Disabled"), (2, "Enhanced"), (3, "Standard")],
};
static ADAPTATIONS: Codes = Codes {
    unknown: "Unknown",
    names: &[(0, "Unknown"), (1, "Reserved"), (2, "Non-Adaptive"), (3, "Adaptive")],
};

static HEAD: [Cell; 3] = [cell(&SOURCE, 4), cell(&BEGIN, 2), cell(&END, 2)];
static ANSWER_CELLS: [Cell; 3] = [cell(&SOURCE, 4), cell(&LAST, 4), cell(&DELAY, 4)];
static STATISTICS: [Cell; 13] = [
    cell(&SOURCE, 4),
    cell(&BEGIN, 2),
    cell(&END, 2),
    cell(&LOST, 4),
    cell(&DUPLICATES, 4),
    cell(&LEAST_JITTER, 4),
    cell(&MOST_JITTER, 4),
    cell(&MEAN_JITTER, 4),
    cell(&JITTER_DEVIATION, 4),
    cell(&LEAST_HOPS, 1),
    cell(&MOST_HOPS, 1),
    cell(&MEAN_HOPS, 1),
    cell(&HOPS_DEVIATION, 1),
];
static VOIP: [Cell; 15] = [
    cell(&SOURCE, 4),
    cell(&LOST_FRACTION, 1),
    cell(&DISCARDED, 1),
    cell(&BURST_DENSITY, 1),
    cell(&GAP_DENSITY, 1),
    cell(&BURST_DURATION, 2),
    cell(&GAP_DURATION, 2),
    cell(&ROUND_TRIP, 2),
    cell(&END_DELAY, 2),
    cell(&SIGNAL, 1),
    cell(&NOISE, 1),
    cell(&ECHO, 1),
    cell(&GAP_MINIMUM, 1),
    cell(&RATING, 1),
    cell(&EXTERNAL_RATING, 1),
];
static BUFFER: [Cell; 3] = [cell(&NOMINAL, 2), cell(&MAXIMUM, 2), cell(&ABSOLUTE, 2)];

/// Adds the blocks of an extended report.
pub(super) fn blocks(cx: &mut Cx<'_>, content: &[u8]) {
    let Some(mut rest) = row(cx, content, &[cell(&SENDER, 4)]) else { return };
    while !rest.is_empty() {
        let words = rest.get(2..4).map_or(0, |length| number(length) as usize);
        let own = rest.get(..4 + words * 4).unwrap_or(rest);
        cx.group(&BLOCK, own, |cx| block(cx, own, words));
        rest = rest.get(own.len()..).unwrap_or(&[]);
    }
}

fn block(cx: &mut Cx<'_>, own: &[u8], words: usize) {
    let kind = BlockType(own.first().copied().unwrap_or(0));
    let specific = match kind {
        BlockType::LOSS | BlockType::DUPLICATES | BlockType::RECEIPTS => &[&THINNING][..],
        BlockType::STATISTICS => &[&HAS_LOSS, &HAS_DUPLICATES, &HAS_JITTER, &HAS_HOPS],
        _ => &[],
    };
    let Some((head, content)) = own.split_at_checked(4) else {
        row(cx, own, &[cell(&TYPE, 1), cell(&SPECIFIC, 1), cell(&LENGTH, 2)]);
        return;
    };
    let at = |from, to| head.get(from..to).unwrap_or(&[]);
    cx.leaf(&TYPE, at(0, 1), kind.0.into());
    if specific.is_empty() {
        cx.leaf(&SPECIFIC, at(1, 2), number(at(1, 2)));
    }
    cx.flags(specific, at(1, 2), number(at(1, 2)));
    cx.leaf(&LENGTH, at(2, 4), words as u64);
    let size = match kind {
        BlockType::REFERENCE => 2,
        BlockType::STATISTICS => 9,
        BlockType::VOIP => 8,
        _ => words,
    };
    if words != size {
        return cx.expert(&WRONG_LENGTH, at(2, 4));
    }
    cx.limited(&LENGTH, at(2, 4), |cx| {
        cx.group(&CONTENT, content, |cx| dissect(cx, kind, content, words * 4));
    });
}

/// Adds what a block holds, which has `declared` bytes.
fn dissect(cx: &mut Cx<'_>, kind: BlockType, content: &[u8], declared: usize) {
    match kind {
        BlockType::LOSS | BlockType::DUPLICATES => {
            for own in row(cx, content, &HEAD).unwrap_or(&[]).chunks_exact(2) {
                let (field, value) = match number(own) {
                    0 => (&TERMINATOR, 0),
                    chunk @ 0x8000.. => (&VECTOR, chunk & 0x7fff),
                    chunk => (&RUN, chunk & 0x3fff),
                };
                cx.leaf(field, own, value);
            }
        }
        BlockType::RECEIPTS => {
            for own in row(cx, content, &HEAD).unwrap_or(&[]).chunks_exact(4) {
                cx.leaf(&RECEIPT, own, number(own));
            }
        }
        BlockType::REFERENCE => match content.get(..8) {
            Some(own) => cx.leaf(&TIME, own, moment(own)),
            None => cx.malformed(content, Malformed::short(&TIME, 0, 8, content.len())),
        },
        BlockType::DLRR => {
            for own in content.chunks(12) {
                cx.group(&ANSWER, own, |cx| row(cx, own, &ANSWER_CELLS));
            }
        }
        BlockType::STATISTICS => drop(row(cx, content, &STATISTICS)),
        BlockType::VOIP => drop(voip(cx, content)),
        _ if content.len() < declared => {
            cx.malformed(content, Malformed::short(&CONTENT, 0, declared, content.len()));
        }
        _ => {}
    }
}

fn write_run(item: Item<'_>, out: &mut Out) {
    let is_set = item.bytes().first().is_some_and(|byte| byte & 0x40 != 0);
    out.dec(item.node.value).str(if is_set { " of 1s" } else { " of 0s" });
}

/// What a score says that is not known, RFC 3611, 4.7.5.
const UNAVAILABLE: u64 = 127;

fn voip(cx: &mut Cx<'_>, content: &[u8]) -> Option<()> {
    let rest = row(cx, content, &VOIP)?;
    let (scores, rest) = rest.split_at_checked(2).unwrap_or((rest, &[]));
    for (field, score) in [&LISTENING, &TALKING].into_iter().zip(scores.chunks(1)) {
        let tenths = number(score);
        let value = if tenths == UNAVAILABLE { tenths as f64 } else { tenths as f64 / 10.0 };
        cx.leaf(field, score, value.to_bits());
    }
    let (config, rest) = rest.split_at_checked(1).unwrap_or((rest, &[]));
    cx.flags(&[&CONCEALMENT, &ADAPTATION, &RATE], config, number(config));
    row(cx, rest.get(1..).unwrap_or(&[]), &BUFFER).map(|_| ())
}

fn write_length(item: Item<'_>, out: &mut Out) {
    out.dec(item.node.value).str(" (").dec(item.node.value * 4).str(" bytes)");
}
