//! The time column.

use super::date::Civil;
use crate::Out;
use crate::capture::Time;

/// What a time column says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Times {
    /// The time since the first packet.
    #[default]
    Relative,
    /// The time since the packet before.
    Delta,
    /// Seconds since 1970.
    Epoch,
    /// The time of day.
    Day,
    /// Year, month, day and time.
    Date,
    /// Year, day of the year and time.
    DayOfYear,
}

/// How the time column is written.
///
/// ```
/// use dissect::{Out, capture::Time, format::{Clock, Times}};
///
/// let (first, time) = (Time::new(1_795_293_436, 0), Time::new(1_795_293_497, 951_136_000));
/// let written = |times, hms| {
///     let mut out = Out::new();
///     Clock { times, hms, digits: 3 }.write(time, first, first, 0, &mut out);
///     out.to_string_lossy()
/// };
/// assert_eq!(written(Times::Relative, false), "61.951");
/// assert_eq!(written(Times::Relative, true), "1m01.951s");
/// assert_eq!(written(Times::Date, false), "2026-11-21 20:38:17.951");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Clock {
    /// What it says.
    pub times: Times,
    /// Whether lengths of time are written in hours, minutes and seconds.
    pub hms: bool,
    /// How many digits stand behind the point, up to 9.
    pub digits: usize,
}

impl Clock {
    /// Writes a packet's time. `first` and `previous` are the times of the capture's first packet and of the packet
    /// before this one; `east` is how many seconds the clock on the wall is ahead of UTC.
    pub fn write(&self, time: Time, first: Time, previous: Time, east: i32, out: &mut Out) {
        match self.times {
            Times::Relative => self.span(time.since(first), out),
            Times::Delta => self.span(time.since(previous), out),
            Times::Epoch => self.span(time.nanoseconds(), out),
            Times::Day | Times::Date | Times::DayOfYear => self.moment(time, east, out),
        }
    }
    fn span(&self, nanoseconds: i128, out: &mut Out) {
        if nanoseconds < 0 {
            out.byte(b'-');
        }
        let magnitude = nanoseconds.unsigned_abs();
        // All but spans of centuries fit in 64 bits, which divide far faster.
        let (seconds, rest) = match u64::try_from(magnitude) {
            Ok(short) => (short / 1_000_000_000, (short % 1_000_000_000) as u32),
            Err(_) => ((magnitude / 1_000_000_000) as u64, (magnitude % 1_000_000_000) as u32),
        };
        if !self.hms {
            out.dec(seconds);
            self.fraction(rest, out);
            return;
        }
        let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
        if hours > 0 {
            out.dec(hours).byte(b'h');
        }
        if hours > 0 || minutes > 0 {
            out.dec_padded(minutes, if hours > 0 { 2 } else { 1 }).byte(b'm');
        }
        out.dec_padded(seconds % 60, if hours > 0 || minutes > 0 { 2 } else { 1 });
        self.fraction(rest, out);
        out.byte(b's');
    }
    fn moment(&self, time: Time, east: i32, out: &mut Out) {
        let civil = Civil::of(time.seconds().saturating_add(east.into()));
        if !(-9999..=9999).contains(&civil.year) {
            self.span(time.nanoseconds(), out);
            return;
        }
        match self.times {
            Times::Date => {
                out.signed(civil.year).byte(b'-').dec_padded(civil.month, 2);
                out.byte(b'-').dec_padded(civil.day, 2).byte(b' ');
            }
            Times::DayOfYear => {
                out.signed(civil.year).byte(b'/').dec_padded(civil.day_of_year, 3).byte(b' ');
            }
            _ => {}
        }
        out.dec_padded(civil.second / 3600, 2).byte(b':').dec_padded(civil.second / 60 % 60, 2);
        out.byte(b':').dec_padded(civil.second % 60, 2);
        self.fraction(time.nanos(), out);
    }
    fn fraction(&self, nanos: u32, out: &mut Out) {
        let digits = self.digits.min(9);
        if digits > 0 {
            out.with(|pen| {
                pen.all(b".");
                pen.nine_digits(nanos);
                pen.at -= 9 - digits;
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(times: Times, hms: bool, digits: usize, first: (i64, u32), time: (i64, u32)) -> String {
        let (mut out, first) = (Out::new(), Time::new(first.0, first.1));
        Clock { times, hms, digits }.write(Time::new(time.0, time.1), first, first, 0, &mut out);
        out.to_string_lossy()
    }

    #[test]
    fn formats_are_tsharks() {
        let written =
            |times| written(times, false, 6, (1_795_293_497, 951_101_000), (1_795_293_497, 951_136_123));
        assert_eq!(written(Times::Day), "20:38:17.951136");
        assert_eq!(written(Times::Date), "2026-11-21 20:38:17.951136");
        assert_eq!(written(Times::DayOfYear), "2026/325 20:38:17.951136");
        assert_eq!(written(Times::Delta), "0.000035");
        assert_eq!(written(Times::Relative), "0.000035");
        assert_eq!(written(Times::Epoch), "1795293497.951136");
    }

    #[test]
    fn time_that_goes_back_is_negative_and_exact() {
        assert_eq!(written(Times::Relative, false, 9, (5, 1), (4, 999_999_999)), "-0.000000002");
        assert_eq!(written(Times::Epoch, false, 3, (0, 0), (-1, 500_000_000)), "-0.500");
    }

    #[test]
    fn hours_minutes_and_seconds() {
        let since = |seconds| written(Times::Relative, true, 6, (0, 0), (seconds, 5000));
        assert_eq!([since(1), since(61), since(3601)], ["1.000005s", "1m01.000005s", "1h00m01.000005s"]);
    }

    #[test]
    fn the_clock_on_the_wall() {
        let mut out = Out::new();
        let (clock, time) = (Clock { times: Times::Date, hms: false, digits: 0 }, Time::new(951_868_799, 0));
        clock.write(time, time, time, 7200, &mut out);
        assert_eq!(out.to_string_lossy(), "2000-03-01 01:59:59");
    }

    #[test]
    fn a_year_beyond_the_calendar_is_written_in_seconds() {
        let far = i64::MAX / 4;
        assert_eq!(written(Times::Date, false, 0, (0, 0), (far, 0)), far.to_string());
        written(Times::Date, false, 0, (0, 0), (i64::MAX, 0));
        written(Times::Date, false, 0, (0, 0), (i64::MIN, 0));
    }
}
