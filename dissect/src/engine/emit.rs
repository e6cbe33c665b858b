//! Adding to the tree.

use super::{Cx, MOST_SOURCES};
use crate::tree::Node;
use crate::{Field, Limit, Malformed, proto};

/// Without a tree these do nothing and cost a branch.
impl Cx<'_> {
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
}
