//! Conversations between two ends, numbered in the order in which they began.

use crate::{Address, Ends};
use hashbrown::{DefaultHashBuilder, HashMap};
use std::collections::VecDeque;

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
    index: u32,
    /// Whether it was met since its end in the queue was last looked at.
    used: bool,
    state: T,
}

/// Conversations, at most so many as [`Streams::new`] was told: then those go that were not met for long.
#[derive(Debug)]
pub struct Streams<T> {
    live: HashMap<Key, Entry<T>, DefaultHashBuilder>,
    /// Their keys, the oldest first. One that was met meanwhile goes to the back again.
    order: VecDeque<Key>,
    most: usize,
    begun: u32,
}

impl<T: Default> Streams<T> {
    /// No conversations yet, and room for so many.
    pub fn new(most: usize) -> Streams<T> {
        Streams { live: HashMap::default(), order: VecDeque::new(), most, begun: 0 }
    }
    /// How many began.
    pub fn begun(&self) -> u32 {
        self.begun
    }
    /// The conversation of a packet: its number, counted from 0, what is kept of it, and whether the packet's source is
    /// the lower of its ends.
    pub fn of(&mut self, ends: &Ends) -> (u32, &mut T, bool) {
        let (key, up) = Key::new(ends);
        if !self.live.contains_key(&key) {
            self.shed();
            self.order.push_back(key);
        }
        let begun = &mut self.begun;
        let entry = self.live.entry(key).or_insert_with(|| {
            *begun = begun.wrapping_add(1);
            Entry { index: begun.wrapping_sub(1), used: false, state: T::default() }
        });
        entry.used = true;
        (entry.index, &mut entry.state, up)
    }
    /// Makes room for one more.
    fn shed(&mut self) {
        while self.live.len() >= self.most {
            let Some(key) = self.order.pop_front() else { return };
            match self.live.get_mut(&key) {
                Some(entry) if entry.used => {
                    entry.used = false;
                    self.order.push_back(key);
                }
                _ => drop(self.live.remove(&key)),
            }
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
        let (index, state, up) = streams.of(&ends(1, 10, 2, 20));
        *state = 7;
        assert_eq!((index, up), (0, true));
        assert_eq!(streams.of(&ends(2, 20, 1, 10)), (0, &mut 7, false));
        assert_eq!(streams.of(&ends(2, 10, 1, 20)).0, 1);
        // The port tells the ends of one address apart.
        assert_eq!(streams.of(&ends(1, 5, 1, 4)).0, 2);
        assert_eq!(streams.of(&ends(1, 4, 1, 5)).0, 2);
        assert_eq!(streams.begun(), 3);
    }

    #[test]
    fn there_are_never_more_than_allowed_and_who_goes_on_stays() {
        let mut streams: Streams<()> = Streams::new(100);
        for port in 0..1000 {
            streams.of(&ends(1, port, 2, 80));
            assert_eq!(streams.of(&ends(9, 9, 9, 9)).0, 1, "{port}");
            assert!(streams.live.len() <= 100 && streams.order.len() == streams.live.len());
        }
        assert_eq!(streams.begun(), 1001);
    }
}
