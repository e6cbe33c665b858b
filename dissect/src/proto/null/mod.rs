//! Null/Loopback: the loopback interfaces of BSD, macOS and Windows. LINKTYPE_NULL has the family in the byte order of
//! the host that captured, LINKTYPE_LOOP in network byte order.

#[cfg(test)]
mod tests;

use crate::proto::ethernet::{ETHERTYPE_NAMES, ETHERTYPES, MOST_LENGTH, short};
use crate::proto::frame::LINK_TYPES;
use crate::{Claim, Codes, Cx, Protocol, Show, fields};

fields! {
    /// A loopback header.
    ROOT = "null", "Null/Loopback", Show::protocol(), "LINKTYPE_NULL, LINKTYPE_LOOP";
    /// The address family of the payload. Hosts number IPv6 differently.
    FAMILY = "null.family", "Family", Show::u32().codes(&FAMILIES), "LINKTYPE_NULL, LINKTYPE_LOOP";
    /// An EtherType in the family's place.
    TYPE = "null.type", "Type", Show::u16().hex().codes(&ETHERTYPE_NAMES), "LINKTYPE_NULL, LINKTYPE_LOOP";
}

static FAMILIES: Codes = Codes {
    unknown: "Unknown",
    names: &[
        (2, "IP"),
        (7, "OSI"),
        (10, "IPv6"),
        (16, "Appletalk"),
        (23, "Netware IPX/SPX"),
        (24, "IPv6"),
        (28, "IPv6"),
        (30, "IPv6"),
    ],
};

/// Null/Loopback.
pub static PROTOCOL: Protocol = Protocol {
    claims: &[Claim::Number(&LINK_TYPES, 0), Claim::Number(&LINK_TYPES, 108)],
    tables: &[&LINK_TYPES, &ETHERTYPES],
    ..Protocol::new("null", "Null", "Null/Loopback", "LINKTYPE_NULL, LINKTYPE_LOOP", walk, &[FIELDS])
};

/// The family or EtherType of a header. `in_network_order` tells the two link types apart; without it the order is the
/// one that gives a small number.
///
/// ```
/// use dissect::proto::null::family;
/// assert_eq!((family([2, 0, 0, 0], false), family([0, 0, 0, 30], false)), (2, 30));
/// ```
pub fn family(bytes: [u8; 4], in_network_order: bool) -> u32 {
    let (little, big) = (u32::from_le_bytes(bytes), u32::from_be_bytes(bytes));
    match big & 0xffff {
        _ if in_network_order => big,
        _ if little <= 0xffff => little,
        // The header of Cisco's HDLC ends with an EtherType too.
        low if low > MOST_LENGTH.into() => low,
        _ => big,
    }
}

fn walk(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    // Some PPP interfaces claim to be of this link type.
    if bytes.starts_with(&[0xff, 0x03]) && cx.carry(&LINK_TYPES, 9, bytes) {
        return true;
    }
    cx.column(PROTOCOL.title);
    let Some((own, rest)) = bytes.split_first_chunk::<4>() else {
        cx.group(&ROOT, bytes, |cx| cx.malformed(bytes, short(&FAMILY, 0, 4, bytes)));
        return true;
    };
    let family = family(*own, cx.packet.link.0 == 108);
    let is_type = (u32::from(MOST_LENGTH) + 1..=0xffff).contains(&family);
    cx.group(&ROOT, own, |cx| cx.leaf(if is_type { &TYPE } else { &FAMILY }, own, family.into()));
    if let Some(info) = cx.info() {
        info.str("Null/Loopback");
    }
    let key = match family {
        2 => 0x800,
        10 | 24 | 28 | 30 => 0x86dd,
        family if is_type => family,
        _ => 0,
    };
    if !cx.carry(&ETHERTYPES, key, rest) {
        cx.data(rest);
    }
    true
}
