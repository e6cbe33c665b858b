//! PPP over Ethernet, RFC 2516: discovery and sessions.

#[cfg(test)]
mod tests;

use crate::proto::ethernet::ETHERTYPES;
use crate::proto::frame::LINK_TYPES;
use crate::{Area, Claim, Codes, Cx, Field, Malformed, Protocol, Severity, Show, fields, header};

/// The most tags of a discovery packet that are shown.
pub const MOST_TAGS: usize = 256;

fields! {
    /// A packet of a session.
    SESSION = "pppoes", "PPP-over-Ethernet Session", Show::protocol(), "RFC 2516, 6";
    /// A packet of the discovery.
    DISCOVERY = "pppoed", "PPP-over-Ethernet Discovery", Show::protocol(), "RFC 2516, 5";
    /// The version: 1.
    VERSION = "pppoe.version", "Version", Show::u8().mask(0xf0), "RFC 2516, 4";
    /// The type: 1.
    TYPE = "pppoe.type", "Type", Show::u8().mask(0x0f), "RFC 2516, 4";
    /// What the packet is.
    CODE = "pppoe.code", "Code", Show::u8().hex().codes(&CODES), "RFC 2516, 4";
    /// Which session, between the two stations.
    SESSION_ID = "pppoe.session_id", "Session ID", Show::u16().hex(), "RFC 2516, 4";
    /// The length of what follows, in bytes.
    LENGTH = "pppoe.payload_length", "Payload Length", Show::u16(), "RFC 2516, 4";
    /// The length is longer than the packet.
    BAD_LENGTH = "pppoe.payload_length.bad", "Possible bad payload length", Show::expert(Severity::Warn, Area::Protocol), "RFC 2516, 4";
    /// The tags.
    TAGS = "pppoed.tags", "PPPoE Tags", Show::group(), "RFC 2516, 5";
    /// A tag without a field of its own.
    TAG = "pppoed.tag", "Tag", Show::u16().hex().repeats(), "RFC 2516, Appendix A";
    /// The length of such a tag.
    TAG_LENGTH = "pppoed.tag_length", "Tag Length", Show::u16().repeats(), "RFC 2516, Appendix A";
    /// What such a tag says.
    TAG_DATA = "pppoed.tag.unknown_data", "Unknown Data", Show::bytes().repeats(), "RFC 2516, Appendix A";
    /// The service that is wanted or offered.
    SERVICE_NAME = "pppoed.tags.service_name", "Service-Name", Show::text().repeats(), "RFC 2516, Appendix A";
    /// Which access concentrator.
    AC_NAME = "pppoed.tags.ac_name", "AC-Name", Show::text().repeats(), "RFC 2516, Appendix A";
    /// By which the host knows its request again.
    HOST_UNIQ = "pppoed.tags.host_uniq", "Host-Uniq", Show::bytes().repeats(), "RFC 2516, Appendix A";
    /// By which the concentrator keeps off floods of requests.
    AC_COOKIE = "pppoed.tags.ac_cookie", "AC-Cookie", Show::bytes().repeats(), "RFC 2516, Appendix A";
    /// What the maker wants.
    VENDOR = "pppoed.tags.vendor_specific", "Vendor-Specific", Show::bytes().repeats(), "RFC 2516, Appendix A";
    /// By which a relay knows the session.
    RELAY = "pppoed.tags.relay_session_id", "Relay-Session-Id", Show::bytes().repeats(), "RFC 2516, Appendix A";
    /// The service is not to be had.
    SERVICE_ERROR = "pppoed.tags.service_name_error", "Service-Name-Error", Show::text().repeats(), "RFC 2516, Appendix A";
    /// The concentrator can't.
    SYSTEM_ERROR = "pppoed.tags.ac_system_error", "AC-System-Error", Show::text().repeats(), "RFC 2516, Appendix A";
    /// Something else went wrong.
    GENERIC_ERROR = "pppoed.tags.generic_error", "Generic-Error", Show::text().repeats(), "RFC 2516, Appendix A";
    /// There are more tags than are shown.
    TOO_MANY_TAGS = "pppoed.too_many_tags", "Too many tags; the rest is not dissected", Show::expert(Severity::Warn, Area::Undecoded), "sctpdump";
}

/// The tags by number. RFC 2516, Appendix A.
static TAG_FIELDS: &[(u16, &Field)] = &[
    (0x0101, &SERVICE_NAME),
    (0x0102, &AC_NAME),
    (0x0103, &HOST_UNIQ),
    (0x0104, &AC_COOKIE),
    (0x0105, &VENDOR),
    (0x0110, &RELAY),
    (0x0201, &SERVICE_ERROR),
    (0x0202, &SYSTEM_ERROR),
    (0x0203, &GENERIC_ERROR),
];

static CODES: Codes = Codes {
    unknown: "Unknown",
    names: &[
        (0x00, "Session Data"),
        (0x07, "Active Discovery Offer (PADO)"),
        (0x09, "Active Discovery Initiation (PADI)"),
        (0x0a, "Active Discovery Session-Grant (PADG)"),
        (0x0b, "Active Discovery Session-Credit Resp.(PADC)"),
        (0x0c, "Active Discovery Quality (PADQ)"),
        (0x19, "Active Discovery Request (PADR)"),
        (0x65, "Active Discovery Session-confirmation (PADS)"),
        (0xa7, "Active Discovery Terminate (PADT)"),
        (0xd3, "Active Discovery Message (PADM)"),
        (0xd4, "Active Discovery Network (PADN)"),
    ],
};

header! {
    /// The header.
    pub struct Header {
        /// Version (upper four bits) and type.
        pub version_type: u8 => VERSION, by hand,
        /// What the packet is.
        pub code: u8 => CODE,
        /// Which session, between the two stations.
        pub session: u16 => SESSION_ID,
        /// The length of what follows, in bytes.
        pub length: u16 => LENGTH, by hand,
    }
}

/// A session.
pub static PROTOCOL: Protocol = Protocol {
    claims: &[Claim::Number(&ETHERTYPES, 0x8864), Claim::Number(&LINK_TYPES, 51)],
    tables: &[&LINK_TYPES],
    ..Protocol::new("pppoes", "PPPoES", "PPP-over-Ethernet Session", "RFC 2516", walk_session, &[FIELDS])
};

/// The discovery.
pub static DISCOVERY_PROTOCOL: Protocol = Protocol {
    claims: &[Claim::Number(&ETHERTYPES, 0x8863)],
    tables: &[],
    borrows: &[FIELDS],
    ..Protocol::new("pppoed", "PPPoED", "PPP-over-Ethernet Discovery", "RFC 2516", walk_discovery, &[])
};

fn walk_session(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    cx.column(PROTOCOL.title);
    let own = bytes.get(..Header::LEN).unwrap_or(bytes);
    let Some((header, rest)) = cx.group(&SESSION, own, |cx| emit(cx, bytes)) else { return true };
    let length = usize::from(header.length);
    cx.within(rest, length, |cx, payload| {
        if !cx.carry(&LINK_TYPES, 9, payload) {
            cx.data(payload);
        }
    });
    cx.ends_before(rest.get(length..).unwrap_or(&[]));
    true
}

fn walk_discovery(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    cx.column(DISCOVERY_PROTOCOL.title);
    let length = Header::parse(bytes).map_or(0, |(_, header)| usize::from(header.length));
    let own = bytes.get(..Header::LEN + length).unwrap_or(bytes);
    cx.group(&DISCOVERY, own, |cx| {
        let Some((_, rest)) = emit(cx, own) else { return };
        if !rest.is_empty() {
            cx.group(&TAGS, rest, |cx| tags(cx, rest));
        }
    });
    cx.ends_before(bytes.get(own.len()..).unwrap_or(&[]));
    true
}

fn emit<'b>(cx: &mut Cx<'_>, bytes: &'b [u8]) -> Option<(Header, &'b [u8])> {
    if let Some(first) = bytes.first() {
        cx.flags(&[&VERSION, &TYPE], bytes.get(..1).unwrap_or(&[]), (*first).into());
    }
    let (header, rest) = Header::dissect(cx, bytes)?;
    let place = bytes.get(4..Header::LEN).unwrap_or(&[]);
    cx.group_with(&LENGTH, place, header.length.into(), |cx| {
        if usize::from(header.length) > rest.len().saturating_add(cx.cut) {
            cx.expert(&BAD_LENGTH, place);
        }
    });
    if let Some(info) = cx.info() {
        info.str(CODES.name_or_unknown(header.code.into()));
    }
    Some((header, rest))
}

/// A tag of a discovery packet. RFC 2516, 5.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tag<'a> {
    /// What it is.
    pub number: u16,
    /// What it says.
    pub value: &'a [u8],
}

impl<'a> Tag<'a> {
    /// Reads a tag; the rest is what follows it.
    pub fn parse(bytes: &'a [u8]) -> Result<(&'a [u8], Tag<'a>), Malformed> {
        let Some((&[a, b, c, d], rest)) = bytes.split_first_chunk::<4>() else {
            return Err(Malformed::short(&TAG, 0, 4, bytes.len()));
        };
        let length = usize::from(u16::from_be_bytes([c, d]));
        let (value, rest) =
            rest.split_at_checked(length).ok_or(Malformed::short(&TAG_DATA, 4, length, rest.len()))?;
        Ok((rest, Tag { number: u16::from_be_bytes([a, b]), value }))
    }
}

/// Adds the tags up to End-Of-List, which has the number 0.
fn tags(cx: &mut Cx<'_>, bytes: &[u8]) {
    let mut rest = bytes;
    for count in 0.. {
        if rest.is_empty() {
            return;
        }
        if count == MOST_TAGS {
            return cx.expert(&TOO_MANY_TAGS, rest);
        }
        let (next, tag) = match Tag::parse(rest) {
            Ok(parsed) => parsed,
            Err(error) => return cx.malformed(rest, error),
        };
        match TAG_FIELDS.iter().find(|row| row.0 == tag.number) {
            _ if tag.number == 0 => return,
            Some((_, field)) => {
                if !tag.value.is_empty() || *field != &SERVICE_NAME {
                    cx.leaf(field, tag.value, 0);
                }
            }
            None => {
                cx.leaf(&TAG, rest.get(..2).unwrap_or(&[]), tag.number.into());
                cx.leaf(&TAG_LENGTH, rest.get(2..4).unwrap_or(&[]), tag.value.len() as u64);
                cx.leaf(&TAG_DATA, tag.value, 0);
            }
        }
        rest = next;
    }
}
