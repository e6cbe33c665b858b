//! What is wrong with an association, or that nothing is: findings with the packets that show them and the RFC's section.

mod life;
mod paths;
mod rules;
mod transfer;

use super::paths::spells;
use super::story::Story;
use super::words::{came_up, count, end, ending, side_name, span};
use crate::proto::sctp::association::{Association, Associations, EndKind, EventKind, Side, Status, Tsn};
use crate::proto::sctp::chunk::{data, i_data};
use crate::report::{Body, Finding, Part, Report};
use crate::{Memory, Severity};

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

/// The numbers of packets, each once.
fn packets(numbers: impl Iterator<Item = u64>) -> Vec<u64> {
    let mut packets: Vec<u64> = numbers.collect();
    packets.dedup();
    packets
}
