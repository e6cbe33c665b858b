//! Transmission Control Protocol, RFC 9293: what a segment says by itself.
//!
//! [`Segment::parse`] reads a segment without a copy; [`Segment::options`] iterates over its options. Options are laid
//! out a file each in [`option`], with the list of them in [`option::OPTIONS`].
//!
//! What a segment means among others is learnt: [`connection`] knows the connections, `analysis` decides what a segment is,
//! `standing` shows it. [`Connections`] is for reports.

pub mod analysis;
pub mod connection;
pub mod flags;
pub mod option;
pub mod segment;
pub mod standing;
#[cfg(test)]
mod tests;

pub use connection::{Connection, Connections};
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
    state: Some(|| Box::new(Connections::default())),
    ..Protocol::new(
        "tcp",
        "TCP",
        "Transmission Control Protocol",
        "RFC 9293",
        walk,
        &[
            segment::FIELDS,
            standing::FIELDS,
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
    let note = learn(cx, bytes, &header, &segment);
    if !cx.learning() {
        let view = note.and_then(|note| standing::View::of(cx, note));
        segment::emit(cx, bytes, &header, &segment, view.as_ref());
        segment::write_line(cx, &header, &segment, view.as_ref());
    }
    // The data of a reset is a sentence for people (RFC 9293, 3.5.3), not the application's.
    let carried = !header.flags().contains(Flags::RST) && !segment.payload.is_empty();
    if carried && !cx.carry_ports(&PORTS, segment.payload) {
        cx.data(segment.payload);
    }
    true
}

/// Takes the segment into its connection. Answers the number of its standing.
fn learn(cx: &mut Cx<'_>, bytes: &[u8], header: &Header, segment: &segment::Extent<'_>) -> Option<u32> {
    let length = segment.length.filter(|_| header.length() >= Header::LEN)?;
    cx.remember(bytes, |connections: &mut Connections, here| {
        let syn = header.flags().contains(Flags::SYN);
        let shift = if syn { option::window_scale::find(segment.options) } else { None };
        connections.add(&analysis::Arrival::new(header, length, shift), &here)
    })
}
