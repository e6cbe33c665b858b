//! Internet Control Message Protocol for IPv6, RFC 4443, with neighbor discovery (RFC 4861), multicast listener
//! discovery (RFC 2710, RFC 3810), what nodes and routers tell ([`node`]) and the base of RPL (RFC 6550).

pub mod answer;
pub mod code;
pub(in crate::proto) mod layout;
pub mod listener;
pub mod node;
pub mod option;
pub mod rpl;

use crate::proto::ethernet::ETHERTYPES;
use crate::proto::icmp::echo::{self, Echo};
use crate::proto::icmp::{self, Sum, extension};
use crate::proto::ip::{PROTOCOLS, STATUS};
use crate::tree::Item;
use crate::{Area, Base, Claim, Cx, Malformed, Out, Protocol, Severity, Show, fields, header};
pub use code::Type;
use code::{TYPES, code_names};
use layout::{Cell, cell, flags, row};

fields! {
    /// A control message.
    ROOT = "icmpv6", "Internet Control Message Protocol v6", Show::protocol(), "RFC 4443";
    /// What the message is.
    TYPE = "icmpv6.type", "Type", Show::u8().codes(&TYPES), "RFC 4443, 2.1";
    /// More on what the message is.
    CODE = "icmpv6.code", "Code", Show::u8().write(write_code), "RFC 4443, 2.1";
    /// The checksum over pseudo-header and message.
    CHECKSUM = "icmpv6.checksum", "Checksum", Show::u16().hex(), "RFC 4443, 2.3";
    /// Whether the checksum is right.
    CHECKSUM_STATUS = "icmpv6.checksum.status", "Checksum Status", Show::u8().codes(&STATUS), "sctpdump";
    /// The checksum is wrong.
    BAD_CHECKSUM = "icmpv6.checksum_bad.expert", "Bad checksum", Show::expert(Severity::Warn, Area::Checksum), "RFC 4443, 2.3";
    /// Must be zero.
    RESERVED = "icmpv6.reserved", "Reserved", Show::bytes().repeats(), "RFC 4443";
    /// Bytes that are not dissected.
    pub DATA = "icmpv6.data", "Data", Show::bytes(), "RFC 4443";
    /// The length of the quoted packet in units of 8 bytes; 0 if no extension follows it.
    LENGTH = "icmpv6.length", "Length of original datagram", Show::u8(), "RFC 4884, 4";
    /// The MTU of the link that the packet did not fit.
    MTU = "icmpv6.mtu", "MTU", Show::u32(), "RFC 4443, 3.2";
    /// The byte of the quoted packet in which the error is.
    POINTER = "icmpv6.pointer", "Pointer", Show::u32(), "RFC 4443, 3.4";
    /// Matches replies with requests, often one for each process that asks.
    ID = "icmpv6.echo.identifier", "Identifier", Show::u16().hex(), "RFC 4443, 4.1";
    /// Matches replies with requests, counting them.
    SEQUENCE = "icmpv6.echo.sequence_number", "Sequence", Show::u16(), "RFC 4443, 4.1";
    /// Counts extended requests.
    EXTENDED_SEQUENCE = "icmpv6.ext.echo.seq", "Sequence number", Show::u8().base(Base::DecHex), "RFC 8335, 2";
    /// Must be zero.
    REQUEST_RESERVED = "icmpv6.ext.echo.req.res", "Reserved", Show::u8().hex().mask(0xfe), "RFC 8335, 2";
    /// The interface asked about is one of the asked node's own.
    LOCAL = "icmpv6.ext.echo.req.local", "Local bit", Show::flag().mask(1), "RFC 8335, 2";
    /// The state of the neighbor asked about.
    STATE = "icmpv6.ext.echo.rsp.state", "State", Show::u8().mask(0xe0).codes(&icmp::code::STATES), "RFC 8335, 3";
    /// Must be zero.
    REPLY_RESERVED = "icmpv6.ext.echo.rsp.res", "Reserved", Show::u8().hex().mask(0x18), "RFC 8335, 3";
    /// The interface is active.
    ACTIVE = "icmpv6.ext.echo.rsp.active", "Active bit", Show::flag().mask(4), "RFC 8335, 3";
    /// IPv4 runs on it.
    HAS_IPV4 = "icmpv6.ext.echo.rsp.ipv4", "IPv4 bit", Show::flag().mask(2), "RFC 8335, 3";
    /// IPv6 runs on it.
    HAS_IPV6 = "icmpv6.ext.echo.rsp.ipv6", "IPv6 bit", Show::flag().mask(1), "RFC 8335, 3";
    /// The hop limit that hosts are to use.
    RA_HOPS = "icmpv6.nd.ra.cur_hop_limit", "Cur hop limit", Show::u8(), "RFC 4861, 4.2";
    /// What else the router says.
    RA_FLAGS = "icmpv6.nd.ra.flag", "Flags", Show::u8().hex(), "RFC 4861, 4.2";
    /// Addresses come by DHCPv6.
    RA_MANAGED = "icmpv6.nd.ra.flag.m", "Managed address configuration", Show::flag().mask(0x80), "RFC 4861, 4.2";
    /// Other configuration comes by DHCPv6.
    RA_OTHER = "icmpv6.nd.ra.flag.o", "Other configuration", Show::flag().mask(0x40), "RFC 4861, 4.2";
    /// The router is a home agent too.
    RA_HOME = "icmpv6.nd.ra.flag.h", "Home Agent", Show::flag().mask(0x20), "RFC 6275, 7.1";
    /// Which router is to be preferred.
    RA_PREFERENCE = "icmpv6.nd.ra.flag.prf", "Prf (Default Router Preference)", Show::u8().mask(0x18).codes(&code::PREFERENCES), "RFC 4191, 2.2";
    /// The advertisement was passed on by a proxy.
    RA_PROXY = "icmpv6.nd.ra.flag.p", "Proxy", Show::flag().mask(4), "RFC 4389, 4.1.3.3";
    /// Must be zero.
    RA_RESERVED = "icmpv6.nd.ra.flag.rsv", "Reserved", Show::u8().mask(3), "RFC 4861, 4.2";
    /// How long the router may be the default router, in seconds.
    RA_LIFETIME = "icmpv6.nd.ra.router_lifetime", "Router lifetime (s)", Show::u16(), "RFC 4861, 4.2";
    /// How long a neighbor counts as reachable after it was heard, in milliseconds.
    RA_REACHABLE = "icmpv6.nd.ra.reachable_time", "Reachable time (ms)", Show::u32(), "RFC 4861, 4.2";
    /// How long to wait before asking again, in milliseconds.
    RA_RETRANSMIT = "icmpv6.nd.ra.retrans_timer", "Retrans timer (ms)", Show::u32(), "RFC 4861, 4.2";
    /// Whose link-layer address is asked for.
    NS_TARGET = "icmpv6.nd.ns.target_address", "Target Address", Show::ipv6(), "RFC 4861, 4.3";
    /// What the neighbor says of itself.
    NA_FLAGS = "icmpv6.nd.na.flag", "Flags", Show::u32().hex(), "RFC 4861, 4.4";
    /// The sender is a router.
    NA_ROUTER = "icmpv6.nd.na.flag.r", "Router", Show::flag().mask(0x8000_0000), "RFC 4861, 4.4";
    /// The message answers a question.
    NA_SOLICITED = "icmpv6.nd.na.flag.s", "Solicited", Show::flag().mask(0x4000_0000), "RFC 4861, 4.4";
    /// The message replaces what is known.
    NA_OVERRIDE = "icmpv6.nd.na.flag.o", "Override", Show::flag().mask(0x2000_0000), "RFC 4861, 4.4";
    /// Must be zero.
    NA_RESERVED = "icmpv6.nd.na.flag.rsv", "Reserved", Show::u32().mask(0x1fff_ffff), "RFC 4861, 4.4";
    /// Whose link-layer address is told.
    NA_TARGET = "icmpv6.nd.na.target_address", "Target Address", Show::ipv6(), "RFC 4861, 4.4";
    /// The better first hop.
    REDIRECT_TARGET = "icmpv6.nd.rd.target_address", "Target Address", Show::ipv6(), "RFC 4861, 4.5";
    /// For packets to whom it is better.
    REDIRECT_DESTINATION = "icmpv6.rd.na.destination_address", "Destination Address", Show::ipv6(), "RFC 4861, 4.5";
    /// Matches replies with requests.
    MOBILE_ID = "icmpv6.mip6.identifier", "Identifier", Show::u16().base(Base::DecHex), "RFC 6275, 6.5";
    /// A home agent.
    HOME_AGENT = "icmpv6.mip6.home_agent_address", "Home Agent Address", Show::ipv6().repeats(), "RFC 6275, 6.6";
    /// What else the home agent says.
    MOBILE_FLAGS = "icmpv6.mip6.flag", "Flags", Show::u16().hex(), "RFC 6275, 6.8";
    /// Addresses come by DHCPv6.
    MOBILE_MANAGED = "icmpv6.mip6.flag.m", "Managed address configuration", Show::flag().mask(0x8000), "RFC 6275, 6.8";
    /// Other configuration comes by DHCPv6.
    MOBILE_OTHER = "icmpv6.mip6.flag.o", "Other configuration", Show::flag().mask(0x4000), "RFC 6275, 6.8";
    /// Must be zero.
    MOBILE_RESERVED = "icmpv6.mip6.flag.rsv", "Reserved", Show::u16().mask(0x3fff), "RFC 6275, 6.8";
}

header! {
    /// What every message begins with.
    pub struct Header {
        /// What the message is.
        pub kind: u8 => TYPE,
        /// More on what the message is.
        pub code: u8 => CODE,
        /// The checksum over pseudo-header and message.
        pub checksum: u16 => CHECKSUM, by hand,
    }
}

/// ICMPv6.
pub static PROTOCOL: Protocol = Protocol {
    claims: &[Claim::Number(&PROTOCOLS, 58)],
    tables: &[&ETHERTYPES],
    borrows: &[extension::FIELDS],
    alone: &[FIELDS, node::FIELDS, option::FIELDS, listener::FIELDS, rpl::FIELDS, extension::FIELDS],
    state: Some(|| Box::new(echo::Echoes::default())),
    learns_first: true,
    ..Protocol::new(
        "icmpv6",
        "ICMPv6",
        "Internet Control Message Protocol v6",
        "RFC 4443",
        walk,
        &[FIELDS, answer::FIELDS, node::FIELDS, option::FIELDS, listener::FIELDS, rpl::FIELDS],
    )
};

fn walk(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    cx.column(PROTOCOL.title);
    cx.group(&ROOT, bytes, |cx| {
        let Some((header, rest)) = Header::dissect(cx, bytes) else { return };
        let start = cx.ends.pseudo_header(58, bytes.len());
        let echo = match Type(header.kind) {
            Type::ECHO_REQUEST | Type::ECHO_REPLY
                if header.code == 0 && Sum::may_be_right(cx, bytes, start) =>
            {
                echo::remember(cx, header.kind == Type::ECHO_REQUEST.0, rest)
            }
            _ => None,
        };
        write_info(cx, header, rest);
        if let Some(echo) = &echo {
            echo.summarize(cx);
        }
        if cx.dissecting() || cx.learns() {
            SUM.check(cx, header.checksum, bytes, start);
            message(cx, header, rest, echo.map(|echo| (echo, bytes)));
        }
    });
    true
}

static ECHO_FIELDS: echo::Fields = echo::Fields {
    response_in: &answer::RESPONSE_IN,
    response_to: &answer::RESPONSE_TO,
    time: &answer::TIME,
    none: &answer::NONE,
    remark: &answer::REMARK,
};

static SUM: Sum = Sum { checksum: &CHECKSUM, status: &CHECKSUM_STATUS, bad: &BAD_CHECKSUM };

static ECHO: &[Cell] = &[cell(&ID, 2), cell(&SEQUENCE, 2)];
static SOLICITATION: &[Cell] = &[cell(&RESERVED, 4)];
static ADVERTISEMENT: &[Cell] = &[
    cell(&RA_HOPS, 1),
    flags(&RA_FLAGS, 1, &[&RA_MANAGED, &RA_OTHER, &RA_HOME, &RA_PREFERENCE, &RA_PROXY, &RA_RESERVED]),
    cell(&RA_LIFETIME, 2),
    cell(&RA_REACHABLE, 4),
    cell(&RA_RETRANSMIT, 4),
];
static NEIGHBOR_SOLICITATION: &[Cell] = &[cell(&RESERVED, 4), cell(&NS_TARGET, 16)];
static NEIGHBOR_ADVERTISEMENT: &[Cell] =
    &[flags(&NA_FLAGS, 4, &[&NA_ROUTER, &NA_SOLICITED, &NA_OVERRIDE, &NA_RESERVED]), cell(&NA_TARGET, 16)];
static REDIRECT: &[Cell] = &[cell(&RESERVED, 4), cell(&REDIRECT_TARGET, 16), cell(&REDIRECT_DESTINATION, 16)];
static MOBILE_REQUEST: &[Cell] = &[cell(&MOBILE_ID, 2), cell(&RESERVED, 2)];
static MOBILE_PREFIXES: &[Cell] =
    &[cell(&MOBILE_ID, 2), flags(&MOBILE_FLAGS, 2, &[&MOBILE_MANAGED, &MOBILE_OTHER, &MOBILE_RESERVED])];
static EXTENDED: &[Cell] = &[cell(&ID, 2), cell(&EXTENDED_SEQUENCE, 1)];

/// Adds what stands behind the checksum.
fn message(cx: &mut Cx<'_>, header: Header, rest: &[u8], echo: Option<(Echo, &[u8])>) {
    let mut with_options = |cells: &[Cell]| {
        if let Some(options) = row(cx, rest, cells) {
            option::walk(cx, options);
        }
    };
    match Type(header.kind) {
        Type::ROUTER_SOLICITATION | Type::INVERSE_SOLICITATION | Type::INVERSE_ADVERTISEMENT => {
            with_options(SOLICITATION);
        }
        Type::ROUTER_ADVERTISEMENT => with_options(ADVERTISEMENT),
        Type::NEIGHBOR_SOLICITATION => with_options(NEIGHBOR_SOLICITATION),
        Type::NEIGHBOR_ADVERTISEMENT => with_options(NEIGHBOR_ADVERTISEMENT),
        Type::REDIRECT => with_options(REDIRECT),
        Type::PREFIX_ADVERTISEMENT => with_options(MOBILE_PREFIXES),
        Type::UNREACHABLE | Type::TIME_EXCEEDED => error(cx, rest, None),
        Type::TOO_BIG => error(cx, rest, Some(&MTU)),
        Type::PARAMETER_PROBLEM => error(cx, rest, Some(&POINTER)),
        Type::ECHO_REQUEST | Type::ECHO_REPLY => {
            if let Some(data) = row(cx, rest, ECHO) {
                if let Some((echo, message)) = echo {
                    echo.emit(cx, &ECHO_FIELDS, message);
                }
                cx.data(data);
            }
        }
        Type::LISTENER_QUERY | Type::LISTENER_REPORT | Type::LISTENER_DONE => {
            listener::first(cx, header.kind, rest);
        }
        Type::LISTENER_REPORT_2 => listener::second(cx, rest),
        Type::HOME_AGENT_REQUEST | Type::PREFIX_SOLICITATION => drop(row(cx, rest, MOBILE_REQUEST)),
        Type::HOME_AGENT_REPLY => {
            for address in row(cx, rest, MOBILE_REQUEST).unwrap_or(&[]).as_chunks::<16>().0 {
                cx.leaf(&HOME_AGENT, address, 0);
            }
        }
        Type::ROUTER_SEARCH | Type::ROUTER_END => {}
        Type::RPL => rpl::walk(cx, header.code, rest),
        Type::EXTENDED_REQUEST => {
            if let Some(interface) = extended(cx, rest, &[&REQUEST_RESERVED, &LOCAL]) {
                extension::walk(cx, interface);
            }
        }
        Type::EXTENDED_REPLY => {
            // Only the request names an interface.
            let bits: [&'static crate::Field; 5] = [&STATE, &REPLY_RESERVED, &ACTIVE, &HAS_IPV4, &HAS_IPV6];
            if let Some(behind) = extended(cx, rest, &bits) {
                cx.data(behind);
            }
        }
        _ if rest.is_empty() => {}
        kind if node::walk(cx, kind, header.code, rest) => {}
        _ => cx.leaf(&DATA, rest, 0),
    }
}

/// The EtherType of quoted packets.
const ETHERTYPE: u16 = 0x86dd;

/// The least length that a quoted packet has where extensions follow it, RFC 4884, 5.
const LEAST_QUOTE: usize = 1280 - 40 - 8 - 4;

/// An error: four bytes that are a number or not used but for the quote's length, the quoted packet, and extensions
/// behind it.
fn error(cx: &mut Cx<'_>, rest: &[u8], field: Option<&'static crate::Field>) {
    let words = if field.is_none() { rest.first().copied().unwrap_or(0) } else { 0 };
    let quoted = match (field, words) {
        (Some(field), _) => row(cx, rest, &[cell(field, 4)]),
        (None, 0) => row(cx, rest, SOLICITATION),
        (None, _) => row(cx, rest, &[cell(&LENGTH, 1), cell(&RESERVED, 3)]),
    };
    let Some(quoted) = quoted else { return };
    extension::quote_and_walk(cx, ETHERTYPE, quoted, usize::from(words) * 8, LEAST_QUOTE);
}

/// What an extended echo message begins with; gives what follows.
fn extended<'b>(cx: &mut Cx<'_>, rest: &'b [u8], fields: &[&'static crate::Field]) -> Option<&'b [u8]> {
    let bits = row(cx, rest, EXTENDED)?;
    let Some((own, behind)) = bits.split_first_chunk::<1>() else {
        cx.malformed(rest, Malformed::short(&LOCAL, 3, 1, 0));
        return None;
    };
    cx.flags(fields, own, own[0].into());
    Some(behind)
}

fn write_info(cx: &mut Cx<'_>, header: Header, rest: &[u8]) {
    let hops = cx.hops;
    let Some(info) = cx.info() else { return };
    info.str(TYPES.name_or_unknown(header.kind.into()));
    if let Some(codes) = code_names(header.kind) {
        info.str(" (").str(codes.name_or_unknown(header.code.into())).byte(b')');
    }
    let target = rest.get(4..20).and_then(|bytes| bytes.first_chunk::<16>());
    match Type(header.kind) {
        Type::ECHO_REQUEST | Type::ECHO_REPLY => {
            if let Some([a, b, c, d]) = rest.first_chunk::<4>() {
                info.str(" id=").hex_0x(u16::from_be_bytes([*a, *b]).into(), 4);
                info.str(", seq=").dec(u16::from_be_bytes([*c, *d]).into());
                info.str(", hop limit=").dec(hops.into());
            }
        }
        Type::ROUTER_SOLICITATION | Type::INVERSE_SOLICITATION | Type::INVERSE_ADVERTISEMENT => {
            option::write_link(rest.get(4..), 1, " from ", info);
        }
        Type::ROUTER_ADVERTISEMENT => option::write_link(rest.get(12..), 1, " from ", info),
        Type::NEIGHBOR_SOLICITATION => {
            if let Some(target) = target {
                info.str(" for ").ipv6(*target);
            }
            option::write_link(rest.get(20..), 1, " from ", info);
        }
        Type::NEIGHBOR_ADVERTISEMENT => {
            if let Some(target) = target {
                info.byte(b' ').ipv6(*target).str(" (");
                let start = info.len();
                let bits = rest.first().copied().unwrap_or(0);
                for (bit, word) in [(0x80, "rtr"), (0x40, "sol"), (0x20, "ovr")] {
                    if bits & bit != 0 {
                        info.str(if info.len() > start { ", " } else { "" }).str(word);
                    }
                }
                info.str(if info.len() > start { ")" } else { "none)" });
            }
            option::write_link(rest.get(20..), 2, " is at ", info);
        }
        Type::REDIRECT => option::write_link(rest.get(36..), 2, " is at ", info),
        _ => {}
    }
}

fn write_code(item: Item<'_>, out: &mut Out) {
    icmp::code::write_code(item, out, code_names);
}

#[cfg(test)]
mod tests;
