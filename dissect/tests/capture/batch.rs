//! Packets that outlive the reader.

use dissect::capture::{Batch, Reader};

use crate::build::*;

/// Packets of two sections, with and without options, from more interfaces than are looked through.
fn file() -> Vec<u8> {
    let ng = Ng::new(BIG);
    let options = [ng.option(1, b"comment"), ng.option(2, &u32(BIG, 0x81))].concat();
    let mut ng =
        ng.interface(1, 0, &[]).packet_with(0, 5, 60, b"first", &options).old_packet(0, 3, 6, b"old", &[]);
    ng = ng.simple(3, b"abc").section(LITTLE, &[]);
    for _ in 0..300 {
        ng = ng.interface(113, 0, &[]);
    }
    for interface in (0..300).chain(0..300) {
        ng = ng.packet(interface, 1_000, b"packet");
    }
    ng.file
}

#[test]
fn a_batch_has_the_packets_as_they_were() {
    let file = file();
    let expected = read_good(&file);
    for size in [1, 2, 64, 1_000] {
        let mut reader = Reader::new(&file[..]).unwrap();
        let mut batch = Batch::default();
        let mut got = Vec::new();
        while let Some(next) = reader.next() {
            batch.push(&next.unwrap());
            if batch.len() == size {
                got.extend(batch.packets().map(|packet| Got::from(&packet)));
                batch.clear();
                assert!(batch.is_empty() && batch.bytes() == 0);
            }
        }
        got.extend(batch.packets().map(|packet| Got::from(&packet)));
        assert!(got == expected, "batches of {size}");
        assert!(batch.packet(batch.len()).is_none());
    }
}

#[test]
fn a_batch_goes_to_another_thread() {
    let file = file();
    let mut reader = Reader::new(&file[..]).unwrap();
    let mut batch = Batch::default();
    while let Some(next) = reader.next() {
        batch.push(&next.unwrap());
    }
    let got =
        std::thread::spawn(move || batch.packets().map(|packet| Got::from(&packet)).collect::<Vec<_>>());
    assert!(got.join().unwrap() == read_good(&file));
}
