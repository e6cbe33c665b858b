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
    done(&mut command)
}

/// Where cargo puts what it builds.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or(super::root().join("target"), Into::into)
}

fn binary() -> PathBuf {
    target().join("release").join("sctpdump")
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
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()));
    command.current_dir(super::root()).args(["build", "--release", "--locked", "--package", "sctpdump"]);
    done(&mut command)
}

/// Runs a program that has to succeed.
pub(crate) fn done(command: &mut Command) -> Result<(), String> {
    let program = Path::new(command.get_program()).display().to_string();
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{program} ended with {status}")),
        Err(error) => Err(format!("{program} can't be run: {error}")),
    }
}
