//! A tree of some protocols only holds what the whole tree holds of them.

use crate::{captures, each};
use dissect::{Dissector, Field, Only, Protocol, See, Tree};
use std::collections::{BTreeMap, HashMap};

/// How many nodes there are of each of the fields, by name.
fn counts<'f>(tree: &Tree, fields: &[&'f Field]) -> BTreeMap<&'f str, usize> {
    let mut counts = BTreeMap::new();
    for node in tree.nodes() {
        if let Some(field) = fields.iter().find(|field| std::ptr::eq(**field, node.field)) {
            *counts.entry(field.name).or_insert(0) += 1;
        }
    }
    counts
}

#[test]
fn a_part_of_the_tree_is_what_the_whole_has_of_it() {
    let dissector = Dissector::default();
    let fields: Vec<Vec<&Field>> = dissector
        .protocols()
        .iter()
        .map(|one| one.fields.iter().copied().flatten().copied().collect())
        .collect();
    // Data and the root's remarks come from every protocol: filters on them take the whole tree.
    let parts: Vec<(usize, Only)> = (1..fields.len())
        .filter(|index| !dissector.protocols()[*index].claims.is_empty())
        .map(|index| {
            // Those who add the fields of this protocol: itself, and who borrows them.
            let adds = |one: &&Protocol| {
                one.fields
                    .iter()
                    .chain(one.borrows)
                    .copied()
                    .flatten()
                    .any(|field| fields[index].contains(field))
            };
            let all = dissector.protocols().iter().enumerate().filter(|(_, one)| adds(one));
            let places: Vec<usize> = all.map(|(place, _)| place).collect();
            (index, Only::new(&dissector, &places))
        })
        .collect();
    let (mut whole, mut part, mut wrong) = (Tree::new(), Tree::new(), Vec::new());
    for path in captures() {
        let mut memory = dissector.memory();
        each(&path, 300, |packet| {
            dissector.learn(&mut memory, packet);
            let see = See::with(&memory, packet.number);
            dissector.dissect(&see, packet, &mut whole);
            for (index, only) in &parts {
                let expected = counts(&whole, &fields[*index]);
                dissector.dissect_only(&see, packet, only, &mut part);
                if counts(&part, &fields[*index]) != expected {
                    let name = dissector.protocols()[*index].name;
                    wrong.push(format!("{name} in packet {} of {}", packet.number, path.display()));
                }
            }
        });
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A tree for one field has that field as often as the whole tree, for every field that the captures bring.
#[test]
fn a_tree_for_a_field_has_it_as_often_as_the_whole() {
    let dissector = Dissector::default();
    let (mut whole, mut part) = (Tree::new(), Tree::new());
    let mut trees: HashMap<*const Field, (Only, u32)> = HashMap::new();
    for path in captures() {
        let mut memory = dissector.memory();
        each(&path, 60, |packet| {
            dissector.learn(&mut memory, packet);
            let see = See::with(&memory, packet.number);
            dissector.dissect(&see, packet, &mut whole);
            let mut found: HashMap<*const Field, (&'static Field, usize)> = HashMap::new();
            for node in whole.nodes() {
                found.entry(node.field).or_insert((node.field, 0)).1 += 1;
            }
            for (key, (field, count)) in found {
                // Data and the root's remarks come from every protocol, and the list of protocols tells of all.
                if field.name.starts_with("data")
                    || field.name.starts_with("_ws.")
                    || field.name == "frame.protocols"
                {
                    continue;
                }
                let (only, seen) =
                    trees.entry(key).or_insert_with(|| (Only::fields(&dissector, &[field]), 0));
                *seen += 1;
                // A field that was met often needs no further look.
                if *seen > 40 {
                    continue;
                }
                dissector.dissect_only(&see, packet, only, &mut part);
                let there = part.nodes().iter().filter(|node| std::ptr::eq(node.field, field)).count();
                assert_eq!(there, count, "{} in packet {} of {}", field.name, packet.number, path.display());
            }
        });
    }
    assert!(trees.len() > 1000, "the captures bring {} fields", trees.len());
}
