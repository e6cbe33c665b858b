//! Reads and writes capture files: pcap, pcapng and snoop, also compressed.
//!
//! [`Reader`] gives the [`Packet`]s of anything that can be read. It tolerates what captures of the field have, and
//! tells what is damaged as [`Damage`]. [`Index`] reads packets again. This module opens no file.

mod compression;
mod damage;
mod index;
mod link_type;
mod options;
mod order;
mod packet;
mod pcap;
pub mod pcapng;
mod reader;
mod snoop;
mod spool;
mod time;
mod window;
mod write;
#[cfg(all(feature = "compression", any(test, target_family = "wasm")))]
mod zstd_frames;

pub use self::compression::{Compression, Unpacked};
pub use self::damage::{Damage, Kind};
pub use self::index::{Index, Summary};
pub use self::link_type::LinkType;
pub use self::options::{Direction, Flags, OptionField, Options};
pub use self::order::ByteOrder;
pub use self::packet::Packet;
pub use self::pcapng::{Interface, Section};
pub use self::reader::{Block, Error, Format, RawBlock, Reader};
pub use self::spool::{MEMORY_LIMIT, Memory, Spool};
pub use self::time::{Resolution, Time};
pub use self::window::WINDOW;
pub use self::write::{PcapFile, Writer};

/// The longest packet that is read, in bytes.
pub const PACKET_LIMIT: u32 = 16 * 1024 * 1024;

/// Packets up to this length are taken without a look at what follows them, whatever the snap length of the file is. It
/// is the longest packet that common capture programs write.
pub const PACKET_TRUSTED: u32 = 262_144;

/// The longest block that is read, in bytes: the longest packet, and as much for its options.
pub const BLOCK_LIMIT: u32 = 2 * PACKET_LIMIT;

/// The most interfaces of one section.
pub const INTERFACE_LIMIT: usize = 65_536;

/// Bytes of options that are kept of a section and its interfaces. Beyond it they are read and not kept.
pub const OPTIONS_LIMIT: usize = 16 * 1024 * 1024;
