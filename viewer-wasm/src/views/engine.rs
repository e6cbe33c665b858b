//! Reads a capture for views, and makes them: it takes questions, works in steps, and gives answers. It knows no browser.

use super::markup::{self, go, text};
use super::statistics::{self, LAYERS};
use super::{Ask, PLACES, Place, Told, What};
use crate::engine::blocks::Slices;
use crate::engine::session::Session;
use crate::engine::{Source, paste};
use dissect::proto::sctp::association::Associations;
use dissect::report::{self, Body, Chart, Column, Kind, Ladder, Report};
use dissect::statistic::Statistics;
use dissect::{Dissector, Memory, Out};
use std::collections::VecDeque;
use std::rc::Rc;

/// Packets read between two looks at the clock, and packets counted.
const READ_AT_ONCE: usize = 2000;
const COUNTED_AT_ONCE: u64 = 200;
/// How wide a saved picture is.
const SAVED_WIDTH: u32 = 1200;
/// How many bytes of what two ends said are shown; a file has all.
pub(super) const MOST_SAID: usize = 1 << 20;
/// How many streams of an association are offered, each to be followed alone.
const MOST_STREAMS: usize = 64;
/// The word for what two ends said to each other, behind the number of one of a kind.
const FOLLOW: &str = "follow";
/// How wide a picture is at least.
const LEAST_WIDTH: u32 = 320;

/// An answer, with the number of its question.
pub type Reply = (u32, Told);

/// A statistic over the packets.
struct Scan {
    /// What it counts: the place without its rows.
    of: String,
    statistics: Statistics,
    /// The packet to count next.
    at: u64,
}

/// What a place shows.
enum Thing {
    Report(Report),
    Ladder(Ladder),
    Chart(Chart),
    /// A chart of what a report has.
    Both(Report, Chart),
    /// What two ends said to each other, with a title.
    Said(String, String),
}

/// What stands in the way of an answer.
enum Before {
    /// So much is done of what must be done first.
    Share(f64),
    /// It can't be answered: a sentence.
    Fault(String),
}

/// The worker's state.
pub struct Engine<F: Slices> {
    dissector: Rc<Dissector>,
    lists: Vec<(&'static Kind, &'static [Column])>,
    source: Option<(String, Source<F>)>,
    session: Option<Session<Source<F>>>,
    /// The only association whose packets are traced; all of them for none.
    traced: Option<u32>,
    /// Whether all of them are too many to be traced together.
    crowded: bool,
    scan: Option<Scan>,
    wanted: VecDeque<(u32, Ask)>,
}

impl<F: Slices> Default for Engine<F> {
    fn default() -> Engine<F> {
        let dissector: Rc<Dissector> = Rc::default();
        let memory = dissector.memory();
        let lists = dissector.reports().filter_map(|kind| {
            let list = (kind.list)(&memory).parts.into_iter().next()?;
            if let Body::Table(table) = list.body { Some((kind, table.columns)) } else { None }
        });
        let lists = lists.collect();
        Engine {
            dissector,
            lists,
            source: None,
            session: None,
            traced: None,
            crowded: false,
            scan: None,
            wanted: VecDeque::new(),
        }
    }
}

impl<F: Slices> Engine<F> {
    /// Takes a question. What it needs is done in [`step`](Engine::step).
    pub fn ask(&mut self, number: u32, ask: Ask, file: Option<F>) -> Vec<Reply> {
        let opened = match &ask {
            Ask::Open { name } => match file {
                Some(file) => Ok((name.clone(), Source::File(file))),
                None => Err(format!("{name} did not reach the worker")),
            },
            Ask::Paste { text } => {
                paste::capture(text).map(|bytes| ("pasted bytes".to_owned(), Source::Bytes(bytes.into())))
            }
            Ask::View { .. } => {
                self.wanted.push_back((number, ask));
                return Vec::new();
            }
        };
        (self.session, self.scan, self.traced, self.crowded) = (None, None, None, false);
        self.wanted.clear();
        match opened {
            Ok(source) => {
                self.source = Some(source);
                Vec::new()
            }
            Err(sentence) => {
                self.source = None;
                vec![(number, Told::Failed(sentence))]
            }
        }
    }
    /// Whether there is something to go on with.
    pub fn busy(&self) -> bool {
        !self.wanted.is_empty()
    }
    /// Goes on until a question is answered or `enough` says so.
    pub fn step(&mut self, mut enough: impl FnMut() -> bool) -> Vec<Reply> {
        let Some((number, ask)) = self.wanted.front().cloned() else { return Vec::new() };
        let Ask::View { what, width, shown, place } = ask else { return Vec::new() };
        let place = Place::parse(&place);
        let shown = (shown.0 < shown.1).then_some(shown);
        let width = if let What::File(_) = what { SAVED_WIDTH } else { width.max(LEAST_WIDTH) };
        let told = match self.prepare(&place, &mut enough) {
            Err(Before::Share(share)) => return vec![(number, Told::Progress(share))],
            // A filter that is not understood is told beside the field it was written in.
            Err(Before::Fault(sentence)) if what == What::Page && self.session.is_some() => {
                Told::Page(self.page(&place, Err(&sentence), width))
            }
            Err(Before::Fault(sentence)) => Told::Failed(sentence),
            Ok(()) => match self.thing(&place, shown) {
                Some(thing) => self.tell(what, &place, &thing, width),
                None => Told::Failed(format!("the capture has no {}", place.whole)),
            },
        };
        self.wanted.pop_front();
        vec![(number, told)]
    }
    /// Does what must be done before a place can be shown, as far as time allows.
    fn prepare(&mut self, place: &Place<'_>, enough: &mut impl FnMut() -> bool) -> Result<(), Before> {
        let Some((name, source)) = &self.source else {
            return Err(Before::Fault("no capture is open".to_owned()));
        };
        let kind = self.lists.iter().find(|(kind, _)| kind.name == place.word(0));
        // A list needs no trace; what needs one has a number, or is a view of all.
        let one = if self.crowded { place.number() } else { None };
        let needs = kind.is_some() && place.words.len() > 1;
        if needs && one != self.traced {
            (self.session, self.traced) = (None, one);
        }
        if self.session.is_none() {
            let mut session = Session::open(name, source, &self.dissector).map_err(Before::Fault)?;
            session.trace(self.traced);
            self.session = Some(session);
            self.scan = None;
        }
        let Some(session) = &mut self.session else { return Ok(()) };
        if session.loading() {
            while session.load(READ_AT_ONCE) && !enough() {}
            if session.loading() {
                return Err(Before::Share(session.read() as f64 / session.size().max(1) as f64));
            }
            let trace = session.memory().of_type::<Associations>().and_then(Associations::trace);
            if self.traced.is_none() && trace.is_some_and(|trace| trace.missed() > 0) {
                self.crowded = true;
                return self.prepare(place, enough);
            }
        }
        if matches!(place.word(0), "stat" | "io") {
            return self.count(place, enough);
        }
        if kind.is_none() {
            return Err(Before::Fault(format!("there is no view {}", place.whole)));
        }
        if place.word(2) == FOLLOW { self.count(place, enough) } else { Ok(()) }
    }
    /// Counts packets for a statistic.
    fn count(&mut self, place: &Place<'_>, enough: &mut impl FnMut() -> bool) -> Result<(), Before> {
        let kind = self.kind(place);
        let Some(session) = &mut self.session else { return Ok(()) };
        if self.scan.as_ref().is_none_or(|scan| scan.of != place.whole) {
            let name = if place.word(0) == "io" { "io" } else { place.word(1) };
            let made = match kind.zip(place.number()) {
                Some((kind, number)) => {
                    let which = (number, place.query.parse().ok());
                    let followed = statistics::follow(&self.dissector, session.memory(), kind, which);
                    followed.ok_or_else(|| format!("the capture has no {}", place.whole))
                }
                None => statistics::make(&self.dissector, name, place.query, session.duration()),
            };
            let statistics = made.map_err(Before::Fault)?;
            self.scan = Some(Scan { of: place.whole.to_owned(), statistics, at: 1 });
        }
        let Some(scan) = &mut self.scan else { return Ok(()) };
        while scan.at <= session.packets() {
            let end = (scan.at + COUNTED_AT_ONCE).min(session.packets() + 1);
            for number in scan.at..end {
                // What is followed is what two passes show, what is counted is what one does: as the command has them.
                session.count(number, &mut scan.statistics, if kind.is_some() { u64::MAX } else { number });
            }
            scan.at = end;
            if enough() && end <= session.packets() {
                return Err(Before::Share(end as f64 / session.packets() as f64));
            }
        }
        Ok(())
    }
    /// What a place shows, once it is prepared.
    fn thing(&self, place: &Place<'_>, shown: Option<(i64, i64)>) -> Option<Thing> {
        let session = self.session.as_ref()?;
        if matches!(place.word(0), "stat" | "io") {
            let report = self.scan.as_ref()?.statistics.reports().into_iter().next()?;
            if place.word(0) == "io" {
                let chart = statistics::chart(&report, shown, session.duration());
                return Some(Thing::Both(report, chart));
            }
            return Some(Thing::Report(report));
        }
        let kind = self.kind(place)?;
        if place.word(2) == FOLLOW {
            let stream =
                if place.query.is_empty() { String::new() } else { format!(", stream {}", place.query) };
            let title = format!("{} {}{stream}: what was said", kind.about, place.number()?);
            let statistics = &self.scan.as_ref()?.statistics;
            return Some(Thing::Said(title, written(|out| statistics.write(session.memory(), out))));
        }
        of_kind(kind, session.memory(), place, shown)
    }
    fn kind(&self, place: &Place<'_>) -> Option<&'static Kind> {
        self.lists.iter().map(|(kind, _)| *kind).find(|kind| kind.name == place.word(0))
    }
    fn tell(&self, what: What, place: &Place<'_>, thing: &Thing, width: u32) -> Told {
        match (what, thing) {
            (What::Page, _) => Told::Page(self.page(place, Ok(thing), width)),
            (What::Picture, Thing::Chart(chart) | Thing::Both(_, chart)) => {
                Told::Picture(written(|out| report::chart_svg(chart, width, out)))
            }
            (What::Near(x, y), Thing::Chart(chart) | Thing::Both(_, chart)) => {
                match chart.near(width, (x.into(), y.into())) {
                    Some(near) => Told::Near(near.point.packet, near.x as i32, near.y as i32, near.words),
                    None => Told::Near(0, 0, 0, String::new()),
                }
            }
            (What::File(format), _) => file(thing, place, &format),
            _ => Told::Failed(format!("{} has no picture", place.whole)),
        }
    }
    /// The markup of a view, or of why there is none.
    fn page(&self, place: &Place<'_>, thing: Result<&Thing, &str>, width: u32) -> String {
        written(|out| {
            out.str("<nav class=\"places\" aria-label=\"Views\">");
            for (to, name) in PLACES {
                let root = |place: &str| place.split(',').next().unwrap_or("").to_owned();
                go(
                    to,
                    name,
                    root(to) == root(place.whole.split('?').next().unwrap_or("")) || to == place.word(0),
                    out,
                );
            }
            out.str("</nav><div class=\"head\"><h2 id=\"view-title\" tabindex=\"-1\">");
            let (title, formats): (&str, &[&str]) = match thing {
                Ok(Thing::Report(report)) => (&report.title, &["csv", "json", "txt"]),
                Ok(Thing::Ladder(ladder)) => (&ladder.title, &["svg", "mmd", "txt"]),
                Ok(Thing::Chart(chart)) => (&chart.title, &["svg", "csv", "json"]),
                Ok(Thing::Both(report, _)) => (&report.title, &["svg", "csv", "json", "txt"]),
                Ok(Thing::Said(title, _)) => (title, &["txt"]),
                Err(_) => ("Statistics", &[]),
            };
            text(title, out);
            out.str("</h2><div class=\"saves\" role=\"group\" aria-label=\"Save and print\">");
            for format in formats {
                out.str("<button type=\"button\" data-save=\"").str(format).str("\" aria-label=\"Save as ");
                out.str(format).str("\">").str(&format.to_uppercase()).str("</button>");
            }
            out.str("<button type=\"button\" data-print>Print</button></div></div>");
            self.ways(place, out);
            match thing {
                Ok(Thing::Report(report)) => markup::parts(report, place, &self.lists, out),
                Ok(Thing::Ladder(ladder)) => {
                    out.str(
                        "<div class=\"picture ladder\" tabindex=\"0\" role=\"region\" aria-label=\"Ladder\">",
                    );
                    report::svg(ladder, out);
                    out.str("</div>");
                    markup::parts(&arrows(ladder), place, &[], out);
                }
                Ok(Thing::Chart(chart)) => figure(chart, width, out),
                Ok(Thing::Both(report, chart)) => {
                    figure(chart, width, out);
                    markup::parts(report, place, &[], out);
                }
                Ok(Thing::Said(_, said)) => {
                    let end = (0..=MOST_SAID.min(said.len())).rev().find(|end| said.is_char_boundary(*end));
                    out.str(
                        "<pre class=\"said\" tabindex=\"0\" role=\"region\" aria-label=\"What was said\">",
                    );
                    text(said.get(..end.unwrap_or(0)).unwrap_or(said), out);
                    out.str("</pre>");
                    if said.len() > MOST_SAID {
                        out.str("<p class=\"quiet\">There is more: saved, it is whole.</p>");
                    }
                }
                Err(sentence) => {
                    out.str("<pre class=\"fault\" role=\"alert\">");
                    text(sentence, out);
                    out.str("</pre>");
                }
            }
        })
    }
    /// The streams of what is followed, if it has several.
    fn streams(&self, kind: &Kind, place: &Place<'_>, out: &mut Out) {
        let Some((session, number)) = self.session.as_ref().zip(place.number()) else { return };
        let streams = statistics::streams(session.memory(), kind, number);
        if streams.len() < 2 {
            return;
        }
        let path = place.words.join("/");
        out.str("<nav aria-label=\"Streams\">");
        go(&path, "All streams", place.query.is_empty(), out);
        for stream in streams.into_iter().take(MOST_STREAMS) {
            let stream = stream.to_string();
            go(&format!("{path}?{stream}"), &format!("Stream {stream}"), place.query == stream, out);
        }
        out.str("</nav>");
    }
    /// Where one goes from a place: further views of the same, layers of a statistic, a filter.
    fn ways(&self, place: &Place<'_>, out: &mut Out) {
        out.str("<div class=\"ways\">");
        if let Some(kind) = self.kind(place) {
            ways_of(kind, place, out);
            if place.word(2) == FOLLOW {
                self.streams(kind, place, out);
            }
        }
        let word = place.word(1);
        if let Some((name, layer)) =
            word.split_once(',').filter(|(name, _)| matches!(*name, "conv" | "endpoints"))
        {
            out.str("<nav aria-label=\"Layers\">");
            for (one, label) in LAYERS {
                let query = if place.query.is_empty() { String::new() } else { format!("?{}", place.query) };
                go(&format!("stat/{name},{one}{query}"), label, one == layer, out);
            }
            out.str("</nav>");
        }
        if matches!(place.word(0), "stat" | "io") {
            let (path, many) = (place.words.join("/"), place.word(0) == "io");
            out.str("<form data-filter=\"");
            text(&path, out);
            out.str("\"><label for=\"view-filter\">");
            out.str(if many { "Display filters, one a line" } else { "Display filter" }).str("</label>");
            if many {
                out.str("<textarea id=\"view-filter\" rows=\"2\" spellcheck=\"false\" autocomplete=\"off\">");
                text(place.query, out);
                out.str("</textarea>");
            } else {
                out.str("<input id=\"view-filter\" type=\"text\" spellcheck=\"false\" autocomplete=\"off\" value=\"");
                text(place.query, out);
                out.str("\">");
            }
            out.str("<button type=\"submit\">Count</button></form>");
        }
        out.str("</div>");
    }
}

/// The report or picture of a kind at a place.
fn of_kind(kind: &Kind, memory: &Memory, place: &Place<'_>, shown: Option<(i64, i64)>) -> Option<Thing> {
    let (number, view) = (place.number(), place.word(2));
    if place.words.len() < 2 {
        return Some(Thing::Report((kind.list)(memory)));
    }
    Some(match (view, number) {
        ("", Some(number)) => Thing::Report((kind.one)(memory, number)?),
        ("ladder", Some(number)) => Thing::Ladder((kind.ladder?)(memory, number)?),
        ("chart", Some(number)) => Thing::Chart((kind.chart?)(memory, number, shown)?),
        _ => {
            let view = kind.views.iter().find(|one| one.name == view)?;
            Thing::Report((view.make)(memory, number)?)
        }
    })
}

/// The further views of one of a kind, or of all.
fn ways_of(kind: &Kind, place: &Place<'_>, out: &mut Out) {
    let mut ways = Vec::new();
    if let Some(number) = place.number() {
        ways.push((format!("{}/{number}", kind.name), "Overview".to_owned()));
        if kind.chart.is_some() {
            ways.push((format!("{}/{number}/chart", kind.name), "Over time".to_owned()));
        }
        if kind.ladder.is_some() {
            ways.push((format!("{}/{number}/ladder", kind.name), "Ladder".to_owned()));
        }
        ways.extend(
            kind.views
                .iter()
                .map(|view| (format!("{}/{number}/{}", kind.name, view.name), capital(view.name))),
        );
        if statistics::is_followed(kind) {
            ways.push((format!("{}/{number}/{FOLLOW}", kind.name), "Follow".to_owned()));
        }
    } else {
        ways.push((kind.name.to_owned(), "List".to_owned()));
        ways.extend(
            kind.views.iter().map(|view| {
                (format!("{}//{}", kind.name, view.name), format!("{} of all", capital(view.name)))
            }),
        );
    }
    if ways.len() > 1 {
        out.str("<nav aria-label=\"Of this\">");
        for (to, label) in ways {
            go(&to, &label, to == place.words.join("/"), out);
        }
        out.str("</nav>");
    }
}

fn capital(word: &str) -> String {
    let mut signs = word.chars();
    signs.next().map_or(String::new(), |first| first.to_uppercase().chain(signs).collect())
}

/// A chart with what moves it: the page draws it anew when its time is moved.
fn figure(chart: &Chart, width: u32, out: &mut Out) {
    out.str("<div class=\"moves\" role=\"group\" aria-label=\"Time\">");
    for (word, label, sign) in [
        ("in", "Zoom in", "+"),
        ("out", "Zoom out", "\u{2212}"),
        ("left", "Earlier", "\u{2190}"),
        ("right", "Later", "\u{2192}"),
        ("all", "All of it", "All"),
    ] {
        out.str("<button type=\"button\" data-move=\"")
            .str(word)
            .str("\" aria-label=\"")
            .str(label)
            .str("\" title=\"");
        out.str(label).str("\">").str(sign).str("</button>");
    }
    let mut points = chart.panels.iter().flat_map(|panel| &panel.series).flat_map(|series| &series.points);
    let click = if points.any(|point| point.packet > 0) { " Click: to the packet." } else { "" };
    out.str("<span class=\"quiet\" id=\"near\">Wheel: zoom. Drag: move.").str(click).str("</span></div>");
    let (left, right) = report::CHART_MARGINS;
    out.fmt(format_args!(
        "<div class=\"picture chart\" data-whole=\"{} {}\" data-margins=\"{left} {right}\">",
        chart.whole.0, chart.whole.1
    ));
    report::chart_svg(chart, width, out);
    out.str("</div>");
}

/// What a ladder shows, as a table: for who does not see the picture.
fn arrows(ladder: &Ladder) -> Report {
    use report::{Cell, Part, Table};
    static COLUMNS: &[Column] = &[
        Column::new("packet", "Packet"),
        Column::new("since_seconds", "Time"),
        Column::new("from", "From"),
        Column::new("to", "To"),
        Column::new("label", "What"),
        Column::new("note", "Remark"),
    ];
    let end = |at: usize| Cell::text(ladder.ends.get(at).map_or("", String::as_str));
    let row = |arrow: &report::Arrow| {
        vec![
            Cell::Packet(arrow.packet),
            Cell::Seconds(arrow.since),
            end(arrow.from),
            end(arrow.to),
            Cell::text(arrow.label.as_str()),
            Cell::text(arrow.note.as_str()),
        ]
    };
    let rows = ladder.arrows.iter().map(row).collect();
    let part = Part::new("arrows", "As a table", Body::Table(Table { columns: COLUMNS, rows }));
    Report { name: "ladder", title: ladder.title.clone(), parts: vec![part] }
}

/// A place as a file: what the command writes.
fn file(thing: &Thing, place: &Place<'_>, format: &str) -> Told {
    let mut out = Out::new();
    match (thing, format) {
        (Thing::Report(one) | Thing::Both(one, _), "csv") => report::csv(one, &mut out),
        (Thing::Report(one) | Thing::Both(one, _), "json") => report::json(one, &mut out),
        (Thing::Report(one) | Thing::Both(one, _), "txt") => report::text(one, &mut out),
        (Thing::Ladder(one), "svg") => report::svg(one, &mut out),
        (Thing::Ladder(one), "mmd") => report::mermaid(one, &mut out),
        (Thing::Ladder(one), "txt") => report::ladder(one, &mut out),
        (Thing::Chart(one) | Thing::Both(_, one), "svg") => report::chart_svg(one, SAVED_WIDTH, &mut out),
        (Thing::Said(_, said), "txt") => drop(out.str(said)),
        (Thing::Chart(one), "csv") => report::chart_csv(one, &mut out),
        (Thing::Chart(one), "json") => report::chart_json(one, &mut out),
        _ => return Told::Failed(format!("{} can't be saved as {format}", place.whole)),
    }
    let name: String = place
        .words
        .join("-")
        .chars()
        .map(|sign| if sign.is_ascii_alphanumeric() { sign } else { '-' })
        .collect();
    Told::File { name: format!("{name}.{format}"), text: out.to_string_lossy() }
}

fn written(write: impl FnOnce(&mut Out)) -> String {
    let mut out = Out::new();
    write(&mut out);
    out.to_string_lossy()
}
