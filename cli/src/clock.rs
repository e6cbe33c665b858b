//! The time column.

use crate::args::{SecondsFormat, TimeFormat};
use dissect::capture::Time;
use dissect::{Out, Packet};
use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

/// Writes the times of packets in order.
#[derive(Debug)]
pub(crate) struct Clock {
    format: TimeFormat,
    seconds: SecondsFormat,
    zone: TimeZone,
    first: Option<Time>,
    previous: Option<Time>,
    /// The civil second that was converted last: most packets share it with their neighbours.
    civil: Option<(i64, DateTime)>,
}

impl Clock {
    pub(crate) fn new(format: TimeFormat, seconds: SecondsFormat) -> Clock {
        let local = matches!(format, TimeFormat::A | TimeFormat::Ad | TimeFormat::Adoy);
        let zone = if local { TimeZone::system() } else { TimeZone::UTC };
        Clock { format, seconds, zone, first: None, previous: None, civil: None }
    }
    /// Takes note of the time of a packet that is not printed.
    pub(crate) fn pass(&mut self, packet: &Packet<'_>) {
        let Some(time) = packet.time else { return };
        self.first.get_or_insert(time);
        if self.format == TimeFormat::D {
            self.previous = Some(time);
        }
    }
    /// Writes the packet's time with so many digits behind the point, and takes note of it. Nothing for a packet without
    /// a time.
    pub(crate) fn write(&mut self, packet: &Packet<'_>, digits: usize, out: &mut Out) {
        let Some(time) = packet.time else { return };
        let first = *self.first.get_or_insert(time);
        let previous = self.previous.replace(time).unwrap_or(time);
        match self.format {
            TimeFormat::R => self.span(time.since(first), digits, out),
            TimeFormat::D | TimeFormat::Dd => self.span(time.since(previous), digits, out),
            TimeFormat::E => self.span(time.nanoseconds(), digits, out),
            TimeFormat::A | TimeFormat::U => self.moment(time, digits, out, |_, _| {}),
            TimeFormat::Ad | TimeFormat::Ud => self.moment(time, digits, out, |civil, out| {
                out.signed(civil.year().into()).byte(b'-').dec_padded(civil.month() as u64, 2);
                out.byte(b'-').dec_padded(civil.day() as u64, 2).byte(b' ');
            }),
            TimeFormat::Adoy | TimeFormat::Udoy => self.moment(time, digits, out, |civil, out| {
                out.signed(civil.year().into())
                    .byte(b'/')
                    .dec_padded(civil.day_of_year() as u64, 3)
                    .byte(b' ');
            }),
        }
    }
    fn span(&self, nanoseconds: i128, digits: usize, out: &mut Out) {
        if nanoseconds < 0 {
            out.byte(b'-');
        }
        let magnitude = nanoseconds.unsigned_abs();
        let (seconds, rest) = ((magnitude / 1_000_000_000) as u64, (magnitude % 1_000_000_000) as u32);
        if self.seconds == SecondsFormat::S {
            out.dec(seconds);
            fraction(rest, digits, out);
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
        fraction(rest, digits, out);
        out.byte(b's');
    }
    fn moment(&mut self, time: Time, digits: usize, out: &mut Out, date: impl Fn(&DateTime, &mut Out)) {
        let civil = match self.civil {
            Some((seconds, civil)) if seconds == time.seconds() => civil,
            _ => {
                let Ok(stamp) = Timestamp::from_second(time.seconds()) else {
                    self.span(time.nanoseconds(), digits, out);
                    return;
                };
                let civil = self.zone.to_datetime(stamp);
                self.civil = Some((time.seconds(), civil));
                civil
            }
        };
        date(&civil, out);
        out.dec_padded(civil.hour() as u64, 2).byte(b':').dec_padded(civil.minute() as u64, 2);
        out.byte(b':').dec_padded(civil.second() as u64, 2);
        fraction(time.nanos(), digits, out);
    }
}

fn fraction(nanos: u32, digits: usize, out: &mut Out) {
    if digits > 0 {
        let scale = 10u32.pow(9 - digits.min(9) as u32);
        out.byte(b'.').dec_padded((nanos / scale).into(), digits.min(9));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dissect::capture::LinkType;

    fn written(format: TimeFormat, seconds: SecondsFormat, digits: usize, times: &[(i64, u32)]) -> String {
        let (mut clock, mut out) = (Clock { zone: TimeZone::UTC, ..Clock::new(format, seconds) }, Out::new());
        for (second, nanos) in times {
            out.clear();
            let time = Some(Time::new(*second, *nanos));
            clock.write(&Packet { time, ..Packet::new(LinkType::ETHERNET, &[]) }, digits, &mut out);
        }
        out.to_string_lossy()
    }

    #[test]
    fn formats_are_tsharks() {
        let times = [(1_795_293_497, 951_101_000), (1_795_293_497, 951_136_123)];
        let written = |format| written(format, SecondsFormat::S, 6, &times);
        assert_eq!(written(TimeFormat::A), "20:38:17.951136");
        assert_eq!(written(TimeFormat::Ud), "2026-11-21 20:38:17.951136");
        assert_eq!(written(TimeFormat::Udoy), "2026/325 20:38:17.951136");
        assert_eq!(written(TimeFormat::D), "0.000035");
        assert_eq!(written(TimeFormat::R), "0.000035");
        assert_eq!(written(TimeFormat::E), "1795293497.951136");
    }

    #[test]
    fn time_that_goes_back_is_negative_and_exact() {
        assert_eq!(written(TimeFormat::R, SecondsFormat::S, 9, &[(5, 1), (4, 999_999_999)]), "-0.000000002");
        assert_eq!(written(TimeFormat::E, SecondsFormat::S, 3, &[(-1, 500_000_000)]), "-0.500");
    }

    #[test]
    fn hours_minutes_and_seconds() {
        let since = |seconds| written(TimeFormat::R, SecondsFormat::Hms, 6, &[(0, 0), (seconds, 5000)]);
        assert_eq!([since(1), since(61), since(3601)], ["1.000005s", "1m01.000005s", "1h00m01.000005s"]);
    }

    #[test]
    fn a_year_beyond_the_calendar_is_written_in_seconds() {
        assert_eq!(
            written(TimeFormat::Ud, SecondsFormat::S, 0, &[(i64::MAX / 4, 0)]),
            (i64::MAX / 4).to_string()
        );
    }
}
