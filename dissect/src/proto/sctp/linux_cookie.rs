//! The state cookie of the Linux kernel: a guess, as only who made a cookie can know what is in it.
//!
//! RFC 9260, 5.1.3 leaves the layout to the maker. What is read here is the one that Linux on little-endian machines has
//! used since 2.6: a signature, then the association as it would be, then the INIT it answers. It is shown only when
//! both ports and both copies of the peer's tag in it agree.

use crate::{Cx, Field, Show, fields};

fields! {
    /// What the cookie says if it is one of the Linux kernel's.
    GROUP = "sctp.cookie.linux", "Linux state cookie (guessed, the maker alone can read it)", Show::group(),
        "Linux, struct sctp_cookie";
    /// The HMAC by which the maker knows its cookie again.
    SIGNATURE = "sctp.cookie.linux.signature", "Signature", Show::bytes(), "Linux, struct sctp_signed_cookie";
    /// The tag of the side that made the cookie.
    OWN_TAG = "sctp.cookie.linux.my_vtag", "Tag of the maker", Show::u32().hex(), "Linux, struct sctp_cookie";
    /// The tag of the side that sent the INIT.
    PEER_TAG = "sctp.cookie.linux.peer_vtag", "Tag of the peer", Show::u32().hex(), "Linux, struct sctp_cookie";
    /// How many streams the maker sends on.
    OUTBOUND = "sctp.cookie.linux.sinit_num_ostreams", "Outbound streams", Show::u16(), "Linux, struct sctp_cookie";
    /// How many streams the maker receives on at most.
    INBOUND = "sctp.cookie.linux.sinit_max_instreams", "Inbound streams", Show::u16(), "Linux, struct sctp_cookie";
    /// The first TSN of the maker.
    INITIAL_TSN = "sctp.cookie.linux.initial_tsn", "Initial TSN of the maker", Show::u32(), "Linux, struct sctp_cookie";
    /// The port of the side that sent the INIT.
    PEER_PORT = "sctp.cookie.linux.peer_port", "Port of the peer", Show::u16(), "Linux, struct sctp_cookie";
    /// The IPv4 address from which the INIT came.
    PEER_ADDRESS = "sctp.cookie.linux.peer_addr", "Address of the peer", Show::ipv4(), "Linux, struct sctp_cookie";
    /// The IPv6 address from which the INIT came.
    PEER_ADDRESS_6 = "sctp.cookie.linux.peer_addr6", "Address of the peer", Show::ipv6(), "Linux, struct sctp_cookie";
    /// The port of the side that made the cookie.
    OWN_PORT = "sctp.cookie.linux.my_port", "Port of the maker", Show::u16(), "Linux, struct sctp_cookie";
    /// The INIT that the cookie answers.
    PEER_INIT = "sctp.cookie.linux.peer_init", "INIT of the peer", Show::bytes(), "Linux, struct sctp_cookie";
}

/// The families of socket addresses on Linux.
const AF_INET: u16 = 2;
const AF_INET6: u16 = 10;

/// Adds what the cookie says, if it looks like one of the Linux kernel's. `own_port` is the port of its maker.
pub(super) fn dissect(cx: &mut Cx<'_>, cookie: &[u8], own_port: u16, peer_port: u16) {
    if !cx.showing() || !is_linux(cookie, own_port, peer_port) {
        return;
    }
    cx.group(&GROUP, cookie, |cx| {
        let mut add = |field: &'static Field, at: usize, len: usize, value: Option<u64>| {
            if let (Some(bytes), Some(value)) = (cookie.get(at..at + len), value) {
                cx.generated(field, bytes, value);
            }
        };
        add(&SIGNATURE, 0, 32, Some(0));
        add(&OWN_TAG, 36, 4, little_32(cookie, 36));
        add(&PEER_TAG, 40, 4, little_32(cookie, 40));
        add(&OUTBOUND, 60, 2, little_16(cookie, 60));
        add(&INBOUND, 62, 2, little_16(cookie, 62));
        add(&INITIAL_TSN, 64, 4, little_32(cookie, 64));
        add(&PEER_PORT, 70, 2, Some(peer_port.into()));
        if little_16(cookie, 68) == Some(AF_INET.into()) {
            add(&PEER_ADDRESS, 72, 4, big_32(cookie, 72));
        } else {
            add(&PEER_ADDRESS_6, 76, 16, Some(0));
        }
        add(&OWN_PORT, 96, 2, Some(own_port.into()));
        let length =
            cookie.get(178..).and_then(<[u8]>::first_chunk).map_or(0, |length| u16::from_be_bytes(*length));
        add(&PEER_INIT, 176, length.into(), Some(0));
    });
}

/// Whether the ports are those of the packet, and the INIT inside has the tag that the cookie says.
fn is_linux(cookie: &[u8], own_port: u16, peer_port: u16) -> bool {
    let Some(family) = little_16(cookie, 68) else { return false };
    let Some(port) = cookie.get(70..).and_then(<[u8]>::first_chunk) else { return false };
    (family == u64::from(AF_INET) || family == u64::from(AF_INET6))
        && u16::from_be_bytes(*port) == peer_port
        && little_16(cookie, 96) == Some(own_port.into())
        && cookie.get(176..178) == Some(&[1, 0])
        && big_32(cookie, 180).is_some_and(|tag| tag != 0 && little_32(cookie, 40) == Some(tag))
}

fn little_16(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?).into())
}
fn little_32(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?).into())
}
fn big_32(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?).into())
}
