//! Generic Routing Encapsulation, RFC 2784.

use crate::{Cx, Protocol, Show, fields};

fields! {
    /// Generic Routing Encapsulation.
    ROOT = "gre", "Generic Routing Encapsulation", Show::protocol(), "RFC 2784";
}

/// Generic Routing Encapsulation.
pub static PROTOCOL: Protocol =
    Protocol { ..Protocol::new("gre", "GRE", "Generic Routing Encapsulation", "RFC 2784", walk, &[FIELDS]) };

fn walk(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    cx.column(PROTOCOL.title);
    cx.group(&ROOT, bytes, |_| ());
    true
}
