//! What stands behind a frame's payload: padding up to the least length, a trailer, the frame check sequence. IEEE 802.3,
//! 3.2.8 and 3.2.9.
//!
//! Few captures say what of it there is, so it is told by length and content, as Wireshark does.

use crate::{Area, Codes, Cx, Field, Severity, Show, fields};

/// The least length of a frame without its check sequence.
const LEAST_FRAME: usize = 60;

/// The length of the frame check sequence.
const FCS: usize = 4;

fields! {
    /// Zeros that fill a frame up to the least length.
    PADDING = "eth.padding", "Padding", Show::bytes(), "IEEE 802.3, 3.2.8";
    /// Bytes behind the payload that are neither padding nor check sequence.
    TRAILER = "eth.trailer", "Trailer", Show::bytes(), "IEEE 802.3, 3.2.7";
    /// The frame check sequence, if the last four bytes are that.
    CHECK_SEQUENCE = "eth.fcs", "Frame check sequence", Show::u32().hex(), "IEEE 802.3, 3.2.9";
    /// Whether the check sequence is right. It is not checked, because it may be something else.
    STATUS = "eth.fcs.status", "FCS Status", Show::u8().codes(&STATUSES), "IEEE 802.3, 3.2.9";
    /// What should be padding is not all zeros.
    BAD_PADDING = "eth.padding_bad", "Padding identification may be inaccurate and impact trailer dissector", Show::expert(Severity::Warn, Area::Protocol), "IEEE 802.3, 3.2.8";
}

static STATUSES: Codes = Codes {
    unknown: "Unknown",
    names: &[(0, "Bad"), (1, "Good"), (2, "Unverified"), (3, "Not present"), (4, "Illegal")],
};

/// Adds what stands behind the payload to the group of a frame.
pub(super) fn emit(cx: &mut Cx<'_>, group: usize, frame: &[u8], trailer: &[u8]) {
    if trailer.is_empty() || cx.cut > 0 || !cx.showing() {
        return;
    }
    let end = frame.len() - trailer.len();
    // A frame in another protocol comes without its check sequence; the capture's own may have it, or say so.
    let is_likely = match cx.packet.fcs_length {
        Some(length) => usize::from(length) == FCS,
        None => frame.len() >= LEAST_FRAME + FCS,
    };
    let has_fcs = cx.offset(frame) == 0 && is_likely && trailer.len() >= FCS;
    let fcs_at = if has_fcs { trailer.len() - FCS } else { trailer.len() };
    let (trailer, fcs) = trailer.split_at_checked(fcs_at).unwrap_or((trailer, &[]));
    cx.append(group, |cx| {
        padded(cx, end, trailer, &TRAILER);
        if let Some(value) = fcs.first_chunk::<FCS>() {
            cx.leaf(&CHECK_SEQUENCE, fcs, u32::from_be_bytes(*value).into());
            cx.generated(&STATUS, fcs.get(..0).unwrap_or(&[]), 2);
        }
    });
}

/// How many bytes at a frame's end are its check sequence for sure, because the capture says so.
pub(super) fn known_fcs(cx: &Cx<'_>, frame: &[u8]) -> usize {
    let is_own = cx.offset(frame) == 0 && cx.cut == 0;
    cx.packet.fcs_length.filter(|length| is_own && usize::from(*length) == FCS).map_or(0, usize::from)
}

/// Adds padding and what follows it. `end` is the length of the frame without them.
pub(crate) fn padded(cx: &mut Cx<'_>, end: usize, trailer: &[u8], field: &'static Field) {
    let wanted = LEAST_FRAME.saturating_sub(end);
    let (padding, rest) = trailer.split_at_checked(wanted).unwrap_or((&[], trailer));
    let zeros = padding.iter().all(|byte| *byte == 0);
    let rest = if zeros { rest } else { trailer };
    if zeros && !padding.is_empty() {
        cx.leaf(&PADDING, padding, 0);
    }
    if !rest.is_empty() {
        cx.group(field, rest, |cx| {
            if !zeros {
                cx.expert(&BAD_PADDING, rest);
            }
        });
    }
}
