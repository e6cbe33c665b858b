//! What an expression says.

/// Tests joined from left to right: each `and` and `or` joins all before it with what follows.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Expr {
    pub(super) first: Box<Test>,
    pub(super) rest: Vec<(Join, Test)>,
}

/// How a test is joined with what stands before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Join {
    And,
    Or,
}

/// A test.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Test {
    Not(Box<Test>),
    Group(Expr),
    /// A test of the packet, behind the headers that were named before it.
    Term(Behind, Term),
}

/// Which headers that stand between the link's and the network's were named before a test: it looks behind them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Behind {
    /// 802.1Q tags.
    pub(super) tags: u16,
    /// A PPPoE session.
    pub(super) session: bool,
    /// MPLS labels.
    pub(super) labels: u16,
}

/// What a test asks.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Term {
    /// A protocol is there: `sctp`.
    Is(Protocol),
    /// What a layer carries, by its number: `ip proto 132`.
    Carries(Option<Carrier>, u32),
    /// An IPv4 address and the bits of it that count, of who is on the network: `ip src host 10.0.0.1`.
    Host(Option<Resolver>, Direction, u32, u32),
    /// An IPv6 address and how many bits of it count.
    Host6(Direction, u128, u8),
    /// A hardware address: `ether host 02:00:00:00:00:01`.
    Station(Direction, [u8; 6]),
    /// Ports from one to another: `tcp dst port 80`.
    Ports(Option<Transport>, Direction, u16, u16),
    /// To all: of the link, or of IPv4, whose masks are not known.
    Broadcast(bool),
    /// To a group: of the link, of IPv4, of IPv6.
    Multicast(Option<Carrier>),
    /// An 802.1Q tag, with this VLAN: `vlan 10`.
    Tag(Option<u16>),
    /// An MPLS label.
    Label(Option<u32>),
    /// PPPoE's discovery.
    Discovery,
    /// A PPPoE session, with this number.
    Session(Option<u16>),
    /// The capturing host sent the packet, or did not.
    Outgoing(bool),
    /// Linux's number of the interface.
    Interface(u32),
    /// A comparison of two sums: `ip[8] < 5`.
    Compare(Sum, Relation, Sum),
}

/// A protocol that has a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Protocol {
    /// Of the link, by its `EtherType` or its service access point.
    Link(&'static str, u32),
    /// Of IPv4.
    Ip(&'static str, u8),
    /// Of IPv6.
    Ip6(&'static str, u8),
    /// Of both.
    Both(&'static str, u8),
}

/// Whose payload is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Carrier {
    Link,
    Ip,
    Ip6,
}

/// Which protocol an address stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Resolver {
    Ip,
    Arp,
    Rarp,
}

/// Whose ports are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Transport {
    Tcp,
    Udp,
    Sctp,
}

/// Which end is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Source,
    Destination,
    Either,
    Both,
}

/// A number made of the packet's bytes.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Sum {
    Number(u32),
    /// The packet's length on the wire.
    Length,
    /// So many bytes of a header from there: `ip[6:2]`.
    Load(Header, Box<Sum>, u8),
    Negate(Box<Sum>),
    Math(Math, Box<Sum>, Box<Sum>),
}

/// Whose bytes are meant, from the first of its header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Header {
    /// The link's, which is always there.
    Link(&'static str),
    /// A protocol of the link.
    Network(&'static str, u32),
    /// A protocol of IPv4, in its first fragment.
    Ip(&'static str, u8),
    /// A protocol right behind the header of IPv6.
    Ip6(&'static str, u8),
}

/// Arithmetic on 32 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Math {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    And,
    Or,
    Xor,
    Left,
    Right,
}

/// How two numbers are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    Equal,
    NotEqual,
    Less,
    AtMost,
    Greater,
    AtLeast,
}
