//! Literals: what a bare or quoted text means to the field it is compared with.

use super::moment::{duration, moment};
use super::names::nearest;
use crate::{Field, Kind};
use std::net::{Ipv4Addr, Ipv6Addr};

/// A value written in a filter.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    /// A number, true and false, or nanoseconds.
    Number(i128),
    /// A floating-point number.
    Real(f64),
    /// An address, and the bits of it that count.
    Address(u128, u128),
    /// Bytes.
    Bytes(Vec<u8>),
    /// Text, which may be no UTF-8.
    Text(Vec<u8>),
}

/// A literal as it is written.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Written<'a> {
    Bare(&'a str),
    Quoted(&'a [u8]),
    Char(u8),
}

/// What literals are to become.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(crate) kind: Kind,
    /// The fields that are meant.
    pub(crate) fields: Vec<&'static Field>,
    /// Whether the names of their values may be used: not in arithmetic.
    pub(crate) named: bool,
    /// A result of arithmetic: it may be larger than the fields in it.
    pub(crate) wide: bool,
}

impl Target {
    pub(crate) fn of(kind: Kind) -> Target {
        Target { kind, fields: Vec::new(), named: false, wide: true }
    }
    /// Who it is, for sentences.
    fn name(&self) -> &'static str {
        self.fields.first().map_or("what it is compared with", |field| field.name)
    }
    fn is(&self) -> String {
        format!("{} is {}", self.name(), described(self.kind))
    }
}

/// A type in a sentence: `a number without sign of 16 bits`.
pub(crate) fn described(kind: Kind) -> String {
    match kind {
        Kind::None => "a label without a value".into(),
        Kind::Protocol => "a protocol, compared as its bytes".into(),
        Kind::Boolean => "true or false".into(),
        Kind::Unsigned(bits) => format!("an unsigned number of {bits} bits"),
        Kind::Signed(bits) => format!("a signed number of {bits} bits"),
        Kind::Double => "a floating-point number".into(),
        Kind::Ipv4 => "an IPv4 address".into(),
        Kind::Ipv6 => "an IPv6 address".into(),
        Kind::Ether => "a hardware address".into(),
        Kind::Bytes => "a row of bytes".into(),
        Kind::Text => "a text".into(),
        Kind::Moment => "a date and time".into(),
        Kind::Duration => "a length of time in seconds".into(),
        Kind::Packet => "the number of a packet".into(),
    }
}

/// Reads a number as C writes it: decimal, hexadecimal with 0x, octal with 0, binary with 0b.
pub(crate) fn unsigned(text: &str) -> Option<u64> {
    let (digits, radix) = digits(text);
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_alphanumeric());
    u64::from_str_radix(digits, radix).ok().filter(|_| plain)
}

fn digits(text: &str) -> (&str, u32) {
    if let Some(hex) = text.strip_prefix("0x").or(text.strip_prefix("0X")) {
        (hex, 16)
    } else if let Some(binary) = text.strip_prefix("0b").or(text.strip_prefix("0B")) {
        (binary, 2)
    } else if text.len() > 1 && text.starts_with('0') {
        (text, 8)
    } else {
        (text, 10)
    }
}

/// What a literal means to the target, or the sentence why it means nothing.
pub(crate) fn read(written: Written<'_>, target: &Target) -> Result<Value, String> {
    let bare = |text: &str| text.strip_prefix(':').filter(|rest| !rest.starts_with(':')).map(str::to_owned);
    match written {
        // A colon before a word says that it is no name; before an address it is part of it.
        Written::Bare(text) => match bare(text) {
            Some(rest) => from_bare(&rest, target),
            None => from_bare(text, target),
        },
        Written::Quoted(text) => from_quoted(text, target),
        Written::Char(byte) => match target.kind {
            Kind::Unsigned(_) | Kind::Signed(_) | Kind::Packet => Ok(Value::Number(byte.into())),
            Kind::Boolean => Ok(Value::Number((byte != 0).into())),
            Kind::Bytes | Kind::Protocol => Ok(Value::Bytes(vec![byte])),
            Kind::Text => Ok(Value::Text(vec![byte])),
            _ => Err(format!("{}; a character in quotes is none", target.is())),
        },
    }
}

fn from_quoted(text: &[u8], target: &Target) -> Result<Value, String> {
    let lossy = String::from_utf8_lossy(text);
    match target.kind {
        Kind::Bytes | Kind::Protocol => Ok(Value::Bytes(text.to_vec())),
        Kind::Text => Ok(Value::Text(text.to_vec())),
        Kind::Moment => moment(&lossy).map(Value::Number).ok_or_else(|| no_moment(&lossy, target)),
        Kind::Unsigned(_) | Kind::Signed(_) | Kind::Boolean => named(&lossy, target),
        _ => Err(format!("{}; it is written without quotes", target.is())),
    }
}

fn from_bare(text: &str, target: &Target) -> Result<Value, String> {
    match target.kind {
        Kind::None => Err(format!("{}; only whether it is there can be tested", target.is())),
        Kind::Unsigned(_) | Kind::Signed(_) | Kind::Packet => number(text, target),
        Kind::Boolean => match (unsigned(text), text) {
            (Some(number), _) => Ok(Value::Number((number != 0).into())),
            (None, "True" | "TRUE") => Ok(Value::Number(1)),
            (None, "False" | "FALSE") => Ok(Value::Number(0)),
            _ => named(text, target),
        },
        Kind::Double => {
            let real = text.parse().ok().filter(|real: &f64| real.is_finite());
            real.map(Value::Real).ok_or_else(|| format!("{text} is no number; {}", target.is()))
        }
        Kind::Ipv4 => address(text, 32, |text| text.parse::<Ipv4Addr>().ok().map(|it| it.to_bits().into()))
            .map_err(|sentence| format!("{sentence}; {}, such as 10.0.0.1 or 10.0.0.0/8", target.is())),
        Kind::Ipv6 => address(text, 128, |text| text.parse::<Ipv6Addr>().ok().map(Ipv6Addr::to_bits))
            .map_err(|sentence| format!("{sentence}; {}, such as fe80::1 or fe80::/10", target.is())),
        Kind::Ether => match bytes(text) {
            Ok(six) if six.len() == 6 => Ok(Value::Bytes(six)),
            Ok(other) => Err(format!("{text} has {} bytes; a hardware address has 6", other.len())),
            Err(sentence) => Err(format!("{sentence}; {}, such as 02:00:00:00:00:01", target.is())),
        },
        Kind::Bytes | Kind::Protocol => bytes(text).map(Value::Bytes).map_err(|sentence| {
            format!("{sentence}; bytes are written 4f:4b, and a text as bytes in double quotes")
        }),
        Kind::Text => Ok(Value::Text(text.as_bytes().to_vec())),
        Kind::Moment => moment(text).map(Value::Number).ok_or_else(|| no_moment(text, target)),
        Kind::Duration => match duration(text) {
            Some(nanoseconds) => Ok(Value::Number(nanoseconds)),
            None => Err(format!("{text} is no number of seconds, such as 2 or 0.005; {}", target.is())),
        },
    }
}

fn number(text: &str, target: &Target) -> Result<Value, String> {
    let (digits, radix) = digits(text);
    if !digits.is_empty() && digits.chars().all(|digit| digit.is_digit(radix)) {
        let number = unsigned(text).ok_or_else(|| format!("{text} is more than 64 bits hold"))?;
        let most = match target.kind {
            _ if target.wide => u64::MAX,
            Kind::Unsigned(bits @ 1..=63) => (1 << bits) - 1,
            Kind::Signed(bits @ 1..=64) => (1 << (bits - 1)) - 1,
            Kind::Packet => u64::from(u32::MAX),
            _ => u64::MAX,
        };
        if number > most {
            return Err(format!("{text} is too large: {}, at most {most}", target.is()));
        }
        return Ok(Value::Number(number.into()));
    }
    named(text, target)
}

/// The value with this name, without regard to ASCII case.
fn named(text: &str, target: &Target) -> Result<Value, String> {
    let fields = if target.named { target.fields.as_slice() } else { &[] };
    let words = fields.iter().filter(|field| field.show.is_flag()).flat_map(|field| {
        let (yes, no) = field.show.words.unwrap_or(("True", "False"));
        [(1, yes), (0, no)]
    });
    let codes = fields.iter().filter_map(|field| field.show.codes);
    let names = codes.flat_map(|codes| codes.names.iter().copied()).chain(words);
    if let Some((value, _)) = names.clone().find(|(_, name)| name.eq_ignore_ascii_case(text)) {
        return Ok(Value::Number(value.into()));
    }
    if names.clone().next().is_none() {
        return Err(format!("{text} is no number; {}", target.is()));
    }
    if target.kind == Kind::Boolean && ["true", "false"].iter().any(|word| word.eq_ignore_ascii_case(text)) {
        return Err(format!("{text} is written True or False, without quotes, or 1 or 0"));
    }
    let hint = nearest(text, names.clone().map(|row| row.1)).map(|near| format!("did you mean \"{near}\"?"));
    let hint = hint.unwrap_or_else(|| {
        let few: Vec<String> = names.take(3).map(|(value, name)| format!("{value} \"{name}\"")).collect();
        format!("it has names for its values, such as {}", few.join(", "))
    });
    Err(format!("{text} is no value of {}; {hint}", target.name()))
}

fn address(text: &str, bits: u32, parse: impl Fn(&str) -> Option<u128>) -> Result<Value, String> {
    let (host, prefix) = text.split_once('/').map_or((text, None), |(host, prefix)| (host, Some(prefix)));
    let address = parse(host).ok_or_else(|| format!("{text} is no address"))?;
    let Some(prefix) = prefix else { return Ok(Value::Address(address, u128::MAX)) };
    match prefix.parse::<u32>() {
        Ok(prefix) if prefix <= bits => {
            let host_bits = bits - prefix;
            Ok(Value::Address(address, u128::MAX.checked_shl(host_bits).unwrap_or(0)))
        }
        _ => Err(format!("/{prefix} is more than the {bits} bits of the address")),
    }
}

/// Reads bytes: one as a number, `0x4f`; any as `4f:4b`, `4f-4b`, `4f.4b`, `4f4b`, `4f4b.4f4b`.
fn bytes(text: &str) -> Result<Vec<u8>, String> {
    if let Some(digits) = text.strip_prefix("0x").filter(|digits| digits.len() <= 2) {
        return byte(digits).map(|byte| vec![byte]).ok_or_else(|| no_bytes(text));
    }
    let Some(separator) = text.chars().find(|sign| matches!(sign, ':' | '-' | '.')) else {
        // An odd digit stands alone, at the end.
        let pairs = text.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).unwrap_or(""));
        return pairs.map(|pair| byte(pair).ok_or_else(|| no_bytes(text))).collect();
    };
    let mut row = Vec::new();
    for group in text.split(separator) {
        match (separator, group.len()) {
            (_, 2) | ('.', 1) => row.push(byte(group).ok_or_else(|| no_bytes(text))?),
            ('.', 4) => {
                let (high, low) = group.split_at_checked(2).ok_or_else(|| no_bytes(text))?;
                row.extend([
                    byte(high).ok_or_else(|| no_bytes(text))?,
                    byte(low).ok_or_else(|| no_bytes(text))?,
                ]);
            }
            _ => return Err(format!("{text} has a byte without its two hexadecimal digits")),
        }
    }
    Ok(row)
}

fn byte(digits: &str) -> Option<u8> {
    let plain = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    u8::from_str_radix(digits, 16).ok().filter(|_| plain)
}

fn no_bytes(text: &str) -> String {
    format!("{text} is no row of bytes")
}

fn no_moment(text: &str, target: &Target) -> String {
    format!(
        "{text} is no date and time; {}, such as \"2026-11-21 20:38:17.5\" or \"Nov 21, 2026 20:38:17\", in UTC",
        target.is()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_read_in_every_form() {
        for text in ["4f:4b:01", "4f-4b-01", "4f.4b.01", "4f4b01", "4f4b.01", "4F:4B:01", "4f4b1"] {
            assert_eq!(bytes(text), Ok(vec![0x4f, 0x4b, 1]), "{text}");
        }
        for text in ["4f:4", "4:5", "zz", "4f:4b-01", "0x4f4b", "4f+", "é", "+f"] {
            assert!(bytes(text).is_err(), "{text}");
        }
    }

    #[test]
    fn numbers_are_read_in_every_base() {
        for (text, number) in [("10", 10), ("0x1F", 31), ("010", 8), ("0b101", 5), ("0", 0)] {
            assert_eq!(unsigned(text), Some(number), "{text}");
        }
        for text in ["", "0x", "09", "1_0", "+1", "18446744073709551616"] {
            assert_eq!(unsigned(text), None, "{text}");
        }
    }
}
