//! Expressions back to text, in one form: reading it again gives the same.

use super::syntax::{
    Carrier, Direction, Expr, Header, Join, Math, Protocol, Resolver, Sum, Term, Test, Transport,
};
use std::fmt::{self, Display, Formatter};
use std::net::{Ipv4Addr, Ipv6Addr};

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.first.fmt(f)?;
        for (join, test) in &self.rest {
            write!(f, " {} {test}", if *join == Join::And { "and" } else { "or" })?;
        }
        Ok(())
    }
}

impl Display for Test {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Test::Not(inner) => write!(f, "not {inner}"),
            Test::Group(expr) => write!(f, "({expr})"),
            Test::Term(_, term) => term.fmt(f),
        }
    }
}

impl Display for Term {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Term::Is(
                Protocol::Link(word, _)
                | Protocol::Ip(word, _)
                | Protocol::Ip6(word, _)
                | Protocol::Both(word, _),
            ) => f.write_str(word),
            Term::Carries(carrier, number) => write!(f, "{}proto {number}", carrier.map_or("", of_carrier)),
            Term::Host(resolver, direction, address, mask) => {
                let over = match resolver {
                    None => "",
                    Some(Resolver::Ip) => "ip ",
                    Some(Resolver::Arp) => "arp ",
                    Some(Resolver::Rarp) => "rarp ",
                };
                let address = Ipv4Addr::from(*address);
                match *mask {
                    u32::MAX => write!(f, "{over}{direction}host {address}"),
                    mask => write!(f, "{over}{direction}net {address} mask {}", Ipv4Addr::from(mask)),
                }
            }
            Term::Host6(direction, address, bits) => {
                write!(f, "{direction}net {}/{bits}", Ipv6Addr::from(*address))
            }
            Term::Station(direction, station) => {
                write!(f, "ether {direction}host ")?;
                for (at, byte) in station.iter().enumerate() {
                    write!(f, "{}{byte:02x}", if at > 0 { ":" } else { "" })?;
                }
                Ok(())
            }
            Term::Ports(transport, direction, low, high) => {
                let over = match transport {
                    None => "",
                    Some(Transport::Tcp) => "tcp ",
                    Some(Transport::Udp) => "udp ",
                    Some(Transport::Sctp) => "sctp ",
                };
                if low == high {
                    return write!(f, "{over}{direction}port {low}");
                }
                write!(f, "{over}{direction}portrange {low}-{high}")
            }
            Term::Broadcast(ip) => f.write_str(if *ip { "ip broadcast" } else { "ether broadcast" }),
            Term::Multicast(carrier) => write!(f, "{}multicast", carrier.map_or("", of_carrier)),
            Term::Tag(number) => numbered("vlan", number.map(u32::from), f),
            Term::Label(number) => numbered("mpls", *number, f),
            Term::Discovery => f.write_str("pppoed"),
            Term::Session(number) => numbered("pppoes", number.map(u32::from), f),
            Term::Outgoing(outgoing) => f.write_str(if *outgoing { "outbound" } else { "inbound" }),
            Term::Interface(number) => write!(f, "ifindex {number}"),
            Term::Compare(left, relation, right) => write!(f, "{left} {} {right}", relation.sign()),
        }
    }
}

fn of_carrier(carrier: Carrier) -> &'static str {
    match carrier {
        Carrier::Link => "ether ",
        Carrier::Ip => "ip ",
        Carrier::Ip6 => "ip6 ",
    }
}

fn numbered(word: &str, number: Option<u32>, f: &mut Formatter<'_>) -> fmt::Result {
    match number {
        Some(number) => write!(f, "{word} {number}"),
        None => f.write_str(word),
    }
}

/// With a blank behind it, as more follows.
impl Display for Direction {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Direction::Source => "src ",
            Direction::Destination => "dst ",
            Direction::Either => "",
            Direction::Both => "src and dst ",
        })
    }
}

impl Display for Sum {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Sum::Number(number) => number.fmt(f),
            Sum::Length => f.write_str("len"),
            Sum::Load(
                Header::Link(word) | Header::Network(word, _) | Header::Ip(word, _) | Header::Ip6(word, _),
                place,
                size,
            ) => match size {
                1 => write!(f, "{word}[{place}]"),
                _ => write!(f, "{word}[{place}:{size}]"),
            },
            Sum::Negate(inner) => {
                let bare = !matches!(**inner, Sum::Math(math, ..) if !math.grasps());
                part("-", bare, inner, f)
            }
            Sum::Math(math, left, right) => {
                let bare = match **left {
                    Sum::Math(other, ..) => {
                        !math.grasps() && other.tightness() >= math.tightness() && !left.is_open()
                    }
                    Sum::Negate(_) => !math.grasps() && !left.is_open(),
                    _ => true,
                };
                part("", bare, left, f)?;
                write!(f, " {} ", math.sign())?;
                part("", right.is_bare_behind(*math), right, f)
            }
        }
    }
}

impl Sum {
    /// Whether it needs no parentheses behind this operator. No more are written than stood there: so what was not too deep to be
    /// read is not too deep when it was printed.
    fn is_bare_behind(&self, math: Math) -> bool {
        match self {
            Sum::Math(other, ..) => other.grasps() || math.grasps() || other.tightness() > math.tightness(),
            _ => true,
        }
    }
    /// Whether an operator behind it would be taken by one that grasps all that follows.
    fn is_open(&self) -> bool {
        match self {
            Sum::Negate(inner) => match **inner {
                Sum::Math(math, ..) => math.grasps(),
                _ => inner.is_open(),
            },
            Sum::Math(math, _, right) => math.grasps() || right.is_bare_behind(*math) && right.is_open(),
            _ => false,
        }
    }
}

/// A part of arithmetic, in parentheses if it needs them.
fn part(sign: &str, bare: bool, part: &Sum, f: &mut Formatter<'_>) -> fmt::Result {
    if bare { write!(f, "{sign}{part}") } else { write!(f, "{sign}({part})") }
}
