//! Packets that outlive the reader's window.

use super::{ByteOrder, Interface, LinkType, Options, Packet, Time};

/// Interfaces looked through before one is kept a second time.
const NEAR: usize = 16;
/// Interfaces that stay when a batch is cleared.
const STAY: usize = 256;

/// Packets copied out of a reader's window, so that several can be looked at together or handed to another thread. It
/// is made to be cleared and filled again: then nothing is allocated.
///
/// ```
/// use dissect::capture::{Batch, LinkType, Packet};
///
/// let mut batch = Batch::default();
/// batch.push(&Packet::new(LinkType::ETHERNET, b"first"));
/// batch.push(&Packet { number: 2, ..Packet::new(LinkType::ETHERNET, b"second") });
/// assert_eq!(batch.packet(1).unwrap().bytes, b"second");
/// assert_eq!(batch.packets().map(|packet| packet.number).sum::<u64>(), 3);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Batch {
    entries: Vec<Entry>,
    bytes: Vec<u8>,
    interfaces: Vec<Interface>,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    number: u64,
    offset: u64,
    time: Option<Time>,
    before: Option<Time>,
    /// Start of the packet, and of its options, and their end.
    start: usize,
    options: usize,
    end: usize,
    interface: Option<u32>,
    original: u32,
    link: LinkType,
    drops: Option<u16>,
    order: ByteOrder,
    fcs_length: Option<u8>,
}

impl Batch {
    /// Number of packets.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// True if there is no packet.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Bytes of all packets and their options.
    pub fn bytes(&self) -> usize {
        self.bytes.len()
    }

    /// Takes all packets out and keeps the memory.
    pub fn clear(&mut self) {
        self.entries.clear();
        self.bytes.clear();
        if self.interfaces.len() > STAY {
            self.interfaces.clear();
        }
    }

    /// Appends a copy of a packet.
    pub fn push(&mut self, packet: &Packet<'_>) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(packet.bytes);
        let options = self.bytes.len();
        self.bytes.extend_from_slice(packet.options.bytes());
        let interface = packet.interface.map(|interface| self.interface(interface));
        self.entries.push(Entry {
            number: packet.number,
            offset: packet.offset,
            time: packet.time,
            before: packet.before,
            start,
            options,
            end: self.bytes.len(),
            interface,
            original: packet.original,
            link: packet.link,
            drops: packet.options.block_drops(),
            order: packet.options.order(),
            fcs_length: packet.fcs_length,
        });
    }

    fn interface(&mut self, interface: &Interface) -> u32 {
        let near = self.interfaces.iter().enumerate().rev().take(NEAR);
        let place =
            near.map(|(place, known)| (place, known.number)).find(|(_, number)| *number == interface.number);
        if let Some((place, _)) = place {
            return place as u32;
        }
        self.interfaces.push(interface.clone());
        self.interfaces.len() as u32 - 1
    }

    /// The packet at `place`, counted from 0.
    pub fn packet(&self, place: usize) -> Option<Packet<'_>> {
        self.entries.get(place).map(|entry| self.of(entry))
    }

    /// All packets, in the order in which they were appended.
    pub fn packets(&self) -> impl ExactSizeIterator<Item = Packet<'_>> {
        self.entries.iter().map(|entry| self.of(entry))
    }

    fn of(&self, entry: &Entry) -> Packet<'_> {
        let options = self.bytes.get(entry.options..entry.end).unwrap_or_default();
        Packet {
            number: entry.number,
            time: entry.time,
            before: entry.before,
            link: entry.link,
            bytes: self.bytes.get(entry.start..entry.options).unwrap_or_default(),
            original: entry.original,
            interface: entry.interface.and_then(|place| self.interfaces.get(place as usize)),
            options: Options::new(options, entry.order).with_drops(entry.drops),
            fcs_length: entry.fcs_length,
            offset: entry.offset,
        }
    }
}
