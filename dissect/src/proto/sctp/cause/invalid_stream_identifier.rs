//! Invalid stream identifier, RFC 9260, 3.3.10.1: a DATA chunk came on a stream that does not exist.

use super::{CauseCode, Kind};
use crate::tree::Item;
use crate::{Cx, Out, Show, fields, header};

fields! {
    /// An invalid stream identifier cause.
    pub GROUP = "sctp.cause", "Invalid stream identifier cause", Show::group().repeats().write(line), "RFC 9260, 3.3.10.1";
    /// The stream.
    pub STREAM = "sctp.cause_stream_identifier", "Stream identifier", Show::u16(), "RFC 9260, 3.3.10.1";
    /// Reserved: zero, and ignored by who receives it.
    pub RESERVED = "sctp.cause_reserved", "Reserved", Show::u16(), "RFC 9260, 3.3.10.1";
}

header! {
    /// The value of an invalid stream identifier cause.
    pub struct InvalidStreamIdentifier {
        /// The stream.
        pub stream: u16 => STREAM,
        /// Reserved: zero, and ignored by who receives it.
        pub reserved: u16 => RESERVED,
    }
}

pub(super) static KIND: Kind =
    Kind { code: CauseCode::INVALID_STREAM_IDENTIFIER, group: &GROUP, value, fields: FIELDS };

fn value<'b>(cx: &mut Cx<'_>, bytes: &'b [u8], _: u8) -> Option<&'b [u8]> {
    InvalidStreamIdentifier::dissect(cx, bytes).map(|(_, rest)| rest)
}

fn line(item: Item<'_>, out: &mut Out) {
    if let Some(stream) = item.number(&STREAM) {
        out.str(" (SID: ").dec(stream).byte(b')');
    }
}
