//! SHUTDOWN COMPLETE, RFC 9260, 3.3.13.

use super::{Type, dissect_nothing};
use crate::{Show, fields};

fields! {
    /// A SHUTDOWN COMPLETE chunk: the association is over.
    GROUP = "sctp.chunk", "SHUTDOWN_COMPLETE chunk", Show::group().repeats(), "RFC 9260, 3.3.13";
    /// The verification tag is the other side's own: the sender has no association and sends back what it got.
    TAG_REFLECTED = "sctp.shutdown_complete_t_bit", "T-Bit",
        Show::flag().mask(1).words("Tag reflected", "Tag not reflected"), "RFC 9260, 3.3.13";
}

/// The type.
pub static TYPE: Type = Type {
    number: 14,
    name: "SHUTDOWN_COMPLETE",
    group: &GROUP,
    flags: &[&TAG_REFLECTED],
    dissect: dissect_nothing,
    fields: FIELDS,
};
