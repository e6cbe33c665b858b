//! Maximum segment size, RFC 9293, 3.2 and 3.7.1.

use super::super::Flags;
use super::{Lengths, OptionKind, OptionType};
use crate::header::Wire;
use crate::tree::Item;
use crate::{Area, Out, Severity, Show, fields};

fields! {
    /// The largest segment the sender takes.
    GROUP = "tcp.options.mss", "TCP Option - Maximum segment size", Show::bytes().repeats().write(write), "RFC 9293, 3.2";
    /// The bytes of data that the largest segment carries.
    VALUE = "tcp.options.mss_val", "MSS Value", Show::u16(), "RFC 9293, 3.2";
    /// A SYN with options, and without this one.
    pub(super) ABSENT = "tcp.options.mss.absent", "The SYN packet does not contain a MSS option", Show::expert(Severity::Note, Area::Protocol), "RFC 9293, 3.7.1";
    /// The option outside of a SYN, where it must not be.
    PRESENT = "tcp.options.mss.present", "The non-SYN packet does contain a MSS option", Show::expert(Severity::Warn, Area::Protocol), "RFC 9293, 3.7.1";
}

pub(super) static MAXIMUM_SEGMENT_SIZE: OptionType = OptionType {
    emit: |cx, place| {
        if !place.header.flags().contains(Flags::SYN) {
            cx.expert(&PRESENT, place.bytes);
        }
        if let Ok((_, size)) = u16::read(place.body()) {
            cx.leaf(&VALUE, place.body(), size.into());
        }
    },
    line: |out, place| {
        if let Ok((_, size)) = u16::read(place.body()) {
            out.str(" MSS=").dec(size.into());
        }
    },
    ..OptionType::new(OptionKind::MAXIMUM_SEGMENT_SIZE, &GROUP, Lengths::Exactly(4))
};

fn write(item: Item<'_>, out: &mut Out) {
    if let Some(size) = item.number(&VALUE) {
        out.dec(size).str(" bytes");
    }
}
