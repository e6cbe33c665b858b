//! I-FORWARD-TSN, RFC 8260, 2.3.1: FORWARD TSN for interleaved messages.

use super::{Chunk, Type};
use crate::proto::sctp::association::Known;
use crate::tree::Item;
use crate::{Cx, Malformed, Out, Show, fields, header};

fields! {
    /// An I-FORWARD-TSN chunk.
    GROUP = "sctp.chunk", "I_FORWARD_TSN chunk",
        Show::group().repeats().write(write_group), "RFC 8260, 2.3.1";
    /// Up to this TSN nothing more will come.
    NEW_TSN = "sctp.i_forward_tsn_tsn", "New cumulative TSN", Show::u32(), "RFC 8260, 2.3.1";
    /// A stream in which messages were given up.
    SKIPPED = "sctp.i_forward_tsn_stream", "Stream", Show::group().repeats(), "RFC 8260, 2.3.1";
    /// Which stream.
    STREAM = "sctp.i_forward_tsn_sid", "Stream identifier", Show::u16(), "RFC 8260, 2.3.1";
    /// Flags: whether ordered or unordered messages are meant.
    FLAGS = "sctp.i_forward_tsn_flags", "Flags", Show::u16().hex(), "RFC 8260, 2.3.1";
    /// Reserved: zero.
    RESERVED = "sctp.i_forward_tsn_res", "Reserved", Show::u16().mask(0xfffe), "RFC 8260, 2.3.1";
    /// Unordered messages are meant.
    UNORDERED = "sctp.i_forward_tsn_u_bit", "U-Bit",
        Show::flag().mask(1).words("Unordered messages", "Ordered messages"), "RFC 8260, 2.3.1";
    /// The last message of the stream that was given up.
    MID = "sctp.forward_tsn_mid", "Message identifier", Show::u32(), "RFC 8260, 2.3.1";
}

/// The type.
pub static TYPE: Type =
    Type { number: 194, name: "I_FORWARD_TSN", group: &GROUP, flags: &[], dissect, fields: FIELDS };

header! {
    /// The fixed part of an I-FORWARD-TSN chunk's value; the streams follow it.
    pub struct IForwardTsn {
        /// Up to this TSN nothing more will come.
        pub new_tsn: u32 => NEW_TSN,
    }
}

header! {
    /// A stream in which messages were given up.
    pub struct Skipped {
        /// The stream.
        pub stream: u16 => STREAM,
        /// The lowest bit: unordered messages are meant. The others are reserved.
        pub flags: u16 => FLAGS, by hand,
        /// The last of its messages that was given up.
        pub mid: u32 => MID, by hand,
    }
}

impl IForwardTsn {
    /// The streams that follow the fixed part.
    pub fn streams(rest: &[u8]) -> impl Iterator<Item = Skipped> {
        rest.chunks_exact(Skipped::LEN).filter_map(|bytes| Some(Skipped::parse(bytes).ok()?.1))
    }
}

fn dissect(cx: &mut Cx<'_>, chunk: &Chunk<'_>, _: &mut Known) {
    let Some((forward, streams)) = IForwardTsn::dissect(cx, chunk.value) else { return };
    if let Some(info) = cx.info() {
        info.str("(TSN=").dec(forward.new_tsn.into()).str(") ");
    }
    if cx.showing() {
        let (whole, rest) = streams.as_chunks::<{ Skipped::LEN }>();
        for stream in whole {
            cx.group(&SKIPPED, stream, |cx| dissect_stream(cx, stream));
        }
        if !rest.is_empty() {
            cx.malformed(rest, Malformed::short(&SKIPPED, 0, Skipped::LEN, rest.len()));
        }
    }
}

fn dissect_stream(cx: &mut Cx<'_>, bytes: &[u8]) {
    let Some((stream, _)) = Skipped::dissect(cx, bytes) else { return };
    let (flags, mid) = (bytes.get(2..4).unwrap_or(&[]), bytes.get(4..).unwrap_or(&[]));
    cx.group_with(&FLAGS, flags, stream.flags.into(), |cx| {
        cx.flags(&[&RESERVED, &UNORDERED], flags, stream.flags.into());
    });
    cx.leaf(&MID, mid, stream.mid.into());
}

fn write_group(item: Item<'_>, out: &mut Out) {
    if let Some(tsn) = item.number(&NEW_TSN) {
        out.str(" (Cumulative TSN: ").dec(tsn).str(")");
    }
}
