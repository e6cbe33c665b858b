//! Where text goes: the standard output, in large pieces, flushed before the input may make it wait.

use crate::End;
use crate::args::When;
use dissect::Out;
use std::io::{self, IsTerminal, StdoutLock, Write};

/// How much is gathered before it is written: enough to make calls rare, little enough to stay in the cache.
const PIECE: usize = 64 * 1024;

/// The standard output.
#[derive(Debug)]
pub(crate) struct Stdout {
    lock: StdoutLock<'static>,
    /// What is to be written.
    pub(crate) out: Out,
    /// Whether something was written since the last flush.
    is_written: bool,
}

impl Stdout {
    pub(crate) fn new() -> Stdout {
        Stdout { lock: io::stdout().lock(), out: Out::new(), is_written: false }
    }
    /// Whether there is something that was not flushed.
    #[inline]
    pub(crate) fn is_waiting(&self) -> bool {
        self.is_written || !self.out.is_empty()
    }
    /// Writes what was gathered, if it is much.
    #[inline]
    pub(crate) fn settle(&mut self) -> Result<(), End> {
        if self.out.len() >= PIECE { self.write() } else { Ok(()) }
    }
    fn write(&mut self) -> Result<(), End> {
        self.is_written |= !self.out.is_empty();
        let written = self.lock.write_all(self.out.as_bytes());
        self.out.clear();
        written.map_err(|error| failed(&error, "the output"))
    }
    /// Writes all that was gathered, now.
    pub(crate) fn flush(&mut self) -> Result<(), End> {
        self.write()?;
        self.is_written = false;
        self.lock.flush().map_err(|error| failed(&error, "the output"))
    }
}

/// A sentence for a terminal: names of files may hold what steers one.
pub(crate) fn plain(sentence: &str) -> String {
    let mut out = Out::new();
    for (at, line) in sentence.split('\n').enumerate() {
        out.str(if at > 0 { "\n" } else { "" }).text(line.as_bytes());
    }
    out.to_string_lossy()
}

/// Why writing failed; a pipe that nobody reads any more is no fault.
pub(crate) fn failed(error: &io::Error, name: &str) -> End {
    match error.kind() {
        io::ErrorKind::BrokenPipe => End::Unread,
        _ => End::File(format!("{name} can't be written: {error}")),
    }
}

impl When {
    /// Whether the standard output is to have colours. `NO_COLOR` (no-color.org) turns them off in auto, as does a dumb
    /// terminal.
    pub(crate) fn colours(self) -> bool {
        let unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        match self {
            When::Always => true,
            When::Never => false,
            When::Auto => {
                !unwanted
                    && io::stdout().is_terminal()
                    && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
            }
        }
    }
}
