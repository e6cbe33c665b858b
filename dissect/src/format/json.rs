//! JSON, an object a packet. The shape is described in docs/json.md.

use super::memo::{Found, Memo, Shape, Stretch, What};
use super::value::{area_name, plain, severity_name, written_or};
use crate::field::Sort;
use crate::pen::Pen;
use crate::tree::{Dissection, Item, Node};
use crate::{Field, Kind, Out};
use std::ops::Range;

/// The version of the shape. It grows when a program that reads it would have to change.
const VERSION: u64 = 1;

/// Writes packets as JSON, one object and one line each.
#[derive(Clone, Debug)]
pub struct Json {
    /// Whether the lines stand alone instead of in an array.
    lines: bool,
    /// Whether a packet was written.
    begun: bool,
    /// What is open around the next node.
    frames: Vec<Frame>,
    seen: Seen,
    /// Elements of arrays that were written before.
    memo: Memo<Json>,
}

impl Shape for Json {
    const WHOLE: bool = true;
    fn plain(pen: &mut Pen<'_>, text: &[u8], len: usize) -> bool {
        pen.plain(text, len, SPECIAL)
    }
}

impl Default for Json {
    fn default() -> Json {
        Json::array()
    }
}

/// An object or an array that is being written.
#[derive(Clone, Copy, Debug)]
struct Frame {
    /// The next node to look at.
    at: u32,
    /// The index behind the last.
    end: u32,
    what: Inside,
}

/// What a frame writes of its nodes.
#[derive(Clone, Copy, Debug)]
enum Inside {
    /// All of them, as members of the object of the group with this number.
    Object(u32),
    /// Those of a field, as elements.
    Array(&'static Field),
    /// What stands under those of a field, as elements; null for nothing.
    Trees(&'static Field),
    /// The protocols, as elements.
    Layers,
}

impl Json {
    /// An array of packets.
    pub fn array() -> Json {
        Json { lines: false, ..Json::lines() }
    }
    /// A packet a line, without an array around them.
    pub fn lines() -> Json {
        Json { memo: Memo::new(), ..Json::forgetful() }
    }
    /// A packet a line, and remembers nothing that packets repeat: for a single packet. What it writes is the same.
    pub fn forgetful() -> Json {
        Json { lines: true, begun: false, frames: Vec::new(), seen: Seen::default(), memo: Memo::off() }
    }
    /// Writes what stands before the first packet.
    pub fn begin(&self, out: &mut Out) {
        out.str(if self.lines { "" } else { "[\n" });
    }
    /// Writes a packet.
    pub fn packet(&mut self, dissection: Dissection<'_>, out: &mut Out) {
        let packet = dissection.packet;
        out.str(if self.begun && !self.lines { ",\n" } else { "" });
        self.begun = true;
        out.str("{\"version\":").dec(VERSION).str(",\"number\":").dec(packet.number);
        if let Some(time) = packet.time {
            out.str(",\"time\":\"").time(time).byte(b'"');
        }
        out.str(",\"length\":").dec(packet.original.into());
        out.str(",\"captured\":").dec(packet.bytes.len() as u64).byte(b',');
        self.nodes(dissection, out);
        out.str(if self.lines { "\n" } else { "" });
    }
    /// Writes what stands behind the last packet.
    pub fn end(&self, out: &mut Out) {
        out.str(match (self.lines, self.begun) {
            (true, _) => "",
            (false, true) => "\n]\n",
            (false, false) => "]\n",
        });
    }

    /// Writes the members of the packet's object and closes it. Every value is followed by a comma; what closes takes
    /// the last one back.
    fn nodes(&mut self, dissection: Dissection<'_>, out: &mut Out) {
        let nodes = dissection.tree.nodes();
        self.seen.begin(nodes.len());
        self.frames.clear();
        self.frames.push(Frame { at: 0, end: nodes.len() as u32, what: Inside::Object(u32::MAX) });
        // What is written for the first time, and how many frames are around it.
        let mut new: Option<(Stretch<'_>, usize)> = None;
        while let Some(Frame { at, end, what }) = self.frames.last_mut() {
            if let Inside::Object(group) = *what {
                *at = leaves(&mut self.seen, &mut self.memo, dissection, *at..*end, group, out);
            }
            let (Some(node), true) = (nodes.get(*at as usize), at < end) else {
                let array = !matches!(what, Inside::Object(_));
                self.frames.pop();
                close(array, out);
                if let Some((stretch, _)) = new.filter(|(_, around)| self.frames.len() == *around) {
                    self.memo.keep(&stretch, out);
                    new = None;
                }
                continue;
            };
            let (item, end, what) = (Item { dissection, index: *at as usize, node }, *end, *what);
            *at = node.end;
            if node.is(Node::HIDDEN) {
                continue;
            }
            match what {
                Inside::Object(group) => self.member(item, group, end, out),
                Inside::Array(field) if is_same(node.field, field) => new = self.element(item, out).or(new),
                Inside::Trees(field) if is_same(node.field, field) => self.tree(item, out),
                Inside::Layers if node.field.show.kind == Kind::Protocol => {
                    new = self.element(item, out).or(new);
                }
                _ => {}
            }
        }
        // The comma behind the packet's own object.
        out.truncate(out.len() - 1);
    }
    /// Writes a member of an object: of a group of protocols or of a field that repeats all of them, in place of the
    /// first.
    #[inline]
    fn member(&mut self, item: Item<'_>, group: u32, end: u32, out: &mut Out) {
        let (node, field, index) = (item.node, item.node.field, item.index as u32);
        let protocol = field.show.kind == Kind::Protocol;
        let counted = if protocol { &LAYERS } else { field };
        let repeats = protocol || field.show.repeats;
        let (before, gathered) = self.seen.count(counted, group, repeats);
        if gathered {
            return;
        }
        let valued = is_valued(node);
        if repeats && before == 0 {
            if protocol {
                out.str("\"layers\":[");
                self.frames.push(Frame { at: index, end, what: Inside::Layers });
            } else if !valued {
                key(field, "", 0, b"[", out);
                self.frames.push(Frame { at: index, end, what: Inside::Array(field) });
            } else {
                self.values(item, end, out);
            }
            return;
        }
        if valued {
            pair(&mut self.memo, item, before, out);
        }
        if node.end > index + 1 {
            key(field, if valued { "_tree" } else { "" }, before, b"{", out);
            self.frames.push(Frame { at: index + 1, end: node.end, what: Inside::Object(index) });
        } else if !valued {
            key(field, "", before, b"{},", out);
        }
    }
    /// Writes the values of a field that repeats, and what stands under them.
    fn values(&mut self, item: Item<'_>, end: u32, out: &mut Out) {
        let (nodes, field) = (item.dissection.tree.nodes(), item.node.field);
        let mut trees = false;
        key(field, "", 0, b"[", out);
        let mut at = item.index;
        while let Some(node) = nodes.get(at).filter(|_| (at as u32) < end) {
            if is_same(node.field, field) && !node.is(Node::HIDDEN) {
                scalar(&mut self.memo, Item { index: at, node, ..item }, out);
                trees |= node.end as usize > at + 1;
            }
            at = node.end as usize;
        }
        close(true, out);
        if trees {
            key(field, "_tree", 0, b"[", out);
            self.frames.push(Frame { at: item.index as u32, end, what: Inside::Trees(field) });
        }
    }
    /// Writes an element of an array of groups, whole if one like it was written before. If it will be remembered when it is
    /// written, answers what it is, and how many frames are around it.
    fn element<'a>(&mut self, item: Item<'a>, out: &mut Out) -> Option<(Stretch<'a>, usize)> {
        let (field, end) = (item.node.field, item.node.end as usize);
        if field.show.expert.is_some() {
            remark(&mut self.memo, item, out);
            return None;
        }
        let new = match self.memo.write(item.dissection, item.index, end, 0, out, piece) {
            Found::Written(..) => return None,
            Found::New(stretch) => Some(stretch),
            Found::Nothing => None,
        };
        if let Some(stretch) = &new {
            self.memo.begin(stretch, out);
        }
        out.byte(b'{');
        if field.show.kind == Kind::Protocol {
            out.str("\"protocol\":\"").str(field.name).str("\",");
        }
        let around = self.frames.len();
        self.inside(item);
        new.map(|stretch| (stretch, around))
    }
    /// Writes what stands under an element of an array of values.
    fn tree(&mut self, item: Item<'_>, out: &mut Out) {
        if item.node.end as usize > item.index + 1 {
            out.byte(b'{');
            self.inside(item);
        } else {
            out.str("null,");
        }
    }
    fn inside(&mut self, item: Item<'_>) {
        let index = item.index as u32;
        self.frames.push(Frame { at: index + 1, end: item.node.end, what: Inside::Object(index) });
    }
}

/// Writes those members of an object that have a value and nothing under it, up to the first that is not so: nearly all are.
/// Answers where that is.
#[cfg_attr(not(target_family = "wasm"), inline(always))]
fn leaves(
    seen: &mut Seen,
    memo: &mut Memo<Json>,
    dissection: Dissection<'_>,
    within: Range<u32>,
    group: u32,
    out: &mut Out,
) -> u32 {
    let Range { start: mut at, end } = within;
    while let Some(node) = dissection.tree.nodes().get(at as usize).filter(|_| at < end) {
        let field = node.field;
        if node.end != at + 1 || node.is(Node::HIDDEN) || field.show.repeats || !is_valued(node) {
            break;
        }
        let item = Item { dissection, index: at as usize, node };
        match seen.count(field, group, false) {
            (_, true) => {}
            (before, _) => pair(memo, item, before, out),
        }
        at += 1;
    }
    at
}

/// Stands for all protocols of an object, which are one member.
static LAYERS: Field = Field {
    name: "layers",
    label: "Layers",
    doc: "",
    section: "",
    show: crate::Show::group(),
    starts: crate::field::Starts::new("layers", "Layers", crate::Show::group()),
    words: &[],
};

/// Whether two fields have one name, and so one key.
#[inline(always)]
fn is_same(a: &Field, b: &Field) -> bool {
    a.key() == b.key()
}

/// Whether a node has a value of its own beside what stands under it.
#[inline(always)]
fn is_valued(node: &Node) -> bool {
    !matches!(node.field.show.kind, Kind::None | Kind::Protocol)
}

/// Closes an object or an array: over the comma of its last value, if it has one.
fn close(array: bool, out: &mut Out) {
    if out.as_bytes().last() == Some(&b',') {
        out.truncate(out.len() - 1);
    }
    out.str(if array { "]," } else { "}," });
}

/// Writes a key and what stands behind it. A field that is not declared to repeat and does gets a number behind its name.
#[inline]
fn key<const N: usize>(field: &Field, tree: &str, before: u32, behind: &[u8; N], out: &mut Out) {
    let start = &field.starts.json;
    if start.cut || before > 0 {
        out.byte(b'"').str(field.name).str(tree);
        if before > 0 {
            out.byte(b'#').dec(u64::from(before) + 1);
        }
        out.str("\":").raw(behind);
        return;
    }
    out.with(|pen| {
        pen.start(start, &["\"", field.name, "\":"]);
        if !tree.is_empty() {
            pen.at -= 2;
            pen.short(tree.as_bytes());
            pen.all(b"\":");
        }
        pen.all(behind);
    });
}

/// Writes the key and the value of a field.
fn pair(memo: &mut Memo<Json>, item: Item<'_>, before: u32, out: &mut Out) {
    key(item.node.field, "", before, b"", out);
    scalar(memo, item, out);
}

/// Whether numbers of the field may be beyond what every reader of JSON keeps exactly: such are strings, always.
fn is_wide(field: &Field) -> bool {
    matches!(field.show.kind, Kind::Unsigned(54..) | Kind::Signed(54..))
}

/// Writes a value and a comma.
fn scalar(memo: &mut Memo<Json>, item: Item<'_>, out: &mut Out) {
    let field = item.node.field;
    let is_quoted = match field.show.kind {
        Kind::Unsigned(_) | Kind::Signed(_) => is_wide(field),
        Kind::Boolean | Kind::Packet | Kind::Double | Kind::None | Kind::Protocol => false,
        _ => true,
    };
    out.str(if is_quoted { "\"" } else { "" });
    let start = out.len();
    bare(item, out);
    match field.show.kind {
        // What tells of the bytes may differ where the value is the same.
        Kind::Text | Kind::Bytes | Kind::Ipv6 | Kind::Ether => memo.note(What::Show, item, start, out),
        _ if field.starts.sort == Sort::Same => {}
        Kind::Unsigned(_) | Kind::Packet => memo.note(What::Dec, item, start, out),
        Kind::Moment | Kind::Duration => memo.note(What::Seconds, item, start, out),
        _ => memo.note(What::Show, item, start, out),
    }
    out.str(if is_quoted { "\"," } else { "," });
}

/// Writes what differs between elements of one shape.
fn piece(what: What, item: Item<'_>, out: &mut Out) {
    match what {
        What::Line => message(item, out),
        _ => bare(item, out),
    }
}

/// Writes a value without the quotation marks that all of its kind have.
fn bare(item: Item<'_>, out: &mut Out) {
    let (node, field) = (item.node, item.node.field);
    match field.show.kind {
        Kind::Boolean => drop(out.str(if node.value == 0 { "false" } else { "true" })),
        Kind::Unsigned(_) | Kind::Packet => drop(out.dec(node.value)),
        Kind::Signed(_) => drop(out.signed(node.value as i64)),
        Kind::Double => {
            let value = f64::from_bits(node.value);
            if value.is_finite() {
                out.fmt(format_args!("{value:?}"));
            } else {
                out.fmt(format_args!("\"{value}\""));
            }
        }
        Kind::Text => written_or(item, out, escape),
        Kind::Bytes => drop(out.hex_bytes(item.bytes(), "")),
        Kind::Moment => drop(out.seconds(node.value as i64)),
        Kind::None | Kind::Protocol => drop(out.str("null")),
        Kind::Ipv4 | Kind::Ipv6 | Kind::Ether | Kind::Duration => plain(item.dissection, node, field, out),
    }
}

/// Writes a remark, or where understanding stopped, as an object.
fn remark(memo: &mut Memo<Json>, item: Item<'_>, out: &mut Out) {
    let (severity, area) =
        item.node.field.show.expert.unwrap_or((crate::Severity::Note, crate::Area::Protocol));
    out.str("{\"severity\":\"").str(severity_name(severity)).str("\",\"group\":\"").str(area_name(area));
    out.str("\",\"message\":\"");
    let start = out.len();
    message(item, out);
    memo.note(What::Line, item, start, out);
    out.str("},");
}

/// Writes what a remark says, and of a fault where it is.
fn message(item: Item<'_>, out: &mut Out) {
    let (node, field, start) = (item.node, item.node.field, out.len());
    if let Some(fault) = item.dissection.tree.fault(node) {
        out.fmt(format_args!("{fault}\",\"field\":\"{}\",\"offset\":{}", fault.field.name, fault.offset));
        return;
    }
    out.str(field.label);
    if let Some(write) = field.show.write {
        write(item, out);
    }
    // Nearly none has a sign to escape: a buffer that stays empty costs nothing.
    out.reescape(start, |byte| SPECIAL.contains(&byte), &mut Out::new(), escape);
    out.byte(b'"');
}

/// What means something inside a string.
const SPECIAL: [u8; 2] = *b"\"\\";

/// Writes text inside a string.
pub(crate) fn escape(text: &[u8], out: &mut Out) {
    out.escaped(text, SPECIAL, |sign, _, out| match sign {
        '"' => drop(out.str("\\\"")),
        '\\' => drop(out.str("\\\\")),
        '\n' => drop(out.str("\\n")),
        '\r' => drop(out.str("\\r")),
        '\t' => drop(out.str("\\t")),
        sign => drop(out.str("\\u").hex(sign as u64, 4)),
    });
}

/// How often a field was seen in each group of a packet: a hash table that is never emptied but overlaid by the next
/// packet's round.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    slots: Vec<Slot>,
    round: u32,
}

#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    key: u64,
    group: u32,
    round: u32,
    count: u32,
    /// Whether an array of all of them was begun.
    gathered: bool,
}

impl Seen {
    /// Begins a packet with so many nodes.
    pub(super) fn begin(&mut self, nodes: usize) {
        let wanted = (nodes * 2).next_power_of_two().max(256);
        self.round = self.round.wrapping_add(1);
        if self.slots.len() < wanted || self.round == 0 {
            self.slots.clear();
            self.slots.resize(wanted, Slot::default());
            self.round = 1;
        }
    }
    /// How often the field was seen in the group before, and whether the array that was begun then holds this one too.
    #[inline(always)]
    pub(super) fn count(&mut self, field: &'static Field, group: u32, gather: bool) -> (u32, bool) {
        let key = field.key();
        let mixed = (key ^ (u64::from(group) << 32)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mask = self.slots.len() - 1;
        let mut at = (mixed >> 40) as usize & mask;
        while let Some(slot) = self.slots.get_mut(at) {
            if slot.round != self.round {
                *slot = Slot { key, group, round: self.round, count: 1, gathered: gather };
                return (0, false);
            }
            if slot.key == key && slot.group == group {
                slot.count += 1;
                return (slot.count - 1, slot.gathered);
            }
            at = (at + 1) & mask;
        }
        (0, false)
    }
}
