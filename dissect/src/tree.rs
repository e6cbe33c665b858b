//! The flat tree: what a dissection leaves, as offsets and numbers. No strings, no slices, no pointers into the packet.

use crate::engine::Stencils;
use crate::{Field, Malformed, Names, Packet};
use std::ops::Range;

/// One field in the tree, 32 bytes. Its descendants are the nodes from the next one up to `end`.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(8))]
pub struct Node {
    /// The value of a number, an IPv4 address, a flag, a time; for text and bytes see [`Dissection::bytes`].
    pub value: u64,
    /// Which field it is.
    pub field: &'static Field,
    /// Where its bytes begin in the source.
    pub start: u32,
    /// How many bytes it takes.
    pub len: u32,
    /// The index behind its last descendant.
    pub end: u32,
    /// Which bytes `start` counts in: 0 is the packet, others are [`Tree::sources`] of this number less one.
    pub source: u16,
    /// Marks: see the constants.
    pub marks: u16,
}

impl Node {
    /// Said by the dissector, not read from the packet.
    pub const GENERATED: u16 = 1;
    /// Not shown in text; filters find it and PDML says `hide="yes"`.
    pub const HIDDEN: u16 = 2;
    /// Its bytes are not the packet's but the tree's own: unfolded lines, shifted bits.
    pub const OWN_TEXT: u16 = 4;
    /// Understanding stopped here: the value is the index of a [`Malformed`].
    pub const MALFORMED: u16 = 8;
    /// Its value is a part of its bytes, such as a header line's value: where that begins in them (upper 32 bits) and
    /// how long it is.
    pub const PART: u16 = 16;
    /// What stands under it is [left out](Tree::leave_out).
    pub const FILTERED: u16 = 32;

    /// Whether the mark is set.
    pub fn is(&self, mark: u16) -> bool {
        self.marks & mark != 0
    }
    /// Where its bytes are in the source.
    pub fn range(&self) -> Range<usize> {
        self.start as usize..(self.start as usize).saturating_add(self.len as usize)
    }
}

/// Further bytes that a dissection brought: reassembled, decompressed, decrypted.
#[derive(Clone, Debug)]
pub struct Source {
    /// What they are: `Reassembled SCTP message`.
    pub name: &'static str,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// A dissection's nodes and what they need besides the packet. Cleared and used again for every packet.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    pub(crate) nodes: Vec<Node>,
    pub(crate) sources: Vec<Source>,
    pub(crate) text: Vec<u8>,
    pub(crate) faults: Vec<Malformed>,
    /// The fields of the protocols' groups, in the order in which they were begun.
    pub(crate) protocols: Vec<&'static Field>,
    base: usize,
    size: usize,
    pub(crate) source: u16,
    /// Groups to copy, kept from packet to packet.
    pub(crate) stencils: Stencils,
    names: Option<Names>,
    /// Whether TCP's sequence numbers are those on the wire.
    pub(crate) absolute: bool,
}

/// The source that was being walked when another began: its address, its size and its number.
pub(crate) type Outer = (usize, usize, u16);

/// The most nodes one packet can have: a bound on memory for packets made to be expensive.
pub const MOST_NODES: usize = 1 << 20;

impl Tree {
    /// Whether its lines are written the usual way: without names, and with TCP's numbers counted from the first.
    pub(crate) fn is_usual(&self) -> bool {
        self.names.is_none() && !self.absolute
    }
    /// An empty tree.
    pub fn new() -> Tree {
        Tree::default()
    }
    /// From now on the lines that are written of it have names beside addresses and ports.
    pub fn name(&mut self, names: Names) {
        self.names = Some(names);
    }
    /// The names that its lines have.
    #[inline]
    pub fn names(&self) -> Option<&Names> {
        if cfg!(feature = "names") { self.names.as_ref() } else { None }
    }
    /// The nodes in preorder.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }
    /// The further sources; a node's `source` 1 is the first of them.
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }
    /// The sentence of a node marked [`Node::MALFORMED`].
    pub fn fault(&self, node: &Node) -> Option<&Malformed> {
        self.faults.get(node.value as usize).filter(|_| node.is(Node::MALFORMED))
    }
    /// The indexes of the nodes directly under a range of nodes.
    pub fn siblings(&self, range: Range<usize>) -> Siblings<'_> {
        Siblings { tree: self, at: range.start, end: range.end.min(self.nodes.len()) }
    }
    /// The indexes of the topmost nodes: the protocols.
    pub fn top(&self) -> Siblings<'_> {
        self.siblings(0..self.nodes.len())
    }
    /// The indexes of a node's children.
    pub fn children(&self, at: usize) -> Siblings<'_> {
        let end = self.nodes.get(at).map_or(at, |node| node.end as usize);
        self.siblings(at + 1..end)
    }
    /// The nodes of a field, by its name, hidden ones included.
    pub fn find<'t>(&'t self, name: &'t str) -> impl Iterator<Item = (usize, &'t Node)> {
        self.nodes.iter().enumerate().filter(move |(_, node)| node.field.name == name)
    }

    /// Takes out what stands under nodes that do not keep it.
    pub fn prune(&mut self, keeps: impl Fn(&Node) -> bool) {
        // For each node how many are left before it.
        let mut left = Vec::with_capacity(self.nodes.len() + 1);
        let (mut count, mut until) = (0, 0);
        for (at, node) in self.nodes.iter().enumerate() {
            left.push(count);
            if at >= until {
                count += 1;
                until = if keeps(node) { at + 1 } else { node.end as usize };
            }
        }
        left.push(count);
        let mut at = 0;
        self.nodes.retain_mut(|node| {
            let stays = left.get(at) != left.get(at + 1);
            node.end = left.get(node.end as usize).copied().unwrap_or(count);
            at += 1;
            stays
        });
    }
    /// Marks the nodes that do not keep what stands under them: printers in tshark's shapes leave it out, but for protocols.
    pub fn leave_out(&mut self, keeps: impl Fn(&Node) -> bool) {
        for (at, node) in self.nodes.iter_mut().enumerate() {
            if node.end as usize > at + 1 && !keeps(node) {
                node.marks |= Node::FILTERED;
            }
        }
    }

    pub(crate) fn begin(&mut self, bytes: &[u8]) {
        self.nodes.clear();
        self.sources.clear();
        self.text.clear();
        self.faults.clear();
        self.protocols.clear();
        (self.base, self.size, self.source) = (bytes.as_ptr() as usize, bytes.len(), 0);
    }
    /// Where a slice of the current source begins in it; 0 for a slice from elsewhere.
    #[inline]
    pub(crate) fn place(&self, bytes: &[u8]) -> u32 {
        let start = (bytes.as_ptr() as usize).wrapping_sub(self.base);
        if start <= self.size { start as u32 } else { 0 }
    }
    #[inline]
    pub(crate) fn push(&mut self, field: &'static Field, start: u32, len: u32, value: u64, marks: u16) {
        let end = self.nodes.len() as u32 + 1;
        if end as usize <= MOST_NODES {
            self.nodes.push(Node { value, field, start, len, end, source: self.source, marks });
        }
    }
    /// Moves the nodes from `from` on to the end of a group before them. The groups that are still open around it are not
    /// touched: they get their ends when they are closed.
    pub(crate) fn move_into(&mut self, group: usize, from: usize) {
        let count = self.nodes.len().saturating_sub(from);
        let Some(to) = self.nodes.get(group).map(|node| node.end as usize).filter(|to| *to <= from) else {
            return;
        };
        if let Some(node) = self.nodes.get_mut(group) {
            node.end += count as u32;
        }
        let Some(tail) = self.nodes.get_mut(to..) else { return };
        tail.rotate_right(count);
        for (at, node) in tail.iter_mut().enumerate() {
            if at < count {
                node.end -= (from - to) as u32;
            } else {
                node.end += count as u32;
            }
        }
    }
    /// Makes `bytes` the source of the nodes to come; gives back what [`leave_source`](Tree::leave_source) needs.
    pub(crate) fn enter_source(&mut self, name: &'static str, bytes: &[u8]) -> Outer {
        let before = (self.base, self.size, self.source);
        self.sources.push(Source { name, bytes: Vec::new() });
        (self.base, self.size, self.source) =
            (bytes.as_ptr() as usize, bytes.len(), self.sources.len() as u16);
        before
    }
    /// Back to the source before; the tree takes the bytes of the one it leaves.
    pub(crate) fn leave_source(&mut self, before: Outer, bytes: Vec<u8>) {
        if let Some(source) = self.sources.get_mut(usize::from(self.source).wrapping_sub(1)) {
            source.bytes = bytes;
        }
        (self.base, self.size, self.source) = before;
    }
}

/// Iterates over the indexes of nodes side by side.
#[derive(Clone, Debug)]
pub struct Siblings<'t> {
    tree: &'t Tree,
    at: usize,
    end: usize,
}

impl Iterator for Siblings<'_> {
    type Item = usize;
    #[inline]
    fn next(&mut self) -> Option<usize> {
        let at = self.at;
        if at >= self.end {
            return None;
        }
        self.at = self.tree.nodes.get(at)?.end as usize;
        Some(at)
    }
}

/// A packet and its tree, together: what outputs and filters read.
#[derive(Clone, Copy, Debug)]
pub struct Dissection<'a> {
    /// The tree.
    pub tree: &'a Tree,
    /// The packet it was made of.
    pub packet: &'a Packet<'a>,
}

impl<'a> Dissection<'a> {
    /// The bytes of a source: 0 is the packet.
    pub fn source(&self, source: u16) -> &'a [u8] {
        match source {
            0 => self.packet.bytes,
            n => self.tree.sources.get(usize::from(n) - 1).map_or(&[], |source| &source.bytes),
        }
    }
    /// The bytes of a node as they stand in its source.
    pub fn raw(&self, node: &Node) -> &'a [u8] {
        self.source(node.source).get(node.range()).unwrap_or(&[])
    }
    /// The bytes of a node's value: its own text where it has some, the part of its bytes that is the value, or all.
    pub fn bytes(&self, node: &Node) -> &'a [u8] {
        if !node.is(Node::OWN_TEXT | Node::PART) {
            return self.raw(node);
        }
        let (at, len) = ((node.value >> 32) as usize, node.value as u32 as usize);
        let all = if node.is(Node::PART) { self.raw(node) } else { &self.tree.text };
        all.get(at..at + len).unwrap_or(&[])
    }
    /// A node with its surroundings.
    pub fn item(&self, index: usize) -> Option<Item<'a>> {
        Some(Item { dissection: *self, index, node: self.tree.nodes.get(index)? })
    }
}

/// A node with its surroundings: what a [`Write`](crate::field::Write) is given.
#[derive(Clone, Copy, Debug)]
pub struct Item<'a> {
    /// The packet and the tree.
    pub dissection: Dissection<'a>,
    /// The node's index in the tree.
    pub index: usize,
    /// The node.
    pub node: &'a Node,
}

impl<'a> Item<'a> {
    /// The first child of the given field.
    pub fn child(&self, field: &'static Field) -> Option<Item<'a>> {
        self.children().find(|item| std::ptr::eq(item.node.field, field))
    }
    /// The children.
    pub fn children(&self) -> impl Iterator<Item = Item<'a>> {
        let dissection = self.dissection;
        dissection.tree.children(self.index).filter_map(move |at| dissection.item(at))
    }
    /// The value of the first child of the given field, as a number.
    pub fn number(&self, field: &'static Field) -> Option<u64> {
        self.child(field).map(|item| item.node.value)
    }
    /// The values of children of the given fields, as numbers, in one look at the children: the fields stand in the order
    /// of the children. What comes behind a field that is missing is missing too.
    pub fn numbers<const N: usize>(&self, fields: [&'static Field; N]) -> [Option<u64>; N] {
        let (mut numbers, mut found) = ([None; N], 0);
        let nodes = self.dissection.tree.nodes().get(..self.node.end as usize).unwrap_or(&[]);
        let mut at = self.index + 1;
        while let (Some(node), Some(field)) = (nodes.get(at), fields.get(found)) {
            if std::ptr::eq(node.field, *field) {
                numbers[found] = Some(node.value);
                found += 1;
            }
            at = (node.end as usize).max(at + 1);
        }
        numbers
    }
    /// The bytes of the node's value.
    pub fn bytes(&self) -> &'a [u8] {
        self.dissection.bytes(self.node)
    }
    /// The names that lines have.
    #[inline]
    pub(crate) fn names(&self) -> Option<&'a Names> {
        self.dissection.tree.names()
    }
}
