//! What a field is: declared once, read by parser, tree, filter, every output, the docs and the error sentences.
//!
//! A field is a `static`; its address is its identity. One name may be several fields of one kind, as `tcp.port` is
//! the source and the destination port.

use crate::{Out, tree::Item};

/// One field of one protocol: what it is called, how its value is shown and where it is specified.
#[derive(Debug)]
pub struct Field {
    /// The filter name, Wireshark's where Wireshark has the field: `sctp.chunk_type`.
    pub name: &'static str,
    /// The label in the specification's words: `Chunk type`.
    pub label: &'static str,
    /// One or two sentences on what it means. Empty without the feature `docs`.
    pub doc: &'static str,
    /// Where it is specified: `RFC 9260, 3.2`. For what no specification names, who defined it. Empty without the feature
    /// `docs`.
    pub section: &'static str,
    /// How its value is read and shown.
    pub show: Show,
    /// The starts of its lines in the outputs, made at compile time.
    pub starts: Starts,
    /// For true and false: `Label: word` for false and for true, made at compile time. Empty otherwise, and without the
    /// feature `prepared`.
    pub words: &'static [Start<128>],
}

/// The constant pieces of a field's lines in each output, and which kind of line it is.
#[derive(Debug)]
pub struct Starts {
    /// What tells names apart: a hash of the name, as one name may be several fields. Zero without the feature `prepared`.
    key: u64,
    /// How its value is written.
    pub(crate) plan: Plan,
    /// How many hexadecimal digits a number has.
    pub(crate) digits: u8,
    /// Whether its label, words, unit and names of values have no sign that means something in XML.
    pub(crate) plain: bool,
    /// What of its lines belongs to the shape of a packet.
    pub(crate) sort: Sort,
    /// Which bits of the value belong to the shape: all or none.
    pub(crate) counts: u64,
    /// Whether its nodes have nearly always the same size.
    pub(crate) sized: bool,
    /// `Label: `, or `Label` where no value follows.
    pub text: Start<64>,
    /// `"name":`
    pub json: Start<64>,
    /// `<field name="name" showname="`
    pub pdml: Start<80>,
}

/// How a value is written, decided at compile time, so that a line costs one branch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Plan {
    /// A group: the label alone.
    Label,
    /// What has a writer for the text behind the label.
    Written,
    /// Text.
    Text,
    /// A number in decimal, perhaps with a unit.
    Dec,
    /// A number in hexadecimal, perhaps with a unit.
    Hex,
    /// A number in hexadecimal and in decimal.
    HexDec,
    /// A number in decimal and in hexadecimal.
    DecHex,
    /// A number in decimal with a name.
    DecName,
    /// A number in hexadecimal with a name.
    HexName,
    /// True or false: the prepared words.
    Flag,
    /// An IPv4 address.
    Ipv4,
    /// A hardware address.
    Ether,
    /// Bytes.
    Bytes,
    /// A length of time.
    Time,
    /// A moment.
    Moment,
    /// Anything else: by way of the general writer.
    Other,
}

/// The room of a prepared text.
#[cfg(feature = "prepared")]
type Row<const N: usize> = [u8; N];
/// Nothing is prepared: the texts' pieces are put together when they are written.
#[cfg(not(feature = "prepared"))]
type Row<const N: usize> = [u8; 0];

/// A constant text in a row of fixed size, which is copied whole and then cut: that needs no loop. Without the feature
/// `prepared` it is only known how long it is.
#[derive(Debug)]
pub struct Start<const N: usize> {
    pub(crate) row: Row<N>,
    pub(crate) len: u8,
    /// Whether the text is longer than the row, which then holds its begin.
    pub(crate) cut: bool,
    /// Whether it has no sign that means something in XML.
    pub(crate) plain: bool,
}

impl<const N: usize> Start<N> {
    /// The texts one after the other.
    const fn of(texts: &[&str]) -> Start<N> {
        let (mut row, mut len, mut cut, mut text): (Row<N>, _, _, _) = ([b' '; _], 0, false, 0);
        let mut plain = true;
        while text < texts.len() {
            let bytes = texts[text].as_bytes();
            let mut at = 0;
            while at < bytes.len() {
                if len < N {
                    plain &= !matches!(bytes[at], b'<' | b'>' | b'&' | b'"');
                    if len < row.len() {
                        row[len] = bytes[at];
                    }
                    len += 1;
                } else {
                    cut = true;
                }
                at += 1;
            }
            text += 1;
        }
        Start { row, len: len as u8, cut, plain }
    }
    /// The text, as far as it fits.
    pub fn as_bytes(&self) -> &[u8] {
        self.row.get(..usize::from(self.len)).unwrap_or(&self.row)
    }
}

impl Starts {
    /// Prepares a field's lines.
    #[doc(hidden)]
    pub const fn new(name: &str, label: &str, show: Show) -> Starts {
        let text = Start::of(&[label, show.colon()]);
        let json = Start::of(&["\"", name, "\":"]);
        let pdml = Start::of(&["<field name=\"", name, "\" showname=\""]);
        let plan = match Plan::of(&show) {
            // What does not fit a row is rare enough for the general writer.
            _ if text.cut || json.cut || pdml.cut => Plan::Other,
            Plan::Flag if Starts::words(label, show)[0].cut || Starts::words(label, show)[1].cut => {
                Plan::Other
            }
            plan => plan,
        };
        let [no, yes] = Starts::words(label, show);
        let plain = text.plain && no.plain && yes.plain && show.has_plain_names();
        let (sort, sized) = (plan.sort(&show), plan.is_sized(&show));
        let counts = if matches!(sort, Sort::Same) { u64::MAX } else { 0 };
        let key = if cfg!(feature = "prepared") { hash(name) } else { 0 };
        Starts { key, plan, digits: show.digits(), plain, sort, counts, sized, text, json, pdml }
    }
    /// The lines of a flag.
    #[doc(hidden)]
    pub const fn words(label: &str, show: Show) -> [Start<128>; 2] {
        [Start::of(&[label, ": ", show.word(0)]), Start::of(&[label, ": ", show.word(1)])]
    }
}

impl Field {
    /// What tells names apart, as one name may be several fields.
    #[inline(always)]
    pub fn key(&self) -> u64 {
        if cfg!(feature = "prepared") { self.starts.key } else { hash(self.name) }
    }
}

/// What a declaration tells people, where that is kept.
#[doc(hidden)]
pub const fn told(text: &'static str) -> &'static str {
    if cfg!(feature = "docs") { text } else { "" }
}

/// Whether text has no sign that means something in XML.
const fn is_plain(text: &str) -> bool {
    let (bytes, mut at) = (text.as_bytes(), 0);
    while at < bytes.len() {
        if matches!(bytes[at], b'<' | b'>' | b'&' | b'"') {
            return false;
        }
        at += 1;
    }
    true
}

/// FNV-1a, 64 bits.
const fn hash(text: &str) -> u64 {
    let (mut sum, mut at) = (0xcbf2_9ce4_8422_2325, 0);
    while at < text.len() {
        sum = (sum ^ text.as_bytes()[at] as u64).wrapping_mul(0x0100_0000_01b3);
        at += 1;
    }
    sum
}

impl Plan {
    const fn of(show: &Show) -> Plan {
        if show.expert.is_some() || show.unit.len() > 32 {
            return Plan::Other;
        }
        if show.write.is_some() {
            return Plan::Written;
        }
        match show.kind {
            Kind::Text => Plan::Text,
            Kind::None | Kind::Protocol => Plan::Label,
            Kind::Boolean => Plan::Flag,
            Kind::Unsigned(_) => match (show.base, show.codes.is_some()) {
                (Base::Dec, false) => Plan::Dec,
                (Base::Hex, false) => Plan::Hex,
                (Base::HexDec, false) => Plan::HexDec,
                (Base::DecHex, false) => Plan::DecHex,
                (Base::Dec | Base::DecHex, true) => Plan::DecName,
                (Base::Hex | Base::HexDec, true) => Plan::HexName,
                _ => Plan::Other,
            },
            Kind::Packet => Plan::Dec,
            Kind::Ipv4 => Plan::Ipv4,
            Kind::Ether => Plan::Ether,
            Kind::Bytes => Plan::Bytes,
            Kind::Duration => Plan::Time,
            Kind::Moment => Plan::Moment,
            _ => Plan::Other,
        }
    }
}

/// What of a field's lines belongs to the shape of a packet, in which packets are alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sort {
    /// The value too: names, flags.
    Same,
    /// The value differs: numbers, addresses, text.
    Varies,
    /// Its lines are not known beforehand.
    Never,
}

impl Plan {
    const fn sort(self, show: &Show) -> Sort {
        match self {
            Plan::Other => Sort::Never,
            Plan::Written if matches!(show.reads, Reads::Value) => Sort::Same,
            Plan::Label | Plan::Flag | Plan::DecName | Plan::HexName => Sort::Same,
            _ if show.mask != 0 || show.few => Sort::Same,
            _ => Sort::Varies,
        }
    }
    /// Whether nodes of this kind have nearly always the same size.
    const fn is_sized(self, show: &Show) -> bool {
        !matches!(self, Plan::Label | Plan::Text | Plan::Bytes)
            && match (self, show.kind) {
                (Plan::Written, Kind::None | Kind::Protocol | Kind::Bytes | Kind::Text) => false,
                (Plan::Written, _) => !matches!(show.reads, Reads::Anything),
                _ => true,
            }
    }
}

impl PartialEq for &'static Field {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(*self, *other)
    }
}

/// The type of a field's value: Wireshark's, so that filters mean the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// No value: a group of other fields, or a remark.
    None,
    /// A protocol: the group of all its fields.
    Protocol,
    /// True or false.
    Boolean,
    /// An unsigned number of so many bits: 8, 16, 24, 32, 40, 48, 56 or 64.
    Unsigned(u8),
    /// A signed number of so many bits. In the tree it stands as the `u64` of the same 64 bits.
    Signed(u8),
    /// A floating-point number of 64 bits, in the tree as its bits.
    Double,
    /// An IPv4 address.
    Ipv4,
    /// An IPv6 address, read from its bytes.
    Ipv6,
    /// A hardware address of 6 bytes, read from its bytes.
    Ether,
    /// Bytes.
    Bytes,
    /// Text: UTF-8 where it is, otherwise shown with replacements.
    Text,
    /// A moment: nanoseconds since 1970, as `i64`.
    Moment,
    /// A length of time in nanoseconds, as `i64`.
    Duration,
    /// The number of a packet.
    Packet,
}

impl Kind {
    /// Wireshark's name of the type: `FT_UINT16`.
    pub const fn name(self) -> &'static str {
        match self {
            Kind::None => "FT_NONE",
            Kind::Protocol => "FT_PROTOCOL",
            Kind::Boolean => "FT_BOOLEAN",
            Kind::Unsigned(8) => "FT_UINT8",
            Kind::Unsigned(16) => "FT_UINT16",
            Kind::Unsigned(24) => "FT_UINT24",
            Kind::Unsigned(32) => "FT_UINT32",
            Kind::Unsigned(40) => "FT_UINT40",
            Kind::Unsigned(48) => "FT_UINT48",
            Kind::Unsigned(56) => "FT_UINT56",
            Kind::Unsigned(_) => "FT_UINT64",
            Kind::Signed(8) => "FT_INT8",
            Kind::Signed(16) => "FT_INT16",
            Kind::Signed(32) => "FT_INT32",
            Kind::Signed(_) => "FT_INT64",
            Kind::Double => "FT_DOUBLE",
            Kind::Ipv4 => "FT_IPv4",
            Kind::Ipv6 => "FT_IPv6",
            Kind::Ether => "FT_ETHER",
            Kind::Bytes => "FT_BYTES",
            Kind::Text => "FT_STRING",
            Kind::Moment => "FT_ABSOLUTE_TIME",
            Kind::Duration => "FT_RELATIVE_TIME",
            Kind::Packet => "FT_FRAMENUM",
        }
    }
    /// The type in words.
    pub const fn description(self) -> &'static str {
        match self {
            Kind::None => "Label",
            Kind::Protocol => "Protocol",
            Kind::Boolean => "Boolean",
            Kind::Unsigned(8) => "Unsigned integer (8 bits)",
            Kind::Unsigned(16) => "Unsigned integer (16 bits)",
            Kind::Unsigned(24) => "Unsigned integer (24 bits)",
            Kind::Unsigned(32) => "Unsigned integer (32 bits)",
            Kind::Unsigned(40) => "Unsigned integer (40 bits)",
            Kind::Unsigned(48) => "Unsigned integer (48 bits)",
            Kind::Unsigned(56) => "Unsigned integer (56 bits)",
            Kind::Unsigned(_) => "Unsigned integer (64 bits)",
            Kind::Signed(8) => "Signed integer (8 bits)",
            Kind::Signed(16) => "Signed integer (16 bits)",
            Kind::Signed(32) => "Signed integer (32 bits)",
            Kind::Signed(_) => "Signed integer (64 bits)",
            Kind::Double => "Floating point (double-precision)",
            Kind::Ipv4 => "IPv4 address",
            Kind::Ipv6 => "IPv6 address",
            Kind::Ether => "Ethernet or other MAC address",
            Kind::Bytes => "Byte sequence",
            Kind::Text => "Character string",
            Kind::Moment => "Date and time",
            Kind::Duration => "Time offset",
            Kind::Packet => "Frame number",
        }
    }
}

/// How a number is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Base {
    /// Decimal.
    Dec,
    /// Hexadecimal, padded to the kind's width.
    Hex,
    /// Decimal, then hexadecimal in brackets.
    DecHex,
    /// Hexadecimal, then decimal in brackets.
    HexDec,
    /// Octal.
    Oct,
}

/// How bad a remark is: Wireshark's severities.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// A usual event worth showing.
    Chat,
    /// Notable.
    Note,
    /// Unusual: a fault of an application or a protocol.
    Warn,
    /// A serious fault, or bytes that can't be understood.
    Error,
}

impl Severity {
    /// The word for it, as Wireshark has it.
    pub const fn name(self) -> &'static str {
        match self {
            Severity::Chat => "Chat",
            Severity::Note => "Note",
            Severity::Warn => "Warning",
            Severity::Error => "Error",
        }
    }
}

/// The area of a remark: Wireshark's groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Area {
    /// A checksum.
    Checksum,
    /// The order of messages.
    Sequence,
    /// A status code.
    Response,
    /// A request.
    Request,
    /// Data that is not dissected.
    Undecoded,
    /// Pieces of a larger whole.
    Reassemble,
    /// Bytes that break the protocol's format.
    Malformed,
    /// Bytes in the format that break the protocol's rules.
    Protocol,
    /// Security.
    Security,
    /// A remark of the capture's author.
    Comment,
    /// An assumption.
    Assumption,
    /// Out of date.
    Deprecated,
}

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
    const fn has_plain_names(&self) -> bool {
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

/// The names of a number's values, sorted by value.
#[derive(Debug)]
pub struct Codes {
    /// What is said of a value without a name: `Unknown`, `Reserved`.
    pub unknown: &'static str,
    /// Value and name, in ascending order of value.
    pub names: &'static [(u64, &'static str)],
}

impl Codes {
    /// The name of a value.
    pub fn name(&self, value: u64) -> Option<&'static str> {
        match self.names.get(value as usize) {
            Some((at, name)) if *at == value => Some(name),
            _ => {
                let at = self.names.binary_search_by_key(&value, |row| row.0).ok()?;
                self.names.get(at).map(|row| row.1)
            }
        }
    }
    /// The name of a value, or the word for unknown ones.
    pub fn name_or_unknown(&self, value: u64) -> &'static str {
        self.name(value).unwrap_or(self.unknown)
    }
}

/// Declares the fields of a file, and `FIELDS`, the list of them that a [`Protocol`](crate::Protocol) registers.
///
/// ```
/// use dissect::{Show, fields};
/// fields! {
///     /// How many pieces there are.
///     pub PIECES = "toy.pieces", "Pieces", Show::u16(), "RFC 9999, 1";
/// }
/// assert_eq!(FIELDS[0].starts.json.as_bytes(), b"\"toy.pieces\":");
/// ```
#[macro_export]
macro_rules! fields {
    ($($(#[doc = $doc:literal])+ $vis:vis $id:ident = $name:literal, $label:literal, $show:expr, $section:literal;)*) => {
        $($(#[doc = $doc])+
        #[doc = ""]
        #[doc = concat!("`", $name, "`, ", $section, ".")]
        $vis static $id: $crate::Field = $crate::Field {
            name: $name,
            label: $label,
            doc: $crate::field::told(concat!($($doc),+)),
            section: $crate::field::told($section),
            show: $show,
            starts: $crate::field::Starts::new($name, $label, $show),
            words: if $show.has_words() { &$crate::field::Starts::words($label, $show) } else { &[] },
        };)*
        /// The fields declared in this file.
        pub static FIELDS: &[&$crate::Field] = &[$(&$id),*];
    };
}

/// Declares a number with named values as a type of its own, and the [`Codes`] a field shows.
///
/// ```
/// use dissect::codes;
/// codes! {
///     /// The kind of a toy.
///     pub ToyType: u8, TOY_TYPES, "Unknown" {
///         /// A ball.
///         BALL = 0, "BALL";
///         /// A kite.
///         KITE = 7, "KITE";
///     }
/// }
/// assert_eq!(ToyType::KITE.name(), Some("KITE"));
/// assert_eq!(ToyType(3).name(), None);
/// ```
#[macro_export]
macro_rules! codes {
    ($(#[$meta:meta])* $vis:vis $id:ident: $int:ty, $codes:ident, $unknown:literal {
        $($(#[$doc:meta])+ $code:ident = $value:literal, $name:literal;)*
    }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        $vis struct $id(pub $int);
        impl $id {
            $($(#[$doc])+ pub const $code: $id = $id($value);)*
            /// The name of the value, if it has one.
            pub fn name(self) -> Option<&'static str> {
                $codes.name(u64::from(self.0))
            }
        }
        #[doc = concat!("The names of [`", stringify!($id), "`].")]
        $vis static $codes: $crate::Codes = $crate::Codes { unknown: $unknown, names: &[$(($value, $name)),*] };
    };
}
