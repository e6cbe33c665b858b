//! What was learnt of a capture, told to people and programs: associations, calls, streams.
//!
//! A protocol makes a [`Report`] of the state it keeps; [`text`], [`json`] and [`csv`] write any of them. [`Ladder`] is the
//! picture of who said what to whom, [`Chart`] that of what changed over time.
//!
//! ```
//! use dissect::report::{Body, Cell, Column, Part, Report, Table, csv, json, text};
//! use dissect::Out;
//!
//! static COLUMNS: &[Column] = &[Column::new("name", "Name"), Column::new("packets", "Packets")];
//! let rows = vec![vec![Cell::text("first"), Cell::Count(7)], vec![Cell::None, Cell::Count(12)]];
//! let parts = vec![Part::new("things", "Things", Body::Table(Table { columns: COLUMNS, rows }))];
//! let report = Report { name: "example", title: "An example".into(), parts };
//!
//! let mut out = Out::new();
//! text(&report, &mut out);
//! assert_eq!(out.to_string_lossy(), "An example\n\nThings\n  Name   Packets\n  first        7\n              12\n");
//! out.clear();
//! json(&report, &mut out);
//! assert_eq!(
//!     out.to_string_lossy(),
//!     "{\"report\":\"example\",\"things\":[{\"name\":\"first\",\"packets\":7},{\"packets\":12}]}\n"
//! );
//! out.clear();
//! csv(&report, &mut out);
//! assert_eq!(out.to_string_lossy(), "name,packets\nfirst,7\n,12\n");
//! ```

mod chart;
mod csv;
mod json;
mod ladder;
mod text;

pub use chart::{
    BUCKETS, CHART_MARGINS, Chart, Draw, Near, Panel, Point, Sampler, Series, Style, chart_csv, chart_json,
    chart_svg,
};
pub use csv::csv;
pub(crate) use csv::quote as quote_csv;
pub use json::json;
pub use ladder::{Arrow, Ladder, mermaid, svg};
pub use text::{ladder, text};

use crate::capture::Time;
use crate::{Address, Memory, Out, Severity};

/// A kind of reports, with a protocol that makes them of what it learnt.
#[derive(Debug)]
pub struct Kind {
    /// The word for it on the command line: `assoc`.
    pub name: &'static str,
    /// What there is one of for each row of the list: `SCTP association`.
    pub about: &'static str,
    /// All of them, a row each.
    pub list: fn(&Memory) -> Report,
    /// One of them, by the number in the list; `None` if there is none of that number.
    pub one: fn(&Memory, u32) -> Option<Report>,
    /// The picture of one.
    pub ladder: Option<fn(&Memory, u32) -> Option<Ladder>>,
    /// The picture of what changed over time, of one.
    pub chart: Option<Draw>,
    /// Further reports on one of them, or on all: by the word for it.
    pub views: &'static [View],
}

/// A further report.
#[derive(Debug)]
pub struct View {
    /// The word for it on the command line: `health`.
    pub name: &'static str,
    /// What it tells.
    pub about: &'static str,
    /// Makes it, of one or of all.
    pub make: fn(&Memory, Option<u32>) -> Option<Report>,
}

/// A statistic in tshark's words, made of what a protocol learnt alone.
#[derive(Debug)]
pub struct Statistic {
    /// tshark's name of it, behind `-z`: `sip,stat`.
    pub name: &'static str,
    /// Writes it as tshark does, with the filter whose packets were [counted](Memory::counted); without one it is empty.
    pub write: fn(&Memory, &str, &mut Out),
}

/// What was found, in parts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// The word for it, as programs read it: `association`.
    pub name: &'static str,
    /// What it is about, in a line.
    pub title: String,
    /// The parts. Their names differ.
    pub parts: Vec<Part>,
}

impl Report {
    /// The fact of this name, if the report tells it.
    ///
    /// ```
    /// use dissect::report::{Body, Cell, Column, Part, Report};
    /// let facts = Body::Facts(vec![(Column::new("packets", "Packets"), Cell::Count(7))]);
    /// let report = Report { parts: vec![Part::new("all", "All", facts)], ..Report::default() };
    /// assert_eq!(report.fact("packets"), Some(&Cell::Count(7)));
    /// assert_eq!(report.fact("bytes"), None);
    /// ```
    pub fn fact(&self, name: &str) -> Option<&Cell> {
        let facts = self.parts.iter().filter_map(|part| match &part.body {
            Body::Facts(facts) => Some(facts),
            _ => None,
        });
        facts.flatten().find(|(column, _)| column.name == name).map(|(_, cell)| cell)
    }
}

/// A part of a report.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// The word for it, as programs read it: `paths`.
    pub name: &'static str,
    /// Its heading for people: `Paths`.
    pub heading: &'static str,
    /// What it says.
    pub body: Body,
}

impl Part {
    /// A part of this name and heading.
    pub fn new(name: &'static str, heading: &'static str, body: Body) -> Part {
        Part { name, heading, body }
    }
}

/// What a part says.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// Single facts: each with its name for programs, its label for people, and its value. Facts without a value are left
    /// out.
    Facts(Vec<(Column, Cell)>),
    /// Rows of the same columns.
    Table(Table),
    /// Sentences, each with its evidence.
    Findings(Vec<Finding>),
}

/// Rows of the same columns.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// The columns.
    pub columns: &'static [Column],
    /// The rows, with a cell for each column.
    pub rows: Vec<Vec<Cell>>,
}

/// A column of a table, or what a fact is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name for programs: lower case, words joined by `_`, with the unit where it is none that JSON shows: `rtt_seconds`.
    pub name: &'static str,
    /// Its heading for people.
    pub label: &'static str,
}

impl Column {
    /// A column of this name and heading.
    pub const fn new(name: &'static str, label: &'static str) -> Column {
        Column { name, label }
    }
}

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing known.
    None,
    /// Text. It may come from a packet: whatever writes it makes it harmless.
    Text(String),
    /// A count.
    Count(u64),
    /// A number in hexadecimal, with so many digits: a tag. Programs get the number.
    Hex(u64, u8),
    /// The number of a packet.
    Packet(u64),
    /// The numbers of packets.
    Packets(Vec<u64>),
    /// A length of time in nanoseconds; also a time since the capture's first packet. Written in seconds.
    Seconds(i64),
    /// A moment. Written as seconds since 1970.
    Moment(Time),
    /// A number with so many digits behind the point.
    Decimal(f64, u8),
    /// Whether it is so.
    Flag(bool),
    /// Several values.
    List(Vec<Cell>),
}

impl Cell {
    /// A text.
    pub fn text(text: impl Into<String>) -> Cell {
        Cell::Text(text.into())
    }
    /// Text out of a packet: UTF-8 where it is, otherwise with replacements.
    pub fn bytes(bytes: &[u8]) -> Cell {
        Cell::Text(String::from_utf8_lossy(bytes).into_owned())
    }
    /// An address; nothing for none.
    pub fn address(address: &Address) -> Cell {
        let mut out = Out::new();
        address.write(&mut out);
        if out.is_empty() { Cell::None } else { Cell::Text(out.to_string_lossy()) }
    }
    /// An address and port: `10.0.0.1:4444`, `[2001:db8::1]:4444`.
    pub fn end(address: &Address, port: u16) -> Cell {
        let mut out = Out::new();
        let brackets = matches!(address, Address::Ipv6(_));
        out.str(if brackets { "[" } else { "" });
        address.write(&mut out);
        out.str(if brackets { "]:" } else { ":" }).dec(port.into());
        Cell::Text(out.to_string_lossy())
    }
    /// The value if there is one.
    pub fn maybe<T>(value: Option<T>, cell: impl FnOnce(T) -> Cell) -> Cell {
        value.map_or(Cell::None, cell)
    }
}

/// A sentence with its evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// The sentence.
    pub text: String,
    /// The packets that show it.
    pub packets: Vec<u64>,
    /// The section that says how it should be: `RFC 9260, 6.3.1`; empty for none.
    pub reference: &'static str,
}

impl crate::Dissector {
    /// The kinds of reports that its protocols make.
    pub fn reports(&self) -> impl Iterator<Item = &'static Kind> {
        self.protocols.iter().flat_map(|protocol| protocol.reports).copied()
    }
}

#[cfg(test)]
mod tests;
