use crate::capture::LinkType;
use crate::testing::{summary, survives, tree};

/// A family and an IPv4 packet of 20 bytes.
fn packet(family: [u8; 4]) -> Vec<u8> {
    let ipv4 = [0x45, 0, 0, 20, 0, 0, 0, 0, 64, 253, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2];
    [&family[..], &ipv4].concat()
}

fn first_lines(link: u16, family: [u8; 4]) -> String {
    tree(LinkType(link), &packet(family)).lines().take(3).map(str::trim).collect::<Vec<_>>().join(" | ")
}

#[test]
fn the_family_is_read_in_either_order() {
    let start = "Null/Loopback | Family: IP (2) | Internet Protocol Version 4";
    assert!(first_lines(0, [2, 0, 0, 0]).starts_with(start));
    assert!(first_lines(0, [0, 0, 0, 2]).starts_with(start));
    assert!(first_lines(108, [0, 0, 0, 2]).starts_with(start));
    assert!(first_lines(108, [2, 0, 0, 0]).starts_with("Null/Loopback | Family: Unknown (33554432) | Data"));
    assert!(first_lines(0, [0x0f, 0, 8, 0]).starts_with("Null/Loopback | Type: IPv4 (0x0800) | Internet"));
    assert!(first_lines(0, [0, 0, 8, 0]).starts_with("Null/Loopback | Type: IPv4 (0x0800) | Internet"));
}

#[test]
fn ppp_in_disguise_is_ppp() {
    assert!(first_lines(0, [0xff, 3, 0, 0x21]).starts_with("Point-to-Point Protocol"));
    assert_eq!(summary(LinkType::NULL, &[99, 0, 0, 0, 1]), "Null Null/Loopback");
}

#[test]
fn any_bytes_are_survived() {
    survives(LinkType::NULL, &packet([2, 0, 0, 0]));
}
