//! Routing headers: source routes (type 0), Mobile IPv6 (2), RPL (3), segment routing (4), compact routing (5, 6).

use super::{Header, extension};
use crate::header::number;
use crate::proto::ip::number;
use crate::tree::Item;
use crate::{Address, Area, Codes, Cx, Malformed, Out, Severity, Show, fields};

fields! {
    /// Nodes to visit on the way.
    ROUTING = "ipv6.routing", "Routing Header for IPv6", Show::protocol().write(write_type).repeats(), "RFC 8200, 4.4";
    /// Which header follows.
    NEXT = "ipv6.routing.nxt", "Next Header", Show::u8().codes(&number::NAMES), "RFC 8200, 4.4";
    /// The length in units of 8 bytes, without the first.
    LENGTH = "ipv6.routing.len", "Length", Show::u8(), "RFC 8200, 4.4";
    /// The length in bytes.
    BYTES = "ipv6.routing.len_oct", "Length", Show::u16().unit(" bytes"), "RFC 8200, 4.4";
    /// Which kind of routing.
    TYPE = "ipv6.routing.type", "Type", Show::u8().codes(&TYPES), "RFC 8200, 4.4";
    /// How many nodes are still to be visited.
    LEFT = "ipv6.routing.segleft", "Segments Left", Show::u8(), "RFC 8200, 4.4";
    /// Bytes of a type that is not known here.
    UNKNOWN = "ipv6.routing.unknown_data", "Type-Specific Data", Show::bytes(), "RFC 8200, 4.4";
    /// Must be zero.
    SOURCE_RESERVED = "ipv6.routing.src.reserved", "Reserved", Show::bytes(), "RFC 2460, 4.4";
    /// A node to visit.
    SOURCE_ADDRESS = "ipv6.routing.src.addr", "Address", Show::ipv6().repeats(), "RFC 2460, 4.4";
    /// Must be zero.
    MOBILE_RESERVED = "ipv6.routing.mipv6.reserved", "Reserved", Show::bytes(), "RFC 6275, 6.4.1";
    /// The mobile node's home address.
    HOME = "ipv6.routing.mipv6.home_address", "Home Address", Show::ipv6().repeats(), "RFC 6275, 6.4.1";
    /// How many bytes of each address but the last are left out.
    COMPRESSED = "ipv6.routing.rpl.cmprI", "Compressed Internal Octets (CmprI)", Show::u32().mask(0xf000_0000), "RFC 6554, 3";
    /// How many bytes of the last address are left out.
    COMPRESSED_LAST = "ipv6.routing.rpl.cmprE", "Compressed Final Octets (CmprE)", Show::u32().mask(0x0f00_0000), "RFC 6554, 3";
    /// How many bytes of filling stand behind the addresses.
    PAD = "ipv6.routing.rpl.pad", "Padding Bytes", Show::u32().mask(0x00f0_0000), "RFC 6554, 3";
    /// Must be zero.
    RPL_RESERVED = "ipv6.routing.rpl.reserved", "Reserved", Show::u32().mask(0x000f_ffff), "RFC 6554, 3";
    /// How many addresses there are, by the lengths.
    COUNT = "ipv6.routing.rpl.addr_count", "Total Address Count", Show::i32(), "RFC 6554, 3";
    /// What is said of an address.
    RPL_ADDRESS = "ipv6.routing.rpl.address", "Address", Show::bytes().repeats(), "RFC 6554, 3";
    /// The address with what the destination address supplies.
    FULL_ADDRESS = "ipv6.routing.rpl.full_address", "Full Address", Show::ipv6().repeats(), "RFC 6554, 3";
    /// The index of the last entry of the list.
    LAST_ENTRY = "ipv6.routing.srh.last_entry", "Last Entry", Show::u8(), "RFC 8754, 2";
    /// None is defined.
    FLAGS = "ipv6.routing.srh.flags", "Flags", Show::u8().hex(), "RFC 8754, 2";
    /// Marks packets of a class or group.
    TAG = "ipv6.routing.srh.tag", "Tag", Show::bytes(), "RFC 8754, 2";
    /// A segment; the last comes first.
    SEGMENT = "ipv6.routing.srh.addr", "Address", Show::ipv6().repeats(), "RFC 8754, 2";
    /// The segment under way.
    CURRENT_16 = "ipv6.routing.crh16.current_sid", "Current SID", Show::u16(), "RFC 9631, 4";
    /// The segment under way.
    CURRENT_32 = "ipv6.routing.crh32.current_sid", "Current SID", Show::u32(), "RFC 9631, 4";
    /// All segments.
    IDS = "ipv6.routing.crh.sids", "Segment Identifiers", Show::group(), "RFC 9631, 4";
    /// A segment.
    ID_16 = "ipv6.routing.crh16.sid", "Segment ID", Show::u16().repeats(), "RFC 9631, 4";
    /// A segment.
    ID_32 = "ipv6.routing.crh32.sid", "Segment ID", Show::u32().repeats(), "RFC 9631, 4";
    /// Routers drop packets with this type, since it lets traffic be amplified.
    DEPRECATED = "ipv6.routing.deprecated", "Routing header type is deprecated", Show::expert(Severity::Note, Area::Deprecated), "RFC 5095, 3";
    /// Bytes that are not dissected.
    UNDECODED = "ipv6.routing.undecoded", "Undecoded IPv6 routing header field", Show::expert(Severity::Note, Area::Undecoded), "RFC 8200, 4.4";
    /// More segments are left than there are addresses.
    WRONG_LEFT = "ipv6.routing.invalid_segleft", "IPv6 Routing Header segments left field must not exceed address count", Show::expert(Severity::Error, Area::Protocol), "RFC 8200, 4.4";
    /// The length can't be that of whole addresses.
    WRONG_LENGTH = "ipv6.routing.invalid_length", "Invalid IPv6 Routing header length", Show::expert(Severity::Error, Area::Protocol), "RFC 8200, 4.4";
}

/// The types of routing headers.
static TYPES: Codes = Codes {
    unknown: "Unknown",
    names: &[
        (0, "Source Route"),
        (1, "Nimrod"),
        (2, "Type 2 Routing"),
        (3, "RPL Source Route"),
        (4, "Segment Routing"),
        (5, "Compact Routing Header 16"),
        (6, "Compact Routing Header 32"),
        (253, "Experiment 1"),
        (254, "Experiment 2"),
    ],
};

/// Where the packet goes in the end, if a header told.
type Final = Option<[u8; 16]>;

/// Adds a routing header. The packet's destination becomes the last address of its list, if it has still to go there.
pub(super) fn walk<'b>(cx: &mut Cx<'_>, header: &Header, rest: &'b [u8]) -> Option<(u8, &'b [u8])> {
    let (own, behind) = extension::split(cx, rest, &LENGTH)?;
    let Some((&[next, units, kind, left], body)) = own.split_first_chunk::<4>() else {
        cx.malformed(own, Malformed::short(&TYPE, 2, 2, own.len().saturating_sub(2)));
        return None;
    };
    let whole = (usize::from(units) + 1) * 8;
    let last = cx.group(&ROUTING, own, |cx| {
        let at = |from, to| own.get(from..to).unwrap_or(&[]);
        cx.leaf(&NEXT, at(0, 1), next.into());
        cx.leaf(&LENGTH, at(1, 2), units.into());
        cx.generated(&BYTES, at(1, 2), whole as u64);
        cx.leaf(&TYPE, at(2, 3), kind.into());
        if kind == 0 {
            cx.expert(&DEPRECATED, at(2, 2));
        }
        cx.leaf(&LEFT, at(3, 4), left.into());
        if own.len() < whole {
            cx.malformed(own, Malformed::short(&LENGTH, 4, whole - 4, body.len()));
            return None;
        }
        match kind {
            0 => addresses(cx, body, left, &SOURCE_RESERVED, &SOURCE_ADDRESS),
            2 => addresses(cx, body, left, &MOBILE_RESERVED, &HOME),
            3 => rpl(cx, header, body, left),
            4 => segments(cx, body, left),
            5 | 6 => compact(cx, body, kind, left),
            _ => {
                cx.leaf(&UNKNOWN, body, 0);
                cx.expert(&UNDECODED, body.get(..0).unwrap_or(&[]));
                None
            }
        }
    });
    if let (Some(address), true) = (last, left > 0) {
        cx.addresses(cx.ends.source, Address::Ipv6(address));
    }
    (own.len() == whole).then_some((next, behind))
}

fn check_left(cx: &mut Cx<'_>, left: u8, count: usize, body: &[u8]) {
    if usize::from(left) > count {
        cx.expert(&WRONG_LEFT, body.get(..0).unwrap_or(&[]));
    }
}

/// Four reserved bytes and whole addresses.
fn addresses(
    cx: &mut Cx<'_>,
    body: &[u8],
    left: u8,
    reserved: &'static crate::Field,
    field: &'static crate::Field,
) -> Final {
    let (start, list) = body.split_at_checked(4)?;
    cx.leaf(reserved, start, 0);
    let (list, odd) = list.as_chunks::<16>();
    if !odd.is_empty() {
        cx.expert(&WRONG_LENGTH, odd.get(..0).unwrap_or(&[]));
    }
    check_left(cx, left, list.len(), body);
    for address in list {
        cx.leaf(field, address, 0);
    }
    list.last().copied()
}

fn rpl(cx: &mut Cx<'_>, header: &Header, body: &[u8], left: u8) -> Final {
    let (start, list) = body.split_first_chunk::<4>()?;
    let word = u32::from_be_bytes(*start);
    let start = body.get(..4)?;
    cx.flags(&[&COMPRESSED, &COMPRESSED_LAST, &PAD, &RPL_RESERVED], start, word.into());
    let [inner, last, pad] = [word >> 28, word >> 24 & 15, word >> 20 & 15].map(|bits| bits as usize);
    // The bytes that stay of an address are at least one, since four bits can't leave out 16.
    let Some(others) = list.len().checked_sub(pad + 16 - last) else {
        cx.expert(&WRONG_LENGTH, body.get(..0)?);
        return None;
    };
    let count = others / (16 - inner) + 1;
    cx.generated(&COUNT, body.get(..2)?, count as u64);
    check_left(cx, left, count, body);
    let (mut rest, mut full) = (list, header.destination);
    for index in 1..=count {
        let size = 16 - if index == count { last } else { inner };
        let (said, next) = rest.split_at_checked(size)?;
        cx.leaf(&RPL_ADDRESS, said, 0);
        full = header.destination;
        if let Some(end) = full.get_mut(16 - size..) {
            end.copy_from_slice(said);
        }
        cx.own_text(&FULL_ADDRESS, said, &full, 0);
        rest = next;
    }
    Some(full)
}

fn segments(cx: &mut Cx<'_>, body: &[u8], left: u8) -> Final {
    let ([last, flags, ..], list) = body.split_first_chunk::<4>()?;
    cx.leaf(&LAST_ENTRY, body.get(..1)?, (*last).into());
    cx.leaf(&FLAGS, body.get(1..2)?, (*flags).into());
    cx.leaf(&TAG, body.get(2..4)?, 0);
    let count = usize::from(*last) + 1;
    check_left(cx, left, count, body);
    let whole = list.as_chunks::<16>().0;
    if whole.len() < count {
        cx.expert(&WRONG_LENGTH, body.get(..0)?);
    }
    for segment in whole.iter().take(count) {
        cx.leaf(&SEGMENT, segment, 0);
    }
    let behind = list.get(count * 16..).unwrap_or(&[]);
    if !behind.is_empty() {
        cx.leaf(&UNKNOWN, behind, 0);
    }
    whole.first().copied()
}

fn compact(cx: &mut Cx<'_>, body: &[u8], kind: u8, left: u8) -> Final {
    let (size, current, field) = if kind == 5 { (2, &CURRENT_16, &ID_16) } else { (4, &CURRENT_32, &ID_32) };
    if let Some(own) = body.chunks_exact(size).nth(left.into()) {
        cx.leaf(current, own, number(own));
    } else {
        cx.expert(&WRONG_LEFT, body.get(..0)?);
    }
    cx.group(&IDS, body, |cx| {
        let is_used = |(at, own): &(usize, &[u8])| *at <= usize::from(left) || number(own) != 0;
        for (_, own) in body.chunks_exact(size).enumerate().take_while(is_used) {
            cx.leaf(field, own, number(own));
        }
    });
    None
}

fn write_type(item: Item<'_>, out: &mut Out) {
    if let Some(kind) = item.number(&TYPE) {
        out.str(" (").str(TYPES.name_or_unknown(kind)).byte(b')');
    }
}
