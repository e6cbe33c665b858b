use super::extension::MOST_EXTENSION_HEADERS;
use crate::capture::LinkType;
use crate::testing::{snapshot, summary, survives, tree};
use crate::{Dissector, Line, Packet, See, Tree};

const IPV6: LinkType = LinkType(229);

/// The last bytes of addresses that are otherwise 2001:db8::.
fn address(last: u8) -> [u8; 16] {
    [0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last]
}

/// A packet from 2001:db8::1 to 2001:db8::2.
fn packet(next: u8, payload: &[u8]) -> Vec<u8> {
    let length = (payload.len() as u16).to_be_bytes();
    [&[0x6b, 0x91, 0x23, 0x45, length[0], length[1], next, 64][..], &address(1), &address(2), payload]
        .concat()
}

/// A header of options, filled up to whole units of 8 bytes.
fn options(next: u8, list: &[u8]) -> Vec<u8> {
    let mut bytes = [&[next, 0], list].concat();
    bytes.resize(bytes.len().next_multiple_of(8), 0);
    bytes[1] = (bytes.len() / 8 - 1) as u8;
    bytes
}

fn values(bytes: &[u8], name: &str) -> Vec<u64> {
    let mut tree = Tree::new();
    Dissector::default().dissect(&See::alone(), &Packet::new(IPV6, bytes), &mut tree);
    tree.find(name).map(|(_, node)| node.value).collect()
}

fn ends(bytes: &[u8]) -> (String, String) {
    let (mut line, mut source, mut destination) = (Line::new(), crate::Out::new(), crate::Out::new());
    Dissector::default().summarize(&See::alone(), &Packet::new(IPV6, bytes), &mut line);
    line.source.write(&mut source);
    line.destination.write(&mut destination);
    (source.to_string_lossy(), destination.to_string_lossy())
}

#[test]
fn a_header_shows_every_field() {
    let bytes = packet(253, b"abc");
    snapshot("ipv6_header", &tree(IPV6, &bytes));
    assert_eq!(summary(IPV6, &bytes), "IPv6 Unknown IP Protocol: Unknown (253)");
}

#[test]
fn the_chain_of_headers_leads_to_the_upper_layer() {
    let routing = [&[253, 2, 2, 1, 0, 0, 0, 0][..], &address(7)].concat();
    let chain = [options(60, &[5, 2, 0, 0]), options(43, &[4, 1, 7]), routing, b"abc".to_vec()].concat();
    let bytes = packet(0, &chain);
    snapshot("ipv6_chain", &tree(IPV6, &bytes));
    assert_eq!(ends(&bytes), ("2001:db8::1".into(), "2001:db8::7".into()));
    survives(IPV6, &bytes);
}

#[test]
fn the_chain_is_bounded() {
    let chain = |count: usize| packet(60, &[60, 0, 1, 4, 0, 0, 0, 0].repeat(count));
    let text = tree(IPV6, &chain(MOST_EXTENSION_HEADERS - 1));
    assert!(!text.contains("More extension headers than are followed"), "{text}");
    let text = tree(IPV6, &chain(MOST_EXTENSION_HEADERS + 1));
    assert!(text.contains("More extension headers than are followed"), "{text}");
    assert_eq!(values(&chain(99), "ipv6.dstopts.nxt").len(), MOST_EXTENSION_HEADERS);
}

#[test]
fn a_fragment_is_told_and_its_payload_is_data() {
    let first = packet(44, &[17, 0, 0, 1, 1, 2, 3, 4, 9, 9]);
    assert_eq!(summary(IPV6, &first), "IPv6 IPv6 fragment (off=0 more=y ident=0x01020304 nxt=17)");
    assert!(tree(IPV6, &first).contains("Data (2 bytes)"));
    let later = packet(44, &[17, 0, 0, 0x28, 1, 2, 3, 4, 9, 9]);
    assert_eq!(summary(IPV6, &later), "IPv6 IPv6 fragment (off=40 more=n ident=0x01020304 nxt=17)");
    let atomic = packet(44, &[58, 0, 0, 0, 1, 2, 3, 4, 200, 0, 0, 0]);
    assert!(summary(IPV6, &atomic).starts_with("ICMPv6"), "a whole packet in one fragment");
    // A first fragment that the capture cut short is told as far as it is there.
    let udp = packet(44, &[17, 0, 0, 1, 1, 2, 3, 4, 0x13, 0x88, 0x13, 0x89, 0x0f, 0, 0, 0, b'a']);
    let mut tree = Tree::new();
    let cut = Packet { original: udp.len() as u32, ..Packet::new(IPV6, &udp[..udp.len() - 1]) };
    Dissector::default().dissect(&See::alone(), &cut, &mut tree);
    assert_eq!(tree.find("udp.length").map(|(_, node)| node.value).collect::<Vec<_>>(), [0x0f00]);
}

#[test]
fn a_first_fragment_shorter_than_its_header_says_is_walked_and_completes_nothing() {
    let udp = [0x13, 0x88, 0x13, 0x89, 0, 9, 0, 0, b'a'];
    let mut bytes = packet(44, &[&[17, 0, 0, 0, 1, 2, 3, 4][..], &udp].concat());
    assert!(summary(IPV6, &bytes).starts_with("UDP 5000 → 5001"));
    bytes[43] = 1;
    assert!(summary(IPV6, &bytes).starts_with("IPv6 IPv6 fragment"));
    bytes[5] += 8;
    assert!(summary(IPV6, &bytes).starts_with("UDP 5000 → 5001"));
    survives(IPV6, &bytes);
}

#[test]
fn another_version_is_told_and_its_bytes_are_data() {
    let bytes = packet(253, b"abc");
    let text = tree(IPV6, &[&[0x45], &bytes[1..]].concat());
    assert!(text.contains("Version: 4\n") && text.contains("Bogus IP version"), "{text}");
    assert!(text.contains("Data (43 bytes)") && !text.contains("Payload Length"), "{text}");
    assert_eq!(summary(IPV6, &[0x45, 0]), "IPv6 Bogus IPv6 version (4, must be 6)");
    assert_eq!(summary(IPV6, &bytes[..9]), "IPv6 IPv6 header cut short (9 of 40 bytes)");
    assert!(tree(IPV6, &bytes[..1]).contains("Version: 6\n"), "as far as it is there");
}

#[test]
fn addresses_tell_what_they_hold() {
    let mut bytes = packet(59, &[]);
    bytes[8..24].copy_from_slice(&[0xfe, 0x80, 0, 0, 0, 0, 0, 0, 2, 2, 3, 0xff, 0xfe, 4, 5, 6]);
    bytes[24..40].copy_from_slice(&[0x20, 2, 1, 2, 3, 4, 0, 5, 0, 0, 0, 0, 0, 0, 0, 1]);
    let text = tree(IPV6, &bytes);
    for line in ["Source SLAAC MAC: 00:02:03:04:05:06", "Destination 6to4 Gateway IPv4: 1.2.3.4", "SLA ID: 5"]
    {
        assert!(text.contains(line), "{line} in {text}");
    }
    bytes[8..24].copy_from_slice(&[0x20, 1, 0, 0, 1, 2, 3, 4, 0x80, 0, 0x63, 0xbf, 0x3f, 0xff, 0xfd, 0xd2]);
    bytes[24..40].copy_from_slice(&[0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0, 10, 0, 0, 1]);
    let text = tree(IPV6, &bytes);
    for line in [
        "Source Teredo Port: 40000",
        "Source Teredo Client IPv4: 192.0.2.45",
        "Destination Embedded IPv4: 10.0.0.1",
    ] {
        assert!(text.contains(line), "{line} in {text}");
    }
}

#[test]
fn a_home_address_is_the_source() {
    let option = [&[201, 16][..], &address(9)].concat();
    let bytes = packet(60, &[options(59, &option), vec![]].concat());
    assert_eq!(ends(&bytes), ("2001:db8::9".into(), "2001:db8::2".into()));
}

#[test]
fn an_rpl_route_has_its_addresses_whole() {
    // Both leave 14 bytes out, and four bytes of padding follow two addresses of two bytes.
    let routing = [59, 1, 3, 1, 0xee, 0x40, 0, 0, 1, 2, 3, 4, 0, 0, 0, 0];
    let bytes = packet(43, &routing);
    let text = tree(IPV6, &bytes);
    assert!(
        text.contains("Full Address: 2001:db8::102") && text.contains("Full Address: 2001:db8::304"),
        "{text}"
    );
    assert_eq!(values(&bytes, "ipv6.routing.rpl.addr_count"), [2]);
    assert_eq!(ends(&bytes).1, "2001:db8::304");
    survives(IPV6, &bytes);
}

#[test]
fn a_segment_route_ends_at_its_first_entry() {
    let routing = [&[59, 4, 4, 1, 1, 0, 0, 5][..], &address(7), &address(8)].concat();
    let bytes = packet(43, &routing);
    assert_eq!(values(&bytes, "ipv6.routing.srh.addr").len(), 2);
    assert_eq!(ends(&bytes).1, "2001:db8::7");
    survives(IPV6, &bytes);
}

#[test]
fn a_jumbo_payload_bounds_the_packet() {
    let mut bytes = packet(0, &[options(253, &[0xc2, 4, 0, 0, 0, 11]), b"abcdef".to_vec()].concat());
    bytes[4..6].copy_from_slice(&[0, 0]);
    let text = tree(IPV6, &bytes);
    assert!(text.contains("Data (3 bytes)") && text.contains("jumbo length is below 65536"), "{text}");
}

#[test]
fn options_in_the_wrong_header_and_unknown_ones_are_told() {
    assert_eq!(values(&packet(60, &options(59, &[5, 2, 0, 0])), "ipv6.opt.header_mismatch").len(), 1);
    assert_eq!(values(&packet(0, &options(59, &[5, 2, 0, 0])), "ipv6.opt.header_mismatch").len(), 0);
    assert_eq!(values(&packet(60, &options(59, &[0x99, 2, 0, 0])), "ipv6.opt.unknown").len(), 1);
    assert_eq!(values(&packet(60, &options(59, &[4, 2, 0, 0])), "ipv6.opt.invalid_len").len(), 1);
}

#[test]
fn an_extension_header_that_ends_early_is_told() {
    let text = tree(IPV6, &packet(60, &[17, 9, 1, 4, 0, 0, 0, 0]));
    assert!(
        text.contains("Length needs 78 bytes at offset 42, 6 left (limit: Payload Length, offset 4)"),
        "{text}"
    );
}

#[test]
fn a_mobility_message_is_named() {
    let bytes = packet(135, &[59, 0, 5, 0, 0x12, 0x34, 0, 1]);
    assert_eq!(summary(IPV6, &bytes), "MIPv6 Binding Update");
    survives(IPV6, &bytes);
}

#[test]
fn no_change_of_options_makes_it_panic() {
    for list in [
        &[7, 12, 0, 0, 0, 1, 1, 2, 3, 4, 5, 6, 7, 8][..],
        &[99, 4, 0x80, 1, 0, 2, 38, 6, 8, 3, 0, 0, 1, 0x43],
        &[109, 4, 0x60, 7, 1, 2, 48, 4, 5, 220, 5, 221, 49, 2, 0, 0],
    ] {
        survives(IPV6, &packet(0, &options(59, list)));
    }
    survives(
        IPV6,
        &packet(60, &options(59, &[15, 10, 1, 2, 0, 3, 0, 4, 0, 5, 0, 6, 140, 4, 3, b'a', b'b', b'c'])),
    );
}
