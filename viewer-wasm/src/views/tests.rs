//! The engine of the views over all of `testdata/`: what it shows is what the command's snapshots have.

use super::engine::Engine;
use super::{Ask, Order, Place, Told, What};
use std::path::{Path, PathBuf};
use std::rc::Rc;

type Bytes = Rc<[u8]>;

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

fn open(file: &str) -> Engine<Bytes> {
    open_bytes(std::fs::read(root().join("testdata").join(file)).unwrap())
}

fn open_bytes(bytes: Vec<u8>) -> Engine<Bytes> {
    let mut engine = Engine::default();
    assert_eq!(engine.ask(1, Ask::Open { name: "a".into() }, Some(bytes.into())), []);
    engine
}

fn ask_of(engine: &mut Engine<Bytes>, what: What, place: &str, shown: (i64, i64)) -> Told {
    let asked = Ask::View { what, width: 900, shown, place: place.into() };
    // Every question crosses as text.
    let asked = Ask::parse(&asked.print()).unwrap();
    assert_eq!(engine.ask(7, asked, None), []);
    let mut last = -1.0;
    loop {
        assert!(engine.busy());
        // Every step is as short as it can be.
        for (number, told) in engine.step(|| true) {
            assert_eq!(number, 7);
            let (kind, name, text) = told.parts();
            assert_eq!(Told::of(kind, name.clone(), text.to_owned()).as_ref(), Some(&told));
            match told {
                Told::Progress(share) => {
                    assert!((0.0..=1.0).contains(&share) && share >= last, "{share}");
                    last = if share >= 1.0 { 0.0 } else { share };
                }
                told => {
                    assert!(!engine.busy());
                    return told;
                }
            }
        }
    }
}

fn ask(engine: &mut Engine<Bytes>, what: What, place: &str) -> Told {
    ask_of(engine, what, place, (0, 0))
}

fn file(engine: &mut Engine<Bytes>, format: &str, place: &str) -> Option<String> {
    match ask(engine, What::File(format.into()), place) {
        Told::File { text, .. } => Some(text),
        Told::Failed(_) => None,
        other => panic!("{other:?}"),
    }
}

fn page(engine: &mut Engine<Bytes>, place: &str) -> String {
    match ask(engine, What::Page, place) {
        Told::Page(markup) => markup,
        other => panic!("{place}: {other:?}"),
    }
}

/// What a snapshot says, without its head.
fn snapshot(name: &str) -> String {
    let text = std::fs::read_to_string(root().join(format!("snapshots/{name}.snap"))).unwrap();
    let (_, text) = text.strip_prefix("---\n").unwrap().split_once("\n---\n").unwrap();
    text.trim_end().to_owned()
}

fn captures(folder: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root().join("testdata").join(folder)).unwrap();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.is_file());
    files.sort();
    files
}

/// The list of a kind and each one, as the snapshots of the reports have them.
fn told(engine: &mut Engine<Bytes>, kind: &str) -> String {
    let mut text = file(engine, "txt", kind).unwrap();
    for one in (0..8).map_while(|number| file(engine, "txt", &format!("{kind}/{number}"))) {
        text = text + "\n\n" + &one;
    }
    text.trim_end().to_owned()
}

#[test]
fn associations_are_those_of_the_snapshots() {
    for path in ["sctp", "webrtc"].into_iter().flat_map(captures) {
        let mut engine = open_bytes(std::fs::read(&path).unwrap());
        let name = path.file_stem().unwrap().to_str().unwrap();
        let name = if name == "classic" { "classic_pcapng" } else { name };
        assert_eq!(told(&mut engine, "assoc"), snapshot(&format!("assoc-{name}")), "{name}");
    }
}

#[test]
fn calls_are_those_of_the_snapshots() {
    for path in captures("sip") {
        let mut engine = open_bytes(std::fs::read(&path).unwrap());
        let name = path.file_stem().unwrap().to_str().unwrap();
        assert_eq!(told(&mut engine, "calls"), snapshot(&format!("calls-{name}")), "{name}");
        if file(&mut engine, "txt", "rtp/0").is_some() {
            assert_eq!(told(&mut engine, "rtp"), snapshot(&format!("rtp-{name}")), "{name}");
        }
    }
}

#[test]
fn events_and_ladders_are_those_of_the_snapshots() {
    for name in ["classic_eth", "heartbeat", "reconfig", "prsctp_a", "abort_eth"] {
        let mut engine = open(&format!("sctp/{name}.pcap"));
        let events = file(&mut engine, "txt", "assoc/0/events").unwrap();
        let ladder = file(&mut engine, "txt", "assoc/0/ladder").unwrap();
        assert_eq!(
            format!("{events}\n\n{ladder}").trim_end(),
            snapshot(&format!("assoc-events-{name}")),
            "{name}"
        );
    }
}

/// Every view of every capture is markup whose elements end where they should, and names only packets that there are.
#[test]
fn every_view_is_sound_markup() {
    for path in ["sctp", "sip", "webrtc", "formats"].into_iter().flat_map(captures) {
        let mut engine = open_bytes(std::fs::read(&path).unwrap());
        let mut places: Vec<String> = super::PLACES.iter().map(|(place, _)| (*place).to_owned()).collect();
        places.extend(
            ["assoc//health", "assoc//events", "stat/conv,sctp", "stat/endpoints,udp?sctp"].map(String::from),
        );
        for (kind, views) in [
            ("assoc", &["", "/health", "/events", "/ladder", "/chart", "/follow"][..]),
            ("calls", &["", "/ladder", "/follow"]),
            ("rtp", &[""]),
            ("streams", &["", "/ladder", "/follow"]),
        ] {
            places.extend(views.iter().map(|view| format!("{kind}/0{view}")));
        }
        for place in places {
            match ask(&mut engine, What::Page, &place) {
                Told::Page(markup) => sound(&markup, &format!("{} {place}", path.display())),
                Told::Failed(sentence) => assert!(
                    sentence.contains("the capture has no") || path.ends_with("README.md"),
                    "{sentence}"
                ),
                other => panic!("{other:?}"),
            }
        }
    }
}

/// Whether elements nest, and whether text holds nothing that could begin one.
fn sound(markup: &str, of: &str) {
    let (mut open, mut rest) = (Vec::new(), markup);
    while let Some((text, behind)) = rest.split_once('<') {
        assert!(!text.contains('>'), "{of}: {text}");
        let (tag, behind) = behind.split_once('>').unwrap();
        rest = behind;
        assert_eq!(tag.matches('"').count() % 2, 0, "{of}: <{tag}>");
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap();
        assert!(name.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{of}: <{tag}>");
        assert!(name != "script" && !tag.contains(" on"), "{of}: <{tag}>");
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name.to_owned()), "{of}: {}", &rest[..rest.len().min(200)]);
        } else if !tag.ends_with('/') && name != "input" {
            open.push(name.to_owned());
        }
    }
    assert_eq!(open, Vec::<String>::new(), "{of}");
}

/// What two ends said is what the command shows, which reads a capture twice.
#[test]
fn what_was_said_is_what_the_command_says() {
    use dissect::statistic::follow::{Follow, Manner, Whom};
    let call = "1-18776@10.77.1.1".to_owned();
    for (path, place, whom) in [
        ("sctp/classic.pcapng", "assoc/0/follow", Whom::Sctp(0, None)),
        ("sctp/fragments.pcap", "assoc/0/follow", Whom::Sctp(0, None)),
        ("sctp/streams.pcap", "assoc/0/follow?3", Whom::Sctp(0, Some(3))),
        ("sip/tcp.pcap", "streams/0/follow", Whom::Tcp(0)),
        ("sip/udp_rtp.pcap", "calls/0/follow", Whom::Sip(call)),
    ] {
        let dissector = dissect::Dissector::default();
        let follow = Follow::new(&dissector, whom, Manner::Text(dissect::format::Style::PLAIN));
        let mut statistics = dissect::statistic::Statistics::of(&dissector, Box::new(follow));
        let bytes = std::fs::read(root().join("testdata").join(path)).unwrap();
        let mut memory = dissector.memory();
        for learns in [true, false] {
            let mut reader = dissect::capture::Reader::new(&bytes[..]).unwrap();
            while let Some(packet) = reader.next() {
                let packet = packet.unwrap();
                if learns {
                    dissector.learn(&mut memory, &packet);
                } else {
                    statistics.packet(&dissector, &dissect::See::with(&memory, u64::MAX), &packet);
                }
            }
        }
        let mut said = dissect::Out::new();
        statistics.write(&memory, &mut said);
        let mut engine = open_bytes(bytes);
        assert_eq!(file(&mut engine, "txt", place).unwrap(), said.to_string_lossy(), "{path}");
        assert!(said.len() > 200, "{path}");
        let page = page(&mut engine, place);
        assert!(page.contains("<pre class=\"said\"") && page.contains(": what was said</h2>"), "{path}");
        assert_eq!(
            page.contains("aria-label=\"Streams\""),
            ["sctp/streams.pcap", "sctp/fragments.pcap"].contains(&path)
        );
        let none = place.replace('0', "999");
        assert_eq!(
            ask(&mut engine, What::File("txt".into()), &none),
            Told::Failed(format!("the capture has no {none}"))
        );
    }
}

#[test]
fn text_of_packets_steers_nothing() {
    let mut out = dissect::Out::new();
    super::markup::text("</td><script>alert('1')</script>\" onload=\"x & y", &mut out);
    assert_eq!(
        out.to_string_lossy(),
        "&lt;/td&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&quot; onload=&quot;x &amp; y"
    );
    let mut engine = open("sip/reinvite.pcap");
    let markup = page(&mut engine, "stat/io,phs?sip contains \"<b>\" && ip");
    sound(&markup, "a filter");
    assert!(markup.contains("value=\"sip contains &quot;&lt;b&gt;&quot; &amp;&amp; ip\""), "{markup}");
}

#[test]
fn statistics_count_what_the_commands_do() {
    let mut engine = open("sip/udp_rtp.pcap");
    let dissector = dissect::Dissector::default();
    let bytes = std::fs::read(root().join("testdata/sip/udp_rtp.pcap")).unwrap();
    let mut statistics = dissect::statistic::Statistics::parse(&dissector, &["io,phs"]).unwrap();
    let (mut memory, mut reader) = (dissector.memory(), dissect::capture::Reader::new(&bytes[..]).unwrap());
    while let Some(packet) = reader.next() {
        let packet = packet.unwrap();
        dissector.learn(&mut memory, &packet);
        statistics.packet(&dissector, &dissect::See::with(&memory, packet.number), &packet);
    }
    let mut out = dissect::Out::new();
    statistics.write(&memory, &mut out);
    let text = out.to_string_lossy();
    let json: serde_json::Value =
        serde_json::from_str(&file(&mut engine, "json", "stat/io,phs").unwrap()).unwrap();
    let rows = json["hierarchy"].as_array().unwrap();
    let lines: Vec<&str> = text.lines().filter(|line| line.contains(" frames:")).collect();
    assert_eq!(rows.len(), lines.len());
    for (row, line) in rows.iter().zip(lines) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let told = [
            row["protocol"].as_str().unwrap().to_owned(),
            format!("frames:{}", row["packets"]),
            format!("bytes:{}", row["bytes"]),
        ];
        assert_eq!(words, told);
        assert_eq!(line.len() - line.trim_start().len(), 2 * row["depth"].as_u64().unwrap() as usize);
    }
    // Over time: as many in all as there are, and as a filter picks.
    let json: serde_json::Value =
        serde_json::from_str(&file(&mut engine, "json", "io?sip\nrtp || {x}").unwrap_or_default())
            .unwrap_or_default();
    assert!(json.is_null(), "a filter that is not understood");
    let markup = page(&mut engine, "io?sip\nrtp || {x}");
    assert!(markup.contains("role=\"alert\""), "{markup}");
    let json: serde_json::Value =
        serde_json::from_str(&file(&mut engine, "json", "io?sip\nrtp").unwrap()).unwrap();
    let sum = |of: &str| -> u64 {
        let rows = json["intervals"].as_array().unwrap().iter();
        rows.filter(|row| row["of"] == of).map(|row| row["packets"].as_u64().unwrap()).sum()
    };
    assert_eq!(sum("Frames and bytes"), memory_packets(&bytes));
    assert!(sum("sip") > 0 && sum("rtp") > sum("sip"));
    let (sip, rtp) = (sum("sip"), sum("rtp"));
    for (filter, count) in [("sip", sip), ("rtp", rtp)] {
        let json: serde_json::Value =
            serde_json::from_str(&file(&mut engine, "json", &format!("stat/io,phs?{filter}")).unwrap())
                .unwrap();
        assert_eq!(json["hierarchy"][0]["packets"], count, "{filter}");
    }
}

fn memory_packets(bytes: &[u8]) -> u64 {
    let (mut reader, mut count) = (dissect::capture::Reader::new(bytes).unwrap(), 0);
    while let Some(packet) = reader.next() {
        count += u64::from(packet.is_ok());
    }
    count
}

#[test]
fn a_chart_shows_a_part_and_names_what_is_near() {
    let mut engine = open("sctp/failover.pcap");
    let csv = file(&mut engine, "csv", "assoc/0/chart").unwrap();
    // A's messages move to path 2 at 2.716 s, in packet 77, and back at 7.924 s, in packet 158.
    for (packet, seconds, path) in [(77, 2.716, "path 2"), (158, 7.924, "path 1")] {
        let moves = csv.lines().filter(|line| line.contains("new messages come here"));
        let line = moves.filter(|line| line.ends_with(&format!(",{packet}"))).collect::<String>();
        let at: f64 = line.split(',').nth(2).and_then(|cell| cell.parse().ok()).unwrap();
        assert!((at - seconds).abs() < 0.0005 && line.contains(path), "{line}");
    }
    assert!(csv.lines().filter(|line| line.contains("HEARTBEAT not answered")).count() >= 6);
    let picture =
        |engine: &mut Engine<Bytes>, shown| match ask_of(engine, What::Picture, "assoc/0/chart", shown) {
            Told::Picture(svg) => svg,
            other => panic!("{other:?}"),
        };
    let (whole, part) = (picture(&mut engine, (0, 0)), picture(&mut engine, (2_000_000_000, 3_000_000_000)));
    assert!(whole.contains(">10 s<") && !part.contains(">10 s<") && part.contains(">2.4 s<"), "{part}");
    // Somewhere over the picture there are packets.
    let mut found = std::collections::BTreeSet::new();
    for x in (80..880).step_by(40) {
        for y in (60..600).step_by(30) {
            match ask(&mut engine, What::Near(x, y), "assoc/0/chart") {
                Told::Near(packet, _, _, words) if packet > 0 => {
                    assert!(words.ends_with(&format!("packet {packet}")), "{words}");
                    found.insert(packet);
                }
                Told::Near(..) => {}
                other => panic!("{other:?}"),
            }
        }
    }
    assert!(found.len() > 50, "{found:?}");
}

#[test]
fn places_and_orders_read_as_they_were_written() {
    let place = Place::parse("stat/io,phs?sip.Call-ID contains \"#a/b\"#500,0,2,1");
    assert_eq!(
        (place.words.join("/").as_str(), place.query),
        ("stat/io,phs", "sip.Call-ID contains \"#a/b\"")
    );
    assert_eq!(place.order, Order { from: 500, by: Some((0, 2)), down: true });
    assert_eq!(place.order.print(), "#500,0,2,1");
    assert_eq!(Place::parse("assoc/3/health").number(), Some(3));
    assert_eq!(Place::parse("assoc//health").number(), None);
    for text in ["", "open", "page", "page x 0 0 a", "near,1 9 0 0 a", "page 99999999999 0 0 a"] {
        assert_eq!(Ask::parse(text), None, "{text}");
    }
}

#[test]
fn tables_are_sorted_and_shown_in_parts() {
    let mut engine = open("sctp/many_assocs.pcap");
    let numbers = |markup: &str| -> Vec<u32> {
        let buttons = markup.split("data-go=\"assoc/").skip(1);
        buttons.filter_map(|button| button.split_once('"')?.0.parse().ok()).collect()
    };
    let (plain, down) = (page(&mut engine, "assoc"), page(&mut engine, "assoc#0,0,0,1"));
    let (plain, down) = (numbers(&plain), numbers(&down));
    assert!(plain.len() > 3);
    assert_eq!(plain, down.iter().rev().copied().collect::<Vec<_>>());
    let rest = page(&mut engine, "assoc#2");
    assert_eq!(numbers(&rest), plain[2..]);
    assert!(page(&mut engine, "assoc#9999").contains("<tbody></tbody>"));
}

/// A capture of raw IP packets: each with its protocol and what it carries.
fn capture(packets: impl IntoIterator<Item = (u8, Vec<u8>)>) -> Vec<u8> {
    let mut bytes: Vec<u8> = vec![0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    bytes.extend([0xff, 0xff, 0, 0, 101, 0, 0, 0]);
    for (at, (protocol, payload)) in (0u32..).zip(packets) {
        let length = 20 + payload.len() as u32;
        for word in [1_700_000_000, at, length, length] {
            bytes.extend(word.to_le_bytes());
        }
        let [.., high, low] = length.to_be_bytes();
        bytes.extend([0x45, 0, high, low, 0, 0, 0, 0, 64, protocol, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2]);
        bytes.extend(payload);
    }
    bytes
}

/// What a packet says stays text in every view.
#[test]
fn a_hostile_call_is_text() {
    let evil = "<img src=x onerror=alert(1)>\"'</title><script>";
    let message = format!(
        "INVITE sip:{evil}@b SIP/2.0\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK1\r\nFrom: \"{evil}\" <sip:{evil}@a>;tag=1\r\n\
         To: <sip:{evil}@b>\r\nCall-ID: {evil}\r\nCSeq: 1 INVITE\r\nUser-Agent: {evil}\r\nContent-Length: 0\r\n\r\n"
    );
    let mut udp = [5060u16, 5060, 8 + message.len() as u16, 0].map(u16::to_be_bytes).concat();
    udp.extend(message.bytes());
    let mut engine = open_bytes(capture([(17, udp)]));
    for place in ["calls", "calls/0", "calls/0/ladder", "stat/expert", "stat/io,phs"] {
        let markup = page(&mut engine, place);
        sound(&markup, place);
        assert!(!markup.contains("<img"), "{place}: {markup}");
    }
    assert!(page(&mut engine, "calls/0").contains("&lt;img src=x"));
}

/// More chunks than are traced together: one association alone is traced for its own views, as the command does.
#[test]
fn a_crowded_capture_is_read_again_for_one_association() {
    let data = |port: u16, chunks: u32, first: u32| {
        let mut sctp = [port.to_be_bytes(), [0x11, 0x5c]].concat();
        sctp.extend([0, 0, 0, 1, 0, 0, 0, 0]);
        for tsn in first..first + chunks {
            sctp.extend([0, 3, 0, 20]);
            sctp.extend(tsn.to_be_bytes());
            sctp.extend([0, 1, 0, 1, 0, 0, 0, 0, 1, 2, 3, 4]);
        }
        (132, sctp)
    };
    let packets = dissect::proto::sctp::association::trace::MOST_CHUNKS as u32 / 1000 + 1;
    let many = (0..packets).map(|at| data(4000, 1000, 1 + 1000 * at));
    let mut engine = open_bytes(capture(many.chain([data(5000, 1, 77)])));
    let ladder = file(&mut engine, "txt", "assoc/1/ladder").unwrap();
    assert!(ladder.contains("DATA tsn"), "{ladder}");
    // And the other one again.
    let ladder = file(&mut engine, "txt", "assoc/0/ladder").unwrap();
    assert!(ladder.contains("1000 DATA from tsn"), "{}", &ladder[..400]);
    assert!(page(&mut engine, "assoc").contains("2 SCTP associations"));
}

#[test]
fn what_can_not_be_shown_gets_a_sentence() {
    let mut engine: Engine<Bytes> = Engine::default();
    let failed = |told| match told {
        Told::Failed(sentence) => sentence,
        other => panic!("{other:?}"),
    };
    assert_eq!(failed(ask(&mut engine, What::Page, "assoc")), "no capture is open");
    let mut engine = open("sctp/failover.pcap");
    assert_eq!(failed(ask(&mut engine, What::Page, "assoc/9")), "the capture has no assoc/9");
    assert!(failed(ask(&mut engine, What::File("svg".into()), "assoc")).contains("can't be saved as svg"));
    assert!(failed(ask(&mut engine, What::Picture, "assoc")).contains("has no picture"));
    assert!(page(&mut engine, "nothing").contains("there is no view nothing"));
    assert!(page(&mut engine, "stat/io,phz").contains("did you mean io,phs?"));
    let mut engine = open_bytes(b"This is text.".to_vec());
    assert!(failed(ask(&mut engine, What::Page, "assoc")).contains("this is no capture file"));
    let told = engine.ask(3, Ask::Paste { text: "nothing here".into() }, None);
    assert!(matches!(&told[..], [(3, Told::Failed(_))]), "{told:?}");
}
