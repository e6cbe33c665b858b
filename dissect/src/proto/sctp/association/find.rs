//! Which association a packet belongs to, RFC 9260, 8.4 and 8.5.

use super::{Association, Associations, EndsKey, MOST_ASSOCIATIONS, Status, Way, tsn::SIDE};
use crate::proto::sctp::Header;
use crate::proto::sctp::chunk::{Chunk, abort, cookie, init, shutdown_complete};
use crate::{Address, Ends};

impl Associations {
    /// The association of a packet; a new one if none fits.
    pub(super) fn find(&mut self, header: &Header, first: Option<&Chunk<'_>>, ends: &Ends) -> Found {
        let tag = header.verification_tag;
        if let Some((index, side)) = self.find_known(header, first) {
            return Found { index, side, news: News::None };
        }
        let kind = first.map_or(u8::MAX, |first| first.number);
        let reflected = is_reflected(first);
        let asked = kind == init::TYPE.number;
        let (mut restart_of, mut stranger) = (None, false);
        if let Some(index) = self.finder.ends.find(&key(ends)) {
            if let Some(one) = self.of_mut(index).filter(|one| one.end.is_none()) {
                let me = one.side_of(ends);
                if asked
                    && one.begun
                    && one.side(me).tag == 0
                    && one.side(me ^ 1).status == Status::CookieWait
                {
                    return Found { index, side: me, news: News::Collision };
                }
                if asked {
                    restart_of = (one.sides.iter().all(|side| side.tag != 0)).then_some(index);
                } else if one.side(me ^ 1).tag == 0 || tag == 0 {
                    return self.take(index, me, tag);
                } else {
                    one.wrong_tags += 1;
                    stranger = true;
                }
            }
        } else if let Some((index, me)) = self.by_ports(ends, first).filter(|_| !asked && tag != 0) {
            return self.take(index, me, tag);
        }
        let answers = [init::ACK.number, cookie::ACK.number];
        let side = u8::from(answers.contains(&kind));
        let index = self.add(ends, side, restart_of);
        let news = match restart_of {
            Some(before) => News::Restart(before),
            None if stranger => News::WrongTag,
            None => News::None,
        };
        if !asked && !reflected {
            self.take(index, side, tag);
        }
        Found { index, side, news }
    }
    /// The association of a packet and the side that sent it, by its tag: that of the receiver, that of the sender where the T
    /// bit is set, or that which an INIT brings.
    pub(super) fn find_known(&self, header: &Header, first: Option<&Chunk<'_>>) -> Option<Way> {
        let (tag, from, to) = (header.verification_tag, header.source_port, header.destination_port);
        let initial = first.filter(|first| first.number == init::TYPE.number);
        let initial =
            initial.and_then(|first| first.value.first_chunk()).map_or(0, |tag| u32::from_be_bytes(*tag));
        let back = |way: Way| (way.0, way.1 ^ 1);
        self.way(tag, from, to)
            .or_else(|| self.way(tag, to, from).filter(|_| is_reflected(first)).map(back))
            .or_else(|| self.way(initial, to, from).map(back))
    }
    /// The way that a tag and ports lead, if that association is still kept.
    fn way(&self, tag: u32, from: u16, to: u16) -> Option<Way> {
        if tag == 0 {
            return None;
        }
        self.finder.tags.find(&(tag, from, to)).filter(|way| way.0 >= self.dropped)
    }
    /// An association of which only one direction was seen, between the same ports but other addresses, if what the packet
    /// acknowledges or answers, its TSN or an address fits it.
    fn by_ports(&self, ends: &Ends, first: Option<&Chunk<'_>>) -> Option<(u32, u8)> {
        let index = self.finder.ends.find(&key(&without_addresses(ends)))?;
        let one = self.of(index).filter(|one| one.end.is_none())?;
        let me = if ends.source_port == ends.destination_port { 1 } else { one.side_of(ends) };
        let (mine, theirs) = (one.side(me), one.side(me ^ 1));
        let near =
            |a: u32, b: Option<u32>| b.is_some_and(|b| a.wrapping_sub(b).wrapping_add(1 << 15) < 1 << 16);
        let chunk = first?;
        let number = chunk.value.first_chunk().map_or(0, |word| u32::from_be_bytes(*word));
        let fits = match chunk.number {
            0 | 64 => near(number, mine.acked),
            3 | 16 => near(number, theirs.highest),
            5 => one.waits_for(me ^ 1, crc32c::crc32c(chunk.value)),
            _ => false,
        };
        // A port that the system gave says much, if an address says the rest.
        let fits = fits
            || ends.source_port != ends.destination_port
                && (mine.addresses.contains(&ends.source) || theirs.addresses.contains(&ends.destination));
        (theirs.tag == 0 && fits).then_some((index, me))
    }
    /// Gives the receiver of a packet its tag.
    fn take(&mut self, index: u32, me: u8, tag: u32) -> Found {
        if let Some(one) = self.all.get_mut(index.wrapping_sub(self.dropped) as usize) {
            let (from, to) = (one.side(me).port, one.side(me ^ 1).port);
            if tag != 0 && one.side(me ^ 1).tag == 0 {
                one.side_mut(me ^ 1).tag = tag;
                self.finder.tags.put((tag, from, to), (index, me));
            }
        }
        Found { index, side: me, news: News::None }
    }
    fn add(&mut self, ends: &Ends, me: u8, restart_of: Option<u32>) -> u32 {
        let index = self.dropped.wrapping_add(self.all.len() as u32) & !SIDE;
        let mut one = Association { index, restart_of, ..Association::default() };
        one.side_mut(me).port = ends.source_port;
        one.side_mut(me ^ 1).port = ends.destination_port;
        if let Some(before) = restart_of.and_then(|index| self.of_mut(index)) {
            before.restarted_by = Some(index);
            one.restarts = before.restarts + 1;
        }
        self.all.push_back(one);
        self.finder.ends.put(key(&without_addresses(ends)), index);
        if self.all.len() > MOST_ASSOCIATIONS {
            self.all.pop_front();
            self.dropped += 1;
        }
        index
    }
}

/// Which association and side a packet is from.
pub(super) struct Found {
    pub(super) index: u32,
    pub(super) side: u8,
    pub(super) news: News,
}

/// What the look-up noticed.
#[derive(Clone, Copy)]
pub(super) enum News {
    None,
    WrongTag,
    Collision,
    Restart(u32),
}

/// Whether a packet's tag is that of its sender: ABORT and SHUTDOWN COMPLETE with the T bit, RFC 9260, 8.5.1.
fn is_reflected(first: Option<&Chunk<'_>>) -> bool {
    let kinds = [abort::TYPE.number, shutdown_complete::TYPE.number];
    first.is_some_and(|first| first.flags & 1 == 1 && kinds.contains(&first.number))
}

/// The key of two ends, in whichever direction.
pub(super) fn key(ends: &Ends) -> EndsKey {
    let (a, b) = ((ends.source, ends.source_port), (ends.destination, ends.destination_port));
    let order = |end: &(Address, u16)| match end.0 {
        Address::Ipv4(address) => (end.1, u128::from(address)),
        Address::Ipv6(bytes) => (end.1, u128::from_be_bytes(bytes)),
        _ => (end.1, 0),
    };
    if order(&a) <= order(&b) { (a, b) } else { (b, a) }
}

fn without_addresses(ends: &Ends) -> Ends {
    Ends { source: Address::None, destination: Address::None, ..*ends }
}
