//! The options of a pcapng block, read one by one and only when asked for.

use super::ByteOrder;

/// End of options.
const END: u16 = 0;
/// A comment, in any block.
const COMMENT: u16 = 1;
/// A packet's flags.
pub(super) const EPB_FLAGS: u16 = 2;
/// Packets lost before a packet.
pub(super) const EPB_DROP_COUNT: u16 = 4;

/// One option of a pcapng block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OptionField<'a> {
    /// What it says; the meaning depends on the block.
    pub code: u16,
    /// Its value without padding. Text need not be UTF-8.
    pub value: &'a [u8],
}

/// The options of a pcapng block: an iterator that walks the bytes. It ends at the end mark, at the end of the bytes, or
/// at an option longer than what is left.
#[derive(Clone, Copy, Debug)]
pub struct Options<'a> {
    bytes: &'a [u8],
    order: ByteOrder,
    drops: Option<u16>,
}

impl Default for Options<'_> {
    #[inline]
    fn default() -> Self {
        Options { bytes: &[], order: ByteOrder::Little, drops: None }
    }
}

impl<'a> Options<'a> {
    /// Options as they stand in a block, in the byte order of its section.
    #[inline]
    pub fn new(bytes: &'a [u8], order: ByteOrder) -> Self {
        Options { bytes, order, drops: None }
    }

    #[inline]
    pub(super) fn with_drops(mut self, drops: Option<u16>) -> Self {
        self.drops = drops;
        self
    }

    /// The byte order of numbers in the options.
    pub fn order(&self) -> ByteOrder {
        self.order
    }

    /// The bytes that are walked.
    pub(super) fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// True if there is no option.
    pub fn is_empty(&self) -> bool {
        { *self }.next().is_none()
    }

    /// The value of the first option with this code.
    pub fn find(&self, code: u16) -> Option<&'a [u8]> {
        Iterator::find(&mut { *self }, |option| option.code == code).map(|option| option.value)
    }

    /// The comments, in their order. They should be UTF-8.
    pub fn comments(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        self.filter(|option| option.code == COMMENT).map(|option| option.value)
    }

    /// A packet's flags: direction, reception, length of the frame check sequence, link-layer errors.
    pub fn flags(&self) -> Option<Flags> {
        Some(Flags(self.order.u32(*self.find(EPB_FLAGS)?.first_chunk()?)))
    }

    /// Packets lost between this one and the one before it on the same interface, where the capture says.
    pub fn drop_count(&self) -> Option<u64> {
        if let Some(drops) = self.drops {
            return Some(drops.into());
        }
        Some(self.order.u64(*self.find(EPB_DROP_COUNT)?.first_chunk()?))
    }

    /// The dropped count of an old Packet Block.
    pub(super) fn block_drops(&self) -> Option<u16> {
        self.drops
    }
}

#[allow(clippy::copy_iterator, reason = "a packet that holds options stays Copy")]
impl<'a> Iterator for Options<'a> {
    type Item = OptionField<'a>;

    fn next(&mut self) -> Option<OptionField<'a>> {
        let bytes = std::mem::take(&mut self.bytes);
        let ([c0, c1, l0, l1], rest) = bytes.split_first_chunk()?;
        let code = self.order.u16([*c0, *c1]);
        let len = usize::from(self.order.u16([*l0, *l1]));
        if code == END {
            return None;
        }
        let value = rest.get(..len)?;
        self.bytes = rest.get(len.next_multiple_of(4)..).unwrap_or_default();
        Some(OptionField { code, value })
    }
}

/// The flags word of a packet (pcapng option epb_flags).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flags(pub u32);

/// Which way a packet went, seen from the capturing host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// It came in.
    Inbound,
    /// It went out.
    Outbound,
}

impl Flags {
    /// Which way the packet went, if the capture says.
    pub fn direction(self) -> Option<Direction> {
        match self.0 & 3 {
            1 => Some(Direction::Inbound),
            2 => Some(Direction::Outbound),
            _ => None,
        }
    }

    /// Bytes of the frame check sequence at the end of the packet; `None` if the capture does not say.
    pub fn fcs_length(self) -> Option<u8> {
        match (self.0 >> 5) & 0xf {
            0 => None,
            length => Some(length as u8),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_without_an_end_mark() {
        let bytes = [1, 0, 3, 0, b'a', b'b', 0xff, 0, 2, 0, 4, 0, 0x81, 0, 0, 0];
        let options = Options::new(&bytes, ByteOrder::Little);
        assert_eq!(options.comments().collect::<Vec<_>>(), [b"ab\xff"]);
        let flags = options.flags().unwrap();
        assert_eq!((flags.direction(), flags.fcs_length()), (Some(Direction::Inbound), Some(4)));
        assert_eq!(options.drop_count(), None);
    }

    #[test]
    fn an_option_longer_than_the_block_ends_them() {
        let bytes = [0, 1, 0, 1, b'a', 0, 0, 0, 0, 1, 0, 9, b'b', 0, 0, 0];
        let options = Options::new(&bytes, ByteOrder::Big);
        assert_eq!(options.count(), 1);
    }

    #[test]
    fn the_last_option_may_lack_its_padding_and_nothing_follows_the_end_mark() {
        let options = Options::new(&[0, 1, 0, 1, b'a'], ByteOrder::Big);
        assert_eq!(options.find(COMMENT), Some(&b"a"[..]));
        assert!(Options::new(&[0, 0, 0, 0, 0, 1, 0, 0], ByteOrder::Big).is_empty());
    }
}
