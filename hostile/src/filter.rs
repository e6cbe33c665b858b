//! Display filters.

use crate::DISSECTOR;
use dissect::capture::{LinkType, Packet};
use dissect::filter::{Work, complete};
use dissect::{Dissection, Filter, See, Tree};

/// A text, a zero, a packet. Any text is a filter or an error with a place in it; a filter prints as one that says the same,
/// and picks the same by the whole tree as by a part of it.
pub(crate) fn run(input: &[u8]) {
    let end = input.iter().position(|byte| *byte == 0).unwrap_or(input.len());
    let (text, packet) = (&input[..end], input.get(end + 1..).unwrap_or(&[]));
    let Ok(text) = std::str::from_utf8(text) else { return };
    for way in complete(&DISSECTOR, text, text.len()) {
        assert!(text.get(way.span).is_some());
    }
    let filter = match Filter::compile(&DISSECTOR, text) {
        Ok(filter) => filter,
        Err(error) => {
            assert!(text.get(error.span.clone()).is_some(), "{error:?}");
            assert_eq!(error.caret(text, "").lines().count(), 2);
            return;
        }
    };
    let again = Filter::compile(&DISSECTOR, &filter.to_string()).expect("what is printed is a filter");
    assert!(again == filter, "{filter} is {again}");
    let (packet, mut tree) = (Packet::new(LinkType::ETHERNET, packet), Tree::new());
    DISSECTOR.dissect(&See::alone(), &packet, &mut tree);
    let whole = filter.matches(Dissection { tree: &tree, packet: &packet });
    assert_eq!(filter.accepts(&DISSECTOR, &See::alone(), &packet, &mut Work::new()), whole, "{filter}");
}
