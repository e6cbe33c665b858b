//! A value as text.

use crate::tree::{Dissection, Node};
use crate::{Base, Field, Kind, Out};

/// How many hexadecimal digits a number of so many bits has.
pub(super) fn digits(field: &Field, bits: u8) -> usize {
    let bits = if field.show.mask == 0 { u32::from(bits) } else { field.show.mask.count_ones() };
    bits.div_ceil(4) as usize
}

/// Writes the plain value: what PDML's `show` says.
pub(super) fn plain(dissection: Dissection<'_>, node: &Node, out: &mut Out) {
    let field = node.field;
    match field.show.kind {
        Kind::None | Kind::Protocol => {}
        Kind::Boolean => drop(out.byte(if node.value == 0 { b'0' } else { b'1' })),
        Kind::Unsigned(bits) => match field.show.base {
            Base::Hex | Base::HexDec => drop(out.hex_0x(node.value, digits(field, bits))),
            Base::Oct => drop(out.fmt(format_args!("{:o}", node.value))),
            Base::Dec | Base::DecHex => drop(out.dec(node.value)),
        },
        Kind::Signed(_) => drop(out.signed(node.value as i64)),
        Kind::Double => drop(out.fmt(format_args!("{}", f64::from_bits(node.value)))),
        Kind::Ipv4 => drop(out.ipv4(node.value as u32)),
        Kind::Ipv6 => match dissection.bytes(node).first_chunk::<16>() {
            Some(bytes) => drop(out.ipv6(*bytes)),
            None => drop(out.hex_bytes(dissection.bytes(node), ":")),
        },
        Kind::Ether | Kind::Bytes => drop(out.hex_bytes(dissection.bytes(node), ":")),
        Kind::Text => drop(out.text(dissection.bytes(node))),
        Kind::Moment | Kind::Duration => {
            let nanos = node.value as i64;
            if nanos < 0 {
                out.byte(b'-');
            }
            out.dec(nanos.unsigned_abs() / 1_000_000_000)
                .byte(b'.')
                .dec_padded(nanos.unsigned_abs() % 1_000_000_000, 9);
        }
        Kind::Packet => drop(out.dec(node.value)),
    }
}

/// Writes the label, and the value with its name and unit: a line of the tree.
pub(super) fn line(dissection: Dissection<'_>, index: usize, out: &mut Out) {
    let Some(item) = dissection.item(index) else { return };
    let (node, field) = (item.node, item.node.field);
    if let Some(fault) = dissection.tree.fault(node) {
        out.fmt(format_args!("[{}: {fault}]", field.label));
        return;
    }
    if node.is(Node::GENERATED) {
        out.byte(b'[');
    }
    if field.show.mask != 0 {
        bits(field, node, out);
    }
    out.str(field.label);
    if let Some(write) = field.show.write {
        if !matches!(field.show.kind, Kind::None | Kind::Protocol) {
            out.str(": ");
        }
        write(item, out);
    } else if let (Some((yes, no)), Kind::Boolean) = (field.show.words, field.show.kind) {
        out.str(": ").str(if node.value == 0 { no } else { yes });
    } else if let Some(codes) = field.show.codes {
        out.str(": ").str(codes.name_or_unknown(node.value)).str(" (");
        plain(dissection, node, out);
        out.byte(b')');
    } else if !matches!(field.show.kind, Kind::None | Kind::Protocol) {
        out.str(": ");
        plain(dissection, node, out);
        out.str(field.show.unit);
    }
    if node.is(Node::GENERATED) {
        out.byte(b']');
    }
}

/// Writes the bits of a field in its number, as `.... 0100 = `.
fn bits(field: &Field, node: &Node, out: &mut Out) {
    let width = node.len.clamp(1, 8) * 8;
    let value = node.value << field.show.mask.trailing_zeros().min(63);
    for bit in (0..width).rev() {
        let set = if value >> bit & 1 == 1 { b'1' } else { b'0' };
        out.byte(if field.show.mask >> bit & 1 == 1 { set } else { b'.' });
        if bit % 4 == 0 {
            out.byte(b' ');
        }
    }
    out.str("= ");
}
