//! Statistics: which there are, those over time as a chart, and what two ends said to each other.

use dissect::report::{Body, Cell, Chart, Kind, Panel, Report, Sampler, Style};
use dissect::statistic::Statistics;
use dissect::statistic::follow::{Follow, Manner, Whom};
use dissect::{Dissector, Memory, format};

/// How many intervals there are at most over a capture.
const MOST_INTERVALS: u64 = 1000;
/// The least interval, in microseconds.
const LEAST: u64 = 1000;
/// How many filters are counted at once.
pub const MOST_FILTERS: usize = 5;

/// What ends of conversations can be.
pub const LAYERS: [(&str, &str); 6] =
    [("eth", "Ethernet"), ("ip", "IPv4"), ("ipv6", "IPv6"), ("sctp", "SCTP"), ("tcp", "TCP"), ("udp", "UDP")];

/// The interval for a capture that lasts so many nanoseconds, in microseconds: 1, 2 or 5 of a decimal place.
pub fn interval(duration: i64) -> u64 {
    let least = (duration.max(0) as u64 / 1000 / MOST_INTERVALS).max(LEAST);
    let power = 10u64.pow(least.ilog10());
    [1, 2, 5, 10].into_iter().map(|times| times * power).find(|length| *length >= least).unwrap_or(least)
}

/// The filters of a query: one a line.
pub fn filters(query: &str) -> Vec<&str> {
    query.lines().map(str::trim).filter(|line| !line.is_empty()).take(MOST_FILTERS).collect()
}

/// The statistic of a place: behind its name stands a filter.
///
/// # Errors
/// A sentence: there is no such statistic, or a filter is not understood.
pub fn make(dissector: &Dissector, name: &str, query: &str, duration: i64) -> Result<Statistics, String> {
    if name == "io" {
        return Statistics::intervals(dissector, interval(duration), &filters(query));
    }
    let filter = query.trim();
    let named = if filter.is_empty() { name.to_owned() } else { format!("{name},{filter}") };
    Statistics::parse(dissector, &[&named])
}

/// What can be followed of one of a kind.
enum Followed {
    Sctp,
    Tcp,
    /// By its Call-ID.
    Sip,
}

/// What is followed of one of each kind, by its name.
const FOLLOWED: [(&str, Followed); 3] =
    [("assoc", Followed::Sctp), ("streams", Followed::Tcp), ("calls", Followed::Sip)];

/// Whether what two ends said can be followed.
pub fn is_followed(kind: &Kind) -> bool {
    FOLLOWED.iter().any(|(name, _)| *name == kind.name)
}

/// What gathers what the two ends of one of a kind said to each other: in all streams of an association, or in one.
pub fn follow(
    dissector: &Dissector,
    memory: &Memory,
    kind: &Kind,
    (number, stream): (u32, Option<u16>),
) -> Option<Statistics> {
    let one = (kind.one)(memory, number)?;
    let whom = match FOLLOWED.iter().find(|(name, _)| *name == kind.name)?.1 {
        Followed::Sctp => Whom::Sctp(number.into(), stream.map(u64::from)),
        Followed::Tcp => Whom::Tcp(number.into()),
        Followed::Sip => match one.fact("call_id") {
            Some(Cell::Text(call)) => Whom::Sip(call.clone()),
            _ => return None,
        },
    };
    let manner = Manner::Text(format::Style::PLAIN);
    Some(Statistics::of(dissector, Box::new(Follow::new(dissector, whom, manner))))
}

/// The streams of an association, in order; none for what has no streams of its own.
pub fn streams(memory: &Memory, kind: &Kind, number: u32) -> Vec<u64> {
    if !FOLLOWED.iter().any(|(name, what)| *name == kind.name && matches!(what, Followed::Sctp)) {
        return Vec::new();
    }
    let tables = (kind.one)(memory, number).into_iter().flat_map(|report| report.parts);
    let tables = tables.filter_map(|part| match part.body {
        Body::Table(table) if part.name == "streams" => Some(table),
        _ => None,
    });
    let mut streams: Vec<u64> = tables
        .flat_map(|table| {
            let column = table.columns.iter().position(|column| column.name == "stream");
            table.rows.into_iter().filter_map(move |row| match row.get(column?) {
                Some(Cell::Count(stream)) => Some(*stream),
                _ => None,
            })
        })
        .collect();
    streams.sort_unstable();
    streams.dedup();
    streams
}

/// Packets and bytes over time, of a report on intervals.
pub fn chart(report: &Report, shown: Option<(i64, i64)>, duration: i64) -> Chart {
    let whole = (0, duration.max(1));
    let shown = shown.unwrap_or(whole);
    let mut chart =
        Chart { name: "intervals", title: report.title.clone(), whole, shown, panels: Vec::new() };
    let Some(Body::Table(table)) = report.parts.first().map(|part| &part.body) else { return chart };
    for (name, heading, at) in [("packets", "Packets an interval", 3), ("bytes", "Bytes an interval", 4)] {
        let mut panel = Panel { name, heading, ..Panel::default() };
        let mut rows = table.rows.as_slice();
        while let Some(of) = rows.first().and_then(|row| row.get(2)) {
            let count = rows.iter().take_while(|row| row.get(2) == Some(of)).count();
            let mut sampler = Sampler::new(shown, false);
            for row in &rows[..count] {
                if let (Some(Cell::Seconds(since)), Some(Cell::Count(value))) = (row.first(), row.get(at)) {
                    sampler.add(*since, *value as f64, 0);
                }
            }
            let label = match of {
                Cell::Text(text) if text != "Frames and bytes" => text.clone(),
                _ => "all packets".to_owned(),
            };
            panel.series.push(sampler.series(label, Style::Steps, panel.series.len()));
            rows = &rows[count..];
        }
        chart.panels.push(panel);
    }
    chart
}
