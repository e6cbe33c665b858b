//! The parameters of authenticated chunks, RFC 4895, 3: a random number, which chunks to authenticate, and how.

use super::{Kind, ParameterType, with_commas, write_name};
use crate::proto::sctp::chunk::TYPES as CHUNK_TYPES;
use crate::tree::Item;
use crate::{Cx, Out, Show, codes, fields};

codes! {
    /// A way to compute a message authentication code, from the registry of RFC 4895, 8.
    pub HmacIdentifier: u16, HMAC_IDENTIFIERS, "Unknown" {
        /// Reserved.
        RESERVED_0 = 0, "Reserved";
        /// SHA-1, as of FIPS 180-2. Everybody has it.
        SHA_1 = 1, "SHA-1";
        /// Reserved.
        RESERVED_2 = 2, "Reserved";
        /// SHA-256, as of FIPS 180-2.
        SHA_256 = 3, "SHA-256";
    }
}

fields! {
    /// A random parameter.
    pub RANDOM_GROUP = "sctp.parameter", "Random parameter", Show::group().repeats(), "RFC 4895, 3.1";
    /// A random number, part of the key.
    pub RANDOM_NUMBER = "sctp.random_number", "Random number", Show::bytes(), "RFC 4895, 3.1";
    /// A chunk list parameter.
    pub CHUNKS_GROUP = "sctp.parameter", "Authenticated Chunk list parameter", Show::group().repeats().write(chunks_line), "RFC 4895, 3.2";
    /// A chunk type that the peer may only send authenticated.
    pub CHUNK_TYPE = "sctp.chunk_type_to_auth", "Chunk type", Show::u8().codes(&CHUNK_TYPES).repeats(), "RFC 4895, 3.2";
    /// A requested HMAC algorithm parameter.
    pub HMACS_GROUP = "sctp.parameter", "Requested HMAC Algorithm parameter", Show::group().repeats().write(hmacs_line), "RFC 4895, 3.3";
    /// An algorithm that the peer may use, the preferred one first.
    pub HMAC_IDENTIFIER = "sctp.hmac_id", "HMAC identifier", Show::u16().codes(&HMAC_IDENTIFIERS).repeats(), "RFC 4895, 3.3";
}

/// The value of a chunk list parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChunkList<'a> {
    /// The chunk types, one a byte.
    pub chunk_types: &'a [u8],
}

/// The value of a requested HMAC algorithm parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestedHmacAlgorithm<'a> {
    bytes: &'a [u8],
}

impl<'a> RequestedHmacAlgorithm<'a> {
    /// Reads the value. A byte too many at the end is left aside.
    pub fn new(value: &'a [u8]) -> RequestedHmacAlgorithm<'a> {
        RequestedHmacAlgorithm { bytes: value }
    }
    /// The algorithms in the order of preference.
    ///
    /// ```
    /// use dissect::proto::sctp::parameter::{HmacIdentifier, RequestedHmacAlgorithm};
    /// let value = RequestedHmacAlgorithm::new(&[0, 3, 0, 1]);
    /// assert_eq!(value.identifiers().next(), Some(HmacIdentifier::SHA_256));
    /// ```
    pub fn identifiers(&self) -> impl Iterator<Item = HmacIdentifier> + 'a {
        self.bytes.as_chunks::<2>().0.iter().map(|pair| HmacIdentifier(u16::from_be_bytes(*pair)))
    }
}

pub(super) static RANDOM: Kind =
    Kind { code: ParameterType::RANDOM, group: &RANDOM_GROUP, value: random, fields: FIELDS };
pub(super) static CHUNKS: Kind =
    Kind { code: ParameterType::CHUNK_LIST, group: &CHUNKS_GROUP, value: chunks, fields: &[] };
pub(super) static HMACS: Kind =
    Kind { code: ParameterType::REQUESTED_HMAC_ALGORITHM, group: &HMACS_GROUP, value: hmacs, fields: &[] };

fn random<'b>(cx: &mut Cx<'_>, bytes: &'b [u8], _: u8) -> Option<&'b [u8]> {
    if !bytes.is_empty() {
        cx.leaf(&RANDOM_NUMBER, bytes, 0);
    }
    Some(&[])
}

fn chunks<'b>(cx: &mut Cx<'_>, bytes: &'b [u8], _: u8) -> Option<&'b [u8]> {
    for byte in bytes.chunks(1) {
        cx.leaf(&CHUNK_TYPE, byte, byte.first().copied().unwrap_or(0).into());
    }
    Some(&[])
}

fn hmacs<'b>(cx: &mut Cx<'_>, bytes: &'b [u8], _: u8) -> Option<&'b [u8]> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    for pair in pairs {
        cx.leaf(&HMAC_IDENTIFIER, pair, u16::from_be_bytes(*pair).into());
    }
    Some(rest)
}

fn chunks_line(item: Item<'_>, out: &mut Out) {
    out.str(" (Chunk types to be authenticated: ");
    with_commas(out, item.children().filter(|child| child.node.field == &CHUNK_TYPE), write_name);
    out.byte(b')');
}

fn hmacs_line(item: Item<'_>, out: &mut Out) {
    out.str(" (Supported HMACs: ");
    with_commas(out, item.children().filter(|child| child.node.field == &HMAC_IDENTIFIER), write_name);
    out.byte(b')');
}
