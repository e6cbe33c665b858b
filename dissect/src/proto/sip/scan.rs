//! One scan over the header fields of a message, which takes what identifies it, RFC 3261, 8.1.1, and what ends it.

use super::message::Message;
use super::text::{is_space, line_feed, near, number, split, trim, trim_end, trim_start};
use memchr::memchr;

/// The header fields that are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Name {
    Via,
    From,
    To,
    CallId,
    CSeq,
    Agent,
    Reason,
    ContentLength,
    ContentType,
}

/// The names of header fields that begin with a letter.
const fn names(letter: u8) -> &'static [(&'static [u8], Name)] {
    match letter | 0x20 {
        b'v' => &[(b"via", Name::Via), (b"v", Name::Via)],
        b'f' => &[(b"from", Name::From), (b"f", Name::From)],
        b't' => &[(b"to", Name::To), (b"t", Name::To)],
        b'i' => &[(b"i", Name::CallId)],
        b'l' => &[(b"l", Name::ContentLength)],
        b's' => &[(b"server", Name::Agent)],
        b'u' => &[(b"user-agent", Name::Agent)],
        b'r' => &[(b"reason", Name::Reason)],
        b'c' => &[
            (b"content-length", Name::ContentLength),
            (b"cseq", Name::CSeq),
            (b"call-id", Name::CallId),
            (b"content-type", Name::ContentType),
            (b"c", Name::ContentType),
        ],
        _ => &[],
    }
}

/// Whether text is a name without regard to case: the name is of small letters and signs that have that bit set.
fn is(text: &[u8], name: &[u8]) -> bool {
    text.len() == name.len() && text.iter().zip(name).all(|(one, letter)| one | 0x20 == *letter)
}

/// The name of a header field that is looked at, and its value. Names as most write them are known at once.
#[inline]
fn field(line: &[u8]) -> Option<(Name, &[u8])> {
    let (name, value) = match line {
        [b'C', b'o', b'n', b't', b'a', ..] | [b'S', b'u', ..] | [b'U', b'n' | b'p', ..] => return None,
        [b'C', b'o', ..] => match line.strip_prefix(b"Content-Length:") {
            Some(value) => (Name::ContentLength, value),
            None => (Name::ContentType, line.strip_prefix(b"Content-Type:").unwrap_or(&[])),
        },
        [b'C', b'a', ..] => (Name::CallId, line.strip_prefix(b"Call-ID:").unwrap_or(&[])),
        [b'C', ..] => (Name::CSeq, line.strip_prefix(b"CSeq:").unwrap_or(&[])),
        [b'V', ..] => (Name::Via, line.strip_prefix(b"Via:").unwrap_or(&[])),
        [b'F', ..] => (Name::From, line.strip_prefix(b"From:").unwrap_or(&[])),
        [b'T', ..] => (Name::To, line.strip_prefix(b"To:").unwrap_or(&[])),
        [b'U', ..] => (Name::Agent, line.strip_prefix(b"User-Agent:").unwrap_or(&[])),
        [b'S', ..] => (Name::Agent, line.strip_prefix(b"Server:").unwrap_or(&[])),
        _ => return unusual(line),
    };
    // A line has an end, or at least a colon that was not stripped.
    if value.is_empty() { unusual(line) } else { Some((name, bare(value))) }
}

/// A value without white space at both ends: mostly a space in front, a line end behind.
#[inline]
fn bare(value: &[u8]) -> &[u8] {
    match value {
        [b' ', inner @ .., b'\r', b'\n'] if !matches!(inner, [0..=b' ', ..] | [.., 0..=b' '] | []) => inner,
        _ => trim(value),
    }
}

/// The same for names in any way of writing.
fn unusual(line: &[u8]) -> Option<(Name, &[u8])> {
    for (name, which) in names(*line.first()?) {
        let behind = match line.get(name.len()) {
            Some(b':') => name.len() + 1,
            Some(b' ' | b'\t') => memchr(b':', line)? + 1,
            _ => continue,
        };
        let (own, value) = line.split_at_checked(behind)?;
        if is(trim_end(split(own, behind - 1).0), name) {
            return Some((*which, bare(value)));
        }
    }
    None
}

/// Goes over the header fields with one of these letters in front, up to the empty line behind them. Answers what follows
/// that, and whether it was there.
#[inline]
pub(super) fn fields<'a>(
    head: &'a [u8],
    wants: impl Fn(u8) -> bool,
    mut take: impl FnMut(Name, &'a [u8]),
) -> (&'a [u8], bool) {
    let mut rest = head;
    loop {
        match rest {
            [] => return (rest, false),
            [b'\n', content @ ..] | [b'\r', b'\n', content @ ..] => return (content, true),
            _ => {}
        }
        let (line, more) = split(rest, line_len(rest));
        rest = more;
        if line.first().is_some_and(|first| wants(first | 0x20))
            && let Some((name, value)) = field(line)
        {
            take(name, value);
        }
    }
}

/// Where the body of a message in a stream begins, and how long it is: what [`frame`](super::frame) asks for. `head` begins with
/// the start line, `message` too and goes on. Nothing if the header fields go on behind `head`.
pub(super) fn extent(head: &[u8], message: &[u8]) -> Option<(usize, Option<u32>, usize)> {
    let begin = line_feed(head)? + 1;
    let (mut length, mut content_type) = (None, None);
    let (content, is_whole) = fields(
        split(head, begin).1,
        |letter| matches!(letter, b'c' | b'l'),
        |name, value| match name {
            Name::ContentLength => length = length.or(Some(value)),
            Name::ContentType => content_type = content_type.or(Some(value)),
            _ => {}
        },
    );
    if !is_whole {
        return None;
    }
    let at = head.len() - content.len();
    let content = split(message, at).1;
    let length = length.map(number).filter(|length| length.1).map(|length| length.0);
    Some((at, length, Message::body_len(content, length, content_type).min(content.len())))
}

/// The tag of From or To, RFC 3261, 19.3; empty if there is none.
pub(super) fn tag(value: &[u8]) -> &[u8] {
    let behind = value.iter().rposition(|byte| *byte == b'>').map_or(value, |at| split(value, at).1);
    parameter(behind, b"tag=").unwrap_or(&[])
}

/// The value of the first parameter of this name, which ends with an equals sign.
pub(super) fn parameter<'a>(mut value: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    loop {
        value = value.get(near(value, [b';'])? + 1..)?;
        if value.first().is_some_and(|byte| is_space(*byte)) {
            value = trim_start(value);
        }
        let (own, rest) = value.split_at_checked(name.len())?;
        if is(own, name) {
            let ends = |byte: &u8| *byte <= b' ' || matches!(byte, b';' | b',' | b'>');
            let end = rest.iter().position(ends);
            return Some(split(rest, end.unwrap_or(rest.len())).0);
        }
    }
}

/// The length of a header field with the lines it is folded over.
#[inline]
fn line_len(bytes: &[u8]) -> usize {
    let mut end = 0;
    loop {
        let Some(len) = bytes.get(end..).and_then(line_feed) else {
            return bytes.len();
        };
        end += len + 1;
        if !matches!(bytes.get(end), Some(b' ' | b'\t')) {
            return end;
        }
    }
}
