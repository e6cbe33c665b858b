//! The list of all fields, which page and worker have alike: what crosses between them is an index into it.

use dissect::{Dissector, Field};
use std::collections::HashMap;
use std::sync::OnceLock;

/// The protocols, for what the page works out by itself.
pub fn dissector() -> &'static Dissector {
    static DISSECTOR: OnceLock<Dissector> = OnceLock::new();
    DISSECTOR.get_or_init(Dissector::default)
}

/// All fields, by protocol, in the order of their declarations.
pub fn all() -> &'static [&'static Field] {
    static ALL: OnceLock<Vec<&'static Field>> = OnceLock::new();
    ALL.get_or_init(|| {
        let fields =
            dissector().protocols().iter().flat_map(|protocol| protocol.fields.iter().copied().flatten());
        fields.copied().collect()
    })
}

/// The index of a field; `u32::MAX` for one that no protocol registers.
pub fn index(field: &'static Field) -> u32 {
    static INDEXES: OnceLock<HashMap<usize, u32>> = OnceLock::new();
    let indexes =
        INDEXES.get_or_init(|| (0..).zip(all()).map(|(index, &field)| (address(field), index)).collect());
    indexes.get(&address(field)).copied().unwrap_or(u32::MAX)
}

fn address(field: &'static Field) -> usize {
    std::ptr::from_ref(field) as usize
}

/// A field by its index.
pub fn field(index: u32) -> Option<&'static Field> {
    all().get(index as usize).copied()
}

/// The first field of a name.
pub fn named(name: &str) -> Option<&'static Field> {
    all().iter().find(|field| field.name == name).copied()
}
