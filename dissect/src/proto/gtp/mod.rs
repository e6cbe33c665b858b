//! GPRS Tunneling Protocol, 3GPP TS 29.281.

use crate::{Cx, Protocol, Show, fields};

fields! {
    /// GPRS Tunneling Protocol.
    ROOT = "gtp", "GPRS Tunneling Protocol", Show::protocol(), "3GPP TS 29.281";
}

/// GPRS Tunneling Protocol.
pub static PROTOCOL: Protocol =
    Protocol { ..Protocol::new("gtp", "GTP", "GPRS Tunneling Protocol", "3GPP TS 29.281", walk, &[FIELDS]) };

fn walk(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    cx.column(PROTOCOL.title);
    cx.group(&ROOT, bytes, |_| ());
    true
}
