//! Where parts begin and end, and their headers. RFC 2046, 5.1.1.

/// A line that separates parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delimiter {
    /// Where it begins: behind the part before it. The line end before it belongs to it.
    pub start: usize,
    /// Where the next part begins.
    pub end: usize,
    /// Whether no part follows.
    pub last: bool,
}

impl Delimiter {
    /// The first delimiter of a body. The line end before it belongs to the preamble.
    pub fn first(body: &[u8], boundary: &[u8]) -> Option<Delimiter> {
        Delimiter::find(body, boundary, 0).map(|(_, delimiter)| delimiter)
    }
    /// The first delimiter from the beginning of a line on.
    pub fn next(body: &[u8], boundary: &[u8], from: usize) -> Option<Delimiter> {
        let (line, delimiter) = Delimiter::find(body, boundary, from)?;
        let before = body.get(from..line)?;
        let before =
            before.strip_suffix(b"\n").map_or(before, |part| part.strip_suffix(b"\r").unwrap_or(part));
        Some(Delimiter { start: from + before.len(), ..delimiter })
    }
    fn find(body: &[u8], boundary: &[u8], from: usize) -> Option<(usize, Delimiter)> {
        let mut start = from;
        while let Some(rest) = body.get(start..).filter(|rest| !rest.is_empty()) {
            let len = rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |at| at + 1);
            let line = rest.get(..len).unwrap_or(rest);
            if let Some(tail) = line.strip_prefix(b"--").and_then(|line| line.strip_prefix(boundary)) {
                let end = tail.strip_prefix(b"--");
                if end.unwrap_or(tail).trim_ascii().is_empty() {
                    return Some((start, Delimiter { start, end: start + len, last: end.is_some() }));
                }
            }
            start += len;
        }
        None
    }
}

/// The parts of a body, as far as a delimiter follows them.
pub fn parts<'a, 'b>(body: &'a [u8], boundary: &'b [u8]) -> Parts<'a, 'b> {
    let before = Delimiter::first(body, boundary);
    Parts { body, boundary, before }
}

/// Iterates over the parts of a body: see [`parts`].
#[derive(Clone, Debug)]
pub struct Parts<'a, 'b> {
    body: &'a [u8],
    boundary: &'b [u8],
    before: Option<Delimiter>,
}

impl<'a> Iterator for Parts<'a, '_> {
    type Item = Part<'a>;
    fn next(&mut self) -> Option<Part<'a>> {
        let before = self.before.take().filter(|before| !before.last)?;
        let next = Delimiter::next(self.body, self.boundary, before.end)?;
        self.before = Some(next);
        self.body.get(before.end..next.start).map(Part::new)
    }
}

/// A part: headers, a blank line, a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part<'a> {
    bytes: &'a [u8],
    head: usize,
}

impl<'a> Part<'a> {
    /// A part of these bytes. Without a blank line all of it is headers.
    pub fn new(bytes: &'a [u8]) -> Part<'a> {
        let mut head = 0;
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            head += line.len();
            if matches!(line, b"\n" | b"\r\n") {
                break;
            }
        }
        Part { bytes, head }
    }
    /// All of it.
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }
    /// What follows the blank line.
    pub fn body(&self) -> &'a [u8] {
        self.bytes.get(self.head..).unwrap_or(&[])
    }
    /// The headers.
    pub fn headers(&self) -> Headers<'a> {
        Headers { rest: self.bytes.get(..self.head).unwrap_or(self.bytes) }
    }
}

/// Iterates over the headers of a part. Lines without a colon are passed over.
#[derive(Clone, Debug)]
pub struct Headers<'a> {
    rest: &'a [u8],
}

/// A header of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header<'a> {
    /// Its name.
    pub name: &'a [u8],
    /// Its value, without spaces around it. One that goes on in further lines has their ends in it.
    pub value: &'a [u8],
    /// All of it with its line end; the last one with the blank line too.
    pub bytes: &'a [u8],
}

impl Header<'_> {
    /// Whether it has the name, without regard to case.
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name.as_bytes())
    }
}

impl<'a> Iterator for Headers<'a> {
    type Item = Header<'a>;
    fn next(&mut self) -> Option<Header<'a>> {
        loop {
            let mut len = 0;
            for line in self.rest.split_inclusive(|byte| *byte == b'\n') {
                // A line that begins with a space goes on with the one before it; a blank one ends the headers.
                if len > 0 && !line.starts_with(b" ") && !line.starts_with(b"\t") {
                    len += if matches!(line, b"\n" | b"\r\n") { line.len() } else { 0 };
                    break;
                }
                len += line.len();
            }
            let (bytes, rest) = self.rest.split_at_checked(len).filter(|(bytes, _)| !bytes.is_empty())?;
            self.rest = rest;
            if let Some(colon) = bytes.iter().position(|byte| *byte == b':') {
                let name = bytes.get(..colon).unwrap_or(&[]).trim_ascii();
                let value = bytes.get(colon + 1..).unwrap_or(&[]).trim_ascii();
                return Some(Header { name, value, bytes });
            }
        }
    }
}

/// A parameter of a header's value, without quotes: `boundary` of `multipart/mixed; boundary="x"`. RFC 2045, 5.1.
pub fn parameter<'a>(value: &'a [u8], name: &str) -> Option<&'a [u8]> {
    let mut rest = value;
    while let Some(at) = end_of_parameter(rest) {
        rest = rest.get(at + 1..)?;
        let own = rest.get(..end_of_parameter(rest).unwrap_or(rest.len())).unwrap_or(rest);
        let Some(equals) = own.iter().position(|byte| *byte == b'=') else { continue };
        let (found, text) = (own.get(..equals)?.trim_ascii(), own.get(equals + 1..)?.trim_ascii());
        if found.eq_ignore_ascii_case(name.as_bytes()) {
            let quoted = text.strip_prefix(b"\"").map(|text| text.strip_suffix(b"\"").unwrap_or(text));
            return Some(quoted.unwrap_or(text));
        }
    }
    None
}

/// Where the next semicolon outside of quotes is.
fn end_of_parameter(text: &[u8]) -> Option<usize> {
    let mut quoted = false;
    text.iter().position(|byte| {
        quoted ^= *byte == b'"';
        *byte == b';' && !quoted
    })
}
