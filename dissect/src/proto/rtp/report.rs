//! Reports on streams: `sctpdump rtp`.

use super::stream::{Range, Stream, Streams};
use crate::Memory;
use crate::report::{Body, Cell, Column, Kind, Part, Report, Table};

/// The reports.
pub(super) static REPORTS: Kind =
    Kind { name: "rtp", about: "RTP stream", list, one, ladder: None, chart: None, views: &[] };

static LIST: &[Column] = &[
    Column::new("stream", "Stream"),
    Column::new("from", "From"),
    Column::new("to", "To"),
    Column::new("ssrc", "SSRC"),
    Column::new("payload", "Payload"),
    Column::new("packets", "Packets"),
    Column::new("lost", "Lost"),
    Column::new("lost_percent", "Lost %"),
    Column::new("max_delta_ms", "Max delta (ms)"),
    Column::new("mean_jitter_ms", "Mean jitter (ms)"),
    Column::new("max_jitter_ms", "Max jitter (ms)"),
    Column::new("start_seconds", "Start"),
    Column::new("duration_seconds", "Duration"),
    Column::new("keys", "Keys"),
];

static EVENTS: &[Column] = &[
    Column::new("key", "Key"),
    Column::new("event", "Event"),
    Column::new("packet", "Packet"),
    Column::new("duration", "Duration (timestamp units)"),
    Column::new("packets", "Packets"),
    Column::new("ended", "Ended"),
];

fn streams(memory: &Memory) -> impl Iterator<Item = &Stream> {
    memory.of_type::<Streams>().into_iter().flat_map(Streams::iter)
}

/// The streams that this holds for, with their numbers.
pub(crate) fn table(memory: &Memory, is: impl Fn(&Stream) -> bool) -> Table {
    let kept = streams(memory).enumerate().filter(|one| is(one.1));
    Table { columns: LIST, rows: kept.map(|(at, one)| row(memory, at as u64, one)).collect() }
}

fn list(memory: &Memory) -> Report {
    let Table { rows, .. } = table(memory, |_| true);
    let title = match rows.len() {
        1 => "1 RTP stream".to_owned(),
        count => format!("{count} RTP streams"),
    };
    let mut parts = vec![Part::new("streams", "Streams", Body::Table(Table { columns: LIST, rows }))];
    let dropped = memory.of_type::<Streams>().map_or(0, Streams::dropped);
    if dropped > 0 {
        let fact = (Column::new("dropped", "Earlier streams that were dropped"), Cell::Count(dropped));
        parts.push(Part::new("limits", "Limits", Body::Facts(vec![fact])));
    }
    Report { name: "rtp", title, parts }
}

fn row(memory: &Memory, number: u64, one: &Stream) -> Vec<Cell> {
    let (first, last) = one.times();
    vec![
        Cell::Count(number),
        Cell::end(&one.ends().source, one.ends().source_port),
        Cell::end(&one.ends().destination, one.ends().destination_port),
        Cell::Hex(one.ssrc().into(), 8),
        payload(one),
        Cell::Count(one.packets()),
        Cell::Decimal(one.lost() as f64, 0),
        Cell::Decimal(lost_percent(one), 1),
        Cell::Decimal(one.delta().max, 3),
        Cell::Decimal(one.jitter().mean, 3),
        Cell::Decimal(one.jitter().max, 3),
        Cell::maybe(first.and_then(|first| memory.since(first)), Cell::Seconds),
        Cell::maybe(first.zip(last).and_then(|(first, last)| last.checked_since(first)), Cell::Seconds),
        keys(one),
    ]
}

fn payload(one: &Stream) -> Cell {
    Cell::List(one.payload_types().map(|number| Cell::text(one.payload_name(number))).collect())
}

fn lost_percent(one: &Stream) -> f64 {
    if one.expected() == 0 { 0.0 } else { one.lost() as f64 * 100.0 / one.expected() as f64 }
}

/// The keys that were pressed, one behind the other.
fn keys(one: &Stream) -> Cell {
    let keys: String = one.events().iter().map(|event| event.key().unwrap_or('?')).collect();
    if keys.is_empty() { Cell::None } else { Cell::Text(keys) }
}

fn one(memory: &Memory, number: u32) -> Option<Report> {
    let one = streams(memory).nth(number as usize)?;
    let (first_packet, last_packet) = one.span();
    let (first, last) = one.times();
    let range = |range: Range| {
        Cell::text(format!("{:.3} / {:.3} / {:.3}", range.min.max(0.0), range.mean, range.max))
    };
    let facts = vec![
        (Column::new("from", "From"), Cell::end(&one.ends().source, one.ends().source_port)),
        (Column::new("to", "To"), Cell::end(&one.ends().destination, one.ends().destination_port)),
        (Column::new("ssrc", "SSRC"), Cell::Hex(one.ssrc().into(), 8)),
        (Column::new("payload", "Payload"), payload(one)),
        (
            Column::new("setup_packet", "Announced in packet"),
            Cell::maybe(Some(one.setup()).filter(|packet| *packet > 0), Cell::Packet),
        ),
        (Column::new("first_packet", "First packet"), Cell::Packet(first_packet)),
        (Column::new("last_packet", "Last packet"), Cell::Packet(last_packet)),
        (
            Column::new("start_seconds", "Start"),
            Cell::maybe(first.and_then(|first| memory.since(first)), Cell::Seconds),
        ),
        (
            Column::new("duration_seconds", "Duration"),
            Cell::maybe(first.zip(last).and_then(|(first, last)| last.checked_since(first)), Cell::Seconds),
        ),
        (Column::new("packets", "Packets"), Cell::Count(one.packets())),
        (Column::new("bytes", "Bytes of payload"), Cell::Count(one.bytes())),
        (Column::new("expected", "Packets expected"), Cell::Count(one.expected())),
        (Column::new("lost", "Packets lost"), Cell::Decimal(one.lost() as f64, 0)),
        (Column::new("lost_percent", "Lost (%)"), Cell::Decimal(lost_percent(one), 1)),
        (Column::new("late", "Packets out of order"), Cell::Count(one.late())),
        (Column::new("duplicates", "Packets twice"), Cell::Count(one.duplicates())),
        (Column::new("marked", "Packets with the marker"), Cell::Count(one.marked())),
        (Column::new("delta_ms", "Delta, min / mean / max (ms)"), range(one.delta())),
        (Column::new("jitter_ms", "Jitter, min / mean / max (ms)"), range(one.jitter())),
        (Column::new("keys", "Keys"), keys(one)),
    ];
    let events = one.events().iter().map(|event| {
        vec![
            Cell::maybe(event.key(), |key| Cell::text(key.to_string())),
            Cell::Count(event.event.into()),
            Cell::Packet(event.first_packet),
            Cell::Count(event.duration.into()),
            Cell::Count(event.packets.into()),
            Cell::Flag(event.ended),
        ]
    });
    let events = Table { columns: EVENTS, rows: events.collect() };
    Some(Report {
        name: "rtp_stream",
        title: format!("RTP stream {number}"),
        parts: vec![
            Part::new("stream", "Stream", Body::Facts(facts)),
            Part::new("events", "Telephone events", Body::Table(events)),
        ],
    })
}
