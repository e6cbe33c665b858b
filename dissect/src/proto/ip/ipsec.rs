//! What can be seen of IPsec: the Authentication Header (RFC 4302) and the Encapsulating Security Payload (RFC 4303).

use super::{PROTOCOLS, number};
use crate::tree::Item;
use crate::{Base, Claim, Cx, Malformed, Out, Protocol, Show, fields, header};

fields! {
    /// An authentication header.
    AH_ROOT = "ah", "Authentication Header", Show::protocol().repeats(), "RFC 4302, 2";
    /// Which header follows.
    AH_NEXT = "ah.next_header", "Next header", Show::u8().codes(&number::NAMES), "RFC 4302, 2.1";
    /// The length in units of 4 bytes, less two.
    AH_LENGTH = "ah.length", "Length", Show::u8().write(write_length), "RFC 4302, 2.2";
    /// Must be zero.
    AH_RESERVED = "ah.reserved", "Reserved", Show::bytes(), "RFC 4302, 2.3";
    /// Which security association the packet belongs to.
    AH_SPI = "ah.spi", "AH SPI", Show::u32().hex(), "RFC 4302, 2.4";
    /// Counts the packets of the association.
    AH_SEQUENCE = "ah.sequence", "AH Sequence", Show::u32(), "RFC 4302, 2.5";
    /// Proves that the packet was not changed.
    AH_CHECK = "ah.icv", "AH ICV", Show::bytes(), "RFC 4302, 2.6";
    /// An encrypted payload.
    ESP_ROOT = "esp", "Encapsulating Security Payload", Show::protocol(), "RFC 4303, 2";
    /// Which security association the packet belongs to.
    ESP_SPI = "esp.spi", "ESP SPI", Show::u32().base(Base::HexDec), "RFC 4303, 2.1";
    /// Counts the packets of the association.
    ESP_SEQUENCE = "esp.sequence", "ESP Sequence", Show::u32(), "RFC 4303, 2.2";
    /// Everything else, which only the two ends can read.
    ESP_BODY = "esp.body", "Encrypted payload and ICV", Show::bytes(), "RFC 4303, 2.3";
}

header! {
    /// An authentication header without its check value.
    pub struct Authentication {
        /// Which header follows.
        pub next: u8 => AH_NEXT,
        /// The length in units of 4 bytes, less two.
        pub length: u8 => AH_LENGTH,
        /// Must be zero.
        pub reserved: [u8; 2] => AH_RESERVED,
        /// Which security association the packet belongs to.
        pub spi: u32 => AH_SPI,
        /// Counts the packets of the association.
        pub sequence: u32 => AH_SEQUENCE,
    }
}

header! {
    /// The part of an encapsulating security payload that is not encrypted.
    pub struct Encapsulation {
        /// Which security association the packet belongs to.
        pub spi: u32 => ESP_SPI,
        /// Counts the packets of the association.
        pub sequence: u32 => ESP_SEQUENCE,
    }
}

/// The Authentication Header where it is the payload of IPv4.
pub static AH: Protocol = Protocol {
    claims: &[Claim::Number(&PROTOCOLS, 51)],
    tables: &[&PROTOCOLS],
    ..Protocol::new("ah", "AH", "Authentication Header", "RFC 4302", walk_ah, &[FIELDS])
};

/// The Encapsulating Security Payload.
pub static ESP: Protocol = Protocol {
    claims: &[Claim::Number(&PROTOCOLS, 50)],
    tables: &[],
    borrows: &[FIELDS],
    ..Protocol::new("esp", "ESP", "Encapsulating Security Payload", "RFC 4303", walk_esp, &[])
};

/// Adds an authentication header. Gives the number and the bytes of what follows it.
pub(crate) fn authentication<'b>(cx: &mut Cx<'_>, rest: &'b [u8]) -> Option<(u8, &'b [u8])> {
    let length = rest.get(1).map_or(Authentication::LEN, |words| (usize::from(*words) + 2) * 4);
    let (own, behind) = rest.split_at_checked(length).unwrap_or((rest, &[]));
    cx.group(&AH_ROOT, own, |cx| {
        let (header, check) = Authentication::dissect(cx, rest)?;
        if length < Authentication::LEN {
            cx.malformed(rest, Malformed::value(&AH_LENGTH, 1, "is below the header's own 12 bytes"));
            return None;
        }
        let size = length - Authentication::LEN;
        match check.get(..size) {
            Some([]) => {}
            Some(check) => cx.leaf(&AH_CHECK, check, 0),
            None => {
                cx.malformed(rest, Malformed::short(&AH_CHECK, Authentication::LEN, size, check.len()));
                return None;
            }
        }
        Some((header.next, behind))
    })
}

fn walk_ah(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    cx.column(AH.title);
    if let Some(info) = cx.info()
        && let Ok((_, header)) = Authentication::parse(bytes)
    {
        info.str("AH (SPI=").hex_0x(header.spi.into(), 8).byte(b')');
    }
    if let Some((next, payload)) = authentication(cx, bytes)
        && !payload.is_empty()
        && !cx.carry(&PROTOCOLS, next.into(), payload)
    {
        cx.data(payload);
    }
    true
}

fn walk_esp(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    cx.column(ESP.title);
    cx.group(&ESP_ROOT, bytes, |cx| {
        let Some((header, body)) = Encapsulation::dissect(cx, bytes) else { return };
        if let Some(info) = cx.info() {
            info.str("ESP (SPI=").hex_0x(header.spi.into(), 8).byte(b')');
        }
        if !body.is_empty() {
            cx.leaf(&ESP_BODY, body, 0);
        }
    });
    true
}

fn write_length(item: Item<'_>, out: &mut Out) {
    out.dec(item.node.value).str(" (").dec((item.node.value + 2) * 4).str(" bytes)");
}
