//! Stream Control Transmission Protocol, RFC 9260.

pub mod cause;
/// Shim.
pub mod chunk { /// T
pub static TYPES: crate::Codes = crate::Codes { unknown: "Unknown", names: &[(0, "DATA")] }; }
pub mod parameter;
pub mod ppid;

use crate::proto::ip::PROTOCOLS;
use crate::{Claim, Cx, Protocol, Show, fields, Field};

fields! {
    /// Stream Control Transmission Protocol.
    ROOT = "sctp", "Stream Control Transmission Protocol", Show::protocol(), "RFC 9260";
}

/// SCTP.
pub static PROTOCOL: Protocol = Protocol {
    claims: &[Claim::Number(&PROTOCOLS, 132)],
    tables: &[&ppid::PPIDS],
    ..Protocol::new("sctp", "SCTP", "Stream Control Transmission Protocol", "RFC 9260", walk, &ALL_FIELDS)
};

fn walk(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    cx.column(PROTOCOL.title);
    cx.group(&ROOT, bytes, |_| ());
    true
}

/// The fields of this file, of the parameters and of the causes.
static ALL_FIELDS: [&[&Field]; 1 + parameter::KINDS.len() + 1 + cause::KINDS.len() + 1] = {
    let mut all: [&[&Field]; 1 + parameter::KINDS.len() + 1 + cause::KINDS.len() + 1] =
        [FIELDS; 1 + parameter::KINDS.len() + 1 + cause::KINDS.len() + 1];
    let mut at = 0;
    while at < parameter::ALL_FIELDS.len() {
        all[at + 1] = parameter::ALL_FIELDS[at];
        at += 1;
    }
    let mut at = 0;
    while at < cause::ALL_FIELDS.len() {
        all[at + 1 + parameter::ALL_FIELDS.len()] = cause::ALL_FIELDS[at];
        at += 1;
    }
    all
};
