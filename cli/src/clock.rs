//! The time column of packets in order, in UTC or in this machine's zone.

use crate::args::{SecondsFormat, TimeFormat};
use dissect::capture::Time;
use dissect::format::{self, Ask, Times};
use dissect::{Out, Packet};
use jiff::{Timestamp, tz::TimeZone};

/// Writes the times of packets in order.
#[derive(Debug)]
pub(crate) struct Clock {
    format: format::Clock,
    /// The zone, if it is not UTC.
    zone: Option<TimeZone>,
    /// Whether packets that are not printed count as previous ones.
    every: bool,
    first: Option<Time>,
    previous: Option<Time>,
    /// The times of the packet before this one, and of the one before that was printed.
    before: Option<Time>,
    displayed: Option<Time>,
    /// How far east of UTC it was in the second asked for last: most packets share it with their neighbours.
    east: Option<(i64, i32)>,
}

impl Clock {
    pub(crate) fn new(format: TimeFormat, seconds: SecondsFormat, digits: usize) -> Clock {
        let local = matches!(format, TimeFormat::A | TimeFormat::Ad | TimeFormat::Adoy);
        let times = match format {
            TimeFormat::R => Times::Relative,
            TimeFormat::D | TimeFormat::Dd => Times::Delta,
            TimeFormat::E => Times::Epoch,
            TimeFormat::A | TimeFormat::U => Times::Day,
            TimeFormat::Ad | TimeFormat::Ud => Times::Date,
            TimeFormat::Adoy | TimeFormat::Udoy => Times::DayOfYear,
        };
        Clock {
            format: format::Clock { times, hms: seconds == SecondsFormat::Hms, digits },
            zone: local.then(TimeZone::system),
            every: format == TimeFormat::D,
            first: None,
            previous: None,
            before: None,
            displayed: None,
            east: None,
        }
    }
    /// Takes note of the time of a packet that is not printed.
    pub(crate) fn pass(&mut self, packet: &Packet<'_>) {
        let Some(time) = packet.time else { return };
        self.first.get_or_insert(time);
        self.before = Some(time);
        if self.every {
            self.previous = Some(time);
        }
    }
    /// Writes the packet's time and takes note of it. Nothing for a packet without a time.
    pub(crate) fn write(&mut self, packet: &Packet<'_>, out: &mut Out) {
        let Some(time) = packet.time else { return };
        let first = *self.first.get_or_insert(time);
        let previous = self.previous.replace(time).unwrap_or(time);
        let east = self.east(time);
        self.format.write(time, first, previous, east, out);
    }
    /// Writes what a column of chosen fields asks. [`printed`](Clock::printed) ends the packet.
    pub(crate) fn tell(&mut self, ask: Ask, packet: &Packet<'_>, out: &mut Out) {
        let Some(time) = packet.time else { return };
        let first = *self.first.get_or_insert(time);
        let clock = |times| format::Clock { times, hms: false, digits: 9 };
        match ask {
            Ask::Column => {
                let (previous, east) = (self.previous.unwrap_or(time), self.east(time));
                self.format.write(time, first, previous, east, out);
            }
            Ask::Relative => clock(Times::Relative).write(time, first, first, 0, out),
            Ask::Delta => clock(Times::Delta).write(time, first, self.before.unwrap_or(time), 0, out),
            Ask::Displayed => clock(Times::Delta).write(time, first, self.displayed.unwrap_or(time), 0, out),
        }
    }
    /// Takes note of the time of a packet of which all was told.
    pub(crate) fn printed(&mut self, packet: &Packet<'_>) {
        let Some(time) = packet.time else { return };
        self.first.get_or_insert(time);
        (self.previous, self.before, self.displayed) = (Some(time), Some(time), Some(time));
    }
    /// How many seconds the clock on the wall was ahead of UTC.
    fn east(&mut self, time: Time) -> i32 {
        let Some(zone) = &self.zone else { return 0 };
        match self.east {
            Some((second, east)) if second == time.seconds() => east,
            _ => {
                let stamp = Timestamp::from_second(time.seconds());
                let east = stamp.map_or(0, |stamp| zone.to_offset(stamp).seconds());
                self.east = Some((time.seconds(), east));
                east
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dissect::capture::LinkType;

    #[test]
    fn since_the_first_since_the_previous_and_by_the_zone() {
        let times = [(1_795_293_497, 0), (1_795_293_498, 0), (1_795_293_500, 5000)];
        let written = |format, zone: Option<&str>| {
            let (mut out, mut clock) = (Out::new(), Clock::new(format, SecondsFormat::S, 6));
            clock.zone = zone.map(|name| TimeZone::posix(name).unwrap());
            for (second, nanos) in times {
                out.clear();
                let time = Some(Time::new(second, nanos));
                clock.write(&Packet { time, ..Packet::new(LinkType::ETHERNET, &[]) }, &mut out);
            }
            out.to_string_lossy()
        };
        assert_eq!(written(TimeFormat::R, None), "3.000005");
        assert_eq!(written(TimeFormat::D, None), "2.000005");
        assert_eq!(written(TimeFormat::Ud, None), "2026-11-21 20:38:20.000005");
        assert_eq!(written(TimeFormat::Ad, Some("EAST-5:30")), "2026-11-22 02:08:20.000005");
    }
}
