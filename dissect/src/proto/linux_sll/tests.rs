use crate::capture::LinkType;
use crate::testing::{summary, survives, tree};

const SLL: LinkType = LinkType(113);
const SLL2: LinkType = LinkType(276);

const V1: [u8; 18] = [0, 4, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0, 0x12, 0x34, 7, 8];
const V2: [u8; 22] = [0x12, 0x34, 0, 0, 0, 0, 0, 3, 0, 1, 4, 6, 2, 0, 0, 0, 0, 1, 0, 0, 7, 8];

#[test]
fn both_versions_are_read() {
    insta::assert_snapshot!(tree(SLL, &V1), @r#"
    Linux cooked capture v1
        Packet type: Sent by us (4)
        Link-layer address type: Ethernet (1)
        Link-layer address length: 6
        Source: 02:00:00:00:00:01
        Unused: 0000
        Protocol: Unknown (0x1234)
    Data (2 bytes)
        Data: 0708
        [Length: 2]
    "#);
    insta::assert_snapshot!(tree(SLL2, &V2), @r#"
    Linux cooked capture v2
        Protocol: Unknown (0x1234)
        Interface index: 3
        Link-layer address type: Ethernet (1)
        Packet type: Sent by us (4)
        Link-layer address length: 6
        Source: 02:00:00:00:00:01
        Unused: 0000
    Data (2 bytes)
        Data: 0708
        [Length: 2]
    "#);
    assert_eq!(summary(SLL, &V1), "SLL Sent by us");
    assert_eq!(summary(SLL2, &V2), "SLL Sent by us");
}

#[test]
fn an_address_is_shown_by_its_length() {
    let with_length = |length: u8| {
        let mut bytes = V1;
        bytes[5] = length;
        tree(SLL, &bytes)
    };
    assert!(with_length(0).contains("Unused: 0200000000010000"));
    assert!(with_length(4).contains("Source: 2.0.0.0\n") && with_length(4).contains("Unused: 00010000"));
    assert!(with_length(8).contains("Source: 0200000000010000") && !with_length(8).contains("Unused"));
    assert!(with_length(255).contains("Source: 0200000000010000"));
}

#[test]
fn netlink_is_left_to_others() {
    let mut bytes = V1;
    bytes[2..4].copy_from_slice(&824u16.to_be_bytes());
    assert!(!tree(SLL, &bytes).contains("cooked"));
}

#[test]
fn any_bytes_are_survived() {
    survives(SLL, &V1);
    survives(SLL2, &V2);
}
