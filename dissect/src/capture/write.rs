//! Writes capture files, pcap and pcapng.
//!
//! [`pcap_file`] writes the headers and the frames of blocks. What is in them is laid out here, so that options are
//! written as they were read.

use std::borrow::Cow;
use std::io::{self, Write};

use hashbrown::HashMap;
use pcap_file::pcap::PcapHeader;
use pcap_file::pcapng::blocks::section_header::SectionHeaderBlock;
use pcap_file::pcapng::blocks::unknown::UnknownBlock;
use pcap_file::pcapng::{Block as Written, PcapNgWriter, RawBlock as Raw};
use pcap_file::{DataLink, Endianness, PcapError, TsResolution};

use super::options::{EPB_DROP_COUNT, EPB_FLAGS};
use super::pcapng::{BYTE_ORDER_MARK, block};
use super::section::option;
use super::{
    Block, ByteOrder, Interface, LinkType, Options, PACKET_TRUSTED, Packet, RawBlock, Resolution, Section,
};

/// What a pcap file says about all its packets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PcapFile {
    /// What the packets begin with.
    pub link: LinkType,
    /// Bytes kept of a packet.
    pub snap_length: u32,
    /// Whether times have nanoseconds; they are cut to microseconds otherwise.
    pub nanoseconds: bool,
    /// The byte order of numbers.
    pub order: ByteOrder,
    /// Bytes of the frame check sequence at the end of each packet, if that shall be said.
    pub fcs_length: Option<u8>,
}

impl PcapFile {
    /// Microseconds, packets of any length, the least significant byte first.
    pub fn new(link: LinkType) -> Self {
        PcapFile {
            link,
            snap_length: PACKET_TRUSTED,
            nanoseconds: false,
            order: ByteOrder::Little,
            fcs_length: None,
        }
    }
}

/// Writes a capture file to anything that can be written. Give it a [`BufWriter`](io::BufWriter): it writes field by
/// field.
///
/// To copy a file with all it has, hand on every block. To write some packets of it, hand on the packets: what they
/// need of sections and interfaces is written with them.
///
/// ```
/// use dissect::capture::{ByteOrder, LinkType, Packet, Reader, Time, Writer};
///
/// let mut writer = Writer::pcapng(Vec::new(), ByteOrder::Little);
/// let packet = Packet::new(LinkType::IPV4, &[0x45, 0, 0, 20]);
/// writer.packet(&Packet { time: Some(Time::new(1_700_000_000, 123_456_789)), original: 20, ..packet })?;
/// let file = writer.finish()?;
///
/// let mut reader = Reader::new(&file[..])?;
/// let packet = reader.next().unwrap()?;
/// assert_eq!((packet.bytes, packet.original), (&[0x45, 0, 0, 20][..], 20));
/// assert_eq!(packet.time, Some(Time::new(1_700_000_000, 123_456_789)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Writer<W: Write> {
    out: Out<W>,
    /// The block being laid out.
    body: Vec<u8>,
}

enum Out<W: Write> {
    Pcap(W, PcapFile),
    Pcapng(Sections<W>),
}

/// A pcapng file and the interfaces that were written to its section.
struct Sections<W: Write> {
    state: State<W>,
    order: ByteOrder,
    written: u32,
    /// Interfaces by their number in the file they come from.
    interfaces: HashMap<u32, u32>,
    /// Interfaces made for packets without one, by link type and frame check sequence.
    links: HashMap<(LinkType, Option<u8>), u32>,
}

/// The first section header is written with the first block, unless one is handed on.
enum State<W: Write> {
    Waiting(W),
    Writing(PcapNgWriter<Gate<W>>),
    /// Writing a section header failed.
    Failed,
}

/// Drops what is written while it is shut. `PcapNgWriter` learns the byte order only from a section header that it
/// writes itself, and such a header takes no options that are not UTF-8.
struct Gate<W> {
    out: W,
    shut: bool,
}

impl<W: Write> Write for Gate<W> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        if self.shut { Ok(buffer.len()) } else { self.out.write(buffer) }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl<W: Write> Writer<W> {
    /// Begins a pcap file.
    pub fn pcap(mut out: W, file: PcapFile) -> io::Result<Self> {
        let header = PcapHeader {
            snaplen: file.snap_length,
            datalink: DataLink::from(u32::from(file.link.0) | super::pcap::fcs_bits(file.fcs_length)),
            ts_resolution: if file.nanoseconds {
                TsResolution::NanoSecond
            } else {
                TsResolution::MicroSecond
            },
            endianness: endianness(file.order),
            ..PcapHeader::default()
        };
        header.write_to(&mut out).map_err(failed)?;
        Ok(Writer { out: Out::Pcap(out, file), body: Vec::new() })
    }

    /// Begins a pcapng file. The byte order holds until a section header is handed on.
    pub fn pcapng(out: W, order: ByteOrder) -> Self {
        let sections = Sections {
            state: State::Waiting(out),
            order,
            written: 0,
            interfaces: HashMap::new(),
            links: HashMap::new(),
        };
        Writer { out: Out::Pcapng(sections), body: Vec::new() }
    }

    /// Writes a block. A pcap file takes packets and leaves the rest.
    pub fn write(&mut self, block: &Block<'_>) -> io::Result<()> {
        match block {
            Block::Packet(packet) => self.packet(packet),
            Block::Section(section) => self.section(section),
            Block::Interface(interface) => self.interface(interface),
            Block::Other(block) => self.block(block),
        }
    }

    /// Writes a packet. A packet without a time gets the time 0 where the format wants one.
    ///
    /// # Errors
    /// The link type is not that of a pcap file, or the time has no room in the format.
    pub fn packet(&mut self, packet: &Packet<'_>) -> io::Result<()> {
        match &mut self.out {
            Out::Pcap(out, file) => {
                if packet.link != file.link {
                    return Err(invalid(format!(
                        "packet {} is {}, the pcap file is {}; a pcapng file can have both",
                        packet.number, packet.link, file.link
                    )));
                }
                let time = packet.time.unwrap_or_default();
                let seconds = u32::try_from(time.seconds()).map_err(|_| {
                    invalid(format!("the time {time} of packet {} has no room in a pcap file", packet.number))
                })?;
                let fraction = if file.nanoseconds { time.nanos() } else { time.nanos() / 1000 };
                self.body.clear();
                for word in [seconds, fraction, length(packet.bytes)?, packet.original] {
                    self.body.extend(file.order.of_u32(word));
                }
                out.write_all(&self.body)?;
                out.write_all(packet.bytes)
            }
            Out::Pcapng(sections) => sections.packet(packet, &mut self.body),
        }
    }

    /// Begins a section with the byte order and options of another one.
    pub fn section(&mut self, section: &Section) -> io::Result<()> {
        match &mut self.out {
            Out::Pcap(..) => Ok(()),
            Out::Pcapng(sections) => sections.section(section.order, section.options(), &mut self.body),
        }
    }

    /// Says that what follows is from another file, whose interfaces are not those of the files before.
    pub fn next_source(&mut self) {
        if let Out::Pcapng(sections) = &mut self.out {
            sections.interfaces.clear();
        }
    }

    /// Describes an interface, if that was not done in this section.
    pub fn interface(&mut self, interface: &Interface) -> io::Result<()> {
        match &mut self.out {
            Out::Pcap(..) => Ok(()),
            Out::Pcapng(sections) => sections.interface(interface, &mut self.body).map(|_| ()),
        }
    }

    /// Writes a block of names, statistics, secrets or an unknown one as it is.
    ///
    /// # Errors
    /// Its section had another byte order: hand on the section's header before. Or it names an interface that was not
    /// handed on.
    pub fn block(&mut self, raw: &RawBlock<'_>) -> io::Result<()> {
        match &mut self.out {
            Out::Pcap(..) => Ok(()),
            Out::Pcapng(sections) => sections.block(raw, &mut self.body),
        }
    }

    /// Writes out what was given so far.
    pub fn flush(&mut self) -> io::Result<()> {
        match &mut self.out {
            Out::Pcapng(Sections { state: State::Failed, .. }) => Err(broken()),
            Out::Pcap(out, _) | Out::Pcapng(Sections { state: State::Waiting(out), .. }) => out.flush(),
            Out::Pcapng(Sections { state: State::Writing(writer), .. }) => writer.get_mut().flush(),
        }
    }

    /// Ends the file and gives back what it was written to.
    pub fn finish(self) -> io::Result<W> {
        let mut out = match self.out {
            Out::Pcap(out, _) => out,
            Out::Pcapng(mut sections) => {
                sections.begin()?;
                match sections.state {
                    State::Writing(writer) => writer.into_inner().out,
                    State::Waiting(out) => out,
                    State::Failed => return Err(broken()),
                }
            }
        };
        out.flush()?;
        Ok(out)
    }
}

impl<W: Write> Sections<W> {
    /// Writes a section header if none was written.
    fn begin(&mut self) -> io::Result<&mut PcapNgWriter<Gate<W>>> {
        if matches!(self.state, State::Waiting(_)) {
            self.section(self.order, Options::default(), &mut Vec::new())?;
        }
        match &mut self.state {
            State::Writing(writer) => Ok(writer),
            _ => Err(broken()),
        }
    }

    fn section(&mut self, order: ByteOrder, options: Options<'_>, body: &mut Vec<u8>) -> io::Result<()> {
        let mut gate = match std::mem::replace(&mut self.state, State::Failed) {
            State::Waiting(out) => Gate { out, shut: true },
            State::Writing(writer) => writer.into_inner(),
            State::Failed => return Err(broken()),
        };
        gate.shut = true;
        let header = SectionHeaderBlock { endianness: endianness(order), ..SectionHeaderBlock::default() };
        let mut writer = PcapNgWriter::with_section_header(gate, header).map_err(failed)?;
        writer.get_mut().shut = false;
        body.clear();
        body.extend(order.of_u32(BYTE_ORDER_MARK));
        body.extend(order.of_u16(1));
        body.extend(order.of_u16(0));
        // The length of the section is not known.
        body.extend([0xff; 8]);
        let start = body.len();
        push_options(body, options, order, |_| None);
        end_options(body, start);
        let block = UnknownBlock::new(block::SECTION, length(body)?, body);
        writer.write_block(&Written::Unknown(block)).map_err(failed)?;
        self.state = State::Writing(writer);
        self.order = order;
        self.written = 0;
        self.interfaces.clear();
        self.links.clear();
        Ok(())
    }

    fn interface(&mut self, interface: &Interface, body: &mut Vec<u8>) -> io::Result<u32> {
        if let Some(id) = self.interfaces.get(&interface.number) {
            return Ok(*id);
        }
        let id = self.describe(interface, body)?;
        self.interfaces.insert(interface.number, id);
        Ok(id)
    }

    fn describe(&mut self, interface: &Interface, body: &mut Vec<u8>) -> io::Result<u32> {
        let order = self.order;
        body.clear();
        body.extend(order.of_u16(interface.link.0));
        body.extend([0; 2]);
        body.extend(order.of_u32(interface.snap_length));
        let options = interface.options();
        let start = body.len();
        push_options(body, options, order, |code| match code {
            option::SPEED | option::TIME_OFFSET => Some(8),
            option::TIME_ZONE => Some(4),
            _ => None,
        });
        if interface.resolution != Resolution::MICROSECONDS && options.find(option::RESOLUTION).is_none() {
            push_option(body, order, option::RESOLUTION, &[interface.resolution.byte()]);
        }
        if interface.time_offset != 0 && options.find(option::TIME_OFFSET).is_none() {
            push_option(body, order, option::TIME_OFFSET, &order.of_u64(interface.time_offset as u64));
        }
        if let Some(length) = interface.fcs_length
            && options.find(option::FCS_LENGTH).is_none()
        {
            push_option(body, order, option::FCS_LENGTH, &[length.saturating_mul(8)]);
        }
        end_options(body, start);
        self.put(block::INTERFACE, body)?;
        let id = self.written;
        self.written += 1;
        Ok(id)
    }

    fn packet(&mut self, packet: &Packet<'_>, body: &mut Vec<u8>) -> io::Result<()> {
        self.begin()?;
        let mut made = Interface::new(packet.link);
        let (interface, id) = if let Some(interface) = packet.interface {
            (interface, self.interface(interface, body)?)
        } else {
            made.fcs_length = packet.fcs_length;
            let key = (packet.link, packet.fcs_length);
            let id = match self.links.get(&key) {
                Some(id) => *id,
                None => self.describe(&made, body)?,
            };
            self.links.insert(key, id);
            (&made, id)
        };
        let order = self.order;
        let captured = length(packet.bytes)?;
        body.clear();
        if packet.time.is_none()
            && id == 0
            && packet.options.is_empty()
            && captured == snapped(packet, interface)
        {
            body.extend(order.of_u32(packet.original));
            body.extend_from_slice(packet.bytes);
            return self.put(block::SIMPLE_PACKET, body);
        }
        let ticks = ticks(packet, interface)?;
        for word in [id, (ticks >> 32) as u32, ticks as u32, captured, packet.original] {
            body.extend(order.of_u32(word));
        }
        body.extend_from_slice(packet.bytes);
        pad(body);
        let start = body.len();
        push_options(body, packet.options, order, |code| match code {
            EPB_FLAGS | option::EPB_QUEUE => Some(4),
            EPB_DROP_COUNT | option::EPB_PACKET_ID => Some(8),
            _ => None,
        });
        if let Some(drops) = packet.options.block_drops() {
            push_option(body, order, EPB_DROP_COUNT, &order.of_u64(drops.into()));
        }
        end_options(body, start);
        self.put(block::PACKET, body)
    }

    fn block(&mut self, raw: &RawBlock<'_>, body: &mut Vec<u8>) -> io::Result<()> {
        self.begin()?;
        if raw.order != self.order {
            return Err(invalid(format!(
                "the block of type {} at offset {} is of another byte order than the section it would be written to",
                raw.kind, raw.offset
            )));
        }
        body.clear();
        body.extend_from_slice(raw.body);
        if let (block::STATISTICS, Some(place)) = (raw.kind, body.first_chunk_mut::<4>()) {
            let number = raw.first_interface.saturating_add(self.order.u32(*place));
            let id = self.interfaces.get(&number).ok_or_else(|| {
                invalid(format!("the statistics at offset {} are of an interface not written", raw.offset))
            })?;
            *place = self.order.of_u32(*id);
        }
        self.put(raw.kind, body)
    }

    fn put(&mut self, kind: u32, body: &mut Vec<u8>) -> io::Result<()> {
        pad(body);
        let total =
            length(body)?.checked_add(12).ok_or_else(|| invalid("the block is too long".to_owned()))?;
        let raw = Raw { type_: kind, initial_len: total, body: Cow::Borrowed(body), trailer_len: total };
        self.begin()?.write_raw_block(&raw).map_err(failed)?;
        Ok(())
    }
}

/// The length that a reader of a Simple Packet Block works out for the packet.
fn snapped(packet: &Packet<'_>, interface: &Interface) -> u32 {
    match interface.snap_length {
        0 => packet.original,
        snap_length => packet.original.min(snap_length),
    }
}

/// A packet's time in its interface's clock.
fn ticks(packet: &Packet<'_>, interface: &Interface) -> io::Result<u64> {
    let Some(time) = packet.time else { return Ok(0) };
    let nanoseconds = time.nanoseconds() - i128::from(interface.time_offset) * 1_000_000_000;
    let ticks =
        u128::try_from(nanoseconds).ok().and_then(|nanoseconds| interface.resolution.ticks(nanoseconds));
    ticks.ok_or_else(|| {
        invalid(format!("the time {time} of packet {} has no room in its interface's clock", packet.number))
    })
}

/// Options one after the other. Numbers are turned round where the byte orders differ; `number` gives their length.
fn push_options(
    body: &mut Vec<u8>,
    options: Options<'_>,
    order: ByteOrder,
    number: fn(u16) -> Option<usize>,
) {
    let turn = options.order() != order;
    for option in options {
        push_option(body, order, option.code, option.value);
        if turn && number(option.code) == Some(option.value.len()) {
            let start = body.len() - option.value.len();
            body.get_mut(start..).unwrap_or_default().reverse();
        }
    }
}

fn push_option(body: &mut Vec<u8>, order: ByteOrder, code: u16, value: &[u8]) {
    body.extend(order.of_u16(code));
    body.extend(order.of_u16(value.len() as u16));
    body.extend_from_slice(value);
    pad(body);
}

fn end_options(body: &mut Vec<u8>, start: usize) {
    if body.len() > start {
        body.extend([0; 4]);
    }
}

fn pad(body: &mut Vec<u8>) {
    body.resize(body.len().next_multiple_of(4), 0);
}

fn length(bytes: &[u8]) -> io::Result<u32> {
    u32::try_from(bytes.len()).map_err(|_| invalid("the packet is longer than 4 GiB".to_owned()))
}

fn endianness(order: ByteOrder) -> Endianness {
    match order {
        ByteOrder::Little => Endianness::Little,
        ByteOrder::Big => Endianness::Big,
    }
}

fn broken() -> io::Error {
    invalid("writing to this file failed before".to_owned())
}

fn invalid(message: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, message)
}

fn failed(error: PcapError) -> io::Error {
    match error {
        PcapError::IoError(error) => error,
        error => invalid(error.to_string()),
    }
}
