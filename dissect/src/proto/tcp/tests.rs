use super::option::{OPTIONS, TcpOption};
use super::{Flags, Header, Segment};
use crate::capture::LinkType;
use crate::{Dissection, Dissector, Kind, Packet, See, Tree, checksum, testing};
use proptest::prelude::*;
use std::fmt::Write;

const LINK: LinkType = LinkType(228);
const IP: usize = 20;

/// An IPv4 packet with a segment of the given flags, options and data, from port 40000 to 50000, with right checksums.
fn packet(flags: u16, options: &[u8], data: &[u8]) -> Vec<u8> {
    let words = options.len().div_ceil(4);
    let mut tcp = vec![0x9c, 0x40, 0xc3, 0x50, 0, 0, 0x03, 0xe8, 0, 0, 0, 0];
    if flags & Flags::ACK.0 != 0 {
        tcp[10..12].copy_from_slice(&2000u16.to_be_bytes());
    }
    tcp.extend((((5 + words) as u16) << 12 | flags).to_be_bytes());
    tcp.extend([2, 0, 0, 0, 0, 0]);
    tcp.extend(options);
    tcp.resize(20 + words * 4, 1);
    tcp.extend(data);
    let mut bytes = vec![0x45, 0, 0, 0, 0, 1, 0, 0, 64, 6, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2];
    bytes[2..4].copy_from_slice(&((IP + tcp.len()) as u16).to_be_bytes());
    let sum = checksum::fold(checksum::add(0, &bytes));
    bytes[10..12].copy_from_slice(&(!sum).to_be_bytes());
    bytes.extend(tcp);
    set_checksum(&mut bytes);
    bytes
}

fn set_checksum(bytes: &mut [u8]) {
    bytes[IP + 16..IP + 18].fill(0);
    let pseudo = 6 + (bytes.len() - IP) as u64;
    let sum = checksum::fold(checksum::add(checksum::add(pseudo, &bytes[12..20]), &bytes[IP..]));
    bytes[IP + 16..IP + 18].copy_from_slice(&(!sum).to_be_bytes());
}

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(|byte| *byte != b' ').collect();
    digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

/// The nodes from TCP's on: name, place in the segment, value.
fn nodes(packet: &Packet<'_>) -> String {
    let mut tree = Tree::new();
    Dissector::default().dissect(&See::alone(), packet, &mut tree);
    let dissection = Dissection { tree: &tree, packet };
    let (root, node) = tree.find("tcp").next().expect("a segment");
    let mut text = String::new();
    let mut ends = Vec::new();
    for (at, node) in tree.nodes().iter().enumerate().take(node.end as usize).skip(root + 1) {
        ends.retain(|end| *end as usize > at);
        let value = match node.field.show.kind {
            Kind::None => String::new(),
            Kind::Bytes => {
                dissection.bytes(node).iter().fold(" ".into(), |text, byte| format!("{text}{byte:02x}"))
            }
            Kind::Text => format!(" {}", String::from_utf8_lossy(dissection.bytes(node))),
            _ => format!(" {}", node.value),
        };
        let place = format!("{}+{}", i64::from(node.start) - IP as i64, node.len);
        let _ = writeln!(text, "{:1$}{2} {place}{value}", "", ends.len() * 2, node.field.name);
        ends.push(node.end);
    }
    text
}

fn shown(bytes: &[u8]) -> String {
    nodes(&Packet::new(LINK, bytes))
}

/// The nodes of the options.
fn options_of(flags: u16, options: &[u8]) -> String {
    let text = shown(&packet(flags, options, &[]));
    let lines = text.lines().skip_while(|line| !line.starts_with("tcp.options "));
    lines.flat_map(|line| [line, "\n"]).collect()
}

fn info(flags: u16, options: &str, data: &[u8]) -> String {
    testing::summary(LINK, &packet(flags, &hex(options), data))
}

#[test]
fn a_header_shows_every_field_of_rfc_9293() {
    insta::assert_snapshot!(shown(&packet(0x002, &hex("020405b4"), &[])), @r"
    tcp.srcport 0+2 40000
    tcp.dstport 2+2 50000
    tcp.len 0+0 0
    tcp.seq_raw 4+4 1000
    tcp.ack_raw 8+4 0
    tcp.hdr_len 12+1 24
    tcp.flags 12+2 2
      tcp.flags.res 12+1 0
      tcp.flags.ae 12+1 0
      tcp.flags.cwr 13+1 0
      tcp.flags.ece 13+1 0
      tcp.flags.urg 13+1 0
      tcp.flags.ack 13+1 0
      tcp.flags.push 13+1 0
      tcp.flags.reset 13+1 0
      tcp.flags.syn 13+1 1
        tcp.connection.syn 13+1
      tcp.flags.fin 13+1 0
      tcp.flags.str 12+2 ··········S·
    tcp.window_size_value 14+2 512
    tcp.checksum 16+2 7851
    tcp.checksum.status 16+0 1
    tcp.checksum_calculated 16+2 7851
    tcp.urgent_pointer 18+2 0
    tcp.options 20+4 020405b4
      tcp.options.mss 20+4 020405b4
        tcp.option_kind 20+1 2
        tcp.option_len 21+1 4
        tcp.options.mss_val 22+2 1460
    ");
}

#[test]
fn flags_are_shown_each_and_as_letters() {
    let text = shown(&packet(0xfff, &[], &[]));
    assert!(text.contains("tcp.flags 12+2 4095\n"), "{text}");
    assert!(
        text.contains("  tcp.flags.res 12+1 7\n  tcp.flags.ae 12+1 1\n  tcp.flags.cwr 13+1 1\n"),
        "{text}"
    );
    assert!(text.contains("  tcp.flags.str 12+2 RRRACEUAPRSF\n"), "{text}");
    assert!(shown(&packet(0x018, &[], &[])).contains("  tcp.flags.str 12+2 ·······AP···\n"));
}

#[test]
fn remarks_follow_the_flags() {
    let has = |flags, name: &str| shown(&packet(flags, &[], &[])).contains(name);
    assert!(has(0x002, "tcp.connection.syn 13+1\n") && !has(0x012, "tcp.connection.syn "));
    assert!(has(0x012, "tcp.connection.synack 13+1\n"));
    assert!(has(0x011, "tcp.connection.fin 13+1\n"));
    assert!(has(0x014, "tcp.connection.rst 13+1\n"));
    assert!(!has(0x010, "tcp.connection"));
}

#[test]
fn numbers_without_their_flag_are_remarked() {
    let mut bytes = packet(0x002, &[], &[]);
    (bytes[IP + 11], bytes[IP + 19]) = (5, 7);
    let text = shown(&bytes);
    assert!(text.contains("tcp.ack_raw 8+4 5\n  tcp.ack.nonzero 8+4\n"), "{text}");
    assert!(text.contains("tcp.urgent_pointer 18+2 7\n  tcp.urgent_pointer.non_zero 18+2\n"), "{text}");
    (bytes[IP + 11], bytes[IP + 13], bytes[IP + 19]) = (5, 0x30, 7);
    assert!(!shown(&bytes).contains("nonzero") && !shown(&bytes).contains("non_zero"));
}

#[test]
fn the_checksum_is_verified_with_the_pseudo_header() {
    let bytes = packet(0x010, &[], b"odd");
    let right = u16::from_be_bytes([bytes[IP + 16], bytes[IP + 17]]);
    let text = shown(&bytes);
    assert!(text.contains("tcp.checksum.status 16+0 1\n"), "{text}");
    assert!(text.contains(&format!("tcp.checksum_calculated 16+2 {right}\n")), "{text}");
    let mut wrong = bytes.clone();
    wrong[IP + 17] ^= 1;
    let text = shown(&wrong);
    assert!(text.contains("  tcp.checksum_bad.expert 16+2\ntcp.checksum.status 16+0 0\n"), "{text}");
    assert!(text.contains(&format!("tcp.checksum_calculated 16+2 {right}\n")), "{text}");
}

#[test]
fn a_cut_segment_is_not_verified() {
    let bytes = packet(0x010, &[], b"abcdefgh");
    let cut = Packet { original: bytes.len() as u32, ..Packet::new(LINK, &bytes[..bytes.len() - 4]) };
    let text = nodes(&cut);
    assert!(text.contains("tcp.len 0+0 8\n") && text.contains("tcp.payload 20+4 61626364\n"), "{text}");
    assert!(text.contains("tcp.checksum.status 16+0 2\n") && !text.contains("calculated"), "{text}");
}

#[test]
fn negative_zero_is_no_checksum() {
    let (mut bytes, mut window) = (packet(0x010, &[], &[]), 0u16);
    while bytes[IP + 16..IP + 18] != [0, 0] {
        window += 1;
        bytes[IP + 14..IP + 16].copy_from_slice(&window.to_be_bytes());
        set_checksum(&mut bytes);
    }
    assert!(shown(&bytes).contains("tcp.checksum.status 16+0 1\n"));
    bytes[IP + 16..IP + 18].fill(0xff);
    let text = shown(&bytes);
    assert!(text.contains("  tcp.checksum.ffff 16+2\ntcp.checksum.status 16+0 0\n"), "{text}");
}

#[test]
fn data_is_shown_and_that_of_a_reset_as_its_cause() {
    let text = shown(&packet(0x018, &[], b"hello"));
    assert!(text.ends_with("tcp.payload 20+5 68656c6c6f\n"), "{text}");
    let text = shown(&packet(0x014, &[], b"go away"));
    assert!(text.ends_with("tcp.reset_cause 20+7 go away\n") && !text.contains("payload"), "{text}");
}

#[test]
fn impossible_header_lengths_are_said() {
    let mut bytes = packet(0x010, &[], &[]);
    bytes[IP + 12] = 0x40;
    let text = shown(&bytes);
    assert!(text.ends_with("tcp.hdr_len 12+1 16\n  tcp.bogus_header_length 12+1\n"), "{text}");
    let line = testing::summary(LINK, &bytes);
    assert!(line.ends_with("Win=512, bogus TCP header length (16, must be at least 20)"), "{line}");
    assert!(Segment::parse(&bytes[IP..]).is_err());
    bytes[IP + 12] = 0x60;
    let text = shown(&bytes);
    assert!(text.contains("tcp.short_segment 0+20\n") && !text.contains("tcp.len"), "{text}");
    assert!(Segment::parse(&bytes[IP..]).is_err());
}

#[test]
fn a_header_that_is_cut_shows_what_is_there() {
    let bytes = packet(0x018, &[], &[]);
    let last = |len: usize| {
        let text = shown(&bytes[..IP + len]);
        let lines = text.lines().filter(|line| line.starts_with("tcp.") || line.starts_with("_ws."));
        lines.map(|line| line.split(' ').next().unwrap_or("").to_owned()).collect::<Vec<_>>()
    };
    let names = ["tcp.srcport", "tcp.dstport", "tcp.seq_raw", "tcp.ack_raw", "tcp.hdr_len", "tcp.flags"];
    assert_eq!(last(13)[..4], names[..4]);
    assert_eq!(last(13)[4..], ["tcp.short_segment", "_ws.malformed"]);
    assert_eq!(last(14)[..6], names);
    assert_eq!(last(14)[6..], ["tcp.short_segment", "_ws.malformed"]);
    assert_eq!(last(19)[6..8], ["tcp.window_size_value", "tcp.checksum"]);
    assert!(shown(&bytes[..IP + 14]).contains("tcp.hdr_len 12+1 20\ntcp.flags 12+2 24\n"));
}

/// One of each option, with a fault of each kind, as hexadecimal; `S` before those in a SYN.
const EXAMPLES: &[&str] = &[
    "S 020405b4 0402 080a0000000100000002 01 030307",
    "S 020405b4 03030f01",
    "020405b4",
    "0101 050a 00000bb8 00000fa0",
    "0101 0512 00000001 00000005 00000bb8 00000fa0",
    "0505000000010101",
    "060601020304",
    "070601020304",
    "0b0601020304",
    "0c0601020304",
    "0d0601020304",
    "0f04 0102",
    "1312 000102030405060708090a0b0c0d0e0f",
    "1d10 0102 000102030405060708090a0b",
    "1d03 01",
    "1b08 0740 01020304",
    "1c04 8005",
    "S 020405b4 2202",
    "S 020405b4 220a 0001020304050607",
    "fe04 f989",
    "fe08 f989 01020304",
    "fd06 1234 aabb",
    "fd05 00ac 07",
    "fe0d acc0 010203 040506 070809",
    "ac0b 010203 040506 070809",
    "ae05 010203",
    "ac03 01",
    "S 1404 f801",
    "1506 0001 0002",
    "1602 1702",
    "4d04 0102",
    "4c0a 0105 0a000003 0005",
    "4c0e 1105 0a000003 0a000004 1ed2",
    "4e10 0100 0a000003 0a000004 1ed2 1ed3",
    "01010101",
    "00010203",
    "00000000",
    "S 4d080102",
    "S 02000000",
    "S 01010103",
    "S 1e0c 0081 0001020304050607",
    "1e14 0081 000102030405060708090a0b0c0d0e0f",
    "S 1e04 0101",
    "1e18 0181 000102030405060708090a0b0c0d0e0f 0005 abcd",
    "S 1e0c 1102 00010203 04050607",
    "1e10 1102 0001020304050607 08090a0b",
    "1e18 1000 000102030405060708090a0b0c0d0e0f10111213",
    "1e08 2001 01020304",
    "1e1c 200f 0102030405060708 090a0b0c0d0e0f10 11121314 1516 1718",
    "1e0e 2004 00000000 00000000 0000",
    "1e08 3401 0a000005",
    "1e12 3001 0a000005 1234 0001020304050607",
    "1e14 3101 000102030405060708090a0b0c0d0e0f",
    "1e06 40010203",
    "1e04 5107",
    "1e0c 6000 0001020304050607",
    "1e0c 7000 0001020304050607",
    "1e04 8103",
    "1e04 200f",
];

#[test]
fn options_are_shown_by_their_kinds() {
    let mut text = String::new();
    for example in EXAMPLES {
        let (flags, bytes) = match example.strip_prefix("S ") {
            Some(rest) => (0x002, hex(rest)),
            None => (0x010, hex(example)),
        };
        let _ = writeln!(text, "# {example}\n{}", options_of(flags, &bytes));
    }
    insta::with_settings!({snapshot_path => concat!(env!("CARGO_MANIFEST_DIR"), "/../snapshots"), prepend_module_to_snapshot => false}, {
        insta::assert_snapshot!("tcp_options", text);
    });
}

#[test]
fn options_are_read_as_values() {
    let bytes =
        packet(0x010, &hex("01 01 080a 00000001 00000002 0512 00000bb8 00000fa0 00001388 00001770"), b"x");
    let segment = Segment::parse(&bytes[IP..]).unwrap();
    let options: Vec<_> = segment.options().map(Result::unwrap).collect();
    let [
        TcpOption::NoOperation,
        TcpOption::NoOperation,
        TcpOption::Timestamps(times),
        TcpOption::Sack(blocks),
        ..,
    ] = options[..]
    else {
        panic!("{options:?}");
    };
    assert_eq!((times.value, times.echo), (1, 2));
    assert_eq!(
        blocks.map(|block| (block.left, block.right)).collect::<Vec<_>>(),
        [(3000, 4000), (5000, 6000)]
    );
    assert_eq!(segment.payload, b"x");
    let bytes = packet(0x010, &hex("1c04 8005 ac08 010203 040506 1e04 8103 4d04 0102"), &[]);
    let options: Vec<_> = Segment::parse(&bytes[IP..]).unwrap().options().map(Result::unwrap).collect();
    let [
        TcpOption::UserTimeout(timeout),
        TcpOption::AccurateEcn(ecn),
        TcpOption::Multipath(multipath),
        other,
        ..,
    ] = options[..]
    else {
        panic!("{options:?}");
    };
    assert_eq!(timeout.seconds, 300);
    assert_eq!((ecn.ect_0, ecn.ce, ecn.ect_1), (Some(0x010203), Some(0x040506), None));
    assert_eq!((multipath.subtype.name(), multipath.bits, multipath.rest), (Some("TCP Reset"), 1, &[3][..]));
    assert_eq!(other, TcpOption::Other(super::OptionKind(0x4d), &[1, 2]));
}

#[test]
fn a_wrong_length_is_an_error_and_an_impossible_one_ends_the_list() {
    let bytes = packet(0x010, &hex("0203 05 01 0000"), &[]);
    let mut options = Segment::parse(&bytes[IP..]).unwrap().options();
    let fault = options.next().unwrap().unwrap_err();
    assert_eq!(fault.to_string(), "Length at offset 1 is wrong for the option's kind");
    assert_eq!(options.next().unwrap().unwrap(), TcpOption::NoOperation);
    assert!(options.next().is_none(), "the list ends at kind 0");
    let bytes = packet(0x010, &hex("01 08 0a 00"), &[]);
    let mut options = Segment::parse(&bytes[IP..]).unwrap().options();
    assert!(options.next().unwrap().is_ok() && options.next().unwrap().is_err() && options.next().is_none());
}

#[test]
fn every_kind_has_one_type() {
    let mut kinds: Vec<u8> = OPTIONS.iter().map(|of| of.kind.0).collect();
    kinds.sort_unstable();
    kinds.dedup();
    assert_eq!(kinds.len(), OPTIONS.len());
}

#[test]
fn a_line_says_what_a_segment_says() {
    assert_eq!(
        info(0x002, "020405b4 0402 080a0000000100000002 01 030307", &[]),
        "TCP 40000 → 50000 [SYN] Seq=1000 Win=512 Len=0 MSS=1460 SACK_PERM TSval=1 TSecr=2 WS=128"
    );
    assert_eq!(info(0x018, "", b"hello"), "TCP 40000 → 50000 [PSH, ACK] Seq=1000 Ack=2000 Win=512 Len=5");
    assert_eq!(info(0x030, "", &[]), "TCP 40000 → 50000 [ACK, URG] Seq=1000 Ack=2000 Win=512 Urg=0 Len=0");
    assert_eq!(info(0, "", &[]), "TCP 40000 → 50000 [<None>] Seq=1000 Win=512 Len=0");
    assert!(info(0x010, "0101 050a 00000bb8 00000fa0", &[]).ends_with(" Len=0 SLE=3000 SRE=4000"));
    assert!(
        info(0x010, "1c04 8005 fd06 0ed0 0102 ac05 010203", &[]).ends_with(" USER_TO=5 ExID=0ed0 EE0B=66051")
    );
    assert!(info(0x002, "1e04 0101", &[]).starts_with("MPTCP 40000 → 50000 [SYN]"));
}

#[test]
fn no_prefix_and_no_change_of_a_segment_panics() {
    for example in EXAMPLES {
        let flags = if example.starts_with('S') { 0x002 } else { 0x030 };
        testing::survives(LINK, &packet(flags, &hex(example.trim_start_matches('S')), b"data"));
    }
}

proptest! {
    #[test]
    fn any_options_end_and_stay_linear(options in prop::collection::vec(any::<u8>(), 0..=40), flags in 0u16..0x1000) {
        let bytes = packet(flags, &options, &[]);
        let segment = Segment::parse(&bytes[IP..]).unwrap();
        prop_assert_eq!(segment.header.length(), Header::LEN + segment.option_bytes.len());
        prop_assert!(segment.options().count() <= segment.option_bytes.len());
        let mut tree = Tree::new();
        Dissector::default().dissect(&See::alone(), &Packet::new(LINK, &bytes), &mut tree);
        prop_assert!(tree.nodes().len() < 100 + 16 * segment.option_bytes.len());
    }
}

#[test]
fn an_end_that_is_sent_again_is_what_it_was() {
    let first = packet(Flags::FIN.0 | Flags::ACK.0, &[], &[]);
    let mut answer = first.clone();
    answer[12..20].rotate_left(4);
    answer[IP..IP + 4].rotate_left(2);
    answer[IP + 4..IP + 8].copy_from_slice(&2000u32.to_be_bytes());
    answer[IP + 8..IP + 12].copy_from_slice(&1001u32.to_be_bytes());
    set_checksum(&mut answer);
    let (dissector, mut tree) = (Dissector::default(), Tree::new());
    let mut memory = dissector.memory();
    let ends = [&first, &answer, &first, &answer].into_iter().zip(1..).map(|(bytes, number)| {
        let packet = Packet { number, ..Packet::new(LINK, bytes) };
        dissector.dissect(&mut memory, &packet, &mut tree);
        let has = |name| tree.find(name).count();
        (has("tcp.connection.fin_active"), has("tcp.connection.fin_passive"))
    });
    assert_eq!(ends.collect::<Vec<_>>(), [(1, 0), (0, 1), (1, 0), (0, 1)]);
}
