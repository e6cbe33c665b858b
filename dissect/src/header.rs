//! `header!`: a fixed header said once, as a struct, its nom parser and its nodes.

use crate::{Cx, Field, Malformed};
use nom::number::complete::{be_u8, be_u16, be_u24, be_u32, be_u64};
use nom::{IResult, Parser, bytes::complete::take};

/// A value of fixed size in network byte order.
pub trait Wire: Sized {
    /// Its size in bytes.
    const SIZE: usize;
    /// Whether a node keeps its number.
    const NUMBER: bool = true;
    /// Reads it with nom.
    fn read(input: &[u8]) -> IResult<&[u8], Self, ()>;
    /// Reads it from bytes that are as many.
    fn of(bytes: &[u8]) -> Self;
    /// The number a node keeps of it; 0 for what is read from its bytes.
    fn value(&self) -> u64;
}

/// Bytes in network order as a number.
#[inline]
pub(crate) fn number(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

macro_rules! wire {
    ($($type:ty, $size:literal, $parser:expr, $whole:expr;)*) => {
        $(impl Wire for $type {
            const SIZE: usize = $size;
            #[inline]
            fn read(input: &[u8]) -> IResult<&[u8], Self, ()> {
                $parser.parse(input)
            }
            #[inline(always)]
            fn of(bytes: &[u8]) -> Self {
                $whole(bytes.first_chunk::<$size>().copied().unwrap_or_default())
            }
            #[inline]
            fn value(&self) -> u64 {
                u64::from(*self)
            }
        })*
    };
}
wire! {
    u8, 1, be_u8, u8::from_be_bytes;
    u16, 2, be_u16, u16::from_be_bytes;
    u32, 4, be_u32, u32::from_be_bytes;
    u64, 8, be_u64, u64::from_be_bytes;
    U24, 3, be_u24.map(U24), |[a, b, c]: [u8; 3]| U24(u32::from_be_bytes([0, a, b, c]));
}

/// A number of 24 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct U24(pub u32);

impl From<U24> for u64 {
    fn from(value: U24) -> u64 {
        value.0.into()
    }
}

impl<const N: usize> Wire for [u8; N] {
    const SIZE: usize = N;
    const NUMBER: bool = false;
    #[inline]
    fn read(input: &[u8]) -> IResult<&[u8], Self, ()> {
        let (rest, bytes) = take(N).parse(input)?;
        Ok((rest, Self::of(bytes)))
    }
    #[inline(always)]
    fn of(bytes: &[u8]) -> Self {
        bytes.first_chunk().copied().unwrap_or([0; N])
    }
    fn value(&self) -> u64 {
        0
    }
}

/// One field of a fixed header, for what is said of all of them in one place.
#[derive(Debug)]
pub struct Piece {
    /// The field.
    pub field: &'static Field,
    /// Its size in bytes.
    pub size: usize,
    /// Whether a node keeps its number.
    pub number: bool,
    /// Whether its nodes are written by hand.
    pub by_hand: bool,
}

/// What is missing where bytes end before a header does.
#[cold]
#[inline(never)]
pub fn short(bytes: &[u8], pieces: &[Piece]) -> nom::Err<Malformed> {
    let (mut at, mut fault) = (0, Malformed::short(&crate::proto::data::DATA, 0, 1, 0));
    for piece in pieces {
        fault = Malformed::short(piece.field, at, piece.size, bytes.len() - at);
        if bytes.len() - at < piece.size {
            break;
        }
        at += piece.size;
    }
    nom::Err::Error(fault)
}

/// Adds the pieces of a header that the bytes hold, but for those by hand.
pub fn emit(cx: &mut Cx<'_>, bytes: &[u8], pieces: &[Piece]) {
    emit_with(cx, bytes, pieces, |_, _| ());
}

/// Adds the pieces of a header that the bytes hold, those by hand by `by_hand`.
pub(crate) fn emit_with(
    cx: &mut Cx<'_>,
    bytes: &[u8],
    pieces: &[Piece],
    by_hand: impl Fn(&mut Cx<'_>, &[u8]),
) {
    let mut rest = if cx.showing() { bytes } else { &[] };
    for piece in pieces {
        let Some((own, next)) = rest.split_at_checked(piece.size) else { break };
        let number = number(own);
        if piece.by_hand {
            by_hand(cx, own);
        } else {
            cx.leaf(piece.field, own, if piece.number { number } else { 0 });
        }
        rest = next;
    }
}

/// Declares a fixed header: a public struct, `LEN`, `parse` (bytes → value), `emit` (value → nodes) and `dissect`
/// (both; where the bytes end early, the fields that are whole and a node that says what was missing).
///
/// A field whose nodes are written by hand, such as one of flags, says `by hand`: it is parsed, not emitted.
///
/// ```
/// use dissect::{Show, fields, header};
/// fields! {
///     /// Who sent it.
///     SENDER = "toy.sender", "Sender", Show::u16(), "RFC 9999, 1";
///     /// How large it is.
///     SIZE = "toy.size", "Size", Show::u32(), "RFC 9999, 1";
/// }
/// header! {
///     /// The header of a toy.
///     pub struct Toy {
///         /// Who sent it.
///         pub sender: u16 => SENDER,
///         /// How large it is, in bytes.
///         pub size: u32 => SIZE,
///     }
/// }
/// let (rest, toy) = Toy::parse(&[0, 7, 0, 0, 0, 9, 1]).unwrap();
/// assert_eq!((toy.sender, toy.size, rest), (7, 9, &[1][..]));
/// let error = dissect::Malformed::from(Toy::parse(&[0, 7, 0]).unwrap_err());
/// assert_eq!(error.to_string(), "Size needs 4 bytes at offset 2, 1 left");
/// ```
#[macro_export]
macro_rules! header {
    ($(#[$meta:meta])* $vis:vis struct $id:ident {
        $($(#[$doc:meta])+ pub $name:ident: $type:ty => $field:path $(, by $hand:ident)? $(,)?)*
    }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        $vis struct $id { $($(#[$doc])+ pub $name: $type,)* }
        impl $id {
            /// The header's size in bytes.
            pub const LEN: usize = 0 $(+ <$type as $crate::header::Wire>::SIZE)*;
            const PIECES: &'static [$crate::header::Piece] = &[$($crate::header::Piece {
                field: &$field,
                size: <$type as $crate::header::Wire>::SIZE,
                number: <$type as $crate::header::Wire>::NUMBER,
                by_hand: $crate::header!(@hand $($hand)?),
            }),*];
            /// Reads the header; the rest is what follows it.
            #[inline]
            pub fn parse(input: &[u8]) -> $crate::Parsed<'_, $id> {
                let Some((own, rest)) = input.split_first_chunk::<{ $id::LEN }>() else {
                    return Err($crate::header::short(input, Self::PIECES));
                };
                let at = 0;
                $(let end = at + <$type as $crate::header::Wire>::SIZE;
                let $name = <$type as $crate::header::Wire>::of(&own[at..end]);
                let at = end;)*
                let _ = at;
                Ok((rest, $id { $($name),* }))
            }
            /// Adds the header's fields to the tree. `bytes` begin with the header.
            #[inline]
            pub fn emit(&self, cx: &mut $crate::Cx<'_>, bytes: &[u8]) {
                // WebAssembly has a small loop for all headers, other targets a store for each field.
                if cfg!(target_family = "wasm") {
                    $crate::header::emit(cx, bytes, Self::PIECES);
                } else if let (true, Some(bytes)) = (cx.showing(), bytes.first_chunk::<{ $id::LEN }>()) {
                    let at = 0;
                    $(let end = at + <$type as $crate::header::Wire>::SIZE;
                    $crate::header!(@leaf $($hand)? cx, $field, &bytes[at..end], $crate::header::Wire::value(&self.$name));
                    let at = end;)*
                    let _ = at;
                }
            }
            /// Reads the header, adds its fields to the tree and gives it with what follows it. Bytes that end in it
            /// give the fields before the end and a malformed node.
            #[inline]
            pub fn dissect<'b>(cx: &mut $crate::Cx<'_>, bytes: &'b [u8]) -> Option<($id, &'b [u8])> {
                match $id::parse(bytes) {
                    Ok((rest, header)) => {
                        header.emit(cx, bytes);
                        Some((header, rest))
                    }
                    Err(error) => {
                        $crate::header::emit(cx, bytes, Self::PIECES);
                        cx.malformed(bytes, error);
                        None
                    }
                }
            }
        }
    };
    (@hand hand) => { true };
    (@hand) => { false };
    (@leaf hand $cx:ident, $field:path, $bytes:expr, $value:expr) => { let _ = ($bytes, $value); };
    (@leaf $cx:ident, $field:path, $bytes:expr, $value:expr) => { $cx.leaf(&$field, $bytes, $value) };
}
