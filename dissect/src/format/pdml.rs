//! PDML, as tshark writes it.
//!
//! Where it differs: a group with fields under it has no `value`, which would be theirs again, so that the length of the
//! output is linear in that of the packet; and what could steer a terminal is a character reference.

use super::date;
use super::memo::Memo;
use super::value::{area_name, head, plain, severity_name, tail, written_or};
use super::{MOST_DEPTH, text::short_value};
use crate::field::Plan;
use crate::out::Pen;
use crate::tree::{Dissection, Item, Node};
use crate::{Area, Kind, Out, Severity};
use std::ops::Range;

/// Writes packets as PDML. A protocol that stands inside another's group is written behind it, at the packet's level, as
/// Wireshark has it.
#[derive(Clone, Debug)]
pub struct Pdml {
    ends: [u32; MOST_DEPTH],
    /// Protocols that were found inside the one being written.
    pending: Vec<usize>,
    /// Lines before their signs are escaped.
    scratch: Out,
    memo: Memo,
}

impl Default for Pdml {
    fn default() -> Pdml {
        Pdml { memo: Memo::new(), ..Pdml::forgetful() }
    }
}

impl Pdml {
    /// Remembers no lines that packets repeat: for a single packet. What it writes is the same.
    pub fn forgetful() -> Pdml {
        Pdml { ends: [0; MOST_DEPTH], pending: Vec::new(), scratch: Out::new(), memo: Memo::off() }
    }
    /// Writes what stands before the first packet.
    pub fn begin(&self, out: &mut Out) {
        out.str("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<pdml version=\"0\" creator=\"sctpdump\">\n");
    }
    /// Writes a packet.
    pub fn packet(&mut self, dissection: Dissection<'_>, out: &mut Out) {
        out.str("<packet>\n");
        general(dissection, out);
        let mut top = dissection.tree.top();
        while let Some(at) = self.pending.pop().or_else(|| top.next()) {
            let before = self.pending.len();
            self.protocol(dissection, at, out);
            // The first of those found must be written first: it goes on top.
            self.pending[before..].reverse();
        }
        out.str("</packet>\n");
    }
    /// Writes what stands behind the last packet.
    pub fn end(&self, out: &mut Out) {
        out.str("</pdml>\n");
    }
    /// Writes a node of the packet's level with what is under it, except for other protocols.
    fn protocol(&mut self, dissection: Dissection<'_>, first: usize, out: &mut Out) {
        let nodes = dissection.tree.nodes();
        let end = nodes.get(first).map_or(0, |node| node.end as usize);
        let (mut at, mut depth) = (first, 0);
        while let Some(node) = nodes.get(at).filter(|_| at < end) {
            while depth > 0 && at as u32 >= self.ends[(depth - 1) % MOST_DEPTH] {
                depth -= 1;
                close(nodes, first, depth, out);
            }
            if at > first && node.field.show.kind == Kind::Protocol {
                self.pending.push(at);
                at = node.end as usize;
                continue;
            }
            if depth > 0 && node.field.starts.recurs {
                let until = self.ends[(depth - 1) % MOST_DEPTH] as usize;
                if let Some(run) = self.memo.run(dissection, at, until, depth) {
                    if !self.memo.write(run, out) {
                        let start = out.len();
                        self.subtrees(dissection, at..run.end, depth, out);
                        self.memo.keep(run, out.as_bytes().get(start..).unwrap_or(&[]));
                    }
                    at = run.end;
                    continue;
                }
            }
            let open = self.element(Item { dissection, index: at, node }, depth, out);
            depth += usize::from(open);
            at += 1;
        }
        while depth > 0 {
            depth -= 1;
            close(nodes, first, depth, out);
        }
    }
    /// Writes subtrees without protocols in them, side by side.
    fn subtrees(&mut self, dissection: Dissection<'_>, range: Range<usize>, base: usize, out: &mut Out) {
        let nodes = dissection.tree.nodes();
        let mut depth = base;
        for at in range.clone() {
            let Some(node) = nodes.get(at) else { break };
            while depth > base && at as u32 >= self.ends[(depth - 1) % MOST_DEPTH] {
                depth -= 1;
                close(nodes, at, depth, out);
            }
            let open = self.element(Item { dissection, index: at, node }, depth, out);
            depth += usize::from(open);
        }
        while depth > base {
            depth -= 1;
            close(nodes, range.start, depth, out);
        }
    }
    /// Writes a node with its twins. Answers whether its element is open, for what stands under it.
    #[inline(always)]
    fn element(&mut self, item: Item<'_>, depth: usize, out: &mut Out) -> bool {
        let node = item.node;
        let open = node.end as usize > item.index + 1 && depth < MOST_DEPTH;
        // Twins stand beside the node: behind it, or before it where others stand under it.
        if open {
            self.twins(item, depth, out);
        }
        self.node(item, node.is(Node::HIDDEN), depth, open, out);
        if open {
            self.ends[depth % MOST_DEPTH] = node.end;
        } else {
            self.twins(item, depth, out);
        }
        open
    }
    /// Writes the fields that a node also is.
    fn twins(&mut self, item: Item<'_>, depth: usize, out: &mut Out) {
        for also in item.node.field.show.also {
            let twin = Node { field: also, ..*item.node };
            self.node(Item { node: &twin, ..item }, true, depth, false, out);
        }
    }
    /// Writes a node's element, `open` for what stands under it.
    #[inline]
    fn node(&mut self, item: Item<'_>, hide: bool, depth: usize, open: bool, out: &mut Out) {
        let (node, field) = (item.node, item.node.field);
        let starts = &field.starts;
        let fast = match starts.plan {
            Plan::Flag | Plan::Dec | Plan::Hex | Plan::HexDec | Plan::DecHex | Plan::Ipv4 | Plan::Time => {
                starts.plain
            }
            Plan::Ether => starts.plain && !node.is(Node::OWN_TEXT),
            Plan::DecName | Plan::HexName => {
                starts.plain
                    && field.show.codes.is_none_or(|codes| is_plain(codes.name_or_unknown(node.value)))
            }
            _ => false,
        };
        if fast && node.len <= 32 {
            fast_node(item, hide, depth, open, out);
        } else {
            self.slow_node(item, hide, depth, open, out);
        }
    }
    /// Writes any node.
    fn slow_node(&mut self, item: Item<'_>, hide: bool, depth: usize, open: bool, out: &mut Out) {
        let (node, field) = (item.node, item.node.field);
        if let Some((severity, area)) = field.show.expert {
            self.expert(item, severity, area, depth, out);
            return;
        }
        let protocol = depth == 0 && field.show.kind == Kind::Protocol;
        if protocol || field.starts.pdml.cut {
            out.spaces(indent(depth)).str(if protocol { "<proto name=\"" } else { "<field name=\"" });
            out.str(field.name).str("\" showname=\"");
        } else {
            out.with(|pen| {
                pen.put(&[b' '; 64], indent(depth));
                pen.start(&field.starts.pdml);
            });
        }
        let start = out.len();
        head(item, out);
        tail(item, out);
        // Labels without a special sign and bytes have none to escape.
        if !(field.starts.text.plain && matches!(field.starts.plan, Plan::Label | Plan::Bytes)) {
            out.reescape(start, SPECIAL, &mut self.scratch, escape);
        }
        out.with(|pen| {
            if hide {
                pen.all(b"\" hide=\"yes");
            }
            pen.place(node.len, node.start);
        });
        if field.show.kind != Kind::Protocol {
            out.str("\" show=\"");
            match field.show.kind {
                Kind::Text => written_or(item, out, escape),
                _ => plain(item.dissection, node, field, out),
            }
            if node.len > 0 && !(open && field.show.kind == Kind::None) {
                raw_value(item, out);
            }
        }
        out.str(if open { "\">\n" } else { "\"/>\n" });
    }
    /// Writes a remark as tshark nests it, or where understanding stopped.
    fn expert(&mut self, item: Item<'_>, severity: Severity, area: Area, depth: usize, out: &mut Out) {
        let node = item.node;
        self.scratch.clear();
        self.scratch.str(node.field.label).str(if node.is(Node::MALFORMED) { ": " } else { "" });
        tail(item, &mut self.scratch);
        out.spaces(indent(depth));
        let (severity_word, area_word) = (severity_name(severity), area_name(area));
        let sentence = self.scratch.as_bytes();
        let malformed = node.is(Node::MALFORMED);
        let mut inner = depth + 1;
        if malformed {
            out.str("<field name=\"").str(node.field.name).str("\" showname=\"[");
            escape(sentence, out);
            out.str("]\" size=\"")
                .dec(node.len.into())
                .str("\" pos=\"")
                .dec(node.start.into())
                .str("\" show=\"\">\n");
            out.spaces(indent(inner));
            inner += 1;
        }
        out.str("<field name=\"_ws.expert\" showname=\"Expert Info (")
            .str(severity_word)
            .byte(b'/')
            .str(area_word);
        out.str("): ");
        escape(sentence, out);
        out.str("\" size=\"0\" pos=\"").dec(node.start.into()).str("\">\n");
        let field = |name: &str, label: &str, rest: &str, out: &mut Out| {
            out.spaces(indent(inner)).str("<field name=\"").str(name).str("\" showname=\"").str(label);
            escape(sentence, out);
            out.str(rest);
        };
        if !malformed {
            field(node.field.name, "", "\" size=\"0\" pos=\"0\" show=\"\" value=\"\"/>\n", out);
        }
        field("_ws.expert.message", "Message: ", "\" hide=\"yes\" size=\"0\" pos=\"0\" show=\"", out);
        escape(sentence, out);
        out.str("\"/>\n").spaces(indent(inner));
        out.str("<field name=\"_ws.expert.severity\" showname=\"Severity level: ").str(severity_word);
        out.str("\" size=\"0\" pos=\"0\" show=\"").dec(severity_number(severity)).str("\"/>\n");
        out.spaces(indent(inner)).str("<field name=\"_ws.expert.group\" showname=\"Group: ").str(area_word);
        out.str("\" size=\"0\" pos=\"0\" show=\"").dec(area_number(area)).str("\"/>\n");
        out.spaces(indent(inner - 1)).str("</field>\n");
        if malformed {
            out.spaces(indent(depth)).str("</field>\n");
        }
    }
}

impl Pen<'_> {
    /// Writes how many bytes a node takes, and from where.
    #[inline(always)]
    fn place(&mut self, len: u32, start: u32) {
        self.all(b"\" size=\"");
        self.dec(len.into());
        self.all(b"\" pos=\"");
        self.dec(start.into());
    }
}

/// What means something in XML.
const SPECIAL: [u8; 4] = *b"<>&\"";

/// The indentation of a node, two spaces a level, not more than can be read.
fn indent(depth: usize) -> usize {
    (depth * 2 + 2).min(64)
}

/// Closes the element that was opened at a depth.
fn close(nodes: &[Node], first: usize, depth: usize, out: &mut Out) {
    let protocol = depth == 0 && nodes.get(first).is_some_and(|node| node.field.show.kind == Kind::Protocol);
    out.with(|pen| {
        pen.put(&[b' '; 64], indent(depth));
        pen.put(if protocol { b"</proto>\n" } else { b"</field>\n" }, 9);
    });
}

/// Writes a node whose line is short and has no sign to escape.
#[inline(always)]
fn fast_node(item: Item<'_>, hide: bool, depth: usize, open: bool, out: &mut Out) {
    let (dissection, node, field) = (item.dissection, item.node, item.node.field);
    let starts = &field.starts;
    let raw = dissection.raw(node);
    let Some(mut pen) = out.pen() else { return };
    pen.put(&[b' '; 64], indent(depth));
    pen.start(&starts.pdml);
    if field.show.mask != 0 {
        pen.bits(node.value, field.show.mask, node.len);
    }
    if starts.plan == Plan::Flag {
        if let [no, yes] = field.words {
            pen.start(if node.value == 0 { no } else { yes });
        }
    } else {
        pen.start(&starts.text);
        short_value(dissection, node, &mut pen);
    }
    if hide {
        pen.all(b"\" hide=\"yes");
    }
    pen.place(node.len, node.start);
    pen.all(b"\" show=\"");
    match starts.plan {
        Plan::Flag => pen.all(&[b'0' | u8::from(node.value != 0)]),
        Plan::Hex | Plan::HexDec | Plan::HexName => {
            pen.all(b"0x");
            pen.hex(node.value, starts.digits.into());
        }
        Plan::Ipv4 => pen.ipv4(node.value as u32),
        Plan::Ether => pen.colons(raw),
        Plan::Time => pen.seconds(node.value as i64),
        _ => pen.dec(node.value),
    }
    if !raw.is_empty() {
        pen.all(b"\" value=\"");
        if field.show.mask != 0 {
            pen.hex_upper(node.value);
            pen.all(b"\" unmaskedvalue=\"");
        }
        pen.hex_bytes(raw);
    }
    pen.put(if open { b"\">\n " } else { b"\"/>\n" }, 4 - usize::from(open));
    let by = pen.at;
    out.moved(by);
}

/// Writes the bytes of a node, and the number that its mask makes of them.
fn raw_value(item: Item<'_>, out: &mut Out) {
    out.str("\" value=\"");
    if item.node.field.show.mask != 0 {
        out.with(|pen| pen.hex_upper(item.node.value)).str("\" unmaskedvalue=\"");
    }
    out.hex_bytes(item.dissection.raw(item.node), "");
}

/// Writes what precedes the protocols: tshark's `geninfo`.
fn general(dissection: Dissection<'_>, out: &mut Out) {
    let packet = dissection.packet;
    let (len, original) = (packet.bytes.len() as u64, u64::from(packet.original));
    let number = |name: &str, label: &str, value: u64, out: &mut Out| {
        out.with(|pen| {
            pen.all(b"    <field name=\"");
            pen.short(name.as_bytes());
            pen.all(b"\" pos=\"0\" show=\"");
            pen.dec(value);
            pen.all(b"\" showname=\"");
            pen.short(label.as_bytes());
            pen.all(b"\" value=\"");
            pen.hex(value, (64 - value.leading_zeros() as usize).div_ceil(4).max(1));
            pen.all(b"\" size=\"");
            pen.dec(len);
            pen.all(b"\"/>\n");
        });
    };
    out.str("  <proto name=\"geninfo\" pos=\"0\" showname=\"General information\" size=\"")
        .dec(len)
        .str("\">\n");
    number("num", "Number", packet.number, out);
    number("len", "Frame Length", original, out);
    number("caplen", "Captured Length", len, out);
    if let Some(time) = packet.time {
        out.str("    <field name=\"timestamp\" pos=\"0\" show=\"");
        date(time, out);
        out.str("\" showname=\"Captured Time\" value=\"").time(time).str("\" size=\"").dec(len).str("\"/>\n");
    }
    out.str("  </proto>\n");
}

/// Writes text inside an attribute: what XML or a terminal would take for something else is escaped, white space becomes
/// the spaces that XML's readers would make of it.
fn escape(text: &[u8], out: &mut Out) {
    out.escaped(text, SPECIAL, |sign, rest, out| match sign {
        '<' => drop(out.str("&lt;")),
        '>' => drop(out.str("&gt;")),
        '&' => drop(out.str("&amp;")),
        '"' => drop(out.str("&quot;")),
        '\r' if rest.starts_with('\n') => {}
        '\t' | '\n' | '\r' => drop(out.byte(b' ')),
        '\u{fffe}' | '\u{ffff}' => drop(out.str("\u{fffd}")),
        sign if sign.is_ascii() => drop(out.fmt(format_args!("\\x{:x}", sign as u32))),
        sign => drop(out.fmt(format_args!("&#x{:x};", sign as u32))),
    });
}

/// Whether text has no sign that means something in XML.
#[inline(always)]
fn is_plain(text: &str) -> bool {
    text.bytes().fold(true, |plain, byte| plain & !matches!(byte, b'<' | b'>' | b'&' | b'"'))
}

/// Wireshark's number for a severity.
fn severity_number(severity: Severity) -> u64 {
    match severity {
        Severity::Chat => 0x0020_0000,
        Severity::Note => 0x0040_0000,
        Severity::Warn => 0x0060_0000,
        Severity::Error => 0x0080_0000,
    }
}

/// Wireshark's number for an area.
fn area_number(area: Area) -> u64 {
    let number = match area {
        Area::Checksum => 1,
        Area::Sequence => 2,
        Area::Response => 3,
        Area::Request => 4,
        Area::Undecoded => 5,
        Area::Reassemble => 6,
        Area::Malformed => 7,
        Area::Protocol => 9,
        Area::Security => 10,
        Area::Comment => 11,
        Area::Assumption => 13,
        Area::Deprecated => 14,
    };
    number << 24
}
