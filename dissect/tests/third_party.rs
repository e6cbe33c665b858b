//! A protocol of another crate: it has fields, claims a port, remembers packets and brings a further source. What one
//! pass says, two passes and two threads say too.

use dissect::capture::LinkType;
use dissect::{
    Claim, Cx, Dissection, Dissector, Memory, Out, Packet, Protocol, See, Show, State, Tree, fields, format,
    header, proto,
};
use std::sync::RwLock;

fields! {
    /// A toy message.
    ROOT = "toy", "Toy", Show::protocol(), "RFC 9999";
    /// Which message it is.
    ID = "toy.id", "Identifier", Show::u16(), "RFC 9999, 1";
    /// Which message it answers; 0 for none.
    ANSWERS = "toy.answers", "Answers", Show::u16(), "RFC 9999, 1";
    /// The packet that answers it.
    ANSWERED_IN = "toy.answered_in", "Answered in", Show::packet(), "RFC 9999, 1";
    /// The message, decoded.
    TEXT = "toy.text", "Text", Show::text(), "RFC 9999, 2";
}

header! {
    /// The header.
    pub struct Header {
        /// Which message it is.
        pub id: u16 => ID,
        /// Which message it answers; 0 for none.
        pub answers: u16 => ANSWERS,
    }
}

static TOY: Protocol = Protocol {
    claims: &[Claim::Number(&proto::udp::PORTS, 7777)],
    state: Some(|| Box::new(Messages::default())),
    ..Protocol::new("toy", "TOY", "Toy", "RFC 9999", walk, &[FIELDS])
};

/// Records of messages, by number; `first` of them are forgotten.
#[derive(Debug, Default)]
struct Messages {
    first: u32,
    records: std::collections::VecDeque<Record>,
}

#[derive(Debug)]
struct Record {
    id: u16,
    packet: u64,
    answered_in: u64,
}

impl State for Messages {
    fn forget(&mut self, before: u64) {
        while self.records.front().is_some_and(|record| record.packet < before) {
            self.records.pop_front();
            self.first += 1;
        }
    }
}

fn walk(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    cx.group(&ROOT, bytes, |cx| {
        let Some((header, text)) = Header::dissect(cx, bytes) else { return };
        let note = cx.remember(bytes, |messages: &mut Messages, here| {
            if let Some(record) = messages.records.iter_mut().find(|record| record.id == header.answers) {
                record.answered_in = here.packet;
            }
            messages.records.push_back(Record { id: header.id, packet: here.packet, answered_in: 0 });
            messages.first + messages.records.len() as u32 - 1
        });
        let answered = note.and_then(|note| {
            cx.record(|messages: &Messages| {
                Some(messages.records.get(note.checked_sub(messages.first)? as usize)?.answered_in)
            })
        });
        if let Some(packet) = answered.and_then(|packet| cx.news(packet)) {
            cx.generated(&ANSWERED_IN, &[], packet);
        }
        cx.source("Decoded text", text.to_ascii_uppercase(), |cx, decoded| cx.leaf(&TEXT, decoded, 0));
    });
    true
}

/// A UDP datagram to port 7777, on IPv4.
fn datagram(id: u16, answers: u16, text: &[u8]) -> Vec<u8> {
    let len = 8 + 4 + text.len() as u16;
    let mut bytes = vec![0x45, 0];
    bytes.extend((20 + len).to_be_bytes());
    bytes.extend([0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, 0x10, 0, 0x1e, 0x61]);
    bytes.extend(len.to_be_bytes());
    bytes.extend([0, 0]);
    bytes.extend([id.to_be_bytes(), answers.to_be_bytes()].concat());
    bytes.extend(text);
    bytes
}

fn conversation() -> Vec<Vec<u8>> {
    vec![
        datagram(1, 0, b"hello"),
        datagram(2, 0, b"anybody"),
        datagram(3, 1, b"yes"),
        datagram(4, 3, b"good"),
        datagram(5, 2, b"here"),
    ]
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

#[test]
fn two_passes_tell_what_comes_later() {
    let (dissector, packets) = (Dissector::with(&[&TOY]), conversation());
    let memory = learnt(&dissector, &packets);
    let answered: Vec<bool> = (0..packets.len())
        .map(|at| {
            text(&dissector, &See::with(&memory, u64::MAX), &packet(at, &packets[at])).contains("Answered in")
        })
        .collect();
    assert_eq!(answered, [true, true, true, false, false]);
}

#[test]
fn one_pass_two_passes_up_to_the_packet_and_forgetting_agree() {
    let (dissector, packets) = (Dissector::with(&[&TOY]), conversation());
    let whole = learnt(&dissector, &packets);
    let mut passing = dissector.memory();
    for (at, bytes) in packets.iter().enumerate() {
        let (packet, number) = (packet(at, bytes), at as u64 + 1);
        dissector.learn(&mut passing, &packet);
        let one = text(&dissector, &See::with(&passing, number), &packet);
        passing.forget(number);
        assert_eq!(one, text(&dissector, &See::with(&whole, number), &packet));
        assert!(!one.contains("Answered in"));
    }
}

#[test]
fn one_learner_and_two_dissectors_agree_with_one_thread() {
    let (dissector, packets) = (Dissector::with(&[&TOY]), conversation());
    let memory = RwLock::new(learnt(&dissector, &packets));
    let all = || -> Vec<String> {
        let memory = memory.read().unwrap();
        let see = See::with(&memory, u64::MAX);
        packets.iter().enumerate().map(|(at, bytes)| text(&dissector, &see, &packet(at, bytes))).collect()
    };
    let [one, two] =
        std::thread::scope(|scope| [scope.spawn(all), scope.spawn(all)].map(|thread| thread.join().unwrap()));
    assert_eq!(one, two);
    assert_eq!(one, all());
}

#[test]
fn a_further_source_is_kept_with_its_name() {
    let (dissector, bytes) = (Dissector::with(&[&TOY]), datagram(1, 0, b"hello"));
    let (packet, mut tree) = (packet(0, &bytes), Tree::new());
    dissector.dissect(&See::alone(), &packet, &mut tree);
    let node = tree.find("toy.text").next().unwrap().1;
    assert_eq!((node.source, node.start, node.len), (1, 0, 5));
    assert_eq!((tree.sources()[0].name, &tree.sources()[0].bytes[..]), ("Decoded text", &b"HELLO"[..]));
    assert_eq!(Dissection { tree: &tree, packet: &packet }.bytes(node), b"HELLO");
}

/// SCTP remembers nothing by itself, so learning skips it, unless somebody whom it carries remembers.
#[test]
fn learning_finds_whoever_remembers() {
    static ON_SCTP: Protocol = Protocol {
        claims: &[Claim::Number(&proto::sctp::ppid::PPIDS, 7777)],
        state: Some(|| Box::new(Messages::default())),
        ..Protocol::new("toy", "TOY", "Toy", "RFC 9999", walk, &[FIELDS])
    };
    let message = |id: u8, answers: u8| {
        let mut bytes = vec![0x45, 0, 0, 52, 0, 0, 0, 0, 64, 132, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2];
        bytes.extend([0, 7, 0, 8, 0, 0, 0, 1, 0, 0, 0, 0]); // the common header
        bytes.extend([0, 3, 0, 20, 0, 0, 0, id, 0, 0, 0, 0, 0, 0, 0x1e, 0x61]); // DATA, whole
        bytes.extend([0, id, 0, answers]);
        bytes
    };
    let (dissector, packets) = (Dissector::with(&[&ON_SCTP]), [message(1, 0), message(2, 1)]);
    let memory = learnt(&dissector, &packets);
    let said = text(&dissector, &See::with(&memory, u64::MAX), &packet(0, &packets[0]));
    assert!(said.contains("[Answered in: 2]"), "{said}");
}

#[test]
fn a_quoted_or_unlearnt_packet_has_no_memory() {
    let (dissector, bytes) = (Dissector::with(&[&TOY]), datagram(1, 0, b"hello"));
    assert_eq!(
        text(&dissector, &See::alone(), &packet(0, &bytes)),
        text(&dissector, &See::with(&dissector.memory(), u64::MAX), &packet(0, &bytes)),
    );
}

#[test]
fn a_cut_header_keeps_what_is_there_and_says_what_is_missing() {
    let (dissector, bytes) = (Dissector::with(&[&TOY]), datagram(1, 0, b""));
    let said = text(&dissector, &See::alone(), &packet(0, &bytes[..31]));
    assert!(said.contains("    Identifier: 1\n"), "{said}");
    assert!(said.contains("Answers needs 2 bytes at offset 30, 1 left"), "{said}");
}

/// Says that messages come to the port that its one byte names.
static HERALD: Protocol = Protocol {
    claims: &[Claim::Number(&proto::udp::PORTS, 7000)],
    announces: true,
    tables: &[],
    ..Protocol::new("herald", "HERALD", "Herald", "RFC 9999", announce, &[])
};

fn announce(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    let port = bytes.first().copied().unwrap_or(0);
    let end = (dissect::Address::Ipv4(0x0a00_0002), u16::from(port));
    cx.expect(&proto::udp::PORTS, end, &GUEST, std::sync::Arc::new(u32::from(port) * 10));
    true
}

/// Comes where it was announced, and remembers what was said of it.
static GUEST: Protocol = Protocol {
    claims: &[Claim::Expected(&proto::udp::PORTS)],
    state: Some(|| Box::new(Guests)),
    ..Protocol::new("guest", "GUEST", "Guest", "RFC 9999", arrive, &[guest::FIELDS])
};

mod guest {
    use dissect::{Show, fields};
    fields! {
        /// A guest.
        pub ROOT = "guest", "Guest", Show::protocol(), "RFC 9999";
        /// What was said of it.
        pub SAID = "guest.said", "Said", Show::u32(), "RFC 9999";
    }
}

#[derive(Debug)]
struct Guests;
impl State for Guests {
    fn forget(&mut self, _: u64) {}
}

fn arrive(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    let said = cx.expectation().and_then(|one| one.said.downcast_ref::<u32>().copied());
    let note = cx.remember(bytes, |_: &mut Guests, _| said.unwrap_or(0));
    cx.group(&guest::ROOT, bytes, |cx| {
        if let Some(said) = note {
            cx.generated(&guest::SAID, &[], said.into());
        }
    });
    true
}

/// A UDP datagram from 10.0.0.1 to 10.0.0.2.
fn to_port(port: u16, payload: &[u8]) -> Vec<u8> {
    let mut bytes = datagram(0, 0, &[]);
    bytes.truncate(28);
    bytes[22..24].copy_from_slice(&port.to_be_bytes());
    bytes.extend(payload);
    let len = bytes.len() as u16;
    bytes[2..4].copy_from_slice(&len.to_be_bytes());
    bytes[24..26].copy_from_slice(&(len - 20).to_be_bytes());
    bytes
}

#[test]
fn who_was_announced_comes_from_then_on() {
    let dissector = Dissector::with(&[&HERALD, &GUEST]);
    let packets =
        vec![to_port(99, b"early"), to_port(7000, &[99]), to_port(99, b"guest"), to_port(98, b"else")];
    let (memory, mut passing) = (learnt(&dissector, &packets), dissector.memory());
    let mut found = Vec::new();
    for (at, bytes) in packets.iter().enumerate() {
        let (packet, number) = (packet(at, bytes), at as u64 + 1);
        let whole = text(&dissector, &See::with(&memory, u64::MAX), &packet);
        dissector.learn(&mut passing, &packet);
        assert_eq!(text(&dissector, &See::with(&passing, number), &packet), whole);
        passing.forget(number + 1);
        found.push(whole.contains("[Said: 990]"));
    }
    assert_eq!(found, [false, false, true, false]);
    // A filter that reads nothing else finds the way too.
    let filter = dissect::Filter::compile(&dissector, "guest.said == 990").unwrap();
    let mut work = dissect::filter::Work::new();
    let picks = |at: usize, work: &mut dissect::filter::Work| {
        filter.accepts(&dissector, &See::with(&memory, u64::MAX), &packet(at, &packets[at]), work)
    };
    assert_eq!([0, 1, 2, 3].map(|at| picks(at, &mut work)), [false, false, true, false]);
}

#[test]
fn what_the_user_chose_goes_before_everything() {
    let mut dissector = Dissector::with(&[&TOY, &HERALD, &GUEST]);
    let packets = vec![to_port(7000, &[99]), to_port(99, &[0, 5, 0, 0, b'a'])];
    let shown = |dissector: &Dissector| {
        let memory = learnt(dissector, &packets);
        text(dissector, &See::with(&memory, u64::MAX), &packet(1, &packets[1]))
    };
    assert!(shown(&dissector).contains("[Said: 990]"));
    dissector.decode_as("udp.port", 99..=99, "toy").unwrap();
    assert!(shown(&dissector).contains("Identifier: 5"));
    for port in 1000..3000 {
        dissector.decode_as("udp.port", port..=port, "toy").unwrap();
    }
    assert!(shown(&dissector).contains("Identifier: 5"));
    assert!(dissector.decode_as("udp.port", 1..=1, "nobody").unwrap_err().contains("nobody"));
    // A port that the user chose goes before the payload protocol identifier.
    let mut bytes = vec![0x45, 0, 0, 56, 0, 0, 0, 0, 64, 132, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2];
    bytes.extend([0, 7, 0, 8, 0, 0, 0, 1, 0, 0, 0, 0]);
    bytes.extend([0, 3, 0, 20, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 60, 0, 9, 0, 0]);
    let alone = |dissector: &Dissector| text(dissector, &See::alone(), &packet(0, &bytes));
    assert!(!alone(&dissector).contains("Identifier: 9"));
    dissector.decode_as("sctp.port", 8..=8, "toy").unwrap();
    assert!(alone(&dissector).contains("Identifier: 9"));
}
