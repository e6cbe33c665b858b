//! Every field of every packet beside tshark's: what is missing here, what is said here alone, by protocol.
//!
//! Both write PDML. A field is the same where its name, its position and length in bytes, and its value are. Fields of ours that
//! tshark does not register count neither way.

use super::changed::Changed;
use super::robust::files;
use dissect::capture::Reader;
use dissect::format::Pdml;
use dissect::{Dissection, Dissector, Out, See, Tree};
use quick_xml::events::{BytesStart, Event};
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering as Order};

/// What is asked for.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Captures or folders; testdata/ when there is none
    places: Vec<PathBuf>,
    /// Only these protocols, by the first words of their fields' names
    #[arg(long, value_delimiter = ',')]
    protocols: Vec<String>,
    /// Only what a packet says by itself: no field that others decide, no packet with a piece of something larger
    #[arg(long)]
    alone: bool,
    /// Instead of each packet so many that are like it, each changed a little at random
    #[arg(long, value_name = "TIMES", default_value_t = 0)]
    changed: u32,
    /// What the random changes follow from
    #[arg(long, default_value_t = 1, requires = "changed")]
    seed: u64,
    /// Only so many packets of each capture
    #[arg(long, default_value_t = 2000)]
    packets: u64,
    /// How many captures at a time
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u8).range(1..))]
    jobs: u8,
    /// How many of the fields that differ most are listed
    #[arg(long, default_value_t = 20)]
    most: usize,
    /// Fail where all together are below this recall, in per cent
    #[arg(long, default_value_t = 0.0)]
    recall: f64,
    /// Fail where all together are below this precision, in per cent
    #[arg(long, default_value_t = 0.0)]
    precision: f64,
}

/// What tshark is told so that both say as much: it verifies and looks only where it is asked to.
const PREFERENCES: [&str; 7] = [
    "sctp.checksum:CRC-32c",
    "sctp.relative_tsns:FALSE",
    "sctp.association_index:TRUE",
    "tcp.check_checksum:TRUE",
    "tcp.reassemble_out_of_order:TRUE",
    "ip.check_checksum:TRUE",
    "udp.check_checksum:TRUE",
];

/// Protocols of whom no field is compared: what the program that reads knows of itself, and what it could not read.
const APART: [&str; 5] = ["frame", "geninfo", "fake-field-wrapper", "data", "_ws"];

/// Fields that say what the reading program knows of its host, or of a list of makers, not what the packet holds.
const NOT_COMPARED: [&str; 13] = [
    "eth.addr.oui",
    "eth.dst.oui",
    "eth.src.oui",
    "sll.src.oui",
    "ip.src_host",
    "ip.dst_host",
    "ip.host",
    "ipv6.src_host",
    "ipv6.dst_host",
    "ipv6.host",
    "tcp.time_relative",
    "tcp.time_delta",
    "udp.time_relative",
];

/// Fields that other packets decide; with a star, those whose names begin so.
const BY_OTHERS: [&str; 26] = [
    "icmp.resp*",
    "ip.dst_*",
    "rtcp.roundtrip*",
    "rtcp.setup*",
    "rtp.setup*",
    "sctp.ack*",
    "sctp.assoc_index",
    "sctp.data_rtt",
    "sctp.duplicate*",
    "sctp.retrans*",
    "sctp.sack_rtt",
    "sip.call_id_gen*",
    "sip.release*",
    "sip.resend*",
    "sip.response*",
    "tcp.ack",
    "tcp.analysis*",
    "tcp.completeness",
    "tcp.connection*",
    "tcp.nxtseq",
    "tcp.pdu*",
    "tcp.seq",
    "tcp.stream",
    "tcp.window_size",
    "tcp.window_size_scalefactor",
    "udp.stream",
];

/// What was counted of a protocol, or of all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Row {
    theirs: u64,
    ours: u64,
    same: u64,
    packets: u64,
    captures: u64,
}

impl Row {
    fn add(&mut self, other: &Row) {
        self.theirs += other.theirs;
        self.ours += other.ours;
        self.same += other.same;
        self.packets += other.packets;
        self.captures += other.captures;
    }
    /// Of tshark's fields, those that are here; of those here, tshark's. In per cent.
    fn shares(&self) -> (f64, f64) {
        let of = |all: u64| 100.0 * self.same as f64 / all.max(1) as f64;
        (of(self.theirs), of(self.ours))
    }
}

/// What was counted.
#[derive(Debug, Default)]
struct Count {
    rows: BTreeMap<String, Row>,
    all: Row,
    /// Packets that are the same in all fields.
    whole: u64,
    /// How often tshark's field is missing here or differs, and the other way.
    missing: BTreeMap<String, u64>,
    alone: BTreeMap<String, u64>,
}

impl Count {
    fn add(&mut self, other: Count) {
        for (name, row) in other.rows {
            self.rows.entry(name).or_default().add(&row);
        }
        self.all.add(&other.all);
        self.whole += other.whole;
        for (all, one) in [(&mut self.missing, other.missing), (&mut self.alone, other.alone)] {
            for (name, times) in one {
                *all.entry(name).or_default() += times;
            }
        }
    }
    /// Counts a packet: fields of both sides, in order.
    fn packet(&mut self, theirs: &[Fact], ours: &[Fact]) {
        let (mut rows, mut left, mut right) = (BTreeMap::<&str, Row>::new(), 0, 0);
        while left < theirs.len() || right < ours.len() {
            let order = match (theirs.get(left), ours.get(right)) {
                (Some(one), Some(other)) => one.cmp(other),
                (Some(_), None) => Ordering::Less,
                _ => Ordering::Greater,
            };
            let fact = if order == Ordering::Greater { &ours[right] } else { &theirs[left] };
            let row = rows.entry(fact.protocol()).or_default();
            if order != Ordering::Greater {
                row.theirs += 1;
                left += 1;
            }
            if order != Ordering::Less {
                row.ours += 1;
                right += 1;
            }
            match order {
                Ordering::Equal => row.same += 1,
                Ordering::Less => *self.missing.entry(fact.name.clone()).or_default() += 1,
                Ordering::Greater => *self.alone.entry(fact.name.clone()).or_default() += 1,
            }
        }
        self.all.packets += 1;
        self.whole += u64::from(rows.values().all(|row| row.same == row.theirs && row.same == row.ours));
        for (name, row) in rows {
            self.all.add(&Row { packets: 0, ..row.clone() });
            self.rows.entry(name.to_owned()).or_default().add(&Row { packets: 1, ..row });
        }
    }
}

/// A field: name, position, length, value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Fact {
    name: String,
    place: (String, String),
    value: String,
}

impl Fact {
    fn protocol(&self) -> &str {
        self.name.split('.').next().unwrap_or_default()
    }
}

/// A value in one spelling: `0x10`, `16` and `16.000` are the same, as are `True` and `1`.
fn plain(text: &str) -> String {
    let low = text.trim().to_ascii_lowercase();
    match low.as_str() {
        "true" => return "1".to_owned(),
        "false" => return "0".to_owned(),
        _ => {}
    }
    if let Some(number) = low.strip_prefix("0x").and_then(|digits| u128::from_str_radix(digits, 16).ok()) {
        return number.to_string();
    }
    if let Ok(number) = low.parse::<i128>() {
        return number.to_string();
    }
    match low.parse::<f64>() {
        Ok(number) => format!("{number:.6}").trim_end_matches('0').trim_end_matches('.').to_owned(),
        Err(_) => low,
    }
}

/// The fields of packets, out of PDML.
struct Packets<R> {
    xml: quick_xml::Reader<R>,
    buffer: Vec<u8>,
}

impl<R: BufRead> Packets<R> {
    fn new(source: R) -> Packets<R> {
        let mut xml = quick_xml::Reader::from_reader(source);
        // What is cut off ends the list of packets, and is no error here.
        xml.config_mut().check_end_names = false;
        Packets { xml, buffer: Vec::new() }
    }
    /// The next packet's fields that are wanted, in order; `None` at the end.
    fn next(&mut self, wanted: &dyn Fn(&str) -> bool) -> Option<Vec<Fact>> {
        let mut facts = Vec::new();
        loop {
            self.buffer.clear();
            match self.xml.read_event_into(&mut self.buffer).ok()? {
                Event::Start(tag) | Event::Empty(tag) if tag.name().as_ref() == b"field" => {
                    facts.extend(fact(&tag, wanted));
                }
                Event::End(tag) if tag.name().as_ref() == b"packet" => {
                    facts.sort_unstable();
                    return Some(facts);
                }
                Event::Eof => return None,
                _ => {}
            }
        }
    }
}

fn fact(tag: &BytesStart<'_>, wanted: &dyn Fn(&str) -> bool) -> Option<Fact> {
    let [mut name, mut position, mut size, mut value] = [const { String::new() }; 4];
    for attribute in tag.attributes().with_checks(false) {
        let attribute = attribute.ok()?;
        let into = match attribute.key.as_ref() {
            b"name" => &mut name,
            b"pos" => &mut position,
            b"size" => &mut size,
            b"show" => &mut value,
            _ => continue,
        };
        let text = String::from_utf8_lossy(&attribute.value);
        *into = quick_xml::escape::unescape(&text).map_or_else(|_| text.to_string(), String::from);
    }
    wanted(&name).then(|| Fact { name, place: (position, size), value: plain(&value) })
}

/// Compares, and prints tables for docs/parity.md.
pub(crate) fn run(args: &Args) -> Result<(), String> {
    let Some((version, known)) = known() else {
        println!("parity: skipped, tshark can't be run");
        return Ok(());
    };
    let mut captures = Vec::new();
    if args.places.is_empty() {
        files(&super::root().join("testdata"), &mut captures);
    }
    for place in &args.places {
        files(place, &mut captures);
    }
    let dissector = Dissector::default();
    // What both know; protocols that are not read here are not compared.
    let own = dissector.protocols().iter().flat_map(|one| one.fields.iter().copied().flatten());
    let own: BTreeSet<&str> =
        own.map(|field| field.name).filter(|name| known.contains(*name)).map(first_word).collect();
    let asked: BTreeSet<&str> = args.protocols.iter().map(String::as_str).collect();
    let wanted = |name: &str| {
        let protocol = first_word(name);
        let is_asked = if asked.is_empty() { !APART.contains(&protocol) } else { asked.contains(protocol) };
        name.contains('.')
            && is_asked
            && own.contains(protocol)
            && !is_apart(name)
            && !(args.alone && is_by_others(name))
    };
    let ours = |name: &str| wanted(name) && known.contains(name);
    let (next, sum) = (AtomicUsize::new(0), Mutex::new((Count::default(), 0_u64)));
    std::thread::scope(|scope| {
        for _ in 0..args.jobs {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Order::Relaxed);
                    let Some(path) = captures.get(at) else { break };
                    let changed = (args.changed > 0)
                        .then(|| Changed::of(path, at, args.changed, args.packets, args.seed));
                    let path = changed.as_ref().map_or(path.as_path(), Changed::path);
                    let one = compare(path, &dissector, args, &wanted, &ours);
                    if let (Some(one), Ok(mut sum)) = (one, sum.lock()) {
                        sum.0.add(one);
                        sum.1 += 1;
                    }
                }
            });
        }
    });
    let (mut count, compared) = sum.into_inner().map_err(|error| error.to_string())?;
    count.all.captures = compared;
    print(&count, args.most, &version);
    let (recall, precision) = count.all.shares();
    if recall < args.recall || precision < args.precision {
        return Err(format!("parity: {recall:.2} % and {precision:.2} % are short of the goal"));
    }
    Ok(())
}

fn first_word(name: &str) -> &str {
    name.split('.').next().unwrap_or_default()
}

/// Whether other packets decide a field.
fn is_by_others(name: &str) -> bool {
    BY_OTHERS.iter().any(|one| match one.strip_suffix('*') {
        Some(begin) => name.starts_with(begin),
        None => name == *one,
    })
}

/// Whether a field tells of a piece of something larger.
fn is_of_piece(name: &str) -> bool {
    name.split('.').skip(1).any(|part| {
        matches!(part, "fragment" | "fragments" | "segment" | "segments" | "msg")
            || part.starts_with("reassembled")
    })
}

fn is_apart(name: &str) -> bool {
    NOT_COMPARED.contains(&name) || name == "udp.time_delta" || name.ends_with("_resolved")
}

/// tshark's version, and the names of fields that it knows.
fn known() -> Option<(String, BTreeSet<String>)> {
    let said = |words: &[&str]| {
        let output = Command::new("tshark").args(words).output().ok()?;
        Some(String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let version = said(&["--version"])?.lines().next()?.trim_end_matches('.').to_owned();
    let names = said(&["-G", "fields"])?;
    let names = names.lines().filter(|line| line.starts_with("F\t") || line.starts_with("P\t"));
    Some((version, names.filter_map(|line| line.split('\t').nth(2).map(str::to_owned)).collect()))
}

/// A program that is ended when nobody needs more of it.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Compares a capture; `None` where it is none.
fn compare(
    path: &Path,
    dissector: &Dissector,
    args: &Args,
    wanted: &dyn Fn(&str) -> bool,
    own: &dyn Fn(&str) -> bool,
) -> Option<Count> {
    let open = || Reader::new(std::fs::File::open(path).ok()?).ok();
    let (mut memory, mut reader) = (dissector.memory(), open()?);
    while let Some(packet) = reader.next() {
        if let Ok(packet) = packet {
            dissector.learn(&mut memory, &packet);
        }
    }
    let mut command = Command::new("tshark");
    command.env("TZ", "UTC").args(["-n", "-2", "-T", "pdml"]);
    for preference in PREFERENCES {
        command.args(["-o", preference]);
    }
    command.arg("-r").arg(path).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut tshark = Running(command.spawn().ok()?);
    let mut theirs = Packets::new(BufReader::with_capacity(1 << 16, tshark.0.stdout.take()?));
    let (mut tree, mut out, mut pdml) = (Tree::new(), Out::new(), Pdml::default());
    let (mut reader, see, mut count) = (open()?, See::with(&memory, u64::MAX), Count::default());
    while count.all.packets < args.packets {
        let packet = loop {
            match reader.next() {
                Some(Ok(packet)) => break Some(packet),
                Some(Err(_)) => {}
                None => break None,
            }
        };
        let ours = packet.and_then(|packet| {
            dissector.dissect(&see, &packet, &mut tree);
            out.clear();
            pdml.packet(Dissection { tree: &tree, packet: &packet }, &mut out);
            Packets::new(out.as_bytes()).next(own)
        });
        match (theirs.next(wanted), ours) {
            (None, None) => break,
            (theirs, ours) => {
                let (mut theirs, mut ours) = (theirs.unwrap_or_default(), ours.unwrap_or_default());
                if args.alone && theirs.iter().any(|fact| is_of_piece(&fact.name)) {
                    (theirs, ours) = Default::default();
                }
                count.packet(&theirs, &ours);
            }
        }
    }
    for row in count.rows.values_mut() {
        row.captures = 1;
    }
    Some(count)
}

fn print(count: &Count, most: usize, version: &str) {
    println!("{version}; {} packets of {} captures, ", count.all.packets, count.all.captures);
    println!("{} of them the same in every field.\n", count.whole);
    println!("| protocol | recall, % | precision, % | tshark's fields | packets | captures |");
    println!("| --- | ---: | ---: | ---: | ---: | ---: |");
    let line = |name: &str, row: &Row| {
        let (recall, precision) = row.shares();
        let Row { theirs, packets, captures, .. } = row;
        println!("| {name} | {recall:.2} | {precision:.2} | {theirs} | {packets} | {captures} |");
    };
    for (name, row) in &count.rows {
        line(name, row);
    }
    line("all", &count.all);
    for (what, names) in [("tshark's, not here", &count.missing), ("here, not tshark's", &count.alone)] {
        let mut names: Vec<_> = names.iter().collect();
        names.sort_by_key(|(_, times)| std::cmp::Reverse(**times));
        let names: Vec<String> =
            names.iter().take(most).map(|(name, times)| format!("{name} {times}")).collect();
        println!("\n{what}, or another value or place: {}", names.join(", "));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_value_in_many_spellings() {
        for same in ["16", "0x10", "0x0010", "16.0", "016"] {
            assert_eq!(plain(same), "16", "{same}");
        }
        assert_eq!(
            (plain("True"), plain("False"), plain("0.250000000")),
            ("1".into(), "0".into(), "0.25".into())
        );
        assert_eq!(plain(" Mixed Case "), "mixed case");
        assert_ne!(plain("01:02"), plain("1:2"));
    }

    #[test]
    fn what_others_decide_is_known_by_its_name() {
        let named = |names: [&str; 4], is: fn(&str) -> bool| names.map(is);
        assert_eq!(
            named(["tcp.seq", "tcp.seq_raw", "tcp.analysis.flags", "sctp.acked"], is_by_others),
            [true, false, true, true]
        );
        assert_eq!(
            named(["ip.fragments", "tcp.reassembled.data", "sip.msg_hdr", "sip.msg.x"], is_of_piece),
            [true, true, false, true]
        );
    }

    #[test]
    fn fields_are_counted_by_protocol() {
        let pdml =
            |fields: &str| format!("<pdml>\n<packet>\n<proto name=\"ip\">{fields}</proto>\n</packet>\n");
        let theirs = pdml(
            "<field name=\"ip.ttl\" show=\"64\" pos=\"8\" size=\"1\"/><field name=\"ip.id\" show=\"0x0001\" pos=\"4\" size=\"2\"/>\
             <field name=\"udp.port\" pos=\"20\" size=\"2\" show=\"7\"><field name=\"udp.port\" pos=\"20\" size=\"2\" show=\"7\"/></field>",
        );
        let ours = pdml(
            "<field name=\"ip.id\" pos=\"4\" size=\"2\" show=\"1\"/><field name=\"ip.ttl\" pos=\"9\" size=\"1\" show=\"64\"/>\
             <field name=\"udp.port\" pos=\"20\" size=\"2\" show=\"7\"/><field name=\"sip.Method\" pos=\"28\" size=\"2\" show=\"a &amp; b\"/>",
        );
        let (mut left, mut right) = (Packets::new(theirs.as_bytes()), Packets::new(ours.as_bytes()));
        let mut count = Count::default();
        count.packet(&left.next(&|_| true).unwrap(), &right.next(&|_| true).unwrap());
        assert!(left.next(&|_| true).is_none());
        let row = |theirs, ours, same| Row { theirs, ours, same, packets: 1, captures: 0 };
        assert_eq!(count.rows["ip"], row(2, 2, 1));
        assert_eq!(count.rows["udp"], row(2, 1, 1));
        assert_eq!(count.rows["sip"], row(0, 1, 0));
        assert_eq!((count.all.shares(), count.whole), ((50.0, 50.0), 0));
        assert_eq!(
            count.missing.iter().map(|(name, times)| (name.as_str(), *times)).collect::<Vec<_>>(),
            [("ip.ttl", 1), ("udp.port", 1)]
        );
    }
}
