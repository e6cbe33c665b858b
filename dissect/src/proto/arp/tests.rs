use super::duplicate;
use crate::capture::{LinkType, Time};
use crate::testing::{summary, survives, tree};
use crate::{Dissection, Dissector, Line, Out, Packet, Tree, format};

/// An Ethernet frame with an ARP packet: opcode, sender's and target's addresses.
fn frame(opcode: u8, sender: [u8; 4], target_mac: [u8; 6], target: [u8; 4]) -> Vec<u8> {
    let mut bytes = vec![0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 1, 8, 6];
    bytes.extend([0, 1, 8, 0, 6, 4, 0, opcode, 2, 0, 0, 0, 0, 1]);
    bytes.extend(sender);
    bytes.extend(target_mac);
    bytes.extend(target);
    bytes
}

const A: [u8; 4] = [10, 0, 0, 1];
const B: [u8; 4] = [10, 0, 0, 2];
const MAC: [u8; 6] = [2, 0, 0, 0, 0, 2];

fn line(opcode: u8, sender: [u8; 4], target_mac: [u8; 6], target: [u8; 4]) -> String {
    summary(LinkType::ETHERNET, &frame(opcode, sender, target_mac, target))
}

#[test]
fn a_request_is_read() {
    let text = tree(LinkType::ETHERNET, &frame(1, A, [0; 6], B));
    let arp: Vec<_> = text.lines().skip_while(|line| !line.starts_with("Address")).collect();
    insta::assert_snapshot!(arp.join("\n"), @r#"
    Address Resolution Protocol (request)
        Hardware type: Ethernet (1)
        Protocol type: IPv4 (0x0800)
        Hardware size: 6
        Protocol size: 4
        Opcode: request (1)
        Sender MAC address: 02:00:00:00:00:01
        Sender IP address: 10.0.0.1
        Target MAC address: 00:00:00:00:00:00
        Target IP address: 10.0.0.2
    "#);
}

#[test]
fn the_summary_says_what_it_is_for() {
    assert_eq!(line(1, A, [0; 6], B), "ARP Who has 10.0.0.2? Tell 10.0.0.1");
    assert_eq!(line(2, A, MAC, B), "ARP 10.0.0.1 is at 02:00:00:00:00:01");
    assert_eq!(line(1, [0; 4], [0; 6], B), "ARP Who has 10.0.0.2? (ARP Probe)");
    assert_eq!(line(1, A, [0; 6], A), "ARP ARP Announcement for 10.0.0.1");
    assert_eq!(line(1, A, [0xff; 6], A), "ARP Gratuitous ARP for 10.0.0.1 (Request)");
    assert_eq!(line(2, A, [0; 6], A), "ARP Gratuitous ARP for 10.0.0.1 (Reply)");
    assert_eq!(line(3, A, MAC, B), "RARP Who is 02:00:00:00:00:02? Tell 02:00:00:00:00:01");
    assert_eq!(line(4, A, MAC, B), "RARP 02:00:00:00:00:02 is at 10.0.0.2");
    assert_eq!(line(9, A, MAC, B), "Inverse ARP 02:00:00:00:00:01 is at 10.0.0.1");
    assert_eq!(line(99, A, MAC, B), "ARP Unknown ARP opcode 0x0063");
}

#[test]
fn addresses_of_other_sizes_are_bytes() {
    // Hardware addresses of 2 bytes, of Frame Relay; protocol addresses of 1.
    let mut bytes = frame(1, A, [0; 6], B);
    bytes.truncate(14);
    bytes.extend([0, 15, 8, 0, 2, 1, 0, 1, 1, 2, 3, 4, 5, 6]);
    let text = tree(LinkType::ETHERNET, &bytes);
    for line in [
        "Sender hardware address: 0102",
        "Sender protocol address: 03",
        "Target hardware address: 0405",
        "Target protocol address: 06",
    ] {
        assert!(text.contains(line), "{text}");
    }
}

#[test]
fn addresses_beyond_the_packet_are_malformed() {
    let text = tree(LinkType::ETHERNET, &frame(1, A, [0; 6], B)[..41]);
    assert!(text.contains("Sender hardware address needs 20 bytes at offset 22, 19 left"), "{text}");
}

#[test]
fn any_bytes_are_survived() {
    survives(LinkType::ETHERNET, &frame(1, A, MAC, B));
}

/// What the packets, one a second, tell of addresses that are used twice: the earlier packets, and how long ago they were.
fn duplicates(packets: &[Vec<u8>]) -> Vec<Vec<(u64, u64)>> {
    let (dissector, mut tree) = (Dissector::default(), Tree::new());
    let mut memory = dissector.memory();
    let mut answers = Vec::new();
    for (bytes, number) in packets.iter().zip(1..) {
        let time = Some(Time::new(1_700_000_000 + number as i64, 0));
        let packet = Packet { number, time, ..Packet::new(LinkType::ETHERNET, bytes) };
        dissector.dissect(&mut memory, &packet, &mut tree);
        let values = |name| tree.find(name).map(|(_, node)| node.value).collect::<Vec<_>>();
        let (frames, seconds) =
            (values("arp.duplicate-address-frame"), values("arp.seconds-since-duplicate-address-frame"));
        assert_eq!(frames.len(), values("arp.duplicate-address-detected").len());
        answers.push(frames.into_iter().zip(seconds).collect());
    }
    answers
}

/// From whom: the last byte of the sender's hardware address.
fn from(host: u8, opcode: u8, sender: [u8; 4], target_mac: [u8; 6], target: [u8; 4]) -> Vec<u8> {
    let mut bytes = frame(opcode, sender, target_mac, target);
    bytes[27] = host;
    bytes
}

/// As tshark 4.0.
#[test]
fn an_address_that_two_hosts_use_is_told() {
    let (none, mac) = ([0; 6], |host| [2, 0, 0, 0, 0, host]);
    let answers = duplicates(&[
        from(1, 1, A, none, B),
        from(2, 1, A, none, B),
        // Who is asked for is not known to ask; who is answered is.
        from(3, 2, B, mac(1), A),
        from(2, 1, A, none, B),
        from(2, 2, A, mac(1), B),
        from(1, 1, A, none, B),
        from(2, 1, A, none, A),
        // Probes have no address yet; RARP and Inverse ARP are asked by hardware address.
        from(9, 1, [0; 4], none, A),
        from(9, 3, A, mac(9), B),
        from(9, 8, A, mac(9), B),
        from(9, 2, A, [0xff; 6], [10, 0, 0, 9]),
        from(8, 1, [10, 0, 0, 9], none, A),
    ]);
    let expected: [&[(u64, u64)]; 12] =
        [&[], &[(1, 1)], &[], &[(3, 1)], &[(3, 2), (3, 2)], &[], &[(6, 1)], &[], &[], &[], &[(6, 5)], &[]];
    assert_eq!(answers, expected);
}

#[test]
fn the_line_and_the_tree_tell_whose_address_it_is() {
    let (dissector, mut line, mut tree) = (Dissector::default(), Line::new(), Tree::new());
    let mut memory = dissector.memory();
    for (bytes, number) in [from(1, 1, A, [0; 6], B), from(2, 1, A, [0; 6], B)].iter().zip(1..) {
        let packet = Packet { number, ..Packet::new(LinkType::ETHERNET, bytes) };
        dissector.dissect_and_summarize(&mut memory, &packet, &mut tree, &mut line);
        if number == 2 {
            let info = line.info.to_string_lossy();
            assert_eq!(info, "Who has 10.0.0.2? Tell 10.0.0.1 (duplicate use of 10.0.0.1 detected!)");
            let mut out = Out::new();
            format::Text::default().packet(Dissection { tree: &tree, packet: &packet }, &mut out);
            let text = out.to_string_lossy();
            assert!(text.contains(
                "    [Duplicate IP address detected for 10.0.0.1 (02:00:00:00:00:02) - also in use by 02:00:00:00:00:01 (frame 1)]\n"
            ), "{text}");
            assert!(text.contains("Duplicate IP address configured (10.0.0.1)"), "{text}");
        }
    }
}

#[test]
fn of_as_many_hosts_as_are_kept_each_is_known() {
    let address = |at: usize| (0x0a00_0000 + at as u32).to_be_bytes();
    let most = duplicate::MOST_HOLDERS / 2;
    let mut packets: Vec<Vec<u8>> = (1..=most).map(|at| from(1, 1, address(at), [0; 6], B)).collect();
    packets.push(from(2, 1, address(1), [0; 6], B));
    assert_eq!(duplicates(&packets).last().unwrap().len(), 1);
    packets.pop();
    packets.extend((most..=3 * most).map(|at| from(1, 1, address(at), [0; 6], B)));
    packets.push(from(2, 1, address(1), [0; 6], B));
    assert!(duplicates(&packets).last().unwrap().is_empty(), "the oldest are gone");
}
