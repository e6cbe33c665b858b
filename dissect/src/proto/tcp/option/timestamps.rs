//! Timestamps, RFC 7323, 3.

use super::{Lengths, OptionKind, OptionType};
use crate::tree::Item;
use crate::{Out, Show, fields, header};

fields! {
    /// Timestamps, to measure round trips and to tell old segments.
    GROUP = "tcp.options.timestamp", "TCP Option - Timestamps", Show::bytes().repeats().write_parts(write), "RFC 7323, 3.2";
    /// The sender's clock.
    VALUE = "tcp.options.timestamp.tsval", "Timestamp value", Show::u32(), "RFC 7323, 3.2";
    /// The other side's clock, as it was last seen.
    ECHO = "tcp.options.timestamp.tsecr", "Timestamp echo reply", Show::u32(), "RFC 7323, 3.2";
}

header! {
    /// The timestamps of a segment.
    pub struct Timestamps {
        /// The sender's clock, in ticks of its own.
        pub value: u32 => VALUE,
        /// The other side's clock, as it was last seen; significant with the ACK flag.
        pub echo: u32 => ECHO,
    }
}

pub(super) static TIMESTAMPS: OptionType = OptionType {
    emit: |cx, place| {
        Timestamps::dissect(cx, place.body());
    },
    line: |out, place| {
        if let Ok((_, Timestamps { value, echo })) = Timestamps::parse(place.body()) {
            out.str(" TSval=").dec(value.into()).str(" TSecr=").dec(echo.into());
        }
    },
    ..OptionType::new(OptionKind::TIMESTAMPS, &GROUP, Lengths::Exactly(10))
};

fn write(item: Item<'_>, out: &mut Out) {
    if let (Some(value), Some(echo)) = (out.find(item, &VALUE), out.find(item, &ECHO)) {
        out.str("TSval ").tell(value).str(", TSecr ").tell(echo);
    }
}
