//! Internet Control Message Protocol, RFC 792.

use crate::{Cx, Protocol, Show, fields};

fields! {
    /// Internet Control Message Protocol.
    ROOT = "icmp", "Internet Control Message Protocol", Show::protocol(), "RFC 792";
}

/// Internet Control Message Protocol.
pub static PROTOCOL: Protocol = Protocol {
    ..Protocol::new("icmp", "ICMP", "Internet Control Message Protocol", "RFC 792", walk, &[FIELDS])
};

fn walk(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    cx.column(PROTOCOL.title);
    cx.group(&ROOT, bytes, |_| ());
    true
}
