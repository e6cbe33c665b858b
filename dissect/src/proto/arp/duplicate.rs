//! Addresses that two hosts use: RFC 5227, 2.4. Who answers, and who asks, says which hardware address it has.

use super::{Addresses, Header};
use crate::capture::Time;
use crate::flow::recent::Recent;
use crate::flow::records::{Record, Records};
use crate::header::number;
use crate::tree::Item;
use crate::{Area, Cx, Here, Out, Severity, Show, State, fields};

fields! {
    /// Another host used the address before.
    DUPLICATE = "arp.duplicate-address", "Duplicate IP address detected", Show::group().repeats().write(write_duplicate), "RFC 5227, 2.4";
    /// The packet that showed that last.
    FRAME = "arp.duplicate-address-frame", "Frame showing earlier use of IP address", Show::packet(), "RFC 5227, 2.4";
    /// How long ago that was, in whole seconds.
    SECONDS = "arp.seconds-since-duplicate-address-frame", "Seconds since earlier frame seen", Show::u32(), "RFC 5227, 2.4";
    /// Two hosts use the address.
    DETECTED = "arp.duplicate-address-detected", "Duplicate IP address configured",
        Show::expert(Severity::Warn, Area::Sequence).write(write_detected), "RFC 5227, 2.4";
}

/// Of how many addresses it is known who has them. Then those go that were silent for long.
pub const MOST_HOLDERS: usize = 1 << 16;

/// The note of a packet that shows no duplicate.
const NOTHING: u32 = u32::MAX;

/// Who has an address.
#[derive(Clone, Copy, Debug)]
struct Holder {
    mac: [u8; 6],
    /// The packet that showed it last. Numbers beyond 32 bits wrap.
    packet: u32,
    time: Option<Time>,
}

/// Who used an address before.
#[derive(Clone, Copy, Debug)]
struct Earlier {
    mac: [u8; 6],
    packet: u32,
    seconds: u32,
}

/// What a packet shows: of its sender, and of its target.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    packet: u32,
    ends: [Option<Earlier>; 2],
}

impl Record for Found {
    fn packet(&self) -> u64 {
        self.packet.into()
    }
}

/// The hosts that were seen.
#[derive(Debug)]
pub struct Hosts {
    holders: Recent<[u8; 4], Holder>,
    found: Records<Found>,
}

impl Default for Hosts {
    fn default() -> Hosts {
        Hosts { holders: Recent::new(MOST_HOLDERS), found: Records::default() }
    }
}

impl State for Hosts {
    fn forget(&mut self, before: u64) {
        self.found.forget(before);
    }
}

impl Hosts {
    /// Takes a request or an answer about IPv4 addresses. Answers the number of what it shows.
    fn learn(&mut self, header: Header, addresses: &Addresses<'_>, here: Here) -> u32 {
        let mut ends = [self.claim(addresses.sender_hardware, addresses.sender_protocol, &here), None];
        // Who asks does not know the target yet.
        if header.opcode == 2 && addresses.sender_protocol != addresses.target_protocol {
            ends[1] = self.claim(addresses.target_hardware, addresses.target_protocol, &here);
        }
        if ends.iter().all(Option::is_none) {
            return NOTHING;
        }
        self.found.push(Found { packet: here.packet as u32, ends })
    }
    /// That a host has an address. Answers who else had it.
    fn claim(&mut self, hardware: &[u8], protocol: &[u8], here: &Here) -> Option<Earlier> {
        let (mac, address) = (*hardware.first_chunk::<6>()?, *protocol.first_chunk::<4>()?);
        if address == [0; 4] || mac == [0; 6] || mac == [0xff; 6] {
            return None;
        }
        if let Some(holder) = self.holders.find(&address).filter(|holder| holder.mac != mac) {
            let since = here.time.zip(holder.time).and_then(|(now, before)| now.checked_since(before));
            let seconds = u32::try_from(since.unwrap_or(0) / 1_000_000_000).unwrap_or(0);
            return Some(Earlier { mac: holder.mac, packet: holder.packet, seconds });
        }
        self.holders.put(address, Holder { mac, packet: here.packet as u32, time: here.time });
        None
    }
    fn found(&self, note: u32) -> Option<Found> {
        if note == NOTHING { None } else { self.found.of(note).copied() }
    }
}

/// Learns from a packet, and finds what it shows.
pub(super) fn remember(
    cx: &mut Cx<'_>,
    header: Header,
    addresses: &Addresses<'_>,
    own: &[u8],
) -> Option<Found> {
    if !header.has_macs() || !header.has_ipv4() || !matches!(header.opcode, 1 | 2) {
        return None;
    }
    let note = cx.remember(own, |hosts: &mut Hosts, here| hosts.learn(header, addresses, here))?;
    cx.record(|hosts: &Hosts| hosts.found(note))
}

impl Found {
    /// Adds what it shows to the packet's nodes.
    pub(super) fn emit(&self, cx: &mut Cx<'_>, own: &[u8]) {
        let start = own.get(..0).unwrap_or(&[]);
        for (earlier, at) in self.ends.iter().zip([Header::LEN, Header::LEN + 10]) {
            let (Some(earlier), Some(claim)) = (earlier, own.get(at..at + 10)) else { continue };
            let mac = number(&earlier.mac);
            cx.group_generated_with(&DUPLICATE, claim, mac, |cx| {
                cx.group_generated_with(&FRAME, start, earlier.packet.into(), |cx| {
                    cx.generated(&DETECTED, start, ipv4(claim).into());
                });
                cx.generated(&SECONDS, start, earlier.seconds.into());
            });
        }
    }
    /// Tells it in the packet's line, of the target if both are used twice.
    pub(super) fn summarize(&self, addresses: &Addresses<'_>, info: &mut Out) {
        let address =
            if self.ends[1].is_some() { addresses.target_protocol } else { addresses.sender_protocol };
        info.str(" (duplicate use of ").ipv4(ipv4(address)).str(" detected!)");
    }
}

/// The IPv4 address behind a hardware address.
fn ipv4(claim: &[u8]) -> u32 {
    claim.last_chunk::<4>().map_or(0, |bytes| u32::from_be_bytes(*bytes))
}

fn write_duplicate(item: Item<'_>, out: &mut Out) {
    let claim = item.bytes();
    out.str(" for ").ipv4(ipv4(claim)).str(" (").hex_bytes(claim.get(..6).unwrap_or(&[]), ":");
    let mac = item.node.value.to_be_bytes();
    out.str(") - also in use by ").hex_bytes(&mac[2..], ":").str(" (frame ");
    out.dec(item.number(&FRAME).unwrap_or(0)).byte(b')');
}

fn write_detected(item: Item<'_>, out: &mut Out) {
    out.str(" (").ipv4(item.node.value as u32).byte(b')');
}
