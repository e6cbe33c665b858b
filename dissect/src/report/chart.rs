//! What changed over time, as a picture: panels under each other that share their time.

use crate::format::{escape_json, escape_xml};
use crate::{Memory, Out};
use std::collections::BTreeMap;

/// Into how many stretches of time a series is cut at most. Of each its first, its last, its least and its greatest point stay.
pub const BUCKETS: i64 = 400;

/// Makes a chart of one of a kind, by its number. Only of a part of the time where one is named: from and to, in nanoseconds
/// since its begin.
pub type Draw = fn(&Memory, u32, Option<(i64, i64)>) -> Option<Chart>;

/// What is drawn near a place of a chart's picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Near {
    /// The point.
    pub point: Point,
    /// Where it is drawn.
    pub x: f64,
    /// From above.
    pub y: f64,
    /// What it is, in words.
    pub words: String,
}

/// A picture of what changed over time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Chart {
    /// The word for it, as programs read it: `association`.
    pub name: &'static str,
    /// What it shows.
    pub title: String,
    /// All the time there is: from and to, in nanoseconds since what it shows began.
    pub whole: (i64, i64),
    /// The part of it that is drawn.
    pub shown: (i64, i64),
    /// The panels, the upper one first.
    pub panels: Vec<Panel>,
}

/// A part of a chart, with an axis of its own.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Panel {
    /// The word for it, as programs read it: `in_flight`.
    pub name: &'static str,
    /// Its heading for people: `Bytes in flight`.
    pub heading: &'static str,
    /// What the values are of, when they are not numbers: value 0 is the first of these lanes.
    pub lanes: Vec<String>,
    /// What is drawn in it.
    pub series: Vec<Series>,
}

/// Points that belong together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Series {
    /// What they are: `A's TSNs`.
    pub label: String,
    /// How they are drawn.
    pub style: Style,
    /// Which colour and which mark they have: the first, the second.
    pub tone: usize,
    /// The points, in the order of time.
    pub points: Vec<Point>,
}

/// How a series is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Style {
    /// A line that keeps its value until the next point.
    #[default]
    Steps,
    /// A mark for each point.
    Marks,
    /// A strong mark for each point: what a reader looks for.
    Strong,
}

/// A point.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// When, in nanoseconds since what the chart shows began.
    pub since: i64,
    /// The value, or the lane.
    pub value: f64,
    /// The packet that shows it; 0 for none.
    pub packet: u64,
}

/// Takes the points of a series and keeps as many as a picture can show: a bounded number, however many there are.
#[derive(Clone, Debug)]
pub struct Sampler {
    shown: (i64, i64),
    /// Whether values are lanes, so that one point of each stands for all of a stretch.
    lanes: bool,
    before: Option<Point>,
    after: Option<Point>,
    kept: BTreeMap<(i64, i64), [Point; 4]>,
}

impl Sampler {
    /// Takes points of a stretch of time. Where the values are lanes, each lane keeps points of its own.
    pub fn new(shown: (i64, i64), lanes: bool) -> Sampler {
        Sampler { shown, lanes, before: None, after: None, kept: BTreeMap::new() }
    }
    /// Takes a point.
    pub fn add(&mut self, since: i64, value: f64, packet: u64) {
        let (from, to) = self.shown;
        let point = Point { since, value, packet };
        if since < from {
            if self.before.is_none_or(|before| since >= before.since) {
                self.before = Some(point);
            }
            return;
        }
        if since > to {
            if self.after.is_none_or(|after| since < after.since) {
                self.after = Some(point);
            }
            return;
        }
        let all = i128::from(to) - i128::from(from) + 1;
        let bucket = (i128::from(since) - i128::from(from)) * i128::from(BUCKETS) / all;
        let lane = if self.lanes { value as i64 } else { 0 };
        let [first, least, greatest, last] = self.kept.entry((bucket as i64, lane)).or_insert([point; 4]);
        if point.since < first.since {
            *first = point;
        }
        if point.value < least.value {
            *least = point;
        }
        if point.value > greatest.value {
            *greatest = point;
        }
        if point.since >= last.since {
            *last = point;
        }
    }
    /// Whether there was no point in the stretch of time.
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }
    /// The series of what was kept. Lines go on from the last point before the stretch to the first behind it.
    pub fn series(self, label: impl Into<String>, style: Style, tone: usize) -> Series {
        let mut points: Vec<Point> = self.kept.into_values().flatten().collect();
        points.sort_by_key(|point| (point.since, point.packet));
        points.dedup();
        if style == Style::Steps {
            points.splice(0..0, self.before);
            points.extend(self.after);
        }
        Series { label: label.into(), style, tone, points }
    }
}

/// The distances of the picture, in its units. Panels stand between the first two.
const LEFT: f64 = 72.0;
const RIGHT: f64 = 18.0;
/// How far the axis of time stands from the left and the right side of a chart's picture, in its units.
pub const CHART_MARGINS: (f64, f64) = (LEFT, RIGHT);
const TOP: f64 = 30.0;
const HEAD: f64 = 44.0;
const NAMES: f64 = 18.0;
const HEIGHT: f64 = 132.0;
const LANE: f64 = 36.0;
const FOOT: f64 = 26.0;
/// How many marks the axes have, about.
const TICKS: f64 = 6.0;
/// How near something must be to be meant.
const NEAR: f64 = 40.0;

/// The colours of the series: what the page names so, or these.
const COLOURS: [&str; 6] = [
    "var(--s0,#1d5fd1)",
    "var(--s1,#b3541e)",
    "var(--s2,#0d7a55)",
    "var(--s3,#a61b1b)",
    "var(--s4,#7a3fb5)",
    "var(--s5,#596273)",
];
/// The marks of the series, as pieces of a path.
const MARKS: [&str; 6] =
    ["h0", "m-2-2l4 4m0-4l-4 4", "m-3 0h6m-3-3v6", "m0-4l4 7h-8z", "m-3-3h6v6h-6z", "m0-4l4 4l-4 4l-4-4z"];

/// Where a panel stands in the picture.
struct Place {
    top: f64,
    height: f64,
    least: f64,
    greatest: f64,
}

impl Place {
    fn y(&self, value: f64) -> f64 {
        let share = (value - self.least) / (self.greatest - self.least);
        self.top + self.height - share.clamp(0.0, 1.0) * self.height
    }
}

/// Where the names of a panel's series stand behind its heading: from the left, and in which line.
fn names(panel: &Panel, width: f64) -> Vec<(f64, usize)> {
    let first = 36.0 + 7.2 * panel.heading.chars().count() as f64;
    let (mut x, mut line, mut names) = (first, 0, Vec::new());
    for series in &panel.series {
        let wide = 34.0 + 6.6 * series.label.chars().count() as f64;
        if x + wide > width && x > first {
            (x, line) = (first, line + 1);
        }
        names.push((x, line));
        x += wide;
    }
    names
}

/// Where the panels stand, and how high the picture is.
fn places(chart: &Chart, width: f64) -> (Vec<Place>, f64) {
    let (mut top, mut places) = (TOP, Vec::new());
    for panel in &chart.panels {
        top += HEAD + NAMES * names(panel, width).last().map_or(0, |(_, line)| *line) as f64;
        let values = panel.series.iter().flat_map(|series| series.points.iter().map(|point| point.value));
        let (mut least, mut greatest) = values
            .fold((f64::MAX, f64::MIN), |(least, greatest), value| (least.min(value), greatest.max(value)));
        let height = if panel.lanes.is_empty() {
            if least > greatest {
                (least, greatest) = (0.0, 1.0);
            }
            // Near zero the axis begins there.
            if least > 0.0 && least < greatest / 2.0 {
                least = 0.0;
            }
            let room = ((greatest - least) * 0.06).max(0.5);
            (least, greatest) = (if least == 0.0 { 0.0 } else { least - room }, greatest + room);
            HEIGHT
        } else {
            // The first lane stands on top.
            (least, greatest) = (panel.lanes.len() as f64 - 0.5, -0.5);
            panel.lanes.len() as f64 * LANE
        };
        places.push(Place { top, height, least, greatest });
        top += height;
    }
    (places, top + FOOT)
}

impl Chart {
    fn x(&self, width: f64, since: i64) -> f64 {
        let (from, to) = self.shown;
        let share = (since as f64 - from as f64) / ((to as f64 - from as f64).max(1.0));
        LEFT + share * (width - LEFT - RIGHT)
    }
    /// The moment at a place of the picture, in nanoseconds.
    pub fn moment(&self, width: u32, x: f64) -> i64 {
        let (from, to) = (self.shown.0 as f64, self.shown.1 as f64);
        let share = (x - LEFT) / (f64::from(width) - LEFT - RIGHT).max(1.0);
        (from + share.clamp(0.0, 1.0) * (to - from)) as i64
    }
    /// What is drawn near a place of the picture of this width.
    pub fn near(&self, width: u32, (x, y): (f64, f64)) -> Option<Near> {
        let (mut nearest, mut best) = (NEAR, None);
        for (panel, place) in self.panels.iter().zip(&places(self, f64::from(width)).0) {
            if y < place.top - 12.0 || y > place.top + place.height + 12.0 {
                continue;
            }
            for series in &panel.series {
                for point in &series.points {
                    let at = (self.x(f64::from(width), point.since), place.y(point.value));
                    // Time counts more than height: lines are followed by the hand going sideways.
                    let far = ((at.0 - x) * 2.0).hypot(at.1 - y);
                    // What a reader looks for stands before what shares its place.
                    let far = if series.style == Style::Strong { far - 4.0 } else { far };
                    if far < nearest {
                        (nearest, best) = (far, Some((panel, series, point, at)));
                    }
                }
            }
        }
        let (panel, series, point, (x, y)) = best?;
        let mut out = Out::new();
        out.str(&series.label);
        if let Some(lane) = panel.lanes.get(point.value as usize) {
            out.str(", ").str(lane);
        } else {
            out.str(": ").fmt(format_args!("{}", rounded(point.value)));
        }
        out.fmt(format_args!(", {:.6} s", point.since as f64 / 1e9));
        if point.packet > 0 {
            out.str(", packet ").dec(point.packet);
        }
        let point = *point;
        Some(Near { point, x, y, words: out.to_string_lossy() })
    }
}

/// A value without digits that say nothing.
fn rounded(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

/// Steps between the marks of an axis: 1, 2 or 5 of a decimal place.
fn step(range: f64) -> f64 {
    let rough = (range / TICKS).max(f64::MIN_POSITIVE);
    let power = 10f64.powf(rough.log10().floor());
    let times = [1.0, 2.0, 5.0, 10.0].into_iter().find(|times| times * power >= rough).unwrap_or(10.0);
    times * power
}

/// The marks of an axis, at most twice as many as are wanted.
fn ticks(from: f64, to: f64) -> (f64, impl Iterator<Item = f64>) {
    let step = step(to - from);
    let first = (from / step).ceil();
    let count = (((to - from) / step).floor().max(0.0) as u32).min(2 * TICKS as u32);
    (step, (0..=count).map(move |at| (first + f64::from(at)) * step).filter(move |tick| *tick <= to))
}

/// A number of an axis, short.
fn short(value: f64, step: f64, out: &mut Out) {
    let (unit, name) = if value.abs() >= 1e9 {
        (1e9, " G")
    } else if value.abs() >= 1e6 {
        (1e6, " M")
    } else if value.abs() >= 1e4 {
        (1e3, " k")
    } else {
        (1.0, "")
    };
    let digits = (-(step / unit).log10().floor()).clamp(0.0, 9.0) as usize;
    out.fmt(format_args!("{:.digits$}{name}", value / unit));
}

/// Writes the picture as SVG of this width, for a page of its own or inside another. Its colours are those that stand around it
/// as `--s0` to `--s5`.
pub fn chart_svg(chart: &Chart, width: u32, out: &mut Out) {
    let wide = f64::from(width);
    let (places, height) = places(chart, wide);
    out.fmt(format_args!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" "
    ));
    out.str("role=\"img\" font-family=\"sans-serif\" font-size=\"12\" fill=\"currentColor\" stroke=\"none\">\n<title>");
    xml(&chart.title, out);
    out.str("</title>\n");
    label((12.0, 20.0), "start", &chart.title, " class=\"title\" font-size=\"14\" font-weight=\"bold\"", out);
    let (from, to) = (chart.shown.0 as f64 / 1e9, chart.shown.1 as f64 / 1e9);
    for (panel, place) in chart.panels.iter().zip(&places) {
        let bottom = place.top + place.height;
        frame(panel, place, wide, out);
        let (step, times) = ticks(from, to);
        for time in times {
            let x = chart.x(wide, (time * 1e9) as i64);
            line((x, place.top), (x, bottom), " stroke-opacity=\".12\"", out);
            let mut text = Out::new();
            short(time, step, &mut text);
            text.str(" s");
            label(
                (x, bottom + 14.0),
                "middle",
                &text.to_string_lossy(),
                " font-size=\"11\" fill-opacity=\".75\"",
                out,
            );
        }
        // The last line of names stands on the panel.
        let names = names(panel, wide);
        let lines = names.last().map_or(0, |(_, line)| *line);
        let up = |line: usize| place.top - 10.0 - NAMES * (lines - line) as f64;
        label((12.0, up(0)), "start", panel.heading, " font-weight=\"bold\"", out);
        for (series, (x, line)) in panel.series.iter().zip(names) {
            draw(chart, series, place, wide, out);
            // Its name, in its colour, with its mark.
            out.fmt(format_args!("<path d=\"M{:.1} {:.1}", x + 6.0, up(line) - 4.0));
            out.str(if series.style == Style::Steps { "m-6 0h12" } else { mark(series.tone) });
            stroke(series, out);
            label((x + 17.0, up(line)), "start", &series.label, "", out);
        }
    }
    out.str("</svg>\n");
}

fn mark(at: usize) -> &'static str {
    MARKS.get(at % MARKS.len()).copied().unwrap_or("")
}

/// What ends the path of a series.
fn stroke(series: &Series, out: &mut Out) {
    let at = series.tone;
    let colour = COLOURS.get(at % COLOURS.len()).copied().unwrap_or("");
    let width = match series.style {
        Style::Steps => "1.5",
        // A dot is as large as its line is wide.
        Style::Marks if at % MARKS.len() == 0 => "4",
        Style::Marks => "1.5",
        Style::Strong => "2.5",
    };
    out.str("\" fill=\"none\" stroke-linecap=\"round\" stroke-linejoin=\"round\" stroke-width=\"").str(width);
    out.str("\" stroke=\"").str(colour).str("\"/>\n");
}

/// The axis of a panel and its grid.
fn frame(panel: &Panel, place: &Place, wide: f64, out: &mut Out) {
    let bottom = place.top + place.height;
    line((LEFT, bottom), (wide - RIGHT, bottom), " stroke-opacity=\".5\"", out);
    line((LEFT, place.top), (LEFT, bottom), " stroke-opacity=\".5\"", out);
    if panel.lanes.is_empty() {
        let (step, values) = ticks(place.least, place.greatest);
        for value in values {
            let y = place.y(value);
            line((LEFT, y), (wide - RIGHT, y), " stroke-opacity=\".12\"", out);
            let mut text = Out::new();
            short(value, step, &mut text);
            label(
                (LEFT - 8.0, y + 4.0),
                "end",
                &text.to_string_lossy(),
                " font-size=\"11\" fill-opacity=\".75\"",
                out,
            );
        }
    }
    for (at, lane) in panel.lanes.iter().enumerate() {
        let y = place.y(at as f64);
        line((LEFT, y), (wide - RIGHT, y), " stroke-opacity=\".2\"", out);
        label((LEFT + 6.0, y - 8.0), "start", lane, " font-size=\"11\" fill-opacity=\".75\"", out);
    }
}

fn draw(chart: &Chart, series: &Series, place: &Place, wide: f64, out: &mut Out) {
    let mut points = series.points.iter();
    let Some(first) = points.next() else { return };
    // Lines come from before what is shown, and go on behind it.
    let x = |since| chart.x(wide, since).clamp(LEFT, wide - RIGHT);
    out.fmt(format_args!("<path d=\"M{:.1} {:.1}", x(first.since), place.y(first.value)));
    if series.style == Style::Steps {
        for point in points {
            out.fmt(format_args!("H{:.1}V{:.1}", x(point.since), place.y(point.value)));
        }
    } else {
        out.str(mark(series.tone));
        for point in points {
            out.fmt(format_args!("M{:.1} {:.1}", x(point.since), place.y(point.value)))
                .str(mark(series.tone));
        }
    }
    stroke(series, out);
}

fn label((x, y): (f64, f64), anchor: &str, text: &str, more: &str, out: &mut Out) {
    out.fmt(format_args!("<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\"{more}>"));
    xml(text, out);
    out.str("</text>\n");
}

fn line(from: (f64, f64), to: (f64, f64), more: &str, out: &mut Out) {
    out.fmt(format_args!(
        "<path d=\"M{:.1} {:.1}L{:.1} {:.1}\" stroke=\"currentColor\"",
        from.0, from.1, to.0, to.1
    ));
    out.str(more).str("/>\n");
}

fn xml(text: &str, out: &mut Out) {
    escape_xml(text.as_bytes(), out);
}

/// Writes the points as CSV (RFC 4180, with line feeds alone), a row each.
pub fn chart_csv(chart: &Chart, out: &mut Out) {
    out.str("panel,series,seconds,value,packet\n");
    for panel in &chart.panels {
        for series in &panel.series {
            for point in &series.points {
                out.str(panel.name).byte(b',');
                super::quote_csv(series.label.as_bytes(), true, out);
                out.byte(b',').seconds(point.since).byte(b',');
                value(panel, point, out);
                out.byte(b',');
                if point.packet > 0 {
                    out.dec(point.packet);
                }
                out.byte(b'\n');
            }
        }
    }
}

/// Writes the points as an object in one line: panels of series, each point as `[seconds, value, packet]`.
pub fn chart_json(chart: &Chart, out: &mut Out) {
    let string = |text: &str, out: &mut Out| {
        out.byte(b'"');
        escape_json(text.as_bytes(), out);
        out.byte(b'"');
    };
    out.str("{\"chart\":\"").str(chart.name).str("\",\"title\":");
    string(&chart.title, out);
    out.str(",\"panels\":[");
    for (at, panel) in chart.panels.iter().enumerate() {
        out.str(if at == 0 { "{" } else { ",{" }).str("\"name\":\"").str(panel.name).byte(b'"');
        if !panel.lanes.is_empty() {
            out.str(",\"lanes\":[");
            for (at, lane) in panel.lanes.iter().enumerate() {
                out.str(if at == 0 { "" } else { "," });
                string(lane, out);
            }
            out.byte(b']');
        }
        out.str(",\"series\":[");
        for (at, series) in panel.series.iter().enumerate() {
            out.str(if at == 0 { "{\"label\":" } else { ",{\"label\":" });
            string(&series.label, out);
            out.str(",\"points\":[");
            for (at, point) in series.points.iter().enumerate() {
                out.str(if at == 0 { "[" } else { ",[" }).seconds(point.since).byte(b',');
                out.fmt(format_args!("{}", rounded(point.value))).byte(b',').dec(point.packet).byte(b']');
            }
            out.str("]}");
        }
        out.str("]}");
    }
    out.str("]}\n");
}

fn value(panel: &Panel, point: &Point, out: &mut Out) {
    if let Some(lane) = panel.lanes.get(point.value as usize) {
        super::quote_csv(lane.as_bytes(), true, out);
    } else {
        out.fmt(format_args!("{}", rounded(point.value)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture() -> Chart {
        let mut sampler = Sampler::new((0, 10), false);
        for (since, value, packet) in [(0, 1.0, 1), (5, 3.0, 2), (10, 2.0, 3)] {
            sampler.add(since, value, packet);
        }
        let mut lanes = Sampler::new((0, 10), true);
        lanes.add(5, 1.0, 2);
        Chart {
            name: "example",
            title: "An <example>".into(),
            whole: (0, 10),
            shown: (0, 10),
            panels: vec![
                Panel {
                    name: "lanes",
                    heading: "Lanes",
                    lanes: vec!["=first".into(), "second".into()],
                    series: vec![lanes.series("seen", Style::Marks, 0)],
                },
                Panel {
                    name: "values",
                    heading: "Values",
                    lanes: Vec::new(),
                    series: vec![sampler.series("a \"b\"", Style::Steps, 7)],
                },
            ],
        }
    }

    fn written(write: impl FnOnce(&mut Out)) -> String {
        let mut out = Out::new();
        write(&mut out);
        out.to_string_lossy()
    }

    #[test]
    fn a_chart_is_written_for_programs() {
        assert_eq!(
            written(|out| chart_csv(&picture(), out)),
            "panel,series,seconds,value,packet\n\
             lanes,seen,0.000000005,second,2\n\
             values,\"a \"\"b\"\"\",0.000000000,1,1\n\
             values,\"a \"\"b\"\"\",0.000000005,3,2\n\
             values,\"a \"\"b\"\"\",0.000000010,2,3\n"
        );
        let json: serde_json::Value =
            serde_json::from_str(&written(|out| chart_json(&picture(), out))).unwrap();
        assert_eq!(json["panels"][0]["lanes"][0], "=first");
        assert_eq!(json["panels"][1]["series"][0]["points"][1], serde_json::json!([5e-9, 3, 2]));
    }

    #[test]
    fn a_chart_as_svg_is_well_formed_and_escaped() {
        let text = written(|out| chart_svg(&picture(), 900, out));
        let mut reader = quick_xml::Reader::from_str(&text);
        while !matches!(reader.read_event().unwrap(), quick_xml::events::Event::Eof) {}
        assert!(text.contains("An &lt;example&gt;"), "{text}");
        // An empty one, one without time, and one out of bounds are drawn as well.
        for shown in [(0, 0), (5, 5), (i64::MIN, i64::MAX), (9, 3)] {
            let chart = Chart { shown, panels: vec![Panel::default()], ..picture() };
            assert!(written(|out| chart_svg(&chart, 10, out)).ends_with("</svg>\n"));
            assert_eq!(chart.near(10, (f64::NAN, 3.0)), None);
        }
    }

    #[test]
    fn what_is_near_is_named() {
        let chart = picture();
        let (places, _) = places(&chart, 900.0);
        let at = (chart.x(900.0, 5) + 3.0, places[1].y(3.0) - 4.0);
        let near = chart.near(900, at).unwrap();
        assert_eq!((near.point.packet, near.words.as_str()), (2, "a \"b\": 3, 0.000000 s, packet 2"));
        assert!((near.x - at.0).abs() < 4.0 && (near.y - at.1).abs() < 5.0);
        assert_eq!(chart.near(900, (at.0, 2.0)), None);
        assert_eq!(chart.moment(900, chart.x(900.0, 5)), 5);
    }

    /// However many points there are, few stay: of each stretch the first, the last, the least and the greatest.
    #[test]
    fn few_points_stay_of_many() {
        let most = 4 * BUCKETS as usize;
        let mut sampler = Sampler::new((0, 999_999), false);
        for since in 0..1_000_000i64 {
            let value = if since == 777_777 { 1e9 } else { (since % 10) as f64 };
            sampler.add(since, value, since as u64 + 1);
        }
        sampler.add(-5, 1.0, 7);
        sampler.add(i64::MAX, 1.0, 8);
        let points = sampler.series("", Style::Steps, 0).points;
        assert!(points.len() <= most + 2, "{}", points.len());
        assert!(points.iter().any(|point| point.packet == 777_778));
        assert_eq!((points[0].since, points[1].since), (-5, 0));
        assert_eq!(points[points.len() - 2].since, 999_999);
        // Times that go back stay as few.
        let mut sampler = Sampler::new((0, 99), false);
        (0..100_000).for_each(|at| sampler.add((at * 7919) % 100, at as f64, at as u64));
        assert!(sampler.series("", Style::Marks, 0).points.len() <= most);
    }
}
