//! Session Description Protocol, RFC 8866 (before it RFC 4566 and RFC 2327): what SIP's offers and answers (RFC 3264)
//! say of their media.
//!
//! [`lines`] reads a description line by line; [`Origin`], [`Connection`], [`Media`], [`Attribute`] and the values of
//! [`attribute`] read a line's value. All borrow from the bytes.
//!
//! ```
//! use dissect::proto::sdp::{self, Attribute, Media, attribute::RtpMap};
//!
//! let text = b"v=0\r\nm=audio 49170/2 RTP/AVP 0 96\r\na=rtpmap:96 opus/48000/2\r\n";
//! let mut lines = sdp::lines(text);
//! assert_eq!(lines.next().unwrap().value, b"0");
//! let media = Media::parse(lines.next().unwrap().value);
//! assert_eq!((media.media, media.port(), media.protocol), (&b"audio"[..], Some(49170), &b"RTP/AVP"[..]));
//! assert_eq!(media.formats().collect::<Vec<_>>(), [&b"0"[..], b"96"]);
//! let attribute = Attribute::parse(lines.next().unwrap().value);
//! let map = RtpMap::parse(attribute.value.unwrap());
//! assert_eq!((map.format, map.encoding, map.clock_rate()), (&b"96"[..], &b"opus"[..], Some(48000)));
//! ```

pub mod attribute;
pub mod described;
mod line;
pub mod media;
pub mod session;
#[cfg(test)]
mod tests;

pub use attribute::Attribute;
pub use described::{Described, Direction, described};
pub use line::{Line, Lines, Word, Words, lines};
pub use media::Media;
pub use session::{Bandwidth, Connection, Key, Origin};

use crate::proto::multipart::MEDIA_TYPES;
use crate::proto::sip::header::{CALL_ID_GENERATED, show_sessions};
use crate::{Area, Claim, Cx, Protocol, Severity, Show, State, fields};

fields! {
    /// A description of a session.
    ROOT = "sdp", "Session Description Protocol", Show::protocol(), "RFC 8866";
    /// A line of a type that no specification defines.
    UNKNOWN = "sdp.unknown", "Unknown", Show::text().repeats(), "RFC 8866, 5";
    /// A line that has no type.
    INVALID = "sdp.invalid", "Invalid line", Show::text().repeats(), "RFC 8866, 5";
    /// What stands behind the last line.
    DATA = "sdp.data", "Data", Show::bytes(), "RFC 8866, 5";
    /// A line has to begin with a letter and an equals sign.
    NO_EQUAL = "sdp.invalid_line.no_equal", "Invalid SDP line (no '=' delimiter)", Show::expert(Severity::Note, Area::Malformed), "RFC 8866, 5";
    /// A line lacks a part that its type demands.
    MISSING_FIELDS = "sdp.invalid_line.missing_fields", "Invalid SDP line (missing required fields)", Show::expert(Severity::Error, Area::Malformed), "RFC 8866, 9";
    /// Parts of a line are separated by one space.
    EXTRA_SPACE = "sdp.invalid_line.extra_space", "Invalid SDP whitespace (extra space character)", Show::expert(Severity::Error, Area::Malformed), "RFC 8866, 5";
    /// A text that has to be a number is none.
    INVALID_CONVERSION = "sdp.invalid_conversion", "Invalid conversion", Show::expert(Severity::Warn, Area::Protocol), "RFC 8866, 9";
}

/// Session Description Protocol.
pub static PROTOCOL: Protocol = Protocol {
    claims: &[Claim::Text(&MEDIA_TYPES, "application/sdp")],
    tables: &[],
    announces: true,
    borrows: &[&[&CALL_ID_GENERATED]],
    state: Some(|| Box::new(Noted::default())),
    ..Protocol::new(
        "sdp",
        "SDP",
        "Session Description Protocol",
        "RFC 8866",
        walk,
        &[
            FIELDS,
            session::FIELDS,
            media::FIELDS,
            attribute::FIELDS,
            attribute::candidate::FIELDS,
            attribute::crypto::FIELDS,
            attribute::format::FIELDS,
            attribute::h264::FIELDS,
            attribute::key_management::FIELDS,
        ],
    )
};

/// Of a description only a number is noted: that of the end whose [sessions](Cx::session_at) are shown with it.
#[derive(Debug, Default)]
struct Noted {
    sessions: described::Sessions,
}

impl State for Noted {
    fn forget(&mut self, _: u64) {}
}

/// What later lines need of earlier ones.
struct Seen<'b> {
    /// Whether a media description has begun.
    media: bool,
    /// The encoding that `a=rtpmap` gave a payload type.
    encodings: [&'b [u8]; 128],
}

fn walk(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    if cx.learning() {
        let end = described::announce(cx, bytes);
        if end != 0 {
            cx.remember(bytes, |_: &mut Noted, _| end);
        }
        return true;
    }
    cx.rename_column("SIP", "SIP/SDP");
    if cx.showing() {
        let end = cx.remember(bytes, |_: &mut Noted, _| 0).unwrap_or(0);
        cx.group(&ROOT, bytes, |cx| {
            description(cx, bytes);
            // Whose calls use the end that the last medium names.
            show_sessions(cx, end, bytes.get(..0).unwrap_or(bytes));
        });
    }
    true
}

fn description(cx: &mut Cx<'_>, bytes: &[u8]) {
    let mut seen = Seen { media: false, encodings: [&[]; 128] };
    let mut lines = lines(bytes);
    for line in lines.by_ref() {
        match line.kind {
            b'm' => {
                seen.media = true;
                media::emit(cx, &line);
            }
            b'a' => attribute::emit(cx, &line, &mut seen),
            b'i' if seen.media => cx.part(&media::TITLE, line.whole, line.value, |_| ()),
            0 => cx.group(&INVALID, line.whole, |cx| cx.expert(&NO_EQUAL, line.whole)),
            _ if session::emit(cx, &line) => {}
            _ => cx.leaf(&UNKNOWN, line.whole, 0),
        }
    }
    if !lines.rest().is_empty() {
        cx.leaf(&DATA, lines.rest(), 0);
    }
}

/// Adds a value's words to the tree, a field each; the last takes all that is left. Says what is missing.
fn words(cx: &mut Cx<'_>, value: &[u8], fields: &[&'static crate::Field]) {
    let mut words = Words::new(value);
    for (at, field) in fields.iter().enumerate() {
        let word = if at + 1 < fields.len() { words.next() } else { words.remainder() };
        let Some(word) = word else {
            return cx.expert(&MISSING_FIELDS, words.rest());
        };
        put(cx, field, &word);
    }
}

/// Adds a word, as the number it is where the field is one, and says when spaces too many stand before it.
fn put(cx: &mut Cx<'_>, field: &'static crate::Field, word: &Word<'_>) {
    if !word.spaces.is_empty() {
        cx.expert(&EXTRA_SPACE, word.spaces);
    }
    if field.show.kind == crate::Kind::Text {
        cx.leaf(field, word.text, 0);
    } else if let Some(number) = line::number(word.text) {
        cx.leaf(field, word.text, number);
    } else {
        cx.expert(&INVALID_CONVERSION, word.text);
    }
}
