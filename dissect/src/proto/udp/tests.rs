use crate::capture::LinkType;
use crate::testing::{snapshot, summary, survives, tree};
use crate::{Dissector, Packet, See, Tree};

const IPV4: LinkType = LinkType(228);
const IPV6: LinkType = LinkType(229);

/// From 10.0.0.1 port 1000 to 10.0.0.2 port 2000: `hello`. Both checksums are right.
const PACKET: [u8; 33] = [
    0x45, 0, 0, 33, 0x12, 0x34, 0x40, 0, 64, 17, 0x14, 0x96, 10, 0, 0, 1, 10, 0, 0, 2, 0x03, 0xe8, 0x07,
    0xd0, 0, 13, 0x9c, 0x47, b'h', b'e', b'l', b'l', b'o',
];

/// The datagram of [`PACKET`] over IPv6, from 2001:db8::1 to 2001:db8::2, with the given length and checksum.
fn over_ipv6(length: u8, checksum: [u8; 2]) -> Vec<u8> {
    let mut bytes = vec![0x60, 0, 0, 0, 0, 13, 17, 64];
    for last in [1, 2] {
        bytes.extend([0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last]);
    }
    bytes.extend([0x03, 0xe8, 0x07, 0xd0, 0, length]);
    bytes.extend(checksum);
    bytes.extend(b"hello");
    bytes
}

fn changed(at: usize, value: u8) -> Vec<u8> {
    let mut bytes = PACKET.to_vec();
    bytes[at] = value;
    bytes
}

fn values(link: LinkType, bytes: &[u8], name: &str) -> Vec<u64> {
    let mut tree = Tree::new();
    Dissector::default().dissect(&See::alone(), &Packet::new(link, bytes), &mut tree);
    tree.find(name).map(|(_, node)| node.value).collect()
}

#[test]
fn a_datagram_shows_every_field() {
    snapshot("udp_header", &tree(IPV4, &PACKET));
    assert_eq!(summary(IPV4, &PACKET), "UDP 1000 → 2000 Len=5");
}

#[test]
fn a_checksum_is_good_bad_missing_or_illegal() {
    let status = |link, bytes: &[u8]| values(link, bytes, "udp.checksum.status");
    assert_eq!(status(IPV4, &PACKET), [1]);
    assert_eq!(status(IPV4, &changed(27, 0)), [0]);
    assert_eq!(values(IPV4, &changed(27, 0), "udp.checksum_calculated"), [0x9c47]);
    let mut none = changed(26, 0);
    none[27] = 0;
    assert_eq!(status(IPV4, &none), [3]);
    assert_eq!(status(IPV6, &over_ipv6(13, [0x54, 0xd5])), [1]);
    assert_eq!(status(IPV6, &over_ipv6(13, [0, 0])), [4]);
}

#[test]
fn a_checksum_over_bytes_that_were_not_captured_is_not_verified() {
    let packet = Packet { original: 33, ..Packet::new(IPV4, &PACKET[..30]) };
    let mut tree = Tree::new();
    Dissector::default().dissect(&See::alone(), &packet, &mut tree);
    let status: Vec<_> = tree.find("udp.checksum.status").map(|(_, node)| node.value).collect();
    assert_eq!(status, [2]);
    assert_eq!(tree.find("udp.length.bad").count(), 0);
}

#[test]
fn lengths_that_cannot_be_are_told() {
    assert_eq!(summary(IPV4, &changed(25, 7)), "UDP 1000 → 2000 [BAD UDP LENGTH 7 < 8]");
    assert_eq!(
        summary(IPV4, &changed(25, 20)),
        "UDP 1000 → 2000 [BAD UDP LENGTH 20 > IP PAYLOAD LENGTH] Len=12"
    );
    for length in [0, 7, 20] {
        assert_eq!(values(IPV4, &changed(25, length), "udp.length.bad").len(), 1, "{length}");
    }
    assert!(tree(IPV4, &changed(25, 7)).contains("Length at offset 24 is below the header's own 8 bytes"));
}

#[test]
fn a_length_below_that_of_the_ip_packet_bounds_the_payload() {
    assert!(tree(IPV4, &changed(25, 10)).contains("UDP payload: 2 bytes"));
}

#[test]
fn a_length_of_zero_is_a_jumbogram_over_ipv6() {
    let bytes = over_ipv6(0, [0x54, 0xe2]);
    assert_eq!(summary(IPV6, &bytes), "UDP 1000 → 2000 Len=5 [Jumbogram]");
    assert_eq!(values(IPV6, &bytes, "udp.length.bad_zero").len(), 1, "five bytes are no jumbogram");
    assert_eq!(values(IPV6, &bytes, "udp.checksum.status"), [1]);
}

#[test]
fn a_header_that_ends_early_shows_what_there_is() {
    let mut bytes = PACKET[..26].to_vec();
    bytes[3] = 26;
    let text = tree(IPV4, &bytes);
    assert!(
        text.contains("Checksum needs 2 bytes at offset 26, 0 left (limit: Total Length, offset 2)"),
        "{text}"
    );
}

#[test]
fn no_change_of_a_packet_makes_it_panic() {
    survives(IPV4, &PACKET);
    survives(IPV6, &over_ipv6(13, [0x54, 0xd5]));
}
