//! The way into most packets: an Ethernet frame with a whole packet of IPv4 or IPv6 that has no options, told at one look.
//!
//! A walk that shows nothing of these layers and learns nothing from them goes this way: it costs a fifth of walking them.

use super::{ETHERTYPES, Header, LINK_TYPES};
use crate::capture::LinkType;
use crate::proto::{frame, ip, ipv6};
use crate::{Address, Dissector, Protocol};

/// What a plain frame carries.
pub(crate) struct Plain<'b> {
    /// Of which protocol its packet is.
    pub(crate) title: &'static str,
    /// From whom and to whom it goes.
    pub(crate) ends: (Address, Address),
    /// How many hops are left.
    pub(crate) hops: u8,
    /// Who is inside, in [`ip::PROTOCOLS`].
    pub(crate) number: u8,
    /// The bytes of who is inside.
    pub(crate) payload: &'b [u8],
    /// How many of them the snap length took.
    pub(crate) cut: usize,
}

/// The EtherTypes of IPv4 and IPv6.
const IPV4: u16 = 0x800;
const IPV6: u16 = 0x86dd;

/// What a frame carries, of which the snap length took so many bytes; nothing if it is not plain.
pub(crate) fn find(frame: &[u8], cut: usize) -> Option<Plain<'_>> {
    let (rest, header) = Header::parse(frame).ok()?;
    match header.ether_type {
        IPV4 => ip::plain(rest, cut),
        IPV6 => ipv6::plain(rest, cut),
        _ => None,
    }
}

/// How many layers are passed: the frame, Ethernet, IP.
pub(crate) const LAYERS: u8 = 3;

/// The indexes of the frame, Ethernet, IPv4 and IPv6.
pub(crate) type Layers = [u16; 4];

/// The layers of a plain frame, if a dissector has them where they belong, and learning walks them.
pub(crate) fn layers(dissector: &Dissector) -> Option<Layers> {
    let own = |index: Option<u16>, protocol: &'static Protocol| {
        let one = dissector.protocols.get(usize::from(index?))?;
        if std::ptr::eq(*one, protocol) { index.filter(|index| dissector.learns(*index)) } else { None }
    };
    Some([
        own(Some(0), &frame::PROTOCOL)?,
        own(dissector.claimed(&LINK_TYPES, LinkType::ETHERNET.0.into()), &super::PROTOCOL)?,
        own(dissector.claimed(&ETHERTYPES, IPV4.into()), &ip::PROTOCOL)?,
        own(dissector.claimed(&ETHERTYPES, IPV6.into()), &ipv6::PROTOCOL)?,
    ])
}
