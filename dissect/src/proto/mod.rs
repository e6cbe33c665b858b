//! The protocols, a folder each. To add one: write its folder, then two lines here.

pub mod arp;
pub mod data;
pub mod dcep;
pub mod erspan;
pub mod ethernet;
pub mod exported_pdu;
pub mod frame;
pub mod geneve;
pub mod gre;
pub mod gtp;
pub mod icmp;
pub mod icmpv6;
pub mod ip;
pub mod ipv6;
pub mod linux_sll;
pub mod llc;
pub mod mpls;
pub mod multipart;
pub mod nflog;
pub mod null;
pub mod ppp;
pub mod pppoe;
pub mod raw;
pub mod rtcp;
pub mod rtp;
pub mod sctp;
pub mod sdp;
pub mod sip;
pub mod tcp;
pub mod teredo;
pub mod tls;
pub mod udp;
pub mod vlan;
pub mod vxlan;

use crate::Protocol;

/// Every protocol of this crate. The first is the root.
pub static PROTOCOLS: &[&Protocol] = &[
    &frame::PROTOCOL,
    &arp::PROTOCOL,
    &data::PROTOCOL,
    &dcep::PROTOCOL,
    &erspan::PROTOCOL,
    &ethernet::PROTOCOL,
    &ethernet::fabric_path::PROTOCOL,
    &exported_pdu::PROTOCOL,
    &geneve::PROTOCOL,
    &gre::PROTOCOL,
    &gtp::PROTOCOL,
    &icmp::PROTOCOL,
    &icmpv6::PROTOCOL,
    &ip::PROTOCOL,
    &ip::ipsec::AH,
    &ip::ipsec::ESP,
    &ipv6::PROTOCOL,
    &ipv6::mobility::PROTOCOL,
    &linux_sll::PROTOCOL,
    &llc::PROTOCOL,
    &mpls::PROTOCOL,
    &multipart::PROTOCOL,
    &nflog::PROTOCOL,
    &null::PROTOCOL,
    &ppp::PROTOCOL,
    &ppp::CISCO_PROTOCOL,
    &ppp::IPCP_PROTOCOL,
    &ppp::IPV6CP_PROTOCOL,
    &ppp::LCP_PROTOCOL,
    &pppoe::PROTOCOL,
    &pppoe::DISCOVERY_PROTOCOL,
    &raw::PROTOCOL,
    &rtcp::PROTOCOL,
    &rtp::PROTOCOL,
    &rtp::event::PROTOCOL,
    &sctp::PROTOCOL,
    &sdp::PROTOCOL,
    &sip::PROTOCOL,
    &tcp::PROTOCOL,
    &teredo::PROTOCOL,
    &tls::PROTOCOL,
    &udp::PROTOCOL,
    &vlan::PROTOCOL,
    &vlan::PROVIDER_PROTOCOL,
    &vxlan::PROTOCOL,
];

/// Protocols that are found by their content alone, for who asks for them by [`Dissector::with`](crate::Dissector::with).
pub static HEURISTICS: &[&Protocol] = &[&rtp::HEURISTIC];
