use crate::capture::LinkType;
use crate::testing::{summary, survives, tree};

const IPV4: LinkType = LinkType(228);

/// An IPv6 packet with no next header, from 2001::1 to 2001::2.
const IPV6: [u8; 40] = {
    let mut bytes = [0; 40];
    (bytes[0], bytes[6], bytes[7]) = (0x60, 59, 64);
    (bytes[8], bytes[9], bytes[23]) = (0x20, 1, 1);
    (bytes[24], bytes[25], bytes[39]) = (0x20, 1, 2);
    bytes
};
const AUTHENTICATION: [u8; 18] = [0, 1, 2, 3, b'i', b'd', 9, 8, 7, 1, 2, 3, 4, 5, 6, 7, 8, 0];
/// From port 40,000 of 192.0.2.33.
const ORIGIN: [u8; 8] = [0, 0, 0x63, 0xbf, 63, 255, 253, 222];

/// To the port of Teredo.
fn datagram(parts: &[&[u8]]) -> Vec<u8> {
    let payload = parts.concat();
    let length = payload.len() as u8 + 8;
    let header = [0x45, 0, 0, 20 + length, 0, 1, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2];
    [&header, &[0x80, 0, 0x0d, 0xd8, 0, length, 0, 0][..], &payload].concat()
}

#[test]
fn the_packet_stands_behind_both_headers() {
    let packet = datagram(&[&AUTHENTICATION, &ORIGIN, &IPV6]);
    let text = tree(IPV4, &packet);
    for line in [
        "Client identifier: 6964\n",
        "Authentication value: 090807\n",
        "Nonce value: 0102030405060708\n",
        "Confirmation byte: 00\n",
        "Origin UDP port: 40000\n",
        "Origin IPv4 address: 192.0.2.33\n",
        "Internet Protocol Version 6, Src: 2001::1, Dst: 2001::2\n",
    ] {
        assert!(text.contains(line), "{line} in {text}");
    }
    survives(IPV4, &packet);
}

#[test]
fn the_packet_stands_alone() {
    assert!(tree(IPV4, &datagram(&[&IPV6])).contains("Dst: 2001::2\n"));
    // A bubble has nothing behind its headers.
    assert!(!tree(IPV4, &datagram(&[&ORIGIN])).contains("Malformed"));
}

#[test]
fn a_header_that_is_cut_is_told() {
    for (part, sentence) in [
        (&AUTHENTICATION[..3], "Authentication value length needs 1 byte"),
        (&AUTHENTICATION[..5], "Client identifier needs 2 bytes"),
        (&AUTHENTICATION[..17], "Confirmation byte needs 1 byte"),
        (&ORIGIN[..3], "Origin UDP port needs 2 bytes"),
        (&ORIGIN[..7], "Origin IPv4 address needs 4 bytes"),
    ] {
        let text = tree(IPV4, &datagram(&[part]));
        assert!(text.contains(sentence), "{sentence} in {text}");
    }
}

#[test]
fn what_begins_otherwise_is_data() {
    assert!(summary(IPV4, &datagram(&[&[0, 2, 3]])).starts_with("UDP"));
    assert!(tree(IPV4, &datagram(&[&ORIGIN, &[0x45]])).contains("Data: 45\n"));
}
