//! Names of addresses and ports: those that a capture brings and those of hosts files. Nothing is looked up elsewhere.

use crate::capture::{ByteOrder, RawBlock, pcapng::block};
use crate::{Address, Field, Item, Kind, Out};
use hashbrown::{DefaultHashBuilder, HashMap};
use std::net::IpAddr;
use std::sync::{Arc, RwLock};

/// The most addresses that have names; of more no names are kept.
pub const MOST_NAMES: usize = 1 << 16;
/// The longest name that is kept, in bytes (RFC 1035, 2.3.4).
pub const LONGEST_NAME: usize = 255;

type Table = HashMap<Address, Box<[u8]>, DefaultHashBuilder>;

/// A table of names. Its clones are the same table: a [`Reader`](crate::capture::Reader) fills it with what the capture says
/// while printers read it. Who has none prints numbers.
///
/// ```
/// use dissect::{Address, Names, Out};
/// let names = Names::new(true, false);
/// assert_eq!(names.hosts(b"10.0.0.1 alice.example # in the lab\n"), 1);
/// let mut out = Out::new();
/// names.write(&Address::Ipv4(0x0a00_0001), &mut out);
/// assert_eq!(out.as_bytes(), b"alice.example");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Names {
    table: Arc<RwLock<Table>>,
    network: bool,
    transport: bool,
}

impl Names {
    /// A table without names, that is to name addresses of networks, and well-known ports.
    pub fn new(network: bool, transport: bool) -> Names {
        Names { table: Arc::default(), network, transport }
    }
    /// Takes the names of a hosts file: on each line an address, and its name. Answers how many there were. Of several names
    /// of an address the last one holds.
    pub fn hosts(&self, text: &[u8]) -> usize {
        let mut count = 0;
        for line in text.split(|byte| *byte == b'\n') {
            let line = line.split(|byte| *byte == b'#').next().unwrap_or(&[]);
            let mut words = line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
            let (Some(address), Some(name)) = (words.next(), words.next()) else { continue };
            let address = match std::str::from_utf8(address).ok().and_then(|text| text.parse().ok()) {
                Some(IpAddr::V4(address)) => Address::Ipv4(address.into()),
                Some(IpAddr::V6(address)) => Address::Ipv6(address.octets()),
                None => continue,
            };
            count += 1;
            self.add(address, name);
        }
        count
    }
    /// Takes the names of a Name Resolution Block (draft-ietf-opsawg-pcapng, 4.5); other blocks say none.
    pub fn block(&self, raw: &RawBlock<'_>) {
        if raw.kind == block::NAMES {
            self.records(raw.body, raw.order);
        }
    }
    /// Takes the records of a Name Resolution Block.
    pub(crate) fn records(&self, body: &[u8], order: ByteOrder) {
        let mut rest = body;
        while let (Some(kind), Some(length)) = (order.u16_at(rest, 0), order.u16_at(rest, 2)) {
            let length = usize::from(length);
            let Some(value) = rest.get(4..4 + length) else { return };
            let (address, names) = match (kind, value.first_chunk::<4>(), value.first_chunk::<16>()) {
                (0, ..) => return,
                (1, Some(bytes), _) => (Address::Ipv4(u32::from_be_bytes(*bytes)), value.get(4..)),
                (2, _, Some(bytes)) => (Address::Ipv6(*bytes), value.get(16..)),
                _ => (Address::None, None),
            };
            for name in names.unwrap_or(&[]).split(|byte| *byte == 0).filter(|name| !name.is_empty()) {
                self.add(address, name);
            }
            rest = rest.get(4 + length.next_multiple_of(4)..).unwrap_or(&[]);
        }
    }
    fn add(&self, address: Address, name: &[u8]) {
        let Ok(mut table) = self.table.write() else { return };
        if name.len() <= LONGEST_NAME && (table.len() < MOST_NAMES || table.contains_key(&address)) {
            table.insert(address, name.into());
        }
    }
    /// Writes the name of an address; the address if it has none.
    pub fn write(&self, address: &Address, out: &mut Out) {
        if !self.name(address, out) {
            address.write(out);
        }
    }
    /// Writes the name of an address and the address in brackets; the address alone if it has none.
    pub fn write_both(&self, address: &Address, out: &mut Out) {
        if self.name(address, out) {
            out.str(" (");
            address.write(out);
            out.byte(b')');
        } else {
            address.write(out);
        }
    }
    /// Writes the name, if there is one.
    fn name(&self, address: &Address, out: &mut Out) -> bool {
        let table = self.table.read().ok().filter(|_| self.network);
        table.and_then(|table| table.get(address).map(|name| out.text(name).len())).is_some()
    }
    /// What a port of this protocol is for, if that is well known and asked for.
    pub fn port(&self, transport: Transport, port: u64) -> Option<&'static str> {
        let at =
            SERVICES.binary_search_by_key(&port, |row| u64::from(row.0)).ok().filter(|_| self.transport)?;
        let (_, name, of) = SERVICES.get(at)?;
        (of & transport as u8 != 0).then_some(*name)
    }
    /// Writes a port: `sip (5060)`, or the number alone.
    fn write_port(&self, field: &Field, port: u64, out: &mut Out) {
        match Transport::of(field).and_then(|transport| self.port(transport, port)) {
            Some(name) => out.str(name).str(" (").dec(port).byte(b')'),
            None => out.dec(port),
        };
    }
    /// Writes what has names of its own kind of a node: an address, a port. Answers whether it was one.
    pub(crate) fn write_item(&self, item: Item<'_>, out: &mut Out) -> bool {
        let (node, field) = (item.node, item.node.field);
        match field.show.kind {
            Kind::Ipv4 => self.write_both(&Address::Ipv4(node.value as u32), out),
            Kind::Ipv6 => match item.bytes().first_chunk() {
                Some(bytes) => self.write_both(&Address::Ipv6(*bytes), out),
                None => return false,
            },
            Kind::Unsigned(16) if Transport::of(field).is_some() => self.write_port(field, node.value, out),
            _ => return false,
        }
        true
    }
}

/// Whose ports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// TCP's.
    Tcp = 1,
    /// UDP's.
    Udp = 2,
    /// SCTP's.
    Sctp = 4,
}

impl Transport {
    /// Whose ports a field shows.
    fn of(field: &Field) -> Option<Transport> {
        let (protocol, what) = field.name.split_once('.')?;
        if !matches!(what, "port" | "srcport" | "dstport") {
            return None;
        }
        match protocol {
            "tcp" => Some(Transport::Tcp),
            "udp" => Some(Transport::Udp),
            "sctp" => Some(Transport::Sctp),
            _ => None,
        }
    }
}

/// Over TCP, UDP and SCTP.
const T: u8 = Transport::Tcp as u8;
const U: u8 = Transport::Udp as u8;
const S: u8 = Transport::Sctp as u8;

/// Names of services by IANA's registry (RFC 6335), of those that are met most, in order of ports.
static SERVICES: &[(u16, &str, u8)] = &[
    (7, "echo", T | U),
    (9, "discard", T | U | S),
    (20, "ftp-data", T | U | S),
    (21, "ftp", T | U | S),
    (22, "ssh", T | U | S),
    (23, "telnet", T | U),
    (25, "smtp", T | U),
    (53, "domain", T | U),
    (67, "bootps", T | U),
    (68, "bootpc", T | U),
    (69, "tftp", T | U),
    (80, "http", T | U | S),
    (88, "kerberos", T | U),
    (110, "pop3", T | U),
    (123, "ntp", T | U),
    (143, "imap", T | U),
    (161, "snmp", T | U),
    (162, "snmptrap", T | U),
    (179, "bgp", T | U | S),
    (389, "ldap", T | U),
    (443, "https", T | U | S),
    (445, "microsoft-ds", T | U),
    (500, "isakmp", T | U),
    (514, "syslog", U),
    (554, "rtsp", T | U),
    (587, "submission", T | U),
    (636, "ldaps", T | U),
    (646, "ldp", T | U),
    (853, "domain-s", T | U),
    (993, "imaps", T | U),
    (995, "pop3s", T | U),
    (1167, "cisco-ipsla", T | U | S),
    (1719, "h323gatestat", T | U),
    (1720, "h323hostcall", T | U | S),
    (1812, "radius", T | U),
    (1813, "radius-acct", T | U),
    (1883, "mqtt", T | U),
    (2049, "nfs", T | U | S),
    (2123, "gtp-control", T | U),
    (2152, "gtp-user", T | U),
    (2427, "mgcp-gateway", T | U),
    (2904, "m2ua", T | U | S),
    (2905, "m3ua", T | S),
    (2944, "megaco-h248", T | U | S),
    (2945, "h248-binary", T | U | S),
    (3306, "mysql", T | U),
    (3389, "ms-wbt-server", T | U),
    (3478, "stun", T | U),
    (3565, "m2pa", T | S),
    (3863, "asap-tcp", T),
    (3868, "diameter", T | S),
    (4500, "ipsec-nat-t", T | U),
    (4739, "ipfix", T | U | S),
    (4789, "vxlan", U),
    (5060, "sip", T | U | S),
    (5061, "sips", T | U | S),
    (5222, "xmpp-client", T),
    (5349, "stuns", T | U),
    (5353, "mdns", T | U),
    (5432, "postgresql", T | U),
    (5672, "amqp", T | U | S),
    (5675, "v5ua", T | U | S),
    (5868, "diameters", T | S),
    (6081, "geneve", U),
    (8080, "http-alt", T | U),
    (8805, "pfcp", U),
    (9082, "lcs-ap", S),
    (9900, "iua", T | U | S),
    (14001, "sua", T | S),
    (25471, "rna", S),
    (29118, "sgsap", S),
    (29168, "sbcap", S),
    (29169, "iuhsctpassoc", S),
    (36412, "s1-control", S),
    (36422, "x2-control", S),
    (36443, "m2ap", S),
    (36444, "m3ap", S),
    (38412, "ng-control", S),
    (38422, "xn-control", S),
    (38472, "f1-control", S),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn told(names: &Names, address: &str) -> String {
        let address = match address.parse().unwrap() {
            IpAddr::V4(address) => Address::Ipv4(address.into()),
            IpAddr::V6(address) => Address::Ipv6(address.octets()),
        };
        let mut out = Out::new();
        names.write_both(&address, &mut out);
        out.to_string_lossy()
    }

    #[test]
    fn services_stand_in_order_each_once() {
        assert!(SERVICES.is_sorted_by(|a, b| a.0 < b.0));
    }

    #[test]
    fn hosts_files_are_lines_of_an_address_and_its_name() {
        let names = Names::new(true, false);
        let text = b"# lab\n10.0.0.1\talice # x\r\n 10.0.0.1 again twice\n::1 six\n10.0.0.2\n300.1.1.1 no\n\n10.0.0.3 \x1b[2J";
        assert_eq!(names.hosts(text), 4);
        assert_eq!(told(&names, "10.0.0.1"), "again (10.0.0.1)");
        assert_eq!(told(&names, "::1"), "six (::1)");
        assert_eq!(told(&names, "10.0.0.2"), "10.0.0.2");
        assert_eq!(told(&names, "10.0.0.3"), "\\033[2J (10.0.0.3)");
    }

    #[test]
    fn records_of_a_block_end_where_it_says_or_does() {
        let body = [
            [0, 1, 0, 6, 10, 0, 0, 1, b'a', 0, 0, 0].as_slice(),
            &[0, 9, 0, 1, 7, 0, 0, 0],
            &[0, 1, 0, 9, 10, 0, 0, 2, b'b', 0, b'c', b'd', 0, 0, 0, 0],
            &[0, 0, 0, 0],
            &[0, 1, 0, 6, 10, 0, 0, 3, b'e', 0, 0, 0],
        ]
        .concat();
        let names = Names::new(true, true);
        names.records(&body, ByteOrder::Big);
        assert_eq!(told(&names, "10.0.0.1"), "a (10.0.0.1)");
        assert_eq!(told(&names, "10.0.0.2"), "cd (10.0.0.2)");
        assert_eq!(told(&names, "10.0.0.3"), "10.0.0.3");
        for end in 0..body.len() {
            Names::new(true, true).records(&body[..end], ByteOrder::Big);
            Names::new(true, true).records(&body[..end], ByteOrder::Little);
        }
    }

    #[test]
    fn a_table_holds_so_many_names_and_no_more() {
        let names = Names::new(true, false);
        for number in 0..=MOST_NAMES as u32 {
            names.add(Address::Ipv4(number), b"n");
        }
        names.add(Address::Ipv4(0), b"new");
        names.add(Address::Ipv4(1), &[b'x'; LONGEST_NAME + 1]);
        assert_eq!(names.table.read().unwrap().len(), MOST_NAMES);
        assert_eq!(told(&names, "0.0.0.0"), "new (0.0.0.0)");
        assert_eq!(told(&names, "0.0.0.1"), "n (0.0.0.1)");
        assert_eq!(told(&names, "0.1.0.0"), "0.1.0.0");
    }

    #[test]
    fn ports_have_the_names_of_their_transport() {
        let names = Names::new(false, true);
        assert_eq!(names.port(Transport::Sctp, 2905), Some("m3ua"));
        assert_eq!(names.port(Transport::Udp, 2905), None);
        assert_eq!(names.port(Transport::Tcp, 5060), Some("sip"));
        assert_eq!(Names::new(true, false).port(Transport::Tcp, 5060), None);
        names.hosts(b"10.0.0.1 alice\n");
        assert_eq!(told(&names, "10.0.0.1"), "10.0.0.1");
    }
}
