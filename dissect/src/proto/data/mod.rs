//! Data: bytes that no protocol took.

use crate::tree::Item;
use crate::{Cx, Out, Protocol, Show, fields};

fields! {
    /// Bytes that no protocol took.
    pub(crate) ROOT = "data", "Data", Show::protocol().write_parts(write_root), "sctpdump";
    /// The bytes.
    pub DATA = "data.data", "Data", Show::bytes(), "sctpdump";
    /// How many there are.
    pub LENGTH = "data.len", "Length", Show::u32(), "sctpdump";
}

/// Data.
pub static PROTOCOL: Protocol =
    Protocol { tables: &[], ..Protocol::new("data", "Data", "Data", "sctpdump", walk, &[FIELDS]) };

pub(crate) fn walk(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    if !bytes.is_empty() {
        cx.group(&ROOT, bytes, |cx| {
            cx.leaf(&DATA, bytes, 0);
            cx.generated(&LENGTH, &[], bytes.len() as u64);
        });
    }
    true
}

fn write_root(item: Item<'_>, out: &mut Out) {
    out.str(" (").tell_size(item).str(" bytes)");
}
