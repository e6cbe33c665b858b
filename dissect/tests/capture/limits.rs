//! The limits, at their edges.

use dissect::capture::{BLOCK_LIMIT, INTERFACE_LIMIT, Kind, PACKET_LIMIT, PACKET_TRUSTED, Reader};

use crate::build::*;

/// A pcap file with one packet of this length between two short ones.
fn with_length(length: u32, snap_length: u32) -> Vec<u8> {
    let mut file = pcap(LITTLE, MICROSECONDS, snap_length, 1);
    file.extend(record(LITTLE, (1_700_000_000, 0), 5, b"first"));
    file.extend(record(LITTLE, (1_700_000_000, 0), length, &vec![0xff; length as usize]));
    file.extend(record(LITTLE, (1_700_000_000, 0), 4, b"last"));
    file
}

#[test]
fn packets_up_to_the_limit_are_read() {
    for length in [PACKET_TRUSTED, PACKET_TRUSTED + 1, PACKET_LIMIT] {
        for snap_length in [65_535, PACKET_LIMIT] {
            let packets = read_good(&with_length(length, snap_length));
            assert_eq!(packets.len(), 3);
            assert_eq!(packets[1].bytes.len(), length as usize);
        }
    }
    let (packets, damages) = read(&with_length(PACKET_LIMIT + 1, u32::MAX));
    assert_eq!(packets.iter().map(|packet| packet.bytes.len()).collect::<Vec<_>>(), [5, 4]);
    assert_eq!(damages.len(), 1);
    assert_eq!(damages[0].kind, Kind::PacketLength { length: PACKET_LIMIT + 1 });
}

#[test]
fn blocks_up_to_the_limit_are_passed() {
    let most = BLOCK_LIMIT as usize - 12;
    let large = vec![0xffu8; most + 4];
    let start = Ng::new(LITTLE).interface(1, 0, &[]);
    let file = start.clone().block(0xbae, &large[..most]).packet(0, 1, b"abc").file;
    assert_eq!(read_good(&file).len(), 1);
    let file = start.block(0xbae, &large).packet(0, 1, b"abc").file;
    let (packets, damages) = read(&file);
    assert_eq!(packets.len(), 1);
    assert_eq!(damages[0].kind, Kind::BlockLength { length: BLOCK_LIMIT + 4 });
}

#[test]
fn interfaces_up_to_the_limit_are_kept() {
    let mut ng = Ng::new(LITTLE);
    for _ in 0..INTERFACE_LIMIT {
        ng = ng.interface(1, 0, &[]);
    }
    let last = INTERFACE_LIMIT as u32 - 1;
    let file = ng.clone().packet(last, 1, b"abc").file;
    assert_eq!(read_good(&file)[0].interface, Some(last));
    let file = ng.interface(1, 0, &[]).packet(last, 1, b"abc").packet(last + 1, 1, b"def").file;
    let (packets, damages) = read(&file);
    assert_eq!(packets.len(), 1);
    assert_eq!(damages[0].kind, Kind::TooManyInterfaces);
    assert_eq!(damages[1].kind, Kind::Interface { id: last + 1, known: last + 1 });
}

#[test]
fn a_packet_beyond_the_limit_inside_its_block() {
    let length = PACKET_LIMIT as usize + 1;
    let file = Ng::new(LITTLE).interface(1, 0, &[]).packet(0, 1, &vec![0; length]).packet(0, 1, b"abc").file;
    let (packets, damages) = read(&file);
    assert_eq!((packets.len(), damages.len()), (1, 1));
    assert!(matches!(damages[0].kind, Kind::PacketInBlock { captured, .. } if captured as usize == length));
}

#[test]
fn interfaces_beyond_what_is_kept_still_work() {
    // 300 interfaces with 64 kB of options each are beyond the 16 MiB that are kept; the clock still holds.
    let mut ng = Ng::new(LITTLE);
    let mut options = ng.option(9, &[9]);
    options.extend(ng.option(1, &b"x".repeat(65_000)));
    for _ in 0..300 {
        ng = ng.interface(1, 0, &options);
    }
    let file = ng.packet(299, 1_000_000_001, b"abc").file;
    let mut reader = Reader::new(&file[..]).unwrap();
    let packet = reader.next().unwrap().unwrap();
    assert_eq!(packet.time.unwrap().nanos(), 1);
    assert_eq!(packet.interface.unwrap().options().comments().count(), 0);
    assert_eq!(reader.interfaces()[0].options().comments().count(), 1);
}
