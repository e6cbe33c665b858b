//! The marks of a segment.

/// What a segment is found to be: bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Analysis(pub(crate) u32);

pub(crate) const RETRANSMISSION: Analysis = Analysis(1);
pub(crate) const FAST_RETRANSMISSION: Analysis = Analysis(1 << 1);
pub(crate) const SPURIOUS_RETRANSMISSION: Analysis = Analysis(1 << 2);
pub(crate) const OUT_OF_ORDER: Analysis = Analysis(1 << 3);
pub(crate) const REUSED_PORTS: Analysis = Analysis(1 << 4);
pub(crate) const LOST_SEGMENT: Analysis = Analysis(1 << 5);
pub(crate) const ACK_LOST_SEGMENT: Analysis = Analysis(1 << 6);
pub(crate) const WINDOW_UPDATE: Analysis = Analysis(1 << 7);
pub(crate) const WINDOW_FULL: Analysis = Analysis(1 << 8);
pub(crate) const KEEP_ALIVE: Analysis = Analysis(1 << 9);
pub(crate) const KEEP_ALIVE_ACK: Analysis = Analysis(1 << 10);
pub(crate) const DUPLICATE_ACK: Analysis = Analysis(1 << 11);
pub(crate) const ZERO_WINDOW_PROBE: Analysis = Analysis(1 << 12);
pub(crate) const ZERO_WINDOW: Analysis = Analysis(1 << 13);
pub(crate) const ZERO_WINDOW_PROBE_ACK: Analysis = Analysis(1 << 14);
/// All that stand among the flags of the analysis.
pub(crate) const MARKED: Analysis = Analysis((1 << 15) - 1);
/// The data of the SYN was acknowledged.
pub(crate) const FAST_OPEN_ACK: Analysis = Analysis(1 << 15);
/// The data of the SYN was not acknowledged.
pub(crate) const FAST_OPEN_IGNORED: Analysis = Analysis(1 << 16);
/// The other side sent a FIN before.
pub(crate) const FIN_PASSIVE: Analysis = Analysis(1 << 17);
/// The standing tells the bytes in flight, not a duplicate's number and packet.
pub(crate) const IN_FLIGHT: Analysis = Analysis(1 << 18);
/// The standing tells which packet is acknowledged.
pub(crate) const ACKNOWLEDGES: Analysis = Analysis(1 << 19);
/// There is an extra record.
pub(crate) const EXTRA: Analysis = Analysis(1 << 20);
/// All of the data came before.
pub(crate) const REPEATED: Analysis = Analysis(1 << 21);
/// The extra record tells how much of the data came before.
pub(crate) const PART_REPEATED: Analysis = Analysis(1 << 22);

/// Nobody knows the data.
pub(crate) const UNKNOWN: Analysis = Analysis(1 << 23);

impl Analysis {
    #[inline]
    pub(crate) const fn has(self, one: Analysis) -> bool {
        self.0 & one.0 != 0
    }
    #[inline]
    pub(crate) fn set(&mut self, one: Analysis) {
        self.0 |= one.0;
    }
}
