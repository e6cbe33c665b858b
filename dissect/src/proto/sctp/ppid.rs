//! Payload protocol identifiers, RFC 9260, 15.5, and the way to what a user message carries.
//!
//! An identifier that IANA has assigned decides alone: ports are not asked, as they would take a WebRTC string on port
//! 38412 for NGAP. One that is unassigned but is an assigned one with its bytes swapped comes from a sender that forgot
//! `htonl`; it is explained, and the message read as what was meant. Only identifier 0 and unassigned ones lead to the
//! ports and to looks at the content.
//!
//! ```
//! use dissect::proto::sctp::ppid::Ppid;
//! assert_eq!(Ppid(60), Ppid::NGAP);
//! assert_eq!(Ppid(60).name(), Some("NGAP"));
//! assert_eq!(Ppid(0x3c00_0000).unswapped(), Some(Ppid::NGAP));
//! assert_eq!(Ppid(74).unswapped(), None);
//! ```

use crate::tree::Item;
use crate::{Area, Cx, Field, Out, Severity, Show, Table, codes, fields};

/// Who a payload protocol identifier means.
pub static PPIDS: Table =
    Table { name: "sctp.ppi", doc: "the payload protocol identifier of a DATA or I-DATA chunk" };

/// Who listens on an SCTP port, and who knows its messages by a look at them: asked when the payload protocol identifier
/// says nothing.
pub static PORTS: Table = Table { name: "sctp.port", doc: "an SCTP port" };

codes! {
    /// A payload protocol identifier, from the registry that RFC 9260, 15.5 asks for.
    pub Ppid: u32, NAMES, "Unknown" {
        /// The sender does not say.
        UNSPECIFIED = 0, "not specified";
        /// ISDN Q.921-User Adaptation, RFC 4233.
        IUA = 1, "IUA";
        /// MTP2-User Adaptation, RFC 3331.
        M2UA = 2, "M2UA";
        /// MTP3-User Adaptation, RFC 4666.
        M3UA = 3, "M3UA";
        /// SCCP-User Adaptation, RFC 3868.
        SUA = 4, "SUA";
        /// MTP2 Peer-to-Peer Adaptation, RFC 4165.
        M2PA = 5, "M2PA";
        /// V5.2-User Adaptation, RFC 3807.
        V5UA = 6, "V5UA";
        /// H.248, ITU-T H.248 Annex H.
        H248 = 7, "H.248/MEGACO";
        /// BICC, ITU-T Q.2150.3.
        BICC = 8, "BICC/Q.2150.3";
        /// Tekelec's Transport Adapter Layer Interface, RFC 3094.
        TALI = 9, "TALI";
        /// DPNSS/DASS 2 User Adaptation, RFC 4129.
        DUA = 10, "DUA";
        /// Aggregate Server Access Protocol, RFC 5352.
        ASAP = 11, "ASAP";
        /// Endpoint Handlespace Redundancy Protocol, RFC 5353.
        ENRP = 12, "ENRP";
        /// H.323.
        H323 = 13, "H.323";
        /// Q.IPC, ITU-T Q.2150.3.
        QIPC = 14, "Q.IPC/Q.2150.3";
        /// SIMCO, draft-kiesel-midcom-simco-sctp.
        SIMCO = 15, "SIMCO";
        /// A segment of Direct Data Placement, RFC 5043.
        DDP_SEGMENT = 16, "DDP Segment Chunk";
        /// Stream session control of Direct Data Placement, RFC 5043.
        DDP_STREAM_SESSION_CONTROL = 17, "DDP Stream Session Control";
        /// S1 Application Protocol, 3GPP TS 36.412.
        S1AP = 18, "S1 Application Protocol (S1AP)";
        /// RANAP User Adaptation, 3GPP TS 25.468.
        RUA = 19, "RUA";
        /// Home NodeB Application Part, 3GPP TS 25.469.
        HNBAP = 20, "HNBAP";
        /// ForCES with high priority, RFC 5811.
        FORCES_HP = 21, "ForCES-HP";
        /// ForCES with medium priority, RFC 5811.
        FORCES_MP = 22, "ForCES-MP";
        /// ForCES with low priority, RFC 5811.
        FORCES_LP = 23, "ForCES-LP";
        /// SBc Application Part, 3GPP TS 29.168.
        SBC_AP = 24, "SBc-AP";
        /// NodeB Application Part, 3GPP TS 25.432.
        NBAP = 25, "NBAP";
        /// X2 Application Protocol, 3GPP TS 36.422.
        X2AP = 27, "X2AP";
        /// Inter-Router Capability Protocol.
        IRCP = 28, "IRCP";
        /// LCS Application Protocol, 3GPP TS 29.171.
        LCS_AP = 29, "LCS-AP";
        /// MPICH2.
        MPICH2 = 30, "MPICH2";
        /// Service Area Broadcast Protocol, 3GPP TS 25.419.
        SABP = 31, "SABP";
        /// Fractal Generator Protocol, draft-dreibholz-rserpool-applic-distcomp.
        FGP = 32, "Fractal Generator Protocol";
        /// Ping Pong Protocol, draft-dreibholz-rserpool-applic-distcomp.
        PING_PONG = 33, "Ping Pong Protocol";
        /// CalcApp Protocol, draft-dreibholz-rserpool-applic-distcomp.
        CALC_APP = 34, "CalcApp Protocol";
        /// Scripting Service Protocol, draft-dreibholz-rserpool-applic-distcomp.
        SSP = 35, "Scripting Service Protocol";
        /// The control channel of NetPerfMeter.
        NET_PERF_METER_CONTROL = 36, "NetPerfMeter Control";
        /// The data channel of NetPerfMeter.
        NET_PERF_METER_DATA = 37, "NetPerfMeter Data";
        /// Echo, RFC 862.
        ECHO = 38, "Echo";
        /// Discard, RFC 863.
        DISCARD = 39, "Discard";
        /// Daytime, RFC 867.
        DAYTIME = 40, "Daytime";
        /// Character generator, RFC 864.
        CHARGEN = 41, "Character Generator";
        /// RNSAP User Adaptation, 3GPP TS 25.471.
        RNA = 42, "3GPP RNA";
        /// M2 Application Protocol, 3GPP TS 36.442.
        M2AP = 43, "3GPP M2AP";
        /// M3 Application Protocol, 3GPP TS 36.443.
        M3AP = 44, "3GPP M3AP";
        /// Secure Shell.
        SSH = 45, "SSH";
        /// Diameter, RFC 6733.
        DIAMETER = 46, "DIAMETER";
        /// Diameter over DTLS, RFC 6733.
        DIAMETER_OVER_DTLS = 47, "DIAMETER over DTLS";
        /// R14P, a binary encoding of ROLIE.
        R14P = 48, "R14P";
        /// Generic Data Transfer Protocol.
        GDT = 49, "Generic Data Transfer Protocol (GDT)";
        /// WebRTC data channel establishment, RFC 8832.
        WEBRTC_CONTROL = 50, "WebRTC Control";
        /// A WebRTC text message, RFC 8831.
        WEBRTC_STRING = 51, "WebRTC String";
        /// A piece of a WebRTC binary message: deprecated.
        WEBRTC_BINARY_PARTIAL = 52, "WebRTC Binary Partial (Deprecated)";
        /// A WebRTC binary message, RFC 8831.
        WEBRTC_BINARY = 53, "WebRTC Binary";
        /// A piece of a WebRTC text message: deprecated.
        WEBRTC_STRING_PARTIAL = 54, "WebRTC String Partial (Deprecated)";
        /// PUA, 3GPP TS 25.470.
        PUA = 55, "3GPP PUA";
        /// An empty WebRTC text message, RFC 8831.
        WEBRTC_STRING_EMPTY = 56, "WebRTC String Empty";
        /// An empty WebRTC binary message, RFC 8831.
        WEBRTC_BINARY_EMPTY = 57, "WebRTC Binary Empty";
        /// Xw Application Protocol, 3GPP TS 36.463.
        XWAP = 58, "XwAP";
        /// The control plane of Xw, 3GPP TS 36.462.
        XW_CONTROL_PLANE = 59, "Xw - Control Plane";
        /// NG Application Protocol, 3GPP TS 38.412.
        NGAP = 60, "NGAP";
        /// Xn Application Protocol, 3GPP TS 38.422.
        XNAP = 61, "XnAP";
        /// F1 Application Protocol, 3GPP TS 38.472.
        F1AP = 62, "F1 AP";
        /// HTTP over SCTP.
        HTTP = 63, "HTTP/SCTP";
        /// E1 Application Protocol, 3GPP TS 38.462.
        E1AP = 64, "E1AP";
        /// ELE2 lawful interception.
        ELE2 = 65, "ELE2 Lawful Interception";
        /// NGAP over DTLS, 3GPP TS 38.412.
        NGAP_OVER_DTLS = 66, "NGAP over DTLS";
        /// XnAP over DTLS, 3GPP TS 38.422.
        XNAP_OVER_DTLS = 67, "XnAP over DTLS";
        /// F1AP over DTLS, 3GPP TS 38.472.
        F1AP_OVER_DTLS = 68, "F1AP over DTLS";
        /// E1AP over DTLS, 3GPP TS 38.462.
        E1AP_OVER_DTLS = 69, "E1AP over DTLS";
        /// The control plane of E2, O-RAN.
        E2_CP = 70, "E2-CP";
        /// The user plane of E2, O-RAN.
        E2_UP = 71, "E2-UP";
        /// E2 to a distributed unit, O-RAN.
        E2_DU = 72, "E2-DU";
        /// W1 Application Protocol, 3GPP TS 37.472.
        W1AP = 73, "W1AP";
    }
}

impl Ppid {
    /// Whether IANA has given it to a protocol.
    pub fn is_assigned(self) -> bool {
        self != Ppid::UNSPECIFIED && self.name().is_some()
    }
    /// The assigned identifier that it is with its bytes swapped, where it is no assigned one itself: what a sender meant
    /// that forgot to put it into network byte order.
    pub fn unswapped(self) -> Option<Ppid> {
        let swapped = Ppid(self.0.swap_bytes());
        (self.name().is_none() && swapped.is_assigned()).then_some(swapped)
    }
}

fields! {
    /// The identifier's bytes are in the wrong order: its sender forgot to put it into network byte order.
    pub SWAPPED = "sctp.data_payload_proto_id.byte_swapped", "The identifier's bytes are swapped, the sender forgot htonl: it means",
        Show::expert(Severity::Warn, Area::Protocol).write(write_meant), "RFC 9260, 3.3.1";
    /// The identifier names a protocol, and a port belongs to another: the identifier is right.
    pub PORT_DIFFERS = "sctp.data_payload_proto_id.port_differs", "The port belongs to another protocol than the identifier names",
        Show::expert(Severity::Note, Area::Protocol), "RFC 9260, 3.3.1";
    /// A message of a protocol that its identifier names and that is not read further.
    pub PAYLOAD = "sctp.payload", "Payload", Show::group().write_value(write_payload), "RFC 9260, 15.5";
    /// A text message of a WebRTC data channel.
    pub WEBRTC_STRING = "sctp.webrtc_string", "WebRTC string", Show::text(), "RFC 8831, 6.6";
    /// A binary message of a WebRTC data channel.
    pub WEBRTC_BINARY = "sctp.webrtc_binary", "WebRTC binary", Show::bytes(), "RFC 8831, 6.6";
    /// An empty message of a WebRTC data channel. SCTP can't carry one, so one zero byte stands for it.
    pub WEBRTC_EMPTY = "sctp.webrtc_empty", "Stands for an empty WebRTC message", Show::bytes(), "RFC 8831, 6.6";
}

/// How the messages of WebRTC data channels are shown.
static WEBRTC: [(Ppid, &Field); 6] = [
    (Ppid::WEBRTC_STRING, &WEBRTC_STRING),
    (Ppid::WEBRTC_BINARY_PARTIAL, &WEBRTC_BINARY),
    (Ppid::WEBRTC_BINARY, &WEBRTC_BINARY),
    (Ppid::WEBRTC_STRING_PARTIAL, &WEBRTC_STRING),
    (Ppid::WEBRTC_STRING_EMPTY, &WEBRTC_EMPTY),
    (Ppid::WEBRTC_BINARY_EMPTY, &WEBRTC_EMPTY),
];

/// Hands a whole user message to the protocol that the user chose for a port, that its identifier names, else by port,
/// else by content; what nobody takes is shown as data, under the identifier's name where it has one.
pub fn carry(cx: &mut Cx<'_>, ppid: u32, message: &[u8]) {
    if cx.carry_chosen(&PORTS, message) {
        return;
    }
    let ppid = Ppid(ppid);
    let meant = ppid.unswapped().unwrap_or(ppid);
    if cx.showing() {
        if meant != ppid {
            cx.generated(&SWAPPED, message.get(..0).unwrap_or(&[]), meant.0.into());
        }
        if meant.is_assigned() && port_differs(cx, meant) {
            cx.expert(&PORT_DIFFERS, message.get(..0).unwrap_or(&[]));
        }
    }
    if cx.carry(&PPIDS, ppid.0, message) || (meant != ppid && cx.carry(&PPIDS, meant.0, message)) {
        return;
    }
    if meant.is_assigned() {
        dissect_named(cx, meant, message);
    } else if !cx.carry_ports(&PORTS, message) {
        cx.data(message);
    }
}

/// Whether somebody may learn from a whole message with an identifier, in the order of [`carry`].
pub(super) fn teachers<'e>(cx: &Cx<'e>) -> impl Fn(u32) -> bool + use<'e> {
    let dissector = cx.dissector;
    move |ppid| {
        let ppid = Ppid(ppid);
        dissector.is_chosen(&PORTS)
            || match dissector.learns_from(&PPIDS, ppid.0) {
                Some(learns) => learns,
                None => !ppid.is_assigned(),
            }
    }
}

/// Whether one of the ports belongs to a protocol, and to another than the identifier does.
fn port_differs(cx: &Cx<'_>, ppid: Ppid) -> bool {
    let named = cx.claimant(&PPIDS, ppid.0);
    [cx.ends.source_port, cx.ends.destination_port].iter().any(|port| {
        cx.claimant(&PORTS, (*port).into())
            .is_some_and(|owner| named.is_none_or(|named| !std::ptr::eq(owner, named)))
    })
}

/// Shows a message of which only the name is known.
fn dissect_named(cx: &mut Cx<'_>, ppid: Ppid, message: &[u8]) {
    if let Some(info) = cx.info() {
        info.str(NAMES.name_or_unknown(ppid.0.into()));
    }
    if !cx.showing() || message.is_empty() {
        return;
    }
    match WEBRTC.iter().find(|row| row.0 == ppid) {
        Some((_, field)) => cx.leaf(field, message, 0),
        None => cx.group_with(&PAYLOAD, message, ppid.0.into(), |cx| cx.data(message)),
    }
}

fn write_meant(item: Item<'_>, out: &mut Out) {
    let meant = item.node.value;
    out.byte(b' ').str(NAMES.name_or_unknown(meant)).str(" (").dec(meant).byte(b')');
}

fn write_payload(item: Item<'_>, out: &mut Out) {
    out.str(" of ").str(NAMES.name_or_unknown(item.node.value));
}

#[cfg(test)]
mod tests {
    use super::super::parameter::tests::{chunk, lines_behind, packet};
    use super::*;
    use crate::capture::LinkType;
    use crate::testing::{summary, survives};
    use crate::{Claim, Dissection, Dissector, Packet, Protocol, See, Tree, format};

    fn data(ppid: u32, message: &[u8]) -> Vec<u8> {
        packet(&chunk(0, 3, &[&[0, 0, 0, 1, 0, 0, 0, 0], &ppid.to_be_bytes()[..], message].concat()))
    }

    fn lines(ppid: u32, message: &[u8]) -> String {
        lines_behind(&data(ppid, message), "Stream sequence number")
    }

    #[test]
    fn every_identifier_of_the_registry_has_a_name_of_its_own() {
        for ppid in 1..=73 {
            assert_eq!(Ppid(ppid).is_assigned(), ppid != 26, "{ppid}");
        }
        assert!(!Ppid(0).is_assigned() && !Ppid(74).is_assigned());
        let mut names: Vec<_> = NAMES.names.iter().map(|row| row.1).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), NAMES.names.len());
        for (ppid, name) in NAMES.names {
            assert!(
                lines(*ppid as u32, b"x").contains(&format!("Payload protocol identifier: {name} ({ppid})"))
            );
        }
    }

    #[test]
    fn messages_of_data_channels_are_shown_as_what_they_are() {
        insta::assert_snapshot!(lines(51, "h\u{e9}llo".as_bytes()), @r#"
    Payload protocol identifier: WebRTC String (51)
    WebRTC string: héllo
    Chunk padding: 0000
    "#);
        insta::assert_snapshot!(lines(53, &[1, 2, 3, 4]), @r#"
    Payload protocol identifier: WebRTC Binary (53)
    WebRTC binary: 01020304
    "#);
        insta::assert_snapshot!(lines(57, &[0]), @r#"
    Payload protocol identifier: WebRTC Binary Empty (57)
    Stands for an empty WebRTC message: 00
    Chunk padding: 000000
    "#);
        assert!(lines(54, b"part").contains("WebRTC string: part"));
        assert!(lines(52, &[1]).contains("WebRTC binary: 01"));
        assert!(summary(LinkType::ETHERNET, &data(51, b"hello")).ends_with("WebRTC String"));
    }

    #[test]
    fn a_known_name_without_a_reader_is_shown_as_data() {
        insta::assert_snapshot!(lines(60, &[0, 21, 0, 4]), @r#"
    Payload protocol identifier: NGAP (60)
    Payload of NGAP
        Data (4 bytes)
            Data: 00150004
            [Length: 4]
    "#);
    }

    #[test]
    fn swapped_bytes_are_explained() {
        insta::assert_snapshot!(lines(0x3c00_0000, &[0, 21, 0, 4]), @r#"
    Payload protocol identifier: Unknown (1006632960)
    [Expert Info (Warning/Protocol): The identifier's bytes are swapped, the sender forgot htonl: it means NGAP (60)]
    Payload of NGAP
        Data (4 bytes)
            Data: 00150004
            [Length: 4]
    "#);
        // What swaps into the unspecified, the unassigned or itself means nothing else.
        assert_eq!([Ppid(0), Ppid(60), Ppid(26 << 24), Ppid(74 << 24)].map(Ppid::unswapped), [None; 4]);
        assert!(lines(50 << 24, &[2]).contains("DATA_CHANNEL_ACK"));
    }

    fn walk(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
        cx.column("TOY");
        cx.leaf(&crate::proto::data::DATA, bytes, 0);
        true
    }
    fn look(_: &Cx<'_>, bytes: &[u8]) -> bool {
        bytes.starts_with(b"TOY")
    }
    static BY_PORT: Protocol = Protocol {
        claims: &[Claim::Number(&PORTS, 5001), Claim::Number(&PORTS, 5000)],
        ..Protocol::new("toy", "TOY", "Toy", "RFC 9999", walk, &[])
    };
    static BY_CONTENT: Protocol = Protocol {
        claims: &[Claim::Content(&PORTS, 10, look)],
        ..Protocol::new("toy", "TOY", "Toy", "RFC 9999", walk, &[])
    };

    /// Whether the toy took the message, and whether the remark about ports stands.
    fn toy(protocol: &'static Protocol, ppid: u32, message: &[u8]) -> (bool, bool) {
        let (bytes, mut tree, mut out) = (data(ppid, message), Tree::new(), Out::new());
        let (dissector, packet) = (Dissector::with(&[protocol]), Packet::new(LinkType::ETHERNET, &bytes));
        let mut line = crate::Line::new();
        dissector.dissect_and_summarize(&See::alone(), &packet, &mut tree, &mut line);
        format::text_tree(Dissection { tree: &tree, packet: &packet }, &mut out);
        (line.protocol == "TOY", out.to_string_lossy().contains(PORT_DIFFERS.label))
    }

    #[test]
    fn ports_are_asked_only_when_the_identifier_says_nothing() {
        assert_eq!(toy(&BY_PORT, 0, b"x"), (true, false));
        assert_eq!(toy(&BY_PORT, 26, b"x"), (true, false));
        assert_eq!(toy(&BY_PORT, 60, b"x"), (false, true));
        assert_eq!(toy(&BY_PORT, 0x3c00_0000, b"x"), (false, true));
        assert_eq!(toy(&BY_PORT, 50, &[2]), (false, true));
    }

    #[test]
    fn content_is_asked_last() {
        assert_eq!(toy(&BY_CONTENT, 0, b"TOY"), (true, false));
        assert_eq!(toy(&BY_CONTENT, 1000, b"TOY"), (true, false));
        assert_eq!(toy(&BY_CONTENT, 0, b"BOY"), (false, false));
        assert_eq!(toy(&BY_CONTENT, 51, b"TOY"), (false, false));
    }

    #[test]
    fn no_bytes_harm() {
        survives(LinkType::ETHERNET, &data(51, b"hello"));
        survives(LinkType::ETHERNET, &data(0x3c00_0000, b"hello"));
    }
}
