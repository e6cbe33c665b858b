//! Session Initiation Protocol, RFC 3261.

use crate::{Cx, Protocol, Show, fields};

fields! {
    /// Session Initiation Protocol.
    ROOT = "sip", "Session Initiation Protocol", Show::protocol(), "RFC 3261";
}

/// Session Initiation Protocol.
pub static PROTOCOL: Protocol =
    Protocol { ..Protocol::new("sip", "SIP", "Session Initiation Protocol", "RFC 3261", walk, &[FIELDS]) };

fn walk(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    cx.column(PROTOCOL.title);
    cx.group(&ROOT, bytes, |_| ());
    true
}
