//! Lines and words: what every part of a description is made of. RFC 8866, 5.

use crate::proto::sip::text::near;

/// A line: a letter, an equals sign, a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// The letter; 0 for a line that has no equals sign behind its first byte.
    pub kind: u8,
    /// What follows the equals sign; all of a line that has none.
    pub value: &'a [u8],
    /// All of the line but its end.
    pub whole: &'a [u8],
}

/// The lines of a description. Lines end with CR LF, or LF or CR alone.
///
/// A line shorter than two bytes ends the description, a blank one above all: [`Lines::rest`] begins there.
///
/// ```
/// let mut lines = dissect::proto::sdp::lines(b"v=0\ns=-\r\n\r\nmore");
/// assert_eq!(lines.by_ref().map(|line| line.kind).collect::<Vec<_>>(), b"vs");
/// assert_eq!(lines.rest(), b"\r\nmore");
/// ```
pub fn lines(bytes: &[u8]) -> Lines<'_> {
    Lines { rest: bytes }
}

/// Iterates over the lines of a description: see [`lines`].
#[derive(Clone, Debug)]
pub struct Lines<'a> {
    rest: &'a [u8],
}

impl<'a> Lines<'a> {
    /// What was not read yet.
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;
    #[inline]
    fn next(&mut self) -> Option<Line<'a>> {
        let (whole, rest) = first(self.rest);
        let (start, value) = whole.split_first_chunk::<2>()?;
        self.rest = rest;
        Some(match *start {
            [kind, b'='] => Line { kind, value, whole },
            _ => Line { kind: 0, value: whole, whole },
        })
    }
}

/// The first line without its end, and what follows its end.
#[inline]
fn first(bytes: &[u8]) -> (&[u8], &[u8]) {
    let end = near(bytes, [b'\r', b'\n']).unwrap_or(bytes.len());
    let (line, rest) = bytes.split_at_checked(end).unwrap_or((bytes, &[]));
    let skip = if rest.starts_with(b"\r\n") { 2 } else { 1 };
    (line, rest.get(skip..).unwrap_or(&[]))
}

/// A word of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word<'a> {
    /// Its text.
    pub text: &'a [u8],
    /// The spaces before it that are more than the one that separates words.
    pub spaces: &'a [u8],
}

/// The words of a value, which spaces separate.
///
/// ```
/// use dissect::proto::sdp::Words;
/// let mut words = Words::new(b"IN  IP4 a b");
/// assert_eq!(words.next().unwrap().text, b"IN");
/// assert_eq!(words.next().map(|word| (word.spaces, word.text)), Some((&b" "[..], &b"IP4"[..])));
/// assert_eq!(words.remainder().unwrap().text, b"a b");
/// ```
#[derive(Clone, Debug)]
pub struct Words<'a> {
    rest: &'a [u8],
}

impl<'a> Words<'a> {
    /// The words of a value.
    pub fn new(value: &'a [u8]) -> Words<'a> {
        Words { rest: value }
    }
    /// What was not read yet.
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }
    /// All that is left as one word; nothing when only spaces are.
    pub fn remainder(&mut self) -> Option<Word<'a>> {
        let (spaces, text) = self.spaces();
        self.rest = text.get(text.len()..)?;
        (!text.is_empty()).then_some(Word { text, spaces })
    }
    fn spaces(&self) -> (&'a [u8], &'a [u8]) {
        let count = self.rest.iter().take_while(|byte| **byte == b' ').count();
        self.rest.split_at_checked(count).unwrap_or((&[], self.rest))
    }
}

impl<'a> Iterator for Words<'a> {
    type Item = Word<'a>;
    #[inline]
    fn next(&mut self) -> Option<Word<'a>> {
        let (spaces, rest) = self.spaces();
        let end = rest.iter().position(|byte| *byte == b' ').unwrap_or(rest.len());
        let (text, rest) = rest.split_at_checked(end)?;
        self.rest = rest.strip_prefix(b" ").unwrap_or(rest);
        (!text.is_empty()).then_some(Word { text, spaces })
    }
}

/// The text before the separator, and the text behind it where there is one.
#[inline]
pub(super) fn split(text: &[u8], separator: u8) -> (&[u8], Option<&[u8]>) {
    match text.iter().position(|byte| *byte == separator) {
        Some(at) => (text.get(..at).unwrap_or(text), text.get(at + 1..)),
        None => (text, None),
    }
}

/// A number of decimal digits; nothing for other text, and for one that 64 bits do not hold.
#[inline]
pub(super) fn number(text: &[u8]) -> Option<u64> {
    let digit = |value: u64, byte: &u8| {
        let digit = byte.is_ascii_digit().then_some(u64::from(*byte & 15))?;
        value.checked_mul(10)?.checked_add(digit)
    };
    if text.is_empty() { None } else { text.iter().try_fold(0, digit) }
}

/// The digits at the beginning of a text.
#[inline]
pub(super) fn digits(text: &[u8]) -> &[u8] {
    text.get(..text.iter().take_while(|byte| byte.is_ascii_digit()).count()).unwrap_or(text)
}
