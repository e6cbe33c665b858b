//! Forward TSN supported, RFC 3758, 3.1.

use super::{Kind, ParameterType};
use crate::proto::sctp::tlv::empty;
use crate::{Show, fields};

fields! {
    /// A Forward TSN supported parameter: the sender understands partial reliability. It has no value.
    pub GROUP = "sctp.parameter", "Forward TSN supported parameter", Show::group().repeats(), "RFC 3758, 3.1";
}

pub(super) static KIND: Kind =
    Kind { code: ParameterType::FORWARD_TSN_SUPPORTED, group: &GROUP, value: empty, fields: FIELDS };
