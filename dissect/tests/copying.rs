//! Nodes of headers that come with every packet are copied from those of a packet before, in the same tree. A tree that has
//! seen other packets must not differ from a new one.

mod frames;
mod testdata;

use dissect::capture::LinkType;
use dissect::tree::MOST_NODES;
use dissect::{Dissector, Packet, See, Tree};
use frames::{damaged, ethernet, ipv4};
use proptest::prelude::*;
use testdata::{captures, each};

/// What a packet's tree says.
fn nodes(dissector: &Dissector, packet: &Packet<'_>, tree: &mut Tree) -> String {
    dissector.dissect(&See::alone(), packet, tree);
    let line = |at: usize| {
        let node = &tree.nodes()[at];
        let place = (node.start, node.len, node.end, node.source, node.marks);
        format!("{} {} {place:?}\n", node.field.name, node.value)
    };
    (0..tree.nodes().len()).map(line).collect()
}

/// Holds a tree that was used before to say of a packet what a new one says.
fn agree(dissector: &Dissector, packet: &Packet<'_>, used: &mut Tree) {
    assert_eq!(nodes(dissector, packet, used), nodes(dissector, packet, &mut Tree::new()));
}

/// Packets with TCP and SCTP in IPv4 and Ethernet, with and without a VLAN between.
fn frames() -> Vec<Vec<u8>> {
    let tcp = ipv4(&[0, 7, 0, 9, 0, 0, 0, 1, 0, 0, 0, 1, 0x50, 0x10, 0, 9, 0, 0, 0, 0], 6);
    let mut sctp = vec![0, 7, 0, 9, 0, 0, 0, 1, 0, 0, 0, 0];
    sctp.extend([0, 3, 0, 18, 0, 0, 0, 1, 0, 2, 0, 3, 0, 0, 0, 51, b'h', b'i', 0, 0]);
    sctp.extend([3, 0, 0, 16, 0, 0, 0, 1, 0, 0, 0xff, 0xff, 0, 0, 0, 0]);
    let sctp = ipv4(&sctp, 132);
    let (plain, tagged) = (ethernet(0x800), [ethernet(0x8100), vec![0, 7, 8, 0]].concat());
    let packets = [[&plain, &tcp], [&plain, &sctp], [&tagged, &tcp], [&tagged, &sctp]];
    packets.map(|parts| [&parts[0][..], parts[1]].concat()).to_vec()
}

fn packet(bytes: &[u8]) -> Packet<'_> {
    Packet::new(LinkType::ETHERNET, bytes)
}

#[test]
fn the_made_headers_are_right() {
    let mut tree = Tree::new();
    for bytes in frames() {
        Dissector::default().dissect(&See::alone(), &packet(&bytes), &mut tree);
        assert_eq!(tree.find("ip.checksum.status").next().unwrap().1.value, 1);
    }
}

#[test]
fn a_tree_does_not_tell_of_packets_before() {
    let (dissector, mut used, mut packets) = (Dissector::default(), Tree::new(), 0);
    for path in captures() {
        each(&path, |packet| {
            agree(&dissector, packet, &mut used);
            packets += 1;
        });
    }
    assert!(packets > 1000, "{packets}");
}

/// More kinds of headers than are kept: all flags of TCP, all types and flags of chunks, twice.
#[test]
fn kinds_of_headers_take_turns() {
    let (dissector, mut used, made) = (Dissector::default(), Tree::new(), frames());
    for kind in (0..=255).chain(0..=255) {
        for (frame, place) in [(0, 47), (1, 46), (1, 47)] {
            let mut bytes = made[frame].clone();
            bytes[place] = kind;
            agree(&dissector, &packet(&bytes), &mut used);
        }
    }
}

/// Of a header that comes when the tree is full there is nothing to copy for other packets.
#[test]
fn what_a_full_tree_left_out_is_not_copied() {
    let (dissector, mut used) = (Dissector::default(), Tree::new());
    let header = [0, 7, 0, 9, 0, 0, 0, 1, 0, 0, 0, 0];
    let (filling, last) = ([200, 0, 0, 4].repeat(MOST_NODES / 4), [201, 0, 0, 4]);
    let full = [&header[..], &filling, &last].concat();
    dissector.dissect(&See::alone(), &Packet::new(LinkType::SCTP, &full), &mut used);
    assert_eq!(used.nodes().len(), MOST_NODES);
    agree(&dissector, &Packet::new(LinkType::SCTP, &[&header[..], &last].concat()), &mut used);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damaged_and_cut_packets_after_whole_ones((bytes, whole) in damaged(frames())) {
        let (dissector, mut used) = (Dissector::default(), Tree::new());
        for before in frames() {
            dissector.dissect(&See::alone(), &packet(&before), &mut used);
        }
        agree(&dissector, &Packet { original: whole as u32, ..packet(&bytes) }, &mut used);
    }
}
