//! Values on their way through a running filter: their bytes, their order, what is calculated with them.

use super::syntax::{Cut, Math, Op};
use crate::Out;
use memchr::memmem;
use std::cell::RefCell;
use std::cmp::Ordering;

/// A value on its way: numbers by value, bytes by reference.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Sight<'a> {
    Number(i128),
    Real(f64),
    /// An address, the bits of it that count, and how many bytes it has.
    Address(u128, u128, u8),
    /// Bytes, which compare by their length first.
    Bytes(&'a [u8]),
    Text(&'a [u8]),
}

/// Takes values, until it answers true.
pub(crate) type Visit<'v> = &'v mut dyn FnMut(Sight<'_>) -> bool;

/// Buffers that are used again for every packet.
#[derive(Debug, Default)]
pub(crate) struct Buffers(RefCell<Vec<Out>>);

impl Buffers {
    /// Runs `body` with an empty buffer.
    pub(crate) fn lend<T>(&self, body: impl FnOnce(&mut Out) -> T) -> T {
        let mut out = self.0.borrow_mut().pop().unwrap_or_default();
        out.clear();
        let answer = body(&mut out);
        self.0.borrow_mut().push(out);
        answer
    }
}

impl Sight<'_> {
    /// The value, of bytes only the kind.
    pub(crate) fn without_bytes(self) -> Sight<'static> {
        match self {
            Sight::Number(number) => Sight::Number(number),
            Sight::Real(real) => Sight::Real(real),
            Sight::Address(bits, mask, len) => Sight::Address(bits, mask, len),
            Sight::Bytes(_) => Sight::Bytes(&[]),
            Sight::Text(_) => Sight::Text(&[]),
        }
    }
}

pub(crate) fn as_bytes(sight: Sight<'_>, body: impl FnOnce(&[u8]) -> bool) -> bool {
    match sight {
        Sight::Bytes(bytes) | Sight::Text(bytes) => body(bytes),
        Sight::Address(bits, _, 4) => body(&(bits as u32).to_be_bytes()),
        Sight::Address(bits, ..) => body(&bits.to_be_bytes()),
        Sight::Number(_) | Sight::Real(_) => false,
    }
}

/// Visits the bytes that the cuts take, joined. A cut takes nothing where there are not as many bytes as it asks for.
pub(crate) fn sliced(bytes: &[u8], cuts: &[Cut], buffers: &Buffers, visit: Visit<'_>) -> bool {
    if let [cut] = cuts {
        return taken(*cut, bytes).is_some_and(|piece| visit(Sight::Bytes(piece)));
    }
    buffers.lend(|out| {
        for piece in cuts.iter().filter_map(|cut| taken(*cut, bytes)) {
            out.raw(piece);
        }
        !out.is_empty() && visit(Sight::Bytes(out.as_bytes()))
    })
}

/// The bytes that a cut takes: one at least.
fn taken(cut: Cut, bytes: &[u8]) -> Option<&[u8]> {
    let len = bytes.len();
    let place = |at: i32| if at < 0 { len as i64 + i64::from(at) } else { i64::from(at) };
    let (from, to) = match cut {
        Cut::At(at) => (place(at), place(at) + 1),
        Cut::From(from, many) => (place(from), place(from) + i64::from(many)),
        Cut::Between(from, to) => (place(from), place(to) + 1),
        Cut::Rest(from) => (place(from), len as i64),
    };
    let range = usize::try_from(from).ok()?..usize::try_from(to).ok()?;
    bytes.get(range).filter(|piece| !piece.is_empty())
}

pub(crate) fn calculated(
    math: Math,
    a: Sight<'_>,
    b: Sight<'_>,
    buffers: &Buffers,
    visit: Visit<'_>,
) -> bool {
    match (a, b) {
        (Sight::Number(a), Sight::Number(b)) => {
            let result = match math {
                Math::Add => a.checked_add(b),
                Math::Subtract => a.checked_sub(b),
                Math::Multiply => a.checked_mul(b),
                Math::Divide => a.checked_div(b),
                Math::Remainder => a.checked_rem(b),
                Math::BitAnd => Some(a & b),
            };
            result.is_some_and(|number| visit(Sight::Number(number)))
        }
        (Sight::Real(a), Sight::Real(b)) => visit(Sight::Real(match math {
            Math::Add => a + b,
            Math::Subtract => a - b,
            Math::Multiply => a * b,
            Math::Divide => a / b,
            Math::Remainder => a % b,
            Math::BitAnd => return false,
        })),
        (Sight::Address(a, _, len), Sight::Address(b, ..)) => visit(Sight::Address(a & b, u128::MAX, len)),
        (Sight::Bytes(a), Sight::Bytes(b)) => buffers.lend(|out| {
            for (a, b) in a.iter().zip(b) {
                out.byte(a & b);
            }
            visit(Sight::Bytes(out.as_bytes()))
        }),
        _ => false,
    }
}

#[inline]
pub(crate) fn related(op: Op, order: Ordering) -> bool {
    match op {
        Op::Equal | Op::AllEqual => order.is_eq(),
        Op::NotEqual | Op::AnyNotEqual => order.is_ne(),
        Op::Greater => order.is_gt(),
        Op::AtLeast => order.is_ge(),
        Op::Less => order.is_lt(),
        Op::AtMost => order.is_le(),
        Op::Contains | Op::Matches => false,
    }
}

pub(crate) fn compare(op: Op, a: Sight<'_>, b: Sight<'_>) -> bool {
    if op == Op::Contains {
        return as_bytes(a, |a| as_bytes(b, |b| memmem::find(a, b).is_some()));
    }
    match ordered(a, b) {
        Some(order) => related(op, order),
        None => matches!(op, Op::NotEqual | Op::AnyNotEqual),
    }
}

pub(crate) fn ordered(a: Sight<'_>, b: Sight<'_>) -> Option<Ordering> {
    match (a, b) {
        (Sight::Number(a), Sight::Number(b)) => Some(a.cmp(&b)),
        (Sight::Real(a), Sight::Real(b)) => a.partial_cmp(&b),
        (Sight::Address(a, x, _), Sight::Address(b, y, _)) => Some((a & x & y).cmp(&(b & x & y))),
        (Sight::Text(a), Sight::Text(b)) => Some(a.cmp(b)),
        (Sight::Bytes(a) | Sight::Text(a), Sight::Bytes(b) | Sight::Text(b)) => {
            Some(a.len().cmp(&b.len()).then_with(|| a.cmp(b)))
        }
        // A slice beside an address.
        (Sight::Bytes(a), Sight::Address(b, _, len)) => Some(match len {
            4 => a.cmp((b as u32).to_be_bytes().as_slice()),
            _ => a.cmp(b.to_be_bytes().as_slice()),
        }),
        (Sight::Address(..), Sight::Bytes(_)) => ordered(b, a).map(Ordering::reverse),
        _ => None,
    }
}
