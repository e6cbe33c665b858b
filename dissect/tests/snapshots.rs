//! Snapshots of testdata/: what must come out of the book's packets, of our captures, and of packets made by hand.
//!
//! Each snapshot was read against the RFCs and against tshark before it was kept. To see what a change does to them, run
//! with `INSTA_UPDATE=always` and read the difference.

use dissect::capture::{LinkType, Reader, Time};
use dissect::format::{self, Json, Summary, Text};
use dissect::{Dissection, Dissector, Field, Line, Out, Packet, See, Tree};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The files of a folder of testdata/, in order.
fn files(folder: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root().join("testdata").join(folder)).unwrap();
    let mut files: Vec<PathBuf> =
        entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_file()).collect();
    files.sort();
    files
}

fn keep(name: &str, text: &str) {
    insta::with_settings!({
        snapshot_path => root().join("snapshots"), prepend_module_to_snapshot => false, omit_expression => true
    }, {
        insta::assert_snapshot!(name, text);
    });
}

/// Runs over the packets of a capture, or of a file of packets made by hand: a line a packet with link type, bytes in
/// hexadecimal, and after `#` what it is. Behind the link type may stand `/` and the packet's length on the wire, where
/// that is more, and `@` and the second since 1970 when it was captured.
fn each(path: &Path, mut run: impl FnMut(&Packet<'_>, &str)) {
    let bytes = std::fs::read(path).unwrap();
    if path.extension().is_some_and(|ending| ending == "hex") {
        let text = String::from_utf8(bytes).unwrap();
        let lines = text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
        for (at, line) in lines.enumerate() {
            let (packet, remark) = line.split_once('#').unwrap_or((line, ""));
            let mut words = packet.split_whitespace();
            let (head, time) = split(words.next().unwrap(), '@');
            let (link, original) = split(head, '/');
            let digits: String = words.collect();
            let byte = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).unwrap();
            let bytes: Vec<u8> = (0..digits.len()).step_by(2).map(byte).collect();
            let mut packet = Packet::new(LinkType(link.parse().unwrap()), &bytes);
            packet.number = at as u64 + 1;
            packet.time = time.map(|seconds| Time::new(seconds.parse().unwrap(), 0));
            packet.original = original.map_or(packet.original, |length| length.parse().unwrap());
            run(&packet, remark.trim());
        }
        return;
    }
    let mut reader = Reader::new(&bytes[..]).unwrap();
    while let Some(packet) = reader.next() {
        run(&packet.unwrap(), "");
    }
}

/// What stands before the sign, and behind it if it is there.
fn split(text: &str, sign: char) -> (&str, Option<&str>) {
    text.split_once(sign).map_or((text, None), |(before, behind)| (before, Some(behind)))
}

/// The tree with all that a node is: name, place, line; hidden ones in brackets.
fn plainly(dissection: Dissection<'_>, out: &mut Out) {
    let mut ends: Vec<u32> = Vec::new();
    for (at, node) in dissection.tree.nodes().iter().enumerate() {
        ends.retain(|end| *end > at as u32);
        out.spaces(ends.len() * 2);
        let hidden = node.is(dissect::Node::HIDDEN);
        out.str(if hidden { "(" } else { "" }).str(node.field.name).str(if hidden { ")" } else { "" });
        out.fmt(format_args!(" [{}+{}", node.start, node.len)).str(if node.source > 0 {
            " of a further source] "
        } else {
            "] "
        });
        format::line(dissection.item(at).unwrap(), out);
        out.byte(b'\n');
        ends.push(node.end);
    }
}

#[test]
fn the_books_packets() {
    let (dissector, mut tree, mut line) = (Dissector::default(), Tree::new(), Line::new());
    for path in files("book") {
        let name = path.file_stem().unwrap().to_str().unwrap();
        let (mut summaries, mut trees, mut bytes, mut json) =
            (Out::new(), Out::new(), Out::new(), Out::new());
        let (mut summary, mut objects) = (Summary::default(), Json::array());
        objects.begin(&mut json);
        let mut memory = dissector.memory();
        each(&path, |packet, _| dissector.learn(&mut memory, packet));
        let see = See::with(&memory, u64::MAX);
        each(&path, |packet, _| {
            dissector.dissect_and_summarize(&see, packet, &mut tree, &mut line);
            let dissection = Dissection { tree: &tree, packet };
            summary.packet(packet, &line, &mut summaries);
            Text::default().packet(dissection, &mut trees);
            format::hex(dissection, &mut bytes);
            objects.packet(dissection, &mut json);
        });
        objects.end(&mut json);
        for (kind, out) in [("summary", summaries), ("tree", trees), ("hex", bytes), ("json", json)] {
            keep(&format!("book-{name}-{kind}"), &out.to_string_lossy());
        }
    }
}

/// How many lines of a capture's summary are kept.
const LINES: u64 = 120;

#[test]
fn the_summaries_of_our_captures() {
    let (dissector, mut line) = (Dissector::default(), Line::new());
    for folder in ["sctp", "sip", "webrtc"] {
        for path in files(folder) {
            let (mut out, mut summary, mut memory) = (Out::new(), Summary::default(), dissector.memory());
            each(&path, |packet, _| {
                if packet.number <= LINES {
                    dissector.learn(&mut memory, packet);
                    dissector.summarize(&See::with(&memory, packet.number), packet, &mut line);
                    summary.packet(packet, &line, &mut out);
                }
            });
            keep(
                &format!("{folder}-{}-summary", path.file_stem().unwrap().to_str().unwrap()),
                &out.to_string_lossy(),
            );
        }
    }
}

/// What no packet of this crate's own protocols can bring about: none of them opens further sources by itself. And what remarks
/// say: their nodes are those of the remarks.
const OF_NO_NODE: &[&str] =
    &["_ws.too_many_sources", "_ws.expert", "_ws.expert.message", "_ws.expert.severity", "_ws.expert.group"];

/// Every packet made by hand, and of our captures every packet that has a field no packet before it had, with all that was
/// learnt of the capture: together they show every field there is.
#[test]
fn every_field_is_met_in_a_snapshot() {
    let (dissector, mut tree) = (Dissector::default(), Tree::new());
    let mut met: BTreeSet<&str> = BTreeSet::new();
    for folder in ["book", "sctp", "webrtc", "sip", "made"] {
        for path in files(folder) {
            let (mut out, mut memory) = (Out::new(), dissector.memory());
            each(&path, |packet, _| dissector.learn(&mut memory, packet));
            each(&path, |packet, remark| {
                dissector.dissect(&See::with(&memory, u64::MAX), packet, &mut tree);
                let fields =
                    tree.nodes().iter().flat_map(|node| [&[node.field], node.field.show.also].concat());
                let before = met.len();
                met.extend(fields.map(|field: &Field| field.name));
                if met.len() > before || folder == "made" {
                    out.str("== packet ")
                        .dec(packet.number)
                        .str(if remark.is_empty() { "" } else { ": " })
                        .str(remark);
                    out.byte(b'\n');
                    plainly(Dissection { tree: &tree, packet }, &mut out);
                }
            });
            if !out.is_empty() {
                keep(
                    &format!("fields-{folder}-{}", path.file_stem().unwrap().to_str().unwrap()),
                    &out.to_string_lossy(),
                );
            }
        }
    }
    let all = dissector.protocols().iter().flat_map(|one| one.fields.iter().copied().flatten());
    let unmet: BTreeSet<&str> = all
        .map(|field| field.name)
        .filter(|name| !met.contains(name) && !OF_NO_NODE.contains(name))
        .collect();
    assert!(unmet.is_empty(), "{} fields are met in no snapshot: {unmet:#?}", unmet.len());
}
