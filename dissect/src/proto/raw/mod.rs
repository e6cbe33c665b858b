//! Raw packet data, LINKTYPE_RAW.

use crate::{Cx, Protocol, Show, fields};

fields! {
    /// Raw packet data.
    ROOT = "raw", "Raw packet data", Show::protocol(), "LINKTYPE_RAW";
}

/// Raw packet data.
pub static PROTOCOL: Protocol =
    Protocol { ..Protocol::new("raw", "RAW", "Raw packet data", "LINKTYPE_RAW", walk, &[FIELDS]) };

fn walk(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    cx.column(PROTOCOL.title);
    cx.group(&ROOT, bytes, |_| ());
    true
}
