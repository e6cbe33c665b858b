use crate::capture::LinkType;
use crate::testing::{snapshot, summary, survives, tree};
use crate::{Address, Dissector, Ends, Packet, See, Tree, checksum};

const IPV6: LinkType = LinkType(229);

/// fe80::`last`.
fn link_local(last: u8) -> [u8; 16] {
    [0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last]
}

/// A packet from fe80::1 to fe80::2.
fn packet(next: u8, payload: &[u8]) -> Vec<u8> {
    let [high, low] = (payload.len() as u16).to_be_bytes();
    [&[0x60, 0, 0, 0, high, low, next, 255][..], &link_local(1), &link_local(2), payload].concat()
}

/// A message with a right checksum, in a packet.
fn message(kind: u8, code: u8, rest: &[u8]) -> Vec<u8> {
    let mut bytes = [&[kind, code, 0, 0], rest].concat();
    let (source, destination) = (Address::Ipv6(link_local(1)), Address::Ipv6(link_local(2)));
    let ends = Ends { source, destination, ..Ends::default() };
    let sum = checksum::add(ends.pseudo_header(58, bytes.len()), &bytes);
    bytes[2..4].copy_from_slice(&checksum::expected(checksum::fold(sum), 0).to_be_bytes());
    packet(58, &bytes)
}

fn values(bytes: &[u8], name: &str) -> Vec<u64> {
    let mut tree = Tree::new();
    Dissector::default().dissect(&See::alone(), &Packet::new(IPV6, bytes), &mut tree);
    tree.find(name).map(|(_, node)| node.value).collect()
}

#[test]
fn a_neighbor_tells_its_address() {
    let link = [2, 1, 2, 0, 0, 0, 0, 9];
    let bytes = message(136, 0, &[&[0xe0, 0, 0, 0][..], &link_local(9), &link].concat());
    snapshot("icmpv6_neighbor", &tree(IPV6, &bytes));
    assert_eq!(
        summary(IPV6, &bytes),
        "ICMPv6 Neighbor Advertisement fe80::9 (rtr, sol, ovr) is at 02:00:00:00:00:09"
    );
    let none = message(136, 0, &[&[0; 4][..], &link_local(9)].concat());
    assert_eq!(summary(IPV6, &none), "ICMPv6 Neighbor Advertisement fe80::9 (none)");
    survives(IPV6, &bytes);
}

#[test]
fn lines_of_other_messages_follow_wiresharks() {
    let link = [1, 1, 2, 0, 0, 0, 0, 1];
    for (kind, rest, line) in [
        (128, &[0x12, 0x34, 0, 1][..], "Echo (ping) request id=0x1234, seq=1, hop limit=255"),
        (133, &[&[0; 4][..], &link].concat(), "Router Solicitation from 02:00:00:00:00:01"),
        (134, &[&[0; 12][..], &link].concat(), "Router Advertisement from 02:00:00:00:00:01"),
        (
            135,
            &[&[0; 4][..], &link_local(9), &link].concat(),
            "Neighbor Solicitation for fe80::9 from 02:00:00:00:00:01",
        ),
        (1, &[0; 4], "Destination Unreachable (no route to destination)"),
        (143, &[0; 4], "Multicast Listener Report Message v2"),
    ] {
        assert_eq!(summary(IPV6, &message(kind, 0, rest)), format!("ICMPv6 {line}"));
    }
}

#[test]
fn a_router_advertisement_has_its_options() {
    let prefix =
        [&[3, 4, 64, 0xc0, 0, 1, 0x51, 0x80, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0][..], &link_local(0)]
            .concat();
    let search = [&[31, 3, 0, 0, 0, 0, 2, 88, 7][..], b"example\x03com\0\0\0\0"].concat();
    let route = [24, 2, 48, 0x18, 0, 0, 0, 60, 0x20, 1, 0x0d, 0xb8, 0, 2, 0, 0];
    let list = [
        &[64, 0xc8, 7, 8, 0, 0, 0x75, 0x30, 0, 0, 3, 0xe8][..],
        &[5, 1, 0, 0, 0, 0, 5, 220],
        &prefix,
        &search,
        &route,
    ];
    let bytes = message(134, 0, &list.concat());
    snapshot("icmpv6_router", &tree(IPV6, &bytes));
    survives(IPV6, &bytes);
}

#[test]
fn an_option_without_length_ends_the_options() {
    let bytes = message(135, 0, &[&[0; 4][..], &link_local(9), &[1, 0, 5, 1, 0, 0, 0, 0, 0, 0]].concat());
    assert_eq!(values(&bytes, "icmpv6.invalid_option_length").len(), 1);
    assert_eq!(values(&bytes, "icmpv6.opt.type"), [1]);
}

#[test]
fn listener_messages_have_their_codes_decoded() {
    let group = [0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9];
    let first = message(130, 0, &[&[3, 0xe8, 0, 0][..], &group].concat());
    assert_eq!(values(&first, "icmpv6.mld.maximum_response_delay"), [1000]);
    let second =
        message(130, 0, &[&[0x90, 0, 0, 0][..], &group, &[0x0a, 0x8f, 0, 1], &link_local(5)].concat());
    assert_eq!(values(&second, "icmpv6.mld.maximum_response_code"), [65536]);
    assert_eq!(values(&second, "icmpv6.mld.qqi"), [(15 | 16) << 3]);
    assert_eq!(values(&second, "icmpv6.mld.source_address").len(), 1);
    survives(IPV6, &second);
    let report = message(143, 0, &[&[0, 0, 0, 1, 1, 1, 0, 1][..], &group, &link_local(5), b"auxd"].concat());
    assert!(tree(IPV6, &report).contains("Multicast Address Record Include: ff02::9"));
    assert_eq!(values(&report, "icmpv6.mldr.mar.auxiliary_data").len(), 1);
    survives(IPV6, &report);
}

#[test]
fn an_error_shows_the_packet_it_quotes_however_short() {
    let quoted = packet(17, &[0x03, 0xe8, 0x07, 0xd0, 0, 9, 0x12, 0x34, b'a']);
    let bytes = message(2, 0, &[&[0, 0, 5, 0], &quoted[..48]].concat());
    assert_eq!(values(&bytes, "icmpv6.mtu"), [1280]);
    assert_eq!(values(&bytes, "udp.srcport"), [1000]);
    for end in 1..quoted.len() {
        let text = tree(IPV6, &message(1, 4, &[&[0; 4], &quoted[..end]].concat()));
        assert!(!text.contains("needs"), "{end}: {text}");
    }
    survives(IPV6, &bytes);
}

#[test]
fn a_redirect_quotes_in_an_option() {
    let quoted = packet(59, &[]);
    let option = [&[4, 6, 0, 0, 0, 0, 0, 0], &quoted[..]].concat();
    let bytes = message(137, 0, &[&[0; 4][..], &link_local(9), &link_local(8), &option].concat());
    assert_eq!(values(&bytes, "ipv6.nxt"), [58, 59]);
    survives(IPV6, &bytes);
}

#[test]
fn a_checksum_is_over_the_pseudo_header_too() {
    let mut bytes = message(128, 0, &[0, 1, 0, 2]);
    assert_eq!(values(&bytes, "icmpv6.checksum.status"), [1]);
    bytes[23] = 3;
    assert_eq!(values(&bytes, "icmpv6.checksum.status"), [0]);
}

#[test]
fn no_change_of_rpl_makes_it_panic() {
    let dio = [
        30, 240, 1, 0, 0x88, 240, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 4, 2, 0, 0, 0,
        1, 0,
    ];
    let bytes = message(155, 1, &dio);
    assert!(tree(IPV6, &bytes).contains("Mode of Operation (MOP): Non-Storing Mode of Operation"));
    survives(IPV6, &bytes);
}

#[test]
fn names_of_nodes_end_with_a_label_of_none() {
    let head = [0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7];
    let named = |ttl: &[u8], name: &[u8]| {
        let bytes = message(140, 0, &[&head[..], ttl, name].concat());
        survives(IPV6, &bytes);
        tree(IPV6, &bytes)
    };
    let text = named(&[0, 0, 0, 60], b"\x03foo\x07example\x00");
    assert!(text.contains("    TTL: 60\n    Name Node: foo.example\n"), "{text}");
    // One label alone has two ends; what follows is data.
    let text = named(&[0, 0, 0, 60], b"\x03foo\x00\x00z");
    assert!(text.contains("    Name Node: foo\n    Data: 7a\n"), "{text}");
    let text = named(&[0, 0, 0, 60], b"\x09foo");
    assert!(text.contains("    Name Node: \n    Data: 09666f6f\n"), "{text}");
    assert!(named(&[0, 0], b"").contains("TTL needs 4 bytes"));
}
