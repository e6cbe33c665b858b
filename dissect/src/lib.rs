//! Dissects packets of SCTP, TCP and SIP networks into a flat tree with Wireshark's field names.
//!
//! # Bytes to tree
//!
//! ```
//! use dissect::capture::{LinkType, Packet};
//! use dissect::{Dissection, Dissector, Out, See, Tree, format};
//!
//! let bytes = [
//!     0x45, 0, 0, 32, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, // IPv4
//!     0x1e, 0x61, 0x1e, 0x61, 0, 12, 0, 0, // UDP
//!     1, 2, 3, 4,
//! ];
//! let dissector = Dissector::default(); // once
//! let mut tree = Tree::new(); // used again for every packet
//! let packet = Packet::new(LinkType::IPV4, &bytes);
//! dissector.dissect(&See::alone(), &packet, &mut tree);
//!
//! let (_, port) = tree.find("udp.dstport").next().unwrap();
//! assert_eq!((port.value, port.start, port.len), (7777, 22, 2));
//!
//! let mut out = Out::new();
//! format::text_tree(Dissection { tree: &tree, packet: &packet }, &mut out);
//! assert!(out.to_string_lossy().contains("    Destination Port: 7777\n"));
//! ```
//!
//! # Where else to begin
//!
//! - The typed chunks of a packet, without a tree: [`proto::sctp::Packet`].
//! - Walking a capture file: [`capture::Reader`].
//! - A protocol of your own: [`Protocol`], [`fields!`], [`header!`], and [`Dissector::with`].
//!
//! # Features
//!
//! All are on by default. `compression` reads compressed captures; `reports` has the protocols' reports and statistics;
//! `docs` keeps what fields mean and where they are specified; `prepared` makes the pieces of lines at compile time, for
//! speed; `names` shows names of addresses and ports. A small program, such as one of WebAssembly, does without the last four.
//!
//! # What to rely on
//!
//! No bytes make this crate panic. It opens no files, starts no threads, prints nothing, has no unsafe code, and builds for
//! wasm32. Depths, counts and lengths have limits that are named constants.
#![forbid(unsafe_code)]

pub mod bpf;
pub mod capture;
pub mod checksum;
mod engine;
mod error;
pub mod field;
pub mod filter;
pub mod flow;
pub mod format;
pub mod header;
mod line;
mod memory;
mod names;
mod only;
mod out;
mod pen;
pub mod preference;
pub mod proto;
pub mod report;
pub mod statistic;
mod table;
#[cfg(test)]
pub(crate) mod testing;
pub mod tree;

pub use bpf::Bpf;
pub use capture::Packet;
pub use engine::{Cx, Dissector, MOST_LAYERS, MOST_SOURCES};
pub use error::{Fault, Limit, Malformed, Parsed};
pub use field::{Area, Base, Codes, Field, Kind, Severity, Show};
pub use filter::Filter;
pub use line::{Address, Ends, Line};
pub use memory::{Here, Memory, See, Sight, State};
pub use names::{LONGEST_NAME, MOST_NAMES, Names, Transport};
pub use only::Only;
pub use out::Out;
pub use table::{ANY, Claim, Frame, Framing, Look, Protocol, Table, Walk};
pub use tree::{Dissection, Item, Node, Tree};
