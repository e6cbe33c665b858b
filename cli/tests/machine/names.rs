//! Names beside addresses and ports.

use crate::{printed, refused, sctpdump, testdata};

/// A capture whose blocks name 10.77.1.1 and 10.77.1.2, and after the fourth packet 10.77.1.1 anew.
fn named() -> tempfile::NamedTempFile {
    use dissect::capture::{Block, ByteOrder, RawBlock, Reader, Writer, pcapng::block};
    use std::io::Write;
    let mut writer = Writer::pcapng(Vec::new(), ByteOrder::Little);
    let record = |address: u8, names: &[u8]| {
        let mut bytes = [&[1, 0, names.len() as u8 + 4, 0, 10, 77, 1, address], names].concat();
        bytes.resize(bytes.len().next_multiple_of(4), 0);
        bytes
    };
    let first = [record(1, b"first\0second\0"), record(2, b"bob<b>\0"), vec![0; 4]].concat();
    let later = [record(1, b"later\0"), vec![0; 4]].concat();
    let names = |body| {
        Block::Other(RawBlock {
            kind: block::NAMES,
            body,
            order: ByteOrder::Little,
            first_interface: 0,
            offset: 0,
        })
    };
    writer.write(&names(&first)).unwrap();
    let capture = std::fs::read(testdata("sctp/classic_eth.pcap")).unwrap();
    let mut reader = Reader::new(&capture[..]).unwrap();
    for number in 1..=6 {
        writer.packet(&reader.next().unwrap().unwrap()).unwrap();
        if number == 4 {
            writer.write(&names(&later)).unwrap();
        }
    }
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(&writer.finish().unwrap()).unwrap();
    file
}

/// The ends of packets as tshark 4.0 names them.
#[test]
fn names_are_those_that_capture_and_hosts_files_bring() {
    let file = named();
    let path = file.path().to_str().unwrap();
    let ends = |words: &[&str]| {
        let columns =
            ["-T", "fields", "-e", "_ws.col.Source", "-e", "_ws.col.Destination", "-E", "separator=/s"];
        let text = printed(&[words, &columns, &["-Y", "sctp", path]].concat());
        text.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    let numbers =
        ["10.77.1.1 10.77.1.2", "10.77.1.2 10.77.1.1", "10.77.1.1 10.77.1.2", "10.77.1.2 10.77.1.1"];
    assert_eq!(ends(&[]), numbers);
    assert_eq!(ends(&["-N", "n", "-n"]), numbers);
    assert_eq!(ends(&["-N", "t"]), numbers);
    let streamed = ["second bob<b>", "bob<b> second", "later bob<b>", "bob<b> later"];
    assert_eq!(ends(&["-N", "n"]), streamed);
    assert_eq!(ends(&["-n", "-N", "nt"]), streamed);
    assert_eq!(ends(&["-2", "-N", "n"])[..2], ["later bob<b>", "bob<b> later"]);
    let mut hosts = tempfile::NamedTempFile::new().unwrap();
    std::io::Write::write_all(&mut hosts, b"10.77.1.2 carol # of the capture\n").unwrap();
    let hosts = hosts.path().to_str().unwrap();
    let plain =
        ["-H", hosts, "-T", "fields", "-e", "_ws.col.Source", "-c", "4", "sctp/classic_eth.pcap", "sctp"];
    assert_eq!(printed(&plain), "10.77.1.1\ncarol\n");
    assert_eq!(printed(&[&["-n"], &plain[..]].concat()), "10.77.1.1\n10.77.1.2\n");
    // In lines and trees too; what XML has signs for is escaped.
    assert!(printed(&["-N", "n", path]).contains("       second → bob<b>       SCTP "));
    let tree = printed(&["-N", "n", "-V", path]);
    assert!(
        tree.contains("\nInternet Protocol Version 4, Src: bob<b> (10.77.1.2), Dst: later (10.77.1.1)\n")
    );
    assert!(tree.contains("\n    Source Address: second (10.77.1.1)\n"));
    assert!(tree.contains("    Target IP address: bob<b> (10.77.1.2)\n"));
    for output in ["pdml", "psml"] {
        assert!(printed(&["-N", "n", "-T", output, path]).contains("bob&lt;b&gt;"), "{output}");
    }
    let values = ["-N", "n", "-T", "fields", "-e", "ip.src", "-c", "3", path, "ip"];
    assert_eq!(printed(&values), "10.77.1.1\n");
    // What the capture brought is written, and other names are not.
    let written = sctpdump(&["-w", "-", "-H", hosts, path]).stdout;
    assert!(written.windows(6).any(|bytes| bytes == b"second"));
    assert!(!written.windows(5).any(|bytes| bytes == b"carol"));
}

#[test]
fn ports_have_names_of_services() {
    let file = "sip/tcp.pcap";
    let lines = printed(&["-N", "t", file, "tcp.flags.syn == 1"]);
    assert!(lines.contains(" TCP 74 36197 → sip(5060) [SYN] Seq=0 "), "{lines}");
    assert!(lines.contains(" TCP 74 sip(5060) → 36197 [SYN, ACK] Seq=0 "), "{lines}");
    let tree = printed(&["-N", "t", "-V", file, "tcp.flags.syn == 1"]);
    assert!(
        tree.contains("\nTransmission Control Protocol, Src Port: 36197, Dst Port: sip (5060), Seq: 0, ")
    );
    assert!(tree.contains("\n    Destination Port: sip (5060)\n"));
    let udp = printed(&["-N", "t", "-V", "sip/cancel.pcap", "udp"]);
    assert!(udp.contains(", Src Port: sip (5060), Dst Port: sip (5060)\n"), "{udp:.900}");
}

#[test]
fn letters_of_names_that_are_not_here_are_told() {
    for (letters, said) in [
        ("mn", "-N m: no list of the makers of hardware is here"),
        ("N", "-N N: nothing is looked up outside of the capture"),
        ("x", "-N x: there is no such letter"),
    ] {
        assert!(refused(&["-N", letters, "sctp/classic_eth.pcap"]).contains(said), "{letters}");
    }
    let missing = sctpdump(&["-H", "nowhere/hosts", "sctp/classic_eth.pcap"]);
    assert_eq!(missing.status.code(), Some(2));
    assert!(String::from_utf8(missing.stderr).unwrap().contains("nowhere/hosts can't be read"));
}
