//! Formats of media: `rtpmap` and `fmtp`, RFC 8866, 6.6 and 6.15.

use super::h264;
use crate::proto::sdp::line::{digits, number, split};
use crate::proto::sdp::media::FORMAT;
use crate::proto::sdp::{MISSING_FIELDS, Seen};
use crate::{Area, Codes, Cx, Field, Severity, Show, fields};

fields! {
    /// The name of an encoding.
    ENCODING = "sdp.mime.type", "MIME Type", Show::text(), "RFC 8866, 6.6";
    /// How fast its clock runs, in Hz.
    CLOCK_RATE = "sdp.sample_rate", "Sample Rate", Show::text(), "RFC 8866, 6.6";
    /// How many channels a sound has.
    CHANNELS = "sdp.rtpmap.channels", "Channels", Show::text(), "RFC 8866, 6.6";
    /// A parameter of a format.
    PARAMETER = "sdp.fmtp.parameter", "Media format specific parameters", Show::text().repeats(), "RFC 8866, 6.15";
    /// The profile and level of MPEG-4.
    PROFILE_LEVEL = "sdp.fmtp.profile_level_id", "Level Code", Show::u32().codes(&MPEG4_LEVELS), "RFC 6416, 7.1";
    /// The profile of H.263.
    H263_PROFILE = "sdp.fmtp.h263profile", "Profile", Show::u32().codes(&H263_PROFILES), "RFC 4629, 8.1.2";
    /// The level of H.263.
    H263_LEVEL = "sdp.fmtp.h263level", "Level", Show::u32().codes(&H263_LEVELS), "RFC 4629, 8.1.2";
    /// A clock rate is a number.
    INVALID_RATE = "sdp.invalid_sample_rate", "Invalid sample rate", Show::expert(Severity::Error, Area::Malformed), "RFC 8866, 6.6";
    /// A format of RTP is a number.
    INVALID_FORMAT = "sdp.invalid_media_format", "Invalid media format", Show::expert(Severity::Error, Area::Malformed), "RFC 8866, 6.15";
}

/// The value of an `a=rtpmap` line: what a payload type means. Parts that are missing are empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RtpMap<'a> {
    /// The payload type as it stands.
    pub format: &'a [u8],
    /// The name of the encoding.
    pub encoding: &'a [u8],
    /// The clock rate as it stands.
    pub rate: Option<&'a [u8]>,
    /// The encoding's parameters: for audio the number of channels.
    pub parameters: Option<&'a [u8]>,
}

impl<'a> RtpMap<'a> {
    /// Reads the value of an `a=rtpmap` line.
    pub fn parse(value: &'a [u8]) -> RtpMap<'a> {
        let (format, map) = split(value.trim_ascii_start(), b' ');
        let (encoding, rates) = split(map.unwrap_or(&[]).trim_ascii(), b'/');
        let (rate, parameters) = rates.map_or((None, None), |rates| {
            let (rate, parameters) = split(rates, b'/');
            (Some(rate), parameters)
        });
        RtpMap { format, encoding, rate, parameters }
    }
    /// The clock rate in Hz, if it is a number.
    pub fn clock_rate(&self) -> Option<u64> {
        number(digits(self.rate?))
    }
}

pub(super) fn emit_map<'b>(cx: &mut Cx<'_>, value: &'b [u8], seen: &mut Seen<'b>) {
    let map = RtpMap::parse(value);
    cx.leaf(&FORMAT, map.format, 0);
    if !map.encoding.is_empty() || map.rate.is_some() {
        cx.leaf(&ENCODING, map.encoding, 0);
    }
    let Some(rate) = map.rate else { return cx.expert(&MISSING_FIELDS, end(value)) };
    cx.leaf(&CLOCK_RATE, digits(rate), 0);
    if map.clock_rate().is_none() {
        cx.expert(&INVALID_RATE, rate);
    }
    if let Some(channels) = map.parameters {
        cx.leaf(&CHANNELS, channels, 0);
    }
    let kept = number(map.format).and_then(|format| seen.encodings.get_mut(format as usize));
    if let Some(encoding) = kept {
        *encoding = map.encoding;
    }
}

/// Where something is missing: behind all that is there.
fn end(value: &[u8]) -> &[u8] {
    value.get(value.len()..).unwrap_or(value)
}

/// The value of an `a=fmtp` line: parameters of a format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormatParameters<'a> {
    /// The format as it stands.
    pub format: &'a [u8],
    /// Its parameters as they stand.
    pub text: &'a [u8],
}

impl<'a> FormatParameters<'a> {
    /// Reads the value of an `a=fmtp` line.
    pub fn parse(value: &'a [u8]) -> FormatParameters<'a> {
        let (format, text) = split(value.trim_ascii_start(), b' ');
        FormatParameters { format, text: text.unwrap_or(&[]).trim_ascii_start() }
    }
    /// The parameters: most formats separate them by semicolons.
    pub fn parameters(&self) -> impl Iterator<Item = &'a [u8]> {
        self.text.split(|byte| *byte == b';').map(<[u8]>::trim_ascii_start)
    }
}

pub(super) fn emit_parameters<'b>(cx: &mut Cx<'_>, value: &'b [u8], seen: &mut Seen<'b>) {
    let list = FormatParameters::parse(value);
    cx.leaf(&FORMAT, list.format, 0);
    let Some(format) = number(list.format) else { return cx.expert(&INVALID_FORMAT, list.format) };
    if list.text.is_empty() {
        return cx.expert(&MISSING_FIELDS, end(value));
    }
    let encoding = seen.encodings.get(format as usize).copied().unwrap_or(&[]);
    for parameter in list.parameters() {
        let (name, value) = split(parameter, b'=');
        let known = value.and_then(|_| PARAMETERS.iter().find(|known| known.is(encoding, name)));
        cx.group(&PARAMETER, parameter, |cx| {
            if let (Some(known), Some(value)) = (known, value) {
                (known.emit)(cx, value);
            }
        });
    }
}

/// A parameter whose value is understood.
struct Parameter {
    /// The encodings that have it.
    encodings: &'static [&'static str],
    name: &'static str,
    emit: fn(&mut Cx<'_>, &[u8]),
}

impl Parameter {
    fn is(&self, encoding: &[u8], name: &[u8]) -> bool {
        self.name.as_bytes().eq_ignore_ascii_case(name)
            && self.encodings.iter().any(|known| known.as_bytes().eq_ignore_ascii_case(encoding))
    }
}

const H263: &[&str] = &["H263-1998", "H263-2000"];

static PARAMETERS: &[Parameter] = &[
    Parameter { encodings: H263, name: "profile", emit: |cx, value| put_number(cx, &H263_PROFILE, value) },
    Parameter { encodings: H263, name: "level", emit: |cx, value| put_number(cx, &H263_LEVEL, value) },
    Parameter {
        encodings: &["MP4V-ES"],
        name: "profile-level-id",
        emit: |cx, value| put_number(cx, &PROFILE_LEVEL, value),
    },
    Parameter { encodings: &["H264"], name: "profile-level-id", emit: h264::profile },
    Parameter { encodings: &["H264"], name: "packetization-mode", emit: h264::packetization_mode },
    Parameter { encodings: &["H264"], name: "sprop-parameter-sets", emit: h264::parameter_sets },
];

/// Adds the number at the beginning of a value.
pub(super) fn put_number(cx: &mut Cx<'_>, field: &'static Field, value: &[u8]) {
    match number(digits(value)).filter(|number| u32::try_from(*number).is_ok()) {
        Some(number) => cx.leaf(field, value, number),
        None => cx.expert(&crate::proto::sdp::INVALID_CONVERSION, value),
    }
}

static H263_PROFILES: Codes = Codes {
    unknown: "Unknown",
    names: &[
        (0, "Baseline Profile"),
        (1, "H.320 Coding Efficiency Version 2 Backward-Compatibility Profile"),
        (2, "Version 1 Backward-Compatibility Profile"),
        (3, "Version 2 Interactive and Streaming Wireless Profile"),
        (4, "Version 3 Interactive and Streaming Wireless Profile"),
        (5, "Conversational High Compression Profile"),
        (6, "Conversational Internet Profile"),
        (7, "Conversational Interlace Profile"),
        (8, "High Latency Profile"),
    ],
};

static H263_LEVELS: Codes = Codes {
    unknown: "Unknown",
    names: &[
        (10, "QCIF, 64 kb/s"),
        (20, "CIF, 128 kb/s"),
        (30, "CIF, 384 kb/s"),
        (40, "CIF, 2048 kb/s"),
        (45, "QCIF and custom formats, 128 kb/s"),
        (50, "CIF and custom formats, 4096 kb/s"),
        (60, "720 x 288 and custom formats, 8192 kb/s"),
        (70, "720 x 576 and custom formats, 16384 kb/s"),
    ],
};

static MPEG4_LEVELS: Codes = Codes {
    unknown: "Reserved",
    names: &[
        (1, "Simple Profile/Level 1"),
        (2, "Simple Profile/Level 2"),
        (3, "Simple Profile/Level 3"),
        (8, "Simple Profile/Level 0"),
        (9, "Simple Profile/Level 0b"),
        (17, "Simple Scalable Profile/Level 1"),
        (18, "Simple Scalable Profile/Level 2"),
        (33, "Core Profile/Level 1"),
        (34, "Core Profile/Level 2"),
        (50, "Main Profile/Level 2"),
        (51, "Main Profile/Level 3"),
        (52, "Main Profile/Level 4"),
        (66, "N-bit Profile/Level 2"),
        (81, "Scalable Texture Profile/Level 1"),
        (97, "Simple Face Animation Profile/Level 1"),
        (98, "Simple Face Animation Profile/Level 2"),
        (99, "Simple FBA Profile/Level 1"),
        (100, "Simple FBA Profile/Level 2"),
        (113, "Basic Animated Texture Profile/Level 1"),
        (114, "Basic Animated Texture Profile/Level 2"),
        (129, "Hybrid Profile/Level 1"),
        (130, "Hybrid Profile/Level 2"),
        (145, "Advanced Real Time Simple Profile/Level 1"),
        (146, "Advanced Real Time Simple Profile/Level 2"),
        (147, "Advanced Real Time Simple Profile/Level 3"),
        (148, "Advanced Real Time Simple Profile/Level 4"),
    ],
};
