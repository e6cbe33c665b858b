//! Chunks, RFC 9260, 3.2 and 3.3: the header that they share, and a file for each type.
//!
//! A new type of chunk is a file with a [`Type`] and a line in [`CHUNKS`].

pub mod abort;
pub mod asconf;
pub mod auth;
pub mod cookie;
pub mod cwr;
pub mod data;
pub mod ecne;
pub mod error;
pub mod forward_tsn;
pub mod heartbeat;
pub mod i_data;
pub mod i_forward_tsn;
pub mod init;
pub mod nr_sack;
pub mod packet_drop;
pub mod pad;
pub mod re_config;
pub mod sack;
pub mod shutdown;
pub mod shutdown_complete;

pub use data::Data;
pub use i_data::IData;
pub use init::{Init, InitAck};
pub use nr_sack::NrSack;
pub use sack::Sack;

use crate::engine::Stencil;
use crate::proto::sctp::association::Known;
use crate::proto::sctp::ppid;
use crate::tree::Item;
use crate::{Area, Codes, Cx, Field, Malformed, Out, Severity, Show, fields, header};

/// A type of chunk.
#[derive(Debug)]
pub struct Type {
    /// The number in the chunk's first byte.
    pub number: u8,
    /// Its name: `SACK`.
    pub name: &'static str,
    /// The field of the chunk's group; its line begins with the label.
    pub group: &'static Field,
    /// The fields of the bits of the chunk's flags.
    pub flags: &'static [&'static Field],
    /// Reads the chunk's value, adds it to the tree and to the summary line. The chunk may be malformed: its
    /// value may end early.
    pub dissect: fn(&mut Cx<'_>, &Chunk<'_>, &mut Known),
    /// The fields that the file of the type declares.
    pub fields: &'static [&'static Field],
}

/// The known types, by ascending number.
pub static CHUNKS: &[&Type] = &[
    &data::TYPE,
    &init::TYPE,
    &init::ACK,
    &sack::TYPE,
    &heartbeat::TYPE,
    &heartbeat::ACK,
    &abort::TYPE,
    &shutdown::TYPE,
    &shutdown::ACK,
    &error::TYPE,
    &cookie::ECHO,
    &cookie::ACK,
    &ecne::TYPE,
    &cwr::TYPE,
    &shutdown_complete::TYPE,
    &auth::TYPE,
    &nr_sack::TYPE,
    &i_data::TYPE,
    &asconf::ACK,
    &packet_drop::TYPE,
    &re_config::TYPE,
    &pad::TYPE,
    &forward_tsn::TYPE,
    &asconf::TYPE,
    &i_forward_tsn::TYPE,
    &EXTENSION,
];

fields! {
    /// What kind of chunk it is. Its two upper bits say what a receiver does that does not know it.
    pub CHUNK_TYPE = "sctp.chunk_type", "Chunk type", Show::u8().codes(&TYPES), "RFC 9260, 3.2";
    /// Whether a receiver that does not know the type goes on with the next chunk.
    UNKNOWN_SKIP = "sctp.chunk_bit_1", "Bit",
        Show::flag().mask(0x80).words("Skip chunk and continue processing of the packet", "Stop processing of the packet"),
        "RFC 9260, 3.2";
    /// Whether a receiver that does not know the type reports it in an ERROR.
    UNKNOWN_REPORT = "sctp.chunk_bit_2", "Bit", Show::flag().mask(0x40).words("Do report", "Do not report"),
        "RFC 9260, 3.2";
    /// Flags; their meaning depends on the type.
    pub CHUNK_FLAGS = "sctp.chunk_flags", "Chunk flags", Show::u8().hex().few(), "RFC 9260, 3.2";
    /// The length of the chunk with its header and without its padding.
    pub CHUNK_LENGTH = "sctp.chunk_length", "Chunk length", Show::u16(), "RFC 9260, 3.2";
    /// Zeros that fill the chunk up to a multiple of four bytes.
    CHUNK_PADDING = "sctp.chunk_padding", "Chunk padding", Show::bytes(), "RFC 9260, 3.2";
    /// The value of a chunk of unknown type.
    CHUNK_VALUE = "sctp.chunk_value", "Chunk value", Show::bytes(), "RFC 9260, 3.2";
    /// A chunk of a type that is reserved or unknown.
    RESERVED = "sctp.chunk", "RESERVED chunk", Show::group().repeats().write(write_reserved), "RFC 9260, 3.2";
    /// A chunk with a type reserved for extensions of the type field.
    EXTENSION_GROUP = "sctp.chunk", "IETF_EXTENSION chunk",
        Show::group().repeats().write(write_reserved), "RFC 9260, 15.1";
    /// The chunk's length reaches beyond the end of the packet.
    BAD_LENGTH = "sctp.chunk_length.bad", "Chunk length bad",
        Show::expert(Severity::Error, Area::Malformed).write(write_bad_length),
        "RFC 9260, 3.2";
    /// A sender fills the padding with zeros.
    PADDING_NOT_ZERO = "sctp.chunk_padding.not_zero", "The padding of the chunk is not zero",
        Show::expert(Severity::Note, Area::Protocol), "RFC 9260, 3.2";
    /// The packet ends before the chunk's padding does.
    PADDING_MISSING = "sctp.chunk_padding.missing", "The packet ends before the padding of the chunk does",
        Show::expert(Severity::Warn, Area::Protocol), "RFC 9260, 3.2";
}

header! {
    /// The header of every chunk.
    pub struct Header {
        /// The type.
        pub number: u8 => CHUNK_TYPE, by hand,
        /// The flags.
        pub flags: u8 => CHUNK_FLAGS, by hand,
        /// The length with the header and without the padding, in bytes.
        pub length: u16 => CHUNK_LENGTH, by hand,
    }
}

/// A chunk as it stands in the packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chunk<'a> {
    /// The number of its type.
    pub number: u8,
    /// Its flags.
    pub flags: u8,
    /// Its length with the header and without the padding, in bytes.
    pub length: u16,
    /// Its value: what follows the header, as far as the packet goes.
    pub value: &'a [u8],
    /// What fills it up to a multiple of four bytes, as far as the packet goes.
    pub padding: &'a [u8],
    /// All of it, from the first byte of the header to the last of the padding.
    pub bytes: &'a [u8],
}

impl<'a> Chunk<'a> {
    /// Reads the chunk at the beginning of the bytes; the rest begins with the next one. The length may reach
    /// beyond the bytes: see [`missing`](Chunk::missing).
    pub fn parse(bytes: &'a [u8]) -> Result<(&'a [u8], Chunk<'a>), Malformed> {
        let (_, Header { number, flags, length }) = Header::parse(bytes)?;
        let end = usize::from(length);
        if end < Header::LEN {
            return Err(Malformed::value(&CHUNK_LENGTH, 2, "is below the chunk header's own 4 bytes"));
        }
        let (own, behind) = bytes.split_at(end.min(bytes.len()));
        let (padding, rest) = behind.split_at(((4 - end % 4) % 4).min(behind.len()));
        let value = own.get(Header::LEN..).unwrap_or(&[]);
        let bytes = bytes.get(..own.len() + padding.len()).unwrap_or(bytes);
        Ok((rest, Chunk { number, flags, length, value, padding, bytes }))
    }
    /// Its type, if it is a known one.
    #[inline]
    pub fn kind(&self) -> Option<&'static Type> {
        kind(self.number)
    }
    /// How many bytes of the value are missing because the packet ends before.
    pub fn missing(&self) -> usize {
        usize::from(self.length).saturating_sub(Header::LEN + self.value.len())
    }
}

/// The type of a number, if it is a known one.
#[inline]
pub fn kind(number: u8) -> Option<&'static Type> {
    CHUNKS.get(usize::from(PLACES[usize::from(number)])).copied()
}

/// The place of a number in [`CHUNKS`]; one beyond its end for none.
#[inline]
pub(super) fn place(number: u8) -> usize {
    usize::from(PLACES[usize::from(number)]).min(CHUNKS.len())
}

/// For each number its place in [`CHUNKS`]; 255, which is beyond it, for none.
static PLACES: [u8; 256] = {
    let mut places = [255; 256];
    let mut at = 0;
    while at < CHUNKS.len() {
        places[CHUNKS[at].number as usize] = at as u8;
        at += 1;
    }
    places
};

/// The names of the types.
pub static TYPES: Codes = Codes { unknown: "Unknown", names: &NAMES };
static NAMES: [(u64, &str); CHUNKS.len()] = {
    let mut names = [(0, ""); CHUNKS.len()];
    let mut at = 0;
    while at < CHUNKS.len() {
        assert!(at == 0 || CHUNKS[at - 1].number < CHUNKS[at].number);
        names[at] = (CHUNKS[at].number as u64, CHUNKS[at].name);
        at += 1;
    }
    names
};

/// The chunks of a packet, one after another. Ends with the packet, or after a chunk that says nothing of where the next begins.
#[derive(Clone, Debug)]
pub struct Chunks<'a> {
    packet: &'a [u8],
    at: usize,
}

impl<'a> Chunks<'a> {
    /// The chunks of a packet from an offset in it on.
    pub(super) fn new(packet: &'a [u8], at: usize) -> Chunks<'a> {
        Chunks { packet, at }
    }
}

impl<'a> Iterator for Chunks<'a> {
    type Item = Result<Chunk<'a>, Malformed>;
    fn next(&mut self) -> Option<Self::Item> {
        let (start, bytes) = (self.at, self.packet.get(self.at..).filter(|bytes| !bytes.is_empty())?);
        self.at = self.packet.len();
        let faulty = |fault: Malformed| Malformed { offset: fault.offset + start as u32, ..fault };
        Some(match Chunk::parse(bytes) {
            Ok((rest, chunk)) if chunk.missing() == 0 => {
                self.at = self.packet.len() - rest.len();
                Ok(chunk)
            }
            Ok((_, chunk)) => {
                let (needed, left) = (chunk.value.len() + chunk.missing(), chunk.value.len());
                Err(faulty(Malformed::short(&CHUNK_VALUE, Header::LEN, needed, left)))
            }
            Err(fault) => {
                self.at = self.packet.len() - split_faulty(bytes).1.len();
                Err(faulty(fault))
            }
        })
    }
}

/// A chunk whose length is below its header's, and what stands behind it: one to three bytes, filled up to a multiple of four,
/// are the header. A length of zero, or a header cut short, says nothing of a next one.
fn split_faulty(bytes: &[u8]) -> (&[u8], &[u8]) {
    let end = if let [_, _, 0, 1..=3, ..] = bytes { Header::LEN } else { bytes.len() };
    bytes.split_at(end)
}

/// Whether a packet has user data, on which alone the summary line tells what was learnt.
pub(super) fn has_data(mut chunks: &[u8]) -> bool {
    while let Ok((rest, chunk)) = Chunk::parse(chunks) {
        if chunk.number == data::TYPE.number || chunk.number == i_data::TYPE.number {
            return true;
        }
        chunks = rest;
    }
    false
}

/// Adds the chunks of a packet to the tree and to the summary line.
pub(super) fn dissect_all(cx: &mut Cx<'_>, bytes: &[u8], known: &mut Known) {
    let carried = cx.learns()
        || cx.has_line()
        || cx.shows_carried()
        || cx.wants_beyond(&[data::PLAIN, FIELDS, super::FIELDS]);
    let whole = carried || cx.wants(data::PLAIN);
    known.leave_payloads(!carried);
    let mut rest = bytes;
    while !rest.is_empty() {
        if let Some(info) = cx.info() {
            // What an upper protocol wrote ends without a space.
            if info.as_bytes().last().is_some_and(|last| *last != b' ') {
                info.byte(b' ');
            }
            cx.keep_info();
        }
        rest = match Chunk::parse(rest) {
            Ok((next, chunk)) => {
                if whole || !LISTED.contains(&chunk.number) {
                    dissect(cx, &chunk, rest, known);
                } else {
                    dissect_frame(cx, &chunk, rest);
                }
                next
            }
            Err(fault) => {
                let (own, next) = split_faulty(rest);
                dissect_faulty(cx, own, fault);
                next
            }
        };
    }
}

/// Walks the messages in a packet's chunks from which others learn, and the packets that it reports as dropped.
pub(super) fn learn_all(cx: &mut Cx<'_>, bytes: &[u8], known: &mut Known) {
    let (mut rest, teaches) = (bytes, ppid::teachers(cx));
    while !rest.is_empty() && known.carries() {
        let Ok((next, chunk)) = Chunk::parse(rest) else { return };
        let carries = match chunk.number {
            n if n == data::TYPE.number || n == i_data::TYPE.number => {
                !(data::whole_of(&chunk).is_some_and(|ppid| !teaches(ppid)) && known.pass(&chunk))
            }
            n => n == packet_drop::TYPE.number,
        };
        if carries {
            dissect(cx, &chunk, rest, known);
        }
        rest = next;
    }
}

/// The chunks in whose values no chunk can stand.
const LISTED: [u8; 4] = [data::TYPE.number, i_data::TYPE.number, sack::TYPE.number, nr_sack::TYPE.number];

/// Adds what frames a chunk, for who reads nothing of its value.
fn dissect_frame(cx: &mut Cx<'_>, chunk: &Chunk<'_>, rest: &[u8]) {
    if !cx.showing() {
        return;
    }
    cx.group(chunk.kind().map_or(&RESERVED, |kind| kind.group), chunk.bytes, |cx| {
        let beyond = chunk.missing() > cx.cut;
        dissect_header(cx, chunk, beyond.then_some(rest.len()));
        if !chunk.length.is_multiple_of(4) && !beyond {
            dissect_padding(cx, chunk);
        }
    });
}

/// Adds a chunk whose end is known. `rest` begins with it.
fn dissect(cx: &mut Cx<'_>, chunk: &Chunk<'_>, rest: &[u8], known: &mut Known) {
    let kind = chunk.kind();
    if let Some(info) = cx.info() {
        let name = kind.map_or("RESERVED", |kind| kind.name);
        info.with(|pen| {
            pen.short(name.as_bytes());
            pen.all(b" ");
        });
    }
    cx.group(kind.map_or(&RESERVED, |kind| kind.group), chunk.bytes, |cx| {
        let beyond = chunk.missing() > cx.cut;
        if cx.showing() {
            dissect_header(cx, chunk, beyond.then_some(rest.len()));
        }
        let dissect =
            kind.map_or(dissect_value as fn(&mut Cx<'_>, &Chunk<'_>, &mut Known), |kind| kind.dissect);
        let declared = usize::from(chunk.length) - Header::LEN;
        cx.within(rest.get(Header::LEN..).unwrap_or(&[]), declared, |cx, _| {
            if beyond {
                dissect(cx, chunk, known);
            } else {
                cx.limited(&CHUNK_LENGTH, chunk.bytes.get(2..).unwrap_or(&[]), |cx| {
                    dissect(cx, chunk, known);
                });
            }
        });
        if cx.showing() {
            known.emit_control(cx, chunk);
        }
        if cx.showing() && !chunk.length.is_multiple_of(4) && !beyond {
            dissect_padding(cx, chunk);
        }
    });
}

/// What differs between the headers of chunks of one type with the same flags.
static HEADERS: Stencil<1> = Stencil { group: &CHUNK_TYPE, fields: [&CHUNK_LENGTH] };

/// Adds the nodes of a chunk's header. `beyond` tells of a length that reaches too far how many bytes are left.
fn dissect_header(cx: &mut Cx<'_>, chunk: &Chunk<'_>, beyond: Option<usize>) {
    let bits = chunk.kind().map_or(&[][..], |kind| kind.flags);
    if beyond.is_some() || !cx.wants_all() {
        return emit_header(cx, chunk, bits, beyond);
    }
    let key = u64::from(chunk.number) << 8 | u64::from(chunk.flags);
    cx.like(&HEADERS, key, chunk.bytes, [chunk.length.into()], |cx| emit_header(cx, chunk, bits, None));
}

fn emit_header(cx: &mut Cx<'_>, chunk: &Chunk<'_>, bits: &[&'static Field], beyond: Option<usize>) {
    let Some([number, flags, length @ ..]) = chunk.bytes.first_chunk::<4>() else { return };
    dissect_type(cx, std::slice::from_ref(number));
    cx.group_with(&CHUNK_FLAGS, std::slice::from_ref(flags), (*flags).into(), |cx| {
        if cx.wants(bits) {
            cx.flags(bits, std::slice::from_ref(flags), (*flags).into());
        }
    });
    cx.group_with(&CHUNK_LENGTH, length, chunk.length.into(), |cx| {
        if let Some(left) = beyond {
            cx.generated(&BAD_LENGTH, length, left as u64);
        }
    });
}

fn dissect_type(cx: &mut Cx<'_>, byte: &[u8]) {
    let number = byte.first().copied().unwrap_or(0).into();
    cx.group_with(&CHUNK_TYPE, byte, number, |cx| {
        if cx.wants(&[&UNKNOWN_SKIP, &UNKNOWN_REPORT]) {
            cx.flags(&[&UNKNOWN_SKIP, &UNKNOWN_REPORT], byte, number);
        }
    });
}

/// Adds what stands behind a chunk's length, when that is no multiple of four.
fn dissect_padding(cx: &mut Cx<'_>, chunk: &Chunk<'_>) {
    let needed = 4 - usize::from(chunk.length % 4);
    if !chunk.padding.is_empty() {
        cx.group_with(&CHUNK_PADDING, chunk.padding, 0, |cx| {
            if chunk.padding.iter().any(|byte| *byte != 0) {
                cx.expert(&PADDING_NOT_ZERO, chunk.padding);
            }
        });
    }
    if chunk.padding.len() + cx.cut < needed {
        cx.expert(&PADDING_MISSING, chunk.padding);
    }
}

/// Adds a chunk whose header is cut or whose length is impossible.
fn dissect_faulty(cx: &mut Cx<'_>, bytes: &[u8], fault: Malformed) {
    let (group, name) = match bytes.first().map(|number| kind(*number)) {
        Some(Some(kind)) => (kind.group, kind.name),
        _ => (&RESERVED, "RESERVED"),
    };
    if let Some(info) = cx.info() {
        info.str(name).str(" [Malformed Packet] ");
    }
    cx.group(group, bytes, |cx| {
        dissect_type(cx, bytes.get(..1).unwrap_or(&[]));
        if let Some(flags) = bytes.get(1..2) {
            cx.leaf(&CHUNK_FLAGS, flags, flags.first().copied().unwrap_or(0).into());
        }
        if let Some(length) = bytes.get(2..4).and_then(<[u8]>::first_chunk) {
            cx.leaf(&CHUNK_LENGTH, length, u16::from_be_bytes(*length).into());
        }
        cx.malformed(bytes, fault);
    });
}

/// Adds the value of a chunk that nobody knows.
fn dissect_value(cx: &mut Cx<'_>, chunk: &Chunk<'_>, _: &mut Known) {
    if !chunk.value.is_empty() {
        cx.leaf(&CHUNK_VALUE, chunk.value, 0);
    }
}

/// A chunk without a value: nothing is left to add.
fn dissect_nothing(_: &mut Cx<'_>, _: &Chunk<'_>, _: &mut Known) {}

/// The type that is reserved for extending the type field, RFC 9260, 15.1.
static EXTENSION: Type = Type {
    number: 255,
    name: "IETF_EXTENSION",
    group: &EXTENSION_GROUP,
    flags: &[],
    dissect: dissect_value,
    fields: &[],
};

fn write_reserved(item: Item<'_>, out: &mut Out) {
    let (Some(number), Some(length)) = (item.number(&CHUNK_TYPE), item.number(&CHUNK_LENGTH)) else { return };
    out.str(" (Type: ").dec(number).str(", value length: ").dec(length.saturating_sub(4)).str(" bytes)");
}

fn write_bad_length(item: Item<'_>, out: &mut Out) {
    out.str(": longer than the ").dec(item.node.value).str(" bytes left in the packet");
}
