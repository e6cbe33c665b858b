//! The layers of a plain frame, Ethernet and IP, are passed in one step where nothing of them is shown. What they carry must
//! not see a difference.

mod frames;

use dissect::capture::LinkType;
use dissect::{Claim, Cx, Dissector, Line, Memory, Packet, Protocol, See, State, Tree, proto};
use frames::{damaged, ethernet, ipv4};
use proptest::prelude::*;

/// Tells all that it sees of the way to it. Declines what begins with a zero.
static GUEST: Protocol = Protocol {
    claims: &[
        Claim::Number(&proto::ip::PROTOCOLS, 132),
        Claim::Number(&proto::ip::PROTOCOLS, 253),
        Claim::Number(&proto::ethernet::ETHERTYPES, 0x88b5),
    ],
    state: Some(|| Box::new(Seen::default())),
    tables: &[],
    ..Protocol::new("guest", "GUEST", "Guest", "RFC 9999", walk, &[])
};

/// What was seen by learning.
#[derive(Debug, Default)]
struct Seen(Vec<String>);

impl State for Seen {
    fn forget(&mut self, _: u64) {}
}

fn walk(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    if bytes.first() == Some(&0) {
        return false;
    }
    let seen = format!("{:?} {} {} {} {}", cx.ends, cx.hops, cx.cut, cx.offset(bytes), bytes.len());
    cx.remember(bytes, |all: &mut Seen, here| {
        all.0.push(format!("{seen} {:?}", here.ends));
        all.0.len() as u32
    });
    if bytes.len().is_multiple_of(2) {
        cx.column("GUEST");
    }
    if let Some(info) = cx.info() {
        info.str(&seen);
    }
    true
}

/// IPv4, IPv6 and a frame without either, in Ethernet, with what is in them.
fn frames() -> [Vec<u8>; 4] {
    let six = |inner: &[u8], number: u8| {
        let mut bytes = vec![0x60, 0, 0, 0, 0, inner.len() as u8, number, 64];
        bytes.extend([0x20; 32]);
        bytes.extend(inner);
        bytes
    };
    [
        [ethernet(0x800), ipv4(b"payload", 132), vec![0; 6]].concat(),
        [ethernet(0x86dd), six(b"payloads", 132)].concat(),
        [ethernet(0x800), ipv4(&six(&ipv4(b"deep", 253), 4), 41)].concat(),
        [ethernet(0x88b5), b"frame".to_vec()].concat(),
    ]
}

/// What a packet's line says.
fn line(line: &Line) -> String {
    format!("{:?} {:?} {} {}", line.source, line.destination, line.protocol, line.info.to_string_lossy())
}

/// What learning saw.
fn seen(memory: &Memory) -> &[String] {
    memory.of_type::<Seen>().map_or(&[], |seen| &seen.0)
}

fn agree(bytes: &[u8], original: usize) {
    let (dissector, mut tree) = (Dissector::with(&[&GUEST]), Tree::new());
    let packet = Packet { original: original as u32, ..Packet::new(LinkType::ETHERNET, bytes) };
    let (mut passed, mut walked) = (Line::new(), Line::new());
    dissector.summarize(&See::alone(), &packet, &mut passed);
    dissector.dissect_and_summarize(&See::alone(), &packet, &mut tree, &mut walked);
    assert_eq!(line(&passed), line(&walked));
    // To learn is to pass; to learn and to show is to walk.
    let (mut learnt, mut looked) = (dissector.memory(), dissector.memory());
    dissector.learn(&mut learnt, &packet);
    dissector.dissect(&mut looked, &packet, &mut tree);
    assert_eq!(seen(&learnt), seen(&looked));
}

#[test]
fn whole_frames_are_passed() {
    let dissector = Dissector::with(&[&GUEST]);
    for bytes in frames() {
        agree(&bytes, bytes.len());
        let mut memory = dissector.memory();
        dissector.learn(&mut memory, &Packet::new(LinkType::ETHERNET, &bytes));
        assert_eq!(seen(&memory).len(), 1);
    }
}

#[test]
fn what_is_declined_is_told_by_the_layer_around_it() {
    let mut bytes = frames()[0].clone();
    bytes[34] = 0;
    agree(&bytes, bytes.len());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damaged_and_cut_frames_say_the_same((bytes, whole) in damaged(frames().to_vec())) {
        agree(&bytes, whole);
    }
}
