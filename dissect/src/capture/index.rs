//! Random access to packets that were read once.

use std::io::{Read, Seek, SeekFrom};

use super::damage::{Damage, Kind};
use super::packet::Record;
use super::reader::Layout;
use super::{BLOCK_LIMIT, ByteOrder, Interface, Packet, Time, pcapng};

/// Bits of an entry's place that are the offset; the others are the interface.
const OFFSET_BITS: u32 = 48;
const OFFSET_MASK: u64 = (1 << OFFSET_BITS) - 1;
/// The interface's place for packets without one, and for those whose interface is in the side table.
const NO_INTERFACE: u64 = 0xffff;
const OTHER_INTERFACE: u64 = 0xfffe;
/// The time of packets without one, and of those whose time is in the side table.
const NO_TIME: i64 = i64::MIN;
const OTHER_TIME: i64 = i64::MIN + 1;

/// Entries that are allocated at once: the index grows without being copied.
const SEGMENT: usize = 1 << 16;

/// Where a packet is and what its record says, in 24 bytes.
#[derive(Clone, Copy)]
struct Entry {
    place: u64,
    /// Nanoseconds since 1970.
    time: i64,
    captured: u32,
    original: u32,
}

const _: () = assert!(size_of::<Entry>() == 24);

/// Where the packets of a file are: built while they are read, then used to read any of them again.
///
/// An entry takes 24 bytes. The file itself is not kept: each call names it again.
///
/// ```
/// use std::io::Cursor;
///
/// use dissect::capture::Reader;
///
/// # let bytes: &[u8] = &[
/// #     0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 228, 0, 0, 0,
/// #     0, 0x65, 0x53, 0xf1, 5, 0, 0, 0, 2, 0, 0, 0, 60, 0, 0, 0, 0x45, 0,
/// #     0, 0x65, 0x53, 0xf1, 9, 0, 0, 0, 2, 0, 0, 0, 60, 0, 0, 0, 0x45, 0xb8,
/// # ];
/// let mut file = Cursor::new(bytes);
/// let mut reader = Reader::new(&mut file)?;
/// let mut index = reader.index();
/// while let Some(Ok(packet)) = reader.next() {
///     index.add(&packet);
/// }
///
/// let mut buffer = Vec::new();
/// let second = index.read(&mut file, 2, &mut buffer)?;
/// assert_eq!(second.bytes, [0x45, 0xb8]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// A compressed file has no random access: unpack it into a [`Spool`](super::Spool) first.
pub struct Index {
    layout: Layout,
    /// All segments but the last are full.
    segments: Vec<Vec<Entry>>,
    /// Interfaces in the order in which packets named them.
    interfaces: Vec<Interface>,
    /// The place in `interfaces` by the interface's number in the file.
    places: hashbrown::HashMap<u32, u32>,
    /// Interfaces of packets whose entries have no room for them.
    far_interfaces: hashbrown::HashMap<u64, u32>,
    /// Times of packets beyond the 292 years around 1970.
    far_times: hashbrown::HashMap<u64, Time>,
}

/// What an index knows of a packet without reading it.
#[derive(Clone, Copy, Debug)]
pub struct Summary<'a> {
    /// Offset of its record or block in the file.
    pub offset: u64,
    /// When it was captured.
    pub time: Option<Time>,
    /// Bytes that were captured.
    pub captured: u32,
    /// Its length on the wire.
    pub original: u32,
    /// Where it was captured.
    pub interface: Option<&'a Interface>,
}

/// The byte order of a custom block, which has no interface to tell it, by its type.
fn custom_order(head: &[u8]) -> Option<ByteOrder> {
    let custom = [pcapng::block::CUSTOM, pcapng::block::CUSTOM_NO_COPY].map(Some);
    [ByteOrder::Little, ByteOrder::Big].into_iter().find(|order| custom.contains(&order.u32_at(head, 0)))
}

impl Index {
    pub(super) fn new(layout: Layout) -> Self {
        Index {
            layout,
            segments: Vec::new(),
            interfaces: Vec::new(),
            places: hashbrown::HashMap::new(),
            far_interfaces: hashbrown::HashMap::new(),
            far_times: hashbrown::HashMap::new(),
        }
    }

    /// Appends a packet. Packets get the numbers 1, 2, 3 … in the order in which they are added; the reader of this
    /// index must have returned them.
    pub fn add(&mut self, packet: &Packet<'_>) {
        let number = self.len() + 1;
        let interface = match packet.interface {
            None => NO_INTERFACE,
            Some(interface) => match self.place(interface) {
                place if u64::from(place) < OTHER_INTERFACE => place.into(),
                place => {
                    self.far_interfaces.insert(number, place);
                    OTHER_INTERFACE
                }
            },
        };
        let time = match packet.time {
            None => NO_TIME,
            Some(time) => match time.checked_since(Time::new(0, 0)) {
                Some(nanoseconds) if nanoseconds > OTHER_TIME => nanoseconds,
                _ => {
                    self.far_times.insert(number, time);
                    OTHER_TIME
                }
            },
        };
        let entry = Entry {
            place: packet.offset & OFFSET_MASK | interface << OFFSET_BITS,
            time,
            captured: packet.bytes.len() as u32,
            original: packet.original,
        };
        if self.segments.last().is_none_or(|segment| segment.len() == SEGMENT) {
            // The first segment grows: most captures are short.
            let room = if self.segments.is_empty() { 0 } else { SEGMENT };
            self.segments.push(Vec::with_capacity(room));
        }
        if let Some(segment) = self.segments.last_mut() {
            segment.push(entry);
        }
    }

    fn last(&self) -> Option<&Entry> {
        self.segments.last()?.last()
    }

    fn entry(&self, place: usize) -> Option<&Entry> {
        self.segments.get(place / SEGMENT)?.get(place % SEGMENT)
    }

    fn place(&mut self, interface: &Interface) -> u32 {
        if let Some(last) = self.last() {
            let place = last.place >> OFFSET_BITS;
            if self.interfaces.get(place as usize).is_some_and(|known| known.number == interface.number) {
                return place as u32;
            }
        }
        if let Some(place) = self.places.get(&interface.number) {
            return *place;
        }
        let place = self.interfaces.len() as u32;
        self.interfaces.push(interface.clone());
        self.places.insert(interface.number, place);
        place
    }

    /// Number of packets.
    pub fn len(&self) -> u64 {
        let full = self.segments.len().saturating_sub(1) as u64 * SEGMENT as u64;
        full + self.segments.last().map_or(0, |segment| segment.len() as u64)
    }

    /// True if there is no packet.
    pub fn is_empty(&self) -> bool {
        self.segments.is_empty()
    }

    /// The interfaces that packets named.
    pub fn interfaces(&self) -> &[Interface] {
        &self.interfaces
    }

    /// What is known of packet `number`, counted from 1.
    pub fn summary(&self, number: u64) -> Option<Summary<'_>> {
        let entry = self.entry(usize::try_from(number.checked_sub(1)?).ok()?)?;
        let interface = match entry.place >> OFFSET_BITS {
            NO_INTERFACE => None,
            OTHER_INTERFACE => {
                self.far_interfaces.get(&number).and_then(|place| self.interfaces.get(*place as usize))
            }
            place => self.interfaces.get(place as usize),
        };
        let time = match entry.time {
            NO_TIME => None,
            OTHER_TIME => self.far_times.get(&number).copied(),
            nanoseconds => Time::from_nanoseconds(nanoseconds.into()),
        };
        Some(Summary {
            offset: entry.place & OFFSET_MASK,
            time,
            captured: entry.captured,
            original: entry.original,
            interface,
        })
    }

    /// Reads packet `number`, counted from 1, from the file that was indexed. `buffer` is used for its bytes and may be
    /// used again and again.
    ///
    /// # Errors
    /// The number is beyond the last packet, the file cannot be read, or it has changed.
    pub fn read<'a, R: Read + Seek>(
        &'a self,
        file: &mut R,
        number: u64,
        buffer: &'a mut Vec<u8>,
    ) -> Result<Packet<'a>, Damage> {
        let Some(summary) = self.summary(number) else {
            let kind = Kind::Read {
                kind: std::io::ErrorKind::NotFound,
                message: format!("there is no packet {number}, the last is {}", self.len()),
            };
            return Err(Damage { kind, offset: 0, packets: self.len(), resume: None });
        };
        let failed = |kind| Damage { kind, offset: summary.offset, packets: number - 1, resume: None };
        let record = self.record(file, &summary, buffer).map_err(failed)?;
        if record.captured != summary.captured as usize {
            return Err(failed(Kind::PacketLength { length: record.captured as u32 }));
        }
        let before = number.checked_sub(1).and_then(|before| self.summary(before)?.time);
        Ok(Packet { before, ..record.packet(buffer, summary.interface, number, summary.offset) })
    }

    fn record<R: Read + Seek>(
        &self,
        file: &mut R,
        summary: &Summary<'_>,
        buffer: &mut Vec<u8>,
    ) -> Result<Record, Kind> {
        let read = |error: std::io::Error| Kind::Read { kind: error.kind(), message: error.to_string() };
        file.seek(SeekFrom::Start(summary.offset)).map_err(read)?;
        let mut head = [0; 24];
        let shortest = match self.layout {
            Layout::Pcapng => 8,
            Layout::Pcap(_) => 16,
            Layout::Snoop(_) | Layout::Empty => 24,
        };
        let first = head.get_mut(..shortest).unwrap_or_default();
        file.read_exact(first).map_err(read)?;
        let order = summary.interface.map(Interface::order).or_else(|| custom_order(first));
        let total = match self.layout {
            Layout::Pcapng => order
                .and_then(|order| order.u32_at(first, 4))
                .and_then(|length| (length as usize).checked_next_multiple_of(4)),
            Layout::Pcap(layout) => layout.record(first).map(|record| record.total),
            Layout::Snoop(layout) => layout.record(first).map(|record| record.total),
            Layout::Empty => None,
        };
        let mut total = total.unwrap_or(0);
        if total < shortest || total > BLOCK_LIMIT as usize + 24 {
            return Err(Kind::BlockLength { length: total as u32 });
        }
        buffer.clear();
        buffer.extend_from_slice(first);
        file.take((total - shortest) as u64).read_to_end(buffer).map_err(read)?;
        if let (Layout::Pcapng, Some(order)) = (self.layout, order) {
            // As the reader has it: a block whose length leaves out the padding has it, if its length stands behind that.
            let length = order.u32_at(buffer, 4).unwrap_or(0);
            if length as usize != total && order.u32_at(buffer, total - 4) != Some(length) {
                total = length as usize;
                buffer.truncate(total);
            }
        }
        if buffer.len() < total {
            return Err(Kind::Cut { needed: total as u64, left: buffer.len() as u64 });
        }
        let cut = || Kind::Cut { needed: total as u64, left: buffer.len() as u64 };
        match (self.layout, order) {
            (Layout::Pcap(layout), _) => layout.record(buffer).ok_or_else(cut),
            (Layout::Snoop(layout), _) => layout.record(buffer).ok_or_else(cut),
            (Layout::Pcapng, Some(order)) => {
                let kind = order.u32_at(buffer, 0).unwrap_or(0);
                let body = buffer.get(8..total.saturating_sub(4)).unwrap_or_default();
                pcapng::packet(kind, body, order, 1, |_| summary.interface)
            }
            _ => Err(cut()),
        }
    }
}
