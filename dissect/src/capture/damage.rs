//! What is wrong in a capture file, as data and as a sentence.

use std::{fmt, io};

use super::{BLOCK_LIMIT, INTERFACE_LIMIT, PACKET_LIMIT};

/// A place where the file does not hold what it should, and where reading goes on.
///
/// A [`Reader`](super::Reader) returns it once for each such place and then goes on with the packets that can still
/// be found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// What is wrong.
    pub kind: Kind,
    /// Offset in the file, after unpacking, of the record or block that is wrong.
    pub offset: u64,
    /// Number of packets read before.
    pub packets: u64,
    /// Offset where reading goes on; `None` if nothing that can be read follows.
    pub resume: Option<u64>,
}

/// What can be wrong in a capture file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// The file ends inside a record.
    Cut {
        /// Bytes the record needs.
        needed: u64,
        /// Bytes that are there.
        left: u64,
    },
    /// The source could not be read, or not be unpacked.
    Read {
        /// The kind of the source's error.
        kind: io::ErrorKind,
        /// The source's own words.
        message: String,
    },
    /// A packet's length is beyond [`PACKET_LIMIT`], or beyond the snap length with no further record behind it.
    PacketLength {
        /// The length the record claims.
        length: u32,
    },
    /// A snoop record is shorter than its packet and header.
    RecordLength {
        /// The length the record claims.
        length: u32,
    },
    /// A block's length is beyond [`BLOCK_LIMIT`] or too short for a block.
    BlockLength {
        /// The length the block claims.
        length: u32,
    },
    /// The length at the end of a block is not the one at its start.
    BlockEnd {
        /// The length at the start.
        first: u32,
        /// The length at the end.
        last: u32,
    },
    /// A block has no room for its fixed fields.
    BlockTooShort {
        /// The type of the block.
        block: u32,
        /// Bytes its fixed fields need.
        needed: u32,
        /// Bytes that are there.
        left: u32,
    },
    /// A packet is longer than the block around it.
    PacketInBlock {
        /// The length the block claims for the packet.
        captured: u32,
        /// Bytes the block has for it.
        room: u32,
    },
    /// A packet names an interface that its section has not described.
    Interface {
        /// The interface's number in its section.
        id: u32,
        /// Interfaces described so far.
        known: u32,
    },
    /// The section describes more than [`INTERFACE_LIMIT`] interfaces.
    TooManyInterfaces,
    /// A section header has no byte order mark.
    ByteOrder {
        /// The four bytes in its place.
        found: [u8; 4],
    },
    /// A section is of a version that this reader does not know; it is read as version 1.
    Version {
        /// The major version.
        major: u16,
        /// The minor version.
        minor: u16,
    },
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at offset {} (after packet {}) {}; ", self.offset, self.packets, self.kind)?;
        match self.resume {
            Some(resume) => write!(f, "reading goes on at offset {resume}"),
            None if matches!(self.kind, Kind::Cut { .. }) => {
                write!(f, "nothing more can be read, a complete copy of the file would have the rest")
            }
            None => write!(f, "nothing that can be read follows"),
        }
    }
}

impl std::error::Error for Damage {}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Kind::Cut { needed, left } => {
                write!(f, "the file is cut short: a record needs {needed} bytes, {left} are left")
            }
            Kind::Read { message, .. } => write!(f, "the input cannot be read: {message}"),
            Kind::PacketLength { length } => write!(
                f,
                "a packet claims {length} bytes, which is beyond the limit of {PACKET_LIMIT} or leads to no further packet"
            ),
            Kind::RecordLength { length } => {
                write!(
                    f,
                    "a record claims {length} bytes, too few for its packet or beyond the limit of {BLOCK_LIMIT}"
                )
            }
            Kind::BlockLength { length } => {
                write!(f, "a block claims {length} bytes; at least 12 and at most {BLOCK_LIMIT} are possible")
            }
            Kind::BlockEnd { first, last } => {
                write!(f, "a block claims {first} bytes at its start and {last} at its end")
            }
            Kind::BlockTooShort { block, needed, left } => {
                write!(f, "a block of type {block} needs {needed} bytes for its fields and has {left}")
            }
            Kind::PacketInBlock { captured, room } => {
                write!(f, "a packet claims {captured} bytes and its block has {room}")
            }
            Kind::Interface { id, known } => {
                write!(f, "a packet is from interface {id}, and {known} are described")
            }
            Kind::TooManyInterfaces => {
                write!(f, "a section describes more than {INTERFACE_LIMIT} interfaces")
            }
            Kind::ByteOrder { found } => {
                let found = u32::from_be_bytes(*found);
                write!(f, "a section header has {found:08x} where its byte order mark should be")
            }
            Kind::Version { major, minor } => {
                write!(f, "a section is of version {major}.{minor}; it is read as version 1.0")
            }
        }
    }
}
