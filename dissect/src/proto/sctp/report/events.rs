//! What the application at each end saw: the notifications and messages of RFC 6458, 6.1 and 5.3.

use super::super::association::trace::{Said, Step};
use super::super::association::tsn::after;
use super::super::association::{Association, Associations, EndKind, EventKind, Side};
use super::super::cause::CauseCode;
use super::story::{Message, Story};
use super::words::{came_up, cause, count, reason, side_name};
use super::{paths, table};
use crate::report::{Body, Cell, Column, Finding, Part, Report};
use crate::{Memory, Severity};
use std::collections::{BTreeMap, BTreeSet};

/// How many rows are shown.
pub(super) const MOST_ROWS: usize = 10_000;

static COLUMNS: &[Column] = &[
    Column::new("time_seconds", "Time"),
    Column::new("packet", "Packet"),
    Column::new("end", "End"),
    Column::new("event", "Event"),
    Column::new("stream", "sid"),
    Column::new("message", "ssn/mid"),
    Column::new("ppid", "PPID"),
    Column::new("tsn", "TSN"),
    Column::new("cumtsn", "cumtsn"),
    Column::new("bytes", "Bytes"),
    Column::new("detail", "Detail"),
];

/// A row before it is sorted.
struct Row {
    packet: u64,
    time: i64,
    end: u8,
    event: &'static str,
    message: Option<Message>,
    detail: String,
}

pub(super) fn make(memory: &Memory, number: Option<u32>) -> Option<Report> {
    let (all, one) = super::find(memory, number.unwrap_or(0))?;
    let mut teller = Teller {
        one,
        all,
        rows: Vec::new(),
        confirmed: BTreeSet::new(),
        highest: [None; 2],
        newest: [None; 2],
        given_up: [None; 2],
    };
    teller.association();
    teller.peers();
    if let Some(trace) = all.trace() {
        for (step, said) in trace.steps(one.index) {
            teller.step(step, said);
        }
    }
    let story = Story::of(all, one);
    for message in story.iter().flat_map(|story| &story.messages) {
        teller.rows.push(Row {
            packet: message.delivered.0,
            time: message.delivered.1,
            end: message.side ^ 1,
            event: "message",
            message: Some(*message),
            detail: message_words(message),
        });
    }
    teller.failed();
    let mut rows = teller.rows;
    rows.sort_by_key(|row| row.packet);
    let left = rows.len().saturating_sub(MOST_ROWS);
    let mut rows: Vec<_> = rows.iter().take(MOST_ROWS).map(|row| cells(one, row)).collect();
    if left > 0 {
        let mut row = vec![Cell::None; COLUMNS.len()];
        if let Some(last) = row.last_mut() {
            *last = Cell::text(format!("{} more left out", count(left as u64, "event")));
        }
        rows.push(row);
    }
    let [a, b] = &one.sides;
    let title = format!(
        "SCTP association {}: what the applications at A {} and B {} saw (RFC 6458)",
        one.index,
        super::words::end(a),
        super::words::end(b)
    );
    let mut parts = vec![Part::new("events", "Events", table(COLUMNS, rows))];
    if let Some(missed) =
        all.trace().map(super::super::association::Trace::missed).filter(|missed| *missed > 0)
    {
        parts.push(Part::new(
            "limits",
            "Limits",
            Body::Findings(vec![Finding {
                severity: Severity::Warn,
                text: format!("{} at the end were too many to be told of", count(missed, "packet")),
                packets: Vec::new(),
                reference: "",
            }]),
        ));
    }
    Some(super::report("events", title, parts))
}

fn cells(one: &Association, row: &Row) -> Vec<Cell> {
    let of = |value: fn(&Message) -> u64| Cell::maybe(row.message, |message| Cell::Count(value(&message)));
    vec![
        Cell::Seconds(one.since(row.time)),
        Cell::Packet(row.packet),
        Cell::text(side_name(row.end)),
        Cell::text(row.event),
        of(|message| message.stream.into()),
        of(|message| message.number.into()),
        of(|message| message.ppid.into()),
        of(|message| message.tsn.into()),
        of(|message| message.upto.into()),
        of(|message| message.bytes),
        if row.detail.is_empty() { Cell::None } else { Cell::text(row.detail.as_str()) },
    ]
}

fn message_words(message: &Message) -> String {
    let mut words = String::new();
    if message.unordered {
        words.push_str("SCTP_UNORDERED");
    }
    if message.whole.0 != message.delivered.0 {
        let waited = super::words::span(message.delivered.1.saturating_sub(message.whole.1));
        let comma = if words.is_empty() { "" } else { ", " };
        words.push_str(&format!("{comma}waited {waited} for messages before it"));
    }
    words
}

struct Teller<'a> {
    one: &'a Association,
    all: &'a Associations,
    rows: Vec<Row>,
    /// Paths that were told as confirmed, by side.
    confirmed: BTreeSet<(u8, u8)>,
    /// The highest TSN of each side that waits for its acknowledgement.
    highest: [Option<u32>; 2],
    /// The highest TSN that each side sent.
    newest: [Option<u32>; 2],
    /// Up to which TSN each side gave up.
    given_up: [Option<u32>; 2],
}

impl Teller<'_> {
    fn tell(&mut self, (packet, time): (u64, i64), end: u8, event: &'static str, detail: impl Into<String>) {
        let detail = detail.into();
        self.rows.push(Row { packet, time, end, event, message: None, detail });
    }
    fn side(&self, at: u8) -> &Side {
        self.one.side(at)
    }
    fn come_up(&mut self, at: (u64, i64), end: u8) {
        let (me, peer) = (self.side(end), self.side(end ^ 1));
        let (out, into) =
            (me.outbound_streams.min(peer.inbound_streams), peer.outbound_streams.min(me.inbound_streams));
        let adaptation = peer.adaptation;
        let restarted = self.one.restart_of.filter(|_| end == 1);
        let what = if restarted.is_some() { "SCTP_RESTART" } else { "SCTP_COMM_UP" };
        self.tell(at, end, "SCTP_ASSOC_CHANGE", format!("{what}, {} out, {into} in", count(out, "stream")));
        if let Some(word) = adaptation {
            self.tell(at, end, "SCTP_ADAPTATION_INDICATION", format!("0x{word:08x}"));
        }
    }
    /// The association's begin and end.
    fn association(&mut self) {
        let one = self.one;
        let mut up = [false; 2];
        for event in one.events.list() {
            let (at, side, peer) = ((event.packet, event.time), event.side, event.side ^ 1);
            match event.kind {
                EventKind::CookieAck => {
                    for end in [side, peer] {
                        if !std::mem::replace(&mut up[usize::from(end & 1)], true) {
                            self.come_up(at, end);
                        }
                    }
                }
                EventKind::Shutdown => self.tell(at, peer, "SCTP_SHUTDOWN_EVENT", ""),
                EventKind::Error(code) if code != CauseCode::STALE_COOKIE.0 => {
                    self.tell(at, peer, "SCTP_REMOTE_ERROR", cause(code));
                }
                EventKind::AddAddress(address) => {
                    self.tell(at, peer, PEER, format!("SCTP_ADDR_ADDED {}", super::words::address(&address)));
                }
                EventKind::DeleteAddress(address) => {
                    self.tell(
                        at,
                        peer,
                        PEER,
                        format!("SCTP_ADDR_REMOVED {}", super::words::address(&address)),
                    );
                }
                EventKind::SetPrimary(address) => {
                    self.tell(
                        at,
                        peer,
                        PEER,
                        format!("SCTP_ADDR_MADE_PRIM {}", super::words::address(&address)),
                    );
                }
                _ => {}
            }
        }
        let Some(end) = &one.end else { return };
        let (at, by, peer) = ((end.packet, end.time), end.side, end.side ^ 1);
        match end.kind {
            EndKind::Shutdown | EndKind::ShutdownWithoutAssociation => {
                for end in [by, peer] {
                    self.tell(at, end, CHANGE, "SCTP_SHUTDOWN_COMP");
                }
            }
            EndKind::Abort | EndKind::AbortWithoutAssociation => {
                let why = if end.cause == 0 { String::new() } else { format!(", {}", cause(end.cause)) };
                let what = if came_up(one) { "SCTP_COMM_LOST" } else { "SCTP_CANT_STR_ASSOC" };
                self.tell(at, peer, CHANGE, format!("{what}, ABORT of the peer{why}{}", reason(end)));
            }
            EndKind::Restart => {}
        }
    }
    /// What the packets tell of the peer's addresses.
    fn peers(&mut self) {
        for spell in paths::spells(self.all, self.one) {
            let Some(path) = self.one.paths.get(usize::from(spell.path)) else { continue };
            let address = path.addresses.get(usize::from(spell.side ^ 1) & 1).map(super::words::address);
            let address = address.unwrap_or_default();
            let left = spell.switch(self.one).map_or_else(
                || (spell.packets.last().copied().unwrap_or(spell.first.0), spell.first.1),
                |switch| (switch.0, switch.1),
            );
            let text =
                format!("SCTP_ADDR_UNREACHABLE {address} (here at the latest, if it gave the path up)");
            self.tell(left, spell.side, PEER, text);
            if let Some(answer) = spell.answer {
                self.tell(answer, spell.side, PEER, format!("SCTP_ADDR_AVAILABLE {address}"));
            }
        }
        for event in self.one.events.list() {
            if !matches!(event.kind, EventKind::HeartbeatAck(_)) || event.path == 0 {
                continue;
            }
            if self.confirmed.insert((event.side, event.path)) {
                let path = self.one.paths.get(usize::from(event.path));
                let address = path.and_then(|path| path.addresses.get(usize::from(event.side ^ 1) & 1));
                let address = address.map(super::words::address).unwrap_or_default();
                self.tell(
                    (event.packet, event.time),
                    event.side,
                    PEER,
                    format!("SCTP_ADDR_CONFIRMED {address}"),
                );
            }
        }
    }
    /// What a packet tells: streams that were reset, and senders that have nothing left.
    fn step(&mut self, step: &Step, said: &[Said]) {
        let at = (step.packet, step.time);
        let (me, peer) = (usize::from(step.side & 1), usize::from(step.side & 1 ^ 1));
        for one in said {
            match *one {
                Said::Data { tsn, .. } if self.newest[me].is_none_or(|newest| after(tsn, newest)) => {
                    self.newest[me] = Some(tsn);
                    self.highest[me] = Some(tsn);
                }
                Said::Sack { upto, .. } if self.highest[peer] == Some(upto) => {
                    self.highest[peer] = None;
                    self.tell(at, peer as u8, "SCTP_SENDER_DRY_EVENT", "");
                }
                Said::ForwardTsn(tsn) if self.given_up[me] != Some(tsn) => {
                    self.given_up[me] = Some(tsn);
                    let text = format!(
                        "what was sent up to TSN {tsn} and not acknowledged is given up (FORWARD-TSN)"
                    );
                    self.tell(at, step.side, "SCTP_SEND_FAILED_EVENT", text);
                }
                _ => {}
            }
            if let Said::Reconfigure(kind, _, value) = *one {
                let name = match kind {
                    13 | 14 => "SCTP_STREAM_RESET_EVENT",
                    15 => "SCTP_ASSOC_RESET_EVENT",
                    17 | 18 => "SCTP_STREAM_CHANGE_EVENT",
                    _ => continue,
                };
                let detail = match kind {
                    13 => "incoming streams".into(),
                    14 => "outgoing streams".into(),
                    17 => format!("{} more in", count(value, "stream")),
                    18 => format!("{} more out", count(value, "stream")),
                    _ => String::new(),
                };
                self.tell(at, step.side ^ 1, name, detail);
            }
        }
    }
    /// Messages of which no acknowledgement came before the association was lost.
    fn failed(&mut self) {
        let Some(end) = self
            .one
            .end
            .as_ref()
            .filter(|end| matches!(end.kind, EndKind::Abort | EndKind::AbortWithoutAssociation))
        else {
            return;
        };
        let mut open: BTreeMap<(u8, u32), u64> = BTreeMap::new();
        for chunk in self.all.chunks(self.one.index) {
            if chunk.acked_in == 0 && chunk.cause.is_none() {
                open.insert((chunk.side, chunk.tsn), chunk.len.into());
            }
        }
        let at = (end.packet, end.time);
        for side in 0..2 {
            let tsns = open.keys().filter(|key| key.0 == side).count() as u64;
            if tsns > 0 {
                let text = format!("{} sent and not acknowledged (SCTP_DATA_SENT)", count(tsns, "TSN"));
                self.tell(at, side, "SCTP_SEND_FAILED_EVENT", text);
            }
        }
    }
}

const CHANGE: &str = "SCTP_ASSOC_CHANGE";
const PEER: &str = "SCTP_PEER_ADDR_CHANGE";
