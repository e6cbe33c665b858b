//! Address Resolution Protocol, RFC 826, with RARP (RFC 903), Inverse ARP (RFC 2390) and probes (RFC 5227).

pub mod duplicate;
#[cfg(test)]
mod tests;

use crate::proto::ethernet::{ETHERTYPE_NAMES, ETHERTYPES};
use crate::proto::linux_sll::HARDWARE_TYPES;
use crate::tree::Item;
use crate::{Claim, Codes, Cx, Field, Malformed, Out, Protocol, Show, fields, header};

fields! {
    /// An ARP packet.
    ROOT = "arp", "Address Resolution Protocol", Show::protocol().write(write_root), "RFC 826";
    /// The kind of hardware address.
    HARDWARE_TYPE = "arp.hw.type", "Hardware type", Show::u16().codes(&HARDWARE_TYPES), "RFC 826, Packet format";
    /// The kind of protocol address, an EtherType.
    PROTOCOL_TYPE = "arp.proto.type", "Protocol type", Show::u16().hex().codes(&ETHERTYPE_NAMES), "RFC 826, Packet format";
    /// The length of a hardware address in bytes.
    HARDWARE_SIZE = "arp.hw.size", "Hardware size", Show::u8(), "RFC 826, Packet format";
    /// The length of a protocol address in bytes.
    PROTOCOL_SIZE = "arp.proto.size", "Protocol size", Show::u8(), "RFC 826, Packet format";
    /// What is asked or answered.
    OPCODE = "arp.opcode", "Opcode", Show::u16().codes(&OPCODES), "RFC 826, Packet format";
    /// Sender and target have the same protocol address.
    IS_GRATUITOUS = "arp.isgratuitous", "Is gratuitous", Show::flag().words("True", "False"), "RFC 5944, 4.6";
    /// The sender asks whether somebody has the address it wants.
    IS_PROBE = "arp.isprobe", "Is probe", Show::flag().words("True", "False"), "RFC 5227, 1.1";
    /// The sender tells that it has the address.
    IS_ANNOUNCEMENT = "arp.isannouncement", "Is announcement", Show::flag().words("True", "False"), "RFC 5227, 1.1";
    /// The sender's hardware address.
    SENDER_HARDWARE = "arp.src.hw", "Sender hardware address", Show::bytes(), "RFC 826, Packet format";
    /// The sender's Ethernet address.
    SENDER_MAC = "arp.src.hw_mac", "Sender MAC address", Show::ether(), "RFC 826, Packet format";
    /// The sender's protocol address.
    SENDER_PROTOCOL = "arp.src.proto", "Sender protocol address", Show::bytes(), "RFC 826, Packet format";
    /// The sender's IPv4 address.
    SENDER_IPV4 = "arp.src.proto_ipv4", "Sender IP address", Show::ipv4(), "RFC 826, Packet format";
    /// The target's hardware address.
    TARGET_HARDWARE = "arp.dst.hw", "Target hardware address", Show::bytes(), "RFC 826, Packet format";
    /// The target's Ethernet address.
    TARGET_MAC = "arp.dst.hw_mac", "Target MAC address", Show::ether(), "RFC 826, Packet format";
    /// The target's protocol address.
    TARGET_PROTOCOL = "arp.dst.proto", "Target protocol address", Show::bytes(), "RFC 826, Packet format";
    /// The target's IPv4 address.
    TARGET_IPV4 = "arp.dst.proto_ipv4", "Target IP address", Show::ipv4(), "RFC 826, Packet format";
}

static OPCODES: Codes = Codes {
    unknown: "Unknown",
    names: &[
        (0, "reserved"),
        (1, "request"),
        (2, "reply"),
        (3, "reverse request"),
        (4, "reverse reply"),
        (5, "drarp request"),
        (6, "drarp reply"),
        (7, "drarp error"),
        (8, "inverse request"),
        (9, "inverse reply"),
        (10, "arp nak"),
        (11, "mars request"),
        (12, "mars multi"),
        (13, "mars mserv"),
        (14, "mars join"),
        (15, "mars leave"),
        (16, "mars nak"),
        (17, "mars unserv"),
        (18, "mars sjoin"),
        (19, "mars sleave"),
        (20, "mars grouplist request"),
        (21, "mars grouplist reply"),
        (22, "mars redirect map"),
        (23, "mapos unarp"),
        (24, "experimental 1"),
        (25, "experimental 2"),
        (65535, "reserved"),
    ],
};

header! {
    /// The part of fixed size.
    pub struct Header {
        /// The kind of hardware address.
        pub hardware_type: u16 => HARDWARE_TYPE,
        /// The kind of protocol address, an EtherType.
        pub protocol_type: u16 => PROTOCOL_TYPE,
        /// The length of a hardware address in bytes.
        pub hardware_size: u8 => HARDWARE_SIZE,
        /// The length of a protocol address in bytes.
        pub protocol_size: u8 => PROTOCOL_SIZE,
        /// What is asked or answered.
        pub opcode: u16 => OPCODE,
    }
}

impl Header {
    /// The length of the packet in bytes.
    pub fn packet_len(&self) -> usize {
        Header::LEN + 2 * (usize::from(self.hardware_size) + usize::from(self.protocol_size))
    }
    fn has_macs(self) -> bool {
        matches!(self.hardware_type, 1 | 6) && self.hardware_size == 6
    }
    fn has_ipv4(self) -> bool {
        self.protocol_type == 0x800 && self.protocol_size == 4
    }
}

/// The addresses of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Addresses<'a> {
    /// The sender's hardware address.
    pub sender_hardware: &'a [u8],
    /// The sender's protocol address.
    pub sender_protocol: &'a [u8],
    /// The target's hardware address.
    pub target_hardware: &'a [u8],
    /// The target's protocol address.
    pub target_protocol: &'a [u8],
}

impl<'a> Addresses<'a> {
    /// Reads the addresses of a packet that begins with the header; nothing if it ends in them.
    pub fn parse(header: &Header, packet: &'a [u8]) -> Option<Addresses<'a>> {
        let (hardware, protocol) = (usize::from(header.hardware_size), usize::from(header.protocol_size));
        let (sender_hardware, rest) = packet.get(Header::LEN..)?.split_at_checked(hardware)?;
        let (sender_protocol, rest) = rest.split_at_checked(protocol)?;
        let (target_hardware, rest) = rest.split_at_checked(hardware)?;
        let target_protocol = rest.get(..protocol)?;
        Some(Addresses { sender_hardware, sender_protocol, target_hardware, target_protocol })
    }
}

/// What a packet is for, beyond its opcode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
    Plain,
    Gratuitous,
    Announcement,
    Probe,
}

impl Purpose {
    fn of(header: Header, addresses: &Addresses<'_>) -> Purpose {
        let (is_request, is_reply) = (header.opcode == 1, header.opcode == 2);
        if !header.has_ipv4() || !(is_request || is_reply) {
            Purpose::Plain
        } else if addresses.sender_protocol == addresses.target_protocol {
            let unknown = addresses.target_hardware.iter().all(|byte| *byte == 0);
            if is_request && unknown { Purpose::Announcement } else { Purpose::Gratuitous }
        } else if is_request && addresses.sender_protocol == [0; 4] {
            Purpose::Probe
        } else {
            Purpose::Plain
        }
    }
}

/// ARP.
pub static PROTOCOL: Protocol = Protocol {
    claims: &[Claim::Number(&ETHERTYPES, 0x806), Claim::Number(&ETHERTYPES, 0x8035)],
    tables: &[],
    state: Some(|| Box::new(duplicate::Hosts::default())),
    learns_first: true,
    alone: &[FIELDS],
    ..Protocol::new(
        "arp",
        "ARP",
        "Address Resolution Protocol",
        "RFC 826",
        walk,
        &[FIELDS, duplicate::FIELDS],
    )
};

fn walk(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    cx.column(PROTOCOL.title);
    let Ok((_, header)) = Header::parse(bytes) else {
        cx.group(&ROOT, bytes, |cx| Header::dissect(cx, bytes));
        return true;
    };
    let own = bytes.get(..header.packet_len()).unwrap_or(bytes);
    let addresses = Addresses::parse(&header, own);
    let found = addresses.as_ref().and_then(|addresses| duplicate::remember(cx, header, addresses, own));
    cx.group(&ROOT, own, |cx| {
        header.emit(cx, bytes);
        match &addresses {
            Some(addresses) => {
                emit(cx, header, addresses, own);
                if let Some(found) = found {
                    found.emit(cx, own);
                }
            }
            None => cx.malformed(
                bytes,
                Malformed::short(
                    &SENDER_HARDWARE,
                    Header::LEN,
                    header.packet_len() - Header::LEN,
                    bytes.len() - Header::LEN,
                ),
            ),
        }
    });
    if let Some(addresses) = &addresses {
        summarize(cx, header, addresses);
        if let (Some(found), Some(info)) = (found, cx.info()) {
            found.summarize(addresses, info);
        }
    }
    cx.ends_before(bytes.get(own.len()..).unwrap_or(&[]));
    true
}

fn emit(cx: &mut Cx<'_>, header: Header, addresses: &Addresses<'_>, own: &[u8]) {
    let start = own.get(..0).unwrap_or(&[]);
    match Purpose::of(header, addresses) {
        Purpose::Plain => {}
        Purpose::Gratuitous => cx.generated(&IS_GRATUITOUS, start, 1),
        Purpose::Announcement => {
            cx.generated(&IS_GRATUITOUS, start, 1);
            cx.generated(&IS_ANNOUNCEMENT, start, 1);
        }
        Purpose::Probe => cx.generated(&IS_PROBE, start, 1),
    }
    let (macs, ipv4) = (header.has_macs(), header.has_ipv4());
    let mut put = |is_known: bool, known: &'static Field, other: &'static Field, bytes: &[u8]| {
        let value = bytes.first_chunk::<4>().map_or(0, |bytes| u32::from_be_bytes(*bytes));
        match is_known {
            true => cx.leaf(known, bytes, if bytes.len() == 4 { value.into() } else { 0 }),
            false if !bytes.is_empty() => cx.leaf(other, bytes, 0),
            false => {}
        }
    };
    put(macs, &SENDER_MAC, &SENDER_HARDWARE, addresses.sender_hardware);
    put(ipv4, &SENDER_IPV4, &SENDER_PROTOCOL, addresses.sender_protocol);
    put(macs, &TARGET_MAC, &TARGET_HARDWARE, addresses.target_hardware);
    put(ipv4, &TARGET_IPV4, &TARGET_PROTOCOL, addresses.target_protocol);
}

fn summarize(cx: &mut Cx<'_>, header: Header, addresses: &Addresses<'_>) {
    cx.column(match header.opcode {
        3 | 4 => "RARP",
        5..=7 => "DRARP",
        8 | 9 => "Inverse ARP",
        _ => "ARP",
    });
    let purpose = Purpose::of(header, addresses);
    let Some(info) = cx.info() else { return };
    let (macs, ipv4) = (header.has_macs(), header.has_ipv4());
    let hardware = |info: &mut Out, bytes| {
        info.hex_bytes(bytes, if macs { ":" } else { "" });
    };
    let protocol = |info: &mut Out, bytes: &[u8]| match bytes.first_chunk::<4>() {
        Some(bytes) if ipv4 => drop(info.ipv4(u32::from_be_bytes(*bytes))),
        _ if bytes.is_empty() => drop(info.str("<No address>")),
        _ => drop(info.hex_bytes(bytes, "")),
    };
    let Addresses { sender_hardware, sender_protocol, target_hardware, target_protocol } = *addresses;
    match (header.opcode, purpose) {
        (_, Purpose::Announcement) => {
            protocol(info.str("ARP Announcement for "), target_protocol);
        }
        (opcode, Purpose::Gratuitous) => {
            protocol(info.str("Gratuitous ARP for "), target_protocol);
            info.str(if opcode == 1 { " (Request)" } else { " (Reply)" });
        }
        (_, Purpose::Probe) => {
            protocol(info.str("Who has "), target_protocol);
            info.str("? (ARP Probe)");
        }
        (1, _) => {
            protocol(info.str("Who has "), target_protocol);
            protocol(info.str("? Tell "), sender_protocol);
        }
        (2, _) => {
            protocol(info, sender_protocol);
            hardware(info.str(" is at "), sender_hardware);
        }
        (3 | 5 | 8, _) => {
            hardware(info.str("Who is "), target_hardware);
            hardware(info.str("? Tell "), sender_hardware);
        }
        (4 | 6, _) => {
            hardware(info, target_hardware);
            protocol(info.str(" is at "), target_protocol);
        }
        (9, _) => {
            hardware(info, sender_hardware);
            protocol(info.str(" is at "), sender_protocol);
        }
        (opcode, _) => match OPCODES.name(opcode.into()) {
            Some(name) => drop(info.str(name)),
            None => drop(info.str("Unknown ARP opcode ").hex_0x(opcode.into(), 4)),
        },
    }
}

fn write_root(item: Item<'_>, out: &mut Out) {
    let has = |field| item.child(field).is_some();
    let Some(opcode) = item.number(&OPCODE) else { return };
    out.str(" (");
    if has(&IS_ANNOUNCEMENT) {
        out.str("ARP Announcement");
    } else if has(&IS_PROBE) {
        out.str("ARP Probe");
    } else {
        match OPCODES.name(opcode) {
            Some(name) => drop(out.str(name)),
            None => drop(out.str("opcode ").hex_0x(opcode, 4)),
        }
        out.str(if has(&IS_GRATUITOUS) { "/gratuitous ARP" } else { "" });
    }
    out.byte(b')');
}
