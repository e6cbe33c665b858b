//! What parameters and error causes share: lists of a code, a length, a value and padding (RFC 9260, 3.2.1, 3.3.10).
//!
//! Each of the two folders describes what differs in a [`Family`].

use super::parameter::{MOST_NESTED, TOO_DEEP};
use crate::{Cx, Field, Malformed};

/// The bytes before the value: the code and the length, two each.
const HEADER: usize = 4;

/// One frame, as far as its bytes are there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tlv<'a> {
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
    pub(super) fn split(input: &'a [u8]) -> Option<(Tlv<'a>, &'a [u8])> {
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
    pub(super) fn is_too_short(&self) -> bool {
        usize::from(self.length) < HEADER
    }
    /// The bytes of the code.
    pub(super) fn code_bytes(&self) -> &'a [u8] {
        self.bytes.get(..2).unwrap_or(&[])
    }
    /// The bytes of the length.
    pub(super) fn length_bytes(&self) -> &'a [u8] {
        self.bytes.get(2..HEADER).unwrap_or(&[])
    }
}

/// A code: what its group is and how its value is shown.
#[derive(Debug)]
pub(super) struct Kind<C> {
    /// The code on the wire.
    pub code: C,
    /// The group that all of the frame stands in.
    pub group: &'static Field,
    /// Shows the value.
    pub value: Value,
    /// The fields that the file of the code declares.
    pub fields: &'static [&'static Field],
}

/// Shows a value and answers what it left of it; `None` when it has said what is malformed. The number is how many
/// parameters and causes it stands in.
pub(super) type Value = for<'b> fn(&mut Cx<'_>, &'b [u8], u8) -> Option<&'b [u8]>;

/// The value of a code that has none.
// All values are shown by functions of one signature, also those that can't go wrong.
#[allow(clippy::unnecessary_wraps)]
pub(super) fn empty<'b>(_: &mut Cx<'_>, bytes: &'b [u8], _: u8) -> Option<&'b [u8]> {
    Some(bytes)
}

/// What parameters and causes do not share: their fields and their codes.
#[derive(Debug)]
pub(super) struct Family<C: 'static> {
    /// What a frame is.
    pub code: &'static Field,
    /// The bits of the code that mean something by themselves.
    pub code_bits: &'static [&'static Field],
    /// The length of code, length and value.
    pub length: &'static Field,
    /// The remark on a length below the header's own 4 bytes.
    pub length_bad: &'static Field,
    /// A value that the code says no more of.
    pub value: &'static Field,
    /// Bytes of the value beyond those that the code has.
    pub surplus: &'static Field,
    /// The bytes that fill the last word.
    pub padding: &'static Field,
    /// The remark on a list that has the padding of its last frame, where the chunk should have it.
    pub padding_counted: Option<&'static Field>,
    /// Every code, in ascending order.
    pub kinds: &'static [&'static Kind<C>],
    /// The group of a code that is not among them.
    pub unknown: &'static Field,
    /// How the value of such a code is shown.
    pub unknown_value: Value,
}

/// What belongs to a family. It is known when compiling, so that every family has machine code of its own.
pub(super) trait Code: Copy + Into<u16> + 'static {
    /// The family.
    const FAMILY: &'static Family<Self>;
}

impl<C: Code> Family<C> {
    /// Adds a list that stands in so many parameters and causes.
    pub(super) fn dissect_list(cx: &mut Cx<'_>, bytes: &[u8], depth: u8) {
        let mut rest = bytes;
        while !rest.is_empty() {
            rest = Self::dissect_one(cx, rest, depth, true);
        }
    }

    /// Adds the frames that a value has in it, where padding at the end is nobody else's.
    pub(super) fn dissect_inside(cx: &mut Cx<'_>, bytes: &[u8], depth: u8) {
        let mut rest = bytes;
        while !rest.is_empty() {
            rest = Self::dissect_one(cx, rest, depth, false);
        }
    }

    /// Adds the first frame and gives what follows it. The last one of a list should leave its padding to the chunk.
    pub(super) fn dissect_one<'b>(cx: &mut Cx<'_>, bytes: &'b [u8], depth: u8, listed: bool) -> &'b [u8] {
        if depth > MOST_NESTED {
            cx.expert(&TOO_DEEP, bytes);
            return &[];
        }
        let Some((tlv, rest)) = Tlv::split(bytes) else {
            cx.malformed(bytes, Self::no_header(0, bytes.len()));
            return &[];
        };
        let kind = Self::kind_of(tlv.code);
        cx.group(kind.map_or(C::FAMILY.unknown, |kind| kind.group), tlv.bytes, |cx| {
            if let (true, [], [_, ..], Some(remark)) = (listed, rest, tlv.padding, C::FAMILY.padding_counted)
            {
                cx.expert(remark, tlv.padding);
            }
            cx.group_with(C::FAMILY.code, tlv.code_bytes(), tlv.code.into(), |cx| {
                cx.flags(C::FAMILY.code_bits, tlv.code_bytes(), tlv.code.into());
            });
            cx.leaf(C::FAMILY.length, tlv.length_bytes(), tlv.length.into());
            if tlv.is_too_short() {
                cx.expert(C::FAMILY.length_bad, tlv.length_bytes());
                cx.malformed(tlv.bytes, Self::length_too_short(0));
                return;
            }
            Self::dissect_value(cx, &tlv, kind.map_or(C::FAMILY.unknown_value, |kind| kind.value), depth);
            if !tlv.padding.is_empty() {
                cx.leaf(C::FAMILY.padding, tlv.padding, 0);
            }
        });
        rest
    }

    fn dissect_value(cx: &mut Cx<'_>, tlv: &Tlv<'_>, value: Value, depth: u8) {
        let declared = tlv.value.len() + tlv.missing;
        cx.within(tlv.value, declared, |cx, bytes| {
            let left = match tlv.missing {
                0 => cx.limited(C::FAMILY.length, tlv.length_bytes(), |cx| value(cx, bytes, depth)),
                _ => value(cx, bytes, depth),
            };
            match left {
                Some(_) if tlv.missing > 0 => {
                    cx.malformed(tlv.bytes, Malformed::short(C::FAMILY.value, HEADER, declared, bytes.len()));
                }
                Some(surplus) if !surplus.is_empty() => cx.leaf(C::FAMILY.surplus, surplus, 0),
                _ => {}
            }
        });
    }

    fn kind_of(code: u16) -> Option<&'static Kind<C>> {
        let at = C::FAMILY.kinds.binary_search_by_key(&code, |kind| kind.code.into()).ok()?;
        C::FAMILY.kinds.get(at).copied()
    }

    fn no_header(offset: usize, left: usize) -> Malformed {
        match left {
            0 | 1 => Malformed::short(C::FAMILY.code, offset, 2, left),
            _ => Malformed::short(C::FAMILY.length, offset + 2, 2, left - 2),
        }
    }

    fn length_too_short(offset: usize) -> Malformed {
        Malformed::value(C::FAMILY.length, offset + 2, "is below the header's own 4 bytes")
    }
}

/// The frames that stand one after another in some bytes. After an error there is no more: nobody knows where the next
/// one starts.
#[derive(Clone, Debug)]
pub(super) struct Tlvs<'a> {
    rest: &'a [u8],
    offset: usize,
}

impl<'a> Tlvs<'a> {
    /// The frames in the bytes.
    pub(super) fn new(bytes: &'a [u8]) -> Tlvs<'a> {
        Tlvs { rest: bytes, offset: 0 }
    }

    /// The next frame, which errors name as one of the family of `C`.
    pub(super) fn next<C: Code>(&mut self) -> Option<Result<Tlv<'a>, Malformed>> {
        let (bytes, offset) = (self.rest, self.offset);
        self.rest = &[];
        if bytes.is_empty() {
            return None;
        }
        let Some((tlv, rest)) = Tlv::split(bytes) else {
            return Some(Err(Family::<C>::no_header(offset, bytes.len())));
        };
        if tlv.is_too_short() {
            return Some(Err(Family::<C>::length_too_short(offset)));
        }
        if tlv.missing > 0 {
            let (there, needed) = (tlv.value.len(), tlv.value.len() + tlv.missing);
            return Some(Err(Malformed::short(C::FAMILY.value, offset + HEADER, needed, there)));
        }
        (self.rest, self.offset) = (rest, offset + tlv.bytes.len());
        Some(Ok(tlv))
    }
}

/// The fields of a folder's own file and of each code's, `N` lists in all.
pub(super) const fn all_fields<C, const N: usize>(
    own: &'static [&'static Field],
    kinds: &[&Kind<C>],
) -> [&'static [&'static Field]; N] {
    let mut all = [own; N];
    let mut at = 0;
    while at < kinds.len() {
        all[at + 1] = kinds[at].fields;
        at += 1;
    }
    all
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
