//! Puts the viewer's page into the command, where `cargo xtask viewer` has built it.

use std::path::{Path, PathBuf};

/// A path as a literal of Rust.
fn literal(path: &Path) -> String {
    format!("\"{}\"", path.to_str().expect("the path is text").escape_default())
}

fn main() {
    println!("cargo::rerun-if-env-changed=SCTPDUMP_VIEWER");
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("../dist");
    // The folder is in the repository, empty: a page that is built later is noticed.
    println!("cargo::rerun-if-changed={}", dist.display());
    let page = std::env::var_os("SCTPDUMP_VIEWER").map_or(dist.join("sctpdump.html"), PathBuf::from);
    let code = match page.canonicalize() {
        Ok(page) => format!("Some(include_bytes!({}))", literal(&page)),
        Err(_) => "None".to_owned(),
    };
    let out = std::env::var_os("OUT_DIR").map(PathBuf::from).expect("cargo names the folder");
    std::fs::write(out.join("page.rs"), code).expect("cargo's folder can be written");
}
