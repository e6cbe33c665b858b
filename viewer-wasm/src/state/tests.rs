mod filter;

use super::*;
use crate::message::{Find, Packet, Row, Source};

/// A page with so many packets, the first selected.
fn page(packets: u64) -> State {
    let mut state = State::default();
    state.reduce(Action::Start { settings: None, fragment: String::new() });
    for pane in [Pane::List, Pane::Tree, Pane::Bytes] {
        state.reduce(Action::Resized(pane, 220.0));
    }
    state.reduce(Action::Open { name: "a.pcap".into(), size: 1000, linked: false });
    let capture = Capture { name: "a.pcap".into(), format: "pcap".into(), packets, ..Capture::default() };
    answer(&mut state, Answer::Progress { packets, read: 500, size: 1000 });
    answer(&mut state, Answer::Loaded { capture });
    state
}

/// The answer to the question that opened the capture.
fn answer(state: &mut State, answer: Answer) -> Vec<Effect> {
    let number = state.opening;
    state.reduce(Action::Answer { number, answer, bytes: Vec::new() })
}

fn line(text: &str, depth: u16, under: u32, field: u32, start: u32, len: u32) -> crate::message::Line {
    crate::message::Line { text: text.into(), depth, under, field, start, len, ..Default::default() }
}

/// Tells the packet that was asked for: Ethernet with two addresses, then IP.
fn tell(state: &mut State) -> Vec<Effect> {
    let number = state.asked_packet.expect("a packet is asked for");
    let lines = vec![
        line("Ethernet", 0, 2, 1, 0, 14),
        line("Destination", 1, 0, 2, 0, 6),
        line("Source", 1, 0, 3, 6, 6),
        line("IP", 0, 2, 4, 14, 20),
        line("Flags", 1, 1, 5, 20, 1),
        line("Don't fragment", 2, 0, 6, 20, 1),
    ];
    let sources =
        vec![Source { name: "Frame".into(), len: 40 }, Source { name: "Reassembled".into(), len: 4 }];
    let packet = Packet { number: state.selected, lines, sources, comments: Vec::new() };
    state.reduce(Action::Answer {
        number,
        answer: Answer::Packet(Box::new(packet)),
        bytes: (0..44).collect(),
    })
}

fn asks(effects: &[Effect]) -> Vec<&Ask> {
    let mut asks = Vec::new();
    for effect in effects {
        if let Effect::Ask(_, ask) = effect {
            asks.push(ask);
        }
    }
    asks
}

#[test]
fn the_first_packet_is_selected_as_soon_as_it_is_there() {
    let mut state = State::default();
    state.reduce(Action::Start { settings: None, fragment: String::new() });
    state.reduce(Action::Resized(Pane::List, 220.0));
    let effects = state.reduce(Action::Open { name: "a.pcap".into(), size: 1000, linked: false });
    assert_eq!(asks(&effects), [&Ask::Open { name: "a.pcap".into() }]);
    assert_eq!(state.phase, Phase::Loading);
    let effects = answer(&mut state, Answer::Progress { packets: 10, read: 500, size: 1000 });
    assert_eq!(
        asks(&effects),
        [&Ask::Rows { first: 1, count: 10, time: TimeFormat::Relative }, &Ask::Packet { number: 1 }]
    );
    assert!(effects.contains(&Effect::Focus(Pane::List)));
    assert!(effects.contains(&Effect::Address("p=1".into())));
    // It grows while these are asked for: nothing is asked twice.
    assert_eq!(
        asks(&answer(&mut state, Answer::Progress { packets: 90, read: 900, size: 1000 })),
        [] as [&Ask; 0]
    );
    let rows = Answer::Rows { first: 1, rows: vec![Row::default(); 10] };
    let number = state.asked_rows.unwrap();
    let effects = state.reduce(Action::Answer { number, answer: rows, bytes: Vec::new() });
    assert_eq!(asks(&effects), [&Ask::Rows { first: 1, count: 64, time: TimeFormat::Relative }]);
}

#[test]
fn answers_to_what_was_asked_before_are_dropped() {
    let mut state = page(100);
    let (old, rows) = (state.opening, state.asked_rows.unwrap());
    state.reduce(Action::Open { name: "b.pcap".into(), size: 10, linked: false });
    let late = Answer::Progress { packets: 100, read: 10, size: 10 };
    state.reduce(Action::Answer { number: old, answer: late, bytes: Vec::new() });
    let late = Answer::Rows { first: 1, rows: vec![Row::default(); 64] };
    state.reduce(Action::Answer { number: rows, answer: late, bytes: Vec::new() });
    assert_eq!((state.packets, state.phase), (0, Phase::Loading));
    assert!(state.rows.row(1).is_none());
}

#[test]
fn holding_down_a_key_asks_once_at_a_time() {
    let mut state = page(1000);
    tell(&mut state);
    let mut asked = 0;
    for _ in 0..10 {
        asked += asks(&state.reduce(Action::Do(Command::Packets(1))))
            .iter()
            .filter(|ask| matches!(ask, Ask::Packet { .. }))
            .count();
    }
    assert_eq!((asked, state.selected), (1, 11));
    // The answer is of packet 2; what is wanted by then is asked for.
    let number = state.asked_packet.unwrap();
    let packet = Packet { number: 2, ..Packet::default() };
    let effects =
        state.reduce(Action::Answer { number, answer: Answer::Packet(Box::new(packet)), bytes: Vec::new() });
    assert_eq!(asks(&effects), [&Ask::Packet { number: 11 }]);
}

#[test]
fn a_line_lights_its_bytes_and_a_byte_selects_its_line() {
    let mut state = page(10);
    tell(&mut state);
    assert_eq!(*state.lines, [0, 3]);
    state.reduce(Action::Byte(20));
    assert_eq!((state.line, state.byte), (Some(5), Some(20)));
    assert_eq!(*state.lines, [0, 3, 4, 5]);
    let lights = state.lights();
    assert_eq!((lights.field, lights.around, lights.byte), (20..21, 14..34, Some(20)));
    state.reduce(Action::Line(1));
    assert_eq!((state.lights().field, state.byte), (0..6, None));
    assert_eq!(*state.lines, [0, 1, 2, 3, 4, 5]);
    // Opened fields and the selected one stay with the next packet.
    state.reduce(Action::Do(Command::Packets(1)));
    tell(&mut state);
    assert_eq!((state.selected, state.line, state.lines.len()), (2, Some(1), 6));
    assert_eq!(state.link().print(), "p=2&line=1");
    // A byte that is of no field is still a byte.
    state.reduce(Action::Byte(39));
    assert_eq!((state.line, state.byte), (None, Some(39)));
    state.reduce(Action::Byte(40));
    assert_eq!(state.byte, Some(39));
    state.reduce(Action::Source(1));
    assert_eq!((state.layout().len, state.source), (4, 1));
    state.reduce(Action::Source(2));
    assert_eq!(state.source, 1);
}

#[test]
fn the_tree_opens_and_closes_by_keys() {
    let mut state = page(10);
    tell(&mut state);
    let mut press = |command| {
        state.key(command, Some(Pane::Tree));
        (state.line, state.lines.len())
    };
    assert_eq!(press(Command::Lines(1)), (Some(0), 2));
    assert_eq!(press(Command::Lines(1)), (Some(3), 2));
    assert_eq!(press(Command::Unfold), (Some(3), 3));
    assert_eq!(press(Command::Unfold), (Some(4), 3));
    assert_eq!(press(Command::Toggle), (Some(4), 4));
    assert_eq!(press(Command::Last), (Some(5), 4));
    assert_eq!(press(Command::Parent), (Some(4), 4));
    assert_eq!(press(Command::Fold), (Some(4), 3));
    assert_eq!(press(Command::Fold), (Some(3), 3));
    assert_eq!(press(Command::UnfoldUnder), (Some(3), 4));
    assert_eq!(press(Command::First), (Some(0), 4));
    assert_eq!(press(Command::UnfoldAll), (Some(0), 6));
    assert_eq!(press(Command::Last), (Some(5), 6));
    // The selected line is closed away: the one it stood under is selected.
    assert_eq!(press(Command::FoldAll), (Some(3), 2));
}

#[test]
fn bytes_are_walked_by_keys() {
    let mut state = page(10);
    tell(&mut state);
    let mut press = |command| {
        state.key(command, Some(Pane::Bytes));
        state.byte
    };
    assert_eq!(press(Command::Bytes(1)), Some(0));
    assert_eq!(press(Command::Bytes(-1)), Some(0));
    assert_eq!(press(Command::Bytes(1)), Some(1));
    assert_eq!(press(Command::ByteLines(1)), Some(17));
    assert_eq!(press(Command::ByteLines(1)), Some(33));
    assert_eq!(press(Command::ByteLines(1)), Some(33));
    assert_eq!(press(Command::Last), Some(39));
    assert_eq!(press(Command::First), Some(0));
}

#[test]
fn a_link_leads_to_packet_and_line() {
    let mut state = State::default();
    let effects =
        state.reduce(Action::Start { settings: None, fragment: "#f=a.pcap&p=7&line=2&time=e".into() });
    assert!(effects.contains(&Effect::Fetch("a.pcap".into())));
    assert_eq!((state.phase, state.settings.time), (Phase::Fetching, TimeFormat::Epoch));
    state.reduce(Action::Open { name: "a.pcap".into(), size: 1000, linked: true });
    answer(&mut state, Answer::Progress { packets: 5, read: 500, size: 1000 });
    assert_eq!(state.selected, 0);
    answer(&mut state, Answer::Progress { packets: 10, read: 1000, size: 1000 });
    assert_eq!(state.selected, 7);
    tell(&mut state);
    assert_eq!(state.line, Some(2));
    assert_eq!(state.link().print(), "f=a.pcap&p=7&line=2&time=e");
    // The address as the page wrote it leads nowhere else.
    assert_eq!(state.reduce(Action::Fragment("#f=a.pcap&p=7&line=2&time=e".into())), []);
    state.reduce(Action::Fragment("#f=a.pcap&p=3".into()));
    assert_eq!(state.selected, 3);
    // Another file, opened by hand, is not the link's.
    state.reduce(Action::Open { name: "b.pcap".into(), size: 1, linked: false });
    assert_eq!(state.link().print(), "time=e");
}

#[test]
fn a_link_without_a_file_leads_into_the_first_that_is_opened() {
    let mut state = State::default();
    state.reduce(Action::Start { settings: None, fragment: "#p=3&line=1".into() });
    state.reduce(Action::Open { name: "a.pcap".into(), size: 10, linked: false });
    answer(&mut state, Answer::Progress { packets: 5, read: 10, size: 10 });
    tell(&mut state);
    assert_eq!((state.selected, state.line), (3, Some(1)));
    assert_eq!(state.reduce(Action::CopyLink), [Effect::CopyLink("p=3&line=1".into())]);
    state.reduce(Action::Open { name: "b.pcap".into(), size: 10, linked: false });
    answer(&mut state, Answer::Progress { packets: 5, read: 10, size: 10 });
    assert_eq!(state.selected, 1);
}

#[test]
fn a_link_leads_into_a_view() {
    let mut state = State::default();
    let view = |effects: &[Effect]| {
        effects.iter().any(|effect| matches!(effect, Effect::View(views::Doing::Ask(..))))
    };
    state.reduce(Action::Start { settings: None, fragment: "#p=3&view=assoc/0/health".into() });
    state.reduce(Action::Open { name: "a.pcap".into(), size: 10, linked: false });
    answer(&mut state, Answer::Progress { packets: 5, read: 10, size: 10 });
    assert!(!state.views.open, "not before all is read");
    assert_eq!(state.link().print(), "p=3&view=assoc/0/health");
    let effects =
        answer(&mut state, Answer::Loaded { capture: Capture { packets: 5, ..Capture::default() } });
    assert_eq!(
        (view(&effects), state.views.open, state.views.place.as_str()),
        (true, true, "assoc/0/health")
    );
    assert_eq!(state.link().print(), "p=3&view=assoc/0/health");
    // Back and forth.
    state.reduce(Action::Fragment("#p=3".into()));
    assert!(!state.views.open && state.link().print() == "p=3");
    assert!(view(&state.reduce(Action::Fragment("#p=3&view=calls".into()))));
    assert_eq!((state.views.open, state.views.place.as_str()), (true, "calls"));
}

#[test]
fn a_linked_file_that_comes_too_late_is_not_opened() {
    let mut state = State::default();
    state.reduce(Action::Start { settings: None, fragment: "#f=a.pcap&p=2".into() });
    state.reduce(Action::Open { name: "mine.pcap".into(), size: 10, linked: false });
    assert_eq!((state.name.as_str(), state.link().print().as_str()), ("mine.pcap", ""));
    assert_eq!(state.reduce(Action::Open { name: "a.pcap".into(), size: 10, linked: true }), []);
    assert_eq!(state.name, "mine.pcap");
}

#[test]
fn a_link_to_a_packet_that_is_not_there_shows_the_first() {
    let mut state = State::default();
    state.reduce(Action::Start { settings: None, fragment: "#f=a.pcap&p=70".into() });
    state.reduce(Action::Open { name: "a.pcap".into(), size: 1000, linked: true });
    answer(&mut state, Answer::Loaded { capture: Capture { packets: 5, ..Capture::default() } });
    assert_eq!((state.selected, state.phase), (1, Phase::Open));
}

#[test]
fn what_cannot_be_opened_says_why() {
    let mut state = State::default();
    state.reduce(Action::Open { name: "a.txt".into(), size: 10, linked: false });
    answer(&mut state, Answer::Failed { sentence: "a.txt is no capture".into() });
    assert_eq!((state.phase, state.notice.as_deref()), (Phase::Start, Some("a.txt is no capture")));
    state.reduce(Action::Dismiss);
    assert_eq!(state.notice, None);
    state.reduce(Action::Open { name: "a.pcap".into(), size: 24, linked: false });
    answer(&mut state, Answer::Loaded { capture: Capture::default() });
    assert_eq!(state.phase, Phase::Start);
    assert!(state.notice.unwrap().contains("no packets"));
}

#[test]
fn a_broken_worker_is_told() {
    let mut state = State::default();
    state.reduce(Action::Open { name: "a.pcap".into(), size: 10, linked: false });
    state.reduce(Action::Stopped("out of memory".into()));
    assert_eq!(state.phase, Phase::Start);
    assert!(state.notice.is_some_and(|notice| notice.contains("out of memory") && notice.contains("Reload")));
}

#[test]
fn loading_is_cancelled_by_escape() {
    let mut state = State::default();
    state.reduce(Action::Open { name: "a.pcap".into(), size: 1000, linked: false });
    let effects = state.key(Command::Escape, None);
    assert_eq!(asks(&effects), [&Ask::Cancel]);
    let capture = Capture { packets: 5, cancelled: true, ..Capture::default() };
    answer(&mut state, Answer::Loaded { capture });
    assert_eq!((state.phase, state.packets), (Phase::Open, 5));
    assert_eq!(state.said, "Loading stopped: 5 packets");
}

#[test]
fn finding_goes_round_once() {
    let mut state = page(100);
    tell(&mut state);
    assert_eq!(state.reduce(Action::Do(Command::Find)), [Effect::FocusFind]);
    state.reduce(Action::FindGo { back: false });
    assert_eq!(state.find.fault.as_deref(), Some("Type what to find"));
    state.reduce(Action::FindText("fragment".into()));
    state.reduce(Action::Do(Command::LastPacket));
    let effects = state.reduce(Action::FindGo { back: false });
    let what = Find::Text("fragment".into());
    assert!(asks(&effects).contains(&&Ask::Find { what: what.clone(), from: 100, back: false }));
    let found = |state: &mut State, number| {
        let asked = state.find.asked.unwrap();
        state.reduce(Action::Answer { number: asked, answer: Answer::Found { number }, bytes: Vec::new() })
    };
    let effects = found(&mut state, None);
    assert!(asks(&effects).contains(&&Ask::Find { what, from: 0, back: false }));
    found(&mut state, Some(9));
    assert_eq!((state.selected, state.said.as_str()), (9, "Found in packet 9, from the other end"));
    // The line that says it is selected when the packet comes: the innermost.
    if state.asked_packet.is_some() {
        let number = state.asked_packet.unwrap();
        let late = Packet { number: 100, ..Packet::default() };
        state.reduce(Action::Answer { number, answer: Answer::Packet(Box::new(late)), bytes: Vec::new() });
    }
    tell(&mut state);
    assert_eq!(state.line, Some(5));
    state.reduce(Action::FindGo { back: true });
    found(&mut state, None);
    found(&mut state, None);
    assert_eq!(state.find.fault.as_deref(), Some("Nothing found"));
}

#[test]
fn found_bytes_are_selected() {
    let mut state = page(100);
    tell(&mut state);
    state.reduce(Action::Do(Command::Find));
    state.reduce(Action::FindWhat(What::Hex));
    state.reduce(Action::FindText("14 15".into()));
    state.reduce(Action::FindGo { back: false });
    let number = state.find.asked.unwrap();
    state.reduce(Action::Answer { number, answer: Answer::Found { number: Some(1) }, bytes: Vec::new() });
    assert_eq!((state.byte, state.line), (Some(0x14), Some(5)));
}

#[test]
fn marks_are_gone_through_in_a_ring() {
    let mut state = page(100);
    for number in [90, 5, 40] {
        state.reduce(Action::Select(number));
        state.reduce(Action::Do(Command::Mark));
    }
    let mut go = |command| {
        state.reduce(Action::Do(command));
        state.selected
    };
    assert_eq!([go(Command::MarkNext), go(Command::MarkNext), go(Command::MarkBack)], [90, 5, 90]);
    state.reduce(Action::Do(Command::Mark));
    assert_eq!(state.marks.iter().copied().collect::<Vec<_>>(), [5, 40]);
    state.reduce(Action::Do(Command::Unmark));
    assert!(state.marks.is_empty());
}

#[test]
fn settings_are_kept_and_read_again() {
    let mut state = State::default();
    let effects = state.reduce(Action::Theme(Theme::Dark));
    let [Effect::Store(text)] = &effects[..] else { panic!("{effects:?}") };
    let mut next = State::default();
    next.reduce(Action::Start { settings: Some(text.clone()), fragment: String::new() });
    assert!(next.is_dark());
    next.reduce(Action::Start {
        settings: Some("{\"list\":200,\"more\":1}".into()),
        fragment: String::new(),
    });
    assert_eq!((next.settings.list, next.settings.theme), (85, Theme::System));
    next.reduce(Action::Start { settings: Some("nonsense".into()), fragment: String::new() });
    assert_eq!(next.settings, Settings::default());
    assert!(state.reduce(Action::Column(2)).len() == 1 && !state.settings.columns[2]);
}

#[test]
fn another_time_format_asks_for_the_rows_again() {
    let mut state = page(10);
    let number = state.asked_rows.unwrap();
    let effects = state.reduce(Action::Do(Command::Time(TimeFormat::Epoch)));
    assert!(asks(&effects).contains(&&Ask::Rows { first: 1, count: 10, time: TimeFormat::Epoch }));
    // The late answer in the format before is dropped.
    let late = Answer::Rows { first: 1, rows: vec![Row::default(); 10] };
    state.reduce(Action::Answer { number, answer: late, bytes: Vec::new() });
    assert!(state.rows.row(1).is_none());
}

#[test]
fn a_packet_that_cannot_be_shown_is_not_asked_for_again() {
    let mut state = page(10);
    let number = state.asked_packet.unwrap();
    let failed = Answer::Failed { sentence: "the file has changed".into() };
    let effects = state.reduce(Action::Answer { number, answer: failed, bytes: Vec::new() });
    assert_eq!(asks(&effects), [] as [&Ask; 0]);
    assert_eq!(state.notice.as_deref(), Some("the file has changed"));
    assert_eq!(asks(&state.reduce(Action::Select(2))), [&Ask::Packet { number: 2 }]);
}

#[test]
fn go_to_takes_numbers_that_are_there() {
    let mut state = page(10);
    state.reduce(Action::Do(Command::GoTo));
    assert_eq!(state.dialog, Some(Dialog::GoTo));
    state.reduce(Action::GoTo("11".into()));
    assert_eq!((state.selected, state.dialog), (1, Some(Dialog::GoTo)));
    assert_eq!(state.said, "There is no such packet: they go from 1 to 10");
    state.reduce(Action::GoTo(" 10 ".into()));
    assert_eq!((state.selected, state.dialog), (10, None));
}

#[test]
fn a_million_packets_are_gone_through_by_scrolling() {
    let mut state = page(1_000_000);
    let end = state.list.height();
    state.reduce(Action::Scrolled(Pane::List, end));
    assert_eq!(state.list.seen().end, 1_000_000);
    assert!(state.list.window().end - state.list.window().start <= 60);
}

#[test]
fn menus_hold_what_can_be_copied() {
    let mut state = page(10);
    tell(&mut state);
    state.reduce(Action::Line(5));
    let texts: Vec<String> = state
        .items(Of::Line)
        .into_iter()
        .filter_map(|item| match item {
            Item::Act { action: Action::Copy { text, .. }, .. } => Some(text),
            _ => None,
        })
        .collect();
    assert!(texts.contains(&"Don't fragment".to_owned()));
    assert!(texts.contains(&"14".to_owned()));
    assert!(texts.iter().any(|text| text.contains("[1] = {")));
    assert_eq!(state.key(Command::Copy, Some(Pane::Bytes)), [Effect::Copy("14".into(), "Bytes")]);
    state.reduce(Action::Menu(Some(Menu { of: Of::Line, x: 1, y: 1 })));
    assert_eq!(state.key(Command::Escape, None), [Effect::FocusBack]);
    assert_eq!(state.menu, None);
}

#[test]
fn what_fields_mean_is_loaded_once_somebody_looks() {
    let loads =
        |effects: &[Effect]| effects.iter().filter(|effect| **effect == Effect::FetchMeanings).count();
    let mut state = page(3);
    assert_eq!((loads(&tell(&mut state)), &state.meanings), (0, &Known::Nothing));
    // The pane is closed: nobody looks.
    state.reduce(Action::Do(Command::Explain));
    assert_eq!(loads(&state.reduce(Action::Line(1))), 0);
    assert_eq!(loads(&state.reduce(Action::Do(Command::Explain))), 1);
    assert_eq!((loads(&state.reduce(Action::Line(2))), &state.meanings), (0, &Known::Loading));
    state.reduce(Action::Meanings(Err("fields.bin: 404".into())));
    assert_eq!(state.meanings, Known::Failed("fields.bin: 404".into()));
    // Only when asked to it is tried again.
    assert_eq!(loads(&state.reduce(Action::Line(3))), 0);
    assert_eq!(loads(&state.reduce(Action::MeaningsAgain)), 1);
    state.reduce(Action::Meanings(Ok("other\tRFC 1\tA file of another build.\n".into())));
    assert!(matches!(&state.meanings, Known::Failed(why) if why.contains("Reload")));
}
