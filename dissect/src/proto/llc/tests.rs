use crate::capture::LinkType;
use crate::testing::{summary, survives, tree};

fn frame(llc: &[u8]) -> Vec<u8> {
    [&[2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0, llc.len() as u8][..], llc].concat()
}

fn llc(bytes: &[u8]) -> String {
    let text = tree(LinkType::ETHERNET, &frame(bytes));
    text.lines().skip_while(|line| !line.starts_with("Logical")).flat_map(|line| [line, "\n"]).collect()
}

#[test]
fn the_three_kinds_of_frames_are_read() {
    insta::assert_snapshot!(llc(&[0xf0, 0xf0, 0x0a, 0x01]), @r#"
    Logical-Link Control
        DSAP: NetBIOS (0xf0)
            1111 000. = SAP: NetBIOS
            .... ...0 = IG Bit: Individual
        SSAP: NetBIOS (0xf0)
            1111 000. = SAP: NetBIOS
            .... ...0 = CR Bit: Command
        Control field: 0x010a
            0000 000. .... .... = N(R): 0
            .... .... 0000 101. = N(S): 5
            .... ...1 .... .... = Poll: Set
            .... .... .... ...0 = Frame type: Information frame (0x0)
    "#);
    insta::assert_snapshot!(llc(&[0xf0, 0xf1, 0x05, 0x02]), @r#"
    Logical-Link Control
        DSAP: NetBIOS (0xf0)
            1111 000. = SAP: NetBIOS
            .... ...0 = IG Bit: Individual
        SSAP: Unknown (0xf1)
            1111 000. = SAP: NetBIOS
            .... ...1 = CR Bit: Response
        Control field: 0x0205
            0000 001. .... .... = N(R): 1
            .... .... .... 01.. = Supervisory frame type: Receiver not ready (0x1)
            .... .... .... ..01 = Frame type: Supervisory frame (0x1)
    "#);
    insta::assert_snapshot!(llc(&[0xf0, 0xf1, 0x73]), @r#"
    Logical-Link Control
        DSAP: NetBIOS (0xf0)
            1111 000. = SAP: NetBIOS
            .... ...0 = IG Bit: Individual
        SSAP: Unknown (0xf1)
            1111 000. = SAP: NetBIOS
            .... ...1 = CR Bit: Response
        Control field: 0x73
            ...1 .... = Final: Set
            011. 00.. = Response: Unnumbered Acknowledge (0x18)
            .... ..11 = Frame type: Unnumbered frame (0x3)
    "#);
    let line = |bytes: &[u8]| summary(LinkType::ETHERNET, &frame(bytes));
    assert_eq!(
        line(&[0xf0, 0xf0, 0x0a, 0x01]),
        "LLC I P, N(R)=0, N(S)=5; DSAP NetBIOS Individual, SSAP NetBIOS Command"
    );
}

#[test]
fn snap_names_the_organization_and_its_protocol() {
    insta::assert_snapshot!(llc(&[0xaa, 0xaa, 3, 0, 0, 0x0c, 0x20, 0]), @r#"
    Logical-Link Control
        DSAP: SNAP (0xaa)
            1010 101. = SAP: SNAP
            .... ...0 = IG Bit: Individual
        SSAP: SNAP (0xaa)
            1010 101. = SAP: SNAP
            .... ...0 = CR Bit: Command
        Control field: 0x03
            000. 00.. = Command: Unnumbered Information (0x00)
            .... ..11 = Frame type: Unnumbered frame (0x3)
        Organization Code: Cisco (12)
        PID: CDP (0x2000)
    "#);
    assert!(
        llc(&[0xaa, 0xaa, 3, 0, 0, 0, 8, 6, 0]).contains("Type: ARP (0x0806)\nAddress Resolution Protocol")
    );
    assert!(llc(&[0xaa, 0xaa, 3, 1, 2, 3, 8, 6]).contains("Protocol ID: 0x0806"));
    assert!(llc(&[0xaa, 0xaa, 3, 0]).contains("Organization Code needs 5 bytes at offset 17, 1 left"));
}

#[test]
fn any_bytes_are_survived() {
    survives(LinkType::ETHERNET, &frame(&[0xaa, 0xaa, 3, 0, 0, 0, 8, 6, 0]));
    survives(LinkType::ETHERNET, &frame(&[0xf0, 0xf1, 0x05, 0x02]));
}
