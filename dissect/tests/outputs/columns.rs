//! Chosen fields: the rows that tshark prints, and that nothing that learning leaves out would change them.

use dissect::capture::Reader;
use dissect::format::{Columns, Layout, Occurrence, Per, Quote};
use dissect::{Dissection, Dissector, Field, Kind, Line, Out, Protocol, See, Tree};
use std::path::{Path, PathBuf};

fn testdata() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata")
}

/// The rows of a capture; `lean` learns no more than they need, and answers whether that would do.
fn rows(capture: &Path, columns: &mut Columns, lean: bool) -> (String, bool) {
    let dissector = Dissector::default();
    let (mut memory, mut tree, mut line, mut out) = (dissector.memory(), Tree::new(), Line::new(), Out::new());
    let mut reader = Reader::new(std::fs::File::open(capture).unwrap()).unwrap();
    let mut sure = true;
    columns.begin(&mut out);
    while let Some(next) = reader.next() {
        let Ok(packet) = next else { continue };
        let only = columns.only().cloned();
        match &only {
            Some(only) if lean => sure &= dissector.learn_only(&mut memory, &packet, only),
            _ => dissector.learn(&mut memory, &packet),
        }
        let see = See::with(&memory, packet.number);
        if columns.reads_line() {
            dissector.summarize(&see, &packet, &mut line);
        }
        match &only {
            Some(only) => dissector.dissect_only(&see, &packet, only, &mut tree),
            None => dissector.dissect(&see, &packet, &mut tree),
        }
        columns.packet(Dissection { tree: &tree, packet: &packet }, &line, |_, _| {}, &mut out);
    }
    (out.to_string_lossy(), sure)
}

fn columns(names: &[&str], layout: Layout, per: Per) -> Columns {
    Columns::new(&Dissector::default(), names, layout, per).unwrap()
}

fn captures(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            captures(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "pcap" || ending == "pcapng") {
            found.push(path);
        }
    }
}

/// What protocols say no memory changes is the same whether all was learnt or only what leads to it.
#[test]
fn what_is_left_out_of_learning_changes_no_row() {
    let dissector = Dissector::default();
    let alone = |one: &&'static Protocol| -> Vec<&'static Field> {
        one.alone.iter().copied().flatten().copied().collect()
    };
    let (mut paths, mut compared) = (Vec::new(), 0);
    captures(&testdata(), &mut paths);
    for protocol in dissector.protocols().iter().filter(|one| !one.alone.is_empty()) {
        let mut names: Vec<&str> = alone(protocol)
            .iter()
            .filter(|field| field.show.kind != Kind::Protocol || field.name == protocol.name)
            .map(|field| field.name)
            .collect();
        // Some names are also those of fields of other protocols.
        names.retain(|name| columns(&[name], Layout::default(), Per::Packet).only().is_some_and(dissect::Only::is_lean));
        assert!(names.len() > 10, "fields of {} that can be read alone", protocol.name);
        let mut columns = columns(&names, Layout::default(), Per::Packet);
        for path in &paths {
            let (lean, sure) = rows(path, &mut columns, true);
            if sure {
                compared += 1;
                assert_eq!(lean, rows(path, &mut columns, false).0, "{} in {}", protocol.name, path.display());
            }
        }
    }
    assert!(compared > 40, "captures for which learning less will do: {compared}");
}

#[test]
fn a_field_of_what_was_learnt_needs_all_to_be_learnt() {
    for name in ["sctp.assoc_index", "ip.reassembled_in", "tcp.stream", "sip.Method"] {
        let columns = columns(&[name], Layout::default(), Per::Packet);
        assert!(!columns.only().is_some_and(dissect::Only::is_lean), "{name}");
    }
}

#[test]
fn every_layout_is_tsharks() {
    let capture = testdata().join("sctp/abort_eth.pcap");
    let written = |layout: Layout| {
        let mut columns = columns(&["frame.number", "sctp.chunk_type", "sctp.port"], layout, Per::Packet);
        rows(&capture, &mut columns, false).0.lines().take(5).collect::<Vec<_>>().join("\n")
    };
    let plain = Layout::default();
    assert_eq!(written(plain), "1\t\t\n2\t\t\n3\t1\t40002,4444\n4\t2\t4444,40002\n5\t10\t40002,4444");
    let layout = Layout { header: true, bom: true, separator: b'|', quote: Quote::Double, ..plain };
    assert_eq!(
        written(layout),
        "\u{feff}frame.number|sctp.chunk_type|sctp.port\n\"1\"||\n\"2\"||\n\"3\"|\"1\"|\"40002,4444\"\n\"4\"|\"2\"|\"4444,40002\""
    );
    let layout = Layout { occurrence: Occurrence::Last, quote: Quote::Single, ..plain };
    assert_eq!(written(layout), "'1'\t\t\n'2'\t\t\n'3'\t'1'\t'4444'\n'4'\t'2'\t'40002'\n'5'\t'10'\t'4444'");
    let layout = Layout { aggregator: b' ', ..plain };
    assert_eq!(written(layout).lines().nth(2), Some("3\t1\t40002 4444"));
}

/// A row a chunk has the values of that chunk, and those that stand outside of all of them.
#[test]
fn rows_of_chunks_and_messages() {
    let names = ["frame.number", "sctp.srcport", "sctp.chunk_type", "sctp.data_tsn_raw"];
    let capture = testdata().join("sctp/loss_a.pcap");
    let text = rows(&capture, &mut columns(&names, Layout::default(), Per::Chunk), false).0;
    let whole = rows(&capture, &mut columns(&names, Layout::default(), Per::Packet), false).0;
    let chunks = |row: &str| row.split('\t').nth(2).unwrap().split(',').filter(|one| !one.is_empty()).count();
    assert_eq!(text.lines().count(), whole.lines().map(chunks).sum::<usize>());
    assert!(whole.lines().any(|row| chunks(row) > 1), "some packet has several chunks");
    for row in text.lines() {
        let cells: Vec<&str> = row.split('\t').collect();
        assert!(!cells[1].is_empty() && !cells[2].contains(','), "{row}");
        assert_eq!(cells[2] == "0", !cells[3].is_empty(), "{row}");
    }
    let names = ["frame.number", "ip.src", "sip.Method", "sip.Status-Code"];
    let text = rows(&testdata().join("sip/reinvite.pcap"), &mut columns(&names, Layout::default(), Per::Message), false).0;
    assert!(text.lines().next().is_some_and(|row| row.ends_with("\t10.77.1.1\tINVITE\t")), "{text}");
}

#[test]
fn a_wrong_name_is_told_with_what_is_near() {
    let dissector = Dissector::default();
    let wrong = |name: &str| Columns::new(&dissector, &[name], Layout::default(), Per::Packet).unwrap_err();
    assert_eq!(wrong("sctp.chunktype"), "sctp.chunktype is neither a field nor a protocol; did you mean sctp.chunk_type?");
    assert_eq!(wrong("_ws.col.Protocl"), "_ws.col.Protocl is neither a field nor a protocol; did you mean _ws.col.Protocol?");
}
