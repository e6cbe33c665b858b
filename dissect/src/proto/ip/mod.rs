//! Internet Protocol version 4, RFC 791.

use crate::proto::{ethernet::ETHERTYPES, frame::LINK_TYPES};
use crate::{Address, Claim, Cx, Protocol, Show, Table, fields, header};

/// Who an IP protocol number means, in IPv4 and in IPv6.
pub static PROTOCOLS: Table =
    Table { name: "ip.proto", doc: "the protocol number of IPv4, the next header of IPv6" };

fields! {
    /// An IPv4 packet.
    ROOT = "ip", "Internet Protocol Version 4", Show::protocol(), "RFC 791";
    /// Version and header length.
    VERSION = "ip.version", "Version", Show::u8().mask(0xf0), "RFC 791, 3.1";
    /// The length of the header.
    HEADER_LENGTH = "ip.hdr_len", "Header Length", Show::u8(), "RFC 791, 3.1";
    /// The type of service.
    DSFIELD = "ip.dsfield", "Differentiated Services Field", Show::u8().hex(), "RFC 2474, 3";
    /// The length of the packet.
    LENGTH = "ip.len", "Total Length", Show::u16(), "RFC 791, 3.1";
    /// Which packet a fragment belongs to.
    ID = "ip.id", "Identification", Show::u16().hex(), "RFC 791, 3.1";
    /// Where the fragment belongs.
    OFFSET = "ip.frag_offset", "Fragment Offset", Show::u16(), "RFC 791, 3.1";
    /// How many hops are left.
    TTL = "ip.ttl", "Time to Live", Show::u8(), "RFC 791, 3.1";
    /// Which protocol is inside.
    PROTO = "ip.proto", "Protocol", Show::u8(), "RFC 791, 3.1";
    /// The checksum of the header.
    CHECKSUM = "ip.checksum", "Header Checksum", Show::u16().hex(), "RFC 791, 3.1";
    /// From which address.
    SOURCE = "ip.src", "Source Address", Show::ipv4().also(&[&ADDRESS]), "RFC 791, 3.1";
    /// To which address.
    DESTINATION = "ip.dst", "Destination Address", Show::ipv4().also(&[&ADDRESS]), "RFC 791, 3.1";
    /// Either address.
    ADDRESS = "ip.addr", "Source or Destination Address", Show::ipv4(), "RFC 791, 3.1";
}

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

/// IPv4.
pub static PROTOCOL: Protocol = Protocol {
    claims: &[
        Claim::Number(&LINK_TYPES, 228),
        Claim::Number(&ETHERTYPES, 0x800),
        Claim::Number(&PROTOCOLS, 4),
    ],
    tables: &[&PROTOCOLS],
    ..Protocol::new("ip", "IPv4", "Internet Protocol Version 4", "RFC 791", walk, &[FIELDS])
};

fn walk(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    let own = bytes.get(..Header::LEN).unwrap_or(bytes);
    let Some((header, _)) = cx.group(&ROOT, own, |cx| Header::dissect(cx, bytes)) else { return true };
    cx.column(PROTOCOL.title);
    cx.addresses(Address::Ipv4(header.source), Address::Ipv4(header.destination));
    let rest = bytes.get(usize::from(header.version_length & 15) * 4..).unwrap_or(&[]);
    let declared = usize::from(header.length).saturating_sub(usize::from(header.version_length & 15) * 4);
    cx.within(rest, declared, |cx, payload| {
        if header.flags_offset & 0x3fff != 0 || !cx.carry(&PROTOCOLS, header.protocol.into(), payload) {
            cx.data(payload);
        }
    });
    true
}
