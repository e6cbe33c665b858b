//! docs/json.schema.json says what the declarations say. Set SCTPDUMP_UPDATE to write it anew.

use dissect::{Dissector, Field, Kind};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::path::Path;

fn fields() -> Vec<&'static Field> {
    let dissector = Dissector::default();
    let protocols = dissector.protocols().iter();
    protocols.flat_map(|one| one.fields.iter().copied().flatten().copied()).collect()
}

/// What a value of the kind is in JSON.
fn value(kind: Kind) -> Value {
    match kind {
        Kind::None | Kind::Protocol => json!({"$ref": "#/$defs/group"}),
        Kind::Boolean => json!({"type": "boolean"}),
        Kind::Unsigned(0..=53) | Kind::Packet => json!({"type": "integer", "minimum": 0}),
        Kind::Signed(0..=53) => json!({"type": "integer"}),
        Kind::Unsigned(_) | Kind::Signed(_) => json!({"type": "string", "pattern": "^-?[0-9]+$"}),
        Kind::Double => json!({"type": ["number", "string"]}),
        Kind::Moment | Kind::Duration => json!({"type": "string", "pattern": "^-?[0-9]+\\.[0-9]{9}$"}),
        Kind::Bytes => json!({"type": "string", "pattern": "^([0-9a-f]{2})*$"}),
        Kind::Ipv4 | Kind::Ipv6 | Kind::Ether | Kind::Text => json!({"type": "string"}),
    }
}

/// The members that fields become, by name.
fn members() -> Map<String, Value> {
    let mut members = BTreeMap::new();
    for field in fields() {
        if field.show.kind == Kind::Protocol {
            continue;
        }
        let one = if field.show.expert.is_some() {
            json!({"$ref": "#/$defs/remark"})
        } else {
            value(field.show.kind)
        };
        let all =
            if field.show.repeats { json!({"type": "array", "minItems": 1, "items": one}) } else { one };
        members.insert(field.name.to_owned(), all);
    }
    members.into_iter().collect()
}

fn schema() -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A packet as sctpdump writes it",
        "$ref": "#/$defs/packet",
        "$defs": {
            "packet": {
                "type": "object",
                "required": ["version", "number", "length", "captured"],
                "properties": {
                    "version": {"const": 1},
                    "number": {"type": "integer", "minimum": 1},
                    "time": {"type": "string", "pattern": "^-?[0-9]+\\.[0-9]{9}$"},
                    "length": {"type": "integer", "minimum": 0},
                    "captured": {"type": "integer", "minimum": 0}
                },
                "allOf": [{"$ref": "#/$defs/group"}]
            },
            "layer": {
                "type": "object",
                "required": ["protocol"],
                "properties": {"protocol": {"type": "string"}},
                "allOf": [{"$ref": "#/$defs/group"}]
            },
            "remark": {
                "type": "object",
                "required": ["severity", "group", "message"],
                "properties": {
                    "severity": {"enum": ["Chat", "Note", "Warning", "Error"]},
                    "group": {"type": "string"},
                    "message": {"type": "string"},
                    "field": {"type": "string"},
                    "offset": {"type": "integer", "minimum": 0}
                }
            },
            "group": {
                "type": "object",
                "properties": members(),
                "patternProperties": {
                    "^layers$": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/layer"}},
                    "_tree(#[0-9]+)?$": {
                        "anyOf": [
                            {"$ref": "#/$defs/group"},
                            {"type": "array", "items": {"anyOf": [{"type": "null"}, {"$ref": "#/$defs/group"}]}}
                        ]
                    }
                }
            }
        }
    })
}

#[test]
fn the_schema_is_that_of_the_declarations() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/json.schema.json");
    let wanted = serde_json::to_string_pretty(&schema()).expect("JSON") + "\n";
    if std::env::var_os("SCTPDUMP_UPDATE").is_some() {
        std::fs::write(&path, &wanted).expect("the schema is written");
    }
    let there = std::fs::read_to_string(&path).expect("the schema");
    assert!(there == wanted, "docs/json.schema.json is out of date: run the tests with SCTPDUMP_UPDATE=1");
}

#[test]
fn fields_of_one_name_have_one_shape_in_json() {
    let mut shapes: BTreeMap<&str, (Kind, bool)> = BTreeMap::new();
    let mut keys: BTreeMap<u64, &str> = BTreeMap::new();
    for field in fields() {
        let shape = (field.show.kind, field.show.repeats);
        assert_eq!(
            *shapes.entry(field.name).or_insert(shape),
            shape,
            "{} repeats here and not there",
            field.name
        );
        assert_eq!(*keys.entry(field.key()).or_insert(field.name), field.name, "two names of one hash");
    }
}

#[test]
fn no_field_is_named_as_what_the_shape_itself_says() {
    let names: std::collections::BTreeSet<&str> = fields().iter().map(|field| field.name).collect();
    for field in fields().iter().filter(|field| field.show.kind != Kind::Protocol) {
        let own = ["version", "number", "time", "length", "captured", "layers", "protocol"];
        assert!(!own.contains(&field.name), "{}", field.name);
        let base = field.name.strip_suffix("_tree").unwrap_or("");
        assert!(!names.contains(base), "{} is where the fields under {base} stand", field.name);
    }
}
