//! Random access.

use std::io::Cursor;

use dissect::capture::{Index, Kind, Memory, Reader, Spool, Time, pcapng};

use crate::build::*;

fn index_of(file: &[u8]) -> (Index, Vec<Got>) {
    let mut reader = Reader::new(file).unwrap();
    let mut index = reader.index();
    let mut packets = Vec::new();
    while let Some(next) = reader.next() {
        if let Ok(packet) = next {
            index.add(&packet);
            packets.push(Got::from(&packet));
        }
    }
    (index, packets)
}

fn files() -> Vec<Vec<u8>> {
    let ng = Ng::new(LITTLE);
    let comment = ng.option(1, b"a comment");
    let far = Ng::new(BIG).option(14, &u64(BIG, 1 << 60));
    let several = ng
        .interface(1, 3, &[])
        .packet_with(0, 1_700_000_000_000_000, 60, b"first", &comment)
        .simple(60, b"abc")
        .section(BIG, &[])
        .interface(113, 0, &[])
        .interface(101, 0, &[])
        .block(0xbad, &[&u32(BIG, 7)[..], b"custom"].concat())
        .packet(1, 5, b"second")
        .old_packet(0, 3, 6, b"third", &[])
        .section(BIG, &[])
        .interface(276, 0, &far)
        .packet(0, 7, b"in a far future")
        .file;
    let mut snoop = b"snoop\0\0\0\0\0\0\x02\0\0\0\x04".to_vec();
    for word in [60, 8, 32, 0, 900_000_000, 250_000] {
        snoop.extend(u32(BIG, word));
    }
    snoop.extend(b"abcdefgh");
    vec![plain_pcap(&[b"first", b"", b"third"]), several, snoop]
}

#[test]
fn every_packet_comes_again_as_it_was() {
    for file in files() {
        let (index, packets) = index_of(&file);
        assert_eq!(index.len(), packets.len() as u64);
        let mut cursor = Cursor::new(&file);
        let mut buffer = Vec::new();
        for packet in packets.iter().rev() {
            let again = index.read(&mut cursor, packet.number, &mut buffer).unwrap();
            assert_eq!(&Got::from(&again), packet);
            let summary = index.summary(packet.number).unwrap();
            assert_eq!(
                (summary.offset, summary.time, summary.original),
                (packet.offset, packet.time, packet.original)
            );
            assert_eq!(summary.captured as usize, packet.bytes.len());
            assert_eq!(summary.interface.map(|interface| interface.number), packet.interface);
        }
    }
}

#[test]
fn times_beyond_292_years_are_kept() {
    let (index, _) = index_of(&files()[1]);
    assert_eq!(index.summary(6).unwrap().time, Some(Time::new(1 << 60, 7_000)));
}

#[test]
fn more_interfaces_than_an_entry_has_room_for() {
    let mut file = Vec::new();
    for section in 0..2u32 {
        let mut ng = Ng { order: LITTLE, file }.section(LITTLE, &[]);
        for _ in 0..33_000 {
            ng = ng.interface(1, 0, &[]);
        }
        for interface in 0..33_000 {
            ng = ng.packet(interface, u64::from(section), b"");
        }
        file = ng.file;
    }
    let (index, packets) = index_of(&file);
    assert_eq!(packets.len(), 66_000);
    for number in [1, 65_534, 65_535, 65_536, 66_000] {
        let summary = index.summary(number).unwrap();
        assert_eq!(u64::from(summary.interface.unwrap().number), number - 1);
    }
}

#[test]
fn what_is_not_there() {
    let file = plain_pcap(&[b"first", b"second"]);
    let (index, _) = index_of(&file);
    let mut buffer = Vec::new();
    for number in [0, 3, u64::MAX] {
        let damage = index.read(&mut Cursor::new(&file), number, &mut buffer).unwrap_err();
        assert!(matches!(damage.kind, Kind::Read { .. }), "{damage}");
    }
    // The file has become shorter.
    let damage = index.read(&mut Cursor::new(&file[..50]), 2, &mut buffer).unwrap_err();
    assert!(matches!(damage.kind, Kind::Read { .. }), "{damage}");
    let damage = index.read(&mut Cursor::new(&file[..65]), 2, &mut buffer).unwrap_err();
    assert_eq!((damage.kind, damage.offset), (Kind::Cut { needed: 22, left: 20 }, 45));
    // It has become another one.
    let mut other = file.clone();
    other[45 + 8] = 5;
    let damage = index.read(&mut Cursor::new(&other), 2, &mut buffer).unwrap_err();
    assert_eq!(damage.kind, Kind::PacketLength { length: 5 });
    assert_eq!(index.read(&mut Cursor::new(&file), 2, &mut buffer).unwrap().bytes, b"second");
}

#[test]
fn a_compressed_file_is_spooled() {
    let file = plain_pcap(&[b"first", b"second", b"third"]);
    #[cfg(feature = "compression")]
    let packed = zstd::encode_all(&file[..], 1).unwrap();
    #[cfg(not(feature = "compression"))]
    let packed = file.clone();
    let mut spool = Spool::new(&packed[..], Memory::default()).unwrap();
    assert_eq!(spool.compression().is_some(), cfg!(feature = "compression"));
    let mut reader = Reader::new(&mut spool).unwrap();
    let mut index = reader.index();
    while let Some(next) = reader.next() {
        index.add(&next.unwrap());
    }
    let mut store = spool.into_store();
    let mut buffer = Vec::new();
    assert_eq!(index.read(&mut store, 3, &mut buffer).unwrap().bytes, b"third");
    assert_eq!(index.read(&mut store, 1, &mut buffer).unwrap().bytes, b"first");
    assert_eq!(store.into_bytes(), file);
}

#[test]
fn a_spool_in_memory_has_its_limit() {
    let file = plain_pcap(&[b"first", b"second", b"third"]);
    let whole = file.len() as u64;
    let mut reader = Reader::new(Spool::new(&file[..], Memory::new(whole)).unwrap()).unwrap();
    assert!(std::iter::from_fn(|| reader.next().map(|next| next.is_ok())).all(|good| good));
    let error = Reader::new(Spool::new(&file[..], Memory::new(whole - 1)).unwrap()).err().unwrap();
    assert_eq!(
        error.to_string(),
        format!(
            "the input cannot be read: the unpacked capture is larger than {} bytes; unpack it to a file",
            whole - 1
        )
    );
}

/// Blocks whose length is no multiple of four, with padding behind it or without, also at the very end: found by fuzzing.
#[test]
fn blocks_of_odd_lengths_come_again() {
    let whole = Ng::new(LITTLE).interface(1, 0, &[]).file;
    let odd = |padding: usize, bytes: &[u8]| {
        let mut body = Vec::new();
        for word in [0, 0, 1, bytes.len() as u32, 60] {
            body.extend(u32(LITTLE, word));
        }
        body.extend(bytes);
        let length = u32(LITTLE, body.len() as u32 + 12);
        [&u32(LITTLE, pcapng::block::PACKET)[..], &length, &body, &vec![0; padding], &length].concat()
    };
    for paddings in [[0, 0], [3, 0], [0, 3], [3, 3]] {
        let [first, last] =
            [(b"odd-1", paddings[0]), (b"odd-2", paddings[1])].map(|(text, padding)| odd(padding, text));
        let file = [&whole[..], &first, &last].concat();
        let (index, packets) = index_of(&file);
        let texts: Vec<&[u8]> = packets.iter().map(|packet| &packet.bytes[..]).collect();
        assert_eq!(texts, [b"odd-1", b"odd-2"], "{paddings:?}");
        let (mut source, mut buffer) = (Cursor::new(&file), Vec::new());
        for (number, packet) in (1..).zip(&packets) {
            let again = index.read(&mut source, number, &mut buffer).unwrap();
            assert_eq!(Got::from(&again), *packet, "{paddings:?}");
        }
    }
}
