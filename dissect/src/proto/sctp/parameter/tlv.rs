//! The frame that parameters and error causes share: a code, a length, a value and padding (RFC 9260, 3.2.1, 3.3.10).

/// The bytes before the value: the code and the length, two each.
pub(crate) const HEADER: usize = 4;

/// One frame, as far as its bytes are there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tlv<'a> {
    /// What the value is.
    pub code: u16,
    /// The length of code, length and value, as it stands on the wire.
    pub length: u16,
    /// All of its bytes, padding included.
    pub bytes: &'a [u8],
    /// The value, as far as it is there.
    pub value: &'a [u8],
    /// The bytes that fill the last word. The last frame of a chunk may leave them to the chunk.
    pub padding: &'a [u8],
    /// How many bytes of the value are not there.
    pub missing: usize,
}

impl<'a> Tlv<'a> {
    /// Splits the first frame off; `None` where not even its code and length are there. A length below the header's own
    /// gives a frame without a value and no rest, as nobody knows where the next one starts.
    pub(crate) fn split(input: &'a [u8]) -> Option<(Tlv<'a>, &'a [u8])> {
        let (&[a, b, c, d], rest) = input.split_first_chunk::<HEADER>()?;
        let (code, length) = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
        let Some(declared) = usize::from(length).checked_sub(HEADER) else {
            let bytes = input.get(..HEADER).unwrap_or(input);
            return Some((Tlv { code, length, bytes, value: &[], padding: &[], missing: 0 }, &[]));
        };
        let (value, rest) = rest.split_at(declared.min(rest.len()));
        let missing = declared - value.len();
        let (padding, rest) = rest.split_at((declared.next_multiple_of(4) - declared).min(rest.len()));
        let bytes = input.get(..input.len() - rest.len()).unwrap_or(input);
        Some((Tlv { code, length, bytes, value, padding, missing }, rest))
    }
    /// Whether the length is below the header's own 4 bytes.
    pub(crate) fn is_too_short(&self) -> bool {
        usize::from(self.length) < HEADER
    }
    /// The bytes of the code.
    pub(crate) fn code_bytes(&self) -> &'a [u8] {
        self.bytes.get(..2).unwrap_or(&[])
    }
    /// The bytes of the length.
    pub(crate) fn length_bytes(&self) -> &'a [u8] {
        self.bytes.get(2..HEADER).unwrap_or(&[])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_split_at_every_edge() {
        assert!(Tlv::split(&[0, 5, 0]).is_none());
        let (tlv, rest) = Tlv::split(&[0, 5, 0, 4, 9]).unwrap();
        assert_eq!((tlv.value, tlv.padding, tlv.missing, rest), (&[][..], &[][..], 0, &[9][..]));
        let (tlv, rest) = Tlv::split(&[0, 5, 0, 3, 9]).unwrap();
        assert!(tlv.is_too_short() && rest.is_empty() && tlv.bytes.len() == 4);
        let (tlv, rest) = Tlv::split(&[0, 5, 0, 5, 9, 1, 2, 3, 7]).unwrap();
        assert_eq!((tlv.value, tlv.padding, rest), (&[9][..], &[1, 2, 3][..], &[7][..]));
        let (tlv, rest) = Tlv::split(&[0, 5, 0, 5, 9]).unwrap();
        assert_eq!((tlv.value, tlv.padding, rest), (&[9][..], &[][..], &[][..]));
        let (tlv, _) = Tlv::split(&[0, 5, 0xff, 0xff, 9]).unwrap();
        assert_eq!((tlv.value, tlv.missing), (&[9][..], 65530));
    }
}
