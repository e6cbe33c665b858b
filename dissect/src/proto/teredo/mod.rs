//! Teredo: IPv6 in UDP, RFC 4380. Hosts behind a translator of addresses have come by IPv6 that way.

#[cfg(test)]
mod tests;

use crate::header::number;
use crate::proto::ethernet::{ETHERTYPES, short};
use crate::proto::icmpv6::layout::{cell, row};
use crate::proto::udp::PORTS;
use crate::{Claim, Cx, Protocol, Show, fields};

fields! {
    /// What Teredo puts before the IPv6 packet.
    ROOT = "teredo", "Teredo IPv6 over UDP tunneling", Show::protocol(), "RFC 4380, 5.1.1";
    /// What proves who sent it.
    AUTHENTICATION = "teredo.auth", "Teredo Authentication header", Show::group(), "RFC 4380, 5.1.1";
    /// How long the client's identifier is.
    ID_LENGTH = "teredo.auth.idlen", "Client identifier length", Show::u8(), "RFC 4380, 5.1.1";
    /// How long the authentication value is.
    VALUE_LENGTH = "teredo.auth.aulen", "Authentication value length", Show::u8(), "RFC 4380, 5.1.1";
    /// The client's identifier.
    ID = "teredo.auth.id", "Client identifier", Show::bytes(), "RFC 4380, 5.1.1";
    /// The authentication value.
    VALUE = "teredo.auth.value", "Authentication value", Show::bytes(), "RFC 4380, 5.1.1";
    /// A random number that the answer repeats.
    NONCE = "teredo.auth.nonce", "Nonce value", Show::bytes(), "RFC 4380, 5.1.1";
    /// Whether the client needs a new key.
    CONFIRMATION = "teredo.auth.conf", "Confirmation byte", Show::bytes(), "RFC 4380, 5.1.1";
    /// Where the packet came from, as the server saw it.
    ORIGIN = "teredo.orig", "Teredo Origin Indication header", Show::group(), "RFC 4380, 5.1.1";
    /// The port, each bit turned round on the wire.
    PORT = "teredo.orig.port", "Origin UDP port", Show::u16(), "RFC 4380, 5.1.1";
    /// The address, each bit turned round on the wire.
    ADDRESS = "teredo.orig.addr", "Origin IPv4 address", Show::ipv4(), "RFC 4380, 5.1.1";
}

/// Teredo.
pub static PROTOCOL: Protocol = Protocol {
    claims: &[Claim::Number(&PORTS, 3544)],
    tables: &[&ETHERTYPES],
    ..Protocol::new("teredo", "Teredo", "Teredo IPv6 over UDP tunneling", "RFC 4380", walk, &[FIELDS])
};

/// How the headers before the packet begin.
const AUTHENTICATION_MARK: &[u8] = &[0, 1];
const ORIGIN_MARK: &[u8] = &[0, 0];
/// How long the second is.
const ORIGIN_LENGTH: usize = 8;
/// The EtherType of IPv6.
const IPV6: u32 = 0x86dd;

fn walk(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    let is_ipv6 = |bytes: &[u8]| bytes.first().is_some_and(|first| first >> 4 == 6);
    if !is_ipv6(bytes) && !bytes.starts_with(AUTHENTICATION_MARK) && !bytes.starts_with(ORIGIN_MARK) {
        return false;
    }
    cx.column(PROTOCOL.title);
    let root = cx.place_of_next();
    let rest = cx.group(&ROOT, bytes, |cx| {
        let rest = if bytes.starts_with(AUTHENTICATION_MARK) { authentication(cx, bytes)? } else { bytes };
        if rest.starts_with(ORIGIN_MARK) { origin(cx, rest) } else { Some(rest) }
    });
    let Some(packet) = rest.filter(|rest| !rest.is_empty()) else { return true };
    cx.set_len(root, bytes.len() - packet.len());
    if !is_ipv6(packet) || !cx.carry(&ETHERTYPES, IPV6, packet) {
        cx.data(packet);
    }
    true
}

/// The header that proves who sent it; gives what follows.
fn authentication<'b>(cx: &mut Cx<'_>, bytes: &'b [u8]) -> Option<&'b [u8]> {
    let lengths = |at: usize| bytes.get(at).map_or(0, |length| usize::from(*length));
    let (id, value) = (lengths(2), lengths(3));
    let length = 4 + id + value + 9;
    let own = bytes.get(..length).unwrap_or(bytes);
    cx.group(&AUTHENTICATION, own, |cx| {
        let mut rest = row(cx, own.get(2..)?, &[cell(&ID_LENGTH, 1), cell(&VALUE_LENGTH, 1)])?;
        let parts = [(&ID, id), (&VALUE, value), (&NONCE, 8), (&CONFIRMATION, 1)];
        for (field, size) in parts.into_iter().filter(|(_, size)| *size > 0) {
            rest = row(cx, rest, &[cell(field, size)])?;
        }
        bytes.get(length..)
    })
}

/// The header that says where the packet came from; gives what follows.
fn origin<'b>(cx: &mut Cx<'_>, bytes: &'b [u8]) -> Option<&'b [u8]> {
    let own = bytes.get(..ORIGIN_LENGTH).unwrap_or(bytes);
    cx.group(&ORIGIN, own, |cx| {
        let (Some(port), Some(address)) = (own.get(2..4), own.get(4..)) else {
            cx.malformed(bytes, short(&PORT, 2, 2, bytes));
            return;
        };
        cx.leaf(&PORT, port, !number(port) & 0xffff);
        match address.first_chunk::<4>() {
            Some(four) => cx.leaf(&ADDRESS, four, u64::from(!u32::from_be_bytes(*four))),
            None => cx.malformed(bytes, short(&ADDRESS, 4, 4, bytes)),
        }
    });
    bytes.get(ORIGIN_LENGTH..)
}
