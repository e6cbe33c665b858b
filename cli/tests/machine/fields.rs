//! Chosen fields and parts of trees, in every output for programs.

use crate::{printed, refused};

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
