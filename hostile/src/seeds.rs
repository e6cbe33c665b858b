//! Inputs to begin with: what stands in `testdata/`, in the form of each target.

use crate::script::mend;
use dissect::capture::{LinkType, Reader};
use std::path::{Path, PathBuf};

/// The most packets that are taken of one capture.
const MOST: usize = 24;

/// The longest packet that is taken.
const LONGEST: usize = 1500;

/// Every file under a folder, in order.
fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return vec![folder.to_owned()] };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths.iter().flat_map(|path| files(path)).collect()
}

/// The packets of each capture, and of each file of packets made by hand.
fn packets(folder: &Path) -> Vec<Vec<(LinkType, Vec<u8>)>> {
    let capture = |path: PathBuf| -> Option<Vec<(LinkType, Vec<u8>)>> {
        if path.extension().is_some_and(|end| end == "hex") {
            let text = std::fs::read_to_string(path).ok()?;
            return Some(text.lines().filter_map(made).collect());
        }
        let file = std::fs::read(path).ok()?;
        let (mut reader, mut packets) = (Reader::new(&file[..]).ok()?, Vec::new());
        while let Some(next) = reader.next() {
            if let Ok(packet) = next
                && packet.bytes.len() <= LONGEST
            {
                packets.push((packet.link, packet.bytes.to_vec()));
            }
        }
        let step = (packets.len() / MOST).max(1);
        // The beginning as it is, then samples.
        let (head, tail) = packets.split_at(packets.len().min(MOST / 2));
        Some(head.iter().chain(tail.iter().step_by(step).take(MOST / 2)).cloned().collect())
    };
    files(folder).into_iter().filter_map(capture).filter(|packets| !packets.is_empty()).collect()
}

/// A line of `testdata/made/`.
fn made(line: &str) -> Option<(LinkType, Vec<u8>)> {
    let line = line.split('#').next()?.trim();
    let (head, digits) = line.split_once(' ')?;
    let link = head.split(['/', '@']).next()?.parse().ok()?;
    let digits: Vec<u8> = digits.bytes().filter(u8::is_ascii_hexdigit).collect();
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    Some((LinkType(link), digits.chunks_exact(2).map(byte).collect::<Option<_>>()?))
}

/// Small capture files: as they are, and for each compression.
pub fn captures(folder: &Path) -> Vec<Vec<u8>> {
    let small = |path: PathBuf| std::fs::read(path).ok().filter(|file| file.len() < 12_000);
    let files: Vec<Vec<u8>> =
        files(folder).into_iter().filter_map(small).filter(|file| Reader::new(&file[..]).is_ok()).collect();
    let mut seeds: Vec<Vec<u8>> = files.iter().map(|file| [&[0], &file[..]].concat()).collect();
    for how in 1..=4 {
        seeds.extend(
            files.iter().filter(|file| file.len() < 3000).take(6).map(|file| [&[how], &file[..]].concat()),
        );
    }
    seeds
}

/// Single frames, as they are and made right.
pub fn frames(folder: &Path) -> Vec<Vec<u8>> {
    let all = packets(folder).into_iter().flatten();
    let seed = |(at, (link, bytes)): (usize, (LinkType, Vec<u8>))| {
        [&link.0.to_be_bytes()[..], &[at as u8 % 2], &bytes].concat()
    };
    all.enumerate().map(seed).collect()
}

/// What each protocol was given in the captures, behind its number.
pub fn protocols(folder: &Path) -> Vec<Vec<u8>> {
    use dissect::{See, Tree};
    let mut tree = Tree::new();
    let (mut seeds, mut counts) = (Vec::new(), [0; 256]);
    for (link, bytes) in packets(folder).into_iter().flatten() {
        let packet = dissect::Packet::new(link, &bytes);
        crate::DISSECTOR.dissect(&See::alone(), &packet, &mut tree);
        for node in tree.nodes() {
            let which = dissect::proto::PROTOCOLS.iter().position(|one| one.name == node.field.name);
            if let (Some(which), 0, Some(rest)) = (which, node.source, bytes.get(node.start as usize..)) {
                counts[which] += 1;
                if counts[which] <= 40 {
                    seeds.push([&[which as u8, 0], rest].concat());
                }
            }
        }
    }
    seeds
}

/// Captures as scripts, with what IP carries taken out of its packets.
pub fn sessions(folder: &Path) -> Vec<Vec<u8>> {
    let step = |kind: u8, flags: u8, body: &[u8]| {
        [&[kind, flags][..], &(body.len() as u16).to_be_bytes(), body].concat()
    };
    let mut seeds = Vec::new();
    for packets in packets(folder) {
        let (mut frames, mut parts) = (vec![0], vec![0]);
        let mut first = None;
        for (link, bytes) in packets.iter().take(14) {
            frames.extend(step(0, 0, &[&link.0.to_be_bytes()[..], bytes].concat()));
            if let Some((protocol, source, payload)) = carried(*link, bytes) {
                let side = u8::from(*first.get_or_insert_with(|| source.to_vec()) != source);
                match protocol {
                    132 => parts.extend(step(2, side, payload)),
                    17 => parts.extend(step(3, side, payload)),
                    6 => parts.extend(step(4, side, payload)),
                    _ => parts.extend(step(7, side, &[&[protocol], payload].concat())),
                }
            }
        }
        frames.truncate(8000);
        seeds.push(frames);
        if parts.len() > 1 {
            parts.extend(step(8, 0, &[3]));
            parts.extend(step(9, 0, &[3, 2, 60]));
            parts.truncate(8000);
            seeds.push(parts);
        }
    }
    let data = [3, 1, 0, 5, b'h', b'e', b'l', b'l', b'o'];
    let talk = [
        step(11, 0, &data),
        step(11, 1, &data),
        step(11, 64, &data),
        step(11, 128, &data),
        step(8, 0, &[2, 1, 0]),
    ];
    seeds.push([&[0], &talk.concat()[..]].concat());
    let message = b"OPTIONS sip:a@b SIP/2.0\r\nCall-ID: 1\r\nContent-Length: 0\r\n\r\n";
    let (front, back) = message.split_at(30);
    let talk =
        [step(6, 0, front), step(6, 64, b"x"), step(6, 0, back), step(6, 128, message), step(5, 0, message)];
    seeds.push([&[0], &talk.concat()[..]].concat());
    seeds
}

/// The protocol, the source address and the payload of an IP packet, on Ethernet, cooked or bare.
fn carried(link: LinkType, bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (kind, ip) = match link {
        LinkType::ETHERNET => (bytes.get(12..14)?, bytes.get(14..)?),
        LinkType::LINUX_SLL => (bytes.get(14..16)?, bytes.get(16..)?),
        LinkType::LINUX_SLL2 => (bytes.get(..2)?, bytes.get(20..)?),
        LinkType::IPV4 => (&[8, 0][..], bytes),
        _ => return None,
    };
    match kind {
        [8, 0] => {
            let head = usize::from(ip.first()? & 15) * 4;
            Some((*ip.get(9)?, ip.get(12..16)?, ip.get(head..)?))
        }
        [0x86, 0xdd] => Some((*ip.get(6)?, ip.get(8..24)?, ip.get(40..)?)),
        _ => None,
    }
}

/// SIP messages: the torture tests, and those of the captures.
pub fn messages(folder: &Path) -> Vec<Vec<u8>> {
    let texts = files(&folder.join("sip"))
        .into_iter()
        .filter(|path| path.extension().is_some_and(|end| end == "dat"));
    let mut seeds: Vec<Vec<u8>> =
        texts.filter_map(|path| std::fs::read(path).ok()).map(|text| [&[16], &text[..]].concat()).collect();
    for packets in packets(&folder.join("sip")) {
        let datagrams = packets.iter().filter_map(|(link, bytes)| {
            let (protocol, _, payload) = carried(*link, bytes)?;
            (protocol == 17).then(|| payload.get(8..))?
        });
        let texts: Vec<&[u8]> =
            datagrams.filter(|text| text.first().is_some_and(u8::is_ascii_alphabetic)).collect();
        seeds.extend(texts.chunks(3).take(3).map(|texts| [&[40], &texts.join(&0)[..]].concat()));
    }
    seeds
}

/// Filters, each with a packet.
pub fn filters(folder: &Path) -> Vec<Vec<u8>> {
    let own = ["sctp && ip.addr == 10.0.0.0/8", "chunk{ sctp.data_sid == 1 }", "len(tcp.payload) > 2"];
    with_packets(folder, "list.txt", &own)
}

/// Capture filters, each with Ethernet's link type and a packet.
pub fn expressions(folder: &Path) -> Vec<Vec<u8>> {
    let all = with_packets(folder, "bpf.txt", &["sctp and port 4444", "tcp[13] & 2 != 0"]);
    all.into_iter().map(|input| [&[LinkType::ETHERNET.0 as u8], &*input].concat()).collect()
}

/// These texts and those of a list of the tests of filters, each with a zero and a packet behind it.
fn with_packets(folder: &Path, list: &str, own: &[&str]) -> Vec<Vec<u8>> {
    let list = folder.join("../dissect/tests/filter").join(list);
    let texts = std::fs::read_to_string(list).unwrap_or_default();
    let all: Vec<Vec<u8>> = packets(folder)
        .into_iter()
        .flatten()
        .filter(|(link, _)| *link == LinkType::ETHERNET)
        .map(|(link, mut bytes)| {
            mend(link, &mut bytes);
            bytes
        })
        .step_by(7)
        .collect();
    // Which packets pass stands behind a tabulator.
    let lines = texts.lines().filter(|line| !line.starts_with(['#', '\t']) && !line.trim().is_empty());
    let pair = |(at, line): (usize, &str)| {
        let packet = all.get(at % all.len().max(1)).map_or(&[][..], |packet| packet);
        [line.as_bytes(), &[0], packet].concat()
    };
    own.iter().copied().chain(lines).enumerate().map(pair).collect()
}

/// Packets as hex dumps of several kinds.
pub fn dumps(folder: &Path) -> Vec<Vec<u8>> {
    let all: Vec<Vec<u8>> = packets(folder)
        .into_iter()
        .flatten()
        .map(|(_, bytes)| bytes)
        .filter(|bytes| bytes.len() < 200)
        .collect();
    let dump = |(at, bytes): (usize, &Vec<u8>)| {
        let mut rows = Vec::new();
        for (row, part) in bytes.chunks(16).enumerate() {
            let digits: Vec<String> = part.iter().map(|byte| format!("{byte:02x}")).collect();
            let (offset, spaced) = (row * 16, digits.join(" "));
            rows.push(match at % 4 {
                0 => format!("{offset:08x}  {spaced}  |..|\n"),
                1 => format!("{offset:04x}   {spaced}   ....\n"),
                2 => format!("\t0x{offset:04x}:  {}\n", digits.concat()),
                _ => digits.concat(),
            });
        }
        rows.concat().into_bytes()
    };
    all.iter().step_by(all.len() / 120 + 1).enumerate().map(dump).collect()
}
