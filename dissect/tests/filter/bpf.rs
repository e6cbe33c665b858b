//! Capture filters over the test captures: what tcpdump picks, and what is picked here.
//!
//! `bpf.txt` has a capture behind `#`, then expressions, and under each tcpdump's answer, indented: numbers of packets, `none`,
//! or `error`; and `here` with the answer here where that is another and docs/differences.md has a row for it. Where tcpdump is
//! installed, it is asked again, and `SCTPDUMP_UPDATE=1` writes its answers and those here into the list.

use crate::list::{Row, ranges, rows};
use crate::{each, root};
use dissect::Bpf;
use dissect::capture::{LinkType, Packet, PcapFile, Reader, Writer};
use proptest::prelude::*;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

fn path() -> PathBuf {
    root().join("dissect/tests/filter/bpf.txt")
}

fn list() -> Vec<Row> {
    rows(&path())
}

/// A packet of a capture, on its own.
#[derive(Clone, Debug, PartialEq)]
struct Kept {
    number: u64,
    link: LinkType,
    bytes: Vec<u8>,
    original: u32,
}

impl Kept {
    fn packet(&self) -> Packet<'_> {
        Packet { number: self.number, original: self.original, ..Packet::new(self.link, &self.bytes) }
    }
}

/// The packets of a capture that have the first one's link type: tcpdump takes one of them.
fn packets(capture: &str) -> Vec<Kept> {
    let mut all = Vec::<Kept>::new();
    each(&root().join("testdata").join(capture), u64::MAX, |packet| {
        let Packet { number, link, original, .. } = *packet;
        if all.first().is_none_or(|first| first.link == link) {
            all.push(Kept { number, link, bytes: packet.bytes.to_vec(), original });
        }
    });
    all
}

fn picked(packets: &[Kept], text: &str) -> String {
    match Bpf::compile(text) {
        Ok(expression) => {
            let passing = packets.iter().filter(|kept| expression.accepts(&kept.packet()));
            ranges(&passing.map(|kept| kept.number).collect::<Vec<_>>())
        }
        Err(_) => "error".to_owned(),
    }
}

#[test]
fn expressions_pick_what_tcpdump_picks() {
    let rows = list();
    assert!(rows.len() >= 150, "the list has {} expressions", rows.len());
    assert!(rows.iter().filter(|row| row.theirs == "error").count() >= 30);
    if std::env::var_os("SCTPDUMP_UPDATE").is_some() {
        return;
    }
    let differences = std::fs::read_to_string(root().join("docs/differences.md")).unwrap();
    for group in rows.chunk_by(|a, b| a.capture == b.capture) {
        let packets = packets(&group[0].capture);
        for row in group {
            let expected = row.here.as_ref().unwrap_or(&row.theirs);
            assert_eq!(&picked(&packets, &row.text), expected, "{} in {}", row.text, row.capture);
            if row.here.is_some() {
                let shown = row.text.replace('|', "\\|");
                assert!(
                    differences.contains(&format!("`{shown}`")),
                    "docs/differences.md has no row for {shown}"
                );
            }
        }
    }
}

/// What tcpdump picks of these packets: of what it writes, each is the next one here with the same bytes, as the choice depends
/// on the bytes alone.
fn tcpdump(packets: &[Kept], text: &str) -> String {
    let mut writer = Writer::pcap(Vec::new(), PcapFile::new(packets[0].link)).unwrap();
    for kept in packets {
        writer.packet(&kept.packet()).unwrap();
    }
    let capture = writer.finish().unwrap();
    let mut command = Command::new("tcpdump");
    command.args(["-n", "-r", "-", "-w", "-", "--", text]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.stderr(Stdio::null()).spawn().unwrap();
    let mut pipe = child.stdin.take().unwrap();
    let feeder = std::thread::spawn(move || {
        // A wrong expression ends tcpdump before it reads.
        let _ = pipe.write_all(&capture);
    });
    let output = child.wait_with_output().unwrap();
    feeder.join().unwrap();
    if !output.status.success() {
        return "error".to_owned();
    }
    let (mut numbers, mut rest) = (Vec::new(), packets.iter());
    let mut reader = Reader::new(&output.stdout[..]).unwrap();
    while let Some(packet) = reader.next() {
        let packet = packet.unwrap();
        let same = |kept: &&Kept| kept.bytes == packet.bytes && kept.original == packet.original;
        numbers.push(rest.find(same).expect("tcpdump writes what it was given").number);
    }
    ranges(&numbers)
}

#[test]
fn tcpdump_still_picks_what_the_list_says() {
    if Command::new("tcpdump").arg("--version").output().is_err() {
        println!("skipped: there is no tcpdump");
        return;
    }
    let (rows, update) = (list(), std::env::var_os("SCTPDUMP_UPDATE").is_some());
    let mut text = String::new();
    for group in rows.chunk_by(|a, b| a.capture == b.capture) {
        let packets = packets(&group[0].capture);
        let _ = writeln!(text, "{}# {}", if text.is_empty() { "" } else { "\n" }, group[0].capture);
        for row in group {
            let answer = tcpdump(&packets, &row.text);
            if !update {
                assert_eq!(answer, row.theirs, "{} in {}", row.text, row.capture);
            }
            let _ = writeln!(text, "{}\n\t{answer}", row.text);
            let here = picked(&packets, &row.text);
            if here != answer {
                let _ = writeln!(text, "\there {here}");
            }
        }
    }
    if update {
        std::fs::write(path(), text).unwrap();
    }
}

fn check(text: &str) -> Result<(), TestCaseError> {
    match Bpf::compile(text) {
        Ok(expression) => {
            let printed = expression.to_string();
            let again = Bpf::compile(&printed);
            let again =
                again.map_err(|error| TestCaseError::fail(format!("{text:?} -> {printed:?}: {error}")))?;
            prop_assert!(again == expression, "{:?} -> {:?} -> {:?}", text, printed, again.to_string());
            for link in [0, 1, 101, 113, 276, 9, 51, 105] {
                let bytes: Vec<u8> = (0..60).collect();
                for len in [0, 1, 14, 33, 60] {
                    let _ = expression.accepts(&Packet::new(LinkType(link), &bytes[..len]));
                }
            }
        }
        Err(error) => {
            prop_assert!(text.get(error.span.clone()).is_some(), "{:?}: {:?}", text, error);
            prop_assert!(!error.sentence.is_empty());
            prop_assert_eq!(error.caret(text, "").lines().count(), 2);
        }
    }
    Ok(())
}

/// Pieces of expressions, so that many of the texts made of them are some.
fn piece() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "tcp",
        "udp",
        "sctp",
        "ip",
        "ip6",
        "arp",
        "ether",
        "icmp",
        "icmp6",
        "stp",
        "esp",
        "src",
        "dst",
        "host",
        "net",
        "mask",
        "port",
        "portrange",
        "proto",
        "and",
        "or",
        "not",
        "&&",
        "||",
        "!",
        "(",
        ")",
        "[",
        "]",
        ":",
        "len",
        "less",
        "greater",
        "vlan",
        "mpls",
        "pppoes",
        "pppoed",
        "inbound",
        "outbound",
        "ifindex",
        "broadcast",
        "multicast",
        "=",
        "==",
        "!=",
        "<",
        "<=",
        ">",
        ">=",
        "+",
        "-",
        "*",
        "/",
        "%",
        "&",
        "|",
        "^",
        "<<",
        ">>",
        "0",
        "1",
        "2",
        "4",
        "80",
        "0x10",
        "010",
        "65535",
        "4294967295",
        "10.0.0.1",
        "10.1",
        "10",
        "255.0.0.0",
        "::1",
        "fe80::",
        "2:0:0:0:0:1",
        "80-90",
        "http",
        "\\tcp",
        "\\udp",
        "tcpflags",
        "tcp-syn",
        "icmptype",
        "tcp[13]",
        "ip[6:2]",
        "ether[0]",
        "gateway",
        "é",
        "$",
        "\\",
    ])
}

/// Expressions that are mostly right.
fn test() -> impl Strategy<Value = String> {
    let sum = || {
        let leaf = prop_oneof![
            any::<u32>().prop_map(|number| number.to_string()),
            Just("len".to_owned()),
            (0u8..60, prop::sample::select(vec!["ip", "tcp", "ether", "icmp6", "arp", "sctp"]))
                .prop_map(|(at, name)| format!("{name}[{at}:2]")),
        ];
        leaf.prop_recursive(3, 8, 2, |inner| {
            let signs = prop::sample::select(vec!["+", "-", "*", "&", "|", "^", "%", "/"]);
            prop_oneof![
                (inner.clone(), signs, inner.clone()).prop_map(|(a, sign, b)| format!("{a} {sign} {b}")),
                (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} - -{b})")),
                inner.prop_map(|a| format!("udp[{a}]")),
            ]
        })
    };
    let leaf = prop_oneof![
        prop::sample::select(vec!["tcp", "udp", "sctp", "ip6", "arp"]).prop_map(str::to_owned),
        any::<(u16, u16)>().prop_map(|(a, b)| format!("udp dst port {a} or {b}")),
        any::<u16>().prop_map(|a| format!("src and dst portrange {a}-{}", a / 2)),
        any::<u32>().prop_map(|a| format!("src net {}", std::net::Ipv4Addr::from(a))),
        any::<u32>().prop_map(|a| format!("net {}.{}", a >> 24, a >> 16 & 0xff)),
        any::<u128>().prop_map(|a| format!("dst host {}", std::net::Ipv6Addr::from(a))),
        (0u16..4096).prop_map(|a| format!("vlan {a}")),
        Just("mpls".to_owned()),
        (sum(), sum(), prop::sample::select(vec!["=", "!=", "<", "<=", ">", ">="]))
            .prop_map(|(a, b, sign)| format!("{a} {sign} {b}")),
    ];
    leaf.prop_recursive(3, 12, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{a} and {b}")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{a} || ({b})")),
            inner.prop_map(|a| format!("not ({a})")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_an_expression_or_an_error_in_it(text in any::<String>()) {
        check(&text)?;
    }

    #[test]
    fn any_pieces_are_an_expression_or_an_error_in_them(
        pieces in prop::collection::vec(piece(), 0..12), tight in any::<bool>()
    ) {
        check(&pieces.join(if tight { "" } else { " " }))?;
    }

    #[test]
    fn what_is_printed_reads_the_same(text in test()) {
        check(&text)?;
    }
}

#[test]
fn what_stands_too_deep_or_is_too_long_is_an_error() {
    for (open, close) in [("(", ")"), ("not ", ""), ("-", ""), ("ip[", "]"), ("port (", ")"), ("port !", "")]
    {
        for end in ["5", "tcp", "5 = 5"] {
            let nested = format!("{}{end}{}", open.repeat(5_000), close.repeat(5_000));
            assert!(Bpf::compile(&nested).is_err(), "{open}{end}");
        }
    }
    assert!(Bpf::compile(&format!("{}tcp", "not ".repeat(64))).is_ok());
    assert!(
        Bpf::compile(&format!("{}tcp", "not ".repeat(65)))
            .unwrap_err()
            .sentence
            .contains("stand in each other")
    );
    let sum = |terms: usize| format!("len{} > 5", " + 1".repeat(terms));
    assert!(Bpf::compile(&sum(64)).is_ok());
    assert!(Bpf::compile(&sum(65)).unwrap_err().sentence.contains("side by side"));
    // What is just not too deep is not too deep when it was printed.
    for (begin, middle, end, deepest) in [
        ("len", " % len", "", 64),
        ("", "-", "len", 64),
        ("len", " + len % 2", "", 32),
        ("len", " % -len", "", 32),
        ("", "(", "len + 1", 63),
        ("", "1 - (", "len", 32),
    ] {
        let nested = |levels: usize| {
            let close = if middle.contains('(') { ")".repeat(levels) } else { String::new() };
            format!("{begin}{}{end}{close} = 1", middle.repeat(levels))
        };
        check(&nested(deepest)).unwrap();
        assert!(Bpf::compile(&nested(deepest)).is_ok(), "{}", nested(deepest));
        assert!(Bpf::compile(&nested(deepest + 1)).is_err(), "{middle}");
    }
    let many = |terms: usize| vec!["tcp"; terms].join(" or ");
    let expression = Bpf::compile(&many(9_000)).unwrap();
    assert!(!expression.accepts(&Packet::new(LinkType::ETHERNET, &[0; 60])));
    assert!(Bpf::compile(&many(20_000)).unwrap_err().sentence.contains("at most"));
    assert!(Bpf::compile(&"vlan and ".repeat(7_000)).is_err());
}
