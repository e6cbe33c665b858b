//! The parameters of ASCONF and ASCONF-ACK chunks, RFC 5061, 4.2: addresses added, deleted, made the primary one.

use super::{Family, Kind, ParameterType, write_address};
use crate::proto::sctp::cause;
use crate::tree::Item;
use crate::{Cx, Out, Show, fields, header};

fields! {
    /// An add IP address parameter.
    pub ADD_GROUP = "sctp.parameter", "Add IP address parameter", Show::group().repeats().write(address_line), "RFC 5061, 4.2.1";
    /// A delete IP address parameter.
    pub DELETE_GROUP = "sctp.parameter", "Delete IP address parameter", Show::group().repeats().write(address_line), "RFC 5061, 4.2.2";
    /// An error cause indication parameter.
    pub ERROR_GROUP = "sctp.parameter", "Error cause indication parameter", Show::group().repeats(), "RFC 5061, 4.2.3";
    /// A set primary address parameter.
    pub SET_PRIMARY_GROUP = "sctp.parameter", "Set primary address parameter", Show::group().repeats().write(address_line), "RFC 5061, 4.2.4";
    /// A success indication parameter.
    pub SUCCESS_GROUP = "sctp.parameter", "Success report parameter", Show::group().repeats().write(success_line), "RFC 5061, 4.2.5";
    /// A number by which the answer names the request.
    pub CORRELATION_ID = "sctp.correlation_id", "Correlation_id", Show::u32().hex(), "RFC 5061, 4.2";
}

header! {
    /// The beginning of a request or its answer. An address parameter or error causes may follow.
    pub struct CorrelationId {
        /// A number by which the answer names the request.
        pub number: u32 => CORRELATION_ID,
    }
}

pub(super) static ADD: Kind =
    Kind { code: ParameterType::ADD_IP_ADDRESS, group: &ADD_GROUP, value: with_address, fields: FIELDS };
pub(super) static DELETE: Kind =
    Kind { code: ParameterType::DELETE_IP_ADDRESS, group: &DELETE_GROUP, value: with_address, fields: &[] };
pub(super) static ERROR: Kind = Kind {
    code: ParameterType::ERROR_CAUSE_INDICATION,
    group: &ERROR_GROUP,
    value: with_causes,
    fields: &[],
};
pub(super) static SET_PRIMARY: Kind = Kind {
    code: ParameterType::SET_PRIMARY_ADDRESS,
    group: &SET_PRIMARY_GROUP,
    value: with_address,
    fields: &[],
};
pub(super) static SUCCESS: Kind =
    Kind { code: ParameterType::SUCCESS_INDICATION, group: &SUCCESS_GROUP, value: alone, fields: &[] };

/// A correlation id and one address parameter.
fn with_address<'b>(cx: &mut Cx<'_>, bytes: &'b [u8], depth: u8) -> Option<&'b [u8]> {
    let (_, rest) = CorrelationId::dissect(cx, bytes)?;
    Some(Family::dissect_one(cx, rest, depth + 1, false))
}

/// A correlation id and the causes of the error.
fn with_causes<'b>(cx: &mut Cx<'_>, bytes: &'b [u8], depth: u8) -> Option<&'b [u8]> {
    let (_, rest) = CorrelationId::dissect(cx, bytes)?;
    cause::Family::dissect_list(cx, rest, depth + 1);
    Some(&[])
}

fn alone<'b>(cx: &mut Cx<'_>, bytes: &'b [u8], _: u8) -> Option<&'b [u8]> {
    CorrelationId::dissect(cx, bytes).map(|(_, rest)| rest)
}

fn address_line(item: Item<'_>, out: &mut Out) {
    let Some(number) = item.number(&CORRELATION_ID) else { return };
    let before = out.len();
    if write_address(&item, out.str(" (Address: ")) {
        out.str(", correlation ID: ");
    } else {
        out.truncate(before);
        out.str(" (correlation ID: ");
    }
    out.dec(number).byte(b')');
}

fn success_line(item: Item<'_>, out: &mut Out) {
    if let Some(number) = item.number(&CORRELATION_ID) {
        out.str(" (Correlation ID: ").dec(number).byte(b')');
    }
}
