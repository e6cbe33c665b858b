//! What the dissector knows from other packets: live state, records, and notes of each packet.
//!
//! [`Dissector::learn`](crate::Dissector::learn) appends, [`Dissector::dissect`](crate::Dissector::dissect) reads. A walk
//! calls [`Cx::remember`]: learning, its closure runs and its answer is noted; dissecting, the note is given back. So one
//! pass, two passes and threads agree.

use crate::{Cx, Ends};
use std::any::Any;
use std::collections::VecDeque;

/// What a protocol keeps between packets. `learn` reads and changes all of it; `dissect` reads only its records.
pub trait State: Any + Send + Sync + std::fmt::Debug {
    /// Drops the records of packets before this number: nobody will dissect them again.
    fn forget(&mut self, before: u64);
}

/// A note of a walk: where in the packet it was made, and the number that was answered.
#[derive(Clone, Copy, Debug)]
struct Note {
    at: u32,
    id: u32,
}

/// What was learnt, a state for each protocol and the notes of each packet.
#[derive(Debug, Default)]
pub struct Memory {
    states: Vec<Option<Box<dyn State>>>,
    /// For each packet learnt, where its notes begin, counted from the first note ever.
    starts: VecDeque<u64>,
    notes: VecDeque<Note>,
    first: u64,
    dropped: u64,
}

impl crate::Dissector {
    /// An empty memory for this dissector.
    pub fn memory(&self) -> Memory {
        let states = self.protocols.iter().map(|protocol| protocol.state.map(|new| new())).collect();
        Memory { states, ..Memory::default() }
    }
}

impl Memory {
    pub(crate) fn open(&mut self, number: u64) {
        if self.starts.is_empty() {
            self.first = number;
        }
        self.starts.push_back(self.dropped + self.notes.len() as u64);
    }
    /// The notes of a packet, as places in `notes`.
    fn of(&self, number: u64) -> (u32, u32) {
        let at = number.wrapping_sub(self.first) as usize;
        let Some(start) = self.starts.get(at) else { return (0, 0) };
        let end = self.starts.get(at + 1).copied().unwrap_or(self.dropped + self.notes.len() as u64);
        ((start - self.dropped) as u32, (end - self.dropped) as u32)
    }
    /// Drops what only packets before this number need. They can't be dissected with it any more.
    pub fn forget(&mut self, before: u64) {
        while self.first < before && self.starts.pop_front().is_some() {
            self.first += 1;
            let kept = self.starts.front().copied().unwrap_or(self.dropped + self.notes.len() as u64);
            self.notes.drain(..(kept - self.dropped) as usize);
            self.dropped = kept;
        }
        for state in self.states.iter_mut().flatten() {
            state.forget(before);
        }
    }
    fn state<T: State>(&self, index: u16) -> Option<&T> {
        let state: &dyn Any = self.states.get(usize::from(index))?.as_deref()?;
        state.downcast_ref()
    }
    fn state_mut<T: State>(&mut self, index: u16) -> Option<&mut T> {
        let state: &mut dyn Any = self.states.get_mut(usize::from(index))?.as_deref_mut()?;
        state.downcast_mut()
    }
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
    pub(crate) fn mode(&self, number: u64) -> Mode<'m> {
        match self.memory {
            None => Mode::Alone,
            Some(memory) => Mode::Recall { memory, notes: memory.of(number), upto: self.upto },
        }
    }
}

/// Under which call a walk runs.
#[derive(Debug)]
pub(crate) enum Mode<'e> {
    Alone,
    Learn(&'e mut Memory),
    Recall { memory: &'e Memory, notes: (u32, u32), upto: u64 },
}

/// What a learner is told besides its own arguments.
#[derive(Clone, Copy, Debug)]
pub struct Here {
    /// The number of the packet.
    pub packet: u64,
    /// Its time.
    pub time: Option<crate::capture::Time>,
    /// The ends of the layer being walked.
    pub ends: Ends,
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
        if self.quoted {
            return None;
        }
        let (at, me) = (self.tree.place(bytes), self.me);
        match &mut self.mode {
            Mode::Alone => None,
            Mode::Learn(memory) => {
                let here = Here { packet: self.packet.number, time: self.packet.time, ends: self.ends };
                let id = learn(memory.state_mut(me)?, here);
                memory.notes.push_back(Note { at, id });
                Some(id)
            }
            Mode::Recall { memory, notes: (start, end), .. } => {
                let rest = start.saturating_add(self.cursor)..*end;
                for index in rest {
                    let note = memory.notes.get(index as usize)?;
                    if note.at == at {
                        self.cursor = index - *start + 1;
                        return Some(note.id);
                    }
                }
                None
            }
        }
    }
    /// Reads a record of this protocol, with memory: when learning too, for what was just noted.
    pub fn record<T: State, R>(&self, read: impl FnOnce(&T) -> Option<R>) -> Option<R> {
        match &self.mode {
            Mode::Alone => None,
            Mode::Learn(memory) => read(memory.state(self.me)?),
            Mode::Recall { memory, .. } => read(memory.state(self.me)?),
        }
    }
    /// News that a packet of this number brought, if it may be told yet.
    pub fn news(&self, packet: u64) -> Option<u64> {
        match self.mode {
            Mode::Recall { upto, .. } if packet != 0 && packet <= upto => Some(packet),
            _ => None,
        }
    }
}
