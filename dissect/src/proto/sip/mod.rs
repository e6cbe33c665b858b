//! Session Initiation Protocol, RFC 3261.
//!
//! The typed side, without a tree: [`Message`], [`StartLine`], [`Headers`], [`NameAddr`], [`Uri`], [`Via`], [`CSeq`],
//! [`Auth`], [`Reason`]. The headers stand in [`HEADERS`], a row each.
//!
//! ```
//! use dissect::proto::sip::{Message, StartLine};
//! let bytes = b"SIP/2.0 180 Ringing\r\nCSeq: 1 INVITE\r\n\r\n";
//! let (rest, message) = Message::parse(bytes).unwrap();
//! assert!(matches!(message.start, StartLine::Status(line) if line.code == b"180"));
//! assert_eq!((message.header("cseq").unwrap().value, rest), (&b"1 INVITE"[..], &b""[..]));
//! ```

pub mod address;
pub mod auth;
pub mod call;
pub mod calls;
#[cfg(test)]
mod calls_tests;
pub mod cseq;
pub mod framing;
pub mod header;
pub mod ims;
pub mod message;
pub mod method;
pub mod parties;
pub mod reason;
#[cfg(feature = "reports")]
mod report;
mod scan;
pub mod shared;
pub mod start_line;
#[cfg(feature = "reports")]
mod statistic;
pub mod statistics;
pub mod table;
#[cfg(test)]
mod tests;
pub mod text;
#[cfg(test)]
mod torture;
pub mod transaction;
pub mod uri;
pub mod via;

pub use address::{NameAddr, NameAddrs};
pub use auth::Auth;
pub use call::Call;
pub use calls::{Arrow, Calls};
pub use cseq::CSeq;
pub use framing::frame;
pub use header::{Header, HeaderLine, Headers};
pub use message::Message;
pub use method::Method;
pub use reason::Reason;
pub use start_line::{RequestLine, StartLine, StatusLine};
pub use statistics::{Counters, Times};
pub use table::HEADERS;
pub use transaction::Moment;
pub use uri::Uri;
pub use via::Via;

use crate::proto::{multipart::MEDIA_TYPES, rtcp, rtp, sctp, sdp, tcp, udp};
use crate::{Area, Claim, Cx, Field, Malformed, Protocol, Severity, Show, fields};
use text::{Unfold, near, number, split, trim};

fields! {
    /// Session Initiation Protocol.
    ROOT = "sip", "Session Initiation Protocol", Show::protocol().write(start_line::write_root), "RFC 3261";
    /// The header fields of a message.
    MSG_HDR = "sip.msg_hdr", "Message Header", Show::text().write(write_head), "RFC 3261, 7.3";
    /// The body of a message.
    MSG_BODY = "sip.msg_body", "Message Body", Show::group(), "RFC 3261, 7.4";
    /// A line of a body that no other protocol takes.
    BODY_LINE = "sip.msg_body.line", "Line", Show::text().repeats(), "RFC 3261, 7.4";
    /// The message ends within its header fields.
    NOT_TERMINATED = "sip.header_not_terminated", "Header not terminated by empty line (CRLF)", Show::expert(Severity::Warn, Area::Malformed), "RFC 3261, 7";
    /// Via, From, To, Call-ID or CSeq is missing.
    MISSING = "sip.header_missing", "Via, From, To, Call-ID or CSeq is missing", Show::expert(Severity::Warn, Area::Protocol), "RFC 3261, 8.1.1";
    /// The method of the request is not CSeq's.
    MIXED = "sip.CSeq.method.invalid", "CSeq has another method than the request", Show::expert(Severity::Warn, Area::Protocol), "RFC 3261, 8.1.1.5";
    /// The body is shorter than Content-Length says.
    BODY_SHORT = "sip.msg_body.short", "The body is shorter than Content-Length says", Show::expert(Severity::Note, Area::Protocol), "RFC 3261, 18.3";
}

/// Session Initiation Protocol.
pub static PROTOCOL: Protocol = Protocol {
    claims: &[
        Claim::Number(&udp::PORTS, 5060),
        Claim::Number(&tcp::PORTS, 5060),
        Claim::Number(&sctp::ppid::PORTS, 5060),
        Claim::Text(&MEDIA_TYPES, "message/sip"),
        Claim::Content(&udp::PORTS, 10, look),
        Claim::Content(&tcp::PORTS, 10, look),
        Claim::Content(&sctp::ppid::PORTS, 10, look),
    ],
    tables: &[&MEDIA_TYPES],
    framing: Some(frame),
    state: Some(|| Box::new(Calls::default())),
    learns_first: true,
    alone: ALONE,
    audience: Some(&[&sdp::PROTOCOL, &rtp::PROTOCOL, &rtcp::PROTOCOL]),
    #[cfg(feature = "reports")]
    reports: &[&report::REPORTS],
    #[cfg(feature = "reports")]
    statistics: &[&statistic::MESSAGES],
    ..Protocol::new("sip", "SIP", "Session Initiation Protocol", "RFC 3261", walk, &ALL_FIELDS)
};

static ALL_FIELDS: [&[&Field]; 13] = [
    FIELDS,
    address::FIELDS,
    auth::FIELDS,
    cseq::FIELDS,
    header::FIELDS,
    ims::FIELDS,
    parties::FIELDS,
    reason::FIELDS,
    start_line::FIELDS,
    table::FIELDS,
    uri::FIELDS,
    via::FIELDS,
    transaction::FIELDS,
];
/// What a message says by itself: all but the last list, which tells of other messages.
static ALONE: &[&[&Field]] = ALL_FIELDS.split_at(ALL_FIELDS.len() - 1).0;

/// Whether the bytes begin with a start line that can be nothing else.
fn look(_: &Cx<'_>, bytes: &[u8]) -> bool {
    StartLine::parse(bytes).is_ok_and(|(_, start)| start.is_sure())
}

fn walk(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    let Ok((mut rest, message)) = Message::parse(bytes) else { return false };
    one(cx, &message);
    while !rest.is_empty()
        && let Ok((more, message)) = Message::parse(rest)
    {
        cx.keep_info();
        one(cx, &message);
        rest = more;
    }
    if !cx.learning() && !trim(rest).is_empty() {
        cx.data(rest);
    }
    true
}

fn one(cx: &mut Cx<'_>, message: &Message<'_>) {
    let reads = cx.learns() || cx.wants(transaction::FIELDS);
    let learn = |calls: &mut Calls, here| calls.take(message, &here);
    let note = if reads { cx.remember(message.bytes, learn) } else { None };
    if cx.learning() {
        carry_body(cx, message, note);
    } else {
        dissect(cx, message, note);
    }
}

fn dissect(cx: &mut Cx<'_>, message: &Message<'_>, note: Option<u32>) {
    cx.column(PROTOCOL.title);
    summarize(cx, message);
    cx.group(&ROOT, message.bytes, |cx| {
        if cx.showing() {
            let told = note.and_then(|note| cx.record(|calls: &Calls| calls.told(note)));
            message.start.emit(cx, |cx| {
                if let Some(told) = told {
                    told.emit(cx, split(message.bytes, 0).0, message.answers(b"BYE"));
                }
            });
        }
        if cx.wants_beyond(&[start_line::FIELDS, &[&ROOT]]) {
            cx.group(&MSG_HDR, message.head, |cx| {
                let mut seen = header::Seen::default();
                message.headers().for_each(|line| header::dissect(cx, &line, &mut seen));
                if !message.is_head_whole && cx.cut > 0 {
                    cx.malformed(message.head, Malformed::short(&MSG_HDR, message.head.len(), 1, 0));
                } else if !message.is_head_whole {
                    cx.expert(&NOT_TERMINATED, message.head);
                } else if !seen.is_complete() {
                    cx.expert(&MISSING, message.head);
                }
                if message.is_method_mixed() {
                    cx.expert(&MIXED, message.cseq);
                }
            });
        }
        let is_read = cx.learns() || cx.has_line() || cx.shows_carried() || cx.wants(FIELDS);
        if !message.body.is_empty() && is_read {
            cx.group(&MSG_BODY, message.body, |cx| body(cx, message, note));
        }
    });
}

/// Hands the body to who knows its media type; whether somebody does. What that learns is told of the message, by its note.
fn carry_body(cx: &mut Cx<'_>, message: &Message<'_>, note: Option<u32>) -> bool {
    let Some(content_type) = message.content_type.filter(|_| !message.body.is_empty()) else { return false };
    // A message that a body holds (message/sip) was not sent here.
    if content_type.get(..8).is_some_and(|name| name.eq_ignore_ascii_case(b"message/")) {
        let is_shown = !cx.learning();
        return is_shown && cx.unlearnt(|cx| cx.carry_media(&MEDIA_TYPES, content_type, message.body));
    }
    if cx.learns()
        && let Some(note) = note
        && let Some((told, name)) = cx.record(|calls: &Calls| Some((calls.told(note)?, calls.name())))
    {
        cx.session = name;
        if matches!(message.start, StartLine::Status(line) if number(line.code).0 >= 200)
            && told.original == 0
        {
            cx.asked = told.request.into();
        }
    }
    let mine = cx.carry_media(&MEDIA_TYPES, content_type, message.body);
    (cx.session, cx.asked) = (None, 0);
    mine
}

/// Hands the body to who knows its media type; otherwise shows its lines.
fn body(cx: &mut Cx<'_>, message: &Message<'_>, note: Option<u32>) {
    cx.keep_info();
    if !carry_body(cx, message, note) && cx.showing() {
        if std::str::from_utf8(message.body).is_ok_and(|text| !text.contains('\0')) {
            for line in message.body.split_inclusive(|byte| *byte == b'\n') {
                cx.leaf(&BODY_LINE, line, 0);
            }
        } else {
            cx.data(message.body);
        }
    }
    let missing = (message.content_length.unwrap_or(0) as usize).saturating_sub(message.body.len());
    if missing > 0 && cx.cut > 0 {
        cx.malformed(message.body, Malformed::short(&BODY_LINE, message.body.len(), missing, 0));
    } else if missing > 0 {
        cx.expert(&BODY_SHORT, message.body);
    }
}

/// Writes the summary line: `Request: INVITE sip:bob@example.com | `.
fn summarize(cx: &mut Cx<'_>, message: &Message<'_>) {
    let Some(info) = cx.info() else { return };
    match &message.start {
        StartLine::Request(line) => {
            info.str(if line.is_known() { "Request: " } else { "Unknown request: " });
            info.text(line.method).byte(b' ').text(line.uri);
            match line.method {
                b"REGISTER" => bindings(info, message, true),
                b"INVITE" if is_in_dialog(message) => drop(info.str(", in-dialog")),
                _ => {}
            }
        }
        StartLine::Status(line) => {
            info.str("Status: ").text(line.code).byte(b' ').text(line.reason);
            if line.code == b"200" {
                let method = CSeq::parse(message.cseq).method;
                info.str(" (").text(method).byte(b')');
                if method == b"REGISTER" {
                    bindings(info, message, false);
                }
            }
        }
    }
    info.str(" | ");
}

/// Whether To has a tag: the request is one within a dialog, RFC 3261, 12.2.
fn is_in_dialog(message: &Message<'_>) -> bool {
    NameAddr::parse(message.to, true).0.is_some_and(|to| to.tag().is_some())
}

/// Writes how many contacts are registered, removed or asked for.
fn bindings(info: &mut crate::Out, message: &Message<'_>, is_request: bool) {
    let (mut count, mut removed, mut all, mut expires) = (0u64, 0u64, false, None);
    for line in message.headers() {
        match Header::find(line.name) {
            Some(header) if header.field == &table::CONTACT => {
                all |= line.value == b"*";
                let contacts = NameAddrs::new(line.value).filter(|contact| contact.uri.bytes != b"*");
                for contact in contacts {
                    count += 1;
                    let own =
                        contact.params().find(|param| param.is("expires")).and_then(|param| param.value);
                    removed += u64::from(own.is_some_and(|value| number(value) == (0, true)));
                }
            }
            Some(header) if header.field == &table::EXPIRES => expires = Some(number(line.value).0),
            _ => {}
        }
    }
    let none_left = expires == Some(0) || count > 0 && removed == count;
    match (is_request, count) {
        (true, 0) if all && none_left => drop(info.str("  (remove all bindings)")),
        (true, 0) => drop(info.str("  (fetch bindings)")),
        (_, count) => {
            info.str(if is_request && none_left { "  (remove " } else { "  (" }).dec(count);
            info.str(if count == 1 { " binding)" } else { " bindings)" });
        }
    }
}

/// Writes how long the header fields are: they stand below, one by one.
fn write_head(item: crate::Item<'_>, out: &mut crate::Out) {
    out.dec(item.node.len.into()).str(" bytes");
}

/// Adds a text that may be folded.
fn leaf(cx: &mut Cx<'_>, field: &'static Field, text: &[u8]) {
    if cx.showing() && near(text, [b'\n']).is_some() {
        cx.joined(field, text, Unfold::new(text), |_| ());
    } else {
        cx.leaf(field, text, 0);
    }
}
