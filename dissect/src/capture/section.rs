//! Sections of a pcapng file and their interfaces.

use std::sync::Arc;

use super::{ByteOrder, LinkType, OPTIONS_LIMIT, Options, Resolution, Time};

/// Body of a section header without options.
pub(super) const SECTION_BODY: usize = 16;

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
    options: Arc<[u8]>,
}

impl Section {
    /// A section of which nothing is known yet.
    pub(super) fn unknown() -> Self {
        Section {
            number: 0,
            order: ByteOrder::Little,
            version: (1, 0),
            length: None,
            options: Arc::default(),
        }
    }

    /// Reads the body of a section header; its options are kept up to a limit.
    pub(super) fn parse(body: &[u8], order: ByteOrder, number: u32) -> Option<Self> {
        let length = order.u64(*body.get(8..)?.first_chunk()?);
        let options = body.get(SECTION_BODY..)?;
        Some(Section {
            number,
            order,
            version: (order.u16_at(body, 4)?, order.u16_at(body, 6)?),
            length: (length != u64::MAX).then_some(length),
            options: if options.len() <= OPTIONS_LIMIT { options.into() } else { Arc::default() },
        })
    }

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
    options: Arc<[u8]>,
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
            options: Arc::default(),
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

    /// Reads the body of an Interface Description Block.
    pub(super) fn parse(body: &[u8], order: ByteOrder, keep: bool) -> Option<Self> {
        let options = body.get(8..)?;
        let mut interface = Interface {
            link: LinkType(order.u16_at(body, 0)?),
            snap_length: order.u32_at(body, 4)?,
            resolution: Resolution::MICROSECONDS,
            order,
            options: if keep { options.into() } else { Arc::default() },
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

    /// A time of this interface's clock.
    #[inline]
    pub(super) fn time(&self, high: u32, low: u32) -> Time {
        let (seconds, nanos) = self.resolution.split((high as u64) << 32 | low as u64);
        Time::new(self.time_offset.saturating_add_unsigned(seconds), nanos)
    }
}

/// if_fcslen counts bits by the specification; some writers give bytes.
fn fcs_bytes(length: u8) -> u8 {
    if length < 8 { length } else { length / 8 }
}
