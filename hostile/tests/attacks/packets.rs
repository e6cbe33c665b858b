//! Packets made to cost.

use crate::counting::{Cost, cost};
use dissect::{Dissector, Memory, Out, Packet, Tree, format};
use hostile::attacks::{ATTACKS, Attack};

/// What a packet may hold on to while it is shown: its tree (32 bytes a node) and what is printed of it.
const MOST_FOR_A_PACKET: usize = 64 << 20;

/// What one pass may hold on to, whatever comes: the live states of all protocols.
const MOST_FOR_A_PASS: usize = 160 << 20;

/// One pass, as the command goes through a capture. Answers the packets and the most nodes of one.
fn pass(attack: &Attack, size: usize) -> (u64, usize) {
    let (dissector, mut tree, mut out) = (Dissector::default(), Tree::new(), Out::new());
    let mut memory: Memory = dissector.memory();
    let (mut packets, mut nodes) = (0, 0);
    let mut take = |packet: &Packet<'_>| {
        if packet.number.is_multiple_of(64) {
            memory.forget(packet.number);
        }
        dissector.dissect(&mut memory, packet, &mut tree);
        nodes = nodes.max(tree.nodes().len());
        packets += 1;
        // Few packets: then what stands in them is the attack, and printing is a part of it.
        if packets < 20 {
            out.clear();
            format::text_tree(dissect::Dissection { tree: &tree, packet }, &mut out);
        }
    };
    (attack.make)(size, &mut take);
    (packets, nodes)
}

/// The memory of one pass has a limit, and twice the attack needs no more than twice the memory and calls.
#[test]
fn every_attack_stays_within_limits() {
    for attack in ATTACKS {
        // An unoptimized build takes its time: less of it there.
        let size = if cfg!(debug_assertions) { attack.size / 8 } else { attack.size };
        let ((packets, nodes), one) = cost(|| pass(attack, size));
        let ((twice, _), two) = cost(|| pass(attack, size * 2));
        let Cost { bytes, calls } = two;
        println!(
            "{:28} {packets:6} packets, {nodes:7} nodes, {:9} bytes, {bytes:9} for twice, {calls} calls",
            attack.name, one.bytes
        );
        assert!(packets > 0 && twice >= packets, "{}", attack.name);
        let most = if twice < 200 { MOST_FOR_A_PACKET } else { MOST_FOR_A_PASS };
        assert!(bytes < most, "{}: {bytes} bytes", attack.name);
        assert!(bytes < one.bytes * 5 / 2 + (1 << 20), "{}: {bytes} bytes after {}", attack.name, one.bytes);
        assert!(calls < one.calls * 5 / 2 + 2000, "{}: {calls} calls after {}", attack.name, one.calls);
    }
}

/// Nesting ends at its limit, and the packet says so.
#[test]
fn what_nests_too_deep_is_told() {
    for name in ["ip in ip", "gre", "gtp", "quotes in quotes", "vlan tags", "nested multipart"] {
        let attack = ATTACKS.iter().find(|attack| attack.name == name).unwrap();
        let (dissector, mut tree, mut told) = (Dissector::default(), Tree::new(), 0);
        let mut take = |packet: &Packet<'_>| {
            dissector.dissect(&dissect::See::alone(), packet, &mut tree);
            told += tree.find("_ws.too_deep").count();
            assert!(tree.nodes().len() < 64 * 200, "{name}: {} nodes", tree.nodes().len());
        };
        (attack.make)(attack.size, &mut take);
        assert!(told > 0, "{name}");
    }
}

/// A tree ends at its limit, and every output of it stays as long as its nodes allow.
#[test]
fn a_tree_has_a_limit() {
    let (dissector, mut tree) = (Dissector::default(), Tree::new());
    let attack = ATTACKS.iter().find(|attack| attack.name == "chunks").unwrap();
    let mut most = 0;
    (attack.make)(4 << 20, &mut |packet| {
        dissector.dissect(&dissect::See::alone(), packet, &mut tree);
        most = most.max(tree.nodes().len());
    });
    assert_eq!(most, dissect::tree::MOST_NODES, "a tree holds no more than its limit");
}

/// SIP's statistics of 100,000 headers: each header is found, none is looked at again and again.
#[test]
fn a_message_of_100_000_headers() {
    let attack = ATTACKS.iter().find(|attack| attack.name == "sip headers").unwrap();
    let ((_, nodes), Cost { bytes, .. }) = cost(|| pass(attack, 100_000));
    // What UDP, SCTP and what TCP's limit for a head have room for.
    assert!(nodes > 5_000, "{nodes}");
    assert!(bytes < MOST_FOR_A_PACKET, "{bytes}");
}
