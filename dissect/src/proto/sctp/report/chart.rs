//! What changed over time: paths, TSNs, bytes in flight, windows.

use super::super::association::trace::Said;
use super::super::association::{Association, Associations, EventKind};
use super::words::{address, end};
use crate::Memory;
use crate::report::{Chart, Panel, Sampler, Style};
use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

const SIDES: [&str; 2] = ["A", "B"];
/// How many paths have a line of their own.
const MOST_PATHS: usize = 16;

pub(super) fn make(memory: &Memory, number: u32, shown: Option<(i64, i64)>) -> Option<Chart> {
    let (all, one) = super::find(memory, number)?;
    let whole = (0, one.last().1.saturating_sub(one.first().1).max(1));
    let shown = shown.filter(|(from, to)| from < to).unwrap_or(whole);
    let mut panels = vec![paths(all, one, shown), tsns(all, one, shown), in_flight(all, one, shown)];
    panels.extend([windows(all, one, shown), acknowledged_after(all, one, shown)]);
    panels.retain(|panel| !panel.series.is_empty());
    let [a, b] = &one.sides;
    let title = format!("SCTP association {number}: {} to {}", end(a), end(b));
    Some(Chart { name: "association", title, whole, shown, panels })
}

/// Series of what has points at all.
fn series(samplers: Vec<(Sampler, String, Style)>) -> Vec<crate::report::Series> {
    let some = samplers.into_iter().enumerate();
    let some = some.map(|(tone, (sampler, label, style))| sampler.series(label, style, tone));
    some.filter(|series| !series.points.is_empty()).collect()
}

/// What went over each path, and what became of its HEARTBEATs.
fn paths(all: &Associations, one: &Association, shown: (i64, i64)) -> Panel {
    let name = |(at, path): (usize, &super::super::association::path::Path)| {
        let [a, b] = path.addresses.map(|one| address(&one));
        format!("path {} ({a} - {b})", at + 1)
    };
    let lanes = one.paths.iter().take(MOST_PATHS).enumerate().map(name).collect();
    let new = || Sampler::new(shown, true);
    let (mut data, mut again, mut answered, mut lost, mut moved) = (new(), new(), new(), new(), new());
    for chunk in all.chunks(one.index) {
        let sampler = if chunk.cause.is_some() { &mut again } else { &mut data };
        sampler.add(one.since(chunk.time), chunk.path.into(), chunk.packet);
    }
    for event in one.events.list() {
        let sampler = match event.kind {
            EventKind::HeartbeatAck(_) => &mut answered,
            EventKind::HeartbeatLost(_) => &mut lost,
            EventKind::Switch(..) => &mut moved,
            _ => continue,
        };
        sampler.add(one.since(event.time), event.path.into(), event.packet);
    }
    let all = vec![
        (data, "DATA".to_owned(), Style::Marks),
        (answered, "HEARTBEAT answered".to_owned(), Style::Marks),
        (moved, "new messages come here".to_owned(), Style::Strong),
        (again, "sent again".to_owned(), Style::Strong),
        (lost, "HEARTBEAT not answered".to_owned(), Style::Strong),
    ];
    Panel { name: "paths", heading: "Paths", lanes, series: series(all) }
}

/// How far each side's TSNs and their acknowledgements came: counted from 1, the side's first.
fn tsns(all: &Associations, one: &Association, shown: (i64, i64)) -> Panel {
    let mut first = [None; 2];
    for (first, side) in first.iter_mut().zip(&one.sides) {
        *first = (side.init != 0).then_some(side.initial_tsn);
    }
    let new = || [Sampler::new(shown, false), Sampler::new(shown, false)];
    let (mut sent, mut acked, mut again) = (new(), new(), Sampler::new(shown, false));
    let relative = |first: &mut Option<u32>, tsn: u32| {
        let far = tsn.wrapping_sub(*first.get_or_insert(tsn));
        // One before the first is nothing yet.
        f64::from(far.wrapping_add(1) as i32)
    };
    for chunk in all.chunks(one.index) {
        let side = usize::from(chunk.side & 1);
        let value = relative(&mut first[side], chunk.tsn);
        let sampler = if chunk.cause.is_some() { &mut again } else { &mut sent[side] };
        sampler.add(one.since(chunk.time), value, chunk.packet);
    }
    for (step, said) in all.trace().into_iter().flat_map(|trace| trace.steps(one.index)) {
        for said in said {
            if let Said::Sack { upto, .. } = said {
                let side = usize::from(step.side & 1) ^ 1;
                let value = relative(&mut first[side], *upto);
                acked[side].add(one.since(step.time), value, step.packet);
            }
        }
    }
    let ([sent_a, sent_b], [acked_a, acked_b]) = (sent, acked);
    let all = vec![
        (sent_a, "A sent".to_owned(), Style::Marks),
        (sent_b, "B sent".to_owned(), Style::Marks),
        (acked_a, "A's acknowledged".to_owned(), Style::Steps),
        (again, "sent again".to_owned(), Style::Strong),
        (acked_b, "B's acknowledged".to_owned(), Style::Steps),
    ];
    Panel { name: "tsn", heading: "TSN", lanes: Vec::new(), series: series(all) }
}

/// Bytes of messages that each side sent and that were not acknowledged yet.
fn in_flight(all: &Associations, one: &Association, shown: (i64, i64)) -> Panel {
    let mut samplers = SIDES.map(|_| Sampler::new(shown, false));
    let mut flying = [0i64; 2];
    let mut waiting = BinaryHeap::new();
    let land = |(packet, time, side, len): (u64, i64, usize, u16),
                flying: &mut [i64; 2],
                samplers: &mut [Sampler; 2]| {
        flying[side] -= i64::from(len);
        samplers[side].add(one.since(time), flying[side] as f64, packet);
    };
    for chunk in all.chunks(one.index).filter(|chunk| chunk.first_sent_in == 0) {
        while let Some(Reverse(next)) = waiting.pop() {
            if (next as (u64, i64, usize, u16)).0 >= chunk.packet {
                waiting.push(Reverse(next));
                break;
            }
            land(next, &mut flying, &mut samplers);
        }
        let side = usize::from(chunk.side & 1);
        flying[side] += i64::from(chunk.len);
        samplers[side].add(one.since(chunk.time), flying[side] as f64, chunk.packet);
        if chunk.acked_in > 0 {
            waiting.push(Reverse((chunk.acked_in, chunk.acked_time, side, chunk.len)));
        }
    }
    while let Some(Reverse(next)) = waiting.pop() {
        land(next, &mut flying, &mut samplers);
    }
    let named = samplers.into_iter().zip(SIDES).map(|(one, side)| (one, format!("of {side}"), Style::Steps));
    Panel {
        name: "in_flight",
        heading: "Bytes in flight",
        lanes: Vec::new(),
        series: series(named.collect()),
    }
}

/// How many bytes each side said that it can take.
fn windows(all: &Associations, one: &Association, shown: (i64, i64)) -> Panel {
    let mut samplers = SIDES.map(|_| Sampler::new(shown, false));
    for (step, said) in all.trace().into_iter().flat_map(|trace| trace.steps(one.index)) {
        let side = usize::from(step.side & 1);
        let (sampler, time) = (&mut samplers[side], one.since(step.time));
        if step.packet == one.sides[side].init {
            sampler.add(time, one.sides[side].initial_a_rwnd.into(), step.packet);
        }
        for said in said {
            if let Said::Sack { a_rwnd, .. } = said {
                sampler.add(time, (*a_rwnd).into(), step.packet);
            }
        }
    }
    let named = samplers.into_iter().zip(SIDES).map(|(one, side)| (one, format!("of {side}"), Style::Steps));
    Panel { name: "a_rwnd", heading: "a_rwnd (bytes)", lanes: Vec::new(), series: series(named.collect()) }
}

/// After how many milliseconds TSNs that were sent once were acknowledged, by path.
fn acknowledged_after(all: &Associations, one: &Association, shown: (i64, i64)) -> Panel {
    let again: BTreeSet<(u8, u32)> = all
        .chunks(one.index)
        .filter(|chunk| chunk.cause.is_some())
        .map(|chunk| (chunk.side, chunk.tsn))
        .collect();
    let mut samplers: Vec<Sampler> =
        one.paths.iter().take(MOST_PATHS).map(|_| Sampler::new(shown, false)).collect();
    for chunk in all.chunks(one.index) {
        let Some(sampler) = samplers.get_mut(usize::from(chunk.path)) else { continue };
        if chunk.acked_in == 0 || again.contains(&(chunk.side, chunk.tsn)) {
            continue;
        }
        let after = chunk.acked_time.saturating_sub(chunk.time) as f64 / 1e6;
        sampler.add(one.since(chunk.time), after, chunk.packet);
    }
    let named = samplers.into_iter().enumerate();
    let named = named.map(|(at, sampler)| (sampler, format!("path {}", at + 1), Style::Marks));
    let series = series(named.collect());
    Panel { name: "acknowledged_after_ms", heading: "Acknowledged after (ms)", lanes: Vec::new(), series }
}
