//! Linux cooked-mode capture, versions 1 and 2: what a capture on all interfaces has for a link layer.

#[cfg(test)]
mod tests;
mod types;

pub use types::HARDWARE_TYPES;

use crate::proto::ethernet::{ETHERTYPE_NAMES, ETHERTYPES, LEAST_TYPE, SLL_TYPES, padded, trailer};
use crate::proto::frame::LINK_TYPES;
use crate::tree::Item;
use crate::{Address, Claim, Codes, Cx, Field, Out, Protocol, Show, fields, header};

fields! {
    /// A cooked header.
    ROOT = "sll", "Linux cooked capture v1", Show::protocol().write(write_root), "LINKTYPE_LINUX_SLL";
    /// A cooked header of version 2.
    ROOT_V2 = "sll", "Linux cooked capture v2", Show::protocol().write(write_root), "LINKTYPE_LINUX_SLL2";
    /// To whom the packet went, seen from the capturing host.
    PACKET_TYPE = "sll.pkttype", "Packet type", Show::u16().codes(&PACKET_TYPES), "LINKTYPE_LINUX_SLL";
    /// The kind of interface.
    HARDWARE_TYPE = "sll.hatype", "Link-layer address type", Show::u16().codes(&HARDWARE_TYPES), "LINKTYPE_LINUX_SLL";
    /// The length of the sender's address in bytes; more than 8 are cut.
    ADDRESS_LENGTH = "sll.halen", "Link-layer address length", Show::u16(), "LINKTYPE_LINUX_SLL";
    /// The sender's Ethernet address.
    SOURCE_MAC = "sll.src.eth", "Source", Show::ether(), "LINKTYPE_LINUX_SLL";
    /// The sender's IPv4 address, of a tunnel.
    SOURCE_IPV4 = "sll.src.ipv4", "Source", Show::ipv4(), "LINKTYPE_LINUX_SLL";
    /// The sender's address.
    SOURCE = "sll.src.other", "Source", Show::bytes(), "LINKTYPE_LINUX_SLL";
    /// The bytes of the address that are not used.
    UNUSED = "sll.unused", "Unused", Show::bytes(), "LINKTYPE_LINUX_SLL";
    /// Which protocol is inside, by EtherType.
    TYPE = "sll.etype", "Protocol", Show::u16().hex().codes(&ETHERTYPE_NAMES), "LINKTYPE_LINUX_SLL";
    /// Which protocol is inside, by Linux's own number.
    LINUX_TYPE = "sll.ltype", "Protocol", Show::u16().hex().codes(&LINUX_TYPES), "LINKTYPE_LINUX_SLL";
    /// Which protocol is inside a GRE tunnel.
    GRE_TYPE = "sll.gretype", "Protocol", Show::u16().hex().codes(&ETHERTYPE_NAMES), "LINKTYPE_LINUX_SLL";
    /// On which interface.
    INTERFACE = "sll.ifindex", "Interface index", Show::u32(), "LINKTYPE_LINUX_SLL2";
    /// Zero by the specification: shown where it is not.
    RESERVED = "sll.reserved", "Reserved", Show::u16(), "LINKTYPE_LINUX_SLL2";
    /// Bytes behind the payload.
    TRAILER = "sll.trailer", "Trailer", Show::bytes(), "LINKTYPE_LINUX_SLL";
}

static PACKET_TYPES: Codes = Codes {
    unknown: "Unknown",
    names: &[
        (0, "Unicast to us"),
        (1, "Broadcast"),
        (2, "Multicast"),
        (3, "Unicast to another host"),
        (4, "Sent by us"),
    ],
};

static LINUX_TYPES: Codes = Codes {
    unknown: "Unknown",
    names: &[
        (0x01, "Raw 802.3"),
        (0x03, "Ethernet"),
        (0x04, "802.2 LLC"),
        (0x07, "PPP (HDLC)"),
        (0x0c, "CAN"),
        (0x0d, "CAN FD"),
        (0x17, "IrDA LAP"),
        (0xf5, "ISI"),
        (0xf6, "IEEE 802.15.4"),
    ],
};

/// The hardware type whose header says something else: netlink's has a family where the protocol stands.
const NETLINK: u16 = 824;

/// The hardware types of GRE tunnels.
const GRE: [u16; 2] = [778, 823];

header! {
    /// The header of version 1.
    pub struct Header {
        /// To whom the packet went.
        pub packet_type: u16 => PACKET_TYPE,
        /// The kind of interface.
        pub hardware_type: u16 => HARDWARE_TYPE,
        /// The length of the sender's address in bytes.
        pub address_length: u16 => ADDRESS_LENGTH,
        /// The sender's address, as much as fits.
        pub address: [u8; 8] => SOURCE, by hand,
        /// Which protocol is inside.
        pub protocol: u16 => TYPE, by hand,
    }
}

header! {
    /// The header of version 2.
    pub struct HeaderV2 {
        /// Which protocol is inside.
        pub protocol: u16 => TYPE, by hand,
        /// Zero.
        pub reserved: u16 => RESERVED, by hand,
        /// On which interface.
        pub interface: u32 => INTERFACE,
        /// The kind of interface.
        pub hardware_type: u16 => HARDWARE_TYPE,
        /// To whom the packet went.
        pub packet_type: u8 => PACKET_TYPE,
        /// The length of the sender's address in bytes.
        pub address_length: u8 => ADDRESS_LENGTH,
        /// The sender's address, as much as fits.
        pub address: [u8; 8] => SOURCE, by hand,
    }
}

/// Linux cooked-mode capture.
pub static PROTOCOL: Protocol = Protocol {
    claims: &[Claim::Number(&LINK_TYPES, 113), Claim::Number(&LINK_TYPES, 276)],
    tables: &[&SLL_TYPES, &ETHERTYPES],
    borrows: &[trailer::FIELDS],
    ..Protocol::new("sll", "SLL", "Linux cooked-mode capture", "LINKTYPE_LINUX_SLL", walk, &[FIELDS])
};

/// The label says all; that it is written makes it the value of columns too, which tells the versions apart.
fn write_root(_: Item<'_>, _: &mut Out) {}

/// What both versions say.
struct Cooked {
    packet_type: u16,
    hardware_type: u16,
    address_length: u16,
    address: [u8; 8],
    protocol: u16,
}

fn walk(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    let is_v2 = cx.packet.link.0 == 276;
    if bytes.get(if is_v2 { 8..10 } else { 2..4 }) == Some(&NETLINK.to_be_bytes()) {
        return false;
    }
    let group = cx.place_of_next();
    cx.column(PROTOCOL.title);
    let parsed = if is_v2 { version_2(cx, bytes) } else { version_1(cx, bytes) };
    let Some((cooked, rest)) = parsed else { return true };
    if cooked.address_length == 6 {
        let address = cooked.address.first_chunk().copied().unwrap_or_default();
        cx.addresses(Address::Ether(address), Address::None);
    }
    if let Some(info) = cx.info() {
        info.str(PACKET_TYPES.name_or_unknown(cooked.packet_type.into()));
    }
    let table = if cooked.protocol < LEAST_TYPE { &SLL_TYPES } else { &ETHERTYPES };
    if !cx.carry(table, cooked.protocol.into(), rest) {
        cx.data(rest);
    }
    let trailer = cx.trailer(rest);
    if !trailer.is_empty() && cx.cut == 0 && cx.showing() {
        // Padding of the network below, which had another header of about this length.
        let end = cx.offset(trailer) as usize;
        cx.append(group, |cx| padded(cx, end, trailer, &TRAILER));
    }
    true
}

fn version_1<'b>(cx: &mut Cx<'_>, bytes: &'b [u8]) -> Option<(Cooked, &'b [u8])> {
    let own = bytes.get(..Header::LEN).unwrap_or(bytes);
    cx.group(&ROOT, own, |cx| {
        let (header, rest) = Header::dissect(cx, bytes)?;
        let Header { packet_type, hardware_type, address_length, address, protocol } = header;
        let cooked = Cooked { packet_type, hardware_type, address_length, address, protocol };
        emit_address(cx, &cooked, own.get(6..14).unwrap_or(&[]));
        emit_protocol(cx, &cooked, own.get(14..16).unwrap_or(&[]));
        Some((cooked, rest))
    })
}

fn version_2<'b>(cx: &mut Cx<'_>, bytes: &'b [u8]) -> Option<(Cooked, &'b [u8])> {
    let own = bytes.get(..HeaderV2::LEN).unwrap_or(bytes);
    let parsed = HeaderV2::parse(bytes).map(|(_, header)| header);
    cx.group(&ROOT_V2, own, |cx| {
        let cooked = parsed.ok().map(|header| Cooked {
            packet_type: header.packet_type.into(),
            hardware_type: header.hardware_type,
            address_length: header.address_length.into(),
            address: header.address,
            protocol: header.protocol,
        });
        match (&cooked, own.first_chunk::<2>()) {
            (Some(cooked), _) => emit_protocol(cx, cooked, own.get(..2).unwrap_or(&[])),
            (None, Some(number)) => cx.leaf(&TYPE, number, u16::from_be_bytes(*number).into()),
            (None, None) => {}
        }
        if let Some(reserved) = own.get(2..4).and_then(<[u8]>::first_chunk).filter(|own| **own != [0; 2]) {
            cx.leaf(&RESERVED, reserved, u16::from_be_bytes(*reserved).into());
        }
        let (_, rest) = HeaderV2::dissect(cx, bytes)?;
        let cooked = cooked?;
        emit_address(cx, &cooked, own.get(12..20).unwrap_or(&[]));
        Some((cooked, rest))
    })
}

fn emit_address(cx: &mut Cx<'_>, cooked: &Cooked, bytes: &[u8]) {
    let (own, unused) = bytes.split_at_checked(cooked.address_length.into()).unwrap_or((bytes, &[]));
    match (own.len(), own.first_chunk::<4>()) {
        (0, _) => {}
        (4, Some(address)) => cx.leaf(&SOURCE_IPV4, own, u32::from_be_bytes(*address).into()),
        (6, _) => cx.leaf(&SOURCE_MAC, own, 0),
        _ => cx.leaf(&SOURCE, own, 0),
    }
    if !unused.is_empty() {
        cx.leaf(&UNUSED, unused, 0);
    }
}

fn emit_protocol(cx: &mut Cx<'_>, cooked: &Cooked, bytes: &[u8]) {
    let field: &'static Field = if GRE.contains(&cooked.hardware_type) {
        &GRE_TYPE
    } else if cooked.protocol < LEAST_TYPE {
        &LINUX_TYPE
    } else {
        &TYPE
    };
    cx.leaf(field, bytes, cooked.protocol.into());
}
