//! Transmission Control Protocol, RFC 9293.

use crate::{Cx, Protocol, Show, Table, fields};

/// Who listens on a TCP port.
pub static PORTS: Table = Table { name: "tcp.port", doc: "a TCP port" };

fields! {
    /// Transmission Control Protocol.
    ROOT = "tcp", "Transmission Control Protocol", Show::protocol(), "RFC 9293";
}

/// Transmission Control Protocol.
pub static PROTOCOL: Protocol =
    Protocol { ..Protocol::new("tcp", "TCP", "Transmission Control Protocol", "RFC 9293", walk, &[FIELDS]) };

fn walk(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    cx.column(PROTOCOL.title);
    cx.group(&ROOT, bytes, |_| ());
    true
}
