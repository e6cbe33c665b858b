//! What a value is, and what a remark is: Wireshark's types, bases, severities and groups.

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
