//! Multi-part messages: what stands behind the packet that an error quotes, RFC 4884.

use crate::checksum;
use crate::proto::ethernet::ETHERTYPES;
use crate::proto::ip::STATUS;
use crate::tree::Item;
use crate::{Area, Codes, Cx, Field, Malformed, Out, Severity, Show, fields};

fields! {
    /// All extensions.
    EXTENSIONS = "icmp.ext", "ICMP Multi-Part Extensions", Show::group(), "RFC 4884, 7";
    /// The version: 2.
    VERSION = "icmp.ext.version", "Version", Show::u8(), "RFC 4884, 7";
    /// Must be zero.
    RESERVED = "icmp.ext.res", "Reserved", Show::u16().hex().mask(0x0fff), "RFC 4884, 7";
    /// The checksum over the extensions.
    CHECKSUM = "icmp.ext.checksum", "Checksum", Show::u16().hex(), "RFC 4884, 7";
    /// Whether the checksum is right.
    CHECKSUM_STATUS = "icmp.ext.checksum.status", "Checksum Status", Show::u8().codes(&STATUS), "sctpdump";
    /// The checksum is wrong.
    BAD_CHECKSUM = "icmp.ext.checksum_bad", "Bad checksum", Show::expert(Severity::Warn, Area::Checksum), "RFC 4884, 7";
    /// An object.
    OBJECT = "icmp.ext.object", "Object", Show::group().write(write_object).repeats(), "RFC 4884, 7.1";
    /// The length of the object.
    LENGTH = "icmp.ext.length", "Length", Show::u16(), "RFC 4884, 7.1";
    /// What the object is about.
    CLASS = "icmp.ext.class", "Class", Show::u8().codes(&CLASSES), "RFC 4884, 7.1";
    /// What the object is in its class.
    C_TYPE = "icmp.ext.ctype", "C-Type", Show::u8(), "RFC 4884, 7.1";
    /// Bytes that are not dissected.
    DATA = "icmp.ext.data", "Data", Show::bytes(), "RFC 4884, 7.1";
    /// An entry of the label stack that the packet had.
    STACK_ENTRY = "icmp.mpls", "MPLS stack entry", Show::group().repeats(), "RFC 4950, 3";
    /// The label.
    LABEL = "icmp.mpls.label", "Label", Show::u24().mask(0x00ff_fff0), "RFC 4950, 3";
    /// The traffic class, once experimental.
    EXPERIMENTAL = "icmp.mpls.exp", "Experimental", Show::u8().mask(0x0e), "RFC 4950, 3";
    /// The last of the stack.
    BOTTOM = "icmp.mpls.s", "Stack bit", Show::flag().mask(1), "RFC 4950, 3";
    /// How many hops are left.
    TTL = "icmp.mpls.ttl", "Time to live", Show::u8(), "RFC 4950, 3";
    /// Which interface the object tells of.
    ROLE = "icmp.int_info.role", "Interface Role", Show::u8().mask(0xc0).codes(&ROLES), "RFC 5837, 4.1";
    /// Must be zero.
    INFO_RESERVED = "icmp.int_info.reserved", "Reserved", Show::u8().mask(0x30), "RFC 5837, 4.1";
    /// The index follows.
    HAS_INDEX = "icmp.int_info.ifindex", "ifIndex", Show::flag().words("True", "False").mask(8), "RFC 5837, 4.1";
    /// An address follows.
    HAS_ADDRESS = "icmp.int_info.ipaddr", "IP Address", Show::flag().words("Present", "Not Present").mask(4), "RFC 5837, 4.1";
    /// The name follows.
    HAS_NAME = "icmp.int_info.name_present", "Interface Name", Show::flag().words("Present", "Not Present").mask(2), "RFC 5837, 4.1";
    /// The MTU follows.
    HAS_MTU = "icmp.int_info.mtu_present", "MTU", Show::flag().words("Present", "Not Present").mask(1), "RFC 5837, 4.1";
    /// The index of the interface.
    INDEX = "icmp.int_info.index", "Interface Index", Show::u32(), "RFC 5837, 4.1";
    /// The address of the interface.
    ADDRESS = "icmp.int_info.address", "IP Address Sub-Object", Show::group(), "RFC 5837, 4.2";
    /// Which kind of address.
    FAMILY = "icmp.int_info.afi", "Address Family Identifier", Show::u16(), "RFC 5837, 4.2";
    /// Must be zero.
    ADDRESS_RESERVED = "icmp.reserved", "Reserved", Show::bytes(), "RFC 5837, 4.2";
    /// The IPv4 address.
    IPV4 = "icmp.int_info.ipv4", "Source", Show::ipv4(), "RFC 5837, 4.2";
    /// The IPv6 address.
    IPV6 = "icmp.int_info.ipv6", "Source", Show::ipv6(), "RFC 5837, 4.2";
    /// The name of the interface.
    NAMED = "icmp.int_info.named", "Interface Name Sub-Object", Show::group(), "RFC 5837, 4.3";
    /// The length of the name with this byte.
    NAME_LENGTH = "icmp.int_info.name_length", "Name Length", Show::u8(), "RFC 5837, 4.3";
    /// The name.
    NAME = "icmp.int_info.name", "Name", Show::text(), "RFC 5837, 4.3";
    /// The MTU of the interface.
    MTU = "icmp.int_info.mtu", "Maximum Transmission Unit", Show::u32(), "RFC 5837, 4.1";
    /// The name of the interface asked about.
    ASKED_NAME = "icmp.int_ident.name", "Name", Show::text(), "RFC 8335, 2.1";
    /// The index of the interface asked about.
    ASKED_INDEX = "icmp.int_ident.index", "Interface Index", Show::u32(), "RFC 8335, 2.1";
    /// Which kind of address.
    ASKED_FAMILY = "icmp.int_ident.afi", "Address Family Identifier", Show::u16(), "RFC 8335, 2.1";
    /// The length of the address.
    ASKED_LENGTH = "icmp.int_ident.addr_length", "Address Length", Show::u8(), "RFC 8335, 2.1";
    /// Must be zero.
    ASKED_RESERVED = "icmp.int_ident.reserved", "Reserved", Show::bytes(), "RFC 8335, 2.1";
    /// The IPv4 address of the interface asked about.
    ASKED_IPV4 = "icmp.int_ident.ipv4", "Address", Show::ipv4(), "RFC 8335, 2.1";
    /// The IPv6 address of the interface asked about.
    ASKED_IPV6 = "icmp.int_ident.ipv6", "Address", Show::ipv6(), "RFC 8335, 2.1";
    /// The address of another kind of the interface asked about.
    ASKED_ADDRESS = "icmp.int_ident.address", "Address", Show::bytes(), "RFC 8335, 2.1";
}

static CLASSES: Codes = Codes {
    unknown: "Unknown",
    names: &[
        (1, "MPLS Label Stack Class"),
        (2, "Interface Information Object"),
        (3, "Interface Identification Object"),
    ],
};

static ROLES: Codes = Codes {
    unknown: "Unknown",
    names: &[
        (0, "IP interface upon which datagram arrived"),
        (1, "sub-IP component of an IP interface upon which datagram arrived"),
        (2, "IP interface through which the datagram would have been forwarded"),
        (3, "IP next hop to which datagram would be forwarded"),
    ],
};

/// Shows the packet that a message quotes.
pub(crate) fn quote(cx: &mut Cx<'_>, ether_type: u16, quoted: &[u8]) {
    if !quoted.is_empty() {
        cx.quoting(|cx| {
            if !cx.carry(&ETHERTYPES, ether_type.into(), quoted) {
                cx.data(quoted);
            }
        });
    }
}

/// Shows the packet that an error quotes, and the extensions behind it. `length` is the packet's by the message, 0 if it
/// says nothing; `least` is the least one that it has where extensions follow it.
pub(crate) fn quote_and_walk(cx: &mut Cx<'_>, ether_type: u16, bytes: &[u8], length: usize, least: usize) {
    let (quoted, behind) = split(bytes, length, least);
    quote(cx, ether_type, quoted);
    walk(cx, behind);
}

/// Parts the quoted packet from what follows it: `length` is what the message says, 0 if it says nothing. Messages from
/// before RFC 4884 have their extensions behind the least length; those are told by version and checksum.
fn split(bytes: &[u8], length: usize, least: usize) -> (&[u8], &[u8]) {
    if length > 0 {
        return bytes.split_at_checked(length).unwrap_or((bytes, &[]));
    }
    match bytes.split_at_checked(least) {
        Some((quoted, behind @ [version, _, high, low, ..]))
            if version >> 4 == 2
                && (checksum::fold(checksum::add(0, behind)) == 0xffff || (*high, *low) == (0, 0)) =>
        {
            (quoted, behind)
        }
        _ => (bytes, &[]),
    }
}

/// Adds the extensions; nothing for no bytes.
pub(crate) fn walk(cx: &mut Cx<'_>, bytes: &[u8]) {
    if bytes.is_empty() {
        return;
    }
    cx.group(&EXTENSIONS, bytes, |cx| {
        let Some((&[a, b, c, d], mut rest)) = bytes.split_first_chunk::<4>() else {
            return cx.malformed(bytes, Malformed::short(&CHECKSUM, 0, 4, bytes.len()));
        };
        let at = |from, to| bytes.get(from..to).unwrap_or(&[]);
        cx.leaf(&VERSION, at(0, 1), u64::from(a >> 4));
        cx.bits(&RESERVED, at(0, 2), u16::from_be_bytes([a, b]).into());
        cx.leaf(&CHECKSUM, at(2, 4), u16::from_be_bytes([c, d]).into());
        let status = match checksum::fold(checksum::add(0, bytes)) {
            _ if cx.cut > 0 => 2,
            // None was computed.
            _ if (c, d) == (0, 0) => 3,
            0xffff => 1,
            _ => 0,
        };
        if status == 0 {
            cx.expert(&BAD_CHECKSUM, at(2, 2));
        }
        cx.generated(&CHECKSUM_STATUS, at(2, 2), status);
        while !rest.is_empty() {
            let Some(&[high, low, class, kind]) = rest.first_chunk::<4>() else {
                return cx.malformed(rest, Malformed::short(&LENGTH, 0, 4, rest.len()));
            };
            let length = usize::from(u16::from_be_bytes([high, low]));
            let (own, behind) = rest.split_at_checked(length.max(4)).unwrap_or((rest, &[]));
            cx.group(&OBJECT, own, |cx| {
                cx.leaf(&LENGTH, own.get(..2).unwrap_or(&[]), length as u64);
                cx.leaf(&CLASS, own.get(2..3).unwrap_or(&[]), class.into());
                object(cx, class, kind, own.get(3..4).unwrap_or(&[]), own.get(4..).unwrap_or(&[]));
                if length < 4 {
                    cx.malformed(
                        own,
                        Malformed::value(&LENGTH, 0, "is below the object header's own 4 bytes"),
                    );
                } else if own.len() < length {
                    cx.malformed(own, Malformed::short(&DATA, 4, length - 4, own.len() - 4));
                }
            });
            rest = behind;
        }
    });
}

fn object(cx: &mut Cx<'_>, class: u8, kind: u8, place: &[u8], body: &[u8]) {
    if class == 2 {
        cx.group_with(&C_TYPE, place, kind.into(), |cx| {
            let fields = [&ROLE, &INFO_RESERVED, &HAS_INDEX, &HAS_ADDRESS, &HAS_NAME, &HAS_MTU];
            cx.flags(&fields.map(|field| field as &'static Field), place, kind.into());
        });
        return interface(cx, kind, body);
    }
    cx.leaf(&C_TYPE, place, kind.into());
    match (class, kind) {
        (1, 1) => labels(cx, body),
        (3, 1) => {
            // NULs fill it up to 32 bits.
            let name = body.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
            cx.part(&ASKED_NAME, body, body.get(..name).unwrap_or(body), |_| ());
        }
        (3, 2) => drop(number(cx, &ASKED_INDEX, body, 4)),
        (3, 3) => asked_address(cx, body),
        _ if body.is_empty() => {}
        _ => cx.leaf(&DATA, body, 0),
    }
}

/// A number of so many bytes; gives what follows it.
fn number<'b>(cx: &mut Cx<'_>, field: &'static Field, bytes: &'b [u8], size: usize) -> Option<&'b [u8]> {
    let Some((own, rest)) = bytes.split_at_checked(size) else {
        cx.malformed(bytes, Malformed::short(field, 0, size, bytes.len()));
        return None;
    };
    cx.leaf(field, own, crate::header::number(own));
    Some(rest)
}

fn labels(cx: &mut Cx<'_>, body: &[u8]) {
    for own in body.as_chunks::<4>().0 {
        let [_, _, low, ttl] = *own;
        cx.group(&STACK_ENTRY, own, |cx| {
            cx.bits(&LABEL, own.get(..3).unwrap_or(&[]), u64::from(u32::from_be_bytes(*own) >> 8));
            cx.flags(&[&EXPERIMENTAL, &BOTTOM], own.get(2..3).unwrap_or(&[]), low.into());
            cx.leaf(&TTL, own.get(3..4).unwrap_or(&[]), ttl.into());
        });
    }
}

/// An interface, told by what the bits of the type say, in this order.
fn interface(cx: &mut Cx<'_>, kind: u8, body: &[u8]) {
    let mut rest = body;
    if kind & 8 != 0 {
        let Some(behind) = number(cx, &INDEX, rest, 4) else { return };
        rest = behind;
    }
    if kind & 4 != 0 {
        let size = match rest.get(..2) {
            Some([0, 1]) => 8,
            Some([0, 2]) => 20,
            _ => return cx.leaf(&DATA, rest, 0),
        };
        let Some((own, behind)) = rest.split_at_checked(size) else {
            return cx.malformed(rest, Malformed::short(&ADDRESS, 0, size, rest.len()));
        };
        cx.group(&ADDRESS, own, |cx| {
            let Some(address) = number(cx, &FAMILY, own, 2) else { return };
            cx.leaf(&ADDRESS_RESERVED, address.get(..2).unwrap_or(&[]), 0);
            let address = address.get(2..).unwrap_or(&[]);
            match address.first_chunk::<4>() {
                Some(bytes) if size == 8 => cx.leaf(&IPV4, address, u32::from_be_bytes(*bytes).into()),
                _ => cx.leaf(&IPV6, address, 0),
            }
        });
        rest = behind;
    }
    if let (true, Some(&length)) = (kind & 2 != 0, rest.first()) {
        let Some((own, behind)) = rest.split_at_checked(usize::from(length).max(1)) else {
            return cx.malformed(rest, Malformed::short(&NAME, 1, usize::from(length), rest.len()));
        };
        cx.group(&NAMED, own, |cx| {
            let Some(name) = number(cx, &NAME_LENGTH, own, 1) else { return };
            // The name is filled up with zeros.
            let end = name.iter().position(|byte| *byte == 0).unwrap_or(name.len());
            cx.own_text(&NAME, name, name.get(..end).unwrap_or(name), 0);
        });
        rest = behind;
    }
    if kind & 1 != 0 {
        number(cx, &MTU, rest, 4);
    }
}

fn asked_address(cx: &mut Cx<'_>, body: &[u8]) {
    let Some(rest) = number(cx, &ASKED_FAMILY, body, 2) else { return };
    let Some(rest) = number(cx, &ASKED_LENGTH, rest, 1) else { return };
    let Some((reserved, address)) = rest.split_at_checked(1) else { return };
    cx.leaf(&ASKED_RESERVED, reserved, 0);
    let length = body.get(2).copied().unwrap_or(0);
    let Some(address) = address.get(..length.into()) else {
        return cx.malformed(address, Malformed::short(&ASKED_ADDRESS, 0, length.into(), address.len()));
    };
    match (body.get(..2), address.first_chunk::<4>()) {
        (Some([0, 1]), Some(bytes)) if length == 4 => {
            cx.leaf(&ASKED_IPV4, address, u32::from_be_bytes(*bytes).into());
        }
        (Some([0, 2]), _) if length == 16 => cx.leaf(&ASKED_IPV6, address, 0),
        _ => cx.leaf(&ASKED_ADDRESS, address, 0),
    }
}

fn write_object(item: Item<'_>, out: &mut Out) {
    if let Some(class) = item.number(&CLASS) {
        out.str(" (").str(CLASSES.name_or_unknown(class)).byte(b')');
    }
}
