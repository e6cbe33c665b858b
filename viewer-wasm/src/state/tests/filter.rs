//! The filter bar, columns, related packets, exporting.

use super::*;
use crate::message::Line;
use crate::model::bar::Joined;
use crate::model::fields;

fn filter(state: &mut State, what: Filtering) -> Vec<Effect> {
    state.reduce(Action::Filter(what))
}

/// Types a text with the cursor behind it.
fn type_in(state: &mut State, text: &str) {
    filter(state, Filtering::Text(text.into(), text.len()));
}

/// Tells what the filter in force picks.
fn pick(state: &mut State, numbers: &[u32], at: u64, done: bool) -> Vec<Effect> {
    let number = state.asked_filter.expect("filtering goes on");
    let bytes = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
    state.reduce(Action::Answer { number, answer: Answer::Filtered { at, done }, bytes })
}

/// A page with so many packets, of which a filter shows these.
fn filtered(packets: u64, numbers: &[u32]) -> State {
    let mut state = page(packets);
    type_in(&mut state, "sctp");
    filter(&mut state, Filtering::Enter);
    pick(&mut state, numbers, packets, true);
    state
}

#[test]
fn enter_filters_and_rows_come_as_they_are_found() {
    let mut state = page(1000);
    type_in(&mut state, " sctp ");
    let effects = filter(&mut state, Filtering::Enter);
    assert_eq!(asks(&effects), [&Ask::Filter { text: "sctp".into() }]);
    assert!(effects.contains(&Effect::Address("filter=sctp&p=1".into())));
    assert!(effects.contains(&Effect::Keep("sctp\u{c}".into())));
    assert_eq!((state.count(), state.filter.at), (0, Some(0)));
    let effects = pick(&mut state, &[3, 500], 500, false);
    assert_eq!(asks(&effects), [&Ask::Rows { first: 1, count: 2, time: TimeFormat::Relative }]);
    assert_eq!((state.count(), state.filter.at, state.selected), (2, Some(500), 1));
    pick(&mut state, &[900], 1000, true);
    assert_eq!(
        (state.count(), state.filter.at, &*state.said),
        (3, None, "Packets that show: 3 of 1\u{202f}000")
    );
    // The selected packet does not show: the next that does is selected.
    assert_eq!(state.selected, 3);
    // Rows stand for places, packets for numbers.
    let number = state.asked_rows.unwrap();
    let rows = vec![Row { cells: std::array::from_fn(|_| "x".into()), ..Row::default() }; 2];
    state.reduce(Action::Answer { number, answer: Answer::Rows { first: 1, rows }, bytes: Vec::new() });
    assert_eq!(state.row_text(500).unwrap(), "500\tx\tx\tx\tx\tx\tx");
    assert_eq!(state.row_text(2), None);
}

#[test]
fn keys_go_through_what_shows() {
    let mut state = filtered(100, &[10, 20, 30, 40]);
    assert_eq!(state.selected, 10);
    let mut by = |command, selected| {
        state.reduce(Action::Do(command));
        assert_eq!(state.selected, selected, "{command:?}");
    };
    by(Command::Packets(1), 20);
    by(Command::LastPacket, 40);
    by(Command::Packets(1), 40);
    by(Command::Packets(-1), 30);
    by(Command::FirstPacket, 10);
    // A packet that does not show is selected by its number; from there it goes to those beside it.
    for (step, selected) in [(1, 30), (-1, 20)] {
        state.reduce(Action::GoTo("25".into()));
        assert_eq!(state.selected, 25);
        assert!(state.said.contains("does not pick packet 25"), "{}", state.said);
        state.reduce(Action::Do(Command::Packets(step)));
        assert_eq!(state.selected, selected);
    }
    // All show again, at the same packet.
    let effects = filter(&mut state, Filtering::Clear);
    assert_eq!(asks(&effects)[0], &Ask::Filter { text: String::new() });
    assert_eq!((state.count(), state.selected, state.filter.text.as_str()), (100, 20, ""));
    assert_eq!(state.link().print(), "p=20");
}

#[test]
fn a_filter_that_picks_nothing_leaves_the_packet() {
    let mut state = filtered(5, &[]);
    assert_eq!((state.count(), state.selected, &*state.said), (0, 1, "The filter picks no packet"));
    state.reduce(Action::Do(Command::Packets(1)));
    assert_eq!(state.selected, 1);
    assert_eq!(asks(&state.reduce(Action::Do(Command::Export))), [] as [&Ask; 0]);
}

#[test]
fn what_is_no_filter_is_told_and_not_applied() {
    let mut state = page(10);
    type_in(&mut state, "sctp.chunktype");
    assert!(state.filter.remark.as_ref().unwrap().wrong);
    assert_eq!(asks(&filter(&mut state, Filtering::Enter)), [] as [&Ask; 0]);
    assert!(state.said.starts_with("No filter: sctp.chunktype is neither"), "{}", state.said);
    assert_eq!((state.count(), state.filter.applied.as_str(), state.kept.filters.len()), (10, "", 0));
}

#[test]
fn offers_are_chosen_by_keys_and_taken() {
    let mut state = page(10);
    type_in(&mut state, "ip && sctp.chunk_ty");
    assert!(state.filter.offers.len() >= 2);
    assert_eq!(state.filter.chosen, None);
    filter(&mut state, Filtering::Move(1));
    assert_eq!(state.filter.chosen, Some(0));
    filter(&mut state, Filtering::Move(-1));
    assert_eq!(state.filter.chosen, None);
    filter(&mut state, Filtering::Move(-1));
    assert_eq!(state.filter.chosen, Some(state.filter.offers.len() - 1));
    filter(&mut state, Filtering::Move(1));
    filter(&mut state, Filtering::Move(1));
    // Enter takes what is chosen, and does not filter.
    let effects = filter(&mut state, Filtering::Enter);
    assert_eq!(effects, [Effect::FocusFilter(Some(21))]);
    assert_eq!((state.filter.text.as_str(), state.filter.offers.len()), ("ip && sctp.chunk_type", 0));
    // Escape closes what is offered, and leaves the text.
    filter(&mut state, Filtering::Offer(9));
    assert!(!state.filter.offers.is_empty());
    state.key(Command::Escape, None);
    assert_eq!((state.filter.text.as_str(), state.filter.offers.len()), ("ip && sctp.chunk_type", 0));
}

#[test]
fn filters_from_before_come_back() {
    let kept =
        Kept { filters: vec!["sip".into(), "udp".into()], columns: vec!["ip.ttl".into()], rules: None };
    assert_eq!(Kept::parse(&kept.print()), kept);
    let mut state = State::default();
    state.reduce(Action::Kept(Some(kept.print())));
    let effects = state.reduce(Action::Start { settings: None, fragment: String::new() });
    assert!(asks(&effects).contains(&&Ask::Columns { fields: vec!["ip.ttl".into()] }));
    filter(&mut state, Filtering::Text(String::new(), 0));
    assert_eq!(state.filter.offers.iter().map(|offer| &*offer.text).collect::<Vec<_>>(), ["sip", "udp"]);
    type_in(&mut state, "tcp");
    filter(&mut state, Filtering::Before);
    filter(&mut state, Filtering::Take(1));
    assert_eq!(state.filter.text, "udp");
    state.reduce(Action::Kept(None));
    assert_eq!(*state.kept, Kept::default());
}

#[test]
fn filtering_can_be_stopped() {
    let mut state = page(1000);
    type_in(&mut state, "sctp");
    filter(&mut state, Filtering::Enter);
    pick(&mut state, &[5, 7], 100, false);
    let late = state.asked_filter.unwrap();
    assert!(asks(&state.key(Command::Escape, None)).contains(&&Ask::Cancel));
    assert!(state.filter.stopped);
    assert_eq!((state.count(), state.filter.at, state.selected), (2, None, 5));
    // What comes late is dropped.
    let answer = Answer::Filtered { at: 200, done: false };
    state.reduce(Action::Answer { number: late, answer, bytes: vec![9, 0, 0, 0] });
    assert_eq!(state.count(), 2);
}

#[test]
fn a_link_has_the_filter_and_a_filter_waits_for_the_whole_capture() {
    let mut state = State::default();
    state.reduce(Action::Start { settings: None, fragment: "#filter=sctp%20%26%26%20ip&p=7".into() });
    state.reduce(Action::Resized(Pane::List, 220.0));
    state.reduce(Action::Open { name: "a.pcap".into(), size: 1000, linked: false });
    answer(&mut state, Answer::Progress { packets: 10, read: 500, size: 1000 });
    assert_eq!((state.selected, state.count(), state.link().filter.as_deref()), (7, 10, Some("sctp && ip")));
    let capture = Capture { packets: 20, ..Capture::default() };
    let effects = answer(&mut state, Answer::Loaded { capture });
    assert!(asks(&effects).contains(&&Ask::Filter { text: "sctp && ip".into() }));
    assert_eq!(state.filter.text, "sctp && ip");
    pick(&mut state, &[7, 9], 20, true);
    assert_eq!((state.selected, state.link().print()), (7, "filter=sctp%20%26%26%20ip&p=7".to_owned()));
    // Another link in the same capture: another filter, or none.
    let effects = state.reduce(Action::Fragment("#filter=udp&p=7".into()));
    assert!(asks(&effects).contains(&&Ask::Filter { text: "udp".into() }));
    state.reduce(Action::Fragment("#p=8".into()));
    assert_eq!((state.count(), state.selected), (20, 8));
    // Typed while it loads: applied when all is there. Another capture begins without.
    state.reduce(Action::Open { name: "b.pcap".into(), size: 1000, linked: false });
    type_in(&mut state, "tcp");
    assert!(!asks(&filter(&mut state, Filtering::Enter)).iter().any(|ask| matches!(ask, Ask::Filter { .. })));
    let effects =
        answer(&mut state, Answer::Loaded { capture: Capture { packets: 5, ..Capture::default() } });
    assert!(asks(&effects).contains(&&Ask::Filter { text: "tcp".into() }));
}

/// Tells the packet that was asked for, with these fields and values as its lines.
fn tell_fields(state: &mut State, lines: &[(&str, &str)]) {
    let number = state.asked_packet.expect("a packet is asked for");
    let line = |(name, value): &(&str, &str)| Line {
        text: format!("{name} says: {value}"),
        value: (*value).to_owned(),
        field: fields::index(fields::named(name).unwrap()),
        ..Line::default()
    };
    let packet =
        Packet { number: state.selected, lines: lines.iter().map(line).collect(), ..Packet::default() };
    state.reduce(Action::Answer { number, answer: Answer::Packet(Box::new(packet)), bytes: Vec::new() });
}

#[test]
fn a_field_becomes_a_filter_or_a_column() {
    let mut state = page(10);
    tell_fields(&mut state, &[("sctp.srcport", "2905")]);
    state.reduce(Action::Line(0));
    let items = state.items(Of::Line);
    assert!(items.contains(&Item::More { label: "Apply as filter", of: Of::Filter { apply: true } }));
    let of = |state: &State, apply: bool, label: &str| {
        let items = state.items(Of::Filter { apply }).into_iter();
        let mut items = items.filter_map(|item| match item {
            Item::Act { label, action, .. } => Some((label, action)),
            _ => None,
        });
        items.find(|(other, _)| other == label).unwrap().1
    };
    let action = of(&state, true, "Selected");
    let effects = state.reduce(action);
    assert!(asks(&effects).contains(&&Ask::Filter { text: "sctp.srcport == 2905".into() }));
    // Prepared, it only stands in the bar.
    let action = of(&state, false, "\u{2026} and not selected");
    let effects = state.reduce(action);
    assert_eq!(asks(&effects), [] as [&Ask; 0]);
    assert_eq!(state.filter.text, "(sctp.srcport == 2905) && !(sctp.srcport == 2905)");
    assert_eq!(Joined::ALL.len(), state.items(Of::Filter { apply: false }).len() - 1);

    let effects = state.reduce(Action::FieldColumn("sctp.srcport".into()));
    assert!(asks(&effects).contains(&&Ask::Columns { fields: vec!["sctp.srcport".into()] }));
    assert!(
        effects.iter().any(|effect| matches!(effect, Effect::Keep(text) if text.contains("sctp.srcport")))
    );
    let has = |state: &State, wanted: &str| {
        state.items(Of::Line).iter().any(|item| matches!(item, Item::Act { label, .. } if label == wanted))
    };
    assert!(has(&state, "Remove the column"));
    let effects = state.reduce(Action::FieldColumn("sctp.srcport".into()));
    assert!(asks(&effects).contains(&&Ask::Columns { fields: vec![] }));
    assert!(has(&state, "Apply as column"));
    for number in 0..20 {
        state.reduce(Action::FieldColumn(number.to_string()));
    }
    assert_eq!(state.kept.columns.len(), 8);
}

#[test]
fn related_packets_are_known_and_gone_to() {
    let mut state = page(50);
    state.reduce(Action::Select(20));
    tell_fields(
        &mut state,
        &[
            ("sctp.acked", "22"),
            ("sctp.retransmission", "12"),
            ("sctp.acked", "22"),
            ("ip.reassembled_in", "20"),
            ("sctp.retransmitted", "99"),
        ],
    );
    let related: Vec<_> = state.related.iter().map(|related| (related.number, related.sign)).collect();
    // Neither itself, nor one that is not there.
    assert_eq!(related, [(12, "\u{21bb}"), (22, "\u{2713}")]);
    let items = state.items(Of::Packet);
    let to = |number| {
        items.iter().any(|item| matches!(item, Item::Act { action: Action::Select(to), .. } if *to == number))
    };
    assert!(to(12) && to(22));
    state.reduce(Action::Do(Command::Related));
    assert_eq!((state.selected, &*state.said), (22, "Packet 22. Before: sctp.acked says: 22"));
    state.reduce(Action::Select(20));
    state.reduce(Action::Do(Command::RelatedBack));
    assert_eq!(state.selected, 12);
    state.related = Rc::default();
    state.reduce(Action::Do(Command::Related));
    assert_eq!((state.selected, &*state.said), (12, "It names no later packet"));
}

#[test]
fn what_shows_is_exported_in_pieces_under_a_name() {
    let mut state = filtered(100, &[10, 20]);
    state.name = "folder/a.pcapng.gz".into();
    let effects = state.reduce(Action::Do(Command::Export));
    assert_eq!(effects[0], Effect::Unsave);
    let number = state.asked_export.unwrap();
    let mut told = |packets, done, bytes: &[u8]| {
        let answer = Answer::Exported { packets, done };
        state.reduce(Action::Answer { number, answer, bytes: bytes.to_vec() })
    };
    assert_eq!(told(1, false, &[1]), [Effect::Save { bytes: vec![1], name: None }]);
    assert_eq!(
        told(2, true, &[2]),
        [Effect::Save { bytes: vec![2], name: Some("a-filtered.pcapng".into()) }]
    );
    assert_eq!((state.exporting, &*state.said), (None, "2 packets exported"));
    // Stopped, the pieces are forgotten.
    state.reduce(Action::Do(Command::Export));
    assert!(state.key(Command::Escape, None).contains(&Effect::Unsave));
    assert_eq!(state.exporting, None);
}

#[test]
fn colouring_rules_are_kept() {
    let mut state = page(3);
    let rules = "@A@sctp@[0,0,0][65535,65535,65535]".to_owned();
    let effects = state.reduce(Action::Rules(Some(rules.clone())));
    assert!(asks(&effects).contains(&&Ask::Colours { rules: rules.clone() }));
    let kept = effects.iter().find_map(|effect| match effect {
        Effect::Keep(text) => Some(text.clone()),
        _ => None,
    });
    let mut state = State::default();
    state.reduce(Action::Kept(kept));
    let effects = state.reduce(Action::Start { settings: None, fragment: String::new() });
    assert_eq!(asks(&effects), [&Ask::Colours { rules }]);
    let effects = state.reduce(Action::Rules(None));
    assert_eq!(asks(&effects), [&Ask::Colours { rules: RULES.to_owned() }]);
}
