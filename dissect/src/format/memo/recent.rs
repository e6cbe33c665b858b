//! What packets that follow each other have in common, whatever their shapes are.

use super::What;
use crate::Field;
use crate::format::date::Second;

/// How many places there are for lists of protocols, as a power of two: so many that those of a capture rarely meet in one.
const LISTS: u32 = 6;
/// The longest list of protocols, and the longest text of one.
const MOST_PROTOCOLS: usize = 12;
const MOST_LIST: usize = 64;
/// The longest text that is remembered, and how long it may be as it is written.
const MOST_TEXT: usize = 32;
const MOST_WRITTEN: usize = 64;

/// What was written last.
#[derive(Clone)]
pub(super) struct Recent {
    /// The second whose date was written last.
    pub(super) second: Second,
    /// The lists of protocols that were written last, each where its last protocol tells.
    lists: [List; 1 << LISTS],
    /// Texts that are not plain, such as those of TCP's flags.
    texts: [Text; 8],
}

/// A text of a packet, and as what it was written.
#[derive(Clone)]
struct Text {
    what: What,
    bytes: [u8; MOST_TEXT],
    len: usize,
    written: [u8; MOST_WRITTEN],
    written_len: usize,
}

/// The text of the protocols of a packet.
#[derive(Clone)]
struct List {
    protocols: Vec<&'static Field>,
    text: [u8; MOST_LIST],
    len: usize,
}

impl Default for Recent {
    fn default() -> Recent {
        let list = || List { protocols: Vec::new(), text: [b' '; MOST_LIST], len: 0 };
        let text = || Text {
            what: What::TextValue,
            bytes: [0; MOST_TEXT],
            len: 0,
            written: [b' '; MOST_WRITTEN],
            written_len: 0,
        };
        Recent {
            second: Second::default(),
            lists: std::array::from_fn(|_| list()),
            texts: std::array::from_fn(|_| text()),
        }
    }
}

impl Recent {
    /// The text of a list of protocols, if it was written before: as much as the number says.
    #[inline(always)]
    pub(super) fn protocols(&self, of: &[&'static Field]) -> Option<(&[u8; MOST_LIST], usize)> {
        let list = &self.lists[place_of(of)];
        let same = list.protocols.len() == of.len()
            && list.protocols.iter().zip(of).all(|(one, other)| std::ptr::eq(*one, *other));
        (same && !of.is_empty()).then_some((&list.text, list.len))
    }
    /// Remembers the text of a list of protocols.
    #[cold]
    #[inline(never)]
    pub(super) fn remember(&mut self, of: &[&'static Field], written: &[u8]) {
        if of.len() > MOST_PROTOCOLS || written.len() > MOST_LIST {
            return;
        }
        let list = &mut self.lists[place_of(of)];
        // As many as there may be, at once: a list that grows later takes no further memory.
        list.protocols.clear();
        list.protocols.reserve_exact(MOST_PROTOCOLS);
        list.protocols.extend_from_slice(of);
        list.len = written.len();
        for (to, from) in list.text.iter_mut().zip(written) {
            *to = *from;
        }
    }
    /// As what a text was written before: as much as the number says.
    pub(super) fn text(&self, what: What, bytes: &[u8]) -> Option<(&[u8; MOST_WRITTEN], usize)> {
        let text = &self.texts[place(bytes)];
        let same = text.what == what && text.bytes.get(..text.len) == Some(bytes);
        (same && !bytes.is_empty()).then_some((&text.written, text.written_len))
    }
    /// Remembers as what a text was written.
    pub(super) fn remember_text(&mut self, what: What, bytes: &[u8], written: &[u8]) {
        if bytes.len() > MOST_TEXT || written.len() > MOST_WRITTEN {
            return;
        }
        let text = &mut self.texts[place(bytes)];
        (text.what, text.len, text.written_len) = (what, bytes.len(), written.len());
        for (to, from) in text.bytes.iter_mut().zip(bytes) {
            *to = *from;
        }
        for (to, from) in text.written.iter_mut().zip(written) {
            *to = *from;
        }
    }
}

/// Where a text is remembered.
fn place(bytes: &[u8]) -> usize {
    let last = bytes.last_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes));
    (last.wrapping_mul(super::SPREAD) >> 61) as usize
}

/// Where a list of protocols is remembered.
#[inline(always)]
fn place_of(protocols: &[&'static Field]) -> usize {
    let last = protocols.last().map_or(0, |last| std::ptr::from_ref(*last) as u64 + protocols.len() as u64);
    (last.wrapping_mul(super::SPREAD) >> (64 - LISTS)) as usize
}
