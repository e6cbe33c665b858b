//! The main job: a capture's packets as lines, trees, JSON or PDML.

use crate::End;
use crate::args::{Decode, Output};
use crate::clock::Clock;
use crate::input::Input;
use crate::output::Stdout;
use crate::progress::Progress;
use dissect::capture::Format;
use dissect::{Dissection, Dissector, Line, Out, Packet, See, Tree, format};

/// Prints the packets of a capture.
pub(crate) fn run(decode: &Decode) -> Result<(), End> {
    let dissector = Dissector::default();
    for name in &decode.only {
        if !dissector.protocols().iter().any(|protocol| protocol.name == name) {
            return Err(End::Usage(format!(
                "-O {name}: no protocol has this name; sctpdump fields lists what there is"
            )));
        }
    }
    let mut input = Input::open(decode.file())?;
    let mut stdout = Stdout::new();
    let mut printer = Printer::new(decode, &dissector);
    let mut damaged = false;
    printer.begin(&mut stdout.out);
    let progress = Progress::new(&input);
    let mut left = decode.count.unwrap_or(u64::MAX);
    while left > 0 {
        if input.reader.about_to_read() {
            stdout.flush()?;
        }
        let micro = matches!(input.reader.format(), Format::Pcap | Format::PcapModified | Format::Snoop);
        match input.reader.next() {
            None => break,
            Some(Ok(packet)) => {
                progress.at(&packet);
                printer.packet(&packet, if micro { 6 } else { 9 }, &mut stdout.out);
                stdout.settle()?;
                left -= 1;
            }
            Some(Err(damage)) => {
                stdout.flush()?;
                progress.say(&format!("sctpdump: {}: {damage}", input.name));
                damaged = true;
            }
        }
    }
    printer.end(&mut stdout.out);
    stdout.flush()?;
    if damaged { Err(End::Damaged) } else { Ok(()) }
}

/// What is made of each packet.
struct Printer<'a> {
    decode: &'a Decode,
    dissector: &'a Dissector,
    clock: Clock,
    time: Out,
    tree: Tree,
    line: Line,
    /// Whether a summary line is wanted, and a tree.
    wants: (bool, bool),
}

impl<'a> Printer<'a> {
    fn new(decode: &'a Decode, dissector: &'a Dissector) -> Printer<'a> {
        let tree = decode.verbose || !decode.only.is_empty() || decode.output != Output::Text;
        let summary = decode.output == Output::Text && (decode.summary || !(tree || decode.hex));
        Printer {
            decode,
            dissector,
            clock: Clock::new(decode.time, decode.seconds),
            time: Out::new(),
            tree: Tree::new(),
            line: Line::new(),
            wants: (summary, tree || decode.hex),
        }
    }
    fn begin(&mut self, out: &mut Out) {
        if self.decode.output == Output::Pdml {
            format::pdml_header(out);
        }
    }
    fn packet(&mut self, packet: &Packet<'_>, digits: usize, out: &mut Out) {
        let see = See::alone();
        match self.wants {
            (true, false) => self.dissector.summarize(&see, packet, &mut self.line),
            (false, _) => self.dissector.dissect(&see, packet, &mut self.tree),
            (true, true) => {
                self.dissector.dissect_and_summarize(&see, packet, &mut self.tree, &mut self.line)
            }
        }
        let dissection = Dissection { tree: &self.tree, packet };
        self.time.clear();
        self.clock.write(packet, digits, &mut self.time);
        if self.wants.0 {
            out.dec(packet.number).byte(b' ').raw(self.time.as_bytes()).byte(b' ');
            self.line.source.write(out);
            out.str(" → ");
            self.line.destination.write(out);
            out.byte(b' ').str(self.line.protocol).byte(b' ').dec(packet.original.into()).byte(b' ');
            out.raw(self.line.info.as_bytes()).byte(b'\n');
        }
        match self.decode.output {
            Output::Pdml => format::pdml_packet(dissection, out),
            _ if self.wants.1 => {
                format::text_tree(dissection, out);
                out.byte(b'\n');
            }
            _ => {}
        }
    }
    fn end(&mut self, out: &mut Out) {
        if self.decode.output == Output::Pdml {
            format::pdml_footer(out);
        }
    }
}
