//! Key management in the description, RFC 4567, and the bearer control of ITU-T Q.1970.

use crate::proto::sdp::Seen;
use crate::proto::sdp::line::{Words, split};
use crate::{Cx, Show, fields};

fields! {
    /// A message of a key management protocol.
    KEY_MANAGEMENT = "sdp.key_mgmt", "Key Management", Show::text(), "RFC 4567, 3.1";
    /// Which protocol: `mikey`.
    PROTOCOL = "sdp.key_mgmt.kmpid", "Key Management Protocol (kmpid)", Show::text(), "RFC 4567, 3.1";
    /// Its message.
    DATA = "sdp.key_mgmt.data", "Key Management Data", Show::bytes(), "RFC 4567, 3.1";
    /// The version of the IP bearer control protocol.
    IPBCP_VERSION = "sdp.ipbcp.version", "IPBCP Protocol Version", Show::text(), "ITU-T Q.1970, 7.4";
    /// Its message: Request, Accepted, Confused, Rejected.
    IPBCP_COMMAND = "sdp.ipbcp.command", "IPBCP Command Type", Show::text(), "ITU-T Q.1970, 7.4";
}

pub(super) fn emit<'b>(cx: &mut Cx<'_>, value: &'b [u8], _: &mut Seen<'b>) {
    let (protocol, data) = split(value, b' ');
    cx.group(&KEY_MANAGEMENT, value, |cx| {
        cx.leaf(&PROTOCOL, protocol, 0);
        let decoded = base64(data.unwrap_or(&[]).trim_ascii());
        cx.own_text(&DATA, value.get(..decoded.len()).unwrap_or(value), &decoded, 0);
    });
}

pub(super) fn emit_ipbcp<'b>(cx: &mut Cx<'_>, value: &'b [u8], _: &mut Seen<'b>) {
    let mut words = Words::new(value);
    if let Some(version) = words.next() {
        cx.leaf(&IPBCP_VERSION, version.text, 0);
    }
    if let Some(command) = words.remainder() {
        cx.leaf(&IPBCP_COMMAND, command.text, 0);
    }
}

/// The bytes of a base64 text, RFC 4648, 4. It ends at the first sign that is none of base64.
pub(super) fn base64(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count) = (0u32, 0);
    for sign in text {
        let value = match sign {
            b'A'..=b'Z' => sign - b'A',
            b'a'..=b'z' => sign - b'a' + 26,
            b'0'..=b'9' => sign - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => break,
        };
        (bits, count) = (bits << 6 | u32::from(value), count + 6);
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    bytes
}
