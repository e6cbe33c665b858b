//! Files made to cost.

use crate::counting::cost;
use dissect::capture::{BLOCK_LIMIT, INTERFACE_LIMIT, Kind, Reader, WINDOW};
use std::io::{Read, Write};

const SECTION: [u8; 28] = [
    0x0a, 0x0d, 0x0d, 0x0a, 28, 0, 0, 0, 0x4d, 0x3c, 0x2b, 0x1a, 1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 28, 0, 0, 0,
];
const INTERFACE: [u8; 20] = [1, 0, 0, 0, 20, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 20, 0, 0, 0];

/// A piece, so many times.
struct Repeated {
    piece: Vec<u8>,
    left: u64,
    at: usize,
}

impl Read for Repeated {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let most = buffer.len().min(self.left as usize);
        for to in &mut buffer[..most] {
            *to = self.piece[self.at];
            self.at = (self.at + 1) % self.piece.len();
        }
        self.left -= most as u64;
        Ok(most)
    }
}

fn repeated(piece: &[u8], count: u64) -> Repeated {
    Repeated { piece: piece.to_vec(), left: piece.len() as u64 * count, at: 0 }
}

/// Reads all. Answers packets, and what was damaged.
fn read(source: impl Read) -> (u64, Vec<Kind>) {
    let mut reader = Reader::new(source).unwrap();
    let mut damage = Vec::new();
    while let Some(next) = reader.next() {
        if let Err(found) = next
            && damage.len() < 100
        {
            damage.push(found.kind);
        }
    }
    (reader.packets(), damage)
}

#[test]
fn a_million_interfaces() {
    let packet =
        [&[6, 0, 0, 0, 36, 0, 0, 0][..], &[0; 12], &[2, 0, 0, 0, 2, 0, 0, 0], &[7; 4], &[36, 0, 0, 0]]
            .concat();
    let file = (&SECTION[..]).chain(repeated(&INTERFACE, 1_000_000)).chain(&packet[..]);
    let ((packets, damage), cost) = cost(|| read(file));
    assert_eq!(packets, 1, "what follows the interfaces is read");
    assert!(damage.contains(&Kind::TooManyInterfaces), "{damage:?}");
    assert!(cost.bytes < 400 * INTERFACE_LIMIT + 4 * WINDOW, "{} bytes", cost.bytes);
}

/// Options of interfaces, of which only so many bytes are kept.
#[test]
fn long_options_of_many_interfaces() {
    let name = [7; 4000];
    let mut interface = vec![1, 0, 0, 0];
    let length = (20 + 4 + name.len() as u32).to_le_bytes();
    interface.extend(length);
    interface.extend([1, 0, 0, 0, 0, 0, 0, 0, 2, 0]);
    interface.extend((name.len() as u16).to_le_bytes());
    interface.extend(name);
    interface.extend(length);
    let file = (&SECTION[..]).chain(repeated(&interface, 60_000));
    let (_, cost) = cost(|| read(file));
    assert!(
        cost.bytes < dissect::capture::OPTIONS_LIMIT + 400 * INTERFACE_LIMIT + 4 * WINDOW,
        "{}",
        cost.bytes
    );
}

/// Blocks and records that claim up to 4 GiB in a small file.
#[test]
fn lengths_of_4_gigabytes() {
    for claimed in [u32::MAX, u32::MAX - 3, 0xffff_fff0, 0x8000_0000, 0x7fff_fffc, BLOCK_LIMIT + 4] {
        for kind in [6_u32, 3, 2, 1, 5, 4, 10, 0x0bad, 0xabcd] {
            let block = [&kind.to_le_bytes()[..], &claimed.to_le_bytes(), &[0xff; 40]].concat();
            let file = [&SECTION[..], &INTERFACE, &block].concat();
            let ((packets, damage), cost) = cost(|| read(&file[..]));
            assert_eq!((packets, damage.is_empty()), (0, false), "block {kind} of {claimed}");
            assert!(cost.bytes < 4 * WINDOW, "block {kind} of {claimed}: {} bytes", cost.bytes);
        }
        // The length of a packet, and of an option, within a block.
        let mut block = vec![6, 0, 0, 0, 40, 0, 0, 0];
        block.extend([0; 12]);
        block.extend(claimed.to_le_bytes());
        block.extend(claimed.to_le_bytes());
        block.extend([0xff; 8]);
        block.extend([40, 0, 0, 0]);
        let file = [&SECTION[..], &INTERFACE, &block].concat();
        let (_, cost_ng) = cost(|| read(&file[..]));
        let header =
            [0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 1, 0, 0, 0];
        let record = [&[0; 8][..], &claimed.to_le_bytes(), &claimed.to_le_bytes(), &[0xff; 100]].concat();
        let file = [&header[..], &record].concat();
        let (_, cost_pcap) = cost(|| read(&file[..]));
        assert!(cost_ng.bytes.max(cost_pcap.bytes) < 4 * WINDOW, "{claimed}");
    }
}

/// What unpacks to much more than it is takes no more memory than anything else: it is read piece by piece.
#[test]
fn what_unpacks_to_much_takes_no_memory() {
    const PACKETS: u64 = if cfg!(debug_assertions) { 200_000 } else { 2_000_000 };
    let header = [0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0];
    let record = [&[0; 8][..], &[60, 0, 0, 0, 60, 0, 0, 0], &[0; 60]].concat();
    let source = || (&header[..]).chain(repeated(&record, PACKETS));
    let gzip = {
        let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        std::io::copy(&mut source(), &mut out).unwrap();
        out.finish().unwrap()
    };
    let zstd = zstd::encode_all(source(), 3).unwrap();
    let lz4 = {
        let mut out = lz4_flex::frame::FrameEncoder::new(Vec::new());
        std::io::copy(&mut source(), &mut out).unwrap();
        out.finish().unwrap()
    };
    let xz = {
        let mut out = liblzma::write::XzEncoder::new(Vec::new(), 1);
        std::io::copy(&mut source(), &mut out).unwrap();
        out.finish().unwrap()
    };
    for (name, packed) in [("gzip", gzip), ("zstd", zstd), ("lz4", lz4), ("xz", xz)] {
        let ratio = PACKETS * record.len() as u64 / packed.len() as u64;
        let ((packets, damage), cost) = cost(|| read(&packed[..]));
        assert_eq!((packets, damage.len()), (PACKETS, 0), "{name}");
        assert!(cost.bytes < 16 << 20, "{name}: {} bytes for a ratio of {ratio}", cost.bytes);
        assert!(ratio > 100, "{name}: {ratio}");
    }
}

/// Members that unpack to nothing, one behind the other.
#[test]
fn empty_members_of_gzip() {
    let mut member = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    member.write_all(b"").unwrap();
    let member = member.finish().unwrap();
    let (done, cost) =
        cost(|| Reader::new(repeated(&member, 200_000)).map(|mut reader| reader.next().is_none()));
    assert!(matches!(done, Ok(true)), "an empty file");
    assert!(cost.bytes < 4 << 20, "{}", cost.bytes);
}
