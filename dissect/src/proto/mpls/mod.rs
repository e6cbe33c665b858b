//! MultiProtocol Label Switching, RFC 3032.

use crate::{Cx, Protocol, Show, fields};

fields! {
    /// MultiProtocol Label Switching.
    ROOT = "mpls", "MultiProtocol Label Switching", Show::protocol(), "RFC 3032";
}

/// MultiProtocol Label Switching.
pub static PROTOCOL: Protocol = Protocol {
    ..Protocol::new("mpls", "MPLS", "MultiProtocol Label Switching", "RFC 3032", walk, &[FIELDS])
};

fn walk(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    cx.column(PROTOCOL.title);
    cx.group(&ROOT, bytes, |_| ());
    true
}
