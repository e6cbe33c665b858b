//! A list of filters over the test captures: what tshark 4.0 picks, and what is picked here.
//!
//! `list.txt` has a capture behind `#`, then filters, and under each filter tshark's answer, indented: numbers of packets,
//! `none`, or `error`. Where the answer here is another, `here` stands before it, and docs/differences.md has a row for it.
//! Where tshark 4.0 is installed, a part of its answers is asked for again, all of them with `SCTPDUMP_TSHARK=all`, and
//! `SCTPDUMP_UPDATE=1` writes them and the answers here into the list.

use crate::root;
use dissect::capture::Reader;
use dissect::filter::Work;
use dissect::{Dissection, Dissector, Filter, See, Tree};
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A filter over a capture, and which packets it picks.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) capture: String,
    pub(crate) text: String,
    /// What the other program answers.
    pub(crate) theirs: String,
    /// The answer here, where that is another.
    pub(crate) here: Option<String>,
}

fn path() -> std::path::PathBuf {
    root().join("dissect/tests/filter/list.txt")
}

/// The rows of a list.
pub(crate) fn rows(path: &Path) -> Vec<Row> {
    let (mut rows, mut capture) = (Vec::<Row>::new(), String::new());
    for line in std::fs::read_to_string(path).unwrap().lines() {
        if let Some(name) = line.strip_prefix("# ") {
            name.clone_into(&mut capture);
        } else if let Some(here) = line.strip_prefix("\there ") {
            rows.last_mut().unwrap().here = Some(here.to_owned());
        } else if let Some(answer) = line.strip_prefix('\t') {
            answer.clone_into(&mut rows.last_mut().unwrap().theirs);
        } else if !line.is_empty() {
            let (capture, text) = (capture.clone(), line.to_owned());
            rows.push(Row { capture, text, theirs: String::new(), here: None });
        }
    }
    rows
}

fn list() -> Vec<Row> {
    rows(&path())
}

/// Numbers as ranges: `1 3-5`.
pub(crate) fn ranges(numbers: &[u64]) -> String {
    let mut text = String::new();
    let mut at = 0;
    while let Some(&first) = numbers.get(at) {
        let mut last = first;
        while numbers.get(at + 1) == Some(&(last + 1)) {
            (last, at) = (last + 1, at + 1);
        }
        at += 1;
        let blank = if text.is_empty() { "" } else { " " };
        let _ = if first == last {
            write!(text, "{blank}{first}")
        } else {
            write!(text, "{blank}{first}-{last}")
        };
    }
    if text.is_empty() { "none".to_owned() } else { text }
}

/// What the filters pick in a capture, by the whole tree and by a part of it: both must agree.
fn picked(capture: &str, filters: &[&str]) -> Vec<String> {
    let dissector = Dissector::default();
    let compiled: Vec<_> = filters.iter().map(|text| Filter::compile(&dissector, text)).collect();
    let mut numbers = vec![Vec::new(); filters.len()];
    let (mut memory, mut tree, mut work) = (dissector.memory(), Tree::new(), Work::new());
    let bytes = std::fs::read(root().join("testdata").join(capture)).unwrap();
    let mut reader = Reader::new(&bytes[..]).unwrap();
    while let Some(packet) = reader.next() {
        let packet = packet.unwrap();
        dissector.learn(&mut memory, &packet);
        let see = See::with(&memory, packet.number);
        dissector.dissect(&see, &packet, &mut tree);
        for (at, filter) in compiled.iter().enumerate() {
            let Ok(filter) = filter else { continue };
            let passes = filter.matches(Dissection { tree: &tree, packet: &packet });
            if passes {
                numbers[at].push(packet.number);
            }
            // The part of the tree is compared for some packets: it costs a walk for each filter.
            if packet.number <= 100 {
                let by_part = filter.accepts(&dissector, &see, &packet, &mut work);
                assert_eq!(by_part, passes, "{} in packet {} of {capture}", filters[at], packet.number);
            }
        }
    }
    let answer = |at: usize| if compiled[at].is_ok() { ranges(&numbers[at]) } else { "error".to_owned() };
    (0..filters.len()).map(answer).collect()
}

/// The answers here, in the order of the rows.
fn answers(rows: &[Row]) -> Vec<String> {
    let groups = rows.chunk_by(|a, b| a.capture == b.capture);
    groups
        .flat_map(|group| {
            let filters: Vec<&str> = group.iter().map(|row| row.text.as_str()).collect();
            picked(&group[0].capture, &filters)
        })
        .collect()
}

#[test]
fn filters_pick_what_tshark_picks() {
    let rows = list();
    let differing = rows.iter().filter(|row| row.here.is_some()).count();
    assert!(rows.len() >= 400, "the list has {} filters", rows.len());
    assert!(differing * 100 <= rows.len(), "{differing} of {} filters differ", rows.len());
    if std::env::var_os("SCTPDUMP_UPDATE").is_some() {
        return;
    }
    let differences = std::fs::read_to_string(root().join("docs/differences.md")).unwrap();
    for (row, answer) in rows.iter().zip(answers(&rows)) {
        let expected = row.here.as_ref().unwrap_or(&row.theirs);
        assert_eq!(&answer, expected, "{} in {}", row.text, row.capture);
        if row.here.is_some() {
            assert_ne!(row.here.as_ref(), Some(&row.theirs), "{} does not differ", row.text);
            let shown = row.text.replace('|', "\\|");
            assert!(
                differences.contains(&format!("`{shown}`")),
                "docs/differences.md has no row for {}",
                row.text
            );
        }
    }
}

/// The list has every operator, every type of value, every literal and many errors.
#[test]
fn the_list_has_every_part_of_the_language() {
    let rows = list();
    let has = |part: &str| rows.iter().filter(|row| row.theirs != "error" && row.text.contains(part)).count();
    for part in [
        "==",
        "!=",
        "===",
        "~=",
        "!==",
        " eq ",
        " ne ",
        " gt ",
        " ge ",
        " lt ",
        " le ",
        " all_ne ",
        " any_eq ",
        "contains",
        "matches",
        " ~ ",
        " in {",
        "not in",
        "..",
        "any ",
        "all ",
        "[0:2]",
        "[-1]",
        "[0-1]",
        "[0,1]",
        "[:2]",
        "[2:]",
        "#1",
        "#[1-2]",
        " & ",
        "bitwise_and",
        " + ",
        " - ",
        " * ",
        " / ",
        " % ",
        "{",
        "len(",
        "count(",
        "upper(",
        "lower(",
        "string(",
        "max(",
        "min(",
        "abs(",
        "&&",
        "||",
        " and ",
        " or ",
        "not ",
        "!",
        "0x",
        "\"",
        "r\"",
        "'",
        "\\x",
        "/8",
        "::",
        "frame.time ",
        "frame.time_epoch",
        "ip.addr",
        "ipv6.addr",
        "eth.src",
        "sip.Method",
        "tcp.flags.syn",
    ] {
        assert!(has(part) > 0, "no filter of the list has {part}");
    }
    assert!(rows.iter().filter(|row| row.theirs == "error").count() > 200);
}

fn tshark(row: &Row) -> String {
    let mut command = Command::new("tshark");
    command.env("TZ", "UTC").args(["-n", "-T", "fields", "-e", "frame.number", "-r"]);
    let output =
        command.arg(root().join("testdata").join(&row.capture)).args(["-Y", &row.text]).output().unwrap();
    if !output.status.success() {
        return "error".to_owned();
    }
    let numbers: Vec<u64> = String::from_utf8(output.stdout)
        .unwrap()
        .split_whitespace()
        .map(|word| word.parse().unwrap())
        .collect();
    ranges(&numbers)
}

#[test]
fn tshark_still_picks_what_the_list_says() {
    let version = Command::new("tshark").arg("--version").output();
    let is_known = version.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains("4.0."));
    if !is_known {
        println!("skipped: there is no tshark 4.0");
        return;
    }
    let update = std::env::var_os("SCTPDUMP_UPDATE").is_some();
    let all = update || std::env::var("SCTPDUMP_TSHARK").is_ok_and(|value| value == "all");
    let rows: Vec<Row> = list().into_iter().step_by(if all { 1 } else { 40 }).collect();
    let next = AtomicUsize::new(0);
    let threads = std::thread::available_parallelism().map_or(2, usize::from).min(4);
    let mut asked: Vec<(usize, String)> = std::thread::scope(|scope| {
        let work = || {
            let mut done = Vec::new();
            while let Some((at, row)) =
                Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|at| Some((at, rows.get(at)?)))
            {
                done.push((at, tshark(row)));
            }
            done
        };
        let handles: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        handles.into_iter().flat_map(|handle| handle.join().unwrap()).collect()
    });
    asked.sort();
    if update {
        write(&rows, asked.into_iter().map(|(_, answer)| answer).collect());
        return;
    }
    for (row, (_, answer)) in rows.iter().zip(asked) {
        assert_eq!(answer, row.theirs, "{} in {}", row.text, row.capture);
    }
}

fn write(rows: &[Row], tshark: Vec<String>) {
    let (mut text, mut capture) = (String::new(), "");
    for ((row, tshark), here) in rows.iter().zip(tshark).zip(answers(rows)) {
        if row.capture != capture {
            let _ = writeln!(text, "{}# {}", if capture.is_empty() { "" } else { "\n" }, row.capture);
            capture = &row.capture;
        }
        let _ = writeln!(text, "{}\n\t{tshark}", row.text);
        if here != tshark {
            let _ = writeln!(text, "\there {here}");
        }
    }
    std::fs::write(path(), text).unwrap();
}
