//! A packet of an invented protocol that has every kind and shape of field, in every output.

use dissect::capture::{LinkType, Time};
use dissect::field::{Area, Base, Severity};
use dissect::tree::Item;
use dissect::{Cx, Dissection, Dissector, Line, Malformed, Node, Out, Packet, Protocol, See, Show, Tree};
use dissect::{codes, fields, format};

codes! {
    /// The kind of a toy.
    pub ToyType: u8, TOY_TYPES, "Unknown" {
        /// A ball.
        BALL = 0, "BALL";
        /// A kite.
        KITE = 7, "KITE & <TAIL>";
    }
}

fields! {
    /// A toy.
    ROOT = "toy", "Toy Protocol", Show::protocol().write(write_root), "sctpdump";
    /// A number with a name.
    TYPE = "toy.type", "Type", Show::u8().codes(&TOY_TYPES), "sctpdump";
    /// A hexadecimal number with a name.
    HEX_TYPE = "toy.hex_type", "Hexadecimal type", Show::u8().hex().codes(&TOY_TYPES), "sctpdump";
    /// Flags.
    FLAGS = "toy.flags", "Flags", Show::u8().hex(), "sctpdump";
    /// A flag.
    FLAG = "toy.flag", "First", Show::flag().mask(0x80).words("It is", "It isn't"), "sctpdump";
    /// Bits.
    BITS = "toy.bits", "Bits", Show::u16().mask(0x0ff0), "sctpdump";
    /// True or false without words.
    TRUTH = "toy.truth", "Truth", Show { words: None, ..Show::flag() }, "sctpdump";
    /// Decimal, then hexadecimal.
    DEC_HEX = "toy.dec_hex", "Both", Show::u16().base(Base::DecHex), "sctpdump";
    /// Hexadecimal, then decimal.
    HEX_DEC = "toy.hex_dec", "Both", Show::u16().base(Base::HexDec), "sctpdump";
    /// Octal.
    OCT = "toy.oct", "Octal", Show::u16().base(Base::Oct), "sctpdump";
    /// Wide.
    WIDE = "toy.wide", "Wide", Show::u64(), "sctpdump";
    /// Signed.
    SIGNED = "toy.signed", "Signed", Show::i32(), "sctpdump";
    /// Floating-point.
    DOUBLE = "toy.double", "Double", Show::double(), "sctpdump";
    /// An IPv4 address.
    IPV4 = "toy.ipv4", "IPv4", Show::ipv4().also(&[&ADDRESS]), "sctpdump";
    /// Any address.
    ADDRESS = "toy.addr", "Address", Show::ipv4(), "sctpdump";
    /// An IPv6 address.
    IPV6 = "toy.ipv6", "IPv6", Show::ipv6(), "sctpdump";
    /// A hardware address.
    ETHER = "toy.ether", "Ether", Show::ether(), "sctpdump";
    /// Bytes.
    BYTES = "toy.bytes", "Bytes", Show::bytes(), "sctpdump";
    /// Text.
    TEXT = "toy.text", "Text", Show::text(), "sctpdump";
    /// A moment.
    MOMENT = "toy.moment", "Moment", Show::moment(), "sctpdump";
    /// A length of time.
    DURATION = "toy.duration", "Duration", Show::duration(), "sctpdump";
    /// The number of a packet.
    PACKET = "toy.packet", "Answered in", Show::packet(), "sctpdump";
    /// How long it is.
    LENGTH = "toy.length", "Length", Show::u32().unit(" bytes"), "sctpdump";
    /// A part.
    PART = "toy.part", "Part", Show::group().repeats().write(write_part), "sctpdump";
    /// A number that repeats.
    ITEM = "toy.item", "Item", Show::u8().repeats(), "sctpdump";
    /// A group that does not repeat.
    GROUP = "toy.group", "Group", Show::group(), "sctpdump";
    /// A remark.
    REMARK = "toy.remark", "This \"toy\" is broken", Show::expert(Severity::Warn, Area::Protocol), "sctpdump";
    /// Inside.
    INNER = "inner", "Inner Protocol", Show::protocol(), "sctpdump";
    /// A label that is longer than any row that is prepared for labels, so that it goes the general way through the outputs.
    LONG = "toy.a_name_that_is_longer_than_any_row_that_is_prepared_for_the_names_of_fields", "A label that is longer than any row that is prepared for the labels of fields", Show::u8(), "sctpdump";
}

static TOY: Protocol = Protocol::new("toy", "TOY", "Toy Protocol", "sctpdump", walk, &[FIELDS]);

fn write_root(item: Item<'_>, out: &mut Out) {
    out.str(", Type: ").dec(item.number(&TYPE).unwrap_or(0));
}

fn write_part(item: Item<'_>, out: &mut Out) {
    out.str(" (").dec(item.children().count() as u64).byte(b')');
}

/// Text with what a terminal, XML or JSON would take for something else, and bytes that are no UTF-8.
const WICKED: &[u8] = b"a\x1b[2J\x00\t\r\n<&\"'>\\ \xc3\xa4\xff\xe2\x80\xae\x7f\xc2\x85\xef\xbf\xbe z";

fn walk(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    let part = |at: usize, len: usize| bytes.get(at..at + len).unwrap_or(&[]);
    cx.group(&ROOT, bytes, |cx| {
        cx.leaf(&TYPE, part(0, 1), 7);
        cx.leaf(&HEX_TYPE, part(0, 1), 9);
        cx.group_with(&FLAGS, part(1, 1), 0x81, |cx| {
            cx.bits(&FLAG, part(1, 1), 0x81);
            cx.bits(&BITS, part(1, 2), 0x8120);
        });
        cx.leaf(&TRUTH, part(2, 1), 1);
        cx.leaf(&DEC_HEX, part(2, 2), 513);
        cx.leaf(&HEX_DEC, part(2, 2), 513);
        cx.leaf(&OCT, part(2, 2), 8);
        cx.leaf(&WIDE, part(0, 8), u64::MAX);
        cx.leaf(&SIGNED, part(0, 4), -5i64 as u64);
        cx.leaf(&DOUBLE, part(0, 8), 1.5f64.to_bits());
        cx.leaf(&IPV4, part(0, 4), 0x0a4d_0101);
        cx.leaf(&IPV6, part(0, 16), 0);
        cx.leaf(&ETHER, part(0, 6), 0);
        cx.leaf(&BYTES, part(0, 40), 0);
        cx.own_text(&TEXT, part(0, 3), WICKED, 0);
        cx.leaf(&MOMENT, &[], -1_500_000_001i64 as u64);
        cx.leaf(&DURATION, &[], 30_177_000);
        cx.generated(&PACKET, &[], 39);
        cx.generated(&LENGTH, &[], 100_000_000_000);
        cx.marked(&LENGTH, &[], 5, Node::HIDDEN);
        cx.leaf(&LONG, part(0, 1), 1);
        cx.group(&PART, part(0, 2), |cx| cx.leaf(&ITEM, part(0, 1), 1));
        cx.leaf(&TYPE, part(0, 1), 0);
        cx.group(&PART, part(2, 2), |cx| {
            cx.leaf(&ITEM, part(0, 1), 2);
            cx.group_with(&ITEM, part(1, 1), 3, |cx| cx.expert(&REMARK, part(1, 1)));
            cx.group(&INNER, part(3, 1), |cx| cx.leaf(&TYPE, part(3, 1), 3));
            cx.group(&INNER, part(4, 1), |cx| cx.group(&INNER, part(5, 1), |_| ()));
        });
        cx.group(&GROUP, part(4, 1), |_| ());
        cx.malformed(bytes, Malformed::short(&WIDE, 38, 8, 2));
    });
    true
}

fn packet(write: impl FnOnce(&Packet<'_>, Dissection<'_>, &mut Out)) -> String {
    let bytes: Vec<u8> = (0..40).collect();
    let time = Some(Time::new(1_795_293_497, 951_101_000));
    let (packet, mut tree, mut out) =
        (Packet { time, ..Packet::new(LinkType(1), &bytes) }, Tree::new(), Out::new());
    Dissector::new(&[&TOY]).dissect(&See::alone(), &packet, &mut tree);
    write(&packet, Dissection { tree: &tree, packet: &packet }, &mut out);
    String::from_utf8(out.as_bytes().to_vec()).expect("outputs are UTF-8")
}

fn check(name: &str, text: &str) {
    insta::with_settings!({
        snapshot_path => concat!(env!("CARGO_MANIFEST_DIR"), "/../snapshots"),
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, { insta::assert_snapshot!(name, text) });
}

#[test]
fn the_tree_as_text() {
    let text = packet(|_, dissection, out| format::Text::default().packet(dissection, out));
    assert!(text.bytes().all(|byte| byte == b'\n' || !byte.is_ascii_control()));
    check("shapes_text", &text);
}

#[test]
fn the_tree_in_colours_is_the_tree_without_its_escapes() {
    let plain = packet(|_, dissection, out| format::Text::default().packet(dissection, out));
    let coloured = packet(|_, dissection, out| {
        format::Text::default().style(format::Style::ANSI).packet(dissection, out);
    });
    let mut stripped = String::new();
    for (at, piece) in coloured.split('\x1b').enumerate() {
        stripped.push_str(if at == 0 { piece } else { piece.split_once('m').expect("an escape").1 });
    }
    assert_eq!(stripped, plain);
    assert!(coloured.contains("\x1b[1;31m[Malformed"));
}

#[test]
fn only_chosen_protocols_are_written_in_full() {
    let text = packet(|_, dissection, out| format::Text::default().only(["inner"]).packet(dissection, out));
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines,
        [
            "Toy Protocol, Type: 7",
            "    Inner Protocol",
            "        Type: Unknown (3)",
            "    Inner Protocol",
            "        Inner Protocol",
            ""
        ]
    );
}

#[test]
fn the_tree_as_pdml() {
    let text = packet(|_, dissection, out| {
        let mut pdml = format::Pdml::default();
        pdml.begin(out);
        pdml.packet(dissection, out);
        pdml.end(out);
    });
    check("shapes_pdml", &text);
}

#[test]
fn the_tree_as_json() {
    let text = packet(|_, dissection, out| {
        let mut json = format::Json::array();
        json.begin(out);
        json.packet(dissection, out);
        json.end(out);
    });
    let value: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let toy = &value[0]["layers"][0];
    assert_eq!(toy["toy.type"], 7);
    assert_eq!(toy["toy.type#2"], 0, "a field that is not declared to repeat loses nothing");
    assert_eq!(toy["toy.wide"], "18446744073709551615");
    assert_eq!(toy["toy.flags_tree"]["toy.flag"], true);
    assert_eq!(toy["toy.part"][0]["toy.item"], serde_json::json!([1]), "one is an array too");
    assert_eq!(toy["toy.part"][1]["toy.item"], serde_json::json!([2, 3]));
    assert_eq!(toy["toy.part"][1]["toy.item_tree"][0], serde_json::Value::Null);
    assert_eq!(toy["toy.part"][1]["layers"][1]["layers"][0]["protocol"], "inner");
    assert_eq!(toy["_ws.malformed"][0]["offset"], 38);
    check("shapes_json", &serde_json::to_string_pretty(&value).expect("JSON"));
}

#[test]
fn packets_of_json_are_lines() {
    let mut json = format::Json::array();
    let mut all = String::new();
    for _ in 0..2 {
        all += &packet(|_, dissection, out| json.packet(dissection, out));
    }
    assert_eq!(all.lines().count(), 2);
    let mut out = Out::new();
    json.begin(&mut out);
    out.str(&all);
    json.end(&mut out);
    let value: serde_json::Value = serde_json::from_slice(out.as_bytes()).expect("JSON");
    assert_eq!(value.as_array().map(Vec::len), Some(2));
    let empty = format::Json::array();
    out.clear();
    empty.begin(&mut out);
    empty.end(&mut out);
    assert_eq!(
        serde_json::from_slice::<serde_json::Value>(out.as_bytes()).expect("JSON"),
        serde_json::json!([])
    );
}

#[test]
fn bytes_in_hexadecimal() {
    let text = packet(|_, dissection, out| format::hex(dissection, out));
    assert_eq!(
        text,
        "0000  00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f   ................\n\
         0010  10 11 12 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f   ................\n\
         0020  20 21 22 23 24 25 26 27                            !\"#$%&'\n\n"
    );
}

#[test]
fn a_value_and_its_show() {
    let bytes: Vec<u8> = (0..40).collect();
    let (packet, mut tree) = (Packet::new(LinkType(1), &bytes), Tree::new());
    Dissector::new(&[&TOY]).dissect(&See::alone(), &packet, &mut tree);
    let dissection = Dissection { tree: &tree, packet: &packet };
    let of = |name: &str, write: fn(Item<'_>, &mut Out)| {
        let (index, _) = tree.find(name).next().expect("the field");
        let mut out = Out::new();
        write(dissection.item(index).expect("the node"), &mut out);
        out.to_string_lossy()
    };
    assert_eq!(of("toy.hex_type", format::value), "0x09");
    assert_eq!(of("toy.hex_type", format::line), "Hexadecimal type: Unknown (0x09)");
    assert_eq!(of("toy.truth", format::show), "1");
    assert_eq!(of("toy.moment", format::value), "Dec 31, 1969 23:59:58.499999999 UTC");
    assert_eq!(
        of("toy.text", format::value),
        "a\\033[2J\\000\\t\\r\\n<&\"'>\\ ä\u{fffd}\\u202E\\177\\u0085\\uFFFE z"
    );
    assert_eq!(of("toy.text", format::show), "a\\x1b[2J\\x0  <&\"'>\\ ä\u{fffd}\\u202E\\x7f\\u0085\\uFFFE z");
}

#[test]
fn summary_columns_are_tsharks() {
    let address = |last: u32| dissect::Address::Ipv4(0x0a4d_0100 + last);
    let mut line = Line::new();
    (line.source, line.destination, line.protocol) = (address(1), address(2), "SCTP");
    line.info.str("INIT ");
    let (mut summary, mut out) = (format::Summary::default(), Out::new());
    for (number, micros) in [(1, 0), (12, 3_288), (123_456, -1_000_001), (7, 100_000_000_000_000)] {
        let time = Time::from_nanoseconds(1_795_293_497_951_101_999 + micros * 1000);
        let packet = Packet { number, time, original: 154, ..Packet::new(LinkType(1), &[]) };
        summary.packet(&packet, &line, &mut out);
    }
    assert_eq!(
        out.to_string_lossy(),
        "    1   0.000000    10.77.1.1 → 10.77.1.2    SCTP 154 INIT \n   \
         12   0.003288    10.77.1.1 → 10.77.1.2    SCTP 154 INIT \n\
         123456  -1.000001    10.77.1.1 → 10.77.1.2    SCTP 154 INIT \n    \
         7 100000000.000000    10.77.1.1 → 10.77.1.2    SCTP 154 INIT \n"
    );
}
