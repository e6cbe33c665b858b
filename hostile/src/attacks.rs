//! Attacks on time and memory: packets made so that a careless program takes long or grows. Each comes in any size; what it
//! costs is bounded by a test on memory (`tests/attacks`) and one on instructions (`cargo xtask instructions`).

use crate::script::mend;
use dissect::capture::{LinkType, Packet, Time};

/// What takes the packets.
pub type Take<'t> = &'t mut dyn FnMut(&Packet<'_>);

/// An attack.
#[derive(Clone, Copy, Debug)]
pub struct Attack {
    /// Its name.
    pub name: &'static str,
    /// Makes it so large, and hands each packet on.
    pub make: fn(usize, Take<'_>),
    /// A size whose double must not cost more than about twice as many steps. What is bounded by a table is beyond its limit.
    pub size: usize,
}

/// All attacks. A size is a count of packets, or of what stands in one.
pub static ATTACKS: &[Attack] = &[
    Attack { name: "udp ports", make: udp_ports, size: 150_000 },
    Attack { name: "tcp ports", make: tcp_ports, size: 150_000 },
    Attack { name: "sctp tags", make: sctp_tags, size: 40_000 },
    Attack { name: "sctp ports", make: sctp_ports, size: 40_000 },
    Attack { name: "call-ids", make: call_ids, size: 90_000 },
    Attack { name: "branches of one call", make: branches, size: 20_000 },
    Attack { name: "rtp sources", make: rtp_sources, size: 40_000 },
    Attack { name: "announced ports", make: announced, size: 30_000 },
    Attack { name: "gap blocks", make: gap_blocks, size: 8_000 },
    Attack { name: "tsns that leap", make: leaping_tsns, size: 20_000 },
    Attack { name: "data never acknowledged", make: never_acknowledged, size: 100_000 },
    Attack { name: "duplicate tsns", make: duplicate_tsns, size: 8_000 },
    Attack { name: "forward-tsn", make: forward_tsns, size: 10_000 },
    Attack { name: "sctp fragments without end", make: sctp_fragments, size: 30_000 },
    Attack { name: "chunks", make: chunks, size: 8_000 },
    Attack { name: "empty data chunks", make: data_chunks, size: 1_900 },
    Attack { name: "parameters", make: parameters, size: 8_000 },
    Attack { name: "causes", make: causes, size: 8_000 },
    Attack { name: "nested parameters", make: nested_parameters, size: 4_000 },
    Attack { name: "ip in ip", make: ip_in_ip, size: 1_500 },
    Attack { name: "gre", make: gre, size: 1_200 },
    Attack { name: "gtp", make: gtp, size: 900 },
    Attack { name: "mpls", make: mpls, size: 8_000 },
    Attack { name: "vlan tags", make: vlans, size: 8_000 },
    Attack { name: "quotes in quotes", make: quotes, size: 1_200 },
    Attack { name: "ipv6 extension headers", make: extension_headers, size: 4_000 },
    Attack { name: "ipv6 options", make: hop_options, size: 120 },
    Attack { name: "multipart", make: multipart, size: 700 },
    Attack { name: "nested multipart", make: nested_multipart, size: 700 },
    Attack { name: "overlapping fragments", make: overlapping, size: 4_000 },
    Attack { name: "fragments without end", make: fragments, size: 20_000 },
    Attack { name: "sip headers", make: sip_headers, size: 50_000 },
    Attack { name: "sip parameters", make: sip_parameters, size: 8_000 },
    Attack { name: "sip vias", make: sip_vias, size: 2_500 },
    Attack { name: "sip folded lines", make: sip_folded, size: 12_000 },
    Attack { name: "sdp media", make: sdp_media, size: 1_800 },
    Attack { name: "a hole in tcp", make: hole, size: 20_000 },
    Attack { name: "tcp sent backwards", make: backwards, size: 20_000 },
    Attack { name: "sip in tcp without end", make: endless_message, size: 20_000 },
    Attack { name: "tiny sip in tcp", make: tiny_messages, size: 1_500 },
    Attack { name: "sip in one-byte segments", make: one_byte, size: 20_000 },
    Attack { name: "tls records", make: tls_records, size: 8_000 },
    Attack { name: "rtcp reports", make: rtcp, size: 7_000 },
    Attack { name: "icmpv6 options", make: nd_options, size: 4_000 },
    Attack { name: "pppoe tags", make: pppoe_tags, size: 8_000 },
    Attack { name: "ppp options", make: ppp_options, size: 15_000 },
];

const LONGEST: usize = 65_535;

/// Hands packets on with their numbers, a millisecond apart.
struct Hand<'t> {
    take: Take<'t>,
    number: u64,
}

impl<'t> Hand<'t> {
    fn new(take: Take<'t>) -> Hand<'t> {
        Hand { take, number: 0 }
    }
    fn on(&mut self, link: LinkType, bytes: &[u8]) {
        self.number += 1;
        let time = Time::from_nanoseconds(i128::from(1_700_000_000_000 + self.number) * 1_000_000);
        (self.take)(&Packet { number: self.number, time, ..Packet::new(link, bytes) });
    }
    /// In IPv4 between two hosts, as long as IP allows.
    fn ip(&mut self, protocol: u8, [from, to]: [u32; 2], payload: &[u8]) {
        let mut bytes =
            vec![0x45, 0, 0, 0, (self.number >> 8) as u8, self.number as u8, 0, 0, 64, protocol, 0, 0];
        bytes.extend(from.to_be_bytes());
        bytes.extend(to.to_be_bytes());
        bytes.extend_from_slice(payload);
        bytes.truncate(LONGEST);
        mend(LinkType::IPV4, &mut bytes);
        self.on(LinkType::IPV4, &bytes);
    }
    fn udp(&mut self, ends: [u32; 2], [from, to]: [u16; 2], payload: &[u8]) {
        self.ip(17, ends, &[&from.to_be_bytes()[..], &to.to_be_bytes(), &[0; 4], payload].concat());
    }
    fn tcp(&mut self, ends: [u32; 2], [from, to]: [u16; 2], (sequence, flags): (u32, u8), payload: &[u8]) {
        let head =
            [&from.to_be_bytes()[..], &to.to_be_bytes(), &sequence.to_be_bytes(), &[0, 0, 0, 1]].concat();
        self.ip(6, ends, &[&head, &[0x50, flags, 0xff, 0, 0, 0, 0, 0][..], payload].concat());
    }
    fn sctp(&mut self, ends: [u32; 2], [from, to]: [u16; 2], tag: u32, chunks: &[u8]) {
        let head = [&from.to_be_bytes()[..], &to.to_be_bytes(), &tag.to_be_bytes(), &[0; 4]].concat();
        self.ip(132, ends, &[&head, chunks].concat());
    }
    /// SCTP without lower layers, for what IP has no room for.
    fn bare_sctp(&mut self, tag: u32, chunks: &[u8]) {
        let mut bytes = [&[0x9c, 0x40, 0x11, 0x5c][..], &tag.to_be_bytes(), &[0; 4], chunks].concat();
        if let Some(sum) = dissect::proto::sctp::checksum::crc32c(&bytes) {
            bytes[8..12].copy_from_slice(&sum.to_be_bytes());
        }
        self.on(LinkType::SCTP, &bytes);
    }
}

const A: u32 = 0x0a00_0001;
const B: u32 = 0x0a00_0002;
const SIP: [u16; 2] = [5060, 5060];

/// A chunk, parameter or cause of two bytes of type.
fn tlv(kind: [u8; 2], value: &[u8]) -> Vec<u8> {
    let mut out = [&kind[..], &(value.len().min(LONGEST - 4) as u16 + 4).to_be_bytes(), value].concat();
    out.resize(out.len().next_multiple_of(4), 0);
    out
}

fn data(tsn: u32, flags: u8, payload: &[u8]) -> Vec<u8> {
    tlv([0, flags], &[&tsn.to_be_bytes()[..], &[0, 1, 0, 0, 0, 0, 0, 46], payload].concat())
}

/// A SACK up to a TSN with these gap blocks.
fn sack(upto: u32, blocks: &[[u16; 2]], duplicates: &[u32]) -> Vec<u8> {
    let mut value = [&upto.to_be_bytes()[..], &[0, 1, 0, 0]].concat();
    value.extend((blocks.len() as u16).to_be_bytes());
    value.extend((duplicates.len() as u16).to_be_bytes());
    value.extend(blocks.iter().flatten().flat_map(|edge| edge.to_be_bytes()));
    value.extend(duplicates.iter().flat_map(|tsn| tsn.to_be_bytes()));
    tlv([3, 0], &value)
}

fn init(tag: u32, parameters: &[u8]) -> Vec<u8> {
    tlv([1, 0], &[&tag.to_be_bytes()[..], &[0, 1, 0, 0, 0, 5, 0, 5, 0, 0, 0, 1], parameters].concat())
}

fn udp_ports(size: usize, take: Take<'_>) {
    let mut hand = Hand::new(take);
    for at in 0..size as u32 {
        hand.udp([A + (at >> 16), B], [at as u16, 7], b"x");
    }
}

fn tcp_ports(size: usize, take: Take<'_>) {
    let mut hand = Hand::new(take);
    for at in 0..size as u32 {
        hand.tcp([A + (at >> 16), B], [at as u16, 80], (at, 2), b"");
    }
}

fn sctp_tags(size: usize, take: Take<'_>) {
    let mut hand = Hand::new(take);
    for at in 1..=size as u32 {
        hand.sctp([A, B], [40_000, 4444], 0, &init(at.wrapping_mul(0x0100_0001), &[]));
        hand.sctp([A, B], [40_000, 4444], at ^ 0x5555_0000, &data(at, 3, b"message"));
    }
}

fn sctp_ports(size: usize, take: Take<'_>) {
    let mut hand = Hand::new(take);
    for at in 1..=size as u32 {
        hand.sctp([A + (at >> 16), B], [at as u16, 4444], 0, &init(at, &[]));
    }
}

fn message(call: &str, branch: &str, further: &str, body: &str) -> Vec<u8> {
    format!(
        "INVITE sip:b@example.org SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK{branch}\r\nFrom: <sip:a@example.org>;tag=1\r\n\
         To: <sip:b@example.org>\r\nCall-ID: {call}\r\nCSeq: 1 INVITE\r\n{further}Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

fn call_ids(size: usize, take: Take<'_>) {
    let mut hand = Hand::new(take);
    for at in 0..size {
        hand.udp([A, B], SIP, &message(&at.to_string(), &at.to_string(), "", ""));
    }
}

fn branches(size: usize, take: Take<'_>) {
    let mut hand = Hand::new(take);
    for at in 0..size {
        hand.udp([A, B], SIP, &message("one", &at.to_string(), "", ""));
    }
}

fn announce(port: u16) -> String {
    format!(
        "v=0\r\no=- 1 1 IN IP4 10.0.0.1\r\ns=-\r\nc=IN IP4 10.0.0.1\r\nt=0 0\r\nm=audio {port} RTP/AVP 0\r\n"
    )
}

fn rtp_sources(size: usize, take: Take<'_>) {
    let mut hand = Hand::new(take);
    let further = "Content-Type: application/sdp\r\n";
    hand.udp([A, B], SIP, &message("one", "1", further, &announce(6000)));
    for at in 0..size as u32 {
        let head =
            [&[0x80, 0][..], &(at as u16).to_be_bytes(), &at.to_be_bytes(), &at.to_be_bytes()].concat();
        hand.udp([B, A], [7000, 6000], &[&head, &[0; 20][..]].concat());
    }
}

fn announced(size: usize, take: Take<'_>) {
    let mut hand = Hand::new(take);
    for at in 0..size {
        let body = announce((at * 2 % 60_000) as u16 + 2)
            .replace("c=IN IP4 10.0.0.1", &format!("c=IN IP4 10.1.{}.{}", at >> 8 & 255, at & 255));
        let further = "Content-Type: application/sdp\r\n";
        hand.udp([A, B], SIP, &message(&at.to_string(), &at.to_string(), further, &body));
    }
}

/// Data here and there over all of the TSNs, and SACKs of as many gap blocks as there is room for, each as wide as it can be.
fn gap_blocks(size: usize, take: Take<'_>) {
    let mut hand = Hand::new(take);
    for at in 0..64_u32 {
        hand.sctp([A, B], [40_000, 4444], 1, &data(at.wrapping_mul(0x0400_0001), 3, b"x"));
    }
    let blocks: Vec<[u16; 2]> = (0..size).map(|at| [(at * 4) as u16 + 2, (at * 4) as u16 | 0xff00]).collect();
    for at in 0..16_u32 {
        hand.sctp([B, A], [4444, 40_000], 2, &sack(at.wrapping_mul(0x1000_0000), &blocks, &[]));
    }
    // More blocks claimed than there are.
    hand.sctp(
        [B, A],
        [4444, 40_000],
        2,
        &tlv([3, 0], &[0, 0, 0, 0, 0, 1, 0, 0, 0xff, 0xff, 0xff, 0xff, 0, 1, 0xff, 0xff]),
    );
}

fn leaping_tsns(size: usize, take: Take<'_>) {
    let mut hand = Hand::new(take);
    for at in 0..size as u32 {
        hand.sctp([A, B], [40_000, 4444], 1, &data(at.wrapping_mul(0x7fff_fff1), 3, b"x"));
        hand.sctp([B, A], [4444, 40_000], 2, &sack(at.wrapping_mul(0x7fff_fff1), &[[1, 0xffff]], &[]));
    }
}

fn never_acknowledged(size: usize, take: Take<'_>) {
    let mut hand = Hand::new(take);
    for at in 0..size as u32 {
        hand.sctp([A, B], [40_000, 4444], 1, &data(at, 3, b"x"));
    }
}

fn duplicate_tsns(size: usize, take: Take<'_>) {
    let mut hand = Hand::new(take);
    for at in 0..50 {
        hand.sctp([A, B], [40_000, 4444], 1, &data(at, 3, b"x"));
    }
    let duplicates: Vec<u32> = (0..size as u32).map(|at| at % 50).collect();
    for _ in 0..8 {
        hand.sctp([B, A], [4444, 40_000], 2, &sack(49, &[], &duplicates));
    }
}

fn forward_tsns(size: usize, take: Take<'_>) {
    let mut hand = Hand::new(take);
    let streams: Vec<u8> = (0..size.min(16_000)).flat_map(|at| [(at >> 8) as u8, at as u8, 0, 1]).collect();
    for at in 0..8_u32 {
        let upto = at.wrapping_mul(0x3000_0000).to_be_bytes();
        hand.sctp([A, B], [40_000, 4444], 1, &tlv([192, 0], &[&upto[..], &streams].concat()));
    }
}

fn sctp_fragments(size: usize, take: Take<'_>) {
    let mut hand = Hand::new(take);
    for at in 0..size as u32 {
        // First fragments, and middle ones that fit to none.
        hand.sctp(
            [A, B],
            [40_000, 4444],
            1,
            &data(at.wrapping_mul(3), if at % 2 == 0 { 2 } else { 0 }, &[7; 900]),
        );
    }
}

fn chunks(size: usize, take: Take<'_>) {
    let mut hand = Hand::new(take);
    let chunks: Vec<u8> =
        (0..size).flat_map(|at| [[11, 0, 0, 4], [0x3f, 0, 0, 4], [14, 0, 0, 4]][at % 3]).collect();
    hand.bare_sctp(1, &chunks);
}

fn data_chunks(size: usize, take: Take<'_>) {
    let mut hand = Hand::new(take);
    let chunks: Vec<u8> = (0..size as u32).flat_map(|at| data(at, 3, b"x")).collect();
    for _ in 0..4 {
        hand.bare_sctp(1, &chunks);
    }
}

fn parameters(size: usize, take: Take<'_>) {
    let mut hand = Hand::new(take);
    // Addresses, extensions, unknown ones, and empty ones.
    let one = |at: usize| match at % 4 {
        0 => tlv([0, 5], &(A + at as u32).to_be_bytes()),
        1 => tlv([0x80, 8], &[at as u8]),
        2 => vec![0xff, at as u8, 0, 4],
        _ => vec![0, 9, 0, 4],
    };
    let parameters: Vec<u8> = (0..size).flat_map(one).collect();
    hand.bare_sctp(0, &init(7, &parameters));
}

fn causes(size: usize, take: Take<'_>) {
    let mut hand = Hand::new(take);
    let causes: Vec<u8> = (0..size).flat_map(|at| vec![0, at as u8 % 14 + 1, 0, 4]).collect();
    hand.bare_sctp(1, &tlv([9, 0], &causes));
    hand.bare_sctp(1, &tlv([6, 0], &causes));
}

/// ASCONF parameters, errors and unrecognized parameters, each in the one before.
fn nested_parameters(size: usize, take: Take<'_>) {
    let mut hand = Hand::new(take);
    for kinds in [[[0xc0, 1], [0xc0, 3]], [[0, 8], [0, 8]], [[0xc0, 3], [0, 8]]] {
        let mut nested = Vec::new();
        // As many as there is room for, the innermost last.
        for at in size.saturating_sub(7_501)..size {
            let length = (size - at) * 8;
            nested.extend(kinds[at % 2]);
            nested.extend((length as u16).to_be_bytes());
            nested.extend([0, 0, 0, at as u8]);
        }
        hand.bare_sctp(1, &tlv([0xc1, 0], &[&[0, 0, 0, 1][..], &nested].concat()));
        hand.bare_sctp(0, &init(7, &nested));
        hand.bare_sctp(1, &tlv([6, 0], &nested));
    }
}

/// Headers that each carry the next, with right lengths, as IP has room for.
fn nest(size: usize, head: &dyn Fn(usize) -> Vec<u8>, inner: &[u8]) -> Vec<u8> {
    let step = head(0).len();
    let count = size.min((LONGEST - 60 - inner.len()) / step);
    let mut out = Vec::new();
    for at in 0..count {
        out.extend(head((count - at - 1) * step + inner.len()));
    }
    out.extend_from_slice(inner);
    out
}

fn ip_header(protocol: u8, behind: usize) -> Vec<u8> {
    let mut head = vec![0x45, 0, 0, 0, 0, 1, 0, 0, 64, protocol, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2];
    head[2..4].copy_from_slice(&((behind + 20) as u16).to_be_bytes());
    head
}

fn ip_in_ip(size: usize, take: Take<'_>) {
    let nested = nest(size, &|behind| ip_header(4, behind), &ip_header(59, 0));
    Hand::new(&mut *take).on(LinkType::IPV4, &nested);
    Hand::new(take).ip(4, [A, B], &nested);
}

fn gre(size: usize, take: Take<'_>) {
    let head = |behind: usize| [ip_header(47, behind + 4), vec![0, 0, 8, 0]].concat();
    let nested = nest(size, &head, &ip_header(59, 0));
    Hand::new(take).on(LinkType::IPV4, &nested);
}

fn gtp(size: usize, take: Take<'_>) {
    let head = |behind: usize| {
        let mut udp = vec![8, 0x68, 8, 0x68];
        udp.extend(((behind + 16) as u16).to_be_bytes());
        udp.extend([0, 0, 0x30, 0xff]);
        udp.extend((behind as u16).to_be_bytes());
        udp.extend([0, 0, 0, 1]);
        [ip_header(17, behind + 16), udp].concat()
    };
    let nested = nest(size, &head, &ip_header(59, 0));
    Hand::new(take).on(LinkType::IPV4, &nested);
}

fn ethernet(kind: [u8; 2], payload: &[u8]) -> Vec<u8> {
    [&[2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2][..], &kind, payload].concat()
}

fn mpls(size: usize, take: Take<'_>) {
    let labels: Vec<u8> = (0..size).flat_map(|at| [(at >> 8) as u8, at as u8, 0x10, 64]).collect();
    Hand::new(take).on(LinkType::ETHERNET, &ethernet([0x88, 0x47], &labels));
}

fn vlans(size: usize, take: Take<'_>) {
    let tags: Vec<u8> = (0..size).flat_map(|at| [0, at as u8, 0x81, 0]).collect();
    Hand::new(take).on(LinkType::ETHERNET, &ethernet([0x81, 0], &tags));
}

fn quotes(size: usize, take: Take<'_>) {
    let head = |behind: usize| [ip_header(1, behind + 8), vec![3, 1, 0, 0, 0, 0, 0, 0]].concat();
    let nested = nest(size, &head, &ip_header(132, 0));
    Hand::new(take).on(LinkType::IPV4, &nested);
}

fn ipv6(next: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0x60, 0, 0, 0, 0, 0, next, 64];
    bytes[4..6].copy_from_slice(&(payload.len().min(LONGEST) as u16).to_be_bytes());
    bytes.extend([1; 32]);
    bytes.extend_from_slice(payload);
    bytes
}

fn extension_headers(size: usize, take: Take<'_>) {
    let mut hand = Hand::new(take);
    for kind in [0, 43, 60] {
        let headers: Vec<u8> = (0..size).flat_map(|_| [kind, 0, 1, 4, 0, 0, 0, 0]).collect();
        hand.on(LinkType::IPV6, &ipv6(kind, &headers));
    }
}

/// Size is the length of the header, in units of 8 bytes.
fn hop_options(size: usize, take: Take<'_>) {
    let size = size.min(255);
    let options = [&[59, size as u8][..], &vec![0; size * 8 + 6]].concat();
    let empty = [&[59, size as u8][..], &[0x1e, 0].repeat(size * 4 + 3)].concat();
    let mut hand = Hand::new(take);
    for _ in 0..50 {
        hand.on(LinkType::IPV6, &ipv6(0, &options));
        hand.on(LinkType::IPV6, &ipv6(60, &empty));
    }
}

fn with_body(kind: &str, body: &str) -> Vec<u8> {
    message("one", "1", &format!("Content-Type: {kind}\r\n"), body)
}

fn multipart(size: usize, take: Take<'_>) {
    let body = "--x\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n\r\n".repeat(size) + "--x--\r\n";
    Hand::new(take).udp([A, B], SIP, &with_body("multipart/mixed;boundary=x", &body));
}

fn nested_multipart(size: usize, take: Take<'_>) {
    let part = |at: usize| format!("--b{at}\r\nContent-Type: multipart/mixed;boundary=b{}\r\n\r\n", at + 1);
    let body: String = (0..size).map(part).collect();
    Hand::new(take).udp([A, B], SIP, &with_body("multipart/mixed;boundary=b0", &body));
}

fn fragment(hand: &mut Hand<'_>, id: u16, offset: usize, more: bool, payload: &[u8]) {
    let mut bytes = ip_header(17, payload.len());
    bytes[4..6].copy_from_slice(&id.to_be_bytes());
    bytes[6..8].copy_from_slice(&((offset / 8) as u16 | if more { 0x2000 } else { 0 }).to_be_bytes());
    bytes.extend_from_slice(payload);
    mend(LinkType::IPV4, &mut bytes);
    hand.on(LinkType::IPV4, &bytes);
}

/// Fragments of one packet, each over those before: teardrop and the like.
fn overlapping(size: usize, take: Take<'_>) {
    let mut hand = Hand::new(take);
    for at in 0..size {
        fragment(&mut hand, 7, at * 8 % 60_000 + 8, true, &vec![at as u8; 1 + at % 1400]);
    }
}

fn fragments(size: usize, take: Take<'_>) {
    let mut hand = Hand::new(take);
    for at in 0..size {
        fragment(&mut hand, at as u16, 8 * (at % 5), true, &[7; 1400]);
    }
}

/// As IP has no room for them, one packet of each is longer than any: `LinkType::SCTP` carries what it likes.
fn in_sctp(take: Take<'_>, text: &[u8]) {
    let mut hand = Hand::new(take);
    for at in 0..2 {
        let ppid = [&[0, 0, 0, at][..], &[0, 1, 0, 0, 0, 0, 0, 0], &text[..text.len().min(65_000)]].concat();
        hand.bare_sctp(1, &tlv([0, 3], &ppid));
    }
    // In TCP it may be as long as it likes.
    let ends = [A, B];
    for (at, piece) in text.chunks(60_000).enumerate() {
        hand.tcp(ends, SIP, (at as u32 * 60_000 + 1, 0x18), piece);
    }
    hand.udp(ends, SIP, &text[..text.len().min(65_000)]);
}

fn sip_headers(size: usize, take: Take<'_>) {
    let headers: Vec<String> = (0..size).map(|at| format!("X-{}: {at}\r\n", at % 9)).collect();
    let headers = headers.concat();
    in_sctp(take, &message("one", "1", &headers, ""));
}

fn sip_parameters(size: usize, take: Take<'_>) {
    let header =
        format!("Contact: <sip:a@b>{}\r\nAllow: {}\r\n", ";p=1".repeat(size), "INVITE,".repeat(size));
    in_sctp(take, &message("one", "1", &header, ""));
}

fn sip_vias(size: usize, take: Take<'_>) {
    in_sctp(take, &message("one", "1", &"Via: SIP/2.0/UDP a;branch=z9hG4bK1\r\n".repeat(size), ""));
}

fn sip_folded(size: usize, take: Take<'_>) {
    in_sctp(take, &message("one", "1", &format!("Subject: x\r\n{}", "\t(((\"\\\r\n".repeat(size)), ""));
}

fn sdp_media(size: usize, take: Take<'_>) {
    let body = announce(6000) + &"m=audio 6002 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n".repeat(size);
    in_sctp(take, &with_body("application/sdp", &body));
}

/// A byte is missing, and all that follows waits for it.
fn hole(size: usize, take: Take<'_>) {
    let mut hand = Hand::new(take);
    hand.tcp([A, B], [40_000, 5060], (0, 2), b"");
    for at in 0..size as u32 {
        hand.tcp([A, B], [40_000, 5060], (2 + at * 1400, 0x18), &[b'A'; 1400]);
    }
}

fn backwards(size: usize, take: Take<'_>) {
    let mut hand = Hand::new(take);
    hand.tcp([A, B], [40_000, 5060], (0, 2), b"");
    for at in (1..=size as u32).rev() {
        hand.tcp([A, B], [40_000, 5060], (1 + at * 2, 0x18), b"A");
    }
}

fn endless_message(size: usize, take: Take<'_>) {
    let mut hand = Hand::new(take);
    let start = b"INVITE sip:b SIP/2.0\r\nCall-ID: 1\r\nContent-Length: 4294967295\r\n\r\n";
    hand.tcp([A, B], SIP, (1, 0x18), start);
    for at in 0..size as u32 {
        hand.tcp([A, B], SIP, (1 + start.len() as u32 + at * 1000, 0x18), &[b'x'; 1000]);
    }
    // And a head without end, on another connection.
    for at in 0..size as u32 {
        let piece = if at == 0 { b"INVITE a:b SIP/2.0 \r\n" } else { b"X-header: 12345678 \r\n" };
        hand.tcp([A, B], [5061, 5060], (1 + at * 21, 0x18), piece);
    }
}

fn tiny_messages(size: usize, take: Take<'_>) {
    let one = "BYE a SIP/2.0\r\nl:0\r\n\r\n";
    let mut hand = Hand::new(take);
    for (at, piece) in one.repeat(size).as_bytes().chunks(60_000).enumerate() {
        hand.tcp([A, B], SIP, (1 + at as u32 * 60_000, 0x18), piece);
    }
}

fn one_byte(size: usize, take: Take<'_>) {
    let text = message("one", "1", "", "").repeat(size / 150 + 1);
    let mut hand = Hand::new(take);
    for (at, byte) in text.iter().take(size).enumerate() {
        hand.tcp([A, B], SIP, (1 + at as u32, 0x18), &[*byte]);
    }
}

fn tls_records(size: usize, take: Take<'_>) {
    let records: Vec<u8> = (0..size).flat_map(|at| [22, 3, 3, 0, 1, at as u8]).collect();
    let mut hand = Hand::new(take);
    for (at, piece) in records.chunks(48_000).enumerate() {
        hand.tcp([A, B], [40_000, 443], (1 + at as u32 * 48_000, 0x18), piece);
    }
}

fn rtcp(size: usize, take: Take<'_>) {
    let mut hand = Hand::new(take);
    hand.udp([A, B], SIP, &message("one", "1", "Content-Type: application/sdp\r\n", &announce(6000)));
    // Receiver reports without blocks, and extended reports of blocks without content (sngrep #186).
    let reports: Vec<u8> = (0..size).flat_map(|at| [0x80, 201, 0, 1, 0, 0, 0, at as u8]).collect();
    hand.udp([B, A], [7001, 6001], &reports[..reports.len().min(60_000)]);
    let mut extended = [0x80, 207].to_vec();
    let blocks: Vec<u8> = (0..size).flat_map(|at| [at as u8 % 9, 0, 0, 0]).collect();
    extended.extend((blocks.len().min(60_000) as u16 / 4 + 1).to_be_bytes());
    extended.extend([0, 0, 0, 1]);
    extended.extend(&blocks[..blocks.len().min(60_000)]);
    hand.udp([B, A], [7001, 6001], &extended);
}

fn nd_options(size: usize, take: Take<'_>) {
    let options: Vec<u8> = (0..size).flat_map(|at| [at as u8, 1, 0, 0, 0, 0, 0, 0]).collect();
    let message = [&[134, 0, 0, 0, 64, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0][..], &options].concat();
    Hand::new(take).on(LinkType::IPV6, &ipv6(58, &message));
}

fn pppoe_tags(size: usize, take: Take<'_>) {
    let tags: Vec<u8> = (0..size).flat_map(|at| [1, at as u8 % 6, 0, 0]).collect();
    let head = [&[0x11, 9, 0, 0][..], &(tags.len().min(LONGEST) as u16).to_be_bytes(), &tags].concat();
    Hand::new(take).on(LinkType::ETHERNET, &ethernet([0x88, 0x63], &head));
}

fn ppp_options(size: usize, take: Take<'_>) {
    let options: Vec<u8> = (0..size.min(30_000)).flat_map(|at| [at as u8, 2]).collect();
    let length = (options.len() + 4) as u16;
    let packet = [&[0xc0, 0x21, 1, 1][..], &length.to_be_bytes(), &options].concat();
    Hand::new(take).on(LinkType::PPP, &packet);
}
