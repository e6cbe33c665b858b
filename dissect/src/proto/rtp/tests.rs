use super::*;
use crate::capture::{LinkType, Time};
use crate::{Address, Claim, Dissector, Line, Memory, Packet, Protocol, See, Tree};
use std::sync::Arc;

/// Says on UDP port 9 that RTP will come to port 5000 of 10.0.0.2, and who it comes from.
static ANNOUNCER: Protocol = Protocol {
    claims: &[Claim::Number(&PORTS, 9)],
    tables: &[],
    announces: true,
    ..Protocol::new("announcer", "ANNOUNCER", "Announcer", "none", announce, &[])
};

fn announce(cx: &mut Cx<'_>, _: &[u8]) -> bool {
    let format = |payload_type, encoding: &str, clock_rate| Format {
        payload_type,
        encoding: encoding.into(),
        clock_rate,
    };
    let formats =
        vec![format(101, "telephone-event", 8000), format(102, "red", 8000), format(111, "opus", 48000)];
    let session = Arc::new(Session { formats, ..Session::new("test") });
    cx.expect(&PORTS, (Address::Ipv4(0x0a00_0002), 5000), &PROTOCOL, session);
    true
}

/// A UDP datagram on IPv4 from 10.0.0.1 port 7000.
fn datagram(port: u16, payload: &[u8]) -> Vec<u8> {
    let length = 8 + payload.len() as u16;
    let mut bytes = vec![0x45, 0];
    bytes.extend((20 + length).to_be_bytes());
    bytes.extend([0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, 0x1b, 0x58]);
    bytes.extend(port.to_be_bytes());
    bytes.extend(length.to_be_bytes());
    bytes.extend([0, 0]);
    bytes.extend(payload);
    bytes
}

/// An RTP packet as it is sent: second byte, sequence number, timestamp, payload.
fn rtp(second: u8, sequence: u16, timestamp: u32, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0x80, second];
    bytes.extend(sequence.to_be_bytes());
    bytes.extend(timestamp.to_be_bytes());
    bytes.extend([0x12, 0x34, 0xab, 0xcd]);
    bytes.extend(payload);
    bytes
}

/// Learns the announcement and then datagrams to port 5000, each with its time in microseconds.
fn learnt(dissector: &Dissector, packets: &[(u32, Vec<u8>)]) -> Memory {
    let mut memory = dissector.memory();
    let first = datagram(9, b"x");
    dissector.learn(&mut memory, &Packet { number: 1, ..Packet::new(LinkType::IPV4, &first) });
    for (at, (time, payload)) in packets.iter().enumerate() {
        let bytes = datagram(5000, payload);
        let time = Some(Time::new(1_700_000_000, time * 1000));
        dissector.learn(
            &mut memory,
            &Packet { number: at as u64 + 2, time, ..Packet::new(LinkType::IPV4, &bytes) },
        );
    }
    memory
}

fn stream(packets: &[(u32, Vec<u8>)]) -> (u64, i64, u64, u64, Range, Range) {
    let memory = learnt(&Dissector::with(&[&ANNOUNCER]), packets);
    let streams = memory.of_type::<Streams>().unwrap();
    assert_eq!(streams.iter().len(), 1);
    let one = streams.iter().next().unwrap();
    assert_eq!((one.ssrc(), one.setup(), one.ends().destination_port), (0x1234_abcd, 1, 5000));
    (one.packets(), one.lost(), one.late(), one.duplicates(), one.delta(), one.jitter())
}

fn summary(payload: &[u8]) -> String {
    let dissector = Dissector::with(&[&ANNOUNCER]);
    let memory = learnt(&dissector, &[(0, payload.to_vec())]);
    let (bytes, mut line) = (datagram(5000, payload), Line::new());
    let packet = Packet { number: 2, ..Packet::new(LinkType::IPV4, &bytes) };
    dissector.summarize(&See::with(&memory, 2), &packet, &mut line);
    format!("{} {}", line.protocol, line.info.to_string_lossy())
}

/// tshark's lines for the same packets.
#[test]
fn summaries_are_wiresharks() {
    for (payload, expected) in [
        (rtp(0x80, 1, 160, b"x"), "RTP PT=ITU-T G.711 PCMU, SSRC=0x1234ABCD, Seq=1, Time=160, Mark"),
        (rtp(111, 25, 0, b"x"), "RTP PT=opus, SSRC=0x1234ABCD, Seq=25, Time=0"),
        (rtp(99, 27, 0, b"x"), "RTP PT=DynamicRTP-Type-99, SSRC=0x1234ABCD, Seq=27, Time=0"),
        (rtp(35, 35, 0, b"x"), "RTP PT=Unassigned, SSRC=0x1234ABCD, Seq=35, Time=0"),
        (rtp(101, 21, 0, &[5, 0x8a, 1, 160]), "RTP EVENT Payload type=RTP Event, DTMF Five 5 (end)"),
        (rtp(101, 22, 0, &[17, 0xca, 1, 160]), "RTP EVENT Payload type=RTP Event, Unknown (17) (end)"),
        (vec![0x40, 0, 0, 12], "RTP Unknown RTP version 1"),
        (vec![0x80, 200, 0, 1, 0, 0, 0, 7], "RTCP Sender Report   "),
        (b"\x00\x01\x00\x00\x21\x12\xa4\x42abcdefghijkl".to_vec(), "UDP 7000 → 5000 Len=20"),
    ] {
        assert_eq!(summary(&payload), expected);
    }
}

/// The times and what `tshark -z rtp,streams` printed for them.
#[test]
fn loss_delta_and_jitter_are_wiresharks() {
    let near = |found: Range, min: f64, mean: f64, max: f64| {
        for (found, right) in [(found.min, min), (found.mean, mean), (found.max, max)] {
            assert!((found - right).abs() < 0.0011, "{found} is not {right}");
        }
    };
    // In order.
    let (_, lost, _, _, delta, jitter) = stream(&[
        (101810, rtp(0, 10, 0, b"x")),
        (122239, rtp(0, 11, 160, b"x")),
        (143697, rtp(0, 12, 320, b"x")),
        (161863, rtp(0, 13, 480, b"x")),
        (182031, rtp(0, 14, 640, b"x")),
        (202350, rtp(0, 15, 800, b"x")),
        (220739, rtp(0, 16, 960, b"x")),
        (242048, rtp(0, 17, 1120, b"x")),
    ]);
    assert_eq!(lost, 0);
    near(delta, 18.166, 20.034, 21.458);
    near(jitter, 0.027, 0.214, 0.375);
    // The first and the fifth begin talkspurts.
    let (_, lost, _, _, delta, jitter) = stream(&[
        (102520, rtp(0x80, 10, 0, b"x")),
        (123172, rtp(0, 11, 160, b"x")),
        (140376, rtp(0, 12, 320, b"x")),
        (161214, rtp(0, 13, 480, b"x")),
        (180363, rtp(0x80, 14, 640, b"x")),
        (203239, rtp(0, 15, 800, b"x")),
        (222774, rtp(0, 16, 960, b"x")),
        (240168, rtp(0, 17, 1120, b"x")),
    ]);
    assert_eq!(lost, 0);
    near(delta, 17.204, 19.723, 22.876);
    near(jitter, 0.041, 0.309, 0.587);
    // Two are missing.
    let (_, lost, _, _, delta, jitter) = stream(&[
        (103929, rtp(0, 10, 0, b"x")),
        (123859, rtp(0, 11, 160, b"x")),
        (142616, rtp(0, 12, 320, b"x")),
        (200060, rtp(0, 15, 800, b"x")),
        (222114, rtp(0, 16, 960, b"x")),
        (240238, rtp(0, 17, 1120, b"x")),
    ]);
    assert_eq!(lost, 2);
    near(delta, 18.124, 27.262, 57.444);
    near(jitter, 0.004, 0.224, 0.445);
    // One comes again.
    let (_, lost, _, _, delta, jitter) = stream(&[
        (100761, rtp(0, 10, 0, b"x")),
        (120968, rtp(0, 11, 160, b"x")),
        (140120, rtp(0, 12, 320, b"x")),
        (161856, rtp(0, 13, 480, b"x")),
        (181762, rtp(0, 13, 480, b"x")),
        (203370, rtp(0, 15, 800, b"x")),
        (222076, rtp(0, 16, 960, b"x")),
        (242561, rtp(0, 17, 1120, b"x")),
    ]);
    assert_eq!(lost, 0);
    near(delta, 18.706, 20.257, 21.736);
    near(jitter, 0.013, 1.254, 2.465);
    // Comfort noise, and a talkspurt behind it.
    let (_, lost, _, _, delta, jitter) = stream(&[
        (101999, rtp(0, 10, 0, b"x")),
        (122650, rtp(0, 11, 160, b"x")),
        (141829, rtp(0, 12, 320, b"x")),
        (161113, rtp(13, 13, 480, b"x")),
        (183991, rtp(0x80, 14, 640, b"x")),
        (203983, rtp(0, 15, 800, b"x")),
        (223361, rtp(0, 16, 960, b"x")),
        (242831, rtp(0, 17, 1120, b"x")),
    ]);
    assert_eq!(lost, 0);
    near(delta, 19.179, 19.786, 20.651);
    near(jitter, 0.041, 0.166, 159.0 / 500.0);
    // A clock of 48 kHz.
    let (_, lost, _, _, delta, jitter) = stream(&[
        (101261, rtp(111, 10, 0, b"x")),
        (120919, rtp(111, 11, 960, b"x")),
        (141156, rtp(111, 12, 1920, b"x")),
        (160281, rtp(111, 13, 2880, b"x")),
        (183065, rtp(111, 14, 3840, b"x")),
        (201602, rtp(111, 15, 4800, b"x")),
        (223386, rtp(111, 16, 5760, b"x")),
        (241546, rtp(111, 17, 6720, b"x")),
    ]);
    assert_eq!(lost, 0);
    near(delta, 18.16, 20.041, 22.784);
    near(jitter, 0.021, 0.238, 0.511);
    // Telephone events between.
    let (_, lost, _, _, delta, jitter) = stream(&[
        (103832, rtp(0, 10, 0, b"x")),
        (123389, rtp(0, 11, 160, b"x")),
        (140002, rtp(0, 12, 320, b"x")),
        (160839, rtp(101, 13, 480, b"x")),
        (183641, rtp(101, 14, 480, b"x")),
        (201880, rtp(0, 15, 800, b"x")),
        (223921, rtp(0, 16, 960, b"x")),
        (241590, rtp(0, 17, 1120, b"x")),
    ]);
    assert_eq!(lost, 0);
    near(delta, 16.613, 19.68, 22.802);
    near(jitter, 0.028, 1.272, 2.833);
    // Telephone events alone: no jitter.
    let (_, lost, _, _, delta, jitter) = stream(&[
        (100292, rtp(101, 10, 0, b"x")),
        (122518, rtp(101, 11, 0, b"x")),
        (143114, rtp(101, 12, 0, b"x")),
        (161079, rtp(101, 13, 0, b"x")),
        (180349, rtp(101, 14, 0, b"x")),
        (201330, rtp(101, 15, 0, b"x")),
        (223856, rtp(101, 16, 0, b"x")),
        (243032, rtp(101, 17, 0, b"x")),
    ]);
    assert_eq!(lost, 0);
    near(delta, 17.965, 20.391, 22.526);
    near(jitter, -1.0, 0.0, 0.0);
}

#[test]
fn a_sequence_number_wraps_and_what_is_late_or_again_is_no_loss() {
    let sent = |numbers: &[u16]| -> Vec<(u32, Vec<u8>)> {
        numbers
            .iter()
            .enumerate()
            .map(|(at, number)| (at as u32 * 20_000, rtp(0, *number, 0, b"x")))
            .collect()
    };
    let found = |numbers: &[u16]| {
        let (packets, lost, late, duplicates, ..) = stream(&sent(numbers));
        (packets, lost, late, duplicates)
    };
    assert_eq!(found(&[65534, 65535, 0, 1]), (4, 0, 0, 0));
    assert_eq!(found(&[1, 3, 2, 4]), (4, 0, 1, 0));
    assert_eq!(found(&[1, 2, 2, 3]), (4, -1, 0, 1));
    assert_eq!(found(&[65535, 2]), (2, 2, 0, 0));
}

/// What tshark showed as `rtp.extseq`.
#[test]
fn extended_sequence_numbers_are_wiresharks() {
    let numbers = [100, 65000, 65535, 0, 1, 65534, 2, 40000, 3, 10000, 30000, 50000, 60000, 5, 6];
    let right = [
        65636, 65000, 65535, 65536, 65537, 65534, 65538, 40000, 65539, 75536, 95536, 115_536, 125_536,
        131_077, 131_078,
    ];
    let dissector = Dissector::with(&[&ANNOUNCER]);
    let packets: Vec<_> = numbers.iter().map(|number| (0, rtp(0, *number, 0, b"x"))).collect();
    let (memory, mut tree) = (learnt(&dissector, &packets), Tree::new());
    for (at, ((_, payload), right)) in packets.iter().zip(right).enumerate() {
        let bytes = datagram(5000, payload);
        let packet = Packet { number: at as u64 + 2, ..Packet::new(LinkType::IPV4, &bytes) };
        dissector.dissect(&See::with(&memory, u64::MAX), &packet, &mut tree);
        assert_eq!(tree.find("rtp.extseq").next().unwrap().1.value, right);
        assert_eq!(tree.find("rtp.setup-frame").next().unwrap().1.value, 1);
    }
}

#[test]
fn keys_pressed_are_told_over_all_their_packets() {
    let press = |sequence, timestamp, event, flags, duration| {
        rtp(101, sequence, timestamp, &[event, flags, (duration >> 8) as u8, duration as u8])
    };
    let packets = [
        (0, press(1, 800, 5, 10, 160)),
        (20_000, press(2, 800, 5, 10, 320)),
        (40_000, press(3, 800, 5, 0x8a, 480_u16)),
        (60_000, press(4, 800, 5, 0x8a, 480)),
        (80_000, press(5, 2400, 11, 7, 160)),
        (90_000, rtp(101, 6, 2400, &[11, 7])),
    ];
    let memory = learnt(&Dissector::with(&[&ANNOUNCER]), &packets);
    let streams = memory.of_type::<Streams>().unwrap();
    let events = streams.iter().next().unwrap().events();
    let told: Vec<_> =
        events.iter().map(|one| (one.key(), one.duration, one.packets, one.ended, one.volume)).collect();
    assert_eq!(told, [(Some('5'), 480, 4, true, 10), (Some('#'), 160, 1, false, 7)]);
    assert_eq!((events[0].first_packet, events[1].first_packet), (2, 6));
}

#[test]
fn streams_and_events_are_bounded() {
    let dissector = Dissector::with(&[&ANNOUNCER]);
    let mut memory = learnt(&dissector, &[]);
    for source in 0..=MOST_STREAMS as u32 {
        let mut payload = rtp(0, 1, 0, b"x");
        payload[8..12].copy_from_slice(&source.to_be_bytes());
        let bytes = datagram(5000, &payload);
        dissector.learn(
            &mut memory,
            &Packet { number: u64::from(source) + 2, ..Packet::new(LinkType::IPV4, &bytes) },
        );
    }
    let streams = memory.of_type::<Streams>().unwrap();
    assert_eq!((streams.iter().len(), streams.dropped()), (MOST_STREAMS, 1));
    assert_eq!(streams.iter().next().unwrap().ssrc(), 1);
    let presses: Vec<_> =
        (0..=MOST_EVENTS as u32).map(|at| (at, rtp(101, at as u16, at * 160, &[1, 0, 0, 1]))).collect();
    let memory = learnt(&dissector, &presses);
    let one = memory.of_type::<Streams>().unwrap().iter().next().unwrap();
    assert_eq!((one.events().len(), one.further_events()), (MOST_EVENTS, 1));
}

#[test]
fn rtp_is_found_by_content_only_when_asked_and_only_in_a_row() {
    let protocols = |dissector: &Dissector, numbers: &[u16]| -> Vec<&'static str> {
        let (mut memory, mut line) = (dissector.memory(), Line::new());
        let packets: Vec<_> =
            numbers.iter().map(|number| datagram(4444, &rtp(8, *number, 0, b"x"))).collect();
        let packet =
            |at: usize| Packet { number: at as u64 + 1, ..Packet::new(LinkType::IPV4, &packets[at]) };
        (0..packets.len()).for_each(|at| dissector.learn(&mut memory, &packet(at)));
        let tell = |at| {
            dissector.summarize(&See::with(&memory, u64::MAX), &packet(at), &mut line);
            line.protocol
        };
        (0..packets.len()).map(tell).collect()
    };
    let asked = Dissector::with(&[&HEURISTIC]);
    assert_eq!(protocols(&asked, &[7, 8, 9, 10, 12, 11]), ["UDP", "UDP", "UDP", "RTP", "RTP", "RTP"]);
    assert_eq!(protocols(&asked, &[7, 8, 10, 11, 12, 13]), ["UDP", "UDP", "UDP", "UDP", "UDP", "RTP"]);
    assert_eq!(protocols(&Dissector::default(), &[7, 8, 9, 10, 11]), ["UDP"; 5]);
}

/// Learns and dissects every prefix and every single-byte change.
#[test]
fn any_bytes_survive() {
    let dissector = Dissector::with(&[&ANNOUNCER]);
    let elements = [0xbe, 0xde, 0, 3, 0x10, 0xff, 0, 0x22, 1, 2, 3, 0xf0, 0x31, 9, 8, 0];
    let mut all = rtp(101, 9, 7, &[0, 0, 0, 1, 0, 0, 0, 2]);
    all[0] = 0xb2;
    all.extend(elements);
    all.extend([5, 0x8a, 1, 160, 0, 0, 0, 4]);
    let red = rtp(102, 9, 7, &[0x88, 2, 0x80, 4, 0x80, 5, 0, 2, 0, 1, 1, 1, 1, 2, 2, 3]);
    let mut tree = Tree::new();
    let mut check = |payload: &[u8]| {
        let memory = learnt(&dissector, &[(0, payload.to_vec())]);
        let bytes = datagram(5000, payload);
        let packet = Packet { number: 2, ..Packet::new(LinkType::IPV4, &bytes) };
        dissector.dissect(&See::with(&memory, 2), &packet, &mut tree);
        assert!(tree.nodes().iter().all(|node| node.range().end <= bytes.len()), "{payload:02x?}");
    };
    for bytes in [all, red] {
        (0..=bytes.len()).for_each(|end| check(&bytes[..end]));
        for at in 0..bytes.len() {
            for value in [0, 1, 0x7f, 0x80, 0xff, bytes[at] ^ 1, bytes[at].wrapping_add(1)] {
                let mut changed = bytes.clone();
                changed[at] = value;
                check(&changed);
            }
        }
    }
}

#[test]
fn capitals_are_the_digits_of_a_number() {
    for value in [0, 9, 10, 15, 0x0123_4567, 0x89ab_cdef, 0xdee0_ee8f, u32::MAX] {
        assert_eq!(capitals(value), *format!("{value:08X}").as_bytes());
    }
}
