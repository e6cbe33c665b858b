//! `sctpdump view`: the viewer with a capture, served on loopback to the browser of this machine.

use crate::End;
use crate::args::View;
use crate::output::plain;
use crate::serve::{Server, digit, encode};
use std::fs::File;
use std::io::{self, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::{Command, Stdio};

/// The viewer's page in one file, where it was built before the command.
static PAGE: Option<&[u8]> = include!(concat!(env!("OUT_DIR"), "/page.rs"));

/// The viewer's page in one file.
pub(crate) fn page() -> Result<&'static [u8], End> {
    let sentence = "this sctpdump was built without the viewer; build that first with `cargo xtask viewer`, then sctpdump again";
    PAGE.ok_or_else(|| End::Usage(sentence.to_owned()))
}

/// Serves until it is ended.
pub(crate) fn run(view: &View) -> Result<(), End> {
    let page = page()?;
    let path = Path::new(&view.file);
    let wrong = |what: &str, error: io::Error| End::File(format!("{} can't be {what}: {error}", view.file));
    let about = File::open(path).and_then(|file| file.metadata()).map_err(|error| wrong("opened", error))?;
    if !about.is_file() {
        return Err(End::File(format!("{} is no file; the viewer reads files only", view.file)));
    }
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, view.port))
        .map_err(|error| End::File(format!("port {} can't be served: {error}", view.port)))?;
    let port = listener.local_addr().map_err(|error| wrong("served", error))?.port();
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let server = Server { page, capture: path.to_owned(), name: encode(&name), token: token()?, port };
    let address = server.address();
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{address}").and_then(|()| stdout.flush()).map_err(|_| End::Unread)?;
    eprintln!(
        "sctpdump: {} is shown at this address, to this machine only; Ctrl-C ends it",
        plain(&view.file)
    );
    if !view.no_open && !browse(&address) {
        eprintln!("sctpdump: no browser can be started; open the address yourself");
    }
    server.run(&listener);
    Ok(())
}

/// What nobody can guess: 128 random bits.
fn token() -> Result<String, End> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| End::File(format!("there is no randomness: {error}")))?;
    Ok(bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect())
}

/// Opens an address in the browser: what `BROWSER` names, else the system's. Whether one was started.
fn browse(address: &str) -> bool {
    let named = std::env::var("BROWSER").unwrap_or_default();
    let usual: &[&str] = if cfg!(target_os = "macos") {
        &["open"]
    } else if cfg!(windows) {
        &["explorer"]
    } else {
        &["xdg-open", "sensible-browser", "x-www-browser"]
    };
    named.split(':').filter(|command| !command.trim().is_empty()).chain(usual.iter().copied()).any(
        |command| {
            let mut words: Vec<String> =
                command.split_whitespace().map(|word| word.replace("%s", address)).collect();
            if !command.contains("%s") {
                words.push(address.to_owned());
            }
            let Some((program, arguments)) = words.split_first() else { return false };
            let mut command = Command::new(program);
            command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            command.spawn().is_ok()
        },
    )
}
