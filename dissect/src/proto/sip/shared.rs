//! Texts that many calls share: the names of programs, reasons, lists of codecs. Each is kept once.

use super::call::MOST_TEXT;
use crate::proto::sdp::Described;
use hashbrown::{DefaultHashBuilder, HashTable};
use std::hash::BuildHasher;

/// How many different texts are kept. Further ones are not.
pub const MOST_SHARED: usize = 1 << 15;

/// How many names of codecs are kept of one medium.
const MOST_CODECS: usize = 16;

/// The number of a text. The default is that of the empty one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Text(u32);

impl Text {
    /// Whether there is none.
    pub(super) fn is_empty(self) -> bool {
        self == Text::default()
    }
}

/// How many media are kept to be known again: phones say the same of most of their calls. A power of two.
const MOST_KNOWN: usize = 1 << 8;

/// The texts. The hash is keyed at random: senders choose them.
#[derive(Debug, Default)]
pub(super) struct Shared {
    all: Vec<Box<[u8]>>,
    by_text: HashTable<u32>,
    hasher: DefaultHashBuilder,
    /// The kinds and codecs of media, by the hashes of all that they follow from.
    media: Vec<(u64, Text, Text)>,
    /// The text that is put together.
    scratch: Vec<u8>,
}

impl Shared {
    /// The text of a number.
    pub(super) fn of(&self, text: Text) -> &[u8] {
        self.all.get((text.0 as usize).wrapping_sub(1)).map_or(&[], |text| text)
    }
    /// The kind of a medium and the names of its codecs.
    pub(super) fn medium(&mut self, one: &Described<'_>) -> (Text, Text) {
        let hash = self.hasher.hash_one((one.media.media, one.media.formats, one.media.is_rtp(), one.maps()));
        if self.media.is_empty() {
            self.media.resize(MOST_KNOWN, (0, Text::default(), Text::default()));
        }
        let at = hash as usize % MOST_KNOWN;
        if let Some((_, kind, codecs)) = self.media.get(at).filter(|known| known.0 == hash) {
            return (*kind, *codecs);
        }
        let mut text = std::mem::take(&mut self.scratch);
        codecs(one, &mut text);
        let found = (self.keep(one.media.media), self.keep(&text));
        self.scratch = text;
        if let Some(known) = self.media.get_mut(at) {
            *known = (hash, found.0, found.1);
        }
        found
    }
    /// The number of a text, of which [`MOST_TEXT`] bytes are kept.
    pub(super) fn keep(&mut self, text: &[u8]) -> Text {
        let text = text.get(..MOST_TEXT).unwrap_or(text);
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

/// Writes the names of a medium's codecs.
fn codecs(one: &Described<'_>, text: &mut Vec<u8>) {
    text.clear();
    for name in one.codecs().take(MOST_CODECS) {
        let space = usize::from(!text.is_empty());
        if text.len() + space + name.len() > MOST_TEXT {
            break;
        }
        text.extend_from_slice(b" ".get(..space).unwrap_or(&[]));
        text.extend_from_slice(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proto::sdp::described;

    #[test]
    fn media_are_told_by_all_that_they_say() {
        let mut shared = Shared::default();
        let mut of = |text: &str| {
            let (kind, codecs) = shared.medium(&described(text.as_bytes()).next().unwrap());
            [kind, codecs].map(|text| String::from_utf8_lossy(shared.of(text)).into_owned())
        };
        for _ in 0..2 {
            assert_eq!(of("m=audio 1 RTP/AVP 0 96\na=rtpmap:96 opus/48000\n"), ["audio", "PCMU opus"]);
            assert_eq!(of("m=audio 1 RTP/AVP 0 96\na=rtpmap:96 GSM/8000\n"), ["audio", "PCMU GSM"]);
            assert_eq!(of("m=video 2 RTP/AVP 96 0\na=rtpmap:96 GSM/8000\n"), ["video", "GSM PCMU"]);
            assert_eq!(of("m=audio 3 TCP/MSRP 0\n"), ["audio", "0"]);
            assert_eq!(of("m=\n"), ["", ""]);
        }
    }

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
        assert_eq!(shared.of(long).len(), MOST_TEXT);
        for at in 0..2 * MOST_SHARED {
            shared.keep(at.to_string().as_bytes());
        }
        assert_eq!(shared.all.len(), MOST_SHARED);
        assert!(shared.keep(b"too many").is_empty());
        assert_eq!((shared.keep(b"one"), shared.of(one)), (one, &b"one"[..]));
    }
}
