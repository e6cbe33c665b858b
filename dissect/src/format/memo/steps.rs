//! How a stretch is written by the text of another: in steps, each of which is some text and a piece of what differs.

use super::hole::{Hole, What};
use super::recent::Recent;
use super::{MOST_PIECE, Stretch};
use crate::capture::Time;
use crate::format::pdml::SPECIAL;
use crate::format::text::short_value;
use crate::pen::{AGAIN, MOST_AT, Pen, ROOM};
use crate::proto::frame::PROTOCOLS;
use crate::tree::{Item, Node};
use crate::{Field, Out};
use std::cell::Cell;

/// How much text is copied at once.
const ROW: usize = 32;
/// The longest text between a piece and the same piece again.
const MOST_BETWEEN: usize = 48;
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
    /// Where the rest of the text stands in all of it.
    rest: u16,
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
    /// As what the node's bytes follow: one, two or four, or nothing.
    bytes: What,
}

/// A series of steps.
#[derive(Clone, Default)]
pub(super) struct Steps(Vec<Step>);

impl Steps {
    /// Writes the stretch; `text` is that of the one that was kept. `any` writes what is too long for a pen.
    #[inline(always)]
    pub(super) fn write<const PLACES: bool>(
        &self,
        text: &[u8],
        stretch: &Stretch<'_>,
        out: &mut Out,
        recent: &mut Recent,
        mut any: impl FnMut(What, Item<'_>, &mut Out),
    ) {
        let (packet, Some(mut pen)) = (stretch.of.packet.bytes, out.pen()) else { return };
        for step in &self.0 {
            let (at, len) = (pen.at, usize::from(step.len));
            let [first, second] = &step.rows;
            pen.put(first, ROW);
            if len > ROW {
                pen.put(second, ROW);
                if len > 2 * ROW {
                    pen.long(text.get(usize::from(step.rest)..).unwrap_or(&[]), len - 2 * ROW);
                }
            }
            pen.at = at + len;
            step.at.set(pen.at as u16);
            let Some(node) = stretch.nodes.get(usize::from(step.node)) else { continue };
            let bytes = || packet.get(node.start as usize..).unwrap_or(&[]);
            let mut any_as = None;
            match step.what {
                What::Again => {
                    if let Some(before) = self.0.get(usize::from(step.by)) {
                        let at = before.at.get();
                        pen.again(at.into(), before.end.get().wrapping_sub(at).into());
                    }
                }
                What::Dec => pen.dec(node.value),
                What::Less => pen.dec(node.value.saturating_sub(step.by.into())),
                What::Hex => pen.hex(node.value, step.by.into()),
                What::Hex2 => pen.hex(node.value, 2),
                What::Hex4 => pen.hex(node.value, 4),
                What::Hex8 => pen.hex(node.value, 8),
                What::Ipv4 => pen.ipv4(node.value as u32),
                What::Seconds => pen.seconds(node.value as i64),
                What::Moment => pen.moment(Time::from_nanoseconds_64(node.value as i64), &mut recent.second),
                What::Size => pen.dec(node.len.into()),
                What::Place => pen.dec(node.start.into()),
                What::Byte | What::Two | What::Four => raw(&mut pen, step.what, bytes()),
                What::Address => pen.address(bytes().first_chunk().copied().unwrap_or_default()),
                What::Few => {
                    let bytes = bytes().get(..node.len as usize).unwrap_or(&[]);
                    pen.at = apart(pen.room, pen.at, |pen| pen.hex_bytes(bytes));
                }
                What::Short => {
                    let field = step.field;
                    pen.at = apart(pen.room, pen.at, |pen| {
                        short_value(stretch.of, node, field, field.starts.plan, pen);
                    });
                }
                What::TextValue | What::TextShow => match plain_text::<PLACES>(pen.room, pen.at, packet, node) {
                    Some(at) => pen.at = at,
                    None if step.what == What::TextShow => any_as = Some(What::Show),
                    None => any_as = Some(What::Value),
                },
                What::Protocols => match recent.protocols(&stretch.of.tree.protocols) {
                    Some((text, len)) => pen.put(text, len),
                    None => any_as = Some(What::Value),
                },
                What::Value | What::Show | What::Raw | What::Full => any_as = Some(step.what),
                What::Nothing => {}
            }
            if let Some(what) = any_as {
                let by = pen.at;
                out.moved(by);
                let start = out.len();
                if what != What::Full {
                    let node = Node { field: step.field, ..*node };
                    let index = stretch.at + usize::from(step.node);
                    any(what, Item { dissection: stretch.of, index, node: &node }, out);
                }
                if step.what == What::Protocols {
                    recent.remember(&stretch.of.tree.protocols, out.as_bytes().get(start..).unwrap_or(&[]));
                }
                match out.pen() {
                    Some(next) => pen = next,
                    None => return,
                }
            }
            step.end.set(pen.at as u16);
            if step.between_len > 0 {
                let (start, len) = (usize::from(step.at.get()), pen.at);
                pen.put(&step.between, step.between_len.into());
                pen.again(start, len.wrapping_sub(start));
            }
            if step.bytes != What::Nothing {
                pen.all(BYTES);
                raw(&mut pen, step.bytes, bytes());
            }
        }
        let by = pen.at;
        out.moved(by);
    }
    /// Makes steps of a text with holes. Of a node that stands where another does, its place is the other's.
    pub(super) fn take<'h>(&mut self, nodes: &[Node], all: &[u8], holes: impl Iterator<Item = &'h Hole>) {
        let steps = &mut self.0;
        steps.clear();
        // What was written before `first` is in another pen's room; `room` is what is taken of this one's. `origin` is the
        // step that wrote the last piece first.
        let (mut at, mut first, mut room, mut origin) = (0, 0, 0, None);
        let start = |node: u8| nodes.get(usize::from(node)).map(|node| node.start);
        let end =
            Hole { written: all.len()..all.len(), field: &PROTOCOLS, node: 0, what: What::Nothing, by: 0 };
        for hole in holes.cloned().chain([end]) {
            let start_of_text = at;
            let text = all.get(at..hole.written.start).unwrap_or(&[]);
            at = hole.written.end;
            let most = if hole.what.repeats() { AGAIN } else { MOST_PIECE };
            room += text.len() + most;
            if room > MOST_AT {
                steps.push(Step::new(What::Full, &hole, 0, &[], 0));
                (first, room, origin) = (steps.len(), text.len() + most, None);
            }
            let is_again = |step: &Step| {
                let same = if step.what == What::Place {
                    start(step.node) == start(hole.node)
                } else {
                    step.node == hole.node && step.by == u16::from(hole.by)
                };
                same && step.what == hole.what && hole.what.repeats()
            };
            let again = steps.iter().skip(first).position(is_again).map(|again| first + again);
            let is_origin = again.is_some() && again == origin;
            if let Some(last) = steps.get_mut(first..).and_then(|steps| steps.last_mut()) {
                if last.takes_bytes(text, &hole) || is_origin && last.takes_again(text) {
                    continue;
                }
            }
            origin = Some(again.unwrap_or(steps.len()));
            steps.push(match again {
                Some(again) => Step::new(What::Again, &hole, again as u16, text, start_of_text),
                None => Step::new(hole.what, &hole, hole.by.into(), text, start_of_text),
            });
            match hole.what {
                What::Value | What::Show | What::Raw | What::Protocols => {
                    (first, room, origin) = (steps.len(), 0, None);
                }
                What::TextValue | What::TextShow => (first, origin) = (steps.len(), None),
                _ => {}
            }
        }
    }
}

impl Step {
    fn new(what: What, hole: &Hole, by: u16, text: &[u8], at: usize) -> Step {
        let mut rows = [[b' '; ROW]; 2];
        for (to, from) in rows.as_flattened_mut().iter_mut().zip(text) {
            *to = *from;
        }
        Step {
            rows,
            between: [b' '; MOST_BETWEEN],
            field: hole.field,
            rest: (at + 2 * ROW) as u16,
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
        let takes = self.between_len == 0
            && self.bytes == What::Nothing
            && (1..=MOST_BETWEEN).contains(&text.len());
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
            && matches!(hole.what, What::Byte | What::Two | What::Four)
            && text == BYTES;
        if takes {
            self.bytes = hole.what;
        }
        takes
    }
}

/// Writes one, two or four bytes.
#[inline(always)]
fn raw(pen: &mut Pen<'_>, what: What, bytes: &[u8]) {
    match what {
        What::Byte => pen.hex_byte(bytes.first().copied().unwrap_or(0)),
        What::Two => pen.hex(bytes.first_chunk().map_or(0, |two| u16::from_be_bytes(*two)).into(), 4),
        _ => pen.hex(bytes.first_chunk().map_or(0, |four| u32::from_be_bytes(*four)).into(), 8),
    }
}

/// Writes by a call of its own what is rare or long, so that the loop around it keeps its numbers at hand.
#[inline(never)]
fn apart(room: &mut [u8; ROOM], at: usize, write: impl FnOnce(&mut Pen<'_>)) -> usize {
    let mut pen = Pen { room, at };
    write(&mut pen);
    pen.at
}

/// Writes a node's text if it is plain, for XML where places count, and tells where it ends.
#[inline(never)]
fn plain_text<const PLACES: bool>(
    room: &mut [u8; ROOM],
    at: usize,
    packet: &[u8],
    node: &Node,
) -> Option<usize> {
    let (skip, len) = if node.is(Node::PART) {
        ((node.value >> 32) as usize, node.value as u32 as usize)
    } else {
        (0, node.len as usize)
    };
    let is_inside = skip.saturating_add(len) <= node.len as usize;
    let own = packet.get(node.start as usize..).filter(|_| is_inside)?;
    let (text, mut pen) = (own.get(skip..)?, Pen { room, at });
    let is_plain = if PLACES { pen.plain(text, len, SPECIAL) } else { pen.plain(text, len, []) };
    is_plain.then_some(pen.at)
}
