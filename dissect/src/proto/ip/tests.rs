use super::{Header, option::final_destination};
use crate::capture::LinkType;
use crate::testing::{snapshot, summary, summary_of, survives, tree};
use crate::{Cx, Dissector, Malformed, Packet, Protocol, See, Tree};

const IPV4: LinkType = LinkType(228);

/// A packet of the experimental protocol 253 with three bytes: header checksum right.
const PACKET: [u8; 23] =
    [0x45, 0xb9, 0, 23, 0x12, 0x34, 0x40, 0, 64, 253, 0x12, 0xfb, 10, 0, 0, 1, 10, 0, 0, 2, b'a', b'b', b'c'];

fn changed(changes: &[(usize, u8)]) -> Vec<u8> {
    let mut bytes = PACKET.to_vec();
    for (at, value) in changes {
        bytes[*at] = *value;
    }
    bytes
}

/// Puts options behind the header and sets the lengths; the checksum stays as it is.
fn with_options(options: &[u8]) -> Vec<u8> {
    assert_eq!(options.len() % 4, 0);
    let mut bytes = PACKET.to_vec();
    bytes.splice(20..20, options.iter().copied());
    bytes[0] = 0x40 | ((bytes.len() - 3) as u8 / 4);
    bytes[3] = bytes.len() as u8;
    bytes
}

#[test]
fn a_header_shows_every_field() {
    snapshot("ip_header", &tree(IPV4, &PACKET));
    assert_eq!(summary(IPV4, &PACKET), "IPv4 Unknown (253)");
}

#[test]
fn a_header_that_ends_early_names_the_field() {
    let error = Malformed::from(Header::parse(&PACKET[..11]).unwrap_err());
    assert_eq!(error.to_string(), "Header Checksum needs 2 bytes at offset 10, 1 left");
    let text = tree(IPV4, &PACKET[..11]);
    assert!(text.contains("Protocol: Unknown (253)"), "{text}");
    assert!(text.contains("Header Checksum needs 2 bytes at offset 10, 1 left"), "{text}");
    assert!(text.contains("Bogus IP length"), "the total length is beyond the packet: {text}");
    assert!(!text.contains("Source Address"), "{text}");
}

#[test]
fn lengths_that_cannot_be_are_told_and_stop_the_walk() {
    for (change, line) in [
        ((0, 0x44), "IPv4 Bogus IP header length (16, must be at least 20)"),
        ((3, 19), "IPv4 Bogus IP length (19, less than header length 20)"),
        ((0, 0x55), "IPv4 Bogus IPv4 version (5, must be 4)"),
    ] {
        let bytes = changed(&[change]);
        assert_eq!(summary(IPV4, &bytes), line);
        assert!(!tree(IPV4, &bytes).contains("Source Address"));
    }
}

#[test]
fn a_packet_of_version_6_is_walked_as_one() {
    let mut bytes = [&[0x60, 0, 0, 0, 0, 1, 253, 9][..], &[0; 15], &[1], &[0; 15], &[2, b'a']].concat();
    let text = tree(IPV4, &bytes);
    assert!(text.contains("0110 .... = Version: 6\n") && text.contains("Bogus IP version"), "{text}");
    assert!(text.contains("Internet Protocol Version 6, Src: ::1, Dst: ::2"), "{text}");
    assert_eq!(summary(IPV4, &bytes), "IPv6 Unknown IP Protocol: Unknown (253)");
    assert_eq!(summary(IPV4, &bytes[..5]), "IPv6 IPv6 header cut short (5 of 40 bytes)");
    bytes[0] = 0x50;
    assert_eq!(summary(IPV4, &bytes[..5]), "IPv4 Bogus IPv4 version (5, must be 4)");
    survives(IPV4, &bytes);
}

#[test]
fn a_total_length_of_zero_is_left_by_offload() {
    let text = tree(IPV4, &changed(&[(3, 0)]));
    assert!(text.contains("Total Length: 23\n") && text.contains("Data (3 bytes)"), "{text}");
}

#[test]
fn a_total_length_beyond_the_packet_is_told_unless_the_capture_is_cut() {
    let bytes = changed(&[(3, 24)]);
    assert!(tree(IPV4, &bytes).contains("Bogus IP length"));
    let packet = Packet { original: 24, ..Packet::new(IPV4, &bytes) };
    let mut tree = Tree::new();
    Dissector::default().dissect(&See::alone(), &packet, &mut tree);
    assert_eq!(tree.find("ip.bogus_ip_length").count(), 0);
}

#[test]
fn a_checksum_is_good_or_bad_and_the_right_one_is_told() {
    let find = |bytes: &[u8], name: &str| {
        let mut tree = Tree::new();
        Dissector::default().dissect(&See::alone(), &Packet::new(IPV4, bytes), &mut tree);
        tree.find(name).map(|(_, node)| node.value).collect::<Vec<_>>()
    };
    let bad = changed(&[(10, 0xff)]);
    assert_eq!(find(&PACKET, "ip.checksum.status"), [1]);
    assert_eq!(find(&bad, "ip.checksum.status"), [0]);
    assert_eq!(find(&bad, "ip.checksum_calculated"), [0x12fb]);
    assert_eq!(find(&bad, "ip.checksum_bad.expert").len(), 1);
    assert_eq!(
        find(&with_options(&[1; 40])[..50], "ip.checksum.status"),
        [2],
        "the options are not all there"
    );
}

#[test]
fn a_fragment_is_told_and_its_payload_is_data() {
    let first = changed(&[(6, 0x20), (9, 17)]);
    assert_eq!(summary(IPV4, &first), "IPv4 Fragmented IP protocol (proto=UDP 17, off=0, ID=1234)");
    let later = changed(&[(7, 5), (9, 17), (6, 0)]);
    assert_eq!(summary(IPV4, &later), "IPv4 Fragmented IP protocol (proto=UDP 17, off=40, ID=1234)");
    assert!(tree(IPV4, &later).contains("Data (3 bytes)"));
}

#[test]
fn the_first_fragment_is_told_as_far_as_the_capture_has_it() {
    let udp = |offset: u8| {
        let mut bytes = changed(&[(6, 0x20), (7, offset), (9, 17), (3, 44)])[..20].to_vec();
        bytes.extend([0x13, 0x88, 0x13, 0x89, 0x0f, 0, 0, 0, b'a', b'b']);
        bytes
    };
    let line = |bytes: &[u8]| summary_of(&Packet { original: 44, ..Packet::new(IPV4, bytes) });
    assert_eq!(line(&udp(0)), "UDP 5000 → 5001 Len=3832");
    assert_eq!(line(&udp(3)), "IPv4 Fragmented IP protocol (proto=UDP 17, off=24, ID=1234)");
    // So is one that is shorter than its header says.
    assert_eq!(summary(IPV4, &udp(0)), "UDP 5000 → 5001 Len=3832");
}

#[test]
fn the_times_to_live_of_local_groups_and_of_the_last_hops_are_remarked_on() {
    let remarks = |bytes: &[u8]| {
        let text = tree(IPV4, bytes);
        (text.contains("Local Network Control Block"), text.contains("Time To Live is small"))
    };
    assert_eq!(remarks(&PACKET), (false, false));
    assert_eq!(remarks(&changed(&[(8, 4)])), (false, true));
    assert_eq!(remarks(&changed(&[(8, 5)])), (false, false));
    assert_eq!(remarks(&changed(&[(8, 1), (9, 89)])), (false, false), "OSPF goes one hop");
    let mdns = [(16, 224), (17, 0), (18, 0), (19, 251)];
    assert_eq!(remarks(&changed(&[mdns[0], mdns[1], mdns[2], mdns[3], (8, 255)])), (false, false));
    assert_eq!(remarks(&changed(&mdns)), (true, false));
}

#[test]
fn options_show_what_they_say() {
    let options = [
        1, 7, 11, 8, 10, 0, 0, 9, 0, 0, 0,
        0, // no operation, record route with one address and room for another
        148, 4, 0, 0, // router alert
        68, 12, 13, 0x11, 10, 0, 0, 9, 0, 0, 1, 2, // time stamp
        30, 4, 1, 2, // an experiment
        0, 9, 9, 9, // the end, and what is behind it
    ];
    snapshot("ip_options", &tree(IPV4, &with_options(&options)));
}

#[test]
fn a_source_route_gives_the_destination() {
    let strict = [137, 11, 4, 10, 0, 0, 9, 10, 0, 0, 8, 0];
    assert_eq!(final_destination(&strict), Some(0x0a00_0008));
    assert_eq!(final_destination(&[137, 11, 12, 10, 0, 0, 9, 10, 0, 0, 8, 0]), None, "the route is done");
    assert_eq!(final_destination(&[1, 1, 148, 4, 0, 0]), None);
    let text = tree(IPV4, &with_options(&strict));
    for line in ["Current Route: 10.0.0.2", "Source Route: 10.0.0.9", "Destination Address: 10.0.0.8"] {
        assert!(text.contains(line), "{line} in {text}");
    }
}

#[test]
fn options_of_wrong_lengths_are_told() {
    for options in [[7, 1, 4, 0], [30, 20, 1, 2], [148, 3, 0, 1], [7, 2, 1, 1]] {
        assert!(tree(IPV4, &with_options(&options)).contains("Invalid length for option"), "{options:?}");
    }
}

#[test]
fn what_follows_the_packet_is_left_to_the_layer_below() {
    fn below(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
        cx.carry(&super::PROTOCOLS, 4, bytes);
        assert_eq!(cx.trailer(bytes), b"pad");
        true
    }
    static BELOW: Protocol = Protocol::new("below", "", "", "", below, &[]);
    let dissector = Dissector::new(&[&BELOW, &super::PROTOCOL]);
    let bytes = [&PACKET[..], b"pad"].concat();
    dissector.dissect(&See::alone(), &Packet::new(IPV4, &bytes), &mut Tree::new());
}

#[test]
fn ipv4_in_ipv4_is_bounded() {
    let mut bytes = Vec::new();
    for depth in (1..=100u16).rev() {
        let mut header = PACKET[..20].to_vec();
        header[2..4].copy_from_slice(&(depth * 20).to_be_bytes());
        header[9] = 4;
        bytes.extend(header);
    }
    assert!(tree(IPV4, &bytes).contains("Too many protocols stand in each other"));
}

#[test]
fn security_options_follow_their_rfcs() {
    let text = tree(IPV4, &with_options(&[130, 11, 0x6b, 0xc5, 0, 1, b'A', b'B', b'x', b'y', b'z', 0]));
    assert!(text.contains("Security: Top secret (0x6bc5)"), "{text}");
    assert!(text.contains("Transmission Control Code: xyz"), "{text}");
    let text = tree(IPV4, &with_options(&[130, 4, 0x5a, 0x80]));
    assert!(text.contains("Classification Level: Secret (0x5a)") && text.contains("0x80, GENSER"), "{text}");
    let cipso = [134, 13, 0, 0, 0, 3, 1, 7, 0, 1, 0xf0, 0, 1, 0, 0, 0];
    let text = tree(IPV4, &with_options(&cipso));
    assert!(text.contains("Categories: 0,1,2,3,23"), "{text}");
}

#[test]
fn an_authentication_header_leads_to_what_follows() {
    let mut bytes = PACKET[..20].to_vec();
    bytes[9] = 51;
    bytes[3] = 20 + 16 + 3;
    bytes.extend([253, 2, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2, 9, 9, 9, 9, b'a', b'b', b'c']);
    let text = tree(IPV4, &bytes);
    assert!(text.contains("AH SPI: 0x00000001") && text.contains("AH ICV: 09090909"), "{text}");
    assert!(text.contains("Data (3 bytes)"), "{text}");
    survives(IPV4, &bytes);
}

#[test]
fn no_change_of_a_packet_makes_it_panic() {
    survives(IPV4, &PACKET);
    survives(
        IPV4,
        &with_options(&[7, 11, 8, 10, 0, 0, 9, 0, 0, 0, 0, 148, 4, 0, 0, 137, 7, 4, 1, 2, 3, 4, 0, 0]),
    );
    survives(
        IPV4,
        &with_options(&[134, 13, 0, 0, 0, 3, 5, 7, 0, 1, 0xf0, 0, 0, 130, 4, 0x5a, 0x81, 0, 0, 0]),
    );
}

#[test]
fn local_groups_have_their_time_to_live() {
    let remarked = |group: u8, ttl: u8, protocol: u8| {
        let mut bytes = PACKET;
        (bytes[8], bytes[9]) = (ttl, protocol);
        bytes[16..20].copy_from_slice(&[224, 0, 0, group]);
        tree(IPV4, &bytes).contains("not the one for the Local Network Control Block")
    };
    // All hosts and LLMNR, RFC 4795, 2.5; mDNS, RFC 6762, 11, whose group hosts join by IGMP, RFC 3376, 4.
    assert_eq!(
        [(1, 1, 17), (1, 2, 17), (252, 64, 17)].map(|(group, ttl, of)| remarked(group, ttl, of)),
        [false, true, false]
    );
    assert_eq!(
        [(251, 255, 17), (251, 1, 17), (251, 1, 2)].map(|(group, ttl, of)| remarked(group, ttl, of)),
        [false, true, false]
    );
}
