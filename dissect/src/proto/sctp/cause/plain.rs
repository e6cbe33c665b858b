//! The causes without a value: RFC 9260, 3.3.10.4, 3.3.10.7 and 3.3.10.10.

use super::{CauseCode, Kind};
use crate::proto::sctp::tlv::empty;
use crate::{Show, fields};

fields! {
    /// An out of resource cause: the sender has no memory left for an association.
    pub OUT_OF_RESOURCE_GROUP = "sctp.cause", "Out of resource cause", Show::group().repeats(), "RFC 9260, 3.3.10.4";
    /// An invalid mandatory parameter cause: a fixed field of an INIT or INIT ACK has an impossible value.
    pub INVALID_GROUP = "sctp.cause", "Invalid mandatory parameter cause", Show::group().repeats(), "RFC 9260, 3.3.10.7";
    /// A cookie received while shutting down cause: the SHUTDOWN ACK comes again with it.
    pub SHUTTING_DOWN_GROUP = "sctp.cause", "Cookie received while shutting down cause", Show::group().repeats(), "RFC 9260, 3.3.10.10";
}

pub(super) static OUT_OF_RESOURCE: Kind =
    Kind { code: CauseCode::OUT_OF_RESOURCE, group: &OUT_OF_RESOURCE_GROUP, value: empty, fields: FIELDS };
pub(super) static INVALID_MANDATORY_PARAMETER: Kind =
    Kind { code: CauseCode::INVALID_MANDATORY_PARAMETER, group: &INVALID_GROUP, value: empty, fields: &[] };
pub(super) static COOKIE_WHILE_SHUTTING_DOWN: Kind = Kind {
    code: CauseCode::COOKIE_RECEIVED_WHILE_SHUTTING_DOWN,
    group: &SHUTTING_DOWN_GROUP,
    value: empty,
    fields: &[],
};
