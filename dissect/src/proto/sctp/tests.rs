//! Packets of real stacks, whole; each was read against the RFC and Wireshark. Packets by hand for what stacks do not
//! send.

use super::*;
use crate::capture::LinkType;
use crate::testing::{summary, survives, tree};
use crate::{Dissector, Line, Node, See, Tree};

/// The packet of a number in a capture: link type and bytes. Reads little-endian pcap and pcapng.
fn packet(capture: &[u8], number: usize) -> (LinkType, &[u8]) {
    let word = |at: usize| u32::from_le_bytes(*capture[at..].first_chunk().unwrap()) as usize;
    if word(0) != 0x0a0d_0d0a {
        let mut at = 24;
        for _ in 1..number {
            at += 16 + word(at + 8);
        }
        return (LinkType(word(20) as u16), &capture[at + 16..][..word(at + 8)]);
    }
    let (mut at, mut seen, mut link) = (0, 0, None);
    loop {
        match word(at) {
            1 => link = link.or(Some(LinkType(word(at + 8) as u16))),
            6 => seen += 1,
            _ => {}
        }
        if seen == number {
            return (link.unwrap(), &capture[at + 28..][..word(at + 20)]);
        }
        at += word(at + 4);
    }
}

macro_rules! capture {
    ($name:literal) => {
        include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../testdata/", $name))
    };
}

const CRAFTED: &[u8] = capture!("sctp/crafted_eth.pcap");
const CLASSIC: &[u8] = capture!("sctp/classic_eth.pcap");

/// A packet for each type of chunk, and for chunks that are faulty.
const PACKETS: &[(&str, &[u8], usize)] = &[
    ("init", CLASSIC, 3),
    ("init_ack", CLASSIC, 4),
    ("cookie_echo", CLASSIC, 5),
    ("cookie_ack", CLASSIC, 6),
    ("data", CLASSIC, 7),
    ("sack", capture!("sctp/loss_a.pcap"), 51),
    ("heartbeat_data_error", CRAFTED, 73),
    ("heartbeat_ack", capture!("sctp/auth.pcap"), 29),
    ("abort", capture!("sctp/abort_eth.pcap"), 13),
    ("shutdown", CRAFTED, 96),
    ("shutdown_ack", CRAFTED, 45),
    ("shutdown_complete", CRAFTED, 46),
    ("ecne", CRAFTED, 81),
    ("cwr", CRAFTED, 83),
    ("auth", capture!("sctp/auth.pcap"), 7),
    ("nr_sack", capture!("sctp/nrsack.pcap"), 35),
    ("i_data", capture!("sctp/idata.pcap"), 7),
    ("i_data_middle", capture!("sctp/idata.pcap"), 30),
    ("asconf", capture!("sctp/asconf.pcapng"), 17),
    ("asconf_ack", capture!("sctp/asconf.pcapng"), 18),
    ("packet_drop", capture!("sctp/pktdrop_b.pcap"), 26),
    ("re_config", capture!("sctp/reconfig.pcap"), 68),
    ("pad", CRAFTED, 92),
    ("forward_tsn", capture!("sctp/prsctp_a.pcap"), 63),
    ("i_forward_tsn", capture!("sctp/idata.pcap"), 121),
    ("unknown", CRAFTED, 15),
    ("length_below_four", CRAFTED, 60),
    ("length_beyond_packet", CRAFTED, 62),
    ("header_cut", CRAFTED, 64),
    ("padding_not_zero", CRAFTED, 65),
    ("in_udp", capture!("sctp/udpencap.pcap"), 7),
];

#[test]
fn each_type_of_chunk_gives_its_tree() {
    for (name, capture, number) in PACKETS {
        let (link, bytes) = packet(capture, *number);
        let text = tree(link, bytes);
        let at = text.find("Stream Control").unwrap();
        insta::with_settings!({
            snapshot_path => concat!(env!("CARGO_MANIFEST_DIR"), "/../snapshots"),
            prepend_module_to_snapshot => false,
            omit_expression => true,
        }, { insta::assert_snapshot!(format!("sctp_{name}"), &text[at..]) });
    }
}

#[test]
fn each_type_of_chunk_survives_every_cut_and_change() {
    for (_, capture, number) in PACKETS {
        let (link, bytes) = packet(capture, *number);
        survives(link, &bytes[..bytes.len().min(200)]);
    }
}

#[test]
fn the_summary_names_every_chunk() {
    let line = |capture, number| {
        let (link, bytes) = packet(capture, number);
        summary(link, bytes)
    };
    assert_eq!(line(CLASSIC, 3), "SCTP INIT (Streams=10/2048, Arwnd=131072) ");
    assert_eq!(line(CRAFTED, 15), "SCTP RESERVED DATA (TSN=1000) ");
    assert_eq!(line(CRAFTED, 69), "SCTP COOKIE_ECHO DATA (TSN=1000) DATA (TSN=1001) ");
    assert_eq!(line(CRAFTED, 70), "SCTP COOKIE_ACK SACK (Ack=1001, Arwnd=129587) ");
    assert_eq!(line(CRAFTED, 73), "SCTP HEARTBEAT DATA (TSN=1002) DATA (TSN=1003) ERROR (Unknown cause) ");
    assert_eq!(line(CRAFTED, 60), "SCTP DATA [Malformed Packet] DATA [Malformed Packet] ");
    assert_eq!(line(capture!("sctp/idata.pcap"), 30), "SCTP I_DATA (TSN=2477057896) (Message Fragment) ");
    assert_eq!(line(capture!("sctp/loss_a.pcap"), 51), "SCTP SACK (Ack=3796554900+11, Arwnd=130416) ");
}

/// What the book on SCTP reads from its packets.
#[test]
fn the_books_packets_say_what_the_book_says() {
    let association = capture!("book/association.pcapng");
    let chunk_of = |number| {
        let (_, bytes) = packet(association, number);
        let packet = Packet::parse(&bytes[36..]).unwrap();
        assert_eq!(packet.checksum(), Some(Checksum::Good));
        (packet.header, packet.chunks().next().unwrap().unwrap())
    };
    let (header, init) = chunk_of(1);
    assert_eq!((header.source_port, header.destination_port, header.verification_tag), (56231, 4444, 0));
    assert_eq!(header.checksum, 0x1d06_220d);
    let (parameters, init) = chunk::Init::parse(init.value).unwrap();
    assert_eq!((init.initiate_tag, init.a_rwnd, init.initial_tsn), (0x08fe_2132, 106_496, 3_543_192_493));
    assert_eq!((init.outbound_streams, init.inbound_streams, parameters.len()), (10, 65535, 32));
    let (header, ack) = chunk_of(2);
    assert_eq!(header.verification_tag, init.initiate_tag);
    let (_, ack) = chunk::InitAck::parse(ack.value).unwrap();
    assert_eq!((ack.initiate_tag, ack.a_rwnd, ack.initial_tsn), (0xa556_dfe4, 106_496, 1_569_172_118));
    assert_eq!((ack.outbound_streams, ack.inbound_streams), (10, 10));
    let (header, echo) = chunk_of(3);
    assert_eq!((header.verification_tag, echo.value.len()), (ack.initiate_tag, 260));
    let (_, cookie_ack) = chunk_of(4);
    assert_eq!((cookie_ack.kind().unwrap().name, cookie_ack.length), ("COOKIE_ACK", 4));
    let (_, sack) = chunk_of(5);
    let (rest, sack) = chunk::Sack::parse(sack.value).unwrap();
    assert_eq!((sack.cumulative_tsn_ack, sack.a_rwnd), (3_543_192_493, 106_490));
    assert_eq!((sack.gaps(rest).count(), sack.duplicates(rest).count()), (0, 0));
}

#[test]
fn a_cookie_of_linux_is_read_when_it_agrees_with_the_packet() {
    let (_, bytes) = packet(capture!("book/association.pcapng"), 3);
    let bytes = ethernet(132, &bytes[36..]);
    let text = tree(LinkType::ETHERNET, &bytes);
    let guess = &text[text.find("Linux state cookie").unwrap()..];
    for line in [
        "[Tag of the maker: 0xa556dfe4]",
        "[Tag of the peer: 0x08fe2132]",
        "[Outbound streams: 10]",
        "[Inbound streams: 10]",
        "[Initial TSN of the maker: 1569172118]",
        "[Port of the peer: 56231]",
        "[Address of the peer: 127.0.0.1]",
        "[Port of the maker: 4444]",
    ] {
        assert!(guess.contains(line), "{line}: {guess}");
    }
    // The port of the maker, the peer's port, the peer's tag: each must agree.
    for at in [50 + 96, 50 + 71, 50 + 40] {
        let mut other = bytes.clone();
        other[at] ^= 1;
        assert!(!tree(LinkType::ETHERNET, &other).contains("Linux state cookie"));
    }
}

/// An SCTP packet of these chunks with a right checksum, in IPv4 and Ethernet.
fn wrap(chunks: &[u8]) -> Vec<u8> {
    ethernet(132, &sctp(chunks))
}

fn sctp(chunks: &[u8]) -> Vec<u8> {
    let mut bytes = [&[0x9c, 0x40, 0x11, 0x5c, 0, 0, 0, 9, 0, 0, 0, 0], chunks].concat();
    let right = checksum::crc32c(&bytes).unwrap();
    bytes[8..12].copy_from_slice(&right.to_be_bytes());
    bytes
}

fn ethernet(protocol: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0; 12];
    bytes.extend([8, 0, 0x45, 0]);
    bytes.extend((payload.len() as u16 + 20).to_be_bytes());
    bytes.extend([0, 1, 0, 0, 64, protocol, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2]);
    bytes.extend(payload);
    bytes
}

fn nodes(bytes: &[u8]) -> Tree {
    let mut tree = Tree::new();
    Dissector::default().dissect(&See::alone(), &crate::Packet::new(LinkType::ETHERNET, bytes), &mut tree);
    tree
}

fn values(tree: &Tree, name: &str) -> Vec<u64> {
    tree.find(name).map(|(_, node)| node.value).collect()
}

#[test]
fn a_faulty_chunk_does_not_hide_the_next() {
    // A SHUTDOWN whose value is too short, an unknown chunk, a COOKIE ACK.
    let bytes = wrap(&[7, 0, 0, 6, 0, 0, 0, 0, 77, 0, 0, 5, 1, 0, 0, 0, 11, 0, 0, 4]);
    let tree = nodes(&bytes);
    assert_eq!(values(&tree, "sctp.chunk_type"), [7, 77, 11]);
    let fault = tree.nodes().iter().find_map(|node| tree.fault(node)).unwrap();
    assert_eq!(
        fault.to_string(),
        "Cumulative TSN Ack needs 4 bytes at offset 50, 2 left (limit: Chunk length, offset 48)"
    );
    let packet = Packet::parse(&bytes[34..]).unwrap();
    assert_eq!(packet.chunks().filter_map(Result::ok).count(), 3);
}

#[test]
fn chunks_that_can_not_be_bounded_end_the_packet() {
    let faults = |chunks: &[u8]| {
        let bytes = sctp(chunks);
        let all: Vec<_> = Packet::parse(&bytes).unwrap().chunks().take(9).collect();
        (all.len(), all.last().unwrap().unwrap_err().to_string())
    };
    let ack = [11, 0, 0, 4];
    assert_eq!(
        faults(&[&ack[..], &[0, 3, 0, 0, 11, 0, 0, 4]].concat()),
        (2, "Chunk length at offset 18 is below the chunk header's own 4 bytes".into())
    );
    assert_eq!(
        faults(&[&ack[..], &[3, 0, 0]].concat()),
        (2, "Chunk length needs 2 bytes at offset 18, 1 left".into())
    );
    assert_eq!(
        faults(&[0, 3, 0, 20, 0, 0, 0, 1]),
        (1, "Chunk value needs 16 bytes at offset 16, 4 left".into())
    );
    assert_eq!(faults(&[0]), (1, "Chunk flags needs 1 byte at offset 13, 0 left".into()));
}

#[test]
fn lengths_that_padding_brings_to_a_header_hide_no_next_chunk() {
    for length in 1..=3 {
        let bytes = wrap(&[0, 3, 0, length, 11, 0, 0, 4]);
        let tree = nodes(&bytes);
        assert_eq!(values(&tree, "sctp.chunk_type"), [0, 11]);
        let fault = tree.nodes().iter().find_map(|node| tree.fault(node)).unwrap();
        assert!(fault.to_string().starts_with("Chunk length at offset 48 is below"), "{fault}");
        let chunks: Vec<_> = Packet::parse(&bytes[34..]).unwrap().chunks().collect();
        assert_eq!((chunks.len(), chunks[1].as_ref().unwrap().number), (2, 11));
    }
}

#[test]
fn padding_is_checked() {
    let remarks = |chunks: &[u8]| {
        let tree = nodes(&wrap(chunks));
        let has = |name: &str| tree.find(name).count();
        (has("sctp.chunk_padding.not_zero"), has("sctp.chunk_padding.missing"))
    };
    assert_eq!(remarks(&[132, 0, 0, 5, 1, 0, 0, 0]), (0, 0));
    assert_eq!(remarks(&[132, 0, 0, 5, 1, 0, 0, 7]), (1, 0));
    assert_eq!(remarks(&[132, 0, 0, 5, 1, 0]), (0, 1));
    assert_eq!(remarks(&[132, 0, 0, 5, 1]), (0, 1));
    assert_eq!(remarks(&[132, 0, 0, 8, 1, 2, 3, 4]), (0, 0));
}

#[test]
fn what_a_receiver_refuses_is_remarked() {
    let remarks = |tag: u8, chunks: &[u8]| {
        let mut bytes = wrap(chunks);
        bytes[41] = tag;
        let tree = nodes(&bytes);
        let remarks = tree.nodes().iter().filter(|node| node.field.show.expert.is_some());
        let names: Vec<_> = remarks.map(|node| node.field.name).collect();
        names.into_iter().filter(|name| !name.contains("checksum")).collect::<Vec<_>>()
    };
    let init = |tag: u8, credit: u16, streams: u8| {
        let [high, low] = credit.to_be_bytes();
        [1, 0, 0, 20, 0, 0, 0, tag, 0, 0, high, low, 0, streams, 0, 1, 0, 0, 0, 1]
    };
    assert_eq!(remarks(0, &init(1, 1500, 1)), [""; 0]);
    assert_eq!(remarks(0, &init(0, 1500, 1)), ["sctp.initiate_tag.zero"]);
    assert_eq!(remarks(0, &init(1, 1499, 1)), ["sctp.init_credit.small"]);
    assert_eq!(remarks(0, &init(1, 1500, 0)), ["sctp.init_nr_streams.zero"]);
    assert_eq!(remarks(7, &init(1, 1500, 1)), ["sctp.verification_tag.init"]);
    assert_eq!(remarks(0, &[11, 0, 0, 4]), ["sctp.verification_tag.zero"]);
    assert_eq!(remarks(7, &[14, 0, 0, 4, 11, 0, 0, 4]), ["sctp.chunk.bundled"]);
    assert_eq!(remarks(7, &[0, 3, 0, 16, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]), ["sctp.data_no_user_data"]);
}

#[test]
fn gap_blocks_are_counted_and_checked() {
    let sack = |gaps: &[[u16; 2]], count: u16| {
        let mut chunk = vec![3, 0, 0, 16 + gaps.len() as u8 * 4, 0xff, 0xff, 0xff, 0xfe, 0, 0, 0, 0];
        chunk.extend([count.to_be_bytes(), [0, 0]].concat());
        gaps.iter().flatten().for_each(|number| chunk.extend(number.to_be_bytes()));
        nodes(&wrap(&chunk))
    };
    let tree = sack(&[[1, 3], [5, 104]], 2);
    assert_eq!(values(&tree, "sctp.sack_gap_block_start_tsn"), [0xffff_ffff, 3]);
    assert_eq!(values(&tree, "sctp.sack_gap_block_end_tsn"), [1, 102]);
    assert_eq!(values(&tree, "sctp.sack_number_of_tsns_gap_acked"), [103]);
    assert_eq!(tree.find("sctp.sack_number_of_tsns_gap_acked.100").count(), 1);
    assert_eq!(tree.find("sctp.sack_a_rwnd.expert").count(), 1);
    assert_eq!(sack(&[[1, 100]], 1).find("sctp.sack_number_of_tsns_gap_acked.100").count(), 0);
    assert_eq!(sack(&[[0, 1], [3, 2]], 2).find("sctp.sack_gap_block_malformed").count(), 2);
    assert_eq!(sack(&[[4, 5], [5, 6], [2, 2]], 3).find("sctp.sack_gap_block_out_of_order").count(), 2);
    let short = sack(&[[1, 2]], 3);
    let fault = short.nodes().iter().find_map(|node| short.fault(node)).unwrap();
    assert_eq!(
        fault.to_string(),
        "Gap Acknowledgement for TSN needs 4 bytes at offset 66, 0 left (limit: Chunk length, offset 48)"
    );
}

#[test]
fn each_state_of_the_checksum_is_told() {
    let right = wrap(&[11, 0, 0, 4]);
    let status = |change: &dyn Fn(&mut Vec<u8>), lost: u32| {
        let mut bytes = right.clone();
        change(&mut bytes);
        let mut tree = Tree::new();
        let packet = crate::Packet {
            original: bytes.len() as u32 + lost,
            ..crate::Packet::new(LinkType::ETHERNET, &bytes)
        };
        Dissector::default().dissect(&See::alone(), &packet, &mut tree);
        let remarks = ["sctp.checksum_bad.expert", "sctp.checksum.left_out", "sctp.checksum.adler32"];
        (values(&tree, "sctp.checksum.status")[0], remarks.map(|name| tree.find(name).count()))
    };
    assert_eq!(status(&|_| (), 0), (GOOD, [0, 0, 0]));
    assert_eq!(status(&|bytes| bytes[45] ^= 1, 0), (BAD, [1, 0, 0]));
    assert_eq!(status(&|bytes| bytes[42..46].fill(0), 0), (BAD, [1, 1, 0]));
    let adler = |bytes: &mut Vec<u8>| {
        let sum = checksum::adler32(&bytes[34..]).unwrap();
        bytes[42..46].copy_from_slice(&sum.to_be_bytes());
    };
    assert_eq!(status(&adler, 0), (BAD, [1, 0, 1]));
    assert_eq!(status(&|bytes| bytes[17] += 8, 8), (UNVERIFIED, [0, 0, 0]));
}

#[test]
fn sctp_in_udp_is_found_on_any_port_by_its_content() {
    let udp = |payload: &[u8]| {
        let mut bytes = vec![0x30, 0x39, 0x30, 0x3a];
        bytes.extend((payload.len() as u16 + 8).to_be_bytes());
        bytes.extend([0, 0]);
        bytes.extend(payload);
        summary(LinkType::ETHERNET, &ethernet(17, &bytes))
    };
    let mut data = sctp(&[0, 3, 0, 18, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 0, b'h', b'i', 0, 0]);
    assert_eq!(udp(&data), "SCTP DATA (TSN=7) ");
    data[31] ^= 1;
    assert!(udp(&data).starts_with("UDP "));
    data[31] ^= 1;
    data[8..12].fill(0);
    assert_eq!(udp(&data), "SCTP DATA (TSN=7) ");
    data[7] = 0;
    assert!(udp(&data).starts_with("UDP "));
    assert!(udp(&[0; 64]).starts_with("UDP "));
}

#[test]
fn a_report_of_a_dropped_packet_does_not_nest() {
    let mut inner = vec![11, 0, 0, 4];
    for _ in 0..40 {
        let packet = sctp(&inner);
        inner = [&[129, 0][..], &(packet.len() as u16 + 16).to_be_bytes(), &[0; 12], &packet].concat();
    }
    let tree = nodes(&wrap(&inner));
    assert_eq!(values(&tree, "sctp.chunk_type"), [129, 129]);
    assert_eq!(tree.find("sctp.pktdrop_datafield").count(), 1);
}

#[test]
fn thousands_of_chunks_are_all_shown() {
    let count = 16_000;
    let bytes = wrap(&[11, 0, 0, 4].repeat(count));
    let tree = nodes(&bytes);
    assert_eq!(tree.find("sctp.chunk").count(), count);
    let last = tree.find("sctp.chunk").last().unwrap().1;
    assert_eq!(last.range().end, bytes.len());
    let mut line = Line::new();
    Dissector::default().summarize(&See::alone(), &crate::Packet::new(LinkType::ETHERNET, &bytes), &mut line);
    assert_eq!(line.info.len(), count * "COOKIE_ACK ".len());
}

#[test]
fn a_bundle_keeps_what_control_chunks_say_before_an_upper_protocol() {
    // A DATA chunk with a DCEP ACK between two control chunks: DCEP takes the column and the place of the chunk's text.
    let bytes = wrap(
        &[
            &[3, 0, 0, 16, 0, 0, 0, 5, 0, 0, 0, 9, 0, 0, 0, 0][..],
            &[0, 3, 0, 17, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 50, 2, 0, 0, 0],
            &[11, 0, 0, 4],
        ]
        .concat(),
    );
    assert_eq!(
        summary(LinkType::ETHERNET, &bytes),
        "RTCDC SACK (Ack=5, Arwnd=9) DATA_CHANNEL_ACK COOKIE_ACK "
    );
}

#[test]
fn groups_hold_their_chunks_and_hidden_ports_stand_beside_ports() {
    let bytes = wrap(&[0, 3, 0, 18, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 0, b'h', b'i', 0, 0]);
    let tree = nodes(&bytes);
    let (_, chunk) = tree.find("sctp.chunk").next().unwrap();
    assert_eq!(chunk.range(), 46..66);
    assert!(!chunk.is(Node::GENERATED));
    assert_eq!(SOURCE_PORT.show.also[0].name, "sctp.port");
    let data = tree.find("data.data").next().unwrap().1;
    assert_eq!(data.range(), 62..64);
}
