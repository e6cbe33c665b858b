//! Every message of RFC 4475 and RFC 5118: what the RFC intends, and what this program says.

use super::{framing::frame, message::Message};
use crate::Frame;
use crate::capture::LinkType;
use crate::{Dissection, Dissector, Line, Node, Packet, See, Tree};
use std::fmt::Write;

/// A message in UDP over IPv4, without link layer.
pub(super) fn datagram(message: &[u8]) -> Vec<u8> {
    let (udp, all) = ((message.len() + 8) as u16, (message.len() + 28) as u16);
    let mut packet = vec![0x45, 0, 0, 0, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2];
    packet[2..4].copy_from_slice(&all.to_be_bytes());
    packet.extend([0x13, 0xc4, 0x13, 0xc4]);
    packet.extend(udp.to_be_bytes());
    packet.extend([0, 0]);
    packet.extend(message);
    packet
}

/// The summary of a message, the remarks on it, and the values of the named fields.
fn said(message: &[u8], fields: &[&str]) -> String {
    let bytes = datagram(message);
    let (packet, mut tree, mut line) = (Packet::new(LinkType::IPV4, &bytes), Tree::new(), Line::new());
    Dissector::default().dissect_and_summarize(&See::alone(), &packet, &mut tree, &mut line);
    let dissection = Dissection { tree: &tree, packet: &packet };
    let mut said = format!("{} {}", line.protocol, line.info.to_string_lossy().trim_end_matches(" | "));
    for node in tree.nodes() {
        let name = node.field.name;
        if name.starts_with("sip") && (node.field.show.expert.is_some() || node.is(Node::MALFORMED)) {
            write!(said, " !{}", name.strip_prefix("sip.").unwrap_or(name)).unwrap();
        }
    }
    for name in fields {
        for (_, node) in tree.find(name) {
            let value = match node.field.show.kind {
                crate::Kind::Text => String::from_utf8_lossy(dissection.bytes(node)).into_owned(),
                _ => node.value.to_string(),
            };
            write!(said, " {}={value}", name.strip_prefix("sip.").unwrap_or(name)).unwrap();
        }
    }
    said
}

/// The bytes on the wire: RFC 5118's archive has bare line feeds.
fn wire(message: &[u8]) -> Vec<u8> {
    let bare = |at: usize| at == 0 || message[at - 1] != b'\r';
    let ends = |(at, byte): (usize, &u8)| match byte {
        b'\n' if bare(at) => b"\r\n".to_vec(),
        byte => vec![*byte],
    };
    message.iter().enumerate().flat_map(ends).collect()
}

macro_rules! messages {
    ($($rfc:literal $name:literal $intent:literal [$($field:literal),*] $said:literal)*) => {
        &[$((
            $name,
            $intent,
            &[$($field),*],
            $said,
            include_bytes!(concat!("../../../../testdata/sip/rfc", $rfc, "/", $name, ".dat")),
        )),*]
    };
}

type Row = (&'static str, &'static str, &'static [&'static str], &'static str, &'static [u8]);

/// Name, what the RFC intends, fields to look at, what is said of it. A `!` is a remark.
static MESSAGES: &[Row] = messages! {
    "4475" "wsinv" "Valid: folded lines, white space everywhere, an empty subject, mixed names and cases, leading zeros" ["sip.to.tag", "sip.from.display.info", "sip.from.tag", "sip.Max-Forwards", "sip.Content-Length", "sip.CSeq", "sip.Via.transport", "sip.Via.sent-by.address", "sip.Via.branch", "sip.Subject", "sip.Route.host", "sip.contact.host", "sip.contact.parameter"]
        "SIP/SDP Request: INVITE sip:vivekg@chair-dnrc.example.com;unknownparam, in-dialog !unrecognized_header !unrecognized_header to.tag=1918181833n from.display.info=\"J Rosenberg \\\\\\\"\" from.tag=98asjd8 Max-Forwards=68 Content-Length=150 CSeq=0009 INVITE Via.transport=UDP Via.transport=TCP Via.transport=UDP Via.sent-by.address=192.0.2.2 Via.sent-by.address=spindle.example.com Via.sent-by.address=192.168.255.111 Via.branch=390skdjuw Via.branch=z9hG4bK9ikj8 Via.branch=z9hG4bK30239 Subject= Route.host=services.example.com contact.host=example.com contact.parameter= newparam = newvalue  contact.parameter= secondparam  contact.parameter= q = 0.33"
    "4475" "intmeth" "Valid: unusual characters in method, URI, names and parameters" ["sip.r-uri.user", "sip.r-uri.host", "sip.from.tag", "sip.from.display.info", "sip.CSeq.method"]
        "SIP Unknown request: !interesting-Method0123456789_*+`.%indeed'~ sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*:&it+has=1,weird!*pas$wo~d_too.(doesn't-it)@example.com !unrecognized_header r-uri.user=1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*:&it+has=1,weird!*pas$wo~d_too.(doesn't-it) r-uri.host=example.com from.tag=_token~1'+`*%!-. from.display.info=token1~` token2'+_ token3*%!.-  CSeq.method=!interesting-Method0123456789_*+`.%indeed'~"
    "4475" "esc01" "Valid: escaped characters in URIs" ["sip.r-uri.user", "sip.to.user", "sip.contact.user", "sip.contact.param"]
        "SIP/SDP Request: INVITE sip:sips%3Auser%40example.com@example.net r-uri.user=sips%3Auser%40example.com to.user=%75se%72 contact.user=cal%6Cer contact.param=%6C%72 contact.param=n%61me=v%61lue%25%34%31"
    "4475" "escnull" "Valid: escaped null characters in URIs" ["sip.to.user", "sip.contact.user"]
        "SIP Request: REGISTER sip:example.com  (2 bindings) to.user=null-%00-null contact.user=%00 contact.user=%00%00"
    "4475" "esc02" "Valid: a percent sign that is not an escape, in a method, a name and a tag" ["sip.Method", "sip.to.display.info", "sip.from.tag"]
        "SIP Unknown request: RE%47IST%45R sip:registrar.example.com !unrecognized_header Method=RE%47IST%45R to.display.info=\"%Z%45\" from.tag=f232jadfj23"
    "4475" "lwsdisp" "Valid: no white space between name and bracket" ["sip.from.display.info", "sip.from.user"]
        "SIP Request: OPTIONS sip:user@example.com from.display.info=caller from.user=caller"
    "4475" "longreq" "Valid: long values in header fields" ["sip.r-uri.user", "sip.Max-Forwards", "sip.from.tag"]
        "SIP/SDP Request: INVITE sip:user@example.com !unrecognized_header r-uri.user=user Max-Forwards=70 from.tag=12982982982982982982982982982982982982982982982982982982982982982982982982982982982982982982982982982982982982982982982982982982982982982982982982982982424"
    "4475" "dblreq" "Valid: what follows the first request in the datagram is not part of it" ["sip.CSeq"]
        "SIP/SDP Request: REGISTER sip:example.com  (1 binding) | Request: INVITE sip:joe@example.com CSeq=8 REGISTER CSeq=8 INVITE"
    "4475" "semiuri" "Valid: a semicolon-separated parameter in the user part" ["sip.r-uri.user", "sip.r-uri.host"]
        "SIP Request: OPTIONS sip:user;par=u%40example.net@example.com r-uri.user=user;par=u%40example.net r-uri.host=example.com"
    "4475" "transports" "Valid: varied and unknown transports" ["sip.Via.transport"]
        "SIP Request: OPTIONS sip:user@example.com Via.transport=UDP Via.transport=SCTP Via.transport=TLS Via.transport=UNKNOWN Via.transport=TCP"
    "4475" "mpart01" "Valid: a multipart MESSAGE" ["sip.Content-Type"]
        "SIP Request: MESSAGE sip:kumiko@example.org !unrecognized_header Content-Type=multipart/mixed;boundary=7a9cbec02ceef655"
    "4475" "unreason" "Valid: an unusual Reason-Phrase" ["sip.reason_phrase"]
        "SIP/SDP Status: 200 = 2**3 * 5**2 но сто девяносто девять - простое (INVITE) reason_phrase== 2**3 * 5**2 но сто девяносто девять - простое"
    "4475" "noreason" "Valid: an empty Reason-Phrase" ["sip.Status-Code"]
        "SIP Status: 100  Status-Code=100"
    "4475" "badinv01" "Invalid: extraneous separators" ["sip.to.user", "sip.Via.sent-by.address"]
        "SIP/SDP Request: INVITE sip:user@example.com !Via.invalid !Via.invalid !Via.invalid !address.invalid to.user=j.user Via.sent-by.address=192.0.2.15"
    "4475" "clerr" "Invalid: Content-Length larger than the message" ["sip.Content-Length"]
        "SIP/SDP Request: INVITE sip:user@example.com !msg_body.short Content-Length=9999"
    "4475" "ncl" "Invalid: a negative Content-Length" []
        "SIP/SDP Request: INVITE sip:user@example.com !content_length.invalid"
    "4475" "scalar02" "Invalid: scalar fields with too large values in a request" ["sip.CSeq.method"]
        "SIP Request: REGISTER sip:example.com  (1 binding) !number.invalid !number.invalid !number.invalid !number.invalid CSeq.method=REGISTER"
    "4475" "scalarlg" "Invalid: scalar fields with too large values in a response" ["sip.CSeq.method"]
        "SIP Status: 503 Service Unavailable !number.invalid !retry_after.invalid CSeq.method=OPTIONS"
    "4475" "quotbal" "Invalid: an unterminated quoted string in a display name" ["sip.from.tag"]
        "SIP/SDP Request: INVITE sip:user@example.com !address.invalid from.tag=93334"
    "4475" "ltgtruri" "Invalid: brackets around the Request-URI" ["sip.r-uri.user", "sip.r-uri.host"]
        "SIP/SDP Request: INVITE <sip:user@example.com> !Request-Line.invalid r-uri.user=user r-uri.host=example.com"
    "4475" "lwsruri" "Invalid: white space within the Request-URI" ["sip.r-uri.user", "sip.r-uri.host"]
        "SIP/SDP Request: INVITE sip:user@example.com; lr, in-dialog !Request-Line.invalid r-uri.user=user r-uri.host=example.com"
    "4475" "lwsstart" "Invalid: multiple spaces in the Request-Line" ["sip.r-uri"]
        "SIP/SDP Request: INVITE sip:user@example.com !Request-Line.invalid r-uri=sip:user@example.com"
    "4475" "trws" "Invalid: white space behind the Request-Line" ["sip.r-uri"]
        "SIP Request: OPTIONS sip:remote-target@example.com !Request-Line.invalid r-uri=sip:remote-target@example.com"
    "4475" "escruri" "Invalid: escaped headers in the Request-URI" ["sip.r-uri.host", "sip.uri.headers"]
        "SIP/SDP Request: INVITE sip:user@example.com?Route=%3Csip:example.com%3E !Request-Line.invalid r-uri.host=example.com uri.headers=Route=%3Csip:example.com%3E"
    "4475" "baddate" "Invalid: a time zone other than GMT in Date" ["sip.Date"]
        "SIP/SDP Request: INVITE sip:user@example.com !Date.invalid Date=Fri, 01 Jan 2010 16:00:00 EST"
    "4475" "regbadct" "Invalid: a Contact with parameters in its URI and no brackets" ["sip.contact.user"]
        "SIP Request: REGISTER sip:example.com  (1 binding) !address.invalid contact.user=user"
    "4475" "badaspec" "Invalid: spaces within the address in brackets" ["sip.to.addr"]
        "SIP Request: OPTIONS sip:user@example.org !address.invalid to.addr=sip:t.watson@example.org"
    "4475" "baddn" "Invalid: a display name of no tokens, unquoted" ["sip.from.user"]
        "SIP Request: OPTIONS sip:t.watson@example.org !address.invalid !address.invalid !header_not_terminated from.user=a.g.bell"
    "4475" "badvers" "Unknown protocol version" []
        "SIP Request: OPTIONS sip:t.watson@example.org !Request-Line.invalid"
    "4475" "mismatch01" "Invalid: the methods of Request-Line and CSeq differ" []
        "SIP Request: OPTIONS sip:user@example.com !CSeq.method.invalid"
    "4475" "mismatch02" "Invalid: an unknown method that CSeq does not have" []
        "SIP/SDP Unknown request: NEWMETHOD sip:user@example.com !CSeq.method.invalid"
    "4475" "bigcode" "Invalid: a response code that overflows" []
        "SIP Status: 4294967301 better not break the receiver !Status-Code.invalid"
    "4475" "badbranch" "Transaction layer: a branch that is the magic cookie alone" ["sip.Via.branch"]
        "SIP Request: OPTIONS sip:user@example.com !Via.branch.invalid Via.branch=z9hG4bK"
    "4475" "insuf" "Application layer: Call-ID, From and To are missing" []
        "SIP/SDP Request: INVITE sip:user@example.com !header_missing"
    "4475" "unkscm" "Application layer: a Request-URI of an unknown scheme" ["sip.uri.scheme", "sip.uri.opaque"]
        "SIP Request: OPTIONS nobodyKnowsThisScheme:totallyopaquecontent uri.scheme=nobodyKnowsThisScheme uri.opaque=totallyopaquecontent"
    "4475" "novelsc" "Application layer: a Request-URI of a known scheme that is not SIP's" ["sip.uri.scheme"]
        "SIP Request: OPTIONS soap.beep://192.0.2.103:3002 uri.scheme=soap.beep"
    "4475" "unksm2" "Application layer: unknown schemes in header fields" ["sip.uri.scheme"]
        "SIP Request: REGISTER sip:example.com  (1 binding) uri.scheme=isbn uri.scheme=http uri.scheme=name"
    "4475" "bext01" "Application layer: unknown extensions in Require and Proxy-Require" ["sip.Require", "sip.Proxy-Require"]
        "SIP Request: OPTIONS sip:user@example.com Require=nothingSupportsThis, nothingSupportsThisEither Proxy-Require=noProxiesSupportThis, norDoAnyProxiesSupportThis"
    "4475" "invut" "Application layer: an unknown media type" ["sip.Content-Type"]
        "SIP Request: INVITE sip:user@example.com Content-Type=application/unknownformat"
    "4475" "regaut01" "Application layer: an unknown authorization scheme" ["sip.auth.scheme"]
        "SIP Request: REGISTER sip:example.com  (fetch bindings) auth.scheme=NoOneKnowsThisScheme"
    "4475" "multi01" "Application layer: header fields that must stand once stand again" ["sip.CSeq.seq"]
        "SIP/SDP Request: INVITE sip:user@company.com !header_repeated !header_repeated !header_repeated !header_repeated !header_repeated CSeq.seq=5 CSeq.seq=59"
    "4475" "mcl01" "Application layer: Content-Length twice, with different values" ["sip.Content-Length"]
        "SIP Request: OPTIONS sip:user@example.com !header_repeated Content-Length=13 Content-Length=5"
    "4475" "bcast" "Application layer: a response with a broadcast Via" ["sip.Via.sent-by.address"]
        "SIP/SDP Status: 200 OK (INVITE) Via.sent-by.address=192.0.2.198 Via.sent-by.address=255.255.255.255"
    "4475" "zeromf" "Application layer: Max-Forwards is zero" ["sip.Max-Forwards"]
        "SIP Request: OPTIONS sip:user@example.com Max-Forwards=0"
    "4475" "cparam01" "Application layer: unknown parameters of a Contact, outside of brackets" ["sip.contact.param", "sip.contact.parameter"]
        "SIP Request: REGISTER sip:example.com  (1 binding) contact.parameter=unknownparam"
    "4475" "cparam02" "Application layer: unknown parameters of a Contact's URI" ["sip.contact.param", "sip.contact.parameter"]
        "SIP Request: REGISTER sip:example.com  (1 binding) contact.param=unknownparam"
    "4475" "regescrt" "Application layer: escaped Route headers in a Contact's URI" ["sip.contact.host", "sip.uri.headers"]
        "SIP Request: REGISTER sip:example.com  (1 binding) contact.host=example.com uri.headers=Route=%3Csip:sip.example.com%3E"
    "4475" "sdp01" "Application layer: an unacceptable Accept" ["sip.Accept"]
        "SIP/SDP Request: INVITE sip:user@example.com Accept=text/nobodyKnowsThis"
    "4475" "inv2543" "Backward compatibility: an RFC 2543 INVITE without branch and tag" ["sip.Via.branch", "sip.from.user"]
        "SIP/SDP Request: INVITE sip:UserB@example.com from.user=+13035551111"
    "5118" "ipv6-good" "4.1, valid: an IPv6 reference" ["sip.r-uri.host", "sip.Via.sent-by.address", "sip.from.host"]
        "SIP Request: REGISTER sip:[2001:db8::10]  (1 binding) r-uri.host=[2001:db8::10] Via.sent-by.address=2001:db8::9:1 from.host=example.com"
    "5118" "ipv6-bad" "4.2, invalid: an IPv6 address without brackets" ["sip.r-uri.host"]
        "SIP Request: REGISTER sip:2001:db8::10  (1 binding) !Request-Line.invalid r-uri.host=2001"
    "5118" "port-ambiguous" "4.3, valid: what may be meant as a port is in the address" ["sip.r-uri.host", "sip.r-uri.port"]
        "SIP Request: REGISTER sip:[2001:db8::10:5070]  (1 binding) r-uri.host=[2001:db8::10:5070]"
    "5118" "port-unambiguous" "4.4, valid: the port stands behind the brackets" ["sip.r-uri.host", "sip.r-uri.port"]
        "SIP Request: REGISTER sip:[2001:db8::10]:5070  (1 binding) r-uri.host=[2001:db8::10] r-uri.port=5070"
    "5118" "via-received-param-with-delim" "4.5, valid: brackets in the received parameter" ["sip.Via.received"]
        "SIP Request: BYE sip:[2001:db8::10] Via.received=[2001:db8::9:255]"
    "5118" "via-received-param-no-delim" "4.5, valid: no brackets in the received parameter" ["sip.Via.received"]
        "SIP Request: OPTIONS sip:[2001:db8::10] Via.received=2001:db8::9:255"
    "5118" "ipv6-in-sdp" "4.6, valid: IPv6 addresses in SDP" ["sip.Via.sent-by.address"]
        "SIP/SDP Request: INVITE sip:user@[2001:db8::10] !msg_body.short Via.sent-by.address=2001:db8::20"
    "5118" "mult-ip-in-header" "4.7, valid: IPv4 and IPv6 in one header" ["sip.Via.sent-by.address", "sip.Via.received"]
        "SIP Request: BYE sip:user@host.example.net Via.sent-by.address=2001:db8::9:1 Via.sent-by.address=192.0.2.1 Via.sent-by.address=2001:db8::9:255 Via.received=192.0.2.200"
    "5118" "mult-ip-in-sdp" "4.8, valid: IPv4 and IPv6 in SDP" ["sip.contact.host"]
        "SIP/SDP Request: INVITE sip:user@[2001:db8::10] contact.host=[2001:db8::9:1]"
    "5118" "ipv4-mapped-ipv6" "4.9, valid: an IPv4-mapped IPv6 address" ["sip.Via.sent-by.address"]
        "SIP/SDP Request: INVITE sip:user@example.com Via.sent-by.address=::ffff:192.0.2.10 Via.sent-by.address=::ffff:192.0.2.2"
    "5118" "ipv6-bug-abnf-3-colons" "4.10, to be accepted: three colons, by a fault of RFC 3261's grammar" ["sip.r-uri.host"]
        "SIP Request: OPTIONS sip:user@[2001:db8:::192.0.2.1] !header_not_terminated r-uri.host=[2001:db8:::192.0.2.1]"
    "5118" "ipv6-correct-abnf-2-colons" "4.10, valid: two colons" ["sip.r-uri.host"]
        "SIP Request: OPTIONS sip:user@[2001:db8::192.0.2.1] !header_not_terminated r-uri.host=[2001:db8::192.0.2.1]"
};

#[test]
fn every_torture_message_is_read_as_its_rfc_intends() {
    let mut wrong = String::new();
    for (name, intent, fields, expected, message) in MESSAGES {
        let said = said(&wire(message), fields);
        if said != *expected {
            writeln!(wrong, "{name}: {intent}\n  expected {expected}\n  said     {said}").unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert_eq!(MESSAGES.len(), 49 + 12);
}

#[test]
fn every_torture_message_but_one_has_a_frame() {
    for (name, .., message) in MESSAGES {
        let read = Message::parse(message);
        assert!(read.is_ok(), "{name}");
        // These have no empty line behind their headers.
        let open = ["baddn", "ipv6-bug-abnf-3-colons", "ipv6-correct-abnf-2-colons"].contains(name);
        assert_eq!(frame(message) == Frame::More(0), open, "{name}");
    }
}

#[test]
fn torture_messages_cut_and_changed_break_nothing() {
    for name in ["wsinv", "intmeth", "badinv01", "mpart01", "multi01", "via-received-param-no-delim"] {
        let (.., message) = MESSAGES.iter().find(|row| row.0 == name).unwrap();
        crate::testing::survives(LinkType::IPV4, &datagram(message));
    }
}
