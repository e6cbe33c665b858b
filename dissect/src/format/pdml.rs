//! PDML, as tshark writes it.

use super::value::{line, plain};
use crate::tree::{Dissection, Node};
use crate::{Field, Kind, Out};

/// Writes what stands before the first packet.
pub fn pdml_header(out: &mut Out) {
    out.str("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<pdml version=\"0\" creator=\"sctpdump\">\n");
}
/// Writes what stands behind the last packet.
pub fn pdml_footer(out: &mut Out) {
    out.str("</pdml>\n");
}
/// Writes a packet.
pub fn pdml_packet(dissection: Dissection<'_>, out: &mut Out) {
    out.str("<packet>\n");
    level(dissection, 0..dissection.tree.nodes().len(), out);
    out.str("</packet>\n");
}

fn level(dissection: Dissection<'_>, range: std::ops::Range<usize>, out: &mut Out) {
    let mut text = Out::new();
    for at in dissection.tree.siblings(range) {
        let Some(node) = dissection.tree.nodes().get(at) else { return };
        let tag = if node.field.show.kind == Kind::Protocol { "proto" } else { "field" };
        text.clear();
        line(dissection, at, &mut text);
        start(dissection, node, node.field, tag, &text, out);
        if node.end as usize > at + 1 {
            out.str(">\n");
            level(dissection, at + 1..node.end as usize, out);
            out.str("</").str(tag).str(">\n");
        } else {
            out.str("/>\n");
        }
        for also in node.field.show.also {
            start(dissection, node, also, "field", &text, out);
            out.str(" hide=\"yes\"/>\n");
        }
    }
}

fn start(dissection: Dissection<'_>, node: &Node, field: &Field, tag: &str, text: &Out, out: &mut Out) {
    out.str("<").str(tag).str(" name=\"").str(field.name).str("\" showname=\"");
    escape(text.as_bytes(), out);
    out.str("\" size=\"").dec(node.len.into()).str("\" pos=\"").dec(node.start.into()).byte(b'"');
    if !matches!(field.show.kind, Kind::None | Kind::Protocol) {
        let mut show = Out::new();
        plain(dissection, node, &mut show);
        out.str(" show=\"");
        escape(show.as_bytes(), out);
        out.str("\" value=\"").hex_bytes(dissection.raw(node), "").byte(b'"');
    }
}

fn escape(text: &[u8], out: &mut Out) {
    for byte in text {
        match byte {
            b'<' => drop(out.str("&lt;")),
            b'>' => drop(out.str("&gt;")),
            b'&' => drop(out.str("&amp;")),
            b'"' => drop(out.str("&quot;")),
            byte => drop(out.byte(*byte)),
        }
    }
}
