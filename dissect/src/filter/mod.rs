//! Display filters: Wireshark's language on the tree, and blocks that it lacks.
//!
//! ```
//! use dissect::capture::{LinkType, Packet};
//! use dissect::{Dissector, Filter, See, filter::Work};
//!
//! # let bytes = [0x45, 0, 0, 32, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, 0x13, 0xc4, 0x13, 0xc4, 0, 12, 0, 0, 1, 2, 3, 4];
//! # let packet = Packet::new(LinkType::IPV4, &bytes);
//! let (dissector, mut work) = (Dissector::default(), Work::new());
//! let filter = Filter::compile(&dissector, "ip.src == 10.0.0.0/8 && udp.port in {5060..5070}")?;
//! assert!(filter.accepts(&dissector, &See::alone(), &packet, &mut work));
//! # Ok::<(), dissect::filter::Error>(())
//! ```
//!
//! The language is that of Wireshark 4.0: comparisons by sign or by word, where `!=` means that all values differ,
//! `contains`, `matches`, `in`, `any` and `all`, slices, layers (`ip.src#2`), arithmetic in braces, functions, and names
//! of values (`sctp.chunk_type == INIT`). A name before braces binds terms to one group: `chunk{ sctp.data_sid == 1 &&
//! sctp.data_ssn == 7 }` holds if one chunk has both; `message{ … }` does so for what SCTP, TCP or UDP carry, `NAME{ … }`
//! for any protocol or group. What differs from Wireshark is listed in docs/differences.md.

mod check;
mod complete;
mod doubt;
mod functions;
mod lex;
mod literal;
mod moment;
pub(crate) mod names;
mod parse;
mod pattern;
mod print;
mod run;
pub(crate) mod scope;
mod sight;
mod syntax;
#[cfg(test)]
mod tests;
mod types;

pub use complete::{Completion, MOST_COMPLETIONS, complete};
pub use doubt::doubt;
pub use names::nearest;

use crate::{Dissection, Dissector, Field, Only, Packet, Sight, Tree};
use check::Checker;
use run::{Test, View};
use sight::Buffers;
use std::fmt;
use std::ops::Range;
use syntax::Expr;

/// Why a text is no filter: where in it, and a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// The bytes of the text that are meant. It may be empty, at the end of the text.
    pub span: Range<usize>,
    /// What is wrong, and what was expected.
    pub sentence: String,
}

impl Error {
    fn new(span: Range<usize>, sentence: impl Into<String>) -> Error {
        Error { span, sentence: sentence.into() }
    }
    /// The text with a caret under the place, on two lines that begin with the indentation.
    ///
    /// ```
    /// use dissect::{Dissector, Filter};
    /// let text = "ip && sctp.chunktype == 1";
    /// let error = Filter::compile(&Dissector::default(), text).unwrap_err();
    /// assert_eq!(error.sentence, "sctp.chunktype is neither a field nor a protocol; did you mean sctp.chunk_type?");
    /// assert_eq!(error.caret(text, ""), "ip && sctp.chunktype == 1\n      ^~~~~~~~~~~~~~");
    /// ```
    pub fn caret(&self, text: &str, indentation: &str) -> String {
        let plain = |part: &str| -> String {
            part.chars().map(|sign| if sign.is_control() { ' ' } else { sign }).collect()
        };
        let (start, end) = (self.span.start.min(text.len()), self.span.end.min(text.len()));
        let before = text.get(..start).map_or(start, |part| part.chars().count());
        let marked = text.get(start..end).map_or(1, |part| part.chars().count()).max(1);
        let (blank, tail) = (" ".repeat(before), "~".repeat(marked - 1));
        format!("{indentation}{}\n{indentation}{blank}^{tail}", plain(text))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)
    }
}

impl std::error::Error for Error {}

/// A display filter, compiled for a dissector.
#[derive(Debug)]
pub struct Filter {
    expr: Option<Expr>,
    test: Option<Test>,
    /// The fields that it reads; `None` if it needs the whole tree.
    fields: Option<Vec<&'static Field>>,
    only: Option<Only>,
}

/// What filtering needs besides the filter: a tree and buffers, used again for every packet.
#[derive(Debug, Default)]
pub struct Work {
    /// The tree of the packet looked at last, with the protocols that the filter needed.
    pub tree: Tree,
    buffers: Buffers,
}

impl Work {
    /// Empty.
    pub fn new() -> Work {
        Work::default()
    }
}

impl Filter {
    /// Compiles a filter. Blanks alone are a filter that every packet passes.
    pub fn compile(dissector: &Dissector, text: &str) -> Result<Filter, Error> {
        let Some(expr) = parse::parse(text)? else {
            return Ok(Filter { expr: None, test: None, fields: Some(Vec::new()), only: None });
        };
        let mut checker = Checker { dissector, fields: Vec::new(), whole: false };
        let test = checker.test(&expr)?;
        let fields = (!checker.whole).then_some(checker.fields);
        let only = fields.as_ref().map(|fields| Only::fields(dissector, fields));
        Ok(Filter { expr: Some(expr), test: Some(test), fields, only })
    }
    /// Whether a packet passes, by its whole tree.
    ///
    /// ```
    /// use dissect::capture::{LinkType, Packet};
    /// use dissect::{Dissection, Dissector, Filter, See, Tree};
    /// let (dissector, mut tree) = (Dissector::default(), Tree::new());
    /// let packet = Packet::new(LinkType::IPV4, &[]);
    /// dissector.dissect(&See::alone(), &packet, &mut tree);
    /// let filter = Filter::compile(&dissector, "frame.len < 10").unwrap();
    /// assert!(filter.matches(Dissection { tree: &tree, packet: &packet }));
    /// ```
    pub fn matches(&self, dissection: Dissection<'_>) -> bool {
        self.matches_with(dissection, &Buffers::default())
    }
    /// Whether a packet passes: builds only as much of its tree as the filter needs.
    pub fn accepts<'s>(
        &self,
        dissector: &Dissector,
        sight: impl Into<Sight<'s>>,
        packet: &Packet<'_>,
        work: &mut Work,
    ) -> bool {
        if self.test.is_none() {
            return true;
        }
        match &self.only {
            Some(only) => dissector.dissect_only(sight, packet, only, &mut work.tree),
            None => dissector.dissect(sight, packet, &mut work.tree),
        }
        self.matches_with(Dissection { tree: &work.tree, packet }, &work.buffers)
    }
    fn matches_with(&self, dissection: Dissection<'_>, buffers: &Buffers) -> bool {
        let view = View { dissection, from: 0, to: dissection.tree.nodes().len(), buffers };
        self.test.as_ref().is_none_or(|test| test.holds(view))
    }
    /// The fields that the filter reads; `None` if it needs the whole tree.
    pub fn fields(&self) -> Option<&[&'static Field]> {
        self.fields.as_deref()
    }
    /// The protocols whose nodes the filter reads; `None` if it needs the whole tree.
    pub fn only(&self) -> Option<&Only> {
        self.only.as_ref()
    }
}

/// Two are equal if they say the same in the same way.
impl PartialEq for Filter {
    fn eq(&self, other: &Filter) -> bool {
        self.expr == other.expr
    }
}

/// The filter in one form of writing: compiling it again gives the same filter.
impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.expr.as_ref().map_or(Ok(()), |expr| expr.fmt(f))
    }
}
