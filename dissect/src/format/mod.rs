//! Outputs: the only place where a dissection becomes text.

mod pdml;
mod text;
mod value;

pub use pdml::{pdml_footer, pdml_header, pdml_packet};
pub use text::text_tree;
