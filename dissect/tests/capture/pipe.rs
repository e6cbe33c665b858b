//! Reading from a pipe: a packet comes out as soon as its bytes are there.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

use dissect::capture::Reader;

use crate::build::*;

/// Gives what was let in, byte by byte or in pieces, and fails when asked for more: a reader must not ask.
struct Pipe {
    bytes: Vec<u8>,
    at: usize,
    let_in: Rc<Cell<usize>>,
    piece: usize,
}

impl Read for Pipe {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = (self.let_in.get() - self.at).min(buffer.len()).min(self.piece);
        assert!(count > 0, "the reader waits at {} of {}", self.at, self.bytes.len());
        buffer[..count].copy_from_slice(&self.bytes[self.at..self.at + count]);
        self.at += count;
        Ok(count)
    }
}

fn files() -> Vec<(Vec<u8>, usize, Vec<usize>)> {
    let packets = [&b"first"[..], b"second packet", b""];
    let mut file = plain_pcap(&[]);
    let begin = file.len();
    let mut ends = Vec::new();
    for bytes in packets {
        file.extend(record(BIG, (1, 1), 60, bytes));
        ends.push(file.len());
    }
    let header = pcap(BIG, NANOSECONDS, 0, 1);
    file[..24].copy_from_slice(&header);

    let mut ng = Ng::new(LITTLE).interface(1, 0, &[]);
    let mut block_ends = Vec::new();
    for bytes in packets {
        ng = ng.packet(0, 1, bytes);
        block_ends.push(ng.file.len());
        ng = ng.block(4, b"\0\0\0\0");
    }
    vec![(file, begin, ends), (ng.file, 16, block_ends)]
}

#[test]
fn a_packet_comes_out_with_its_last_byte() {
    for (bytes, begin, ends) in files() {
        for piece in [1, 7, usize::MAX] {
            let let_in = Rc::new(Cell::new(begin));
            let pipe = Pipe { bytes: bytes.clone(), at: 0, let_in: Rc::clone(&let_in), piece };
            let mut reader = Reader::new(pipe).unwrap();
            for end in &ends {
                let_in.set(*end);
                assert!(reader.about_to_read());
                assert!(reader.next().unwrap().is_ok());
            }
        }
    }
}

#[test]
fn about_to_read_knows_what_is_there() {
    for (bytes, _, ends) in files() {
        // Everything arrives at once: the first call reads, those after it do not.
        let mut reader = Reader::new(&bytes[..]).unwrap();
        for (packet, _) in ends.iter().enumerate() {
            if packet > 0 {
                assert!(!reader.about_to_read(), "before packet {packet}");
            }
            assert!(reader.next().unwrap().is_ok());
        }
        assert!(reader.about_to_read());
    }
}

#[test]
fn one_byte_at_a_time_gives_the_same() {
    for (bytes, _, _) in files() {
        let whole = read_good(&bytes);
        let let_in = Rc::new(Cell::new(bytes.len()));
        let pipe = Pipe { at: 0, let_in, piece: 1, bytes };
        let mut reader = Reader::new(pipe).unwrap();
        for expected in &whole {
            assert_eq!(&Got::from(&reader.next().unwrap().unwrap()), expected);
        }
    }
}

#[test]
fn interrupted_reads_are_repeated() {
    struct Interrupted<'a>(&'a [u8], bool);
    impl Read for Interrupted<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.1 = !self.1;
            if self.1 { Err(io::ErrorKind::Interrupted.into()) } else { self.0.read(buffer) }
        }
    }
    let file = plain_pcap(&[b"first"]);
    let mut reader = Reader::new(Interrupted(&file, false)).unwrap();
    assert_eq!(reader.next().unwrap().unwrap().bytes, b"first");
    assert!(reader.next().is_none());
}
