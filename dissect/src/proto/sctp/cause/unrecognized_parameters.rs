//! Unrecognized parameters, RFC 9260, 3.3.10.8: those of an INIT ACK that the sender does not know, sent back whole.

use super::{CauseCode, Kind, addresses::value};
use crate::{Show, fields};

fields! {
    /// An unrecognized parameters cause.
    pub GROUP = "sctp.cause", "Unrecognized parameters cause", Show::group().repeats(), "RFC 9260, 3.3.10.8";
}

pub(super) static KIND: Kind =
    Kind { code: CauseCode::UNRECOGNIZED_PARAMETERS, group: &GROUP, value, fields: FIELDS };
