//! `expert`: the remarks on packets, how often each was made.

use super::{Counted, Look, Looks, Statistic, filter, one_table, titled};
use crate::format::line;
use crate::report::{Cell, Column, Report};
use crate::tree::{Item, Node};
use crate::{Area, Dissector, Field, Kind, Out, Severity};
use hashbrown::{DefaultHashBuilder, HashMap};

/// The most remarks that are told apart. Further ones are counted as left out.
const MOST_REMARKS: usize = 1 << 14;

/// How many packets are named of each remark.
const MOST_NAMED: usize = 64;

static COLUMNS: &[Column] = &[
    Column::new("severity", "Severity"),
    Column::new("group", "Group"),
    Column::new("protocol", "Protocol"),
    Column::new("summary", "Summary"),
    Column::new("count", "Count"),
    Column::new("packets", "Packets"),
];

#[derive(Debug)]
struct Remark {
    /// None for what the capture's author said.
    severity: Option<Severity>,
    area: Area,
    protocol: &'static str,
    count: u64,
    /// The first packets that have it.
    packets: Vec<u64>,
}

#[derive(Debug)]
struct Remarks {
    /// Which remarks are written: these and worse ones; all, with comments, for none.
    least: Option<Severity>,
    /// Who declares each remark, by the place of the field.
    titles: HashMap<usize, &'static str, DefaultHashBuilder>,
    /// Which row it is, by protocol and text.
    index: HashMap<Box<[u8]>, u32, DefaultHashBuilder>,
    rows: Vec<Remark>,
    left_out: u64,
    scratch: Out,
    /// Which remarks a report tells: of these packets.
    filter: String,
    /// The packet that is looked at.
    packet: u64,
}

/// The severities, worst first, by the words for them here and as headings.
const SEVERITIES: [(Severity, &str, &str); 4] = [
    (Severity::Error, "error", "Errors"),
    (Severity::Warn, "warn", "Warns"),
    (Severity::Note, "note", "Notes"),
    (Severity::Chat, "chat", "Chats"),
];

pub(super) fn make(dissector: &Dissector, rest: &str) -> Result<Counted, String> {
    let (word, behind) = rest.split_once(',').unwrap_or((rest, ""));
    let named = SEVERITIES.iter().find(|row| row.1 == word);
    let (least, rest) = named.map_or((None, rest), |row| (Some(row.0), behind));
    let titles = dissector
        .protocols()
        .iter()
        .flat_map(|one| one.fields.iter().copied().flatten().map(|field| (place(field), one.title)))
        .collect();
    let (index, rows) = (HashMap::default(), Vec::new());
    let statistic = Remarks {
        least,
        titles,
        index,
        rows,
        left_out: 0,
        scratch: Out::new(),
        filter: rest.to_owned(),
        packet: 0,
    };
    Ok(Counted { filter: filter(dissector, rest)?, statistic: Box::new(statistic) })
}

fn place(field: &'static Field) -> usize {
    std::ptr::from_ref(field) as usize
}

impl Remarks {
    fn comment(&mut self, comment: &[u8]) {
        self.scratch.clear();
        self.scratch.str("Frame\0").text(comment);
        self.add(None, Area::Comment, "Frame");
    }
    fn count(&mut self, item: Item<'_>, severity: Severity, area: Area, within: Option<&'static Field>) {
        let of = |field: &'static Field| self.titles.get(&place(field)).copied();
        let protocol = if item.node.is(Node::MALFORMED) { within.and_then(of) } else { of(item.node.field) };
        let protocol = protocol.unwrap_or("");
        self.scratch.clear();
        self.scratch.str(protocol).byte(0);
        if item.node.is(Node::MALFORMED) {
            self.scratch.str("Malformed Packet (Exception occurred)");
        } else {
            let start = self.scratch.len();
            line(item, &mut self.scratch);
            let text = self.scratch.as_bytes().get(start..).unwrap_or(&[]);
            // Without what a line of the tree has around it.
            let from = text.windows(3).position(|piece| piece == b"): ").map_or(0, |at| at + 3);
            let to = text.len() - usize::from(item.node.is(Node::GENERATED) && text.ends_with(b"]"));
            let text = text.get(from..to).unwrap_or(text).to_vec();
            self.scratch.truncate(start);
            self.scratch.raw(&text);
        }
        self.add(Some(severity), area, protocol);
    }
    /// The text of each row.
    fn texts(&self) -> Vec<&[u8]> {
        let mut texts: Vec<&[u8]> = vec![&[]; self.rows.len()];
        for (text, at) in &self.index {
            if let Some(place) = texts.get_mut(*at as usize) {
                let behind = text.iter().position(|byte| *byte == 0).map_or(0, |at| at + 1);
                *place = text.get(behind..).unwrap_or(&[]);
            }
        }
        texts
    }
    /// The severities that are told, the worst first, with their headings.
    fn sections(&self) -> impl Iterator<Item = (Option<Severity>, &'static str)> {
        let sections = SEVERITIES.iter().map(|row| (Some(row.0), row.2)).chain([(None, "Comments")]);
        sections.filter(|row| self.least.is_none() || row.0 >= self.least)
    }
    /// Counts the remark whose protocol and text stand in the scratch.
    fn add(&mut self, severity: Option<Severity>, area: Area, protocol: &'static str) {
        match self.index.get(self.scratch.as_bytes()) {
            Some(at) => {
                if let Some(row) = self.rows.get_mut(*at as usize) {
                    row.count += 1;
                    if row.packets.len() < MOST_NAMED && row.packets.last() != Some(&self.packet) {
                        row.packets.push(self.packet);
                    }
                }
            }
            None if self.rows.len() >= MOST_REMARKS => self.left_out += 1,
            None => {
                self.index.insert(self.scratch.as_bytes().into(), self.rows.len() as u32);
                self.rows.push(Remark { severity, area, protocol, count: 1, packets: vec![self.packet] });
            }
        }
    }
}

impl Statistic for Remarks {
    fn looks(&self) -> Looks {
        Looks::Whole
    }
    fn packet(&mut self, look: &Look<'_>) {
        let (dissection, mut within) = (look.dissection, None);
        self.packet = dissection.packet.number;
        for comment in dissection.packet.options.comments() {
            self.comment(comment);
        }
        for (at, node) in dissection.tree.nodes().iter().enumerate() {
            if node.field.show.kind == Kind::Protocol {
                within = Some(node.field);
            }
            let Some((severity, area)) = node.field.show.expert else { continue };
            if let Some(item) = dissection.item(at) {
                self.count(item, severity, area, within);
            }
        }
    }
    fn write(&self, out: &mut Out) {
        let texts = self.texts();
        for (severity, heading) in self.sections() {
            let rows = || self.rows.iter().zip(&texts).filter(|(row, _)| row.severity == severity);
            let count: u64 = rows().map(|(row, _)| row.count).sum();
            if count == 0 {
                continue;
            }
            out.str("\n").str(heading).str(" (").dec(count).str(")\n=============\n");
            out.str("   Frequency      Group           Protocol  Summary\n");
            for (row, text) in rows() {
                let area = format!("{:?}", row.area);
                out.fmt(format_args!("{:12} {area:>10} {:>18}  ", row.count, row.protocol))
                    .raw(text)
                    .str("\n");
            }
        }
        if self.left_out > 0 {
            out.str("\n(and ").dec(self.left_out).str(" further remarks)\n");
        }
    }
    fn report(&self) -> Option<Report> {
        let (texts, mut rows) = (self.texts(), Vec::new());
        for (severity, _) in self.sections() {
            for (row, text) in self.rows.iter().zip(&texts).filter(|(row, _)| row.severity == severity) {
                rows.push(vec![
                    Cell::text(severity.map_or("Comment", Severity::name)),
                    Cell::text(format!("{:?}", row.area)),
                    Cell::text(row.protocol),
                    Cell::bytes(text),
                    Cell::Count(row.count),
                    Cell::Packets(row.packets.clone()),
                ]);
            }
        }
        let title = titled("Expert information", &self.filter);
        Some(one_table("expert", title, "Remarks", COLUMNS, rows, self.left_out))
    }
}
