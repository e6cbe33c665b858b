//! The causes that give addresses back: unresolvable, RFC 9260, 3.3.10.5, and new in a restart, 3.3.10.11.

use super::{CauseCode, Kind};
use crate::proto::sctp::parameter::{self, host_name_address, write_address};
use crate::tree::Item;
use crate::{Cx, Out, Show, fields};

fields! {
    /// An unresolvable address cause: a host name that leads to no address, or an address of no use.
    pub UNRESOLVABLE_GROUP = "sctp.cause", "Unresolvable address cause", Show::group().repeats().write(unresolvable_line), "RFC 9260, 3.3.10.5";
    /// A restart with new addresses cause: the addresses that the association did not have.
    pub RESTART_GROUP = "sctp.cause", "Restart of an association with new addresses cause", Show::group().repeats().write(restart_line), "RFC 9260, 3.3.10.11";
}

pub(super) static UNRESOLVABLE: Kind =
    Kind { code: CauseCode::UNRESOLVABLE_ADDRESS, group: &UNRESOLVABLE_GROUP, value, fields: FIELDS };
pub(super) static RESTART: Kind =
    Kind { code: CauseCode::RESTART_WITH_NEW_ADDRESSES, group: &RESTART_GROUP, value, fields: &[] };

/// Parameters, one after another.
pub(super) fn value<'b>(cx: &mut Cx<'_>, bytes: &'b [u8], depth: u8) -> Option<&'b [u8]> {
    parameter::Family::dissect_list(cx, bytes, depth + 1);
    Some(&[])
}

fn unresolvable_line(item: Item<'_>, out: &mut Out) {
    let before = out.len();
    if write_address(&item, out.str(" (Address: ")) {
        out.byte(b')');
        return;
    }
    out.truncate(before);
    let name =
        item.child(&host_name_address::GROUP).and_then(|group| group.child(&host_name_address::HOST_NAME));
    if let Some(name) = name {
        out.str(" (Hostname: ").text(name.bytes()).byte(b')');
    }
}

fn restart_line(item: Item<'_>, out: &mut Out) {
    out.str(" (New addresses:");
    for address in item.children() {
        let before = out.len();
        if !write_address(&address, out.byte(b' ')) {
            out.truncate(before);
        }
    }
    out.byte(b')');
}
