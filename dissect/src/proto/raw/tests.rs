use crate::capture::LinkType;
use crate::testing::{survives, tree};

const IPV4: [u8; 20] = [0x45, 0, 0, 20, 0, 0, 0, 0, 64, 253, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2];

#[test]
fn the_version_says_what_it_is() {
    for link in [12, 14, 101] {
        assert!(tree(LinkType(link), &IPV4).starts_with("Raw packet data\nInternet Protocol Version 4"));
    }
    let ppp = [&[0xff, 3, 0, 0x21][..], &IPV4].concat();
    assert!(tree(LinkType::RAW, &ppp).starts_with("Raw packet data\nPoint-to-Point Protocol"));
    assert!(tree(LinkType::RAW, &[0x50]).contains("The packet begins with no version of IP"));
}

#[test]
fn any_bytes_are_survived() {
    survives(LinkType::RAW, &IPV4);
}
