//! Moments, exact to the nanosecond.

use std::fmt;

/// Nanoseconds in a second.
const SECOND: u32 = 1_000_000_000;

/// A moment: seconds and nanoseconds since 1970-01-01 00:00:00 UTC, exact.
///
/// Moments before 1970 have negative seconds; the nanoseconds always count forward.
///
/// ```
/// use dissect::capture::Time;
///
/// let sent = Time::new(1_700_000_000, 999_999_999);
/// let answered = Time::new(1_700_000_001, 1);
/// assert_eq!(answered.since(sent), 2);
/// assert_eq!(sent.to_string(), "1700000000.999999999");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time {
    seconds: i64,
    nanos: u32,
}

impl Time {
    /// A moment from seconds and nanoseconds. Nanoseconds beyond a second are carried over, as some writers of
    /// captures leave them.
    #[inline]
    pub const fn new(seconds: i64, nanos: u32) -> Time {
        if nanos < SECOND {
            Time { seconds, nanos }
        } else {
            Time { seconds: seconds.saturating_add((nanos / SECOND) as i64), nanos: nanos % SECOND }
        }
    }

    /// A moment from nanoseconds since 1970; `None` beyond 292 thousand million years.
    pub fn from_nanoseconds(nanoseconds: i128) -> Option<Time> {
        let seconds = i64::try_from(nanoseconds.div_euclid(SECOND as i128)).ok()?;
        Some(Time { seconds, nanos: nanoseconds.rem_euclid(SECOND as i128) as u32 })
    }

    /// A moment from nanoseconds since 1970, within 292 years of it.
    #[inline]
    pub const fn from_nanoseconds_64(nanoseconds: i64) -> Time {
        let second = SECOND as i64;
        Time { seconds: nanoseconds.div_euclid(second), nanos: nanoseconds.rem_euclid(second) as u32 }
    }

    /// Whole seconds since 1970, rounded down.
    #[inline]
    pub const fn seconds(self) -> i64 {
        self.seconds
    }

    /// Nanoseconds after [`seconds`](Time::seconds): 0 to 999,999,999.
    #[inline]
    pub const fn nanos(self) -> u32 {
        self.nanos
    }

    /// Nanoseconds since 1970.
    #[inline]
    pub const fn nanoseconds(self) -> i128 {
        self.seconds as i128 * SECOND as i128 + self.nanos as i128
    }

    /// Nanoseconds from `earlier` to this moment, negative if `earlier` is later. It is always exact.
    #[inline]
    pub const fn since(self, earlier: Time) -> i128 {
        self.nanoseconds() - earlier.nanoseconds()
    }

    /// Nanoseconds from `earlier` to this moment, negative if `earlier` is later; `None` if they are more than
    /// 292 years apart.
    #[inline]
    pub fn checked_since(self, earlier: Time) -> Option<i64> {
        let nanos = self.nanos as i64 - earlier.nanos as i64;
        self.seconds.checked_sub(earlier.seconds)?.checked_mul(SECOND as i64)?.checked_add(nanos)
    }
}

/// Seconds since 1970 with nine digits after the point.
impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nanoseconds = self.nanoseconds();
        let sign = if nanoseconds < 0 { "-" } else { "" };
        let magnitude = nanoseconds.unsigned_abs();
        write!(f, "{sign}{}.{:09}", magnitude / SECOND as u128, magnitude % SECOND as u128)
    }
}

/// How long a tick of an interface's clock is (pcapng option if_tsresol).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resolution(u8);

impl Resolution {
    /// Microseconds, which hold where an interface says nothing.
    pub const MICROSECONDS: Resolution = Resolution(6);
    /// Nanoseconds.
    pub const NANOSECONDS: Resolution = Resolution(9);

    /// A resolution from the byte of if_tsresol: 10^-n, or with the top bit set 2^-n.
    pub const fn new(byte: u8) -> Resolution {
        Resolution(byte)
    }

    /// The byte of if_tsresol.
    pub const fn byte(self) -> u8 {
        self.0
    }

    /// Ticks as seconds and nanoseconds; what is finer than a nanosecond is cut off.
    #[inline]
    pub fn split(self, ticks: u64) -> (u64, u32) {
        match self.0 {
            6 => (ticks / 1_000_000, (ticks % 1_000_000) as u32 * 1000),
            9 => (ticks / 1_000_000_000, (ticks % 1_000_000_000) as u32),
            _ => self.split_any(ticks),
        }
    }

    fn split_any(self, ticks: u64) -> (u64, u32) {
        // A count of 64 bits in units below 10^-38 s is less than a nanosecond, as is one below 2^-94 s.
        let wide = ticks as u128 * SECOND as u128;
        let nanoseconds = match self.per_second() {
            Some(per_second) => wide / per_second,
            None => 0,
        };
        ((nanoseconds / SECOND as u128) as u64, (nanoseconds % SECOND as u128) as u32)
    }

    /// Ticks in a second, where that is a number of 128 bits.
    fn per_second(self) -> Option<u128> {
        let exponent = u32::from(self.0 & 0x7f);
        if self.0 & 0x80 == 0 { 10u128.checked_pow(exponent) } else { 1u128.checked_shl(exponent) }
    }

    /// The ticks whose [`split`](Resolution::split) gives this time; the next later tick if none does. `None` if
    /// they do not fit.
    pub(super) fn ticks(self, nanoseconds: u128) -> Option<u64> {
        let product = nanoseconds.checked_mul(self.per_second()?)?;
        u64::try_from(product.div_ceil(SECOND as u128)).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nanoseconds_beyond_a_second_are_carried() {
        assert_eq!(Time::new(5, 2_000_000_007), Time::new(7, 7));
        assert_eq!(Time::new(i64::MAX, u32::MAX).seconds(), i64::MAX);
    }

    #[test]
    fn differences_are_exact_and_checked() {
        let early = Time::new(-2, 500_000_000);
        let late = Time::new(1, 1);
        assert_eq!(late.since(early), 2_500_000_001);
        assert_eq!(early.checked_since(late), Some(-2_500_000_001));
        assert_eq!(Time::new(i64::MAX, 0).checked_since(Time::new(i64::MIN, 0)), None);
        assert_eq!(Time::new(i64::MAX, 0).since(Time::new(i64::MIN, 0)), u64::MAX as i128 * 1_000_000_000);
        assert_eq!(Time::from_nanoseconds(-1_500_000_000), Some(early));
        assert_eq!(early.to_string(), "-1.500000000");
    }

    #[test]
    fn ticks_of_both_bases() {
        assert_eq!(Resolution::new(0).split(7), (7, 0));
        assert_eq!(Resolution::new(3).split(1_234), (1, 234_000_000));
        assert_eq!(Resolution::new(12).split(1_000_000_001_999), (1, 1));
        assert_eq!(Resolution::new(19).split(u64::MAX), (1, 844_674_407));
        assert_eq!(Resolution::new(20).split(u64::MAX), (0, 184_467_440));
        assert_eq!(Resolution::new(127).split(u64::MAX), (0, 0));
        assert_eq!(Resolution::new(0x80).split(9), (9, 0));
        assert_eq!(Resolution::new(0x8a).split(1_025), (1, 976_562));
        assert_eq!(Resolution::new(0xa0).split(0x1_8000_0000), (1, 500_000_000));
        assert_eq!(Resolution::new(0xc0).split(u64::MAX), (0, 999_999_999));
        assert_eq!(Resolution::new(0xff).split(u64::MAX), (0, 0));
    }

    #[test]
    fn ticks_come_back() {
        for byte in [0, 3, 6, 9, 12, 0x80, 0x8a, 0x94, 0x9e, 0xa0] {
            let resolution = Resolution::new(byte);
            for ticks in [0, 1, 999, 1_024, 123_456_789_012, 1_700_000_000_123_456] {
                let (seconds, nanos) = resolution.split(ticks);
                let nanoseconds = seconds as u128 * 1_000_000_000 + nanos as u128;
                let again = resolution.ticks(nanoseconds).unwrap();
                assert_eq!(resolution.split(again), (seconds, nanos), "{byte:#x} {ticks}");
            }
        }
    }
}
