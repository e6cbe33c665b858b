//! What the messages of a capture come to: how many there are of each method and status, and how long calls took to be
//! set up.

use super::method::Method;
use super::start_line::METHODS;

/// How many methods that are not registered are counted by name.
pub const MOST_METHODS: usize = 32;

/// How many bytes of the name of such a method are kept.
const MOST_NAME: usize = 32;

/// Status codes begin with 100 and end before this one: RFC 3261, 7.2.
const CODES: u16 = 700;

/// Counts of messages, as Wireshark's SIP statistics make them.
#[derive(Clone, Debug, Default)]
pub struct Counters {
    messages: u64,
    resent: u64,
    codes: Vec<u64>,
    methods: [u64; 14],
    others: Vec<(Box<[u8]>, u64)>,
    setup: Times,
    is_paused: bool,
}

/// How long something took, in milliseconds, over all times that it was seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Times {
    /// How often it was seen.
    pub count: u64,
    /// All together.
    pub total: u64,
    /// The shortest; 0 if it was never seen.
    pub least: u32,
    /// The longest.
    pub most: u32,
}

impl Times {
    /// The average, rounded down; 0 if it was never seen.
    pub fn average(&self) -> u64 {
        self.total.checked_div(self.count).unwrap_or(0)
    }
    pub(super) fn add(&mut self, milliseconds: u32) {
        self.least = if self.count == 0 { milliseconds } else { self.least.min(milliseconds) };
        self.most = self.most.max(milliseconds);
        self.count += 1;
        self.total += u64::from(milliseconds);
    }
}

impl Counters {
    /// How many messages there were.
    pub fn messages(&self) -> u64 {
        self.messages
    }
    /// How many of them were sent before.
    pub fn resent(&self) -> u64 {
        self.resent
    }
    /// The status codes of responses in ascending order, with how many there were of each.
    pub fn codes(&self) -> impl Iterator<Item = (u16, u64)> {
        (0..CODES).zip(self.codes.iter().copied()).filter(|one| one.1 > 0)
    }
    /// The methods of requests, the registered ones first, with how many there were of each.
    pub fn methods(&self) -> impl Iterator<Item = (&[u8], u64)> {
        let known = METHODS.iter().map(|name| name.as_bytes()).zip(self.methods.iter().copied());
        known.filter(|one| one.1 > 0).chain(self.others.iter().map(|one| (&*one.0, one.1)))
    }
    /// How long it took from an INVITE, or from the request sent last, to the ACK, over datagrams: what Wireshark calls
    /// the setup time. Those of less than a millisecond are left out, as there: an ACK to a request of the same moment.
    pub fn setup(&self) -> Times {
        self.setup
    }
    /// Says whether what follows is not counted.
    pub(super) fn pause(&mut self, is_paused: bool) {
        self.is_paused = is_paused;
    }
    pub(super) fn request(&mut self, method: Method, name: &[u8]) {
        if self.is_paused {
            return;
        }
        self.messages += 1;
        if let Some(count) = method.index().and_then(|at| self.methods.get_mut(at)) {
            *count += 1;
            return;
        }
        let name = name.get(..MOST_NAME).unwrap_or(name);
        if let Some(one) = self.others.iter_mut().find(|one| &*one.0 == name) {
            one.1 += 1;
        } else if self.others.len() < MOST_METHODS {
            self.others.push((name.into(), 1));
        }
    }
    pub(super) fn response(&mut self, code: u16) {
        if self.is_paused {
            return;
        }
        self.messages += 1;
        if self.codes.is_empty() {
            self.codes.resize(CODES.into(), 0);
        }
        if let Some(count) = self.codes.get_mut(usize::from(code)) {
            *count += 1;
        }
    }
    pub(super) fn resend(&mut self) {
        self.resent += u64::from(!self.is_paused);
    }
    pub(super) fn set_up(&mut self, milliseconds: u32) {
        if milliseconds > 0 && !self.is_paused {
            self.setup.add(milliseconds);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_by_method_and_code() {
        let mut counters = Counters::default();
        for code in [200, 180, 200, 699, 700, 0] {
            counters.response(code);
        }
        counters.request(Method::ACK, b"ACK");
        for at in 0..=MOST_METHODS {
            let name = format!("M{at}");
            counters.request(Method::OTHER, name.as_bytes());
            counters.request(Method::OTHER, name.as_bytes());
        }
        assert_eq!(counters.codes().collect::<Vec<_>>(), [(0, 1), (180, 1), (200, 2), (699, 1)]);
        assert_eq!(counters.methods().take(2).collect::<Vec<_>>(), [(&b"ACK"[..], 1), (b"M0", 2)]);
        assert_eq!(counters.methods().count(), 1 + MOST_METHODS);
        assert_eq!(counters.messages(), 6 + 1 + 2 * (MOST_METHODS as u64 + 1));
        assert_eq!((METHODS.len(), Times::default().average()), (14, 0));
        for time in [7, 0, 3, 9] {
            counters.set_up(time);
        }
        assert_eq!(counters.setup(), Times { count: 3, total: 19, least: 3, most: 9 });
        assert_eq!(counters.setup().average(), 6);
    }
}
