//! A packet's tree as lines: those of `sctpdump -V`, with what the page needs to show their bytes and fields.

use crate::message::{Line, LineStyle};
use crate::model::fields;
use dissect::{Dissection, Item, Kind, Node, Out, Severity, format};

/// How deep lines nest, as in `sctpdump -V`. What stands deeper is shown at this depth.
const MOST_DEPTH: usize = 256;

/// The most lines of a packet. A last line says that there are more.
pub const MOST_LINES: usize = 1 << 16;

/// The lines in preorder, hidden nodes left out.
pub fn lines(dissection: Dissection<'_>) -> Vec<Line> {
    let nodes = dissection.tree.nodes();
    let (mut lines, mut out): (Vec<Line>, _) = (Vec::new(), Out::new());
    // The nodes that are open, each with where it ends and its line.
    let mut open: Vec<(u32, usize)> = Vec::new();
    let mut at = 0;
    while let Some(item) = dissection.item(at) {
        while let Some((_, line)) = open.pop_if(|(end, _)| at as u32 >= *end) {
            close(&mut lines, line);
        }
        if item.node.is(Node::HIDDEN) {
            at = item.node.end as usize;
            continue;
        }
        if lines.len() >= MOST_LINES {
            let text = format!("[{} further nodes are not shown]", nodes.len() - at);
            lines.push(Line { text, field: u32::MAX, style: LineStyle::Warning, ..Line::default() });
            break;
        }
        lines.push(line(item, open.len() as u16, &mut out));
        at += 1;
        if item.node.end > at as u32 && open.len() < MOST_DEPTH {
            open.push((item.node.end, lines.len() - 1));
        }
    }
    for (_, line) in open {
        close(&mut lines, line);
    }
    lines
}

/// How many values of a field a cell has.
const MOST_VALUES: usize = 12;

/// What a packet's lines say of a field, behind its label: all of them, parted by commas.
pub fn cell(dissection: Dissection<'_>, name: &str, out: &mut Out) -> String {
    let (mut text, mut values, mut at) = (String::new(), 0, 0);
    while let Some(item) = dissection.item(at) {
        at += 1;
        if item.node.field.name != name {
            continue;
        }
        values += 1;
        if values > MOST_VALUES {
            text.push_str(", \u{2026}");
            break;
        }
        if values > 1 {
            text.push_str(", ");
        }
        out.clear();
        format::line(item, out);
        let line = out.to_string_lossy();
        let label = item.node.field.label;
        let behind = line.strip_prefix(label).and_then(|rest| rest.strip_prefix(": "));
        if let Some(behind) = behind {
            text.push_str(behind);
        } else {
            out.clear();
            format::value(item, out);
            text.push_str(if out.is_empty() { label } else { "" });
            text.push_str(&out.to_string_lossy());
        }
    }
    text
}

/// Notes how many lines stand under one.
fn close(lines: &mut [Line], line: usize) {
    let under = lines.len() - line - 1;
    if let Some(line) = lines.get_mut(line) {
        line.under = under as u32;
    }
}

fn line(item: Item<'_>, depth: u16, out: &mut Out) -> Line {
    let mut written = |write: fn(Item<'_>, &mut Out)| {
        out.clear();
        write(item, out);
        out.to_string_lossy()
    };
    Line {
        text: written(format::line),
        value: written(format::value),
        depth,
        under: 0,
        field: fields::index(item.node.field),
        source: item.node.source,
        start: item.node.start,
        len: item.node.len,
        style: style(item.node),
    }
}

fn style(node: &Node) -> LineStyle {
    match node.field.show.expert {
        _ if node.is(Node::MALFORMED) => LineStyle::Error,
        _ if node.field.show.kind == Kind::Protocol => LineStyle::Protocol,
        Some((Severity::Error, _)) => LineStyle::Error,
        Some((Severity::Warn, _)) => LineStyle::Warning,
        Some((Severity::Note, _)) => LineStyle::Note,
        Some((Severity::Chat, _)) => LineStyle::Chat,
        None if node.is(Node::GENERATED) => LineStyle::Generated,
        None => LineStyle::Plain,
    }
}
