//! Reads and writes capture files.

mod link_type;
pub mod time;

pub use link_type::LinkType;
pub use time::Time;

/// A captured packet.
#[derive(Clone, Copy, Debug)]
pub struct Packet<'a> {
    /// Its number in the capture, from 1.
    pub number: u64,
    /// When it was captured.
    pub time: Option<Time>,
    /// Its link type.
    pub link: LinkType,
    /// The captured bytes.
    pub bytes: &'a [u8],
    /// Its length on the wire.
    pub original: u32,
}
impl<'a> Packet<'a> {
    /// A packet of these bytes.
    pub fn new(link: LinkType, bytes: &'a [u8]) -> Packet<'a> {
        Packet { number: 1, time: None, link, bytes, original: bytes.len() as u32 }
    }
}
