//! Capture files.

use dissect::capture::{Batch, Block, ByteOrder, Compression, PcapFile, Reader, Writer};
use std::io::{Cursor, Read, Write};

/// The most bytes that are unpacked: what comes behind them is of the same kind.
const MOST: u64 = 1 << 20;

/// How the file comes: as it is, or packed, perhaps with a byte changed behind that; then the file.
pub(crate) fn run(input: &[u8]) {
    let [how, file @ ..] = input else { return };
    let mut packed = match how & 7 {
        1 => pack(Compression::Gzip, file),
        2 => pack(Compression::Zstd, file),
        3 => pack(Compression::Lz4, file),
        4 => pack(Compression::Xz, file),
        _ => file.to_vec(),
    };
    if how & 8 != 0 {
        let at = usize::from(how >> 4) * packed.len() / 16;
        if let Some(byte) = packed.get_mut(at) {
            *byte = byte.wrapping_add(how >> 4 | 1);
        }
    }
    read(&packed, how & 16 != 0);
}

/// The bytes, packed.
pub(crate) fn pack(compression: Compression, bytes: &[u8]) -> Vec<u8> {
    let packed = match compression {
        Compression::Gzip => {
            let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            out.write_all(bytes).and_then(|()| out.finish())
        }
        Compression::Lz4 => {
            let mut out = lz4_flex::frame::FrameEncoder::new(Vec::new());
            out.write_all(bytes).map(|()| out.finish().unwrap_or_default())
        }
        Compression::Zstd => zstd::encode_all(bytes, 1),
        Compression::Xz => {
            let mut out = liblzma::write::XzEncoder::new(Vec::new(), 0);
            out.write_all(bytes).and_then(|()| out.finish())
        }
    };
    packed.expect("memory can be written")
}

/// What of a packet must come out as it went in.
type Kept = (Option<dissect::capture::Time>, u16, Vec<u8>, u32);

fn read(file: &[u8], slowly: bool) {
    let source: Box<dyn Read> = if slowly { Box::new(Drops(file)) } else { Box::new(file) };
    let Ok(mut reader) = Reader::new(source) else { return };
    let (mut index, mut batch) = (reader.index(), Batch::default());
    let (mut packets, mut kept): (u64, Vec<Kept>) = (0, Vec::new());
    while let Some(next) = reader.next() {
        if let Ok(packet) = next {
            packets += 1;
            assert_eq!(packet.number, packets);
            index.add(&packet);
            if kept.len() < 64 {
                batch.push(&packet);
                kept.push((packet.time, packet.link.0, packet.bytes.to_vec(), packet.original));
            }
            for comment in packet.options.comments() {
                std::hint::black_box(comment);
            }
        }
        if reader.position() > MOST {
            break;
        }
    }
    for (at, (time, link, bytes, original)) in kept.iter().enumerate() {
        let packet = batch.packet(at).expect("as many as were kept");
        assert_eq!(
            (packet.time, packet.link.0, packet.bytes, packet.original),
            (*time, *link, &bytes[..], *original)
        );
    }
    if reader.compression().is_none() {
        let (mut again, mut buffer) = (Cursor::new(file), Vec::new());
        for (at, (time, _, bytes, _)) in kept.iter().enumerate() {
            let packet = index.read(&mut again, at as u64 + 1, &mut buffer).expect("it was read before");
            assert_eq!((packet.time, packet.bytes), (*time, &bytes[..]));
        }
    }
    write(file, packets);
}

/// Every block into a pcapng file, and every packet of one link type into a pcap file: as many come out.
fn write(file: &[u8], packets: u64) {
    let Ok(mut reader) = Reader::new(file) else { return };
    let mut pcapng = Writer::pcapng(Vec::new(), ByteOrder::Little);
    let mut pcap = reader.pcap_file().and_then(|about: PcapFile| Writer::pcap(Vec::new(), about).ok());
    let (mut written, mut into_pcap) = (0, 0);
    while let Some(next) = reader.next_block() {
        if let Ok(block) = &next {
            if let (Block::Packet(packet), Some(pcap)) = (block, &mut pcap) {
                into_pcap += u64::from(pcap.packet(packet).is_ok());
            }
            match pcapng.write(block) {
                Ok(()) => written += u64::from(matches!(block, Block::Packet(_))),
                Err(error) => assert!(!error.to_string().is_empty()),
            }
        }
        if reader.position() > MOST {
            return;
        }
    }
    let count = |file: Vec<u8>| {
        let mut reader = Reader::new(&file[..]).expect("what is written is a capture");
        let mut count = 0;
        while let Some(next) = reader.next_block() {
            count += u64::from(matches!(next.expect("what is written has no damage"), Block::Packet(_)));
        }
        count
    };
    if let Ok(file) = pcapng.finish() {
        assert_eq!(count(file), written, "packets written as pcapng, of {packets}");
    }
    if let Some(Ok(file)) = pcap.map(Writer::finish) {
        assert_eq!(count(file), into_pcap, "packets written as pcap, of {packets}");
    }
}

/// A source that gives a few bytes at a time.
struct Drops<'f>(&'f [u8]);

impl Read for Drops<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let most = buffer.len().min(7);
        self.0.read(&mut buffer[..most])
    }
}
