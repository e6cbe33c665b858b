//! Statistics (`-z`) of the test captures: what tshark 4.0 writes, and what is written here.
//!
//! `list.txt` has a capture behind `#`, then statistics, some with a read filter behind `<-`, and under each what tshark writes,
//! indented by a tab. Where the answer here is another, it follows under `here`, and docs/differences.md says why. Where tshark 4.0
//! is installed, a part of its answers is asked for again, all of them with `SCTPDUMP_TSHARK=all`, and `SCTPDUMP_UPDATE=1` writes
//! them and the answers here into the list.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A statistic over a capture, and what is written of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Row {
    capture: String,
    name: String,
    theirs: String,
    /// The answer here, where that is another.
    here: Option<String>,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn path() -> PathBuf {
    root().join("cli/tests/statistics/list.txt")
}

fn rows(text: &str) -> Vec<Row> {
    let (mut rows, mut capture) = (Vec::<Row>::new(), String::new());
    for line in text.lines() {
        let last = rows.last_mut();
        if let Some(name) = line.strip_prefix("# ") {
            name.clone_into(&mut capture);
        } else if line == "here" {
            last.unwrap().here = Some(String::new());
        } else if let Some(written) = line.strip_prefix('\t') {
            let row = last.unwrap();
            let answer = row.here.as_mut().unwrap_or(&mut row.theirs);
            answer.push_str(written);
            answer.push('\n');
        } else {
            rows.push(Row { capture: capture.clone(), name: line.to_owned(), ..Row::default() });
        }
    }
    rows
}

/// The list as it stands in the file.
fn text(rows: &[Row]) -> String {
    let (mut text, mut capture) = (String::new(), "");
    for row in rows {
        if row.capture != capture {
            capture = &row.capture;
            let _ = writeln!(text, "# {capture}");
        }
        let _ = writeln!(text, "{}", row.name);
        for line in row.theirs.lines() {
            let _ = writeln!(text, "\t{line}");
        }
        if let Some(here) = &row.here {
            text.push_str("here\n");
            for line in here.lines() {
                let _ = writeln!(text, "\t{line}");
            }
        }
    }
    text
}

fn list() -> Vec<Row> {
    rows(&std::fs::read_to_string(path()).unwrap())
}

fn written(mut command: Command, row: &Row) -> String {
    let (name, read) = row.name.split_once(" <- ").unwrap_or((&row.name, ""));
    if !read.is_empty() {
        command.args(["-2", "-R", read]);
    }
    command.env("TZ", "UTC").args(["-q", "-z", name, "-r"]);
    let output = command.arg(root().join("testdata").join(&row.capture)).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

fn here(row: &Row) -> String {
    written(Command::new(env!("CARGO_BIN_EXE_sctpdump")), row)
}

/// tshark verifies and puts together only what it is asked to.
fn tshark(row: &Row) -> String {
    let mut command = Command::new("tshark");
    command.arg("-n");
    for preference in [
        "sctp.checksum:CRC-32c",
        "sctp.relative_tsns:FALSE",
        "tcp.check_checksum:TRUE",
        "tcp.reassemble_out_of_order:TRUE",
        "ip.check_checksum:TRUE",
        "udp.check_checksum:TRUE",
    ] {
        command.args(["-o", preference]);
    }
    written(command, row)
}

/// tshark's rows of SIP stand in the order of a hash table; all others are in order.
fn in_order(name: &str, text: &str) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    if name.starts_with("sip,stat") {
        for rows in lines.split_mut(|line| line.is_empty() || line.starts_with('*')) {
            rows.sort_unstable();
        }
    }
    lines.join("\n")
}

fn updates() -> bool {
    std::env::var_os("SCTPDUMP_UPDATE").is_some()
}

#[test]
fn statistics_are_written_as_tshark_writes_them() {
    let rows = list();
    for name in
        ["conv,", "endpoints,", "io,phs", "io,stat,", "sip,stat", "expert", "rtp,streams", "sctp,stat"]
    {
        let same = rows.iter().filter(|row| row.name.starts_with(name) && row.here.is_none());
        assert!(same.filter(|row| row.theirs.lines().count() > 4).count() > 0, "{name} is not compared");
    }
    if updates() {
        return;
    }
    let differences = std::fs::read_to_string(root().join("docs/differences.md")).unwrap();
    for row in &rows {
        let expected = row.here.as_ref().unwrap_or(&row.theirs);
        let answer = here(row);
        let is_same = in_order(&row.name, &answer) == in_order(&row.name, expected);
        assert!(is_same, "-z '{}' of {}:\n{answer}\nnot\n{expected}", row.name, row.capture);
        if let Some(here) = &row.here {
            assert_ne!(here, &row.theirs, "{} of {} does not differ", row.name, row.capture);
            let told = format!("`{}` of {}", row.name, row.capture);
            assert!(differences.contains(&told), "docs/differences.md says nothing of {told}");
        }
    }
    let differing = rows.iter().filter(|row| row.here.is_some()).count();
    assert!(differing * 5 <= rows.len(), "{differing} of {} statistics differ", rows.len());
}

#[test]
fn tshark_still_writes_what_the_list_says() {
    let version = Command::new("tshark").arg("--version").output();
    if !version.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains("4.0.")) {
        println!("skipped: there is no tshark 4.0");
        return;
    }
    let all = updates() || std::env::var("SCTPDUMP_TSHARK").is_ok_and(|value| value == "all");
    let mut rows = list();
    for row in rows.iter_mut().step_by(if all { 1 } else { 25 }) {
        let theirs = tshark(row);
        if updates() {
            let here = here(row);
            let is_same = in_order(&row.name, &here) == in_order(&row.name, &theirs);
            row.here = (!is_same).then_some(here);
            row.theirs = theirs;
        } else {
            assert!(
                in_order(&row.name, &theirs) == in_order(&row.name, &row.theirs),
                "{} of {}:\n{theirs}",
                row.name,
                row.capture
            );
        }
    }
    if updates() {
        std::fs::write(path(), text(&rows)).unwrap();
    }
}

#[test]
fn the_list_is_read_as_it_is_written() {
    let file = std::fs::read_to_string(path()).unwrap();
    assert_eq!(text(&rows(&file)), file);
}
