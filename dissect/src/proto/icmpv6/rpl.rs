//! The messages of the routing protocol for low-power and lossy networks, RFC 6550, without their security.

use super::layout::{Cell, cell, flags, row};
use super::{DATA, RESERVED};
use crate::tree::Item;
use crate::{Codes, Cx, Malformed, Out, Show, fields};

fields! {
    /// Must be zero.
    DIS_FLAGS = "icmpv6.rpl.dis.flags", "Flags", Show::u8(), "RFC 6550, 6.2";
    /// Which instance of the protocol.
    DIO_INSTANCE = "icmpv6.rpl.dio.instance", "RPLInstanceID", Show::u8(), "RFC 6550, 6.3.1";
    /// The version of the graph.
    DIO_VERSION = "icmpv6.rpl.dio.version", "Version", Show::u8(), "RFC 6550, 6.3.1";
    /// How far the sender is from the root.
    DIO_RANK = "icmpv6.rpl.dio.rank", "Rank", Show::u16(), "RFC 6550, 6.3.1";
    /// What the graph is like.
    DIO_FLAGS = "icmpv6.rpl.dio.flag", "Flags", Show::u8().hex().repeats(), "RFC 6550, 6.3.1";
    /// The graph reaches its goal.
    DIO_GROUNDED = "icmpv6.rpl.dio.flag.g", "Grounded (G)", Show::flag().words("True", "False").mask(0x80), "RFC 6550, 6.3.1";
    /// Must be zero.
    DIO_ZERO = "icmpv6.rpl.dio.flag.0", "Zero", Show::flag().words("True", "False").mask(0x40), "RFC 6550, 6.3.1";
    /// How routes downward are kept.
    DIO_MODE = "icmpv6.rpl.dio.flag.mop", "Mode of Operation (MOP)", Show::u8().hex().mask(0x38).codes(&MODES), "RFC 6550, 6.3.1";
    /// Which root is to be preferred.
    DIO_PREFERENCE = "icmpv6.rpl.dio.flag.preference", "DODAG Preference", Show::u8().mask(7), "RFC 6550, 6.3.1";
    /// Asks for the routes downward when it changes.
    DIO_TRIGGER = "icmpv6.rpl.dio.dtsn", "Destination Advertisement Trigger Sequence Number (DTSN)", Show::u8(), "RFC 6550, 6.3.1";
    /// The graph, by its root.
    DIO_GRAPH = "icmpv6.rpl.dio.dagid", "DODAGID", Show::ipv6(), "RFC 6550, 6.3.1";
    /// Which instance of the protocol.
    DAO_INSTANCE = "icmpv6.rpl.dao.instance", "RPLInstanceID", Show::u8(), "RFC 6550, 6.4.1";
    /// What the message has and wants.
    DAO_FLAGS = "icmpv6.rpl.dao.flag", "Flags", Show::u8().hex(), "RFC 6550, 6.4.1";
    /// An answer is wanted.
    DAO_ACK = "icmpv6.rpl.dao.flag.k", "DAO-ACK Request (K)", Show::flag().words("True", "False").mask(0x80), "RFC 6550, 6.4.1";
    /// The graph is told.
    DAO_HAS_GRAPH = "icmpv6.rpl.dao.flag.d", "DODAGID Present (D)", Show::flag().words("True", "False").mask(0x40), "RFC 6550, 6.4.1";
    /// Must be zero.
    DAO_FLAGS_RESERVED = "icmpv6.rpl.dao.flag.rsv", "Reserved", Show::u8().mask(0x3f), "RFC 6550, 6.4.1";
    /// Counts the messages.
    DAO_SEQUENCE = "icmpv6.rpl.dao.sequence", "DAO Sequence", Show::u8(), "RFC 6550, 6.4.1";
    /// The graph, by its root.
    DAO_GRAPH = "icmpv6.rpl.dao.dodagid", "DODAGID", Show::ipv6(), "RFC 6550, 6.4.1";
    /// Which instance of the protocol.
    ACK_INSTANCE = "icmpv6.rpl.daoack.instance", "RPLInstanceID", Show::u8(), "RFC 6550, 6.5.1";
    /// What the message has.
    ACK_FLAGS = "icmpv6.rpl.daoack.flag", "Flag", Show::u8().hex(), "RFC 6550, 6.5.1";
    /// The graph is told.
    ACK_HAS_GRAPH = "icmpv6.rpl.daoack.flag.d", "DODAGID Present (D)", Show::flag().words("True", "False").mask(0x80), "RFC 6550, 6.5.1";
    /// Must be zero.
    ACK_FLAGS_RESERVED = "icmpv6.rpl.daoack.flag.rsv", "Reserved", Show::u8().mask(0x7f), "RFC 6550, 6.5.1";
    /// The number of the message that is answered.
    ACK_SEQUENCE = "icmpv6.rpl.daoack.sequence", "DAO-ACK Sequence", Show::u8(), "RFC 6550, 6.5.1";
    /// Whether it was taken.
    ACK_STATUS = "icmpv6.rpl.daoack.status", "Status", Show::u8(), "RFC 6550, 6.5.1";
    /// The graph, by its root.
    ACK_GRAPH = "icmpv6.rpl.daoack.dodagid", "DODAGID", Show::ipv6(), "RFC 6550, 6.5.1";
    /// An option.
    OPTION = "icmpv6.rpl.opt", "ICMPv6 RPL Option", Show::group().write(write_option).repeats(), "RFC 6550, 6.7";
    /// What the option is.
    OPTION_TYPE = "icmpv6.rpl.opt.type", "Type", Show::u8().codes(&OPTIONS), "RFC 6550, 6.7.1";
    /// The length of its data.
    OPTION_LENGTH = "icmpv6.rpl.opt.length", "Length", Show::u8(), "RFC 6550, 6.7.1";
}

static MODES: Codes = Codes {
    unknown: "Unknown",
    names: &[
        (0, "No Downward routes maintained by RPL"),
        (1, "Non-Storing Mode of Operation"),
        (2, "Storing Mode of Operation with no multicast support"),
        (3, "Storing Mode of Operation with multicast support"),
        (4, "P2P Route Discovery Mode of Operation"),
    ],
};

static OPTIONS: Codes = Codes {
    unknown: "Unknown",
    names: &[
        (0, "1-byte padding"),
        (1, "n-byte padding"),
        (2, "DAG Metric container"),
        (3, "Routing Information"),
        (4, "DODAG configuration"),
        (5, "RPL Target"),
        (6, "Transit Information"),
        (7, "Solicited Information"),
        (8, "Prefix Information"),
        (9, "RPL Target Descriptor"),
        (10, "P2P Route Discovery"),
    ],
};

static SOLICITATION: &[Cell] = &[cell(&DIS_FLAGS, 1), cell(&RESERVED, 1)];
static INFORMATION: &[Cell] = &[
    cell(&DIO_INSTANCE, 1),
    cell(&DIO_VERSION, 1),
    cell(&DIO_RANK, 2),
    flags(&DIO_FLAGS, 1, &[&DIO_GROUNDED, &DIO_ZERO, &DIO_MODE, &DIO_PREFERENCE]),
    cell(&DIO_TRIGGER, 1),
    cell(&DIO_FLAGS, 1),
    cell(&RESERVED, 1),
    cell(&DIO_GRAPH, 16),
];
static DESTINATION: &[Cell] = &[
    cell(&DAO_INSTANCE, 1),
    flags(&DAO_FLAGS, 1, &[&DAO_ACK, &DAO_HAS_GRAPH, &DAO_FLAGS_RESERVED]),
    cell(&RESERVED, 1),
    cell(&DAO_SEQUENCE, 1),
];
static ACKNOWLEDGMENT: &[Cell] = &[
    cell(&ACK_INSTANCE, 1),
    flags(&ACK_FLAGS, 1, &[&ACK_HAS_GRAPH, &ACK_FLAGS_RESERVED]),
    cell(&ACK_SEQUENCE, 1),
    cell(&ACK_STATUS, 1),
];

/// Adds a message of the code; others than the four of the base are data.
pub(super) fn walk(cx: &mut Cx<'_>, code: u8, rest: &[u8]) {
    let has_graph = |bit| rest.get(1).is_some_and(|flags| flags & bit != 0);
    let options = match code {
        0 => row(cx, rest, SOLICITATION),
        1 => row(cx, rest, INFORMATION),
        2 => {
            let behind = row(cx, rest, DESTINATION);
            if has_graph(0x40) {
                behind.and_then(|rest| row(cx, rest, &[cell(&DAO_GRAPH, 16)]))
            } else {
                behind
            }
        }
        3 => {
            let behind = row(cx, rest, ACKNOWLEDGMENT);
            if has_graph(0x80) {
                behind.and_then(|rest| row(cx, rest, &[cell(&ACK_GRAPH, 16)]))
            } else {
                behind
            }
        }
        _ => {
            cx.leaf(&DATA, rest, 0);
            return;
        }
    };
    let mut rest = options.unwrap_or(&[]);
    while let Some(kind) = rest.first().copied() {
        let length = if kind == 0 { 1 } else { rest.get(1).map_or(2, |length| usize::from(*length) + 2) };
        let Some((own, behind)) = rest.split_at_checked(length) else {
            return cx.malformed(rest, Malformed::short(&OPTION, 0, length, rest.len()));
        };
        cx.group(&OPTION, own, |cx| {
            let Some(data) = row(cx, own, &[cell(&OPTION_TYPE, 1)]).filter(|_| kind != 0) else { return };
            if let Some(data) = row(cx, data, &[cell(&OPTION_LENGTH, 1)]).filter(|data| !data.is_empty()) {
                cx.leaf(&DATA, data, 0);
            }
        });
        rest = behind;
    }
}

fn write_option(item: Item<'_>, out: &mut Out) {
    if let Some(kind) = item.number(&OPTION_TYPE) {
        out.str(" (").str(OPTIONS.name_or_unknown(kind)).byte(b')');
    }
}
