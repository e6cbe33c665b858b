//! Selective acknowledgment, RFC 2018, and duplicates reported with it, RFC 2883.

use super::{Lengths, OptionKind, OptionType, Place};
use crate::tree::Item;
use crate::{Area, Cx, Out, Severity, Show, fields, header};

fields! {
    /// The sender understands selective acknowledgments.
    PERMITTED_GROUP = "tcp.options.sack_perm", "TCP Option - SACK permitted", Show::bytes().repeats(), "RFC 2018, 2";
    /// Which blocks behind the acknowledgment number arrived.
    GROUP = "tcp.options.sack", "TCP Option - SACK", Show::bytes().repeats().write(write), "RFC 2018, 3";
    /// The first sequence number of a block, counted from the connection's first where that is known.
    LEFT = "tcp.options.sack_le", "TCP SACK Left Edge", Show::u32().repeats(), "RFC 2018, 3";
    /// The sequence number behind a block, counted likewise.
    RIGHT = "tcp.options.sack_re", "TCP SACK Right Edge", Show::u32().repeats(), "RFC 2018, 3";
    /// How many blocks there are.
    COUNT = "tcp.options.sack.count", "TCP SACK Count", Show::u8(), "RFC 2018, 3";
    /// The first sequence number of what arrived twice.
    DUPLICATE_LEFT = "tcp.options.sack.dsack_le", "TCP D-SACK Left Edge", Show::u32(), "RFC 2883, 4";
    /// The sequence number behind what arrived twice.
    DUPLICATE_RIGHT = "tcp.options.sack.dsack_re", "TCP D-SACK Right Edge", Show::u32(), "RFC 2883, 4";
    /// The first block reports bytes that arrived twice.
    DUPLICATE = "tcp.options.sack.dsack", "D-SACK Sequence", Show::expert(Severity::Warn, Area::Sequence), "RFC 2883, 4";
    /// The option ends in a block.
    PARTIAL = "tcp.suboption_malformed", "suboption would go past end of option", Show::expert(Severity::Error, Area::Malformed), "RFC 2018, 3";
}

header! {
    /// A block of bytes that arrived, in sequence numbers.
    pub struct Block {
        /// The first sequence number of the block.
        pub left: u32 => LEFT,
        /// The sequence number behind the block.
        pub right: u32 => RIGHT,
    }
}

impl Block {
    /// Whether the other block reaches over all of this one, in the arithmetic of sequence numbers.
    fn is_in(self, other: Block) -> bool {
        !before(self.left, other.left) && !before(other.right, self.right)
    }
}

/// Whether a sequence number is before another one (RFC 9293, 3.4).
fn before(a: u32, b: u32) -> bool {
    (a.wrapping_sub(b) as i32) < 0
}

/// Iterates over the blocks of an option.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Blocks<'a> {
    rest: &'a [u8],
}

impl<'a> Blocks<'a> {
    pub(super) fn new(body: &'a [u8]) -> Blocks<'a> {
        Blocks { rest: body }
    }
}

#[allow(clippy::copy_iterator, reason = "options are plain values, and so are their blocks")]
impl Iterator for Blocks<'_> {
    type Item = Block;
    fn next(&mut self) -> Option<Block> {
        let (rest, block) = Block::parse(self.rest).ok()?;
        self.rest = rest;
        Some(block)
    }
}

pub(super) static PERMITTED: OptionType = OptionType {
    line: |out, _| {
        out.str(" SACK_PERM");
    },
    ..OptionType::new(OptionKind::SACK_PERMITTED, &PERMITTED_GROUP, Lengths::Exactly(2))
};

pub(super) static SACK: OptionType =
    OptionType { emit, line, ..OptionType::new(OptionKind::SACK, &GROUP, Lengths::AtLeast(10)) };

fn emit(cx: &mut Cx<'_>, place: Place<'_>) {
    let (blocks, partial) = place.body().as_chunks::<{ Block::LEN }>();
    for bytes in blocks {
        let (left, right) = bytes.split_at(bytes.len() / 2);
        if let Ok((_, block)) = Block::parse(bytes) {
            cx.leaf(&LEFT, left, block.left.wrapping_sub(place.base).into());
            cx.leaf(&RIGHT, right, block.right.wrapping_sub(place.base).into());
        }
    }
    if !partial.is_empty() {
        cx.expert(&PARTIAL, partial);
    }
    cx.generated(&COUNT, place.bytes.get(..0).unwrap_or(&[]), blocks.len() as u64);
    let mut values = Blocks::new(place.body());
    let (Some(first), second, Some(bytes)) = (values.next(), values.next(), blocks.first()) else { return };
    let acknowledged = !before(place.header.acknowledgment, first.right);
    if acknowledged || second.is_some_and(|second| first.is_in(second)) {
        cx.generated(&DUPLICATE_LEFT, &bytes[..4], first.left.wrapping_sub(place.base).into());
        cx.generated(&DUPLICATE_RIGHT, &bytes[4..], first.right.wrapping_sub(place.base).into());
        cx.expert(&DUPLICATE, bytes);
    }
}

fn line(out: &mut Out, place: Place<'_>) {
    for Block { left, right } in Blocks::new(place.body()) {
        out.str(" SLE=").dec(left.wrapping_sub(place.base).into());
        out.str(" SRE=").dec(right.wrapping_sub(place.base).into());
    }
}

fn write(item: Item<'_>, out: &mut Out) {
    let mut first = true;
    for edge in item.children() {
        if edge.node.field == &LEFT {
            out.str(if first { "" } else { " " }).dec(edge.node.value);
            first = false;
        } else if edge.node.field == &RIGHT {
            out.byte(b'-').dec(edge.node.value);
        }
    }
}

/// How many bytes a segment with these options acknowledges selectively: without the block of a duplicate.
pub(in super::super) fn count(options: &[u8], acknowledgment: u32) -> u32 {
    let (mut rest, mut sum) = (options, 0u32);
    while let Ok((own, after)) = super::split(rest) {
        if own.first() == Some(&OptionKind::SACK.0) {
            for Block { left, right } in Blocks::new(own.get(2..).unwrap_or(&[])) {
                if before(acknowledgment, right) && before(left, right) {
                    sum = sum.saturating_add(right.wrapping_sub(left));
                }
            }
        }
        rest = after;
    }
    sum
}
