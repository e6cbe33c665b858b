//! The segments of connections as reports draw them: `sctpdump ladder FILE streams N`.

use super::Flags;
use super::analysis::{self, Analysis, Arrival, Standing};
use super::connection::{Connection, Connections};
use crate::report::{Arrow, Ladder};
use crate::{Here, Memory};
use std::fmt::Write;

/// How many segments are kept for ladders; later ones are only counted.
pub(super) const MOST_STEPS: usize = 1 << 16;
/// How many segments a ladder shows.
const MOST_ARROWS: usize = 1000;

/// A segment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    packet: u64,
    /// Nanoseconds since 1970; 0 without a time.
    time: i64,
    stream: u32,
    /// Whether it comes from who sent the connection's first packet.
    is_up: bool,
    flags: Flags,
    /// Both counted from the connection's first.
    sequence: u32,
    acknowledgment: u32,
    length: u32,
    analysis: Analysis,
}

impl Step {
    pub(super) fn new(arrival: &Arrival, standing: &Standing, connection: &Connection, here: &Here) -> Step {
        Step {
            packet: here.packet,
            time: here.nanoseconds(),
            stream: connection.stream(),
            is_up: (here.ends.source, here.ends.source_port)
                == (connection.ends().source, connection.ends().source_port),
            flags: arrival.flags,
            sequence: arrival.sequence.wrapping_sub(standing.base),
            acknowledgment: arrival.acknowledgment.wrapping_sub(standing.other_base),
            length: arrival.length,
            analysis: standing.analysis,
        }
    }
    /// What it brings and acknowledges, short enough for a lane: `1:101 ack 1` are the bytes from 1 up to 101.
    fn label(&self) -> String {
        let mut text = String::new();
        for (flag, name) in [(Flags::SYN, "SYN"), (Flags::FIN, "FIN"), (Flags::RST, "RST")] {
            if self.flags.contains(flag) {
                let _ = write!(text, "{name} ");
            }
        }
        match self.length {
            0 if text.is_empty() => {}
            0 => drop(write!(text, "{} ", self.sequence)),
            length => drop(write!(text, "{}:{} ", self.sequence, self.sequence.wrapping_add(length))),
        }
        if self.flags.contains(Flags::ACK) {
            let _ = write!(text, "ack {}", self.acknowledgment);
        }
        text.truncate(text.trim_end().len());
        text
    }
    fn note(&self) -> String {
        let found: Vec<&str> =
            REMARKS.iter().filter(|(what, _)| self.analysis.has(*what)).map(|one| one.1).collect();
        // What was sent again fast or without need needs no word for being sent again.
        let skipped = usize::from(found.len() > 1 && found.first() == Some(&"retransmission"));
        found.get(skipped..).unwrap_or(&[]).join(", ")
    }
}

/// What is remarked on a segment, in words.
static REMARKS: &[(Analysis, &str)] = &[
    (analysis::RETRANSMISSION, "retransmission"),
    (analysis::FAST_RETRANSMISSION, "fast retransmission"),
    (analysis::SPURIOUS_RETRANSMISSION, "spurious retransmission"),
    (analysis::OUT_OF_ORDER, "out of order"),
    (analysis::REUSED_PORTS, "ports used again"),
    (analysis::LOST_SEGMENT, "a segment before it is not in the capture"),
    (analysis::ACK_LOST_SEGMENT, "acknowledges what is not in the capture"),
    (analysis::WINDOW_UPDATE, "window update"),
    (analysis::WINDOW_FULL, "window full"),
    (analysis::KEEP_ALIVE, "keep-alive"),
    (analysis::KEEP_ALIVE_ACK, "answers a keep-alive"),
    (analysis::DUPLICATE_ACK, "duplicate ACK"),
    (analysis::ZERO_WINDOW_PROBE, "zero window probe"),
    (analysis::ZERO_WINDOW, "zero window"),
    (analysis::ZERO_WINDOW_PROBE_ACK, "answers a zero window probe"),
];

/// The segments that are kept.
#[derive(Debug)]
pub(super) struct Trace {
    /// Of which connection; `None` for all.
    one: Option<u32>,
    steps: Vec<Step>,
    missed: usize,
}

impl Trace {
    pub(super) fn new(one: Option<u32>) -> Trace {
        Trace { one, steps: Vec::new(), missed: 0 }
    }
    pub(super) fn add(&mut self, step: Step) {
        match self.one {
            Some(one) if one != step.stream => {}
            _ if self.steps.len() < MOST_STEPS => self.steps.push(step),
            _ => self.missed += 1,
        }
    }
}

/// The picture of a connection.
pub(super) fn ladder(memory: &Memory, number: u32) -> Option<Ladder> {
    let all = memory.of_type::<Connections>()?;
    let connection = all.iter().find(|one| one.stream() == number)?;
    let ends = connection.ends();
    let end = |name: &str, address: &crate::Address, port: u16| {
        let mut out = crate::Out::new();
        out.str(name).byte(b' ');
        address.write(&mut out);
        out.str(" port ").dec(port.into());
        out.to_string_lossy()
    };
    let mut ladder = Ladder {
        title: format!("TCP connection {number}"),
        ends: vec![
            end("client", &ends.source, ends.source_port),
            end("server", &ends.destination, ends.destination_port),
        ],
        arrows: Vec::new(),
    };
    let Some(trace) = all.trace() else { return Some(ladder) };
    let (mut left, mut first) = (trace.missed, None);
    for step in trace.steps.iter().filter(|step| step.stream == number) {
        if ladder.arrows.len() >= MOST_ARROWS {
            left += 1;
            continue;
        }
        let (from, to) = if step.is_up { (0, 1) } else { (1, 0) };
        ladder.arrows.push(Arrow {
            packet: step.packet,
            since: step.time.saturating_sub(*first.get_or_insert(step.time)),
            from,
            to,
            label: step.label(),
            note: step.note(),
        });
    }
    if left > 0 {
        ladder.leave_out(format!("{left} more left out"));
    }
    Some(ladder)
}
