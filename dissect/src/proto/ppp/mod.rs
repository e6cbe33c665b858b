//! Point-to-Point Protocol, RFC 1661 and 1662, with the header of its control protocols; and Cisco's HDLC, which shares
//! its links.

#[cfg(test)]
mod tests;
mod types;

pub use types::PROTOCOL_NAMES;

use crate::proto::ethernet::{ETHERTYPE_NAMES, ETHERTYPES, short};
use crate::proto::frame::LINK_TYPES;
use crate::{Claim, Codes, Cx, Field, Protocol, Show, Table, fields, header};

/// Who a protocol number of PPP means. IPv4, IPv6 and MPLS are found by their EtherTypes.
pub static PROTOCOLS: Table = Table { name: "ppp.protocol", doc: "the protocol number of PPP" };

fields! {
    /// A frame of PPP.
    ROOT = "ppp", "Point-to-Point Protocol", Show::protocol(), "RFC 1661, 2";
    /// To all stations: 0xff.
    ADDRESS = "ppp.address", "Address", Show::u8().hex(), "RFC 1662, 3.1";
    /// Unnumbered information: 3.
    CONTROL = "ppp.control", "Control", Show::u8().hex(), "RFC 1662, 3.1";
    /// Which protocol is inside.
    PROTOCOL_NUMBER = "ppp.protocol", "Protocol", Show::u16().hex().codes(&PROTOCOL_NAMES), "RFC 1661, 2";
    /// What a control packet does.
    CODE = "ppp.code", "Code", Show::u8().codes(&CODES), "RFC 1661, 5";
    /// Which request a reply belongs to.
    IDENTIFIER = "ppp.identifier", "Identifier", Show::u8(), "RFC 1661, 5";
    /// The length of a control packet, header and all.
    LENGTH = "ppp.length", "Length", Show::u16(), "RFC 1661, 5";
    /// What a control packet says.
    DATA = "ppp.control_data", "Data", Show::bytes(), "RFC 1661, 5";
    /// Link Control Protocol.
    LCP = "lcp", "PPP Link Control Protocol", Show::protocol(), "RFC 1661, 5";
    /// Internet Protocol Control Protocol.
    IPCP = "ipcp", "PPP IP Control Protocol", Show::protocol(), "RFC 1332";
    /// IPv6 Control Protocol.
    IPV6CP = "ipv6cp", "PPP IPv6 Control Protocol", Show::protocol(), "RFC 5072";
    /// A frame of Cisco's HDLC.
    CHDLC = "chdlc", "Cisco HDLC", Show::protocol(), "RFC 1547, 4.3.1";
    /// To one station or to all.
    CHDLC_ADDRESS = "chdlc.address", "Address", Show::u8().hex().codes(&ADDRESSES), "RFC 1547, 4.3.1";
    /// Zero by the specification.
    CHDLC_CONTROL = "chdlc.control", "Control", Show::u8().hex(), "RFC 1547, 4.3.1";
    /// Which protocol is inside.
    CHDLC_TYPE = "chdlc.protocol", "Protocol", Show::u16().hex().codes(&ETHERTYPE_NAMES), "RFC 1547, 4.3.1";
}

static ADDRESSES: Codes = Codes { unknown: "Unknown", names: &[(0x0f, "Unicast"), (0x8f, "Multicast")] };

static CODES: Codes = Codes {
    unknown: "Unknown",
    names: &[
        (1, "Configuration Request"),
        (2, "Configuration Ack"),
        (3, "Configuration Nak"),
        (4, "Configuration Reject"),
        (5, "Termination Request"),
        (6, "Termination Ack"),
        (7, "Code Reject"),
        (8, "Protocol Reject"),
        (9, "Echo Request"),
        (10, "Echo Reply"),
        (11, "Discard Request"),
        (12, "Identification"),
        (13, "Time Remaining"),
    ],
};

/// The header of a frame: address and control may be left out, and the upper byte of the protocol number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Whether address and control are there.
    pub has_address: bool,
    /// Which protocol is inside.
    pub protocol: u16,
    /// How long the header is, in bytes.
    pub len: usize,
}

impl Header {
    /// Reads the header of a frame without flags; nothing if the bytes end in it.
    ///
    /// ```
    /// use dissect::proto::ppp::Header;
    /// let header = Header::parse(&[0xff, 0x03, 0x21, 0x45]).unwrap();
    /// assert_eq!((header.has_address, header.protocol, header.len), (true, 0x21, 3));
    /// ```
    pub fn parse(bytes: &[u8]) -> Option<Header> {
        let has_address = bytes.starts_with(&[0xff, 0x03]);
        let at = if has_address { 2 } else { 0 };
        let first = *bytes.get(at)?;
        // RFC 1661, 2: the last bit of the number's last byte is set, that of its first one is not.
        if first & 1 == 1 {
            return Some(Header { has_address, protocol: first.into(), len: at + 1 });
        }
        let protocol = u16::from_be_bytes([first, *bytes.get(at + 1)?]);
        Some(Header { has_address, protocol, len: at + 2 })
    }
}

header! {
    /// The header of a control packet, RFC 1661, 5.
    pub struct Control {
        /// What the packet does.
        pub code: u8 => CODE,
        /// Which request a reply belongs to.
        pub identifier: u8 => IDENTIFIER,
        /// The length of the packet in bytes, header and all.
        pub length: u16 => LENGTH,
    }
}

header! {
    /// The header of Cisco's HDLC.
    pub struct CiscoHeader {
        /// To one station or to all.
        pub address: u8 => CHDLC_ADDRESS,
        /// Zero.
        pub control: u8 => CHDLC_CONTROL,
        /// Which protocol is inside.
        pub ether_type: u16 => CHDLC_TYPE,
    }
}

/// PPP.
pub static PROTOCOL: Protocol = Protocol {
    claims: &[
        Claim::Number(&LINK_TYPES, 9),
        Claim::Number(&LINK_TYPES, 50),
        // In GRE for PPTP: RFC 2637, 4.1.
        Claim::Number(&ETHERTYPES, 0x880b),
    ],
    tables: &[&PROTOCOLS, &ETHERTYPES, &LINK_TYPES],
    ..Protocol::new("ppp", "PPP", "Point-to-Point Protocol", "RFC 1661", walk, &[FIELDS])
};

/// Link Control Protocol.
pub static LCP_PROTOCOL: Protocol = Protocol {
    claims: &[Claim::Number(&PROTOCOLS, 0xc021)],
    tables: &[],
    borrows: &[FIELDS],
    ..Protocol::new(
        "lcp",
        "PPP LCP",
        "Link Control Protocol",
        "RFC 1661",
        |cx, bytes| control(cx, bytes, "PPP LCP", &LCP),
        &[],
    )
};

/// Internet Protocol Control Protocol.
pub static IPCP_PROTOCOL: Protocol = Protocol {
    claims: &[Claim::Number(&PROTOCOLS, 0x8021)],
    tables: &[],
    borrows: &[FIELDS],
    ..Protocol::new(
        "ipcp",
        "PPP IPCP",
        "IP Control Protocol",
        "RFC 1332",
        |cx, bytes| control(cx, bytes, "PPP IPCP", &IPCP),
        &[],
    )
};

/// IPv6 Control Protocol.
pub static IPV6CP_PROTOCOL: Protocol = Protocol {
    claims: &[Claim::Number(&PROTOCOLS, 0x8057)],
    tables: &[],
    borrows: &[FIELDS],
    ..Protocol::new(
        "ipv6cp",
        "PPP IPV6CP",
        "IPv6 Control Protocol",
        "RFC 5072",
        |cx, bytes| control(cx, bytes, "PPP IPV6CP", &IPV6CP),
        &[],
    )
};

/// Cisco's HDLC.
pub static CISCO_PROTOCOL: Protocol = Protocol {
    claims: &[Claim::Number(&LINK_TYPES, 104)],
    tables: &[&ETHERTYPES],
    borrows: &[FIELDS],
    ..Protocol::new("chdlc", "CHDLC", "Cisco HDLC", "RFC 1547", cisco, &[])
};

fn walk(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    if matches!(bytes, [0x0f | 0x8f, 0, ..]) {
        return cx.carry(&LINK_TYPES, 104, bytes);
    }
    cx.column(PROTOCOL.title);
    let Some(header) = Header::parse(bytes) else {
        let at = if bytes.starts_with(&[0xff, 0x03]) { 2 } else { 0 };
        cx.group(&ROOT, bytes, |cx| cx.malformed(bytes, short(&PROTOCOL_NUMBER, at, 2, bytes)));
        return true;
    };
    let (own, rest) = bytes.split_at_checked(header.len).unwrap_or((bytes, &[]));
    cx.group(&ROOT, own, |cx| {
        let number = if header.has_address {
            cx.leaf(&ADDRESS, own.get(..1).unwrap_or(&[]), 0xff);
            cx.leaf(&CONTROL, own.get(1..2).unwrap_or(&[]), 0x03);
            own.get(2..).unwrap_or(&[])
        } else {
            own
        };
        cx.leaf(&PROTOCOL_NUMBER, number, header.protocol.into());
    });
    if let Some(info) = cx.info() {
        info.str(PROTOCOL_NAMES.name_or_unknown(header.protocol.into()));
    }
    let carried = match header.protocol {
        0x21 => cx.carry(&ETHERTYPES, 0x800, rest),
        0x57 => cx.carry(&ETHERTYPES, 0x86dd, rest),
        0x281 => cx.carry(&ETHERTYPES, 0x8847, rest),
        0x283 => cx.carry(&ETHERTYPES, 0x8848, rest),
        number => cx.carry(&PROTOCOLS, number.into(), rest),
    };
    if !carried {
        cx.data(rest);
    }
    true
}

fn control(cx: &mut Cx<'_>, bytes: &[u8], title: &'static str, root: &'static Field) -> bool {
    let length = Control::parse(bytes).map_or(0, |(_, header)| usize::from(header.length));
    let own = bytes.get(..length.max(Control::LEN)).unwrap_or(bytes);
    let header = cx.group(root, own, |cx| {
        let (header, rest) = Control::dissect(cx, own)?;
        if !rest.is_empty() {
            cx.leaf(&DATA, rest, 0);
        }
        if length < Control::LEN || length > bytes.len().saturating_add(cx.cut) {
            let words = "is not that of the packet";
            cx.malformed(own, crate::Malformed::value(&LENGTH, 2, words));
        }
        Some(header)
    });
    cx.column(title);
    if let (Some(header), Some(info)) = (header, cx.info()) {
        info.str(CODES.name_or_unknown(header.code.into()));
    }
    cx.ends_before(bytes.get(own.len()..).unwrap_or(&[]));
    true
}

fn cisco(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    cx.column(CISCO_PROTOCOL.title);
    let own = bytes.get(..CiscoHeader::LEN).unwrap_or(bytes);
    let Some((header, rest)) = cx.group(&CHDLC, own, |cx| CiscoHeader::dissect(cx, bytes)) else {
        return true;
    };
    // Cisco's own address resolution has RARP's number here.
    let carried = header.ether_type != 0x8035 && cx.carry(&ETHERTYPES, header.ether_type.into(), rest);
    if !carried {
        cx.data(rest);
    }
    true
}
