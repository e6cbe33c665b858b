//! The engine over all of testdata/: what the page is given is what the command prints.

mod sift;

use super::*;
use crate::message::{Capture, Find, Packet as Shown, Row, TimeFormat};
use dissect::capture::Reader;
use dissect::format::{Summary, Text};
use dissect::{Dissection, Dissector, Line, Out, See, Tree};
use std::path::{Path, PathBuf};

type Bytes = Rc<[u8]>;

fn testdata() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata")
}

fn read(name: &str) -> Bytes {
    std::fs::read(testdata().join(name)).unwrap().into()
}

/// The captures of testdata/.
fn captures() -> Vec<PathBuf> {
    let folders = std::fs::read_dir(testdata()).unwrap().map(|entry| entry.unwrap().path());
    let files = folders.filter(|path| path.is_dir()).flat_map(|folder| std::fs::read_dir(folder).unwrap());
    let files = files.map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = files
        .filter(|path| {
            path.extension()
                .is_some_and(|ending| ["pcap", "pcapng", "gz"].iter().any(|known| ending == *known))
        })
        .collect();
    files.sort();
    assert!(files.len() > 60, "{}", files.len());
    files
}

fn ask(engine: &mut Engine<Bytes>, ask: Ask) -> Vec<Reply> {
    let mut replies = engine.ask(7, ask, None);
    while replies.is_empty() && engine.busy() {
        replies = engine.step(|| false);
    }
    replies
}

fn open(name: &str, bytes: Bytes) -> (Engine<Bytes>, Capture) {
    let mut engine = Engine::default();
    let mut replies = engine.ask(1, Ask::Open { name: name.to_owned() }, Some(bytes));
    while engine.busy() {
        replies = engine.step(|| false);
    }
    match replies.pop() {
        Some(Reply { number: 1, answer: Answer::Loaded { capture }, bytes: None }) => (engine, capture),
        other => panic!("{name}: {other:?}"),
    }
}

fn rows(engine: &mut Engine<Bytes>, first: u64, count: u32, time: TimeFormat) -> Vec<Row> {
    match ask(engine, Ask::Rows { first, count, time }).pop() {
        Some(Reply { number: 7, answer: Answer::Rows { rows, .. }, .. }) => rows,
        other => panic!("{other:?}"),
    }
}

fn packet(engine: &mut Engine<Bytes>, number: u64) -> (Shown, Vec<u8>) {
    match ask(engine, Ask::Packet { number }).pop() {
        Some(Reply { number: 7, answer: Answer::Packet(packet), bytes: Some(bytes) }) => (*packet, bytes),
        other => panic!("{other:?}"),
    }
}

/// The lines, indented as the command indents them.
fn text(packet: &Shown) -> String {
    let lines = packet.lines.iter();
    lines.flat_map(|line| ["    ".repeat(line.depth.into()), line.text.clone(), "\n".to_owned()]).collect()
}

/// Rows, trees, bytes and places of every packet of testdata/ are what the library's outputs have, which the command
/// prints with `-2`.
#[test]
fn every_packet_is_shown_as_the_command_prints_it() {
    let dissector = Dissector::default();
    let (mut tree, mut line, mut out) = (Tree::new(), Line::new(), Out::new());
    let mut seen = 0;
    for path in captures() {
        let bytes: Bytes = std::fs::read(&path).unwrap().into();
        let name = path.file_name().unwrap().to_str().unwrap();
        let (mut engine, capture) = open(name, bytes.clone());
        let mut memory = dissector.memory();
        let mut reader = Reader::new(&bytes[..]).unwrap();
        while let Some(packet) = reader.next() {
            if let Ok(packet) = packet {
                dissector.learn(&mut memory, &packet);
            }
        }
        let (mut reader, mut summary) = (Reader::new(&bytes[..]).unwrap(), Summary::default());
        let all = rows(&mut engine, 1, MOST_ROWS, TimeFormat::Relative);
        assert_eq!(all.len() as u64, capture.packets, "{name}");
        let mut damage = 0;
        while let Some(next) = reader.next() {
            let Ok(original) = next else {
                damage += 1;
                continue;
            };
            seen += 1;
            dissector.dissect_and_summarize(&See::with(&memory, u64::MAX), &original, &mut tree, &mut line);
            let dissection = Dissection { tree: &tree, packet: &original };
            let (shown, bytes) = packet(&mut engine, original.number);
            let what = format!("{name}, packet {}", original.number);

            out.clear();
            Text::default().packet(dissection, &mut out);
            assert_eq!(text(&shown) + "\n", out.to_string_lossy(), "{what}");

            let further = tree.sources().iter().map(|source| &source.bytes[..]);
            let sources: Vec<&[u8]> = std::iter::once(original.bytes).chain(further).collect();
            assert_eq!(bytes, sources.concat(), "{what}");
            assert_eq!(
                shown.sources.iter().map(|source| source.len as usize).collect::<Vec<_>>(),
                sources.iter().map(|source| source.len()).collect::<Vec<_>>()
            );

            out.clear();
            summary.packet(&original, &line, &mut out);
            let cells = &all[original.number as usize - 1].cells;
            let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
            let [_, source, destination, protocol, length, info] = cells;
            let row = format!("{source} → {destination} {protocol} {length} {info}");
            let printed = out.to_string_lossy();
            let printed = words(&printed);
            let time = usize::from(original.time.is_some());
            assert_eq!(printed[1 + time..], words(&row), "{what}");
        }
        assert_eq!(capture.damage.len(), damage, "{name}");
    }
    assert!(seen > 1000, "{seen}");
}

/// The book's packets have the trees and the bytes that were read against the book: those of the command's snapshots.
#[test]
fn the_books_packets_are_those_of_the_snapshots() {
    for book in ["association", "decoding"] {
        let snapshot = |what: &str| {
            let path = testdata().join(format!("../snapshots/book-{book}-{what}.snap"));
            let file = std::fs::read_to_string(path).unwrap();
            file.splitn(3, "---\n").nth(2).unwrap().trim_end().to_owned()
        };
        let (mut engine, capture) = open(book, read(&format!("book/{book}.pcapng")));
        let (mut trees, mut all) = (String::new(), Vec::new());
        for number in 1..=capture.packets {
            let (shown, bytes) = packet(&mut engine, number);
            trees += &(text(&shown) + "\n");
            all.extend(bytes);
        }
        assert_eq!(trees.trim_end(), snapshot("tree"));
        let dumps = snapshot("hex");
        let bytes = dumps.lines().filter_map(|line| line.get(6..53)).flat_map(str::split_whitespace);
        let bytes: Vec<u8> = bytes.map(|byte| u8::from_str_radix(byte, 16).unwrap()).collect();
        assert_eq!(all, bytes);
    }
}

/// The counts of lines under a line, and the fields, fit the tree.
#[test]
fn lines_know_what_stands_under_them() {
    let (mut engine, _) = open("a", read("book/association.pcapng"));
    let (shown, _) = packet(&mut engine, 1);
    for (at, line) in shown.lines.iter().enumerate() {
        let under = shown.lines[at + 1..].iter().take_while(|next| next.depth > line.depth).count();
        assert_eq!(line.under as usize, under, "{line:?}");
        let field = crate::model::fields::field(line.field).unwrap();
        assert!(line.text.contains(field.label) || field.show.write.is_some(), "{line:?}");
    }
    let port = shown.lines.iter().find(|line| line.text == "Source port: 56231").unwrap();
    assert_eq!((port.value.as_str(), port.len, port.source), ("56231", 2, 0));
}

#[test]
fn times_in_every_format() {
    let (mut engine, _) = open("a", read("book/association.pcapng"));
    let mut time = |format| rows(&mut engine, 2, 1, format)[0].cells[0].clone();
    let (epoch, date) = (time(TimeFormat::Epoch), time(TimeFormat::DateUtc));
    let clock = time(TimeFormat::TimeUtc);
    assert_eq!(time(TimeFormat::Relative), time(TimeFormat::Delta));
    assert!(date.ends_with(&clock) && date.len() == clock.len() + 11, "{date} {clock}");
    assert!(epoch.ends_with(clock.split_once('.').unwrap().1), "{epoch} {clock}");
}

#[test]
fn rows_beyond_the_end_are_not_there() {
    let (mut engine, capture) = open("a", read("book/association.pcapng"));
    assert_eq!(rows(&mut engine, capture.packets, 10, TimeFormat::Relative).len(), 1);
    assert!(rows(&mut engine, capture.packets + 1, 10, TimeFormat::Relative).is_empty());
    assert!(rows(&mut engine, u64::MAX, 10, TimeFormat::Relative).is_empty());
    let replies = ask(&mut engine, Ask::Packet { number: capture.packets + 1 });
    assert!(matches!(&replies[..], [Reply { answer: Answer::Failed { .. }, .. }]), "{replies:?}");
}

/// A capture of many packets: those of a file, over and over.
fn many(times: usize) -> Bytes {
    let bytes = read("sctp/classic_eth.pcap");
    let (head, packets) = bytes.split_at(24);
    [head, &packets.repeat(times)].concat().into()
}

#[test]
fn rows_come_while_it_loads_and_loading_can_be_cancelled() {
    let mut engine = Engine::default();
    assert!(engine.ask(1, Ask::Open { name: "many".into() }, Some(many(300))).is_empty());
    let replies = engine.step(|| true);
    let [Reply { number: 1, answer: Answer::Progress { packets, read, size }, .. }] = replies[..] else {
        panic!("{replies:?}")
    };
    assert!(packets > 0 && read > 0 && read < size);
    assert_eq!(rows(&mut engine, packets, 10, TimeFormat::Relative).len(), 1);
    let replies = engine.ask(9, Ask::Cancel, None);
    let [Reply { number: 1, answer: Answer::Loaded { capture }, .. }] = &replies[..] else {
        panic!("{replies:?}")
    };
    assert!(capture.cancelled && capture.packets == packets && !engine.busy());
    assert_eq!(rows(&mut engine, packets, 1, TimeFormat::Relative).len(), 1);
    assert!(engine.ask(10, Ask::Cancel, None).is_empty());
}

#[test]
fn a_compressed_capture_is_read_again_while_it_loads() {
    let plain = many(300);
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut packed, &plain).unwrap();
    let (mut engine, mut other) = (Engine::default(), Engine::default());
    engine.ask(1, Ask::Open { name: "many".into() }, Some(packed.finish().unwrap().into()));
    other.ask(1, Ask::Open { name: "many".into() }, Some(plain));
    engine.step(|| true);
    other.step(|| true);
    assert!(engine.busy());
    assert_eq!(rows(&mut engine, 1, 50, TimeFormat::Relative), rows(&mut other, 1, 50, TimeFormat::Relative));
    while engine.busy() {
        engine.step(|| false);
    }
    while other.busy() {
        other.step(|| false);
    }
    assert_eq!(packet(&mut engine, 4000), packet(&mut other, 4000));
    let replies = engine.step(|| false);
    assert!(replies.is_empty());
}

fn find(engine: &mut Engine<Bytes>, what: Find, from: u64, back: bool) -> Option<u64> {
    let mut replies = engine.ask(3, Ask::Find { what, from, back }, None);
    while engine.busy() {
        replies = engine.step(|| true);
    }
    match replies[..] {
        [Reply { number: 3, answer: Answer::Found { number }, .. }] => number,
        _ => panic!("{replies:?}"),
    }
}

#[test]
fn text_and_bytes_are_found_both_ways() {
    let (mut engine, capture) = open("a", read("book/association.pcapng"));
    let text = |text: &str| Find::Text(text.to_owned());
    assert_eq!(find(&mut engine, text("cookie_echo"), 0, false), Some(3));
    assert_eq!(find(&mut engine, text("INITIATE TAG: 0x08fe2132"), 0, false), Some(1));
    assert_eq!(find(&mut engine, text("initiate tag: 0x08fe2132"), 1, false), None);
    assert_eq!(find(&mut engine, text("cookie_echo"), u64::MAX, true), Some(3));
    assert_eq!(find(&mut engine, text("cookie_echo"), 3, true), None);
    assert_eq!(find(&mut engine, text("größe"), 0, false), None);
    let (_, bytes) = packet(&mut engine, capture.packets);
    assert_eq!(find(&mut engine, Find::Bytes(bytes), 0, false), Some(capture.packets));
    let replies = engine.ask(3, Ask::Find { what: text(""), from: 0, back: false }, None);
    assert!(matches!(&replies[..], [Reply { answer: Answer::Failed { .. }, .. }]), "{replies:?}");
}

#[test]
fn searching_goes_on_while_packets_come_in() {
    let mut engine = Engine::default();
    engine.ask(1, Ask::Open { name: "many".into() }, Some(many(150)));
    engine.step(|| true);
    engine.ask(2, Ask::Find { what: Find::Text("nowhere at all".into()), from: 0, back: false }, None);
    let (mut found, mut loaded, mut last) = (0, 0, 0);
    while engine.busy() {
        for reply in engine.step(|| true) {
            match reply.answer {
                Answer::Found { number: None } => found += 1,
                Answer::Loaded { .. } => loaded += 1,
                Answer::Finding { number } => {
                    assert!(number >= last);
                    last = number;
                }
                Answer::Progress { .. } => {}
                other => panic!("{other:?}"),
            }
        }
    }
    assert_eq!((found, loaded), (1, 1));
}

#[test]
fn damage_is_told_and_what_is_no_capture_gets_a_sentence() {
    let (_, capture) = open("cut", read("formats/cut_in_packet.pcap"));
    assert_eq!(capture.damage.len(), 1, "{capture:?}");
    let mut engine: Engine<Bytes> = Engine::default();
    let mut failed = |name: &str, bytes: &[u8]| {
        let replies = engine.ask(4, Ask::Open { name: name.into() }, Some(bytes.into()));
        assert!(!engine.busy());
        match &replies[..] {
            [Reply { number: 4, answer: Answer::Failed { sentence }, .. }] => sentence.clone(),
            _ => panic!("{replies:?}"),
        }
    };
    assert!(failed("a.txt", b"This is text, not packets.").starts_with("a.txt: this is no capture file"));
    assert!(failed("a.gz", b"\x1f\x8b\x08\x00").starts_with("a.gz: "));
    assert!(failed("a.pcap", &[0xd4, 0xc3, 0xb2, 0xa1]).contains("cut short"));
    let (_, capture) = open("empty", read("formats/empty.pcap"));
    assert_eq!((capture.packets, capture.damage.len()), (0, 0));
    let (_, capture) = open("nothing", Rc::from([]));
    assert_eq!(capture.packets, 0);
}

#[test]
fn questions_without_a_capture_get_a_sentence() {
    let mut engine: Engine<Bytes> = Engine::default();
    for question in [
        Ask::Rows { first: 1, count: 1, time: TimeFormat::Relative },
        Ask::Packet { number: 1 },
        Ask::Find { what: Find::Text("a".into()), from: 0, back: false },
        Ask::Open { name: "lost".into() },
    ] {
        let replies = engine.ask(5, question, None);
        assert!(
            matches!(&replies[..], [Reply { number: 5, answer: Answer::Failed { .. }, .. }]),
            "{replies:?}"
        );
    }
}

#[test]
fn a_hex_dump_opens_as_a_capture() {
    let mut engine: Engine<Bytes> = Engine::default();
    let text = "4500 0024 0000 0000 4084 0000 0a00 0001 0a00 0002 1388 1389 0000 0001 0000 0000 0b00 0004";
    let mut replies = engine.ask(1, Ask::Paste { text: text.into() }, None);
    while engine.busy() {
        replies = engine.step(|| false);
    }
    assert!(matches!(&replies[..], [Reply { answer: Answer::Loaded { .. }, .. }]), "{replies:?}");
    let row = &rows(&mut engine, 1, 1, TimeFormat::Relative)[0];
    assert_eq!(row.cells[1..5], ["10.0.0.1", "10.0.0.2", "SCTP", "36"]);
    assert!(row.cells[5].contains("COOKIE_ACK"), "{row:?}");
}

#[test]
fn comments_are_shown() {
    let (mut engine, _) = open("comments", read("formats/comments.pcapng"));
    let marked: Vec<usize> = (1..)
        .zip(rows(&mut engine, 1, 100, TimeFormat::Relative))
        .filter(|(_, row)| row.comment)
        .map(|(at, _)| at)
        .collect();
    assert!(!marked.is_empty());
    let (shown, _) = packet(&mut engine, marked[0] as u64);
    assert!(!shown.comments.is_empty() && shown.comments.iter().all(|comment| !comment.is_empty()));
}

#[test]
fn filters_are_found_and_colour_rows() {
    let (mut engine, capture) = open("a", read("book/association.pcapng"));
    let filter = |text: &str| Find::Filter(text.to_owned());
    assert_eq!(find(&mut engine, filter("sctp.chunk_type == COOKIE_ECHO"), 0, false), Some(3));
    assert_eq!(find(&mut engine, filter("sctp.chunk_type == COOKIE_ECHO"), 3, false), None);
    assert_eq!(find(&mut engine, filter("sctp"), u64::MAX, true), Some(capture.packets));
    let replies = engine.ask(3, Ask::Find { what: filter("sctp.chunktype"), from: 0, back: false }, None);
    let [Reply { answer: Answer::Failed { sentence }, .. }] = &replies[..] else { panic!("{replies:?}") };
    assert!(sentence.contains("did you mean sctp.chunk_type?"), "{sentence}");

    let rules = "@Setup@sctp.chunk_type in {1, 2}@[1,2,3][4,5,6]\n@Tall@nothing.known@[0,0,0][0,0,0]\n@SCTP@sctp@[0,0,0][0,0,0]";
    let replies = engine.ask(3, Ask::Colours { rules: rules.into() }, None);
    let [Reply { answer: Answer::Coloured { rules, faults }, .. }] = &replies[..] else {
        panic!("{replies:?}")
    };
    assert_eq!((rules.len(), faults.len()), (2, 1), "{faults:?}");
    let colours: Vec<_> =
        rows(&mut engine, 1, 4, TimeFormat::Relative).iter().map(|row| row.colour).collect();
    assert_eq!(colours, [Some(0), Some(0), Some(1), Some(1)]);
}

/// The rules that the page starts with: what of them is not in force names fields that are still to come.
#[test]
fn the_first_rules_are_in_force() {
    let rules = Rules::read(crate::state::RULES, &Dissector::default());
    assert!(rules.colours().len() >= 12, "{:?}", rules.faults);
    for fault in &rules.faults {
        assert!(fault.contains("is neither a field nor a protocol"), "{fault}");
    }
}
