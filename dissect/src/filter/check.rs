//! Expressions to programs: names become fields, literals become values of the field's type, and what can't be is told.

use super::Error;
use super::functions::FUNCTIONS;
use super::lex::Span;
use super::literal::{Target, Value, Written, described, read};
use super::names::{Named, all, look_up, nearest};
use super::pattern::Pattern;
use super::run::{Fields, Layers, Member, Term, Test, address};
use super::scope;
use super::syntax::{Cut, Element, Expr, Math, Op, Quantity, What};
use super::types::{
    Checked, Typed, calculable, comparable, has_bytes, no_math, same_type, searchable, shown,
};
use crate::{Dissector, Field, Kind};
use memchr::memmem::Finder;

/// Makes programs for a dissector.
pub(crate) struct Checker<'d> {
    pub(crate) dissector: &'d Dissector,
    /// The fields that are named, and those that tell where they stand.
    pub(crate) fields: Vec<&'static Field>,
    /// Whether a field is named that any protocol may add, or that reads the whole tree.
    pub(crate) whole: bool,
}

impl Checker<'_> {
    /// Compiles a test.
    pub(crate) fn test(&mut self, expr: &Expr) -> Checked<Test> {
        match &expr.what {
            What::Or(all) => Ok(Test::Or(self.tests(all)?)),
            What::And(all) => Ok(Test::And(self.tests(all)?)),
            What::Xor(all) => Ok(Test::Xor(self.tests(all)?)),
            What::Not(inner) => Ok(Test::Not(Box::new(self.test(inner)?))),
            What::Compare(quantity, left, chain) => {
                let (mut tests, mut left) = (Vec::new(), left.as_ref());
                for next in chain {
                    tests.push(self.comparison(*quantity, left, next.op, &next.right)?);
                    left = &next.right;
                }
                Ok(if tests.len() == 1 { tests.remove(0) } else { Test::And(tests) })
            }
            What::In { quantity, value, not, set } => self.membership(*quantity, value, *not, set),
            What::Scope(name, inner) => {
                let inner = self.test(inner)?;
                Ok(Test::Within(self.groups(name, &expr.span)?, Box::new(inner)))
            }
            What::Word(_) | What::Layer(..) => Ok(Test::Present(self.field(expr)?.0)),
            What::Slice(..) | What::Math(..) | What::Negate(_) => Ok(Test::Some(self.term(expr, None)?.term)),
            What::Call(name, _) => Err(Error::new(
                expr.span.clone(),
                format!("{name}() has a value, which is always there; compare it with something"),
            )),
            What::Text(_) | What::Char(_) => {
                Err(Error::new(expr.span.clone(), "A text alone is no test; compare a field with it"))
            }
        }
    }
    fn tests(&mut self, all: &[Expr]) -> Checked<Vec<Test>> {
        all.iter().map(|one| self.test(one)).collect()
    }
    fn comparison(&mut self, quantity: Option<Quantity>, left: &Expr, op: Op, right: &Expr) -> Checked<Test> {
        let all = match quantity {
            Some(quantity) => quantity == Quantity::All,
            None => matches!(op, Op::NotEqual | Op::AllEqual),
        };
        // The side that has a type of its own gives it to the other.
        if self.is_literal(left) {
            if self.is_literal(right) || matches!(op, Op::Contains | Op::Matches) {
                let wrong =
                    if first_name(left).is_none() && first_name(right).is_some() { right } else { left };
                return Err(self.no_field(wrong, op.sign()));
            }
            let right = self.term(right, None)?;
            let left = self.term(left, Some(&right.target))?;
            return Ok(Test::Compare { all, op, left: left.term, right: right.term });
        }
        let left_typed = self.term(left, None)?;
        let kind = left_typed.target.kind;
        comparable(left, &left_typed)?;
        match op {
            Op::Matches => {
                searchable(left, &left_typed, op)?;
                let What::Text(pattern) = &right.what else {
                    let sentence = "matches needs a regular expression in double quotes";
                    return Err(Error::new(right.span.clone(), sentence));
                };
                let pattern = Pattern::new(pattern).map_err(|wrong| {
                    Error::new(right.span.clone(), format!("The regular expression is not right: {wrong}"))
                })?;
                return Ok(Test::Matches { all, left: left_typed.term, pattern: Box::new(pattern) });
            }
            Op::Contains => searchable(left, &left_typed, op)?,
            _ => {}
        }
        // Some bytes of a hardware address are no hardware address.
        let part = Target { kind: Kind::Bytes, ..left_typed.target.clone() };
        let searched =
            op == Op::Contains && kind == Kind::Ether && !matches!(right.what, What::Text(_) | What::Char(_));
        let right_typed = self.term(right, Some(if searched { &part } else { &left_typed.target }))?;
        same_type(left, &left_typed, right, &right_typed)?;
        Ok(match (left_typed.term, right_typed.term) {
            (Term::Field(fields), Term::Constant(Value::Number(number))) if op != Op::Contains => {
                Test::Number(fields, all, op, number)
            }
            (left, Term::Constant(Value::Bytes(needle) | Value::Text(needle))) if op == Op::Contains => {
                Test::Contains { all, left, needle: Box::new(Finder::new(&needle).into_owned()) }
            }
            (left, right) => Test::Compare { all, op, left, right },
        })
    }
    fn membership(
        &mut self,
        quantity: Option<Quantity>,
        value: &Expr,
        not: bool,
        set: &[Element],
    ) -> Checked<Test> {
        if self.is_literal(value) {
            return Err(self.no_field(value, "in"));
        }
        let typed = self.term(value, None)?;
        comparable(value, &typed)?;
        let mut member = |one: &Expr| -> Checked<Term> {
            let other = self.term(one, Some(&typed.target))?;
            same_type(value, &typed, one, &other)?;
            Ok(other.term)
        };
        let mut members = Vec::new();
        for element in set {
            members.push(match element {
                Element::One(one) => Member::One(member(one)?),
                Element::Range(low, high) => Member::Range(member(low)?, member(high)?),
            });
        }
        let all = quantity == Some(Quantity::All);
        let test = Test::In { all, value: typed.term, set: members };
        Ok(if not { Test::Not(Box::new(test)) } else { test })
    }
    /// Whether an expression is made of literals alone, so that its type is that of what it is compared with.
    pub(super) fn is_literal(&self, expr: &Expr) -> bool {
        match &expr.what {
            What::Word(word) => self.named(word).is_none(),
            What::Text(_) | What::Char(_) => true,
            What::Negate(inner) => self.is_literal(inner),
            What::Math(_, left, right) => self.is_literal(left) && self.is_literal(right),
            _ => false,
        }
    }
    fn named(&self, word: &str) -> Option<Named> {
        look_up(self.dissector, word.strip_prefix('.').unwrap_or(word))
    }
    pub(super) fn no_field(&self, expr: &Expr, sign: &str) -> Error {
        if let Some((word, span)) = first_name(expr) {
            return self.unknown(word, span);
        }
        let sentence = format!("{sign} needs a field or a function beside it; here are only fixed values");
        Error::new(expr.span.clone(), sentence)
    }
    fn unknown(&self, word: &str, span: &Span) -> Error {
        let names = all(self.dissector);
        let name = word.strip_prefix('.').unwrap_or(word);
        let near = names
            .iter()
            .find(|known| known.eq_ignore_ascii_case(name))
            .copied()
            .or_else(|| nearest(name, names.iter().copied()))
            .or_else(|| FUNCTIONS.iter().map(|row| row.0).find(|known| *known == name));
        let hint = near.map_or(String::new(), |near| format!("; did you mean {near}?"));
        Error::new(span.clone(), format!("{word} is neither a field nor a protocol{hint}"))
    }
    /// The fields of a name, perhaps in some layers only.
    pub(super) fn field(&mut self, expr: &Expr) -> Checked<(Fields, Target)> {
        let (word, span, layers) = match &expr.what {
            What::Word(word) => (word, &expr.span, None),
            What::Layer(inner, cuts) => match &inner.what {
                What::Word(word) => (word, &inner.span, Some(cuts)),
                _ => return Err(Error::new(expr.span.clone(), "Only a field has layers")),
            },
            _ => return Err(Error::new(expr.span.clone(), "Expected a field")),
        };
        let named = self.named(word).ok_or_else(|| self.unknown(word, span))?;
        self.whole |= named.needs_whole(self.dissector);
        let Named { kind, fields, mut carriers, protocols, aspect } = named;
        carriers.sort_by_key(|field| address(field));
        carriers.dedup_by_key(|field| address(field));
        self.fields.extend(&carriers);
        let layers = layers.map(|cuts| self.layers(cuts, &protocols));
        self.fields.extend(layers.iter().flat_map(|layers| &layers.roots));
        let target = Target { kind, fields, named: true, wide: false };
        Ok((Fields { carriers, kind, layers, aspect }, target))
    }
    fn layers(&self, cuts: &[Cut], protocols: &[usize]) -> Layers {
        let all = self.dissector.protocols();
        let owners = protocols.iter().filter_map(|index| all.get(*index));
        let roots = owners.flat_map(|one| {
            let fields = one.fields.iter().copied().flatten().copied();
            fields.filter(|field| field.show.kind == Kind::Protocol && field.name == one.name)
        });
        let mut roots: Vec<&'static Field> = roots.collect();
        roots.sort_by_key(|field| address(field));
        Layers { wanted: cuts.to_vec(), roots }
    }
    /// The groups of a block.
    fn groups(&mut self, name: &str, span: &Span) -> Checked<Vec<&'static Field>> {
        if let Some(groups) = scope::groups(self.dissector, name, self.whole) {
            self.fields.extend(&groups);
            return Ok(groups);
        }
        let Some(named) = self.named(name) else {
            let names = ["chunk", "message"].into_iter().chain(all(self.dissector));
            let hint =
                nearest(name, names).map_or(String::new(), |near| format!("; did you mean {near}{{ … }}?"));
            let sentence = format!("{name} is no block: chunk, message, a protocol or a group{hint}");
            return Err(Error::new(span.start..span.start + name.len(), sentence));
        };
        self.whole |= named.needs_whole(self.dissector);
        let mut carriers = named.carriers;
        carriers.sort_by_key(|field| address(field));
        carriers.dedup_by_key(|field| address(field));
        self.fields.extend(&carriers);
        Ok(carriers)
    }
    /// Compiles what has values. Literals become what `target` is.
    pub(super) fn term(&mut self, expr: &Expr, target: Option<&Target>) -> Checked<Typed> {
        let literal = |written: Written<'_>| match target {
            Some(target) => match read(written, target) {
                Ok(value) => Ok(Typed { term: Term::Constant(value), target: target.clone(), slice: false }),
                Err(sentence) => Err(Error::new(expr.span.clone(), sentence)),
            },
            None => {
                Err(Error::new(expr.span.clone(), "Expected a field or a function; this is a fixed value"))
            }
        };
        match &expr.what {
            What::Word(word) if self.named(word).is_none() => match target {
                Some(_) if !word.starts_with('.') => literal(Written::Bare(word)),
                _ => Err(self.no_field(expr, "This")),
            },
            What::Text(text) => literal(Written::Quoted(text)),
            What::Char(byte) => literal(Written::Char(*byte)),
            What::Word(_) | What::Layer(..) => {
                let (fields, target) = self.field(expr)?;
                Ok(Typed { term: Term::Field(fields), target, slice: false })
            }
            What::Call(name, arguments) => self.call(name, arguments, &expr.span, target),
            What::Slice(inner, cuts) => {
                let typed = self.term(inner, None)?;
                let kind = typed.target.kind;
                if !has_bytes(kind) {
                    let sentence =
                        format!("{} is {}; it has no bytes to take some of", shown(inner), described(kind));
                    return Err(Error::new(inner.span.clone(), sentence));
                }
                let term = Term::Slice(Box::new(typed.term), cuts.clone());
                Ok(Typed { term, target: Target::of(Kind::Bytes), slice: true })
            }
            What::Negate(inner) => {
                let numeric = target.map(|target| Target { named: false, ..target.clone() });
                let typed = self.term(inner, numeric.as_ref())?;
                if !matches!(
                    typed.target.kind,
                    Kind::Unsigned(_) | Kind::Signed(_) | Kind::Packet | Kind::Double | Kind::Duration
                ) {
                    return Err(no_math(inner, typed.target.kind, "-"));
                }
                let target = Target { wide: true, ..typed.target };
                let term = match typed.term {
                    Term::Constant(Value::Number(number)) => Term::Constant(Value::Number(-number)),
                    Term::Constant(Value::Real(real)) => Term::Constant(Value::Real(-real)),
                    term => Term::Negate(Box::new(term)),
                };
                Ok(Typed { term, target, slice: false })
            }
            What::Math(math, left, right) => self.math(*math, left, right, target),
            _ => Err(Error::new(
                expr.span.clone(),
                "A test is no value; values are compared, tests are joined by and, or, not",
            )),
        }
    }
    fn math(&mut self, math: Math, left: &Expr, right: &Expr, target: Option<&Target>) -> Checked<Typed> {
        // Names of values are not calculated with.
        let numeric = |target: &Target| Target { named: false, ..target.clone() };
        let target = target.map(numeric);
        let target = target.as_ref();
        let (left_typed, right_typed) = if self.is_literal(left) && !self.is_literal(right) {
            let typed = self.term(right, target)?;
            calculable(math, right, &typed)?;
            (self.term(left, Some(&numeric(&typed.target)))?, typed)
        } else {
            let typed = self.term(left, target)?;
            calculable(math, left, &typed)?;
            let other = self.term(right, Some(&numeric(&typed.target)))?;
            calculable(math, right, &other)?;
            (typed, other)
        };
        same_type(left, &left_typed, right, &right_typed)?;
        let target = Target { wide: true, ..left_typed.target };
        let term = Term::Math(math, Box::new(left_typed.term), Box::new(right_typed.term));
        Ok(Typed { term, target, slice: left_typed.slice })
    }
}

/// The first word of an expression that looks like a name.
fn first_name(expr: &Expr) -> Option<(&str, &Span)> {
    match &expr.what {
        What::Word(word) => {
            let first = word.strip_prefix('.').unwrap_or(word).bytes().next();
            let name = first.is_some_and(|first| first.is_ascii_alphabetic() || first == b'_');
            name.then_some((word, &expr.span))
        }
        What::Negate(inner) => first_name(inner),
        What::Math(_, left, right) => first_name(left).or_else(|| first_name(right)),
        _ => None,
    }
}
