//! Types: what may be compared, searched and calculated with what.

use super::Error;
use super::literal::{Target, described};
use super::run::Term;
use super::syntax::{Expr, Math, Op};
use crate::Kind;

/// A term and its type.
pub(crate) struct Typed {
    pub(crate) term: Term,
    pub(crate) target: Target,
    /// A slice: any row of bytes may stand beside it.
    pub(crate) slice: bool,
}

/// Something checked, or what is wrong with it.
pub(crate) type Checked<T> = Result<T, Error>;

/// A value can be compared if there is one.
pub(crate) fn comparable(expr: &Expr, typed: &Typed) -> Checked<()> {
    if typed.target.kind == Kind::None {
        let sentence =
            format!("{} is a label without a value; only whether it is there can be tested", shown(expr));
        return Err(Error::new(expr.span.clone(), sentence));
    }
    Ok(())
}

/// `contains` and `matches` are for texts and bytes.
pub(crate) fn searchable(expr: &Expr, typed: &Typed, op: Op) -> Checked<()> {
    let kind = typed.target.kind;
    let hint = match kind {
        Kind::Text | Kind::Bytes | Kind::Ether | Kind::Protocol => return Ok(()),
        Kind::Unsigned(_) | Kind::Signed(_) | Kind::Ipv4 | Kind::Ipv6 => {
            format!("; string({}) is a text", shown(expr))
        }
        _ => String::new(),
    };
    let sentence =
        format!("{} is {}; {} is for texts and bytes{hint}", shown(expr), described(kind), op.sign());
    Err(Error::new(expr.span.clone(), sentence))
}

/// Two sides of a comparison have types that compare.
pub(crate) fn same_type(left: &Expr, a: &Typed, right: &Expr, b: &Typed) -> Checked<()> {
    let (x, y) = (a.target.kind, b.target.kind);
    if class(x) == class(y) || (a.slice && has_bytes(y)) || (b.slice && has_bytes(x)) {
        return Ok(());
    }
    let sentence = format!("{} is {}, but {} is {}", shown(right), described(y), shown(left), described(x));
    Err(Error::new(right.span.clone(), sentence))
}

/// Whether a value's type has this operator.
pub(crate) fn calculable(math: Math, expr: &Expr, typed: &Typed) -> Checked<()> {
    let kind = typed.target.kind;
    let fits = match kind {
        Kind::Unsigned(_) | Kind::Signed(_) | Kind::Packet => true,
        Kind::Double => math != Math::BitAnd,
        Kind::Duration => matches!(math, Math::Add | Math::Subtract),
        Kind::Ipv4 | Kind::Ipv6 | Kind::Ether | Kind::Bytes => math == Math::BitAnd,
        _ => false,
    };
    if fits { Ok(()) } else { Err(no_math(expr, kind, math.sign())) }
}

/// An operator that a type does not have.
pub(crate) fn no_math(expr: &Expr, kind: Kind, sign: &str) -> Error {
    Error::new(expr.span.clone(), format!("{} is {}; {sign} is not for it", shown(expr), described(kind)))
}

/// An expression in a sentence.
pub(crate) fn shown(expr: &Expr) -> String {
    expr.to_string()
}

/// Types that compare with each other.
fn class(kind: Kind) -> u8 {
    match kind {
        Kind::None => 0,
        Kind::Boolean | Kind::Unsigned(_) | Kind::Signed(_) | Kind::Packet => 1,
        Kind::Double => 2,
        Kind::Ipv4 => 3,
        Kind::Ipv6 => 4,
        Kind::Ether | Kind::Bytes | Kind::Protocol => 5,
        Kind::Text => 6,
        Kind::Moment => 7,
        Kind::Duration => 8,
    }
}

/// Whether a value has bytes that can be sliced.
pub(crate) fn has_bytes(kind: Kind) -> bool {
    matches!(kind, Kind::Text | Kind::Bytes | Kind::Ether | Kind::Protocol | Kind::Ipv4 | Kind::Ipv6)
}
