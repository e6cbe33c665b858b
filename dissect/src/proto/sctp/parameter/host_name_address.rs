//! Host name address, RFC 9260, 3.3.2.1. Deprecated: a receiver answers it with an ABORT.

use super::{Kind, ParameterType};
use crate::tree::Item;
use crate::{Cx, Out, Show, fields};

fields! {
    /// A host name address parameter.
    pub GROUP = "sctp.parameter", "Hostname address parameter", Show::group().repeats().write(line), "RFC 9260, 3.3.2.1";
    /// The name of a host whose addresses are the sender's. A zero byte ends it.
    pub HOST_NAME = "sctp.parameter_hostname", "Hostname", Show::text(), "RFC 9260, 3.3.2.1";
}

/// The value of a host name address parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HostNameAddress<'a> {
    /// The name, without the zero byte that ends it.
    pub name: &'a [u8],
}

impl<'a> HostNameAddress<'a> {
    /// Reads the value: the name goes up to the first zero byte or the end.
    ///
    /// ```
    /// use dissect::proto::sctp::parameter::HostNameAddress;
    /// assert_eq!(HostNameAddress::parse(b"host.example\0").name, b"host.example");
    /// ```
    pub fn parse(value: &'a [u8]) -> HostNameAddress<'a> {
        HostNameAddress { name: value.split(|byte| *byte == 0).next().unwrap_or(value) }
    }
}

pub(super) static KIND: Kind =
    Kind { code: ParameterType::HOST_NAME_ADDRESS, group: &GROUP, value, fields: FIELDS };

fn value<'b>(cx: &mut Cx<'_>, bytes: &'b [u8], _: u8) -> Option<&'b [u8]> {
    cx.own_text(&HOST_NAME, bytes, HostNameAddress::parse(bytes).name, 0);
    Some(&[])
}

fn line(item: Item<'_>, out: &mut Out) {
    if let Some(name) = item.child(&HOST_NAME).filter(|name| !name.bytes().is_empty()) {
        out.str(" (Hostname: ").text(name.bytes()).byte(b')');
    }
}
