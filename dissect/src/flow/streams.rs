//! Conversations between two ends, numbered in the order in which they began.

use crate::{Address, Ends};
use hashbrown::{DefaultHashBuilder, HashTable};
use std::collections::VecDeque;
use std::hash::BuildHasher;

/// The two ends of a conversation, in an order that does not depend on who sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    low: (Address, u16),
    high: (Address, u16),
}

impl Key {
    /// The key of a packet between these ends, and whether its source is the lower one.
    pub fn new(ends: &Ends) -> (Key, bool) {
        let (from, to) = ((ends.source, ends.source_port), (ends.destination, ends.destination_port));
        if from <= to { (Key { low: from, high: to }, true) } else { (Key { low: to, high: from }, false) }
    }
}

/// A conversation that is known.
#[derive(Debug)]
struct Entry<T> {
    key: Key,
    index: u32,
    /// Whether it was met since its end in the queue was last looked at.
    used: bool,
    state: T,
}

/// Conversations, at most so many as [`Streams::new`] was told: then those go that were not met for long.
#[derive(Debug)]
pub struct Streams<T> {
    entries: Vec<Entry<T>>,
    /// The places of the entries by the hashes of their keys, keyed at random: senders choose them.
    places: HashTable<u32>,
    hasher: DefaultHashBuilder,
    /// The places too, the oldest first. One that was met meanwhile goes to the back again.
    order: VecDeque<u32>,
    most: usize,
    begun: u32,
}

impl<T: Default> Streams<T> {
    /// No conversations yet, and room for so many.
    pub fn new(most: usize) -> Streams<T> {
        let (hasher, places) = (DefaultHashBuilder::default(), HashTable::new());
        Streams { entries: Vec::new(), places, hasher, order: VecDeque::new(), most, begun: 0 }
    }
    /// How many began.
    pub fn begun(&self) -> u32 {
        self.begun
    }
    /// The conversation of a packet: its number, counted from 0, what is kept of it, and whether the packet's source is
    /// the lower of its ends. `None` if there is room for none.
    pub fn of(&mut self, ends: &Ends) -> Option<(u32, &mut T, bool)> {
        let (key, up) = Key::new(ends);
        let hash = self.hasher.hash_one(key);
        let is = |place: &u32| self.entries.get(*place as usize).is_some_and(|entry| entry.key == key);
        let place = match self.places.find(hash, is) {
            Some(place) => *place,
            None => self.begin(key, hash)?,
        };
        let entry = self.entries.get_mut(place as usize)?;
        entry.used = true;
        Some((entry.index, &mut entry.state, up))
    }
    /// The place of a new one, which an old one gives up if there are enough.
    fn begin(&mut self, key: Key, hash: u64) -> Option<u32> {
        let entry = Entry { key, index: self.begun, used: false, state: T::default() };
        let place = if self.entries.len() < self.most {
            self.entries.push(entry);
            self.entries.len() as u32 - 1
        } else {
            let place = self.shed()?;
            *self.entries.get_mut(place as usize)? = entry;
            place
        };
        self.begun = self.begun.wrapping_add(1);
        self.order.push_back(place);
        let (entries, hasher) = (&self.entries, &self.hasher);
        let of = |place: &u32| entries.get(*place as usize).map_or(0, |entry| hasher.hash_one(entry.key));
        self.places.insert_unique(hash, place, of);
        Some(place)
    }
    /// Takes out the first one that was not met for long. Answers its place.
    fn shed(&mut self) -> Option<u32> {
        loop {
            let place = self.order.pop_front()?;
            let entry = self.entries.get_mut(place as usize)?;
            if std::mem::take(&mut entry.used) {
                self.order.push_back(place);
                continue;
            }
            let hash = self.hasher.hash_one(entry.key);
            if let Ok(found) = self.places.find_entry(hash, |one| *one == place) {
                found.remove();
            }
            return Some(place);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ends(source: u32, source_port: u16, destination: u32, destination_port: u16) -> Ends {
        let (source, destination) = (Address::Ipv4(source), Address::Ipv4(destination));
        Ends { source, destination, source_port, destination_port }
    }

    #[test]
    fn both_directions_are_one_conversation() {
        let mut streams: Streams<u32> = Streams::new(10);
        let (index, state, up) = streams.of(&ends(1, 10, 2, 20)).unwrap();
        *state = 7;
        assert_eq!((index, up), (0, true));
        assert_eq!(streams.of(&ends(2, 20, 1, 10)), Some((0, &mut 7, false)));
        assert_eq!(streams.of(&ends(2, 10, 1, 20)).unwrap().0, 1);
        // The port tells the ends of one address apart.
        assert_eq!(streams.of(&ends(1, 5, 1, 4)).unwrap().0, 2);
        assert_eq!(streams.of(&ends(1, 4, 1, 5)).unwrap().0, 2);
        assert_eq!(streams.begun(), 3);
    }

    #[test]
    fn there_are_never_more_than_allowed_and_who_goes_on_stays() {
        let mut streams: Streams<()> = Streams::new(100);
        for port in 0..1000 {
            streams.of(&ends(1, port, 2, 80));
            assert_eq!(streams.of(&ends(9, 9, 9, 9)).unwrap().0, 1, "{port}");
            let known = streams.entries.len();
            assert!(known <= 100 && [streams.order.len(), streams.places.len()] == [known; 2]);
        }
        assert_eq!(streams.begun(), 1001);
    }
}
