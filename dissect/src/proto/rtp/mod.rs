//! Real-time Transport Protocol, RFC 3550, with the payload types of RFC 3551 and the header extensions of RFC 8285.
//!
//! ```
//! use dissect::proto::rtp::Header;
//! let (payload, header) = Header::parse(&[0x80, 0x88, 0, 9, 0, 0, 0, 160, 0, 0, 0, 7, 0xd5]).unwrap();
//! assert_eq!((header.version(), header.payload_type(), header.marker()), (2, 8, true));
//! assert_eq!((header.sequence, header.timestamp, header.ssrc, payload), (9, 160, 7, &[0xd5][..]));
//! ```

pub mod event;
pub mod extension;
mod heuristic;
pub mod payload_type;
pub mod redundant;
#[cfg(feature = "reports")]
pub(crate) mod report;
mod session;
#[cfg(feature = "reports")]
mod statistic;
mod stream;
#[cfg(test)]
mod tests;

pub use heuristic::{ENOUGH, HEURISTIC, MOST_FLOWS};
pub use session::{Format, Session};
pub use stream::{Event, MOST_EVENTS, MOST_STREAMS, Range, Stream, Streams};

use crate::header::number;
use crate::proto::sip::header::{CALL_ID_GENERATED, show_sessions};
use crate::proto::udp::PORTS;
use crate::tree::Item;
use crate::{
    Area, Base, Claim, Codes, Cx, Field, Malformed, Node, Out, Protocol, Severity, Show, Table, fields,
    header,
};
use stream::Seen;

/// Who knows an encoding, by its name: `telephone-event`.
pub static ENCODINGS: Table = Table { name: "rtp_dyn_payload_type", doc: "the name of an encoding in RTP" };

/// Who comes to RTP's port besides it, by the packet's second byte: RTCP, RFC 5761, 4.
pub static MUXED: Table = Table { name: "rtp.muxed", doc: "the second byte of a packet to RTP's port" };

fields! {
    /// An RTP packet.
    ROOT = "rtp", "Real-Time Transport Protocol", Show::protocol(), "RFC 3550, 5.1";
    /// What set up the stream.
    SETUP = "rtp.setup", "Stream setup", Show::group().write(write_setup), "sctpdump";
    /// The packet that set up the stream.
    SETUP_FRAME = "rtp.setup-frame", "Setup frame", Show::packet(), "sctpdump";
    /// By which protocol the stream was set up.
    SETUP_METHOD = "rtp.setup-method", "Setup Method", Show::text(), "sctpdump";
    /// The version: 2.
    VERSION = "rtp.version", "Version", Show::u8().mask(0xc0).codes(&VERSIONS), "RFC 3550, 5.1";
    /// Padding follows the payload.
    PADDING = "rtp.padding", "Padding", Show::flag().words("True", "False").mask(0x20), "RFC 3550, 5.1";
    /// A header extension follows the header.
    EXTENSION = "rtp.ext", "Extension", Show::flag().words("True", "False").mask(0x10), "RFC 3550, 5.1";
    /// How many contributing sources follow.
    COUNT = "rtp.cc", "Contributing source identifiers count", Show::u8().mask(0x0f), "RFC 3550, 5.1";
    /// What the profile says: the begin of a talkspurt, the end of a picture.
    MARKER = "rtp.marker", "Marker", Show::flag().words("True", "False").mask(0x80), "RFC 3550, 5.1";
    /// What the payload is.
    PAYLOAD_TYPE = "rtp.p_type", "Payload type", Show::u8().codes(&payload_type::NAMES).write(write_payload_type), "RFC 3551, 6";
    /// The name that the session gave the payload type.
    ENCODING = "rtp.encoding", "Encoding", Show::text(), "RFC 8866, 6.6";
    /// How many units of the timestamp make a second, as the session said.
    CLOCK_RATE = "rtp.clock_rate", "Clock rate", Show::u32().unit(" Hz"), "RFC 8866, 6.6";
    /// Counts the packets.
    SEQUENCE = "rtp.seq", "Sequence number", Show::u16(), "RFC 3550, 5.1";
    /// The sequence number with the number of its wraps, counted from 1.
    EXTENDED = "rtp.extseq", "Extended sequence number", Show::u32(), "RFC 3550, A.1";
    /// When the first byte of the payload was sampled, in units of the payload type's clock.
    TIMESTAMP = "rtp.timestamp", "Timestamp", Show::u32(), "RFC 3550, 5.1";
    /// Which source sends.
    SSRC = "rtp.ssrc", "Synchronization Source identifier", Show::u32().base(Base::HexDec), "RFC 3550, 5.1";
    /// The sources that a mixer put together.
    SOURCES = "rtp.csrc.items", "Contributing Source identifiers", Show::group().write(write_sources), "RFC 3550, 5.1";
    /// A source that a mixer put in.
    SOURCE = "rtp.csrc.item", "CSRC item", Show::u32().base(Base::HexDec).repeats(), "RFC 3550, 5.1";
    /// The payload.
    PAYLOAD = "rtp.payload", "Payload", Show::bytes().repeats(), "RFC 3550, 5.1";
    /// The padding but its count.
    PADDING_DATA = "rtp.padding.data", "Padding data", Show::bytes().repeats(), "RFC 3550, 5.1";
    /// How many bytes of padding there are, this one included.
    PADDING_COUNT = "rtp.padding.count", "Padding count", Show::u8(), "RFC 3550, 5.1";
    /// The padding ends the packet, whose end was not captured.
    PADDING_MISSING = "rtp.padding_missing", "Frame has padding, but not all the frame data was captured",
        Show::expert(Severity::Warn, Area::Undecoded), "RFC 3550, 5.1";
}

static VERSIONS: Codes = Codes {
    unknown: "Unknown",
    names: &[(0, "Old VAT Version"), (1, "First Draft Version"), (2, "RFC 1889 Version")],
};

header! {
    /// The header, without contributing sources and extension.
    pub struct Header {
        /// Version, padding, extension, count of contributing sources.
        pub first: u8 => VERSION, by hand,
        /// Marker and payload type.
        pub second: u8 => PAYLOAD_TYPE, by hand,
        /// Counts the packets.
        pub sequence: u16 => SEQUENCE,
        /// When the payload was sampled, in units of the payload type's clock.
        pub timestamp: u32 => TIMESTAMP,
        /// Which source sends.
        pub ssrc: u32 => SSRC,
    }
}

impl Header {
    /// The version: 2.
    pub fn version(&self) -> u8 {
        self.first >> 6
    }
    /// Whether padding ends the packet.
    pub fn has_padding(&self) -> bool {
        self.first & 0x20 != 0
    }
    /// Whether a header extension follows.
    pub fn has_extension(&self) -> bool {
        self.first & 0x10 != 0
    }
    /// How many contributing sources follow.
    pub fn sources(&self) -> usize {
        usize::from(self.first & 0x0f)
    }
    /// The marker.
    pub fn marker(&self) -> bool {
        self.second & 0x80 != 0
    }
    /// What the payload is, below 128.
    pub fn payload_type(&self) -> u8 {
        self.second & 0x7f
    }
}

/// RTP. It comes where SDP says so: [`Cx::expect`] with an [`Arc`](std::sync::Arc) of a [`Session`].
pub static PROTOCOL: Protocol = Protocol {
    claims: &[Claim::Expected(&PORTS), Claim::Number(&heuristic::FOUND, 0)],
    tables: &[&ENCODINGS, &MUXED],
    borrows: &[&[&CALL_ID_GENERATED]],
    state: Some(|| Box::new(Streams::default())),
    audience: Some(&[]),
    learns_first: true,
    #[cfg(feature = "reports")]
    reports: &[&report::REPORTS],
    #[cfg(feature = "reports")]
    statistics: &[&statistic::STREAMS],
    ..Protocol::new(
        "rtp",
        "RTP",
        "Real-Time Transport Protocol",
        "RFC 3550",
        walk,
        &[FIELDS, extension::FIELDS, redundant::FIELDS],
    )
};

/// STUN's magic cookie (RFC 8489, 5) and ZRTP's (RFC 6189, 5), where RTP has its timestamp. RFC 7983 tells them from RTP by
/// their first bits.
const COOKIES: [[u8; 4]; 2] = [[0x21, 0x12, 0xa4, 0x42], *b"ZRTP"];

fn walk(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    let Some(first) = bytes.first() else { return false };
    let is_rtp = first >> 6 == 2;
    if !is_rtp && COOKIES.iter().any(|cookie| bytes.get(4..8) == Some(cookie)) {
        return false;
    }
    if is_rtp && bytes.get(1).is_some_and(|second| cx.carry(&MUXED, u32::from(*second), bytes)) {
        return true;
    }
    cx.column(PROTOCOL.title);
    if !is_rtp {
        other_version(cx, bytes, *first);
        return true;
    }
    let Ok((rest, header)) = Header::parse(bytes) else {
        cx.group(&ROOT, bytes, |cx| {
            show_bits(cx, bytes, None);
            Header::dissect(cx, bytes);
        });
        return true;
    };
    let parts = Parts::of(rest, header, cx.cut);
    let seen = Seen { header, payload: parts.payload };
    let quoted = cx.quoted;
    let note = cx.remember_expected(bytes, |streams: &mut Streams, here, setup| {
        if quoted { streams.quote(here, setup, header) } else { streams.learn(here, setup, &seen) }
    });
    if cx.is_silent() && !(cx.learns() && cx.leads(&ENCODINGS)) {
        return true;
    }
    let known = note.and_then(|note| {
        cx.record(|streams: &Streams| {
            let known = streams.records.of(note)?;
            Some((known.session.clone(), (known.setup, known.extended(header.sequence))))
        })
    });
    let (session, numbers) = known.unzip();
    let (setup, extended) = numbers.unzip();
    // Who learns nothing of streams still hears what this one was said to be.
    let session =
        if note.is_some() { session.flatten() } else { Session::of(cx).map(|(session, _)| session) };
    let format = session.as_deref().and_then(|session| session.format(header.payload_type()));
    write_info(cx, header, format);
    let (is_redundant, mut payload) = (format.is_some_and(redundant::is), 0);
    cx.group(&ROOT, bytes, |cx| {
        if let Some(session) = &session {
            show_setup(cx, bytes, [&SETUP, &SETUP_FRAME, &SETUP_METHOD], session, setup.unwrap_or(0));
        }
        show(cx, bytes, header, format, extended);
        payload = parts.show(cx, header, is_redundant);
    });
    let unsaid = (header.payload_type() == event::USUAL_TYPE).then_some(event::ENCODING);
    if let Some(encoding) = format.map(|format| format.encoding.as_str()).or(unsaid)
        && !is_redundant
        && cx.carry_media(&ENCODINGS, encoding.as_bytes(), parts.payload)
    {
        cx.hide(payload);
    }
    true
}

/// Shows what is known of a packet of another version: only that.
fn other_version(cx: &mut Cx<'_>, bytes: &[u8], first: u8) {
    if let Some(info) = cx.info() {
        info.str("Unknown RTP version ").dec(u64::from(first >> 6));
    }
    cx.group(&ROOT, bytes, |cx| cx.bits(&VERSION, bytes.get(..1).unwrap_or(&[]), first.into()));
    cx.data(bytes);
}

fn write_info(cx: &mut Cx<'_>, header: Header, format: Option<&Format>) {
    let Some(info) = cx.info() else { return };
    write_name(header.payload_type(), format.map(|format| format.encoding.as_bytes()), info.str("PT="));
    let zeros = (header.ssrc.leading_zeros() / 4).min(7);
    info.str(", SSRC=0x").raw(capitals(header.ssrc).get(zeros as usize..).unwrap_or(&[]));
    info.str(", Seq=").dec(header.sequence.into()).str(", Time=").dec(header.timestamp.into());
    info.str(if header.marker() { ", Mark" } else { "" });
}

/// A number in hexadecimal with capital letters, all eight digits at once.
const fn capitals(value: u32) -> [u8; 8] {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let halves = (value as u64) << 16 & 0xffff << 32 | value as u64 & 0xffff;
    let bytes = (halves << 8 | halves) & 0x00ff_00ff_00ff_00ff;
    let digits = (bytes << 4 | bytes) & (ONES * 15);
    let letters = (digits + ONES * 6) >> 4 & ONES;
    (digits + ONES * b'0' as u64 + letters * (b'A' - b'0' - 10) as u64).to_be_bytes()
}

/// Adds what set up the stream, as RTP and RTCP show it: the group, the packet, the method.
pub(super) fn show_setup(
    cx: &mut Cx<'_>,
    bytes: &[u8],
    fields: [&'static Field; 3],
    session: &Session,
    set_up: u32,
) {
    let [group, packet, method] = fields;
    let none = bytes.get(..0).unwrap_or(&[]);
    if !cx.showing() {
        return;
    }
    cx.group_generated(group, none, |cx| {
        cx.generated(packet, none, set_up.into());
        cx.own_text(method, none, session.method.as_bytes(), Node::GENERATED);
        if group == &SETUP {
            show_sessions(cx, cx.expected_end(), none);
        }
    });
}

/// Adds the two bytes of bits that the header begins with.
fn show_bits(cx: &mut Cx<'_>, bytes: &[u8], format: Option<&Format>) {
    let at = |from, to| bytes.get(from..to).unwrap_or(&[]);
    let bits = |at: usize| bytes.get(at).map(|bits| u64::from(*bits));
    if let Some(first) = bits(0) {
        cx.flags(&[&VERSION, &PADDING, &EXTENSION, &COUNT], at(0, 1), first);
    }
    let Some(second) = bits(1) else { return };
    cx.bits(&MARKER, at(1, 2), second);
    cx.group_with(&PAYLOAD_TYPE, at(1, 2), second & 0x7f, |cx| {
        if let Some(format) = format {
            cx.own_text(&ENCODING, at(1, 1), format.encoding.as_bytes(), Node::GENERATED);
            cx.generated(&CLOCK_RATE, at(1, 1), format.clock_rate.into());
        }
    });
}

/// Adds the header.
fn show(cx: &mut Cx<'_>, bytes: &[u8], header: Header, format: Option<&Format>, extended: Option<u32>) {
    if !cx.showing() {
        return;
    }
    let at = |from, to| bytes.get(from..to).unwrap_or(&[]);
    show_bits(cx, bytes, format);
    cx.leaf(&SEQUENCE, at(2, 4), header.sequence.into());
    if let Some(extended) = extended {
        cx.generated(&EXTENDED, at(2, 4), extended.into());
    }
    cx.leaf(&TIMESTAMP, at(4, 8), header.timestamp.into());
    cx.leaf(&SSRC, at(8, 12), header.ssrc.into());
}

/// What stands behind the fixed header, each as far as it goes.
struct Parts<'b> {
    sources: &'b [u8],
    extension: &'b [u8],
    payload: &'b [u8],
    padding: &'b [u8],
}

impl<'b> Parts<'b> {
    /// Cuts what follows the fixed header, of which `cut` bytes were not captured.
    fn of(rest: &'b [u8], header: Header, cut: usize) -> Parts<'b> {
        let split = |bytes: &'b [u8], at: usize| bytes.split_at_checked(at).unwrap_or((bytes, &[]));
        let (sources, rest) = split(rest, header.sources() * 4);
        let words = rest
            .get(2..4)
            .and_then(|length| length.first_chunk())
            .map_or(0, |words| u16::from_be_bytes(*words));
        let (extension, rest) =
            split(rest, if header.has_extension() { 4 + usize::from(words) * 4 } else { 0 });
        let padding = match rest.last() {
            Some(count) if header.has_padding() && cut == 0 => usize::from(*count),
            _ => 0,
        };
        let (payload, padding) = split(rest, rest.len().saturating_sub(padding));
        Parts { sources, extension, payload, padding }
    }
    /// Adds them. Answers the index of the payload's node.
    fn show(&self, cx: &mut Cx<'_>, header: Header, is_redundant: bool) -> usize {
        if header.sources() > 0 {
            show_sources(cx, self.sources, header.sources());
        }
        if header.has_extension() {
            extension::show(cx, self.extension);
        }
        let payload = cx.place_of_next();
        if !self.payload.is_empty() {
            let marks = if is_redundant { Node::HIDDEN } else { 0 };
            cx.marked(&PAYLOAD, self.payload, 0, marks);
        }
        if is_redundant {
            redundant::show(cx, self.payload);
        }
        if let Some((count, data)) = self.padding.split_last() {
            if !data.is_empty() {
                cx.leaf(&PADDING_DATA, data, 0);
            }
            let own = self.padding.get(data.len()..).unwrap_or(&[]);
            cx.leaf(&PADDING_COUNT, own, u64::from(*count));
        } else if header.has_padding() && cx.cut > 0 {
            cx.expert(&PADDING_MISSING, self.payload);
        } else if header.has_padding() {
            let at = self.payload.len().saturating_sub(1);
            cx.malformed(self.payload, Malformed::value(&PADDING_COUNT, at, "does not count itself"));
        }
        payload
    }
}

fn show_sources(cx: &mut Cx<'_>, bytes: &[u8], count: usize) {
    cx.group(&SOURCES, bytes, |cx| {
        let mut sources = bytes.chunks_exact(4);
        for source in &mut sources {
            cx.leaf(&SOURCE, source, number(source));
        }
        if bytes.len() < count * 4 {
            let (at, left) = (bytes.len() & !3, sources.remainder().len());
            cx.malformed(bytes, Malformed::short(&SOURCE, at, 4, left));
        }
    });
}

pub(super) fn write_setup(item: Item<'_>, out: &mut Out) {
    let mut children = item.children();
    if let (Some(packet), Some(method)) = (children.next(), children.next()) {
        out.str(" by ").text(method.bytes()).str(" (frame ").dec(packet.node.value).str(")");
    }
}

fn write_payload_type(item: Item<'_>, out: &mut Out) {
    let payload_type = item.node.value;
    write_name(payload_type as u8, item.child(&ENCODING).map(|name| name.bytes()), out);
    out.str(" (").dec(payload_type).str(")");
}

/// Writes the name of a payload type: RFC 3551's, or for a dynamic one the session's.
fn write_name(payload_type: u8, encoding: Option<&[u8]>, out: &mut Out) {
    match encoding {
        _ if payload_type < payload_type::FIRST_DYNAMIC => {
            out.str(payload_type::NAMES.name_or_unknown(payload_type.into()))
        }
        Some(encoding) => out.text(encoding),
        None => out.str("DynamicRTP-Type-").dec(payload_type.into()),
    };
}

fn write_sources(item: Item<'_>, out: &mut Out) {
    let count = item.node.len / 4;
    out.str(" (").dec(count.into()).str(if count == 1 { " item)" } else { " items)" });
}
