//! Completions and the manual page, made from the command line's declaration.

use crate::End;
use crate::args::Args;
use clap::CommandFactory;
use clap_complete::Shell;
use std::io::{self, Write};

/// Prints a completion script.
pub(crate) fn completions(shell: Shell) -> Result<(), End> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "sctpdump", &mut script);
    print(&script)
}

/// Prints the manual page.
pub(crate) fn man() -> Result<(), End> {
    let mut page = Vec::new();
    clap_mangen::Man::new(Args::command()).render(&mut page).map_err(|error| End::File(error.to_string()))?;
    print(&page)
}

fn print(bytes: &[u8]) -> Result<(), End> {
    // A pipe that was closed is the reader's choice here.
    io::stdout().lock().write_all(bytes).map_err(|_| End::Unread)
}
