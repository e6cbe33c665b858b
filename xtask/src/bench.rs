//! Ours beside tshark and tcpdump on the same captures, as ratios of CPU time; beside the plain walk of the file; and how soon the
//! first line of a pipe comes.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What is asked for.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Captures; those in bench-captures/ when there is none
    captures: Vec<PathBuf>,
    /// How often each program runs: the median counts
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..))]
    runs: u8,
    /// Only so many packets of each capture
    #[arg(short, long)]
    count: Option<u64>,
    /// Measure this program; without it one is built
    #[arg(long, value_name = "PROGRAM")]
    ours: Option<PathBuf>,
}

/// What is compared: its name, ours, tshark's, tcpdump's words.
type Case =
    (&'static str, &'static [&'static str], Option<&'static [&'static str]>, Option<&'static [&'static str]>);

const CASES: &[Case] = &[
    ("plain walk", &["-q"], None, None),
    ("summary", &[], Some(&["-n"]), Some(&["-nn"])),
    ("tree as text", &["-V"], Some(&["-n", "-V"]), None),
    ("json", &["-T", "json"], Some(&["-n", "-T", "json"]), None),
    ("pdml", &["-T", "pdml"], Some(&["-n", "-T", "pdml"]), None),
    (
        "fields",
        &["-T", "fields", "-e", "frame.number", "-e", "ip.src", "-e", "ip.dst"],
        Some(&["-n", "-T", "fields", "-e", "frame.number", "-e", "ip.src", "-e", "ip.dst"]),
        None,
    ),
    ("filter", &["-Y", "ip.ttl == 1"], Some(&["-n", "-Y", "ip.ttl == 1"]), None),
    ("two passes", &["-2"], Some(&["-n", "-2"]), None),
    ("conversations", &["-q", "-z", "conv,ip"], Some(&["-n", "-q", "-z", "conv,ip"]), None),
];

/// Compares, and prints a table for docs/benchmarks.md.
pub(crate) fn run(args: &Args) -> Result<(), String> {
    let ours = super::compare::ours(args.ours.as_deref())?;
    first_line(&ours)?;
    let mut captures = args.captures.clone();
    if captures.is_empty() {
        super::robust::files(&super::root().join("bench-captures"), &mut captures);
        captures.retain(|path| path.extension().is_some_and(|end| end == "pcap" || end == "pcapng"));
    }
    if captures.is_empty() {
        println!("bench: skipped, name captures or put some into bench-captures/");
    }
    let [tshark, tcpdump] =
        ["tshark", "tcpdump"].map(|name| Command::new(name).arg("--version").output().is_ok());
    println!("\n| capture | what | ours, CPU s | a packet | tshark's | ratio | tcpdump's | ratio |");
    println!("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |");
    for capture in &captures {
        let packets = args.count.unwrap_or(u64::MAX).min(packets(capture)?);
        let path = capture.to_string_lossy();
        let count = packets.to_string();
        let seconds = |program: &Path, words: &[&str]| {
            let words = [words, &["-c", &count, "-r", &path]].concat();
            median(args.runs, || cpu(Command::new(program).args(&words)))
        };
        for (name, own, sharks, dumps) in CASES {
            let own = seconds(&ours, own)?;
            let other = |there: bool, program: &str, words: Option<&[&str]>| match words {
                Some(words) if there => seconds(Path::new(program), words).map(Some),
                _ => Ok(None),
            };
            let (shark, dump) = (other(tshark, "tshark", *sharks)?, other(tcpdump, "tcpdump", *dumps)?);
            let cell = |them: Option<f64>| {
                let ratio = |them: f64| format!("{them:.2} | {:.1}", them / own.max(0.01));
                them.map_or(" | ".to_owned(), ratio)
            };
            println!(
                "| {} | {name} | {own:.2} | {:.0} ns | {} | {} |",
                capture.file_name().unwrap_or_default().display(),
                own * 1e9 / packets.max(1) as f64,
                cell(shark),
                cell(dump)
            );
        }
    }
    Ok(())
}

fn packets(capture: &Path) -> Result<u64, String> {
    let wrong = |error: String| format!("{}: {error}", capture.display());
    let file = std::fs::File::open(capture).map_err(|error| wrong(error.to_string()))?;
    let mut reader = dissect::capture::Reader::new(file).map_err(|error| wrong(error.to_string()))?;
    while reader.next().is_some() {}
    Ok(reader.packets())
}

fn median(runs: u8, mut run: impl FnMut() -> Result<f64, String>) -> Result<f64, String> {
    let mut times = (0..runs).map(|_| run()).collect::<Result<Vec<f64>, String>>()?;
    times.sort_by(f64::total_cmp);
    Ok(times[times.len() / 2])
}

/// The CPU time that a command takes, user's and system's.
fn cpu(command: &mut Command) -> Result<f64, String> {
    let before = children()?;
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    match status {
        Ok(status) if status.success() => Ok(children()? - before),
        Ok(status) => Err(format!("{command:?} ended with {status}")),
        Err(error) => Err(format!("{command:?}: {error}")),
    }
}

/// The CPU time of all children that have ended, as Linux tells it in hundredths of a second.
fn children() -> Result<f64, String> {
    let text = std::fs::read_to_string("/proc/self/stat")
        .map_err(|error| format!("CPU time is read on Linux only: {error}"))?;
    let fields: Vec<&str> = text.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    // User's and system's time of waited-for children, counted from the state behind the name.
    let ticks = |at: usize| fields.get(at).and_then(|field| field.parse::<f64>().ok()).unwrap_or(0.0);
    Ok((ticks(13) + ticks(14)) / 100.0)
}

/// What the first line on a pipe may take.
const FIRST_LINE_GOAL: Duration = Duration::from_millis(3);

/// How soon a line comes behind its packet: the first of a program that has just begun, and those after it.
fn first_line(ours: &Path) -> Result<(), String> {
    const ROUNDS: usize = 41;
    let header = [0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 228, 0, 0, 0];
    let bytes = [
        0x45, 0, 0, 32, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, 0x1e, 0x61, 0x1e, 0x61, 0, 12, 0,
        0, 1, 2, 3, 4,
    ];
    let record = [&[0; 8][..], &[32, 0, 0, 0, 32, 0, 0, 0], &bytes].concat();
    let (mut begun, mut running) = (Vec::new(), Vec::new());
    let failed = |error: std::io::Error| format!("{}: {error}", ours.display());
    for _ in 0..ROUNDS {
        let start = Instant::now();
        let mut child = Command::new(ours)
            .arg("-")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(failed)?;
        let (Some(mut into), Some(out)) = (child.stdin.take(), child.stdout.take()) else { continue };
        let (mut lines, mut line) = (BufReader::new(out), String::new());
        into.write_all(&[&header[..], &record].concat()).map_err(failed)?;
        lines.read_line(&mut line).map_err(failed)?;
        begun.push(start.elapsed());
        for _ in 0..5 {
            let start = Instant::now();
            into.write_all(&record).map_err(failed)?;
            lines.read_line(&mut line).map_err(failed)?;
            running.push(start.elapsed());
        }
        drop(into);
        child.wait().map_err(failed)?;
    }
    for (name, mut times) in
        [("the first line of a new process", begun), ("a line of a running one", running)]
    {
        times.sort();
        let of = |part: usize| times[(times.len() - 1) * part / 100];
        println!(
            "{name} on a pipe: least {:?}, median {:?}, nine in ten {:?} (goal {FIRST_LINE_GOAL:?}, on a machine at rest)",
            of(0),
            of(50),
            of(90)
        );
    }
    Ok(())
}
