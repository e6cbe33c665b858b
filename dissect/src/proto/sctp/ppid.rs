//! Payload protocol identifiers, RFC 9260, 15.5, and the way to what a user message carries.

use crate::{Cx, Table};

/// Who a payload protocol identifier means.
pub static PPIDS: Table =
    Table { name: "sctp.ppi", doc: "the payload protocol identifier of a DATA or I-DATA chunk" };

/// Hands a whole user message to the protocol that its identifier names, else by port, else by content; what nobody takes
/// is shown as data.
pub fn carry(cx: &mut Cx<'_>, ppid: u32, message: &[u8]) {
    if !cx.carry(&PPIDS, ppid, message) {
        cx.data(message);
    }
}
