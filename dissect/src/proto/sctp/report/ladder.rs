//! Who sent which chunks to whom.

use super::super::association::trace::Said;
use super::super::association::{Association, Associations, Cause, EventKind};
use super::super::chunk::abort;
use super::words::{address, cause, chunk_name, count, end, path, span};
use crate::report::{Arrow, Ladder};
use crate::{Address, Memory};
use std::collections::BTreeMap;
use std::fmt::Write;

/// How many packets a ladder shows.
pub(super) const MOST_ARROWS: usize = 1000;
/// How many chunks of a packet its label names.
const MOST_NAMED: usize = 4;

pub(super) fn make(memory: &Memory, number: u32) -> Option<Ladder> {
    let (all, association) = super::find(memory, number)?;
    let lanes = lanes(association);
    let [a, b] = &association.sides;
    let title = format!("SCTP association {number}: {} to {}", end(a), end(b));
    let ends = lanes.iter().map(|lane| format!("{} {}", lane.1, address(&lane.0))).collect();
    let mut ladder = Ladder { title, ends, arrows: Vec::new() };
    let Some(trace) = all.trace() else { return Some(ladder) };
    let (notes, mut left) = (notes(all, association), trace.missed());
    for (step, said) in trace.steps(number) {
        if ladder.arrows.len() >= MOST_ARROWS {
            left += 1;
            continue;
        }
        let at = usize::from(step.side & 1);
        let Some(path) = association.paths.get(usize::from(step.path)) else { continue };
        let lane = |side: usize| {
            let found = lanes.iter().position(|lane| lane.0 == path.addresses[side & 1] && lane.2 == side);
            found.unwrap_or(side)
        };
        ladder.arrows.push(Arrow {
            packet: step.packet,
            since: association.since(step.time),
            from: lane(at),
            to: lane(at ^ 1),
            label: label(association, step.side, said),
            note: notes.get(&step.packet).cloned().unwrap_or_default(),
        });
    }
    if left > 0 {
        ladder.leave_out(format!("{} more left out", count(left, "packet")));
    }
    Some(ladder)
}

/// The addresses that packets took, those of A first: each with the name of its side and the side.
fn lanes(association: &Association) -> Vec<(Address, &'static str, usize)> {
    let mut lanes = Vec::new();
    for (side, name) in [(0, "A"), (1, "B")] {
        for path in &association.paths {
            let lane = (path.addresses[side], name, side);
            if !lanes.contains(&lane) {
                lanes.push(lane);
            }
        }
    }
    lanes
}

/// What a packet says, in a few words.
/// TSNs count from the initial one, or are whole if that is not known.
fn label(association: &Association, side: u8, said: &[Said]) -> String {
    let relative = |side: u8, tsn: u32| {
        let side = association.side(side);
        let first = if side.init == 0 { 0 } else { side.initial_tsn };
        i64::from(tsn.wrapping_sub(first)) - if tsn.wrapping_add(1) == first { 1 << 32 } else { 0 }
    };
    let (mut text, mut named, mut at) = (String::new(), 0, 0);
    while let Some(one) = said.get(at) {
        let mut run = 1;
        let part = match *one {
            Said::Data { tsn, stream, flags, interleaved, .. } => {
                let name = if interleaved { "I-DATA" } else { "DATA" };
                while matches!(said.get(at + run), Some(Said::Data { .. })) {
                    run += 1;
                }
                if run > 1 {
                    format!("{run} {name} from tsn {}", relative(side, tsn))
                } else {
                    let piece = match (flags.beginning(), flags.ending()) {
                        (true, true) => "",
                        (true, false) => " first",
                        (false, true) => " last",
                        (false, false) => " middle",
                    };
                    let order = if flags.unordered() { " unordered" } else { "" };
                    format!("{name} tsn {} sid {stream}{piece}{order}", relative(side, tsn))
                }
            }
            Said::Sack { upto, a_rwnd, gaps, duplicates } => {
                let mut text = format!("SACK {}", relative(side ^ 1, upto));
                if gaps > 0 {
                    let _ = write!(text, " gaps {gaps}");
                }
                if duplicates > 0 {
                    let _ = write!(text, " duplicates {duplicates}");
                }
                if a_rwnd == 0 {
                    text.push_str(" a_rwnd 0");
                }
                text
            }
            Said::Error(code) => format!("ERROR ({})", cause(code)),
            Said::ForwardTsn(tsn) => format!("to tsn {}", relative(side, tsn)),
            Said::Skipped(..) | Said::Reconfigure(..) => {
                at += 1;
                continue;
            }
            Said::Other(number, flags) => {
                let t_bit = number == abort::TYPE.number && flags & 1 == 1;
                format!("{}{}", chunk_name(number), if t_bit { " (T)" } else { "" })
            }
        };
        named += 1;
        at += run;
        if named > MOST_NAMED {
            text.push_str(", …");
            break;
        }
        let _ = write!(text, "{}{part}", if text.is_empty() { "" } else { ", " });
    }
    text
}

/// What there is to remark on packets.
fn notes(all: &Associations, association: &Association) -> BTreeMap<u64, String> {
    let mut notes: BTreeMap<u64, String> = BTreeMap::new();
    let mut add = |packet: u64, text: String| {
        let note = notes.entry(packet).or_default();
        if !note.contains(&text) {
            let _ = write!(note, "{}{text}", if note.is_empty() { "" } else { "; " });
        }
    };
    for chunk in all.chunks(association.index) {
        let Some(cause) = chunk.cause else { continue };
        let needless = if chunk.spurious { ", not needed" } else { "" };
        add(chunk.packet, format!("sent again ({}{needless})", why(cause)));
    }
    for event in association.events.list() {
        let text = match event.kind {
            EventKind::InitAgain | EventKind::CookieEchoAgain | EventKind::ShutdownAgain => {
                "sent again (timer)".into()
            }
            EventKind::Collision => "both sides sent an INIT".into(),
            EventKind::Restart(before) => format!("restart of association {before}"),
            EventKind::StaleCookie(late) => format!("cookie too old by {}", span(i64::from(late) * 1000)),
            EventKind::Reneged(tsn) => format!("tsn {tsn} taken back"),
            EventKind::Missing(tsns) => format!("{} not in the capture", count(tsns, "TSN")),
            EventKind::WindowClosed => "window closed".into(),
            EventKind::WindowOpened(bytes) => format!("window open: {bytes} bytes"),
            EventKind::WindowProbe(_) => "window probe".into(),
            EventKind::HeartbeatLost(packet) => format!("HEARTBEAT {packet} was not answered"),
            EventKind::HeartbeatAck(rtt) => format!("after {}", span(rtt)),
            EventKind::Switch(from, _) => format!("new messages leave {}", path(association, from)),
            EventKind::WrongTag(_) => "wrong verification tag".into(),
            EventKind::Unreachable => "ICMP: unreachable".into(),
            _ => continue,
        };
        add(event.packet, text);
    }
    notes
}

/// Why a TSN was sent again, in a word or two.
pub(super) fn why(cause: Cause) -> &'static str {
    match cause {
        Cause::T3 => "T3",
        Cause::Fast => "fast",
        Cause::Failover => "other path",
        Cause::AfterAck => "acknowledged before",
        Cause::Copy => "copy",
    }
}
