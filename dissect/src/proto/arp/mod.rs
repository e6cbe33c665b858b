//! Address Resolution Protocol, RFC 826.

use crate::{Cx, Protocol, Show, fields};

fields! {
    /// Address Resolution Protocol.
    ROOT = "arp", "Address Resolution Protocol", Show::protocol(), "RFC 826";
}

/// Address Resolution Protocol.
pub static PROTOCOL: Protocol =
    Protocol { ..Protocol::new("arp", "ARP", "Address Resolution Protocol", "RFC 826", walk, &[FIELDS]) };

fn walk(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    cx.column(PROTOCOL.title);
    cx.group(&ROOT, bytes, |_| ());
    true
}
