//! The tree as indented lines.

use super::value::{head, line, short_bytes, tail};
use super::{MOST_DEPTH, Style};
use crate::field::Plan;
use crate::out::Pen;
use crate::tree::{Dissection, Item, Node};
use crate::{Kind, Out, Severity};

/// Writes the tree, a line a node, four spaces a level, as `tshark -V` does. Hidden nodes are left out.
#[derive(Clone, Debug)]
pub struct Text {
    style: Style,
    only: Option<Vec<String>>,
    ends: [u32; MOST_DEPTH],
    /// Whether what stands at each depth is written.
    open: [bool; MOST_DEPTH],
}

impl Default for Text {
    fn default() -> Text {
        Text { style: Style::PLAIN, only: None, ends: [0; MOST_DEPTH], open: [true; MOST_DEPTH] }
    }
}

/// Writes the tree without the blank line that parts packets.
pub fn text_tree(dissection: Dissection<'_>, out: &mut Out) {
    Text::default().tree(dissection, out);
}

impl Text {
    /// Writes with colours.
    pub fn style(self, style: Style) -> Text {
        Text { style, ..self }
    }
    /// Writes only these protocols in full, by their filter names, the others as one line: `tshark -O`.
    pub fn only<T: Into<String>>(self, protocols: impl IntoIterator<Item = T>) -> Text {
        Text { only: Some(protocols.into_iter().map(Into::into).collect()), ..self }
    }
    /// Writes nothing: the text needs no header.
    pub fn begin(&self, _: &mut Out) {}
    /// Writes a packet's tree and a blank line.
    pub fn packet(&mut self, dissection: Dissection<'_>, out: &mut Out) {
        self.tree(dissection, out);
        out.byte(b'\n');
    }
    /// Writes nothing.
    pub fn end(&self, _: &mut Out) {}

    fn tree(&mut self, dissection: Dissection<'_>, out: &mut Out) {
        if self.only.is_none() && self.style == Style::PLAIN {
            self.plain(dissection, out);
        } else {
            self.chosen(dissection, out);
        }
    }
    /// All nodes without colours: what must be fast.
    fn plain(&mut self, dissection: Dissection<'_>, out: &mut Out) {
        let (nodes, ends) = (dissection.tree.nodes(), &mut self.ends);
        let (mut at, mut depth, mut until) = (0, 0, u32::MAX);
        let Some(mut pen) = out.pen() else { return };
        while let Some(node) = nodes.get(at) {
            while at as u32 >= until {
                depth -= 1;
                until = if depth == 0 { u32::MAX } else { ends[(depth - 1) % MOST_DEPTH] };
            }
            if node.is(Node::HIDDEN) {
                at = node.end as usize;
                continue;
            }
            let short = depth <= MOST_INDENTED && short_line(dissection, node, depth, &mut pen);
            if !short || pen.is_full() {
                let by = pen.at;
                out.moved(by);
                if !short {
                    long_line(Item { dissection, index: at, node }, depth, out);
                }
                match out.pen() {
                    Some(next) => pen = next,
                    None => return,
                }
            }
            at += 1;
            if node.end > at as u32 && depth < MOST_DEPTH {
                ends[depth % MOST_DEPTH] = node.end;
                until = node.end;
                depth += 1;
            }
        }
        let by = pen.at;
        out.moved(by);
    }
    /// With colours, or with only some protocols in full.
    fn chosen(&mut self, dissection: Dissection<'_>, out: &mut Out) {
        let nodes = dissection.tree.nodes();
        let (mut at, mut depth) = (0, 0);
        while let Some(node) = nodes.get(at) {
            while depth > 0 && at as u32 >= self.ends[(depth - 1) % MOST_DEPTH] {
                depth -= 1;
            }
            if node.is(Node::HIDDEN) {
                at = node.end as usize;
                continue;
            }
            let item = Item { dissection, index: at, node };
            let protocol = node.field.show.kind == Kind::Protocol;
            let inside = depth == 0 || self.open[(depth - 1) % MOST_DEPTH];
            if protocol || inside {
                styled(item, depth, &self.style, out);
                if depth < MOST_DEPTH {
                    self.ends[depth % MOST_DEPTH] = node.end;
                    self.open[depth % MOST_DEPTH] = match &self.only {
                        Some(only) if protocol => only.iter().any(|name| name == node.field.name),
                        _ => inside,
                    };
                    depth += 1;
                }
            }
            at += 1;
        }
    }
}

/// Writes a line in colours.
fn styled(item: Item<'_>, depth: usize, style: &Style, out: &mut Out) {
    let (field, generated) = (item.node.field, item.node.is(Node::GENERATED));
    out.spaces(depth * 4);
    let whole = match field.show.expert {
        _ if field.show.kind == Kind::Protocol => style.protocol,
        Some((Severity::Error, _)) => style.error,
        Some((Severity::Warn, _)) => style.warning,
        Some(_) => style.note,
        None if item.node.is(Node::GENERATED) => style.generated,
        None => "",
    };
    out.str(if whole.is_empty() { style.label } else { whole }).str(if generated { "[" } else { "" });
    head(item, out);
    out.str(if whole.is_empty() { style.reset } else { "" });
    tail(item, out);
    out.str(if generated { "]" } else { "" })
        .str(if whole.is_empty() { "" } else { style.reset })
        .byte(b'\n');
}

/// The deepest line whose indentation one store writes.
const MOST_INDENTED: usize = 8;

/// Writes a line that fits the pen's room. Answers `false`, having written nothing, for others.
#[inline(always)]
fn short_line(dissection: Dissection<'_>, node: &Node, depth: usize, pen: &mut Pen<'_>) -> bool {
    let field = node.field;
    let starts = &field.starts;
    if matches!(starts.plan, Plan::Other | Plan::Written | Plan::Text | Plan::Bytes) {
        return false;
    }
    let generated = usize::from(node.is(Node::GENERATED));
    pen.put(&[b' '; 32], depth * 4);
    pen.put(b"[", generated);
    if field.show.mask != 0 {
        pen.bits(node.value, field.show.mask, node.len);
    }
    if starts.plan == Plan::Flag {
        if let [no, yes] = field.words {
            pen.start(if node.value == 0 { no } else { yes });
        }
    } else {
        pen.start(&starts.text);
        short_value(dissection, node, pen);
    }
    pen.put(if generated == 1 { b"]\n" } else { b"\n " }, 1 + generated);
    true
}

/// Writes any line.
#[inline(never)]
fn long_line(item: Item<'_>, depth: usize, out: &mut Out) {
    let starts = &item.node.field.starts;
    out.spaces(depth * 4);
    if matches!(starts.plan, Plan::Written | Plan::Text | Plan::Bytes) && item.node.field.show.mask == 0 {
        let generated = usize::from(item.node.is(Node::GENERATED));
        out.with(|pen| {
            pen.put(b"[", generated);
            pen.start(&starts.text);
        });
        long_value(item, out);
        out.raw(if generated == 1 { b"]\n" } else { b"\n" });
    } else {
        line(item, out);
        out.byte(b'\n');
    }
}

/// Writes a value of unknown length behind the label.
fn long_value(item: Item<'_>, out: &mut Out) {
    match (item.node.field.starts.plan, item.node.field.show.write) {
        (Plan::Written, Some(write)) => write(item, out),
        (Plan::Text, _) => drop(out.text(item.bytes())),
        _ => short_bytes(item.bytes(), out),
    }
}

/// Writes a value that fits the pen's room behind the label.
#[inline(always)]
pub(super) fn short_value(dissection: Dissection<'_>, node: &Node, pen: &mut Pen<'_>) {
    let (field, starts) = (node.field, &node.field.starts);
    match starts.plan {
        Plan::Dec => {
            pen.dec(node.value);
            pen.unit(field.show.unit);
        }
        Plan::Hex => {
            pen.all(b"0x");
            pen.hex(node.value, starts.digits.into());
            pen.unit(field.show.unit);
        }
        Plan::HexDec => {
            pen.all(b"0x");
            pen.hex(node.value, starts.digits.into());
            pen.all(b" (");
            pen.dec(node.value);
            pen.all(b")");
            pen.unit(field.show.unit);
        }
        Plan::DecHex => {
            pen.dec(node.value);
            pen.all(b" (0x");
            pen.hex(node.value, starts.digits.into());
            pen.all(b")");
            pen.unit(field.show.unit);
        }
        Plan::DecName | Plan::HexName => {
            pen.short(field.show.codes.map_or("", |codes| codes.name_or_unknown(node.value)).as_bytes());
            if starts.plan == Plan::DecName {
                pen.all(b" (");
                pen.dec(node.value);
            } else {
                pen.all(b" (0x");
                pen.hex(node.value, starts.digits.into());
            }
            pen.all(b")");
        }
        Plan::Ipv4 => pen.ipv4(node.value as u32),
        Plan::Ether => pen.colons(dissection.bytes(node)),
        Plan::Time => {
            pen.seconds(node.value as i64);
            pen.unit(if field.show.unit.is_empty() { " seconds" } else { field.show.unit });
        }
        _ => {}
    }
}
