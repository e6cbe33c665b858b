//! The extensions of a router advertisement that Mobile IPv4 defines, RFC 5944, 2.1.

use crate::header::number;
use crate::{Codes, Cx, Malformed, Show, fields};

fields! {
    /// An extension.
    EXTENSION = "icmp.mip", "Mobile IP extension", Show::group().repeats(), "RFC 5944, 2.1";
    /// What the extension is.
    TYPE = "icmp.mip.type", "Extension Type", Show::u8().codes(&TYPES), "RFC 5944, 2.1";
    /// The length of what follows.
    LENGTH = "icmp.mip.length", "Length", Show::u8(), "RFC 5944, 2.1";
    /// Counts the advertisements.
    SEQUENCE = "icmp.mip.seq", "Sequence Number", Show::u16(), "RFC 5944, 2.1.1";
    /// The longest registration, in seconds.
    LIFETIME = "icmp.mip.life", "Registration Lifetime", Show::u16(), "RFC 5944, 2.1.1";
    /// What the agent does.
    FLAGS = "icmp.mip.flags", "Flags", Show::u16().hex(), "RFC 5944, 2.1.1";
    /// Registration with the agent is required.
    REQUIRED = "icmp.mip.r", "Registration Required", Show::flag().words("True", "False").mask(0x8000), "RFC 5944, 2.1.1";
    /// The agent takes no more registrations.
    BUSY = "icmp.mip.b", "Busy", Show::flag().words("True", "False").mask(0x4000), "RFC 5944, 2.1.1";
    /// A home agent.
    HOME = "icmp.mip.h", "Home Agent", Show::flag().words("True", "False").mask(0x2000), "RFC 5944, 2.1.1";
    /// A foreign agent.
    FOREIGN = "icmp.mip.f", "Foreign Agent", Show::flag().words("True", "False").mask(0x1000), "RFC 5944, 2.1.1";
    /// Minimal encapsulation is taken.
    MINIMAL = "icmp.mip.m", "Minimal Encapsulation", Show::flag().words("True", "False").mask(0x800), "RFC 5944, 2.1.1";
    /// GRE is taken.
    GRE = "icmp.mip.g", "GRE", Show::flag().words("True", "False").mask(0x400), "RFC 5944, 2.1.1";
    /// Compressed headers are taken.
    VJ = "icmp.mip.v", "VJ Comp", Show::flag().words("True", "False").mask(0x200), "RFC 2002, 2.1.1";
    /// Reverse tunnels are taken.
    REVERSE = "icmp.mip.rt", "Reverse tunneling", Show::flag().words("True", "False").mask(0x100), "RFC 5944, 2.1.1";
    /// UDP tunnels are taken.
    UDP = "icmp.mip.u", "UDP tunneling", Show::flag().words("True", "False").mask(0x80), "RFC 3519, 3.4";
    /// Registrations can be revoked.
    REVOCATION = "icmp.mip.x", "Revocation support", Show::flag().words("True", "False").mask(0x40), "RFC 3543, 3.1";
    /// Must be zero.
    RESERVED = "icmp.mip.reserved", "Reserved", Show::u16().hex().mask(0x3f), "RFC 5944, 2.1.1";
    /// An address that a foreign agent lends.
    CARE_OF = "icmp.mip.coa", "Care-Of-Address", Show::ipv4().repeats(), "RFC 5944, 2.1.1";
    /// The prefix length of a router's network.
    PREFIX = "icmp.mip.prefixlength", "Prefix Length", Show::u8().repeats(), "RFC 5944, 2.1.2";
    /// Must come back with a registration.
    CHALLENGE = "icmp.mip.challenge", "Challenge", Show::bytes(), "RFC 4721, 2";
    /// An extension that is not known here.
    CONTENT = "icmp.mip.content", "Content", Show::bytes(), "RFC 5944, 2.1";
}

static TYPES: Codes = Codes {
    unknown: "Unknown",
    names: &[
        (0, "One byte padding extension"),
        (16, "Mobility Agent Advertisement Extension"),
        (19, "Prefix Lengths Extension"),
        (24, "Challenge Extension"),
    ],
};

/// Adds the extensions behind a router advertisement.
pub(super) fn walk(cx: &mut Cx<'_>, mut rest: &[u8]) {
    while let Some(kind) = rest.first().copied() {
        let length = if kind == 0 { 1 } else { rest.get(1).map_or(2, |length| usize::from(*length) + 2) };
        let Some((own, behind)) = rest.split_at_checked(length) else {
            return cx.malformed(rest, Malformed::short(&CONTENT, 0, length, rest.len()));
        };
        cx.group(&EXTENSION, own, |cx| one(cx, kind, own));
        rest = behind;
    }
}

fn one(cx: &mut Cx<'_>, kind: u8, own: &[u8]) {
    let at = |from, to| own.get(from..to).unwrap_or(&[]);
    cx.leaf(&TYPE, at(0, 1), kind.into());
    let Some(([_, length], body)) = own.split_first_chunk::<2>() else { return };
    cx.leaf(&LENGTH, at(1, 2), (*length).into());
    match (kind, body) {
        (16, [_, _, _, _, _, _, addresses @ ..]) => {
            let flags = number(at(6, 8));
            cx.leaf(&SEQUENCE, at(2, 4), number(at(2, 4)));
            cx.leaf(&LIFETIME, at(4, 6), number(at(4, 6)));
            cx.group_with(&FLAGS, at(6, 8), flags, |cx| {
                let fields = [
                    &REQUIRED,
                    &BUSY,
                    &HOME,
                    &FOREIGN,
                    &MINIMAL,
                    &GRE,
                    &VJ,
                    &REVERSE,
                    &UDP,
                    &REVOCATION,
                    &RESERVED,
                ];
                cx.flags(&fields.map(|field| field as _), at(6, 8), flags);
            });
            for address in addresses.as_chunks::<4>().0 {
                cx.leaf(&CARE_OF, address, u32::from_be_bytes(*address).into());
            }
        }
        (19, prefixes) => {
            for own in prefixes.chunks(1) {
                cx.leaf(&PREFIX, own, own.first().copied().unwrap_or(0).into());
            }
        }
        (24, challenge) => cx.leaf(&CHALLENGE, challenge, 0),
        (_, content) => cx.leaf(&CONTENT, content, 0),
    }
}
