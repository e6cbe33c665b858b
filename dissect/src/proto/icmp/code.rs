//! The names of types and codes.

use crate::tree::Item;
use crate::{Codes, Out, codes};

codes! {
    /// What a message is.
    pub Type: u8, TYPES, "Unknown ICMP (obsolete or malformed?)" {
        /// The answer to an echo request.
        ECHO_REPLY = 0, "Echo (ping) reply";
        /// Reserved.
        RESERVED_1 = 1, "Reserved";
        /// Reserved.
        RESERVED_2 = 2, "Reserved";
        /// A packet could not be delivered.
        UNREACHABLE = 3, "Destination unreachable";
        /// Packets come too fast. Deprecated by RFC 6633.
        SOURCE_QUENCH = 4, "Source quench (flow control)";
        /// Another router is nearer.
        REDIRECT = 5, "Redirect";
        /// Another address of a host. Deprecated by RFC 6918.
        ALTERNATE_ADDRESS = 6, "Alternate host address";
        /// Asks for an echo.
        ECHO_REQUEST = 8, "Echo (ping) request";
        /// Routers tell of themselves.
        ROUTER_ADVERTISEMENT = 9, "Router advertisement";
        /// Asks routers to tell of themselves.
        ROUTER_SOLICITATION = 10, "Router solicitation";
        /// A packet took too many hops, or its fragments too long.
        TIME_EXCEEDED = 11, "Time-to-live exceeded";
        /// A packet's header is wrong.
        PARAMETER_PROBLEM = 12, "Parameter problem";
        /// Asks for the time.
        TIMESTAMP_REQUEST = 13, "Timestamp request";
        /// Tells the time.
        TIMESTAMP_REPLY = 14, "Timestamp reply";
        /// Asks for the network. Deprecated by RFC 6918.
        INFORMATION_REQUEST = 15, "Information request";
        /// Tells the network. Deprecated by RFC 6918.
        INFORMATION_REPLY = 16, "Information reply";
        /// Asks for the address mask. Deprecated by RFC 6918.
        MASK_REQUEST = 17, "Address mask request";
        /// Tells the address mask. Deprecated by RFC 6918.
        MASK_REPLY = 18, "Address mask reply";
        /// Reserved.
        RESERVED_SECURITY = 19, "Reserved (for security)";
        /// A traced packet passed. Deprecated by RFC 6918.
        TRACEROUTE = 30, "Traceroute";
        /// A packet could not be converted. Deprecated by RFC 6918.
        CONVERSION_ERROR = 31, "Datagram Conversion Error";
        /// Deprecated by RFC 6918.
        MOBILE_REDIRECT = 32, "Mobile Host Redirect";
        /// Deprecated by RFC 6918.
        WHERE_ARE_YOU = 33, "IPv6 Where-Are-You";
        /// Deprecated by RFC 6918.
        I_AM_HERE = 34, "IPv6 I-Am-Here";
        /// Deprecated by RFC 6918.
        MOBILE_REGISTRATION_REQUEST = 35, "Mobile Registration Request";
        /// Deprecated by RFC 6918.
        MOBILE_REGISTRATION_REPLY = 36, "Mobile Registration Reply";
        /// Deprecated by RFC 6918.
        DOMAIN_NAME_REQUEST = 37, "Domain Name Request";
        /// Deprecated by RFC 6918.
        DOMAIN_NAME_REPLY = 38, "Domain Name Reply";
        /// Deprecated by RFC 6918.
        SKIP = 39, "SKIP";
        /// Security failures.
        PHOTURIS = 40, "Photuris";
        /// Experiments of RFC 4065.
        EXPERIMENTAL_MOBILITY = 41, "Experimental mobility protocols";
        /// Asks for the state of an interface.
        EXTENDED_REQUEST = 42, "Extended Echo request";
        /// Tells the state of an interface.
        EXTENDED_REPLY = 43, "Extended Echo reply";
    }
}

impl Type {
    /// Whether the message has an identifier and a sequence number.
    pub fn is_query(self) -> bool {
        matches!(self.0, 0 | 8 | 13..=18)
    }
}

/// The code of an unreachable destination that tells the MTU.
pub(super) const FRAGMENTATION_NEEDED: u8 = 4;

static UNREACHABLE: Codes = Codes {
    unknown: "Unknown code",
    names: &[
        (0, "Network unreachable"),
        (1, "Host unreachable"),
        (2, "Protocol unreachable"),
        (3, "Port unreachable"),
        (4, "Fragmentation needed"),
        (5, "Source route failed"),
        (6, "Destination network unknown"),
        (7, "Destination host unknown"),
        (8, "Source host isolated"),
        (9, "Network administratively prohibited"),
        (10, "Host administratively prohibited"),
        (11, "Network unreachable for TOS"),
        (12, "Host unreachable for TOS"),
        (13, "Communication administratively filtered"),
        (14, "Host precedence violation"),
        (15, "Precedence cutoff in effect"),
    ],
};

static REDIRECT: Codes = Codes {
    unknown: "Unknown code",
    names: &[
        (0, "Redirect for network"),
        (1, "Redirect for host"),
        (2, "Redirect for TOS and network"),
        (3, "Redirect for TOS and host"),
    ],
};

static ALTERNATE: Codes = Codes { unknown: "Unknown code", names: &[(0, "Alternate address for host")] };

static ADVERTISEMENT: Codes = Codes {
    unknown: "Unknown code",
    names: &[(0, "Normal router advertisement"), (16, "Does not route common traffic")],
};

static EXCEEDED: Codes = Codes {
    unknown: "Unknown code",
    names: &[(0, "Time to live exceeded in transit"), (1, "Fragment reassembly time exceeded")],
};

static PARAMETER: Codes = Codes {
    unknown: "Unknown code",
    names: &[(0, "Pointer indicates the error"), (1, "Required option missing"), (2, "Bad length")],
};

static PHOTURIS: Codes = Codes {
    unknown: "Unknown code",
    names: &[
        (0, "Bad SPI"),
        (1, "Authentication Failed"),
        (2, "Decompression Failed"),
        (3, "Decryption Failed"),
        (4, "Need Authentication"),
        (5, "Need Authorization"),
    ],
};

static EXTENDED_REQUEST: Codes = Codes { unknown: "Unknown code", names: EXTENDED_REQUEST_NAMES };

static EXTENDED_REPLY: Codes = Codes { unknown: "Unknown code", names: EXTENDED_REPLY_NAMES };

/// The codes of an extended echo request, RFC 8335, 2.
pub(crate) const EXTENDED_REQUEST_NAMES: &[(u64, &str)] = &[(0, "No error")];

/// The codes of an extended echo reply, RFC 8335, 3.
pub(crate) const EXTENDED_REPLY_NAMES: &[(u64, &str)] = &[
    (0, "No error"),
    (1, "Malformed Query"),
    (2, "No Such Interface"),
    (3, "No Such Table Entry"),
    (4, "Multiple Interfaces Satisfy Query"),
];

/// The states of a neighbor, RFC 8335, 3.
pub(crate) static STATES: Codes = Codes {
    unknown: "Unknown",
    names: &[
        (0, "Reserved"),
        (1, "Incomplete"),
        (2, "Reachable"),
        (3, "Stale"),
        (4, "Delay"),
        (5, "Probe"),
        (6, "Failed"),
    ],
};

/// The names of the codes of a type that has some.
pub(super) fn code_names(kind: u8) -> Option<&'static Codes> {
    Some(match Type(kind) {
        Type::UNREACHABLE => &UNREACHABLE,
        Type::REDIRECT => &REDIRECT,
        Type::ALTERNATE_ADDRESS => &ALTERNATE,
        Type::ROUTER_ADVERTISEMENT => &ADVERTISEMENT,
        Type::TIME_EXCEEDED => &EXCEEDED,
        Type::PARAMETER_PROBLEM => &PARAMETER,
        Type::PHOTURIS => &PHOTURIS,
        Type::EXTENDED_REQUEST => &EXTENDED_REQUEST,
        Type::EXTENDED_REPLY => &EXTENDED_REPLY,
        _ => return None,
    })
}

/// Writes a code and its name, which depends on the message.
pub(crate) fn write_code(item: Item<'_>, out: &mut Out, code_names: fn(u8) -> Option<&'static Codes>) {
    out.dec(item.node.value);
    // The type that the code belongs to stands right before it.
    let place = (item.node.start as usize).wrapping_sub(1);
    let kind = item.dissection.source(item.node.source).get(place).copied().unwrap_or(0);
    if let Some(codes) = code_names(kind) {
        out.str(" (").str(codes.name_or_unknown(item.node.value)).byte(b')');
    }
}
