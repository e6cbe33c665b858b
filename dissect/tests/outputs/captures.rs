//! Every packet of the test captures, and packets with bytes changed at random: each output is what its readers expect.

use dissect::capture::{LinkType, Packet, Reader, Time};
use dissect::{Dissection, Dissector, Line, Out, See, Tree, format};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Any JSON, provided that no object has a key twice.
struct Unique;

impl<'de> Deserialize<'de> for Unique {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Unique, D::Error> {
        deserializer.deserialize_any(Unique)
    }
}

impl<'de> Visitor<'de> for Unique {
    type Value = Unique;
    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("JSON")
    }
    fn visit_bool<E>(self, _: bool) -> Result<Unique, E> {
        Ok(Unique)
    }
    fn visit_i64<E>(self, _: i64) -> Result<Unique, E> {
        Ok(Unique)
    }
    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Unique, E> {
        if value >> 53 == 0 { Ok(Unique) } else { Err(E::custom("a number that a reader may round")) }
    }
    fn visit_f64<E>(self, _: f64) -> Result<Unique, E> {
        Ok(Unique)
    }
    fn visit_str<E>(self, _: &str) -> Result<Unique, E> {
        Ok(Unique)
    }
    fn visit_unit<E>(self) -> Result<Unique, E> {
        Ok(Unique)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Unique, A::Error> {
        while items.next_element::<Unique>()?.is_some() {}
        Ok(Unique)
    }
    fn visit_map<A: MapAccess<'de>>(self, mut items: A) -> Result<Unique, A::Error> {
        let mut keys = BTreeSet::new();
        while let Some((key, _)) = items.next_entry::<String, Unique>()? {
            if !keys.insert(key.clone()) {
                return Err(serde::de::Error::custom(format!("{key} stands twice")));
            }
        }
        Ok(Unique)
    }
}

/// The outputs and what they write into, used again for every packet.
struct Outputs {
    dissector: Dissector,
    tree: Tree,
    line: Line,
    out: Out,
    text: format::Text,
    json: format::Json,
    pdml: format::Pdml,
    summary: format::Summary,
    elastic: format::Elastic,
    psml: format::Psml,
    csv: format::Columns,
    lines: format::Columns,
}

/// Columns of every sort: of the summary, text, protocols, several values.
const COLUMNS: [&str; 8] =
    ["frame.number", "_ws.col.Info", "ip", "ip.addr", "sip.Via", "sctp.chunk_type", "sip.msg_hdr", "data"];

impl Outputs {
    fn new() -> Outputs {
        let dissector = Dissector::default();
        let layout = format::Layout::csv();
        Outputs {
            csv: format::Columns::new(&dissector, &COLUMNS, layout, format::Per::Packet).unwrap(),
            lines: format::Columns::new(&dissector, &COLUMNS, format::Layout::default(), format::Per::Packet)
                .unwrap()
                .form(format::Form::Lines),
            dissector,
            elastic: format::Elastic::default(),
            psml: format::Psml::default(),
            tree: Tree::new(),
            line: Line::new(),
            out: Out::new(),
            text: format::Text::default(),
            json: format::Json::lines(),
            pdml: format::Pdml::default(),
            summary: format::Summary::default(),
        }
    }
    fn written(&mut self, write: impl FnOnce(&mut Outputs)) -> String {
        self.out.clear();
        write(self);
        let text = String::from_utf8(self.out.as_bytes().to_vec()).expect("outputs are UTF-8");
        let steers = |sign: char| {
            (sign.is_control() && sign != '\n')
                || matches!(sign, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        };
        assert!(!text.contains(steers), "a sign steers the terminal: {text:?}");
        text
    }
    fn check(&mut self, packet: &Packet<'_>) {
        self.check_with(See::alone(), packet);
    }
    fn check_with(&mut self, see: See<'_>, packet: &Packet<'_>) {
        self.dissector.dissect_and_summarize(&see, packet, &mut self.tree, &mut self.line);
        let text = self.written(|to| {
            to.text.packet(Dissection { tree: &to.tree, packet }, &mut to.out);
        });
        let shown = self.tree.nodes().iter().filter(|node| !node.is(dissect::Node::HIDDEN)).count();
        assert!(text.lines().count() <= shown + 1);
        let json = self.written(|to| to.json.packet(Dissection { tree: &to.tree, packet }, &mut to.out));
        assert_eq!(json.matches('\n').count(), 1, "an object is a line");
        if let Err(error) = serde_json::from_str::<Unique>(&json) {
            panic!("{error}: {json}");
        }
        let pdml = self.written(|to| to.pdml.packet(Dissection { tree: &to.tree, packet }, &mut to.out));
        self.check_pdml(&pdml);
        let dissection = Dissection { tree: &self.tree, packet };
        let mut fresh = Out::new();
        format::Text::forgetful().packet(dissection, &mut fresh);
        assert_eq!(text, fresh.to_string_lossy(), "what was remembered is what would be written");
        fresh.clear();
        format::Pdml::forgetful().packet(dissection, &mut fresh);
        assert_eq!(pdml, fresh.to_string_lossy(), "what was remembered is what would be written");
        fresh.clear();
        format::Json::forgetful().packet(dissection, &mut fresh);
        assert_eq!(json, fresh.to_string_lossy(), "what was remembered is what would be written");
        let line = self.written(|to| to.summary.packet(packet, &to.line, &mut to.out));
        assert_eq!(line.matches('\n').count(), 1, "a summary is a line");
        self.check_elastic(packet);
        self.check_raw(packet);
        self.check_psml(packet);
        self.check_csv(packet);
        let chosen = self.written(|to| {
            to.lines.packet(Dissection { tree: &to.tree, packet }, &to.line, |_, _| {}, &mut to.out);
        });
        serde_json::from_str::<Unique>(&chosen).unwrap_or_else(|error| panic!("{error}: {chosen}"));
    }
    /// Two lines of JSON: where the packet goes, and its layers, whose members have nothing nested in them.
    fn check_elastic(&mut self, packet: &Packet<'_>) {
        let text = self.written(|to| to.elastic.packet(Dissection { tree: &to.tree, packet }, &mut to.out));
        let [action, document] = text.lines().collect::<Vec<&str>>()[..] else { panic!("two lines: {text}") };
        for line in [action, document] {
            serde_json::from_str::<Unique>(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        }
        let action: serde_json::Value = serde_json::from_str(action).unwrap();
        assert!(action["index"]["_index"].is_string(), "{action}");
        let document: serde_json::Value = serde_json::from_str(document).unwrap();
        for layer in document["layers"].as_object().unwrap().values() {
            let layers = layer.as_array().map_or(std::slice::from_ref(layer), Vec::as_slice);
            for member in layers.iter().filter_map(|layer| layer.as_object()).flat_map(|layer| layer.values())
            {
                let values = member.as_array().map_or(std::slice::from_ref(member), Vec::as_slice);
                assert!(values.iter().all(|value| value.is_string() || value.is_boolean()), "{member}");
            }
        }
    }
    /// JSON without keys that stand twice, and the bytes that the packet has.
    fn check_raw(&mut self, packet: &Packet<'_>) {
        let text = self.written(|to| {
            let mut raw = format::JsonRaw::default();
            raw.begin(&mut to.out);
            raw.packet(Dissection { tree: &to.tree, packet }, &mut to.out);
            raw.end(&mut to.out);
        });
        serde_json::from_str::<Unique>(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
        let packets: serde_json::Value = serde_json::from_str(&text).unwrap();
        let frame = &packets[0]["_source"]["layers"]["frame_raw"];
        let mut hex = Out::new();
        hex.hex_bytes(packet.bytes, "");
        assert_eq!(
            (frame[0].as_str(), frame[2].as_u64()),
            (Some(&*hex.to_string_lossy()), Some(packet.bytes.len() as u64))
        );
    }
    /// A packet with its seven columns.
    fn check_psml(&mut self, packet: &Packet<'_>) {
        let text = self.written(|to| to.psml.packet(packet, &to.line, |_| {}, &mut to.out));
        let mut reader = quick_xml::Reader::from_str(&text);
        let mut sections = 0;
        loop {
            match reader.read_event().expect("XML") {
                quick_xml::events::Event::Start(start) if start.name().as_ref() == b"section" => {
                    sections += 1;
                }
                quick_xml::events::Event::Eof => break,
                _ => {}
            }
        }
        assert_eq!(sections, 7);
    }
    /// A row of CSV, with a field for each column, none of which is a formula.
    fn check_csv(&mut self, packet: &Packet<'_>) {
        let row = self.written(|to| {
            to.csv.packet(Dissection { tree: &to.tree, packet }, &to.line, |_, _| {}, &mut to.out);
        });
        let (mut fields, mut quoted) = (vec![String::new()], false);
        for sign in row.strip_suffix('\n').unwrap().chars() {
            match sign {
                '"' => quoted = !quoted,
                ',' if !quoted => fields.push(String::new()),
                sign => fields.last_mut().unwrap().push(sign),
            }
        }
        assert!(!quoted && fields.len() == COLUMNS.len(), "{row}");
        assert!(!fields.iter().any(|field| field.starts_with(['=', '+', '-', '@'])), "{row}");
    }
    /// Well-formed, every protocol at the packet's level, and every node there.
    fn check_pdml(&self, pdml: &str) {
        let mut reader = quick_xml::Reader::from_str(pdml);
        reader.config_mut().check_end_names = true;
        let (mut depth, mut protocols) = (0, 0);
        loop {
            let (event, empty) = match reader.read_event().expect("XML") {
                quick_xml::events::Event::Start(start) => (start, false),
                quick_xml::events::Event::Empty(start) => (start, true),
                quick_xml::events::Event::End(_) => {
                    depth -= 1;
                    continue;
                }
                quick_xml::events::Event::Eof => break,
                _ => continue,
            };
            if event.name().as_ref() == b"proto" {
                assert_eq!(depth, 1, "a protocol stands at the packet's level");
                protocols += 1;
            }
            for attribute in event.attributes() {
                let value = attribute.expect("an attribute").unescape_value().expect("a value").into_owned();
                assert!(!value.contains(|sign| matches!(sign, '\0'..='\x1f' | '\u{fffe}' | '\u{ffff}')));
            }
            depth += usize::from(!empty);
        }
        let nodes = self.tree.nodes().iter();
        let wanted = nodes.filter(|node| node.field.show.kind == dissect::Kind::Protocol).count();
        assert_eq!(protocols, wanted + 1, "all protocols and geninfo");
    }
}

fn captures(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            captures(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "pcap" || ending == "pcapng") {
            found.push(path);
        }
    }
}

/// Calls with at most so many packets of every test capture.
fn each_packet(most: usize, mut call: impl FnMut(&Packet<'_>)) {
    let mut paths = Vec::new();
    captures(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata"), &mut paths);
    assert!(paths.len() > 10, "the test captures are there");
    for path in paths {
        let file = std::fs::File::open(&path).expect("a capture");
        let Ok(mut reader) = Reader::new(file) else { continue };
        let mut left = most;
        while let (Some(Ok(packet)), true) = (reader.next(), left > 0) {
            call(&packet);
            left -= 1;
        }
    }
}

#[test]
fn of_every_capture() {
    let mut outputs = Outputs::new();
    each_packet(60, |packet| outputs.check(packet));
}

/// How many packets of each capture of a corpus are looked at.
const OF_EACH: u64 = 300;

/// All captures under the folder that `SCTPDUMP_CORPUS` names, with what their packets tell of each other.
#[test]
fn of_a_corpus() {
    let Some(folder) = std::env::var_os("SCTPDUMP_CORPUS") else {
        println!("skipped: SCTPDUMP_CORPUS names no folder of captures");
        return;
    };
    let (mut paths, mut outputs, mut files, mut packets) = (Vec::new(), Outputs::new(), 0, 0);
    everything(Path::new(&folder), &mut paths);
    for path in &paths {
        let file = std::fs::File::open(path).expect("a file");
        let Ok(mut reader) = Reader::new(file) else { continue };
        let mut memory = outputs.dissector.memory();
        files += 1;
        while let Some(next) = reader.next() {
            let Ok(packet) = next else { continue };
            if packet.number > OF_EACH {
                break;
            }
            outputs.dissector.learn(&mut memory, &packet);
            outputs.check_with(See::with(&memory, packet.number), &packet);
            packets += 1;
        }
    }
    println!(
        "{packets} packets of {files} captures, of {} files: every output is what its readers expect",
        paths.len()
    );
    assert!(files > 0, "no capture stands there");
}

fn everything(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { everything(&path, found) } else { found.push(path) }
    }
    found.sort();
}

#[test]
fn with_bytes_changed_at_random() {
    let (mut outputs, mut random, mut changed) = (Outputs::new(), 1u64, Vec::new());
    let mut next = move |below: usize| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) as usize % below.max(1)
    };
    each_packet(25, |packet| {
        for _ in 0..4 {
            changed.clear();
            changed.extend_from_slice(packet.bytes);
            for _ in 0..=next(6) {
                let at = next(changed.len());
                if let Some(byte) = changed.get_mut(at) {
                    *byte = next(256) as u8;
                }
            }
            changed.truncate(changed.len() - next(8).min(changed.len()) * next(2));
            outputs.check(&Packet { bytes: &changed, ..*packet });
        }
    });
}

#[test]
fn of_bytes_without_any_sense() {
    let mut outputs = Outputs::new();
    for link in [0, 1, 12, 101, 113, 228, 229, 276, 999] {
        for byte in [0, 0x45, 0x60, 0x7f, 0xff] {
            for len in [0, 1, 13, 14, 15, 40, 300] {
                let bytes = vec![byte; len];
                let time = Some(Time::new(i64::MIN, 999_999_999));
                outputs.check(&Packet { time, original: u32::MAX, ..Packet::new(LinkType(link), &bytes) });
            }
        }
    }
}
