use super::MOST_EXTENSION_HEADERS;
use crate::capture::LinkType;
use crate::testing::{snapshot, summary, survives, tree};

const IPV4: LinkType = LinkType(228);

/// A packet to the port.
fn packet(port: u16, payload: &[u8]) -> Vec<u8> {
    let [total, length] = [28, 8].map(|own| (own + payload.len() as u16).to_be_bytes());
    let [high, low] = port.to_be_bytes();
    let header = [0x45, 0, total[0], total[1], 0, 1, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2];
    [&header[..], &[high, low, high, low, length[0], length[1], 0, 0], payload].concat()
}

/// A message of tunnel 7.
fn message(flags: u8, kind: u8, rest: &[u8]) -> Vec<u8> {
    let [high, low] = (rest.len() as u16).to_be_bytes();
    packet(2152, &[&[flags, kind, high, low, 0, 0, 0, 7], rest].concat())
}

/// A whole IPv4 packet of the experimental protocol 253, without data.
const INNER: [u8; 20] = [0x45, 0, 0, 20, 0, 2, 0, 0, 64, 253, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2];

#[test]
fn a_users_packet_follows_the_extension_headers() {
    let bytes = message(0x34, 255, &[&[0, 0, 0, 0xc0, 1, 0, 5, 0x85, 1, 0, 0x49, 0], &INNER[..]].concat());
    snapshot("gtp_extensions", &tree(IPV4, &bytes));
    survives(IPV4, &bytes);
}

#[test]
fn the_user_planes_own_messages_are_whole() {
    let echo = message(0x32, 2, &[0, 1, 0, 0, 14, 5]);
    assert_eq!(summary(IPV4, &echo), "GTP Echo response");
    assert!(tree(IPV4, &echo).contains("Recovery: 5"));
    let error = message(0x32, 26, &[0, 1, 0, 0, 16, 0, 0, 0, 9, 133, 0, 4, 10, 0, 0, 3]);
    let text = tree(IPV4, &error);
    assert!(
        text.contains("TEID Data I: 0x00000009") && text.contains("GSN address IPv4: 10.0.0.3"),
        "{text}"
    );
    survives(IPV4, &error);
    let known = tree(IPV4, &message(0x32, 31, &[0, 1, 0, 0, 141, 2, 0x85, 0xc0]));
    assert!(known.contains("Extension Header Type: PDCP PDU number (192)"), "{known}");
}

#[test]
fn extension_headers_are_bounded() {
    let chain = |count: usize| {
        let rest = [&[0, 0, 0, 0x99], &[1, 0, 0, 0x99].repeat(count)[..]].concat();
        tree(IPV4, &message(0x34, 255, &rest)).matches("Extension header\n").count()
    };
    assert_eq!(chain(3), 3);
    assert_eq!(chain(99), MOST_EXTENSION_HEADERS);
    let zero = tree(IPV4, &message(0x34, 255, &[0, 0, 0, 0x99, 0, 0, 0, 0]));
    assert!(zero.contains("Extension header length is zero"), "{zero}");
}

#[test]
fn of_the_control_plane_the_header_is_shown() {
    let bytes = packet(2123, &[0x48, 32, 0, 12, 0, 0, 0, 5, 0, 0, 7, 0, 3, 0, 1, 0]);
    assert_eq!(summary(IPV4, &bytes), "GTPv2 Create Session Request");
    let text = tree(IPV4, &bytes);
    assert!(text.contains("Tunnel Endpoint Identifier: 0x00000005"), "{text}");
    survives(IPV4, &bytes);
}

#[test]
fn other_versions_are_not_taken() {
    assert!(tree(IPV4, &packet(2152, &[0xff; 9])).contains("Data (9 bytes)"));
}
