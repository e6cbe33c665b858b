use crate::capture::LinkType;
use crate::testing::{summary, survives, tree};

/// Two tags, the outer a provider's, around an IPv4 packet of 20 bytes, filled to 60 bytes.
fn frame(inner: u16) -> Vec<u8> {
    let mut bytes = vec![2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x88, 0xa8, 0xe0, 0x64, 0x81, 0x00, 0x30, 0x65];
    bytes.extend(inner.to_be_bytes());
    bytes.extend([0x45, 0, 0, 20, 0, 0, 0, 0, 64, 253, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2]);
    bytes.resize(60, 0);
    bytes
}

#[test]
fn tags_stand_in_each_other_and_the_inner_one_has_the_padding() {
    let text = tree(LinkType::ETHERNET, &frame(0x800));
    let tags: Vec<_> = text.lines().skip_while(|line| !line.starts_with("IEEE 802.1ad")).collect();
    let tags: Vec<_> = tags.into_iter().take_while(|line| !line.starts_with("Internet")).collect();
    insta::assert_snapshot!(tags.join("\n"), @r#"
    IEEE 802.1ad, ID: 100
        111. .... = Priority: 7
        ...0 .... = DEI: 0
        .... 0000 0110 0100 = ID: 100
        Type: 802.1Q Virtual LAN (0x8100)
    802.1Q Virtual LAN, PRI: 1, DEI: 1, ID: 101
        001. .... .... .... = Priority: Background (1)
        ...1 .... .... .... = DEI: Eligible
        .... 0000 0110 0101 = ID: 101
        Type: IPv4 (0x0800)
        Padding: 000000000000000000000000000000000000
    "#);
}

#[test]
fn a_tag_may_have_a_length() {
    let text = tree(LinkType::ETHERNET, &frame(100));
    assert!(text.contains("Length: 100"));
    assert!(text.contains("Length field value goes past the end of the payload"));
    assert!(text.contains("Logical-Link Control"));
}

#[test]
fn a_tag_that_is_cut_is_malformed() {
    let text = tree(LinkType::ETHERNET, &frame(0x800)[..16]);
    assert!(text.contains("ID needs 4 bytes at offset 14, 2 left"), "{text}");
    assert_eq!(summary(LinkType::ETHERNET, &frame(0x1234)), "VLAN PRI: 1  DEI: 1  ID: 101");
}

#[test]
fn any_bytes_are_survived() {
    survives(LinkType::ETHERNET, &frame(0x800));
}
