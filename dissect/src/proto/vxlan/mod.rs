//! Virtual eXtensible Local Area Network, RFC 7348, with the policy group of its extension.

use crate::header::U24;
use crate::proto::{frame::LINK_TYPES, udp::PORTS};
use crate::{Claim, Cx, Protocol, Show, fields, header};

fields! {
    /// A VXLAN header.
    ROOT = "vxlan", "Virtual eXtensible Local Area Network", Show::protocol(), "RFC 7348, 5";
    /// What the header says.
    FLAGS = "vxlan.flags", "Flags", Show::u16().hex(), "RFC 7348, 5";
    /// The group policy is set.
    HAS_POLICY = "vxlan.flag_g", "GBP Extension", Show::flag().words("Defined", "Not defined").mask(0x8000), "draft-smith-vxlan-group-policy, 2.1";
    /// The network identifier is valid.
    HAS_NETWORK = "vxlan.flag_i", "VXLAN Network ID (VNI)", Show::flag().words("True", "False").mask(0x800), "RFC 7348, 5";
    /// The receiver must not learn the source address.
    DONT_LEARN = "vxlan.flag_d", "Don't Learn", Show::flag().words("True", "False").mask(0x40), "draft-smith-vxlan-group-policy, 2.1";
    /// The policy was applied.
    APPLIED = "vxlan.flag_a", "Policy Applied", Show::flag().words("True", "False").mask(8), "draft-smith-vxlan-group-policy, 2.1";
    /// Must be zero.
    FLAGS_RESERVED = "vxlan.flags_reserved", "Reserved(R)", Show::u16().hex().mask(0x77b7), "RFC 7348, 5";
    /// Which policy group.
    POLICY = "vxlan.gbp", "Group Policy ID", Show::u16(), "draft-smith-vxlan-group-policy, 2.1";
    /// Which network.
    NETWORK = "vxlan.vni", "VXLAN Network Identifier (VNI)", Show::u24(), "RFC 7348, 5";
    /// Must be zero.
    RESERVED = "vxlan.reserved8", "Reserved", Show::u8(), "RFC 7348, 5";
}

header! {
    /// The header.
    pub struct Header {
        /// What the header says.
        pub flags: u16 => FLAGS, by hand,
        /// Which policy group.
        pub policy: u16 => POLICY,
        /// Which network.
        pub network: U24 => NETWORK,
        /// Must be zero.
        pub reserved: u8 => RESERVED,
    }
}

/// VXLAN.
pub static PROTOCOL: Protocol = Protocol {
    claims: &[Claim::Number(&PORTS, 4789)],
    tables: &[&LINK_TYPES],
    ..Protocol::new("vxlan", "VxLAN", "Virtual eXtensible Local Area Network", "RFC 7348", walk, &[FIELDS])
};

/// The link type of Ethernet.
const ETHERNET: u32 = 1;

fn walk(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    cx.column(PROTOCOL.title);
    let own = bytes.get(..Header::LEN).unwrap_or(bytes);
    let header = cx.group(&ROOT, own, |cx| {
        if let Some(own) = bytes.first_chunk::<2>() {
            let flags = u16::from_be_bytes(*own).into();
            cx.group_with(&FLAGS, own, flags, |cx| {
                cx.flags(&[&HAS_POLICY, &HAS_NETWORK, &DONT_LEARN, &APPLIED, &FLAGS_RESERVED], own, flags);
            });
        }
        Header::dissect(cx, bytes)
    });
    let Some((header, frame)) = header else { return true };
    if let Some(info) = cx.info() {
        info.str("VNI ").dec(header.network.0.into());
    }
    if !frame.is_empty() && !cx.carry(&LINK_TYPES, ETHERNET, frame) {
        cx.data(frame);
    }
    true
}

#[cfg(test)]
mod tests;
