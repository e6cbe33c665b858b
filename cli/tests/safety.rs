//! What stands in packets, names and comments can't be turned against who reads an output: a terminal, a spreadsheet, a page, a
//! reader of XML or JSON.

use std::path::PathBuf;
use std::process::{Command, Output};

/// Texts that attack: a terminal's colours, title and clipboard, text turned around, a spreadsheet's formula, a page's script,
/// XML's and JSON's ends, lines of their own, and bytes that are no UTF-8.
const ATTACKS: [&[u8]; 9] = [
    b"\x1b[31mred\x1b]0;title\x07\x1b]52;c;Zm9v\x07\x9b1m\x7f\x08",
    "a\u{202e}gnp.exe\u{2066}\u{200f}\u{61c}".as_bytes(),
    b"=HYPERLINK(\"http://x\")",
    b"@SUM(1+1)",
    b"-2+3+cmd|' /C calc'!A0",
    b"</script><script>alert(1)</script>",
    b"]]>&\"'<a b='c'/>\\u0000\\\"}",
    b"one\ntwo\rthree\ttab\0nul",
    b"\xff\xfe\xc0\xaf\xed\xa0\x80 \xc2\x9b\xe2\x80\xa8",
];

fn block(kind: u32, body: &[u8]) -> Vec<u8> {
    let mut body = body.to_vec();
    body.resize(body.len().next_multiple_of(4), 0);
    let length = (body.len() as u32 + 12).to_le_bytes();
    [&kind.to_le_bytes()[..], &length, &body, &length].concat()
}

fn option(code: u16, value: &[u8]) -> Vec<u8> {
    let mut out = [&code.to_le_bytes()[..], &(value.len() as u16).to_le_bytes(), value].concat();
    out.resize(out.len().next_multiple_of(4), 0);
    out
}

/// In IPv4 from one host or the other, to be cut short of its checksum, so that nothing is amiss.
fn ip(side: u8, protocol: u8, payload: &[u8]) -> Vec<u8> {
    let mut head =
        vec![0x45, 0, 0, 0, 0, 1, 0, 0, 64, protocol, 0, 0, 10, 0, 0, 1 + side, 10, 0, 0, 2 - side];
    head[2..4].copy_from_slice(&(payload.len() as u16 + 20).to_be_bytes());
    [head, payload.to_vec()].concat()
}

fn udp(side: u8, port: u16, payload: &[u8]) -> Vec<u8> {
    let length = (payload.len() as u16 + 8).to_be_bytes();
    ip(side, 17, &[&port.to_be_bytes()[..], &port.to_be_bytes(), &length, &[0, 0], payload].concat())
}

fn chunk(kind: u8, value: &[u8]) -> Vec<u8> {
    let mut out = [&[kind, 3][..], &(value.len() as u16 + 4).to_be_bytes(), value].concat();
    out.resize(out.len().next_multiple_of(4), 0);
    out
}

fn sctp(side: u8, tag: u32, chunks: &[Vec<u8>]) -> Vec<u8> {
    let ports = if side == 0 { [0x9c, 0x40, 0x13, 0xc4] } else { [0x13, 0xc4, 0x9c, 0x40] };
    // A checksum of zero is not verified (RFC 9653).
    ip(side, 132, &[&ports[..], &tag.to_be_bytes(), &[0; 4], &chunks.concat()].concat())
}

/// The packets of an attack: a call and an association whose every text is the attack.
fn packets(text: &[u8]) -> Vec<Vec<u8>> {
    // Line ends would end a header.
    let inline: Vec<u8> =
        text.iter().map(|byte| if matches!(byte, b'\n' | b'\r') { b' ' } else { *byte }).collect();
    let sdp = [
        &b"v=0\r\no="[..],
        &inline,
        b" 1 1 IN IP4 10.0.0.1\r\ns=",
        &inline,
        b"\r\nc=IN IP4 10.0.0.1\r\nt=0 0\r\nm=audio 6000 RTP/AVP 0\r\na=rtpmap:0 ",
        &inline,
        b"\r\n",
    ]
    .concat();
    let head = |first: &[u8], body: &[u8]| {
        let length = format!("Content-Length: {}\r\n\r\n", body.len());
        [
            first,
            b"\r\nVia: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK",
            &inline,
            b"\r\nFrom: \"",
            &inline,
            b"\" <sip:",
            &inline,
            b"@example.org>;tag=1\r\nTo: <sip:b@",
            &inline,
            b">\r\nCall-ID: ",
            &inline,
            b"\r\nCSeq: 1 INVITE\r\nUser-Agent: ",
            &inline,
            b"\r\nSubject: ",
            &inline,
            b"\r\nX-",
            &inline,
            b": ",
            &inline,
            b"\r\nReason: SIP;cause=1;text=\"",
            &inline,
            b"\"\r\nContent-Type: application/sdp\r\n",
            length.as_bytes(),
            body,
        ]
        .concat()
    };
    let request = head(&[b"INVITE sip:", &inline[..], b" SIP/2.0"].concat(), &sdp);
    let answer = head(&[b"SIP/2.0 486 ", &inline[..]].concat(), b"");
    let init = [&[0, 0, 0, 7, 0, 1, 0, 0, 0, 5, 0, 5, 0, 0, 0, 1][..], &chunk(0, &[])[..0]].concat();
    let name = [&[0, 11][..], &(text.len() as u16 + 4).to_be_bytes(), text].concat();
    let reason = [&[0, 12][..], &(text.len() as u16 + 4).to_be_bytes(), text].concat();
    let tcp = |side: u8, sequence: u32, payload: &[u8]| {
        let ports: [u8; 4] = if side == 0 { [0x9c, 0x40, 0, 80] } else { [0, 80, 0x9c, 0x40] };
        ip(
            side,
            6,
            &[&ports[..], &sequence.to_be_bytes(), &[0, 0, 0, 1, 0x50, 0x18, 0xff, 0, 0, 0, 0, 0], payload]
                .concat(),
        )
    };
    vec![
        udp(0, 5060, &request),
        udp(1, 5060, &answer),
        udp(0, 7777, text),
        tcp(0, 1, text),
        tcp(1, 1, text),
        sctp(0, 0, &[chunk(1, &[&init[..], &name].concat())]),
        sctp(1, 7, &[chunk(2, &[&init[..], &[0, 7, 0, 8, 1, 2, 3, 4]].concat())]),
        sctp(0, 7, &[chunk(0, &[&[0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0][..], text].concat())]),
        sctp(
            0,
            7,
            &[chunk(
                0,
                &[
                    &[0, 0, 0, 2, 0, 1, 0, 1, 0, 0, 0, 50, 3, 0, 0, 0, 0, 0, 0, 0][..],
                    &(text.len() as u16).to_be_bytes(),
                    &(text.len() as u16).to_be_bytes(),
                    text,
                    text,
                ]
                .concat(),
            )],
        ),
        sctp(1, 7, &[chunk(6, &reason)]),
    ]
}

/// A capture of every attack, in a file of its own.
fn capture(folder: &std::path::Path) -> PathBuf {
    let mut file = Vec::new();
    for text in ATTACKS {
        let texts: Vec<u8> = [2, 3, 4, 1].iter().flat_map(|code| option(*code, text)).chain([0; 4]).collect();
        let section = [&[0x4d, 0x3c, 0x2b, 0x1a, 1, 0, 0, 0][..], &[0xff; 8], &texts].concat();
        file.extend(block(0x0a0d_0d0a, &section));
        let names: Vec<u8> =
            [2, 3, 12, 1].iter().flat_map(|code| option(*code, text)).chain([0; 4]).collect();
        file.extend(block(1, &[&[228, 0, 0, 0, 0, 0, 0, 0][..], &names].concat()));
        for bytes in packets(text) {
            let length = (bytes.len() as u32).to_le_bytes();
            let mut body = [&[0; 4][..], &[0, 0, 6, 0, 0, 0, 0, 0], &length, &length, &bytes].concat();
            body.resize(body.len().next_multiple_of(4), 0);
            body.extend(option(1, text));
            body.extend([0; 4]);
            file.extend(block(6, &body));
        }
    }
    let path = folder.join("hostile.pcapng");
    std::fs::write(&path, file).unwrap();
    path
}

fn sctpdump(words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sctpdump"));
    command.env("NO_COLOR", "1").env("TZ", "UTC").args(words).output().unwrap()
}

/// What is printed, which steers nothing but lines, and tabs where these part columns.
fn printed(words: &[&str], tabs: bool) -> String {
    let output = sctpdump(words);
    for bytes in [&output.stdout, &output.stderr] {
        let text = std::str::from_utf8(bytes).unwrap_or_else(|error| panic!("{words:?}: {error}"));
        for sign in text.chars() {
            let turns = matches!(sign, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{61c}');
            let steers = sign.is_control() && sign != '\n' && !(tabs && sign == '\t');
            assert!(
                !turns && !steers,
                "{words:?}: {sign:?} in {:?}",
                text.lines().find(|line| line.contains(sign))
            );
        }
    }
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn text_steers_no_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let file = capture(folder.path());
    let file = file.to_str().unwrap();
    let plain: [&[&str]; 6] =
        [&[], &["-V"], &["-x"], &["-O", "sip,frame"], &["-V", "-2", "-P", "-x"], &["-Y", "sip", "-V"]];
    for words in plain {
        let text = printed(&[words, &["-r", file]].concat(), false);
        assert!(text.lines().count() > 15, "{words:?}");
    }
    printed(&["-T", "tabs", "-r", file], true);
    // What was escaped is still told.
    let text = printed(&["-V", "-r", file], false);
    assert!(text.contains("\\033[31mred\\033]0;title\\a"), "{text:.3000}");
    assert!(text.contains("a\\u202Egnp.exe\\u2066"), "{text:.3000}");
}

#[test]
fn reports_ladders_and_statistics_steer_no_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let file = capture(folder.path());
    let file = file.to_str().unwrap();
    for kind in ["assoc", "calls", "streams", "rtp"] {
        for output in ["text", "json", "csv"] {
            printed(&[kind, file, "-T", output], false);
            for number in ["0", "1", "5", "8"] {
                printed(&[kind, file, number, "-T", output], false);
            }
        }
    }
    for number in ["0", "2", "7"] {
        printed(&["assoc", file, number, "--health"], false);
        printed(&["events", file, number], false);
        for output in ["text", "svg", "mermaid"] {
            for kind in ["assoc", "calls"] {
                let text = printed(&["ladder", file, kind, number, "-T", output], false);
                assert!(!text.contains("<script") && !text.contains("</script"), "{kind} {output}");
                if output == "svg" && !text.is_empty() {
                    let mut reader = quick_xml::Reader::from_str(&text);
                    while !matches!(reader.read_event().unwrap(), quick_xml::events::Event::Eof) {}
                }
            }
        }
        for manner in ["text", "hex", "raw", "json"] {
            for of in ["sctp", "tcp", "udp", "sip"] {
                printed(&["follow", of, file, number, "-T", manner], manner == "raw");
            }
        }
    }
    let help = printed(&["-z", "help"], false);
    for name in help.lines() {
        let name = name.split(['[', '<']).next().unwrap().trim_end_matches(',');
        let name = match name {
            "io,stat" => "io,stat,1",
            "flow" => "flow,any,network",
            other => other,
        };
        printed(&["-q", "-z", name, "-r", file], true);
    }
}

#[test]
fn tables_hold_no_formulas() {
    let folder = tempfile::tempdir().unwrap();
    let file = capture(folder.path());
    let file = file.to_str().unwrap();
    let names = [
        "frame.comment",
        "sip.Call-ID",
        "sip.User-Agent",
        "sip.From",
        "sip.Subject",
        "sdp.session_name",
        "_ws.col.Info",
        "frame.interface_name",
    ];
    let mut words = vec!["-T", "csv", "-r", file];
    words.extend(names.iter().flat_map(|name| ["-e", name]));
    let table = printed(&words, false);
    assert!(table.contains("=HYPERLINK"), "the attack is there");
    for row in table.lines().skip(1) {
        let cells = cells(row);
        assert_eq!(cells.len(), names.len(), "{row}");
        for cell in cells {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
        }
    }
    for kind in ["calls", "assoc", "rtp", "streams"] {
        for row in printed(&[kind, file, "-T", "csv"], false).lines() {
            for cell in cells(row) {
                let is_number = cell.parse::<f64>().is_ok();
                assert!(is_number || !cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{kind}: {cell}");
            }
        }
    }
    // tshark's own layout: the separator stands in no value.
    let mut words = vec!["-T", "fields", "-r", file];
    words.extend(names.iter().flat_map(|name| ["-e", name]));
    for row in printed(&words, true).lines() {
        assert_eq!(row.matches('\t').count(), names.len() - 1, "{row:?}");
    }
}

/// The cells of a row by RFC 4180.
fn cells(row: &str) -> Vec<String> {
    let (mut cells, mut quoted, mut signs) = (vec![String::new()], false, row.chars().peekable());
    while let Some(sign) = signs.next() {
        let cell = cells.last_mut().unwrap();
        match sign {
            '"' if quoted && signs.peek() == Some(&'"') => {
                signs.next();
                cell.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            sign => cell.push(sign),
        }
    }
    assert!(!quoted, "{row}");
    cells
}

#[test]
fn json_and_xml_are_read_by_any_reader() {
    let folder = tempfile::tempdir().unwrap();
    let file = capture(folder.path());
    let file = file.to_str().unwrap();
    for output in ["json", "jsonraw"] {
        let text = printed(&["-T", output, "-r", file], false);
        let packets: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(packets.as_array().unwrap().len(), ATTACKS.len() * 10, "{output}");
    }
    for output in ["ndjson", "ek"] {
        for line in printed(&["-T", output, "-r", file], false).lines() {
            serde_json::from_str::<serde_json::Value>(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        }
    }
    for output in ["pdml", "psml"] {
        let text = printed(&["-T", output, "-r", file], false);
        let (mut reader, mut packets) = (quick_xml::Reader::from_str(&text), 0);
        reader.config_mut().check_end_names = true;
        loop {
            match reader.read_event().unwrap() {
                quick_xml::events::Event::Start(start) => {
                    packets += usize::from(start.name().as_ref() == b"packet");
                    for attribute in start.attributes() {
                        attribute.unwrap().unescape_value().unwrap();
                    }
                }
                quick_xml::events::Event::Eof => break,
                _ => {}
            }
        }
        assert_eq!(packets, ATTACKS.len() * 10, "{output}");
        assert!(!text.contains("<script"), "{output}");
    }
}

/// A file's name may attack too.
#[test]
#[cfg(unix)]
fn names_of_files_steer_no_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let name = folder.path().join("\u{1b}[31m\u{202e}\nx.pcap");
    std::fs::write(&name, b"no capture at all, by no means").unwrap();
    let missing = folder.path().join("missing\u{1b}[2J");
    for path in [&name, &missing] {
        let path = path.to_str().unwrap();
        for words in [
            vec!["-r", path],
            vec!["assoc", path],
            vec!["calls", path, "3"],
            vec!["view", "--no-open", path],
            vec!["follow", "tcp", path, "0"],
            vec!["-r", "/dev/null", "-w", path],
            vec!["-Y", path, "-r", path],
            vec!["-z", path, "-r", path],
            vec!["-O", path, "-r", path],
        ] {
            // What is there would be served, until somebody ends it.
            if words[0] != "view" || path.contains("missing") {
                printed(&words, false);
            }
        }
    }
}
