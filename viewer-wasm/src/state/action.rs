//! What happens, and what is to be done outside of the state.

use super::views::{Doing, Step};
use super::{Dialog, Filtering, Menu, Pane, Split, Theme, What};
use crate::message::{Answer, Ask};
use crate::model::keys::Command;

/// What happens.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// The page starts: settings kept from before, and the address's fragment.
    Start {
        /// The settings as they were stored.
        settings: Option<String>,
        /// The fragment.
        fragment: String,
    },
    /// What was kept beside the settings, before [`Action::Start`].
    Kept(Option<String>),
    /// A file was chosen, dropped, pasted or fetched.
    Open {
        /// Its name.
        name: String,
        /// How many bytes it has.
        size: u64,
        /// Whether it is the file that a link named.
        linked: bool,
    },
    /// A hex dump was pasted.
    OpenText(String),
    /// The address has another fragment.
    Fragment(String),
    /// Fetching, or something else outside, failed: a sentence with the remedy.
    Failed(String),
    /// The worker broke down: the browser's words.
    Stopped(String),
    /// The worker answered.
    Answer {
        /// The question's number.
        number: u32,
        /// The answer.
        answer: Answer,
        /// The bytes beside it.
        bytes: Vec<u8>,
    },
    /// What a key, a button or a line of a menu does.
    Do(Command),
    /// The browser scrolled a pane.
    Scrolled(Pane, f64),
    /// Scrolling rests.
    Settled(Pane),
    /// A pane has another height.
    Resized(Pane, f64),
    /// The page is narrow, or not.
    Narrow(bool),
    /// The system is dark, or not.
    Dark(bool),
    /// Select a packet.
    Select(u64),
    /// Select a line of the tree.
    Line(usize),
    /// Open or close a line of the tree.
    ToggleLine(usize),
    /// Select a byte.
    Byte(usize),
    /// Show another source of bytes.
    Source(u16),
    /// Open or close a dialog.
    Dialog(Option<Dialog>),
    /// Go to the packet of this number.
    GoTo(String),
    /// Open or close a menu.
    Menu(Option<Menu>),
    /// Find other things.
    FindWhat(What),
    /// What to find changed.
    FindText(String),
    /// Find: towards the begin or the end.
    FindGo {
        /// Whether towards the begin.
        back: bool,
    },
    /// Close the find bar.
    FindClose,
    /// Something in the filter bar.
    Filter(Filtering),
    /// Add a column of a field, or remove it.
    FieldColumn(String),
    /// Colour by these rules, in Wireshark's file syntax; by those that the page starts with.
    Rules(Option<String>),
    /// Stop what takes long.
    Cancel,
    /// Other colours.
    Theme(Theme),
    /// Show or hide a column.
    Column(usize),
    /// Colour rows, or not.
    Colours,
    /// A splitter was moved, to so many per cent.
    Split(Split, i32),
    /// Copy a text, which is called so.
    Copy {
        /// The text.
        text: String,
        /// What it is: `Value`.
        what: &'static str,
    },
    /// Copy a link to what is shown.
    CopyLink,
    /// The file of what fields mean, or why it can't be had.
    Meanings(Result<String, String>),
    /// Load it again.
    MeaningsAgain,
    /// Whether copying worked.
    Copied(Option<&'static str>),
    /// Something of a view.
    View(Step),
    /// Close the message.
    Dismiss,
}

/// What is to be done outside of the state.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Ask the worker. The file that was chosen last stands beside [`Ask::Open`].
    Ask(u32, Ask),
    /// Put a pane's scroll position here.
    Scroll(Pane, f64),
    /// Put the focus on a pane.
    Focus(Pane),
    /// Put the focus on the find bar.
    FocusFind,
    /// Put the focus on the filter bar, the cursor behind so many signs of JavaScript.
    FocusFilter(Option<u32>),
    /// Take a piece of a file that is exported; with the last comes the file's name.
    Save {
        /// The piece.
        bytes: Vec<u8>,
        /// The name.
        name: Option<String>,
    },
    /// Forget the pieces of a file that is not exported after all.
    Unsave,
    /// Put the focus back where it was before a menu or the find bar.
    FocusBack,
    /// Let a file be chosen.
    Choose,
    /// Fetch a file of the page's host.
    Fetch(String),
    /// Fetch the page's file of what fields mean.
    FetchMeanings,
    /// Write a text to the clipboard; then say whether it worked.
    Copy(String, &'static str),
    /// Write the page's address with this fragment to the clipboard.
    CopyLink(String),
    /// Name packet and view in the address.
    Address(String),
    /// What a view needs.
    View(Doing),
    /// Keep the settings.
    Store(String),
    /// Keep what stays beside them.
    Keep(String),
}
