//! pcapng files: sections of blocks (draft-ietf-opsawg-pcapng).

use std::io::Read;

use super::damage::Kind;
use super::packet::Record;
use super::pcap::short;
use super::section::SECTION_BODY;
use super::window::{WINDOW, Window};
use super::{
    BLOCK_LIMIT, ByteOrder, INTERFACE_LIMIT, Interface, LinkType, OPTIONS_LIMIT, PACKET_LIMIT, Section,
};

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
/// What a section header has for the byte order to be told.
pub(super) const BYTE_ORDER_MARK: u32 = 0x1a2b_3c4d;

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

    /// The length, if a block can have it.
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
        Framing {
            section: Section::unknown(),
            interfaces: Vec::new(),
            sections: 0,
            before: 0,
            kept: 0,
            forgive: false,
        }
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

    /// The next block, if it is an Enhanced Packet Block, all of it is in these bytes and nothing about it is unusual.
    #[inline]
    pub(super) fn quick(&self, bytes: &[u8]) -> Option<Record> {
        let order = self.section.order;
        let &[k0, k1, k2, k3, l0, l1, l2, l3] = bytes.first_chunk()?;
        let total = order.u32([l0, l1, l2, l3]);
        if order.u32([k0, k1, k2, k3]) != block::PACKET || total < FRAME as u32 || total > BLOCK_LIMIT {
            return None;
        }
        let (body, end) = bytes.get(HEAD..total as usize)?.split_last_chunk()?;
        if order.u32(*end) != total || !total.is_multiple_of(4) {
            return None;
        }
        packet(block::PACKET, body, order, 0, |id| self.interfaces.get(id as usize)).ok()
    }

    /// Looks at a block whose length is no multiple of four or whose lengths differ. A few writers leave the padding of
    /// the body out of the length.
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
                let interface = |id: u32| self.interfaces.get(id as usize);
                packet(head.kind, body, head.order, self.interfaces.len() as u32, interface)
                    .map(Found::Packet)
            }
            block::SECTION => self.begin_section(head, body),
            block::INTERFACE => self.add_interface(head, body),
            block::CUSTOM | block::CUSTOM_NO_COPY => custom(head.kind, body, head.order).map(Found::Packet),
            other => Ok(Found::Other(other)),
        }
    }

    #[cold]
    fn begin_section(&mut self, head: Head, body: &[u8]) -> Result<Found, Kind> {
        let Some(section) = Section::parse(body, head.order, self.sections) else {
            return Err(too_short(head.kind, SECTION_BODY, body));
        };
        let (major, minor) = section.version;
        self.section = section;
        self.kept = if body.len() <= OPTIONS_LIMIT { body.len() } else { 0 };
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
        let Some(mut interface) = Interface::parse(body, head.order, keep) else {
            return Err(too_short(head.kind, 8, body));
        };
        if keep {
            self.kept += body.len();
        }
        interface.number = self.before.saturating_add(id as u32);
        interface.section = self.section.number;
        interface.id = id as u32;
        self.interfaces.push(interface);
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
    match kind {
        block::SIMPLE_PACKET => return simple_packet(body, order, known, interface(0)),
        block::CUSTOM | block::CUSTOM_NO_COPY => return custom(kind, body, order),
        _ => {}
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

/// A custom block as a packet of [`LinkType::CUSTOM_BLOCK`].
fn custom(kind: u32, body: &[u8], order: ByteOrder) -> Result<Record, Kind> {
    if body.len() < 4 {
        return Err(too_short(kind, 4, body));
    }
    Ok(Record {
        total: HEAD + body.len() + 4,
        data: HEAD,
        captured: body.len(),
        original: body.len() as u32,
        time: None,
        link: LinkType::CUSTOM_BLOCK,
        interface: None,
        fcs_length: None,
        options: (0, 0),
        order,
        drops: None,
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
