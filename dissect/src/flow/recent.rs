//! What was met lately, under keys that come from the wire.

use hashbrown::{DefaultHashBuilder, HashMap};
use std::hash::Hash;

/// A map that keeps at least half of so many entries: those that were put in last. The hash is keyed at random, since senders
/// choose the keys.
///
/// ```
/// use dissect::flow::recent::Recent;
/// let mut asked = Recent::new(1 << 10);
/// asked.put(7, "who");
/// assert_eq!(asked.take(&7), Some("who"));
/// assert_eq!(asked.find(&7), None);
/// ```
#[derive(Debug)]
pub struct Recent<K, V> {
    /// Those that came since the others were last dropped.
    young: HashMap<K, V, DefaultHashBuilder>,
    old: HashMap<K, V, DefaultHashBuilder>,
    /// How many are young before they become old.
    most: usize,
}

impl<K: Eq + Hash, V> Recent<K, V> {
    /// An empty map that never has more than `most` entries.
    pub fn new(most: usize) -> Recent<K, V> {
        Recent { young: HashMap::default(), old: HashMap::default(), most: most / 2 }
    }
    /// The entry of a key.
    pub fn find(&self, key: &K) -> Option<&V> {
        self.young.get(key).or_else(|| self.old.get(key))
    }
    /// Puts an entry in, in place of one that the key may have.
    pub fn put(&mut self, key: K, value: V) {
        self.old.remove(&key);
        if self.young.len() >= self.most && !self.young.contains_key(&key) {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(key, value);
    }
    /// Takes the entry of a key out.
    pub fn take(&mut self, key: &K) -> Option<V> {
        self.young.remove(key).or_else(|| self.old.remove(key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_half_goes_and_an_entry_put_again_is_young() {
        let mut recent = Recent::new(4);
        for key in 0..4 {
            recent.put(key, key);
        }
        recent.put(0, 9);
        assert_eq!((recent.find(&0), recent.find(&1), recent.find(&3)), (Some(&9), None, Some(&3)));
        for key in 4..1000 {
            recent.put(key, key);
            assert!(recent.young.len() + recent.old.len() <= 4);
            assert_eq!(recent.find(&(key - 1)), Some(&(key - 1)));
        }
        assert_eq!((recent.take(&999), recent.take(&999)), (Some(999), None));
    }
}
