//! Who said what to whom, as a picture: lanes for the ends, arrows for the packets.

use crate::Out;

/// A picture of a conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ladder {
    /// What it shows.
    pub title: String,
    /// The ends, each with its lane.
    pub ends: Vec<String>,
    /// The arrows, in the order of their packets.
    pub arrows: Vec<Arrow>,
}

impl Ladder {
    /// Says behind the last arrow what was left out.
    pub fn leave_out(&mut self, label: String) {
        let (packet, since) = self.arrows.last().map_or((0, 0), |arrow| (arrow.packet, arrow.since));
        self.arrows.push(Arrow { packet, since, label, ..Arrow::default() });
    }
}

/// Something said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arrow {
    /// The packet.
    pub packet: u64,
    /// When, in nanoseconds since the first arrow's.
    pub since: i64,
    /// From which lane.
    pub from: usize,
    /// To which lane. The same one for what stands beside it.
    pub to: usize,
    /// What is said.
    pub label: String,
    /// What there is to remark; empty for nothing.
    pub note: String,
}

/// The distances of the picture, in its units.
const LANE: usize = 240;
const LEFT: usize = 200;
const RUNG: usize = 28;
const HEAD: usize = 76;
/// How wide a sign of a remark is, about.
const NOTE_SIGN: usize = 6;

/// Writes the picture as SVG, for a page of its own or inside another. It takes its colours from where it stands. Each arrow
/// is a group that names its packet: `data-packet`.
pub fn svg(ladder: &Ladder, out: &mut Out) {
    let lane = |at: usize| LEFT + at * LANE;
    let width =
        ladder.arrows.iter().fold(lane(ladder.ends.len().saturating_sub(1)) + LANE, |width, arrow| {
            // Remarks stand behind the arrow's right end.
            width.max(lane(arrow.from.max(arrow.to)) + 20 + arrow.note.chars().count() * NOTE_SIGN)
        });
    let height = HEAD + ladder.arrows.len() * RUNG + 20;
    out.str("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ").dec(width as u64).byte(b' ');
    out.dec(height as u64).str("\" width=\"").dec(width as u64).str("\" height=\"").dec(height as u64);
    out.str("\" role=\"img\" font-family=\"sans-serif\" font-size=\"13\" ");
    out.str("fill=\"currentColor\" stroke=\"none\">\n<title>");
    xml(&ladder.title, out);
    out.str("</title>\n<defs><marker id=\"a\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"8\" ");
    out.str("markerHeight=\"8\" orient=\"auto-start-reverse\"><path d=\"M0 0L8 4L0 8z\"/></marker></defs>\n");
    label((12, 22), "start", &ladder.title, " font-weight=\"bold\"", out);
    for (at, end) in ladder.ends.iter().enumerate() {
        label((lane(at), 52), "middle", end, "", out);
        let down = (lane(at), height - 10);
        line((lane(at), 60), down, " stroke-opacity=\".4\"", out);
    }
    for (at, arrow) in ladder.arrows.iter().enumerate() {
        let y = HEAD + at * RUNG + 14;
        out.str("<g data-packet=\"").dec(arrow.packet).str("\">\n<rect y=\"").dec((y - 14) as u64);
        out.str("\" width=\"")
            .dec(width as u64)
            .str("\" height=\"")
            .dec(RUNG as u64)
            .str("\" fill=\"none\"/>\n");
        let mut when = Out::new();
        when.dec(arrow.packet).str("  ").seconds(arrow.since);
        label((12, y + 4), "start", &when.to_string_lossy(), " font-size=\"11\"", out);
        let (from, to) = (lane(arrow.from), lane(arrow.to));
        if from == to {
            label((from + 8, y), "start", &arrow.label, "", out);
        } else {
            label((from.midpoint(to), y - 4), "middle", &arrow.label, "", out);
            line((from, y), (to, y), " marker-end=\"url(#a)\"", out);
        }
        if !arrow.note.is_empty() {
            let side = (from.max(to) + 8, y + 4);
            label(side, "start", &arrow.note, " font-size=\"11\" font-style=\"italic\"", out);
        }
        out.str("</g>\n");
    }
    out.str("</svg>\n");
}

fn label((x, y): (usize, usize), anchor: &str, text: &str, more: &str, out: &mut Out) {
    out.str("<text x=\"").dec(x as u64).str("\" y=\"").dec(y as u64).str("\" text-anchor=\"").str(anchor);
    out.byte(b'"').str(more).byte(b'>');
    xml(text, out);
    out.str("</text>\n");
}

fn line(from: (usize, usize), to: (usize, usize), more: &str, out: &mut Out) {
    out.str("<line x1=\"").dec(from.0 as u64).str("\" y1=\"").dec(from.1 as u64).str("\" x2=\"");
    out.dec(to.0 as u64)
        .str("\" y2=\"")
        .dec(to.1 as u64)
        .str("\" stroke=\"currentColor\"")
        .str(more)
        .str("/>\n");
}

/// Writes text as XML has it, without signs that could steer anything.
fn xml(text: &str, out: &mut Out) {
    crate::format::escape_xml(text.as_bytes(), out);
}

/// Writes the picture as a sequence diagram of Mermaid.
pub fn mermaid(ladder: &Ladder, out: &mut Out) {
    out.str("---\ntitle: ");
    plain(&ladder.title, out);
    out.str("\n---\nsequenceDiagram\n");
    for (at, end) in ladder.ends.iter().enumerate() {
        out.str("    participant e").dec(at as u64).str(" as ");
        plain(end, out);
        out.byte(b'\n');
    }
    for arrow in &ladder.arrows {
        let (from, to) = (arrow.from as u64, arrow.to as u64);
        if from == to {
            out.str("    Note over e").dec(from).str(": ");
        } else {
            out.str("    e").dec(from).str("->>e").dec(to).str(": ");
        }
        out.dec(arrow.packet).str(". ");
        plain(&arrow.label, out);
        if !arrow.note.is_empty() {
            out.str(" (");
            plain(&arrow.note, out);
            out.byte(b')');
        }
        out.byte(b'\n');
    }
}

/// Writes text that means nothing to Mermaid: signs that do become its entities.
fn plain(text: &str, out: &mut Out) {
    let mut clean = Out::new();
    clean.text(text.as_bytes());
    for sign in clean.to_string_lossy().chars() {
        if matches!(sign, '#' | ';' | '<' | '>' | '"' | '%' | '{' | '}') {
            out.byte(b'#').dec(u64::from(sign)).byte(b';');
        } else {
            out.str(sign.encode_utf8(&mut [0; 4]));
        }
    }
}
