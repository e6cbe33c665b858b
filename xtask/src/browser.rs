//! `cargo xtask browser`: the viewer in headless Chromium, by the tests in viewer-wasm/tests/browser.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Where Chromium may be, beside what the variable CHROMIUM says: viewer-wasm/tests/browser/page.js has the same.
const CHROMIUM: [&str; 3] = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/// What the viewer is measured beside, from npm: Wireshark in WebAssembly.
const WIREGASM: &str = "@goodtools/wiregasm@1.9.1";

/// Builds the viewer and runs its tests, or measures it; says that it is skipped where node or a browser is missing.
pub(crate) fn run(profile: &str, bench: bool) -> Result<(), String> {
    if !is_there() {
        return Ok(());
    }
    let folder = prepare(profile)?;
    if bench {
        step(&folder, "node", &["bench.js"], &[])
    } else {
        step(&folder, "npm", &["test", "--silent"], &[])
    }
}

/// Measures the viewer beside wiregasm with a capture: that of the benchmarks where none is named.
pub(crate) fn versus(capture: Option<&Path>) -> Result<(), String> {
    let root = super::root();
    let usual = root.join("bench-captures/sctp.pcapng");
    let capture = capture.unwrap_or(&usual);
    let Ok(capture) = capture.canonicalize() else {
        println!("viewer-bench: skipped, there is no {}", capture.display());
        return Ok(());
    };
    if !is_there() {
        return Ok(());
    }
    let folder = prepare(super::viewer::PROFILE)?;
    let other = root.join("target/wiregasm");
    std::fs::create_dir_all(&other).map_err(|error| format!("{}: {error}", other.display()))?;
    let place = other.join("node_modules/@goodtools/wiregasm/dist");
    if !place.is_dir() {
        step(&other, "npm", &["install", "--prefix", ".", "--no-audit", "--no-fund", WIREGASM], &[])?;
    }
    step(&folder, "node", &["versus.js"], &[("CAPTURE", &capture), ("WIREGASM", &place)])
}

/// Whether node and a browser are there; says that it is skipped where they are not.
fn is_there() -> bool {
    let there = |program: &str| {
        let quiet =
            Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        quiet.is_ok_and(|status| status.success())
    };
    let chromium =
        std::env::var_os("CHROMIUM").is_some() || CHROMIUM.iter().any(|path| Path::new(path).exists());
    for (name, there) in [("node", there("node")), ("npm", there("npm")), ("chromium", chromium)] {
        if !there {
            println!("browser: skipped, there is no {name}");
            return false;
        }
    }
    true
}

/// Builds the viewer and fetches what drives the browser; the folder of the tests.
fn prepare(profile: &str) -> Result<PathBuf, String> {
    super::viewer::build(profile)?;
    super::npm::pack()?;
    let folder = super::root().join("viewer-wasm/tests/browser");
    if !folder.join("node_modules/playwright-core").is_dir() {
        step(&folder, "npm", &["ci", "--no-audit", "--no-fund"], &[])?;
    }
    Ok(folder)
}

fn step(folder: &Path, program: &str, arguments: &[&str], variables: &[(&str, &Path)]) -> Result<(), String> {
    let mut command = Command::new(program);
    super::done(command.current_dir(folder).args(arguments).envs(variables.iter().copied()))
}
