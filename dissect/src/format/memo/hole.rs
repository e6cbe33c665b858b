//! The pieces of a text that differ between stretches of one shape.

use crate::field::{Plan, Reads};
use crate::format::date::ZONE;
use crate::format::text::SECONDS;
use crate::tree::{Item, Node};
use crate::{Base, Field, Kind};
use std::ops::Range;

/// A piece of the text that differs.
#[derive(Clone)]
pub(super) struct Hole {
    /// Where it stands in the text.
    pub(super) written: Range<usize>,
    /// The field as which its node is written: its own or a twin's.
    pub(super) field: &'static Field,
    /// Which node of the stretch it tells of.
    pub(super) node: u8,
    pub(super) what: What,
    /// Of a number in hexadecimal how many digits it has, of one in decimal what is taken from it.
    pub(super) by: u8,
}

/// What a piece tells.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::format) enum What {
    /// What the general writer writes: of a line all but its indentation, of a remark its sentence.
    Line,
    /// The value as the line shows it.
    Value,
    /// The value as PDML's `show` has it.
    Show,
    /// The node's bytes.
    Raw,
    /// How many they are.
    Size,
    /// Where they begin.
    Place,
    /// Nothing.
    Nothing,
    /// Nothing: the pen's room may be full.
    Full,
    /// What a step before wrote.
    Again,
    /// The value as the line shows it, if that is short in any case.
    Short,
    /// Text, as the line shows it and as PDML's `show` has it, if it is short and plain.
    TextValue,
    TextShow,
    /// Which protocols the packet has.
    Protocols,
    /// The value in decimal.
    Dec,
    /// The value in decimal, less a number.
    Less,
    /// The value in hexadecimal, without `0x`.
    Hex,
    /// The same with two, four and eight digits.
    Hex2,
    Hex4,
    Hex8,
    /// The value as an IPv4 address.
    Ipv4,
    /// The bytes as a hardware address.
    Address,
    /// The value as seconds.
    Seconds,
    /// The value as a date, without the zone.
    Moment,
    /// The node's bytes, which are one, two, four, six or a few.
    Byte,
    Two,
    Four,
    Six,
    Few,
}

impl What {
    /// Whether it has up to [`AGAIN`](crate::pen::AGAIN) bytes, whatever the value is, and tells the same of each field.
    pub(super) fn repeats(self) -> bool {
        !self.is_rare() && !self.is_text() && self != What::Nothing
    }
    /// Whether it is text, which may turn out to be long.
    pub(super) fn is_text(self) -> bool {
        matches!(self, What::TextValue | What::TextShow)
    }
    /// Whether it is rare or long.
    pub(super) fn is_rare(self) -> bool {
        matches!(
            self,
            What::Line
                | What::Value
                | What::Show
                | What::Raw
                | What::Short
                | What::Protocols
                | What::Few
                | What::Full
        )
    }
}

/// Narrows a piece to what differs in it, where the value is written in one of the usual ways, and gives what there is of
/// that to `add`.
pub(super) fn refine(
    what: What,
    item: Item<'_>,
    Range { start, end }: Range<usize>,
    mut add: impl FnMut(What, u8, Range<usize>),
) {
    let (node, field) = (item.node, item.node.field);
    let (plan, digits) = (field.starts.plan, field.starts.digits);
    let hex = match digits {
        2 => What::Hex2,
        4 => What::Hex4,
        8 => What::Hex8,
        _ => What::Hex,
    };
    let width = usize::from(digits);
    let is_packets = node.source == 0;
    let is_address = is_packets && node.len == 6 && !node.is(Node::OWN_TEXT | Node::PART);
    match what {
        // A remark that only has a label is always the same.
        What::Line
            if field.show.expert.is_some() && field.show.write.is_none() && !node.is(Node::MALFORMED) => {}
        What::Value => {
            let unit =
                if plan == Plan::Time && field.show.unit.is_empty() { SECONDS } else { field.show.unit };
            let end = end - unit.len();
            match plan {
                Plan::Dec => add(What::Dec, 0, start..end),
                Plan::Hex => add(hex, digits, start + 2..end),
                Plan::HexDec => {
                    add(hex, digits, start + 2..start + 2 + width);
                    add(What::Dec, 0, start + width + 4..end - 1);
                }
                Plan::DecHex => {
                    add(What::Dec, 0, start..end - width - 5);
                    add(hex, digits, end - 1 - width..end - 1);
                }
                Plan::Ipv4 => add(What::Ipv4, 0, start..end),
                Plan::Time => add(What::Seconds, 0, start..end),
                Plan::Moment => add(What::Moment, 0, start..end - ZONE.len()),
                Plan::Ether if is_address => add(What::Address, 0, start..end),
                Plan::Text if is_packets => add(What::TextValue, 0, start..end),
                Plan::Written if field.show.reads == Reads::Protocols => add(What::Protocols, 0, start..end),
                Plan::Written | Plan::Text => add(what, 0, start..end + unit.len()),
                _ => add(What::Short, 0, start..end + unit.len()),
            }
        }
        What::Show => match (field.show.kind, field.show.base) {
            (Kind::None | Kind::Protocol, _) => {}
            (Kind::Packet, _) | (Kind::Unsigned(_), Base::Dec | Base::DecHex) => {
                add(What::Dec, 0, start..end);
            }
            (Kind::Unsigned(_), Base::Hex | Base::HexDec) => add(hex, digits, start + 2..end),
            (Kind::Ipv4, _) => add(What::Ipv4, 0, start..end),
            (Kind::Ether, _) if is_address => add(What::Address, 0, start..end),
            (Kind::Text, _) if is_packets && plan == Plan::Text => add(What::TextShow, 0, start..end),
            (Kind::Duration, _) => add(What::Seconds, 0, start..end),
            (Kind::Moment, _) => add(What::Moment, 0, start..end - ZONE.len()),
            (Kind::Text, _) if field.show.reads == Reads::Protocols => add(What::Protocols, 0, start..end),
            _ => add(what, 0, start..end),
        },
        What::Raw if field.starts.sized && node.source == 0 => {
            let narrow = match node.len {
                1 => What::Byte,
                2 => What::Two,
                4 => What::Four,
                6 => What::Six,
                ..=FEW => What::Few,
                _ => what,
            };
            add(narrow, 0, start..end);
        }
        _ => add(what, 0, start..end),
    }
}

/// The most bytes that are a few.
const FEW: u32 = 64;
