//! Generic Network Virtualization Encapsulation, RFC 8926, with the options of Google's cloud.

use crate::header::U24;
use crate::proto::ethernet::{ETHERTYPE_NAMES, ETHERTYPES};
use crate::proto::udp::PORTS;
use crate::tree::{Item, Node};
use crate::{Area, Base, Claim, Cx, Field, Malformed, Out, Protocol, Severity, Show, fields, header};

fields! {
    /// A Geneve header.
    ROOT = "geneve", "Generic Network Virtualization Encapsulation", Show::protocol().write(write_root), "RFC 8926, 3";
    /// The version, which is 0.
    VERSION = "geneve.version", "Version", Show::u8(), "RFC 8926, 3.4";
    /// The version is not known.
    VERSION_UNKNOWN = "geneve.version.unknown", "Unknown version", Show::expert(Severity::Warn, Area::Protocol), "RFC 8926, 3.4";
    /// How long the options are; of an option, how long it is with its header.
    LENGTH = "geneve.option.length", "Length", Show::u8().unit(" bytes"), "RFC 8926, 3.4";
    /// What the header says.
    FLAGS = "geneve.flags", "Flags", Show::u8().hex().write_value(write_flags), "RFC 8926, 3.4";
    /// A packet for the tunnel's end itself.
    CONTROL = "geneve.flags.oam", "Operations, Administration and Management Frame", Show::flag().words("True", "False").mask(0x80), "RFC 8926, 3.4";
    /// There are options that the receiver must know.
    CRITICAL = "geneve.flags.critical", "Critical Options Present", Show::flag().words("True", "False").mask(0x40), "RFC 8926, 3.4";
    /// Must be zero.
    FLAGS_RESERVED = "geneve.flags.reserved", "Reserved", Show::flag().words("True", "False").mask(0x3f), "RFC 8926, 3.4";
    /// Which protocol is inside, as an EtherType.
    PROTO = "geneve.proto_type", "Protocol Type", Show::u16().hex().codes(&ETHERTYPE_NAMES), "RFC 8926, 3.4";
    /// Which network.
    NETWORK = "geneve.vni", "Virtual Network Identifier (VNI)", Show::u24().base(Base::HexDec), "RFC 8926, 3.4";
    /// Must be zero.
    RESERVED = "geneve.reserved", "Reserved", Show::u8().hex(), "RFC 8926, 3.4";
    /// The options.
    OPTIONS = "geneve.options", "Geneve Options", Show::bytes().write(write_options), "RFC 8926, 3.5";
    /// An option.
    OPTION = "geneve.option", "Option", Show::bytes().write(write_option).repeats(), "RFC 8926, 3.5";
    /// Who says what the option's type means.
    CLASS = "geneve.option.class", "Class", Show::u16().hex().write_value(write_class), "RFC 8926, 3.5";
    /// What the option is.
    TYPE = "geneve.option.type", "Type", Show::u8().hex().write_value(write_type), "RFC 8926, 3.5";
    /// A receiver that does not know the option must drop the packet.
    TYPE_CRITICAL = "geneve.option.type.critical", "Critical Option", Show::flag().words("True", "False").mask(0x80), "RFC 8926, 3.5";
    /// Must be zero.
    OPTION_FLAGS = "geneve.option.flags", "Flags", Show::u8().hex(), "RFC 8926, 3.5";
    /// Must be zero.
    OPTION_RESERVED = "geneve.option.flags.reserved", "Reserved", Show::flag().words("True", "False").mask(0xe0), "RFC 8926, 3.5";
    /// The option is longer than what is left for options.
    LENGTH_INVALID = "geneve.option.length.invalid", "The option is longer than what is left for options", Show::expert(Severity::Warn, Area::Protocol), "RFC 8926, 3.5";
    /// The data of an option that is not known.
    UNKNOWN = "geneve.option.unknown.data", "Unknown Option Data", Show::bytes(), "RFC 8926, 3.5";
    /// Which virtual network of Google's cloud.
    CLOUD_NETWORK = "geneve.option.gcp.vnid", "GCP Virtual Network ID", Show::u32(), "Google Cloud";
    /// Whether the packet goes out of a machine or into it.
    CLOUD_DIRECTION = "geneve.option.gcp.direction", "GCP Traffic Direction", Show::flag().words("Egress", "Ingress").mask(1), "Google Cloud";
    /// Reserved.
    CLOUD_RESERVED = "geneve.option.gcp.reserved", "GCP Reserved bits", Show::flag().words("True", "False").mask(0xe), "Google Cloud";
    /// Which machine.
    CLOUD_ENDPOINT = "geneve.option.gcp.endpoint", "GCP Endpoint ID", Show::bytes(), "Google Cloud";
    /// Which profile of rules the packet was chosen by.
    CLOUD_PROFILE = "geneve.option.gcp.profile", "GCP Profile ID", Show::u64(), "Google Cloud";
}

header! {
    /// The header that every packet has.
    pub struct Header {
        /// The version (two bits), and how many words of four bytes the options have.
        pub version_length: u8 => VERSION, by hand,
        /// What the header says.
        pub flags: u8 => FLAGS, by hand,
        /// Which protocol is inside, as an EtherType.
        pub protocol: u16 => PROTO,
        /// Which network.
        pub network: U24 => NETWORK,
        /// Must be zero.
        pub reserved: u8 => RESERVED, by hand,
    }
}

header! {
    /// What every option begins with.
    pub struct OptionHeader {
        /// Who says what the type means.
        pub class: u16 => CLASS,
        /// What the option is.
        pub kind: u8 => TYPE,
        /// Three bits that must be zero, and how many words of four bytes the data has.
        pub flags_length: u8 => LENGTH, by hand,
    }
}

/// Geneve.
pub static PROTOCOL: Protocol = Protocol {
    claims: &[Claim::Number(&PORTS, 6081)],
    tables: &[&ETHERTYPES],
    ..Protocol::new(
        "geneve",
        "Geneve",
        "Generic Network Virtualization Encapsulation",
        "RFC 8926",
        walk,
        &[FIELDS],
    )
};

/// The classes of options: first, last and who has them (IANA, Geneve Option Class).
const CLASSES: &[(u64, u64, &str)] = &[
    (0, 0xff, "Standard"),
    (0x100, 0x100, "Linux"),
    (0x101, 0x101, "Open vSwitch"),
    (0x102, 0x102, "Open Virtual Networking (OVN)"),
    (0x103, 0x103, "In-band Network Telemetry (INT)"),
    (0x104, 0x104, "VMware"),
    (0x105, 0x105, "Amazon.com, Inc."),
    (0x106, 0x106, "Cisco Systems, Inc."),
    (0x107, 0x107, "Oracle Corporation"),
    (0x108, 0x110, "Amazon.com, Inc."),
    (0x111, 0x118, "IBM"),
    (0x119, 0x128, "Ericsson"),
    (0x129, 0x129, "Oxide Computer Company"),
    (0x130, 0x131, "Cisco Systems, Inc."),
    (GOOGLE as u64, 0x135, "Google LLC"),
    (0x136, 0x136, "InfoQuick Global Connection Tech Ltd."),
    (0xfff0, 0xffff, "Experimental"),
];
const GOOGLE: u16 = 0x132;

/// An option whose data is known: class and type, how long its data is at least, its name, and what shows it.
struct Known {
    class: u16,
    kind: u8,
    least: usize,
    name: &'static str,
    show: fn(&mut Cx<'_>, &[u8]),
}

static KNOWN: &[Known] = &[
    Known { class: GOOGLE, kind: 1, least: 4, name: "GCP Virtual Network ID", show: show_cloud_network },
    Known {
        class: GOOGLE,
        kind: 2,
        least: 0,
        name: "GCP Endpoint ID",
        show: |cx, data| cx.leaf(&CLOUD_ENDPOINT, data, 0),
    },
    Known {
        class: GOOGLE,
        kind: 3,
        least: 8,
        name: "GCP Profile ID",
        show: |cx, data| {
            if let Some(own) = data.first_chunk::<8>() {
                cx.leaf(&CLOUD_PROFILE, own, u64::from_be_bytes(*own));
            }
        },
    },
];

fn walk(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    cx.column(PROTOCOL.title);
    let options = bytes.first().map_or(0, |first| usize::from(first & 0x3f) * 4);
    let (own, payload) = bytes.split_at_checked(Header::LEN + options).unwrap_or((bytes, &[]));
    let Some(header) = cx.group(&ROOT, own, |cx| whole(cx, own, options)) else { return true };
    if let Some(info) = cx.info() {
        info.str("Encapsulated ");
        match ETHERTYPE_NAMES.name(header.protocol.into()) {
            Some(name) => drop(info.str(name)),
            None => drop(info.hex_0x(header.protocol.into(), 4).str(" (unknown)")),
        }
    }
    if !payload.is_empty() && !cx.carry(&ETHERTYPES, header.protocol.into(), payload) {
        cx.data(payload);
    }
    true
}

/// The header with its options, which have a length.
fn whole(cx: &mut Cx<'_>, bytes: &[u8], length: usize) -> Option<Header> {
    if let [first, flags, ..] = bytes {
        let place = std::slice::from_ref(first);
        cx.leaf(&VERSION, place, u64::from(first >> 6));
        if first >> 6 != 0 {
            cx.expert(&VERSION_UNKNOWN, place);
        }
        cx.leaf(&LENGTH, place, length as u64);
        let (place, flags) = (std::slice::from_ref(flags), u64::from(*flags));
        cx.group_with(&FLAGS, place, flags, |cx| {
            cx.flags(&[&CONTROL, &CRITICAL, &FLAGS_RESERVED], place, flags);
        });
    }
    let (header, rest) = Header::dissect(cx, bytes)?;
    let marks = if header.reserved == 0 { Node::HIDDEN } else { 0 };
    cx.marked(&RESERVED, bytes.get(Header::LEN - 1..Header::LEN)?, header.reserved.into(), marks);
    if length > 0 {
        cx.group_with(&OPTIONS, rest, 0, |cx| options(cx, rest, length));
    }
    Some(header)
}

/// The options: those that are there of as many bytes as the header says.
fn options(cx: &mut Cx<'_>, bytes: &[u8], length: usize) {
    let mut rest = bytes;
    while let Some([_, _, _, last]) = rest.first_chunk::<4>() {
        let whole = OptionHeader::LEN + usize::from(last & 0x1f) * 4;
        if whole > rest.len() {
            if bytes.len() == length {
                cx.expert(&LENGTH_INVALID, std::slice::from_ref(last));
                return;
            }
            break;
        }
        let (own, after) = rest.split_at(whole);
        cx.group_with(&OPTION, own, 0, |cx| option(cx, own));
        rest = after;
    }
    if bytes.len() < length {
        cx.malformed(bytes, Malformed::short(&OPTIONS, bytes.len() - rest.len(), length, bytes.len()));
    }
}

fn option(cx: &mut Cx<'_>, bytes: &[u8]) {
    let Some((header, data)) = OptionHeader::dissect(cx, bytes) else { return };
    let (Some(kind), Some(last)) = (bytes.get(2..3), bytes.get(3..4)) else { return };
    cx.marked(&TYPE_CRITICAL, kind, u64::from(header.kind >> 7), Node::HIDDEN);
    let reserved = u64::from(header.flags_length >> 5);
    if reserved == 0 {
        cx.marked(&OPTION_FLAGS, last, 0, Node::HIDDEN);
        cx.marked(&OPTION_RESERVED, last, 0, Node::HIDDEN);
    } else {
        cx.group_with(&OPTION_FLAGS, last, reserved, |cx| cx.leaf(&OPTION_RESERVED, last, reserved));
    }
    cx.leaf(&LENGTH, last, bytes.len() as u64);
    match known(header.class, header.kind).filter(|known| known.least <= data.len()) {
        Some(known) => (known.show)(cx, data),
        None => cx.leaf(&UNKNOWN, data, 0),
    }
}

fn known(class: u16, kind: u8) -> Option<&'static Known> {
    KNOWN.iter().find(|known| known.class == class && known.kind == kind)
}

fn show_cloud_network(cx: &mut Cx<'_>, data: &[u8]) {
    if let Some(own) = data.first_chunk::<4>() {
        let number = u32::from_be_bytes(*own);
        cx.leaf(&CLOUD_NETWORK, own, u64::from(number >> 4));
        cx.flags(&[&CLOUD_DIRECTION, &CLOUD_RESERVED], own, number.into());
    }
}

fn write_root(item: Item<'_>, out: &mut Out) {
    if let Some(network) = item.number(&NETWORK) {
        out.str(", VNI: ").hex_0x(network, 6);
    }
    if item.number(&FLAGS).is_some_and(|flags| flags & CONTROL.show.mask != 0) {
        out.str(", OAM");
    }
}

fn write_flags(item: Item<'_>, out: &mut Out) {
    out.hex_0x(item.node.value, 2);
    let flags: [&Field; 3] = [&CONTROL, &CRITICAL, &FLAGS_RESERVED];
    for flag in flags.into_iter().filter(|flag| item.node.value & flag.show.mask != 0) {
        out.str(", ").str(flag.label);
    }
}

fn write_options(item: Item<'_>, out: &mut Out) {
    out.byte(b'(').dec(item.node.len.into()).str(" bytes)");
}

/// What an option is, by its own bytes.
fn write_option(item: Item<'_>, out: &mut Out) {
    if let Some([high, low, kind, _]) = item.bytes().first_chunk::<4>() {
        let class = u16::from_be_bytes([*high, *low]);
        out.str(known(class, *kind).map_or("Unknown", |known| known.name)).str(", Class: ");
        class_name(class.into(), out);
        out.str(" Type: ");
        type_name((*kind).into(), out);
    }
}

fn write_class(item: Item<'_>, out: &mut Out) {
    class_name(item.node.value, out);
}

fn write_type(item: Item<'_>, out: &mut Out) {
    type_name(item.node.value, out);
}

fn class_name(class: u64, out: &mut Out) {
    let row = CLASSES.iter().find(|(first, last, _)| (*first..=*last).contains(&class));
    out.str(row.map_or("Unassigned", |(_, _, name)| name)).str(" (").hex_0x(class, 4).byte(b')');
}

fn type_name(kind: u64, out: &mut Out) {
    out.hex_0x(kind, 2).str(if kind & TYPE_CRITICAL.show.mask == 0 {
        " (Non-critical)"
    } else {
        " (Critical)"
    });
}

#[cfg(test)]
mod tests;
