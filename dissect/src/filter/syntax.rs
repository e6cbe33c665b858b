//! What a filter says, before it is known which fields there are.

use super::lex::Span;

/// A part of a filter and where it stands. Two are equal if they say the same, wherever they stand.
#[derive(Clone, Debug)]
pub(crate) struct Expr {
    pub(crate) span: Span,
    pub(crate) what: What,
}

impl PartialEq for Expr {
    fn eq(&self, other: &Expr) -> bool {
        self.what == other.what
    }
}

/// The kinds of parts.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum What {
    /// A name or a bare literal. One with a point before it is a name, one with a colon a literal.
    Word(String),
    /// Text in quotes.
    Text(Vec<u8>),
    /// A character in quotes.
    Char(u8),
    /// A function and its arguments.
    Call(String, Vec<Expr>),
    /// Bytes of a value: `eth.src[0:3]`.
    Slice(Box<Expr>, Vec<Cut>),
    /// A field in some layers of its protocol: `ip.src#2`.
    Layer(Box<Expr>, Vec<Cut>),
    /// The negative.
    Negate(Box<Expr>),
    /// Arithmetic.
    Math(Math, Box<Expr>, Box<Expr>),
    /// Comparisons, in a chain: `10 < frame.len < 20`.
    Compare(Option<Quantity>, Box<Expr>, Vec<Comparison>),
    /// Membership in a set.
    In { quantity: Option<Quantity>, value: Box<Expr>, not: bool, set: Vec<Element> },
    /// Not.
    Not(Box<Expr>),
    /// All of them: `and`.
    And(Vec<Expr>),
    /// One or the other, not both: `xor`.
    Xor(Vec<Expr>),
    /// One of them: `or`.
    Or(Vec<Expr>),
    /// A block whose terms hold in one and the same group: `chunk{ … }`.
    Scope(String, Box<Expr>),
}

/// A comparison's operator and its right side.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Comparison {
    pub(crate) op: Op,
    pub(crate) right: Expr,
}

/// Which values of a field have to pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quantity {
    Any,
    All,
}

/// A member of a set: a value, or all from one to another.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Element {
    One(Expr),
    Range(Expr, Expr),
}

/// Which bytes, or which layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cut {
    /// One: `[3]`, `[-1]`.
    At(i32),
    /// So many from there: `[0:4]`.
    From(i32, i32),
    /// From one to another: `[0-3]`.
    Between(i32, i32),
    /// All from there: `[4:]`.
    Rest(i32),
}

/// Arithmetic operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Math {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    BitAnd,
}

impl Math {
    /// The sign it is printed with.
    pub(crate) fn sign(self) -> &'static str {
        match self {
            Math::Add => "+",
            Math::Subtract => "-",
            Math::Multiply => "*",
            Math::Divide => "/",
            Math::Remainder => "%",
            Math::BitAnd => "&",
        }
    }
}

/// Relations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Op {
    /// Some value equals.
    Equal,
    /// There are values and all differ: the meaning of `!=` since Wireshark 4.0.
    NotEqual,
    /// All values equal.
    AllEqual,
    /// Some value differs.
    AnyNotEqual,
    Greater,
    AtLeast,
    Less,
    AtMost,
    Contains,
    Matches,
}

impl Op {
    /// How it is printed.
    pub(crate) fn sign(self) -> &'static str {
        match self {
            Op::Equal => "==",
            Op::NotEqual => "!=",
            Op::AllEqual => "===",
            Op::AnyNotEqual => "~=",
            Op::Greater => ">",
            Op::AtLeast => ">=",
            Op::Less => "<",
            Op::AtMost => "<=",
            Op::Contains => "contains",
            Op::Matches => "matches",
        }
    }
    /// The relation that signs or a word name.
    pub(crate) fn named(name: &str) -> Option<Op> {
        Some(match name {
            "==" | "eq" | "any_eq" => Op::Equal,
            "!=" | "ne" | "all_ne" => Op::NotEqual,
            "===" | "all_eq" => Op::AllEqual,
            "~=" | "!==" | "any_ne" => Op::AnyNotEqual,
            ">" | "gt" => Op::Greater,
            ">=" | "ge" => Op::AtLeast,
            "<" | "lt" => Op::Less,
            "<=" | "le" => Op::AtMost,
            "contains" => Op::Contains,
            "matches" | "~" => Op::Matches,
            _ => return None,
        })
    }
}

/// Whether a word means an operator, so that it is no name.
pub(crate) fn is_keyword(word: &str) -> bool {
    KEYWORDS.contains(&word)
}

/// The words that are no names.
const KEYWORDS: [&str; 21] = [
    "and",
    "or",
    "xor",
    "not",
    "in",
    "any",
    "all",
    "eq",
    "ne",
    "gt",
    "ge",
    "lt",
    "le",
    "contains",
    "matches",
    "any_eq",
    "all_eq",
    "any_ne",
    "all_ne",
    "bitwise_and",
    "bitand",
];
