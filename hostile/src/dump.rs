//! Hex dumps.

use dissect::capture::Reader;

/// Any text is a capture that reads without damage, or a sentence.
pub(crate) fn run(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    match sctpdump_viewer::engine::paste::capture(&text) {
        Ok(capture) => {
            let mut reader = Reader::new(&capture[..]).expect("what is made of a dump is a capture");
            while let Some(next) = reader.next() {
                assert!(!next.expect("without damage").bytes.is_empty());
            }
            assert!(reader.packets() > 0);
        }
        Err(sentence) => assert!(!sentence.is_empty()),
    }
}
