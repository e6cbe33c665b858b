//! Where messages end in a stream: RFC 3261, 18.3 and 20.14; the keep-alives of RFC 5626, 4.4.1.

use super::message::blank_len;
use super::scan::extent;
use super::start_line::StartLine;
use super::text::{is_token, split};
use crate::Frame;
use memchr::memchr;

/// How many bytes the start line and the header fields may have in a stream. What goes on longer is no message.
pub const MOST_HEAD: usize = 1 << 15;

/// Where the first message of a stream ends. Line ends before it belong to it; alone they are a keep-alive, a message by
/// themselves. Content-Length tells the length of the body, which RFC 3261 demands here; where it lacks, a message with a
/// Content-Type has all that is there.
///
/// ```
/// use dissect::{Frame, proto::sip::frame};
/// let stream = b"OPTIONS sip:a@b SIP/2.0\r\nl: 3\r\n\r\nabcBYE";
/// assert_eq!(frame(stream), Frame::Whole(stream.len() - 3));
/// assert_eq!(frame(&stream[..stream.len() - 5]), Frame::More(2));
/// assert_eq!(frame(b"BYE"), Frame::More(0));
/// ```
pub fn frame(bytes: &[u8]) -> Frame {
    let (blank, message) = split(bytes, blank_len(bytes));
    if message.is_empty() {
        // A lone CR is half a line end.
        return if blank.ends_with(b"\n") { Frame::Whole(blank.len()) } else { Frame::More(0) };
    }
    if !begins(message) {
        return Frame::Other;
    }
    let Some((head, length, body)) = extent(split(message, MOST_HEAD).0, message) else {
        return if message.len() < MOST_HEAD { Frame::More(0) } else { Frame::Other };
    };
    match length.map_or(0, |length| length as usize).checked_sub(message.len() - head) {
        None | Some(0) => Frame::Whole(blank.len() + head + body),
        Some(missing) => Frame::More(missing),
    }
}

/// Whether a message may begin so: with a start line, or with what may become one.
fn begins(bytes: &[u8]) -> bool {
    if memchr(b'\n', split(bytes, MOST_HEAD).0).is_some() {
        return StartLine::parse(bytes).is_ok();
    }
    let word = bytes.iter().position(|byte| !is_token(*byte)).unwrap_or(bytes.len());
    match bytes.get(word) {
        Some(b'/') => split(bytes, word).0.eq_ignore_ascii_case(b"SIP"),
        Some(b' ' | b'\t') => word > 0,
        Some(_) => false,
        None => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: &[u8] = b"\r\nOPTIONS sip:a@b SIP/2.0\r\nl: 3\r\nCSeq: 1 OPTIONS\r\n\r\nabc";
    const SECOND: &[u8] = b"BYE sip:a@b SIP/2.0\nX: y\n\n";

    #[test]
    fn content_length_ends_a_message_and_tells_what_is_missing() {
        let both = [FIRST, SECOND].concat();
        assert_eq!(frame(&both), Frame::Whole(FIRST.len()));
        assert_eq!(frame(&both[FIRST.len()..]), Frame::Whole(SECOND.len()));
        for end in 0..FIRST.len() {
            let expected = match FIRST.len() - end {
                // The line end in front is a keep-alive as long as nothing follows.
                _ if end == 2 => Frame::Whole(2),
                missing @ 1..=3 => Frame::More(missing),
                _ => Frame::More(0),
            };
            if end > 0 {
                assert_eq!(frame(&FIRST[..end]), expected, "{end}");
            }
        }
    }

    #[test]
    fn a_body_without_length_is_what_is_there_if_it_has_a_type() {
        let with = |header: &str, body: &str| {
            let text = format!("SIP/2.0 200 OK\r\n{header}\r\n{body}");
            (frame(text.as_bytes()), text.len())
        };
        let (frame, len) = with("c: text/plain\r\n", "abc");
        assert_eq!(frame, Frame::Whole(len));
        let (frame, len) = with("X: y\r\n", "SIP/2.0 200 OK\r\n\r\n");
        assert_eq!(frame, Frame::Whole(len - 18));
        let (frame, _) = with("Content-Length: 4294967295\r\n", "abc");
        assert_eq!(frame, Frame::More(4_294_967_292));
    }

    #[test]
    fn keep_alives_are_messages() {
        assert_eq!(frame(b"\r\n\r\n"), Frame::Whole(4));
        assert_eq!(frame(b"\r\n\r"), Frame::More(0));
    }

    #[test]
    fn what_is_no_sip_is_said_at_once() {
        for bytes in [&b"\x16\x03\x01"[..], b"\r\n\0", b"GET / HTTP/1.1\r\n", b"HTTP/1.1 200", b":x", b" x"] {
            assert_eq!(frame(bytes), Frame::Other, "{bytes:?}");
        }
        for bytes in [&b"SIP"[..], b"SIP/2.0 2", b"INVITE", b"INVITE sip:a", b"GET /"] {
            assert_eq!(frame(bytes), Frame::More(0), "{bytes:?}");
        }
    }

    #[test]
    fn a_head_without_end_is_given_up() {
        let head = |len: usize| [&b"SIP/2.0 200 OK\r\nA: "[..], &vec![b'x'; len]].concat();
        let bytes = head(MOST_HEAD);
        assert_eq!(frame(&bytes[..MOST_HEAD - 1]), Frame::More(0));
        assert_eq!(frame(&bytes[..MOST_HEAD]), Frame::Other);
        let mut whole = bytes[..MOST_HEAD - 4].to_vec();
        whole.extend(b"\r\n\r\n");
        assert_eq!(frame(&whole), Frame::Whole(MOST_HEAD));
        assert_eq!(frame(&vec![b'x'; MOST_HEAD]), Frame::Other);
    }
}
