//! What packets repeat: stretches of nodes that were written before are copied, and only what differs is written again.
//!
//! Packets of a capture have few shapes; most of their lines differ from those of a packet before in a few numbers. A
//! stretch is a series of whole subtrees. While its lines are written for the first time, the writer notes each piece that
//! follows from more than the stretch's shape: a hole. Later stretches of the same shape are the same text with other
//! pieces in the holes. [`Sort`](crate::field::Sort) says which fields' values belong to the shape.
//!
//! The memory is a table with four places for each shape: a new stretch replaces one that stood there.

mod hole;
mod recent;
mod slot;
mod steps;

pub(super) use hole::What;
pub(super) use slot::has_same_bytes;

use super::date::Second;
use crate::field::Reads;
use crate::out::{Form, Part, Told};
use crate::pen::{MOST_AT, Pen};
use crate::tree::{Dissection, Item, Node};
use crate::{Kind, Out};
use hole::Hole;
use recent::Recent;
use slot::Slot;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Range;

/// How many guesses are remembered.
const GUESSES: usize = 1024;
/// How many stretches are remembered.
const STRETCHES: usize = 1024;
/// How many places a shape may have: with two, three shapes that come all the time could drive each other out.
const WAYS: usize = 4;
/// An odd number that spreads what is multiplied with it over all bits.
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;
/// The most nodes of a stretch.
const MOST_NODES: usize = 64;
/// The longest of the pieces that are written by a pen.
const MOST_PIECE: usize = 256;
/// The longest text of a stretch, in bytes.
const MOST_TEXT: usize = 16 << 10;
/// The longest text between two pieces: a pen takes it at once.
const MOST_RUN: usize = MOST_AT - MOST_PIECE;
/// The most holes of a stretch.
const MOST_HOLES: usize = 255;
/// A group with more nodes is large.
const LARGE: usize = 16;
/// The deepest node that begins a stretch.
const MOST_DEPTH: usize = 64;

/// What an output writes, and so what its memory must tell apart.
pub(super) trait Shape {
    /// Whether it tells places in the packet, as PDML does. There protocols inside others stand at the begin of a stretch only.
    const PLACES: bool = false;
    /// Whether a stretch is all that is asked for or nothing, as in JSON, which gathers what repeats: half a group has no text.
    const WHOLE: bool = false;
    /// Writes text of so many bytes, if the output shows it as it is. Else it writes nothing and answers `false`.
    fn plain(pen: &mut Pen<'_>, text: &[u8], len: usize) -> bool;
}

/// Stretches that an output has written, and their text.
#[derive(Clone)]
pub(super) struct Memo<S> {
    /// None until the first stretch is kept.
    slots: Vec<Option<Box<Slot>>>,
    /// Which slots a stretch may have.
    guesses: Vec<[u16; 2]>,
    on: bool,
    /// Which of its places the next stretch takes where all are taken.
    turn: usize,
    /// The slot of the stretch before.
    last: usize,
    recent: Recent,
    notes: Notes,
    of: PhantomData<S>,
}

/// The holes of the stretch that is being written.
#[derive(Clone, Default)]
struct Notes {
    on: bool,
    /// Whether a piece is of a node that is not in the stretch.
    spoiled: bool,
    /// Where the text begins.
    start: usize,
    /// The index of the first node, and that behind the last.
    at: usize,
    end: usize,
    holes: Vec<Hole>,
    /// What the output notes meanwhile.
    told: Option<Box<Told>>,
}

/// A stretch in the tree.
#[derive(Clone, Copy)]
pub(super) struct Stretch<'a> {
    of: Dissection<'a>,
    /// The index of its first node, and that behind its last.
    at: usize,
    pub(super) end: usize,
    pub(super) depth: usize,
    nodes: &'a [Node],
    slot: usize,
    guess: usize,
}

/// What became of a stretch.
pub(super) enum Found<'m, 'a> {
    /// It was written: the index behind it, and which of its nodes are still open, counted from its first.
    Written(usize, &'m [u8]),
    /// Its shape is new: [`Memo::begin`], and [`Memo::keep`] when it is written.
    New(Stretch<'a>),
    /// Nothing is known of the node.
    Nothing,
}

/// The viewer writes one packet's text at a time: there remembering would only make it larger.
const REMEMBERS: bool = !cfg!(target_family = "wasm");

impl<S: Shape> Memo<S> {
    /// An empty memory.
    pub(super) fn new() -> Self {
        Memo { on: true, ..Memo::off() }
    }
    /// A memory that keeps nothing.
    pub(super) fn off() -> Self {
        Memo {
            slots: Vec::new(),
            guesses: Vec::new(),
            on: false,
            turn: 0,
            last: 0,
            recent: Recent::default(),
            notes: Notes::default(),
            of: PhantomData,
        }
    }
    /// The second whose date was written last.
    pub(super) fn second(&mut self) -> &mut Second {
        &mut self.recent.second
    }
    /// Writes the stretch of nodes that begins at `at`, ends at `until` at the latest and stands at a depth, if its shape is
    /// remembered. `any` writes the pieces that may be long.
    #[inline(always)]
    pub(super) fn write<'a>(
        &mut self,
        of: Dissection<'a>,
        at: usize,
        until: usize,
        depth: usize,
        out: &mut Out,
        any: impl FnMut(What, Item<'_>, &mut Out),
    ) -> Found<'_, 'a> {
        let on = REMEMBERS && self.on && !self.notes.on && of.tree.is_usual();
        let Some(nodes) = of.tree.nodes().get(at..until).filter(|_| on) else { return Found::Nothing };
        let stretch = Stretch { of, at, end: at, depth, nodes, slot: 0, guess: 0 };
        // What came behind the last one, with as many nodes to come, comes mostly again.
        let guess = (self.last * 61 + until - at) % GUESSES;
        let guesses = self.guesses.get(guess).copied().unwrap_or_default();
        let known =
            guesses.into_iter().find_map(|slot| Some((slot.into(), self.has(slot.into(), &stretch)?)));
        let moved = match known {
            Some((found, moved)) => {
                self.last = found;
                moved
            }
            None => match self.look(stretch, guess) {
                Ok((found, moved)) => {
                    self.last = found;
                    moved
                }
                Err(new) => return new.map_or(Found::Nothing, Found::New),
            },
        };
        let Some(Some(slot)) = self.slots.get(self.last) else { return Found::Nothing };
        slot.write::<S>(&stretch, moved, out, &mut self.recent, any);
        Found::Written(at + slot.nodes.len(), &slot.open)
    }
    /// Looks for the shape of a stretch; if it is new, gives the stretch back with its end.
    #[inline(never)]
    fn look<'a>(&mut self, stretch: Stretch<'a>, guess: usize) -> Result<(usize, bool), Option<Stretch<'a>>> {
        let stretch = Stretch { guess, ..Self::shape(stretch).ok_or(None)? };
        let found = (stretch.slot..stretch.slot + WAYS)
            .find_map(|slot| Some((slot, self.has(slot, &stretch)?)))
            .ok_or(Some(stretch))?;
        self.guess(guess, found.0);
        Ok(found)
    }
    /// The nodes that one text can be for, and where it is kept.
    fn shape(stretch: Stretch<'_>) -> Option<Stretch<'_>> {
        if stretch.depth > MOST_DEPTH || S::WHOLE && stretch.nodes.len() > MOST_NODES {
            return None;
        }
        let (mut hash, mut count, mut whole) = (stretch.depth as u64, 0, 0);
        // Where the topmost group ends: what stands behind it is as much on top.
        let mut top = stretch.nodes.first().map_or(0, |node| node.end as usize);
        for node in stretch.nodes.iter().take(MOST_NODES) {
            let starts = &node.field.starts;
            let end = node.end as usize;
            let is_protocol = node.field.show.kind == Kind::Protocol;
            let is_top = stretch.depth == 0 && stretch.at + count == top;
            let ends = if S::PLACES {
                // A protocol inside another is written behind it.
                count > 0 && is_protocol && !is_top
            } else {
                node.is(Node::HIDDEN)
            };
            // A large group begins a stretch of its own, so that few shapes make up many packets. Headers of packets are
            // alike: those that fit make one stretch. And a line that tells of nodes needs them all.
            let tells = node.field.show.reads == Reads::Parts;
            if is_top {
                top = end;
            }
            if (tells || is_top) && end <= stretch.at + MOST_NODES {
                whole = end.max(whole);
            }
            let large = count > 0 && end > whole && end > stretch.at + count + LARGE;
            if !S::WHOLE && (ends || large) {
                break;
            }
            hash =
                (hash ^ (node.value & starts.counts) ^ node.field.key()).wrapping_mul(SPREAD).rotate_left(29);
            count += 1;
        }
        if count == 0 || S::WHOLE && count < stretch.nodes.len() {
            return None;
        }
        let slot = (hash.wrapping_mul(SPREAD) >> 40) as usize % (STRETCHES / WAYS) * WAYS;
        Some(Stretch { end: stretch.at + count, nodes: stretch.nodes.get(..count)?, slot, ..stretch })
    }
    #[inline(always)]
    fn has(&self, slot: usize, stretch: &Stretch<'_>) -> Option<bool> {
        self.slots.get(slot)?.as_ref()?.has::<S>(stretch)
    }
    /// Remembers what a guess would have been right with.
    fn guess(&mut self, guess: usize, found: usize) {
        if let Some(guesses) = self.guesses.get_mut(guess) {
            *guesses = [found as u16, guesses[0]];
        }
    }
    /// Begins to note the holes of a stretch, whose text begins where `out` ends.
    pub(super) fn begin(&mut self, stretch: &Stretch<'_>, out: &mut Out) {
        self.notes.holes.clear();
        (self.notes.on, self.notes.spoiled) = (true, false);
        (self.notes.start, self.notes.at, self.notes.end) = (out.len(), stretch.at, stretch.end);
        out.told = Some(self.notes.told.take().unwrap_or_default());
    }
    /// Notes a piece that was written from a place of the output on, if a stretch is being written.
    #[inline(always)]
    pub(super) fn note(&mut self, what: What, item: Item<'_>, start: usize, out: &mut Out) {
        if REMEMBERS && self.notes.on {
            self.notes.add(what, item, start, out);
        }
    }
    /// Remembers the text of a stretch since [`begin`](Memo::begin).
    #[inline(never)]
    pub(super) fn keep(&mut self, stretch: &Stretch<'_>, out: &mut Out) {
        self.notes.on = false;
        self.notes.told = out.told.take();
        let text = out.as_bytes().get(self.notes.start..).unwrap_or(&[]);
        if self.notes.spoiled || text.len() > MOST_TEXT || self.notes.holes.len() > MOST_HOLES {
            return;
        }
        if self.slots.is_empty() {
            self.slots = vec![None; STRETCHES];
            self.guesses = vec![[0; 2]; GUESSES];
        }
        let mut places = stretch.slot..stretch.slot + WAYS;
        self.last =
            places.find(|place| self.slots.get(*place).is_some_and(Option::is_none)).unwrap_or_else(|| {
                self.turn = (self.turn + 1) % WAYS;
                stretch.slot + self.turn
            });
        self.guess(stretch.guess, self.last);
        if let Some(slot) = self.slots.get_mut(self.last) {
            slot.get_or_insert_default().keep::<S>(stretch, text, &self.notes.holes);
        }
    }
}

/// Notes the groups that a stretch left open: where they end, and how much deeper what follows stands.
#[inline(always)]
pub(super) fn reopen(nodes: &[Node], at: usize, open: &[u8], ends: &mut [u32], depth: &mut usize) {
    for index in open {
        if let (Some(node), Some(end)) = (nodes.get(at + usize::from(*index)), ends.get_mut(*depth)) {
            *end = node.end;
            *depth += 1;
        }
    }
}

impl Notes {
    #[inline(never)]
    fn add(&mut self, what: What, item: Item<'_>, start: usize, out: &mut Out) {
        let written = start..out.len();
        let Some(told) = &mut out.told else { return };
        let seen = std::mem::take(&mut told.seen);
        if what == What::Value && item.node.field.show.reads == Reads::Parts && seen <= self.end {
            for Part { index, form, written } in told.parts.drain(..) {
                match item.dissection.item(index) {
                    Some(item) if written.start >= start => match form {
                        Form::Plain => self.holes_of(What::Show, item, written),
                        Form::Number(0) => self.hole(What::Dec, item, written, 0),
                        Form::Number(less) => self.hole(What::Less, item, written, less),
                        Form::Size => self.hole(What::Size, item, written, 0),
                    },
                    _ => {}
                }
            }
        } else {
            told.parts.clear();
            self.holes_of(what, item, written);
        }
    }
    /// Notes what differs in a piece.
    fn holes_of(&mut self, what: What, item: Item<'_>, written: Range<usize>) {
        hole::refine(what, item, written, |what, by, written| self.hole(what, item, written, by));
    }
    fn hole(&mut self, what: What, item: Item<'_>, written: Range<usize>, by: u8) {
        if let Ok(node) = u8::try_from(item.index.wrapping_sub(self.at)) {
            let written = written.start - self.start..written.end - self.start;
            self.holes.push(Hole { written, field: item.node.field, node, what, by });
        } else {
            self.spoiled = true;
        }
    }
}

impl<S> fmt::Debug for Memo<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memo").field("on", &self.on).finish_non_exhaustive()
    }
}
