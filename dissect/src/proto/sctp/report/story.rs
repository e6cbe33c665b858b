//! What the receivers made of what was sent: messages put together, and delivered in the order of their streams.

use super::super::association::trace::{Said, Step};
use super::super::association::{Association, Associations};
use super::super::chunk::data::Flags;
use super::super::chunk::re_config;
use std::collections::{BTreeMap, BTreeSet};

/// How many payload protocol identifiers of a stream are told apart.
const MOST_PPIDS: usize = 8;

/// A message as its receiver's application saw it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Message {
    /// The side that sent it.
    pub(super) side: u8,
    pub(super) stream: u16,
    /// The stream sequence number or the message identifier.
    pub(super) number: u32,
    pub(super) unordered: bool,
    pub(super) ppid: u32,
    pub(super) bytes: u64,
    pub(super) pieces: u32,
    /// The TSN of its first piece.
    pub(super) tsn: u32,
    /// Up to which TSN the receiver had all, when it was delivered.
    pub(super) upto: u32,
    /// The packet that completed it, and its time.
    pub(super) whole: (u64, i64),
    /// The packet that let it be delivered, and its time.
    pub(super) delivered: (u64, i64),
}

/// What went over a stream.
#[derive(Clone, Debug, Default)]
pub(super) struct Stream {
    pub(super) messages: u64,
    pub(super) bytes: u64,
    pub(super) pieces: u64,
    pub(super) ordered: u64,
    pub(super) unordered: u64,
    pub(super) ppids: Vec<u32>,
    /// How many messages waited, whole, for others before them.
    pub(super) blocked: u64,
    pub(super) blocked_time: i64,
    pub(super) longest: (i64, u64),
}

/// What the trace tells of an association.
#[derive(Debug, Default)]
pub(super) struct Story {
    /// In the order in which they were delivered.
    pub(super) messages: Vec<Message>,
    /// By the side that sends and by stream.
    pub(super) streams: BTreeMap<(u8, u16), Stream>,
    /// Packets that are not in the trace.
    pub(super) missed: u64,
}

/// Pieces of one message with consecutive places.
#[derive(Clone, Copy, Debug)]
struct Run {
    last: i64,
    begins: bool,
    ends: bool,
    message: Message,
}

/// What a receiver has of one side.
#[derive(Debug, Default)]
struct Receiver {
    begun: bool,
    /// The TSN from which places are counted.
    base: Option<u32>,
    /// Up to which place all came.
    upto: i64,
    above: BTreeSet<i64>,
    /// By message and first place.
    runs: BTreeMap<(u64, i64), Run>,
    next: BTreeMap<u16, u32>,
    waiting: BTreeMap<(u16, u32), Message>,
    coming: BTreeSet<(u16, u32)>,
    mask: u32,
    reset: bool,
}

impl Story {
    /// Tells it; `None` without a trace.
    pub(super) fn of(all: &Associations, association: &Association) -> Option<Story> {
        let trace = all.trace()?;
        let arrivals = arrivals(all, association.index);
        let mut receivers = [Receiver::default(), Receiver::default()];
        for (receiver, side) in receivers.iter_mut().zip(&association.sides) {
            receiver.mask = u32::MAX;
            if side.init != 0 {
                (receiver.begun, receiver.base) = (true, Some(side.initial_tsn));
            }
        }
        for (step, said) in trace.steps(association.index) {
            let Some(receiver) = receivers.get_mut(usize::from(step.side & 1)) else { continue };
            for one in said {
                if let Said::Data { stream, message, flags, interleaved, .. } = one {
                    receiver.mask = if *interleaved { u32::MAX } else { 0xffff };
                    if !flags.unordered() {
                        receiver.coming.insert((*stream, *message));
                    }
                }
            }
        }
        let mut story = Story { missed: trace.missed(), ..Story::default() };
        for (step, said) in trace.steps(association.index) {
            for one in said {
                let here = usize::from(step.side & 1);
                match one {
                    Said::Other(number, _) if *number == re_config::TYPE.number => {
                        for receiver in &mut receivers {
                            receiver.reset = true;
                        }
                    }
                    Said::Data { tsn, .. } => {
                        let arrival = arrivals.get(&(step.side, *tsn)).copied();
                        if let Some(receiver) = receivers.get_mut(here)
                            && arrival.is_none_or(|packet| packet == step.packet)
                        {
                            receiver.take(step, one, &mut story);
                        }
                    }
                    Said::ForwardTsn(tsn) => {
                        if let Some(receiver) = receivers.get_mut(here) {
                            receiver.forward(*tsn);
                        }
                    }
                    Said::Skipped(stream, number, false) => {
                        if let Some(receiver) = receivers.get_mut(here) {
                            receiver.next.insert(*stream, number.wrapping_add(1) & receiver.mask);
                            receiver.deliver(*stream, step, &mut story);
                        }
                    }
                    _ => {}
                }
            }
        }
        Some(story)
    }
}

/// The packet in which each TSN arrived: the last copy that was needed and was sent before the TSN was acknowledged.
fn arrivals(all: &Associations, index: u32) -> BTreeMap<(u8, u32), u64> {
    let mut found: BTreeMap<(u8, u32), (u64, u64)> = BTreeMap::new();
    for chunk in all.chunks(index) {
        let one = found.entry((chunk.side, chunk.tsn)).or_insert((chunk.packet, chunk.acked_in));
        if !chunk.spurious && (one.1 == 0 || chunk.packet < one.1) {
            one.0 = chunk.packet;
        }
    }
    found.into_iter().map(|(key, one)| (key, one.0)).collect()
}

impl Receiver {
    fn place(&mut self, tsn: u32) -> i64 {
        if self.base.is_none() {
            self.base = Some(tsn);
        }
        // TSNs near each other: what wraps is far ahead or far behind.
        let near = self.base.unwrap_or(tsn).wrapping_add(self.upto as u32);
        self.upto + i64::from(tsn.wrapping_sub(near) as i32)
    }
    fn take(&mut self, step: &Step, said: &Said, story: &mut Story) {
        let Said::Data { tsn, stream, message, ppid, len, flags, interleaved } = *said else { return };
        let place = self.place(tsn);
        if place < self.upto || !self.above.insert(place) {
            return;
        }
        self.advance();
        let key = if interleaved {
            1 << 63 | u64::from(stream) << 32 | u64::from(message)
        } else {
            u64::from(stream) << 32 | u64::from(message)
        };
        let key = key | u64::from(flags.unordered()) << 62;
        let at = if !interleaved {
            place
        } else if flags.beginning() {
            0
        } else {
            i64::from(ppid)
        };
        let one = Message {
            side: step.side,
            stream,
            number: message,
            unordered: flags.unordered(),
            ppid,
            bytes: len.into(),
            pieces: 1,
            tsn,
            whole: (step.packet, step.time),
            ..Message::default()
        };
        if let Some(whole) = self.join(key, at, flags, one) {
            self.whole(whole, step, story);
        }
    }
    fn advance(&mut self) {
        while self.above.first() == Some(&self.upto) {
            self.above.pop_first();
            self.upto += 1;
        }
    }
    /// Puts a piece to those beside it. Answers the message if that makes it whole.
    fn join(&mut self, key: u64, at: i64, flags: Flags, message: Message) -> Option<Message> {
        let mut run = Run { last: at, begins: flags.beginning(), ends: flags.ending(), message };
        let mut first = at;
        if !run.begins {
            let before = self.runs.range((key, i64::MIN)..(key, at)).next_back().map(|(at, run)| (*at, *run));
            if let Some((start, before)) = before.filter(|(_, one)| one.last == at - 1 && !one.ends) {
                self.runs.remove(&start);
                first = start.1;
                run = before.and(&run);
            }
        }
        if !run.ends
            && let Some(after) = self.runs.get(&(key, at + 1)).copied().filter(|one| !one.begins)
        {
            self.runs.remove(&(key, at + 1));
            run = run.and(&after);
            run.message.whole = message.whole;
        }
        if run.begins && run.ends {
            return Some(run.message);
        }
        self.runs.insert((key, first), run);
        None
    }
    fn whole(&mut self, message: Message, step: &Step, story: &mut Story) {
        if message.unordered {
            self.hand_over(message, step, story);
            return;
        }
        let (stream, number) = (message.stream, message.number);
        let first = if self.begun { 0 } else { number };
        let next = self.next.entry(stream).or_insert(first);
        if number == 0 && self.reset {
            *next = 0;
        }
        self.waiting.insert((stream, number), message);
        self.deliver(stream, step, story);
    }
    /// Delivers what is next in a stream, as far as it is there.
    fn deliver(&mut self, stream: u16, step: &Step, story: &mut Story) {
        loop {
            let mut next = self.next.get(&stream).copied().unwrap_or(0);
            if !self.coming.contains(&(stream, next)) {
                // The capture does not have it: nothing waits for it.
                let later = self.waiting.range((stream, next)..=(stream, u32::MAX)).next();
                let later = later.or_else(|| self.waiting.range((stream, 0)..=(stream, u32::MAX)).next());
                let Some((key, _)) = later else { return };
                next = key.1;
            }
            let Some(message) = self.waiting.remove(&(stream, next)) else { return };
            self.next.insert(stream, next.wrapping_add(1) & self.mask);
            self.hand_over(message, step, story);
        }
    }
    fn hand_over(&self, mut message: Message, step: &Step, story: &mut Story) {
        message.delivered = (step.packet, step.time);
        message.upto = self.base.unwrap_or(0).wrapping_add(self.upto as u32).wrapping_sub(1);
        let waited = step.time.saturating_sub(message.whole.1).max(0);
        let stream = story.streams.entry((message.side, message.stream)).or_default();
        stream.messages += 1;
        stream.bytes += message.bytes;
        stream.pieces += u64::from(message.pieces);
        stream.unordered += u64::from(message.unordered);
        stream.ordered += u64::from(!message.unordered);
        if message.whole.0 != message.delivered.0 {
            stream.blocked += 1;
            stream.blocked_time = stream.blocked_time.saturating_add(waited);
            stream.longest = stream.longest.max((waited, message.delivered.0));
        }
        if stream.ppids.len() < MOST_PPIDS && !stream.ppids.contains(&message.ppid) {
            stream.ppids.push(message.ppid);
        }
        story.messages.push(message);
    }
    /// Nothing more comes up to this TSN.
    fn forward(&mut self, tsn: u32) {
        let place = self.place(tsn);
        if place >= self.upto {
            self.upto = place + 1;
            self.above = self.above.split_off(&self.upto);
            self.advance();
        }
    }
}

impl Run {
    /// With the run that follows it.
    fn and(mut self, after: &Run) -> Run {
        (self.last, self.ends) = (after.last, after.ends);
        self.message.bytes += after.message.bytes;
        self.message.pieces += after.message.pieces;
        self.message.whole = self.message.whole.max(after.message.whole);
        self
    }
}
