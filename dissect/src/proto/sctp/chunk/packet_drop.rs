//! PKTDROP, draft-stewart-sctp-pktdrprep, 2: reports a packet that was dropped, with the packet or its beginning.

use super::{Chunk, Type};
use crate::proto::sctp;
use crate::proto::sctp::association::{Fate, Known};
use crate::{Cx, Show, fields, header};

fields! {
    /// A PKTDROP chunk.
    GROUP = "sctp.chunk", "PKTDROP chunk", Show::group().repeats(), "draft-stewart-sctp-pktdrprep, 2";
    /// A middle box reports, not the other side.
    MIDDLE_BOX = "sctp.pckdrop_m_bit", "M-Bit",
        Show::flag().mask(1).words("Source is a middlebox", "Source is an endhost"),
        "draft-stewart-sctp-pktdrprep, 2";
    /// The packet was dropped for its checksum.
    BAD_CHECKSUM = "sctp.pckdrop_b_bit", "B-Bit",
        Show::flag().mask(2).words("SCTP checksum was incorrect", "SCTP checksum was correct"),
        "draft-stewart-sctp-pktdrprep, 2";
    /// Only the beginning of the packet is here.
    TRUNCATED = "sctp.pckdrop_t_bit", "T-Bit",
        Show::flag().mask(4).words("Packet is truncated", "Packet is not truncated"),
        "draft-stewart-sctp-pktdrprep, 2";
    /// The bandwidth of the link, or the receive buffer.
    BANDWIDTH = "sctp.pktdrop_bandwidth", "Bandwidth", Show::u32(), "draft-stewart-sctp-pktdrprep, 2";
    /// How many bytes are queued.
    QUEUE_SIZE = "sctp.pktdrop_queuesize", "Queuesize", Show::u32(), "draft-stewart-sctp-pktdrprep, 2";
    /// How long the packet was, if it is truncated here.
    TRUNCATED_LENGTH = "sctp.pktdrop_truncated_length", "Truncated length",
        Show::u16(), "draft-stewart-sctp-pktdrprep, 2";
    /// Reserved: zero.
    RESERVED = "sctp.pktdrop_reserved", "Reserved", Show::u16(), "draft-stewart-sctp-pktdrprep, 2";
    /// The beginning of the packet, when it is truncated, or when this report is quoted itself.
    DATA = "sctp.pktdrop_datafield", "Data field", Show::bytes(), "draft-stewart-sctp-pktdrprep, 2";
}

/// The type.
pub static TYPE: Type = Type {
    number: 129,
    name: "PKTDROP",
    group: &GROUP,
    flags: &[&MIDDLE_BOX, &BAD_CHECKSUM, &TRUNCATED],
    dissect,
    fields: FIELDS,
};

header! {
    /// The fixed part of a PKTDROP chunk's value; the dropped packet follows it.
    pub struct PacketDrop {
        /// The bandwidth of the link, or the receive buffer, in bytes.
        pub bandwidth: u32 => BANDWIDTH,
        /// How many bytes are queued.
        pub queue_size: u32 => QUEUE_SIZE,
        /// How long the packet was, in bytes, if it is truncated here.
        pub truncated_length: u16 => TRUNCATED_LENGTH,
        /// Reserved.
        pub reserved: u16 => RESERVED,
    }
}

fn dissect(cx: &mut Cx<'_>, chunk: &Chunk<'_>, _: &mut Known) {
    let Some((drop, packet)) = PacketDrop::dissect(cx, chunk.value) else { return };
    if packet.is_empty() || !(cx.dissecting() || cx.learns()) {
        return;
    }
    let truncated = TRUNCATED.show.mask & u64::from(chunk.flags) != 0;
    if truncated || cx.quoted {
        cx.leaf(&DATA, packet, 0);
    }
    // A report in a report stays bytes, so that they do not nest for ever.
    if !cx.quoted {
        let left_out = usize::from(drop.truncated_length).saturating_sub(packet.len());
        let cut = if truncated { left_out } else { cx.cut };
        cx.quoting(|cx| {
            cx.cut = cut;
            sctp::dissect(cx, packet, Fate::Dropped);
        });
    }
}
