//! Tokens to expressions: a Pratt parser. The loosest first: `or`, `xor`, `and`, `not`, relations, `&`, `+ -`, `* / %`,
//! the sign, brackets and layers.

use super::Error;
use super::lex::{Lexer, Span, Token};
use super::syntax::{Comparison, Cut, Element, Expr, Math, Op, Quantity, What, is_keyword};

/// How deep parentheses, braces and signs may stand in each other.
pub(crate) const MOST_DEPTH: usize = 64;

/// How many operators one piece of arithmetic may have.
pub(crate) const MOST_OPERATORS: usize = 64;

/// How long the text of a filter may be, in bytes.
pub(crate) const MOST_TEXT: usize = 1 << 16;

/// Reads a filter. `None` if there is nothing but blanks.
pub(crate) fn parse(text: &str) -> Result<Option<Expr>, Error> {
    if text.len() > MOST_TEXT {
        return Err(Error::new(0..0, format!("A filter has at most {MOST_TEXT} bytes")));
    }
    let mut parser =
        Parser { lexer: Lexer::new(text), token: Token::End, span: 0..0, end: 0, text, depth: 0 };
    parser.advance()?;
    if parser.token == Token::End {
        return Ok(None);
    }
    let expr = parser.either()?;
    if parser.token == Token::End { Ok(Some(expr)) } else { Err(parser.unexpected("and, or, or the end")) }
}

struct Parser<'t> {
    lexer: Lexer<'t>,
    token: Token,
    span: Span,
    /// Where the token before ended.
    end: usize,
    text: &'t str,
    depth: usize,
}

impl Parser<'_> {
    fn advance(&mut self) -> Result<(), Error> {
        self.end = self.span.end;
        (self.token, self.span) = self.lexer.next()?;
        Ok(())
    }
    /// Passes over the sign or word if it stands here.
    fn takes(&mut self, what: &str) -> Result<bool, Error> {
        let here = self.token.is(what);
        if here {
            self.advance()?;
        }
        Ok(here)
    }
    fn expect(&mut self, sign: &str, expected: &str) -> Result<(), Error> {
        if self.takes(sign)? { Ok(()) } else { Err(self.unexpected(expected)) }
    }
    fn unexpected(&self, expected: &str) -> Error {
        let found = match &self.token {
            Token::End => {
                return Error::new(self.span.clone(), format!("The filter ends here; expected {expected}"));
            }
            _ => self.text.get(self.span.clone()).unwrap_or(""),
        };
        let hint = match found {
            "=" => "; to compare, write ==",
            "|" => "; either of two tests is ||",
            "^" => "; one of two tests but not both is ^^",
            _ => match found.to_ascii_lowercase() {
                lower if lower != found && is_keyword(&lower) => {
                    return Error::new(
                        self.span.clone(),
                        format!("{found} was not expected here; write {lower}, in small letters"),
                    );
                }
                _ => "",
            },
        };
        Error::new(self.span.clone(), format!("{found} was not expected here; expected {expected}{hint}"))
    }
    fn deeper<T>(&mut self, body: impl FnOnce(&mut Self) -> Result<T, Error>) -> Result<T, Error> {
        self.depth += 1;
        if self.depth > MOST_DEPTH {
            let sentence = format!("More than {MOST_DEPTH} of them stand in each other");
            return Err(Error::new(self.span.clone(), sentence));
        }
        let answer = body(self);
        self.depth -= 1;
        answer
    }
    fn either(&mut self) -> Result<Expr, Error> {
        self.joined(["or", "||"], What::Or, |parser| {
            parser.joined(["xor", "^^"], What::Xor, |parser| {
                parser.joined(["and", "&&"], What::And, Parser::negated)
            })
        })
    }
    fn joined(
        &mut self,
        words: [&str; 2],
        join: fn(Vec<Expr>) -> What,
        one: impl Fn(&mut Self) -> Result<Expr, Error>,
    ) -> Result<Expr, Error> {
        let first = one(self)?;
        if !words.iter().any(|word| self.token.is(word)) {
            return Ok(first);
        }
        let start = first.span.start;
        let mut all = vec![first];
        while words.iter().any(|word| self.token.is(word)) {
            self.advance()?;
            all.push(one(self)?);
        }
        Ok(Expr { span: start..self.end, what: join(all) })
    }
    fn negated(&mut self) -> Result<Expr, Error> {
        let start = self.span.start;
        if self.takes("not")? || self.takes("!")? {
            let inner = self.deeper(Parser::negated)?;
            return Ok(Expr { span: start..self.end, what: What::Not(Box::new(inner)) });
        }
        self.relation()
    }
    /// A test: one in parentheses, a block, a value with what it is compared with, or the value alone.
    fn relation(&mut self) -> Result<Expr, Error> {
        let start = self.span.start;
        if self.takes("(")? {
            let inner = self.deeper(Parser::either)?;
            self.expect(")", "a closing parenthesis")?;
            let continues = match &self.token {
                Token::Sign(sign) => {
                    Op::named(sign).is_some() || ["&", "+", "-", "*", "/", "%", "["].contains(sign)
                }
                Token::Word(word) => Op::named(word).is_some() || word == "in",
                _ => false,
            };
            if continues {
                let sentence =
                    "Parentheses hold a whole test; what is compared or calculated is held by braces";
                return Err(Error::new(self.span.clone(), format!("{sentence}: {{a + b}} == c")));
            }
            return Ok(Expr { span: start..self.end, ..inner });
        }
        let quantity = if self.takes("any")? {
            Some(Quantity::Any)
        } else if self.takes("all")? {
            Some(Quantity::All)
        } else {
            None
        };
        let left = self.sum(0)?;
        if let What::Scope(..) = left.what {
            return Ok(left);
        }
        let not = self.token.is("not");
        if not || self.token.is("in") {
            self.advance()?;
            if not {
                self.expect("in", "in, and a set in braces")?;
            }
            let set = self.set()?;
            let what = What::In { quantity, value: Box::new(left), not, set };
            return Ok(Expr { span: start..self.end, what });
        }
        let mut chain = Vec::new();
        while let Some(op) = self.relation_here() {
            self.advance()?;
            chain.push(Comparison { op, right: self.sum(0)? });
        }
        match (chain.is_empty(), quantity) {
            (true, Some(_)) => Err(self.unexpected("a comparison")),
            (true, None) => Ok(left),
            (false, _) => {
                Ok(Expr { span: start..self.end, what: What::Compare(quantity, Box::new(left), chain) })
            }
        }
    }
    fn relation_here(&self) -> Option<Op> {
        match &self.token {
            Token::Sign(sign) => Op::named(sign),
            Token::Word(word) => Op::named(word),
            _ => None,
        }
    }
    fn set(&mut self) -> Result<Vec<Element>, Error> {
        self.expect("{", "a set in braces, such as {1, 2, 5..9}")?;
        let mut set = Vec::new();
        loop {
            let low = self.sum(0)?;
            if self.takes("..")? {
                let high = self.sum(0)?;
                set.push(Element::Range(low, high));
            } else {
                set.push(Element::One(low));
            }
            if !self.takes(",")? {
                self.expect("}", "a comma, .. or a closing brace")?;
                return Ok(set);
            }
        }
    }
    /// Arithmetic whose operators bind at least so tight.
    fn sum(&mut self, tightness: u8) -> Result<Expr, Error> {
        let mut left = self.signed()?;
        for _ in 0..=MOST_OPERATORS {
            let (math, binds) = match &self.token {
                Token::Sign("&") => (Math::BitAnd, 1),
                Token::Word(word) if word == "bitwise_and" || word == "bitand" => (Math::BitAnd, 1),
                Token::Sign("+") => (Math::Add, 2),
                Token::Sign("-") => (Math::Subtract, 2),
                Token::Sign("*") => (Math::Multiply, 3),
                Token::Sign("/") => (Math::Divide, 3),
                Token::Sign("%") => (Math::Remainder, 3),
                _ => return Ok(left),
            };
            if binds <= tightness {
                return Ok(left);
            }
            self.advance()?;
            let right = self.deeper(|parser| parser.sum(binds))?;
            let span = left.span.start..self.end;
            left = Expr { span, what: What::Math(math, Box::new(left), Box::new(right)) };
        }
        let sentence = format!("More than {MOST_OPERATORS} operators stand side by side");
        Err(Error::new(left.span, sentence))
    }
    fn signed(&mut self) -> Result<Expr, Error> {
        let start = self.span.start;
        if self.takes("+")? {
            return self.deeper(Parser::signed);
        }
        if self.takes("-")? {
            let inner = self.deeper(Parser::signed)?;
            return Ok(Expr { span: start..self.end, what: What::Negate(Box::new(inner)) });
        }
        if self.takes("{")? {
            let inner = self.deeper(|parser| parser.sum(0))?;
            self.expect("}", "a closing brace")?;
            return Ok(Expr { span: start..self.end, ..inner });
        }
        self.value()
    }
    /// A literal, a function, a block, or a field with its layer and bytes.
    fn value(&mut self) -> Result<Expr, Error> {
        let span = self.span.clone();
        let what = match std::mem::replace(&mut self.token, Token::End) {
            Token::Text(text) => What::Text(text),
            Token::Char(byte) => What::Char(byte),
            Token::Word(word) if !is_keyword(&word) => What::Word(word),
            Token::Sign("$") => {
                let sentence =
                    "A reference to a field of a chosen packet needs one to be chosen; write its value";
                return Err(Error::new(span, sentence));
            }
            token => {
                self.token = token;
                return Err(self.unexpected("a field, a function or a value"));
            }
        };
        self.advance()?;
        let mut expr = Expr { span: span.clone(), what };
        if let What::Word(name) = &expr.what {
            if self.token.is("(") {
                let name = name.clone();
                let arguments = self.deeper(Parser::arguments)?;
                expr = Expr { span: span.start..self.end, what: What::Call(name, arguments) };
            } else if self.token.is("{") {
                let name = name.clone();
                self.advance()?;
                let inner = self.deeper(Parser::either)?;
                self.expect("}", "and, or, or a closing brace")?;
                return Ok(Expr { span: span.start..self.end, what: What::Scope(name, Box::new(inner)) });
            }
        }
        if self.token.is("#") && matches!(expr.what, What::Word(_)) {
            let cuts = self.layers()?;
            self.advance()?;
            expr = Expr { span: span.start..self.end, what: What::Layer(Box::new(expr), cuts) };
        }
        let mut slices = 0;
        while self.token.is("[") {
            slices += 1;
            if slices > MOST_DEPTH {
                let sentence = format!("More than {MOST_DEPTH} brackets follow each other");
                return Err(Error::new(self.span.clone(), sentence));
            }
            let cuts = self.cuts()?;
            self.advance()?;
            expr = Expr { span: span.start..self.end, what: What::Slice(Box::new(expr), cuts) };
        }
        Ok(expr)
    }
    fn arguments(&mut self) -> Result<Vec<Expr>, Error> {
        self.advance()?;
        let mut arguments = Vec::new();
        if self.takes(")")? {
            return Ok(arguments);
        }
        loop {
            arguments.push(self.sum(0)?);
            if !self.takes(",")? {
                self.expect(")", "a comma or a closing parenthesis")?;
                return Ok(arguments);
            }
        }
    }
    /// The numbers behind `#`. The current token is the sign; afterwards what stands behind the layers is to be read.
    fn layers(&mut self) -> Result<Vec<Cut>, Error> {
        let (digits, span) = self.lexer.digits();
        if !digits.is_empty() {
            self.span = span.clone();
            let number = digits.parse().map_err(|_| Error::new(span, "This layer's number is too large"))?;
            return Ok(vec![Cut::At(number)]);
        }
        let (token, span) = self.lexer.next()?;
        if !token.is("[") || span.start != self.span.end {
            let sentence = "Expected a layer behind #: a number, or ranges in brackets";
            return Err(Error::new(self.span.clone(), sentence));
        }
        self.span = span;
        self.cuts()
    }
    /// What stands in brackets. The current token is the opening one; afterwards what follows the closing one is to be
    /// read.
    fn cuts(&mut self) -> Result<Vec<Cut>, Error> {
        let (text, mut at) = self.lexer.bracketed(&self.span)?;
        self.span = self.span.start..at + text.len() + 1;
        let mut cuts = Vec::new();
        for piece in text.split(',') {
            let lead = piece.len() - piece.trim_start().len();
            let trimmed = piece.trim();
            let span = at + lead..at + lead + trimmed.len();
            cuts.push(cut(trimmed).map_err(|sentence| Error::new(span, sentence))?);
            at += piece.len() + 1;
        }
        Ok(cuts)
    }
}

/// Reads `3`, `0:4`, `:4`, `4:`, `0-3`, with negative numbers counting from the end.
fn cut(text: &str) -> Result<Cut, String> {
    if text.is_empty() {
        return Err("Expected which bytes: 3, 0:4, :4, 4:, 0-3 or -1".into());
    }
    if let Some((from, len)) = text.split_once(':') {
        let from = if from.trim().is_empty() { 0 } else { whole(from)? };
        if len.trim().is_empty() {
            return Ok(Cut::Rest(from));
        }
        let len = whole(len)?;
        if len <= 0 {
            return Err(format!("{text} takes no bytes; the number behind the colon is how many"));
        }
        return Ok(Cut::From(from, len));
    }
    // The first sign may be a minus of the number itself.
    let dash = text.char_indices().skip(1).find(|(_, sign)| *sign == '-').map(|(at, _)| at);
    match dash.and_then(|at| text.split_at_checked(at)) {
        Some((from, to)) => {
            let (from, to) = (whole(from)?, whole(to.get(1..).unwrap_or(""))?);
            if (from < 0) != (to < 0) {
                return Err(format!("{text} counts from the start and from the end"));
            }
            if from > to {
                return Err(format!("{text} ends before it begins"));
            }
            Ok(Cut::Between(from, to))
        }
        None => Ok(Cut::At(whole(text)?)),
    }
}

fn whole(text: &str) -> Result<i32, String> {
    let text = text.trim();
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text),
    };
    match super::literal::unsigned(digits) {
        Some(number) => match i32::try_from(number) {
            Ok(number) => Ok(if negative { -number } else { number }),
            Err(_) => Err(format!("{text} is too large")),
        },
        None => Err(format!("{text} is no number")),
    }
}
