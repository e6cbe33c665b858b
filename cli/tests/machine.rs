//! Outputs for programs as their users meet them: chosen fields, Elasticsearch, written captures, lists, what was said.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn testdata(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata").join(name)
}

fn sctpdump(words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sctpdump"));
    command.env_remove("NO_COLOR").env("TZ", "UTC").current_dir(testdata("")).args(words);
    command.output().unwrap()
}

fn printed(words: &[&str]) -> String {
    let output = sctpdump(words);
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// What is said of a wrong command line.
fn refused(words: &[&str]) -> String {
    let output = sctpdump(words);
    assert_eq!(output.status.code(), Some(1), "{words:?}");
    assert!(output.stdout.is_empty(), "{words:?}");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn fields_with_tsharks_options() {
    let words =
        ["-r", "sctp/classic_eth.pcap", "-T", "fields", "-e", "frame.number", "-e", "sctp.port", "-e"];
    let more = |more: &[&str]| printed(&[&words[..], more].concat());
    let text = more(&["_ws.col.Protocol", "-E", "header=y", "-E", "separator=/s", "-E", "aggregator=/s"]);
    assert_eq!(text.lines().next(), Some("frame.number sctp.port _ws.col.Protocol"));
    assert_eq!(text.lines().nth(3), Some("3 40001 4444 SCTP"));
    let text = more(&["_ws.col.Info", "-E", "quote=d", "-E", "occurrence=f", "-c", "1"]);
    assert_eq!(text, "\"1\"\t\t\"Who has 10.77.1.2? Tell 10.77.1.1\"\n");
    let text = more(&["frame.time_relative", "-Y", "frame.number in {2,4}", "-E", "separator=;"]);
    assert_eq!(text.lines().next(), Some("2;;0.000030000"));
}

#[test]
fn times_of_packets_that_are_printed() {
    let words = ["-r", "sctp/classic_eth.pcap", "-T", "fields", "-e", "frame.time_delta", "-e"];
    let text = printed(&[&words[..], &["frame.time_delta_displayed", "-Y", "frame.number > 1"]].concat());
    assert_eq!(
        text.lines().take(2).collect::<Vec<_>>(),
        ["0.000030000\t0.000000000", "0.000005000\t0.000005000"]
    );
}

#[test]
fn capture_filters_take_packets_as_if_there_were_no_others() {
    let file = "sctp/classic_eth.pcap";
    let numbers = |words: &[&str]| {
        let text = printed(&[words, &["-T", "fields", "-e", "frame.number", file]].concat());
        text.lines().map(|line| line.parse().unwrap()).collect::<Vec<u64>>()
    };
    let chunks = ["-f", "sctp[12] = 1 or sctp[12] = 3"];
    let some = numbers(&chunks);
    assert_eq!(some.first(), Some(&3));
    assert!(some.len() > 3 && some.len() < 15, "{some:?}");
    // Twice, and with what is learnt, it is the same.
    assert_eq!(numbers(&["-2", "-f", chunks[1]]), some);
    assert_eq!(numbers(&["-f", chunks[1], "-Y", "sctp.assoc_index == 0"]), some);
    // Others do not count.
    assert_eq!(numbers(&["-f", chunks[1], "-c", "2"]), &some[..2]);
    assert_eq!(numbers(&["-f", "", "-c", "2"]), [1, 2]);
    // Times begin with the first that is taken, and what others brought is not known: nothing is acknowledged.
    let first =
        ["-f", "sctp[12] = 0", "-2", "-T", "fields", "-e", "frame.time_relative", "-e", "sctp.acked", file];
    assert_eq!(printed(&first).lines().next(), Some("0.000000000\t"));
    let written = sctpdump(&["-f", "sctp[12] = 1", "-w", "-", file]);
    assert_eq!(
        dissect::capture::Reader::new(&written.stdout[..]).unwrap().next().unwrap().unwrap().bytes[46],
        1
    );
}

#[test]
fn each_of_two_languages_is_told_from_the_other() {
    let said = |words: &[&str]| {
        let output = sctpdump(words);
        assert_eq!(output.status.code(), Some(2), "{words:?}");
        String::from_utf8(output.stderr).unwrap()
    };
    let file = "sctp/classic_eth.pcap";
    insta::assert_snapshot!(said(&[file, "sctp and port 4444"]), @r"
    sctpdump: 4444 was not expected here; expected and, or, or the end
        sctp and port 4444
                      ^~~~
    This is a capture filter: give it with -f
    ");
    insta::assert_snapshot!(said(&["-f", "sctp.chunk_type == 1", file]), @r"
    sctpdump: sctp.chunk_type is no word of capture filters; expected a test, such as tcp, port 80 or host 10.0.0.1
        sctp.chunk_type == 1
        ^~~~~~~~~~~~~~~
    This is a display filter: give it with -Y, or behind the capture
    ");
    insta::assert_snapshot!(said(&["-f", "sctp port", file]), @r"
    sctpdump: The capture filter ends here; expected a port: its number or name
        sctp port
                 ^
    ");
}

#[test]
fn flow_of_echoes_as_tshark_writes_it() {
    use dissect::capture::{LinkType, Packet, PcapFile, Time, Writer};
    let header = |id: u8, source: u8, destination: u8| {
        [0x45, 0, 0, 28, 0, id, 0, 0, 64, 1, 0, 0, 10, 0, 0, source, 10, 0, 0, destination]
    };
    let messages = [
        [&header(1, 1, 2)[..], &[8, 0, 0xf7, 0xfb, 0, 3, 0, 1]].concat(),
        [&header(2, 2, 1)[..], &[0, 0, 0xff, 0xfb, 0, 3, 0, 1]].concat(),
        // No echo: it is left out.
        [&header(3, 2, 1)[..], &[3, 1, 0xfc, 0xfe, 0, 0, 0, 0]].concat(),
    ];
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("echoes.pcap");
    let mut writer =
        Writer::pcap(std::fs::File::create(&path).unwrap(), PcapFile::new(LinkType::IPV4)).unwrap();
    for (at, bytes) in (0..).zip(&messages) {
        let time = Some(Time::new(1_700_000_000, at * 8_503_000));
        writer.packet(&Packet { time, ..Packet::new(LinkType::IPV4, bytes) }).unwrap();
    }
    writer.finish().unwrap();
    let path = path.to_str().unwrap();
    let text = printed(&["-q", "-z", "flow,icmp,standard", path]);
    let shown: Vec<&str> = text.lines().map(str::trim_end).collect();
    assert_eq!(
        shown,
        [
            "|Time     | 10.0.0.1                              |",
            "|         |                   | 10.0.0.2          |",
            "|0.000000 |         Echo (ping) request           |ICMP: Echo (ping) request  id=0x0003, seq=1/256, ttl=64",
            "|         |(0)      ------------------>  (2048)   |",
            "|0.008503 |         Echo (ping) reply             |ICMP: Echo (ping) reply    id=0x0003, seq=1/256, ttl=64 (request in 1)",
            "|         |(0)      <------------------  (0)      |",
        ]
    );
    assert_eq!(printed(&["-q", "-z", "flow,icmpv6,standard", path]), "");
}

#[test]
fn preferences_with_tsharks_names() {
    let status = |preferences: &[&str], field: &str| {
        let words: Vec<&str> = preferences.iter().flat_map(|one| ["-o", *one]).collect();
        let more = ["-c", "3", "-T", "fields", "-e", field, "sctp/crafted_eth.pcap"];
        printed(&[&words[..], &more].concat()).lines().last().unwrap().to_owned()
    };
    assert_eq!(status(&[], "sctp.checksum.status"), "1");
    assert_eq!(status(&["sctp.checksum:None"], "sctp.checksum.status"), "2");
    assert_eq!(status(&["sctp.checksum:None", "sctp.checksum:CRC-32c"], "sctp.checksum.status"), "1");
    assert_eq!(status(&["ip.check_checksum: FALSE", "sctp.relative_tsns:FALSE"], "ip.checksum.status"), "2");
    let bad =
        ["-T", "fields", "-e", "frame.number", "-Y", "sctp.checksum.status == Bad", "sctp/crafted_eth.pcap"];
    assert!(!printed(&bad).is_empty());
    assert_eq!(printed(&[&["-o", "sctp.checksum:None"], &bad[..]].concat()), "");
    let file = "sctp/crafted_eth.pcap";
    let said = refused(&["-o", "tcp.analyze_sequence_numbers:FALSE", file]);
    assert!(said.contains("it is TRUE here: what packets tell of each other"), "{said}");
    assert!(refused(&["-o", "tcp.check_cksum:TRUE", file]).contains("did you mean tcp.check_checksum?"));
    assert!(refused(&["-o", "tcp.check_checksum", file]).contains("NAME:VALUE"));
}

#[test]
fn chosen_fields_as_objects() {
    let file = "sctp/classic_eth.pcap";
    let words = [
        "-c",
        "7",
        "-e",
        "frame.number",
        "-e",
        "sctp.chunk_type",
        "-e",
        "sip.Method",
        "-e",
        "ip.src",
        "-e",
        "ip.src",
    ];
    let array = printed(&[&["-T", "json"], &words[..], &[file]].concat());
    let packets: Vec<serde_json::Value> = serde_json::from_str(&array).unwrap();
    assert_eq!(packets.len(), 7);
    let layers =
        serde_json::json!({"frame.number": ["7"], "sctp.chunk_type": ["0"], "ip.src": ["10.77.1.1"]});
    assert_eq!(packets[6]["_source"]["layers"], layers);
    assert_eq!(array.matches("\"ip.src\"").count(), 5);
    let lines = printed(&[&["-T", "ndjson"], &words[..], &[file]].concat());
    assert_eq!(serde_json::from_str::<serde_json::Value>(lines.lines().last().unwrap()).unwrap(), layers);
    let bulk = printed(&[&["-T", "ek"], &words[..], &["-E", "occurrence=f", file]].concat());
    assert_eq!(bulk.lines().count(), 14);
    let last: serde_json::Value = serde_json::from_str(bulk.lines().last().unwrap()).unwrap();
    assert_eq!(last["layers"]["sctp_chunk_type"][0], "0");
    // Nothing picked is still an array, and a row a chunk an object.
    let none = printed(&["-T", "json", "-e", "ip.src", "-Y", "sip", file]);
    assert_eq!(serde_json::from_str::<Vec<serde_json::Value>>(&none).unwrap().len(), 0);
    let chunks = printed(&["-T", "ndjson", "--per", "chunk", "-e", "sctp.chunk_type", "sctp/streams.pcap"]);
    assert!(
        chunks.lines().all(|line| line.starts_with("{\"sctp.chunk_type\":[\"") && !line.contains(',')),
        "{chunks}"
    );
    assert!(refused(&["-T", "json", "-J", "ip", "-e", "ip.src", file]).contains("-J"));
    assert!(refused(&["-T", "psml", "-e", "ip.src", file]).contains("json"));
}

#[test]
fn wrong_fields_and_options_are_a_wrong_command_line() {
    let file = "sctp/classic_eth.pcap";
    assert!(
        refused(&["-T", "fields", "-e", "sctp.chunktype", file]).contains("did you mean sctp.chunk_type?")
    );
    assert!(refused(&["-T", "fields", file]).contains("-e"));
    assert!(refused(&["-e", "ip.src", file]).contains("-T fields"));
    for option in ["header=x", "seperator=,", "quote=q", "occurrence=x", "header"] {
        assert!(refused(&["-T", "fields", "-e", "ip.src", "-E", option, file]).contains("separator=/t|/s|C"));
    }
    assert!(refused(&["-J", "ip", file]).contains("-T json"));
    assert!(refused(&["-T", "json", "-J", "ipp", file]).contains("ipp"));
    assert!(refused(&["--heuristic", "skype", file]).contains("rtp_udp"));
}

/// A packet that needs what was left out of learning makes all be learnt: here RTP that SDP announces, in UDP.
#[test]
fn learning_less_prints_the_same() {
    for file in ["sip/reinvite.pcap", "formats/ipfrag_sctp.pcap", "sctp/udpencap.pcap", "sctp/loss_a.pcap"] {
        let words =
            ["-r", file, "-T", "fields", "-e", "frame.number", "-e", "ip.src", "-e", "sctp.data_tsn_raw"];
        let lean = printed(&words);
        // A field that needs memory makes all be learnt.
        let whole = printed(&[&words[..], &["-e", "udp.stream"]].concat());
        let whole: Vec<&str> = whole.lines().filter_map(|row| Some(row.rsplit_once('\t')?.0)).collect();
        assert_eq!(lean.lines().collect::<Vec<_>>(), whole, "{file}");
    }
}

#[test]
fn csv_is_a_table_without_formulas() {
    let text = printed(&[
        "-T",
        "csv",
        "-e",
        "frame.number",
        "-e",
        "ip.addr",
        "-e",
        "sip.Via",
        "sip/reinvite.pcap",
        "sip",
    ]);
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("frame.number,ip.addr,sip.Via"));
    assert_eq!(
        lines.next(),
        Some("8,10.77.1.1;10.77.1.2,SIP/2.0/UDP 10.77.1.1:5060;branch=z9hG4bK-20826-1-0")
    );
}

#[test]
fn parts_of_trees() {
    let file = "sctp/classic_eth.pcap";
    let layers = |words: &[&str]| -> Vec<serde_json::Value> {
        let text = printed(&[words, &["-T", "ndjson", "-Y", "frame.number == 3", file]].concat());
        let packet: serde_json::Value = serde_json::from_str(text.trim()).unwrap();
        packet["layers"].as_array().unwrap().clone()
    };
    let whole = layers(&["-J", "ip,sctp"]);
    assert_eq!(
        whole.iter().map(|layer| layer["protocol"].as_str().unwrap()).collect::<Vec<_>>(),
        ["ip", "sctp"]
    );
    assert!(whole[0]["ip.flags_tree"].is_object() && whole[1]["sctp.chunk"][0]["sctp.chunk_type"] == 1);
    let top = layers(&["-j", "ip ip.dsfield"]);
    assert!(
        top.len() == 1 && top[0]["ip.flags_tree"].is_null() && top[0]["ip.dsfield_tree"].is_object(),
        "{top:?}"
    );
}

#[test]
fn every_machine_output_has_a_begin_and_an_end() {
    for (output, begin, end) in [
        ("json", "[\n{", "}\n]\n"),
        ("jsonraw", "[\n{\"_index\":\"packets-2026-11-21\",", "}\n]\n"),
        ("ndjson", "{\"version\":", "}\n"),
        (
            "ek",
            "{\"index\":{\"_index\":\"packets-2026-11-21\",\"_type\":\"doc\"}}\n{\"timestamp\":\"1795293497951\",",
            "}}\n",
        ),
        ("psml", "<?xml version=\"1.0\"", "</packet>\n\n</psml>\n"),
        ("pdml", "<?xml version=\"1.0\"", "</pdml>\n"),
        ("tabs", "    1\t  0.000000\t02:77:00:00:01:0a\t→\tff:ff:ff:ff:ff:ff\tARP\t42\t", "\n"),
    ] {
        let text = printed(&["-T", output, "-c", "5", "sctp/classic_eth.pcap"]);
        assert!(text.starts_with(begin) && text.ends_with(end), "{output}: {text}");
    }
}

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

#[test]
fn what_two_ends_said() {
    let text = printed(&["follow", "sctp", "sctp/fragments.pcap", "0", "0"]);
    assert!(
        text.contains("\n→ packet 7, 0.011464 s, stream 0, TSN 4257445734, PPID 0, 6 bytes\nDATA 1\n"),
        "{text}"
    );
    assert!(
        text.contains("\n← packet 9, 0.011643 s, stream 0, TSN 3685629982, PPID 0, 2 bytes\nOK\n"),
        "{text}"
    );
    assert!(!text.contains("stream 1,") && !text.contains('\u{1b}'), "{text}");
    let colours = printed(&["follow", "tcp", "sip/tcp.pcap", "0", "--color", "always"]);
    assert!(colours.contains("\u{1b}["), "{colours}");
    // Out of order, sent again, and twenty bytes that the capture lacks.
    let text = printed(&["follow", "tcp", "made/tcp_connection.pcap", "0", "-T", "hex"]);
    assert!(text.contains("packet 19, 0.517000 s, 20 bytes are missing in the capture\n"), "{text}");
    let json = printed(&["follow", "sip", "sip/reinvite.pcap", "0", "-T", "json"]);
    let said: serde_json::Value = serde_json::from_str(&json).unwrap();
    let first = &said["pieces"][0];
    assert!(
        first["text"].as_str().unwrap().starts_with("INVITE sip:bob@10.77.1.2:5060 SIP/2.0\r\n"),
        "{first}"
    );
    assert_eq!((first["packet"].as_u64(), first["side"].as_u64()), (Some(8), Some(0)));
    let call = said["filter"].as_str().unwrap().split('"').nth(1).unwrap();
    assert_eq!(printed(&["follow", "sip", "sip/reinvite.pcap", call, "-T", "json"]), json);
    assert!(refused(&["follow", "tcp", "sip/tcp.pcap", "99"]).contains("99"));
}

/// tshark's words, byte for byte.
#[test]
fn follow_as_tshark_writes_it() {
    let text = printed(&["-q", "-z", "follow,tcp,ascii,0", "sip/tcp.pcap"]);
    let begin = "\n===================================================================\nFollow: tcp,ascii\n\
        Filter: tcp.stream eq 0\nNode 0: 10.77.1.1:36197\nNode 1: 10.77.1.2:5060\n509\nINVITE sip:service@";
    assert!(text.starts_with(begin), "{text}");
    assert!(text.contains("\r\n\n\t309\nSIP/2.0 180 Ringing\r\n"), "{text}");
    let text = printed(&["-q", "-z", "follow,tcp,hex,0", "sip/tcp.pcap"]);
    assert!(
        text.contains("\n00000020  30 20 53 49 50 2f 32 2e  30 0d 0a 56 69 61 3a 20  0 SIP/2. 0..Via:\n"),
        "{text}"
    );
    assert!(
        text.contains("\n\t00000000  53 49 50 2f 32 2e 30 20  31 38 30 20 52 69 6e 67  SIP/2.0  180 Ring\n"),
        "{text}"
    );
    let text = printed(&["-q", "-z", "follow,tcp,ascii,0", "made/tcp_connection.pcap"]);
    assert!(text.contains("\n35\n[20 bytes missing in capture file].\n200\n"), "{text}");
    assert!(refused(&["-q", "-z", "follow,tcp,ascii", "sip/tcp.pcap"]).contains("number"));
}

/// tshark's graphs, byte for byte: nodes side by side, conversations apart.
#[test]
fn flow_as_tshark_writes_it() {
    let text = printed(&["-q", "-z", "flow,tcp,network", "sip/tcp.pcap"]);
    let begin = [
        "|Time     | 10.77.1.1                             |",
        "|         |                   | 10.77.1.2         |                   ",
        "|0.540161 |         SYN       |                   |Seq = 0",
        "|         |(36197)  ------------------>  (5060)   |",
        "|0.540174 |         SYN, ACK  |                   |Seq = 0 Ack = 1",
        "|         |(36197)  <------------------  (5060)   |",
    ];
    assert_eq!(text.lines().take(6).collect::<Vec<_>>(), begin);
    let text = printed(&["-q", "-z", "flow,any,standard,sip", "sip/reinvite.pcap"]);
    let row = "|0.553552 |         Request: INVITE sip:          |SIP/SDP: Request: INVITE sip:bob@10.77.1.2:5060 | ";
    assert_eq!(text.lines().nth(2), Some(row));
    let text = printed(&["-q", "-z", "flow,tcp,standard", "made/tcp_connection.pcap"]);
    assert!(
        text.starts_with("Conv.| Time    | 10.0.0.1  ")
            && text.contains(&format!("\n{}\n1    |", "-".repeat(57)))
    );
    assert!(refused(&["-q", "-z", "flow,any", "sip/tcp.pcap"]).contains("standard or network"));
}

#[test]
fn lists_in_tsharks_columns() {
    let has =
        |list: &str, line: &str| assert!(printed(&["-G", list]).lines().any(|one| one == line), "{line}");
    has("protocols", "Stream Control Transmission Protocol\tSCTP\tsctp");
    has("values", "V\tsctp.chunk_type\t1\tINIT");
    has("values", "T\tip.flags.df\tSet\tNot set");
    has("decodes", "ip.proto\t132\tsctp");
    has("decodes", "udp.port\t5060\tsip");
    let fields = printed(&["-G"]);
    assert!(
        fields
            .lines()
            .any(|line| line.starts_with("F\tChecksum\tsctp.checksum\tFT_UINT32\tsctp\tBASE_HEX\t0x0\t"))
    );
    assert!(
        fields
            .lines()
            .any(|line| line.starts_with("F\tDon't fragment\tip.flags.df\tFT_BOOLEAN\tip\t8\t0x40\t"))
    );
    assert_eq!(printed(&["-G", "fields"]), fields);
}

#[test]
fn rtp_without_signalling() {
    let found = |words: &[&str]| {
        printed(&[words, &["sip/udp_rtp.pcap", "rtp && !rtp.setup-frame"]].concat()).lines().count()
    };
    assert_eq!(found(&[]), 0);
    let streams = printed(&["rtp", "sip/udp_rtp.pcap", "--heuristic", "rtp"]);
    assert!(!streams.is_empty());
    assert_eq!(found(&["--heuristic", "rtp"]), found(&["--enable-heuristic", "rtp_udp"]));
}

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

/// As tshark 4.0 writes them.
#[test]
fn chosen_fields_are_elements_of_pdml() {
    let words =
        ["-T", "pdml", "-r", "sctp/classic_eth.pcap", "-Y", "frame.number == 9", "-e", "sctp.port", "-e"];
    let text = printed(&[&words[..], &["ip.ttl", "-e", "sip.Method", "-e", "_ws.col.Info"]].concat());
    let packet = text.split_once("  </proto>\n").unwrap().1;
    let expected = [
        "  <field name=\"sctp.port\" value=\"4444\"/>",
        "  <field name=\"sctp.port\" value=\"40001\"/>",
        "  <field name=\"ip.ttl\" value=\"64\"/>",
        "  <field name=\"_ws.col.Info\" value=\"DATA (TSN=",
    ];
    for (line, expected) in packet.lines().zip(expected) {
        assert!(line.starts_with(expected), "{packet}");
    }
    assert!(text.starts_with("<?xml") && text.contains("<packet>\n  <proto name=\"geninfo\""));
    assert!(packet.ends_with("</packet>\n</pdml>\n"), "{packet}");
    let from =
        printed(&["-T", "pdml", "-e", "sip.From", "-E", "occurrence=f", "-c", "9", "sip/cancel.pcap", "sip"]);
    assert!(from.contains(
        "<field name=\"sip.From\" value=\"&quot;Alice&quot; &lt;sip:alice@10.77.1.1:5060&gt;;tag="
    ));
}

/// What is left out leaves tshark's marks in tshark's shapes.
#[test]
fn what_is_left_out_is_marked() {
    let words = |output: &str, which: &str, names: &str| {
        let file = ["-r", "sctp/classic_eth.pcap", "-Y", "frame.number == 3"];
        printed(&[&["-T", output, which, names], &file[..]].concat())
    };
    let pdml = words("pdml", "-J", "ip");
    for name in ["frame", "eth", "sctp"] {
        let mark = format!("    <field name=\"filtered\" value=\"{name}\"/>\n  </proto>\n");
        assert!(pdml.contains(&mark), "{pdml}");
    }
    assert_eq!(pdml.matches("\"filtered\"").count(), 3);
    assert!(pdml.contains("<field name=\"ip.flags.df\"") && !pdml.contains("sctp.srcport"));
    let top = words("pdml", "-j", "ip ip.flags");
    assert!(top.contains("      <field name=\"filtered\" value=\"ip.dsfield\"/>\n    </field>\n"), "{top}");
    assert!(top.contains("<field name=\"ip.flags.df\"") && !top.contains("ip.dsfield.ecn"));
    let ek = words("ek", "-J", "ip");
    let layers: serde_json::Value = serde_json::from_str(ek.lines().nth(1).unwrap()).unwrap();
    let layers = &layers["layers"];
    assert_eq!(layers["frame"], serde_json::json!({"filtered": "frame"}));
    assert_eq!(layers["sctp"], serde_json::json!({"filtered": "sctp"}));
    assert_eq!(layers["ip"]["ip_ip_ttl"], "64");
    let raw: serde_json::Value = serde_json::from_str(&words("jsonraw", "-J", "ip")).unwrap();
    let layers = &raw[0]["_source"]["layers"];
    assert_eq!(layers["eth"], serde_json::json!({"filtered": "eth"}));
    assert!(layers["eth_raw"].is_array() && layers["ip"]["ip.ttl_raw"].is_array());
    // A protocol is found wherever it stands.
    let sip = printed(&["-T", "pdml", "-J", "sip", "-Y", "sip && sctp", "sctp/sip_sctp.pcap"]);
    assert!(sip.contains("<field name=\"sip.") && sip.contains("value=\"sctp\"/>"), "{sip:.900}");
}

#[test]
fn reports_take_capture_filters() {
    let file = "sctp/classic_eth.pcap";
    let rows = |words: &[&str]| printed(&[words, &["-T", "csv"]].concat()).lines().count();
    assert!(rows(&["assoc", file]) > rows(&["assoc", file, "-f", "not sctp"]));
    assert_eq!(printed(&["assoc", file, "-f", "sctp"]), printed(&["assoc", file]));
    for words in [
        &["ladder", file, "assoc", "0"][..],
        &["chart", file, "assoc", "0"],
        &["follow", "sctp", file, "0"],
        &["events", file, "0"],
    ] {
        assert!(sctpdump(&[words, &["-f", "port 4444"]].concat()).status.success(), "{words:?}");
        let none = sctpdump(&[words, &["-f", "port 9"]].concat());
        assert_eq!(none.status.code(), Some(1), "{words:?}");
    }
    let wrong = sctpdump(&["calls", file, "-f", "sip.Method == INVITE"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(String::from_utf8(wrong.stderr).unwrap().contains("display filter"));
}

/// As of a capture that the filter's packets were written to.
#[test]
fn reports_take_display_filters() {
    let folder = tempfile::tempdir().unwrap();
    let part = folder.path().join("part.pcapng");
    let part = part.to_str().unwrap();
    for (file, filter, reports) in [
        (
            "sctp/many_assocs.pcap",
            "sctp.assoc_index in {2, 4}",
            &[&["assoc"][..], &["assoc", "1"], &["assoc", "--health", "1"], &["events", "0"]][..],
        ),
        ("sip/udp_rtp.pcap", "sip.Status-Code == 200 || rtp", &[&["calls"], &["calls", "1"], &["rtp"]]),
        ("sip/tcp.pcap", "tcp.len > 0", &[&["streams"], &["streams", "0"]]),
    ] {
        assert!(sctpdump(&["-Y", filter, "-w", part, file]).status.success());
        for words in reports {
            let of = |file: &str, more: &[&str]| {
                printed(&[&[words[0], file], &words[1..], more, &["-T", "csv"]].concat())
            };
            let (answer, expected) = (of(file, &["-Y", filter]), of(part, &[]));
            // Packets keep their numbers, and times are as they were.
            assert_eq!(answer.lines().count(), expected.lines().count(), "{words:?}");
            assert_ne!(answer, of(file, &[]), "{words:?}");
        }
    }
    // The filter knows all packets: responses, by the time since requests that it does not pick.
    let calls = printed(&["calls", "sip/udp_rtp.pcap", "-Y", "sip.response-time"]);
    assert!(calls.starts_with("3 SIP calls") && calls.lines().all(|line| !line.contains("  6  ")), "{calls}");
    for words in [
        &["ladder", "sctp/classic_eth.pcap", "assoc", "0"][..],
        &["chart", "sctp/classic_eth.pcap", "assoc", "0"],
        &["follow", "sctp", "sctp/classic_eth.pcap", "0"],
        &["follow", "sip", "sip/udp_rtp.pcap", "0"],
    ] {
        let all = printed(words);
        assert_eq!(printed(&[words, &["-Y", "frame.number == 1 || sctp || sip"]].concat()), all, "{words:?}");
        let some = printed(
            &[words, &["-Y", "frame.number == 1 || sctp.data_tsn_raw == 2655454317 || sip.Method"]].concat(),
        );
        assert_ne!(some, all, "{words:?}");
        let none = sctpdump(&[words, &["-Y", "arp"]].concat());
        assert_eq!(none.status.code(), Some(1), "{words:?}");
    }
    // Both filters together.
    assert_eq!(
        printed(&["calls", "sip/udp_rtp.pcap", "-f", "portrange 1-6000", "-Y", "sip"]),
        printed(&["calls", "sip/udp_rtp.pcap", "-Y", "sip"])
    );
    let wrong = sctpdump(&["calls", "sip/udp_rtp.pcap", "-Y", "sip port 3"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(String::from_utf8(wrong.stderr).unwrap().contains("^~~~"));
    let words = refused_with(&["calls", "sip/udp_rtp.pcap", "sip.Method"], 1);
    assert!(words.contains("a display filter is given by -Y"), "{words}");
}

/// What is said of a command line that ends with this status.
fn refused_with(words: &[&str], status: i32) -> String {
    let output = sctpdump(words);
    assert_eq!(output.status.code(), Some(status), "{words:?}");
    String::from_utf8(output.stderr).unwrap()
}

/// As tshark, which says nothing of it.
#[test]
fn display_filters_do_not_choose_what_statistics_count() {
    let words = ["-q", "-z", "io,phs", "-z", "sip,stat", "sip/udp_rtp.pcap"];
    let output = sctpdump(&[&["-Y", "rtp"], &words[..]].concat());
    assert!(output.status.success());
    assert_eq!(String::from_utf8(output.stdout).unwrap(), printed(&words));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("-z io,phs,FILTER") && said.contains("-2 -R"), "{said}");
    // Where packets are printed or written too, the filter has its use.
    for words in [&["-Y", "rtp", "-z", "io,phs"][..], &["-2", "-R", "rtp", "-q", "-z", "io,phs"]] {
        let output = sctpdump(&[words, &["sip/udp_rtp.pcap"]].concat());
        assert!(output.stderr.is_empty(), "{words:?}");
    }
    assert!(refused(&["-q", "-z", "sip,stat,sip.Nothing", "sip/udp_rtp.pcap"]).contains("^~~~"));
}

/// The lines of tshark 4.0.
#[test]
fn sequence_numbers_as_they_are_on_the_wire() {
    let absolute = ["-o", "tcp.relative_sequence_numbers:FALSE"];
    let with = |words: &[&str]| printed(&[&absolute[..], words, &["sip/tcp.pcap"]].concat());
    let lines = with(&["-f", "tcp", "-c", "3"]);
    for (line, numbers) in lines.lines().zip([
        "36197 → 5060 [SYN] Seq=3008578164 Win=64240 Len=0 ",
        "5060 → 36197 [SYN, ACK] Seq=3058504665 Ack=3008578165 Win=65160 Len=0 ",
        "36197 → 5060 [ACK] Seq=3008578165 Ack=3058504666 Win=64240 Len=0 ",
    ]) {
        assert!(line.contains(numbers), "{line}");
    }
    let tree = with(&["-V", "-f", "tcp", "-c", "3"]);
    assert!(tree.contains("\nTransmission Control Protocol, Src Port: 36197, Dst Port: 5060, Seq: 3008578165, Ack: 3058504666, Len: 0\n"));
    assert!(tree.contains("\n    Sequence Number: 3008578165\n") && !tree.contains("relative"), "{tree}");
    let fields =
        with(&["-T", "fields", "-f", "tcp", "-c", "3", "-e", "tcp.seq", "-e", "tcp.nxtseq", "-e", "tcp.ack"]);
    assert_eq!(fields.lines().nth(2), Some("3008578165\t3008578165\t3058504666"));
}
