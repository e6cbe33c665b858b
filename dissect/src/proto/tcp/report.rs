//! Reports on connections: `sctpdump streams`, `sctpdump ladder FILE streams N`.

use super::connection::{Connection, Connections, Part, Samples, Way};
use super::trace::ladder;
use crate::Memory;
use crate::report::{Body, Cell, Column, Kind, Part as Section, Report, Table};

/// The reports.
pub(super) static REPORTS: Kind = Kind {
    name: "streams",
    about: "TCP connection",
    list,
    one,
    ladder: Some(ladder),
    chart: None,
    views: &[],
};

static LIST: &[Column] = &[
    Column::new("stream", "Stream"),
    Column::new("client", "Client"),
    Column::new("server", "Server"),
    Column::new("state", "State"),
    Column::new("packets", "Packets"),
    Column::new("bytes", "Bytes"),
    Column::new("retransmissions", "Retrans."),
    Column::new("start_seconds", "Start"),
    Column::new("duration_seconds", "Duration"),
];

static WAYS: &[Column] = &[
    Column::new("from", "From"),
    Column::new("packets", "Packets"),
    Column::new("bytes", "Bytes"),
    Column::new("data_bytes", "Data"),
    Column::new("retransmissions", "Retrans."),
    Column::new("fast", "Fast"),
    Column::new("spurious", "Spurious"),
    Column::new("out_of_order", "Out of order"),
    Column::new("gaps", "Gaps"),
    Column::new("duplicate_acks", "Dup ACKs"),
    Column::new("zero_windows", "Zero windows"),
];

static TIMES: &[Column] = &[
    Column::new("from", "From"),
    Column::new("samples", "Samples"),
    Column::new("min_seconds", "Min"),
    Column::new("mean_seconds", "Mean"),
    Column::new("max_seconds", "Max"),
];

fn connections(memory: &Memory) -> impl Iterator<Item = &Connection> {
    memory.of_type::<Connections>().into_iter().flat_map(Connections::iter)
}

fn list(memory: &Memory) -> Report {
    let rows: Vec<Vec<Cell>> = connections(memory).map(|one| row(memory, one)).collect();
    let title = match rows.len() {
        1 => "1 TCP connection".to_owned(),
        count => format!("{count} TCP connections"),
    };
    let table = Body::Table(Table { columns: LIST, rows });
    Report { name: "streams", title, parts: vec![Section::new("streams", "Connections", table)] }
}

fn row(memory: &Memory, one: &Connection) -> Vec<Cell> {
    let both = |count: fn(&Way) -> u64| Cell::Count(one.ways().iter().map(count).sum());
    vec![
        Cell::Count(one.stream().into()),
        Cell::end(&one.ends().source, one.ends().source_port),
        Cell::end(&one.ends().destination, one.ends().destination_port),
        Cell::text(state(one)),
        both(|way| way.packets),
        both(|way| way.bytes),
        both(|way| way.retransmissions.into()),
        Cell::maybe(one.times().and_then(|times| memory.since(times.0)), Cell::Seconds),
        Cell::maybe(one.times().and_then(|(first, last)| last.checked_since(first)), Cell::Seconds),
    ]
}

/// How far the connection came, as far as it was seen.
fn state(one: &Connection) -> &'static str {
    let seen = |part| one.part(part).is_some();
    let began = seen(Part::Syn) || seen(Part::SynAck);
    if seen(Part::Rst) {
        if seen(Part::Syn) && !seen(Part::SynAck) && !seen(Part::Data) { "refused" } else { "reset" }
    } else if one.ways().iter().all(|way| way.fins > 0) {
        "closed"
    } else if seen(Part::Fin) {
        "half closed"
    } else if seen(Part::Syn) && !seen(Part::SynAck) && !seen(Part::Data) {
        "not answered"
    } else if began {
        "open"
    } else {
        "open, begun before the capture"
    }
}

fn one(memory: &Memory, number: u32) -> Option<Report> {
    let one = connections(memory).find(|one| one.stream() == number)?;
    let (first, last) = one.packets();
    let parts = [
        ("syn", "SYN", Part::Syn),
        ("syn_ack", "SYN, ACK", Part::SynAck),
        ("data", "First data", Part::Data),
        ("fin", "FIN", Part::Fin),
        ("rst", "RST", Part::Rst),
    ];
    let mut facts = vec![
        (Column::new("client", "Client"), Cell::end(&one.ends().source, one.ends().source_port)),
        (Column::new("server", "Server"), Cell::end(&one.ends().destination, one.ends().destination_port)),
        (Column::new("state", "State"), Cell::text(state(one))),
        (Column::new("first_packet", "First packet"), Cell::Packet(first)),
        (Column::new("last_packet", "Last packet"), Cell::Packet(last)),
        (
            Column::new("start_seconds", "Start"),
            Cell::maybe(one.times().and_then(|times| memory.since(times.0)), Cell::Seconds),
        ),
        (
            Column::new("duration_seconds", "Duration"),
            Cell::maybe(one.times().and_then(|(first, last)| last.checked_since(first)), Cell::Seconds),
        ),
        (
            Column::new("initial_rtt_seconds", "Round trip of the handshake"),
            Cell::maybe(one.initial_round_trip(), Cell::Seconds),
        ),
    ];
    facts
        .extend(parts.map(|(name, label, part)| {
            (Column::new(name, label), Cell::maybe(one.part(part), Cell::Packet))
        }));
    let ends = [
        Cell::end(&one.ends().source, one.ends().source_port),
        Cell::end(&one.ends().destination, one.ends().destination_port),
    ];
    let ways = ends.iter().zip(one.ways()).map(|(end, way)| {
        let counts = [
            way.packets,
            way.bytes,
            way.data,
            way.retransmissions.into(),
            way.fast_retransmissions.into(),
            way.spurious_retransmissions.into(),
            way.out_of_order.into(),
            way.lost.into(),
            way.duplicate_acks.into(),
            way.zero_windows.into(),
        ];
        [end.clone()].into_iter().chain(counts.map(Cell::Count)).collect()
    });
    let times = ends.iter().zip(one.ways()).filter_map(|(end, way)| {
        let Samples { count, min, max, .. } = way.round_trips;
        let mean = way.round_trips.mean()?;
        let cells = [Cell::Count(count.into()), Cell::Seconds(min), Cell::Seconds(mean), Cell::Seconds(max)];
        Some([end.clone()].into_iter().chain(cells).collect())
    });
    Some(Report {
        name: "stream",
        title: format!("TCP connection {number}"),
        parts: vec![
            Section::new("connection", "Connection", Body::Facts(facts)),
            Section::new(
                "directions",
                "Directions",
                Body::Table(Table { columns: WAYS, rows: ways.collect() }),
            ),
            Section::new(
                "round_trips",
                "Time to the acknowledgment",
                Body::Table(Table { columns: TIMES, rows: times.collect() }),
            ),
        ],
    })
}
