//! CSeq, RFC 3261, 20.16, and RAck, RFC 3262, 7.2: numbers and a method.

use super::text::{is_space, number, split, trim_start};
use crate::{Cx, Field, Show, fields};

fields! {
    /// The number of the request in its dialog.
    pub SEQ = "sip.CSeq.seq", "Sequence Number", Show::u32(), "RFC 3261, 20.16";
    /// Its method.
    pub METHOD = "sip.CSeq.method", "Method", Show::text(), "RFC 3261, 20.16";
    /// The number of the provisional response that is acknowledged.
    pub RACK_RSEQ = "sip.RAck.RSeq.seq", "RSeq Sequence Number", Show::u32(), "RFC 3262, 7.2";
    /// The number of the request that was answered.
    pub RACK_SEQ = "sip.RAck.CSeq.seq", "CSeq Sequence Number", Show::u32(), "RFC 3262, 7.2";
    /// Its method.
    pub RACK_METHOD = "sip.RAck.CSeq.method", "CSeq Method", Show::text(), "RFC 3262, 7.2";
}

/// The value of CSeq: `314159 INVITE`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CSeq<'a> {
    /// The digits of the number.
    pub digits: &'a [u8],
    /// The method.
    pub method: &'a [u8],
}

impl<'a> CSeq<'a> {
    /// Takes the value apart; what is missing is empty.
    pub fn parse(value: &'a [u8]) -> CSeq<'a> {
        let (digits, rest) = word(value);
        let (method, _) = word(rest);
        CSeq { digits, method }
    }
    /// The number, which is below 2³¹.
    pub fn number(&self) -> Option<u32> {
        Some(number(self.digits)).filter(|(value, whole)| *whole && *value < 1 << 31).map(|(value, _)| value)
    }
}

/// The next word and what follows it.
fn word(text: &[u8]) -> (&[u8], &[u8]) {
    let text = trim_start(text);
    split(text, text.iter().position(|byte| is_space(*byte)).unwrap_or(text.len()))
}

fn sequence(cx: &mut Cx<'_>, field: &'static Field, digits: &[u8]) {
    if !digits.is_empty() {
        let (value, whole) = number(digits);
        cx.leaf(field, digits, value.into());
        if !whole || value >= 1 << 31 {
            cx.expert(&super::header::NUMBER_INVALID, digits);
        }
    }
}

/// Adds the number and the method of CSeq.
pub(super) fn dissect(cx: &mut Cx<'_>, value: &[u8]) {
    let CSeq { digits, method } = CSeq::parse(value);
    sequence(cx, &SEQ, digits);
    if !method.is_empty() {
        cx.leaf(&METHOD, method, 0);
    }
}

/// Adds the numbers and the method of RAck.
pub(super) fn dissect_rack(cx: &mut Cx<'_>, value: &[u8]) {
    let (response, rest) = word(value);
    sequence(cx, &RACK_RSEQ, response);
    let CSeq { digits, method } = CSeq::parse(rest);
    sequence(cx, &RACK_SEQ, digits);
    if !method.is_empty() {
        cx.leaf(&RACK_METHOD, method, 0);
    }
}
