use crate::capture::LinkType;
use crate::testing::{summary, survives, tree};

const IPV4: [u8; 20] = [0x45, 0, 0, 20, 0, 0, 0, 0, 64, 253, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2];

fn frame(labels: &[u8], payload: &[u8]) -> Vec<u8> {
    [&[2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x88, 0x47][..], labels, payload].concat()
}

/// The protocols below Ethernet, a line each.
fn protocols(bytes: &[u8]) -> String {
    let text = tree(LinkType::ETHERNET, bytes);
    text.lines().skip(1).filter(|line| !line.starts_with(' ')).flat_map(|line| [line, "\n"]).collect()
}

#[test]
fn the_stack_ends_at_its_bottom() {
    let bytes = frame(&[0, 0, 0x10, 64, 0, 1, 0x1f, 63], &IPV4);
    let text = tree(LinkType::ETHERNET, &bytes);
    let mpls: Vec<_> = text.lines().skip_while(|line| !line.starts_with("Multi")).take(10).collect();
    insta::assert_snapshot!(mpls.join("\n"), @r#"
    MultiProtocol Label Switching Header, Label: 1 (Router Alert), Exp: 0, S: 0, TTL: 64
        0000 0000 0000 0000 0001 .... .... .... = MPLS Label: Router Alert (1)
        .... .... .... .... .... 000. .... .... = MPLS Experimental Bits: 0
        .... .... .... .... .... ...0 .... .... = MPLS Bottom Of Label Stack: 0
        .... .... .... .... .... .... 0100 0000 = MPLS TTL: 64
    MultiProtocol Label Switching Header, Label: 17, Exp: 7, S: 1, TTL: 63
        0000 0000 0000 0001 0001 .... .... .... = MPLS Label: 17 (0x00011)
        .... .... .... .... .... 111. .... .... = MPLS Experimental Bits: 7
        .... .... .... .... .... ...1 .... .... = MPLS Bottom Of Label Stack: 1
        .... .... .... .... .... .... 0011 1111 = MPLS TTL: 63
    "#);
}

#[test]
fn the_payload_is_told_by_its_first_bits() {
    let ethernet = [&[2, 0, 0, 0, 0, 3, 2, 0, 0, 0, 0, 4, 8, 0][..], &IPV4].concat();
    let with_word = [&[0, 0, 0, 9][..], &ethernet].concat();
    let one = [0, 1, 1, 64];
    assert!(protocols(&frame(&one, &IPV4)).contains("Internet Protocol Version 4"));
    assert!(protocols(&frame(&one, &ethernet)).contains("Ethernet II, Src: 02:00:00:00:00:04"));
    assert!(protocols(&frame(&one, &with_word)).contains("PW Ethernet Control Word\nEthernet II"));
    assert!(protocols(&frame(&one, &[0x90, 1])).ends_with("Data (2 bytes)\n"));
    assert_eq!(summary(LinkType::ETHERNET, &frame(&one, &[0x90])), "MPLS MPLS Label Switched Packet");
}

#[test]
fn a_stack_without_bottom_is_malformed() {
    let text = tree(LinkType::ETHERNET, &frame(&[0, 1, 0, 64, 0, 1], b""));
    assert!(text.contains("MPLS Label needs 4 bytes at offset 18, 2 left"), "{text}");
}

#[test]
fn any_bytes_are_survived() {
    survives(LinkType::ETHERNET, &frame(&[0, 0, 0x10, 64, 0, 1, 0x1f, 63], &IPV4));
}
