//! Generic Routing Encapsulation, RFC 2784, with keys and sequence numbers (RFC 2890), the routes of RFC 1701 and the
//! enhanced version of PPTP (RFC 2637), in IP or in UDP (RFC 8086).

use crate::checksum;
use crate::proto::ethernet::ETHERTYPES;
use crate::proto::frame::LINK_TYPES;
use crate::proto::ip::{PROTOCOLS, STATUS};
use crate::proto::udp::PORTS;
use crate::tree::Item;
use crate::{Area, Claim, Codes, Cx, Field, Malformed, Out, Protocol, Severity, Show, fields, header};

fields! {
    /// A header of Generic Routing Encapsulation.
    ROOT = "gre", "Generic Routing Encapsulation", Show::protocol().write(write_root), "RFC 2784, 2";
    /// Which fields the header has, and its version.
    FLAGS = "gre.flags_and_version", "Flags and Version", Show::u16().hex(), "RFC 2784, 2.1";
    /// There is a checksum.
    HAS_CHECKSUM = "gre.flags.checksum", "Checksum Bit", Show::flag().words("Yes", "No").mask(0x8000), "RFC 2784, 2.2";
    /// There are routes.
    HAS_ROUTING = "gre.flags.routing", "Routing Bit", Show::flag().words("Yes", "No").mask(0x4000), "RFC 1701";
    /// There is a key.
    HAS_KEY = "gre.flags.key", "Key Bit", Show::flag().words("Yes", "No").mask(0x2000), "RFC 2890, 2";
    /// There is a sequence number.
    HAS_SEQUENCE = "gre.flags.sequence_number", "Sequence Number Bit", Show::flag().words("Yes", "No").mask(0x1000), "RFC 2890, 2";
    /// The routes are strict.
    STRICT = "gre.flags.strict_source_route", "Strict Source Route Bit", Show::flag().words("Yes", "No").mask(0x800), "RFC 1701";
    /// How often the packet may still be put into another.
    RECURSION = "gre.flags.recursion_control", "Recursion control", Show::u16().mask(0x700), "RFC 1701";
    /// There is an acknowledgment number.
    HAS_ACKNOWLEDGMENT = "gre.flags.ack", "Acknowledgment", Show::flag().words("Yes", "No").mask(0x80), "RFC 2637, 4.1";
    /// Must be zero.
    RESERVED = "gre.flags.reserved", "Flags (Reserved)", Show::u16().mask(0xf8), "RFC 2784, 2.3";
    /// Must be zero.
    RESERVED_ENHANCED = "gre.flags.reserved", "Flags (Reserved)", Show::u16().mask(0x78), "RFC 2637, 4.1";
    /// The version: 1 is PPTP's.
    VERSION = "gre.flags.version", "Version", Show::u16().mask(7).codes(&VERSIONS), "RFC 2784, 2.3.1";
    /// Which protocol is inside, as an EtherType.
    PROTO = "gre.proto", "Protocol Type", Show::u16().hex().codes(&TYPES), "RFC 2784, 2.4";
    /// The checksum over header and payload.
    CHECKSUM = "gre.checksum", "Checksum", Show::u16().hex(), "RFC 2784, 2.5";
    /// Whether the checksum is right.
    CHECKSUM_STATUS = "gre.checksum.status", "Checksum Status", Show::u8().codes(&STATUS), "sctpdump";
    /// The checksum is wrong.
    BAD_CHECKSUM = "gre.checksum.incorrect", "Incorrect GRE Checksum", Show::expert(Severity::Warn, Area::Protocol), "RFC 2784, 2.5";
    /// Where the active route begins among the routes.
    OFFSET = "gre.offset", "Offset", Show::u16(), "RFC 1701";
    /// Which flow the packet belongs to.
    KEY = "gre.key", "Key", Show::u32().hex(), "RFC 2890, 2.1";
    /// The length of the payload.
    PAYLOAD_LENGTH = "gre.key.payload_length", "Payload Length", Show::u16(), "RFC 2637, 4.1";
    /// Which call the packet belongs to.
    CALL = "gre.key.call_id", "Call ID", Show::u16(), "RFC 2637, 4.1";
    /// Counts the packets.
    SEQUENCE = "gre.sequence_number", "Sequence Number", Show::u32(), "RFC 2890, 2.2";
    /// The highest number received.
    ACKNOWLEDGMENT = "gre.ack_number", "Acknowledgment Number", Show::u32(), "RFC 2637, 4.1";
    /// A route; the last is empty.
    ROUTING = "gre.routing", "Routing", Show::group().repeats(), "RFC 1701";
    /// Which kind of addresses the route has; 0 in the last.
    FAMILY = "gre.routing.address_family", "Address Family", Show::u16(), "RFC 1701";
    /// Where the active entry is in the route.
    ROUTE_OFFSET = "gre.routing.sre_offset", "SRE Offset", Show::u8(), "RFC 1701";
    /// The length of the route.
    ROUTE_LENGTH = "gre.routing.src_length", "SRE Length", Show::u8(), "RFC 1701";
    /// The route.
    ROUTE = "gre.routing.information", "Routing Information", Show::bytes(), "RFC 1701";
}

static VERSIONS: Codes = Codes { unknown: "Unknown", names: &[(0, "GRE"), (1, "Enhanced GRE")] };

/// The names of what is inside.
static TYPES: Codes = Codes {
    unknown: "Unknown",
    names: &[
        (0, "Possible GRE keepalive packet"),
        (254, "OSI"),
        (2048, "IP"),
        (2054, "ARP"),
        (8192, "CDP (Cisco)"),
        (8193, "NHRP"),
        (8939, "ERSPAN III"),
        (25600, "MIKROTIK EoIP"),
        (25944, "Transparent Ethernet bridging"),
        (25945, "Frame Relay"),
        (33079, "IPX"),
        (33280, "ARUBA WLAN"),
        (33296, "ARUBA WLAN"),
        (33312, "ARUBA WLAN"),
        (33328, "ARUBA WLAN"),
        (33344, "ARUBA WLAN"),
        (33360, "ARUBA WLAN"),
        (33376, "ARUBA WLAN"),
        (33392, "ARUBA WLAN"),
        (33408, "ARUBA WLAN"),
        (33424, "ARUBA WLAN"),
        (33440, "ARUBA WLAN"),
        (33456, "ARUBA WLAN"),
        (33472, "ARUBA WLAN"),
        (33488, "ARUBA WLAN"),
        (33504, "ARUBA WLAN"),
        (33520, "ARUBA WLAN"),
        (33536, "ARUBA WLAN"),
        (33552, "ARUBA WLAN"),
        (33568, "ARUBA WLAN"),
        (33584, "ARUBA WLAN"),
        (33600, "ARUBA WLAN"),
        (33616, "ARUBA WLAN"),
        (33632, "ARUBA WLAN"),
        (33648, "ARUBA WLAN"),
        (34525, "IPv6"),
        (34827, "PPP"),
        (34878, "WCCP"),
        (34887, "MPLS label switched packet"),
        (34945, "CDMA2000 A10 Unstructured byte stream"),
        (35006, "ERSPAN"),
        (35026, "CDMA2000 A10 3GPP2 Packet"),
        (35081, "CiscoMetaData"),
        (35151, "Network Service Header"),
        (36864, "ARUBA WLAN"),
        (47082, "Huawei GRE bonding"),
        (65198, "AIROHIVE AP AP"),
    ],
};

header! {
    /// What every header begins with.
    pub struct Header {
        /// Which fields follow, and the version (lowest three bits).
        pub flags_version: u16 => FLAGS, by hand,
        /// Which protocol is inside, as an EtherType.
        pub protocol: u16 => PROTO,
    }
}

/// GRE.
pub static PROTOCOL: Protocol = Protocol {
    claims: &[Claim::Number(&PROTOCOLS, 47), Claim::Number(&PORTS, 4754)],
    tables: &[&LINK_TYPES, &ETHERTYPES],
    ..Protocol::new("gre", "GRE", "Generic Routing Encapsulation", "RFC 2784", walk, &[FIELDS])
};

/// A frame that a switch mirrors, without a header of its own where GRE has no sequence number.
const ERSPAN: u16 = 0x88be;

/// The link type of Ethernet.
const ETHERNET: u32 = 1;

fn walk(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    cx.column(PROTOCOL.title);
    let place = cx.place_of_next();
    let Some((header, payload)) = cx.group(&ROOT, bytes, |cx| whole(cx, bytes)) else { return true };
    cx.set_len(place, bytes.len() - payload.len());
    if let Some(info) = cx.info() {
        match TYPES.name(header.protocol.into()) {
            Some(name) => drop(info.str("Encapsulated ").str(name)),
            None => drop(info.str("Encapsulated ").hex_0x(header.protocol.into(), 4).str(" (unknown)")),
        }
    }
    if payload.is_empty() {
        return true;
    }
    let took = if header.protocol == ERSPAN && header.flags_version & 0x1000 == 0 {
        cx.carry(&LINK_TYPES, ETHERNET, payload)
    } else {
        cx.carry(&ETHERTYPES, header.protocol.into(), payload)
    };
    if !took {
        cx.data(payload);
    }
    true
}

/// The header with its optional fields; gives the payload.
fn whole<'b>(cx: &mut Cx<'_>, bytes: &'b [u8]) -> Option<(Header, &'b [u8])> {
    if let Some(own) = bytes.first_chunk::<2>() {
        let number = u16::from_be_bytes(*own).into();
        cx.group_with(&FLAGS, own, number, |cx| {
            cx.flags(
                &[&HAS_CHECKSUM, &HAS_ROUTING, &HAS_KEY, &HAS_SEQUENCE, &STRICT, &RECURSION],
                own,
                number,
            );
            if number & 7 == 1 {
                cx.flags(&[&HAS_ACKNOWLEDGMENT, &RESERVED_ENHANCED], own, number);
            } else {
                cx.bits(&RESERVED, own, number);
            }
            cx.bits(&VERSION, own, number);
        });
    }
    let (header, mut rest) = Header::dissect(cx, bytes)?;
    let flags = header.flags_version;
    let is_enhanced = flags & 7 == 1;
    if flags & 0xc000 != 0 {
        let (own, behind) = take(cx, bytes, rest, &CHECKSUM, 2)?;
        let found = header::number(own);
        cx.leaf(&CHECKSUM, own, found);
        check(cx, bytes, own, flags & 0x8000 != 0);
        rest = number(cx, bytes, behind, &OFFSET, 2)?;
    }
    if flags & 0x2000 != 0 {
        rest = if is_enhanced {
            let behind = number(cx, bytes, rest, &PAYLOAD_LENGTH, 2)?;
            number(cx, bytes, behind, &CALL, 2)?
        } else {
            number(cx, bytes, rest, &KEY, 4)?
        };
    }
    if flags & 0x1000 != 0 {
        rest = number(cx, bytes, rest, &SEQUENCE, 4)?;
    }
    if is_enhanced && flags & 0x80 != 0 {
        rest = number(cx, bytes, rest, &ACKNOWLEDGMENT, 4)?;
    }
    if flags & 0x4000 != 0 {
        rest = routes(cx, bytes, rest)?;
    }
    Some((header, rest))
}

fn check(cx: &mut Cx<'_>, bytes: &[u8], own: &[u8], has_checksum: bool) {
    let place = own.get(..0).unwrap_or(&[]);
    if cx.cut > 0 || !has_checksum {
        cx.generated(&CHECKSUM_STATUS, place, 2);
        return;
    }
    if cx.showing() {
        let is_right = checksum::fold(checksum::add(0, bytes)) == 0xffff;
        if !is_right {
            cx.expert(&BAD_CHECKSUM, place);
        }
        cx.generated(&CHECKSUM_STATUS, place, u64::from(is_right));
    }
}

fn take<'b>(
    cx: &mut Cx<'_>,
    bytes: &[u8],
    rest: &'b [u8],
    field: &'static Field,
    size: usize,
) -> Option<(&'b [u8], &'b [u8])> {
    let parts = rest.split_at_checked(size);
    if parts.is_none() {
        cx.malformed(bytes, Malformed::short(field, bytes.len() - rest.len(), size, rest.len()));
    }
    parts
}

/// A number of so many bytes; gives what follows it.
fn number<'b>(
    cx: &mut Cx<'_>,
    bytes: &[u8],
    rest: &'b [u8],
    field: &'static Field,
    size: usize,
) -> Option<&'b [u8]> {
    let (own, behind) = take(cx, bytes, rest, field, size)?;
    cx.leaf(field, own, header::number(own));
    Some(behind)
}

fn routes<'b>(cx: &mut Cx<'_>, bytes: &[u8], mut rest: &'b [u8]) -> Option<&'b [u8]> {
    loop {
        let length = 4 + rest.get(3).map_or(0, |length| usize::from(*length));
        let is_last = matches!(rest, [0, 0, ..]);
        let (own, behind) = take(cx, bytes, rest, &ROUTING, length)?;
        cx.group(&ROUTING, own, |cx| {
            let route = number(cx, bytes, own, &FAMILY, 2)?;
            let route = number(cx, bytes, route, &ROUTE_OFFSET, 1)?;
            let route = number(cx, bytes, route, &ROUTE_LENGTH, 1)?;
            if !route.is_empty() {
                cx.leaf(&ROUTE, route, 0);
            }
            Some(())
        });
        rest = behind;
        if is_last {
            return Some(rest);
        }
    }
}

fn write_root(item: Item<'_>, out: &mut Out) {
    if let Some(kind) = item.number(&PROTO) {
        out.str(" (").str(TYPES.name_or_unknown(kind)).byte(b')');
    }
}

#[cfg(test)]
mod tests;
