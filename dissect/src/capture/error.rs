//! Why a file is not read at all.

use std::{fmt, io};

use super::{ByteOrder, Compression};

/// Why a file is not read at all.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The file is of another format.
    Format {
        /// Its first bytes; zeros stand for those it does not have.
        found: [u8; 16],
    },
    /// The file ends inside its header.
    Cut {
        /// Bytes of the header.
        needed: usize,
        /// Bytes that are there.
        left: usize,
    },
    /// The file is compressed in a way that this build cannot unpack.
    Compression(Compression),
    /// A snoop file of a data link that has no link type.
    SnoopLink(u32),
    /// The source cannot be read, or not be unpacked.
    Read {
        /// The kind of the source's error.
        kind: io::ErrorKind,
        /// The source's own words.
        message: String,
    },
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Error {
        Error::Read { kind: error.kind(), message: error.to_string() }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Format { found } => {
                if let Some(name) = known_format(found) {
                    write!(f, "this is {name}")?;
                } else {
                    write!(f, "this is no capture file, it begins with")?;
                    for byte in found.iter().take(8) {
                        write!(f, " {byte:02x}")?;
                    }
                }
                write!(f, "; pcap, pcapng and snoop can be read, also compressed with gzip, zstd, lz4 or xz")
            }
            Error::Cut { needed, left } => {
                write!(
                    f,
                    "the file is cut short inside its header: {needed} bytes are needed, {left} are there"
                )
            }
            Error::Compression(compression) => {
                write!(
                    f,
                    "the file is compressed with {compression}, which this build cannot unpack; unpack it first"
                )
            }
            Error::SnoopLink(link) => {
                write!(f, "the snoop file is of data link {link}, which cannot be read")
            }
            Error::Read { message, .. } => write!(f, "the input cannot be read: {message}"),
        }
    }
}

impl std::error::Error for Error {}

/// Formats that are told apart only to say what was found.
fn known_format(found: &[u8; 16]) -> Option<&'static str> {
    Some(match found {
        [b'b', b't', b's', b'n', b'o', b'o', b'p', 0, ..] => "a Bluetooth snoop file",
        [b'T', b'R', b'S', b'N', b'I', b'F', b'F', ..] => "a Network General Sniffer file",
        [b'i', b'p', b't', b'r', b'a', b'c', b'e', ..] => "an AIX iptrace file",
        [b'R', b'T', b'S', b'S', ..] | [b'G', b'M', b'B', b'U', ..] => "a Microsoft Network Monitor file",
        [b'X', b'C', b'P', 0, ..] => "a NetXRay file",
        [0x7f, b'v', b'e', b'r', ..] => "a LANalyzer or EtherPeek file",
        [0x1c, 0, 1, 0xac | 0xab, ..] | [0xac | 0xab, 1, 0, 0x1c, ..] => "an Ixia capture file",
        [b'B', b'Z', b'h', ..] => "a file compressed with bzip2",
        [b'P', b'K', 3, 4, ..] => "a zip archive",
        [0x02, 0x21, 0x4c, 0x18, ..] => "a file in the legacy format of lz4",
        [0x1f, 0x9d, ..] => "a file compressed with compress",
        [b'<', b'?', b'x', b'm', b'l', ..] => "an XML file",
        [b'{' | b'[', ..] => "a JSON file",
        _ if is_erf(found) => "an Endace ERF file",
        _ => return None,
    })
}

/// An ERF file has no magic: it begins with the head of a record. Its time is one of the years 2000 to 2039, its type
/// is one that exists, and its length is that of its head or more.
fn is_erf(found: &[u8; 16]) -> bool {
    let seconds = ByteOrder::Little.u32_at(found, 4).unwrap_or(0);
    let length = ByteOrder::Big.u16_at(found, 10).unwrap_or(0);
    (946_684_800..2_208_988_800).contains(&seconds) && (1..=48).contains(&(found[8] & 0x7f)) && length >= 16
}
