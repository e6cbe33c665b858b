//! ASCONF and ASCONF ACK, RFC 5061, 4.1: addresses are added to and deleted from a living association.

use super::{Chunk, Type};
use crate::proto::sctp::association::Known;
use crate::proto::sctp::parameter;
use crate::{Cx, Show, fields, header};

fields! {
    /// An ASCONF chunk: asks for changes.
    GROUP = "sctp.chunk", "ASCONF chunk", Show::group().repeats(), "RFC 5061, 4.1.1";
    /// An ASCONF ACK chunk: answers each of them; one that is not answered was done.
    ACK_GROUP = "sctp.chunk", "ASCONF_ACK chunk", Show::group().repeats(), "RFC 5061, 4.1.2";
    /// The number of the request, which grows by one with each.
    SERIAL = "sctp.asconf_seq_nr_number", "Sequence number", Show::u32().hex(), "RFC 5061, 4.1.1";
    /// The number of the request that is answered.
    ACK_SERIAL = "sctp.asconf_ack_seq_nr_number", "Sequence number", Show::u32().hex(), "RFC 5061, 4.1.2";
}

/// The type ASCONF.
pub static TYPE: Type =
    Type { number: 193, name: "ASCONF", group: &GROUP, flags: &[], dissect, fields: FIELDS };
/// The type ASCONF ACK.
pub static ACK: Type = Type {
    number: 128,
    name: "ASCONF_ACK",
    group: &ACK_GROUP,
    flags: &[],
    dissect: dissect_ack,
    fields: &[],
};

header! {
    /// The fixed part of an ASCONF chunk's value; an address parameter and the requests follow it.
    pub struct Asconf {
        /// The number of the request.
        pub serial: u32 => SERIAL,
    }
}

header! {
    /// The fixed part of an ASCONF ACK chunk's value; the answers follow it.
    pub struct AsconfAck {
        /// The number of the request that is answered.
        pub serial: u32 => ACK_SERIAL,
    }
}

fn dissect(cx: &mut Cx<'_>, chunk: &Chunk<'_>, _: &mut Known) {
    if let Some((asconf, parameters)) = Asconf::dissect(cx, chunk.value) {
        dissect_rest(cx, asconf.serial, parameters);
    }
}

fn dissect_ack(cx: &mut Cx<'_>, chunk: &Chunk<'_>, _: &mut Known) {
    if let Some((ack, parameters)) = AsconfAck::dissect(cx, chunk.value) {
        dissect_rest(cx, ack.serial, parameters);
    }
}

fn dissect_rest(cx: &mut Cx<'_>, serial: u32, parameters: &[u8]) {
    if let Some(info) = cx.info() {
        info.str("(Seq=").hex_0x(serial.into(), 8).str(") ");
    }
    parameter::dissect_all(cx, parameters);
}
