use super::*;
use crate::capture::{LinkType, Packet};

/// UDP from 10.0.0.1 port 5060 to 10.0.0.2 port 5061 over Ethernet.
const UDP: [u8; 46] = [
    2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0, // Ethernet
    0x45, 0, 0, 32, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, // IPv4
    0x13, 0xc4, 0x13, 0xc5, 0, 12, 0, 0, 1, 2, 3, 4, // UDP
];

fn passes(text: &str, link: LinkType, bytes: &[u8]) -> bool {
    let expression = Bpf::compile(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    expression.accepts(&Packet::new(link, bytes))
}

#[test]
fn and_and_or_bind_alike() {
    let here = |text: &str| passes(text, LinkType::ETHERNET, &UDP);
    assert!(!here("udp or tcp and tcp"));
    assert!(here("udp or (tcp and tcp)"));
    assert!(here("not tcp and udp"));
    assert!(here("not (tcp and udp)"));
}

#[test]
fn qualifiers_go_on() {
    let here = |text: &str| passes(text, LinkType::ETHERNET, &UDP);
    assert!(here("udp dst port 80 or 5061"));
    assert!(!here("udp dst port 80 or 5060"));
    assert!(here("port 80 or (443 or 5060)"));
    assert!(here("src host 10.0.0.9 or 10.0.0.1"));
    assert!(here("host 10.0.0.1 and not 10.0.0.3"));
    assert!(here("portrange 5061-5070"));
    assert!(!here("src portrange 5061-5070"));
}

#[test]
fn a_later_fragment_has_no_ports() {
    let mut later = UDP;
    later[21] = 1;
    assert!(passes("udp", LinkType::ETHERNET, &later));
    assert!(!passes("udp port 5060", LinkType::ETHERNET, &later));
    assert!(!passes("udp[0] = 0x13", LinkType::ETHERNET, &later));
}

#[test]
fn a_look_beyond_the_bytes_fails_also_under_not() {
    let cut = &UDP[..34];
    assert!(!passes("not port 80", LinkType::ETHERNET, cut));
    assert!(!passes("not ether[90] = 0", LinkType::ETHERNET, cut));
    // What was decided before needs no look.
    assert!(passes("udp or port 80", LinkType::ETHERNET, cut));
    assert!(!passes("len / (len - 34) = 0 or udp", LinkType::ETHERNET, cut));
}

#[test]
fn arithmetic_is_libpcaps() {
    let here = |text: &str| passes(text, LinkType::ETHERNET, &UDP);
    assert!(here("ip[9] = 17 and ip[2:2] = 32 and udp[4:2] - 8 = 4"));
    assert!(here("7 % 4 + 1 = 2"));
    assert!(here("2 ^ 1 + 1 = 0"));
    assert!(here("3 * 7 % 4 = 9"));
    assert!(here("8 >> 1 + 1 = 2"));
    assert!(here("1 | 6 & 4 = 4"));
    assert!(here("-1 = 0xffffffff"));
    assert!(here("(len - 14) * 2 > (30 + 1)"));
    assert!(here("010 = 8"));
    assert!(here("ip[ip[0] & 0xf - 4] = ip[1]"));
}

#[test]
fn headers_that_are_named_are_passed_over() {
    let tagged = |tags: &[u8]| [&UDP[..12], tags, &UDP[12..]].concat();
    let one = tagged(&[0x81, 0, 0, 10]);
    for (text, expected) in [
        ("udp", false),
        ("vlan and udp", true),
        ("vlan 10 and udp port 5060", true),
        ("vlan 11 and udp", false),
        ("vlan 10 and vlan", false),
        ("udp or vlan", true),
        ("vlan 11 or udp", true),
    ] {
        assert_eq!(passes(text, LinkType::ETHERNET, &one), expected, "{text}");
    }
    assert!(passes(
        "vlan 7 and vlan 10 and host 10.0.0.1",
        LinkType::ETHERNET,
        &tagged(&[0x88, 0xa8, 0, 7, 0x81, 0, 0, 10])
    ));
    let labelled = [&UDP[..12], &[0x88, 0x47, 0, 1, 0, 64, 0, 2, 1, 64], &UDP[14..]].concat();
    assert!(passes("mpls 16 and mpls 32 and udp", LinkType::ETHERNET, &labelled));
    assert!(!passes("mpls 16 and udp", LinkType::ETHERNET, &labelled));
    let session = [&UDP[..12], &[0x88, 0x64, 0x11, 0, 0, 5, 0, 34, 0, 0x21], &UDP[14..]].concat();
    assert!(passes("pppoes 5 and ip and udp dst port 5061", LinkType::ETHERNET, &session));
    assert!(!passes("pppoes 6", LinkType::ETHERNET, &session));
}

#[test]
fn every_link_says_what_it_carries() {
    let ip = &UDP[14..];
    for (link, header) in [
        (LinkType::RAW, &[][..]),
        (LinkType::IPV4, &[]),
        (LinkType::NULL, &[2, 0, 0, 0]),
        (LinkType::NULL, &[0, 0, 0, 2]),
        (LinkType::LINUX_SLL, &[0, 4, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0, 8, 0]),
        (LinkType::LINUX_SLL2, &[8, 0, 0, 0, 0, 0, 0, 7, 0, 1, 4, 6, 2, 0, 0, 0, 0, 1, 0, 0]),
        (LinkType::PPP, &[0xff, 3, 0, 0x21]),
        (LinkType::C_HDLC, &[0x0f, 0, 8, 0]),
    ] {
        let bytes = [header, ip].concat();
        assert!(passes("ip and udp src port 5060 and host 10.0.0.2 and udp[8] = 1", link, &bytes), "{link}");
        assert!(!passes("ip6 or arp or sctp or ether src 2:0:0:0:0:1", link, &bytes), "{link}");
    }
    let cooked = [&[8, 0, 0, 0, 0, 0, 0, 7, 0, 1, 4, 6, 2, 0, 0, 0, 0, 1, 0, 0], ip].concat();
    assert!(passes("outbound and ifindex 7 and not inbound", LinkType::LINUX_SLL2, &cooked));
    assert!(!passes("ip or port 5060", LinkType::IEEE802_11, &UDP));
    assert!(passes("less 46 and greater 46", LinkType::IEEE802_11, &UDP));
}

#[test]
fn errors_say_where_and_what() {
    for (text, expected) in [
        (
            "tcp prot 80",
            "    ^~~~ prot is no word of capture filters; expected and, or, or the end; did you mean proto?",
        ),
        ("port 70000", "     ^~~~~ 70000 is no port: they go up to 65535"),
        (
            "port 80-90",
            "     ^~~~~ No port is known by the name 80-90; ports from one to another are portrange 80-90",
        ),
        ("tcp port", "        ^ The capture filter ends here; expected a port: its number or name"),
        ("ip port 5", "^~~~~~~ ip has no ports here; tcp, udp and sctp have"),
        (
            "host example.org",
            "     ^~~~~~~~~~~ Names of hosts and networks are not looked up: write an address",
        ),
        (
            "host 10.0.0.0/8",
            "             ^ How many bits count is said of networks: write net before the address",
        ),
        ("net 10.0.0.1/8", "    ^~~~~~~~~~ The network's address has bits beyond those that count"),
        ("10.0.0.1", "^~~~~~~~ What 10.0.0.1 is stands before it: host 10.0.0.1, net, port or src"),
        (
            "tcp and 80",
            "        ^~ A number alone is no test; say before it what it is (port 80), or compare it",
        ),
        ("tcp[13:3] = 1", "       ^ 1, 2 or 4 bytes can be read at once"),
        (
            "tcp[13] & 2",
            "^~~~~~~~~~~ This is a number; expected a comparison behind it: =, !=, <, <=, > or >=",
        ),
        ("gateway foo", "^~~~~~~ gateway is of libpcap and is not read here"),
        (
            "ip proto tcp",
            "         ^~~ tcp was not expected here; expected a number, or a protocol behind a backslash",
        ),
        (
            "TCP",
            "^~~ TCP is no word of capture filters; expected a test, such as tcp, port 80 or host 10.0.0.1; words are written in small letters: tcp",
        ),
        ("len / 0 = 1", "      ^ Nothing is divided by zero"),
        (
            "ip src 1.2.3.4.5",
            "       ^~~~~~~~~ 1.2.3.4.5 is no IPv4 address: it has up to four numbers, each up to 255",
        ),
    ] {
        let error = Bpf::compile(text).unwrap_err();
        let caret = error.caret(text, "");
        assert_eq!(format!("{} {}", caret.lines().last().unwrap(), error.sentence), expected, "{text}");
    }
}
