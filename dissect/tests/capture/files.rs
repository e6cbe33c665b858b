//! Files that other programs wrote.

use std::fs;
use std::path::Path;

use dissect::capture::{Compression, Error, Format, Kind, LinkType, Reader, Time, pcapng::block};

use crate::build::{Got, kinds, read, read_good};

fn file(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata/formats").join(name);
    fs::read(path).expect("the file is in testdata/formats")
}

fn format(name: &str) -> Format {
    Reader::new(&file(name)[..]).unwrap().format()
}

/// What all files with the same exchange have in common.
fn exchange(packets: &[Got]) -> Vec<(&[u8], u32, Option<Time>)> {
    packets.iter().map(|packet| (&packet.bytes[..], packet.original, packet.time)).collect()
}

#[test]
fn the_same_exchange_in_every_container() {
    let nanoseconds = read_good(&file("nsec.pcap"));
    let expected = exchange(&nanoseconds);
    assert_eq!(expected.len(), 21);
    assert_eq!(expected[0].2, Some(Time::new(1_795_289_881, 471_164_000)));
    assert_eq!(expected[20].2, Some(Time::new(1_795_289_881, 816_540_000)));
    assert_eq!(&expected[0].0[..14], b"\xff\xff\xff\xff\xff\xff\x02\x77\0\0\x01\x0a\x08\x06");
    for name in [
        "bigendian.pcap",
        "bigendian_nsec.pcap",
        "modified.pcap",
        "classic.pcap.gz",
        "nanores.pcapng",
        "bigendian.pcapng",
        "comments.pcapng",
    ] {
        if cfg!(feature = "compression") || name != "classic.pcap.gz" {
            assert_eq!(exchange(&read_good(&file(name))), expected, "{name}");
        }
    }
    // The custom block before the exchange is numbered too, as Wireshark does.
    let extra = read_good(&file("extra_blocks.pcapng"));
    assert_eq!(extra[0].link, LinkType::CUSTOM_BLOCK);
    assert_eq!(exchange(&extra[1..]), expected);
    let simple = read_good(&file("simple_packets.pcapng"));
    assert!(simple.iter().all(|packet| packet.time.is_none()));
    assert!(simple.iter().zip(&expected).all(|(packet, expected)| packet.bytes == expected.0));
}

#[test]
fn formats() {
    assert_eq!(format("nsec.pcap"), Format::PcapNanoseconds);
    assert_eq!(format("bigendian.pcap"), Format::Pcap);
    assert_eq!(format("modified.pcap"), Format::PcapModified);
    assert_eq!(format("snap60.pcap"), Format::Pcapng);
    assert_eq!(format("empty.pcap"), Format::Pcap);
    let gzip = file("classic.pcap.gz");
    match Reader::new(&gzip[..]) {
        Ok(reader) => assert_eq!(reader.compression(), Some(Compression::Gzip)),
        Err(error) => assert_eq!(error, Error::Compression(Compression::Gzip)),
    }
    assert_eq!(read_good(&file("empty.pcap")), []);
}

#[test]
fn comments_of_section_and_packet() {
    let bytes = file("comments.pcapng");
    let packets = read_good(&bytes);
    for packet in &packets {
        let expected: &[&[u8]] = if packet.number == 3 { &[b"first INIT, a packet comment"] } else { &[] };
        assert_eq!(packet.comments, expected);
    }
    let mut reader = Reader::new(&bytes[..]).unwrap();
    reader.next().unwrap().unwrap();
    let section = reader.section().unwrap();
    assert_eq!(section.options().comments().collect::<Vec<_>>(), [b"made by formats.sh"]);
    assert!(section.application().unwrap().starts_with(b"Editcap (Wireshark) 4.0.17"));
}

#[test]
fn blocks_beside_the_packets() {
    let bytes = file("extra_blocks.pcapng");
    let mut expected = vec![block::SECTION, block::INTERFACE, block::CUSTOM, block::NAMES];
    expected.extend([block::PACKET; 21]);
    expected.push(block::STATISTICS);
    assert_eq!(kinds(&bytes), expected);
    let mut reader = Reader::new(&bytes[..]).unwrap();
    let custom = reader.next().unwrap().unwrap();
    assert_eq!((custom.number, custom.link, custom.bytes.len()), (1, LinkType::CUSTOM_BLOCK, 28));
    let packet = reader.next().unwrap().unwrap();
    assert_eq!(packet.interface.unwrap().name(), Some(&b"eth-test"[..]));
    assert_eq!(packet.options.comments().collect::<Vec<_>>(), [b"hello"]);
}

#[test]
fn two_sections() {
    let bytes = file("two_sections.pcapng");
    let packets = read_good(&bytes);
    let interfaces: Vec<_> = packets.iter().map(|packet| packet.interface.unwrap()).collect();
    assert_eq!(packets.len(), 69);
    assert!(interfaces[..21].iter().all(|interface| *interface == 0));
    assert_eq!(packets[0].time, Some(Time::new(1_795_289_881, 471_157_895)));
    assert_eq!(packets[68].time, Some(Time::new(1_795_290_278, 314_217_156)));
    let mut names = Vec::new();
    let mut reader = Reader::new(&bytes[..]).unwrap();
    while let Some(next) = reader.next() {
        let interface = next.unwrap().interface.unwrap();
        let name = (interface.section, interface.id, interface.name().unwrap().to_vec());
        if !names.contains(&name) {
            names.push(name);
        }
    }
    assert_eq!(names, [(0, 0, b"a1".to_vec()), (1, 0, b"b1".to_vec()), (1, 1, b"b2".to_vec())]);
    assert_eq!(kinds(&bytes).iter().filter(|kind| **kind == block::STATISTICS).count(), 3);
}

#[test]
fn a_snap_length_of_60() {
    let packets = read_good(&file("snap60.pcap"));
    assert_eq!(packets.len(), 367);
    assert!(packets.iter().all(|packet| packet.bytes.len() == packet.original.min(60) as usize));
    assert!(packets.iter().any(|packet| packet.original > 60));
    assert!(packets.iter().all(|packet| packet.link == LinkType::ETHERNET));
}

#[test]
fn cut_files() {
    let (packets, damages) = read(&file("cut_in_packet.pcap"));
    assert_eq!((packets.len(), damages.len()), (8, 1));
    assert_eq!((damages[0].offset, &damages[0].kind), (1_452, &Kind::Cut { needed: 82, left: 48 }));
    let (packets, damages) = read(&file("cut_in_block.pcapng"));
    assert_eq!((packets.len(), damages.len()), (9, 1));
    assert_eq!((damages[0].offset, &damages[0].kind), (1_972, &Kind::Cut { needed: 96, left: 28 }));
}
