//! What other programs crashed or hung on, by their issues; FEATURES of packets that claim lengths they don't have.

use dissect::capture::{LinkType, Reader};
use dissect::{Dissector, Memory, Packet, Tree};
use hostile::press::Press;
use hostile::script::{Script, mend};

/// All that is said of packets, printed in every way.
fn told(packets: &[(LinkType, Vec<u8>)]) -> String {
    let (dissector, mut press, mut all) = (Dissector::default(), Press::default(), String::new());
    let mut memory: Memory = dissector.memory();
    for (at, (link, bytes)) in packets.iter().enumerate() {
        let packet = Packet { number: at as u64 + 1, ..Packet::new(*link, bytes) };
        all += &press.tell(&dissector, &mut memory, &packet);
        press.print(&packet);
    }
    all
}

/// A payload in IPv4, with right lengths and checksums.
fn ip(protocol: u8, payload: &[u8]) -> (LinkType, Vec<u8>) {
    let head = [0x45, 0, 0, 0, 0, 1, 0, 0, 64, protocol, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2];
    let mut bytes = [&head[..], payload].concat();
    mend(LinkType::IPV4, &mut bytes);
    (LinkType::IPV4, bytes)
}

fn sctp(chunks: &[u8]) -> (LinkType, Vec<u8>) {
    ip(132, &[&[0x9c, 0x40, 0x11, 0x5c, 0, 0, 0, 1, 0, 0, 0, 0][..], chunks].concat())
}

fn udp(port: u16, payload: &[u8]) -> (LinkType, Vec<u8>) {
    ip(17, &[&[0x9c, 0x40][..], &port.to_be_bytes(), &[0; 4], payload].concat())
}

fn sip(text: &str) -> (LinkType, Vec<u8>) {
    udp(5060, text.as_bytes())
}

/// sngrep #276: a request and the same partial answer four times over TCP, whose body has no line end.
#[test]
fn partial_answers_again_and_again_over_tcp() {
    let mut script = Script::default();
    script.tcp(0, b"INVITE sip:b SIP/2.0\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n", 0);
    let answer = b"SIP/2.0 200 OK\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\nContent-Length: 500\r\n\r\nv=0";
    for _ in 0..4 {
        script.tcp(1, answer, -(answer.len() as i32));
    }
    let packets: Vec<_> = script.packets().map(|packet| (packet.link, packet.bytes.to_vec())).collect();
    let text = told(&packets);
    assert!(text.contains("Method: INVITE"), "{text}");
}

/// sngrep #186: RTCP extended reports whose blocks have no length, or claim more than there is.
#[test]
fn blocks_of_extended_reports_that_lead_nowhere() {
    let sdp =
        "v=0\r\no=- 1 1 IN IP4 10.0.0.2\r\ns=-\r\nc=IN IP4 10.0.0.2\r\nt=0 0\r\nm=audio 6000 RTP/AVP 0\r\n";
    let offer = sip(&format!(
        "INVITE sip:b SIP/2.0\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\nContent-Type: application/sdp\r\nContent-Length: {}\r\n\r\n{sdp}",
        sdp.len()
    ));
    for block in [[0, 0, 0, 0], [7, 0, 0, 0], [7, 0, 0xff, 0xff], [255, 255, 255, 255]] {
        let report = [&[0x80, 207, 0, 3, 0, 0, 0, 1][..], &block, &block].concat();
        let text = told(&[offer.clone(), udp(6001, &report)]);
        assert!(text.contains("Extended"), "{text}");
    }
}

/// sngrep #512, #541, #114: a long Call-ID, an empty Warning, an address without a user.
#[test]
fn headers_that_others_crashed_on() {
    let long = "A".repeat(60_000);
    let text = told(&[
        sip(&format!("INVITE sip:b SIP/2.0\r\nCall-ID: {long}\r\nCSeq: 1 INVITE\r\n\r\n")),
        sip("INVITE sip:b SIP/2.0\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\nWarning:\r\n\r\n"),
        sip(
            "INVITE sip:b SIP/2.0\r\nCall-ID: 2\r\nFrom: <sip:@192.168.0.200>;tag=0fa1\r\nCSeq: 1 INVITE\r\n\r\n",
        ),
        sip(
            "INVITE sip:b SIP/2.0\r\nCall-ID: 3\r\nFrom:\r\nTo: <\r\nVia: \r\nContact: <sip:\"\r\nCSeq:\r\nContent-Length: -1\r\n\r\n",
        ),
    ]);
    assert!(text.matches("Method: INVITE").count() >= 4, "{text:.2000}");
    assert!(text.contains("192.168.0.200"));
}

/// libtrace #47: SCTP quoted in ICMP whose chunk claims 51,751 bytes, with parameters of type 0 and length 0.
#[test]
fn quoted_sctp_that_claims_more_than_is_quoted() {
    let quoted = [
        &[0x45, 0, 0x92, 0x26, 0, 1, 0x40, 0, 13, 132, 0, 0, 10, 0, 0, 2, 10, 0, 0, 1][..],
        &[0x75, 0x86, 0x44, 0xdf, 1, 2, 3, 4, 5, 6, 7, 8],
        &[2, 54, 0xca, 0x27, 1, 1, 1, 1, 2, 2, 2, 2, 0x4d, 0xc8, 0x94, 0x78, 3, 3, 3, 3],
        &[0; 28],
    ]
    .concat();
    let text = told(&[ip(1, &[&[3, 4, 0, 0, 0, 0, 5, 0][..], &quoted].concat())]);
    assert!(text.contains("INIT_ACK chunk"), "{text}");
    assert!(text.lines().count() < 200, "{} lines", text.lines().count());
}

/// usrsctp #386: ASCONF whose Add IP Address ends before its address does, at the very end of the packet.
#[test]
fn addresses_to_add_that_end_too_soon() {
    // Each parameter's address says so many bytes, and so many follow.
    let mut packets = Vec::new();
    for (kind, whole) in [(5_u8, 8_u8), (6, 20)] {
        for says in 0..=whole {
            for left in 0..whole.saturating_sub(4) {
                let address = [&[0, kind, 0, says][..], &[9; 16][..left.into()]].concat();
                let add = [&[0xc0, 1, 0, 8 + address.len() as u8, 0, 0, 0, 1][..], &address].concat();
                let rest = [&[0, 0, 0, 1, 0, 5, 0, 8, 10, 0, 0, 1][..], &add].concat();
                packets.push(sctp(&[&[193, 0, 0, 4 + rest.len() as u8][..], &rest].concat()));
            }
        }
    }
    // Nothing but the heads, and half of one.
    for bytes in [&[0xc0, 1, 0, 8, 0, 0, 0, 1][..], &[0xc0, 1, 0, 8], &[0xc0, 1]] {
        let rest = [&[0, 0, 0, 1, 0, 5, 0, 8, 10, 0, 0, 1][..], bytes].concat();
        packets.push(sctp(&[&[193, 0, 0, 4 + rest.len() as u8][..], &rest].concat()));
    }
    // What is shown of an address was there: none has a byte of what follows.
    let (mut tree, dissector, mut memory) =
        (Tree::new(), Dissector::default(), Dissector::default().memory());
    for (at, (link, bytes)) in packets.iter().enumerate() {
        let packet = Packet { number: at as u64 + 1, ..Packet::new(*link, bytes) };
        dissector.dissect(&mut memory, &packet, &mut tree);
        assert_eq!(tree.find("sctp.asconf_seq_nr_number").count(), 1);
        assert!(
            tree.find("_ws.malformed").count() > 0 || tree.find("_ws.expert").count() > 0,
            "{bytes:02x?}"
        );
    }
    let text = told(&packets);
    assert!(text.contains("ASCONF"), "{text:.2000}");
    assert!(!text.contains("9.9.9.9"), "an address of which a byte was missing");
}

/// hep-wireshark #9 and many others: lengths of zero, shorter than the header that has them, and longer than what follows.
#[test]
fn lengths_too_short_for_their_own_header_end_a_walk() {
    let mut packets = Vec::new();
    for length in [0, 1, 2, 3, 255] {
        // SCTP: chunks, parameters, causes.
        packets.push(sctp(&[&[0x3f, 0, 0, length][..], &[0; 40]].concat()));
        packets.push(sctp(
            &[
                &[1, 0, 0, 60, 0, 0, 0, 7, 0, 1, 0, 0, 0, 5, 0, 5, 0, 0, 0, 1][..],
                &[0xff, 0, 0, length].repeat(10),
            ]
            .concat(),
        ));
        packets.push(sctp(&[&[9, 0, 0, 44][..], &[0, 1, 0, length].repeat(10)].concat()));
        packets.push(sctp(&[&[193, 0, 0, 48, 0, 0, 0, 1][..], &[0xc0, 1, 0, length].repeat(10)].concat()));
        packets.push(sctp(&[&[130, 0, 0, 44][..], &[0, 13, 0, length].repeat(10)].concat()));
        // TCP's and IP's options.
        packets.push(ip(
            6,
            &[&[0, 1, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0xf0, 2, 0, 0, 0, 0, 0, 0][..], &[99, length].repeat(20)]
                .concat(),
        ));
        let mut options = [
            &[0x4f, 0, 0, 60, 0, 0, 0, 0, 64, 59, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2][..],
            &[99, length].repeat(20),
        ]
        .concat();
        mend(LinkType::IPV4, &mut options);
        packets.push((LinkType::IPV4, options));
        // IPv6: neighbour discovery, options, a payload of length 0 without a jumbo option.
        let ipv6 = |next: u8, payload: &[u8]| {
            let head = [0x60, 0, 0, 0, 0, payload.len() as u8, next, 64];
            (LinkType::IPV6, [&head[..], &[1; 32], payload].concat())
        };
        packets.push(ipv6(
            58,
            &[&[134, 0, 0, 0, 64, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0][..], &[1, 0].repeat(20)].concat(),
        ));
        packets.push(ipv6(60, &[&[59, 2][..], &[0x1e, 200].repeat(11)].concat()));
        packets.push(ipv6(0, &[&[59, 2][..], &[5, length].repeat(11)].concat()));
        // PPP, PPPoE, GTP's extension headers, HEP (as data), RTCP, TLS, RADIUS-like TLVs in tags.
        packets.push((LinkType::PPP, [&[0xc0, 0x21, 1, 1, 0, 24][..], &[7, length].repeat(10)].concat()));
        packets.push((
            LinkType::ETHERNET,
            [&[2; 12][..], &[0x88, 0x63, 0x11, 9, 0, 0, 0, 40], &[1, 1, 0, length].repeat(10)].concat(),
        ));
        packets.push(udp(2152, &[&[0x34, 0xff, 0, 28, 0, 0, 0, 1, 0, 0, 0, 0xc0][..], &[0; 24]].concat()));
        packets.push(udp(9060, &[&b"HEP3"[..], &[0, 60], &[0, 0, 0, 1, 0, length].repeat(9)].concat()));
        packets.push(ip(
            6,
            &[
                &[0, 80, 1, 0xbb, 0, 0, 0, 1, 0, 0, 0, 1, 0x50, 0x18, 0, 9, 0, 0, 0, 0][..],
                &[22, 3, 3, 0, length].repeat(9),
            ]
            .concat(),
        ));
    }
    let text = told(&packets);
    assert!(text.matches("Malformed").count() >= 20, "{}", text.matches("Malformed").count());
    let mut tree = Tree::new();
    for (link, bytes) in &packets {
        Dissector::default().dissect(&dissect::See::alone(), &Packet::new(*link, bytes), &mut tree);
        assert!(tree.nodes().len() < 4 * bytes.len() + 100, "{} nodes of {bytes:02x?}", tree.nodes().len());
    }
}

/// sngrep #327, #328: SDP whose address and media type are longer than what holds them elsewhere; #431, #446, #481: fragments
/// whose pieces overlap and whose lengths don't fit, an RTP header that is cut.
#[test]
fn what_others_copied_without_a_look_at_its_length() {
    let invite = |sdp: &str| {
        sip(&format!(
            "INVITE sip:b SIP/2.0\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\nContent-Type: application/sdp\r\nContent-Length: {}\r\n\r\n{sdp}",
            sdp.len()
        ))
    };
    let long = "A".repeat(5000);
    let text = told(&[
        invite(&format!(
            "v=0\r\no=- 1 1 IN IP4 1\r\ns=-\r\nc=IN IP4 {long}\r\nt=0 0\r\nm=audio 6000 RTP/AVP 0\r\n"
        )),
        invite(&format!(
            "v=0\r\ns=-\r\nc=IN IP4 10.0.0.2\r\nm={long} 6000 RTP/AVP 0\r\na=rtpmap:0 {long}/8000\r\n"
        )),
        invite("v=0\r\ns=-\r\nc=IN IP4 10.0.0.2\r\nm=audio 4294967296 RTP/AVP 4294967296\r\na=rtpmap:\r\n"),
    ]);
    assert!(text.matches(&long).count() >= 3, "all of it is shown");
    // RTP that was announced, cut in its fixed header, its CSRCs and its extension.
    let offer = invite(
        "v=0\r\no=- 1 1 IN IP4 10.0.0.2\r\ns=-\r\nc=IN IP4 10.0.0.2\r\nt=0 0\r\nm=audio 6000 RTP/AVP 0\r\n",
    );
    for first in [0x80, 0x8f, 0x9f, 0xbf] {
        let whole =
            [&[first, 0, 0, 1][..], &[0; 8], &[7; 60], &[0xbe, 0xde, 0xff, 0xff, 1, 2, 3, 255]].concat();
        for end in 0..whole.len() {
            told(&[offer.clone(), udp(6000, &whole[..end])]);
        }
    }
    // Pieces of IPv4 whose places, lengths and headers contradict each other.
    let piece = |flags: u8, place: u8, claims: u16, words: u8, bytes: usize| {
        let head = [0x40 | words, 0, 0, 0, 0, 9, flags, place, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2];
        let mut packet = [&head[..], &vec![5; bytes]].concat();
        packet[2..4].copy_from_slice(&claims.to_be_bytes());
        (LinkType::IPV4, packet)
    };
    let mut pieces = vec![
        piece(0x20, 0, 28, 5, 8),
        piece(0x20, 0, 57_344, 5, 16),
        piece(0x20, 1, 19, 5, 0),
        piece(0x20, 1, 0, 15, 60),
        piece(0x3f, 0xff, 65_535, 5, 65_515),
        piece(0x1f, 0xff, 28, 5, 8),
        piece(0, 1, 1500, 4, 8),
        piece(0, 1, 28, 5, 8),
        piece(0, 2, 21, 5, 1),
    ];
    told(&pieces);
    pieces.reverse();
    told(&pieces);
}

/// pcap-parser #15: what comes in short pieces is read as if it came at once, packed or not.
#[test]
fn files_that_come_in_drops() {
    /// Gives as many bytes as the next of these numbers says.
    struct Drops<'a>(&'a [u8], std::iter::Cycle<std::slice::Iter<'a, usize>>);
    impl std::io::Read for Drops<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            let (now, later) =
                self.0.split_at(self.1.next().map_or(1, |most| *most).min(self.0.len()).min(buffer.len()));
            buffer[..now.len()].copy_from_slice(now);
            self.0 = later;
            Ok(now.len())
        }
    }
    fn all(source: impl std::io::Read) -> Vec<(u64, Vec<u8>, bool)> {
        let Ok(mut reader) = Reader::new(source) else { return vec![] };
        let mut all = Vec::new();
        while let Some(next) = reader.next() {
            all.push(next.map_or((0, vec![], false), |packet| (packet.number, packet.bytes.to_vec(), true)));
        }
        all
    }
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata/formats");
    let mut files = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let file = std::fs::read(entry.unwrap().path()).unwrap();
        let at_once = all(&file[..]);
        for pieces in [&[1][..], &[1, 3, 2, 16], &[24, 16, 1], &[7, 4096, 1, 1]] {
            assert!(all(Drops(&file, pieces.iter().cycle())) == at_once, "{} bytes", file.len());
        }
        files += u32::from(at_once.len() > 1);
    }
    assert!(files > 10, "{files}");
}

/// pcap-parser #20: files cut anywhere, and blocks whose lengths are wrong, come to an end.
#[test]
fn files_cut_anywhere_come_to_an_end() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata/formats");
    for name in ["two_sections.pcapng", "nsec.pcap", "modified.pcap", "comments.pcapng"] {
        let file = std::fs::read(folder.join(name)).unwrap();
        let file = &file[..file.len().min(3000)];
        for end in 0..file.len() {
            let Ok(mut reader) = Reader::new(&file[..end]) else { continue };
            let mut steps = 0;
            while reader.next().is_some() {
                steps += 1;
                assert!(steps <= end, "{name} cut at {end}");
            }
        }
    }
}

/// A clock that leaps by centuries: `io,stat` has a limit of rows.
#[test]
fn a_clock_that_leaps() {
    use dissect::capture::Time;
    use dissect::statistic::Statistics;
    use dissect::{Out, See};
    let dissector = Dissector::default();
    let mut statistics = Statistics::parse(&dissector, &["io,stat,0.001"]).unwrap();
    for (number, seconds) in [(1, 0), (2, 9_000_000_000)] {
        let packet =
            Packet { number, time: Some(Time::new(seconds, 0)), ..Packet::new(LinkType::IPV4, &[7; 20]) };
        statistics.packet(&dissector, &See::alone(), &packet);
    }
    let mut out = Out::new();
    let ((), cost) = crate::counting::cost(|| statistics.write(&dissector.memory(), &mut out));
    assert!(out.to_string_lossy().contains("(and 1 packets of later intervals)"));
    assert!(cost.bytes < 256 << 20, "{}", cost.bytes);
}
