//! tshark's statistics (`-z`): what is counted over the packets of a capture, written as tshark 4.0 writes it.
//!
//! A [`Statistics`] is what was asked for. It is given each packet after that was learnt, and writes what it counted.
//! Statistics that a protocol makes of what it learnt ([`report::Statistic`]) need no look at packets at all.
//!
//! ```
//! use dissect::capture::{LinkType, Packet};
//! use dissect::{Dissector, Out, See, statistic::Statistics};
//!
//! let bytes = [0x45, 0, 0, 32, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, 0x1e, 0x61, 0x1e, 0x61, 0, 12, 0, 0, 1, 2, 3, 4];
//! let dissector = Dissector::default();
//! let mut statistics = Statistics::parse(&dissector, &["io,phs"])?;
//! statistics.packet(&dissector, &See::alone(), &Packet::new(LinkType::IPV4, &bytes));
//! let mut out = Out::new();
//! statistics.write(&dissector.memory(), &mut out);
//! assert!(out.to_string_lossy().contains("\n  udp "));
//! # Ok::<(), String>(())
//! ```

mod conversations;
mod endpoints;
mod ends;
mod flow;
pub mod follow;
mod hierarchy;
mod intervals;
mod remarks;
mod rows;

pub use conversations::{Conversation, MOST_CONVERSATIONS, write as write_conversations};

use crate::capture::Time;
use crate::filter::{Work, nearest};
use crate::report::Report;
use crate::{Dissection, Dissector, Field, Filter, Memory, Only, Out, Packet, See, Sight, Tree, report};
use std::fmt::Debug;

/// What a statistic reads of each packet.
#[derive(Clone, Debug)]
pub enum Looks {
    /// Only the packet itself: its length, its time.
    Packet,
    /// These fields of its tree.
    Fields(Vec<&'static Field>),
    /// Its whole tree.
    Whole,
}

/// What a statistic is given of each packet.
#[derive(Clone, Copy, Debug)]
pub struct Look<'a> {
    /// The dissector.
    pub dissector: &'a Dissector,
    /// What was learnt.
    pub see: &'a See<'a>,
    /// The packet, and as much of its tree as was asked for, at least.
    pub dissection: Dissection<'a>,
    /// When it was captured, in nanoseconds since the capture's first packet.
    pub since: i64,
}

impl Look<'_> {
    /// The packet's length on the wire.
    pub fn length(&self) -> u64 {
        self.dissection.packet.original.into()
    }
}

/// Something that is counted over packets.
pub trait Statistic: Debug {
    /// What it reads of each packet.
    fn looks(&self) -> Looks;
    /// The fields that filters of its own read. `None`, as unless it says so, where it reads more than these and what it looks
    /// at: then all is learnt.
    fn filters(&self) -> Option<Vec<&'static Field>> {
        None
    }
    /// Counts a packet.
    fn packet(&mut self, look: &Look<'_>);
    /// Passes over a packet that came so many nanoseconds after the capture's first.
    fn pass(&mut self, _since: i64) {}
    /// Writes what was counted.
    fn write(&self, out: &mut Out);
    /// What was counted, for whoever draws it; `None` where it is text alone.
    fn report(&self) -> Option<Report> {
        None
    }
}

/// What comes behind a statistic's name, when it is made.
type Make = fn(&Dissector, &str) -> Result<Counted, String>;

/// A statistic, and which packets it counts.
#[derive(Debug)]
struct Counted {
    filter: Option<Filter>,
    statistic: Box<dyn Statistic>,
}

/// A kind of statistics that is made of the packets' trees.
struct Kind {
    /// tshark's name of it.
    name: &'static str,
    /// What may come behind the name.
    arguments: &'static str,
    make: Make,
}

static KINDS: &[Kind] = &[
    Kind {
        name: "conv,eth",
        arguments: "[,FILTER]",
        make: |d, rest| conversations::make(d, &ends::ETHERNET, rest),
    },
    Kind {
        name: "conv,ip",
        arguments: "[,FILTER]",
        make: |d, rest| conversations::make(d, &ends::IPV4, rest),
    },
    Kind {
        name: "conv,ipv6",
        arguments: "[,FILTER]",
        make: |d, rest| conversations::make(d, &ends::IPV6, rest),
    },
    Kind {
        name: "conv,sctp",
        arguments: "[,FILTER]",
        make: |d, rest| conversations::make(d, &ends::SCTP, rest),
    },
    Kind {
        name: "conv,tcp",
        arguments: "[,FILTER]",
        make: |d, rest| conversations::make(d, &ends::TCP, rest),
    },
    Kind {
        name: "conv,udp",
        arguments: "[,FILTER]",
        make: |d, rest| conversations::make(d, &ends::UDP, rest),
    },
    Kind {
        name: "endpoints,eth",
        arguments: "[,FILTER]",
        make: |d, rest| endpoints::make(d, &ends::ETHERNET, rest),
    },
    Kind {
        name: "endpoints,ip",
        arguments: "[,FILTER]",
        make: |d, rest| endpoints::make(d, &ends::IPV4, rest),
    },
    Kind {
        name: "endpoints,ipv6",
        arguments: "[,FILTER]",
        make: |d, rest| endpoints::make(d, &ends::IPV6, rest),
    },
    Kind {
        name: "endpoints,sctp",
        arguments: "[,FILTER]",
        make: |d, rest| endpoints::make(d, &ends::SCTP, rest),
    },
    Kind {
        name: "endpoints,tcp",
        arguments: "[,FILTER]",
        make: |d, rest| endpoints::make(d, &ends::TCP, rest),
    },
    Kind {
        name: "endpoints,udp",
        arguments: "[,FILTER]",
        make: |d, rest| endpoints::make(d, &ends::UDP, rest),
    },
    Kind { name: "expert", arguments: "[,error|warn|note|chat][,FILTER]", make: remarks::make },
    Kind { name: "flow", arguments: ",any|tcp|icmp|icmpv6,standard|network[,FILTER]", make: flow::make },
    Kind { name: "follow", arguments: ",tcp|udp|sctp|sip,ascii|hex|raw,NUMBER|CALL-ID", make: follow::make },
    Kind { name: "io,phs", arguments: "[,FILTER]", make: hierarchy::make },
    Kind {
        name: "io,stat",
        arguments: ",SECONDS[,[COUNT|SUM|MIN|MAX|AVG|LOAD(FIELD)]FILTER]...",
        make: intervals::make,
    },
];

/// A statistic that is made of what a protocol learnt.
#[derive(Debug)]
struct Learnt {
    statistic: &'static report::Statistic,
    /// Where it is of some packets only.
    part: Option<Box<Part>>,
}

/// Some packets, and what was learnt with only them counted.
#[derive(Debug)]
struct Part {
    text: String,
    filter: Option<Filter>,
    memory: Memory,
}

impl Part {
    fn learn(&mut self, dissector: &Dissector, packet: &Packet<'_>, counted: bool) {
        if packet.number.is_multiple_of(BATCH) {
            self.memory.forget(packet.number);
        }
        self.memory.counted(counted);
        dissector.learn(&mut self.memory, packet);
    }
}

/// Packets between two times of forgetting.
const BATCH: u64 = 64;

/// One of the statistics that were asked for.
#[derive(Debug)]
enum One {
    /// Made of what a protocol learnt.
    Learnt(Learnt),
    /// Made of the packets.
    Counted(Box<Counted>),
}

/// The statistics that were asked for.
#[derive(Debug)]
pub struct Statistics {
    all: Vec<One>,
    /// What all of them read of a tree: nothing, a part, or all.
    reads: Reads,
    tree: Tree,
    work: Work,
    first: Option<Time>,
}

#[derive(Debug)]
enum Reads {
    Nothing,
    Part(Only),
    Whole,
}

impl Statistics {
    /// The statistics of these names, as behind tshark's `-z`: `io,phs,sip`. Fails with a sentence.
    pub fn parse(dissector: &Dissector, names: &[&str]) -> Result<Statistics, String> {
        let all: Result<_, _> = names.iter().map(|name| one(dissector, name, Of::All)).collect();
        Ok(Statistics::new(dissector, all?))
    }
    /// The same, counted over some packets of the capture: the others are [passed over](Statistics::pass).
    ///
    /// ```
    /// use dissect::capture::{LinkType, Packet};
    /// use dissect::{Dissector, Out, See, statistic::Statistics};
    ///
    /// let dissector = Dissector::default();
    /// let mut statistics = Statistics::parse_picked(&dissector, &["io,phs", "sip,stat"])?;
    /// let packet = Packet::new(LinkType::IPV4, &[0x45]);
    /// statistics.pass(&dissector, &packet);
    /// statistics.packet(&dissector, &See::alone(), &packet);
    /// let mut out = Out::new();
    /// statistics.write(&dissector.memory(), &mut out);
    /// assert!(out.to_string_lossy().contains(" frames:1 "));
    /// # Ok::<(), String>(())
    /// ```
    pub fn parse_picked(dissector: &Dissector, names: &[&str]) -> Result<Statistics, String> {
        let all: Result<_, _> = names.iter().map(|name| one(dissector, name, Of::Picked)).collect();
        Ok(Statistics::new(dissector, all?))
    }
    /// Packets and bytes in intervals of so many microseconds: of all packets, and of those that each filter picks. As `io,stat`,
    /// but filters may have commas. Fails with a sentence.
    pub fn intervals(dissector: &Dissector, length: u64, filters: &[&str]) -> Result<Statistics, String> {
        Ok(Statistics::of(dissector, intervals::over_time(dissector, length, filters)?))
    }
    /// A statistic of the caller's own.
    pub fn of(dissector: &Dissector, statistic: Box<dyn Statistic>) -> Statistics {
        Statistics::new(dissector, vec![One::Counted(Box::new(Counted { filter: None, statistic }))])
    }
    fn new(dissector: &Dissector, all: Vec<One>) -> Statistics {
        let (mut fields, mut whole) = (Vec::new(), false);
        for one in &all {
            match one {
                One::Learnt(_) => {}
                One::Counted(counted) => match counted.statistic.looks() {
                    Looks::Packet => {}
                    Looks::Fields(more) => fields.extend(more),
                    Looks::Whole => whole = true,
                },
            }
        }
        let reads = match (whole, fields.is_empty()) {
            (true, _) => Reads::Whole,
            (false, true) => Reads::Nothing,
            (false, false) => Reads::Part(Only::fields(dissector, &fields)),
        };
        Statistics { all, reads, tree: Tree::new(), work: Work::new(), first: None }
    }
    /// Whether all of them are made of what was learnt alone, so that no packet need be given.
    pub fn is_learnt(&self) -> bool {
        self.all.iter().all(|one| matches!(one, One::Learnt(Learnt { part: None, .. })))
    }
    /// An empty memory for those that are made of what was learnt, if [all of them](Statistics::is_learnt) are.
    pub fn memory(&self, dissector: &Dissector) -> Memory {
        let learnt = |one: &One| match one {
            One::Learnt(Learnt { statistic, part: None }) => Some(*statistic),
            _ => None,
        };
        match self.all.iter().map(learnt).collect::<Option<Vec<_>>>() {
            Some(learnt) => dissector.memory_to_count(&learnt),
            None => dissector.memory(),
        }
    }
    /// The fields that they and their filters read of each packet, for a memory [that learns no more](Only::fields); `None` if
    /// they read whole trees or what was learnt.
    pub fn fields(&self) -> Option<Vec<&'static Field>> {
        let mut fields = Vec::new();
        for one in &self.all {
            let filter = match one {
                One::Learnt(Learnt { part, .. }) => part.as_ref()?.filter.as_ref(),
                One::Counted(counted) => {
                    match counted.statistic.looks() {
                        Looks::Packet => {}
                        Looks::Fields(more) => fields.extend(more),
                        Looks::Whole => return None,
                    }
                    fields.extend(counted.statistic.filters()?);
                    counted.filter.as_ref()
                }
            };
            if let Some(filter) = filter {
                fields.extend(filter.fields()?);
            }
        }
        Some(fields)
    }
    /// Counts a packet. Answers false, having counted nothing, if [more has to be learnt](Memory::lacks) to tell what it counts
    /// for, which only a memory for a part can ask for.
    pub fn packet<'s>(
        &mut self,
        dissector: &Dissector,
        sight: impl Into<Sight<'s>>,
        packet: &Packet<'_>,
    ) -> bool {
        let mut sight = sight.into();
        match &self.reads {
            Reads::Nothing => {}
            Reads::Part(only) => dissector.dissect_only(&mut sight, packet, only, &mut self.tree),
            Reads::Whole => dissector.dissect(&mut sight, packet, &mut self.tree),
        }
        let see = &sight.see(dissector, packet);
        if see.lacks() {
            return false;
        }
        let since = self.since(packet);
        let dissection = Dissection { tree: &self.tree, packet };
        let look = Look { dissector, see, dissection, since };
        for one in &mut self.all {
            let filter = match one {
                One::Learnt(Learnt { part, .. }) => part.as_ref().and_then(|part| part.filter.as_ref()),
                One::Counted(counted) => counted.filter.as_ref(),
            };
            let picks = filter.is_none_or(|filter| filter.accepts(dissector, see, packet, &mut self.work));
            match one {
                One::Learnt(Learnt { part: Some(part), .. }) => part.learn(dissector, packet, picks),
                One::Counted(counted) if picks => counted.statistic.packet(&look),
                _ => {}
            }
        }
        true
    }
    /// Passes over a packet that is not counted. What it teaches is known of those that are.
    pub fn pass(&mut self, dissector: &Dissector, packet: &Packet<'_>) {
        let since = self.since(packet);
        for one in &mut self.all {
            match one {
                One::Learnt(Learnt { part: Some(part), .. }) => part.learn(dissector, packet, false),
                One::Learnt(_) => {}
                One::Counted(counted) => counted.statistic.pass(since),
            }
        }
    }
    /// The nanoseconds from the first packet that was given to this one.
    fn since(&mut self, packet: &Packet<'_>) -> i64 {
        let first = *self.first.get_or_insert(packet.time.unwrap_or_default());
        packet.time.and_then(|time| time.checked_since(first)).unwrap_or(0)
    }
    /// What was counted, as a report for each statistic that makes one, in the order in which they were asked for.
    pub fn reports(&self) -> Vec<Report> {
        let counted = self.all.iter().filter_map(|one| match one {
            One::Learnt(_) => None,
            One::Counted(counted) => counted.statistic.report(),
        });
        counted.collect()
    }
    /// Writes them all, the last first, as tshark does. `memory` is what was learnt of the whole capture.
    pub fn write(&self, memory: &Memory, out: &mut Out) {
        for one in self.all.iter().rev() {
            match one {
                One::Learnt(Learnt { statistic, part }) => {
                    let part = part.as_deref().map(|part| (&part.memory, part.text.as_str()));
                    let (memory, filter) = part.unwrap_or((memory, ""));
                    (statistic.write)(memory, filter, out);
                }
                One::Counted(counted) => counted.statistic.write(out),
            }
        }
    }
}

/// All names of statistics, each with what may come behind it, sorted.
pub fn names(dissector: &Dissector) -> Vec<(&'static str, &'static str)> {
    let mut names: Vec<(&str, &str)> = learnt(dissector).map(|one| (one.name, "[,FILTER]")).collect();
    names.retain(|learnt| KINDS.iter().all(|kind| kind.name != learnt.0));
    names.extend(KINDS.iter().map(|kind| (kind.name, kind.arguments)));
    names.sort_unstable();
    names
}

fn learnt(dissector: &Dissector) -> impl Iterator<Item = &'static report::Statistic> {
    dissector.protocols().iter().flat_map(|protocol| protocol.statistics).copied()
}

/// Of which packets statistics are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Of {
    All,
    /// Of some; the others are passed over.
    Picked,
}

fn one(dissector: &Dissector, name: &str, of: Of) -> Result<One, String> {
    let rest = |kind: &str| {
        let rest = name.strip_prefix(kind)?;
        if rest.is_empty() { Some(rest) } else { rest.strip_prefix(',') }
    };
    let wrong = |sentence: String| format!("-z {name}: {sentence}");
    let kind = KINDS.iter().find_map(|kind| Some((kind, rest(kind.name)?)));
    let learnt = learnt(dissector).find_map(|one| Some((one, rest(one.name)?)));
    if let Some((kind, rest)) = kind {
        // Of all packets, what was learnt says it for less.
        if let (Some((statistic, _)), Of::All, "") = (learnt, of, rest) {
            return Ok(One::Learnt(Learnt { statistic, part: None }));
        }
        return (kind.make)(dissector, rest).map(|one| One::Counted(Box::new(one))).map_err(wrong);
    }
    if let Some((statistic, text)) = learnt {
        let filter = filter(dissector, text).map_err(wrong)?;
        let part = (of == Of::Picked || filter.is_some()).then(|| {
            let memory = dissector.memory_to_count(&[statistic]);
            Box::new(Part { text: text.to_owned(), filter, memory })
        });
        return Ok(One::Learnt(Learnt { statistic, part }));
    }
    let known: Vec<&str> = names(dissector).into_iter().map(|(name, _)| name).collect();
    let hint = match nearest(name, known.iter().copied()) {
        Some(near) => format!("did you mean {near}?"),
        None => format!("there are {}", known.join("; ")),
    };
    Err(format!("-z {name}: there is no such statistic; {hint}"))
}

/// What a statistic is of, for its report's title: `TCP conversations of sip`.
fn titled(what: &str, filter: &str) -> String {
    if filter.is_empty() { what.to_owned() } else { format!("{what} of {filter}") }
}

/// A report of one table, and of how much did not fit.
fn one_table(
    name: &'static str,
    title: String,
    heading: &'static str,
    columns: &'static [report::Column],
    rows: Vec<Vec<report::Cell>>,
    left_out: u64,
) -> Report {
    use report::{Body, Cell, Column, Part, Table};
    let mut parts = vec![Part::new(name, heading, Body::Table(Table { columns, rows }))];
    if left_out > 0 {
        let fact =
            (Column::new("left_out", "Counted nowhere, as there were too many"), Cell::Count(left_out));
        parts.push(Part::new("limits", "Limits", Body::Facts(vec![fact])));
    }
    Report { name, title, parts }
}

/// A filter behind a statistic's name; none for no text.
fn filter(dissector: &Dissector, text: &str) -> Result<Option<Filter>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let filter = Filter::compile(dissector, text);
    filter.map(Some).map_err(|error| format!("{}\n{}", error.sentence, error.caret(text, "    ")))
}

/// The field of this name.
fn field(dissector: &Dissector, name: &str) -> Option<&'static Field> {
    let mut all = dissector.protocols().iter().flat_map(|one| one.fields.iter().copied().flatten());
    all.find(|field| field.name == name).copied()
}

/// The groups of protocols that quote packets: what stands in them was not sent here.
const QUOTING: [&str; 2] = ["icmp", "icmpv6"];
