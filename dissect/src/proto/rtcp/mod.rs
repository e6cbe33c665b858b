//! RTP Control Protocol, RFC 3550, 6: compound packets of reports, descriptions, farewells, and of the feedback of RFC 4585
//! and the extended reports of RFC 3611.
//!
//! ```
//! use dissect::proto::rtcp::{Header, PacketType};
//! let (_, header) = Header::parse(&[0x81, 203, 0, 1, 0, 0, 0, 7]).unwrap();
//! assert_eq!(PacketType(header.packet_type), PacketType::BYE);
//! assert_eq!((header.count(), header.size()), (1, 8));
//! ```

pub mod description;
pub mod extended;
pub mod feedback;
mod memory;
pub mod report;
#[cfg(test)]
mod tests;

pub use memory::{MOST_REPORTS, Reports};

use super::rtp::{MUXED, Session, show_setup, write_setup};
use crate::header::number;
use crate::proto::udp::PORTS;
use crate::tree::Item;
use crate::{Area, Base, Claim, Codes, Cx, Malformed, Out, Protocol, Severity, Show, codes, fields, header};
use memory::Trips;

codes! {
    /// What a packet is: RFC 3550, 12.1, and its registry.
    pub PacketType: u8, PACKET_TYPES, "Unknown" {
        /// Full intra-frame request of RFC 2032.
        FIR = 192, "Full Intra-frame Request (H.261)";
        /// Negative acknowledgement of RFC 2032.
        NACK = 193, "Negative Acknowledgement (H.261)";
        /// SMPTE time-code mapping, RFC 5484.
        SMPTETC = 194, "SMPTE time-code mapping";
        /// Extended interarrival jitter report, RFC 5450.
        IJ = 195, "Extended inter-arrival jitter report";
        /// Sender report.
        SR = 200, "Sender Report";
        /// Receiver report.
        RR = 201, "Receiver Report";
        /// Source description.
        SDES = 202, "Source description";
        /// Goodbye.
        BYE = 203, "Goodbye";
        /// Defined by an application.
        APP = 204, "Application specific";
        /// Generic RTP feedback, RFC 4585.
        RTPFB = 205, "Generic RTP Feedback";
        /// Payload-specific feedback, RFC 4585.
        PSFB = 206, "Payload-specific Feedback";
        /// Extended report, RFC 3611.
        XR = 207, "Extended report (RFC 3611)";
        /// IEEE 1733.
        AVB = 208, "AVB RTCP packet (IEEE1733)";
        /// Receiver summary information, RFC 5760.
        RSI = 209, "Receiver Summary Information";
        /// Port mapping, RFC 6284.
        TOKEN = 210, "Port Mapping";
    }
}

fields! {
    /// A packet of RTCP; several stand in one datagram.
    ROOT = "rtcp", "Real-time Transport Control Protocol", Show::protocol().write(write_root), "RFC 3550, 6";
    /// What set up the stream.
    SETUP = "rtcp.setup", "Stream setup", Show::group().write(write_setup), "sctpdump";
    /// The packet that set up the stream.
    SETUP_FRAME = "rtcp.setup-frame", "Setup frame", Show::packet(), "sctpdump";
    /// By which protocol the stream was set up.
    SETUP_METHOD = "rtcp.setup-method", "Setup Method", Show::text(), "sctpdump";
    /// The version: 2.
    VERSION = "rtcp.version", "Version", Show::u8().mask(0xc0).codes(&VERSIONS), "RFC 3550, 6.4.1";
    /// Padding ends the packet.
    PADDING = "rtcp.padding", "Padding", Show::flag().words("True", "False").mask(0x20), "RFC 3550, 6.4.1";
    /// How many report blocks there are.
    REPORT_COUNT = "rtcp.rc", "Reception report count", Show::u8().mask(0x1f), "RFC 3550, 6.4.1";
    /// How many sources there are.
    SOURCE_COUNT = "rtcp.sc", "Source count", Show::u8().mask(0x1f), "RFC 3550, 6.5";
    /// Which packet of the application it is.
    SUBTYPE = "rtcp.app.subtype", "Subtype", Show::u8().mask(0x1f), "RFC 3550, 6.7";
    /// Which feedback it is.
    RTP_FORMAT = "rtcp.rtpfb.fmt", "RTCP Feedback message type (FMT)",
        Show::u8().mask(0x1f).codes(&feedback::RTP_FORMATS), "RFC 4585, 6.2";
    /// Which feedback it is.
    PAYLOAD_FORMAT = "rtcp.psfb.fmt", "RTCP Feedback message type (FMT)",
        Show::u8().mask(0x1f).codes(&feedback::PAYLOAD_FORMATS), "RFC 4585, 6.3";
    /// What the packet is.
    PACKET_TYPE = "rtcp.pt", "Packet type", Show::u8().codes(&PACKET_TYPES), "RFC 3550, 6.4.1";
    /// The length in words of 4 bytes, less one.
    LENGTH = "rtcp.length", "Length", Show::u16().write_value(write_length), "RFC 3550, 6.4.1";
    /// Who sends the packet.
    pub(super) SENDER = "rtcp.senderssrc", "Sender SSRC", Show::u32().base(Base::HexDec), "RFC 3550, 6.4.1";
    /// Whose media the packet is about.
    pub(super) MEDIA = "rtcp.mediassrc", "Media source SSRC", Show::u32().base(Base::HexDec), "RFC 4585, 6.1";
    /// Which source is meant.
    pub(super) SOURCE = "rtcp.ssrc.identifier", "Identifier", Show::u32().base(Base::HexDec).repeats(), "RFC 3550, 6.4.1";
    /// The name of the application.
    NAME = "rtcp.app.name", "Name (ASCII)", Show::text(), "RFC 3550, 6.7";
    /// What the application says.
    DATA = "rtcp.app.data", "Application specific data", Show::bytes(), "RFC 3550, 6.7";
    /// What the application says, where that is text.
    DATA_TEXT = "rtcp.app.data_str", "Application specific data", Show::text(), "RFC 3550, 6.7";
    /// The first packet that was lost.
    FIRST_LOST = "rtcp.nack.fsn", "First sequence number", Show::u16(), "RFC 2032, 5.2.2";
    /// Which of the next packets were lost too.
    ALSO_LOST = "rtcp.nack.blp", "Bitmask of following lost packets", Show::u16(), "RFC 2032, 5.2.2";
    /// The padding but its count.
    PADDING_DATA = "rtcp.padding.data", "Padding data", Show::bytes(), "RFC 3550, 6.4.1";
    /// How many bytes of padding there are, this one included.
    PADDING_COUNT = "rtcp.padding.count", "Padding count", Show::u8(), "RFC 3550, 6.4.1";
    /// Whether the lengths of the packets add up to the datagram.
    LENGTH_CHECK = "rtcp.length_check", "RTCP frame length check", Show::flag().words("OK", "Wrong"), "RFC 3550, A.2";
    /// The lengths of the packets do not add up to the datagram.
    BAD_LENGTH = "rtcp.length_check.bad", "Incorrect RTCP packet length information",
        Show::expert(Severity::Warn, Area::Malformed), "RFC 3550, A.2";
    /// Only the last packet may be padded.
    EARLY_PADDING = "rtcp.not_final_padding", "Padding flag set on not final packet (see RFC3550, section 6.4.1)",
        Show::expert(Severity::Warn, Area::Protocol), "RFC 3550, 6.4.1";
    /// Whose round trip it is, by the sender report that the block answers: its packet.
    REPORT_FRAME = "rtcp.lsr-frame", "Frame matching Last SR timestamp", Show::packet(), "RFC 3550, 6.4.1";
    /// How long ago the sender report was captured, in milliseconds.
    REPORT_AGE = "rtcp.lsr-frame-captured", "Time since Last SR captured", Show::u32(), "RFC 3550, 6.4.1";
    /// The time from here to the receiver and back, in milliseconds.
    ROUND_TRIP = "rtcp.roundtrip-delay", "Roundtrip Delay(ms)", Show::i32(), "RFC 3550, 6.4.1";
}

static VERSIONS: Codes = Codes {
    unknown: "Unknown",
    names: &[(0, "Old VAT Version"), (1, "First Draft Version"), (2, "RFC 1889 Version")],
};

header! {
    /// What all packets of RTCP begin with.
    pub struct Header {
        /// Version, padding and a number of five bits: a count or a subtype.
        pub first: u8 => VERSION, by hand,
        /// What the packet is: a [`PacketType`].
        pub packet_type: u8 => PACKET_TYPE,
        /// The length in words of 4 bytes, less one.
        pub length: u16 => LENGTH,
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
    /// The number of five bits: how many report blocks or sources there are, or which subtype it is.
    pub fn count(&self) -> u8 {
        self.first & 0x1f
    }
    /// The size of the packet in bytes, this header included.
    pub fn size(&self) -> usize {
        (usize::from(self.length) + 1) * 4
    }
}

/// RTCP. It comes where SDP says so: [`Cx::expect`] with an [`Arc`](std::sync::Arc) of a [`Session`], or to RTP's own port
/// (RFC 5761).
pub static PROTOCOL: Protocol = Protocol {
    claims: &[
        Claim::Expected(&PORTS),
        Claim::Number(&MUXED, 192),
        Claim::Number(&MUXED, 193),
        Claim::Number(&MUXED, 194),
        Claim::Number(&MUXED, 195),
        Claim::Number(&MUXED, 200),
        Claim::Number(&MUXED, 201),
        Claim::Number(&MUXED, 202),
        Claim::Number(&MUXED, 203),
        Claim::Number(&MUXED, 204),
        Claim::Number(&MUXED, 205),
        Claim::Number(&MUXED, 206),
        Claim::Number(&MUXED, 207),
        Claim::Number(&MUXED, 208),
        Claim::Number(&MUXED, 209),
        Claim::Number(&MUXED, 210),
    ],
    tables: &[],
    state: Some(|| Box::new(Reports::default())),
    audience: Some(&[]),
    learns_first: true,
    ..Protocol::new(
        "rtcp",
        "RTCP",
        "Real-time Transport Control Protocol",
        "RFC 3550, 6",
        walk,
        &[FIELDS, report::FIELDS, description::FIELDS, feedback::FIELDS, extended::FIELDS],
    )
};

/// The packets of a datagram, each with its header and its bytes, header included, as far as they go.
fn packets(bytes: &[u8]) -> impl Iterator<Item = (Header, &[u8])> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let (_, header) = Header::parse(rest).ok()?;
        let own = rest.get(..header.size()).unwrap_or(rest);
        rest = rest.get(own.len()..)?;
        Some((header, own))
    })
}

fn walk(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    let is_one = |header: &Header| header.version() == 2 && PacketType(header.packet_type).name().is_some();
    if !Header::parse(bytes).is_ok_and(|(_, header)| is_one(&header)) {
        return false;
    }
    cx.column(PROTOCOL.title);
    let session = Session::of(cx);
    let note = cx.remember(bytes, |reports: &mut Reports, here| reports.learn(here, session, bytes));
    if cx.learning() {
        return true;
    }
    if let Some(info) = cx.info() {
        for (header, own) in packets(bytes) {
            info.str(PacketType(header.packet_type).name().unwrap_or("Unknown packet type")).str("   ");
            write_info(header, own, info);
        }
    }
    if !cx.showing() {
        return true;
    }
    let known = note.and_then(|note| cx.record(|reports: &Reports| reports.of(note)));
    let (session, set_up, trips) = known.unwrap_or_default();
    let mut trips = Trips { rest: &trips, base: cx.offset(bytes) };
    for (header, own) in packets(bytes) {
        cx.group(&ROOT, own, |cx| {
            if let Some(session) = &session {
                show_setup(cx, bytes, [&SETUP, &SETUP_FRAME, &SETUP_METHOD], session, set_up);
            }
            show(cx, header, own, bytes, &mut trips);
        });
    }
    true
}

/// Adds a packet: `own` of the datagram `all`.
fn show(cx: &mut Cx<'_>, header: Header, own: &[u8], all: &[u8], trips: &mut Trips<'_>) {
    let at = |from, to| own.get(from..to).unwrap_or(&[]);
    let kind = PacketType(header.packet_type);
    let is_last = cx.offset(own) as usize + own.len() == cx.offset(all) as usize + all.len();
    let first = u64::from(header.first);
    cx.flags(&[&VERSION, &PADDING], at(0, 1), first);
    if header.has_padding() && !is_last {
        cx.expert(&EARLY_PADDING, at(0, 1));
    }
    match kind {
        PacketType::SDES | PacketType::BYE => cx.bits(&SOURCE_COUNT, at(0, 1), first),
        PacketType::APP => cx.bits(&SUBTYPE, at(0, 1), first),
        PacketType::RTPFB => cx.bits(&RTP_FORMAT, at(0, 1), first),
        PacketType::PSFB => cx.bits(&PAYLOAD_FORMAT, at(0, 1), first),
        PacketType::SR | PacketType::RR | PacketType::FIR | PacketType::NACK => {
            cx.bits(&REPORT_COUNT, at(0, 1), first);
        }
        _ => {}
    }
    cx.leaf(&PACKET_TYPE, at(1, 2), header.packet_type.into());
    cx.leaf(&LENGTH, at(2, 4), header.length.into());
    let is_padded = header.has_padding() && is_last && cx.cut == 0;
    let padding = own.last().filter(|_| is_padded).map_or(0, |count| usize::from(*count));
    let content = own.get(Header::LEN..).unwrap_or(&[]);
    let (content, padding) = content.split_at(content.len() - padding.min(content.len()));
    cx.limited(&LENGTH, at(2, 4), |cx| dissect(cx, header, content, trips));
    if let Some((count, data)) = padding.split_last() {
        if !data.is_empty() {
            cx.leaf(&PADDING_DATA, data, 0);
        }
        cx.leaf(&PADDING_COUNT, padding.get(data.len()..).unwrap_or(&[]), u64::from(*count));
    } else if is_padded {
        cx.malformed(own, Malformed::value(&PADDING_COUNT, own.len() - 1, "does not count itself"));
    }
    if is_last && cx.cut == 0 {
        let is_right = own.len() == header.size();
        if !is_right {
            cx.expert(&BAD_LENGTH, at(0, 0));
        }
        cx.generated(&LENGTH_CHECK, at(0, 0), is_right.into());
    }
}

/// Adds what stands behind the header.
fn dissect(cx: &mut Cx<'_>, header: Header, content: &[u8], trips: &mut Trips<'_>) {
    let count = header.count();
    match PacketType(header.packet_type) {
        PacketType::SR => report::sender(cx, content, count, trips),
        PacketType::RR => report::receiver(cx, content, count, trips),
        PacketType::SDES => description::chunks(cx, content, count),
        PacketType::BYE => description::farewell(cx, content, count),
        PacketType::APP => application(cx, content),
        PacketType::RTPFB => feedback::rtp(cx, content, count),
        PacketType::PSFB => feedback::payload(cx, content, count),
        PacketType::XR => extended::blocks(cx, content),
        PacketType::FIR | PacketType::NACK => {
            use crate::proto::icmpv6::layout::{cell, row};
            if let Some(rest) = row(cx, content, &[cell(&SOURCE, 4)])
                && !rest.is_empty()
            {
                row(cx, rest, &[cell(&FIRST_LOST, 2), cell(&ALSO_LOST, 2)]);
            }
        }
        _ => {}
    }
}

/// A packet of an application, RFC 3550, 6.7.
fn application(cx: &mut Cx<'_>, content: &[u8]) {
    let Some((source, rest)) = content.split_at_checked(4) else {
        return cx.malformed(content, Malformed::short(&SOURCE, 0, 4, content.len()));
    };
    cx.leaf(&SOURCE, source, number(source));
    let Some((name, data)) = rest.split_at_checked(4) else {
        return cx.malformed(rest, Malformed::short(&NAME, 0, 4, rest.len()));
    };
    cx.leaf(&NAME, name, 0);
    if !data.is_empty() {
        let is_text = data.iter().all(|byte| matches!(byte, b' '..=b'~'));
        cx.leaf(if is_text { &DATA_TEXT } else { &DATA }, data, 0);
    }
}

/// Writes what tells packets of one type apart.
fn write_info(header: Header, own: &[u8], info: &mut Out) {
    match PacketType(header.packet_type) {
        PacketType::APP => {
            if let Some(name) = own.get(8..12) {
                info.str("( ").text(name).str(" ) ");
            }
            info.str("subtype=").dec(header.count().into());
        }
        PacketType::PSFB => {
            info.str(feedback::short_name(header.count())).str("  ");
        }
        _ => {}
    }
}

fn write_root(item: Item<'_>, out: &mut Out) {
    if let Some(kind) = item.number(&PACKET_TYPE) {
        out.str(" (").str(PACKET_TYPES.name_or_unknown(kind)).str(")");
    }
}

fn write_length(item: Item<'_>, out: &mut Out) {
    out.dec(item.node.value).str(" (").dec((item.node.value + 1) * 4).str(" bytes)");
}
