//! Display filters over further captures: what they pick here and in tshark.

use super::robust::files;
use dissect::capture::Reader;
use dissect::filter::Work;
use dissect::{Dissector, Filter, See};
use std::path::Path;
use std::process::Command;

/// Filters on what one packet says by itself; a capture gets some of them, the next the next.
const FILTERS: &[&str] = &[
    "ip.src == 10.0.0.0/8 || ipv6.src == fe80::/10",
    "sctp.chunk_type == DATA && sctp.data_sid > 0",
    "sctp.chunk_type != 3",
    "count(sctp.chunk_type) > 1",
    "all sctp.chunk_type in {0..3}",
    "sctp.data_tsn_raw % 2 == 0 and sctp.data_b_bit == 1",
    "sctp.parameter_type in {7, 0x8000..0xc008}",
    "sctp[0:2] == 0b:59 || sctp[12] == 01",
    "tcp.flags.syn == 1 && tcp.options.mss_val > 1000",
    "tcp.flags & 0x12 == 0x12",
    "tcp.port in {80, 443, 5060..5070}",
    "tcp.payload matches \"^(get|post|sip)\"",
    "udp.port == 5060 && sip.Method == INVITE",
    "udp.length - 8 > 200",
    "sip.Status-Code / 100 == 2",
    "sip.Method in {INVITE, ACK, BYE} && !sip.to.tag",
    "sip.Call-ID contains \"@\" && len(sip.Call-ID) > 10",
    "lower(sip.Via.transport) == \"udp\"",
    "string(ip.src) matches \"\\\\.1$\"",
    "ip.ttl > 64 or ipv6.hlim > 64",
    "ip.flags.df == \"Not set\"",
    "ip.proto#1 == 1 && ip.proto#2 == 17",
    "eth.src[0:3] == eth.dst[0:3]",
    "eth.addr contains 00:00 and eth.type == 0x0800",
    "frame.len > 500 && frame.len - ip.len == 14",
    "frame contains \"SIP/2.0\"",
    "vlan.id > 1 || arp.opcode == 1",
    "icmp.type == 3 && max(ip.proto) > 1",
];

/// How many filters each capture gets: tshark is slow to start.
const EACH: usize = 3;

/// Compares some filters on every so manieth capture, and lists where the answers differ.
pub(crate) fn run(every: usize) {
    let Some(shared) = super::shared("filters") else { return };
    if Command::new("tshark").arg("--version").output().is_err() {
        println!("filters: skipped, tshark can't be run");
        return;
    }
    let mut captures = Vec::new();
    files(&shared.join("corpus"), &mut captures);
    let (mut same, mut differ, mut packets) = (0, 0, 0);
    for (at, path) in captures.iter().step_by(every).enumerate() {
        for filter in FILTERS.iter().cycle().skip(at * EACH).take(EACH) {
            let Some(theirs) = tshark(path, filter) else { continue };
            let Some(own) = picked(path, filter) else { continue };
            packets += own.len();
            if own == theirs {
                same += 1;
            } else {
                differ += 1;
                let odd = |a: &[u64], b: &[u64]| a.iter().filter(|number| !b.contains(number)).count();
                let (more, fewer) = (odd(&own, &theirs), odd(&theirs, &own));
                println!(
                    "{}: {filter}: {} here, {more} more and {fewer} fewer than tshark",
                    path.display(),
                    own.len()
                );
            }
        }
    }
    println!("filters: {same} answers are tshark's, {differ} are not; {packets} packets were picked");
}

fn tshark(path: &Path, filter: &str) -> Option<Vec<u64>> {
    let mut command = Command::new("tshark");
    let output = command
        .args(["-n", "-T", "fields", "-e", "frame.number", "-Y", filter, "-r"])
        .arg(path)
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok().filter(|_| output.status.success())?;
    text.split_whitespace().map(|word| word.parse().ok()).collect()
}

fn picked(path: &Path, filter: &str) -> Option<Vec<u64>> {
    let (dissector, mut work, mut numbers) = (Dissector::default(), Work::new(), Vec::new());
    let filter = Filter::compile(&dissector, filter).ok()?;
    let (mut memory, mut reader) = (dissector.memory(), Reader::new(std::fs::File::open(path).ok()?).ok()?);
    while let Some(packet) = reader.next() {
        let Ok(packet) = packet else { continue };
        dissector.learn(&mut memory, &packet);
        if filter.accepts(&dissector, &See::with(&memory, packet.number), &packet, &mut work) {
            numbers.push(packet.number);
        }
    }
    Some(numbers)
}
