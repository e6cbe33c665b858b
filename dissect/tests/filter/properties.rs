//! What holds for any text: it is a filter or an error with a place in it, and what is printed reads the same.

use dissect::{Dissector, Filter};
use proptest::prelude::*;

fn check(dissector: &Dissector, text: &str) -> Result<(), TestCaseError> {
    match Filter::compile(dissector, text) {
        Ok(filter) => {
            let printed = filter.to_string();
            let again = Filter::compile(dissector, &printed);
            let again =
                again.map_err(|error| TestCaseError::fail(format!("{text:?} -> {printed:?}: {error}")))?;
            prop_assert_eq!(&again.to_string(), &printed, "of {:?}", text);
            prop_assert!(again == filter, "{:?} -> {:?}", text, printed);
        }
        Err(error) => {
            prop_assert!(
                error.span.start <= error.span.end && error.span.end <= text.len(),
                "{:?}: {:?}",
                text,
                error
            );
            prop_assert!(text.is_char_boundary(error.span.start) && text.is_char_boundary(error.span.end));
            prop_assert!(!error.sentence.is_empty());
            prop_assert_eq!(error.caret(text, "").lines().count(), 2);
        }
    }
    Ok(())
}

/// Pieces of filters, so that many of the texts made of them are filters.
fn piece() -> impl Strategy<Value = String> {
    let words = [
        "sctp",
        "sctp.chunk_type",
        "ip.addr",
        "ip.src",
        "ipv6.src",
        "eth.src",
        "sip.Method",
        "frame.number",
        "frame.time",
        "frame.time_epoch",
        "data.data",
        "ip.flags.df",
        "sctp.chunk",
        "frame.protocols",
        "==",
        "!=",
        "===",
        "~=",
        "<",
        ">=",
        "contains",
        "matches",
        "in",
        "not",
        "and",
        "or",
        "xor",
        "&&",
        "||",
        "^^",
        "!",
        "any",
        "all",
        "(",
        ")",
        "{",
        "}",
        "[",
        "]",
        "[0:2]",
        "[-1]",
        "[1-3,5]",
        "#1",
        "#[1-2]",
        ",",
        "..",
        "+",
        "-",
        "*",
        "/",
        "%",
        "&",
        "len(",
        "count(",
        "upper(",
        "max(",
        "string(",
        "abs(",
        "chunk{",
        "message{",
        "1",
        "0x10",
        "010",
        "1.5",
        "INIT",
        "\"INIT\"",
        "\"a\\x00\\\"b\"",
        "r\"\\d+\"",
        "'a'",
        "10.0.0.1",
        "10.0.0.0/8",
        "::1",
        "fe80::/10",
        "02:00:00:00:00:01",
        "4f:4b",
        "2026-11-21",
        ".sctp",
        ":1",
        "\"2026-11-21 20:38:17\"",
        "True",
        "$",
        "@",
        "é",
    ];
    prop::sample::select(words.to_vec()).prop_map(str::to_owned)
}

/// Expressions that are mostly well typed.
fn test() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("sctp".to_owned()),
        Just("!ip.src#1".to_owned()),
        (0u32..300, prop::sample::select(vec!["==", "!=", "===", "~=", "<", "<=", ">", ">=", "eq", "ne"]))
            .prop_map(|(value, op)| format!("sctp.chunk_type {op} {}", value % 256)),
        any::<[u8; 4]>().prop_map(|a| format!(
            "all ip.addr == {}.{}.{}.{}/{}",
            a[0],
            a[1],
            a[2],
            a[3],
            a[0] % 33
        )),
        any::<[u8; 3]>().prop_map(|a| format!(
            "eth.src[{}:3] == {:02x}:{:02x}:{:02x}",
            a[0] % 4,
            a[0],
            a[1],
            a[2]
        )),
        "[ -~]{0,8}".prop_map(|text| format!("sip.Method contains {text:?}")),
        (0u32..9, 1u32..9)
            .prop_map(|(a, b)| format!("{{frame.number + {a}}} * {b} - -{a} > frame.len & {b}")),
        (0u32..9, 0u32..9).prop_map(|(a, b)| format!("any frame.number not in {{{a}, {b}..7, frame.len}}")),
        Just("max(len(sip.Method), 3) == 6 == len(sip.Method)".to_owned()),
        Just("upper(sip.Method)[0:1] matches r\"^[A-F]\"".to_owned()),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{a} && {b}")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{a} or {b}")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{a} ^^ ({b})")),
            inner.clone().prop_map(|a| format!("!({a})")),
            inner.prop_map(|a| format!("chunk{{ {a} }}")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_a_filter_or_an_error_in_it(text in any::<String>()) {
        check(&Dissector::default(), &text)?;
    }

    #[test]
    fn any_pieces_are_a_filter_or_an_error_in_them(pieces in prop::collection::vec(piece(), 0..12), tight in any::<bool>()) {
        check(&Dissector::default(), &pieces.join(if tight { "" } else { " " }))?;
    }

    #[test]
    fn what_is_printed_reads_the_same(text in test()) {
        prop_assert!(Filter::compile(&Dissector::default(), &text).is_ok(), "{}", text);
        check(&Dissector::default(), &text)?;
    }
}

#[test]
fn what_stands_too_deep_or_is_too_long_is_an_error() {
    let dissector = Dissector::default();
    for (open, close) in
        [("(", ")"), ("!", ""), ("not ", ""), ("chunk{ ", " }"), ("- ", ""), ("{", "}"), ("len(", ")")]
    {
        let nested = |depth: usize| format!("{}sctp{}", open.repeat(depth), close.repeat(depth));
        let error = Filter::compile(&dissector, &nested(5_000)).unwrap_err();
        assert!(error.sentence.contains("stand in each other"), "{open}: {error}");
    }
    assert!(Filter::compile(&dissector, &format!("{}sctp", "!".repeat(64))).is_ok());
    let sum = |terms: usize| format!("frame.number{} > 5", " + 1".repeat(terms));
    assert!(Filter::compile(&dissector, &sum(64)).is_ok());
    assert!(Filter::compile(&dissector, &sum(65)).unwrap_err().sentence.contains("side by side"));
    assert!(Filter::compile(&dissector, &sum(10_000)).is_err());
    let many = |terms: usize| vec!["sctp"; terms].join(" or ");
    assert!(Filter::compile(&dissector, &many(8_000)).is_ok());
    assert!(Filter::compile(&dissector, &many(20_000)).unwrap_err().sentence.contains("at most"));
    assert!(Filter::compile(&dissector, &format!("sctp{}", "[0:1]".repeat(65))).is_err());
}
