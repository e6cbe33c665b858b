//! Heartbeat info, RFC 9260, 3.3.5: what the sender of a heartbeat wants back.

use super::{Kind, ParameterType, bytes_counted};
use crate::tree::Item;
use crate::{Cx, Out, Show, fields};

fields! {
    /// A heartbeat info parameter.
    pub GROUP = "sctp.parameter", "Heartbeat info parameter", Show::group().repeats().write(line), "RFC 9260, 3.3.5";
    /// What the sender put in, in a form only it understands; usually the time and the address it sent to.
    pub INFORMATION = "sctp.parameter_heartbeat_information", "Heartbeat information", Show::bytes(), "RFC 9260, 3.3.5";
}

pub(super) static KIND: Kind =
    Kind { code: ParameterType::HEARTBEAT_INFO, group: &GROUP, value, fields: FIELDS };

fn value<'b>(cx: &mut Cx<'_>, bytes: &'b [u8], _: u8) -> Option<&'b [u8]> {
    if !bytes.is_empty() {
        cx.leaf(&INFORMATION, bytes, 0);
    }
    Some(&[])
}

fn line(item: Item<'_>, out: &mut Out) {
    let length = item.child(&INFORMATION).map_or(0, |information| information.node.len);
    bytes_counted(out.str(" (Information: "), length.into()).byte(b')');
}
