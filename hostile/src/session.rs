//! Whole captures.

use crate::DISSECTOR;
use crate::press::{Press, harmless, is_json};
use crate::script::Script;
use dissect::report::{self, Body, Report};
use dissect::statistic::{
    self, Look, Statistic, Statistics,
    follow::{Follow, Manner, Whom},
};
use dissect::{Dissection, Memory, Only, Out, Packet, See, Tree};
use std::cell::RefCell;
use std::sync::LazyLock;

/// Parts of trees, as readers of few fields take them.
static PARTS: LazyLock<Vec<Only>> = LazyLock::new(|| {
    let part = |name: &str| {
        let at = DISSECTOR.protocols().iter().position(|one| one.name == name)?;
        Some(Only::new(&DISSECTOR, &[at]))
    };
    ["frame", "ip", "tcp", "sctp", "sip", "rtp"].into_iter().filter_map(part).collect()
});

thread_local! {
    static PRESS: RefCell<Press> = RefCell::new(Press::default());
}

/// A script. What one pass tells, two passes tell up to each packet, with forgetting and without, whatever part of a packet
/// was looked at first; every output takes what they tell, and every report and statistic what was learnt.
pub(crate) fn run(input: &[u8]) {
    let [part, input @ ..] = input else { return };
    let script = Script::read(input);
    let [mut whole, mut passing, mut looking, mut partly] = [(); 4].map(|()| DISSECTOR.memory());
    whole.trace(None);
    let names: Vec<String> = statistics();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut statistics = Statistics::parse(&DISSECTOR, &names).expect("statistics without arguments");
    for packet in script.packets() {
        DISSECTOR.learn(&mut whole, &packet);
    }
    PRESS.with_borrow_mut(|press| {
        let mut tree = Tree::new();
        for packet in script.packets() {
            let number = packet.number;
            DISSECTOR.learn(&mut passing, &packet);
            let one = press.tell(&DISSECTOR, &See::with(&passing, number), &packet);
            passing.forget(number);
            let two = press.tell(&DISSECTOR, &See::with(&whole, number), &packet);
            assert_eq!(one, two, "one pass and two, packet {number}");
            let look = press.tell(&DISSECTOR, &mut looking, &packet);
            assert_eq!(one, look, "learning apart and at the look, packet {number}");
            press.print(&packet);
            looking.forget(number);
            let only = &PARTS[(usize::from(*part) + number as usize) % PARTS.len()];
            DISSECTOR.dissect_only(&mut partly, &packet, only, &mut tree);
        }
        for packet in script.packets() {
            let all = press.tell(&DISSECTOR, &See::with(&whole, u64::MAX), &packet);
            press.print(&packet);
            statistics.packet(&DISSECTOR, &See::with(&whole, u64::MAX), &packet);
            let part = press.tell(&DISSECTOR, &See::with(&partly, u64::MAX), &packet);
            assert_eq!(all, part, "looking at parts learns all, packet {}", packet.number);
        }
    });
    let mut out = Out::new();
    statistics.write(&whole, &mut out);
    harmless_but_tabs(out.as_bytes());
    reports(&whole, &mut out);
    follow(&script, &whole, &mut out);
}

/// The statistics that need no argument.
fn statistics() -> Vec<String> {
    let names = statistic::names(&DISSECTOR).into_iter();
    let given = |(name, arguments): (&str, &str)| match (name, arguments) {
        ("io,stat", _) => "io,stat,1000000".to_owned(),
        ("flow", _) => "flow,any,network".to_owned(),
        ("follow", _) => "follow,tcp,hex,0".to_owned(),
        _ => name.to_owned(),
    };
    names.map(given).filter(|name| Statistics::parse(&DISSECTOR, &[name]).is_ok()).collect()
}

fn harmless_but_tabs(bytes: &[u8]) {
    let text: Vec<u8> =
        bytes.iter().map(|byte| if matches!(byte, b'\t' | b'\r') { b' ' } else { *byte }).collect();
    harmless(&text);
}

/// Every report, list and single, in every output, and every ladder.
fn reports(memory: &Memory, out: &mut Out) {
    for kind in DISSECTOR.reports() {
        write(Some(&(kind.list)(memory)), out);
        for number in 0..3 {
            write((kind.one)(memory, number).as_ref(), out);
            for view in kind.views {
                write((view.make)(memory, Some(number)).as_ref(), out);
            }
            if let Some(ladder) = kind.ladder.and_then(|draw| draw(memory, number)) {
                for draw in [report::ladder, report::mermaid] {
                    out.clear();
                    draw(&ladder, out);
                    harmless(out.as_bytes());
                }
                out.clear();
                report::svg(&ladder, out);
                crate::press::is_xml(out.as_bytes());
            }
        }
        for view in kind.views {
            write((view.make)(memory, None).as_ref(), out);
        }
    }
}

fn write(report: Option<&Report>, out: &mut Out) {
    let Some(report) = report else { return };
    out.clear();
    report::text(report, out);
    harmless(out.as_bytes());
    out.clear();
    report::json(report, out);
    is_json(out.as_bytes());
    out.clear();
    report::csv(report, out);
    harmless(out.as_bytes());
    for part in &report.parts {
        if let Body::Table(table) = &part.body {
            assert!(table.rows.iter().all(|row| row.len() == table.columns.len()), "{}", part.name);
        }
    }
}

/// What the first ones of each kind said.
fn follow(script: &Script, memory: &Memory, out: &mut Out) {
    let (see, mut tree) = (See::with(memory, u64::MAX), Tree::new());
    for whom in [Whom::Sctp(0, None), Whom::Tcp(0), Whom::Udp(0), Whom::Sip("1".to_owned())] {
        for manner in [Manner::Json, Manner::Text(dissect::format::Style::PLAIN)] {
            let mut follow = Follow::new(&DISSECTOR, whom.clone(), manner);
            for packet in script.packets() {
                look(&mut follow, &see, &packet, &mut tree);
            }
            out.clear();
            follow.write(out);
            if matches!(manner, Manner::Json) {
                is_json(out.as_bytes());
            } else {
                harmless_but_tabs(out.as_bytes());
            }
        }
    }
}

fn look(follow: &mut Follow, see: &See<'_>, packet: &Packet<'_>, tree: &mut Tree) {
    DISSECTOR.dissect(see, packet, tree);
    let dissection = Dissection { tree, packet };
    follow.packet(&Look { dissector: &DISSECTOR, see, dissection, since: packet.number as i64 });
}
