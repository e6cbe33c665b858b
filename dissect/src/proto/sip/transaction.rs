//! Transactions, RFC 3261, 17: which response answers which request, what was sent again, and how long it took.
//!
//! A transaction is found by its CSeq, by the branch of the first Via and by the two ends (17.1.3, 17.2.3); without a
//! branch of RFC 3261 by CSeq and ends alone. An ACK belongs to the INVITE of its number, whatever its branch (13.2.2.4).

use super::method::Method;
use crate::flow::records::Record;
use crate::{Cx, Show, fields};

fields! {
    /// The message was sent before: the same request, or the same final response to it.
    pub RESEND = "sip.resend", "Resent Packet", Show::flag().words("True", "False"), "RFC 3261, 17.1.1.2";
    /// The packet that first brought what is sent again.
    pub RESEND_ORIGINAL = "sip.resend-original", "Suspected resend of frame", Show::packet(), "RFC 3261, 17.1.1.2";
    /// The packet with the request that is answered; for an ACK the one with its INVITE.
    pub RESPONSE_REQUEST = "sip.response-request", "Request Frame", Show::packet(), "RFC 3261, 17.1.3";
    /// How long after the request it came, in milliseconds.
    pub RESPONSE_TIME = "sip.response-time", "Response Time (ms)", Show::u32(), "RFC 3261, 17.1.3";
    /// How long after a BYE its response came, in milliseconds.
    pub RELEASE_TIME = "sip.release-time", "Release Time (ms)", Show::u32(), "RFC 3261, 15";
}

/// A packet and its time. Calls have many of them: it takes 12 bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moment {
    /// The number of the packet, up to 2³² − 1; 0 for none.
    pub packet: u32,
    /// The halves of the time.
    time: [u32; 2],
}

impl Moment {
    /// A packet of this number and time.
    pub const fn new(packet: u32, time: i64) -> Moment {
        Moment { packet, time: [(time as u64 >> 32) as u32, time as u32] }
    }
    /// Its time in nanoseconds since 1970; 0 where the capture has none.
    pub const fn time(self) -> i64 {
        ((self.time[0] as u64) << 32 | self.time[1] as u64) as i64
    }
    /// Whether there is one.
    pub fn is_known(self) -> bool {
        self.packet != 0
    }
    /// The milliseconds since an earlier moment, as Wireshark reckons them: seconds and what is below a second apart, each
    /// rounded towards zero. 0 where time goes back.
    pub fn milliseconds_since(self, earlier: Moment) -> u32 {
        const SECOND: i64 = 1_000_000_000;
        let (now, then) = (self.time(), earlier.time());
        let seconds = now.div_euclid(SECOND) - then.div_euclid(SECOND);
        let below = now.rem_euclid(SECOND) - then.rem_euclid(SECOND);
        let milliseconds = seconds.saturating_mul(1000).saturating_add(below / 1_000_000);
        u32::try_from(milliseconds.max(0)).unwrap_or(u32::MAX)
    }
}

/// What a message is told about others.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Told {
    pub(super) packet: u32,
    /// The packet that brought the same before; 0 for none.
    pub(super) original: u32,
    /// The packet of the request; 0 for none.
    pub(super) request: u32,
    /// Milliseconds since the request.
    pub(super) after: u32,
}

impl Record for Told {
    fn packet(&self) -> u64 {
        self.packet.into()
    }
}

impl Told {
    /// Adds what is told to the tree; `place` is the empty place where the message begins, `releases` says whether it answers
    /// a BYE.
    pub(super) fn emit(&self, cx: &mut Cx<'_>, place: &[u8], releases: bool) {
        cx.generated(&RESEND, place, (self.original != 0).into());
        if self.original != 0 {
            cx.generated(&RESEND_ORIGINAL, place, self.original.into());
        }
        if self.request != 0 {
            cx.generated(&RESPONSE_REQUEST, place, self.request.into());
            cx.generated(&RESPONSE_TIME, place, self.after.into());
            if releases {
                cx.generated(&RELEASE_TIME, place, self.after.into());
            }
        }
    }
}

/// How many transactions of a call can be found again; the oldest goes first.
pub const MOST_TRANSACTIONS: usize = 16;

/// What identifies the transaction of a message. Ends are numbers within the call: the sender's of the request first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) cseq: u32,
    pub(super) method: Method,
    pub(super) from: u8,
    pub(super) to: u8,
    /// A hash of the branch; 0 for none.
    pub(super) branch: u32,
}

/// A transaction as far as later messages need it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Transaction {
    key: Key,
    /// The first request; none if only responses were seen.
    pub(super) request: Moment,
    /// The packet of the last final response, its code and a hash of its tag.
    answer: (u32, u16, u32),
}

/// The transactions of a call, the latest last.
#[derive(Debug, Default)]
pub(super) struct Transactions(Vec<Transaction>);

impl Transactions {
    /// Begins anew, with the room that it had.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
    fn find(&mut self, is: impl Fn(&Key) -> bool) -> Option<&mut Transaction> {
        self.0.iter_mut().rev().find(|one| is(&one.key))
    }
    fn add(&mut self, one: Transaction) {
        if self.0.len() >= MOST_TRANSACTIONS {
            self.0.remove(0);
        }
        super::call::push(&mut self.0, one);
    }
    /// Takes a request that is no ACK. Answers the packet that brought it first, or 0.
    pub(super) fn request(&mut self, key: Key, now: Moment) -> u32 {
        match self.find(|one| *one == key) {
            Some(one) if one.request.is_known() => return one.request.packet,
            Some(one) => one.request = now,
            None => self.add(Transaction { key, request: now, answer: (0, 0, 0) }),
        }
        0
    }
    /// Takes a response with the code and a hash of its tag. Answers the packet that brought it first, if it is a final
    /// one, or 0; and when its request came.
    pub(super) fn response(&mut self, key: Key, code: u16, tag: u32, now: Moment) -> (u32, Moment) {
        let exact = self.0.iter().any(|one| one.key == key);
        // A response may go to another port than the request came from, RFC 3261, 18.2.2: then the branch decides.
        let like = |one: &Key| {
            *one == key || !exact && key.branch != 0 && Key { from: key.from, to: key.to, ..*one } == key
        };
        let (mut original, is_final) = (0, code >= 200);
        if let Some(one) = self.find(like) {
            let (packet, last, of) = one.answer;
            if is_final && (last, of) == (code, tag) {
                original = packet;
            } else if is_final {
                one.answer = (now.packet, code, tag);
            }
            return (original, one.request);
        }
        let answer = if is_final { (now.packet, code, tag) } else { (0, 0, 0) };
        self.add(Transaction { key, request: Moment::default(), answer });
        (0, Moment::default())
    }
    /// When the INVITE of an ACK came. The ACK of a 2xx has a branch of its own and may take another way.
    pub(super) fn invite(&self, ack: Key) -> Moment {
        let near = |one: &Transaction| {
            let key = one.key;
            let is = key.method == Method::INVITE && key.cseq == ack.cseq && key.from == ack.from;
            is.then_some((key.branch == ack.branch && key.to == ack.to, key.to == ack.to))
        };
        let best = self.0.iter().filter_map(|one| Some((near(one)?, one.request))).max_by_key(|one| one.0);
        best.map_or_else(Moment::default, |one| one.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INVITE: Key = Key { cseq: 1, method: Method::INVITE, from: 0, to: 1, branch: 7 };

    fn at(packet: u32) -> Moment {
        Moment::new(packet, i64::from(packet) * 1_000_000)
    }

    #[test]
    fn responses_find_their_requests() {
        let mut all = Transactions::default();
        assert_eq!(all.request(INVITE, at(1)), 0);
        assert_eq!(all.request(INVITE, at(2)), 1);
        assert_eq!(all.response(INVITE, 180, 0, at(3)), (0, at(1)));
        // A provisional response may be repeated by intent, RFC 3261, 13.3.1.1.
        assert_eq!(all.response(INVITE, 180, 0, at(4)), (0, at(1)));
        assert_eq!(all.response(INVITE, 200, 5, at(5)), (0, at(1)));
        assert_eq!(all.response(INVITE, 200, 5, at(6)), (5, at(1)));
        // A fork's answer is another one.
        assert_eq!(all.response(INVITE, 200, 6, at(7)), (0, at(1)));
        let cancel = Key { method: Method::CANCEL, ..INVITE };
        assert_eq!((all.request(cancel, at(8)), all.request(cancel, at(9))), (0, 8));
        assert_eq!(all.response(INVITE, 487, 5, at(10)), (0, at(1)));
        // To another port, the branch being the same.
        assert_eq!(all.response(Key { from: 4, ..INVITE }, 487, 5, at(11)), (10, at(1)));
        assert_eq!(all.response(Key { branch: 8, ..INVITE }, 200, 5, at(12)), (0, Moment::default()));
        let other = Key { cseq: 2, branch: 0, ..INVITE };
        assert_eq!(all.response(other, 200, 5, at(13)), (0, Moment::default()));
        assert_eq!(all.response(other, 200, 5, at(14)), (13, Moment::default()));
        assert_eq!(all.request(other, at(15)), 0);
        assert_eq!(all.response(other, 200, 5, at(16)), (13, at(15)));
    }

    #[test]
    fn an_ack_belongs_to_the_invite_of_its_number() {
        let mut all = Transactions::default();
        all.request(INVITE, at(1));
        all.request(Key { to: 2, branch: 8, ..INVITE }, at(2));
        all.request(Key { cseq: 2, branch: 9, ..INVITE }, at(3));
        let ack = Key { method: Method::ACK, branch: 99, ..INVITE };
        assert_eq!(all.invite(ack), at(1));
        assert_eq!(all.invite(Key { to: 2, branch: 8, ..ack }), at(2));
        assert_eq!(all.invite(Key { cseq: 2, to: 5, ..ack }), at(3));
        assert_eq!(all.invite(Key { cseq: 3, ..ack }), Moment::default());
    }

    #[test]
    fn the_oldest_transaction_goes() {
        let mut all = Transactions::default();
        for cseq in 0..=MOST_TRANSACTIONS as u32 {
            assert_eq!(all.request(Key { cseq, ..INVITE }, at(cseq + 1)), 0);
        }
        assert_eq!(all.0.len(), MOST_TRANSACTIONS);
        assert_eq!(all.request(Key { cseq: 1, ..INVITE }, at(90)), 2);
        assert_eq!(all.request(Key { cseq: 0, ..INVITE }, at(91)), 0);
    }

    #[test]
    fn milliseconds_are_wiresharks() {
        let at = |time: i64| Moment::new(1, time);
        assert_eq!(at(7_999_999).milliseconds_since(at(0)), 7);
        // Half a second over the second's turn: 1000 - 499.
        assert_eq!(at(1_446_468_000).milliseconds_since(at(946_135_000)), 501);
        assert_eq!(at(0).milliseconds_since(at(5_000_000)), 0);
        assert_eq!(at(i64::MAX).milliseconds_since(at(i64::MIN)), u32::MAX);
    }
}
