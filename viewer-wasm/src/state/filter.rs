//! The filter bar, and which packets show.

use super::{Effect, Pane, Phase, State};
use crate::message::Ask;
use crate::model::bar::{self, Joined, Offer, Remark};
use crate::model::scroll::Reveal;
use crate::state::panes::grouped;
use std::rc::Rc;

/// How many further columns there can be.
const MOST_COLUMNS: usize = 8;

/// What happens in the filter bar.
#[derive(Clone, Debug, PartialEq)]
pub enum Filtering {
    /// The text changed: to this, with the cursor at a place in bytes.
    Text(String, usize),
    /// Offer ways to go on at the cursor; filters from before, where there is no text.
    Offer(usize),
    /// Offer filters from before.
    Before,
    /// Choose another of what is offered, so many on.
    Move(i32),
    /// Take one of what is offered.
    Take(usize),
    /// Take what is chosen, else filter by the text.
    Enter,
    /// Offer nothing any more.
    Close,
    /// Put a filter beside the text; filter by it, or only put it there.
    Put {
        /// The filter.
        filter: String,
        /// How both go together.
        how: Joined,
        /// Whether to filter by it.
        apply: bool,
    },
    /// Show all packets.
    Clear,
}

/// The filter bar.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bar {
    /// What stands in it.
    pub text: String,
    /// What is wrong or doubtful in it.
    pub remark: Option<Remark>,
    /// The filter in force.
    pub applied: String,
    /// What is offered, and which of it is chosen.
    pub offers: Rc<Vec<Offer>>,
    /// Which of it is chosen.
    pub chosen: Option<usize>,
    /// The packet looked at last while filtering goes on.
    pub at: Option<u64>,
    /// Whether filtering was stopped before the last packet.
    pub stopped: bool,
    /// The filter that is applied once all is read.
    pub waiting: Option<String>,
}

/// What stays from visit to visit beside the settings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// Filters that were applied, the latest first.
    pub filters: Vec<String>,
    /// The fields of further columns.
    pub columns: Vec<String>,
    /// The colouring rules, where they are not those that the page starts with.
    pub rules: Option<String>,
}

/// Parts what is kept: nobody types it.
const PART: char = '\u{c}';

impl Kept {
    /// Reads what was stored.
    pub fn parse(text: &str) -> Kept {
        let mut parts = text.split(PART);
        let mut lines = || -> Vec<String> {
            parts
                .next()
                .unwrap_or_default()
                .lines()
                .filter(|line| !line.is_empty())
                .map(str::to_owned)
                .collect()
        };
        let (filters, columns) = (lines(), lines());
        Kept { filters, columns, rules: parts.next().map(str::to_owned) }
    }
    /// What is to be stored: a line each, first filters, then columns, then the rules.
    pub fn print(&self) -> String {
        let mut text = self.filters.join("\n");
        text.push(PART);
        text.push_str(&self.columns.join("\n"));
        if let Some(rules) = &self.rules {
            text.push(PART);
            text.push_str(rules);
        }
        text
    }
}

impl State {
    /// How many packets show.
    pub fn count(&self) -> u64 {
        self.picked.as_ref().map_or(self.packets, |numbers| numbers.len() as u64)
    }
    /// The packet at a place in the list, from 0.
    pub fn number_at(&self, place: u64) -> u64 {
        match &self.picked {
            None => place + 1,
            Some(numbers) => numbers.get(place as usize).map_or(0, |&number| number.into()),
        }
    }
    /// The place of a packet in the list, from 0; where it would stand, if it does not show.
    pub fn place_of(&self, number: u64) -> Result<u64, u64> {
        match &self.picked {
            None => number.checked_sub(1).filter(|&place| place < self.packets).ok_or(0),
            Some(numbers) => {
                let place = numbers.binary_search(&u32::try_from(number).unwrap_or(u32::MAX));
                place.map(|place| place as u64).map_err(|place| place as u64)
            }
        }
    }
    pub(super) fn filtering(&mut self, what: Filtering, effects: &mut Vec<Effect>) {
        match what {
            Filtering::Text(text, cursor) => {
                self.type_filter(text);
                self.offer(cursor);
            }
            Filtering::Offer(cursor) => self.offer(cursor),
            Filtering::Before => {
                self.filter.offers = Rc::new(bar::before(&self.kept.filters, ""));
                for offer in Rc::make_mut(&mut self.filter.offers) {
                    offer.span = 0..self.filter.text.len();
                }
                self.filter.chosen = None;
                if self.filter.offers.is_empty() {
                    self.say("There are no filters from before");
                }
                effects.push(Effect::FocusFilter(None));
            }
            Filtering::Move(by) => {
                let (count, before) = (self.filter.offers.len() as i32, self.filter.chosen);
                let next = match before {
                    None if by > 0 => 0,
                    None => count - 1,
                    Some(at) => at as i32 + by,
                };
                // Past either end stands the text itself.
                self.filter.chosen = usize::try_from(next).ok().filter(|&next| next < count as usize);
            }
            Filtering::Take(at) => self.take(at, effects),
            Filtering::Enter => match self.filter.chosen {
                Some(at) => self.take(at, effects),
                None => self.filter_by(self.filter.text.trim().to_owned(), effects),
            },
            Filtering::Close => self.close_offers(),
            Filtering::Put { filter, how, apply } => {
                let text = how.with(&self.filter.text, &filter);
                self.type_filter(text.clone());
                if apply {
                    self.filter_by(text, effects);
                } else {
                    effects.push(Effect::FocusFilter(Some(self.filter.text.encode_utf16().count() as u32)));
                }
            }
            Filtering::Clear => {
                self.type_filter(String::new());
                self.filter_by(String::new(), effects);
                effects.push(Effect::FocusFilter(None));
            }
        }
    }
    fn type_filter(&mut self, text: String) {
        self.filter.remark = bar::remark(&text);
        self.filter.text = text;
        self.close_offers();
    }
    pub(super) fn close_offers(&mut self) {
        (self.filter.offers, self.filter.chosen) = (Rc::default(), None);
    }
    fn offer(&mut self, cursor: usize) {
        let offers = if self.filter.text.trim().is_empty() {
            bar::before(&self.kept.filters, &self.filter.text)
        } else {
            bar::offers(&self.filter.text, cursor)
        };
        (self.filter.offers, self.filter.chosen) = (Rc::new(offers), None);
    }
    fn take(&mut self, at: usize, effects: &mut Vec<Effect>) {
        let Some(offer) = self.filter.offers.get(at).cloned() else { return };
        let mut text = self.filter.text.clone();
        if text.get(offer.span.clone()).is_none() {
            return;
        }
        text.replace_range(offer.span.clone(), &offer.text);
        let cursor = text[..offer.span.start + offer.text.len()].encode_utf16().count();
        self.type_filter(text);
        effects.push(Effect::FocusFilter(Some(cursor as u32)));
    }
    /// Shows only what a filter picks; all, if it is blank.
    pub(super) fn filter_by(&mut self, text: String, effects: &mut Vec<Effect>) {
        self.close_offers();
        if text != self.filter.text {
            self.type_filter(text.clone());
        }
        if let Some(remark) = self.filter.remark.as_ref().filter(|remark| remark.wrong) {
            self.said = format!("No filter: {}", remark.sentence);
            return;
        }
        if !text.is_empty() && self.kept.filters.first() != Some(&text) {
            bar::keep(&mut Rc::make_mut(&mut self.kept).filters, &text);
        }
        if self.phase != Phase::Open {
            // What later packets bring counts too.
            self.filter.waiting = Some(text).filter(|text| !text.is_empty());
            return;
        }
        self.filter.waiting = None;
        if text.is_empty() && self.picked.is_none() {
            self.filter.applied.clear();
            return;
        }
        let number = self.next();
        (self.asked_filter, self.filter.stopped) = (Some(number), false);
        self.filter.at = Some(0).filter(|_| !text.is_empty());
        self.picked = Some(Vec::new()).filter(|_| !text.is_empty());
        self.filter.applied.clone_from(&text);
        effects.push(Effect::Ask(number, Ask::Filter { text }));
        self.list_anew(effects);
        if self.picked.is_none() {
            self.said = format!("All {} packets show", grouped(self.packets));
            self.reveal_selected(effects);
        }
    }
    /// The list has other rows.
    pub(super) fn list_anew(&mut self, effects: &mut Vec<Effect>) {
        self.rows.clear();
        (self.asked_rows, self.rows_fault) = (None, false);
        self.relist(effects);
    }
    /// The list has as many rows as packets show.
    pub(super) fn relist(&mut self, effects: &mut Vec<Effect>) {
        let place = self.list.resize(self.count(), self.list.view);
        effects.extend(place.map(|place| Effect::Scroll(Pane::List, place)));
    }
    pub(super) fn reveal_selected(&mut self, effects: &mut Vec<Effect>) {
        if let Ok(place) = self.place_of(self.selected) {
            let place = self.list.reveal(place, Reveal::Middle);
            effects.extend(place.map(|place| Effect::Scroll(Pane::List, place)));
        }
    }
    /// More packets were picked.
    pub(super) fn sifted(&mut self, at: u64, done: bool, bytes: &[u8], effects: &mut Vec<Effect>) {
        let Some(numbers) = &mut self.picked else {
            self.asked_filter = None;
            return;
        };
        let (words, _) = bytes.as_chunks();
        numbers.extend(words.iter().map(|word| u32::from_le_bytes(*word)));
        self.filter.at = Some(at);
        self.rows_fault = false;
        self.relist(effects);
        if done {
            (self.asked_filter, self.filter.at) = (None, None);
            self.picked_all(effects);
        }
    }
    /// All packets that show are known: the selected one, or the one that follows, comes into view.
    fn picked_all(&mut self, effects: &mut Vec<Effect>) {
        let count = self.count();
        self.said = match count {
            0 => "The filter picks no packet".to_owned(),
            count => format!("Packets that show: {} of {}", grouped(count), grouped(self.packets)),
        };
        if let Err(place) = self.place_of(self.selected)
            && count > 0
        {
            self.select(self.number_at(place.min(count - 1)), effects);
        }
        self.reveal_selected(effects);
    }
    /// Filtering is stopped: what was found stays.
    pub(super) fn stop_filtering(&mut self, effects: &mut Vec<Effect>) {
        if self.asked_filter.take().is_some() && self.filter.at.take().is_some() {
            self.filter.stopped = true;
            self.picked_all(effects);
        }
    }
    /// Adds or removes a column.
    pub(super) fn column(&mut self, field: &str, effects: &mut Vec<Effect>) {
        let columns = &mut Rc::make_mut(&mut self.kept).columns;
        if let Some(at) = columns.iter().position(|column| column == field) {
            columns.remove(at);
            self.said = format!("Column {field} removed");
        } else if columns.len() < MOST_COLUMNS {
            columns.push(field.to_owned());
            self.said = format!("Column {field} added");
        } else {
            self.said = format!("There are {MOST_COLUMNS} further columns already: remove one first");
            return;
        }
        self.ask_columns(effects);
    }
    /// Asks for rows with the further columns.
    pub(super) fn ask_columns(&mut self, effects: &mut Vec<Effect>) {
        let number = self.next();
        self.more_widths = vec![0; self.kept.columns.len()];
        effects.push(Effect::Ask(number, Ask::Columns { fields: self.kept.columns.clone() }));
        self.rows.clear();
        self.asked_rows = None;
    }
}
