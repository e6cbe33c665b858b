//! Error causes by hand, in an ERROR chunk.

use super::super::parameter::tests::{chunk, lines_behind, packet, tlv};
use super::*;
use crate::capture::LinkType;
use crate::testing::survives;

fn lines(causes: &[u8]) -> String {
    lines_behind(&packet(&chunk(9, 0, causes)), "Chunk length")
}

fn ipv4() -> Vec<u8> {
    tlv(5, &[10, 77, 1, 1])
}

/// One cause of every code, some of them twice.
fn every() -> Vec<u8> {
    let asconf = |code: u16| tlv(code, &[&[0, 0, 0, 3][..], &ipv4()].concat());
    let ipv6 = tlv(6, &[0xfd, 0x77, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
    [
        tlv(0x0001, &[0, 9, 0, 0]),
        tlv(0x0002, &[0, 0, 0, 3, 0, 7, 0, 5, 0x44, 0x44]),
        tlv(0x0003, &[0, 0, 0x04, 0xd2]),
        tlv(0x0004, &[]),
        tlv(0x0005, &ipv4()),
        tlv(0x0005, &tlv(0x000b, b"host\0")),
        tlv(0x0006, &chunk(62, 0, b"abcd")),
        tlv(0x0006, &chunk(0, 0, &[0, 0, 0, 1, 0, 2, 0, 3, 0, 0, 0, 4, b'h', b'i'])),
        tlv(0x0007, &[]),
        tlv(0x0008, &[tlv(0x4123, b"ab"), ipv4()].concat()),
        tlv(0x0009, &[0, 0, 0, 77]),
        tlv(0x000a, &[]),
        tlv(0x000b, &[ipv4(), ipv6].concat()),
        tlv(0x000c, b"bye now"),
        tlv(0x000c, &[]),
        tlv(0x000d, b"\x01\x02"),
        tlv(0x00a0, &asconf(0xc002)),
        tlv(0x00a1, &asconf(0xc001)),
        tlv(0x00a2, &asconf(0xc002)),
        tlv(0x00a3, b"xxxx"),
        tlv(0x00a4, &asconf(0xc001)),
        tlv(0x0105, &[0, 9]),
        tlv(0x0777, b"what"),
    ]
    .concat()
}

#[test]
fn every_code_is_shown() {
    insta::with_settings!({
        snapshot_path => concat!(env!("CARGO_MANIFEST_DIR"), "/../snapshots"),
        prepend_module_to_snapshot => false,
    }, {
        insta::assert_snapshot!("sctp_causes", lines(&every()));
    });
    let listed = every();
    let met: Vec<u16> = Causes::new(&listed).map(|cause| cause.unwrap().code.0).collect();
    for (code, name) in CAUSE_CODES.names {
        assert!(met.contains(&(*code as u16)), "{name} is in no test");
    }
}

#[test]
fn every_code_has_a_name_and_a_place() {
    assert!(KINDS.is_sorted_by_key(|kind| kind.code));
    for kind in KINDS {
        assert_eq!(kind.group.label, format!("{} cause", kind.code.name().unwrap()));
    }
    assert_eq!(KINDS.len(), CAUSE_CODES.names.len());
}

#[test]
fn no_bytes_harm() {
    survives(LinkType::ETHERNET, &packet(&chunk(9, 0, &every())));
}

#[test]
fn a_length_below_four_ends_the_list() {
    insta::assert_snapshot!(lines(&[&[0, 1, 0, 2, 0, 0, 0, 0][..], &tlv(4, &[])].concat()), @r#"
    Invalid stream identifier cause
        Cause code: Invalid stream identifier (0x0001)
        Cause length: 2
        [Expert Info (Error/Malformed): Cause length bad]
        [Malformed: Cause length at offset 52 is below the header's own 4 bytes (limit: Chunk length, offset 48)]
    "#);
}

#[test]
fn a_length_beyond_the_chunk_shows_what_is_there() {
    insta::assert_snapshot!(lines(&[0, 12, 0, 200, b'b', b'y', b'e', b'!']), @r#"
    User initiated ABORT cause (bye!)
        Cause code: User initiated ABORT (0x000c)
        Cause length: 200
        Cause information: 62796521
        [Malformed: Cause information needs 196 bytes at offset 54, 4 left (limit: Chunk length, offset 48)]
    "#);
    let fault = Causes::new(&[0, 12, 0, 200, b'b']).next().unwrap().unwrap_err();
    assert_eq!(fault.to_string(), "Cause information needs 196 bytes at offset 4, 1 left");
}

#[test]
fn a_value_too_short_or_too_long_leaves_the_next_cause_whole() {
    for (code, value) in [(1, 3), (2, 3), (3, 3), (9, 3), (0x105, 1), (5, 2), (8, 3), (6, 2), (0xa0, 3)] {
        let text = lines(&[tlv(code, &vec![0; value]), tlv(4, &[])].concat());
        assert!(text.contains("Malformed"), "{code:x}: {text}");
        assert!(text.contains("\nOut of resource cause\n"), "{code:x}: {text}");
    }
    for (code, value) in [(1, 5), (2, 5), (3, 6), (4, 1), (7, 4), (9, 8), (10, 1), (0x105, 4)] {
        let text = lines(&[tlv(code, &vec![0; value]), tlv(4, &[])].concat());
        assert!(text.contains("Bytes beyond what the cause has: 00"), "{code:x}: {text}");
    }
}

#[test]
fn a_count_beyond_the_cause_names_the_parameters_that_are_there() {
    insta::assert_snapshot!(lines(&tlv(2, &[0xff, 0xff, 0xff, 0xff, 0, 7, 0])), @r#"
    Missing mandatory parameter cause
        Cause code: Missing mandatory parameter (0x0002)
        Cause length: 11
        Number of missing parameters: 4294967295
        Missing parameter type: State cookie (0x0007)
        [Malformed: Missing parameter type needs 2 bytes at offset 60, 1 left (limit: Cause length, offset 52)]
        Cause padding: 00
    "#);
}

#[test]
fn a_quoted_chunk_that_quotes_is_shown_as_bytes() {
    let inner = chunk(9, 0, &tlv(6, &chunk(62, 0, b"abcd")));
    let text = lines(&tlv(6, &inner));
    assert!(text.contains("Unrecognized chunk type cause (Type: 9 (ERROR))"), "{text}");
    assert!(text.contains("Unrecognized chunk type cause (Type: 62 (unknown))"), "{text}");
    assert!(text.contains("Cause information: 3e000008"), "{text}");
    // As deep as a packet can hold.
    let mut deep = Vec::new();
    while deep.len() < 60_000 {
        deep = chunk(9, 0, &tlv(6, &deep));
    }
    assert!(lines(&tlv(6, &deep)).contains("Cause information"));
}

#[test]
fn a_reason_is_shown_where_it_is_text() {
    assert!(
        lines(&tlv(12, b"out of \xc3\xa9clairs\0"))
            .starts_with("User initiated ABORT cause (out of \u{e9}clairs)\n")
    );
    assert!(lines(&tlv(12, b"\xff\xfe")).starts_with("User initiated ABORT cause\n"));
}
