//! Options of the SCPS transport protocol for satellite links, CCSDS 714.0-B.

use super::{Lengths, OptionKind, OptionType, Place};
use crate::{Cx, Field, Out, Show, fields, header};

fields! {
    /// What the sender is capable of.
    GROUP = "tcp.options.scps", "TCP Option - SCPS capabilities", Show::bytes().repeats(), "CCSDS 714.0-B-2, 3.2.3";
    /// The capabilities.
    VECTOR = "tcp.options.scps.vector", "TCP SCPS Capabilities Vector", Show::u8().hex(), "CCSDS 714.0-B-2, 3.2.3";
    /// Data may be given up.
    BETS = "tcp.options.scpsflags.bets", "Partial Reliability Capable (BETS)", Show::flag().mask(0x80), "CCSDS 714.0-B-2, 3.2.3";
    /// Short negative acknowledgments.
    SNACK_1 = "tcp.options.scpsflags.snack1", "Short Form SNACK Capable (SNACK1)", Show::flag().mask(0x40), "CCSDS 714.0-B-2, 3.2.3";
    /// Long negative acknowledgments.
    SNACK_2 = "tcp.options.scpsflags.snack2", "Long Form SNACK Capable (SNACK2)", Show::flag().mask(0x20), "CCSDS 714.0-B-2, 3.2.3";
    /// Compressed headers.
    COMPRESSION = "tcp.options.scpsflags.compress", "Lossless Header Compression (COMP)", Show::flag().mask(0x10), "CCSDS 714.0-B-2, 3.2.3";
    /// Timestamps in the network layer.
    NETWORK_TIMESTAMPS = "tcp.options.scpsflags.nlts", "Network Layer Timestamp (NLTS)", Show::flag().mask(0x08), "CCSDS 714.0-B-2, 3.2.3";
    /// Reserved bits.
    RESERVED = "tcp.options.scpsflags.reserved", "Reserved", Show::u8().mask(0x07), "CCSDS 714.0-B-2, 3.2.3";
    /// The number of the connection in compressed headers.
    CONNECTION = "tcp.options.scps.binding", "Connection ID", Show::u8(), "CCSDS 714.0-B-2, 3.2.3";
    /// Which bytes are missing.
    SNACK_GROUP = "tcp.options.snack", "TCP Option - Selective Negative Acknowledgment", Show::bytes().repeats(), "CCSDS 714.0-B-2, 3.2.5";
    /// Where the hole begins, in segments behind the acknowledgment number.
    OFFSET = "tcp.options.snack.offset", "TCP SNACK Offset", Show::u16(), "CCSDS 714.0-B-2, 3.2.5";
    /// How many segments are missing.
    SIZE = "tcp.options.snack.size", "TCP SNACK Size", Show::u16(), "CCSDS 714.0-B-2, 3.2.5";
    /// A record ends.
    RECORD_GROUP = "tcp.options.scpsrec", "TCP Option - SCPS record boundary", Show::bytes().repeats(), "CCSDS 714.0-B-2, 3.2.4";
    /// Losses are due to corruption, not to congestion.
    CORRUPTION_GROUP = "tcp.options.scpscor", "TCP Option - SCPS corruption experienced", Show::bytes().repeats(), "CCSDS 714.0-B-2, 3.2.6";
}

header! {
    /// A selective negative acknowledgment.
    pub struct NegativeAck {
        /// Where the hole begins, in segments behind the acknowledgment number.
        pub offset: u16 => OFFSET,
        /// How many segments are missing.
        pub size: u16 => SIZE,
    }
}

pub(super) static CAPABILITIES: OptionType =
    OptionType { emit, line, ..OptionType::new(OptionKind::SCPS_CAPABILITIES, &GROUP, Lengths::AtLeast(4)) };

pub(super) static SNACK: OptionType = OptionType {
    emit: |cx, place| {
        NegativeAck::dissect(cx, place.body());
    },
    ..OptionType::new(OptionKind::SNACK, &SNACK_GROUP, Lengths::AtLeast(6))
};

pub(super) static RECORD_BOUNDARY: OptionType =
    OptionType::new(OptionKind::RECORD_BOUNDARIES, &RECORD_GROUP, Lengths::Exactly(2));

pub(super) static CORRUPTION: OptionType =
    OptionType::new(OptionKind::CORRUPTION_EXPERIENCED, &CORRUPTION_GROUP, Lengths::Exactly(2));

const CAPABLE: [(&Field, &str); 5] = [
    (&BETS, "BETS"),
    (&SNACK_1, "SNACK1"),
    (&SNACK_2, "SNACK2"),
    (&COMPRESSION, "COMP"),
    (&NETWORK_TIMESTAMPS, "NLTS"),
];

fn emit(cx: &mut Cx<'_>, place: Place<'_>) {
    let Some(bytes) = place.body().first_chunk::<2>() else { return };
    let (vector, connection) = (&bytes[..1], &bytes[1..]);
    let flags = u64::from(bytes[0]);
    cx.group_with(&VECTOR, vector, flags, |cx| {
        cx.flags(&CAPABLE.map(|(field, _)| field), vector, flags);
        cx.bits(&RESERVED, vector, flags);
    });
    cx.leaf(&CONNECTION, connection, bytes[1].into());
}

fn line(out: &mut Out, place: Place<'_>) {
    let [vector, connection, ..] = place.body() else { return };
    out.str(" SCPS[");
    let mut first = true;
    for (_, name) in CAPABLE.iter().filter(|(field, _)| u64::from(*vector) & field.show.mask != 0) {
        out.str(if first { "" } else { ", " }).str(name);
        first = false;
    }
    out.str("] Connection ID=").dec((*connection).into());
}
