//! The header, RFC 9293, 3.1, and the summary line.

use super::option::{self, Options};
use super::standing::{self, View};
use super::{Flags, PROTOCOL, flags};
use crate::checksum::Sum;
use crate::flow::fragments;
use crate::tree::Item;
use crate::{
    Address, Area, Codes, Cx, Field, Malformed, Out, Severity, Show, Transport, checksum, fields, header,
};

/// TCP's number among the IP protocols, for the pseudo-header.
const PROTOCOL_NUMBER: u8 = 6;

fields! {
    /// A TCP segment.
    ROOT = "tcp", "Transmission Control Protocol", Show::protocol().write_parts(write_root), "RFC 9293";
    /// From which port.
    pub(super) SOURCE_PORT = "tcp.srcport", "Source Port", Show::u16().also(&[&PORT]), "RFC 9293, 3.1";
    /// To which port.
    pub(super) DESTINATION_PORT = "tcp.dstport", "Destination Port", Show::u16().also(&[&PORT]), "RFC 9293, 3.1";
    /// Either port.
    PORT = "tcp.port", "Source or Destination Port", Show::u16(), "RFC 9293, 3.1";
    /// How many bytes of data the segment carries.
    LENGTH = "tcp.len", "TCP Segment Len", Show::u32(), "RFC 9293, 3.1";
    /// The sequence number of the first byte of data; of the SYN, where there is one.
    SEQUENCE = "tcp.seq_raw", "Sequence Number (raw)", Show::u32(), "RFC 9293, 3.1";
    /// The sequence number that the sender expects next, where the ACK flag is set.
    ACKNOWLEDGMENT = "tcp.ack_raw", "Acknowledgment number (raw)", Show::u32(), "RFC 9293, 3.1";
    /// The length of the header with its options: the data offset.
    HEADER_LENGTH = "tcp.hdr_len", "Header Length", Show::u8().unit(" bytes").few(), "RFC 9293, 3.1";
    /// How many bytes the sender can take, before any scaling.
    WINDOW = "tcp.window_size_value", "Window", Show::u16(), "RFC 9293, 3.1";
    /// The checksum over pseudo-header, header and data.
    CHECKSUM = "tcp.checksum", "Checksum", Show::u16().hex(), "RFC 9293, 3.1";
    /// Whether the checksum is right. Unverified when bytes are missing.
    CHECKSUM_STATUS = "tcp.checksum.status", "Checksum Status", Show::u8().codes(&CHECKSUM_STATES), "RFC 9293, 3.1";
    /// The checksum that the bytes make.
    CHECKSUM_CALCULATED = "tcp.checksum_calculated", "Calculated Checksum", Show::u16().hex(), "RFC 9293, 3.1";
    /// Where urgent data ends, counted from the sequence number.
    URGENT = "tcp.urgent_pointer", "Urgent Pointer", Show::u16(), "RFC 9293, 3.1";
    /// The data.
    PAYLOAD = "tcp.payload", "TCP payload", Show::bytes().write_parts(write_payload), "RFC 9293, 3.1";
    /// Data that is a part of a message in several segments, or that came before.
    pub(super) SEGMENT_DATA = "tcp.segment_data", "TCP segment data", Show::bytes().repeats().write_parts(write_payload), "RFC 9293, 3.8";
    /// The same data again.
    pub(super) REPEATED_DATA = "tcp.segment_data", "Retransmitted TCP segment data", Show::bytes().repeats().write_parts(write_payload), "RFC 9293, 3.8.1";
    /// The packet that completes the message.
    pub(super) REASSEMBLED_IN = "tcp.reassembled_in", "Reassembled PDU in frame", Show::packet(), "RFC 9293, 3.8";
    /// The segments of which messages were put together.
    SEGMENTS = "tcp.segments", "Reassembled TCP Segments", Show::group().write(fragments::write_group), "RFC 9293, 3.8";
    /// One of these segments: the number of its packet.
    SEGMENT = "tcp.segment", "Frame", Show::packet().repeats().write(fragments::write_fragment), "RFC 9293, 3.8";
    /// How many there are.
    SEGMENT_COUNT = "tcp.segment.count", "Segment count", Show::u32(), "RFC 9293, 3.8";
    /// How many bytes they make.
    REASSEMBLED_LENGTH = "tcp.reassembled.length", "Reassembled TCP length", Show::u32(), "RFC 9293, 3.8";
    /// What they make.
    REASSEMBLED_DATA = "tcp.reassembled.data", "Reassembled TCP Data", Show::bytes(), "RFC 9293, 3.8";
    /// The data of a reset: why the connection was reset, in words.
    RESET_CAUSE = "tcp.reset_cause", "Reset cause", Show::text(), "RFC 9293, 3.5.3";
    /// The checksum is wrong.
    BAD_CHECKSUM = "tcp.checksum_bad.expert", "Bad checksum", Show::expert(Severity::Error, Area::Checksum), "RFC 9293, 3.1";
    /// The checksum is 0xffff where arithmetic can only give 0.
    CHECKSUM_FFFF = "tcp.checksum.ffff", "TCP Checksum 0xffff instead of 0x0000 (see RFC 1624)", Show::expert(Severity::Warn, Area::Checksum), "RFC 1624, 3";
    /// An acknowledgment number without the flag that makes it significant.
    ACKNOWLEDGMENT_NONZERO = "tcp.ack.nonzero", "The acknowledgment number field is nonzero while the ACK flag is not set", Show::expert(Severity::Note, Area::Protocol), "RFC 9293, 3.1";
    /// An urgent pointer without the flag that makes it significant.
    URGENT_NONZERO = "tcp.urgent_pointer.non_zero", "The urgent pointer field is nonzero while the URG flag is not set", Show::expert(Severity::Note, Area::Protocol), "RFC 9293, 3.1";
    /// The header claims to be shorter than its fixed part.
    BOGUS_LENGTH = "tcp.bogus_header_length", "Bogus TCP Header length, must be at least 20", Show::expert(Severity::Error, Area::Protocol), "RFC 9293, 3.1";
    /// The segment is shorter than its header claims to be.
    SHORT_SEGMENT = "tcp.short_segment", "Short segment: it does not contain a full TCP header", Show::expert(Severity::Warn, Area::Malformed), "RFC 9293, 3.1";
}

static CHECKSUM_STATES: Codes =
    Codes { unknown: "Unknown", names: &[(0, "Bad"), (1, "Good"), (2, "Unverified")] };

header! {
    /// The fixed part of the header.
    pub struct Header {
        /// From which port.
        pub source_port: u16 => SOURCE_PORT,
        /// To which port.
        pub destination_port: u16 => DESTINATION_PORT,
        /// The sequence number of the first byte of data.
        pub sequence: u32 => SEQUENCE,
        /// The sequence number that the sender expects next.
        pub acknowledgment: u32 => ACKNOWLEDGMENT,
        /// Data offset in words of 4 bytes (upper four bits), reserved bits and flags.
        pub offset_flags: u16 => HEADER_LENGTH, by hand,
        /// How many bytes the sender can take, before any scaling.
        pub window: u16 => WINDOW,
        /// The checksum over pseudo-header, header and data.
        pub checksum: u16 => CHECKSUM,
        /// Where urgent data ends, counted from the sequence number.
        pub urgent: u16 => URGENT,
    }
}

impl Header {
    /// The length of header and options that the data offset says, in bytes: a multiple of 4 up to 60.
    #[inline]
    pub fn length(&self) -> usize {
        usize::from(self.offset_flags >> 12) * 4
    }
    /// The reserved bits and flags.
    #[inline]
    pub fn flags(&self) -> Flags {
        Flags(self.offset_flags & 0xfff)
    }
}

/// A segment, read without a copy.
///
/// ```
/// use dissect::proto::tcp::{Flags, Segment, TcpOption};
/// let bytes = [
///     0xc8, 0x22, 0x13, 0xc4, 0, 0, 0x03, 0xe8, 0, 0, 0, 0, 0x70, 0x02, 0xff, 0xff, 0, 0, 0, 0,
///     2, 4, 0x05, 0xb4, 1, 3, 3, 7,
/// ];
/// let segment = Segment::parse(&bytes)?;
/// assert_eq!(segment.header.destination_port, 5060);
/// assert!(segment.header.flags().contains(Flags::SYN));
/// let options: Result<Vec<_>, _> = segment.options().collect();
/// assert_eq!(
///     options?,
///     [TcpOption::MaximumSegmentSize(1460), TcpOption::NoOperation, TcpOption::WindowScale(7)]
/// );
/// assert!(segment.payload.is_empty());
/// # Ok::<(), dissect::Malformed>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Segment<'a> {
    /// The fixed part of the header.
    pub header: Header,
    /// The bytes of the options.
    pub option_bytes: &'a [u8],
    /// The data.
    pub payload: &'a [u8],
}

impl<'a> Segment<'a> {
    /// Reads a segment, which ends with the bytes.
    ///
    /// # Errors
    /// When the bytes end in the header, or the header claims fewer than its own 20 bytes.
    pub fn parse(bytes: &'a [u8]) -> Result<Segment<'a>, Malformed> {
        let (_, header) = Header::parse(bytes)?;
        let length = header.length();
        if length < Header::LEN {
            return Err(Malformed::value(&HEADER_LENGTH, 12, "is below the header's own 20 bytes"));
        }
        let short = || Malformed::short(&option::OPTIONS_FIELD, 20, length - 20, bytes.len() - 20);
        let option_bytes = bytes.get(Header::LEN..length).ok_or_else(short)?;
        Ok(Segment { header, option_bytes, payload: bytes.get(length..).unwrap_or(&[]) })
    }
    /// The options in their order, up to the end of the list or the first whose length is impossible.
    pub fn options(&self) -> Options<'a> {
        Options::new(self.option_bytes)
    }
}

/// How messages are shown to be put together.
pub(super) static REASSEMBLED: fragments::Fields = fragments::Fields {
    fragments: &SEGMENTS,
    fragment: &SEGMENT,
    count: &SEGMENT_COUNT,
    length: &REASSEMBLED_LENGTH,
    data: &REASSEMBLED_DATA,
    whole_in: &REASSEMBLED_IN,
    source: "Reassembled TCP",
};

/// How far a segment's parts reach in the bytes that were captured.
pub(super) struct Extent<'a> {
    /// The options as far as they were captured.
    pub(super) options: &'a [u8],
    /// The data as far as it was captured.
    pub(super) payload: &'a [u8],
    /// The length of the data on the wire; `None` when the header does not fit into the segment, or nothing tells the length.
    pub(super) length: Option<usize>,
}

impl<'a> Extent<'a> {
    /// Of a segment that misses so many bytes at its end.
    pub(super) fn of(header: &Header, bytes: &'a [u8], missing: Option<usize>) -> Extent<'a> {
        let claimed = header.length();
        let length = missing.and_then(|missing| (bytes.len() + missing).checked_sub(claimed));
        if claimed < Header::LEN {
            return Extent { options: &[], payload: &[], length };
        }
        let options = bytes.get(Header::LEN..claimed.min(bytes.len())).unwrap_or(&[]);
        let payload = bytes.get(claimed..).unwrap_or(&[]);
        Extent { options, payload, length }
    }
}

/// Adds what is there of a header that the bytes end in.
pub(super) fn emit_short(cx: &mut Cx<'_>, bytes: &[u8]) {
    cx.column(PROTOCOL.title);
    if let Some([a, b, c, d]) = bytes.first_chunk() {
        cx.info_ports(Transport::Tcp, u16::from_be_bytes([*a, *b]), u16::from_be_bytes([*c, *d]));
    }
    cx.group(&ROOT, bytes, |cx| {
        header::emit_with(cx, bytes, Header::PIECES, |cx, own| {
            let Some(word) = own.first_chunk() else { return };
            let both = u16::from_be_bytes(*word);
            emit_length(cx, &word[..1], usize::from(both >> 12) * 4);
            flags::emit(cx, Flags(both & 0xfff), word, None);
        });
        // What is quoted in part, of 8 bytes often (RFC 792), is no fault.
        if let (false, Err(error)) = (cx.quoted, Header::parse(bytes)) {
            if cx.missing().is_some_and(|missing| bytes.len() + missing < Header::LEN) {
                cx.expert(&SHORT_SEGMENT, bytes);
            }
            cx.malformed(bytes, error);
        }
    });
}

/// Adds the segment's group.
pub(super) fn emit(cx: &mut Cx<'_>, bytes: &[u8], header: &Header, extent: &Extent<'_>, view: Option<&View>) {
    let (true, Some(fixed)) = (cx.showing(), bytes.first_chunk::<{ Header::LEN }>()) else { return };
    let own = bytes.get(..Header::LEN + extent.options.len()).unwrap_or(bytes);
    cx.group(&ROOT, own, |cx| {
        cx.leaf(&SOURCE_PORT, &fixed[0..2], header.source_port.into());
        cx.leaf(&DESTINATION_PORT, &fixed[2..4], header.destination_port.into());
        if let Some(view) = view {
            view.emit_stream(cx, &fixed[..0]);
        }
        match extent.length {
            Some(length) => cx.generated(&LENGTH, &fixed[..0], length as u64),
            None if cx.quoted || cx.missing().is_none() => {}
            None => cx.expert(&SHORT_SEGMENT, own),
        }
        if let Some(view) = view {
            cx.leaf(&standing::SEQUENCE, &fixed[4..8], view.sequence(header).into());
        }
        cx.leaf(&SEQUENCE, &fixed[4..8], header.sequence.into());
        if let (Some(view), Some(length)) = (view, extent.length) {
            let extra = u32::from(header.flags().contains(Flags(Flags::SYN.0 | Flags::FIN.0)));
            let next = view.sequence(header).wrapping_add(length as u32).wrapping_add(extra);
            cx.generated(&standing::NEXT, &fixed[..0], next.into());
        }
        if header.length() < Header::LEN {
            return emit_length(cx, &fixed[12..13], header.length());
        }
        emit_acknowledgment(cx, header, &fixed[8..12], view);
        emit_length(cx, &fixed[12..13], header.length());
        let wants_flags = cx.wants(flags::FIELDS) || cx.wants(standing::ENDS);
        if let (true, Some(word)) = (wants_flags, fixed[12..].first_chunk()) {
            flags::emit(cx, header.flags(), word, view);
        }
        cx.leaf(&WINDOW, &fixed[14..16], header.window.into());
        if let Some(view) = view {
            cx.generated(&standing::WINDOW, &fixed[14..16], view.window(header).into());
            if !header.flags().contains(Flags::SYN) {
                cx.generated(&standing::FACTOR, &fixed[14..16], view.factor() as u64);
            }
        }
        if cx.wants(CHECKSUM_FIELDS) {
            emit_checksum(cx, bytes, header, &fixed[16..18]);
        }
        emit_urgent(cx, header, &fixed[18..20]);
        if header.length() > Header::LEN && cx.wants_beyond(&[FIELDS, flags::FIELDS, standing::FIELDS]) {
            option::emit(cx, header, extent.options, view.map_or(0, |view| view.standing.other_base));
        }
        if let Some(view) = view {
            view.emit_end(cx, &fixed[..0]);
        }
        if extent.payload.is_empty() {
        } else if header.flags().contains(Flags::RST) {
            cx.leaf(&RESET_CAUSE, extent.payload, 0);
        } else {
            cx.leaf(&PAYLOAD, extent.payload, 0);
        }
    });
}

fn emit_length(cx: &mut Cx<'_>, byte: &[u8], length: usize) {
    cx.group_with(&HEADER_LENGTH, byte, length as u64, |cx| {
        if length < Header::LEN {
            cx.expert(&BOGUS_LENGTH, byte);
        }
    });
}

fn emit_acknowledgment(cx: &mut Cx<'_>, header: &Header, bytes: &[u8], view: Option<&View>) {
    if let Some(view) = view {
        cx.group_with(&standing::ACKNOWLEDGMENT, bytes, view.acknowledgment(header).into(), |cx| {
            if let Some(remark) = view.remark_on_acknowledgment() {
                cx.expert(remark, bytes);
            }
        });
    }
    cx.group_with(&ACKNOWLEDGMENT, bytes, header.acknowledgment.into(), |cx| {
        if header.acknowledgment != 0 && !header.flags().contains(Flags::ACK) {
            cx.expert(&ACKNOWLEDGMENT_NONZERO, bytes);
        }
    });
}

fn emit_urgent(cx: &mut Cx<'_>, header: &Header, bytes: &[u8]) {
    cx.group_with(&URGENT, bytes, header.urgent.into(), |cx| {
        if header.urgent != 0 && !header.flags().contains(Flags::URG) {
            cx.expert(&URGENT_NONZERO, bytes);
        }
    });
}

/// What [`emit_checksum`] adds.
static CHECKSUM_FIELDS: &[&Field] =
    &[&CHECKSUM, &CHECKSUM_STATUS, &CHECKSUM_CALCULATED, &BAD_CHECKSUM, &CHECKSUM_FFFF];

/// Verifies the checksum. That costs a pass over the data, so only trees say its status.
fn emit_checksum(cx: &mut Cx<'_>, bytes: &[u8], header: &Header, own: &[u8]) {
    const BAD: u64 = 0;
    const GOOD: u64 = 1;
    const UNVERIFIED: u64 = 2;
    let place = own.get(..0).unwrap_or(&[]);
    let has_ends = matches!(cx.ends.source, Address::Ipv4(_) | Address::Ipv6(_));
    if cx.cut > 0 || cx.quoted || !has_ends || !cx.verifies(Sum::Tcp) {
        cx.leaf(&CHECKSUM, own, header.checksum.into());
        return cx.generated(&CHECKSUM_STATUS, place, UNVERIFIED);
    }
    let sum = checksum::add(cx.ends.pseudo_header(PROTOCOL_NUMBER, bytes.len()), bytes);
    let right = checksum::expected(checksum::fold(sum), header.checksum);
    cx.group_with(&CHECKSUM, own, header.checksum.into(), |cx| {
        if right != header.checksum {
            let negative_zero = right == 0 && header.checksum == 0xffff;
            cx.expert(if negative_zero { &CHECKSUM_FFFF } else { &BAD_CHECKSUM }, own);
        }
    });
    cx.generated(&CHECKSUM_STATUS, place, if right == header.checksum { GOOD } else { BAD });
    cx.generated(&CHECKSUM_CALCULATED, own, right.into());
}

/// Writes the summary line.
pub(super) fn write_line(cx: &mut Cx<'_>, header: &Header, extent: &Extent<'_>, view: Option<&View>) {
    if cx.info().is_none() {
        return;
    }
    let multipath = option::multipath::is_in(extent.options);
    cx.column(if multipath { "MPTCP" } else { PROTOCOL.title });
    let Some(info) = cx.info() else { return };
    let flags = header.flags();
    if view.is_some_and(|view| view.write_line(info)) {
        cx.keep_info();
    }
    cx.info_ports(Transport::Tcp, header.source_port, header.destination_port);
    let Some(info) = cx.info() else { return };
    info.str(" [");
    flags.write(info);
    info.str("] Seq=").dec(view.map_or(header.sequence, |view| view.sequence(header)).into());
    if flags.contains(Flags::ACK) {
        let number = view.map_or(header.acknowledgment, |view| view.acknowledgment(header));
        info.str(" Ack=").dec(number.into());
    }
    info.str(" Win=").dec(view.map_or(header.window.into(), |view| view.window(header)).into());
    if flags.contains(Flags::URG) {
        info.str(" Urg=").dec(header.urgent.into());
    }
    if header.length() < Header::LEN {
        info.str(", bogus TCP header length (").dec(header.length() as u64).str(", must be at least 20)");
        return;
    }
    if let Some(length) = extent.length {
        info.str(" Len=").dec(length as u64);
    }
    option::write_line(info, header, extent.options, view.map_or(0, |view| view.standing.other_base));
}

fn write_root(item: Item<'_>, out: &mut Out) {
    let parts = [
        (", Src Port: ", &SOURCE_PORT, &SOURCE_PORT),
        (", Dst Port: ", &DESTINATION_PORT, &DESTINATION_PORT),
        (", Seq: ", &standing::SEQUENCE, &SEQUENCE),
        (", Ack: ", &standing::ACKNOWLEDGMENT, &ACKNOWLEDGMENT),
        (", Len: ", &LENGTH, &LENGTH),
    ];
    let flags = out.find(item, &flags::FLAGS);
    let acknowledges = flags.is_some_and(|flags| Flags(flags.node.value as u16).contains(Flags::ACK));
    for (words, field, raw) in parts {
        // Without the flag the number means nothing.
        if std::ptr::eq(raw, &raw const ACKNOWLEDGMENT) && !acknowledges {
            continue;
        }
        if let Some(number) = out.find(item, field).or_else(|| out.find(item, raw)) {
            out.str(words).tell(number);
        }
    }
}

fn write_payload(item: Item<'_>, out: &mut Out) {
    let s = if item.node.len == 1 { "" } else { "s" };
    out.byte(b'(').tell_size(item).str(" byte").str(s).byte(b')');
}
