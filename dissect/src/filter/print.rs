//! Expressions back to text, in one form: reading it again gives the same.

use super::syntax::{Cut, Element, Expr, Math, Quantity, What};
use std::fmt::{self, Display, Formatter};

/// How tight an expression binds: what binds looser than its surroundings needs brackets.
fn tightness(what: &What) -> u8 {
    match what {
        What::Or(_) => 0,
        What::Xor(_) => 1,
        What::And(_) => 2,
        What::Not(_) => 3,
        What::Compare(..) | What::In { .. } => 4,
        What::Math(Math::BitAnd, ..) => 5,
        What::Math(Math::Add | Math::Subtract, ..) => 6,
        What::Math(..) => 7,
        What::Negate(_) => 8,
        _ => 9,
    }
}

/// An expression where at least so tight a binding is needed.
struct Within<'a>(&'a Expr, u8);

impl Display for Within<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match tightness(&self.0.what) {
            own if own >= self.1 => self.0.fmt(f),
            0..=4 => write!(f, "({})", self.0),
            _ => write!(f, "{{{}}}", self.0),
        }
    }
}

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.what {
            What::Word(word) => f.write_str(word),
            What::Text(text) => quoted(text, b'"', f),
            What::Char(byte) => quoted(&[*byte], b'\'', f),
            What::Call(name, arguments) => {
                write!(f, "{name}(")?;
                for (at, argument) in arguments.iter().enumerate() {
                    write!(f, "{}{argument}", if at > 0 { ", " } else { "" })?;
                }
                f.write_str(")")
            }
            What::Slice(value, cuts) => write!(f, "{}[{}]", Within(value, 9), Cuts(cuts)),
            What::Layer(value, cuts) => match cuts.as_slice() {
                [Cut::At(number)] if *number >= 0 => write!(f, "{value}#{number}"),
                _ => write!(f, "{value}#[{}]", Cuts(cuts)),
            },
            What::Negate(value) => write!(f, "-{}", Within(value, 8)),
            What::Math(math, left, right) => {
                let own = tightness(&self.what);
                write!(f, "{} {} {}", Within(left, own), math.sign(), Within(right, own + 1))
            }
            What::Compare(quantity, left, chain) => {
                write!(f, "{}{}", word(*quantity), Within(left, 5))?;
                for next in chain {
                    write!(f, " {} {}", next.op.sign(), Within(&next.right, 5))?;
                }
                Ok(())
            }
            What::In { quantity, value, not, set } => {
                let not = if *not { "not " } else { "" };
                write!(f, "{}{} {not}in {{", word(*quantity), Within(value, 5))?;
                for (at, element) in set.iter().enumerate() {
                    f.write_str(if at > 0 { ", " } else { "" })?;
                    match element {
                        Element::One(one) => write!(f, "{}", Within(one, 5))?,
                        Element::Range(low, high) => {
                            write!(f, "{} .. {}", Within(low, 5), Within(high, 5))?;
                        }
                    }
                }
                f.write_str("}")
            }
            What::Not(inner) => write!(f, "!{}", Within(inner, 3)),
            What::And(all) => joined(all, " && ", 3, f),
            What::Xor(all) => joined(all, " ^^ ", 2, f),
            What::Or(all) => joined(all, " || ", 1, f),
            What::Scope(name, inner) => write!(f, "{name}{{ {inner} }}"),
        }
    }
}

fn word(quantity: Option<Quantity>) -> &'static str {
    match quantity {
        None => "",
        Some(Quantity::Any) => "any ",
        Some(Quantity::All) => "all ",
    }
}

fn joined(all: &[Expr], sign: &str, needed: u8, f: &mut Formatter<'_>) -> fmt::Result {
    for (at, one) in all.iter().enumerate() {
        write!(f, "{}{}", if at > 0 { sign } else { "" }, Within(one, needed))?;
    }
    Ok(())
}

fn quoted(text: &[u8], quote: u8, f: &mut Formatter<'_>) -> fmt::Result {
    let quote = char::from(quote);
    write!(f, "{quote}")?;
    for byte in text {
        match byte {
            b'"' | b'\'' | b'\\' => write!(f, "\\{}", char::from(*byte))?,
            b' '..=b'~' => write!(f, "{}", char::from(*byte))?,
            _ => write!(f, "\\x{byte:02x}")?,
        }
    }
    write!(f, "{quote}")
}

struct Cuts<'a>(&'a [Cut]);

impl Display for Cuts<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (at, cut) in self.0.iter().enumerate() {
            f.write_str(if at > 0 { "," } else { "" })?;
            match cut {
                Cut::At(one) => write!(f, "{one}")?,
                Cut::From(from, len) => write!(f, "{from}:{len}")?,
                Cut::Between(from, to) => write!(f, "{from}-{to}")?,
                Cut::Rest(from) => write!(f, "{from}:")?,
            }
        }
        Ok(())
    }
}
