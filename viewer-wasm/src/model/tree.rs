//! The tree pane: which lines show, and how lines and bytes belong together.

use crate::message::Line;
use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher;

/// The lines that show: those under no closed line. A line is open when its field is among the opened: so it stays from packet
/// to packet.
pub fn shown<S: BuildHasher>(lines: &[Line], open: &HashSet<u32, S>) -> Vec<u32> {
    let mut shown = Vec::new();
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        shown.push(at as u32);
        let closed = line.under > 0 && !open.contains(&line.field);
        at += 1 + if closed { line.under as usize } else { 0 };
    }
    shown
}

/// The line that a line stands under.
pub fn parent(lines: &[Line], line: usize) -> Option<usize> {
    let depth = lines.get(line)?.depth;
    lines.get(..line)?.iter().rposition(|above| above.depth < depth)
}

/// The lines that a line stands under, the nearest first.
pub fn ancestors(lines: &[Line], line: usize) -> impl Iterator<Item = usize> {
    std::iter::successors(parent(lines, line), |&line| parent(lines, line))
}

/// The line without a line above it that a line belongs to: its protocol.
pub fn outermost(lines: &[Line], line: usize) -> usize {
    ancestors(lines, line).last().unwrap_or(line)
}

/// As manieth of how many lines stand under their parents, from 1: what a screen reader tells. What was found out of a parent
/// is kept, as its lines are asked for one after the other.
#[derive(Debug, Default)]
pub struct Places {
    children: HashMap<Option<usize>, Vec<usize>>,
}

impl Places {
    /// The place of a line, and how many there are.
    pub fn of(&mut self, lines: &[Line], line: usize) -> (usize, usize) {
        let parent = parent(lines, line);
        let children = self.children.entry(parent).or_insert_with(|| children(lines, parent));
        (children.partition_point(|&child| child <= line), children.len())
    }
}

/// The lines right under a line.
fn children(lines: &[Line], parent: Option<usize>) -> Vec<usize> {
    let (first, end) = match parent {
        Some(parent) => (parent + 1, parent + 1 + lines[parent].under as usize),
        None => (0, lines.len()),
    };
    let next = |&at: &usize| Some(at + 1 + lines.get(at)?.under as usize).filter(|&next| next < end);
    std::iter::successors(Some(first).filter(|&first| first < end), next).collect()
}

/// The innermost field of a byte: the one with the fewest bytes, the deepest among equals.
pub fn innermost(lines: &[Line], source: u16, byte: usize) -> Option<usize> {
    let holds = |line: &Line| {
        let start = line.start as usize;
        line.source == source && (start..start + line.len as usize).contains(&byte)
    };
    let among = lines.iter().enumerate().filter(|(_, line)| holds(line));
    among.min_by_key(|(at, line)| (line.len, std::cmp::Reverse(line.depth), *at)).map(|(at, _)| at)
}

/// The line of another packet that is the same field: the one that stands as manieth of its field, else the first.
pub fn again(lines: &[Line], before: &[Line], line: usize) -> Option<usize> {
    let field = before.get(line)?.field;
    let place = before.get(..line)?.iter().filter(|other| other.field == field).count();
    let mut same = lines.iter().enumerate().filter(|(_, line)| line.field == field).map(|(at, _)| at);
    let first = same.next()?;
    Some(if place == 0 { first } else { same.nth(place - 1).unwrap_or(first) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(depth: u16, under: u32, field: u32, start: u32, len: u32) -> Line {
        Line { depth, under, field, start, len, ..Line::default() }
    }

    /// eth (0..14) > dst, type; ip (14..34) > flags > df; options without bytes
    fn lines() -> Vec<Line> {
        vec![
            line(0, 2, 1, 0, 14),
            line(1, 0, 2, 0, 6),
            line(1, 0, 3, 12, 2),
            line(0, 3, 4, 14, 20),
            line(1, 1, 5, 20, 1),
            line(2, 0, 6, 20, 1),
            line(1, 0, 2, 26, 4),
        ]
    }

    #[test]
    fn lines_show_under_open_ones() {
        let open = |fields: &[u32]| shown(&lines(), &fields.iter().copied().collect::<HashSet<u32>>());
        assert_eq!(open(&[]), [0, 3]);
        assert_eq!(open(&[4]), [0, 3, 4, 6]);
        assert_eq!(open(&[1, 5]), [0, 1, 2, 3]);
        assert_eq!(open(&[1, 4, 5]), [0, 1, 2, 3, 4, 5, 6]);
    }

    #[test]
    fn a_line_knows_what_it_stands_under() {
        assert_eq!(parent(&lines(), 5), Some(4));
        assert_eq!(ancestors(&lines(), 5).collect::<Vec<_>>(), [4, 3]);
        assert_eq!(outermost(&lines(), 5), 3);
        assert_eq!((parent(&lines(), 3), outermost(&lines(), 3)), (None, 3));
        assert_eq!(parent(&lines(), 99), None);
        let mut places = Places::default();
        let place = [0, 3, 6, 5].map(|line| places.of(&lines(), line));
        assert_eq!(place, [(1, 2), (2, 2), (2, 2), (1, 1)]);
    }

    #[test]
    fn a_byte_knows_its_innermost_field() {
        assert_eq!(innermost(&lines(), 0, 0), Some(1));
        assert_eq!(innermost(&lines(), 0, 8), Some(0));
        assert_eq!(innermost(&lines(), 0, 20), Some(5));
        assert_eq!(innermost(&lines(), 0, 99), None);
        assert_eq!(innermost(&lines(), 1, 0), None);
    }

    #[test]
    fn a_field_is_found_again_in_another_packet() {
        assert_eq!(again(&lines(), &lines(), 6), Some(6));
        assert_eq!(again(&lines()[..3], &lines(), 6), Some(1));
        assert_eq!(again(&lines()[3..], &lines(), 0), None);
    }
}
