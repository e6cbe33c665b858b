//! The command as its users meet it: outputs, exit statuses, pipes.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn testdata(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata").join(name)
}

fn sctpdump() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sctpdump"));
    command.env_remove("NO_COLOR").env("TZ", "UTC");
    command
}

fn run(words: &[&str], file: &str) -> Output {
    sctpdump().args(words).arg(testdata(file)).output().unwrap()
}

fn printed(words: &[&str], file: &str) -> String {
    let output = run(words, file);
    assert!(output.status.success(), "{words:?} {file}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn keep(name: &str, text: &str) {
    insta::with_settings!({
        snapshot_path => Path::new(env!("CARGO_MANIFEST_DIR")).join("../snapshots"),
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        insta::assert_snapshot!(name, text);
    });
}

const BOOK: &str = "book/association.pcapng";

#[test]
fn the_books_association_in_a_line_a_packet() {
    keep("command-summary", &printed(&[], BOOK));
}

/// Every value that the book reads from its packets is in the tree.
#[test]
fn the_tree_has_every_value_the_book_names() {
    let tree = printed(&["-V"], BOOK);
    for value in [
        "Source port: 56231",
        "Destination port: 4444",
        "Verification tag: 0x00000000",
        "Checksum: 0x1d06220d",
        "Initiate tag: 0x08fe2132",
        "Advertised receiver window credit (a_rwnd): 106496",
        "Number of outbound streams: 10",
        "Number of inbound streams: 65535",
        "Initial TSN: 3543192493",
        "127.0.0.1",
        "192.168.10.4",
        "Supported address types",
        "ECN",
        "Forward TSN supported",
        "Verification tag: 0x08fe2132",
        "Initiate tag: 0xa556dfe4",
        "Number of inbound streams: 10",
        "Initial TSN: 1569172118",
        "Checksum: 0x04cbd3d9",
        "Verification tag: 0xa556dfe4",
        "Checksum: 0xaa256669",
        "Checksum: 0x9d23aa7b",
        "Checksum: 0xc194eff6",
        "Cumulative TSN ACK (absolute): 3543192493",
        "(a_rwnd): 106490",
        "Number of gap acknowledgement blocks: 0",
        "Number of duplicated TSNs: 0",
    ] {
        assert!(tree.contains(value), "{value} is missing");
    }
    let tree = printed(&["-V"], "book/decoding.pcapng");
    for value in
        ["Source port: 4444", "Destination port: 50792", "0x88e5e376", "2322614346", "106490", "0x883432df"]
    {
        assert!(tree.contains(value), "{value} is missing");
    }
}

#[test]
fn only_the_named_protocols_are_in_full() {
    let text = printed(&["-O", "ip", "-c", "1"], BOOK);
    assert!(text.contains("\n    Total Length: 84\n"), "{text}");
    assert!(
        text.contains("\nStream Control Transmission Protocol, Src Port: 56231, Dst Port: 4444\n"),
        "{text}"
    );
    assert!(!text.contains("Verification tag"), "{text}");
}

#[test]
fn an_unknown_protocol_is_a_wrong_command_line() {
    let output = run(&["-O", "sctpp"], BOOK);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("sctpp"));
}

#[test]
fn summary_tree_and_bytes_go_together() {
    let text = printed(&["-P", "-V", "-x", "-c", "1"], "book/decoding.pcapng");
    assert!(text.starts_with("    1 0.000000000    127.0.0.1 → 127.0.0.1    SCTP 64 SACK"), "{text}");
    assert!(text.contains("\nFrame 1: "), "{text}");
    assert!(text.contains("\n0000  00 00 03 04 00 06"), "{text}");
}

#[test]
fn json_is_an_array_with_an_object_a_packet() {
    let packets: Vec<serde_json::Value> = serde_json::from_str(&printed(&["-T", "json"], BOOK)).unwrap();
    assert_eq!(packets.len(), 5);
    assert!(packets.iter().all(|packet| packet["version"] == 1));
    let none: Vec<serde_json::Value> =
        serde_json::from_str(printed(&["-T", "json", "-q"], BOOK).trim()).unwrap_or_default();
    assert!(none.is_empty());
}

#[test]
fn pdml_is_xml_with_an_element_a_packet() {
    let text = printed(&["-T", "pdml"], "sctp/classic.pcapng");
    let mut reader = quick_xml::Reader::from_str(&text);
    let mut packets = 0;
    loop {
        match reader.read_event().unwrap() {
            quick_xml::events::Event::Start(start) if start.name().as_ref() == b"packet" => packets += 1,
            quick_xml::events::Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(packets, 21);
}

#[test]
fn the_standard_input_and_a_file_say_the_same() {
    let mut child =
        sctpdump().args(["-V", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(&std::fs::read(testdata(BOOK)).unwrap()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), printed(&["-V"], BOOK));
    assert_eq!(printed(&["-V", "-r"], BOOK), printed(&["-V"], BOOK));
}

/// The line of a packet comes while the writer of the pipe still waits with the next.
#[test]
fn a_line_comes_with_its_packet() {
    let bytes = std::fs::read(testdata("sctp/classic_eth.pcap")).unwrap();
    let mut child = sctpdump().arg("-").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut pipe = child.stdin.take().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    pipe.write_all(&bytes[..24 + 16 + 42]).unwrap();
    assert!(lines.next().unwrap().unwrap().starts_with("    1   0.000000"));
    pipe.write_all(&bytes[24 + 16 + 42..24 + 2 * (16 + 42)]).unwrap();
    assert!(lines.next().unwrap().unwrap().starts_with("    2   0.0000"));
    drop(pipe);
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_cut_file_prints_its_packets_then_says_where_it_ends() {
    let bytes = std::fs::read(testdata("sctp/classic_eth.pcap")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cut.pcap");
    std::fs::write(&path, &bytes[..bytes.len() - 10]).unwrap();
    let output = sctpdump().arg(&path).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(String::from_utf8(output.stdout).unwrap().lines().count(), 20);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("cut.pcap") && said.contains("offset"), "{said}");
}

/// A capture of which each block is damaged does not fill the terminal.
#[test]
fn a_hundred_damaged_places_are_told_one_by_one_and_others_counted() {
    let block = |kind: u32, body: &[u8], end: u32| {
        let length = body.len() as u32 + 12;
        [&kind.to_le_bytes()[..], &length.to_le_bytes(), body, &(length + end).to_le_bytes()].concat()
    };
    let said = |damaged: usize| {
        let mut bytes = block(
            0x0a0d_0d0a,
            &[0x4d, 0x3c, 0x2b, 0x1a, 1, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255],
            0,
        );
        bytes.extend(block(1, &[228, 0, 0, 0, 0, 0, 0, 0], 0));
        // The number at the end is not the one at the start.
        let packet = [[0; 12].as_slice(), &[4, 0, 0, 0, 4, 0, 0, 0, 0x45, 0, 0, 4]].concat();
        bytes.extend([block(6, &packet, 65_000), block(6, &packet, 0)].concat().repeat(damaged));
        let mut child = sctpdump()
            .arg("-")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(&bytes).unwrap();
        let out = child.wait_with_output().unwrap();
        assert_eq!(out.status.code(), Some(2));
        String::from_utf8(out.stderr).unwrap()
    };
    let (few, many) = (said(100), said(164));
    assert_eq!((few.lines().count(), many.lines().count()), (100, 101), "{many}");
    let last = "sctpdump: the standard input: damaged places that are not told one by one: 64\n";
    assert!(many.ends_with(last) && many.starts_with(&few), "{many}");
}

#[test]
fn what_is_no_capture_or_not_there_is_said_with_its_name() {
    for (file, word) in
        [("README.md", "no capture file"), ("nowhere.pcap", "can't be opened"), ("book", "folder")]
    {
        let output = run(&[], file);
        assert_eq!(output.status.code(), Some(2), "{file}");
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains(file) && said.contains(word), "{said}");
    }
}

#[test]
fn a_wrong_command_line_is_one() {
    for words in [&["-T", "yaml"][..], &["--nonsense"], &["-c", "0"], &["-t", "z"]] {
        let output = run(words, BOOK);
        assert_eq!(output.status.code(), Some(1), "{words:?}");
        assert!(output.stdout.is_empty());
    }
    assert_eq!(sctpdump().output().unwrap().status.code(), Some(1));
}

#[test]
fn a_closed_pipe_ends_it_quietly() {
    let mut child = sctpdump()
        .args(["-V"])
        .arg(testdata("sctp/fragments.pcap"))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = [0; 1];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn colours_are_for_terminals_unless_asked_for() {
    assert!(!printed(&["-V"], BOOK).contains('\x1b'));
    assert!(printed(&["-V", "--color", "always"], BOOK).contains('\x1b'));
    assert!(!printed(&["-V", "--color", "never"], BOOK).contains('\x1b'));
}

#[test]
fn quiet_prints_nothing_and_still_tells_damage() {
    assert!(printed(&["-q"], BOOK).is_empty());
}

#[test]
fn fields_are_listed_and_explained() {
    let output = sctpdump().arg("fields").output().unwrap();
    let list = String::from_utf8(output.stdout).unwrap();
    assert!(list.lines().all(|line| line.split('\t').count() == 4));
    assert!(list.contains("\nsctp.chunk_type\tFT_UINT8\tChunk type\t"));
    let output = sctpdump().args(["fields", "sctp.chunk_type"]).output().unwrap();
    keep("command-fields-chunk_type", &String::from_utf8(output.stdout).unwrap());
    let output = sctpdump().args(["fields", "sctp.chunktype"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().contains("did you mean sctp.chunk_type?"));
}

#[test]
fn help_completions_and_the_manual_page_are_there() {
    for words in [
        &["--help"][..],
        &["man"],
        &["completions", "bash"],
        &["completions", "zsh"],
        &["completions", "fish"],
    ] {
        let output = sctpdump().args(words).output().unwrap();
        assert!(output.status.success() && output.stdout.len() > 500, "{words:?}");
    }
}

/// The numbers of the packets that were printed.
fn numbers(text: &str) -> Vec<u64> {
    text.lines().map(|line| line.split_whitespace().next().unwrap().parse().unwrap()).collect()
}

const CLASSIC: &str = "sctp/classic_eth.pcap";

#[test]
fn a_display_filter_picks_packets_and_keeps_their_numbers() {
    let handshake = numbers(&printed(&["-Y", "sctp.chunk_type in {INIT, INIT_ACK}"], CLASSIC));
    assert_eq!(handshake, [3, 4]);
    let second = numbers(&printed(
        &["--display-filter=chunk{ sctp.chunk_type == DATA && sctp.data_ssn == 1 }"],
        CLASSIC,
    ));
    assert_eq!(second, [11, 12]);
    // The count is one of packets read.
    assert_eq!(numbers(&printed(&["-Y", "sctp", "-c", "4"], CLASSIC)), [3, 4]);
    assert_eq!(printed(&["-Y", "udp"], CLASSIC), "");
}

#[test]
fn a_display_filter_may_be_the_words_behind_the_capture() {
    let words = |words: &[&str]| {
        let output = sctpdump().args(words).output().unwrap();
        assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
        numbers(&String::from_utf8(output.stdout).unwrap())
    };
    let file = testdata(CLASSIC);
    let file = file.to_str().unwrap();
    assert_eq!(words(&[file, "sctp.chunk_type", "==", "INIT"]), [3]);
    assert_eq!(words(&["-r", file, "sctp.chunk_type==1", "or", "arp"]), [1, 2, 3]);
    assert_eq!(words(&["-2", "-R", "sctp", "-Y", "frame.number < 5", file]), [3, 4]);
    let both = sctpdump().args(["-Y", "sctp", file, "ip"]).output().unwrap();
    assert_eq!(both.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&both.stderr).contains("two display filters"));
    let one_pass = sctpdump().args(["-R", "sctp", file]).output().unwrap();
    assert_eq!(one_pass.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&one_pass.stderr).contains("--two-pass"));
}

#[test]
fn a_filter_applies_to_every_output() {
    let filter = ["-Y", "sctp.chunk_type == INIT"];
    let with = |word: &str| printed(&[&filter[..], &[word]].concat(), CLASSIC);
    assert_eq!(with("-V").lines().filter(|line| line.starts_with("Frame ")).count(), 1);
    assert_eq!(with("-x").matches("0000  ").count(), 1);
    let json: serde_json::Value = serde_json::from_str(&with("-Tjson")).unwrap();
    assert_eq!(json.as_array().unwrap().len(), 1);
    assert_eq!(with("-Tpdml").matches("<packet>").count(), 1);
}

#[test]
fn times_count_from_the_first_packet_of_the_capture() {
    let second = |text: String| text.split_whitespace().nth(1).unwrap().to_owned();
    let all = printed(&[], CLASSIC);
    let third = all.lines().nth(2).unwrap().split_whitespace().nth(1).unwrap();
    assert_eq!(second(printed(&["-Y", "sctp.chunk_type == INIT"], CLASSIC)), third);
    // The time since the packet before, and since the one printed before.
    let fifth = |format: &str, filter: &str| {
        let text = printed(&["-t", format, "-Y", filter], CLASSIC);
        text.lines().last().unwrap().split_whitespace().nth(1).unwrap().to_owned()
    };
    assert_eq!(fifth("d", "frame.number == 1 || frame.number == 5"), fifth("d", "frame.number <= 5"));
    assert_eq!(fifth("dd", "frame.number <= 5"), fifth("d", "frame.number <= 5"));
    assert_ne!(fifth("dd", "frame.number == 1 || frame.number == 5"), fifth("d", "frame.number <= 5"));
}

#[test]
fn a_wrong_filter_is_shown_with_a_caret_before_the_capture_is_opened() {
    let output = run(&["-Y", "ip && sctp.chunktype == 1"], "no such file");
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "sctpdump: sctp.chunktype is neither a field nor a protocol; did you mean sctp.chunk_type?\n    \
         ip && sctp.chunktype == 1\n          ^~~~~~~~~~~~~~\n"
    );
}

#[test]
fn filters_are_completed_for_the_shell() {
    let complete = |text: &str| {
        let output = sctpdump().args(["complete-filter", text]).output().unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap()
    };
    // The whole word comes back, with what it means behind a tab.
    assert!(complete("ip && sctp.chunk_ty").starts_with("ip && sctp.chunk_type\tWhat kind of chunk it is."));
    assert!(complete("sctp.chunk_type == COOKIE_E").starts_with("sctp.chunk_type == COOKIE_ECHO\t"));
    for shell in ["bash", "fish", "zsh"] {
        let output = sctpdump().args(["completions", shell]).output().unwrap();
        assert!(String::from_utf8(output.stdout).unwrap().contains("complete-filter"), "{shell}");
    }
}

#[test]
fn associations_are_listed_and_told_of() {
    let list = printed(&["assoc"], "sctp/abort_eth.pcap");
    for words in [
        "ABORT by A: cause 12, User initiated ABORT, reason \"user-initiated-abort-reason\"",
        "refused: B answered with an ABORT",
        "restarted: association 4 took its place",
        "graceful shutdown, asked for by A",
    ] {
        assert!(list.contains(words), "{words}: {list}");
    }
    let file = testdata("sctp/loss_a.pcap");
    let told = |words: &[&str]| {
        let output = sctpdump().arg("assoc").arg(&file).args(words).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(
        told(&["0"]).contains("\nTimeline\n") && told(&["0"]).contains("sent again after three SACKs (fast)")
    );
    let health = told(&["0", "--health"]);
    assert!(
        health.contains("A sent 36 TSNs again") && health.contains("[RFC 9260, 6.3.1 and 6.2]"),
        "{health}"
    );
    assert!(told(&["--health"]).contains("Association 0: "));
    let json: serde_json::Value = serde_json::from_str(&told(&["0", "-T", "json"])).unwrap();
    assert_eq!(json["association"]["packets"], 803);
    assert_eq!(
        (&json["paths"][0]["role"], &json["handshake"][0]["initial_tsn"]),
        (&"primary".into(), &3796554888_u32.into())
    );
    assert_eq!(json["findings"][0]["severity"], "Warning");
    assert!(told(&["-T", "csv"]).starts_with("number,a,a_port,b,b_port,state,"));
    let missing = sctpdump().arg("assoc").arg(&file).arg("9").output().unwrap();
    assert_eq!(missing.status.code(), Some(1));
}

/// More packets than a capture that is read once is remembered of.
#[test]
fn an_association_is_told_from_its_beginning_however_much_follows() {
    use dissect::capture::{ByteOrder, Reader, Writer};
    let folder = tempfile::tempdir().unwrap();
    let long = folder.path().join("long.pcapng");
    let mut writer =
        Writer::pcapng(std::fs::File::create(&long).map(std::io::BufWriter::new).unwrap(), ByteOrder::Little);
    let bytes = std::fs::read(testdata("sctp/classic_eth.pcap")).unwrap();
    let mut reader = Reader::new(&bytes[..]).unwrap();
    while let Some(packet) = reader.next() {
        writer.packet(&packet.unwrap()).unwrap();
    }
    let bytes = std::fs::read(testdata("sctp/failover.pcap")).unwrap();
    for _ in 0..150 {
        let mut reader = Reader::new(&bytes[..]).unwrap();
        while let Some(packet) = reader.next() {
            writer.packet(&packet.unwrap()).unwrap();
        }
    }
    writer.finish().unwrap().flush().unwrap();
    let told = |file: &Path, words: &[&str]| {
        let output = sctpdump().arg("assoc").arg(file).args(words).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    for words in [&["0"][..], &["0", "--health"]] {
        assert_eq!(told(&long, words), told(&testdata("sctp/classic_eth.pcap"), words), "{words:?}");
    }
}

#[test]
fn an_associations_events_and_ladder_are_told() {
    let file = testdata("sctp/classic_eth.pcap");
    let run = |words: &[&str]| {
        let output = sctpdump().args(words).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let file = file.to_str().unwrap();
    let events = run(&["events", file, "0"]);
    for words in ["SCTP_COMM_UP, 10 streams out, 10 in", "SCTP_SHUTDOWN_EVENT", "SCTP_SHUTDOWN_COMP"] {
        assert!(events.contains(words), "{words}: {events}");
    }
    let json: serde_json::Value = serde_json::from_str(&run(&["events", file, "0", "-T", "json"])).unwrap();
    let messages = json["events"].as_array().unwrap().iter().filter(|event| event["event"] == "message");
    assert_eq!(messages.count(), 10);
    assert!(run(&["events", file, "0", "-T", "csv"]).starts_with("time_seconds,packet,end,event,"));
    assert!(run(&["ladder", file, "assoc", "0"]).contains(" COOKIE ECHO "));
    assert!(run(&["ladder", file, "assoc", "0", "-T", "svg"]).starts_with("<svg "));
    assert!(run(&["ladder", file, "assoc", "0", "-T", "mermaid"]).contains("e0->>e1: 3. INIT"));
    assert!(run(&["chart", file, "assoc", "0"]).starts_with("<svg "));
    let csv = run(&["chart", file, "assoc", "0", "-T", "csv"]);
    // The first DATA chunk of each side has its first TSN.
    let first: Vec<&str> =
        csv.lines().filter(|line| line.starts_with("tsn,") && line.contains(" sent,")).collect();
    assert!(first.iter().any(|line| line.starts_with("tsn,A sent,") && line.contains(",1,")), "{csv}");
    let json: serde_json::Value =
        serde_json::from_str(&run(&["chart", file, "assoc", "0", "-T", "json"])).unwrap();
    assert_eq!(json["panels"][0]["name"], "paths");
}

/// What tshark 4.0 prints.
const HIERARCHY: &str = "
===================================================================
Protocol Hierarchy Statistics
Filter: sctp

eth                                      frames:19 bytes:2154
  ip                                     frames:19 bytes:2154
    sctp                                 frames:19 bytes:2154
      data                               frames:10 bytes:792
===================================================================
";

#[test]
fn statistics_are_those_of_tshark() {
    let capture = "sctp/classic_eth.pcap";
    assert_eq!(printed(&["-q", "-z", "io,phs,sctp"], capture), HIERARCHY);
    let both = printed(&["-q", "-z", "io,phs,sctp", "-z", "io,stat,0.1,SUM(ip.ttl)ip.ttl"], capture);
    // The last comes first, as tshark has it.
    assert!(both.ends_with(HIERARCHY) && both.starts_with("\n====="), "{both}");
    assert!(both.contains("\n| 0.1 <> 0.2 | 256 |"), "{both}");
    let ends = printed(&["-q", "-z", "endpoints,sctp"], capture);
    let line = "10.77.1.1                 40001         19          2154         10            1108           9            1046   \n";
    assert!(ends.contains(line), "{ends}");
    let conversations = printed(&["-q", "-z", "conv,ip"], capture);
    let line = "10.77.1.1            <-> 10.77.1.2                  9 1046 bytes      10 1108 bytes      19 2154 bytes     0.000035000         0.2744\n";
    assert!(conversations.contains(line), "{conversations}");
}

#[test]
fn an_unknown_statistic_is_a_wrong_command_line() {
    for (name, sentence) in [
        ("io,phz", "did you mean io,phs?"),
        ("conv,ip,nosuch", "nosuch is neither a field nor a protocol"),
        ("io,stat,x", "an interval in seconds comes first"),
    ] {
        let output = run(&["-q", "-z", name], BOOK);
        assert_eq!(output.status.code(), Some(1), "{name}");
        assert!(String::from_utf8_lossy(&output.stderr).contains(sentence), "{name}");
    }
    assert!(printed(&["-z", "help"], BOOK).contains("conv,sctp[,FILTER]\n"));
}
