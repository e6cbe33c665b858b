//! `flow`: who sent what to whom, as a graph in text.

use super::ends::{address, children};
use super::{Counted, Look, Looks, QUOTING, Statistic, field, filter};
use crate::{Address, Dissector, Field, Kind, Line, Out};
use std::ops::Range;

/// How many nodes have a column. Packets of further ones are left out, as in tshark.
const MOST_NODES: usize = 40;

/// How many packets are kept.
const MOST_ROWS: usize = 1 << 18;

/// How many characters a column has, and how many stand before an arrow.
const COLUMN: usize = 20;
const BEFORE: usize = 9;

/// What a graph shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Of {
    /// Every packet, by its summary.
    Any,
    /// TCP segments, by their flags and numbers.
    Tcp,
    /// Echoes of ICMP or of ICMPv6, by their summary.
    Echo,
}

#[derive(Debug)]
struct Row {
    since: i64,
    from: u8,
    to: u8,
    ports: (u16, u16),
    stream: u64,
    label: String,
    comment: String,
}

#[derive(Debug)]
struct Flow {
    of: Of,
    /// Whether hardware addresses count too.
    network: bool,
    ip: Vec<(&'static Field, &'static Field, &'static Field)>,
    ports: Vec<(&'static Field, &'static Field, &'static Field)>,
    tcp: [Option<&'static Field>; 6],
    /// ICMP or ICMPv6, its type and its code, and the types of its echoes.
    icmp: [Option<&'static Field>; 3],
    echoes: [u64; 2],
    quoting: Vec<&'static Field>,
    nodes: Vec<Address>,
    rows: Vec<Row>,
    line: Line,
    digits: usize,
    left_out: u64,
}

pub(super) fn make(dissector: &Dissector, rest: &str) -> Result<Counted, String> {
    let form = || {
        "flow is followed by any, tcp, icmp or icmpv6, by standard or network, and perhaps by a filter"
            .to_owned()
    };
    let mut words = rest.splitn(3, ',');
    let (of, icmp, echoes) = match words.next() {
        Some("any") => (Of::Any, "", [0; 2]),
        Some("tcp") => (Of::Tcp, "", [0; 2]),
        Some("icmp") => (Of::Echo, "icmp", [0, 8]),
        Some("icmpv6") => (Of::Echo, "icmpv6", [128, 129]),
        _ => return Err(form()),
    };
    let network = match words.next() {
        Some("network") => true,
        Some("standard") => false,
        _ => return Err(form()),
    };
    let find = |name: &str| field(dissector, name);
    let triple =
        |[root, source, destination]: [&str; 3]| Some((find(root)?, find(source)?, find(destination)?));
    let layers = [["ip", "ip.src", "ip.dst"], ["ipv6", "ipv6.src", "ipv6.dst"]];
    let ports = [
        ["tcp", "tcp.srcport", "tcp.dstport"],
        ["udp", "udp.srcport", "udp.dstport"],
        ["sctp", "sctp.srcport", "sctp.dstport"],
    ];
    let tcp = ["tcp", "tcp.stream", "tcp.flags", "tcp.seq", "tcp.ack", "tcp.len"];
    let flow = Flow {
        of,
        network,
        ip: layers.into_iter().filter_map(triple).collect(),
        ports: ports.into_iter().filter_map(triple).collect(),
        tcp: tcp.map(find),
        icmp: ["", ".type", ".code"].map(|part| find(&format!("{icmp}{part}"))),
        echoes,
        quoting: QUOTING.iter().filter_map(|name| find(name)).collect(),
        nodes: Vec::new(),
        rows: Vec::new(),
        line: Line::new(),
        digits: 6,
        left_out: 0,
    };
    Ok(Counted { filter: filter(dissector, words.next().unwrap_or(""))?, statistic: Box::new(flow) })
}

impl Flow {
    /// The column of an address.
    fn node(&mut self, address: Address) -> Option<u8> {
        let known = self.nodes.iter().position(|node| *node == address);
        if known.is_none() && self.nodes.len() < MOST_NODES {
            self.nodes.push(address);
        }
        known
            .or(self.nodes.len().checked_sub(1).filter(|last| self.nodes.get(*last) == Some(&address)))
            .map(|at| at as u8)
    }
    fn add(
        &mut self,
        look: &Look<'_>,
        ends: (Address, Address),
        ports: (u16, u16),
        stream: u64,
        texts: (String, String),
    ) {
        let (from, to) = (self.node(ends.0), self.node(ends.1));
        let packet = look.dissection.packet;
        let fine = packet.interface.is_some() || packet.time.is_some_and(|time| time.nanos() % 1000 != 0);
        self.digits = if fine { 9 } else { self.digits };
        match (from, to) {
            (Some(from), Some(to)) if self.rows.len() < MOST_ROWS => {
                let (label, comment) = texts;
                self.rows.push(Row { since: look.since, from, to, ports, stream, label, comment });
            }
            _ => self.left_out += 1,
        }
    }
    /// Flags, and of SYN, FIN, RST and PSH and ACK those that tshark names.
    fn segment(
        &mut self,
        look: &Look<'_>,
        group: usize,
        ends: (Address, Address),
        ports: (u16, u16),
    ) -> Option<()> {
        let [_, stream, flags, sequence, acknowledgment, length] = children(look.dissection, group, self.tcp);
        let flags = flags?.value;
        let names = [(2, "SYN"), (1, "FIN"), (4, "RST"), (8, "PSH"), (16, "ACK")];
        let set: Vec<&str> = names.iter().filter(|(bit, _)| flags & bit != 0).map(|row| row.1).collect();
        let length = length.filter(|length| length.value > 0);
        let length = length.map_or(String::new(), |length| format!(" - Len: {}", length.value));
        let label = format!("{}{length}", if set.is_empty() { "<None>".to_owned() } else { set.join(", ") });
        let acknowledgment = acknowledgment.filter(|_| flags & 16 != 0);
        let acknowledgment = acknowledgment.map_or(String::new(), |node| format!(" Ack = {}", node.value));
        let comment = format!("Seq = {}{acknowledgment}", sequence?.value);
        self.add(look, ends, ports, stream.map_or(0, |node| node.value), (label, comment));
        Some(())
    }
}

impl Statistic for Flow {
    fn looks(&self) -> Looks {
        let mut fields: Vec<&Field> = self.tcp.iter().chain(&self.icmp).copied().flatten().collect();
        let triples = self.ip.iter().chain(&self.ports);
        fields.extend(triples.flat_map(|(root, source, destination)| [*root, *source, *destination]));
        fields.extend(&self.quoting);
        Looks::Fields(fields)
    }
    fn packet(&mut self, look: &Look<'_>) {
        let dissection = look.dissection;
        let nodes = dissection.tree.nodes();
        let (mut below, mut ports, mut at) = ((Address::None, Address::None), (0, 0), 0);
        let mut counts = self.of == Of::Any;
        while let Some(node) = nodes.get(at) {
            if node.field.show.kind != Kind::Protocol {
                at += 1;
                continue;
            }
            let same = |row: &&(&'static Field, &'static Field, &'static Field)| row.0 == node.field;
            if let Some((_, source, destination)) = self.ip.iter().find(same) {
                let [source, destination] = children(dissection, at, [Some(source), Some(destination)]);
                below = (address(dissection, source), address(dissection, destination));
                ports = (0, 0);
            }
            if let Some((_, source, destination)) = self.ports.iter().find(same) {
                let [source, destination] = children(dissection, at, [Some(source), Some(destination)]);
                ports =
                    (source.map_or(0, |one| one.value as u16), destination.map_or(0, |one| one.value as u16));
            }
            if self.of == Of::Tcp && self.tcp.first() == Some(&Some(node.field)) {
                self.segment(look, at, below, ports);
            }
            if self.of == Of::Echo && self.icmp.first() == Some(&Some(node.field)) {
                let [_, kind, code] = children(dissection, at, self.icmp);
                if let Some(kind) = kind.filter(|kind| self.echoes.contains(&kind.value)) {
                    let code = code.map_or(0, |code| code.value);
                    (counts, ports) = (true, (0, (kind.value << 8 | code) as u16));
                }
            }
            at = if self.quoting.contains(&node.field) { node.end as usize } else { at + 1 };
        }
        if counts {
            let mut line = std::mem::take(&mut self.line);
            look.dissector.summarize(look.see, dissection.packet, &mut line);
            let ends = if self.network { (line.source, line.destination) } else { below };
            if ends.0 != Address::None && ends.1 != Address::None {
                let label = line.info.to_string_lossy();
                let comment = format!("{}: {label}", line.protocol);
                self.add(look, ends, ports, 0, (label, comment));
            }
            self.line = line;
        }
    }
    fn write(&self, out: &mut Out) {
        let Some(first) = self.rows.first() else { return };
        let several = self.of == Of::Tcp && self.rows.iter().any(|row| row.stream != first.stream);
        self.heading(several, out);
        let mut stream = first.stream;
        for row in &self.rows {
            if several && row.stream != stream {
                out.str(&"-".repeat(17 + self.nodes.len() * COLUMN)).byte(b'\n');
                stream = row.stream;
            }
            self.row(row, several, out);
        }
        if self.left_out > 0 {
            out.str("(and ").dec(self.left_out).str(" further packets)\n");
        }
    }
}

impl Flow {
    /// Writes the names of the nodes, one up, one down.
    fn heading(&self, several: bool, out: &mut Out) {
        out.str(if several { "Conv.| Time    |" } else { "|Time     |" });
        let names: Vec<String> = self
            .nodes
            .iter()
            .map(|node| {
                let mut name = Out::new();
                node.write(&mut name);
                format!(" {}", name.to_string_lossy())
            })
            .collect();
        for name in names.iter().step_by(2) {
            out.fmt(format_args!("{name:<39}|"));
        }
        out.str(if several { "\n     |         |" } else { "\n|         |" });
        out.spaces(COLUMN - 1);
        for name in names.iter().skip(1).step_by(2) {
            // A long name reaches beyond its column, over the line behind it.
            let bar = if name.len() < COLUMN { "|" } else { "" };
            let width = if bar.is_empty() { 2 * COLUMN - 1 } else { COLUMN - 1 };
            out.fmt(format_args!("|{name:<width$}{bar}"));
            out.spaces(if bar.is_empty() { 0 } else { COLUMN - 1 });
        }
        out.byte(b'\n');
    }
    fn row(&self, row: &Row, several: bool, out: &mut Out) {
        let count = self.nodes.len();
        let (left, right) = (usize::from(row.from.min(row.to)), usize::from(row.from.max(row.to)));
        let span = (right - left) * COLUMN;
        let start = out.len();
        if several {
            out.dec(row.stream);
            out.spaces((start + 5).saturating_sub(out.len()));
        }
        out.byte(b'|');
        let start = out.len();
        super::follow::seconds(row.since, self.digits, out);
        out.spaces((start + BEFORE).saturating_sub(out.len())).byte(b'|');
        // The text above the arrow, over the lines that it crosses.
        let mut bars = bars(count);
        let text: Vec<char> = row.label.chars().take(span.max(COLUMN / 2)).collect();
        overlay(&mut bars, left * COLUMN, BEFORE, &text);
        out.str(&bars.iter().collect::<String>()).text(row.comment.as_bytes());
        out.str(if several { "\n     |         |" } else { "\n|         |" });
        let mut bars = self::bars(count);
        let (near, far) =
            if row.from <= row.to { (row.ports.0, row.ports.1) } else { (row.ports.1, row.ports.0) };
        let dashes = "-".repeat(span.max(COLUMN) - 2);
        let arrow = if row.from <= row.to { format!("{dashes}>") } else { format!("<{dashes}") };
        let far = format!("({far})");
        let far = format!("{far:<0$}", if span == 0 { BEFORE - 1 } else { BEFORE });
        let text: Vec<char> = format!("{:<9}{arrow}  {far}", format!("({near})")).chars().collect();
        let end = left * COLUMN + text.len() + 1;
        if bars.len() < end {
            // To itself, in the last column: tshark's arrow reaches beyond it.
            bars.resize(end - 1, ' ');
            bars.push('|');
        }
        overlay(&mut bars, left * COLUMN, 0, &text);
        out.str(&bars.iter().collect::<String>()).byte(b'\n');
    }
}

/// The lines of so many columns.
fn bars(count: usize) -> Vec<char> {
    let one = |at: usize| if at % COLUMN == COLUMN - 1 { '|' } else { ' ' };
    (0..count * COLUMN).map(one).collect()
}

/// Writes a text over the lines, from a place on, with blanks before it.
fn overlay(bars: &mut [char], from: usize, blanks: usize, text: &[char]) {
    let Range { start, end } = from + blanks..from + blanks + text.len();
    if let Some(place) = bars.get_mut(from..start) {
        place.fill(' ');
    }
    for (place, sign) in bars.iter_mut().skip(start).take(end - start).zip(text) {
        *place = *sign;
    }
}
