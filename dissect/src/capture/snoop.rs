//! snoop files (RFC 1761), as Solaris writes them. All numbers have their most significant byte first.

use std::io::Read;

use super::damage::Kind;
use super::packet::Record;
use super::pcap::short;
use super::window::Window;
use super::{BLOCK_LIMIT, ByteOrder, LinkType, PACKET_LIMIT, Time};

/// Length of the header of a file.
pub(super) const FILE_HEADER: usize = 16;
/// The first bytes of a file.
pub(super) const MAGIC: &[u8; 8] = b"snoop\0\0\0";

const HEADER: usize = 24;
const ORDER: ByteOrder = ByteOrder::Big;

/// What the header of a file says about its records.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layout {
    pub(super) link: LinkType,
}

impl Layout {
    /// Reads the header of a file; the number is that of a data link that has no link type.
    pub(super) fn parse(bytes: &[u8; FILE_HEADER]) -> Result<Layout, u32> {
        let link = match ORDER.u32_at(bytes, 12).unwrap_or(u32::MAX) {
            0 | 4 => LinkType::ETHERNET,
            2 => LinkType::IEEE802_5,
            5 => LinkType::C_HDLC,
            8 => LinkType::FDDI,
            18 => LinkType::SUNATM,
            26 => LinkType::IP_OVER_FC,
            other => return Err(other),
        };
        Ok(Layout { link })
    }

    /// Reads the head of a record.
    pub(super) fn record(self, bytes: &[u8]) -> Option<Record> {
        let word = |at| ORDER.u32_at(bytes, at);
        let micros = word(20)?;
        let seconds = i64::from(word(16)?) + i64::from(micros / 1_000_000);
        Some(Record {
            total: word(8)? as usize,
            data: HEADER,
            captured: word(4)? as usize,
            original: word(0)?,
            time: Some(Time::new(seconds, micros % 1_000_000 * 1000)),
            link: self.link,
            interface: None,
            fcs_length: None,
            options: (0, 0),
            order: ORDER,
            drops: None,
        })
    }

    /// Finds the next record. Nothing is consumed.
    pub(super) fn step<R: Read>(self, window: &mut Window<R>) -> Result<Option<Record>, Kind> {
        if !window.need(HEADER) {
            return short(window, HEADER);
        }
        let Some(record) = self.record(window.bytes()) else { return short(window, HEADER) };
        if record.captured > PACKET_LIMIT as usize {
            return Err(Kind::PacketLength { length: record.captured as u32 });
        }
        if record.total > BLOCK_LIMIT as usize || record.total < HEADER + record.captured {
            return Err(Kind::RecordLength { length: record.total as u32 });
        }
        if !window.need(record.total) {
            return short(window, record.total);
        }
        Ok(Some(record))
    }

    fn plausible(record: &Record) -> bool {
        record.captured > 0
            && record.captured <= record.original as usize
            && record.original <= PACKET_LIMIT
            // RFC 1761: the pad makes the record a multiple of four bytes.
            && record.total.checked_sub(HEADER + record.captured).is_some_and(|pad| pad < 8)
    }

    /// Goes to the next place that looks like a record followed by another record or by the end of the file.
    pub(super) fn search<R: Read>(self, window: &mut Window<R>) -> bool {
        window.consume(1);
        while window.need(HEADER) {
            if let Some(record) = self.record(window.bytes()).filter(Layout::plausible)
                && window.need(record.total)
            {
                let more = window.need(record.total + HEADER);
                let next = window.bytes().get(record.total..).unwrap_or_default();
                if if more {
                    self.record(next).is_some_and(|r| Layout::plausible(&r))
                } else {
                    next.is_empty()
                } {
                    return true;
                }
            }
            window.consume(1);
        }
        window.consume(window.left());
        false
    }

    /// True if the next record is in these bytes.
    pub(super) fn ready(self, bytes: &[u8]) -> bool {
        self.record(bytes).is_some_and(|record| {
            record.total <= bytes.len() && record.total >= HEADER.saturating_add(record.captured)
        })
    }
}
