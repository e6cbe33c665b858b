//! IPv6 address, RFC 9260, 3.3.2.1.

use super::{Kind, ParameterType, ipv4_address::line};
use crate::{Cx, Show, fields, header};

fields! {
    /// An IPv6 address parameter.
    pub GROUP = "sctp.parameter", "IPv6 address parameter", Show::group().repeats().write(line), "RFC 9260, 3.3.2.1";
    /// An address of the sender's.
    pub ADDRESS = "sctp.parameter_ipv6_address", "IP Version 6 address", Show::ipv6(), "RFC 9260, 3.3.2.1";
}

header! {
    /// The value of an IPv6 address parameter.
    pub struct Ipv6Address {
        /// The address.
        pub address: [u8; 16] => ADDRESS,
    }
}

pub(super) static KIND: Kind =
    Kind { code: ParameterType::IPV6_ADDRESS, group: &GROUP, value, fields: FIELDS };

fn value<'b>(cx: &mut Cx<'_>, bytes: &'b [u8], _: u8) -> Option<&'b [u8]> {
    Ipv6Address::dissect(cx, bytes).map(|(_, rest)| rest)
}
