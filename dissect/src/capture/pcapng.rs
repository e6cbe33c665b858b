//! pcapng files: sections of blocks (draft-ietf-opsawg-pcapng).

use std::io::Read;

use super::damage::Kind;
use super::packet::Record;
use super::pcap::short;
use super::time::Resolution;
use super::window::{WINDOW, Window};
use super::{BLOCK_LIMIT, ByteOrder, INTERFACE_LIMIT, LinkType, OPTIONS_LIMIT, Options, PACKET_LIMIT, Time};

/// Block types.
pub mod block {
    /// Section Header Block.
    pub const SECTION: u32 = 0x0a0d_0d0a;
    /// Interface Description Block.
    pub const INTERFACE: u32 = 1;
    /// Packet Block, which the Enhanced Packet Block replaced.
    pub const OLD_PACKET: u32 = 2;
    /// Simple Packet Block.
    pub const SIMPLE_PACKET: u32 = 3;
    /// Name Resolution Block.
    pub const NAMES: u32 = 4;
    /// Interface Statistics Block.
    pub const STATISTICS: u32 = 5;
    /// Enhanced Packet Block.
    pub const PACKET: u32 = 6;
    /// Decryption Secrets Block.
    pub const SECRETS: u32 = 10;
    /// Custom Block that may be copied to another file.
    pub const CUSTOM: u32 = 0x0000_0bad;
    /// Custom Block that should not be copied to another file.
    pub const CUSTOM_NO_COPY: u32 = 0x4000_0bad;
}

/// Type and length before the body.
const HEAD: usize = 8;
/// Type, length, and the length again: the shortest block.
const FRAME: usize = 12;
/// Body of a section header without options.
const SECTION_BODY: usize = 16;
/// What a section header has for the byte order to be told.
pub(super) const BYTE_ORDER_MARK: u32 = 0x1a2b_3c4d;

/// Codes of options that reader or writer look at.
pub(super) mod option {
    pub(in crate::capture) const NAME: u16 = 2;
    pub(in crate::capture) const DESCRIPTION: u16 = 3;
    pub(in crate::capture) const RESOLUTION: u16 = 9;
    pub(in crate::capture) const FILTER: u16 = 11;
    pub(in crate::capture) const OS: u16 = 12;
    pub(in crate::capture) const FCS_LENGTH: u16 = 13;
    pub(in crate::capture) const TIME_OFFSET: u16 = 14;
    pub(in crate::capture) const HARDWARE: u16 = 15;
    pub(in crate::capture) const SPEED: u16 = 8;
    pub(in crate::capture) const TIME_ZONE: u16 = 10;
    pub(in crate::capture) const EPB_PACKET_ID: u16 = 5;
    pub(in crate::capture) const EPB_QUEUE: u16 = 6;
    pub(in crate::capture) const SECTION_HARDWARE: u16 = 2;
    pub(in crate::capture) const SECTION_OS: u16 = 3;
    pub(in crate::capture) const SECTION_APPLICATION: u16 = 4;
}

/// What a section header says.
#[derive(Clone, Debug)]
pub struct Section {
    /// Its place in the file, from 0.
    pub number: u32,
    /// The byte order of its numbers.
    pub order: ByteOrder,
    /// Major and minor version.
    pub version: (u16, u16),
    /// Bytes from the end of the section header to the next one, where the file says.
    pub length: Option<u64>,
    options: Box<[u8]>,
}

impl Section {
    /// Its options.
    pub fn options(&self) -> Options<'_> {
        Options::new(&self.options, self.order)
    }

    /// The machine that captured.
    pub fn hardware(&self) -> Option<&[u8]> {
        self.options().find(option::SECTION_HARDWARE)
    }

    /// The operating system that captured.
    pub fn os(&self) -> Option<&[u8]> {
        self.options().find(option::SECTION_OS)
    }

    /// The program that wrote the file.
    pub fn application(&self) -> Option<&[u8]> {
        self.options().find(option::SECTION_APPLICATION)
    }
}

/// Where packets were captured.
#[derive(Clone, Debug)]
pub struct Interface {
    /// Its place in the file, from 0, over all sections.
    pub number: u32,
    /// The section that describes it, from 0.
    pub section: u32,
    /// Its place in its section, from 0.
    pub id: u32,
    /// What its packets begin with.
    pub link: LinkType,
    /// Bytes kept of a packet; 0 means all.
    pub snap_length: u32,
    /// How long a tick of its clock is.
    pub resolution: Resolution,
    /// Seconds to add to its times.
    pub time_offset: i64,
    /// Bytes of the frame check sequence at the end of its packets, where the file says.
    pub fcs_length: Option<u8>,
    order: ByteOrder,
    options: Box<[u8]>,
}

impl Interface {
    /// An interface by hand: number 0, nanoseconds, no options.
    pub fn new(link: LinkType) -> Self {
        Interface {
            number: 0,
            section: 0,
            id: 0,
            link,
            snap_length: 0,
            resolution: Resolution::NANOSECONDS,
            time_offset: 0,
            fcs_length: None,
            order: ByteOrder::Little,
            options: Box::default(),
        }
    }

    /// The byte order of its section.
    pub fn order(&self) -> ByteOrder {
        self.order
    }

    /// Its options. Text need not be UTF-8.
    pub fn options(&self) -> Options<'_> {
        Options::new(&self.options, self.order)
    }

    /// Its name, as `eth0`.
    pub fn name(&self) -> Option<&[u8]> {
        self.options().find(option::NAME)
    }

    /// What it is, in words.
    pub fn description(&self) -> Option<&[u8]> {
        self.options().find(option::DESCRIPTION)
    }

    /// The hardware behind it.
    pub fn hardware(&self) -> Option<&[u8]> {
        self.options().find(option::HARDWARE)
    }

    /// The operating system it belongs to.
    pub fn os(&self) -> Option<&[u8]> {
        self.options().find(option::OS)
    }

    /// The capture filter as text, if it is given as text.
    pub fn filter(&self) -> Option<&[u8]> {
        match self.options().find(option::FILTER)?.split_first()? {
            (0, text) => Some(text),
            _ => None,
        }
    }

    fn parse(body: &[u8], order: ByteOrder, keep: bool) -> Option<Self> {
        let options = body.get(8..)?;
        let mut interface = Interface {
            link: LinkType(order.u16_at(body, 0)?),
            snap_length: order.u32_at(body, 4)?,
            resolution: Resolution::MICROSECONDS,
            order,
            options: if keep { options.into() } else { Box::default() },
            ..Interface::new(LinkType::NULL)
        };
        for option in Options::new(options, order) {
            match (option.code, option.value) {
                (option::RESOLUTION, &[byte, ..]) => interface.resolution = Resolution::new(byte),
                (option::FCS_LENGTH, &[length, ..]) => interface.fcs_length = Some(fcs_bytes(length)),
                (option::TIME_OFFSET, value) => {
                    if let Some(value) = value.first_chunk() {
                        interface.time_offset = order.u64(*value) as i64;
                    }
                }
                _ => {}
            }
        }
        Some(interface)
    }

    #[inline]
    fn time(&self, high: u32, low: u32) -> Time {
        let (seconds, nanos) = self.resolution.split((high as u64) << 32 | low as u64);
        Time::new(self.time_offset.saturating_add_unsigned(seconds), nanos)
    }
}

/// if_fcslen counts bits by the specification; some writers give bytes.
fn fcs_bytes(length: u8) -> u8 {
    if length < 8 { length } else { length / 8 }
}

/// Type and length of a block, and the byte order it begins or stands in.
#[derive(Clone, Copy)]
struct Head {
    kind: u32,
    length: u32,
    order: ByteOrder,
}

impl Head {
    #[inline]
    fn parse(bytes: &[u8], order: ByteOrder) -> Result<Head, Kind> {
        let &[k0, k1, k2, k3, l0, l1, l2, l3, m0, m1, m2, m3] =
            bytes.first_chunk::<FRAME>().unwrap_or(&[0; FRAME]);
        let kind = order.u32([k0, k1, k2, k3]);
        let mut head = Head { kind, length: order.u32([l0, l1, l2, l3]), order };
        if kind == block::SECTION {
            let mark = [m0, m1, m2, m3];
            head.order = if ByteOrder::Little.u32(mark) == BYTE_ORDER_MARK {
                ByteOrder::Little
            } else if ByteOrder::Big.u32(mark) == BYTE_ORDER_MARK {
                ByteOrder::Big
            } else {
                return Err(Kind::ByteOrder { found: mark });
            };
            head.length = head.order.u32([l0, l1, l2, l3]);
        }
        Ok(head)
    }

    /// Bytes up to the end of the body's padding. A few writers leave the padding out of the length.
    #[inline]
    fn total(self) -> Result<usize, Kind> {
        if self.length < FRAME as u32 || self.length > BLOCK_LIMIT {
            return Err(Kind::BlockLength { length: self.length });
        }
        Ok(self.length as usize)
    }
}

/// A block that was found.
#[derive(Clone, Copy, Debug)]
pub(super) enum Found {
    Packet(Record),
    Section,
    /// An interface and its place in the section.
    Interface(usize),
    /// Another block, with its type.
    Other(u32),
}

/// Something wrong, and how many bytes lead to the next block if that is known.
pub(super) struct Fault {
    pub(super) kind: Kind,
    pub(super) next: Option<usize>,
}

impl From<Kind> for Fault {
    fn from(kind: Kind) -> Fault {
        Fault { kind, next: None }
    }
}

/// What blocks before say about those that follow.
#[derive(Debug)]
pub(super) struct Framing {
    pub(super) section: Section,
    /// The interfaces of this section.
    pub(super) interfaces: Vec<Interface>,
    /// Sections begun so far.
    sections: u32,
    /// Interfaces of the sections before.
    pub(super) before: u32,
    /// Bytes of options kept for this section.
    kept: usize,
    /// The next block is taken although its second length is wrong: that was told.
    forgive: bool,
}

impl Framing {
    /// Framing for a file whose first block is yet to be read.
    pub(super) fn new() -> Self {
        let section = Section {
            number: 0,
            order: ByteOrder::Little,
            version: (1, 0),
            length: None,
            options: Box::default(),
        };
        Framing { section, interfaces: Vec::new(), sections: 0, before: 0, kept: 0, forgive: false }
    }

    /// True if these bytes begin a section.
    pub(super) fn is_section(bytes: &[u8]) -> bool {
        matches!(Head::parse(bytes, ByteOrder::Big), Ok(Head { kind: block::SECTION, .. }))
    }

    /// True once a section header was read.
    pub(super) fn begun(&self) -> bool {
        self.sections > 0
    }

    /// Finds the next block and says how long it is. Nothing is consumed.
    #[inline]
    pub(super) fn step<R: Read>(&mut self, window: &mut Window<R>) -> Result<Option<(Found, usize)>, Fault> {
        if !window.need(FRAME) {
            return Ok(short(window, FRAME)?);
        }
        let head = Head::parse(window.bytes(), self.section.order)?;
        let total = head.total()?;
        if !window.need(total) {
            return Ok(short(window, total)?);
        }
        let last = head.order.u32_at(window.bytes(), total - 4).unwrap_or(0);
        let total = if last == head.length && total.is_multiple_of(4) {
            total
        } else {
            self.mend(window, head, total)?
        };
        let body = window.bytes().get(HEAD..total - 4).unwrap_or_default();
        match self.block(head, body) {
            Ok(found) => Ok(Some((found, total))),
            Err(kind) => Err(Fault { kind, next: Some(total) }),
        }
    }

    /// Looks at a block whose length is no multiple of four or whose lengths differ.
    #[cold]
    fn mend<R: Read>(&mut self, window: &mut Window<R>, head: Head, total: usize) -> Result<usize, Fault> {
        let last = |window: &Window<R>, total: usize| head.order.u32_at(window.bytes(), total - 4);
        let padded = total.next_multiple_of(4);
        if padded != total && window.need(padded) && last(window, padded) == Some(head.length) {
            return Ok(padded);
        }
        let at_end = last(window, total);
        if at_end == Some(head.length) || std::mem::take(&mut self.forgive) {
            return Ok(total);
        }
        let kind = Kind::BlockEnd { first: head.length, last: at_end.unwrap_or(0) };
        // Where a block or the end of the file follows, the first length is the right one and the block is good.
        let right =
            if window.need(total + FRAME) { self.plausible(window, total) } else { window.left() == total };
        self.forgive = right;
        Err(Fault { kind, next: right.then_some(0) })
    }

    /// True if a known block with two equal lengths stands `at` bytes on.
    fn plausible<R: Read>(&self, window: &mut Window<R>, at: usize) -> bool {
        let Some(bytes) = window.bytes().get(at..) else { return false };
        let Ok(head) = Head::parse(bytes, self.section.order) else { return false };
        let least = match head.kind {
            block::SECTION => FRAME + SECTION_BODY,
            block::INTERFACE | block::SECRETS => FRAME + 8,
            block::OLD_PACKET | block::PACKET => FRAME + 20,
            block::SIMPLE_PACKET | block::NAMES | block::CUSTOM | block::CUSTOM_NO_COPY => FRAME + 4,
            block::STATISTICS => FRAME + 12,
            _ => return false,
        };
        match head.total() {
            Ok(total)
                if total >= least
                    && total.is_multiple_of(4)
                    && at + total <= BLOCK_LIMIT as usize + WINDOW =>
            {
                window.need(at + total)
                    && head.order.u32_at(window.bytes(), at + total - 4) == Some(head.length)
            }
            _ => false,
        }
    }

    /// Goes to the next place that looks like a block.
    pub(super) fn search<R: Read>(&self, window: &mut Window<R>) -> bool {
        window.consume(1);
        while window.need(FRAME) {
            if self.plausible(window, 0) {
                return true;
            }
            window.consume(1);
        }
        window.consume(window.left());
        false
    }

    #[inline]
    fn block(&mut self, head: Head, body: &[u8]) -> Result<Found, Kind> {
        match head.kind {
            block::PACKET | block::OLD_PACKET | block::SIMPLE_PACKET => {
                let first_or = |id: u32| self.interfaces.get(id as usize);
                packet(head.kind, body, head.order, self.interfaces.len() as u32, first_or).map(Found::Packet)
            }
            block::SECTION => self.begin_section(head, body),
            block::INTERFACE => self.add_interface(head, body),
            other => Ok(Found::Other(other)),
        }
    }

    #[cold]
    fn begin_section(&mut self, head: Head, body: &[u8]) -> Result<Found, Kind> {
        let order = head.order;
        let fields =
            (order.u16_at(body, 4), order.u16_at(body, 6), body.get(8..).and_then(|rest| rest.first_chunk()));
        let (Some(major), Some(minor), Some(length)) = fields else {
            return Err(too_short(head.kind, SECTION_BODY, body));
        };
        let options = body.get(SECTION_BODY..).unwrap_or_default();
        self.kept = if options.len() <= OPTIONS_LIMIT { options.len() } else { 0 };
        self.section = Section {
            number: self.sections,
            order,
            version: (major, minor),
            length: Some(order.u64(*length)).filter(|&length| length != u64::MAX),
            options: options.get(..self.kept).unwrap_or_default().into(),
        };
        self.sections = self.sections.saturating_add(1);
        self.before = self.before.saturating_add(self.interfaces.len() as u32);
        self.interfaces.clear();
        if major == 1 { Ok(Found::Section) } else { Err(Kind::Version { major, minor }) }
    }

    #[cold]
    fn add_interface(&mut self, head: Head, body: &[u8]) -> Result<Found, Kind> {
        let id = self.interfaces.len();
        if id >= INTERFACE_LIMIT {
            return Err(Kind::TooManyInterfaces);
        }
        let keep = self.kept.saturating_add(body.len()) <= OPTIONS_LIMIT;
        let Some(interface) = Interface::parse(body, head.order, keep) else {
            return Err(too_short(head.kind, 8, body));
        };
        if keep {
            self.kept += body.len();
        }
        self.interfaces.push(Interface {
            number: self.before.saturating_add(id as u32),
            section: self.section.number,
            id: id as u32,
            ..interface
        });
        Ok(Found::Interface(id))
    }

    /// True if the next packet's block is in these bytes, behind any other blocks.
    #[inline]
    pub(super) fn ready(&self, mut bytes: &[u8]) -> bool {
        let mut order = self.section.order;
        while bytes.len() >= FRAME {
            let Ok(head) = Head::parse(bytes, order) else { return false };
            let Some(rest) = head.total().ok().and_then(|total| bytes.get(total..)) else { return false };
            if matches!(head.kind, block::PACKET | block::OLD_PACKET | block::SIMPLE_PACKET) {
                return head.length.is_multiple_of(4);
            }
            order = head.order;
            bytes = rest;
        }
        false
    }
}

#[cold]
fn too_short(block: u32, needed: usize, body: &[u8]) -> Kind {
    Kind::BlockTooShort { block, needed: needed as u32, left: body.len() as u32 }
}

/// Reads a block with a packet: Enhanced Packet Block, Simple Packet Block or the old Packet Block.
#[inline]
pub(super) fn packet<'i>(
    kind: u32,
    body: &[u8],
    order: ByteOrder,
    known: u32,
    interface: impl FnOnce(u32) -> Option<&'i Interface>,
) -> Result<Record, Kind> {
    if kind == block::SIMPLE_PACKET {
        return simple_packet(body, order, known, interface(0));
    }
    let Some(&[i0, i1, i2, i3, h0, h1, h2, h3, l0, l1, l2, l3, c0, c1, c2, c3, o0, o1, o2, o3]) =
        body.first_chunk::<20>()
    else {
        return Err(too_short(kind, 20, body));
    };
    let (id, drops) = if kind == block::PACKET {
        (order.u32([i0, i1, i2, i3]), None)
    } else {
        // All ones say that the number of drops is not known.
        let drops = order.u16([i2, i3]);
        (u32::from(order.u16([i0, i1])), (drops != u16::MAX).then_some(drops))
    };
    let Some(interface) = interface(id) else {
        return Err(Kind::Interface { id, known });
    };
    let captured = order.u32([c0, c1, c2, c3]);
    let room = body.len() - 20;
    if captured as usize > room || captured > PACKET_LIMIT {
        return Err(Kind::PacketInBlock { captured, room: room as u32 });
    }
    let end = HEAD + body.len();
    Ok(Record {
        total: end + 4,
        data: HEAD + 20,
        captured: captured as usize,
        original: order.u32([o0, o1, o2, o3]),
        time: Some(interface.time(order.u32([h0, h1, h2, h3]), order.u32([l0, l1, l2, l3]))),
        link: interface.link,
        interface: Some(id as usize),
        fcs_length: interface.fcs_length,
        options: (HEAD + 20 + (captured as usize).next_multiple_of(4), end),
        order,
        drops,
    })
}

fn simple_packet(
    body: &[u8],
    order: ByteOrder,
    known: u32,
    interface: Option<&Interface>,
) -> Result<Record, Kind> {
    let Some(original) = order.u32_at(body, 0) else { return Err(too_short(block::SIMPLE_PACKET, 4, body)) };
    let Some(interface) = interface else { return Err(Kind::Interface { id: 0, known }) };
    let snapped = if interface.snap_length == 0 { original } else { original.min(interface.snap_length) };
    let room = body.len() - 4;
    if snapped as usize > room || snapped > PACKET_LIMIT {
        return Err(Kind::PacketInBlock { captured: snapped, room: room as u32 });
    }
    Ok(Record {
        total: HEAD + body.len() + 4,
        data: HEAD + 4,
        captured: snapped as usize,
        original,
        time: None,
        link: interface.link,
        interface: Some(0),
        fcs_length: interface.fcs_length,
        options: (0, 0),
        order,
        drops: None,
    })
}
