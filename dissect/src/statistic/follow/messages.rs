//! SCTP's messages, put together of their DATA and I-DATA chunks, RFC 9260, 6.9 and RFC 8260, 2.

use super::{Message, Piece, Said};
use crate::statistic::ends::children;
use crate::statistic::{Look, field};
use crate::{Dissector, Field, Node};
use hashbrown::{DefaultHashBuilder, HashMap};

/// How many pieces wait for others at a time. Beyond, all that wait are said as they are.
const MOST_WAITING: usize = 1 << 13;

/// How many TSNs are known to have been said already.
const MOST_KNOWN: usize = 1 << 22;

/// What names the place of a piece: the side, and of DATA its TSN; of I-DATA stream, message and piece.
type Key = (u8, u64, u32);

#[derive(Clone, Debug)]
struct Part {
    packet: u64,
    since: i64,
    message: Message,
    begins: bool,
    ends: bool,
    bytes: Vec<u8>,
}

/// The pieces of messages.
#[derive(Debug)]
pub(super) struct Messages {
    /// Type, flags, TSN, stream, PPID, message and piece numbers, the length of a chunk.
    fields: [Option<&'static Field>; 7],
    waiting: HashMap<Key, Part, DefaultHashBuilder>,
    known: HashMap<(u8, u32), (), DefaultHashBuilder>,
}

impl Messages {
    pub(super) fn new(dissector: &Dissector) -> Messages {
        let names = [
            "sctp.chunk_type",
            "sctp.chunk_flags",
            "sctp.chunk_length",
            "sctp.data_sid",
            "sctp.data_payload_proto_id",
            "sctp.data_mid",
            "sctp.data_fsn",
        ];
        Messages {
            fields: names.map(|name| field(dissector, name)),
            waiting: HashMap::default(),
            known: HashMap::default(),
        }
    }
    /// Takes the chunks of a packet.
    pub(super) fn packet(
        &mut self,
        look: &Look<'_>,
        group: usize,
        side: usize,
        wanted: Option<u64>,
        said: &mut Said,
    ) {
        let nodes = look.dissection.tree.nodes();
        for at in look.dissection.tree.children(group) {
            if let Some(node) = nodes.get(at).filter(|node| node.field.name == "sctp.chunk") {
                self.chunk(look, (at, node), side, wanted, said);
            }
        }
    }
    fn chunk(
        &mut self,
        look: &Look<'_>,
        (at, node): (usize, &Node),
        side: usize,
        wanted: Option<u64>,
        said: &mut Said,
    ) -> Option<()> {
        let bytes = look.dissection.raw(node);
        let interleaved = match bytes.first()? {
            0 => false,
            64 => true,
            _ => return None,
        };
        // The number of a stream is read by its field, as DATA and I-DATA declare the same.
        let [_, _, length, stream, ..] = children(look.dissection, at, self.fields);
        let word = |at: usize| Some(u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?));
        let (flags, tsn, start) = (*bytes.get(1)?, word(4)?, if interleaved { 20 } else { 16 });
        let stream =
            stream.map_or_else(|| word(8).map(|word| word >> 16), |node| Some(node.value as u32))? as u16;
        if wanted.is_some_and(|wanted| wanted != u64::from(stream)) {
            return None;
        }
        let side_key = side as u8;
        if self.known.len() >= MOST_KNOWN {
            self.known.clear();
        }
        // What was sent again was said before.
        if self.known.insert((side_key, tsn), ()).is_some() {
            return None;
        }
        let (begins, ends, unordered) = (flags & 2 != 0, flags & 1 != 0, flags & 4 != 0);
        let end = length.map_or(bytes.len(), |node| node.value as usize).min(bytes.len());
        let part = Part {
            packet: look.dissection.packet.number,
            since: look.since,
            message: Message {
                tsn,
                stream,
                // Of I-DATA only the first piece has it, in place of the piece's number, which is then 0.
                ppid: if interleaved { word(16)? } else { word(12)? },
                unordered,
            },
            begins,
            ends,
            bytes: bytes.get(start..end)?.to_vec(),
        };
        let key = if interleaved {
            let message = u64::from(unordered) << 48 | u64::from(stream) << 32 | u64::from(word(12)?);
            (side_key | 2, message, if begins { 0 } else { word(16)? })
        } else {
            (side_key, 0, tsn)
        };
        if begins && ends {
            said.add(whole(side, vec![part]));
            return Some(());
        }
        if self.waiting.len() >= MOST_WAITING {
            self.rest(said);
            self.waiting.clear();
        }
        self.waiting.insert(key, part);
        self.complete(key, side, said);
        Some(())
    }
    /// Says the message that a piece is of, if all of it is there.
    fn complete(&mut self, (side_key, message, piece): Key, side: usize, said: &mut Said) {
        let at = |piece: u32| self.waiting.get(&(side_key, message, piece));
        let (mut first, mut last) = (piece, piece);
        // Pieces mostly come in order: then the last one alone looks back.
        while at(last).is_some_and(|part| !part.ends) {
            last = last.wrapping_add(1);
        }
        if at(last).is_none() {
            return;
        }
        while at(first).is_some_and(|part| !part.begins) {
            first = first.wrapping_sub(1);
        }
        if at(first).is_none() {
            return;
        }
        let mut parts = Vec::new();
        let mut now = first;
        loop {
            parts.extend(self.waiting.remove(&(side_key, message, now)));
            if now == last {
                break;
            }
            now = now.wrapping_add(1);
        }
        said.add(whole(side, parts));
    }
    /// The pieces of messages that never were whole, in the order in which they came.
    pub(super) fn rest(&self, said: &mut Said) {
        let mut parts: Vec<(&Key, &Part)> = self.waiting.iter().collect();
        parts.sort_by_key(|(key, part)| (part.packet, key.2));
        for (key, part) in parts {
            let mut piece = whole(usize::from(key.0 & 1), vec![part.clone()]);
            // Something is missing, nobody knows how much.
            piece.missing = u64::MAX;
            said.add(piece);
        }
    }
}

/// A message of its pieces. It came when the last of them did.
fn whole(side: usize, parts: Vec<Part>) -> Piece {
    let (packet, since) = parts.iter().map(|part| (part.packet, part.since)).max().unwrap_or_default();
    let message = parts.first().map(|part| part.message);
    let bytes = parts.into_iter().flat_map(|part| part.bytes).collect();
    Piece { packet, since, side, message, bytes, missing: 0 }
}
