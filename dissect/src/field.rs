//! What a field is: declared once, read by parser, tree, filter, every output, the docs and the error sentences.
//!
//! A field is a `static`; its address is its identity. One name may be several fields of one kind, as `tcp.port` is
//! the source and the destination port.

mod codes;
mod kind;
mod show;
mod starts;

pub use codes::Codes;
pub use kind::{Area, Base, Kind, Severity};
pub use show::{Reads, Show, Write};
pub(crate) use starts::{Plan, Sort};
pub use starts::{Start, Starts};

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

impl PartialEq for &'static Field {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(*self, *other)
    }
}

/// What a declaration tells people, where that is kept.
#[doc(hidden)]
pub const fn told(text: &'static str) -> &'static str {
    if cfg!(feature = "docs") { text } else { "" }
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
