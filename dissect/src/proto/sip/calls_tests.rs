//! Calls as captures tell them: states, forks, offers and answers, resends; and what learning promises.

use super::call::{Release, Side, Stage};
use super::torture::datagram;
use super::{Calls, Times};
use crate::capture::{LinkType, Time};
use crate::{Dissection, Dissector, Memory, Out, Packet, See, Tree, format};

/// A capture: each line is the direction, the start line, CSeq, the To tag, and what else stands in the message. A
/// packet comes each 10 milliseconds.
struct Capture {
    packets: Vec<Vec<u8>>,
}

/// The ends of a datagram the other way round.
fn turned(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes[12..20].rotate_left(4);
    bytes[20..24].rotate_left(2);
    bytes
}

impl Capture {
    fn of(lines: &[(&str, &str, &str, &str, &str)]) -> Capture {
        let one = |(way, start, cseq, tag, more): &(&str, &str, &str, &str, &str)| {
            let start = if start.as_bytes()[0].is_ascii_digit() {
                format!("SIP/2.0 {start}")
            } else {
                format!("{start} sip:b@h SIP/2.0")
            };
            let branch = cseq.replace(' ', "").replace("ACK", "INVITE");
            let (from, to) = if way.contains('~') {
                ("<sip:b@h>;tag=t1", "<sip:a@h>;tag=f1")
            } else {
                ("\"A\" <sip:a@h>;tag=f1", "<sip:b@h>")
            };
            let tag = if tag.is_empty() { String::new() } else { format!(";tag={tag}") };
            let text = format!(
                "{start}\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK{branch}\r\nFrom: {from}\r\nTo: {to}{tag}\r\nCall-ID: c1\r\nCSeq: {cseq}\r\n{more}"
            );
            let text = if more.contains("\r\n\r\n") { text } else { text + "\r\n" };
            let bytes = datagram(text.as_bytes());
            if way.starts_with('<') { turned(bytes) } else { bytes }
        };
        Capture { packets: lines.iter().map(one).collect() }
    }
    fn packet(&self, at: usize) -> Packet<'_> {
        let time = Time::from_nanoseconds_64(1_000_000_000 + at as i64 * 10_000_000);
        Packet { number: at as u64 + 1, time: Some(time), ..Packet::new(LinkType::IPV4, &self.packets[at]) }
    }
    fn learnt(&self) -> (Dissector, Memory) {
        let dissector = Dissector::default();
        let mut memory = dissector.memory();
        memory.trace(None);
        (0..self.packets.len()).for_each(|at| dissector.learn(&mut memory, &self.packet(at)));
        (dissector, memory)
    }
    fn tree(&self, dissector: &Dissector, see: &See<'_>, at: usize) -> String {
        let (mut tree, mut out, packet) = (Tree::new(), Out::new(), self.packet(at));
        dissector.dissect(see, &packet, &mut tree);
        format::text_tree(Dissection { tree: &tree, packet: &packet }, &mut out);
        out.to_string_lossy()
    }
}

const SDP: &str = "User-Agent: One\r\nc: application/sdp\r\n\r\nv=0\r\nc=IN IP4 10.0.0.1\r\nm=audio 6000 RTP/AVP 0 101\r\na=rtpmap:101 telephone-event/8000\r\n";
const ANSWER: &str = "Server: Two\r\nc: application/sdp\r\n\r\nv=0\r\nc=IN IP4 10.0.0.2\r\nm=audio 7000 RTP/AVP 0\r\nm=video 0 RTP/AVP 96\r\n";

fn call() -> Capture {
    Capture::of(&[
        (">", "INVITE", "1 INVITE", "", SDP),
        ("<", "100 Trying", "1 INVITE", "", ""),
        (">", "INVITE", "1 INVITE", "", SDP),
        ("<", "180 Ringing", "1 INVITE", "t1", ""),
        ("<", "200 OK", "1 INVITE", "t1", ANSWER),
        ("<", "200 OK", "1 INVITE", "t1", ANSWER),
        (">", "ACK", "1 ACK", "t1", ""),
        ("<~", "BYE", "5 BYE", "", "Reason: Q.850;cause=16\r\n"),
        (">~", "200 OK", "5 BYE", "", ""),
    ])
}

#[test]
fn a_call_is_told_from_invite_to_bye() {
    let (_, memory) = call().learnt();
    let calls = memory.of_type::<Calls>().unwrap();
    let call = calls.find(b"c1").unwrap();
    assert_eq!((call.from(), call.to()), (&b"\"A\" <sip:a@h>;tag=f1"[..], &b"<sip:b@h>"[..]));
    assert_eq!((call.uri(), call.method.name(), call.tag()), (&b"sip:b@h"[..], "INVITE", &b"f1"[..]));
    assert_eq!(
        (calls.agent(call, Side::Caller), calls.agent(call, Side::Callee)),
        (&b"One"[..], &b"Two"[..])
    );
    assert_eq!((call.stage, call.release), (Some(Stage::Completed), Some(Release::Bye(Side::Callee))));
    assert_eq!((call.stage.unwrap().words(), calls.reason(call)), ("COMPLETED", &b"Q.850;cause=16"[..]));
    let packets =
        [call.begun, call.invited, call.ringing, call.answered, call.ended, call.last].map(|at| at.packet);
    assert_eq!(packets, [1, 1, 4, 5, 8, 9]);
    assert_eq!((call.setup_time(), call.duration()), (Some(30_000_000), Some(30_000_000)));
    assert_eq!((call.messages, call.resent, call.code, call.ends().len()), (9, 2, 200, 2));
    assert_eq!(
        call.legs().iter().map(|leg| (call.leg_tag(leg), leg.code)).collect::<Vec<_>>(),
        [(&b"t1"[..], 200)]
    );
    let media: Vec<_> = call
        .media()
        .iter()
        .map(|one| {
            (one.packet, one.is_offer, one.by, one.port, calls.medium_kind(one), calls.medium_codecs(one))
        })
        .collect();
    assert_eq!(
        media,
        [
            (1, true, Side::Caller, 6000, &b"audio"[..], &b"PCMU telephone-event"[..]),
            (5, false, Side::Callee, 7000, b"audio", b"PCMU"),
            (5, false, Side::Callee, 0, b"video", b"96"),
        ]
    );
    let arrows: Vec<_> = calls
        .arrows(call)
        .iter()
        .map(|arrow| (arrow.at.packet, arrow.from, arrow.code, arrow.is_resent))
        .collect();
    assert_eq!(arrows[..4], [(1, 0, 0, false), (2, 1, 100, false), (3, 0, 0, true), (4, 1, 180, false)]);
    assert_eq!((arrows.len(), arrows[7], arrows[8]), (9, (8, 1, 0, false), (9, 0, 200, false)));
    let counters = calls.counters();
    assert_eq!((counters.messages(), counters.resent()), (9, 2));
    assert_eq!(counters.codes().collect::<Vec<_>>(), [(100, 1), (180, 1), (200, 3)]);
    assert_eq!(counters.methods().collect::<Vec<_>>(), [(&b"INVITE"[..], 2), (b"ACK", 1), (b"BYE", 1)]);
    assert_eq!(counters.setup(), Times { count: 1, total: 60, least: 60, most: 60 });
    assert_eq!(calls.iter().count(), 1);
}

#[test]
fn calls_that_fail_say_how() {
    let stage = |lines: &[(&str, &str, &str, &str, &str)]| {
        let (_, memory) = Capture::of(lines).learnt();
        let calls = memory.of_type::<Calls>().unwrap();
        let call = calls.find(b"c1").unwrap();
        (call.stage.map_or("", Stage::words), call.release, call.ended.packet)
    };
    let invite = (">", "INVITE", "1 INVITE", "", "");
    let failed = |code| Some(Release::Failure(code));
    assert_eq!(stage(&[invite]), ("CALL SETUP", None, 0));
    assert_eq!(stage(&[invite, ("<", "486 Busy", "1 INVITE", "t1", "")]), ("BUSY", failed(486), 2));
    assert_eq!(stage(&[invite, ("<", "404 No", "1 INVITE", "t1", "")]), ("REJECTED", failed(404), 2));
    assert_eq!(stage(&[invite, ("<", "302 Moved", "1 INVITE", "t1", "")]), ("DIVERTED", failed(302), 2));
    let cancel = (">", "CANCEL", "1 CANCEL", "", "");
    let terminated = ("<", "487 Terminated", "1 INVITE", "t1", "");
    assert_eq!(stage(&[invite, cancel, terminated]), ("CANCELLED", Some(Release::Cancel), 2));
    // With credentials it begins again; two-hundred wins over a CANCEL that came too late.
    let challenged = ("<", "407 Prove", "1 INVITE", "t0", "");
    let again = (">", "INVITE", "2 INVITE", "", "");
    assert_eq!(stage(&[invite, challenged]), ("REJECTED", failed(407), 2));
    assert_eq!(stage(&[invite, challenged, again]), ("CALL SETUP", None, 0));
    assert_eq!(stage(&[invite, cancel, ("<", "200 OK", "1 INVITE", "t1", "")]), ("IN CALL", None, 0));
    // A capture that begins in the middle.
    assert_eq!(stage(&[(">", "BYE", "9 BYE", "t1", "")]), ("COMPLETED", Some(Release::Bye(Side::Caller)), 1));
    assert_eq!(stage(&[(">", "OPTIONS", "9 OPTIONS", "", "")]), ("", None, 0));
}

#[test]
fn forks_are_legs_of_one_call() {
    let (_, memory) = Capture::of(&[
        (">", "INVITE", "1 INVITE", "", ""),
        ("<", "180 Ringing", "1 INVITE", "t1", ""),
        ("<", "183 Progress", "1 INVITE", "t2", ""),
        ("<", "200 OK", "1 INVITE", "t2", ""),
        ("<", "200 OK", "1 INVITE", "t1", ""),
    ])
    .learnt();
    let calls = memory.of_type::<Calls>().unwrap();
    let call = calls.find(b"c1").unwrap();
    let legs: Vec<_> =
        call.legs().iter().map(|leg| (call.leg_tag(leg), leg.ringing.packet, leg.answered.packet)).collect();
    assert_eq!(legs, [(&b"t1"[..], 2, 5), (b"t2", 3, 4)]);
    assert_eq!((call.answered.packet, call.resent), (4, 0));
}

#[test]
fn what_a_message_is_told_stands_in_its_tree() {
    let capture = call();
    let (dissector, memory) = capture.learnt();
    let see = See::with(&memory, u64::MAX);
    let said: Vec<String> = (0..9).map(|at| capture.tree(&dissector, &see, at)).collect();
    for (at, lines) in [
        (0, &["[Resent Packet: False]"][..]),
        (2, &["[Resent Packet: True]", "[Suspected resend of frame: 1]"]),
        (3, &["[Resent Packet: False]", "[Request Frame: 1]", "[Response Time (ms): 30]"]),
        (5, &["[Suspected resend of frame: 5]", "[Request Frame: 1]", "[Response Time (ms): 50]"]),
        (6, &["[Resent Packet: False]", "[Request Frame: 1]", "[Response Time (ms): 60]"]),
        (8, &["[Request Frame: 8]", "[Response Time (ms): 10]", "[Release Time (ms): 10]"]),
    ] {
        for line in lines {
            assert!(said[at].contains(line), "{line} in {}", said[at]);
        }
    }
    assert!(said[4].contains("[Generated Call-ID: c1]") && !said[4].contains("Release"));
    assert!(!capture.tree(&dissector, &See::alone(), 3).contains("Resent"));
}

#[test]
fn one_pass_two_passes_up_to_the_packet_and_forgetting_agree() {
    let capture = call();
    let (dissector, whole) = capture.learnt();
    let mut passing = dissector.memory();
    for at in 0..capture.packets.len() {
        let number = at as u64 + 1;
        dissector.learn(&mut passing, &capture.packet(at));
        let one = capture.tree(&dissector, &See::with(&passing, number), at);
        passing.forget(number);
        assert_eq!(one, capture.tree(&dissector, &See::with(&whole, number), at));
        let alone = capture.tree(&dissector, &See::with(&passing, number), at);
        assert_eq!(one, alone, "what is forgotten is of earlier packets");
    }
}

#[test]
fn calls_of_the_same_end_are_told_with_their_descriptions() {
    let mut capture = call();
    let first = capture.packets[0].clone();
    let other: Vec<u8> =
        String::from_utf8_lossy(&first[28..]).replace("Call-ID: c1", "Call-ID: c2").into_bytes();
    capture.packets.push(datagram(&other));
    let (dissector, memory) = capture.learnt();
    let named = |upto: u64, at: usize| {
        let said = capture.tree(&dissector, &See::with(&memory, upto), at);
        said.matches("[Generated Call-ID: ").count() - 1
    };
    // The one behind is news to the first.
    assert_eq!((named(1, 0), named(9, 0), named(10, 0), named(u64::MAX, 0)), (1, 1, 2, 2));
    assert_eq!((named(10, 9), named(u64::MAX, 4)), (2, 1));
}

#[test]
fn transactions_of_calls_long_ago_are_given_up() {
    let dissector = Dissector::default();
    transactions_are_given_up(&dissector, dissector.memory());
    let mut traced = dissector.memory();
    traced.trace(None);
    transactions_are_given_up(&dissector, traced);
}

fn transactions_are_given_up(dissector: &Dissector, mut memory: Memory) {
    let recent = super::calls::MOST_RECENT;
    let mut resent = |at: u32| {
        let text = format!("BYE sip:b@h SIP/2.0\r\nFrom: a;tag=1\r\nCall-ID: {at}\r\nCSeq: 1 BYE\r\n\r\n");
        let bytes = datagram(text.as_bytes());
        dissector.learn(&mut memory, &Packet { number: 1, ..Packet::new(LinkType::IPV4, &bytes) });
        memory.of_type::<Calls>().unwrap().counters().resent()
    };
    (0..=recent).for_each(|at| assert_eq!(resent(at), 0));
    assert_eq!((resent(1), resent(0), resent(recent)), (1, 1, 2));
}

#[test]
fn calls_are_bounded_and_the_oldest_goes() {
    let dissector = Dissector::default();
    let mut traced = dissector.memory();
    traced.trace(None);
    calls_are_bounded(&dissector, traced, super::calls::MOST_CALLS as u32, 1);
    // Nobody will ask how they went.
    calls_are_bounded(&dissector, dissector.memory(), super::calls::MOST_RECENT, 0);
}

fn calls_are_bounded(dissector: &Dissector, mut memory: Memory, most: u32, arrows: usize) {
    for at in 0..=most {
        let text = format!("BYE sip:b@h SIP/2.0\r\nFrom: a;tag=1\r\nCall-ID: {at}\r\nCSeq: 1 BYE\r\n\r\n");
        let bytes = datagram(text.as_bytes());
        let packet = Packet { number: u64::from(at) + 1, ..Packet::new(LinkType::IPV4, &bytes) };
        dissector.learn(&mut memory, &packet);
        memory.forget(packet.number);
    }
    let calls = memory.of_type::<Calls>().unwrap();
    assert_eq!((calls.iter().count(), calls.counters().messages()), (most as usize, u64::from(most) + 1));
    assert!(calls.find(b"0").is_none());
    for at in [1, most] {
        let call = calls.find(at.to_string().as_bytes()).unwrap();
        assert_eq!(call.begun.packet, at + 1);
        assert_eq!(calls.arrows(call).len(), arrows);
    }
}
