//! Copies of packets: what the network doubled, or what was captured twice.

/// A packet is a copy when the same one came less than this many nanoseconds before: no timer of a sender is as short
/// (RFC 9260, 16: RTO.Min is a second).
pub const COPY: i64 = 1_000_000;

/// How many packets in a row may come before the copy of the first.
const MOST: usize = 4;

/// The last packets that one side sent since the other did.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Last {
    /// The side and the path.
    way: (u8, u8),
    /// How many they are, where the next one goes.
    count: u8,
    next: u8,
    /// Checksum and time of each.
    packets: [(u32, i64); MOST],
}

impl Last {
    /// Takes a packet; answers whether it is a copy. The checksum stands for all its bytes; without one nobody can tell.
    pub(super) fn take(&mut self, side: u8, path: u8, checksum: u32, time: i64) -> bool {
        if self.way != (side, path) {
            (self.way, self.count, self.next) = ((side, path), 0, 0);
        }
        if checksum == 0 || time == 0 {
            return false;
        }
        let is_same = |one: &(u32, i64)| one.0 == checksum && time.abs_diff(one.1) < COPY.unsigned_abs();
        if self.packets.iter().take(self.count.into()).any(is_same) {
            return true;
        }
        if let Some(place) = self.packets.get_mut(usize::from(self.next)) {
            *place = (checksum, time);
        }
        (self.count, self.next) = ((self.count + 1).min(MOST as u8), (self.next + 1) % MOST as u8);
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_comes_at_once_and_before_any_answer() {
        let start = 5_000_000_000;
        let mut last = Last::default();
        assert!(!last.take(0, 0, 7, start));
        assert!(last.take(0, 0, 7, start + COPY - 1), "at once");
        assert!(!last.take(0, 0, 7, start + COPY), "not so soon any more");
        // The clocks of two interfaces.
        assert!(last.take(0, 0, 7, start + COPY - 5));
        assert!(!last.take(0, 1, 7, start + COPY), "on another path");
        assert!(!last.take(1, 1, 9, start + COPY), "the other side");
        assert!(!last.take(0, 1, 7, start + COPY), "an answer was between");
        assert!(!last.take(0, 1, 0, start), "no checksum");
        assert!(!last.take(0, 1, 0, start), "no checksum again");
    }

    #[test]
    fn so_many_packets_in_a_row_are_known() {
        for (between, is_copy) in [(MOST - 1, true), (MOST, false)] {
            let mut last = Last::default();
            last.take(0, 0, 7, 1);
            (0..between as u32).for_each(|one| assert!(!last.take(0, 0, 100 + one, 2)));
            assert_eq!(last.take(0, 0, 7, 3), is_copy, "{between}");
        }
    }
}
