//! The options of neighbor discovery.

use super::layout::{Cell, cell, flags, row};
use super::{DATA, ETHERTYPE};
use crate::header::number;
use crate::proto::icmp::extension::quote;
use crate::tree::Item;
use crate::{Area, Codes, Cx, Field, Malformed, Out, Severity, Show, fields};

fields! {
    /// An option.
    OPTION = "icmpv6.opt", "ICMPv6 Option", Show::group().write(write_option).repeats(), "RFC 4861, 4.6";
    /// What the option is.
    TYPE = "icmpv6.opt.type", "Type", Show::u8().codes(&TYPES), "RFC 4861, 4.6";
    /// The length of the option in units of 8 bytes, with type and length.
    LENGTH = "icmpv6.opt.length", "Length", Show::u8().write(write_length), "RFC 4861, 4.6";
    /// The length is zero: the packet is to be dropped.
    ZERO_LENGTH = "icmpv6.invalid_option_length", "Invalid option length (Zero)", Show::expert(Severity::Error, Area::Malformed), "RFC 4861, 4.6";
    /// Must be zero.
    RESERVED = "icmpv6.opt.reserved", "Reserved", Show::group().repeats(), "RFC 4861, 4.6";
    /// Filling up to a multiple of 8 bytes.
    PADDING = "icmpv6.opt.padding", "Padding", Show::group(), "RFC 4861, 4.6";
    /// The link-layer address of the sender.
    SOURCE_LINK = "icmpv6.opt.linkaddr", "Link-layer address", Show::bytes().colons().write(write_link_address).also(&[&SOURCE_TWIN]), "RFC 4861, 4.6.1";
    /// The link-layer address of the sender.
    SOURCE_TWIN = "icmpv6.opt.src_linkaddr", "Source Link-layer address", Show::bytes().colons().write(write_link_address), "RFC 4861, 4.6.1";
    /// The link-layer address of the target.
    TARGET_LINK = "icmpv6.opt.linkaddr", "Link-layer address", Show::bytes().colons().write(write_link_address).also(&[&TARGET_TWIN]), "RFC 4861, 4.6.1";
    /// The link-layer address of the target.
    TARGET_TWIN = "icmpv6.opt.target_linkaddr", "Target Link-layer address", Show::bytes().colons().write(write_link_address), "RFC 4861, 4.6.1";
    /// The link-layer address of the sender, in 8 bytes.
    SOURCE_EUI = "icmpv6.opt.linkaddr_eui64", "Link-layer address", Show::bytes().colons().write(write_link_address).also(&[&SOURCE_EUI_TWIN]), "RFC 4944, 8";
    /// The link-layer address of the sender, in 8 bytes.
    SOURCE_EUI_TWIN = "icmpv6.opt.src_linkaddr_eui64", "Source Link-layer address", Show::bytes().colons().write(write_link_address), "RFC 4944, 8";
    /// The link-layer address of the target, in 8 bytes.
    TARGET_EUI = "icmpv6.opt.linkaddr_eui64", "Link-layer address", Show::bytes().colons().write(write_link_address).also(&[&TARGET_EUI_TWIN]), "RFC 4944, 8";
    /// The link-layer address of the target, in 8 bytes.
    TARGET_EUI_TWIN = "icmpv6.opt.target_linkaddr_eui64", "Target Link-layer address", Show::bytes().colons().write(write_link_address), "RFC 4944, 8";
    /// How many bits of the prefix are valid.
    PREFIX_LENGTH = "icmpv6.opt.prefix.length", "Prefix Length", Show::u8(), "RFC 4861, 4.6.2";
    /// What the prefix is for.
    PREFIX_FLAGS = "icmpv6.opt.prefix.flag", "Flag", Show::u8().hex(), "RFC 4861, 4.6.2";
    /// Addresses of the prefix are on the link.
    ON_LINK = "icmpv6.opt.prefix.flag.l", "On-link flag(L)", Show::flag().mask(0x80), "RFC 4861, 4.6.2";
    /// Hosts may make addresses of the prefix.
    AUTONOMOUS = "icmpv6.opt.prefix.flag.a", "Autonomous address-configuration flag(A)", Show::flag().mask(0x40), "RFC 4861, 4.6.2";
    /// The prefix is a whole address of the router.
    ROUTER_ADDRESS = "icmpv6.opt.prefix.flag.r", "Router address flag(R)", Show::flag().mask(0x20), "RFC 6275, 7.2";
    /// Must be zero.
    PREFIX_RESERVED = "icmpv6.opt.prefix.flag.reserved", "Reserved", Show::u8().mask(0x1f), "RFC 4861, 4.6.2";
    /// How long the prefix is valid, in seconds; all ones is for ever.
    VALID = "icmpv6.opt.prefix.valid_lifetime", "Valid Lifetime", Show::u32(), "RFC 4861, 4.6.2";
    /// How long addresses of the prefix are preferred, in seconds; all ones is for ever.
    PREFERRED = "icmpv6.opt.prefix.preferred_lifetime", "Preferred Lifetime", Show::u32(), "RFC 4861, 4.6.2";
    /// The prefix.
    PREFIX = "icmpv6.opt.prefix", "Prefix", Show::ipv6(), "RFC 4861, 4.6.2";
    /// The packet that was redirected.
    REDIRECTED = "icmpv6.opt.redirected_packet", "Redirected Packet", Show::group(), "RFC 4861, 4.6.3";
    /// The MTU of the link.
    MTU = "icmpv6.opt.mtu", "MTU", Show::u32(), "RFC 4861, 4.6.4";
    /// How many hops shortcuts are wanted for.
    SHORTCUT = "icmpv6.opt.nbma.shortcut_limit", "Shortcut Limit", Show::u8(), "RFC 2491, 6.3";
    /// The longest time between advertisements, in milliseconds.
    INTERVAL = "icmpv6.opt.advertisement_interval", "Advertisement Interval", Show::u32(), "RFC 6275, 7.3";
    /// Which home agent is to be preferred.
    HOME_PREFERENCE = "icmpv6.opt.home_agent_preference", "Home Agent Preference", Show::u16(), "RFC 6275, 7.4";
    /// How long the home agent may be used, in seconds.
    HOME_LIFETIME = "icmpv6.opt.home_agent_lifetime", "Home Agent Lifetime", Show::u16(), "RFC 6275, 7.4";
    /// An address of a list.
    LISTED = "icmpv6.opt.ipv6_address", "IPv6 Address", Show::ipv6().repeats(), "RFC 3122, 3.1";
    /// When the message was sent.
    TIMESTAMP = "icmpv6.opt.timestamp", "Timestamp", Show::moment(), "RFC 3971, 5.3.1";
    /// Matches an advertisement with what it answers.
    NONCE = "icmpv6.opt.nonce", "Nonce", Show::bytes(), "RFC 3971, 5.3.2";
    /// Whose address it is.
    IPA_CODE = "icmpv6.opt.ipa.option_code", "Option-code", Show::u8(), "RFC 5568, 6.4.1";
    /// How many bits the prefix has.
    IPA_LENGTH = "icmpv6.opt.ipa.prefix_len", "Prefix Length", Show::u8(), "RFC 5568, 6.4.1";
    /// The address.
    IPA_ADDRESS = "icmpv6.opt.ipa.ipv6_address", "IPv6 Address", Show::ipv6(), "RFC 5568, 6.4.1";
    /// Whose link-layer address it is.
    LLA_CODE = "icmpv6.opt.lla.option_code", "Option-code", Show::u8(), "RFC 5568, 6.4.3";
    /// The link-layer address.
    LLA_BYTES = "icmpv6.opt.lla.bytes", "Link-Layer Address", Show::bytes(), "RFC 5568, 6.4.3";
    /// How far the anchor point is away.
    MAP_DISTANCE = "icmpv6.opt.map.distance", "Distance", Show::u8().mask(0xf0), "RFC 5380, 4";
    /// Which anchor point is to be preferred.
    MAP_PREFERENCE = "icmpv6.opt.map.preference", "Preference", Show::u8().mask(0x0f), "RFC 5380, 4";
    /// How addresses are made.
    MAP_FLAGS = "icmpv6.opt.map.flag", "Flag", Show::u8().hex(), "RFC 5380, 4";
    /// Addresses are made of the anchor point's prefix.
    MAP_RCOA = "icmpv6.opt.map.flag.r", "RCoA Flag", Show::flag().words("True", "False").mask(0x80), "RFC 5380, 4";
    /// Must be zero.
    MAP_RESERVED = "icmpv6.opt.map.flag.reserved", "Reserved", Show::u8().mask(0x7f), "RFC 5380, 4";
    /// How long the anchor point may be used, in seconds.
    MAP_LIFETIME = "icmpv6.opt.map.valid_lifetime", "Valid Lifetime", Show::u32(), "RFC 5380, 4";
    /// The anchor point.
    MAP_ADDRESS = "icmpv6.opt.map.global_address", "Global Address", Show::ipv6(), "RFC 5380, 4";
    /// How the route is to be preferred.
    ROUTE_FLAGS = "icmpv6.opt.route_info.flag", "Flag", Show::u8().hex(), "RFC 4191, 2.3";
    /// Which route is to be preferred.
    ROUTE_PREFERENCE = "icmpv6.opt.route_info.flag.route_preference", "Route Preference", Show::u8().mask(0x18).codes(&super::code::PREFERENCES), "RFC 4191, 2.3";
    /// Must be zero.
    ROUTE_RESERVED = "icmpv6.opt.route_info.flag.reserved", "Reserved", Show::u8().mask(0xe7), "RFC 4191, 2.3";
    /// How long the route is valid, in seconds.
    ROUTE_LIFETIME = "icmpv6.opt.route_lifetime", "Route Lifetime", Show::u32(), "RFC 4191, 2.3";
    /// How long the servers may be used, in seconds.
    SERVER_LIFETIME = "icmpv6.opt.rdnss.lifetime", "Lifetime", Show::u32(), "RFC 8106, 5.1";
    /// A recursive name server.
    SERVER = "icmpv6.opt.rdnss", "Recursive DNS Servers", Show::ipv6().repeats(), "RFC 8106, 5.1";
    /// How long the names may be used, in seconds.
    SEARCH_LIFETIME = "icmpv6.opt.dnssl.lifetime", "Lifetime", Show::u32(), "RFC 8106, 5.2";
    /// A domain to search in.
    SEARCH = "icmpv6.opt.dnssl", "Domain Names", Show::text().repeats(), "RFC 8106, 5.2";
    /// More flags of the router.
    FLAGS = "icmpv6.opt.efo", "Flags Expansion Option", Show::u16().hex(), "RFC 5175, 4";
    /// Addresses come by DHCPv6.
    FLAGS_MANAGED = "icmpv6.opt.efo.m", "Managed address configuration", Show::flag().mask(0x8000), "RFC 5175, 3";
    /// Other configuration comes by DHCPv6.
    FLAGS_OTHER = "icmpv6.opt.efo.o", "Other configuration", Show::flag().mask(0x4000), "RFC 5175, 3";
    /// The router is a home agent too.
    FLAGS_HOME = "icmpv6.opt.efo.h", "Home Agent", Show::flag().mask(0x2000), "RFC 5175, 3";
    /// Which router is to be preferred.
    FLAGS_PREFERENCE = "icmpv6.opt.efo.prf", "Prf (Default Router Preference)", Show::u16().mask(0x1800).codes(&super::code::PREFERENCES), "RFC 5175, 3";
    /// The advertisement was passed on by a proxy.
    FLAGS_PROXY = "icmpv6.opt.efo.p", "Proxy", Show::flag().mask(0x400), "RFC 5175, 3";
    /// Must be zero.
    FLAGS_RESERVED = "icmpv6.opt.efo.rsv", "Reserved", Show::u16().mask(0x2ff), "RFC 5175, 3";
    /// Whether the address was registered.
    REGISTRATION_STATUS = "icmpv6.opt.aro.status", "Status", Show::u8().codes(&STATUSES), "RFC 6775, 4.1";
    /// How long the registration holds, in minutes.
    REGISTRATION_LIFETIME = "icmpv6.opt.aro.registration_lifetime", "Registration  Lifetime", Show::u16(), "RFC 6775, 4.1";
    /// The interface that registers.
    REGISTRATION_EUI = "icmpv6.opt.aro.eui64", "EUI-64", Show::bytes(), "RFC 6775, 4.1";
    /// How many bits of the context are valid.
    CONTEXT_LENGTH = "icmpv6.opt.6co.context_length", "Context Length", Show::u8(), "RFC 6775, 4.2";
    /// How the context is used.
    CONTEXT_FLAGS = "icmpv6.opt.6co.flag", "Flag", Show::u8().hex(), "RFC 6775, 4.2";
    /// The context may be used to compress.
    CONTEXT_COMPRESSION = "icmpv6.opt.6co.flag.c", "Compression Flag", Show::flag().mask(0x10), "RFC 6775, 4.2";
    /// The number of the context.
    CONTEXT_ID = "icmpv6.opt.6co.flag.cid", "CID", Show::u8().mask(0x0f), "RFC 6775, 4.2";
    /// Must be zero.
    CONTEXT_RESERVED = "icmpv6.opt.6co.flag.reserved", "Reserved", Show::u8().mask(0xe0), "RFC 6775, 4.2";
    /// How long the context may be used, in minutes.
    CONTEXT_LIFETIME = "icmpv6.opt.6co.valid_lifetime", "Lifetime", Show::u16(), "RFC 6775, 4.2";
    /// The context.
    CONTEXT_PREFIX = "icmpv6.opt.6co.context_prefix", "Context Prefix", Show::ipv6(), "RFC 6775, 4.2";
    /// The lower half of the version of what is told.
    BORDER_LOW = "icmpv6.opt.abro.version_low", "Version Low", Show::u16(), "RFC 6775, 4.3";
    /// The upper half of the version of what is told.
    BORDER_HIGH = "icmpv6.opt.abro.version_high", "Version", Show::u16(), "RFC 6775, 4.3";
    /// How long it may be used, in minutes.
    BORDER_LIFETIME = "icmpv6.opt.abro.valid_lifetime", "Valid Lifetime", Show::u16(), "RFC 6775, 4.3";
    /// The border router that told it first.
    BORDER_ADDRESS = "icmpv6.opt.abro.6lbr_address", "6LBR Address", Show::ipv6(), "RFC 6775, 4.3";
    /// Not assigned.
    CAPABILITY_BITS = "icmpv6.opt.6cio.unassigned1", "Unassigned", Show::u16().hex().mask(0xfffe), "RFC 7400, 3.4";
    /// Generic header compression is understood.
    CAPABILITY_G = "icmpv6.opt.6cio.flag_g", "G", Show::u16().hex().mask(1), "RFC 7400, 3.4";
    /// Not assigned.
    CAPABILITY_REST = "icmpv6.opt.6cio.unassigned2", "Unassigned", Show::u32().hex(), "RFC 7400, 3.4";
    /// Where the captive portal is.
    PORTAL = "icmpv6.opt.captive_portal", "Captive Portal", Show::text(), "RFC 8910, 2.3";
    /// How long the prefix may be used, in units of 8 seconds.
    PREF64_LIFETIME = "icmpv6.opt.pref64.scaled_lifetime", "Scaled Lifetime", Show::u16().mask(0xfff8), "RFC 8781, 4";
    /// How many bits the prefix has, as a code.
    PREF64_LENGTH = "icmpv6.opt.pref64.plc", "PLC (Prefix Length Code)", Show::u16().hex().mask(7).codes(&PREFIX_CODES), "RFC 8781, 4";
    /// The prefix that IPv4 addresses are put behind.
    PREF64_PREFIX = "icmpv6.opt.pref64.prefix", "Prefix", Show::ipv6(), "RFC 8781, 4";
}

/// The names of options.
static TYPES: Codes = Codes {
    unknown: "Unknown",
    names: &[
        (1, "Source link-layer address"),
        (2, "Target link-layer address"),
        (3, "Prefix information"),
        (4, "Redirected header"),
        (5, "MTU"),
        (6, "NBMA Shortcut Limit Option"),
        (7, "Advertisement Interval"),
        (8, "Home Agent Information"),
        (9, "Source Address List"),
        (10, "Target Address List"),
        (11, "CGA"),
        (12, "RSA Signature"),
        (13, "Timestamp"),
        (14, "Nonce"),
        (15, "Trust Anchor"),
        (16, "Certificate"),
        (17, "IP Address/Prefix Option"),
        (18, "New Router Prefix Information"),
        (19, "Link-layer Address"),
        (20, "Neighbor Advertisement Acknowledgment"),
        (23, "MAP"),
        (24, "Route Information"),
        (25, "Recursive DNS Server"),
        (26, "RA Flags Extension"),
        (27, "Handover Key Request"),
        (28, "Handover Key Reply"),
        (29, "Handover Assist Information"),
        (30, "Mobile Node Identifier Option"),
        (31, "DNS Search List Option"),
        (32, "Proxy Signature (PS)"),
        (33, "Address Registration Option"),
        (34, "6LoWPAN Context Option"),
        (35, "Authoritative Border Router"),
        (36, "6LoWPAN Capability Indication Option"),
        (37, "DHCP Captive-Portal"),
        (38, "PREF64 Option"),
        (138, "CARD Request"),
        (139, "CARD Reply"),
        (253, "RFC3692-style Experiment 1"),
        (254, "RFC3692-style Experiment 2"),
    ],
};

/// Whether a registration was taken.
static STATUSES: Codes = Codes {
    unknown: "Unknown",
    names: &[(0, "Success"), (1, "Duplicate Exists"), (2, "Neighbor Cache Full")],
};

/// The lengths of a prefix that translates.
static PREFIX_CODES: Codes = Codes {
    unknown: "Reserved",
    names: &[
        (0, "96 bits prefix length"),
        (1, "64 bits prefix length"),
        (2, "56 bits prefix length"),
        (3, "48 bits prefix length"),
        (4, "40 bits prefix length"),
        (5, "32 bits prefix length"),
    ],
};

static PREFIX_OPTION: &[Cell] = &[
    cell(&PREFIX_LENGTH, 1),
    flags(&PREFIX_FLAGS, 1, &[&ON_LINK, &AUTONOMOUS, &ROUTER_ADDRESS, &PREFIX_RESERVED]),
    cell(&VALID, 4),
    cell(&PREFERRED, 4),
    cell(&RESERVED, 4),
    cell(&PREFIX, 16),
];
static ROUTE: &[Cell] = &[
    cell(&PREFIX_LENGTH, 1),
    flags(&ROUTE_FLAGS, 1, &[&ROUTE_PREFERENCE, &ROUTE_RESERVED]),
    cell(&ROUTE_LIFETIME, 4),
];
static HOME_AGENT: &[Cell] = &[cell(&RESERVED, 2), cell(&HOME_PREFERENCE, 2), cell(&HOME_LIFETIME, 2)];
static ANCHOR: &[Cell] =
    &[flags(&MAP_FLAGS, 1, &[&MAP_RCOA, &MAP_RESERVED]), cell(&MAP_LIFETIME, 4), cell(&MAP_ADDRESS, 16)];
static ADDRESS: &[Cell] =
    &[cell(&IPA_CODE, 1), cell(&IPA_LENGTH, 1), cell(&RESERVED, 4), cell(&IPA_ADDRESS, 16)];
static MORE_FLAGS: &[Cell] = &[
    flags(
        &FLAGS,
        2,
        &[&FLAGS_MANAGED, &FLAGS_OTHER, &FLAGS_HOME, &FLAGS_PREFERENCE, &FLAGS_PROXY, &FLAGS_RESERVED],
    ),
    cell(&RESERVED, 4),
];
static REGISTRATION: &[Cell] = &[
    cell(&REGISTRATION_STATUS, 1),
    cell(&RESERVED, 3),
    cell(&REGISTRATION_LIFETIME, 2),
    cell(&REGISTRATION_EUI, 8),
];
static CONTEXT: &[Cell] = &[
    cell(&CONTEXT_LENGTH, 1),
    flags(&CONTEXT_FLAGS, 1, &[&CONTEXT_COMPRESSION, &CONTEXT_ID, &CONTEXT_RESERVED]),
    cell(&RESERVED, 2),
    cell(&CONTEXT_LIFETIME, 2),
];
static BORDER: &[Cell] =
    &[cell(&BORDER_LOW, 2), cell(&BORDER_HIGH, 2), cell(&BORDER_LIFETIME, 2), cell(&BORDER_ADDRESS, 16)];

/// Adds options up to the end of the message.
pub(super) fn walk(cx: &mut Cx<'_>, mut rest: &[u8]) {
    while let Some(kind) = rest.first().copied() {
        let units = rest.get(1).copied().unwrap_or(0);
        let length = usize::from(units) * 8;
        if let (0, Some(own)) = (units, rest.get(..2)) {
            // There is no telling where the next begins.
            return cx.group(&OPTION, own, |cx| {
                row(cx, own, &[cell(&TYPE, 1), cell(&LENGTH, 1)]);
                cx.expert(&ZERO_LENGTH, own.get(1..1).unwrap_or(&[]));
            });
        }
        let (own, behind) = rest.split_at_checked(length.max(2)).unwrap_or((rest, &[]));
        let is_whole = cx.group(&OPTION, own, |cx| {
            let Some(data) = row(cx, own, &[cell(&TYPE, 1), cell(&LENGTH, 1)]) else { return false };
            if own.len() < length {
                cx.malformed(own, Malformed::short(&DATA, 2, length - 2, data.len()));
                return false;
            }
            one(cx, kind, data);
            true
        });
        if !is_whole {
            return;
        }
        rest = behind;
    }
}

fn one(cx: &mut Cx<'_>, kind: u8, data: &[u8]) {
    let after = |cx: &mut Cx<'_>, reserved: usize, cells: &[Cell]| {
        row(cx, data, &[cell(&RESERVED, reserved)]).and_then(|rest| row(cx, rest, cells))
    };
    match kind {
        1 => link(cx, data, &SOURCE_LINK, &SOURCE_EUI),
        2 => link(cx, data, &TARGET_LINK, &TARGET_EUI),
        3 => drop(row(cx, data, PREFIX_OPTION)),
        4 => {
            if let Some(packet) = row(cx, data, &[cell(&RESERVED, 6)]) {
                cx.group(&REDIRECTED, packet, |cx| quote(cx, ETHERTYPE, packet));
            }
        }
        5 => drop(after(cx, 2, &[cell(&MTU, 4)])),
        6 => drop(row(cx, data, &[cell(&SHORTCUT, 1), cell(&RESERVED, 1), cell(&RESERVED, 4)])),
        7 => drop(after(cx, 2, &[cell(&INTERVAL, 4)])),
        8 => drop(row(cx, data, HOME_AGENT)),
        9 | 10 => {
            let list = row(cx, data, &[cell(&RESERVED, 6)]);
            addresses(cx, list, &LISTED);
        }
        13 => timestamp(cx, data),
        14 => cx.leaf(&NONCE, data, 0),
        17 => drop(row(cx, data, ADDRESS)),
        19 => {
            if let Some(address) = row(cx, data, &[cell(&LLA_CODE, 1)]) {
                cx.leaf(&LLA_BYTES, address, 0);
            }
        }
        23 => {
            let Some((own, rest)) = data.split_at_checked(1) else { return };
            cx.flags(&[&MAP_DISTANCE, &MAP_PREFERENCE], own, number(own));
            row(cx, rest, ANCHOR);
        }
        24 => {
            let rest = row(cx, data, ROUTE);
            prefix(cx, rest, &PREFIX);
        }
        25 => {
            let list = after(cx, 2, &[cell(&SERVER_LIFETIME, 4)]);
            addresses(cx, list, &SERVER);
        }
        26 => drop(row(cx, data, MORE_FLAGS)),
        31 => {
            if let Some(names) = after(cx, 2, &[cell(&SEARCH_LIFETIME, 4)]) {
                domains(cx, names);
            }
        }
        33 => drop(row(cx, data, REGISTRATION)),
        34 => {
            let rest = row(cx, data, CONTEXT);
            prefix(cx, rest, &CONTEXT_PREFIX);
        }
        35 => drop(row(cx, data, BORDER)),
        36 => {
            let Some((own, rest)) = data.split_at_checked(2) else { return };
            cx.flags(&[&CAPABILITY_BITS, &CAPABILITY_G], own, number(own));
            row(cx, rest, &[cell(&CAPABILITY_REST, 4)]);
        }
        37 => {
            let end = data.iter().position(|byte| *byte == 0).unwrap_or(data.len());
            cx.own_text(&PORTAL, data, data.get(..end).unwrap_or(data), 0);
        }
        38 => {
            let Some((own, rest)) = data.split_at_checked(2) else { return };
            cx.flags(&[&PREF64_LIFETIME, &PREF64_LENGTH], own, number(own));
            prefix(cx, rest.get(..12), &PREF64_PREFIX);
        }
        _ => cx.leaf(&DATA, data, 0),
    }
}

fn link(cx: &mut Cx<'_>, data: &[u8], field: &'static Field, eui: &'static Field) {
    match data.split_at_checked(8) {
        // IEEE 802.15.4 has addresses of 8 bytes, and fills up.
        Some((address, padding)) if data.len() == 14 => {
            cx.leaf(eui, address, 0);
            cx.leaf(&PADDING, padding, 0);
        }
        _ => cx.leaf(field, data, 0),
    }
}

fn addresses(cx: &mut Cx<'_>, list: Option<&[u8]>, field: &'static Field) {
    for address in list.unwrap_or(&[]).as_chunks::<16>().0 {
        cx.leaf(field, address, 0);
    }
}

/// The first bytes of an address; none for no prefix.
fn prefix(cx: &mut Cx<'_>, bytes: Option<&[u8]>, field: &'static Field) {
    let mut address = [0; 16];
    if let Some(bytes) = bytes.filter(|bytes| !bytes.is_empty()) {
        address.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
        cx.own_text(field, bytes, &address, 0);
    }
}

/// Seconds since 1970 in 48 bits, and fractions in 16.
fn timestamp(cx: &mut Cx<'_>, data: &[u8]) {
    let Some(time) = row(cx, data, &[cell(&RESERVED, 6)]).and_then(|rest| rest.get(..8)) else { return };
    let (seconds, parts) = (number(time) >> 16, number(time) & 0xffff);
    let nanoseconds = (seconds as i64).saturating_mul(1_000_000_000);
    cx.leaf(&TIMESTAMP, time, nanoseconds.saturating_add(((parts * 1_000_000_000) >> 16) as i64) as u64);
}

/// Names as DNS writes them, without compression, and filling.
fn domains(cx: &mut Cx<'_>, mut rest: &[u8]) {
    while rest.first().is_some_and(|length| *length != 0) {
        let (start, mut text) = (rest, Out::new());
        while let Some((&length, behind)) = rest.split_first() {
            let Some((label, next)) = behind.split_at_checked(length.into()) else {
                return cx.malformed(rest, Malformed::short(&SEARCH, 1, length.into(), behind.len()));
            };
            rest = next;
            if length == 0 {
                break;
            }
            if cx.showing() {
                text.str(if text.is_empty() { "" } else { "." }).raw(label);
            }
        }
        let own = start.get(..start.len() - rest.len()).unwrap_or(start);
        cx.own_text(&SEARCH, own, text.as_bytes(), 0);
    }
    if !rest.is_empty() {
        cx.leaf(&PADDING, rest, 0);
    }
}

/// Writes the first link-layer address of the kind among the options, after the words.
pub(super) fn write_link(options: Option<&[u8]>, kind: u8, words: &str, out: &mut Out) {
    let mut rest = options.unwrap_or(&[]);
    while let [code, units, ..] = rest
        && *units > 0
    {
        let Some((own, behind)) = rest.split_at_checked(usize::from(*units) * 8) else { return };
        if *code == kind {
            let address = if own.len() == 16 { own.get(2..10) } else { own.get(2..) };
            out.str(words).hex_bytes(address.unwrap_or(&[]), ":");
            return;
        }
        rest = behind;
    }
}

fn write_option(item: Item<'_>, out: &mut Out) {
    if let Some(kind) = item.number(&TYPE) {
        out.str(" (").str(TYPES.name_or_unknown(kind)).byte(b')');
    }
}

fn write_link_address(item: Item<'_>, out: &mut Out) {
    out.hex_bytes(item.bytes(), ":");
}

fn write_length(item: Item<'_>, out: &mut Out) {
    out.dec(item.node.value).str(" (").dec(item.node.value * 8).str(" bytes)");
}
