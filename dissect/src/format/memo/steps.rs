//! How a stretch is written by the text of another: in steps, each of which is some text and a piece of what differs.

use super::hole::{Hole, What};
use super::recent::Recent;
use super::{MOST_PIECE, MOST_RUN, Shape, Stretch};
use crate::capture::Time;
use crate::format::text::short_value;
use crate::pen::{AGAIN, MOST_AT, Pen, ROOM};
use crate::proto::frame::PROTOCOLS;
use crate::tree::{Dissection, Item, Node};
use crate::{Field, Out};
use std::cell::Cell;

/// How much text is copied at once where a step begins, and of a longer text later.
const ROW: usize = 32;
const LONG_ROW: usize = 64;
/// The longest text between a piece and the same piece again.
const MOST_BETWEEN: usize = 48;
/// How many steps back a piece is looked for that comes again: lines tell of what is near.
const NEAR: usize = 32;
/// What stands in PDML between a value and its bytes.
const BYTES: &[u8; 9] = b"\" value=\"";

/// Some text and a piece behind it. Few large steps cost less than many small ones: in PDML, one step writes a field's
/// value for the line, the same value for programs and its bytes.
#[derive(Clone)]
struct Step {
    /// How the text begins. The first row is copied in any case, the second where the text is longer.
    rows: [[u8; ROW]; 2],
    /// What stands between the piece and the same again, if it does.
    between: [u8; MOST_BETWEEN],
    field: &'static Field,
    /// How many of the long rows hold the rest of the text.
    rest: u8,
    len: u16,
    /// Of a number in hexadecimal how many digits it has, of one in decimal what is taken from it, of a piece that was
    /// written before by which step.
    by: u16,
    /// Where the piece began and ended when the step was taken last.
    at: Cell<u16>,
    end: Cell<u16>,
    between_len: u8,
    node: u8,
    what: What,
    /// As what the node's bytes follow: one, two, four or six, or nothing.
    bytes: What,
}

/// A series of steps.
#[derive(Clone, Default)]
pub(super) struct Steps {
    steps: Vec<Step>,
    /// The rest of each text that is longer than two rows, one behind the other.
    rest: Vec<[u8; LONG_ROW]>,
}

impl Steps {
    /// Writes the stretch. `any` writes what is too long for a pen.
    #[inline(always)]
    pub(super) fn write<S: Shape>(
        &self,
        stretch: &Stretch<'_>,
        out: &mut Out,
        recent: &mut Recent,
        mut any: impl FnMut(What, Item<'_>, &mut Out),
    ) {
        let (packet, Some(mut pen), mut rest) = (stretch.of.packet.bytes, out.pen(), self.rest.iter()) else {
            return;
        };
        for step in &self.steps {
            let (at, len) = (pen.at, usize::from(step.len));
            let [first, second] = &step.rows;
            pen.all(first);
            if len > ROW {
                pen.all(second);
                for row in rest.by_ref().take(step.rest.into()) {
                    pen.all(row);
                }
            }
            pen.at = at + len;
            step.at.set(pen.at as u16);
            let Some(node) = stretch.nodes.get(usize::from(step.node)) else { continue };
            let mut is_rare = false;
            match step.what {
                What::Again => {
                    if let Some(before) = self.steps.get(usize::from(step.by)) {
                        let at = before.at.get();
                        pen.again(at.into(), before.end.get().wrapping_sub(at).into());
                    }
                }
                What::Dec => pen.dec(node.value),
                What::Less => pen.dec(node.value.saturating_sub(step.by.into())),
                What::Hex => pen.at = apart(pen.room, pen.at, |pen| pen.hex(node.value, step.by.into())),
                What::Hex2 => pen.hex(node.value, 2),
                What::Hex4 => pen.hex(node.value, 4),
                What::Hex8 => pen.hex(node.value, 8),
                What::Ipv4 => pen.ipv4(node.value as u32),
                What::Seconds => pen.at = apart(pen.room, pen.at, |pen| pen.seconds(node.value as i64)),
                What::Moment => {
                    let time = Time::from_nanoseconds_64(node.value as i64);
                    pen.at = apart(pen.room, pen.at, |pen| pen.moment(time, &mut recent.second));
                }
                What::Size => pen.dec(node.len.into()),
                What::Place => pen.dec(node.start.into()),
                What::Byte | What::Two | What::Four | What::Six => raw(&mut pen, step.what, packet, node),
                What::Address => {
                    let bytes = packet.get(node.start as usize..).and_then(|bytes| bytes.first_chunk::<6>());
                    pen.address(bytes.unwrap_or(&[0; 6]));
                }
                What::TextValue | What::TextShow => {
                    match plain_text::<S>(pen.room, pen.at, stretch.of, node) {
                        Some(at) => pen.at = at,
                        None => is_rare = true,
                    }
                }
                What::Nothing => {}
                _ => is_rare = true,
            }
            if is_rare {
                let by = pen.at;
                out.moved(by);
                step.rare(stretch, node, out, recent, &mut any);
                match out.pen() {
                    Some(next) => pen = next,
                    None => return,
                }
            }
            step.end.set(pen.at as u16);
            // Only PDML tells a value twice.
            if !S::PLACES {
                continue;
            }
            if step.between_len > 0 {
                let (start, end) = (usize::from(step.at.get()), pen.at);
                pen.put(&step.between, step.between_len.into());
                pen.again(start, end.wrapping_sub(start));
            }
            if step.bytes != What::Nothing {
                pen.all(BYTES);
                raw(&mut pen, step.bytes, packet, node);
            }
        }
        let by = pen.at;
        out.moved(by);
    }
    /// Makes steps of a text with holes.
    /// `twice` lets a step write its piece again. Answers whether a pen can write it.
    pub(super) fn take<'h>(
        &mut self,
        all: &[u8],
        holes: impl Iterator<Item = &'h Hole>,
        twice: bool,
    ) -> bool {
        let (steps, rest) = (&mut self.steps, &mut self.rest);
        steps.clear();
        rest.clear();
        // What was written before `first` is in another pen's room; `room` is what is taken of this one's. `origin` is the
        // step that wrote the last piece first.
        let (mut at, mut first, mut room, mut origin) = (0, 0, 0, None);
        let end =
            Hole { written: all.len()..all.len(), field: &PROTOCOLS, node: 0, what: What::Nothing, by: 0 };
        for hole in holes.cloned().chain([end]) {
            let text = all.get(at..hole.written.start).unwrap_or(&[]);
            at = hole.written.end;
            if text.len() > MOST_RUN {
                return false;
            }
            let most = if hole.what.repeats() { AGAIN } else { MOST_PIECE };
            room += text.len() + most;
            if room > MOST_AT {
                steps.push(Step::new(What::Full, &hole, 0, &[], rest));
                (first, room, origin) = (steps.len(), text.len() + most, None);
            }
            let is_again = |step: &Step| {
                step.node == hole.node
                    && step.by == u16::from(hole.by)
                    && step.what == hole.what
                    && hole.what.repeats()
            };
            let near = steps.len().saturating_sub(NEAR).max(first);
            let again = steps.iter().skip(near).position(is_again).map(|again| near + again);
            let is_origin = again.is_some() && again == origin;
            let last = steps.get_mut(first..).and_then(|steps| steps.last_mut()).filter(|_| twice);
            if last.is_some_and(|last| last.takes_bytes(text, &hole) || is_origin && last.takes_again(text)) {
                continue;
            }
            origin = Some(again.unwrap_or(steps.len()));
            steps.push(match again {
                Some(again) => Step::new(What::Again, &hole, again as u16, text, rest),
                None => Step::new(hole.what, &hole, hole.by.into(), text, rest),
            });
            match hole.what {
                what if what.is_rare() => (first, room, origin) = (steps.len(), 0, None),
                what if what.is_text() => (first, origin) = (steps.len(), None),
                _ => {}
            }
        }
        true
    }
}

impl Step {
    /// Some text and a piece. What does not fit the step goes to `rest`.
    fn new(what: What, hole: &Hole, by: u16, text: &[u8], rest: &mut Vec<[u8; LONG_ROW]>) -> Step {
        let before = rest.len();
        for long in text.get(2 * ROW..).unwrap_or(&[]).chunks(LONG_ROW) {
            let mut row = [b' '; LONG_ROW];
            for (to, from) in row.iter_mut().zip(long) {
                *to = *from;
            }
            rest.push(row);
        }
        let mut rows = [[b' '; ROW]; 2];
        for (to, from) in rows.as_flattened_mut().iter_mut().zip(text) {
            *to = *from;
        }
        Step {
            rows,
            between: [b' '; MOST_BETWEEN],
            field: hole.field,
            rest: (rest.len() - before) as u8,
            len: text.len() as u16,
            by,
            at: Cell::new(0),
            end: Cell::new(0),
            between_len: 0,
            node: hole.node,
            what,
            bytes: What::Nothing,
        }
    }
    /// Lets the step write its piece again behind some text, if it can.
    fn takes_again(&mut self, text: &[u8]) -> bool {
        let takes =
            self.between_len == 0 && self.bytes == What::Nothing && (1..=MOST_BETWEEN).contains(&text.len());
        if takes {
            self.between_len = text.len() as u8;
            for (to, from) in self.between.iter_mut().zip(text) {
                *to = *from;
            }
        }
        takes
    }
    /// Lets the step write the bytes of its node too, if it can.
    fn takes_bytes(&mut self, text: &[u8], hole: &Hole) -> bool {
        let takes = self.bytes == What::Nothing
            && self.node == hole.node
            && matches!(hole.what, What::Byte | What::Two | What::Four | What::Six)
            && text == BYTES;
        if takes {
            self.bytes = hole.what;
        }
        takes
    }
}

/// Writes the one, two, four or six bytes of a node.
#[inline(always)]
fn raw(pen: &mut Pen<'_>, what: What, packet: &[u8], node: &Node) {
    let at = node.start as usize;
    match what {
        What::Byte => pen.hex_byte(packet.get(at).copied().unwrap_or(0)),
        What::Two => {
            if let Some([high, low]) = packet.get(at..at + 2).and_then(|bytes| bytes.first_chunk()) {
                pen.hex_byte(*high);
                pen.hex_byte(*low);
            }
        }
        What::Four => {
            if let Some(four) = packet.get(at..at + 4).and_then(|bytes| bytes.first_chunk()) {
                pen.hex(u32::from_be_bytes(*four).into(), 8);
            }
        }
        _ => {
            for byte in packet.get(at..at + 6).and_then(|bytes| bytes.first_chunk()).unwrap_or(&[0; 6]) {
                pen.hex_byte(*byte);
            }
        }
    }
}

/// Writes by a call of its own, so that the loop around it keeps its numbers at hand.
#[inline(never)]
fn apart(room: &mut [u8; ROOM], at: usize, write: impl FnOnce(&mut Pen<'_>)) -> usize {
    let mut pen = Pen { room, at };
    write(&mut pen);
    pen.at
}

impl Step {
    /// Writes a piece that is rare or long: behind it is another pen.
    #[inline(never)]
    fn rare(
        &self,
        stretch: &Stretch<'_>,
        node: &Node,
        out: &mut Out,
        recent: &mut Recent,
        any: &mut impl FnMut(What, Item<'_>, &mut Out),
    ) {
        let packet = stretch.of.packet.bytes;
        let what = match self.what {
            What::Full => return,
            What::Few => {
                let bytes = packet.get(node.range()).unwrap_or(&[]);
                out.with(|pen| pen.hex_bytes(bytes));
                return;
            }
            What::Short => {
                let (field, plan) = (self.field, self.field.starts.plan);
                out.with(|pen| short_value(stretch.of, node, field, plan, pen));
                return;
            }
            What::TextValue | What::TextShow => {
                if let Some((text, len)) = recent.text(self.what, stretch.of.bytes(node)) {
                    out.with(|pen| pen.put(text, len));
                    return;
                }
                if self.what == What::TextShow { What::Show } else { What::Value }
            }
            What::Protocols => match recent.protocols(&stretch.of.tree.protocols) {
                Some((text, len)) => {
                    out.with(|pen| pen.put(text, len));
                    return;
                }
                None => What::Value,
            },
            what => what,
        };
        let (start, index) = (out.len(), stretch.at + usize::from(self.node));
        let node = Node { field: self.field, ..*node };
        any(what, Item { dissection: stretch.of, index, node: &node }, out);
        let written = out.as_bytes().get(start..).unwrap_or(&[]);
        match self.what {
            What::Protocols => recent.remember(&stretch.of.tree.protocols, written),
            What::TextValue | What::TextShow => {
                recent.remember_text(self.what, stretch.of.bytes(&node), written);
            }
            _ => {}
        }
    }
}

/// Writes a node's text if it is plain, and tells where it ends.
#[inline(never)]
fn plain_text<S: Shape>(room: &mut [u8; ROOM], at: usize, of: Dissection<'_>, node: &Node) -> Option<usize> {
    let (skip, len) = if node.is(Node::OWN_TEXT | Node::PART) {
        ((node.value >> 32) as usize, node.value as u32 as usize)
    } else {
        (0, node.len as usize)
    };
    let own = if node.is(Node::OWN_TEXT) && !node.is(Node::PART) {
        &of.tree.text
    } else {
        let is_inside = skip.saturating_add(len) <= node.len as usize;
        of.packet.bytes.get(node.start as usize..).filter(|_| is_inside)?
    };
    let (text, mut pen) = (own.get(skip..)?, Pen { room, at });
    S::plain(&mut pen, text, len).then_some(pen.at)
}
