//! Cisco FabricPath: an Ethernet frame behind an outer header of 16 bytes, whose addresses name switches.

use super::{ETHERTYPE_NAMES, ETHERTYPES};
use crate::{Cx, Protocol, Show, fields, header};

/// The type in the outer header.
pub(super) const TYPE_NUMBER: u16 = 0x8903;

fields! {
    /// The outer header.
    ROOT = "cfp", "Cisco FabricPath", Show::protocol(), "Cisco";
    /// To which switch, or group of switches.
    DESTINATION = "cfp.dst", "Destination", Show::ether(), "Cisco";
    /// From which switch.
    SOURCE = "cfp.src", "Source", Show::ether(), "Cisco";
    /// The type: 0x8903.
    TYPE = "cfp.etype", "FP Ethertype", Show::u16().hex().codes(&ETHERTYPE_NAMES), "Cisco";
    /// Which topology or tree the frame takes.
    TAG = "cfp.ftag", "FTAG", Show::u16().mask(0xffc0), "Cisco";
    /// How many switches may still forward it.
    TTL = "cfp.ttl", "TTL", Show::u16().mask(0x003f), "Cisco";
}

header! {
    /// The outer header.
    pub struct Header {
        /// To which switch, or group of switches.
        pub destination: [u8; 6] => DESTINATION,
        /// From which switch.
        pub source: [u8; 6] => SOURCE,
        /// The type: 0x8903.
        pub ether_type: u16 => TYPE,
        /// Tag (upper ten bits) and time to live.
        pub tag_ttl: u16 => TAG, by hand,
    }
}

/// Cisco FabricPath. Ethernet finds it by the type.
pub static PROTOCOL: Protocol = Protocol {
    tables: &[&ETHERTYPES],
    ..Protocol::new("cfp", "CFP", "Cisco FabricPath", "Cisco", walk, &[FIELDS])
};

pub(super) fn walk(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    cx.column(PROTOCOL.title);
    let own = bytes.get(..Header::LEN).unwrap_or(bytes);
    let header = cx.group(&ROOT, own, |cx| {
        let (header, rest) = Header::dissect(cx, bytes)?;
        let place = own.get(14..).unwrap_or(&[]);
        cx.flags(&[&TAG, &TTL], place, header.tag_ttl.into());
        Some(rest)
    });
    if let Some(frame) = header {
        // The inner frame is Ethernet's again.
        cx.carry(&ETHERTYPES, 0x6558, frame);
    }
    true
}
