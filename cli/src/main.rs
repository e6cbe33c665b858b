//! Reads captures and prints what their packets say.
use dissect::capture::{LinkType, Time};
use dissect::{Dissection, Dissector, Line, Out, Packet, See, Tree, format};
use std::io::Write;

fn number(bytes: &[u8], at: usize, len: usize, big: bool) -> u64 {
    let part = bytes.get(at..at + len).unwrap_or(&[]);
    let add = |sum: u64, byte: &u8| sum << 8 | u64::from(*byte);
    if big { part.iter().fold(0, add) } else { part.iter().rev().fold(0, add) }
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let path = words.last().expect("a file");
    let bytes = std::fs::read(path).expect("readable");
    let mode =
        words.iter().position(|word| word == "-T").map_or("text", |at| words[at + 1].as_str()).to_owned();
    let tree_wanted = words.iter().any(|word| word == "-V");
    let mut packets: Vec<(u16, &[u8], u32, u64)> = Vec::new();
    if bytes.starts_with(&[0x0a, 0x0d, 0x0d, 0x0a]) {
        let (mut at, mut links, mut big) = (0, Vec::new(), false);
        while at + 12 <= bytes.len() {
            if number(&bytes, at, 4, true) == 0x0a0d_0d0a {
                big = number(&bytes, at + 8, 4, true) == 0x1a2b_3c4d;
                links.clear();
            }
            let (kind, len) = (number(&bytes, at, 4, big), number(&bytes, at + 4, 4, big) as usize);
            let block = bytes.get(at..at + len).unwrap_or(&[]);
            match kind {
                1 => links.push(number(block, 8, 2, big) as u16),
                6 => {
                    let link = links.get(number(block, 8, 4, big) as usize).copied().unwrap_or(1);
                    let cap = number(block, 20, 4, big) as usize;
                    packets.push((
                        link,
                        block.get(28..28 + cap).unwrap_or(&[]),
                        number(block, 24, 4, big) as u32,
                        0,
                    ));
                }
                3 => {
                    let len = number(block, 8, 4, big) as usize;
                    let body = block.get(12..block.len().saturating_sub(4)).unwrap_or(&[]);
                    packets.push((
                        links.first().copied().unwrap_or(1),
                        body.get(..len).unwrap_or(body),
                        len as u32,
                        0,
                    ));
                }
                _ => {}
            }
            at += len.max(12);
        }
    } else {
        let big = bytes.first() == Some(&0xa1);
        let link = number(&bytes, 20, 4, big) as u16;
        let mut at = 24;
        while at + 16 <= bytes.len() {
            let (cap, len) =
                (number(&bytes, at + 8, 4, big) as usize, number(&bytes, at + 12, 4, big) as u32);
            packets.push((
                link,
                bytes.get(at + 16..at + 16 + cap).unwrap_or(&[]),
                len,
                number(&bytes, at, 4, big),
            ));
            at += 16 + cap;
        }
    }
    let (dissector, mut tree, mut line, mut out) =
        (Dissector::default(), Tree::new(), Line::new(), Out::new());
    let mut stdout = std::io::stdout().lock();
    if mode == "pdml" {
        format::pdml_header(&mut out);
    }
    for (at, (link, bytes, original, time)) in packets.into_iter().enumerate() {
        let packet = Packet {
            number: at as u64 + 1,
            original,
            time: Some(Time::new(time as i64, 0)),
            ..Packet::new(LinkType(link), bytes)
        };
        dissector.dissect_and_summarize(&See::alone(), &packet, &mut tree, &mut line);
        let dissection = Dissection { tree: &tree, packet: &packet };
        if mode == "pdml" {
            format::pdml_packet(dissection, &mut out);
        } else if tree_wanted {
            format::text_tree(dissection, &mut out);
            out.byte(b'\n');
        } else {
            out.dec(packet.number).byte(b' ');
            line.source.write(&mut out);
            out.str(" → ");
            line.destination.write(&mut out);
            out.byte(b' ').str(line.protocol).byte(b' ').dec(original.into()).byte(b' ');
            out.raw(line.info.as_bytes()).byte(b'\n');
        }
        if stdout.write_all(out.as_bytes()).is_err() {
            return;
        }
        out.clear();
    }
    if mode == "pdml" {
        format::pdml_footer(&mut out);
        let _ = stdout.write_all(out.as_bytes());
    }
}
