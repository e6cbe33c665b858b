//! What one protocol said that another will come to an address and port: SDP announces RTP.

use crate::{Address, Ends, Table};
use hashbrown::{DefaultHashBuilder, HashMap};
use std::any::Any;
use std::collections::VecDeque;
use std::sync::Arc;

/// How many ends may be expected at once; the oldest go first.
pub const MOST_EXPECTED: usize = 1 << 16;

/// What was said of an end.
#[derive(Clone, Debug)]
pub struct Expectation {
    /// The index of the protocol that will come.
    pub(crate) protocol: u16,
    /// The packet that said so.
    pub packet: u64,
    /// What it said, for the protocol that comes to read by its type.
    pub said: Arc<dyn Any + Send + Sync>,
}

/// The table, the address and the port. Tables are told apart by their addresses.
type Key = (usize, Address, u16);

/// The ends at which somebody is expected. Live state: dissecting reads the decision in the packet's notes. The hash is
/// keyed at random, since senders choose the keys.
#[derive(Debug, Default)]
pub(crate) struct Expected {
    ends: HashMap<Key, (u64, Expectation), DefaultHashBuilder>,
    order: VecDeque<(u64, Key)>,
    said: u64,
}

impl Expected {
    /// Whether anything was ever said.
    pub(crate) fn used(&self) -> bool {
        self.said > 0
    }
    pub(crate) fn add(&mut self, table: &'static Table, end: (Address, u16), expectation: Expectation) {
        let key = (std::ptr::from_ref(table) as usize, end.0, end.1);
        self.said += 1;
        self.ends.insert(key, (self.said, expectation));
        self.order.push_back((self.said, key));
        while self.ends.len() > MOST_EXPECTED || self.order.len() > 2 * MOST_EXPECTED {
            let Some((said, key)) = self.order.pop_front() else { return };
            if self.ends.get(&key).is_some_and(|one| one.0 == said) {
                self.ends.remove(&key);
            }
        }
    }
    /// Who is expected at the destination, else at the source.
    pub(crate) fn find(&self, table: &'static Table, ends: &Ends) -> Option<&Expectation> {
        if self.ends.is_empty() {
            return None;
        }
        let at = |address, port| self.ends.get(&(std::ptr::from_ref(table) as usize, address, port));
        let to = at(ends.destination, ends.destination_port);
        to.or_else(|| at(ends.source, ends.source_port)).map(|one| &one.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proto::{tcp, udp};

    fn expectation(packet: u64) -> Expectation {
        Expectation { protocol: 0, packet, said: Arc::new(()) }
    }

    fn ends(source: u32, source_port: u16, destination: u32, destination_port: u16) -> Ends {
        let (source, destination) = (Address::Ipv4(source), Address::Ipv4(destination));
        Ends { source, destination, source_port, destination_port }
    }

    #[test]
    fn an_end_is_found_as_destination_before_source_and_the_last_word_holds() {
        let mut expected = Expected::default();
        assert!(!expected.used());
        expected.add(&udp::PORTS, (Address::Ipv4(1), 10), expectation(1));
        expected.add(&udp::PORTS, (Address::Ipv4(2), 20), expectation(2));
        let packet = |ends: Ends| expected.find(&udp::PORTS, &ends).map(|one| one.packet);
        assert_eq!(packet(ends(1, 10, 2, 20)), Some(2));
        assert_eq!(packet(ends(1, 10, 9, 9)), Some(1));
        assert_eq!(packet(ends(1, 11, 2, 10)), None);
        assert!(expected.find(&tcp::PORTS, &ends(1, 10, 2, 20)).is_none());
        expected.add(&udp::PORTS, (Address::Ipv4(2), 20), expectation(3));
        assert_eq!(expected.find(&udp::PORTS, &ends(1, 10, 2, 20)).unwrap().packet, 3);
    }

    #[test]
    fn what_is_expected_is_bounded_and_the_oldest_goes() {
        let mut expected = Expected::default();
        for at in 0..=MOST_EXPECTED as u32 {
            expected.add(&udp::PORTS, (Address::Ipv4(at), 1), expectation(1));
        }
        assert_eq!(expected.ends.len(), MOST_EXPECTED);
        assert!(expected.find(&udp::PORTS, &ends(0, 1, 9, 9)).is_none());
        assert!(expected.find(&udp::PORTS, &ends(1, 1, 9, 9)).is_some());
        for _ in 0..4 * MOST_EXPECTED {
            expected.add(&udp::PORTS, (Address::Ipv4(7), 1), expectation(1));
        }
        assert!(expected.order.len() <= 2 * MOST_EXPECTED);
    }
}
