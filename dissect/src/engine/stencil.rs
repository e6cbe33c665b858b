//! Groups that come with every packet and differ in a few values: their nodes are made once, then copied.

use super::Cx;
use crate::Field;
use crate::tree::{MOST_NODES, Node};

/// A group whose nodes are copied.
#[derive(Debug)]
pub(crate) struct Stencil<const N: usize> {
    /// By which stencils are told apart: the group that the nodes stand in, or the first of them.
    pub(crate) group: &'static Field,
    /// The fields whose values differ, in the order in which [`Cx::like`] is given the values. Each stands in the group once
    /// at most.
    pub(crate) fields: [&'static Field; N],
}

/// How many groups a tree keeps. Further ones take turns.
const MOST_KEPT: usize = 32;

/// The groups that a tree keeps.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stencils {
    keys: Vec<Key>,
    kept: Vec<Kept>,
    /// The one to be replaced next.
    next: usize,
}

/// Of which stencil a group is, and what tells it from others of that.
type Key = (&'static Field, u64);

/// A group as it was added last.
#[derive(Clone, Debug, Default)]
struct Kept {
    nodes: Vec<Node>,
    /// The places of the stencil's fields in the nodes.
    places: Vec<u8>,
    /// Where the header began, and how many nodes were before.
    origin: (u32, u32),
}

impl Stencils {
    #[inline]
    fn find(&self, of: Key) -> Option<&Kept> {
        self.kept.get(self.keys.iter().position(|one| *one == of)?)
    }
    /// The place for a further group.
    fn take(&mut self, of: Key) -> Option<&mut Kept> {
        let at = self.next;
        self.next = (at + 1) % MOST_KEPT;
        if at >= self.keys.len() {
            self.keys.push(of);
            self.kept.push(Kept::default());
        }
        *self.keys.get_mut(at)? = of;
        self.kept.get_mut(at)
    }
}

impl Cx<'_> {
    /// Adds the nodes of a header as `body` does, or copies those that it added before for the same key. Apart from the values
    /// of the stencil's fields, they may depend on nothing but the key and where the header begins.
    #[inline]
    pub(crate) fn like<const N: usize>(
        &mut self,
        stencil: &'static Stencil<N>,
        key: u64,
        header: &[u8],
        values: [u64; N],
        body: impl FnOnce(&mut Self),
    ) {
        // The page is small rather than fast.
        if cfg!(target_family = "wasm") || !self.showing || self.tree.source != 0 {
            return body(self);
        }
        let (start, before) = (self.tree.place(header), self.tree.nodes.len());
        let tree = &mut *self.tree;
        let of = (stencil.group, key);
        let Some(kept) = tree.stencils.find(of).filter(|kept| before + kept.nodes.len() <= MOST_NODES) else {
            return self.keep(&stencil.fields, of, (start, before), body);
        };
        tree.nodes.extend_from_slice(&kept.nodes);
        let new = tree.nodes.get_mut(before..).unwrap_or_default();
        for (place, value) in kept.places.iter().zip(values) {
            if let Some(node) = new.get_mut(usize::from(*place)) {
                node.value = value;
            }
        }
        let moved = (start.wrapping_sub(kept.origin.0), (before as u32).wrapping_sub(kept.origin.1));
        if moved != (0, 0) {
            for node in new {
                node.start = node.start.wrapping_add(moved.0);
                node.end = node.end.wrapping_add(moved.1);
            }
        }
    }
    /// Adds what `body` adds, and keeps it unless the tree is full: then some may be missing.
    #[inline(never)]
    fn keep(
        &mut self,
        fields: &[&'static Field],
        of: Key,
        (start, before): (u32, usize),
        body: impl FnOnce(&mut Self),
    ) {
        body(self);
        let tree = &mut *self.tree;
        if tree.nodes.len() >= MOST_NODES {
            return;
        }
        let new = tree.nodes.get(before..).unwrap_or(&[]);
        let place = |field: &&'static Field| new.iter().position(|node| node.field == *field);
        let Some(kept) = tree.stencils.take(of) else { return };
        kept.nodes.clear();
        kept.nodes.extend_from_slice(new);
        kept.places.clear();
        kept.places.extend(fields.iter().map(|field| place(field).map_or(u8::MAX, |place| place as u8)));
        kept.origin = (start, before as u32);
    }
}
