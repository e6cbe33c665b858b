//! Nodes gathered under numbers, each number's in the order in which they were met. What is kept is used again.

use crate::Field;

/// A node, and the field that it is written as: its own or a twin.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) node: u32,
    pub(super) field: &'static Field,
    next: u32,
}

/// No entry.
const NONE: u32 = u32::MAX;

/// The first and the last entry of a number.
#[derive(Clone, Copy, Debug)]
struct Ends {
    first: u32,
    last: u32,
}

const EMPTY: Ends = Ends { first: NONE, last: NONE };

/// The entries of each number.
#[derive(Clone, Debug, Default)]
pub(super) struct Chains {
    ends: Vec<Ends>,
    entries: Vec<Entry>,
}

impl Chains {
    /// Drops all entries, and makes room for so many numbers.
    #[inline]
    pub(super) fn clear(&mut self, numbers: usize) {
        self.entries.clear();
        self.ends.clear();
        self.ends.resize(numbers, EMPTY);
    }
    /// How many numbers there are.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }
    /// A further number.
    pub(super) fn begin(&mut self) {
        self.ends.push(EMPTY);
    }
    /// Appends a node to those of a number.
    #[inline]
    pub(super) fn add(&mut self, number: usize, node: usize, field: &'static Field) {
        let new = self.entries.len() as u32;
        let Some(ends) = self.ends.get_mut(number) else { return };
        self.entries.push(Entry { node: node as u32, field, next: NONE });
        match self.entries.get_mut(ends.last as usize) {
            Some(last) => last.next = new,
            None => ends.first = new,
        }
        ends.last = new;
    }
    /// The first of a number.
    #[inline]
    pub(super) fn first(&self, number: usize) -> Option<&Entry> {
        self.entries.get(self.ends.get(number)?.first as usize)
    }
    /// The last of a number.
    #[inline]
    pub(super) fn last(&self, number: usize) -> Option<&Entry> {
        self.entries.get(self.ends.get(number)?.last as usize)
    }
    /// Whether a number has several.
    #[inline]
    pub(super) fn has_several(&self, number: usize) -> bool {
        self.ends.get(number).is_some_and(|ends| ends.first != ends.last)
    }
    /// The one behind an entry.
    #[inline]
    pub(super) fn after(&self, entry: &Entry) -> Option<&Entry> {
        self.entries.get(entry.next as usize)
    }
}
