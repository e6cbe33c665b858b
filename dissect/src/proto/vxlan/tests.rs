use crate::capture::LinkType;
use crate::testing::{survives, tree};

/// To the port of VXLAN: network 5 with an Ethernet frame of a local experimental type.
const PACKET: [u8; 52] = [
    0x45, 0, 0, 52, 0, 1, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, 0x80, 0, 0x12, 0xb5, 0, 32, 0, 0,
    0x08, 0, 0, 0, 0, 0, 5, 0, 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x88, 0xb5, b'h', b'i',
];

#[test]
fn a_frame_stands_behind_the_header() {
    let text = tree(LinkType(228), &PACKET);
    for line in ["VXLAN Network Identifier (VNI): 5", "02:00:00:00:00:02", "Data (2 bytes)"] {
        assert!(text.contains(line), "{line} in {text}");
    }
    survives(LinkType(228), &PACKET);
}
