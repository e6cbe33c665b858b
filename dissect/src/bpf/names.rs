//! The words: protocols, headers, signs, named numbers, ports.

use super::syntax::{Carrier, Header, Math, Protocol, Relation, Resolver, Transport};

/// What `ip` and its like are on the link.
pub(super) const IP: u32 = 0x0800;
pub(super) const IP6: u32 = 0x86dd;
pub(super) const ARP: u32 = 0x0806;
pub(super) const RARP: u32 = 0x8035;

/// A word that stands for a protocol, and what it can qualify.
#[derive(Debug)]
pub(super) struct Name {
    pub(super) word: &'static str,
    /// What the word alone asks for; `ether` alone asks for nothing.
    pub(super) alone: Option<Protocol>,
    /// What of it brackets read.
    pub(super) header: Option<Header>,
    pub(super) qualifies: Qualifies,
}

/// What a protocol's name in front of a test makes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Qualifies {
    Link,
    Ip,
    Ip6,
    Resolver(Resolver),
    Transport(Transport),
    Nothing,
}

impl Qualifies {
    /// Whose payload a number behind `proto` names.
    pub(super) fn carrier(self) -> Option<Carrier> {
        match self {
            Qualifies::Link => Some(Carrier::Link),
            Qualifies::Ip => Some(Carrier::Ip),
            Qualifies::Ip6 => Some(Carrier::Ip6),
            _ => None,
        }
    }
}

const fn link(word: &'static str, kind: u32) -> Name {
    let (alone, header) = (Some(Protocol::Link(word, kind)), Some(Header::Network(word, kind)));
    let qualifies = match kind {
        IP => Qualifies::Ip,
        IP6 => Qualifies::Ip6,
        ARP => Qualifies::Resolver(Resolver::Arp),
        RARP => Qualifies::Resolver(Resolver::Rarp),
        _ => Qualifies::Nothing,
    };
    Name { word, alone, header, qualifies }
}

const fn medium(word: &'static str) -> Name {
    Name { word, alone: None, header: Some(Header::Link(word)), qualifies: Qualifies::Link }
}

const fn ip(word: &'static str, number: u8) -> Name {
    let (alone, header) = (Some(Protocol::Ip(word, number)), Some(Header::Ip(word, number)));
    Name { word, alone, header, qualifies: Qualifies::Nothing }
}

const fn both(word: &'static str, number: u8) -> Name {
    let header = match number {
        50 | 51 => None,
        _ => Some(Header::Ip(word, number)),
    };
    let qualifies = match number {
        6 => Qualifies::Transport(Transport::Tcp),
        17 => Qualifies::Transport(Transport::Udp),
        132 => Qualifies::Transport(Transport::Sctp),
        _ => Qualifies::Nothing,
    };
    Name { word, alone: Some(Protocol::Both(word, number)), header, qualifies }
}

static NAMES: &[Name] = &[
    medium("ether"),
    medium("link"),
    medium("ppp"),
    medium("slip"),
    medium("fddi"),
    medium("tr"),
    medium("wlan"),
    link("ip", IP),
    link("ip6", IP6),
    link("arp", ARP),
    link("rarp", RARP),
    link("decnet", 0x6003),
    link("lat", 0x6004),
    link("sca", 0x6007),
    link("moprc", 0x6002),
    link("mopdl", 0x6001),
    Name { header: None, ..link("stp", 0x42) },
    Name { header: None, ..link("iso", 0xfe) },
    Name { header: None, ..link("netbeui", 0xf0) },
    both("tcp", 6),
    both("udp", 17),
    both("sctp", 132),
    both("pim", 103),
    both("ah", 51),
    both("esp", 50),
    ip("icmp", 1),
    ip("igmp", 2),
    ip("igrp", 9),
    ip("vrrp", 112),
    ip("carp", 112),
    Name {
        word: "icmp6",
        alone: Some(Protocol::Ip6("icmp6", 58)),
        header: Some(Header::Ip6("icmp6", 58)),
        qualifies: Qualifies::Nothing,
    },
];

/// The protocol of a word.
pub(super) fn protocol(word: &str) -> Option<&'static Name> {
    NAMES.iter().find(|one| one.word == word)
}

/// Words that are neither protocols nor numbers.
static WORDS: &[&str] = &[
    "and",
    "or",
    "not",
    "src",
    "dst",
    "host",
    "net",
    "mask",
    "port",
    "portrange",
    "proto",
    "broadcast",
    "multicast",
    "less",
    "greater",
    "len",
    "length",
    "vlan",
    "mpls",
    "pppoed",
    "pppoes",
    "inbound",
    "outbound",
    "ifindex",
];

/// Words of libpcap that are not read here.
static ELSEWHERE: &[&str] = &[
    "gateway",
    "protochain",
    "llc",
    "geneve",
    "byte",
    "type",
    "subtype",
    "direction",
    "dir",
    "addr1",
    "addr2",
    "addr3",
    "addr4",
    "ra",
    "ta",
    "radio",
    "atalk",
    "aarp",
    "ipx",
    "esis",
    "es-is",
    "isis",
    "is-is",
    "clnp",
    "l1",
    "l2",
    "iih",
    "lsp",
    "snp",
    "csnp",
    "psnp",
    "lane",
    "metac",
    "bcc",
    "sc",
    "ilmic",
    "vpi",
    "vci",
    "oam",
    "oamf4",
    "connectmsg",
    "metaconnect",
    "fisu",
    "lssu",
    "lsu",
    "msu",
    "hfisu",
    "hlssu",
    "hmsu",
    "sio",
    "opc",
    "dpc",
    "sls",
    "hsio",
    "hopc",
    "hdpc",
    "hsls",
    "ifname",
    "on",
    "rnr",
    "rulenum",
    "srnr",
    "subrulenum",
    "reason",
    "rset",
    "ruleset",
    "action",
];

/// Whether libpcap has this word and we have not.
pub(super) fn is_elsewhere(word: &str) -> bool {
    ELSEWHERE.contains(&word)
}

/// Whether a word means something, so that it is no name of a port or protocol.
pub(super) fn is_keyword(word: &str) -> bool {
    WORDS.contains(&word) || is_elsewhere(word) || protocol(word).is_some() || number(word).is_some()
}

/// The word that is nearest to one that means nothing.
pub(super) fn nearest(word: &str) -> Option<&'static str> {
    let words = WORDS.iter().copied().chain(NAMES.iter().map(|one| one.word));
    crate::filter::nearest(word, words.chain(NUMBERS.iter().map(|one| one.0)))
}

/// Places in headers, and values there.
static NUMBERS: &[(&str, u32)] = &[
    ("icmptype", 0),
    ("icmpcode", 1),
    ("icmp-echoreply", 0),
    ("icmp-unreach", 3),
    ("icmp-sourcequench", 4),
    ("icmp-redirect", 5),
    ("icmp-echo", 8),
    ("icmp-routeradvert", 9),
    ("icmp-routersolicit", 10),
    ("icmp-timxceed", 11),
    ("icmp-paramprob", 12),
    ("icmp-tstamp", 13),
    ("icmp-tstampreply", 14),
    ("icmp-ireq", 15),
    ("icmp-ireqreply", 16),
    ("icmp-maskreq", 17),
    ("icmp-maskreply", 18),
    ("icmp6type", 0),
    ("icmp6code", 1),
    ("icmp6-destinationunreach", 1),
    ("icmp6-packettoobig", 2),
    ("icmp6-timeexceeded", 3),
    ("icmp6-parameterproblem", 4),
    ("icmp6-echo", 128),
    ("icmp6-echoreply", 129),
    ("icmp6-multicastlistenerquery", 130),
    ("icmp6-multicastlistenerreportv1", 131),
    ("icmp6-multicastlistenerdone", 132),
    ("icmp6-routersolicit", 133),
    ("icmp6-routeradvert", 134),
    ("icmp6-neighborsolicit", 135),
    ("icmp6-neighboradvert", 136),
    ("icmp6-redirect", 137),
    ("icmp6-routerrenum", 138),
    ("icmp6-nodeinformationquery", 139),
    ("icmp6-nodeinformationresponse", 140),
    ("icmp6-ineighbordiscoverysolicit", 141),
    ("icmp6-ineighbordiscoveryadvert", 142),
    ("icmp6-multicastlistenerreportv2", 143),
    ("icmp6-homeagentdiscoveryrequest", 144),
    ("icmp6-homeagentdiscoveryreply", 145),
    ("icmp6-mobileprefixsolicit", 146),
    ("icmp6-mobileprefixadvert", 147),
    ("icmp6-certpathsolicit", 148),
    ("icmp6-certpathadvert", 149),
    ("icmp6-multicastrouteradvert", 151),
    ("icmp6-multicastroutersolicit", 152),
    ("icmp6-multicastrouterterm", 153),
    ("tcpflags", 13),
    ("tcp-fin", 0x01),
    ("tcp-syn", 0x02),
    ("tcp-rst", 0x04),
    ("tcp-push", 0x08),
    ("tcp-ack", 0x10),
    ("tcp-urg", 0x20),
    ("tcp-ece", 0x40),
    ("tcp-cwr", 0x80),
];

/// The number that a word stands for.
pub(super) fn number(word: &str) -> Option<u32> {
    NUMBERS.iter().find(|one| one.0 == word).map(|one| one.1)
}

/// The names of ports that networks of these protocols use most, by IANA's registry.
static PORTS: &[(&str, u16)] = &[
    ("ftp-data", 20),
    ("ftp", 21),
    ("ssh", 22),
    ("telnet", 23),
    ("smtp", 25),
    ("domain", 53),
    ("bootps", 67),
    ("bootpc", 68),
    ("tftp", 69),
    ("http", 80),
    ("kerberos", 88),
    ("pop3", 110),
    ("ntp", 123),
    ("imap2", 143),
    ("snmp", 161),
    ("bgp", 179),
    ("ldap", 389),
    ("https", 443),
    ("syslog", 514),
    ("imaps", 993),
    ("pop3s", 995),
    ("nfs", 2049),
    ("gtp-user", 2152),
    ("gtp-control", 2123),
    ("m2ua", 2904),
    ("m3ua", 2905),
    ("mysql", 3306),
    ("diameter", 3868),
    ("sip", 5060),
    ("sip-tls", 5061),
    ("sips", 5061),
    ("mdns", 5353),
    ("postgresql", 5432),
];

/// The port of a name.
pub(super) fn port(name: &str) -> Option<u16> {
    PORTS.iter().find(|one| one.0 == name).map(|one| one.1)
}

/// The name of a port that is nearest.
pub(super) fn nearest_port(name: &str) -> Option<&'static str> {
    crate::filter::nearest(name, PORTS.iter().map(|one| one.0))
}

/// The number of what a carrier carries, by its name.
pub(super) fn carried(carrier: Option<Carrier>, name: &str) -> Option<u32> {
    match (carrier, protocol(name)?.alone?) {
        (Some(Carrier::Link), Protocol::Link(_, kind)) => Some(kind),
        (Some(Carrier::Link), _) => None,
        (_, Protocol::Ip(_, number) | Protocol::Ip6(_, number) | Protocol::Both(_, number)) => {
            Some(number.into())
        }
        (_, Protocol::Link(word, _)) => match word {
            "ip6" => Some(41),
            _ => None,
        },
    }
}

impl Math {
    /// The operator of a sign, and how tight it binds.
    pub(super) fn of(sign: &str) -> Option<(Math, u8)> {
        Some(match sign {
            "|" => (Math::Or, 1),
            "&" => (Math::And, 1),
            "<<" => (Math::Left, 2),
            ">>" => (Math::Right, 2),
            "+" => (Math::Add, 3),
            "-" => (Math::Subtract, 3),
            "*" => (Math::Multiply, 4),
            "/" => (Math::Divide, 4),
            _ => return None,
        })
    }
    /// The two operators that take all arithmetic behind them, as libpcap's grammar has it: `7 % 4 + 1` is `7 % (4 + 1)`.
    pub(super) fn grasping(sign: &str) -> Option<Math> {
        match sign {
            "%" => Some(Math::Remainder),
            "^" => Some(Math::Xor),
            _ => None,
        }
    }
    /// Whether it takes all arithmetic behind it.
    pub(super) fn grasps(self) -> bool {
        Math::grasping(self.sign()).is_some()
    }
    /// How tight it binds; 0 if it takes all that follows.
    pub(super) fn tightness(self) -> u8 {
        Math::of(self.sign()).map_or(0, |of| of.1)
    }
    /// Its sign.
    pub(super) fn sign(self) -> &'static str {
        match self {
            Math::Add => "+",
            Math::Subtract => "-",
            Math::Multiply => "*",
            Math::Divide => "/",
            Math::Remainder => "%",
            Math::And => "&",
            Math::Or => "|",
            Math::Xor => "^",
            Math::Left => "<<",
            Math::Right => ">>",
        }
    }
}

impl Relation {
    /// The relation of a sign.
    pub(super) fn of(sign: &str) -> Option<Relation> {
        Some(match sign {
            "=" | "==" => Relation::Equal,
            "!=" => Relation::NotEqual,
            "<" => Relation::Less,
            "<=" => Relation::AtMost,
            ">" => Relation::Greater,
            ">=" => Relation::AtLeast,
            _ => return None,
        })
    }
    /// Its sign.
    pub(super) fn sign(self) -> &'static str {
        match self {
            Relation::Equal => "=",
            Relation::NotEqual => "!=",
            Relation::Less => "<",
            Relation::AtMost => "<=",
            Relation::Greater => ">",
            Relation::AtLeast => ">=",
        }
    }
}
