//! Bodies of several parts, RFC 2046, 5.1: `multipart/mixed` and its kin.
//!
//! Where parts begin and end, the boundary says that their carrier's `Content-Type` gives: see
//! [`Cx::carry_media`](crate::Cx::carry_media).
//!
//! ```
//! use dissect::proto::multipart;
//! let boundary = multipart::parameter(b"multipart/mixed; boundary=\"cut here\"", "boundary").unwrap();
//! let body = b"--cut here\r\nContent-Type: text/plain\r\n\r\nhello\r\n--cut here--\r\n";
//! let part = multipart::parts(body, boundary).next().unwrap();
//! let header = part.headers().next().unwrap();
//! assert_eq!((header.name, header.value), (&b"Content-Type"[..], &b"text/plain"[..]));
//! assert_eq!(part.body(), b"hello");
//! ```

mod part;
#[cfg(test)]
mod tests;

pub use part::{Delimiter, Header, Headers, Part, Parts, parameter, parts};

use crate::tree::Item;
use crate::{Area, Claim, Cx, Field, Out, Protocol, Severity, Show, Table, fields};

/// Who a media type means, for every protocol that carries bodies.
pub static MEDIA_TYPES: Table =
    Table { name: "media_type", doc: "the media type of a body, without parameters" };

/// The most parts of a body that are shown: what follows them is shown as data.
pub const MOST_PARTS: usize = 256;

fields! {
    /// A body of several parts.
    ROOT = "mime_multipart", "MIME Multipart Media Encapsulation", Show::protocol().write(write_root), "RFC 2046, 5.1";
    /// How the parts belong together.
    TYPE = "mime_multipart.type", "Type", Show::text(), "RFC 2046, 5.1";
    /// What stands before the first part, and means nothing.
    PREAMBLE = "mime_multipart.preamble", "Preamble", Show::bytes(), "RFC 2046, 5.1.1";
    /// The line before the first part.
    FIRST_BOUNDARY = "mime_multipart.first_boundary", "First boundary", Show::text(), "RFC 2046, 5.1.1";
    /// The line between two parts, with the line end before it.
    BOUNDARY = "mime_multipart.boundary", "Boundary", Show::text().repeats(), "RFC 2046, 5.1.1";
    /// The line behind the last part, with the line end before it.
    LAST_BOUNDARY = "mime_multipart.last_boundary", "Last boundary", Show::text(), "RFC 2046, 5.1.1";
    /// What stands behind the last part, and means nothing.
    TRAILER = "mime_multipart.trailer", "Trailer", Show::bytes(), "RFC 2046, 5.1.1";
    /// A part: headers, a blank line, a body.
    PART = "mime_multipart.part", "Encapsulated multipart part", Show::text().repeats().write(write_part), "RFC 2046, 5.1.1";
    /// A header without a field of its own, or one that stands again.
    HEADER = "mime_multipart.header", "Header", Show::text().repeats(), "RFC 2045, 3";
    /// What the part is.
    CONTENT_TYPE = "mime_multipart.header.content-type", "Content-Type", Show::text(), "RFC 2045, 5";
    /// What is to be done with the part.
    DISPOSITION = "mime_multipart.header.content-disposition", "Content-Disposition", Show::text(), "RFC 2183, 2";
    /// How the part is compressed.
    ENCODING = "mime_multipart.header.content-encoding", "Content-Encoding", Show::text(), "RFC 3261, 20.12";
    /// By which name others refer to the part.
    ID = "mime_multipart.header.content-id", "Content-Id", Show::text(), "RFC 2045, 7";
    /// The language of the part.
    LANGUAGE = "mime_multipart.header.content-language", "Content-Language", Show::text(), "RFC 3282, 2";
    /// The length of the part in bytes.
    LENGTH = "mime_multipart.header.content-length", "Content-Length", Show::text(), "RFC 3261, 20.14";
    /// How the part's bytes are written.
    TRANSFER_ENCODING = "mime_multipart.header.content-transfer-encoding", "Content-Transfer-Encoding", Show::text(), "RFC 2045, 6";
    /// What the part is, in words.
    DESCRIPTION = "mime_multipart.header.content-description", "Content-Description", Show::text(), "RFC 2045, 8";
    /// What an encrypted part is.
    ORIGINAL_CONTENT = "mime_multipart.header.originalcontent", "OriginalContent", Show::text(), "MS-WSMV, 2.2.9.1";
    /// The media type has no boundary.
    NO_BOUNDARY = "mime_multipart.no_required_parameter", "The media type lacks its boundary parameter", Show::expert(Severity::Error, Area::Protocol), "RFC 2046, 5.1.1";
    /// No line is the boundary.
    NO_PARTS = "mime_multipart.no_parts", "No line is the boundary", Show::expert(Severity::Warn, Area::Malformed), "RFC 2046, 5.1.1";
    /// The last part ends without the line that has to follow it.
    NO_LAST_BOUNDARY = "mime_multipart.no_last_boundary", "The last boundary is missing", Show::expert(Severity::Warn, Area::Malformed), "RFC 2046, 5.1.1";
    /// There are more parts than are shown.
    TOO_MANY_PARTS = "mime_multipart.too_many_parts", "Too many parts; the rest is not dissected", Show::expert(Severity::Warn, Area::Undecoded), "sctpdump";
}

/// The headers that have a field, in full and in SIP's short form.
static HEADERS: &[(&str, &str, &Field)] = &[
    ("content-type", "c", &CONTENT_TYPE),
    ("content-disposition", "", &DISPOSITION),
    ("content-encoding", "e", &ENCODING),
    ("content-id", "", &ID),
    ("content-language", "", &LANGUAGE),
    ("content-length", "l", &LENGTH),
    ("content-transfer-encoding", "", &TRANSFER_ENCODING),
    ("content-description", "", &DESCRIPTION),
    ("originalcontent", "", &ORIGINAL_CONTENT),
];

/// MIME Multipart Media Encapsulation.
pub static PROTOCOL: Protocol = Protocol {
    claims: &[Claim::Text(&MEDIA_TYPES, "multipart/*")],
    tables: &[&MEDIA_TYPES],
    ..Protocol::new(
        "mime_multipart",
        "MULTIPART",
        "MIME Multipart Media Encapsulation",
        "RFC 2046",
        walk,
        &[FIELDS],
    )
};

fn walk(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    // The parts' own types take its place while they are walked.
    let content_type = std::mem::take(&mut cx.content_type);
    cx.group(&ROOT, bytes, |cx| {
        let name = content_type.split(|byte| *byte == b';').next().unwrap_or(&[]).trim_ascii();
        if !name.is_empty() {
            cx.own_text(&TYPE, bytes.get(..0).unwrap_or(&[]), name, 0);
        }
        if let Some(boundary) = parameter(&content_type, "boundary").filter(|boundary| !boundary.is_empty()) {
            body(cx, bytes, boundary);
        } else {
            cx.expert(&NO_BOUNDARY, bytes);
            cx.data(bytes);
        }
    });
    cx.content_type = content_type;
    true
}

fn body(cx: &mut Cx<'_>, bytes: &[u8], boundary: &[u8]) {
    let slice = |from: usize, to: usize| bytes.get(from..to).unwrap_or(&[]);
    let Some(mut before) = Delimiter::first(bytes, boundary) else {
        cx.expert(&NO_PARTS, bytes);
        return cx.data(bytes);
    };
    if before.start > 0 {
        cx.leaf(&PREAMBLE, slice(0, before.start), 0);
    }
    cx.leaf(if before.last { &LAST_BOUNDARY } else { &FIRST_BOUNDARY }, slice(before.start, before.end), 0);
    let mut count = 0;
    while !before.last {
        if count == MOST_PARTS {
            cx.expert(&TOO_MANY_PARTS, slice(before.end, bytes.len()));
            return cx.data(slice(before.end, bytes.len()));
        }
        count += 1;
        let Some(next) = Delimiter::next(bytes, boundary, before.end) else {
            let rest = slice(before.end, bytes.len());
            if !rest.is_empty() {
                part(cx, Part::new(rest));
            }
            return cx.expert(&NO_LAST_BOUNDARY, slice(bytes.len(), bytes.len()));
        };
        // What the snap length cut off stands behind the last part that is whole.
        let cut = std::mem::replace(&mut cx.cut, 0);
        part(cx, Part::new(slice(before.end, next.start)));
        cx.cut = cut;
        cx.leaf(if next.last { &LAST_BOUNDARY } else { &BOUNDARY }, slice(next.start, next.end), 0);
        before = next;
    }
    if before.end < bytes.len() {
        cx.leaf(&TRAILER, slice(before.end, bytes.len()), 0);
    }
}

fn part(cx: &mut Cx<'_>, part: Part<'_>) {
    cx.joined(&PART, part.bytes(), std::iter::empty(), |cx| {
        // RFC 2046, 5.1: a part without a type is text.
        let (mut content_type, mut encoded, mut seen) = (&b"text/plain"[..], false, 0u32);
        for header in part.headers() {
            let row =
                HEADERS.iter().position(|row| header.is(row.0) || (!row.1.is_empty() && header.is(row.1)));
            let Some((bit, (_, _, field))) = row.and_then(|at| Some((1 << at, HEADERS.get(at)?))) else {
                cx.leaf(&HEADER, header.bytes, 0);
                continue;
            };
            if seen & bit != 0 {
                cx.leaf(&HEADER, header.bytes, 0);
                continue;
            }
            seen |= bit;
            if *field == &CONTENT_TYPE {
                content_type = header.value;
            } else if *field == &TRANSFER_ENCODING {
                let plain: [&[u8]; 3] = [b"7bit", b"8bit", b"binary"];
                encoded = !plain.iter().any(|plain| plain.eq_ignore_ascii_case(header.value));
            }
            emit_header(cx, field, &header);
        }
        let body = part.body();
        if encoded || !cx.carry_media(&MEDIA_TYPES, content_type, body) {
            cx.data(body);
        }
    });
}

/// Adds a header: unfolded, and a media type without spaces before its parameters.
fn emit_header(cx: &mut Cx<'_>, field: &'static Field, header: &Header<'_>) {
    if !cx.showing() {
        return;
    }
    let mut text = Vec::with_capacity(header.value.len());
    for line in header.value.split(|byte| matches!(byte, b'\r' | b'\n')).map(<[u8]>::trim_ascii) {
        if !text.is_empty() && !line.is_empty() {
            text.push(b' ');
        }
        text.extend_from_slice(line);
    }
    if field == &CONTENT_TYPE
        && let Some(at) = text.iter().position(|byte| *byte == b';')
    {
        let spaces = text.iter().skip(at + 1).take_while(|byte| **byte == b' ').count();
        text.drain(at + 1..at + 1 + spaces);
    }
    cx.own_text(field, header.bytes, &text, 0);
}

fn write_root(item: Item<'_>, out: &mut Out) {
    if let Some(name) = item.child(&TYPE) {
        out.str(", Type: ").text(name.bytes());
    }
}

fn write_part(item: Item<'_>, out: &mut Out) {
    if let Some(content_type) = item.child(&CONTENT_TYPE) {
        let name = content_type.bytes().split(|byte| *byte == b';').next().unwrap_or(&[]);
        out.str("(").text(name).str(")");
    }
}
