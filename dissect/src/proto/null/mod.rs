//! Null/Loopback, LINKTYPE_NULL, LINKTYPE_LOOP.

use crate::{Cx, Protocol, Show, fields};

fields! {
    /// Null/Loopback.
    ROOT = "null", "Null/Loopback", Show::protocol(), "LINKTYPE_NULL, LINKTYPE_LOOP";
}

/// Null/Loopback.
pub static PROTOCOL: Protocol = Protocol {
    ..Protocol::new("null", "NULL", "Null/Loopback", "LINKTYPE_NULL, LINKTYPE_LOOP", walk, &[FIELDS])
};

fn walk(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    cx.column(PROTOCOL.title);
    cx.group(&ROOT, bytes, |_| ());
    true
}
