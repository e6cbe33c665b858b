//! Session Description Protocol, RFC 8866.

use crate::{Cx, Protocol, Show, fields};

fields! {
    /// Session Description Protocol.
    ROOT = "sdp", "Session Description Protocol", Show::protocol(), "RFC 8866";
}

/// Session Description Protocol.
pub static PROTOCOL: Protocol =
    Protocol { ..Protocol::new("sdp", "SDP", "Session Description Protocol", "RFC 8866", walk, &[FIELDS]) };

fn walk(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    cx.column(PROTOCOL.title);
    cx.group(&ROOT, bytes, |_| ());
    true
}
