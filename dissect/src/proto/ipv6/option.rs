//! The options of hop-by-hop and destination headers.

use super::Header;
use crate::proto::ip::option::{QS_FUNCTIONS, QS_RATES};
use crate::tree::Item;
use crate::{Address, Area, Base, Codes, Cx, Field, Malformed, Out, Severity, Show, fields, header};

fields! {
    /// An option.
    OPTION = "ipv6.opt", "IPv6 Option", Show::group().write(write_option).repeats(), "RFC 8200, 4.2";
    /// The type of the option.
    TYPE = "ipv6.opt.type", "Type", Show::u8().hex().codes(&TYPES), "RFC 8200, 4.2";
    /// What to do with the packet where the option is not known.
    ACTION = "ipv6.opt.type.action", "Action", Show::u8().mask(0xc0).codes(&ACTIONS), "RFC 8200, 4.2";
    /// The option may change on the way.
    CHANGE = "ipv6.opt.type.change", "May Change", Show::flag().words("Yes", "No").mask(0x20), "RFC 8200, 4.2";
    /// The rest of the type.
    LOW_BITS = "ipv6.opt.type.rest", "Low-Order Bits", Show::u8().hex().mask(0x1f), "RFC 8200, 4.2";
    /// The length of the option's data.
    LENGTH = "ipv6.opt.length", "Length", Show::u8(), "RFC 8200, 4.2";
    /// A byte of filling.
    PAD_1 = "ipv6.opt.pad1", "Pad1", Show::group(), "RFC 8200, 4.2";
    /// Filling: bytes without a meaning.
    PAD_N = "ipv6.opt.padn", "PadN", Show::bytes(), "RFC 8200, 4.2";
    /// How often the packet may still be put into another.
    TUNNEL_LIMIT = "ipv6.opt.tel", "Tunnel Encapsulation Limit", Show::u8(), "RFC 2473, 4.1.1";
    /// Why routers are to look at the packet.
    ROUTER_ALERT = "ipv6.opt.router_alert", "Router Alert", Show::u16().codes(&ALERTS), "RFC 2711, 2.1";
    /// The length of the payload, where 16 bits are too few.
    JUMBO = "ipv6.opt.jumbo", "Payload Length", Show::u32(), "RFC 2675, 2";
    /// Where the mobile node is at home: the packet's source to the layers above.
    HOME_ADDRESS = "ipv6.opt.mipv6.home_address", "MIPv6 Home Address", Show::ipv6(), "RFC 6275, 6.3";
    /// Which authority defines levels and compartments.
    DOMAIN = "ipv6.opt.calipso.doi", "CALIPSO Domain of Interpretation", Show::u32(), "RFC 5570, 5.1.3";
    /// The length of the bitmap in units of 4 bytes.
    BITMAP_LENGTH = "ipv6.opt.calipso.cmpt.length", "Compartment Length", Show::u8(), "RFC 5570, 5.1.4";
    /// The sensitivity.
    LEVEL = "ipv6.opt.calipso.sens_level", "Sensitivity Level", Show::u8(), "RFC 5570, 5.1.5";
    /// The checksum of the option.
    CALIPSO_CHECKSUM = "ipv6.opt.calipso.checksum", "Checksum", Show::u16().hex(), "RFC 5570, 5.1.6";
    /// The compartments.
    BITMAP = "ipv6.opt.calipso.cmpt_bitmap", "Compartment Bitmap", Show::bytes(), "RFC 5570, 5.1.7";
    /// How to scale the first of the times.
    SCALE_RECEIVED = "ipv6.opt.pdm.scale_dtlr", "Scale DTLR", Show::u8(), "RFC 8250, 3.2";
    /// How to scale the second of the times.
    SCALE_SENT = "ipv6.opt.pdm.scale_dtls", "Scale DTLS", Show::u8(), "RFC 8250, 3.2";
    /// The number of this packet.
    THIS_PACKET = "ipv6.opt.pdm.psn_this_pkt", "PSN This Packet", Show::u16(), "RFC 8250, 3.2";
    /// The number of the last packet received.
    LAST_RECEIVED = "ipv6.opt.pdm.psn_last_recv", "PSN Last Received", Show::u16(), "RFC 8250, 3.2";
    /// The time since the last packet was received.
    SINCE_RECEIVED = "ipv6.opt.pdm.delta_last_recv", "Delta Time Last Received", Show::u16(), "RFC 8250, 3.2";
    /// The time between the last packet sent and the answer to it.
    SINCE_SENT = "ipv6.opt.pdm.delta_last_sent", "Delta Time Last Sent", Show::u16(), "RFC 8250, 3.2";
    /// Whether a rate is asked for or reported.
    QS_FUNCTION = "ipv6.opt.qs_func", "Function", Show::u8().mask(0xf0).codes(&QS_FUNCTIONS), "RFC 4782, 3.2";
    /// The rate.
    QS_RATE = "ipv6.opt.qs_rate", "Rate", Show::u8().mask(0x0f).codes(&QS_RATES), "RFC 4782, 3.2";
    /// Counted down by the routers that understood.
    QS_TTL = "ipv6.opt.qs_ttl", "QS TTL", Show::u8(), "RFC 4782, 3.2";
    /// How far it is apart from the hop limit: changed by routers that did not understand.
    QS_TTL_DIFF = "ipv6.opt.qs_ttl_diff", "TTL Diff", Show::u8(), "RFC 4782, 4.2";
    /// Not used in a report.
    QS_UNUSED = "ipv6.opt.qs_unused", "Not Used", Show::u8(), "RFC 4782, 3.2";
    /// Proves that no router lied.
    QS_NONCE = "ipv6.opt.qs_nonce", "QS Nonce", Show::u32().hex().mask(0xffff_fffc), "RFC 4782, 3.4";
    /// Must be zero.
    QS_RESERVED = "ipv6.opt.qs_reserved", "Reserved", Show::u32().hex().mask(3), "RFC 4782, 3.2";
    /// The least MTU on the way so far.
    LEAST_MTU = "ipv6.opt.pmtu.min", "Minimum Reported PMTU", Show::u16(), "RFC 9268, 5";
    /// The least MTU of the way back.
    RETURNED_MTU = "ipv6.opt.pmtu.rtn", "Return Minimum PMTU", Show::u16(), "RFC 9268, 5";
    /// The receiver is to tell the least MTU.
    RETURN_FLAG = "ipv6.opt.pmtu.r_flag", "Return Flag", Show::flag().words("True", "False"), "RFC 9268, 5";
    /// Where in its graph the packet goes.
    RPL_FLAGS = "ipv6.opt.rpl.flag", "Flag", Show::u8().hex(), "RFC 6553, 3";
    /// The packet goes down.
    RPL_DOWN = "ipv6.opt.rpl.flag.o", "Down", Show::flag().words("True", "False").mask(0x80), "RFC 6550, 11.2";
    /// A rank did not fit.
    RPL_RANK_ERROR = "ipv6.opt.rpl.flag.r", "Rank Error", Show::flag().words("True", "False").mask(0x40), "RFC 6550, 11.2";
    /// The packet could not be forwarded.
    RPL_FORWARD_ERROR = "ipv6.opt.rpl.flag.f", "Forwarding Error", Show::flag().words("True", "False").mask(0x20), "RFC 6550, 11.2";
    /// Must be zero.
    RPL_RESERVED = "ipv6.opt.rpl.flag.rsv", "Reserved", Show::u8().hex().mask(0x1f), "RFC 6550, 11.2";
    /// Which graph.
    RPL_INSTANCE = "ipv6.opt.rpl.instance_id", "RPLInstanceID", Show::u8().hex(), "RFC 6553, 3";
    /// The rank of the sender in the graph.
    RPL_RANK = "ipv6.opt.rpl.sender_rank", "Sender Rank", Show::u16().hex(), "RFC 6553, 3";
    /// Proves that the other end sent the packet.
    ILNP_NONCE = "ipv6.opt.ilnp_nonce", "ILNP Nonce", Show::bytes(), "RFC 6744, 2";
    /// The length of the line's name.
    LINE_LENGTH = "ipv6.opt.lio.length", "LineIDLen", Show::u8(), "RFC 6788, 7";
    /// The line of the subscriber.
    LINE = "ipv6.opt.lio.line_id", "Line ID", Show::text(), "RFC 6788, 7";
    /// The flags of the Multicast Protocol for Low-Power and Lossy Networks.
    MPL_FLAGS = "ipv6.opt.mpl.flag", "Flag", Show::u8().hex(), "RFC 7731, 6.1";
    /// How long the seed's name is.
    MPL_SEED_LENGTH = "ipv6.opt.mpl.flag.s", "Seed ID Length", Show::u8().mask(0xc0), "RFC 7731, 6.1";
    /// The number is the largest that the seed sent.
    MPL_LARGEST = "ipv6.opt.mpl.flag.m", "Largest Sequence", Show::flag().words("True", "False").mask(0x20), "RFC 7731, 6.1";
    /// Must be zero.
    MPL_VERSION = "ipv6.opt.mpl.flag.v", "Version", Show::flag().words("True", "False").mask(0x10), "RFC 7731, 6.1";
    /// Must be zero.
    MPL_RESERVED = "ipv6.opt.mpl.flag.rsv", "Reserved", Show::u8().hex().mask(0x0f), "RFC 7731, 6.1";
    /// Counts the messages of the seed.
    MPL_SEQUENCE = "ipv6.opt.mpl.sequence", "Sequence", Show::u8().hex(), "RFC 7731, 6.1";
    /// The name of the seed.
    MPL_SEED = "ipv6.opt.mpl.seed_id", "Seed ID", Show::bytes(), "RFC 7731, 6.1";
    /// The flags of depth-first forwarding.
    DFF_FLAGS = "ipv6.opt.dff.flags", "Flags", Show::u8().hex(), "RFC 6971, 9";
    /// The version.
    DFF_VERSION = "ipv6.opt.dff.flag.ver", "Version (VER)", Show::u8().mask(0xc0), "RFC 6971, 9";
    /// The packet was sent again.
    DFF_DUPLICATE = "ipv6.opt.dff.flag.dup", "Duplicate (DUP)", Show::flag().words("True", "False").mask(0x20), "RFC 6971, 9";
    /// The packet goes back to a hop before.
    DFF_RETURN = "ipv6.opt.dff.flag.ret", "Return (RET)", Show::flag().words("True", "False").mask(0x10), "RFC 6971, 9";
    /// Must be zero.
    DFF_RESERVED = "ipv6.opt.dff.flag.rsv", "Reserved", Show::u8().hex().mask(0x0f), "RFC 6971, 9";
    /// Counts the packets of the originator.
    DFF_SEQUENCE = "ipv6.opt.dff.sequence_number", "Sequence Number", Show::u16().base(Base::DecHex), "RFC 6971, 9";
    /// Must be zero.
    IOAM_RESERVED = "ipv6.opt.ioam.rsv", "Reserved", Show::u8(), "RFC 9486, 3";
    /// What is collected on the way.
    IOAM_TYPE = "ipv6.opt.ioam.opt_type", "Option-Type", Show::u8().codes(&IOAM_TYPES), "RFC 9486, 3";
    /// What was collected, as its type has it.
    IOAM_DATA = "ipv6.opt.ioam.data", "IOAM data", Show::bytes(), "RFC 9486, 3";
    /// Bytes of an experiment.
    EXPERIMENT = "ipv6.opt.experimental", "Experimental Option", Show::bytes(), "RFC 4727, 3.3";
    /// Bytes of an option that is not known here.
    UNKNOWN = "ipv6.opt.unknown", "Unknown Option Payload", Show::bytes(), "RFC 8200, 4.2";
    /// The bytes are not dissected.
    UNDECODED = "ipv6.opt.unknown_data.expert", "Unknown Data (not interpreted)", Show::expert(Severity::Note, Area::Undecoded), "RFC 8200, 4.2";
    /// The option has a length that it can't have.
    WRONG_LENGTH = "ipv6.opt.invalid_len", "Invalid IPv6 option length", Show::expert(Severity::Error, Area::Malformed), "RFC 8200, 4.2";
    /// The option does not belong into this header.
    WRONG_HEADER = "ipv6.opt.header_mismatch", "Wrong options extension header for type", Show::expert(Severity::Note, Area::Protocol), "RFC 8200, 4.2";
    /// The option is no longer used.
    DEPRECATED = "ipv6.opt.deprecated", "Option type is deprecated", Show::expert(Severity::Note, Area::Deprecated), "IANA";
    /// A jumbo payload below what 16 bits can say.
    JUMBO_SHORT = "ipv6.opt.jumbo.truncated", "Jumbo Payload option present and jumbo length is below 65536", Show::expert(Severity::Error, Area::Malformed), "RFC 2675, 3";
    /// Both lengths are set.
    JUMBO_PROHIBITED = "ipv6.opt.jumbo.prohibited", "When IPv6 payload length does not equal 0 a Jumbo Payload option must not be present", Show::expert(Severity::Error, Area::Protocol), "RFC 2675, 3";
}

/// The names of options.
static TYPES: Codes = Codes {
    unknown: "Unknown",
    names: &[
        (0, "Pad1"),
        (1, "PadN"),
        (4, "Tunnel Encapsulation Limit"),
        (5, "Router Alert"),
        (7, "CALIPSO"),
        (8, "SMF_DPD"),
        (15, "Performance and Diagnostic Metrics"),
        (30, "Experimental (0x1E)"),
        (38, "Quick-Start"),
        (48, "Path MTU Option"),
        (49, "IOAM Option"),
        (62, "Experimental (0x3E)"),
        (65, "Tunnel Payload Forwarding (TPF) Information"),
        (94, "Experimental (0x5E)"),
        (99, "RPL Option"),
        (109, "MPL Option"),
        (126, "Experimental (0x7E)"),
        (138, "Endpoint Identification"),
        (139, "ILNP Nonce"),
        (140, "Line-Identification Option"),
        (158, "Experimental (0x9E)"),
        (190, "Experimental (0xBE)"),
        (194, "Jumbo Payload"),
        (201, "Home Address"),
        (222, "Experimental (0xDE)"),
        (238, "IP_DFF"),
        (254, "Experimental (0xFE)"),
    ],
};

/// What to do with an unknown option.
static ACTIONS: Codes = Codes {
    unknown: "Unknown",
    names: &[
        (0, "Skip and continue"),
        (1, "Discard"),
        (2, "Discard and send ICMP Parameter Problem"),
        (3, "Discard and send ICMP if not multicast"),
    ],
};

/// Why routers are to look.
static ALERTS: Codes = Codes { unknown: "Unknown", names: &[(0, "MLD"), (1, "RSVP"), (2, "Active Network")] };

/// What is collected on the way.
static IOAM_TYPES: Codes = Codes {
    unknown: "Unknown",
    names: &[
        (0, "Pre-allocated Trace"),
        (1, "Incremental Trace"),
        (2, "Proof of Transit"),
        (3, "Edge to Edge"),
    ],
};

/// In which header an option belongs.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    HopByHop,
    Destination,
    Either,
}

/// An option that is known here.
struct Known {
    code: u8,
    place: Place,
    /// The least length of its data; the only one, if `fixed`.
    least: u8,
    fixed: bool,
    walk: fn(&mut Cx<'_>, &[u8], &Header),
}

const fn known(
    code: u8,
    place: Place,
    least: u8,
    fixed: bool,
    walk: fn(&mut Cx<'_>, &[u8], &Header),
) -> Known {
    Known { code, place, least, fixed, walk }
}

static KNOWN: &[Known] = &[
    known(1, Place::Either, 0, false, |cx, data, _| cx.leaf(&PAD_N, data, 0)),
    known(4, Place::Destination, 1, true, |cx, data, _| number(cx, &TUNNEL_LIMIT, data)),
    known(5, Place::HopByHop, 2, true, |cx, data, _| number(cx, &ROUTER_ALERT, data)),
    known(7, Place::HopByHop, 8, false, calipso),
    known(15, Place::Destination, 10, true, metrics),
    known(38, Place::HopByHop, 6, true, quick_start),
    known(48, Place::HopByHop, 4, true, path_mtu),
    known(49, Place::Either, 2, false, ioam),
    known(99, Place::HopByHop, 4, false, rpl),
    known(109, Place::HopByHop, 2, false, mpl),
    known(139, Place::Destination, 4, false, |cx, data, _| cx.leaf(&ILNP_NONCE, data, 0)),
    known(140, Place::Destination, 1, false, line),
    known(194, Place::HopByHop, 4, true, jumbo),
    known(201, Place::Destination, 16, true, home_address),
    known(238, Place::HopByHop, 3, true, depth_first),
];

/// An option: the byte of its type, and its data if it is more than one byte.
fn split(list: &[u8]) -> Option<(&[u8], &[u8])> {
    match list {
        [0, ..] | [_] => list.split_at_checked(1),
        [_, length, ..] => Some(list.split_at_checked(usize::from(*length) + 2).unwrap_or((list, &[]))),
        [] => None,
    }
}

/// The length in the jumbo payload option of a hop-by-hop header that begins `rest`.
pub(super) fn jumbo_length(next: u8, rest: &[u8]) -> Option<u32> {
    let units = rest.get(1).filter(|_| next == 0)?;
    let mut list = rest.get(2..(usize::from(*units) + 1) * 8)?;
    while let Some((own, behind)) = split(list) {
        if let [194, 4, length @ ..] = own {
            return length.first_chunk().map(|length| u32::from_be_bytes(*length));
        }
        list = behind;
    }
    None
}

/// Adds the options of a header.
pub(super) fn walk(cx: &mut Cx<'_>, header: &Header, mut list: &[u8], is_hop_by_hop: bool) {
    while let Some((own, behind)) = split(list) {
        cx.group(&OPTION, own, |cx| one(cx, header, own, is_hop_by_hop));
        list = behind;
    }
}

fn one(cx: &mut Cx<'_>, header: &Header, own: &[u8], is_hop_by_hop: bool) {
    let Some((&[code], rest)) = own.split_first_chunk::<1>() else { return };
    let at = own.get(..1).unwrap_or(&[]);
    if code == 0 {
        cx.leaf(&TYPE, at, 0);
        return cx.leaf(&PAD_1, at, 0);
    }
    let row = KNOWN.iter().find(|row| row.code == code);
    cx.group_with(&TYPE, at, code.into(), |cx| {
        cx.flags(&[&ACTION, &CHANGE, &LOW_BITS], at, code.into());
        let wrong = if is_hop_by_hop { Place::Destination } else { Place::HopByHop };
        if row.is_some_and(|row| row.place == wrong) {
            cx.expert(&WRONG_HEADER, at);
        }
        if code == ENDPOINT_IDENTIFICATION {
            cx.expert(&DEPRECATED, at);
        }
    });
    let Some((&[length], data)) = rest.split_first_chunk::<1>() else {
        return cx.malformed(own, Malformed::short(&LENGTH, 1, 1, 0));
    };
    cx.leaf(&LENGTH, rest.get(..1).unwrap_or(&[]), length.into());
    if data.len() < length.into() {
        return cx.malformed(own, Malformed::short(&UNKNOWN, 2, length.into(), data.len()));
    }
    match row {
        Some(row) if length < row.least || row.fixed && length != row.least => {
            cx.expert(&WRONG_LENGTH, rest.get(..0).unwrap_or(&[]));
        }
        Some(row) => (row.walk)(cx, data, header),
        // The eight types of RFC 4727 for experiments.
        None if code & 0x1f == 0x1e => cx.leaf(&EXPERIMENT, data, 0),
        None if data.is_empty() => {}
        None => {
            cx.leaf(&UNKNOWN, data, 0);
            cx.expert(&UNDECODED, data.get(..0).unwrap_or(&[]));
        }
    }
}

const ENDPOINT_IDENTIFICATION: u8 = 138;

/// The data as one number.
fn number(cx: &mut Cx<'_>, field: &'static Field, data: &[u8]) {
    cx.leaf(field, data, header::number(data));
}

/// Numbers one after the other.
fn numbers(cx: &mut Cx<'_>, data: &[u8], fields: &[(&'static Field, usize)]) {
    let mut rest = data;
    for (field, size) in fields {
        let Some((own, behind)) = rest.split_at_checked(*size) else { return };
        number(cx, field, own);
        rest = behind;
    }
}

fn calipso(cx: &mut Cx<'_>, data: &[u8], _: &Header) {
    let list = [(&DOMAIN, 4), (&BITMAP_LENGTH, 1), (&LEVEL, 1), (&CALIPSO_CHECKSUM, 2)];
    numbers(cx, data, &list.map(|(field, size)| (field as &'static Field, size)));
    if let Some(bitmap) = data.get(8..).filter(|bitmap| !bitmap.is_empty()) {
        cx.leaf(&BITMAP, bitmap, 0);
    }
}

fn metrics(cx: &mut Cx<'_>, data: &[u8], _: &Header) {
    numbers(
        cx,
        data,
        &[
            (&SCALE_RECEIVED, 1),
            (&SCALE_SENT, 1),
            (&THIS_PACKET, 2),
            (&LAST_RECEIVED, 2),
            (&SINCE_RECEIVED, 2),
            (&SINCE_SENT, 2),
        ],
    );
}

fn quick_start(cx: &mut Cx<'_>, data: &[u8], header: &Header) {
    let Some(&[ask, ttl, a, b, c, d]) = data.first_chunk::<6>() else { return };
    let at = |from, to| data.get(from..to).unwrap_or(&[]);
    cx.flags(&[&QS_FUNCTION, &QS_RATE], at(0, 1), ask.into());
    if ask >> 4 == 8 {
        cx.leaf(&QS_UNUSED, at(1, 2), ttl.into());
    } else {
        cx.leaf(&QS_TTL, at(1, 2), ttl.into());
        cx.generated(&QS_TTL_DIFF, at(1, 2), header.hops.wrapping_sub(ttl).into());
    }
    cx.flags(&[&QS_NONCE, &QS_RESERVED], at(2, 6), u32::from_be_bytes([a, b, c, d]).into());
}

fn path_mtu(cx: &mut Cx<'_>, data: &[u8], _: &Header) {
    let Some(&[a, b, c, d]) = data.first_chunk::<4>() else { return };
    let at = |from, to| data.get(from..to).unwrap_or(&[]);
    cx.leaf(&LEAST_MTU, at(0, 2), u16::from_be_bytes([a, b]).into());
    // The lowest bit of the second is the flag.
    cx.leaf(&RETURNED_MTU, at(2, 4), u64::from(u16::from_be_bytes([c, d]) & 0xfffe));
    cx.leaf(&RETURN_FLAG, at(3, 4), u64::from(d & 1));
}

fn ioam(cx: &mut Cx<'_>, data: &[u8], _: &Header) {
    numbers(cx, data, &[(&IOAM_RESERVED, 1), (&IOAM_TYPE, 1)]);
    if let Some(collected) = data.get(2..).filter(|collected| !collected.is_empty()) {
        cx.leaf(&IOAM_DATA, collected, 0);
    }
}

fn rpl(cx: &mut Cx<'_>, data: &[u8], _: &Header) {
    let Some((&[flags], rest)) = data.split_first_chunk::<1>() else { return };
    let own = data.get(..1).unwrap_or(&[]);
    cx.group_with(&RPL_FLAGS, own, flags.into(), |cx| {
        cx.flags(&[&RPL_DOWN, &RPL_RANK_ERROR, &RPL_FORWARD_ERROR, &RPL_RESERVED], own, flags.into());
    });
    numbers(cx, rest, &[(&RPL_INSTANCE, 1), (&RPL_RANK, 2)]);
}

fn mpl(cx: &mut Cx<'_>, data: &[u8], _: &Header) {
    let Some((&[flags], rest)) = data.split_first_chunk::<1>() else { return };
    let own = data.get(..1).unwrap_or(&[]);
    cx.group_with(&MPL_FLAGS, own, flags.into(), |cx| {
        cx.flags(&[&MPL_SEED_LENGTH, &MPL_LARGEST, &MPL_VERSION, &MPL_RESERVED], own, flags.into());
    });
    numbers(cx, rest, &[(&MPL_SEQUENCE, 1)]);
    if let Some(seed) = rest.get(1..).filter(|seed| !seed.is_empty()) {
        cx.leaf(&MPL_SEED, seed, 0);
    }
}

fn line(cx: &mut Cx<'_>, data: &[u8], _: &Header) {
    let Some((&[length], rest)) = data.split_first_chunk::<1>() else { return };
    cx.leaf(&LINE_LENGTH, data.get(..1).unwrap_or(&[]), length.into());
    match rest.get(..length.into()) {
        Some(name) => cx.leaf(&LINE, name, 0),
        None => cx.malformed(data, Malformed::short(&LINE, 1, length.into(), rest.len())),
    }
}

fn jumbo(cx: &mut Cx<'_>, data: &[u8], header: &Header) {
    number(cx, &JUMBO, data);
    let place = data.get(..0).unwrap_or(&[]);
    if header::number(data) < 65536 {
        cx.expert(&JUMBO_SHORT, place);
    }
    if header.length != 0 {
        cx.expert(&JUMBO_PROHIBITED, place);
    }
}

fn home_address(cx: &mut Cx<'_>, data: &[u8], _: &Header) {
    cx.leaf(&HOME_ADDRESS, data, 0);
    if let Some(address) = data.first_chunk() {
        cx.addresses(Address::Ipv6(*address), cx.ends.destination);
    }
}

fn depth_first(cx: &mut Cx<'_>, data: &[u8], _: &Header) {
    let Some((&[flags], rest)) = data.split_first_chunk::<1>() else { return };
    let own = data.get(..1).unwrap_or(&[]);
    cx.group_with(&DFF_FLAGS, own, flags.into(), |cx| {
        cx.flags(&[&DFF_VERSION, &DFF_DUPLICATE, &DFF_RETURN, &DFF_RESERVED], own, flags.into());
    });
    numbers(cx, rest, &[(&DFF_SEQUENCE, 2)]);
}

fn write_option(item: Item<'_>, out: &mut Out) {
    if let Some(code) = item.number(&TYPE) {
        out.str(" (").str(TYPES.name_or_unknown(code)).byte(b')');
    }
}
