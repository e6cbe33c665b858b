//! Outputs: the only place where a dissection becomes text.
//!
//! [`Text`], [`Json`], [`JsonRaw`], [`Elastic`], [`Pdml`], [`Psml`], [`Columns`] and [`Summary`] each write what stands before the first packet (`begin`), a packet
//! (`packet`) and what stands behind the last (`end`) into an [`Out`](crate::Out) that the caller empties when it likes. Once they
//! are warm they allocate nothing. [`hex()`] writes the bytes. [`line()`], [`value()`] and [`show()`] write pieces of one
//! node for other uses.
//!
//! Nothing that a packet says can steer a terminal: control characters and marks that turn text around are escaped.
//!
//! ```
//! use dissect::{Dissection, Dissector, Out, Packet, See, Tree, capture::LinkType, format};
//!
//! let bytes = [8; 20];
//! let (packet, mut tree, mut out) = (Packet::new(LinkType(1), &bytes), Tree::new(), Out::new());
//! Dissector::default().dissect(&See::alone(), &packet, &mut tree);
//! format::Text::default().packet(Dissection { tree: &tree, packet: &packet }, &mut out);
//! assert!(out.to_string_lossy().contains("\nEthernet II"));
//! ```

mod chains;
mod chosen;
mod clock;
mod columns;
mod date;
mod elastic;
mod hex;
mod json;
mod memo;
mod pdml;
mod psml;
mod raw;
mod style;
mod summary;
mod text;
mod value;

pub use chosen::Form;
pub use clock::{Clock, Times};
pub use columns::{Ask, Columns, Layout, Occurrence, Per, Quote};
pub use date::date;
pub use elastic::Elastic;
pub use hex::hex;
pub use json::Json;
pub(crate) use json::escape as escape_json;
pub use pdml::Pdml;
pub(crate) use pdml::escape as escape_xml;
pub use psml::Psml;
pub use raw::JsonRaw;
pub use style::Style;
pub use summary::Summary;
pub use text::{Text, text_tree};
pub(crate) use value::sentence;
pub use value::{line, show, value};

/// How deep the outputs nest. What stands deeper is written at this depth, so that nothing is lost.
const MOST_DEPTH: usize = 256;
