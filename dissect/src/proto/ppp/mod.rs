//! Point-to-Point Protocol, RFC 1661.

use crate::{Cx, Protocol, Show, fields};

fields! {
    /// Point-to-Point Protocol.
    ROOT = "ppp", "Point-to-Point Protocol", Show::protocol(), "RFC 1661";
}

/// Point-to-Point Protocol.
pub static PROTOCOL: Protocol =
    Protocol { ..Protocol::new("ppp", "PPP", "Point-to-Point Protocol", "RFC 1661", walk, &[FIELDS]) };

fn walk(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    cx.column(PROTOCOL.title);
    cx.group(&ROOT, bytes, |_| ());
    true
}
