//! WebRTC Data Channel Establishment Protocol, RFC 8832.

use crate::{Cx, Protocol, Show, fields};

fields! {
    /// WebRTC Data Channel Establishment Protocol.
    ROOT = "rtcdc", "WebRTC Data Channel Establishment Protocol", Show::protocol(), "RFC 8832";
}

/// WebRTC Data Channel Establishment Protocol.
pub static PROTOCOL: Protocol = Protocol {
    ..Protocol::new(
        "rtcdc",
        "DCEP",
        "WebRTC Data Channel Establishment Protocol",
        "RFC 8832",
        walk,
        &[FIELDS],
    )
};

fn walk(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    cx.column(PROTOCOL.title);
    cx.group(&ROOT, bytes, |_| ());
    true
}
