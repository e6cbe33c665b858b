//! Header extensions: RFC 3550, 5.3.1, and the elements of RFC 8285.

use crate::header::number;
use crate::{Base, Codes, Cx, Malformed, Show, fields, header};

fields! {
    /// What the extension is, as the profile defines it.
    PROFILE = "rtp.ext.profile", "Defined by profile", Show::u16().hex().codes(&PROFILES), "RFC 3550, 5.3.1";
    /// How many words of 4 bytes the extension has behind its own 4 bytes.
    LENGTH = "rtp.ext.len", "Extension length", Show::u16(), "RFC 3550, 5.3.1";
    /// What the extension holds.
    CONTENT = "rtp.hdr_exts", "Header extensions", Show::group(), "RFC 3550, 5.3.1";
    /// A word of an extension that is not known.
    WORD = "rtp.hdr_ext", "Header extension", Show::u32().base(Base::HexDec).repeats(), "RFC 3550, 5.3.1";
    /// An element.
    ELEMENT = "rtp.ext.rfc5285", "Header Extension Element", Show::group().repeats(), "RFC 8285, 4.1";
    /// Bits of the application, for all elements together.
    APPLICATION_BITS = "rtp.ext.rfc5285.appbits", "Application Bits", Show::u8(), "RFC 8285, 4.3";
    /// Which element it is, as the session says.
    ID = "rtp.ext.rfc5285.id", "Identifier", Show::u8(), "RFC 8285, 4.1";
    /// How many bytes of data there are.
    ELEMENT_LENGTH = "rtp.ext.rfc5285.len", "Length", Show::u8(), "RFC 8285, 4.2";
    /// The data.
    DATA = "rtp.ext.rfc5285.data", "Extension Data", Show::bytes(), "RFC 8285, 4.1";
    /// Zeros between elements.
    ZEROS = "rtp.padding.data", "Padding data", Show::bytes().repeats(), "RFC 8285, 4.1";
}

static PROFILES: Codes = Codes {
    unknown: "Unknown",
    names: &[(TWO_BYTE as u64, "Two-Byte Header"), (ONE_BYTE as u64, "One-Byte Header")],
};

/// Elements have a header of one byte: RFC 8285, 4.2.
const ONE_BYTE: u16 = 0xbede;
/// Elements have a header of two bytes; the last four bits are the application's: RFC 8285, 4.3.
const TWO_BYTE: u16 = 0x1000;

header! {
    /// The begin of an extension.
    pub struct Header {
        /// What it is.
        pub profile: u16 => PROFILE,
        /// How many words of 4 bytes follow.
        pub length: u16 => LENGTH,
    }
}

/// Adds the extension that these bytes begin with.
pub(super) fn show(cx: &mut Cx<'_>, bytes: &[u8]) {
    let Some((header, rest)) = Header::dissect(cx, bytes) else { return };
    let length = usize::from(header.length) * 4;
    let content = rest.get(..length).unwrap_or(rest);
    if length > 0 {
        cx.group(&CONTENT, content, |cx| match header.profile {
            ONE_BYTE => elements(cx, content, None),
            profile if profile & 0xfff0 == TWO_BYTE => elements(cx, content, bytes.get(1..2)),
            _ => {
                for word in content.chunks_exact(4) {
                    let value = number(word);
                    cx.leaf(&WORD, word, value);
                }
            }
        });
    }
    if content.len() < length {
        cx.malformed(rest, Malformed::short(&CONTENT, 0, length, rest.len()));
    }
}

/// Adds the elements, whose headers have two bytes if there are bits of the application.
fn elements(cx: &mut Cx<'_>, content: &[u8], application: Option<&[u8]>) {
    let mut rest = content;
    loop {
        let zeros = rest.iter().take_while(|byte| **byte == 0).count();
        let Some((padding, element)) = rest.split_at_checked(zeros) else { return };
        let Some(first) = element.first() else { return };
        if !padding.is_empty() {
            cx.leaf(&ZEROS, padding, 0);
        }
        let (id, length, size) = match application {
            // Identifiers 0 with a length and 15 end the extension.
            None if matches!(first >> 4, 0 | 15) => return,
            None => (first >> 4, (first & 15) + 1, 1),
            Some(_) => (*first, element.get(1).copied().unwrap_or(0), 2),
        };
        let Some((own, next)) = element.split_at_checked(size + usize::from(length)) else {
            cx.malformed(
                element,
                Malformed::short(&DATA, size, length.into(), element.len().saturating_sub(size)),
            );
            return;
        };
        cx.group(&ELEMENT, own, |cx| {
            if let Some(bits) = application {
                cx.leaf(&APPLICATION_BITS, bits, bits.first().map_or(0, |bits| u64::from(bits & 15)));
            }
            let (header, data) = own.split_at_checked(size).unwrap_or((own, &[]));
            cx.leaf(&ID, header.get(..1).unwrap_or(&[]), id.into());
            cx.leaf(&ELEMENT_LENGTH, header.get(size - 1..).unwrap_or(&[]), length.into());
            if !data.is_empty() {
                cx.leaf(&DATA, data, 0);
            }
        });
        rest = next;
    }
}
