//! Redundant audio data, RFC 2198: several blocks in one payload.

use super::{Format, payload_type};
use crate::header::number;
use crate::{Cx, Malformed, Show, fields};

fields! {
    /// What a payload of several blocks holds.
    BLOCKS = "rtp.redundant", "Redundant Audio Data", Show::group(), "RFC 2198, 3";
    /// The header of a block.
    BLOCK = "rtp.redundant.header", "Block header", Show::group().repeats(), "RFC 2198, 3";
    /// Another header follows.
    FOLLOW = "rtp.follow", "Follow", Show::flag().words("Set", "Not set").mask(0x80), "RFC 2198, 3";
    /// What the block is.
    BLOCK_TYPE = "rtp.p_type", "Payload type", Show::u8().mask(0x7f).codes(&payload_type::NAMES), "RFC 2198, 3";
    /// How much older than the packet's timestamp the block is.
    OFFSET = "rtp.timestamp-offset", "Timestamp offset", Show::u16().mask(0xfffc), "RFC 2198, 3";
    /// How many bytes the block has.
    LENGTH = "rtp.block-length", "Block length", Show::u16().mask(0x3ff), "RFC 2198, 3";
    /// The data of a block.
    DATA = "rtp.payload", "Payload", Show::bytes().repeats(), "RFC 2198, 3";
}

/// Whether the payload is such: audio, or text by RFC 4103.
pub(super) fn is(format: &Format) -> bool {
    format.encoding.eq_ignore_ascii_case("red")
}

/// Adds the headers of the blocks, and the blocks.
pub(super) fn show(cx: &mut Cx<'_>, bytes: &[u8]) {
    cx.group(&BLOCKS, bytes, |cx| {
        let (mut at, mut data) = (0, None);
        while data.is_none() {
            let rest = bytes.get(at..).unwrap_or(&[]);
            let Some(first) = rest.first() else {
                cx.malformed(bytes, Malformed::short(&BLOCK_TYPE, at, 1, 0));
                return;
            };
            let size = if first & 0x80 == 0 { 1 } else { 4 };
            let Some(own) = rest.get(..size) else {
                cx.malformed(bytes, Malformed::short(&BLOCK, at, size, rest.len()));
                return;
            };
            header(cx, own);
            at += size;
            data = (size == 1).then(|| bytes.get(at..)).flatten();
        }
        let (mut at, mut data) = (0, data.unwrap_or(&[]));
        // The headers once more: each tells the length of its block, the last has what is left.
        while let Some([first, _, high, low]) = bytes.get(at..).and_then(|rest| rest.first_chunk()) {
            if first & 0x80 == 0 {
                break;
            }
            let length = usize::from(high & 3) << 8 | usize::from(*low);
            let Some((own, next)) = data.split_at_checked(length) else {
                cx.malformed(data, Malformed::short(&DATA, 0, length, data.len()));
                return;
            };
            cx.leaf(&DATA, own, 0);
            (data, at) = (next, at + 4);
        }
        if !data.is_empty() {
            cx.leaf(&DATA, data, 0);
        }
    });
}

fn header(cx: &mut Cx<'_>, own: &[u8]) {
    cx.group(&BLOCK, own, |cx| {
        let at = |from, to| own.get(from..to).unwrap_or(&[]);
        let number = number(own);
        let first = if own.len() == 1 { number } else { number >> 24 };
        cx.flags(&[&FOLLOW, &BLOCK_TYPE], at(0, 1), first);
        if own.len() == 4 {
            cx.bits(&OFFSET, at(1, 3), number >> 8 & 0xffff);
            cx.bits(&LENGTH, at(2, 4), number & 0xffff);
        }
    });
}
