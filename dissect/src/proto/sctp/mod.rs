//! Stream Control Transmission Protocol, RFC 9260.

pub mod cause;
pub mod parameter;
pub mod ppid;

use crate::proto::ip::PROTOCOLS;
use crate::{Claim, Cx, Protocol, Show, fields};

fields! {
    /// Stream Control Transmission Protocol.
    ROOT = "sctp", "Stream Control Transmission Protocol", Show::protocol(), "RFC 9260";
}

/// SCTP.
pub static PROTOCOL: Protocol = Protocol {
    claims: &[Claim::Number(&PROTOCOLS, 132)],
    tables: &[&ppid::PPIDS],
    ..Protocol::new("sctp", "SCTP", "Stream Control Transmission Protocol", "RFC 9260", walk, &[FIELDS])
};

fn walk(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    cx.column(PROTOCOL.title);
    cx.group(&ROOT, bytes, |_| ());
    true
}
