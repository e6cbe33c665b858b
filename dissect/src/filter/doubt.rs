//! Filters that say perhaps something else than was meant.

use super::Error;
use super::lex::{Lexer, Span, Token};

/// What is doubtful in a filter that is understood: where, and a sentence that says how it is read. Nothing, if it is clear.
///
/// ```
/// use dissect::{Dissector, filter::doubt};
/// let told = doubt("ip && sctp || sip").unwrap();
/// assert_eq!((told.span, told.sentence.as_str()), (3..5, "and binds closer than or: parentheses make it clear what belongs together"));
/// assert_eq!(doubt("(ip && sctp) || sip"), None);
/// ```
pub fn doubt(text: &str) -> Option<Error> {
    // The first `and` and whether there is an `or`, for each bracket that is open.
    let mut open: Vec<(Option<Span>, bool)> = vec![(None, false)];
    let mut lexer = Lexer::new(text);
    loop {
        let (token, span) = lexer.next().ok()?;
        match &token {
            Token::End => return None,
            Token::Sign("[") => drop(lexer.bracketed(&span).ok()?),
            Token::Sign("(" | "{") => open.push((None, false)),
            Token::Sign(")" | "}") => drop(open.pop()),
            Token::Sign("~=") => {
                let sentence = "~= holds as soon as one of several values differs; != asks that all differ";
                return Some(Error::new(span, sentence));
            }
            token => {
                let (and, or) = open.last_mut()?;
                if token.is("&&") || token.is("and") {
                    and.get_or_insert(span);
                } else if token.is("||") || token.is("or") {
                    *or = true;
                }
                if let (Some(and), true) = (and, &or) {
                    let sentence =
                        "and binds closer than or: parentheses make it clear what belongs together";
                    return Some(Error::new(and.clone(), sentence));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Dissector, Filter};

    #[test]
    fn what_is_doubtful_is_understood_all_the_same() {
        let doubtful = |text: &str| {
            assert!(Filter::compile(&Dissector::default(), text).is_ok(), "{text}");
            doubt(text).map(|told| told.span)
        };
        assert_eq!(doubtful("ip or sctp and sip"), Some(11..14));
        assert_eq!(doubtful("ip or (sctp and sip)"), None);
        assert_eq!(doubtful("chunk{ sctp.data_sid == 1 && sctp.data_ssn == 7 } || sip"), None);
        assert_eq!(doubtful("chunk{ sctp.data_sid == 1 && sctp.data_ssn == 7 || sctp }"), Some(26..28));
        assert_eq!(doubtful("ip.addr ~= 10.0.0.1"), Some(8..10));
        assert_eq!(doubtful("ip.addr != 10.0.0.1 && ip.src[0:2] == 0a:00"), None);
        assert_eq!(doubtful("sip.Method == \"a && b || c\""), None);
        assert_eq!(doubtful(""), None);
    }

    #[test]
    fn what_is_no_filter_is_not_doubtful() {
        for text in ["ip && )", "\"ip", "ip[", ")))", "((((("] {
            assert_eq!(doubt(text), None, "{text}");
        }
    }
}
