//! Experiments, RFC 6994.

use super::accurate_ecn::{self, Order};
use super::{INVALID_LENGTH, Lengths, OptionKind, OptionType, Place, fast_open};
use crate::header::Wire;
use crate::tree::Item;
use crate::{Cx, Out, Show, codes, fields};

codes! {
    /// An experiment identifier: IANA's TCP Experimental Option Experiment Identifiers.
    pub ExperimentId: u16, EXPERIMENT_IDS, "Unknown" {
        /// How often acknowledgments are asked for.
        ACK_RATE_REQUEST = 0x00ac, "TCP ACK Rate Request";
        /// Who is behind a shared address.
        HOST_ID = 0x0348, "Host ID";
        /// Autonomous system compensation.
        ASC = 0x0a0d, "Autonomous System Compensation";
        /// Capabilities.
        CAPABILITY = 0x0ca0, "Capability Option";
        /// A header longer than the data offset can say.
        EXTENDED_DATA_OFFSET = 0x0ed0, "Extended Data Offset";
        /// Negotiates encryption.
        ENCRYPTION_NEGOTIATION = 0x454e, "Encryption Negotiation";
        /// A number for the service.
        SERVICE_NUMBER = 0x5323, "Service Number";
        /// The interval of the clock of timestamps.
        TIMESTAMP_INTERVAL = 0x75ec, "Timestamp Interval";
        /// Accurate ECN, ECT(0) first.
        ACCURATE_ECN_0 = 0xacc0, "Accurate ECN - Order 0";
        /// Accurate ECN, ECT(1) first.
        ACCURATE_ECN_1 = 0xacc1, "Accurate ECN - Order 1";
        /// Accurate ECN.
        ACCURATE_ECN = 0xacce, "Accurate ECN";
        /// Shared memory communications.
        SHARED_MEMORY = 0xe2d4, "Shared Memory communications over RMDA protocol";
        /// Fast Open, before it had a kind of its own.
        FAST_OPEN = 0xf989, "Fast Open";
        /// Low latency.
        LOW_LATENCY = 0xf990, "Low Latency";
    }
}

fields! {
    /// An experiment.
    GROUP = "tcp.options.experimental", "TCP Option - Experimental", Show::bytes().repeats().write(write), "RFC 6994, 3";
    /// Which experiment.
    ID = "tcp.options.experimental.exid", "Experiment Identifier", Show::u16().hex().codes(&EXPERIMENT_IDS), "RFC 6994, 3";
    /// What the experiment holds.
    DATA = "tcp.options.experimental.data", "Data", Show::bytes(), "RFC 6994, 3";
    /// How many segments one acknowledgment may stand for, as a power of two.
    ACK_RATE = "tcp.options.tarr.rate", "TARR Rate", Show::u8().mask(0xfe), "draft-gomez-tcpm-ack-rate-request";
    /// A reserved bit.
    ACK_RATE_RESERVED = "tcp.options.tar.reserved", "TARR Reserved", Show::u8().mask(0x01), "draft-gomez-tcpm-ack-rate-request";
}

/// An experiment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Experiment<'a> {
    /// Which one. Some use further two bytes of the data.
    pub id: ExperimentId,
    /// What stands behind the identifier.
    pub data: &'a [u8],
}

impl<'a> Experiment<'a> {
    pub(super) fn parse(body: &'a [u8]) -> Option<Experiment<'a>> {
        let (data, id) = u16::read(body).ok()?;
        Some(Experiment { id: ExperimentId(id), data })
    }
}

pub(super) static EXPERIMENT_1: OptionType =
    OptionType { emit, line, ..OptionType::new(OptionKind::EXPERIMENT_1, &GROUP, Lengths::AtLeast(4)) };

pub(super) static EXPERIMENT_2: OptionType =
    OptionType { emit, line, ..OptionType::new(OptionKind::EXPERIMENT_2, &GROUP, Lengths::AtLeast(4)) };

fn emit(cx: &mut Cx<'_>, place: Place<'_>) {
    let (Some(Experiment { id, data }), Some(id_bytes)) =
        (Experiment::parse(place.body()), place.body().get(..2))
    else {
        return;
    };
    cx.leaf(&ID, id_bytes, id.0.into());
    match (id, data) {
        (ExperimentId::FAST_OPEN, _) => fast_open::emit_cookie(cx, place, id_bytes, data),
        (ExperimentId::ACCURATE_ECN_0, _) if data.len().is_multiple_of(3) => {
            accurate_ecn::emit(cx, Order::Zero, data);
        }
        (ExperimentId::ACCURATE_ECN_1, _) if data.len().is_multiple_of(3) => {
            accurate_ecn::emit(cx, Order::One, data);
        }
        (ExperimentId::ACK_RATE_REQUEST, [rate]) => {
            cx.flags(&[&ACK_RATE, &ACK_RATE_RESERVED], data, (*rate).into());
        }
        (_, []) => {}
        (ExperimentId::ACK_RATE_REQUEST | ExperimentId::ACCURATE_ECN_0 | ExperimentId::ACCURATE_ECN_1, _) => {
            cx.expert(&INVALID_LENGTH, data);
        }
        _ => cx.leaf(&DATA, data, 0),
    }
}

fn line(out: &mut Out, place: Place<'_>) {
    let Some(Experiment { id, data }) = Experiment::parse(place.body()) else { return };
    match (id, data) {
        (ExperimentId::FAST_OPEN, _) => fast_open::write_cookie(out, data),
        (ExperimentId::ACCURATE_ECN_0, _) => accurate_ecn::line(out, Order::Zero, data),
        (ExperimentId::ACCURATE_ECN_1, _) => accurate_ecn::line(out, Order::One, data),
        (ExperimentId::ACK_RATE_REQUEST, [rate]) => drop(out.str(" TARR=").dec(u64::from(rate >> 1))),
        (ExperimentId::ACK_RATE_REQUEST, _) => drop(out.str(" TARR")),
        _ => drop(out.str(" ExID=").hex(id.0.into(), 4)),
    }
}

fn write(item: Item<'_>, out: &mut Out) {
    if let Some(id) = item.number(&ID) {
        out.str(EXPERIMENT_IDS.name_or_unknown(id));
    }
}
