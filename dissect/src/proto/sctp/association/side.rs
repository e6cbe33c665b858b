//! One end of an association: what it told of itself, and what it sent.

use super::path::{Times, Traffic};
use super::tsn::Window;
use crate::Address;
use std::collections::VecDeque;

/// How many addresses of a side are kept.
pub const MOST_ADDRESSES: usize = 32;
/// How many chunk types of a side's supported extensions are kept.
pub const MOST_EXTENSIONS: usize = 32;

/// The states of RFC 9260, 4, as far as packets show them. SHUTDOWN-PENDING can't be seen from outside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Status {
    /// Nothing was seen of the side yet, or its handshake came before the capture.
    #[default]
    Unknown,
    /// It sent an INIT.
    CookieWait,
    /// It sent the cookie back.
    CookieEchoed,
    /// The association is there.
    Established,
    /// It sent a SHUTDOWN.
    ShutdownSent,
    /// It was sent a SHUTDOWN.
    ShutdownReceived,
    /// It sent a SHUTDOWN ACK.
    ShutdownAckSent,
    /// The association is over.
    Closed,
}

impl Status {
    /// The name of RFC 9260, 4.
    pub const fn name(self) -> &'static str {
        match self {
            Status::Unknown => "unknown",
            Status::CookieWait => "COOKIE-WAIT",
            Status::CookieEchoed => "COOKIE-ECHOED",
            Status::Established => "ESTABLISHED",
            Status::ShutdownSent => "SHUTDOWN-SENT",
            Status::ShutdownReceived => "SHUTDOWN-RECEIVED",
            Status::ShutdownAckSent => "SHUTDOWN-ACK-SENT",
            Status::Closed => "CLOSED",
        }
    }
}

/// One end of an association.
// Each of the flags is what an INIT says, or not.
#[allow(clippy::struct_excessive_bools)]
#[derive(Clone, Debug, Default)]
pub struct Side {
    /// Its port.
    pub port: u16,
    /// The tag that the other side puts into packets to this one; 0 while it is not known.
    pub tag: u32,
    /// Its addresses: those that packets came from first, then those that it announced.
    pub addresses: Vec<Address>,
    /// Its state.
    pub status: Status,
    /// The packet with its INIT or INIT ACK; 0 without one. What follows comes from it.
    pub init: u64,
    /// How many bytes it had reserved for what it receives.
    pub initial_a_rwnd: u32,
    /// How many streams it wanted to send on.
    pub outbound_streams: u16,
    /// How many streams it allowed the other side at most.
    pub inbound_streams: u16,
    /// The first TSN it would send.
    pub initial_tsn: u32,
    /// The chunk types of its supported extensions, RFC 5061, 4.2.7.
    pub extensions: Vec<u8>,
    /// It can report congestion (ECN).
    pub ecn: bool,
    /// It can give messages up (FORWARD TSN), RFC 3758.
    pub partial_reliability: bool,
    /// It accepts packets without a checksum, RFC 9653.
    pub zero_checksum: bool,
    /// Its adaptation layer indication, RFC 5061, 4.2.6.
    pub adaptation: Option<u32>,
    /// The length of the state cookie it made, in bytes; 0 for none.
    pub cookie: u16,
    /// What it sent.
    pub traffic: Traffic,
    /// The advertised receiver window credit of its last SACK, INIT or INIT ACK, in bytes.
    pub a_rwnd: u32,
    /// The least of them, of its SACKs.
    pub least_a_rwnd: Option<u32>,
    /// How often it could take no more bytes.
    pub zero_windows: u32,
    /// How many of its chunks were sent while the other could take none.
    pub window_probes: u32,
    /// User bytes that it sent and the other has not acknowledged.
    pub in_flight: u32,
    /// The most there ever were.
    pub most_in_flight: u32,
    /// DATA and I-DATA chunks by what became of them.
    pub chunks: Chunks,
    /// After how long its chunks that were sent once were acknowledged.
    pub rtt: Times,
    /// How long it took this side to acknowledge what it got, measured at the capture: from the last chunk that a SACK is the
    /// first to acknowledge, which is less than the delay of RFC 9260, 6.2.
    pub sack_delay: Times,
    /// From the first chunk that a SACK is the first to acknowledge.
    pub longest_sack_delay: Times,
    /// The timeouts seen: from a chunk to its retransmission by the timer. The least is no less than RTO.min.
    pub timeouts: Times,
    /// The path that its new messages take: its place in the association's list.
    pub primary: Option<u8>,
    /// The path that its first message took.
    pub first_primary: Option<u8>,
    /// How often its new messages took another path.
    pub switches: u32,
    /// The address to which the other side asked it to send, by ASCONF.
    pub asked_primary: Option<Address>,
    /// The addresses that it withdrew by ASCONF: RFC 5061, 4.2.2.
    pub deleted: Vec<Address>,
    /// How often it sent its INIT, its cookie and its SHUTDOWN again.
    pub again: [u32; 3],
    /// Messages whose last piece went by whole.
    pub messages: u64,
    /// Up to which TSN of its own all were acknowledged.
    pub acked: Option<u32>,
    /// The highest of its TSNs.
    pub highest: Option<u32>,
    pub(super) window: Window,
    /// The highest TSN that its last gap block acknowledged.
    pub(super) gap_acked: Option<u32>,
    /// Of the last SACKs that told of gaps: the packet, and the highest TSN that it was the first to acknowledge.
    pub(super) strikes: VecDeque<(u32, u32)>,
    /// The path of its last packet.
    pub(super) path: u8,
    /// The packet's sum of the last cookie it sent back, to know it again.
    pub(super) cookie_sum: u32,
    /// It sent a SHUTDOWN or a SHUTDOWN ACK: nothing new may come.
    pub(super) ending: bool,
}

/// What became of the DATA and I-DATA chunks of a side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Chunks {
    /// Sent for the first time.
    pub sent: u32,
    /// Sent again.
    pub again: u32,
    /// Sent again after three SACKs that told of later ones.
    pub fast: u32,
    /// Sent again when the timer had run out.
    pub t3: u32,
    /// Sent again on another path.
    pub failover: u32,
    /// In copies of packets ([`Cause::Copy`](super::Cause::Copy)): not counted as sent again.
    pub copies: u32,
    /// Sent again without need: acknowledged before, reported as duplicate, or acknowledged sooner after than any chunk ever
    /// was.
    pub spurious: u32,
    /// Acknowledged.
    pub acked: u32,
    /// Acknowledged first in a gap block.
    pub gap_acked: u32,
    /// Acknowledged in a gap block and taken back.
    pub reneged: u32,
    /// Reported as duplicates.
    pub duplicates: u32,
    /// Acknowledged though the capture does not have them.
    pub missing: u32,
}

/// The unspecified address of IPv6.
const UNSPECIFIED: [u8; 16] = [0; 16];

impl Side {
    /// Puts an address on the list, if it is not there and room is left.
    pub(super) fn add_address(&mut self, address: Address) {
        if address != Address::None
            && self.addresses.len() < MOST_ADDRESSES
            && !self.addresses.contains(&address)
        {
            self.addresses.push(address);
        }
        self.deleted.retain(|one| *one != address);
    }
    /// Notes that the side withdraws an address; the unspecified one means all but that from which it asks, `from`.
    pub(super) fn delete_address(&mut self, address: Address, from: Address) {
        let all = matches!(address, Address::Ipv4(0) | Address::Ipv6(UNSPECIFIED));
        for one in self.addresses.iter().filter(|one| if all { **one != from } else { **one == address }) {
            if !self.deleted.contains(one) {
                self.deleted.push(*one);
            }
        }
    }
    /// Whether the side announced that it knows a chunk type.
    pub fn supports(&self, chunk_type: u8) -> bool {
        self.extensions.contains(&chunk_type)
    }
}
