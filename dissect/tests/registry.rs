//! The registry: every protocol and field is declared once, named well, explained, and registered.

use dissect::{Dissector, Field, Kind};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

fn fields() -> Vec<(&'static str, &'static Field)> {
    let dissector = Dissector::default();
    let protocols = dissector.protocols().iter();
    protocols.flat_map(|one| one.fields.iter().copied().flatten().map(|field| (one.name, *field))).collect()
}

fn sources(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

fn proto() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/proto")
}

#[test]
fn fields_of_one_name_have_one_type() {
    let mut kinds: BTreeMap<&str, Kind> = BTreeMap::new();
    for (_, field) in fields() {
        let kind = *kinds.entry(field.name).or_insert(field.show.kind);
        assert_eq!(kind, field.show.kind, "{}", field.name);
    }
}

#[test]
fn names_are_well_formed() {
    for (protocol, field) in fields() {
        let name = field.name;
        let signs = |part: &str| {
            !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_/+".contains(&b))
        };
        assert!(name.split('.').all(signs), "{name}");
        assert!(
            name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_'),
            "{name} of {protocol}"
        );
    }
}

#[test]
fn every_field_says_what_it_means_and_where_that_is_specified() {
    for (protocol, field) in fields() {
        let doc = field.doc.trim();
        assert!(
            doc.len() > 8 && doc.ends_with('.'),
            "the doc of {} ({protocol}) is no sentence: {doc:?}",
            field.name
        );
        assert!(!field.section.trim().is_empty(), "{} names no specification", field.name);
        assert!(!field.label.is_empty(), "{} has no label", field.name);
        assert!(
            !field.label.contains(['<', '>', '&', '"', '\\', '\n']),
            "the label of {} needs escaping",
            field.name
        );
    }
}

#[test]
fn hidden_twins_have_their_owners_type_and_are_registered() {
    let registered: BTreeSet<*const Field> =
        fields().iter().map(|(_, field)| std::ptr::from_ref(*field)).collect();
    for (_, field) in fields() {
        for also in field.show.also {
            assert_eq!(also.show.kind, field.show.kind, "{} and {}", field.name, also.name);
            assert!(registered.contains(&std::ptr::from_ref(*also)), "{} is not registered", also.name);
        }
    }
}

#[test]
fn masks_fit_their_numbers() {
    for (_, field) in fields() {
        if let (Kind::Unsigned(bits), mask) = (field.show.kind, field.show.mask) {
            assert!(bits == 64 || mask >> mask.trailing_zeros().min(63) >> bits == 0, "{}", field.name);
        }
        assert!(
            field.show.mask == 0
                || matches!(field.show.kind, Kind::Unsigned(_) | Kind::Boolean | Kind::Signed(_)),
            "{}",
            field.name
        );
    }
}

#[test]
fn names_of_values_are_sorted() {
    for (_, field) in fields() {
        if let Some(codes) = field.show.codes {
            assert!(
                codes.names.is_sorted_by(|a, b| a.0 < b.0),
                "the values of {} are not in order",
                field.name
            );
            for (value, name) in codes.names {
                assert_eq!(codes.name(*value), Some(*name));
            }
        }
    }
}

#[test]
fn every_folder_is_a_registered_protocol() {
    let registration = std::fs::read_to_string(proto().join("mod.rs")).unwrap();
    for entry in std::fs::read_dir(proto()).unwrap() {
        let entry = entry.unwrap();
        if entry.path().is_dir() {
            let name = entry.file_name().into_string().unwrap();
            assert!(
                registration.contains(&format!("pub mod {name};")),
                "{name} is no module of proto/mod.rs"
            );
            assert!(registration.contains(&format!("&{name}::")), "{name} is not in PROTOCOLS");
        }
    }
}

/// A field that is declared in a file whose list no protocol names would never be found by a filter.
#[test]
fn every_declared_field_is_registered() {
    let registered: BTreeSet<&str> = fields().iter().map(|(_, field)| field.name).collect();
    let mut files = Vec::new();
    sources(&proto(), &mut files);
    let mut declared = 0;
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let text = text.split("#[cfg(test)]").next().unwrap();
        for block in text.split("\nfields! {").skip(1) {
            let block = block.split("\n}").next().unwrap();
            for line in block.lines().filter(|line| !line.trim_start().starts_with("///")) {
                let Some((before, after)) = line.split_once(" = \"") else { continue };
                let name = before.trim().rsplit(' ').next().unwrap();
                if name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_') {
                    declared += 1;
                    let field = after.split('"').next().unwrap();
                    assert!(
                        registered.contains(field),
                        "{field}, declared in {}, is not registered",
                        file.display()
                    );
                }
            }
        }
    }
    assert!(declared > 20, "the search for declarations finds none");
}

#[test]
fn protocols_have_names_of_their_own() {
    let dissector = Dissector::default();
    let names: BTreeSet<&str> = dissector.protocols().iter().map(|protocol| protocol.name).collect();
    assert_eq!(names.len(), dissector.protocols().len());
    for protocol in dissector.protocols() {
        assert!(!protocol.reference.is_empty() && !protocol.long.is_empty(), "{}", protocol.name);
    }
}
