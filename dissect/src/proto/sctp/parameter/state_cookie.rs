//! State cookie, RFC 9260, 3.3.3.1: all that the sender of an INIT ACK needs to set the association up later.

use super::{Kind, ParameterType, bytes_counted};
use crate::tree::Item;
use crate::{Cx, Out, Show, fields};

fields! {
    /// A state cookie parameter.
    pub GROUP = "sctp.parameter", "State cookie parameter", Show::group().repeats().write(line), "RFC 9260, 3.3.3.1";
    /// The cookie, which its receiver only sends back.
    pub COOKIE = "sctp.parameter_state_cookie", "State cookie", Show::bytes(), "RFC 9260, 3.3.3.1";
}

pub(super) static KIND: Kind =
    Kind { code: ParameterType::STATE_COOKIE, group: &GROUP, value, fields: FIELDS };

fn value<'b>(cx: &mut Cx<'_>, bytes: &'b [u8], _: u8) -> Option<&'b [u8]> {
    if !bytes.is_empty() {
        cx.leaf(&COOKIE, bytes, 0);
    }
    Some(&[])
}

fn line(item: Item<'_>, out: &mut Out) {
    let length = item.child(&COOKIE).map_or(0, |cookie| cookie.node.len);
    bytes_counted(out.str(" (Cookie length: "), length.into()).byte(b')');
}
