//! No user data, RFC 9260, 3.3.10.9: a DATA chunk came without any.

use super::{CauseCode, Kind};
use crate::tree::Item;
use crate::{Cx, Out, Show, fields, header};

fields! {
    /// A no user data cause.
    pub GROUP = "sctp.cause", "No user data cause", Show::group().repeats().write(line), "RFC 9260, 3.3.10.9";
    /// The chunk's TSN.
    pub TSN = "sctp.cause_tsn", "TSN", Show::u32(), "RFC 9260, 3.3.10.9";
}

header! {
    /// The value of a no user data cause.
    pub struct NoUserData {
        /// The chunk's TSN.
        pub tsn: u32 => TSN,
    }
}

pub(super) static KIND: Kind = Kind { code: CauseCode::NO_USER_DATA, group: &GROUP, value, fields: FIELDS };

fn value<'b>(cx: &mut Cx<'_>, bytes: &'b [u8], _: u8) -> Option<&'b [u8]> {
    NoUserData::dissect(cx, bytes).map(|(_, rest)| rest)
}

fn line(item: Item<'_>, out: &mut Out) {
    if let Some(tsn) = item.number(&TSN) {
        out.str(" (TSN: ").dec(tsn).byte(b')');
    }
}
