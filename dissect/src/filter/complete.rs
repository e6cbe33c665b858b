//! What may stand at a place of a filter: for a shell, and for a page.

use crate::Dissector;
use std::ops::Range;

/// A way to go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// The bytes of the text that it replaces.
    pub span: Range<usize>,
    /// What to put there.
    pub text: String,
    /// What it means.
    pub meaning: &'static str,
}

/// Completes a filter at the cursor, a place in bytes.
pub fn complete(dissector: &Dissector, text: &str, cursor: usize) -> Vec<Completion> {
    let _ = (dissector, text, cursor);
    Vec::new()
}
