//! User timeout, RFC 5482.

use super::{Lengths, OptionKind, OptionType};
use crate::header::Wire;
use crate::{Show, fields};

fields! {
    /// How long the sender waits for acknowledgments.
    GROUP = "tcp.options.user_to", "TCP Option - User Timeout", Show::bytes().repeats(), "RFC 5482, 3";
    /// What the timeout counts.
    GRANULARITY = "tcp.options.user_to_granularity", "Granularity", Show::flag().mask(0x8000).words("Minutes", "Seconds"), "RFC 5482, 3";
    /// The timeout.
    VALUE = "tcp.options.user_to_val", "User Timeout", Show::u16().mask(0x7fff), "RFC 5482, 3";
}

/// How long the sender waits for acknowledgments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UserTimeout {
    /// The timeout, in seconds.
    pub seconds: u32,
}

impl UserTimeout {
    pub(super) fn parse(body: &[u8]) -> Option<UserTimeout> {
        let (_, number) = u16::read(body).ok()?;
        let unit = if number & 0x8000 != 0 { 60 } else { 1 };
        Some(UserTimeout { seconds: u32::from(number & 0x7fff) * unit })
    }
}

pub(super) static USER_TIMEOUT: OptionType = OptionType {
    emit: |cx, place| {
        if let Ok((_, number)) = u16::read(place.body()) {
            cx.flags(&[&GRANULARITY, &VALUE], place.body(), number.into());
        }
    },
    line: |out, place| {
        if let Ok((_, number)) = u16::read(place.body()) {
            out.str(" USER_TO=").dec(u64::from(number & 0x7fff));
        }
    },
    ..OptionType::new(OptionKind::USER_TIMEOUT, &GROUP, Lengths::Exactly(4))
};
