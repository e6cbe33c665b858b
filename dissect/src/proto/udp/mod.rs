//! User Datagram Protocol, RFC 768; jumbograms by RFC 2675.

pub mod stream;

use crate::checksum::{self, Sum};
use crate::proto::ip::{PROTOCOLS, STATUS};
use crate::tree::Item;
use crate::{
    Address, Area, Claim, Cx, Malformed, Out, Protocol, Severity, Show, Table, Transport, fields, header,
};
use stream::{Passage, Streams};

/// Who listens on a UDP port.
pub static PORTS: Table = Table { name: "udp.port", doc: "a UDP port" };

fields! {
    /// A UDP datagram.
    ROOT = "udp", "User Datagram Protocol", Show::protocol().write_parts(write_root), "RFC 768";
    /// From which port.
    SOURCE_PORT = "udp.srcport", "Source Port", Show::u16().also(&[&PORT]), "RFC 768, Fields";
    /// To which port.
    DESTINATION_PORT = "udp.dstport", "Destination Port", Show::u16().also(&[&PORT]), "RFC 768, Fields";
    /// Either port.
    PORT = "udp.port", "Source or Destination Port", Show::u16(), "RFC 768, Fields";
    /// Which conversation it is, counted from 0 by their first datagrams.
    STREAM = "udp.stream", "Stream index", Show::u32(), "sctpdump";
    /// Times within the conversation.
    TIMESTAMPS = "udp.timestamps", "Timestamps", Show::group(), "sctpdump";
    /// The time since the conversation's first datagram.
    TIME_RELATIVE = "udp.time_relative", "Time since first frame", Show::duration().unit(" seconds"), "sctpdump";
    /// The time since the conversation's datagram before this one.
    TIME_DELTA = "udp.time_delta", "Time since previous frame", Show::duration().unit(" seconds"), "sctpdump";
    /// The length of header and data.
    LENGTH = "udp.length", "Length", Show::u16(), "RFC 768, Fields";
    /// The checksum over pseudo-header, header and data; 0 for none.
    CHECKSUM = "udp.checksum", "Checksum", Show::u16().hex(), "RFC 768, Fields";
    /// What the checksum should be.
    CHECKSUM_CALCULATED = "udp.checksum_calculated", "Calculated Checksum", Show::u16().hex(), "RFC 768, Fields";
    /// Whether the checksum is right.
    CHECKSUM_STATUS = "udp.checksum.status", "Checksum Status", Show::u8().codes(&STATUS), "sctpdump";
    /// The data.
    PAYLOAD = "udp.payload", "UDP payload", Show::bytes().write_parts(write_payload), "RFC 768, Fields";
    /// The length is below the header's or goes beyond the IP packet.
    WRONG_LENGTH = "udp.length.bad", "Bad length value", Show::expert(Severity::Error, Area::Malformed), "RFC 768, Fields";
    /// Only a jumbogram has a length of zero, and this is none.
    WRONG_ZERO_LENGTH = "udp.length.bad_zero", "Length is zero but payload is shorter than 65536 bytes", Show::expert(Severity::Error, Area::Protocol), "RFC 2675, 4";
    /// The checksum is wrong.
    BAD_CHECKSUM = "udp.checksum.bad", "Bad checksum", Show::expert(Severity::Error, Area::Checksum), "RFC 768, Fields";
    /// Over IPv6 there must be a checksum.
    ZERO_CHECKSUM = "udp.checksum.zero", "Illegal checksum value (0)", Show::expert(Severity::Error, Area::Checksum), "RFC 8200, 8.1";
    /// The port is one that traceroute sends to.
    TRACEROUTE = "udp.possible_traceroute", "Possible traceroute", Show::expert(Severity::Chat, Area::Sequence), "sctpdump";
}

header! {
    /// The header.
    pub struct Header {
        /// From which port.
        pub source_port: u16 => SOURCE_PORT,
        /// To which port.
        pub destination_port: u16 => DESTINATION_PORT,
        /// The length of header and data, in bytes.
        pub length: u16 => LENGTH,
        /// The checksum over pseudo-header, header and data; 0 for none.
        pub checksum: u16 => CHECKSUM,
    }
}

/// UDP.
pub static PROTOCOL: Protocol = Protocol {
    claims: &[Claim::Number(&PROTOCOLS, 17)],
    tables: &[&PORTS],
    state: Some(|| Box::new(Streams::default())),
    audience: Some(&[]),
    learns_first: true,
    ..Protocol::new("udp", "UDP", "User Datagram Protocol", "RFC 768", walk, &[FIELDS])
};

fn walk(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    let own = bytes.get(..Header::LEN).unwrap_or(bytes);
    cx.column(PROTOCOL.title);
    let Ok((rest, header)) = Header::parse(bytes) else {
        cx.group(&ROOT, own, |cx| Header::dissect(cx, bytes));
        return true;
    };
    (cx.ends.source_port, cx.ends.destination_port) = (header.source_port, header.destination_port);
    let given = bytes.len() + cx.cut;
    let is_jumbo = header.length == 0 && matches!(cx.ends.source, Address::Ipv6(_));
    let length = if is_jumbo { given } else { header.length.into() };
    cx.wait_with_text();
    let note = if cx.learns() || cx.showing() { cx.remember(own, Streams::add) } else { None };
    if cx.showing() {
        let passage = note.and_then(|note| cx.record(|streams: &Streams| streams.passage(note)));
        cx.group(&ROOT, own, |cx| show(cx, header, bytes, length, passage));
    }
    if let Some(length) = length.checked_sub(Header::LEN) {
        cx.limited(&LENGTH, bytes.get(4..6).unwrap_or(&[]), |cx| {
            cx.within(rest, length, |cx, payload| {
                if (!payload.is_empty() || cx.cut > 0) && !cx.carry_ports(&PORTS, payload) {
                    cx.data(payload);
                }
            });
        });
    }
    if cx.text_waits() {
        write_info(cx, header, length, given, is_jumbo);
    }
    true
}

fn write_info(cx: &mut Cx<'_>, header: Header, length: usize, given: usize, is_jumbo: bool) {
    cx.info_ports(Transport::Udp, header.source_port, header.destination_port);
    let Some(info) = cx.info() else { return };
    if length < Header::LEN {
        info.str(" [BAD UDP LENGTH ").dec(length as u64).str(" < 8]");
        return;
    }
    if length > given {
        info.str(" [BAD UDP LENGTH ").dec(length as u64).str(" > IP PAYLOAD LENGTH]");
    }
    info.str(" Len=").dec((length - Header::LEN) as u64).str(if is_jumbo { " [Jumbogram]" } else { "" });
}

/// The ports that traceroute's first 30 hops have, three packets each.
const TRACEROUTE_PORTS: std::ops::RangeInclusive<u16> = 33435..=33464;

/// Adds the nodes of the header and of the data as such.
fn show(cx: &mut Cx<'_>, header: Header, bytes: &[u8], length: usize, passage: Option<Passage>) {
    let is_jumbo = header.length == 0 && matches!(cx.ends.source, Address::Ipv6(_));
    let at = |from, to| bytes.get(from..to).unwrap_or(&[]);
    cx.leaf(&SOURCE_PORT, at(0, 2), header.source_port.into());
    cx.leaf(&DESTINATION_PORT, at(2, 4), header.destination_port.into());
    if TRACEROUTE_PORTS.contains(&header.destination_port) {
        cx.expert(&TRACEROUTE, at(2, 2));
    }
    cx.leaf(&LENGTH, at(4, 6), header.length.into());
    if length < Header::LEN {
        cx.expert(&WRONG_LENGTH, at(4, 4));
        cx.malformed(bytes, Malformed::value(&LENGTH, 4, "is below the header's own 8 bytes"));
        return;
    }
    if length > bytes.len() + cx.cut {
        cx.expert(&WRONG_LENGTH, at(4, 4));
    }
    if is_jumbo && length < 65536 {
        cx.expert(&WRONG_ZERO_LENGTH, at(4, 4));
    }
    check(cx, header, bytes, length);
    if let Some(passage) = passage {
        passage.show(cx, bytes);
    }
    let payload = bytes.get(Header::LEN..length.min(bytes.len())).unwrap_or(&[]);
    if !payload.is_empty() {
        cx.leaf(&PAYLOAD, payload, 0);
    }
}

fn check(cx: &mut Cx<'_>, header: Header, bytes: &[u8], length: usize) {
    let (own, place) = (bytes.get(6..8).unwrap_or(&[]), bytes.get(6..6).unwrap_or(&[]));
    if header.checksum == 0 {
        let is_illegal = matches!(cx.ends.source, Address::Ipv6(_));
        cx.group_with(&CHECKSUM, own, 0, |cx| {
            if is_illegal {
                cx.expert(&ZERO_CHECKSUM, place);
            }
            cx.generated(&CHECKSUM_STATUS, own, if is_illegal { 4 } else { 3 });
        });
        return;
    }
    let Some(datagram) = bytes.get(..length).filter(|_| cx.verifies(Sum::Udp)) else {
        cx.leaf(&CHECKSUM, own, header.checksum.into());
        cx.generated(&CHECKSUM_STATUS, place, 2);
        return;
    };
    let sum = checksum::fold(checksum::add(cx.ends.pseudo_header(17, length), datagram));
    cx.group_with(&CHECKSUM, own, header.checksum.into(), |cx| {
        if sum != 0xffff {
            cx.expert(&BAD_CHECKSUM, place);
        }
        // A sum of zero is sent as all ones, since zero says that there is none.
        let right = match checksum::expected(sum, header.checksum) {
            0 => 0xffff,
            right => right,
        };
        cx.generated(&CHECKSUM_CALCULATED, own, right.into());
    });
    cx.generated(&CHECKSUM_STATUS, place, u64::from(sum == 0xffff));
}

fn write_root(item: Item<'_>, out: &mut Out) {
    let (source, destination) = (out.find(item, &SOURCE_PORT), out.find(item, &DESTINATION_PORT));
    if let (Some(source), Some(destination)) = (source, destination) {
        out.str(", Src Port: ").tell(source).str(", Dst Port: ").tell(destination);
    }
}

fn write_payload(item: Item<'_>, out: &mut Out) {
    out.tell_size(item).str(if item.node.len == 1 { " byte" } else { " bytes" });
}

#[cfg(test)]
mod tests;
