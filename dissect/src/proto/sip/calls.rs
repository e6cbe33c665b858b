//! What is remembered of SIP: the calls and other dialogs of the capture, what each message is told of others, and counts.
//!
//! Messages are told of others by the last calls that began. All calls, and how they went, are kept only where reports will
//! follow ([`Memory::trace`](crate::Memory::trace)).
//!
//! ```
//! use dissect::{Dissector, proto::sip::Calls};
//! let mut memory = Dissector::default().memory();
//! memory.trace(None);
//! let calls = memory.of_type::<Calls>().unwrap();
//! assert_eq!((calls.iter().count(), calls.counters().messages()), (0, 0));
//! ```

use super::call::{Call, End, Medium, Recent, Seen, Side};
use super::cseq::CSeq;
use super::message::Message;
use super::method::Method;
use super::scan::tag;
use super::shared::Shared;
use super::start_line::StartLine;
use super::statistics::Counters;
use super::text::number;
use super::transaction::{Key, Moment, Told};
use crate::flow::records::{Record, Records};
use crate::{Here, State};
use hashbrown::{DefaultHashBuilder, HashTable};
use std::hash::BuildHasher;
use std::sync::Arc;

/// How many calls are kept for reports; the oldest go first.
pub const MOST_CALLS: usize = 1 << 16;

/// Of how many calls, the last ones that began, transactions are kept. Without reports no others are.
pub const MOST_RECENT: u32 = 1 << 13;

/// How many bytes they may take, about.
pub const MOST_BYTES: usize = 1 << 26;

/// How many messages are kept for the ladders of all calls; the oldest go first.
pub const MOST_ARROWS: usize = 1 << 19;

/// The note of a message that is told nothing.
const NOTHING: u32 = u32::MAX;

/// A message on the ladder of a call.
#[derive(Clone, Copy, Debug)]
pub struct Arrow {
    /// Its packet and time.
    pub at: Moment,
    /// The number of CSeq.
    pub cseq: u32,
    /// The number of the arrow before it; its own for the first one.
    before: u32,
    /// The status code; 0 for a request.
    pub code: u16,
    /// The method; for a response the one that it answers.
    pub method: Method,
    /// From which of [`Call::ends`]; [`OTHER_END`](super::call::OTHER_END) for one that is not kept.
    pub from: u8,
    /// To which.
    pub to: u8,
    /// Whether it was sent before.
    pub is_resent: bool,
    /// Whether it has a body.
    pub has_body: bool,
    /// Whether that describes a session: an offer or an answer.
    pub describes: bool,
}

impl Record for Arrow {
    fn packet(&self) -> u64 {
        self.at.packet.into()
    }
}

/// The calls and other dialogs of a capture.
#[derive(Debug, Default)]
pub struct Calls {
    told: Records<Told>,
    all: Records<Call>,
    /// The numbers of calls by the hashes of their Call-IDs, keyed at random: senders choose them.
    by_id: HashTable<u32>,
    hasher: DefaultHashBuilder,
    bytes: usize,
    /// Whether reports will follow.
    is_traced: bool,
    arrows: Records<Arrow>,
    counters: Counters,
    shared: Shared,
    /// The Call-ID of the last message.
    name: Option<Arc<[u8]>>,
    /// What a call does not need any more, for the next one.
    spare: Option<Box<Recent>>,
}

impl State for Calls {
    fn trace(&mut self, _: Option<u32>) {
        self.is_traced = true;
    }
    fn forget(&mut self, before: u64) {
        self.told.forget(before);
    }
    fn counted(&mut self, counted: bool) {
        self.counters.pause(!counted);
    }
}

/// For reports.
impl Calls {
    /// The calls and other dialogs that are kept, in the order in which they began.
    pub fn iter(&self) -> impl Iterator<Item = &Call> {
        self.all.iter()
    }
    /// The call of a Call-ID.
    pub fn find(&self, id: &[u8]) -> Option<&Call> {
        self.all.of(self.number(self.hasher.hash_one(id), id)?)
    }
    /// The messages of a call that are kept, in order.
    pub fn arrows(&self, call: &Call) -> Vec<&Arrow> {
        let mut found = Vec::new();
        let mut next = call.arrow;
        while let Some((number, arrow)) = next.and_then(|number| Some((number, self.arrows.of(number)?))) {
            found.push(arrow);
            next = Some(arrow.before).filter(|before| *before != number);
        }
        found.reverse();
        found
    }
    /// What the program of a side calls itself, in User-Agent or Server; empty if it does not.
    pub fn agent(&self, call: &Call, side: Side) -> &[u8] {
        self.shared.of(call.agents[usize::from(side == Side::Callee)])
    }
    /// The value of the Reason header that came with a call's end (RFC 3326); empty if there was none.
    /// [`Reason`](super::Reason) reads it.
    pub fn reason(&self, call: &Call) -> &[u8] {
        self.shared.of(call.reason)
    }
    /// The kind of a medium: `audio`.
    pub fn medium_kind(&self, medium: &Medium) -> &[u8] {
        self.shared.of(medium.kind)
    }
    /// The codecs of a medium by name, with a space between: `PCMU telephone-event`.
    pub fn medium_codecs(&self, medium: &Medium) -> &[u8] {
        self.shared.of(medium.codecs)
    }
    /// How many messages there were of each kind.
    pub fn counters(&self) -> &Counters {
        &self.counters
    }
}

impl Calls {
    /// What the message of this note is told.
    pub(super) fn told(&self, note: u32) -> Option<Told> {
        if note == NOTHING { Some(Told::default()) } else { self.told.of(note).copied() }
    }
    /// The Call-ID of the message that was taken last.
    pub(super) fn name(&self) -> Option<Arc<[u8]>> {
        self.name.clone()
    }
    fn number(&self, hash: u64, id: &[u8]) -> Option<u32> {
        let id = id.get(..super::call::MOST_TEXT).unwrap_or(id);
        let is = |number: &u32| self.all.of(*number).is_some_and(|call| call.hash == hash && call.id() == id);
        self.by_id.find(hash, is).copied()
    }
    /// Takes a message. Answers the number of what it is told.
    pub(super) fn take(&mut self, message: &Message<'_>, here: &Here) -> u32 {
        let time = here.time.map_or(0, |time| time.nanoseconds().try_into().unwrap_or(i64::MAX));
        let now = Moment::new(u32::try_from(here.packet).unwrap_or(u32::MAX), time);
        let own = CSeq::parse(message.cseq);
        let (method, code) = match message.start {
            StartLine::Request(line) => {
                let method = Method::of(line.method);
                self.counters.request(method, line.method);
                (method, 0)
            }
            StartLine::Status(line) => {
                let code = number(line.code).0.min(u32::from(u16::MAX)) as u16;
                self.counters.response(code);
                (Method::of(own.method), code.max(1))
            }
        };
        let mut told = Told { packet: now.packet, ..Told::default() };
        if message.call_id.is_empty() {
            self.name = None;
            return NOTHING;
        }
        let Some(cseq) = own.number() else {
            self.name = Some(message.call_id.into());
            return NOTHING;
        };
        let tells = self.is_traced && !message.body.is_empty();
        let body = if tells { self.hasher.hash_one(message.body) as u32 } else { 0 };
        let tag = if code == 0 { &[] } else { tag(message.to) };
        let seen = Seen { message, method, cseq, code, tag, now, body, is_resent: false };
        self.join(seen, here, &mut told);
        if told.original | told.request == 0 { NOTHING } else { self.told.push(told) }
    }
    /// Finds the message's call and transaction, and lets them learn.
    fn join(&mut self, mut seen: Seen<'_, '_>, here: &Here, told: &mut Told) {
        let message = seen.message;
        let number = self.call_of(&seen);
        let hash = |bytes: &[u8]| (self.hasher.hash_one(bytes) as u32).max(1);
        let branch = message.branch().map_or(0, hash);
        let Some(call) = self.all.of_mut(number) else { return };
        // Longer ones are cut.
        let is_whole = call.name().len() == message.call_id.len();
        self.name = Some(if is_whole { Arc::clone(call.name()) } else { message.call_id.into() });
        let size = call.size();
        let from = call.end(End { address: here.ends.source, port: here.ends.source_port });
        let to = call.end(End { address: here.ends.destination, port: here.ends.destination_port });
        let key = Key { cseq: seen.cseq, method: seen.method, from, to, branch };
        let spare = &mut self.spare;
        let recent = call.recent.get_or_insert_with(|| spare.take().unwrap_or_default());
        let request = match (seen.code, seen.method) {
            (0, Method::ACK) => recent.transactions.invite(key),
            (0, _) => {
                told.original = recent.transactions.request(key, seen.now);
                Moment::default()
            }
            (code, _) => {
                let key = Key { from: to, to: from, ..key };
                let tag = if code < 200 { 0 } else { hash(seen.tag) };
                let (original, request) = recent.transactions.response(key, code, tag, seen.now);
                told.original = original;
                request
            }
        };
        if request.is_known() {
            (told.request, told.after) = (request.packet, seen.now.milliseconds_since(request));
        }
        seen.is_resent = told.original != 0;
        if seen.is_resent {
            self.counters.resend();
        }
        if seen.code == 0
            && let Some(before) = recent.ask(from, to, &seen)
            && message.is_datagram()
        {
            self.counters.set_up(seen.now.milliseconds_since(Moment::new(0, before)));
        }
        if self.is_traced {
            call.learn(&seen, &mut self.shared);
            let before = call.arrow.unwrap_or_else(|| self.arrows.next());
            call.arrow = Some(self.arrows.push(Arrow {
                at: seen.now,
                cseq: seen.cseq,
                before,
                code: seen.code,
                method: seen.method,
                from,
                to,
                is_resent: seen.is_resent,
                has_body: !message.body.is_empty(),
                describes: message.describes(),
            }));
        }
        self.bytes += call.size().saturating_sub(size);
        self.shed();
    }
    /// The number of the message's call, which may begin with it.
    fn call_of(&mut self, seen: &Seen<'_, '_>) -> u32 {
        let hash = self.hasher.hash_one(seen.message.call_id);
        if let Some(number) = self.number(hash, seen.message.call_id) {
            return number;
        }
        let mut call = Call::new(hash, seen);
        if self.is_traced {
            call.introduce(seen.message);
        }
        self.bytes += call.size();
        let number = self.all.push(call);
        if let Some(old) = self.all.of_mut(number.wrapping_sub(MOST_RECENT)) {
            self.spare = old.settle().or(self.spare.take());
        }
        let calls = &self.all;
        let hash_of = |number: &u32| calls.of(*number).map_or(0, |call| call.hash);
        self.by_id.insert_unique(hash, number, hash_of);
        number
    }
    /// Drops the oldest while there is too much.
    fn shed(&mut self) {
        let most = if self.is_traced { MOST_CALLS } else { MOST_RECENT as usize };
        while self.all.len() > most || self.bytes > MOST_BYTES && self.all.len() > 1 {
            let number = self.all.next().wrapping_sub(self.all.len() as u32);
            let Some(call) = self.all.pop() else { return };
            self.bytes = self.bytes.saturating_sub(call.size());
            if let Ok(entry) = self.by_id.find_entry(call.hash, |one| *one == number) {
                entry.remove();
            }
        }
        while self.arrows.len() > MOST_ARROWS {
            self.arrows.pop();
        }
    }
}
