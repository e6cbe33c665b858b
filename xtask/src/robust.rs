//! Whole captures, and every prefix and every changed byte of small packets, through learning, dissecting and every output.

use dissect::capture::Reader;
use dissect::format::{self, Json, Pdml, Text};
use dissect::{Dissection, Dissector, Line, Out, Packet, See, Tree};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Packets of this size and above are not changed byte by byte.
const SMALL: usize = 2000;

/// Runs it and says how many it tried. A panic is the only failure.
pub(crate) fn run(places: &[PathBuf], values: u16, every: u64) {
    let (mut whole, mut changed) = (Vec::new(), Vec::new());
    if places.is_empty() {
        let Some(shared) = super::shared("robust") else { return };
        files(&shared.join("corpus"), &mut whole);
        files(&shared.join("captures"), &mut changed);
    } else {
        for place in places {
            files(place, &mut changed);
        }
    }
    whole.extend(changed.iter().cloned());
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let sum =
        |tried: Vec<[u64; 3]>| tried.iter().fold([0; 3], |a, b| [a[0] + b[0], a[1] + b[1], a[2] + b[2]]);
    let [read, packets, damaged] = sum(shared_out(threads, &whole, file));
    println!(
        "{read} captures, {packets} packets of them, each through learn, -V, -x, JSON, PDML and the summary; {damaged} places of damage told"
    );
    let [packets, prefixes, changes] =
        sum(shared_out(threads, &changed, |path| small_packets(path, values, every)));
    println!(
        "{packets} packets under {SMALL} bytes: {prefixes} prefixes and {changes} single-byte changes, each through -V, -x and JSON"
    );
}

/// Gives each thread the next file until none is left.
fn shared_out(threads: usize, files: &[PathBuf], work: impl Fn(&Path) -> [u64; 3] + Sync) -> Vec<[u64; 3]> {
    let next = AtomicUsize::new(0);
    let turn = || {
        let mut sum = [0; 3];
        while let Some(path) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
            let tried = work(path);
            (0..3).for_each(|at| sum[at] += tried[at]);
        }
        sum
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(turn)).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    })
}

/// All files under a place, in order.
pub(crate) fn files(place: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(place) else {
        found.push(place.to_owned());
        return;
    };
    let mut entries: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    entries.sort();
    for entry in entries {
        files(&entry, found);
    }
}

/// A packet's outputs, into buffers that are used again.
#[derive(Default)]
struct Press {
    dissector: Dissector,
    tree: Tree,
    line: Line,
    out: Out,
    text: Text,
    json: Json,
    pdml: Pdml,
}

impl Press {
    /// Through -V, -x and JSON.
    fn print(&mut self, packet: &Packet<'_>) {
        self.dissector.dissect_and_summarize(&See::alone(), packet, &mut self.tree, &mut self.line);
        let dissection = Dissection { tree: &self.tree, packet };
        self.out.clear();
        self.text.packet(dissection, &mut self.out);
        self.json.packet(dissection, &mut self.out);
        format::hex(dissection, &mut self.out);
    }
}

/// A whole file: how many were read (0 or 1), packets, places of damage.
fn file(path: &Path) -> [u64; 3] {
    let Ok(mut reader) =
        std::fs::File::open(path).map_err(|_| ()).and_then(|file| Reader::new(file).map_err(|_| ()))
    else {
        return [0; 3];
    };
    let (mut press, mut counts) = (Press::default(), [1, 0, 0]);
    let mut memory = press.dissector.memory();
    while let Some(next) = reader.next() {
        match next {
            Ok(packet) => {
                press.dissector.learn(&mut memory, &packet);
                press.print(&packet);
                let dissection = Dissection { tree: &press.tree, packet: &packet };
                press.pdml.packet(dissection, &mut press.out);
                memory.forget(packet.number);
                counts[1] += 1;
            }
            Err(_) => counts[2] += 1,
        }
    }
    counts
}

/// The small packets of a file: how many, prefixes tried, changes tried.
fn small_packets(path: &Path, values: u16, every: u64) -> [u64; 3] {
    let Ok(mut reader) =
        std::fs::File::open(path).map_err(|_| ()).and_then(|file| Reader::new(file).map_err(|_| ()))
    else {
        return [0; 3];
    };
    let (mut press, mut counts) = (Press::default(), [0; 3]);
    while let Some(next) = reader.next() {
        let Ok(packet) = next else { continue };
        if packet.bytes.len() >= SMALL || packet.number % every != 0 {
            continue;
        }
        counts[0] += 1;
        for end in 0..packet.bytes.len() {
            press.print(&Packet { bytes: &packet.bytes[..end], ..packet });
            counts[1] += 1;
        }
        let mut bytes = packet.bytes.to_vec();
        for at in 0..bytes.len() {
            let own = bytes[at];
            for value in others(own, values) {
                bytes[at] = value;
                press.print(&Packet { bytes: &bytes, ..packet });
                counts[2] += 1;
            }
            bytes[at] = own;
        }
    }
    counts
}

/// So many values other than the byte's own, those at the edges first.
fn others(own: u8, count: u16) -> impl Iterator<Item = u8> {
    let edges = [0x00, 0xff, own ^ 0x01, own ^ 0x80, 0x01, 0x7f, own.wrapping_add(3), own.wrapping_sub(4)];
    let all = (1..=255).map(move |step| own.wrapping_add(step));
    let rest = all.filter(move |value| !edges.contains(value));
    let mut seen = [false; 256];
    seen[usize::from(own)] = true;
    let first =
        edges.into_iter().filter(move |value| !std::mem::replace(&mut seen[usize::from(*value)], true));
    first.chain(rest).take(count.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_other_values_are_all_but_the_own() {
        for own in [0, 1, 3, 0x7f, 0x80, 0xff] {
            let mut values: Vec<u8> = others(own, 255).collect();
            values.sort_unstable();
            values.dedup();
            assert_eq!(values.len(), 255);
            assert!(!values.contains(&own));
        }
    }
}
