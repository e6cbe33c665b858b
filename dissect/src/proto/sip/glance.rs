//! What learning reads of a message: one scan over its header fields that takes what identifies it, RFC 3261, 8.1.1.

use super::cseq::CSeq;
use super::message::{Message, blank_len};
use super::start_line::{METHODS, StartLine};
use super::text::{is_space, near, number, split, trim, trim_end, trim_start};
use memchr::memchr;

/// The values of the header fields that tell transactions, dialogs and calls apart. What is missing is empty.
#[derive(Clone, Copy, Debug)]
pub(super) struct Glance<'a> {
    /// All of the message, as [`Message::bytes`].
    pub(super) bytes: &'a [u8],
    pub(super) start: Start<'a>,
    pub(super) body: &'a [u8],
    pub(super) content_type: Option<&'a [u8]>,
    pub(super) cseq: CSeq<'a>,
    pub(super) call_id: &'a [u8],
    /// The first Via.
    pub(super) via: &'a [u8],
    pub(super) from: &'a [u8],
    pub(super) to: &'a [u8],
    /// User-Agent, or Server.
    pub(super) agent: &'a [u8],
    pub(super) reason: &'a [u8],
}

/// What a start line says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Start<'a> {
    Request { method: &'a [u8], uri: &'a [u8] },
    Status { code: u16 },
}

impl<'a> Start<'a> {
    /// Reads a start line as [`StartLine::parse`] does; the usual ones at once.
    pub(super) fn parse(input: &'a [u8]) -> Option<(&'a [u8], Start<'a>)> {
        let end = near(input, b'\n', b'\n').unwrap_or(input.len());
        let (line, rest) = split(input, end);
        let (line, rest) = (line.strip_suffix(b"\r").unwrap_or(line), rest.get(1..).unwrap_or(&[]));
        if let Some([a @ b'1'..=b'6', b @ b'0'..=b'9', c @ b'0'..=b'9', b' ', ..]) =
            line.strip_prefix(b"SIP/2.0 ")
        {
            let digit = |byte: &u8| u16::from(byte - b'0');
            return Some((rest, Start::Status { code: digit(a) * 100 + digit(b) * 10 + digit(c) }));
        }
        if let Some(request) = line.strip_suffix(b" SIP/2.0") {
            let (method, uri) = split(request, request.iter().position(|byte| *byte == b' ').unwrap_or(0));
            let uri = uri.get(1..).unwrap_or(&[]);
            if Method::of(method) != Method::OTHER && uri.first().is_some_and(|byte| !is_space(*byte)) {
                return Some((rest, Start::Request { method, uri: trim_end(uri) }));
            }
        }
        StartLine::parse(input).ok().map(|(rest, start)| (rest, Start::of(start)))
    }
    fn of(start: StartLine<'a>) -> Start<'a> {
        match start {
            StartLine::Request(line) => Start::Request { method: line.method, uri: line.uri },
            StartLine::Status(line) => {
                Start::Status { code: number(line.code).0.min(u32::from(u16::MAX)) as u16 }
            }
        }
    }
}

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
        [b'V', b'i', b'a', b':', value @ ..] => (Name::Via, value),
        [b'F', b'r', b'o', b'm', b':', value @ ..] => (Name::From, value),
        [b'T', b'o', b':', value @ ..] => (Name::To, value),
        [b'C', b'S', b'e', b'q', b':', value @ ..] => (Name::CSeq, value),
        [b'C', b'a', b'l', b'l', b'-', b'I', b'D', b':', value @ ..] => (Name::CallId, value),
        [
            b'C',
            b'o',
            b'n',
            b't',
            b'e',
            b'n',
            b't',
            b'-',
            b'L',
            b'e',
            b'n',
            b'g',
            b't',
            b'h',
            b':',
            value @ ..,
        ] => (Name::ContentLength, value),
        [b'C', b'o', b'n', b't', b'e', b'n', b't', b'-', b'T', b'y', b'p', b'e', b':', value @ ..] => {
            (Name::ContentType, value)
        }
        [b'U', b's', b'e', b'r', b'-', b'A', b'g', b'e', b'n', b't', b':', value @ ..]
        | [b'S', b'e', b'r', b'v', b'e', b'r', b':', value @ ..] => (Name::Agent, value),
        [b'C', b'o', b'n', b't', b'a', ..] | [b'S', b'u', ..] => return None,
        _ => return unusual(line),
    };
    Some((name, bare(value)))
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
pub(super) fn scan<'a>(
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
    let begin = memchr(b'\n', head)? + 1;
    let (mut length, mut content_type) = (None, None);
    let (content, is_whole) = scan(
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

impl<'a> Glance<'a> {
    /// Looks at the first message of the bytes, which ends where [`Message::parse`] ends it.
    pub(super) fn parse(input: &'a [u8]) -> Option<(&'a [u8], Glance<'a>)> {
        let input = split(input, blank_len(input)).1;
        if input.is_empty() {
            return None;
        }
        let (head, start) = Start::parse(input)?;
        let mut values = [&[][..]; Name::ContentLength as usize];
        let (mut length, mut content_type) = (None, None);
        let wants = |letter: u8| matches!(letter, b'c' | b'f' | b'i' | b'l' | b'r'..=b'v');
        let (content, _) = scan(head, wants, |name, value| match name {
            Name::ContentLength => length = length.or(Some(value)),
            Name::ContentType => content_type = content_type.or(Some(value)),
            name => {
                if let Some(slot) = values.get_mut(name as usize).filter(|slot| slot.is_empty()) {
                    *slot = value;
                }
            }
        });
        let length = length.map(number).filter(|length| length.1).map(|length| length.0);
        let len = Message::body_len(content, length, content_type);
        let (body, rest) = split(content, len);
        let bytes = split(input, input.len() - rest.len()).0;
        let [via, from, to, call_id, cseq, agent, reason] = values;
        let cseq = CSeq::parse(cseq);
        Some((rest, Glance { bytes, start, body, content_type, cseq, call_id, via, from, to, agent, reason }))
    }
    /// The branch of the first Via, if it names the transaction: RFC 3261, 8.1.1.7.
    pub(super) fn branch(&self) -> Option<&'a [u8]> {
        parameter(self.via, b"branch=").filter(|branch| branch.starts_with(b"z9hG4bK") && branch.len() > 7)
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

/// The tag of From or To, RFC 3261, 19.3; empty if there is none.
pub(super) fn tag(value: &[u8]) -> &[u8] {
    let behind = value.iter().rposition(|byte| *byte == b'>').map_or(value, |at| split(value, at).1);
    parameter(behind, b"tag=").unwrap_or(&[])
}

/// The value of the first parameter of this name, which ends with an equals sign.
fn parameter<'a>(mut value: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    loop {
        value = value.get(near(value, b';', b';')? + 1..)?;
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
        let Some(len) = bytes.get(end..).and_then(|rest| near(rest, b'\n', b'\n')) else {
            return bytes.len();
        };
        end += len + 1;
        if !matches!(bytes.get(end), Some(b' ' | b'\t')) {
            return end;
        }
    }
}

/// A method: one of the registered ones, or any other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Method(u8);

impl Method {
    /// INVITE, RFC 3261, 13.
    pub const INVITE: Method = Method(0);
    /// ACK, RFC 3261, 13.
    pub const ACK: Method = Method(1);
    /// BYE, RFC 3261, 15.
    pub const BYE: Method = Method(2);
    /// CANCEL, RFC 3261, 9.
    pub const CANCEL: Method = Method(3);
    /// REGISTER, RFC 3261, 10.
    pub const REGISTER: Method = Method(4);
    /// A method that is not registered.
    pub const OTHER: Method = Method(u8::MAX);

    /// The method of this name.
    pub fn of(name: &[u8]) -> Method {
        Method(match name {
            b"INVITE" => 0,
            b"ACK" => 1,
            b"BYE" => 2,
            b"CANCEL" => 3,
            b"REGISTER" => 4,
            b"OPTIONS" => 5,
            _ => {
                let rare = METHODS.iter().position(|known| known.as_bytes() == name);
                return rare.map_or(Method::OTHER, |at| Method(at as u8));
            }
        })
    }
    /// Its name; empty for one that is not registered.
    pub fn name(self) -> &'static str {
        METHODS.get(usize::from(self.0)).copied().unwrap_or("")
    }
    /// Its place in [`METHODS`]; none for one that is not registered.
    pub(super) fn index(self) -> Option<usize> {
        Some(usize::from(self.0)).filter(|at| *at < METHODS.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &[u8] = b"\r\nINVITE sip:a@b SIP/2.0\r\nv: SIP/2.0/UDP h;rport;branch=z9hG4bK7;x=y, SIP/2.0/TCP g;branch=q\r\n\
        Via: SIP/2.0/TCP g\r\nFrom : \"A;tag=x\" <sip:a@b;tag=no> ; tag=f1;z\r\nTo: sip:c@d;tag=t1\r\ni:\r\n id@host\r\n\
        CSeq: 7 INVITE\r\nTimestamp: 1\r\nUser-Agent: One\r\nReason: SIP;cause=200\r\nl: 3\r\nc: text/plain\r\n\r\nabcBYE";

    #[test]
    fn what_identifies_a_message_is_found() {
        let (rest, glance) = Glance::parse(TEXT).unwrap();
        assert_eq!(
            (glance.body, rest, glance.content_type),
            (&b"abc"[..], &b"BYE"[..], Some(&b"text/plain"[..]))
        );
        assert_eq!((glance.branch(), glance.is_datagram()), (Some(&b"z9hG4bK7"[..]), true));
        assert_eq!((tag(glance.from), tag(glance.to), tag(b"sip:a@b")), (&b"f1"[..], &b"t1"[..], &b""[..]));
        assert_eq!((glance.call_id, glance.cseq.number()), (&b"id@host"[..], Some(7)));
        assert_eq!((Method::of(glance.cseq.method), Method::of(b"invite")), (Method::INVITE, Method::OTHER));
        assert_eq!((glance.agent, glance.reason), (&b"One"[..], &b"SIP;cause=200"[..]));
        for (at, name) in METHODS.iter().enumerate() {
            assert_eq!(
                (Method::of(name.as_bytes()).index(), Method::of(name.as_bytes()).name()),
                (Some(at), *name)
            );
        }
    }

    #[test]
    fn start_lines_are_read_as_ever() {
        for line in [
            &b"SIP/2.0 200 OK\r\nx"[..],
            b"SIP/2.0 700 x\n",
            b"sip/2.0 200 OK\n",
            b"SIP/2.0 4294967299 x\n",
            b"SIP/2.0  200 OK\n",
            b"SIP/2.0 200",
            b"SIP/2.0 200x\n",
            b"BYE sip:a@b SIP/2.0\n",
            b"BYE sip:a@b  SIP/2.0\n",
            b"BYE  sip:a@b SIP/2.0 \r\n",
            b"BYE SIP/2.0\n",
            b"BYE\tx SIP/2.0\n",
            b"FOO sip:a@b SIP/2.0\n",
            b"BYE sip:a@b HTTP/1.1\n",
            b" SIP/2.0\n",
            b"",
        ] {
            let whole = StartLine::parse(line).ok().map(|(rest, start)| (rest, Start::of(start)));
            assert_eq!(Start::parse(line), whole, "{}", String::from_utf8_lossy(line));
        }
    }

    #[test]
    fn a_glance_and_a_message_end_together() {
        for end in 0..TEXT.len() {
            let (whole, glance) = (Message::parse(&TEXT[..end]), Glance::parse(&TEXT[..end]));
            assert_eq!(whole.is_ok(), glance.is_some());
            if let (Ok((rest, message)), Some((same, glance))) = (whole, glance) {
                assert_eq!((rest, message.bytes, message.body), (same, glance.bytes, glance.body), "{end}");
                assert_eq!(
                    (message.content_type, Start::of(message.start)),
                    (glance.content_type, glance.start)
                );
            }
        }
    }
}
