//! The causes of RFC 5061, 4.3: why a request to change addresses was refused.

use super::{CauseCode, Kind, addresses, information, unknown_line};
use crate::proto::sctp::parameter::write_address;
use crate::tree::Item;
use crate::{Out, Show, fields};

fields! {
    /// A request to delete the last address: it would leave the association without any.
    pub DELETE_LAST_GROUP = "sctp.cause", "Request to delete last address cause", Show::group().repeats().write(last_line), "RFC 5061, 4.3.1";
    /// An operation refused due to resource shortage.
    pub RESOURCE_SHORTAGE_GROUP = "sctp.cause", "Operation refused due to resource shortage cause", Show::group().repeats(), "RFC 5061, 4.3.2";
    /// A request to delete the source address: that which the packet came from.
    pub DELETE_SOURCE_GROUP = "sctp.cause", "Request to delete source address cause", Show::group().repeats().write(source_line), "RFC 5061, 4.3.3";
    /// An association aborted due to an illegal ASCONF-ACK.
    pub ILLEGAL_ACK_GROUP = "sctp.cause", "Association Aborted due to illegal ASCONF-ACK cause", Show::group().repeats().write(unknown_line), "RFC 5061, 4.3.4";
    /// A request refused for lack of authorization.
    pub NO_AUTHORIZATION_GROUP = "sctp.cause", "Request refused - no authorization cause", Show::group().repeats(), "RFC 5061, 4.3.5";
}

pub(super) static DELETE_LAST: Kind = Kind {
    code: CauseCode::DELETE_LAST_ADDRESS,
    group: &DELETE_LAST_GROUP,
    value: addresses::value,
    fields: FIELDS,
};
pub(super) static RESOURCE_SHORTAGE: Kind = Kind {
    code: CauseCode::RESOURCE_SHORTAGE,
    group: &RESOURCE_SHORTAGE_GROUP,
    value: addresses::value,
    fields: &[],
};
pub(super) static DELETE_SOURCE: Kind = Kind {
    code: CauseCode::DELETE_SOURCE_ADDRESS,
    group: &DELETE_SOURCE_GROUP,
    value: addresses::value,
    fields: &[],
};
pub(super) static ILLEGAL_ACK: Kind =
    Kind { code: CauseCode::ILLEGAL_ASCONF_ACK, group: &ILLEGAL_ACK_GROUP, value: information, fields: &[] };
pub(super) static NO_AUTHORIZATION: Kind = Kind {
    code: CauseCode::NO_AUTHORIZATION,
    group: &NO_AUTHORIZATION_GROUP,
    value: addresses::value,
    fields: &[],
};

fn last_line(item: Item<'_>, out: &mut Out) {
    write_address(&item, out.str(" (Last address: "));
    out.byte(b')');
}

fn source_line(item: Item<'_>, out: &mut Out) {
    write_address(&item, out.str(" (Deleted address: "));
    out.byte(b')');
}
