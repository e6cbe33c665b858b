//! Cookie preservative, RFC 9260, 3.3.2.1: the wish for a cookie that lives longer.

use super::{Kind, ParameterType};
use crate::tree::Item;
use crate::{Cx, Out, Show, fields, header};

fields! {
    /// A cookie preservative parameter.
    pub GROUP = "sctp.parameter", "Cookie preservative parameter", Show::group().repeats().write(line), "RFC 9260, 3.3.2.1";
    /// By how many milliseconds the cookie should live longer.
    pub INCREMENT = "sctp.parameter_cookie_preservative_incr", "Suggested Cookie life-span increment (msec)", Show::u32(), "RFC 9260, 3.3.2.1";
}

header! {
    /// The value of a cookie preservative parameter.
    pub struct CookiePreservative {
        /// By how many milliseconds the cookie should live longer.
        pub increment: u32 => INCREMENT,
    }
}

pub(super) static KIND: Kind =
    Kind { code: ParameterType::COOKIE_PRESERVATIVE, group: &GROUP, value, fields: FIELDS };

fn value<'b>(cx: &mut Cx<'_>, bytes: &'b [u8], _: u8) -> Option<&'b [u8]> {
    CookiePreservative::dissect(cx, bytes).map(|(_, rest)| rest)
}

fn line(item: Item<'_>, out: &mut Out) {
    if let Some(increment) = item.number(&INCREMENT) {
        out.str(" (Increment: ").dec(increment).str(" msec)");
    }
}
