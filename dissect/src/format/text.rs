//! The tree as indented lines.

use super::memo::{Found, Memo, Shape, Stretch, What, reopen};
use super::value::{head, line, tail};
use super::{MOST_DEPTH, Style};
use crate::capture::Time;
use crate::field::{Plan, Sort};
use crate::pen::Pen;
use crate::tree::{Dissection, Item, Node};
use crate::{Field, Kind, Out, Severity};

/// Writes the tree, a line a node, four spaces a level, as `tshark -V` does. Hidden nodes are left out.
#[derive(Clone, Debug)]
pub struct Text {
    style: Style,
    only: Option<Vec<String>>,
    ends: [u32; MOST_DEPTH],
    /// Whether what stands at each depth is written.
    open: [bool; MOST_DEPTH],
    memo: Memo<Text>,
}

impl Shape for Text {
    fn plain(pen: &mut Pen<'_>, text: &[u8], len: usize) -> bool {
        pen.plain(text, len, [])
    }
}

impl Default for Text {
    fn default() -> Text {
        Text { memo: Memo::new(), ..Text::forgetful() }
    }
}

/// Writes the tree without the blank line that parts packets.
pub fn text_tree(dissection: Dissection<'_>, out: &mut Out) {
    Text::forgetful().tree(dissection, out);
}

impl Text {
    /// Remembers no lines that packets repeat: for a single packet. What it writes is the same.
    pub fn forgetful() -> Text {
        Text {
            style: Style::PLAIN,
            only: None,
            ends: [0; MOST_DEPTH],
            open: [true; MOST_DEPTH],
            memo: Memo::off(),
        }
    }
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
        if self.only.is_none() && self.style == Style::PLAIN && dissection.tree.is_usual() {
            self.plain(dissection, out);
        } else {
            self.chosen(dissection, out);
        }
    }
    /// All nodes without colours: what must be fast.
    fn plain(&mut self, dissection: Dissection<'_>, out: &mut Out) {
        let nodes = dissection.tree.nodes();
        let (mut at, mut depth) = (0, 0);
        let mut new: Option<Stretch<'_>> = None;
        loop {
            if let Some(stretch) = new.filter(|stretch| at >= stretch.end) {
                self.memo.keep(&stretch, out);
                new = None;
            }
            while depth > 0 && at as u32 >= self.ends[(depth - 1) % MOST_DEPTH] {
                depth -= 1;
            }
            let Some(node) = nodes.get(at) else { break };
            let until = if depth == 0 { nodes.len() } else { self.ends[(depth - 1) % MOST_DEPTH] as usize };
            match self.memo.write(dissection, at, until, depth, out, piece) {
                Found::Written(end, open) => {
                    reopen(nodes, at, open, &mut self.ends, &mut depth);
                    at = end;
                    continue;
                }
                Found::New(stretch) => {
                    self.memo.begin(&stretch, out);
                    new = Some(stretch);
                }
                Found::Nothing => {}
            }
            if node.is(Node::HIDDEN) {
                at = node.end as usize;
                continue;
            }
            self.line(Item { dissection, index: at, node }, depth, out);
            at += 1;
            if node.end as usize > at && depth < MOST_DEPTH {
                self.ends[depth % MOST_DEPTH] = node.end;
                depth += 1;
            }
        }
    }
    /// A node's line.
    #[inline(never)]
    fn line(&mut self, item: Item<'_>, depth: usize, out: &mut Out) {
        let (node, starts) = (item.node, &item.node.field.starts);
        out.spaces(depth * 4);
        if starts.plan == Plan::Other {
            let start = out.len();
            line(item, out);
            self.memo.note(What::Line, item, start, out);
            out.byte(b'\n');
            return;
        }
        out.with(|pen| {
            pen.put(b"[", usize::from(node.is(Node::GENERATED)));
            start_value(node, pen);
        });
        let start = out.len();
        value(item, out);
        if starts.sort == Sort::Varies {
            self.memo.note(What::Value, item, start, out);
        }
        out.str(if node.is(Node::GENERATED) { "]\n" } else { "\n" });
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

/// Writes bits and label; of a flag its words too.
#[inline(always)]
pub(super) fn start_value(node: &Node, pen: &mut Pen<'_>) {
    let show = &node.field.show;
    if show.mask != 0 {
        pen.bits(node.value, show.mask, node.len);
    }
    let field = node.field;
    if let (Plan::Flag, [no, yes]) = (field.starts.plan, field.words) {
        pen.start(if node.value == 0 { no } else { yes }, &[]);
        return;
    }
    pen.start(&field.starts.text, &[field.label, show.colon()]);
    if cfg!(not(feature = "prepared")) && field.starts.plan == Plan::Flag {
        pen.short(show.word(node.value).as_bytes());
    }
}

/// The unit of a length of time that names none.
pub(super) const SECONDS: &str = " seconds";

/// Writes what differs between packets of one shape.
#[inline(never)]
fn piece(what: What, item: Item<'_>, out: &mut Out) {
    match what {
        What::Line => line(item, out),
        What::Show => super::value(item, out),
        _ => value(item, out),
    }
}

/// Writes the value as its line shows it.
#[inline(always)]
pub(super) fn value(item: Item<'_>, out: &mut Out) {
    match (item.node.field.starts.plan, item.node.field.show.write) {
        (Plan::Written, Some(write)) => write(item, out),
        (Plan::Text, _) => drop(out.text(item.bytes())),
        (plan, _) => {
            out.with(|pen| short_value(item.dissection, item.node, item.node.field, plan, pen));
        }
    }
}

/// Writes a value that fits the pen's room behind the label.
#[inline(always)]
pub(super) fn short_value(of: Dissection<'_>, node: &Node, field: &Field, plan: Plan, pen: &mut Pen<'_>) {
    let starts = &field.starts;
    match plan {
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
            if plan == Plan::DecName {
                pen.all(b" (");
                pen.dec(node.value);
            } else {
                pen.all(b" (0x");
                pen.hex(node.value, starts.digits.into());
            }
            pen.all(b")");
        }
        Plan::Ipv4 => pen.ipv4(node.value as u32),
        Plan::Ether => pen.colons(of.bytes(node)),
        Plan::Bytes => pen.short_bytes(of.bytes(node)),
        Plan::Moment => pen.date(Time::from_nanoseconds_64(node.value as i64)),
        Plan::Time => {
            pen.seconds(node.value as i64);
            pen.unit(if field.show.unit.is_empty() { SECONDS } else { field.show.unit });
        }
        _ => {}
    }
}
