//! How long each output takes a packet: `cargo bench --bench outputs -- CAPTURE [ROUNDS]`. Reads pcap and pcapng.
#![allow(missing_docs, clippy::pedantic)]

use dissect::capture::{LinkType, Time};
use dissect::{Dissection, Dissector, Line, Out, Packet, See, Tree, format};
use std::hint::black_box;
use std::time::Instant;

/// Packets that are measured: enough for every kind, few enough for the memory of a laptop.
const MOST_PACKETS: usize = 20_000;

fn number(bytes: &[u8], at: usize, len: usize, big: bool) -> u64 {
    let part = bytes.get(at..at + len).unwrap_or(&[]);
    let add = |sum: u64, byte: &u8| sum << 8 | u64::from(*byte);
    if big { part.iter().fold(0, add) } else { part.iter().rev().fold(0, add) }
}

/// The packets of a pcap or pcapng file: link type, bytes, original length, microseconds.
fn packets(file: &[u8]) -> Vec<(u16, &[u8], u32, u64)> {
    let (mut packets, mut at) = (Vec::new(), 0);
    if file.starts_with(&[0x0a, 0x0d, 0x0d, 0x0a]) {
        let (mut links, mut big) = (Vec::new(), false);
        while at + 12 <= file.len() && packets.len() < MOST_PACKETS {
            if number(file, at, 4, true) == 0x0a0d_0d0a {
                big = number(file, at + 8, 4, true) == 0x1a2b_3c4d;
                links.clear();
            }
            let (kind, len) = (number(file, at, 4, big), number(file, at + 4, 4, big) as usize);
            let block = file.get(at..at + len).unwrap_or(&[]);
            if kind == 1 {
                links.push(number(block, 8, 2, big) as u16);
            } else if kind == 6 {
                let link = links.get(number(block, 8, 4, big) as usize).copied().unwrap_or(1);
                let bytes = block.get(28..28 + number(block, 20, 4, big) as usize).unwrap_or(&[]);
                let time = number(block, 12, 4, big) << 32 | number(block, 16, 4, big);
                packets.push((link, bytes, number(block, 24, 4, big) as u32, time));
            }
            at += len.max(12);
        }
    } else {
        let (big, link) =
            (file.first() == Some(&0xa1), number(file, 20, 2, file.first() == Some(&0xa1)) as u16);
        at = 24;
        while at + 16 <= file.len() && packets.len() < MOST_PACKETS {
            let captured = number(file, at + 8, 4, big) as usize;
            let bytes = file.get(at + 16..at + 16 + captured).unwrap_or(&[]);
            let time = number(file, at, 4, big) * 1_000_000 + number(file, at + 4, 4, big);
            packets.push((link, bytes, number(file, at + 12, 4, big) as u32, time));
            at += 16 + captured;
        }
    }
    packets
}

fn main() {
    let mut words = std::env::args().skip(1).filter(|word| !word.starts_with("--"));
    let path = words.next().unwrap_or_else(|| {
        concat!(env!("CARGO_MANIFEST_DIR"), "/../testdata/sctp/signalling_all.pcap").to_owned()
    });
    let rounds: usize = words.next().and_then(|word| word.parse().ok()).unwrap_or(5);
    let which = words.next();
    let file = std::fs::read(&path).expect("a capture");
    let packets = packets(&file);
    let packets: Vec<Packet<'_>> = packets
        .iter()
        .enumerate()
        .map(|(at, (link, bytes, original, micros))| Packet {
            number: at as u64 + 1,
            time: Some(Time::new((micros / 1_000_000) as i64, (micros % 1_000_000) as u32 * 1000)),
            original: *original,
            ..Packet::new(LinkType(*link), bytes)
        })
        .collect();
    let dissector = Dissector::default();
    let (mut tree, mut line, mut out) = (Tree::new(), Line::new(), Out::with_capacity(64 << 10));
    let (mut text, mut json, mut pdml, mut summary) =
        (format::Text::default(), format::Json::lines(), format::Pdml::default(), format::Summary::default());
    let mut nodes = 0;
    for packet in &packets {
        dissector.dissect(&See::alone(), packet, &mut tree);
        nodes += tree.nodes().len();
    }
    let count = packets.len().max(1);
    println!("{} packets, {} nodes a packet", packets.len(), nodes / count);
    let mut time = |name: &str, one: &mut dyn FnMut(&Packet<'_>, &mut Tree, &mut Out)| {
        if which.as_ref().is_some_and(|which| which != name) {
            return;
        }
        let (mut best, mut bytes) = (f64::MAX, 0);
        for _ in 0..rounds {
            let start = Instant::now();
            bytes = 0;
            for packet in &packets {
                one(packet, &mut tree, &mut out);
                if out.len() > 64 << 10 {
                    bytes += black_box(&out).len();
                    out.clear();
                }
            }
            bytes += out.len();
            out.clear();
            best = best.min(start.elapsed().as_nanos() as f64 / count as f64);
        }
        println!("{name:8} {best:8.1} ns a packet, {} bytes", bytes / count);
    };
    let alone = See::alone();
    time("tree", &mut |packet, tree, _| dissector.dissect(&alone, packet, tree));
    time("text", &mut |packet, tree, out| {
        dissector.dissect(&alone, packet, tree);
        text.packet(Dissection { tree, packet }, out);
    });
    time("json", &mut |packet, tree, out| {
        dissector.dissect(&alone, packet, tree);
        json.packet(Dissection { tree, packet }, out);
    });
    time("pdml", &mut |packet, tree, out| {
        dissector.dissect(&alone, packet, tree);
        pdml.packet(Dissection { tree, packet }, out);
    });
    time("hex", &mut |packet, tree, out| {
        dissector.dissect(&alone, packet, tree);
        format::hex(Dissection { tree, packet }, out);
    });
    time("summary", &mut |packet, _, out| {
        dissector.summarize(&alone, packet, &mut line);
        summary.packet(packet, &line, out);
    });
}
