//! Reports on calls and other dialogs: `sctpdump calls`, `sctpdump ladder FILE calls N`.

use super::call::{Call, OTHER_END, Release, Side};
use super::calls::{Arrow, Calls};
use super::reason;
use super::transaction::Moment;
use crate::Memory;
use crate::capture::Time;
use crate::report::{self, Body, Cell, Column, Kind, Ladder, Part, Report, Table};

/// The reports.
pub(super) static REPORTS: Kind =
    Kind { name: "calls", about: "SIP call or dialog", list, one, ladder: Some(ladder), views: &[] };

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
        (Column::new("duration_seconds", "Duration"), Cell::maybe(call.duration(), Cell::Seconds)),
        (Column::new("invite_packet", "INVITE in packet"), packet(call.invited)),
        (Column::new("ringing_packet", "Ringing in packet"), packet(call.ringing)),
        (Column::new("answered_packet", "Answered in packet"), packet(call.answered)),
        (Column::new("ended_packet", "Ended in packet"), packet(call.ended)),
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
            Cell::end(&medium.address, medium.port),
            text(state.medium_codecs(medium)),
        ]
    });
    let messages = state.arrows(call).into_iter().map(|arrow| {
        vec![
            Cell::Packet(arrow.at.packet.into()),
            since(memory, arrow.at),
            end(call, arrow.from),
            end(call, arrow.to),
            Cell::text(said(arrow)),
            Cell::text(format!("{} {}", arrow.cseq, arrow.method.name())),
            Cell::Flag(arrow.is_resent),
            Cell::Flag(arrow.has_body),
        ]
    });
    let table = |columns, rows| Body::Table(Table { columns, rows });
    Some(Report {
        name: "call",
        title: format!("SIP {} {number}", if call.is_call() { "call" } else { "dialog" }),
        parts: vec![
            Part::new("call", "Call", Body::Facts(facts)),
            Part::new("legs", "Answering parties", table(LEGS, legs.collect())),
            Part::new("media", "Offers and answers", table(MEDIA, media.collect())),
            Part::new("messages", "Messages", table(MESSAGES, messages.collect())),
        ],
    })
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
        label: if arrow.has_body { format!("{} (SDP)", said(arrow)) } else { said(arrow) },
        note: if arrow.is_resent { "resent".to_owned() } else { String::new() },
    });
    let arrows: Vec<report::Arrow> = if ends.is_empty() { Vec::new() } else { picture.collect() };
    Some(Ladder { title: format!("SIP call {number}"), ends, arrows })
}
