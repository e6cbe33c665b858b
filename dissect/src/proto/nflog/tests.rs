use crate::capture::LinkType;
use crate::testing::{summary, survives, tree};

/// UDP from 10.0.0.1 to 10.0.0.2 with two bytes.
const UDP: [u8; 30] = [
    0x45, 0, 0, 30, 0, 1, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, 0x80, 0, 0x80, 1, 0, 10, 0, 0, b'h',
    b'i',
];

/// A packet of a family with an EtherType, a prefix and a packet, by a host of a byte order.
fn logged(family: u8, ethertype: u16, number: fn(u16) -> [u8; 2]) -> Vec<u8> {
    let mut bytes = vec![family, 0, 0, 5];
    let [high, low] = ethertype.to_be_bytes();
    for (kind, data) in [(1, &[high, low, 3, 0][..]), (10, b"drop\0"), (9, &UDP)] {
        bytes.extend(number(data.len() as u16 + 4));
        bytes.extend(number(kind));
        bytes.extend(data);
        bytes.resize(bytes.len().next_multiple_of(4), 0);
    }
    bytes
}

#[test]
fn the_packet_of_either_byte_order_is_carried() {
    for number in [u16::to_le_bytes, u16::to_be_bytes] {
        // IPv4, and a bridge, which tells the EtherType.
        for (family, ethertype) in [(2, 0), (7, 0x800)] {
            let packet = logged(family, ethertype, number);
            let text = tree(LinkType(239), &packet);
            for line in [
                "Resource id: 5\n",
                "TLV: Type: NFULA_PACKET_HDR (1), Length: 8\n",
                "Netfilter hook: Local out (3)\n",
                "Prefix: drop\n",
                "Dst Port: 32769",
            ] {
                assert!(text.contains(line), "{line} in {text}");
            }
            survives(LinkType(239), &packet);
        }
    }
}

#[test]
fn a_packet_that_the_capture_cut_is_told_as_far_as_it_is_there() {
    let packet = logged(2, 0, u16::to_le_bytes);
    let text = tree(LinkType(239), &packet[..packet.len() - 6]);
    assert!(text.contains("Dst Port: 32769") && text.contains("TLV needs 34 bytes"), "{text}");
}

#[test]
fn an_attribute_shorter_than_its_header_ends_the_list() {
    let text = tree(LinkType(239), &[2, 0, 0, 0, 3, 0, 9, 0, 0x45, 0, 0, 0]);
    assert!(text.contains("Malformed: Length"), "{text}");
    assert_eq!(summary(LinkType(239), &[2, 0, 0, 0]).trim(), "NFLOG");
}
