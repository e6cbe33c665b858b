//! The bytes in hexadecimal.

use crate::Out;
use crate::tree::Dissection;

/// Writes the packet's bytes, 16 a line, as `tshark -x` does: offset, hexadecimal, ASCII. Where the dissection brought
/// further bytes, such as a reassembled message, each part has a heading. A blank line ends it.
pub fn hex(dissection: Dissection<'_>, out: &mut Out) {
    let further = dissection.tree.sources();
    if !further.is_empty() {
        heading("Frame", dissection.packet.bytes.len(), out);
    }
    dump(dissection.packet.bytes, out);
    for source in further {
        heading(source.name, source.bytes.len(), out);
        dump(&source.bytes, out);
    }
    out.byte(b'\n');
}

fn heading(name: &str, len: usize, out: &mut Out) {
    out.str(name).str(" (").dec(len as u64).str(if len == 1 { " byte):\n" } else { " bytes):\n" });
}

fn dump(bytes: &[u8], out: &mut Out) {
    let last = bytes.len().saturating_sub(1);
    let digits = ((usize::BITS - last.leading_zeros()).div_ceil(4) as usize).max(4);
    for (at, row) in bytes.chunks(16).enumerate() {
        out.with(|pen| {
            pen.hex(at as u64 * 16, digits);
            pen.all(b"  ");
            for byte in row {
                pen.hex_byte(*byte);
                pen.all(b" ");
            }
            // The text begins in the same column in the last row too.
            pen.put(&[b' '; 64], (16 - row.len()) * 3 + 2);
            for byte in row {
                pen.all(&[if matches!(byte, b' '..=b'~') { *byte } else { b'.' }]);
            }
            pen.all(b"\n");
        });
    }
}
