//! A value and a line as text: the general way, for every kind.

use super::date;
use crate::capture::Time;
use crate::pen::Pen;
use crate::proto::frame::remark::Aspect;
use crate::tree::{Dissection, Item, Node};
use crate::{Area, Base, Field, Kind, Out, Severity};

/// How many bytes a line shows of a value of bytes.
const BYTES_IN_LINE: usize = 36;

/// Writes the plain value, as a table or a filter wants it: numbers in decimal or, where the field is shown so, in
/// hexadecimal with `0x`; addresses as usual; bytes in hexadecimal with colons; text with escapes for what no terminal
/// should get; lengths of time in seconds, moments as a date; true and false as 1 and 0. Nothing for a group, a sentence for where understanding
/// stopped.
pub fn value(item: Item<'_>, out: &mut Out) {
    match item.dissection.tree.fault(item.node) {
        Some(fault) => drop(out.fmt(format_args!("{fault}"))),
        None if item.node.field.show.kind == Kind::Text => written_or(item, out, |bytes, out| {
            out.text(bytes);
        }),
        None => plain(item.dissection, item.node, item.node.field, out),
    }
}

/// Writes the text of a node with the given escapes; what the field's own writer writes where no bytes hold the text.
pub(super) fn written_or(item: Item<'_>, out: &mut Out, text: impl FnOnce(&[u8], &mut Out)) {
    match (item.bytes(), item.node.field.show.write) {
        ([], Some(write)) => {
            let start = out.len();
            write(item, out);
            if out
                .as_bytes()
                .get(start..)
                .unwrap_or(&[])
                .iter()
                .any(|byte| matches!(byte, b'"' | b'&' | b'<' | b'>' | b'\\'))
            {
                let written = out.as_bytes().get(start..).unwrap_or(&[]).to_vec();
                out.truncate(start);
                text(&written, out);
            }
        }
        (bytes, _) => text(bytes, out),
    }
}

/// Writes the value as PDML's `show` has it, before XML's escapes: as [`value`], but that control characters of text
/// become `\x1b`, and spaces what XML's readers make spaces of.
pub fn show(item: Item<'_>, out: &mut Out) {
    if item.node.field.show.kind == Kind::Text {
        written_or(item, out, |bytes, out| {
            out.escaped(bytes, [], |sign, rest, out| match sign {
                '\r' if rest.starts_with('\n') => {}
                '\t' | '\n' | '\r' => drop(out.byte(b' ')),
                sign if sign.is_ascii() => drop(out.fmt(format_args!("\\x{:x}", sign as u32))),
                sign => drop(out.fmt(format_args!("\\u{:04X}", sign as u32))),
            });
        });
    } else {
        value(item, out);
    }
}

/// Writes a node's line of the tree, without indentation and end of line.
pub fn line(item: Item<'_>, out: &mut Out) {
    let generated = item.node.is(Node::GENERATED);
    out.str(if generated { "[" } else { "" });
    head(item, out);
    tail(item, out);
    out.str(if generated { "]" } else { "" });
}

/// Writes a value in its field's form, or in that of a twin.
pub(super) fn plain(dissection: Dissection<'_>, node: &Node, field: &Field, out: &mut Out) {
    match field.show.kind {
        Kind::None | Kind::Protocol => {}
        Kind::Boolean => drop(out.byte(if node.value == 0 { b'0' } else { b'1' })),
        Kind::Unsigned(_) => match field.show.base {
            Base::Hex | Base::HexDec => drop(out.hex_0x(node.value, field.starts.digits.into())),
            Base::Oct => {
                out.str(if node.value == 0 { "" } else { "0" }).fmt(format_args!("{:o}", node.value));
            }
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
        Kind::Moment => date(Time::from_nanoseconds_64(node.value as i64), out),
        Kind::Duration => drop(out.seconds(node.value as i64)),
        Kind::Packet => drop(out.dec(node.value)),
    }
}

/// Writes what stands before the value: bits and label.
pub(super) fn head(item: Item<'_>, out: &mut Out) {
    let (node, field) = (item.node, item.node.field);
    if let (Some((severity, area)), false) = (field.show.expert, node.is(Node::MALFORMED)) {
        out.str("Expert Info (").str(severity_name(severity)).byte(b'/').str(area_name(area)).str("): ");
    }
    if field.starts.text.cut {
        out.with(|pen| {
            if field.show.mask != 0 {
                pen.bits(node.value, field.show.mask, node.len);
            }
        });
        out.str(field.label).str(field.show.colon());
    } else {
        out.with(|pen| {
            if field.show.mask != 0 {
                pen.bits(node.value, field.show.mask, node.len);
            }
            pen.start(&field.starts.text, &[field.label, field.show.colon()]);
        });
    }
    if node.is(Node::MALFORMED) {
        out.str(": ");
    }
}

/// Writes the value with its name and unit.
pub(super) fn tail(item: Item<'_>, out: &mut Out) {
    let (node, field) = (item.node, item.node.field);
    if let Some(fault) = item.dissection.tree.fault(node) {
        out.fmt(format_args!("{fault}"));
    } else if let Some(write) = field.show.write {
        write(item, out);
    } else {
        worded(item, out);
    }
}

/// Writes the sentence of a remark.
pub(crate) fn sentence(item: Item<'_>, out: &mut Out) {
    let node = item.node;
    out.str(node.field.label).str(if node.is(Node::MALFORMED) { ": " } else { "" });
    tail(item, out);
}

/// Writes what a field asks of a remark, as a column has it.
pub(super) fn aspect(item: Item<'_>, remark: (Severity, Area), aspect: Aspect, out: &mut Out) {
    match aspect {
        Aspect::Severity | Aspect::Group => drop(out.dec(aspect.number(remark))),
        Aspect::Message => sentence(item, out),
        Aspect::Presence => {
            out.str("Expert Info (")
                .str(severity_name(remark.0))
                .byte(b'/')
                .str(area_name(remark.1))
                .str("): ");
            sentence(item, out);
        }
    }
}

/// Writes the value as a line shows it.
fn worded(item: Item<'_>, out: &mut Out) {
    let (node, field) = (item.node, item.node.field);
    let number = |out: &mut Out| plain(item.dissection, node, field, out);
    if item.names().is_some_and(|names| names.write_item(item, out)) {
        return;
    }
    match field.show.kind {
        Kind::None | Kind::Protocol => {}
        Kind::Boolean => {
            out.str(field.show.word(node.value));
        }
        Kind::Unsigned(_) | Kind::Signed(_) if field.show.codes.is_some() => {
            out.str(field.show.codes.map_or("", |codes| codes.name_or_unknown(node.value))).str(" (");
            number(out);
            out.byte(b')');
        }
        Kind::Unsigned(_) if field.show.base == Base::HexDec => {
            number(out);
            out.str(" (").dec(node.value).byte(b')').str(field.show.unit);
        }
        Kind::Unsigned(_) if field.show.base == Base::DecHex => {
            number(out);
            out.str(" (").hex_0x(node.value, field.starts.digits.into()).byte(b')').str(field.show.unit);
        }
        Kind::Bytes => drop(out.with(|pen| pen.short_bytes(item.bytes()))),
        Kind::Duration if field.show.unit.is_empty() => {
            number(out);
            out.str(" seconds");
        }
        _ => {
            number(out);
            out.str(field.show.unit);
        }
    }
}

impl Pen<'_> {
    /// Writes the bytes of a line, of many only the first.
    #[inline(always)]
    pub(super) fn short_bytes(&mut self, bytes: &[u8]) {
        match bytes.get(..BYTES_IN_LINE) {
            Some(first) if bytes.len() > BYTES_IN_LINE => {
                self.hex_bytes(first);
                self.short("…".as_bytes());
            }
            _ => self.hex_bytes(bytes),
        }
    }
}

/// Wireshark's word for a severity.
pub(super) fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Chat => "Chat",
        Severity::Note => "Note",
        Severity::Warn => "Warning",
        Severity::Error => "Error",
    }
}

/// Wireshark's word for an area.
pub(super) fn area_name(area: Area) -> &'static str {
    match area {
        Area::Checksum => "Checksum",
        Area::Sequence => "Sequence",
        Area::Response => "Response",
        Area::Request => "Request",
        Area::Undecoded => "Undecoded",
        Area::Reassemble => "Reassemble",
        Area::Malformed => "Malformed",
        Area::Protocol => "Protocol",
        Area::Security => "Security",
        Area::Comment => "Comment",
        Area::Assumption => "Assumption",
        Area::Deprecated => "Deprecated",
    }
}
