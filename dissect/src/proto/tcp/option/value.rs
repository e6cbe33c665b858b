//! Options as values.

use super::{
    OptionKind, accurate_ecn, authentication, experimental, multipath, quick_start, sack, split, timestamps,
    type_of, user_timeout,
};
use crate::Malformed;
use crate::header::Wire;

/// An option, typed. Borrows from the segment what has no fixed size.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum TcpOption<'a> {
    /// Fills up to a word (RFC 9293, 3.2).
    NoOperation,
    /// The largest segment the sender takes, in bytes of data (RFC 9293, 3.7.1).
    MaximumSegmentSize(u16),
    /// By how many bits the sender's windows are to be shifted (RFC 7323, 2.2).
    WindowScale(u8),
    /// The sender understands selective acknowledgments (RFC 2018, 2).
    SackPermitted,
    /// Which blocks behind the acknowledgment number arrived (RFC 2018, 3).
    Sack(sack::Blocks<'a>),
    /// Timestamps (RFC 7323, 3.2).
    Timestamps(timestamps::Timestamps),
    /// Asks for an echo of these bytes (RFC 1072, 3).
    Echo(u32),
    /// The bytes of an echo (RFC 1072, 3).
    EchoReply(u32),
    /// The connection count of T/TCP (RFC 1644, 3.1).
    ConnectionCount(u32),
    /// A connection count that begins anew (RFC 1644, 3.1).
    ConnectionCountNew(u32),
    /// The other side's connection count (RFC 1644, 3.1).
    ConnectionCountEcho(u32),
    /// The MD5 signature (RFC 2385, 3).
    Md5Signature(&'a [u8; 16]),
    /// Authentication (RFC 5925, 2.2).
    Authentication(authentication::Authentication<'a>),
    /// The answer to a Quick-Start request (RFC 4782, 3.2).
    QuickStart(quick_start::QuickStart),
    /// How long unacknowledged data is waited for (RFC 5482, 3).
    UserTimeout(user_timeout::UserTimeout),
    /// The cookie of Fast Open; empty where one is asked for (RFC 7413, 4.1.1).
    FastOpen(&'a [u8]),
    /// Counters of accurate ECN (RFC 9768, 3.2.3).
    AccurateEcn(accurate_ecn::Counters),
    /// Multipath TCP (RFC 8684, 3).
    Multipath(multipath::Multipath<'a>),
    /// An experiment (RFC 6994, 3).
    Experimental(experimental::Experiment<'a>),
    /// An option without a variant of its own: kind, and what stands behind its length.
    Other(OptionKind, &'a [u8]),
}

impl<'a> TcpOption<'a> {
    /// Reads an option of the right length for its kind.
    fn read(kind: OptionKind, body: &'a [u8]) -> Option<TcpOption<'a>> {
        let number = || Some(u32::from_be_bytes(*body.first_chunk()?));
        Some(match kind {
            OptionKind::NO_OPERATION => TcpOption::NoOperation,
            OptionKind::MAXIMUM_SEGMENT_SIZE => TcpOption::MaximumSegmentSize(u16::read(body).ok()?.1),
            OptionKind::WINDOW_SCALE => TcpOption::WindowScale(*body.first()?),
            OptionKind::SACK_PERMITTED => TcpOption::SackPermitted,
            OptionKind::SACK => TcpOption::Sack(sack::Blocks::new(body)),
            OptionKind::TIMESTAMPS => TcpOption::Timestamps(timestamps::Timestamps::parse(body).ok()?.1),
            OptionKind::ECHO => TcpOption::Echo(number()?),
            OptionKind::ECHO_REPLY => TcpOption::EchoReply(number()?),
            OptionKind::CC => TcpOption::ConnectionCount(number()?),
            OptionKind::CC_NEW => TcpOption::ConnectionCountNew(number()?),
            OptionKind::CC_ECHO => TcpOption::ConnectionCountEcho(number()?),
            OptionKind::MD5_SIGNATURE => TcpOption::Md5Signature(body.first_chunk()?),
            OptionKind::AUTHENTICATION => {
                TcpOption::Authentication(authentication::Authentication::parse(body)?)
            }
            OptionKind::QUICK_START_RESPONSE => {
                TcpOption::QuickStart(quick_start::QuickStart::parse(body).ok()?.1)
            }
            OptionKind::USER_TIMEOUT => TcpOption::UserTimeout(user_timeout::UserTimeout::parse(body)?),
            OptionKind::FAST_OPEN => TcpOption::FastOpen(body),
            OptionKind::ACCURATE_ECN_0 | OptionKind::ACCURATE_ECN_1 => {
                TcpOption::AccurateEcn(accurate_ecn::Counters::parse(kind, body)?)
            }
            OptionKind::MULTIPATH => TcpOption::Multipath(multipath::Multipath::parse(body)?),
            OptionKind::EXPERIMENT_1 | OptionKind::EXPERIMENT_2 => {
                TcpOption::Experimental(experimental::Experiment::parse(body)?)
            }
            _ => TcpOption::Other(kind, body),
        })
    }
}

/// Iterates over options. It ends with the list, at an end-of-list option, or behind an option whose length is
/// impossible; an option whose length is wrong for its kind is an error that does not end it.
#[derive(Clone, Debug)]
pub struct Options<'a> {
    bytes: &'a [u8],
    rest: &'a [u8],
}

impl<'a> Options<'a> {
    /// The options in the bytes behind a segment's fixed header.
    pub fn new(bytes: &'a [u8]) -> Options<'a> {
        Options { bytes, rest: bytes }
    }
}

impl<'a> Iterator for Options<'a> {
    type Item = Result<TcpOption<'a>, Malformed>;

    fn next(&mut self) -> Option<Self::Item> {
        let rest = std::mem::take(&mut self.rest);
        let kind = OptionKind(*rest.first().filter(|kind| **kind != OptionKind::END_OF_LIST.0)?);
        let offset = (self.bytes.len() - rest.len()) as u32;
        let (own, after) = match split(rest) {
            Ok(split) => split,
            Err(fault) => return Some(Err(Malformed { offset: fault.offset + offset, ..fault })),
        };
        self.rest = after;
        let body = own.get(2..).unwrap_or(&[]);
        let right = type_of(kind.0).lengths.allow(own.len());
        let option = right.then(|| TcpOption::read(kind, body)).flatten();
        let wrong = Malformed::value(&super::LENGTH, offset as usize + 1, "is wrong for the option's kind");
        Some(option.ok_or(wrong))
    }
}
