//! ERROR, RFC 9260, 3.3.10.

use super::abort::write_cause;
use super::{Chunk, Type};
use crate::proto::sctp::association::Known;
use crate::proto::sctp::cause;
use crate::{Cx, Show, fields};

fields! {
    /// An ERROR chunk: tells of faults; the association lives on.
    GROUP = "sctp.chunk", "ERROR chunk", Show::group().repeats(), "RFC 9260, 3.3.10";
}

/// The type.
pub static TYPE: Type = Type { number: 9, name: "ERROR", group: &GROUP, flags: &[], dissect, fields: FIELDS };

fn dissect(cx: &mut Cx<'_>, chunk: &Chunk<'_>, _: &mut Known) {
    write_cause(cx, chunk);
    cause::dissect_all(cx, chunk.value);
}
