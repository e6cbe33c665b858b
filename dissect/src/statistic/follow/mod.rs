//! What two ends said to each other: a TCP stream put in order, a UDP stream, an SCTP association by streams and messages, a
//! SIP call. Written as tshark's `-z follow`, or for people, or as JSON.

mod messages;
mod order;
mod write;

use super::ends::{address, children};
use super::{Counted, Look, Looks, QUOTING, Statistic, field};
use crate::format::Style;
use crate::{Address, Dissection, Dissector, Field, Kind, Node, Out};
use messages::Messages;
use order::Order;

/// How many bytes of what was said are kept. What comes behind is left out, and counted.
pub const MOST_BYTES: usize = 1 << 28;

/// What is followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whom {
    /// The TCP stream of this number.
    Tcp(u64),
    /// The UDP stream of this number.
    Udp(u64),
    /// The SCTP association of this index, and perhaps one of its streams.
    Sctp(u64, Option<u64>),
    /// The SIP dialogs of this Call-ID.
    Sip(String),
}

/// How it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// As tshark writes `ascii`: what can't be printed is a point.
    Ascii,
    /// As tshark writes `hex`.
    Hex,
    /// As tshark writes `raw`: a line of hexadecimal for each piece.
    Raw,
    /// For people: each piece with its packet, its time and what carried it, as text.
    Text(Style),
    /// The same with bytes in hexadecimal.
    Bytes(Style),
    /// An object for programs.
    Json,
}

/// A piece of what was said.
#[derive(Clone, Debug)]
struct Piece {
    /// The number of the packet that brought it, or its end.
    packet: u64,
    /// When, in nanoseconds since the first packet.
    since: i64,
    /// Who said it: 0 or 1.
    side: usize,
    /// Of SCTP, which message it is.
    message: Option<Message>,
    bytes: Vec<u8>,
    /// How many bytes are missing here, if it is a hole.
    missing: u64,
}

/// What SCTP says of a message.
#[derive(Clone, Copy, Debug)]
struct Message {
    tsn: u32,
    stream: u16,
    ppid: u32,
    unordered: bool,
}

/// What stands between its ends.
#[derive(Debug, Default)]
struct Said {
    pieces: Vec<Piece>,
    bytes: usize,
    left_out: u64,
}

impl Said {
    fn add(&mut self, piece: Piece) {
        self.bytes += piece.bytes.len();
        if self.bytes > MOST_BYTES {
            self.left_out += 1;
        } else {
            self.pieces.push(piece);
        }
    }
}

/// The fields it reads.
#[derive(Debug)]
struct Fields {
    root: Option<&'static Field>,
    stream: Option<&'static Field>,
    payload: Option<&'static Field>,
    sequence: Option<&'static Field>,
    acknowledgment: Option<&'static Field>,
    flags: Option<&'static Field>,
    /// Groups of addresses, with source and destination.
    below: Vec<(&'static Field, &'static Field, &'static Field)>,
    /// Groups of ports, with source and destination.
    ports: Vec<(&'static Field, &'static Field, &'static Field)>,
    quoting: Vec<&'static Field>,
}

/// Gathers what two ends said to each other.
#[derive(Debug)]
pub struct Follow {
    whom: Whom,
    manner: Manner,
    fields: Fields,
    nodes: Vec<(Address, u16)>,
    said: Said,
    /// Of TCP, each side's bytes in order.
    order: [Order; 2],
    /// Of SCTP, pieces on the way to be messages.
    messages: Messages,
}

impl Follow {
    /// Follows somebody.
    pub fn new(dissector: &Dissector, whom: Whom, manner: Manner) -> Follow {
        let find = |name: &str| field(dissector, name);
        let triple =
            |[root, source, destination]: [&str; 3]| Some((find(root)?, find(source)?, find(destination)?));
        let (root, stream, payload) = match &whom {
            Whom::Tcp(_) => ("tcp", "tcp.stream", "tcp.payload"),
            Whom::Udp(_) => ("udp", "udp.stream", "udp.payload"),
            Whom::Sctp(..) => ("sctp", "sctp.assoc_index", ""),
            Whom::Sip(_) => ("sip", "", ""),
        };
        let below = [["ip", "ip.src", "ip.dst"], ["ipv6", "ipv6.src", "ipv6.dst"]];
        let ports = [
            ["udp", "udp.srcport", "udp.dstport"],
            ["tcp", "tcp.srcport", "tcp.dstport"],
            ["sctp", "sctp.srcport", "sctp.dstport"],
        ];
        let fields = Fields {
            root: find(root),
            stream: find(stream),
            payload: find(payload),
            sequence: find("tcp.seq_raw"),
            acknowledgment: find("tcp.ack_raw"),
            flags: find("tcp.flags"),
            below: below.into_iter().filter_map(triple).collect(),
            ports: ports.into_iter().filter_map(triple).collect(),
            quoting: QUOTING.iter().filter_map(|name| find(name)).collect(),
        };
        Follow {
            whom,
            manner,
            fields,
            nodes: Vec::new(),
            said: Said::default(),
            order: Default::default(),
            messages: Messages::new(dissector),
        }
    }
    /// Which side an end is; the first that says something is 0.
    fn side(&mut self, from: (Address, u16), to: (Address, u16)) -> usize {
        if self.nodes.is_empty() {
            self.nodes.extend([from, to]);
        }
        let [first, second] = self.nodes.as_slice() else { return 0 };
        // The paths of an association have further addresses.
        let of_paths = matches!(self.whom, Whom::Sctp(..)) && first.1 != second.1 && first.1 == from.1;
        usize::from(*first != from && !of_paths)
    }
    fn tcp(&mut self, look: &Look<'_>, group: usize, from: (Address, u16), to: (Address, u16)) -> Option<()> {
        let Fields { payload, sequence, acknowledgment, flags, .. } = self.fields;
        let [payload, sequence, acknowledgment, flags] =
            children(look.dissection, group, [payload, sequence, acknowledgment, flags]);
        let (side, flags) = (self.side(from, to), flags?.value);
        let mut start = sequence?.value as u32;
        let said = &mut self.said;
        if flags & 0x10 != 0
            && let Some(other) = self.order.get_mut(1 - side)
        {
            other.acknowledged(acknowledgment?.value as u32, (look, 1 - side), said);
        }
        let order = self.order.get_mut(side)?;
        if flags & 2 != 0 {
            start = start.wrapping_add(1);
            order.begin(start);
        }
        let bytes = payload.map_or(&[][..], |node| look.dissection.bytes(node));
        order.segment(start, bytes, (look, side), said);
        Some(())
    }
    fn all(&mut self, look: &Look<'_>) {
        let dissection = look.dissection;
        let nodes = dissection.tree.nodes();
        let (mut below, mut ports, mut at) = ((Address::None, Address::None), (0, 0), 0);
        while let Some(node) = nodes.get(at).copied() {
            if node.field.show.kind != Kind::Protocol {
                at += 1;
                continue;
            }
            let same = |row: &&(&'static Field, &'static Field, &'static Field)| row.0 == node.field;
            if let Some((_, source, destination)) = self.fields.below.iter().find(same) {
                let [source, destination] = children(dissection, at, [Some(source), Some(destination)]);
                below = (address(dissection, source), address(dissection, destination));
            }
            if let Some((_, source, destination)) = self.fields.ports.iter().find(same) {
                let [source, destination] = children(dissection, at, [Some(source), Some(destination)]);
                ports =
                    (source.map_or(0, |one| one.value as u16), destination.map_or(0, |one| one.value as u16));
            }
            if self.fields.root == Some(node.field) {
                self.layer(look, at, (below.0, ports.0), (below.1, ports.1));
            }
            at = if self.fields.quoting.contains(&node.field) { node.end as usize } else { at + 1 };
        }
    }
    fn layer(
        &mut self,
        look: &Look<'_>,
        group: usize,
        from: (Address, u16),
        to: (Address, u16),
    ) -> Option<()> {
        let dissection = look.dissection;
        let [stream] = children(dissection, group, [self.fields.stream]);
        match self.whom.clone() {
            Whom::Tcp(number) if stream?.value == number => self.tcp(look, group, from, to),
            Whom::Udp(number) if stream?.value == number => {
                let [payload] = children(dissection, group, [self.fields.payload]);
                let bytes = dissection.bytes(payload?);
                self.piece(look, from, to, bytes);
                Some(())
            }
            Whom::Sctp(number, wanted) if stream?.value == number => {
                let side = self.side(from, to);
                self.messages.packet(look, group, side, wanted, &mut self.said);
                Some(())
            }
            Whom::Sip(call) if has_call(dissection, group, &call) => {
                let bytes = dissection.raw(dissection.tree.nodes().get(group)?);
                self.piece(look, from, to, bytes);
                Some(())
            }
            _ => None,
        }
    }
    fn piece(&mut self, look: &Look<'_>, from: (Address, u16), to: (Address, u16), bytes: &[u8]) {
        let side = self.side(from, to);
        self.said.add(Piece {
            packet: look.dissection.packet.number,
            since: look.since,
            side,
            message: None,
            bytes: bytes.to_vec(),
            missing: 0,
        });
    }
}

/// Whether a SIP message is one of a call.
fn has_call(dissection: Dissection<'_>, group: usize, call: &str) -> bool {
    let nodes = dissection.tree.nodes();
    let end = nodes.get(group).map_or(0, |node| node.end as usize);
    let inside = nodes.get(group + 1..end).unwrap_or(&[]);
    inside
        .iter()
        .any(|node: &Node| node.field.name == "sip.Call-ID" && dissection.bytes(node) == call.as_bytes())
}

impl Statistic for Follow {
    fn looks(&self) -> Looks {
        Looks::Whole
    }
    fn packet(&mut self, look: &Look<'_>) {
        self.all(look);
    }
    fn write(&self, out: &mut Out) {
        self.print(out);
    }
}

impl Follow {
    /// Whether anything was found.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }
    fn print(&self, out: &mut Out) {
        let mut late = Said::default();
        for (side, order) in self.order.iter().enumerate() {
            order.rest(side, &mut late);
        }
        self.messages.rest(&mut late);
        write::write(self, &late.pieces, out);
    }
}

/// Makes what `-z follow,tcp,ascii,3` asks for.
pub(super) fn make(dissector: &Dissector, rest: &str) -> Result<Counted, String> {
    let form = || "follow is followed by tcp, udp, sctp or sip, by ascii, hex or raw, and by a number (of SIP: a Call-ID)";
    let mut words = rest.splitn(3, ',');
    let (kind, manner, which) =
        (words.next().unwrap_or(""), words.next().unwrap_or(""), words.next().unwrap_or(""));
    let number = || which.parse::<u64>().map_err(|_| form().to_owned());
    let whom = match kind {
        "tcp" => Whom::Tcp(number()?),
        "udp" => Whom::Udp(number()?),
        "sip" if !which.is_empty() => Whom::Sip(which.to_owned()),
        "sctp" => {
            let (association, stream) =
                which.split_once(',').map_or((which, None), |(one, two)| (one, Some(two)));
            let stream = stream.map(|stream| stream.parse().map_err(|_| form().to_owned())).transpose()?;
            Whom::Sctp(association.parse().map_err(|_| form().to_owned())?, stream)
        }
        _ => return Err(form().to_owned()),
    };
    let manner = match manner {
        "ascii" => Manner::Ascii,
        "hex" => Manner::Hex,
        "raw" => Manner::Raw,
        _ => return Err(form().to_owned()),
    };
    Ok(Counted { filter: None, statistic: Box::new(Follow::new(dissector, whom, manner)) })
}

/// Writes seconds with so many digits behind the point.
pub(super) fn seconds(nanoseconds: i64, digits: usize, out: &mut Out) {
    let start = out.len();
    out.seconds(nanoseconds);
    let written = out.len();
    out.truncate((written - 9 + digits.min(9)).max(start));
}
