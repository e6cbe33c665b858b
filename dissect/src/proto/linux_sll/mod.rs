//! Linux cooked-mode capture, LINKTYPE_LINUX_SLL, LINKTYPE_LINUX_SLL2.

use crate::{Cx, Protocol, Show, fields};

fields! {
    /// Linux cooked-mode capture.
    ROOT = "sll", "Linux cooked-mode capture", Show::protocol(), "LINKTYPE_LINUX_SLL, LINKTYPE_LINUX_SLL2";
}

/// Linux cooked-mode capture.
pub static PROTOCOL: Protocol = Protocol {
    ..Protocol::new(
        "sll",
        "SLL",
        "Linux cooked-mode capture",
        "LINKTYPE_LINUX_SLL, LINKTYPE_LINUX_SLL2",
        walk,
        &[FIELDS],
    )
};

fn walk(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    cx.column(PROTOCOL.title);
    cx.group(&ROOT, bytes, |_| ());
    true
}
