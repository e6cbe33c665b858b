//! How the association came up, and how it ended.

use super::super::words::{came_up, cause, count, end, ending, reason, side_name, span};
use super::{Told, times};
use crate::Severity;
use crate::proto::sctp::association::{EndKind, EventKind};
use crate::proto::sctp::cause::CauseCode;
use crate::proto::sctp::chunk::{cookie, init};

impl Told<'_> {
    /// When it came up, or why it did not.
    pub(super) fn handshake(&mut self) {
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
    pub(super) fn end(&mut self) {
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
}
