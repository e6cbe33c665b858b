//! Internet Protocol version 6, RFC 8200.

use crate::proto::{ethernet::ETHERTYPES, frame::LINK_TYPES, ip::PROTOCOLS};
use crate::{Address, Claim, Cx, Protocol, Show, fields, header};

fields! {
    /// An IPv6 packet.
    ROOT = "ipv6", "Internet Protocol Version 6", Show::protocol(), "RFC 8200";
    /// Version, traffic class and flow label.
    VERSION = "ipv6.version", "Version", Show::u8().mask(0xf0), "RFC 8200, 3";
    /// The length of what follows the header.
    LENGTH = "ipv6.plen", "Payload Length", Show::u16(), "RFC 8200, 3";
    /// Which header follows.
    NEXT = "ipv6.nxt", "Next Header", Show::u8(), "RFC 8200, 3";
    /// How many hops are left.
    HOPS = "ipv6.hlim", "Hop Limit", Show::u8(), "RFC 8200, 3";
    /// From which address.
    SOURCE = "ipv6.src", "Source Address", Show::ipv6().also(&[&ADDRESS]), "RFC 8200, 3";
    /// To which address.
    DESTINATION = "ipv6.dst", "Destination Address", Show::ipv6().also(&[&ADDRESS]), "RFC 8200, 3";
    /// Either address.
    ADDRESS = "ipv6.addr", "Source or Destination Address", Show::ipv6(), "RFC 8200, 3";
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
    ..Protocol::new("ipv6", "IPv6", "Internet Protocol Version 6", "RFC 8200", walk, &[FIELDS])
};

fn walk(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    let own = bytes.get(..Header::LEN).unwrap_or(bytes);
    let Some((header, rest)) = cx.group(&ROOT, own, |cx| Header::dissect(cx, bytes)) else { return true };
    cx.column(PROTOCOL.title);
    cx.addresses(Address::Ipv6(header.source), Address::Ipv6(header.destination));
    cx.within(rest, header.length.into(), |cx, payload| {
        if !cx.carry(&PROTOCOLS, header.next.into(), payload) {
            cx.data(payload);
        }
    });
    true
}
