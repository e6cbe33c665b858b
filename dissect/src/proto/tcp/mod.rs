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
pub mod reassembly;
#[cfg(feature = "reports")]
mod report;
pub mod segment;
pub mod standing;
#[cfg(feature = "reports")]
mod statistic;
#[cfg(test)]
mod tests;
#[cfg(feature = "reports")]
mod trace;

pub use connection::{Connection, Connections};
pub use flags::Flags;
pub use option::{OptionKind, TcpOption};
pub use segment::{Header, Segment};

use reassembly::Cut;

use crate::flow::fragments;
use crate::memory::Taker;
use crate::proto::ip::PROTOCOLS;
use crate::{Claim, Cx, Protocol, Table};

/// Who listens on a TCP port.
pub static PORTS: Table = Table { name: "tcp.port", doc: "a TCP port" };

/// Transmission Control Protocol.
pub static PROTOCOL: Protocol = Protocol {
    claims: &[Claim::Number(&PROTOCOLS, 6)],
    tables: &[&PORTS],
    state: Some(|| Box::new(Connections::default())),
    learns_first: true,
    #[cfg(feature = "reports")]
    reports: &[&report::REPORTS],
    #[cfg(feature = "reports")]
    statistics: &[&statistic::CONVERSATIONS],
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
    let segment = segment::Extent::of(&header, bytes, cx.missing());
    let group = cx.place_of_next();
    let note = learn(cx, bytes, &header, &segment);
    if !cx.learning() {
        let view = note.and_then(|note| standing::View::of(cx, note));
        segment::emit(cx, bytes, &header, &segment, view.as_ref());
        segment::write_line(cx, &header, &segment, view.as_ref());
    }
    // The data of a reset is a sentence for people (RFC 9293, 3.5.3), not the application's.
    if header.flags().contains(Flags::RST) || segment.payload.is_empty() {
        return true;
    }
    let cut = note.and_then(|note| cx.record(|connections: &Connections| connections.cut_of(note).cloned()));
    if let Some(cut) = cut {
        deliver(cx, (group, bytes.get(..0).unwrap_or(&[])), segment.payload, cut);
        return true;
    }
    let length = segment.payload.len();
    let repeated = note.and_then(|note| cx.record(|state: &Connections| state.repeated(note, length)));
    let (old, new) =
        segment.payload.split_at_checked(repeated.unwrap_or(0)).unwrap_or((segment.payload, &[]));
    if !old.is_empty() {
        cx.append(group, |cx| cx.leaf(&segment::REPEATED_DATA, old, 0));
    }
    let unknown = note.and_then(|note| cx.record(|state: &Connections| state.is_unknown(note).then_some(())));
    match new {
        [] => {}
        _ if unknown.is_some() => cx.data(new),
        _ => carry(cx, new),
    }
    true
}

/// Takes the segment into its connection. Answers the number of its standing.
fn learn(cx: &mut Cx<'_>, bytes: &[u8], header: &Header, segment: &segment::Extent<'_>) -> Option<u32> {
    let length = segment.length.filter(|_| header.length() >= Header::LEN)?;
    let arrival = analysis::Arrival::new(header, length, segment.options);
    // Streams are cut where all of the data was captured.
    let whole = segment.payload.len() == length && !header.flags().contains(Flags::RST);
    let data = if whole { segment.payload } else { &[] };
    let note =
        cx.remember(bytes, |connections: &mut Connections, here| connections.add(&arrival, &here, data))?;
    if cx.learns() && !data.is_empty() {
        let known =
            cx.record(|connections: &Connections| connections.is_decided(note).then_some(())).is_some();
        match if known { Taker::Other } else { cx.taker(&PORTS, data) } {
            Taker::Framed(protocol, framing) => cx.amend(|connections: &mut Connections, here| {
                connections.frame(note, &arrival, &here, data, (protocol, framing));
            }),
            Taker::Nobody => cx.amend(|connections: &mut Connections, here| connections.leave(note, &here)),
            Taker::Other => {}
        }
    }
    Some(note)
}

/// Hands data on as it stands in its segment.
fn carry(cx: &mut Cx<'_>, data: &[u8]) {
    if !cx.carry_ports(&PORTS, data) {
        cx.data(data);
    }
}

/// Hands on the messages of a stream that a segment has or completes.
fn deliver(cx: &mut Cx<'_>, (group, place): (usize, &[u8]), data: &[u8], cut: Cut) {
    if cut.repeated {
        return cx.append(group, |cx| cx.leaf(&segment::REPEATED_DATA, data, 0));
    }
    let (start, end) = (cut.whole.0 as usize, cut.whole.1 as usize);
    let (leading, rest) = data.split_at_checked(start).unwrap_or((data, &[]));
    let (whole, tail) = rest.split_at_checked(end.saturating_sub(start)).unwrap_or((rest, &[]));
    cx.append(group, |cx| {
        if !leading.is_empty() {
            cx.leaf(&segment::SEGMENT_DATA, leading, 0);
        }
        if let Some(packet) = cx.news(cut.whole_in) {
            cx.generated(&segment::REASSEMBLED_IN, place, packet);
        }
        if !tail.is_empty() {
            cx.leaf(&segment::SEGMENT_DATA, tail, 0);
        }
    });
    if cut.block.is_none()
        && whole.is_empty()
        && let Some(info) = cx.info()
    {
        info.str(" [TCP segment of a reassembled PDU]");
    }
    if let Some(block) = cut.block {
        let reassembly::Block { pieces, bytes } = *block;
        cx.source(segment::REASSEMBLED.source, bytes, |cx, bytes| {
            cx.append(group, |cx| fragments::show_pieces(cx, &segment::REASSEMBLED, &placed(&pieces), bytes));
            deliver_messages(cx, cut.protocol, bytes, 0);
        });
        cx.keep_info();
    }
    deliver_messages(cx, cut.protocol, whole, cut.first as usize);
}

/// The pieces with their places.
fn placed(pieces: &[reassembly::Piece]) -> Vec<fragments::Piece> {
    let place = |offset: &mut u32, piece: &reassembly::Piece| {
        let at = *offset;
        *offset += piece.len;
        Some(fragments::Piece { packet: piece.packet.into(), offset: at, len: piece.len })
    };
    pieces.iter().scan(0, place).collect()
}

/// Hands on messages that are whole, one after the other. The length of the first one may be known; 0 if it is not.
fn deliver_messages(cx: &mut Cx<'_>, protocol: u16, bytes: &[u8], mut known: usize) {
    let mut rest = bytes;
    while !rest.is_empty() {
        let message;
        (message, rest) = match cx.single_framing(protocol) {
            Some(_) if known > 0 => rest.split_at_checked(known).unwrap_or((rest, &[])),
            Some(framing) => reassembly::first(framing, rest),
            None => (rest, &rest[..0]),
        };
        known = 0;
        if !cx.carry_to(protocol, message) {
            carry(cx, message);
        }
        if !rest.is_empty() {
            cx.keep_info();
        }
    }
}
