//! What page and worker say to each other: the page asks, the worker answers. Questions cross as JSON text, answers to the page
//! packed, value behind value, since both ends are of one build; bytes of packets and files stand beside them, so that they are
//! handed over and not copied. Programs of other languages are answered in JSON.
//!
//! A question carries a number, and its answers carry it too: the page drops answers to what it no longer asks.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// A message packed.
pub fn pack(message: &impl Serialize) -> Vec<u8> {
    postcard::to_allocvec(message).unwrap_or_default()
}

/// The message that was packed; none if the bytes are none of this build's.
pub fn unpack<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    postcard::from_bytes(bytes).ok()
}

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
    /// Stop what takes long: loading (what is loaded stays), filtering (what was found stays), finding or exporting.
    Cancel,
    /// Rows of the packet list.
    Rows {
        /// The place of the first row, from 1: its packet's number, where no filter is in force.
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
    /// Show only the packets that a display filter picks, once all is read; all of them, if it is blank. Rows are then asked
    /// for by their place among those.
    Filter {
        /// The filter.
        text: String,
    },
    /// Give further cells with each row: the values of these fields.
    Columns {
        /// Their names.
        fields: Vec<String>,
    },
    /// The packets that show, as a pcapng file.
    Export,
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
        /// The place of the first.
        first: u64,
        /// The rows.
        rows: Vec<Row>,
    },
    /// A packet.
    Packet(Box<Packet>),
    /// The first lines of a packet that has many: [`Answer::Packet`] brings the last.
    Lines(Vec<Line>),
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
    /// Some of the packets that a filter picks: their numbers stand beside the message, four bytes each, the least significant
    /// byte first.
    Filtered {
        /// The packet just looked at.
        at: u64,
        /// Whether it was the last.
        done: bool,
    },
    /// A piece of the file that is exported: its bytes stand beside the message.
    Exported {
        /// How many packets were written so far.
        packets: u64,
        /// Whether it is the last piece.
        done: bool,
    },
    /// The rules are in force.
    Coloured {
        /// The rules that are: colours as `#rrggbb`.
        rules: Vec<Colour>,
        /// Lines that are no rule, and rules whose fields are not known: a sentence each.
        faults: Vec<String>,
    },
}

/// How many lines one message brings at most: the page reads it in a few milliseconds.
pub const LINES_AT_ONCE: usize = 4096;

impl Answer {
    /// The answer as messages that are read quickly, in the order in which they are sent.
    pub fn parts(&self) -> Vec<Cow<'_, Answer>> {
        let Answer::Packet(packet) = self else { return vec![Cow::Borrowed(self)] };
        let Some(last) = packet.lines.chunks(LINES_AT_ONCE).next_back().filter(|last| *last != packet.lines)
        else {
            return vec![Cow::Borrowed(self)];
        };
        let first = packet.lines.len() - last.len();
        let lines = packet.lines[..first].chunks(LINES_AT_ONCE);
        let mut parts: Vec<_> = lines.map(|lines| Cow::Owned(Answer::Lines(lines.to_vec()))).collect();
        let Packet { number, sources, comments, .. } = (**packet).clone();
        parts.push(Cow::Owned(Answer::Packet(Box::new(Packet {
            number,
            lines: last.to_vec(),
            sources,
            comments,
        }))));
        parts
    }
}

/// Puts the messages of an answer together again.
#[derive(Debug, Default)]
pub struct Joining {
    number: u32,
    lines: Vec<Line>,
}

impl Joining {
    /// Takes a message; gives the answer when it is whole.
    pub fn take(&mut self, number: u32, answer: Answer) -> Option<Answer> {
        if number != self.number {
            (self.number, self.lines) = (number, Vec::new());
        }
        match answer {
            Answer::Lines(lines) => {
                self.lines.extend(lines);
                None
            }
            Answer::Packet(mut packet) => {
                let mut lines = std::mem::take(&mut self.lines);
                lines.append(&mut packet.lines);
                packet.lines = lines;
                Some(Answer::Packet(packet))
            }
            answer => Some(answer),
        }
    }
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
    /// The cells that [`Ask::Columns`] asked for.
    pub more: Vec<String>,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_cross_whole() {
        let ask = Ask::Find { what: Find::Bytes(vec![0, 255]), from: u64::MAX, back: true };
        assert_eq!(unpack(&pack(&ask)), Some(ask.clone()));
        let row = Row { cells: ["1", "", "é", "\0", "5", "\u{2028}"].map(String::from), ..Row::default() };
        let more =
            Row { more: vec![String::new(), "x".into()], colour: Some(7), comment: true, ..row.clone() };
        let answer = Answer::Rows { first: 3, rows: vec![row, more] };
        let packed = pack(&answer);
        assert_eq!(unpack(&packed), Some(answer));
        assert!((0..packed.len()).all(|len| unpack::<Answer>(&packed[..len]).is_none()));
        assert_eq!(unpack::<Ask>(&[255]), None);
    }

    #[test]
    fn a_packet_of_many_lines_comes_in_parts() {
        let line = |at: usize| Line { text: at.to_string(), ..Line::default() };
        for count in [0, 1, LINES_AT_ONCE, LINES_AT_ONCE + 1, 3 * LINES_AT_ONCE, 3 * LINES_AT_ONCE + 7] {
            let lines = (0..count).map(line).collect();
            let whole = Answer::Packet(Box::new(Packet {
                number: 5,
                lines,
                comments: vec!["c".into()],
                ..Packet::default()
            }));
            let parts = whole.parts();
            assert_eq!(parts.len(), count.div_ceil(LINES_AT_ONCE).max(1));
            // Parts of an answer that is no longer wanted stand before.
            let mut joining = Joining::default();
            assert_eq!(joining.take(1, Answer::Lines(vec![line(99)])), None);
            let mut joined = parts.into_iter().filter_map(|part| joining.take(2, part.into_owned()));
            assert_eq!(joined.next(), Some(whole.clone()));
            assert_eq!(joined.next(), None);
        }
        let other = Answer::Found { number: None };
        assert_eq!(Joining::default().take(0, other.clone()), Some(other));
    }
}
