//! A moment as a date.

use crate::{Out, capture::Time, pen::Pen};

const MONTHS: [&[u8; 4]; 12] = [
    b"Jan ", b"Feb ", b"Mar ", b"Apr ", b"May ", b"Jun ", b"Jul ", b"Aug ", b"Sep ", b"Oct ", b"Nov ",
    b"Dec ",
];
/// Days in 400 years of the Gregorian calendar.
const CYCLE: i64 = 146_097;

/// Writes a moment as Wireshark does: `Nov 21, 2026 20:38:17.951101000 UTC`.
pub fn date(time: Time, out: &mut Out) {
    out.with(|pen| pen.date(time));
}

impl Pen<'_> {
    /// Writes a moment.
    pub(super) fn date(&mut self, time: Time) {
        let (days, seconds) = (time.seconds().div_euclid(86_400), time.seconds().rem_euclid(86_400) as u32);
        // Years are counted from March, so that the leap day is the last of its year.
        let days = days.saturating_add(719_468);
        let (cycle, day) = (days.div_euclid(CYCLE), days.rem_euclid(CYCLE) as u32);
        let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
        let day_of_year = day - (365 * year + year / 4 - year / 100);
        let month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month + 2) / 5 + 1;
        let (month, next) = if month < 10 { (month + 2, 0) } else { (month - 10, 1) };
        let year = i64::from(year) + cycle * 400 + next;
        self.all(MONTHS.get(month as usize).unwrap_or(&b"    "));
        self.put(b" ", usize::from(day < 10));
        self.dec(day.into());
        self.all(b", ");
        self.put(b"-", usize::from(year < 0));
        self.dec(year.unsigned_abs());
        self.all(b" ");
        for (part, behind) in [(seconds / 3600, b':'), (seconds / 60 % 60, b':'), (seconds % 60, b'.')] {
            self.all(&[b'0' + (part / 10) as u8, b'0' + (part % 10) as u8, behind]);
        }
        self.nine_digits(time.nanos());
        self.all(b" UTC");
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
}
