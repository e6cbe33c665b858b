//! A map of bounded size whose keys come from the wire.

use hashbrown::{DefaultHashBuilder, HashMap};
use std::collections::VecDeque;
use std::hash::Hash;

/// A map that holds so many entries at most; the oldest goes first. The hash is keyed at random, since senders choose the keys.
#[derive(Debug)]
pub(super) struct Table<K, V> {
    entries: HashMap<K, (u64, V), DefaultHashBuilder>,
    order: VecDeque<(u64, K)>,
    added: u64,
    most: usize,
}

impl<K: Copy + Eq + Hash, V: Copy> Table<K, V> {
    pub(super) fn new(most: usize) -> Table<K, V> {
        Table { entries: HashMap::default(), order: VecDeque::new(), added: 0, most }
    }
    #[inline]
    pub(super) fn find(&self, key: &K) -> Option<V> {
        self.entries.get(key).map(|entry| entry.1)
    }
    /// Puts an entry in, in place of one that the key may have.
    pub(super) fn put(&mut self, key: K, value: V) {
        if let Some(entry) = self.entries.get_mut(&key) {
            entry.1 = value;
            return;
        }
        self.added += 1;
        self.entries.insert(key, (self.added, value));
        self.order.push_back((self.added, key));
        while self.order.len() > self.most {
            let Some((added, key)) = self.order.pop_front() else { return };
            if self.entries.get(&key).is_some_and(|entry| entry.0 == added) {
                self.entries.remove(&key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_entry_goes_and_an_entry_put_again_keeps_its_place() {
        let mut table = Table::new(3);
        for key in 0..3 {
            table.put(key, key);
        }
        table.put(0, 9);
        assert_eq!((table.find(&0), table.find(&2)), (Some(9), Some(2)));
        table.put(3, 3);
        assert_eq!((table.find(&0), table.find(&1), table.find(&3)), (None, Some(1), Some(3)));
        assert_eq!((table.entries.len(), table.order.len()), (3, 3));
    }
}
