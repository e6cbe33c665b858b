//! Reads and writes capture files: pcap, pcapng and snoop, also compressed with gzip, zstd, lz4 or xz.
//!
//! [`Reader`] gives the [`Packet`]s of anything that can be read. It tolerates what captures of the field have, and
//! tells what is damaged as [`Damage`], to go on behind it. [`Index`] reads packets again, [`Batch`] keeps some of
//! them, [`Writer`] writes them. This module opens no file; its memory does not grow with the input, whatever lengths
//! the input claims.
//!
//! ```no_run
//! use std::fs::File;
//!
//! use dissect::capture::Reader;
//!
//! let mut reader = Reader::new(File::open("capture.pcapng")?)?;
//! while let Some(next) = reader.next() {
//!     match next {
//!         Ok(packet) => println!("{}: {} bytes of {}", packet.number, packet.bytes.len(), packet.original),
//!         Err(damage) => eprintln!("{damage}"),
//!     }
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod batch;
mod compression;
mod damage;
mod error;
mod index;
mod link_type;
mod options;
mod order;
mod packet;
mod pcap;
pub mod pcapng;
mod reader;
mod section;
mod snoop;
mod spool;
mod time;
mod window;
mod write;
#[cfg(all(feature = "compression", any(test, target_family = "wasm")))]
mod zstd_frames;

pub use self::batch::Batch;
pub use self::compression::{Bound, Compression, Unpacked};
pub use self::damage::{Damage, Kind};
pub use self::error::Error;
pub use self::index::{Index, Summary};
pub use self::link_type::LinkType;
pub use self::options::{Direction, Flags, OptionField, Options};
pub use self::order::ByteOrder;
pub use self::packet::Packet;
pub use self::reader::{Block, Format, RawBlock, Reader};
pub use self::section::{Interface, Section};
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
