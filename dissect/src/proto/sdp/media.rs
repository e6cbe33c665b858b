//! Media descriptions, RFC 8866, 5.14, and the payload types of RTP, RFC 3551.

use super::line::{Line, Words, number, split};
use super::{MISSING_FIELDS, put};
use crate::proto::rtp::payload_type::NAMES;
use crate::{Area, Cx, Node, Severity, Show, fields};

fields! {
    /// A medium: its kind, where it goes and in which formats.
    MEDIA = "sdp.media", "Media Description, name and address (m)", Show::text().repeats(), "RFC 8866, 5.14";
    /// The kind of medium.
    TYPE = "sdp.media.media", "Media Type", Show::text(), "RFC 8866, 5.14";
    /// To which port it is sent; 0 in an answer refuses it.
    PORT = "sdp.media.port", "Media Port", Show::u16(), "RFC 8866, 5.14";
    /// The same as text, where a gateway leaves the port to be chosen.
    PORT_STRING = "sdp.media.port_string", "Media Port", Show::text(), "RFC 8866, 5.14";
    /// How many ports in a row are used.
    PORT_COUNT = "sdp.media.portcount", "Media Port Count", Show::text(), "RFC 8866, 5.14";
    /// How it is transported.
    PROTOCOL = "sdp.media.proto", "Media Protocol", Show::text(), "RFC 8866, 5.14";
    /// A format: for RTP a payload type, by its name where it has one.
    pub(super) FORMAT = "sdp.media.format", "Media Format", Show::text().repeats(), "RFC 8866, 5.14";
    /// Words about a medium.
    pub(super) TITLE = "sdp.media_title", "Media Title (i)", Show::text().repeats(), "RFC 8866, 5.4";
    /// A port is a number below 65536.
    INVALID_PORT = "sdp.invalid_media_port", "Invalid media port", Show::expert(Severity::Warn, Area::Protocol), "RFC 8866, 5.14";
}

/// The value of an `m=` line. Parts that are missing are empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Media<'a> {
    /// The kind of medium: `audio`, `video`, `text`, `application`, `message`, `image`.
    pub media: &'a [u8],
    /// The port as it stands.
    pub port: &'a [u8],
    /// How many ports in a row are used.
    pub port_count: Option<&'a [u8]>,
    /// How it is transported: `RTP/AVP`, `UDP/DTLS/SCTP`.
    pub protocol: &'a [u8],
    /// The formats as they stand, separated by spaces.
    pub formats: &'a [u8],
}

impl<'a> Media<'a> {
    /// Reads the value of an `m=` line, RFC 8866, 5.14.
    pub fn parse(value: &'a [u8]) -> Media<'a> {
        let mut words = Words::new(value);
        let mut next = || words.next().map_or(&[][..], |word| word.text);
        let (media, ports, protocol) = (next(), next(), next());
        let (port, port_count) = split(ports, b'/');
        Media { media, port, port_count, protocol, formats: words.rest() }
    }
    /// The port as a number, if it is one.
    pub fn port(&self) -> Option<u16> {
        number(self.port).and_then(|port| port.try_into().ok())
    }
    /// The formats.
    pub fn formats(&self) -> impl Iterator<Item = &'a [u8]> {
        Words::new(self.formats).map(|word| word.text)
    }
    /// Whether the formats are payload types of RTP: the profiles of RFC 3551, 3711, 4585 and 5124 over any transport.
    pub fn is_rtp(&self) -> bool {
        let profiles: [&[u8]; 4] = [b"RTP/AVP", b"RTP/SAVP", b"RTP/AVPF", b"RTP/SAVPF"];
        profiles.iter().any(|profile| self.protocol.ends_with(profile))
    }
}

/// Adds an `m=` line to the tree.
pub(super) fn emit(cx: &mut Cx<'_>, line: &Line<'_>) {
    cx.part(&MEDIA, line.whole, line.value, |cx| {
        let media = Media::parse(line.value);
        let mut words = Words::new(line.value);
        for part in [Part::Type, Part::Port, Part::Protocol] {
            let Some(mut word) = words.next() else {
                return cx.expert(&MISSING_FIELDS, words.rest());
            };
            match part {
                Part::Type => put(cx, &TYPE, &word),
                Part::Protocol => put(cx, &PROTOCOL, &word),
                Part::Port => {
                    word.text = media.port;
                    port(cx, &media, &word);
                }
            }
        }
        if media.formats().next().is_none() {
            cx.expert(&MISSING_FIELDS, words.rest());
        }
        for word in words {
            let name = number(word.text).filter(|_| media.is_rtp()).and_then(payload_type);
            if !word.spaces.is_empty() {
                cx.expert(&super::EXTRA_SPACE, word.spaces);
            }
            cx.own_text(&FORMAT, word.text, name.map_or(word.text, str::as_bytes), 0);
        }
    });
}

#[derive(Clone, Copy)]
enum Part {
    Type,
    Port,
    Protocol,
}

fn port(cx: &mut Cx<'_>, media: &Media<'_>, word: &super::Word<'_>) {
    // A gateway's description may leave the port to the other side (RFC 3525: `$`, `-`): then it is only text.
    let is_number = media.port.first().is_some_and(u8::is_ascii_digit);
    if !word.spaces.is_empty() {
        cx.expert(&super::EXTRA_SPACE, word.spaces);
    }
    cx.marked(&PORT_STRING, media.port, 0, if is_number { Node::HIDDEN } else { 0 });
    match media.port() {
        Some(port) => cx.leaf(&PORT, media.port, port.into()),
        None if is_number => cx.expert(&INVALID_PORT, media.port),
        None => {}
    }
    match media.port_count {
        Some([]) => cx.expert(&MISSING_FIELDS, media.port),
        Some(count) => cx.leaf(&PORT_COUNT, count, 0),
        None => {}
    }
}

/// The name of an RTP payload type: what RFC 3551, 6 assigns it.
pub fn payload_type(number: u64) -> Option<&'static str> {
    Some(match number {
        96..=127 => DYNAMIC.get(number as usize - 96)?,
        128.. => return None,
        _ => NAMES.name_or_unknown(number),
    })
}

macro_rules! dynamic {
    ($($number:literal)*) => { [$(concat!("DynamicRTP-Type-", $number)),*] };
}

static DYNAMIC: [&str; 32] = dynamic! {
    96 97 98 99 100 101 102 103 104 105 106 107 108 109 110 111
    112 113 114 115 116 117 118 119 120 121 122 123 124 125 126 127
};
