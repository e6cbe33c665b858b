//! `cargo xtask browser`: the viewer in headless Chromium, by the tests in viewer-wasm/tests/browser.

use std::path::Path;
use std::process::{Command, Stdio};

/// Where Chromium may be, beside what the variable CHROMIUM says: viewer-wasm/tests/browser/page.js has the same.
const CHROMIUM: [&str; 3] = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/// Builds the viewer and runs its tests, or measures it; says that it is skipped where node or a browser is missing.
pub(crate) fn run(profile: &str, bench: bool) -> Result<(), String> {
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
            return Ok(());
        }
    }
    super::viewer::build(profile)?;
    let folder = super::root().join("viewer-wasm/tests/browser");
    if !folder.join("node_modules/playwright-core").is_dir() {
        step(&folder, "npm", &["ci", "--no-audit", "--no-fund"])?;
    }
    if bench { step(&folder, "node", &["bench.js"]) } else { step(&folder, "npm", &["test", "--silent"]) }
}

fn step(folder: &Path, program: &str, arguments: &[&str]) -> Result<(), String> {
    let status = Command::new(program).current_dir(folder).args(arguments).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{program} {}: {status}", arguments.join(" "))),
        Err(error) => Err(format!("{program}: {error}")),
    }
}
