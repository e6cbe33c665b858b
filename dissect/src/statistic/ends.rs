//! Who talks to whom: the ends of each layer of a kind in a packet.

use super::{Look, QUOTING, field};
use crate::tree::Node;
use crate::{Address, Dissection, Dissector, Ends, Field, Kind};

/// A layer with ends.
#[derive(Debug)]
pub(super) struct Layer {
    /// The name of its protocol.
    pub(super) name: &'static str,
    /// What tshark calls its statistics.
    pub(super) title: &'static str,
    /// The fields of its two ends: addresses, or ports.
    source: &'static str,
    destination: &'static str,
    /// What tells conversations of the same ends apart, where something does.
    stream: &'static str,
    /// Whether its ends are ports.
    pub(super) has_ports: bool,
}

pub(super) static ETHERNET: Layer = Layer {
    name: "eth",
    title: "Ethernet",
    source: "eth.src",
    destination: "eth.dst",
    stream: "",
    has_ports: false,
};
pub(super) static IPV4: Layer = Layer {
    name: "ip",
    title: "IPv4",
    source: "ip.src",
    destination: "ip.dst",
    stream: "",
    has_ports: false,
};
pub(super) static IPV6: Layer = Layer {
    name: "ipv6",
    title: "IPv6",
    source: "ipv6.src",
    destination: "ipv6.dst",
    stream: "",
    has_ports: false,
};
pub(super) static TCP: Layer = Layer {
    name: "tcp",
    title: "TCP",
    source: "tcp.srcport",
    destination: "tcp.dstport",
    stream: "tcp.stream",
    has_ports: true,
};
pub(super) static UDP: Layer = Layer {
    name: "udp",
    title: "UDP",
    source: "udp.srcport",
    destination: "udp.dstport",
    stream: "udp.stream",
    has_ports: true,
};
pub(super) static SCTP: Layer = Layer {
    name: "sctp",
    title: "SCTP",
    source: "sctp.srcport",
    destination: "sctp.dstport",
    stream: "",
    has_ports: true,
};

/// Finds the ends of a layer in trees.
#[derive(Debug)]
pub(super) struct Finder {
    pub(super) layer: &'static Layer,
    /// Fields of a dissector, by what they are here; the groups of protocols last.
    roots: Vec<&'static Field>,
    source: Option<&'static Field>,
    destination: Option<&'static Field>,
    stream: Option<&'static Field>,
    /// The addresses that ports belong to: groups, sources, destinations.
    below: Vec<(&'static Field, &'static Field, &'static Field)>,
    quoting: Vec<&'static Field>,
}

impl Finder {
    pub(super) fn new(dissector: &Dissector, layer: &'static Layer) -> Finder {
        let find = |name: &str| field(dissector, name);
        let address =
            |layer: &Layer| Some((find(layer.name)?, find(layer.source)?, find(layer.destination)?));
        let below = if layer.has_ports {
            [&IPV4, &IPV6].into_iter().filter_map(address).collect()
        } else {
            Vec::new()
        };
        Finder {
            layer,
            roots: find(layer.name).into_iter().collect(),
            source: find(layer.source),
            destination: find(layer.destination),
            stream: find(layer.stream),
            below,
            quoting: QUOTING.iter().filter_map(|name| find(name)).collect(),
        }
    }
    /// The fields it reads.
    pub(super) fn fields(&self) -> Vec<&'static Field> {
        let mut fields: Vec<&Field> =
            [self.source, self.destination, self.stream].into_iter().flatten().collect();
        fields.extend(&self.roots);
        fields.extend(&self.quoting);
        fields
            .extend(self.below.iter().flat_map(|(group, source, destination)| [group, source, destination]));
        fields
    }
    /// Calls `found` with the ends of each such layer of a packet, and with what tells the conversation apart.
    pub(super) fn each(&self, look: &Look<'_>, mut found: impl FnMut(Ends, u64)) {
        let (dissection, mut at) = (look.dissection, 0);
        let nodes = dissection.tree.nodes();
        let mut below = (Address::None, Address::None);
        while let Some(node) = nodes.get(at) {
            if node.field.show.kind != Kind::Protocol {
                at += 1;
                continue;
            }
            if self.roots.contains(&node.field) {
                let [source, destination, stream] =
                    children(dissection, at, [self.source, self.destination, self.stream]);
                if let (Some(source), Some(destination)) = (source, destination) {
                    let stream = stream.map_or(0, |node| node.value);
                    found(self.ends(dissection, below, source, destination), stream);
                }
            } else if let Some((_, source, destination)) = self.below.iter().find(|row| row.0 == node.field) {
                let [source, destination] = children(dissection, at, [Some(source), Some(destination)]);
                below = (address(dissection, source), address(dissection, destination));
            }
            at = if self.quoting.contains(&node.field) { node.end as usize } else { at + 1 };
        }
    }
    fn ends(
        &self,
        dissection: Dissection<'_>,
        below: (Address, Address),
        source: &Node,
        destination: &Node,
    ) -> Ends {
        if self.layer.has_ports {
            let (source_port, destination_port) = (source.value as u16, destination.value as u16);
            return Ends { source: below.0, destination: below.1, source_port, destination_port };
        }
        let (source, destination) =
            (address(dissection, Some(source)), address(dissection, Some(destination)));
        Ends { source, destination, source_port: 0, destination_port: 0 }
    }
}

/// The first child of each field.
pub(super) fn children<'t, const N: usize>(
    dissection: Dissection<'t>,
    group: usize,
    fields: [Option<&'static Field>; N],
) -> [Option<&'t Node>; N] {
    let (nodes, mut found) = (dissection.tree.nodes(), [None; N]);
    for node in dissection.tree.children(group).filter_map(|at| nodes.get(at)) {
        for (field, found) in fields.iter().zip(&mut found) {
            if found.is_none() && *field == Some(node.field) {
                *found = Some(node);
            }
        }
        if found.iter().zip(&fields).all(|(found, field)| found.is_some() || field.is_none()) {
            break;
        }
    }
    found
}

pub(super) fn address(dissection: Dissection<'_>, node: Option<&Node>) -> Address {
    let Some(node) = node else { return Address::None };
    let bytes = dissection.bytes(node);
    match node.field.show.kind {
        Kind::Ipv4 => Address::Ipv4(node.value as u32),
        Kind::Ipv6 => bytes.first_chunk().map_or(Address::None, |bytes| Address::Ipv6(*bytes)),
        Kind::Ether => bytes.first_chunk().map_or(Address::None, |bytes| Address::Ether(*bytes)),
        _ => Address::None,
    }
}
