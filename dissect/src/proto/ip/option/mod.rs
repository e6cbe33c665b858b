//! The options of an IPv4 header, RFC 791 and those that came after it.

pub mod security;

use crate::tree::Item;
use crate::{Area, Codes, Cx, Field, Malformed, Out, Severity, Show, fields};

fields! {
    /// All options of the header.
    OPTIONS = "ip.options", "Options", Show::group().write(write_options), "RFC 791, 3.1";
    /// An option of a type that is not known here.
    UNKNOWN = "ip.options.unknown", "IP Option - Unknown", Show::bytes().write(write_length).repeats(), "RFC 791, 3.1";
    /// The end of the options.
    END = "ip.options.eol", "IP Option - End of Options List (EOL)", Show::bytes().write(write_nothing).repeats(), "RFC 791, 3.1";
    /// Filling between options.
    NOP = "ip.options.nop", "IP Option - No-Operation (NOP)", Show::bytes().write(write_nothing).repeats(), "RFC 791, 3.1";
    /// Room for the addresses of the routers passed.
    RECORD_ROUTE = "ip.options.record_route", "IP Option - Record Route", Show::bytes().write(write_length).repeats(), "RFC 791, 3.1";
    /// Addresses to visit, with any others between.
    LOOSE_ROUTE = "ip.options.route", "IP Option - Loose Source Route", Show::bytes().write(write_length).repeats(), "RFC 791, 3.1";
    /// Addresses to visit, and no others.
    STRICT_ROUTE = "ip.options.source_route", "IP Option - Strict Source Route", Show::bytes().write(write_length).repeats(), "RFC 791, 3.1";
    /// Room for the times at which routers were passed.
    TIMESTAMP = "ip.options.timestamp", "IP Option - Time Stamp", Show::bytes().write(write_length).repeats(), "RFC 791, 3.1";
    /// The stream of a SATNET host.
    STREAM = "ip.options.sid", "IP Option - Stream ID", Show::bytes().write(write_length).repeats(), "RFC 791, 3.1";
    /// Collects the least MTU of the path.
    MTU_PROBE = "ip.options.mtu_probe", "IP Option - MTU Probe", Show::bytes().write(write_length).repeats(), "RFC 1063, 3";
    /// Brings the least MTU back.
    MTU_REPLY = "ip.options.mtu_reply", "IP Option - MTU Reply", Show::bytes().write(write_length).repeats(), "RFC 1063, 3";
    /// Asks routers to tell of themselves.
    TRACEROUTE = "ip.options.traceroute", "IP Option - Traceroute", Show::bytes().write(write_length).repeats(), "RFC 1393, 2.2";
    /// Asks routers to look at the packet.
    ROUTER_ALERT = "ip.options.routeralert", "IP Option - Router Alert", Show::bytes().write(write_length).repeats(), "RFC 2113, 2.1";
    /// Destinations for whom broadcast networks are to copy the packet.
    BROADCAST = "ip.options.sdb", "IP Option - Selective Directed Broadcast", Show::bytes().write(write_length).repeats(), "RFC 1770, 2";
    /// Asks for a sending rate, or reports the approved one.
    QUICK_START = "ip.options.qs", "IP Option - Quick-Start", Show::bytes().write(write_length).repeats(), "RFC 4782, 3.1";

    /// The type of the option.
    TYPE = "ip.opt.type", "Type", Show::u8(), "RFC 791, 3.1";
    /// Every fragment has a copy of the option.
    COPY = "ip.opt.type.copy", "Copy on fragmentation", Show::flag().words("Yes", "No").mask(0x80), "RFC 791, 3.1";
    /// What the option is for.
    CLASS = "ip.opt.type.class", "Class", Show::u8().mask(0x60).codes(&CLASSES), "RFC 791, 3.1";
    /// The number of the option in its class.
    NUMBER = "ip.opt.type.number", "Number", Show::u8().mask(0x1f).codes(&NUMBERS), "RFC 791, 3.1";
    /// The length of the option, with type and length.
    LENGTH = "ip.opt.len", "Length", Show::u8(), "RFC 791, 3.1";
    /// Where the next entry goes, counted from 1 at the option's type.
    POINTER = "ip.opt.ptr", "Pointer", Show::u8(), "RFC 791, 3.1";
    /// The address of a router passed.
    RECORDED = "ip.rec_rt", "Recorded Route", Show::ipv4().repeats(), "RFC 791, 3.1";
    /// Room for an address.
    EMPTY = "ip.empty_rt", "Empty Route", Show::ipv4().repeats(), "RFC 791, 3.1";
    /// An address still to visit.
    VISIT = "ip.src_rt", "Source Route", Show::ipv4().repeats(), "RFC 791, 3.1";
    /// How many routers found no room for their time.
    OVERFLOW = "ip.opt.overflow", "Overflow", Show::u8().mask(0xf0), "RFC 791, 3.1";
    /// What the entries are.
    FLAG = "ip.opt.flag", "Flag", Show::u8().hex().mask(0x0f).codes(&TIMESTAMP_FLAGS), "RFC 791, 3.1";
    /// Milliseconds since midnight UT.
    TIME = "ip.opt.time_stamp", "Time stamp", Show::u32().repeats(), "RFC 791, 3.1";
    /// Whose time follows.
    TIME_ADDRESS = "ip.opt.time_stamp_addr", "Address", Show::ipv4().repeats(), "RFC 791, 3.1";
    /// The stream.
    STREAM_ID = "ip.opt.sid", "Stream Identifier", Show::u16(), "RFC 791, 3.1";
    /// The least MTU so far.
    MTU = "ip.opt.mtu", "MTU", Show::u16(), "RFC 1063, 3";
    /// Which traceroute the packet belongs to.
    ID_NUMBER = "ip.opt.id_number", "ID Number", Show::u16(), "RFC 1393, 2.2";
    /// Hops of the outbound packet.
    OUTBOUND_HOPS = "ip.opt.ohc", "Outbound Hop Count", Show::u16(), "RFC 1393, 2.2";
    /// Hops of the return packet.
    RETURN_HOPS = "ip.opt.rhc", "Return Hop Count", Show::u16(), "RFC 1393, 2.2";
    /// Who asked.
    ORIGINATOR = "ip.opt.originator", "Originator IP Address", Show::ipv4(), "RFC 1393, 2.2";
    /// What routers are asked to do.
    ALERT = "ip.opt.ra", "Router Alert", Show::u16().codes(&ALERTS), "RFC 2113, 2.1";
    /// A destination of a directed broadcast.
    BROADCAST_ADDRESS = "ip.opt.addr", "IP Address", Show::ipv4().repeats(), "RFC 1770, 2";
    /// Whether a rate is asked for or reported.
    QS_FUNCTION = "ip.opt.qs_func", "Function", Show::u8().mask(0xf0).codes(&QS_FUNCTIONS), "RFC 4782, 3.1";
    /// The rate.
    QS_RATE = "ip.opt.qs_rate", "Rate", Show::u8().mask(0x0f).codes(&QS_RATES), "RFC 4782, 3.1";
    /// Counted down by the routers that understood.
    QS_TTL = "ip.opt.qs_ttl", "QS TTL", Show::u8(), "RFC 4782, 3.1";
    /// How far the two times to live are apart: changed by routers that did not understand.
    QS_TTL_DIFF = "ip.opt.qs_ttl_diff", "TTL Diff", Show::u8(), "RFC 4782, 4.2";
    /// Not used in a report.
    QS_UNUSED = "ip.opt.qs_unused", "Not Used", Show::u8(), "RFC 4782, 3.1";
    /// Proves that no router lied.
    QS_NONCE = "ip.opt.qs_nonce", "QS Nonce", Show::u32().hex().mask(0xffff_fffc), "RFC 4782, 3.4";
    /// Must be zero.
    QS_RESERVED = "ip.opt.qs_reserved", "Reserved", Show::u32().hex().mask(3), "RFC 4782, 3.1";

    /// The length is not one that the option can have, or goes beyond the options.
    WRONG_LENGTH = "ip.opt.len.invalid", "Invalid length for option", Show::expert(Severity::Warn, Area::Protocol), "RFC 791, 3.1";
    /// The pointer points before the first entry.
    POINTS_BEFORE = "ip.opt.ptr.before_address", "Pointer points before first address", Show::expert(Severity::Warn, Area::Protocol), "RFC 791, 3.1";
    /// The pointer points into an entry.
    POINTS_INTO = "ip.opt.ptr.middle_address", "Pointer points to middle of address", Show::expert(Severity::Warn, Area::Protocol), "RFC 791, 3.1";
    /// A router may have overwritten options.
    MANY_NOPS = "ip.nop", "4 NOP in a row - a router may have removed some options", Show::expert(Severity::Warn, Area::Protocol), "RFC 791, 3.1";
}

/// What options are for.
static CLASSES: Codes = Codes {
    unknown: "Unknown",
    names: &[
        (0, "Control"),
        (1, "Reserved for future use"),
        (2, "Debugging and measurement"),
        (3, "Reserved for future use"),
    ],
};

/// The names of options.
static NUMBERS: Codes = Codes {
    unknown: "Unknown",
    names: &[
        (0, "End of Option List (EOL)"),
        (1, "No-Operation (NOP)"),
        (2, "Security"),
        (3, "Loose source route"),
        (4, "Time stamp"),
        (5, "Extended security"),
        (6, "Commercial IP security option"),
        (7, "Record route"),
        (8, "Stream identifier"),
        (9, "Strict source route"),
        (10, "Experimental Measurement"),
        (11, "MTU probe"),
        (12, "MTU Reply"),
        (13, "Experimental Flow Control"),
        (14, "Experimental Access Control"),
        (15, "Ask Estrin"),
        (16, "IMI Traffic Descriptor"),
        (17, "Extended Internet Protocol"),
        (18, "Traceroute"),
        (19, "Address Extension"),
        (20, "Router Alert"),
        (21, "Selective Directed Broadcast"),
        (22, "Unassigned"),
        (23, "Dynamic Packet State"),
        (24, "Upstream Multicast Packet"),
        (25, "Quick-Start"),
        (30, "RFC 3692-style experiment"),
    ],
};

/// What the entries of a time stamp option are.
static TIMESTAMP_FLAGS: Codes = Codes {
    unknown: "Unknown",
    names: &[
        (0, "Time stamps only"),
        (1, "Time stamp and address"),
        (3, "Time stamps for prespecified addresses"),
    ],
};

/// What routers are asked to do.
static ALERTS: Codes = Codes { unknown: "Reserved", names: &[(0, "Router shall examine packet")] };

/// The functions of Quick-Start.
pub(crate) static QS_FUNCTIONS: Codes =
    Codes { unknown: "Unknown", names: &[(0, "Rate request"), (8, "Rate report")] };

/// The rates of Quick-Start, each twice the one before.
pub(crate) static QS_RATES: Codes = Codes {
    unknown: "Unknown",
    names: &[
        (0, "0 bit/s"),
        (1, "80 Kbit/s"),
        (2, "160 Kbit/s"),
        (3, "320 Kbit/s"),
        (4, "640 Kbit/s"),
        (5, "1.28 Mbit/s"),
        (6, "2.56 Mbit/s"),
        (7, "5.12 Mbit/s"),
        (8, "10.24 Mbit/s"),
        (9, "20.48 Mbit/s"),
        (10, "40.96 Mbit/s"),
        (11, "81.92 Mbit/s"),
        (12, "163.84 Mbit/s"),
        (13, "327.68 Mbit/s"),
        (14, "655.36 Mbit/s"),
        (15, "1.31072 Gbit/s"),
    ],
};

/// An option that is known here.
struct Known {
    code: u8,
    field: &'static Field,
    /// Its name in the line of all options.
    name: &'static str,
    /// The least length it can have; the only one, if `fixed`.
    least: u8,
    fixed: bool,
    walk: fn(&mut Cx<'_>, &[u8], &Around),
}

/// What some options need of the header around them.
struct Around {
    ttl: u8,
    /// Whether the last address of a source route is the packet's destination.
    routed: bool,
}

const fn known(
    code: u8,
    field: &'static Field,
    name: &'static str,
    least: u8,
    fixed: bool,
    walk: fn(&mut Cx<'_>, &[u8], &Around),
) -> Known {
    Known { code, field, name, least, fixed, walk }
}

static KNOWN: &[Known] = &[
    known(7, &RECORD_ROUTE, "Record Route", 3, false, route),
    known(11, &MTU_PROBE, "MTU Probe", 4, true, |cx, own, _| number(cx, &MTU, own)),
    known(12, &MTU_REPLY, "MTU Reply", 4, true, |cx, own, _| number(cx, &MTU, own)),
    known(25, &QUICK_START, "Quick-Start", 8, true, quick_start),
    known(68, &TIMESTAMP, "Time Stamp", 4, false, timestamp),
    known(82, &TRACEROUTE, "Traceroute", 12, true, traceroute),
    known(130, &security::SECURITY, "Security", 3, false, security::walk),
    known(131, &LOOSE_ROUTE, "Loose Source Route", 3, false, route),
    known(133, &security::EXTENDED, "Extended Security", 3, false, security::extended),
    known(134, &security::COMMERCIAL, "Commercial Security", 10, false, security::commercial),
    known(136, &STREAM, "Stream ID", 4, true, |cx, own, _| number(cx, &STREAM_ID, own)),
    known(137, &STRICT_ROUTE, "Strict Source Route", 3, false, route),
    known(148, &ROUTER_ALERT, "Router Alert", 4, true, |cx, own, _| number(cx, &ALERT, own)),
    known(149, &BROADCAST, "Selective Directed Broadcast", 6, false, broadcast),
];

/// The options of a header, one by one: type and bytes. Ends where a length makes no sense.
fn split(mut rest: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let length = match rest {
            [] => return None,
            [0 | 1, ..] | [_] => 1,
            [_, length, ..] => usize::from(*length).max(2),
        };
        let (own, next) = rest.split_at_checked(length).unwrap_or((rest, &[]));
        rest = if own.first() == Some(&0) { &[] } else { next };
        Some(own)
    })
}

/// The packet's destination where a source route is still under way: the route's last address.
pub fn final_destination(options: &[u8]) -> Option<u32> {
    let route = split(options).find(|own| matches!(own, [131 | 137, ..]))?;
    let [_, length, pointer, addresses @ ..] = route else { return None };
    let under_way =
        *pointer >= 4 && pointer % 4 == 0 && pointer < length && usize::from(*length) == route.len();
    let last = addresses.as_chunks::<4>().0.last()?;
    under_way.then(|| u32::from_be_bytes(*last))
}

/// Adds the options of a header of `length` bytes, with which `bytes` begin.
pub(super) fn walk(cx: &mut Cx<'_>, bytes: &[u8], length: usize, routed: bool) {
    let own = bytes.get(..length).unwrap_or(bytes);
    let options = own.get(20..).unwrap_or(&[]);
    let around = Around { ttl: bytes.get(8).copied().unwrap_or(0), routed };
    cx.group(&OPTIONS, options, |cx| {
        let mut nops = 0;
        for option in split(options) {
            let code = option.first().copied().unwrap_or(0);
            nops = if code == 1 { nops + 1 } else { 0 };
            one(cx, option, &around);
            if nops == 4 {
                cx.expert(&MANY_NOPS, option.get(..0).unwrap_or(&[]));
                nops = 0;
            }
        }
        if own.len() < length {
            cx.malformed(options, Malformed::short(&OPTIONS, 0, length - 20, options.len()));
        }
    });
}

fn one(cx: &mut Cx<'_>, own: &[u8], around: &Around) {
    let code = own.first().copied().unwrap_or(0);
    match code {
        0 => cx.group(&END, own, |cx| kind(cx, own)),
        1 => cx.group(&NOP, own, |cx| kind(cx, own)),
        _ => {
            let row = KNOWN.iter().find(|row| row.code == code);
            let field = row.map_or(&UNKNOWN, |row| row.field);
            let Some(length) = own.get(1).copied() else {
                return cx.group(field, own, |cx| {
                    kind(cx, own);
                    cx.malformed(own, Malformed::short(&LENGTH, 1, 1, 0));
                });
            };
            cx.group(field, own, |cx| {
                kind(cx, own);
                cx.leaf(&LENGTH, own.get(1..2).unwrap_or(&[]), length.into());
                let least = row.map_or(2, |row| row.least);
                if usize::from(length) != own.len()
                    || length < least
                    || row.is_some_and(|row| row.fixed && length != least)
                {
                    cx.expert(&WRONG_LENGTH, own.get(1..1).unwrap_or(&[]));
                } else if let Some(row) = row {
                    (row.walk)(cx, own, around);
                }
            });
        }
    }
}

fn kind(cx: &mut Cx<'_>, own: &[u8]) {
    if let (Some(code), Some(at)) = (own.first().copied(), own.get(..1)) {
        let code = u64::from(code);
        cx.group_with(&TYPE, at, code, |cx| cx.flags(&[&COPY, &CLASS, &NUMBER], at, code));
    }
}

/// The two bytes behind the length.
fn number(cx: &mut Cx<'_>, field: &'static Field, own: &[u8]) {
    short(cx, field, own, 2);
}

fn short(cx: &mut Cx<'_>, field: &'static Field, own: &[u8], at: usize) {
    if let Some(bytes) = own.get(at..).and_then(|rest| rest.first_chunk::<2>()) {
        cx.leaf(field, bytes, u16::from_be_bytes(*bytes).into());
    }
}

fn address(cx: &mut Cx<'_>, field: &'static Field, own: &[u8]) {
    if let Some(bytes) = own.first_chunk::<4>() {
        cx.leaf(field, bytes, u32::from_be_bytes(*bytes).into());
    }
}

/// The pointer of an option whose first entry stands at the 1-based place `first`. Whether it points to an entry.
fn pointer(cx: &mut Cx<'_>, own: &[u8], first: u8) -> Option<u8> {
    let value = own.get(2).copied()?;
    cx.leaf(&POINTER, own.get(2..3)?, value.into());
    if value < first {
        cx.expert(&POINTS_BEFORE, own.get(2..2)?);
        None
    } else if !(value - first).is_multiple_of(4) {
        cx.expert(&POINTS_INTO, own.get(2..2)?);
        None
    } else {
        Some(value)
    }
}

fn route(cx: &mut Cx<'_>, own: &[u8], around: &Around) {
    let Some(pointer) = pointer(cx, own, 4) else { return };
    let record = own.first() == Some(&7);
    let entries = own.get(3..).unwrap_or(&[]).as_chunks::<4>().0;
    for (at, entry) in entries.iter().enumerate() {
        let passed = at * 4 + 4 < usize::from(pointer);
        let last = around.routed && !record && at + 1 == entries.len();
        let field = match (passed, record) {
            _ if last => &super::DESTINATION,
            (true, _) => &RECORDED,
            (false, true) => &EMPTY,
            (false, false) => &VISIT,
        };
        address(cx, field, entry);
    }
}

fn timestamp(cx: &mut Cx<'_>, own: &[u8], _: &Around) {
    let pointer = pointer(cx, own, 5);
    let (Some(flags), Some(at)) = (own.get(3).copied(), own.get(3..4)) else { return };
    cx.flags(&[&OVERFLOW, &FLAG], at, flags.into());
    if pointer.is_none() {
        return;
    }
    for (index, entry) in own.get(4..).unwrap_or(&[]).as_chunks::<4>().0.iter().enumerate() {
        let is_address = matches!(flags & 15, 1 | 3) && index % 2 == 0;
        address(cx, if is_address { &TIME_ADDRESS } else { &TIME }, entry);
    }
}

fn traceroute(cx: &mut Cx<'_>, own: &[u8], _: &Around) {
    short(cx, &ID_NUMBER, own, 2);
    short(cx, &OUTBOUND_HOPS, own, 4);
    short(cx, &RETURN_HOPS, own, 6);
    address(cx, &ORIGINATOR, own.get(8..).unwrap_or(&[]));
}

fn broadcast(cx: &mut Cx<'_>, own: &[u8], _: &Around) {
    for entry in own.get(2..).unwrap_or(&[]).as_chunks::<4>().0 {
        address(cx, &BROADCAST_ADDRESS, entry);
    }
}

fn quick_start(cx: &mut Cx<'_>, own: &[u8], around: &Around) {
    let Some(&[_, _, ask, ttl, a, b, c, d]) = own.first_chunk::<8>() else { return };
    let at = |from, to| own.get(from..to).unwrap_or(&[]);
    let nonce = u64::from(u32::from_be_bytes([a, b, c, d]));
    cx.flags(&[&QS_FUNCTION, &QS_RATE], at(2, 3), ask.into());
    if ask >> 4 == 8 {
        cx.leaf(&QS_UNUSED, at(3, 4), ttl.into());
    } else {
        cx.leaf(&QS_TTL, at(3, 4), ttl.into());
        cx.generated(&QS_TTL_DIFF, at(3, 4), around.ttl.wrapping_sub(ttl).into());
    }
    cx.flags(&[&QS_NONCE, &QS_RESERVED], at(4, 8), nonce);
}

fn write_options(item: Item<'_>, out: &mut Out) {
    out.str(": (").dec(item.node.len.into()).str(" bytes)");
    for child in item.children() {
        if let Some(row) = KNOWN.iter().find(|row| std::ptr::eq(row.field, child.node.field)) {
            out.str(", ").str(row.name);
        }
    }
}

fn write_nothing(_: Item<'_>, _: &mut Out) {}

fn write_length(item: Item<'_>, out: &mut Out) {
    out.byte(b'(').dec(item.node.len.into()).str(" bytes)");
    if let Some(alert) = item.number(&ALERT) {
        out.str(": ").str(ALERTS.name_or_unknown(alert)).str(" (").dec(alert).byte(b')');
    }
}
