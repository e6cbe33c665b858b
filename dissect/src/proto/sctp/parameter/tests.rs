//! Parameters by hand, in the INIT ACK chunk of a packet.

use super::*;
use crate::capture::LinkType;
use crate::testing::{survives, tree};
use crate::{Dissection, Dissector, Packet, See, Tree, format};

/// A parameter or cause with its padding.
pub(crate) fn tlv(code: u16, value: &[u8]) -> Vec<u8> {
    let mut bytes = [code.to_be_bytes(), (value.len() as u16 + 4).to_be_bytes()].concat();
    bytes.extend_from_slice(value);
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    bytes
}

/// A chunk with its padding.
pub(crate) fn chunk(number: u8, flags: u8, value: &[u8]) -> Vec<u8> {
    tlv(u16::from_be_bytes([number, flags]), value)
}

/// A packet with these chunks, from its Ethernet header on.
pub(crate) fn packet(chunks: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0; 12];
    bytes.extend([0x08, 0x00, 0x45, 0]);
    bytes.extend((32 + chunks.len() as u16).to_be_bytes());
    bytes.extend([0, 0, 0, 0, 64, 132, 0, 0, 10, 77, 1, 1, 10, 77, 1, 2]);
    bytes.extend([0x13, 0x88, 0x13, 0x89, 0, 0, 0, 1, 0, 0, 0, 0]);
    bytes.extend(chunks);
    bytes
}

/// The lines of the tree behind the line that begins so, without the indentation they share.
pub(crate) fn lines_behind(packet: &[u8], beginning: &str) -> String {
    let text = tree(LinkType::ETHERNET, packet);
    let behind = text.lines().skip_while(|line| !line.trim_start().starts_with(beginning)).skip(1);
    let lines: Vec<_> =
        behind.map(|line| without_colons(line.strip_prefix("        ").unwrap_or(line)) + "\n").collect();
    lines.concat()
}

/// The line, where it ends in bytes without the signs between them: how they are parted is no matter of these tests.
fn without_colons(line: &str) -> String {
    let is_pair = |pair: &str| pair.len() == 2 && pair.bytes().all(|digit| digit.is_ascii_hexdigit());
    match line.split_once(": ") {
        Some((label, bytes)) if bytes.split(':').all(is_pair) => {
            format!("{label}: {}", bytes.replace(':', ""))
        }
        _ => line.to_owned(),
    }
}

fn init_ack(parameters: &[u8]) -> Vec<u8> {
    let fixed = [0, 0, 0, 1, 0, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 1];
    packet(&chunk(2, 0, &[&fixed, parameters].concat()))
}

fn lines(parameters: &[u8]) -> String {
    lines_behind(&init_ack(parameters), "Initial TSN")
}

fn ipv4() -> Vec<u8> {
    tlv(5, &[10, 77, 1, 1])
}

fn ipv6() -> Vec<u8> {
    tlv(6, &[0xfd, 0x77, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])
}

/// One parameter of every type, some of them twice.
fn every() -> Vec<u8> {
    let with_id = |id: u32, inner: &[u8]| [&id.to_be_bytes(), inner].concat();
    let words = |words: &[u32]| words.iter().flat_map(|word| word.to_be_bytes()).collect::<Vec<u8>>();
    [
        tlv(0x0001, b"hbinfo"),
        ipv4(),
        ipv6(),
        tlv(0x0007, b"cookie!"),
        tlv(0x0008, &tlv(0x8008, &[0xc1, 0x80, 0xc0])),
        tlv(0x0008, &[ipv4(), tlv(0x4123, b"ab")].concat()),
        tlv(0x0009, &words(&[1000])),
        tlv(0x000b, b"host.example\0"),
        tlv(0x000b, b""),
        tlv(0x000c, &[0, 5, 0, 6, 0, 11, 0, 99]),
        tlv(0x000d, &[&words(&[1, 2, 3])[..], &[0, 4, 0, 5, 0, 6]].concat()),
        tlv(0x000d, &words(&[1, 2, 3])),
        tlv(0x000e, &[0, 0, 0, 1, 0, 4, 0, 5]),
        tlv(0x000f, &words(&[7])),
        tlv(0x0010, &words(&[7, 1])),
        tlv(0x0010, &words(&[7, 9, 3, 4])),
        tlv(0x0011, &[0, 0, 0, 7, 0, 3, 0, 0]),
        tlv(0x0012, &[0, 0, 0, 7, 0, 3, 0, 0]),
        tlv(0x8000, &[]),
        tlv(0x8001, &words(&[1])),
        tlv(0x8002, &[0x52; 32]),
        tlv(0x8003, &[0xc1, 0x80, 0x00]),
        tlv(0x8004, &[0, 3, 0, 1]),
        tlv(0x8005, &[0; 7]),
        tlv(0x8006, b"abcd"),
        tlv(0x8008, &[0xc1, 0x80, 0xc0, 0x99]),
        tlv(0xc000, &[]),
        tlv(0xc001, &with_id(0x11, &ipv4())),
        tlv(0xc002, &with_id(0x11, &ipv6())),
        tlv(0xc003, &with_id(0x13, &tlv(0xa0, &tlv(0xc002, &with_id(0x11, &ipv4()))))),
        tlv(0xc004, &with_id(0x12, &ipv4())),
        tlv(0xc005, &words(&[0x14])),
        tlv(0xc006, &words(&[0x15])),
        tlv(0xc007, &[]),
        tlv(0xc008, b"abcd"),
        tlv(0x5234, b"abc"),
        tlv(0x9234, b""),
    ]
    .concat()
}

#[test]
fn every_type_is_shown() {
    insta::with_settings!({
        snapshot_path => concat!(env!("CARGO_MANIFEST_DIR"), "/../snapshots"),
        prepend_module_to_snapshot => false,
    }, {
        insta::assert_snapshot!("sctp_parameters", lines(&every()));
    });
    let listed = every();
    let met: Vec<u16> = Parameters::new(&listed).map(|parameter| parameter.unwrap().kind.0).collect();
    for (code, name) in PARAMETER_TYPES.names {
        assert!(met.contains(&(*code as u16)), "{name} is in no test");
    }
}

#[test]
fn every_type_has_a_name_and_a_place() {
    assert!(KINDS.is_sorted_by_key(|kind| kind.code));
    for kind in KINDS {
        let name = kind.code.name().unwrap().replace(" (draft)", "");
        assert_eq!(kind.group.label, format!("{name} parameter"));
    }
    assert_eq!(KINDS.len(), PARAMETER_TYPES.names.len());
}

#[test]
fn no_bytes_harm() {
    survives(LinkType::ETHERNET, &init_ack(&every()));
}

#[test]
fn a_length_below_four_ends_the_list() {
    insta::assert_snapshot!(lines(&[&[0, 5, 0, 3, 1, 2, 3, 4][..], &ipv4()].concat()), @r#"
    IPv4 address parameter
        Parameter type: IPv4 address (0x0005)
            0... .... .... .... = Bit: Stop processing of chunk
            .0.. .... .... .... = Bit: Do not report
        Parameter length: 3
        [Expert Info (Error/Malformed): Parameter length bad]
        [Malformed: Parameter length at offset 68 is below the header's own 4 bytes (limit: Chunk length, offset 48)]
    "#);
    assert_eq!(
        Parameters::new(&[0, 5, 0, 3]).next().unwrap().unwrap_err().to_string(),
        "Parameter length at offset 2 is below the header's own 4 bytes"
    );
}

#[test]
fn a_length_beyond_the_chunk_shows_what_is_there() {
    insta::assert_snapshot!(lines(&[0, 7, 0, 200, 1, 2, 3, 4]), @r#"
    State cookie parameter (Cookie length: 4 bytes)
        Parameter type: State cookie (0x0007)
            0... .... .... .... = Bit: Stop processing of chunk
            .0.. .... .... .... = Bit: Do not report
        Parameter length: 200
        State cookie: 01020304
        [Malformed: Parameter value needs 196 bytes at offset 70, 4 left (limit: Chunk length, offset 48)]
    "#);
    insta::assert_snapshot!(lines(&[0, 5, 0, 8, 10, 77]), @r#"
    IPv4 address parameter
        Parameter type: IPv4 address (0x0005)
            0... .... .... .... = Bit: Stop processing of chunk
            .0.. .... .... .... = Bit: Do not report
        Parameter length: 8
        [Malformed: IP Version 4 address needs 4 bytes at offset 70, 2 left (limit: Chunk length, offset 48)]
    Chunk padding: 0000
    "#);
    let mut parameters = Parameters::new(&[0xc0, 0, 0, 4, 0, 7, 0, 200, 1, 2, 3, 4]);
    assert_eq!(parameters.next().unwrap().unwrap().kind, ParameterType::FORWARD_TSN_SUPPORTED);
    assert_eq!(
        parameters.next().unwrap().unwrap_err().to_string(),
        "Parameter value needs 196 bytes at offset 8, 4 left"
    );
    assert!(parameters.next().is_none());
}

#[test]
fn a_value_too_short_or_too_long_leaves_the_next_parameter_whole() {
    for (code, short) in [
        (5, 3),
        (6, 15),
        (9, 3),
        (0xd, 11),
        (0xe, 3),
        (0xf, 3),
        (0x10, 7),
        (0x10, 12),
        (0x11, 7),
        (0x12, 7),
        (0x8001, 3),
        (0xc001, 3),
        (0xc001, 11),
        (0xc002, 3),
        (0xc003, 3),
        (0xc004, 3),
        (0xc005, 3),
        (0xc006, 3),
    ] {
        let text = lines(&[tlv(code, &vec![0; short]), ipv4()].concat());
        assert!(text.contains("[Malformed: "), "{code:x}: {text}");
        assert!(text.contains("\nIPv4 address parameter (Address: 10.77.1.1)\n"), "{code:x}: {text}");
    }
    insta::assert_snapshot!(lines(&tlv(5, &[10, 77, 1, 1, 9, 9, 9, 9])), @r#"
    IPv4 address parameter (Address: 10.77.1.1)
        Parameter type: IPv4 address (0x0005)
            0... .... .... .... = Bit: Stop processing of chunk
            .0.. .... .... .... = Bit: Do not report
        Parameter length: 12
        IP Version 4 address: 10.77.1.1
        Bytes beyond what the parameter type has: 09090909
    "#);
    for (code, long) in
        [(9, 6), (0xd, 13), (0xe, 5), (0xf, 6), (0xc, 3), (0x8000, 1), (0x8004, 3), (0xc000, 4)]
    {
        let text = lines(&[tlv(code, &vec![0; long]), ipv4()].concat());
        assert!(text.contains("Bytes beyond what the parameter type has: 00"), "{code:x}: {text}");
    }
}

#[test]
fn padding_of_the_last_parameter_belongs_to_the_chunk() {
    let remark = "The padding of this final parameter should be the padding of the chunk.";
    let cookie = tlv(7, b"abc");
    assert_eq!(lines(&[cookie.clone(), cookie.clone()].concat()).matches(remark).count(), 1);
    assert_eq!(lines(&[cookie.clone(), cookie[..7].to_vec()].concat()).matches(remark).count(), 0);
    assert_eq!(lines(&tlv(8, &cookie)).matches(remark).count(), 0);
}

#[test]
fn nesting_ends_at_its_limit() {
    let nested = |times: usize| (0..times).fold(ipv4(), |inner, _| tlv(8, &inner));
    let deep = lines(&nested(MOST_NESTED.into()));
    assert!(deep.contains("IP Version 4 address: 10.77.1.1") && !deep.contains(TOO_DEEP.label));
    let deeper = lines(&nested(usize::from(MOST_NESTED) + 1));
    assert!(!deeper.contains("IP Version 4 address") && deeper.contains(TOO_DEEP.label));
    // Parameters and causes in turn count together.
    let mut both = ipv4();
    for _ in 0..=MOST_NESTED / 2 {
        both = tlv(0xc003, &[&[0; 4], &tlv(0xa0, &both)[..]].concat());
    }
    assert!(lines(&both).contains(TOO_DEEP.label));
}

#[test]
fn thousands_of_parameters_are_all_shown() {
    let many = tlv(0xc000, &[]).repeat(16000);
    assert_eq!(lines(&many).matches("Forward TSN supported parameter").count(), 16000);
    assert_eq!(Parameters::new(&many).collect::<Result<Vec<_>, _>>().unwrap().len(), 16000);
}

/// How many parameters a JSON value has. Of a name that stood twice in an object, all but the last would be lost.
fn count(value: &serde_json::Value) -> usize {
    match value {
        serde_json::Value::Array(values) => values.iter().map(count).sum(),
        serde_json::Value::Object(members) => {
            let own = usize::from(members.contains_key("sctp.parameter_type"));
            own + members.values().map(count).sum::<usize>()
        }
        _ => 0,
    }
}

#[test]
fn parameters_of_all_types_are_one_member_in_json() {
    let (bytes, mut tree, mut out) = (init_ack(&every()), Tree::new(), Out::new());
    let packet = Packet::new(LinkType::ETHERNET, &bytes);
    Dissector::default().dissect(&See::alone(), &packet, &mut tree);
    format::Json::lines().packet(Dissection { tree: &tree, packet: &packet }, &mut out);
    let json: serde_json::Value = serde_json::from_slice(out.as_bytes()).unwrap();
    assert_eq!(count(&json), tree.find("sctp.parameter_type").count());
    assert_eq!(out.to_string_lossy().matches("\"sctp.parameter\":").count(), 8);
}
