//! Display filters: the language, and what they pick in the test captures.

mod bpf;
mod list;
mod only;
mod properties;

use dissect::Packet;
use dissect::capture::{LinkType, Reader};
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The captures of testdata/, and its packets made by hand.
fn captures() -> Vec<PathBuf> {
    let mut files = Vec::new();
    for folder in ["book", "sctp", "sip", "webrtc", "formats", "made"] {
        for entry in std::fs::read_dir(root().join("testdata").join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let is_capture = path
                .extension()
                .is_some_and(|ending| ["pcap", "pcapng", "hex", "gz"].iter().any(|known| ending == *known));
            if is_capture {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

/// Runs over the first packets of a capture, or over packets made by hand (a line a packet: link type, hexadecimal).
fn each(path: &Path, most: u64, mut run: impl FnMut(&Packet<'_>)) {
    let bytes = std::fs::read(path).unwrap();
    if path.extension().is_some_and(|ending| ending == "hex") {
        let text = String::from_utf8(bytes).unwrap();
        let lines = text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
        for (at, line) in lines.enumerate() {
            let mut words = line.split('#').next().unwrap().split_whitespace();
            let link = words.next().unwrap().split(['/', '@']).next().unwrap().parse().unwrap();
            let digits: String = words.collect();
            let byte = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).unwrap();
            let bytes: Vec<u8> = (0..digits.len()).step_by(2).map(byte).collect();
            run(&Packet { number: at as u64 + 1, ..Packet::new(LinkType(link), &bytes) });
        }
        return;
    }
    let mut reader = Reader::new(&bytes[..]).unwrap();
    while let Some(packet) = reader.next() {
        let Ok(packet) = packet else { continue };
        if packet.number > most {
            return;
        }
        run(&packet);
    }
}
