//! The reader of capture files.

use std::fmt;
use std::io::Read;

use super::compression::{Bound, Compression, Unpacked};
use super::damage::{Damage, Kind};
use super::packet::Record;
use super::pcapng::{Fault, Found};
use super::window::Window;
use super::{
    ByteOrder, Error, Index, Interface, LinkType, Packet, PcapFile, Section, Time, pcap, pcapng, snoop,
};
use crate::Names;

/// The format of a capture file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// An empty file: no packets.
    Empty,
    /// pcap with microseconds.
    Pcap,
    /// pcap with nanoseconds.
    PcapNanoseconds,
    /// pcap with the longer record header of a patched libpcap.
    PcapModified,
    /// pcapng.
    Pcapng,
    /// snoop.
    Snoop,
}

impl Format {
    /// How many digits behind the point its times are written with: 6 where it can say no more, else 9.
    pub fn digits(self) -> usize {
        if matches!(self, Format::Pcap | Format::PcapModified | Format::Snoop) { 6 } else { 9 }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Format::Empty => "empty",
            Format::Pcap => "pcap",
            Format::PcapNanoseconds => "pcap with nanoseconds",
            Format::PcapModified => "modified pcap",
            Format::Pcapng => "pcapng",
            Format::Snoop => "snoop",
        })
    }
}

/// What finds the records.
enum Framing {
    Empty,
    Pcap(pcap::Layout),
    Pcapng(Box<pcapng::Framing>),
    Snoop(snoop::Layout),
}

/// How to read a single record again.
#[derive(Clone, Copy, Debug)]
pub(super) enum Layout {
    Empty,
    Pcap(pcap::Layout),
    Pcapng,
    Snoop(snoop::Layout),
}

/// A block of a capture file. pcap and snoop files have packets only.
#[derive(Clone, Debug)]
pub enum Block<'a> {
    /// A packet.
    Packet(Packet<'a>),
    /// A section begins.
    Section(&'a Section),
    /// An interface is described.
    Interface(&'a Interface),
    /// Another block: names, statistics, secrets, a custom or unknown one.
    Other(RawBlock<'a>),
}

/// A block as it stands in the file.
#[derive(Clone, Copy, Debug)]
pub struct RawBlock<'a> {
    /// Its type; those with a name are in [`block`](pcapng::block).
    pub kind: u32,
    /// What is between its two lengths.
    pub body: &'a [u8],
    /// The byte order of its section.
    pub order: ByteOrder,
    /// Number of the first interface of its section. A statistics block names its interface counted from it.
    pub first_interface: u32,
    /// Offset in the file, after unpacking.
    pub offset: u64,
}

/// A block that was found and consumed: where it stands in the window and in the file.
struct Place {
    found: Found,
    at: usize,
    total: usize,
    offset: u64,
}

/// Reads the packets of a capture file one after the other, from anything that can be read: a file, a pipe, bytes.
///
/// A packet is returned as soon as its bytes are there. Memory does not grow with the input.
///
/// ```
/// use dissect::capture::{LinkType, Reader};
///
/// # let file: &[u8] = &[
/// #     0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 228, 0, 0, 0,
/// #     0, 0x65, 0x53, 0xf1, 5, 0, 0, 0, 2, 0, 0, 0, 60, 0, 0, 0, 0x45, 0,
/// #     0, 0x65, 0x53, 0xf1, 9, 0, 0, 0, 200, 0, 0, 0, 200, 0, 0, 0, 0x45, 0,
/// # ];
/// // `file` may be a `std::fs::File`; here it is a `&[u8]` with a packet and a cut one.
/// let mut reader = Reader::new(file)?;
/// let mut lengths = Vec::new();
/// while let Some(next) = reader.next() {
///     match next {
///         Ok(packet) => {
///             assert_eq!(packet.link, LinkType::IPV4);
///             lengths.push((packet.bytes.len(), packet.original));
///         }
///         Err(damage) => assert_eq!(damage.offset, 42, "{damage}"),
///     }
/// }
/// assert_eq!(lengths, [(2, 60)]);
/// # Ok::<(), dissect::capture::Error>(())
/// ```
pub struct Reader<R: Read> {
    window: Window<Unpacked<R>>,
    framing: Framing,
    format: Format,
    compression: Option<Compression>,
    number: u64,
    last: Option<Time>,
    /// The time of the packet before that one.
    before: Option<Time>,
    /// Where the names go that the file has.
    names: Option<Names>,
}

impl<R: Read> Reader<R> {
    /// Begins to read. It waits for the header of the file, not for packets. What is compressed unpacks within the usual
    /// [`Bound`].
    pub fn new(source: R) -> Result<Self, Error> {
        Reader::of(Unpacked::new(source)?)
    }

    /// [`new`](Reader::new), with a bound of one's own for what is compressed, or without any.
    pub fn bounded(source: R, bound: Option<Bound>) -> Result<Self, Error> {
        Reader::of(Unpacked::bounded(source, bound)?)
    }

    fn of(unpacked: Unpacked<R>) -> Result<Self, Error> {
        let compression = unpacked.compression();
        let mut window = Window::new(unpacked);
        let (framing, format) = open(&mut window)?;
        Ok(Reader { window, framing, format, compression, number: 0, last: None, before: None, names: None })
    }

    /// From now on puts the names that the file has into a table, as they are met.
    pub fn name_into(&mut self, names: Names) {
        self.names = Some(names);
    }

    /// The next packet; `None` at the end of the file. After damage it goes on with what can still be found.
    #[allow(
        clippy::should_implement_trait,
        reason = "the packet borrows from the reader, as no iterator's item can"
    )]
    #[inline]
    pub fn next(&mut self) -> Option<Result<Packet<'_>, Damage>> {
        // Nearly all packets are whole, usual and in the window: they take the short way.
        let quick = match &self.framing {
            Framing::Pcap(layout) => layout.quick(self.window.bytes()),
            Framing::Pcapng(framing) => framing.quick(self.window.bytes()),
            _ => None,
        };
        if let Some(record) = quick {
            self.number += 1;
            self.before = std::mem::replace(&mut self.last, record.time);
            let offset = self.window.offset();
            let at = self.window.consume(record.total);
            return Some(Ok(self.packet(&record, at, record.total, offset)));
        }
        self.next_slowly()
    }

    #[inline(never)]
    fn next_slowly(&mut self) -> Option<Result<Packet<'_>, Damage>> {
        loop {
            match self.advance()? {
                Ok(Place { found: Found::Packet(record), at, total, offset }) => {
                    return Some(Ok(self.packet(&record, at, total, offset)));
                }
                Ok(place) => self.hear(&place),
                Err(damage) => return Some(Err(damage)),
            }
        }
    }

    /// The next block, be it a packet or not; `None` at the end of the file. To keep all that a file has, read it with
    /// this instead of [`next`](Reader::next).
    pub fn next_block(&mut self) -> Option<Result<Block<'_>, Damage>> {
        let place = match self.advance()? {
            Ok(place) => place,
            Err(damage) => return Some(Err(damage)),
        };
        self.hear(&place);
        let Place { found, at, total, offset } = place;
        let raw = |kind, framing: &pcapng::Framing| {
            Block::Other(RawBlock {
                kind,
                body: self.window.slice(at + 8, total.saturating_sub(12)),
                order: framing.section.order,
                first_interface: framing.before,
                offset,
            })
        };
        // An interface may claim the number that custom blocks have as a link type; then it is a packet.
        let custom = |record: &Record| {
            let kind = record.order.u32_at(self.window.slice(at, 4), 0)?;
            matches!(kind, pcapng::block::CUSTOM | pcapng::block::CUSTOM_NO_COPY).then_some(kind)
        };
        Some(Ok(match (found, &self.framing) {
            (Found::Packet(record), Framing::Pcapng(framing)) if record.link == LinkType::CUSTOM_BLOCK => {
                match custom(&record) {
                    Some(kind) => raw(kind, framing),
                    None => Block::Packet(self.packet(&record, at, total, offset)),
                }
            }
            (Found::Packet(record), _) => Block::Packet(self.packet(&record, at, total, offset)),
            (Found::Section, Framing::Pcapng(framing)) => Block::Section(&framing.section),
            (Found::Interface(place), Framing::Pcapng(framing)) => {
                Block::Interface(framing.interfaces.get(place)?)
            }
            (Found::Other(kind), Framing::Pcapng(framing)) => raw(kind, framing),
            _ => return None,
        }))
    }

    /// Takes the names of a block, if they are wanted.
    fn hear(&self, place: &Place) {
        if let (true, Found::Other(pcapng::block::NAMES), Some(names), Framing::Pcapng(framing)) =
            (cfg!(feature = "names"), &place.found, &self.names, &self.framing)
        {
            let body = self.window.slice(place.at + 8, place.total.saturating_sub(12));
            names.records(body, framing.section.order);
        }
    }

    #[inline]
    fn packet(&self, record: &Record, at: usize, total: usize, offset: u64) -> Packet<'_> {
        let interface = match (&self.framing, record.interface) {
            (Framing::Pcapng(framing), Some(place)) => framing.interfaces.get(place),
            _ => None,
        };
        let packet = record.packet(self.window.slice(at, total), interface, self.number, offset);
        Packet { before: self.before, ..packet }
    }

    #[inline]
    fn advance(&mut self) -> Option<Result<Place, Damage>> {
        let window = &mut self.window;
        let step = match &mut self.framing {
            Framing::Pcap(layout) => layout.step(window).map(packet_found).map_err(Fault::from),
            Framing::Pcapng(framing) => framing.step(window),
            Framing::Snoop(layout) => layout.step(window).map(packet_found).map_err(Fault::from),
            Framing::Empty => return None,
        };
        match step {
            Ok(None) => None,
            Ok(Some((found, total))) => {
                let offset = self.window.offset();
                let at = self.window.consume(total);
                if let Found::Packet(record) = &found {
                    self.number += 1;
                    self.before = std::mem::replace(&mut self.last, record.time);
                }
                Some(Ok(Place { found, at, total, offset }))
            }
            Err(fault) => Some(Err(self.damage(fault))),
        }
    }

    /// Goes on behind what is wrong.
    #[cold]
    fn damage(&mut self, fault: Fault) -> Damage {
        let offset = self.window.offset();
        let window = &mut self.window;
        let found = match (fault.next, &self.framing) {
            (Some(next), _) => {
                window.consume(next);
                !window.done()
            }
            (None, Framing::Pcap(layout)) => layout.search(window, self.last),
            (None, Framing::Pcapng(framing)) => framing.search(window),
            (None, Framing::Snoop(layout)) => layout.search(window),
            (None, Framing::Empty) => false,
        };
        let resume = found.then(|| self.window.offset());
        Damage { kind: fault.kind, offset, packets: self.number, resume }
    }

    /// True when the next call of [`next`](Reader::next) may have to wait for its source: the moment to write out what
    /// was made of the packets so far.
    #[inline]
    pub fn about_to_read(&self) -> bool {
        let bytes = self.window.bytes();
        !match &self.framing {
            Framing::Pcap(layout) => layout.ready(bytes),
            Framing::Pcapng(framing) => framing.ready(bytes),
            Framing::Snoop(layout) => layout.ready(bytes),
            Framing::Empty => true,
        }
    }

    /// The format of the file.
    pub fn format(&self) -> Format {
        self.format
    }

    /// How the file is compressed.
    pub fn compression(&self) -> Option<Compression> {
        self.compression
    }

    /// Number of packets returned so far.
    pub fn packets(&self) -> u64 {
        self.number
    }

    /// Offset in the file, after unpacking, of what comes next.
    pub fn position(&self) -> u64 {
        self.window.offset()
    }

    /// The section of the last block; `None` in other formats than pcapng and before the first call of
    /// [`next`](Reader::next).
    pub fn section(&self) -> Option<&Section> {
        match &self.framing {
            Framing::Pcapng(framing) if framing.begun() => Some(&framing.section),
            _ => None,
        }
    }

    /// The interfaces that this section has described so far.
    pub fn interfaces(&self) -> &[Interface] {
        match &self.framing {
            Framing::Pcapng(framing) => &framing.interfaces,
            _ => &[],
        }
    }

    /// The link type of all packets; `None` in pcapng, where each interface has its own.
    pub fn link(&self) -> Option<LinkType> {
        match &self.framing {
            Framing::Pcap(layout) => Some(layout.link),
            Framing::Snoop(layout) => Some(layout.link),
            _ => None,
        }
    }

    /// Bytes kept of a packet by the header of the file, 0 for all; `None` where there is no such number.
    pub fn snap_length(&self) -> Option<u32> {
        match &self.framing {
            Framing::Pcap(layout) => Some(layout.snap_length),
            _ => None,
        }
    }

    /// What [`Writer::pcap`](super::Writer::pcap) needs to write a file like this one; `None` if this is no pcap file.
    pub fn pcap_file(&self) -> Option<PcapFile> {
        match &self.framing {
            Framing::Pcap(layout) => Some(layout.file()),
            _ => None,
        }
    }

    /// An empty index for the packets of this file.
    pub fn index(&self) -> Index {
        Index::new(match &self.framing {
            Framing::Empty => Layout::Empty,
            Framing::Pcap(layout) => Layout::Pcap(*layout),
            Framing::Pcapng(_) => Layout::Pcapng,
            Framing::Snoop(layout) => Layout::Snoop(*layout),
        })
    }
}

#[inline]
fn packet_found(record: Option<Record>) -> Option<(Found, usize)> {
    record.map(|record| (Found::Packet(record), record.total))
}

/// Tells the format and reads the header.
fn open<R: Read>(window: &mut Window<R>) -> Result<(Framing, Format), Error> {
    // Every format that is read has a header of 16 bytes or more.
    let whole = window.need(16);
    if let Some(Kind::Read { kind, message }) = window.failure() {
        return Err(Error::Read { kind, message });
    }
    if window.left() == 0 {
        return Ok((Framing::Empty, Format::Empty));
    }
    let mut found = [0; 16];
    for (to, from) in found.iter_mut().zip(window.bytes()) {
        *to = *from;
    }
    let [a, b, c, d, ..] = found;
    if let Some((_, nanoseconds, modified)) = pcap::Layout::magic([a, b, c, d]) {
        let layout = header(window, pcap::Layout::parse)?.ok_or(Error::Format { found })?;
        let format = match (nanoseconds, modified) {
            (_, true) => Format::PcapModified,
            (true, false) => Format::PcapNanoseconds,
            (false, false) => Format::Pcap,
        };
        return Ok((Framing::Pcap(layout), format));
    }
    if ByteOrder::Big.u32([a, b, c, d]) == pcapng::block::SECTION {
        if !whole {
            return Err(Error::Cut { needed: 28, left: window.left() });
        }
        if pcapng::Framing::is_section(window.bytes()) {
            return Ok((Framing::Pcapng(Box::new(pcapng::Framing::new())), Format::Pcapng));
        }
    }
    if found.starts_with(snoop::MAGIC) {
        let layout = header(window, snoop::Layout::parse)?.map_err(Error::SnoopLink)?;
        return Ok((Framing::Snoop(layout), Format::Snoop));
    }
    Err(Error::Format { found })
}

/// Reads a header of fixed length.
fn header<R: Read, const N: usize, T>(window: &mut Window<R>, parse: fn(&[u8; N]) -> T) -> Result<T, Error> {
    if !window.need(N)
        && let Some(Kind::Read { kind, message }) = window.failure()
    {
        return Err(Error::Read { kind, message });
    }
    let value = window.bytes().first_chunk::<N>().map(parse);
    let value = value.ok_or(Error::Cut { needed: N, left: window.left() })?;
    window.consume(N);
    Ok(value)
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;
    use crate::capture::{PACKET_LIMIT, WINDOW};

    /// Repeats a piece for a number of bytes behind a head.
    fn endless(head: Vec<u8>, piece: &[u8], length: u64) -> impl Read {
        struct Repeat(Vec<u8>, usize);
        impl Read for Repeat {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                for to in &mut *buffer {
                    *to = self.0[self.1];
                    self.1 = (self.1 + 1) % self.0.len();
                }
                Ok(buffer.len())
            }
        }
        io::Cursor::new(head).chain(Repeat(piece.to_vec(), 0).take(length))
    }

    fn header() -> Vec<u8> {
        [&0xa1b2_c3d4u32.to_le_bytes()[..], &[2, 0, 4, 0], &[0; 8], &[0, 0, 4, 0, 1, 0, 0, 0]].concat()
    }

    #[test]
    fn memory_does_not_grow_with_the_input() {
        let record = [&[0; 8][..], &[200, 0, 0, 0, 200, 0, 0, 0], &[7; 200]].concat();
        let mut reader = Reader::new(endless(header(), &record, 216 * 50_000)).unwrap();
        let mut packets = 0;
        while let Some(next) = reader.next() {
            assert!(next.is_ok());
            packets += 1;
        }
        assert_eq!(packets, 50_000);
        assert_eq!(reader.window.memory(), WINDOW);
    }

    #[test]
    fn memory_does_not_grow_with_what_a_record_claims() {
        for claimed in [PACKET_LIMIT, PACKET_LIMIT + 1, u32::MAX] {
            let record = [&[0; 8][..], &claimed.to_le_bytes(), &claimed.to_le_bytes(), &[7; 100]].concat();
            let mut reader = Reader::new(endless(header(), &record, record.len() as u64)).unwrap();
            assert!(reader.next().unwrap().is_err());
            assert_eq!(reader.window.memory(), WINDOW);
        }
    }

    #[test]
    fn memory_has_a_limit_whatever_comes() {
        // Each word may be the type of a block and the length of another one.
        let section = [
            &[0x0a, 0x0d, 0x0d, 0x0a, 28, 0, 0, 0, 0x4d, 0x3c, 0x2b, 0x1a, 1, 0, 0, 0][..],
            &[0xff; 8],
            &[28, 0, 0, 0],
        ];
        let claimed = 1 << 20;
        let words = [6u32, claimed, 6, claimed - 4].map(u32::to_le_bytes).concat();
        let mut reader = Reader::new(endless(section.concat(), &words, u64::from(2 * claimed))).unwrap();
        while reader.next().is_some() {}
        // Two blocks are looked at together at most, and the window is twice as large for the sake of speed.
        assert!(reader.window.memory() <= 4 * claimed as usize + WINDOW);
    }

    #[test]
    fn a_packet_is_small() {
        assert!(size_of::<Packet<'_>>() <= 136, "{}", size_of::<Packet<'_>>());
        assert!(size_of::<Option<Result<Packet<'_>, Damage>>>() <= 144);
    }
}
