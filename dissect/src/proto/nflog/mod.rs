//! Packets that Linux's firewall logs: LINKTYPE_NFLOG, a header and attributes, one of which is the packet. What the kernel
//! says of an attribute itself is in the byte order of the host that captured, what the attribute holds in network order.

#[cfg(test)]
mod tests;

use crate::header::number;
use crate::proto::ethernet::{ETHERTYPE_NAMES, ETHERTYPES, short};
use crate::proto::frame::LINK_TYPES;
use crate::proto::icmpv6::layout::{Cell, cell, row};
use crate::tree::Item;
use crate::{Claim, Codes, Cx, Out, Protocol, Show, fields, header};

fields! {
    /// A packet that was logged.
    ROOT = "nflog", "Linux Netfilter NFLOG", Show::protocol(), "LINKTYPE_NFLOG";
    /// The address family of the table that logged it.
    FAMILY = "nflog.family", "Family", Show::u8().codes(&FAMILIES), "LINKTYPE_NFLOG";
    /// The version, which is 0.
    VERSION = "nflog.version", "Version", Show::u8(), "LINKTYPE_NFLOG";
    /// Which group of listeners it was logged for.
    GROUP = "nflog.res_id", "Resource id", Show::u16(), "LINKTYPE_NFLOG";
    /// An attribute.
    ATTRIBUTE = "nflog.tlv", "TLV", Show::bytes().write(write_attribute).repeats(), "LINKTYPE_NFLOG";
    /// How long the attribute is, without padding.
    LENGTH = "nflog.tlv_length", "Length", Show::u16(), "LINKTYPE_NFLOG";
    /// What the attribute is.
    TYPE = "nflog.tlv_type", "Type", Show::u16().mask(0x7fff).codes(&TYPES), "LINKTYPE_NFLOG";
    /// The EtherType of the packet.
    PROTO = "nflog.protocol", "HW protocol", Show::u16().hex().codes(&ETHERTYPE_NAMES), "nfnetlink_log.h";
    /// Where on its way the packet was logged.
    HOOK = "nflog.hook", "Netfilter hook", Show::u8().codes(&HOOKS), "nfnetlink_log.h";
    /// The interface that it came in by.
    IN = "nflog.ifindex_indev", "IFINDEX_INDEV", Show::u32(), "nfnetlink_log.h";
    /// The interface that it goes out by.
    OUT = "nflog.ifindex_outdev", "IFINDEX_OUTDEV", Show::u32(), "nfnetlink_log.h";
    /// The port of a bridge that it came in by.
    PHYSICAL_IN = "nflog.ifindex_physindev", "IFINDEX_PHYSINDEV", Show::u32(), "nfnetlink_log.h";
    /// The port of a bridge that it goes out by.
    PHYSICAL_OUT = "nflog.ifindex_physoutdev", "IFINDEX_PHYSOUTDEV", Show::u32(), "nfnetlink_log.h";
    /// What the rule that logged it says.
    PREFIX = "nflog.prefix", "Prefix", Show::text(), "nfnetlink_log.h";
    /// The user whose program sent it.
    USER = "nflog.uid", "UID", Show::i32(), "nfnetlink_log.h";
    /// The group whose program sent it.
    USERS = "nflog.gid", "GID", Show::i32(), "nfnetlink_log.h";
    /// When it came.
    TIME = "nflog.timestamp", "Timestamp", Show::moment(), "nfnetlink_log.h";
    /// What an attribute without a field of its own holds.
    VALUE = "nflog.tlv_value", "Value", Show::bytes(), "LINKTYPE_NFLOG";
}

static FAMILIES: Codes = Codes {
    unknown: "Unknown",
    names: &[
        (0, "Unspecified"),
        (1, "IPv4/IPv6"),
        (2, "IPv4"),
        (3, "ARP"),
        (5, "Netdev"),
        (7, "Bridge"),
        (10, "IPv6"),
        (12, "DECNET"),
    ],
};

static TYPES: Codes = Codes {
    unknown: "Unknown",
    names: &[
        (0, "NFULA_UNSPEC"),
        (HEADER, "NFULA_PACKET_HDR"),
        (2, "NFULA_MARK"),
        (3, "NFULA_TIMESTAMP"),
        (4, "NFULA_IFINDEX_INDEV"),
        (5, "NFULA_IFINDEX_OUTDEV"),
        (6, "NFULA_IFINDEX_PHYSINDEV"),
        (7, "NFULA_IFINDEX_PHYSOUTDEV"),
        (8, "NFULA_HWADDR"),
        (PAYLOAD, "NFULA_PAYLOAD"),
        (10, "NFULA_PREFIX"),
        (11, "NFULA_UID"),
        (12, "NFULA_SEQ"),
        (13, "NFULA_SEQ_GLOBAL"),
        (14, "NFULA_GID"),
        (15, "NFULA_HWTYPE"),
        (16, "NFULA_HWHEADER"),
        (17, "NFULA_HWLEN"),
    ],
};

static HOOKS: Codes = Codes {
    unknown: "Unknown",
    names: &[(0, "Pre-routing"), (1, "Local in"), (2, "Forward"), (3, "Local out"), (4, "Post-routing")],
};

/// The types of the attributes that say what the packet is, and that are the packet.
const HEADER: u64 = 1;
const PAYLOAD: u64 = 9;
/// Types are small numbers: by that, the byte order is told.
const MOST_TYPE: u16 = 0xff;

header! {
    /// The header.
    pub struct Header {
        /// The address family of the table that logged it.
        pub family: u8 => FAMILY,
        /// The version, which is 0.
        pub version: u8 => VERSION,
        /// Which group of listeners it was logged for.
        pub group: u16 => GROUP,
    }
}

/// NFLOG.
pub static PROTOCOL: Protocol = Protocol {
    claims: &[Claim::Number(&LINK_TYPES, 239)],
    tables: &[&ETHERTYPES],
    ..Protocol::new("nflog", "NFLOG", "Linux Netfilter NFLOG", "LINKTYPE_NFLOG", walk, &[FIELDS])
};

/// An attribute: its type, its bytes without padding, and how many it should have.
struct Attribute<'b> {
    kind: u16,
    bytes: &'b [u8],
    length: usize,
}

impl<'b> Attribute<'b> {
    /// The first of the bytes, and what stands behind its padding; none if they begin with no header of one.
    fn parse(bytes: &'b [u8], is_big: bool) -> Option<(Self, &'b [u8])> {
        let (head, _) = bytes.split_first_chunk::<4>()?;
        let number = |two: [u8; 2]| if is_big { u16::from_be_bytes(two) } else { u16::from_le_bytes(two) };
        let (length, kind) = (usize::from(number([head[0], head[1]])), number([head[2], head[3]]) & 0x7fff);
        let own = bytes.get(..length).unwrap_or(bytes);
        let rest = bytes.get(length.next_multiple_of(4)..).unwrap_or(&[]);
        (length >= head.len()).then_some((Attribute { kind, bytes: own, length }, rest))
    }
    fn data(&self) -> &'b [u8] {
        self.bytes.get(4..).unwrap_or(&[])
    }
}

fn walk(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    cx.column(PROTOCOL.title);
    let found = cx.group(&ROOT, bytes, |cx| {
        let (header, rest) = Header::dissect(cx, bytes)?;
        attributes(cx, header.family, rest)
    });
    let Some((key, payload)) = found else { return true };
    cx.within(payload.data(), payload.length - 4, |cx, bytes| {
        if !cx.carry(&ETHERTYPES, key, bytes) {
            cx.data(bytes);
        }
    });
    true
}

/// The attributes; gives the packet with its EtherType.
fn attributes<'b>(cx: &mut Cx<'_>, family: u8, bytes: &'b [u8]) -> Option<(u32, Attribute<'b>)> {
    let is_big =
        matches!(bytes, [_, _, low, high, ..] if u16::from_le_bytes([*low, *high]) & 0x7fff > MOST_TYPE);
    let mut key = match family {
        2 => 0x800,
        3 => 0x806,
        10 => 0x86dd,
        _ => 0,
    };
    let (mut rest, mut packet) = (bytes, None);
    while !rest.is_empty() {
        let Some((attribute, after)) = Attribute::parse(rest, is_big) else {
            cx.malformed(rest, short(&LENGTH, 0, 4, rest));
            break;
        };
        cx.group_with(&ATTRIBUTE, attribute.bytes, 0, |cx| emit(cx, &attribute));
        match (u64::from(attribute.kind), attribute.data()) {
            (HEADER, [high, low, ..]) if key == 0 => key = u16::from_be_bytes([*high, *low]).into(),
            (PAYLOAD, _) => packet = Some(attribute),
            _ => {}
        }
        rest = after;
    }
    Some((key, packet?))
}

fn emit(cx: &mut Cx<'_>, attribute: &Attribute<'_>) {
    let Attribute { kind, bytes, length } = attribute;
    let (Some(first), Some(second)) = (bytes.get(..2), bytes.get(2..4)) else { return };
    cx.leaf(&LENGTH, first, *length as u64);
    cx.leaf(&TYPE, second, (*kind).into());
    let data = attribute.data();
    if *length > bytes.len() {
        cx.malformed(bytes, short(&ATTRIBUTE, 0, *length, bytes));
    }
    let cells: &[Cell] = match u64::from(*kind) {
        HEADER => &[cell(&PROTO, 2), cell(&HOOK, 1)],
        3 => return time(cx, data),
        4 => &[cell(&IN, 4)],
        5 => &[cell(&OUT, 4)],
        6 => &[cell(&PHYSICAL_IN, 4)],
        7 => &[cell(&PHYSICAL_OUT, 4)],
        PAYLOAD => return,
        10 => return cx.part(&PREFIX, data, data.split(|byte| *byte == 0).next().unwrap_or(&[]), |_| ()),
        11 => &[cell(&USER, 4)],
        14 => &[cell(&USERS, 4)],
        _ => return cx.leaf(&VALUE, data, 0),
    };
    row(cx, data, cells);
}

/// Seconds and microseconds since 1970.
fn time(cx: &mut Cx<'_>, data: &[u8]) {
    if let Some((seconds, rest)) = data.split_first_chunk::<8>()
        && let Some(micros) = rest.first_chunk::<8>()
    {
        let nanoseconds = number(seconds).wrapping_mul(1_000_000_000);
        cx.leaf(&TIME, data, nanoseconds.wrapping_add(number(micros).wrapping_mul(1000)));
    }
}

fn write_attribute(item: Item<'_>, out: &mut Out) {
    if let [Some(length), Some(kind)] = item.numbers([&LENGTH, &TYPE]) {
        out.str("Type: ").str(TYPES.name_or_unknown(kind)).str(" (").dec(kind);
        out.str("), Length: ").dec(length);
    }
}
