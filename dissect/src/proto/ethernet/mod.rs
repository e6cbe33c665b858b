//! Ethernet, IEEE 802.3: frames with an EtherType (Ethernet II) and frames with a length, which carry LLC.

pub mod fabric_path;
pub(crate) mod plain;
#[cfg(test)]
mod tests;
pub mod trailer;
mod types;

pub use types::ETHERTYPE_NAMES;

pub(crate) use trailer::padded;

use crate::engine::Stencil;
use crate::proto::frame::LINK_TYPES;
use crate::tree::Item;
use crate::{
    Address, Area, Claim, Cx, Field, Malformed, Out, Protocol, Severity, Show, Table, fields, header,
};

/// Who an EtherType means.
pub static ETHERTYPES: Table = Table { name: "ethertype", doc: "the EtherType" };

/// Who a protocol number below the EtherTypes means: Linux has its own for frames without one, such as 4 for LLC.
pub static SLL_TYPES: Table =
    Table { name: "sll.ltype", doc: "the protocol number of Linux for frames without an EtherType" };

/// The largest value of the type field that is a length. IEEE 802.3, 3.2.6.
pub const MOST_LENGTH: u16 = 1500;

/// The smallest value of the type field that is a type. IEEE 802.3, 3.2.6.
pub const LEAST_TYPE: u16 = 1536;

fields! {
    /// An Ethernet frame.
    ROOT = "eth", "Ethernet", Show::protocol().write_parts(write_root), "IEEE 802.3, 3.1";
    /// To which station.
    DESTINATION = "eth.dst", "Destination", Show::ether().also(&[&ADDRESS]), "IEEE 802.3, 3.2.3";
    /// Whether the destination's address was made up locally.
    DESTINATION_LG = "eth.dst.lg", "LG bit", Show::flag().words("Locally administered address", "Globally unique address").mask(0x02_0000).also(&[&LG]), "IEEE 802.3, 3.2.3";
    /// Whether the destination is a group of stations.
    DESTINATION_IG = "eth.dst.ig", "IG bit", Show::flag().words("Group address (multicast/broadcast)", "Individual address (unicast)").mask(0x01_0000).also(&[&IG]), "IEEE 802.3, 3.2.3";
    /// From which station.
    SOURCE = "eth.src", "Source", Show::ether().also(&[&ADDRESS]), "IEEE 802.3, 3.2.3";
    /// Whether the source's address was made up locally.
    SOURCE_LG = "eth.src.lg", "LG bit", Show::flag().words("Locally administered address", "Globally unique address").mask(0x02_0000).also(&[&LG]), "IEEE 802.3, 3.2.3";
    /// Whether the source is a group of stations: it must not be.
    SOURCE_IG = "eth.src.ig", "IG bit", Show::flag().words("Group address (multicast/broadcast)", "Individual address (unicast)").mask(0x01_0000).also(&[&IG]), "IEEE 802.3, 3.2.3";
    /// Either station.
    ADDRESS = "eth.addr", "Address", Show::ether(), "IEEE 802.3, 3.2.3";
    /// Whether either address was made up locally.
    LG = "eth.lg", "LG bit", Show::flag().mask(0x02_0000), "IEEE 802.3, 3.2.3";
    /// Whether either address is a group's.
    IG = "eth.ig", "IG bit", Show::flag().mask(0x01_0000), "IEEE 802.3, 3.2.3";
    /// Which protocol is inside.
    TYPE = "eth.type", "Type", Show::u16().hex().codes(&ETHERTYPE_NAMES), "IEEE 802.3, 3.2.6";
    /// How many bytes of LLC follow.
    LENGTH = "eth.len", "Length", Show::u16(), "IEEE 802.3, 3.2.6";
    /// A value that is neither a length nor a type.
    INVALID = "eth.invalid_lentype", "Invalid length/type", Show::u16().hex(), "IEEE 802.3, 3.2.6";
    /// A value that is neither a length nor a type.
    INVALID_REMARK = "eth.invalid_lentype.expert", "Invalid length/type", Show::expert(Severity::Warn, Area::Protocol), "IEEE 802.3, 3.2.6";
    /// The length reaches beyond the frame.
    PAST_END = "eth.len.past_end", "Length field value goes past the end of the payload", Show::expert(Severity::Error, Area::Malformed), "IEEE 802.3, 3.2.6";
    /// A group can't send.
    SOURCE_IS_GROUP = "eth.src_not_group", "Source MAC must not be a group address: IEEE 802.3-2002, Section 3.2.3(b)", Show::expert(Severity::Warn, Area::Protocol), "IEEE 802.3, 3.2.3";
}

header! {
    /// The header of an Ethernet frame.
    pub struct Header {
        /// To which station.
        pub destination: [u8; 6] => DESTINATION, by hand,
        /// From which station.
        pub source: [u8; 6] => SOURCE, by hand,
        /// Which protocol is inside, or how many bytes of LLC.
        pub ether_type: u16 => TYPE, by hand,
    }
}

/// Ethernet.
pub static PROTOCOL: Protocol = Protocol {
    claims: &[
        Claim::Number(&LINK_TYPES, 1),
        Claim::Number(&ETHERTYPES, 0x6558),
        Claim::Number(&SLL_TYPES, 3),
    ],
    tables: &[&ETHERTYPES, &SLL_TYPES],
    borrows: &[fabric_path::FIELDS],
    ..Protocol::new("eth", "Ethernet", "Ethernet", "IEEE 802.3", walk, &[FIELDS, trailer::FIELDS])
};

fn walk(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    if bytes.get(12..14) == Some(&fabric_path::TYPE_NUMBER.to_be_bytes()) {
        return fabric_path::walk(cx, bytes);
    }
    let group = cx.place_of_next();
    cx.column(PROTOCOL.title);
    let own = bytes.get(..Header::LEN).unwrap_or(bytes);
    let (rest, header) = match Header::parse(bytes) {
        Ok(parsed) => parsed,
        Err(error) => {
            cx.group(&ROOT, own, |cx| {
                emit_addresses(cx, bytes);
                cx.malformed(bytes, error);
            });
            return true;
        }
    };
    if cx.showing() {
        cx.group(&ROOT, own, |cx| emit(cx, bytes, &header, rest));
    }
    cx.addresses(Address::Ether(header.source), Address::Ether(header.destination));
    if let Some(info) = cx.info() {
        info.str("Ethernet II");
    }
    let fcs = trailer::known_fcs(cx, bytes);
    let rest = rest.get(..rest.len().saturating_sub(fcs)).unwrap_or(rest);
    let trailer = match header.ether_type {
        1..=MOST_LENGTH => {
            let length = usize::from(header.ether_type);
            cx.within(rest, length, llc);
            rest.get(length..).unwrap_or(&[])
        }
        key => {
            if !cx.carry(&ETHERTYPES, key.into(), rest) {
                cx.data(rest);
            }
            cx.trailer(rest)
        }
    };
    let start = bytes.len().saturating_sub(trailer.len().saturating_add(fcs));
    trailer::emit(cx, group, bytes, bytes.get(start.max(Header::LEN)..).unwrap_or(&[]));
    true
}

/// Novell's frames without LLC begin with the checksum of IPX, which is never used.
fn llc(cx: &mut Cx<'_>, payload: &[u8]) {
    if payload.starts_with(&[0xff, 0xff]) || !cx.carry(&SLL_TYPES, 4, payload) {
        cx.data(payload);
    }
}

fn emit_addresses(cx: &mut Cx<'_>, bytes: &[u8]) {
    address(cx, &DESTINATION, &[&DESTINATION_LG, &DESTINATION_IG], bytes.get(..6));
    address(cx, &SOURCE, &[&SOURCE_LG, &SOURCE_IG], bytes.get(6..12));
}

/// What differs between frames with a type, but for the bits of their addresses.
static TYPED: Stencil<1> = Stencil { group: &ROOT, fields: [&TYPE] };

/// Adds the nodes of a header. Of a frame with a type they are copied.
fn emit(cx: &mut Cx<'_>, bytes: &[u8], header: &Header, rest: &[u8]) {
    if header.ether_type < LEAST_TYPE {
        return emit_all(cx, bytes, header, rest);
    }
    let [to, from] = [header.destination[0], header.source[0]].map(|first| u64::from(first & 3));
    cx.like(&TYPED, to << 2 | from, bytes, [header.ether_type.into()], |cx| {
        emit_all(cx, bytes, header, rest);
    });
}

fn emit_all(cx: &mut Cx<'_>, bytes: &[u8], header: &Header, rest: &[u8]) {
    emit_addresses(cx, bytes);
    let (value, place) = (header.ether_type, bytes.get(12..Header::LEN).unwrap_or(&[]));
    match value {
        1..=MOST_LENGTH => cx.group_with(&LENGTH, place, value.into(), |cx| {
            if usize::from(value) > rest.len().saturating_add(cx.cut) {
                cx.expert(&PAST_END, place);
            }
        }),
        0 | LEAST_TYPE.. => cx.leaf(&TYPE, place, value.into()),
        _ => cx.group_with(&INVALID, place, value.into(), |cx| cx.expert(&INVALID_REMARK, place)),
    }
}

fn address(cx: &mut Cx<'_>, field: &'static Field, bits: &[&'static Field], bytes: Option<&[u8]>) {
    let (true, Some(bytes)) = (cx.showing(), bytes) else { return };
    cx.group(field, bytes, |cx| {
        let Some(&[a, b, c]) = bytes.first_chunk::<3>() else { return };
        let number = u64::from(a) << 16 | u64::from(b) << 8 | u64::from(c);
        cx.flags(bits, bytes.get(..3).unwrap_or(bytes), number);
        if a & 1 == 1 && field == &SOURCE {
            cx.expert(&SOURCE_IS_GROUP, bytes);
        }
    });
}

fn write_root(item: Item<'_>, out: &mut Out) {
    if out.find(item, &LENGTH).is_some() {
        out.str(" 802.3");
    } else if out.find(item, &TYPE).is_some() {
        out.str(" II");
    }
    for (words, field) in [(", Src: ", &SOURCE), (", Dst: ", &DESTINATION)] {
        if let Some(address) = out.find(item, field) {
            out.str(words).tell(address);
        }
    }
}

/// A field that could not be read because the link's header ends early.
pub(crate) fn short(field: &'static Field, offset: usize, needed: usize, bytes: &[u8]) -> Malformed {
    Malformed::short(field, offset, needed, bytes.len().saturating_sub(offset))
}
