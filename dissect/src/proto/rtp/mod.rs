//! Real-time Transport Protocol, RFC 3550, with the payload types of RFC 3551.

mod session;

pub use session::{Format, Session};

use crate::proto::udp::PORTS;
use crate::{Claim, Cx, Protocol};

/// RTP. It comes where SDP says so: [`Cx::expect`] with an [`Arc`](std::sync::Arc) of a [`Session`].
pub static PROTOCOL: Protocol = Protocol {
    claims: &[Claim::Expected(&PORTS)],
    tables: &[],
    ..Protocol::new("rtp", "RTP", "Real-Time Transport Protocol", "RFC 3550", walk, &[])
};

fn walk(_: &mut Cx<'_>, _: &[u8]) -> bool {
    false
}
