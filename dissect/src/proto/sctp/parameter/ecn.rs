//! ECN capable, reserved by RFC 9260, 3.3.2 and specified by draft-stewart-tsvwg-sctpecn.

use super::{Kind, ParameterType};
use crate::proto::sctp::tlv::empty;
use crate::{Show, fields};

fields! {
    /// An ECN parameter: the sender understands Explicit Congestion Notification. It has no value.
    pub GROUP = "sctp.parameter", "ECN parameter", Show::group().repeats(), "RFC 9260, 3.3.2";
}

pub(super) static KIND: Kind =
    Kind { code: ParameterType::ECN_CAPABLE, group: &GROUP, value: empty, fields: FIELDS };
