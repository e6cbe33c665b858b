//! Menus: of what is selected, and of the view.

use super::{Action, Dialog, Filtering, Pane, State, Theme};
use crate::message::TimeFormat;
use crate::model::bar::Joined;
use crate::model::keys::{Command, keys_of};
use crate::model::{copy, fields};

/// What a menu is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// The selected packet.
    Packet,
    /// The selected line of the tree.
    Line,
    /// The bytes.
    Bytes,
    /// The view: columns, times, colours.
    View,
    /// A filter by the selected line of the tree: to apply it, or only to put it into the bar.
    Filter {
        /// Whether to apply it.
        apply: bool,
    },
    /// Associations, calls and statistics.
    Views,
}

/// An open menu.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Menu {
    /// What it is of.
    pub of: Of,
    /// Where its upper left corner stands, in pixels of the page.
    pub x: i32,
    /// From above.
    pub y: i32,
}

/// A line of a menu.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// Does something.
    Act {
        /// What it says.
        label: String,
        /// The keys that do the same.
        keys: String,
        /// What it does.
        action: Action,
    },
    /// One of some that can be on or off.
    Check {
        /// What it says.
        label: String,
        /// Whether it is on.
        on: bool,
        /// Whether one of a group is on.
        radio: bool,
        /// The keys that do the same.
        keys: String,
        /// What it does.
        action: Action,
    },
    /// Leads to another menu.
    More {
        /// What it says.
        label: &'static str,
        /// What the other menu is of.
        of: Of,
    },
    /// The name of the lines below.
    Title(&'static str),
}

/// The time formats, in words.
pub const TIMES: [(TimeFormat, &str); 5] = [
    (TimeFormat::Relative, "Seconds since the first packet"),
    (TimeFormat::Delta, "Seconds since the packet before"),
    (TimeFormat::DateUtc, "Date and time (UTC)"),
    (TimeFormat::TimeUtc, "Time of day (UTC)"),
    (TimeFormat::Epoch, "Seconds since 1970"),
];

fn act(label: impl Into<String>, command: Command) -> Item {
    Item::Act { label: label.into(), keys: keys_of(command).unwrap_or_default(), action: Action::Do(command) }
}

fn copy_link(label: &str) -> Item {
    Item::Act { label: label.to_owned(), keys: String::new(), action: Action::CopyLink }
}

fn copy_text(label: impl Into<String>, text: String, what: &'static str) -> Item {
    Item::Act { label: label.into(), keys: String::new(), action: Action::Copy { text, what } }
}

impl State {
    /// The lines of a menu.
    pub fn items(&self, of: Of) -> Vec<Item> {
        match of {
            Of::Packet => self.packet_items(),
            Of::Line => self.line_items(),
            Of::Bytes => self.byte_items(),
            Of::View => self.view_items(),
            Of::Filter { apply } => self.filter_items(apply),
            Of::Views => self.views_items(),
        }
    }
    /// The menu of what is selected in a pane.
    pub fn menu_of(pane: Pane) -> Of {
        match pane {
            Pane::List => Of::Packet,
            Pane::Tree => Of::Line,
            Pane::Bytes => Of::Bytes,
        }
    }
    fn packet_items(&self) -> Vec<Item> {
        let number = self.selected;
        let marked = self.marks.contains(&number);
        let mut items = vec![act(if marked { "Unmark packet" } else { "Mark packet" }, Command::Mark)];
        items.push(act("Next marked packet", Command::MarkNext));
        items.push(act("Packet comments …", Command::Comments));
        items.extend(self.related_items());
        items.push(Item::Title("Copy"));
        items.push(copy_link("Link to this packet"));
        if let Some(text) = self.row_text(number) {
            items.push(copy_text("Row as text", text, "Row"));
        }
        if let Some(row) = self.row_of(number) {
            for (name, cell) in
                super::COLUMNS[1..].iter().zip(&row.cells).filter(|(_, cell)| !cell.is_empty())
            {
                items.push(copy_text(*name, cell.clone(), name));
            }
        }
        if let Some(shown) = self.packet.as_ref().filter(|shown| shown.packet.number == number) {
            items.extend(Self::bytes_as("packet", shown.bytes(0)));
        }
        items
    }
    fn line_items(&self) -> Vec<Item> {
        let (Some(shown), Some(line)) = (&self.packet, self.selected_line()) else { return Vec::new() };
        let mut items = Vec::new();
        if let Some(number) = self.named_packet(line) {
            items.push(Item::Act {
                label: format!("Go to packet {number}"),
                keys: "Enter".to_owned(),
                action: Action::Select(number),
            });
        }
        if line.under > 0 {
            items.push(act("Open with all under it", Command::UnfoldUnder));
        }
        items.push(act("Open all", Command::UnfoldAll));
        items.push(act("Close all", Command::FoldAll));
        if let Some(field) = fields::field(line.field) {
            let has = self.kept.columns.iter().any(|column| column == field.name);
            items.push(Item::Title("Filter and columns"));
            items.push(Item::More { label: "Apply as filter", of: Of::Filter { apply: true } });
            items.push(Item::More { label: "Prepare as filter", of: Of::Filter { apply: false } });
            items.push(Item::Act {
                label: if has { "Remove the column" } else { "Apply as column" }.to_owned(),
                keys: String::new(),
                action: Action::FieldColumn(field.name.to_owned()),
            });
        }
        items.push(Item::Title("Copy"));
        items.push(copy_text("Line", line.text.clone(), "Line"));
        if !line.value.is_empty() {
            items.push(copy_text("Value", line.value.clone(), "Value"));
        }
        items.push(copy_link("Link to this line"));
        if let Some(field) = fields::field(line.field) {
            items.push(copy_text(format!("Field name: {}", field.name), field.name.to_owned(), "Field name"));
            items.push(copy_text("Display filter", copy::filter(field, &line.value), "Filter"));
            let name: String = field
                .name
                .chars()
                .map(|sign| if sign.is_ascii_alphanumeric() { sign } else { '_' })
                .collect();
            items.extend(Self::bytes_as(&name, shown.bytes_of(line)));
        }
        items
    }
    fn filter_items(&self, apply: bool) -> Vec<Item> {
        let field = self.selected_line().and_then(|line| Some((line, fields::field(line.field)?)));
        let Some((line, field)) = field else { return Vec::new() };
        let filter = copy::filter(field, &line.value);
        let mut items = vec![Item::Title(if apply { "Apply as filter" } else { "Prepare as filter" })];
        items.extend(Joined::ALL.map(|(how, label)| Item::Act {
            label: label.to_owned(),
            keys: String::new(),
            action: Action::Filter(Filtering::Put { filter: filter.clone(), how, apply }),
        }));
        items
    }
    fn byte_items(&self) -> Vec<Item> {
        let Some(shown) = &self.packet else { return Vec::new() };
        let mut items = Vec::new();
        if let Some(line) = self.selected_line().filter(|line| line.len > 0) {
            items.push(Item::Title("Copy the selected field's bytes"));
            items.extend(Self::bytes_as("field", shown.bytes_of(line)));
        }
        items.push(Item::Title("Copy all bytes shown"));
        items.extend(Self::bytes_as("packet", shown.bytes(self.source)));
        items
    }
    fn bytes_as(name: &str, bytes: &[u8]) -> Vec<Item> {
        if bytes.is_empty() {
            return Vec::new();
        }
        vec![
            copy_text("Bytes as hexadecimal", copy::hex(bytes), "Bytes"),
            copy_text("Bytes as hex dump", copy::dump(bytes), "Hex dump"),
            copy_text("Bytes as C array", copy::c_array(name, bytes), "C array"),
        ]
    }
    fn view_items(&self) -> Vec<Item> {
        let mut items = vec![Item::Title("Times")];
        for (time, label) in TIMES {
            items.push(Item::Check {
                label: label.to_owned(),
                on: self.settings.time == time,
                radio: true,
                keys: keys_of(Command::Time(time)).unwrap_or_default(),
                action: Action::Do(Command::Time(time)),
            });
        }
        items.push(Item::Title("Columns"));
        for (at, name) in super::COLUMNS.iter().enumerate() {
            items.push(Item::Check {
                label: (*name).to_owned(),
                on: self.settings.columns[at],
                radio: false,
                keys: String::new(),
                action: Action::Column(at),
            });
        }
        for field in &self.kept.columns {
            items.push(Item::Check {
                label: field.clone(),
                on: true,
                radio: false,
                keys: String::new(),
                action: Action::FieldColumn(field.clone()),
            });
        }
        items.push(Item::Title("Colours"));
        for (theme, label) in
            [(Theme::System, "As the system"), (Theme::Light, "Light"), (Theme::Dark, "Dark")]
        {
            items.push(Item::Check {
                label: label.to_owned(),
                on: self.settings.theme == theme,
                radio: true,
                keys: String::new(),
                action: Action::Theme(theme),
            });
        }
        items.push(Item::Check {
            label: "Colour packets by rules".to_owned(),
            on: self.settings.colours,
            radio: false,
            keys: String::new(),
            action: Action::Colours,
        });
        items.push(Item::Act {
            label: "Colouring rules …".to_owned(),
            keys: String::new(),
            action: Self::dialog_action(Dialog::Rules),
        });
        items
    }
    /// A dialog's action.
    pub fn dialog_action(dialog: Dialog) -> Action {
        Action::Dialog(Some(dialog))
    }
}
