//! Whole messages read against the RFCs and tshark; what many and long fields cost.

use super::torture::datagram;
use crate::capture::LinkType;
use crate::testing::{summary, survives, tree};
use crate::{Dissector, Packet, See, Tree};

/// A message with the line ends of the wire.
fn message(text: &str) -> Vec<u8> {
    datagram(text.replace('\n', "\r\n").as_bytes())
}

/// The tree of a message, without the layers below it.
fn sip_tree(text: &str) -> String {
    let all = tree(LinkType::IPV4, &message(text));
    all[all.find("Session Initiation").unwrap()..].to_owned()
}

fn keep(name: &str, text: &str) {
    insta::with_settings!({
        snapshot_path => concat!(env!("CARGO_MANIFEST_DIR"), "/../snapshots"),
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        insta::assert_snapshot!(name, text);
    });
}

const INVITE: &str = "\
INVITE sip:bob:pw@biloxi.example.com:5061;transport=tls?Subject=x SIP/2.0
v: SIP / 2.0 / TLS [2001:db8::1]:5062;branch=z9hG4bKabc;received=192.0.2.7;rport=99;oc-seq=1282321615.782;x=y, SIP/2.0/UDP a.example.com:0;rport
f: \"A \\\"q\\\", B\" <sip:alice@atlanta.example.com:5060;user=phone>;tag=f1;x=y
t: Bob <tel:+1-201-555;phone-context=a.b>  ; tag = t1
i: call@id
CSeq: 12 INVITE
m: <sips:alice@[::1]:33;transport=tcp>;expires=3;+sip.instance=\"<urn:uuid:1,2;3>\", <urn:service:sos>
Route: <sip:p1.example.com;lr>, \"D\" <sip:u@p2.example.com:90;lr>;foo
Max-Forwards: 70
Subject: folded
  over two
	lines
Session-Expires: 1800;refresher=uac
History-Info: <sip:bob@example.com?Reason=x>;index=1
Whatever: 1
c: text/plain
l: 7

a
b
c";

#[test]
fn a_request_is_taken_apart() {
    keep("sip-request", &sip_tree(INVITE));
    assert_eq!(
        summary(LinkType::IPV4, &message(INVITE)),
        "SIP Request: INVITE sip:bob:pw@biloxi.example.com:5061;transport=tls?Subject=x, in-dialog | "
    );
}

const RESPONSE: &str = "\
SIP/2.0 401 Unauthorized
Via: SIP/2.0/SCTP h.example.com;branch=z9hG4bK1
From: sip:alice@example.com;tag=1
To: <sip:bob@example.com>;tag=2
Call-ID: z
CSeq: 3 REGISTER
RSeq: 44
RAck: 776656 1 INVITE
WWW-Authenticate: Digest realm=\"a, b\", nonce=\"n1\", algorithm=AKAv1-MD5, qop=\"auth,auth-int\", stale=FALSE, foo=bar
Reason: SIP;cause=600;text=\"Busy; everywhere\", Q.850 ;cause=16
Security-Server: ipsec-3gpp;alg=hmac-sha-1-96;prot=esp;mod=trans;spi-c=1111;port-c=99999;port-s=5064, tls
Session-ID: 0123456789abcdef0123456789abcdef;remote=fedcba9876543210fedcba9876543210;logme
P-Access-Network-Info: 3GPP-E-UTRAN-FDD;utran-cell-id-3gpp=234151D0FCE11;local-time-zone=x
P-Charging-Vector: icid-value=\"1234\";icid-gen-addr=192.0.2.8;orig-ioi=home1.example.net
P-Asserted-Identity: \"Al\" <sip:al@example.com>, tel:+123
Feature-Caps: *;+g.3gpp.srvcc
Trigger-Consent: sip:tc@example.com;target-uri=\"sip:x@example.com\"
Retry-After: 30 (busy);duration=5
Content-Length: 0

";

#[test]
fn a_response_is_taken_apart() {
    keep("sip-response", &sip_tree(RESPONSE));
    assert_eq!(summary(LinkType::IPV4, &message(RESPONSE)), "SIP Status: 401 Unauthorized | ");
}

#[test]
fn summaries_name_dialogs_and_bindings() {
    let said = |text: &str| summary(LinkType::IPV4, &message(text));
    let to = "To: <sip:c@d>\n";
    assert_eq!(said("FOOBAR sip:a@b SIP/2.0\n\n"), "SIP Unknown request: FOOBAR sip:a@b | ");
    assert_eq!(said(&format!("INVITE sip:a@b SIP/2.0\n{to}\n")), "SIP Request: INVITE sip:a@b | ");
    assert_eq!(said("SIP/2.0 200 OK\nCSeq: 1 BYE\n\n"), "SIP Status: 200 OK (BYE) | ");
    assert_eq!(said("SIP/2.0 202 Fine\nCSeq: 1 BYE\n\n"), "SIP Status: 202 Fine | ");
    for (headers, expected) in [
        ("", "(fetch bindings)"),
        ("Contact: *\n", "(fetch bindings)"),
        ("Contact: *\nExpires: 0\n", "(remove all bindings)"),
        ("m: <sip:a@b>, <sip:c@d>\nm: sip:e@f\n", "(3 bindings)"),
        ("m: <sip:a@b>;expires=0\n", "(remove 1 binding)"),
    ] {
        let register = said(&format!("REGISTER sip:a SIP/2.0\n{headers}\n"));
        assert_eq!(register, format!("SIP Request: REGISTER sip:a  {expected} | "));
    }
    let answer = "SIP/2.0 200 OK\nCSeq: 1 REGISTER\n\n";
    assert_eq!(said(answer), "SIP Status: 200 OK (REGISTER)  (0 bindings) | ");
}

#[test]
fn several_messages_share_a_datagram() {
    let two = "OPTIONS sip:a@b SIP/2.0\nl: 2\n\nxyBYE sip:a@b SIP/2.0\n\n";
    assert_eq!(
        summary(LinkType::IPV4, &message(two)),
        "SIP Request: OPTIONS sip:a@b | Request: BYE sip:a@b | "
    );
    assert_eq!(tree(LinkType::IPV4, &message(two)).matches("Session Initiation Protocol (").count(), 2);
}

#[test]
fn what_is_no_sip_is_left_to_others() {
    for bytes in
        [&b"\r\n\r\n"[..], b"\0\0\0\0", b"hello world\r\nfoo: bar\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n"]
    {
        assert!(!tree(LinkType::IPV4, &datagram(bytes)).contains("Session Initiation"));
    }
}

#[test]
fn signs_that_have_no_place_are_shown_where_they_stand() {
    let lines = |start: &str| {
        let tree = sip_tree(&format!("{start} SIP/2.0\nVia: SIP/2.0/UDP a&b:5;branch=z\n\n"));
        let wanted = ["Method:", "URI", "Host", "Port", "Address:", "grammar"];
        let told = tree.lines().filter(|line| wanted.iter().any(|word| line.contains(word)));
        told.map(|line| line.trim_start().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(
        lines("INV@TE sip:a{b:5060"),
        [
            "Method: INV@TE",
            "Request-URI: sip:a{b:5060",
            "Request-URI Host Part: a{b",
            "Request-URI Host Port: 5060",
            "[Expert Info (Warning/Malformed): Request-Line breaks the grammar]",
            "Sent-by Address: a&b",
        ]
    );
    assert_eq!(
        lines("BYE {ip:a"),
        [
            "Method: BYE",
            "Request-URI: {ip:a",
            "URI of another scheme: {ip:a",
            "[Expert Info (Warning/Malformed): Request-Line breaks the grammar]",
            "Sent-by Address: a&b",
        ]
    );
    let carried = |start: &str, port| {
        let mut bytes = message(&format!("{start} SIP/2.0\n\n"));
        bytes[20..24].copy_from_slice(&[0, port, 0, port]);
        summary(LinkType::IPV4, &bytes)
    };
    assert_eq!(carried("BYE {ip:a", 9), "SIP Request: BYE {ip:a | ");
    assert_eq!(carried("INV@TE sip:a", 9), "SIP Unknown request: INV@TE sip:a | ");
    assert!(carried("WHAT {ip:a", 9).starts_with("UDP "));
}

#[test]
fn messages_cut_and_changed_break_nothing() {
    survives(LinkType::IPV4, &message(INVITE));
    survives(LinkType::IPV4, &message(RESPONSE));
}

/// How many nodes a message gives, if it is SIP and nothing was left out.
fn nodes(text: &str) -> usize {
    let (bytes, mut tree) = (message(text), Tree::new());
    Dissector::default().dissect(&See::alone(), &Packet::new(LinkType::IPV4, &bytes), &mut tree);
    assert!(tree.find("sip").next().is_some());
    tree.nodes().len()
}

#[test]
fn many_headers_long_lines_and_many_parameters_cost_what_they_are_long() {
    let with = |headers: &str| nodes(&format!("OPTIONS sip:a@b SIP/2.0\n{headers}\n"));
    let few = with("");
    // As many as a datagram can hold; twice as many are twice as many nodes.
    for (piece, each) in
        [("Allow: x\n", 1), ("Via: SIP/2.0/UDP a;b\n", 4), ("Unknown: x\n", 2), ("nothing\n", 2)]
    {
        let many = |count: usize| with(&piece.repeat(count)) - few;
        assert_eq!(many(1000) - many(500), 500 * each, "{piece}");
    }
    for (start, piece, each) in [
        ("Via: SIP/2.0/UDP a", ";b=c", 1),
        ("Contact: <sip:a", ";b=c", 1),
        ("Contact: <sip:a>", ";b=c", 1),
        ("Contact: <sip:a>", ",<sip:a>", 2),
        ("Authorization: Digest a=b", ",c=\"d\"", 1),
        ("Reason: SIP", ",SIP;cause=1", 2),
        ("Security-Client: a", ",b;c", 2),
        ("Accept: a", ",b;c", 1),
    ] {
        let many = |count: usize| with(&format!("{start}{}\n", piece.repeat(count)));
        assert_eq!(many(5000) - many(1000), 4000 * each, "{start}{piece}");
    }
    // Nothing closes these; each is looked at once, so that 60,000 bytes are no matter of seconds.
    for piece in ["\"", "<", "\\", "<\"", ",\"", ";<", "= ", "\n ", " \n"] {
        for name in ["Via", "Contact", "From", "Authorization", "Reason", "Session-ID", "Accept", "Subject"] {
            with(&format!("{name}: {}\n", piece.repeat(60_000 / (piece.len() + 1))));
        }
    }
}

#[test]
fn what_the_snap_length_cut_is_not_the_senders_fault() {
    let mut whole = message("OPTIONS sip:a@b SIP/2.0\nl: 90\n\nabc");
    let sent = whole.len() + 87;
    // The lengths of IP and UDP are those of the whole message.
    whole[2..4].copy_from_slice(&(sent as u16).to_be_bytes());
    whole[24..26].copy_from_slice(&(sent as u16 - 20).to_be_bytes());
    let all = whole.len();
    for (end, missing) in [(all, "Line needs 87 bytes"), (all - 7, "Message Header needs 1 byte")] {
        let packet = Packet { original: sent as u32, ..Packet::new(LinkType::IPV4, &whole[..end]) };
        let mut tree = Tree::new();
        Dissector::default().dissect(&See::alone(), &packet, &mut tree);
        let faults: Vec<_> =
            tree.nodes().iter().filter_map(|node| tree.fault(node)).map(ToString::to_string).collect();
        assert!(faults.iter().any(|fault| fault.contains(missing)), "{faults:?}");
        let remarks = ["sip.msg_body.short", "sip.header_not_terminated"];
        assert!(remarks.iter().all(|name| tree.find(name).next().is_none()));
    }
}
