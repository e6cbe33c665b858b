//! Capture filters on packets of a file: the language that tcpdump and libpcap read, pcap-filter(7), in our own subset.
//!
//! ```
//! use dissect::Bpf;
//! use dissect::capture::{LinkType, Packet};
//!
//! # let bytes = [0x45, 0, 0, 32, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, 0x13, 0xc4, 0x13, 0xc4, 0, 12, 0, 0, 1, 2, 3, 4];
//! # let packet = Packet::new(LinkType::IPV4, &bytes);
//! let expression = Bpf::compile("udp port 5060 or 5061 and src net 10.0.0.0/8")?;
//! assert!(expression.accepts(&packet));
//! # Ok::<(), dissect::filter::Error>(())
//! ```
//!
//! No tree is built and nothing is remembered: an expression reads the packet's bytes behind its link type. What it means is
//! what libpcap means:
//!
//! - `and` and `or` bind alike and go from left to right; `not` binds tighter.
//! - `port 80` is TCP, UDP or SCTP over IPv4 or IPv6, in the first fragment only; a later one has no ports. What IPv6 carries
//!   stands right behind its header; protocols are also found behind one fragment header.
//! - `host` with an IPv4 address means IPv4, ARP and RARP.
//! - Qualifiers go on: `tcp dst port 80 or 443`.
//! - `tcp[13]` and its like are of IPv4 only, `icmp6[0]` of IPv6.
//! - Behind `vlan`, `mpls` and `pppoes` all that follows in the text looks behind those headers, across `or` and parentheses.
//! - A look beyond the captured bytes makes the whole expression fail, also under `not`.
//!
//! What is read: `host`, `net`, `port`, `portrange`, `proto`, `src`, `dst`, `ether`, `ip`, `ip6`, `arp`, `rarp`, `tcp`, `udp`,
//! `sctp`, `icmp`, `icmp6`, `igmp`, `igrp`, `pim`, `ah`, `esp`, `vrrp`, `carp`, `stp`, `iso`, `netbeui`, DECnet's protocols,
//! `broadcast`, `multicast`, `less`, `greater`, `len`, `vlan`, `mpls`, `pppoed`, `pppoes`, `inbound`, `outbound`, `ifindex`,
//! comparisons of arithmetic on bytes (`ip[6:2] & 0x1fff = 0`) and the named places and values (`tcp[tcpflags] & tcp-syn != 0`).
//! Not read, and said so: names of hosts and networks (nothing is looked up), `gateway`, `protochain`, `llc`, `geneve`, and the
//! words of 802.11, ATM, SS7 and packet logs.

mod lex;
mod names;
mod parse;
mod print;
mod run;
mod syntax;
mod term;
#[cfg(test)]
mod tests;

use crate::Packet;
use crate::capture::LinkType;
use crate::filter::Error;
use std::fmt;
use syntax::Expr;

/// A capture filter.
#[derive(Clone, Debug, PartialEq)]
pub struct Bpf {
    expr: Option<Expr>,
}

impl Bpf {
    /// Reads an expression. Blanks alone are one that every packet passes.
    ///
    /// # Errors
    ///
    /// What is wrong, with its place in the text.
    ///
    /// ```
    /// use dissect::Bpf;
    /// let text = "tcp prot 80";
    /// let error = Bpf::compile(text).unwrap_err();
    /// assert_eq!(error.caret(text, ""), "tcp prot 80\n    ^~~~");
    /// ```
    pub fn compile(text: &str) -> Result<Bpf, Error> {
        Ok(Bpf { expr: parse::parse(text)? })
    }
    /// Whether a packet passes. What the capture has in place of packets (custom blocks) never does.
    #[must_use]
    pub fn accepts(&self, packet: &Packet<'_>) -> bool {
        let Some(expr) = &self.expr else { return true };
        packet.link != LinkType::CUSTOM_BLOCK && run::holds(expr, packet) == Some(true)
    }
}

/// The expression in one form of writing: compiling it again gives the same.
impl fmt::Display for Bpf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.expr.as_ref().map_or(Ok(()), |expr| expr.fmt(f))
    }
}
