//! Transmission Control Protocol, RFC 9293: what a segment says by itself.
//!
//! [`Segment::parse`] reads a segment without a copy; [`Segment::options`] iterates over its options. Options are laid
//! out a file each in [`option`], with the list of them in [`option::OPTIONS`].
//!
//! Sequence numbers are the segment's own here. Numbers relative to the connection's first, streams, analysis and
//! reassembly need other segments.

pub mod flags;
pub mod option;
pub mod segment;
#[cfg(test)]
mod tests;

pub use flags::Flags;
pub use option::{OptionKind, TcpOption};
pub use segment::{Header, Segment};

use crate::proto::ip::PROTOCOLS;
use crate::{Claim, Cx, Protocol, Table};

/// Who listens on a TCP port.
pub static PORTS: Table = Table { name: "tcp.port", doc: "a TCP port" };

/// Transmission Control Protocol.
pub static PROTOCOL: Protocol = Protocol {
    claims: &[Claim::Number(&PROTOCOLS, 6)],
    tables: &[&PORTS],
    ..Protocol::new(
        "tcp",
        "TCP",
        "Transmission Control Protocol",
        "RFC 9293",
        walk,
        &[
            segment::FIELDS,
            flags::FIELDS,
            option::FIELDS,
            option::accurate_ecn::FIELDS,
            option::authentication::FIELDS,
            option::echo::FIELDS,
            option::experimental::FIELDS,
            option::fast_open::FIELDS,
            option::multipath::FIELDS,
            option::padding::FIELDS,
            option::quick_start::FIELDS,
            option::riverbed::FIELDS,
            option::sack::FIELDS,
            option::scps::FIELDS,
            option::segment_size::FIELDS,
            option::timestamps::FIELDS,
            option::transaction::FIELDS,
            option::user_timeout::FIELDS,
            option::window_scale::FIELDS,
        ],
    )
};

fn walk(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    let Ok((_, header)) = Header::parse(bytes) else {
        segment::emit_short(cx, bytes);
        return true;
    };
    (cx.ends.source_port, cx.ends.destination_port) = (header.source_port, header.destination_port);
    let segment = segment::Extent::of(&header, bytes, cx.cut);
    segment::emit(cx, bytes, &header, &segment);
    segment::write_line(cx, &header, &segment);
    // The data of a reset is a sentence for people (RFC 9293, 3.5.3), not the application's.
    let carried = !header.flags().contains(Flags::RST) && !segment.payload.is_empty();
    if carried && !cx.carry_ports(&PORTS, segment.payload) {
        cx.data(segment.payload);
    }
    true
}
