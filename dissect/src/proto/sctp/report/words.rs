//! The words that all these reports use.

use super::super::association::{Association, End, EndKind, EventKind, Side, Status};
use super::super::cause::{CAUSE_CODES, CauseCode};
use super::super::chunk::{self, data, i_data};
use crate::report::Cell;
use crate::{Address, Out};

/// The names of the sides: A asked for the association, or was seen first.
pub(super) fn side_name(side: u8) -> &'static str {
    if side & 1 == 0 { "A" } else { "B" }
}

/// A number and what it counts: `1 packet`, `2 packets`.
pub(super) fn count(number: impl Into<u64>, what: &str) -> String {
    let number = number.into();
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

/// A length of time with its unit: `62 us`, `213.4 ms`, `5.003 s`.
pub(super) fn span(nanoseconds: i64) -> String {
    let sign = if nanoseconds < 0 { "-" } else { "" };
    match nanoseconds.unsigned_abs() {
        time @ 0..1_000_000 => format!("{sign}{} us", (time + 500) / 1000),
        time @ ..1_000_000_000 => {
            let tenths = (time + 50_000) / 100_000;
            format!("{sign}{}.{} ms", tenths / 10, tenths % 10)
        }
        time => {
            let thousandths = (time + 500_000) / 1_000_000;
            format!("{sign}{}.{:03} s", thousandths / 1000, thousandths % 1000)
        }
    }
}

/// A part of a whole in per cent: `4.7 %`.
pub(super) fn share(part: u32, whole: u32) -> String {
    let tenths = (u64::from(part) * 1000).checked_div(whole.into()).unwrap_or(0);
    if tenths == 0 && part > 0 {
        return "less than 0.1 %".to_owned();
    }
    format!("{}.{} %", tenths / 10, tenths % 10)
}

pub(super) fn address(address: &Address) -> String {
    let mut out = Out::new();
    address.write(&mut out);
    out.to_string_lossy()
}

/// An end: `10.0.0.1:4444`, and with several addresses `(10.0.0.1, 10.0.1.1):4444`.
pub(super) fn end(side: &Side) -> String {
    match &side.addresses[..] {
        [] => format!("port {}", side.port),
        [one] => match Cell::end(one, side.port) {
            Cell::Text(text) => text,
            _ => String::new(),
        },
        several => {
            let all: Vec<String> = several.iter().map(address).collect();
            format!("({}):{}", all.join(", "), side.port)
        }
    }
}

/// The addresses of a side.
pub(super) fn addresses(side: &Side) -> Cell {
    Cell::List(side.addresses.iter().map(Cell::address).collect())
}

/// A path: its number, counted from 1, and its addresses.
pub(super) fn path(association: &Association, at: u8) -> String {
    let number = u32::from(at) + 1;
    association.paths.get(usize::from(at)).map_or(format!("path {number}"), |path| {
        format!("path {number} ({} - {})", address(&path.addresses[0]), address(&path.addresses[1]))
    })
}

/// The name of a cause with its code, as RFC 9260, 3.3.10 and its extensions have it.
pub(super) fn cause(code: u16) -> String {
    let name = CAUSE_CODES.name(code.into()).unwrap_or("unknown");
    format!("cause {code}, {name}")
}

/// The RFCs' name of a chunk type.
pub(super) fn chunk_name(number: u8) -> String {
    match chunk::kind(number) {
        Some(kind) => kind.name.replace('_', " "),
        None => format!("type {number}"),
    }
}

/// Whether the association was there: its handshake ended, or DATA went by.
pub(super) fn came_up(association: &Association) -> bool {
    let data =
        |side: &Side| side.traffic.of_type(data::TYPE.number) + side.traffic.of_type(i_data::TYPE.number) > 0;
    association.events_where(|kind| *kind == EventKind::Status(Status::Established)).next().is_some()
        || (!association.begun && association.sides.iter().any(data))
        || association.sides.iter().any(|side| side.acked.is_some())
}

/// The state of the association: one word, or that of each side.
pub(super) fn state(association: &Association) -> String {
    let [a, b] = &association.sides;
    if a.status == b.status {
        a.status.name().into()
    } else {
        format!("{} / {}", a.status.name(), b.status.name())
    }
}

/// How it ended, or why it did not come up.
pub(super) fn ending(association: &Association) -> String {
    if let Some(end) = &association.end {
        return ended(association, end);
    }
    if let Some(next) = association.restarted_by {
        return format!("restarted: association {next} took its place");
    }
    let [a, b] = &association.sides;
    if came_up(association) {
        return match (a.status, b.status) {
            (Status::ShutdownSent | Status::ShutdownAckSent, _)
            | (_, Status::ShutdownSent | Status::ShutdownAckSent) => {
                "shutting down at the end of the capture".into()
            }
            _ => "still open at the end of the capture".into(),
        };
    }
    match (association.begun, b.traffic.packets, b.init) {
        (true, 0, _) if association.unreachable > 0 => {
            "never came up: ICMP said that it is unreachable".into()
        }
        (true, 0, _) => "never came up: the INIT was not answered".into(),
        (true, _, 0) => "never came up".into(),
        (true, ..) => "the handshake did not end in the capture".into(),
        (false, ..) => "no handshake and no DATA in the capture".into(),
    }
}

fn ended(association: &Association, end: &End) -> String {
    let by = side_name(end.side);
    match end.kind {
        EndKind::Shutdown | EndKind::ShutdownWithoutAssociation => {
            let first = association.events_where(|kind| *kind == EventKind::Shutdown).next();
            let asked =
                first.map_or(String::new(), |event| format!(", asked for by {}", side_name(event.side)));
            let without = if end.kind == EndKind::Shutdown {
                ""
            } else {
                "; the last side had no association any more"
            };
            format!("graceful shutdown{asked}{without}")
        }
        EndKind::Abort | EndKind::AbortWithoutAssociation => {
            let why = if end.cause == 0 { String::new() } else { format!(": {}", cause(end.cause)) };
            let reason = reason(end);
            if !came_up(association) && association.begun && end.side == 1 {
                format!("refused: {by} answered with an ABORT{why}{reason}")
            } else if end.kind == EndKind::Abort {
                let why = if why.is_empty() { " without a cause".into() } else { why };
                format!("ABORT by {by}{why}{reason}")
            } else {
                format!("ABORT by {by}, which had no association any more (T bit){why}{reason}")
            }
        }
        EndKind::Restart => "restarted".into(),
    }
}

/// The reason of a user's ABORT, in quotes.
pub(super) fn reason(end: &End) -> String {
    if end.cause != CauseCode::USER_INITIATED_ABORT.0 || end.reason.is_empty() {
        return String::new();
    }
    let mut out = Out::new();
    out.text(&end.reason);
    format!(", reason \"{}\"", out.to_string_lossy())
}

/// What an RFC says a supported chunk type stands for.
pub(super) fn extensions(side: &Side) -> Vec<Cell> {
    let mut all: Vec<Cell> = Vec::new();
    let mut add = |is: bool, name: &str| {
        if is {
            all.push(Cell::text(name));
        }
    };
    add(side.ecn, "ECN");
    add(side.partial_reliability, "partial reliability (RFC 3758)");
    for number in &side.extensions {
        match EXTENSIONS.iter().find(|one| one.0 == *number) {
            Some((192, _)) if side.partial_reliability => {}
            Some((_, "")) => {}
            Some((_, name)) => add(true, name),
            None => add(true, &chunk_name(*number)),
        }
    }
    add(side.zero_checksum, "zero checksum (RFC 9653)");
    all
}

/// Supported chunk types: some come in pairs, and only one of a pair is named.
static EXTENSIONS: &[(u8, &str)] = &[
    (15, "AUTH (RFC 4895)"),
    (16, "NR-SACK"),
    (64, "I-DATA (RFC 8260)"),
    (128, ""),
    (129, "PKTDROP"),
    (130, "RE-CONFIG (RFC 6525)"),
    (132, ""),
    (192, "partial reliability (RFC 3758)"),
    (193, "ASCONF (RFC 5061)"),
    (194, ""),
];
