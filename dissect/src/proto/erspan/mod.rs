//! Encapsulated Remote Switch Packet Analysis, draft-foschiano-erspan-03: what a switch mirrors, carried by GRE.

use crate::header::number;
use crate::proto::ethernet::ETHERTYPES;
use crate::proto::frame::LINK_TYPES;
use crate::proto::icmpv6::layout::{Cell, cell, row};
use crate::{Claim, Cx, Malformed, Protocol, Show, fields};

fields! {
    /// The header before a mirrored frame.
    ROOT = "erspan", "Encapsulated Remote Switch Packet ANalysis", Show::protocol(), "draft-foschiano-erspan-03, 4";
    /// 1 is Type II, 2 is Type III.
    VERSION = "erspan.version", "Version", Show::u16().mask(0xf000), "draft-foschiano-erspan-03, 4.2";
    /// The frame's VLAN.
    VLAN = "erspan.vlan", "Vlan", Show::u16().mask(0xfff), "draft-foschiano-erspan-03, 4.2";
    /// The frame's class of service.
    SERVICE = "erspan.cos", "COS", Show::u16().mask(0xe000), "draft-foschiano-erspan-03, 4.2";
    /// How the frame was tagged.
    ENCAPSULATION = "erspan.encap", "Encap", Show::u16().mask(0x1800), "draft-foschiano-erspan-03, 4.2";
    /// Whether the frame is bad, short or oversized.
    INTEGRITY = "erspan.bso", "Bad/Short/Oversized", Show::u16().mask(0x1800), "draft-foschiano-erspan-03, 4.3";
    /// Whether the frame was cut.
    TRUNCATED = "erspan.truncated", "Truncated", Show::u16().mask(0x400), "draft-foschiano-erspan-03, 4.2";
    /// Which session mirrors.
    SESSION = "erspan.spanid", "SpanID", Show::u16().mask(0x3ff), "draft-foschiano-erspan-03, 4.2";
    /// Must be zero.
    RESERVED = "erspan.reserved", "Reserved", Show::u32().mask(0xfff0_0000), "draft-foschiano-erspan-03, 4.2";
    /// The port and direction, as the platform numbers them.
    INDEX = "erspan.index", "Index", Show::u32().mask(0xfffff), "draft-foschiano-erspan-03, 4.2";
    /// When the frame was mirrored, in units of the granularity.
    TIME = "erspan.timestamp", "Timestamp", Show::u32(), "draft-foschiano-erspan-03, 4.3";
    /// The frame's security group.
    GROUP = "erspan.sgt", "Security Group Tag", Show::u16(), "draft-foschiano-erspan-03, 4.3";
    /// Whether an Ethernet frame follows.
    HAS_ETHERNET = "erspan.p", "Has Ethernet PDU", Show::u16().mask(0x8000), "draft-foschiano-erspan-03, 4.3";
    /// What kind of frame follows: 0 is Ethernet, 2 is IP.
    FRAME_TYPE = "erspan.ft", "Frame Type", Show::u16().mask(0x7c00), "draft-foschiano-erspan-03, 4.3";
    /// Which part of the switch mirrors.
    HARDWARE = "erspan.hw", "Hardware ID", Show::u16().mask(0x3f0), "draft-foschiano-erspan-03, 4.3";
    /// Whether the frame left the port.
    DIRECTION = "erspan.direction", "Direction", Show::flag().words("Egress", "Ingress").mask(8), "draft-foschiano-erspan-03, 4.3";
    /// The unit of the timestamp.
    GRANULARITY = "erspan.gra", "Timestamp granularity", Show::u16().mask(6), "draft-foschiano-erspan-03, 4.3";
    /// Whether a further header follows.
    HAS_MORE = "erspan.o", "Optional Sub headers", Show::u16().mask(1), "draft-foschiano-erspan-03, 4.3";
    /// The platform that defines the further header.
    PLATFORM = "erspan.platid", "Platform ID", Show::u32().mask(0xfc00_0000), "draft-foschiano-erspan-03, 4.3";
    /// The rest of the further header.
    MORE = "erspan.platform_info", "Platform specific info", Show::bytes(), "draft-foschiano-erspan-03, 4.3";
}

/// The length of the header of Type II, of Type III, and of its further header.
const LENGTHS: [usize; 3] = [8, 12, 8];

static MARK: &[Cell] = &[cell(&TIME, 4), cell(&GROUP, 2)];

/// ERSPAN.
pub static PROTOCOL: Protocol = Protocol {
    claims: &[Claim::Number(&ETHERTYPES, 0x88be), Claim::Number(&ETHERTYPES, 0x22eb)],
    tables: &[&LINK_TYPES],
    ..Protocol::new(
        "erspan",
        "ERSPAN",
        "Encapsulated Remote Switch Packet ANalysis",
        "draft-foschiano-erspan-03",
        walk,
        &[FIELDS],
    )
};

fn walk(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    // Type I has no header, and its frame may begin with any bits.
    let is_third = match bytes.first().map(|first| first >> 4) {
        Some(1) => false,
        Some(2) => true,
        _ => return false,
    };
    cx.column(PROTOCOL.title);
    let fixed = LENGTHS[usize::from(is_third)];
    let has_more = is_third && bytes.get(11).is_some_and(|last| last & 1 == 1);
    let length = fixed + if has_more { LENGTHS[2] } else { 0 };
    let own = bytes.get(..length).unwrap_or(bytes);
    cx.group(&ROOT, own, |cx| {
        if own.len() == length {
            emit(cx, is_third, own);
        } else {
            cx.malformed(own, Malformed::short(&VERSION, 0, length, own.len()));
        }
    });
    // The link type of Ethernet.
    let frame = bytes.get(length..).unwrap_or(&[]);
    if !frame.is_empty() && !cx.carry(&LINK_TYPES, 1, frame) {
        cx.data(frame);
    }
    true
}

fn emit(cx: &mut Cx<'_>, is_third: bool, own: &[u8]) {
    let at = |from, to| own.get(from..to).unwrap_or(&[]);
    let tag = if is_third { &INTEGRITY } else { &ENCAPSULATION };
    cx.flags(&[&VERSION, &VLAN], at(0, 2), number(at(0, 2)));
    cx.flags(&[&SERVICE, tag, &TRUNCATED, &SESSION], at(2, 4), number(at(2, 4)));
    if !is_third {
        return cx.flags(&[&RESERVED, &INDEX], at(4, 8), number(at(4, 8)));
    }
    row(cx, at(4, 10), MARK);
    let bits: [&'static crate::Field; 6] =
        [&HAS_ETHERNET, &FRAME_TYPE, &HARDWARE, &DIRECTION, &GRANULARITY, &HAS_MORE];
    cx.flags(&bits, at(10, 12), number(at(10, 12)));
    if own.len() > LENGTHS[1] {
        cx.bits(&PLATFORM, at(12, 16), number(at(12, 16)));
        cx.leaf(&MORE, at(12, 20), 0);
    }
}

#[cfg(test)]
mod tests {
    use crate::capture::LinkType;
    use crate::testing::{survives, tree};

    /// GRE with a sequence number in IPv4, which carries a header and the beginning of a frame.
    fn packet(ethertype: [u8; 2], header: &[u8]) -> Vec<u8> {
        let frame = [2, 0, 0, 0, 0, 0xb, 2, 0, 0, 0, 0, 0xa, 0xff, 0xff, 1, 2];
        let mut bytes = vec![0x45, 0, 0, 0, 0, 1, 0, 0, 64, 47, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2];
        bytes.extend([0x10, 0]);
        bytes.extend(ethertype);
        bytes.extend([0, 0, 0, 1]);
        bytes.extend(header);
        bytes.extend(frame);
        bytes[3] = bytes.len() as u8;
        bytes
    }

    const SECOND: [u8; 8] = [0x10, 0x64, 0x4c, 7, 0, 0, 0, 9];
    const THIRD: [u8; 20] = [0x20, 0x64, 8, 7, 0, 0, 0, 5, 0, 6, 0x80, 0x1d, 0x0c, 0, 0, 1, 0, 0, 0, 2];

    #[test]
    fn both_types_are_read_and_lead_to_the_frame() {
        let text = tree(LinkType::IPV4, &packet([0x88, 0xbe], &SECOND));
        for line in [
            "= Version: 1",
            "= Vlan: 100",
            "= COS: 2",
            "= Encap: 1",
            "= Truncated: 1",
            "= SpanID: 7",
            "= Index: 9",
        ] {
            assert!(text.contains(line), "{line}: {text}");
        }
        assert!(text.contains("Ethernet II, Src: 02:00:00:00:00:0a"), "{text}");
        let text = tree(LinkType::IPV4, &packet([0x22, 0xeb], &THIRD));
        for line in [
            "= Version: 2",
            "Timestamp: 5",
            "Security Group Tag: 6",
            "Direction: Egress",
            "granularity: 2",
            "Platform ID: 3",
        ] {
            assert!(text.contains(line), "{line}: {text}");
        }
        assert!(text.contains("Ethernet II, Src: 02:00:00:00:00:0a"), "{text}");
        // Without the further header.
        let mut short = THIRD[..12].to_vec();
        short[11] &= !1;
        let text = tree(LinkType::IPV4, &packet([0x22, 0xeb], &short));
        assert!(!text.contains("Platform") && text.contains("Ethernet II, Src: 02:00:00:00:00:0a"), "{text}");
    }

    #[test]
    fn what_has_no_such_header_is_left_alone_and_what_ends_in_it_is_told() {
        assert!(!tree(LinkType::IPV4, &packet([0x88, 0xbe], &[])).contains("Packet ANalysis"));
        let mut cut = packet([0x88, 0xbe], &SECOND)[..32].to_vec();
        cut[3] = 32;
        assert!(tree(LinkType::IPV4, &cut).contains("Version needs 8 bytes"));
        survives(LinkType::IPV4, &packet([0x88, 0xbe], &SECOND));
        survives(LinkType::IPV4, &packet([0x22, 0xeb], &THIRD));
    }
}
