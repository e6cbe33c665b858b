//! Internet Control Message Protocol v6, RFC 4443.

use crate::{Cx, Protocol, Show, fields};

fields! {
    /// Internet Control Message Protocol v6.
    ROOT = "icmpv6", "Internet Control Message Protocol v6", Show::protocol(), "RFC 4443";
}

/// Internet Control Message Protocol v6.
pub static PROTOCOL: Protocol = Protocol {
    ..Protocol::new("icmpv6", "ICMPv6", "Internet Control Message Protocol v6", "RFC 4443", walk, &[FIELDS])
};

fn walk(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    cx.column(PROTOCOL.title);
    cx.group(&ROOT, bytes, |_| ());
    true
}
