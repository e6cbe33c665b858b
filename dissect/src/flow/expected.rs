//! What one protocol said that another will come to an address and port: SDP announces RTP.

use super::records::{Record, Records};
use crate::{Address, Ends, Table};
use hashbrown::{DefaultHashBuilder, HashTable};
use std::any::Any;
use std::hash::{BuildHasher, Hash, Hasher};
use std::sync::Arc;

/// How many ends may be expected at once; the oldest go first.
pub const MOST_EXPECTED: usize = 1 << 16;

/// How many sessions are noted of one end; further ones are not.
pub const MOST_SESSIONS: usize = 256;

/// How many ends have their sessions noted in all: their numbers have 19 bits.
const MOST_ENDS: usize = (1 << 19) - 1;

/// What was said of an end.
#[derive(Debug)]
pub struct Expectation {
    /// The index of the protocol that will come.
    pub(crate) protocol: u16,
    /// The packet that said so.
    pub packet: u64,
    /// The packet that set the end up: the one that said so, or the request that it answered.
    pub since: u64,
    /// What it said, for the protocol that comes to read by its type.
    pub said: Arc<dyn Any + Send + Sync>,
    /// The number of the end's sessions, and one; 0 for none.
    pub(crate) end: u32,
}

/// The sessions that were said to use one end, in order: records, so nothing is taken from them.
#[derive(Debug)]
struct Sessions {
    /// The last packet that reads them.
    last: u64,
    /// Whether further ones may come.
    is_live: bool,
    /// The packet that said the first one. Packet numbers have 32 bits.
    since: u32,
    /// What names the first one.
    first: Arc<[u8]>,
    /// The others, if there are some: most ends have one session, and there are many ends.
    more: Option<Box<Others>>,
}

/// Further sessions of an end: the packets that said so, and what names them.
#[derive(Debug, Default)]
struct Others(Vec<(u32, Arc<[u8]>)>);

impl Record for Sessions {
    fn packet(&self) -> u64 {
        if self.is_live { u64::MAX } else { self.last }
    }
}

/// The table, the address and the port. Tables are told apart by their addresses.
type Key = (usize, Address, u16);

/// What was said last of an end.
#[derive(Debug)]
struct Entry {
    key: Key,
    /// Whether nothing else was said since.
    is_live: bool,
    said: Expectation,
}

/// The ends at which somebody is expected. Live state: dissecting reads the decision in the packet's notes.
#[derive(Debug, Default)]
pub(crate) struct Expected {
    /// What was said, in order.
    said: Records<Entry>,
    /// The numbers of what holds, by the ends. The hash is keyed at random, since senders choose the ends.
    ends: HashTable<u32>,
    hasher: DefaultHashBuilder,
    /// Whether anything was ever said.
    is_used: bool,
    sessions: Records<Sessions>,
}

impl Expected {
    /// Whether anything was ever said.
    pub(crate) fn used(&self) -> bool {
        self.is_used
    }
    /// Expects someone at an end, for the session of this name.
    pub(crate) fn add(
        &mut self,
        table: &'static Table,
        end: (Address, u16),
        mut expectation: Expectation,
        session: Option<&Arc<[u8]>>,
    ) -> u32 {
        let key = (std::ptr::from_ref(table) as usize, end.0, end.1);
        self.is_used = true;
        let (hash, next) = (hash(&self.hasher, &key), self.said.next());
        let known = self.ends.find_mut(hash, |number| is(&self.said, *number, &key));
        let old = known.and_then(|number| self.said.of_mut(std::mem::replace(number, next)));
        let is_known = old.is_some();
        let (before, since) = old.map_or((0, 0), |old| {
            old.is_live = false;
            (old.said.end, old.said.since)
        });
        // A provisional response may have said so after the request that the final one answers.
        expectation.since = expectation.since.max(since);
        expectation.end = session.map_or(before, |name| self.note(before, expectation.packet, name));
        let answer = expectation.end;
        self.said.push(Entry { key, is_live: true, said: expectation });
        if !is_known {
            let (said, hasher) = (&self.said, &self.hasher);
            let of = |number: &u32| said.of(*number).map_or(0, |one| self::hash(hasher, &one.key));
            self.ends.insert_unique(hash, next, of);
        }
        while self.ends.len() > MOST_EXPECTED || self.said.len() > 2 * MOST_EXPECTED {
            self.shed();
        }
        answer
    }
    /// Drops what was said first.
    fn shed(&mut self) {
        let number = self.said.first();
        let Some(oldest) = self.said.pop() else { return };
        if !oldest.is_live {
            return;
        }
        if let Ok(entry) = self.ends.find_entry(hash(&self.hasher, &oldest.key), |one| *one == number) {
            entry.remove();
        }
        if let Some(sessions) = self.sessions_mut(oldest.said.end) {
            sessions.is_live = false;
        }
    }
    /// The number of the sessions of an end among their records.
    fn number(&self, end: u32) -> Option<u32> {
        let first = self.sessions.first();
        Some(first.wrapping_add(end.checked_sub(1)?.wrapping_sub(first) & MOST_ENDS as u32))
    }
    fn sessions_mut(&mut self, end: u32) -> Option<&mut Sessions> {
        self.sessions.of_mut(self.number(end)?)
    }
    /// Notes that a session uses an end, which has these sessions so far.
    fn note(&mut self, before: u32, packet: u64, name: &Arc<[u8]>) -> u32 {
        if let Some(sessions) = self.sessions_mut(before) {
            sessions.last = packet;
            let mut others = sessions.more.iter().flat_map(|more| &more.0);
            if sessions.first != *name && !others.any(|one| one.1 == *name) {
                let Others(more) = &mut **sessions.more.get_or_insert_default();
                if 1 + more.len() < MOST_SESSIONS {
                    more.push((packet as u32, name.clone()));
                }
            }
            return before;
        }
        if self.sessions.len() >= MOST_ENDS - 1 {
            return 0;
        }
        let (since, first) = (packet as u32, name.clone());
        let sessions = Sessions { last: packet, is_live: true, since, first, more: None };
        let number = self.sessions.push(sessions);
        (number & MOST_ENDS as u32) + 1
    }
    /// Notes that a packet reads the sessions of an end.
    pub(crate) fn reads(&mut self, end: u32, packet: u64) {
        if let Some(sessions) = self.sessions_mut(end) {
            sessions.last = packet;
        }
    }
    /// The session of this place among those of an end, with the packet that said so.
    pub(crate) fn session(&self, end: u32, at: usize) -> Option<(u64, &Arc<[u8]>)> {
        let sessions = self.sessions.of(self.number(end)?)?;
        let Some(at) = at.checked_sub(1) else { return Some((sessions.since.into(), &sessions.first)) };
        sessions.more.as_ref()?.0.get(at).map(|(packet, name)| (u64::from(*packet), name))
    }
    /// Drops the sessions that only packets before this number read.
    pub(crate) fn forget(&mut self, before: u64) {
        self.sessions.forget(before);
    }
    /// The number of what was said of who comes to the destination, else from the source.
    pub(crate) fn find(&self, table: &'static Table, ends: &Ends) -> Option<u32> {
        if self.ends.is_empty() {
            return None;
        }
        let at = |address, port| {
            let key = (std::ptr::from_ref(table) as usize, address, port);
            self.ends.find(hash(&self.hasher, &key), |number| is(&self.said, *number, &key)).copied()
        };
        let to = at(ends.destination, ends.destination_port);
        to.or_else(|| at(ends.source, ends.source_port))
    }
    /// What was said, by its number.
    pub(crate) fn said(&self, number: u32) -> Option<&Expectation> {
        self.said.of(number).map(|one| &one.said)
    }
}

/// Whether what was said is of this end.
fn is(said: &Records<Entry>, number: u32, key: &Key) -> bool {
    said.of(number).is_some_and(|one| one.key == *key)
}

fn hash(hasher: &DefaultHashBuilder, (table, address, port): &Key) -> u64 {
    let mut state = hasher.build_hasher();
    match address {
        Address::Ipv4(address) => state.write_u64(u64::from(*address) << 32 | u64::from(*port)),
        address => (address, port).hash(&mut state),
    }
    state.write_usize(*table);
    state.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proto::{tcp, udp};

    fn expectation(packet: u64) -> Expectation {
        Expectation { protocol: 0, packet, since: packet, said: Arc::new(()), end: 0 }
    }

    fn ends(source: u32, source_port: u16, destination: u32, destination_port: u16) -> Ends {
        let (source, destination) = (Address::Ipv4(source), Address::Ipv4(destination));
        Ends { source, destination, source_port, destination_port }
    }

    #[test]
    fn an_end_is_found_as_destination_before_source_and_the_last_word_holds() {
        let mut expected = Expected::default();
        assert!(!expected.used());
        expected.add(&udp::PORTS, (Address::Ipv4(1), 10), expectation(1), None);
        expected.add(&udp::PORTS, (Address::Ipv4(2), 20), expectation(2), None);
        let packet = |ends: Ends| Some(expected.said(expected.find(&udp::PORTS, &ends)?)?.packet);
        assert_eq!(packet(ends(1, 10, 2, 20)), Some(2));
        assert_eq!(packet(ends(1, 10, 9, 9)), Some(1));
        assert_eq!(packet(ends(1, 11, 2, 10)), None);
        assert!(expected.find(&tcp::PORTS, &ends(1, 10, 2, 20)).is_none());
        expected.add(&udp::PORTS, (Address::Ipv4(2), 20), expectation(3), None);
        let number = expected.find(&udp::PORTS, &ends(1, 10, 2, 20)).unwrap();
        assert_eq!(expected.said(number).unwrap().packet, 3);
    }

    #[test]
    fn what_is_expected_is_bounded_and_the_oldest_goes() {
        let mut expected = Expected::default();
        for at in 0..=MOST_EXPECTED as u32 {
            expected.add(&udp::PORTS, (Address::Ipv4(at), 1), expectation(1), None);
        }
        assert_eq!(expected.ends.len(), MOST_EXPECTED);
        assert!(expected.find(&udp::PORTS, &ends(0, 1, 9, 9)).is_none());
        assert!(expected.find(&udp::PORTS, &ends(1, 1, 9, 9)).is_some());
        for _ in 0..4 * MOST_EXPECTED {
            expected.add(&udp::PORTS, (Address::Ipv4(7), 1), expectation(1), None);
        }
        assert!(expected.said.len() <= 2 * MOST_EXPECTED);
    }

    #[test]
    fn the_sessions_of_an_end_are_told_in_order_and_bounded() {
        let mut expected = Expected::default();
        let name = |at: u64| Arc::from(at.to_string().into_bytes());
        let add = |expected: &mut Expected, address: u32, packet: u64, session: u64| {
            let end = (Address::Ipv4(address), 1);
            expected.add(&udp::PORTS, end, expectation(packet), Some(&name(session)))
        };
        let first = add(&mut expected, 1, 1, 7);
        assert_eq!((add(&mut expected, 1, 2, 7), add(&mut expected, 1, 3, 8)), (first, first));
        let second = add(&mut expected, 2, 4, 7);
        assert_ne!(first, second);
        assert_eq!(expected.session(first, 0), Some((1, &name(7))));
        assert_eq!(expected.session(first, 1), Some((3, &name(8))));
        assert_eq!((expected.session(first, 2), expected.session(0, 0)), (None, None));
        for session in 0..2 * MOST_SESSIONS as u64 {
            add(&mut expected, 1, 5, session);
        }
        assert!(expected.session(first, MOST_SESSIONS - 1).is_some());
        assert_eq!(expected.session(first, MOST_SESSIONS), None);
        // What is live stays; what is not goes when nobody reads it any more.
        expected.forget(100);
        assert!(expected.session(first, 0).is_some());
        for address in 10..10 + MOST_EXPECTED as u32 {
            add(&mut expected, address, 6, 1);
        }
        expected.reads(second, 9);
        expected.forget(9);
        assert_eq!((expected.session(first, 0), expected.session(second, 0)), (None, Some((4, &name(7)))));
        expected.forget(10);
        assert_eq!((expected.session(second, 0), expected.sessions.len()), (None, MOST_EXPECTED));
    }
}
