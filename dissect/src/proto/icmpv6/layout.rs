//! Fixed layouts, said as tables: the fields of a message or an option, one after the other.

use crate::header::number;
use crate::{Cx, Field, Kind, Malformed};

/// A field of so many bytes, and the fields of its bits.
#[derive(Debug)]
pub(in crate::proto) struct Cell {
    field: &'static Field,
    size: usize,
    bits: &'static [&'static Field],
}

/// A field of so many bytes.
pub(in crate::proto) const fn cell(field: &'static Field, size: usize) -> Cell {
    Cell { field, size, bits: &[] }
}

/// A field of so many bytes with fields of bits.
pub(in crate::proto) const fn flags(
    field: &'static Field,
    size: usize,
    bits: &'static [&'static Field],
) -> Cell {
    Cell { field, size, bits }
}

/// Adds the fields that the bytes begin with and gives what follows them; nothing, where the bytes end early.
pub(in crate::proto) fn row<'b>(cx: &mut Cx<'_>, bytes: &'b [u8], cells: &[Cell]) -> Option<&'b [u8]> {
    let mut rest = bytes;
    for cell in cells {
        let Some((own, behind)) = rest.split_at_checked(cell.size) else {
            let at = bytes.len() - rest.len();
            cx.malformed(bytes, Malformed::short(cell.field, at, cell.size, rest.len()));
            return None;
        };
        if cx.showing() {
            let value = match cell.field.show.kind {
                Kind::Unsigned(_) | Kind::Ipv4 | Kind::Boolean => number(own),
                Kind::Signed(_) => {
                    let unused = u64::BITS - 8 * own.len().min(8) as u32;
                    (((number(own) << unused) as i64) >> unused) as u64
                }
                _ => 0,
            };
            cx.group_with(cell.field, own, value, |cx| cx.flags(cell.bits, own, value));
        }
        rest = behind;
    }
    Some(rest)
}
