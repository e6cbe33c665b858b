//! Packets that the selected one names: its answer, what acknowledges it, what it repeats.

use super::{Effect, Item, Shown, State};
use crate::model::fields;
use crate::state::Action;

/// How a packet belongs to the selected one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// Its number.
    pub number: u64,
    /// A sign for the packet list.
    pub sign: &'static str,
    /// What the selected packet says: `This chunk is acked in frame: 12`.
    pub text: String,
}

/// How many related packets a menu has.
const IN_MENU: usize = 8;

/// The sign for a field that names a packet, by the words of its name.
fn sign(field: &str) -> &'static str {
    let signs = [
        ("ack", "\u{2713}"),
        ("retrans", "\u{21bb}"),
        ("rto", "\u{21bb}"),
        ("resend", "\u{21bb}"),
        ("response", "\u{21c4}"),
        ("request", "\u{21c4}"),
        ("fragment", "\u{22ef}"),
        ("segment", "\u{22ef}"),
        ("reassembled", "\u{22ef}"),
    ];
    signs.iter().find(|(word, _)| field.contains(word)).map_or("\u{2022}", |(_, sign)| sign)
}

impl State {
    /// The packets that a packet names, once each, by their numbers.
    pub(super) fn related_to(&self, shown: &Shown) -> Vec<Related> {
        let mut related: Vec<Related> = Vec::new();
        for line in &shown.packet.lines {
            if let Some(number) = self.named_packet(line).filter(|&number| number != shown.packet.number)
                && let Some(field) = fields::field(line.field)
                && let Err(at) = related.binary_search_by_key(&number, |related| related.number)
            {
                related.insert(at, Related { number, sign: sign(field.name), text: line.text.clone() });
            }
        }
        related
    }
    /// Goes to the next related packet, or to the one before.
    pub(super) fn next_related(&mut self, back: bool, effects: &mut Vec<Effect>) {
        let (related, here) = (self.related.clone(), self.selected);
        let next = if back {
            related.iter().rev().find(|related| related.number < here)
        } else {
            related.iter().find(|related| related.number > here)
        };
        match next {
            Some(related) => {
                self.select(related.number, effects);
                self.said = format!("Packet {}. Before: {}", related.number, related.text);
            }
            None => self.say(if back { "It names no packet before it" } else { "It names no later packet" }),
        }
    }
    /// The lines of a menu that go to related packets.
    pub(super) fn related_items(&self) -> Vec<Item> {
        let to = |related: &Related| Item::Act {
            label: format!("{} {}", related.sign, related.text),
            keys: String::new(),
            action: Action::Select(related.number),
        };
        let mut items = vec![Item::Title("Go to a related packet")];
        items.extend(self.related.iter().take(IN_MENU).map(to));
        items
    }
}
