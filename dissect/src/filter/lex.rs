//! Text to tokens, each with the bytes it stands on.

use super::Error;
use std::ops::Range;

/// Where something stands in the text of a filter, in bytes.
pub(crate) type Span = Range<usize>;

/// A piece of a filter.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Token {
    /// A name, a number, an address, a bare text: what it is, the field it is compared with decides.
    Word(String),
    /// Text in double quotes, unescaped.
    Text(Vec<u8>),
    /// A character in single quotes.
    Char(u8),
    /// A sign or a run of signs.
    Sign(&'static str),
    /// The end of the text.
    End,
}

impl Token {
    /// Whether it is this sign or this word.
    pub(crate) fn is(&self, what: &str) -> bool {
        match self {
            Token::Word(word) => word == what,
            Token::Sign(sign) => *sign == what,
            _ => false,
        }
    }
}

/// The signs, longer ones before their beginnings.
const SIGNS: [&str; 33] = [
    "===", "!==", "==", "!=", "~=", "<=", ">=", "&&", "||", "^^", "..", "<", ">", "~", "!", "&", "(", ")",
    "{", "}", "[", "]", ",", "#", "+", "-", "*", "/", "%", "$", "|", "=", "^",
];

/// Reads tokens off a text.
#[derive(Clone, Debug)]
pub(crate) struct Lexer<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Lexer<'t> {
    pub(crate) fn new(text: &'t str) -> Lexer<'t> {
        Lexer { text, at: 0 }
    }
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }
    /// The next token and where it stands.
    pub(crate) fn next(&mut self) -> Result<(Token, Span), Error> {
        let blank = self.rest().len() - self.rest().trim_start_matches([' ', '\t', '\r', '\n']).len();
        self.at += blank;
        let (rest, start) = (self.rest(), self.at);
        let token = match rest.as_bytes() {
            [] => Token::End,
            [b'"', ..] => Token::Text(self.quoted(1, false)?),
            [b'r' | b'R', b'"', ..] => Token::Text(self.quoted(2, true)?),
            [b'\'', ..] => Token::Char(self.character()?),
            bytes if begins_word(bytes) => {
                let len = word_len(bytes);
                self.at += len;
                Token::Word(rest.get(..len).unwrap_or(rest).to_string())
            }
            _ => {
                let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) else {
                    let len = rest.chars().next().map_or(0, char::len_utf8);
                    let sign = rest.get(..len).unwrap_or(rest);
                    let hint = if sign.is_ascii() { "" } else { "; in double quotes it may stand" };
                    let sentence = format!("{sign} means nothing here{hint}");
                    return Err(Error::new(start..start + len, sentence));
                };
                self.at += sign.len();
                Token::Sign(sign)
            }
        };
        Ok((token, start..self.at))
    }
    /// What stands between brackets, which are not read as tokens: the text up to the closing one, which is passed over.
    pub(crate) fn bracketed(&mut self, open: &Span) -> Result<(&'t str, usize), Error> {
        let (rest, start) = (self.rest(), self.at);
        match rest.find(']') {
            Some(len) => {
                self.at += len + 1;
                Ok((rest.get(..len).unwrap_or(""), start))
            }
            None => Err(Error::new(open.clone(), "The bracket is never closed")),
        }
    }
    /// The digits that stand here at once.
    pub(crate) fn digits(&mut self) -> (&'t str, Span) {
        let (rest, start) = (self.rest(), self.at);
        let len = rest.bytes().take_while(u8::is_ascii_digit).count();
        self.at += len;
        (rest.get(..len).unwrap_or(""), start..self.at)
    }
    /// Reads a text whose opening takes so many bytes.
    fn quoted(&mut self, opening: usize, raw: bool) -> Result<Vec<u8>, Error> {
        let start = self.at;
        self.at += opening;
        let mut text = Vec::new();
        loop {
            match self.rest().as_bytes() {
                [] => return Err(Error::new(start..self.at, "The closing quote of this text is missing")),
                [b'"', ..] => {
                    self.at += 1;
                    return Ok(text);
                }
                [b'\\', sign, ..] if raw => {
                    // Only a quote is kept from ending the text; the backslash stays, as for the regular expression.
                    let len = if *sign == b'"' { 2 } else { 1 };
                    text.extend(self.rest().as_bytes().iter().take(len));
                    self.at += len;
                }
                [b'\\', ..] => text.push(self.escape()?),
                [byte, ..] => {
                    text.push(*byte);
                    self.at += 1;
                    while !self.text.is_char_boundary(self.at) {
                        text.extend(self.text.as_bytes().get(self.at));
                        self.at += 1;
                    }
                }
            }
        }
    }
    fn character(&mut self) -> Result<u8, Error> {
        let start = self.at;
        self.at += 1;
        let byte = match self.rest().as_bytes() {
            [b'\'', ..] => {
                return Err(Error::new(start..start + 2, "A character is missing between the quotes"));
            }
            [b'\\', ..] => self.escape()?,
            [byte, ..] if byte.is_ascii() => {
                self.at += 1;
                *byte
            }
            [] => return Err(Error::new(start..self.at, "The closing quote of this character is missing")),
            _ => {
                let len = self.rest().chars().next().map_or(0, char::len_utf8);
                let sentence = "A character is one byte; put this one in double quotes";
                return Err(Error::new(self.at..self.at + len, sentence));
            }
        };
        if self.rest().starts_with('\'') {
            self.at += 1;
            return Ok(byte);
        }
        match self.rest().find('\'') {
            Some(len) => {
                let span = start..self.at + len + 1;
                Err(Error::new(span, "Single quotes hold one character; put a text in double quotes"))
            }
            None => Err(Error::new(start..self.at, "The closing quote of this character is missing")),
        }
    }
    /// Reads an escape: `\n`, `\x41`, `\101`.
    fn escape(&mut self) -> Result<u8, Error> {
        let (start, rest) = (self.at, self.rest().as_bytes());
        let digits = |from: usize, most: usize, radix: u32| {
            let row = rest.get(from..).unwrap_or(&[]).iter().take(most);
            let row: Vec<u32> = row.map_while(|byte| char::from(*byte).to_digit(radix)).collect();
            (row.len(), row.iter().fold(0, |sum, digit| sum * radix + digit))
        };
        let (len, value) = match rest.get(1) {
            Some(b'a') => (2, 7),
            Some(b'b') => (2, 8),
            Some(b't') => (2, 9),
            Some(b'n') => (2, 10),
            Some(b'v') => (2, 11),
            Some(b'f') => (2, 12),
            Some(b'r') => (2, 13),
            Some(sign @ (b'\\' | b'"' | b'\'')) => (2, u32::from(*sign)),
            Some(b'x') => match digits(2, 2, 16) {
                (0, _) => return Err(Error::new(start..start + 2, "\\x needs two hexadecimal digits")),
                (len, value) => (2 + len, value),
            },
            Some(b'0'..=b'7') => match digits(1, 3, 8) {
                (len, value) if value > 255 => {
                    return Err(Error::new(start..start + 1 + len, "A byte is at most \\377"));
                }
                (len, value) => (1 + len, value),
            },
            Some(_) => {
                let len = self.rest().chars().nth(1).map_or(0, char::len_utf8);
                let span = start..start + 1 + len;
                let sign = self.text.get(span.clone()).unwrap_or("");
                let hint = "a backslash is written \\\\, or put r before the quotes of a regular expression";
                return Err(Error::new(span, format!("{sign} is no escape; {hint}")));
            }
            None => return Err(Error::new(start..start + 1, "The closing quote is missing")),
        };
        self.at += len;
        Ok(value as u8)
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b':')
}

fn begins_word(bytes: &[u8]) -> bool {
    match bytes {
        [b'.', b'.', ..] | [] => false,
        [b'.' | b':', next, ..] => is_word(*next),
        [first, ..] => is_word(*first) && *first != b'-',
    }
}

/// How many bytes a word takes. `..` ends it, and `/` too unless it is the prefix length of an address.
fn word_len(bytes: &[u8]) -> usize {
    let mut len = 0;
    while let Some(byte) = bytes.get(len) {
        if !is_word(*byte) || bytes.get(len..).is_some_and(|rest| rest.starts_with(b"..")) {
            break;
        }
        len += 1;
    }
    let word = std::str::from_utf8(bytes.get(..len).unwrap_or(&[])).unwrap_or("");
    let digits = bytes.get(len + 1..).unwrap_or(&[]).iter().take_while(|byte| byte.is_ascii_digit()).count();
    if bytes.get(len) == Some(&b'/') && digits > 0 && word.parse::<std::net::IpAddr>().is_ok() {
        len += 1 + digits;
    }
    len
}
