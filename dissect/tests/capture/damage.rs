//! Damaged files: every packet before the damage comes out, and every one behind it that can be found.

use dissect::capture::{Damage, Kind, PACKET_LIMIT, Reader};

use crate::build::*;

const PACKETS: [&[u8]; 4] = [b"the first packet", b"second", b"the third packet", b"the fourth"];

fn texts(packets: &[Got]) -> Vec<&[u8]> {
    packets.iter().map(|packet| &packet.bytes[..]).collect()
}

#[test]
fn a_cut_pcap_gives_every_whole_packet() {
    let file = plain_pcap(&PACKETS);
    let ends: Vec<usize> = PACKETS
        .iter()
        .scan(24, |end, bytes| {
            *end += 16 + bytes.len();
            Some(*end)
        })
        .collect();
    for length in 24..file.len() {
        let (packets, damages) = read(&file[..length]);
        let whole = ends.iter().filter(|end| **end <= length).count();
        assert_eq!(texts(&packets), PACKETS[..whole], "cut at {length}");
        let start = if whole == 0 { 24 } else { ends[whole - 1] };
        if start == length {
            assert_eq!(damages, []);
        } else {
            let left = (length - start) as u64;
            let needed = if left < 16 { 16 } else { (ends[whole] - start) as u64 };
            let kind = Kind::Cut { needed, left };
            assert_eq!(damages, [Damage { kind, offset: start as u64, packets: whole as u64, resume: None }]);
        }
    }
}

#[test]
fn a_cut_pcapng_gives_every_whole_packet() {
    for order in [LITTLE, BIG] {
        let mut ng = Ng::new(order).interface(1, 0, &[]);
        let mut ends = Vec::new();
        for bytes in PACKETS {
            ng = ng.packet(0, 1, bytes);
            ends.push(ng.file.len());
        }
        for length in 16..ng.file.len() {
            let (packets, damages) = read(&ng.file[..length]);
            let whole = ends.iter().filter(|end| **end <= length).count();
            assert_eq!(texts(&packets), PACKETS[..whole], "cut at {length}");
            let at_block = ends.contains(&length) || length == 28 || length == 48;
            assert_eq!(damages.len(), usize::from(!at_block), "cut at {length}: {damages:?}");
            assert!(
                damages
                    .iter()
                    .all(|damage| matches!(damage.kind, Kind::Cut { .. }) && damage.resume.is_none())
            );
        }
    }
}

#[test]
fn the_sentence_of_a_cut_file() {
    let file = plain_pcap(&PACKETS);
    let (_, damages) = read(&file[..file.len() - 1]);
    assert_eq!(
        damages[0].to_string(),
        "at offset 110 (after packet 3) the file is cut short: a record needs 26 bytes, 25 are left; \
         nothing more can be read, a complete copy of the file would have the rest"
    );
}

#[test]
fn a_wrong_packet_length_in_pcap_loses_that_packet_only() {
    let whole = plain_pcap(&PACKETS);
    let second = 24 + 16 + PACKETS[0].len();
    let third = second + 16 + PACKETS[1].len();
    for length in [u32::MAX, PACKET_LIMIT + 1, PACKET_LIMIT, 300_000, 200_000] {
        let mut file = whole.clone();
        file[second + 8..second + 12].copy_from_slice(&u32(LITTLE, length));
        let (packets, damages) = read(&file);
        assert_eq!(texts(&packets), [PACKETS[0], PACKETS[2], PACKETS[3]]);
        assert_eq!(packets[1].number, 2);
        assert_eq!(damages.len(), 1);
        assert_eq!((damages[0].offset, damages[0].resume), (second as u64, Some(third as u64)));
    }
}

#[test]
fn bytes_in_between_are_passed() {
    for filler in [&[0u8; 7][..], &[0xff; 100], b"some text that some program left here"] {
        let mut file = plain_pcap(&PACKETS[..2]);
        let at = file.len() as u64;
        file.extend(filler);
        file.extend(record(LITTLE, (1_700_000_500, 0), 5, b"third"));
        file.extend(record(LITTLE, (1_700_000_501, 0), 6, b"fourth"));
        let (packets, damages) = read(&file);
        assert!(texts(&packets).ends_with(&[b"third", b"fourth"]), "{packets:?}");
        assert!(damages.iter().all(|damage| damage.offset >= at));
        assert!(!damages.is_empty());
    }
}

#[test]
fn a_wrong_interface_loses_that_packet_only() {
    let file = Ng::new(BIG)
        .interface(1, 0, &[])
        .packet(0, 1, b"first")
        .packet(1, 1, b"stray")
        .packet(0, 1, b"third")
        .file;
    let (packets, damages) = read(&file);
    assert_eq!(texts(&packets), [&b"first"[..], b"third"]);
    assert_eq!(packets[1].number, 2);
    let kind = Kind::Interface { id: 1, known: 1 };
    assert_eq!(damages, [Damage { kind, offset: 88, packets: 1, resume: Some(128) }]);
    assert_eq!(
        damages[0].to_string(),
        "at offset 88 (after packet 1) a packet is from interface 1, and 1 are described; reading goes on at offset 128"
    );
}

#[test]
fn packets_before_any_interface() {
    let file =
        Ng::new(LITTLE).simple(3, b"abc").packet(0, 0, b"abc").interface(1, 0, &[]).simple(3, b"def").file;
    let (packets, damages) = read(&file);
    assert_eq!(texts(&packets), [b"def"]);
    assert_eq!(damages.len(), 2);
    assert!(damages.iter().all(|damage| damage.kind == Kind::Interface { id: 0, known: 0 }));
}

#[test]
fn a_packet_longer_than_its_block() {
    let good = Ng::new(LITTLE).interface(1, 0, &[]).packet(0, 1, b"first");
    let at = good.file.len();
    let mut bad = good.packet(0, 1, b"second");
    bad.file[at + 20..at + 24].copy_from_slice(&[9, 0, 0, 0]);
    let (packets, damages) = read(&bad.packet(0, 1, b"third").file);
    assert_eq!(texts(&packets), [&b"first"[..], b"third"]);
    assert_eq!(damages[0].kind, Kind::PacketInBlock { captured: 9, room: 8 });
    assert_eq!(damages.len(), 1);
}

#[test]
fn a_block_too_short_for_its_fields() {
    for kind in [1, 2, 3, 6] {
        let file = Ng::new(LITTLE).block(kind, b"").interface(1, 0, &[]).packet(0, 1, b"first").file;
        let (packets, damages) = read(&file);
        assert_eq!(texts(&packets), [b"first"]);
        assert_eq!(damages.len(), 1);
        assert!(matches!(damages[0].kind, Kind::BlockTooShort { block, left: 0, .. } if block == kind));
    }
}

#[test]
fn a_wrong_block_length_loses_that_packet_only() {
    for order in [LITTLE, BIG] {
        let good = Ng::new(order).interface(1, 0, &[]).packet(0, 1, b"first");
        let at = good.file.len();
        let bad = good.packet(0, 1, b"second");
        let next = bad.file.len() as u64;
        let whole = bad.packet(0, 1, b"third").packet(0, 1, b"fourth").file;
        for length in [0, 11, 13, 20, 44, 4_000_000_000, u32::MAX, 1 << 20] {
            let mut file = whole.clone();
            file[at + 4..at + 8].copy_from_slice(&u32(order, length));
            let (packets, damages) = read(&file);
            assert_eq!(texts(&packets), [&b"first"[..], b"third", b"fourth"], "length {length}");
            assert_eq!(damages.len(), 1, "length {length}: {damages:?}");
            assert_eq!((damages[0].offset, damages[0].resume), (at as u64, Some(next)));
        }
    }
}

#[test]
fn a_wrong_length_at_the_end_of_a_block_loses_nothing() {
    let good = Ng::new(LITTLE).interface(1, 0, &[]).packet(0, 1, b"first");
    let end = good.file.len();
    for more in [true, false] {
        let mut bad = good.clone();
        bad.file[end - 1] = 0x55;
        let file = if more { bad.packet(0, 1, b"second").file } else { bad.file };
        let (packets, damages) = read(&file);
        assert_eq!(packets.len(), 1 + usize::from(more));
        assert_eq!(packets[0].bytes, b"first");
        assert_eq!(damages.len(), 1);
        assert_eq!(damages[0].kind, Kind::BlockEnd { first: 40, last: 0x5500_0028 });
    }
}

#[test]
fn a_lost_piece_in_the_middle_of_pcapng() {
    let start = Ng::new(LITTLE).interface(1, 0, &[]).packet(0, 1, b"first");
    let at = start.file.len();
    let whole = start.packet(0, 1, b"second").packet(0, 1, b"third").packet(0, 1, b"fourth").file;
    // The piece is of an odd length: blocks no longer stand at multiples of four.
    let file = [&whole[..at + 10], &whole[at + 33..]].concat();
    let (packets, damages) = read(&file);
    assert_eq!(texts(&packets), [&b"first"[..], b"third", b"fourth"]);
    assert_eq!(damages.len(), 1);
}

#[test]
fn a_section_header_without_byte_order_is_found_out() {
    let start = Ng::new(LITTLE).interface(1, 0, &[]).packet(0, 1, b"first");
    let at = start.file.len();
    let mut file = start.section(BIG, &[]).interface(113, 0, &[]).packet(0, 1, b"lost").file;
    file[at + 8] = 0;
    let again = Ng { order: BIG, file }.section(BIG, &[]).interface(113, 0, &[]).packet(0, 1, b"last").file;
    let (packets, damages) = read(&again);
    assert_eq!(texts(&packets), [&b"first"[..], b"last"]);
    assert_eq!(packets[1].link.0, 113);
    assert_eq!(damages[0].kind, Kind::ByteOrder { found: [0, 0x2b, 0x3c, 0x4d] });
}

#[test]
fn a_section_of_another_version_is_tried() {
    let mut file = Ng::new(LITTLE).interface(1, 0, &[]).packet(0, 1, b"first").file;
    file[12] = 2;
    let (packets, damages) = read(&file);
    assert_eq!(texts(&packets), [b"first"]);
    assert_eq!(damages[0].kind, Kind::Version { major: 2, minor: 0 });
}

#[test]
fn a_snoop_file_with_a_wrong_length() {
    let mut file = b"snoop\0\0\0\0\0\0\x02\0\0\0\x04".to_vec();
    let mut starts = Vec::new();
    for _ in 0..4 {
        starts.push(file.len());
        for word in [60, 8, 32, 0, 900_000_000, 250_000] {
            file.extend(u32(BIG, word));
        }
        file.extend(b"abcdefgh");
    }
    for length in [31, 0, u32::MAX] {
        let mut bad = file.clone();
        bad[starts[1] + 8..starts[1] + 12].copy_from_slice(&u32(BIG, length));
        let (packets, damages) = read(&bad);
        assert_eq!(packets.len(), 3, "length {length}");
        assert_eq!(damages[0].kind, Kind::RecordLength { length });
        assert_eq!(damages[0].resume, Some(starts[2] as u64));
    }
    let (packets, damages) = read(&file[..file.len() - 1]);
    assert_eq!((packets.len(), damages.len()), (3, 1));
}

#[test]
fn a_source_that_fails_is_damage_and_the_end() {
    struct Fails<'a>(&'a [u8]);
    impl std::io::Read for Fails<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            if self.0.is_empty() {
                Err(std::io::Error::other("the disk is gone"))
            } else {
                self.0.read(buffer)
            }
        }
    }
    let file = plain_pcap(&PACKETS);
    for (length, whole) in [(file.len(), 4), (file.len() - 3, 3)] {
        let mut reader = Reader::new(Fails(&file[..length])).unwrap();
        for _ in 0..whole {
            assert!(reader.next().unwrap().is_ok());
        }
        let damage = reader.next().unwrap().unwrap_err();
        assert_eq!(damage.packets, whole);
        assert!(damage.to_string().contains("the input cannot be read: the disk is gone"), "{damage}");
        assert!(reader.next().is_none());
    }
    assert!(Reader::new(Fails(&file[..10])).is_err());
}
