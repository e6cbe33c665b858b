//! RE-CONFIG, RFC 6525, 3.1: streams are reset and added.

use super::{Chunk, Type};
use crate::proto::sctp::association::Known;
use crate::proto::sctp::parameter;
use crate::{Cx, Show, fields};

fields! {
    /// A RE-CONFIG chunk: one or two requests or responses as parameters.
    GROUP = "sctp.chunk", "RE_CONFIG chunk", Show::group().repeats(), "RFC 6525, 3.1";
}

/// The type.
pub static TYPE: Type =
    Type { number: 130, name: "RE_CONFIG", group: &GROUP, flags: &[], dissect, fields: FIELDS };

fn dissect(cx: &mut Cx<'_>, chunk: &Chunk<'_>, _: &mut Known) {
    if cx.showing() {
        parameter::dissect_all(cx, chunk.value);
    }
}
