//! The captures of testdata/.

use dissect::Packet;
use dissect::capture::Reader;
use std::path::{Path, PathBuf};

/// Every capture of testdata/, in order.
pub(crate) fn captures() -> Vec<PathBuf> {
    fn walk(folder: &Path, into: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, into);
            } else if path.extension().is_some_and(|end| end == "pcap" || end == "pcapng") {
                into.push(path);
            }
        }
    }
    let mut all = vec![];
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata"), &mut all);
    all.sort();
    assert!(all.len() > 60);
    all
}

/// Runs over the packets of a capture that can be read.
pub(crate) fn each(path: &Path, mut run: impl FnMut(&Packet<'_>)) {
    let bytes = std::fs::read(path).unwrap();
    let Ok(mut reader) = Reader::new(&bytes[..]) else { return };
    while let Some(packet) = reader.next() {
        if let Ok(packet) = packet {
            run(&packet);
        }
    }
}
