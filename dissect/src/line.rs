//! The summary line of a packet: who to whom, which protocol, what it says.

use crate::{Names, Out, Transport, Tree};
use std::hash::{Hash, Hasher};

/// An address of any layer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Address {
    /// None known.
    #[default]
    None,
    /// A hardware address.
    Ether([u8; 6]),
    /// An IPv4 address.
    Ipv4(u32),
    /// An IPv6 address.
    Ipv6([u8; 16]),
}

/// One number for most of them, and what kind it is: tables of conversations ask for it with every packet.
impl Hash for Address {
    #[inline]
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Address::None => state.write_u64(0),
            Address::Ipv4(address) => state.write_u64(1 << 48 | u64::from(*address)),
            Address::Ether(bytes) => {
                let number = crate::header::number(bytes);
                state.write_u64(2 << 48 | number);
            }
            Address::Ipv6(bytes) => {
                state.write_u64(3 << 48);
                state.write_u128(u128::from_be_bytes(*bytes));
            }
        }
    }
}

impl Address {
    /// Writes it as it is usually written; nothing for none.
    pub fn write(&self, out: &mut Out) {
        match self {
            Address::None => {}
            Address::Ether(bytes) => drop(out.hex_bytes(bytes, ":")),
            Address::Ipv4(address) => drop(out.ipv4(*address)),
            Address::Ipv6(bytes) => drop(out.ipv6(*bytes)),
        }
    }
}

/// The two ends of what is being walked: addresses of the innermost layer that has some, and its ports.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Ends {
    /// From which address.
    pub source: Address,
    /// To which address.
    pub destination: Address,
    /// From which port; 0 where the layer has none.
    pub source_port: u16,
    /// To which port; 0 where the layer has none.
    pub destination_port: u16,
}

impl Ends {
    /// The sum of the pseudo-header of RFC 9293, 3.1 and RFC 8200, 8.1, for [`checksum`](crate::checksum).
    pub fn pseudo_header(&self, protocol: u8, length: usize) -> u64 {
        use crate::checksum::add;
        let sum = u64::from(protocol) + (length as u64 & 0xffff) + (length as u64 >> 16);
        match (&self.source, &self.destination) {
            (Address::Ipv4(a), Address::Ipv4(b)) => add(add(sum, &a.to_be_bytes()), &b.to_be_bytes()),
            (Address::Ipv6(a), Address::Ipv6(b)) => add(add(sum, a), b),
            _ => sum,
        }
    }
}

/// A packet's summary. Cleared and used again for every packet.
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// From which address.
    pub source: Address,
    /// To which address.
    pub destination: Address,
    /// The innermost protocol's name in the protocol column.
    pub protocol: &'static str,
    /// What the packet says, in Wireshark's style.
    pub info: Out,
    /// Text up to here stays when the next protocol begins its own.
    pub(crate) kept: usize,
    /// Whether the innermost protocol has still to write its text.
    pub(crate) waits: bool,
    pub(crate) names: Option<Names>,
    pub(crate) lacks: bool,
    /// What walks that only write it have in place of a tree.
    pub(crate) bare: Option<Box<Tree>>,
}

impl Line {
    /// An empty line.
    pub fn new() -> Line {
        Line::default()
    }
    /// From now on has names in place of addresses and ports.
    pub fn name(&mut self, names: Names) {
        self.names = Some(names);
    }
    /// The names that it has.
    #[inline]
    pub fn names(&self) -> Option<&Names> {
        if cfg!(feature = "names") { self.names.as_ref() } else { None }
    }
    /// Writes one of its addresses, or its name if it has one and the line has names.
    pub fn write(&self, address: &Address, out: &mut Out) {
        match self.names() {
            None => address.write(out),
            Some(names) => names.write(address, out),
        }
    }
    /// Writes two ports to the info: `40001 → 5060`, with names `40001 → sip(5060)`.
    #[inline]
    pub(crate) fn ports(&mut self, of: Transport, source: u16, destination: u16) {
        let info = &mut self.info;
        let Some(names) = self.names.as_ref().filter(|_| cfg!(feature = "names")) else {
            info.dec(source.into()).str(" → ").dec(destination.into());
            return;
        };
        for (before, port) in [("", source), (" → ", destination)] {
            info.str(before);
            match names.port(of, port.into()) {
                Some(name) => info.str(name).byte(b'(').dec(port.into()).byte(b')'),
                None => info.dec(port.into()),
            };
        }
    }
    /// Whether more might stand in it, had a memory [for a part](crate::Dissector::memory_for) learnt all.
    pub fn lacks(&self) -> bool {
        self.lacks
    }
    pub(crate) fn begin(&mut self) {
        (self.source, self.destination, self.protocol, self.kept) = (Address::None, Address::None, "", 0);
        self.waits = false;
        self.info.clear();
    }
}
