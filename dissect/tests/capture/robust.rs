//! Any prefix and any change of a byte: no panic, no endless loop, and what comes out stays inside what went in.

use std::io::Cursor;

use dissect::capture::{ByteOrder, Reader, Writer};
use proptest::prelude::*;

use crate::build::*;

fn samples() -> Vec<Vec<u8>> {
    let mut modified = pcap(BIG, MODIFIED, 65_535, 1);
    modified.extend(record(BIG, (7, 8), 3, b"\0\0\0\0\0\0\0\0abcdef"));
    let ng = Ng::new(LITTLE);
    let options = [ng.option(1, b"comment"), ng.option(2, &[1, 0, 0, 0]), ng.option(4, &[0; 8])].concat();
    let interface = [ng.option(2, b"eth0"), ng.option(9, &[9]), ng.option(14, &[0; 8])].concat();
    let blocks = ng
        .interface(1, 5, &interface)
        .packet_with(0, 1_700_000_000_000_000_000, 60, b"first", &options)
        .simple(60, b"abcde")
        .old_packet(0, 3, 6, b"third", &[])
        .block(4, b"\0\0\0\0")
        .section(BIG, &[])
        .interface(113, 0, &[])
        .packet(0, 5, b"second")
        .block(5, &[0; 12])
        .file;
    let mut snoop = b"snoop\0\0\0\0\0\0\x02\0\0\0\x04".to_vec();
    for _ in 0..2 {
        for word in [60, 8, 32, 0, 900_000_000, 250_000] {
            snoop.extend(u32(BIG, word));
        }
        snoop.extend(b"abcdefgh");
    }
    let plain = plain_pcap(&[b"first", b"", b"third"]);
    #[cfg(feature = "compression")]
    let packed = zstd::encode_all(&plain[..], 1).unwrap();
    #[cfg(not(feature = "compression"))]
    let packed = plain.clone();
    vec![plain, modified, blocks, snoop, packed]
}

/// Reads a file in every way there is.
fn exercise(file: &[u8]) {
    let Ok(mut reader) = Reader::new(file) else { return };
    let plain = reader.compression().is_none();
    let mut index = reader.index();
    let mut writer = Writer::pcapng(Vec::new(), ByteOrder::Little);
    let (mut steps, mut bytes, mut position) = (0, 0, 0);
    loop {
        let _ = reader.about_to_read();
        let Some(next) = reader.next() else { break };
        steps += 1;
        match next {
            Ok(packet) => {
                bytes += packet.bytes.len();
                index.add(&packet);
                for option in packet.options {
                    assert!(option.value.len() <= file.len());
                }
                // A time or an interface may have no room in a file; nothing else can go wrong.
                let _ = writer.packet(&packet);
            }
            Err(damage) => {
                assert!(damage.resume.is_none_or(|resume| resume >= damage.offset));
                assert!(!damage.to_string().is_empty());
            }
        }
        assert!(reader.position() >= position, "the reader goes back");
        position = reader.position();
        assert!(!plain || steps <= file.len(), "the reader does not end");
    }
    assert!(!plain || bytes <= file.len());
    let mut buffer = Vec::new();
    for number in 1..=index.len() {
        if plain {
            let summary = index.summary(number).unwrap();
            let packet = index.read(&mut Cursor::new(file), number, &mut buffer);
            // A block whose second length is wrong is read again all the same.
            assert_eq!(packet.unwrap().bytes.len(), summary.captured as usize);
        }
    }
    let copy = writer.finish().unwrap();
    assert!(read(&copy).1.is_empty());
    let mut reader = Reader::new(file).unwrap();
    while let Some(next) = reader.next_block() {
        let _ = next;
    }
}

#[test]
fn every_prefix() {
    for file in samples() {
        for length in 0..=file.len() {
            exercise(&file[..length]);
        }
    }
}

#[test]
fn every_change_of_a_byte() {
    for file in samples() {
        for at in 0..file.len() {
            for value in [0, 1, 4, 0x0a, 0x7f, 0x80, 0xff, file[at].wrapping_add(1), file[at] ^ 0x20] {
                let mut changed = file.clone();
                changed[at] = value;
                exercise(&changed);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_behind_a_header(which in 0..4usize, tail in prop::collection::vec(any::<u8>(), 0..600)) {
        let sample = &samples()[which];
        exercise(&[&sample[..sample.len().min(48)], &tail[..]].concat());
        exercise(&tail);
    }

    #[test]
    fn pieces_taken_out_and_doubled(which in 0..4usize, a in 0..300usize, b in 0..300usize) {
        let sample = &samples()[which];
        let (a, b) = (a.min(sample.len()), b.min(sample.len()));
        exercise(&[&sample[..a], &sample[b..]].concat());
    }
}
