//! `sctpdump report`: the file that it writes. Where the viewer was not built before the command, it says how to.

use flate2::read::GzDecoder;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn testdata(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata").join(name)
}

fn report(words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sctpdump"));
    command.arg("report").args(words).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Whether the command has the viewer; if not, it says how it comes there.
fn has_viewer(output: &Output) -> bool {
    let said = String::from_utf8_lossy(&output.stderr);
    if output.status.code() == Some(1) && said.contains("cargo xtask viewer") {
        println!("skipped: {said}");
        return false;
    }
    true
}

/// The capture in a report.
fn inside(page: &str) -> Vec<u8> {
    let (_, rest) = page.split_once("<script id=\"capture\"").unwrap();
    let (text, _) = rest.split_once('>').unwrap().1.split_once("</script>").unwrap();
    let value = |sign: u8| match sign {
        b'A'..=b'Z' => sign - b'A',
        b'a'..=b'z' => sign - b'a' + 26,
        b'0'..=b'9' => sign - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        sign => panic!("{} is not of base64", char::from(sign)),
    };
    let mut packed = Vec::new();
    for four in text.trim_end_matches('=').as_bytes().chunks(4) {
        let number =
            four.iter().fold(0u32, |sum, sign| sum << 6 | u32::from(value(*sign))) << (6 * (4 - four.len()));
        packed.extend(number.to_be_bytes().into_iter().skip(1).take(four.len() - 1));
    }
    let mut bytes = Vec::new();
    GzDecoder::new(&packed[..]).read_to_end(&mut bytes).unwrap();
    bytes
}

#[test]
fn a_report_holds_the_viewer_and_the_capture_and_says_what_is_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.html");
    let file = testdata("sctp/classic.pcapng");
    let output = report(&[file.to_str().unwrap(), "-o", path.to_str().unwrap()]).output().unwrap();
    if !has_viewer(&output) {
        return;
    }
    assert!(output.status.success() && output.stdout.is_empty(), "{output:?}");
    let page = std::fs::read_to_string(&path).unwrap();
    assert_eq!(inside(&page), std::fs::read(&file).unwrap());
    assert!(page.contains("<title>classic.pcapng \u{2013} sctpdump</title>"));
    let (_, about) = page.split_once("<header id=\"about\">").unwrap();
    let (about, _) = about.split_once("</header>").unwrap();
    let size = std::fs::metadata(&file).unwrap().len();
    assert!(about.starts_with("<strong>classic.pcapng</strong> 21 packets from "), "{about}");
    assert!(about.contains(" UTC on, in ") && about.contains(&format!("; {size} bytes.")), "{about}");
    // All that opens it stands before the script that starts it.
    let at = |what: &str| page.find(what).unwrap_or_else(|| panic!("{what} is missing"));
    assert!(at("id=\"about\"") < at("id=\"page\"") && at("id=\"capture\"") < at("<script id=\"boot\""));
    assert!(page.contains("data-name=\"classic.pcapng\"") && page.contains("default-src 'none'"));
}

#[test]
fn a_pipe_goes_in_and_the_standard_output_is_written() {
    let bytes = std::fs::read(testdata("sip/udp_rtp.pcap")).unwrap();
    let mut child = report(&["-", "-o", "-"]).stdin(Stdio::piped()).spawn().unwrap();
    // A command without the viewer does not read.
    let _ = child.stdin.take().unwrap().write_all(&bytes);
    let output = child.wait_with_output().unwrap();
    if !has_viewer(&output) {
        return;
    }
    assert!(output.status.success(), "{output:?}");
    assert_eq!(inside(&String::from_utf8(output.stdout).unwrap()), bytes);
}

#[test]
fn a_part_of_a_capture_goes_in() {
    let file = testdata("sip/udp_rtp.pcap");
    let words = [file.to_str().unwrap(), "-o", "-", "-f", "udp", "-Y", "sip.Method == \"BYE\""];
    let output = report(&words).output().unwrap();
    if !has_viewer(&output) {
        return;
    }
    assert!(output.status.success(), "{output:?}");
    let page = String::from_utf8(output.stdout).unwrap();
    let (_, about) = page.split_once("<header id=\"about\">").unwrap();
    assert!(about.starts_with("<strong>udp_rtp.pcap</strong> 3 packets from "), "{about:.300}");
    assert!(about.contains(
        "; only what the filter udp picks; only what the filter sip.Method == &quot;BYE&quot; picks."
    ));
    let bytes = inside(&page);
    let mut reader = dissect::capture::Reader::new(&bytes[..]).unwrap();
    let mut packets = 0;
    while let Some(packet) = reader.next() {
        assert_eq!(packet.unwrap().bytes.get(42..45), Some(&b"BYE"[..]));
        packets += 1;
    }
    assert_eq!(packets, 3);
}

#[test]
fn damage_is_told_and_the_report_is_written_all_the_same() {
    let file = testdata("formats/cut_in_packet.pcap");
    let output = report(&[file.to_str().unwrap(), "-o", "-"]).output().unwrap();
    if !has_viewer(&output) {
        return;
    }
    assert_eq!(output.status.code(), Some(2));
    let page = String::from_utf8(output.stdout).unwrap();
    assert!(page.contains("; damaged at 1 place."));
    assert_eq!(inside(&page), std::fs::read(&file).unwrap());
}

#[test]
fn a_capture_over_the_limit_is_refused_until_it_is_lifted() {
    let folder = tempfile::tempdir().unwrap();
    let (file, path) = (folder.path().join("large.pcap"), folder.path().join("report.html"));
    // A capture of one packet with a long tail of nothing: 64 MiB and one byte.
    let mut bytes = std::fs::read(testdata("formats/empty.pcap")).unwrap();
    bytes.resize((64 << 20) + 1, 0);
    let write = |bytes: &[u8]| std::fs::write(&file, bytes).unwrap();
    write(&bytes);
    let words = [file.to_str().unwrap(), "-o", path.to_str().unwrap()];
    let output = report(&words).output().unwrap();
    if !has_viewer(&output) {
        return;
    }
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("has 65 MiB, a report holds 64 MiB") && said.contains("--any-size"), "{said}");
    assert!(!path.exists());
    let output = report(&words).arg("--any-size").output().unwrap();
    assert_ne!(output.status.code(), Some(1));
    assert!(path.exists());
    // At the limit it is taken.
    std::fs::remove_file(&path).unwrap();
    bytes.truncate(64 << 20);
    write(&bytes);
    assert_ne!(report(&words).output().unwrap().status.code(), Some(1));
    assert!(path.exists());
}

#[test]
fn a_capture_is_not_written_over_and_what_is_none_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.pcap");
    let bytes = std::fs::read(testdata("sip/udp_rtp.pcap")).unwrap();
    std::fs::write(&file, &bytes).unwrap();
    let output = report(&[file.to_str().unwrap(), "-o", file.to_str().unwrap()]).output().unwrap();
    if !has_viewer(&output) {
        return;
    }
    assert_eq!((output.status.code(), std::fs::read(&file).unwrap()), (Some(1), bytes));
    // The viewer does not unpack xz: an empty pcap in it.
    let packed = b"\xfd\x37\x7a\x58\x5a\x00\x00\x04\xe6\xd6\xb4\x46\x02\x00\x21\x01\x16\x00\x00\x00\x74\x2f\xe5\xa3\xe0\
        \x00\x17\x00\x11\x5d\x00\x6a\x30\xd1\xc8\x7d\x8b\xf8\x09\x9b\xaf\x1f\xcc\x79\x03\xe5\x88\x00\x00\x00\
        \x00\x00\x1f\xcb\xa1\x58\xdd\xeb\xb0\x9a\x00\x01\x2d\x18\x92\x77\xc0\x13\x1f\xb6\xf3\x7d\x01\x00\x00\
        \x00\x00\x04\x59\x5a";
    std::fs::write(&file, packed).unwrap();
    let output = report(&[file.to_str().unwrap(), "-o", "-"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("unpack it first"), "{output:?}");
    for name in ["no/such/file.pcap", "."] {
        let output = report(&[name, "-o", "-"]).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&output.stderr).contains(name) && output.stdout.is_empty());
    }
}
