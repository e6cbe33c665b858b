use crate::capture::LinkType;
use crate::testing::{snapshot, summary, survives, tree};

const IPV4: LinkType = LinkType(228);

/// A packet whose payload is GRE.
fn packet(payload: &[u8]) -> Vec<u8> {
    let length = 20 + payload.len() as u8;
    [&[0x45, 0, 0, length, 0, 1, 0, 0, 64, 47, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2][..], payload].concat()
}

/// A whole IPv4 packet of the experimental protocol 253, without data.
const INNER: [u8; 20] = [0x45, 0, 0, 20, 0, 2, 0, 0, 64, 253, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2];

#[test]
fn a_packet_inside_follows_the_optional_fields() {
    let bytes = packet(&[&[0x30, 0, 8, 0, 0, 0, 0, 7, 0, 0, 0, 9], &INNER[..]].concat());
    snapshot("gre_header", &tree(IPV4, &bytes));
    survives(IPV4, &bytes);
}

#[test]
fn the_enhanced_version_has_calls_and_acknowledgments() {
    let bytes = packet(&[0x20, 0x81, 0x88, 0x0b, 0, 0, 0, 9, 0, 0, 0, 77]);
    let text = tree(IPV4, &bytes);
    for line in ["Version: Enhanced GRE (1)", "Call ID: 9", "Acknowledgment Number: 77"] {
        assert!(text.contains(line), "{line} in {text}");
    }
    assert_eq!(summary(IPV4, &bytes), "GRE Encapsulated PPP");
    survives(IPV4, &bytes);
}

#[test]
fn a_checksum_is_good_or_bad() {
    // The sum over header and payload is that of 0x8000, 0x1234 and the data.
    let bytes = packet(&[0x80, 0, 0x12, 0x34, 0x0c, 0x68, 0, 0, 0x61, 0x63]);
    assert!(tree(IPV4, &bytes).contains("Checksum Status: Good"), "{}", tree(IPV4, &bytes));
    let bytes = packet(&[0x80, 0, 0x12, 0x34, 0x0c, 0x69, 0, 0, 0x61, 0x63]);
    assert!(tree(IPV4, &bytes).contains("Checksum Status: Bad"));
    assert_eq!(summary(IPV4, &bytes), "GRE Encapsulated 0x1234 (unknown)");
}

#[test]
fn routes_end_with_an_empty_one() {
    let bytes =
        packet(&[&[0x40, 0, 8, 0, 0, 0, 0, 0, 8, 0, 0, 4, 1, 2, 3, 4, 0, 0, 0, 0], &INNER[..]].concat());
    let text = tree(IPV4, &bytes);
    assert!(text.contains("Routing Information: 01020304") && text.contains("192.0.2.1"), "{text}");
    survives(IPV4, &bytes);
}

#[test]
fn a_header_that_ends_early_names_the_field() {
    let text = tree(IPV4, &packet(&[0x20, 0, 8, 0, 0]));
    assert!(
        text.contains("Key needs 4 bytes at offset 24, 1 left (limit: Total Length, offset 2)"),
        "{text}"
    );
}
