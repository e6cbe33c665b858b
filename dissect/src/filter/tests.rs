//! The language, on packets made for it. What filters pick in whole captures is compared with tshark in `tests/filter`.

use super::{Error, Filter, Work};
use crate::capture::LinkType;
use crate::{Dissection, Dissector, Packet, See, Tree};

/// An SCTP packet in IPv4, of two DATA chunks: stream 1 with number 7, stream 2 with number 8, each with a text.
fn bundle() -> Vec<u8> {
    let chunk = |tsn: u8, stream: u8, number: u8, text: &[u8; 4]| {
        let mut bytes = vec![0, 3, 0, 20, 0, 0, 0, tsn, 0, stream, 0, number, 0, 0, 0, 0];
        bytes.extend(text);
        bytes
    };
    let mut sctp = vec![0x13, 0x89, 0x11, 0x5c, 0, 0, 0, 1, 0, 0, 0, 0];
    sctp.extend(chunk(1, 1, 7, b"abcd"));
    sctp.extend(chunk(2, 2, 8, b"EFGH"));
    let mut bytes =
        vec![0x45, 0, 0, 20 + sctp.len() as u8, 0, 0, 0x40, 0, 64, 132, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2];
    bytes.extend(sctp);
    bytes
}

/// Two SIP requests, each in a DATA chunk of one SCTP packet.
fn calls() -> Vec<u8> {
    let mut sctp = vec![0x13, 0xc4, 0x13, 0xc4, 0, 0, 0, 1, 0, 0, 0, 0];
    for (tsn, text) in [
        (1, "INVITE sip:a@b SIP/2.0\r\nCall-ID: one\r\n\r\n"),
        (2, "BYE sip:a@b SIP/2.0\r\nCall-ID: two\r\n\r\n"),
    ] {
        let len = 16 + text.len();
        sctp.extend([0, 3, 0, len as u8, 0, 0, 0, tsn, 0, 1, 0, 0, 0, 0, 0, 0]);
        sctp.extend(text.as_bytes());
        sctp.resize(sctp.len().next_multiple_of(4), 0);
    }
    let mut bytes =
        vec![0x45, 0, 0, 20 + sctp.len() as u8, 0, 0, 0x40, 0, 64, 132, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2];
    bytes.extend(sctp);
    bytes
}

/// Whether a packet passes: by its whole tree and by a part of it, which must agree.
fn picks(bytes: &[u8], text: &str) -> bool {
    let (dissector, packet, mut tree) =
        (Dissector::default(), Packet::new(LinkType::IPV4, bytes), Tree::new());
    let filter = Filter::compile(&dissector, text).unwrap_or_else(|error| panic!("{text}: {error}"));
    dissector.dissect(&See::alone(), &packet, &mut tree);
    let whole = filter.matches(Dissection { tree: &tree, packet: &packet });
    assert_eq!(filter.accepts(&dissector, &See::alone(), &packet, &mut Work::new()), whole, "{text}");
    whole
}

fn error(text: &str) -> Error {
    Filter::compile(&Dissector::default(), text).expect_err(text)
}

#[test]
fn terms_of_a_block_hold_in_one_chunk() {
    let bytes = bundle();
    assert!(picks(&bytes, "sctp.data_sid == 1 && sctp.data_ssn == 8"));
    assert!(!picks(&bytes, "chunk{ sctp.data_sid == 1 && sctp.data_ssn == 8 }"));
    assert!(picks(&bytes, "chunk{ sctp.data_sid == 1 && sctp.data_ssn == 7 }"));
    assert!(picks(&bytes, "chunk{sctp.data_sid==2&&sctp.data_ssn==8} && ip.src == 10.0.0.1"));
    assert!(picks(&bytes, "chunk{ data.data contains \"EFGH\" && sctp.data_sid == 2 }"));
    assert!(!picks(&bytes, "chunk{ data.data contains \"EFGH\" && sctp.data_sid == 1 }"));
    // What is not in a chunk is in none.
    assert!(!picks(&bytes, "chunk{ ip.src == 10.0.0.1 }"));
    assert!(
        picks(&bytes, "chunk{ !(sctp.data_sid == 1) }") && !picks(&bytes, "!chunk{ sctp.data_sid == 1 }")
    );
    assert!(
        picks(&bytes, "chunk{ count(sctp.data_sid) == 1 }")
            && !picks(&bytes, "chunk{ count(sctp.data_sid) == 2 }")
    );
    // Any group or protocol binds.
    assert!(picks(&bytes, "sctp.chunk{ sctp.data_sid == 1 } and sctp{ chunk{ sctp.data_ssn == 8 } }"));
    assert!(!picks(&bytes, "icmp{ sctp }"));
}

#[test]
fn terms_of_a_block_hold_in_one_message() {
    let bytes = calls();
    assert!(picks(&bytes, "sip.Method == INVITE && sip.Call-ID == \"two\""));
    assert!(!picks(&bytes, "message{ sip.Method == INVITE && sip.Call-ID == \"two\" }"));
    assert!(picks(&bytes, "message{ sip.Method == BYE && sip.Call-ID == \"two\" }"));
    assert!(picks(&bytes, "chunk{ sctp.data_tsn_raw == 2 && message{ sip.Method == BYE } }"));
    assert!(!picks(&bytes, "chunk{ sctp.data_tsn_raw == 1 && message{ sip.Method == BYE } }"));
    assert!(picks(&bundle(), "message{ data.data == \"abcd\" }"));
    assert!(picks(&bytes, "sip.Method#1 == INVITE && sip.Method#2 == BYE && sip#2 && !sip#3"));
    assert!(picks(&bytes, "sip.Method#[-1] == BYE && sip.Method#[2] == BYE && sip.Method#[1-2] == BYE"));
    assert!(!picks(&bytes, "sip.Method#1 == BYE || sip.Method#0 || sip.Method#[-3]"));
}

#[test]
fn a_field_that_stands_twice_has_two_values() {
    let bytes = bundle();
    for (text, expected) in [
        ("sctp.data_sid == 1", true),
        ("sctp.data_sid != 1", false),
        ("sctp.data_sid ~= 1", true),
        ("sctp.data_sid === 1", false),
        ("all sctp.data_sid < 3", true),
        ("any sctp.data_sid != 1", true),
        ("sctp.data_sid != 3", true),
        ("sctp.init_credit != 3", false),
        ("!(sctp.init_credit == 3)", true),
        ("all sctp.init_credit == 3", false),
        ("max(sctp.data_sid) == 2 && min(sctp.data_sid) == 1", true),
        ("sctp.data_sid in {2..9}", true),
        ("all sctp.data_sid in {2..9}", false),
        ("sctp.port == 5001 && sctp.port == 4444", true),
        ("sctp.srcport + sctp.data_sid == 5003", true),
        ("count(sctp.port) == 2", true),
    ] {
        assert_eq!(picks(&bytes, text), expected, "{text}");
    }
}

#[test]
fn blanks_are_a_filter_that_all_pass() {
    assert!(picks(&bundle(), "") && picks(&bundle(), " \t\r\n"));
}

#[test]
fn errors_say_what_is_wrong_and_where() {
    for (text, place, sentence) in [
        (
            "sctp.chunktype == 1",
            "sctp.chunktype",
            "sctp.chunktype is neither a field nor a protocol; did you mean sctp.chunk_type?",
        ),
        ("ip && SCTP", "SCTP", "SCTP is neither a field nor a protocol; did you mean sctp?"),
        ("sctp.chunk_type == INITT", "INITT", "INITT is no value of sctp.chunk_type; did you mean \"INIT\"?"),
        (
            "sctp.srcport == 70000",
            "70000",
            "70000 is too large: sctp.srcport is an unsigned number of 16 bits, at most 65535",
        ),
        (
            "sctp.srcport == \"80\"",
            "\"80\"",
            "80 is no number; sctp.srcport is an unsigned number of 16 bits",
        ),
        (
            "ip.src == 10.0.0",
            "10.0.0",
            "10.0.0 is no address; ip.src is an IPv4 address, such as 10.0.0.1 or 10.0.0.0/8",
        ),
        (
            "ip.src == 10.0.0.0/33",
            "10.0.0.0/33",
            "/33 is more than the 32 bits of the address; ip.src is an IPv4 address, such as 10.0.0.1 or 10.0.0.0/8",
        ),
        (
            "ip.ttl contains 1",
            "ip.ttl",
            "ip.ttl is an unsigned number of 8 bits; contains is for texts and bytes; string(ip.ttl) is a text",
        ),
        ("ip.src == eth.src", "eth.src", "eth.src is a hardware address, but ip.src is an IPv4 address"),
        (
            "sctp.srcport[0] == 1",
            "sctp.srcport",
            "sctp.srcport is an unsigned number of 16 bits; it has no bytes to take some of",
        ),
        ("sctp[5-3]", "5-3", "5-3 ends before it begins"),
        ("sip.Method matches \"(\"", "\"(\"", "The regular expression is not right: unclosed group"),
        (
            "sip.Method == \"\\q\"",
            "\\q",
            "\\q is no escape; a backslash is written \\\\, or put r before the quotes of a regular expression",
        ),
        ("sip.Method == \"INVITE", "\"INVITE", "The closing quote of this text is missing"),
        ("len(sctp, ip) == 1", "ip", "len() takes one argument"),
        (
            "length(sctp) == 1",
            "length",
            "length is no function; there are abs, count, len, lower, max, min, string, upper",
        ),
        ("len(sctp)", "len(sctp)", "len() has a value, which is always there; compare it with something"),
        ("sctp = 1", "=", "= was not expected here; expected and, or, or the end; to compare, write =="),
        ("sctp AND ip", "AND", "AND was not expected here; write and, in small letters"),
        ("sctp &&", "", "The filter ends here; expected a field, a function or a value"),
        ("(sctp", "", "The filter ends here; expected a closing parenthesis"),
        (
            "(sctp.srcport + 1) == 2",
            "==",
            "Parentheses hold a whole test; what is compared or calculated is held by braces: {a + b} == c",
        ),
        (
            "sctp.chunk == 1",
            "sctp.chunk",
            "sctp.chunk is a label without a value; only whether it is there can be tested",
        ),
        (
            "chunck{ sctp }",
            "chunck",
            "chunck is no block: chunk, message, a protocol or a group; did you mean chunk{ … }?",
        ),
        ("ip.flags.df == true", "true", "true is written True or False, without quotes, or 1 or 0"),
        (
            "frame.time > \"yesterday\"",
            "\"yesterday\"",
            "yesterday is no date and time; frame.time is a date and time, such as \"2026-11-21 20:38:17.5\" or \"Nov 21, 2026 20:38:17\", in UTC",
        ),
        ("ip.src + 1 == 10.0.0.2", "ip.src", "ip.src is an IPv4 address; + is not for it"),
        ("sctp in {}", "}", "} was not expected here; expected a field, a function or a value"),
        ("ip == é", "é", "é means nothing here; in double quotes it may stand"),
    ] {
        let error = error(text);
        assert_eq!((&text[error.span.clone()], error.sentence.as_str()), (place, sentence), "{text}");
    }
}

#[test]
fn a_caret_stands_under_the_place() {
    let text = "sip.Method == \"é\" && 1 == sctp.nosuch";
    assert_eq!(error(text).caret(text, "  "), format!("  {text}\n  {}^{}", " ".repeat(26), "~".repeat(10)));
    assert_eq!(error("sctp &&").caret("sctp &&", ""), "sctp &&\n       ^");
    assert_eq!(error("sctp\n&& =").caret("sctp\n&& =", ""), "sctp && =\n        ^");
}

#[test]
fn filters_are_printed_in_one_form() {
    for (text, printed) in [
        ("sctp   and ip", "sctp && ip"),
        ("not(sctp.srcport eq 5 or ip)", "!(sctp.srcport == 5 || ip)"),
        ("ip.src not in {10.0.0.1,10.0.0.5..10.0.0.9}", "ip.src not in {10.0.0.1, 10.0.0.5 .. 10.0.0.9}"),
        ("{ip.ttl + 1} * 2 == 130", "{ip.ttl + 1} * 2 == 130"),
        ("ip.ttl + {1 * 2} == 66", "ip.ttl + 1 * 2 == 66"),
        ("sip.Method matches r\"^\\d\"", "sip.Method matches \"^\\\\d\""),
        ("sctp contains 'a' xor any ip.ttl > -1", "sctp contains 'a' ^^ any ip.ttl > -1"),
        ("eth.src[ 0 : 3 ] == 02:00:00", "eth.src[0:3] == 02:00:00"),
        ("ip.src#[2] == 10.0.0.1", "ip.src#2 == 10.0.0.1"),
        ("chunk{sctp.data_sid==1}", "chunk{ sctp.data_sid == 1 }"),
    ] {
        let filter =
            Filter::compile(&Dissector::default(), text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(filter.to_string(), printed);
    }
}

#[test]
fn a_filter_names_the_protocols_it_needs() {
    let dissector = Dissector::default();
    let only = |text: &str| Filter::compile(&dissector, text).unwrap().only().is_some();
    assert!(only("sctp.chunk_type == 1") && only("ip.src == 10.0.0.1 || tcp"));
    // Remarks and data stand anywhere, the list of protocols tells of the whole tree.
    assert!(!only("_ws.malformed") && !only("data") && !only("frame.protocols contains \"sctp\""));
}
