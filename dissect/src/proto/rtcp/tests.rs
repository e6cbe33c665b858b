use crate::capture::LinkType;
use crate::{Dissector, Line, Packet, See, Tree};

/// The packets of testdata/made/rtcp.hex. The first is the SIP request that announces the others.
fn made() -> Vec<Vec<u8>> {
    let text = include_str!("../../../../testdata/made/rtcp.hex");
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let digits = lines.map(|line| line.split_once(' ').unwrap().1.split_once(" #").unwrap().0);
    let byte = |digits: &str, at: usize| u8::from_str_radix(&digits[at..at + 2], 16).unwrap();
    digits.map(|digits| (0..digits.len()).step_by(2).map(|at| byte(digits, at)).collect()).collect()
}

/// Learns the announcement and then a packet; its tree and its summary line.
fn tell(first: &[u8], bytes: &[u8], tree: &mut Tree) -> String {
    let (dissector, mut line) = (Dissector::default(), Line::new());
    let mut memory = dissector.memory();
    dissector.learn(&mut memory, &Packet { number: 1, ..Packet::new(LinkType::IPV4, first) });
    let packet = Packet { number: 2, ..Packet::new(LinkType::IPV4, bytes) };
    dissector.learn(&mut memory, &packet);
    dissector.dissect_and_summarize(&See::with(&memory, 2), &packet, tree, &mut line);
    format!("{} {}", line.protocol, line.info.to_string_lossy())
}

/// tshark's lines for the same packets.
#[test]
fn summaries_are_wiresharks() {
    let (made, mut tree) = (made(), Tree::new());
    for (packet, expected) in [
        (2, "RTCP Sender Report   "),
        (13, "RTCP Application specific   ( qtsi ) subtype=3"),
        (20, "RTCP Payload-specific Feedback   PLI  "),
        (39, "RTCP Sender Report   Source description   Goodbye   "),
    ] {
        assert_eq!(tell(&made[0], &made[packet - 1], &mut tree), expected);
    }
}

/// Learns and dissects every prefix and every single-byte change of the payload.
#[test]
fn any_bytes_survive() {
    let (made, mut tree) = (made(), Tree::new());
    for bytes in &made[1..] {
        let mut check = |bytes: &[u8]| {
            tell(&made[0], bytes, &mut tree);
            assert!(tree.nodes().iter().all(|node| node.range().end <= bytes.len()), "{bytes:02x?}");
        };
        (28..=bytes.len()).for_each(|end| check(&bytes[..end]));
        for at in 28..bytes.len() {
            for value in [0, 1, 0x7f, 0x80, 0xff, bytes[at] ^ 1, bytes[at].wrapping_add(1)] {
                let mut changed = bytes.clone();
                changed[at] = value;
                check(&changed);
            }
        }
    }
}

#[test]
fn runs_texts_and_unknown_scores() {
    let (made, mut tree) = (made(), Tree::new());
    let mut values = |packet: usize, name| {
        tell(&made[0], &made[packet - 1], &mut tree);
        tree.find(name).map(|(_, node)| node.value).collect::<Vec<_>>()
    };
    let count = made.len();
    let score = |tenths: f64| [tenths.to_bits()];
    assert_eq!(values(count, "rtcp.xr.voipmetrics.moslq"), score(127.0));
    assert_eq!(values(count, "rtcp.xr.voipmetrics.moscq"), score(4.1));
    let mut said =
        |packet| [values(packet, "rtcp.app.data_str").len(), values(packet, "rtcp.app.data").len()];
    assert_eq!((said(13), said(count - 1)), ([1, 0], [0, 1]));
    // RFC 3611, 4.1: 0x4003 is three packets that came, 0xc001 and 0x8001 are vectors, 0 is the end.
    let losses = (1..=count).find(|at| !values(*at, "rtcp.xr.chunk.length").is_empty()).unwrap();
    assert_eq!(values(losses, "rtcp.xr.chunk.length"), [3]);
    assert_eq!(values(losses, "rtcp.xr.chunk.bit_vector"), [0x4001, 1]);
    assert_eq!(values(losses, "rtcp.xr.chunk.null_terminator"), [0]);
}
