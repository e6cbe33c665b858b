//! Packets that the selected one names: its answer, what acknowledges it, what it repeats.

use super::{Effect, Item, Shown, State};
use crate::model::fields;
use crate::state::Action;
use std::collections::BTreeMap;
use std::rc::Rc;

/// How a packet belongs to the selected one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
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
    /// The packets that a packet names, by their numbers.
    pub(super) fn related_to(&self, shown: &Shown) -> BTreeMap<u64, Related> {
        let mut related = BTreeMap::new();
        for line in &shown.packet.lines {
            if let Some(number) = self.named_packet(line).filter(|&number| number != shown.packet.number)
                && let Some(field) = fields::field(line.field)
            {
                related.entry(number).or_insert_with(|| Related { sign: sign(field.name), text: line.text.clone() });
            }
        }
        related
    }
    /// Goes to the next related packet, or to the one before.
    pub(super) fn next_related(&mut self, back: bool, effects: &mut Vec<Effect>) {
        let related: Rc<BTreeMap<u64, Related>> = self.related.clone();
        let here = self.selected;
        let next = if back {
            related.range(..here).next_back()
        } else {
            related.range(here + 1..).next()
        };
        match next {
            Some((&number, related)) => {
                self.select(number, effects);
                self.said = format!("Packet {number}. Before: {}", related.text);
            }
            None => self.say(if back { "It names no packet before it" } else { "It names no later packet" }),
        }
    }
    /// The lines of a menu that go to related packets.
    pub(super) fn related_items(&self) -> Vec<Item> {
        let to = |(&number, related): (&u64, &Related)| Item::Act {
            label: format!("{} {}", related.sign, related.text),
            keys: String::new(),
            action: Action::Select(number),
        };
        let mut items = vec![Item::Title("Go to a related packet")];
        items.extend(self.related.iter().take(IN_MENU).map(to));
        items
    }
}
