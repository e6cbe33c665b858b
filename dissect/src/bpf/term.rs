//! Qualifiers and the values behind them: `tcp dst port 80`.

use super::lex::{Span, Token, whole, wrong};
use super::names::{self, Name, Qualifies};
use super::parse::Parser;
use super::syntax::{Carrier, Direction, Join, Relation, Resolver, Sum, Term, Test, Transport};
use crate::filter::Error;

/// The qualifiers before a value, which go on for the values behind it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Head {
    name: Option<&'static Name>,
    direction: Direction,
    kind: What,
}

/// What kind of value qualifiers ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    /// None was named: a host.
    Any,
    Host,
    Net,
    Port,
    PortRange,
    Proto,
}

/// Terms: qualifiers and values.
impl Parser<'_> {
    pub(super) fn term(&mut self) -> Result<Test, Error> {
        let start = self.span.clone();
        let Token::Word(word) = self.token.clone() else { return self.further() };
        if let Some(name) = names::protocol(&word) {
            self.advance()?;
            return self.qualified(Some(name), start);
        }
        match word.as_str() {
            "src" | "dst" | "host" | "net" | "port" | "portrange" | "proto" | "broadcast" | "multicast" => {
                self.qualified(None, start)
            }
            _ => {
                let term = self.other(&word)?;
                self.head = None;
                Ok(term)
            }
        }
    }
    /// A value without qualifiers of its own: those before it go on.
    fn further(&mut self) -> Result<Test, Error> {
        let is_value = matches!(
            self.token,
            Token::Name(_) | Token::Number(_) | Token::Address(..) | Token::Address6(_) | Token::Station(_)
        );
        if !is_value || self.head.is_none() && matches!(self.token, Token::Name(_)) {
            return Err(self.unexpected("a test, such as tcp, port 80 or host 10.0.0.1"));
        }
        if self.head.is_none() {
            let found = self.text.get(self.span.clone()).unwrap_or("");
            return wrong(
                self.span.clone(),
                format!("What {found} is stands before it: host {found}, net, port or src"),
            );
        }
        let (token, span) = (self.token.clone(), self.span.clone());
        self.advance()?;
        self.value(&token, span)
    }
    /// What stands behind a protocol's name: nothing, a direction, a kind of value, a value.
    fn qualified(&mut self, name: Option<&'static Name>, start: Span) -> Result<Test, Error> {
        for (word, all) in [("broadcast", true), ("multicast", false)] {
            if self.takes(word)? {
                self.head = None;
                return self.to_many(name, all, start.start..self.end);
            }
        }
        let direction = self.direction()?;
        let kinds = [
            ("host", What::Host),
            ("net", What::Net),
            ("portrange", What::PortRange),
            ("port", What::Port),
            ("proto", What::Proto),
        ];
        let mut kind = None;
        for (word, one) in kinds {
            if kind.is_none() && self.takes(word)? {
                kind = Some(one);
            }
        }
        if let (Some(name), None, None) = (name, direction, kind) {
            self.head = None;
            return match name.alone {
                Some(protocol) => Ok(self.term_of(Term::Is(protocol))),
                None => Err(self.unexpected("src, dst, host, proto, broadcast, multicast or a bracket")),
            };
        }
        let direction = direction.unwrap_or(Direction::Either);
        let head = Head { name, direction, kind: kind.unwrap_or(What::Any) };
        check(head, start.start..self.end)?;
        self.head = Some(head);
        self.values()
    }
    fn direction(&mut self) -> Result<Option<Direction>, Error> {
        let (own, other) = if self.takes("src")? {
            (Direction::Source, "dst")
        } else if self.takes("dst")? {
            (Direction::Destination, "src")
        } else {
            return Ok(None);
        };
        // "src or dst" is one qualifier; "src host A or dst host B" does not come here with the word behind it.
        let Some(join) = self.join() else { return Ok(Some(own)) };
        self.advance()?;
        if !self.takes(other)? {
            return Err(self.unexpected(other));
        }
        Ok(Some(if join == Join::Or { Direction::Either } else { Direction::Both }))
    }
    /// The value behind qualifiers, or several in parentheses.
    fn values(&mut self) -> Result<Test, Error> {
        if self.takes("not")? || self.takes("!")? {
            let inner = self.deeper(Parser::values)?;
            return Ok(Test::Not(Box::new(inner)));
        }
        if self.takes("(")? {
            let inner = self.deeper(Parser::either)?;
            let inner = self.test(inner)?;
            if !self.takes(")")? {
                return Err(self.unexpected("and, or, or a closing parenthesis"));
            }
            return Ok(inner);
        }
        let (token, span) = (self.token.clone(), self.span.clone());
        let expected = match self.head.map(|head| head.kind) {
            Some(What::Port) => "a port: its number or name",
            Some(What::PortRange) => "two ports with a hyphen between them: 5060-5070",
            Some(What::Proto) => "a number, or a protocol behind a backslash",
            Some(What::Net) => "a network: 10.0.0.0/8, 10.1, fe80::/10",
            _ => "an address",
        };
        let is_value = matches!(
            token,
            Token::Name(_) | Token::Number(_) | Token::Address(..) | Token::Address6(_) | Token::Station(_)
        );
        if !is_value {
            return Err(self.unexpected(expected));
        }
        self.advance()?;
        self.value(&token, span)
    }
    /// A value by the qualifiers that hold. It was passed over.
    pub(super) fn value(&mut self, token: &Token, span: Span) -> Result<Test, Error> {
        let Some(head) = self.head else { return Err(self.unexpected("a test")) };
        let carrier = head.name.and_then(|name| name.qualifies.carrier());
        let transport = match head.name.map(|name| name.qualifies) {
            Some(Qualifies::Transport(transport)) => Some(transport),
            _ => None,
        };
        let term = match head.kind {
            What::Port => {
                let port = port(token, span)?;
                Term::Ports(transport, head.direction, port, port)
            }
            What::PortRange => range(token, span, transport, head.direction)?,
            What::Proto => Term::Carries(carrier, carried(token, span, carrier)?),
            _ => self.address(token, span, head)?,
        };
        Ok(self.term_of(term))
    }
    /// An address, alone or with what says how much of it counts.
    fn address(&mut self, token: &Token, span: Span, head: Head) -> Result<Term, Error> {
        let qualifies = head.name.map(|name| name.qualifies);
        let word = head.name.map_or("", |name| name.word);
        let is_net = head.kind == What::Net;
        if let Token::Station(station) = token {
            return if qualifies == Some(Qualifies::Link) && !is_net {
                Ok(Term::Station(head.direction, *station))
            } else {
                wrong(span, "A hardware address stands behind ether: ether host, ether src, ether dst")
            };
        }
        if qualifies == Some(Qualifies::Link) {
            return wrong(span, format!("Behind {word} stands a hardware address: 02:00:00:00:00:01"));
        }
        let resolver = match qualifies {
            Some(Qualifies::Ip) => Some(Resolver::Ip),
            Some(Qualifies::Resolver(resolver)) => Some(resolver),
            _ => None,
        };
        match *token {
            Token::Number(number) if qualifies != Some(Qualifies::Ip6) => {
                // A network of one number is its first byte; a host is all of it.
                let zeros = if is_net && number != 0 { number.leading_zeros() / 8 * 8 } else { 0 };
                Ok(Term::Host(resolver, head.direction, number << zeros, u32::MAX << zeros))
            }
            Token::Address(address, bits) if qualifies != Some(Qualifies::Ip6) => {
                let mask = self.mask(bits, is_net)?;
                self.fits(address & !mask != 0, &span)?;
                Ok(Term::Host(resolver, head.direction, address, mask))
            }
            Token::Address6(address) if resolver.is_none() => {
                let bits = self.prefix(128, is_net)?.unwrap_or(128);
                let beyond = u128::MAX.checked_shr(bits).unwrap_or(0);
                self.fits(address & beyond != 0, &span)?;
                Ok(Term::Host6(head.direction, address, bits as u8))
            }
            Token::Address(..) | Token::Number(_) => {
                wrong(span, "Behind ip6 stands an IPv6 address: fe80::1")
            }
            Token::Address6(_) => wrong(span, format!("Behind {word} stands an IPv4 address: 10.0.0.1")),
            _ => wrong(span, "Names of hosts and networks are not looked up: write an address"),
        }
    }
    /// The bits of an IPv4 address that count: by its own length, `/8`, or `mask 255.0.0.0`.
    fn mask(&mut self, bits: u8, is_net: bool) -> Result<u32, Error> {
        let all = u32::MAX.checked_shl(32 - u32::from(bits)).unwrap_or(0);
        if is_net && self.takes("mask")? {
            let Token::Address(mask, bits) = self.token else {
                return Err(self.unexpected("a mask: 255.0.0.0"));
            };
            self.advance()?;
            return Ok(mask & u32::MAX.checked_shl(32 - u32::from(bits)).unwrap_or(0));
        }
        let Some(bits) = self.prefix(32, is_net)? else { return Ok(all) };
        Ok(u32::MAX.checked_shl(32 - bits).unwrap_or(0))
    }
    /// How many bits count, behind a slash.
    fn prefix(&mut self, most: u32, is_net: bool) -> Result<Option<u32>, Error> {
        if !self.is("/") {
            return Ok(None);
        }
        if !is_net {
            return wrong(
                self.span.clone(),
                "How many bits count is said of networks: write net before the address",
            );
        }
        self.advance()?;
        match self.token {
            Token::Number(bits) if bits <= most => {
                self.advance()?;
                Ok(Some(bits))
            }
            _ => Err(self.unexpected(if most == 32 {
                "how many bits, up to 32"
            } else {
                "how many bits, up to 128"
            })),
        }
    }
    /// Whether an address has bits that don't count.
    fn fits(&self, beyond: bool, span: &Span) -> Result<(), Error> {
        if beyond {
            return wrong(span.start..self.end, "The network's address has bits beyond those that count");
        }
        Ok(())
    }
    fn to_many(&self, name: Option<&'static Name>, all: bool, span: Span) -> Result<Test, Error> {
        let qualifies = name.map_or(Qualifies::Link, |name| name.qualifies);
        let term = match (qualifies, all) {
            (Qualifies::Link | Qualifies::Ip, true) => Term::Broadcast(qualifies == Qualifies::Ip),
            (Qualifies::Link, false) => Term::Multicast(None),
            (Qualifies::Ip | Qualifies::Ip6, false) => Term::Multicast(qualifies.carrier()),
            _ => {
                let word = name.map_or("", |name| name.word);
                let what = if all { "broadcast" } else { "multicast" };
                return wrong(span, format!("{word} has no {what}; ether and the network's protocols have"));
            }
        };
        Ok(self.term_of(term))
    }
    /// The other words.
    fn other(&mut self, word: &str) -> Result<Test, Error> {
        let span = self.span.clone();
        let (before, mut behind) = (self.behind, self.behind);
        let term = match word {
            "less" | "greater" => {
                self.advance()?;
                let Token::Number(number) = self.token else {
                    return Err(self.unexpected("a number of bytes"));
                };
                self.advance()?;
                let relation = if word == "less" { Relation::AtMost } else { Relation::AtLeast };
                Term::Compare(Sum::Length, relation, Sum::Number(number))
            }
            "inbound" | "outbound" => {
                self.advance()?;
                Term::Outgoing(word == "outbound")
            }
            "ifindex" => {
                self.advance()?;
                let number = self.number(u32::MAX, "the number of an interface")?;
                Term::Interface(number.ok_or_else(|| self.unexpected("the number of an interface"))?)
            }
            "vlan" => {
                self.advance()?;
                if before.session || before.labels > 0 {
                    return wrong(span, "vlan stands before mpls and pppoes");
                }
                behind.tags = before.tags.saturating_add(1);
                Term::Tag(self.number(0xfff, "a VLAN, up to 4095")?.map(|number| number as u16))
            }
            "mpls" => {
                self.advance()?;
                behind.labels = before.labels.saturating_add(1);
                Term::Label(self.number(0xf_ffff, "a label, up to 1048575")?)
            }
            "pppoed" => {
                self.advance()?;
                Term::Discovery
            }
            "pppoes" => {
                self.advance()?;
                if before.session || before.labels > 0 {
                    return wrong(span, "pppoes stands once, and before mpls");
                }
                behind.session = true;
                Term::Session(self.number(0xffff, "a session, up to 65535")?.map(|number| number as u16))
            }
            _ => return Err(self.unexpected("a test, such as tcp, port 80 or host 10.0.0.1")),
        };
        self.behind = behind;
        Ok(Test::Term(before, term))
    }
    /// A number up to this, if one stands here, be it in parentheses.
    fn number(&mut self, most: u32, expected: &str) -> Result<Option<u32>, Error> {
        if self.is("(") {
            let mut ahead = self.lexer.clone();
            if !matches!(ahead.next(), Ok((Token::Number(_), _))) {
                return Ok(None);
            }
            self.advance()?;
            let number = self.number(most, expected)?;
            if !self.takes(")")? {
                return Err(self.unexpected("a closing parenthesis"));
            }
            return Ok(number);
        }
        let Token::Number(number) = self.token else { return Ok(None) };
        if number > most {
            return wrong(self.span.clone(), format!("{number} is too large; expected {expected}"));
        }
        self.advance()?;
        Ok(Some(number))
    }
}

/// Whether qualifiers go together.
fn check(head: Head, span: Span) -> Result<(), Error> {
    let qualifies = head.name.map(|name| name.qualifies);
    let word = head.name.map_or("", |name| name.word);
    match (head.kind, qualifies) {
        (What::Port | What::PortRange, None | Some(Qualifies::Transport(_))) => Ok(()),
        (What::Port | What::PortRange, _) => {
            wrong(span, format!("{word} has no ports here; tcp, udp and sctp have"))
        }
        (What::Proto, None | Some(Qualifies::Link | Qualifies::Ip | Qualifies::Ip6)) => {
            if head.direction == Direction::Either {
                return Ok(());
            }
            wrong(span, "What is carried has no direction: leave src and dst out")
        }
        (What::Proto, _) => {
            wrong(span, format!("What {word} carries has no number here; ether, ip and ip6 have"))
        }
        (What::Any | What::Host | What::Net, Some(Qualifies::Transport(_) | Qualifies::Nothing)) => {
            wrong(span, format!("{word} has no hosts; write {word} and host …, or {word} port …"))
        }
        (What::Net, Some(Qualifies::Link)) => wrong(span, format!("{word} has no networks")),
        _ => Ok(()),
    }
}

fn port(token: &Token, span: Span) -> Result<u16, Error> {
    match token {
        Token::Number(number) => match u16::try_from(*number) {
            Ok(port) => Ok(port),
            Err(_) => wrong(span, format!("{number} is no port: they go up to 65535")),
        },
        Token::Name(name) => port_named(name, span),
        _ => wrong(span, "A port is a number or a name"),
    }
}

fn port_named(name: &str, span: Span) -> Result<u16, Error> {
    if let Some(port) = names::port(name) {
        return Ok(port);
    }
    let hint = match (name.split_once('-'), names::nearest_port(name)) {
        (Some((low, high)), _) if whole(low).is_some() && whole(high).is_some() => {
            format!("; ports from one to another are portrange {name}")
        }
        (_, Some(near)) => format!("; did you mean {near}?"),
        _ => String::new(),
    };
    wrong(span, format!("No port is known by the name {name}{hint}"))
}

fn range(
    token: &Token,
    span: Span,
    transport: Option<Transport>,
    direction: Direction,
) -> Result<Term, Error> {
    let Token::Name(text) = token else {
        let port = port(token, span)?;
        return Ok(Term::Ports(transport, direction, port, port));
    };
    let of = |text: &str| match whole(text) {
        Some(number) => port(&Token::Number(number), span.clone()),
        None => port_named(text, span.clone()),
    };
    let (low, high) = match text.split_once('-') {
        Some((low, high)) if names::port(text).is_none() => (of(low)?, of(high)?),
        _ => (of(text)?, of(text)?),
    };
    Ok(Term::Ports(transport, direction, low.min(high), low.max(high)))
}

fn carried(token: &Token, span: Span, carrier: Option<Carrier>) -> Result<u32, Error> {
    match token {
        Token::Number(number) => Ok(*number),
        Token::Name(name) => match names::carried(carrier, name) {
            Some(number) => Ok(number),
            None => {
                wrong(span, format!("No protocol is known here by the name {name}; its number may stand"))
            }
        },
        _ => wrong(span, "What is carried is a number, or a protocol behind a backslash"),
    }
}
