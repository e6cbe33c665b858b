use super::MOST_TAGS;
use crate::capture::LinkType;
use crate::testing::{summary, survives, tree};

fn frame(ether_type: u16, code: u8, payload: &[u8], trailer: &[u8]) -> Vec<u8> {
    let mut bytes = vec![2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1];
    bytes.extend(ether_type.to_be_bytes());
    bytes.extend([0x11, code, 0, 5]);
    bytes.extend((payload.len() as u16).to_be_bytes());
    [&bytes[..], payload, trailer].concat()
}

/// The tree below Ethernet.
fn below(bytes: &[u8]) -> String {
    let text = tree(LinkType::ETHERNET, bytes);
    text.lines().skip(1).skip_while(|line| line.starts_with(' ')).flat_map(|line| [line, "\n"]).collect()
}

const TAGS: [u8; 22] = [1, 1, 0, 0, 1, 2, 0, 2, b'a', b'c', 1, 4, 0, 2, 1, 2, 0x77, 0x77, 0, 1, 9, 0];

#[test]
fn discovery_has_tags() {
    let bytes = frame(0x8863, 7, &TAGS[..21], &[0; 5]);
    insta::assert_snapshot!(below(&bytes), @r#"
    PPP-over-Ethernet Discovery
        0001 .... = Version: 1
        .... 0001 = Type: 1
        Code: Active Discovery Offer (PADO) (0x07)
        Session ID: 0x0005
        Payload Length: 21
        PPPoE Tags
            AC-Name: ac
            AC-Cookie: 0102
            Tag: 0x7777
            Tag Length: 1
            Unknown Data: 09
    "#);
    assert_eq!(summary(LinkType::ETHERNET, &bytes), "PPPoED Active Discovery Offer (PADO)");
    let cut = below(&frame(0x8863, 7, &TAGS, b""));
    assert!(cut.contains("Tag needs 4 bytes at offset 41, 1 left"), "{cut}");
    // Nothing counts behind the end of the list.
    assert!(!below(&frame(0x8863, 7, &[0, 0, 0, 0, 1, 2, 0, 1, b'x'], b"")).contains("AC-Name"));
}

#[test]
fn no_more_tags_are_shown_than_the_limit() {
    let shown = |count: usize| below(&frame(0x8863, 9, &[1, 2, 0, 1, b'x'].repeat(count), b""));
    assert_eq!(shown(MOST_TAGS).matches("AC-Name").count(), MOST_TAGS);
    assert!(!shown(MOST_TAGS).contains("Too many tags"));
    assert_eq!(shown(MOST_TAGS + 1).matches("AC-Name").count(), MOST_TAGS);
    assert!(shown(MOST_TAGS + 1).contains("Too many tags"));
}

#[test]
fn a_session_carries_ppp_and_ends_before_the_padding() {
    let bytes = frame(0x8864, 0, &[0, 0x0f, 9], &[0; 37]);
    insta::assert_snapshot!(tree(LinkType::ETHERNET, &bytes).lines().skip(9).collect::<Vec<_>>().join("\n"), @r#"
    PPP-over-Ethernet Session
        0001 .... = Version: 1
        .... 0001 = Type: 1
        Code: Session Data (0x00)
        Session ID: 0x0005
        Payload Length: 3
    Point-to-Point Protocol
        Protocol: Unknown (0x000f)
    Data (1 bytes)
        Data: 09
        [Length: 1]
    "#);
    let mut longer = bytes;
    longer[19] = 200;
    assert!(below(&longer).contains("Possible bad payload length"));
}

#[test]
fn any_bytes_are_survived() {
    survives(LinkType::ETHERNET, &frame(0x8863, 7, &TAGS, b""));
    survives(LinkType::ETHERNET, &frame(0x8864, 0, &[0, 0x0f, 9], &[0; 5]));
}
