//! Compressed captures, unpacked while they are read.

use std::io::{self, Read, Write};

use dissect::capture::{Bound, Compression, Kind, Reader, Unpacked};

use crate::build::*;

/// A capture of several of any packer's blocks.
fn sample() -> Vec<u8> {
    let packets: Vec<Vec<u8>> =
        (0..6_000u32).map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes().repeat(n as usize % 90)).collect();
    plain_pcap(&packets.iter().map(|packet| &packet[..]).collect::<Vec<_>>())
}

fn pack(compression: Compression, bytes: &[u8]) -> Vec<u8> {
    match compression {
        Compression::Gzip => {
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
            encoder.write_all(bytes).unwrap();
            encoder.finish().unwrap()
        }
        Compression::Zstd => zstd::encode_all(bytes, 3).unwrap(),
        Compression::Lz4 => {
            let info = lz4_flex::frame::FrameInfo::new()
                .content_checksum(true)
                .block_size(lz4_flex::frame::BlockSize::Max64KB);
            let mut encoder = lz4_flex::frame::FrameEncoder::with_frame_info(info, Vec::new());
            encoder.write_all(bytes).unwrap();
            encoder.finish().unwrap()
        }
        Compression::Xz => {
            let mut encoder = liblzma::write::XzEncoder::new(Vec::new(), 6);
            encoder.write_all(bytes).unwrap();
            encoder.finish().unwrap()
        }
    }
}

const ALL: [Compression; 4] = [Compression::Gzip, Compression::Zstd, Compression::Lz4, Compression::Xz];

#[test]
fn every_compression_is_told_by_its_magic() {
    let file = sample();
    let expected = read_good(&file);
    for compression in ALL {
        let packed = pack(compression, &file);
        assert!(packed.len() < file.len());
        assert_eq!(Reader::new(&packed[..]).unwrap().compression(), Some(compression));
        assert_eq!(read_good(&packed), expected, "{compression}");
    }
    assert_eq!(Reader::new(&file[..]).unwrap().compression(), None);
}

/// What unpacks to more than it should ends with a sentence, behind the packets that came; an ordinary capture does not.
#[test]
fn what_unpacks_to_too_much_ends() {
    let file = plain_pcap(&vec![&[0; 100][..]; 40_000]);
    let bound = Bound { free: 1 << 20, ratio: 20 };
    let read = |packed: &[u8], bound| {
        let mut reader = Reader::bounded(packed, bound).unwrap();
        let mut damage = Vec::new();
        while let Some(next) = reader.next() {
            if let Err(found) = next {
                damage.push(found.to_string());
            }
        }
        (reader.packets(), damage)
    };
    for compression in ALL {
        let packed = pack(compression, &file);
        let (packets, damage) = read(&packed, Some(bound));
        assert!((9_000..39_000).contains(&packets), "{compression}: {packets}");
        assert!(damage[0].contains("which captures do not"), "{compression}: {damage:?}");
        assert_eq!(read(&packed, None), (40_000, vec![]), "{compression}");
        assert_eq!(read(&packed, Some(Bound { free: 1 << 23, ..bound })), (40_000, vec![]), "{compression}");
        let plain = pack(compression, &sample());
        assert_eq!(read(&plain, Some(Bound { free: 0, ratio: 100 })), (6_000, vec![]), "{compression}");
    }
    assert_eq!(
        read(&file, Some(Bound { free: 0, ratio: 0 })),
        (40_000, vec![]),
        "what is not compressed has no bound"
    );
}

#[test]
fn several_members_are_one_file() {
    let file = sample();
    let expected = read_good(&file);
    for compression in ALL {
        let (start, end) = file.split_at(10_001);
        let packed = [pack(compression, start), pack(compression, b""), pack(compression, end)].concat();
        assert_eq!(read_good(&packed), expected, "{compression}");
    }
}

#[test]
fn a_zstd_file_may_begin_with_a_frame_to_skip() {
    let file = sample();
    let packed = [b"\x50\x2a\x4d\x18\x03\0\0\0abc", &pack(Compression::Zstd, &file)[..]].concat();
    assert_eq!(read_good(&packed), read_good(&file));
}

#[test]
fn a_cut_compressed_file_gives_what_it_can() {
    let file = sample();
    let expected = read_good(&file);
    for compression in ALL {
        let packed = pack(compression, &file);
        let (packets, damages) = read(&packed[..packed.len() - packed.len() / 4]);
        assert!((3_000..6_000).contains(&packets.len()), "{compression} {}", packets.len());
        assert_eq!(packets[..], expected[..packets.len()], "{compression}");
        if compression != Compression::Lz4 {
            assert!(
                matches!(damages[..], [ref one] if matches!(one.kind, Kind::Read { .. })),
                "{compression} {damages:?}"
            );
        }
    }
}

#[test]
fn garbage_in_a_compressed_file_is_told() {
    let file = sample();
    for compression in ALL {
        let mut packed = pack(compression, &file);
        let at = packed.len() - 10;
        packed[at] ^= 0x55;
        packed[at / 2] ^= 0x55;
        let (packets, damages) = match Reader::new(&packed[..]) {
            Ok(_) => read(&packed),
            Err(_) => continue,
        };
        assert!(packets.len() <= 6_000);
        assert!(!damages.is_empty(), "{compression}");
    }
}

/// Fails when asked for more than there is.
struct Pipe(Vec<u8>, usize);
impl Read for Pipe {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = (&self.0[self.1..]).read(buffer)?;
        self.1 += read;
        assert!(read > 0, "the reader waits");
        Ok(read)
    }
}

#[test]
fn a_packet_of_a_compressed_pipe_comes_out_when_it_was_flushed() {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    let file = plain_pcap(&[b"first", b"second"]);
    encoder.write_all(&file[..24 + 16 + 5]).unwrap();
    encoder.flush().unwrap();
    let flushed = encoder.get_ref().clone();
    let mut reader = Reader::new(Pipe(flushed, 0)).unwrap();
    assert_eq!(reader.next().unwrap().unwrap().bytes, b"first");
}

#[test]
fn unpacked_gives_the_bytes() {
    let file = sample();
    for compression in ALL {
        let mut bytes = Vec::new();
        Unpacked::new(&pack(compression, &file)[..]).unwrap().read_to_end(&mut bytes).unwrap();
        assert!(bytes == file, "{compression}");
    }
}
