//! Literals: what a bare or quoted text means to the field it is compared with.

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
    /// The fields that lend their values' names.
    pub(crate) fields: Vec<&'static Field>,
    /// A result of arithmetic: it may be larger than the fields in it.
    pub(crate) wide: bool,
}

impl Target {
    pub(crate) fn of(kind: Kind) -> Target {
        Target { kind, fields: Vec::new(), wide: true }
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
        Kind::Moment => moment(&lossy).ok_or_else(|| no_moment(&lossy, target)),
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
        Kind::Moment => moment(text).ok_or_else(|| no_moment(text, target)),
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
    let words = target.fields.iter().filter(|field| field.show.is_flag()).flat_map(|field| {
        let (yes, no) = field.show.words.unwrap_or(("True", "False"));
        [(1, yes), (0, no)]
    });
    let codes = target.fields.iter().filter_map(|field| field.show.codes);
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

/// Reads seconds with at most nine digits behind the point, as nanoseconds.
fn duration(text: &str) -> Option<i128> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(fraction) || fraction.len() > 9 {
        return None;
    }
    let seconds: i64 = whole.parse().ok()?;
    Some(i128::from(seconds) * 1_000_000_000 + nanoseconds(fraction)?)
}

/// The digits behind a point as nanoseconds; what is finer is left out.
fn nanoseconds(fraction: &str) -> Option<i128> {
    let digits = fraction.get(..fraction.len().min(9))?;
    Some(digits.parse::<i128>().ok()? * 10i128.pow(9 - digits.len() as u32))
}

/// Reads a moment: `2026-11-21 20:38:17.5`, with less or more of it, `Nov 21, 2026 20:38:17`; in UTC unless it says
/// otherwise.
fn moment(text: &str) -> Option<Value> {
    let text = text.trim();
    let (text, offset) = zone(text)?;
    let (year, month, day, time) = match text.split_once(", ") {
        Some((date, rest)) => {
            let (name, day) = date.split_once(' ')?;
            let month = MONTHS.iter().position(|month| *month == name)? + 1;
            let (year, time) = rest.split_once(' ')?;
            (part(year, 4)?, month as i64, part(day.trim(), 2)?, time)
        }
        None => {
            let (date, time) = text.split_once(['T', ' ']).unwrap_or((text, ""));
            let mut parts = date.splitn(3, '-');
            let year = parts.next().filter(|year| year.len() == 4)?;
            (part(year, 4)?, part(parts.next()?, 2)?, part(parts.next()?, 2)?, time)
        }
    };
    let mut clock = time.trim().splitn(3, ':').filter(|part| !part.is_empty());
    let (hour, minute) = (
        clock.next().map_or(Some(0), |text| part(text, 2))?,
        clock.next().map_or(Some(0), |text| part(text, 2))?,
    );
    let (second, fraction) = match clock.next().unwrap_or("0").split_once('.') {
        Some((second, fraction))
            if !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            (second.to_owned(), nanoseconds(fraction)?)
        }
        Some(_) => return None,
        None => (time.trim().splitn(3, ':').nth(2).unwrap_or("0").to_owned(), 0),
    };
    let second = part(&second, 2)?;
    let valid = (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && hour < 24
        && minute < 60
        && second <= 60
        && year >= 1;
    let seconds = days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset;
    valid.then(|| Value::Number(i128::from(seconds) * 1_000_000_000 + fraction))
}

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A number of at most so many digits.
fn part(text: &str, most: usize) -> Option<i64> {
    let plain = !text.is_empty() && text.len() <= most && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| plain)
}

/// Splits off a zone: `Z`, `UTC`, `+01:00`, `+0100`; its seconds east of UTC.
fn zone(text: &str) -> Option<(&str, i64)> {
    if let Some(rest) = text.strip_suffix('Z').or(text.strip_suffix("UTC")) {
        return Some((rest.trim_end(), 0));
    }
    let Some(colon) = text.find(':') else { return Some((text, 0)) };
    let Some(sign) = text.rfind(['+', '-']).filter(|at| *at > colon) else { return Some((text, 0)) };
    let digits = text.get(sign + 1..)?.replace(':', "");
    let (hours, minutes) = digits.split_at_checked(2).filter(|_| digits.len() == 4)?;
    let seconds = part(hours, 2)? * 3600 + part(minutes, 2)? * 60;
    // The zone stands right behind the time.
    let time = text.get(..sign).filter(|time| !time.ends_with(' '))?;
    Some((time, if text.as_bytes().get(sign) == Some(&b'-') { -seconds } else { seconds }))
}

/// The days from 1970-01-01 to a date of the Gregorian calendar.
fn days(year: i64, month: i64, day: i64) -> i64 {
    // Years are counted from March, so that the leap day is the last of its year.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let (cycle, of_cycle) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    cycle * 146_097 + of_cycle * 365 + of_cycle / 4 - of_cycle / 100 + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_in_every_form() {
        let base = 1_795_293_497_i128 * 1_000_000_000;
        for (text, value) in [
            ("2026-11-21 20:38:17", base),
            ("2026-11-21T20:38:17Z", base),
            ("2026-11-21 20:38:17.5", base + 500_000_000),
            ("2026-11-21 20:38:17.1234567891", base + 123_456_789),
            ("2026-11-21 21:38:17+01:00", base),
            ("2026-11-21 18:08:17-0230", base),
            ("Nov 21, 2026 20:38:17.951101000 UTC", base + 951_101_000),
            ("Nov 21, 2026 20:38:17", base),
            ("2026-11-21 20:38", base - 17_000_000_000),
            ("1970-01-01", 0),
            ("1969-12-31 23:59:59", -1_000_000_000),
            ("2000-02-29", 951_782_400_000_000_000),
        ] {
            assert_eq!(moment(text), Some(Value::Number(value)), "{text}");
        }
        for text in [
            "",
            "2026",
            "2026-13-01",
            "2026-11-21 25:00",
            "21.11.2026",
            "Nov 21, 2026",
            "2026-11-21 20:38:17.",
            "x-1-1",
        ] {
            assert_eq!(moment(text), None, "{text}");
        }
    }

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
