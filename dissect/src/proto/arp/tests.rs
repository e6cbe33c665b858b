use crate::capture::LinkType;
use crate::testing::{summary, survives, tree};

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
