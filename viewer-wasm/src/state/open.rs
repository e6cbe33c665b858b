//! Opening a capture, and following a link.

use super::views::Step;
use super::{Action, Bar, Dialog, Effect, Pane, Phase, RULES, Settings, State};
use crate::message::{Ask, Capture};
use crate::model::link::Link;
use crate::model::scroll::{Reveal, Scroll};
use std::rc::Rc;

impl State {
    pub(super) fn start(&mut self, settings: Option<String>, fragment: &str, effects: &mut Vec<Effect>) {
        let settings = settings.and_then(|text| serde_json::from_str::<Settings>(&text).ok());
        self.settings = settings.unwrap_or_default();
        self.settings.list = self.settings.list.clamp(15, 85);
        self.settings.tree = self.settings.tree.clamp(15, 85);
        self.narrow(self.narrow, effects);
        self.ask_colours(effects);
        if !self.kept.columns.is_empty() {
            self.ask_columns(effects);
        }
        self.follow(Link::parse(fragment), effects);
    }
    /// Colours the rows by the rules that were kept, else by those that the page starts with.
    pub(super) fn ask_colours(&mut self, effects: &mut Vec<Effect>) {
        let (number, rules) = (self.next(), self.kept.rules.as_deref().unwrap_or(RULES).to_owned());
        effects.push(Effect::Ask(number, Ask::Colours { rules }));
    }
    /// Follows a link: to its file, or in the capture that is open.
    pub(super) fn follow(&mut self, link: Link, effects: &mut Vec<Effect>) {
        if let Some(time) = link.time {
            self.write_times(time);
        }
        if let Some(file) = link.file.clone().filter(|file| Some(file) != self.file.as_ref()) {
            self.phase = Phase::Fetching;
            self.notice = None;
            self.name.clone_from(&file);
            self.file = Some(file.clone());
            self.wanted = link;
            effects.push(Effect::Fetch(file));
            return;
        }
        if link == self.link() {
            return;
        }
        self.wanted = link;
        if self.packets > 0 {
            let filter = self.wanted.filter.take().unwrap_or_default();
            if filter != self.filter.applied {
                self.filter_by(filter, effects);
            }
            self.reach_view(effects);
        }
        self.reach(effects);
    }
    /// Goes to what a link named, as far as it is there.
    fn reach(&mut self, effects: &mut Vec<Effect>) {
        let Some(packet) = self.wanted.packet.filter(|&packet| packet <= self.packets) else { return };
        self.wanted.packet = None;
        if packet != self.selected {
            self.select(packet, effects);
        } else if let Some(line) = self.wanted.line.take() {
            self.select_line(Some(line), effects);
        }
    }
    /// Shows the view that a link named, or hides one where it named none.
    fn reach_view(&mut self, effects: &mut Vec<Effect>) {
        match self.wanted.view.take() {
            Some(place) if !self.views.open || self.views.place != place => {
                self.view_step(Step::Go(place), effects);
            }
            None if self.views.open => self.view_step(Step::Toggle, effects),
            _ => {}
        }
    }
    /// The line that a link named, once its packet is there.
    pub(super) fn wanted_line(&mut self) -> Option<usize> {
        if self.wanted.packet.is_some() { None } else { self.wanted.line.take() }
    }
    /// A link to what is shown.
    pub fn link(&self) -> Link {
        let shown = self.packet.as_ref().map_or(0, |shown| shown.packet.number);
        Link {
            file: self.file.clone(),
            filter: [Some(&self.filter.applied), self.filter.waiting.as_ref(), self.wanted.filter.as_ref()]
                .into_iter()
                .flatten()
                .find(|filter| !filter.is_empty())
                .cloned(),
            packet: Some(self.selected).filter(|&number| number > 0),
            line: self.line.filter(|_| shown == self.selected),
            time: Some(self.settings.time).filter(|&time| time != crate::message::TimeFormat::Relative),
            view: Some(&self.views.place)
                .filter(|place| self.views.open && !place.is_empty())
                .or(self.wanted.view.as_ref())
                .cloned(),
        }
    }
    pub(super) fn open(&mut self, name: String, size: u64, linked: bool, effects: &mut Vec<Effect>) {
        if linked && self.phase != Phase::Fetching {
            // It is no longer waited for.
            return;
        }
        if !linked {
            self.file = None;
        }
        // A link without a file leads into the first that is opened.
        if !linked && self.phase != Phase::Start {
            self.wanted = Link::default();
        }
        self.close();
        (self.name, self.size) = (name.clone(), size);
        self.ask_to_open(Ask::Open { name }, effects);
    }
    pub(super) fn open_text(&mut self, text: String, effects: &mut Vec<Effect>) {
        if !text.bytes().any(|byte| byte.is_ascii_hexdigit()) {
            self.say("There are no bytes in this text");
            return;
        }
        self.dialog = None;
        (self.file, self.wanted) = (None, Link::default());
        self.close();
        self.name = "Pasted bytes".into();
        self.size = text.len() as u64;
        self.ask_to_open(Ask::Paste { text }, effects);
    }
    fn ask_to_open(&mut self, ask: Ask, effects: &mut Vec<Effect>) {
        self.phase = Phase::Loading;
        self.opening = self.next();
        effects.push(Effect::Ask(self.opening, ask));
    }
    /// Forgets what was open.
    fn close(&mut self) {
        let (row, view) = (self.list.row, self.list.view);
        self.list = Scroll { row, view, ..Scroll::default() };
        self.rows.clear();
        (self.widths, self.more_widths) = ([0; 6], vec![0; self.kept.columns.len()]);
        let Bar { text, remark, .. } = std::mem::take(&mut self.filter);
        self.filter = Bar { text, remark, ..Bar::default() };
        (self.picked, self.asked_filter, self.asked_export, self.exporting) = (None, None, None, None);
        self.related = Rc::default();
        (self.packets, self.read, self.size, self.selected) = (0, 0, 0, 0);
        (self.capture, self.packet, self.line, self.byte) = (None, None, None, None);
        (self.asked_rows, self.asked_packet, self.faulty) = (None, None, None);
        (self.rows_fault, self.source) = (false, 0);
        (self.lines, self.marks) = (Rc::default(), Rc::default());
        (self.find.asked, self.find.fault, self.find.sought) = (None, None, None);
        (self.menu, self.notice, self.dialog) = (None, None, None);
        self.views = super::views::Views::default();
    }
    /// There are more packets.
    pub(super) fn grow(&mut self, packets: u64, effects: &mut Vec<Effect>) {
        let first = self.packets == 0 && packets > 0;
        self.packets = packets;
        self.relist(effects);
        self.reach(effects);
        if first {
            if self.selected == 0 && self.wanted.packet.is_none() {
                self.select(1, effects);
            }
            effects.push(Effect::Focus(Pane::List));
        }
    }
    pub(super) fn loaded(&mut self, capture: Capture, effects: &mut Vec<Effect>) {
        self.phase = Phase::Open;
        self.size = capture.size;
        self.read = self.size;
        // The last rows may have been told while their page grew.
        self.grow(capture.packets, effects);
        if self.selected == 0 && self.packets > 0 {
            // The link named a packet that is not there.
            let Link { filter, view, .. } = std::mem::take(&mut self.wanted);
            self.wanted = Link { filter, view, ..Link::default() };
            self.select(1, effects);
        }
        self.said = match (capture.packets, capture.cancelled, capture.damage.len()) {
            (0, _, _) => "The capture has no packets".to_owned(),
            (packets, true, _) => format!("Loading stopped: {packets} packets"),
            (packets, _, 0) => format!("{packets} packets loaded"),
            (packets, _, damage) => format!("{packets} packets loaded, damage found: {damage}"),
        };
        if capture.packets == 0 {
            self.notice = Some(match capture.damage.first() {
                Some(damage) => format!("{} has no packets that can be read: {damage}", self.name),
                None if capture.cancelled => "Loading was stopped before the first packet.".to_owned(),
                None => format!("{} is a capture, but no packets are in it.", self.name),
            });
            self.phase = Phase::Start;
        }
        self.capture = Some(capture);
        if let Some(filter) = self.wanted.filter.take().or_else(|| self.filter.waiting.take())
            && self.phase == Phase::Open
        {
            self.filter_by(filter, effects);
        }
        if let Some(place) = self.wanted.view.take().filter(|_| self.phase == Phase::Open) {
            self.view_step(Step::Go(place), effects);
        }
    }
    pub(super) fn not_opened(&mut self, sentence: String, effects: &mut Vec<Effect>) {
        if self.packets > 0 {
            // What was read so far stays.
            self.phase = Phase::Open;
            self.notice = Some(sentence);
            return;
        }
        self.failed(sentence);
        let _ = effects;
    }
    pub(super) fn failed(&mut self, sentence: String) {
        if matches!(self.phase, Phase::Loading | Phase::Fetching) {
            self.phase = Phase::Start;
            (self.file, self.wanted) = (None, Link::default());
        }
        self.notice = Some(sentence);
    }
    pub(super) fn narrow(&mut self, narrow: bool, effects: &mut Vec<Effect>) {
        self.narrow = narrow;
        (self.list.row, self.tree.row, self.bytes.row) =
            if narrow { (46.0, 30.0, 22.0) } else { (22.0, 22.0, 20.0) };
        self.layout_bytes(effects);
        for pane in [Pane::List, Pane::Tree] {
            let view = self.view(pane);
            let place = view.resize(view.rows, view.view);
            effects.extend(place.map(|place| Effect::Scroll(pane, place)));
        }
        if self.selected > 0 {
            let place = self.list.reveal(self.selected - 1, Reveal::Middle);
            effects.extend(place.map(|place| Effect::Scroll(Pane::List, place)));
        }
    }
    /// What there is to know about the capture: its damage first.
    pub fn facts(&self) -> Vec<(&'static str, String)> {
        let mut facts = vec![("File", self.name.clone())];
        if let Some(capture) = &self.capture {
            facts.push(("Format", capture.format.clone()));
            facts.push(("Size", crate::state::panes::size(capture.size)));
            if capture.cancelled {
                facts.push(("Loading", "was stopped; what was read until then is shown".to_owned()));
            }
        }
        facts.push(("Packets", crate::state::panes::grouped(self.packets)));
        facts
    }
    /// The action of a dialog's button in the status bar.
    pub fn about() -> Action {
        Action::Dialog(Some(Dialog::Capture))
    }
}
