//! Where captures come from: files, pipes, the standard input.

use crate::End;
use dissect::capture::Reader;
use std::fs::File;
use std::io::{self, Read};

/// A capture being read.
pub(crate) struct Input {
    /// Its name in messages.
    pub(crate) name: String,
    /// Its length in bytes, where that is known.
    pub(crate) length: Option<u64>,
    /// Its packets.
    pub(crate) reader: Reader<Box<dyn Read>>,
}

impl Input {
    /// Opens a file, or the standard input for `-`.
    pub(crate) fn open(path: &str) -> Result<Input, End> {
        let name = if path == "-" { "the standard input".to_owned() } else { path.to_owned() };
        let (source, length): (Box<dyn Read>, _) = if path == "-" {
            (Box::new(io::stdin().lock()), None)
        } else {
            let file =
                File::open(path).map_err(|error| End::File(format!("{name} can't be opened: {error}")))?;
            let about =
                file.metadata().map_err(|error| End::File(format!("{name} can't be read: {error}")))?;
            if about.is_dir() {
                return Err(End::File(format!("{name} is a folder; name a capture in it")));
            }
            let length = about.is_file().then_some(about.len());
            (Box::new(file), length)
        };
        let reader = Reader::new(source).map_err(|error| End::File(format!("{name}: {error}")))?;
        Ok(Input { name, length, reader })
    }
}
