//! Chosen fields over further captures: the rows here and in tshark's `-T fields`.

use super::robust::files;
use dissect::capture::Reader;
use dissect::format::{Columns, Layout, Per};
use dissect::{Dissection, Dissector, Line, Out, See, Tree};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What stands between columns: no value has it.
const SEPARATOR: u8 = 2;

/// What tshark is told, so that both say as much.
const PREFERENCES: [&str; 8] = [
    "ip.check_checksum:TRUE",
    "udp.check_checksum:TRUE",
    "tcp.check_checksum:TRUE",
    "rtcp.show_roundtrip_calculation:TRUE",
    "sctp.relative_tsns:FALSE",
    "sctp.association_index:TRUE",
    "sctp.checksum:CRC-32c",
    "tcp.reassemble_out_of_order:TRUE",
];

/// What names the layers of a packet.
const LAYERS: &str = "frame.protocols";

/// What differs in all packets, by docs/differences.md, or is told by the clock that is not wound here.
const ELSEWHERE: [&str; 11] = [
    "frame",
    LAYERS,
    "frame.time_delta",
    "frame.time_relative",
    "data",
    "data.data",
    "data.len",
    "sctp",
    "_ws.malformed",
    "_ws.short",
    "_ws.unreassembled",
];

/// Compares fields of captures, and lists those that differ with how often and the first place. Without fields all that both
/// have but those of protocols that one of the two does not find as often in the packet; without places every so manieth capture of ../shared.
pub(crate) fn run(fields: &[String], places: &[PathBuf], every: usize) {
    let Some(known) = known() else {
        println!("fields: skipped, tshark can't be run");
        return;
    };
    let mut captures = Vec::new();
    if places.is_empty() {
        let Some(shared) = super::shared("fields") else { return };
        files(&shared.join("corpus"), &mut captures);
        captures = captures.into_iter().step_by(every).collect();
    }
    for place in places {
        files(place, &mut captures);
    }
    let dissector = Dissector::default();
    let own: BTreeSet<&str> = dissector
        .protocols()
        .iter()
        .flat_map(|one| one.fields.iter().copied().flatten())
        .map(|field| field.name)
        .filter(|name| known.contains(*name) && !ELSEWHERE.contains(name) && !name.starts_with("_ws.expert"))
        .collect();
    let chosen: Vec<&str> = if fields.is_empty() {
        own.into_iter().collect()
    } else {
        fields.iter().map(String::as_str).collect()
    };
    let names: Vec<String> = std::iter::once(LAYERS).chain(chosen).map(str::to_owned).collect();
    let (mut same, mut others, mut wrong) = (0u64, 0u64, BTreeMap::<&str, (u64, String)>::new());
    for path in &captures {
        let (Some(theirs), Some(own)) = (tshark(path, &names), rows(&dissector, path, &names)) else {
            continue;
        };
        for (number, (own, theirs)) in own.split('\n').zip(theirs.split('\n')).enumerate() {
            let mut cells = own.split(char::from(SEPARATOR)).zip(theirs.split(char::from(SEPARATOR)));
            let Some(layers) = cells.next() else { continue };
            for (name, (own, theirs)) in names.iter().skip(1).zip(cells) {
                if own == theirs {
                    same += u64::from(!own.is_empty());
                    continue;
                }
                let protocol = name.split('.').next().unwrap_or(name);
                let count = |layers: &str| layers.split(':').filter(|layer| *layer == protocol).count();
                if fields.is_empty() && protocol != "frame" && count(layers.0) != count(layers.1) {
                    others += 1;
                    continue;
                }
                let place = || format!("{} {}: {own:.80?}, tshark {theirs:.80?}", path.display(), number + 1);
                wrong.entry(name).or_insert_with(|| (0, place())).0 += 1;
            }
        }
    }
    let differ: u64 = wrong.values().map(|one| one.0).sum();
    let mut wrong: Vec<_> = wrong.into_iter().collect();
    wrong.sort_by_key(|(_, (count, _))| std::cmp::Reverse(*count));
    for (name, (count, place)) in wrong {
        println!("{count:8} {name}: {place}");
    }
    println!(
        "fields: {same} cells are tshark's, {differ} are not, {others} are of protocols that only one finds, in {} captures",
        captures.len()
    );
}

/// The names that tshark knows.
fn known() -> Option<BTreeSet<String>> {
    let output = Command::new("tshark").args(["-G", "fields"]).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    Some(text.lines().filter_map(|line| line.split('\t').nth(2).map(str::to_owned)).collect())
}

fn tshark(path: &Path, names: &[String]) -> Option<String> {
    let mut command = Command::new("tshark");
    command.env("TZ", "UTC").args(["-n", "-2", "-T", "fields", "-E"]);
    command.arg(format!("separator={}", char::from(SEPARATOR)));
    for preference in PREFERENCES {
        command.args(["-o", preference]);
    }
    for name in names {
        command.args(["-e", name]);
    }
    let output = command.arg("-r").arg(path).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

fn rows(dissector: &Dissector, path: &Path, names: &[String]) -> Option<String> {
    let layout = Layout { separator: SEPARATOR, ..Layout::default() };
    let mut columns = match Columns::new(dissector, names, layout, Per::Packet) {
        Ok(columns) => columns,
        Err(sentence) => {
            println!("fields: {sentence}");
            return None;
        }
    };
    let open = || Reader::new(std::fs::File::open(path).ok()?).ok();
    let (mut memory, mut reader) = (dissector.memory(), open()?);
    while let Some(packet) = reader.next() {
        if let Ok(packet) = packet {
            dissector.learn(&mut memory, &packet);
        }
    }
    let (mut tree, mut out, mut reader) = (Tree::new(), Out::new(), open()?);
    let see = See::with(&memory, u64::MAX);
    while let Some(packet) = reader.next() {
        let Ok(packet) = packet else { continue };
        dissector.dissect(&see, &packet, &mut tree);
        columns.packet(Dissection { tree: &tree, packet: &packet }, &Line::new(), |_, _| {}, &mut out);
    }
    Some(out.to_string_lossy())
}
