//! Echo requests and the replies to them, RFC 792 and RFC 4443, 4: a reply has the request's addresses, turned round, its
//! identifier and its sequence number.

use crate::flow::recent::Recent;
use crate::flow::records::{Record, Records};
use crate::tree::Item;
use crate::{Address, Area, Cx, Field, Here, Out, Severity, Show, State, fields};

/// How many requests wait for their replies. Then those go that have waited for long.
pub const MOST_WAITING: usize = 1 << 16;

fields! {
    /// The packet of the reply.
    RESPONSE_IN = "icmp.resp_in", "Response frame", Show::packet(), "RFC 792";
    /// The packet of the request.
    RESPONSE_TO = "icmp.resp_to", "Request frame", Show::packet(), "RFC 792";
    /// How long the reply took, in milliseconds.
    TIME = "icmp.resptime", "Response time", Show::double().write(write_time), "RFC 792";
    /// No reply is in the capture.
    NONE = "icmp.no_resp", "No response seen", Show::group(), "RFC 792";
    /// No reply is in the capture.
    REMARK = "icmp.resp_not_found", "No response seen to ICMP request", Show::expert(Severity::Warn, Area::Sequence), "RFC 792";
}

/// Those of ICMP.
pub(super) static ICMP: Fields = Fields {
    response_in: &RESPONSE_IN,
    response_to: &RESPONSE_TO,
    time: &TIME,
    none: &NONE,
    remark: &REMARK,
};

/// The fields that tell of the other message.
pub(crate) struct Fields {
    pub(crate) response_in: &'static Field,
    pub(crate) response_to: &'static Field,
    pub(crate) time: &'static Field,
    pub(crate) none: &'static Field,
    pub(crate) remark: &'static Field,
}

/// Who asks whom: addresses, identifier, sequence number. And how deep it stands: what a tunnel carries is not what goes on from
/// its end.
type Key = (Address, Address, u16, u16, u8);

/// A request that waits, by the number of its record, its packet and its time in nanoseconds.
#[derive(Clone, Copy, Debug)]
struct Waiting {
    record: u32,
    packet: u32,
    time: i64,
}

/// A request or a reply.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Echo {
    /// Its own packet. Numbers beyond 32 bits wrap, here and below.
    packet: u32,
    /// The packet of the reply, or of the request; 0 if there is none.
    other: u32,
    /// How long after the request a reply came, in nanoseconds; `None` of requests.
    after: Option<i64>,
}

impl Record for Echo {
    fn packet(&self) -> u64 {
        self.packet.into()
    }
}

/// The echo messages that were seen.
#[derive(Debug)]
pub struct Echoes {
    waiting: Recent<Key, Waiting>,
    records: Records<Echo>,
}

impl Default for Echoes {
    fn default() -> Echoes {
        Echoes { waiting: Recent::new(MOST_WAITING), records: Records::default() }
    }
}

impl State for Echoes {
    fn forget(&mut self, before: u64) {
        self.records.forget(before);
    }
}

impl Echoes {
    fn request(&mut self, (id, sequence): (u16, u16), depth: u8, here: &Here) -> u32 {
        let packet = here.packet as u32;
        let record = self.records.push(Echo { packet, other: 0, after: None });
        let key = (here.ends.source, here.ends.destination, id, sequence, depth);
        self.waiting.put(key, Waiting { record, packet, time: here.nanoseconds() });
        record
    }
    fn reply(&mut self, (id, sequence): (u16, u16), depth: u8, here: &Here) -> u32 {
        let packet = here.packet as u32;
        let mut echo = Echo { packet, other: 0, after: Some(0) };
        let key = (here.ends.destination, here.ends.source, id, sequence, depth);
        if let Some(asked) = self.waiting.take(&key) {
            echo.other = asked.packet;
            echo.after = Some(here.nanoseconds().saturating_sub(asked.time));
            if let Some(request) = self.records.of_mut(asked.record) {
                request.other = packet;
            }
        }
        self.records.push(echo)
    }
}

/// The identifier and sequence number behind the checksum.
fn numbers(rest: &[u8]) -> Option<(u16, u16)> {
    let [a, b, c, d] = *rest.first_chunk::<4>()?;
    Some((u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d])))
}

/// Learns from an echo message, of which this stands behind the checksum.
pub(crate) fn remember(cx: &mut Cx<'_>, is_request: bool, rest: &[u8]) -> Option<Echo> {
    let (numbers, depth) = (numbers(rest)?, cx.depth);
    let note = cx.remember(rest, |echoes: &mut Echoes, here| {
        if is_request { echoes.request(numbers, depth, &here) } else { echoes.reply(numbers, depth, &here) }
    })?;
    cx.record(|echoes: &Echoes| echoes.records.of(note).copied())
}

/// Who all may answer, where that is not one.
fn crowd(address: Address) -> Option<&'static str> {
    match address {
        Address::Ipv4(u32::MAX) => Some("broadcast"),
        Address::Ipv4(0xe000_0000..=0xefff_ffff) | Address::Ipv6([0xff, ..]) => Some("multicast"),
        _ => None,
    }
}

impl Echo {
    /// The packet of the other message, if it may be told yet.
    fn other(&self, cx: &Cx<'_>) -> Option<u64> {
        cx.news(self.other.into())
    }
    /// Whether no reply came to the end of the capture.
    fn is_unanswered(&self, cx: &Cx<'_>) -> bool {
        self.other == 0 && self.after.is_none() && cx.news(u64::MAX).is_some()
    }
    /// Adds what is known of the other message to the nodes of the one that begins here.
    pub(crate) fn emit(&self, cx: &mut Cx<'_>, fields: &Fields, message: &[u8]) {
        let start = message.get(..0).unwrap_or(&[]);
        match (self.other(cx), self.after) {
            (Some(packet), None) => cx.generated(fields.response_in, start, packet),
            (Some(packet), Some(after)) => {
                cx.generated(fields.response_to, start, packet);
                cx.generated(fields.time, start, (after as f64 / 1e6).to_bits());
            }
            _ if self.is_unanswered(cx) && crowd(cx.ends.destination).is_none() => {
                cx.group_generated(fields.none, start, |cx| cx.expert(fields.remark, start));
            }
            _ => {}
        }
    }
    /// Tells it in the packet's line.
    pub(crate) fn summarize(&self, cx: &mut Cx<'_>) {
        let (other, is_unanswered, crowd) =
            (self.other(cx), self.is_unanswered(cx), crowd(cx.ends.destination));
        let Some(info) = cx.info() else { return };
        match (other, self.after) {
            (Some(packet), None) => drop(info.str(" (reply in ").dec(packet).byte(b')')),
            (Some(packet), Some(_)) => drop(info.str(" (request in ").dec(packet).byte(b')')),
            _ if is_unanswered => drop(info.str(" (").str(crowd.unwrap_or("no response found!")).byte(b')')),
            _ => {}
        }
    }
}

/// How long a reply took, in milliseconds.
pub(crate) fn write_time(item: Item<'_>, out: &mut Out) {
    out.fmt(format_args!("{:.3} ms", f64::from_bits(item.node.value)));
}
