//! The frame: what the capture says of a packet. The root of every dissection; carries by link type.

pub mod remark;
#[cfg(test)]
mod tests;

use crate::capture::{Flags, LinkType, Time};
use crate::engine::Stencil;
use crate::tree::Item;
use crate::{Area, Codes, Cx, Field, Out, Packet, Protocol, Severity, Show, Table, fields};

/// Who is on a link of the capture: the numbers are `LinkType`'s.
pub static LINK_TYPES: Table = Table { name: "wtap_encap", doc: "the link type of the capture" };

fields! {
    /// What the capture says of the packet.
    FRAME = "frame", "Frame", Show::protocol().write_parts(write_frame), "pcapng, 4";
    /// Which section of the capture, from 1.
    SECTION = "frame.section_number", "Section number", Show::u32().few(), "pcapng, 4.1";
    /// On which interface of the section, from 0.
    INTERFACE = "frame.interface_id", "Interface id", Show::u32().few(), "pcapng, 4.3";
    /// The interface's name.
    INTERFACE_NAME = "frame.interface_name", "Interface name", Show::text(), "pcapng, 4.2";
    /// The interface in words.
    INTERFACE_DESCRIPTION = "frame.interface_description", "Interface description", Show::text(), "pcapng, 4.2";
    /// What the capture's author remarks.
    COMMENT = "frame.comment", "Comment", Show::text().repeats(), "pcapng, 3.5";
    /// How the packet was received or sent.
    FLAGS = "frame.packet_flags", "Packet flags", Show::u32().hex(), "pcapng, 4.3.1";
    /// Which way it went, seen from the capturing host.
    DIRECTION = "frame.packet_flags_direction", "Direction", Show::u32().hex().mask(0x3).codes(&DIRECTIONS), "pcapng, 4.3.1";
    /// To whom it was sent.
    RECEPTION = "frame.packet_flags_reception_type", "Reception type", Show::u32().mask(0x1c).codes(&RECEPTIONS), "pcapng, 4.3.1";
    /// The length of the frame check sequence at its end, in bytes.
    FCS_LENGTH = "frame.packet_flags_fcs_length", "FCS length", Show::u32().mask(0x1e0), "pcapng, 4.3.1";
    /// Not used.
    RESERVED = "frame.packet_flags_reserved", "Reserved", Show::u32().mask(0xfe00), "pcapng, 4.3.1";
    /// The frame check sequence was wrong.
    CRC_ERROR = "frame.packet_flags_crc_error", "CRC error", Show::flag().mask(0x0100_0000), "pcapng, 4.3.1";
    /// It was too long.
    TOO_LONG = "frame.packet_flags_packet_too_error", "Packet too long error", Show::flag().mask(0x0200_0000), "pcapng, 4.3.1";
    /// It was too short.
    TOO_SHORT = "frame.packet_flags_packet_too_short_error", "Packet too short error", Show::flag().mask(0x0400_0000), "pcapng, 4.3.1";
    /// The gap before it was wrong.
    GAP_ERROR = "frame.packet_flags_wrong_inter_frame_gap_error", "Wrong interframe gap error", Show::flag().mask(0x0800_0000), "pcapng, 4.3.1";
    /// It did not end on a byte.
    UNALIGNED = "frame.packet_flags_unaligned_frame_error", "Unaligned frame error", Show::flag().mask(0x1000_0000), "pcapng, 4.3.1";
    /// Its start was wrong.
    DELIMITER_ERROR = "frame.packet_flags_start_frame_delimiter_error", "Start frame delimiter error", Show::flag().mask(0x2000_0000), "pcapng, 4.3.1";
    /// What stands before its start was wrong.
    PREAMBLE_ERROR = "frame.packet_flags_preamble_error", "Preamble error", Show::flag().mask(0x4000_0000), "pcapng, 4.3.1";
    /// A sign on the wire was wrong.
    SYMBOL_ERROR = "frame.packet_flags_symbol_error", "Symbol error", Show::flag().mask(0x8000_0000), "pcapng, 4.3.1";
    /// How many packets were lost before this one.
    DROPS = "frame.drop_count", "Drop Count", Show::u64(), "pcapng, 4.3";
    /// What the packet's bytes begin with, by Wireshark's number.
    ENCAPSULATION = "frame.encap_type", "Encapsulation type", Show::u16().codes(&ENCAPSULATIONS), "sctpdump";
    /// When it was captured.
    ARRIVAL = "frame.time", "Arrival Time", Show::moment(), "pcapng, 4.3";
    /// The packet's number in the capture, from 1.
    pub NUMBER = "frame.number", "Frame Number", Show::u32(), "pcapng, 4";
    /// When it was captured, since 1970.
    pub TIME = "frame.time_epoch", "Epoch Time", Show::duration(), "pcapng, 4.3";
    /// How long after the packet before it in the capture it was captured.
    pub DELTA = "frame.time_delta", "Time delta from previous captured frame", Show::duration(), "sctpdump";
    /// How long after the first packet of the capture it was captured.
    pub RELATIVE = "frame.time_relative", "Time since reference or first frame", Show::duration(), "sctpdump";
    /// Its length on the wire.
    pub LENGTH = "frame.len", "Frame Length", Show::u32().unit(" bytes"), "pcapng, 4.3";
    /// How much of it the capture holds.
    pub CAPTURED = "frame.cap_len", "Capture Length", Show::u32().unit(" bytes"), "pcapng, 4.3";
    /// The protocols found in it, outermost first.
    pub PROTOCOLS = "frame.protocols", "Protocols in frame", Show::text().write_protocols(write_protocols), "sctpdump";
    /// The bytes break their protocol's format here.
    pub MALFORMED = "_ws.malformed", "Malformed", Show::expert(Severity::Error, Area::Malformed), "sctpdump";
    /// The capture ends here, cut by the snap length.
    pub SHORT = "_ws.short", "Packet size limited during capture", Show::expert(Severity::Note, Area::Malformed), "sctpdump";
    /// More protocols stand in each other than are followed.
    pub TOO_DEEP = "_ws.too_deep", "Too many protocols stand in each other; the rest is not dissected", Show::expert(Severity::Error, Area::Malformed), "sctpdump";
    /// More further sources than are kept.
    pub TOO_MANY_SOURCES = "_ws.too_many_sources", "Too many reassembled or unpacked sources; this one is not dissected", Show::expert(Severity::Error, Area::Malformed), "sctpdump";
}

/// The root.
pub static PROTOCOL: Protocol = Protocol {
    tables: &[&LINK_TYPES],
    ..Protocol::new("frame", "Frame", "Frame", "pcapng", walk, &[FIELDS, remark::FIELDS])
};

fn walk(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    let packet = cx.packet;
    if cx.showing() {
        cx.group(&FRAME, bytes, |cx| emit(cx, packet));
    }
    if packet.link == LinkType::CUSTOM_BLOCK {
        cx.column("PCAPNG");
        if let Some(info) = cx.info() {
            info.str("Custom Block");
        }
    }
    if !cx.carry(&LINK_TYPES, packet.link.0.into(), bytes) {
        cx.data(bytes);
    }
    true
}

/// What differs between frames.
static FRAMES: Stencil<7> =
    Stencil { group: &NUMBER, fields: [&NUMBER, &ARRIVAL, &TIME, &DELTA, &RELATIVE, &LENGTH, &CAPTURED] };

/// What the capture says.
fn emit(cx: &mut Cx<'_>, packet: &Packet<'_>) {
    emit_capture(cx, packet);
    let (time, began) = (packet.time, cx.began());
    let nanoseconds = time.map_or(0, |time| time.nanoseconds() as u64);
    let since = |one: Option<Time>| {
        time.zip(one).and_then(|(time, one)| time.checked_since(one)).unwrap_or_default() as u64
    };
    let values = [
        packet.number,
        nanoseconds,
        nanoseconds,
        since(packet.before),
        since(began),
        packet.original.into(),
        packet.bytes.len() as u64,
    ];
    let key = u64::from(time.is_some()) | u64::from(began.is_some()) << 1;
    cx.like(&FRAMES, key, &[], values, |cx| {
        let [number, arrival, time_of_day, delta, relative, length, captured] = values;
        cx.generated(&NUMBER, &[], number);
        if time.is_some() {
            cx.generated(&ARRIVAL, &[], arrival);
            cx.generated(&TIME, &[], time_of_day);
            cx.generated(&DELTA, &[], delta);
            if began.is_some() {
                cx.generated(&RELATIVE, &[], relative);
            }
        }
        cx.generated(&LENGTH, &[], length);
        cx.generated(&CAPTURED, &[], captured);
        cx.generated(&PROTOCOLS, &[], 0);
    });
}

/// Wireshark's number of a link type, for those that are known here.
pub fn encapsulation(link: LinkType) -> Option<u16> {
    LINKS.iter().find(|row| row.0 == link.0).map(|row| row.1)
}

/// What the capture says besides time and length.
fn emit_capture(cx: &mut Cx<'_>, packet: &Packet<'_>) {
    if let Some(interface) = packet.interface {
        cx.generated(&SECTION, &[], u64::from(interface.section) + 1);
        cx.group_with(&INTERFACE, &[], interface.id.into(), |cx| {
            let texts =
                [(&INTERFACE_NAME, interface.name()), (&INTERFACE_DESCRIPTION, interface.description())];
            for (field, text) in texts {
                if let Some(text) = text {
                    cx.own_text(field, &[], text, 0);
                }
            }
        });
    }
    for comment in packet.options.comments() {
        cx.own_text(&COMMENT, &[], comment, 0);
    }
    if let Some(Flags(flags)) = packet.options.flags() {
        cx.group_with(&FLAGS, &[], flags.into(), |cx| cx.flags(FLAG_FIELDS, &[], flags.into()));
    }
    if let Some(drops) = packet.options.drop_count() {
        cx.generated(&DROPS, &[], drops);
    }
    if let Some(number) = encapsulation(packet.link) {
        cx.generated(&ENCAPSULATION, &[], number.into());
    }
}

static FLAG_FIELDS: &[&Field] = &[
    &DIRECTION,
    &RECEPTION,
    &FCS_LENGTH,
    &RESERVED,
    &CRC_ERROR,
    &TOO_LONG,
    &TOO_SHORT,
    &GAP_ERROR,
    &UNALIGNED,
    &DELIMITER_ERROR,
    &PREAMBLE_ERROR,
    &SYMBOL_ERROR,
];

static DIRECTIONS: Codes =
    Codes { unknown: "Reserved", names: &[(0, "Unknown"), (1, "Inbound"), (2, "Outbound")] };

static RECEPTIONS: Codes = Codes {
    unknown: "Reserved",
    names: &[(0, "Not specified"), (1, "Unicast"), (2, "Multicast"), (3, "Broadcast"), (4, "Promiscuous")],
};

/// Link types, and Wireshark's numbers of them.
static LINKS: &[(u16, u16)] = &[
    (0, 15),
    (1, 1),
    (9, 4),
    (12, 7),
    (14, 7),
    (50, 4),
    (51, 139),
    (101, 7),
    (104, 28),
    (105, 20),
    (108, 174),
    (113, 25),
    (127, 23),
    (140, 42),
    (141, 43),
    (139, 75),
    (228, 129),
    (229, 130),
    (239, 141),
    (248, 149),
    (252, 155),
    (276, 210),
];

static ENCAPSULATIONS: Codes = Codes {
    unknown: "Unknown",
    names: &[
        (1, "Ethernet"),
        (4, "PPP"),
        (7, "Raw IP"),
        (15, "NULL/Loopback"),
        (20, "IEEE 802.11 Wireless LAN"),
        (23, "IEEE 802.11 plus radiotap radio header"),
        (25, "Linux cooked-mode capture v1"),
        (28, "Cisco HDLC"),
        (42, "SS7 MTP2"),
        (43, "SS7 MTP3"),
        (75, "MTP2 with pseudoheader"),
        (129, "Raw IPv4"),
        (130, "Raw IPv6"),
        (139, "PPP-over-Ethernet session"),
        (141, "NFLOG"),
        (149, "SCTP"),
        (155, "Wireshark Upper PDU export"),
        (174, "OpenBSD loopback"),
        (210, "Linux cooked-mode capture v2"),
    ],
};

fn write_frame(item: Item<'_>, out: &mut Out) {
    for (words, field) in [(" ", &NUMBER), (": ", &LENGTH), (" bytes on wire, ", &CAPTURED)] {
        if let Some(number) = out.find(item, field) {
            out.str(words).tell(number);
        }
    }
    out.str(" bytes captured");
}

/// How many protocols' names are written at once: a name is short.
const AT_ONCE: usize = 16;

fn write_protocols(item: Item<'_>, out: &mut Out) {
    // Without the frame itself. What a pen takes at once is far more than most packets have.
    let protocols = item.dissection.tree.protocols.get(1..).unwrap_or(&[]);
    for (at, some) in protocols.chunks(AT_ONCE).enumerate() {
        out.with(|pen| {
            for (next, field) in some.iter().enumerate() {
                pen.put(b":", usize::from(at + next > 0));
                pen.short(field.name.as_bytes());
            }
        });
    }
}
