//! `sctpdump`: reads captures and prints what their packets say. It knows no field of any protocol.

mod args;
mod bundle;
mod clock;
mod columns;
mod decode;
mod fields;
mod follow;
mod gate;
mod glossary;
mod input;
mod interrupt;
mod names;
mod output;
mod pass;
mod progress;
mod report;
mod save;
mod serve;
mod shell;
mod view;

use args::{Args, Command};
use clap::Parser;
use output::plain;
use report::Which;
use std::process::ExitCode;

/// Why the program ends otherwise than well.
#[derive(Debug)]
pub(crate) enum End {
    /// The command line asks for something that is not there.
    Usage(String),
    /// A filter is wrong: what is wrong, the filter and a caret under the place.
    Filter(String),
    /// A file can't be read or written; what could be, was.
    File(String),
    /// The capture was damaged, as was said where it was found.
    Damaged,
    /// Nobody reads the output any more: end without a word.
    Unread,
    /// Somebody asked to end before the capture did: what was read is written.
    Interrupted,
}

impl End {
    /// tshark's exit statuses: 1 for a wrong command line, 2 for a wrong filter, for a file that is missing, damaged, cut short
    /// or not read to its end, and for an output that was closed.
    fn code(&self) -> u8 {
        match self {
            End::Usage(_) => 1,
            End::Filter(_) | End::File(_) | End::Damaged | End::Unread | End::Interrupted => 2,
        }
    }
}

fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            let _ = error.print();
            return if error.use_stderr() { ExitCode::from(1) } else { ExitCode::SUCCESS };
        }
    };
    input::unpack_all(args.unpack_all);
    let result = match args.command {
        None => decode::run(&args.decode),
        Some(Command::Fields(fields)) => fields::run(&fields),
        Some(Command::View(view)) => view::run(&view),
        Some(Command::Report(bundle)) => bundle::run(&bundle),
        Some(Command::Assoc { report, health }) => {
            let which = if health { Which::View("health") } else { Which::Plain };
            report::run("assoc", which, &report)
        }
        Some(Command::Calls(report)) => report::run("calls", Which::Plain, &report),
        Some(Command::Streams(report)) => report::run("streams", Which::Plain, &report),
        Some(Command::Rtp(report)) => report::run("rtp", Which::Plain, &report),
        Some(Command::Events(report)) => report::run("assoc", Which::View("events"), &report),
        Some(Command::Ladder(ladder)) => report::ladder(&ladder),
        Some(Command::Chart(chart)) => report::chart(&chart),
        Some(Command::Follow(follow)) => follow::run(&follow),
        Some(Command::Completions { shell }) => shell::completions(shell),
        Some(Command::Man) => shell::man(),
        Some(Command::CompleteFilter { text }) => shell::complete_filter(&text),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(end) => {
            match &end {
                End::Usage(sentence) | End::Filter(sentence) | End::File(sentence) => {
                    eprintln!("sctpdump: {}", plain(sentence));
                }
                End::Damaged | End::Unread | End::Interrupted => {}
            }
            ExitCode::from(end.code())
        }
    }
}
