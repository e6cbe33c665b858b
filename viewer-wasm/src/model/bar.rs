//! The filter bar without a browser: whether what is typed is a filter, how it can go on, and what was filtered by before.

use super::fields;
use dissect::Filter;
use dissect::filter::{complete, doubt};
use std::ops::Range;

/// How many ways to go on are offered at most.
pub const MOST_OFFERS: usize = 40;
/// How many filters are kept of those that were applied.
pub const MOST_BEFORE: usize = 20;

/// What is wrong or doubtful in a filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// Whether it is no filter.
    pub wrong: bool,
    /// Where in the text, in bytes.
    pub span: Range<usize>,
    /// What is wrong.
    pub sentence: String,
}

/// A way to go on, or a filter from before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The bytes of the text that it replaces.
    pub span: Range<usize>,
    /// What it puts there.
    pub text: String,
    /// What it means.
    pub meaning: &'static str,
}

/// What is to be said of a text: nothing of a filter that is clear, and of none.
pub fn remark(text: &str) -> Option<Remark> {
    let told =
        |wrong, error: dissect::filter::Error| Remark { wrong, span: error.span, sentence: error.sentence };
    match Filter::compile(fields::dissector(), text) {
        Ok(_) => doubt(text).map(|error| told(false, error)),
        Err(error) => Some(told(true, error)),
    }
}

/// The ways to go on at the cursor, a place in bytes. None where the word is what is offered.
pub fn offers(text: &str, cursor: usize) -> Vec<Offer> {
    let mut offers: Vec<Offer> = Vec::new();
    // A number is what it is: names that have its digits inside are no way to go on.
    let begun = text.get(..cursor).unwrap_or_default();
    if begun
        .rsplit(|sign: char| !sign.is_alphanumeric() && !"._-".contains(sign))
        .next()
        .is_some_and(|word| word.starts_with(|sign: char| sign.is_ascii_digit()))
    {
        return offers;
    }
    for one in complete(fields::dissector(), text, cursor).into_iter().take(MOST_OFFERS) {
        // What fields mean is loaded apart: their label tells as much as has room here.
        let meaning = match one.meaning {
            "" => fields::named(&one.text).map_or("", |field| field.label),
            meaning => meaning,
        };
        offers.push(Offer { span: one.span, text: one.text, meaning });
    }
    if let [only] = &*offers
        && text.get(only.span.clone()) == Some(&only.text)
    {
        offers.clear();
    }
    offers
}

/// The filters from before that have the text inside, to be put in its place.
pub fn before(filters: &[String], text: &str) -> Vec<Offer> {
    let part = text.trim();
    let fits = filters.iter().filter(|filter| filter.contains(part) && *filter != part);
    fits.map(|filter| Offer { span: 0..text.len(), text: filter.clone(), meaning: "" }).collect()
}

/// Keeps a filter as the latest.
pub fn keep(filters: &mut Vec<String>, text: &str) {
    filters.retain(|filter| filter != text);
    filters.insert(0, text.to_owned());
    filters.truncate(MOST_BEFORE);
}

/// How a filter goes together with the one that stands there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Joined {
    /// In its place.
    Alone,
    /// Its opposite in its place.
    Not,
    /// Both.
    And,
    /// One of them.
    Or,
    /// The one, but not this.
    AndNot,
    /// The one, or not this.
    OrNot,
}

impl Joined {
    /// All, in words.
    pub const ALL: [(Joined, &'static str); 6] = [
        (Joined::Alone, "Selected"),
        (Joined::Not, "Not selected"),
        (Joined::And, "\u{2026} and selected"),
        (Joined::Or, "\u{2026} or selected"),
        (Joined::AndNot, "\u{2026} and not selected"),
        (Joined::OrNot, "\u{2026} or not selected"),
    ];
    /// Puts a filter beside the one before.
    pub fn with(self, before: &str, filter: &str) -> String {
        let before = before.trim();
        match self {
            Joined::Alone => filter.to_owned(),
            Joined::Not => format!("!({filter})"),
            Joined::AndNot | Joined::OrNot if before.is_empty() => format!("!({filter})"),
            _ if before.is_empty() => filter.to_owned(),
            Joined::And => format!("({before}) && ({filter})"),
            Joined::Or => format!("({before}) || ({filter})"),
            Joined::AndNot => format!("({before}) && !({filter})"),
            Joined::OrNot => format!("({before}) || !({filter})"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_a_filter_a_doubtful_one_or_none() {
        assert_eq!((remark(""), remark("sctp"), remark("  ")), (None, None, None));
        let wrong = remark("ip && sctp.chunktype == 1").unwrap();
        assert_eq!((wrong.wrong, wrong.span.clone()), (true, 6..20));
        assert!(wrong.sentence.ends_with("did you mean sctp.chunk_type?"), "{}", wrong.sentence);
        let doubtful = remark("ip || tcp && sip").unwrap();
        assert_eq!((doubtful.wrong, doubtful.span), (false, 10..12));
    }

    #[test]
    fn offers_go_on_at_the_cursor() {
        let all = offers("ip && sctp.chunk_t == 1", 18);
        assert_eq!((all[0].span.clone(), all[0].text.as_str()), (6..18, "sctp.chunk_type"));
        // The field's label, or what it means where that is built in.
        let starts = ["Chunk type", "What kind of chunk it is."];
        assert!(starts.iter().any(|start| all[0].meaning.starts_with(start)), "{}", all[0].meaning);
        assert!(offers("s", 1).len() <= MOST_OFFERS);
        assert_eq!(offers("sip.Method contains", 19), []);
        assert_eq!((offers("sctp.data_sid == 1", 18), offers("ip.src == 10.0", 14)), (vec![], vec![]));
        // A place inside of a character is none.
        assert_eq!(offers("\u{e9}", 1), []);
    }

    #[test]
    fn filters_from_before_are_kept_once_each_the_latest_first() {
        let mut filters = Vec::new();
        for number in 0..MOST_BEFORE + 5 {
            keep(&mut filters, &format!("frame.number == {number}"));
        }
        keep(&mut filters, "frame.number == 20");
        assert_eq!(filters.len(), MOST_BEFORE);
        assert_eq!(filters[..2], ["frame.number == 20", "frame.number == 24"]);
        let fitting = before(&filters, "== 2");
        assert_eq!(fitting[0], Offer { span: 0..4, text: "frame.number == 20".into(), meaning: "" });
        assert_eq!(fitting.len(), 5);
        assert_eq!(before(&filters, "").len(), MOST_BEFORE);
    }

    #[test]
    fn joined_filters_are_filters_that_are_clear() {
        for (joined, _) in Joined::ALL {
            for before in ["", " sctp", "ip || tcp", "ip or sctp and sip"] {
                let text = joined.with(before, "sctp.data_sid == 1");
                assert_eq!(remark(&text).filter(|told| told.wrong), None, "{text}");
            }
        }
        assert_eq!(Joined::AndNot.with("ip || tcp", "sip"), "(ip || tcp) && !(sip)");
        assert_eq!(
            (Joined::OrNot.with("", "sip"), Joined::Or.with(" ", "sip")),
            ("!(sip)".into(), "sip".into())
        );
    }
}
