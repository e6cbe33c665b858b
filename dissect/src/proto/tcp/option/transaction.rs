//! Connection counts of T/TCP, RFC 1644, 3.1.

use super::{Lengths, OptionKind, OptionType, Place};
use crate::header::Wire;
use crate::{Cx, Out, Show, fields};

fields! {
    /// A connection count.
    GROUP = "tcp.options.cc", "TCP Option - CC", Show::bytes().repeats(), "RFC 1644, 3.1";
    /// The number of the connection.
    VALUE = "tcp.options.cc_value", "TCP CC Option", Show::u32(), "RFC 1644, 3.1";
}

pub(super) static CC: OptionType =
    OptionType { emit, line, ..OptionType::new(OptionKind::CC, &GROUP, Lengths::Exactly(6)) };

pub(super) static CC_NEW: OptionType =
    OptionType { emit, line, ..OptionType::new(OptionKind::CC_NEW, &GROUP, Lengths::Exactly(6)) };

pub(super) static CC_ECHO: OptionType =
    OptionType { emit, line, ..OptionType::new(OptionKind::CC_ECHO, &GROUP, Lengths::Exactly(6)) };

fn emit(cx: &mut Cx<'_>, place: Place<'_>) {
    if let Ok((_, value)) = u32::read(place.body()) {
        cx.leaf(&VALUE, place.body(), value.into());
    }
}

fn line(out: &mut Out, place: Place<'_>) {
    if let Ok((_, value)) = u32::read(place.body()) {
        out.str(" CC=").dec(value.into());
    }
}
