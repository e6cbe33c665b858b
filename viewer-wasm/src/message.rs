//! What page and worker say to each other: the page asks, the worker answers. Messages cross as JSON text; bytes and files stand
//! beside the text, so that they are handed over and not copied.
//!
//! A question carries a number, and its answers carry it too: the page drops answers to what it no longer asks.

use serde::{Deserialize, Serialize};

/// What the page asks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Ask {
    /// Open a capture: a `File` or `Blob` stands beside the message. What was open is closed.
    Open {
        /// The file's name.
        name: String,
    },
    /// Open the packets of a hex dump.
    Paste {
        /// The dump, as `hexdump -C`, `xxd`, `od`, Wireshark or a mail shows it.
        text: String,
    },
    /// Stop what takes long: loading (what is loaded stays) or finding.
    Cancel,
    /// Rows of the packet list.
    Rows {
        /// The number of the first packet, from 1.
        first: u64,
        /// How many.
        count: u32,
        /// How times are written.
        time: TimeFormat,
    },
    /// The tree and the bytes of a packet.
    Packet {
        /// Its number, from 1.
        number: u64,
    },
    /// The next packet in which something stands.
    Find {
        /// What to find.
        what: Find,
        /// The packet before the first to look at.
        from: u64,
        /// Whether to look towards the begin.
        back: bool,
    },
    /// Colour the rows by these rules, in Wireshark's file syntax.
    Colours {
        /// The rules' file.
        rules: String,
    },
}

/// How the time column is written: `sctpdump -t`'s words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum TimeFormat {
    /// Seconds since the first packet.
    #[default]
    Relative,
    /// Seconds since the packet before.
    Delta,
    /// Date and time, UTC.
    DateUtc,
    /// Time of day, UTC.
    TimeUtc,
    /// Seconds since 1970.
    Epoch,
}

/// What to find.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Find {
    /// Text in the row or in a line of the tree, letter case aside.
    Text(String),
    /// Bytes of the packet.
    Bytes(Vec<u8>),
    /// A display filter: `sctp.data_tsn_raw == 7`.
    Filter(String),
}

/// What the worker answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Answer {
    /// The capture grows: packets that can be asked for, and how much of the file was read.
    Progress {
        /// Packets so far.
        packets: u64,
        /// Bytes of the file read so far.
        read: u64,
        /// Bytes of the file.
        size: u64,
    },
    /// All was read, or loading was cancelled.
    Loaded {
        /// What the capture is.
        capture: Capture,
    },
    /// The question can't be answered: a sentence with the remedy.
    Failed {
        /// The sentence.
        sentence: String,
    },
    /// Rows of the packet list.
    Rows {
        /// The number of the first packet.
        first: u64,
        /// The rows.
        rows: Vec<Row>,
    },
    /// A packet.
    Packet(Box<Packet>),
    /// What was found.
    Found {
        /// The packet, none if there is none.
        number: Option<u64>,
    },
    /// How far finding has come.
    Finding {
        /// The packet just looked at.
        number: u64,
    },
    /// The rules are in force.
    Coloured {
        /// The rules that are: colours as `#rrggbb`.
        rules: Vec<Colour>,
        /// Lines that are no rule, and rules whose fields are not known: a sentence each.
        faults: Vec<String>,
    },
}

/// What was opened.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Capture {
    /// The file's name.
    pub name: String,
    /// Its format in words: `pcapng, gzip`.
    pub format: String,
    /// How many packets it has.
    pub packets: u64,
    /// Bytes of the file.
    pub size: u64,
    /// What is damaged: a sentence each.
    pub damage: Vec<String>,
    /// Whether loading was cancelled before the end.
    pub cancelled: bool,
}

/// A row of the packet list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Time, source, destination, protocol, length, info.
    pub cells: [String; 6],
    /// The rule that colours it: an index into [`Answer::Coloured`].
    pub colour: Option<u16>,
    /// Whether it carries a comment.
    pub comment: bool,
}

/// A colouring rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Colour {
    /// What the rule is called.
    pub name: String,
    /// Its filter.
    pub filter: String,
    /// The colour of the text: `#rrggbb`.
    pub text: String,
    /// The colour of the row.
    pub row: String,
}

/// A packet's tree and bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Packet {
    /// Its number.
    pub number: u64,
    /// The tree's lines in preorder: the lines of `sctpdump -V`, hidden nodes left out.
    pub lines: Vec<Line>,
    /// Where bytes come from: the packet first, then what was reassembled. Their bytes stand beside the message, one after the
    /// other.
    pub sources: Vec<Source>,
    /// The packet's comments.
    pub comments: Vec<String>,
}

/// Some bytes that lines point into.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// What they are: `Frame`, `Reassembled IPv4`.
    pub name: String,
    /// How many.
    pub len: u32,
}

/// A line of the tree.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// What it says, without indentation.
    pub text: String,
    /// Its plain value, for copying.
    pub value: String,
    /// How deep it stands, from 0.
    pub depth: u16,
    /// How many lines stand under it.
    pub under: u32,
    /// Its field: an index into the list of all fields, which the page has too.
    pub field: u32,
    /// The source its bytes are in.
    pub source: u16,
    /// Where its bytes begin.
    pub start: u32,
    /// How many bytes it has.
    pub len: u32,
    /// What kind of line it is, for its style.
    pub style: LineStyle,
}

/// The style of a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum LineStyle {
    /// Read from the packet.
    #[default]
    Plain,
    /// A protocol.
    Protocol,
    /// Said by the dissector.
    Generated,
    /// A remark to chat about.
    Chat,
    /// A remark worth a note.
    Note,
    /// A warning.
    Warning,
    /// An error, or where understanding stopped.
    Error,
}
