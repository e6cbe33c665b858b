//! Comparisons with other programs, by the scripts beside the workspace. Without those they are skipped, and say so.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Compares CPU time with tshark's and tcpdump's.
pub(crate) fn versus(only: &str) -> Result<(), String> {
    let Some(shared) = super::shared("versus") else { return Ok(()) };
    build()?;
    let mut command = Command::new("python3");
    command.current_dir(super::root()).arg(shared.join("bench/versus.py"));
    command.arg("--ours").arg(binary()).args(["--only", only]);
    super::done(&mut command)
}

fn binary() -> PathBuf {
    super::target().join("release").join("sctpdump")
}

/// The program to measure: the one that was named, else the release build.
pub(crate) fn ours(named: Option<&Path>) -> Result<PathBuf, String> {
    if let Some(named) = named {
        return named.canonicalize().map_err(|error| format!("{}: {error}", named.display()));
    }
    build()?;
    Ok(binary())
}

fn build() -> Result<(), String> {
    super::done(&mut release())
}

/// What builds the command for users.
pub(crate) fn release() -> Command {
    let mut command = super::cargo();
    command.args(["build", "--release", "--locked", "--package", "sctpdump"]);
    command
}
