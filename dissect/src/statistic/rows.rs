//! Rows of what is counted by a key, bounded in number.

use hashbrown::{DefaultHashBuilder, HashMap};
use std::hash::Hash;

/// Rows in the order in which their keys were met.
#[derive(Debug)]
pub(super) struct Rows<K, R> {
    index: HashMap<K, u32, DefaultHashBuilder>,
    all: Vec<R>,
    most: usize,
    /// How often a further row would have been needed.
    pub(super) left_out: u64,
}

impl<K: Eq + Hash, R> Rows<K, R> {
    /// No rows yet, and room for so many.
    pub(super) fn new(most: usize) -> Rows<K, R> {
        Rows { index: HashMap::default(), all: Vec::new(), most, left_out: 0 }
    }
    /// The row of a key, a new one at its first time; `None` when there is no room for it.
    pub(super) fn of(&mut self, key: K, new: impl FnOnce() -> R) -> Option<&mut R> {
        let at = match self.index.get(&key) {
            Some(at) => *at,
            None if self.all.len() >= self.most => {
                self.left_out += 1;
                return None;
            }
            None => {
                let at = self.all.len() as u32;
                self.index.insert(key, at);
                self.all.push(new());
                at
            }
        };
        self.all.get_mut(at as usize)
    }
    /// The rows.
    pub(super) fn all(&self) -> &[R] {
        &self.all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_found_again_and_bounded() {
        let mut rows: Rows<u32, u64> = Rows::new(2);
        for key in [7, 8, 7, 9, 9, 8] {
            if let Some(row) = rows.of(key, || 0) {
                *row += 1;
            }
        }
        assert_eq!((rows.all(), rows.left_out), (&[2, 2][..], 2));
    }
}
