//! The list of all fields, which page and worker have alike: what crosses between them is an index into it.

use dissect::{Dissector, Field};
use std::sync::OnceLock;

/// All fields, by protocol, in the order of their declarations.
pub fn all() -> &'static [&'static Field] {
    static ALL: OnceLock<Vec<&'static Field>> = OnceLock::new();
    ALL.get_or_init(|| {
        let dissector = Dissector::default();
        let fields = dissector.protocols().iter().flat_map(|protocol| protocol.fields.iter().copied().flatten());
        fields.copied().collect()
    })
}

/// A field by its index.
pub fn field(index: u32) -> Option<&'static Field> {
    all().get(index as usize).copied()
}
