//! 802.1Q Virtual LAN, IEEE 802.1Q.

use crate::{Cx, Protocol, Show, fields};

fields! {
    /// 802.1Q Virtual LAN.
    ROOT = "vlan", "802.1Q Virtual LAN", Show::protocol(), "IEEE 802.1Q";
}

/// 802.1Q Virtual LAN.
pub static PROTOCOL: Protocol =
    Protocol { ..Protocol::new("vlan", "VLAN", "802.1Q Virtual LAN", "IEEE 802.1Q", walk, &[FIELDS]) };

fn walk(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    cx.column(PROTOCOL.title);
    cx.group(&ROOT, bytes, |_| ());
    true
}
