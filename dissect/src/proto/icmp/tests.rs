use crate::capture::LinkType;
use crate::testing::{snapshot, summary, survives, tree};
use crate::{Dissector, Packet, See, Tree, checksum};

const IPV4: LinkType = LinkType(228);

/// A packet from 10.0.0.1 to 10.0.0.2 with right checksums.
fn packet(protocol: u8, payload: &[u8]) -> Vec<u8> {
    let length = (20 + payload.len() as u16).to_be_bytes();
    let mut bytes = vec![
        0x45, 0, length[0], length[1], 0x12, 0x34, 0x40, 0, 64, protocol, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2,
    ];
    let sum = checksum::expected(checksum::fold(checksum::add(0, &bytes)), 0);
    bytes[10..12].copy_from_slice(&sum.to_be_bytes());
    bytes.extend(payload);
    bytes
}

/// A message with a right checksum, in a packet.
fn message(kind: u8, code: u8, rest: &[u8]) -> Vec<u8> {
    let mut bytes = [&[kind, code, 0, 0], rest].concat();
    let sum = checksum::expected(checksum::fold(checksum::add(0, &bytes)), 0);
    bytes[2..4].copy_from_slice(&sum.to_be_bytes());
    packet(1, &bytes)
}

/// The first eight bytes of a datagram from port 1000 to 2000.
const DATAGRAM: [u8; 13] = [0x03, 0xe8, 0x07, 0xd0, 0, 13, 0x9c, 0x47, b'h', b'e', b'l', b'l', b'o'];

fn dissect(bytes: &[u8]) -> Tree {
    let mut tree = Tree::new();
    Dissector::default().dissect(&See::alone(), &Packet::new(IPV4, bytes), &mut tree);
    tree
}

fn values(bytes: &[u8], name: &str) -> Vec<u64> {
    dissect(bytes).find(name).map(|(_, node)| node.value).collect()
}

#[test]
fn an_echo_shows_both_byte_orders() {
    let bytes = message(8, 0, &[0x12, 0x34, 0, 1, b'a', b'b']);
    snapshot("icmp_echo", &tree(IPV4, &bytes));
    assert_eq!(summary(IPV4, &bytes), "ICMP Echo (ping) request  id=0x1234, seq=1/256, ttl=64");
    let reply = message(0, 0, &[0x12, 0x34, 0, 1]);
    assert_eq!(summary(IPV4, &reply), "ICMP Echo (ping) reply    id=0x1234, seq=1/256, ttl=64");
    survives(IPV4, &bytes);
}

#[test]
fn an_error_shows_the_packet_it_quotes_however_short() {
    let quoted = packet(17, &DATAGRAM);
    let whole = message(3, 3, &[&[0; 4], &quoted[..]].concat());
    assert_eq!(summary(IPV4, &whole), "ICMP Destination unreachable (Port unreachable)");
    assert_eq!(values(&whole, "udp.checksum.status"), [1]);
    let short = message(3, 3, &[&[0; 4], &quoted[..28]].concat());
    snapshot("icmp_error", &tree(IPV4, &short));
    assert_eq!(values(&short, "udp.checksum.status"), [2], "the data is not there");
    for end in 1..quoted.len() {
        let text = tree(IPV4, &message(3, 3, &[&[0; 4], &quoted[..end]].concat()));
        assert!(!text.contains("needs") && !text.contains("Bogus"), "{end}: {text}");
    }
    survives(IPV4, &short);
}

#[test]
fn what_is_wrong_with_a_quoted_packet_itself_is_told() {
    let mut quoted = packet(17, &DATAGRAM);
    quoted[25] = 7;
    let text = tree(IPV4, &message(3, 3, &[&[0; 4], &quoted[..]].concat()));
    assert!(text.contains("Length at offset 52 is below the header's own 8 bytes"), "{text}");
}

#[test]
fn a_quote_changes_neither_addresses_nor_line() {
    let mut quoted = packet(17, &DATAGRAM);
    quoted[15] = 9;
    let bytes = message(11, 0, &[&[0; 4], &quoted[..]].concat());
    let mut line = crate::Line::new();
    Dissector::default().summarize(&See::alone(), &Packet::new(IPV4, &bytes), &mut line);
    assert_eq!(line.source, crate::Address::Ipv4(0x0a00_0001));
    assert_eq!(line.protocol, "ICMP");
}

#[test]
fn a_captured_error_quotes_an_init() {
    // From testdata/sctp/icmp_proto_unreachable.pcap: SCTP is not spoken there.
    let capture = include_bytes!("../../../../testdata/sctp/icmp_proto_unreachable.pcap");
    let mut records = &capture[24..];
    let mut found = 0;
    while let Some((header, rest)) = records.split_first_chunk::<16>() {
        let length = u32::from_le_bytes(header[8..12].try_into().unwrap()) as usize;
        let (bytes, next) = rest.split_at(length);
        if bytes[12..14] == [8, 0] && bytes[23] == 1 {
            let ethernet = LinkType(1);
            assert_eq!(summary(ethernet, bytes), "ICMP Destination unreachable (Protocol unreachable)");
            let text = tree(ethernet, bytes);
            assert!(text.contains("Protocol: SCTP (132)"), "{text}");
            let sctp = text.find("Stream Control Transmission Protocol").expect("the quoted SCTP packet");
            assert!(sctp > text.find("Protocol unreachable").unwrap(), "{text}");
            found += 1;
        }
        records = next;
    }
    assert!(found > 0);
}

#[test]
fn the_fields_of_errors_stand_between_checksum_and_quote() {
    let quoted = packet(17, &DATAGRAM);
    let with = |kind, code, fixed: [u8; 4]| message(kind, code, &[&fixed, &quoted[..]].concat());
    assert_eq!(values(&with(3, 4, [0, 0, 5, 220]), "icmp.mtu"), [1500]);
    assert_eq!(values(&with(5, 1, [10, 0, 0, 9]), "icmp.redir_gw"), [0x0a00_0009]);
    assert_eq!(values(&with(12, 0, [20, 0, 0, 0]), "icmp.pointer"), [20]);
    assert_eq!(values(&with(5, 1, [10, 0, 0, 9]), "udp.srcport"), [1000]);
}

/// A multi-part message that quotes a packet in 128 bytes, with extensions behind it.
fn multi_part(words: u8, object: &[u8]) -> Vec<u8> {
    let mut quoted = packet(17, &DATAGRAM);
    quoted.resize(128, 0);
    let mut extensions = [&[0x20, 0, 0, 0], object].concat();
    let sum = checksum::expected(checksum::fold(checksum::add(0, &extensions)), 0);
    extensions[2..4].copy_from_slice(&sum.to_be_bytes());
    message(11, 0, &[&[0, words, 0, 0], &quoted[..], &extensions].concat())
}

#[test]
fn extensions_follow_the_quote() {
    let labels = [0, 8, 1, 1, 0x3f, 0xff, 0x01, 0x40];
    let bytes = multi_part(32, &labels);
    let text = tree(IPV4, &bytes);
    let from = text.find("ICMP Multi-Part Extensions").unwrap();
    snapshot("icmp_extensions", &text[from..]);
    assert_eq!(values(&bytes, "icmp.length.original_datagram"), [128]);
    assert_eq!(values(&bytes, "udp.payload").len(), 1, "the filling of the quote is no data");
    assert_eq!(values(&multi_part(0, &labels), "icmp.mpls.label"), [0x3fff0], "as before RFC 4884");
    survives(IPV4, &bytes);
}

#[test]
fn an_interface_is_told_by_index_address_name_and_mtu() {
    let object =
        [0, 28, 2, 15, 0, 0, 0, 7, 0, 1, 0, 0, 10, 0, 0, 7, 8, b'e', b't', b'h', b'0', 0, 0, 0, 0, 0, 5, 220];
    let bytes = multi_part(32, &object);
    assert_eq!(values(&bytes, "icmp.int_info.index"), [7]);
    assert_eq!(values(&bytes, "icmp.int_info.ipv4"), [0x0a00_0007]);
    assert_eq!(values(&bytes, "icmp.int_info.mtu"), [1500]);
    assert!(tree(IPV4, &bytes).contains("Name: eth0\n"));
    survives(IPV4, &bytes);
}

#[test]
fn a_time_in_the_data_is_told_if_it_is_near() {
    let at = |seconds: u32| {
        let data = [&[0, 1, 0, 1][..], &seconds.to_le_bytes(), &500u32.to_le_bytes(), b"rest"].concat();
        let bytes = message(8, 0, &data);
        let time = Some(crate::capture::Time::new(100_000, 0));
        let mut tree = Tree::new();
        let packet = Packet { time, ..Packet::new(IPV4, &bytes) };
        Dissector::default().dissect(&See::alone(), &packet, &mut tree);
        let times = tree.find("icmp.data_time").map(|(_, node)| node.value).collect::<Vec<_>>();
        (times, tree.find("data.len").map(|(_, node)| node.value).collect::<Vec<_>>())
    };
    assert_eq!(at(99_999), (vec![99_999_000_500_000], vec![4]));
    assert_eq!(at(5), (vec![], vec![12]), "more than a day ago");
}

#[test]
fn a_checksum_that_is_wrong_is_told() {
    let mut bytes = message(8, 0, &[0, 1, 0, 1]);
    assert_eq!(values(&bytes, "icmp.checksum.status"), [1]);
    bytes[27] = 2;
    assert_eq!(values(&bytes, "icmp.checksum.status"), [0]);
    assert_eq!(values(&bytes, "icmp.checksum_bad").len(), 1);
}

#[test]
fn no_change_of_other_messages_makes_it_panic() {
    survives(
        IPV4,
        &message(
            9,
            0,
            &[
                1, 2, 0, 30, 10, 0, 0, 1, 0xff, 0xff, 0xff, 0xff, 16, 10, 0, 1, 0, 60, 0x80, 0, 1, 2, 3, 4,
                0, 19, 1, 24,
            ],
        ),
    );
    survives(IPV4, &message(13, 0, &[0, 1, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0, 5]));
    survives(IPV4, &message(42, 0, &[0, 1, 7, 1, 0x20, 0, 0, 0, 0, 12, 3, 3, 0, 1, 4, 0, 10, 0, 0, 1]));
}
