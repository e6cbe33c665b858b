use super::*;

static COLUMNS: &[Column] =
    &[Column::new("who", "Who"), Column::new("rtt_seconds", "RTT"), Column::new("in", "In packets")];

fn report() -> Report {
    let rows = vec![
        vec![Cell::text("=1+1,\"x\"\u{1b}[2J"), Cell::Seconds(1_234_567_891), Cell::Packets(vec![1, 2])],
        vec![Cell::end(&Address::Ipv6([0; 16]), 5060), Cell::None, Cell::None],
        vec![Cell::text("10.0.0.1"), Cell::Seconds(-1_500), Cell::Packets(vec![3])],
    ];
    let finding = Finding {
        severity: Severity::Warn,
        text: "41 of 43 were spurious".into(),
        packets: (1..=10).collect(),
        reference: "RFC 9260, 6.3.1",
    };
    let facts = vec![
        (Column::new("tag", "Tag"), Cell::Hex(0xabc, 8)),
        (Column::new("nothing", "Nothing"), Cell::None),
        (Column::new("jitter", "Mean jitter"), Cell::Decimal(1.0 / 3.0, 3)),
        (Column::new("open", "Open"), Cell::Flag(true)),
    ];
    Report {
        name: "test",
        title: "A test".into(),
        parts: vec![
            Part::new("facts", "Facts", Body::Facts(facts)),
            Part::new("rows", "Rows", Body::Table(Table { columns: COLUMNS, rows })),
            Part::new("findings", "Findings", Body::Findings(vec![finding])),
            Part::new("none", "None of them", Body::Findings(Vec::new())),
        ],
    }
}

fn keep(name: &str, text: &str) {
    insta::with_settings!({
        snapshot_path => concat!(env!("CARGO_MANIFEST_DIR"), "/../snapshots"),
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        insta::assert_snapshot!(name, text);
    });
}

fn written(write: impl FnOnce(&mut Out)) -> String {
    let mut out = Out::new();
    write(&mut out);
    out.to_string_lossy()
}

#[test]
fn a_report_for_people() {
    keep("report-text", &written(|out| text(&report(), out)));
}

#[test]
fn a_report_for_programs() {
    let text = written(|out| json(&report(), out));
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["rows"][0]["who"], "=1+1,\"x\"\u{1b}[2J");
    assert_eq!(value["rows"][0]["rtt_seconds"], 1.234_567_891);
    assert_eq!(value["rows"][1].as_object().unwrap().len(), 1);
    assert_eq!(value["facts"]["tag"], 0xabc);
    assert_eq!(value["findings"][0]["packets"].as_array().unwrap().len(), 10);
    assert!(value["none"].as_array().unwrap().is_empty());
}

#[test]
fn a_report_for_spreadsheets_brings_no_formula() {
    keep("report-csv", &written(|out| csv(&report(), out)));
}

fn picture() -> Ladder {
    let arrow = |packet: u64, from, to, label: &str, note: &str| Arrow {
        packet,
        since: packet as i64 * 1_000_000,
        from,
        to,
        label: label.into(),
        note: note.into(),
    };
    Ladder {
        title: "A call <1>".into(),
        ends: vec!["10.0.0.1:5060".into(), "10.0.0.2:5060".into(), "10.0.0.3:5060".into()],
        arrows: vec![
            arrow(1, 0, 1, "INVITE", ""),
            arrow(2, 1, 2, "INVITE", "resent"),
            arrow(3, 2, 0, "200 OK; \u{1b}", ""),
            arrow(4, 1, 1, "timer", ""),
            arrow(5, 0, 1, "a label that is far too long for the way", ""),
        ],
    }
}

#[test]
fn a_ladder_in_lines() {
    keep("report-ladder", &written(|out| ladder(&picture(), out)));
}

#[test]
fn a_ladder_as_a_sequence_diagram() {
    keep("report-mermaid", &written(|out| mermaid(&picture(), out)));
}

#[test]
fn a_ladder_as_svg_is_well_formed_and_escaped() {
    let text = written(|out| svg(&picture(), out));
    let mut reader = quick_xml::Reader::from_str(&text);
    loop {
        if matches!(reader.read_event().unwrap(), quick_xml::events::Event::Eof) {
            break;
        }
    }
    assert!(text.contains("A call &lt;1&gt;") && !text.contains('\u{1b}'));
    assert_eq!(text.matches("marker-end").count(), 4);
}
