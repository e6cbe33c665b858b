//! Dissects packets into a flat tree with Wireshark's field names.
#![forbid(unsafe_code)]

pub mod capture;
pub mod checksum;
mod engine;
mod error;
pub mod field;
pub mod format;
pub mod header;
mod line;
mod memory;
mod out;
pub mod proto;
mod table;
#[cfg(test)]
pub(crate) mod testing;
pub mod tree;

pub use capture::Packet;
pub use engine::{Cx, Dissector, MOST_LAYERS, MOST_SOURCES};
pub use error::{Fault, Limit, Malformed, Parsed};
pub use field::{Area, Base, Codes, Field, Kind, Severity, Show};
pub use line::{Address, Ends, Line};
pub use memory::{Here, Memory, See, State};
pub use out::Out;
pub use table::{Claim, Look, Protocol, Table, Walk};
pub use tree::{Dissection, Item, Node, Tree};
