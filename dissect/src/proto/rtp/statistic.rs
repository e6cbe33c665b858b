//! tshark's `rtp,streams`, of the streams that were learnt.

use super::stream::{Stream, Streams};
use crate::report::Statistic;
use crate::{Address, Memory, Out};

pub(super) static STREAMS: Statistic = Statistic { name: "rtp,streams", write };

/// tshark's short names of the payload types of RFC 3551.
const SHORT: &[(u8, &str)] = &[
    (0, "g711U"),
    (3, "GSM"),
    (4, "g723"),
    (8, "g711A"),
    (9, "g722"),
    (13, "CN"),
    (18, "g729"),
    (26, "JPEG"),
    (31, "h261"),
    (34, "h263"),
];

fn write(memory: &Memory, _: &str, out: &mut Out) {
    let streams = memory.of_type::<Streams>();
    out.str("========================= RTP Streams ========================\n");
    out.str("   Start time      End time     Src IP addr  Port    Dest IP addr  Port       SSRC          Payload  Pkts         Lost   Min Delta(ms)  Mean Delta(ms)   Max Delta(ms)  Min Jitter(ms) Mean Jitter(ms)  Max Jitter(ms) Problems?\n");
    // The last one first, as tshark has them.
    let mut rows: Vec<&Stream> = streams.into_iter().flat_map(Streams::iter).collect();
    rows.reverse();
    for stream in rows {
        row(memory, stream, out);
    }
    let dropped = streams.map_or(0, Streams::dropped);
    if dropped > 0 {
        out.str("(and ").dec(dropped).str(" further streams)\n");
    }
    out.str("==============================================================\n");
}

fn row(memory: &Memory, stream: &Stream, out: &mut Out) {
    let (first, last) = stream.times();
    let since = |time| memory.since(time).unwrap_or(0) as f64 / 1e9;
    let (first, last) = (first.map_or(0.0, since), last.map_or(0.0, since));
    out.fmt(format_args!("{first:13.6} {last:13.6}"));
    let ends = stream.ends();
    for (address, port) in [(ends.source, ends.source_port), (ends.destination, ends.destination_port)] {
        out.str(" ");
        right(15, out, |out| Address::write(&address, out));
        out.fmt(format_args!(" {port:5}"));
    }
    out.fmt(format_args!(" 0x{:08X} ", stream.ssrc()));
    right(16, out, |out| {
        for (at, payload_type) in stream.payload_types().enumerate() {
            out.str(if at > 0 { ", " } else { "" });
            let said = stream.session().and_then(|session| session.format(payload_type));
            match (SHORT.iter().find(|row| row.0 == payload_type), said) {
                (Some((_, name)), _) => out.str(name),
                (None, Some(format)) => out.text(format.encoding.as_bytes()),
                (None, None) => out.str("RTPType-").dec(payload_type.into()),
            };
        }
    });
    let (lost, expected) = (stream.lost(), stream.expected());
    let percent = if expected == 0 { 0.0 } else { lost as f64 * 100.0 / expected as f64 };
    out.fmt(format_args!(" {:5} {lost:5} ({percent:.1}%)", stream.packets()));
    for range in [stream.delta(), stream.jitter()] {
        out.fmt(format_args!(" {:15.3} {:15.3} {:15.3}", range.min, range.mean, range.max));
    }
    let problem = lost != 0 || stream.late() > 0 || stream.duplicates() > 0;
    out.str(if problem { " X\n" } else { " \n" });
}

/// Writes something with spaces before it up to a width.
fn right(width: usize, out: &mut Out, write: impl Fn(&mut Out)) {
    let start = out.len();
    write(out);
    let written = out.len() - start;
    out.truncate(start);
    out.spaces(width.saturating_sub(written));
    write(out);
}
