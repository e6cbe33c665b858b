//! What is known of the packet that is being dissected, and how the tree shows it.

use super::tsn::{SIDE, Seen};
use super::Associations;
use crate::{Cx, Show, fields};

fields! {
    /// Which association the packet belongs to, counted from 0.
    pub INDEX = "sctp.assoc_index", "Association index", Show::u16(), "sctpdump";
}

/// What is known of a packet, and of which of its chunks the walk has come to.
#[derive(Debug, Default)]
pub struct Known {
    seen: Option<Seen>,
    /// The number of the record of the next DATA or I-DATA chunk.
    sent: u32,
    /// How many SACK and NR-SACK chunks came before.
    sacks: u8,
}

impl Known {
    /// Learns from a packet, or recalls what was learnt.
    pub(in super::super) fn of(cx: &mut Cx<'_>, packet: &[u8]) -> Known {
        let note = cx.remember(packet, |state: &mut Associations, here| state.learn(packet, here));
        let seen = note.and_then(|note| cx.record(|state: &Associations| state.log.seen.of(note).copied()));
        Known { seen, sent: seen.map_or(0, |seen| seen.sent), sacks: 0 }
    }
    /// Adds the index of the association. `at` is where the packet begins.
    pub(in super::super) fn emit_index(&self, cx: &mut Cx<'_>, at: &[u8]) {
        if let Some(seen) = &self.seen {
            cx.generated(&INDEX, at, (seen.association & !SIDE).into());
        }
    }
}
