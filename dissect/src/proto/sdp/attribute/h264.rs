//! The parameters of H.264, RFC 6184, 8.1.

use super::format::put_number;
use crate::proto::sdp::INVALID_CONVERSION;
use crate::proto::sdp::line::split;
use crate::{Codes, Cx, Field, Show, fields};

fields! {
    /// How the units of H.264 are put into packets.
    MODE = "sdp.fmtp.h264_packetization_mode", "Packetization mode", Show::u32().codes(&MODES), "RFC 6184, 8.1";
    /// A parameter set, in base64.
    NAL_UNIT_1 = "sdp.nal_unit_1_string", "NAL unit 1 string", Show::text(), "RFC 6184, 8.1";
    /// A further parameter set, in base64.
    NAL_UNIT_2 = "sdp.nal_unit_2_string", "NAL unit 2 string", Show::text().repeats(), "RFC 6184, 8.1";
    /// Profile, constraints and level: three bytes of a sequence parameter set.
    PROFILE = "h264.profile", "Profile", Show::bytes(), "RFC 6184, 8.1";
    /// The profile.
    PROFILE_IDC = "h264.profile_idc", "Profile_idc", Show::u8().codes(&PROFILES), "ITU-T H.264, 7.4.2.1.1";
    /// The stream obeys the Baseline profile.
    SET0 = "h264.constraint_set0_flag", "Constraint_set0_flag", Show::u8().mask(0x80), "ITU-T H.264, 7.4.2.1.1";
    /// The stream obeys the Main profile.
    SET1 = "h264.constraint_set1_flag", "Constraint_set1_flag", Show::u8().mask(0x40), "ITU-T H.264, 7.4.2.1.1";
    /// The stream obeys the Extended profile.
    SET2 = "h264.constraint_set2_flag", "Constraint_set2_flag", Show::u8().mask(0x20), "ITU-T H.264, 7.4.2.1.1";
    /// With some profiles: the level is 1b, or only intra pictures.
    SET3 = "h264.constraint_set3_flag", "Constraint_set3_flag", Show::u8().mask(0x10), "ITU-T H.264, 7.4.2.1.1";
    /// With some profiles: only frames.
    SET4 = "h264.constraint_set4_flag", "Constraint_set4_flag", Show::u8().mask(0x08), "ITU-T H.264, 7.4.2.1.1";
    /// With some profiles: no B pictures.
    SET5 = "h264.constraint_set5_flag", "Constraint_set5_flag", Show::u8().mask(0x04), "ITU-T H.264, 7.4.2.1.1";
    /// Zero by the specification.
    RESERVED = "h264.reserved_zero_2bits", "Reserved_zero_2bits", Show::u8().mask(0x03), "ITU-T H.264, 7.4.2.1.1";
    /// The level, times ten.
    LEVEL = "h264.level_id", "Level_id", Show::u8(), "ITU-T H.264, 7.4.2.1.1";
}

static BITS: &[&Field] = &[&SET0, &SET1, &SET2, &SET3, &SET4, &SET5, &RESERVED];

static MODES: Codes = Codes {
    unknown: "Unknown",
    names: &[(0, "Single NAL mode"), (1, "Non-interleaved mode"), (2, "Interleaved mode")],
};

static PROFILES: Codes = Codes {
    unknown: "Unknown",
    names: &[
        (44, "CAVLC 4:4:4 Intra profile"),
        (66, "Baseline profile"),
        (77, "Main profile"),
        (88, "Extended profile"),
        (100, "High profile"),
        (110, "High 10 profile"),
        (122, "High 4:2:2 profile"),
        (144, "High 4:4:4 profile"),
        (244, "High 4:4:4 Predictive profile"),
    ],
};

pub(super) fn packetization_mode(cx: &mut Cx<'_>, value: &[u8]) {
    put_number(cx, &MODE, value);
}

/// `profile-level-id`: six hexadecimal digits.
pub(super) fn profile(cx: &mut Cx<'_>, value: &[u8]) {
    let (pairs, rest) = value.trim_ascii_end().as_chunks::<2>();
    let (&[profile, constraints, level], []) = (pairs, rest) else {
        return cx.expert(&INVALID_CONVERSION, value);
    };
    let [Some(a), Some(b), Some(c)] = [profile, constraints, level].map(byte) else {
        return cx.expert(&INVALID_CONVERSION, value);
    };
    cx.joined(&PROFILE, value, std::iter::once(&[a, b, c][..]), |cx| {
        let part = |at: usize| value.get(at..at + 2).unwrap_or(&[]);
        cx.leaf(&PROFILE_IDC, part(0), a.into());
        cx.flags(BITS, part(2), b.into());
        cx.leaf(&LEVEL, part(4), c.into());
    });
}

fn byte(digits: [u8; 2]) -> Option<u8> {
    let [high, low] = digits.map(|digit| char::from(digit).to_digit(16));
    Some((high? << 4 | low?) as u8)
}

/// `sprop-parameter-sets`: parameter sets in base64, separated by commas.
pub(super) fn parameter_sets(cx: &mut Cx<'_>, value: &[u8]) {
    let (first, rest) = split(value, b',');
    cx.leaf(&NAL_UNIT_1, first, 0);
    for unit in rest.into_iter().flat_map(|rest| rest.split(|byte| *byte == b',')) {
        cx.leaf(&NAL_UNIT_2, unit, 0);
    }
}
