//! One call, or another dialog: who, when, how it went and what it agreed on. RFC 3261, 12 and 13; RFC 3264.
//!
//! All messages of one Call-ID belong together, also those of its forks (told apart by their To tags, [`Leg`]) and those
//! that a proxy passed on. A registration, a subscription and a question by OPTIONS are kept in the same way.

use super::message::Message;
use super::method::Method;
use super::scan::tag;
use super::shared::{Shared, Text};
use super::start_line::StartLine;
use super::transaction::{Moment, Transactions};
use crate::Address;
use crate::flow::records::Record;
use crate::proto::sdp::{Direction, described};
use std::sync::Arc;

/// How many bytes of one text (an address, a tag, an agent's name) are kept.
pub const MOST_TEXT: usize = 255;

/// How many ends, addresses with a port, of a call are told apart.
pub const MOST_ENDS: usize = 32;

/// How many legs of a call are kept.
pub const MOST_LEGS: usize = 8;

/// How many media of a call's offers and answers are kept.
pub const MOST_MEDIA: usize = 16;

/// How many bytes the tag of an answering party usually has.
const USUAL_TAG: usize = 16;

/// The number of all ends beyond [`MOST_ENDS`].
pub const OTHER_END: u8 = u8::MAX;

/// Which of the two parties: who sent the first request, or who answered it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Who sent the first request.
    Caller,
    /// Who answered it.
    Callee,
}

impl Side {
    /// The other one.
    pub const fn other(self) -> Side {
        match self {
            Side::Caller => Side::Callee,
            Side::Callee => Side::Caller,
        }
    }
}

/// How far a call has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// It was asked for, and nothing is decided.
    Setup,
    /// It was answered.
    InCall,
    /// The caller took it back before it was answered.
    Cancelled,
    /// It was refused.
    Rejected,
    /// It was refused since the callee is busy: 486, 600.
    Busy,
    /// The caller was told to call somewhere else: 3xx.
    Diverted,
    /// It was answered and ended.
    Completed,
}

impl Stage {
    /// The stage in the words that sngrep has for it.
    pub const fn words(self) -> &'static str {
        match self {
            Stage::Setup => "CALL SETUP",
            Stage::InCall => "IN CALL",
            Stage::Cancelled => "CANCELLED",
            Stage::Rejected => "REJECTED",
            Stage::Busy => "BUSY",
            Stage::Diverted => "DIVERTED",
            Stage::Completed => "COMPLETED",
        }
    }
}

/// What ended a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Release {
    /// A BYE of this side.
    Bye(Side),
    /// A CANCEL.
    Cancel,
    /// A final response with this status code, 300 to 699.
    Failure(u16),
}

/// An address and a port between which messages went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct End {
    /// The address.
    pub address: Address,
    /// The port.
    pub port: u16,
}

/// A stretch of a call's text.
#[derive(Clone, Copy, Debug, Default)]
struct Span {
    start: u16,
    len: u16,
}

impl Span {
    /// Keeps a text behind others, cut to [`MOST_TEXT`]. All of a call's texts together stay below 64 KiB.
    fn keep(&mut self, text: &[u8], all: &mut Vec<u8>) {
        let (text, start) = (cut(text), u16::try_from(all.len()));
        if let Ok(start) = start {
            *self = Span { start, len: text.len() as u16 };
            all.reserve_exact(text.len());
            all.extend_from_slice(text);
        }
    }
}

/// As much of a text as is kept.
fn cut(text: &[u8]) -> &[u8] {
    text.get(..MOST_TEXT).unwrap_or(text)
}

/// One answering party of a call: forks have several. RFC 3261, 12.1.
#[derive(Clone, Copy, Debug)]
pub struct Leg {
    tag: Span,
    /// When it began to ring: its first response from 180 to 183.
    pub ringing: Moment,
    /// When it answered: its first 2xx.
    pub answered: Moment,
    /// The status code of its last response.
    pub code: u16,
}

/// One medium of an offer or an answer.
#[derive(Clone, Copy, Debug)]
pub struct Medium {
    /// The packet that brought it.
    pub packet: u32,
    /// Whether it is of an offer; else of an answer.
    pub is_offer: bool,
    /// Who wants to receive it.
    pub by: Side,
    /// Where it is to be sent; none where that is a name, or where it is on hold.
    pub address: Address,
    /// To which port; 0 where it is refused.
    pub port: u16,
    /// Which way it goes, as who describes it sees it.
    pub direction: Direction,
    pub(super) kind: Text,
    pub(super) codecs: Text,
}

/// A call or another dialog.
#[derive(Debug)]
pub struct Call {
    /// The hash of its Call-ID.
    pub(super) hash: u64,
    /// The Call-ID.
    id: Arc<[u8]>,
    /// The other texts that it has for itself, one behind the other.
    text: Vec<u8>,
    from: Span,
    to: Span,
    tag: Span,
    uri: Span,
    pub(super) agents: [Text; 2],
    pub(super) reason: Text,
    /// The method of its first request: INVITE for calls; that of CSeq if only responses were seen.
    pub method: Method,
    /// How far it has come; none for what is no call.
    pub stage: Option<Stage>,
    /// What ended it.
    pub release: Option<Release>,
    /// The status code of the last final response to its method; 0 if there was none.
    pub code: u16,
    /// Its first message.
    pub begun: Moment,
    /// Its first INVITE.
    pub invited: Moment,
    /// When it first rang: the first response from 180 to 183 to its INVITE.
    pub ringing: Moment,
    /// When it was answered: the first 2xx to its INVITE.
    pub answered: Moment,
    /// When it was ended: by BYE, CANCEL or a final response.
    pub ended: Moment,
    /// Its last message.
    pub last: Moment,
    /// How many messages it has.
    pub messages: u32,
    /// How many of them were sent before.
    pub resent: u32,
    ends: Vec<End>,
    legs: Vec<Leg>,
    media: Vec<Medium>,
    /// Hashes of the last description of each side.
    described: [u32; 2],
    /// The number and side of the last request with an offer.
    offered: Option<(u32, Side)>,
    /// Who made an offer in a response, to be answered by ACK or PRACK.
    awaits: Option<Side>,
    /// What only messages that come soon need.
    pub(super) recent: Option<Box<Recent>>,
    /// The number of its last arrow.
    pub(super) arrow: Option<u32>,
}

/// What a call keeps as long as it is one of the last that began.
#[derive(Debug, Default)]
pub(super) struct Recent {
    pub(super) transactions: Transactions,
    /// The last request of each direction: Wireshark's setup time counts from it.
    asked: Vec<(u8, u8, i64)>,
}

impl Record for Call {
    fn packet(&self) -> u64 {
        self.begun.packet.into()
    }
}

impl Recent {
    /// Takes a request from an end to another. Answers when the one before it came, if it is an ACK: see
    /// [`Counters::setup`](super::Counters::setup).
    pub(super) fn ask(&mut self, from: u8, to: u8, seen: &Seen<'_, '_>) -> Option<i64> {
        let is_ack = seen.method == Method::ACK;
        if let Some(one) = self.asked.iter_mut().find(|one| (one.0, one.1) == (from, to)) {
            let before = one.2;
            if !seen.is_resent || is_ack {
                one.2 = seen.now.time();
            }
            return is_ack.then_some(before);
        }
        if self.asked.len() < MOST_LEGS {
            push(&mut self.asked, (from, to, seen.now.time()));
        }
        None
    }
}

/// A message as a call learns it.
#[derive(Debug)]
pub(super) struct Seen<'g, 'b> {
    pub(super) message: &'g Message<'b>,
    /// The method; for responses CSeq's.
    pub(super) method: Method,
    /// The number of CSeq.
    pub(super) cseq: u32,
    /// The status code; 0 for requests.
    pub(super) code: u16,
    /// The tag of To in a response.
    pub(super) tag: &'b [u8],
    pub(super) now: Moment,
    /// A hash of the body; 0 for none.
    pub(super) body: u32,
    pub(super) is_resent: bool,
}

/// Appends to a short list without room to spare: there are many calls, and few of each thing.
pub(super) fn push<T>(list: &mut Vec<T>, one: T) {
    if list.len() == list.capacity() {
        list.reserve_exact(1 + list.len() / 2);
    }
    list.push(one);
}

/// Reading what is known of a call.
impl Call {
    fn text(&self, span: Span) -> &[u8] {
        let start = usize::from(span.start);
        self.text.get(start..start + usize::from(span.len)).unwrap_or(&[])
    }
    /// The Call-ID.
    pub fn id(&self) -> &[u8] {
        &self.id
    }
    /// The same, to be shared.
    pub(super) fn name(&self) -> &Arc<[u8]> {
        &self.id
    }
    /// The value of From in its first message.
    pub fn from(&self) -> &[u8] {
        self.text(self.from)
    }
    /// The value of To in its first message.
    pub fn to(&self) -> &[u8] {
        self.text(self.to)
    }
    /// The Request-URI of its first request; empty if none was seen.
    pub fn uri(&self) -> &[u8] {
        self.text(self.uri)
    }
    /// The tag of From in its first message.
    pub fn tag(&self) -> &[u8] {
        self.text(self.tag)
    }
    /// The ends between which its messages went, in the order in which they were seen.
    pub fn ends(&self) -> &[End] {
        &self.ends
    }
    /// Its answering parties, in the order in which they answered.
    pub fn legs(&self) -> &[Leg] {
        &self.legs
    }
    /// The To tag of a leg.
    pub fn leg_tag(&self, leg: &Leg) -> &[u8] {
        self.text(leg.tag)
    }
    /// The media of its offers and answers, in order. What is offered again unchanged does not stand twice.
    pub fn media(&self) -> &[Medium] {
        &self.media
    }
    /// Whether it is a call: whether it has to do with an INVITE.
    pub fn is_call(&self) -> bool {
        self.stage.is_some()
    }
    /// The nanoseconds from its INVITE until it rang, or was answered without ringing.
    pub fn setup_time(&self) -> Option<i64> {
        let until = if self.ringing.is_known() { self.ringing } else { self.answered };
        (self.invited.is_known() && until.is_known())
            .then(|| until.time().saturating_sub(self.invited.time()))
    }
    /// The nanoseconds for which it rang until it was answered or ended.
    pub fn ring_time(&self) -> Option<i64> {
        let until = if self.answered.is_known() { self.answered } else { self.ended };
        (self.ringing.is_known() && until.is_known())
            .then(|| until.time().saturating_sub(self.ringing.time()))
    }
    /// The nanoseconds from its answer to its end; while it lasts, to its last message.
    pub fn duration(&self) -> Option<i64> {
        let until = if self.ended.is_known() { self.ended } else { self.last };
        self.answered.is_known().then(|| until.time().saturating_sub(self.answered.time()))
    }
    /// How many bytes it takes, about.
    pub(super) fn size(&self) -> usize {
        let texts = self.text.capacity() + self.id.len();
        texts + 24 * self.ends.len() + 32 * self.legs.len() + 40 * self.media.len() + 640
    }
}

/// Learning from its messages.
impl Call {
    /// A call of which nothing is kept that only reports need: [`introduce`](Call::introduce) adds that.
    pub(super) fn new(hash: u64, seen: &Seen<'_, '_>) -> Call {
        Call {
            hash,
            id: cut(seen.message.call_id).into(),
            text: Vec::new(),
            from: Span::default(),
            to: Span::default(),
            tag: Span::default(),
            uri: Span::default(),
            agents: [Text::default(); 2],
            reason: Text::default(),
            method: seen.method,
            stage: None,
            release: None,
            code: 0,
            begun: seen.now,
            invited: Moment::default(),
            ringing: Moment::default(),
            answered: Moment::default(),
            ended: Moment::default(),
            last: seen.now,
            messages: 0,
            resent: 0,
            ends: Vec::with_capacity(2),
            legs: Vec::new(),
            media: Vec::new(),
            described: [0; 2],
            offered: None,
            awaits: None,
            recent: None,
            arrow: None,
        }
    }
    /// Keeps who it is between, as its first message says.
    pub(super) fn introduce(&mut self, message: &Message<'_>) {
        let uri = match message.start {
            StartLine::Request(line) => cut(line.uri),
            StartLine::Status(_) => &[],
        };
        let (to, tag, text) = (cut(message.to), tag(message.from), &mut self.text);
        // The Request-URI mostly stands in To.
        let in_to = memchr::memmem::find(to, uri);
        let own_len = if in_to.is_some() { 0 } else { uri.len() };
        text.reserve_exact(cut(message.from).len() + to.len() + own_len + USUAL_TAG);
        self.from.keep(message.from, text);
        self.to.keep(message.to, text);
        match in_to {
            Some(at) => self.uri = Span { start: self.to.start + at as u16, len: uri.len() as u16 },
            None => self.uri.keep(uri, text),
        }
        match (tag.as_ptr() as usize).wrapping_sub(message.from.as_ptr() as usize) {
            at if at + tag.len() <= cut(message.from).len() => {
                self.tag = Span { start: self.from.start + at as u16, len: tag.len() as u16 };
            }
            _ => self.tag.keep(tag, text),
        }
    }
    /// The number of an end.
    pub(super) fn end(&mut self, end: End) -> u8 {
        match self.ends.iter().position(|one| *one == end) {
            Some(at) => at as u8,
            None if self.ends.len() < MOST_ENDS => {
                push(&mut self.ends, end);
                self.ends.len() as u8 - 1
            }
            None => OTHER_END,
        }
    }
    /// Gives up what only messages that come soon need.
    pub(super) fn settle(&mut self) -> Option<Box<Recent>> {
        let mut recent = self.recent.take()?;
        recent.transactions.clear();
        recent.asked.clear();
        Some(recent)
    }
    /// Takes a message.
    pub(super) fn learn(&mut self, seen: &Seen<'_, '_>, shared: &mut Shared) {
        let message = seen.message;
        self.messages = self.messages.saturating_add(1);
        self.last = seen.now;
        let is_caller = message.from == self.from() || tag(message.from) == self.tag();
        let asks = if is_caller { Side::Caller } else { Side::Callee };
        let sends = if seen.code == 0 { asks } else { asks.other() };
        let slot = usize::from(sends == Side::Callee);
        if !message.agent.is_empty()
            && let Some(agent) = self.agents.get_mut(slot).filter(|agent| agent.is_empty())
        {
            *agent = shared.keep(message.agent);
        }
        if seen.is_resent {
            self.resent = self.resent.saturating_add(1);
            return;
        }
        if seen.code == 0 {
            self.requested(seen, asks, shared);
        } else {
            self.answered(seen, shared);
        }
        if message.describes() {
            self.describe(seen, sends, shared);
        }
    }
    fn requested(&mut self, seen: &Seen<'_, '_>, by: Side, shared: &mut Shared) {
        match seen.method {
            Method::INVITE => {
                if !self.invited.is_known() {
                    self.invited = seen.now;
                }
                // A new attempt, such as one with credentials, begins the call again.
                if !matches!(self.stage, Some(Stage::InCall | Stage::Completed)) {
                    (self.stage, self.release, self.ended) = (Some(Stage::Setup), None, Moment::default());
                }
            }
            Method::ACK if self.stage.is_none() => self.stage = Some(Stage::InCall),
            Method::CANCEL if matches!(self.stage, None | Some(Stage::Setup)) => {
                self.finish(seen, Stage::Cancelled, Release::Cancel, shared);
            }
            Method::BYE if matches!(self.stage, None | Some(Stage::InCall)) => {
                self.finish(seen, Stage::Completed, Release::Bye(by), shared);
            }
            _ => {}
        }
    }
    fn answered(&mut self, seen: &Seen<'_, '_>, shared: &mut Shared) {
        if seen.method == self.method && seen.code >= 200 {
            self.code = seen.code;
        }
        if seen.method != Method::INVITE {
            return;
        }
        let is_open = matches!(self.stage, None | Some(Stage::Setup));
        match seen.code {
            180..=183 if !self.ringing.is_known() => self.ringing = seen.now,
            200..=299 => {
                if !self.answered.is_known() {
                    self.answered = seen.now;
                }
                if self.stage != Some(Stage::Completed) {
                    (self.stage, self.release, self.ended) = (Some(Stage::InCall), None, Moment::default());
                }
            }
            code @ (486 | 600) if is_open => self.finish(seen, Stage::Busy, Release::Failure(code), shared),
            code @ 300..=399 if is_open => self.finish(seen, Stage::Diverted, Release::Failure(code), shared),
            code @ 400..=699 if is_open => self.finish(seen, Stage::Rejected, Release::Failure(code), shared),
            _ => {}
        }
        if self.stage.is_none() {
            self.stage = Some(Stage::Setup);
        }
        self.fork(seen);
    }
    fn finish(&mut self, seen: &Seen<'_, '_>, stage: Stage, release: Release, shared: &mut Shared) {
        (self.stage, self.release, self.ended) = (Some(stage), Some(release), seen.now);
        if !seen.message.reason.is_empty() {
            self.reason = shared.keep(seen.message.reason);
        }
    }
    /// Notes the leg that a response to an INVITE comes from.
    fn fork(&mut self, seen: &Seen<'_, '_>) {
        let tag = cut(seen.tag);
        if seen.code <= 100 || tag.is_empty() || tag == self.tag() {
            return;
        }
        let found = self.legs.iter().position(|leg| self.text(leg.tag) == tag);
        let at = found.unwrap_or(self.legs.len());
        if found.is_none() && at < MOST_LEGS {
            let mut span = Span::default();
            span.keep(tag, &mut self.text);
            let tag = span;
            let (ringing, answered) = (Moment::default(), Moment::default());
            push(&mut self.legs, Leg { tag, ringing, answered, code: 0 });
        }
        let Some(leg) = self.legs.get_mut(at) else { return };
        leg.code = seen.code;
        match seen.code {
            180..=183 if !leg.ringing.is_known() => leg.ringing = seen.now,
            200..=299 if !leg.answered.is_known() => leg.answered = seen.now,
            _ => {}
        }
    }
    /// Notes the media of an offer or an answer: RFC 3264, 4; RFC 3261, 13.2.1; RFC 6337, 2.2.
    fn describe(&mut self, seen: &Seen<'_, '_>, by: Side, shared: &mut Shared) {
        let Some(last) = self.described.get_mut(usize::from(by == Side::Callee)) else { return };
        let is_known = std::mem::replace(last, seen.body) == seen.body;
        if is_known && seen.code != 0 {
            return;
        }
        let answers = self.awaits == Some(by.other());
        let is_offer = match (seen.code, seen.method) {
            (0, Method::ACK) => false,
            (0, _) if answers => false,
            (0, _) => {
                self.offered = Some((seen.cseq, by));
                true
            }
            _ => self.offered != Some((seen.cseq, by.other())),
        };
        self.awaits = (seen.code != 0 && is_offer).then_some(by);
        if is_known {
            return;
        }
        for one in described(seen.message.body) {
            if self.media.len() >= MOST_MEDIA {
                return;
            }
            let (kind, codecs) = shared.medium(&one);
            let (address, port) = (one.address(), one.media.port().unwrap_or(0));
            let (packet, direction) = (seen.now.packet, one.direction);
            push(&mut self.media, Medium { packet, is_offer, by, address, port, direction, kind, codecs });
        }
    }
}
