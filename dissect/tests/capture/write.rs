//! Writing: what was written is what is read, by us and by a strict second reader.

use std::borrow::Cow;

use dissect::capture::Block::{Interface, Other, Packet as PacketBlock, Section};
use dissect::capture::pcapng::block;
use dissect::capture::{ByteOrder, LinkType, Packet, PcapFile, Reader, Time, Writer};
use proptest::prelude::*;

use crate::build::*;

/// Copies a file block by block.
fn copy(file: &[u8]) -> Vec<u8> {
    let mut reader = Reader::new(file).unwrap();
    let mut writer = Writer::pcapng(Vec::new(), LITTLE);
    while let Some(next) = reader.next_block() {
        writer.write(&next.unwrap()).unwrap();
    }
    writer.finish().unwrap()
}

/// What a copy has in common with the file: offsets may differ.
fn content(file: &[u8]) -> Vec<Got> {
    read_good(file).into_iter().map(|packet| Got { offset: 0, ..packet }).collect()
}

fn everything() -> Vec<u8> {
    let ng = Ng::new(BIG);
    let section = [ng.option(1, b"section \xff"), ng.option(4, b"tool")].concat();
    let interface = [ng.option(2, b"eth\xff0"), ng.option(9, &[9]), ng.option(1, b"interface")].concat();
    let slow = [ng.option(9, &[0x8a]), ng.option(14, &u64(BIG, 1_000))].concat();
    let packet = [ng.option(1, b"one"), ng.option(1, b"two \xff"), ng.option(2, &[0, 0, 0, 1])].concat();
    Ng { order: BIG, file: Vec::new() }
        .section(BIG, &section)
        .block(block::SECRETS, b"TLSK\0\0\0\x03abc")
        .interface(1, 96, &interface)
        .interface(113, 0, &slow)
        .block(block::NAMES, b"\0\x01\0\x08\x7f\0\0\x01ab\0\0\0\0\0\0")
        .packet_with(0, 1_700_000_000_123_456_789, 1_514, b"first", &packet)
        .packet(1, 2_047, b"second")
        .simple(1_000, &[b'x'; 96])
        .block(0x8000_0001, b"unknown.")
        .block(block::STATISTICS, &[&u32(BIG, 1)[..], &[0; 8]].concat())
        .section(LITTLE, &[])
        .interface(101, 0, &[])
        .packet(0, 1_700_000_000_123_456, b"raw")
        .block(block::STATISTICS, &[&u32(LITTLE, 0)[..], &[0; 8]].concat())
        .file
}

#[test]
fn a_copy_has_everything() {
    let file = everything();
    let copied = copy(&file);
    assert_eq!(content(&copied), content(&file));
    assert_eq!(kinds(&copied), kinds(&file));
    let mut ours = Reader::new(&copied[..]).unwrap();
    let mut theirs = Reader::new(&file[..]).unwrap();
    while let (Some(a), Some(b)) = (ours.next_block(), theirs.next_block()) {
        match (a.unwrap(), b.unwrap()) {
            (Section(a), Section(b)) => {
                assert_eq!(a.order, b.order);
                assert!(a.options().eq(b.options()));
            }
            (Interface(a), Interface(b)) => {
                assert!(a.options().eq(b.options()));
                assert_eq!((a.link, a.snap_length, a.resolution), (b.link, b.snap_length, b.resolution));
            }
            (PacketBlock(a), PacketBlock(b)) => assert!(a.options.eq(b.options)),
            (Other(a), Other(b)) => assert_eq!((a.kind, a.body), (b.kind, b.body)),
            (a, b) => panic!("{a:?} for {b:?}"),
        }
    }
}

#[test]
fn a_copy_of_a_copy_is_the_same() {
    let once = copy(&everything());
    assert_eq!(copy(&once), once);
}

#[test]
fn packets_alone_bring_their_interfaces() {
    let file = everything();
    for order in [LITTLE, BIG] {
        let mut reader = Reader::new(&file[..]).unwrap();
        let mut writer = Writer::pcapng(Vec::new(), order);
        while let Some(next) = reader.next() {
            let packet = next.unwrap();
            if packet.number != 1 {
                writer.packet(&packet).unwrap();
            }
        }
        let kept = writer.finish().unwrap();
        // The second interface is written first, so the simple packet becomes an enhanced one without a time.
        let packets = read_good(&kept);
        let got: Vec<_> = packets.iter().map(|p| (p.link.0, p.interface.unwrap(), p.original)).collect();
        assert_eq!(got, [(113, 0, 6), (1, 1, 1_000), (101, 2, 3)]);
        assert_eq!(packets[0].time, Some(Time::new(1_001, 999_023_437)));
        assert_eq!(packets[1].time, Some(Time::new(0, 0)));
        let mut reader = Reader::new(&kept[..]).unwrap();
        reader.next().unwrap().unwrap();
        assert_eq!(reader.interfaces()[0].time_offset, 1_000);
        assert_eq!(reader.section().unwrap().order, order);
        reader.next().unwrap().unwrap();
        assert_eq!(reader.interfaces()[1].name(), Some(&b"eth\xff0"[..]));
    }
}

#[test]
fn files_are_joined() {
    let first = Ng::new(LITTLE).interface(1, 0, &[]).packet(0, 1, b"first").file;
    let second = Ng::new(LITTLE).interface(113, 0, &[]).packet(0, 2, b"second").file;
    let mut writer = Writer::pcapng(Vec::new(), BIG);
    for file in [&first, &second] {
        writer.next_source();
        let mut reader = Reader::new(&file[..]).unwrap();
        while let Some(next) = reader.next() {
            writer.packet(&next.unwrap()).unwrap();
        }
    }
    let packets = read_good(&writer.finish().unwrap());
    let got: Vec<_> = packets.iter().map(|p| (p.interface, p.link.0, &p.bytes[..])).collect();
    assert_eq!(got, [(Some(0), 1, &b"first"[..]), (Some(1), 113, b"second")]);
}

#[test]
fn numbers_in_options_are_turned_round() {
    let ng = Ng::new(BIG);
    let options =
        [ng.option(2, &u32(BIG, 0x8000_0001)), ng.option(4, &u64(BIG, 77)), ng.option(1, b"text")].concat();
    let interface = [ng.option(8, &u64(BIG, 1_000_000_000)), ng.option(14, &u64(BIG, 5))].concat();
    let file = ng.interface(1, 0, &interface).packet_with(0, 1, 3, b"abc", &options).file;
    let mut reader = Reader::new(&file[..]).unwrap();
    let mut writer = Writer::pcapng(Vec::new(), LITTLE);
    writer.packet(&reader.next().unwrap().unwrap()).unwrap();
    let written = writer.finish().unwrap();
    assert_eq!(content(&written), content(&file));
    let mut reader = Reader::new(&written[..]).unwrap();
    let packet = reader.next().unwrap().unwrap();
    assert_eq!(packet.interface.unwrap().options().find(8), Some(&u64(LITTLE, 1_000_000_000)[..]));
    assert_eq!((packet.options.drop_count(), packet.options.flags().unwrap().0), (Some(77), 0x8000_0001));
}

#[test]
fn drops_of_old_packet_blocks_are_kept() {
    let file = Ng::new(LITTLE).interface(1, 0, &[]).old_packet(0, 7, 1, b"abc", &[]).file;
    assert_eq!(read_good(&copy(&file))[0].drops, Some(7));
}

#[test]
fn statistics_of_an_interface_not_written_are_refused() {
    let file = everything();
    let mut reader = Reader::new(&file[..]).unwrap();
    let mut writer = Writer::pcapng(Vec::new(), BIG);
    let mut refused = Vec::new();
    while let Some(next) = reader.next_block() {
        if let Other(other) = next.unwrap()
            && let Err(error) = writer.block(&other)
        {
            refused.push(error.to_string());
        }
    }
    assert_eq!(refused.len(), 2, "{refused:?}");
    assert!(refused[0].ends_with("are of an interface not written"));
    assert!(refused[1].contains("of another byte order"));
    assert_eq!(kinds(&writer.finish().unwrap()), [block::SECTION, 10, 4, 0x8000_0001]);
}

#[test]
fn a_pcap_file_takes_one_link_type_and_times_from_1970_to_2106() {
    let mut writer = Writer::pcap(Vec::new(), PcapFile::new(LinkType::ETHERNET)).unwrap();
    let packet = Packet::new(LinkType::ETHERNET, b"abc");
    writer.packet(&Packet { time: Some(Time::new(4_294_967_295, 999_999_999)), ..packet }).unwrap();
    for time in [Time::new(-1, 0), Time::new(4_294_967_296, 0)] {
        assert!(writer.packet(&Packet { time: Some(time), ..packet }).is_err());
    }
    let error = writer.packet(&Packet { link: LinkType::RAW, number: 7, ..packet }).unwrap_err();
    assert_eq!(
        error.to_string(),
        "packet 7 is Raw IP, the pcap file is Ethernet; a pcapng file can have both"
    );
    writer.flush().unwrap();
    let packets = read_good(&writer.finish().unwrap());
    assert_eq!(packets.len(), 1);
    assert_eq!(packets[0].time, Some(Time::new(4_294_967_295, 999_999_000)));
}

#[test]
fn a_pcap_file_is_copied_to_the_byte() {
    for (order, magic, network) in
        [(LITTLE, MICROSECONDS, 1), (BIG, NANOSECONDS, 0x2400_0001), (BIG, MICROSECONDS, 276)]
    {
        let mut file = pcap(order, magic, 1_234, network);
        file.extend(record(order, (1, 999_999), 1_500, b"first"));
        file.extend(record(order, (0, 0), 2, b"second"));
        let mut reader = Reader::new(&file[..]).unwrap();
        let mut writer = Writer::pcap(Vec::new(), reader.pcap_file().unwrap()).unwrap();
        while let Some(next) = reader.next() {
            writer.packet(&next.unwrap()).unwrap();
        }
        assert_eq!(writer.finish().unwrap(), file);
    }
    assert!(Reader::new(&everything()[..]).unwrap().pcap_file().is_none());
}

#[test]
fn a_file_without_packets() {
    assert_eq!(kinds(&Writer::pcapng(Vec::new(), BIG).finish().unwrap()), [block::SECTION]);
    let file = Writer::pcap(Vec::new(), PcapFile::new(LinkType::ETHERNET)).unwrap().finish().unwrap();
    assert_eq!(read_good(&file), []);
}

#[test]
fn a_writer_that_fails_says_so() {
    struct Full;
    impl std::io::Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("the disk is full"))
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let packet = Packet::new(LinkType::ETHERNET, b"abc");
    let mut writer = Writer::pcapng(Full, LITTLE);
    assert_eq!(writer.packet(&packet).unwrap_err().to_string(), "the disk is full");
    assert_eq!(writer.packet(&packet).unwrap_err().to_string(), "writing to this file failed before");
    assert!(writer.finish().is_err());
    assert!(Writer::pcap(Full, PcapFile::new(LinkType::ETHERNET)).is_err());
}

/// Packets as a program may hand them on.
fn packets() -> impl Strategy<Value = Vec<(u16, u32, u32, u32, Vec<u8>)>> {
    let bytes = prop::collection::vec(any::<u8>(), 0..70);
    prop::collection::vec((0..3u16, any::<u32>(), 0..1_000_000_000u32, any::<u32>(), bytes), 0..12)
}

fn orders() -> impl Strategy<Value = ByteOrder> {
    prop_oneof![Just(LITTLE), Just(BIG)]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn pcapng_comes_back(packets in packets(), order in orders()) {
        let mut writer = Writer::pcapng(Vec::new(), order);
        for (link, seconds, nanos, original, bytes) in &packets {
            let time = Some(Time::new(i64::from(*seconds), *nanos));
            writer.packet(&Packet { time, original: *original, ..Packet::new(LinkType(*link), bytes) }).unwrap();
        }
        let file = writer.finish().unwrap();
        let got = read_good(&file);
        prop_assert_eq!(got.len(), packets.len());
        for (got, (link, seconds, nanos, original, bytes)) in got.iter().zip(&packets) {
            prop_assert_eq!(got.link, LinkType(*link));
            prop_assert_eq!(got.time, Some(Time::new(i64::from(*seconds), *nanos)));
            prop_assert_eq!((got.original, &got.bytes), (*original, bytes));
        }

        // The strict reader takes every time for nanoseconds, which these are.
        let mut strict = pcap_file::pcapng::PcapNgReader::new(&file[..]).unwrap();
        let mut blocks = Vec::new();
        while let Some(next) = strict.next_block() {
            if let pcap_file::pcapng::Block::EnhancedPacket(packet) = next.unwrap() {
                blocks.push((packet.timestamp.as_nanos() as i128, packet.original_len, packet.data.into_owned()));
            }
        }
        let expected: Vec<_> =
            got.into_iter().map(|got| (got.time.unwrap().nanoseconds(), got.original, got.bytes)).collect();
        prop_assert_eq!(blocks, expected);
    }

    #[test]
    fn pcap_comes_back(packets in packets(), order in orders(), nanoseconds in any::<bool>()) {
        let link = LinkType::LINUX_SLL2;
        let file = PcapFile { order, nanoseconds, ..PcapFile::new(link) };
        let mut writer = Writer::pcap(Vec::new(), file).unwrap();
        for (_, seconds, nanos, original, bytes) in &packets {
            let time = Some(Time::new(i64::from(*seconds), *nanos));
            writer.packet(&Packet { time, original: *original, ..Packet::new(link, bytes) }).unwrap();
        }
        let file = writer.finish().unwrap();
        let got = read_good(&file);
        prop_assert_eq!(got.len(), packets.len());
        let mut strict = pcap_file::pcap::PcapReader::new(&file[..]).unwrap();
        for (got, (_, seconds, nanos, original, bytes)) in got.iter().zip(&packets) {
            let nanos = if nanoseconds { *nanos } else { nanos / 1_000 * 1_000 };
            prop_assert_eq!(got.time, Some(Time::new(i64::from(*seconds), nanos)));
            prop_assert_eq!((got.link, got.original, &got.bytes), (link, *original, bytes));
            let raw = strict.next_raw_packet().unwrap().unwrap();
            let fraction = if nanoseconds { nanos } else { nanos / 1_000 };
            prop_assert_eq!((raw.ts_sec, raw.ts_frac, raw.orig_len), (*seconds, fraction, *original));
            prop_assert_eq!(raw.data, Cow::Borrowed(&bytes[..]));
        }
    }
}
