//! What takes one packet after the other, in steps: picking those that a filter wants, and writing those that show.

use super::blocks::Slices;
use super::session::{Needle, Session};
use crate::message::Answer;
use dissect::capture::{ByteOrder, Writer};
use dissect::{Dissector, Filter};
use std::cell::RefCell;
use std::io::{self, Write};
use std::mem::take;
use std::rc::Rc;

/// Packets looked at between two looks at the clock.
const AT_ONCE: usize = 50;
/// How many bytes of an exported file one message brings at least, the last aside.
const PIECE: usize = 1 << 20;
/// The most packets that a filter can pick: their numbers have four bytes.
pub const MOST_PICKED: u64 = u32::MAX as u64;

/// The packets that show: all, or those that a filter picks.
#[derive(Debug, Default)]
pub struct Picked(Option<Vec<u32>>);

impl Picked {
    /// How many of so many packets show.
    pub fn len(&self, packets: u64) -> u64 {
        self.0.as_ref().map_or(packets, |numbers| numbers.len() as u64)
    }
    /// Whether a packet shows.
    pub fn has(&self, number: u64) -> bool {
        let at = |numbers: &Vec<u32>| numbers.binary_search(&u32::try_from(number).ok()?).ok();
        self.0.as_ref().is_none_or(|numbers| at(numbers).is_some())
    }
    /// The packet at a place, from 1.
    pub fn at(&self, place: u64) -> Option<u64> {
        match &self.0 {
            None => Some(place).filter(|&place| place > 0),
            Some(numbers) => {
                numbers.get(usize::try_from(place.checked_sub(1)?).ok()?).map(|&number| number.into())
            }
        }
    }
}

/// Picking the packets that a filter wants.
#[derive(Debug)]
pub(super) struct Sift {
    pub(super) number: u32,
    filter: Needle,
    /// The packet to look at next.
    at: u64,
}

impl Sift {
    /// Begins; nothing to do where the filter is blank.
    ///
    /// # Errors
    /// A sentence: the filter is not understood.
    pub(super) fn new(
        number: u32,
        text: &str,
        dissector: &Dissector,
        picked: &mut Picked,
    ) -> Result<Option<Sift>, String> {
        let blank = text.trim().is_empty();
        let filter = Filter::compile(dissector, text).map_err(|error| error.sentence)?;
        *picked = Picked((!blank).then(Vec::new));
        Ok((!blank).then(|| Sift { number, filter: Needle::Filter(Box::new(filter)), at: 1 }))
    }
    /// Looks on. The answer has the numbers of what was picked beside it.
    pub(super) fn step<F: Slices>(
        &mut self,
        session: &mut Session<F>,
        picked: &mut Picked,
        enough: &mut impl FnMut() -> bool,
    ) -> (Answer, Vec<u8>) {
        let (last, numbers) = (session.packets().min(MOST_PICKED), picked.0.get_or_insert_default());
        let mut bytes = Vec::new();
        loop {
            for _ in 0..AT_ONCE {
                if self.at > last {
                    return (Answer::Filtered { at: last, done: true }, bytes);
                }
                if session.holds(self.at, &self.filter) {
                    numbers.push(self.at as u32);
                    bytes.extend((self.at as u32).to_le_bytes());
                }
                self.at += 1;
            }
            if enough() {
                return (Answer::Filtered { at: self.at - 1, done: false }, bytes);
            }
        }
    }
}

/// Writing the packets that show into a pcapng file.
pub(super) struct Export {
    pub(super) number: u32,
    writer: Option<Writer<Piece>>,
    piece: Piece,
    /// The place to go on at, from 1.
    at: u64,
}

/// What was written and not yet taken. All captures are written to one type, so that the module has what writes them once.
#[derive(Clone, Debug, Default)]
pub(super) struct Piece(Rc<RefCell<Vec<u8>>>);

impl Piece {
    /// Takes what was written.
    pub(super) fn take(&self) -> Vec<u8> {
        take(&mut *self.0.borrow_mut())
    }
}

impl Write for Piece {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Export {
    pub(super) fn new(number: u32) -> Export {
        let piece = Piece::default();
        Export { number, writer: Some(Writer::pcapng(piece.clone(), ByteOrder::Little)), piece, at: 1 }
    }
    /// Writes on. No answer where there is not yet enough for a piece; its bytes beside it.
    pub(super) fn step<F: Slices>(
        &mut self,
        session: &mut Session<F>,
        picked: &Picked,
        enough: &mut impl FnMut() -> bool,
    ) -> Option<(Answer, Vec<u8>)> {
        match self.pieces(session, picked, enough) {
            Ok(done) if done || self.piece.0.borrow().len() >= PIECE => {
                Some((Answer::Exported { packets: self.at - 1, done }, self.piece.take()))
            }
            Ok(_) => None,
            Err(sentence) => Some((Answer::Failed { sentence }, Vec::new())),
        }
    }
    /// Whether all is written.
    fn pieces<F: Slices>(
        &mut self,
        session: &mut Session<F>,
        picked: &Picked,
        enough: &mut impl FnMut() -> bool,
    ) -> Result<bool, String> {
        let failed = |error: io::Error| format!("the packets can't be written: {error}");
        let Some(writer) = &mut self.writer else { return Ok(true) };
        loop {
            for _ in 0..AT_ONCE {
                let next = picked.at(self.at).filter(|&number| number <= session.packets());
                let Some(number) = next else {
                    let finished = self.writer.take().map(Writer::finish);
                    return finished.transpose().map(|_| true).map_err(failed);
                };
                session.write(number, |packet| writer.packet(packet).map_err(failed))?;
                self.at += 1;
            }
            if enough() || self.piece.0.borrow().len() >= PIECE {
                return Ok(false);
            }
        }
    }
}
