//! One line a packet.

use crate::capture::Time;
use crate::{Address, Line, Out, Packet};

/// Writes a line a packet with tshark's columns: number, time since the first packet, source, destination, protocol,
/// length, info.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// The time of the capture's first packet, from which times count. The first packet written sets it if it is `None`.
    pub first: Option<Time>,
}

impl Summary {
    /// Writes nothing: lines need no header.
    pub fn begin(&self, _: &mut Out) {}
    /// Writes a packet's line.
    pub fn packet(&mut self, packet: &Packet<'_>, line: &Line, out: &mut Out) {
        Summary::timed(packet, line, |out| self.time(packet, out), out);
    }
    /// Writes a packet's line with a time column of the caller's.
    #[inline]
    pub fn timed(packet: &Packet<'_>, line: &Line, time: impl FnOnce(&mut Out), out: &mut Out) {
        Summary::parted(b' ', packet, line, time, out);
    }
    /// Writes a packet's line with this byte between its columns: tshark's `-T tabs` has a tabulator.
    #[inline]
    pub fn parted(between: u8, packet: &Packet<'_>, line: &Line, time: impl FnOnce(&mut Out), out: &mut Out) {
        out.with(|pen| {
            pen.right(5, |pen| pen.dec(packet.number));
            pen.all(&[between]);
        });
        right(out, 10, time);
        out.byte(between);
        match (&line.source, &line.destination) {
            // Most packets: with one pen.
            (Address::Ipv4(source), Address::Ipv4(destination)) if line.names().is_none() => {
                out.with(|pen| {
                    pen.right(12, |pen| pen.ipv4(*source));
                    pen.all(&[between]);
                    pen.short("→".as_bytes());
                    pen.all(&[between]);
                    let start = pen.at;
                    pen.ipv4(*destination);
                    pen.put(&[b' '; 16], 12usize.saturating_sub(pen.at - start));
                });
            }
            (source, destination) => {
                right(out, 12, |out| line.write(source, out));
                out.byte(between).str("→").byte(between);
                let start = out.len();
                line.write(destination, out);
                let len = out.len() - start;
                out.spaces(12usize.saturating_sub(len));
            }
        }
        out.byte(between).str(line.protocol);
        out.with(|pen| {
            pen.all(&[between]);
            pen.dec(packet.original.into());
            pen.all(&[between]);
        });
        out.raw(line.info.as_bytes()).byte(b'\n');
    }
    /// Writes nothing.
    pub fn end(&self, _: &mut Out) {}

    /// Seconds since the first packet, to the microsecond.
    fn time(&mut self, packet: &Packet<'_>, out: &mut Out) {
        let Some(time) = packet.time else { return };
        let since = time.since(*self.first.get_or_insert(time));
        if since < 0 {
            out.byte(b'-');
        }
        // A capture may span more than 64 bits of nanoseconds, not of microseconds.
        let micros = (since.unsigned_abs() / 1000) as u64;
        out.with(|pen| {
            pen.dec(micros / 1_000_000);
            pen.all(b".");
            pen.six_digits((micros % 1_000_000) as u32);
        });
    }
}

/// Writes with spaces before it, up to a width of at most 16.
#[inline(always)]
fn right(out: &mut Out, width: usize, write: impl FnOnce(&mut Out)) {
    let start = out.len();
    write(out);
    let len = out.len() - start;
    if len < width {
        // The pen goes over what was written.
        out.truncate(start);
        out.with(|pen| {
            pen.at = len;
            pen.align(0, width);
        });
    }
}
