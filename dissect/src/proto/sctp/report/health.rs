//! What is wrong with an association, or that nothing is: findings with the packets that show them and the RFC's section.

use super::super::association::trace::Said;
use super::super::association::tsn::after;
use super::super::association::{
    Association, Associations, COPY, Cause, EndKind, Event, EventKind, Side, Status, SwitchCause, Tsn,
};
use super::super::cause::CauseCode;
use super::super::chunk::{cookie, data, i_data, init};
use super::super::ppid::Ppid;
use super::one::{ppid_words, switch};
use super::paths::{Spell, spells};
use super::story::Story;
use super::words::{address, came_up, cause, count, end, ending, path, reason, share, side_name, span};
use crate::report::{Body, Finding, Part, Report};
use crate::{Address, Memory, Severity};

/// From how many TSNs sent again of a hundred on loss is a warning.
const MUCH_LOSS: u32 = 5;
/// From how long on it is told that messages waited for others: nanoseconds.
const LONG_WAIT: i64 = 50_000_000;

pub(super) fn make(memory: &Memory, number: Option<u32>) -> Option<Report> {
    let Some(number) = number else {
        let all = memory.of_type::<Associations>()?;
        let mut found: Vec<Finding> = Vec::new();
        for one in all.list() {
            let story = Story::of(all, one);
            found.extend(findings(all, one, story.as_ref()).into_iter().map(|finding| Finding {
                text: format!("Association {}: {}", one.index, finding.text),
                ..finding
            }));
        }
        let title = format!("The health of {}", count(all.list().count() as u64, "SCTP association"));
        return Some(super::report(
            "health",
            title,
            vec![Part::new("findings", "Findings", Body::Findings(found))],
        ));
    };
    let (all, one) = super::find(memory, number)?;
    let story = Story::of(all, one);
    let [a, b] = &one.sides;
    let title = format!("The health of SCTP association {number}: A {} to B {}", end(a), end(b));
    let body = Body::Findings(findings(all, one, story.as_ref()));
    Some(super::report("health", title, vec![Part::new("findings", "Findings", body)]))
}

/// All that there is to say of an association, the worst first.
pub(super) fn findings(all: &Associations, one: &Association, story: Option<&Story>) -> Vec<Finding> {
    let chunks: Vec<Tsn> = all.chunks(one.index).collect();
    let spells = spells(all, one);
    let mut told = Told { one, found: Vec::new() };
    told.handshake();
    told.end();
    for spell in &spells {
        told.spell(spell, &chunks);
    }
    told.switches(&spells);
    told.paths();
    for side in 0..2 {
        told.loss(side, &chunks);
        told.spurious(side, &chunks);
        told.window(side);
        told.receiver(side);
    }
    told.rules(all);
    told.order(all);
    if let Some(story) = story {
        told.streams(story);
    }
    told.events();
    told.well();
    told.found.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    told.found
}

struct Told<'a> {
    one: &'a Association,
    found: Vec<Finding>,
}

impl Told<'_> {
    fn tell(&mut self, severity: Severity, reference: &'static str, packets: Vec<u64>, text: String) {
        self.found.push(Finding { severity, text, packets, reference });
    }
    fn side(&self, side: u8) -> &Side {
        self.one.side(side)
    }
    fn at(&self, time: i64) -> String {
        span(self.one.since(time))
    }
    /// When it came up, or why it did not.
    fn handshake(&mut self) {
        let one = self.one;
        let inits = one.packets_where(|kind| matches!(kind, EventKind::Init | EventKind::InitAgain));
        let stale = one.packets_where(|kind| matches!(kind, EventKind::StaleCookie(_)));
        let late = stale.len();
        if !stale.is_empty() {
            let ages = one.events_where(|kind| matches!(kind, EventKind::StaleCookie(_)));
            let ages: Vec<String> = ages
                .filter_map(|event| match event.kind {
                    EventKind::StaleCookie(late) => Some(span(i64::from(late) * 1000)),
                    _ => None,
                })
                .collect();
            let text =
                format!("The cookie came back too late {}: by {}.", times(ages.len()), ages.join(", "));
            self.tell(Severity::Warn, "RFC 9260, 5.2.6 and 3.3.10.3", stale, text);
        }
        let cookies = one.packets_where(|kind| matches!(kind, EventKind::CookieEchoAgain));
        if !cookies.is_empty() {
            let text = format!(
                "The COOKIE ECHO was sent again {}: no COOKIE ACK came in time.",
                times(cookies.len())
            );
            self.tell(Severity::Note, "RFC 9260, 5.1", cookies, text);
        }
        let again = inits.len().saturating_sub(1);
        if came_up(one) {
            if again > 0 {
                let text = format!("The INIT was sent again {}: no INIT ACK came in time.", times(again));
                self.tell(Severity::Note, "RFC 9260, 5.1", inits, text);
            }
            return;
        }
        if !one.begun {
            return;
        }
        let (sent, open) = (count(inits.len() as u64, "INIT"), one.last().1.saturating_sub(one.first().1));
        let b = self.side(1);
        let abort = one
            .end
            .as_ref()
            .filter(|end| matches!(end.kind, EndKind::Abort | EndKind::AbortWithoutAssociation));
        let mut packets = inits;
        packets.extend(abort.map(|end| end.packet));
        let gave_up = abort.filter(|end| end.side == 0).map_or("", |_| " and gave up with an ABORT");
        let (section, text) = if let Some(end) = abort.filter(|end| end.side == 1) {
            let why = if end.cause == 0 { String::new() } else { format!(", {}", cause(end.cause)) };
            let listens = if end.cause == 0 {
                format!(" Most likely nobody listens at port {}.", b.port)
            } else {
                String::new()
            };
            ("RFC 9260, 5.1 and 8.4", format!("B answered with an ABORT{why}{}.{listens}", reason(end)))
        } else if late > 0 {
            let what = format!("B found every cookie too old. A sent {sent} in {}{gave_up}.", span(open));
            ("RFC 9260, 5.2.6", what)
        } else if one.unreachable > 0 {
            packets.extend(one.packets_where(|kind| matches!(kind, EventKind::Unreachable)));
            let what = format!(
                "ICMP said {} that {} can't be reached. A sent {sent} in {}{gave_up}.",
                times(one.unreachable as usize),
                end(b),
                span(open),
            );
            ("RFC 9260, 10", what)
        } else if b.traffic.packets == 0 {
            ("RFC 9260, 5.1", format!("B never answered. A sent {sent} in {}{gave_up}.", span(open)))
        } else {
            let answered = b.traffic.of_type(init::ACK.number) > 0;
            let echoed = self.side(0).traffic.of_type(cookie::ECHO.number) > 0;
            let step = match (answered, echoed) {
                (false, _) => "no INIT ACK came",
                (true, false) => "A did not send the cookie back",
                (true, true) => "B did not confirm the cookie",
            };
            ("RFC 9260, 5.1", format!("{step} in {}{gave_up}.", span(open)))
        };
        packets.sort_unstable();
        self.tell(Severity::Error, section, packets, format!("The association did not come up: {text}"));
    }
    /// Aborts and restarts.
    fn end(&mut self) {
        let one = self.one;
        if let Some(before) = one.restart_of {
            let packets = one.packets_where(|kind| matches!(kind, EventKind::Restart(_) | EventKind::Init));
            let text = format!("A began anew though B still had association {before}: a restart.");
            self.tell(Severity::Warn, "RFC 9260, 5.2.2", packets, text);
        }
        if let Some(next) = one.restarted_by {
            let text = format!("It was not ended but restarted: association {next} took its place.");
            self.tell(Severity::Warn, "RFC 9260, 5.2.2", vec![one.last().0], text);
        }
        let Some(end) = one.end.as_ref().filter(|_| came_up(one)) else { return };
        let at = self.at(end.time);
        match end.kind {
            EndKind::Abort | EndKind::AbortWithoutAssociation => {
                let severity = if end.cause == CauseCode::USER_INITIATED_ABORT.0 {
                    Severity::Warn
                } else {
                    Severity::Error
                };
                let without = end.kind == EndKind::AbortWithoutAssociation;
                let text = if without {
                    format!(
                        "{} answered at {at} with an ABORT with the T bit: it had no such association any more. It died or \
                         restarted without a word.",
                        side_name(end.side)
                    )
                } else {
                    format!("It did not end well at {at}: {}.", ending(one))
                };
                let section = if without { "RFC 9260, 8.4 and 3.3.7" } else { "RFC 9260, 3.3.7 and 3.3.10" };
                self.tell(severity, section, vec![end.packet], text);
            }
            EndKind::ShutdownWithoutAssociation => {
                let text = format!(
                    "The SHUTDOWN COMPLETE at {at} has the T bit: {} had no association any more.",
                    side_name(end.side)
                );
                self.tell(Severity::Note, "RFC 9260, 8.5.1", vec![end.packet], text);
            }
            EndKind::Shutdown | EndKind::Restart => {}
        }
    }
    /// A time without answers on a path, and what was sent again elsewhere.
    fn spell(&mut self, spell: &Spell, chunks: &[Tsn]) {
        let (one, until) = (self.one, spell.answer.map_or(u64::MAX, |answer| answer.0));
        let mut signs = Vec::new();
        if spell.timeouts > 0 {
            signs.push(count(spell.timeouts, "timeout"));
        }
        if spell.lost > 0 {
            signs.push(format!("{} without an answer", count(spell.lost, "HEARTBEAT")));
        }
        let role = if one.side(spell.side).first_primary == Some(spell.path) { "primary " } else { "" };
        let mut text = format!(
            "{} got no answer over its {role}{} from {}",
            side_name(spell.side),
            path(one, spell.path),
            self.at(spell.first.1),
        );
        match spell.answer {
            Some((_, time)) => text.push_str(&format!(" to {}", self.at(time))),
            None => text.push_str(" to the end of the capture"),
        }
        text.push_str(&format!(": {}.", signs.join(", ")));
        let moved: Vec<&Tsn> = chunks
            .iter()
            .filter(|chunk| {
                chunk.side == spell.side
                    && chunk.cause == Some(Cause::Failover)
                    && (spell.first.0..=until).contains(&chunk.packet)
            })
            .collect();
        if let (Some(first), Some(last)) = (moved.first(), moved.last()) {
            text.push_str(&format!(
                " {} sent again on {}: from TSN {} in packet {} to TSN {} in packet {}.",
                was(moved.len(), "TSN"),
                path(one, first.path),
                first.tsn,
                first.packet,
                last.tsn,
                last.packet,
            ));
        }
        let mut packets = spell.packets.clone();
        packets.extend(spell.answer.map(|answer| answer.0));
        self.tell(Severity::Warn, "RFC 9260, 8.2 and 8.3", packets, text);
    }
    /// When new messages took another path.
    fn switches(&mut self, spells: &[Spell]) {
        let one = self.one;
        let all: Vec<&Event> = one.events_where(|kind| matches!(kind, EventKind::Switch(..))).collect();
        for side in 0..2 {
            let mine: Vec<&&Event> = all.iter().filter(|event| event.side == side).collect();
            let packets: Vec<u64> = mine.iter().map(|event| event.packet).collect();
            if mine.len() > MOST_TOLD {
                let text =
                    format!("{}'s new messages changed their path {} times.", side_name(side), mine.len());
                self.tell(Severity::Note, "RFC 9260, 6.4", packets, text);
                continue;
            }
            for event in mine {
                let EventKind::Switch(from, why) = event.kind else { continue };
                let timeouts = spells
                    .iter()
                    .filter(|spell| (spell.side, spell.path) == (side, from) && spell.first.0 <= event.packet)
                    .find_map(|spell| {
                        spell.switch(one).filter(|switch| switch.0 == event.packet).map(|_| spell.timeouts)
                    });
                let after = timeouts.filter(|_| why == SwitchCause::T3);
                let after =
                    after.map_or(String::new(), |timeouts| format!(" after {}", count(timeouts, "timeout")));
                let silent = spells.iter().find(|spell| {
                    let until = spell.answer.map_or(u64::MAX, |answer| answer.0);
                    spell.path == from && spell.first.0 <= event.packet && event.packet <= until
                });
                let since = silent
                    .filter(|_| matches!(why, SwitchCause::Unknown | SwitchCause::Followed))
                    .map(|spell| {
                        format!(
                            "path {} had not answered {} since {}",
                            from + 1,
                            side_name(spell.side),
                            self.at(spell.first.1)
                        )
                    });
                let text = format!(
                    "{}'s new messages moved from path {} to {} at {}{after}: {}.",
                    side_name(side),
                    u32::from(from) + 1,
                    path(one, event.path),
                    self.at(event.time),
                    since.as_deref().unwrap_or(switch(why)),
                );
                let source = match why {
                    SwitchCause::Deleted => "RFC 5061, 4.2.2",
                    SwitchCause::SetPrimary => "RFC 5061, 4.2.4",
                    _ => "RFC 9260, 5.4 and 8.2",
                };
                self.tell(Severity::Note, source, vec![event.packet], text);
            }
        }
    }
    /// Addresses of which nothing shows that they can be reached.
    fn paths(&mut self) {
        let one = self.one;
        if !came_up(one) || one.sides.iter().all(|side| side.addresses.len() < 2) {
            return;
        }
        for side in 0..2_u8 {
            let silent = |address: &&Address| {
                !one.paths.iter().any(|path| {
                    path.addresses.get(usize::from(side)) == Some(*address)
                        && (path.heartbeats.iter().any(|beats| beats.answered > 0)
                            || path.traffic.iter().any(|traffic| traffic.packets > 0))
                })
            };
            let all: Vec<String> = self.side(side).addresses.iter().filter(silent).map(address).collect();
            if !all.is_empty() {
                let text = format!(
                    "{} announced {} but no packet went there or came from there: never confirmed.",
                    side_name(side),
                    all.join(", ")
                );
                self.tell(Severity::Note, "RFC 9260, 5.4", vec![self.side(side).init], text);
            }
            for (path, number) in one.paths.iter().zip(0_u8..) {
                let beats = &path.heartbeats[usize::from(side & 1)];
                if beats.sent > 0 && beats.answered == 0 && path.rtt[usize::from(side & 1)].count == 0 {
                    let text = format!(
                        "{} never confirmed {}: {} got no answer.",
                        side_name(side),
                        super::words::path(one, number),
                        count(beats.sent, "HEARTBEAT")
                    );
                    self.tell(Severity::Warn, "RFC 9260, 5.4", Vec::new(), text);
                }
            }
        }
    }
    fn loss(&mut self, side: u8, chunks: &[Tsn]) {
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
    fn spurious(&mut self, side: u8, chunks: &[Tsn]) {
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
    fn window(&mut self, side: u8) {
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
    fn receiver(&mut self, side: u8) {
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
    /// Rules of the RFC that packets break.
    fn rules(&mut self, all: &Associations) {
        let one = self.one;
        if one.wrong_tags > 0 {
            let text = format!(
                "{} between these ends had a verification tag that the receiver did not choose: it drops them.",
                count(one.wrong_tags, "packet")
            );
            self.tell(
                Severity::Warn,
                "RFC 9260, 8.5",
                one.packets_where(|kind| matches!(kind, EventKind::WrongTag(_))),
                text,
            );
        }
        let Some(trace) = all.trace() else { return };
        let limits = [0_u8, 1].map(|side| {
            let (me, peer) = (one.side(side), one.side(side ^ 1));
            let known = me.init != 0 && peer.init != 0 && !one.reconfigured;
            known.then(|| me.outbound_streams.min(peer.inbound_streams))
        });
        let mut ending: [bool; 2] = [false; 2];
        let mut newest: [Option<u32>; 2] = [None; 2];
        let (mut beyond, mut late, mut swapped, mut zero) =
            ([vec![], vec![]], [vec![], vec![]], [vec![], vec![]], [vec![], vec![]]);
        let mut meant = [None; 2];
        for (step, said) in trace.steps(one.index) {
            let me = usize::from(step.side & 1);
            for said in said {
                match *said {
                    Said::Data { tsn, stream, ppid, flags, interleaved, .. } => {
                        if limits[me].is_some_and(|limit| stream >= limit) {
                            beyond[me].push(step.packet);
                        }
                        let new = newest[me].is_none_or(|newest| after(tsn, newest));
                        if new {
                            newest[me] = Some(tsn);
                        }
                        if new && ending[me] {
                            late[me].push(step.packet);
                        }
                        if new && (flags.beginning() || !interleaved) {
                            if ppid == 0 {
                                zero[me].push(step.packet);
                            } else if Ppid(ppid).unswapped().is_some() {
                                meant[me] = Some(ppid);
                                swapped[me].push(step.packet);
                            }
                        }
                    }
                    Said::Other(7 | 8, _) => ending[me] = true,
                    _ => {}
                }
            }
        }
        for side in 0..2_u8 {
            let (me, name) = (usize::from(side), side_name(side));
            let mut told = |severity, section, found: &mut Vec<u64>, text: String| {
                if !found.is_empty() {
                    self.tell(severity, section, packets(std::mem::take(found).into_iter()), text);
                }
            };
            let number = count(beyond[me].len() as u64, "chunk");
            let limit = limits[me].unwrap_or(0);
            let text = format!(
                "{name} sent {number} on streams beyond the {limit} that were agreed on: the receiver drops them."
            );
            told(Severity::Error, "RFC 9260, 3.3.10.1", &mut beyond[me], text);
            let text = format!(
                "{name} sent {} of new messages after its SHUTDOWN.",
                count(late[me].len() as u64, "chunk")
            );
            told(Severity::Error, "RFC 9260, 9.2", &mut late[me], text);
            let text = format!(
                "{name} forgot to put the payload protocol identifier into network byte order: {}.",
                meant[me].map(ppid_words).unwrap_or_default()
            );
            told(Severity::Warn, "RFC 9260, 3.3.1", &mut swapped[me], text);
            let number = count(zero[me].len() as u64, "chunk");
            let text = format!(
                "{name} sent {number} with the payload protocol identifier 0: it does not say what is in it."
            );
            told(Severity::Chat, "RFC 9260, 3.3.1", &mut zero[me], text);
        }
    }
    /// Packets that do not stand in the order of their times.
    fn order(&mut self, all: &Associations) {
        let Some(trace) = all.trace() else { return };
        let (mut latest, mut early) = (i64::MIN, Vec::new());
        for (step, _) in trace.steps(self.one.index) {
            if step.time < latest {
                early.push(step.packet);
            }
            latest = latest.max(step.time);
        }
        if !early.is_empty() {
            let text = format!(
                "{} in the capture behind later ones: it was taken at several interfaces. What was acknowledged and answered is \
                 told by the order in the capture.",
                stand(early.len())
            );
            self.tell(Severity::Note, "", early, text);
        }
    }
    /// Messages that waited for others of their stream.
    fn streams(&mut self, story: &Story) {
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
    /// What is told by chunks that are seldom.
    fn events(&mut self) {
        let one = self.one;
        let kinds: [(Severity, &'static str, fn(&EventKind) -> bool, &str); 8] = [
            (
                Severity::Note,
                "RFC 9260, Appendix A",
                |kind| *kind == EventKind::Congestion,
                "Congestion was reported (ECNE) in {}.",
            ),
            (
                Severity::Note,
                "",
                |kind| *kind == EventKind::PacketDropped,
                "Dropped packets were reported (PKTDROP) in {}.",
            ),
            (
                Severity::Note,
                "RFC 3758, 3.5",
                |kind| matches!(kind, EventKind::ForwardTsn(_)),
                "Messages were given up (FORWARD-TSN) in {}.",
            ),
            (
                Severity::Note,
                "RFC 5061, 4.2",
                |kind| matches!(kind, EventKind::AddAddress(_)),
                "To add an address was asked for (ASCONF) in {}.",
            ),
            (
                Severity::Note,
                "RFC 5061, 4.2",
                |kind| matches!(kind, EventKind::DeleteAddress(_)),
                "To delete an address was asked for (ASCONF) in {}.",
            ),
            (
                Severity::Note,
                "RFC 5061, 4.2.4",
                |kind| matches!(kind, EventKind::SetPrimary(_)),
                "Another primary address was asked for (ASCONF) in {}.",
            ),
            (
                Severity::Note,
                "RFC 6525, 4",
                |kind| matches!(kind, EventKind::Reconfigure(13..=15 | 17..=18)),
                "To reset or add streams was asked for (RE-CONFIG) in {}.",
            ),
            (
                Severity::Note,
                "RFC 9260, 9.2",
                |kind| *kind == EventKind::ShutdownAgain,
                "The SHUTDOWN was sent again (T2-shutdown) in {}.",
            ),
        ];
        for (severity, section, is, words) in kinds {
            let packets = one.packets_where(is);
            if !packets.is_empty() {
                let text = words.replace("{}", &count(packets.len() as u64, "packet"));
                self.tell(severity, section, packets, text);
            }
        }
        let errors = one.events_where(
            |kind| matches!(kind, EventKind::Error(code) if *code != CauseCode::STALE_COOKIE.0),
        );
        let errors: Vec<(u64, u8, u16)> = errors
            .filter_map(|event| match event.kind {
                EventKind::Error(code) => Some((event.packet, event.side, code)),
                _ => None,
            })
            .collect();
        for (packet, side, code) in errors.into_iter().take(MOST_TOLD) {
            let text = format!("{} sent an ERROR: {}.", side_name(side), cause(code));
            self.tell(Severity::Warn, "RFC 9260, 3.3.10", vec![packet], text);
        }
    }
    /// That all is well, with the figures that show it.
    fn well(&mut self) {
        let one = self.one;
        if !came_up(one) {
            return;
        }
        let up = one.events_where(|kind| *kind == EventKind::Status(Status::Established)).next();
        if let Some(up) = up.filter(|_| one.begun) {
            let text = format!("The association came up {} after its first packet.", self.at(up.time));
            self.tell(Severity::Chat, "RFC 9260, 5.1", vec![up.packet], text);
        }
        for side in 0..2 {
            let me = self.side(side);
            let pieces = me.traffic.of_type(data::TYPE.number) + me.traffic.of_type(i_data::TYPE.number);
            if pieces == 0 {
                continue;
            }
            let rtt = if me.rtt.count == 0 {
                String::new()
            } else {
                format!(
                    " after {} on average, {} at least, {} at most",
                    span(me.rtt.mean()),
                    span(me.rtt.least),
                    span(me.rtt.most)
                )
            };
            let again = if me.chunks.again == 0 { " None was sent again." } else { "" };
            let acked = match me.chunks.acked {
                0 => "none was acknowledged".to_owned(),
                acked if acked == me.chunks.sent => "all were acknowledged".to_owned(),
                acked => format!("{acked} of them were acknowledged"),
            };
            let text =
                format!("{} sent {}: {acked}{rtt}.{again}", side_name(side), count(me.chunks.sent, "TSN"));
            self.tell(Severity::Chat, "RFC 9260, 6.2", Vec::new(), text);
        }
        if let Some(end) = one.end.as_ref().filter(|end| end.kind == EndKind::Shutdown) {
            let text = format!("It ended by a {} at {}.", ending(one), self.at(end.time));
            self.tell(Severity::Chat, "RFC 9260, 9.2", vec![end.packet], text);
        } else if one.end.is_none() && one.restarted_by.is_none() {
            let text = format!("It is {}.", ending(one));
            self.tell(Severity::Chat, "", Vec::new(), text);
        }
    }
}

/// How many of a kind are told one by one.
const MOST_TOLD: usize = 12;

fn times(number: usize) -> String {
    if number == 1 { "once".into() } else { format!("{number} times") }
}

/// `1 TSN was`, `2 TSNs were`.
fn was(number: usize, what: &str) -> String {
    format!("{} {}", count(number as u64, what), if number == 1 { "was" } else { "were" })
}

/// The numbers of packets, each once.
fn packets(numbers: impl Iterator<Item = u64>) -> Vec<u64> {
    let mut packets: Vec<u64> = numbers.collect();
    packets.dedup();
    packets
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

/// `1 packet stands`, `2 packets stand`.
fn stand(number: usize) -> String {
    format!("{} {}", count(number as u64, "packet"), if number == 1 { "stands" } else { "stand" })
}
