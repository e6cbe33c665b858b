//! Rules of the RFC that packets break, and what is told by chunks that are seldom.

use super::super::one::ppid_words;
use super::super::words::{cause, count, side_name};
use super::{MOST_TOLD, Told, packets};
use crate::Severity;
use crate::proto::sctp::association::trace::Said;
use crate::proto::sctp::association::tsn::after;
use crate::proto::sctp::association::{Associations, EventKind};
use crate::proto::sctp::cause::CauseCode;
use crate::proto::sctp::ppid::Ppid;

impl Told<'_> {
    /// Rules of the RFC that packets break.
    pub(super) fn rules(&mut self, all: &Associations) {
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
    pub(super) fn order(&mut self, all: &Associations) {
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
    /// What is told by chunks that are seldom.
    pub(super) fn events(&mut self) {
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
}

/// `1 packet stands`, `2 packets stand`.
fn stand(number: usize) -> String {
    format!("{} {}", count(number as u64, "packet"), if number == 1 { "stands" } else { "stand" })
}
