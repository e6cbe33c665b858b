//! The way to the next protocol.

use super::{Cx, MOST_LAYERS};
use crate::capture::LinkType;
use crate::memory::Mode;
use crate::proto::ethernet::plain;
use crate::table::address;
use crate::{Protocol, Table, proto};

impl Cx<'_> {
    /// Walks a packet from its first byte.
    #[inline]
    pub(super) fn start(&mut self) {
        if !self.passes() || !self.pass() {
            self.call(0, self.packet.bytes);
        }
    }
    /// Whether nothing of the layers of a [plain frame](plain) is shown, and all of them are learnt from.
    #[inline]
    fn passes(&self) -> bool {
        let is_shown = self.only.map_or(self.showing, |only| !only.passes);
        let is_learnt = if let Mode::Learn(memory) = &self.mode { memory.passes } else { true };
        let is_whole = self.packet.link == LinkType::ETHERNET && self.packet.fcs_length.is_none();
        !is_shown && is_learnt && is_whole && self.dissector.plain.is_some()
    }
    /// Walks what a plain frame carries, past its layers. Answers whether the packet is one, and somebody took that.
    fn pass(&mut self) -> bool {
        let cut = self.cut;
        let Some(inner) = plain::find(self.packet.bytes, cut) else { return false };
        let Some(index) = self.dissector.claimed(&proto::ip::PROTOCOLS, inner.number.into()) else {
            return false;
        };
        self.column(inner.title);
        self.addresses(inner.ends.0, inner.ends.1);
        (self.hops, self.cut, self.depth) = (inner.hops, inner.cut, plain::LAYERS);
        let mine = self.call(index, inner.payload);
        (self.cut, self.depth) = (cut, 0);
        mine
    }
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
    /// Hands bytes to the protocol of a filter name; whether there is one and it took them.
    pub fn carry_named(&mut self, name: &[u8], bytes: &[u8]) -> bool {
        let index = self.dissector.protocols.iter().position(|one| one.name.as_bytes() == name);
        index.is_some_and(|index| self.call(index as u16, bytes))
    }
    /// Hands bytes to the protocol that claims the number in a table of this name; whether one did and took them.
    pub fn carry_named_key(&mut self, table: &[u8], key: u32, bytes: &[u8]) -> bool {
        let mut tables = self.dissector.protocols.iter().flat_map(|one| one.tables);
        let table = tables.find(|one| one.name.as_bytes() == table);
        table.is_some_and(|table| self.carry(table, key, bytes))
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
    /// Hands bytes to who was [chosen](crate::Dissector::decode_as) for one of the two ports.
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
