//! What a filter shows, further cells, and the file of what shows.

use super::*;
use dissect::Filter;
use dissect::capture::{Packet, Reader};
use dissect::filter::Work;

/// What a filter picks: the packets' numbers.
fn sift(engine: &mut Engine<Bytes>, text: &str) -> Result<Vec<u64>, String> {
    let mut replies = engine.ask(8, Ask::Filter { text: text.to_owned() }, None);
    let mut numbers = Vec::new();
    loop {
        for Reply { number, answer, bytes } in replies.drain(..) {
            assert_eq!(number, 8);
            match answer {
                Answer::Failed { sentence } => return Err(sentence),
                Answer::Filtered { done, .. } => {
                    let bytes = bytes.unwrap_or_default();
                    numbers
                        .extend(bytes.as_chunks().0.iter().map(|word| u64::from(u32::from_le_bytes(*word))));
                    if done {
                        return Ok(numbers);
                    }
                }
                other => panic!("{other:?}"),
            }
        }
        replies = engine.step(|| true);
    }
}

/// `1 3-5` as numbers.
fn numbers(answer: &str) -> Result<Vec<u64>, ()> {
    match answer {
        "none" => Ok(Vec::new()),
        "error" => Err(()),
        ranges => Ok(ranges
            .split(' ')
            .flat_map(|range| {
                let (first, last) = range.split_once('-').unwrap_or((range, range));
                first.parse::<u64>().unwrap()..=last.parse().unwrap()
            })
            .collect()),
    }
}

/// The filters of the library's list show what the command prints with `-2`; and what it prints without, but for what later
/// packets brought.
#[test]
fn filters_show_what_the_command_prints() {
    let list = String::from("\n")
        + &std::fs::read_to_string(testdata().join("../dissect/tests/filter/list.txt")).unwrap();
    let dissector = Dissector::default();
    let (mut asked, mut later, mut work) = (0, Vec::new(), Work::new());
    for part in list.split("\n# ").skip(1) {
        let mut lines = part.lines().peekable();
        let name = lines.next().unwrap();
        let bytes = read(name);
        let (mut engine, _) = open(name, bytes.clone());
        let mut memory = dissector.memory();
        let mut reader = Reader::new(&bytes[..]).unwrap();
        while let Some(Ok(packet)) = reader.next() {
            dissector.learn(&mut memory, &packet);
        }
        while let Some(text) = lines.next().filter(|line| !line.is_empty()) {
            let mut answer = String::new();
            while let Some(line) = lines.peek().and_then(|line| line.strip_prefix('\t')) {
                line.strip_prefix("here ").unwrap_or(line).clone_into(&mut answer);
                lines.next();
            }
            asked += 1;
            let shown = sift(&mut engine, text);
            let Ok(expected) = numbers(&answer) else {
                assert!(shown.is_err(), "{text} in {name}");
                continue;
            };
            let filter = Filter::compile(&dissector, text).unwrap();
            let mut picked = Vec::new();
            let mut reader = Reader::new(&bytes[..]).unwrap();
            while let Some(Ok(packet)) = reader.next() {
                if filter.accepts(&dissector, &See::with(&memory, u64::MAX), &packet, &mut work) {
                    picked.push(packet.number);
                }
            }
            assert_eq!(shown.as_ref(), Ok(&picked), "{text} in {name}");
            if picked != expected {
                later.push(format!("{text} in {name}"));
            }
        }
    }
    assert!(asked >= 400, "the list has {asked} filters");
    // Fields that later packets fill in: those alone may differ.
    assert!(later.len() * 50 <= asked, "{} of {asked} differ: {later:#?}", later.len());
}

#[test]
fn rows_are_those_that_the_filter_shows() {
    let (mut engine, capture) = open("a", read("sctp/classic_eth.pcap"));
    let all = rows(&mut engine, 1, 100, TimeFormat::Relative);
    let picked = sift(&mut engine, "sctp.chunk_type == SACK").unwrap();
    assert!(picked.len() > 2 && picked.len() < capture.packets as usize);
    let shown = rows(&mut engine, 1, 100, TimeFormat::Relative);
    assert_eq!(shown, picked.iter().map(|&number| all[number as usize - 1].clone()).collect::<Vec<_>>());
    assert_eq!(rows(&mut engine, 2, 1, TimeFormat::Relative), shown[1..2]);
    // Finding passes over what does not show.
    assert_eq!(find(&mut engine, Find::Text("sctp".into()), 0, false), Some(picked[0]));
    assert_eq!(find(&mut engine, Find::Text("sctp".into()), picked[1], true), Some(picked[0]));
    // A filter that is none leaves what shows, a blank one shows all.
    assert!(sift(&mut engine, "sctp.chunktype").unwrap_err().contains("did you mean sctp.chunk_type?"));
    assert_eq!(rows(&mut engine, 1, 100, TimeFormat::Relative).len(), picked.len());
    assert_eq!(sift(&mut engine, " "), Ok(Vec::new()));
    assert_eq!(rows(&mut engine, 1, 100, TimeFormat::Relative), all);
}

#[test]
fn nothing_is_picked_before_all_is_read_and_a_stop_keeps_what_was_found() {
    let mut engine = Engine::default();
    engine.ask(1, Ask::Open { name: "many".into() }, Some(many(150)));
    engine.step(|| true);
    assert!(engine.ask(8, Ask::Filter { text: "sctp".into() }, None).is_empty());
    let (mut loaded, mut found) = (false, 0);
    while found == 0 {
        for reply in engine.step(|| true) {
            loaded |= matches!(reply.answer, Answer::Loaded { .. });
            if matches!(reply.answer, Answer::Filtered { .. }) {
                assert!(loaded);
                found += reply.bytes.unwrap().len() / 4;
            }
        }
    }
    assert!(engine.ask(9, Ask::Cancel, None).is_empty() && !engine.busy());
    assert_eq!(rows(&mut engine, 1, 10_000, TimeFormat::Relative).len(), found);
}

#[test]
fn further_cells_have_what_lines_say() {
    let (mut engine, _) = open("a", read("sctp/classic_eth.pcap"));
    let fields =
        ["sctp.chunk_type", "sctp.assoc_index", "ip.src", "sctp", "no.such"].map(str::to_owned).to_vec();
    assert!(engine.ask(3, Ask::Columns { fields }, None).is_empty());
    let rows = rows(&mut engine, 1, 12, TimeFormat::Relative);
    assert_eq!(
        rows[2].more,
        ["INIT (1)", "0", "10.77.1.1", "Stream Control Transmission Protocol", ""].map(str::to_owned)
    );
    assert_eq!(rows[11].more[0], "SACK (3), DATA (0)");
}

/// The file that the engine makes of what shows.
fn export(engine: &mut Engine<Bytes>) -> Vec<u8> {
    let (mut replies, mut file) = (engine.ask(5, Ask::Export, None), Vec::new());
    loop {
        for Reply { number, answer, bytes } in replies.drain(..) {
            let Answer::Exported { done, .. } = answer else { panic!("{answer:?}") };
            assert_eq!(number, 5);
            file.extend(bytes.unwrap());
            if done {
                return file;
            }
        }
        replies = engine.step(|| true);
    }
}

#[test]
fn the_packets_that_show_are_exported_with_all_that_they_have() {
    /// A packet's time, bytes, comments, and the name of its interface.
    type Has = (Option<dissect::capture::Time>, Vec<u8>, u32, Vec<Vec<u8>>, Option<Vec<u8>>);
    fn has(packet: &Packet<'_>) -> Has {
        let comments = packet.options.comments().map(<[u8]>::to_vec).collect();
        let name = packet.interface.and_then(|interface| interface.name()).map(<[u8]>::to_vec);
        (packet.time, packet.bytes.to_vec(), packet.original, comments, name)
    }
    fn all(bytes: &[u8]) -> Vec<Has> {
        let mut reader = Reader::new(bytes).unwrap();
        let mut all = Vec::new();
        while let Some(packet) = reader.next() {
            all.push(has(&packet.unwrap()));
        }
        all
    }
    for (name, filter) in [
        ("formats/comments.pcapng", "frame.comment"),
        ("sctp/classic.pcapng", "sctp.chunk_type == DATA"),
        ("sip/udp_rtp.pcap", "sip"),
        ("sctp/classic.pcapng", "sip"),
        ("sctp/classic.pcapng", ""),
    ] {
        let bytes = read(name);
        let (mut engine, capture) = open(name, bytes.clone());
        let picked = sift(&mut engine, filter).unwrap();
        let before = all(&bytes);
        let expected: Vec<Has> = match filter {
            "" => before,
            _ => picked.iter().map(|&number| before[number as usize - 1].clone()).collect(),
        };
        let file = export(&mut engine);
        assert_eq!(all(&file), expected, "{name}");
        assert!(capture.packets > 0 && file.starts_with(b"\x0a\x0d\x0d\x0a"));
    }
}

#[test]
fn a_large_file_is_exported_in_pieces() {
    let (mut engine, capture) = open("many", many(3000));
    let (mut pieces, mut bytes) = (0, 0);
    engine.ask(5, Ask::Export, None);
    while engine.busy() {
        for reply in engine.step(|| false) {
            pieces += 1;
            bytes += reply.bytes.unwrap().len();
        }
    }
    assert!(pieces > 3 && bytes > 3 << 20, "{pieces} pieces of {bytes} bytes, {} packets", capture.packets);
}
