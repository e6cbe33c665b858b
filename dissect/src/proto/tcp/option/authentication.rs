//! The MD5 signature, RFC 2385, and the authentication option, RFC 5925.

use super::{Lengths, OptionKind, OptionType};
use crate::{Show, fields};

fields! {
    /// An MD5 signature.
    MD5_GROUP = "tcp.options.md5", "TCP Option - TCP MD5 signature", Show::bytes().repeats(), "RFC 2385, 3";
    /// The digest over pseudo-header, header without options, data and key.
    DIGEST = "tcp.options.md5.digest", "MD5 digest", Show::bytes(), "RFC 2385, 3";
    /// Authentication.
    AO_GROUP = "tcp.options.ao", "TCP Option - TCP AO", Show::bytes().repeats(), "RFC 5925, 2.2";
    /// Which key the segment was authenticated with.
    KEY_ID = "tcp.options.ao.keyid", "AO KeyID", Show::u8(), "RFC 5925, 2.2";
    /// Which key the sender is ready to receive with.
    NEXT_KEY_ID = "tcp.options.ao.rnextkeyid", "AO RNextKeyID", Show::u8(), "RFC 5925, 2.2";
    /// The message authentication code.
    MAC = "tcp.options.ao.mac", "AO MAC", Show::bytes(), "RFC 5925, 2.2";
}

/// What the authentication option holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Authentication<'a> {
    /// Which key the segment was authenticated with.
    pub key_id: u8,
    /// Which key the sender is ready to receive with.
    pub next_key_id: u8,
    /// The message authentication code.
    pub mac: &'a [u8],
}

impl<'a> Authentication<'a> {
    pub(super) fn parse(body: &'a [u8]) -> Option<Authentication<'a>> {
        let (&[key_id, next_key_id], mac) = body.split_first_chunk()?;
        Some(Authentication { key_id, next_key_id, mac })
    }
}

pub(super) static MD5: OptionType = OptionType {
    emit: |cx, place| cx.leaf(&DIGEST, place.body(), 0),
    line: |out, _| {
        out.str(" MD5");
    },
    ..OptionType::new(OptionKind::MD5_SIGNATURE, &MD5_GROUP, Lengths::Exactly(18))
};

pub(super) static AUTHENTICATION: OptionType = OptionType {
    emit: |cx, place| {
        let ([key_id, next_key_id, ..], Some(ids)) = (place.body(), place.body().first_chunk::<2>()) else {
            return;
        };
        cx.leaf(&KEY_ID, &ids[..1], (*key_id).into());
        cx.leaf(&NEXT_KEY_ID, &ids[1..], (*next_key_id).into());
        if let Some(mac) = place.body().get(2..).filter(|mac| !mac.is_empty()) {
            cx.leaf(&MAC, mac, 0);
        }
    },
    line: |out, _| {
        out.str(" TCP AO");
    },
    ..OptionType::new(OptionKind::AUTHENTICATION, &AO_GROUP, Lengths::AtLeast(4))
};
