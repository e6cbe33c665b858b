//! Logical Link Control, IEEE 802.2, and SNAP, IEEE 802, 10.3 (RFC 1042).

#[cfg(test)]
mod tests;

use crate::proto::ethernet::{ETHERTYPE_NAMES, ETHERTYPES, SLL_TYPES, short};
use crate::tree::Item;
use crate::{Claim, Codes, Cx, Out, Protocol, Show, fields};

fields! {
    /// A frame of LLC.
    ROOT = "llc", "Logical-Link Control", Show::protocol(), "IEEE 802.2, 3";
    /// To which service access point.
    DSAP = "llc.dsap", "DSAP", Show::u8().hex().codes(&SAPS), "IEEE 802.2, 3.3.1";
    /// The access point without the group bit.
    DSAP_SAP = "llc.dsap.sap", "SAP", Show::u8().mask(0xfe).write(write_sap), "IEEE 802.2, 3.3.1";
    /// Whether it is a group of access points.
    DSAP_GROUP = "llc.dsap.ig", "IG Bit", Show::flag().words("Group", "Individual").mask(0x01), "IEEE 802.2, 3.3.1";
    /// From which service access point.
    SSAP = "llc.ssap", "SSAP", Show::u8().hex().codes(&SAPS), "IEEE 802.2, 3.3.1";
    /// The access point without the response bit.
    SSAP_SAP = "llc.ssap.sap", "SAP", Show::u8().mask(0xfe).write(write_sap), "IEEE 802.2, 3.3.1";
    /// Whether it is a response.
    SSAP_RESPONSE = "llc.ssap.cr", "CR Bit", Show::flag().words("Response", "Command").mask(0x01), "IEEE 802.2, 3.3.1";
    /// What kind of frame it is, and its numbers.
    CONTROL = "llc.control", "Control field", Show::u16().hex().write(write_control), "IEEE 802.2, 3.3.2";
    /// Up to which frame the other side's were received.
    RECEIVED = "llc.control.n_r", "N(R)", Show::u16().mask(0xfe00), "IEEE 802.2, 5.4.2.2";
    /// The number of this frame.
    SENT = "llc.control.n_s", "N(S)", Show::u16().mask(0x00fe), "IEEE 802.2, 5.4.2.2";
    /// The command asks for an answer.
    POLL = "llc.control.p", "Poll", Show::flag().mask(0x0100), "IEEE 802.2, 5.3.2";
    /// The response answers a poll.
    FINAL = "llc.control.f", "Final", Show::flag().mask(0x0100), "IEEE 802.2, 5.3.2";
    /// The command asks for an answer.
    POLL_U = "llc.control.p", "Poll", Show::flag().mask(0x10), "IEEE 802.2, 5.3.2";
    /// The response answers a poll.
    FINAL_U = "llc.control.f", "Final", Show::flag().mask(0x10), "IEEE 802.2, 5.3.2";
    /// The kind of a supervisory frame.
    SUPERVISORY = "llc.control.s_ftype", "Supervisory frame type", Show::u16().hex().mask(0x000c).codes(&SUPERVISORY_NAMES), "IEEE 802.2, 5.4.2.3";
    /// The command of an unnumbered frame.
    COMMAND = "llc.control.u_modifier_cmd", "Command", Show::u8().hex().mask(0xec).codes(&UNNUMBERED_NAMES), "IEEE 802.2, 5.4.1";
    /// The response of an unnumbered frame.
    RESPONSE = "llc.control.u_modifier_resp", "Response", Show::u8().hex().mask(0xec).codes(&UNNUMBERED_NAMES), "IEEE 802.2, 5.4.1";
    /// An information frame.
    TYPE_I = "llc.control.ftype", "Frame type", Show::u16().hex().mask(0x0001).codes(&TYPES), "IEEE 802.2, 5.2";
    /// A supervisory frame.
    TYPE_S = "llc.control.ftype", "Frame type", Show::u16().hex().mask(0x0003).codes(&TYPES), "IEEE 802.2, 5.2";
    /// An unnumbered frame.
    TYPE_U = "llc.control.ftype", "Frame type", Show::u16().hex().mask(0x03).codes(&TYPES), "IEEE 802.2, 5.2";
    /// Whose protocol numbers follow.
    ORGANIZATION = "llc.oui", "Organization Code", Show::u24().codes(&ORGANIZATIONS), "IEEE 802, 10.3";
    /// Which protocol is inside.
    TYPE = "llc.type", "Type", Show::u16().hex().codes(&ETHERTYPE_NAMES), "RFC 1042";
    /// Which of the organization's protocols is inside.
    PID = "llc.pid", "Protocol ID", Show::u16().hex(), "IEEE 802, 10.3";
    /// Which of Cisco's protocols is inside.
    CISCO_PID = "llc.cisco_pid", "PID", Show::u16().hex().codes(&CISCO), "Cisco";
}

static TYPES: Codes = Codes {
    unknown: "Unknown",
    names: &[(0, "Information frame"), (1, "Supervisory frame"), (3, "Unnumbered frame")],
};

static SUPERVISORY_NAMES: Codes = Codes {
    unknown: "Unknown",
    names: &[(0, "Receiver ready"), (1, "Receiver not ready"), (2, "Reject"), (3, "Selective reject")],
};

static UNNUMBERED_NAMES: Codes = Codes {
    unknown: "Unknown",
    names: &[
        (0x00, "Unnumbered Information"),
        (0x03, "Disconnected mode"),
        (0x08, "Unnumbered Poll"),
        (0x10, "Disconnect"),
        (0x18, "Unnumbered Acknowledge"),
        (0x1b, "Set Asynchronous Balanced Mode Extended"),
        (0x21, "Frame reject"),
        (0x2b, "Exchange identification"),
        (0x38, "Test"),
    ],
};

static ORGANIZATIONS: Codes = Codes {
    unknown: "Unknown",
    names: &[
        (0x0000_0000, "Encapsulated Ethernet"),
        (0x0000_000c, "Cisco"),
        (0x0000_00f8, "Cisco 90-Compatible"),
        (0x0000_80c2, "IEEE 802.1"),
        (0x0008_0007, "Apple"),
    ],
};

static CISCO: Codes = Codes {
    unknown: "Unknown",
    names: &[
        (0x0104, "PAgP"),
        (0x010b, "PVSTP+"),
        (0x0111, "UDLD"),
        (0x2000, "CDP"),
        (0x2001, "CGMP"),
        (0x2003, "VTP"),
        (0x2004, "DTP"),
        (0x200a, "STP Uplink Fast"),
    ],
};

static SAPS: Codes = Codes {
    unknown: "Unknown",
    names: &[
        (0x00, "NULL LSAP"),
        (0x01, "NULL LSAP"),
        (0x02, "LLC Sub-Layer Management"),
        (0x04, "SNA Path Control"),
        (0x06, "TCP/IP"),
        (0x08, "SNA"),
        (0x0c, "SNA"),
        (0x10, "NetWare (unofficial?)"),
        (0x14, "ISO Network Layer (OSLAN 1)"),
        (0x18, "Texas Instruments"),
        (0x42, "Spanning Tree BPDU"),
        (0x4e, "EIA RS-511 Manufacturing Message Service"),
        (0x54, "ISO Network Layer (OSLAN 2)"),
        (0x7e, "ISO 8208 (X.25 over 802.2)"),
        (0x7f, "ISO 802.2"),
        (0x80, "XNS"),
        (0x82, "BACnet"),
        (0x86, "Nestar"),
        (0x98, "ARP"),
        (0xaa, "SNAP"),
        (0xb4, "HP JetDirect Printer"),
        (0xba, "Banyan Vines"),
        (0xbc, "Banyan Vines"),
        (0xe0, "NetWare"),
        (0xf0, "NetBIOS"),
        (0xf4, "IBM Net Management"),
        (0xf8, "HP Extended LLC"),
        (0xfa, "Ungermann-Bass"),
        (0xfc, "Remote Program Load"),
        (0xfe, "ISO Network Layer"),
        (0xff, "Global LSAP"),
    ],
};

/// LLC.
pub static PROTOCOL: Protocol = Protocol {
    claims: &[Claim::Number(&SLL_TYPES, 4), Claim::Number(&ETHERTYPES, 0x8870)],
    tables: &[&ETHERTYPES, &SLL_TYPES],
    ..Protocol::new("llc", "LLC", "Logical-Link Control", "IEEE 802.2", walk, &[FIELDS])
};

/// The header of a frame: 3 bytes or 4, with SNAP 8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// To which service access point.
    pub dsap: u8,
    /// From which service access point; its lowest bit says that it is a response.
    pub ssap: u8,
    /// What kind of frame it is, and its numbers. Of unnumbered frames it is one byte.
    pub control: u16,
    /// Whose protocol numbers follow, and which protocol is inside.
    pub snap: Option<(u32, u16)>,
    /// How long the header is, in bytes.
    pub len: usize,
}

impl Header {
    /// Reads a header; what is malformed if the bytes end in it.
    ///
    /// ```
    /// let header = dissect::proto::llc::Header::parse(&[0xaa, 0xaa, 3, 0, 0, 0, 8, 0]).unwrap();
    /// assert_eq!((header.snap, header.len), (Some((0, 0x800)), 8));
    /// ```
    pub fn parse(bytes: &[u8]) -> Result<Header, crate::Malformed> {
        let Some((&[dsap, ssap, low], rest)) = bytes.split_first_chunk::<3>() else {
            return Err(short(&CONTROL, 0, 3, bytes));
        };
        if low & 3 != 3 {
            let high = rest.first().ok_or_else(|| short(&CONTROL, 2, 2, bytes))?;
            let control = u16::from_le_bytes([low, *high]);
            return Ok(Header { dsap, ssap, control, snap: None, len: 4 });
        }
        let mut header = Header { dsap, ssap, control: low.into(), snap: None, len: 3 };
        if dsap & 0xfe == 0xaa && ssap & 0xfe == 0xaa {
            let Some((&[high, middle, low], rest)) = rest.split_first_chunk::<3>() else {
                return Err(short(&ORGANIZATION, 3, 5, bytes));
            };
            let number = rest.first_chunk::<2>().ok_or_else(|| short(&ORGANIZATION, 3, 5, bytes))?;
            header.snap = Some((u32::from_be_bytes([0, high, middle, low]), u16::from_be_bytes(*number)));
            header.len = 8;
        }
        Ok(header)
    }
    /// Whether it is a response and no command.
    pub fn is_response(&self) -> bool {
        self.ssap & 1 == 1
    }
}

fn walk(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    cx.column(PROTOCOL.title);
    let header = match Header::parse(bytes) {
        Ok(header) => header,
        Err(error) => {
            cx.group(&ROOT, bytes, |cx| cx.malformed(bytes, error));
            return true;
        }
    };
    let (own, rest) = bytes.split_at_checked(header.len).unwrap_or((bytes, &[]));
    cx.group(&ROOT, own, |cx| emit(cx, &header, own));
    summarize(cx, &header);
    let carried = match header.snap {
        Some((0 | 0xf8, key)) => cx.carry(&ETHERTYPES, key.into(), rest),
        Some((0x80c2, 1 | 7)) => cx.carry(&SLL_TYPES, 3, rest),
        None if header.dsap == 6 => cx.carry(&ETHERTYPES, 0x800, rest),
        None if header.dsap == 0x98 => cx.carry(&ETHERTYPES, 0x806, rest),
        _ => false,
    };
    if !carried {
        cx.data(rest);
    }
    true
}

fn emit(cx: &mut Cx<'_>, header: &Header, own: &[u8]) {
    if !cx.showing() {
        return;
    }
    let place = |from: usize, to: usize| own.get(from..to).unwrap_or(&[]);
    let (dsap, ssap) = (u64::from(header.dsap), u64::from(header.ssap));
    let at = place(0, 1);
    cx.group_with(&DSAP, at, dsap, |cx| cx.flags(&[&DSAP_SAP, &DSAP_GROUP], at, dsap));
    let at = place(1, 2);
    cx.group_with(&SSAP, at, ssap, |cx| cx.flags(&[&SSAP_SAP, &SSAP_RESPONSE], at, ssap));
    let control = u64::from(header.control);
    let at = place(2, if control & 3 == 3 { 3 } else { 4 });
    cx.group_with(&CONTROL, at, control, |cx| {
        let response = header.is_response();
        if control & 3 == 3 {
            if control & 0x10 != 0 {
                cx.bits(if response { &FINAL_U } else { &POLL_U }, at, control);
            }
            cx.bits(if response { &RESPONSE } else { &COMMAND }, at, control);
            return cx.bits(&TYPE_U, at, control);
        }
        cx.bits(&RECEIVED, at, control);
        if control & 1 == 0 {
            cx.bits(&SENT, at, control);
        }
        if control & 0x100 != 0 {
            cx.bits(if response { &FINAL } else { &POLL }, at, control);
        }
        if control & 1 == 0 {
            return cx.bits(&TYPE_I, at, control);
        }
        cx.bits(&SUPERVISORY, at, control);
        cx.bits(&TYPE_S, at, control);
    });
    if let Some((organization, key)) = header.snap {
        cx.leaf(&ORGANIZATION, place(3, 6), organization.into());
        let field = match organization {
            0 | 0xf8 => &TYPE,
            0x0c => &CISCO_PID,
            _ => &PID,
        };
        cx.leaf(field, place(6, 8), key.into());
    }
}

fn write_control(item: Item<'_>, out: &mut Out) {
    out.hex_0x(item.node.value, 2 * item.node.len as usize);
}

fn write_sap(item: Item<'_>, out: &mut Out) {
    // The names belong to the whole byte: here its lowest bit is left out.
    out.str(SAPS.name_or_unknown(item.node.value << 1));
}

fn summarize(cx: &mut Cx<'_>, header: &Header) {
    let Some(info) = cx.info() else { return };
    let control = u64::from(header.control);
    let poll = if header.is_response() { " F" } else { " P" };
    if control & 3 == 3 {
        info.str("U").str(if control & 0x10 != 0 { poll } else { "" }).str(", func=");
        info.str(UNNUMBERED_NAMES.name_or_unknown((control & 0xec) >> 2));
    } else {
        info.str(if control & 1 == 0 { "I" } else { "S" });
        info.str(if control & 0x100 != 0 { poll } else { "" });
        if control & 1 == 1 {
            info.str(", func=").str(SUPERVISORY_NAMES.name_or_unknown((control & 0x0c) >> 2));
        }
        info.str(", N(R)=").dec(control >> 9);
        if control & 1 == 0 {
            info.str(", N(S)=").dec((control & 0xfe) >> 1);
        }
    }
    info.str("; DSAP ").str(SAPS.name_or_unknown(u64::from(header.dsap & 0xfe)));
    info.str(if header.dsap & 1 == 1 { " Group" } else { " Individual" });
    info.str(", SSAP ").str(SAPS.name_or_unknown(u64::from(header.ssap & 0xfe)));
    info.str(if header.is_response() { " Response" } else { " Command" });
}
