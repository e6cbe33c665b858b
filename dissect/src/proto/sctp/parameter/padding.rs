//! Padding, RFC 4820, 4: makes an INIT as large as the sender likes.

use super::{Kind, ParameterType, bare, bytes_counted};
use crate::tree::Item;
use crate::{Out, Show, fields};

fields! {
    /// A padding parameter. Its value means nothing.
    pub GROUP = "sctp.parameter", "Padding parameter", Show::group().repeats().write(line), "RFC 4820, 4";
}

pub(super) static KIND: Kind =
    Kind { code: ParameterType::PADDING, group: &GROUP, value: bare, fields: FIELDS };

fn line(item: Item<'_>, out: &mut Out) {
    let length = item.child(&super::VALUE).map_or(0, |value| value.node.len);
    bytes_counted(out.str(" (Length: "), length.into()).byte(b')');
}
