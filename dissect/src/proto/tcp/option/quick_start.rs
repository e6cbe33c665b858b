//! The Quick-Start response, RFC 4782, 3.2.

use super::{Lengths, OptionKind, OptionType};
use crate::proto::ip::option::QS_RATES;
use crate::{Show, fields, header};

fields! {
    /// The answer to a Quick-Start request.
    GROUP = "tcp.options.qs", "TCP Option - Quick-Start", Show::bytes().repeats(), "RFC 4782, 3.2";
    /// The rate that was approved.
    RATE = "tcp.options.qs.rate", "QS Rate", Show::u8().mask(0x0f).codes(&QS_RATES), "RFC 4782, 3.2";
    /// The TTL of the request less that of its IP packet.
    TTL_DIFFERENCE = "tcp.options.qs.ttl_diff", "QS TTL Diff", Show::u8(), "RFC 4782, 3.2";
    /// The nonce of the request.
    NONCE = "tcp.options.qs.nonce", "QS Nonce", Show::u32().hex().mask(0xffff_fffc), "RFC 4782, 3.2";
    /// Reserved bits.
    RESERVED = "tcp.options.qs.reserved", "Reserved", Show::u32().hex().mask(3), "RFC 4782, 3.2";
}

header! {
    /// The answer to a Quick-Start request.
    pub struct QuickStart {
        /// Four reserved bits, then the rate: 40 kbit/s shifted left by it, 0 for none.
        pub rate: u8 => RATE, by hand,
        /// The TTL of the request less that of its IP packet.
        pub ttl_difference: u8 => TTL_DIFFERENCE,
        /// The nonce, and two reserved bits.
        pub nonce: u32 => NONCE, by hand,
    }
}

pub(super) static RESPONSE: OptionType = OptionType {
    emit: |cx, place| {
        if let Some((rate, _)) = place.body().split_at_checked(1) {
            cx.bits(&RATE, rate, rate.first().copied().unwrap_or(0).into());
        }
        if let Some((QuickStart { nonce, .. }, _)) = QuickStart::dissect(cx, place.body()) {
            cx.flags(&[&NONCE, &RESERVED], place.body().get(2..).unwrap_or(&[]), nonce.into());
        }
    },
    line: |out, place| {
        let rate = place.body().first().map_or(0, |rate| rate & 15);
        out.str(" QSresp=").str(QS_RATES.name_or_unknown(rate.into()));
    },
    ..OptionType::new(OptionKind::QUICK_START_RESPONSE, &GROUP, Lengths::Exactly(8))
};
