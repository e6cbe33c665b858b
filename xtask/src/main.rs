//! Chores of the workspace: what is generated, and the checks that need other programs or further captures.

mod bench;
mod browser;
mod changed;
mod compare;
mod docs;
mod fields;
mod filters;
mod fuzz;
mod instructions;
mod npm;
mod oldest;
mod parity;
mod profiled;
mod robust;
mod viewer;

use clap::{Parser, Subcommand};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

#[derive(Debug, Parser)]
#[command(name = "cargo xtask", about = "Chores of the workspace")]
struct Args {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Debug, Subcommand)]
enum Chore {
    /// Write docs/fields.md, the reference of all fields, from their declarations
    Docs,
    /// Dissect captures, and every prefix and every changed byte of small packets, and print them in every way
    Robust {
        /// Folders or captures; those of ../shared when there is none
        places: Vec<PathBuf>,
        /// How many other values each byte takes: 255 are all
        #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u16).range(0..=255))]
        values: u16,
        /// Change only every so manieth packet
        #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..))]
        every: u64,
    },
    /// Try hostile input, by cargo-fuzz where it is installed, else by a mutator of its own
    Fuzz(fuzz::Args),
    /// Compare CPU time with tshark's and tcpdump's, as ratios, and tell how soon the first line of a pipe comes
    Bench(bench::Args),
    /// Count instructions by callgrind and compare with docs/instructions.txt (needs valgrind)
    Instructions(instructions::Args),
    /// Build the command by a profile of its own runs, in target/profiled (needs rustup's llvm-tools)
    Profiled,
    /// Build with the oldest compiler that is promised, or hold the dependencies against it
    Oldest,
    /// Compare every field of captures with tshark's, in a table by protocol (needs tshark)
    Parity(parity::Args),
    /// Compare what display filters pick with tshark's (needs ../shared and tshark)
    Filters {
        /// Only every so manieth capture
        #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..))]
        every: u16,
    },
    /// Compare the values of fields with those that tshark's -T fields prints (needs tshark)
    Fields {
        /// Captures or folders; some of ../shared when there is none
        places: Vec<PathBuf>,
        /// Only these fields; all that both have when there is none
        #[arg(short = 'e', value_name = "FIELD")]
        fields: Vec<String>,
        /// Without places, only every so manieth capture
        #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..))]
        every: u16,
    },
    /// Compare CPU time with tshark's and tcpdump's (needs ../shared, tshark and tcpdump)
    Versus {
        /// Only the cases whose names hold this
        #[arg(default_value = ", sctp")]
        only: String,
    },
    /// Build the viewer into dist/, as files for a static host and as one HTML file
    Viewer {
        /// The profile of Cargo.toml: `quick` builds sooner, for work in progress
        #[arg(long, default_value = viewer::PROFILE)]
        profile: String,
    },
    /// Build the viewer as a package for npm, in target/npm
    Npm,
    /// Measure the viewer beside Wireshark in WebAssembly, in the same browser (needs node, npm and chromium)
    ViewerBench {
        /// The capture; bench-captures/sctp.pcapng when there is none
        capture: Option<PathBuf>,
    },
    /// Build the viewer and try it in headless Chromium (needs node, npm and chromium)
    Browser {
        /// The profile of Cargo.toml it is built with
        #[arg(long, default_value = "viewer")]
        profile: String,
        /// Measure how it scrolls instead
        #[arg(long)]
        bench: bool,
    },
}

fn main() -> ExitCode {
    let done = match Args::parse().chore {
        Chore::Docs => docs::write(),
        Chore::Robust { places, values, every } => {
            robust::run(&places, values, every);
            Ok(())
        }
        Chore::Fuzz(args) => fuzz::run(&args),
        Chore::Bench(args) => bench::run(&args),
        Chore::Instructions(args) => instructions::run(&args),
        Chore::Profiled => profiled::build(),
        Chore::Oldest => oldest::check(),
        Chore::Parity(args) => parity::run(&args),
        Chore::Filters { every } => {
            filters::run(every.into());
            Ok(())
        }
        Chore::Fields { places, fields, every } => {
            fields::run(&fields, &places, every.into());
            Ok(())
        }
        Chore::Versus { only } => compare::versus(&only),
        Chore::Viewer { profile } => viewer::build(&profile),
        Chore::Npm => viewer::build(viewer::PROFILE).and_then(|()| npm::pack()),
        Chore::ViewerBench { capture } => browser::versus(capture.as_deref()),
        Chore::Browser { profile, bench } => browser::run(&profile, bench),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("xtask: {sentence}");
            ExitCode::FAILURE
        }
    }
}

/// The folder of the workspace.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}

/// Where cargo puts what it builds.
fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or(root().join("target"), |folder| root().join(folder))
}

/// The cargo that runs this, in the folder of the workspace.
fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()));
    command.current_dir(root());
    command
}

/// Runs a program that has to succeed.
fn done(command: &mut Command) -> Result<(), String> {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{}: {status}", said(command))),
        Err(error) => Err(format!("{}: {error}", said(command))),
    }
}

/// What a program that has to succeed writes.
fn told(command: &mut Command) -> Result<String, String> {
    match command.output() {
        Ok(output) if !output.status.success() => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
        Ok(output) => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        Err(error) => Err(format!("{}: {error}", said(command))),
    }
}

/// A command as one would type it.
fn said(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

/// A folder of captures and scripts beside the workspace, where there is one; says that it is skipped where not.
fn shared(what: &str) -> Option<PathBuf> {
    let path = root().parent()?.join("shared");
    if !path.is_dir() {
        println!("{what}: skipped, there is no {}", path.display());
        return None;
    }
    Some(path)
}
