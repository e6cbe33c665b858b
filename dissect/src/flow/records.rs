//! What learning notes for dissecting: appended, found by number, dropped from the front.

use std::collections::VecDeque;

/// How many records stand in one segment: the store grows without being copied.
const SEGMENT: usize = 1 << 10;

/// A record of a packet.
pub trait Record {
    /// The number of the packet that needs it.
    fn packet(&self) -> u64;
}

/// Records in the order of their packets. A record's number stays its own, also when earlier ones are forgotten.
///
/// ```
/// use dissect::flow::records::{Record, Records};
/// struct Sent(u64);
/// impl Record for Sent {
///     fn packet(&self) -> u64 {
///         self.0
///     }
/// }
/// let mut records = Records::default();
/// let (first, second) = (records.push(Sent(1)), records.push(Sent(2)));
/// records.forget(2);
/// assert!(records.of(first).is_none());
/// assert_eq!(records.of(second).unwrap().packet(), 2);
/// ```
#[derive(Debug)]
pub struct Records<T> {
    /// All but the first and the last are full.
    segments: VecDeque<VecDeque<T>>,
    /// The number of the first record that is kept.
    first: u32,
    len: usize,
    /// How many more the last segment takes.
    room: usize,
}

impl<T> Default for Records<T> {
    fn default() -> Records<T> {
        Records { segments: VecDeque::new(), first: 0, len: 0, room: 0 }
    }
}

impl<T> Records<T> {
    /// How many are kept.
    pub fn len(&self) -> usize {
        self.len
    }
    /// Whether none is kept.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }
    /// The number of the first record that is kept.
    pub fn first(&self) -> u32 {
        self.first
    }
    /// The number that the next record will have.
    #[inline]
    pub fn next(&self) -> u32 {
        self.first.wrapping_add(self.len as u32)
    }
    /// Appends a record. Answers its number.
    #[inline]
    pub fn push(&mut self, record: T) -> u32 {
        let number = self.next();
        if self.room == 0 {
            self.make_room();
        }
        self.room -= 1;
        if let Some(last) = self.segments.back_mut() {
            last.push_back(record);
            self.len += 1;
        }
        number
    }
    /// Makes the last segment one that takes more. Only the first one may be empty, and then it is that.
    #[cold]
    fn make_room(&mut self) {
        if self.len > 0 || self.segments.is_empty() {
            self.segments.push_back(VecDeque::with_capacity(SEGMENT));
        }
        self.room = SEGMENT - self.next() as usize % SEGMENT;
    }
    /// How many records the first segment has lost.
    #[inline]
    fn gone(&self) -> usize {
        self.first as usize % SEGMENT
    }
    /// The segment of a record and its place there.
    #[inline]
    fn place(&self, number: u32) -> Option<(usize, usize)> {
        let at = number.wrapping_sub(self.first) as usize;
        if at >= self.len {
            return None;
        }
        let at = at + self.gone();
        let (segment, place) = (at / SEGMENT, at % SEGMENT);
        Some((segment, if segment == 0 { place - self.gone() } else { place }))
    }
    /// The record of this number, unless it was forgotten.
    #[inline]
    pub fn of(&self, number: u32) -> Option<&T> {
        let (segment, place) = self.place(number)?;
        self.segments.get(segment)?.get(place)
    }
    /// The record of this number, to fill in what later packets brought.
    #[inline]
    pub fn of_mut(&mut self, number: u32) -> Option<&mut T> {
        let (segment, place) = self.place(number)?;
        self.segments.get_mut(segment)?.get_mut(place)
    }
    /// Drops the first record and gives it back: for stores that a number bounds.
    pub fn pop(&mut self) -> Option<T> {
        let first = self.segments.front_mut()?.pop_front()?;
        self.first = self.first.wrapping_add(1);
        self.len -= 1;
        if self.segments.len() > 1 && self.segments.front().is_some_and(VecDeque::is_empty) {
            self.segments.pop_front();
        }
        Some(first)
    }
    /// The records that are kept, in order.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.segments.iter().flatten()
    }
}

impl<T: Record> Records<T> {
    /// Drops the records of packets before this number.
    pub fn forget(&mut self, before: u64) {
        while let Some(segment) = self.segments.front_mut() {
            while segment.front().is_some_and(|record| record.packet() < before) {
                segment.pop_front();
                self.first = self.first.wrapping_add(1);
                self.len -= 1;
            }
            if self.segments.len() == 1 || !self.segments.front().is_some_and(VecDeque::is_empty) {
                return;
            }
            self.segments.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq)]
    struct One(u64);
    impl Record for One {
        fn packet(&self) -> u64 {
            self.0
        }
    }

    #[test]
    fn numbers_stay_over_segments_and_forgetting() {
        let mut records = Records::default();
        let most = 3 * SEGMENT as u64 + 5;
        for packet in 0..most {
            assert_eq!(records.push(One(packet)), packet as u32);
        }
        for before in [0, 1, SEGMENT as u64 - 1, SEGMENT as u64, SEGMENT as u64 + 1, most - 1] {
            records.forget(before);
            assert_eq!(records.len() as u64, most - before);
            for packet in 0..most {
                let found = records.of(packet as u32);
                assert_eq!(found, (packet >= before).then_some(&One(packet)), "{packet} of {before}");
            }
        }
        assert_eq!(records.push(One(most)), most as u32);
        assert_eq!(records.of_mut(most as u32), Some(&mut One(most)));
        assert_eq!(records.of(most as u32 + 1), None);
    }

    #[test]
    fn the_first_is_popped_and_numbers_stay() {
        let mut records = Records::default();
        for packet in 0..=2 * SEGMENT as u64 {
            records.push(One(packet));
        }
        for packet in 0..2 * SEGMENT as u64 {
            assert_eq!(records.pop(), Some(One(packet)));
            assert_eq!(records.of(packet as u32), None);
            assert_eq!(records.of(packet as u32 + 1), Some(&One(packet + 1)));
        }
        assert_eq!((records.len(), records.segments.len()), (1, 1));
        assert_eq!((records.pop(), records.pop()), (Some(One(2 * SEGMENT as u64)), None));
        assert_eq!(records.push(One(9)), 2 * SEGMENT as u32 + 1);
        assert_eq!(records.of(2 * SEGMENT as u32 + 1), Some(&One(9)));
    }

    #[test]
    fn forgetting_all_and_going_on_keeps_one_segment_and_wraps() {
        let mut records = Records { first: u32::MAX - 10, ..Records::default() };
        for packet in 0..5 * SEGMENT as u64 {
            let number = records.push(One(packet));
            assert_eq!(records.of(number), Some(&One(packet)));
            records.forget(packet + 1);
            assert!(records.is_empty() && records.segments.len() <= 1);
        }
    }
}
