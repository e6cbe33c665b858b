//! How far a long job is, on the standard error of somebody who waits.

use crate::input::Input;
use crate::output::plain;
use dissect::Packet;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::{self, IsTerminal};

/// Packets between two looks at the bar.
const STEP: u64 = 1 << 14;

/// A bar over the file, where there is somebody to see it: the standard error is a terminal and the output is not.
#[derive(Debug)]
pub(crate) struct Progress(Option<ProgressBar>);

impl Progress {
    pub(crate) fn new(input: &Input) -> Progress {
        let seen = io::stderr().is_terminal() && !io::stdout().is_terminal();
        let length = input.length.filter(|_| seen && input.reader.compression().is_none());
        let style = ProgressStyle::with_template("{percent:>3} % of {total_bytes}, {eta} left {wide_bar}");
        Progress(length.zip(style.ok()).map(|(length, style)| ProgressBar::new(length).with_style(style)))
    }
    /// Takes note of a packet.
    #[inline]
    pub(crate) fn at(&self, packet: &Packet<'_>) {
        if let Some(bar) = self.0.as_ref().filter(|_| packet.number.is_multiple_of(STEP)) {
            bar.set_position(packet.offset);
        }
    }
    /// Writes a sentence to the standard error, above the bar.
    pub(crate) fn say(&self, sentence: &str) {
        let sentence = plain(sentence);
        match &self.0 {
            Some(bar) => bar.println(sentence),
            None => eprintln!("{sentence}"),
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}
