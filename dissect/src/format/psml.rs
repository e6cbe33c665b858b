//! PSML: the summary's columns as XML, as tshark writes it.

use super::pdml::escape;
use crate::{Address, Line, Out, Packet};

/// The columns, in their order.
const TITLES: [&str; 7] = ["No.", "Time", "Source", "Destination", "Protocol", "Length", "Info"];

/// Writes the summary lines of packets as XML.
#[derive(Clone, Debug, Default)]
pub struct Psml {
    scratch: Out,
}

impl Psml {
    /// Writes what stands before the first packet.
    pub fn begin(&self, out: &mut Out) {
        out.str("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<psml version=\"0\" creator=\"sctpdump\">\n<structure>\n");
        for title in TITLES {
            out.str("<section>").str(title).str("</section>\n");
        }
        out.str("</structure>\n\n");
    }
    /// Writes a packet's columns; `time` writes that of its time.
    pub fn packet(&mut self, packet: &Packet<'_>, line: &Line, time: impl FnOnce(&mut Out), out: &mut Out) {
        out.str("<packet>\n<section>").dec(packet.number).str("</section>\n<section>");
        time(out);
        out.str("</section>\n<section>");
        self.address(&line.source, line, out);
        out.str("</section>\n<section>");
        self.address(&line.destination, line, out);
        out.str("</section>\n<section>").str(line.protocol);
        out.str("</section>\n<section>").dec(packet.original.into()).str("</section>\n<section>");
        self.scratch.clear();
        self.scratch.raw(line.info.as_bytes());
        escape(self.scratch.as_bytes(), out);
        out.str("</section>\n</packet>\n\n");
    }
    /// Writes an address; names have signs to escape.
    fn address(&mut self, address: &Address, line: &Line, out: &mut Out) {
        self.scratch.clear();
        line.write(address, &mut self.scratch);
        escape(self.scratch.as_bytes(), out);
    }
    /// Writes what stands behind the last packet.
    pub fn end(&self, out: &mut Out) {
        out.str("</psml>\n");
    }
}
