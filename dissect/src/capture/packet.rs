//! A packet of a capture file.

use super::{ByteOrder, Interface, LinkType, Options, Time};

/// A packet as a capture file has it. Its bytes stand in the reader's window, they are not copied.
///
/// ```
/// use dissect::capture::{LinkType, Packet};
///
/// let packet = Packet::new(LinkType::ETHERNET, b"\x02\0\0\0\0\x01\x02\0\0\0\0\x02\x08\0");
/// assert_eq!(packet.original, 14);
/// let fifth = Packet { number: 5, ..packet };
/// assert_eq!(fifth.number, 5);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Packet<'a> {
    /// Its place in the capture, from 1.
    pub number: u64,
    /// When it was captured; `None` where the file does not say (Simple Packet Blocks).
    pub time: Option<Time>,
    /// When the packet before it in the capture was captured; `None` for the first, and where the file does not say.
    pub before: Option<Time>,
    /// What its bytes begin with.
    pub link: LinkType,
    /// The bytes that were captured.
    pub bytes: &'a [u8],
    /// Its length on the wire, as the file has it. It should not be less than `bytes.len()`, and sometimes is.
    pub original: u32,
    /// Where it was captured; `None` in files that do not say.
    pub interface: Option<&'a Interface>,
    /// The options of its block: comments, flags, drop count.
    pub options: Options<'a>,
    /// Bytes of the frame check sequence at the end of the packet, where the file says.
    pub fcs_length: Option<u8>,
    /// Offset of its record or block in the file, after unpacking.
    pub offset: u64,
}

impl<'a> Packet<'a> {
    /// A packet by hand: number 1, no time, not cut.
    pub fn new(link: LinkType, bytes: &'a [u8]) -> Self {
        Packet {
            number: 1,
            time: None,
            before: None,
            link,
            bytes,
            original: bytes.len() as u32,
            interface: None,
            options: Options::default(),
            fcs_length: None,
            offset: 0,
        }
    }

    /// True if the capture has fewer bytes than the wire had.
    pub fn is_cut(&self) -> bool {
        self.bytes.len() < self.original as usize
    }
}

/// A packet's record as the framing found it. Places count from the start of the record.
#[derive(Clone, Copy, Debug)]
pub(super) struct Record {
    /// Length of the whole record.
    pub(super) total: usize,
    /// Start of the packet.
    pub(super) data: usize,
    /// Length of the packet.
    pub(super) captured: usize,
    pub(super) original: u32,
    pub(super) time: Option<Time>,
    pub(super) link: LinkType,
    /// Place of the interface in its section.
    pub(super) interface: Option<usize>,
    pub(super) fcs_length: Option<u8>,
    /// Start and end of the options.
    pub(super) options: (usize, usize),
    pub(super) order: ByteOrder,
    pub(super) drops: Option<u16>,
}

impl Record {
    /// The packet of a record whose bytes are these.
    #[inline]
    pub(super) fn packet<'a>(
        &self,
        bytes: &'a [u8],
        interface: Option<&'a Interface>,
        number: u64,
        offset: u64,
    ) -> Packet<'a> {
        let part = |from: usize, to: usize| bytes.get(from..to).unwrap_or_default();
        let mut fcs_length = self.fcs_length;
        let mut options = Options::default();
        if self.options.0 < self.options.1 {
            options = Options::new(part(self.options.0, self.options.1), self.order);
            if let Some(length) = options.flags().and_then(super::Flags::fcs_length) {
                fcs_length = Some(length);
            }
        }
        Packet {
            number,
            time: self.time,
            before: None,
            link: self.link,
            bytes: part(self.data, self.data.saturating_add(self.captured)),
            original: self.original,
            interface,
            options: options.with_drops(self.drops),
            fcs_length,
            offset,
        }
    }
}
