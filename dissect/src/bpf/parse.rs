//! Tokens to an expression.

use super::lex::{Lexer, Span, Token, wrong};
use super::names::{self, Name};
use super::syntax::{Behind, Expr, Join, Math, Relation, Sum, Term, Test};
use super::term::Head;
use crate::filter::Error;

/// How deep parentheses, brackets and negatives may stand in each other.
pub(super) const MOST_DEPTH: usize = 64;

/// How many operators one piece of arithmetic may have.
pub(super) const MOST_OPERATORS: usize = 64;

/// How long the text may be, in bytes.
pub(super) const MOST_TEXT: usize = 1 << 16;

/// Reads an expression. `None` if there is nothing but blanks.
pub(super) fn parse(text: &str) -> Result<Option<Expr>, Error> {
    if text.len() > MOST_TEXT {
        return wrong(0..0, format!("A capture filter has at most {MOST_TEXT} bytes"));
    }
    let mut parser = Parser {
        lexer: Lexer::new(text),
        token: Token::End,
        span: 0..0,
        end: 0,
        text,
        depth: 0,
        head: None,
        behind: Behind::default(),
    };
    parser.advance()?;
    if parser.token == Token::End {
        return Ok(None);
    }
    let expr = parser.either()?;
    let expr = parser.settled(expr)?;
    if parser.token == Token::End { Ok(Some(expr)) } else { Err(parser.unexpected("and, or, or the end")) }
}

/// What was read, before it is known whether a comparison follows.
pub(super) enum Read {
    Expr(Expr),
    /// Arithmetic, and the number if it is no more than that.
    Sum(Sum, Option<u32>, Span),
}

pub(super) struct Parser<'t> {
    pub(super) lexer: Lexer<'t>,
    pub(super) token: Token,
    pub(super) span: Span,
    /// Where the token before ended.
    pub(super) end: usize,
    pub(super) text: &'t str,
    depth: usize,
    /// The qualifiers of the term read last, if it had some.
    pub(super) head: Option<Head>,
    pub(super) behind: Behind,
}

impl Parser<'_> {
    pub(super) fn advance(&mut self) -> Result<(), Error> {
        self.end = self.span.end;
        (self.token, self.span) = self.lexer.next()?;
        Ok(())
    }
    pub(super) fn is(&self, what: &str) -> bool {
        match &self.token {
            Token::Word(word) => word == what,
            Token::Sign(sign) => *sign == what,
            _ => false,
        }
    }
    pub(super) fn takes(&mut self, what: &str) -> Result<bool, Error> {
        let here = self.is(what);
        if here {
            self.advance()?;
        }
        Ok(here)
    }
    pub(super) fn unexpected(&self, expected: &str) -> Error {
        let found = self.text.get(self.span.clone()).unwrap_or("");
        let sentence = match &self.token {
            Token::End => format!("The capture filter ends here; expected {expected}"),
            Token::Word(word) if names::is_elsewhere(word) => {
                format!("{word} is of libpcap and is not read here")
            }
            Token::Name(name) if !found.starts_with('\\') => {
                let lower = name.to_ascii_lowercase();
                let hint = if names::is_keyword(&lower) {
                    format!("; words are written in small letters: {lower}")
                } else {
                    names::nearest(name).map_or(String::new(), |near| format!("; did you mean {near}?"))
                };
                format!("{name} is no word of capture filters; expected {expected}{hint}")
            }
            _ => format!("{found} was not expected here; expected {expected}"),
        };
        Error { span: self.span.clone(), sentence }
    }
    pub(super) fn deeper<T>(&mut self, body: impl FnOnce(&mut Self) -> Result<T, Error>) -> Result<T, Error> {
        self.depth += 1;
        if self.depth > MOST_DEPTH {
            return wrong(self.span.clone(), format!("More than {MOST_DEPTH} of them stand in each other"));
        }
        let answer = body(self);
        self.depth -= 1;
        answer
    }

    /// Tests with `and` and `or` between them, or a sum that stands alone.
    pub(super) fn either(&mut self) -> Result<Read, Error> {
        let first = self.negated()?;
        if self.join().is_none() {
            return Ok(first);
        }
        let first = Box::new(self.test(first)?);
        let mut rest = Vec::new();
        while let Some(join) = self.join() {
            self.advance()?;
            let next = self.negated()?;
            rest.push((join, self.test(next)?));
        }
        Ok(Read::Expr(Expr { first, rest }))
    }
    pub(super) fn join(&self) -> Option<Join> {
        if self.is("and") || self.is("&&") {
            return Some(Join::And);
        }
        (self.is("or") || self.is("||")).then_some(Join::Or)
    }
    /// What was read as tests: a bare number is a further value of the qualifiers before it.
    fn settled(&mut self, read: Read) -> Result<Expr, Error> {
        match read {
            Read::Expr(expr) => Ok(expr),
            Read::Sum(_, Some(number), span) if self.head.is_some() => {
                let test = self.value(&Token::Number(number), span)?;
                Ok(Expr { first: Box::new(test), rest: Vec::new() })
            }
            Read::Sum(_, Some(_), span) if self.token == Token::End => {
                wrong(span, "A number alone is no test; say before it what it is (port 80), or compare it")
            }
            Read::Sum(_, _, span) if self.token == Token::End => {
                wrong(span, "This is a number; expected a comparison behind it: =, !=, <, <=, > or >=")
            }
            Read::Sum(..) => Err(self.unexpected("an operator or a comparison: =, !=, <, <=, > or >=")),
        }
    }
    pub(super) fn test(&mut self, read: Read) -> Result<Test, Error> {
        let expr = self.settled(read)?;
        Ok(if expr.rest.is_empty() { *expr.first } else { Test::Group(expr) })
    }
    fn negated(&mut self) -> Result<Read, Error> {
        if self.takes("not")? || self.takes("!")? {
            let inner = self.deeper(Parser::negated)?;
            let inner = self.test(inner)?;
            return Ok(one(Test::Not(Box::new(inner))));
        }
        self.relation()
    }
    /// A test, or a sum with what it is compared with.
    fn relation(&mut self) -> Result<Read, Error> {
        let start = self.span.start;
        let (left, number) = if self.takes("(")? {
            let inner = self.deeper(Parser::either)?;
            if !self.is(")") {
                return Err(self.unexpected("and, or, or a closing parenthesis"));
            }
            let inner = match inner {
                Read::Sum(sum, number, _) => (sum, number),
                Read::Expr(expr) => {
                    self.advance()?;
                    return Ok(match *expr.first {
                        first if expr.rest.is_empty() => one(first),
                        first => one(Test::Group(Expr { first: Box::new(first), rest: expr.rest })),
                    });
                }
            };
            self.advance()?;
            let sum = self.grasp(inner.0.clone())?;
            let bare = inner.1.filter(|_| sum == inner.0);
            (sum, bare)
        } else if self.begins_sum() {
            let sum = self.primary()?;
            let number = if let Sum::Number(number) = sum { Some(number) } else { None };
            (sum, number)
        } else {
            return Ok(one(self.term()?));
        };
        let end = self.end;
        let left = self.sum_from(left, 0)?;
        let number = number.filter(|_| self.end == end);
        let Token::Sign(sign) = self.token else { return Ok(Read::Sum(left, number, start..self.end)) };
        let Some(relation) = Relation::of(sign) else { return Ok(Read::Sum(left, number, start..self.end)) };
        self.advance()?;
        let right = self.sum(0)?;
        self.head = None;
        Ok(one(self.term_of(Term::Compare(left, relation, right))))
    }
    /// Whether arithmetic begins here: a number, a length, a header's bytes.
    fn begins_sum(&self) -> bool {
        match &self.token {
            Token::Number(_) | Token::Sign("-") => true,
            Token::Word(word) if word == "len" || word == "length" || names::number(word).is_some() => true,
            Token::Word(word) if names::protocol(word).is_some() => {
                matches!(self.lexer.clone().next(), Ok((Token::Sign("["), _)))
            }
            _ => false,
        }
    }
    pub(super) fn term_of(&self, term: Term) -> Test {
        Test::Term(self.behind, term)
    }
}

/// An expression of one test.
fn one(test: Test) -> Read {
    Read::Expr(Expr { first: Box::new(test), rest: Vec::new() })
}

/// Arithmetic.
impl Parser<'_> {
    /// A sum whose operators bind tighter than this.
    fn sum(&mut self, tightness: u8) -> Result<Sum, Error> {
        let left = self.primary()?;
        self.sum_from(left, tightness)
    }
    fn sum_from(&mut self, mut left: Sum, tightness: u8) -> Result<Sum, Error> {
        let start = self.span.start;
        for _ in 0..=MOST_OPERATORS {
            let Token::Sign(sign) = self.token else { return Ok(left) };
            let Some((math, binds)) = Math::of(sign).filter(|found| found.1 > tightness) else {
                return Ok(left);
            };
            self.advance()?;
            let at = self.span.clone();
            let right = self.deeper(|parser| parser.sum(binds))?;
            left = math_of(math, left, right, at)?;
        }
        wrong(start..self.span.start, format!("More than {MOST_OPERATORS} operators stand side by side"))
    }
    /// What operators join.
    fn primary(&mut self) -> Result<Sum, Error> {
        let sum = match &self.token {
            Token::Number(number) => Sum::Number(*number),
            Token::Word(word) if word == "len" || word == "length" => Sum::Length,
            Token::Word(word) => match (names::number(word), names::protocol(word)) {
                (Some(number), _) => Sum::Number(number),
                (None, Some(name)) => return self.load(name),
                (None, None) => return Err(self.unexpected("a number, len, or bytes of a header: tcp[13]")),
            },
            Token::Sign("-") => {
                self.advance()?;
                let inner = self.deeper(Parser::primary)?;
                return Ok(Sum::Negate(Box::new(inner)));
            }
            Token::Sign("(") => {
                self.advance()?;
                let inner = self.deeper(|parser| parser.sum(0))?;
                if !self.takes(")")? {
                    return Err(self.unexpected("an operator or a closing parenthesis"));
                }
                return self.grasp(inner);
            }
            _ => return Err(self.unexpected("a number, len, or bytes of a header: tcp[13]")),
        };
        self.advance()?;
        self.grasp(sum)
    }
    /// The operators that take all that follows.
    fn grasp(&mut self, left: Sum) -> Result<Sum, Error> {
        let Token::Sign(sign) = self.token else { return Ok(left) };
        let Some(math) = Math::grasping(sign) else { return Ok(left) };
        self.advance()?;
        let at = self.span.clone();
        let right = self.deeper(|parser| parser.sum(0))?;
        math_of(math, left, right, at)
    }
    /// Bytes of a header: `ip[6:2]`.
    fn load(&mut self, name: &'static Name) -> Result<Sum, Error> {
        let span = self.span.clone();
        self.advance()?;
        if !self.takes("[")? {
            return Err(self.unexpected("a bracket: the place of a byte in the header"));
        }
        let Some(header) = name.header else {
            return wrong(span, format!("The bytes of {} can't be read by their place", name.word));
        };
        let place = self.deeper(|parser| parser.sum(0))?;
        let mut size = 1;
        if self.takes(":")? {
            size = match self.token {
                Token::Number(size @ (1 | 2 | 4)) => size as u8,
                Token::Number(_) => return wrong(self.span.clone(), "1, 2 or 4 bytes can be read at once"),
                _ => return Err(self.unexpected("how many bytes: 1, 2 or 4")),
            };
            self.advance()?;
        }
        if !self.takes("]")? {
            return Err(self.unexpected("a closing bracket"));
        }
        self.grasp(Sum::Load(header, Box::new(place), size))
    }
}

/// Two numbers joined. A division by a zero that is written there, and a shift that leaves nothing, are errors.
fn math_of(math: Math, left: Sum, right: Sum, at: Span) -> Result<Sum, Error> {
    match (math, &right) {
        (Math::Divide | Math::Remainder, Sum::Number(0)) => wrong(at, "Nothing is divided by zero"),
        (Math::Left | Math::Right, Sum::Number(32..)) => {
            wrong(at, "A number has 32 bits: it is shifted by at most 31")
        }
        _ => Ok(Sum::Math(math, Box::new(left), Box::new(right))),
    }
}
