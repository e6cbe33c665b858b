//! What two ends said, and lists of who spoke.

use crate::{printed, refused};

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
