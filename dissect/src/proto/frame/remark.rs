//! What remarks say, for filters and columns: their nodes are the remarks themselves, so no walk adds these fields.

use crate::{Area, Codes, Field, Severity, Show, fields};

fields! {
    /// A remark on the packet.
    pub EXPERT = "_ws.expert", "Expert Info", Show::group(), "sctpdump";
    /// The sentence of a remark.
    pub MESSAGE = "_ws.expert.message", "Message", Show::text(), "sctpdump";
    /// How grave a remark is.
    pub SEVERITY = "_ws.expert.severity", "Severity level", Show::u32().codes(&SEVERITIES), "sctpdump";
    /// What a remark is about.
    pub GROUP = "_ws.expert.group", "Group", Show::u32().codes(&GROUPS), "sctpdump";
}

static SEVERITIES: Codes = Codes {
    unknown: "Unknown",
    names: &[
        (0x0010_0000, "Comment"),
        (0x0020_0000, "Chat"),
        (0x0040_0000, "Note"),
        (0x0060_0000, "Warning"),
        (0x0080_0000, "Error"),
    ],
};

static GROUPS: Codes = Codes {
    unknown: "Unknown",
    names: &[
        (1 << 24, "Checksum"),
        (2 << 24, "Sequence"),
        (3 << 24, "Response"),
        (4 << 24, "Request"),
        (5 << 24, "Undecoded"),
        (6 << 24, "Reassemble"),
        (7 << 24, "Malformed"),
        (8 << 24, "Debug"),
        (9 << 24, "Protocol"),
        (10 << 24, "Security"),
        (11 << 24, "Comment"),
        (12 << 24, "Decryption"),
        (13 << 24, "Assumption"),
        (14 << 24, "Deprecated"),
    ],
};

/// What is asked of a remark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Aspect {
    /// That it is there.
    Presence,
    Message,
    Severity,
    Group,
}

impl Aspect {
    /// What one of these fields asks; `None` for any other field.
    pub(crate) fn of(field: &Field) -> Option<Aspect> {
        match field.name {
            "_ws.expert" => Some(Aspect::Presence),
            "_ws.expert.message" => Some(Aspect::Message),
            "_ws.expert.severity" => Some(Aspect::Severity),
            "_ws.expert.group" => Some(Aspect::Group),
            _ => None,
        }
    }
    /// The number that a remark has for it; 0 where that is no number.
    pub(crate) fn number(self, (severity, area): (Severity, Area)) -> u64 {
        match self {
            Aspect::Severity => severity_number(severity),
            Aspect::Group => area_number(area),
            Aspect::Presence | Aspect::Message => 0,
        }
    }
}

/// Whether a field is a remark. That the snap length cut a packet is none.
pub(crate) fn is_remark(field: &'static Field) -> bool {
    field.show.expert.is_some() && !std::ptr::eq(field, &raw const super::SHORT)
}

/// Wireshark's number for a severity.
pub(crate) fn severity_number(severity: Severity) -> u64 {
    match severity {
        Severity::Chat => 0x0020_0000,
        Severity::Note => 0x0040_0000,
        Severity::Warn => 0x0060_0000,
        Severity::Error => 0x0080_0000,
    }
}

/// Wireshark's number for an area.
pub(crate) fn area_number(area: Area) -> u64 {
    let number = match area {
        Area::Checksum => 1,
        Area::Sequence => 2,
        Area::Response => 3,
        Area::Request => 4,
        Area::Undecoded => 5,
        Area::Reassemble => 6,
        Area::Malformed => 7,
        Area::Protocol => 9,
        Area::Security => 10,
        Area::Comment => 11,
        Area::Assumption => 13,
        Area::Deprecated => 14,
    };
    number << 24
}
