//! Internet Protocol version 4, RFC 791.
//!
//! The payload of a fragment is data; with memory the last one brings the packet put together.

pub mod ipsec;
pub mod number;
pub mod option;
mod service;

use crate::checksum::{self, Sum};
use crate::engine::Stencil;
use crate::flow::fragments::{self, Fragment, Fragments, Key};
use crate::proto::{ethernet::ETHERTYPES, ethernet::plain::Plain, frame::LINK_TYPES};
use crate::tree::Item;
use crate::{
    Address, Area, Base, Claim, Codes, Cx, Field, Malformed, Out, Protocol, Severity, Show, Table, fields,
    header,
};
pub(crate) use service::{CODEPOINTS, CONGESTION, write as write_service};

/// Who an IP protocol number means, in IPv4 and in IPv6.
pub static PROTOCOLS: Table =
    Table { name: "ip.proto", doc: "the protocol number of IPv4, the next header of IPv6" };

fields! {
    /// An IPv4 packet.
    pub ROOT = "ip", "Internet Protocol Version 4", Show::protocol().write_parts(write_root), "RFC 791";
    /// The version of the protocol: 4.
    pub(crate) VERSION = "ip.version", "Version", Show::u8().mask(0xf0), "RFC 791, 3.1";
    /// The length of the header with its options.
    HEADER_LENGTH = "ip.hdr_len", "Header Length", Show::u8().unit(" bytes").few(), "RFC 791, 3.1";
    /// How the packet wants to be treated, once called the type of service.
    DSFIELD = "ip.dsfield", "Differentiated Services Field", Show::u8().hex().write_value(write_dsfield), "RFC 2474, 3";
    /// The codepoint that selects the treatment in each hop.
    DSCP = "ip.dsfield.dscp", "Differentiated Services Codepoint", Show::u8().mask(0xfc).codes(&CODEPOINTS), "RFC 2474, 3";
    /// Whether the path may tell congestion by a mark, and whether it did.
    ECN = "ip.dsfield.ecn", "Explicit Congestion Notification", Show::u8().mask(3).codes(&CONGESTION), "RFC 3168, 5";
    /// The length of the packet, header and all. Where offload left it zero, the length that the packet has.
    pub LENGTH = "ip.len", "Total Length", Show::u16(), "RFC 791, 3.1";
    /// Which packet a fragment belongs to.
    ID = "ip.id", "Identification", Show::u16().base(Base::HexDec), "RFC 791, 3.1";
    /// The flags that steer fragmentation.
    FLAGS = "ip.flags", "Flags", Show::u8().hex().mask(0xe0).write_value(write_flags), "RFC 791, 3.1";
    /// Must be zero.
    RESERVED_BIT = "ip.flags.rb", "Reserved bit", Show::flag().mask(0x80), "RFC 791, 3.1";
    /// Routers must not fragment the packet.
    DONT_FRAGMENT = "ip.flags.df", "Don't fragment", Show::flag().mask(0x40), "RFC 791, 3.1";
    /// More fragments of the packet follow.
    MORE_FRAGMENTS = "ip.flags.mf", "More fragments", Show::flag().mask(0x20), "RFC 791, 3.1";
    /// The fragments that this packet was put together from.
    FRAGMENTS = "ip.fragments", "IPv4 Fragments", Show::bytes().write(fragments::write_group), "RFC 791, 3.2";
    /// A fragment: the packet that brought it.
    FRAGMENT = "ip.fragment", "IPv4 Fragment", Show::packet().repeats().write(fragments::write_fragment), "RFC 791, 3.2";
    /// How many fragments there were.
    FRAGMENT_COUNT = "ip.fragment.count", "Fragment count", Show::u32(), "RFC 791, 3.2";
    /// How many bytes they make together.
    REASSEMBLED_LENGTH = "ip.reassembled.length", "Reassembled IPv4 length", Show::u32(), "RFC 791, 3.2";
    /// These bytes: what the packet carries.
    REASSEMBLED_DATA = "ip.reassembled.data", "Reassembled IPv4 data", Show::bytes(), "RFC 791, 3.2";
    /// The packet with the fragment that was the last to come.
    REASSEMBLED_IN = "ip.reassembled_in", "Reassembled IPv4 in frame", Show::packet(), "RFC 791, 3.2";
    /// Where the fragment belongs in its packet, in units of 8 bytes.
    OFFSET = "ip.frag_offset", "Fragment Offset", Show::u16().mask(0x1fff), "RFC 791, 3.1";
    /// How many hops are left.
    TTL = "ip.ttl", "Time to Live", Show::u8(), "RFC 791, 3.1";
    /// Which protocol is inside.
    PROTO = "ip.proto", "Protocol", Show::u8().codes(&number::NAMES), "RFC 791, 3.1";
    /// The checksum of the header.
    CHECKSUM = "ip.checksum", "Header Checksum", Show::u16().hex(), "RFC 791, 3.1";
    /// Whether the checksum is right.
    CHECKSUM_STATUS = "ip.checksum.status", "Header checksum status", Show::u8().codes(&STATUS), "sctpdump";
    /// What the checksum should be.
    CHECKSUM_CALCULATED = "ip.checksum_calculated", "Calculated Checksum", Show::u16().hex(), "RFC 1071";
    /// From which address.
    pub SOURCE = "ip.src", "Source Address", Show::ipv4().also(&[&ADDRESS]), "RFC 791, 3.1";
    /// To which address.
    pub DESTINATION = "ip.dst", "Destination Address", Show::ipv4().also(&[&ADDRESS]), "RFC 791, 3.1";
    /// The next stop of a source route, which the header's destination address is until the last.
    CURRENT_ROUTE = "ip.cur_rt", "Current Route", Show::ipv4(), "RFC 791, 3.1";
    /// Either address.
    pub ADDRESS = "ip.addr", "Source or Destination Address", Show::ipv4(), "RFC 791, 3.1";
    /// The version is not the one that the layer below says.
    WRONG_VERSION = "ip.bogus_ip_version", "Bogus IP version", Show::expert(Severity::Error, Area::Protocol), "RFC 791, 3.1";
    /// The header says to be shorter than a header can be.
    WRONG_HEADER_LENGTH = "ip.bogus_header_length", "Bogus IP header length", Show::expert(Severity::Error, Area::Protocol), "RFC 791, 3.1";
    /// The total length is less than the header or more than the packet.
    WRONG_LENGTH = "ip.bogus_ip_length", "Bogus IP length", Show::expert(Severity::Error, Area::Protocol), "RFC 791, 3.1";
    /// The header's checksum is wrong.
    BAD_CHECKSUM = "ip.checksum_bad.expert", "Bad checksum", Show::expert(Severity::Error, Area::Checksum), "RFC 791, 3.1";
    /// Packets to this address are not forwarded, and so have a fixed time to live.
    LOCAL_TTL = "ip.ttl.lncb", "Time To Live is not the one for the Local Network Control Block", Show::expert(Severity::Note, Area::Sequence), "RFC 5771, 4";
    /// The packet will not get far.
    SMALL_TTL = "ip.ttl.too_small", "Time To Live is small", Show::expert(Severity::Note, Area::Sequence), "RFC 1122, 3.2.1.7";
}

/// What a checksum was found to be, in every protocol's `checksum.status`.
pub static STATUS: Codes = Codes {
    unknown: "Unknown",
    names: &[(0, "Bad"), (1, "Good"), (2, "Unverified"), (3, "Not present"), (4, "Illegal")],
};

header! {
    /// The fixed part of the header.
    pub struct Header {
        /// Version (upper four bits) and header length in words of 4 bytes.
        pub version_length: u8 => VERSION, by hand,
        /// The type of service.
        pub service: u8 => DSFIELD,
        /// The length of the packet, header and all, in bytes.
        pub length: u16 => LENGTH,
        /// Which packet a fragment belongs to.
        pub id: u16 => ID,
        /// Flags and fragment offset.
        pub flags_offset: u16 => OFFSET, by hand,
        /// How many hops are left.
        pub ttl: u8 => TTL,
        /// Which protocol is inside.
        pub protocol: u8 => PROTO,
        /// The checksum of the header.
        pub checksum: u16 => CHECKSUM,
        /// From which address.
        pub source: u32 => SOURCE,
        /// To which address.
        pub destination: u32 => DESTINATION,
    }
}

impl Header {
    /// The length of the header with its options, in bytes.
    pub fn header_length(&self) -> usize {
        usize::from(self.version_length & 15) * 4
    }
    /// Whether the packet is a piece of a larger one.
    pub fn is_fragment(&self) -> bool {
        self.flags_offset & 0x3fff != 0
    }
}

/// IPv4.
pub static PROTOCOL: Protocol = Protocol {
    claims: &[
        Claim::Number(&LINK_TYPES, 228),
        Claim::Number(&ETHERTYPES, 0x800),
        Claim::Number(&PROTOCOLS, 4),
    ],
    tables: &[&PROTOCOLS, &ETHERTYPES],
    state: Some(|| Box::new(Fragments::default())),
    learns_first: true,
    alone: &[ALONE, option::FIELDS, option::security::FIELDS],
    ..Protocol::new(
        "ip",
        "IPv4",
        "Internet Protocol Version 4",
        "RFC 791",
        walk,
        &[FIELDS, option::FIELDS, option::security::FIELDS],
    )
};

fn walk(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    cx.column(PROTOCOL.title);
    if let Some(first) = bytes.first().filter(|first| **first >> 4 != 4) {
        other_version(cx, *first, bytes);
        return true;
    }
    let own = bytes.get(..Header::LEN).unwrap_or(bytes);
    let (_, header) = match Header::parse(bytes) {
        Ok(parsed) => parsed,
        Err(error) => {
            cx.group(&ROOT, own, |cx| cut_short(cx, bytes, error.into()));
            return true;
        }
    };
    let length = header.header_length();
    // Offload leaves the total length at zero: the packet then ends where the capture does.
    let total = if header.length == 0 { bytes.len() + cx.cut } else { header.length.into() };
    if length < Header::LEN || total < length {
        impossible(cx, &header, bytes);
        return true;
    }
    let own = bytes.get(..length).unwrap_or(bytes);
    let options = own.get(Header::LEN..).unwrap_or(&[]);
    let route = option::final_destination(options);
    let destination = route.unwrap_or(header.destination);
    let place = cx.place_of_next();
    if cx.showing() {
        cx.group(&ROOT, own, |cx| {
            if length > Header::LEN || cx.wants_beyond(&[ENDS]) {
                show(cx, &header, bytes, total, route)
            } else {
                show_ends(cx, &header, bytes)
            }
        });
    }
    cx.hops = header.ttl;
    cx.addresses(Address::Ipv4(header.source), Address::Ipv4(destination));
    let rest = bytes.get(length..).unwrap_or(&[]);
    cx.limited(&LENGTH, bytes.get(2..4).unwrap_or(&[]), |cx| {
        cx.within(rest, total - length, |cx, payload| carry(cx, (place, own), &header, payload));
    });
    cx.ends_before(bytes.get(total..).unwrap_or(&[]));
    true
}

/// What a whole packet without options carries; nothing for any other.
pub(crate) fn plain(bytes: &[u8], cut: usize) -> Option<Plain<'_>> {
    let (rest, header) = Header::parse(bytes).ok()?;
    let length = usize::from(header.length).checked_sub(Header::LEN)?;
    let payload = rest.get(..length).unwrap_or(rest);
    if header.version_length != 0x45 || header.is_fragment() || payload.is_empty() {
        return None;
    }
    Some(Plain {
        title: PROTOCOL.title,
        ends: (Address::Ipv4(header.source), Address::Ipv4(header.destination)),
        hops: header.ttl,
        number: header.protocol,
        payload,
        cut: (length - payload.len()).min(cut),
    })
}

/// The fields of the header: all but those of packets put together.
static ALONE: &[&Field] = &[
    &ROOT,
    &VERSION,
    &HEADER_LENGTH,
    &DSFIELD,
    &DSCP,
    &ECN,
    &LENGTH,
    &ID,
    &FLAGS,
    &RESERVED_BIT,
    &DONT_FRAGMENT,
    &MORE_FRAGMENTS,
    &OFFSET,
    &TTL,
    &PROTO,
    &CHECKSUM,
    &CHECKSUM_STATUS,
    &CHECKSUM_CALCULATED,
    &SOURCE,
    &DESTINATION,
    &CURRENT_ROUTE,
    &ADDRESS,
];

/// How a packet put together is shown.
static FRAGMENT_FIELDS: fragments::Fields = fragments::Fields {
    fragments: &FRAGMENTS,
    fragment: &FRAGMENT,
    count: &FRAGMENT_COUNT,
    length: &REASSEMBLED_LENGTH,
    data: &REASSEMBLED_DATA,
    whole_in: &REASSEMBLED_IN,
    source: "Reassembled IPv4",
};

/// Hands the payload on; a fragment's is data, unless it completes its packet. `place` is the header's node and its bytes.
fn carry(cx: &mut Cx<'_>, (place, own): (usize, &[u8]), header: &Header, payload: &[u8]) {
    if payload.is_empty() && cx.cut == 0 {
        return;
    }
    if header.is_fragment() {
        let offset = u32::from(header.flags_offset & 0x1fff) * 8;
        let is_short = header.header_length() + payload.len() < header.length.into();
        let more = header.flags_offset & 0x2000 != 0;
        let fragment = Fragment { offset, more, bytes: payload, is_short };
        let key = Key::new(&cx.ends, header.id.into(), header.protocol);
        let place = (place, own.get(..0).unwrap_or(&[]));
        if cx.reassemble(place, key, &fragment, &FRAGMENT_FIELDS, |cx, whole| carry_whole(cx, header, whole))
        {
            return;
        }
        if let Some(info) = cx.info() {
            info.str("Fragmented IP protocol (proto=")
                .str(number::NAMES.name_or_unknown(header.protocol.into()));
            info.byte(b' ').dec(header.protocol.into()).str(", off=").dec(offset.into());
            info.str(", ID=").hex(header.id.into(), 4).byte(b')');
        }
        cx.data(payload);
    } else {
        carry_whole(cx, header, payload);
    }
}

fn carry_whole(cx: &mut Cx<'_>, header: &Header, payload: &[u8]) {
    if !cx.carry(&PROTOCOLS, header.protocol.into(), payload) {
        if let Some(info) = cx.info() {
            info.str(number::NAMES.name_or_unknown(header.protocol.into()));
            info.str(" (").dec(header.protocol.into()).byte(b')');
        }
        cx.data(payload);
    }
}

fn first_byte(cx: &mut Cx<'_>, bytes: &[u8]) {
    if let Some((first, own)) = bytes.first().copied().zip(bytes.get(..1)) {
        cx.bits(&VERSION, own, first.into());
        cx.leaf(&HEADER_LENGTH, own, u64::from(first & 15) * 4);
    }
}

/// Shows that a header is of another version, which its first byte tells; one of version 6 is walked.
fn other_version(cx: &mut Cx<'_>, first: u8, bytes: &[u8]) {
    let is_six = first >> 4 == 6;
    let own = bytes.get(..if is_six { 0 } else { Header::LEN }).unwrap_or(bytes);
    tell_version(cx, first, 4);
    cx.group(&ROOT, own, |cx| {
        cx.bits(&VERSION, bytes.get(..1).unwrap_or(&[]), first.into());
        cx.expert(&WRONG_VERSION, bytes.get(..0).unwrap_or(&[]));
    });
    if is_six && !cx.carry(&ETHERTYPES, 0x86dd, bytes) {
        cx.data(bytes);
    }
}

/// Says in the summary that the version in a first byte is not the one it must be.
pub(crate) fn tell_version(cx: &mut Cx<'_>, first: u8, version: u64) {
    if let Some(info) = cx.info() {
        info.str("Bogus IPv").dec(version).str(" version (").dec((first >> 4).into());
        info.str(", must be ").dec(version).byte(b')');
    }
}

/// Shows a header whose lengths can't be followed, as far as it makes sense.
fn impossible(cx: &mut Cx<'_>, header: &Header, bytes: &[u8]) {
    let at = |from, to| bytes.get(from..to).unwrap_or(&[]);
    let length = header.header_length();
    cx.group(&ROOT, at(0, Header::LEN), |cx| {
        first_byte(cx, bytes);
        if length < Header::LEN {
            cx.expert(&WRONG_HEADER_LENGTH, at(0, 0));
            cx.malformed(bytes, Malformed::value(&HEADER_LENGTH, 0, "is below the header's own 20 bytes"));
            return;
        }
        service_byte(cx, header.service, at(1, 2));
        cx.leaf(&LENGTH, at(2, 4), header.length.into());
        cx.expert(&WRONG_LENGTH, at(2, 2));
        cx.malformed(bytes, Malformed::value(&LENGTH, 2, "is below the header's length"));
    });
    if let Some(info) = cx.info() {
        if length < Header::LEN {
            info.str("Bogus IP header length (").dec(length as u64).str(", must be at least 20)");
        } else {
            info.str("Bogus IP length (").dec(header.length.into());
            info.str(", less than header length ").dec(length as u64).byte(b')');
        }
    }
}

/// Shows as much of a header as there is.
fn cut_short(cx: &mut Cx<'_>, bytes: &[u8], error: Malformed) {
    let mut filled = [0; Header::LEN];
    filled.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
    if let Ok((_, header)) = Header::parse(&filled) {
        show(cx, &header, bytes, header.length.into(), None);
    }
    cx.malformed(bytes, error);
}

fn service_byte(cx: &mut Cx<'_>, service: u8, own: &[u8]) {
    cx.group_with(&DSFIELD, own, service.into(), |cx| cx.flags(&[&DSCP, &ECN], own, service.into()));
}

/// What differs between whole headers without options and without faults.
static USUAL: Stencil<8> = Stencil {
    group: &ROOT,
    fields: [&LENGTH, &ID, &TTL, &PROTO, &CHECKSUM, &CHECKSUM_CALCULATED, &SOURCE, &DESTINATION],
};

/// Adds the nodes of a header up to where `bytes`, which begin with it, end. The packet should have `total` bytes. Those of
/// most headers are copied.
fn show(cx: &mut Cx<'_>, header: &Header, bytes: &[u8], total: usize, route: Option<u32>) -> Option<()> {
    let is_whole = header.header_length() == Header::LEN && total <= bytes.len() + cx.cut && !cx.quoted;
    let is_right = |own: &[u8]| checksum::fold(checksum::add(0, own)) == 0xffff;
    let is_far = header.ttl >= SMALL && header.destination >> 28 != 14;
    let Some(own) = bytes
        .get(..Header::LEN)
        .filter(|own| is_whole && is_far && route.is_none() && cx.verifies(Sum::Ip) && is_right(own))
    else {
        return show_all(cx, header, bytes, total, route);
    };
    let key = u64::from(header.version_length) << 24 | u64::from(header.service) << 16;
    let values = [
        total as u64,
        header.id.into(),
        header.ttl.into(),
        header.protocol.into(),
        header.checksum.into(),
        checksum::expected(0xffff, header.checksum).into(),
        header.source.into(),
        header.destination.into(),
    ];
    cx.like(&USUAL, key | u64::from(header.flags_offset), own, values, |cx| {
        show_all(cx, header, bytes, total, None);
    });
    Some(())
}

fn show_all(cx: &mut Cx<'_>, header: &Header, bytes: &[u8], total: usize, route: Option<u32>) -> Option<()> {
    first_byte(cx, bytes);
    service_byte(cx, header.service, bytes.get(1..2)?);
    cx.leaf(&LENGTH, bytes.get(2..4)?, total as u64);
    if total > bytes.len() + cx.cut && !cx.quoted {
        cx.expert(&WRONG_LENGTH, bytes.get(2..2)?);
    }
    cx.leaf(&ID, bytes.get(4..6)?, header.id.into());
    let (own, flags) = (bytes.get(6..7)?, u64::from(header.flags_offset >> 8));
    cx.group_with(&FLAGS, own, flags >> 5, |cx| {
        cx.flags(&[&RESERVED_BIT, &DONT_FRAGMENT, &MORE_FRAGMENTS], own, flags);
    });
    cx.bits(&OFFSET, bytes.get(6..8)?, header.flags_offset.into());
    cx.leaf(&TTL, bytes.get(8..9)?, header.ttl.into());
    if !cx.quoted {
        time_to_live(cx, header, bytes.get(8..8)?);
    }
    cx.leaf(&PROTO, bytes.get(9..10)?, header.protocol.into());
    check(cx, header, bytes)?;
    cx.leaf(&SOURCE, bytes.get(12..16)?, header.source.into());
    let field = if route.is_some() { &CURRENT_ROUTE } else { &DESTINATION };
    cx.leaf(field, bytes.get(16..20)?, header.destination.into());
    if header.header_length() > Header::LEN {
        option::walk(cx, bytes, header.header_length(), route.is_some());
    }
    Some(())
}

/// The fields that are read most often.
static ENDS: &[&Field] = &[&SOURCE, &DESTINATION, &ADDRESS];

/// Adds the addresses of a header without options, for who reads no more of it.
fn show_ends(cx: &mut Cx<'_>, header: &Header, bytes: &[u8]) -> Option<()> {
    cx.leaf(&SOURCE, bytes.get(12..16)?, header.source.into());
    cx.leaf(&DESTINATION, bytes.get(16..20)?, header.destination.into());
    Some(())
}

fn check(cx: &mut Cx<'_>, header: &Header, bytes: &[u8]) -> Option<()> {
    let (own, place) = (bytes.get(10..12)?, bytes.get(10..10)?);
    cx.leaf(&CHECKSUM, own, header.checksum.into());
    let whole = bytes.get(..header.header_length().max(Header::LEN));
    let Some(whole) = whole.filter(|_| cx.verifies(Sum::Ip)) else {
        cx.generated(&CHECKSUM_STATUS, place, 2);
        return Some(());
    };
    let sum = checksum::fold(checksum::add(0, whole));
    if sum != 0xffff {
        cx.expert(&BAD_CHECKSUM, place);
    }
    cx.generated(&CHECKSUM_STATUS, place, u64::from(sum == 0xffff));
    cx.generated(&CHECKSUM_CALCULATED, own, checksum::expected(sum, header.checksum).into());
    Some(())
}

/// Below this, a time to live is remarked on.
const SMALL: u8 = 5;

/// The protocol by which hosts join groups, RFC 3376.
const IGMP: u8 = 2;

/// Remarks on a time to live that will not do.
fn time_to_live(cx: &mut Cx<'_>, header: &Header, own: &[u8]) {
    let local = header.destination & 0xffff_ff00 == 0xe000_0000;
    let expected = match header.destination & 0xff {
        // VRRP, the tests of RFC 4379 and mDNS, to whose group IGMP reports with 1; the last but three has none.
        251 if header.protocol == IGMP => 1,
        18 | 102 | 251 => 255,
        252 => header.ttl,
        _ => 1,
    };
    if local && header.ttl != expected {
        cx.expert(&LOCAL_TTL, own);
    } else if header.ttl < SMALL && header.destination >> 28 != 14 && !matches!(header.protocol, 89 | 103) {
        // OSPF and PIM go one hop.
        cx.expert(&SMALL_TTL, own);
    }
}

fn write_root(item: Item<'_>, out: &mut Out) {
    let (source, destination) = (out.find(item, &SOURCE), out.find(item, &DESTINATION));
    if let (Some(source), Some(destination)) =
        (source, destination.or_else(|| out.find(item, &CURRENT_ROUTE)))
    {
        out.str(", Src: ").tell(source).str(", Dst: ").tell(destination);
    }
}

fn write_dsfield(item: Item<'_>, out: &mut Out) {
    write_service(item.node.value as u8, out);
}

fn write_flags(item: Item<'_>, out: &mut Out) {
    out.hex_0x(item.node.value, 1);
    for (bit, words) in [(4, ", Reserved bit"), (2, ", Don't fragment"), (1, ", More fragments")] {
        if item.node.value & bit != 0 {
            out.str(words);
        }
    }
}

#[cfg(test)]
mod tests;
