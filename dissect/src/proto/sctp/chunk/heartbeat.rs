//! HEARTBEAT and HEARTBEAT ACK, RFC 9260, 3.3.5 and 3.3.6.

use super::{CHUNK_LENGTH, Chunk, Type};
use crate::proto::sctp::association::Known;
use crate::proto::sctp::parameter;
use crate::tree::Item;
use crate::{Cx, Out, Show, fields};

fields! {
    /// A HEARTBEAT chunk: asks whether an address can be reached.
    GROUP = "sctp.chunk", "HEARTBEAT chunk", Show::group().repeats().write(write_length), "RFC 9260, 3.3.5";
    /// A HEARTBEAT ACK chunk: sends the information of a HEARTBEAT back.
    ACK_GROUP = "sctp.chunk", "HEARTBEAT_ACK chunk",
        Show::group().repeats().write(write_length), "RFC 9260, 3.3.6";
}

/// The type HEARTBEAT.
pub static TYPE: Type =
    Type { number: 4, name: "HEARTBEAT", group: &GROUP, flags: &[], dissect, fields: FIELDS };
/// The type HEARTBEAT ACK.
pub static ACK: Type =
    Type { number: 5, name: "HEARTBEAT_ACK", group: &ACK_GROUP, flags: &[], dissect, fields: &[] };

fn dissect(cx: &mut Cx<'_>, chunk: &Chunk<'_>, _: &mut Known) {
    if cx.showing() {
        parameter::dissect_all(cx, chunk.value);
    }
}

fn write_length(item: Item<'_>, out: &mut Out) {
    if let Some(length) = item.number(&CHUNK_LENGTH) {
        out.str(" (Information: ").dec(length.saturating_sub(4)).str(" bytes)");
    }
}
