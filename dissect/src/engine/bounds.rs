//! Where the bytes being walked begin and end, and what set their end.

use super::Cx;
use crate::{Field, Limit};

/// How many bytes may be missing where nothing tells: more than a packet can have, few enough to be added to.
const MOST_MISSING: usize = 1 << 30;

impl Cx<'_> {
    /// Where a slice of what is being walked begins in its source.
    pub fn offset(&self, bytes: &[u8]) -> u32 {
        self.tree.place(bytes)
    }
    /// Runs `body` on bytes whose end a length field set, so that sentences can name it.
    pub fn limited<R>(&mut self, by: &'static Field, length: &[u8], body: impl FnOnce(&mut Self) -> R) -> R {
        let before = self.limit;
        self.limit = Limit::Length(by, self.tree.place(length));
        let answer = body(self);
        self.limit = before;
        answer
    }
    /// Runs `body` on the first `declared` bytes of `rest`, as far as they were captured, with [`Cx::cut`] set to how
    /// many of them the snap length took.
    pub fn within<R>(&mut self, rest: &[u8], declared: usize, body: impl FnOnce(&mut Self, &[u8]) -> R) -> R {
        let before = self.cut;
        let own = rest.get(..declared).unwrap_or(rest);
        self.cut = (declared - own.len()).min(before);
        let answer = body(self, own);
        self.cut = before;
        answer
    }
    /// Runs `body` on a packet that this one quotes: it is shown, it writes no summary and nothing is learnt from it. It
    /// may end anywhere: what is missing counts as [cut](Cx::cut).
    pub fn quoting<R>(&mut self, body: impl FnOnce(&mut Self) -> R) -> R {
        let (line, ends, quoted, hops) = (self.line.take(), self.ends, self.quoted, self.hops);
        self.quoted = true;
        let answer = self.rest_elsewhere(body);
        (self.line, self.ends, self.quoted, self.hops) = (line, ends, quoted, hops);
        answer
    }
    /// How many bytes the capture lacks behind the end of those being walked; `None` if nothing tells.
    pub(crate) fn missing(&self) -> Option<usize> {
        (self.cut < MOST_MISSING).then_some(self.cut)
    }
    /// Runs `body` on bytes whose rest is not in this packet, however long it is.
    pub(crate) fn rest_elsewhere<R>(&mut self, body: impl FnOnce(&mut Self) -> R) -> R {
        let cut = std::mem::replace(&mut self.cut, MOST_MISSING);
        let answer = body(self);
        self.cut = cut;
        answer
    }
    /// Says that the layer being walked ends where `rest` begins, by a length of its own: `rest` is padding or a
    /// trailer of the layers below. To be said last in a walk, so that it holds against what the payload said.
    #[inline]
    pub fn ends_before(&mut self, rest: &[u8]) {
        self.end = if rest.is_empty() { None } else { Some(self.tree.place(rest)) };
    }
    /// What stands in `bytes`, just carried, behind the end that the layers carried in them told; nothing if none did.
    pub fn trailer<'b>(&mut self, bytes: &'b [u8]) -> &'b [u8] {
        let end = self.end.take().and_then(|end| end.checked_sub(self.tree.place(bytes)));
        end.and_then(|end| bytes.get(end as usize..)).unwrap_or(&[])
    }
}
