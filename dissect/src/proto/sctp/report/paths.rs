//! When a path did not answer: RFC 9260, 8.2 and 8.3.

use super::super::association::{Association, Associations, Cause, EventKind};
use std::collections::{BTreeMap, BTreeSet};

/// A time in which a side got no answer over a path.
#[derive(Clone, Debug, Default)]
pub(super) struct Spell {
    pub(super) path: u8,
    pub(super) side: u8,
    /// The first packet that shows it: a chunk that is sent again, or a HEARTBEAT without answer.
    pub(super) first: (u64, i64),
    /// The packet that brought the next answer.
    pub(super) answer: Option<(u64, i64)>,
    /// Chunks that were sent again when the timer had run out.
    pub(super) timeouts: u32,
    /// HEARTBEATs that were not answered.
    pub(super) lost: u32,
    pub(super) packets: Vec<u64>,
}

/// How many timeouts and lost HEARTBEATs in a row are told of a path that was not left.
const TOLD: u32 = 3;

enum Sign {
    Answer,
    Timeout,
    Lost,
}

/// The spells of all paths in the order in which they began.
pub(super) fn spells(all: &Associations, association: &Association) -> Vec<Spell> {
    let mut signs: Vec<(u64, i64, u8, u8, Sign)> = Vec::new();
    let times: BTreeMap<u64, i64> = all
        .trace()
        .map(|trace| trace.steps(association.index).map(|(step, _)| (step.packet, step.time)).collect())
        .unwrap_or_default();
    for event in association.events.list() {
        let sign = match event.kind {
            EventKind::HeartbeatAck(_) => Sign::Answer,
            EventKind::HeartbeatLost(packet) => {
                // The path was silent from then on when the HEARTBEAT was sent that got no answer.
                let time = times.get(&packet).copied().unwrap_or(event.time);
                signs.push((packet, time, event.path, event.side, Sign::Lost));
                continue;
            }
            _ => continue,
        };
        signs.push((event.packet, event.time, event.path, event.side, sign));
    }
    // The path that the last copy of each TSN took.
    let mut taken: BTreeMap<(u8, u32), u8> = BTreeMap::new();
    for chunk in all.chunks(association.index) {
        let before = taken.insert((chunk.side, chunk.tsn), chunk.path);
        match (chunk.cause, before) {
            (None, _) if chunk.acked_in != 0 => {
                signs.push((chunk.acked_in, chunk.acked_time, chunk.path, chunk.side, Sign::Answer));
            }
            (Some(Cause::T3 | Cause::Failover), Some(path)) if !chunk.spurious => {
                signs.push((chunk.packet, chunk.time, path, chunk.side, Sign::Timeout));
            }
            _ => {}
        }
    }
    signs.sort_by_key(|sign| sign.0);
    let resent = resent(all, association);
    let (mut open, mut spells): (BTreeMap<(u8, u8), Spell>, Vec<Spell>) = (BTreeMap::new(), Vec::new());
    for (packet, time, path, side, sign) in signs {
        if matches!(sign, Sign::Answer) {
            // What acknowledges a chunk that was sent again elsewhere says nothing of this path.
            if open.contains_key(&(path, side))
                && !resent.contains(&(packet, path, side))
                && let Some(mut spell) = open.remove(&(path, side))
            {
                spell.answer = Some((packet, time));
                spells.push(spell);
            }
            continue;
        }
        let spell = open.entry((path, side)).or_insert_with(|| Spell {
            path,
            side,
            first: (packet, time),
            ..Spell::default()
        });
        // Several TSNs may share a packet: it is one timeout.
        let new = spell.packets.last() != Some(&packet);
        spell.timeouts += u32::from(new && matches!(sign, Sign::Timeout));
        spell.lost += u32::from(matches!(sign, Sign::Lost));
        if new {
            spell.packets.push(packet);
        }
    }
    spells.extend(open.into_values());
    spells.retain(|spell| spell.timeouts + spell.lost >= TOLD || spell.switch(association).is_some());
    spells.sort_by_key(|spell| spell.first.0);
    spells
}

/// The acknowledgements of chunks that were sent again on another path, by packet, first path and side.
fn resent(all: &Associations, association: &Association) -> BTreeSet<(u64, u8, u8)> {
    let mut first: BTreeMap<(u8, u32), (u8, u64)> = BTreeMap::new();
    let mut found = BTreeSet::new();
    for chunk in all.chunks(association.index) {
        if chunk.cause.is_none() {
            first.insert((chunk.side, chunk.tsn), (chunk.path, chunk.acked_in));
        } else if let Some((path, acked)) = first.get(&(chunk.side, chunk.tsn))
            && (*path != chunk.path || *acked > chunk.packet)
        {
            found.insert((*acked, *path, chunk.side));
        }
    }
    found
}

impl Spell {
    /// The packet with which new messages left the path because of it, and to which path they went.
    pub(super) fn switch(&self, association: &Association) -> Option<(u64, i64, u8)> {
        let until = self.answer.map_or(u64::MAX, |answer| answer.0);
        association.events.list().iter().find_map(|event| match event.kind {
            EventKind::Switch(from, _) if from == self.path && event.side == self.side => (event.packet
                >= self.first.0
                && event.packet <= until)
                .then_some((event.packet, event.time, event.path)),
            _ => None,
        })
    }
}
