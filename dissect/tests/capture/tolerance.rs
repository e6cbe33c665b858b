//! Files that other readers refuse and people have.

use dissect::capture::{Block, Direction, Error, Format, LinkType, Reader, Time, Writer, pcapng::block};

use crate::build::*;

#[test]
fn pcap_of_both_byte_orders_and_resolutions() {
    for order in [LITTLE, BIG] {
        for (magic, nanos, format) in
            [(MICROSECONDS, 123_456_000, Format::Pcap), (NANOSECONDS, 123_456, Format::PcapNanoseconds)]
        {
            let mut file = pcap(order, magic, 65_535, 113);
            file.extend(record(order, (4_000_000_000, 123_456), 3, b"abc"));
            let reader = Reader::new(&file[..]).unwrap();
            assert_eq!((reader.format(), reader.link()), (format, Some(LinkType::LINUX_SLL)));
            assert_eq!(reader.snap_length(), Some(65_535));
            let packets = read_good(&file);
            assert_eq!(packets.len(), 1);
            // Seconds are unsigned: 2096 is not 1960.
            assert_eq!(packets[0].time, Some(Time::new(4_000_000_000, nanos)));
            assert_eq!((packets[0].link, &packets[0].bytes[..]), (LinkType::LINUX_SLL, &b"abc"[..]));
            assert_eq!((packets[0].number, packets[0].offset, packets[0].interface), (1, 24, None));
        }
    }
}

#[test]
fn the_modified_format() {
    for order in [LITTLE, BIG] {
        let mut file = pcap(order, MODIFIED, 65_535, 1);
        for bytes in [b"one", b"two"] {
            let record = record(order, (7, 8), 3, bytes);
            file.extend(&record[..16]);
            file.extend([0, 0, 0, 2, 8, 0, 4, 0]);
            file.extend(&record[16..]);
        }
        assert_eq!(Reader::new(&file[..]).unwrap().format(), Format::PcapModified);
        let packets = read_good(&file);
        assert_eq!(packets.iter().map(|p| &p.bytes[..]).collect::<Vec<_>>(), [b"one", b"two"]);
        assert_eq!(packets[1].time, Some(Time::new(7, 8_000)));
    }
}

#[test]
fn snap_length_zero_and_packets_longer_than_it() {
    for snap_length in [0, 2, 4] {
        let mut file = pcap(LITTLE, MICROSECONDS, snap_length, 1);
        file.extend(record(LITTLE, (1, 0), 5, b"abcde"));
        // A packet cut by the snap length has been longer on the wire.
        file.extend(record(LITTLE, (1, 0), 1_514, b"ab"));
        let packets = read_good(&file);
        assert_eq!((packets[0].bytes.len(), packets[0].original), (5, 5), "snap length {snap_length}");
        assert_eq!((packets[1].bytes.len(), packets[1].original), (2, 1_514));
    }
}

#[test]
fn the_length_on_the_wire_is_kept_as_it_is() {
    let mut file = pcap(BIG, MICROSECONDS, 65_535, 1);
    file.extend(record(BIG, (1, 0), 1, b"abcd"));
    file.extend(record(BIG, (1, 0), 0, b"abcd"));
    file.extend(record(BIG, (1, 0), u32::MAX, b""));
    let lengths: Vec<_> = read_good(&file).iter().map(|p| (p.bytes.len(), p.original)).collect();
    assert_eq!(lengths, [(4, 1), (4, 0), (0, u32::MAX)]);
}

#[test]
fn fractions_beyond_a_second_are_carried() {
    for (magic, fraction, time) in [
        (MICROSECONDS, 1_000_000, Time::new(11, 0)),
        (MICROSECONDS, u32::MAX, Time::new(10 + 4_294, 967_295_000)),
        (NANOSECONDS, 1_000_000_000, Time::new(11, 0)),
        (NANOSECONDS, u32::MAX, Time::new(14, 294_967_295)),
    ] {
        let mut file = pcap(LITTLE, magic, 65_535, 1);
        file.extend(record(LITTLE, (10, fraction), 1, b"a"));
        assert_eq!(read_good(&file)[0].time, Some(time));
    }
}

#[test]
fn versions_before_2_4_exchange_the_lengths() {
    let mut file = pcap(LITTLE, MICROSECONDS, 65_535, 1);
    file.extend(record(LITTLE, (1, 0), 9, b"abcd"));
    for (minor, first, second) in [(2, 9, 4), (3, 4, 9), (3, 9, 4), (4, 4, 9)] {
        file[6] = minor;
        file[24 + 8] = first;
        file[24 + 12] = second;
        let packets = read_good(&file);
        assert_eq!((packets[0].bytes.len(), packets[0].original), (4, 9), "2.{minor}");
    }
}

#[test]
fn the_upper_bits_of_the_link_type_tell_the_frame_check_sequence() {
    let mut file = pcap(LITTLE, MICROSECONDS, 65_535, 0x2400_0001);
    file.extend(record(LITTLE, (1, 0), 4, b"abcd"));
    let packets = read_good(&file);
    assert_eq!((packets[0].link, packets[0].fcs_length), (LinkType::ETHERNET, Some(4)));
}

#[test]
fn a_file_without_packets_and_a_file_without_anything() {
    assert_eq!(read_good(&pcap(LITTLE, MICROSECONDS, 65_535, 1)), []);
    assert_eq!(read_good(&Ng::new(LITTLE).file), []);
    assert_eq!(read_good(&[]), []);
    assert_eq!(Reader::new(&[][..]).unwrap().format(), Format::Empty);
}

#[test]
fn interface_clocks_of_both_bases() {
    let ticks = 0x10_0012_3456;
    for (resolution, time) in [
        (None, (68_720, 669_782_000)),
        (Some(0), (68_720_669_782, 0)),
        (Some(3), (68_720_669, 782_000_000)),
        (Some(6), (68_720, 669_782_000)),
        (Some(9), (68, 720_669_782)),
        (Some(12), (0, 68_720_669)),
        (Some(19), (0, 6)),
        (Some(127), (0, 0)),
        (Some(0x80), (68_720_669_782, 0)),
        (Some(0x8a), (67_110_029, 83_984_375)),
        (Some(0xa0), (16, 277_777)),
        (Some(0xc0), (0, 3)),
        (Some(0xff), (0, 0)),
    ] {
        for order in [LITTLE, BIG] {
            let ng = Ng::new(order);
            let options = resolution.map(|byte| ng.option(9, &[byte])).unwrap_or_default();
            let file = ng.interface(1, 0, &options).packet(0, ticks, b"abc").file;
            assert_eq!(read_good(&file)[0].time, Some(Time::new(time.0, time.1)), "{resolution:x?}");
        }
    }
}

#[test]
fn interface_time_offset_of_both_signs() {
    for (offset, seconds) in [(-5i64, -4), (1_000_000_000, 1_000_000_001), (i64::MAX, i64::MAX)] {
        let ng = Ng::new(BIG);
        let options = ng.option(14, &u64(BIG, offset as u64));
        let file = ng.interface(1, 0, &options).packet(0, 1_500_000, b"").file;
        assert_eq!(read_good(&file)[0].time, Some(Time::new(seconds, 500_000_000)));
    }
}

#[test]
fn sections_of_either_byte_order_with_interfaces_of_their_own() {
    let file = Ng::new(LITTLE)
        .interface(1, 0, &[])
        .interface(113, 0, &[])
        .packet(1, 1, b"sll")
        .packet(0, 2, b"eth")
        .section(BIG, &[])
        .interface(101, 0, &[])
        .packet(0, 3, b"raw")
        .section(LITTLE, &[])
        .interface(276, 0, &[])
        .packet(0, 4, b"sll2")
        .file;
    let packets = read_good(&file);
    let got: Vec<_> = packets.iter().map(|p| (p.link.0, p.interface, p.time.unwrap().nanos())).collect();
    assert_eq!(
        got,
        [(113, Some(1), 1_000), (1, Some(0), 2_000), (101, Some(2), 3_000), (276, Some(3), 4_000)]
    );

    let mut reader = Reader::new(&file[..]).unwrap();
    assert!(reader.section().is_none());
    let mut sections = Vec::new();
    while let Some(next) = reader.next() {
        let interface = next.unwrap().interface.unwrap().clone();
        sections.push((
            reader.section().unwrap().number,
            interface.section,
            interface.id,
            reader.interfaces().len(),
        ));
    }
    assert_eq!(sections, [(0, 0, 1, 2), (0, 0, 0, 2), (1, 1, 0, 1), (2, 2, 0, 1)]);
}

#[test]
fn packet_blocks_old_and_simple() {
    let ng = Ng::new(BIG);
    let comment = ng.option(1, b"old");
    let file = ng
        .interface(1, 4, &[])
        .old_packet(0, 7, 1_500_000, b"abcde", &comment)
        .old_packet(0, u16::MAX, 0, b"", &[])
        .simple(9, b"abcd")
        .simple(3, b"abc")
        .file;
    let packets = read_good(&file);
    assert_eq!((&packets[0].bytes[..], packets[0].drops), (&b"abcde"[..], Some(7)));
    assert_eq!(packets[0].time, Some(Time::new(1, 500_000_000)));
    assert_eq!(packets[0].comments, [b"old"]);
    assert_eq!(packets[1].drops, None);
    // The snap length of the first interface limits a Simple Packet Block.
    assert_eq!((&packets[2].bytes[..], packets[2].original, packets[2].time), (&b"abcd"[..], 9, None));
    assert_eq!((&packets[3].bytes[..], packets[3].original, packets[3].interface), (&b"abc"[..], 3, Some(0)));
}

#[test]
fn options_of_a_packet() {
    for order in [LITTLE, BIG] {
        let ng = Ng::new(order);
        let mut options = ng.option(1, b"first");
        options.extend(ng.option(2, &u32(order, 0x0000_0082)));
        options.extend(ng.option(4, &u64(order, 1 << 40)));
        options.extend(ng.option(1, b"\xff\xfe not UTF-8"));
        let ended = [&options[..], &[0; 4]].concat();
        // Without the end mark, with it, and with bytes behind it that say nothing.
        for options in [options, ended.clone(), [&ended[..], &[1, 0, 0, 0]].concat()] {
            let file = ng.clone().interface(1, 0, &[]).packet_with(0, 0, 60, b"abcde", &options).file;
            let packet = &read_good(&file)[0];
            assert_eq!(packet.comments, [&b"first"[..], b"\xff\xfe not UTF-8"]);
            assert_eq!((packet.drops, packet.flags, packet.fcs_length), (Some(1 << 40), Some(0x82), Some(4)));
            let mut reader = Reader::new(&file[..]).unwrap();
            let packet = reader.next().unwrap().unwrap();
            assert_eq!(packet.options.flags().unwrap().direction(), Some(Direction::Outbound));
            assert!(packet.is_cut());
        }
    }
}

#[test]
fn options_of_sections_and_interfaces_in_any_encoding() {
    let ng = Ng::new(LITTLE);
    let section =
        [ng.option(1, b"a"), ng.option(2, b"m\xe4chine"), ng.option(3, b"os"), ng.option(4, b"tool")]
            .concat();
    let interface = [
        ng.option(2, b"eth\xff"),
        ng.option(3, b"uplink"),
        ng.option(11, b"\0sctp"),
        ng.option(12, b"os"),
        ng.option(13, &[4]),
        ng.option(15, b"card"),
        ng.option(1, b"comment"),
    ]
    .concat();
    let file = Ng { order: LITTLE, file: Vec::new() }
        .section(LITTLE, &section)
        .interface(1, 96, &interface)
        .packet(0, 0, b"")
        .file;
    let mut reader = Reader::new(&file[..]).unwrap();
    let packet = reader.next().unwrap().unwrap();
    let interface = packet.interface.unwrap();
    assert_eq!(interface.name(), Some(&b"eth\xff"[..]));
    assert_eq!(interface.description(), Some(&b"uplink"[..]));
    assert_eq!(interface.filter(), Some(&b"sctp"[..]));
    assert_eq!(interface.os(), Some(&b"os"[..]));
    assert_eq!(interface.hardware(), Some(&b"card"[..]));
    assert_eq!(interface.options().comments().collect::<Vec<_>>(), [b"comment"]);
    assert_eq!((interface.snap_length, interface.fcs_length, packet.fcs_length), (96, Some(4), Some(4)));
    let section = reader.section().unwrap();
    assert_eq!(section.hardware(), Some(&b"m\xe4chine"[..]));
    assert_eq!(section.os(), Some(&b"os"[..]));
    assert_eq!(section.application(), Some(&b"tool"[..]));
    assert_eq!((section.version, section.length), ((1, 0), None));
}

#[test]
fn frame_check_sequence_of_an_interface_in_bits_or_bytes() {
    for (option, length) in [(4, 4), (32, 4), (16, 2), (0, 0)] {
        let ng = Ng::new(LITTLE);
        let options = ng.option(13, &[option]);
        let file = ng.interface(1, 0, &options).packet(0, 0, b"").file;
        assert_eq!(read_good(&file)[0].fcs_length, Some(length));
    }
}

#[test]
fn other_blocks_are_passed_and_can_be_seen() {
    let file = Ng::new(LITTLE)
        .block(block::SECRETS, b"TLSK\x03\0\0\0abc")
        .interface(1, 0, &[])
        .block(block::CUSTOM, b"\x01\0\0\0custom")
        .block(0x8000_0001, b"")
        .packet(0, 1, b"abc")
        .block(block::NAMES, b"\0\0\0\0")
        .block(0xffff_ffff, b"abcd")
        .packet(0, 1, b"def")
        .block(block::STATISTICS, &[0; 12])
        .file;
    let links: Vec<LinkType> = read_good(&file).iter().map(|packet| packet.link).collect();
    assert_eq!(links, [LinkType::CUSTOM_BLOCK, LinkType::ETHERNET, LinkType::ETHERNET]);
    let kinds = kinds(&file);
    assert_eq!(kinds, [block::SECTION, 10, 1, 0xbad, 0x8000_0001, 6, 4, 0xffff_ffff, 6, 5]);

    let mut reader = Reader::new(&file[..]).unwrap();
    reader.next_block().unwrap().unwrap();
    let Block::Other(secrets) = reader.next_block().unwrap().unwrap() else { panic!("secrets come second") };
    assert_eq!((secrets.kind, secrets.body, secrets.offset), (10, &b"TLSK\x03\0\0\0abc\0"[..], 28));
}

/// Custom blocks are numbered like packets, by a link type that an interface may claim too: its packets stay packets, though
/// they begin as a custom block does.
#[test]
fn packets_of_the_link_type_that_custom_blocks_have() {
    for order in [LITTLE, BIG] {
        let alike = u32(order, block::CUSTOM);
        let file = Ng::new(order)
            .interface(65_535, 0, &[])
            .packet(0, 1, &alike)
            .block(block::CUSTOM, &[&u32(order, 1)[..], b"data"].concat())
            .old_packet(0, 0, 2, &alike, &[])
            .simple(4, &alike)
            .block(block::CUSTOM_NO_COPY, &[&u32(order, 1)[..], b"data"].concat())
            .packet(0, 3, b"last")
            .file;
        let packets = read_good(&file);
        let bytes: Vec<&[u8]> = packets.iter().map(|packet| &packet.bytes[..]).collect();
        let data = [&u32(order, 1)[..], b"data"].concat();
        assert_eq!(bytes, [&alike[..], &data, &alike, &alike, &data, b"last"]);
        assert!(packets.iter().all(|packet| packet.link == LinkType(65_535)));
        assert_eq!(kinds(&file), [block::SECTION, 1, 6, 0xbad, 6, 6, 0x4000_0bad, 6]);
        // In a copy too: it was there that they were lost.
        let (mut reader, mut writer) = (Reader::new(&file[..]).unwrap(), Writer::pcapng(Vec::new(), order));
        while let Some(next) = reader.next_block() {
            writer.write(&next.unwrap()).unwrap();
        }
        let copied = writer.finish().unwrap();
        assert_eq!(kinds(&copied), kinds(&file));
        let copied: Vec<Vec<u8>> = read_good(&copied).into_iter().map(|packet| packet.bytes).collect();
        assert_eq!(copied, bytes);
    }
    // pcap has no such blocks: there it is a link type as others are.
    let mut file = pcap(LITTLE, MICROSECONDS, 0, 65_535);
    file.extend(record(LITTLE, (1, 0), 4, &u32(LITTLE, block::CUSTOM)));
    let packets = read_good(&file);
    assert_eq!((packets.len(), packets[0].link), (1, LinkType(65_535)));
}

#[test]
fn blocks_whose_length_leaves_out_the_padding() {
    let good = Ng::new(LITTLE).interface(1, 0, &[]).packet(0, 1, b"abcde");
    let start = good.file.len() - 40 + 4;
    assert_eq!(good.file[start], 40);
    // Both lengths say 37; three bytes of padding follow the packet all the same.
    let mut padded = good.file.clone();
    padded[start] = 37;
    let end = padded.len() - 4;
    padded[end] = 37;
    let padded = Ng { order: LITTLE, file: padded }.packet(0, 1, b"next").file;
    let packets = read_good(&padded);
    assert_eq!(packets.iter().map(|p| &p.bytes[..]).collect::<Vec<_>>(), [&b"abcde"[..], b"next"]);
}

#[test]
fn a_snoop_file() {
    let mut file = b"snoop\0\0\0\0\0\0\x02\0\0\0\x04".to_vec();
    for (bytes, pad) in [(&b"abcde"[..], 3), (b"abcdefgh", 0)] {
        for word in [60, bytes.len() as u32, 24 + bytes.len() as u32 + pad, 0, 900_000_000, 250_000] {
            file.extend(u32(BIG, word));
        }
        file.extend(bytes);
        file.resize(file.len() + pad as usize, 0);
    }
    assert_eq!(Reader::new(&file[..]).unwrap().format(), Format::Snoop);
    let packets = read_good(&file);
    assert_eq!(packets.iter().map(|p| &p.bytes[..]).collect::<Vec<_>>(), [&b"abcde"[..], b"abcdefgh"]);
    assert_eq!(packets[1].time, Some(Time::new(900_000_000, 250_000_000)));
    assert_eq!((packets[1].link, packets[1].original), (LinkType::ETHERNET, 60));

    file[15] = 77;
    assert_eq!(Reader::new(&file[..]).err(), Some(Error::SnoopLink(77)));
}

#[test]
fn what_is_no_capture_is_named() {
    for (file, sentence) in [
        (&b"btsnoop\0\0\0\0\x01\0\0\x03\xe9"[..], "this is a Bluetooth snoop file; "),
        (b"PK\x03\x04........", "this is a zip archive; "),
        (b"\0\0\0\x80\0\x65\x53\x65\x02\x04\0\x40\0\0\0\x2c", "this is an Endace ERF file; "),
        (b"BZh91AY&SY......", "this is a file compressed with bzip2; "),
        (b"\x0a\x0d\x0d\x0a\x1c\0\0\0\0\0\0\0....", "begins with 0a 0d 0d 0a 1c 00 00 00; "),
        (b"No.  Time", "begins with 4e 6f 2e 20 20 54 69 6d; "),
    ] {
        let error = Reader::new(file).err().expect("this is no capture");
        let text = error.to_string();
        assert!(text.contains(sentence), "{text}");
        assert!(
            text.ends_with("pcap, pcapng and snoop can be read, also compressed with gzip, zstd, lz4 or xz")
        );
    }
    assert_eq!(Reader::new(&plain_pcap(&[])[..20]).err(), Some(Error::Cut { needed: 24, left: 20 }));
    assert_eq!(Reader::new(&Ng::new(BIG).file[..9]).err(), Some(Error::Cut { needed: 28, left: 9 }));
}
