//! What the grammar of RFC 3261, 25.1 is made of: tokens, white space, quoted strings, parameters.

use memchr::memchr;

/// Whether a byte may stand in a token.
#[inline]
pub const fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'-' | b'.' | b'!' | b'%' | b'*' | b'_' | b'+' | b'`' | b'\'' | b'~')
}

/// Whether a byte is white space, line ends of folded lines included.
#[inline]
pub const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// The bytes without white space at both ends.
#[inline]
pub fn trim(bytes: &[u8]) -> &[u8] {
    trim_end(trim_start(bytes))
}

/// The bytes without white space in front.
#[inline]
pub fn trim_start(bytes: &[u8]) -> &[u8] {
    let from = bytes.iter().position(|byte| !is_space(*byte)).unwrap_or(bytes.len());
    bytes.get(from..).unwrap_or(&[])
}

/// The bytes without white space behind.
#[inline]
pub fn trim_end(bytes: &[u8]) -> &[u8] {
    let to = bytes.iter().rposition(|byte| !is_space(*byte)).map_or(0, |at| at + 1);
    bytes.get(..to).unwrap_or(&[])
}

/// The bytes before and from `at`; all and nothing where there are fewer.
#[inline]
pub(super) fn split(bytes: &[u8], at: usize) -> (&[u8], &[u8]) {
    bytes.split_at_checked(at).unwrap_or((bytes, &[]))
}

/// Where the first of some bytes stands. Lines and words are short: eight bytes at a time take less than a call of memchr's.
#[inline]
pub(crate) fn near<const N: usize>(bytes: &[u8], wanted: [u8; N]) -> Option<usize> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    // The lowest high bit that is set is that of the first byte that is zero.
    let zeros = |word: u64| word.wrapping_sub(ONES) & !word & ONES << 7;
    let mut rest = bytes;
    while let Some((word, more)) = rest.split_first_chunk() {
        let word = u64::from_le_bytes(*word);
        let found = wanted.iter().fold(0, |found, byte| found | zeros(word ^ (u64::from(*byte) * ONES)));
        if found != 0 {
            return Some(bytes.len() - rest.len() + (found.trailing_zeros() / 8) as usize);
        }
        rest = more;
    }
    let at = rest.iter().position(|byte| wanted.contains(byte))?;
    Some(bytes.len() - rest.len() + at)
}

/// Where the first line feed stands. Sixteen bytes are compared at once, and only where it is among them one by one.
#[inline]
pub(super) fn line_feed(bytes: &[u8]) -> Option<usize> {
    let mut rest = bytes;
    while let Some((block, more)) = rest.split_first_chunk::<16>() {
        if block.iter().map(|byte| u8::from(*byte == b'\n')).fold(0, std::ops::BitOr::bitor) != 0 {
            break;
        }
        rest = more;
    }
    Some(bytes.len() - rest.len() + near(rest, [b'\n'])?)
}

/// The length of a quoted string with its quotes, RFC 3261, 25.1; all bytes where no quote ends it.
pub fn quoted_len(bytes: &[u8]) -> usize {
    let mut at = 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// The text inside a quoted string; other text as it is.
pub fn unquote(bytes: &[u8]) -> &[u8] {
    match bytes {
        [b'"', inside @ .., b'"'] => inside,
        bytes => bytes,
    }
}

/// Where the first of the two separators stands outside of quoted strings and angle brackets, or the end.
pub(super) fn find(bytes: &[u8], a: u8, b: u8) -> usize {
    let (mut rest, mut closes) = (bytes, true);
    while let Some(at) = near(rest, [a, b, b'"', b'<']) {
        rest = split(rest, at).1;
        let len = match rest.first() {
            Some(b'"') => quoted_len(rest),
            // A bracket that none closes is a sign as others; nor is one behind it closed.
            Some(b'<') => {
                let end = if closes { near(rest, [b'>']) } else { None };
                closes = end.is_some();
                end.map_or(1, |end| end + 1)
            }
            _ => return bytes.len() - rest.len(),
        };
        rest = split(rest, len).1;
    }
    bytes.len()
}

/// The pieces of a list, between commas outside of quoted strings and angle brackets, untrimmed.
#[derive(Clone, Debug)]
pub struct List<'a> {
    rest: Option<&'a [u8]>,
}

impl<'a> List<'a> {
    /// The pieces of a header's value.
    pub fn new(value: &'a [u8]) -> List<'a> {
        List { rest: Some(value) }
    }
}

impl<'a> Iterator for List<'a> {
    type Item = &'a [u8];
    fn next(&mut self) -> Option<&'a [u8]> {
        let rest = self.rest?;
        let (piece, more) = split(rest, find(rest, b',', b','));
        self.rest = more.get(1..);
        Some(piece)
    }
}

/// A parameter: `name`, `name=value` or `name="quoted value"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Param<'a> {
    /// All of it between the separators, white space included.
    pub bytes: &'a [u8],
    /// The name, trimmed.
    pub name: &'a [u8],
    /// The value, trimmed, with its quotes.
    pub value: Option<&'a [u8]>,
}

impl<'a> Param<'a> {
    /// Takes a parameter apart.
    pub fn parse(bytes: &'a [u8]) -> Param<'a> {
        let (name, value) = split(bytes, near(bytes, [b'=']).unwrap_or(bytes.len()));
        Param { bytes, name: trim(name), value: value.get(1..).map(trim) }
    }
    /// Whether it has this name; case does not matter.
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name.as_bytes())
    }
}

/// Parameters between semicolons, up to a comma or the end. Empty ones are skipped.
#[derive(Clone, Debug)]
pub struct Params<'a> {
    rest: &'a [u8],
}

impl<'a> Params<'a> {
    /// The parameters in the bytes, which may begin with the first semicolon.
    pub fn new(bytes: &'a [u8]) -> Params<'a> {
        Params { rest: bytes }
    }
    /// What is not yet iterated: empty, or it begins with the separator or a comma.
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }
}

impl<'a> Iterator for Params<'a> {
    type Item = Param<'a>;
    fn next(&mut self) -> Option<Param<'a>> {
        loop {
            if matches!(self.rest, [] | [b',', ..]) {
                return None;
            }
            let begin = self.rest.strip_prefix(b";").unwrap_or(self.rest);
            let (piece, more) = split(begin, find(begin, b';', b','));
            self.rest = more;
            if !trim(piece).is_empty() {
                return Some(Param::parse(piece));
            }
        }
    }
}

/// A number in decimal and whether all of the text, which must fit into 32 bits, is one. Too large ones stop at the limit.
#[inline]
pub fn number(text: &[u8]) -> (u32, bool) {
    let mut value = 0u64;
    for (at, byte) in text.iter().enumerate() {
        if !byte.is_ascii_digit() {
            return (value as u32, at > 0 && is_space(*byte) && trim_start(split(text, at).1).is_empty());
        }
        value = value * 10 + u64::from(byte - b'0');
        if value > u64::from(u32::MAX) {
            return (u32::MAX, false);
        }
    }
    (value as u32, !text.is_empty())
}

/// The pieces of a folded text with a space for each fold, RFC 3261, 7.3.1.
#[derive(Clone, Debug)]
pub struct Unfold<'a> {
    rest: &'a [u8],
    space: bool,
}

impl<'a> Unfold<'a> {
    /// The pieces of a text with line ends in it.
    pub fn new(text: &'a [u8]) -> Unfold<'a> {
        Unfold { rest: text, space: false }
    }
}

impl<'a> Iterator for Unfold<'a> {
    type Item = &'a [u8];
    fn next(&mut self) -> Option<&'a [u8]> {
        if self.space {
            self.space = false;
            return Some(b" ");
        }
        if self.rest.is_empty() {
            return None;
        }
        let (piece, more) = split(self.rest, memchr(b'\n', self.rest).unwrap_or(self.rest.len()));
        self.space = !more.is_empty();
        self.rest = trim_start(more);
        Some(if self.space { trim_end(piece) } else { piece })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_and_semicolons_in_quotes_and_brackets_separate_nothing() {
        let pieces: Vec<_> = List::new(br#""a, \", b" <sip:x,y>;p="1;2,3", sip:z"#).collect();
        assert_eq!(pieces, [&br#""a, \", b" <sip:x,y>;p="1;2,3""#[..], b" sip:z"]);
        let params: Vec<_> =
            Params::new(br#";a;b = "1;2" ;; c=<x;y>,d"#).map(|p| (p.name, p.value)).collect();
        let expected: [(&[u8], Option<&[u8]>); 3] =
            [(b"a", None), (b"b", Some(br#""1;2""#)), (b"c", Some(b"<x;y>"))];
        assert_eq!(params, expected);
    }

    #[test]
    fn the_first_of_two_bytes_is_found() {
        for len in 0..40 {
            let text: Vec<u8> =
                (0..len as u8).map(|at| [b'\x0b', b'\x8a', b'\x0c', 0, b'x'][usize::from(at % 5)]).collect();
            assert_eq!((near(&text, [b'\r', b'\n']), line_feed(&text)), (None, None));
            for (one, more) in [(b'\r', b'\n'), (b'\n', b'\r')] {
                for at in 0..len {
                    let mut text = text.clone();
                    text[len - 1] = more;
                    text[at] = one;
                    assert_eq!(near(&text, [b'\r', b'\n']), Some(at));
                    assert_eq!(line_feed(&text), text.iter().position(|byte| *byte == b'\n'));
                }
            }
        }
    }

    #[test]
    fn numbers_end_at_32_bits() {
        assert_eq!(number(b"4294967295"), (u32::MAX, true));
        assert_eq!(number(b"4294967296"), (u32::MAX, false));
        assert_eq!(number(b"70 "), (70, true));
        assert_eq!(number(b"7x"), (7, false));
        assert_eq!(number(b""), (0, false));
        assert_eq!(number(b" "), (0, false));
    }

    #[test]
    fn a_fold_is_a_space() {
        let text: Vec<u8> = Unfold::new(b"a  \r\n\t b\n c").flatten().copied().collect();
        assert_eq!(text, b"a b c");
    }
}
