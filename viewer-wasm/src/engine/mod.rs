//! The worker's side without a browser: it takes questions, works in steps, and gives answers. Natively tested.

pub mod blocks;
pub mod lines;
pub mod paste;
pub mod rules;
pub mod session;
pub mod sift;
pub mod store;

use crate::message::{Answer, Ask};
use blocks::Slices;
use dissect::Dissector;
use rules::Rules;
use session::{Needle, Session};
use sift::{Export, Picked, Sift};
use std::rc::Rc;

/// Packets loaded between two looks at the clock.
const AT_ONCE: usize = 2000;
/// Packets searched between two looks at the clock.
const SEARCHED: usize = 50;
/// The most rows of one answer.
pub const MOST_ROWS: u32 = 10_000;

/// What a capture is read from: a file, or bytes in memory.
#[derive(Clone, Debug)]
pub enum Source<F> {
    /// A file of the browser.
    File(F),
    /// Bytes in memory: what was pasted.
    Bytes(Rc<[u8]>),
}

impl<F: Slices> Slices for Source<F> {
    fn size(&self) -> u64 {
        match self {
            Source::File(file) => file.size(),
            Source::Bytes(bytes) => bytes.size(),
        }
    }
    fn slice(&self, start: u64, end: u64) -> std::io::Result<Vec<u8>> {
        match self {
            Source::File(file) => file.slice(start, end),
            Source::Bytes(bytes) => bytes.slice(start, end),
        }
    }
}

/// An answer, the number of its question, and the bytes beside it.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    /// The question's number.
    pub number: u32,
    /// What it says.
    pub answer: Answer,
    /// The bytes beside it.
    pub bytes: Option<Vec<u8>>,
}

/// Looking for something, packet by packet.
struct Search {
    number: u32,
    what: Needle,
    /// The packet to look at next.
    at: u64,
    back: bool,
}

/// The worker's state.
pub struct Engine<F: Slices> {
    dissector: Rc<Dissector>,
    rules: Rules,
    session: Option<Session<Source<F>>>,
    /// The question that opened what is loaded.
    opened: u32,
    search: Option<Search>,
    /// The packets that show, and the job that picks them.
    picked: Picked,
    sift: Option<Sift>,
    export: Option<Export>,
    /// The fields of further cells.
    columns: Vec<String>,
}

impl<F: Slices> Default for Engine<F> {
    fn default() -> Engine<F> {
        Engine {
            dissector: Rc::default(),
            rules: Rules::default(),
            session: None,
            opened: 0,
            search: None,
            picked: Picked::default(),
            sift: None,
            export: None,
            columns: Vec::new(),
        }
    }
}

impl<F: Slices> Engine<F> {
    /// Takes a question. What takes long goes on in [`step`](Engine::step).
    pub fn ask(&mut self, number: u32, ask: Ask, file: Option<F>) -> Vec<Reply> {
        let reply = |answer| vec![Reply { number, answer, bytes: None }];
        let failed = |sentence| vec![Reply { number, answer: Answer::Failed { sentence }, bytes: None }];
        let nothing_open = || failed("no capture is open".to_owned());
        match (ask, &mut self.session) {
            (Ask::Open { name }, _) => match file {
                Some(file) => self.open(number, &name, &Source::File(file)),
                None => failed(format!("{name} did not reach the worker")),
            },
            (Ask::Paste { text }, _) => match paste::capture(&text) {
                Ok(bytes) => self.open(number, "pasted bytes", &Source::Bytes(bytes.into())),
                Err(sentence) => failed(sentence),
            },
            (Ask::Cancel, session) => {
                (self.search, self.sift, self.export) = (None, None, None);
                match session {
                    Some(session) if session.loading() => {
                        session.cancel();
                        let capture = session.capture();
                        vec![Reply { number: self.opened, answer: Answer::Loaded { capture }, bytes: None }]
                    }
                    _ => Vec::new(),
                }
            }
            (Ask::Rows { first, count, time }, Some(session)) => {
                let places = first..first.saturating_add(count.min(MOST_ROWS).into());
                let numbers = places.map_while(|place| self.picked.at(place));
                let rows = session.rows(numbers, time, &self.rules, &self.columns);
                reply(Answer::Rows { first, rows })
            }
            (Ask::Packet { number: packet }, Some(session)) => match session.packet(packet) {
                Ok((packet, bytes)) => {
                    vec![Reply { number, answer: Answer::Packet(Box::new(packet)), bytes: Some(bytes) }]
                }
                Err(sentence) => failed(sentence),
            },
            (Ask::Find { what, from, back }, Some(session)) => match Needle::new(&what, &self.dissector) {
                Ok(what) => {
                    let last = session.packets();
                    let at = if back { from.saturating_sub(1).min(last) } else { from.saturating_add(1) };
                    self.search = Some(Search { number, what, at, back });
                    Vec::new()
                }
                Err(sentence) => failed(sentence),
            },
            (Ask::Filter { text }, Some(_)) => {
                match Sift::new(number, &text, &self.dissector, &mut self.picked) {
                    Ok(Some(sift)) => {
                        (self.sift, self.export) = (Some(sift), None);
                        Vec::new()
                    }
                    Ok(None) => {
                        (self.sift, self.export) = (None, None);
                        reply(Answer::Filtered { at: 0, done: true })
                    }
                    Err(sentence) => failed(sentence),
                }
            }
            (Ask::Columns { fields }, _) => {
                self.columns = fields;
                Vec::new()
            }
            (Ask::Export, Some(_)) => {
                self.export = Some(Export::new(number));
                Vec::new()
            }
            (Ask::Colours { rules }, _) => {
                self.rules = Rules::read(&rules, &self.dissector);
                let faults = self.rules.faults.clone();
                reply(Answer::Coloured { rules: self.rules.colours(), faults })
            }
            (_, None) => nothing_open(),
        }
    }
    fn open(&mut self, number: u32, name: &str, source: &Source<F>) -> Vec<Reply> {
        (self.session, self.search, self.opened) = (None, None, number);
        (self.picked, self.sift, self.export) = (Picked::default(), None, None);
        match Session::open(name, source, &self.dissector) {
            Ok(session) => {
                self.session = Some(session);
                Vec::new()
            }
            Err(sentence) => vec![Reply { number, answer: Answer::Failed { sentence }, bytes: None }],
        }
    }
    /// Whether there is something to go on with.
    pub fn busy(&self) -> bool {
        self.search.is_some()
            || self.sift.is_some()
            || self.export.is_some()
            || self.session.as_ref().is_some_and(Session::loading)
    }
    /// Goes on with what takes long until it is done or `enough` says so.
    pub fn step(&mut self, mut enough: impl FnMut() -> bool) -> Vec<Reply> {
        let mut replies = Vec::new();
        let Some(session) = &mut self.session else { return replies };
        if let Some(search) = &mut self.search {
            let number = search.number;
            if let Some(answer) = search.step(session, &self.picked, &mut enough) {
                if matches!(answer, Answer::Found { .. }) {
                    self.search = None;
                }
                replies.push(Reply { number, answer, bytes: None });
            }
        }
        // What later packets brought counts: nothing is picked before all is read.
        if let Some(sift) = self.sift.as_mut().filter(|_| !session.loading()) {
            let (number, (answer, bytes)) = (sift.number, sift.step(session, &mut self.picked, &mut enough));
            if matches!(answer, Answer::Filtered { done: true, .. }) {
                self.sift = None;
            }
            replies.push(Reply { number, answer, bytes: Some(bytes) });
        } else if let Some(export) = &mut self.export {
            let number = export.number;
            if let Some((answer, bytes)) = export.step(session, &self.picked, &mut enough) {
                if !matches!(answer, Answer::Exported { done: false, .. }) {
                    self.export = None;
                }
                replies.push(Reply { number, answer, bytes: Some(bytes) });
            }
        }
        if session.loading() {
            while session.load(AT_ONCE) && !enough() {}
            let answer = if session.loading() {
                Answer::Progress { packets: session.packets(), read: session.read(), size: session.size() }
            } else {
                Answer::Loaded { capture: session.capture() }
            };
            replies.push(Reply { number: self.opened, answer, bytes: None });
        }
        replies
    }
}

impl Search {
    /// Looks on, among the packets that show. No answer where it waits for packets to be loaded.
    fn step<F: Slices>(
        &mut self,
        session: &mut Session<F>,
        picked: &Picked,
        enough: &mut impl FnMut() -> bool,
    ) -> Option<Answer> {
        let mut looked = false;
        loop {
            for _ in 0..SEARCHED {
                if self.at == 0 || (self.at > session.packets() && !session.loading()) {
                    return Some(Answer::Found { number: None });
                }
                if self.at > session.packets() {
                    return looked.then_some(Answer::Finding { number: session.packets() });
                }
                if picked.has(self.at) && session.holds(self.at, &self.what) {
                    return Some(Answer::Found { number: Some(self.at) });
                }
                looked = true;
                self.at = if self.back { self.at - 1 } else { self.at + 1 };
            }
            if enough() {
                return Some(Answer::Finding { number: self.at });
            }
        }
    }
}

#[cfg(test)]
mod tests;
