//! A moment as a date.

use crate::pen::{Pen, ROOM};
use crate::{Out, capture::Time};

const MONTHS: [&[u8; 4]; 12] = [
    b"Jan ", b"Feb ", b"Mar ", b"Apr ", b"May ", b"Jun ", b"Jul ", b"Aug ", b"Sep ", b"Oct ", b"Nov ",
    b"Dec ",
];
/// Days in 400 years of the Gregorian calendar.
const CYCLE: i64 = 146_097;

/// What stands behind a moment.
pub(super) const ZONE: &[u8; 4] = b" UTC";

/// A second of the calendar.
pub(super) struct Civil {
    pub(super) year: i64,
    /// From 1.
    pub(super) month: u64,
    /// From 1.
    pub(super) day: u64,
    /// From 1.
    pub(super) day_of_year: u64,
    /// Of the day, from 0.
    pub(super) second: u64,
}

impl Civil {
    /// The calendar's name of a second since 1970.
    pub(super) fn of(second: i64) -> Civil {
        let (days, second) = (second.div_euclid(86_400), second.rem_euclid(86_400) as u64);
        // Years are counted from March, so that the leap day is the last of its year.
        let days = days.saturating_add(719_468);
        let (cycle, day) = (days.div_euclid(CYCLE), days.rem_euclid(CYCLE));
        let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
        let since_march = day - (365 * year + year / 4 - year / 100);
        let month = (5 * since_march + 2) / 153;
        let day = since_march - (153 * month + 2) / 5 + 1;
        let (month, next) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
        let year = year + cycle * 400 + next;
        let leap = i64::from(year % 4 == 0 && (year % 100 != 0 || year % 400 == 0));
        let day_of_year = if next == 1 { since_march - 305 } else { since_march + 60 + leap };
        Civil { year, month: month as u64, day: day as u64, day_of_year: day_of_year as u64, second }
    }
}

/// Writes a moment as Wireshark does: `Nov 21, 2026 20:38:17.951101000 UTC`.
pub fn date(time: Time, out: &mut Out) {
    out.with(|pen| pen.date(time));
}

/// Writes the day of a moment, in UTC: `2026-11-21`.
pub(super) fn day(time: Time, out: &mut Out) {
    let Civil { year, month, day, .. } = Civil::of(time.seconds());
    out.signed(year).byte(b'-').dec_padded(month, 2).byte(b'-').dec_padded(day, 2);
}

/// Writes a moment by ISO 8601: `2026-11-21T20:38:17.951101000Z`.
pub(super) fn iso(time: Time, out: &mut Out) {
    let second = Civil::of(time.seconds()).second;
    day(time, out);
    out.byte(b'T').dec_padded(second / 3600, 2).byte(b':').dec_padded(second / 60 % 60, 2);
    out.byte(b':').dec_padded(second % 60, 2).byte(b'.').dec_padded(time.nanos().into(), 9).byte(b'Z');
}

/// A second and its date, for moments that follow each other.
#[derive(Clone)]
pub(super) struct Second {
    /// None before the first.
    of: Option<i64>,
    text: [u8; 32],
    len: usize,
}

impl Default for Second {
    fn default() -> Second {
        Second { of: None, text: [b' '; 32], len: 0 }
    }
}

impl Second {
    /// Writes the date of another second, which is the one before from now on.
    #[cold]
    #[inline(never)]
    fn begin(&mut self, second: i64, room: &mut [u8; ROOM], at: usize) {
        let mut pen = Pen { room, at };
        pen.second(second);
        (self.of, self.len) = (Some(second), (pen.at - at).min(32));
        for (to, from) in self.text.iter_mut().zip(room.get(at..).unwrap_or(&[])) {
            *to = *from;
        }
    }
}

impl Pen<'_> {
    /// Writes a moment.
    pub(super) fn date(&mut self, time: Time) {
        self.second(time.seconds());
        self.nine_digits(time.nanos());
        self.all(ZONE);
    }
    /// Writes a moment near to the one before, whose second is given, without the [`ZONE`].
    #[inline(always)]
    pub(super) fn moment(&mut self, time: Time, last: &mut Second) {
        if Some(time.seconds()) != last.of {
            last.begin(time.seconds(), self.room, self.at);
        }
        self.put(&last.text, last.len);
        self.nine_digits(time.nanos());
    }
    /// Writes the date of a second, and a point.
    fn second(&mut self, second: i64) {
        let Civil { year, month, day, second, .. } = Civil::of(second);
        self.all(MONTHS.get(month as usize - 1).unwrap_or(&b"    "));
        self.put(b" ", usize::from(day < 10));
        self.dec(day);
        self.all(b", ");
        self.put(b"-", usize::from(year < 0));
        self.dec(year.unsigned_abs());
        self.all(b" ");
        for (part, behind) in [(second / 3600, b':'), (second / 60 % 60, b':'), (second % 60, b'.')] {
            self.all(&[b'0' + (part / 10) as u8, b'0' + (part % 10) as u8, behind]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_across_leap_days_and_before_1970() {
        for (seconds, text) in [
            (0, "Jan  1, 1970 00:00:00.000000007 UTC"),
            (1_795_293_497, "Nov 21, 2026 20:38:17.000000007 UTC"),
            (951_782_399, "Feb 28, 2000 23:59:59.000000007 UTC"),
            (951_782_400, "Feb 29, 2000 00:00:00.000000007 UTC"),
            (951_868_800, "Mar  1, 2000 00:00:00.000000007 UTC"),
            (4_107_542_399, "Feb 28, 2100 23:59:59.000000007 UTC"),
            (4_107_542_400, "Mar  1, 2100 00:00:00.000000007 UTC"),
            (-1, "Dec 31, 1969 23:59:59.000000007 UTC"),
        ] {
            let mut out = Out::new();
            date(Time::new(seconds, 7), &mut out);
            assert_eq!(out.to_string_lossy(), text);
        }
        date(Time::new(i64::MIN, 0), &mut Out::new());
        date(Time::new(i64::MAX, 0), &mut Out::new());
    }

    #[test]
    fn the_first_and_the_last_day_of_years() {
        for (seconds, day, year) in [
            (0, 1, 1970),
            (31_535_999, 365, 1970),
            (951_782_400, 60, 2000),
            (951_868_800, 61, 2000),
            (978_307_199, 366, 2000),
            (4_107_542_400, 60, 2100),
            (-1, 365, 1969),
        ] {
            let civil = Civil::of(seconds);
            assert_eq!((civil.day_of_year, civil.year), (day, year));
        }
    }
}
