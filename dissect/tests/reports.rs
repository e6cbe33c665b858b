//! What reports say of our captures. Each snapshot was read against the capture and what is known of how it was made.

use dissect::capture::Reader;
use dissect::report::{self, Kind};
use dissect::{Dissector, Memory, Out};
use std::path::{Path, PathBuf};

/// How many associations, calls or streams of a capture are told in full.
const MOST_TOLD: u32 = 8;

fn testdata() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata")
}

/// What a capture teaches, with all that reports need.
fn learnt(dissector: &Dissector, file: &Path) -> Memory {
    let mut memory = dissector.memory();
    memory.trace(None);
    let bytes = std::fs::read(file).unwrap();
    let mut reader = Reader::new(&bytes[..]).unwrap();
    while let Some(packet) = reader.next() {
        dissector.learn(&mut memory, &packet.unwrap());
    }
    memory
}

fn kind(dissector: &Dissector, name: &str) -> &'static Kind {
    dissector.reports().find(|kind| kind.name == name).unwrap()
}

fn keep(name: &str, out: &Out) {
    insta::with_settings!({
        snapshot_path => Path::new(env!("CARGO_MANIFEST_DIR")).join("../snapshots"),
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        insta::assert_snapshot!(name, out.to_string_lossy());
    });
}

/// The captures of a folder.
fn captures(folder: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(testdata().join(folder)).unwrap();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.is_file());
    files.sort();
    files
}

/// The list of what a capture has of a kind, and all of each.
fn told(kind: &Kind, memory: &Memory) -> Out {
    let mut out = Out::new();
    report::text(&(kind.list)(memory), &mut out);
    for one in (0..MOST_TOLD).map_while(|number| (kind.one)(memory, number)) {
        out.str("\n\n");
        report::text(&one, &mut out);
    }
    out
}

/// The list of each capture's associations, and all of each.
#[test]
fn associations_of_each_capture() {
    let dissector = Dissector::default();
    let assoc = kind(&dissector, "assoc");
    for file in ["sctp", "webrtc"].into_iter().flat_map(captures) {
        let memory = learnt(&dissector, &file);
        let name = file.file_stem().unwrap().to_str().unwrap();
        let name = if name == "classic" { "classic_pcapng" } else { name };
        keep(&format!("assoc-{name}"), &told(assoc, &memory));
    }
}

/// The list of each capture's calls and all of each, and its RTP streams.
#[test]
fn calls_of_each_capture() {
    let dissector = Dissector::default();
    let (calls, rtp) = (kind(&dissector, "calls"), kind(&dissector, "rtp"));
    for file in captures("sip") {
        let memory = learnt(&dissector, &file);
        let name = file.file_stem().unwrap().to_str().unwrap();
        keep(&format!("calls-{name}"), &told(calls, &memory));
        if (rtp.one)(&memory, 0).is_some() {
            keep(&format!("rtp-{name}"), &told(rtp, &memory));
        }
    }
}

/// What applications saw, and who sent what to whom, of some captures.
#[test]
fn events_and_ladders() {
    let dissector = Dissector::default();
    let assoc = kind(&dissector, "assoc");
    let events = assoc.views.iter().find(|view| view.name == "events").unwrap();
    for name in ["classic_eth", "heartbeat", "reconfig", "prsctp_a", "asconf", "abort_eth"] {
        let mut file = testdata().join("sctp").join(name);
        file.set_extension(if name == "asconf" { "pcapng" } else { "pcap" });
        let memory = learnt(&dissector, &file);
        let mut out = Out::new();
        report::text(&(events.make)(&memory, Some(0)).unwrap(), &mut out);
        out.str("\n\n");
        report::ladder(&(assoc.ladder.unwrap())(&memory, 0).unwrap(), &mut out);
        keep(&format!("assoc-events-{name}"), &out);
    }
}

/// The segments of a connection with all that is remarked on them.
#[test]
fn a_ladder_of_segments() {
    let dissector = Dissector::default();
    let memory = learnt(&dissector, &testdata().join("made/tcp_connection.pcap"));
    let draw = kind(&dissector, "streams").ladder.unwrap();
    let mut out = Out::new();
    report::ladder(&draw(&memory, 0).unwrap(), &mut out);
    keep("streams-ladder", &out);
    assert!(draw(&memory, 1000).is_none());
}
