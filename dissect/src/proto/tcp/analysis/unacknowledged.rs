//! What was sent and waits for its acknowledgment.

use super::before;
use std::collections::VecDeque;

/// How many segments of one side may wait for their acknowledgment; the oldest go first.
pub const MOST_UNACKNOWLEDGED: usize = 1 << 13;

/// A segment that waits for its acknowledgment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sent {
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) packet: u32,
    pub(super) time: i64,
}

/// What one side sent that the other did not acknowledge yet.
#[derive(Debug, Default)]
pub(super) struct Unacknowledged {
    pub(super) sent: VecDeque<Sent>,
    /// Not in the order of their ends: some were sent again.
    pub(super) mixed: bool,
    pub(super) lowest: u32,
    pub(super) highest: u32,
    /// How many bytes of them the other side acknowledged selectively.
    pub(super) sacked: u32,
}

impl Unacknowledged {
    pub(super) fn push(&mut self, one: Sent) {
        if self.sent.is_empty() {
            (self.lowest, self.highest, self.mixed) = (one.start, one.end, false);
        } else {
            self.mixed |= before(one.end, self.highest);
            if before(one.start, self.lowest) {
                self.lowest = one.start;
            }
            if before(self.highest, one.end) {
                self.highest = one.end;
            }
        }
        if self.sent.len() >= MOST_UNACKNOWLEDGED {
            self.sent.pop_front();
        }
        self.sent.push_back(one);
    }
    /// Takes out what an acknowledgment covers. Answers the oldest one that ends where it does.
    pub(super) fn acknowledge(&mut self, number: u32) -> Option<Sent> {
        if !self.mixed {
            let mut exact = None;
            while let Some(one) = self.sent.front().filter(|one| !before(number, one.end)) {
                if one.end == number && exact.is_none() {
                    exact = Some(*one);
                }
                self.sent.pop_front();
            }
            if let Some(one) = self.sent.front_mut() {
                if before(one.start, number) {
                    one.start = number;
                }
                if before(self.lowest, number) {
                    self.lowest = one.start;
                }
            }
            return exact;
        }
        let exact = self.sent.iter().find(|one| one.end == number).copied();
        self.sent.retain(|one| before(number, one.end));
        let (mut mixed, mut last, mut lowest) = (false, None, None);
        for one in &mut self.sent {
            if before(one.start, number) {
                one.start = number;
            }
            mixed |= last.is_some_and(|last| before(one.end, last));
            last = Some(one.end);
            lowest = Some(
                lowest.map_or(one.start, |lowest| if before(one.start, lowest) { one.start } else { lowest }),
            );
        }
        self.mixed = mixed;
        self.lowest = lowest.unwrap_or(number);
        exact
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(packet: u32, start: u32, end: u32) -> Sent {
        Sent { start, end, packet, time: 0 }
    }

    fn waiting(all: &[Sent]) -> Unacknowledged {
        let mut waiting = Unacknowledged::default();
        for one in all {
            waiting.push(*one);
        }
        waiting
    }

    fn left(waiting: &Unacknowledged) -> Vec<(u32, u32, u32)> {
        waiting.sent.iter().map(|one| (one.packet, one.start, one.end)).collect()
    }

    #[test]
    fn an_acknowledgment_takes_out_what_it_covers_over_the_end_of_the_numbers() {
        let end = u32::MAX - 4;
        let mut waiting = waiting(&[sent(1, end, 5), sent(2, 5, 15), sent(3, 15, 25)]);
        assert_eq!(waiting.acknowledge(end), None);
        assert_eq!(waiting.acknowledge(5).map(|one| one.packet), Some(1));
        assert_eq!(waiting.acknowledge(10), None, "a part of a segment is no round trip");
        assert_eq!((left(&waiting), waiting.lowest), (vec![(2, 10, 15), (3, 15, 25)], 10));
        assert_eq!(waiting.acknowledge(100), None);
        assert!(waiting.sent.is_empty());
    }

    #[test]
    fn of_segments_that_were_sent_again_the_oldest_is_acknowledged() {
        let mut waiting = waiting(&[sent(1, 0, 10), sent(2, 10, 20), sent(3, 0, 10), sent(4, 20, 30)]);
        assert!(waiting.mixed);
        assert_eq!(waiting.acknowledge(10).map(|one| one.packet), Some(1));
        assert_eq!((left(&waiting), waiting.mixed), (vec![(2, 10, 20), (4, 20, 30)], false));
    }

    #[test]
    fn segments_that_wait_are_bounded() {
        let most = MOST_UNACKNOWLEDGED as u32;
        let waiting = waiting(&(0..=most).map(|at| sent(at, at, at + 1)).collect::<Vec<_>>());
        assert_eq!(waiting.sent.len(), MOST_UNACKNOWLEDGED);
        assert_eq!(waiting.sent.front().map(|one| one.packet), Some(1));
    }
}
