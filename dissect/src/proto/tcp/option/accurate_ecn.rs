//! Counters of accurate ECN, RFC 9768, 3.2.3.

use super::{Lengths, OptionKind, OptionType, Place};
use crate::header::{U24, Wire};
use crate::tree::Item;
use crate::{Cx, Field, Out, Show, fields};

fields! {
    /// How many bytes arrived with which mark.
    GROUP = "tcp.options.acc_ecn", "TCP Option - Accurate ECN", Show::bytes().repeats().write(write), "RFC 9768, 3.2.3";
    /// Bytes marked ECT(0), modulo 2^24.
    ECT_0 = "tcp.options.acc_ecn.ee0b", "Accurate ECN Echo ECT(0) Byte Counter", Show::u24(), "RFC 9768, 3.2.3";
    /// Bytes marked CE, modulo 2^24.
    CE = "tcp.options.acc_ecn.eceb", "Accurate ECN Echo CE Byte Counter", Show::u24(), "RFC 9768, 3.2.3";
    /// Bytes marked ECT(1), modulo 2^24.
    ECT_1 = "tcp.options.acc_ecn.ee1b", "Accurate ECN Echo ECT(1) Byte Counter", Show::u24(), "RFC 9768, 3.2.3";
}

/// The counters of an option; trailing ones may be left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Bytes marked ECT(0), modulo 2^24.
    pub ect_0: Option<u32>,
    /// Bytes marked CE, modulo 2^24.
    pub ce: Option<u32>,
    /// Bytes marked ECT(1), modulo 2^24.
    pub ect_1: Option<u32>,
}

impl Counters {
    pub(super) fn parse(kind: OptionKind, body: &[u8]) -> Option<Counters> {
        let mut counters = Counters::default();
        for (field, bytes) in counted(Order::of(kind)?, body) {
            let value = U24::read(bytes).ok().map(|(_, value)| value.0);
            match field {
                field if field == &ECT_0 => counters.ect_0 = value,
                field if field == &CE => counters.ce = value,
                _ => counters.ect_1 = value,
            }
        }
        Some(counters)
    }
}

/// Which counter stands first.
#[derive(Clone, Copy, Debug)]
pub(super) enum Order {
    /// That of ECT(0).
    Zero,
    /// That of ECT(1).
    One,
}

impl Order {
    fn of(kind: OptionKind) -> Option<Order> {
        match kind {
            OptionKind::ACCURATE_ECN_0 => Some(Order::Zero),
            OptionKind::ACCURATE_ECN_1 => Some(Order::One),
            _ => None,
        }
    }
    fn fields(self) -> [&'static Field; 3] {
        match self {
            Order::Zero => [&ECT_0, &CE, &ECT_1],
            Order::One => [&ECT_1, &CE, &ECT_0],
        }
    }
}

const LENGTHS: Lengths = Lengths::OneOf(&[2, 5, 8, 11]);

pub(super) static ORDER_0: OptionType = OptionType {
    emit: |cx, place| emit(cx, Order::Zero, place.body()),
    line: |out, place: Place<'_>| line(out, Order::Zero, place.body()),
    ..OptionType::new(OptionKind::ACCURATE_ECN_0, &GROUP, LENGTHS)
};

pub(super) static ORDER_1: OptionType = OptionType {
    emit: |cx, place| emit(cx, Order::One, place.body()),
    line: |out, place: Place<'_>| line(out, Order::One, place.body()),
    ..OptionType::new(OptionKind::ACCURATE_ECN_1, &GROUP, LENGTHS)
};

/// The counters with their bytes.
fn counted(order: Order, body: &[u8]) -> impl Iterator<Item = (&'static Field, &[u8])> {
    order.fields().into_iter().zip(body.chunks_exact(3))
}

/// Adds the counters.
pub(super) fn emit(cx: &mut Cx<'_>, order: Order, body: &[u8]) {
    for (field, bytes) in counted(order, body) {
        if let Ok((_, value)) = U24::read(bytes) {
            cx.leaf(field, bytes, value.into());
        }
    }
}

/// Writes the counters for the summary line.
pub(super) fn line(out: &mut Out, order: Order, body: &[u8]) {
    if body.is_empty() {
        out.str(" AccECN");
    }
    for (field, bytes) in counted(order, body) {
        if let Ok((_, value)) = U24::read(bytes) {
            out.byte(b' ').str(short_name(field)).byte(b'=').dec(value.into());
        }
    }
}

fn short_name(field: &'static Field) -> &'static str {
    match field {
        field if field == &ECT_0 => "EE0B",
        field if field == &CE => "ECEB",
        _ => "EE1B",
    }
}

fn write(item: Item<'_>, out: &mut Out) {
    let counters = item.children().filter(|item| [&ECT_0, &CE, &ECT_1].contains(&item.node.field));
    for (at, counter) in counters.enumerate() {
        out.str(if at > 0 { ", " } else { "" });
        out.str(short_name(counter.node.field)).byte(b' ').dec(counter.node.value);
    }
}
