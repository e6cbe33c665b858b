//! pcap files: a header and a record for each packet.
//!
//! The format is described in draft-ietf-opsawg-pcap. Beyond it, files are read that carry nanoseconds, that have the
//! longer record header of a patched libpcap (the "modified" format), and that have their two lengths exchanged, as
//! versions before 2.3 had.

use std::io::Read;

use super::damage::Kind;
use super::packet::Record;
use super::window::Window;
use super::{ByteOrder, LinkType, PACKET_LIMIT, PACKET_TRUSTED, PcapFile, Time};

/// Length of the header of a file.
pub(super) const FILE_HEADER: usize = 24;

const MICROSECONDS: u32 = 0xa1b2_c3d4;
const NANOSECONDS: u32 = 0xa1b2_3c4d;
const MODIFIED: u32 = 0xa1b2_cd34;

/// Packets that a search accepts lie at most this many seconds from the last packet before the damage.
const SEARCH_SECONDS: u64 = 24 * 60 * 60;

/// Says that the upper four bits of the link type count the 16-bit words of the frame check sequence.
const FCS_PRESENT: u32 = 0x0400_0000;

/// The bits beside the link type that give the length of the frame check sequence.
pub(super) fn fcs_bits(length: Option<u8>) -> u32 {
    length.map_or(0, |length| FCS_PRESENT | u32::from(length / 2) << 28)
}

/// What the header of a file says about its records.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layout {
    pub(super) order: ByteOrder,
    pub(super) nanoseconds: bool,
    pub(super) modified: bool,
    /// Minor version, 4 everywhere but in museums.
    minor: u16,
    pub(super) link: LinkType,
    pub(super) snap_length: u32,
    fcs_length: Option<u8>,
}

/// The first 16 bytes of a record.
#[derive(Clone, Copy)]
struct Head {
    seconds: u32,
    fraction: u32,
    captured: u32,
    original: u32,
}

impl Layout {
    /// Byte order, nanoseconds and modified format, told by the first four bytes of a file.
    pub(super) fn magic(bytes: [u8; 4]) -> Option<(ByteOrder, bool, bool)> {
        for order in [ByteOrder::Little, ByteOrder::Big] {
            match order.u32(bytes) {
                MICROSECONDS => return Some((order, false, false)),
                NANOSECONDS => return Some((order, true, false)),
                MODIFIED => return Some((order, false, true)),
                _ => {}
            }
        }
        None
    }

    /// Reads the header of a file.
    pub(super) fn parse(bytes: &[u8; FILE_HEADER]) -> Option<Layout> {
        let (order, nanoseconds, modified) = Layout::magic(*bytes.first_chunk()?)?;
        let network = order.u32_at(bytes, 20)?;
        // The lower 26 bits are the link type, of which the registry uses 16.
        let link = u16::try_from(network & 0x03ff_ffff).unwrap_or(u16::MAX);
        Some(Layout {
            order,
            nanoseconds,
            modified,
            minor: order.u16_at(bytes, 6)?,
            link: LinkType(link),
            snap_length: order.u32_at(bytes, 16)?,
            fcs_length: (network & FCS_PRESENT != 0).then_some((network >> 28) as u8 * 2),
        })
    }

    /// What a file with the same header needs.
    pub(super) fn file(&self) -> PcapFile {
        PcapFile {
            link: self.link,
            snap_length: self.snap_length,
            nanoseconds: self.nanoseconds,
            order: self.order,
            fcs_length: self.fcs_length,
        }
    }

    #[inline]
    fn header_length(&self) -> usize {
        if self.modified { 24 } else { 16 }
    }

    #[inline]
    fn head(&self, bytes: &[u8]) -> Option<Head> {
        let &[s0, s1, s2, s3, f0, f1, f2, f3, c0, c1, c2, c3, o0, o1, o2, o3] = bytes.first_chunk::<16>()?;
        let mut head = Head {
            seconds: self.order.u32([s0, s1, s2, s3]),
            fraction: self.order.u32([f0, f1, f2, f3]),
            captured: self.order.u32([c0, c1, c2, c3]),
            original: self.order.u32([o0, o1, o2, o3]),
        };
        if self.minor < 4 && (self.minor < 3 || head.captured > head.original) {
            std::mem::swap(&mut head.captured, &mut head.original);
        }
        Some(head)
    }

    /// Reads the head of a record.
    #[inline]
    pub(super) fn record(&self, bytes: &[u8]) -> Option<Record> {
        let head = self.head(bytes)?;
        let data = self.header_length();
        let captured = head.captured as usize;
        let seconds = i64::from(head.seconds);
        let time = if self.nanoseconds {
            Time::new(seconds, head.fraction)
        } else if head.fraction < 1_000_000 {
            Time::new(seconds, head.fraction * 1000)
        } else {
            Time::new(seconds + i64::from(head.fraction / 1_000_000), head.fraction % 1_000_000 * 1000)
        };
        Some(Record {
            total: data.saturating_add(captured),
            data,
            captured,
            original: head.original,
            time: Some(time),
            link: self.link,
            interface: None,
            fcs_length: self.fcs_length,
            options: (0, 0),
            order: self.order,
            drops: None,
        })
    }

    /// The length up to which a packet is taken without a look at what follows it.
    #[inline]
    fn trusted(&self) -> u32 {
        PACKET_TRUSTED.max(self.snap_length.min(PACKET_LIMIT))
    }

    /// Finds the next record. Nothing is consumed.
    #[inline]
    pub(super) fn step<R: Read>(&self, window: &mut Window<R>) -> Result<Option<Record>, Kind> {
        let header = self.header_length();
        if !window.need(header) {
            return short(window, header);
        }
        let Some(record) = self.record(window.bytes()) else { return short(window, header) };
        if record.captured > PACKET_TRUSTED as usize {
            self.check_long(window, &record)?;
        }
        if !window.need(record.total) {
            return short(window, record.total);
        }
        Ok(Some(record))
    }

    /// Accepts a packet of unusual length if the file says such packets are usual, or if a record follows it.
    #[cold]
    fn check_long<R: Read>(&self, window: &mut Window<R>, record: &Record) -> Result<(), Kind> {
        let length = record.captured as u32;
        if length <= self.trusted() {
            return Ok(());
        }
        if length <= PACKET_LIMIT && window.need(record.total) && self.followed(window, record.total) {
            return Ok(());
        }
        Err(Kind::PacketLength { length })
    }

    /// True if the file ends at `at`, or a plausible record begins there.
    fn followed<R: Read>(&self, window: &mut Window<R>, at: usize) -> bool {
        if !window.need(at + self.header_length()) {
            return window.left() == at;
        }
        let rest = window.bytes().get(at..).unwrap_or_default();
        self.head(rest).is_some_and(|head| self.plausible(head, None))
    }

    /// True if these numbers look like a record's. It is asked only where the file is known to be damaged.
    fn plausible(&self, head: Head, last: Option<Time>) -> bool {
        let second = if self.nanoseconds { 1_000_000_000 } else { 1_000_000 };
        head.captured > 0
            && head.captured <= self.trusted()
            && head.captured <= head.original
            && head.original <= PACKET_LIMIT
            && head.fraction < second
            && last.is_none_or(|last| last.seconds().abs_diff(head.seconds.into()) <= SEARCH_SECONDS)
    }

    /// Goes to the next place that looks like a record followed by another record or by the end of the file.
    pub(super) fn search<R: Read>(&self, window: &mut Window<R>, last: Option<Time>) -> bool {
        let header = self.header_length();
        window.consume(1);
        while window.need(header) {
            if let Some(head) = self.head(window.bytes())
                && self.plausible(head, last)
            {
                let total = header + head.captured as usize;
                if window.need(total) && self.followed(window, total) {
                    return true;
                }
            }
            window.consume(1);
        }
        window.consume(window.left());
        false
    }

    /// The next record, if all of it is in these bytes and nothing about it is unusual.
    #[inline]
    pub(super) fn quick(&self, bytes: &[u8]) -> Option<Record> {
        let record = self.record(bytes)?;
        (record.captured <= PACKET_TRUSTED as usize && record.total <= bytes.len()).then_some(record)
    }

    /// True if the next record is in these bytes.
    #[inline]
    pub(super) fn ready(&self, bytes: &[u8]) -> bool {
        self.head(bytes).is_some_and(|head| {
            head.captured <= self.trusted() && self.header_length() + head.captured as usize <= bytes.len()
        })
    }
}

/// The end of the file: a good one if nothing is left.
#[cold]
pub(super) fn short<R: Read, T>(window: &mut Window<R>, needed: usize) -> Result<Option<T>, Kind> {
    match window.failure() {
        Some(failure) => Err(failure),
        None if window.left() == 0 => Ok(None),
        None => Err(Kind::Cut { needed: needed as u64, left: window.left() as u64 }),
    }
}
