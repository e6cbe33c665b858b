//! SACK, RFC 9260, 3.3.4.

use super::{Chunk, Type};
use crate::proto::sctp::association::{Acks, Known};
use crate::tree::Item;
use crate::{Area, Cx, Field, Malformed, Out, Severity, Show, fields, header};

fields! {
    /// A SACK chunk: which DATA chunks arrived.
    GROUP = "sctp.chunk", "SACK chunk", Show::group().repeats().write_parts(write_group), "RFC 9260, 3.3.4";
    /// The nonce sum of an experiment with ECN; no RFC defines it.
    NONCE_SUM = "sctp.sack_nounce_sum", "Nounce sum",
        Show::u8().mask(1).also(&[&NONCE_SUM_RENAMED]), "RFC 9260, 3.3.4";
    /// The nonce sum under its later name.
    NONCE_SUM_RENAMED = "sctp.sack_nonce_sum", "Nonce sum", Show::u8().mask(1), "RFC 9260, 3.3.4";
    /// The last transmission sequence number before the first that is missing.
    CUMULATIVE_TSN_ACK = "sctp.sack_cumulative_tsn_ack_raw", "Cumulative TSN ACK (absolute)",
        Show::u32(), "RFC 9260, 3.3.4";
    /// How many bytes the sender can still take.
    A_RWND = "sctp.sack_a_rwnd", "Advertised receiver window credit (a_rwnd)", Show::u32(), "RFC 9260, 3.3.4";
    /// How many runs of TSNs behind the cumulative one arrived.
    GAP_COUNT = "sctp.sack_number_of_gap_blocks", "Number of gap acknowledgement blocks",
        Show::u16(), "RFC 9260, 3.3.4";
    /// How many TSNs arrived again.
    DUPLICATE_COUNT = "sctp.sack_number_of_duplicated_tsns", "Number of duplicated TSNs",
        Show::u16(), "RFC 9260, 3.3.4";
    /// A run of TSNs that arrived.
    GAP = "sctp.sack_gap_block", "Gap Acknowledgement for TSN",
        Show::group().repeats().write_parts(write_gap), "RFC 9260, 3.3.4";
    /// The first of the run, counted from the cumulative TSN.
    GAP_START = "sctp.sack_gap_block_start", "Start", Show::u16(), "RFC 9260, 3.3.4";
    /// The first TSN of the run.
    GAP_START_TSN = "sctp.sack_gap_block_start_tsn", "Start TSN", Show::u32(), "RFC 9260, 3.3.4";
    /// The last of the run, counted from the cumulative TSN.
    GAP_END = "sctp.sack_gap_block_end", "End", Show::u16(), "RFC 9260, 3.3.4";
    /// The last TSN of the run.
    GAP_END_TSN = "sctp.sack_gap_block_end_tsn", "End TSN", Show::u32(), "RFC 9260, 3.3.4";
    /// How many TSNs are in all runs together.
    GAP_ACKED = "sctp.sack_number_of_tsns_gap_acked", "Number of TSNs in gap acknowledgement blocks",
        Show::u32(), "RFC 9260, 3.3.4";
    /// A TSN that arrived again.
    DUPLICATE = "sctp.sack_duplicate_tsn", "Duplicate TSN", Show::u32().repeats(), "RFC 9260, 3.3.4";
    /// The sender can take no more: only window probes may be sent.
    ZERO_A_RWND = "sctp.sack_a_rwnd.expert", "Zero Advertised Receiver Window Credit",
        Show::expert(Severity::Note, Area::Sequence), "RFC 9260, 6.1";
    /// A run that ends before it begins, or that begins at the cumulative TSN itself.
    pub(super) GAP_MALFORMED = "sctp.sack_gap_block_malformed", "Malformed gap block.",
        Show::expert(Severity::Error, Area::Protocol), "RFC 9260, 3.3.4";
    /// A run that begins before the one before it ends.
    pub(super) GAP_OUT_OF_ORDER = "sctp.sack_gap_block_out_of_order", "Gap blocks not in strict order.",
        Show::expert(Severity::Warn, Area::Protocol), "RFC 9260, 3.3.4";
    /// Many TSNs are behind the cumulative one: much is lost or out of order.
    MANY_GAP_ACKED = "sctp.sack_number_of_tsns_gap_acked.100", "More than 100 TSNs were gap-acknowledged in this SACK.",
        Show::expert(Severity::Warn, Area::Sequence), "RFC 9260, 3.3.4";
}

/// The type.
pub static TYPE: Type =
    Type { number: 3, name: "SACK", group: &GROUP, flags: &[&NONCE_SUM], dissect, fields: FIELDS };

header! {
    /// The fixed part of a SACK chunk's value; gap blocks and duplicate TSNs follow it.
    ///
    /// ```
    /// use dissect::proto::sctp::chunk::sack::{Gap, Sack};
    /// let value = [0, 0, 0, 9, 0, 0, 2, 0, 0, 1, 0, 1, 0, 3, 0, 5, 0, 0, 0, 7];
    /// let (rest, sack) = Sack::parse(&value)?;
    /// assert_eq!((sack.cumulative_tsn_ack, sack.a_rwnd), (9, 512));
    /// let gap = sack.gaps(rest).next().unwrap();
    /// assert_eq!((gap, gap.tsns(9)), (Gap { start: 3, end: 5 }, (12, 14)));
    /// assert_eq!(sack.duplicates(rest).collect::<Vec<_>>(), [7]);
    /// # Ok::<(), dissect::Malformed>(())
    /// ```
    pub struct Sack {
        /// The last TSN before the first that is missing.
        pub cumulative_tsn_ack: u32 => CUMULATIVE_TSN_ACK, by hand,
        /// The advertised receiver window credit, in bytes.
        pub a_rwnd: u32 => A_RWND,
        /// How many gap blocks follow.
        pub gap_count: u16 => GAP_COUNT,
        /// How many duplicate TSNs follow the gap blocks.
        pub duplicate_count: u16 => DUPLICATE_COUNT,
    }
}

impl Sack {
    /// The gap blocks at the beginning of what follows the fixed part, as far as they are there.
    pub fn gaps<'a>(&self, rest: &'a [u8]) -> impl Iterator<Item = Gap> + use<'a> {
        Gap::all(rest).take(usize::from(self.gap_count))
    }
    /// The duplicate TSNs behind the gap blocks, as far as they are there.
    pub fn duplicates<'a>(&self, rest: &'a [u8]) -> impl Iterator<Item = u32> + use<'a> {
        let rest = rest.get(usize::from(self.gap_count) * 4..).unwrap_or(&[]);
        let (words, _) = rest.as_chunks::<4>();
        words.iter().take(usize::from(self.duplicate_count)).map(|word| u32::from_be_bytes(*word))
    }
}

/// A gap block: a run of TSNs that arrived, counted from the cumulative TSN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The first.
    pub start: u16,
    /// The last.
    pub end: u16,
}

impl Gap {
    /// The gap blocks that stand one after another in the bytes.
    pub fn all(bytes: &[u8]) -> impl Iterator<Item = Gap> {
        bytes.as_chunks::<4>().0.iter().map(|block| Gap::read(*block))
    }
    fn read([a, b, c, d]: [u8; 4]) -> Gap {
        Gap { start: u16::from_be_bytes([a, b]), end: u16::from_be_bytes([c, d]) }
    }
    /// The first and the last TSN of the run. TSNs wrap around.
    pub fn tsns(&self, cumulative: u32) -> (u32, u32) {
        (cumulative.wrapping_add(self.start.into()), cumulative.wrapping_add(self.end.into()))
    }
    /// How many TSNs the run has; none for a block that ends before it begins.
    pub fn count(&self) -> u32 {
        (u32::from(self.end) + 1).saturating_sub(self.start.into())
    }
}

/// The fields of one list of gap blocks: SACK has one list, NR-SACK two.
pub(super) struct GapFields {
    pub(super) group: &'static Field,
    pub(super) start: &'static Field,
    pub(super) start_tsn: &'static Field,
    pub(super) end: &'static Field,
    pub(super) end_tsn: &'static Field,
    pub(super) acked: &'static Field,
    pub(super) many: &'static Field,
}

impl GapFields {
    /// Writes the first and last TSN of a gap block's group.
    pub(super) fn write(&self, item: Item<'_>, out: &mut Out) {
        for (words, offset, tsn) in [(" ", self.start, self.start_tsn), (" to ", self.end, self.end_tsn)] {
            out.str(words);
            match out.find(item, offset).and_then(|offset| out.find(offset, tsn)) {
                Some(tsn) => out.tell(tsn),
                None => out.byte(b'0'),
            };
        }
    }
}

static GAP_FIELDS: GapFields = GapFields {
    group: &GAP,
    start: &GAP_START,
    start_tsn: &GAP_START_TSN,
    end: &GAP_END,
    end_tsn: &GAP_END_TSN,
    acked: &GAP_ACKED,
    many: &MANY_GAP_ACKED,
};

/// How many TSNs in gap blocks are worth a remark.
const MANY: u32 = 100;

fn dissect(cx: &mut Cx<'_>, chunk: &Chunk<'_>, known: &mut Known) {
    let mut acks = known.dissect_ack(cx, chunk, &CUMULATIVE_TSN_ACK);
    let Some((sack, rest)) = Sack::dissect(cx, chunk.value) else { return };
    write_info(cx, sack.cumulative_tsn_ack, sack.gaps(rest).last(), sack.a_rwnd);
    if !cx.showing() {
        return;
    }
    if sack.a_rwnd == 0 {
        cx.expert(&ZERO_A_RWND, chunk.value.get(4..8).unwrap_or(&[]));
    }
    let (gaps, duplicates) = rest.split_at((usize::from(sack.gap_count) * 4).min(rest.len()));
    dissect_gaps(cx, chunk, &GAP_FIELDS, gaps, sack.gap_count, sack.cumulative_tsn_ack, &mut acks);
    dissect_tsns(cx, &DUPLICATE, duplicates, sack.duplicate_count);
}

/// Writes `(Ack=7+9, Arwnd=130416)`: behind the plus the end of the last gap block, as Wireshark does.
pub(super) fn write_info(cx: &mut Cx<'_>, cumulative: u32, last: Option<Gap>, a_rwnd: u32) {
    if let Some(info) = cx.info() {
        info.str("(Ack=").dec(cumulative.into());
        if let Some(last) = last {
            info.byte(b'+').dec(last.end.into());
        }
        info.str(", Arwnd=").dec(a_rwnd.into()).str(") ");
    }
}

/// Adds a list of gap blocks and how many TSNs they acknowledge.
pub(super) fn dissect_gaps(
    cx: &mut Cx<'_>,
    chunk: &Chunk<'_>,
    fields: &GapFields,
    bytes: &[u8],
    count: u16,
    cumulative: u32,
    acks: &mut Acks,
) {
    let (blocks, rest) = bytes.as_chunks::<4>();
    let (mut acked, mut last) = (0u32, 0);
    for block in blocks {
        let gap = Gap::read(*block);
        let (first_tsn, last_tsn) = gap.tsns(cumulative);
        let (start, end) = block.split_at(2);
        cx.group(fields.group, block, |cx| {
            cx.group_with(fields.start, start, gap.start.into(), |cx| {
                cx.generated(fields.start_tsn, start, first_tsn.into());
            });
            cx.group_with(fields.end, end, gap.end.into(), |cx| {
                cx.generated(fields.end_tsn, end, last_tsn.into());
                if gap.start == 0 || gap.end < gap.start {
                    cx.expert(&GAP_MALFORMED, end);
                } else if gap.start <= last {
                    cx.expert(&GAP_OUT_OF_ORDER, end);
                }
            });
            acks.emit(cx, chunk, start, first_tsn, last_tsn);
        });
        last = gap.end;
        acked += gap.count();
    }
    if blocks.len() < usize::from(count) {
        cx.malformed(rest, Malformed::short(fields.group, 0, 4, rest.len()));
    }
    if count > 0 {
        let at = chunk.bytes.get(..0).unwrap_or(&[]);
        cx.generated(fields.acked, at, acked.into());
        if acked > MANY {
            cx.expert(fields.many, at);
        }
    }
}

/// Adds a list of TSNs.
pub(super) fn dissect_tsns(cx: &mut Cx<'_>, field: &'static Field, bytes: &[u8], count: u16) {
    let (tsns, rest) = bytes.as_chunks::<4>();
    for tsn in tsns.iter().take(usize::from(count)) {
        cx.leaf(field, tsn, u32::from_be_bytes(*tsn).into());
    }
    if tsns.len() < usize::from(count) {
        cx.malformed(rest, Malformed::short(field, 0, 4, rest.len()));
    }
}

fn write_group(item: Item<'_>, out: &mut Out) {
    let counts = [(", gaps: ", &GAP_COUNT), (", duplicate TSNs: ", &DUPLICATE_COUNT)];
    write_counts(item, [&CUMULATIVE_TSN_ACK, &A_RWND], &counts, out);
}

/// Writes what an acknowledgement says, and how many there are of what it lists.
pub(super) fn write_counts(
    item: Item<'_>,
    [tsn, a_rwnd]: [&'static Field; 2],
    counts: &[(&str, &'static Field)],
    out: &mut Out,
) {
    let (Some(tsn), Some(a_rwnd)) = (out.find(item, tsn), out.find(item, a_rwnd)) else { return };
    out.str(" (Cumulative TSN: ").tell(tsn).str(", a_rwnd: ").tell(a_rwnd);
    for (label, count) in counts {
        out.str(label);
        match out.find(item, count) {
            Some(count) => out.tell(count),
            None => out.byte(b'0'),
        };
    }
    out.byte(b')');
}

fn write_gap(item: Item<'_>, out: &mut Out) {
    GAP_FIELDS.write(item, out);
}
