//! VLAN tags: IEEE 802.1Q, and the service tags of provider bridges, IEEE 802.1ad.

#[cfg(test)]
mod tests;

use crate::proto::ethernet::{ETHERTYPE_NAMES, ETHERTYPES, LEAST_TYPE, SLL_TYPES, padded, short, trailer};
use crate::tree::Item;
use crate::{Area, Claim, Codes, Cx, Field, Out, Protocol, Severity, Show, fields};

fields! {
    /// A VLAN tag.
    ROOT = "vlan", "802.1Q Virtual LAN", Show::protocol().write(write_tag), "IEEE 802.1Q, 9.6";
    /// The priority.
    PRIORITY = "vlan.priority", "Priority", Show::u16().mask(0xe000).codes(&PRIORITIES), "IEEE 802.1Q, 6.9.3";
    /// Whether the frame is to be dropped first.
    DROP = "vlan.dei", "DEI", Show::flag().words("Eligible", "Ineligible").mask(0x1000), "IEEE 802.1Q, 6.9.3";
    /// Which virtual LAN; 0 for none, only a priority.
    ID = "vlan.id", "ID", Show::u16().mask(0x0fff), "IEEE 802.1Q, 9.6";
    /// Which protocol is inside.
    TYPE = "vlan.etype", "Type", Show::u16().hex().codes(&ETHERTYPE_NAMES), "IEEE 802.1Q, 9.2";
    /// How many bytes of LLC follow.
    LENGTH = "vlan.len", "Length", Show::u16(), "IEEE 802.3, 3.2.6";
    /// Bytes behind the payload.
    TRAILER = "vlan.trailer", "Trailer", Show::bytes(), "IEEE 802.3, 3.2.7";
    /// The length reaches beyond the frame.
    PAST_END = "vlan.len.past_end", "Length field value goes past the end of the payload", Show::expert(Severity::Error, Area::Malformed), "IEEE 802.3, 3.2.6";
    /// A service tag.
    PROVIDER = "ieee8021ad", "IEEE 802.1ad", Show::protocol().write(write_service_tag), "IEEE 802.1Q, 9.6";
    /// The priority.
    PROVIDER_PRIORITY = "ieee8021ad.priority", "Priority", Show::u8().mask(0xe0), "IEEE 802.1Q, 6.9.3";
    /// Whether the frame is to be dropped first.
    PROVIDER_DROP = "ieee8021ad.dei", "DEI", Show::u8().mask(0x10), "IEEE 802.1Q, 6.9.3";
    /// Which service.
    PROVIDER_ID = "ieee8021ad.id", "ID", Show::u16().mask(0x0fff), "IEEE 802.1Q, 9.6";
    /// Which protocol is inside.
    PROVIDER_TYPE = "ieee8021ah.etype", "Type", Show::u16().hex().codes(&ETHERTYPE_NAMES), "IEEE 802.1Q, 9.2";
}

static PRIORITIES: Codes = Codes {
    unknown: "Unknown",
    names: &[
        (0, "Best Effort (default)"),
        (1, "Background"),
        (2, "Excellent Effort"),
        (3, "Critical Applications"),
        (4, "Video, under 100ms latency and jitter"),
        (5, "Voice, under 10ms latency and jitter"),
        (6, "Internetwork Control"),
        (7, "Network Control"),
    ],
};

/// A tag: 4 bytes behind the EtherType that announces it. IEEE 802.1Q, 9.6.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tag {
    /// The priority.
    pub priority: u8,
    /// Whether the frame is to be dropped first.
    pub drop_eligible: bool,
    /// Which virtual LAN; 0 for none.
    pub id: u16,
    /// Which protocol is inside, or how many bytes of LLC.
    pub ether_type: u16,
}

impl Tag {
    /// The size of a tag in bytes.
    pub const LEN: usize = 4;

    /// Reads a tag from its four bytes.
    ///
    /// ```
    /// let tag = dissect::proto::vlan::Tag::parse(&[0x20, 0x64, 0x08, 0x00]);
    /// assert_eq!((tag.priority, tag.drop_eligible, tag.id, tag.ether_type), (1, false, 100, 0x800));
    /// ```
    pub fn parse(bytes: &[u8; Tag::LEN]) -> Tag {
        let [a, b, c, d] = *bytes;
        let control = u16::from_be_bytes([a, b]);
        Tag {
            priority: a >> 5,
            drop_eligible: control & 0x1000 != 0,
            id: control & 0x0fff,
            ether_type: u16::from_be_bytes([c, d]),
        }
    }
}

/// A VLAN tag. The type 0x9100 was used for outer tags before 802.1ad.
pub static PROTOCOL: Protocol = Protocol {
    claims: &[Claim::Number(&ETHERTYPES, 0x8100), Claim::Number(&ETHERTYPES, 0x9100)],
    tables: &[&SLL_TYPES, &ETHERTYPES],
    borrows: &[trailer::FIELDS],
    ..Protocol::new("vlan", "VLAN", "802.1Q Virtual LAN", "IEEE 802.1Q", walk, &[FIELDS])
};

/// A service tag.
pub static PROVIDER_PROTOCOL: Protocol = Protocol {
    claims: &[Claim::Number(&ETHERTYPES, 0x88a8)],
    tables: &[&SLL_TYPES, &ETHERTYPES],
    borrows: &[FIELDS, trailer::FIELDS],
    ..Protocol::new("ieee8021ad", "802.1ad", "IEEE 802.1ad", "IEEE 802.1Q", walk_provider, &[])
};

fn walk(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    cx.column(PROTOCOL.title);
    tag(cx, bytes, &ROOT, &TYPE, |cx, control, number| cx.flags(&[&PRIORITY, &DROP, &ID], control, number))
}

fn walk_provider(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    cx.column(PROVIDER_PROTOCOL.title);
    tag(cx, bytes, &PROVIDER, &PROVIDER_TYPE, |cx, control, number| {
        cx.flags(&[&PROVIDER_PRIORITY, &PROVIDER_DROP], control.get(..1).unwrap_or(control), number >> 8);
        cx.bits(&PROVIDER_ID, control, number);
    })
}

fn tag(
    cx: &mut Cx<'_>,
    bytes: &[u8],
    root: &'static Field,
    type_field: &'static Field,
    emit: fn(&mut Cx<'_>, &[u8], u64),
) -> bool {
    let group = cx.place_of_next();
    let Some((own, rest)) = bytes.split_first_chunk::<{ Tag::LEN }>() else {
        cx.group(root, bytes, |cx| cx.malformed(bytes, short(&ID, 0, Tag::LEN, bytes)));
        return true;
    };
    let tag = Tag::parse(own);
    let (control, place) = own.split_at_checked(2).unwrap_or((own, &[]));
    let length = usize::from(tag.ether_type);
    let is_length = (1..LEAST_TYPE).contains(&tag.ether_type);
    cx.group(root, own, |cx| {
        emit(cx, control, u64::from(u16::from_be_bytes([own[0], own[1]])));
        if is_length {
            cx.group_with(&LENGTH, place, length as u64, |cx| {
                if length > rest.len().saturating_add(cx.cut) {
                    cx.expert(&PAST_END, place);
                }
            });
        } else {
            cx.leaf(type_field, place, tag.ether_type.into());
        }
    });
    if let Some(info) = cx.info() {
        info.str("PRI: ").dec(tag.priority.into()).str("  DEI: ").dec(tag.drop_eligible.into());
        info.str("  ID: ").dec(tag.id.into());
    }
    let trailer = if is_length {
        cx.within(rest, length, |cx, payload| {
            if !cx.carry(&SLL_TYPES, 4, payload) {
                cx.data(payload);
            }
        });
        rest.get(length..).unwrap_or(&[])
    } else {
        if !cx.carry(&ETHERTYPES, tag.ether_type.into(), rest) {
            cx.data(rest);
        }
        cx.trailer(rest)
    };
    // The innermost tag takes what stands behind the payload; the frame around it sees nothing of it.
    if !trailer.is_empty() && cx.cut == 0 && cx.showing() {
        let end = cx.offset(trailer) as usize;
        cx.append(group, |cx| padded(cx, end, trailer, &TRAILER));
    }
    true
}

fn write_tag(item: Item<'_>, out: &mut Out) {
    for (label, field) in [(", PRI: ", &PRIORITY), (", DEI: ", &DROP), (", ID: ", &ID)] {
        if let Some(value) = item.number(field) {
            out.str(label).dec(value);
        }
    }
}

fn write_service_tag(item: Item<'_>, out: &mut Out) {
    if let Some(id) = item.number(&PROVIDER_ID) {
        out.str(", ID: ").dec(id);
    }
}
