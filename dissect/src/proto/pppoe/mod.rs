//! PPP-over-Ethernet, RFC 2516.

use crate::{Cx, Protocol, Show, fields};

fields! {
    /// PPP-over-Ethernet.
    ROOT = "pppoes", "PPP-over-Ethernet", Show::protocol(), "RFC 2516";
}

/// PPP-over-Ethernet.
pub static PROTOCOL: Protocol =
    Protocol { ..Protocol::new("pppoes", "PPPoES", "PPP-over-Ethernet", "RFC 2516", walk, &[FIELDS]) };

fn walk(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    cx.column(PROTOCOL.title);
    cx.group(&ROOT, bytes, |_| ());
    true
}
