//! Unrecognized chunk type, RFC 9260, 3.3.10.6: a chunk that the sender does not know, sent back whole.

use super::{CauseCode, Kind, information};
use crate::proto::sctp::association::Known;
use crate::proto::sctp::chunk;
use crate::tree::Item;
use crate::{Cx, Out, Show, fields};

fields! {
    /// An unrecognized chunk type cause.
    pub GROUP = "sctp.cause", "Unrecognized chunk type cause", Show::group().repeats().write(line), "RFC 9260, 3.3.10.6";
}

pub(super) static KIND: Kind =
    Kind { code: CauseCode::UNRECOGNIZED_CHUNK_TYPE, group: &GROUP, value, fields: FIELDS };

/// The chunk stands for itself: it is in no stream of this association. What it quotes in its turn is shown as bytes, so
/// that chunks do not nest for ever.
fn value<'b>(cx: &mut Cx<'_>, bytes: &'b [u8], depth: u8) -> Option<&'b [u8]> {
    if cx.quoted {
        return information(cx, bytes, depth);
    }
    // The cause has the whole chunk, unlike other quotes.
    let cut = cx.cut;
    cx.quoting(|cx| {
        cx.cut = cut;
        chunk::dissect_all(cx, bytes, &mut Known::default());
    });
    Some(&[])
}

fn line(item: Item<'_>, out: &mut Out) {
    if let Some(kind) = item.bytes().get(4) {
        let name = chunk::TYPES.name((*kind).into()).unwrap_or("unknown");
        out.str(" (Type: ").dec((*kind).into()).str(" (").str(name).str("))");
    }
}
