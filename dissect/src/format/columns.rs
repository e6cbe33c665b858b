//! Chosen fields as rows: what tshark's `-T fields` prints, and CSV.

use super::chains::{Chains, Entry};
use super::chosen::Form;
use super::value::{aspect, plain, written_or};
use crate::field::Plan;
use crate::filter::names::{all, look_up};
use crate::filter::{nearest, scope};
use crate::proto::{data, frame::remark::Aspect};
use crate::tree::{Dissection, Item, Node};
use crate::{Base, Dissector, Field, Kind, Line, Only, Out, Packet};

/// What a row stands for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Per {
    /// A packet.
    #[default]
    Packet,
    /// An SCTP chunk: a packet has as many rows as chunks.
    Chunk,
    /// A message that SCTP, TCP or UDP carried.
    Message,
}

/// Which of several values of a field are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Occurrence {
    /// The first.
    First,
    /// The last.
    Last,
    /// All of them.
    #[default]
    All,
}

/// What stands around the values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Quote {
    /// Nothing.
    #[default]
    None,
    /// `'` around values that are there.
    Single,
    /// `"` around values that are there.
    Double,
    /// `"` where CSV needs it, and an apostrophe before text that a spreadsheet would take for a formula.
    Csv,
}

/// How rows are written: tshark's `-E`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Whether a line with the names comes first.
    pub header: bool,
    /// Whether the output begins with the byte order mark of UTF-8.
    pub bom: bool,
    /// What stands between columns.
    pub separator: u8,
    /// What stands between the values of one field.
    pub aggregator: u8,
    /// Which of several values are written.
    pub occurrence: Occurrence,
    /// What stands around values.
    pub quote: Quote,
    /// Whether control characters are written as escapes, `\n` and the like. Without, a line end in a value ends the row.
    pub escape: bool,
}

impl Default for Layout {
    fn default() -> Layout {
        Layout {
            header: false,
            bom: false,
            separator: b'\t',
            aggregator: b',',
            occurrence: Occurrence::All,
            quote: Quote::None,
            escape: true,
        }
    }
}

impl Layout {
    /// CSV by RFC 4180, with line feeds alone.
    pub fn csv() -> Layout {
        Layout { header: true, separator: b',', aggregator: b';', quote: Quote::Csv, ..Layout::default() }
    }
}

/// Columns of the summary line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Number,
    Time,
    Source,
    Destination,
    Protocol,
    Length,
    Info,
}

/// Their names as tshark has them, and as newer ones do.
static COLUMNS: [(Column, &str, &str); 7] = [
    (Column::Number, "No.", "number"),
    (Column::Time, "Time", "time"),
    (Column::Source, "Source", "def_src"),
    (Column::Destination, "Destination", "def_dst"),
    (Column::Protocol, "Protocol", "protocol"),
    (Column::Length, "Length", "length"),
    (Column::Info, "Info", "info"),
];

/// What a column of the summary is called in lists of fields.
const PREFIX: &str = "_ws.col.";

/// What the caller's clock says of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// The time column.
    Column,
    /// The time since the first packet, `frame.time_relative`.
    Relative,
    /// The time since the packet before, `frame.time_delta`.
    Delta,
    /// The time since the packet before that was printed, `frame.time_delta_displayed`.
    Displayed,
}

/// The times that no packet says by itself.
static TIMES: [(&str, Ask); 3] = [
    ("frame.time_relative", Ask::Relative),
    ("frame.time_delta", Ask::Delta),
    ("frame.time_delta_displayed", Ask::Displayed),
];

/// What stands in a column.
#[derive(Clone, Copy, Debug)]
pub(super) enum What {
    /// Values of the tree, gathered under this number.
    Values,
    Column(Column),
    Time(Ask),
}

/// A place in the table of fields: the field's address, and its targets.
#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    field: usize,
    from: u16,
    to: u16,
}

/// A column that a field's nodes go to, and the field that their values are written as: the field itself or its twin.
#[derive(Clone, Copy, Debug)]
struct Target {
    column: u16,
    field: &'static Field,
}

/// Writes chosen fields of packets as rows. Once warm it allocates nothing.
///
/// ```
/// use dissect::capture::{LinkType, Packet};
/// use dissect::format::{Columns, Layout, Per};
/// use dissect::{Dissection, Dissector, Line, Out, See, Tree};
///
/// # let bytes = [0x45, 0, 0, 32, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, 0x1e, 0x61, 0x1e, 0x62, 0, 12, 0, 0, 1, 2, 3, 4];
/// # let packet = Packet::new(LinkType::IPV4, &bytes);
/// let (dissector, mut tree, mut out) = (Dissector::default(), Tree::new(), Out::new());
/// let mut columns = Columns::new(&dissector, &["ip.src", "udp.port"], Layout::default(), Per::Packet)?;
/// dissector.dissect(&See::alone(), &packet, &mut tree);
/// columns.packet(Dissection { tree: &tree, packet: &packet }, &Line::new(), |_, _| {}, &mut out);
/// assert_eq!(out.to_string_lossy(), "10.0.0.1\t7777,7778\n");
/// # Ok::<(), String>(())
/// ```
#[derive(Debug)]
pub struct Columns {
    pub(super) layout: Layout,
    pub(super) form: Form,
    /// Whether an object was written.
    pub(super) written: bool,
    per: Per,
    pub(super) names: Vec<String>,
    pub(super) whats: Vec<What>,
    /// An open hash table over the addresses of fields, mostly empty.
    slots: Vec<Slot>,
    /// A bit for each of the fields, by its mixed address: most nodes are of no field with such a bit.
    likely: u64,
    targets: Vec<Target>,
    /// The fields that the columns read; `None` if they need the whole tree.
    fields: Option<Vec<&'static Field>>,
    only: Option<Only>,
    /// Groups that rows stand for, and those that part what stands in them from other rows.
    units: Vec<&'static Field>,
    walls: Vec<&'static Field>,
    /// The values found for each column.
    pub(super) values: Chains,
    /// The walls around the node being looked at, and the rows of the packet, as ranges of nodes.
    open: Vec<(u32, u32)>,
    rows: Vec<(u32, u32)>,
    pub(super) scratch: Out,
}

impl Columns {
    /// Columns by the names of fields, of protocols and of the summary's columns (`_ws.col.Info`).
    ///
    /// # Errors
    ///
    /// A sentence for the first name that nothing has.
    pub fn new(
        dissector: &Dissector,
        names: &[impl AsRef<str>],
        layout: Layout,
        per: Per,
    ) -> Result<Columns, String> {
        let (mut columns, mut fields, mut whole) = (Vec::new(), Vec::new(), false);
        let mut targets: Vec<(&'static Field, Target)> = Vec::new();
        for name in names {
            let name = name.as_ref();
            // What needs no tree.
            let simple = match name {
                "frame.number" => Some(Column::Number),
                "frame.len" => Some(Column::Length),
                _ => column(name),
            };
            if let Some(column) = simple {
                columns.push(What::Column(column));
                continue;
            }
            if let Some((_, ask)) = TIMES.iter().find(|one| one.0 == name) {
                columns.push(What::Time(*ask));
                continue;
            }
            let Some(named) = look_up(dissector, name) else { return Err(unknown(dissector, name)) };
            whole |= named.needs_whole(dissector);
            for carrier in named.carriers {
                let twin = carrier.show.also.iter().find(|twin| twin.name == name).copied();
                let asked = named.aspect.and(named.fields.first().copied());
                let field =
                    asked.unwrap_or(if carrier.name == name { carrier } else { twin.unwrap_or(carrier) });
                targets.push((carrier, Target { column: columns.len() as u16, field }));
                fields.push(carrier);
            }
            columns.push(What::Values);
        }
        let scope = |name: &str| scope::groups(dissector, name, whole).unwrap_or_default();
        let units = match per {
            Per::Packet => Vec::new(),
            Per::Chunk => scope("chunk"),
            Per::Message => scope("message"),
        };
        let walls =
            if per == Per::Message { [scope("chunk"), units.clone()].concat() } else { units.clone() };
        fields.extend(&walls);
        let fields = (!whole).then_some(fields);
        let only = fields.as_ref().map(|fields| Only::fields(dissector, fields));
        let (slots, targets) = table(targets);
        Ok(Columns {
            layout,
            form: Form::Rows,
            written: false,
            per,
            names: names.iter().map(|name| name.as_ref().to_owned()).collect(),
            values: Chains::default(),
            whats: columns,
            likely: slots.iter().filter(|slot| slot.field != 0).fold(0, |bits, slot| bits | bit(slot.field)),
            slots,
            targets,
            fields,
            only,
            units,
            walls,
            open: Vec::new(),
            rows: Vec::new(),
            scratch: Out::new(),
        })
    }
    /// The fields that the columns read; `None` if they need the whole tree.
    pub fn fields(&self) -> Option<&[&'static Field]> {
        self.fields.as_deref()
    }
    /// As much of the tree as the columns need, for [`Dissector::dissect_only`]; `None` if they need all of it.
    pub fn only(&self) -> Option<&Only> {
        self.only.as_ref()
    }
    /// Whether the columns need the tree at all.
    pub fn reads_tree(&self) -> bool {
        !self.targets.is_empty() || self.per != Per::Packet
    }
    /// Whether a column needs the summary line.
    pub fn reads_line(&self) -> bool {
        self.whats.iter().any(|what| {
            matches!(
                what,
                What::Column(Column::Source | Column::Destination | Column::Protocol | Column::Info)
            )
        })
    }
    /// Writes what stands before the first row.
    pub fn begin(&self, out: &mut Out) {
        if self.form != Form::Rows {
            match self.form {
                Form::Pdml => super::Pdml::forgetful().begin(out),
                Form::Json => drop(out.str("[\n")),
                _ => {}
            }
            return;
        }
        out.str(if self.layout.bom { "\u{feff}" } else { "" });
        if self.layout.header {
            for (at, name) in self.names.iter().enumerate() {
                if at > 0 {
                    out.byte(self.layout.separator);
                }
                out.str(name);
            }
            out.byte(b'\n');
        }
    }
    /// Writes a packet's rows. `line` is its summary, if [a column reads it](Columns::reads_line); `time` writes what its
    /// clock says.
    pub fn packet(
        &mut self,
        dissection: Dissection<'_>,
        line: &Line,
        mut time: impl FnMut(Ask, &mut Out),
        out: &mut Out,
    ) {
        if self.per == Per::Packet {
            self.gather(dissection, None);
            self.row(dissection, line, &mut time, out);
            return;
        }
        let nodes = dissection.tree.nodes();
        self.rows.clear();
        let units = &self.units;
        let is_unit = |node: &Node| units.iter().any(|unit| std::ptr::eq(*unit, node.field));
        let found = nodes.iter().enumerate().filter(|(_, node)| is_unit(node));
        self.rows.extend(found.map(|(at, node)| (at as u32, node.end)));
        for row in 0..self.rows.len() {
            self.gather(dissection, self.rows.get(row).copied());
            self.row(dissection, line, &mut time, out);
        }
    }
    /// Finds the values of the packet, or of one row of it: what stands in its group, or around it but in no other.
    #[inline]
    fn gather(&mut self, dissection: Dissection<'_>, row: Option<(u32, u32)>) {
        self.values.clear(self.whats.len());
        self.open.clear();
        let (mask, shift) = (self.slots.len() - 1, shift(self.slots.len()));
        for (at, node) in dissection.tree.nodes().iter().enumerate() {
            let address = std::ptr::from_ref(node.field) as usize;
            match row {
                None if self.likely & bit(address) == 0 => continue,
                Some(row) if self.is_elsewhere(at as u32, node, row) => continue,
                _ => {}
            }
            let mut place = mixed(address, shift);
            while let Some(slot) = self.slots.get(place & mask).filter(|slot| slot.field != 0) {
                if slot.field == address {
                    for target in self.targets.get(slot.from.into()..slot.to.into()).unwrap_or(&[]) {
                        self.values.add(target.column.into(), at, target.field);
                    }
                    break;
                }
                place += 1;
            }
        }
    }
    /// Whether a node stands in a group that is neither around the row nor in it.
    fn is_elsewhere(&mut self, at: u32, node: &Node, (from, to): (u32, u32)) -> bool {
        while self.open.last().is_some_and(|open| open.1 <= at) {
            self.open.pop();
        }
        if self.walls.iter().any(|wall| std::ptr::eq(*wall, node.field)) {
            self.open.push((at, node.end));
        }
        !(from..to).contains(&at) && self.open.last().is_some_and(|open| open.0 > from || open.1 < to)
    }
    /// Writes a row of what was gathered.
    fn row(
        &mut self,
        dissection: Dissection<'_>,
        line: &Line,
        time: &mut impl FnMut(Ask, &mut Out),
        out: &mut Out,
    ) {
        if self.form != Form::Rows {
            return self.object(dissection, line, time, out);
        }
        let (layout, packet) = (self.layout, dissection.packet);
        for (at, what) in self.whats.iter().enumerate() {
            if at > 0 {
                out.byte(layout.separator);
            }
            let start = out.len();
            let mut quoting = layout.quote;
            match what {
                What::Values => {
                    // Numbers and addresses need no quotes in CSV.
                    let text = |entry: &Entry| matches!(entry.field.show.kind, Kind::Text | Kind::Protocol);
                    if quoting == Quote::Csv
                        && !self.values.has_several(at)
                        && !self.values.first(at).is_some_and(text)
                    {
                        quoting = Quote::None;
                    }
                    values(dissection, &self.values, at, layout, out);
                }
                What::Time(ask) => time(*ask, out),
                What::Column(Column::Time) => time(Ask::Column, out),
                What::Column(column) => column.write(packet, line, out),
            }
            if quoting != Quote::None && out.len() > start {
                quote(quoting, start, &mut self.scratch, out);
            }
        }
        out.byte(b'\n');
    }
}

impl Column {
    /// Writes what stands in it; of the time nothing, which the clock writes.
    pub(super) fn write(self, packet: &Packet<'_>, line: &Line, out: &mut Out) {
        match self {
            Column::Number => drop(out.dec(packet.number)),
            Column::Time => {}
            Column::Source => line.write(&line.source, out),
            Column::Destination => line.write(&line.destination, out),
            Column::Protocol => drop(out.str(line.protocol)),
            Column::Length => drop(out.dec(packet.original.into())),
            Column::Info => drop(out.raw(line.info.as_bytes())),
        }
    }
}

/// Which column of the summary a name means.
fn column(name: &str) -> Option<Column> {
    let name = name.strip_prefix(PREFIX)?;
    let is = |known: &str| known.trim_end_matches('.').eq_ignore_ascii_case(name.trim_end_matches('.'));
    COLUMNS.iter().find(|(_, old, new)| is(old) || is(new)).map(|found| found.0)
}

/// What is said of a name that nothing has.
fn unknown(dissector: &Dissector, name: &str) -> String {
    let columns: Vec<String> = COLUMNS.iter().map(|(_, name, _)| format!("{PREFIX}{name}")).collect();
    let names = all(dissector);
    let others = columns.iter().map(String::as_str).chain(TIMES.iter().map(|one| one.0));
    let hint = nearest(name, names.into_iter().chain(others));
    let hint = hint.map_or(String::new(), |near| format!("; did you mean {near}?"));
    format!("{name} is neither a field nor a protocol{hint}")
}

/// Makes the hash table.
fn table(mut rows: Vec<(&'static Field, Target)>) -> (Vec<Slot>, Vec<Target>) {
    let address = |field: &'static Field| std::ptr::from_ref(field) as usize;
    rows.sort_by_key(|(field, target)| (address(field), target.column));
    let mut slots = vec![Slot::default(); (rows.len() * 8).next_power_of_two().max(64)];
    let (mask, shift) = (slots.len() - 1, shift(slots.len()));
    for (at, (field, _)) in rows.iter().enumerate() {
        let mut place = mixed(address(field), shift);
        while slots[place & mask].field != 0 && slots[place & mask].field != address(field) {
            place += 1;
        }
        let slot = &mut slots[place & mask];
        if slot.field == 0 {
            (slot.field, slot.from) = (address(field), at as u16);
        }
        slot.to = at as u16 + 1;
    }
    (slots, rows.into_iter().map(|row| row.1).collect())
}

/// How far a mixed address is shifted for a table of so many places, a power of two.
fn shift(places: usize) -> u32 {
    u64::BITS - places.trailing_zeros()
}

/// The bit of an address among 64.
#[inline(always)]
fn bit(address: usize) -> u64 {
    1 << mixed(address, shift(64))
}

/// Where the search for an address begins.
#[inline(always)]
fn mixed(address: usize, shift: u32) -> usize {
    ((address as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> shift) as usize
}

/// Writes the values of a column.
#[inline]
fn values(dissection: Dissection<'_>, values: &Chains, column: usize, layout: Layout, out: &mut Out) {
    let mut next =
        if layout.occurrence == Occurrence::Last { values.last(column) } else { values.first(column) };
    while let Some(entry) = next {
        if let Some(item) = dissection.item(entry.node as usize) {
            cell(item, entry.field, layout.escape, out);
        }
        next = values.after(entry);
        if next.is_none() || layout.occurrence != Occurrence::All {
            break;
        }
        out.byte(layout.aggregator);
    }
}

/// Writes a value as tshark's fields have it: bytes without colons, a protocol by its line or, where that says no more
/// than its name, by its filter name, data by its bytes, groups and remarks as 1.
#[inline]
pub(super) fn cell(item: Item<'_>, field: &'static Field, escape: bool, out: &mut Out) {
    let (dissection, node) = (item.dissection, item.node);
    if let (Some(remark), Some(asked)) = (node.field.show.expert, Aspect::of(field)) {
        return aspect(item, remark, asked, out);
    }
    match field.starts.plan {
        Plan::Dec | Plan::DecHex | Plan::DecName if field.show.write.is_none() => drop(out.dec(node.value)),
        Plan::Ipv4 => drop(out.ipv4(node.value as u32)),
        _ => match field.show.kind {
            Kind::Protocol if std::ptr::eq(field, &raw const data::ROOT) => {
                out.hex_bytes(dissection.raw(node), "");
            }
            Kind::Protocol if field.show.write.is_some() => super::line(item, out),
            Kind::Protocol => drop(out.str(field.name)),
            Kind::None => match dissection.tree.fault(node) {
                Some(_) if field.name == "_ws.malformed" => drop(out.str(field.name)),
                Some(_) => drop(out.str(field.label)),
                None => drop(out.byte(b'1')),
            },
            // By the width of the whole number, also where the field is some of its bits.
            Kind::Unsigned(bits) if matches!(field.show.base, Base::Hex | Base::HexDec) => {
                out.hex_0x(node.value, usize::from(bits) / 4);
            }
            Kind::Bytes => match dissection.bytes(node) {
                // Wireshark has two words for no bytes. Padding is all of what is known here that may have none.
                [] => drop(out.str(if field.name == "ipv6.opt.padn" { "<none>" } else { "<MISSING>" })),
                bytes => drop(out.hex_bytes(bytes, if field.show.colons { ":" } else { "" })),
            },
            Kind::Text => written_or(item, out, |bytes, out| {
                if escape {
                    out.text(bytes);
                } else {
                    out.raw(bytes);
                }
            }),
            _ => plain(dissection, node, field, out),
        },
    }
}

/// Puts quotes around what was written from `start` on.
fn quote(quote: Quote, start: usize, scratch: &mut Out, out: &mut Out) {
    let written = out.as_bytes().get(start..).unwrap_or(&[]);
    scratch.clear();
    scratch.raw(written);
    let text = scratch.as_bytes();
    out.truncate(start);
    match quote {
        Quote::None => drop(out.raw(text)),
        Quote::Single => drop(out.byte(b'\'').raw(text).byte(b'\'')),
        Quote::Double => drop(out.byte(b'"').raw(text).byte(b'"')),
        Quote::Csv => crate::report::quote_csv(text, true, out),
    }
}
