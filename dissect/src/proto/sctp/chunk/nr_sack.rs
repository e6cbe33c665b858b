//! NR-SACK, draft-tuexen-tsvwg-sctp-multipath: a SACK that also says which TSNs will not be taken back.

use super::sack::{Gap, GapFields, dissect_gaps, dissect_tsns, write_counts, write_info};
use super::{Chunk, Type};
use crate::proto::sctp::association::Known;
use crate::tree::Item;
use crate::{Area, Cx, Out, Severity, Show, fields, header};

fields! {
    /// An NR-SACK chunk.
    GROUP = "sctp.chunk", "NR_SACK chunk",
        Show::group().repeats().write_parts(write_group), "draft-tuexen-tsvwg-sctp-multipath, 3";
    /// The nonce sum of an experiment with ECN; no RFC defines it.
    NONCE_SUM = "sctp.nr_sack_nounce_sum", "Nounce sum",
        Show::u8().mask(1).also(&[&NONCE_SUM_RENAMED]), "draft-tuexen-tsvwg-sctp-multipath, 3";
    /// The nonce sum under its later name.
    NONCE_SUM_RENAMED = "sctp.nr_sack_nonce_sum", "Nonce sum",
        Show::u8().mask(1), "draft-tuexen-tsvwg-sctp-multipath, 3";
    /// The last transmission sequence number before the first that is missing.
    CUMULATIVE_TSN_ACK = "sctp.nr_sack_cumulative_tsn_ack", "Cumulative TSN ACK",
        Show::u32(), "draft-tuexen-tsvwg-sctp-multipath, 3";
    /// How many bytes the sender can still take.
    A_RWND = "sctp.nr_sack_a_rwnd", "Advertised receiver window credit (a_rwnd)",
        Show::u32(), "draft-tuexen-tsvwg-sctp-multipath, 3";
    /// How many runs of TSNs arrived that the receiver may still drop.
    GAP_COUNT = "sctp.nr_sack_number_of_gap_blocks", "Number of gap acknowledgement blocks",
        Show::u16(), "draft-tuexen-tsvwg-sctp-multipath, 3";
    /// How many runs of TSNs arrived that the receiver will not drop.
    NR_GAP_COUNT = "sctp.nr_sack_number_of_nr_gap_blocks", "Number of nr-gap acknowledgement blocks",
        Show::u16(), "draft-tuexen-tsvwg-sctp-multipath, 3";
    /// How many TSNs arrived again.
    DUPLICATE_COUNT = "sctp.nr_sack_number_of_duplicated_tsns", "Number of duplicated TSNs",
        Show::u16(), "draft-tuexen-tsvwg-sctp-multipath, 3";
    /// Reserved: zero.
    RESERVED = "sctp.nr_sack_reserved", "Reserved", Show::u16().hex(), "draft-tuexen-tsvwg-sctp-multipath, 3";
    /// A run of TSNs that the receiver may still drop.
    GAP = "sctp.nr_sack_gap_block", "Gap Acknowledgement for TSN",
        Show::group().repeats().write_parts(write_gap), "draft-tuexen-tsvwg-sctp-multipath, 3";
    /// The first of the run, counted from the cumulative TSN.
    GAP_START = "sctp.nr_sack_gap_block_start", "Start", Show::u16(), "draft-tuexen-tsvwg-sctp-multipath, 3";
    /// The first TSN of the run.
    GAP_START_TSN = "sctp.nr_sack_gap_block_start_tsn", "Start TSN",
        Show::u32(), "draft-tuexen-tsvwg-sctp-multipath, 3";
    /// The last of the run, counted from the cumulative TSN.
    GAP_END = "sctp.nr_sack_gap_block_end", "End", Show::u16(), "draft-tuexen-tsvwg-sctp-multipath, 3";
    /// The last TSN of the run.
    GAP_END_TSN = "sctp.nr_sack_gap_block_end_tsn", "End TSN",
        Show::u32(), "draft-tuexen-tsvwg-sctp-multipath, 3";
    /// How many TSNs are in these runs together.
    GAP_ACKED = "sctp.nr_sack_number_of_tsns_gap_acked", "Number of TSNs in gap acknowledgement blocks",
        Show::u32(), "draft-tuexen-tsvwg-sctp-multipath, 3";
    /// A run of TSNs that the receiver will not drop.
    NR_GAP = "sctp.nr_sack_nr_gap_block", "NR-Gap Acknowledgement for TSN",
        Show::group().repeats().write_parts(write_nr_gap), "draft-tuexen-tsvwg-sctp-multipath, 3";
    /// The first of the run, counted from the cumulative TSN.
    NR_GAP_START = "sctp.nr_sack_nr_gap_block_start", "Start",
        Show::u16(), "draft-tuexen-tsvwg-sctp-multipath, 3";
    /// The first TSN of the run.
    NR_GAP_START_TSN = "sctp.nr_sack_nr_gap_block_start_tsn", "Start TSN",
        Show::u32(), "draft-tuexen-tsvwg-sctp-multipath, 3";
    /// The last of the run, counted from the cumulative TSN.
    NR_GAP_END = "sctp.nr_sack_nr_gap_block_end", "End", Show::u16(), "draft-tuexen-tsvwg-sctp-multipath, 3";
    /// The last TSN of the run.
    NR_GAP_END_TSN = "sctp.nr_sack_nr_gap_block_end_tsn", "End TSN",
        Show::u32(), "draft-tuexen-tsvwg-sctp-multipath, 3";
    /// How many TSNs are in these runs together.
    NR_GAP_ACKED = "sctp.nr_sack_number_of_tsns_nr_gap_acked", "Number of TSNs in nr-gap acknowledgement blocks",
        Show::u32(), "draft-tuexen-tsvwg-sctp-multipath, 3";
    /// A TSN that arrived again.
    DUPLICATE = "sctp.nr_sack_duplicate_tsn", "Duplicate TSN",
        Show::u32().repeats(), "draft-tuexen-tsvwg-sctp-multipath, 3";
    /// Many TSNs are behind the cumulative one.
    MANY_GAP_ACKED = "sctp.nr_sack_number_of_tsns_gap_acked.100", "More than 100 TSNs were gap-acknowledged in this NR-SACK.",
        Show::expert(Severity::Warn, Area::Sequence), "draft-tuexen-tsvwg-sctp-multipath, 3";
    /// Many TSNs are behind the cumulative one and will not be dropped.
    MANY_NR_GAP_ACKED = "sctp.nr_sack_number_of_tsns_nr_gap_acked.100", "More than 100 TSNs were nr-gap-acknowledged in this NR-SACK.",
        Show::expert(Severity::Warn, Area::Sequence), "draft-tuexen-tsvwg-sctp-multipath, 3";
}

/// The type.
pub static TYPE: Type =
    Type { number: 16, name: "NR_SACK", group: &GROUP, flags: &[&NONCE_SUM], dissect, fields: FIELDS };

header! {
    /// The fixed part of an NR-SACK chunk's value; gap blocks, nr-gap blocks and duplicate TSNs follow it.
    pub struct NrSack {
        /// The last TSN before the first that is missing.
        pub cumulative_tsn_ack: u32 => CUMULATIVE_TSN_ACK, by hand,
        /// The advertised receiver window credit, in bytes.
        pub a_rwnd: u32 => A_RWND,
        /// How many gap blocks follow: runs that the receiver may still drop.
        pub gap_count: u16 => GAP_COUNT,
        /// How many nr-gap blocks follow the gap blocks: runs that the receiver will not drop.
        pub nr_gap_count: u16 => NR_GAP_COUNT,
        /// How many duplicate TSNs follow the nr-gap blocks.
        pub duplicate_count: u16 => DUPLICATE_COUNT,
        /// Reserved.
        pub reserved: u16 => RESERVED,
    }
}

impl NrSack {
    /// The three lists that follow the fixed part, as far as they are there: gap blocks, nr-gap blocks, duplicate TSNs.
    pub fn lists<'a>(&self, rest: &'a [u8]) -> (&'a [u8], &'a [u8], &'a [u8]) {
        let (gaps, rest) = rest.split_at((usize::from(self.gap_count) * 4).min(rest.len()));
        let (nr_gaps, rest) = rest.split_at((usize::from(self.nr_gap_count) * 4).min(rest.len()));
        (gaps, nr_gaps, rest)
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
static NR_GAP_FIELDS: GapFields = GapFields {
    group: &NR_GAP,
    start: &NR_GAP_START,
    start_tsn: &NR_GAP_START_TSN,
    end: &NR_GAP_END,
    end_tsn: &NR_GAP_END_TSN,
    acked: &NR_GAP_ACKED,
    many: &MANY_NR_GAP_ACKED,
};

fn dissect(cx: &mut Cx<'_>, chunk: &Chunk<'_>, known: &mut Known) {
    let mut acks = known.dissect_ack(cx, chunk, &CUMULATIVE_TSN_ACK);
    let Some((sack, rest)) = NrSack::dissect(cx, chunk.value) else { return };
    let (gaps, nr_gaps, duplicates) = sack.lists(rest);
    let last = Gap::all(gaps).chain(Gap::all(nr_gaps)).max_by_key(|gap| gap.end);
    write_info(cx, sack.cumulative_tsn_ack, last, sack.a_rwnd);
    if cx.showing() {
        dissect_gaps(cx, chunk, &GAP_FIELDS, gaps, sack.gap_count, sack.cumulative_tsn_ack, &mut acks);
        dissect_gaps(
            cx,
            chunk,
            &NR_GAP_FIELDS,
            nr_gaps,
            sack.nr_gap_count,
            sack.cumulative_tsn_ack,
            &mut acks,
        );
        dissect_tsns(cx, &DUPLICATE, duplicates, sack.duplicate_count);
    }
}

fn write_group(item: Item<'_>, out: &mut Out) {
    let counts =
        [(", gaps: ", &GAP_COUNT), (", nr-gaps: ", &NR_GAP_COUNT), (", duplicate TSNs: ", &DUPLICATE_COUNT)];
    write_counts(item, [&CUMULATIVE_TSN_ACK, &A_RWND], &counts, out);
}

fn write_gap(item: Item<'_>, out: &mut Out) {
    GAP_FIELDS.write(item, out);
}

fn write_nr_gap(item: Item<'_>, out: &mut Out) {
    NR_GAP_FIELDS.write(item, out);
}
