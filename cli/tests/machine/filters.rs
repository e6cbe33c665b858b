//! Capture filters and display filters: what each chooses.

use crate::{printed, refused, sctpdump};

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
