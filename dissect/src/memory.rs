//! What the dissector knows from other packets: live state, records, and notes of each packet.
//!
//! [`Dissector::learn`](crate::Dissector::learn) appends, [`Dissector::dissect`](crate::Dissector::dissect) reads. A walk
//! calls [`Cx::remember`]: learning, its closure runs and its answer is noted; dissecting, the note is given back. So one
//! pass, two passes and threads agree.

use crate::capture::Time;
use crate::flow::expected::{Expectation, Expected};
use crate::only::{Keeps, Lean};
use crate::proto::ethernet::plain;
use crate::{Address, Cx, Ends, Only, Packet, Protocol, Table, Tree, report, table};
use std::any::Any;
use std::collections::VecDeque;
use std::sync::Arc;

/// What a protocol keeps between packets. `learn` reads and changes all of it; `dissect` reads only its records.
pub trait State: Any + Send + Sync {
    /// Drops the records of packets before this number: nobody will dissect them again.
    fn forget(&mut self, before: u64);
    /// Reports will follow: begins to keep what only they need, of the one of this number or of all.
    fn trace(&mut self, _one: Option<u32>) {}
    /// Only statistics will follow: leaves out what changes neither them nor what other protocols learn.
    fn count(&mut self) {}
    /// Of what is learnt summary lines will be read, and nothing else: leaves out what changes neither them nor what other
    /// protocols learn.
    fn serve_lines(&mut self) {}
    /// Says whether statistics count the packets that are learnt from now on.
    fn counted(&mut self, _counted: bool) {}
}

/// A state is as large as the capture: nobody prints it.
impl std::fmt::Debug for dyn State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("State")
    }
}

/// A note of a walk: who made it where in the packet, and the number that was answered.
#[derive(Clone, Copy, Debug)]
struct Note {
    key: u32,
    id: u32,
}

/// The key of a note: the place in its source, with the protocol above the bits that places of packets need.
const fn key(at: u32, protocol: u16) -> u32 {
    at ^ (protocol as u32) << 20
}

/// Who makes the notes of what was expected: no protocol has this index.
const EXPECTATIONS: u16 = 0xfff;

/// How many bits the index of a protocol has in such a note; above stands the number of the end.
const PROTOCOL_BITS: u32 = 12;

/// How many notes of skipped layers a look for what was expected passes over.
const MOST_SKIPPED: usize = 64;

/// What was learnt, a state for each protocol and the notes of each packet.
#[derive(Debug, Default)]
#[allow(clippy::struct_excessive_bools, reason = "each says something else")]
pub struct Memory {
    states: Vec<Option<Box<dyn State>>>,
    /// For each packet learnt, where its notes begin, counted from the first note ever: its lower bits.
    starts: VecDeque<u32>,
    notes: VecDeque<Note>,
    first: u64,
    /// How many notes were dropped: its lower bits.
    dropped: u32,
    pub(crate) expected: Expected,
    /// The time of the first packet that has one.
    began: Option<Time>,
    /// What is left out of learning, if anything is.
    lean: Option<Arc<[Lean]>>,
    /// Whether that is so, or states are left out.
    is_lean: bool,
    /// Whether a packet needed what is left out.
    lacks: bool,
    /// Whether the layers of a [plain frame](plain) are all learnt from.
    pub(crate) passes: bool,
    /// Whether only statistics follow: then nobody reads notes, and there are none.
    counts: bool,
    /// What walks that only learn have in place of a tree.
    pub(crate) bare: Option<Box<Tree>>,
}

impl crate::Dissector {
    /// An empty memory for this dissector.
    pub fn memory(&self) -> Memory {
        let states = self.protocols.iter().map(|protocol| protocol.state.map(|new| new())).collect();
        Memory { states, passes: true, ..Memory::default() }
    }
    /// An empty memory for who reads only a part of the packets' trees: what that does not depend on is not learnt. Where a
    /// packet turns out to need it, [`Memory::lacks`]: then begin anew with a [whole one](crate::Dissector::memory).
    pub fn memory_for(&self, only: &Only) -> Memory {
        let mut memory = self.memory();
        let mut is_lean = only.is_lean();
        for (index, kept) in memory.states.iter_mut().enumerate() {
            match (only.keeps(index), kept.as_mut()) {
                (Keeps::Lines, Some(state)) => state.serve_lines(),
                (Keeps::Nothing, _) => {
                    *kept = None;
                    is_lean = true;
                }
                _ => {}
            }
        }
        let (lean, passes) = (only.lean(), learns_plain(self.plain, only.lean().as_deref()));
        Memory { lean, is_lean, passes, ..memory }
    }
    /// An empty memory of which only these statistics will be written: no packet is looked at with it.
    pub fn memory_to_count(&self, statistics: &[&report::Statistic]) -> Memory {
        let asked = |one: &report::Statistic| statistics.iter().any(|asked| std::ptr::eq(*asked, one));
        let mut memory = Memory { counts: true, ..self.memory() };
        for (protocol, state) in self.protocols.iter().zip(&mut memory.states) {
            let is_private = protocol.audience.is_some_and(<[_]>::is_empty);
            if is_private && !protocol.statistics.iter().any(|one| asked(one)) {
                *state = None;
            } else if let Some(state) = state {
                state.count();
            }
        }
        let remembers = |index: usize| memory.states.get(index).is_some_and(Option::is_some);
        let learners = table::learners(&self.protocols, &self.chosen, remembers);
        let lean = learners.iter().map(|learns| if *learns { Lean::Learn } else { Lean::Skip });
        memory.lean = Some(lean.collect());
        memory.passes = learns_plain(self.plain, memory.lean.as_deref());
        memory
    }
}

/// Whether all of these layers are learnt from.
fn learns_plain(layers: Option<plain::Layers>, lean: Option<&[Lean]>) -> bool {
    let learns = |index: &u16| {
        lean.is_none_or(|lean| lean.get(usize::from(*index)).is_none_or(|lean| *lean == Lean::Learn))
    };
    layers.is_some_and(|layers| layers.iter().all(learns))
}

impl Memory {
    /// The time of the first packet learnt that has one: what reports count from.
    pub fn began(&self) -> Option<Time> {
        self.began
    }
    /// The nanoseconds from [the beginning](Memory::began) to a moment.
    pub fn since(&self, time: Time) -> Option<i64> {
        time.checked_since(self.began?)
    }
    /// Whether a packet needed what a memory [for a part](crate::Dissector::memory_for) left out.
    pub fn lacks(&self) -> bool {
        self.lacks
    }
    /// Whether protocols are left out of learning.
    pub(crate) fn leaves_out(&self) -> bool {
        self.lean.is_some()
    }
    /// Whether the protocol of this index is learnt from.
    #[inline]
    pub(crate) fn learns(&mut self, index: u16) -> bool {
        match self.lean.as_ref().and_then(|lean| lean.get(usize::from(index))) {
            None | Some(Lean::Learn) => true,
            Some(Lean::Skip) => false,
            Some(Lean::Unsure) => {
                self.lacks = true;
                false
            }
        }
    }
    /// Passes over a packet, in place of learning from it: it keeps its number, and nothing is known of it.
    pub fn skip(&mut self, number: u64) {
        self.open(number, None);
    }
    pub(crate) fn open(&mut self, number: u64, time: Option<Time>) {
        self.began = self.began.or(time);
        if self.starts.is_empty() {
            self.first = number;
        }
        if !self.counts {
            self.starts.push_back(self.next());
        }
    }
    #[inline]
    fn write(&mut self, note: Note) {
        if !self.counts {
            self.notes.push_back(note);
        }
    }
    /// The number of the next note.
    fn next(&self) -> u32 {
        self.dropped.wrapping_add(self.next_note())
    }
    /// The place in `notes` of the next one.
    pub(crate) fn next_note(&self) -> u32 {
        self.notes.len() as u32
    }
    /// The notes of a packet, as places in `notes`.
    fn of(&self, number: u64) -> (u32, u32) {
        let at = number.wrapping_sub(self.first) as usize;
        let Some(start) = self.starts.get(at) else { return (0, 0) };
        let end = self.starts.get(at + 1).copied().unwrap_or(self.next());
        (start.wrapping_sub(self.dropped), end.wrapping_sub(self.dropped))
    }
    /// Drops what only packets before this number need. They can't be dissected with it any more.
    pub fn forget(&mut self, before: u64) {
        while self.first < before && self.starts.pop_front().is_some() {
            self.first += 1;
            let kept = self.starts.front().copied().unwrap_or(self.next());
            self.notes.drain(..kept.wrapping_sub(self.dropped) as usize);
            self.dropped = kept;
        }
        for state in self.states.iter_mut().flatten() {
            state.forget(before);
        }
        self.expected.forget(before);
    }
    /// Says before the first packet that reports will follow, on the one of this number (association, call) or on all: what
    /// only they need is kept too, within limits.
    pub fn trace(&mut self, one: Option<u32>) {
        for state in self.states.iter_mut().flatten() {
            state.trace(one);
        }
    }
    /// Says whether [statistics](report::Statistic) count the packets that are learnt from now on, as they do at first.
    pub fn counted(&mut self, counted: bool) {
        for state in self.states.iter_mut().flatten() {
            state.counted(counted);
        }
    }
    /// What a protocol keeps, found by its type: how reports read it.
    ///
    /// ```
    /// use dissect::{Dissector, flow::fragments::Fragments};
    /// let memory = Dissector::default().memory();
    /// assert!(memory.of_type::<Fragments>().is_some());
    /// ```
    pub fn of_type<T: State>(&self) -> Option<&T> {
        self.states.iter().flatten().find_map(|state| {
            let state: &dyn Any = state.as_ref();
            state.downcast_ref()
        })
    }
    fn state<T: State>(&self, index: u16) -> Option<&T> {
        let state: &dyn Any = self.states.get(usize::from(index))?.as_deref()?;
        state.downcast_ref()
    }
}

fn state_mut<T: State>(states: &mut [Option<Box<dyn State>>], index: u16) -> Option<&mut T> {
    let state: &mut dyn Any = states.get_mut(usize::from(index))?.as_deref_mut()?;
    state.downcast_mut()
}

/// How to look at a packet: with which memory, and up to which packet's news.
#[derive(Clone, Copy, Debug)]
pub struct See<'m> {
    memory: Option<&'m Memory>,
    upto: u64,
}

impl<'m> See<'m> {
    /// What a packet says by itself.
    pub const fn alone() -> See<'static> {
        See { memory: None, upto: 0 }
    }
    /// With a memory, and with what packets up to this number brought: the packet's own number in one pass, `u64::MAX`
    /// in two.
    pub const fn with(memory: &'m Memory, upto: u64) -> See<'m> {
        See { memory: Some(memory), upto }
    }
    /// Whether what was learnt is [not enough](Memory::lacks).
    pub(crate) fn lacks(&self) -> bool {
        self.memory.is_some_and(Memory::lacks)
    }
}

/// How a packet is looked at: with what was [learnt before](See), or so that the first look learns.
///
/// ```
/// use dissect::{Dissector, Packet, Sight, Tree, capture::LinkType};
/// let (dissector, mut tree) = (Dissector::default(), Tree::new());
/// let mut memory = dissector.memory();
/// dissector.dissect(&mut memory, &Packet::new(LinkType::IPV4, &[0x45]), &mut tree);
/// ```
#[derive(Debug)]
pub enum Sight<'m> {
    /// With what was learnt.
    See(See<'m>),
    /// The same as [`Dissector::learn`](crate::Dissector::learn) and then looks up to the packet's own number, for less.
    Learn {
        /// What learns.
        memory: &'m mut Memory,
        /// Whether a look at the packet has learnt from it.
        done: bool,
    },
}

impl<'m> From<&See<'m>> for Sight<'m> {
    fn from(see: &See<'m>) -> Sight<'m> {
        Sight::See(*see)
    }
}

impl<'m> From<&'m mut Memory> for Sight<'m> {
    fn from(memory: &'m mut Memory) -> Sight<'m> {
        Sight::Learn { memory, done: false }
    }
}

/// For a look at a packet that may not be the last.
impl<'m> From<&'m mut Sight<'_>> for Sight<'m> {
    fn from(sight: &'m mut Sight<'_>) -> Sight<'m> {
        match sight {
            Sight::See(see) => Sight::See(*see),
            Sight::Learn { memory, done } => Sight::Learn { memory, done: std::mem::replace(done, true) },
        }
    }
}

impl<'m> Sight<'m> {
    pub(crate) fn mode(self, packet: &Packet<'_>) -> Mode<'m> {
        let see = match self {
            Sight::Learn { memory, done: false } => {
                memory.open(packet.number, packet.time);
                return Mode::Learn(memory);
            }
            Sight::Learn { memory, done: true } => See::with(memory, packet.number),
            Sight::See(see) => see,
        };
        match see.memory {
            None => Mode::Alone,
            Some(memory) => Mode::Recall { memory, notes: memory.of(packet.number), upto: see.upto },
        }
    }
    /// Whether what was learnt is [not enough](Memory::lacks).
    pub fn lacks(&self) -> bool {
        match self {
            Sight::See(see) => see.lacks(),
            Sight::Learn { memory, .. } => memory.lacks(),
        }
    }
    /// With what was learnt, from this packet too: learns if no look at it has yet.
    pub fn see(&mut self, dissector: &crate::Dissector, packet: &Packet<'_>) -> See<'_> {
        match self {
            Sight::See(see) => *see,
            Sight::Learn { memory, done } => {
                if !std::mem::replace(done, true) {
                    dissector.learn(memory, packet);
                }
                See::with(memory, packet.number)
            }
        }
    }
}

/// Under which call a walk runs.
#[derive(Debug)]
pub(crate) enum Mode<'e> {
    Alone,
    /// By itself, as learning leaves it out.
    LeftOut,
    Learn(&'e mut Memory),
    Recall {
        memory: &'e Memory,
        notes: (u32, u32),
        upto: u64,
    },
}

/// Who takes bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Taker {
    /// A protocol that cuts streams into messages, by its index.
    Framed(u16, crate::Framing),
    /// A protocol that takes each packet's bytes as they are.
    Other,
    /// None.
    Nobody,
}

/// What a learner is told besides its own arguments.
#[derive(Clone, Copy, Debug)]
pub struct Here {
    /// The number of the packet.
    pub packet: u64,
    /// Its time.
    pub time: Option<Time>,
    /// Its length on the wire.
    pub length: u32,
    /// The ends of the layer being walked.
    pub ends: Ends,
}

impl Here {
    /// Its time in nanoseconds since 1970; 0 without one.
    pub(crate) fn nanoseconds(&self) -> i64 {
        self.time.map_or(0, |time| i64::try_from(time.nanoseconds()).unwrap_or(0))
    }
}

impl Cx<'_> {
    /// Learning: runs `learn` on the protocol's own state and notes its answer. Dissecting: gives the note back. `None`
    /// without memory, and in what another packet quotes.
    #[inline]
    pub fn remember<T: State>(
        &mut self,
        bytes: &[u8],
        learn: impl FnOnce(&mut T, Here) -> u32,
    ) -> Option<u32> {
        if self.quoted { None } else { self.note(bytes, |state, here, _| learn(state, here)) }
    }
    /// The same, also for what another packet quotes, for a protocol that asks why it was called.
    #[inline]
    pub(crate) fn remember_expected<T: State>(
        &mut self,
        bytes: &[u8],
        learn: impl FnOnce(&mut T, Here, Option<&Expectation>) -> u32,
    ) -> Option<u32> {
        self.note(bytes, learn)
    }
    /// [`remember`](Cx::remember) for what another packet quotes, and only for that: a packet that did not arrive.
    pub fn remember_quoted<T: State>(
        &mut self,
        bytes: &[u8],
        learn: impl FnOnce(&mut T, Here) -> u32,
    ) -> Option<u32> {
        if self.quoted { self.note(bytes, |state, here, _| learn(state, here)) } else { None }
    }
    #[inline]
    fn note<T: State>(
        &mut self,
        bytes: &[u8],
        learn: impl FnOnce(&mut T, Here, Option<&Expectation>) -> u32,
    ) -> Option<u32> {
        let (me, here, expectation) = (self.me, self.here(), self.expectation);
        let key = key(self.tree.place(bytes), me);
        match &mut self.mode {
            Mode::Alone => None,
            Mode::LeftOut => {
                self.lacks = true;
                None
            }
            Mode::Learn(memory) => {
                let Memory { states, expected, .. } = &mut **memory;
                let said = expectation.and_then(|number| expected.said(number));
                let id = learn(state_mut(states, me)?, here, said);
                memory.write(Note { key, id });
                Some(id)
            }
            Mode::Recall { memory, .. } => {
                let is_lean = memory.is_lean;
                self.recall(key, usize::MAX).or_else(|| {
                    self.lacks |= is_lean;
                    None
                })
            }
        }
    }
    /// Learning: changes the protocol's own state further, after what it remembered.
    pub fn amend<T: State>(&mut self, change: impl FnOnce(&mut T, Here)) {
        let (me, here, quoted) = (self.me, self.here(), self.quoted);
        if let (Mode::Learn(memory), false) = (&mut self.mode, quoted)
            && let Some(state) = state_mut(&mut memory.states, me)
        {
            change(state, here);
        }
    }
    /// While learning: who takes bytes between these ends, in the order of [`Cx::carry_ports`]: who was chosen, who is
    /// expected, who claims a port, who knows the content.
    pub(crate) fn taker(&self, table: &'static Table, bytes: &[u8]) -> Taker {
        let Mode::Learn(memory) = &self.mode else { return Taker::Other };
        let of = |index: u16| match self.framing(index) {
            Some(framing) => Taker::Framed(index, framing),
            None => Taker::Other,
        };
        let (a, b) = (self.ends.source_port.into(), self.ends.destination_port.into());
        let expected = || {
            let number = memory.expected.find(table, &self.ends)?;
            memory.expected.said(number).map(|one| one.protocol)
        };
        if let Some(index) = self.dissector.chosen(table, &[a, b]).or_else(expected) {
            return of(index);
        }
        let [low, high] =
            [std::cmp::min(a, b), std::cmp::max(a, b)].map(|port| self.dissector.claimed(table, port));
        let known = low.or(high).or_else(|| {
            let mut contents = self.dissector.contents(table);
            contents.find(|(_, look)| look(self, bytes)).map(|(index, _)| index)
        });
        known.map_or(Taker::Nobody, of)
    }
    fn here(&self) -> Here {
        let Packet { number, time, original, .. } = *self.packet;
        Here { packet: number, time, length: original, ends: self.ends }
    }
    /// The note of this key, within so many of the next ones.
    fn recall(&mut self, key: u32, most: usize) -> Option<u32> {
        let Mode::Recall { memory, notes: (start, end), .. } = &self.mode else { return None };
        for index in (start.saturating_add(self.cursor)..*end).take(most) {
            let note = memory.notes.get(index as usize)?;
            if note.key == key {
                self.cursor = index - *start + 1;
                return Some(note.id);
            }
        }
        None
    }
    /// The time of the capture's first packet that has one, with memory.
    pub fn began(&self) -> Option<Time> {
        match &self.mode {
            Mode::Alone | Mode::LeftOut => None,
            Mode::Learn(memory) => memory.began,
            Mode::Recall { memory, .. } => memory.began,
        }
    }
    /// Whether this walk only learns: then nobody looks at a tree or a line.
    #[inline]
    pub fn learning(&self) -> bool {
        self.only_learns
    }
    /// Whether this walk learns, be it that it shows too.
    #[inline]
    pub fn learns(&self) -> bool {
        matches!(self.mode, Mode::Learn(_))
    }
    /// Says what will come to or from an address and port that look in `table`: what SDP negotiates. It holds for later
    /// packets, until something else is said. `said` tells that protocol about it: it reads that by
    /// [`Cx::expectation`] when it learns. Answers the number of the end for [`Cx::session_at`]; 0 if none are noted of it.
    pub fn expect(
        &mut self,
        table: &'static Table,
        end: (Address, u16),
        protocol: &'static Protocol,
        said: Arc<dyn Any + Send + Sync>,
    ) -> u32 {
        let index = self.dissector.protocols.iter().position(|one| std::ptr::eq(*one, protocol));
        if let (false, Mode::Learn(memory), Some(index)) = (self.quoted, &mut self.mode, index) {
            let packet = self.packet.number;
            let since = if self.asked == 0 { packet } else { self.asked };
            let expectation = Expectation { protocol: index as u16, packet, since, said, end: 0 };
            return memory.expected.add(table, end, expectation, self.session.as_ref());
        }
        0
    }
    /// The name of a [session](Cx::session) that was said to use an end, the first one at 0, as far as they may be told: by
    /// the number that [`Cx::expect`] gave, or by [`Cx::expected_end`].
    pub fn session_at(&self, end: u32, at: usize) -> Option<Arc<[u8]>> {
        let (memory, upto) = match &self.mode {
            Mode::Alone | Mode::LeftOut => return None,
            Mode::Learn(memory) => (&**memory, 0),
            Mode::Recall { memory, upto, .. } => (*memory, *upto),
        };
        let (packet, name) = memory.expected.session(end, at)?;
        (packet <= self.packet.number.max(upto)).then(|| Arc::clone(name))
    }
    /// The number of the end at which the bytes being walked were expected; 0 where they were not.
    pub fn expected_end(&self) -> u32 {
        self.expected_end
    }
    /// What was said of the bytes being walked, if they are here because somebody expected them, and while learning.
    pub fn expectation(&self) -> Option<&Expectation> {
        match &self.mode {
            Mode::Learn(memory) => memory.expected.said(self.expectation?),
            _ => None,
        }
    }
    /// Who was said to come at these ends, by whom and where, also in what another packet quotes. That a packet was expected
    /// is a decision: it is noted, so that dissecting needs nothing but the note.
    pub(crate) fn expected(&mut self, table: &'static Table, bytes: &[u8]) -> Option<u16> {
        let ends = self.ends;
        let key = key(self.tree.place(bytes), EXPECTATIONS);
        let id = match &mut self.mode {
            Mode::Learn(memory) => {
                let number = memory.expected.find(table, &ends)?;
                let found = memory.expected.said(number)?;
                let (protocol, end) = (found.protocol, found.end);
                let id = u32::from(protocol) | end << PROTOCOL_BITS;
                memory.write(Note { key, id });
                memory.expected.reads(end, self.packet.number);
                self.expectation = Some(number);
                id
            }
            Mode::LeftOut => {
                self.lacks = true;
                return None;
            }
            Mode::Recall { memory, .. } => {
                self.lacks |= memory.leaves_out();
                let used = memory.expected.used();
                used.then(|| self.recall(key, MOST_SKIPPED))??
            }
            Mode::Alone => return None,
        };
        self.expected_end = id >> PROTOCOL_BITS;
        Some(id as u16 & EXPECTATIONS)
    }
    /// Reads a record of this protocol, with memory: when learning too, for what was just noted.
    pub fn record<T: State, R>(&self, read: impl FnOnce(&T) -> Option<R>) -> Option<R> {
        match &self.mode {
            Mode::Alone | Mode::LeftOut => None,
            Mode::Learn(memory) => read(memory.state(self.me)?),
            Mode::Recall { memory, .. } => read(memory.state(self.me)?),
        }
    }
    /// News that a packet of this number brought, if it may be told yet. What the walked packet itself brings is told by
    /// protocols that [learn first](Protocol::learns_first); of others a later layer of it may not be learnt yet.
    pub fn news(&self, packet: u64) -> Option<u64> {
        let own = self.packet.number;
        let upto = match self.mode {
            Mode::Alone | Mode::LeftOut => return None,
            Mode::Recall { upto, .. } if upto != own => upto,
            _ if self.dissector.learns_first(self.me) => own,
            _ => own.saturating_sub(1),
        };
        (packet != 0 && packet <= upto).then_some(packet)
    }
}
