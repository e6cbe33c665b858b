//! What happened to an association, in order: the log from which reports tell its story.

use super::Status;
use crate::Address;

/// Something that happened, by the packet that shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// The packet.
    pub packet: u64,
    /// Its time: nanoseconds since 1970, 0 for a packet without one.
    pub time: i64,
    /// Whose doing it was: the place of the side in [`Association::sides`](super::Association::sides).
    pub side: u8,
    /// The path it came on: its place in [`Association::paths`](super::Association::paths).
    pub path: u8,
    /// What happened.
    pub kind: EventKind,
}

/// What can happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// The side came into this state, as far as the packets tell.
    Status(Status),
    /// The side sent an INIT.
    Init,
    /// The side sent its INIT again: T1-init, RFC 9260, 5.1.
    InitAgain,
    /// The side sent an INIT ACK.
    InitAck,
    /// The side sent the cookie back.
    CookieEcho,
    /// The side sent the cookie back again: T1-cookie, RFC 9260, 5.1.
    CookieEchoAgain,
    /// The side confirmed the cookie.
    CookieAck,
    /// Both sides sent an INIT: RFC 9260, 5.2.1.
    Collision,
    /// The association took the place of an earlier one between the same ends that had not ended: RFC 9260, 5.2.2. The number
    /// is that one's index.
    Restart(u32),
    /// The side sent an ERROR; the number is the first cause's code, RFC 9260, 3.3.10.
    Error(u16),
    /// The cookie was too old; the number is by how many microseconds, RFC 9260, 3.3.10.3.
    StaleCookie(u32),
    /// The side asked for the end.
    Shutdown,
    /// The side sent its SHUTDOWN again: T2-shutdown, RFC 9260, 9.2.
    ShutdownAgain,
    /// The side agreed to the end.
    ShutdownAck,
    /// The side confirmed the end. Whether the T bit was set: it had no association.
    ShutdownComplete(bool),
    /// The side broke the association off: the first cause's code, 0 for none, and whether the T bit was set: it had no
    /// association.
    Abort(u16, bool),
    /// The side sent a TSN again, and why.
    Retransmission(u32, Cause),
    /// The receiver took a TSN back that it had acknowledged in a gap block: RFC 9260, 6.2.
    Reneged(u32),
    /// The receiver told that a TSN arrived twice.
    Duplicate(u32),
    /// So many TSNs were acknowledged that the capture does not have.
    Missing(u32),
    /// The side can take no more bytes.
    WindowClosed,
    /// The side can take this many bytes again.
    WindowOpened(u32),
    /// The side sent one chunk though the other can take none: RFC 9260, 6.1 A.
    WindowProbe(u32),
    /// A HEARTBEAT of the side was answered, after so many nanoseconds.
    HeartbeatAck(i64),
    /// A HEARTBEAT of the side, sent in this packet on this path, was not answered before the next one.
    HeartbeatLost(u64),
    /// The side's new messages take another path: from which one, and why.
    Switch(u8, SwitchCause),
    /// The side announced an address by ASCONF.
    AddAddress(Address),
    /// The side withdrew an address by ASCONF.
    DeleteAddress(Address),
    /// The side asked the other to send to this address.
    SetPrimary(Address),
    /// The side asked for streams to be reset or added (RE-CONFIG): the type of the parameter, RFC 6525, 4.
    Reconfigure(u16),
    /// The side gives up on what it sent before this TSN: RFC 3758.
    ForwardTsn(u32),
    /// A packet with a tag that the side did not choose.
    WrongTag(u32),
    /// ICMP says that the side's packet did not arrive; the event's packet is the ICMP one.
    Unreachable,
    /// The side reported congestion: ECNE.
    Congestion,
    /// The side or a middlebox reported a dropped packet: PKTDROP.
    PacketDropped,
}

/// Why a TSN was sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Cause {
    /// The retransmission timer ran out: RFC 9260, 6.3.3.
    T3 = 1,
    /// Three SACKs or more told of later TSNs: RFC 9260, 7.2.4.
    Fast = 2,
    /// On another path than before: RFC 9260, 6.4.1.
    Failover = 3,
    /// It had been acknowledged already, in a packet that the capture has.
    AfterAck = 4,
    /// It was not sent again: the packet stood in the capture less than a millisecond before ([`COPY`](super::COPY)), and nothing of
    /// the other side between. The network doubled it, or the capture took it twice, as at a mirror port.
    Copy = 5,
}

/// Why a side's new messages took another path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum SwitchCause {
    /// Chunks on the path before were sent again when the timer had run out: RFC 9260, 8.2.
    T3 = 1,
    /// A HEARTBEAT on the path before was not answered: RFC 9260, 8.3.
    Heartbeat = 2,
    /// The other side asked for it: RFC 5061, 4.2.4.
    SetPrimary = 3,
    /// Back to the path that was the first.
    FailBack = 4,
    /// The other side's new messages come that way.
    Followed = 5,
    /// The packets don't tell.
    Unknown = 6,
    /// An address of the path before was deleted: RFC 5061, 4.2.2.
    Deleted = 7,
}

/// The events of an association, as many as are kept.
#[derive(Clone, Debug, Default)]
pub struct Events {
    list: Vec<Event>,
    dropped: u32,
}

/// How many events an association keeps; later ones are counted only, but for what tells of its end.
pub const MOST_EVENTS: usize = 1 << 10;

impl Events {
    /// Those that are kept, in order.
    pub fn list(&self) -> &[Event] {
        &self.list
    }
    /// How many were too many to be kept.
    pub fn dropped(&self) -> u32 {
        self.dropped
    }
    /// Adds one. Of what happens often the last quarter of the room is kept free, for what happens seldom.
    pub(super) fn add(&mut self, event: Event) {
        let often = matches!(
            event.kind,
            EventKind::Retransmission(..)
                | EventKind::Duplicate(_)
                | EventKind::Reneged(_)
                | EventKind::Missing(_)
                | EventKind::HeartbeatAck(_)
                | EventKind::HeartbeatLost(_)
                | EventKind::WindowProbe(_)
                | EventKind::WindowOpened(_)
                | EventKind::WindowClosed
                | EventKind::ForwardTsn(_)
                | EventKind::WrongTag(_)
                | EventKind::Switch(..)
        );
        if self.list.len() < if often { MOST_EVENTS / 4 * 3 } else { MOST_EVENTS } {
            self.list.push(event);
        } else {
            self.dropped = self.dropped.saturating_add(1);
        }
    }
}
