//! PDML, as tshark writes it.
//!
//! Where it differs: a group with fields under it has no `value`, which would be theirs again, so that the length of the
//! output is linear in that of the packet; and what could steer a terminal is a character reference.

use super::MOST_DEPTH;
use super::date::{Second, ZONE};
use super::memo::{Found, Memo, Shape, Stretch, What, has_same_bytes, reopen};
use super::text::{start_value, value};
use super::value::{area_name, head, plain, sentence, severity_name, tail, written_or};
use crate::field::{Plan, Sort};
use crate::pen::Pen;
use crate::proto::frame::remark::{area_number, severity_number};
use crate::tree::{Dissection, Item, Node};
use crate::{Area, Kind, Out, Severity};

/// Writes packets as PDML. A protocol that stands inside another's group is written behind it, at the packet's level, as
/// Wireshark has it.
#[derive(Clone, Debug)]
pub struct Pdml {
    ends: [u32; MOST_DEPTH],
    /// Protocols that were found inside the one being written.
    pending: Vec<usize>,
    /// Lines before their signs are escaped.
    scratch: Out,
    memo: Memo<Pdml>,
}

impl Shape for Pdml {
    const PLACES: bool = true;
    fn plain(pen: &mut Pen<'_>, text: &[u8], len: usize) -> bool {
        pen.plain(text, len, SPECIAL)
    }
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
        general(dissection, self.memo.second(), out);
        let mut at = 0;
        loop {
            let inner = self.pending.pop();
            let before = self.pending.len();
            match inner {
                Some(inner) => drop(self.protocol(dissection, inner, false, out)),
                None if at < dissection.tree.nodes().len() => at = self.protocol(dissection, at, true, out),
                None => break,
            }
            // The first of those found must be written first: it goes on top.
            self.pending[before..].reverse();
        }
        out.str("</packet>\n");
    }
    /// Writes what stands behind the last packet.
    pub fn end(&self, out: &mut Out) {
        out.str("</pdml>\n");
    }
    /// Writes a node of the packet's level with what is under it, except for other protocols; if it is the tree's topmost
    /// level, perhaps those behind it too. Answers where what was written ends.
    fn protocol(&mut self, dissection: Dissection<'_>, first: usize, top: bool, out: &mut Out) -> usize {
        let nodes = dissection.tree.nodes();
        let end_of = |first: usize| nodes.get(first).map_or(nodes.len(), |node| node.end as usize);
        let (mut first, mut end) = (first, end_of(first));
        let (mut at, mut depth) = (first, 0);
        let mut new: Option<Stretch<'_>> = None;
        loop {
            // What ends with a new stretch belongs to its text.
            let base = new.map_or(0, |stretch| stretch.depth);
            while depth > base && at as u32 >= self.ends[(depth - 1) % MOST_DEPTH] {
                depth -= 1;
                close(nodes, first, depth, out);
            }
            if let Some(stretch) = new.filter(|stretch| at >= stretch.end) {
                self.memo.keep(&stretch, out);
                new = None;
                continue;
            }
            if at >= end && new.is_some() {
                (first, end) = (at, end_of(at));
            }
            let Some(node) = nodes.get(at).filter(|_| at < end) else { return end };
            if at > first && node.field.show.kind == Kind::Protocol {
                self.pending.push(at);
                at = node.end as usize;
                continue;
            }
            let until = match depth {
                0 if top => nodes.len(),
                0 => end,
                _ => self.ends[(depth - 1) % MOST_DEPTH] as usize,
            };
            let scratch = &mut self.scratch;
            let any = |what, item: Item<'_>, out: &mut Out| piece(what, item, scratch, out);
            match self.memo.write(dissection, at, until, depth, out, any) {
                Found::Written(behind, open) => {
                    reopen(nodes, at, open, &mut self.ends, &mut depth);
                    at = behind;
                    while end < at {
                        (first, end) = (end, end_of(end).max(end + 1));
                    }
                    continue;
                }
                Found::New(stretch) => {
                    self.memo.begin(&stretch, out);
                    new = Some(stretch);
                }
                Found::Nothing => {}
            }
            let open = self.element(Item { dissection, index: at, node }, depth, out);
            depth += usize::from(open);
            at += 1;
            if node.is(Node::FILTERED) {
                at = self.pass_over(nodes, at, node.end as usize);
            }
        }
    }
    /// Writes a node with its twins. Answers whether its element is open, for what stands under it.
    #[inline(never)]
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
            if node.is(Node::FILTERED) {
                out.spaces(indent(depth + 1)).str("<field name=\"filtered\" value=\"").str(node.field.name);
                out.str("\"/>\n");
            }
        } else {
            self.twins(item, depth, out);
        }
        open
    }
    /// Leaves out nodes up to `end`, but for the protocols among them. Answers where they end.
    fn pass_over(&mut self, nodes: &[Node], from: usize, end: usize) -> usize {
        let mut at = from;
        while let Some(node) = nodes.get(at).filter(|_| at < end) {
            let is_protocol = node.field.show.kind == Kind::Protocol;
            if is_protocol {
                self.pending.push(at);
            }
            at = if is_protocol { (node.end as usize).max(at + 1) } else { at + 1 };
        }
        end
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
        if let Some((severity, area)) = field.show.expert {
            self.expert(item, severity, area, depth, out);
            return;
        }
        let varies = starts.sort == Sort::Varies;
        if starts.plan == Plan::Other || !starts.plain || !item.dissection.tree.is_usual() {
            self.any_start(item, depth, out);
        } else {
            out.with(|pen| {
                pen.put(&[b' '; 64], indent(depth));
                if depth == 0 && field.show.kind == Kind::Protocol {
                    pen.all(b"<proto name=\"");
                    pen.short(field.name.as_bytes());
                    pen.all(b"\" showname=\"");
                } else {
                    pen.start(&starts.pdml, &["<field name=\"", field.name, "\" showname=\""]);
                }
                start_value(node, pen);
            });
            self.piece(What::Value, varies, item, out);
        }
        if hide {
            out.str("\" hide=\"yes");
        }
        out.str("\" size=\"");
        self.piece(What::Size, !starts.sized, item, out);
        out.str("\" pos=\"");
        self.piece(What::Place, true, item, out);
        if field.show.kind != Kind::Protocol {
            out.str("\" show=\"");
            self.piece(What::Show, varies, item, out);
            if node.len > 0 && !(open && field.show.kind == Kind::None) {
                out.str("\" value=\"");
                if field.show.mask != 0 {
                    out.with(|pen| pen.hex_upper(node.value)).str("\" unmaskedvalue=\"");
                }
                self.piece(What::Raw, !has_same_bytes(node), item, out);
            }
        }
        out.str(if open { "\">\n" } else { "\"/>\n" });
    }
    /// Writes the start of any element up to the end of its `showname`: of what fits no prepared row, or has signs to escape
    /// in its names.
    #[inline(never)]
    fn any_start(&mut self, item: Item<'_>, depth: usize, out: &mut Out) {
        let field = item.node.field;
        let protocol = depth == 0 && field.show.kind == Kind::Protocol;
        out.spaces(indent(depth)).str(if protocol { "<proto name=\"" } else { "<field name=\"" });
        out.str(field.name).str("\" showname=\"");
        self.piece(What::Line, true, item, out);
    }
    /// Writes a piece, and notes it if it is not the same in all packets of a shape.
    #[inline]
    fn piece(&mut self, what: What, varies: bool, item: Item<'_>, out: &mut Out) {
        let start = out.len();
        piece(what, item, &mut self.scratch, out);
        if varies {
            self.memo.note(what, item, start, out);
        }
    }
    /// Writes a remark as tshark nests it, or where understanding stopped.
    fn expert(&mut self, item: Item<'_>, severity: Severity, area: Area, depth: usize, out: &mut Out) {
        let node = item.node;
        out.spaces(indent(depth));
        let (severity_word, area_word) = (severity_name(severity), area_name(area));
        let malformed = node.is(Node::MALFORMED);
        let mut inner = depth + 1;
        if malformed {
            out.str("<field name=\"").str(node.field.name).str("\" showname=\"[");
            self.piece(What::Line, true, item, out);
            out.str("]\" size=\"").dec(node.len.into()).str("\" pos=\"");
            self.piece(What::Place, true, item, out);
            out.str("\" show=\"\">\n");
            out.spaces(indent(inner));
            inner += 1;
        }
        out.str("<field name=\"_ws.expert\" showname=\"Expert Info (")
            .str(severity_word)
            .byte(b'/')
            .str(area_word);
        out.str("): ");
        self.piece(What::Line, true, item, out);
        out.str("\" size=\"0\" pos=\"");
        self.piece(What::Place, true, item, out);
        out.str("\">\n");
        let mut field = |name: &str, label: &str, rest: &str, out: &mut Out| {
            out.spaces(indent(inner)).str("<field name=\"").str(name).str("\" showname=\"").str(label);
            self.piece(What::Line, true, item, out);
            out.str(rest);
        };
        if !malformed {
            field(node.field.name, "", "\" size=\"0\" pos=\"0\" show=\"\" value=\"\"/>\n", out);
        }
        field("_ws.expert.message", "Message: ", "\" hide=\"yes\" size=\"0\" pos=\"0\" show=\"", out);
        self.piece(What::Line, true, item, out);
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

/// What means something in XML.
pub(super) const SPECIAL: [u8; 4] = *b"<>&\"";

/// Whether a byte means something in XML: the pairs differ in one bit.
#[inline(always)]
fn is_special(byte: u8) -> bool {
    u8::from(byte | 2 == b'>') | u8::from(byte & !4 == b'"') != 0
}

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

/// Writes what differs between packets of one shape.
#[inline(never)]
fn piece(what: What, item: Item<'_>, scratch: &mut Out, out: &mut Out) {
    let (dissection, node, field) = (item.dissection, item.node, item.node.field);
    match what {
        What::Line => {
            let start = out.len();
            if field.show.expert.is_some() {
                sentence(item, out);
            } else {
                head(item, out);
                tail(item, out);
            }
            out.reescape(start, is_special, scratch, escape);
        }
        What::Value => {
            let start = out.len();
            value(item, out);
            if matches!(field.starts.plan, Plan::Written | Plan::Text) {
                out.reescape(start, is_special, scratch, escape);
            }
        }
        What::Size => drop(out.dec(node.len.into())),
        What::Place => drop(out.dec(node.start.into())),
        What::Raw => drop(out.hex_bytes(dissection.raw(node), "")),
        _ if field.show.kind == Kind::Text => written_or(item, out, escape),
        _ => plain(dissection, node, field, out),
    }
}

/// Writes what precedes the protocols: tshark's `geninfo`.
pub(super) fn general(dissection: Dissection<'_>, second: &mut Second, out: &mut Out) {
    let packet = dissection.packet;
    let (len, original) = (packet.bytes.len() as u64, u64::from(packet.original));
    let (mut size, mut size_len) = (0, 0);
    out.with(|pen| {
        pen.all(b"  <proto name=\"geninfo\" pos=\"0\" showname=\"General information\" size=\"");
        // It comes six times.
        size = pen.at;
        pen.dec(len);
        size_len = pen.at - size;
        pen.all(b"\">\n    <field name=\"num\" pos=\"0\" show=\"");
        let hex =
            |pen: &mut Pen<'_>, value: u64| pen.hex(value, 16 - (value | 1).leading_zeros() as usize / 4);
        pen.dec(packet.number);
        pen.all(b"\" showname=\"Number\" value=\"");
        hex(pen, packet.number);
        pen.all(b"\" size=\"");
        pen.again(size, size_len);
        pen.all(b"\"/>\n    <field name=\"len\" pos=\"0\" show=\"");
        pen.dec(original);
        pen.all(b"\" showname=\"Frame Length\" value=\"");
        hex(pen, original);
        pen.all(b"\" size=\"");
        pen.again(size, size_len);
        pen.all(b"\"/>\n    <field name=\"caplen\" pos=\"0\" show=\"");
        pen.again(size, size_len);
        pen.all(b"\" showname=\"Captured Length\" value=\"");
        hex(pen, len);
        pen.all(b"\" size=\"");
        pen.again(size, size_len);
        pen.all(b"\"/>\n");
        if packet.time.is_some() {
            pen.all(b"    <field name=\"timestamp\" pos=\"0\" show=\"");
        }
    });
    if let Some(time) = packet.time {
        out.with(|pen| {
            pen.moment(time, second);
            pen.all(ZONE);
            pen.all(b"\" showname=\"Captured Time\" value=\"");
        });
        out.time(time).str("\" size=\"").dec(len).str("\"/>\n");
    }
    out.str("  </proto>\n");
}

/// Writes text inside an attribute: what XML or a terminal would take for something else is escaped, white space becomes
/// the spaces that XML's readers would make of it.
pub(crate) fn escape(text: &[u8], out: &mut Out) {
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
