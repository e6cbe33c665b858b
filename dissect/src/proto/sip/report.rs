//! Reports on calls and other dialogs: `sctpdump calls`, `sctpdump ladder FILE calls N`.

use super::call::{Call, Medium, OTHER_END, Release, Side, Stage};
use super::calls::{Arrow, Calls};
use super::reason;
use super::transaction::Moment;
use crate::capture::Time;
use crate::proto::rtp::{self, Stream};
use crate::proto::sdp::Direction;
use crate::report::{self, Body, Cell, Column, Kind, Ladder, Part, Report, Table};
use crate::{Address, Memory};

/// The reports.
pub(super) static REPORTS: Kind = Kind {
    name: "calls",
    about: "SIP call or dialog",
    list,
    one,
    ladder: Some(ladder),
    chart: None,
    views: &[],
};

static LIST: &[Column] = &[
    Column::new("call", "Call"),
    Column::new("method", "Method"),
    Column::new("from", "From"),
    Column::new("to", "To"),
    Column::new("state", "State"),
    Column::new("messages", "Messages"),
    Column::new("resent", "Resent"),
    Column::new("start_seconds", "Start"),
    Column::new("setup_seconds", "Setup"),
    Column::new("ring_seconds", "Ringing"),
    Column::new("duration_seconds", "Duration"),
    Column::new("ended_by", "How it ended"),
    Column::new("call_id", "Call-ID"),
];

static LEGS: &[Column] = &[
    Column::new("tag", "To tag"),
    Column::new("ringing_packet", "Ringing in packet"),
    Column::new("answered_packet", "Answered in packet"),
    Column::new("code", "Last status"),
];

static MEDIA: &[Column] = &[
    Column::new("packet", "Packet"),
    Column::new("kind", "Kind"),
    Column::new("by", "By"),
    Column::new("medium", "Medium"),
    Column::new("address", "To be sent to"),
    Column::new("direction", "Direction"),
    Column::new("codecs", "Codecs"),
];

static MESSAGES: &[Column] = &[
    Column::new("packet", "Packet"),
    Column::new("since_seconds", "Time"),
    Column::new("from", "From"),
    Column::new("to", "To"),
    Column::new("message", "Message"),
    Column::new("cseq", "CSeq"),
    Column::new("resent", "Resent"),
    Column::new("body", "Body"),
];

fn calls(memory: &Memory) -> impl Iterator<Item = (&Calls, &Call)> {
    memory.of_type::<Calls>().into_iter().flat_map(|calls| calls.iter().map(move |call| (calls, call)))
}

fn list(memory: &Memory) -> Report {
    let rows: Vec<Vec<Cell>> =
        calls(memory).enumerate().map(|(at, (calls, call))| row(memory, at as u64, calls, call)).collect();
    let count = calls(memory).filter(|(_, call)| call.is_call()).count();
    let others = rows.len() - count;
    let some = |count: usize, one: &str, more: &str| {
        if count == 1 { format!("1 {one}") } else { format!("{count} {more}") }
    };
    let title = format!(
        "{}, {}",
        some(count, "SIP call", "SIP calls"),
        some(others, "other dialog", "other dialogs")
    );
    let table = Body::Table(Table { columns: LIST, rows });
    Report { name: "calls", title, parts: vec![Part::new("calls", "Calls and other dialogs", table)] }
}

fn row(memory: &Memory, number: u64, calls: &Calls, call: &Call) -> Vec<Cell> {
    vec![
        Cell::Count(number),
        Cell::text(call.method.name()),
        Cell::bytes(party(call.from())),
        Cell::bytes(party(call.to())),
        Cell::maybe(call.stage, |stage| Cell::text(stage.words())),
        Cell::Count(call.messages.into()),
        Cell::Count(call.resent.into()),
        since(memory, call.begun),
        Cell::maybe(call.setup_time(), Cell::Seconds),
        Cell::maybe(call.ring_time(), Cell::Seconds),
        Cell::maybe(call.duration(), Cell::Seconds),
        ended(calls, call),
        Cell::bytes(call.id()),
    ]
}

/// The address in a From or To: `sip:bob@example.com` of `"Bob" <sip:bob@example.com>;tag=1`.
fn party(value: &[u8]) -> &[u8] {
    let inner = value.iter().position(|byte| *byte == b'<').and_then(|at| value.get(at + 1..));
    let (rest, end) = inner.map_or((value, b';'), |inner| (inner, b'>'));
    rest.split(|byte| *byte == end).next().unwrap_or(&[]).trim_ascii()
}

fn since(memory: &Memory, moment: Moment) -> Cell {
    let time = moment.is_known().then(|| Time::from_nanoseconds_64(moment.time()));
    Cell::maybe(time.and_then(|time| memory.since(time)), Cell::Seconds)
}

/// What ended the call, in words.
fn ended(calls: &Calls, call: &Call) -> Cell {
    let who = |side| if side == Side::Caller { "the caller" } else { "the callee" };
    let words = match call.release {
        Some(Release::Bye(side)) => format!("BYE of {}", who(side)),
        Some(Release::Cancel) => "CANCEL of the caller".to_owned(),
        Some(Release::Failure(code)) => status(code),
        None if call.stage == Some(Stage::Setup) => "no final response in the capture".to_owned(),
        None if !call.is_call() && call.code != 0 => status(call.code),
        None => return Cell::None,
    };
    Cell::Text(match calls.reason(call) {
        [] => words,
        reason => format!("{words}; {}", String::from_utf8_lossy(reason)),
    })
}

/// A status code with the phrase that the RFCs have for it.
fn status(code: u16) -> String {
    format!("{code} {}", reason::STATUS_CODES.name(code.into()).unwrap_or("")).trim_end().to_owned()
}

fn one(memory: &Memory, number: u32) -> Option<Report> {
    let (state, call) = calls(memory).nth(number as usize)?;
    let text = |bytes: &[u8]| if bytes.is_empty() { Cell::None } else { Cell::bytes(bytes) };
    let packet = |moment: Moment| {
        if moment.is_known() { Cell::Packet(moment.packet.into()) } else { Cell::None }
    };
    let arrows = state.arrows(call);
    let packets = |is: &dyn Fn(&Arrow) -> bool| {
        let found = arrows.iter().filter(|arrow| is(arrow));
        let found: Vec<u64> = found.map(|arrow| arrow.at.packet.into()).collect();
        if found.is_empty() { Cell::None } else { Cell::Packets(found) }
    };
    let facts = vec![
        (Column::new("call_id", "Call-ID"), text(call.id())),
        (Column::new("method", "Method"), Cell::text(call.method.name())),
        (Column::new("from", "From"), text(call.from())),
        (Column::new("to", "To"), text(call.to())),
        (Column::new("uri", "Request-URI"), text(call.uri())),
        (Column::new("state", "State"), Cell::maybe(call.stage, |stage| Cell::text(stage.words()))),
        (Column::new("ended_by", "How it ended"), ended(state, call)),
        (
            Column::new("status", "Last final status"),
            Cell::maybe((call.code > 0).then_some(call.code), |code| Cell::text(status(code))),
        ),
        (Column::new("caller_agent", "Caller's program"), text(state.agent(call, Side::Caller))),
        (Column::new("callee_agent", "Callee's program"), text(state.agent(call, Side::Callee))),
        (Column::new("start_seconds", "Start"), since(memory, call.begun)),
        (Column::new("setup_seconds", "Setup time"), Cell::maybe(call.setup_time(), Cell::Seconds)),
        (Column::new("ring_seconds", "Ring time"), Cell::maybe(call.ring_time(), Cell::Seconds)),
        (Column::new("duration_seconds", "Duration"), Cell::maybe(call.duration(), Cell::Seconds)),
        (Column::new("invite_packet", "INVITE in packet"), packet(call.invited)),
        (Column::new("ringing_packet", "Ringing in packet"), packet(call.ringing)),
        (Column::new("answered_packet", "Answered in packet"), packet(call.answered)),
        (Column::new("ended_packet", "Ended in packet"), packet(call.ended)),
        (
            Column::new("challenged_packets", "Credentials asked for in packet"),
            packets(&|arrow| matches!(arrow.code, 401 | 407) && !arrow.is_resent),
        ),
        (
            Column::new("changed_packets", "Session changed in packet"),
            packets(&|arrow| {
                let changes = matches!(arrow.method.name(), "INVITE" | "UPDATE") && arrow.describes;
                arrow.code == 0
                    && changes
                    && !arrow.is_resent
                    && call.answered.is_known()
                    && arrow.at.packet > call.answered.packet
            }),
        ),
        (Column::new("resent_packets", "Resent in packet"), packets(&|arrow| arrow.is_resent)),
        (Column::new("requests", "Requests"), requests(&arrows)),
        (Column::new("messages", "Messages"), Cell::Count(call.messages.into())),
        (Column::new("resent", "Resent"), Cell::Count(call.resent.into())),
    ];
    let legs = call.legs().iter().map(|leg| {
        vec![text(call.leg_tag(leg)), packet(leg.ringing), packet(leg.answered), Cell::text(status(leg.code))]
    });
    let media = call.media().iter().map(|medium| {
        vec![
            Cell::Packet(medium.packet.into()),
            Cell::text(if medium.is_offer { "offer" } else { "answer" }),
            Cell::text(if medium.by == Side::Caller { "caller" } else { "callee" }),
            text(state.medium_kind(medium)),
            match medium.port {
                0 => Cell::text("refused"),
                port => Cell::end(&medium.address, port),
            },
            direction(call, medium),
            text(state.medium_codecs(medium)),
        ]
    });
    let messages = arrows.iter().map(|arrow| {
        vec![
            Cell::Packet(arrow.at.packet.into()),
            since(memory, arrow.at),
            end(call, arrow.from),
            end(call, arrow.to),
            Cell::text(said(arrow)),
            Cell::text(format!("{} {}", arrow.cseq, arrow.method.name())),
            Cell::Flag(arrow.is_resent),
            if arrow.describes { Cell::text("SDP") } else { Cell::Flag(arrow.has_body) },
        ]
    });
    let streams = rtp::report::table(memory, |stream| is_of(call, memory, stream));
    let table = |columns, rows| Body::Table(Table { columns, rows });
    let title = if call.is_call() { "Call" } else { "Dialog" };
    let mut parts = vec![Part::new("call", title, Body::Facts(facts))];
    if call.is_call() {
        parts.push(Part::new("legs", "Answering parties", table(LEGS, legs.collect())));
        parts.push(Part::new("media", "Offers and answers", table(MEDIA, media.collect())));
        parts.push(Part::new("streams", "RTP streams", Body::Table(streams)));
    }
    parts.push(Part::new("messages", "Messages", table(MESSAGES, messages.collect())));
    let title = format!("SIP {} {number}", title.to_lowercase());
    Some(Report { name: "call", title, parts })
}

/// Which way a medium goes, and whether an established call is put on hold so: RFC 3264, 8.4.
fn direction(call: &Call, medium: &Medium) -> Cell {
    let word = medium.direction.word();
    let is_later = call.answered.is_known() && medium.packet > call.answered.packet;
    let holds = medium.address == Address::None
        || matches!(medium.direction, Direction::SendOnly | Direction::Inactive);
    let is_hold = is_later && medium.is_offer && medium.port != 0 && holds;
    Cell::Text(if is_hold { format!("{word} (hold)") } else { word.to_owned() })
}

/// The methods of its requests, each once, in the order in which they came.
fn requests(arrows: &[&Arrow]) -> Cell {
    let mut methods: Vec<&str> = Vec::new();
    for arrow in arrows.iter().filter(|arrow| arrow.code == 0) {
        if !methods.contains(&arrow.method.name()) {
            methods.push(arrow.method.name());
        }
    }
    Cell::List(methods.into_iter().map(Cell::text).collect())
}

/// Whether a stream goes between ends that the call agreed on, while it lasts; or to one of them, if no other call has agreed
/// on both.
fn is_of(call: &Call, memory: &Memory, stream: &Stream) -> bool {
    let fits = |call: &Call| {
        let has = |address, port| {
            let mut media = call.media().iter();
            media.any(|one| (one.address, one.port) == (address, port) && port != 0)
        };
        let (begins, ends) = (stream.span().0, stream.ends());
        if !(u64::from(call.begun.packet)..=call.last.packet.into()).contains(&begins) {
            return 0;
        }
        let from = has(ends.source, ends.source_port);
        u8::from(from) + u8::from(has(ends.destination, ends.destination_port))
    };
    match fits(call) {
        0 => false,
        1 => !calls(memory).any(|(_, other)| fits(other) > 1),
        _ => true,
    }
}

fn end(call: &Call, at: u8) -> Cell {
    call.ends().get(usize::from(at)).map_or(Cell::text("others"), |end| Cell::end(&end.address, end.port))
}

/// What an arrow says: the method, or the status.
fn said(arrow: &Arrow) -> String {
    if arrow.code == 0 { arrow.method.name().to_owned() } else { status(arrow.code) }
}

fn ladder(memory: &Memory, number: u32) -> Option<Ladder> {
    let (state, call) = calls(memory).nth(number as usize)?;
    let arrows = state.arrows(call);
    let name = |at: u8| match end(call, at) {
        Cell::Text(text) => text,
        _ => String::new(),
    };
    let mut ends: Vec<String> = (0..call.ends().len() as u8).map(name).collect();
    if arrows.iter().any(|arrow| arrow.from == OTHER_END || arrow.to == OTHER_END) {
        ends.push(name(OTHER_END));
    }
    let lane = |at: u8| usize::from(at).min(ends.len() - 1);
    let start = arrows.first().map_or(0, |arrow| arrow.at.time());
    let picture = arrows.iter().map(|arrow| report::Arrow {
        packet: arrow.at.packet.into(),
        since: arrow.at.time().saturating_sub(start),
        from: lane(arrow.from),
        to: lane(arrow.to),
        label: if arrow.describes { format!("{} (SDP)", said(arrow)) } else { said(arrow) },
        note: if arrow.is_resent { "resent".to_owned() } else { String::new() },
    });
    let arrows: Vec<report::Arrow> = if ends.is_empty() { Vec::new() } else { picture.collect() };
    Some(Ladder { title: format!("SIP call {number}"), ends, arrows })
}
