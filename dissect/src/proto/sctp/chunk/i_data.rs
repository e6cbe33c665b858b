//! I-DATA, RFC 8260, 2.1.

use super::data::{FLAGS, Flags, PPID, STREAM, TSN, carry, write_message};
use super::{Chunk, Type};
use crate::proto::sctp::association::Known;
use crate::tree::Item;
use crate::{Cx, Out, Show, fields, header};

fields! {
    /// An I-DATA chunk: a user message or a piece of one, that may be interleaved with others.
    GROUP = "sctp.chunk", "I_DATA chunk", Show::group().repeats().write_parts(write_group), "RFC 8260, 2.1";
    /// Reserved: zero.
    RESERVED = "sctp.data_reserved", "Reserved", Show::u16(), "RFC 8260, 2.1";
    /// The message: its place in its stream, counted apart for ordered and unordered ones.
    MID = "sctp.data_mid", "Message identifier", Show::u32(), "RFC 8260, 2.1";
    /// The place of the piece in its message. The first piece has the payload protocol identifier here,
    /// and is number 0.
    FSN = "sctp.data_fsn", "Fragment sequence number", Show::u32(), "RFC 8260, 2.1";
}

/// The type.
pub static TYPE: Type =
    Type { number: 64, name: "I_DATA", group: &GROUP, flags: FLAGS, dissect, fields: FIELDS };

header! {
    /// The fixed part of an I-DATA chunk's value; the user's bytes follow it.
    pub struct IData {
        /// The transmission sequence number.
        pub tsn: u32 => TSN, by hand,
        /// The stream.
        pub stream: u16 => STREAM,
        /// Reserved.
        pub reserved: u16 => RESERVED,
        /// The message identifier.
        pub mid: u32 => MID,
        /// The payload protocol identifier in the first piece of a message, the fragment sequence number in others.
        pub ppid_or_fsn: u32 => FSN, by hand,
    }
}

fn dissect(cx: &mut Cx<'_>, chunk: &Chunk<'_>, known: &mut Known) {
    let again = known.dissect_tsn(cx, chunk);
    let Some((data, payload)) = IData::dissect(cx, chunk.value) else { return };
    let flags = Flags(chunk.flags);
    let field = if flags.beginning() { &PPID } else { &FSN };
    cx.leaf(field, chunk.value.get(12..16).unwrap_or(&[]), data.ppid_or_fsn.into());
    if !known.leaves_payloads() {
        carry(cx, flags, data.tsn, data.ppid_or_fsn, payload, (!again).then_some(known));
    }
}

fn write_group(item: Item<'_>, out: &mut Out) {
    let numbers =
        [(", TSN: ", &TSN), (", SID: ", &STREAM), (", MID: ", &MID), (", FSN: ", &FSN), (", PPID: ", &PPID)];
    write_message(item, 20, &numbers, out);
}
