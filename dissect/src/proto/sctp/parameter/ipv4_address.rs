//! IPv4 address, RFC 9260, 3.3.2.1.

use super::{Kind, ParameterType, write_address};
use crate::tree::Item;
use crate::{Cx, Out, Show, fields, header};

fields! {
    /// An IPv4 address parameter.
    pub GROUP = "sctp.parameter", "IPv4 address parameter", Show::group().repeats().write(line), "RFC 9260, 3.3.2.1";
    /// An address of the sender's.
    pub ADDRESS = "sctp.parameter_ipv4_address", "IP Version 4 address", Show::ipv4(), "RFC 9260, 3.3.2.1";
}

header! {
    /// The value of an IPv4 address parameter.
    pub struct Ipv4Address {
        /// The address.
        pub address: u32 => ADDRESS,
    }
}

pub(super) static KIND: Kind =
    Kind { code: ParameterType::IPV4_ADDRESS, group: &GROUP, value, fields: FIELDS };

fn value<'b>(cx: &mut Cx<'_>, bytes: &'b [u8], _: u8) -> Option<&'b [u8]> {
    Ipv4Address::dissect(cx, bytes).map(|(_, rest)| rest)
}

/// Writes the address behind the label, if there is one.
pub(super) fn line(item: Item<'_>, out: &mut Out) {
    let before = out.len();
    out.str(" (Address: ");
    if write_address(&item, out) {
        out.byte(b')');
    } else {
        out.truncate(before);
    }
}
