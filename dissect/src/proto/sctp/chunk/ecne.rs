//! ECNE, RFC 9260, Appendix B.

use super::{Chunk, Type};
use crate::proto::sctp::association::Known;
use crate::tree::Item;
use crate::{Cx, Out, Show, fields, header};

fields! {
    /// An ECNE chunk: a packet arrived with a mark of congestion.
    GROUP = "sctp.chunk", "ECNE chunk", Show::group().repeats().write(write_group), "RFC 9260, Appendix B";
    /// The lowest TSN in the first packet that carried the mark.
    LOWEST_TSN = "sctp.ecne_lowest_tsn", "Lowest TSN", Show::u32(), "RFC 9260, Appendix B";
}

/// The type.
pub static TYPE: Type = Type { number: 12, name: "ECNE", group: &GROUP, flags: &[], dissect, fields: FIELDS };

header! {
    /// The value of a ECNE chunk.
    pub struct Ecne {
        /// The lowest TSN in the first packet that carried the mark.
        pub lowest_tsn: u32 => LOWEST_TSN,
    }
}

fn dissect(cx: &mut Cx<'_>, chunk: &Chunk<'_>, _: &mut Known) {
    if let (Some((ecne, _)), Some(info)) = (Ecne::dissect(cx, chunk.value), cx.info()) {
        info.str("(TSN=").dec(ecne.lowest_tsn.into()).str(") ");
    }
}

fn write_group(item: Item<'_>, out: &mut Out) {
    if let Some(tsn) = item.number(&LOWEST_TSN) {
        out.str(" (Lowest TSN: ").dec(tsn).str(")");
    }
}
