//! The tree as indented lines.

use super::value::line;
use crate::Out;
use crate::tree::{Dissection, Node};

/// Writes the tree, a line a node, four spaces a level.
pub fn text_tree(dissection: Dissection<'_>, out: &mut Out) {
    level(dissection, 0..dissection.tree.nodes().len(), 0, out);
}

fn level(dissection: Dissection<'_>, range: std::ops::Range<usize>, depth: usize, out: &mut Out) {
    for at in dissection.tree.siblings(range) {
        let Some(node) = dissection.tree.nodes().get(at) else { return };
        if !node.is(Node::HIDDEN) {
            out.spaces(depth * 4);
            line(dissection, at, out);
            out.byte(b'\n');
            level(dissection, at + 1..node.end as usize, depth + 1, out);
        }
    }
}
