//! Source descriptions and farewells, RFC 3550, 6.5 and 6.6.

use super::SOURCE;
use crate::header::number;
use crate::{Area, Cx, Malformed, Severity, Show, codes, fields};

codes! {
    /// What an item describes: RFC 3550, 12.2.
    pub ItemType: u8, ITEM_TYPES, "Unknown" {
        /// The end of the list.
        END = 0, "END";
        /// The canonical name, which binds the sources of one participant.
        CNAME = 1, "CNAME (user and domain)";
        /// The name of the user.
        NAME = 2, "NAME (common name)";
        /// The mail address.
        EMAIL = 3, "EMAIL (e-mail address)";
        /// The telephone number.
        PHONE = 4, "PHONE (phone number)";
        /// Where the user is.
        LOC = 5, "LOC (geographic location)";
        /// The name of the program.
        TOOL = 6, "TOOL (name/version of source app)";
        /// A passing message.
        NOTE = 7, "NOTE (note about source)";
        /// Of one's own, told apart by a prefix.
        PRIV = 8, "PRIV (private extensions)";
        /// The address that H.323 calls by.
        H323_CADDR = 9, "H323-CADDR (H.323 callable address)";
        /// The number of an application, RFC 6776.
        APSI = 10, "Application Specific Identifier";
    }
}

fields! {
    /// The description of a source.
    CHUNK = "rtcp.sdes.chunk", "Chunk", Show::group().repeats(), "RFC 3550, 6.5";
    /// The items of a description.
    ITEMS = "rtcp.sdes.items", "SDES items", Show::group(), "RFC 3550, 6.5";
    /// What the item describes.
    TYPE = "rtcp.sdes.type", "Type", Show::u8().codes(&ITEM_TYPES).repeats(), "RFC 3550, 6.5";
    /// How many bytes follow.
    LENGTH = "rtcp.sdes.length", "Length", Show::u32().repeats(), "RFC 3550, 6.5";
    /// The text of an item, or why a source leaves.
    TEXT = "rtcp.sdes.text", "Text", Show::text().repeats(), "RFC 3550, 6.5";
    /// How many bytes the prefix has.
    PREFIX_LENGTH = "rtcp.sdes.prefix.length", "Prefix length", Show::u8().repeats(), "RFC 3550, 6.5.8";
    /// Whose item it is.
    PREFIX = "rtcp.sdes.prefix.string", "Prefix string", Show::text().repeats(), "RFC 3550, 6.5.8";
    /// Zeros fill the reason up to a multiple of 4 bytes.
    NOT_PADDED = "rtcp.bye_reason_not_padded", "Reason string is not NULL padded (see RFC3550, section 6.6)",
        Show::expert(Severity::Warn, Area::Malformed), "RFC 3550, 6.6";
}

/// The chunks of a source description.
pub(super) fn chunks(cx: &mut Cx<'_>, content: &[u8], count: u8) {
    let mut rest = content;
    for _ in 0..count {
        let Some((source, list)) = rest.split_at_checked(4) else {
            return cx.malformed(rest, Malformed::short(&SOURCE, 0, 4, rest.len()));
        };
        let end = end_of_items(list);
        // The chunk is filled up to a multiple of 4 bytes.
        let own = rest.get(..(4 + end).next_multiple_of(4)).unwrap_or(rest);
        cx.group(&CHUNK, own, |cx| {
            cx.leaf(&SOURCE, source, number(source));
            let items = list.get(..end).unwrap_or(list);
            cx.group(&ITEMS, items, |cx| show_items(cx, items));
        });
        rest = rest.get(own.len()..).unwrap_or(&[]);
    }
}

/// Where a list of items ends: behind its END.
fn end_of_items(list: &[u8]) -> usize {
    let mut at = 0;
    while let Some(kind) = list.get(at).copied() {
        if kind == ItemType::END.0 {
            return at + 1;
        }
        at += 2 + list.get(at + 1).map_or(0, |length| usize::from(*length));
    }
    list.len()
}

fn show_items(cx: &mut Cx<'_>, items: &[u8]) {
    let mut rest = items;
    while let Some((kind, behind)) = rest.split_first() {
        cx.leaf(&TYPE, rest.get(..1).unwrap_or(&[]), u64::from(*kind));
        if *kind == ItemType::END.0 {
            return;
        }
        let Some(text) = sized(cx, behind) else { return };
        rest = behind.get(1 + text.len()..).unwrap_or(&[]);
        if *kind == ItemType::PRIV.0 && !text.is_empty() {
            show_private(cx, text);
        } else if !text.is_empty() {
            cx.leaf(&TEXT, text, 0);
        }
    }
}

/// Adds the length that the bytes begin with. Answers what it counts.
fn sized<'b>(cx: &mut Cx<'_>, bytes: &'b [u8]) -> Option<&'b [u8]> {
    let Some((length, rest)) = bytes.split_first() else {
        cx.malformed(bytes, Malformed::short(&LENGTH, 0, 1, 0));
        return None;
    };
    let needed = usize::from(*length);
    cx.leaf(&LENGTH, bytes.get(..1).unwrap_or(&[]), needed as u64);
    let found = rest.get(..needed);
    if found.is_none() {
        cx.malformed(rest, Malformed::short(&TEXT, 0, needed, rest.len()));
    }
    found
}

fn show_private(cx: &mut Cx<'_>, text: &[u8]) {
    let Some((length, rest)) = text.split_first() else { return };
    cx.leaf(&PREFIX_LENGTH, text.get(..1).unwrap_or(&[]), u64::from(*length));
    let Some((prefix, value)) = rest.split_at_checked(usize::from(*length)) else {
        return cx.malformed(rest, Malformed::short(&PREFIX, 0, usize::from(*length), rest.len()));
    };
    cx.leaf(&PREFIX, prefix, 0);
    if !value.is_empty() {
        cx.leaf(&TEXT, value, 0);
    }
}

/// The sources that leave, and why.
pub(super) fn farewell(cx: &mut Cx<'_>, content: &[u8], count: u8) {
    let mut rest = content;
    for _ in 0..count {
        let Some((source, behind)) = rest.split_at_checked(4) else {
            return cx.malformed(rest, Malformed::short(&SOURCE, 0, 4, rest.len()));
        };
        cx.leaf(&SOURCE, source, number(source));
        rest = behind;
    }
    if rest.is_empty() {
        return;
    }
    let Some(text) = sized(cx, rest) else { return };
    cx.leaf(&TEXT, text, 0);
    if rest.get(1 + text.len()..).is_some_and(|padding| padding.iter().any(|byte| *byte != 0)) {
        cx.expert(&NOT_PADDED, text);
    }
}
