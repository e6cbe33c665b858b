//! Fast Open, RFC 7413.

use super::super::Flags;
use super::{Lengths, OptionKind, OptionType, Place};
use crate::{Area, Cx, Out, Severity, Show, fields};

fields! {
    /// Fast Open.
    GROUP = "tcp.options.tfo", "TCP Option - TCP Fast Open", Show::bytes().repeats(), "RFC 7413, 4.1.1";
    /// Asks for a cookie.
    REQUEST = "tcp.options.tfo.request", "Fast Open Cookie Request", Show::group(), "RFC 7413, 4.1.1";
    /// The cookie.
    COOKIE = "tcp.options.tfo.cookie", "Fast Open Cookie", Show::bytes(), "RFC 7413, 4.1.1";
    /// A SYN that may bring data.
    SYN_WITH_COOKIE = "tcp.analysis.tfo_syn", "TCP SYN with TFO Cookie", Show::expert(Severity::Note, Area::Sequence), "RFC 7413, 4.2";
}

pub(super) static FAST_OPEN: OptionType = OptionType {
    emit: |cx, place| emit_cookie(cx, place, place.bytes, place.body()),
    line: |out, place| write_cookie(out, place.body()),
    ..OptionType::new(OptionKind::FAST_OPEN, &GROUP, Lengths::AtLeast(2))
};

/// Adds a cookie, or the request for one, which stands in the given bytes.
pub(super) fn emit_cookie(cx: &mut Cx<'_>, place: Place<'_>, request: &[u8], cookie: &[u8]) {
    if cookie.is_empty() {
        return cx.leaf(&REQUEST, request, 0);
    }
    cx.group_with(&COOKIE, cookie, 0, |cx| {
        let flags = place.header.flags();
        if flags.contains(Flags::SYN) && !flags.contains(Flags::ACK) {
            cx.expert(&SYN_WITH_COOKIE, cookie);
        }
    });
}

/// Writes whether a cookie is asked for or given.
pub(super) fn write_cookie(out: &mut Out, cookie: &[u8]) {
    out.str(if cookie.is_empty() { " TFO=R" } else { " TFO=C" });
}
