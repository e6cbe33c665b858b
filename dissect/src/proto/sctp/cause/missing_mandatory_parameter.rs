//! Missing mandatory parameter, RFC 9260, 3.3.10.2: which ones an INIT or INIT ACK lacks.

use super::{CauseCode, Kind};
use crate::proto::sctp::parameter::PARAMETER_TYPES;
use crate::{Cx, Malformed, Show, fields, header};

fields! {
    /// A missing mandatory parameter cause.
    pub GROUP = "sctp.cause", "Missing mandatory parameter cause", Show::group().repeats(), "RFC 9260, 3.3.10.2";
    /// How many are missing.
    pub COUNT = "sctp.cause_nr_of_missing_parameters", "Number of missing parameters", Show::u32(), "RFC 9260, 3.3.10.2";
    /// The type of a missing one.
    pub PARAMETER_TYPE = "sctp.cause_missing_parameter_type", "Missing parameter type", Show::u16().hex().codes(&PARAMETER_TYPES).repeats(), "RFC 9260, 3.3.10.2";
}

header! {
    /// The beginning of a missing mandatory parameter cause; that many types follow, two bytes each.
    pub struct MissingMandatoryParameter {
        /// How many are missing.
        pub count: u32 => COUNT,
    }
}

pub(super) static KIND: Kind =
    Kind { code: CauseCode::MISSING_MANDATORY_PARAMETER, group: &GROUP, value, fields: FIELDS };

fn value<'b>(cx: &mut Cx<'_>, bytes: &'b [u8], _: u8) -> Option<&'b [u8]> {
    let (header, rest) = MissingMandatoryParameter::dissect(cx, bytes)?;
    let (types, count) = (rest.as_chunks::<2>().0, header.count as usize);
    for kind in types.iter().take(count) {
        cx.leaf(&PARAMETER_TYPE, kind, u16::from_be_bytes(*kind).into());
    }
    if types.len() < count {
        let (at, left) = (types.len() * 2, rest.len() % 2);
        cx.malformed(rest, Malformed::short(&PARAMETER_TYPE, at, 2, left));
        return None;
    }
    rest.get(count * 2..)
}
