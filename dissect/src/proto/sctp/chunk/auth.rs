//! AUTH, RFC 4895, 4.1: authenticates the chunks that follow it in the packet.

use super::{Chunk, Type};
use crate::proto::sctp::association::Known;
use crate::{Codes, Cx, Show, fields, header};

fields! {
    /// An AUTH chunk.
    GROUP = "sctp.chunk", "AUTH chunk", Show::group().repeats(), "RFC 4895, 4.1";
    /// Which of the shared keys was used; 0 is the empty one.
    SHARED_KEY_ID = "sctp.shared_key_id", "Shared key identifier", Show::u16(), "RFC 4895, 4.1";
    /// Which hash algorithm was used.
    HMAC_ID = "sctp.hmac_id", "HMAC identifier", Show::u16().codes(&HMAC_IDS).repeats(), "RFC 4895, 4.1";
    /// The HMAC over this chunk, with zeros here, and all that follow it.
    HMAC = "sctp.hmac", "HMAC", Show::bytes(), "RFC 4895, 4.1";
}

/// The type.
pub static TYPE: Type = Type { number: 15, name: "AUTH", group: &GROUP, flags: &[], dissect, fields: FIELDS };

/// The names of the hash algorithms, RFC 4895, 8.
pub static HMAC_IDS: Codes =
    Codes { unknown: "Unknown", names: &[(0, "Reserved"), (1, "SHA-1"), (3, "SHA-256")] };

header! {
    /// The fixed part of an AUTH chunk's value; the HMAC follows it.
    pub struct Auth {
        /// The shared key's number.
        pub shared_key_id: u16 => SHARED_KEY_ID,
        /// The hash algorithm.
        pub hmac_id: u16 => HMAC_ID,
    }
}

fn dissect(cx: &mut Cx<'_>, chunk: &Chunk<'_>, _: &mut Known) {
    let Some((_, hmac)) = Auth::dissect(cx, chunk.value) else { return };
    if !hmac.is_empty() {
        cx.leaf(&HMAC, hmac, 0);
    }
}
