//! Raw packet data: an IP packet without a link layer. LINKTYPE_RAW, and its numbers in files of BSD.

#[cfg(test)]
mod tests;

use crate::proto::ethernet::ETHERTYPES;
use crate::proto::frame::LINK_TYPES;
use crate::{Area, Claim, Cx, Protocol, Severity, Show, fields};

fields! {
    /// A packet without a link layer.
    ROOT = "raw", "Raw packet data", Show::protocol(), "LINKTYPE_RAW";
    /// The first four bits are no version of IP.
    UNKNOWN_VERSION = "raw.unknown_version", "The packet begins with no version of IP", Show::expert(Severity::Error, Area::Malformed), "LINKTYPE_RAW";
}

/// Raw packet data.
pub static PROTOCOL: Protocol = Protocol {
    claims: &[
        Claim::Number(&LINK_TYPES, 12),
        Claim::Number(&LINK_TYPES, 14),
        Claim::Number(&LINK_TYPES, 101),
    ],
    tables: &[&LINK_TYPES, &ETHERTYPES],
    ..Protocol::new("raw", "Raw", "Raw packet data", "LINKTYPE_RAW", walk, &[FIELDS])
};

fn walk(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    cx.column(PROTOCOL.title);
    if let Some(info) = cx.info() {
        info.str("Raw packet data");
    }
    let key = match bytes {
        [0x40..=0x4f, ..] => 0x800,
        [0x60..=0x6f, ..] => 0x86dd,
        // PPP with its HDLC header.
        [0xff, 0x03, ..] => 0,
        _ => {
            cx.group(&ROOT, bytes, |cx| cx.expert(&UNKNOWN_VERSION, bytes));
            cx.data(bytes);
            return true;
        }
    };
    cx.leaf(&ROOT, bytes, 0);
    let carried = if key == 0 { cx.carry(&LINK_TYPES, 9, bytes) } else { cx.carry(&ETHERTYPES, key, bytes) };
    if !carried {
        cx.data(bytes);
    }
    true
}
