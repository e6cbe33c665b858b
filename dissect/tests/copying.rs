//! Nodes of headers that come with every packet are copied from those of a packet before, in the same tree. A tree that has
//! seen other packets must not differ from a new one.

use dissect::capture::{LinkType, Reader};
use dissect::{Dissector, Packet, See, Tree};
use proptest::prelude::*;
use std::path::{Path, PathBuf};

/// What a packet's tree says.
fn nodes(dissector: &Dissector, see: &See, packet: &Packet<'_>, tree: &mut Tree) -> String {
    dissector.dissect(see, packet, tree);
    let line = |at: usize| {
        let node = &tree.nodes()[at];
        let place = (node.start, node.len, node.end, node.source, node.marks);
        format!("{} {} {place:?}\n", node.field.name, node.value)
    };
    (0..tree.nodes().len()).map(line).collect()
}

/// Packets with TCP and SCTP in Ethernet and IPv4; those with options or in VLANs come elsewhere.
fn frames() -> Vec<Vec<u8>> {
    let ethernet = |kind: &[u8]| [&[2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2], kind].concat();
    let ip = |number: u8, inner: &[u8]| {
        let mut bytes = vec![0x45, 0, 0, 20 + inner.len() as u8, 0, 1, 0x40, 0, 64, number, 0, 0];
        bytes.extend([192, 0, 2, 1, 192, 0, 2, 2]);
        let sum: u32 = bytes.chunks(2).map(|two| u32::from(two[0]) << 8 | u32::from(two[1])).sum();
        bytes[10..12].copy_from_slice(&(!((sum & 0xffff) + (sum >> 16)) as u16).to_be_bytes());
        bytes.extend(inner);
        bytes
    };
    let tcp = ip(6, &[0, 7, 0, 9, 0, 0, 0, 1, 0, 0, 0, 1, 0x50, 0x10, 0, 9, 0, 0, 0, 0]);
    let mut sctp = vec![0, 7, 0, 9, 0, 0, 0, 1, 0, 0, 0, 0];
    sctp.extend([0, 3, 0, 18, 0, 0, 0, 1, 0, 2, 0, 3, 0, 0, 0, 51, b'h', b'i', 0, 0]);
    sctp.extend([3, 0, 0, 16, 0, 0, 0, 1, 0, 0, 0xff, 0xff, 0, 0, 0, 0]);
    let sctp = ip(132, &sctp);
    vec![
        [ethernet(&[8, 0]), tcp.clone()].concat(),
        [ethernet(&[8, 0]), sctp.clone()].concat(),
        [ethernet(&[0x81, 0, 0, 7, 8, 0]), tcp].concat(),
        [ethernet(&[0x81, 0, 0, 7, 8, 0]), sctp].concat(),
    ]
}

fn ethernet(bytes: &[u8]) -> Packet<'_> {
    Packet::new(LinkType::ETHERNET, bytes)
}

/// The captures of a folder of testdata/.
fn captures(folder: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata").join(folder);
    let files = std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path());
    files.filter(|path| path.extension().is_some_and(|kind| kind == "pcap" || kind == "pcapng")).collect()
}

#[test]
fn the_made_headers_are_right() {
    let mut tree = Tree::new();
    for bytes in frames() {
        Dissector::default().dissect(&See::alone(), &ethernet(&bytes), &mut tree);
        assert_eq!(tree.find("ip.checksum.status").next().unwrap().1.value, 1);
    }
}

#[test]
fn a_tree_does_not_tell_of_packets_before() {
    let (dissector, mut used, mut packets) = (Dissector::default(), Tree::new(), 0);
    for path in ["book", "sctp", "sip", "webrtc"].into_iter().flat_map(captures) {
        let file = std::fs::read(&path).unwrap();
        let mut reader = Reader::new(&file[..]).unwrap();
        while let Some(packet) = reader.next() {
            let packet = packet.unwrap();
            let again = nodes(&dissector, &See::alone(), &packet, &mut used);
            let new = nodes(&dissector, &See::alone(), &packet, &mut Tree::new());
            assert_eq!(again, new, "{} {}", path.display(), packet.number);
            packets += 1;
        }
    }
    assert!(packets > 1000, "{packets}");
}

/// More kinds of headers than are kept: all flags of TCP and of chunks, twice.
#[test]
fn kinds_of_headers_take_turns() {
    let (dissector, mut used, made) = (Dissector::default(), Tree::new(), frames());
    for kind in (0..=255).chain(0..=255) {
        for (frame, place) in [(0, 47), (1, 46), (1, 47)] {
            let mut bytes = made[frame].clone();
            bytes[place] = kind;
            let again = nodes(&dissector, &See::alone(), &ethernet(&bytes), &mut used);
            assert_eq!(again, nodes(&dissector, &See::alone(), &ethernet(&bytes), &mut Tree::new()));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damaged_and_cut_packets_after_whole_ones(
        which in 0usize..4,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        len in any::<prop::sample::Index>(),
        is_cut in any::<bool>(),
    ) {
        let (dissector, mut used, made) = (Dissector::default(), Tree::new(), frames());
        for bytes in &made {
            nodes(&dissector, &See::alone(), &ethernet(bytes), &mut used);
        }
        let mut bytes = made[which].clone();
        for (at, value) in changes {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        let original = bytes.len() as u32;
        if is_cut {
            bytes.truncate(len.index(bytes.len()));
        }
        let packet = Packet { original, ..ethernet(&bytes) };
        let again = nodes(&dissector, &See::alone(), &packet, &mut used);
        prop_assert_eq!(again, nodes(&dissector, &See::alone(), &packet, &mut Tree::new()));
    }
}
