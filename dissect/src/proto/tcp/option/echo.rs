//! Echo and echo reply, RFC 1072, 3: the forerunners of timestamps.

use super::{Lengths, OptionKind, OptionType, Place};
use crate::header::Wire;
use crate::{Cx, Out, Show, fields};

fields! {
    /// Asks for an echo, or is one.
    GROUP = "tcp.options.echo", "TCP Option - Echo", Show::bytes().repeats(), "RFC 1072, 3";
    /// The bytes that are sent back.
    VALUE = "tcp.options.echo_value", "TCP Echo Option", Show::u32(), "RFC 1072, 3";
}

pub(super) static ECHO: OptionType =
    OptionType { emit, line, ..OptionType::new(OptionKind::ECHO, &GROUP, Lengths::Exactly(6)) };

pub(super) static REPLY: OptionType =
    OptionType { emit, line, ..OptionType::new(OptionKind::ECHO_REPLY, &GROUP, Lengths::Exactly(6)) };

fn emit(cx: &mut Cx<'_>, place: Place<'_>) {
    if let Ok((_, value)) = u32::read(place.body()) {
        cx.leaf(&VALUE, place.body(), value.into());
    }
}

fn line(out: &mut Out, place: Place<'_>) {
    if let Ok((_, value)) = u32::read(place.body()) {
        out.str(" ECHO=").dec(value.into());
    }
}
