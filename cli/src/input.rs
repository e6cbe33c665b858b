//! Where captures come from: files, pipes, the standard input; once, or twice.

use crate::gate::Gate;
use crate::{End, interrupt};
use dissect::Names;
use dissect::capture::{Bound, Reader};
use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether compressed captures are unpacked without a bound.
static UNPACK_ALL: AtomicBool = AtomicBool::new(false);

/// Says whether compressed captures are unpacked to their end, whatever they unpack to.
pub(crate) fn unpack_all(all: bool) {
    UNPACK_ALL.store(all, Ordering::Relaxed);
}

fn bound() -> Option<Bound> {
    (!UNPACK_ALL.load(Ordering::Relaxed)).then(Bound::default)
}

/// A capture being read.
pub(crate) struct Input {
    /// Its name in messages.
    pub(crate) name: String,
    /// Its length in bytes, where that is known.
    pub(crate) length: Option<u64>,
    /// Its packets.
    pub(crate) reader: Reader<Box<dyn Read>>,
    /// What packets have to pass to be there at all.
    pub(crate) gate: Gate,
    /// Its bytes, for reading them again: the file itself, or what was copied of a pipe.
    again: Option<File>,
}

impl Input {
    /// Opens a file, or the standard input for `-`.
    pub(crate) fn open(path: &str) -> Result<Input, End> {
        Input::opened(path, false)
    }
    /// Opens what will be read twice. What can't be read again is copied into a temporary file while it is read.
    pub(crate) fn open_twice(path: &str) -> Result<Input, End> {
        Input::opened(path, true)
    }
    fn opened(path: &str, twice: bool) -> Result<Input, End> {
        let name = if path == "-" { "the standard input".to_owned() } else { path.to_owned() };
        interrupt::watch();
        let (mut source, mut length, mut again): (Option<Box<dyn Read>>, _, _) = (None, None, None);
        if path != "-" {
            let fails = |error: io::Error| End::File(format!("{name} can't be opened: {error}"));
            let file = File::open(path).map_err(fails)?;
            let about = file.metadata().map_err(fails)?;
            if about.is_dir() {
                return Err(End::File(format!("{name} is a folder; name a capture in it")));
            }
            if about.is_file() {
                length = Some(about.len());
                if twice {
                    again = Some(file.try_clone().map_err(fails)?);
                }
            }
            source = Some(if about.is_file() { Box::new(file) } else { live(file) });
        }
        let mut source = source.unwrap_or_else(standard);
        if twice && again.is_none() {
            let kept = tempfile::tempfile().and_then(|file| Ok((file.try_clone()?, file)));
            let (copy, file) = kept.map_err(|error| {
                End::File(format!(
                    "{name} can't be kept for a second pass: {error}; save it to a file first, or leave -2 out"
                ))
            })?;
            source = Box::new(Copied { source, copy });
            again = Some(file);
        }
        let reader =
            Reader::bounded(source, bound()).map_err(|error| End::File(format!("{name}: {error}")))?;
        Ok(Input { name, length, reader, gate: Gate::of(None), again })
    }
    /// Only what passes a gate.
    pub(crate) fn through(self, gate: Gate) -> Input {
        Input { gate, ..self }
    }
    /// Puts the names that the capture has into a table.
    pub(crate) fn name_into(&mut self, names: Names) {
        self.reader.name_into(names);
    }
    /// All bytes of the capture. For what was [opened to be read twice](Input::open_twice), once it was read to its end.
    pub(crate) fn raw(self) -> Result<File, End> {
        self.again.ok_or_else(|| End::File(format!("{} can't be read a second time", self.name)))
    }
    /// The same capture from its beginning. For what was [opened to be read twice](Input::open_twice).
    pub(crate) fn again(self) -> Result<Input, End> {
        let Input { name, length, again, gate, .. } = self;
        let fails = |error: String| End::File(format!("{name} can't be read a second time: {error}"));
        let mut file = again.ok_or_else(|| fails("it is gone".to_owned()))?;
        file.rewind().map_err(|error| fails(error.to_string()))?;
        let source: Box<dyn Read> = Box::new(file);
        let reader = Reader::bounded(source, bound()).map_err(|error| fails(error.to_string()))?;
        // The names are all known.
        Ok(Input { name, length, reader, gate: gate.again(), again: None })
    }
}

/// The standard input, past the buffer that the standard library keeps before it.
fn standard() -> Box<dyn Read> {
    #[cfg(unix)]
    if let Ok(file) = std::os::fd::AsFd::as_fd(&io::stdin()).try_clone_to_owned() {
        return live(File::from(file));
    }
    Box::new(io::stdin().lock())
}

/// What may make its reader wait, for ever if nobody interrupts.
fn live(file: File) -> Box<dyn Read> {
    #[cfg(unix)]
    let file = interrupt::Live(file);
    Box::new(file)
}

/// What is read, copied to a file on the way.
struct Copied {
    source: Box<dyn Read>,
    copy: File,
}

impl Read for Copied {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(buffer)?;
        self.copy.write_all(buffer.get(..read).unwrap_or_default())?;
        Ok(read)
    }
}
