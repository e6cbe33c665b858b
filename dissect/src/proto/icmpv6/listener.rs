//! Multicast listener discovery, version 1 (RFC 2710) and 2 (RFC 3810).

use super::layout::{Cell, cell, flags, row};
use super::{RESERVED, Type};
use crate::header::number;
use crate::tree::Item;
use crate::{Codes, Cx, Malformed, Out, Show, fields};

fields! {
    /// How long a listener may wait before it answers.
    DELAY = "icmpv6.mld.maximum_response_delay", "Maximum Response Delay [ms]", Show::u16(), "RFC 2710, 3.4";
    /// How long a listener may wait before it answers, in milliseconds, decoded from a code.
    RESPONSE_CODE = "icmpv6.mld.maximum_response_code", "Maximum Response Code", Show::u32(), "RFC 3810, 5.1.3";
    /// The group; unspecified for all of them.
    ADDRESS = "icmpv6.mld.multicast_address", "Multicast Address", Show::ipv6(), "RFC 2710, 3.6";
    /// What else the router says.
    FLAGS = "icmpv6.mld.flag", "Flags", Show::u8().hex(), "RFC 3810, 5.1.7";
    /// Other routers are to keep their timers.
    SUPPRESS = "icmpv6.mld.flag.s", "Suppress Router-Side Processing", Show::flag().words("True", "False").mask(8), "RFC 3810, 5.1.7";
    /// How many losses the router reckons with.
    ROBUSTNESS = "icmpv6.mld.flag.qrv", "QRV (Querier's Robustness Variable)", Show::u8().mask(7), "RFC 3810, 5.1.8";
    /// Must be zero.
    FLAGS_RESERVED = "icmpv6.mld.flag.reserved", "Reserved", Show::u8().mask(0xf0), "RFC 3810, 5.1.6";
    /// How often the router asks, in seconds, as a code.
    INTERVAL = "icmpv6.mld.qqi", "QQIC (Querier's Query Interval Code)", Show::u16(), "RFC 3810, 5.1.9";
    /// How many sources are asked about.
    SOURCES = "icmpv6.mld.nb_sources", "Number of Sources", Show::u16(), "RFC 3810, 5.1.10";
    /// A source.
    SOURCE = "icmpv6.mld.source_address", "Source Address", Show::ipv6().repeats(), "RFC 3810, 5.1.11";
    /// How many records a report has.
    RECORDS = "icmpv6.mldr.nb_mcast_records", "Number of Multicast Address Records", Show::u16(), "RFC 3810, 5.2.3";
    /// What a listener says of one group.
    RECORD = "icmpv6.mldr.mar", "Multicast Address Record", Show::group().write(write_record).repeats(), "RFC 3810, 5.2.4";
    /// What it says.
    RECORD_TYPE = "icmpv6.mldr.mar.record_type", "Record Type", Show::u8().codes(&RECORD_TYPES), "RFC 3810, 5.2.12";
    /// The length of the auxiliary data in units of 4 bytes.
    AUXILIARY_LENGTH = "icmpv6.mldr.mar.aux_data_len", "Aux Data Len", Show::u8(), "RFC 3810, 5.2.6";
    /// How many sources the record has.
    RECORD_SOURCES = "icmpv6.mldr.mar.nb_sources", "Number of Sources", Show::u16(), "RFC 3810, 5.2.7";
    /// The group.
    RECORD_ADDRESS = "icmpv6.mldr.mar.multicast_address", "Multicast Address", Show::ipv6(), "RFC 3810, 5.2.8";
    /// A source.
    RECORD_SOURCE = "icmpv6.mldr.mar.source_address", "Source Address", Show::ipv6().repeats(), "RFC 3810, 5.2.9";
    /// Auxiliary data; none is defined.
    AUXILIARY = "icmpv6.mldr.mar.auxiliary_data", "Auxiliary Data", Show::bytes(), "RFC 3810, 5.2.10";
}

static RECORD_TYPES: Codes = Codes {
    unknown: "Unknown",
    names: &[
        (1, "Include"),
        (2, "Exclude"),
        (3, "Changed to include"),
        (4, "Changed to exclude"),
        (5, "Allow new sources"),
        (6, "Block old sources"),
    ],
};

static GROUP: &[Cell] = &[cell(&RESERVED, 2), cell(&ADDRESS, 16)];
static FIRST: &[Cell] = &[cell(&DELAY, 2), cell(&RESERVED, 2), cell(&ADDRESS, 16)];
static QUERY_FLAGS: &[Cell] = &[flags(&FLAGS, 1, &[&SUPPRESS, &ROBUSTNESS, &FLAGS_RESERVED])];
static REPORT: &[Cell] = &[cell(&RESERVED, 2), cell(&RECORDS, 2)];
static RECORD_START: &[Cell] =
    &[cell(&RECORD_TYPE, 1), cell(&AUXILIARY_LENGTH, 1), cell(&RECORD_SOURCES, 2), cell(&RECORD_ADDRESS, 16)];

/// A value of which the upper half of the range is a floating-point number: as many bits of mantissa as said.
fn decode(code: u64, bits: u32) -> u64 {
    if code >> (bits + 3) == 0 {
        return code;
    }
    let mantissa = code & ((1 << bits) - 1) | 1 << bits;
    mantissa << ((code >> bits & 7) + 3)
}

/// A query of either version, or a message of version 1.
pub(super) fn first(cx: &mut Cx<'_>, kind: u8, rest: &[u8]) {
    // A query of version 2 is told by its length, RFC 3810, 8.1.
    if Type(kind) != Type::LISTENER_QUERY || rest.len() < 24 {
        row(cx, rest, FIRST);
        return;
    }
    let Some((code, group)) = rest.split_at_checked(2) else { return };
    cx.leaf(&RESPONSE_CODE, code, decode(number(code), 12));
    let Some(behind) = row(cx, group, GROUP).and_then(|rest| row(cx, rest, QUERY_FLAGS)) else { return };
    let Some((interval, behind)) = behind.split_at_checked(1) else { return };
    cx.leaf(&INTERVAL, interval, decode(number(interval), 4));
    let Some(list) = row(cx, behind, &[cell(&SOURCES, 2)]) else { return };
    let count = behind.get(..2).map_or(0, number) as usize;
    addresses(cx, list, count, &SOURCE);
}

/// Addresses; gives what follows them.
fn addresses<'b>(
    cx: &mut Cx<'_>,
    list: &'b [u8],
    count: usize,
    field: &'static crate::Field,
) -> Option<&'b [u8]> {
    let (own, behind) = list.split_at_checked(count * 16).unwrap_or((list, &[]));
    let (whole, odd) = own.as_chunks::<16>();
    for address in whole {
        cx.leaf(field, address, 0);
    }
    if whole.len() < count {
        cx.malformed(list, Malformed::short(field, whole.len() * 16, 16, odd.len()));
        return None;
    }
    Some(behind)
}

/// A report of version 2.
pub(super) fn second(cx: &mut Cx<'_>, rest: &[u8]) {
    let Some(mut list) = row(cx, rest, REPORT) else { return };
    let count = rest.get(2..4).map_or(0, number);
    for _ in 0..count {
        let at = |from, to| list.get(from..to).map_or(0, number) as usize;
        let length = 20 + at(2, 4) * 16 + at(1, 2) * 4;
        let (own, behind) = list.split_at_checked(length).unwrap_or((list, &[]));
        let is_whole = cx.group(&RECORD, own, |cx| {
            let Some(sources) = row(cx, own, RECORD_START) else { return false };
            let Some(auxiliary) = addresses(cx, sources, at(2, 4), &RECORD_SOURCE) else { return false };
            if own.len() < length {
                cx.malformed(own, Malformed::short(&AUXILIARY, 20, at(1, 2) * 4, auxiliary.len()));
            } else if !auxiliary.is_empty() {
                cx.leaf(&AUXILIARY, auxiliary, 0);
            }
            own.len() == length
        });
        if !is_whole {
            return;
        }
        list = behind;
    }
}

fn write_record(item: Item<'_>, out: &mut Out) {
    if let Some(kind) = item.number(&RECORD_TYPE) {
        out.byte(b' ').str(RECORD_TYPES.name_or_unknown(kind));
    }
    if let Some(address) = item.child(&RECORD_ADDRESS).and_then(|item| item.bytes().first_chunk::<16>()) {
        out.str(": ").ipv6(*address);
    }
}
