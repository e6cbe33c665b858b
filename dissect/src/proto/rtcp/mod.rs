//! RTP Control Protocol, RFC 3550, 6.

use crate::proto::udp::PORTS;
use crate::{Claim, Cx, Protocol};

/// RTCP. It comes where SDP says so: [`Cx::expect`] with an [`Arc`](std::sync::Arc) of a
/// [`Session`](super::rtp::Session), or to RTP's own port.
pub static PROTOCOL: Protocol = Protocol {
    claims: &[Claim::Expected(&PORTS)],
    tables: &[],
    ..Protocol::new("rtcp", "RTCP", "Real-time Transport Control Protocol", "RFC 3550, 6", walk, &[])
};

fn walk(_: &mut Cx<'_>, _: &[u8]) -> bool {
    false
}
