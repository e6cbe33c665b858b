//! `io,stat`: packets, bytes and calculated values, by interval.

mod layout;
mod tabulate;

use super::{Counted, Look, Looks, Statistic, filter};
use crate::filter::Work;
use crate::report::Report;
use crate::{Dissector, Field, Filter, Kind, Out};

/// The most intervals. What comes later is counted as left out.
pub(super) const MOST_INTERVALS: usize = 1 << 20;

/// What a column tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    /// Packets and bytes, side by side.
    Both,
    Frames,
    Bytes,
    Count,
    Sum,
    Min,
    Max,
    Average,
    Load,
}

impl What {
    const ALL: [(What, &'static str); 8] = [
        (What::Frames, "FRAMES"),
        (What::Bytes, "BYTES"),
        (What::Count, "COUNT"),
        (What::Sum, "SUM"),
        (What::Min, "MIN"),
        (What::Max, "MAX"),
        (What::Average, "AVG"),
        (What::Load, "LOAD"),
    ];
    /// The heading.
    fn name(self) -> &'static str {
        What::ALL.iter().find(|row| row.0 == self).map_or("", |row| row.1)
    }
}

/// What one column has in one interval.
#[derive(Clone, Copy, Debug, Default)]
struct Cell {
    frames: u64,
    bytes: u64,
    /// How many values, their sum, the least and the greatest. Times are in microseconds.
    count: u64,
    sum: i64,
    least: i64,
    greatest: i64,
}

#[derive(Debug)]
struct Column {
    /// As it was asked for.
    text: String,
    what: What,
    /// The fields whose values are taken.
    fields: Vec<&'static Field>,
    /// Whether these are lengths of time.
    is_time: bool,
    filter: Option<Filter>,
    cells: Vec<Cell>,
}

#[derive(Debug)]
struct Intervals {
    /// The length of an interval in microseconds; `None` for the whole capture.
    length: Option<u64>,
    /// How many digits behind the point it was asked for with.
    digits: usize,
    columns: Vec<Column>,
    work: Work,
    /// When the last packet came, in microseconds.
    duration: u64,
    left_out: u64,
}

pub(super) fn make(dissector: &Dissector, rest: &str) -> Result<Counted, String> {
    let mut parts = rest.split(',');
    let text = parts.next().unwrap_or("").trim();
    let seconds: f64 = text.parse().ok().filter(|seconds: &f64| seconds.is_finite()).ok_or_else(|| {
        "an interval in seconds comes first: io,stat,1 or io,stat,0.1,sip; 0 is the whole capture".to_owned()
    })?;
    let length = (seconds * 1e6).round();
    if seconds > 0.0 && length < 1.0 {
        return Err("the least interval is 0.000001 seconds".to_owned());
    }
    // The digits as they were asked for, without zeros that say nothing.
    let digits = text.split_once('.').map_or(0, |(_, behind)| behind.trim_end_matches('0').len().min(6));
    let columns: Result<Vec<Column>, String> = parts.map(|part| column(dissector, part)).collect();
    let mut columns = columns?;
    if columns.is_empty() {
        columns.push(column(dissector, "")?);
    }
    let length = (length >= 1.0).then_some(length as u64);
    let statistic = Intervals { length, digits, columns, work: Work::new(), duration: 0, left_out: 0 };
    Ok(Counted { filter: None, statistic: Box::new(statistic) })
}

/// Intervals of so many microseconds, with a column for all packets and one for each filter.
pub(super) fn over_time(
    dissector: &Dissector,
    length: u64,
    filters: &[&str],
) -> Result<Box<dyn Statistic>, String> {
    let all = std::iter::once("").chain(filters.iter().copied());
    let columns: Result<Vec<Column>, String> = all.map(|part| column(dissector, part)).collect();
    let (columns, length) = (columns?, Some(length.max(1)));
    Ok(Box::new(Intervals { length, digits: 6, columns, work: Work::new(), duration: 0, left_out: 0 }))
}

/// A column: a filter, or a calculation before one: `SUM(frame.len)sip`.
fn column(dissector: &Dissector, text: &str) -> Result<Column, String> {
    let mut column = Column {
        text: text.to_owned(),
        what: What::Both,
        fields: Vec::new(),
        is_time: false,
        filter: None,
        cells: Vec::new(),
    };
    let calculation = What::ALL.iter().find_map(|(what, name)| Some((*what, text.strip_prefix(name)?)));
    let Some((what, rest)) = calculation.filter(|(what, rest)| {
        rest.starts_with('(') || rest.is_empty() && matches!(what, What::Frames | What::Bytes)
    }) else {
        column.filter = filter(dissector, text)?;
        return Ok(column);
    };
    column.what = what;
    if rest.is_empty() {
        return Ok(column);
    }
    let closed = rest.strip_prefix('(').and_then(|rest| rest.split_once(')'));
    let (name, rest) = closed.ok_or_else(|| format!("{text} has no closing parenthesis"))?;
    column.filter = filter(dissector, rest.trim_start())?;
    let word = what.name();
    if matches!(what, What::Frames | What::Bytes) {
        return if name.is_empty() { Ok(column) } else { Err(format!("{word} takes no field: {word}()")) };
    }
    for field in dissector.protocols().iter().flat_map(|one| one.fields.iter().copied().flatten()) {
        if field.name == name || field.show.also.iter().any(|also| also.name == name) {
            column.fields.push(field);
        }
    }
    let Some(field) = column.fields.first() else { return Err(format!("{name} is no field")) };
    let kind = field.show.kind;
    column.is_time = kind == Kind::Duration;
    let fits = match what {
        What::Count => true,
        What::Load => column.is_time,
        _ => column.is_time || matches!(kind, Kind::Unsigned(_) | Kind::Signed(_) | Kind::Packet),
    };
    if fits {
        Ok(column)
    } else {
        Err(format!("{word} can't be taken of {name}, which is a {}", kind.description()))
    }
}

impl Column {
    fn add(&mut self, look: &Look<'_>, at: usize, length: Option<u64>) {
        if self.cells.len() <= at {
            self.cells.resize(at + 1, Cell::default());
        }
        let Some(cell) = self.cells.get_mut(at) else { return };
        cell.frames += 1;
        cell.bytes += look.length();
        for node in look.dissection.tree.nodes().iter().filter(|node| self.fields.contains(&node.field)) {
            let value = if self.is_time { node.value as i64 / 1_000 } else { node.value as i64 };
            let Some(cell) = self.cells.get_mut(at) else { return };
            let is_first = cell.count == 0;
            cell.count += 1;
            cell.least = if is_first { value } else { cell.least.min(value) };
            cell.greatest = if is_first { value } else { cell.greatest.max(value) };
            if self.what != What::Load {
                cell.sum = cell.sum.saturating_add(value);
                continue;
            }
            // What took longer than an interval was there in those before as well.
            let (whole, length) = (value.max(0), length.map_or(i64::MAX, |length| length as i64));
            cell.sum = cell.sum.saturating_add(whole % length);
            let before = usize::try_from(whole / length).unwrap_or(0).min(at);
            for cell in self.cells.get_mut(at - before..at).unwrap_or(&mut []) {
                cell.sum = cell.sum.saturating_add(length);
            }
        }
    }
}

/// Nanoseconds since the first packet in microseconds.
fn microseconds(since: i64) -> u64 {
    u64::try_from(since).unwrap_or(0).saturating_add(500) / 1_000
}

impl Statistic for Intervals {
    fn looks(&self) -> Looks {
        let fields: Vec<&Field> =
            self.columns.iter().flat_map(|column| column.fields.iter().copied()).collect();
        if fields.is_empty() { Looks::Packet } else { Looks::Fields(fields) }
    }
    fn filters(&self) -> Option<Vec<&'static Field>> {
        let filters = self.columns.iter().filter_map(|column| column.filter.as_ref());
        filters.map(Filter::fields).collect::<Option<Vec<_>>>().map(|fields| fields.concat())
    }
    fn pass(&mut self, since: i64) {
        self.duration = self.duration.max(microseconds(since));
    }
    fn packet(&mut self, look: &Look<'_>) {
        let since = microseconds(look.since);
        self.duration = self.duration.max(since);
        let at = self.length.map_or(0, |length| since / length) as usize;
        if at >= MOST_INTERVALS {
            self.left_out += 1;
            return;
        }
        let Intervals { columns, work, length, .. } = self;
        for column in columns {
            let packet = look.dissection.packet;
            let passes = |filter: &Filter| filter.accepts(look.dissector, look.see, packet, work);
            if column.filter.as_ref().is_none_or(passes) {
                column.add(look, at, *length);
            }
        }
    }
    fn write(&self, out: &mut Out) {
        self.lay_out(out);
    }
    fn report(&self) -> Option<Report> {
        Some(self.tabulate())
    }
}
