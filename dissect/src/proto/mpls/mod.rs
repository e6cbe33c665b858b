//! MultiProtocol Label Switching, RFC 3032, in Ethernet, IP (RFC 4023) and UDP (RFC 7510), and the control word of Ethernet
//! pseudowires, RFC 4448.

#[cfg(test)]
mod tests;

use crate::proto::ethernet::{ETHERTYPES, short};
use crate::proto::ip::PROTOCOLS;
use crate::proto::udp::PORTS;
use crate::tree::Item;
use crate::{Claim, Codes, Cx, Out, Protocol, Show, fields};

fields! {
    /// An entry of the label stack.
    ROOT = "mpls", "MultiProtocol Label Switching Header", Show::protocol().write(write_root), "RFC 3032, 2.1";
    /// The label.
    LABEL = "mpls.label", "MPLS Label", Show::u32().mask(0xffff_f000).write(write_label), "RFC 3032, 2.1";
    /// The traffic class.
    EXPERIMENTAL = "mpls.exp", "MPLS Experimental Bits", Show::u32().mask(0x0000_0e00), "RFC 5462, 1";
    /// Whether the entry is the last of the stack.
    BOTTOM = "mpls.bottom", "MPLS Bottom Of Label Stack", Show::u32().mask(0x0000_0100), "RFC 3032, 2.1";
    /// How many hops are left.
    TTL = "mpls.ttl", "MPLS TTL", Show::u32().mask(0x0000_00ff), "RFC 3032, 2.4";
    /// The control word before an Ethernet frame.
    CONTROL_WORD = "pwethcw", "PW Ethernet Control Word", Show::protocol(), "RFC 4448, 4.6";
    /// The number of the frame in its pseudowire; 0 for unnumbered.
    SEQUENCE = "pweth.cw.sequence_number", "Sequence Number", Show::u16(), "RFC 4448, 4.6";
}

/// Labels with a meaning of their own. RFC 3032, 2.1 and IANA.
static LABELS: Codes = Codes {
    unknown: "",
    names: &[
        (0, "IPv4 Explicit-Null"),
        (1, "Router Alert"),
        (2, "IPv6 Explicit-Null"),
        (3, "Implicit-Null"),
        (7, "Entropy Label Indicator (ELI)"),
        (13, "Generic Associated Channel Label (GAL)"),
        (14, "OAM Alert"),
    ],
};

/// An entry of the label stack: 4 bytes. RFC 3032, 2.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry(pub u32);

impl Entry {
    /// The label.
    pub fn label(self) -> u32 {
        self.0 >> 12
    }
    /// Whether it is the last of the stack.
    pub fn is_bottom(self) -> bool {
        self.0 & 0x100 != 0
    }
    /// The entries of a label stack, up to the last one; fewer if the bytes end before.
    ///
    /// ```
    /// use dissect::proto::mpls::Entry;
    /// let labels = Entry::stack(&[0, 1, 0, 64, 0, 1, 0x11, 64, 0x45]).map(Entry::label);
    /// assert_eq!(labels.collect::<Vec<_>>(), [16, 17]);
    /// ```
    pub fn stack(bytes: &[u8]) -> impl Iterator<Item = Entry> {
        let mut ended = false;
        bytes.as_chunks::<4>().0.iter().map_while(move |bytes| {
            let entry = Entry(u32::from_be_bytes(*bytes));
            (!std::mem::replace(&mut ended, entry.is_bottom())).then_some(entry)
        })
    }
}

/// MPLS.
pub static PROTOCOL: Protocol = Protocol {
    claims: &[
        Claim::Number(&ETHERTYPES, 0x8847),
        Claim::Number(&ETHERTYPES, 0x8848),
        Claim::Number(&PROTOCOLS, 137),
        Claim::Number(&PORTS, 6635),
    ],
    tables: &[&ETHERTYPES],
    ..Protocol::new("mpls", "MPLS", "MultiProtocol Label Switching", "RFC 3032", walk, &[FIELDS])
};

fn walk(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    cx.column(PROTOCOL.title);
    if let Some(info) = cx.info() {
        info.str("MPLS Label Switched Packet");
    }
    let (mut at, mut last) = (0, None);
    for entry in Entry::stack(bytes) {
        let own = bytes.get(at..at + 4).unwrap_or(&[]);
        cx.group(&ROOT, own, |cx| {
            cx.flags(&[&LABEL, &EXPERIMENTAL, &BOTTOM, &TTL], own, entry.0.into());
        });
        (at, last) = (at + 4, Some(entry));
    }
    let rest = bytes.get(at..).unwrap_or(&[]);
    if let Some(entry) = last.filter(|entry| entry.is_bottom()) {
        payload(cx, entry, rest);
    } else {
        cx.group(&ROOT, rest, |cx| cx.malformed(rest, short(&LABEL, 0, 4, rest)));
    }
    true
}

/// What a label means, only the routers know. Two labels say it, else the first four bits do: RFC 4928, 3.
fn payload(cx: &mut Cx<'_>, entry: Entry, rest: &[u8]) {
    let carried = match (entry.label(), rest.first().map(|byte| byte >> 4)) {
        (0, _) | (_, Some(4)) => cx.carry(&ETHERTYPES, 0x800, rest),
        (2, _) | (_, Some(6)) => cx.carry(&ETHERTYPES, 0x86dd, rest),
        (_, Some(0)) => ethernet(cx, rest),
        _ => false,
    };
    if !carried {
        cx.data(rest);
    }
}

/// A frame with or without a control word: where the frame's type is one that somebody claims.
fn ethernet(cx: &mut Cx<'_>, rest: &[u8]) -> bool {
    let is_claimed = |at: usize| {
        let key = rest.get(at..at + 2).and_then(|bytes| bytes.first_chunk::<2>());
        key.is_some_and(|key| cx.claimant(&ETHERTYPES, u16::from_be_bytes(*key).into()).is_some())
    };
    if is_claimed(12) {
        return cx.carry(&ETHERTYPES, 0x6558, rest);
    }
    let (true, Some((word, frame))) = (is_claimed(16), rest.split_first_chunk::<4>()) else { return false };
    cx.group(&CONTROL_WORD, word, |cx| {
        let number = word.get(2..).unwrap_or(&[]);
        cx.leaf(&SEQUENCE, number, u64::from(u16::from_be_bytes([word[2], word[3]])));
    });
    cx.carry(&ETHERTYPES, 0x6558, frame)
}

fn write_root(item: Item<'_>, out: &mut Out) {
    if let Some(label) = item.number(&LABEL) {
        out.str(", Label: ").dec(label);
        if let Some(name) = LABELS.name(label) {
            out.str(" (").str(name).byte(b')');
        }
    }
    for (text, field) in [(", Exp: ", &EXPERIMENTAL), (", S: ", &BOTTOM), (", TTL: ", &TTL)] {
        if let Some(value) = item.number(field) {
            out.str(text).dec(value);
        }
    }
}

fn write_label(item: Item<'_>, out: &mut Out) {
    let label = item.node.value;
    match LABELS.name(label) {
        Some(name) => drop(out.str(name).str(" (").dec(label).byte(b')')),
        None => drop(out.dec(label).str(" (").hex_0x(label, 5).byte(b')')),
    }
}
