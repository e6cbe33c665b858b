//! Adaptation layer indication, RFC 5061, 4.2.6: what the applications speak above SCTP.

use super::{Kind, ParameterType};
use crate::tree::Item;
use crate::{Cx, Out, Show, fields, header};

fields! {
    /// An adaptation layer indication parameter.
    pub GROUP = "sctp.parameter", "Adaptation Layer Indication parameter", Show::group().repeats().write(line), "RFC 5061, 4.2.6";
    /// A code point that the applications agreed on.
    pub INDICATION = "sctp.adaptation_layer_indication", "Indication", Show::u32().hex(), "RFC 5061, 4.2.6";
}

header! {
    /// The value of an adaptation layer indication parameter.
    pub struct AdaptationLayerIndication {
        /// A code point that the applications agreed on.
        pub indication: u32 => INDICATION,
    }
}

pub(super) static KIND: Kind =
    Kind { code: ParameterType::ADAPTATION_LAYER_INDICATION, group: &GROUP, value, fields: FIELDS };

fn value<'b>(cx: &mut Cx<'_>, bytes: &'b [u8], _: u8) -> Option<&'b [u8]> {
    AdaptationLayerIndication::dissect(cx, bytes).map(|(_, rest)| rest)
}

fn line(item: Item<'_>, out: &mut Out) {
    if let Some(indication) = item.number(&INDICATION) {
        out.str(" (Indication: ").dec(indication).byte(b')');
    }
}
