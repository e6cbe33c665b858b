//! RTP found by its content: for captures without the signalling. Nothing in RTP's header is sure, so it takes some packets
//! in a row of one source, and who wants it asks for it by `Dissector::with(&[&rtp::HEURISTIC])`.

use super::Header;
use crate::proto::udp::PORTS;
use crate::{Claim, Cx, Ends, Protocol, State, Table};
use hashbrown::{DefaultHashBuilder, HashMap};
use std::collections::VecDeque;

/// How many packets in a row must fit before they are taken for RTP.
pub const ENOUGH: u8 = 4;

/// How many flows are watched at once; the oldest go first.
pub const MOST_FLOWS: usize = 1 << 12;

/// How far a sequence number may be ahead of the one before it.
const MOST_AHEAD: u16 = 16;

/// Where RTP is handed what was found.
pub(super) static FOUND: Table = Table { name: "rtp.found", doc: "0 for RTP found by its content" };

/// RTP that nobody announced. It is none of this crate's registered protocols.
///
/// ```
/// use dissect::{Dissector, proto::rtp};
/// let dissector = Dissector::with(&[&rtp::HEURISTIC]);
/// assert!(dissector.protocols().iter().any(|one| one.name == "rtp_udp"));
/// ```
pub static HEURISTIC: Protocol = Protocol {
    claims: &[Claim::Content(&PORTS, 200, look)],
    tables: &[&FOUND],
    state: Some(|| Box::new(Flows::default())),
    ..Protocol::new("rtp_udp", "RTP", "RTP found by its content", "RFC 3550, A.1", walk, &[])
};

/// A flow that may be RTP.
#[derive(Debug)]
struct Flow {
    began: u64,
    ssrc: u32,
    payload_type: u8,
    sequence: u16,
    timestamp: u32,
    fitting: u8,
}

/// The flows that are watched.
#[derive(Debug, Default)]
struct Flows {
    watched: HashMap<Ends, Flow, DefaultHashBuilder>,
    order: VecDeque<(u64, Ends)>,
    begun: u64,
}

impl State for Flows {
    fn forget(&mut self, _: u64) {}
}

/// Whether it may be RTP: version 2, a payload type of audio or video, or one that is dynamic, and a whole header.
fn look(_: &Cx<'_>, bytes: &[u8]) -> bool {
    let Ok((rest, header)) = Header::parse(bytes) else { return false };
    let is_known = matches!(header.payload_type(), 0..=34 | 96..=127);
    header.version() == 2 && is_known && header.ssrc != 0 && rest.len() > header.sources() * 4
}

fn walk(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    let Ok((_, header)) = Header::parse(bytes) else { return false };
    let found = cx.remember(bytes, |flows: &mut Flows, here| flows.learn(here.ends, header).into());
    found == Some(1) && cx.carry(&FOUND, 0, bytes)
}

impl Flows {
    /// Takes a packet that may be RTP. Answers whether it is.
    fn learn(&mut self, ends: Ends, header: Header) -> bool {
        let flow = match self.watched.entry(ends) {
            hashbrown::hash_map::Entry::Occupied(flow) => flow.into_mut(),
            hashbrown::hash_map::Entry::Vacant(place) => {
                self.begun += 1;
                self.order.push_back((self.begun, ends));
                place.insert(Flow::new(self.begun, header))
            }
        };
        let is_rtp = flow.take(header);
        if self.order.len() > MOST_FLOWS
            && let Some((began, oldest)) = self.order.pop_front()
            && self.watched.get(&oldest).is_some_and(|flow| flow.began == began)
        {
            self.watched.remove(&oldest);
        }
        is_rtp
    }
}

impl Flow {
    fn new(began: u64, header: Header) -> Flow {
        let (sequence, timestamp) = (header.sequence.wrapping_sub(1), header.timestamp);
        Flow {
            began,
            ssrc: header.ssrc,
            payload_type: header.payload_type(),
            sequence,
            timestamp,
            fitting: 0,
        }
    }
    /// Takes the next packet. Answers whether enough in a row fit.
    fn take(&mut self, header: Header) -> bool {
        let ahead = header.sequence.wrapping_sub(self.sequence);
        let is_sure = self.fitting >= ENOUGH;
        let fits = header.ssrc == self.ssrc
            && (is_sure || ahead == 1 && header.payload_type() == self.payload_type)
            && (is_sure || header.timestamp.wrapping_sub(self.timestamp) < 1 << 20);
        if !fits {
            *self = Flow { fitting: 1, ..Flow::new(self.began, header) };
            self.sequence = header.sequence;
            return false;
        }
        if ahead <= MOST_AHEAD || !is_sure {
            (self.sequence, self.timestamp) = (header.sequence, header.timestamp);
        }
        self.fitting = self.fitting.saturating_add(1);
        self.fitting >= ENOUGH
    }
}
