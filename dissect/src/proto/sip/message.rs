//! A message, taken apart without a tree: RFC 3261, 7 and 18.3.

use super::cseq::CSeq;
use super::header::{HeaderLine, Headers};
use super::scan::{self, Name};
use super::start_line::StartLine;
use super::text::{number, split};
use crate::Parsed;

/// A message. It borrows the bytes and allocates nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Message<'a> {
    /// All of it, from the start line to the end of the body.
    pub bytes: &'a [u8],
    /// The start line.
    pub start: StartLine<'a>,
    /// The header fields with the empty line behind them.
    pub head: &'a [u8],
    /// Whether the empty line that ends the header fields is there.
    pub is_head_whole: bool,
    /// The body: as long as Content-Length says, otherwise the rest, RFC 3261, 18.3.
    pub body: &'a [u8],
    /// What Content-Length says, if it is there and a number.
    pub content_length: Option<u32>,
    /// The value of Content-Type.
    pub content_type: Option<&'a [u8]>,
    /// The value of CSeq; empty without one, as those that follow.
    pub cseq: &'a [u8],
    /// The value of Call-ID.
    pub call_id: &'a [u8],
    /// The value of the first Via.
    pub via: &'a [u8],
    /// The value of From.
    pub from: &'a [u8],
    /// The value of To.
    pub to: &'a [u8],
    /// The value of User-Agent, or Server.
    pub agent: &'a [u8],
    /// The value of Reason, RFC 3326.
    pub reason: &'a [u8],
}

impl<'a> Message<'a> {
    /// Reads the first message of a datagram or a segment; the rest begins behind its body. Line ends before it are
    /// skipped (RFC 3261, 7.5). The error says that there is no start line; everything else is a message.
    pub fn parse(input: &'a [u8]) -> Parsed<'a, Message<'a>> {
        let input = split(input, blank_len(input)).1;
        let (rest, start) = StartLine::parse(input)?;
        let mut values = [&[][..]; Name::ContentLength as usize];
        let (mut content_length, mut content_type) = (None, None);
        let wants = |letter: u8| matches!(letter, b'c' | b'f' | b'i' | b'l' | b'r'..=b'v');
        let (content, is_head_whole) = scan::fields(rest, wants, |name, value| match name {
            Name::ContentLength => content_length = content_length.or(Some(value)),
            Name::ContentType => content_type = content_type.or(Some(value)),
            name => {
                if let Some(slot) = values.get_mut(name as usize).filter(|slot| slot.is_empty()) {
                    *slot = value;
                }
            }
        });
        let (head, content) = split(rest, rest.len() - content.len());
        let content_length = content_length.map(number).filter(|length| length.1).map(|length| length.0);
        let len = Message::body_len(content, content_length, content_type);
        let (body, rest) = split(content, len);
        let bytes = split(input, input.len() - rest.len()).0;
        let [via, from, to, call_id, cseq, agent, reason] = values;
        let message = Message {
            bytes,
            start,
            head,
            is_head_whole,
            body,
            content_length,
            content_type,
            cseq,
            call_id,
            via,
            from,
            to,
            agent,
            reason,
        };
        Ok((rest, message))
    }
    /// How much of what follows the header fields is the body: RFC 3261, 18.3. Without a length it is all, unless there is
    /// no sign of a body and another message begins.
    pub(super) fn body_len(content: &[u8], length: Option<u32>, content_type: Option<&[u8]>) -> usize {
        let next_begins = || StartLine::parse(content).is_ok_and(|(_, start)| start.is_sure());
        match length {
            Some(len) => len as usize,
            None if content_type.is_none() && next_begins() => 0,
            None => content.len(),
        }
    }
    /// The header fields.
    pub fn headers(&self) -> Headers<'a> {
        Headers::new(self.head)
    }
    /// The first header field of a name; a compact one is another name.
    pub fn header(&self, name: &str) -> Option<HeaderLine<'a>> {
        self.headers().find(|line| line.name.eq_ignore_ascii_case(name.as_bytes()))
    }
    /// Whether it is a response to a request of this method, as CSeq says: RFC 3261, 8.1.1.5.
    pub fn answers(&self, method: &[u8]) -> bool {
        matches!(self.start, StartLine::Status(_)) && CSeq::parse(self.cseq).method == method
    }
    /// Whether CSeq has another method than the request, RFC 3261, 8.1.1.5.
    pub fn is_method_mixed(&self) -> bool {
        let method = CSeq::parse(self.cseq).method;
        matches!(self.start, StartLine::Request(line) if !method.is_empty() && line.method != method)
    }
    /// The branch of the first Via, if it names the transaction: RFC 3261, 8.1.1.7.
    pub(super) fn branch(&self) -> Option<&'a [u8]> {
        let branch = scan::parameter(self.via, b"branch=");
        branch.filter(|branch| branch.starts_with(b"z9hG4bK") && branch.len() > 7)
    }
    /// Whether its body describes a session.
    pub(super) fn describes(&self) -> bool {
        let name = self.content_type.and_then(|value| value.get(..15));
        !self.body.is_empty() && name.is_some_and(|name| name.eq_ignore_ascii_case(b"application/sdp"))
    }
    /// Whether it came as a datagram, by what its sender says.
    pub(super) fn is_datagram(&self) -> bool {
        self.via.get(8..11).is_some_and(|transport| transport.eq_ignore_ascii_case(b"UDP"))
    }
}

/// The length of line ends in front.
#[inline]
pub(super) fn blank_len(bytes: &[u8]) -> usize {
    bytes.iter().position(|byte| !matches!(byte, b'\r' | b'\n')).unwrap_or(bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: &[u8] =
        b"\r\nOPTIONS sip:a@b SIP/2.0\r\nl: 3\r\nCSeq: 1 OPTIONS\r\n\r\nabcBYE sip:a@b SIP/2.0\nX: y\n\n";

    #[test]
    fn content_length_ends_a_message() {
        let (rest, message) = Message::parse(TWO).unwrap();
        assert_eq!(
            (message.body, message.content_length, message.cseq),
            (&b"abc"[..], Some(3), &b"1 OPTIONS"[..])
        );
        let (rest, message) = Message::parse(rest).unwrap();
        assert_eq!((message.head, message.is_head_whole, rest), (&b"X: y\n\n"[..], true, &b""[..]));
        assert_eq!(message.header("x").map(|line| line.value), Some(&b"y"[..]));
        assert!(Message::parse(b"\r\n\r\n").is_err());
        assert!(Message::parse(b"hello world\r\n\r\n").is_err());
    }

    const TEXT: &[u8] = b"\r\nINVITE sip:a@b SIP/2.0\r\nv: SIP/2.0/UDP h;rport;branch=z9hG4bK7;x=y, SIP/2.0/TCP g;branch=q\r\n\
        Via: SIP/2.0/TCP g\r\nFrom : \"A;tag=x\" <sip:a@b;tag=no> ; tag=f1;z\r\nTo: sip:c@d;tag=t1\r\ni:\r\n id@host\r\n\
        CSeq: 7 INVITE\r\nTimestamp: 1\r\nUser-Agent: One\r\nReason: SIP;cause=200\r\nl: 3\r\nc: text/plain\r\n\r\nabcBYE";

    #[test]
    fn what_identifies_a_message_is_found() {
        let (rest, message) = Message::parse(TEXT).unwrap();
        assert_eq!(
            (message.body, rest, message.content_type),
            (&b"abc"[..], &b"BYE"[..], Some(&b"text/plain"[..]))
        );
        assert_eq!((message.branch(), message.is_datagram()), (Some(&b"z9hG4bK7"[..]), true));
        assert_eq!((message.call_id, message.cseq), (&b"id@host"[..], &b"7 INVITE"[..]));
        assert_eq!((message.agent, message.reason), (&b"One"[..], &b"SIP;cause=200"[..]));
        let tags = [message.from, message.to, b"sip:a@b"].map(scan::tag);
        assert_eq!(tags, [&b"f1"[..], b"t1", b""]);
        // As the names of header fields are read in whatever case, with white space behind, and empty.
        for head in ["call-id: x", "CALL-ID\t:x", "I : x", "Call-ID:\r\n x", "Call-ID:\r\nCall-ID: x"] {
            let text = format!("BYE sip:a@b SIP/2.0\r\n{head}\r\n\r\n");
            assert_eq!(Message::parse(text.as_bytes()).unwrap().1.call_id, b"x", "{head}");
        }
    }
}
