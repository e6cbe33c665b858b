//! Internet Protocol version 6, RFC 8200, with its extension headers.
//!
//! The payload of a fragment is data; with memory the last one brings the packet put together.

pub mod address;
pub mod extension;
pub mod mobility;
pub mod option;
pub mod routing;

use crate::flow::fragments::{Fragment, Fragments, Key};
use crate::proto::ip::{self, CODEPOINTS, CONGESTION, PROTOCOLS, number};
use crate::proto::{ethernet::ETHERTYPES, ethernet::plain::Plain, frame::LINK_TYPES};
use crate::tree::Item;
use crate::{Address, Area, Claim, Cx, Out, Protocol, Severity, Show, fields, header};
use extension::Upper;

fields! {
    /// An IPv6 packet.
    pub ROOT = "ipv6", "Internet Protocol Version 6", Show::protocol().write(write_root), "RFC 8200";
    /// The version of the protocol: 6.
    VERSION = "ipv6.version", "Version", Show::u8().mask(0xf0).also(&[&ip::VERSION]), "RFC 8200, 3";
    /// How the packet wants to be treated.
    CLASS = "ipv6.tclass", "Traffic Class", Show::u32().hex().mask(0x0ff0_0000).write(write_class), "RFC 8200, 7";
    /// The codepoint that selects the treatment in each hop.
    DSCP = "ipv6.tclass.dscp", "Differentiated Services Codepoint", Show::u32().mask(0x0fc0_0000).codes(&CODEPOINTS), "RFC 2474, 3";
    /// Whether the path may tell congestion by a mark, and whether it did.
    ECN = "ipv6.tclass.ecn", "Explicit Congestion Notification", Show::u32().mask(0x0030_0000).codes(&CONGESTION), "RFC 3168, 5";
    /// Which flow the packet belongs to.
    FLOW = "ipv6.flow", "Flow Label", Show::u24().hex().mask(0x000f_ffff), "RFC 8200, 6";
    /// The length of what follows the header; 0 for a jumbogram.
    pub LENGTH = "ipv6.plen", "Payload Length", Show::u16(), "RFC 8200, 3";
    /// Which header follows.
    NEXT = "ipv6.nxt", "Next Header", Show::u8().codes(&number::NAMES), "RFC 8200, 3";
    /// How many hops are left.
    HOPS = "ipv6.hlim", "Hop Limit", Show::u8(), "RFC 8200, 3";
    /// From which address.
    pub SOURCE = "ipv6.src", "Source Address", Show::ipv6().also(&[&ADDRESS]), "RFC 8200, 3";
    /// To which address.
    pub DESTINATION = "ipv6.dst", "Destination Address", Show::ipv6().also(&[&ADDRESS]), "RFC 8200, 3";
    /// Either address.
    pub ADDRESS = "ipv6.addr", "Source or Destination Address", Show::ipv6(), "RFC 8200, 3";
    /// The version is not the one that the layer below says.
    WRONG_VERSION = "ipv6.bogus_ipv6_version", "Bogus IP version", Show::expert(Severity::Error, Area::Protocol), "RFC 8200, 3";
    /// The packet ends in the header.
    SHORT_HEADER = "ipv6.invalid_header", "IPv6 header must be exactly 40 bytes", Show::expert(Severity::Error, Area::Malformed), "RFC 8200, 3";
    /// The payload length is zero without a jumbo payload: offload leaves it so.
    ZERO_LENGTH = "ipv6.plen_zero", "IPv6 payload length equals 0 (maybe because of TCP segmentation offload)", Show::expert(Severity::Note, Area::Protocol), "RFC 8200, 3";
    /// The payload length is more than the layer below has.
    WRONG_LENGTH = "ipv6.plen_exceeds_framing", "IPv6 payload length does not match expected framing length", Show::expert(Severity::Warn, Area::Protocol), "RFC 8200, 3";
}

header! {
    /// The fixed header.
    pub struct Header {
        /// Version, traffic class and flow label.
        pub version_class_flow: u32 => VERSION, by hand,
        /// The length of what follows, in bytes.
        pub length: u16 => LENGTH,
        /// Which header follows.
        pub next: u8 => NEXT,
        /// How many hops are left.
        pub hops: u8 => HOPS,
        /// From which address.
        pub source: [u8; 16] => SOURCE,
        /// To which address.
        pub destination: [u8; 16] => DESTINATION,
    }
}

/// IPv6.
pub static PROTOCOL: Protocol = Protocol {
    claims: &[
        Claim::Number(&LINK_TYPES, 229),
        Claim::Number(&ETHERTYPES, 0x86dd),
        Claim::Number(&PROTOCOLS, 41),
    ],
    state: Some(|| Box::new(Fragments::default())),
    learns_first: true,
    tables: &[&PROTOCOLS],
    borrows: &[ip::ipsec::FIELDS],
    ..Protocol::new(
        "ipv6",
        "IPv6",
        "Internet Protocol Version 6",
        "RFC 8200",
        walk,
        &[FIELDS, address::FIELDS, extension::FIELDS, option::FIELDS, routing::FIELDS],
    )
};

fn walk(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    cx.column(PROTOCOL.title);
    if let Some(first) = bytes.first().filter(|first| **first >> 4 != 6) {
        ip::tell_version(cx, *first, 6);
        cx.group(&ROOT, bytes.get(..Header::LEN).unwrap_or(bytes), |cx| {
            let own = bytes.get(..1).unwrap_or(&[]);
            cx.leaf(&VERSION, own, (first >> 4).into());
            cx.expert(&WRONG_VERSION, own.get(..0).unwrap_or(&[]));
        });
        cx.data(bytes);
        return true;
    }
    let Ok((rest, header)) = Header::parse(bytes) else {
        if let Some(info) = cx.info() {
            info.str("IPv6 header cut short (").dec(bytes.len() as u64).str(" of 40 bytes)");
        }
        cx.group(&ROOT, bytes, |cx| {
            if cx.cut == 0 {
                cx.expert(&SHORT_HEADER, bytes.get(..0).unwrap_or(&[]));
            }
            first_word(cx, bytes);
            Header::dissect(cx, bytes);
        });
        return true;
    };
    cx.hops = header.hops;
    cx.addresses(Address::Ipv6(header.source), Address::Ipv6(header.destination));
    let given = rest.len() + cx.cut;
    let declared = match header.length {
        0 if header.next == 59 => 0,
        // Without a jumbo payload a length of zero is left by offload: the packet then ends where the capture does.
        0 => option::jumbo_length(header.next, rest).map_or(given, |length| length as usize),
        length => length.into(),
    };
    cx.limited(&LENGTH, bytes.get(4..6).unwrap_or(&[]), |cx| {
        cx.within(rest, declared, |cx, payload| {
            let place = cx.place_of_next();
            let chain = cx.group(&ROOT, bytes.get(..Header::LEN).unwrap_or(bytes), |cx| {
                if cx.showing() {
                    show(cx, &header, bytes, declared > given);
                }
                extension::walk(cx, &header, payload)
            });
            let Some(upper) = chain else { return };
            cx.set_len(place, Header::LEN + payload.len() - upper.bytes().len());
            match upper {
                Upper::Layer(next, bytes) => carry(cx, next, bytes),
                Upper::Piece(fragment, bytes) => {
                    let at = payload.len().saturating_sub(bytes.len() + extension::Fragment::LEN);
                    let place = (place, payload.get(at..at).unwrap_or(&[]));
                    let (offset, more) = (fragment.offset(), fragment.more());
                    let piece = Fragment { offset, more, bytes, is_short: payload.len() < declared };
                    carry_piece(cx, place, (&header, fragment), &piece);
                }
                Upper::Lost(bytes) => cx.data(bytes),
            }
        });
    });
    cx.ends_before(rest.get(declared..).unwrap_or(&[]));
    true
}

/// What a packet carries that has no further headers; nothing for any other.
pub(crate) fn plain(bytes: &[u8], cut: usize) -> Option<Plain<'_>> {
    let (rest, header) = Header::parse(bytes).ok()?;
    let (length, next) = (usize::from(header.length), header.next);
    let payload = rest.get(..length).unwrap_or(rest);
    if bytes.first()? >> 4 != 6 || extension::is_one(next) || next == extension::NONE || payload.is_empty() {
        return None;
    }
    Some(Plain {
        title: PROTOCOL.title,
        ends: (Address::Ipv6(header.source), Address::Ipv6(header.destination)),
        hops: header.hops,
        number: next,
        payload,
        cut: (length - payload.len()).min(cut),
    })
}

/// Hands on what a fragment completes; otherwise its bytes are data. `place` is the header's node, and where the fragment's
/// own header begins.
fn carry_piece(
    cx: &mut Cx<'_>,
    place: (usize, &[u8]),
    (header, fragment): (&Header, extension::Fragment),
    piece: &Fragment<'_>,
) {
    let key = Key::new(&cx.ends, fragment.id, 0);
    // Headers may follow in the fragmented part; fragments of fragments are not put together.
    let walk = |cx: &mut Cx<'_>, whole: &[u8]| match extension::walk(
        cx,
        &Header { next: fragment.next, ..*header },
        whole,
    ) {
        Some(Upper::Layer(next, bytes)) => carry(cx, next, bytes),
        Some(upper) => cx.data(upper.bytes()),
        None => {}
    };
    if cx.reassemble(place, key, piece, &extension::FRAGMENT_FIELDS, walk) {
        return;
    }
    if let Some(info) = cx.info() {
        info.str("IPv6 fragment (off=").dec(piece.offset.into());
        info.str(if piece.more { " more=y" } else { " more=n" });
        info.str(" ident=").hex_0x(fragment.id.into(), 8).str(" nxt=").dec(fragment.next.into()).byte(b')');
    }
    cx.data(piece.bytes);
}

fn carry(cx: &mut Cx<'_>, next: u8, payload: &[u8]) {
    if next == extension::NONE {
        if let Some(info) = cx.info() {
            info.str("IPv6 no next header");
        }
        cx.data(payload);
    } else if (!payload.is_empty() || cx.cut > 0) && !cx.carry(&PROTOCOLS, next.into(), payload) {
        if let Some(info) = cx.info() {
            info.str("Unknown IP Protocol: ").str(number::NAMES.name_or_unknown(next.into()));
            info.str(" (").dec(next.into()).byte(b')');
        }
        cx.data(payload);
    }
}

fn first_word(cx: &mut Cx<'_>, bytes: &[u8]) {
    let at = |from, to| bytes.get(from..to).unwrap_or(&[]);
    let Some(first) = bytes.first() else { return };
    cx.leaf(&VERSION, at(0, 1), u64::from(first >> 4));
    let Some(word) = bytes.first_chunk::<4>() else { return };
    let word = u64::from(u32::from_be_bytes(*word));
    cx.group_with(&CLASS, at(0, 4), word >> 20 & 0xff, |cx| cx.flags(&[&DSCP, &ECN], at(0, 4), word));
    cx.bits(&FLOW, at(1, 4), word);
}

/// Adds the nodes of the fixed header, with which `bytes` begin.
fn show(cx: &mut Cx<'_>, header: &Header, bytes: &[u8], is_long: bool) {
    let at = |from, to| bytes.get(from..to).unwrap_or(&[]);
    first_word(cx, bytes);
    cx.leaf(&LENGTH, at(4, 6), header.length.into());
    if is_long && !cx.quoted {
        cx.expert(&WRONG_LENGTH, at(4, 4));
    } else if header.length == 0 && !matches!(header.next, 0 | extension::NONE) {
        cx.expert(&ZERO_LENGTH, at(4, 4));
    }
    cx.leaf(&NEXT, at(6, 7), header.next.into());
    cx.leaf(&HOPS, at(7, 8), header.hops.into());
    cx.leaf(&SOURCE, at(8, 24), 0);
    cx.leaf(&DESTINATION, at(24, 40), 0);
    address::show(cx, at(8, 24), &address::SOURCE);
    address::show(cx, at(24, 40), &address::DESTINATION);
}

fn write_root(item: Item<'_>, out: &mut Out) {
    for (field, words) in [(&SOURCE, ", Src: "), (&DESTINATION, ", Dst: ")] {
        if let Some(bytes) = item.child(field).and_then(|item| item.bytes().first_chunk::<16>()) {
            out.str(words);
            match item.names() {
                Some(names) => names.write_both(&Address::Ipv6(*bytes), out),
                None => drop(out.ipv6(*bytes)),
            }
        }
    }
}

fn write_class(item: Item<'_>, out: &mut Out) {
    ip::write_service(item.node.value as u8, out);
}

#[cfg(test)]
mod tests;
