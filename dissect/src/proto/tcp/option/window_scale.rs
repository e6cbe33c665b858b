//! Window scale, RFC 7323, 2.

use super::{Lengths, OptionKind, OptionType};
use crate::tree::Item;
use crate::{Area, Out, Severity, Show, fields};

/// The largest shift there is (RFC 7323, 2.3); a larger one counts as this one.
pub const LARGEST: u8 = 14;

fields! {
    /// How far the sender's windows are shifted.
    GROUP = "tcp.options.wscale", "TCP Option - Window scale", Show::bytes().repeats().write(write), "RFC 7323, 2.2";
    /// By how many bits.
    SHIFT = "tcp.options.wscale.shift", "Shift count", Show::u8(), "RFC 7323, 2.2";
    /// What windows are to be multiplied with.
    MULTIPLIER = "tcp.options.wscale.multiplier", "Multiplier", Show::u16(), "RFC 7323, 2.2";
    /// The shift is larger than any may be.
    TOO_LARGE = "tcp.options.wscale.shift.invalid", "Window scale shift exceeds 14", Show::expert(Severity::Warn, Area::Protocol), "RFC 7323, 2.3";
}

pub(super) static WINDOW_SCALE: OptionType = OptionType {
    emit: |cx, place| {
        let Some(shift) = place.body().first() else { return };
        cx.group_with(&SHIFT, place.body(), (*shift).into(), |cx| {
            if *shift > LARGEST {
                cx.expert(&TOO_LARGE, place.body());
            }
        });
        cx.generated(&MULTIPLIER, place.body(), multiplier(*shift));
    },
    line: |out, place| {
        if let Some(shift) = place.body().first() {
            out.str(" WS=").dec(multiplier(*shift));
        }
    },
    ..OptionType::new(OptionKind::WINDOW_SCALE, &GROUP, Lengths::Exactly(3))
};

/// What a shift multiplies windows with.
pub fn multiplier(shift: u8) -> u64 {
    1 << shift.min(LARGEST)
}

fn write(item: Item<'_>, out: &mut Out) {
    if let (Some(shift), Some(multiplier)) = (item.number(&SHIFT), item.number(&MULTIPLIER)) {
        out.dec(shift).str(" (multiply by ").dec(multiplier).byte(b')');
    }
}

/// The shift among a segment's options.
pub(in super::super) fn find(options: &[u8]) -> Option<u8> {
    super::Options::new(options).find_map(|option| match option {
        Ok(super::TcpOption::WindowScale(shift)) => Some(shift),
        _ => None,
    })
}
