//! All of one association.

use super::super::association::path::Times;
use super::super::association::{Association, Associations, Event, EventKind, Side, SwitchCause};
use super::super::chunk::{CHUNKS, data, i_data};
use super::super::ppid::{NAMES, Ppid};
use super::ladder::why;
use super::story::Story;
use super::words::{
    address, addresses, cause, chunk_name, count, ending, extensions, path, side_name, span, state,
};
use super::{health, paths, table};
use crate::Memory;
use crate::capture::Time;
use crate::report::{Body, Cell, Column, Part, Report};

/// How many rows of events, of retransmissions and of streams are shown.
pub(super) const MOST_ROWS: usize = 200;

/// Declares columns: their names for programs and their headings.
macro_rules! columns {
    ($name:ident: $($column:literal $label:literal,)+) => {
        static $name: &[Column] = &[$(Column::new($column, $label),)+];
    };
}

columns! { FACTS:
    "a" "A", "a_port" "A's port", "b" "B", "b_port" "B's port", "a_deleted" "Deleted by A", "b_deleted" "Deleted by B",
    "state" "State", "end" "How it ended",
    "begins" "Begins with", "restart_of" "Restart of association", "restarted_by" "Restarted by association",
    "start" "Start", "duration_seconds" "Seconds", "first_packet" "First packet", "last_packet" "Last packet",
    "packets" "Packets", "bytes" "Bytes", "streams_a_to_b" "Streams from A to B", "streams_b_to_a" "Streams from B to A",
    "wrong_tags" "Packets with a wrong tag", "wrong_checksums" "Packets with a wrong checksum",
    "unreachable" "ICMP: unreachable",
}
columns! { SIDES:
    "side" "Side", "packet" "Packet", "tag" "Tag", "initial_tsn" "Initial TSN", "a_rwnd" "a_rwnd",
    "outbound_streams" "Streams wanted", "inbound_streams" "Streams allowed", "cookie_bytes" "Cookie bytes",
    "adaptation" "Adaptation", "extensions" "Extensions",
}
columns! { TIMELINE: "time_seconds" "Time", "packet" "Packet", "side" "Side", "path" "Path", "event" "Event", }
columns! { PATHS:
    "path" "Path", "from" "From", "to" "To", "role" "Role", "packets" "Packets", "bytes" "Bytes", "data" "DATA",
    "retransmissions" "Sent again", "heartbeats" "HEARTBEATs", "answered" "answered", "unanswered" "not",
    "rtt_min_seconds" "RTT min", "rtt_mean_seconds" "mean", "rtt_max_seconds" "max", "state" "State",
}
columns! { STREAMS:
    "side" "From", "stream" "Stream", "messages" "Messages", "bytes" "Bytes", "pieces" "Pieces", "ordered" "Ordered",
    "unordered" "Unordered", "blocked" "Blocked", "blocked_seconds" "for", "longest_seconds" "longest", "ppids" "PPIDs",
}
columns! { TSNS:
    "tsns" "TSNs", "a" "A", "b" "B",
}
columns! { CHUNK_COUNTS: "chunk" "Chunk", "a" "from A", "b" "from B", }
columns! { AGAIN:
    "time_seconds" "Time", "packet" "Packet", "side" "Side", "tsn" "TSN", "first_packet" "First in",
    "after_seconds" "After", "cause" "Cause", "from_path" "From path", "to_path" "To path", "spurious" "Not needed",
}

pub(super) fn make(memory: &Memory, number: u32) -> Option<Report> {
    let (all, one) = super::find(memory, number)?;
    let story = Story::of(all, one);
    let mut parts = vec![
        Part::new("association", "Association", facts(one)),
        Part::new("findings", "Findings", Body::Findings(health::findings(all, one, story.as_ref()))),
        Part::new("handshake", "Handshake", table(SIDES, sides(one))),
        Part::new("timeline", "Timeline", table(TIMELINE, timeline(one))),
        Part::new("paths", "Paths", table(PATHS, path_rows(all, one))),
    ];
    if let Some(story) = &story {
        parts.push(Part::new("streams", "Streams", table(STREAMS, streams(story))));
    }
    parts.push(Part::new("tsns", "TSNs", table(TSNS, tsns(one))));
    let again = again(all, one);
    if !again.is_empty() {
        parts.push(Part::new("retransmissions", "Sent again", table(AGAIN, again)));
    }
    parts.push(Part::new("chunks", "Chunks", table(CHUNK_COUNTS, chunks(one))));
    let [a, b] = &one.sides;
    let title = format!("SCTP association {number}: {} to {}", super::words::end(a), super::words::end(b));
    Some(super::report("association", title, parts))
}

fn facts(one: &Association) -> Body {
    let [a, b] = &one.sides;
    let agreed = |from: &Side, to: &Side| {
        let known = from.init != 0 && to.init != 0;
        Cell::maybe(known.then(|| from.outbound_streams.min(to.inbound_streams)), |streams| {
            Cell::Count(streams.into())
        })
    };
    let some = |number: u32| if number == 0 { Cell::None } else { Cell::Count(number.into()) };
    let index = |index: Option<u32>| Cell::maybe(index, |index| Cell::Count(index.into()));
    let cells = vec![
        addresses(a),
        Cell::Count(a.port.into()),
        addresses(b),
        Cell::Count(b.port.into()),
        deleted(a),
        deleted(b),
        Cell::text(state(one)),
        Cell::text(ending(one)),
        Cell::text(if one.begun {
            "its INIT"
        } else {
            "packets of an association that was there before the capture"
        }),
        index(one.restart_of),
        index(one.restarted_by),
        Cell::Moment(Time::from_nanoseconds_64(one.first().1)),
        Cell::Seconds(one.last().1.saturating_sub(one.first().1)),
        Cell::Packet(one.first().0),
        Cell::Packet(one.last().0),
        Cell::Count(a.traffic.packets + b.traffic.packets),
        Cell::Count(a.traffic.bytes + b.traffic.bytes),
        agreed(a, b),
        agreed(b, a),
        some(one.wrong_tags),
        some(one.spoilt),
        some(one.unreachable),
    ];
    Body::Facts(FACTS.iter().copied().zip(cells).collect())
}

/// The addresses that a side withdrew: RFC 5061, 4.2.2.
fn deleted(side: &Side) -> Cell {
    if side.deleted.is_empty() {
        Cell::None
    } else {
        Cell::List(side.deleted.iter().map(Cell::address).collect())
    }
}

fn sides(one: &Association) -> Vec<Vec<Cell>> {
    let row = |(side, name): (&Side, &str)| {
        let init = side.init != 0;
        let known = |cell: Cell| if init { cell } else { Cell::None };
        vec![
            Cell::text(name),
            known(Cell::Packet(side.init)),
            if side.tag == 0 { Cell::None } else { Cell::Hex(side.tag.into(), 8) },
            known(Cell::Count(side.initial_tsn.into())),
            known(Cell::Count(side.initial_a_rwnd.into())),
            known(Cell::Count(side.outbound_streams.into())),
            known(Cell::Count(side.inbound_streams.into())),
            if side.cookie == 0 { Cell::None } else { Cell::Count(side.cookie.into()) },
            Cell::maybe(side.adaptation, |word| Cell::Hex(word.into(), 8)),
            Cell::List(extensions(side)),
        ]
    };
    one.sides.iter().zip(["A", "B"]).map(row).collect()
}

/// What happened, in order. What happens often is told in one row for as many as follow each other.
fn timeline(one: &Association) -> Vec<Vec<Cell>> {
    let (events, mut rows, mut at) = (one.events.list(), Vec::new(), 0);
    let mut left = u64::from(one.events.dropped());
    while let Some(event) = events.get(at) {
        let alike =
            |other: &&Event| other.side == event.side && often(&other.kind) && same(&event.kind, &other.kind);
        let run = if often(&event.kind) { events[at..].iter().take_while(alike).count().max(1) } else { 1 };
        at += run;
        let Some(text) = words(one, event, run as u32) else { continue };
        if rows.len() >= MOST_ROWS {
            left += 1;
            continue;
        }
        rows.push(vec![
            Cell::Seconds(one.since(event.time)),
            Cell::Packet(event.packet),
            Cell::text(side_name(event.side)),
            Cell::Count(u64::from(event.path) + 1),
            Cell::text(text),
        ]);
    }
    if left > 0 {
        let text = Cell::text(format!("{} more left out", count(left, "event")));
        rows.push(vec![Cell::None, Cell::None, Cell::None, Cell::None, text]);
    }
    rows
}

fn often(kind: &EventKind) -> bool {
    matches!(
        kind,
        EventKind::Retransmission(..)
            | EventKind::Duplicate(_)
            | EventKind::Reneged(_)
            | EventKind::Missing(_)
            | EventKind::ForwardTsn(_)
            | EventKind::WindowProbe(_)
            | EventKind::WrongTag(_)
            | EventKind::HeartbeatAck(_)
            | EventKind::HeartbeatLost(_)
            | EventKind::Congestion
            | EventKind::PacketDropped
    )
}

/// Whether two events are of one kind and cause.
fn same(a: &EventKind, b: &EventKind) -> bool {
    match (a, b) {
        (EventKind::Retransmission(_, a), EventKind::Retransmission(_, b)) => a == b,
        _ => std::mem::discriminant(a) == std::mem::discriminant(b),
    }
}

/// An event, and how many like it follow.
fn words(one: &Association, event: &Event, run: u32) -> Option<String> {
    let more = |what: String| if run > 1 { format!("{what}, and {} more like it", run - 1) } else { what };
    Some(match event.kind {
        EventKind::Status(status) => format!("is now {}", status.name()),
        EventKind::Init => "INIT".into(),
        EventKind::InitAgain => "INIT again (T1-init)".into(),
        EventKind::InitAck => "INIT ACK".into(),
        EventKind::CookieEcho => "COOKIE ECHO".into(),
        EventKind::CookieEchoAgain => "COOKIE ECHO again (T1-cookie)".into(),
        EventKind::CookieAck => "COOKIE ACK".into(),
        EventKind::Collision => "INIT though the other side sent one too (collision)".into(),
        EventKind::Restart(before) => format!("restarts association {before}"),
        EventKind::Error(code) => format!("ERROR: {}", cause(code)),
        EventKind::StaleCookie(late) => format!("the cookie was too old by {}", span(i64::from(late) * 1000)),
        EventKind::Shutdown => "SHUTDOWN".into(),
        EventKind::ShutdownAgain => "SHUTDOWN again (T2-shutdown)".into(),
        EventKind::ShutdownAck => "SHUTDOWN ACK".into(),
        EventKind::ShutdownComplete(reflected) => {
            if reflected { "SHUTDOWN COMPLETE without an association (T bit)" } else { "SHUTDOWN COMPLETE" }
                .into()
        }
        EventKind::Abort(code, reflected) => {
            let without = if reflected { " without an association (T bit)" } else { "" };
            let why = if code == 0 { String::new() } else { format!(": {}", cause(code)) };
            let reason = one.end.as_ref().filter(|end| end.packet == event.packet).map(super::words::reason);
            format!("ABORT{without}{why}{}", reason.unwrap_or_default())
        }
        EventKind::Retransmission(tsn, cause) => {
            let again = if run > 1 {
                format!("sends {} again, from TSN {tsn}", count(run, "TSN"))
            } else {
                format!("sends TSN {tsn} again")
            };
            format!("{again} ({})", why(cause))
        }
        EventKind::Reneged(tsn) => more(format!("takes TSN {tsn} back")),
        EventKind::Duplicate(tsn) => more(format!("TSN {tsn} arrived twice")),
        EventKind::Missing(tsns) => {
            more(format!("acknowledges {} that the capture does not have", count(tsns, "TSN")))
        }
        EventKind::WindowClosed => "can take no more bytes (a_rwnd 0)".into(),
        EventKind::WindowOpened(bytes) => format!("can take {bytes} bytes again"),
        EventKind::WindowProbe(tsn) => more(format!("probes the closed window with TSN {tsn}")),
        EventKind::HeartbeatAck(rtt) => more(format!("has an answer to its HEARTBEAT after {}", span(rtt))),
        EventKind::HeartbeatLost(packet) => {
            more(format!("got no answer to the HEARTBEAT of packet {packet}"))
        }
        EventKind::Switch(from, cause) => {
            format!(
                "new messages take {} instead of path {}: {}",
                path(one, event.path),
                from + 1,
                switch(cause)
            )
        }
        EventKind::AddAddress(one) => format!("asks to add {} (ASCONF)", address(&one)),
        EventKind::DeleteAddress(one) => format!("asks to delete {} (ASCONF)", address(&one)),
        EventKind::SetPrimary(one) => format!("asks for {} as primary (ASCONF)", address(&one)),
        EventKind::Reconfigure(kind) => format!("RE-CONFIG: {}", reconfiguration(kind)),
        EventKind::ForwardTsn(tsn) => more(format!("gives up what it sent up to TSN {tsn} (FORWARD-TSN)")),
        EventKind::WrongTag(_) => more("a packet with a wrong verification tag".into()),
        EventKind::Unreachable => "ICMP says that its packet did not arrive".into(),
        EventKind::Congestion => more("reports congestion (ECNE)".into()),
        EventKind::PacketDropped => more("reports a dropped packet (PKTDROP)".into()),
        #[allow(unreachable_patterns)]
        _ => return None,
    })
}

/// Why new messages take another path.
pub(super) fn switch(cause: SwitchCause) -> &'static str {
    match cause {
        SwitchCause::T3 => "what was sent there timed out",
        SwitchCause::Heartbeat => "a HEARTBEAT there was not answered",
        SwitchCause::SetPrimary => "the other side asked for it",
        SwitchCause::FailBack => "back to the first path",
        SwitchCause::Followed => "the other side's new messages come that way",
        SwitchCause::Unknown => "the packets don't tell why",
        SwitchCause::Deleted => "an address there was deleted",
    }
}

/// What a parameter of RE-CONFIG is: RFC 6525, 4.
pub(super) fn reconfiguration(kind: u16) -> &'static str {
    match kind {
        13 => "wants to reset outgoing streams",
        14 => "wants incoming streams to be reset",
        15 => "wants to reset all streams and TSNs",
        16 => "answers a request",
        17 => "wants to add outgoing streams",
        18 => "wants to add incoming streams",
        _ => "an unknown request",
    }
}

fn path_rows(all: &Associations, one: &Association) -> Vec<Vec<Cell>> {
    let spells = paths::spells(all, one);
    let mut rows = Vec::new();
    for (path, number) in one.paths.iter().zip(0_u8..) {
        for me in 0..2_usize {
            let (traffic, beats) = (&path.traffic[me], &path.heartbeats[me]);
            if traffic.packets == 0 {
                continue;
            }
            let side = &one.sides[me];
            let role = if side.primary.is_none() {
                Cell::None
            } else if side.primary == Some(number) && side.first_primary == Some(number) {
                Cell::text("primary")
            } else if side.first_primary == Some(number) {
                Cell::text("primary at first")
            } else if side.primary == Some(number) {
                Cell::text("primary at the end")
            } else {
                Cell::text("alternate")
            };
            let mut rtt = path.rtt[me];
            join(&mut rtt, &beats.rtt);
            let time = |value: i64| if rtt.count == 0 { Cell::None } else { Cell::Seconds(value) };
            let mut words = String::from(match (beats.answered, path.rtt[me].count, number) {
                (1.., ..) => "confirmed by HEARTBEAT",
                (0, 1.., _) => "its DATA was acknowledged",
                (0, 0, 0) if one.begun => "took the handshake",
                _ => "not confirmed",
            });
            for spell in spells.iter().filter(|spell| spell.path == number && usize::from(spell.side) == me) {
                let begin = span(one.since(spell.first.1));
                words.push_str(&match spell.answer {
                    Some((_, time)) => format!("; no answer from {begin} to {}", span(one.since(time))),
                    None => format!("; no answer since {begin}"),
                });
            }
            let pieces = traffic.of_type(data::TYPE.number) + traffic.of_type(i_data::TYPE.number);
            rows.push(vec![
                Cell::Count(u64::from(number) + 1),
                Cell::text(format!("{} {}", side_name(me as u8), address(&path.addresses[me]))),
                Cell::address(&path.addresses[me ^ 1]),
                role,
                Cell::Count(traffic.packets),
                Cell::Count(traffic.bytes),
                Cell::Count(pieces.into()),
                Cell::Count(path.retransmissions[me].into()),
                Cell::Count(beats.sent.into()),
                Cell::Count(beats.answered.into()),
                Cell::Count(beats.unanswered.into()),
                time(rtt.least),
                time(rtt.mean()),
                time(rtt.most),
                Cell::text(words),
            ]);
        }
    }
    rows
}

fn join(into: &mut Times, other: &Times) {
    if other.count > 0 {
        into.least = if into.count == 0 { other.least } else { into.least.min(other.least) };
        into.most = into.most.max(other.most);
        into.count = into.count.saturating_add(other.count);
        into.sum = into.sum.saturating_add(other.sum);
    }
}

fn streams(story: &Story) -> Vec<Vec<Cell>> {
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for ((side, stream), one) in story.streams.iter().take(MOST_ROWS) {
        let blocked = |time: i64| if one.blocked == 0 { Cell::None } else { Cell::Seconds(time) };
        rows.push(vec![
            Cell::text(side_name(*side)),
            Cell::Count((*stream).into()),
            Cell::Count(one.messages),
            Cell::Count(one.bytes),
            Cell::Count(one.pieces),
            Cell::Count(one.ordered),
            Cell::Count(one.unordered),
            Cell::Count(one.blocked),
            blocked(one.blocked_time),
            blocked(one.longest.0),
            Cell::List(one.ppids.iter().map(|ppid| Cell::text(ppid_words(*ppid))).collect()),
        ]);
    }
    if story.streams.len() > MOST_ROWS {
        let mut row = vec![Cell::None; STREAMS.len()];
        if let Some(last) = row.last_mut() {
            *last = Cell::text(format!(
                "{} more left out",
                count((story.streams.len() - MOST_ROWS) as u64, "stream")
            ));
        }
        rows.push(row);
    }
    rows
}

/// A payload protocol identifier with its name.
pub(super) fn ppid_words(ppid: u32) -> String {
    match (NAMES.name(ppid.into()), Ppid(ppid).unswapped().and_then(Ppid::name)) {
        _ if ppid == 0 => "0 (none)".into(),
        (Some(name), _) => format!("{ppid} ({name})"),
        (None, Some(name)) => format!("{ppid} (bytes swapped: {name})"),
        (None, None) => ppid.to_string(),
    }
}

fn tsns(one: &Association) -> Vec<Vec<Cell>> {
    let [a, b] = &one.sides;
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    let mut row = |name: &str, of: &dyn Fn(&Side) -> Cell| rows.push(vec![Cell::text(name), of(a), of(b)]);
    let counts: [(&str, fn(&Side) -> u32); 13] = [
        ("sent", |side| side.chunks.sent),
        ("acknowledged", |side| side.chunks.acked),
        ("acknowledged in a gap block first", |side| side.chunks.gap_acked),
        ("sent again", |side| side.chunks.again),
        ("sent again after three SACKs (fast)", |side| side.chunks.fast),
        ("sent again after a timeout (T3)", |side| side.chunks.t3),
        ("sent again on another path", |side| side.chunks.failover),
        ("sent again without need (spurious)", |side| side.chunks.spurious),
        ("reported as duplicates", |side| side.chunks.duplicates),
        ("taken back by the receiver", |side| side.chunks.reneged),
        ("not in the capture", |side| side.chunks.missing),
        ("most bytes in flight", |side| side.most_in_flight),
        ("window probes", |side| side.window_probes),
    ];
    for (name, of) in counts {
        row(name, &|side| Cell::Count(of(side).into()));
    }
    let times: [(&str, fn(&Side) -> &Times); 3] = [
        ("round trip", |side| &side.rtt),
        ("SACK delay", |side| &side.longest_sack_delay),
        ("timeout", |side| &side.timeouts),
    ];
    for (name, of) in times {
        for (what, value) in [("least", 0), ("mean", 1), ("most", 2)] {
            row(&format!("{name}, {what} (s)"), &|side| {
                let times = of(side);
                let all = [times.least, times.mean(), times.most];
                all.get(value).filter(|_| times.count > 0).map_or(Cell::None, |time| Cell::Seconds(*time))
            });
        }
    }
    row("least a_rwnd told", &|side| Cell::maybe(side.least_a_rwnd, |least| Cell::Count(least.into())));
    row("times a_rwnd went to 0", &|side| Cell::Count(side.zero_windows.into()));
    rows
}

fn again(all: &Associations, one: &Association) -> Vec<Vec<Cell>> {
    // The path and time of each TSN's last copy.
    let mut before = std::collections::BTreeMap::new();
    let (mut rows, mut left) = (Vec::new(), 0_u64);
    for chunk in all.chunks(one.index) {
        let last = before.insert((chunk.side, chunk.tsn), (chunk.path, chunk.time));
        let (Some(cause), Some((path, time))) = (chunk.cause, last) else { continue };
        if rows.len() >= MOST_ROWS {
            left += 1;
            continue;
        }
        rows.push(vec![
            Cell::Seconds(one.since(chunk.time)),
            Cell::Packet(chunk.packet),
            Cell::text(side_name(chunk.side)),
            Cell::Count(chunk.tsn.into()),
            Cell::Packet(chunk.first_sent_in),
            Cell::Seconds(chunk.time.saturating_sub(time)),
            Cell::text(why(cause)),
            Cell::Count(u64::from(path) + 1),
            Cell::Count(u64::from(chunk.path) + 1),
            Cell::Flag(chunk.spurious),
        ]);
    }
    if left > 0 {
        let mut row = vec![Cell::None; AGAIN.len()];
        if let Some(cell) = row.get_mut(6) {
            *cell = Cell::text(format!("{left} more left out"));
        }
        rows.push(row);
    }
    rows
}

fn chunks(one: &Association) -> Vec<Vec<Cell>> {
    let [a, b] = one.sides.each_ref().map(|side| &side.traffic.chunks);
    let mut rows = Vec::new();
    for (at, (a, b)) in a.iter().zip(b).enumerate() {
        if a + b > 0 {
            let name = CHUNKS.get(at).map_or("unknown".into(), |kind| chunk_name(kind.number));
            rows.push(vec![Cell::text(name), Cell::Count((*a).into()), Cell::Count((*b).into())]);
        }
    }
    rows
}
