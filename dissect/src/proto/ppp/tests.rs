use crate::capture::LinkType;
use crate::testing::{summary, survives, tree};

const LCP: [u8; 14] = [0xff, 3, 0xc0, 0x21, 1, 7, 0, 10, 5, 6, 1, 2, 3, 4];

#[test]
fn a_control_packet_is_read() {
    insta::assert_snapshot!(tree(LinkType::PPP, &LCP), @r#"
    Point-to-Point Protocol
        Address: 0xff
        Control: 0x03
        Protocol: Link Control Protocol (0xc021)
    PPP Link Control Protocol
        Code: Configuration Request (1)
        Identifier: 7
        Length: 10
        Data: 050601020304
    "#);
    assert_eq!(summary(LinkType::PPP, &LCP), "PPP LCP Configuration Request");
}

#[test]
fn address_and_upper_byte_may_be_left_out() {
    let ipv4 = [0x45, 0, 0, 20, 0, 0, 0, 0, 64, 253, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2];
    for header in [&[0xff, 3, 0, 0x21][..], &[0xff, 3, 0x21], &[0, 0x21], &[0x21]] {
        let text = tree(LinkType(50), &[header, &ipv4].concat());
        assert!(
            text.contains("Protocol: Internet Protocol version 4 (0x0021)\nInternet Protocol Version 4"),
            "{text}"
        );
    }
}

#[test]
fn cisco_shares_the_links() {
    let text = tree(LinkType(50), &[0x8f, 0, 0x20, 0, 1]);
    assert!(text.starts_with("Cisco HDLC\n    Address: Multicast (0x8f)\n"), "{text}");
}

#[test]
fn a_wrong_length_is_malformed() {
    let mut bytes = LCP;
    bytes[7] = 3;
    assert!(tree(LinkType::PPP, &bytes).contains("Length at offset 6 is not that of the packet"));
    bytes[7] = 11;
    assert!(tree(LinkType::PPP, &bytes).contains("Length at offset 6 is not that of the packet"));
}

#[test]
fn any_bytes_are_survived() {
    survives(LinkType::PPP, &LCP);
    survives(LinkType(50), &[0x8f, 0, 0x20, 0, 1]);
}
