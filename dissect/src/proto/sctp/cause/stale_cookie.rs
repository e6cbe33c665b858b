//! Stale cookie, RFC 9260, 3.3.10.3: a cookie came too late.

use super::{CauseCode, Kind};
use crate::tree::Item;
use crate::{Cx, Out, Show, fields, header};

fields! {
    /// A stale cookie error cause.
    pub GROUP = "sctp.cause", "Stale cookie error cause", Show::group().repeats().write(line), "RFC 9260, 3.3.10.3";
    /// By how many microseconds it came too late.
    pub STALENESS = "sctp.cause_measure_of_staleness", "Measure of staleness in usec", Show::u32(), "RFC 9260, 3.3.10.3";
}

header! {
    /// The value of a stale cookie error cause.
    pub struct StaleCookie {
        /// By how many microseconds it came too late.
        pub staleness: u32 => STALENESS,
    }
}

pub(super) static KIND: Kind = Kind { code: CauseCode::STALE_COOKIE, group: &GROUP, value, fields: FIELDS };

fn value<'b>(cx: &mut Cx<'_>, bytes: &'b [u8], _: u8) -> Option<&'b [u8]> {
    StaleCookie::dissect(cx, bytes).map(|(_, rest)| rest)
}

fn line(item: Item<'_>, out: &mut Out) {
    if let Some(staleness) = item.number(&STALENESS) {
        out.str(" (Measure: ").dec(staleness).str(" usec)");
    }
}
