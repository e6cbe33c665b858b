//! The bytes of one side of a TCP stream in the order of their sequence numbers, RFC 9293, 3.4.

use super::{MOST_BYTES, Piece, Said};
use crate::statistic::Look;

/// One side: what comes next, and what waits for what comes before it.
#[derive(Debug, Default)]
pub(super) struct Order {
    next: Option<u32>,
    /// Segments beyond a gap, sorted by their place behind `next`.
    waiting: Vec<Segment>,
    /// How many bytes wait.
    held: usize,
}

#[derive(Clone, Debug)]
struct Segment {
    start: u32,
    packet: u64,
    since: i64,
    bytes: Vec<u8>,
}

impl Order {
    /// The side begins here.
    pub(super) fn begin(&mut self, start: u32) {
        if self.next.is_none() {
            self.next = Some(start);
        }
    }
    /// Takes a segment.
    pub(super) fn segment(
        &mut self,
        start: u32,
        bytes: &[u8],
        (look, side): (&Look<'_>, usize),
        said: &mut Said,
    ) {
        let next = *self.next.get_or_insert(start);
        if bytes.is_empty() {
            return;
        }
        let segment = Segment {
            start,
            packet: look.dissection.packet.number,
            since: look.since,
            bytes: bytes.to_vec(),
        };
        if after(next, start) {
            if self.held + bytes.len() > MOST_BYTES {
                said.left_out += 1;
                return;
            }
            self.held += bytes.len();
            let place =
                self.waiting.partition_point(|one| one.start.wrapping_sub(next) <= start.wrapping_sub(next));
            self.waiting.insert(place, segment);
            return;
        }
        self.said(&segment, side, said);
        self.drain(side, said);
    }
    /// The other side has bytes up to here: what is not in the capture will not come any more.
    pub(super) fn acknowledged(&mut self, to: u32, (_, side): (&Look<'_>, usize), said: &mut Said) {
        while let (Some(next), Some(first)) = (self.next, self.waiting.first()) {
            if after(first.start, to) || to == first.start {
                let first = first.clone();
                self.hole(next, &first, side, said);
                self.drain(side, said);
            } else {
                break;
            }
        }
    }
    /// What still waits at the end of the capture.
    pub(super) fn rest(&self, side: usize, said: &mut Said) {
        let mut rest = Order { next: self.next, waiting: self.waiting.clone(), held: 0 };
        while let (Some(next), Some(first)) = (rest.next, rest.waiting.first().cloned()) {
            rest.hole(next, &first, side, said);
            rest.drain(side, said);
        }
    }
    fn hole(&mut self, next: u32, first: &Segment, side: usize, said: &mut Said) {
        let missing = first.start.wrapping_sub(next).into();
        said.add(Piece {
            packet: first.packet,
            since: first.since,
            side,
            message: None,
            bytes: Vec::new(),
            missing,
        });
        self.next = Some(first.start);
    }
    /// Says what no longer waits.
    fn drain(&mut self, side: usize, said: &mut Said) {
        let Some(mut next) = self.next else { return };
        let mut ready = 0;
        let waiting = std::mem::take(&mut self.waiting);
        while let Some(segment) = waiting.get(ready).filter(|one| !after(next, one.start)) {
            self.held = self.held.saturating_sub(segment.bytes.len());
            self.said(segment, side, said);
            next = self.next.unwrap_or(next);
            ready += 1;
        }
        self.waiting = waiting;
        self.waiting.drain(..ready);
    }
    /// Says what of a segment is new.
    fn said(&mut self, segment: &Segment, side: usize, said: &mut Said) {
        let Some(next) = self.next else { return };
        let old = next.wrapping_sub(segment.start) as usize;
        let Some(new) = segment.bytes.get(old..).filter(|new| !new.is_empty()) else { return };
        self.next = Some(next.wrapping_add(new.len() as u32));
        said.add(Piece {
            packet: segment.packet,
            since: segment.since,
            side,
            message: None,
            bytes: new.to_vec(),
            missing: 0,
        });
    }
}

/// Whether `b` comes after `a`, by the arithmetic of sequence numbers.
fn after(a: u32, b: u32) -> bool {
    a != b && b.wrapping_sub(a) < 1 << 31
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::LinkType;
    use crate::{Dissection, Dissector, Packet, See, Tree};

    /// What is said of segments: a start and bytes, or what the other side acknowledges; holes as `[count]`.
    fn said(steps: &[(u32, &str)]) -> String {
        let (dissector, tree, see) = (Dissector::default(), Tree::new(), See::alone());
        let packet = Packet::new(LinkType::IPV4, &[]);
        let dissection = Dissection { tree: &tree, packet: &packet };
        let look = Look { dissector: &dissector, see: &see, dissection, since: 0 };
        let (mut order, mut said) = (Order::default(), Said::default());
        for (start, bytes) in steps {
            match *bytes {
                "ack" => order.acknowledged(*start, (&look, 0), &mut said),
                bytes => order.segment(*start, bytes.as_bytes(), (&look, 0), &mut said),
            }
        }
        order.rest(0, &mut said);
        let text = |piece: &Piece| match piece.missing {
            0 => String::from_utf8_lossy(&piece.bytes).into_owned(),
            missing => format!("[{missing}]"),
        };
        said.pieces.iter().map(text).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn segments_are_put_in_order_and_said_once() {
        assert_eq!(said(&[(10, "abc"), (13, "def")]), "abc def");
        assert_eq!(said(&[(10, "abc"), (16, "ghi"), (13, "def"), (19, "j")]), "abc def ghi j");
        assert_eq!(said(&[(10, "abc"), (10, "abc"), (11, "bcde"), (9, "xa")]), "abc de");
        assert_eq!(said(&[(10, "abc"), (19, "j"), (16, "ghi"), (13, "defgh")]), "abc defgh i j");
    }

    #[test]
    fn a_hole_is_told_where_the_other_side_has_what_the_capture_lacks() {
        let steps = [(10, "abc"), (16, "ghi"), (17, "ack"), (19, "j"), (13, "def")];
        assert_eq!(said(&steps), "abc [3] ghi j");
        assert_eq!(said(&[(10, "abc"), (16, "ghi"), (13, "ack"), (13, "def")]), "abc def ghi");
        assert_eq!(said(&[(10, "abc"), (16, "ghi"), (30, "z")]), "abc [3] ghi [11] z");
    }

    #[test]
    fn numbers_go_round() {
        assert_eq!(said(&[(u32::MAX - 1, "ab"), (2, "e"), (0, "cd")]), "ab cd e");
        assert_eq!(said(&[(u32::MAX, "a"), (5, "f"), (6, "ack")]), "a [5] f");
    }
}
