//! Outputs for programs as their users meet them.

mod fields;
mod filters;
mod names;
mod said;
mod written;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn testdata(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata").join(name)
}

fn sctpdump(words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sctpdump"));
    command.env_remove("NO_COLOR").env("TZ", "UTC").current_dir(testdata("")).args(words);
    command.output().unwrap()
}

fn printed(words: &[&str]) -> String {
    let output = sctpdump(words);
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// What is said of a wrong command line.
fn refused(words: &[&str]) -> String {
    let output = sctpdump(words);
    assert_eq!(output.status.code(), Some(1), "{words:?}");
    assert!(output.stdout.is_empty(), "{words:?}");
    String::from_utf8(output.stderr).unwrap()
}
