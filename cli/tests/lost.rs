//! No packet is lost on the way: as many come out as went in, whatever the input, the output, and what interrupts it.

use dissect::capture::{Block, Reader};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

fn testdata(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata").join(name)
}

fn sctpdump(words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sctpdump"));
    command.env("TZ", "UTC").args(words).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Packets of a capture, and whether it was damaged.
fn count(file: &[u8]) -> (u64, bool) {
    let mut reader = Reader::new(file).unwrap();
    let (mut packets, mut damaged) = (0, false);
    while let Some(next) = reader.next_block() {
        match next {
            Ok(Block::Packet(_)) => packets += 1,
            Ok(_) => {}
            Err(_) => damaged = true,
        }
    }
    (packets, damaged)
}

/// A capture of so many packets, whose numbers stand in them.
fn capture(packets: u32) -> Vec<u8> {
    let mut file = vec![0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 228, 0, 0, 0];
    for number in 0..packets {
        let mut bytes = vec![
            0x45, 0, 0, 32, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, 0x1e, 0x61, 0x1e, 0x61, 0,
            12, 0, 0,
        ];
        bytes.extend(number.to_be_bytes());
        for word in [1_700_000_000, number % 1_000_000, bytes.len() as u32, bytes.len() as u32] {
            file.extend(word.to_le_bytes());
        }
        file.extend(bytes);
    }
    file
}

/// Every capture of testdata/ that reads without damage.
fn captures() -> Vec<(PathBuf, u64)> {
    fn walk(folder: &Path, into: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { walk(&path, into) } else { into.push(path) }
        }
    }
    let mut paths = vec![];
    walk(&testdata(""), &mut paths);
    paths.retain(|path| path.extension().is_some_and(|end| end == "pcap" || end == "pcapng" || end == "gz"));
    paths.sort();
    let whole = |path: PathBuf| {
        let (packets, damaged) = count(&std::fs::read(&path).unwrap());
        (!damaged).then_some((path, packets))
    };
    paths.into_iter().filter_map(whole).collect()
}

/// Ends a child that a failed test leaves.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn every_capture_is_written_whole() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let mut sum = 0;
    for (path, packets) in captures() {
        let [from, to] = [&path, &out].map(|path| path.to_str().unwrap());
        for further in [&[][..], &["-2"], &["-Y", "frame"]] {
            let done = sctpdump(&[&["-r", from, "-w", to], further].concat()).output().unwrap();
            assert!(done.status.success(), "{from}: {done:?}");
            assert_eq!(count(&std::fs::read(&out).unwrap()), (packets, false), "{from} {further:?}");
        }
        let done = sctpdump(&["-r", from, "-w", to, "-F", "pcap"]).output().unwrap();
        let written = count(&std::fs::read(&out).unwrap());
        // pcap has one link type and no times before 1970: then it says so.
        assert!(written == (packets, false) || !done.stderr.is_empty(), "{from}: {written:?} of {packets}");
        let done = sctpdump(&["-r", from, "-T", "ndjson"]).output().unwrap();
        let lines = done.stdout.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).count() as u64;
        // Custom blocks are numbered and shown like packets.
        let mut reader = Reader::new(std::fs::File::open(&path).unwrap()).unwrap();
        while reader.next().is_some() {}
        assert_eq!(lines, reader.packets(), "{from}");
        assert!(lines >= packets, "{from}");
        sum += packets;
    }
    assert!(sum > 3000, "{sum}");
}

/// What comes in drops of seven bytes, with a reader that takes its time.
#[test]
fn a_slow_source_and_a_slow_reader() {
    for words in [
        &["-T", "ndjson", "-"][..],
        &["-T", "fields", "-e", "frame.number", "-"],
        &["-"],
        &["-r", "-", "-w", "-"],
    ] {
        let mut child = Running(sctpdump(words).spawn().unwrap());
        let (mut stdin, stdout) = (child.0.stdin.take().unwrap(), child.0.stdout.take().unwrap());
        let file = capture(9000);
        let source = std::thread::spawn(move || {
            let (head, tail) = file.split_at(2000);
            for drop in head.chunks(7) {
                stdin.write_all(drop).unwrap();
            }
            stdin.write_all(tail).unwrap();
        });
        let (mut out, mut reader) = (Vec::new(), BufReader::with_capacity(4096, stdout));
        loop {
            let piece = reader.fill_buf().unwrap();
            if piece.is_empty() {
                break;
            }
            out.extend_from_slice(piece);
            let taken = piece.len();
            reader.consume(taken);
            if out.len() % 11 == 0 {
                std::thread::sleep(Duration::from_millis(2));
            }
        }
        source.join().unwrap();
        assert!(child.0.wait().unwrap().success(), "{words:?}");
        if words.contains(&"-w") {
            assert_eq!(count(&out), (9000, false));
        } else {
            let lines = out.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).count();
            assert_eq!(lines, 9000, "{words:?}");
        }
    }
}

/// A disk that is full is told, with a status that says so; nothing claims to be done.
#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let from = folder.path().join("in.pcap");
    std::fs::write(&from, capture(5000)).unwrap();
    let from = from.to_str().unwrap();
    let done = sctpdump(&["-r", from, "-w", "/dev/full"]).output().unwrap();
    let said = String::from_utf8_lossy(&done.stderr);
    assert_eq!(done.status.code(), Some(2), "{said}");
    assert!(said.contains("/dev/full can't be written"), "{said}");
    // A small one, which is written at the very end.
    std::fs::write(folder.path().join("small.pcap"), capture(1)).unwrap();
    let small = folder.path().join("small.pcap");
    let small = small.to_str().unwrap();
    for words in [vec!["-r", small, "-w", "/dev/full"], vec!["-r", small, "-w", "/dev/full", "-F", "pcap"]] {
        let done = sctpdump(&words).output().unwrap();
        assert_eq!(done.status.code(), Some(2), "{words:?}: {}", String::from_utf8_lossy(&done.stderr));
    }
    for words in [
        vec!["-r", from],
        vec!["-r", small],
        vec!["-V", "-r", small],
        vec!["-T", "json", "-r", small],
        vec!["-q", "-z", "io,phs", "-r", small],
        vec!["streams", small],
        vec!["follow", "udp", small, "0"],
    ] {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let done = sctpdump(&words).stdout(full).output().unwrap();
        let said = String::from_utf8_lossy(&done.stderr);
        assert_eq!(done.status.code(), Some(2), "{words:?}: {said}");
        assert!(said.contains("the output can't be written"), "{words:?}: {said}");
    }
}

/// Who reads no further ends it quietly, and what was read until then is whole.
#[test]
fn an_output_that_is_closed() {
    let folder = tempfile::tempdir().unwrap();
    let from = folder.path().join("in.pcap");
    std::fs::write(&from, capture(200_000)).unwrap();
    let from = from.to_str().unwrap();
    let mut child = Running(sctpdump(&["-T", "fields", "-e", "frame.number", "-r", from]).spawn().unwrap());
    let mut lines = BufReader::new(child.0.stdout.take().unwrap()).lines();
    for number in 1..=1000 {
        assert_eq!(lines.next().unwrap().unwrap(), number.to_string());
    }
    drop(lines);
    assert_eq!(child.0.wait().unwrap().code(), Some(2));
    let mut said = String::new();
    child.0.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!(said, "");
}

/// Sends what Ctrl-C sends.
#[cfg(unix)]
fn interrupt(child: &Running) {
    assert!(Command::new("kill").args(["-INT", &child.0.id().to_string()]).status().unwrap().success());
}

/// Runs until a pipe of its output is full, so that it is in the midst of its work; interrupts it, and reads what it wrote.
/// Answers that, what it said, and its exit status.
#[cfg(unix)]
fn interrupted(words: &[&str], more: Option<Vec<u8>>) -> (Vec<u8>, String, Option<i32>) {
    let mut child = Running(sctpdump(words).spawn().unwrap());
    let (stdin, mut stdout) = (child.0.stdin.take().unwrap(), child.0.stdout.take().unwrap());
    // The source stays open: nothing but the signal ends it. When its reader is gone, so is what is not written yet.
    let source = std::thread::spawn(move || {
        let mut stdin = stdin;
        let _ = stdin.write_all(&more.unwrap_or_default());
        stdin
    });
    let mut out = vec![0; 1000];
    stdout.read_exact(&mut out).unwrap();
    interrupt(&child);
    stdout.read_to_end(&mut out).unwrap();
    let status = child.0.wait().unwrap();
    drop(source.join().unwrap());
    let mut said = String::new();
    child.0.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    (out, said, status.code())
}

#[cfg(unix)]
const MANY: u32 = 300_000;

/// Every number from 1 on stands in a line of its own, the last one whole too. Answers how many.
#[cfg(unix)]
fn consecutive(out: &[u8]) -> u32 {
    let text = std::str::from_utf8(out).unwrap();
    assert!(text.ends_with('\n'), "{:?}", text.lines().last());
    let mut lines = 0;
    for line in text.lines() {
        lines += 1;
        assert_eq!(line, lines.to_string());
    }
    lines
}

/// Interrupted in the midst of a file: what was read is written whole, nothing that counts the whole file, and the exit status
/// is tshark's.
#[test]
#[cfg(unix)]
fn interrupted_in_the_midst_of_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let from = folder.path().join("in.pcap");
    std::fs::write(&from, capture(MANY)).unwrap();
    let from = from.to_str().unwrap();
    let numbers = ["-T", "fields", "-e", "frame.number", "-r", from];
    for further in [&[][..], &["-2"], &["-z", "io,phs"]] {
        let (out, said, code) = interrupted(&[&numbers, further].concat(), None);
        assert!((100..MANY).contains(&consecutive(&out)), "{further:?}");
        assert_eq!((code, said.as_str()), (Some(2), ""), "{further:?}");
    }
    let (out, _, code) = interrupted(&["-T", "json", "-r", from], None);
    let json: Vec<serde_json::Value> = serde_json::from_slice(&out).unwrap();
    assert!(json.len() > 10 && json.len() < MANY as usize);
    assert_eq!(code, Some(2));
    let (out, _, code) = interrupted(&["-T", "pdml", "-r", from], None);
    assert!(out.ends_with(b"</packet>\n</pdml>\n"), "{}", String::from_utf8_lossy(&out[out.len() - 100..]));
    assert_eq!(code, Some(2));
    for further in [&[][..], &["-2"]] {
        let (out, said, code) = interrupted(&[&["-w", "-", "-r", from], further].concat(), None);
        let (packets, damaged) = count(&out);
        assert!((100..u64::from(MANY)).contains(&packets) && !damaged, "{further:?}: {packets} {damaged}");
        // The packets are the first ones: their numbers stand in them.
        assert_eq!(out.windows(4).filter(|bytes| *bytes == [10, 0, 0, 1]).count() as u64, packets);
        assert_eq!((code, said.as_str()), (Some(2), ""), "{further:?}");
    }
}

/// Interrupted in the midst of what comes by a pipe: that is how one ends that has no end, so all is as at an end.
#[test]
#[cfg(unix)]
fn interrupted_in_the_midst_of_a_pipe() {
    let words = ["-T", "fields", "-e", "frame.number", "-"];
    let (out, said, code) = interrupted(&words, Some(capture(MANY)));
    assert!((100..MANY).contains(&consecutive(&out)));
    assert_eq!((code, said.as_str()), (Some(0), ""));
    let (out, said, code) = interrupted(&["-w", "-", "-r", "-"], Some(capture(MANY)));
    let (packets, damaged) = count(&out);
    assert!((100..u64::from(MANY)).contains(&packets) && !damaged, "{packets} {damaged}");
    assert_eq!((code, said.as_str()), (Some(0), ""));
}

/// Interrupted while it waits, in the middle of a packet: what is whole is there, and the statistics of it.
#[test]
#[cfg(unix)]
fn interrupted_while_it_waits_prints_statistics() {
    let mut file = capture(1001);
    file.truncate(file.len() - 5);
    let mut child =
        Running(sctpdump(&["-T", "fields", "-e", "frame.number", "-z", "io,phs", "-"]).spawn().unwrap());
    let (mut stdin, stdout) = (child.0.stdin.take().unwrap(), child.0.stdout.take().unwrap());
    stdin.write_all(&file).unwrap();
    let mut lines = BufReader::new(stdout).lines();
    for number in 1..=1000 {
        assert_eq!(lines.next().unwrap().unwrap(), number.to_string());
    }
    interrupt(&child);
    let rest: Vec<String> = lines.map(Result::unwrap).collect();
    assert!(rest.iter().any(|line| line.contains("frames:1000")), "{rest:?}");
    assert!(child.0.wait().unwrap().success());
    let mut said = String::new();
    child.0.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!(said, "");
    drop(stdin);
}

/// Who interrupts a second time means at once.
#[test]
#[cfg(unix)]
fn interrupted_twice() {
    use std::os::unix::process::ExitStatusExt;
    let folder = tempfile::tempdir().unwrap();
    let from = folder.path().join("in.pcap");
    std::fs::write(&from, capture(MANY)).unwrap();
    let mut child = Running(sctpdump(&["-V", "-r", from.to_str().unwrap()]).spawn().unwrap());
    let mut stdout = child.0.stdout.take().unwrap();
    // It works, and waits for its reader: by itself it can't end now.
    stdout.read_exact(&mut [0; 1000]).unwrap();
    interrupt(&child);
    // Signals that come close together may be told as one.
    for _ in 0..500 {
        std::thread::sleep(Duration::from_millis(20));
        if child.0.try_wait().unwrap().is_some() {
            break;
        }
        interrupt(&child);
    }
    assert_eq!(child.0.wait().unwrap().signal(), Some(2));
}

/// Interrupted while it waits for more: all that came is written, in a file without damage.
#[test]
#[cfg(unix)]
fn interrupted_while_it_waits() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out.pcapng");
    for packets in [1, 7, 3000] {
        let mut child = Running(sctpdump(&["-r", "-", "-w", out.to_str().unwrap()]).spawn().unwrap());
        let mut stdin = child.0.stdin.take().unwrap();
        stdin.write_all(&capture(packets)).unwrap();
        // Until they are written; the time has no limit but that of a test that hangs.
        for _ in 0..2000 {
            let written = std::fs::read(&out).unwrap_or_default();
            if written.len() > 28 && count(&written) == (packets.into(), false) {
                break;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        interrupt(&child);
        assert!(child.0.wait().unwrap().success());
        assert_eq!(count(&std::fs::read(&out).unwrap()), (packets.into(), false));
        drop(stdin);
    }
}

/// A capture that grows no more while it is looked at: a cut record is told, all before it is there.
#[test]
fn a_cut_capture_gives_all_before_the_cut() {
    let file = capture(500);
    let folder = tempfile::tempdir().unwrap();
    let [from, out] = ["in.pcap", "out.pcapng"].map(|name| folder.path().join(name));
    for cut in [1, 15, 31, 32, 40] {
        std::fs::write(&from, &file[..file.len() - cut]).unwrap();
        let done = sctpdump(&["-r", from.to_str().unwrap(), "-w", out.to_str().unwrap()]).output().unwrap();
        assert_eq!(done.status.code(), Some(2));
        assert_eq!(count(&std::fs::read(&out).unwrap()), (499, false), "{cut}");
    }
}
