//! Paths: times without answers, where new messages went, addresses that nobody confirmed.

use super::super::one::switch;
use super::super::paths::Spell;
use super::super::words::{address, came_up, count, path, side_name};
use super::{MOST_TOLD, Told};
use crate::proto::sctp::association::{Cause, Event, EventKind, SwitchCause, Tsn};
use crate::{Address, Severity};

impl Told<'_> {
    /// A time without answers on a path, and what was sent again elsewhere.
    pub(super) fn spell(&mut self, spell: &Spell, chunks: &[Tsn]) {
        let (one, until) = (self.one, spell.answer.map_or(u64::MAX, |answer| answer.0));
        let mut signs = Vec::new();
        if spell.timeouts > 0 {
            signs.push(count(spell.timeouts, "timeout"));
        }
        if spell.lost > 0 {
            signs.push(format!("{} without an answer", count(spell.lost, "HEARTBEAT")));
        }
        let role = if one.side(spell.side).first_primary == Some(spell.path) { "primary " } else { "" };
        let mut text = format!(
            "{} got no answer over its {role}{} from {}",
            side_name(spell.side),
            path(one, spell.path),
            self.at(spell.first.1),
        );
        match spell.answer {
            Some((_, time)) => text.push_str(&format!(" to {}", self.at(time))),
            None => text.push_str(" to the end of the capture"),
        }
        text.push_str(&format!(": {}.", signs.join(", ")));
        let moved: Vec<&Tsn> = chunks
            .iter()
            .filter(|chunk| {
                chunk.side == spell.side
                    && chunk.cause == Some(Cause::Failover)
                    && (spell.first.0..=until).contains(&chunk.packet)
            })
            .collect();
        if let (Some(first), Some(last)) = (moved.first(), moved.last()) {
            text.push_str(&format!(
                " {} sent again on {}: from TSN {} in packet {} to TSN {} in packet {}.",
                was(moved.len(), "TSN"),
                path(one, first.path),
                first.tsn,
                first.packet,
                last.tsn,
                last.packet,
            ));
        }
        let mut packets = spell.packets.clone();
        packets.extend(spell.answer.map(|answer| answer.0));
        self.tell(Severity::Warn, "RFC 9260, 8.2 and 8.3", packets, text);
    }
    /// When new messages took another path.
    pub(super) fn switches(&mut self, spells: &[Spell]) {
        let one = self.one;
        let all: Vec<&Event> = one.events_where(|kind| matches!(kind, EventKind::Switch(..))).collect();
        for side in 0..2 {
            let mine: Vec<&&Event> = all.iter().filter(|event| event.side == side).collect();
            let packets: Vec<u64> = mine.iter().map(|event| event.packet).collect();
            if mine.len() > MOST_TOLD {
                let text =
                    format!("{}'s new messages changed their path {} times.", side_name(side), mine.len());
                self.tell(Severity::Note, "RFC 9260, 6.4", packets, text);
                continue;
            }
            for event in mine {
                let EventKind::Switch(from, why) = event.kind else { continue };
                let timeouts = spells
                    .iter()
                    .filter(|spell| (spell.side, spell.path) == (side, from) && spell.first.0 <= event.packet)
                    .find_map(|spell| {
                        spell.switch(one).filter(|switch| switch.0 == event.packet).map(|_| spell.timeouts)
                    });
                let after = timeouts.filter(|_| why == SwitchCause::T3);
                let after =
                    after.map_or(String::new(), |timeouts| format!(" after {}", count(timeouts, "timeout")));
                let silent = spells.iter().find(|spell| {
                    let until = spell.answer.map_or(u64::MAX, |answer| answer.0);
                    spell.path == from && spell.first.0 <= event.packet && event.packet <= until
                });
                let since = silent
                    .filter(|_| matches!(why, SwitchCause::Unknown | SwitchCause::Followed))
                    .map(|spell| {
                        format!(
                            "path {} had not answered {} since {}",
                            from + 1,
                            side_name(spell.side),
                            self.at(spell.first.1)
                        )
                    });
                let text = format!(
                    "{}'s new messages moved from path {} to {} at {}{after}: {}.",
                    side_name(side),
                    u32::from(from) + 1,
                    path(one, event.path),
                    self.at(event.time),
                    since.as_deref().unwrap_or(switch(why)),
                );
                let source = match why {
                    SwitchCause::Deleted => "RFC 5061, 4.2.2",
                    SwitchCause::SetPrimary => "RFC 5061, 4.2.4",
                    _ => "RFC 9260, 5.4 and 8.2",
                };
                self.tell(Severity::Note, source, vec![event.packet], text);
            }
        }
    }
    /// Addresses of which nothing shows that they can be reached.
    pub(super) fn paths(&mut self) {
        let one = self.one;
        if !came_up(one) || one.sides.iter().all(|side| side.addresses.len() < 2) {
            return;
        }
        for side in 0..2_u8 {
            let silent = |address: &&Address| {
                !one.paths.iter().any(|path| {
                    path.addresses.get(usize::from(side)) == Some(*address)
                        && (path.heartbeats.iter().any(|beats| beats.answered > 0)
                            || path.traffic.iter().any(|traffic| traffic.packets > 0))
                })
            };
            let all: Vec<String> = self.side(side).addresses.iter().filter(silent).map(address).collect();
            if !all.is_empty() {
                let text = format!(
                    "{} announced {} but no packet went there or came from there: never confirmed.",
                    side_name(side),
                    all.join(", ")
                );
                self.tell(Severity::Note, "RFC 9260, 5.4", vec![self.side(side).init], text);
            }
            for (each, number) in one.paths.iter().zip(0_u8..) {
                let beats = &each.heartbeats[usize::from(side & 1)];
                if beats.sent > 0 && beats.answered == 0 && each.rtt[usize::from(side & 1)].count == 0 {
                    let text = format!(
                        "{} never confirmed {}: {} got no answer.",
                        side_name(side),
                        path(one, number),
                        count(beats.sent, "HEARTBEAT")
                    );
                    self.tell(Severity::Warn, "RFC 9260, 5.4", Vec::new(), text);
                }
            }
        }
    }
}

/// `1 TSN was`, `2 TSNs were`.
fn was(number: usize, what: &str) -> String {
    format!("{} {}", count(number as u64, what), if number == 1 { "was" } else { "were" })
}
