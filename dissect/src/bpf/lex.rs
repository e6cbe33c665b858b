//! Text to tokens, each with the bytes it stands on.

use super::names;
use crate::filter::Error;
use std::net::Ipv6Addr;
use std::ops::Range;

/// Where something stands in the text, in bytes.
pub(super) type Span = Range<usize>;

/// A piece of an expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// A word that means something: `tcp`.
    Word(String),
    /// Any other word, or one behind a backslash.
    Name(String),
    Number(u32),
    /// An IPv4 address, or the beginning of one, and how many bits there are of it.
    Address(u32, u8),
    Address6(u128),
    Station([u8; 6]),
    Sign(&'static str),
    End,
}

/// The signs, longer ones before their beginnings.
const SIGNS: [&str; 26] = [
    "&&", "||", "<<", ">>", "==", "!=", "<=", ">=", "=", "<", ">", "!", "(", ")", "[", "]", ":", "+", "-",
    "*", "/", "%", "&", "|", "^", "\\",
];

/// An error at a place.
pub(super) fn wrong<T>(span: Span, sentence: impl Into<String>) -> Result<T, Error> {
    Err(Error { span, sentence: sentence.into() })
}

/// Reads tokens off a text.
#[derive(Clone, Debug)]
pub(super) struct Lexer<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Lexer<'t> {
    pub(super) fn new(text: &'t str) -> Lexer<'t> {
        Lexer { text, at: 0 }
    }
    /// The next token and where it stands.
    pub(super) fn next(&mut self) -> Result<(Token, Span), Error> {
        let rest = self.text.get(self.at..).unwrap_or("");
        let trimmed = rest.trim_start_matches([' ', '\t', '\r', '\n']);
        let start = self.at + (rest.len() - trimmed.len());
        let (token, len) = token(trimmed, start)?;
        self.at = start + len;
        Ok((token, start..self.at))
    }
}

/// The token that a text begins with, and its length.
fn token(text: &str, start: usize) -> Result<(Token, usize), Error> {
    let Some(first) = text.chars().next() else { return Ok((Token::End, 0)) };
    // An address with colons, where a longest run of its signs is one.
    let run = run(text, |byte| byte.is_ascii_hexdigit() || byte == b':' || byte == b'.');
    if run.bytes().filter(|byte| *byte == b':').count() >= 2 {
        if let Ok(address) = run.parse::<Ipv6Addr>() {
            return Ok((Token::Address6(u128::from(address)), run.len()));
        }
        if let Some(station) = station(run) {
            return Ok((Token::Station(station), run.len()));
        }
        return wrong(start..start + run.len(), format!("{run} is no IPv6 address and no hardware address"));
    }
    if first.is_ascii_alphanumeric() {
        let word = word(text);
        return Ok((of_word(word, start)?, word.len()));
    }
    if let Some(escaped) = text.strip_prefix('\\') {
        let name = word(escaped);
        if !name.is_empty() {
            return Ok((Token::Name(name.to_owned()), name.len() + 1));
        }
    }
    match SIGNS.iter().find(|sign| text.starts_with(**sign)) {
        Some(sign) => Ok((Token::Sign(sign), sign.len())),
        None => {
            wrong(start..start + first.len_utf8(), format!("{} means nothing here", first.escape_debug()))
        }
    }
}

/// The beginning of a text, as far as its bytes belong to it.
fn run(text: &str, belongs: fn(u8) -> bool) -> &str {
    let len = text.bytes().take_while(|byte| belongs(*byte)).count();
    text.get(..len).unwrap_or("")
}

/// The word that a text begins with. It ends with a letter, a digit or a point.
fn word(text: &str) -> &str {
    run(text, |byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte)).trim_end_matches(['-', '_'])
}

fn of_word(word: &str, start: usize) -> Result<Token, Error> {
    let span = start..start + word.len();
    if let Some(station) = station(word) {
        return Ok(Token::Station(station));
    }
    let is_dotted = word.contains('.') && word.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if is_dotted {
        return match address(word) {
            Some((address, bits)) => Ok(Token::Address(address, bits)),
            None => {
                wrong(span, format!("{word} is no IPv4 address: it has up to four numbers, each up to 255"))
            }
        };
    }
    if word.bytes().all(|byte| byte.is_ascii_digit()) || is_hex(word) {
        return match whole(word) {
            Some(number) => Ok(Token::Number(number)),
            None if word.starts_with('0') && !is_hex(word) => {
                wrong(span, format!("{word} is octal, as it begins with 0, and is no such number"))
            }
            None => wrong(span, format!("{word} is too large: numbers have 32 bits")),
        };
    }
    Ok(if names::is_keyword(word) { Token::Word(word.to_owned()) } else { Token::Name(word.to_owned()) })
}

fn is_hex(word: &str) -> bool {
    let digits = word.strip_prefix("0x").or_else(|| word.strip_prefix("0X"));
    digits.is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// A decimal number, one with 0x, or one in octal behind a 0.
pub(super) fn whole(word: &str) -> Option<u32> {
    if is_hex(word) {
        return u32::from_str_radix(word.get(2..)?, 16).ok();
    }
    if !word.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    u32::from_str_radix(word, if word.len() > 1 && word.starts_with('0') { 8 } else { 10 }).ok()
}

/// An IPv4 address or its beginning, from the left: `10.1` has 16 bits.
fn address(word: &str) -> Option<(u32, u8)> {
    let (mut value, mut bits) = (0u32, 0u8);
    for part in word.split('.') {
        if bits >= 32 {
            return None;
        }
        value = value << 8 | u32::from(part.parse::<u8>().ok()?);
        bits += 8;
    }
    Some((value.checked_shl(32 - u32::from(bits)).unwrap_or(0), bits))
}

/// A hardware address: six bytes between colons, hyphens or points, or three times four digits between points.
fn station(word: &str) -> Option<[u8; 6]> {
    let sign = word.chars().find(|sign| ":-.".contains(*sign))?;
    let parts: Vec<&str> = word.splitn(7, sign).collect();
    let mut bytes = [0; 6];
    match parts.len() {
        6 => {
            for (byte, part) in bytes.iter_mut().zip(&parts) {
                *byte = hex(part, 2)? as u8;
            }
        }
        3 if sign == '.' && parts.iter().all(|part| part.len() == 4) => {
            for (pair, part) in bytes.chunks_mut(2).zip(&parts) {
                pair.copy_from_slice(&hex(part, 4)?.to_be_bytes());
            }
        }
        _ => return None,
    }
    Some(bytes)
}

/// A hexadecimal number of at most so many digits.
fn hex(digits: &str, most: usize) -> Option<u16> {
    let good = digits.len() <= most && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    good.then(|| u16::from_str_radix(digits, 16).ok())?
}
