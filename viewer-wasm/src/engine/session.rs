//! A capture that is open: its index, what was learnt of it, and its packets as they are looked at.

use super::blocks::{Blocks, Slices};
use super::lines::{cell, lines};
use super::rules::Rules;
use super::store::Store;
use crate::message::{Capture, Find, Packet as Shown, Row, Source, TimeFormat};
use dissect::capture::{Compression, Error, Index, Packet, Reader, Spool, Time};
use dissect::filter::Work;
use dissect::format::{self, Clock, Text, Times};
use dissect::statistic::Statistics;
use dissect::{Dissection, Dissector, Filter, Line, Memory, Out, See, Tree};
use std::cell::Cell;
use std::io::{self, Read, Seek, SeekFrom};
use std::rc::Rc;

/// Bytes read at once while loading.
const LOADING: u64 = 4 << 20;
/// Bytes read at once of packets that are looked at again, and how many such blocks stay.
const REVISITING: (u64, usize) = (256 << 10, 16);
/// What a compressed capture may unpack to, in bytes: it stays in memory.
pub const UNPACKED_LIMIT: u64 = 1 << 30;
/// How many sentences on damage are kept.
const MOST_DAMAGE: usize = 1000;
/// How many packets are looked back at for one that has a time.
const LOOK_BACK: u64 = 1000;

/// A capture.
pub struct Session<F: Slices> {
    capture: Capture,
    /// Reads on, while the capture is loaded.
    reader: Option<Reader<Box<dyn Read>>>,
    index: Index,
    memory: Memory,
    bytes: Bytes<F>,
    first: Option<Time>,
    digits: usize,
    /// Bytes of a compressed file read so far.
    packed: Rc<Cell<u64>>,
    /// Damage beyond what is kept.
    more_damage: u64,
    eye: Eye,
}

/// Looks at packets; used again for each.
struct Eye {
    dissector: Rc<Dissector>,
    work: Work,
    tree: Tree,
    line: Line,
    text: Text,
    out: Out,
    buffer: Vec<u8>,
}

/// Where packets are read again.
enum Bytes<F: Slices> {
    File(Blocks<F>),
    Unpacked(Store),
}

/// Counts what is read.
struct Counted<R>(R, Rc<Cell<u64>>);

impl<F: Slices> Session<F> {
    /// Opens a capture and reads its header; [`load`](Session::load) reads its packets.
    ///
    /// # Errors
    /// A sentence: it is no capture, or packed in a way that can't be unpacked here.
    pub fn open(name: &str, file: &F, dissector: &Rc<Dissector>) -> Result<Session<F>, String> {
        let wrong = |error: Error| format!("{name}: {error}");
        let mut head = [0; 8];
        let peek = file.slice(0, file.size().min(8)).map_err(|error| wrong(error.into()))?;
        for (to, from) in head.iter_mut().zip(peek) {
            *to = from;
        }
        let loading = Blocks::new(file.clone(), LOADING, 1);
        let packed = Rc::new(Cell::new(0));
        let compression = Compression::of(&head);
        let (source, bytes): (Box<dyn Read>, _) = if compression.is_some() {
            let store = Store::new(UNPACKED_LIMIT);
            let spool = Spool::new(Counted(loading, packed.clone()), store.clone()).map_err(wrong)?;
            (Box::new(spool), Bytes::Unpacked(store))
        } else {
            let (block, most) = REVISITING;
            (Box::new(loading), Bytes::File(Blocks::new(file.clone(), block, most)))
        };
        let reader = Reader::new(source).map_err(wrong)?;
        if let (Some(_), Some(inner)) = (compression, reader.compression()) {
            return Err(format!("{name} is packed twice, inside with {inner}; unpack it first"));
        }
        let format = reader.format();
        let words = compression.map_or(format.to_string(), |compression| format!("{format}, {compression}"));
        let eye = Eye {
            dissector: dissector.clone(),
            work: Work::new(),
            tree: Tree::new(),
            line: Line::new(),
            text: Text::default(),
            out: Out::new(),
            buffer: Vec::new(),
        };
        Ok(Session {
            capture: Capture {
                name: name.to_owned(),
                format: words,
                size: file.size(),
                ..Capture::default()
            },
            index: reader.index(),
            reader: Some(reader),
            memory: eye.dissector.memory(),
            bytes,
            first: None,
            digits: format.digits(),
            packed,
            more_damage: 0,
            eye,
        })
    }
    /// Says before the first packet is read that reports will follow: on the one of this number, or on all.
    pub fn trace(&mut self, one: Option<u32>) {
        self.memory.trace(one);
    }
    /// What was learnt.
    pub fn memory(&self) -> &Memory {
        &self.memory
    }
    /// The dissector.
    pub fn dissector(&self) -> &Dissector {
        &self.eye.dissector
    }
    /// How long the capture lasts, in nanoseconds, by the times of its first and its last packet.
    pub fn duration(&self) -> i64 {
        let mut last = (1..=self.packets()).rev().take(LOOK_BACK as usize);
        let last = last.find_map(|number| self.index.summary(number)?.time);
        self.first.zip(last).and_then(|(first, last)| last.checked_since(first)).unwrap_or(0).max(0)
    }
    /// Hands a packet to a statistic, which sees what it and the packets before it brought, as in one pass.
    pub fn count(&mut self, number: u64, statistics: &mut Statistics, upto: u64) {
        if let Ok(packet) = self.index.read(&mut self.bytes, number, &mut self.eye.buffer) {
            statistics.packet(&self.eye.dissector, &See::with(&self.memory, upto), &packet);
        }
    }
    /// Reads and learns up to so many packets; whether there is more to read.
    pub fn load(&mut self, packets: usize) -> bool {
        let Some(reader) = &mut self.reader else { return false };
        for _ in 0..packets {
            match reader.next() {
                Some(Ok(packet)) => {
                    self.index.add(&packet);
                    self.eye.dissector.learn(&mut self.memory, &packet);
                    if self.first.is_none() {
                        self.first = packet.time;
                    }
                }
                Some(Err(damage)) if self.capture.damage.len() < MOST_DAMAGE => {
                    self.capture.damage.push(damage.to_string());
                }
                Some(Err(_)) => self.more_damage += 1,
                None => {
                    self.reader = None;
                    return false;
                }
            }
        }
        true
    }
    /// Whether packets are still to be read.
    pub fn loading(&self) -> bool {
        self.reader.is_some()
    }
    /// Reads no further packets.
    pub fn cancel(&mut self) {
        self.capture.cancelled |= self.reader.take().is_some();
    }
    /// How many packets there are so far.
    pub fn packets(&self) -> u64 {
        self.index.len()
    }
    /// Bytes of the file.
    pub fn size(&self) -> u64 {
        self.capture.size
    }
    /// Bytes of the file that were read so far.
    pub fn read(&self) -> u64 {
        match (&self.reader, &self.bytes) {
            (None, _) if !self.capture.cancelled => self.capture.size,
            (Some(reader), Bytes::File(_)) => reader.position(),
            _ => self.packed.get(),
        }
    }
    /// What is open.
    pub fn capture(&self) -> Capture {
        let mut capture = Capture { packets: self.packets(), ..self.capture.clone() };
        if self.more_damage > 0 {
            capture.damage.push(format!("the file is damaged at {} further places", self.more_damage));
        }
        capture
    }
    /// The rows of packets, as far as they are loaded, coloured by the rules, with further cells of these fields.
    pub fn rows(
        &mut self,
        numbers: impl Iterator<Item = u64>,
        time: TimeFormat,
        rules: &Rules,
        columns: &[String],
    ) -> Vec<Row> {
        let last = self.packets();
        numbers
            .take_while(|&number| number <= last)
            .map(|number| self.row(number, time, rules, columns))
            .collect()
    }
    fn row(&mut self, number: u64, format: TimeFormat, rules: &Rules, columns: &[String]) -> Row {
        let mut row = Row::default();
        let [time, source, destination, protocol, length, info] = &mut row.cells;
        *time = self.time(number, format);
        let Eye { dissector, tree, line, out, buffer, .. } = &mut self.eye;
        let packet = match self.index.read(&mut self.bytes, number, buffer) {
            Ok(packet) => packet,
            Err(damage) => {
                *info = format!("the packet can't be read again: {damage}");
                return row;
            }
        };
        let see = See::with(&self.memory, u64::MAX);
        if rules.is_empty() && columns.is_empty() {
            dissector.summarize(&see, &packet, line);
        } else {
            dissector.dissect_and_summarize(&see, &packet, tree, line);
            let dissection = Dissection { tree, packet: &packet };
            row.colour = rules.first(dissection);
            row.more = columns.iter().map(|name| cell(dissection, name, out)).collect();
        }
        let mut written = |write: &dyn Fn(&mut Out)| {
            out.clear();
            write(out);
            out.to_string_lossy()
        };
        *source = written(&|out| line.source.write(out));
        *destination = written(&|out| line.destination.write(out));
        line.protocol.clone_into(protocol);
        *length = packet.original.to_string();
        *info = line.info.to_string_lossy();
        row.comment = packet.options.comments().next().is_some();
        row
    }
    /// A packet's time column.
    fn time(&mut self, number: u64, format: TimeFormat) -> String {
        let times = match format {
            TimeFormat::Relative => Times::Relative,
            TimeFormat::Delta => Times::Delta,
            TimeFormat::DateUtc => Times::Date,
            TimeFormat::TimeUtc => Times::Day,
            TimeFormat::Epoch => Times::Epoch,
        };
        let time_of = |number| self.index.summary(number).and_then(|summary| summary.time);
        let Some(time) = time_of(number) else { return String::new() };
        let previous = match times {
            Times::Delta => (number.saturating_sub(LOOK_BACK).max(1)..number).rev().find_map(time_of),
            _ => None,
        };
        self.eye.out.clear();
        let clock = Clock { times, hms: false, digits: self.digits };
        clock.write(time, self.first.unwrap_or(time), previous.unwrap_or(time), 0, &mut self.eye.out);
        self.eye.out.to_string_lossy()
    }
    /// A packet's tree, and the bytes of its sources, one behind the other.
    ///
    /// # Errors
    /// A sentence: there is no such packet, or the file has changed.
    pub fn packet(&mut self, number: u64) -> Result<(Shown, Vec<u8>), String> {
        let Eye { dissector, tree, buffer, .. } = &mut self.eye;
        let packet = self.index.read(&mut self.bytes, number, buffer).map_err(|damage| damage.to_string())?;
        dissector.dissect(&See::with(&self.memory, u64::MAX), &packet, tree);
        let mut bytes = packet.bytes.to_vec();
        let mut sources = vec![Source { name: "Frame".to_owned(), len: packet.bytes.len() as u32 }];
        for source in tree.sources() {
            bytes.extend_from_slice(&source.bytes);
            sources.push(Source { name: source.name.to_owned(), len: source.bytes.len() as u32 });
        }
        let shown = Shown {
            number,
            lines: lines(Dissection { tree, packet: &packet }),
            sources,
            comments: comments(&packet),
        };
        Ok((shown, bytes))
    }
    /// Hands a packet on to be written.
    ///
    /// # Errors
    /// A sentence: it can't be read again, or not be written.
    pub fn write(
        &mut self,
        number: u64,
        write: impl FnOnce(&Packet<'_>) -> Result<(), String>,
    ) -> Result<(), String> {
        let packet = self.index.read(&mut self.bytes, number, &mut self.eye.buffer);
        write(&packet.map_err(|damage| format!("packet {number} can't be read again: {damage}"))?)
    }
    /// Whether something stands in a packet. A packet that can't be read holds nothing.
    pub fn holds(&mut self, number: u64, what: &Needle) -> bool {
        let Eye { dissector, work, tree, line, text, out, buffer } = &mut self.eye;
        let Ok(packet) = self.index.read(&mut self.bytes, number, buffer) else { return false };
        let see = See::with(&self.memory, u64::MAX);
        match what {
            Needle::Filter(filter) => filter.accepts(dissector, &see, &packet, work),
            Needle::Bytes(bytes) => memchr::memmem::find(packet.bytes, bytes).is_some(),
            Needle::Text(needle) => {
                dissector.dissect_and_summarize(&see, &packet, tree, line);
                out.clear();
                format::Summary::timed(&packet, line, |_| {}, out);
                text.packet(Dissection { tree, packet: &packet }, out);
                for comment in packet.options.comments() {
                    out.text(comment).byte(b'\n');
                }
                if needle.is_ascii() {
                    let lower = out.as_bytes().to_ascii_lowercase();
                    memchr::memmem::find(&lower, needle.as_bytes()).is_some()
                } else {
                    out.to_string_lossy().to_lowercase().contains(needle)
                }
            }
        }
    }
}

/// What to find, made ready.
#[derive(Debug)]
pub enum Needle {
    /// What a filter lets pass.
    Filter(Box<Filter>),
    /// Text in lower case.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
}

impl Needle {
    /// Makes it ready.
    ///
    /// # Errors
    /// A sentence: there is nothing to find, or the filter is not understood.
    pub fn new(what: &Find, dissector: &Dissector) -> Result<Needle, String> {
        match what {
            Find::Text(text) if text.is_empty() => Err("there is no text to find".to_owned()),
            Find::Bytes(bytes) if bytes.is_empty() => Err("there are no bytes to find".to_owned()),
            Find::Text(text) => Ok(Needle::Text(text.to_lowercase())),
            Find::Bytes(bytes) => Ok(Needle::Bytes(bytes.clone())),
            Find::Filter(text) if text.trim().is_empty() => Err("there is no filter to find by".to_owned()),
            Find::Filter(text) => match Filter::compile(dissector, text) {
                Ok(filter) => Ok(Needle::Filter(Box::new(filter))),
                Err(error) => Err(error.sentence),
            },
        }
    }
}

fn comments(packet: &Packet<'_>) -> Vec<String> {
    packet.options.comments().map(|comment| String::from_utf8_lossy(comment).into_owned()).collect()
}

impl<F: Slices> Read for Bytes<F> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Bytes::File(file) => file.read(buffer),
            Bytes::Unpacked(store) => store.read(buffer),
        }
    }
}

impl<F: Slices> Seek for Bytes<F> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match self {
            Bytes::File(file) => file.seek(to),
            Bytes::Unpacked(store) => store.seek(to),
        }
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.0.read(buffer)?;
        self.1.set(self.1.get() + read as u64);
        Ok(read)
    }
}
