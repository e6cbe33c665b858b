//! Completions and the manual page, made from the command line's declaration.

use crate::End;
use crate::args::Args;
use clap::CommandFactory;
use clap_complete::Shell;
use dissect::{Dissector, filter::complete};
use std::io::{self, Write};

/// Prints a completion script.
pub(crate) fn completions(shell: Shell) -> Result<(), End> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "sctpdump", &mut script);
    script.extend_from_slice(match shell {
        Shell::Bash => BASH.as_bytes(),
        Shell::Fish => FISH.as_bytes(),
        Shell::Zsh => ZSH.as_bytes(),
        _ => b"",
    });
    print(&script)
}

/// Behind clap's script: the word of a filter option is completed by this program.
const BASH: &str = r#"
_sctpdump_or_filter() {
    case "${COMP_WORDS[COMP_CWORD-1]}" in
        -Y|--display-filter|-R|--read-filter)
            local typed="${COMP_WORDS[COMP_CWORD]}" ways
            typed="${typed#["']}"
            mapfile -t ways < <(sctpdump complete-filter "$typed" 2>/dev/null | cut -f1)
            COMPREPLY=("${ways[@]}")
            compopt -o filenames -o nospace 2>/dev/null ;;
        *) _sctpdump "$@" ;;
    esac
}
complete -F _sctpdump_or_filter -o bashdefault -o default sctpdump
"#;

const FISH: &str = r#"
complete -c sctpdump -s Y -l display-filter -x -a '(sctpdump complete-filter (commandline -ct | string trim -c "\'\""))'
complete -c sctpdump -s R -l read-filter -x -a '(sctpdump complete-filter (commandline -ct | string trim -c "\'\""))'
"#;

const ZSH: &str = r#"
_sctpdump_or_filter() {
    case "${words[CURRENT-1]}" in
        -Y|--display-filter|-R|--read-filter)
            local -a ways
            ways=("${(@f)$(sctpdump complete-filter "${(Q)PREFIX}" 2>/dev/null | cut -f1)}")
            compadd -U -- $ways ;;
        *) _sctpdump "$@" ;;
    esac
}
compdef _sctpdump_or_filter sctpdump
"#;

/// Prints the ways to go on with a filter: the filter with each, a tab, and what it means.
pub(crate) fn complete_filter(text: &str) -> Result<(), End> {
    let mut lines = String::new();
    for way in complete(&Dissector::default(), text, text.len()) {
        let before = text.get(..way.span.start).unwrap_or("");
        lines.extend([before, &way.text, "\t", way.meaning, "\n"]);
    }
    print(lines.as_bytes())
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
