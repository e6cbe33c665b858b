//! The oldest compiler that the workspace promises to build with: `rust-version` in Cargo.toml.

use serde_json::Value;
use std::process::Command;

/// Builds with that compiler where rustup has it or can get it; where not, holds what every dependency says it needs against it,
/// as clippy holds the standard library that is used (`clippy::incompatible_msrv`).
pub(crate) fn check() -> Result<(), String> {
    let text = super::told(super::cargo().args(["metadata", "--format-version", "1", "--locked"]))?;
    let all: Value = serde_json::from_str(&text).map_err(|error| format!("cargo metadata: {error}"))?;
    let packages = all["packages"].as_array().map_or(&[][..], |packages| packages);
    let own =
        packages.iter().find(|one| one["name"] == "sctpdump").and_then(|one| one["rust_version"].as_str());
    let own = own.ok_or("Cargo.toml states no rust-version")?;
    let newer: Vec<String> = packages
        .iter()
        .filter_map(|one| {
            Some((one["name"].as_str()?, one["version"].as_str()?, one["rust_version"].as_str()?))
        })
        .filter(|(_, _, needed)| parts(needed) > parts(own))
        .map(|(name, version, needed)| format!("{name} {version} needs {needed}"))
        .collect();
    if !newer.is_empty() {
        return Err(format!("Rust {own} is promised, but {}", newer.join(", ")));
    }
    println!("oldest: none of {} packages asks for more than Rust {own}", packages.len());
    let rustup =
        |words: &[&str]| Command::new("rustup").args(words).output().is_ok_and(|done| done.status.success());
    if !rustup(&["run", own, "cargo", "--version"])
        && !rustup(&["toolchain", "install", own, "--profile", "minimal", "--no-self-update"])
    {
        println!("oldest: no build, as Rust {own} is not installed and can't be had here");
        return Ok(());
    }
    let mut command = Command::new("rustup");
    command.current_dir(super::root()).args(["run", own, "cargo", "check", "--locked"]);
    command.args(["-p", "sctpdump-dissect", "-p", "sctpdump"]);
    command.args(["--target-dir", "target/oldest"]);
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        _ => Err(format!("it does not build with Rust {own}")),
    }
}

/// A version's numbers: of 1.90 as of 1.90.0.
fn parts(version: &str) -> [u32; 3] {
    let mut numbers = version.split('.').map(|part| part.parse().unwrap_or(0));
    [(); 3].map(|()| numbers.next().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        assert!(parts("1.90") > parts("1.9.1"));
        assert!(parts("1.90") >= parts("1.90.0"));
        assert!(parts("1.91") > parts("1.90.5"));
    }
}
