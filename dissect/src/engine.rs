//! The engine: one walk a protocol, under `learn`, `dissect` and `summarize`.
//!
//! [`Dissector`] is built once, never changes and is shared between threads. [`Cx`] is what a walk works with; what it does
//! stands under it, a file for each: adding to the tree, writing the summary line, the bounds of what is walked, and the way to
//! the next protocol.

mod bounds;
mod carry;
mod emit;
mod line;
mod stencil;

use crate::checksum::Sum;
use crate::memory::{Memory, Mode, Sight};
use crate::proto::ethernet::plain;
use crate::table::{Chosen, Claims, leading, learners};
use crate::tree::Tree;
use crate::{Ends, Limit, Line, Only, Packet, Protocol, Table, proto};
use std::ops::RangeInclusive;
use std::sync::Arc;

pub(crate) use stencil::{Stencil, Stencils};

/// How many protocols may stand in each other: a bound on the stack for packets made to be deep.
pub const MOST_LAYERS: u8 = 64;

/// How many further sources one packet may bring.
pub const MOST_SOURCES: usize = 1 << 12;

/// The registered protocols and their claims. Immutable; one serves any number of threads.
#[derive(Debug)]
pub struct Dissector {
    pub(crate) protocols: Vec<&'static Protocol>,
    /// Which of them learning walks.
    learners: Vec<bool>,
    /// The tables in whose texts they may be found.
    leading: Vec<usize>,
    claims: Claims,
    /// The layers of a plain frame, if they are where they belong, and learning walks them.
    pub(crate) plain: Option<plain::Layers>,
    /// What [`Dissector::decode_as`] was told: it goes before what is said or found.
    pub(crate) chosen: Vec<Chosen>,
    /// The checksums that are not verified, a bit each.
    unverified: u8,
    /// Whether TCP's sequence numbers are shown as they are on the wire.
    absolute: bool,
}

impl Default for Dissector {
    fn default() -> Dissector {
        Dissector::new(proto::PROTOCOLS)
    }
}

impl Dissector {
    /// A dissector of these protocols. The first is the root: it walks every packet from its first byte.
    pub fn new(protocols: &[&'static Protocol]) -> Dissector {
        let learners =
            learners(protocols, &[], |index| protocols.get(index).is_some_and(|one| one.state.is_some()));
        let dissector = Dissector {
            protocols: protocols.to_vec(),
            leading: leading(protocols, &learners),
            learners,
            claims: Claims::new(protocols),
            plain: None,
            chosen: Vec::new(),
            unverified: 0,
            absolute: false,
        };
        Dissector { plain: plain::layers(&dissector), ..dissector }
    }
    /// Decodes what comes under these keys of a table as a protocol, whatever it looks like and whatever else is said of it:
    /// tshark's `-d udp.port==5070,sip`. What was learnt before may have gone another way: begin with a new memory.
    ///
    /// # Errors
    ///
    /// A sentence when there is no such table of numbers or no such protocol.
    ///
    /// ```
    /// use dissect::Dissector;
    /// let mut dissector = Dissector::default();
    /// assert!(dissector.decode_as("udp.port", 5070..=5079, "sip").is_ok());
    /// assert!(dissector.decode_as("udp.prt", 5070..=5070, "sip").unwrap_err().contains("udp.port"));
    /// ```
    pub fn decode_as(
        &mut self,
        table: &str,
        keys: RangeInclusive<u32>,
        protocol: &str,
    ) -> Result<(), String> {
        let tables = self.tables();
        let Some(found) = tables.iter().find(|one| one.name == table) else {
            let names: Vec<&str> = tables.iter().map(|one| one.name).collect();
            return Err(format!("there is no table {table}; there are {}", names.join(", ")));
        };
        let Some(index) = self.protocols.iter().position(|one| one.name == protocol) else {
            return Err(format!("there is no protocol {protocol}"));
        };
        self.chosen.push(Chosen { table: found, keys, protocol: index as u16 });
        let protocols = &self.protocols;
        self.learners = learners(protocols, &self.chosen, |index| {
            protocols.get(index).is_some_and(|one| one.state.is_some())
        });
        self.leading = leading(&self.protocols, &self.learners);
        self.plain = plain::layers(self);
        Ok(())
    }
    /// Verifies checksums of a kind, as is done unless something else is said, or leaves them unverified.
    pub fn verify(&mut self, sum: Sum, verified: bool) {
        let bit = sum as u8;
        self.unverified = if verified { self.unverified & !bit } else { self.unverified | bit };
    }
    /// Counts TCP's sequence numbers from the first of each connection, as is done unless something else is said, or shows
    /// them as they are on the wire. Either can be told of what was learnt with the other.
    pub fn count_sequence_numbers(&mut self, relative: bool) {
        self.absolute = !relative;
    }
    /// The tables in which protocols look for whom they carry by a number, in the order of their names.
    pub fn tables(&self) -> Vec<&'static Table> {
        let mut tables: Vec<&'static Table> = Vec::new();
        for table in self.protocols.iter().flat_map(|one| one.tables).filter(|table| !table.is_any()) {
            if !tables.iter().any(|one| std::ptr::eq(*one, *table)) {
                tables.push(table);
            }
        }
        tables.sort_by_key(|table| table.name);
        tables
    }
    /// A dissector of this crate's protocols and further ones, whose claims win.
    ///
    /// ```
    /// use dissect::capture::{LinkType, Packet};
    /// use dissect::{Claim, Cx, Dissector, Protocol, See, Show, Tree, fields, header, proto};
    ///
    /// fields! {
    ///     /// A greeting.
    ///     ROOT = "hello", "Hello Protocol", Show::protocol(), "RFC 9999";
    ///     /// How often to greet.
    ///     TIMES = "hello.times", "Times", Show::u16(), "RFC 9999, 1";
    /// }
    /// header! {
    ///     /// The header of a greeting.
    ///     pub struct Header {
    ///         /// How often to greet.
    ///         pub times: u16 => TIMES,
    ///     }
    /// }
    /// static HELLO: Protocol = Protocol {
    ///     claims: &[Claim::Number(&proto::udp::PORTS, 7777)],
    ///     ..Protocol::new("hello", "HELLO", "Hello Protocol", "RFC 9999", walk, &[FIELDS])
    /// };
    /// fn walk(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    ///     cx.column(HELLO.title);
    ///     cx.group(&ROOT, bytes, |cx| Header::dissect(cx, bytes));
    ///     true
    /// }
    ///
    /// let bytes = [0x45, 0, 0, 30, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, 0, 7, 0x1e, 0x61, 0, 10, 0, 0, 0, 3];
    /// let mut tree = Tree::new();
    /// Dissector::with(&[&HELLO]).dissect(&See::alone(), &Packet::new(LinkType::IPV4, &bytes), &mut tree);
    /// assert_eq!(tree.find("hello.times").next().unwrap().1.value, 3);
    /// ```
    pub fn with(further: &[&'static Protocol]) -> Dissector {
        Dissector::new(&[proto::PROTOCOLS, further].concat())
    }
    /// The registered protocols.
    pub fn protocols(&self) -> &[&'static Protocol] {
        &self.protocols
    }
    /// Whether the protocol of this index learns all it will before it shows any of it.
    pub(crate) fn learns_first(&self, index: u16) -> bool {
        self.protocols.get(usize::from(index)).is_some_and(|one| one.learns_first)
    }
    /// Whether learning walks the protocol of this index.
    #[inline]
    pub(crate) fn learns(&self, index: u16) -> bool {
        self.learners.get(usize::from(index)) == Some(&true)
    }
    /// The index of who was chosen for one of these numbers. The last choice holds.
    #[inline]
    pub(crate) fn chosen(&self, table: &'static Table, keys: &[u32]) -> Option<u16> {
        let matches =
            |one: &&Chosen| std::ptr::eq(one.table, table) && keys.iter().any(|key| one.keys.contains(key));
        self.chosen.iter().rev().find(matches).map(|one| one.protocol)
    }
    /// The index of who was chosen for a number, or claims it.
    #[inline]
    pub(crate) fn claimed(&self, table: &'static Table, key: u32) -> Option<u16> {
        self.chosen(table, &[key]).or_else(|| self.claims.number(table, key))
    }
    /// Whether the protocol that claims the number, if one does, learns or may carry one that does.
    pub(crate) fn learns_from(&self, table: &'static Table, key: u32) -> Option<bool> {
        self.claimed(table, key).map(|index| self.learns(index))
    }
    /// Whether the user chose a protocol for numbers of this table.
    pub(crate) fn is_chosen(&self, table: &'static Table) -> bool {
        self.chosen.iter().any(|one| std::ptr::eq(one.table, table))
    }
    /// The indexes of those who know content, and how, in their order.
    pub(crate) fn contents(&self, table: &'static Table) -> impl Iterator<Item = (u16, crate::Look)> {
        let mut from = 0;
        std::iter::from_fn(move || {
            let (at, look, index) = self.claims.content(from, table)?;
            from = at + 1;
            Some((index, look))
        })
    }
    /// Learns from a packet what later calls tell of it and of others: once for each packet, in order.
    pub fn learn(&self, memory: &mut Memory, packet: &Packet<'_>) {
        self.walk_bare(Sight::from(memory).mode(packet), packet, None);
    }
    /// Fills the tree with what the packet says, by itself and by what was learnt.
    pub fn dissect<'s>(&self, see: impl Into<Sight<'s>>, packet: &Packet<'_>, tree: &mut Tree) {
        self.walk(see.into().mode(packet), packet, tree, true, None, None);
    }
    /// Fills the tree with the nodes of some protocols: for a reader who needs no others, such as a filter. What stands
    /// in a group of another protocol stands at the top.
    pub fn dissect_only<'s>(
        &self,
        see: impl Into<Sight<'s>>,
        packet: &Packet<'_>,
        only: &Only,
        tree: &mut Tree,
    ) {
        self.walk(see.into().mode(packet), packet, tree, true, None, Some(only));
    }
    /// Writes the packet's summary line. Builds no tree.
    pub fn summarize<'s>(&self, see: impl Into<Sight<'s>>, packet: &Packet<'_>, line: &mut Line) {
        self.walk_bare(see.into().mode(packet), packet, Some(line));
    }
    /// [`dissect`](Dissector::dissect) and [`summarize`](Dissector::summarize) in one walk.
    pub fn dissect_and_summarize<'s>(
        &self,
        see: impl Into<Sight<'s>>,
        packet: &Packet<'_>,
        tree: &mut Tree,
        line: &mut Line,
    ) {
        self.walk(see.into().mode(packet), packet, tree, true, Some(line), None);
    }
    /// A walk that nobody looks at the tree of: it stays empty, and serves the next one.
    #[inline]
    fn walk_bare(&self, mode: Mode<'_>, packet: &Packet<'_>, line: Option<&mut Line>) {
        match mode {
            Mode::Learn(memory) => {
                let mut tree = memory.bare.take().unwrap_or_default();
                self.walk(Mode::Learn(memory), packet, &mut tree, false, line, None);
                memory.bare = Some(tree);
            }
            mode => {
                let Some(line) = line else { return };
                let mut tree = line.bare.take().unwrap_or_default();
                self.walk(mode, packet, &mut tree, false, Some(&mut *line), None);
                line.bare = Some(tree);
            }
        }
    }
    fn walk(
        &self,
        mode: Mode<'_>,
        packet: &Packet<'_>,
        tree: &mut Tree,
        showing: bool,
        mut line: Option<&mut Line>,
        only: Option<&Only>,
    ) {
        tree.begin(packet.bytes);
        tree.absolute = self.absolute;
        if let Some(line) = &mut line {
            line.begin();
        }
        let only_learns = matches!(mode, Mode::Learn(_)) && !showing && line.is_none();
        let cut = (packet.original as usize).saturating_sub(packet.bytes.len());
        let mut cx = Cx {
            dissector: self,
            packet,
            tree,
            showing,
            only,
            line,
            ends: Ends::default(),
            cut,
            limit: Limit::End,
            content_type: Vec::new(),
            quoted: false,
            hops: 0,
            depth: 0,
            me: 0,
            mode,
            only_learns,
            cursor: 0,
            expectation: None,
            expected_end: 0,
            session: None,
            asked: 0,
            end: None,
            lacks: false,
        };
        cx.start();
        if let Some(line) = cx.line {
            line.lacks = cx.lacks;
        }
    }
}

/// What a walk works with: the packet, the tree, the summary line, the way to the next protocol, and the memory.
///
/// Bytes given to its methods are slices of the packet, or of the source being walked: their place is read off them.
#[derive(Debug)]
#[allow(clippy::struct_excessive_bools, reason = "each says something else")]
pub struct Cx<'e> {
    pub(crate) dissector: &'e Dissector,
    /// The packet.
    pub packet: &'e Packet<'e>,
    pub(crate) tree: &'e mut Tree,
    showing: bool,
    /// The protocols that are wanted in the tree, if not all are.
    pub(crate) only: Option<&'e Only>,
    line: Option<&'e mut Line>,
    /// The ends of the layer being walked. A layer with addresses or ports of its own sets them.
    pub ends: Ends,
    /// How many bytes the snap length cut off behind the end of the bytes being walked.
    pub cut: usize,
    /// What set the end of the bytes being walked, for the sentences of malformed nodes.
    pub limit: Limit,
    /// The `Content-Type` by which [`Cx::carry_media`] came here, if it has parameters; empty otherwise.
    pub content_type: Vec<u8>,
    /// Inside a packet that another quotes (ICMP): shown, not learnt, and cut short by design.
    pub quoted: bool,
    /// How many hops the innermost IP header leaves: time to live, hop limit.
    pub hops: u8,
    /// How many protocols are being walked, one in the other.
    pub(crate) depth: u8,
    pub(crate) me: u16,
    pub(crate) mode: Mode<'e>,
    /// Whether the walk learns and nobody looks at what it says.
    pub(crate) only_learns: bool,
    pub(crate) cursor: u32,
    /// While learning, the number of what was said of the bytes being walked, if they were expected.
    pub(crate) expectation: Option<u32>,
    pub(crate) expected_end: u32,
    /// When learning, what names the session whose description is being walked: SIP's Call-ID for SDP.
    pub session: Option<Arc<[u8]>>,
    /// When learning, the packet with the request that a final response answers whose description is being walked; else 0.
    pub asked: u64,
    /// Where the layer that was walked last ended before the bytes it was given did.
    end: Option<u32>,
    /// Whether something was asked of a memory that leaves it out.
    pub(crate) lacks: bool,
}

/// What a walk asks of what was asked for.
impl Cx<'_> {
    /// Whether checksums of a kind are verified.
    #[inline]
    pub fn verifies(&self, sum: Sum) -> bool {
        self.dissector.unverified & sum as u8 == 0
    }
    /// Whether TCP's sequence numbers are shown as they are on the wire.
    #[inline]
    pub(crate) fn is_absolute(&self) -> bool {
        self.dissector.absolute
    }
    /// Whether a tree is being built.
    #[inline]
    pub fn showing(&self) -> bool {
        self.showing
    }
    /// Whether a tree is being built, be it of other protocols only: then what a packet quotes is walked, as one of them
    /// may stand in it.
    #[inline]
    pub fn dissecting(&self) -> bool {
        self.showing || self.only.is_some() && !self.learning()
    }
}
