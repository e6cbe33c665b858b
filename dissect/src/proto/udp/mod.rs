//! User Datagram Protocol, RFC 768.

use crate::proto::ip::PROTOCOLS;
use crate::{Claim, Cx, Protocol, Show, Table, fields, header};

/// Who listens on a UDP port.
pub static PORTS: Table = Table { name: "udp.port", doc: "a UDP port" };

fields! {
    /// A UDP datagram.
    ROOT = "udp", "User Datagram Protocol", Show::protocol(), "RFC 768";
    /// From which port.
    SOURCE_PORT = "udp.srcport", "Source Port", Show::u16().also(&[&PORT]), "RFC 768, Fields";
    /// To which port.
    DESTINATION_PORT = "udp.dstport", "Destination Port", Show::u16().also(&[&PORT]), "RFC 768, Fields";
    /// Either port.
    PORT = "udp.port", "Source or Destination Port", Show::u16(), "RFC 768, Fields";
    /// The length of header and data.
    LENGTH = "udp.length", "Length", Show::u16(), "RFC 768, Fields";
    /// The checksum.
    CHECKSUM = "udp.checksum", "Checksum", Show::u16().hex(), "RFC 768, Fields";
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
    ..Protocol::new("udp", "UDP", "User Datagram Protocol", "RFC 768", walk, &[FIELDS])
};

fn walk(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    let own = bytes.get(..Header::LEN).unwrap_or(bytes);
    let Some((header, rest)) = cx.group(&ROOT, own, |cx| Header::dissect(cx, bytes)) else { return true };
    (cx.ends.source_port, cx.ends.destination_port) = (header.source_port, header.destination_port);
    cx.column(PROTOCOL.title);
    if let Some(info) = cx.info() {
        info.dec(header.source_port.into()).str(" → ").dec(header.destination_port.into());
        info.str(" Len=").dec(u64::from(header.length.saturating_sub(8)));
    }
    cx.within(rest, usize::from(header.length).saturating_sub(Header::LEN), |cx, payload| {
        if !cx.carry_ports(&PORTS, payload) {
            cx.data(payload);
        }
    });
    true
}
