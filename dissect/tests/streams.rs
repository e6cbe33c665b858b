//! A protocol of another crate over TCP: its messages are found however the stream is cut into segments, in whatever order
//! these come, and none is walked twice.

use dissect::capture::LinkType;
use dissect::{
    Claim, Cx, Dissection, Dissector, Frame, Memory, Out, Packet, Protocol, See, Show, State, Tree, fields,
    format, proto,
};
use proptest::prelude::*;

fields! {
    /// A message.
    ROOT = "toy", "Toy", Show::protocol(), "RFC 9999";
    /// What it says.
    TEXT = "toy.text", "Text", Show::text().repeats(), "RFC 9999, 1";
}

static TOY: Protocol = Protocol {
    claims: &[Claim::Number(&proto::tcp::PORTS, 7777)],
    state: Some(|| Box::new(Heard::default())),
    framing: Some(frame),
    ..Protocol::new("toy", "TOY", "Toy", "RFC 9999", walk, &[FIELDS])
};

/// The messages that were walked while learning.
#[derive(Debug, Default)]
struct Heard(Vec<Vec<u8>>);

impl State for Heard {
    fn forget(&mut self, _: u64) {}
}

/// A length of one byte, then as many bytes.
fn frame(bytes: &[u8]) -> Frame {
    let Some(len) = bytes.first().map(|len| usize::from(*len)) else { return Frame::More(1) };
    match (len + 1).checked_sub(bytes.len()) {
        None | Some(0) => Frame::Whole(len + 1),
        Some(missing) => Frame::More(missing),
    }
}

fn walk(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    cx.column(TOY.title);
    cx.remember(bytes, |heard: &mut Heard, _| {
        heard.0.push(bytes.to_vec());
        0
    });
    cx.group(&ROOT, bytes, |cx| cx.leaf(&TEXT, &bytes[1..], 0));
    true
}

const SYN: u8 = 2;
const ACK: u8 = 16;

/// A segment on IPv4; `up` goes to port 7777.
fn segment(up: bool, flags: u8, sequence: u32, acknowledgment: u32, data: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0x45, 0];
    bytes.extend((40 + data.len() as u16).to_be_bytes());
    bytes.extend([0, 0, 0, 0, 64, 6, 0, 0]);
    let ends: [[u8; 4]; 2] = [[10, 0, 0, 1], [10, 0, 0, 2]];
    let ports: [[u8; 2]; 2] = [[0x80, 1], [0x1e, 0x61]];
    for at in if up { [0, 1] } else { [1, 0] } {
        bytes.extend(ends[at]);
    }
    for at in if up { [0, 1] } else { [1, 0] } {
        bytes.extend(ports[at]);
    }
    bytes.extend(sequence.to_be_bytes());
    bytes.extend(acknowledgment.to_be_bytes());
    bytes.extend([0x50, flags, 0x10, 0, 0, 0, 0, 0]);
    bytes.extend(data);
    bytes
}

/// The handshake, with an initial sequence number near the end of the numbers, so that they wrap.
const FIRST: u32 = u32::MAX - 20;

fn handshake() -> Vec<Vec<u8>> {
    vec![
        segment(true, SYN, FIRST, 0, b""),
        segment(false, SYN | ACK, 99, FIRST + 1, b""),
        segment(true, ACK, FIRST + 1, 100, b""),
    ]
}

fn message(text: &str) -> Vec<u8> {
    [&[text.len() as u8], text.as_bytes()].concat()
}

fn stream(texts: &[&str]) -> Vec<u8> {
    texts.iter().flat_map(|text| message(text)).collect()
}

/// The segment of a stream's bytes from `start` on.
fn data(stream: &[u8], start: usize, end: usize) -> Vec<u8> {
    segment(true, ACK, FIRST.wrapping_add(1 + start as u32), 100, &stream[start..end])
}

fn packet(at: usize, bytes: &[u8]) -> Packet<'_> {
    Packet { number: at as u64 + 1, ..Packet::new(LinkType::IPV4, bytes) }
}

fn text(dissector: &Dissector, see: &See<'_>, packet: &Packet<'_>) -> String {
    let (mut tree, mut out) = (Tree::new(), Out::new());
    dissector.dissect(see, packet, &mut tree);
    format::text_tree(Dissection { tree: &tree, packet }, &mut out);
    out.to_string_lossy()
}

fn learnt(dissector: &Dissector, packets: &[Vec<u8>]) -> Memory {
    let mut memory = dissector.memory();
    for (at, bytes) in packets.iter().enumerate() {
        dissector.learn(&mut memory, &packet(at, bytes));
    }
    memory
}

/// What the toy heard while learning, and what the trees show; one pass, two passes and forgetting must agree.
fn heard(packets: &[Vec<u8>]) -> Vec<String> {
    let dissector = Dissector::with(&[&TOY]);
    let memory = learnt(&dissector, packets);
    let mut passing = dissector.memory();
    let (mut tree, mut shown) = (Tree::new(), Vec::new());
    for (at, bytes) in packets.iter().enumerate() {
        let (packet, number) = (packet(at, bytes), at as u64 + 1);
        dissector.learn(&mut passing, &packet);
        let one = text(&dissector, &See::with(&passing, number), &packet);
        passing.forget(number);
        assert_eq!(one, text(&dissector, &See::with(&memory, number), &packet));
        dissector.dissect(&See::with(&memory, u64::MAX), &packet, &mut tree);
        let dissection = Dissection { tree: &tree, packet: &packet };
        shown.extend(
            tree.find("toy.text")
                .map(|(_, node)| String::from_utf8_lossy(dissection.bytes(node)).into_owned()),
        );
    }
    let heard = memory.of_type::<Heard>().unwrap();
    let heard: Vec<String> =
        heard.0.iter().map(|one| String::from_utf8_lossy(&one[1..]).into_owned()).collect();
    assert_eq!(heard, shown);
    heard
}

fn after_handshake(segments: impl IntoIterator<Item = Vec<u8>>) -> Vec<Vec<u8>> {
    handshake().into_iter().chain(segments).collect()
}

#[test]
fn messages_that_share_a_segment_are_each_walked() {
    let all = stream(&["one", "two", "three"]);
    assert_eq!(heard(&after_handshake([data(&all, 0, all.len())])), ["one", "two", "three"]);
}

#[test]
fn a_message_ends_in_the_middle_of_a_segment_where_the_next_one_begins() {
    let all = stream(&["hello", "world", "again"]);
    let packets = after_handshake([data(&all, 0, 3), data(&all, 3, 8), data(&all, 8, all.len())]);
    assert_eq!(heard(&packets), ["hello", "world", "again"]);
    let dissector = Dissector::with(&[&TOY]);
    let memory = learnt(&dissector, &packets);
    let said = |at: usize| text(&dissector, &See::with(&memory, u64::MAX), &packet(at, &packets[at]));
    assert!(said(3).contains("[Reassembled PDU in frame: 5]"), "{}", said(3));
    assert!(said(4).contains("Reassembled TCP Segments (6 bytes): #4(3), #5(3)"), "{}", said(4));
    assert!(said(4).contains("[Reassembled PDU in frame: 6]"), "{}", said(4));
    assert!(said(5).contains("Reassembled TCP Segments (6 bytes): #5(2), #6(4)"), "{}", said(5));
    let one = text(&dissector, &See::with(&memory, 4), &packet(3, &packets[3]));
    assert!(!one.contains("Reassembled PDU"), "what comes later is not told before: {one}");
}

#[test]
fn what_is_sent_again_is_not_walked_again() {
    let all = stream(&["one", "two"]);
    let again = [data(&all, 0, 4), data(&all, 0, 4), data(&all, 2, 8), data(&all, 0, 8)];
    let packets = after_handshake(again);
    assert_eq!(heard(&packets), ["one", "two"]);
    let dissector = Dissector::with(&[&TOY]);
    let memory = learnt(&dissector, &packets);
    let said = text(&dissector, &See::with(&memory, u64::MAX), &packet(4, &packets[4]));
    assert!(said.contains("Retransmitted TCP segment data: (4 bytes)"), "{said}");
}

#[test]
fn a_gap_that_the_receiver_does_not_have_is_passed_over() {
    let all = stream(&["one", "lost", "three", "four"]);
    let mut packets = after_handshake([data(&all, 0, 4), data(&all, 9, 15)]);
    assert_eq!(heard(&packets), ["one"]);
    packets.push(segment(false, ACK, 100, FIRST.wrapping_add(1 + 15), b""));
    packets.push(data(&all, 15, 20));
    assert_eq!(heard(&packets), ["one", "three", "four"]);
}

#[test]
fn without_a_handshake_a_stream_begins_with_the_first_segment() {
    let all = stream(&["one", "two"]);
    assert_eq!(heard(&[data(&all, 0, 2), data(&all, 2, 8)]), ["one", "two"]);
}

#[test]
fn what_waits_is_bounded() {
    use proto::tcp::reassembly::MOST_SEGMENTS;
    let all = stream(&vec!["x"; 2 * MOST_SEGMENTS + 10]);
    // The first message lacks; the segments behind it wait until there are too many.
    let late = (1..=MOST_SEGMENTS + 1).map(|at| data(&all, 2 * at, 2 * at + 2));
    let packets = after_handshake(late);
    let heard = heard(&packets);
    assert_eq!(heard.len(), MOST_SEGMENTS + 1);
}

proptest! {
    #[test]
    fn any_cuts_in_any_order_give_the_same_messages(
        texts in prop::collection::vec("[a-z]{0,40}", 1..8),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..8),
        order in any::<u64>(),
        twice in any::<prop::sample::Index>(),
    ) {
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let all = stream(&texts);
        let mut places: Vec<usize> = cuts.iter().map(|cut| cut.index(all.len())).collect();
        places.extend([0, all.len()]);
        places.sort_unstable();
        places.dedup();
        let mut segments: Vec<Vec<u8>> = places.windows(2).map(|pair| data(&all, pair[0], pair[1])).collect();
        segments.insert(0, segments[twice.index(segments.len())].clone());
        let mut seed = order;
        for at in (1..segments.len()).rev() {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            segments.swap(at, (seed >> 33) as usize % (at + 1));
        }
        prop_assert_eq!(heard(&after_handshake(segments)), texts);
    }
}
