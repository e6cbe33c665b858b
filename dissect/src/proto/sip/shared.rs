//! Texts that many calls share: the names of programs, reasons, lists of codecs. Each is kept once.

use hashbrown::{DefaultHashBuilder, HashTable};
use std::hash::BuildHasher;

/// How many different texts are kept. Further ones are not.
pub const MOST_SHARED: usize = 1 << 15;

/// The number of a text. The default is that of the empty one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Text(u32);

impl Text {
    /// Whether there is none.
    pub(super) fn is_empty(self) -> bool {
        self == Text::default()
    }
}

/// The texts. The hash is keyed at random: senders choose them.
#[derive(Debug, Default)]
pub(super) struct Shared {
    all: Vec<Box<[u8]>>,
    by_text: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

impl Shared {
    /// The text of a number.
    pub(super) fn of(&self, text: Text) -> &[u8] {
        self.all.get((text.0 as usize).wrapping_sub(1)).map_or(&[], |text| text)
    }
    /// The number of a text, of which [`MOST_TEXT`](super::call::MOST_TEXT) bytes are kept.
    pub(super) fn keep(&mut self, text: &[u8]) -> Text {
        let text = text.get(..super::call::MOST_TEXT).unwrap_or(text);
        if text.is_empty() {
            return Text::default();
        }
        let (all, hasher) = (&self.all, &self.hasher);
        let at = |number: &u32| all.get(*number as usize).map_or(&[][..], |text| text);
        let hash = hasher.hash_one(text);
        if let Some(number) = self.by_text.find(hash, |number| at(number) == text) {
            return Text(number + 1);
        }
        if all.len() >= MOST_SHARED {
            return Text::default();
        }
        let number = all.len() as u32;
        self.by_text.insert_unique(hash, number, |number| hasher.hash_one(at(number)));
        self.all.push(text.into());
        Text(number + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_text_is_kept_once_and_their_number_is_bounded() {
        let mut shared = Shared::default();
        let (one, other) = (shared.keep(b"one"), shared.keep(b"other"));
        assert_eq!(
            (shared.keep(b"one"), shared.of(one), shared.of(other)),
            (one, &b"one"[..], &b"other"[..])
        );
        assert!(shared.keep(b"").is_empty() && shared.of(Text::default()).is_empty());
        let long = shared.keep(&[b'x'; 300]);
        assert_eq!(shared.of(long).len(), super::super::call::MOST_TEXT);
        for at in 0..2 * MOST_SHARED {
            shared.keep(at.to_string().as_bytes());
        }
        assert_eq!(shared.all.len(), MOST_SHARED);
        assert!(shared.keep(b"too many").is_empty());
        assert_eq!((shared.keep(b"one"), shared.of(one)), (one, &b"one"[..]));
    }
}
