//! All associations, a row each.

use super::super::association::{Association, Associations};
use super::words::{addresses, count, ending, state};
use crate::Memory;
use crate::capture::Time;
use crate::report::{Cell, Column, Part, Report};

static COLUMNS: &[Column] = &[
    Column::new("number", "No."),
    Column::new("a", "A"),
    Column::new("a_port", "Port"),
    Column::new("b", "B"),
    Column::new("b_port", "Port"),
    Column::new("state", "State"),
    Column::new("paths", "Paths"),
    Column::new("packets", "Packets"),
    Column::new("bytes", "Bytes"),
    Column::new("chunks", "Chunks"),
    Column::new("retransmissions", "Sent again"),
    Column::new("start", "Start"),
    Column::new("duration_seconds", "Seconds"),
    Column::new("end", "How it ended"),
];

pub(super) fn make(memory: &Memory) -> Report {
    let (rows, dropped) = memory
        .of_type::<Associations>()
        .map_or((Vec::new(), 0), |all| (all.list().map(row).collect::<Vec<_>>(), all.dropped()));
    let mut title = count(rows.len() as u64, "SCTP association");
    if dropped > 0 {
        title.push_str(&format!("; the {dropped} before them were too many to be kept"));
    }
    let body = super::table(COLUMNS, rows);
    super::report("associations", title, vec![Part::new("associations", "Associations", body)])
}

fn row(one: &Association) -> Vec<Cell> {
    let [a, b] = &one.sides;
    let sum =
        |of: fn(&super::super::association::Traffic) -> u64| Cell::Count(of(&a.traffic) + of(&b.traffic));
    vec![
        Cell::Count(one.index.into()),
        addresses(a),
        Cell::Count(a.port.into()),
        addresses(b),
        Cell::Count(b.port.into()),
        Cell::text(state(one)),
        Cell::Count(one.paths.len() as u64),
        sum(|traffic| traffic.packets),
        sum(|traffic| traffic.bytes),
        sum(|traffic| traffic.chunks.iter().map(|count| u64::from(*count)).sum()),
        Cell::Count(u64::from(a.chunks.again) + u64::from(b.chunks.again)),
        Cell::Moment(Time::from_nanoseconds_64(one.first().1)),
        Cell::Seconds(one.last().1.saturating_sub(one.first().1)),
        Cell::text(ending(one)),
    ]
}
