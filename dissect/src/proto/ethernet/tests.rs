use crate::capture::LinkType;
use crate::testing::{summary, survives, tree};

const ADDRESSES: [u8; 12] = [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1];

/// An IPv4 packet of 20 bytes without payload.
const IPV4: [u8; 20] = [0x45, 0, 0, 20, 0, 0, 0, 0, 64, 253, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2];

fn frame(ether_type: u16, payload: &[u8], trailer: &[u8]) -> Vec<u8> {
    [&ADDRESSES[..], &ether_type.to_be_bytes(), payload, trailer].concat()
}

/// The lines of the Ethernet group only.
fn ethernet(bytes: &[u8]) -> String {
    let text = tree(LinkType::ETHERNET, bytes);
    let mut lines = text.lines();
    let first = lines.next().unwrap_or("");
    let rest = lines.take_while(|line| line.starts_with(' ')).map(|line| format!("\n{line}"));
    rest.fold(first.to_owned(), |text, line| text + &line)
}

/// The lines that follow the type: what stands behind the payload.
fn tail(bytes: &[u8]) -> String {
    let text = ethernet(bytes);
    let lines =
        text.lines().skip_while(|line| !line.contains("Type: ") && !line.contains("Length: ")).skip(1);
    lines.map(str::trim).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_header_has_its_bits() {
    let mut bytes = frame(0x1234, b"", b"");
    bytes[..6].fill(0xff);
    insta::assert_snapshot!(ethernet(&bytes), @r#"
    Ethernet II, Src: 02:00:00:00:00:01, Dst: ff:ff:ff:ff:ff:ff
        Destination: ff:ff:ff:ff:ff:ff
            .... ..1. .... .... .... .... = LG bit: Locally administered address
            .... ...1 .... .... .... .... = IG bit: Group address (multicast/broadcast)
        Source: 02:00:00:00:00:01
            .... ..1. .... .... .... .... = LG bit: Locally administered address
            .... ...0 .... .... .... .... = IG bit: Individual address (unicast)
        Type: Unknown (0x1234)
    "#);
    assert_eq!(summary(LinkType::ETHERNET, &bytes), "Ethernet Ethernet II");
}

#[test]
fn a_group_can_not_send() {
    let mut bytes = frame(0x1234, b"", b"");
    bytes[6] = 3;
    assert!(ethernet(&bytes).contains("Source MAC must not be a group address"));
}

#[test]
fn padding_trailer_and_check_sequence_are_told_apart() {
    // 34 bytes of header and packet, filled to 60.
    insta::assert_snapshot!(tail(&frame(0x800, &IPV4, &[0; 26])), @r#"Padding: 0000000000000000000000000000000000000000000000000000"#);
    // Four more may be the check sequence.
    insta::assert_snapshot!(tail(&frame(0x800, &IPV4, &[&[0; 26][..], &[1, 2, 3, 4]].concat())), @r#"
    Padding: 0000000000000000000000000000000000000000000000000000
    Frame check sequence: 0x01020304
    [FCS Status: Unverified (2)]
    "#);
    // Too short to be padding.
    insta::assert_snapshot!(tail(&frame(0x800, &IPV4, &[0; 25])), @r#"Trailer: 00000000000000000000000000000000000000000000000000"#);
    // No zeros.
    insta::assert_snapshot!(tail(&frame(0x800, &IPV4, &[7; 26])), @r#"
    Trailer: 0707070707070707070707070707070707070707070707070707
    [Expert Info (Warning/Protocol): Padding identification may be inaccurate and impact trailer dissector]
    "#);
    // No packet within the frame says where it ends.
    assert_eq!(tail(&frame(0x1234, &[0; 46], b"")), "");
}

#[test]
fn a_length_bounds_llc_and_a_value_between_is_neither() {
    let llc = [0x42, 0x42, 3, 9];
    insta::assert_snapshot!(tree(LinkType::ETHERNET, &frame(4, &llc, &[0; 42])), @r#"
    Ethernet 802.3, Src: 02:00:00:00:00:01, Dst: 02:00:00:00:00:02
        Destination: 02:00:00:00:00:02
            .... ..1. .... .... .... .... = LG bit: Locally administered address
            .... ...0 .... .... .... .... = IG bit: Individual address (unicast)
        Source: 02:00:00:00:00:01
            .... ..1. .... .... .... .... = LG bit: Locally administered address
            .... ...0 .... .... .... .... = IG bit: Individual address (unicast)
        Length: 4
        Padding: 000000000000000000000000000000000000000000000000000000000000000000000000…
    Logical-Link Control
        DSAP: Spanning Tree BPDU (0x42)
            0100 001. = SAP: Spanning Tree BPDU
            .... ...0 = IG Bit: Individual
        SSAP: Spanning Tree BPDU (0x42)
            0100 001. = SAP: Spanning Tree BPDU
            .... ...0 = CR Bit: Command
        Control field: 0x03
            000. 00.. = Command: Unnumbered Information (0x00)
            .... ..11 = Frame type: Unnumbered frame (0x3)
    Data (1 bytes)
        Data: 09
        [Length: 1]
    "#);
    assert!(ethernet(&frame(5, &llc, b"")).contains("Length field value goes past the end of the payload"));
    assert!(ethernet(&frame(1500, &llc, b"")).contains("Length: 1500"));
    assert!(ethernet(&frame(1501, &llc, b"")).contains("Invalid length/type: 0x05dd"));
    assert!(ethernet(&frame(1535, &llc, b"")).contains("Invalid length/type: 0x05ff"));
    assert!(ethernet(&frame(1536, &llc, b"")).contains("Type: XNS Internet Datagram Protocol (0x0600)"));
}

#[test]
fn the_capture_may_say_that_the_check_sequence_is_there() {
    use crate::{Dissector, Packet, See, Tree};
    let bytes = frame(0x1234, b"abc", &[1, 2, 3, 4]);
    let packet = Packet { fcs_length: Some(4), ..Packet::new(LinkType::ETHERNET, &bytes) };
    let mut tree = Tree::new();
    Dissector::default().dissect(&See::alone(), &packet, &mut tree);
    assert_eq!(
        tree.find("eth.fcs").next().map(|(_, node)| (node.value, node.start)),
        Some((0x0102_0304, 17))
    );
    assert_eq!(tree.find("data.data").next().map(|(_, node)| node.len), Some(3));
}

#[test]
fn any_bytes_are_survived() {
    survives(LinkType::ETHERNET, &frame(0x800, &IPV4, &[0; 30]));
    survives(LinkType::ETHERNET, &frame(8, &[0xaa, 0xaa, 3, 0, 0, 0, 8, 0], &[0; 5]));
}

#[test]
fn fabric_path_has_a_frame_inside() {
    let inner = frame(0x800, &IPV4, b"");
    let text = tree(LinkType::ETHERNET, &frame(0x8903, &[0x00, 0x5f], &inner));
    let start = "Cisco FabricPath\n    Destination: 02:00:00:00:00:02\n    Source: 02:00:00:00:00:01\n";
    assert!(text.starts_with(start), "{text}");
    assert!(text.contains("FTAG: 1\n") && text.contains("TTL: 31\nEthernet II, Src"), "{text}");
    survives(LinkType::ETHERNET, &frame(0x8903, &[0x00, 0x5f], &inner));
}
