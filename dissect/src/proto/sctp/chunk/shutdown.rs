//! SHUTDOWN and SHUTDOWN ACK, RFC 9260, 3.3.8 and 3.3.9.

use super::{Chunk, Type, dissect_nothing};
use crate::proto::sctp::association::Known;
use crate::tree::Item;
use crate::{Cx, Out, Show, fields, header};

fields! {
    /// A SHUTDOWN chunk: the sender has nothing more to send.
    GROUP = "sctp.chunk", "SHUTDOWN chunk", Show::group().repeats().write(write_group), "RFC 9260, 3.3.8";
    /// A SHUTDOWN ACK chunk: neither has its sender.
    ACK_GROUP = "sctp.chunk", "SHUTDOWN_ACK chunk", Show::group().repeats(), "RFC 9260, 3.3.9";
    /// The last transmission sequence number before the first that is missing.
    CUMULATIVE_TSN_ACK = "sctp.shutdown_cumulative_tsn_ack", "Cumulative TSN Ack",
        Show::u32(), "RFC 9260, 3.3.8";
}

/// The type SHUTDOWN.
pub static TYPE: Type =
    Type { number: 7, name: "SHUTDOWN", group: &GROUP, flags: &[], dissect, fields: FIELDS };
/// The type SHUTDOWN ACK.
pub static ACK: Type = Type {
    number: 8,
    name: "SHUTDOWN_ACK",
    group: &ACK_GROUP,
    flags: &[],
    dissect: dissect_nothing,
    fields: &[],
};

header! {
    /// The value of a SHUTDOWN chunk.
    pub struct Shutdown {
        /// The last TSN before the first that is missing.
        pub cumulative_tsn_ack: u32 => CUMULATIVE_TSN_ACK, by hand,
    }
}

fn dissect(cx: &mut Cx<'_>, chunk: &Chunk<'_>, known: &mut Known) {
    known.dissect_ack(cx, chunk, &CUMULATIVE_TSN_ACK);
    if let (Some((shutdown, _)), Some(info)) = (Shutdown::dissect(cx, chunk.value), cx.info()) {
        info.str("(Ack=").dec(shutdown.cumulative_tsn_ack.into()).str(") ");
    }
}

fn write_group(item: Item<'_>, out: &mut Out) {
    if let Some(tsn) = item.number(&CUMULATIVE_TSN_ACK) {
        out.str(" (Cumulative TSN ack: ").dec(tsn).str(")");
    }
}
