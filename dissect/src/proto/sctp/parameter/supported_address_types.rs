//! Supported address types, RFC 9260, 3.3.2.1: the kinds of addresses the sender can send to.

use super::{Kind, ParameterType, with_commas};
use crate::tree::Item;
use crate::{Cx, Out, Show, codes, fields};

codes! {
    /// A kind of address: the type of the parameter that holds one.
    pub AddressType: u16, ADDRESS_TYPES, "Unknown" {
        /// IPv4.
        IPV4 = 5, "IPv4 address";
        /// IPv6.
        IPV6 = 6, "IPv6 address";
        /// A host name.
        HOST_NAME = 11, "Hostname address";
    }
}

fields! {
    /// A supported address types parameter.
    pub GROUP = "sctp.parameter", "Supported address types parameter", Show::group().repeats().write(line), "RFC 9260, 3.3.2.1";
    /// A kind of address.
    pub ADDRESS_TYPE = "sctp.parameter_supported_address_type", "Supported address type", Show::u16().codes(&ADDRESS_TYPES).repeats(), "RFC 9260, 3.3.2.1";
}

/// The value of a supported address types parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SupportedAddressTypes<'a> {
    bytes: &'a [u8],
}

impl<'a> SupportedAddressTypes<'a> {
    /// Reads the value. A byte too many at the end is left aside.
    ///
    /// ```
    /// use dissect::proto::sctp::parameter::{SupportedAddressTypes, supported_address_types::AddressType};
    /// let value = SupportedAddressTypes::new(&[0, 5, 0, 6]);
    /// assert_eq!(value.types().collect::<Vec<_>>(), [AddressType::IPV4, AddressType::IPV6]);
    /// ```
    pub fn new(value: &'a [u8]) -> SupportedAddressTypes<'a> {
        SupportedAddressTypes { bytes: value }
    }
    /// The types in order.
    pub fn types(&self) -> impl Iterator<Item = AddressType> + 'a {
        self.bytes.as_chunks::<2>().0.iter().map(|pair| AddressType(u16::from_be_bytes(*pair)))
    }
}

pub(super) static KIND: Kind =
    Kind { code: ParameterType::SUPPORTED_ADDRESS_TYPES, group: &GROUP, value, fields: FIELDS };

fn value<'b>(cx: &mut Cx<'_>, bytes: &'b [u8], _: u8) -> Option<&'b [u8]> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    for pair in pairs {
        cx.leaf(&ADDRESS_TYPE, pair, u16::from_be_bytes(*pair).into());
    }
    Some(rest)
}

fn line(item: Item<'_>, out: &mut Out) {
    out.str(" (Supported types: ");
    with_commas(out, item.children().filter(|child| child.node.field == &ADDRESS_TYPE), |item, out| {
        match AddressType(item.node.value as u16) {
            AddressType::IPV4 => out.str("IPv4"),
            AddressType::IPV6 => out.str("IPv6"),
            AddressType::HOST_NAME => out.str("hostname"),
            other => out.dec(other.0.into()),
        };
    });
    out.byte(b')');
}
