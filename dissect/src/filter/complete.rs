//! What may stand at a place of a filter: for a shell, and for a page.

use super::functions::FUNCTIONS;
use super::lex::{Lexer, Span, Token};
use super::names::look_up;
use super::syntax::{Op, is_keyword};
use crate::{Dissector, Kind};
use std::collections::BTreeSet;
use std::ops::Range;

/// How many ways to go on are told at most.
pub const MOST_COMPLETIONS: usize = 200;

/// A way to go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// The bytes of the text that it replaces: the word that ends at the cursor, perhaps none.
    pub span: Range<usize>,
    /// What to put there.
    pub text: String,
    /// What it means.
    pub meaning: &'static str,
}

/// The ways to go on with a filter at the cursor, a place in bytes: names of fields, protocols and functions, names of
/// the values of the field that is compared, operators that suit the field before. What begins as the word at the cursor
/// comes first, then what has it inside.
///
/// ```
/// use dissect::{Dissector, filter::complete};
/// let dissector = Dissector::default();
/// let text = |filter: &str| complete(&dissector, filter, filter.len()).remove(0).text;
/// assert_eq!(text("ip && sctp.chunk_ty"), "sctp.chunk_type");
/// assert_eq!(text("sctp.chunk_type == SHUTDOWN_C"), "SHUTDOWN_COMPLETE");
/// assert_eq!(text("sip.Method con"), "contains");
/// ```
pub fn complete(dissector: &Dissector, text: &str, cursor: usize) -> Vec<Completion> {
    let Some(before) = text.get(..cursor) else { return Vec::new() };
    let Some(mut tokens) = read(before) else { return Vec::new() };
    let (prefix, span) = match tokens.last() {
        Some((Token::Word(word), span)) if span.end == cursor => (word.clone(), span.clone()),
        _ => (String::new(), cursor..cursor),
    };
    if !span.is_empty() {
        tokens.pop();
    }
    let tokens: Vec<Token> = tokens.into_iter().map(|(token, _)| token).collect();
    let mut found =
        Found { prefix: prefix.to_ascii_lowercase(), span, begin: Vec::new(), inside: Vec::new() };
    match place(&tokens) {
        Place::Operand => names(dissector, &mut found),
        Place::Value(field) => {
            values(dissector, field, &mut found);
            if !found.prefix.is_empty() && found.begin.is_empty() {
                fields(dissector, &mut found);
            }
        }
        Place::Operator(field) => {
            operators(dissector, field, &mut found);
            found.inside.clear();
        }
        Place::Text => {}
    }
    found.begin.append(&mut found.inside);
    found.begin.truncate(MOST_COMPLETIONS);
    found.begin
}

/// The tokens of a text. Brackets are left out; `None` inside of quotes and brackets.
fn read(text: &str) -> Option<Vec<(Token, Span)>> {
    let (mut lexer, mut tokens) = (Lexer::new(text), Vec::new());
    loop {
        match lexer.next().ok()? {
            (Token::End, _) => return Some(tokens),
            (Token::Sign("["), span) => drop(lexer.bracketed(&span).ok()?),
            (Token::Sign("#"), _) => {
                lexer.digits();
            }
            token => tokens.push(token),
        }
    }
}

/// What is expected at a place.
enum Place<'t> {
    /// A test or what is compared.
    Operand,
    /// A value of this field.
    Value(Option<&'t str>),
    /// An operator behind this field, or behind what is no field.
    Operator(Option<&'t str>),
    /// A text in quotes that nobody can know.
    Text,
}

fn place(tokens: &[Token]) -> Place<'_> {
    let word = |at: Option<usize>| match at.and_then(|at| tokens.get(at)) {
        Some(Token::Word(word)) if !is_keyword(word) => Some(word.as_str()),
        _ => None,
    };
    let before = |at: usize, back: usize| at.checked_sub(back);
    let Some(last) = tokens.len().checked_sub(1) else { return Place::Operand };
    match tokens.get(last) {
        Some(Token::Sign("~")) => Place::Text,
        Some(Token::Word(op)) if op == "matches" => Place::Text,
        Some(Token::Sign(op)) if Op::named(op).is_some() => Place::Value(word(before(last, 1))),
        Some(Token::Word(op)) if Op::named(op).is_some() => Place::Value(word(before(last, 1))),
        Some(Token::Sign("{" | "," | "..")) => {
            // Inside of a set its field's values are meant.
            let open = tokens.iter().rposition(|token| token.is("{"));
            let closed = tokens.iter().rposition(|token| token.is("}"));
            match open.filter(|open| closed.is_none_or(|closed| closed < *open)) {
                Some(open) if open > 0 && tokens.get(open - 1).is_some_and(|token| token.is("in")) => {
                    let not =
                        before(open, 2).is_some_and(|at| tokens.get(at).is_some_and(|token| token.is("not")));
                    Place::Value(word(before(open, if not { 3 } else { 2 })))
                }
                _ => Place::Operand,
            }
        }
        Some(Token::Word(op)) if is_keyword(op) => Place::Operand,
        Some(Token::Sign(")" | "}" | "]") | Token::Text(_) | Token::Char(_)) => Place::Operator(None),
        Some(Token::Sign(_)) => Place::Operand,
        _ => {
            // A value behind an operator ends a test.
            let compared = before(last, 1).and_then(|at| tokens.get(at)).is_some_and(|token| match token {
                Token::Sign(op) => Op::named(op).is_some(),
                Token::Word(op) => Op::named(op).is_some(),
                _ => false,
            });
            Place::Operator(if compared { None } else { word(Some(last)) })
        }
    }
}

/// Gathers what has the prefix.
struct Found {
    prefix: String,
    span: Span,
    begin: Vec<Completion>,
    inside: Vec<Completion>,
}

impl Found {
    fn offer(&mut self, text: &str, meaning: &'static str) {
        let lower = text.trim_start_matches('"').to_ascii_lowercase();
        let list = if lower.starts_with(&self.prefix) {
            &mut self.begin
        } else if lower.contains(&self.prefix) {
            &mut self.inside
        } else {
            return;
        };
        list.push(Completion { span: self.span.clone(), text: text.to_owned(), meaning: meaning.trim() });
    }
}

fn names(dissector: &Dissector, found: &mut Found) {
    if !found.prefix.is_empty() {
        for (name, meaning) in FUNCTIONS {
            found.offer(&format!("{name}("), meaning);
        }
    }
    fields(dissector, found);
    for (word, meaning) in [
        ("not", "turns the test around"),
        ("any", "one value at least passes"),
        ("all", "every value passes"),
        ("chunk{", "the terms hold in one chunk"),
        ("message{", "the terms hold in one message"),
    ] {
        found.offer(word, meaning);
    }
}

/// The protocols, and once a name has begun, the fields.
fn fields(dissector: &Dissector, found: &mut Found) {
    let mut seen = BTreeSet::new();
    for protocol in dissector.protocols() {
        for field in protocol.fields.iter().copied().flatten() {
            let offered = !found.prefix.is_empty() || field.show.kind == Kind::Protocol;
            if offered && seen.insert(field.name) {
                found.offer(field.name, field.doc);
            }
        }
    }
    found.begin.sort_unstable_by(|a, b| a.text.len().cmp(&b.text.len()).then_with(|| a.text.cmp(&b.text)));
}

fn values(dissector: &Dissector, field: Option<&str>, found: &mut Found) {
    let Some(named) = field.and_then(|name| look_up(dissector, name)) else { return };
    for field in named.fields {
        let words = field.show.words.filter(|_| field.show.is_flag());
        let words = words.into_iter().flat_map(|(yes, no)| [yes, no]);
        let codes = field.show.codes.map_or(&[][..], |codes| codes.names).iter().map(|row| row.1);
        for name in codes.chain(words) {
            let plain =
                name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') && !is_keyword(name);
            let text = if plain && !name.is_empty() { name.to_owned() } else { format!("{name:?}") };
            found.offer(&text, "a value of the field");
        }
    }
}

fn operators(dissector: &Dissector, field: Option<&str>, found: &mut Found) {
    let kind = field.and_then(|name| look_up(dissector, name)).map(|named| named.kind);
    let searched = matches!(kind, Some(Kind::Text | Kind::Bytes | Kind::Ether | Kind::Protocol));
    let ordered = !matches!(kind, None | Some(Kind::None));
    for (operator, meaning, offered) in [
        ("==", "some value equals", ordered),
        ("!=", "there are values and all differ", ordered),
        ("contains", "has these bytes inside", searched),
        ("matches", "a regular expression matches, in small or capital letters", searched),
        ("in", "is one of a set: {1, 3, 5..9}", ordered),
        (">", "is greater", ordered),
        (">=", "is greater or equal", ordered),
        ("<", "is less", ordered),
        ("<=", "is less or equal", ordered),
        ("===", "all values equal", ordered),
        ("~=", "some value differs", ordered),
        ("and", "both tests", true),
        ("or", "one of the tests at least", true),
        ("xor", "one of the tests, not both", true),
    ] {
        if offered {
            found.offer(operator, meaning);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(filter: &str) -> Vec<String> {
        let dissector = Dissector::default();
        complete(&dissector, filter, filter.len()).into_iter().map(|one| one.text).collect()
    }

    #[test]
    fn names_begin_a_test() {
        assert_eq!(texts("sctp.chunk_t")[0], "sctp.chunk_type");
        assert_eq!(texts("ip and (not cou")[0], "count(");
        assert_eq!(texts("chu")[0], "chunk{");
        assert_eq!(texts("chunk{ sctp.data_si")[0], "sctp.data_sid");
        assert!(texts("").contains(&"sctp".to_owned()) && !texts("").contains(&"sctp.port".to_owned()));
        // What has the word inside comes behind what begins with it.
        assert!(texts("call-id").contains(&"sip.Call-ID".to_owned()));
    }

    #[test]
    fn values_follow_a_comparison() {
        assert_eq!(texts("sctp.chunk_type == ini")[..2], ["INIT", "INIT_ACK"]);
        assert_eq!(texts("sctp.chunk_type in {DATA, COOKIE_E")[0], "COOKIE_ECHO");
        assert_eq!(texts("sctp.chunk_type not in {DATA .. COOKIE_E")[0], "COOKIE_ECHO");
        assert_eq!(texts("ip.flags.df == ")[..2], ["Set", "\"Not set\""]);
        assert_eq!(texts("sctp.data_u_bit == un"), ["\"Unordered delivery\""]);
        assert!(texts("sip.Method matches ").is_empty() && texts("sip.Method == \"INV").is_empty());
    }

    #[test]
    fn operators_follow_a_field() {
        assert_eq!(texts("sip.Method c"), ["contains"]);
        assert!(!texts("sctp.chunk_type ").contains(&"contains".to_owned()));
        assert_eq!(texts("sctp.chunk "), ["and", "or", "xor"]);
        assert_eq!(texts("sctp.chunk_type == 1 "), ["and", "or", "xor"]);
        assert_eq!(texts("ip.src#2[0:2] ")[0], "==");
        assert_eq!(texts("(sctp) a"), ["and"]);
    }

    #[test]
    fn the_word_at_the_cursor_is_replaced() {
        let all = complete(&Dissector::default(), "ip && sctp.chunk_ty == 1", 19);
        assert_eq!((all[0].span.clone(), all[0].text.as_str()), (6..19, "sctp.chunk_type"));
        assert!(!all[0].meaning.is_empty());
        // A place that is none.
        assert!(complete(&Dissector::default(), "é", 1).is_empty());
        assert!(complete(&Dissector::default(), "ip", 9).is_empty());
    }
}
