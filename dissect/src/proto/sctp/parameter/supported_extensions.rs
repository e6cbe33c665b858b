//! Supported extensions, RFC 5061, 4.2.7: the chunk types beyond the base protocol that the sender understands.

use super::{Kind, ParameterType, with_commas, write_name};
use crate::proto::sctp::chunk::TYPES as CHUNK_TYPES;
use crate::tree::Item;
use crate::{Cx, Out, Show, fields};

fields! {
    /// A supported extensions parameter.
    pub GROUP = "sctp.parameter", "Supported Extensions parameter", Show::group().repeats().write(line), "RFC 5061, 4.2.7";
    /// A chunk type that the sender understands.
    pub CHUNK_TYPE = "sctp.supported_chunk_type", "Supported chunk type", Show::u8().codes(&CHUNK_TYPES).repeats(), "RFC 5061, 4.2.7";
}

/// The value of a supported extensions parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SupportedExtensions<'a> {
    /// The chunk types, one a byte.
    pub chunk_types: &'a [u8],
}

pub(super) static KIND: Kind =
    Kind { code: ParameterType::SUPPORTED_EXTENSIONS, group: &GROUP, value, fields: FIELDS };

fn value<'b>(cx: &mut Cx<'_>, bytes: &'b [u8], _: u8) -> Option<&'b [u8]> {
    for byte in bytes.chunks(1) {
        cx.leaf(&CHUNK_TYPE, byte, byte.first().copied().unwrap_or(0).into());
    }
    Some(&[])
}

fn line(item: Item<'_>, out: &mut Out) {
    out.str(" (Supported types: ");
    with_commas(out, item.children().filter(|child| child.node.field == &CHUNK_TYPE), write_name);
    out.byte(b')');
}
