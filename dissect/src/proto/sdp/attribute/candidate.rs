//! Candidates of ICE, RFC 8839, 5.1.

use crate::proto::sdp::line::{Word, Words, number};
use crate::proto::sdp::{MISSING_FIELDS, Seen, put};
use crate::tree::Item;
use crate::{Cx, Out, Show, fields};

fields! {
    /// The same for candidates of the same type, base, protocol and server.
    FOUNDATION = "sdp.ice_candidate.foundation", "Foundation", Show::text(), "RFC 8839, 5.1";
    /// Which part of the medium it is for: 1 is RTP, 2 is RTCP.
    COMPONENT = "sdp.ice_candidate.componentid", "Component ID", Show::text(), "RFC 8839, 5.1";
    /// The transport: UDP, TCP.
    TRANSPORT = "sdp.ice_candidate.transport", "Transport", Show::text(), "RFC 8839, 5.1";
    /// Its priority among the candidates.
    PRIORITY = "sdp.ice_candidate.priority", "Priority", Show::text(), "RFC 8839, 5.1";
    /// Its address or its name.
    ADDRESS = "sdp.ice_candidate.address", "Connection Address", Show::text(), "RFC 8839, 5.1";
    /// Its port.
    PORT = "sdp.ice_candidate.port", "Candidate Port", Show::text(), "RFC 8839, 5.1";
    /// How the address was learnt.
    TYPE = "sdp.ice_candidate.type", "Candidate Type", Show::text().write(write_type), "RFC 8839, 5.1";
    /// The address from which this one was learnt.
    RELATED_ADDRESS = "sdp.ice_candidate.related_address", "Related Address", Show::text(), "RFC 8839, 5.1";
    /// The port from which this one was learnt.
    RELATED_PORT = "sdp.ice_candidate.related_port", "Related Port", Show::text(), "RFC 8839, 5.1";
}

/// A candidate. Parts that are missing are empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate<'a> {
    /// The same for candidates of the same type, base, protocol and server.
    pub foundation: &'a [u8],
    /// Which part of the medium it is for: 1 is RTP, 2 is RTCP.
    pub component: &'a [u8],
    /// The transport: UDP, TCP.
    pub transport: &'a [u8],
    /// Its priority among the candidates.
    pub priority: &'a [u8],
    /// Its address or its name.
    pub address: &'a [u8],
    /// Its port as it stands.
    pub port: &'a [u8],
    /// How the address was learnt: `host`, `srflx`, `prflx`, `relay`.
    pub kind: &'a [u8],
}

impl<'a> Candidate<'a> {
    /// Reads the value of an `a=candidate` line.
    ///
    /// ```
    /// use dissect::proto::sdp::attribute::Candidate;
    /// let candidate = Candidate::parse(b"1 1 UDP 1694498815 192.0.2.3 45664 typ srflx raddr 203.0.113.141 rport 8998");
    /// assert_eq!((candidate.port(), candidate.kind), (Some(45664), &b"srflx"[..]));
    /// ```
    pub fn parse(value: &'a [u8]) -> Candidate<'a> {
        let mut words = Words::new(value);
        let mut next = || words.next().map_or(&[][..], |word| word.text);
        let [foundation, component, transport, priority, address, port] =
            [next(), next(), next(), next(), next(), next()];
        let kind = if next().eq_ignore_ascii_case(b"typ") { next() } else { &[] };
        Candidate { foundation, component, transport, priority, address, port, kind }
    }
    /// The port as a number, if it is one.
    pub fn port(&self) -> Option<u16> {
        number(self.port).and_then(|port| port.try_into().ok())
    }
}

pub(super) fn emit<'b>(cx: &mut Cx<'_>, value: &'b [u8], _: &mut Seen<'b>) {
    let mut words = Words::new(value);
    for field in [&FOUNDATION, &COMPONENT, &TRANSPORT, &PRIORITY, &ADDRESS, &PORT] {
        let Some(word) = words.next() else { return cx.expert(&MISSING_FIELDS, words.rest()) };
        put(cx, field, &word);
    }
    let mut pairs = std::iter::from_fn(|| Some((words.next()?, words.next()?)));
    let Some(kind) = pairs.next().filter(|(name, _)| is(name, b"typ")) else {
        return cx.expert(&MISSING_FIELDS, value);
    };
    put(cx, &TYPE, &kind.1);
    let (mut address, mut port) = (false, false);
    for (name, word) in pairs {
        if is(&name, b"raddr") && !std::mem::replace(&mut address, true) {
            put(cx, &RELATED_ADDRESS, &word);
        } else if is(&name, b"rport") && !std::mem::replace(&mut port, true) {
            put(cx, &RELATED_PORT, &word);
        }
    }
}

fn is(word: &Word<'_>, name: &[u8]) -> bool {
    word.text.eq_ignore_ascii_case(name)
}

fn write_type(item: Item<'_>, out: &mut Out) {
    out.text(item.bytes());
    out.str(match item.bytes() {
        b"host" => " (Host candidate)",
        b"srflx" => " (Server reflexive candidate)",
        b"prflx" => " (Peer reflexive candidate)",
        b"relay" => " (Relayed candidate)",
        _ => "",
    });
}
