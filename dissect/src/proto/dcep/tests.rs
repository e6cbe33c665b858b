//! Messages by hand, each in a DATA chunk.

use super::*;
use crate::capture::LinkType;
use crate::proto::sctp::parameter::tests::{chunk, lines_behind, packet};
use crate::testing::{summary, survives};

fn data(message: &[u8]) -> Vec<u8> {
    packet(&chunk(0, 3, &[&[0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 50], message].concat()))
}

fn lines(message: &[u8]) -> String {
    let behind = lines_behind(&data(message), "WebRTC Data Channel");
    let lines: Vec<_> = behind.lines().map_while(|line| line.strip_prefix("    ")).collect();
    lines.join("\n")
}

const OPEN: &[u8] = b"\x03\x81\x01\x00\x00\x00\x00\x05\x00\x05\x00\x03helloabc";

#[test]
fn open_is_shown() {
    insta::assert_snapshot!(lines(OPEN), @r#"
    Message type: DATA_CHANNEL_OPEN_REQUEST (3)
    Channel type: DATA_CHANNEL_PARTIAL_RELIABLE_REXMIT_UNORDERED (129)
    Priority: 256
    Reliability parameter: 5
    Label length: 5
    Protocol length: 3
    Label: hello
    Protocol: abc
    "#);
    assert!(summary(LinkType::ETHERNET, &data(OPEN)).starts_with("RTCDC "));
    assert!(summary(LinkType::ETHERNET, &data(OPEN)).contains("DATA_CHANNEL_OPEN_REQUEST"));
}

#[test]
fn ack_is_one_byte() {
    insta::assert_snapshot!(lines(b"\x02"), @r#"
    Message type: DATA_CHANNEL_ACK (2)
    "#);
    assert!(lines(b"\x02\x02").contains(TOO_LONG.label));
}

#[test]
fn messages_of_the_draft_are_shown() {
    insta::assert_snapshot!(lines(b"\x00\x01\x00\x01\x00\x05\x00\x06label"), @r#"
    Message type: DATA_CHANNEL_OPEN_REQUEST (0)
    Channel type: DATA_CHANNEL_PARTIAL_RELIABLE_REXMIT (1)
    Flags: 0x0001
        0000 0000 0000 000. = Reserved: 0x0000
        .... .... .... ...1 = Unordered allowed: True
    Reliability parameter: 5
    Priority: 6
    Label: label
    "#);
    insta::assert_snapshot!(lines(b"\x01\x01\x00\x05\x00\x07"), @r#"
    Message type: DATA_CHANNEL_OPEN_RESPONSE (1)
    Error: 1
    Flags: 0x0005
    Reverse stream identifier: 7
    "#);
    assert!(lines(b"\x01\x01\x00\x05\x00\x07z").contains(TOO_LONG.label));
}

#[test]
fn breaches_are_remarked() {
    let open = |kind: u8, reliability: u8, label: u8, rest: &[u8]| {
        lines(&[&[3, kind, 0, 0, 0, 0, 0, reliability, 0, label, 0, 0], rest].concat())
    };
    assert!(open(7, 0, 0, b"").contains(UNKNOWN_CHANNEL_TYPE.label));
    assert!(lines(b"\x05").contains(UNKNOWN_MESSAGE_TYPE.label));
    for (kind, wrong) in [(0, true), (0x80, true), (1, false), (0x81, false), (2, false), (0x82, false)] {
        assert_eq!(open(kind, 7, 0, b"").contains(RELIABILITY_NOT_ZERO.label), wrong);
        assert!(!open(kind, 0, 0, b"").contains(RELIABILITY_NOT_ZERO.label));
    }
    assert!(open(0, 0, 1, b"ab").contains(INCONSISTENT_LENGTHS.label));
    let short = open(0, 0, 3, b"ab");
    assert!(short.contains("Label: ab") && short.contains("Label needs 3 bytes"), "{short}");
    assert!(!open(0, 0, 2, b"ab").contains(INCONSISTENT_LENGTHS.label));
}

#[test]
fn no_bytes_harm() {
    survives(LinkType::ETHERNET, &data(OPEN));
    survives(LinkType::ETHERNET, &data(b"\x00\x01\x00\x01\x00\x05\x00\x06label"));
}
