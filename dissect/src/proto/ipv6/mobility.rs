//! Mobile IPv6: the header of mobility messages, RFC 6275, 6.1.

use crate::proto::ip::{PROTOCOLS, number};
use crate::tree::Item;
use crate::{Claim, Codes, Cx, Malformed, Out, Protocol, Show, fields, header};

fields! {
    /// A mobility message.
    ROOT = "mipv6", "Mobile IPv6", Show::protocol(), "RFC 6275, 6.1";
    /// Which header follows; none does.
    NEXT = "mip6.proto", "Payload protocol", Show::u8().codes(&number::NAMES), "RFC 6275, 6.1.1";
    /// The length in units of 8 bytes, without the first.
    LENGTH = "mip6.hlen", "Header length", Show::u8().write(write_length), "RFC 6275, 6.1.1";
    /// Which message.
    TYPE = "mip6.mhtype", "Mobility Header Type", Show::u8().codes(&TYPES), "RFC 6275, 6.1.1";
    /// Must be zero.
    RESERVED = "mip6.reserved", "Reserved", Show::u8().hex(), "RFC 6275, 6.1.1";
    /// The checksum over pseudo-header and message.
    CHECKSUM = "mip6.csum", "Checksum", Show::u16().hex(), "RFC 6275, 6.1.1";
    /// The message, as its type has it.
    MESSAGE = "mip6.message", "Message data", Show::bytes(), "RFC 6275, 6.1.1";
}

/// The mobility messages.
static TYPES: Codes = Codes {
    unknown: "Unknown",
    names: &[
        (0, "Binding Refresh Request"),
        (1, "Home Test Init"),
        (2, "Care-of Test Init"),
        (3, "Home Test"),
        (4, "Care-of Test"),
        (5, "Binding Update"),
        (6, "Binding Acknowledgement"),
        (7, "Binding Error"),
        (8, "Fast Binding Update"),
        (9, "Fast Binding Acknowledgment"),
        (10, "Fast Neighbor Advertisement"),
        (11, "Experimental Mobility Header"),
        (12, "Home Agent Switch"),
        (13, "Heartbeat"),
        (14, "Handover Initiate"),
        (15, "Handover Acknowledge"),
        (16, "Binding Revocation"),
        (17, "Localized Routing Initiation"),
        (18, "Localized Routing Acknowledgment"),
    ],
};

header! {
    /// The header of a message.
    pub struct Header {
        /// Which header follows; none does.
        pub next: u8 => NEXT,
        /// The length in units of 8 bytes, without the first.
        pub length: u8 => LENGTH,
        /// Which message.
        pub kind: u8 => TYPE,
        /// Must be zero.
        pub reserved: u8 => RESERVED,
        /// The checksum over pseudo-header and message.
        pub checksum: u16 => CHECKSUM,
    }
}

/// Mobile IPv6.
pub static PROTOCOL: Protocol = Protocol {
    claims: &[Claim::Number(&PROTOCOLS, 135)],
    tables: &[],
    ..Protocol::new("mipv6", "MIPv6", "Mobile IPv6", "RFC 6275", walk, &[FIELDS])
};

fn walk(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    cx.column(PROTOCOL.title);
    cx.group(&ROOT, bytes, |cx| {
        let Some((header, rest)) = Header::dissect(cx, bytes) else { return };
        if let Some(info) = cx.info() {
            info.str(TYPES.name_or_unknown(header.kind.into()));
        }
        let size = (usize::from(header.length) + 1) * 8 - Header::LEN;
        match rest.get(..size) {
            Some(message) => cx.leaf(&MESSAGE, message, 0),
            None => cx.malformed(bytes, Malformed::short(&MESSAGE, Header::LEN, size, rest.len())),
        }
    });
    true
}

fn write_length(item: Item<'_>, out: &mut Out) {
    out.dec(item.node.value).str(" (").dec((item.node.value + 1) * 8).str(" bytes)");
}
