//! Reports on what a capture holds: associations, calls, connections, streams.

use crate::args::{Among, Chart, ChartFormat, Ladder, LadderFormat, Report, ReportFormat};
use crate::gate::Gate;
use crate::input::Input;
use crate::output::Stdout;
use crate::pass::Ended;
use crate::{End, decode, pass};
use dissect::report::{self, Kind};
use dissect::{Dissector, Memory};

/// Which report of a kind is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Which {
    /// The list, or one of it if there is a number.
    Plain,
    /// A further one, by its name.
    View(&'static str),
}

/// Prints a report.
pub(crate) fn run(name: &str, which: Which, args: &Report) -> Result<(), End> {
    let dissector = decode::dissector(&args.heuristics)?;
    let (kind, mut stdout) = (kind(&dissector, name)?, Stdout::new());
    let gate = Gate::among(&args.among, &args.heuristics)?;
    let (ended, memory) = if which == Which::Plain && args.number.is_none() {
        let mut memory = dissector.memory();
        memory.trace(None);
        let input = Input::open(&args.file)?.through(gate);
        pass::learn(input, None, &dissector, memory, &mut stdout)?
    } else {
        keep((&args.file, gate), args.number, &dissector, &mut stdout)?
    };
    ended.whole()?;
    let report = match (which, args.number) {
        (Which::Plain, None) => Some((kind.list)(&memory)),
        (Which::Plain, Some(number)) => (kind.one)(&memory, number),
        (Which::View(name), number) => {
            let view = kind.views.iter().find(|view| view.name == name);
            view.and_then(|view| (view.make)(&memory, number))
        }
    };
    let report = report.ok_or_else(|| missing(kind, &args.file, args.number))?;
    match args.output {
        ReportFormat::Text => report::text(&report, &mut stdout.out),
        ReportFormat::Json => report::json(&report, &mut stdout.out),
        ReportFormat::Csv => report::csv(&report, &mut stdout.out),
    }
    stdout.flush()?;
    ended.told()
}

/// Draws a ladder.
pub(crate) fn ladder(args: &Ladder) -> Result<(), End> {
    let dissector = Dissector::default();
    let (kind, mut stdout) = (kind(&dissector, &args.of)?, Stdout::new());
    let draw =
        kind.ladder.ok_or_else(|| End::Usage(format!("{} have no ladder; sctpdump help ladder", args.of)))?;
    let (ended, memory) = learnt((&args.file, &args.among), Some(args.number), &dissector, &mut stdout)?;
    let picture = draw(&memory, args.number).ok_or_else(|| missing(kind, &args.file, Some(args.number)))?;
    match args.output {
        LadderFormat::Text => report::ladder(&picture, &mut stdout.out),
        LadderFormat::Svg => report::svg(&picture, &mut stdout.out),
        LadderFormat::Mermaid => report::mermaid(&picture, &mut stdout.out),
    }
    stdout.flush()?;
    ended.told()
}

/// How wide a chart is.
const WIDTH: u32 = 1200;

/// Draws what changed over time.
pub(crate) fn chart(args: &Chart) -> Result<(), End> {
    let dissector = Dissector::default();
    let (kind, mut stdout) = (kind(&dissector, &args.of)?, Stdout::new());
    let draw =
        kind.chart.ok_or_else(|| End::Usage(format!("{} have no chart; sctpdump help chart", args.of)))?;
    let (ended, memory) = learnt((&args.file, &args.among), Some(args.number), &dissector, &mut stdout)?;
    let picture =
        draw(&memory, args.number, None).ok_or_else(|| missing(kind, &args.file, Some(args.number)))?;
    match args.output {
        ChartFormat::Svg => report::chart_svg(&picture, WIDTH, &mut stdout.out),
        ChartFormat::Csv => report::chart_csv(&picture, &mut stdout.out),
        ChartFormat::Json => report::chart_json(&picture, &mut stdout.out),
    }
    stdout.flush()?;
    ended.told()
}

pub(crate) fn kind(dissector: &Dissector, name: &str) -> Result<&'static Kind, End> {
    dissector.reports().find(|kind| kind.name == name).ok_or_else(|| {
        let names: Vec<&str> = dissector.reports().map(|kind| kind.name).collect();
        End::Usage(format!("there are no reports on {name}, only on {}", names.join(", ")))
    })
}

/// What was learnt of a part of a capture, with the trace of one thing in it, or of all.
pub(crate) fn learnt(
    (file, among): (&str, &Among),
    one: Option<u32>,
    dissector: &Dissector,
    stdout: &mut Stdout,
) -> Result<(Ended, Memory), End> {
    keep((file, Gate::among(among, &[])?), one, dissector, stdout)
}

/// Learns what passes a gate. Nothing is forgotten: what is told goes back to the first packet.
fn keep(
    (file, gate): (&str, Gate),
    one: Option<u32>,
    dissector: &Dissector,
    stdout: &mut Stdout,
) -> Result<(Ended, Memory), End> {
    let mut memory = dissector.memory();
    memory.trace(one);
    let input = Input::open(file)?.through(gate);
    let (ended, memory) = pass::learn_and_keep(input, dissector, memory, stdout)?;
    ended.whole()?;
    Ok((ended, memory))
}

fn missing(kind: &Kind, file: &str, number: Option<u32>) -> End {
    let number = number.map_or(String::new(), |number| format!(" of number {number}"));
    End::Usage(format!("{file} has no {}{number}; sctpdump {} {file} lists them", kind.about, kind.name))
}
