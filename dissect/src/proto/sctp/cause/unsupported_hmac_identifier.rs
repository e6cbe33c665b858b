//! Unsupported HMAC identifier, RFC 4895, 4: an AUTH chunk used one that was not asked for.

use super::{CauseCode, Kind};
use crate::proto::sctp::parameter::authentication::HMAC_IDENTIFIER;
use crate::{Cx, Show, fields, header};

fields! {
    /// An unsupported HMAC identifier cause.
    pub GROUP = "sctp.cause", "Unsupported HMAC identifier cause", Show::group().repeats(), "RFC 4895, 4";
}

header! {
    /// The value of an unsupported HMAC identifier cause.
    pub struct UnsupportedHmacIdentifier {
        /// The identifier.
        pub identifier: u16 => HMAC_IDENTIFIER,
    }
}

pub(super) static KIND: Kind =
    Kind { code: CauseCode::UNSUPPORTED_HMAC_IDENTIFIER, group: &GROUP, value, fields: FIELDS };

fn value<'b>(cx: &mut Cx<'_>, bytes: &'b [u8], _: u8) -> Option<&'b [u8]> {
    UnsupportedHmacIdentifier::dissect(cx, bytes).map(|(_, rest)| rest)
}
