//! What hostile input is tried on: the bodies of the fuzz targets in `fuzz/`, their seeds from `testdata/`, and a
//! [mutator](mutate) that runs them without a nightly compiler (`cargo xtask fuzz`).
//!
//! A target takes any bytes. It panics where something is wrong, and only there.

pub mod attacks;
mod bpf;
mod capture;
mod dump;
mod filter;
mod frame;
pub mod mutate;
pub mod press;
pub mod script;
pub mod seeds;
mod session;
mod sip;

use dissect::Dissector;
use std::path::Path;
use std::sync::LazyLock;

/// Something that takes any bytes.
#[derive(Debug)]
pub struct Target {
    /// Its name, the file's in `fuzz/fuzz_targets/`.
    pub name: &'static str,
    /// What it tries, in a line.
    pub about: &'static str,
    /// Tries it.
    pub run: fn(&[u8]),
    /// Inputs to begin with, made of the captures in a folder.
    pub seeds: fn(&Path) -> Vec<Vec<u8>>,
    /// The longest input worth trying, in bytes.
    pub longest: usize,
}

/// All targets.
pub static TARGETS: &[Target] = &[
    Target {
        name: "capture",
        about: "a capture file of each format and compression, read, written and read again",
        run: capture::run,
        seeds: seeds::captures,
        longest: 16_384,
    },
    Target {
        name: "frame",
        about: "a frame of each link type, alone, through every output; its lengths and checksums made right, then broken",
        run: frame::run,
        seeds: seeds::frames,
        longest: 4096,
    },
    Target {
        name: "protocol",
        about: "each protocol alone, learning and without memory",
        run: frame::protocol,
        seeds: seeds::protocols,
        longest: 4096,
    },
    Target {
        name: "session",
        about: "a whole capture through learning and dissecting, one pass against two, every output, report and statistic",
        run: session::run,
        seeds: seeds::sessions,
        longest: 8192,
    },
    Target {
        name: "filter",
        about: "any text as a display filter, on any packet",
        run: filter::run,
        seeds: seeds::filters,
        longest: 2048,
    },
    Target {
        name: "bpf",
        about: "any text as a capture filter, on any packet of any link type",
        run: bpf::run,
        seeds: seeds::expressions,
        longest: 2048,
    },
    Target {
        name: "sip",
        about: "SIP messages in UDP, and in TCP cut anywhere",
        run: sip::run,
        seeds: seeds::messages,
        longest: 8192,
    },
    Target {
        name: "hexdump",
        about: "any text as a hex dump",
        run: dump::run,
        seeds: seeds::dumps,
        longest: 8192,
    },
];

/// The target of this name.
pub fn target(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.name == name)
}

/// The dissector that targets share.
pub static DISSECTOR: LazyLock<Dissector> = LazyLock::new(Dissector::default);
