//! Ethernet, IEEE 802.3.

use crate::proto::frame::LINK_TYPES;
use crate::{Address, Claim, Cx, Protocol, Show, Table, fields, header};

/// Who an EtherType means.
pub static ETHERTYPES: Table = Table { name: "ethertype", doc: "the EtherType" };

fields! {
    /// An Ethernet frame.
    ROOT = "eth", "Ethernet II", Show::protocol(), "IEEE 802.3";
    /// To which station.
    DESTINATION = "eth.dst", "Destination", Show::ether().also(&[&ADDRESS]), "IEEE 802.3, 3.2.3";
    /// From which station.
    SOURCE = "eth.src", "Source", Show::ether().also(&[&ADDRESS]), "IEEE 802.3, 3.2.3";
    /// Either station.
    ADDRESS = "eth.addr", "Address", Show::ether(), "IEEE 802.3, 3.2.3";
    /// Which protocol is inside.
    TYPE = "eth.type", "Type", Show::u16().hex(), "IEEE 802.3, 3.2.6";
}

header! {
    /// The header of an Ethernet frame.
    pub struct Header {
        /// To which station.
        pub destination: [u8; 6] => DESTINATION,
        /// From which station.
        pub source: [u8; 6] => SOURCE,
        /// Which protocol is inside.
        pub ether_type: u16 => TYPE,
    }
}

/// Ethernet.
pub static PROTOCOL: Protocol = Protocol {
    claims: &[Claim::Number(&LINK_TYPES, 1)],
    tables: &[&ETHERTYPES],
    ..Protocol::new("eth", "Ethernet", "Ethernet", "IEEE 802.3", walk, &[FIELDS])
};

fn walk(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    let own = bytes.get(..Header::LEN).unwrap_or(bytes);
    let Some((header, rest)) = cx.group(&ROOT, own, |cx| Header::dissect(cx, bytes)) else { return true };
    cx.column(PROTOCOL.title);
    cx.addresses(Address::Ether(header.source), Address::Ether(header.destination));
    if !cx.carry(&ETHERTYPES, header.ether_type.into(), rest) {
        cx.data(rest);
    }
    true
}
