//! Messages about nodes and routers: node information (RFC 4620), router renumbering (RFC 2894), certification paths (RFC 3971),
//! multicast router discovery (RFC 4286) and duplicate addresses behind a border router (RFC 6775).

use super::layout::{Cell, cell, flags, row};
use super::{DATA, RESERVED, Type, option};
use crate::{Codes, Cx, Show, fields};

fields! {
    /// What is asked for.
    QTYPE = "icmpv6.ni.qtype", "Qtype", Show::u16().codes(&QTYPES), "RFC 4620, 5";
    /// What the type of the query defines.
    NI_FLAGS = "icmpv6.ni.flag", "Flags", Show::u16().hex(), "RFC 4620, 6";
    /// Addresses of global scope.
    NI_GLOBAL = "icmpv6.ni.flag.g", "Global-scope addresses", Show::flag().mask(0x20), "RFC 4620, 6.3";
    /// Addresses of a site.
    NI_SITE = "icmpv6.ni.flag.s", "Site-local addresses", Show::flag().mask(0x10), "RFC 4620, 6.3";
    /// Addresses of the link.
    NI_LINK = "icmpv6.ni.flag.l", "Link-local addresses", Show::flag().mask(8), "RFC 4620, 6.3";
    /// IPv4 addresses in IPv6's form.
    NI_COMPRESSION = "icmpv6.ni.flag.c", "Compression", Show::flag().mask(4), "RFC 4620, 6.3";
    /// All addresses of the node, not only those of the interface.
    NI_ALL = "icmpv6.ni.flag.a", "Unicast Addresses", Show::flag().mask(2), "RFC 4620, 6.3";
    /// There are more addresses than fit.
    NI_TRUNCATED = "icmpv6.ni.flag.t", "Truncated", Show::flag().mask(1), "RFC 4620, 6.3";
    /// Must be zero.
    NI_RESERVED = "icmpv6.ni.flag.rsv", "Reserved", Show::u16().hex().mask(0xffc0), "RFC 4620, 5";
    /// Matches replies with queries.
    NONCE = "icmpv6.ni.nonce", "Nonce", Show::u64().hex(), "RFC 4620, 4";
    /// Of which IPv6 address it is asked.
    SUBJECT_IPV6 = "icmpv6.ni.query.subject_ipv6", "IPv6 subject address", Show::ipv6(), "RFC 4620, 4";
    /// Of which name it is asked.
    SUBJECT_NAME = "icmpv6.ni.query.subject_fqdn", "FQDN subject", Show::text(), "RFC 4620, 4";
    /// Of which IPv4 address it is asked.
    SUBJECT_IPV4 = "icmpv6.ni.query.subject_ipv4", "IPv4 subject address", Show::ipv4(), "RFC 4620, 4";
    /// How many seconds the answer holds.
    TTL = "icmpv6.ni.reply.node_ttl", "TTL", Show::u32().repeats(), "RFC 4620, 6.2";
    /// The node's name.
    NAME = "icmpv6.ni.reply.node_name", "Name Node", Show::text(), "RFC 4620, 6.2";
    /// An address of the node.
    NODE_IPV6 = "icmpv6.ni.reply.node_address", "IPv6 Node address", Show::ipv6().repeats(), "RFC 4620, 6.3";
    /// An IPv4 address of the node.
    NODE_IPV4 = "icmpv6.ni.reply.ipv4_address", "IPv4 Node address", Show::ipv4().repeats(), "RFC 4620, 6.4";
    /// Grows from command to command.
    SEQUENCE = "icmpv6.rr.sequence_number", "Sequence Number", Show::u32(), "RFC 2894, 3.1";
    /// Counts messages of one sequence number.
    SEGMENT = "icmpv6.rr.segment_number", "Segment Number", Show::u8(), "RFC 2894, 3.1";
    /// How the command is followed.
    RR_FLAGS = "icmpv6.rr.flag", "Flags", Show::u8().hex(), "RFC 2894, 3.1";
    /// Nothing is to be changed.
    RR_TEST = "icmpv6.rr.flag.t", "Test Command", Show::flag().mask(0x80), "RFC 2894, 3.1";
    /// A result is asked for.
    RR_RESULT = "icmpv6.rr.flag.r", "Result requested", Show::flag().mask(0x40), "RFC 2894, 3.1";
    /// For interfaces that are shut down too.
    RR_ALL = "icmpv6.rr.flag.a", "All Interfaces", Show::flag().mask(0x20), "RFC 2894, 3.1";
    /// Only for interfaces of the same site.
    RR_SITE = "icmpv6.rr.flag.s", "Site-specific", Show::flag().mask(0x10), "RFC 2894, 3.1";
    /// The command was followed before.
    RR_PREVIOUSLY = "icmpv6.rr.flag.p", "Processed previously", Show::flag().mask(8), "RFC 2894, 3.1";
    /// Must be zero.
    RR_RESERVED = "icmpv6.rr.flag.rsv", "Reserved", Show::u8().mask(7), "RFC 2894, 3.1";
    /// How many milliseconds a reply may wait.
    DELAY = "icmpv6.rr.maxdelay", "Max Delay", Show::u16(), "RFC 2894, 3.1";
    /// Matches advertisements with solicitations.
    PATH_ID = "icmpv6.send.identifier", "Identifier", Show::u16(), "RFC 3971, 6.4.1";
    /// How many certificates are in the path.
    PATH_ALL = "icmpv6.send.all_components", "All Components", Show::u16(), "RFC 3971, 6.4.2";
    /// Which certificate it is; 65535 for all.
    PATH_COMPONENT = "icmpv6.send.component", "Component", Show::u16(), "RFC 3971, 6.4.1";
    /// How many seconds lie between queries.
    QUERY_INTERVAL = "icmpv6.mcast_ra.query_interval", "Query Interval", Show::u16(), "RFC 4286, 3.2";
    /// How many reports may be lost.
    ROBUSTNESS = "icmpv6.mcast_ra.robustness_variable", "Robustness Variable", Show::u16(), "RFC 4286, 3.2";
    /// What became of a registration.
    STATUS = "icmpv6.6lowpannd.da.status", "Status", Show::u8().codes(&STATUSES), "RFC 6775, 4.4";
    /// Must be zero.
    DA_RESERVED = "icmpv6.6lowpannd.da.rsv", "Reserved", Show::u8(), "RFC 6775, 4.4";
    /// How long the registration holds, in minutes.
    DA_LIFETIME = "icmpv6.6lowpannd.da.lifetime", "Lifetime", Show::u16(), "RFC 6775, 4.4";
    /// Whose address it is.
    DA_OWNER = "icmpv6.6lowpannd.da.eui64", "EUI-64", Show::bytes(), "RFC 6775, 4.4";
    /// The address.
    DA_ADDRESS = "icmpv6.6lowpannd.da.reg_addr", "Registered Address", Show::ipv6(), "RFC 6775, 4.4";
}

static QTYPES: Codes = Codes {
    unknown: "Unknown",
    names: &[(0, "NOOP"), (2, "Node Name"), (3, "IPv6 Node Addresses"), (4, "IPv4 Node Addresses")],
};

static STATUSES: Codes = Codes {
    unknown: "Unknown",
    names: &[(0, "Success"), (1, "Duplicate Exists"), (2, "Neighbor Cache Full")],
};

static INFORMATION: &[Cell] = &[
    cell(&QTYPE, 2),
    flags(
        &NI_FLAGS,
        2,
        &[&NI_GLOBAL, &NI_SITE, &NI_LINK, &NI_COMPRESSION, &NI_ALL, &NI_TRUNCATED, &NI_RESERVED],
    ),
    cell(&NONCE, 8),
];
static RENUMBERING: &[Cell] = &[
    cell(&SEQUENCE, 4),
    cell(&SEGMENT, 1),
    flags(&RR_FLAGS, 1, &[&RR_TEST, &RR_RESULT, &RR_ALL, &RR_SITE, &RR_PREVIOUSLY, &RR_RESERVED]),
    cell(&DELAY, 2),
    cell(&RESERVED, 4),
];
static SOLICITATION: &[Cell] = &[cell(&PATH_ID, 2), cell(&PATH_COMPONENT, 2)];
static ADVERTISEMENT: &[Cell] =
    &[cell(&PATH_ID, 2), cell(&PATH_ALL, 2), cell(&PATH_COMPONENT, 2), cell(&RESERVED, 2)];
static ROUTER: &[Cell] = &[cell(&QUERY_INTERVAL, 2), cell(&ROBUSTNESS, 2)];
static DUPLICATE: &[Cell] = &[
    cell(&STATUS, 1),
    cell(&DA_RESERVED, 1),
    cell(&DA_LIFETIME, 2),
    cell(&DA_OWNER, 8),
    cell(&DA_ADDRESS, 16),
];

/// Adds what stands behind the checksum of such a message; false if it is none.
pub(super) fn walk(cx: &mut Cx<'_>, kind: Type, code: u8, rest: &[u8]) -> bool {
    let behind = match kind {
        Type::INFORMATION_QUERY => row(cx, rest, INFORMATION).and_then(|subject| query(cx, code, subject)),
        Type::INFORMATION_REPLY => row(cx, rest, INFORMATION).and_then(|answer| reply(cx, rest, answer)),
        Type::ROUTER_RENUMBERING => row(cx, rest, RENUMBERING),
        Type::PATH_SOLICITATION | Type::PATH_ADVERTISEMENT => {
            let cells = if kind == Type::PATH_SOLICITATION { SOLICITATION } else { ADVERTISEMENT };
            if let Some(options) = row(cx, rest, cells) {
                option::walk(cx, options);
            }
            None
        }
        Type::ROUTER_FOUND => row(cx, rest, ROUTER),
        Type::DUPLICATE_REQUEST | Type::DUPLICATE_CONFIRMATION => row(cx, rest, DUPLICATE),
        _ => return false,
    };
    if let Some(more @ [_, ..]) = behind {
        cx.leaf(&DATA, more, 0);
    }
    true
}

/// What a query is about: its code says which kind of subject. Gives what follows.
fn query<'b>(cx: &mut Cx<'_>, code: u8, subject: &'b [u8]) -> Option<&'b [u8]> {
    match code {
        0 => row(cx, subject, &[cell(&SUBJECT_IPV6, 16)]),
        1 if subject.is_empty() => None,
        1 => Some(name(cx, &SUBJECT_NAME, subject)),
        2 => row(cx, subject, &[cell(&SUBJECT_IPV4, 4)]),
        _ => Some(subject),
    }
}

/// What a reply says: its type says what that is. Gives what follows.
fn reply<'b>(cx: &mut Cx<'_>, message: &[u8], answer: &'b [u8]) -> Option<&'b [u8]> {
    let (field, size) = match message.first_chunk::<2>() {
        _ if answer.is_empty() => return None,
        Some([0, 2]) => {
            let rest = row(cx, answer, &[cell(&TTL, 4)])?;
            return Some(name(cx, &NAME, rest));
        }
        Some([0, 3]) => (&NODE_IPV6, 16),
        Some([0, 4]) => (&NODE_IPV4, 4),
        _ => return Some(answer),
    };
    let mut rest = answer;
    while !rest.is_empty() {
        rest = row(cx, rest, &[cell(&TTL, 4), cell(field, size)])?;
    }
    None
}

/// A name in DNS's form, RFC 1035, 3.1: labels behind their lengths, to one of none. A name of one label has two such ends.
fn name<'b>(cx: &mut Cx<'_>, field: &'static crate::Field, bytes: &'b [u8]) -> &'b [u8] {
    let mut rest = bytes;
    while let Some((_, behind)) = label(rest) {
        rest = behind;
    }
    for _ in 0..2 {
        rest = rest.strip_prefix(&[0]).unwrap_or(rest);
    }
    let (mut left, mut dot) = (bytes, &b""[..]);
    let pieces = std::iter::from_fn(|| {
        let (label, behind) = label(left)?;
        left = behind;
        Some([std::mem::replace(&mut dot, b"."), label])
    });
    let own = bytes.get(..bytes.len() - rest.len()).unwrap_or(bytes);
    cx.joined(field, own, pieces.flatten(), |_| ());
    rest
}

/// The label that bytes begin with, and what follows.
fn label(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (&[length], behind) = bytes.split_first_chunk::<1>()?;
    if length == 0 { None } else { behind.split_at_checked(length.into()) }
}
