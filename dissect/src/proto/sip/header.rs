//! Header fields: the lines, RFC 3261, 7.3; how a line becomes nodes; and the look-up of a header by its name.

use super::address::{AddressFields, NameAddr, NameAddrs};
use super::table::{self, HEADERS};
use super::text::{List, Params, Unfold, find, is_token, line_feed, near, number, split, trim};
use crate::{Area, Cx, Field, Severity, Show, fields};

fields! {
    /// A header that this program does not know.
    pub UNKNOWN = "sip.unknown_header", "Unknown header", Show::text().repeats(), "RFC 3261, 7.3.1";
    /// The header is none of the known ones.
    pub UNRECOGNIZED = "sip.unrecognized_header", "Unrecognised SIP header", Show::expert(Severity::Note, Area::Undecoded), "RFC 3261, 7.3.1";
    /// A line without a colon.
    pub NO_COLON = "sip.header_no_colon", "Header has no colon after the name", Show::expert(Severity::Warn, Area::Malformed), "RFC 3261, 7.3.1";
    /// A line that is no header.
    pub LINE = "sip.header_line", "Line", Show::text().repeats(), "RFC 3261, 7.3.1";
    /// The Call-ID once more, as what names the call.
    pub CALL_ID_GENERATED = "sip.call_id_generated", "Generated Call-ID", Show::text().repeats(), "RFC 3261, 20.8";
    /// A parameter of a header.
    pub PARAMETER = "sip.parameter", "Parameter", Show::text().repeats(), "RFC 3261, 7.3.1";
    /// The number is none, or too large.
    pub NUMBER_INVALID = "sip.number.invalid", "Number is missing, followed by something else or too large", Show::expert(Severity::Warn, Area::Malformed), "RFC 3261, 25.1";
    /// A header that may stand once stands again.
    pub REPEATED = "sip.header_repeated", "Header must not stand more than once", Show::expert(Severity::Warn, Area::Protocol), "RFC 3261, 20";
    /// The date is not in Greenwich Mean Time.
    pub DATE_INVALID = "sip.Date.invalid", "Date is not in GMT", Show::expert(Severity::Warn, Area::Protocol), "RFC 3261, 20.17";
    /// Content-Length is no number, or larger than what follows.
    pub LENGTH_INVALID = "sip.content_length.invalid", "Invalid content_length", Show::expert(Severity::Note, Area::Malformed), "RFC 3261, 20.14";
    /// Retry-After does not begin with a number.
    pub RETRY_INVALID = "sip.retry_after.invalid", "Invalid retry_after value", Show::expert(Severity::Note, Area::Malformed), "RFC 3261, 20.33";
}

/// One header field of a message, with the lines it is folded over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeaderLine<'a> {
    /// All of it with its line ends.
    pub bytes: &'a [u8],
    /// The name, trimmed; empty where there is no colon.
    pub name: &'a [u8],
    /// The value, trimmed. Folded lines stand in it as they came: see [`Unfold`].
    pub value: &'a [u8],
    /// Whether the value goes over several lines.
    pub folded: bool,
}

/// The header fields of a message.
#[derive(Clone, Debug)]
pub struct Headers<'a> {
    rest: &'a [u8],
}

impl<'a> Headers<'a> {
    /// The header fields in bytes that begin with the first of them; they end at an empty line or at the end.
    pub fn new(bytes: &'a [u8]) -> Headers<'a> {
        Headers { rest: bytes }
    }
    /// What follows the fields iterated so far.
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }
    /// The length of the line end here, if here is an empty line.
    pub(super) fn blank(&self) -> Option<usize> {
        match self.rest {
            [b'\n', ..] => Some(1),
            [b'\r', b'\n', ..] => Some(2),
            _ => None,
        }
    }
}

impl<'a> Iterator for Headers<'a> {
    type Item = HeaderLine<'a>;
    #[inline]
    fn next(&mut self) -> Option<HeaderLine<'a>> {
        if self.rest.is_empty() || self.blank().is_some() {
            return None;
        }
        let (mut end, mut folded) = (0, false);
        loop {
            let Some(len) = self.rest.get(end..).and_then(line_feed) else {
                end = self.rest.len();
                break;
            };
            end += len + 1;
            if !matches!(self.rest.get(end), Some(b' ' | b'\t')) {
                break;
            }
            folded = true;
        }
        let (bytes, rest) = split(self.rest, end);
        self.rest = rest;
        let (name, value) = match near(bytes, [b':']) {
            Some(colon) => (split(bytes, colon).0, bytes.get(colon + 1..).unwrap_or(&[])),
            None => (&[][..], bytes),
        };
        Some(HeaderLine { bytes, name: trim(name), value: trim(value), folded })
    }
}

/// A known header: the row of [`HEADERS`].
#[derive(Debug)]
pub struct Header {
    /// Its name, as its specification writes it.
    pub name: &'static str,
    /// Its one-letter name; 0 for none.
    pub compact: u8,
    /// The field that shows it.
    pub field: &'static Field,
    /// What its value is made of.
    pub(super) shape: Shape,
}

/// What the value of a header is made of.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shape {
    /// Text.
    Text,
    /// A date.
    Date,
    /// A number up to a limit.
    Number(u32),
    /// Values with parameters, which have no fields of their own.
    Params,
    /// A list of addresses.
    Addresses(&'static AddressFields),
    /// One address.
    Address(&'static AddressFields),
    /// Something of its own: a function adds the nodes under the header's.
    Own(fn(&mut Cx<'_>, &[u8])),
    /// The same, for authentication: the whole header stands there again as `sip.auth`, hidden.
    Auth(fn(&mut Cx<'_>, &[u8])),
    /// Call-ID.
    CallId,
    /// Content-Length.
    ContentLength,
    /// Retry-After.
    RetryAfter,
}

const SLOTS: usize = 1024;

/// Where in the table of slots the search for a name begins.
const fn slot(name: &[u8]) -> usize {
    let len = name.len();
    if len == 0 {
        return 0;
    }
    let (first, middle, last) = (name[0] | 0x20, name[len / 2] | 0x20, name[len - 1] | 0x20);
    let third = name[len / 3] | 0x20;
    (len * 67 + first as usize * 31 + middle as usize * 7 + last as usize * 131 + third as usize * 17) % SLOTS
}

/// The rows of the headers by their names, one more than the row; 0 where there is none.
static BY_NAME: [u8; SLOTS] = by_name();
/// The same by their one-letter names.
static BY_LETTER: [u8; 32] = by_letter();

const fn by_name() -> [u8; SLOTS] {
    let mut slots = [0; SLOTS];
    let mut row = 0;
    while row < HEADERS.len() {
        let mut at = slot(HEADERS[row].name.as_bytes());
        while slots[at] != 0 {
            at = (at + 1) % SLOTS;
        }
        slots[at] = row as u8 + 1;
        row += 1;
    }
    slots
}

const fn by_letter() -> [u8; 32] {
    let mut slots = [0; 32];
    let mut row = 0;
    while row < HEADERS.len() {
        if HEADERS[row].compact != 0 {
            slots[HEADERS[row].compact as usize & 31] = row as u8 + 1;
        }
        row += 1;
    }
    slots
}

impl Header {
    /// The header of a name, long or compact; case does not matter.
    pub fn find(name: &[u8]) -> Option<&'static Header> {
        if let [letter] = name {
            let row = *BY_LETTER.get(usize::from(letter & 31))?;
            let header = HEADERS.get(usize::from(row).checked_sub(1)?)?;
            return (header.compact == letter.to_ascii_lowercase()).then_some(header);
        }
        let mut at = slot(name);
        loop {
            let row = *BY_NAME.get(at)?;
            let header = HEADERS.get(usize::from(row).checked_sub(1)?)?;
            let own = header.name.as_bytes();
            if own == name || own.eq_ignore_ascii_case(name) {
                return Some(header);
            }
            at = (at + 1) % SLOTS;
        }
    }
    fn dissect(&'static self, cx: &mut Cx<'_>, line: &HeaderLine<'_>) {
        let value = line.value;
        // Whoever reads whole headers only is spared their parts.
        let whole = !cx.wants_beyond(&[table::FIELDS, super::start_line::FIELDS]);
        match self.shape {
            Shape::Date | Shape::Params | Shape::Own(_) | Shape::Addresses(_) | Shape::Address(_)
                if whole =>
            {
                self.text(cx, line, |_| ());
            }
            Shape::Date => self.text(cx, line, |cx| {
                if !value.ends_with(b"GMT") {
                    cx.expert(&DATE_INVALID, value);
                }
            }),
            Shape::Text => self.text(cx, line, |_| ()),
            Shape::CallId => {
                self.text(cx, line, |_| ());
                cx.own_text(&CALL_ID_GENERATED, line.bytes, value, crate::Node::GENERATED);
            }
            Shape::Params => self.text(cx, line, |cx| parameters(cx, value)),
            Shape::Own(dissect) => self.text(cx, line, |cx| dissect(cx, value)),
            Shape::Auth(dissect) => {
                self.text(cx, line, |cx| dissect(cx, value));
                cx.marked(&super::auth::AUTH, line.bytes, 0, crate::Node::HIDDEN);
            }
            Shape::Addresses(fields) => self.text(cx, line, |cx| {
                if value != b"*" {
                    NameAddrs::new(value).for_each(|address| address.emit(cx, fields));
                }
            }),
            Shape::Address(fields) => self.text(cx, line, |cx| {
                if let (Some(address), _) = NameAddr::parse(value, true) {
                    address.emit(cx, fields);
                }
            }),
            Shape::Number(limit) => self.number(cx, line, value, limit, &NUMBER_INVALID),
            Shape::ContentLength => self.number(cx, line, value, u32::MAX, &LENGTH_INVALID),
            Shape::RetryAfter => {
                let digits = value.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(value.len());
                let whole = !matches!(value.get(digits), Some(byte) if is_token(*byte));
                let digits = if whole { split(value, digits).0 } else { value };
                self.number(cx, line, digits, u32::MAX, &RETRY_INVALID);
            }
        }
    }
    /// Adds the header with its value, unfolded, and what `body` adds under it.
    fn text(&'static self, cx: &mut Cx<'_>, line: &HeaderLine<'_>, body: impl FnOnce(&mut Cx<'_>)) {
        if line.folded {
            cx.joined(self.field, line.bytes, Unfold::new(line.value), body);
        } else {
            cx.part(self.field, line.bytes, line.value, body);
        }
    }
    /// Adds the header as a number, with a remark where it is none.
    fn number(
        &'static self,
        cx: &mut Cx<'_>,
        line: &HeaderLine<'_>,
        digits: &[u8],
        limit: u32,
        fault: &'static Field,
    ) {
        let (value, whole) = number(digits);
        cx.group_with(self.field, line.bytes, value.into(), |cx| {
            if !whole || value > limit {
                cx.expert(fault, line.bytes);
            }
        });
    }
}

/// Adds the parameters of values that have no fields of their own.
fn parameters(cx: &mut Cx<'_>, value: &[u8]) {
    for piece in List::new(value) {
        let (_, params) = split(piece, find(piece, b';', b';'));
        for param in Params::new(params) {
            super::leaf(cx, &PARAMETER, trim(param.bytes));
        }
    }
}

/// The headers that every message has, RFC 3261, 8.1.1 and 8.2.6, and behind them others that may stand only once. Via
/// may stand more often.
static ONCE: &[&Field] = &[
    &table::VIA,
    &table::FROM,
    &table::TO,
    &table::CALL_ID,
    &table::CSEQ,
    &table::MAX_FORWARDS,
    &table::CONTENT_LENGTH,
    &table::CONTENT_TYPE,
];
const MANDATORY: u16 = 0b1_1111;

/// Which of the headers of [`ONCE`] were seen in a message.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Seen(u16);

impl Seen {
    fn add(&mut self, cx: &mut Cx<'_>, header: &'static Header, line: &HeaderLine<'_>) {
        if let Some(at) = ONCE.iter().position(|field| *field == header.field) {
            if at > 0 && self.0 >> at & 1 == 1 {
                cx.expert(&REPEATED, line.bytes);
            }
            self.0 |= 1 << at;
        }
    }
    /// Whether the headers that every message has were there.
    pub(super) fn is_complete(self) -> bool {
        self.0 & MANDATORY == MANDATORY
    }
}

/// Adds the Call-IDs of the sessions that were said to use an end.
pub(crate) fn show_sessions(cx: &mut Cx<'_>, end: u32, place: &[u8]) {
    for at in 0..crate::flow::expected::MOST_SESSIONS {
        let Some(name) = cx.session_at(end, at).filter(|_| cx.showing()) else { return };
        cx.own_text(&CALL_ID_GENERATED, place, &name, crate::Node::GENERATED);
    }
}

/// Adds a header line.
pub(super) fn dissect(cx: &mut Cx<'_>, line: &HeaderLine<'_>, seen: &mut Seen) {
    if let Some(header) = Header::find(line.name) {
        header.dissect(cx, line);
        return seen.add(cx, header, line);
    }
    let bytes = super::text::trim_end(line.bytes);
    let (field, fault) = if line.name.is_empty() { (&LINE, &NO_COLON) } else { (&UNKNOWN, &UNRECOGNIZED) };
    let body = |cx: &mut Cx<'_>| cx.expert(fault, bytes);
    if line.folded {
        cx.joined(field, line.bytes, Unfold::new(bytes), body);
    } else {
        cx.part(field, line.bytes, bytes, body);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_header_is_found_by_its_names() {
        for header in HEADERS {
            assert!(std::ptr::eq(Header::find(header.name.as_bytes()).unwrap(), header), "{}", header.name);
            let upper = header.name.to_ascii_uppercase();
            assert!(std::ptr::eq(Header::find(upper.as_bytes()).unwrap(), header));
            if header.compact != 0 {
                let letters = [header.compact, header.compact.to_ascii_uppercase()];
                assert!(letters.iter().all(|letter| std::ptr::eq(Header::find(&[*letter]).unwrap(), header)));
            }
        }
        for name in ["", "Q", "Vi", "Viaa", "Content-Lengt", "z", ":", "\u{8}", "\u{b}"] {
            assert!(Header::find(name.as_bytes()).is_none(), "{name:?}");
        }
        // The table stays sparse, so that names which are no headers are soon known to be none.
        assert!(HEADERS.len() < 255 && HEADERS.len() * 4 < SLOTS);
    }

    #[test]
    fn folded_lines_are_one_header() {
        let lines: Vec<_> = Headers::new(b"A:1\r\nSubject : a\r\n  b\n\tc\nno colon\r\n\r\nbody").collect();
        let names: Vec<_> = lines.iter().map(|line| (line.name, line.value, line.folded)).collect();
        let expected: [(&[u8], &[u8], bool); 3] =
            [(b"A", b"1", false), (b"Subject", b"a\r\n  b\n\tc", true), (b"", b"no colon", false)];
        assert_eq!(names, expected);
    }
}
