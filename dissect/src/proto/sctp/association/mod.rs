//! What is known of associations: RFC 9260, 1.3. An association is one object over all its paths.
//!
//! [`Associations`] is the state that SCTP keeps. It finds the association of a packet by its ports and its verification tag;
//! tags come from INIT and INIT ACK, or from the packets of both directions, where the capture begins later. The index of an
//! association is the number of those before it: `sctp.assoc_index`.
//!
//! Reports read [`Associations::list`]: each [`Association`] has two [`Side`]s (0 is the one that asked for it, or was seen
//! first), its [`Path`]s, and its [`Events`]. [`Associations::chunks`] tells of each TSN as long as its packet was not
//! forgotten.
//!
//! ```
//! use dissect::{Dissector, proto::sctp::association::Associations};
//! let memory = Dissector::default().memory();
//! assert_eq!(memory.of_type::<Associations>().unwrap().list().count(), 0);
//! ```

mod copies;
pub mod event;
mod find;
pub mod known;
mod learn;
pub mod path;
pub mod reassembly;
pub mod side;
mod table;
#[cfg(test)]
mod tests;
pub mod trace;
mod transfer;
pub mod tsn;

pub use copies::COPY;
pub use event::{Cause, Event, EventKind, Events, MOST_EVENTS, SwitchCause};
pub use known::{Acks, Fate, Known};
pub use path::{Path, Traffic};
pub use side::{Side, Status};
pub use trace::Trace;

use crate::flow::records::{Record, Records};
use crate::{Address, Ends, Field, State};
use reassembly::{Reassembly, Whole};
use std::collections::VecDeque;
use table::Table;
use tsn::{MOST_PACKETS, More, SIDE, Seen, Sent};

/// How many associations are kept; the oldest goes first.
pub const MOST_ASSOCIATIONS: usize = 1 << 14;
/// How many tags and how many pairs of ends lead to associations; the oldest go first.
pub const MOST_KEYS: usize = 1 << 16;
/// How many blocks of 64 TSNs are kept, of all associations together.
pub const MOST_BLOCKS: usize = 1 << 16;

/// The fields of this folder.
pub(super) static FIELDS: &[&Field] = known::FIELDS;

/// What SCTP keeps between packets.
#[derive(Debug)]
pub struct Associations {
    all: VecDeque<Association>,
    /// How many associations were dropped: the index of the first that is there.
    dropped: u32,
    finder: Finder,
    reassembly: Reassembly,
    log: Log,
    trace: Option<Trace>,
    purpose: Purpose,
    /// Whether statistics do not count the packets that are learnt now.
    uncounted: bool,
    /// Whether the packet learnt last has messages, or packets, from which others learn.
    carries: bool,
}

/// What all is learnt for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
    /// Whatever may be asked.
    All,
    /// Summary lines: they tell what was sent again, and what messages are.
    Lines,
    /// Statistics.
    Counts,
}

/// The ways to an association.
#[derive(Debug)]
struct Finder {
    tags: Table<TagKey, Way>,
    ends: Table<EndsKey, u32>,
}

/// A verification tag, the port it came from and the port it went to.
type TagKey = (u32, u16, u16);
/// Two ends, the lower first.
type EndsKey = ((Address, u16), (Address, u16));
/// An association's index, and which side sends such packets.
type Way = (u32, u8);

/// Records, and what bounds the windows.
#[derive(Debug, Default)]
struct Log {
    seen: Records<Seen>,
    sent: Records<Sent>,
    more: Records<More>,
    wholes: Records<Whole>,
    remarks: Records<Remark>,
    /// The blocks of all windows in the order in which they were made: association and side, first TSN, packet.
    blocks: VecDeque<(u32, u32, u32)>,
}

/// What is remarked on a packet.
#[derive(Clone, Copy, Debug)]
struct Remark {
    seen: u32,
    kind: u8,
    /// Which of its chunks of that kind: DATA, SACK and so on, counted from 0.
    chunk: u8,
    value: u64,
}

impl Record for Remark {
    fn packet(&self) -> u64 {
        self.seen.into()
    }
}

/// An association.
#[derive(Clone, Debug, Default)]
pub struct Association {
    /// Its index: Wireshark's `sctp.assoc_index`.
    pub index: u32,
    /// Both ends. 0 is the one that sent the INIT, or the first packet that was seen.
    pub sides: [Side; 2],
    /// Its paths, in the order in which they were used.
    pub paths: Vec<Path>,
    /// What happened to it.
    pub events: Events,
    /// Whether its begin is in the capture: an INIT.
    pub begun: bool,
    /// Whether and how it ended.
    pub end: Option<End>,
    /// The index of the association that it took the place of, RFC 9260, 5.2.2.
    pub restart_of: Option<u32>,
    /// The index of the association that took its place.
    pub restarted_by: Option<u32>,
    /// How many restarts came before it.
    pub restarts: u32,
    /// Whether streams were reset or added: their number is not that of the INIT any more.
    pub reconfigured: bool,
    /// How many packets had a tag that the receiver did not choose.
    pub wrong_tags: u32,
    /// How many packets had a wrong checksum.
    pub spoilt: u32,
    /// How many ICMP messages quote its packets as undeliverable.
    pub unreachable: u32,
    /// Its last packets, to know copies of them.
    copies: copies::Last,
}

/// How an association ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    /// The packet.
    pub packet: u64,
    /// Its time: nanoseconds since 1970.
    pub time: i64,
    /// The side that sent it.
    pub side: u8,
    /// How.
    pub kind: EndKind,
    /// The code of the first cause of an ABORT, RFC 9260, 3.3.10; 0 for none.
    pub cause: u16,
    /// The reason that the upper layer gave with an ABORT, as far as it is kept.
    pub reason: Vec<u8>,
}

/// In which way an association ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndKind {
    /// By SHUTDOWN, SHUTDOWN ACK and SHUTDOWN COMPLETE.
    Shutdown,
    /// By SHUTDOWN COMPLETE with the T bit: one side had no association any more.
    ShutdownWithoutAssociation,
    /// By an ABORT.
    Abort,
    /// By an ABORT with the T bit: its sender had no such association.
    AbortWithoutAssociation,
    /// It was restarted.
    Restart,
}

/// How many bytes of the reason of an ABORT are kept.
pub const MOST_REASON: usize = 256;

impl Default for Associations {
    fn default() -> Associations {
        let finder = Finder { tags: Table::new(MOST_KEYS), ends: Table::new(MOST_KEYS) };
        Associations {
            all: VecDeque::new(),
            dropped: 0,
            finder,
            reassembly: Reassembly::default(),
            log: Log::default(),
            trace: None,
            purpose: Purpose::All,
            uncounted: false,
            carries: false,
        }
    }
}

impl Associations {
    /// The associations that are kept, the oldest first.
    pub fn list(&self) -> impl Iterator<Item = &Association> {
        self.all.iter()
    }
    /// How many were too many to be kept, the oldest.
    pub fn dropped(&self) -> u32 {
        self.dropped
    }
    /// The association of this index.
    pub fn of(&self, index: u32) -> Option<&Association> {
        self.all.get(index.checked_sub(self.dropped)? as usize)
    }
    fn of_mut(&mut self, index: u32) -> Option<&mut Association> {
        self.all.get_mut(index.checked_sub(self.dropped)? as usize)
    }
    /// What each packet says, if it was asked for before the first: [`Memory::trace`](crate::Memory::trace).
    pub fn trace(&self) -> Option<&Trace> {
        self.trace.as_ref()
    }
    /// Each DATA and I-DATA chunk of an association in the order in which they were sent, as far as their packets were not
    /// forgotten.
    pub fn chunks(&self, index: u32) -> impl Iterator<Item = Tsn> {
        self.log.sent.iter().filter_map(move |sent| self.log.tsn(sent, index))
    }
}

/// What is known of a DATA or I-DATA chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tsn {
    /// The side that sent it.
    pub side: u8,
    /// The path it took.
    pub path: u8,
    /// Its TSN.
    pub tsn: u32,
    /// How many bytes of a message it has.
    pub len: u16,
    /// Its packet.
    pub packet: u64,
    /// Its time: nanoseconds since 1970.
    pub time: i64,
    /// The first packet that acknowledged the TSN; 0 for none.
    pub acked_in: u64,
    /// The time of that packet.
    pub acked_time: i64,
    /// A gap block acknowledged it first.
    pub gap_acked: bool,
    /// It was acknowledged in a gap block, and later taken back.
    pub reneged: bool,
    /// It sent its TSN again: the packet that did first.
    pub first_sent_in: u64,
    /// Why it was sent again.
    pub cause: Option<Cause>,
    /// It was sent again without need.
    pub spurious: bool,
}

impl Log {
    /// The packet of a record.
    fn packet(&self, number: u32) -> Option<u64> {
        self.seen.of(number).map(Record::packet)
    }
    fn more_of(&self, sent: &Sent) -> Option<More> {
        self.more.of(sent.more.checked_sub(1)?).copied()
    }
    fn tsn(&self, sent: &Sent, index: u32) -> Option<Tsn> {
        let seen = self.seen.of(sent.seen).filter(|seen| seen.association & !SIDE == index)?;
        let acked = sent.acked.checked_sub(1).and_then(|number| self.seen.of(number));
        let more =
            sent.more.checked_sub(1).and_then(|number| self.more.of(number)).copied().unwrap_or_default();
        let first = more.first.checked_sub(1).and_then(|first| self.seen.of(self.sent.of(first)?.seen));
        Some(Tsn {
            side: (seen.association >> 31) as u8,
            path: sent.path,
            tsn: sent.tsn,
            len: sent.len,
            packet: seen.packet.into(),
            time: seen.time,
            acked_in: acked.map_or(0, |seen| seen.packet.into()),
            acked_time: acked.map_or(0, |seen| seen.time),
            gap_acked: sent.bits & tsn::GAP_ACKED != 0,
            reneged: sent.bits & tsn::RENEGED != 0,
            first_sent_in: first.map_or(0, |seen| seen.packet.into()),
            cause: more.cause,
            spurious: more.cause == Some(Cause::AfterAck)
                || more.cause != Some(Cause::Copy) && (more.too_soon || more.duplicate != 0),
        })
    }
}

impl State for Associations {
    fn trace(&mut self, one: Option<u32>) {
        self.trace = Some(Trace::new(one));
    }
    fn count(&mut self) {
        self.purpose = Purpose::Counts;
    }
    fn serve_lines(&mut self) {
        self.purpose = Purpose::Lines;
    }
    fn counted(&mut self, counted: bool) {
        self.uncounted = !counted;
    }
    fn forget(&mut self, before: u64) {
        // What was sent in the last packets may still be acknowledged by one that is not forgotten.
        let floor = self.log.seen.next().wrapping_sub(MOST_PACKETS);
        let floor = self.log.seen.of(floor).map_or(0, Record::packet);
        self.log.seen.forget(before.min(floor));
        let first = self.log.seen.next().wrapping_sub(self.log.seen.len() as u32).into();
        self.log.sent.forget(first);
        self.log.more.forget(first);
        self.log.remarks.forget(first);
        self.log.wholes.forget(before);
    }
}

impl Association {
    /// The side at a place, 0 or 1.
    pub fn side(&self, at: u8) -> &Side {
        &self.sides[usize::from(at & 1)]
    }
    fn side_mut(&mut self, at: u8) -> &mut Side {
        &mut self.sides[usize::from(at & 1)]
    }
    /// Whether a HEARTBEAT of the side with this information waits for its answer.
    fn waits_for(&self, side: u8, sum: u32) -> bool {
        let waiting =
            |path: &Path| path.heartbeats[usize::from(side & 1)].waiting.iter().any(|one| one.sum == sum);
        self.paths.iter().any(waiting)
    }
    /// Which side has this port and address.
    fn side_of(&self, ends: &Ends) -> u8 {
        let [a, b] = &self.sides;
        if a.port == b.port {
            return u8::from(
                !a.addresses.contains(&ends.source)
                    && (b.addresses.contains(&ends.source) || a.addresses.contains(&ends.destination)),
            );
        }
        u8::from(a.port != ends.source_port)
    }
    /// The first packet and its time: nanoseconds since 1970.
    pub fn first(&self) -> (u64, i64) {
        let [a, b] = &self.sides;
        let of = |side: &Side| (side.traffic.first, side.traffic.first_time);
        if b.traffic.packets == 0 || (a.traffic.packets > 0 && a.traffic.first < b.traffic.first) {
            of(a)
        } else {
            of(b)
        }
    }
    /// The last packet and its time: nanoseconds since 1970.
    pub fn last(&self) -> (u64, i64) {
        let [a, b] = &self.sides;
        let last = if a.traffic.last > b.traffic.last { a } else { b };
        (last.traffic.last, last.traffic.last_time)
    }
}
