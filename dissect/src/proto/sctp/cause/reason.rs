//! The causes in which the sender says why in its own words, RFC 9260, 3.3.10.12 and 3.3.10.13.

use super::{CauseCode, INFORMATION, Kind, information};
use crate::tree::Item;
use crate::{Out, Show, fields};

fields! {
    /// A user-initiated abort cause, with the application's reason.
    pub ABORT_GROUP = "sctp.cause", "User initiated ABORT cause", Show::group().repeats().write(line), "RFC 9260, 3.3.10.12";
    /// A protocol violation cause, with what was violated.
    pub VIOLATION_GROUP = "sctp.cause", "Protocol violation cause", Show::group().repeats().write(line), "RFC 9260, 3.3.10.13";
}

pub(super) static USER_INITIATED_ABORT: Kind =
    Kind { code: CauseCode::USER_INITIATED_ABORT, group: &ABORT_GROUP, value: information, fields: FIELDS };
pub(super) static PROTOCOL_VIOLATION: Kind =
    Kind { code: CauseCode::PROTOCOL_VIOLATION, group: &VIOLATION_GROUP, value: information, fields: &[] };

/// Writes the reason where it is text. Stacks write one, though the specification leaves the form to them.
fn line(item: Item<'_>, out: &mut Out) {
    let Some(reason) = item.child(&INFORMATION) else { return };
    let reason = reason.bytes();
    let text = reason.strip_suffix(b"\0").unwrap_or(reason);
    let readable = std::str::from_utf8(text).is_ok_and(|text| !text.chars().any(char::is_control));
    if readable && !text.is_empty() {
        out.str(" (").text(text).byte(b')');
    }
}
