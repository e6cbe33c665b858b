//! Filtering, and printing chosen fields, allocate nothing for a packet once it is warm.

use dissect::capture::{Packet, Reader};
use dissect::filter::Work;
use dissect::format::{self, Columns, Per};
use dissect::{Dissection, Dissector, Filter, Line, Memory, Out, See, Tree};
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::path::Path;

/// The system's allocator, counting for each thread.
struct Counting;

thread_local! {
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: every call is handed to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let _ = COUNT.try_with(|count| count.set(count.get() + 1));
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        unsafe { System.dealloc(at, layout) }
    }
    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        let _ = COUNT.try_with(|count| count.set(count.get() + 1));
        unsafe { System.realloc(at, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[test]
fn a_warm_filter_allocates_nothing() {
    let dissector = Dissector::default();
    for capture in ["sctp/streams.pcap", "sctp/asconf.pcapng", "sip/reinvite.pcap", "sip/tcp.pcap"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata").join(capture);
        let mut reader = Reader::new(std::fs::File::open(path).unwrap()).unwrap();
        let mut packets = Vec::new();
        while let Some(packet) = reader.next() {
            let packet = packet.unwrap();
            packets.push((packet.number, packet.link, packet.bytes.to_vec()));
        }
        for text in [
            "sctp.chunk_type == DATA && sctp.data_sid in {1..9}",
            "chunk{ sctp.data_sid == 1 && sctp.data_ssn != 2 } || message{ sip.Method == INVITE }",
            "upper(sip.Method) == \"INVITE\" or lower(sip.Call-ID) contains \"a\"",
            "string(ip.src) matches \"^10\\\\.\" and frame matches \"(via|from): .*sip\"",
            "ip.addr#1 == 10.0.0.0/8 && eth.src[0:2,4] & 02:00:01 == 02:00:01",
            "max(sctp.data_sid, 3) > 3 && {frame.len + 1} * 2 > 300 && len(tcp.payload) > 2",
            "frame.protocols contains \"sctp\" && sip contains 0d:0a && sip.Via.branch matches r\"z9\"",
        ] {
            let filter = Filter::compile(&dissector, text).unwrap();
            let mut work = Work::new();
            let mut all = || {
                let mut picked = 0;
                for (number, link, bytes) in &packets {
                    let packet = Packet { number: *number, ..Packet::new(*link, bytes) };
                    picked += usize::from(filter.accepts(&dissector, &See::alone(), &packet, &mut work));
                }
                picked
            };
            let picked = all();
            let before = COUNT.get();
            assert!(before > 0, "allocations are counted");
            assert_eq!(all(), picked);
            assert_eq!(COUNT.get() - before, 0, "{text} over {} packets of {capture}", packets.len());
        }
    }
}

#[test]
fn warm_columns_allocate_nothing() {
    let dissector = Dissector::default();
    for (capture, names, per) in [
        (
            "sctp/streams.pcap",
            ["frame.number", "ip.src", "sctp.chunk_type", "sctp.data_tsn_raw", "sctp.data_payload_proto_id"],
            Per::Packet,
        ),
        (
            "sctp/streams.pcap",
            ["frame.len", "ip.addr", "sctp.chunk_type", "sctp.data_sid", "sctp"],
            Per::Chunk,
        ),
        ("sip/reinvite.pcap", ["frame.number", "ip.src", "ip.dst", "ip.ttl", "eth.src"], Per::Packet),
    ] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata").join(capture);
        let mut reader = Reader::new(std::fs::File::open(path).unwrap()).unwrap();
        let mut packets = Vec::new();
        while let Some(packet) = reader.next() {
            let packet = packet.unwrap();
            packets.push((packet.link, packet.bytes.to_vec()));
        }
        let mut columns = Columns::new(&dissector, &names, format::Layout::default(), per).unwrap();
        let only = columns.only().expect("these columns need only a part of the tree").clone();
        let (mut memory, mut number): (Memory, u64) = (dissector.memory_for(&only), 0);
        let (mut tree, mut out, line) = (Tree::new(), Out::new(), Line::new());
        let mut all = || {
            out.clear();
            for (link, bytes) in &packets {
                number += 1;
                let packet = Packet { number, ..Packet::new(*link, bytes) };
                memory.forget(number);
                dissector.dissect_only(&mut memory, &packet, &only, &mut tree);
                columns.packet(Dissection { tree: &tree, packet: &packet }, &line, |_, _| {}, &mut out);
            }
            out.len()
        };
        assert!(all() > 0 && all() > 0);
        let before = COUNT.get();
        all();
        assert_eq!(COUNT.get() - before, 0, "{names:?} over {} packets of {capture}", packets.len());
    }
}
