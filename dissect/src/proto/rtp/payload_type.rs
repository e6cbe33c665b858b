//! Payload types of RFC 3551, 6.

use crate::Codes;

/// The names of the payload types that RFC 3551 and its registry fix.
pub static NAMES: Codes = Codes {
    unknown: "Unassigned",
    names: &[
        (0, "ITU-T G.711 PCMU"),
        (1, "USA Federal Standard FS-1016"),
        (2, "ITU-T G.721"),
        (3, "GSM 06.10"),
        (4, "ITU-T G.723"),
        (5, "DVI4 8000 samples/s"),
        (6, "DVI4 16000 samples/s"),
        (7, "Experimental linear predictive encoding from Xerox PARC"),
        (8, "ITU-T G.711 PCMA"),
        (9, "ITU-T G.722"),
        (10, "16-bit uncompressed audio, stereo"),
        (11, "16-bit uncompressed audio, monaural"),
        (12, "Qualcomm Code Excited Linear Predictive coding"),
        (13, "Comfort noise"),
        (14, "MPEG-I/II Audio"),
        (15, "ITU-T G.728"),
        (16, "DVI4 11025 samples/s"),
        (17, "DVI4 22050 samples/s"),
        (18, "ITU-T G.729"),
        (19, "Comfort noise (old)"),
        (25, "Sun CellB video encoding"),
        (26, "JPEG-compressed video"),
        (28, "'nv' program"),
        (31, "ITU-T H.261"),
        (32, "MPEG-I/II Video"),
        (33, "MPEG-II transport streams"),
        (34, "ITU-T H.263"),
        (72, "Reserved for RTCP conflict avoidance"),
        (73, "Reserved for RTCP conflict avoidance"),
        (74, "Reserved for RTCP conflict avoidance"),
        (75, "Reserved for RTCP conflict avoidance"),
        (76, "Reserved for RTCP conflict avoidance"),
    ],
};

/// The first payload type that only a session gives a meaning.
pub const FIRST_DYNAMIC: u8 = 96;

/// How many units of the timestamp make a second, where RFC 3551 says it.
pub fn clock_rate(payload_type: u8) -> Option<u32> {
    match payload_type {
        0..=5 | 7..=9 | 12 | 13 | 15 | 18 | 19 => Some(8_000),
        6 => Some(16_000),
        10 | 11 => Some(44_100),
        16 => Some(11_025),
        17 => Some(22_050),
        14 | 25 | 26 | 28 | 31..=34 => Some(90_000),
        _ => None,
    }
}

/// Whether it is comfort noise: RFC 3389, and the number that drafts of RFC 3551 had for it.
pub fn is_comfort_noise(payload_type: u8) -> bool {
    matches!(payload_type, 13 | 19)
}
