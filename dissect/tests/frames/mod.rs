//! Ethernet frames with IP in them, and what damage makes of them.

use proptest::prelude::*;
use proptest::sample::{Index, select};

/// What carries a packet in Ethernet.
pub(crate) fn ethernet(kind: u16) -> Vec<u8> {
    [&[2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2], &kind.to_be_bytes()[..]].concat()
}

/// A packet of IPv4 with a right checksum.
pub(crate) fn ipv4(inner: &[u8], number: u8) -> Vec<u8> {
    let mut bytes = vec![0x45, 0, 0, 20 + inner.len() as u8, 0, 1, 0x40, 0, 64, number, 0, 0];
    bytes.extend([192, 0, 2, 1, 192, 0, 2, 2]);
    let sum: u32 = bytes.chunks(2).map(|two| u32::from(two[0]) << 8 | u32::from(two[1])).sum();
    bytes[10..12].copy_from_slice(&(!((sum & 0xffff) + (sum >> 16)) as u16).to_be_bytes());
    bytes.extend(inner);
    bytes
}

/// One of the frames with up to three bytes changed, whole or cut, and its length on the wire.
pub(crate) fn damaged(frames: Vec<Vec<u8>>) -> impl Strategy<Value = (Vec<u8>, usize)> {
    let changes = prop::collection::vec((any::<Index>(), any::<u8>()), 0..4);
    let damage = |(mut bytes, changes, len): (Vec<u8>, Vec<(Index, u8)>, Option<Index>)| {
        for (at, value) in changes {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        let whole = bytes.len();
        bytes.truncate(len.map_or(whole, |len| len.index(whole)));
        (bytes, whole)
    };
    (select(frames), changes, any::<Option<Index>>()).prop_map(damage)
}
