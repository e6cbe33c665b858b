//! Unrecognized chunk type, RFC 9260, 3.3.10.6: a chunk that the sender does not know, sent back whole.

use super::{CauseCode, Kind, information};
use crate::proto::sctp::chunk::TYPES as CHUNK_TYPES;
use crate::tree::Item;
use crate::{Out, Show, fields};

fields! {
    /// An unrecognized chunk type cause.
    pub GROUP = "sctp.cause", "Unrecognized chunk type cause", Show::group().repeats().write(line), "RFC 9260, 3.3.10.6";
}

pub(super) static KIND: Kind =
    Kind { code: CauseCode::UNRECOGNIZED_CHUNK_TYPE, group: &GROUP, value: information, fields: FIELDS };

fn line(item: Item<'_>, out: &mut Out) {
    if let Some(kind) = item.bytes().get(4) {
        let name = CHUNK_TYPES.name((*kind).into()).unwrap_or("unknown");
        out.str(" (Type: ").dec((*kind).into()).str(" (").str(name).str("))");
    }
}
