//! Conversations over UDP: which one a datagram belongs to, and when in it the datagram came.

use super::{STREAM, TIME_DELTA, TIME_RELATIVE, TIMESTAMPS};
use crate::capture::Time;
use crate::flow::records::{Record, Records};
use crate::flow::streams;
use crate::{Cx, Here, State};

/// How many conversations are known at once; then those go that were silent for long.
pub const MOST_STREAMS: usize = 1 << 16;

/// What is kept of a conversation.
#[derive(Debug, Default)]
struct Stream {
    first: Option<Time>,
    last: Option<Time>,
}

/// A datagram's place in its conversation.
#[derive(Clone, Copy, Debug)]
pub(super) struct Passage {
    /// Packet numbers beyond 32 bits wrap.
    packet: u32,
    stream: u32,
    /// Nanoseconds since the conversation's first datagram, and since the one before: [`UNTIMED`] without times.
    since: (i64, i64),
}

/// The time since a datagram where one of the two has none.
const UNTIMED: (i64, i64) = (i64::MIN, i64::MIN);

impl Record for Passage {
    fn packet(&self) -> u64 {
        self.packet.into()
    }
}

/// The conversations over UDP.
#[derive(Debug)]
pub struct Streams {
    live: streams::Streams<Stream>,
    passages: Records<Passage>,
}

impl Default for Streams {
    fn default() -> Streams {
        Streams { live: streams::Streams::new(MOST_STREAMS), passages: Records::default() }
    }
}

impl State for Streams {
    fn forget(&mut self, before: u64) {
        self.passages.forget(before);
    }
}

impl Streams {
    /// Takes a datagram.
    pub(super) fn add(&mut self, here: Here) -> u32 {
        let Some((stream, state, _)) = self.live.of(&here.ends) else { return u32::MAX };
        let since = here.time.and_then(|time| {
            let first = *state.first.get_or_insert(time);
            let last = state.last.replace(time).unwrap_or(time);
            Some((time.checked_since(first)?, time.checked_since(last)?))
        });
        self.passages.push(Passage { packet: here.packet as u32, stream, since: since.unwrap_or(UNTIMED) })
    }
    pub(super) fn passage(&self, note: u32) -> Option<Passage> {
        self.passages.of(note).copied()
    }
}

impl Passage {
    /// Adds the nodes to those of a datagram.
    pub(super) fn show(&self, cx: &mut Cx<'_>, datagram: &[u8]) {
        let (start, end) = (datagram.get(..0).unwrap_or(&[]), datagram.get(8..8).unwrap_or(&[]));
        cx.generated(&STREAM, end, self.stream.into());
        let (relative, delta) = self.since;
        if self.since != UNTIMED {
            cx.group(&TIMESTAMPS, start, |cx| {
                cx.generated(&TIME_RELATIVE, start, relative as u64);
                cx.generated(&TIME_DELTA, start, delta as u64);
            });
        }
    }
}
