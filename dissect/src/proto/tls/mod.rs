//! Transport Layer Security: the records of RFC 8446, 5, and RFC 5246, 6.2, which a TCP stream is cut into, and what of
//! them is in clear. Nothing is decrypted and nothing remembered: a record is shown by what it says itself, and by what
//! stands before it in the same segment.
//!
//! ```
//! use dissect::{Frame, proto::tls::{Header, frame}};
//! let stream = [21, 3, 3, 0, 2, 1, 0, 23, 3, 3];
//! assert_eq!(frame(&stream), Frame::Whole(7));
//! assert_eq!(frame(&stream[7..]), Frame::More(2));
//! assert_eq!(Header::parse(&stream).unwrap().1.length, 2);
//! ```

pub mod handshake;
#[cfg(test)]
mod tests;

use crate::proto::tcp::PORTS;
use crate::tree::Item;
use crate::{Claim, Codes, Cx, Frame, Malformed, Out, Protocol, Show, codes, fields, header};

/// How many bytes a record may have behind its header: 2^14 and what encryption and compression may add (RFC 5246, 6.2.3;
/// RFC 8446, 5.2, allows less).
pub const MOST_RECORD: u16 = (1 << 14) + 2048;

codes! {
    /// What a record holds, RFC 8446, 5.1.
    pub ContentType: u8, CONTENT_TYPES, "Unknown" {
        /// What follows is protected by other keys.
        CHANGE_CIPHER_SPEC = 20, "Change Cipher Spec";
        /// A warning, or the end.
        ALERT = 21, "Alert";
        /// Messages that agree on keys.
        HANDSHAKE = 22, "Handshake";
        /// What the connection is for; since TLS 1.3 all that is encrypted.
        APPLICATION_DATA = 23, "Application Data";
        /// A sign of life, RFC 6520.
        HEARTBEAT = 24, "Heartbeat";
    }
}

static VERSIONS: Codes = Codes {
    unknown: "Unknown",
    names: &[
        (0x300, "SSL 3.0"),
        (0x301, "TLS 1.0"),
        (0x302, "TLS 1.1"),
        (0x303, "TLS 1.2"),
        (0x304, "TLS 1.3"),
    ],
};

codes! {
    /// How bad an alert is, RFC 8446, 6.
    pub AlertLevel: u8, ALERT_LEVELS, "Unknown" {
        /// The connection may go on.
        WARNING = 1, "Warning";
        /// The connection ends.
        FATAL = 2, "Fatal";
    }
}

static ALERTS: Codes = Codes {
    unknown: "Unknown",
    names: &[
        (0, "Close Notify"),
        (10, "Unexpected Message"),
        (20, "Bad Record MAC"),
        (21, "Decryption Failed"),
        (22, "Record Overflow"),
        (30, "Decompression Failure"),
        (40, "Handshake Failure"),
        (41, "No Certificate"),
        (42, "Bad Certificate"),
        (43, "Unsupported Certificate"),
        (44, "Certificate Revoked"),
        (45, "Certificate Expired"),
        (46, "Certificate Unknown"),
        (47, "Illegal Parameter"),
        (48, "Unknown CA"),
        (49, "Access Denied"),
        (50, "Decode Error"),
        (51, "Decrypt Error"),
        (60, "Export Restriction"),
        (70, "Protocol Version"),
        (71, "Insufficient Security"),
        (80, "Internal Error"),
        (86, "Inappropriate Fallback"),
        (90, "User Canceled"),
        (100, "No Renegotiation"),
        (109, "Missing Extension"),
        (110, "Unsupported Extension"),
        (111, "Certificate Unobtainable"),
        (112, "Unrecognized Name"),
        (113, "Bad Certificate Status Response"),
        (114, "Bad Certificate Hash Value"),
        (115, "Unknown PSK Identity"),
        (116, "Certificate Required"),
        (120, "No application Protocol"),
    ],
};

fields! {
    /// One record or more.
    ROOT = "tls", "Transport Layer Security", Show::protocol(), "RFC 8446, 5";
    /// A record.
    RECORD = "tls.record", "Record Layer", Show::group().repeats().write(write_record), "RFC 8446, 5.1";
    /// What the record holds.
    CONTENT_TYPE = "tls.record.content_type", "Content Type", Show::u8().codes(&CONTENT_TYPES), "RFC 8446, 5.1";
    /// The version of the record; since TLS 1.3 for old equipment only.
    VERSION = "tls.record.version", "Version", Show::u16().hex().codes(&VERSIONS), "RFC 8446, 5.1";
    /// How many bytes follow.
    LENGTH = "tls.record.length", "Length", Show::u16(), "RFC 8446, 5.1";
    /// The message that other keys follow.
    CHANGE_CIPHER_SPEC = "tls.change_cipher_spec", "Change Cipher Spec Message", Show::group(), "RFC 5246, 7.1";
    /// An alert.
    ALERT = "tls.alert_message", "Alert Message", Show::group().write(write_alert), "RFC 8446, 6";
    /// How bad it is.
    ALERT_LEVEL = "tls.alert_message.level", "Level", Show::u8().codes(&ALERT_LEVELS), "RFC 8446, 6";
    /// What it is about.
    ALERT_DESCRIPTION = "tls.alert_message.desc", "Description", Show::u8().codes(&ALERTS), "RFC 8446, 6";
    /// Data of the application, encrypted.
    APPLICATION_DATA = "tls.app_data", "Encrypted Application Data", Show::bytes(), "RFC 8446, 5.2";
    /// A request for a sign of life, or the answer.
    HEARTBEAT = "tls.heartbeat_message", "Heartbeat Message", Show::group(), "RFC 6520, 4";
    /// Bytes that are no record.
    IGNORED = "tls.ignored_unknown_record", "Ignored Unknown Record", Show::group(), "RFC 8446, 5";
}

header! {
    /// The header of a record.
    pub struct Header {
        /// What the record holds: a [`ContentType`].
        pub content_type: u8 => CONTENT_TYPE,
        /// The version of the record: 0x0301 for TLS 1.0.
        pub version: u16 => VERSION,
        /// How many bytes follow.
        pub length: u16 => LENGTH,
    }
}

/// Transport Layer Security.
pub static PROTOCOL: Protocol = Protocol {
    claims: &[Claim::Number(&PORTS, 443), Claim::Number(&PORTS, 5061), Claim::Content(&PORTS, 20, look)],
    tables: &[],
    framing: Some(frame),
    many: true,
    ..Protocol::new("tls", "TLS", "Transport Layer Security", "RFC 8446", walk, &[FIELDS, handshake::FIELDS])
};

/// Where the first record of a stream ends.
pub fn frame(bytes: &[u8]) -> Frame {
    match Header::parse(bytes) {
        Ok((_, header)) if header.is_possible() => {
            let len = Header::LEN + usize::from(header.length);
            if len <= bytes.len() { Frame::Whole(len) } else { Frame::More(len - bytes.len()) }
        }
        Err(_) if may_begin(bytes) => Frame::More(Header::LEN - bytes.len()),
        _ => Frame::Other,
    }
}

impl Header {
    fn is_possible(self) -> bool {
        let empty = self.length == 0 && ContentType(self.content_type) != ContentType::APPLICATION_DATA;
        CONTENT_TYPES.name(self.content_type.into()).is_some()
            && VERSIONS.name(self.version.into()).is_some()
            && self.length <= MOST_RECORD
            && !empty
    }
}

/// Whether a record's header may begin so.
fn may_begin(bytes: &[u8]) -> bool {
    match bytes {
        [kind] | [kind, 3] | [kind, 3, 0..=4, ..] => ContentType(*kind).name().is_some(),
        _ => false,
    }
}

/// Whether these are records: the first is possible, and so is the second as far as it is there.
fn look(_: &Cx<'_>, bytes: &[u8]) -> bool {
    match frame(bytes) {
        Frame::Whole(len) => {
            bytes.get(len..).is_some_and(|rest| rest.is_empty() || frame(rest) != Frame::Other)
        }
        Frame::More(_) => bytes.len() >= Header::LEN,
        Frame::Other => false,
    }
}

/// What is known of the side that sends, from the records before in the same bytes.
#[derive(Debug, Default)]
struct Side {
    /// The keys changed: handshake messages are encrypted.
    changed: bool,
    /// How many bytes of the last handshake message are still to come.
    missing: usize,
    /// The version that the server chose.
    chosen: Option<u16>,
}

fn walk(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    let Ok((_, first)) = Header::parse(bytes) else { return false };
    if !first.is_possible() {
        return false;
    }
    let title = title(first.version);
    cx.column(title);
    let mut side = Side::default();
    cx.group(&ROOT, bytes, |cx| {
        let mut rest = bytes;
        while !rest.is_empty() {
            let len = match frame(rest) {
                Frame::Whole(len) => len,
                Frame::More(_) if rest.len() > Header::LEN => rest.len(),
                _ => {
                    cx.leaf(&IGNORED, rest, 0);
                    return say(cx, IGNORED.label);
                }
            };
            let record;
            (record, rest) = rest.split_at_checked(len).unwrap_or((rest, &[]));
            cx.group(&RECORD, record, |cx| dissect_record(cx, record, &mut side));
        }
    });
    if let Some(version) = side.chosen {
        cx.rename_column(title, self::title(version));
    }
    true
}

/// The name of a version in the protocol column.
fn title(version: u16) -> &'static str {
    match version {
        0x300 => "SSLv3",
        0x301 => "TLSv1",
        0x302 => "TLSv1.1",
        0x303 => "TLSv1.2",
        // What the drafts of TLS 1.3 had.
        0x304 | 0x7f00..=0x7fff => "TLSv1.3",
        _ => PROTOCOL.title,
    }
}

/// Adds to the summary line.
fn say(cx: &mut Cx<'_>, words: &str) {
    if let Some(info) = cx.info() {
        if !info.is_empty() {
            info.str(", ");
        }
        info.str(words);
    }
}

fn dissect_record(cx: &mut Cx<'_>, bytes: &[u8], side: &mut Side) {
    let Some((header, rest)) = Header::dissect(cx, bytes) else { return };
    let length = bytes.get(3..Header::LEN).unwrap_or(&[]);
    cx.limited(&LENGTH, length, |cx| {
        cx.within(rest, header.length.into(), |cx, body| {
            let absent = usize::from(header.length).saturating_sub(body.len());
            match ContentType(header.content_type) {
                ContentType::CHANGE_CIPHER_SPEC => {
                    side.changed = true;
                    cx.leaf(&CHANGE_CIPHER_SPEC, body, 0);
                    say(cx, "Change Cipher Spec");
                }
                ContentType::ALERT => dissect_alert(cx, body),
                ContentType::HANDSHAKE => handshake::dissect(cx, body, absent, side),
                ContentType::APPLICATION_DATA => {
                    cx.leaf(&APPLICATION_DATA, body, 0);
                    say(cx, "Application Data");
                }
                _ => {
                    cx.leaf(&HEARTBEAT, body, 0);
                    say(cx, "Heartbeat");
                }
            }
            if cx.cut > 0 {
                cx.malformed(body, Malformed::short(&RECORD, 0, header.length.into(), body.len()));
            }
        });
    });
}

/// Adds an alert. In clear it has two bytes of sense.
fn dissect_alert(cx: &mut Cx<'_>, body: &[u8]) {
    let clear = match *body {
        [level, about] => Some((ALERT_LEVELS.name(level.into()), ALERTS.name(about.into()))),
        _ => None,
    };
    let Some((Some(level), Some(about))) = clear else {
        cx.leaf(&ALERT, body, 0);
        return say(cx, "Encrypted Alert");
    };
    cx.group(&ALERT, body, |cx| {
        for (field, own) in [&ALERT_LEVEL, &ALERT_DESCRIPTION].into_iter().zip(body.chunks(1)) {
            cx.leaf(field, own, own.first().copied().unwrap_or(0).into());
        }
    });
    say(cx, "Alert (Level: ");
    if let Some(info) = cx.info() {
        info.str(level).str(", Description: ").str(about).str(")");
    }
}

fn write_record(item: Item<'_>, out: &mut Out) {
    let kind = item.number(&CONTENT_TYPE).unwrap_or(0);
    out.str(": ").str(CONTENT_TYPES.name_or_unknown(kind));
    let mut messages =
        item.children().filter(|child| std::ptr::eq(child.node.field, &raw const handshake::GROUP));
    if let Some(first) = messages.next() {
        out.str(" Protocol");
        match messages.next() {
            Some(_) => _ = out.str(": Multiple Handshake Messages"),
            None => handshake::write_message(first, out),
        }
    }
}

fn write_alert(item: Item<'_>, out: &mut Out) {
    if item.child(&ALERT_LEVEL).is_none() {
        out.str(": Encrypted Alert");
    }
}
