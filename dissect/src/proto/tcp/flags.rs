//! The flags, RFC 9293, 3.1, with those of ECN (RFC 3168) and of accurate ECN (RFC 9768).

use super::segment::{DESTINATION_PORT, SOURCE_PORT};
use super::standing::View;
use crate::engine::Stencil;
use crate::tree::{Item, Node};
use crate::{Area, Cx, Field, Out, Severity, Show, fields};

fields! {
    /// The 12 bits behind the data offset: reserved bits and flags.
    pub(super) FLAGS = "tcp.flags", "Flags", Show::u16().hex().write_value(write_flags), "RFC 9293, 3.1";
    /// Bits that must be zero.
    RESERVED = "tcp.flags.res", "Reserved", Show::flag().mask(0x0e), "RFC 9293, 3.1";
    /// Accurate ECN; in a handshake a part of its negotiation, later the upper bit of the CE counter.
    AE = "tcp.flags.ae", "Accurate ECN", Show::flag().mask(0x01), "RFC 9768, 3.1";
    /// The sender reduced its congestion window.
    CWR = "tcp.flags.cwr", "Congestion Window Reduced", Show::flag().mask(0x80), "RFC 3168, 6.1";
    /// The receiver saw a mark of congestion.
    ECE = "tcp.flags.ece", "ECN-Echo", Show::flag().mask(0x40), "RFC 3168, 6.1";
    /// The urgent pointer is significant.
    URG = "tcp.flags.urg", "Urgent", Show::flag().mask(0x20), "RFC 9293, 3.1";
    /// The acknowledgment number is significant.
    ACK = "tcp.flags.ack", "Acknowledgment", Show::flag().mask(0x10), "RFC 9293, 3.1";
    /// The data is to be handed to the application at once.
    PSH = "tcp.flags.push", "Push", Show::flag().mask(0x08), "RFC 9293, 3.1";
    /// The connection is reset.
    RST = "tcp.flags.reset", "Reset", Show::flag().mask(0x04), "RFC 9293, 3.1";
    /// Sequence numbers are synchronized.
    SYN = "tcp.flags.syn", "Syn", Show::flag().mask(0x02), "RFC 9293, 3.1";
    /// The sender has no more data.
    FIN = "tcp.flags.fin", "Fin", Show::flag().mask(0x01), "RFC 9293, 3.1";
    /// The flags as letters, a dot for each that is not set.
    TEXT = "tcp.flags.str", "TCP Flags", Show::text(), "RFC 9293, 3.1";
    /// A connection is asked for.
    CONNECT = "tcp.connection.syn", "Connection establish request (SYN)", Show::expert(Severity::Chat, Area::Sequence).write(write_connect), "RFC 9293, 3.5";
    /// A connection is accepted.
    ACCEPT = "tcp.connection.synack", "Connection establish acknowledge (SYN+ACK)", Show::expert(Severity::Chat, Area::Sequence).write(write_accept), "RFC 9293, 3.5";
    /// One direction of the connection ends.
    FINISH = "tcp.connection.fin", "Connection finish (FIN)", Show::expert(Severity::Chat, Area::Sequence), "RFC 9293, 3.6";
    /// The connection is reset.
    RESET = "tcp.connection.rst", "Connection reset (RST)", Show::expert(Severity::Warn, Area::Sequence), "RFC 9293, 3.5.3";
}

/// The reserved bits and flags: the lower 12 bits of the word with the data offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Flags(pub u16);

impl Flags {
    /// The sender has no more data.
    pub const FIN: Flags = Flags(0x001);
    /// Sequence numbers are synchronized.
    pub const SYN: Flags = Flags(0x002);
    /// The connection is reset.
    pub const RST: Flags = Flags(0x004);
    /// The data is to be handed to the application at once.
    pub const PSH: Flags = Flags(0x008);
    /// The acknowledgment number is significant.
    pub const ACK: Flags = Flags(0x010);
    /// The urgent pointer is significant.
    pub const URG: Flags = Flags(0x020);
    /// A mark of congestion was seen.
    pub const ECE: Flags = Flags(0x040);
    /// The congestion window was reduced.
    pub const CWR: Flags = Flags(0x080);
    /// Accurate ECN.
    pub const AE: Flags = Flags(0x100);
    /// The reserved bits.
    pub const RESERVED: Flags = Flags(0xe00);

    /// Whether one of the other's bits is set.
    #[inline]
    pub const fn contains(self, other: Flags) -> bool {
        self.0 & other.0 != 0
    }
    /// Writes the names of the flags that are set, as `SYN, ACK`.
    pub fn write(self, out: &mut Out) {
        let names = NAMES.iter().filter(|(flag, _)| self.contains(*flag));
        let mut first = true;
        for (_, name) in names {
            out.str(if first { "" } else { ", " }).str(name);
            first = false;
        }
        if first {
            out.str("<None>");
        }
    }
}

const NAMES: [(Flags, &str); 10] = [
    (Flags::FIN, "FIN"),
    (Flags::SYN, "SYN"),
    (Flags::RST, "RST"),
    (Flags::PSH, "PSH"),
    (Flags::ACK, "ACK"),
    (Flags::URG, "URG"),
    (Flags::ECE, "ECE"),
    (Flags::CWR, "CWR"),
    (Flags::AE, "AE"),
    (Flags::RESERVED, "Reserved"),
];

/// The flags whose setting is a remark of its own, with the remark.
fn remark(field: &'static Field, flags: Flags) -> Option<&'static Field> {
    match field {
        field if field == &SYN && flags.contains(Flags::ACK) => Some(&ACCEPT),
        field if field == &SYN => Some(&CONNECT),
        field if field == &FIN => Some(&FINISH),
        field if field == &RST => Some(&RESET),
        _ => None,
    }
}

/// The flags one by one: the number of all is the key.
static BITS: Stencil<0> = Stencil { group: &FLAGS, fields: [] };

/// Adds the flags, which stand in the given two bytes.
#[allow(clippy::trivially_copy_pass_by_ref, reason = "the place of the bytes is read off the reference")]
pub(super) fn emit(cx: &mut Cx<'_>, flags: Flags, bytes: &[u8; 2], view: Option<&View>) {
    let [upper, lower] = bytes.each_ref().map(std::slice::from_ref);
    cx.group_with(&FLAGS, bytes, flags.0.into(), |cx| {
        cx.like(&BITS, flags.0.into(), bytes, [], |cx| {
            cx.flags(&[&RESERVED, &AE], upper, u64::from(flags.0 >> 8));
            for field in [&CWR, &ECE, &URG, &ACK, &PSH, &RST, &SYN, &FIN] {
                let set = u64::from(flags.0) & field.show.mask != 0;
                match remark(field, flags).filter(|_| set) {
                    Some(remark) => cx.group_with(field, lower, 1, |cx| cx.expert(remark, lower)),
                    None => cx.leaf(field, lower, set.into()),
                }
            }
        });
        let mut text = [0; LETTERS.len() * DOT.len()];
        let text = letters(flags, &mut text);
        match view.filter(|_| flags.contains(Flags::FIN)) {
            Some(view) => cx.own_text_with(&TEXT, bytes, text, |cx| cx.expert(view.remark_on_end(), bytes)),
            None => cx.own_text(&TEXT, bytes, text, Node::GENERATED),
        }
    });
}

const LETTERS: &[u8; 12] = b"RRRACEUAPRSF";
const DOT: [u8; 2] = [0xc2, 0xb7];

/// The flags as letters, from the upper bit to the lowest.
fn letters(flags: Flags, room: &mut [u8; LETTERS.len() * DOT.len()]) -> &[u8] {
    let mut len = 0;
    for (at, letter) in LETTERS.iter().enumerate() {
        let set = (flags.0 >> (LETTERS.len() - 1 - at)) & 1 == 1;
        let sign: &[u8] = if set { std::slice::from_ref(letter) } else { &DOT };
        if let Some(place) = room.get_mut(len..len + sign.len()) {
            place.copy_from_slice(sign);
            len += sign.len();
        }
    }
    room.get(..len).unwrap_or(&[])
}

fn write_flags(item: Item<'_>, out: &mut Out) {
    out.hex_0x(item.node.value, 3).str(" (");
    Flags(item.node.value as u16).write(out);
    out.byte(b')');
}

/// Which port is the server's: the one that a SYN goes to and a SYN+ACK comes from.
fn write_server(item: Item<'_>, out: &mut Out, field: &'static Field) {
    let nodes = item.dissection.tree.nodes().get(..item.index).unwrap_or(&[]);
    if let Some(node) = nodes.iter().rev().find(|node| node.field == field) {
        out.str(": server port ").dec(node.value);
    }
}
fn write_connect(item: Item<'_>, out: &mut Out) {
    write_server(item, out, &DESTINATION_PORT);
}
fn write_accept(item: Item<'_>, out: &mut Out) {
    write_server(item, out, &SOURCE_PORT);
}
