//! FORWARD TSN, RFC 3758, 3.2: the sender gives messages up, and the receiver waits for them no more.

use super::{Chunk, Type};
use crate::proto::sctp::association::Known;
use crate::tree::Item;
use crate::{Cx, Malformed, Out, Show, fields, header};

fields! {
    /// A FORWARD TSN chunk.
    GROUP = "sctp.chunk", "FORWARD_TSN chunk", Show::group().repeats().write(write_group), "RFC 3758, 3.2";
    /// Up to this TSN nothing more will come.
    NEW_TSN = "sctp.forward_tsn_tsn", "New cumulative TSN", Show::u32(), "RFC 3758, 3.2";
    /// A stream in which messages were given up.
    SKIPPED = "sctp.forward_tsn_stream", "Stream", Show::group().repeats(), "RFC 3758, 3.2";
    /// Which stream.
    STREAM = "sctp.forward_tsn_sid", "Stream identifier", Show::u16(), "RFC 3758, 3.2";
    /// The last message of the stream that was given up.
    SSN = "sctp.forward_tsn_ssn", "Stream sequence number", Show::u16(), "RFC 3758, 3.2";
}

/// The type.
pub static TYPE: Type =
    Type { number: 192, name: "FORWARD_TSN", group: &GROUP, flags: &[], dissect, fields: FIELDS };

header! {
    /// The fixed part of a FORWARD TSN chunk's value; the streams follow it.
    pub struct ForwardTsn {
        /// Up to this TSN nothing more will come.
        pub new_tsn: u32 => NEW_TSN,
    }
}

header! {
    /// A stream in which messages were given up.
    pub struct Skipped {
        /// The stream.
        pub stream: u16 => STREAM,
        /// The last of its messages that was given up.
        pub ssn: u16 => SSN,
    }
}

impl ForwardTsn {
    /// The streams that follow the fixed part.
    pub fn streams(rest: &[u8]) -> impl Iterator<Item = Skipped> {
        rest.chunks_exact(Skipped::LEN).filter_map(|bytes| Some(Skipped::parse(bytes).ok()?.1))
    }
}

fn dissect(cx: &mut Cx<'_>, chunk: &Chunk<'_>, _: &mut Known) {
    let Some((forward, streams)) = ForwardTsn::dissect(cx, chunk.value) else { return };
    if let Some(info) = cx.info() {
        info.str("(TSN=").dec(forward.new_tsn.into()).str(") ");
    }
    if cx.showing() {
        let (whole, rest) = streams.as_chunks::<{ Skipped::LEN }>();
        for stream in whole {
            cx.group(&SKIPPED, stream, |cx| Skipped::dissect(cx, stream));
        }
        if !rest.is_empty() {
            cx.malformed(rest, Malformed::short(&SKIPPED, 0, Skipped::LEN, rest.len()));
        }
    }
}

fn write_group(item: Item<'_>, out: &mut Out) {
    if let Some(tsn) = item.number(&NEW_TSN) {
        out.str(" (Cumulative TSN: ").dec(tsn).str(")");
    }
}
