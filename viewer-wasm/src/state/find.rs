//! Finding.

use super::{Effect, Pane, State};
use crate::message::{Ask, Find, Line};

/// What kind of thing is sought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum What {
    /// Text in the row or the tree.
    #[default]
    Text,
    /// Bytes.
    Hex,
    /// A field's value: a display filter.
    Filter,
}

impl What {
    /// All, with their names.
    pub const ALL: [(What, &'static str); 3] =
        [(What::Text, "Text"), (What::Hex, "Bytes (hex)"), (What::Filter, "Field value (filter)")];
}

/// The find bar.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Finder {
    /// Whether it is open.
    pub open: bool,
    /// What kind of thing is sought.
    pub what: What,
    /// What is sought.
    pub text: String,
    /// The question under way.
    pub asked: Option<u32>,
    /// The packet just looked at.
    pub at: u64,
    /// Why nothing is sought or found: a sentence.
    pub fault: Option<String>,
    /// What was found in a packet that is not shown yet.
    pub(super) sought: Option<(u64, Find)>,
    back: bool,
    wrapped: bool,
}

/// Bytes as one types them: `de ad be ef`, `deadbeef`, `de:ad`, `0xde, 0xad`.
fn bytes(text: &str) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    for part in text.split(|sign: char| sign.is_whitespace() || ":,;-.".contains(sign)) {
        let digits = part.strip_prefix("0x").or(part.strip_prefix("0X")).unwrap_or(part);
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(format!("\u{201c}{part}\u{201d} is not hexadecimal: bytes are typed as de ad be ef"));
        }
        if !digits.len().is_multiple_of(2) {
            return Err(format!("\u{201c}{part}\u{201d} has an odd number of digits: a byte has two"));
        }
        for at in (0..digits.len()).step_by(2) {
            bytes.extend(u8::from_str_radix(&digits[at..at + 2], 16));
        }
    }
    if bytes.is_empty() { Err("Type the bytes to find, as de ad be ef".to_owned()) } else { Ok(bytes) }
}

impl Finder {
    /// What is sought, or why it can't be.
    fn goal(&self) -> Result<Find, String> {
        let text = self.text.trim();
        match self.what {
            What::Hex => bytes(text).map(Find::Bytes),
            _ if text.is_empty() => Err("Type what to find".to_owned()),
            What::Text => Ok(Find::Text(self.text.clone())),
            What::Filter => Ok(Find::Filter(text.to_owned())),
        }
    }
}

impl State {
    pub(super) fn find_go(&mut self, back: bool, effects: &mut Vec<Effect>) {
        if !self.find.open {
            self.find.open = true;
            if self.find.text.is_empty() {
                effects.push(Effect::FocusFind);
                return;
            }
        }
        (self.find.back, self.find.wrapped) = (back, false);
        self.seek(self.selected, effects);
    }
    fn seek(&mut self, from: u64, effects: &mut Vec<Effect>) {
        match self.find.goal() {
            Ok(what) => {
                let number = self.next();
                (self.find.asked, self.find.at, self.find.fault) = (Some(number), from, None);
                effects.push(Effect::Ask(number, Ask::Find { what, from, back: self.find.back }));
            }
            Err(sentence) => self.find.fault = Some(sentence),
        }
    }
    pub(super) fn found(&mut self, number: Option<u64>, effects: &mut Vec<Effect>) {
        self.find.asked = None;
        match number {
            Some(number) => {
                self.said = if self.find.wrapped {
                    format!("Found in packet {number}, from the other end")
                } else {
                    format!("Found in packet {number}")
                };
                self.find.fault = None;
                let sought = self.find.goal().ok().map(|goal| (number, goal));
                if number == self.selected {
                    self.find.sought = sought;
                    self.show_found(effects);
                } else {
                    self.select(number, effects);
                    self.find.sought = sought;
                }
                self.reveal_selected(effects);
            }
            None if !self.find.wrapped => {
                self.find.wrapped = true;
                let from = if self.find.back { self.packets + 1 } else { 0 };
                self.seek(from, effects);
            }
            None => self.find.fault = Some("Nothing found".to_owned()),
        }
    }
    /// Selects what was found in the packet that is shown now.
    pub(super) fn show_found(&mut self, effects: &mut Vec<Effect>) {
        let Some(shown) = self.packet.clone() else { return };
        if self.find.sought.as_ref().is_none_or(|(number, _)| *number != shown.packet.number) {
            return;
        }
        match self.find.sought.take() {
            Some((_, Find::Text(text))) => {
                let text = text.to_lowercase();
                let lines = &shown.packet.lines;
                // The innermost line that says it, not the group that repeats it.
                let says = |line: &Line| line.text.to_lowercase().contains(&text);
                let first = lines.iter().position(says);
                let inner = first.and_then(|first| {
                    let under = lines[first].under as usize;
                    (first..=first + under).rfind(|&at| lines.get(at).is_some_and(says))
                });
                if let Some(line) = inner.or(first) {
                    self.select_line(Some(line), effects);
                }
            }
            Some((_, Find::Bytes(bytes))) => {
                let source = shown.bytes(0);
                if let Some(at) = source.windows(bytes.len().max(1)).position(|window| window == bytes) {
                    self.source = 0;
                    self.select_byte(at, effects);
                }
            }
            _ => {}
        }
    }
    pub(super) fn find_close(&mut self, effects: &mut Vec<Effect>) {
        if self.find.asked.is_some() {
            self.cancel(effects);
        }
        (self.find.open, self.find.fault, self.find.asked) = (false, None, None);
        effects.push(Effect::Focus(Pane::List));
    }
}

#[cfg(test)]
mod tests {
    use super::bytes;

    #[test]
    fn bytes_are_typed_in_many_ways() {
        for text in ["de ad be ef", "deadbeef", "DE:AD:BE:EF", "0xde, 0xad,0xbe 0xef", "dead-beef"] {
            assert_eq!(bytes(text).as_deref(), Ok(&[0xde, 0xad, 0xbe, 0xef][..]), "{text}");
        }
        assert!(bytes("dea d").unwrap_err().contains("odd"));
        assert!(bytes("xy").unwrap_err().contains("not hexadecimal"));
        assert!(bytes("é0").is_err());
        assert!(bytes("").is_err());
    }
}
