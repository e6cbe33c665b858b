//! The start line: Request-Line and Status-Line, RFC 3261, 7.1 and 7.2.

use super::address::NameAddr;
use super::method::Method;
use super::text::{is_token, line_feed, split, trim, trim_end, trim_start};
use super::uri::{self, Uri};
use crate::tree::Item;
use crate::{Area, Cx, Malformed, Out, Parsed, Severity, Show, fields};
use nom::bytes::complete::{tag_no_case, take_while, take_while1};
use nom::{Parser, character::complete::char};

fields! {
    /// The first line of a request.
    pub REQUEST_LINE = "sip.Request-Line", "Request-Line", Show::text(), "RFC 3261, 7.1";
    /// What is asked for.
    pub METHOD = "sip.Method", "Method", Show::text(), "RFC 3261, 7.1";
    /// The first line of a response.
    pub STATUS_LINE = "sip.Status-Line", "Status-Line", Show::text(), "RFC 3261, 7.2";
    /// The outcome, as a number.
    pub STATUS_CODE = "sip.Status-Code", "Status-Code", Show::u32(), "RFC 3261, 7.2";
    /// The outcome, in words. Wireshark registers `sip.Reason-Phrase`, but never shows it.
    pub REASON_PHRASE = "sip.reason_phrase", "Reason-Phrase", Show::text(), "RFC 3261, 7.2";
    /// The code has not three digits from 100 to 699.
    pub STATUS_CODE_INVALID = "sip.Status-Code.invalid", "Invalid Status-Code", Show::expert(Severity::Error, Area::Malformed), "RFC 3261, 7.2";
    /// More than one space, a method with other signs than a token's, a URI without scheme or host or with a port of other signs
    /// than digits, a space or headers in it, brackets around it, or a version other than 2.0.
    pub REQUEST_LINE_INVALID = "sip.Request-Line.invalid", "Request-Line breaks the grammar", Show::expert(Severity::Warn, Area::Malformed), "RFC 3261, 7.1";
}

/// The version of the protocol, in capitals as it is to be sent: RFC 3261, 7.1.
const VERSION: &[u8] = b"SIP/2.0";

/// Where the first word of a line ends at the latest, if it is a registered method or [`VERSION`].
const LONGEST_WORD: usize = 10;

/// The methods registered with IANA.
pub static METHODS: &[&str] = &[
    "INVITE",
    "ACK",
    "BYE",
    "CANCEL",
    "REGISTER",
    "OPTIONS",
    "PRACK",
    "SUBSCRIBE",
    "NOTIFY",
    "PUBLISH",
    "INFO",
    "REFER",
    "MESSAGE",
    "UPDATE",
];

/// A start line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StartLine<'a> {
    /// Of a request.
    Request(RequestLine<'a>),
    /// Of a response.
    Status(StatusLine<'a>),
}

/// `INVITE sip:bob@example.com SIP/2.0`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestLine<'a> {
    /// The line without its end.
    pub bytes: &'a [u8],
    /// The method; its case matters.
    pub method: &'a [u8],
    /// The Request-URI, trimmed.
    pub uri: &'a [u8],
    /// The version: `SIP/2.0`.
    pub version: &'a [u8],
}

/// `SIP/2.0 200 OK`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatusLine<'a> {
    /// The line without its end.
    pub bytes: &'a [u8],
    /// The version: `SIP/2.0`.
    pub version: &'a [u8],
    /// The digits of the Status-Code.
    pub code: &'a [u8],
    /// The Reason-Phrase, which may be empty.
    pub reason: &'a [u8],
}

impl<'a> StartLine<'a> {
    /// Reads a start line; the rest begins behind its line end. The error says that the line is none of SIP's.
    #[inline]
    pub fn parse(input: &'a [u8]) -> Parsed<'a, StartLine<'a>> {
        StartLine::usual(input).map_or_else(|| StartLine::any(input), Ok)
    }
    /// The same for lines as most write them: of version 2.0, with single spaces, a registered method.
    fn usual(input: &'a [u8]) -> Option<(&'a [u8], StartLine<'a>)> {
        let word = split(input, LONGEST_WORD).0;
        let word = split(word, word.iter().position(|byte| *byte == b' ')?).0;
        let is_status = word == VERSION;
        if !is_status && Method::of(word) == Method::OTHER {
            return None;
        }
        let (line, rest) = split(input, line_feed(input).unwrap_or(input.len()));
        let (line, rest) = (line.strip_suffix(b"\r").unwrap_or(line), rest.get(1..).unwrap_or(&[]));
        let own = line.get(word.len() + 1..)?;
        if is_status {
            let (code, reason) = own.split_first_chunk::<3>()?;
            let reason = reason.strip_prefix(b" ").filter(|_| code.iter().all(u8::is_ascii_digit))?;
            return Some((rest, StartLine::Status(StatusLine { bytes: line, version: word, code, reason })));
        }
        let (uri, version) = own.split_at_checked(own.len().checked_sub(VERSION.len())?)?;
        let uri = uri.strip_suffix(b" ").filter(|uri| version == VERSION && !uri.is_empty())?;
        Some((rest, StartLine::Request(RequestLine { bytes: line, method: word, uri: trim(uri), version })))
    }
    fn any(input: &'a [u8]) -> Parsed<'a, StartLine<'a>> {
        let none = || nom::Err::Error(Malformed::value(&REQUEST_LINE, 0, "is no SIP start line"));
        // Bytes that are no text leave here, before a line end is looked for.
        let (behind, word) = take_while1::<_, _, ()>(|byte| byte > b' ').parse(input).map_err(|_| none())?;
        let is_status = tag_no_case::<_, _, ()>("SIP/").parse(word).is_ok();
        if !matches!(behind, [b' ' | b'\t', ..]) {
            return Err(none());
        }
        let of_line = |line: &'a [u8]| {
            if is_status {
                StatusLine::parse(line).map(StartLine::Status)
            } else {
                RequestLine::parse(line, word).map(StartLine::Request)
            }
        };
        // A carriage return alone ends a line that is none with what follows it.
        let until = |end: u8| {
            let (line, rest) = split(input, memchr::memchr(end, input).unwrap_or(input.len()));
            let start = of_line(line.strip_suffix(b"\r").unwrap_or(line))?;
            Some((rest.get(1..).unwrap_or(&[]), start))
        };
        until(b'\n').or_else(|| until(b'\r')).ok_or_else(none)
    }
    /// The line without its end.
    pub fn bytes(&self) -> &'a [u8] {
        match self {
            StartLine::Request(line) => line.bytes,
            StartLine::Status(line) => line.bytes,
        }
    }
    /// Whether it follows the grammar so strictly that it can be nothing else.
    pub fn is_sure(&self) -> bool {
        match self {
            StartLine::Request(line) => {
                line.is_exact() && (line.is_known() || uri::scheme_len(line.uri).is_some())
            }
            StartLine::Status(line) => line.number().is_some(),
        }
    }
    /// Adds the line, and what `more` adds under it.
    pub(super) fn emit(&self, cx: &mut Cx<'_>, more: impl FnOnce(&mut Cx<'_>)) {
        match self {
            StartLine::Request(line) => line.emit(cx, more),
            StartLine::Status(line) => line.emit(cx, more),
        }
    }
}

impl<'a> RequestLine<'a> {
    fn parse(line: &'a [u8], method: &'a [u8]) -> Option<RequestLine<'a>> {
        let trimmed = trim_end(line);
        let space = trimmed.iter().rposition(|byte| matches!(byte, b' ' | b'\t'))?;
        let version = trimmed.get(space + 1..)?;
        let (digits, _) = tag_no_case::<_, _, ()>("SIP/").parse(version).ok()?;
        if digits.is_empty() || !digits.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.') {
            return None;
        }
        let uri = trim(line.get(method.len()..space)?);
        Some(RequestLine { bytes: line, method, uri, version })
    }
    /// Whether single spaces separate the three, the URI has none and no brackets, and the version is 2.0.
    pub fn is_exact(&self) -> bool {
        self.bytes.len() == self.method.len() + self.uri.len() + self.version.len() + 2
            && self.version.eq_ignore_ascii_case(VERSION)
            && !self.uri.is_empty()
            && self.uri.first() != Some(&b'<')
            && !self.uri.iter().any(u8::is_ascii_whitespace)
    }
    /// Whether the method is registered.
    pub fn is_known(&self) -> bool {
        METHODS.iter().any(|method| method.as_bytes() == self.method)
    }
    fn emit(&self, cx: &mut Cx<'_>, more: impl FnOnce(&mut Cx<'_>)) {
        cx.group(&REQUEST_LINE, self.bytes, |cx| {
            cx.leaf(&METHOD, self.method, 0);
            // A name and brackets do not belong here; the URI in them is shown all the same.
            let (address, _) = match memchr::memchr(b'<', self.uri) {
                Some(_) => NameAddr::parse(self.uri, true),
                None => (None, &[][..]),
            };
            if let Some(display) = address.and_then(|address| address.display) {
                cx.leaf(&uri::R_URI_DISPLAY, display, 0);
            }
            let uri = address.map_or_else(|| Uri::parse(self.uri), |address| address.uri);
            uri.emit(cx, self.uri, &uri::REQUEST_URI);
            let is_method = self.method.iter().all(|byte| is_token(*byte));
            if !self.is_exact()
                || !is_method
                || uri.scheme.is_empty()
                || uri.headers.is_some()
                || !uri.is_exact()
            {
                cx.expert(&REQUEST_LINE_INVALID, self.bytes);
            }
            more(cx);
        });
    }
}

impl<'a> StatusLine<'a> {
    fn parse(line: &'a [u8]) -> Option<StatusLine<'a>> {
        let (rest, _) = tag_no_case::<_, _, ()>("SIP/").parse(line).ok()?;
        let (rest, _) =
            take_while::<_, _, ()>(|byte: u8| byte.is_ascii_digit() || byte == b'.').parse(rest).ok()?;
        let version = line.get(..line.len() - rest.len())?;
        let (rest, _) = char::<_, ()>(' ').parse(rest).ok()?;
        let (rest, code) =
            take_while1::<_, _, ()>(|byte: u8| byte.is_ascii_digit()).parse(trim_start(rest)).ok()?;
        let reason = match rest {
            [b' ', reason @ ..] => reason,
            [] => rest,
            _ => return None,
        };
        Some(StatusLine { bytes: line, version, code, reason })
    }
    /// The code, if it has three digits from 100 to 699 and the version is 2.0.
    pub fn number(&self) -> Option<u16> {
        let code = match self.code {
            [a @ b'1'..=b'6', b, c] => {
                u16::from(a - b'0') * 100 + u16::from(b - b'0') * 10 + u16::from(c - b'0')
            }
            _ => return None,
        };
        self.version.eq_ignore_ascii_case(VERSION).then_some(code)
    }
    fn emit(&self, cx: &mut Cx<'_>, more: impl FnOnce(&mut Cx<'_>)) {
        cx.group(&STATUS_LINE, self.bytes, |cx| {
            cx.leaf(&STATUS_CODE, self.code, super::text::number(self.code).0.into());
            if self.number().is_none() {
                cx.expert(&STATUS_CODE_INVALID, self.code);
            }
            if !self.reason.is_empty() {
                cx.leaf(&REASON_PHRASE, self.reason, 0);
            }
            more(cx);
        });
    }
}

/// Writes the method or the code behind the protocol's name.
pub(super) fn write_root(item: Item<'_>, out: &mut Out) {
    let line = item.child(&REQUEST_LINE).and_then(|line| line.child(&METHOD));
    if let Some(word) = line.or_else(|| item.child(&STATUS_LINE)?.child(&STATUS_CODE)) {
        out.str(" (").text(word.bytes()).byte(b')');
    }
}
