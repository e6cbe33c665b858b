//! GPRS Tunneling Protocol: the user plane, 3GPP TS 29.281; of the control plane (TS 29.060, TS 29.274) the header.

mod names;

use crate::header::number;
use crate::proto::{ethernet::ETHERTYPES, udp::PORTS};
use crate::{Area, Base, Claim, Codes, Cx, Field, Malformed, Protocol, Severity, Show, fields, header};
use names::{EXTENSIONS, MESSAGES, MESSAGES_2};

fields! {
    /// A message of the first version.
    ROOT = "gtp", "GPRS Tunneling Protocol", Show::protocol(), "TS 29.281, 5.1";
    /// Version and which fields the header has.
    FLAGS = "gtp.flags", "Flags", Show::u8().hex(), "TS 29.281, 5.1";
    /// The version.
    VERSION = "gtp.flags.version", "Version", Show::u8().mask(0xe0).codes(&VERSIONS), "TS 29.281, 5.1";
    /// Whether it is GTP or the protocol of charging.
    PROTOCOL_TYPE = "gtp.flags.payload", "Protocol type", Show::u8().mask(0x10).codes(&PROTOCOL_TYPES), "TS 29.281, 5.1";
    /// Must be zero.
    FLAGS_RESERVED = "gtp.flags.reserved", "Reserved", Show::u8().mask(8), "TS 29.281, 5.1";
    /// Extension headers follow.
    HAS_EXTENSION = "gtp.flags.e", "Is Next Extension Header present?", Show::flag().words("Yes", "No").mask(4), "TS 29.281, 5.1";
    /// The sequence number means something.
    HAS_SEQUENCE = "gtp.flags.s", "Is Sequence Number present?", Show::flag().words("Yes", "No").mask(2), "TS 29.281, 5.1";
    /// The N-PDU number means something.
    HAS_NPDU = "gtp.flags.pn", "Is N-PDU number present?", Show::flag().words("Yes", "No").mask(1), "TS 29.281, 5.1";
    /// What the message is.
    MESSAGE = "gtp.message", "Message Type", Show::u8().hex().codes(&MESSAGES), "TS 29.281, 6";
    /// The length of what follows the first eight bytes.
    LENGTH = "gtp.length", "Length", Show::u16(), "TS 29.281, 5.1";
    /// Which tunnel, by the receiver's number.
    TUNNEL = "gtp.teid", "TEID", Show::u32().base(Base::HexDec), "TS 29.281, 5.1";
    /// Counts the messages.
    SEQUENCE = "gtp.seq_number", "Sequence number", Show::u16().base(Base::HexDec), "TS 29.281, 5.1";
    /// Numbers the packet at a handover.
    NPDU = "gtp.npdu_number", "N-PDU Number", Show::u8().hex(), "TS 29.281, 5.1";
    /// An extension header.
    EXTENSION = "gtp.ext_hdr", "Extension header", Show::group().repeats(), "TS 29.281, 5.2.1";
    /// The length of the extension header in units of 4 bytes.
    EXTENSION_LENGTH = "gtp.ext_hdr.length", "Extension Header Length", Show::u8(), "TS 29.281, 5.2.1";
    /// The length is zero.
    WRONG_LENGTH = "gtp.ext_length.invalid", "Extension header length is zero", Show::expert(Severity::Error, Area::Malformed), "TS 29.281, 5.2.1";
    /// Which extension header follows; 0 for none.
    NEXT = "gtp.ext_hdr.next", "Next extension header type", Show::u8().hex().codes(&EXTENSIONS), "TS 29.281, 5.2.1";
    /// The content of an extension header that is not known here.
    CONTENT = "gtp.ext_hdr.content", "Content", Show::bytes(), "TS 29.281, 5.2.1";
    /// The port of the packet that led to an error indication.
    PORT = "gtp.ext_hdr.udp_port", "UDP Port", Show::u16(), "TS 29.281, 5.2.2.1";
    /// Numbers the packet at a handover.
    PDCP = "gtp.ext_hdr.pdcp_sn", "PDCP Sequence Number", Show::u16(), "TS 29.281, 5.2.2.2";
    /// What radio access networks tell each other.
    RAN_CONTAINER = "gtp.ext_hdr.ran_cont", "RAN Container", Show::bytes(), "TS 29.281, 5.2.2.4";
    /// What radio access networks tell each other.
    NR_CONTAINER = "gtp.ext_hdr.nr_ran_cont", "NR RAN Container", Show::bytes(), "TS 29.281, 5.2.2.6";
    /// How the packet belongs to its session.
    SESSION = "gtp.ext_hdr.pdu_session", "PDU Session Container", Show::group(), "TS 38.415, 5.5.2";
    /// The direction.
    PDU_TYPE = "gtp.ext_hdr.pdu_ses_con.pdu_type", "PDU Type", Show::u8().mask(0xf0).codes(&PDU_TYPES), "TS 38.415, 5.5.3.1";
    /// Beside the direction.
    BESIDE_TYPE = "gtp.spare.h1", "Spare", Show::u8().hex().mask(0xf), "TS 38.415, 5.5.2";
    /// Beside the flow.
    BESIDE_FLOW = "gtp.spare.b7b6", "Spare", Show::u8().hex().mask(0xc0), "TS 38.415, 5.5.2.2";
    /// Beside the paging policy.
    BESIDE_POLICY = "gtp.spare.b4b0", "Spare", Show::u8().hex().mask(0x1f), "TS 38.415, 5.5.2.1";
    /// The paging policy is told.
    HAS_POLICY = "gtp.ext_hdr.pdu_ses_cont.ppp", "Paging Policy Presence (PPP)", Show::flag().words("Present", "Not Present").mask(0x80), "TS 38.415, 5.5.3.7";
    /// The other direction is to have the same quality.
    REFLECTIVE = "gtp.ext_hdr.pdu_ses_cont.rqi", "Reflective QoS Indicator (RQI)", Show::flag().words("Present", "Not Present").mask(0x40), "TS 38.415, 5.5.3.4";
    /// Which flow of the session.
    FLOW = "gtp.ext_hdr.pdu_ses_con.qos_flow_id", "QoS Flow Identifier (QFI)", Show::u8().mask(0x3f), "TS 38.415, 5.5.3.3";
    /// The paging policy.
    POLICY = "gtp.ext_hdr.pdu_ses_cont.ppi", "Paging Policy Indicator (PPI)", Show::u8().mask(0xe0), "TS 38.415, 5.5.3.8";
    /// Restarts are told by another number.
    RECOVERY = "gtp.recovery", "Recovery", Show::u8().repeats(), "TS 29.281, 8.2";
    /// The tunnel that the error is about.
    DATA_TUNNEL = "gtp.teid_data", "TEID Data I", Show::u32().base(Base::HexDec).repeats(), "TS 29.281, 8.3";
    /// The length of the peer's address.
    PEER_LENGTH = "gtp.gsn_address_length", "GSN address length", Show::u16().repeats(), "TS 29.281, 8.4";
    /// The peer of the tunnel.
    PEER_IPV4 = "gtp.gsn_ipv4", "GSN address IPv4", Show::ipv4().repeats(), "TS 29.281, 8.4";
    /// The peer of the tunnel.
    PEER_IPV6 = "gtp.gsn_ipv6", "GSN address IPv6", Show::ipv6().repeats(), "TS 29.281, 8.4";
    /// How many extension headers are understood.
    KNOWN_COUNT = "gtp.num_ext_hdr_types", "Number of Extension Header Types in list (i.e., length)", Show::u8().repeats(), "TS 29.281, 8.5";
    /// An extension header that is understood.
    KNOWN_TYPE = "gtp.ext_hdr_type", "Extension Header Type", Show::u8().codes(&EXTENSIONS).repeats(), "TS 29.281, 8.5";
    /// What the message holds besides.
    ELEMENTS = "gtp.elements", "Information elements", Show::bytes(), "TS 29.281, 8";
    /// A message of the second version.
    ROOT_2 = "gtpv2", "GPRS Tunneling Protocol V2", Show::protocol(), "TS 29.274, 5.1";
    /// Version and which fields the header has.
    FLAGS_2 = "gtpv2.flags", "Flags", Show::u8().hex(), "TS 29.274, 5.1";
    /// The version.
    VERSION_2 = "gtpv2.version", "Version", Show::u8().mask(0xe0), "TS 29.274, 5.1";
    /// Another message follows.
    PIGGYBACK = "gtpv2.p", "Piggybacking flag (P)", Show::u8().mask(0x10), "TS 29.274, 5.1";
    /// The tunnel is told.
    HAS_TUNNEL = "gtpv2.t", "TEID flag (T)", Show::u8().mask(8), "TS 29.274, 5.1";
    /// The priority is told.
    HAS_PRIORITY = "gtpv2.mp", "Message Priority(MP)", Show::u8().mask(4), "TS 29.274, 5.4";
    /// What the message is.
    MESSAGE_2 = "gtpv2.message_type", "Message Type", Show::u8().codes(&MESSAGES_2), "TS 29.274, 6.1";
    /// The length of what follows the first four bytes.
    LENGTH_2 = "gtpv2.msg_length", "Message Length", Show::u16(), "TS 29.274, 5.5.1";
    /// Which tunnel, by the receiver's number.
    TUNNEL_2 = "gtpv2.teid", "Tunnel Endpoint Identifier", Show::u32().base(Base::HexDec), "TS 29.274, 5.5.1";
    /// Counts the messages.
    SEQUENCE_2 = "gtpv2.seq", "Sequence Number", Show::u24().base(Base::HexDec), "TS 29.274, 5.5.1";
    /// Must be zero.
    SPARE_2 = "gtpv2.spare", "Spare", Show::u8(), "TS 29.274, 5.5.1";
    /// What the message holds.
    ELEMENTS_2 = "gtpv2.elements", "Information elements", Show::bytes(), "TS 29.274, 8";
}

static VERSIONS: Codes = Codes {
    unknown: "None",
    names: &[(0, "GTP release 97/98 version"), (1, "GTP release 99 version"), (2, "GTPv2-C")],
};
static PROTOCOL_TYPES: Codes = Codes { unknown: "Unknown", names: &[(0, "GTP'"), (1, "GTP")] };
static PDU_TYPES: Codes = Codes {
    unknown: "Unknown",
    names: &[(0, "DL PDU SESSION INFORMATION"), (1, "UL PDU SESSION INFORMATION")],
};

header! {
    /// The header of the first version, without its optional fields.
    pub struct Header {
        /// Version and which fields follow.
        pub flags: u8 => FLAGS, by hand,
        /// What the message is.
        pub message: u8 => MESSAGE,
        /// The length of what follows, in bytes.
        pub length: u16 => LENGTH,
        /// Which tunnel, by the receiver's number.
        pub tunnel: u32 => TUNNEL,
    }
}

/// GTP.
pub static PROTOCOL: Protocol = Protocol {
    claims: &[Claim::Number(&PORTS, 2152), Claim::Number(&PORTS, 2123)],
    tables: &[&ETHERTYPES],
    ..Protocol::new("gtp", "GTP", "GPRS Tunneling Protocol", "3GPP TS 29.281", walk, &[FIELDS])
};

/// The message that carries a user's packet.
const G_PDU: u8 = 255;

/// The most extension headers of one message that are followed.
pub const MOST_EXTENSION_HEADERS: usize = 16;

fn walk(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    match bytes.first().map(|flags| flags >> 5) {
        Some(1) => first(cx, bytes),
        Some(2) => second(cx, bytes),
        _ => return false,
    }
    true
}

fn first(cx: &mut Cx<'_>, bytes: &[u8]) {
    cx.column(PROTOCOL.title);
    let place = cx.place_of_next();
    let parsed = cx.group(&ROOT, bytes, |cx| {
        let own = bytes.get(..1)?;
        let flags = u64::from(*own.first()?);
        cx.group_with(&FLAGS, own, flags, |cx| {
            let bits = [&VERSION, &PROTOCOL_TYPE, &FLAGS_RESERVED, &HAS_EXTENSION, &HAS_SEQUENCE, &HAS_NPDU];
            cx.flags(&bits.map(|field| field as &'static Field), own, flags);
        });
        let (header, rest) = Header::dissect(cx, bytes)?;
        if let Some(info) = cx.info() {
            info.str(MESSAGES.name_or_unknown(header.message.into()));
        }
        let rest = optional(cx, header.flags, rest)?;
        if header.message != G_PDU && !rest.is_empty() {
            let end = (Header::LEN + usize::from(header.length)).saturating_sub(bytes.len() - rest.len());
            elements(cx, rest.get(..end).unwrap_or(rest));
        }
        Some((header, rest))
    });
    let Some((header, rest)) = parsed.filter(|(header, _)| header.message == G_PDU) else { return };
    let used = bytes.len() - rest.len();
    cx.set_len(place, used);
    let declared = (Header::LEN + usize::from(header.length)).saturating_sub(used);
    cx.limited(&LENGTH, bytes.get(2..4).unwrap_or(&[]), |cx| {
        cx.within(rest, declared, |cx, packet| {
            let kind = match packet.first().map(|first| first >> 4) {
                Some(4) => 0x800,
                Some(6) => 0x86dd,
                _ => return cx.data(packet),
            };
            if !cx.carry(&ETHERTYPES, kind, packet) {
                cx.data(packet);
            }
        });
    });
}

/// The information elements of the user plane's own messages; from the first that is another, bytes.
fn elements(cx: &mut Cx<'_>, mut rest: &[u8]) {
    while !rest.is_empty() {
        let length = match rest {
            [14, ..] => 2,
            [16, ..] => 5,
            [133, high, low, ..] => 3 + usize::from(u16::from_be_bytes([*high, *low])),
            [141, count, ..] => 2 + usize::from(*count),
            _ => return cx.leaf(&ELEMENTS, rest, 0),
        };
        let Some((own, behind)) = rest.split_at_checked(length) else {
            return cx.malformed(rest, Malformed::short(&ELEMENTS, 0, length, rest.len()));
        };
        match own {
            [14, recovery] => cx.leaf(&RECOVERY, own, (*recovery).into()),
            [16, tunnel @ ..] => cx.leaf(&DATA_TUNNEL, tunnel, number(tunnel)),
            [133, _, _, address @ ..] => {
                cx.leaf(&PEER_LENGTH, own.get(1..3).unwrap_or(&[]), address.len() as u64);
                match address.len() {
                    4 => cx.leaf(&PEER_IPV4, address, number(address)),
                    16 => cx.leaf(&PEER_IPV6, address, 0),
                    _ => {}
                }
            }
            [_, count, types @ ..] => {
                cx.leaf(&KNOWN_COUNT, own.get(1..2).unwrap_or(&[]), (*count).into());
                for kind in types.chunks(1) {
                    cx.leaf(&KNOWN_TYPE, kind, number(kind));
                }
            }
            _ => {}
        }
        rest = behind;
    }
}

/// The fields that are there if one of three flags is set, and the extension headers; gives what follows them.
fn optional<'b>(cx: &mut Cx<'_>, flags: u8, rest: &'b [u8]) -> Option<&'b [u8]> {
    let optional_fields = flags & 7;
    if optional_fields == 0 {
        return Some(rest);
    }
    let Some((own, mut behind)) = rest.split_first_chunk::<4>() else {
        cx.malformed(rest, Malformed::short(&SEQUENCE, 0, 4, rest.len()));
        return None;
    };
    let [high, low, npdu, mut next] = *own;
    let at = |from, to| rest.get(from..to).unwrap_or(&[]);
    if flags & 2 != 0 {
        cx.leaf(&SEQUENCE, at(0, 2), u16::from_be_bytes([high, low]).into());
    }
    if flags & 1 != 0 {
        cx.leaf(&NPDU, at(2, 3), npdu.into());
    }
    if flags & 4 != 0 {
        cx.leaf(&NEXT, at(3, 4), next.into());
        for _ in 0..MOST_EXTENSION_HEADERS {
            if next == 0 {
                break;
            }
            (next, behind) = extension(cx, next, behind)?;
        }
    }
    Some(behind)
}

/// An extension header; gives which follows, and the bytes behind it.
fn extension<'b>(cx: &mut Cx<'_>, kind: u8, rest: &'b [u8]) -> Option<(u8, &'b [u8])> {
    let units = rest.first().copied().unwrap_or(0);
    let length = usize::from(units) * 4;
    let Some((own, behind)) = rest.split_at_checked(length).filter(|_| !rest.is_empty()) else {
        cx.malformed(rest, Malformed::short(&EXTENSION, 0, length.max(4), rest.len()));
        return None;
    };
    if units == 0 {
        let own = rest.get(..1).unwrap_or(&[]);
        cx.group(&EXTENSION, own, |cx| {
            cx.leaf(&EXTENSION_LENGTH, own, 0);
            cx.expert(&WRONG_LENGTH, rest.get(..0).unwrap_or(&[]));
        });
        return None;
    }
    let last = own.get(length - 1..).unwrap_or(&[]);
    let next = last.first().copied().unwrap_or(0);
    cx.group(&EXTENSION, own, |cx| {
        cx.leaf(&EXTENSION_LENGTH, own.get(..1).unwrap_or(&[]), units.into());
        let content = own.get(1..length - 1).unwrap_or(&[]);
        let number = number(content.get(..2).unwrap_or(content));
        let two = content.get(..2).unwrap_or(content);
        match kind {
            0x40 => cx.leaf(&PORT, two, number),
            0xc0 => cx.leaf(&PDCP, two, number),
            0x81 => cx.leaf(&RAN_CONTAINER, content, 0),
            0x84 => cx.leaf(&NR_CONTAINER, content, 0),
            0x85 => session(cx, content, own.get(1..).unwrap_or(&[])),
            _ => cx.leaf(&CONTENT, content, 0),
        }
        cx.leaf(&NEXT, last, next.into());
    });
    Some((next, behind))
}

fn session(cx: &mut Cx<'_>, content: &[u8], own: &[u8]) {
    let Some(&[kind, bits]) = content.first_chunk::<2>() else { return };
    let at = |from, to| content.get(from..to).unwrap_or(&[]);
    cx.group(&SESSION, own, |cx| {
        cx.flags(&[&PDU_TYPE, &BESIDE_TYPE], at(0, 1), kind.into());
        let is_downlink = kind >> 4 == 0;
        let fields: &[&Field] =
            if is_downlink { &[&HAS_POLICY, &REFLECTIVE, &FLOW] } else { &[&BESIDE_FLOW, &FLOW] };
        cx.flags(fields, at(1, 2), bits.into());
        if is_downlink
            && bits & 0x80 != 0
            && let Some(policy) = content.get(2)
        {
            cx.flags(&[&POLICY, &BESIDE_POLICY], at(2, 3), (*policy).into());
        }
    });
}

fn second(cx: &mut Cx<'_>, bytes: &[u8]) {
    cx.column("GTPv2");
    cx.group(&ROOT_2, bytes, |cx| {
        let Some((&[flags, message, high, low], rest)) = bytes.split_first_chunk::<4>() else {
            return cx.malformed(bytes, Malformed::short(&LENGTH_2, 0, 4, bytes.len()));
        };
        let at = |from, to| bytes.get(from..to).unwrap_or(&[]);
        if let Some(info) = cx.info() {
            info.str(MESSAGES_2.name_or_unknown(message.into()));
        }
        cx.group_with(&FLAGS_2, at(0, 1), flags.into(), |cx| {
            cx.flags(&[&VERSION_2, &PIGGYBACK, &HAS_TUNNEL, &HAS_PRIORITY], at(0, 1), flags.into());
        });
        cx.leaf(&MESSAGE_2, at(1, 2), message.into());
        cx.leaf(&LENGTH_2, at(2, 4), u16::from_be_bytes([high, low]).into());
        let mut rest = rest;
        if flags & 8 != 0 {
            let Some((own, behind)) = rest.split_first_chunk::<4>() else {
                return cx.malformed(bytes, Malformed::short(&TUNNEL_2, 4, 4, rest.len()));
            };
            cx.leaf(&TUNNEL_2, own, u32::from_be_bytes(*own).into());
            rest = behind;
        }
        let Some((&[a, b, c, spare], elements)) = rest.split_first_chunk::<4>() else {
            return cx
                .malformed(bytes, Malformed::short(&SEQUENCE_2, bytes.len() - rest.len(), 4, rest.len()));
        };
        cx.leaf(&SEQUENCE_2, rest.get(..3).unwrap_or(&[]), u32::from_be_bytes([0, a, b, c]).into());
        cx.leaf(&SPARE_2, rest.get(3..4).unwrap_or(&[]), spare.into());
        if !elements.is_empty() {
            cx.leaf(&ELEMENTS_2, elements, 0);
        }
    });
}

#[cfg(test)]
mod tests;
