//! Moments and lengths of time, read from text.

use std::str::FromStr;

/// Reads seconds with at most nine digits behind the point, as nanoseconds.
pub(crate) fn duration(text: &str) -> Option<i128> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let seconds: i64 = digits(whole, 10)?;
    (fraction.len() <= 9).then_some(())?;
    Some(i128::from(seconds) * SECOND + nanoseconds(fraction)?)
}

/// Reads a moment as nanoseconds since 1970: `2026-11-21 20:38:17.5`, with less or more of it, or
/// `Nov 21, 2026 20:38:17`; in UTC unless it names another zone.
pub(crate) fn moment(text: &str) -> Option<i128> {
    let (text, east) = zone(text.trim())?;
    let (year, month, day, time) = if let Some((date, rest)) = text.split_once(", ") {
        let (month, day) = date.split_once(' ')?;
        let month = MONTHS.iter().position(|name| *name == month)? as i64 + 1;
        let (year, time) = rest.split_once(' ')?;
        (year, month, digits(day.trim(), 2)?, time)
    } else {
        let (date, time) = text.split_once(['T', ' ']).unwrap_or((text, ""));
        let mut parts = date.splitn(3, '-');
        (parts.next()?, digits(parts.next()?, 2)?, digits(parts.next()?, 2)?, time)
    };
    let year: i64 = digits(year, 4).filter(|_| year.len() == 4)?;
    let mut clock = time.trim().splitn(3, ':');
    let mut next = || clock.next().filter(|part| !part.is_empty()).unwrap_or("0");
    let (hour, minute) = (digits::<i64>(next(), 2)?, digits::<i64>(next(), 2)?);
    let (second, fraction) = match next() {
        second if second.ends_with('.') => return None,
        second => second.split_once('.').unwrap_or((second, "0")),
    };
    let second: i64 = digits(second, 2)?;
    let in_range = (1..=12).contains(&month) && (1..=31).contains(&day);
    let is_valid = in_range && year > 0 && hour < 24 && minute < 60 && second <= 60;
    let seconds = days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - east;
    let fraction = nanoseconds(fraction)?;
    is_valid.then_some(i128::from(seconds) * SECOND + fraction)
}

/// Nanoseconds in a second.
const SECOND: i128 = 1_000_000_000;

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A number of so many digits at most, without a sign.
fn digits<T: FromStr>(text: &str, most: usize) -> Option<T> {
    let plain = (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| plain)
}

/// The digits behind a point as nanoseconds; what is finer is left out.
fn nanoseconds(fraction: &str) -> Option<i128> {
    let all = !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit());
    let fine = fraction.get(..fraction.len().min(9)).filter(|_| all)?;
    Some(digits::<i128>(fine, 9)? * 10i128.pow(9 - fine.len() as u32))
}

/// Splits off a zone: `Z`, `UTC`, `+01:00`, `+0100`; and its seconds east of UTC.
fn zone(text: &str) -> Option<(&str, i64)> {
    if let Some(rest) = text.strip_suffix('Z').or(text.strip_suffix("UTC")) {
        return Some((rest.trim_end(), 0));
    }
    let Some(colon) = text.find(':') else { return Some((text, 0)) };
    let Some(sign) = text.rfind(['+', '-']).filter(|at| *at > colon) else { return Some((text, 0)) };
    let numbers = text.get(sign + 1..)?.replace(':', "");
    let (hours, minutes) = numbers.split_at_checked(2).filter(|_| numbers.len() == 4)?;
    let seconds = digits::<i64>(hours, 2)? * 3600 + digits::<i64>(minutes, 2)? * 60;
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
            assert_eq!(moment(text), Some(value), "{text}");
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
    fn lengths_of_time_are_exact() {
        for (text, value) in
            [("0", 0), ("2", 2 * SECOND), ("0.005", 5_000_000), ("1.123456789", 1_123_456_789)]
        {
            assert_eq!(duration(text), Some(value), "{text}");
        }
        for text in ["", ".5", "1.", "1.1234567891", "1e3", "-1", "0x1", "99999999999"] {
            assert_eq!(duration(text), None, "{text}");
        }
    }
}
