//! CWR, RFC 9260, Appendix B.

use super::{Chunk, Type};
use crate::proto::sctp::association::Known;
use crate::tree::Item;
use crate::{Cx, Out, Show, fields, header};

fields! {
    /// A CWR chunk: the sender has reduced its congestion window after an ECNE.
    GROUP = "sctp.chunk", "CWR chunk", Show::group().repeats().write(write_group), "RFC 9260, Appendix B";
    /// The lowest TSN of the ECNE that it answers.
    LOWEST_TSN = "sctp.cwr_lowest_tsn", "Lowest TSN", Show::u32(), "RFC 9260, Appendix B";
}

/// The type.
pub static TYPE: Type = Type { number: 13, name: "CWR", group: &GROUP, flags: &[], dissect, fields: FIELDS };

header! {
    /// The value of a CWR chunk.
    pub struct Cwr {
        /// The lowest TSN of the ECNE that it answers.
        pub lowest_tsn: u32 => LOWEST_TSN,
    }
}

fn dissect(cx: &mut Cx<'_>, chunk: &Chunk<'_>, _: &mut Known) {
    if let (Some((cwr, _)), Some(info)) = (Cwr::dissect(cx, chunk.value), cx.info()) {
        info.str("(TSN=").dec(cwr.lowest_tsn.into()).str(") ");
    }
}

fn write_group(item: Item<'_>, out: &mut Out) {
    if let Some(tsn) = item.number(&LOWEST_TSN) {
        out.str(" (Lowest TSN: ").dec(tsn).str(")");
    }
}
