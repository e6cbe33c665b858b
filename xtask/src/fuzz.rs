//! Hostile input: the targets of `hostile`, by cargo-fuzz where that is installed, else by a mutator on stable Rust.

use hostile::mutate::{Random, mutate};
use hostile::{TARGETS, Target};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// What is asked for.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The targets; all when there is none
    targets: Vec<String>,
    /// How long each runs, in seconds; with 0 only the seeds
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Use the mutator on stable Rust, whatever is installed
    #[arg(long)]
    stable: bool,
    /// Where the mutator begins: another number is another run
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Run the target on these files alone: inputs that were found
    #[arg(long, value_name = "FILE")]
    input: Vec<PathBuf>,
}

/// Runs the targets.
pub(crate) fn run(args: &Args) -> Result<(), String> {
    let chosen: Vec<&Target> = if args.targets.is_empty() {
        TARGETS.iter().collect()
    } else {
        let find = |name: &String| {
            let names: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
            hostile::target(name).ok_or_else(|| format!("no target {name}; there are {}", names.join(", ")))
        };
        args.targets.iter().map(find).collect::<Result<_, _>>()?
    };
    if !args.input.is_empty() {
        for path in &args.input {
            let bytes = std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
            for target in &chosen {
                (target.run)(&bytes);
            }
        }
        return Ok(());
    }
    let coverage = !args.stable && has_cargo_fuzz();
    if !coverage {
        println!("fuzz: the mutator on stable Rust; cargo-fuzz and a nightly compiler find more");
    }
    let testdata = super::root().join("testdata");
    for target in chosen {
        let seeds = (target.seeds)(&testdata);
        if coverage {
            by_coverage(target, &seeds, args.seconds)?;
        } else {
            blindly(target, &seeds, args);
        }
    }
    Ok(())
}

/// Whether cargo-fuzz and a nightly compiler are there.
fn has_cargo_fuzz() -> bool {
    let runs =
        |words: &[&str]| Command::new("cargo").args(words).output().is_ok_and(|out| out.status.success());
    runs(&["+nightly", "--version"]) && runs(&["fuzz", "--version"])
}

/// The input that is tried, for the file that it is left in when there is a panic.
static TRYING: Mutex<Vec<u8>> = Mutex::new(Vec::new());

/// All seeds, then changes of them until the time is over. A panic is the only failure: its input stands in a file then.
fn blindly(target: &Target, seeds: &[Vec<u8>], args: &Args) {
    let last = super::root().join("target").join(format!("fuzz-{}.input", target.name));
    let (mut random, start, mut count) = (Random::new(args.seed), Instant::now(), 0_u64);
    let attempt = |bytes: &[u8]| {
        if let Ok(mut trying) = TRYING.lock() {
            trying.clear();
            trying.extend_from_slice(bytes);
        }
        (target.run)(bytes);
    };
    let (name, told) = (target.name, std::panic::take_hook());
    std::panic::set_hook(Box::new(move |panic| {
        told(panic);
        let _ = TRYING.lock().map(|bytes| std::fs::write(&last, &bytes[..]));
        eprintln!("fuzz: cargo xtask fuzz {name} --input {}", last.display());
    }));
    for seed in seeds {
        attempt(seed);
    }
    let limit = Duration::from_secs(args.seconds);
    while start.elapsed() < limit {
        attempt(&mutate(&mut random, seeds, target.longest));
        count += 1;
    }
    println!("{:9} {} seeds, {count} changes in {} s: nothing found", target.name, seeds.len(), args.seconds);
}

/// cargo-fuzz for so long, with the seeds beside what it found before.
fn by_coverage(target: &Target, seeds: &[Vec<u8>], seconds: u64) -> Result<(), String> {
    let folder = super::root().join("fuzz");
    let [corpus, seeded] = ["corpus", "seeds"].map(|name| folder.join(name).join(target.name));
    fill(&corpus, &[])?;
    fill(&seeded, seeds)?;
    // No address sanitizer: the library has no unsafe code, and what is found are panics, memory and time.
    let mut command = Command::new("cargo");
    command.current_dir(super::root()).args(["+nightly", "fuzz", "run", "--sanitizer", "none", target.name]);
    command.args([&corpus, &seeded]).arg("--");
    command.args([
        format!("-max_total_time={seconds}"),
        format!("-max_len={}", target.longest),
        "-timeout=10".to_owned(),
        "-rss_limit_mb=1024".to_owned(),
        "-print_final_stats=1".to_owned(),
    ]);
    if seconds == 0 {
        command.arg("-runs=0");
    }
    let status = command.status().map_err(|error| format!("cargo fuzz: {error}"))?;
    if status.success() {
        return Ok(());
    }
    Err(format!("fuzz {}: something was found, see fuzz/artifacts/{}", target.name, target.name))
}

/// A folder with these files in it.
fn fill(folder: &Path, seeds: &[Vec<u8>]) -> Result<(), String> {
    let wrong = |error: std::io::Error| format!("{}: {error}", folder.display());
    std::fs::create_dir_all(folder).map_err(wrong)?;
    for (at, seed) in seeds.iter().enumerate() {
        std::fs::write(folder.join(format!("seed-{at}")), seed).map_err(wrong)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_has_seeds_that_it_takes() {
        for target in TARGETS {
            let seeds = (target.seeds)(&super::super::root().join("testdata"));
            assert!(seeds.len() > 30, "{} has {} seeds", target.name, seeds.len());
            for seed in seeds.iter().step_by(9) {
                (target.run)(seed);
            }
        }
    }

    #[test]
    fn every_target_has_a_file_for_cargo_fuzz() {
        let folder = super::super::root().join("fuzz");
        let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap();
        for target in TARGETS {
            assert!(folder.join(format!("fuzz_targets/{}.rs", target.name)).is_file());
            assert!(manifest.contains(&format!("name = \"{}\"", target.name)));
        }
    }
}
