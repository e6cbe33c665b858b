//! ABORT, RFC 9260, 3.3.7.

use super::{Chunk, Type};
use crate::proto::sctp::association::Known;
use crate::proto::sctp::cause::{self, Causes};
use crate::{Cx, Show, fields};

fields! {
    /// An ABORT chunk: the end of the association, at once.
    GROUP = "sctp.chunk", "ABORT chunk", Show::group().repeats(), "RFC 9260, 3.3.7";
    /// The verification tag is the other side's own: the sender has no association and sends back what it got.
    TAG_REFLECTED = "sctp.abort_t_bit", "T-Bit",
        Show::flag().mask(1).words("Tag reflected", "Tag not reflected"), "RFC 9260, 3.3.7";
}

/// The type.
pub static TYPE: Type =
    Type { number: 6, name: "ABORT", group: &GROUP, flags: &[&TAG_REFLECTED], dissect, fields: FIELDS };

fn dissect(cx: &mut Cx<'_>, chunk: &Chunk<'_>, _: &mut Known) {
    write_cause(cx, chunk);
    cause::dissect_all(cx, chunk.value);
}

/// Writes the name of the first cause.
pub(super) fn write_cause(cx: &mut Cx<'_>, chunk: &Chunk<'_>) {
    if let (Some(info), Some(Ok(cause))) = (cx.info(), Causes::new(chunk.value).next()) {
        info.byte(b'(').str(cause.code.name().unwrap_or("Unknown cause")).str(") ");
    }
}
