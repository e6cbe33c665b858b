//! A tree of some protocols only holds what the whole tree holds of them.

use crate::{captures, each};
use dissect::filter::Work;
use dissect::statistic::Statistics;
use dissect::{Dissector, Field, Filter, Line, Only, Out, Protocol, See, Tree};
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

/// What a line tells, but whether it lacks something.
fn told(line: &Line) -> impl PartialEq + std::fmt::Debug {
    (line.source, line.destination, line.protocol, line.info.to_string_lossy())
}

/// Whoever learns for summary lines alone writes the same ones.
#[test]
fn what_is_left_out_of_learning_for_lines_changes_no_line() {
    let dissector = Dissector::default();
    let only = Only::lines(&dissector);
    let (mut line, mut expected, mut lines) = (Line::new(), Line::new(), 0);
    for path in captures() {
        let (mut whole, mut lean) = (dissector.memory(), dissector.memory_for(&only));
        each(&path, u64::MAX, |packet| {
            dissector.summarize(&mut lean, packet, &mut line);
            dissector.summarize(&mut whole, packet, &mut expected);
            assert_eq!(told(&line), told(&expected), "packet {} of {}", packet.number, path.display());
            assert!(!line.lacks() && !lean.lacks());
            lines += 1;
        });
    }
    assert!(lines > 3000, "{lines} lines");
}

/// The same in a second pass, where lines are written from notes.
#[test]
fn what_is_left_out_of_learning_for_recalled_lines_changes_no_line() {
    let dissector = Dissector::default();
    let only = Only::lines(&dissector).recalled();
    let (mut line, mut expected, mut again) = (Line::new(), Line::new(), 0);
    for path in captures() {
        let (mut whole, mut lean) = (dissector.memory(), dissector.memory_for(&only));
        each(&path, 300, |packet| {
            dissector.learn(&mut lean, packet);
            dissector.learn(&mut whole, packet);
        });
        each(&path, 300, |packet| {
            dissector.summarize(&See::with(&lean, u64::MAX), packet, &mut line);
            dissector.summarize(&See::with(&whole, u64::MAX), packet, &mut expected);
            assert_eq!(told(&line), told(&expected), "packet {} of {}", packet.number, path.display());
            assert!(!line.lacks(), "packet {} of {}", packet.number, path.display());
            again += usize::from(line.info.to_string_lossy().contains("(retransmission)"));
        });
    }
    assert!(again > 40, "{again} chunks were sent again");
}

/// Statistics count the same by a memory that learns for them alone, where it lacks nothing.
#[test]
fn what_is_left_out_of_learning_changes_no_statistic() {
    let dissector = Dissector::default();
    let all = [
        &["conv,eth", "conv,ip", "conv,sctp", "io,stat,0,sctp"][..],
        &["conv,tcp,ip", "endpoints,udp", "io,phs"],
    ];
    let mut counted = 0;
    for names in all {
        let parse = || Statistics::parse(&dissector, names).unwrap();
        let (mut of_whole, mut of_lean) = (parse(), parse());
        let only = Only::fields(&dissector, &of_lean.fields().unwrap());
        for path in captures() {
            let mut lean = dissector.memory_for(&only);
            each(&path, 60, |packet| dissector.learn(&mut lean, packet));
            if lean.lacks() {
                continue;
            }
            let mut whole = dissector.memory();
            lean = dissector.memory_for(&only);
            each(&path, 60, |packet| {
                assert!(of_whole.packet(&dissector, &mut whole, packet));
                assert!(of_lean.packet(&dissector, &mut lean, packet));
                counted += 1;
            });
            let (mut out, mut expected) = (Out::new(), Out::new());
            of_lean.write(&lean, &mut out);
            of_whole.write(&whole, &mut expected);
            assert_eq!(out.to_string_lossy(), expected.to_string_lossy(), "{names:?} of {}", path.display());
        }
    }
    assert!(counted > 6000, "{counted} packets");
}

/// Whoever learns for a filter only picks the same packets, and writes the same lines, or is told that all is to be learnt.
#[test]
fn what_is_left_out_of_learning_changes_no_pick_and_no_line() {
    let dissector = Dissector::default();
    let texts = [
        "sctp.chunk_type == INIT",
        "sctp.chunk_type == SACK && sctp.sack_cumulative_tsn_ack_raw > 7",
        "sctp.data_sid == 1 || sctp.abort_t_bit",
        "chunk{ sctp.data_b_bit == 1 && sctp.data_ssn > 0 }",
        "sctp && !icmp",
        "ip.src == 10.0.0.0/8 && ip.ttl > 1",
        "ipv6.dst",
        "eth.type == 0x800",
        "udp",
        "sip.Method == INVITE && sdp.media",
        "sip.Status-Code >= 200 || sip.CSeq.seq == 1",
        "sip.response-time > 10",
        "sip || rtp.seq > 7",
        "arp || icmp",
    ];
    let (mut work, mut line, mut expected) = (Work::new(), Line::new(), Line::new());
    let (mut picks, mut lines) = (0, 0);
    for text in texts {
        let filter = Filter::compile(&dissector, text).unwrap();
        let only = Only::fields(&dissector, filter.fields().unwrap());
        let wider = only.learning_all();
        let parts = captures().into_iter().flat_map(|path| {
            [Some(&only), wider.as_ref()].into_iter().flatten().map(move |only| (path.clone(), only))
        });
        for (path, only) in parts {
            let (mut whole, mut lean) = (dissector.memory(), dissector.memory_for(only));
            each(&path, 300, |packet| {
                let at = || format!("{text}, packet {} of {}", packet.number, path.display());
                let expects = filter.accepts(&dissector, &mut whole, packet, &mut work);
                let picked = filter.accepts(&dissector, &mut lean, packet, &mut work);
                if lean.lacks() {
                    return;
                }
                assert_eq!(picked, expects, "{}", at());
                picks += usize::from(picked);
                dissector.summarize(&See::with(&lean, packet.number), packet, &mut line);
                if !line.lacks() {
                    dissector.summarize(&See::with(&whole, packet.number), packet, &mut expected);
                    assert_eq!(told(&line), told(&expected), "{}", at());
                    lines += 1;
                }
            });
        }
    }
    assert!(picks > 1000 && lines > 1000, "{picks} picks, {lines} lines");
}
