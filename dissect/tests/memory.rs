//! The contract of memory, on every capture of testdata/: what one pass tells of a packet, two passes tell of it too as far
//! as they may look ahead no further, whether earlier packets were forgotten or not, and from whichever thread.

mod testdata;

use dissect::format;
use dissect::statistic::Statistics;
use dissect::{Dissection, Dissector, Line, Memory, Only, Out, Packet, See, Sight, Tree};
use std::path::Path;
use std::sync::RwLock;
use testdata::{captures, each};

/// All that the library tells of a packet: the summary line and the tree as text.
#[derive(Default)]
struct Teller {
    tree: Tree,
    line: Line,
}

impl Teller {
    fn tell<'s>(
        &mut self,
        dissector: &Dissector,
        sight: impl Into<Sight<'s>>,
        packet: &Packet<'_>,
    ) -> String {
        let mut out = Out::new();
        dissector.dissect_and_summarize(sight, packet, &mut self.tree, &mut self.line);
        out.str(self.line.protocol).byte(b' ').str(&self.line.info.to_string_lossy()).byte(b'\n');
        format::text_tree(Dissection { tree: &self.tree, packet }, &mut out);
        out.to_string_lossy()
    }
}

fn learnt(dissector: &Dissector, path: &Path) -> Memory {
    let mut memory = dissector.memory();
    each(path, |packet| dissector.learn(&mut memory, packet));
    memory
}

#[test]
fn one_pass_and_two_passes_agree_up_to_each_packet() {
    let (dissector, mut teller) = (Dissector::default(), Teller::default());
    for path in captures() {
        let whole = learnt(&dissector, &path);
        let (mut passing, mut looking) = (dissector.memory(), dissector.memory());
        each(&path, |packet| {
            let number = packet.number;
            dissector.learn(&mut passing, packet);
            let one = teller.tell(&dissector, &See::with(&passing, number), packet);
            passing.forget(number);
            let two = teller.tell(&dissector, &See::with(&whole, number), packet);
            assert_eq!(one, two, "{}, packet {number}", path.display());
            let look = teller.tell(&dissector, &mut looking, packet);
            looking.forget(number);
            assert_eq!(one, look, "{}, packet {number}", path.display());
        });
    }
}

/// A look that learns learns all, whatever of the packet it looks at.
#[test]
fn a_look_learns_what_learning_does() {
    let (dissector, mut teller) = (Dissector::default(), Teller::default());
    let only = |name| {
        let at = dissector.protocols().iter().position(|one| one.name == name).unwrap();
        Only::new(&dissector, &[at])
    };
    let only = ["frame", "ip", "sctp", "sip", "rtp"].map(only);
    for path in captures() {
        let (whole, mut looking) = (learnt(&dissector, &path), dissector.memory());
        each(&path, |packet| {
            let way = packet.number as usize % (only.len() + 1);
            match only.get(way) {
                Some(only) => dissector.dissect_only(&mut looking, packet, only, &mut teller.tree),
                None => dissector.summarize(&mut looking, packet, &mut teller.line),
            }
        });
        each(&path, |packet| {
            let [one, two] = [&whole, &looking]
                .map(|memory| teller.tell(&dissector, &See::with(memory, u64::MAX), packet));
            assert_eq!(one, two, "{}, packet {}", path.display(), packet.number);
        });
    }
}

/// Statistics are the same whether all was learnt or only what they need.
#[test]
fn what_only_counts_counts_the_same() {
    let (dissector, names) = (Dissector::default(), ["sctp,stat", "sip,stat", "rtp,streams", "conv,tcp"]);
    let text = |statistics: &Statistics, memory: &Memory| {
        let mut out = Out::new();
        statistics.write(memory, &mut out);
        out.to_string_lossy()
    };
    for path in captures() {
        let whole = learnt(&dissector, &path);
        for asked in names.chunks(1).chain([&names[..]]) {
            let statistics = Statistics::parse(&dissector, asked).unwrap();
            let mut counting = statistics.memory(&dissector);
            each(&path, |packet| {
                dissector.learn(&mut counting, packet);
                counting.forget(packet.number);
            });
            assert_eq!(
                text(&statistics, &counting),
                text(&statistics, &whole),
                "{asked:?} of {}",
                path.display()
            );
        }
    }
}

/// One learner goes ahead in batches, two dissectors follow.
#[test]
fn threads_agree_with_one_pass() {
    const BATCH: usize = 40;
    let dissector = Dissector::default();
    for path in captures().into_iter().filter(|path| path.to_string_lossy().contains("sctp")) {
        let mut expected = vec![];
        let (mut memory, mut teller) = (dissector.memory(), Teller::default());
        let mut packets = vec![];
        each(&path, |packet| {
            // Without the options of its record, which nobody learns from.
            let (number, time, original) = (packet.number, packet.time, packet.original);
            let packet = &Packet { number, time, original, ..Packet::new(packet.link, packet.bytes) };
            dissector.learn(&mut memory, packet);
            expected.push(teller.tell(&dissector, &See::with(&memory, packet.number), packet));
            packets.push((packet.number, packet.time, packet.original, packet.link, packet.bytes.to_vec()));
        });
        let memory = RwLock::new(dissector.memory());
        let mut told = vec![String::new(); packets.len()];
        for (batch, told) in packets.chunks(BATCH).zip(told.chunks_mut(BATCH)) {
            let packet = |at: usize| {
                let (number, time, original, link_type, bytes) = &batch[at];
                Packet { number: *number, time: *time, original: *original, ..Packet::new(*link_type, bytes) }
            };
            let mut learning = memory.write().unwrap();
            (0..batch.len()).for_each(|at| dissector.learn(&mut learning, &packet(at)));
            drop(learning);
            let (front, back) = told.split_at_mut(batch.len() / 2);
            std::thread::scope(|scope| {
                for (from, part) in [(0, front), (batch.len() / 2, back)] {
                    let (memory, dissector, packet) = (&memory, &dissector, &packet);
                    scope.spawn(move || {
                        let (memory, mut teller) = (memory.read().unwrap(), Teller::default());
                        for (at, text) in part.iter_mut().enumerate() {
                            let packet = packet(from + at);
                            *text = teller.tell(dissector, &See::with(&memory, packet.number), &packet);
                        }
                    });
                }
            });
            memory.write().unwrap().forget(batch[batch.len() - 1].0);
        }
        for (at, (expected, told)) in expected.iter().zip(&told).enumerate() {
            assert_eq!(expected, told, "{}, packet {}", path.display(), at + 1);
        }
    }
}

/// Learning and looking at damaged packets never panics, and the contract holds for them too.
#[test]
fn damaged_packets_are_learnt_without_panic() {
    let (dissector, mut teller) = (Dissector::default(), Teller::default());
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = move |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed % below.max(1) as u64) as usize
    };
    for path in captures().into_iter().filter(|path| !path.to_string_lossy().contains("formats")) {
        let [mut whole, mut passing, mut looking] = [(); 3].map(|()| dissector.memory());
        let mut damaged = vec![];
        each(&path, |packet| {
            let mut bytes = packet.bytes.to_vec();
            for _ in 0..random(4) {
                let at = random(bytes.len());
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = random(256) as u8;
                }
            }
            damaged.push((packet.number, packet.time, packet.link, bytes));
        });
        let packet = |at: usize| {
            let (number, time, link_type, bytes): &(_, _, _, Vec<u8>) = &damaged[at];
            // Cut packets have checksums that nobody can check, so that what is damaged is learnt.
            let original = bytes.len() as u32 + 1;
            Packet { number: *number, time: *time, original, ..Packet::new(*link_type, bytes) }
        };
        (0..damaged.len()).for_each(|at| dissector.learn(&mut whole, &packet(at)));
        for at in 0..damaged.len() {
            let packet = packet(at);
            dissector.learn(&mut passing, &packet);
            let one = teller.tell(&dissector, &See::with(&passing, packet.number), &packet);
            passing.forget(packet.number);
            assert_eq!(one, teller.tell(&dissector, &See::with(&whole, packet.number), &packet));
            assert_eq!(one, teller.tell(&dissector, &mut looking, &packet));
            looking.forget(packet.number);
            teller.tell(&dissector, &See::with(&whole, u64::MAX), &packet);
        }
    }
}
