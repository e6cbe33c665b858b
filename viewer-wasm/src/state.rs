//! What the page shows, and how it changes: pure, so that it is tested without a browser.
//!
//! The page turns what happens into an [`Action`], [`State::reduce`] changes the state and says what is to be done outside of
//! it: an [`Effect`]. There is at most one question of a kind under way; when its answer comes, what is wanted by then is asked
//! for. So holding down a key or dragging the scroll bar asks only as often as the worker answers.

mod action;
mod filter;
mod find;
pub mod menu;
mod open;
pub mod panes;
mod related;
#[cfg(test)]
mod tests;
pub mod views;

pub use action::{Action, Effect};
pub use filter::{Bar, Filtering, Kept};
pub use find::{Finder, What};
pub use menu::{Item, Menu, Of};
pub use panes::Shown;
pub use related::Related;

use crate::message::{Answer, Ask, Capture, Colour, TimeFormat};
use crate::model::keys::{self, Command};
use crate::model::link::Link;
use crate::model::meanings::{Known, Meanings};
use crate::model::rows::{PAGE, Rows};
use crate::model::scroll::Scroll;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashSet};
use std::rc::Rc;

/// The columns of the packet list.
pub const COLUMNS: [&str; 7] = ["No.", "Time", "Source", "Destination", "Protocol", "Length", "Info"];

/// The colouring rules the page starts with.
pub const RULES: &str = include_str!("colours.txt");

/// A pane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pane {
    /// The packet list.
    List,
    /// The packet's tree.
    Tree,
    /// The packet's bytes.
    Bytes,
}

/// How far opening has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Phase {
    /// Nothing is open.
    #[default]
    Start,
    /// A file is on its way from the page's host.
    Fetching,
    /// Packets come in.
    Loading,
    /// All is there.
    Open,
}

/// The page's colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Theme {
    /// As the system has them.
    #[default]
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// What stays from visit to visit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The colours.
    pub theme: Theme,
    /// The height of the packet list, in per cent.
    pub list: u8,
    /// The width of the tree beside the bytes, in per cent.
    pub tree: u8,
    /// The columns that show.
    pub columns: [bool; 7],
    /// Whether rows are coloured.
    pub colours: bool,
    /// Whether it shows what the field is.
    pub explain: bool,
    /// How times are written.
    pub time: TimeFormat,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            theme: Theme::System,
            list: 46,
            tree: 52,
            columns: [true; 7],
            colours: true,
            explain: true,
            time: TimeFormat::Relative,
        }
    }
}

/// A dialog.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialog {
    /// Asks for a packet's number.
    GoTo,
    /// Asks for a hex dump.
    Paste,
    /// Shows the keys.
    Help,
    /// Shows the packet's comments.
    Comments,
    /// Shows what the capture is and what of it is damaged.
    Capture,
    /// Shows the colouring rules to be changed.
    Rules,
}

/// The splitters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Split {
    /// Under the packet list.
    List,
    /// Between tree and bytes.
    Tree,
}

/// What the page shows.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// How far opening has come.
    pub phase: Phase,
    /// The file's name.
    pub name: String,
    /// Where on the page's host it came from.
    pub file: Option<String>,
    /// How many packets there are so far.
    pub packets: u64,
    /// Bytes read so far.
    pub read: u64,
    /// Bytes of the file.
    pub size: u64,
    /// What was opened, once it is all read.
    pub capture: Option<Capture>,
    /// The rows that were told.
    pub rows: Rows,
    /// How many signs the widest cell of each column had so far, the number's aside.
    pub widths: [usize; 6],
    /// The same of the further columns.
    pub more_widths: Vec<usize>,
    /// The packets that show; all, if there is no list.
    pub picked: Option<Vec<u32>>,
    /// The filter bar.
    pub filter: Bar,
    /// The packets that the one that is shown names.
    pub related: Rc<Vec<Related>>,
    /// How many packets were exported so far, while that goes on.
    pub exporting: Option<u64>,
    /// The packet list's view.
    pub list: Scroll,
    /// The tree's view.
    pub tree: Scroll,
    /// The bytes' view.
    pub bytes: Scroll,
    /// The selected packet; 0 is none.
    pub selected: u64,
    /// The packet that is shown.
    pub packet: Option<Rc<Shown>>,
    /// The opened fields of the tree.
    pub open: Rc<HashSet<u32>>,
    /// The lines of the tree that show.
    pub lines: Rc<Vec<u32>>,
    /// The selected line of the tree.
    pub line: Option<usize>,
    /// The source whose bytes show.
    pub source: u16,
    /// The selected byte.
    pub byte: Option<usize>,
    /// The marked packets.
    pub marks: Rc<BTreeSet<u64>>,
    /// What is found.
    pub find: Finder,
    /// The open dialog.
    pub dialog: Option<Dialog>,
    /// The open menu.
    pub menu: Option<Menu>,
    /// What went wrong, or what is to be known: a sentence.
    pub notice: Option<String>,
    /// What is said to who listens to the page.
    pub said: String,
    /// The colouring rules.
    pub colours: Rc<Vec<Colour>>,
    /// What fields mean.
    pub meanings: Known,
    /// What is wrong with colouring rules: a sentence each.
    pub rule_faults: Rc<Vec<String>>,
    /// The view of associations, calls or statistics.
    pub views: views::Views,
    /// What stays from visit to visit.
    pub settings: Settings,
    /// What stays beside that.
    pub kept: Rc<Kept>,
    /// Whether the page is narrow.
    pub narrow: bool,
    /// Whether the system is dark.
    pub dark: bool,
    /// The number of the last question.
    asked: u32,
    opening: u32,
    asked_rows: Option<u32>,
    asked_packet: Option<u32>,
    asked_filter: Option<u32>,
    asked_export: Option<u32>,
    /// A packet that could not be shown: it is not asked for again.
    faulty: Option<u64>,
    rows_fault: bool,
    /// What the address asked for, until it is there.
    wanted: Link,
}

impl State {
    /// Changes the state, and says what is to be done outside of it.
    pub fn reduce(&mut self, action: Action) -> Vec<Effect> {
        let mut effects = Vec::new();
        let before = (self.settings, self.link(), self.kept.clone());
        self.apply(action, &mut effects);
        self.ask_for_what_is_missing(&mut effects);
        if self.settings != before.0
            && let Ok(text) = serde_json::to_string(&self.settings)
        {
            effects.push(Effect::Store(text));
        }
        if self.kept != before.2 {
            effects.push(Effect::Keep(self.kept.print()));
        }
        let link = self.link();
        if link != before.1 && self.phase != Phase::Start {
            effects.push(Effect::Address(link.print()));
        }
        effects
    }
    fn apply(&mut self, action: Action, effects: &mut Vec<Effect>) {
        match action {
            Action::Start { settings, fragment } => self.start(settings, &fragment, effects),
            Action::Kept(kept) => self.kept = Rc::new(kept.as_deref().map(Kept::parse).unwrap_or_default()),
            Action::Open { name, size, linked } => self.open(name, size, linked, effects),
            Action::OpenText(text) => self.open_text(text, effects),
            Action::Fragment(fragment) => self.follow(Link::parse(&fragment), effects),
            Action::Failed(sentence) => self.failed(sentence),
            Action::Stopped(why) => self.failed(format!(
                "What reads captures has stopped ({why}). Reload the page to go on; where it stops again, the capture may be too large for this browser.",
            )),
            Action::Answer { number, answer, bytes } => self.answer(number, answer, &bytes, effects),
            Action::Do(command) => self.command(command, effects),
            Action::Scrolled(pane, at) => {
                let place = self.view(pane).scrolled(at);
                effects.extend(place.map(|place| Effect::Scroll(pane, place)));
            }
            Action::Settled(pane) => {
                let place = self.view(pane).settle();
                effects.extend(place.map(|place| Effect::Scroll(pane, place)));
            }
            Action::Resized(pane, height) => {
                let view = self.view(pane);
                let place = view.resize(view.rows, height);
                effects.extend(place.map(|place| Effect::Scroll(pane, place)));
            }
            Action::Narrow(narrow) => self.narrow(narrow, effects),
            Action::Dark(dark) => self.dark = dark,
            Action::Select(number) => self.select(number, effects),
            Action::Line(line) => self.select_line(Some(line), effects),
            Action::ToggleLine(line) => self.toggle(line, effects),
            Action::Byte(byte) => self.select_byte(byte, effects),
            Action::Source(source) => self.show_source(source, effects),
            Action::Dialog(dialog) => self.dialog = dialog,
            Action::GoTo(text) => self.go_to(&text, effects),
            Action::Menu(menu) => {
                if menu.is_none() && self.menu.is_some() {
                    effects.push(Effect::FocusBack);
                }
                self.menu = menu;
            }
            Action::FindWhat(what) => self.find.what = what,
            Action::FindText(text) => (self.find.text, self.find.fault) = (text, None),
            Action::FindGo { back } => self.find_go(back, effects),
            Action::FindClose => self.find_close(effects),
            Action::Filter(what) => self.filtering(what, effects),
            Action::FieldColumn(field) => self.column(&field, effects),
            Action::Rules(rules) => {
                Rc::make_mut(&mut self.kept).rules = rules;
                self.ask_colours(effects);
            }
            Action::Cancel => self.cancel(effects),
            Action::Theme(theme) => self.settings.theme = theme,
            Action::Column(column) => {
                if let Some(shown) = self.settings.columns.get_mut(column) {
                    *shown = !*shown;
                }
            }
            Action::Colours => self.settings.colours = !self.settings.colours,
            Action::Split(split, share) => {
                let share = share.clamp(15, 85) as u8;
                match split {
                    Split::List => self.settings.list = share,
                    Split::Tree => self.settings.tree = share,
                }
            }
            Action::Copy { text, what } => effects.push(Effect::Copy(text, what)),
            Action::CopyLink => effects.push(Effect::CopyLink(self.link().print())),
            Action::Meanings(told) => {
                self.meanings = match told.and_then(Meanings::read) {
                    Ok(meanings) => Known::All(Rc::new(meanings)),
                    Err(why) => Known::Failed(why),
                };
            }
            Action::MeaningsAgain => self.meanings = Known::Nothing,
            Action::Copied(what) => {
                self.said = match what {
                    Some(what) => format!("{what} copied"),
                    None => "The browser did not allow copying".to_owned(),
                };
            }
            Action::View(step) => self.view_step(step, effects),
            Action::Dismiss => self.notice = None,
        }
    }
    fn command(&mut self, command: Command, effects: &mut Vec<Effect>) {
        match command {
            Command::Open => effects.push(Effect::Choose),
            Command::Paste => self.dialog = Some(Dialog::Paste),
            Command::Help => self.dialog = Some(Dialog::Help),
            Command::Escape => self.escape(effects),
            Command::Time(time) => self.write_times(time),
            Command::Explain => self.settings.explain = !self.settings.explain,
            // The others need packets.
            _ if self.packets == 0 => {}
            Command::Views => self.view_step(views::Step::Toggle, effects),
            Command::GoTo => self.dialog = Some(Dialog::GoTo),
            Command::Comments => self.dialog = Some(Dialog::Comments),
            Command::Find => {
                self.find.open = true;
                effects.push(Effect::FocusFind);
            }
            Command::FindNext => self.find_go(false, effects),
            Command::FindBack => self.find_go(true, effects),
            Command::Packets(by) => self.select_by(i64::from(by), effects),
            Command::FirstPacket => self.select_by(i64::MIN / 2, effects),
            Command::LastPacket => self.select_by(i64::MAX / 2, effects),
            Command::Filter => effects.push(Effect::FocusFilter(None)),
            Command::Related => self.next_related(false, effects),
            Command::RelatedBack => self.next_related(true, effects),
            Command::Export => self.export(effects),
            Command::Mark => self.mark(),
            Command::MarkNext => self.next_mark(false, effects),
            Command::MarkBack => self.next_mark(true, effects),
            Command::Unmark => {
                self.marks = Rc::default();
                self.say("No packet is marked");
            }
            // These depend on the pane.
            Command::Copy
            | Command::Menu
            | Command::Pages(_)
            | Command::First
            | Command::Last
            | Command::PaneNext
            | Command::PaneBack => {}
            Command::Lines(by) => self.line_by(i64::from(by), effects),
            Command::Bytes(by) => self.byte_by(i64::from(by), effects),
            Command::ByteLines(by) => self.byte_by(i64::from(by) * self.width() as i64, effects),
            Command::Unfold => self.unfold(effects),
            Command::Fold => self.fold(effects),
            Command::UnfoldUnder => self.unfold_under(effects),
            Command::UnfoldAll => self.unfold_all(effects),
            Command::FoldAll => self.fold_all(effects),
            Command::Toggle => self.enter(effects),
            Command::Parent => self.go_to_parent(effects),
        }
    }
    /// What a key does that depends on the pane it was pressed in.
    pub fn key(&mut self, command: Command, pane: Option<Pane>) -> Vec<Effect> {
        let mut effects = Vec::new();
        match (command, pane) {
            (Command::PaneNext | Command::PaneBack, _) => {
                let order = [Pane::List, Pane::Tree, Pane::Bytes];
                let at = order.iter().position(|&other| Some(other) == pane);
                let next = match (at, command) {
                    (None, _) => 0,
                    (Some(at), Command::PaneNext) => (at + 1) % 3,
                    (Some(at), _) => (at + 2) % 3,
                };
                if self.packets > 0 {
                    effects.push(Effect::Focus(order[next]));
                }
            }
            (Command::Pages(by), Some(Pane::List)) => {
                return self.reduce_by(Pane::List, i64::from(by) * self.list.page() as i64);
            }
            (Command::Pages(by), Some(Pane::Tree)) => {
                return self.reduce_by(Pane::Tree, i64::from(by) * self.tree.page() as i64);
            }
            (Command::Pages(by), Some(Pane::Bytes)) => {
                let page = self.bytes.page() as i64 * self.width() as i64;
                return self.reduce_by(Pane::Bytes, i64::from(by) * page);
            }
            (Command::First, Some(pane)) => return self.reduce_by(pane, i64::MIN / 2),
            (Command::Last, Some(pane)) => return self.reduce_by(pane, i64::MAX / 2),
            (Command::Copy, Some(pane)) => {
                if let Some((text, what)) = self.copied(pane) {
                    effects.push(Effect::Copy(text, what));
                }
            }
            (command, _) => return self.reduce(Action::Do(command)),
        }
        effects
    }
    fn reduce_by(&mut self, pane: Pane, by: i64) -> Vec<Effect> {
        let mut effects = Vec::new();
        let before = self.link();
        match pane {
            Pane::List => self.select_by(by, &mut effects),
            Pane::Tree => self.line_by(by, &mut effects),
            Pane::Bytes => self.byte_by(by, &mut effects),
        }
        self.ask_for_what_is_missing(&mut effects);
        let link = self.link();
        if link != before {
            effects.push(Effect::Address(link.print()));
        }
        effects
    }
    fn escape(&mut self, effects: &mut Vec<Effect>) {
        if self.menu.is_some() {
            self.menu = None;
            effects.push(Effect::FocusBack);
        } else if self.dialog.is_some() {
            self.dialog = None;
        } else if !self.filter.offers.is_empty() {
            self.close_offers();
        } else if self.busy() || matches!(self.phase, Phase::Loading | Phase::Fetching) {
            self.cancel(effects);
        } else if self.find.open {
            self.find_close(effects);
        } else if self.views.open {
            self.view_step(views::Step::Toggle, effects);
        } else {
            self.notice = None;
        }
    }
    fn cancel(&mut self, effects: &mut Vec<Effect>) {
        if self.phase == Phase::Fetching {
            (self.phase, self.file, self.wanted) = (Phase::Start, None, Link::default());
        } else if self.phase == Phase::Loading || self.busy() {
            let number = self.next();
            effects.push(Effect::Ask(number, Ask::Cancel));
            self.find.asked = None;
            self.stop_filtering(effects);
            if self.asked_export.take().is_some() {
                self.exporting = None;
                effects.push(Effect::Unsave);
            }
        }
    }
    /// Whether something goes on that can be stopped, loading aside.
    fn busy(&self) -> bool {
        self.find.asked.is_some() || self.asked_filter.is_some() || self.asked_export.is_some()
    }
    /// Asks for the packets that show as a file.
    fn export(&mut self, effects: &mut Vec<Effect>) {
        if self.count() == 0 || self.asked_filter.is_some() {
            self.say("No packets show that could be exported");
            return;
        }
        let number = self.next();
        (self.asked_export, self.exporting) = (Some(number), Some(0));
        effects.extend([Effect::Unsave, Effect::Ask(number, Ask::Export)]);
    }
    /// The name of the file that is exported.
    fn export_name(&self) -> String {
        let name = self.name.rsplit('/').next().unwrap_or_default();
        let known = [".gz", ".zst", ".lz4", ".xz", ".pcapng", ".pcap", ".cap", ".snoop"];
        let stem = known.iter().fold(name, |name, ending| name.strip_suffix(ending).unwrap_or(name));
        let part = if self.picked.is_some() { "-filtered" } else { "-copy" };
        format!("{stem}{part}.pcapng")
    }
    fn say(&mut self, sentence: &str) {
        sentence.clone_into(&mut self.said);
    }
    fn view(&mut self, pane: Pane) -> &mut Scroll {
        match pane {
            Pane::List => &mut self.list,
            Pane::Tree => &mut self.tree,
            Pane::Bytes => &mut self.bytes,
        }
    }
    /// The number of the next question.
    fn next(&mut self) -> u32 {
        self.asked = self.asked.wrapping_add(1);
        self.asked
    }
    fn ask_for_what_is_missing(&mut self, effects: &mut Vec<Effect>) {
        if self.packets == 0 {
            return;
        }
        if self.meanings == Known::Nothing && self.settings.explain && self.selected_line().is_some() {
            self.meanings = Known::Loading;
            effects.push(Effect::FetchMeanings);
        }
        let window = self.list.window();
        let drawn = window.start + 1..window.end + 1;
        // Then what is beyond, so that it is there when it scrolls into view.
        let count = self.count();
        let near = window.start.saturating_sub(PAGE / 2) + 1..(window.end + PAGE / 2).min(count) + 1;
        if self.asked_rows.is_none()
            && !self.rows_fault
            && let Some((first, count)) =
                self.rows.missing(drawn, count).or_else(|| self.rows.missing(near, count))
        {
            let number = self.next();
            self.asked_rows = Some(number);
            effects.push(Effect::Ask(number, Ask::Rows { first, count, time: self.settings.time }));
        }
        let shown = self.packet.as_ref().map_or(0, |shown| shown.packet.number);
        let wanted = self.selected;
        if self.asked_packet.is_none() && wanted > 0 && wanted != shown && self.faulty != Some(wanted) {
            let number = self.next();
            self.asked_packet = Some(number);
            effects.push(Effect::Ask(number, Ask::Packet { number: wanted }));
        }
    }
    fn answer(&mut self, number: u32, answer: Answer, bytes: &[u8], effects: &mut Vec<Effect>) {
        let rows = self.asked_rows == Some(number);
        let packet = self.asked_packet == Some(number);
        match answer {
            Answer::Progress { packets, read, size } if number == self.opening => {
                (self.read, self.size) = (read, size);
                self.grow(packets, effects);
            }
            Answer::Loaded { capture } if number == self.opening => self.loaded(capture, effects),
            Answer::Failed { sentence } if number == self.opening => self.not_opened(sentence, effects),
            Answer::Failed { sentence } if self.find.asked == Some(number) => {
                (self.find.asked, self.find.fault) = (None, Some(sentence));
            }
            Answer::Failed { sentence } if self.asked_filter == Some(number) => {
                (self.asked_filter, self.filter.at, self.notice) = (None, None, Some(sentence));
            }
            Answer::Failed { sentence } if self.asked_export == Some(number) => {
                (self.asked_export, self.exporting, self.notice) = (None, None, Some(sentence));
                effects.push(Effect::Unsave);
            }
            Answer::Failed { sentence } if rows => {
                (self.asked_rows, self.rows_fault, self.notice) = (None, true, Some(sentence));
            }
            Answer::Failed { sentence } if packet => {
                (self.asked_packet, self.faulty) = (None, Some(self.selected));
                self.notice = Some(sentence);
            }
            Answer::Rows { first, rows: told } if rows => {
                self.asked_rows = None;
                self.rows_fault = told.is_empty();
                for row in &told {
                    let widths = self.widths.iter_mut().chain(&mut self.more_widths);
                    for (width, cell) in widths.zip(row.cells.iter().chain(&row.more)) {
                        *width = (*width).max(cell.chars().count());
                    }
                }
                self.rows.put(first, told);
            }
            Answer::Packet(told) if packet => {
                self.asked_packet = None;
                self.show(Shown::new(*told, bytes), effects);
            }
            Answer::Found { number: found } if self.find.asked == Some(number) => self.found(found, effects),
            Answer::Finding { number: at } if self.find.asked == Some(number) => self.find.at = at,
            Answer::Filtered { at, done } if self.asked_filter == Some(number) => {
                self.sifted(at, done, bytes, effects);
            }
            Answer::Exported { packets, done } if self.asked_export == Some(number) => {
                self.exporting = Some(packets).filter(|_| !done);
                if done {
                    self.asked_export = None;
                    self.said = format!("{packets} packets exported");
                }
                let name = done.then(|| self.export_name());
                effects.push(Effect::Save { bytes: bytes.to_vec(), name });
            }
            Answer::Coloured { rules, faults } => {
                self.colours = Rc::new(rules);
                self.rows.clear();
                self.asked_rows = None;
                if let Some(fault) = faults.first() {
                    self.said = format!("Colouring rules: {fault}");
                }
                self.rule_faults = Rc::new(faults);
            }
            _ => {}
        }
    }
    fn write_times(&mut self, time: TimeFormat) {
        if self.settings.time != time {
            self.settings.time = time;
            self.widths[0] = 0;
            self.rows.clear();
            // An answer in the format before is no longer wanted.
            self.asked_rows = None;
        }
    }
    fn mark(&mut self) {
        let marks = Rc::make_mut(&mut self.marks);
        let (number, marked) = (self.selected, marks.insert(self.selected));
        if !marked {
            marks.remove(&number);
        }
        self.said = format!("Packet {number} {}", if marked { "marked" } else { "unmarked" });
    }
    fn next_mark(&mut self, back: bool, effects: &mut Vec<Effect>) {
        let here = self.selected;
        let next = if back {
            self.marks.range(..here).next_back().or(self.marks.iter().next_back())
        } else {
            self.marks.range(here + 1..).next().or(self.marks.iter().next())
        };
        match next {
            Some(&next) => self.select(next, effects),
            None => self.say("No packet is marked"),
        }
    }
    fn go_to(&mut self, text: &str, effects: &mut Vec<Effect>) {
        match text.trim().parse() {
            Ok(number) if (1..=self.packets).contains(&number) => {
                self.dialog = None;
                self.select(number, effects);
                effects.push(Effect::Focus(Pane::List));
            }
            _ => self.said = format!("There is no such packet: they go from 1 to {}", self.packets),
        }
    }
    /// Whether the page is dark.
    pub fn is_dark(&self) -> bool {
        match self.settings.theme {
            Theme::System => self.dark,
            Theme::Light => false,
            Theme::Dark => true,
        }
    }
    /// The keys of a command, for a button's tooltip: ` (Ctrl+G)`.
    pub fn hint(command: Command) -> String {
        keys::keys_of(command).map(|keys| format!(" ({keys})")).unwrap_or_default()
    }
}
