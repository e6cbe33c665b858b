//! Instructions by callgrind: what a packet costs, compared with the committed figures; and what attacks cost, compared with
//! attacks of half the size.

use hostile::attacks::{ATTACKS, Attack};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What is asked for.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Write the figures instead of comparing with them
    #[arg(long)]
    update: bool,
    /// Count attacks (hostile/src/attacks.rs) at one size and at twice that, which takes long; only those whose name holds this
    #[arg(long, value_name = "NAME", num_args = 0..=1, default_missing_value = "")]
    attacks: Option<String>,
    /// Measure this program; without it one is built
    #[arg(long, value_name = "PROGRAM")]
    ours: Option<PathBuf>,
    /// Run one attack of this size: what is counted
    #[arg(long, hide = true, num_args = 2)]
    attack: Vec<String>,
}

/// How much more than the committed figure is a failure, in per cent.
const MOST: f64 = 5.0;

/// How much more than twice as much an attack of twice the size may cost, as a factor of the first.
const STEEPEST: f64 = 2.6;

/// Name, capture, what is asked for. A packet's figure is that of the whole capture less that of its first packets, by their
/// number.
const CASES: &[(&str, &str, &[&str])] = &[
    ("summary, sctp", "sctp/many_assocs.pcap", &[]),
    ("tree as text, sctp", "sctp/many_assocs.pcap", &["-V"]),
    ("json, sctp", "sctp/many_assocs.pcap", &["-T", "ndjson"]),
    ("pdml, sctp", "sctp/many_assocs.pcap", &["-T", "pdml"]),
    (
        "fields, sctp",
        "sctp/many_assocs.pcap",
        &["-T", "fields", "-e", "frame.number", "-e", "ip.src", "-e", "sctp.chunk_type"],
    ),
    ("filter, sctp", "sctp/many_assocs.pcap", &["-Y", "sctp.chunk_type == 1"]),
    ("whole trees, sctp", "sctp/many_assocs.pcap", &["-q", "-z", "expert"]),
    ("learning, sctp", "sctp/many_assocs.pcap", &["-q", "-z", "sctp,stat"]),
    ("summary, bundles", "sctp/streams.pcap", &[]),
    ("json, bundles", "sctp/streams.pcap", &["-T", "ndjson"]),
    ("summary, sip", "sip/reinvite.pcap", &[]),
    ("tree as text, sip", "sip/reinvite.pcap", &["-V"]),
    ("json, sip", "sip/reinvite.pcap", &["-T", "ndjson"]),
    ("learning, sip", "sip/reinvite.pcap", &["-q", "-z", "sip,stat"]),
    ("summary, tcp", "sip/tcp.pcap", &[]),
    ("tree as text, tcp", "sip/tcp.pcap", &["-V"]),
];

/// The name of the figure of an empty capture.
const START: &str = "start-up";

/// The goals of the issue on the bench capture: name, what is asked for, instructions a packet.
const GOALS: &[(&str, &[&str], f64)] =
    &[("summary", &[], 6_000.0), ("tree as text", &["-V"], 20_000.0), ("json", &["-T", "ndjson"], 30_000.0)];

/// What start-up may take.
const START_GOAL: f64 = 3_000_000.0;

/// Compares, updates or counts attacks.
pub(crate) fn run(args: &Args) -> Result<(), String> {
    if let [name, size] = &args.attack[..] {
        return attack(name, size.parse().map_err(|_| "a size is a number".to_owned())?);
    }
    if Command::new("valgrind").arg("--version").output().is_err() {
        println!("instructions: skipped, there is no valgrind");
        return Ok(());
    }
    if let Some(name) = &args.attacks {
        return attacks(name);
    }
    let ours = super::compare::ours(args.ours.as_deref())?;
    let (figures, compiler) = (measure(&ours)?, compiler());
    let path = super::root().join("docs/instructions.txt");
    if args.update {
        let mut text = format!(
            "# Instructions by callgrind: of a packet, and of an empty capture. Written by cargo xtask instructions --update.\n{compiler}\n"
        );
        for (name, figure) in &figures {
            let _ = writeln!(text, "{figure:12.0}  {name}");
        }
        std::fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
        return goals(&ours, &figures);
    }
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let same = text.lines().any(|line| line == compiler);
    let known: BTreeMap<&str, f64> = text
        .lines()
        .filter_map(|line| {
            let (figure, name) = line.trim().split_once("  ")?;
            Some((name, figure.parse().ok()?))
        })
        .collect();
    let mut worse = Vec::new();
    for (name, figure) in &figures {
        let before = known.get(name.as_str()).copied().unwrap_or(0.0);
        let change = (figure / before - 1.0) * 100.0;
        println!("{name:24} {figure:12.0}  {change:+6.1} %");
        if !change.is_finite() || change > MOST {
            worse.push(format!("{name} ({change:+.1} %)"));
        }
    }
    goals(&ours, &figures)?;
    if worse.is_empty() {
        return Ok(());
    }
    let sentence = format!(
        "more than {MOST} % above docs/instructions.txt: {}; where that is right, cargo xtask instructions --update",
        worse.join(", ")
    );
    if same {
        return Err(sentence);
    }
    println!("instructions: {sentence} (told only, as the figures are another compiler's)");
    Ok(())
}

/// The compiler that the figures are of.
fn compiler() -> String {
    let text = super::told(Command::new("rustc").arg("--version")).unwrap_or_default();
    format!("# {}", text.split('(').next().unwrap_or_default().trim())
}

/// The figures, by their names.
fn measure(program: &Path) -> Result<Vec<(String, f64)>, String> {
    let testdata = super::root().join("testdata");
    let start = ours(program, &[], &testdata.join("formats/empty.pcap"))?;
    let mut figures = vec![(START.to_owned(), start as f64)];
    for (name, capture, words) in CASES {
        figures.push(((*name).to_owned(), of_a_packet(program, words, &testdata.join(capture))?));
    }
    Ok(figures)
}

/// What ours takes for a capture.
fn ours(program: &Path, words: &[&str], capture: &Path) -> Result<u64, String> {
    count(program, &[words, &["-r", capture.to_str().unwrap_or_default()]].concat())
}

/// What each packet behind the first tenth of a capture takes.
fn of_a_packet(program: &Path, words: &[&str], capture: &Path) -> Result<f64, String> {
    let packets = packets(capture)?.min(4000);
    let few = packets / 10;
    let [some, all] = [few, packets].map(|count| count.to_string());
    let [some, all] = [some, all].map(|count| ours(program, &[words, &["-c", &count]].concat(), capture));
    Ok((all? as f64 - some? as f64) / (packets - few) as f64)
}

fn packets(capture: &Path) -> Result<u64, String> {
    let wrong = |error: String| format!("{}: {error}", capture.display());
    let file = std::fs::File::open(capture).map_err(|error| wrong(error.to_string()))?;
    let mut reader = dissect::capture::Reader::new(file).map_err(|error| wrong(error.to_string()))?;
    while reader.packets() < 4000 && reader.next().is_some() {}
    Ok(reader.packets())
}

/// The issue's goals, on the capture that they are set for, where it is there.
fn goals(program: &Path, figures: &[(String, f64)]) -> Result<(), String> {
    let start = figures.iter().find(|(name, _)| name == START).map_or(0.0, |(_, figure)| *figure);
    let mut short = Vec::new();
    let mut told = |name: &str, figure: f64, goal: f64| {
        println!("{name:24} {figure:12.0}  goal {goal}");
        if figure > goal {
            short.push(name.to_owned());
        }
    };
    told(START, start, START_GOAL);
    let capture = super::root().join("bench-captures/sctp.pcapng");
    if capture.is_file() {
        for (name, words, goal) in GOALS {
            told(name, of_a_packet(program, words, &capture)?, *goal);
        }
    } else {
        println!("instructions: the goals of packets are skipped, there is no {}", capture.display());
    }
    if short.is_empty() { Ok(()) } else { Err(format!("short of the goal: {}", short.join(", "))) }
}

/// How many instructions a command takes, by callgrind.
fn count(program: &Path, words: &[&str]) -> Result<u64, String> {
    let mut command = Command::new("valgrind");
    command.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).arg(program).args(words);
    command.env_clear().env("TZ", "UTC").env("PATH", std::env::var_os("PATH").unwrap_or_default());
    let output = command.output().map_err(|error| format!("valgrind: {error}"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    let line = said.lines().find_map(|line| line.split_once("Collected : "));
    line.and_then(|(_, number)| number.trim().parse().ok())
        .ok_or_else(|| format!("valgrind {} {words:?}: {said}", program.display()))
}

/// An attack through one pass, as the command goes through a capture.
fn attack(name: &str, size: usize) -> Result<(), String> {
    let attack = ATTACKS.iter().find(|one| one.name == name).ok_or_else(|| format!("no attack {name}"))?;
    let (mut memory, mut tree) = (hostile::DISSECTOR.memory(), dissect::Tree::new());
    let mut take = |packet: &dissect::Packet<'_>| {
        if packet.number.is_multiple_of(64) {
            memory.forget(packet.number);
        }
        hostile::DISSECTOR.dissect(&mut memory, packet, &mut tree);
    };
    (attack.make)(size, &mut take);
    Ok(())
}

/// Counts attacks at one size and at twice that: what grows faster than its input fails.
fn attacks(name: &str) -> Result<(), String> {
    let own: PathBuf = std::env::current_exe().map_err(|error| error.to_string())?;
    let mut steep = Vec::new();
    for Attack { name, size, .. } in ATTACKS.iter().filter(|attack| attack.name.contains(name)) {
        let steps = |size: usize| count(&own, &["instructions", "--attack", name, &size.to_string()]);
        let (none, one, two) = (steps(0)?, steps(*size)?, steps(size * 2)?);
        let (one, two) = (one.saturating_sub(none), two.saturating_sub(none));
        let factor = two as f64 / one.max(1) as f64;
        println!("{name:28} {size:7}: {one:13} instructions, {factor:.2} times as many for twice the size");
        if factor > STEEPEST {
            steep.push(*name);
        }
    }
    if steep.is_empty() { Ok(()) } else { Err(format!("more than linear: {}", steep.join(", "))) }
}
