//! A text with holes: what one stretch of nodes was written as, and how another of the same shape is written by it.

use super::Stretch;
use crate::capture::Time;
use crate::field::{Plan, Reads};
use crate::format::date::Second;
use crate::format::pdml::SPECIAL;
use crate::format::text::{SECONDS, short_value};
use crate::pen::{AGAIN, HEX_AT_ONCE, MOST_AT, Pen, ROOM};
use crate::proto::frame::PROTOCOLS;
use crate::tree::{Item, Node};
use crate::{Base, Field, Kind, Out};
use std::cell::Cell;
use std::ops::Range;

/// The most bytes of a node that belong to a shape.
const MOST_BYTES: usize = 8;
/// How much text is copied at once.
const ROW: usize = 64;
/// The longest of the pieces that are written by a pen.
pub(super) const MOST_PIECE: usize = 256;

/// A text with holes, and the shape it is for.
#[derive(Clone, Default)]
pub(super) struct Slot {
    pub(super) nodes: Vec<Key>,
    depth: usize,
    /// The index of the first node, and where it begins in the packet.
    at: usize,
    start: u32,
    /// How a stretch is written that begins at the same place, and one that begins elsewhere.
    steps: [Vec<Step>; 2],
    /// Which nodes have others under them behind the stretch.
    pub(super) open: Vec<u8>,
    sizes: Vec<Size>,
    same: Vec<Same>,
    /// The slots of stretches that came behind this one.
    pub(super) next: [u16; 2],
}

/// What belongs to the shape of a node: numbers, and which of their bits count.
#[derive(Clone, Copy)]
pub(super) struct Key {
    field: &'static Field,
    value: u64,
    value_counts: u64,
    /// End, source and marks.
    rest: u64,
    rest_counts: u64,
    /// Start and length.
    place: u64,
    place_counts: u64,
    /// Which bits of how far the stretch was moved count: none for what stands nowhere in the packet.
    moves: u64,
}

/// How many bytes a node takes, where that belongs to the shape: `len`, and as many or more where that is `most`.
#[derive(Clone, Copy)]
struct Size {
    node: u8,
    len: u32,
    most: u32,
}

/// Bytes that belong to the shape: those of a node.
#[derive(Clone, Copy)]
struct Same {
    node: u8,
    len: u8,
    bytes: [u8; MOST_BYTES],
}

/// A piece of the text that differs.
#[derive(Clone)]
pub(super) struct Hole {
    /// Where it stands in the text.
    pub(super) written: Range<usize>,
    /// The field as which its node is written: its own or a twin's.
    pub(super) field: &'static Field,
    /// Which node of the stretch it tells of.
    pub(super) node: u8,
    pub(super) what: What,
    /// See [`Step::by`].
    pub(super) by: u8,
}

/// Some text, and a piece behind it.
#[derive(Clone)]
struct Step {
    /// The text: as much as `len` says. The first row is copied in any case.
    rows: [[u8; ROW]; 2],
    field: &'static Field,
    /// Of a number in hexadecimal how many digits it has, of one in decimal what is taken from it, of a piece that was
    /// written before by which step.
    by: u16,
    /// Where the step began when it was taken last.
    at: Cell<u16>,
    len: u8,
    node: u8,
    what: What,
}

/// What a piece tells.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::format) enum What {
    /// The value as the line shows it.
    Value,
    /// The value as PDML's `show` has it.
    Show,
    /// The node's bytes.
    Raw,
    /// How many they are.
    Size,
    /// Where they begin.
    Place,
    /// Nothing: more text follows.
    Nothing,
    /// Nothing: the pen's room may be full.
    Full,
    /// What a step before wrote.
    Again,
    /// The value as the line shows it, if that is short in any case.
    Short,
    /// Text, as the line shows it and as PDML's `show` has it, if it is short and plain.
    TextValue,
    TextShow,
    /// The value in decimal.
    Dec,
    /// The value in decimal, less a number.
    Less,
    /// The value in hexadecimal, without `0x`.
    Hex,
    /// The same with two, four and eight digits.
    Hex2,
    Hex4,
    Hex8,
    /// The value as an IPv4 address.
    Ipv4,
    /// The bytes as a hardware address.
    Address,
    /// The value as seconds.
    Seconds,
    /// The value as a date.
    Moment,
    /// The node's bytes, which are one, two, four or a few.
    Byte,
    Two,
    Four,
    Few,
}

impl What {
    /// Whether it has up to [`AGAIN`] bytes, whatever the value is, and tells the same of each field.
    fn repeats(self) -> bool {
        !matches!(
            self,
            What::Value
                | What::Show
                | What::Raw
                | What::Nothing
                | What::Short
                | What::TextValue
                | What::TextShow
                | What::Few
        )
    }
}

impl Slot {
    /// Keeps the text of a stretch.
    pub(super) fn keep<const PLACES: bool>(&mut self, stretch: &Stretch<'_>, text: &[u8], holes: &[Hole]) {
        (self.depth, self.at, self.start) = (stretch.depth, stretch.at, stretch.start());
        let [same, moved] = &mut self.steps;
        let stays = |hole: &&Hole| hole.what != What::Place;
        take_steps(same, stretch.nodes, text, holes.iter().filter(stays));
        if PLACES {
            take_steps(moved, stretch.nodes, text, holes.iter());
        }
        self.learn_shape::<PLACES>(stretch);
    }
    fn learn_shape<const PLACES: bool>(&mut self, stretch: &Stretch<'_>) {
        self.nodes.clear();
        self.open.clear();
        self.sizes.clear();
        self.same.clear();
        let mut before = 0..0;
        for (index, node) in stretch.nodes.iter().enumerate() {
            let starts = &node.field.starts;
            let index = index as u8;
            let open = node.end as usize > stretch.end;
            let rest_counts = if open { !u64::from(u32::MAX) } else { u64::MAX };
            let place_counts = match (PLACES, starts.sized) {
                (false, _) => 0,
                (true, false) => u32::MAX.into(),
                (true, true) => u64::MAX,
            };
            self.nodes.push(Key {
                field: node.field,
                value: node.value & starts.counts,
                value_counts: starts.counts,
                rest: rest(node) & rest_counts,
                rest_counts,
                place: place(node) & place_counts,
                place_counts,
                moves: if node.start == 0 { 0 } else { u64::MAX },
            });
            if open {
                self.open.push(index);
            }
            // Of nodes that differ in size it counts whether there are bytes, and whether there are several; of others all,
            // where places do not count, as bits are pictured by it.
            let most = match PLACES {
                _ if !starts.sized && (PLACES || node.field.show.reads == Reads::Parts) => 2,
                false if node.field.show.mask != 0 || starts.plan == Plan::Ether => u32::MAX,
                _ => 0,
            };
            if most > 0 {
                self.sizes.push(Size { node: index, len: node.len.min(most), most });
            }
            // Flags have the same bytes as the flag before.
            if PLACES && has_same_bytes(node) && node.range() != before {
                let mut same = Same { node: index, len: node.len as u8, bytes: [0; MOST_BYTES] };
                for (to, from) in same.bytes.iter_mut().zip(stretch.of.raw(node)) {
                    *to = *from;
                }
                self.same.push(same);
                before = node.range();
            }
        }
    }
    /// Whether the stretch has this slot's shape, or begins with it.
    #[inline(always)]
    pub(super) fn has<const PLACES: bool>(&self, stretch: &Stretch<'_>) -> bool {
        let Some(nodes) = stretch.nodes.get(..self.nodes.len()).filter(|nodes| !nodes.is_empty()) else {
            return false;
        };
        let behind = (stretch.at as u64).wrapping_sub(self.at as u64);
        let beyond = u64::from(stretch.start()).wrapping_sub(self.start.into());
        for (key, node) in self.nodes.iter().zip(nodes) {
            // One branch for all of it.
            let mut differs = ((node.value & key.value_counts) ^ key.value)
                | ((rest(node).wrapping_sub(behind) ^ key.rest) & key.rest_counts);
            if PLACES {
                differs |= (place(node).wrapping_sub(beyond & key.moves) ^ key.place) & key.place_counts;
            }
            if differs != 0 || !std::ptr::eq(key.field, node.field) {
                return false;
            }
        }
        let end = stretch.at + nodes.len();
        self.depth == stretch.depth
            && self
                .open
                .iter()
                .all(|index| nodes.get(usize::from(*index)).is_some_and(|node| node.end as usize > end))
            && self.sizes.iter().all(|size| {
                nodes.get(usize::from(size.node)).is_some_and(|node| node.len.min(size.most) == size.len)
            })
            && self.same.iter().all(|same| {
                let node = nodes.get(usize::from(same.node));
                let bytes = node.and_then(|node| stretch.of.packet.bytes.get(node.start as usize..));
                match bytes {
                    Some([first, ..]) if same.len == 1 => *first == same.bytes[0],
                    Some(bytes) => same.bytes.get(..same.len.into()) == bytes.get(..same.len.into()),
                    None => false,
                }
            })
    }
    /// Writes the text with what the stretch has in the holes. `any` writes what is too long for a pen.
    #[inline(always)]
    pub(super) fn write<const PLACES: bool>(
        &self,
        stretch: &Stretch<'_>,
        out: &mut Out,
        second: &mut Second,
        mut any: impl FnMut(What, Item<'_>, &mut Out),
    ) {
        let [same, moved] = &self.steps;
        let steps = if PLACES && self.start != stretch.start() { moved } else { same };
        let (packet, Some(mut pen)) = (stretch.of.packet.bytes, out.pen()) else { return };
        for step in steps {
            let (at, len) = (pen.at, usize::from(step.len));
            step.at.set(at as u16);
            let [row, more] = &step.rows;
            pen.put(row, ROW);
            if len > ROW {
                pen.put(more, ROW);
            }
            pen.at = at + len;
            if step.what == What::Nothing {
                continue;
            }
            let Some(node) = stretch.nodes.get(usize::from(step.node)) else { continue };
            let bytes = || packet.get(node.start as usize..).unwrap_or(&[]);
            let mut any_as = None;
            match step.what {
                What::Again => {
                    if let Some([first, behind, ..]) = steps.get(usize::from(step.by)..) {
                        let at = usize::from(first.at.get()) + usize::from(first.len);
                        pen.again(at, usize::from(behind.at.get()).wrapping_sub(at));
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
                What::Moment => pen.moment(Time::from_nanoseconds_64(node.value as i64), second),
                What::Size => pen.dec(node.len.into()),
                What::Place => pen.dec(node.start.into()),
                What::Byte => pen.hex_byte(bytes().first().copied().unwrap_or(0)),
                What::Two => {
                    pen.hex(bytes().first_chunk().map_or(0, |two| u16::from_be_bytes(*two)).into(), 4);
                }
                What::Four => {
                    pen.hex(bytes().first_chunk().map_or(0, |four| u32::from_be_bytes(*four)).into(), 8);
                }
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
                What::TextValue | What::TextShow => match text::<PLACES>(pen.room, pen.at, packet, node) {
                    Some(at) => pen.at = at,
                    None if step.what == What::TextShow => any_as = Some(What::Show),
                    None => any_as = Some(What::Value),
                },
                What::Value | What::Show | What::Raw | What::Full | What::Nothing => any_as = Some(step.what),
            }
            if let Some(what) = any_as {
                let by = pen.at;
                out.moved(by);
                if !matches!(what, What::Full | What::Nothing) {
                    let node = Node { field: step.field, ..*node };
                    let index = stretch.at + usize::from(step.node);
                    any(what, Item { dissection: stretch.of, index, node: &node }, out);
                }
                match out.pen() {
                    Some(next) => pen = next,
                    None => return,
                }
            }
        }
        let by = pen.at;
        out.moved(by);
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
fn text<const PLACES: bool>(room: &mut [u8; ROOM], at: usize, packet: &[u8], node: &Node) -> Option<usize> {
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

/// Makes steps of a text with holes.
fn take_steps<'h>(steps: &mut Vec<Step>, nodes: &[Node], text: &[u8], holes: impl Iterator<Item = &'h Hole>) {
    steps.clear();
    // What was written before `first` is in another pen's room; `room` is what is taken of this one's.
    let (mut at, mut first, mut room) = (0, 0, 0);
    let start = |node: u8| nodes.get(usize::from(node)).map(|node| node.start);
    let end =
        Hole { written: text.len()..text.len(), field: &PROTOCOLS, node: 0, what: What::Nothing, by: 0 };
    for hole in holes.cloned().chain([end]) {
        let text = text.get(at..hole.written.start).unwrap_or(&[]);
        at = hole.written.end;
        let most = if hole.what.repeats() { AGAIN } else { MOST_PIECE };
        room += text.len() + most;
        if room > MOST_AT {
            take_step(steps, &[], What::Full, &hole, 0);
            (first, room) = (steps.len(), text.len() + most);
        }
        let is_again = |step: &Step| {
            let same = if step.what == What::Place {
                start(step.node) == start(hole.node)
            } else {
                step.node == hole.node && step.by == u16::from(hole.by)
            };
            same && step.what == hole.what && hole.what.repeats()
        };
        match steps.iter().skip(first).position(is_again) {
            Some(again) => take_step(steps, text, What::Again, &hole, (first + again) as u16),
            None => take_step(steps, text, hole.what, &hole, hole.by.into()),
        }
        match hole.what {
            What::Value | What::Show | What::Raw => (first, room) = (steps.len(), 0),
            What::TextValue | What::TextShow => first = steps.len(),
            _ => {}
        }
    }
}

/// Adds a text and a piece: a step for each two rows that the text needs.
fn take_step(steps: &mut Vec<Step>, text: &[u8], what: What, hole: &Hole, by: u16) {
    let mut rest = text;
    loop {
        let (own, behind) = rest.split_at(rest.len().min(2 * ROW));
        let mut rows = [[b' '; ROW]; 2];
        for (to, from) in rows.as_flattened_mut().iter_mut().zip(own) {
            *to = *from;
        }
        let (len, at) = (own.len() as u8, Cell::new(0));
        let what = if behind.is_empty() { what } else { What::Nothing };
        steps.push(Step { rows, field: hole.field, by, at, len, node: hole.node, what });
        rest = behind;
        if rest.is_empty() {
            return;
        }
    }
}

/// End, source and marks of a node in one number.
#[inline(always)]
fn rest(node: &Node) -> u64 {
    u64::from(node.marks) << 48 | u64::from(node.source) << 32 | u64::from(node.end)
}

/// Start and length of a node in one number.
#[inline(always)]
fn place(node: &Node) -> u64 {
    u64::from(node.len) << 32 | u64::from(node.start)
}

/// Whether the bytes of a node belong to its shape as its value does: those of names, flags and addresses.
#[inline(always)]
pub(in crate::format) fn has_same_bytes(node: &Node) -> bool {
    node.field.starts.counts > 0
        && node.field.starts.sized
        && node.len.wrapping_sub(1) < MOST_BYTES as u32
        && node.source == 0
        && !node.is(Node::GENERATED)
}

/// Narrows a piece to what differs in it, where the value is written in one of the usual ways, and gives what there is of
/// that to `add`.
pub(super) fn refine(
    what: What,
    item: Item<'_>,
    Range { start, end }: Range<usize>,
    mut add: impl FnMut(What, u8, Range<usize>),
) {
    let (node, field) = (item.node, item.node.field);
    let (plan, digits) = (field.starts.plan, field.starts.digits);
    let hex = match digits {
        2 => What::Hex2,
        4 => What::Hex4,
        8 => What::Hex8,
        _ => What::Hex,
    };
    let width = usize::from(digits);
    let is_packets = node.source == 0 && !node.is(Node::OWN_TEXT);
    let is_address = is_packets && node.len == 6 && !node.is(Node::PART);
    match what {
        What::Value => {
            let unit =
                if plan == Plan::Time && field.show.unit.is_empty() { SECONDS } else { field.show.unit };
            let end = end - unit.len();
            match plan {
                Plan::Dec => add(What::Dec, 0, start..end),
                Plan::Hex => add(hex, digits, start + 2..end),
                Plan::HexDec => {
                    add(hex, digits, start + 2..start + 2 + width);
                    add(What::Dec, 0, start + width + 4..end - 1);
                }
                Plan::DecHex => {
                    add(What::Dec, 0, start..end - width - 5);
                    add(hex, digits, end - 1 - width..end - 1);
                }
                Plan::Ipv4 => add(What::Ipv4, 0, start..end),
                Plan::Time => add(What::Seconds, 0, start..end),
                Plan::Moment => add(What::Moment, 0, start..end),
                Plan::Ether if is_address => add(What::Address, 0, start..end),
                Plan::Text if is_packets => add(What::TextValue, 0, start..end),
                Plan::Written | Plan::Text => add(what, 0, start..end + unit.len()),
                _ => add(What::Short, 0, start..end + unit.len()),
            }
        }
        What::Show => match (field.show.kind, field.show.base) {
            (Kind::None | Kind::Protocol, _) => {}
            (Kind::Packet, _) | (Kind::Unsigned(_), Base::Dec | Base::DecHex) => {
                add(What::Dec, 0, start..end);
            }
            (Kind::Unsigned(_), Base::Hex | Base::HexDec) => add(hex, digits, start + 2..end),
            (Kind::Ipv4, _) => add(What::Ipv4, 0, start..end),
            (Kind::Ether, _) if is_address => add(What::Address, 0, start..end),
            (Kind::Text, _) if is_packets && plan == Plan::Text => add(What::TextShow, 0, start..end),
            (Kind::Duration, _) => add(What::Seconds, 0, start..end),
            (Kind::Moment, _) => add(What::Moment, 0, start..end),
            _ => add(what, 0, start..end),
        },
        What::Raw if field.starts.sized && node.source == 0 => {
            let narrow = match node.len {
                1 => What::Byte,
                2 => What::Two,
                4 => What::Four,
                ..=FEW => What::Few,
                _ => what,
            };
            add(narrow, 0, start..end);
        }
        // What stands nowhere in the packet does not move with the stretch.
        What::Place if node.start == 0 => {}
        _ => add(what, 0, start..end),
    }
}

/// The most bytes that are a few.
const FEW: u32 = HEX_AT_ONCE as u32;
