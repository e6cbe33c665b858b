//! What some IPv6 addresses hold: hardware and IPv4 addresses.

use crate::{Cx, Field, Node, Show, fields};

fields! {
    /// The hardware address that the source address was made of.
    SOURCE_MAC = "ipv6.src_slaac_mac", "Source SLAAC MAC", Show::ether().also(&[&MAC]), "RFC 4291, A";
    /// The hardware address that the destination address was made of.
    DESTINATION_MAC = "ipv6.dst_slaac_mac", "Destination SLAAC MAC", Show::ether().also(&[&MAC]), "RFC 4291, A";
    /// The hardware address that an address was made of.
    MAC = "ipv6.slaac_mac", "SLAAC MAC", Show::ether(), "RFC 4291, A";
    /// The IPv4 address of a source on an ISATAP link.
    SOURCE_ISATAP = "ipv6.src_isatap_ipv4", "Source ISATAP IPv4", Show::ipv4().also(&[&ISATAP]), "RFC 5214, 6.1";
    /// The IPv4 address of a destination on an ISATAP link.
    DESTINATION_ISATAP = "ipv6.dst_isatap_ipv4", "Destination ISATAP IPv4", Show::ipv4().also(&[&ISATAP]), "RFC 5214, 6.1";
    /// The IPv4 address on an ISATAP link.
    ISATAP = "ipv6.isatap_ipv4", "ISATAP IPv4", Show::ipv4(), "RFC 5214, 6.1";
    /// The IPv4 address of the source's 6to4 gateway.
    SOURCE_6TO4 = "ipv6.src_6to4_gw_ipv4", "Source 6to4 Gateway IPv4", Show::ipv4().also(&[&GATEWAY_6TO4]), "RFC 3056, 2";
    /// The IPv4 address of the destination's 6to4 gateway.
    DESTINATION_6TO4 = "ipv6.dst_6to4_gw_ipv4", "Destination 6to4 Gateway IPv4", Show::ipv4().also(&[&GATEWAY_6TO4]), "RFC 3056, 2";
    /// The IPv4 address of a 6to4 gateway.
    GATEWAY_6TO4 = "ipv6.6to4_gw_ipv4", "6to4 Gateway IPv4", Show::ipv4(), "RFC 3056, 2";
    /// The source's network in its 6to4 site.
    SOURCE_SLA = "ipv6.src_6to4_sla_id", "Source 6to4 SLA ID", Show::u16().also(&[&SLA_6TO4]), "RFC 3056, 2";
    /// The destination's network in its 6to4 site.
    DESTINATION_SLA = "ipv6.dst_6to4_sla_id", "Destination 6to4 SLA ID", Show::u16().also(&[&SLA_6TO4]), "RFC 3056, 2";
    /// A network in a 6to4 site.
    SLA_6TO4 = "ipv6.6to4_sla_id", "6to4 SLA ID", Show::u16(), "RFC 3056, 2";
    /// The Teredo server of the source.
    SOURCE_SERVER = "ipv6.src_ts_ipv4", "Source Teredo Server IPv4", Show::ipv4().also(&[&SERVER]), "RFC 4380, 4";
    /// The Teredo server of the destination.
    DESTINATION_SERVER = "ipv6.dst_ts_ipv4", "Destination Teredo Server IPv4", Show::ipv4().also(&[&SERVER]), "RFC 4380, 4";
    /// A Teredo server.
    SERVER = "ipv6.ts_ipv4", "Teredo Server IPv4", Show::ipv4(), "RFC 4380, 4";
    /// The UDP port of the source's Teredo client.
    SOURCE_PORT = "ipv6.src_tc_port", "Source Teredo Port", Show::u16().also(&[&PORT]), "RFC 4380, 4";
    /// The UDP port of the destination's Teredo client.
    DESTINATION_PORT = "ipv6.dst_tc_port", "Destination Teredo Port", Show::u16().also(&[&PORT]), "RFC 4380, 4";
    /// The UDP port of a Teredo client.
    PORT = "ipv6.tc_port", "Teredo Port", Show::u16(), "RFC 4380, 4";
    /// The IPv4 address of the source's Teredo client.
    SOURCE_CLIENT = "ipv6.src_tc_ipv4", "Source Teredo Client IPv4", Show::ipv4().also(&[&CLIENT]), "RFC 4380, 4";
    /// The IPv4 address of the destination's Teredo client.
    DESTINATION_CLIENT = "ipv6.dst_tc_ipv4", "Destination Teredo Client IPv4", Show::ipv4().also(&[&CLIENT]), "RFC 4380, 4";
    /// The IPv4 address of a Teredo client.
    CLIENT = "ipv6.tc_ipv4", "Teredo Client IPv4", Show::ipv4(), "RFC 4380, 4";
    /// The prefix of an address that embeds an IPv4 address.
    EMBED_PREFIX = "ipv6.embed_ipv4_prefix", "Embedded IPv4 Prefix", Show::bytes().repeats(), "RFC 6052, 2.2";
    /// The IPv4 address in the source address.
    SOURCE_EMBED = "ipv6.src_embed_ipv4", "Source Embedded IPv4", Show::ipv4(), "RFC 6052, 2.2";
    /// The IPv4 address in the destination address.
    DESTINATION_EMBED = "ipv6.dst_embed_ipv4", "Destination Embedded IPv4", Show::ipv4(), "RFC 6052, 2.2";
    /// The IPv4 address in an address.
    EMBED = "ipv6.embed_ipv4", "Embedded IPv4", Show::ipv4().repeats(), "RFC 6052, 2.2";
}

/// The fields of one end.
pub(super) struct End {
    mac: &'static Field,
    isatap: &'static Field,
    gateway: &'static Field,
    sla: &'static Field,
    server: &'static Field,
    port: &'static Field,
    client: &'static Field,
    embed: &'static Field,
}

pub(super) static SOURCE: End = End {
    mac: &SOURCE_MAC,
    isatap: &SOURCE_ISATAP,
    gateway: &SOURCE_6TO4,
    sla: &SOURCE_SLA,
    server: &SOURCE_SERVER,
    port: &SOURCE_PORT,
    client: &SOURCE_CLIENT,
    embed: &SOURCE_EMBED,
};

pub(super) static DESTINATION: End = End {
    mac: &DESTINATION_MAC,
    isatap: &DESTINATION_ISATAP,
    gateway: &DESTINATION_6TO4,
    sla: &DESTINATION_SLA,
    server: &DESTINATION_SERVER,
    port: &DESTINATION_PORT,
    client: &DESTINATION_CLIENT,
    embed: &DESTINATION_EMBED,
};

/// Adds what an address holds.
pub(super) fn show(cx: &mut Cx<'_>, address: &[u8], end: &End) {
    let at = |from, to| address.get(from..to).unwrap_or(&[]);
    let four = |from: usize| {
        let bytes = address.get(from..).and_then(|rest| rest.first_chunk::<4>());
        bytes.map_or(0, |bytes| u64::from(u32::from_be_bytes(*bytes)))
    };
    if address.first() == Some(&0xff) {
        return;
    }
    match four(0) {
        0x2001_0000 => {
            cx.generated(end.server, at(4, 8), four(4));
            cx.generated(end.port, at(10, 12), !four(8) & 0xffff);
            cx.generated(end.client, at(12, 16), !four(12) & 0xffff_ffff);
        }
        word if word >> 16 == 0x2002 => {
            cx.generated(end.gateway, at(2, 6), four(2));
            cx.generated(end.sla, at(6, 8), four(4) & 0xffff);
        }
        0x0064_ff9b if four(4) == 0 && four(8) == 0 => {
            cx.generated(&EMBED_PREFIX, at(0, 12), 0);
            cx.generated(end.embed, at(12, 16), four(12));
            cx.generated(&EMBED, at(12, 16), four(12));
        }
        _ => {}
    }
    if four(8) & !0x0200_0000 == 0x5efe {
        cx.generated(end.isatap, at(12, 16), four(12));
    } else if let [a, b, c, 0xff, 0xfe, d, e, f] = at(8, 16)
        && a & 2 != 0
    {
        // The bit that tells a universal address is turned over in the address.
        cx.own_text(end.mac, at(8, 16), &[a ^ 2, *b, *c, *d, *e, *f], Node::GENERATED);
    }
}
