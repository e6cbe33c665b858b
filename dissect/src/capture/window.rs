//! A window that moves over a stream of bytes.

use std::io::{ErrorKind, Read};

use super::damage::Kind;

/// Bytes asked of the source at once. It fits the second level cache; larger is not faster.
pub const WINDOW: usize = 256 * 1024;

/// The part of a stream that was read and not yet used. It grows to hold one record, and only as the record's bytes
/// arrive.
pub(super) struct Window<R> {
    source: R,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    /// Offset in the stream of the start of the buffer.
    base: u64,
    ended: bool,
    failure: Option<Kind>,
}

impl<R: Read> Window<R> {
    pub(super) fn new(source: R) -> Self {
        Window { source, buffer: vec![0; WINDOW], start: 0, end: 0, base: 0, ended: false, failure: None }
    }

    /// The bytes read and not yet used.
    #[inline]
    pub(super) fn bytes(&self) -> &[u8] {
        self.buffer.get(self.start..self.end).unwrap_or_default()
    }

    /// Offset in the stream of the first unused byte.
    #[inline]
    pub(super) fn offset(&self) -> u64 {
        self.base + self.start as u64
    }

    /// Bytes read and not yet used.
    #[inline]
    pub(super) fn left(&self) -> usize {
        self.end - self.start
    }

    /// Sees to it that `count` bytes are there; reads only if they are not, and no more often than it must. False if
    /// the stream ends before.
    #[inline]
    pub(super) fn need(&mut self, count: usize) -> bool {
        self.left() >= count || self.fill(count)
    }

    #[cold]
    #[inline(never)]
    fn fill(&mut self, count: usize) -> bool {
        while self.left() < count {
            if self.ended {
                return false;
            }
            if self.end == self.buffer.len() {
                self.make_room(count);
            }
            let room = self.buffer.get_mut(self.end..).unwrap_or_default();
            match self.source.read(room) {
                Ok(0) => self.ended = true,
                Ok(read) => self.end = self.end.saturating_add(read).min(self.buffer.len()),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => {
                    self.ended = true;
                    self.failure = Some(Kind::Read { kind: error.kind(), message: error.to_string() });
                }
            }
        }
        true
    }

    /// Moves the unused bytes to the front, or makes the buffer larger. It moves at most as many bytes as were used
    /// since the last move, so the cost stays linear.
    fn make_room(&mut self, count: usize) {
        if self.start >= self.buffer.len() / 2 {
            self.buffer.copy_within(self.start..self.end, 0);
            self.base += self.start as u64;
            self.end -= self.start;
            self.start = 0;
        } else {
            let len = self.buffer.len();
            let larger = (2 * len).min(count.saturating_mul(2)).max(len + 1);
            self.buffer.reserve_exact(larger - len);
            self.buffer.resize(larger, 0);
        }
    }

    /// Goes on behind the next `count` bytes and says where in the buffer they start.
    #[inline]
    pub(super) fn consume(&mut self, count: usize) -> usize {
        let at = self.start;
        self.start = self.start.saturating_add(count).min(self.end);
        at
    }

    /// Bytes of the buffer, used ones too, until the next `need`.
    #[inline]
    pub(super) fn slice(&self, at: usize, len: usize) -> &[u8] {
        self.buffer.get(at..).and_then(|rest| rest.get(..len)).unwrap_or_default()
    }

    /// Why the stream could not be read on, once.
    pub(super) fn failure(&mut self) -> Option<Kind> {
        self.failure.take()
    }

    /// True when everything was read and used, and no failure is left to tell.
    pub(super) fn done(&self) -> bool {
        self.ended && self.start == self.end && self.failure.is_none()
    }
}

#[cfg(test)]
impl<R> Window<R> {
    /// Bytes of memory it takes.
    pub(super) fn memory(&self) -> usize {
        self.buffer.capacity()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives one byte at a time.
    struct Drip(u64);

    impl Read for Drip {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            let Some(first) = buffer.first_mut() else { return Ok(0) };
            *first = self.0 as u8;
            self.0 += 1;
            Ok(1)
        }
    }

    #[test]
    fn reads_no_more_than_needed_from_a_slow_source() {
        let mut window = Window::new(Drip(0));
        assert!(window.need(3));
        assert_eq!(window.bytes(), [0, 1, 2]);
        window.consume(2);
        assert!(window.need(1));
        assert_eq!(window.bytes(), [2]);
        assert_eq!(window.offset(), 2);
    }

    #[test]
    fn grows_with_what_arrives_not_with_what_is_claimed() {
        let mut window = Window::new(&[7u8; 1000][..]);
        assert!(!window.need(1 << 40));
        assert_eq!(window.buffer.len(), WINDOW);
        assert_eq!(window.left(), 1000);

        let large = vec![1u8; 3 * WINDOW];
        let mut window = Window::new(&large[..]);
        assert!(window.need(large.len()));
        assert!(window.buffer.len() <= 6 * WINDOW);
    }

    #[test]
    fn offsets_go_on_over_a_long_stream() {
        let mut window = Window::new(Drip(0));
        let mut expected = 0u64;
        while expected < 3 * WINDOW as u64 {
            assert!(window.need(1009));
            assert_eq!(window.offset(), expected);
            assert_eq!(window.bytes().first(), Some(&(expected as u8)));
            window.consume(1009);
            expected += 1009;
        }
        assert_eq!(window.buffer.len(), WINDOW);
    }
}
