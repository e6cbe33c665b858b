//! The command built with a profile of its own runs: what is run often stands together, and is laid out for the way it goes. For
//! who hands the program on; `cargo build --release` needs no such preparation.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What is run on each capture of testdata/ while the profile is taken.
const WORK: &[&[&str]] = &[
    &[],
    &["-2"],
    &["-V"],
    &["-x"],
    &["-T", "json"],
    &["-T", "pdml"],
    &[
        "-T",
        "fields",
        "-e",
        "frame.number",
        "-e",
        "ip.src",
        "-e",
        "ip.dst",
        "-e",
        "sctp.chunk_type",
        "-e",
        "sip.Method",
    ],
    &["-Y", "sctp.chunk_type == 1 || sip.Method == INVITE || tcp.analysis.retransmission"],
    &["-q", "-z", "sctp,stat", "-z", "sip,stat"],
    &["-q", "-z", "conv,tcp", "-z", "io,phs"],
];

/// Builds the command, runs it, builds it again by what was seen, and says where it is.
pub(crate) fn build() -> Result<(), String> {
    let place = super::target().join("profiled");
    let (runs, profile) = (place.join("runs"), place.join("runs.profdata"));
    let libraries =
        PathBuf::from(super::told(Command::new("rustc").args(["--print", "target-libdir"]))?.trim());
    let merge =
        libraries.with_file_name("bin").join(format!("llvm-profdata{}", std::env::consts::EXE_SUFFIX));
    if !merge.is_file() {
        return Err("llvm-profdata is missing: rustup component add llvm-tools".to_owned());
    }
    let told = super::told(Command::new("rustc").args(["--version", "--verbose"]))?;
    let host = told.lines().find_map(|line| line.strip_prefix("host: ")).ok_or("rustc names no host")?;

    let counting = compile(&place, host, &format!("-Cprofile-generate={}", runs.display()))?;
    // Counts of a build before fit no longer.
    if runs.exists() {
        std::fs::remove_dir_all(&runs).map_err(|error| format!("{}: {error}", runs.display()))?;
    }
    let mut captures = Vec::new();
    super::robust::files(&super::root().join("testdata"), &mut captures);
    let mut count = 0;
    for words in WORK {
        for capture in &captures {
            let mut command = Command::new(&counting);
            // A few files, to which all runs add.
            command.args(*words).arg("-r").arg(capture).env("LLVM_PROFILE_FILE", runs.join("%4m.profraw"));
            let run = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
            // What is no capture counts for nothing.
            count += usize::from(run.map_err(|error| format!("{}: {error}", counting.display()))?.success());
        }
    }
    let mut command = Command::new(&merge);
    super::done(command.arg("merge").arg("-o").arg(&profile).arg(&runs))?;

    let program = compile(&place, host, &format!("-Cprofile-use={}", profile.display()))?;
    println!("{}: a release build by the profile of {} runs", program.display(), count);
    Ok(())
}

/// A release build with a further flag for the compiler. Answers where the program is.
fn compile(place: &Path, host: &str, flag: &str) -> Result<PathBuf, String> {
    let mut command = super::compare::release();
    command.env("CARGO_ENCODED_RUSTFLAGS", flag).arg("--quiet");
    // With a target, what only the build runs is left alone.
    command.args(["--target", host]).arg("--target-dir").arg(place);
    super::done(&mut command)?;
    Ok(place.join(host).join("release").join(format!("sctpdump{}", std::env::consts::EXE_SUFFIX)))
}
