//! What an expression says of a packet. `None` is a look beyond the bytes, or a division by zero: the packet is out.

use super::names::{ARP, IP, IP6, RARP};
use super::syntax::{
    Behind, Carrier, Direction, Expr, Header, Join, Math, Protocol, Relation, Resolver, Sum, Term, Test,
    Transport,
};
use crate::Packet;
use crate::capture::LinkType;
use crate::header::number;

/// The largest number that is a length, where an `EtherType` stands (IEEE 802.3, 3.2.6).
const MOST_LENGTH: u32 = 1500;

/// What 802.1Q tags have as their type.
const TAGS: [u32; 3] = [0x8100, 0x88a8, 0x9100];
const DISCOVERY: u32 = 0x8863;
const SESSION: u32 = 0x8864;
const LABELS: u32 = 0x8847;

/// The bits of an IPv4 header that say where a fragment stands.
const FRAGMENT_OFFSET: u32 = 0x1fff;
/// IPv6's header for fragments.
const FRAGMENT: u32 = 44;
/// How long IPv6's header is.
const HEADER6: usize = 40;
/// Linux cooked mode: the capturing host sent the packet.
const OUTGOING: u32 = 4;

/// Whether an expression holds.
pub(super) fn holds(expr: &Expr, packet: &Packet<'_>) -> Option<bool> {
    let mut answer = test(&expr.first, packet)?;
    for (join, next) in &expr.rest {
        // What is decided needs no look at the next.
        if answer == (*join == Join::And) {
            answer = test(next, packet)?;
        }
    }
    Some(answer)
}

fn test(test: &Test, packet: &Packet<'_>) -> Option<bool> {
    match test {
        Test::Not(inner) => self::test(inner, packet).map(|answer| !answer),
        Test::Group(expr) => holds(expr, packet),
        Test::Term(behind, term) => View::new(packet, *behind).term(term),
    }
}

/// What says which protocol the link carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// An `EtherType`, or a length and a service access point behind it.
    Ethernet,
    /// The same of Linux's cooked mode, where 4 stands for the length.
    Cooked,
    /// An `EtherType` alone.
    EtherType,
    /// The number of an address family, in the byte order of the capturing host.
    Family,
    /// PPP's numbers.
    Ppp,
    /// Nothing: the version of IP.
    Version,
    /// Nothing: it is always this.
    Only(u32),
    /// The version of IP behind the last of a stack of labels.
    Label,
}

/// A packet behind the headers that were named.
#[derive(Clone, Copy, Debug)]
struct View<'p> {
    packet: &'p Packet<'p>,
    /// `None` for a link that is not known here: it carries nothing.
    kind: Option<Kind>,
    /// Where the link's header begins.
    link: usize,
    /// Where it says what it carries.
    kind_at: usize,
    /// Where that begins.
    payload: usize,
    /// Whether labels were named: then addresses are IP's alone.
    labelled: bool,
}

impl<'p> View<'p> {
    fn new(packet: &'p Packet<'p>, behind: Behind) -> View<'p> {
        let (kind, mut kind_at, mut payload) = match packet.link {
            LinkType::ETHERNET => (Some(Kind::Ethernet), 12, 14),
            LinkType::NULL | LinkType::LOOP => (Some(Kind::Family), 0, 4),
            LinkType::RAW | LinkType::DLT_RAW | LinkType::DLT_RAW_OPENBSD => (Some(Kind::Version), 0, 0),
            LinkType::IPV4 => (Some(Kind::Only(IP)), 0, 0),
            LinkType::IPV6 => (Some(Kind::Only(IP6)), 0, 0),
            LinkType::LINUX_SLL => (Some(Kind::Cooked), 14, 16),
            LinkType::LINUX_SLL2 => (Some(Kind::Cooked), 0, 20),
            LinkType::PPP | LinkType::PPP_HDLC => (Some(Kind::Ppp), 2, 4),
            LinkType::PPP_ETHER => (Some(Kind::Ppp), 6, 8),
            LinkType::C_HDLC => (Some(Kind::EtherType), 2, 4),
            _ => (None, 0, 0),
        };
        let (mut kind, mut link) = (kind, 0);
        let tags = 4 * usize::from(behind.tags);
        (kind_at, payload) = (kind_at + tags, payload + tags);
        if behind.session {
            (kind, link, kind_at, payload) = (kind.map(|_| Kind::Ppp), payload + 6, payload + 6, payload + 8);
        }
        let labelled = behind.labels > 0;
        if labelled {
            payload += 4 * usize::from(behind.labels);
            (kind, kind_at) = (kind.map(|_| Kind::Label), payload - 4);
        }
        View { packet, kind, link, kind_at, payload, labelled }
    }
    /// So many bytes as a number.
    fn load(&self, at: usize, size: usize) -> Option<u32> {
        let bytes = self.packet.bytes.get(at..at.checked_add(size)?)?;
        Some(number(bytes) as u32)
    }
    /// Whether the link carries this.
    fn carries(&self, kind: u32) -> Option<bool> {
        let Some(own) = self.kind else { return Some(false) };
        let at = self.kind_at;
        Some(match own {
            Kind::Ethernet | Kind::Cooked => {
                let found = self.load(at, 2)?;
                if kind > MOST_LENGTH {
                    return Some(found == kind);
                }
                let is_length = if own == Kind::Ethernet { found <= MOST_LENGTH } else { found == 4 };
                // OSI's and NetBIOS's access points stand on both sides.
                is_length
                    && match kind {
                        0xfe | 0xf0 => self.load(self.payload, 2)? == kind << 8 | kind,
                        _ => self.load(self.payload, 1)? == kind,
                    }
            }
            Kind::EtherType => self.load(at, 2)? == kind,
            Kind::Family => {
                let found = self.load(at, 4)?;
                // The host's order is not told by the packet.
                let family = if found > 0xffff { found.swap_bytes() } else { found };
                match kind {
                    IP => family == 2,
                    // Those of Linux, NetBSD, FreeBSD and macOS.
                    IP6 => [10, 24, 28, 30].contains(&family),
                    _ => false,
                }
            }
            Kind::Ppp => {
                let number = match kind {
                    IP => 0x21,
                    IP6 => 0x57,
                    LABELS => 0x281,
                    0xfe => 0x23,
                    other => other,
                };
                self.load(at, 2)? == number
            }
            Kind::Version => self.is_version(kind)?,
            Kind::Only(only) => kind == only,
            Kind::Label => self.load(at + 2, 1)? & 1 == 1 && self.is_version(kind)?,
        })
    }
    fn is_version(&self, kind: u32) -> Option<bool> {
        let version = match kind {
            IP => 4,
            IP6 => 6,
            _ => return Some(false),
        };
        Some(self.load(self.payload, 1)? >> 4 == version)
    }
    /// Whether IPv4 carries this.
    fn ip_carries(&self, number: u32) -> Option<bool> {
        Some(self.carries(IP)? && self.load(self.payload + 9, 1)? == number)
    }
    /// Whether IPv6 carries this, right behind its header or behind one of a fragment.
    fn ip6_carries(&self, number: u32) -> Option<bool> {
        if !self.carries(IP6)? {
            return Some(false);
        }
        let next = self.load(self.payload + 6, 1)?;
        Some(next == number || next == FRAGMENT && self.load(self.payload + HEADER6, 1)? == number)
    }
    fn is_first_fragment(&self) -> Option<bool> {
        Some(self.load(self.payload + 6, 2)? & FRAGMENT_OFFSET == 0)
    }
    /// Where what IPv4 carries begins.
    fn behind_ip(&self) -> Option<usize> {
        Some(self.payload + 4 * (self.load(self.payload, 1)? & 0xf) as usize)
    }
    fn term(&self, term: &Term) -> Option<bool> {
        Some(match term {
            Term::Is(Protocol::Link(_, kind)) | Term::Carries(Some(Carrier::Link), kind) => {
                self.carries(*kind)?
            }
            Term::Is(Protocol::Ip(_, number)) => self.ip_carries((*number).into())?,
            Term::Is(Protocol::Ip6(_, number)) => self.ip6_carries((*number).into())?,
            Term::Is(Protocol::Both(_, number)) => self.either_carries((*number).into())?,
            Term::Carries(None, number) => self.either_carries(*number)?,
            Term::Carries(Some(Carrier::Ip), number) => self.ip_carries(*number)?,
            Term::Carries(Some(Carrier::Ip6), number) => self.ip6_carries(*number)?,
            Term::Host(resolver, direction, address, mask) => {
                self.host(*resolver, *direction, *address, *mask)?
            }
            Term::Host6(direction, address, bits) => self.host6(*direction, *address, *bits)?,
            Term::Station(direction, station) => {
                self.kind == Some(Kind::Ethernet)
                    && ends(*direction, |source| self.has_station(if source { 6 } else { 0 }, *station))?
            }
            Term::Ports(transport, direction, low, high) => {
                self.ports(*transport, *direction, *low..=*high)?
            }
            Term::Broadcast(true) => {
                self.carries(IP)? && [0, u32::MAX].contains(&self.load(self.payload + 16, 4)?)
            }
            Term::Broadcast(false) => self.kind == Some(Kind::Ethernet) && self.has_station(0, [0xff; 6])?,
            Term::Multicast(Some(Carrier::Ip)) => {
                self.carries(IP)? && self.load(self.payload + 16, 1)? >= 224
            }
            Term::Multicast(Some(Carrier::Ip6)) => {
                self.carries(IP6)? && self.load(self.payload + 24, 1)? == 255
            }
            Term::Multicast(_) => self.kind == Some(Kind::Ethernet) && self.load(0, 1)? & 1 == 1,
            Term::Tag(number) => {
                self.kind == Some(Kind::Ethernet)
                    && TAGS.contains(&self.load(self.kind_at, 2)?)
                    && is(*number, || Some((self.load(self.payload, 2)? & 0xfff) as u16))?
            }
            Term::Label(number) => self.label(*number)?,
            Term::Discovery => self.carries(DISCOVERY)?,
            Term::Session(number) => {
                self.carries(SESSION)? && is(*number, || Some(self.load(self.payload + 2, 2)? as u16))?
            }
            Term::Outgoing(outgoing) => self.outgoing() == Some(*outgoing),
            Term::Interface(number) => {
                self.packet.link == LinkType::LINUX_SLL2 && self.load(4, 4)? == *number
            }
            Term::Compare(left, relation, right) => {
                self.has(left)?
                    && self.has(right)?
                    && compare(self.value(left)?, *relation, self.value(right)?)
            }
        })
    }
    fn either_carries(&self, number: u32) -> Option<bool> {
        Some(self.ip6_carries(number)? || self.ip_carries(number)?)
    }
    fn host(
        &self,
        resolver: Option<Resolver>,
        direction: Direction,
        address: u32,
        mask: u32,
    ) -> Option<bool> {
        let all: &[(u32, usize, usize)] = match resolver {
            None if !self.labelled => &[(IP, 12, 16), (ARP, 14, 24), (RARP, 14, 24)],
            None | Some(Resolver::Ip) => &[(IP, 12, 16)],
            Some(Resolver::Arp) => &[(ARP, 14, 24)],
            Some(Resolver::Rarp) => &[(RARP, 14, 24)],
        };
        for (kind, source, destination) in all {
            if self.carries(*kind)? {
                return ends(direction, |is_source| {
                    let at = self.payload + if is_source { *source } else { *destination };
                    Some(self.load(at, 4)? & mask == address)
                });
            }
        }
        Some(false)
    }
    fn host6(&self, direction: Direction, address: u128, bits: u8) -> Option<bool> {
        let mask = u128::MAX.checked_shl(128 - u32::from(bits)).unwrap_or(0);
        Some(
            self.carries(IP6)?
                && ends(direction, |is_source| {
                    let at = self.payload + if is_source { 8 } else { 24 };
                    let bytes = self.packet.bytes.get(at..at + 16)?;
                    Some(u128::from_be_bytes(bytes.try_into().ok()?) & mask == address)
                })?,
        )
    }
    fn ports(
        &self,
        transport: Option<Transport>,
        direction: Direction,
        ports: std::ops::RangeInclusive<u16>,
    ) -> Option<bool> {
        let is_meant = |number: u32| match transport {
            None => [6, 17, 132].contains(&number),
            Some(Transport::Tcp) => number == 6,
            Some(Transport::Udp) => number == 17,
            Some(Transport::Sctp) => number == 132,
        };
        let begin = if self.carries(IP6)? {
            if !is_meant(self.load(self.payload + 6, 1)?) {
                return Some(false);
            }
            self.payload + HEADER6
        } else {
            let meant = self.carries(IP)? && is_meant(self.load(self.payload + 9, 1)?);
            if !meant || !self.is_first_fragment()? {
                return Some(false);
            }
            self.behind_ip()?
        };
        ends(direction, |is_source| {
            let port = self.load(begin + if is_source { 0 } else { 2 }, 2)?;
            Some(ports.contains(&(port as u16)))
        })
    }
    fn has_station(&self, at: usize, station: [u8; 6]) -> Option<bool> {
        self.packet.bytes.get(at..at + 6).map(|found| found == station)
    }
    /// Whether a label stands here: behind another if that is not the last of its stack.
    fn label(&self, number: Option<u32>) -> Option<bool> {
        let here =
            if self.labelled { self.load(self.kind_at + 2, 1)? & 1 == 0 } else { self.carries(LABELS)? };
        Some(here && is(number, || Some(self.load(self.payload, 4)? >> 12))?)
    }
    /// Whether the capturing host sent the packet, where the capture says.
    fn outgoing(&self) -> Option<bool> {
        match self.packet.link {
            LinkType::LINUX_SLL => Some(self.load(0, 2)? == OUTGOING),
            LinkType::LINUX_SLL2 => Some(self.load(10, 1)? == OUTGOING),
            _ => match self.packet.options.flags()?.0 & 3 {
                1 => Some(false),
                2 => Some(true),
                _ => None,
            },
        }
    }
}

/// Whether an end has it, or both have.
fn ends(direction: Direction, has: impl Fn(bool) -> Option<bool>) -> Option<bool> {
    Some(match direction {
        Direction::Source => has(true)?,
        Direction::Destination => has(false)?,
        Direction::Either => has(true)? || has(false)?,
        Direction::Both => has(true)? && has(false)?,
    })
}

/// Whether a number is the wanted one, if one is wanted.
fn is<T: PartialEq>(wanted: Option<T>, found: impl FnOnce() -> Option<T>) -> Option<bool> {
    match wanted {
        Some(wanted) => Some(found()? == wanted),
        None => Some(true),
    }
}

/// Sums.
impl View<'_> {
    /// Whether all headers are there that a sum reads.
    fn has(&self, sum: &Sum) -> Option<bool> {
        Some(match sum {
            Sum::Number(_) | Sum::Length => true,
            Sum::Negate(inner) => self.has(inner)?,
            Sum::Math(_, left, right) => self.has(left)? && self.has(right)?,
            Sum::Load(header, place, _) => {
                self.has(place)?
                    && match header {
                        Header::Link(_) => true,
                        Header::Network(_, kind) => self.carries(*kind)?,
                        Header::Ip(_, number) => {
                            self.ip_carries((*number).into())? && self.is_first_fragment()?
                        }
                        Header::Ip6(_, number) => {
                            self.carries(IP6)? && self.load(self.payload + 6, 1)? == u32::from(*number)
                        }
                    }
            }
        })
    }
    fn value(&self, sum: &Sum) -> Option<u32> {
        Some(match sum {
            Sum::Number(number) => *number,
            Sum::Length => self.packet.original,
            Sum::Negate(inner) => self.value(inner)?.wrapping_neg(),
            Sum::Load(header, place, size) => {
                let begin = match header {
                    Header::Link(_) => self.link,
                    Header::Network(..) => self.payload,
                    Header::Ip(..) => self.behind_ip()?,
                    Header::Ip6(..) => self.payload + HEADER6,
                };
                // What stands before a header is counted by negative numbers.
                let at = u32::try_from(begin).ok()?.wrapping_add(self.value(place)?);
                self.load(usize::try_from(at).ok()?, usize::from(*size))?
            }
            Sum::Math(math, left, right) => {
                let (a, b) = (self.value(left)?, self.value(right)?);
                match math {
                    Math::Add => a.wrapping_add(b),
                    Math::Subtract => a.wrapping_sub(b),
                    Math::Multiply => a.wrapping_mul(b),
                    Math::Divide => a.checked_div(b)?,
                    Math::Remainder => a.checked_rem(b)?,
                    Math::And => a & b,
                    Math::Or => a | b,
                    Math::Xor => a ^ b,
                    Math::Left => a.checked_shl(b).unwrap_or(0),
                    Math::Right => a.checked_shr(b).unwrap_or(0),
                }
            }
        })
    }
}

fn compare(a: u32, relation: Relation, b: u32) -> bool {
    match relation {
        Relation::Equal => a == b,
        Relation::NotEqual => a != b,
        Relation::Less => a < b,
        Relation::AtMost => a <= b,
        Relation::Greater => a > b,
        Relation::AtLeast => a >= b,
    }
}
