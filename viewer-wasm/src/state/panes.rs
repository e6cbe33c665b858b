//! Selecting: packets, lines of the tree, bytes.

use super::{Effect, Pane, State};
use crate::message::{Line, Packet, Row};
use crate::model::hex::{Layout, Lights};
use crate::model::scroll::Reveal;
use crate::model::{copy, fields, tree};
use dissect::field::Kind;
use std::rc::Rc;

/// A packet that is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// Its tree and its sources.
    pub packet: Packet,
    bytes: Vec<Vec<u8>>,
}

impl Shown {
    /// A packet with the bytes of all its sources, one after the other.
    pub fn new(packet: Packet, bytes: &[u8]) -> Shown {
        let mut rest = bytes;
        let sources = packet.sources.iter().map(|source| {
            let (here, behind) = rest.split_at((source.len as usize).min(rest.len()));
            rest = behind;
            here.to_vec()
        });
        Shown { bytes: sources.collect(), packet }
    }
    /// The bytes of a source.
    pub fn bytes(&self, source: u16) -> &[u8] {
        self.bytes.get(usize::from(source)).map_or(&[], Vec::as_slice)
    }
    /// The bytes of a line.
    pub fn bytes_of(&self, line: &Line) -> &[u8] {
        let start = line.start as usize;
        self.bytes(line.source).get(start..start.saturating_add(line.len as usize)).unwrap_or(&[])
    }
}

/// A number with its digits in groups of three.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push('\u{202f}');
        }
        out.push(digit);
    }
    out
}

/// A number of bytes in words: `1.4 MB`.
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1000 => format!("{bytes} bytes"),
        1000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", bytes as f64 / 1e6),
        _ => format!("{:.2} GB", bytes as f64 / 1e9),
    }
}

impl State {
    pub(super) fn select(&mut self, number: u64, effects: &mut Vec<Effect>) {
        let number = number.clamp(1, self.packets.max(1));
        if number != self.selected {
            self.faulty = None;
            self.find.sought = None;
        }
        self.selected = number;
        let place = self.place_of(number);
        if place.is_err() && self.picked.is_some() && self.asked_filter.is_none() {
            self.said = format!("The filter does not pick packet {number}: it shows below, not in the list");
        }
        let place = self.list.reveal(place.unwrap_or_else(|place| place.saturating_sub(1)), Reveal::Near);
        effects.extend(place.map(|place| Effect::Scroll(Pane::List, place)));
    }
    pub(super) fn select_by(&mut self, by: i64, effects: &mut Vec<Effect>) {
        let last = self.count() as i64 - 1;
        if last < 0 {
            return;
        }
        // Beside a packet that does not show stand the one before and the one after.
        let place = match self.place_of(self.selected) {
            Err(place) if self.selected > 0 && by > 0 => (place as i64).saturating_add(by - 1),
            Ok(place) | Err(place) => (place as i64).saturating_add(by),
        };
        self.select(self.number_at(place.clamp(0, last) as u64), effects);
    }
    /// Shows a packet that was told, with the same field selected where it has it.
    pub(super) fn show(&mut self, shown: Shown, effects: &mut Vec<Effect>) {
        let before = self.packet.take();
        let line = match (self.wanted_line(), &before, self.line) {
            (Some(line), _, _) => Some(line).filter(|&line| line < shown.packet.lines.len()),
            (None, Some(before), Some(line)) => tree::again(&shown.packet.lines, &before.packet.lines, line),
            _ => None,
        };
        self.related = Rc::new(self.related_to(&shown));
        self.packet = Some(Rc::new(shown));
        (self.source, self.byte, self.line) = (0, None, None);
        self.layout_tree(effects);
        self.layout_bytes(effects);
        let place = self.bytes.reveal(0, Reveal::Near);
        effects.extend(place.map(|place| Effect::Scroll(Pane::Bytes, place)));
        self.select_line(line, effects);
        self.show_found(effects);
    }
    /// Finds out which lines of the tree show.
    fn layout_tree(&mut self, effects: &mut Vec<Effect>) {
        let lines = self.packet.as_ref().map(|shown| tree::shown(&shown.packet.lines, &self.open));
        self.lines = Rc::new(lines.unwrap_or_default());
        let place = self.tree.resize(self.lines.len() as u64, self.tree.view);
        effects.extend(place.map(|place| Effect::Scroll(Pane::Tree, place)));
    }
    pub(super) fn layout_bytes(&mut self, effects: &mut Vec<Effect>) {
        let lines = self.layout().lines() as u64;
        let place = self.bytes.resize(lines, self.bytes.view);
        effects.extend(place.map(|place| Effect::Scroll(Pane::Bytes, place)));
    }
    /// How many bytes a line has.
    pub fn width(&self) -> usize {
        if self.narrow { 8 } else { 16 }
    }
    /// The bytes as lines.
    pub fn layout(&self) -> Layout {
        let len = self.packet.as_ref().map_or(0, |shown| shown.bytes(self.source).len());
        Layout { len, width: self.width() }
    }
    /// The selected line of the tree.
    pub fn selected_line(&self) -> Option<&Line> {
        self.packet.as_ref()?.packet.lines.get(self.line?)
    }
    /// What is lit in the bytes.
    pub fn lights(&self) -> Lights {
        let mut lights = Lights { byte: self.byte, ..Lights::default() };
        if let (Some(shown), Some(at), Some(line)) = (&self.packet, self.line, self.selected_line())
            && line.source == self.source
        {
            let range = |line: &Line| line.start as usize..line.start as usize + line.len as usize;
            lights.field = range(line);
            let around = &shown.packet.lines[tree::outermost(&shown.packet.lines, at)];
            // The frame is all of the packet: lighting it tells nothing.
            if around.source == self.source && around.len < self.layout().len as u32 {
                lights.around = range(around);
            }
        }
        lights
    }
    /// Selects a line, opens those above it, and lights its bytes.
    pub(super) fn select_line(&mut self, line: Option<usize>, effects: &mut Vec<Effect>) {
        self.byte = None;
        self.light(line, effects);
        let Some(line) = self.selected_line() else { return };
        let (len, start) = (line.len, line.start as usize);
        if len > 0 {
            if line.source != self.source {
                self.source = line.source;
                self.layout_bytes(effects);
            }
            let place = self.bytes.reveal((start / self.width()) as u64, Reveal::Near);
            effects.extend(place.map(|place| Effect::Scroll(Pane::Bytes, place)));
        }
    }
    fn light(&mut self, line: Option<usize>, effects: &mut Vec<Effect>) {
        let Some(shown) = self.packet.clone() else { return };
        let lines = &shown.packet.lines;
        self.line = line.filter(|&line| line < lines.len());
        let Some(line) = self.line else { return };
        let closed: Vec<u32> = tree::ancestors(lines, line)
            .map(|above| lines[above].field)
            .filter(|field| !self.open.contains(field))
            .collect();
        if !closed.is_empty() {
            Rc::make_mut(&mut self.open).extend(closed);
            self.layout_tree(effects);
        }
        if let Ok(row) = self.lines.binary_search(&(line as u32)) {
            let place = self.tree.reveal(row as u64, Reveal::Near);
            effects.extend(place.map(|place| Effect::Scroll(Pane::Tree, place)));
        }
    }
    /// Selects a byte, and its innermost field.
    pub(super) fn select_byte(&mut self, byte: usize, effects: &mut Vec<Effect>) {
        let Some(shown) = self.packet.clone() else { return };
        if byte >= self.layout().len {
            return;
        }
        let line = tree::innermost(&shown.packet.lines, self.source, byte);
        self.light(line, effects);
        self.byte = Some(byte);
        let value = shown.bytes(self.source).get(byte).copied().unwrap_or_default();
        self.said = match self.selected_line() {
            Some(line) => format!("Byte {byte}: {value:02x}, {}", line.text),
            None => format!("Byte {byte}: {value:02x}"),
        };
        let place = self.bytes.reveal((byte / self.width()) as u64, Reveal::Near);
        effects.extend(place.map(|place| Effect::Scroll(Pane::Bytes, place)));
    }
    pub(super) fn byte_by(&mut self, by: i64, effects: &mut Vec<Effect>) {
        let last = self.layout().len as i64 - 1;
        let start = self.selected_line().filter(|line| line.source == self.source && line.len > 0);
        let here = self.byte.or(start.map(|line| line.start as usize));
        if last < 0 {
            return;
        }
        let next = match here {
            // A step over an end goes nowhere, a jump goes to the end.
            Some(here) => {
                let next = (here as i64).saturating_add(by);
                if by.unsigned_abs() <= 16 && !(0..=last).contains(&next) { here as i64 } else { next }
            }
            None if by > last => last,
            None => 0,
        };
        self.select_byte(next.clamp(0, last) as usize, effects);
    }
    pub(super) fn show_source(&mut self, source: u16, effects: &mut Vec<Effect>) {
        let sources = self.packet.as_ref().map_or(0, |shown| shown.packet.sources.len());
        if usize::from(source) < sources {
            (self.source, self.byte) = (source, None);
            self.layout_bytes(effects);
        }
    }
    pub(super) fn line_by(&mut self, by: i64, effects: &mut Vec<Effect>) {
        let last = self.lines.len() as i64 - 1;
        if last < 0 {
            return;
        }
        let row = self.line.and_then(|line| self.lines.binary_search(&(line as u32)).ok());
        let next = match row {
            Some(row) => (row as i64).saturating_add(by),
            None if by > last => last,
            None => 0,
        };
        let line = self.lines[next.clamp(0, last) as usize] as usize;
        self.select_line(Some(line), effects);
    }
    fn lines_of_packet(&self) -> &[Line] {
        self.packet.as_ref().map_or(&[], |shown| shown.packet.lines.as_slice())
    }
    fn set_open(&mut self, fields: impl IntoIterator<Item = u32>, open: bool, effects: &mut Vec<Effect>) {
        let all = Rc::make_mut(&mut self.open);
        for field in fields {
            if open {
                all.insert(field)
            } else {
                all.remove(&field)
            };
        }
        self.layout_tree(effects);
        // A selected line that no longer shows gives way to the one it stands under.
        if let Some(line) = self.line {
            let lines = self.lines_of_packet();
            let shows = |line: &usize| self.lines.binary_search(&(*line as u32)).is_ok();
            let next = if shows(&line) { Some(line) } else { tree::ancestors(lines, line).find(shows) };
            if next != self.line {
                self.select_line(next, effects);
            }
        }
    }
    pub(super) fn toggle(&mut self, line: usize, effects: &mut Vec<Effect>) {
        let Some(field) =
            self.lines_of_packet().get(line).filter(|line| line.under > 0).map(|line| line.field)
        else {
            return;
        };
        let open = !self.open.contains(&field);
        self.set_open([field], open, effects);
    }
    pub(super) fn unfold(&mut self, effects: &mut Vec<Effect>) {
        match (self.line, self.selected_line()) {
            (Some(_), Some(line)) if line.under > 0 && !self.open.contains(&line.field) => {
                let field = line.field;
                self.set_open([field], true, effects);
            }
            (Some(at), Some(line)) if line.under > 0 => self.select_line(Some(at + 1), effects),
            (None, _) => self.line_by(0, effects),
            _ => {}
        }
    }
    pub(super) fn fold(&mut self, effects: &mut Vec<Effect>) {
        match self.selected_line() {
            Some(line) if line.under > 0 && self.open.contains(&line.field) => {
                let field = line.field;
                self.set_open([field], false, effects);
            }
            _ => self.go_to_parent(effects),
        }
    }
    pub(super) fn go_to_parent(&mut self, effects: &mut Vec<Effect>) {
        let parent = self.line.and_then(|line| tree::parent(self.lines_of_packet(), line));
        if parent.is_some() {
            self.select_line(parent, effects);
        }
    }
    pub(super) fn unfold_under(&mut self, effects: &mut Vec<Effect>) {
        let (Some(at), Some(line)) = (self.line, self.selected_line()) else { return };
        let under = self.lines_of_packet().get(at..=at + line.under as usize).unwrap_or(&[]);
        let fields: Vec<u32> = under.iter().filter(|line| line.under > 0).map(|line| line.field).collect();
        self.set_open(fields, true, effects);
    }
    pub(super) fn unfold_all(&mut self, effects: &mut Vec<Effect>) {
        let fields: Vec<u32> =
            self.lines_of_packet().iter().filter(|line| line.under > 0).map(|line| line.field).collect();
        self.set_open(fields, true, effects);
    }
    pub(super) fn fold_all(&mut self, effects: &mut Vec<Effect>) {
        self.open = Rc::default();
        self.set_open([], false, effects);
    }
    /// The packet that a line names.
    pub fn named_packet(&self, line: &Line) -> Option<u64> {
        let field = fields::field(line.field)?;
        let number = (field.show.kind == Kind::Packet).then(|| line.value.parse().ok())??;
        (1..=self.packets).contains(&number).then_some(number)
    }
    /// Opens or closes the selected line; follows it where it names a packet.
    pub(super) fn enter(&mut self, effects: &mut Vec<Effect>) {
        let named = self.selected_line().and_then(|line| self.named_packet(line));
        match (named, self.line) {
            (Some(number), _) => self.select(number, effects),
            (None, Some(line)) => self.toggle(line, effects),
            (None, None) => self.line_by(0, effects),
        }
    }
    /// The row of a packet that shows, once it was told.
    pub fn row_of(&self, number: u64) -> Option<&Rc<Row>> {
        self.rows.row(self.place_of(number).ok()? + 1)
    }
    /// The row of the selected packet as text.
    pub fn row_text(&self, number: u64) -> Option<String> {
        let row = self.row_of(number)?;
        let cells: Vec<&str> = row.cells.iter().chain(&row.more).map(String::as_str).collect();
        Some(format!("{number}\t{}", cells.join("\t")))
    }
    /// What Ctrl+C copies in a pane, and what it is called.
    pub(super) fn copied(&self, pane: Pane) -> Option<(String, &'static str)> {
        let shown = self.packet.as_ref();
        match pane {
            Pane::List => Some((self.row_text(self.selected)?, "Row")),
            Pane::Tree => Some((self.selected_line()?.text.clone(), "Line")),
            Pane::Bytes => {
                let line = self.selected_line().filter(|line| line.len > 0);
                let bytes = match line {
                    Some(line) => shown?.bytes_of(line),
                    None => shown?.bytes(self.source),
                };
                Some((copy::hex(bytes), "Bytes"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_sizes_read_well() {
        assert_eq!(grouped(7), "7");
        assert_eq!(grouped(1234), "1\u{202f}234");
        assert_eq!(grouped(1_000_000), "1\u{202f}000\u{202f}000");
        assert_eq!(
            (size(999), size(1400), size(337_000_000)),
            ("999 bytes".into(), "1.4 kB".into(), "337.0 MB".into())
        );
    }
}
