//! Capture filters.

use dissect::Bpf;
use dissect::capture::{LinkType, Packet};

/// A link type, a text, a zero, a packet. Any text is a capture filter or an error with a place in it; one prints as a text
/// that says the same, and runs over any packet.
pub(crate) fn run(input: &[u8]) {
    let Some((link, input)) = input.split_first() else { return };
    let end = input.iter().position(|byte| *byte == 0).unwrap_or(input.len());
    let (text, packet) = (&input[..end], input.get(end + 1..).unwrap_or(&[]));
    let Ok(text) = std::str::from_utf8(text) else { return };
    match Bpf::compile(text) {
        Ok(expression) => {
            let again = Bpf::compile(&expression.to_string()).expect("what is printed is an expression");
            assert!(again == expression, "{expression} is {again}");
            let packet = Packet::new(LinkType((*link).into()), packet);
            assert_eq!(expression.accepts(&packet), again.accepts(&packet));
        }
        Err(error) => {
            assert!(text.get(error.span.clone()).is_some(), "{error:?}");
            assert_eq!(error.caret(text, "").lines().count(), 2);
        }
    }
}
