//! Unrecognized parameter, RFC 9260, 3.3.3.1: a parameter of the INIT that the sender does not know, sent back whole.

use super::{Family, Kind, ParameterType};
use crate::{Cx, Show, fields};

fields! {
    /// An unrecognized parameter parameter.
    pub GROUP = "sctp.parameter", "Unrecognized parameter parameter", Show::group().repeats(), "RFC 9260, 3.3.3.1";
}

pub(super) static KIND: Kind =
    Kind { code: ParameterType::UNRECOGNIZED_PARAMETER, group: &GROUP, value, fields: FIELDS };

fn value<'b>(cx: &mut Cx<'_>, bytes: &'b [u8], depth: u8) -> Option<&'b [u8]> {
    Family::dissect_inside(cx, bytes, depth + 1);
    Some(&[])
}
