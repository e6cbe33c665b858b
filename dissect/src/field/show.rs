//! How a value is read and shown.

use super::starts::is_plain;
use super::{Area, Base, Codes, Field, Kind, Severity};
use crate::{Out, tree::Item};

/// What a [`Write`] reads, for who uses its text again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reads {
    /// Whatever there is.
    Anything,
    /// The node's value alone.
    Value,
    /// The nodes that it tells of: see [`Show::write_parts`].
    Parts,
    /// Which protocols the packet has.
    Protocols,
}

/// A writer of text for what is more than a plain value, such as the line of a group.
pub type Write = fn(Item<'_>, &mut Out);

/// How a field's value is read and shown. Built by `const` methods: `Show::u16().hex().codes(&TYPES)`.
#[derive(Clone, Copy, Debug)]
pub struct Show {
    /// The type of the value.
    pub kind: Kind,
    /// How a number is written.
    pub base: Base,
    /// The bits of the number the field is; 0 when it is all of it. The node's value is already shifted down.
    pub mask: u64,
    /// Names of the values.
    pub codes: Option<&'static Codes>,
    /// The words for true and false.
    pub words: Option<(&'static str, &'static str)>,
    /// What stands behind a number: ` bytes`.
    pub unit: &'static str,
    /// Writes the text behind the label instead of the value (PDML's `show` and JSON still give the value).
    pub write: Option<Write>,
    /// What the writer reads.
    pub reads: Reads,
    /// Whether there are few values.
    pub few: bool,
    /// Fields with the same bytes and value, hidden: `tcp.port` beside `tcp.srcport`.
    pub also: &'static [&'static Field],
    /// May stand more than once in its group, so JSON always makes an array of it.
    pub repeats: bool,
    /// The bytes are an address: columns have colons between them.
    pub colons: bool,
    /// A remark of this severity and area.
    pub expert: Option<(Severity, Area)>,
}

impl Show {
    const fn of(kind: Kind) -> Show {
        Show {
            kind,
            base: Base::Dec,
            mask: 0,
            codes: None,
            words: None,
            unit: "",
            write: None,
            reads: Reads::Anything,
            few: false,
            also: &[],
            repeats: false,
            colons: false,
            expert: None,
        }
    }
    /// A group without a value of its own: a chunk, a header, a list.
    pub const fn group() -> Show {
        Show::of(Kind::None)
    }
    /// The group of a protocol.
    pub const fn protocol() -> Show {
        Show::of(Kind::Protocol)
    }
    /// A number of 8 bits.
    pub const fn u8() -> Show {
        Show::of(Kind::Unsigned(8))
    }
    /// A number of 16 bits.
    pub const fn u16() -> Show {
        Show::of(Kind::Unsigned(16))
    }
    /// A number of 24 bits.
    pub const fn u24() -> Show {
        Show::of(Kind::Unsigned(24))
    }
    /// A number of 32 bits.
    pub const fn u32() -> Show {
        Show::of(Kind::Unsigned(32))
    }
    /// A number of 48 bits.
    pub const fn u48() -> Show {
        Show::of(Kind::Unsigned(48))
    }
    /// A number of 64 bits.
    pub const fn u64() -> Show {
        Show::of(Kind::Unsigned(64))
    }
    /// A signed number of 32 bits.
    pub const fn i32() -> Show {
        Show::of(Kind::Signed(32))
    }
    /// A floating-point number.
    pub const fn double() -> Show {
        Show::of(Kind::Double)
    }
    /// True or false.
    pub const fn flag() -> Show {
        Show::of(Kind::Boolean).words("Set", "Not set")
    }
    /// An IPv4 address.
    pub const fn ipv4() -> Show {
        Show::of(Kind::Ipv4)
    }
    /// An IPv6 address.
    pub const fn ipv6() -> Show {
        Show::of(Kind::Ipv6)
    }
    /// A hardware address.
    pub const fn ether() -> Show {
        Show::of(Kind::Ether)
    }
    /// Bytes.
    pub const fn bytes() -> Show {
        Show::of(Kind::Bytes)
    }
    /// Text.
    pub const fn text() -> Show {
        Show::of(Kind::Text)
    }
    /// A moment.
    pub const fn moment() -> Show {
        Show::of(Kind::Moment)
    }
    /// A length of time.
    pub const fn duration() -> Show {
        Show::of(Kind::Duration)
    }
    /// The number of a packet.
    pub const fn packet() -> Show {
        Show::of(Kind::Packet)
    }
    /// A remark: a label that is a sentence, with its severity and area.
    pub const fn expert(severity: Severity, area: Area) -> Show {
        Show { expert: Some((severity, area)), repeats: true, ..Show::of(Kind::None) }
    }
    /// Whether it is true or false.
    #[doc(hidden)]
    pub const fn is_flag(&self) -> bool {
        matches!(self.kind, Kind::Boolean)
    }
    /// Whether its lines are prepared for each of its values.
    #[doc(hidden)]
    pub const fn has_words(&self) -> bool {
        cfg!(feature = "prepared") && self.is_flag()
    }
    /// What stands between label and value: nothing where no value follows.
    pub(crate) const fn colon(&self) -> &'static str {
        if matches!(self.kind, Kind::None | Kind::Protocol) { "" } else { ": " }
    }
    /// The word for a flag's value.
    pub(crate) const fn word(&self, value: u64) -> &'static str {
        let (yes, no) = match self.words {
            Some(words) => words,
            None => ("True", "False"),
        };
        if value == 0 { no } else { yes }
    }
    /// Whether the names of its values and its unit have no sign that means something in XML.
    pub(super) const fn has_plain_names(&self) -> bool {
        let Some(codes) = self.codes else { return is_plain(self.unit) };
        let (mut plain, mut at) = (is_plain(self.unit) && is_plain(codes.unknown), 0);
        while at < codes.names.len() {
            plain &= is_plain(codes.names[at].1);
            at += 1;
        }
        plain
    }
    /// How many hexadecimal digits it has as a number.
    pub(crate) const fn digits(&self) -> u8 {
        let bits = match self.kind {
            Kind::Unsigned(bits) | Kind::Signed(bits) if self.mask == 0 => bits as u32,
            _ if self.mask == 0 => 0,
            // A mask may have holes.
            _ => u64::BITS - self.mask.leading_zeros() - self.mask.trailing_zeros(),
        };
        bits.div_ceil(4) as u8
    }
    /// Written in hexadecimal.
    pub const fn hex(self) -> Show {
        Show { base: Base::Hex, ..self }
    }
    /// Written in the given base.
    pub const fn base(self, base: Base) -> Show {
        Show { base, ..self }
    }
    /// The bits of the bytes that the field is. For numbers and flags.
    pub const fn mask(self, mask: u64) -> Show {
        Show { mask, ..self }
    }
    /// With names for values.
    pub const fn codes(self, codes: &'static Codes) -> Show {
        Show { codes: Some(codes), ..self }
    }
    /// The words for true and false.
    pub const fn words(self, yes: &'static str, no: &'static str) -> Show {
        Show { words: Some((yes, no)), ..self }
    }
    /// With a unit behind the number, written as it is: ` bytes`.
    pub const fn unit(self, unit: &'static str) -> Show {
        Show { unit, ..self }
    }
    /// With a writer for the text behind the label.
    pub const fn write(self, write: Write) -> Show {
        Show { write: Some(write), ..self }
    }
    /// With a writer that reads nothing but the node's value, so that its text can be used again.
    pub const fn write_value(self, write: Write) -> Show {
        Show { write: Some(write), reads: Reads::Value, ..self }
    }
    /// With a writer of what other nodes say, so that its text can be used again with other values. It writes these by
    /// [`Out::tell`]; all else that it writes follows from which nodes [`Out::find`] and [`Out::sees`] let it see, and from
    /// their values if they are names, flags or [`few`](Show::few).
    pub const fn write_parts(self, write: Write) -> Show {
        Show { write: Some(write), reads: Reads::Parts, ..self }
    }
    /// With a writer that reads nothing but which protocols the packet has, and writes plain text.
    pub(crate) const fn write_protocols(self, write: Write) -> Show {
        Show { write: Some(write), reads: Reads::Protocols, ..self }
    }
    /// Has few values, so that packets with the same one are alike.
    pub const fn few(self) -> Show {
        Show { few: true, ..self }
    }
    /// With colons between the bytes in columns too: an address.
    pub const fn colons(self) -> Show {
        Show { colons: true, ..self }
    }
    /// Is also these fields, hidden.
    pub const fn also(self, also: &'static [&'static Field]) -> Show {
        Show { also, ..self }
    }
    /// May stand more than once in its group.
    pub const fn repeats(self) -> Show {
        Show { repeats: true, ..self }
    }
}
