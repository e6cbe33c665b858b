//! Captures that are written, and who else reads them.

use crate::{printed, refused, sctpdump, testdata};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What is written reads back the same: packets, times to the nanosecond, interfaces, comments.
#[test]
fn written_captures_read_back_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("written");
    let path = path.to_str().unwrap();
    for file in [
        "formats/comments.pcapng",
        "formats/two_sections.pcapng",
        "formats/extra_blocks.pcapng",
        "made/packet_flags.pcapng",
        "sctp/asconf.pcapng",
    ] {
        assert_eq!(printed(&["-w", path, file]), "");
        assert_eq!(printed(&["-V", path]), printed(&["-V", file]), "{file}");
        // Names, secrets and statistics go along.
        assert_eq!(kinds(path), kinds(testdata(file).to_str().unwrap()), "{file}");
    }
    for file in ["sctp/classic_nano.pcap", "sip/tcp.pcap", "formats/bigendian.pcap"] {
        printed(&["-w", path, "-F", "pcap", file]);
        assert_eq!(printed(&["-V", path]), printed(&["-V", file]), "{file}");
    }
    // Those that a filter picks, also one that needs what later packets bring; printed too with -P.
    let line = printed(&["-2", "-P", "-w", path, "sctp/classic_eth.pcap", "sctp.acked"]);
    let count = |text: &str| text.lines().count();
    assert_eq!(count(&line), count(&printed(&["-2", "sctp/classic_eth.pcap", "sctp.acked"])));
    assert_eq!(count(&printed(&[path])), count(&line));
}

/// What another program says of a capture, but for the file itself.
fn told(program: &str, words: &[&str], file: &Path) -> Option<String> {
    let file_option: &[&str] = if program == "tshark" { &["-n", "-r"] } else { &[] };
    let output =
        Command::new(program).env("TZ", "UTC").args(words).args(file_option).arg(file).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    Some(text.lines().filter(|line| !line.starts_with("File name")).collect::<Vec<_>>().join("\n"))
}

/// Packets, times, interfaces and comments as tshark and capinfos read them, of captures in testdata/ and of those under the
/// folder that `SCTPDUMP_CORPUS` names.
#[test]
fn other_programs_read_written_captures_as_they_read_the_first() {
    let packets: Vec<&str> = "-T fields -e frame.number -e frame.time_epoch -e frame.len -e frame.cap_len -e frame.encap_type \
        -e frame.interface_id -e frame.interface_name -e frame.comment -e frame.packet_flags -e frame.drop_count -e frame.protocols"
        .split_whitespace()
        .collect();
    let about = ["-M", "-E", "-c", "-u", "-a", "-e", "-I", "-n", "-D", "-k"];
    if Command::new("tshark").arg("-v").output().is_err()
        || Command::new("capinfos").arg("-v").output().is_err()
    {
        println!("skipped: there is no tshark or no capinfos");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let written = folder.path().join("written");
    let mut files = Vec::new();
    for name in ["formats", "book"] {
        files.extend(captures(&testdata(name)));
    }
    let own = files.len();
    files.extend(
        std::env::var_os("SCTPDUMP_CORPUS").map(|folder| captures(Path::new(&folder))).unwrap_or_default(),
    );
    let mut compared = 0;
    for (at, file) in files.iter().enumerate() {
        let path = file.to_str().unwrap();
        // Of files without interfaces pcapng would make one.
        let is_pcapng = std::fs::read(file).unwrap().starts_with(b"\n\r\r\n");
        let format = if is_pcapng { "pcapng" } else { "pcap" };
        let status = sctpdump(&["-F", format, "-w", written.to_str().unwrap(), path]).status;
        // What is damaged is not written as it was.
        if !status.success() {
            assert!(at >= own || path.contains("cut_in"), "{path}");
            continue;
        }
        compared += 1;
        assert_eq!(told("tshark", &packets, &written), told("tshark", &packets, file), "{path}");
        assert_eq!(told("capinfos", &about, &written), told("capinfos", &about, file), "{path}");
        let read = |path: &str| {
            sctpdump(&["-T", "fields", "-e", "frame.time_epoch", "-e", "frame", "-e", "data", path])
        };
        assert_eq!(read(written.to_str().unwrap()).stdout, read(path).stdout, "{path}");
    }
    println!("{compared} of {} captures were written and compared", files.len());
    assert!(compared > 15);
}

/// The captures under a folder.
fn captures(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or("");
        if path.is_dir() {
            found.extend(captures(&path));
        } else if ["pcap", "pcapng", "cap"].contains(&ending) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The types of the blocks of a pcapng file.
fn kinds(path: &str) -> Vec<&'static str> {
    use dissect::capture::{Block, Reader};
    let mut reader = Reader::new(std::fs::File::open(path).unwrap()).unwrap();
    let mut kinds = Vec::new();
    while let Some(block) = reader.next_block() {
        kinds.push(match block.unwrap() {
            Block::Packet(_) => "packet",
            Block::Section(_) => "section",
            Block::Interface(_) => "interface",
            Block::Other(_) => "other",
        });
    }
    kinds
}

#[test]
fn captures_go_through_pipes_and_not_over_themselves() {
    let output = sctpdump(&[
        "-w",
        "-",
        "sctp/classic_eth.pcap",
        "sctp.chunk_type == ABORT || sctp.chunk_type == INIT",
    ]);
    assert_eq!(output.stdout.get(..4), Some(&[0x0a, 0x0d, 0x0d, 0x0a][..]));
    let mut reader = dissect::capture::Reader::new(&output.stdout[..]).unwrap();
    assert_eq!(std::iter::from_fn(|| reader.next().map(|_| ())).count(), 1);
    assert!(refused(&["-w", "sctp/classic_eth.pcap", "sctp/classic_eth.pcap"]).contains("name another file"));
    assert!(refused(&["-w", "-", "-P", "sctp/classic_eth.pcap"]).contains("standard output"));
    assert!(refused(&["-F", "pcap", "sctp/classic_eth.pcap"]).contains("-w"));
    let missing = sctpdump(&["-w", "-", "no/such/file"]);
    assert_eq!(missing.status.code(), Some(2));
}
