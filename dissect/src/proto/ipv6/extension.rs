//! The chain of extension headers, RFC 8200, 4.

use super::{Header, option, routing};
use crate::flow::fragments;
use crate::proto::ip::{ipsec, number};
use crate::tree::Item;
use crate::{Area, Base, Cx, Malformed, Out, Severity, Show, fields, header};

fields! {
    /// Options for every hop.
    HOP_BY_HOP = "ipv6.hopopts", "IPv6 Hop-by-Hop Option", Show::protocol().repeats(), "RFC 8200, 4.3";
    /// Which header follows.
    HOP_NEXT = "ipv6.hopopts.nxt", "Next Header", Show::u8().codes(&number::NAMES), "RFC 8200, 4.3";
    /// The length in units of 8 bytes, without the first.
    HOP_LENGTH = "ipv6.hopopts.len", "Length", Show::u8(), "RFC 8200, 4.3";
    /// The length in bytes.
    HOP_BYTES = "ipv6.hopopts.len_oct", "Length", Show::u16().unit(" bytes"), "RFC 8200, 4.3";
    /// Only the first header may be one of these.
    HOP_NOT_FIRST = "ipv6.hopopts.not_first", "IPv6 Hop-by-Hop extension header must appear immediately after IPv6 header", Show::expert(Severity::Warn, Area::Protocol), "RFC 8200, 4.1";
    /// Options for the destination.
    DESTINATION = "ipv6.dstopts", "Destination Options for IPv6", Show::protocol().repeats(), "RFC 8200, 4.6";
    /// Which header follows.
    DESTINATION_NEXT = "ipv6.dstopts.nxt", "Next Header", Show::u8().codes(&number::NAMES), "RFC 8200, 4.6";
    /// The length in units of 8 bytes, without the first.
    DESTINATION_LENGTH = "ipv6.dstopts.len", "Length", Show::u8(), "RFC 8200, 4.6";
    /// The length in bytes.
    DESTINATION_BYTES = "ipv6.dstopts.len_oct", "Length", Show::u16().unit(" bytes"), "RFC 8200, 4.6";
    /// The packet is a fragment.
    FRAGMENT = "ipv6.fraghdr", "Fragment Header for IPv6", Show::protocol().repeats(), "RFC 8200, 4.5";
    /// Which header the fragmented part begins with.
    FRAGMENT_NEXT = "ipv6.fraghdr.nxt", "Next header", Show::u8().codes(&number::NAMES), "RFC 8200, 4.5";
    /// Must be zero.
    FRAGMENT_RESERVED = "ipv6.fraghdr.reserved_octet", "Reserved octet", Show::u8().hex(), "RFC 8200, 4.5";
    /// The fragments that this packet was put together from.
    FRAGMENTS = "ipv6.fragments", "IPv6 Fragments", Show::group().write(fragments::write_group), "RFC 8200, 4.5";
    /// A fragment: the packet that brought it.
    FRAGMENT_NUMBER = "ipv6.fragment", "IPv6 Fragment", Show::packet().repeats().write(fragments::write_fragment), "RFC 8200, 4.5";
    /// How many fragments there were.
    FRAGMENT_COUNT = "ipv6.fragment.count", "Fragment count", Show::u32(), "RFC 8200, 4.5";
    /// How many bytes they make together.
    REASSEMBLED_LENGTH = "ipv6.reassembled.length", "Reassembled IPv6 length", Show::u32(), "RFC 8200, 4.5";
    /// These bytes: what the packet carries.
    REASSEMBLED_DATA = "ipv6.reassembled.data", "Reassembled IPv6 data", Show::bytes(), "RFC 8200, 4.5";
    /// The packet with the fragment that was the last to come.
    REASSEMBLED_IN = "ipv6.reassembled.in", "Reassembled IPv6 in frame", Show::packet(), "RFC 8200, 4.5";
    /// Where the fragment belongs, in units of 8 bytes.
    OFFSET = "ipv6.fraghdr.offset", "Offset", Show::u16().mask(0xfff8).write(write_offset), "RFC 8200, 4.5";
    /// Must be zero.
    OFFSET_RESERVED = "ipv6.fraghdr.reserved_bits", "Reserved bits", Show::u16().mask(6), "RFC 8200, 4.5";
    /// More fragments follow.
    MORE = "ipv6.fraghdr.more", "More Fragments", Show::flag().words("Yes", "No").mask(1), "RFC 8200, 4.5";
    /// Which packet the fragment belongs to.
    ID = "ipv6.fraghdr.ident", "Identification", Show::u32().base(Base::Hex), "RFC 8200, 4.5";
    /// The headers behind are not dissected.
    TOO_MANY = "ipv6.too_many_headers", "More extension headers than are followed", Show::expert(Severity::Warn, Area::Undecoded), "sctpdump";
}

header! {
    /// A fragment header.
    pub struct Fragment {
        /// Which header the fragmented part begins with.
        pub next: u8 => FRAGMENT_NEXT,
        /// Must be zero.
        pub reserved: u8 => FRAGMENT_RESERVED,
        /// Offset in units of 8 bytes (upper 13 bits), and whether more follow (lowest bit).
        pub offset_more: u16 => OFFSET, by hand,
        /// Which packet the fragment belongs to.
        pub id: u32 => ID, by hand,
    }
}

/// The number that says that no header follows.
pub const NONE: u8 = 59;

/// The most extension headers of one packet that are followed: a bound on the work for packets made to be long.
pub const MOST_EXTENSION_HEADERS: usize = 32;

/// How a packet put together is shown.
pub(super) static FRAGMENT_FIELDS: fragments::Fields = fragments::Fields {
    fragments: &FRAGMENTS,
    fragment: &FRAGMENT_NUMBER,
    count: &FRAGMENT_COUNT,
    length: &REASSEMBLED_LENGTH,
    data: &REASSEMBLED_DATA,
    whole_in: &REASSEMBLED_IN,
    source: "Reassembled IPv6",
};

/// What a chain leads to.
pub(super) enum Upper<'b> {
    /// The upper layer: its number and its bytes.
    Layer(u8, &'b [u8]),
    /// A piece of a packet.
    Piece(Fragment, &'b [u8]),
    /// Bytes that can't be followed.
    Lost(&'b [u8]),
}

impl<'b> Upper<'b> {
    /// The bytes behind the chain.
    pub(super) fn bytes(&self) -> &'b [u8] {
        match self {
            Upper::Layer(_, bytes) | Upper::Piece(_, bytes) | Upper::Lost(bytes) => bytes,
        }
    }
}

/// Follows the chain of headers to the upper layer; to nothing where the chain breaks.
pub(super) fn walk<'b>(cx: &mut Cx<'_>, header: &Header, payload: &'b [u8]) -> Option<Upper<'b>> {
    let (mut next, mut rest) = (header.next, payload);
    for at in 0..MOST_EXTENSION_HEADERS {
        (next, rest) = match next {
            0 => options(cx, header, rest, if at == 0 { Kind::HopByHop } else { Kind::LateHopByHop })?,
            43 => routing::walk(cx, header, rest)?,
            44 => match fragment(cx, rest)? {
                // An atomic fragment is a whole packet, RFC 6946.
                (fragment, rest) if fragment.offset_more & 0xfff9 == 0 => (fragment.next, rest),
                (fragment, rest) => return Some(Upper::Piece(fragment, rest)),
            },
            51 => ipsec::authentication(cx, rest)?,
            60 => options(cx, header, rest, Kind::Destination)?,
            _ => return Some(Upper::Layer(next, rest)),
        };
    }
    if is_one(next) {
        cx.expert(&TOO_MANY, rest);
        return Some(Upper::Lost(rest));
    }
    Some(Upper::Layer(next, rest))
}

/// Whether a number is that of an extension header.
pub(super) fn is_one(next: u8) -> bool {
    matches!(next, 0 | 43 | 44 | 51 | 60)
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    HopByHop,
    LateHopByHop,
    Destination,
}

/// The bytes of a header that counts its length in units of 8 bytes without the first, and what follows. Says what is
/// missing.
pub(super) fn split<'b>(
    cx: &mut Cx<'_>,
    rest: &'b [u8],
    length: &'static crate::Field,
) -> Option<(&'b [u8], &'b [u8])> {
    let Some(units) = rest.get(1).copied() else {
        cx.malformed(rest, Malformed::short(length, rest.len(), 2 - rest.len(), 0));
        return None;
    };
    Some(rest.split_at_checked((usize::from(units) + 1) * 8).unwrap_or((rest, &[])))
}

fn options<'b>(cx: &mut Cx<'_>, header: &Header, rest: &'b [u8], kind: Kind) -> Option<(u8, &'b [u8])> {
    let [group, next_field, length_field, bytes_field] = match kind {
        Kind::Destination => [&DESTINATION, &DESTINATION_NEXT, &DESTINATION_LENGTH, &DESTINATION_BYTES],
        _ => [&HOP_BY_HOP, &HOP_NEXT, &HOP_LENGTH, &HOP_BYTES],
    };
    let (own, behind) = split(cx, rest, length_field)?;
    let &[next, units, ref list @ ..] = own else { return None };
    let whole = (usize::from(units) + 1) * 8;
    cx.group(group, own, |cx| {
        if kind == Kind::LateHopByHop {
            cx.expert(&HOP_NOT_FIRST, own.get(..0).unwrap_or(&[]));
        }
        cx.leaf(next_field, own.get(..1).unwrap_or(&[]), next.into());
        let length = own.get(1..2).unwrap_or(&[]);
        cx.leaf(length_field, length, units.into());
        cx.generated(bytes_field, length, whole as u64);
        option::walk(cx, header, list, kind != Kind::Destination);
        if own.len() < whole {
            cx.malformed(own, Malformed::short(length_field, 2, whole - 2, list.len()));
        }
    });
    (own.len() == whole).then_some((next, behind))
}

fn fragment<'b>(cx: &mut Cx<'_>, rest: &'b [u8]) -> Option<(Fragment, &'b [u8])> {
    let at = |from, to| rest.get(from..to).unwrap_or(&[]);
    let own = rest.get(..Fragment::LEN).unwrap_or(rest);
    cx.group(&FRAGMENT, own, |cx| {
        let (fragment, payload) = Fragment::dissect(cx, rest)?;
        cx.flags(&[&OFFSET, &OFFSET_RESERVED, &MORE], at(2, 4), fragment.offset_more.into());
        cx.leaf(&ID, at(4, 8), fragment.id.into());
        Some((fragment, payload))
    })
}

impl Fragment {
    /// Where its bytes belong in the packet's fragmented part.
    pub fn offset(&self) -> u32 {
        u32::from(self.offset_more & 0xfff8)
    }
    /// Whether more follow it.
    pub fn more(&self) -> bool {
        self.offset_more & 1 == 1
    }
}

fn write_offset(item: Item<'_>, out: &mut Out) {
    out.dec(item.node.value).str(" (").dec(item.node.value * 8).str(" bytes)");
}
