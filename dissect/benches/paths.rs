//! The hot paths, by criterion: `cargo bench --bench paths`. Each figure is of the packets of one capture of `testdata/`.
#![allow(missing_docs)]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use dissect::capture::{LinkType, Reader, Time};
use dissect::filter::Work;
use dissect::format::{Columns, Json, Layout, Pdml, Per, Summary, Text};
use dissect::{Dissection, Dissector, Filter, Line, Out, Packet, See, Tree};
use std::hint::black_box;
use std::path::Path;

const CAPTURES: [&str; 3] = ["sctp/loss_a.pcap", "sip/reinvite.pcap", "sip/tcp.pcap"];

/// A packet that is kept.
struct Kept {
    number: u64,
    time: Option<Time>,
    link: LinkType,
    bytes: Vec<u8>,
}

impl Kept {
    fn packet(&self) -> Packet<'_> {
        Packet { number: self.number, time: self.time, ..Packet::new(self.link, &self.bytes) }
    }
}

/// An output, and what it does with a packet.
type Writer<'w> = (&'w str, &'w mut dyn FnMut(Dissection<'_>, &mut Out));

fn file(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata").join(name)).expect("a capture")
}

fn packets(file: &[u8]) -> Vec<Kept> {
    let (mut reader, mut packets) = (Reader::new(file).expect("a capture"), Vec::new());
    while let Some(Ok(packet)) = reader.next() {
        let Packet { number, time, link, bytes, .. } = packet;
        packets.push(Kept { number, time, link, bytes: bytes.to_vec() });
    }
    packets
}

fn paths(criterion: &mut Criterion) {
    let dissector = Dissector::default();
    for name in CAPTURES {
        let file = file(name);
        let packets = packets(&file);
        let mut group = criterion.benchmark_group(name);
        group.throughput(Throughput::Elements(packets.len() as u64));
        group.bench_function("read", |bench| {
            bench.iter(|| {
                let (mut reader, mut bytes) = (Reader::new(&file[..]).expect("a capture"), 0);
                while let Some(Ok(packet)) = reader.next() {
                    bytes += packet.bytes.len();
                }
                bytes
            });
        });
        group.bench_function("learn", |bench| {
            bench.iter(|| {
                let mut memory = dissector.memory();
                for kept in &packets {
                    dissector.learn(&mut memory, &kept.packet());
                    memory.forget(kept.number);
                }
                memory
            });
        });
        let (mut tree, mut line, mut out) = (Tree::new(), Line::new(), Out::with_capacity(1 << 20));
        let alone = See::alone();
        group.bench_function("tree", |bench| {
            bench.iter(|| {
                for kept in &packets {
                    dissector.dissect(&alone, &kept.packet(), &mut tree);
                }
            });
        });
        group.bench_function("learn and tree", |bench| {
            bench.iter(|| {
                let mut memory = dissector.memory();
                for kept in &packets {
                    memory.forget(kept.number);
                    dissector.dissect(&mut memory, &kept.packet(), &mut tree);
                }
            });
        });
        let mut summary = Summary::default();
        group.bench_function("summary", |bench| {
            bench.iter(|| {
                out.clear();
                for kept in &packets {
                    dissector.summarize(&alone, &kept.packet(), &mut line);
                    summary.packet(&kept.packet(), &line, &mut out);
                }
                out.len()
            });
        });
        let (mut text, mut json, mut pdml) = (Text::default(), Json::lines(), Pdml::default());
        let names = ["frame.number", "ip.src", "sctp.chunk_type"];
        let mut columns = Columns::new(&dissector, &names, Layout::default(), Per::Packet).expect("columns");
        let none = Line::new();
        let writers: [Writer<'_>; 4] = [
            ("text", &mut |dissection, out| text.packet(dissection, out)),
            ("json", &mut |dissection, out| json.packet(dissection, out)),
            ("pdml", &mut |dissection, out| pdml.packet(dissection, out)),
            ("fields", &mut |dissection, out| columns.packet(dissection, &none, |_, _| {}, out)),
        ];
        for (name, write) in writers {
            group.bench_function(name, |bench| {
                bench.iter(|| {
                    out.clear();
                    for kept in &packets {
                        let packet = kept.packet();
                        dissector.dissect(&alone, &packet, &mut tree);
                        write(Dissection { tree: &tree, packet: &packet }, &mut out);
                    }
                    out.len()
                });
            });
        }
        let filter =
            Filter::compile(&dissector, "sctp.chunk_type == 1 || sip.Method == INVITE").expect("a filter");
        let mut work = Work::new();
        group.bench_function("filter", |bench| {
            bench.iter(|| {
                let accepts = |kept: &&Kept| filter.accepts(&dissector, &alone, &kept.packet(), &mut work);
                black_box(packets.iter().filter(accepts).count())
            });
        });
        group.finish();
    }
}

criterion_group!(benches, paths);
criterion_main!(benches);
