//! What Wireshark exports of a protocol, LINKTYPE_WIRESHARK_UPPER_PDU: tags that tell the protocol and who spoke, and its
//! bytes. So captures of SIP over TLS are handed on that somebody decrypted.

#[cfg(test)]
mod tests;

use crate::proto::ethernet::short;
use crate::proto::frame::LINK_TYPES;
use crate::proto::icmpv6::layout::{Cell, cell, row};
use crate::proto::{ip, ipv6};
use crate::{Address, Claim, Codes, Cx, Field, Protocol, Show, fields};

fields! {
    /// A protocol's bytes, and what is known of where they come from.
    ROOT = "exported_pdu", "Exported PDU", Show::protocol(), "LINKTYPE_WIRESHARK_UPPER_PDU";
    /// A tag, and what it holds.
    TAG = "exported_pdu.tag", "Tag", Show::u16().codes(&TAGS).repeats(), "LINKTYPE_WIRESHARK_UPPER_PDU";
    /// How many bytes it holds, padding included.
    LENGTH = "exported_pdu.tag_len", "Length", Show::u16().repeats(), "LINKTYPE_WIRESHARK_UPPER_PDU";
    /// What a tag without a field of its own holds.
    UNKNOWN = "exported_pdu.unknown_tag.val", "Unknown tags value", Show::bytes().repeats(), "LINKTYPE_WIRESHARK_UPPER_PDU";
    /// The filter name of the protocol.
    NAME = "exported_pdu.prot_name", "Protocol Name", Show::text(), "LINKTYPE_WIRESHARK_UPPER_PDU";
    /// By which look at the content the protocol was found.
    HEURISTIC = "exported_pdu.heur_prot_name", "Heuristic Protocol Name", Show::text(), "LINKTYPE_WIRESHARK_UPPER_PDU";
    /// The table in which the protocol is found by a number.
    TABLE = "exported_pdu.dis_table_name", "Dissector Table Name", Show::text(), "LINKTYPE_WIRESHARK_UPPER_PDU";
    /// The number.
    KEY = "exported_pdu.dis_table_val", "Value to use when calling dissector table", Show::u32(), "LINKTYPE_WIRESHARK_UPPER_PDU";
    /// From which IPv4 address.
    IPV4_SOURCE = "exported_pdu.ipv4_src", "IPv4 Src", Show::ipv4().also(&[&ip::ADDRESS, &ip::SOURCE]), "LINKTYPE_WIRESHARK_UPPER_PDU";
    /// To which IPv4 address.
    IPV4_DESTINATION = "exported_pdu.ipv4_dst", "IPv4 Dst", Show::ipv4().also(&[&ip::ADDRESS, &ip::DESTINATION]), "LINKTYPE_WIRESHARK_UPPER_PDU";
    /// From which IPv6 address.
    IPV6_SOURCE = "exported_pdu.ipv6_src", "IPv6 Src", Show::ipv6().also(&[&ipv6::ADDRESS, &ipv6::SOURCE]), "LINKTYPE_WIRESHARK_UPPER_PDU";
    /// To which IPv6 address.
    IPV6_DESTINATION = "exported_pdu.ipv6_dst", "IPv6 Dst", Show::ipv6().also(&[&ipv6::ADDRESS, &ipv6::DESTINATION]), "LINKTYPE_WIRESHARK_UPPER_PDU";
    /// Whose ports they are.
    PORT_TYPE = "exported_pdu.port_type", "Port Type", Show::u32().codes(&PORT_TYPES), "LINKTYPE_WIRESHARK_UPPER_PDU";
    /// From which port.
    SOURCE_PORT = "exported_pdu.src_port", "Src Port", Show::u32(), "LINKTYPE_WIRESHARK_UPPER_PDU";
    /// To which port.
    DESTINATION_PORT = "exported_pdu.dst_port", "Dst Port", Show::u32(), "LINKTYPE_WIRESHARK_UPPER_PDU";
    /// From which signalling point.
    ORIGINATING = "exported_pdu.ss7_opc", "SS7 OPC", Show::u32(), "LINKTYPE_WIRESHARK_UPPER_PDU";
    /// To which signalling point.
    DESTINED = "exported_pdu.ss7_dpc", "SS7 DPC", Show::u32(), "LINKTYPE_WIRESHARK_UPPER_PDU";
    /// Which packet it was where it was exported from.
    FRAME = "exported_pdu.orig_fno", "Original Frame Number", Show::u32(), "LINKTYPE_WIRESHARK_UPPER_PDU";
    /// What the protocol column says.
    COLUMN = "exported_pdu.col_proto_str", "Column protocol string", Show::text(), "LINKTYPE_WIRESHARK_UPPER_PDU";
    /// What a protocol is told by its carrier.
    DATA = "exported_pdu.dissector_data", "Dissector Data", Show::bytes(), "LINKTYPE_WIRESHARK_UPPER_PDU";
    /// Whether it was sent or received, where that is all that is known of its ends.
    DIRECTION = "exported_pdu.p2p_dir", "P2P direction", Show::i32().codes(&DIRECTIONS), "LINKTYPE_WIRESHARK_UPPER_PDU";
    /// The protocol's bytes.
    PDU = "exported_pdu.exported_pdu", "Exported PDU", Show::bytes(), "LINKTYPE_WIRESHARK_UPPER_PDU";
}

const END: u16 = 0;

static TAGS: Codes = Codes {
    unknown: "Unknown",
    names: &[
        (END as u64, "End of tags"),
        (12, "Protocol's name"),
        (13, "Heuristic's name"),
        (14, "Table's name"),
        (20, "IPv4 source address"),
        (21, "IPv4 destination address"),
        (22, "IPv6 source address"),
        (23, "IPv6 destination address"),
        (24, "Port type"),
        (25, "Source port"),
        (26, "Destination port"),
        (28, "SS7 OPC"),
        (29, "SS7 DPC"),
        (30, "Original frame number"),
        (31, "DVB-CI event"),
        (32, "Key in the table"),
        (33, "Protocol column"),
        (34, "Dissector data"),
        (35, "P2P direction"),
    ],
};

static PORT_TYPES: Codes = Codes {
    unknown: "Unknown",
    names: &[
        (0, "None"),
        (1, "SCTP"),
        (2, "TCP"),
        (3, "UDP"),
        (4, "DCCP"),
        (5, "IPX"),
        (6, "DDP"),
        (11, "I2C"),
    ],
};

static DIRECTIONS: Codes =
    Codes { unknown: "Unknown", names: &[(0, "Sent"), (1, "Received"), (u64::MAX, "Unknown")] };

/// Exported PDUs.
pub static PROTOCOL: Protocol = Protocol {
    claims: &[Claim::Number(&LINK_TYPES, 252)],
    borrows: &[&[
        &ip::SOURCE,
        &ip::DESTINATION,
        &ip::ADDRESS,
        &ipv6::SOURCE,
        &ipv6::DESTINATION,
        &ipv6::ADDRESS,
    ]],
    ..Protocol::new(
        "exported_pdu",
        "EXPORTED_PDU",
        "Exported PDU",
        "LINKTYPE_WIRESHARK_UPPER_PDU",
        walk,
        &[FIELDS],
    )
};

/// What the tags tell of the bytes behind them.
#[derive(Default)]
struct Told<'b> {
    name: &'b [u8],
    table: &'b [u8],
    key: u32,
    source: Address,
    destination: Address,
}

fn walk(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    cx.column(PROTOCOL.title);
    let (mut told, root) = (Told::default(), cx.place_of_next());
    let payload = cx.group(&ROOT, bytes, |cx| {
        let payload = tags(cx, bytes, &mut told)?;
        cx.leaf(&PDU, payload, 0);
        Some(payload)
    });
    cx.set_len(root, bytes.len() - payload.map_or(0, <[u8]>::len));
    cx.addresses(told.source, told.destination);
    if let Some(payload) = payload
        && !cx.carry_named(told.name, payload)
        && !cx.carry_named_key(told.table, told.key, payload)
    {
        cx.data(payload);
    }
    true
}

/// The tags; gives what follows them.
fn tags<'b>(cx: &mut Cx<'_>, bytes: &'b [u8], told: &mut Told<'b>) -> Option<&'b [u8]> {
    let mut rest = bytes;
    loop {
        let Some((&[tag, low, length, low_length], data)) = rest.split_first_chunk::<4>() else {
            cx.malformed(rest, short(&TAG, 0, 4, rest));
            return None;
        };
        let (tag, length) =
            (u16::from_be_bytes([tag, low]), usize::from(u16::from_be_bytes([length, low_length])));
        let own = rest.get(..4 + length).unwrap_or(rest);
        cx.group_with(&TAG, own, tag.into(), |cx| {
            cx.leaf(&LENGTH, own.get(2..4).unwrap_or(&[]), length as u64);
            match data.get(..length) {
                Some(data) => emit(cx, tag, data, told),
                None => cx.malformed(own, short(&TAG, 4, length, own)),
            }
        });
        rest = data.get(length..)?;
        if tag == END {
            return Some(rest);
        }
    }
}

fn emit<'b>(cx: &mut Cx<'_>, tag: u16, data: &'b [u8], told: &mut Told<'b>) {
    let text = data.split(|byte| *byte == 0).next().unwrap_or(&[]);
    let name = |cx: &mut Cx<'_>, field: &'static Field| cx.part(field, data, text, |_| ());
    let number = data.first_chunk().map_or(0, |four| u32::from_be_bytes(*four));
    let ipv6 = || data.first_chunk().map_or(Address::None, |bytes| Address::Ipv6(*bytes));
    let port = number as u16;
    let cell: Cell = match tag {
        END => return,
        12 => {
            told.name = text;
            return name(cx, &NAME);
        }
        13 => return name(cx, &HEURISTIC),
        14 => {
            told.table = text;
            return name(cx, &TABLE);
        }
        20 => {
            told.source = Address::Ipv4(number);
            cell(&IPV4_SOURCE, 4)
        }
        21 => {
            told.destination = Address::Ipv4(number);
            cell(&IPV4_DESTINATION, 4)
        }
        22 => {
            told.source = ipv6();
            cell(&IPV6_SOURCE, 16)
        }
        23 => {
            told.destination = ipv6();
            cell(&IPV6_DESTINATION, 16)
        }
        24 => cell(&PORT_TYPE, 4),
        25 => {
            cx.ends.source_port = port;
            cell(&SOURCE_PORT, 4)
        }
        26 => {
            cx.ends.destination_port = port;
            cell(&DESTINATION_PORT, 4)
        }
        28 => cell(&ORIGINATING, 4),
        29 => cell(&DESTINED, 4),
        30 => cell(&FRAME, 4),
        32 => {
            told.key = number;
            cell(&KEY, 4)
        }
        33 => return name(cx, &COLUMN),
        34 => return cx.leaf(&DATA, data, 0),
        35 => cell(&DIRECTION, 4),
        _ => return cx.leaf(&UNKNOWN, data, 0),
    };
    row(cx, data, &[cell]);
}
