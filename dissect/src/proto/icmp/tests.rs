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

#[test]
fn a_reply_to_an_extended_echo_has_no_extension() {
    let text = tree(IPV4, &message(43, 0, &[0, 1, 7, 0x47, 0x20, 0, 0xdf, 0xff]));
    assert!(!text.contains("Extension") && text.contains("Data (4 bytes)"), "{text}");
    let name =
        message(42, 0, &[0, 1, 7, 1, 0x20, 0, 0, 0, 0, 12, 3, 1, b'e', b't', b'h', b'1', b'0', 0, 0, 0]);
    let text = tree(IPV4, &name);
    assert!(text.contains("Name: eth10\n"), "{text}");
}

/// What the messages, a millisecond from one to the next, tell: the reply's packet, the request's, milliseconds since, and
/// whether none came. In two passes and in one.
type Told = (Vec<u64>, Vec<u64>, Vec<f64>, usize);

fn told(messages: &[Vec<u8>]) -> (Vec<Told>, Vec<Told>) {
    let (dissector, mut tree) = (Dissector::default(), Tree::new());
    let packet = |number: u64| {
        let (seconds, milliseconds) = (number as i64 / 1000, number as u32 % 1000);
        let time = Some(crate::capture::Time::new(1_700_000_000 + seconds, milliseconds * 1_000_000));
        Packet { number, time, ..Packet::new(IPV4, &messages[number as usize - 1]) }
    };
    let told = |tree: &Tree| {
        let values = |name| tree.find(name).map(|(_, node)| node.value).collect::<Vec<_>>();
        assert_eq!(values("icmp.no_resp").len(), values("icmp.resp_not_found").len());
        let times = values("icmp.resptime").into_iter().map(f64::from_bits).collect();
        (values("icmp.resp_in"), values("icmp.resp_to"), times, values("icmp.no_resp").len())
    };
    let (mut memory, mut one) = (dissector.memory(), Vec::new());
    for number in 1..=messages.len() as u64 {
        dissector.dissect(&mut memory, &packet(number), &mut tree);
        one.push(told(&tree));
    }
    let see = See::with(&memory, u64::MAX);
    let two = (1..=messages.len() as u64).map(|number| {
        dissector.dissect(&see, &packet(number), &mut tree);
        told(&tree)
    });
    (two.collect(), one)
}

/// A message the other way.
fn back(kind: u8, rest: &[u8]) -> Vec<u8> {
    let mut bytes = message(kind, 0, rest);
    let (from, to) = bytes[12..20].split_at_mut(4);
    from.swap_with_slice(to);
    bytes
}

#[test]
fn echo_requests_and_replies_tell_of_each_other() {
    let mut damaged = message(8, 0, &[0, 1, 0, 9]);
    damaged[27] ^= 1;
    let (two, one) = told(&[
        message(8, 0, &[0, 1, 0, 1]),
        back(0, &[0, 1, 0, 1]),
        // Sent again: the reply is to the last one, and another reply to none.
        message(8, 0, &[0, 1, 0, 2]),
        message(8, 0, &[0, 1, 0, 2]),
        back(0, &[0, 1, 0, 2]),
        back(0, &[0, 1, 0, 2]),
        // Both ask with the same numbers.
        message(8, 0, &[0, 1, 0, 3]),
        back(8, &[0, 1, 0, 3]),
        back(0, &[0, 1, 0, 3]),
        message(0, 0, &[0, 1, 0, 3]),
        damaged,
        back(0, &[0, 1, 0, 9]),
    ]);
    let none = || (vec![], vec![], vec![], 0);
    let request = |reply| (vec![reply], vec![], vec![], 0);
    let reply = |request, time| (vec![], vec![request], vec![time], 0);
    let unanswered = (vec![], vec![], vec![], 1);
    let expected = [
        request(2),
        reply(1, 1.0),
        unanswered,
        request(5),
        reply(4, 1.0),
        none(),
        request(9),
        request(10),
        reply(7, 2.0),
        reply(8, 2.0),
        none(),
        none(),
    ];
    assert_eq!(two, expected);
    // In one pass requests know nothing yet.
    let expected = expected.map(|told| if told.1.is_empty() { none() } else { told });
    assert_eq!(one, expected);
}

#[test]
fn what_goes_to_many_may_stay_without_a_reply() {
    let mut all = packet(1, &message(8, 0, &[0, 1, 0, 1])[20..]);
    all[16..20].copy_from_slice(&[224, 0, 0, 1]);
    let (two, _) = told(&[all]);
    assert_eq!(two, [(vec![], vec![], vec![], 0)]);
}

#[test]
fn a_request_is_answered_as_long_as_it_is_kept() {
    let request = |at: usize| message(8, 0, &(at as u32 + 1).to_be_bytes());
    let most = super::echo::MOST_WAITING / 2;
    let answered = |between: usize| {
        let mut messages: Vec<_> = (0..=between).map(request).collect();
        messages.push(back(0, &[0, 0, 0, 1]));
        told(&messages).0.last().unwrap().1.clone()
    };
    assert_eq!(answered(most - 1), [1]);
    assert!(answered(2 * most).is_empty());
}

#[test]
fn what_a_tunnel_carries_is_not_answered_beside_it() {
    let request = message(8, 0, &[0, 1, 0, 1]);
    let reply = back(0, &[0, 1, 0, 1]);
    let (two, _) = told(&[packet(4, &request), request, reply.clone(), packet(4, &reply)]);
    let packets: Vec<_> = two.iter().map(|told| (told.0.clone(), told.1.clone())).collect();
    assert_eq!(packets, [(vec![4], vec![]), (vec![3], vec![]), (vec![], vec![2]), (vec![], vec![1])]);
}
