//! Chosen fields: the rows that tshark prints, and that nothing that learning leaves out would change them.

use dissect::capture::Reader;
use dissect::format::{Columns, Layout, Occurrence, Per, Quote};
use dissect::{Dissection, Dissector, Field, Kind, Line, Out, Protocol, See, Tree};
use std::path::{Path, PathBuf};

fn testdata() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata")
}

/// The rows of a capture; `lean` learns no more than they need, and answers whether that would do.
fn rows(capture: &Path, columns: &mut Columns, lean: bool) -> (String, bool) {
    let dissector = Dissector::default();
    let only = columns.only().cloned();
    let mut memory = match &only {
        Some(only) if lean => dissector.memory_for(only),
        _ => dissector.memory(),
    };
    let (mut tree, mut line, mut out) = (Tree::new(), Line::new(), Out::new());
    let mut reader = Reader::new(std::fs::File::open(capture).unwrap()).unwrap();
    columns.begin(&mut out);
    while let Some(next) = reader.next() {
        let Ok(packet) = next else { continue };
        dissector.learn(&mut memory, &packet);
        let see = See::with(&memory, packet.number);
        if columns.reads_line() {
            dissector.summarize(&see, &packet, &mut line);
        }
        match &only {
            Some(only) => dissector.dissect_only(&see, &packet, only, &mut tree),
            None => dissector.dissect(&see, &packet, &mut tree),
        }
        columns.packet(Dissection { tree: &tree, packet: &packet }, &line, |_, _| {}, &mut out);
    }
    (out.to_string_lossy(), !memory.lacks())
}

fn columns(names: &[&str], layout: Layout, per: Per) -> Columns {
    Columns::new(&Dissector::default(), names, layout, per).unwrap()
}

fn captures(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            captures(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "pcap" || ending == "pcapng") {
            found.push(path);
        }
    }
}

/// What protocols say no memory changes is the same whether all was learnt or only what leads to it.
#[test]
fn what_is_left_out_of_learning_changes_no_row() {
    let dissector = Dissector::default();
    let alone = |one: &&'static Protocol| -> Vec<&'static Field> {
        one.alone.iter().copied().flatten().copied().collect()
    };
    let (mut paths, mut compared) = (Vec::new(), 0);
    captures(&testdata(), &mut paths);
    for protocol in dissector.protocols().iter().filter(|one| !one.alone.is_empty()) {
        let mut names: Vec<&str> = alone(protocol)
            .iter()
            .filter(|field| field.show.kind != Kind::Protocol || field.name == protocol.name)
            .map(|field| field.name)
            .collect();
        // Some names are also those of fields of other protocols.
        names.retain(|name| {
            columns(&[name], Layout::default(), Per::Packet).only().is_some_and(dissect::Only::is_lean)
        });
        assert!(names.len() > 10, "fields of {} that can be read alone", protocol.name);
        let mut columns = columns(&names, Layout::default(), Per::Packet);
        for path in &paths {
            let (lean, sure) = rows(path, &mut columns, true);
            if sure {
                compared += 1;
                assert_eq!(
                    lean,
                    rows(path, &mut columns, false).0,
                    "{} in {}",
                    protocol.name,
                    path.display()
                );
            }
        }
    }
    assert!(compared > 40, "captures for which learning less will do: {compared}");
}

#[test]
fn a_field_of_what_was_learnt_needs_all_to_be_learnt() {
    for name in ["sctp.assoc_index", "ip.reassembled_in", "tcp.stream", "sip.response-time", "rtp.seq"] {
        let columns = columns(&[name], Layout::default(), Per::Packet);
        assert!(!columns.only().is_some_and(dissect::Only::is_lean), "{name}");
    }
}

#[test]
fn every_layout_is_tsharks() {
    let capture = testdata().join("sctp/abort_eth.pcap");
    let written = |layout: Layout| {
        let mut columns = columns(&["frame.number", "sctp.chunk_type", "sctp.port"], layout, Per::Packet);
        rows(&capture, &mut columns, false).0.lines().take(5).collect::<Vec<_>>().join("\n")
    };
    let plain = Layout::default();
    assert_eq!(written(plain), "1\t\t\n2\t\t\n3\t1\t40002,4444\n4\t2\t4444,40002\n5\t10\t40002,4444");
    let layout = Layout { header: true, bom: true, separator: b'|', quote: Quote::Double, ..plain };
    assert_eq!(
        written(layout),
        "\u{feff}frame.number|sctp.chunk_type|sctp.port\n\"1\"||\n\"2\"||\n\"3\"|\"1\"|\"40002,4444\"\n\"4\"|\"2\"|\"4444,40002\""
    );
    let layout = Layout { occurrence: Occurrence::Last, quote: Quote::Single, ..plain };
    assert_eq!(written(layout), "'1'\t\t\n'2'\t\t\n'3'\t'1'\t'4444'\n'4'\t'2'\t'40002'\n'5'\t'10'\t'4444'");
    let layout = Layout { aggregator: b' ', ..plain };
    assert_eq!(written(layout).lines().nth(2), Some("3\t1\t40002 4444"));
}

/// A row a chunk has the values of that chunk, and those that stand outside of all of them.
#[test]
fn rows_of_chunks_and_messages() {
    let names = ["frame.number", "sctp.srcport", "sctp.chunk_type", "sctp.data_tsn_raw"];
    let capture = testdata().join("sctp/loss_a.pcap");
    let text = rows(&capture, &mut columns(&names, Layout::default(), Per::Chunk), false).0;
    let whole = rows(&capture, &mut columns(&names, Layout::default(), Per::Packet), false).0;
    let chunks = |row: &str| row.split('\t').nth(2).unwrap().split(',').filter(|one| !one.is_empty()).count();
    assert_eq!(text.lines().count(), whole.lines().map(chunks).sum::<usize>());
    assert!(whole.lines().any(|row| chunks(row) > 1), "some packet has several chunks");
    for row in text.lines() {
        let cells: Vec<&str> = row.split('\t').collect();
        assert!(!cells[1].is_empty() && !cells[2].contains(','), "{row}");
        assert_eq!(cells[2] == "0", !cells[3].is_empty(), "{row}");
    }
    let names = ["frame.number", "ip.src", "sip.Method", "sip.Status-Code"];
    let text = rows(
        &testdata().join("sip/reinvite.pcap"),
        &mut columns(&names, Layout::default(), Per::Message),
        false,
    )
    .0;
    assert!(text.lines().next().is_some_and(|row| row.ends_with("\t10.77.1.1\tINVITE\t")), "{text}");
}

#[test]
fn a_wrong_name_is_told_with_what_is_near() {
    let dissector = Dissector::default();
    let wrong = |name: &str| Columns::new(&dissector, &[name], Layout::default(), Per::Packet).unwrap_err();
    assert_eq!(
        wrong("sctp.chunktype"),
        "sctp.chunktype is neither a field nor a protocol; did you mean sctp.chunk_type?"
    );
    assert_eq!(
        wrong("_ws.col.Protocl"),
        "_ws.col.Protocl is neither a field nor a protocol; did you mean _ws.col.Protocol?"
    );
}

/// Captures, fields of them, and how many packets: what tshark 4.0 prints of them stands in columns.txt. Times are UTC.
const LIST: [(&str, &str, usize); 13] = [
    (
        "sctp/classic_eth.pcap",
        "frame.number frame.len frame.cap_len frame.time frame.time_epoch eth.src eth.dst eth.type",
        6,
    ),
    (
        "sctp/classic_eth.pcap",
        "ip.version ip.hdr_len ip.dsfield ip.dsfield.dscp ip.len ip.id ip.flags ip.flags.df ip.ttl ip.proto ip.src ip.addr ip",
        8,
    ),
    (
        "sctp/classic_eth.pcap",
        "sctp.srcport sctp.port sctp.verification_tag sctp.checksum sctp.chunk_type sctp.chunk_flags sctp.chunk_length sctp.data_tsn_raw sctp.data_sid sctp.data_ssn sctp.data_payload_proto_id data data.data data.len",
        14,
    ),
    (
        "sctp/auth.pcap",
        "sctp.parameter_type sctp.parameter_length sctp.parameter_padding sctp.random_number sctp.hmac_id sctp.cookie",
        8,
    ),
    (
        "sctp/abort_eth.pcap",
        "frame.number sctp.abort_t_bit sctp.cause_code sctp.cause_length sctp.cause_information",
        60,
    ),
    ("sctp/asconf.pcapng", "ipv6.src ipv6.dst ipv6.nxt ipv6.hlim ipv6.plen", 6),
    (
        "sip/reinvite.pcap",
        "sip.Method sip.Request-Line sip.Status-Line sip.Status-Code sip.Via sip.Via.branch sip.from.user sip.To sip.CSeq.seq",
        40,
    ),
    (
        "sip/reinvite.pcap",
        "sip sdp sdp.media sdp.media.port sdp.connection_info.address udp.srcport udp.port udp.length udp",
        40,
    ),
    (
        "sip/tcp.pcap",
        "tcp.srcport tcp.flags tcp.flags.syn tcp.flags.str tcp.window_size_value tcp.options tcp.option_kind tcp.options.mss_val tcp.len",
        12,
    ),
    (
        "sip/tcp.pcap",
        "tcp.stream tcp.seq tcp.ack tcp.nxtseq tcp.analysis.acks_frame tcp.analysis.ack_rtt tcp.time_delta",
        20,
    ),
    (
        "formats/ipfrag_sctp.pcap",
        "ip.frag_offset ip.flags.mf ip.fragment ip.fragment.count ip.reassembled.length sctp.chunk_type",
        60,
    ),
    (
        "sctp/ipv6.pcap",
        "ipv6.slaac_mac icmpv6.opt.linkaddr icmpv6.opt.src_linkaddr icmpv6.opt.target_linkaddr ipv6.opt.padn icmpv6.type",
        6,
    ),
    ("formats/comments.pcapng", "frame.comment frame.interface_id frame.encap_type", 6),
];

/// With `SCTPDUMP_UPDATE=1` tshark is asked, and columns.txt written anew.
#[test]
fn rows_are_tsharks() {
    let mut expected = String::new();
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/outputs/columns.txt");
    let update = std::env::var_os("SCTPDUMP_UPDATE").is_some();
    let mut own = String::new();
    for (capture, names, count) in LIST {
        let head = format!("# {capture}: {names}\n");
        let path = testdata().join(capture);
        let names: Vec<&str> = names.split(' ').collect();
        let rows = rows(&path, &mut columns(&names, Layout::default(), Per::Packet), false).0;
        own += &head;
        for row in rows.lines().take(count) {
            own.extend([row, "\n"]);
        }
        if update {
            let mut tshark = std::process::Command::new("tshark");
            tshark.env("TZ", "UTC").args(["-n", "-T", "fields", "-c", &count.to_string(), "-r"]).arg(&path);
            for name in &names {
                tshark.args(["-e", name]);
            }
            expected += &head;
            expected += std::str::from_utf8(&tshark.output().expect("tshark").stdout).unwrap();
        }
    }
    if update {
        std::fs::write(&place, &expected).unwrap();
    }
    let expected = std::fs::read_to_string(&place).unwrap();
    for (line, (own, theirs)) in own.lines().zip(expected.lines()).enumerate() {
        assert_eq!(own, theirs, "line {} of columns.txt", line + 1);
    }
    assert_eq!(own.lines().count(), expected.lines().count());
}
