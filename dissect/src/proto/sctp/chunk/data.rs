//! DATA, RFC 9260, 3.3.1, with the I bit of RFC 7053.

use super::{CHUNK_FLAGS, CHUNK_LENGTH, Chunk, Type};
use crate::proto::sctp::association::Known;
use crate::proto::sctp::ppid;
use crate::tree::Item;
use crate::{Area, Cx, Field, Out, Severity, Show, fields, header};

fields! {
    /// A DATA chunk: a user message or a piece of one.
    GROUP = "sctp.chunk", "DATA chunk", Show::group().repeats().write_parts(write_group), "RFC 9260, 3.3.1";
    /// The sender asks for a SACK at once.
    IMMEDIATE = "sctp.data_i_bit", "I-Bit",
        Show::flag().mask(8).words("Send SACK immediately", "Possibly delay SACK"), "RFC 9260, 3.3.1";
    /// The message is delivered without regard to the order of its stream.
    UNORDERED = "sctp.data_u_bit", "U-Bit",
        Show::flag().mask(4).words("Unordered delivery", "Ordered delivery"), "RFC 9260, 3.3.1";
    /// The message begins here.
    BEGINNING = "sctp.data_b_bit", "B-Bit",
        Show::flag().mask(2).words("First segment", "Subsequent segment"), "RFC 9260, 3.3.1";
    /// The message ends here.
    ENDING = "sctp.data_e_bit", "E-Bit",
        Show::flag().mask(1).words("Last segment", "Not the last segment"), "RFC 9260, 3.3.1";
    /// The transmission sequence number of the chunk.
    pub TSN = "sctp.data_tsn_raw", "Transmission sequence number (absolute)", Show::u32(), "RFC 9260, 3.3.1";
    /// The stream the message belongs to.
    pub STREAM = "sctp.data_sid", "Stream identifier", Show::u16().hex(), "RFC 9260, 3.3.1";
    /// The place of the message in its stream. The same in all pieces of a message.
    pub SSN = "sctp.data_ssn", "Stream sequence number", Show::u16(), "RFC 9260, 3.3.1";
    /// What the message is, by the number that IANA gave its protocol. SCTP itself does not read it.
    pub PPID = "sctp.data_payload_proto_id", "Payload protocol identifier",
        Show::u32().codes(&ppid::NAMES), "RFC 9260, 3.3.1";
    /// A DATA chunk carries one byte of a message at least: the receiver aborts the association.
    NO_USER_DATA = "sctp.data_no_user_data", "The chunk has no user data",
        Show::expert(Severity::Error, Area::Protocol), "RFC 9260, 3.3.1";
}

/// The type.
pub static TYPE: Type =
    Type { number: 0, name: "DATA", group: &GROUP, flags: FLAGS, dissect, fields: FIELDS };

/// What every chunk with a message says of it.
pub(super) static PLAIN: &[&Field] =
    &[&TSN, &STREAM, &SSN, &PPID, &IMMEDIATE, &UNORDERED, &BEGINNING, &ENDING];

/// The bits of the flags, the same in I-DATA.
pub(super) static FLAGS: &[&Field] = &[&IMMEDIATE, &UNORDERED, &BEGINNING, &ENDING];

header! {
    /// The fixed part of a DATA chunk's value; the user's bytes follow it.
    pub struct Data {
        /// The transmission sequence number.
        pub tsn: u32 => TSN, by hand,
        /// The stream.
        pub stream: u16 => STREAM,
        /// The stream sequence number.
        pub ssn: u16 => SSN,
        /// The payload protocol identifier.
        pub ppid: u32 => PPID,
    }
}

/// The flags of DATA and I-DATA.
///
/// ```
/// use dissect::proto::sctp::chunk::data::Flags;
/// let flags = Flags(0b0110);
/// assert!(flags.beginning() && !flags.ending() && !flags.whole() && flags.unordered() && !flags.immediate());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flags(pub u8);

impl Flags {
    /// The sender asks for a SACK at once (I).
    pub fn immediate(self) -> bool {
        self.0 & 8 != 0
    }
    /// Delivered without regard to order (U).
    pub fn unordered(self) -> bool {
        self.0 & 4 != 0
    }
    /// The first piece of a message (B).
    pub fn beginning(self) -> bool {
        self.0 & 2 != 0
    }
    /// The last piece of a message (E).
    pub fn ending(self) -> bool {
        self.0 & 1 != 0
    }
    /// A whole message: the first piece and the last.
    pub fn whole(self) -> bool {
        self.0 & 3 == 3
    }
}

fn dissect(cx: &mut Cx<'_>, chunk: &Chunk<'_>, known: &mut Known) {
    let again = known.dissect_tsn(cx, chunk);
    if let Some((data, payload)) = Data::dissect(cx, chunk.value)
        && !known.leaves_payloads()
    {
        carry(cx, Flags(chunk.flags), data.tsn, data.ppid, payload, (!again).then_some(known));
    }
}

/// The identifier of the message that a DATA or I-DATA chunk has whole.
pub(in super::super) fn whole_of(chunk: &Chunk<'_>) -> Option<u32> {
    let at = if chunk.number == TYPE.number { 8 } else { 12 };
    let ppid = chunk.value.get(at..)?.first_chunk()?;
    Flags(chunk.flags).whole().then(|| u32::from_be_bytes(*ppid))
}

/// Writes what the summary says of the chunk and hands a whole message on, also one that this chunk is the last piece of.
/// Other pieces are shown as data, and so is what was sent again: then nothing is `known` of it.
pub(super) fn carry(
    cx: &mut Cx<'_>,
    flags: Flags,
    tsn: u32,
    ppid: u32,
    payload: &[u8],
    known: Option<&Known>,
) {
    if let Some(info) = cx.info() {
        info.with(|pen| {
            pen.all(b"(TSN=");
            pen.dec(tsn.into());
            pen.all(b") ");
        });
        if known.is_none() {
            info.str("(retransmission) ");
        }
    }
    if payload.is_empty() && cx.cut == 0 {
        cx.expert(&NO_USER_DATA, payload);
    }
    let ends = cx.ends;
    match known {
        None => cx.data(payload),
        Some(_) if flags.whole() => ppid::carry(cx, ppid, payload),
        Some(known) => {
            if !known.dissect_piece(cx, payload, ppid::carry) {
                if let Some(info) = cx.info() {
                    info.str("(Message Fragment) ");
                }
                cx.data(payload);
            }
        }
    }
    cx.ends = ends;
}

/// Writes what a chunk with a piece of a message is: how it is delivered, which part of it this is, the numbers that
/// are there, and the length of the piece.
pub(super) fn write_message(item: Item<'_>, header: u8, numbers: &[(&str, &'static Field)], out: &mut Out) {
    let flags = out.find(item, &CHUNK_FLAGS).map_or(0, |flags| flags.node.value);
    if out.find(item, &TSN).is_none() {
        return;
    }
    let flags = Flags(flags as u8);
    out.str(if flags.unordered() { " (unordered, " } else { " (ordered, " });
    out.str(match (flags.beginning(), flags.ending()) {
        (true, true) => "complete segment",
        (true, false) => "first segment",
        (false, true) => "last segment",
        (false, false) => "middle segment",
    });
    for (label, field) in numbers {
        if let Some(number) = out.find(item, field) {
            out.str(label).tell_number(number, 0);
        }
    }
    out.str(", payload length: ");
    match out.find(item, &CHUNK_LENGTH) {
        Some(length) => out.tell_number(length, header),
        None => out.byte(b'0'),
    };
    out.str(" bytes)");
}

fn write_group(item: Item<'_>, out: &mut Out) {
    let numbers = [(", TSN: ", &TSN), (", SID: ", &STREAM), (", SSN: ", &SSN), (", PPID: ", &PPID)];
    write_message(item, 16, &numbers, out);
}
