//! Capture files put together byte by byte, and readers that collect what comes out.

use dissect::capture::{Block, ByteOrder, Damage, LinkType, Packet, Reader, Time, pcapng::block};

pub(crate) const LITTLE: ByteOrder = ByteOrder::Little;
pub(crate) const BIG: ByteOrder = ByteOrder::Big;
pub(crate) const MICROSECONDS: u32 = 0xa1b2_c3d4;
pub(crate) const NANOSECONDS: u32 = 0xa1b2_3c4d;
pub(crate) const MODIFIED: u32 = 0xa1b2_cd34;

/// A number of `N` bytes.
fn number<const N: usize>(order: ByteOrder, little: [u8; N]) -> [u8; N] {
    let mut bytes = little;
    if order == BIG {
        bytes.reverse();
    }
    bytes
}

pub(crate) fn u16(order: ByteOrder, value: u16) -> [u8; 2] {
    number(order, value.to_le_bytes())
}

pub(crate) fn u32(order: ByteOrder, value: u32) -> [u8; 4] {
    number(order, value.to_le_bytes())
}

pub(crate) fn u64(order: ByteOrder, value: u64) -> [u8; 8] {
    number(order, value.to_le_bytes())
}

/// The header of a pcap file of version 2.4.
pub(crate) fn pcap(order: ByteOrder, magic: u32, snap_length: u32, network: u32) -> Vec<u8> {
    let mut file = u32(order, magic).to_vec();
    file.extend(u16(order, 2));
    file.extend(u16(order, 4));
    file.extend([0; 8]);
    file.extend(u32(order, snap_length));
    file.extend(u32(order, network));
    file
}

/// A record of a pcap file.
pub(crate) fn record(order: ByteOrder, time: (u32, u32), original: u32, bytes: &[u8]) -> Vec<u8> {
    let mut record = Vec::new();
    for word in [time.0, time.1, bytes.len() as u32, original] {
        record.extend(u32(order, word));
    }
    record.extend(bytes);
    record
}

/// A pcap file of Ethernet packets, a second apart.
pub(crate) fn plain_pcap(packets: &[&[u8]]) -> Vec<u8> {
    let mut file = pcap(LITTLE, MICROSECONDS, 65_535, 1);
    for (second, bytes) in (1_700_000_000..).zip(packets) {
        file.extend(record(LITTLE, (second, 5), bytes.len() as u32, bytes));
    }
    file
}

/// A pcapng file being put together.
#[derive(Clone)]
pub(crate) struct Ng {
    pub(crate) order: ByteOrder,
    pub(crate) file: Vec<u8>,
}

impl Ng {
    /// A file with a section header.
    pub(crate) fn new(order: ByteOrder) -> Self {
        Ng { order, file: Vec::new() }.section(order, &[])
    }

    pub(crate) fn option(&self, code: u16, value: &[u8]) -> Vec<u8> {
        let mut option = u16(self.order, code).to_vec();
        option.extend(u16(self.order, value.len() as u16));
        option.extend(value);
        option.resize(option.len().next_multiple_of(4), 0);
        option
    }

    pub(crate) fn block(mut self, kind: u32, body: &[u8]) -> Self {
        let padded = body.len().next_multiple_of(4);
        let total = u32(self.order, padded as u32 + 12);
        self.file.extend(u32(self.order, kind));
        self.file.extend(total);
        self.file.extend(body);
        self.file.resize(self.file.len() + padded - body.len(), 0);
        self.file.extend(total);
        self
    }

    pub(crate) fn section(mut self, order: ByteOrder, options: &[u8]) -> Self {
        self.order = order;
        let mut body = u32(order, 0x1a2b_3c4d).to_vec();
        body.extend(u16(order, 1));
        body.extend(u16(order, 0));
        body.extend([0xff; 8]);
        body.extend(options);
        self.block(block::SECTION, &body)
    }

    pub(crate) fn interface(self, link: u16, snap_length: u32, options: &[u8]) -> Self {
        let mut body = u16(self.order, link).to_vec();
        body.extend([0; 2]);
        body.extend(u32(self.order, snap_length));
        body.extend(options);
        self.block(block::INTERFACE, &body)
    }

    pub(crate) fn packet(self, interface: u32, ticks: u64, bytes: &[u8]) -> Self {
        self.packet_with(interface, ticks, bytes.len() as u32, bytes, &[])
    }

    pub(crate) fn packet_with(
        self,
        interface: u32,
        ticks: u64,
        original: u32,
        bytes: &[u8],
        options: &[u8],
    ) -> Self {
        let mut body = Vec::new();
        for word in [interface, (ticks >> 32) as u32, ticks as u32, bytes.len() as u32, original] {
            body.extend(u32(self.order, word));
        }
        body.extend(bytes);
        body.resize(body.len().next_multiple_of(4), 0);
        body.extend(options);
        self.block(block::PACKET, &body)
    }

    pub(crate) fn old_packet(
        self,
        interface: u16,
        drops: u16,
        ticks: u64,
        bytes: &[u8],
        options: &[u8],
    ) -> Self {
        let mut body = u16(self.order, interface).to_vec();
        body.extend(u16(self.order, drops));
        for word in [(ticks >> 32) as u32, ticks as u32, bytes.len() as u32, bytes.len() as u32] {
            body.extend(u32(self.order, word));
        }
        body.extend(bytes);
        body.resize(body.len().next_multiple_of(4), 0);
        body.extend(options);
        self.block(block::OLD_PACKET, &body)
    }

    pub(crate) fn simple(self, original: u32, bytes: &[u8]) -> Self {
        let mut body = u32(self.order, original).to_vec();
        body.extend(bytes);
        self.block(block::SIMPLE_PACKET, &body)
    }
}

/// A packet that owns what it has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Got {
    pub(crate) number: u64,
    pub(crate) time: Option<Time>,
    pub(crate) link: LinkType,
    pub(crate) bytes: Vec<u8>,
    pub(crate) original: u32,
    pub(crate) interface: Option<u32>,
    pub(crate) comments: Vec<Vec<u8>>,
    pub(crate) drops: Option<u64>,
    pub(crate) flags: Option<u32>,
    pub(crate) fcs_length: Option<u8>,
    pub(crate) offset: u64,
}

impl From<&Packet<'_>> for Got {
    fn from(packet: &Packet<'_>) -> Self {
        Got {
            number: packet.number,
            time: packet.time,
            link: packet.link,
            bytes: packet.bytes.to_vec(),
            original: packet.original,
            interface: packet.interface.map(|interface| interface.number),
            comments: packet.options.comments().map(<[u8]>::to_vec).collect(),
            drops: packet.options.drop_count(),
            flags: packet.options.flags().map(|flags| flags.0),
            fcs_length: packet.fcs_length,
            offset: packet.offset,
        }
    }
}

/// Reads a whole file.
pub(crate) fn read(file: &[u8]) -> (Vec<Got>, Vec<Damage>) {
    let mut reader = Reader::new(file).expect("the file is begun");
    let (mut packets, mut damages) = (Vec::new(), Vec::new());
    while let Some(next) = reader.next() {
        match next {
            Ok(packet) => packets.push(Got::from(&packet)),
            Err(damage) => damages.push(damage),
        }
    }
    assert!(reader.next().is_none(), "the end is the end");
    (packets, damages)
}

/// Reads a file without damage.
pub(crate) fn read_good(file: &[u8]) -> Vec<Got> {
    let (packets, damages) = read(file);
    assert_eq!(damages, []);
    packets
}

/// The types of the blocks of a file without damage.
pub(crate) fn kinds(file: &[u8]) -> Vec<u32> {
    let mut reader = Reader::new(file).expect("the file is begun");
    let mut kinds = Vec::new();
    while let Some(next) = reader.next_block() {
        kinds.push(match next.expect("no damage") {
            Block::Packet(_) => block::PACKET,
            Block::Section(_) => block::SECTION,
            Block::Interface(_) => block::INTERFACE,
            Block::Other(other) => other.kind,
        });
    }
    kinds
}
