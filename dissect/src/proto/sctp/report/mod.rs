//! What associations did, told to people: the list, one of them, its health, what its applications saw, its ladder.
//!
//! All of it comes from [`Associations`]. What the state does not keep by itself, streams above all, comes from its
//! [`Trace`](super::association::Trace), which is there if it was asked for before the first packet.
#![allow(clippy::format_push_string, reason = "a report is made once, and its sentences read better so")]
#![allow(clippy::type_complexity, reason = "tables of what is told, each of a type of its own")]

mod chart;
mod events;
mod health;
mod ladder;
mod list;
mod one;
mod paths;
mod story;
mod words;

use super::association::{Association, Associations, Event, EventKind};
use crate::Memory;
use crate::report::{Body, Column, Kind, Part, Report, Table, View};

/// The reports on associations.
pub(super) static ASSOCIATIONS: Kind = Kind {
    name: "assoc",
    about: "SCTP association",
    list: list::make,
    one: one::make,
    ladder: Some(ladder::make),
    chart: Some(chart::make),
    views: &[
        View {
            name: "health",
            about: "what is wrong with associations, and what shows it",
            make: health::make,
        },
        View {
            name: "events",
            about: "what the application at each end saw, by RFC 6458",
            make: events::make,
        },
    ],
};

/// The association of this number, and where it is kept.
fn find(memory: &Memory, number: u32) -> Option<(&Associations, &Association)> {
    let all = memory.of_type::<Associations>()?;
    Some((all, all.of(number)?))
}

/// A report with one part that says that there is nothing of the kind.
fn report(name: &'static str, title: String, parts: Vec<Part>) -> Report {
    Report { name, title, parts }
}

fn table(columns: &'static [Column], rows: Vec<Vec<crate::report::Cell>>) -> Body {
    Body::Table(Table { columns, rows })
}

impl Association {
    /// The events of a kind.
    fn events_where<'a>(&'a self, is: impl Fn(&EventKind) -> bool + 'a) -> impl Iterator<Item = &'a Event> {
        self.events.list().iter().filter(move |event| is(&event.kind))
    }
    /// The packets of the events of a kind.
    fn packets_where(&self, is: impl Fn(&EventKind) -> bool) -> Vec<u64> {
        let mut packets: Vec<u64> = self.events_where(is).map(|event| event.packet).collect();
        packets.dedup();
        packets
    }
    /// The time of a packet since the first one of the association.
    fn since(&self, time: i64) -> i64 {
        time.saturating_sub(self.first().1)
    }
}
