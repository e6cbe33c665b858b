use crate::capture::LinkType;
use crate::testing::{survives, tree};

/// To the port of Geneve, behind IPv4 and UDP.
fn packet(inside: &[u8]) -> Vec<u8> {
    let (udp, ip) = (inside.len() as u8 + 8, inside.len() as u8 + 28);
    let mut bytes = vec![0x45, 0, 0, ip, 0, 1, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2];
    bytes.extend([0x80, 0, 0x17, 0xc1, 0, udp, 0, 0]);
    bytes.extend(inside);
    bytes
}

/// Network 5 with an Ethernet frame of a local experimental type, behind an option of Open vSwitch's.
const INSIDE: [u8; 32] = [
    2, 0x40, 0x65, 0x58, 0, 0, 5, 0, 0x01, 0x01, 0x81, 1, 1, 2, 3, 4, 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1,
    0x88, 0xb5, b'h', b'i',
];

#[test]
fn a_frame_stands_behind_the_options() {
    let packet = packet(&INSIDE);
    let text = tree(LinkType(228), &packet);
    for line in [
        "Generic Network Virtualization Encapsulation, VNI: 0x000005\n",
        "Flags: 0x40, Critical Options Present\n",
        "Protocol Type: Transparent Ethernet bridging (0x6558)\n",
        "Geneve Options: (8 bytes)\n",
        "Option: Unknown, Class: Open vSwitch (0x0101) Type: 0x81 (Critical)\n",
        "Unknown Option Data: 01020304\n",
        "02:00:00:00:00:02",
        "Data (2 bytes)",
    ] {
        assert!(text.contains(line), "{line} in {text}");
    }
    survives(LinkType(228), &packet);
}

#[test]
fn an_option_beyond_the_options_is_a_warning_and_the_packet_follows() {
    let mut inside = INSIDE;
    inside[11] = 2;
    let text = tree(LinkType(228), &packet(&inside));
    assert!(text.contains("The option is longer than what is left for options"), "{text}");
    assert!(text.contains("02:00:00:00:00:02"), "{text}");
}

#[test]
fn options_that_are_cut_are_shown_as_far_as_they_are_there() {
    let mut inside = INSIDE;
    inside[0] = 9;
    let text = tree(LinkType(228), &packet(&inside[..20]));
    assert!(text.contains("Type: 0x81 (Critical)"), "{text}");
    assert!(text.contains("Geneve Options needs 36 bytes"), "{text}");
}
