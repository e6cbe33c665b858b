//! What data met on its way: loss, timers that were too short, closed windows, messages that waited for others.

use super::super::story::Story;
use super::super::words::{count, share, side_name, span};
use super::{Told, packets, times};
use crate::Severity;
use crate::proto::sctp::association::{COPY, Cause, EventKind, Tsn};

/// From how many TSNs sent again of a hundred on loss is a warning.
const MUCH_LOSS: u32 = 5;
/// From how long on it is told that messages waited for others: nanoseconds.
const LONG_WAIT: i64 = 50_000_000;

impl Told<'_> {
    /// What was sent again, and why.
    pub(super) fn loss(&mut self, side: u8, chunks: &[Tsn]) {
        let counts = self.side(side).chunks;
        let mine = chunks.iter().filter(|chunk| chunk.side == side && chunk.cause.is_some());
        let (copies, again): (Vec<&Tsn>, Vec<&Tsn>) =
            mine.partition(|chunk| chunk.cause == Some(Cause::Copy));
        if counts.copies > 0 {
            let text = format!(
                "{} of {} came again within 1 ms of the first, with nothing of the other side between: the network \
                 doubled the packet, or the capture took it twice. Nothing of this counts as sent again.",
                count(counts.copies, "DATA chunk"),
                side_name(side),
            );
            let packets = packets(copies.iter().map(|chunk| chunk.packet));
            self.tell(Severity::Note, "RFC 9260, 6.2", packets, text);
        }
        if counts.again == 0 {
            return;
        }
        let all = counts.sent.saturating_add(counts.again);
        let needed = counts.again.saturating_sub(counts.spurious);
        let soon = again.iter().filter(|chunk| delay(chunk, chunks) < COPY).count();
        let soon = if soon == 0 {
            String::new()
        } else {
            format!(" {} within 1 ms of the first, so the network made that copy.", was_sent(soon))
        };
        let text = format!(
            "{} sent {} again, {} of all: {} fast, {} after a timeout (T3), {} on another path; {} were not needed \
             (spurious), about {} got lost.{soon}",
            side_name(side),
            count(counts.again, "TSN"),
            share(counts.again, all),
            counts.fast,
            counts.t3,
            counts.failover,
            counts.spurious,
            needed,
        );
        let much = needed.saturating_mul(100) >= all.saturating_mul(MUCH_LOSS);
        let packets = packets(again.iter().map(|chunk| chunk.packet));
        self.tell(
            if much { Severity::Warn } else { Severity::Note },
            "RFC 9260, 6.3.3 and 7.2.4",
            packets,
            text,
        );
    }
    /// Timers that do not wait for the receiver's delayed acknowledgements.
    pub(super) fn spurious(&mut self, side: u8, chunks: &[Tsn]) {
        let delay_of_peer = self.side(side ^ 1).longest_sack_delay.most;
        let timed = |chunk: &&Tsn| {
            chunk.side == side && chunk.cause == Some(Cause::T3) && delay(chunk, chunks) >= COPY
        };
        let needless: Vec<&Tsn> = chunks.iter().filter(timed).filter(|chunk| chunk.spurious).collect();
        let (spurious, all) = (needless.len(), chunks.iter().filter(timed).count());
        let mut after: Vec<i64> = needless.iter().map(|chunk| delay(chunk, chunks)).collect();
        after.sort_unstable();
        let Some(median) = after.get(after.len() / 2).copied() else { return };
        let (name, peer) = (side_name(side), side_name(side ^ 1));
        let text = if median < delay_of_peer {
            format!(
                "RTO.min at {name} is below the SACK delay of {peer}: {name} sent again after {} (median), {peer} took up to {} \
                 to acknowledge: {spurious} of {all} retransmissions after a timeout were spurious.",
                span(median),
                span(delay_of_peer),
            )
        } else {
            format!(
                "{spurious} of {all} retransmissions of {name} after a timeout were spurious: the TSNs had arrived, their \
                 acknowledgements were late or got lost."
            )
        };
        let packets = packets(needless.iter().map(|chunk| chunk.packet));
        self.tell(Severity::Warn, "RFC 9260, 6.3.1 and 6.2", packets, text);
    }
    /// Times in which a side could take nothing.
    pub(super) fn window(&mut self, side: u8) {
        let one = self.one;
        let (mut closed, mut total, mut longest, mut packets) = (None, 0_i64, 0_i64, Vec::new());
        for event in one.events.list().iter().filter(|event| event.side == side) {
            match event.kind {
                EventKind::WindowClosed => {
                    closed = Some(event.time);
                    packets.push(event.packet);
                }
                EventKind::WindowOpened(_) => {
                    if let Some(time) = closed.take() {
                        let shut = event.time.saturating_sub(time);
                        total = total.saturating_add(shut);
                        longest = longest.max(shut);
                    }
                }
                _ => {}
            }
        }
        if packets.is_empty() {
            return;
        }
        if let Some(time) = closed {
            let shut = one.last().1.saturating_sub(time);
            total = total.saturating_add(shut);
            longest = longest.max(shut);
        }
        let text = format!(
            "{} could take no more bytes (a_rwnd 0) {}, {} together, {} at the longest; {} sent {} meanwhile. Its application \
             reads too slowly.",
            side_name(side),
            times(packets.len()),
            span(total),
            span(longest),
            side_name(side ^ 1),
            count(self.side(side ^ 1).window_probes, "probe"),
        );
        self.tell(Severity::Warn, "RFC 9260, 6.1", packets, text);
    }
    /// What a receiver took back, and what it acknowledged that the capture does not have.
    pub(super) fn receiver(&mut self, side: u8) {
        let (one, sender) = (self.one, self.side(side).chunks);
        if sender.reneged > 0 {
            let packets = one.packets_where(|kind| matches!(kind, EventKind::Reneged(_)));
            let text = format!(
                "{} took back {} that its gap blocks had acknowledged.",
                side_name(side ^ 1),
                count(sender.reneged, "TSN")
            );
            self.tell(Severity::Warn, "RFC 9260, 6.2", packets, text);
        }
        // Numbers go on elsewhere when all TSNs are reset: RFC 6525, 5.1.4.
        let reset = one.events_where(|kind| *kind == EventKind::Reconfigure(15)).next().is_some();
        if sender.missing > 0 && !reset {
            let packets = one.packets_where(|kind| matches!(kind, EventKind::Missing(_)));
            let text = format!(
                "The capture lacks {} of {}: they were acknowledged but are not in it.",
                count(sender.missing, "TSN"),
                side_name(side)
            );
            self.tell(Severity::Note, "RFC 9260, 6.2", packets, text);
        }
    }
    /// Messages that waited for others of their stream.
    pub(super) fn streams(&mut self, story: &Story) {
        for side in 0..2_u8 {
            let mine = story.streams.iter().filter(|one| one.0.0 == side && one.1.blocked > 0);
            let (mut blocked, mut total, mut worst) = (0, 0_i64, (0, 0, 0));
            for ((_, stream), one) in mine {
                blocked += one.blocked;
                total = total.saturating_add(one.blocked_time);
                worst = worst.max((one.longest.0, one.longest.1, *stream));
            }
            if blocked == 0 {
                continue;
            }
            let severity = if worst.0 >= LONG_WAIT { Severity::Note } else { Severity::Chat };
            let text = format!(
                "{} of {} waited for one before them in their stream (head-of-line blocking), {} together; the longest {} in \
                 stream {}, until packet {}.",
                count(blocked, "message"),
                side_name(side),
                span(total),
                span(worst.0),
                worst.2,
                worst.1,
            );
            self.tell(severity, "RFC 9260, 6.6", vec![worst.1], text);
        }
        if story.missed > 0 {
            let text = format!(
                "The streams tell of a part: {} were too many to be kept.",
                count(story.missed, "packet")
            );
            self.tell(Severity::Note, "", Vec::new(), text);
        }
    }
}

/// How long after the TSN was sent first.
fn delay(chunk: &Tsn, chunks: &[Tsn]) -> i64 {
    let at = chunks.partition_point(|one| one.packet < chunk.first_sent_in);
    chunks.get(at).map_or(0, |first| chunk.time.saturating_sub(first.time))
}

/// `1 was sent`, `2 were sent`.
fn was_sent(number: usize) -> String {
    format!("{number} {} sent", if number == 1 { "was" } else { "were" })
}
