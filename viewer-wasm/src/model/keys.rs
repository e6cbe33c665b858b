//! The keyboard: Wireshark's keys, with others beside them where the browser takes a key for itself.

use crate::message::TimeFormat;
use crate::state::Pane;

/// What a key, a button or a line of a menu does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// Choose a file.
    Open,
    /// Ask for a hex dump.
    Paste,
    /// Ask for the number of a packet.
    GoTo,
    /// Open the find bar.
    Find,
    /// Find the next.
    FindNext,
    /// Find the one before.
    FindBack,
    /// To the filter bar.
    Filter,
    /// To the next packet that the selected one names.
    Related,
    /// To the packet before that it names.
    RelatedBack,
    /// Export the packets that show.
    Export,
    /// Select so many packets on, or back.
    Packets(i8),
    /// Select so many pages on, or back, in the pane.
    Pages(i8),
    /// Select so many lines of the tree on, or back.
    Lines(i8),
    /// Select so many bytes on, or back.
    Bytes(i8),
    /// Select so many lines of bytes on, or back.
    ByteLines(i8),
    /// To the first of the pane.
    First,
    /// To the last of the pane.
    Last,
    /// To the first packet.
    FirstPacket,
    /// To the last packet.
    LastPacket,
    /// Mark the packet, or unmark it.
    Mark,
    /// To the next marked packet.
    MarkNext,
    /// To the marked packet before.
    MarkBack,
    /// Unmark all.
    Unmark,
    /// Open the line of the tree, or go to the first under it.
    Unfold,
    /// Close the line of the tree, or go to the one it stands under.
    Fold,
    /// Open the line of the tree and all under it.
    UnfoldUnder,
    /// Open all lines of the tree.
    UnfoldAll,
    /// Close all lines of the tree.
    FoldAll,
    /// Open or close the line of the tree; follow it where it names a packet.
    Toggle,
    /// To the line that the line stands under.
    Parent,
    /// Show or hide what the field is.
    Explain,
    /// Show the packet's comments.
    Comments,
    /// Show or hide the view of associations, calls or statistics.
    Views,
    /// Show the keys.
    Help,
    /// Write times so.
    Time(TimeFormat),
    /// To the next pane.
    PaneNext,
    /// To the pane before.
    PaneBack,
    /// Copy what is selected in the pane.
    Copy,
    /// The menu of what is selected.
    Menu,
    /// Close what is open: dialog, menu, find bar; stop what takes long.
    Escape,
}

/// A key with what is held down beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key<'a> {
    /// The key's name, as `KeyboardEvent.key` gives it.
    pub key: &'a str,
    /// Whether Control, or Command on a Mac, is held down.
    pub ctrl: bool,
    /// Whether Shift is.
    pub shift: bool,
    /// Whether Alt is.
    pub alt: bool,
}

/// Where a key holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Where {
    /// Anywhere, even while typing.
    Always,
    /// Anywhere but while typing.
    Panes,
    /// In one pane.
    In(Pane),
}

/// A key, where it holds and what it does.
#[derive(Debug)]
pub struct Binding {
    /// The keys as one reads them: `Ctrl+Shift+N`.
    pub keys: &'static str,
    /// Where they hold.
    pub place: Where,
    /// What they do.
    pub command: Command,
    /// That in words; empty where the binding above says it.
    pub help: &'static str,
}

const fn key(keys: &'static str, place: Where, command: Command, help: &'static str) -> Binding {
    Binding { keys, place, command, help }
}

use Command as C;
use Where::{Always, In, Panes};
const LIST: Where = In(Pane::List);
const TREE: Where = In(Pane::Tree);
const BYTES: Where = In(Pane::Bytes);

/// All keys.
pub static BINDINGS: &[Binding] = &[
    key("Ctrl+O", Always, C::Open, "Open a capture"),
    key("Ctrl+Shift+O", Always, C::Paste, "Open the packets of a hex dump"),
    key("Ctrl+G", Always, C::GoTo, "Go to a packet by its number"),
    key("Ctrl+F", Always, C::Find, "Find text, bytes or a field's value"),
    key("F3", Always, C::FindNext, "Find the next"),
    key("Ctrl+N", Panes, C::FindNext, ""),
    key("Shift+F3", Always, C::FindBack, "Find the one before"),
    key("Ctrl+B", Panes, C::FindBack, ""),
    key("Ctrl+/", Always, C::Filter, "To the filter"),
    key("Ctrl+Shift+/", Always, C::Filter, ""),
    key("Ctrl+S", Always, C::Export, "Export the packets that show as pcapng"),
    key("Ctrl+.", Panes, C::Related, "Next packet that this one names"),
    key("Alt+.", Panes, C::Related, ""),
    key("Ctrl+,", Panes, C::RelatedBack, "Packet before that this one names"),
    key("Alt+,", Panes, C::RelatedBack, ""),
    key("Ctrl+ArrowDown", Panes, C::Packets(1), "Next packet"),
    key("F8", Always, C::Packets(1), ""),
    key("Ctrl+ArrowUp", Panes, C::Packets(-1), "Packet before"),
    key("F7", Always, C::Packets(-1), ""),
    key("Ctrl+Home", Panes, C::FirstPacket, "First packet"),
    key("Ctrl+End", Panes, C::LastPacket, "Last packet"),
    key("Ctrl+M", Panes, C::Mark, "Mark or unmark the packet"),
    key("Alt+Shift+N", Panes, C::MarkNext, "Next marked packet"),
    key("Ctrl+Shift+N", Panes, C::MarkNext, ""),
    key("Alt+Shift+B", Panes, C::MarkBack, "Marked packet before"),
    key("Ctrl+Shift+B", Panes, C::MarkBack, ""),
    key("Ctrl+Alt+M", Panes, C::Unmark, "Unmark all packets"),
    key("Ctrl+Alt+C", Panes, C::Comments, "The packet's comments"),
    key("F2", Always, C::Explain, "Show or hide what the field is"),
    key("F4", Always, C::Views, "Show or hide what associations and calls did, and statistics"),
    key("F1", Always, C::Help, "Show the keys"),
    key("F6", Always, C::PaneNext, "Next pane"),
    key("Shift+F6", Always, C::PaneBack, "Pane before"),
    key("Ctrl+Alt+1", Panes, C::Time(TimeFormat::DateUtc), "Time as date and time, UTC"),
    key("Ctrl+Alt+7", Panes, C::Time(TimeFormat::DateUtc), ""),
    key("Ctrl+Alt+2", Panes, C::Time(TimeFormat::TimeUtc), "Time of day, UTC"),
    key("Ctrl+Alt+8", Panes, C::Time(TimeFormat::TimeUtc), ""),
    key("Ctrl+Alt+3", Panes, C::Time(TimeFormat::Epoch), "Seconds since 1970"),
    key("Ctrl+Alt+4", Panes, C::Time(TimeFormat::Relative), "Seconds since the first packet"),
    key("Ctrl+Alt+5", Panes, C::Time(TimeFormat::Delta), "Seconds since the packet before"),
    key("Ctrl+C", Panes, C::Copy, "Copy what is selected: row, line or bytes"),
    key("Shift+F10", Panes, C::Menu, "Menu of what is selected"),
    key("ContextMenu", Panes, C::Menu, ""),
    key("Escape", Always, C::Escape, "Close what is open, stop what takes long"),
    key("ArrowDown", LIST, C::Packets(1), "Packet list: next packet"),
    key("ArrowUp", LIST, C::Packets(-1), "Packet list: packet before"),
    key("PageDown", Panes, C::Pages(1), "A page on"),
    key("PageUp", Panes, C::Pages(-1), "A page back"),
    key("Home", Panes, C::First, "To the first line of the pane"),
    key("End", Panes, C::Last, "To the last line of the pane"),
    key("ArrowDown", TREE, C::Lines(1), "Tree: next line"),
    key("ArrowUp", TREE, C::Lines(-1), "Tree: line before"),
    key("ArrowRight", TREE, C::Unfold, "Tree: open the line"),
    key("ArrowLeft", TREE, C::Fold, "Tree: close the line"),
    key("Shift+ArrowRight", TREE, C::UnfoldUnder, "Tree: open the line and all under it"),
    key("Ctrl+ArrowRight", Panes, C::UnfoldAll, "Open all lines of the tree"),
    key("Ctrl+ArrowLeft", Panes, C::FoldAll, "Close all lines of the tree"),
    key("Enter", TREE, C::Toggle, "Tree: open or close the line; follow it where it names a packet"),
    key(" ", TREE, C::Toggle, ""),
    key("Backspace", TREE, C::Parent, "Tree: to the line it stands under"),
    key("ArrowRight", BYTES, C::Bytes(1), "Bytes: next byte"),
    key("ArrowLeft", BYTES, C::Bytes(-1), "Bytes: byte before"),
    key("ArrowDown", BYTES, C::ByteLines(1), "Bytes: next line"),
    key("ArrowUp", BYTES, C::ByteLines(-1), "Bytes: line before"),
];

impl Binding {
    /// Whether the key is this one.
    fn is(&self, key: &Key<'_>) -> bool {
        let (mut ctrl, mut shift, mut alt) = (false, false, false);
        let mut name = self.keys;
        while let Some((held, rest)) = name.split_once('+').filter(|(_, rest)| !rest.is_empty()) {
            match held {
                "Ctrl" => ctrl = true,
                "Shift" => shift = true,
                _ => alt = true,
            }
            name = rest;
        }
        name.eq_ignore_ascii_case(key.key) && (ctrl, shift, alt) == (key.ctrl, key.shift, key.alt)
    }
    /// The keys as one reads them.
    pub fn shown(&self) -> String {
        let (before, name) =
            self.keys.rsplit_once('+').map_or(("", self.keys), |(before, name)| (before, name));
        let name = match name {
            "ArrowDown" => "↓",
            "ArrowUp" => "↑",
            "ArrowLeft" => "←",
            "ArrowRight" => "→",
            "PageDown" => "Page down",
            "PageUp" => "Page up",
            "ContextMenu" => "Menu",
            "Escape" => "Esc",
            " " => "Space",
            name => name,
        };
        if before.is_empty() { name.to_owned() } else { format!("{before}+{name}") }
    }
}

/// What a key does in a pane; `None` as pane stands for where one types.
pub fn command(key: &Key<'_>, typing: bool, pane: Option<Pane>) -> Option<Command> {
    let holds = |place: Where| match place {
        Always => true,
        Panes => !typing,
        In(wanted) => !typing && pane == Some(wanted),
    };
    BINDINGS.iter().find(|binding| holds(binding.place) && binding.is(key)).map(|binding| binding.command)
}

/// The first keys of a command, as one reads them.
pub fn keys_of(command: Command) -> Option<String> {
    BINDINGS.iter().find(|binding| binding.command == command).map(Binding::shown)
}

/// All that keys do: the words, and the keys.
pub fn help() -> Vec<(&'static str, Vec<String>)> {
    let mut all: Vec<(&'static str, Vec<String>)> = Vec::new();
    for binding in BINDINGS {
        match all.last_mut() {
            Some((_, keys)) if binding.help.is_empty() => keys.push(binding.shown()),
            _ => all.push((binding.help, vec![binding.shown()])),
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(key: &str) -> Key<'_> {
        Key { key, ctrl: false, shift: false, alt: false }
    }

    #[test]
    fn a_key_means_what_its_pane_says() {
        assert_eq!(command(&key("ArrowDown"), false, Some(Pane::List)), Some(Command::Packets(1)));
        assert_eq!(command(&key("ArrowDown"), false, Some(Pane::Tree)), Some(Command::Lines(1)));
        assert_eq!(command(&key("ArrowDown"), false, Some(Pane::Bytes)), Some(Command::ByteLines(1)));
        assert_eq!(command(&key("ArrowDown"), false, None), None);
        assert_eq!(command(&key(" "), false, Some(Pane::Tree)), Some(Command::Toggle));
        assert_eq!(command(&key("Q"), false, Some(Pane::Tree)), None);
    }

    #[test]
    fn wiresharks_keys_hold() {
        let with =
            |name, ctrl, shift, alt| command(&Key { key: name, ctrl, shift, alt }, false, Some(Pane::Bytes));
        assert_eq!(with("g", true, false, false), Some(Command::GoTo));
        assert_eq!(with("f", true, false, false), Some(Command::Find));
        assert_eq!(with("M", true, false, false), Some(Command::Mark));
        assert_eq!(with("N", true, true, false), Some(Command::MarkNext));
        assert_eq!(with("ArrowDown", true, false, false), Some(Command::Packets(1)));
        assert_eq!(with("ArrowRight", true, false, false), Some(Command::UnfoldAll));
        assert_eq!(with("4", true, false, true), Some(Command::Time(TimeFormat::Relative)));
        assert_eq!(with("F10", false, true, false), Some(Command::Menu));
    }

    #[test]
    fn typing_keeps_its_keys() {
        let typed = |name, ctrl| command(&Key { key: name, ctrl, shift: false, alt: false }, true, None);
        assert_eq!((typed("Home", false), typed("c", true), typed(" ", false)), (None, None, None));
        assert_eq!(typed("Escape", false), Some(Command::Escape));
        assert_eq!(typed("F3", false), Some(Command::FindNext));
    }

    #[test]
    fn no_key_means_two_things_in_one_place() {
        for (at, one) in BINDINGS.iter().enumerate() {
            for other in &BINDINGS[at + 1..] {
                let apart = matches!((one.place, other.place), (In(a), In(b)) if a != b);
                assert!(apart || one.keys != other.keys, "{}", one.keys);
            }
        }
        assert_eq!(keys_of(Command::GoTo).as_deref(), Some("Ctrl+G"));
        assert!(help().iter().any(|(_, keys)| keys.as_slice() == ["Ctrl+↓", "F8"]));
    }
}
