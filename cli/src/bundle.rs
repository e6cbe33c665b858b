//! `sctpdump report`: the viewer and a capture in one HTML file, which opens anywhere, without a network.

use crate::args::Bundle;
use crate::gate::Gate;
use crate::input::Input;
use crate::output::failed;
use crate::save::Save;
use crate::view::page;
use crate::{End, interrupt};
use dissect::Out;
use dissect::capture::{Block, Packet, Time};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::fs::{self, File};
use std::io::{self, BufWriter, Seek, Write};
use std::path::Path;

/// The most bytes of a capture that a report holds, if it is not said otherwise: browsers take the page into memory some
/// times over.
const MOST: u64 = 64 << 20;

/// Before this the capture is put: the script that starts the page must find it.
const BOOT: &str = "<script id=\"boot\"";
/// Before this stands what is in the report.
const TOP: &str = "<div id=\"page\"";
const TITLE: &str = "<title>sctpdump</title>";

/// What is in a capture.
struct About {
    name: String,
    packets: u64,
    first: Option<Time>,
    last: Option<Time>,
    size: u64,
    damage: u64,
    /// The filters that picked it, if it is a part.
    filters: Vec<String>,
}

impl About {
    fn packet(&mut self, packet: &Packet<'_>) {
        self.packets += 1;
        if let Some(time) = packet.time {
            self.first = Some(self.first.map_or(time, |first| first.min(time)));
            self.last = Some(self.last.map_or(time, |last| last.max(time)));
        }
    }
}

/// Writes the report.
pub(crate) fn run(args: &Bundle) -> Result<(), End> {
    let page = std::str::from_utf8(page()?).map_err(|error| End::File(format!("the viewer: {error}")))?;
    let parts =
        parts(page).ok_or_else(|| End::File("the viewer is not one that reports are made of".to_owned()))?;
    let same = || Some(fs::canonicalize(&args.output).ok()? == fs::canonicalize(&args.file).ok()?);
    if args.output != "-" && args.file != "-" && same() == Some(true) {
        return Err(End::Usage(format!(
            "{} is the capture that is read; name another file to write",
            args.output
        )));
    }
    let gate = Gate::among(&args.among, &[])?;
    let filters: Vec<String> =
        args.among.taken.capture_filter.iter().chain(&args.among.display).cloned().collect();
    let is_part = !gate.is_open();
    let mut input =
        if is_part { Input::open(&args.file)? } else { Input::open_twice(&args.file)? }.through(gate);
    if !is_part && input.reader.compression() == Some(dissect::capture::Compression::Xz) {
        return Err(End::Usage(format!(
            "{} is packed with xz, which the viewer does not read; unpack it first",
            input.name
        )));
    }
    let mut about =
        About { name: name(&args.file), packets: 0, first: None, last: None, size: 0, damage: 0, filters };
    let mut part = None;
    if is_part {
        let kept = tempfile::tempfile().and_then(|file| Ok((file.try_clone()?, file)));
        let (file, copy) =
            kept.map_err(|error| End::File(format!("no temporary file can be made: {error}")))?;
        let mut save = Save::into(file, "a temporary file");
        save.reads(&input);
        part = Some((save, copy));
    } else {
        fits(args, input.length.unwrap_or(0))?;
    }
    while let Some(next) = input.reader.next_block() {
        if input.length.is_some() && interrupt::is_asked() {
            return Err(End::Interrupted);
        }
        match next {
            Ok(Block::Packet(packet)) => {
                if !input.gate.takes(&packet) {
                    continue;
                }
                about.packet(&packet);
                part.as_mut().map_or(Ok(()), |(save, _)| save.packet(&packet))?;
            }
            Ok(block) => part.as_mut().map_or(Ok(()), |(save, _)| save.block(&block))?,
            Err(_) if interrupt::is_asked() => {}
            Err(damage) => {
                about.damage += 1;
                eprintln!("sctpdump: {}: {damage}", input.name);
            }
        }
    }
    let mut capture = match part {
        Some((save, copy)) => {
            save.finish()?;
            copy
        }
        None => input.raw()?,
    };
    about.size = capture.metadata().map_or(0, |about| about.len());
    fits(args, about.size)?;
    let wrong = |error: io::Error| {
        failed(&error, if args.output == "-" { "the standard output" } else { &args.output })
    };
    let target: Box<dyn Write> = match args.output.as_str() {
        "-" => Box::new(io::stdout().lock()),
        path => Box::new(File::create(path).map_err(wrong)?),
    };
    write(parts, &about, &mut capture, BufWriter::new(target)).map_err(wrong)?;
    if about.damage > 0 { Err(End::Damaged) } else { Ok(()) }
}

/// Whether a report may hold so much.
fn fits(args: &Bundle, size: u64) -> Result<(), End> {
    if args.any_size || size <= MOST {
        return Ok(());
    }
    Err(End::Usage(format!(
        "{} has {} MiB, a report holds {} MiB, as browsers take it into memory; take a part of it with -f or -Y, or lift the limit with --any-size",
        args.file,
        size.div_ceil(1 << 20),
        MOST >> 20
    )))
}

/// The capture's name without its folder.
fn name(path: &str) -> String {
    match path {
        "-" => "capture".to_owned(),
        path => Path::new(path).file_name().unwrap_or_default().to_string_lossy().into_owned(),
    }
}

/// The page up to its title, from there to its top, from there to the script that starts it, and the rest.
fn parts(page: &str) -> Option<[&str; 4]> {
    let (head, rest) = page.split_once(TITLE)?;
    let top = rest.find(TOP)?;
    let (head_end, body) = rest.split_at_checked(top)?;
    let (body, boot) = body.split_at_checked(body.find(BOOT)?)?;
    Some([head, head_end, body, boot])
}

fn write(parts: [&str; 4], about: &About, capture: &mut File, mut out: impl Write) -> io::Result<()> {
    let [head, head_end, body, boot] = parts;
    let (name, what) = (escaped(&about.name), escaped(&about.to_string()));
    write!(
        out,
        "{head}<title>{name} \u{2013} sctpdump</title><meta name=\"description\" content=\"{what}\">"
    )?;
    write!(out, "{head_end}<header id=\"about\"><strong>{name}</strong> {what}</header>\n{body}")?;
    write!(out, "<script id=\"capture\" type=\"application/gzip\" data-name=\"{name}\">")?;
    capture.rewind()?;
    let mut packed = GzEncoder::new(Base64 { out: &mut out, rest: Vec::new() }, Compression::best());
    io::copy(capture, &mut packed)?;
    packed.finish()?.end()?;
    write!(out, "</script>{boot}")?;
    out.flush()
}

impl std::fmt::Display for About {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} packet{}", self.packets, if self.packets == 1 { "" } else { "s" })?;
        if let (Some(first), Some(last)) = (self.first, self.last) {
            let (mut out, nanos) = (Out::new(), |time: Time| {
                i128::from(time.seconds()) * 1_000_000_000 + i128::from(time.nanos())
            });
            dissect::format::date(first, &mut out);
            let span = (nanos(last) - nanos(first)) as f64 / 1e9;
            write!(f, " from {} on, in {span:.3} s", out.to_string_lossy())?;
        }
        write!(f, "; {} bytes", self.size)?;
        for filter in &self.filters {
            write!(f, "; only what the filter {filter} picks")?;
        }
        if self.damage > 0 {
            write!(f, "; damaged at {} place{}", self.damage, if self.damage == 1 { "" } else { "s" })?;
        }
        write!(f, ". This file holds the capture and what shows it; it needs no network and sends nothing.")
    }
}

/// Text that may stand in an element and in an attribute.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            sign if sign.is_control() => out.push('\u{fffd}'),
            sign => out.push(sign),
        }
    }
    out
}

/// Writes what it gets in base64: RFC 4648, 4.
struct Base64<W: Write> {
    out: W,
    /// Bytes that are not yet three.
    rest: Vec<u8>,
}

impl<W: Write> Base64<W> {
    fn group(&mut self, bytes: &[u8]) -> io::Result<()> {
        const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let number = bytes.iter().fold(0, |sum, byte| sum << 8 | u32::from(*byte)) << (8 * (3 - bytes.len()));
        let mut signs = [b'='; 4];
        for (at, sign) in signs.iter_mut().take(bytes.len() + 1).enumerate() {
            *sign = SIGNS[(number >> (18 - 6 * at)) as usize & 63];
        }
        self.out.write_all(&signs)
    }
    /// Writes what is left.
    fn end(mut self) -> io::Result<()> {
        let rest = std::mem::take(&mut self.rest);
        if rest.is_empty() { Ok(()) } else { self.group(&rest) }
    }
}

impl<W: Write> Write for Base64<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.rest.extend_from_slice(bytes);
        let all = std::mem::take(&mut self.rest);
        let groups = all.chunks_exact(3);
        self.rest.extend_from_slice(groups.remainder());
        for group in groups {
            self.group(group)?;
        }
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_rfc_4648() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("foobar", "Zm9vYmFy"),
        ] {
            // In pieces of any length.
            for piece in 1..4 {
                let mut out = Vec::new();
                let mut base64 = Base64 { out: &mut out, rest: Vec::new() };
                for bytes in bytes.as_bytes().chunks(piece) {
                    base64.write_all(bytes).unwrap();
                }
                base64.end().unwrap();
                assert_eq!(out, text.as_bytes(), "{bytes} by {piece}");
            }
        }
    }

    #[test]
    fn a_name_cannot_leave_its_place() {
        assert_eq!(escaped("a\"><script>&\n.pcap"), "a&quot;&gt;&lt;script&gt;&amp;\u{fffd}.pcap");
    }
}
