//! PAD, RFC 4820, 3: makes a packet larger, to find how large one may be.

use super::{CHUNK_LENGTH, Chunk, Type};
use crate::proto::sctp::association::Known;
use crate::tree::Item;
use crate::{Cx, Out, Show, fields};

fields! {
    /// A PAD chunk.
    GROUP = "sctp.chunk", "PAD chunk", Show::group().repeats().write(write_length), "RFC 4820, 3";
    /// Bytes without a meaning, zeros as a rule.
    PADDING_DATA = "sctp.padding_data", "Padding data", Show::bytes(), "RFC 4820, 3";
}

/// The type.
pub static TYPE: Type = Type { number: 132, name: "PAD", group: &GROUP, flags: &[], dissect, fields: FIELDS };

fn dissect(cx: &mut Cx<'_>, chunk: &Chunk<'_>, _: &mut Known) {
    cx.leaf(&PADDING_DATA, chunk.value, 0);
}

fn write_length(item: Item<'_>, out: &mut Out) {
    if let Some(length) = item.number(&CHUNK_LENGTH) {
        out.str(" (Padding data length: ").dec(length.saturating_sub(4)).str(" bytes)");
    }
}
