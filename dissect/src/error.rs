//! Where understanding stopped, and the sentence that says so.

use crate::Field;
use std::fmt;

/// Bytes that end before a field does, or that say something impossible.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Malformed {
    /// The field that could not be read.
    pub field: &'static Field,
    /// Where it begins: in the parsed bytes, or, in a tree, in the source.
    pub offset: u32,
    /// What is wrong with it.
    pub fault: Fault,
    /// What set the end of the bytes.
    pub limit: Limit,
}

/// What is wrong with a field.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fault {
    /// It needs more bytes than there are.
    Short {
        /// Bytes it needs.
        needed: u32,
        /// Bytes there are.
        left: u32,
    },
    /// Its value breaks a rule; the words say which, after the field's label: `is below the header's own 20 bytes`.
    Value(&'static str),
}

/// What set the end of the bytes in which a field did not fit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Limit {
    /// The end of the bytes that were given.
    End,
    /// The snap length: the capture holds only part of the packet.
    Snap,
    /// A length field at the given offset.
    Length(&'static Field, u32),
}

impl Malformed {
    /// A field that needs `needed` bytes at `offset` and finds `left`.
    pub const fn short(field: &'static Field, offset: usize, needed: usize, left: usize) -> Malformed {
        let fault = Fault::Short { needed: needed as u32, left: left as u32 };
        Malformed { field, offset: offset as u32, fault, limit: Limit::End }
    }
    /// A field whose value breaks a rule.
    pub const fn value(field: &'static Field, offset: usize, words: &'static str) -> Malformed {
        Malformed { field, offset: offset as u32, fault: Fault::Value(words), limit: Limit::End }
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Malformed { field, offset, fault, limit } = self;
        match fault {
            Fault::Short { needed, left } => {
                let s = if *needed == 1 { "" } else { "s" };
                write!(f, "{} needs {needed} byte{s} at offset {offset}, {left} left", field.label)?;
            }
            Fault::Value(words) => write!(f, "{} at offset {offset} {words}", field.label)?,
        }
        match limit {
            Limit::End => Ok(()),
            Limit::Snap => write!(f, " (limit: snap length)"),
            Limit::Length(field, at) => write!(f, " (limit: {}, offset {at})", field.label),
        }
    }
}

impl std::error::Error for Malformed {}

impl From<nom::Err<Malformed>> for Malformed {
    /// Complete parsers never answer `Incomplete`; should one, the sentence names no field.
    fn from(error: nom::Err<Malformed>) -> Malformed {
        match error {
            nom::Err::Error(fault) | nom::Err::Failure(fault) => fault,
            nom::Err::Incomplete(_) => Malformed::short(&crate::proto::data::DATA, 0, 1, 0),
        }
    }
}

impl nom::error::ParseError<&[u8]> for Malformed {
    fn from_error_kind(input: &[u8], _: nom::error::ErrorKind) -> Malformed {
        Malformed::short(&crate::proto::data::DATA, 0, input.len() + 1, input.len())
    }
    fn append(_: &[u8], _: nom::error::ErrorKind, other: Malformed) -> Malformed {
        other
    }
}

/// What a parser of this crate answers: the rest and the value, or what is malformed.
pub type Parsed<'a, T> = nom::IResult<&'a [u8], T, Malformed>;
