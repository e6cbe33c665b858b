//! The security options of IPv4: RFC 791's and RFC 1108's, and the commercial one (CIPSO, FIPS 188).

use super::{Around, write_length};
use crate::tree::Item;
use crate::{Codes, Cx, Field, Kind, Malformed, Node, Out, Show, fields};

fields! {
    /// The security of the packet.
    pub SECURITY = "ip.options.security", "IP Option - Security", Show::bytes().write(write_length).repeats(), "RFC 791, 3.1; RFC 1108, 2";
    /// More about the security of the packet.
    pub EXTENDED = "ip.options.ext_security", "IP Option - Extended Security", Show::bytes().write(write_length).repeats(), "RFC 1108, 3";
    /// The security of the packet, in a domain of its own.
    pub COMMERCIAL = "ip.options.cipso", "IP Option - Commercial Security", Show::bytes().write(write_length).repeats(), "FIPS 188";
    /// The level.
    LEVEL_791 = "ip.opt.sec_rfc791_sec", "Security", Show::u16().hex().codes(&LEVELS_791), "RFC 791, 3.1";
    /// The compartments; all zeros when not compartmented.
    COMPARTMENTS = "ip.opt.sec_rfc791_comp", "Compartments", Show::u16(), "RFC 791, 3.1";
    /// Control and release markings.
    HANDLING = "ip.opt.sec_rfc791_hr", "Handling Restrictions", Show::text(), "RFC 791, 3.1";
    /// Segregates traffic.
    CONTROL = "ip.opt.sec_rfc791_tcc", "Transmission Control Code", Show::text(), "RFC 791, 3.1";
    /// The classification.
    LEVEL = "ip.opt.sec_cl", "Classification Level", Show::u8().hex().codes(&LEVELS), "RFC 1108, 2.3";
    /// Whose rules hold for the packet.
    AUTHORITY = "ip.opt.sec_prot_auth_flags", "Protection Authority Flags", Show::u8().hex().write(write_authority).repeats(), "RFC 1108, 2.4";
    /// The rules of GENSER hold.
    GENSER = "ip.opt.sec_prot_auth_genser", "GENSER", Show::flag().words(PROTECTED, NOT_PROTECTED).mask(0x80), "RFC 1108, 2.4";
    /// The rules of SIOP-ESI hold.
    SIOP_ESI = "ip.opt.sec_prot_auth_siop_esi", "SIOP-ESI", Show::flag().words(PROTECTED, NOT_PROTECTED).mask(0x40), "RFC 1108, 2.4";
    /// The rules of SCI hold.
    SCI = "ip.opt.sec_prot_auth_sci", "SCI", Show::flag().words(PROTECTED, NOT_PROTECTED).mask(0x20), "RFC 1108, 2.4";
    /// The rules of NSA hold.
    NSA = "ip.opt.sec_prot_auth_nsa", "NSA", Show::flag().words(PROTECTED, NOT_PROTECTED).mask(0x10), "RFC 1108, 2.4";
    /// The rules of DOE hold.
    DOE = "ip.opt.sec_prot_auth_doe", "DOE", Show::flag().words(PROTECTED, NOT_PROTECTED).mask(8), "RFC 1108, 2.4";
    /// Not assigned.
    UNASSIGNED = "ip.opt.sec_prot_auth_unassigned", "Unassigned", Show::u8().hex().mask(6), "RFC 1108, 2.4";
    /// Not assigned: all authorities of the octets behind the first.
    UNASSIGNED_FURTHER = "ip.opt.sec_prot_auth_unassigned", "Unassigned", Show::u8().hex().mask(0xfe), "RFC 1108, 2.4";
    /// Another byte of flags follows.
    MORE = "ip.opt.sec_prot_auth_fti", "Field Termination Indicator", Show::flag().words("Additional octet present", "Final octet").mask(1), "RFC 1108, 2.4";
    /// Which format the additional information has.
    FORMAT = "ip.opt.ext_sec_add_sec_info_format_code", "Additional Security Info Format Code", Show::u8().hex(), "RFC 1108, 3.3";
    /// The additional information.
    INFORMATION = "ip.opt.ext_sec_add_sec_info", "Additional Security Info", Show::bytes(), "RFC 1108, 3.4";
    /// Which authority defines levels and categories.
    DOMAIN = "ip.cipso.doi", "DOI", Show::u32(), "FIPS 188";
    /// What a tag holds.
    TAG = "ip.cipso.tag_type", "Tag Type", Show::u8().codes(&TAGS).repeats(), "FIPS 188";
    /// The level.
    SENSITIVITY = "ip.cipso.sensitivity_level", "Sensitivity Level", Show::u8().repeats(), "FIPS 188";
    /// The categories, by number.
    CATEGORIES = "ip.cipso.categories", "Categories", Show::text().repeats(), "FIPS 188";
    /// A tag that is not known here.
    TAG_DATA = "ip.cipso.tag_data", "Tag data", Show::bytes().repeats(), "FIPS 188";
}

const PROTECTED: &str = "Datagram protected in accordance with its rules";
const NOT_PROTECTED: &str = "Datagram not protected in accordance with its rules";

/// The levels of RFC 791.
static LEVELS_791: Codes = Codes {
    unknown: "Unknown",
    names: &[
        (0, "Unclassified"),
        (4958, "Reserved"),
        (9405, "Reserved"),
        (13794, "Reserved"),
        (19832, "Reserved"),
        (24102, "PROG"),
        (27589, "Top secret"),
        (30874, "EFTO"),
        (35247, "Reserved"),
        (39665, "Reserved"),
        (44819, "Restricted"),
        (48205, "MMMM"),
        (50390, "Reserved"),
        (55176, "Secret"),
        (57963, "Reserved"),
        (61749, "Confidential"),
    ],
};

/// The levels of RFC 1108.
static LEVELS: Codes = Codes {
    unknown: "Unknown",
    names: &[
        (1, "Reserved 4"),
        (61, "Top secret"),
        (90, "Secret"),
        (102, "Reserved 3"),
        (150, "Confidential"),
        (171, "Unclassified"),
        (204, "Reserved 2"),
        (241, "Reserved 1"),
    ],
};

/// The types of tags.
static TAGS: Codes = Codes {
    unknown: "Unknown",
    names: &[
        (0, "Padding"),
        (1, "Restrictive Category Bitmap"),
        (2, "Enumerated Categories"),
        (5, "Ranged Categories"),
        (6, "Permissive Categories"),
        (7, "Free Form"),
    ],
};

pub(super) fn walk(cx: &mut Cx<'_>, own: &[u8], _: &Around) {
    let at = |from, to| own.get(from..to).unwrap_or(&[]);
    // RFC 791's option always has 11 bytes; RFC 1108's has as many as there are authorities.
    if let Some(&[_, _, level, level_2, compartments, compartments_2, ..]) = own.first_chunk::<11>()
        && own.len() == 11
    {
        cx.leaf(&LEVEL_791, at(2, 4), u16::from_be_bytes([level, level_2]).into());
        cx.leaf(&COMPARTMENTS, at(4, 6), u16::from_be_bytes([compartments, compartments_2]).into());
        cx.leaf(&HANDLING, at(6, 8), 0);
        cx.leaf(&CONTROL, at(8, 11), 0);
        return;
    }
    let Some(level) = own.get(2).copied() else { return };
    cx.leaf(&LEVEL, at(2, 3), level.into());
    for (octet, at) in own.get(3..).unwrap_or(&[]).chunks(1).enumerate() {
        let flags = at.first().copied().unwrap_or(0);
        let fields: &[&'static Field] = match octet {
            0 => &[&GENSER, &SIOP_ESI, &SCI, &NSA, &DOE, &UNASSIGNED, &MORE],
            _ => &[&UNASSIGNED_FURTHER, &MORE],
        };
        cx.group_with(&AUTHORITY, at, flags.into(), |cx| cx.flags(fields, at, flags.into()));
        if flags & 1 == 0 {
            break;
        }
    }
}

pub(super) fn extended(cx: &mut Cx<'_>, own: &[u8], _: &Around) {
    let [_, _, format, rest @ ..] = own else { return };
    cx.leaf(&FORMAT, own.get(2..3).unwrap_or(&[]), (*format).into());
    if !rest.is_empty() {
        cx.leaf(&INFORMATION, rest, 0);
    }
}

pub(super) fn commercial(cx: &mut Cx<'_>, own: &[u8], _: &Around) {
    let Some(([_, _, a, b, c, d], mut rest)) = own.split_first_chunk::<6>() else { return };
    cx.leaf(&DOMAIN, own.get(2..6).unwrap_or(&[]), u32::from_be_bytes([*a, *b, *c, *d]).into());
    while let [kind, ..] = rest {
        cx.leaf(&TAG, rest.get(..1).unwrap_or(&[]), (*kind).into());
        if *kind == 0 {
            rest = rest.get(1..).unwrap_or(&[]);
            continue;
        }
        let length = rest.get(1).map_or(0, |length| usize::from(*length));
        let Some((tag, next)) = rest.split_at_checked(length).filter(|_| length >= 2) else {
            cx.malformed(
                rest,
                Malformed::short(&TAG_DATA, 2, length.saturating_sub(2), rest.len().saturating_sub(2)),
            );
            return;
        };
        match (kind, tag) {
            (1 | 2 | 5, [_, _, _, level, values @ ..]) => {
                cx.leaf(&SENSITIVITY, tag.get(3..4).unwrap_or(&[]), (*level).into());
                if cx.showing() && !values.is_empty() {
                    let mut text = Out::new();
                    categories(*kind, values, &mut text);
                    cx.own_text(&CATEGORIES, values, text.as_bytes(), Node::GENERATED);
                }
            }
            _ => cx.leaf(&TAG_DATA, tag.get(2..).unwrap_or(&[]), 0),
        }
        rest = next;
    }
}

/// Writes the categories of a tag: a bitmap (1), a list (2) or ranges, the upper end first (5).
fn categories(kind: u8, values: &[u8], out: &mut Out) {
    let pairs = values.as_chunks::<2>().0.iter().map(|pair| u64::from(u16::from_be_bytes(*pair)));
    let start = out.len();
    let comma = |out: &mut Out| {
        out.str(if out.len() > start { "," } else { "" });
    };
    match kind {
        1 => {
            let bits = values.iter().flat_map(|byte| (0..8).map(move |bit| byte >> (7 - bit) & 1));
            for (number, _) in bits.enumerate().filter(|(_, bit)| *bit == 1) {
                comma(out);
                out.dec(number as u64);
            }
        }
        2 => pairs.for_each(|number| {
            comma(out);
            out.dec(number);
        }),
        _ => {
            for range in values.chunks(4) {
                let end = range.first_chunk::<2>().map_or(0, |pair| u16::from_be_bytes(*pair));
                let begin = range.get(2..).and_then(|rest| rest.first_chunk::<2>());
                comma(out);
                out.dec(begin.map_or(0, |pair| u16::from_be_bytes(*pair)).into()).byte(b'-').dec(end.into());
            }
        }
    }
}

fn write_authority(item: Item<'_>, out: &mut Out) {
    out.hex_0x(item.node.value, 2);
    for child in item.children().filter(|child| {
        child.node.value == 1 && child.node.field.show.kind == Kind::Boolean && child.node.field != &MORE
    }) {
        out.str(", ").str(child.node.field.label);
    }
}
