//! Functions: what they take and what they give.

use super::Error;
use super::check::Checker;
use super::lex::Span;
use super::literal::{Target, described};
use super::names::nearest;
use super::run::Term;
use super::syntax::{Expr, What};
use super::types::{Checked, Typed, comparable, same_type, shown};
use crate::Kind;
use std::cmp::Ordering;

/// The functions and what they are for.
pub(crate) const FUNCTIONS: [(&str, &str); 8] = [
    ("abs", "the value without its sign"),
    ("count", "how often the field is there"),
    ("len", "how many bytes the field has"),
    ("lower", "the text in small letters"),
    ("max", "the greatest of the values"),
    ("min", "the smallest of the values"),
    ("string", "the value as text"),
    ("upper", "the text in capital letters"),
];

impl Checker<'_> {
    /// Compiles a function with its arguments. `span` is that of the whole.
    pub(super) fn call(
        &mut self,
        name: &str,
        arguments: &[Expr],
        span: &Span,
        target: Option<&Target>,
    ) -> Checked<Typed> {
        let here = span.start..span.start + name.len();
        if !FUNCTIONS.iter().any(|row| row.0 == name) {
            let names: Vec<&str> = FUNCTIONS.iter().map(|row| row.0).collect();
            let hint = match nearest(name, names.iter().copied()) {
                Some(near) => format!("did you mean {near}?"),
                None => format!("there are {}", names.join(", ")),
            };
            return Err(Error::new(here, format!("{name} is no function; {hint}")));
        }
        let [first, rest @ ..] = arguments else {
            let sentence = format!("{name}() needs something between its parentheses");
            return Err(Error::new(span.clone(), sentence));
        };
        if let (Some(second), false) = (rest.first(), matches!(name, "max" | "min")) {
            return Err(Error::new(second.span.clone(), format!("{name}() takes one argument")));
        }
        match name {
            "len" | "count" | "string" => self.of_field(name, first),
            "upper" | "lower" => self.recased(name, first),
            "abs" => self.absolute(first, target),
            _ => self.best(name, first, rest),
        }
    }
    fn of_field(&mut self, name: &str, argument: &Expr) -> Checked<Typed> {
        match argument.what {
            What::Word(_) if self.is_literal(argument) => return Err(self.no_field(argument, name)),
            What::Word(_) | What::Layer(..) => {}
            _ => return Err(Error::new(argument.span.clone(), format!("{name}() takes a field"))),
        }
        let (fields, own) = self.field(argument)?;
        let (term, kind) = match (name, own.kind) {
            ("len", _) => (Term::Len(fields), Kind::Unsigned(64)),
            ("count", _) => (Term::Count(fields), Kind::Unsigned(64)),
            (_, kind) if is_writable(kind) => (Term::Text(fields), Kind::Text),
            (_, kind) => return Err(not_for(argument, kind, "string() is for numbers and addresses")),
        };
        Ok(Typed { term, target: Target::of(kind), slice: false })
    }
    fn recased(&mut self, name: &str, argument: &Expr) -> Checked<Typed> {
        let typed = self.term(argument, None)?;
        if typed.target.kind != Kind::Text {
            return Err(not_for(argument, typed.target.kind, &format!("{name}() is for texts")));
        }
        let inner = Box::new(typed.term);
        let term = if name == "upper" { Term::Upper(inner) } else { Term::Lower(inner) };
        Ok(Typed { term, target: Target::of(Kind::Text), slice: false })
    }
    fn absolute(&mut self, argument: &Expr, target: Option<&Target>) -> Checked<Typed> {
        let typed = self.term(argument, target)?;
        match typed.target.kind {
            Kind::Unsigned(_) | Kind::Signed(_) | Kind::Double | Kind::Duration => {
                Ok(Typed { term: Term::Abs(Box::new(typed.term)), ..typed })
            }
            kind => Err(not_for(argument, kind, "abs() is for numbers")),
        }
    }
    fn best(&mut self, name: &str, first: &Expr, rest: &[Expr]) -> Checked<Typed> {
        if self.is_literal(first) {
            return Err(self.no_field(first, name));
        }
        let typed = self.term(first, None)?;
        comparable(first, &typed)?;
        let mut others = Vec::new();
        for other in rest {
            let one = self.term(other, Some(&typed.target))?;
            same_type(first, &typed, other, &one)?;
            others.push(one.term);
        }
        others.insert(0, typed.term);
        let order = if name == "max" { Ordering::Greater } else { Ordering::Less };
        Ok(Typed { term: Term::Best(order, others), target: typed.target, slice: false })
    }
}

/// Whether `string()` writes values of this type.
fn is_writable(kind: Kind) -> bool {
    matches!(kind, Kind::Unsigned(_) | Kind::Signed(_) | Kind::Packet | Kind::Double)
        || matches!(kind, Kind::Ipv4 | Kind::Ipv6 | Kind::Ether)
}

fn not_for(argument: &Expr, kind: Kind, rule: &str) -> Error {
    let sentence = format!("{} is {}; {rule}", shown(argument), described(kind));
    Error::new(argument.span.clone(), sentence)
}
