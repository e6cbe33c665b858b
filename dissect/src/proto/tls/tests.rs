use super::handshake::MOST_MESSAGE;
use super::*;
use crate::capture::LinkType;
use crate::testing::{summary, survives, tree};

/// A segment with this data, from port 40000 to 443 or another.
fn packet(port: u16, data: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0x45, 0, 0, 0, 0, 1, 0, 0, 64, 6, 0, 0, 192, 0, 2, 1, 198, 51, 100, 2, 0x9c, 0x40];
    bytes.extend(port.to_be_bytes());
    bytes.extend([0, 0, 0, 1, 0, 0, 0, 1, 0x50, 0x10, 1, 0, 0, 0, 0, 0]);
    bytes.extend(data);
    let length = bytes.len() as u16;
    bytes[2..4].copy_from_slice(&length.to_be_bytes());
    bytes
}

fn record(kind: u8, body: &[u8]) -> Vec<u8> {
    [&[kind, 3, 3][..], &(body.len() as u16).to_be_bytes(), body].concat()
}

fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    [&[kind][..], &(body.len() as u32).to_be_bytes()[1..], body].concat()
}

fn line(records: &[Vec<u8>]) -> String {
    summary(LinkType::IPV4, &packet(443, &records.concat()))
}

/// A ClientHello for `a.example` that can speak TLS 1.3 and 1.2.
fn client_hello() -> Vec<u8> {
    let mut body = vec![3, 3];
    body.extend([7; 32]);
    body.extend([2, 8, 9, 0, 4, 0x13, 1, 0xc0, 0x2f, 1, 0, 0, 31]);
    body.extend([0, 0, 0, 14, 0, 12, 0, 0, 9]);
    body.extend(b"a.example");
    body.extend([0, 43, 0, 5, 4, 3, 4, 3, 3, 0, 23, 0, 0]);
    record(22, &message(1, &body))
}

/// A ServerHello that chooses TLS 1.3.
fn server_hello() -> Vec<u8> {
    let mut body = vec![3, 3];
    body.extend([7; 32]);
    body.extend([0, 0x13, 1, 0, 0, 6, 0, 43, 0, 2, 3, 4]);
    record(22, &message(2, &body))
}

#[test]
fn a_client_hello_names_the_server() {
    let bytes = packet(443, &client_hello());
    let text = tree(LinkType::IPV4, &bytes);
    for line in [
        "Record Layer: Handshake Protocol: Client Hello",
        "Version: TLS 1.2 (0x0303)",
        "Cipher Suite: 0xc02f",
        "Extension: server_name (len=14)",
        "Server Name: a.example",
        "Supported Version: TLS 1.3 (0x0304)",
    ] {
        assert!(text.contains(line), "{line} in {text}");
    }
    assert!(!text.contains("Malformed"), "{text}");
    survives(LinkType::IPV4, &bytes);
}

#[test]
fn a_server_hello_tells_the_version_of_the_line() {
    let records = [server_hello(), record(20, &[1]), record(23, &[0x5a; 40])];
    assert_eq!(line(&records), "TLSv1.3 Server Hello, Change Cipher Spec, Application Data");
    survives(LinkType::IPV4, &packet(443, &records.concat()));
}

#[test]
fn what_comes_after_a_change_of_keys_is_encrypted() {
    // A finished message whose encryption begins with zeros, alone and behind the change.
    let finished = record(22, &[[0; 8], [0xa5; 8], [0x3c; 8]].concat());
    let mut records = vec![record(20, &[1]), finished.clone(), record(21, &[0x77; 26])];
    assert_eq!(line(&records), "TLSv1.2 Change Cipher Spec, Encrypted Handshake Message, Encrypted Alert");
    records.remove(0);
    assert_eq!(line(&records), "TLSv1.2 Encrypted Handshake Message, Encrypted Alert");
    // What would be clear by itself is not behind the change.
    records = vec![record(20, &[1]), record(22, &message(14, &[]))];
    assert_eq!(line(&records), "TLSv1.2 Change Cipher Spec, Encrypted Handshake Message");
    assert_eq!(line(&records[1..]), "TLSv1.2 Server Hello Done");
    let text = tree(LinkType::IPV4, &packet(443, &finished));
    assert!(text.contains("Record Layer: Handshake Protocol: Encrypted Handshake Message\n"), "{text}");
}

#[test]
fn alerts_have_words() {
    assert_eq!(line(&[record(21, &[2, 70])]), "TLSv1.2 Alert (Level: Fatal, Description: Protocol Version)");
    assert_eq!(line(&[record(21, &[2, 69])]), "TLSv1.2 Encrypted Alert");
    assert_eq!(line(&[record(21, &[3, 70])]), "TLSv1.2 Encrypted Alert");
    survives(LinkType::IPV4, &packet(443, &[record(21, &[2, 70]), record(24, &[1; 20])].concat()));
}

#[test]
fn messages_share_records_and_go_on_in_others() {
    let both = record(22, &[message(12, &[1; 9]), message(14, &[])].concat());
    assert_eq!(line(std::slice::from_ref(&both)), "TLSv1.2 Server Key Exchange, Server Hello Done");
    let text = tree(LinkType::IPV4, &packet(443, &both));
    assert!(text.contains("Record Layer: Handshake Protocol: Multiple Handshake Messages\n"), "{text}");
    let long = message(11, &[5; 300]);
    let pieces = [record(22, &long[..100]), record(22, &[&long[100..], &message(14, &[])].concat())];
    assert_eq!(line(&pieces), "TLSv1.2 [Certificate Fragment], Server Hello Done");
    let text = tree(LinkType::IPV4, &packet(443, &pieces.concat()));
    assert!(text.contains("Handshake Protocol: Certificate (fragment)\n"), "{text}");
    assert!(text.contains("Handshake Protocol: continued\n"), "{text}");
}

#[test]
fn a_message_may_be_long_up_to_a_limit() {
    let begin =
        |length: usize| record(22, &[&[11][..], &(length as u32).to_be_bytes()[1..], &[9; 20]].concat());
    assert_eq!(line(&[begin(MOST_MESSAGE)]), "TLSv1.2 [Certificate Fragment]");
    assert_eq!(line(&[begin(MOST_MESSAGE + 1)]), "TLSv1.2 Encrypted Handshake Message");
}

#[test]
fn a_stream_is_cut_where_records_end() {
    let stream = [record(22, &message(14, &[])), record(23, &[0; 300])].concat();
    assert_eq!(frame(&stream), Frame::Whole(9));
    let second = &stream[9..];
    for end in 1..second.len() {
        let missing = if end < Header::LEN { Header::LEN - end } else { second.len() - end };
        assert_eq!(frame(&second[..end]), Frame::More(missing), "{end}");
    }
    assert_eq!(frame(second), Frame::Whole(second.len()));
}

#[test]
fn a_record_is_long_up_to_a_limit() {
    let header = |kind: u8, version: u16, length: u16| {
        let ([a, b], [c, d]) = (version.to_be_bytes(), length.to_be_bytes());
        frame(&[kind, a, b, c, d])
    };
    assert_eq!(header(23, 0x303, MOST_RECORD), Frame::More(MOST_RECORD.into()));
    assert_eq!(header(23, 0x303, MOST_RECORD + 1), Frame::Other);
    assert_eq!(header(23, 0x300, 0), Frame::Whole(5));
    assert_eq!(header(22, 0x300, 0), Frame::Other);
    for (kind, version) in [(19, 0x303), (25, 0x303), (22, 0x2ff), (22, 0x305), (22, 0x203)] {
        assert_eq!(header(kind, version, 10), Frame::Other, "{kind} {version:x}");
        let all = [&[kind][..], &version.to_be_bytes()].concat();
        assert_eq!(frame(&all), Frame::Other, "{kind} {version:x}");
    }
}

#[test]
fn records_are_known_on_any_port_and_sip_is_not_taken() {
    let hello = client_hello();
    assert_eq!(summary(LinkType::IPV4, &packet(40001, &hello)), "TLSv1.2 Client Hello");
    let sip = b"OPTIONS sip:a@b SIP/2.0\r\nl: 0\r\n\r\n";
    for port in [443, 5060, 5061, 40001] {
        assert!(summary(LinkType::IPV4, &packet(port, sip)).starts_with("SIP "), "{port}");
    }
    // A header alone is not sure, nor is a record with something else behind it.
    let other = [record(23, b"abc"), b"no record".to_vec()].concat();
    assert!(summary(LinkType::IPV4, &packet(40001, &other)).starts_with("TCP "));
    assert!(summary(LinkType::IPV4, &packet(40001, &hello[..4])).starts_with("TCP "));
    assert_eq!(
        summary(LinkType::IPV4, &packet(443, &other)),
        "TLSv1.2 Application Data, Ignored Unknown Record"
    );
}
