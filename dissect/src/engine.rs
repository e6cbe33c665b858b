//! The engine: one walk a protocol, under `learn`, `dissect` and `summarize`.
//!
//! [`Dissector`] is built once, never changes and is shared between threads. [`Cx`] is what a walk works with.

use crate::checksum::Sum;
use crate::memory::{Memory, Mode, Sight};
use crate::table::{Chosen, Claims, address, leading, learners};
use crate::tree::{Node, Tree};
use crate::{Ends, Field, Limit, Line, Malformed, Only, Out, Packet, Protocol, Table, proto};
use std::ops::RangeInclusive;
use std::sync::Arc;

/// How many protocols may stand in each other: a bound on the stack for packets made to be deep.
pub const MOST_LAYERS: u8 = 64;

/// How many further sources one packet may bring.
pub const MOST_SOURCES: usize = 1 << 12;

/// How many bytes may be missing where nothing tells: more than a packet can have, few enough to be added to.
const MOST_UNQUOTED: usize = 1 << 30;

/// The registered protocols and their claims. Immutable; one serves any number of threads.
#[derive(Debug)]
pub struct Dissector {
    pub(crate) protocols: Vec<&'static Protocol>,
    /// Which of them learning walks.
    learners: Vec<bool>,
    /// The tables in whose texts they may be found.
    leading: Vec<usize>,
    claims: Claims,
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
        Dissector {
            protocols: protocols.to_vec(),
            leading: leading(protocols, &learners),
            learners,
            claims: Claims::new(protocols),
            chosen: Vec::new(),
            unverified: 0,
            absolute: false,
        }
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
            mode => self.walk(mode, packet, &mut Tree::new(), false, line, None),
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
        cx.call(0, packet.bytes);
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

/// Adding to the tree. Without a tree these do nothing and cost a branch.
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
    /// Adds a field with its bytes and value. The value of text, bytes and IPv6 or hardware addresses is their bytes:
    /// give 0.
    #[cfg_attr(not(target_family = "wasm"), inline)]
    pub fn leaf(&mut self, field: &'static Field, bytes: &[u8], value: u64) {
        if self.showing {
            let start = self.tree.place(bytes);
            self.tree.push(field, start, bytes.len() as u32, value, 0);
        }
    }
    /// Adds a field that no bytes say, with the bytes that led to it (often none: `&[]`).
    #[cfg_attr(not(target_family = "wasm"), inline)]
    pub fn generated(&mut self, field: &'static Field, bytes: &[u8], value: u64) {
        self.marked(field, bytes, value, Node::GENERATED);
    }
    /// Adds a field with marks ([`Node::HIDDEN`], [`Node::GENERATED`]).
    pub fn marked(&mut self, field: &'static Field, bytes: &[u8], value: u64, marks: u16) {
        if self.showing {
            let start = self.tree.place(bytes);
            self.tree.push(field, start, bytes.len() as u32, value, marks);
        }
    }
    /// Adds a text or bytes field whose value is not the bytes it came from: unfolded lines, shifted bits.
    pub fn own_text(&mut self, field: &'static Field, bytes: &[u8], text: &[u8], marks: u16) {
        if self.showing {
            let value = (self.tree.text.len() as u64) << 32 | text.len() as u64;
            self.tree.text.extend_from_slice(text);
            let start = self.tree.place(bytes);
            self.tree.push(field, start, bytes.len() as u32, value, marks | Node::OWN_TEXT);
        }
    }
    /// Adds such a field, generated, and what `body` adds under it.
    pub fn own_text_with(
        &mut self,
        field: &'static Field,
        bytes: &[u8],
        text: &[u8],
        body: impl FnOnce(&mut Self),
    ) {
        let at = self.tree.nodes.len();
        self.own_text(field, bytes, text, Node::GENERATED);
        self.append(at, body);
    }
    /// Adds a text or bytes field whose value is a part of its bytes, and what `body` adds under it: a header line and
    /// its value.
    pub fn part<R>(
        &mut self,
        field: &'static Field,
        bytes: &[u8],
        part: &[u8],
        body: impl FnOnce(&mut Self) -> R,
    ) -> R {
        let at = (part.as_ptr() as usize).wrapping_sub(bytes.as_ptr() as usize);
        let at = if at <= bytes.len() { at } else { bytes.len() };
        let value = (at as u64) << 32 | part.len().min(bytes.len() - at) as u64;
        self.group_marked(field, bytes, value, Node::PART, body)
    }
    /// Adds a text or bytes field whose value is the pieces, one behind the other, and what `body` adds under it.
    pub fn joined<'p, R>(
        &mut self,
        field: &'static Field,
        bytes: &[u8],
        pieces: impl Iterator<Item = &'p [u8]>,
        body: impl FnOnce(&mut Self) -> R,
    ) -> R {
        let at = self.tree.text.len();
        if self.showing {
            pieces.for_each(|piece| self.tree.text.extend_from_slice(piece));
        }
        let value = (at as u64) << 32 | (self.tree.text.len() - at) as u64;
        self.group_marked(field, bytes, value, Node::OWN_TEXT, body)
    }
    /// Adds a group over the bytes; what `body` adds goes under it. The body runs without a tree too.
    #[inline]
    pub fn group<R>(&mut self, field: &'static Field, bytes: &[u8], body: impl FnOnce(&mut Self) -> R) -> R {
        self.group_with(field, bytes, 0, body)
    }
    /// Adds a field with a value and with others under it: flags and their bits.
    #[inline]
    pub fn group_with<R>(
        &mut self,
        field: &'static Field,
        bytes: &[u8],
        value: u64,
        body: impl FnOnce(&mut Self) -> R,
    ) -> R {
        self.group_marked(field, bytes, value, 0, body)
    }
    /// Adds a group that no bytes say, and what `body` adds under it.
    pub fn group_generated(&mut self, field: &'static Field, bytes: &[u8], body: impl FnOnce(&mut Self)) {
        self.group_generated_with(field, bytes, 0, body);
    }
    /// Adds a field that no bytes say, with a value and with others under it.
    pub fn group_generated_with(
        &mut self,
        field: &'static Field,
        bytes: &[u8],
        value: u64,
        body: impl FnOnce(&mut Self),
    ) {
        self.group_marked(field, bytes, value, Node::GENERATED, body);
    }
    #[inline]
    fn group_marked<R>(
        &mut self,
        field: &'static Field,
        bytes: &[u8],
        value: u64,
        marks: u16,
        body: impl FnOnce(&mut Self) -> R,
    ) -> R {
        // Where speed counts most the body stands here twice: what it adds costs nothing where there is no tree.
        if cfg!(not(target_family = "wasm")) && !self.showing {
            return body(self);
        }
        let at = self.open(field, bytes, value, marks);
        let answer = body(self);
        self.close(at);
        answer
    }
    /// Begins a group. Its index, for [`close`](Cx::close); without a tree one that no node has.
    #[cfg_attr(not(target_family = "wasm"), inline)]
    fn open(&mut self, field: &'static Field, bytes: &[u8], value: u64, marks: u16) -> usize {
        if !self.showing {
            return usize::MAX;
        }
        let at = self.tree.nodes.len();
        self.marked(field, bytes, value, marks);
        if field.show.kind == crate::Kind::Protocol && self.tree.nodes.len() > at {
            self.tree.protocols.push(field);
        }
        at
    }
    /// Ends a group behind what was added last.
    #[cfg_attr(not(target_family = "wasm"), inline)]
    fn close(&mut self, group: usize) {
        let end = self.tree.nodes.len() as u32;
        if let Some(node) = self.tree.nodes.get_mut(group) {
            node.end = end.max(node.end);
        }
    }
    /// Adds such a field at a place of its own: where a place is only told for comparison with other programs.
    pub fn group_generated_at(
        &mut self,
        field: &'static Field,
        start: u32,
        value: u64,
        body: impl FnOnce(&mut Self),
    ) {
        if !self.showing {
            return;
        }
        let at = self.tree.nodes.len();
        self.tree.push(field, start, 0, value, Node::GENERATED);
        body(self);
        self.close(at);
    }
    /// The index that the next node will have, for [`set_len`](Cx::set_len).
    pub fn place_of_next(&self) -> usize {
        self.tree.nodes.len()
    }
    /// Adds to a group that is closed, behind what it holds: a frame's trailer, known only after the payload was walked,
    /// whose nodes follow. `group` is the index that [`place_of_next`](Cx::place_of_next) gave before it was added.
    pub fn append(&mut self, group: usize, body: impl FnOnce(&mut Self)) {
        if self.showing {
            let before = self.tree.nodes.len();
            body(self);
            self.tree.move_into(group, before);
        }
    }
    /// Sets the byte length of a node added earlier, by the index that [`place_of_next`](Cx::place_of_next) gave: for
    /// groups whose end is known only after they were walked.
    pub fn set_len(&mut self, node: usize, len: usize) {
        if let (true, Some(node)) = (self.showing, self.tree.nodes.get_mut(node)) {
            node.len = len as u32;
        }
    }
    /// Hides a node added earlier, by the index that [`place_of_next`](Cx::place_of_next) gave: a payload as bytes that
    /// another protocol took.
    pub fn hide(&mut self, node: usize) {
        if let (true, Some(node)) = (self.showing, self.tree.nodes.get_mut(node)) {
            node.marks |= Node::HIDDEN;
        }
    }
    /// Adds the flags of a number: each field has a mask in the number, which `bytes` hold.
    #[cfg_attr(not(target_family = "wasm"), inline)]
    pub fn flags(&mut self, fields: &[&'static Field], bytes: &[u8], number: u64) {
        if self.showing {
            for field in fields {
                self.bits(field, bytes, number);
            }
        }
    }
    /// Adds the bits of a number that the field's mask names.
    #[cfg_attr(not(target_family = "wasm"), inline)]
    pub fn bits(&mut self, field: &'static Field, bytes: &[u8], number: u64) {
        let mask = field.show.mask;
        self.leaf(field, bytes, (number & mask) >> mask.trailing_zeros().min(63));
    }
    /// Adds a remark.
    pub fn expert(&mut self, field: &'static Field, bytes: &[u8]) {
        self.generated(field, bytes, 0);
    }
    /// Adds a node that says where understanding stopped. `bytes` are what was being parsed: the error's offset counts
    /// in them.
    pub fn malformed(&mut self, bytes: &[u8], error: impl Into<Malformed>) {
        let mut fault: Malformed = error.into();
        // What a quote leaves out is no fault.
        if !self.showing || self.quoted && self.cut > 0 && matches!(fault.fault, crate::Fault::Short { .. }) {
            return;
        }
        let rest = bytes.get(fault.offset as usize..).unwrap_or(&[]);
        fault.offset = fault.offset.saturating_add(self.tree.place(bytes));
        if fault.limit == Limit::End {
            fault.limit = if self.cut > 0 { Limit::Snap } else { self.limit };
        }
        let marks = Node::GENERATED | Node::MALFORMED;
        let (index, start) = (self.tree.faults.len() as u64, fault.offset);
        let field = if fault.limit == Limit::Snap { &proto::frame::SHORT } else { &proto::frame::MALFORMED };
        self.tree.faults.push(fault);
        self.tree.push(field, start, rest.len() as u32, index, marks);
    }
    /// Walks bytes that are not the packet's, such as decompressed ones, as a further source: nodes that `body` adds count
    /// in them, and the tree keeps them. `name` says what they are: `Decompressed body`.
    pub fn source(&mut self, name: &'static str, bytes: Vec<u8>, body: impl FnOnce(&mut Self, &[u8])) {
        if self.tree.sources.len() >= MOST_SOURCES {
            self.expert(&proto::frame::TOO_MANY_SOURCES, &[]);
            return;
        }
        let (cut, limit) = (std::mem::take(&mut self.cut), self.limit);
        self.limit = Limit::End;
        let before = self.tree.enter_source(name, &bytes);
        body(self, &bytes);
        self.tree.leave_source(before, bytes);
        (self.cut, self.limit) = (cut, limit);
    }
    /// Where a slice of what is being walked begins in its source.
    pub fn offset(&self, bytes: &[u8]) -> u32 {
        self.tree.place(bytes)
    }
    /// Runs `body` on bytes whose end a length field set, so that sentences can name it.
    pub fn limited<R>(&mut self, by: &'static Field, length: &[u8], body: impl FnOnce(&mut Self) -> R) -> R {
        let before = self.limit;
        self.limit = Limit::Length(by, self.tree.place(length));
        let answer = body(self);
        self.limit = before;
        answer
    }
    /// Runs `body` on the first `declared` bytes of `rest`, as far as they were captured, with [`Cx::cut`] set to how
    /// many of them the snap length took.
    pub fn within<R>(&mut self, rest: &[u8], declared: usize, body: impl FnOnce(&mut Self, &[u8]) -> R) -> R {
        let before = self.cut;
        let own = rest.get(..declared).unwrap_or(rest);
        self.cut = (declared - own.len()).min(before);
        let answer = body(self, own);
        self.cut = before;
        answer
    }
}

/// Writing the summary line. Without one these do nothing.
impl Cx<'_> {
    /// Names the protocol in its column and begins its text; what protocols below wrote goes, unless they kept it.
    #[inline]
    pub fn column(&mut self, protocol: &'static str) {
        if let Some(line) = &mut self.line {
            line.protocol = protocol;
            line.waits = false;
            line.info.truncate(line.kept);
        }
    }
    /// Says that the protocol which just named itself writes its text only if nobody whom it carries has one, which would
    /// take its place: [`text_waits`](Cx::text_waits) tells that.
    #[inline]
    pub fn wait_with_text(&mut self) {
        if let Some(line) = &mut self.line {
            line.waits = true;
        }
    }
    /// Whether the text that [waits](Cx::wait_with_text) is to be written now, as nobody took its place.
    #[inline]
    pub fn text_waits(&mut self) -> bool {
        self.line.as_mut().is_some_and(|line| std::mem::take(&mut line.waits))
    }
    /// Names the carried protocol beside its carrier: a column that says `from` says `to` (`SIP`, `SIP/SDP`).
    pub fn rename_column(&mut self, from: &str, to: &'static str) {
        if let Some(line) = self.line.as_mut().filter(|line| line.protocol == from) {
            line.protocol = to;
        }
    }
    /// Where to write what the packet says, if a summary is wanted.
    #[inline]
    pub fn info(&mut self) -> Option<&mut Out> {
        self.line.as_deref_mut().map(|line| &mut line.info)
    }
    /// Writes two ports there: the beginning of what a transport's line says.
    #[inline]
    pub fn info_ports(&mut self, of: crate::Transport, source: u16, destination: u16) {
        if let Some(line) = &mut self.line {
            line.ports(of, source, destination);
        }
    }
    /// Whether a summary is wanted.
    #[inline]
    pub fn has_line(&self) -> bool {
        self.line.is_some()
    }
    /// Keeps what was written so far when the next protocol begins its own text.
    pub fn keep_info(&mut self) {
        if let Some(line) = &mut self.line {
            line.kept = line.info.len();
        }
    }
    /// Sets the addresses of the summary line and of [`Cx::ends`].
    #[inline]
    pub fn addresses(&mut self, source: crate::Address, destination: crate::Address) {
        (self.ends.source, self.ends.destination) = (source, destination);
        if let Some(line) = &mut self.line {
            (line.source, line.destination) = (source, destination);
        }
    }
    /// Runs `body` on a packet that this one quotes: it is shown, it writes no summary and nothing is learnt from it. It
    /// may end anywhere: what is missing counts as [cut](Cx::cut).
    pub fn quoting<R>(&mut self, body: impl FnOnce(&mut Self) -> R) -> R {
        let (line, ends, quoted, hops) = (self.line.take(), self.ends, self.quoted, self.hops);
        self.quoted = true;
        let answer = self.rest_elsewhere(body);
        (self.line, self.ends, self.quoted, self.hops) = (line, ends, quoted, hops);
        answer
    }
    /// How many bytes the capture lacks behind the end of those being walked; `None` if nothing tells.
    pub(crate) fn missing(&self) -> Option<usize> {
        (self.cut < MOST_UNQUOTED).then_some(self.cut)
    }
    /// Runs `body` on bytes whose rest is not in this packet, however long it is.
    pub(crate) fn rest_elsewhere<R>(&mut self, body: impl FnOnce(&mut Self) -> R) -> R {
        let cut = std::mem::replace(&mut self.cut, MOST_UNQUOTED);
        let answer = body(self);
        self.cut = cut;
        answer
    }
}

/// The way to the next protocol.
impl Cx<'_> {
    fn call(&mut self, index: u16, bytes: &[u8]) -> bool {
        let Some(protocol) = self.dissector.protocols.get(usize::from(index)) else { return false };
        let learns = self.dissector.learns(index) && self.learns_of(index);
        if self.only_learns && !learns {
            return true;
        }
        if self.depth >= MOST_LAYERS {
            self.expert(&proto::frame::TOO_DEEP, bytes);
            return true;
        }
        let me = std::mem::replace(&mut self.me, index);
        self.end = None;
        self.depth += 1;
        let mine = if self.only_learns {
            (protocol.walk)(self, bytes)
        } else {
            self.look(index, protocol, bytes, learns)
        };
        self.depth -= 1;
        self.me = me;
        mine
    }
    /// Whether this walk learns, and does not leave the protocol of this index out.
    #[inline]
    fn learns_of(&mut self, index: u16) -> bool {
        match &mut self.mode {
            Mode::Learn(memory) => memory.learns(index),
            _ => false,
        }
    }
    /// Walks a protocol for somebody who looks, and who may want to see others only. Where it `learns`, that is done too.
    fn look(&mut self, index: u16, protocol: &Protocol, bytes: &[u8], learns: bool) -> bool {
        let (showing, mut tells) = (self.showing, true);
        if let Some(only) = self.only {
            tells = !only.skips(index);
            self.showing = only.shows(index);
        }
        let mine = match (learns, tells) {
            (false, false) => true,
            (true, false) => self.learn_only(protocol, bytes),
            (true, true) if protocol.learns_apart() => self.walk_twice(protocol, bytes),
            (false, true) if self.is_left_out() => {
                self.within_mode(Mode::LeftOut, |cx| (protocol.walk)(cx, bytes))
            }
            _ => (protocol.walk)(self, bytes),
        };
        self.showing = showing;
        mine
    }
    /// Lets a protocol learn all there is in the bytes before it shows any of it.
    fn walk_twice(&mut self, protocol: &Protocol, bytes: &[u8]) -> bool {
        let Mode::Learn(memory) = &self.mode else { return false };
        let (start, sources) = (memory.next_note(), self.tree.sources.len());
        let (ends, cut, limit, hops) = (self.ends, self.cut, self.limit, self.hops);
        self.learn_only(protocol, bytes);
        self.tree.sources.truncate(sources);
        (self.ends, self.cut, self.limit, self.hops, self.end) = (ends, cut, limit, hops, None);
        let Mode::Learn(memory) = &self.mode else { return false };
        let mut cx = Cx {
            tree: &mut *self.tree,
            line: self.line.as_deref_mut(),
            content_type: std::mem::take(&mut self.content_type),
            mode: Mode::Recall { memory, notes: (start, memory.next_note()), upto: self.packet.number },
            cursor: 0,
            expectation: None,
            session: None,
            ..*self
        };
        let mine = (protocol.walk)(&mut cx, bytes);
        let Cx { content_type, ends, cut, limit, hops, end, lacks, .. } = cx;
        (self.content_type, self.lacks) = (content_type, lacks);
        (self.ends, self.cut, self.limit, self.hops, self.end) = (ends, cut, limit, hops, end);
        mine
    }
    /// Runs a walk that learns and tells nothing.
    fn learn_only(&mut self, protocol: &Protocol, bytes: &[u8]) -> bool {
        let (showing, only, line) = (self.showing, self.only.take(), self.line.take());
        (self.showing, self.only_learns) = (false, true);
        let mine = (protocol.walk)(self, bytes);
        (self.showing, self.only, self.line, self.only_learns) = (showing, only, line, false);
        mine
    }
    /// Runs `body` on what nothing is to be learnt from: a packet that its receiver drops.
    pub fn unlearnt<R>(&mut self, body: impl FnOnce(&mut Self) -> R) -> R {
        let only_learns = std::mem::replace(&mut self.only_learns, false);
        let answer = self.within_mode(Mode::Alone, body);
        self.only_learns = only_learns;
        answer
    }
    fn within_mode<R>(&mut self, mode: Mode<'static>, body: impl FnOnce(&mut Self) -> R) -> R {
        let before = std::mem::replace(&mut self.mode, mode);
        let answer = body(self);
        self.mode = before;
        answer
    }
    /// Whether a memory that leaves something out learns.
    fn is_left_out(&self) -> bool {
        matches!(&self.mode, Mode::Learn(memory) if memory.leaves_out())
    }
    /// Whether the protocol that is being walked says that it looks in this table.
    fn looks_in(&self, table: &'static Table) -> bool {
        let me = self.dissector.protocols.get(usize::from(self.me));
        let same = |one: &&Table| std::ptr::eq(*one, table) || one.is_any();
        me.is_none_or(|me| me.tables.iter().any(same))
    }
    /// Hands bytes to the protocol that claims the number; whether one did and took them.
    #[inline]
    pub fn carry(&mut self, table: &'static Table, key: u32, bytes: &[u8]) -> bool {
        debug_assert!(self.looks_in(table), "{} is not among the tables that a protocol lists", table.name);
        match self.dissector.claimed(table, key) {
            Some(index) => self.call(index, bytes),
            None => false,
        }
    }
    /// Hands a body to the protocol that claims its media type, or all of its top-level type (`multipart/*`); whether
    /// one did and took it. `content_type` is the value of a `Content-Type` as it stands, `multipart/mixed;boundary=x`:
    /// the carried protocol finds it in [`Cx::content_type`].
    ///
    /// ```
    /// # use dissect::{Cx, proto::multipart::MEDIA_TYPES};
    /// fn body(cx: &mut Cx<'_>, content_type: &[u8], body: &[u8]) {
    ///     if !cx.carry_media(&MEDIA_TYPES, content_type, body) {
    ///         cx.data(body);
    ///     }
    /// }
    /// ```
    pub fn carry_media(&mut self, table: &'static Table, content_type: &[u8], bytes: &[u8]) -> bool {
        debug_assert!(self.looks_in(table), "{} is not among the tables that a protocol lists", table.name);
        let end = content_type.iter().position(|byte| *byte == b';').unwrap_or(content_type.len());
        let (name, parameters) = content_type.split_at_checked(end).unwrap_or((content_type, &[]));
        let kept = if parameters.is_empty() { &[] } else { content_type };
        let Some(index) = self.dissector.claims.media(table, name.trim_ascii()) else { return false };
        let before = std::mem::replace(&mut self.content_type, kept.to_vec());
        let mine = self.call(index, bytes);
        self.content_type = before;
        mine
    }
    /// While learning: whether somebody who claims a text of the table learns, or leads to one who does. Else there is
    /// nothing to carry.
    pub(crate) fn leads(&self, table: &'static Table) -> bool {
        self.dissector.leading.contains(&address(table))
    }
    /// Hands bytes to the first protocol that knows them by their content; whether one did.
    pub fn carry_content(&mut self, table: &'static Table, bytes: &[u8]) -> bool {
        debug_assert!(self.looks_in(table), "{} is not among the tables that a protocol lists", table.name);
        let (dissector, mut from) = (self.dissector, 0);
        while let Some((at, look, index)) = dissector.claims.content(from, table) {
            if look(self, bytes) && self.call(index, bytes) {
                return true;
            }
            from = at + 1;
        }
        false
    }
    /// Hands bytes to who was [chosen](Dissector::decode_as) for one of the two ports.
    pub fn carry_chosen(&mut self, table: &'static Table, bytes: &[u8]) -> bool {
        let ports = [self.ends.source_port.into(), self.ends.destination_port.into()];
        self.dissector.chosen(table, &ports).is_some_and(|index| self.call(index, bytes))
    }
    /// Hands bytes to who is [expected](Cx::expect) at one of the two ends, to who claims one of the two ports, the lower
    /// first, else to who knows the content.
    pub fn carry_ports(&mut self, table: &'static Table, bytes: &[u8]) -> bool {
        if self.carry_chosen(table, bytes) {
            return true;
        }
        if let Some(index) = self.expected(table, bytes) {
            let mine = self.call(index, bytes);
            (self.expectation, self.expected_end) = (None, 0);
            if mine {
                return true;
            }
        }
        let (a, b) = (u32::from(self.ends.source_port), u32::from(self.ends.destination_port));
        self.carry(table, a.min(b), bytes)
            || (a != b && self.carry(table, a.max(b), bytes))
            || self.carry_content(table, bytes)
    }
    /// How a protocol cuts streams into messages.
    pub(crate) fn framing(&self, index: u16) -> Option<crate::Framing> {
        self.dissector.protocols.get(usize::from(index))?.framing
    }
    /// How a protocol whose walk takes one message at a time does.
    pub(crate) fn single_framing(&self, index: u16) -> Option<crate::Framing> {
        self.dissector.protocols.get(usize::from(index)).filter(|one| !one.many)?.framing
    }
    /// Hands bytes to the protocol of this index; whether it took them.
    pub(crate) fn carry_to(&mut self, index: u16, bytes: &[u8]) -> bool {
        self.call(index, bytes)
    }
    /// The name of the protocol that claims the number.
    pub fn claimant(&self, table: &'static Table, key: u32) -> Option<&'static Protocol> {
        let index = self.dissector.claimed(table, key)?;
        self.dissector.protocols.get(usize::from(index)).copied()
    }
    /// Says that the layer being walked ends where `rest` begins, by a length of its own: `rest` is padding or a
    /// trailer of the layers below. To be said last in a walk, so that it holds against what the payload said.
    #[inline]
    pub fn ends_before(&mut self, rest: &[u8]) {
        self.end = if rest.is_empty() { None } else { Some(self.tree.place(rest)) };
    }
    /// What stands in `bytes`, just carried, behind the end that the layers carried in them told; nothing if none did.
    pub fn trailer<'b>(&mut self, bytes: &'b [u8]) -> &'b [u8] {
        let end = self.end.take().and_then(|end| end.checked_sub(self.tree.place(bytes)));
        end.and_then(|end| bytes.get(end as usize..)).unwrap_or(&[])
    }
    /// Shows bytes that no protocol took, as data. Nothing for no bytes.
    pub fn data(&mut self, bytes: &[u8]) {
        let showing = self.showing;
        if let (Some(only), false) = (self.only, self.learning()) {
            self.showing = only.data;
        }
        proto::data::walk(self, bytes);
        self.showing = showing;
    }
}
