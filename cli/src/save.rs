//! `-w`: packets into a capture file, with what the capture says of them.

use crate::End;
use crate::args::{CaptureFormat, Decode};
use crate::input::Input;
use crate::output::failed;
use dissect::capture::{Block, ByteOrder, Format, Packet, PcapFile, Resolution, Writer};
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};

/// A capture being written.
pub(crate) struct Save {
    format: CaptureFormat,
    /// Where the bytes go, until the first block tells what the file begins with.
    target: Option<Box<dyn Write>>,
    writer: Option<Writer<BufWriter<Box<dyn Write>>>>,
    /// Whether times of the capture that is read have more than microseconds.
    fine: bool,
    name: String,
}

impl Save {
    /// What -w and -F ask for; `None` without -w.
    pub(crate) fn of(decode: &Decode) -> Result<Option<Save>, End> {
        let Some(path) = &decode.write else {
            let wrong = "-F is the format of what -w writes; there is no -w";
            return if decode.format.is_some() { Err(End::Usage(wrong.to_owned())) } else { Ok(None) };
        };
        let same = || Some(fs::canonicalize(path).ok()? == fs::canonicalize(decode.file()).ok()?);
        let target: Box<dyn Write> = if path == "-" {
            if decode.summary || !decode.statistics.is_empty() {
                return Err(End::Usage(
                    "-w - takes the standard output for the capture: nothing else can be printed".to_owned(),
                ));
            }
            Box::new(io::stdout())
        } else if decode.file() != "-" && same() == Some(true) {
            return Err(End::Usage(format!(
                "{path} is the capture that is read; name another file to write"
            )));
        } else {
            let file = File::create(path);
            Box::new(file.map_err(|error| End::File(format!("{path} can't be written: {error}")))?)
        };
        Ok(Some(Save {
            format: decode.format.unwrap_or(CaptureFormat::Pcapng),
            target: Some(target),
            writer: None,
            fine: false,
            name: if path == "-" { "the standard output".to_owned() } else { path.clone() },
        }))
    }
    /// A pcapng into a file of this name in messages.
    pub(crate) fn into(file: File, name: &str) -> Save {
        let (format, target) = (CaptureFormat::Pcapng, Some::<Box<dyn Write>>(Box::new(file)));
        Save { format, target, writer: None, fine: false, name: name.to_owned() }
    }
    /// Writes a block that is no packet: a section, an interface, names, secrets, statistics.
    pub(crate) fn block(&mut self, block: &Block<'_>) -> Result<(), End> {
        if let Block::Interface(interface) = block {
            self.fine |= is_fine(interface.resolution);
        }
        if self.format == CaptureFormat::Pcapng {
            self.begin(None)?;
        }
        let written = self.writer.as_mut().map_or(Ok(()), |writer| writer.write(block));
        written.map_err(|error| self.failed(&error))
    }
    /// Writes a packet.
    pub(crate) fn packet(&mut self, packet: &Packet<'_>) -> Result<(), End> {
        self.begin(Some(packet))?;
        let written = self.writer.as_mut().map_or(Ok(()), |writer| writer.packet(packet));
        written.map_err(|error| self.failed(&error))
    }
    /// Takes note of the capture that is read.
    pub(crate) fn reads(&mut self, input: &Input) {
        self.fine |= !matches!(input.reader.format(), Format::Pcapng) && input.reader.format().digits() > 6;
    }
    fn begin(&mut self, packet: Option<&Packet<'_>>) -> Result<(), End> {
        let Some(target) = self.target.take() else { return Ok(()) };
        let out = BufWriter::new(target);
        let writer = match self.format {
            CaptureFormat::Pcapng => Ok(Writer::pcapng(out, ByteOrder::Little)),
            CaptureFormat::Pcap => {
                let link = packet.map_or(dissect::capture::LinkType::ETHERNET, |packet| packet.link);
                let fcs_length = packet.and_then(|packet| packet.fcs_length);
                Writer::pcap(out, PcapFile { nanoseconds: self.fine, fcs_length, ..PcapFile::new(link) })
            }
        };
        self.writer = Some(writer.map_err(|error| self.failed(&error))?);
        Ok(())
    }
    /// Writes out what was given so far.
    pub(crate) fn flush(&mut self) -> Result<(), End> {
        let flushed = self.writer.as_mut().map_or(Ok(()), Writer::flush);
        flushed.map_err(|error| self.failed(&error))
    }
    /// Ends the file.
    pub(crate) fn finish(mut self) -> Result<(), End> {
        self.begin(None)?;
        let finished = self.writer.take().map_or(Ok(()), |writer| writer.finish().map(|_| ()));
        finished.map_err(|error| self.failed(&error))
    }
    fn failed(&self, error: &io::Error) -> End {
        failed(error, &self.name)
    }
}

/// Whether times have more than microseconds.
fn is_fine(resolution: Resolution) -> bool {
    resolution != Resolution::MICROSECONDS
}
