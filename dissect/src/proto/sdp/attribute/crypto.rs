//! Keys of SRTP in the description, RFC 4568.

use super::key_management::base64;
use crate::proto::sdp::line::{Words, number, split};
use crate::proto::sdp::{MISSING_FIELDS, Seen, put};
use crate::{Area, Cx, Severity, Show, fields};

fields! {
    /// Which offered line an answer takes.
    TAG = "sdp.crypto.tag", "tag", Show::u32(), "RFC 4568, 4.1";
    /// The cipher and the authentication.
    SUITE = "sdp.crypto.crypto_suite", "Crypto suite", Show::text(), "RFC 4568, 6.2";
    /// A key and what belongs to it.
    KEY_PARAMETERS = "sdp.crypto.key_params", "Key parameters", Show::group().repeats(), "RFC 4568, 6.1";
    /// Key and salt, one after the other.
    KEY_AND_SALT = "sdp.key_and_salt", "Key and Salt", Show::bytes(), "RFC 4568, 6.1";
    /// The master key.
    KEY = "sdp.crypto.master_key", "Master Key", Show::bytes(), "RFC 4568, 6.1";
    /// The master salt.
    SALT = "sdp.crypto.master_salt", "Master salt", Show::bytes(), "RFC 4568, 6.1";
    /// How many packets the key is good for, as a number or a power of two.
    LIFETIME = "sdp.crypto.lifetime", "Lifetime", Show::text(), "RFC 4568, 6.1";
    /// The identifier of the master key.
    MKI = "sdp.crypto.mki-valu", "mki-value", Show::text(), "RFC 4568, 6.1";
    /// How many bytes the identifier takes in a packet.
    MKI_LENGTH = "sdp.crypto.mki_length", "mki_length", Show::text(), "RFC 4568, 6.1";
    /// A parameter of the session: `UNENCRYPTED_SRTCP`.
    SESSION_PARAMETER = "sdp.crypto.session_param", "Session parameter", Show::text().repeats(), "RFC 4568, 6.3";
    /// A tag is a number of at most nine digits.
    INVALID_TAG = "sdp.invalid_crypto_tag", "Invalid crypto tag", Show::expert(Severity::Error, Area::Malformed), "RFC 4568, 9.1";
    /// A key begins with its method and a colon.
    INVALID_KEY = "sdp.invalid_key_param", "Invalid key-param (no ':' delimiter)", Show::expert(Severity::Note, Area::Malformed), "RFC 4568, 9.1";
    /// The length of a key's identifier is a number.
    INVALID_MKI_LENGTH = "sdp.invalid_crypto_mki_length", "Invalid crypto mki length", Show::expert(Severity::Error, Area::Malformed), "RFC 4568, 9.2";
}

/// The crypto suites: name, bytes of the key, bytes of the salt. RFC 4568, 6188 and 7714.
static SUITES: &[(&str, usize, usize)] = &[
    ("AES_CM_128_HMAC_SHA1_80", 16, 14),
    ("AES_CM_128_HMAC_SHA1_32", 16, 14),
    ("F8_128_HMAC_SHA1_80", 16, 14),
    ("AES_192_CM_HMAC_SHA1_80", 24, 14),
    ("AES_192_CM_HMAC_SHA1_32", 24, 14),
    ("AES_256_CM_HMAC_SHA1_80", 32, 14),
    ("AES_256_CM_HMAC_SHA1_32", 32, 14),
    ("AEAD_AES_128_GCM", 16, 12),
    ("AEAD_AES_256_GCM", 32, 12),
];

/// The value of an `a=crypto` line. Parts that are missing are empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crypto<'a> {
    /// Which offered line an answer takes.
    pub tag: &'a [u8],
    /// The cipher and the authentication.
    pub suite: &'a [u8],
    /// The keys, separated by semicolons.
    pub keys: &'a [u8],
    /// What is said of the session, separated by spaces.
    pub session: &'a [u8],
}

impl<'a> Crypto<'a> {
    /// Reads the value of an `a=crypto` line, RFC 4568, 9.1.
    ///
    /// ```
    /// use dissect::proto::sdp::attribute::Crypto;
    /// let crypto = Crypto::parse(b"1 AES_CM_128_HMAC_SHA1_80 inline:AAAA|2^20|1:32 KDR=1");
    /// assert_eq!((crypto.tag, crypto.session), (&b"1"[..], &b"KDR=1"[..]));
    /// let key = crypto.keys().next().unwrap();
    /// assert_eq!((key.info, key.lifetime, key.mki), (&b"AAAA"[..], Some(&b"2^20"[..]), Some((&b"1"[..], &b"32"[..]))));
    /// ```
    pub fn parse(value: &'a [u8]) -> Crypto<'a> {
        let mut words = Words::new(value);
        let mut next = || words.next().map_or(&[][..], |word| word.text);
        Crypto { tag: next(), suite: next(), keys: next(), session: words.rest() }
    }
    /// The keys that have a method.
    pub fn keys(&self) -> impl Iterator<Item = KeyParameter<'a>> {
        self.keys.split(|byte| *byte == b';').filter_map(KeyParameter::parse)
    }
}

/// A key of an `a=crypto` line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyParameter<'a> {
    /// How the key is given: `inline`.
    pub method: &'a [u8],
    /// Key and salt in base64.
    pub info: &'a [u8],
    /// How many packets the key is good for.
    pub lifetime: Option<&'a [u8]>,
    /// The key's identifier, and how many bytes it takes in a packet.
    pub mki: Option<(&'a [u8], &'a [u8])>,
}

impl<'a> KeyParameter<'a> {
    /// Reads a key, RFC 4568, 9.1 and 9.2; nothing without a method.
    pub fn parse(text: &'a [u8]) -> Option<KeyParameter<'a>> {
        let (method, rest) = split(text, b':');
        let mut parts = rest?.split(|byte| *byte == b'|');
        let mut key = KeyParameter { method, info: parts.next()?, lifetime: None, mki: None };
        for part in parts {
            match split(part, b':') {
                (mki, Some(length)) => key.mki = Some((mki, length)),
                (lifetime, None) => key.lifetime = Some(lifetime),
            }
        }
        Some(key)
    }
}

pub(super) fn emit<'b>(cx: &mut Cx<'_>, value: &'b [u8], _: &mut Seen<'b>) {
    let mut words = Words::new(value);
    let (Some(tag), Some(suite)) = (words.next(), words.next()) else {
        return cx.expert(&MISSING_FIELDS, value);
    };
    match number(tag.text).filter(|tag| u32::try_from(*tag).is_ok()) {
        Some(tag_number) => cx.leaf(&TAG, tag.text, tag_number),
        None => cx.expert(&INVALID_TAG, tag.text),
    }
    put(cx, &SUITE, &suite);
    let Some(keys) = words.next() else { return cx.expert(&MISSING_FIELDS, words.rest()) };
    for text in keys.text.split(|byte| *byte == b';') {
        match KeyParameter::parse(text) {
            Some(parameter) => {
                cx.group(&KEY_PARAMETERS, text, |cx| key(cx, text, &parameter, suite.text));
            }
            None => cx.expert(&INVALID_KEY, text),
        }
    }
    for word in words {
        put(cx, &SESSION_PARAMETER, &word);
    }
}

/// `text` is all of the parameter: as elsewhere, what base64 hides is placed from its beginning on.
fn key(cx: &mut Cx<'_>, text: &[u8], parameter: &KeyParameter<'_>, suite: &[u8]) {
    let decoded = base64(parameter.info);
    let place = |from: usize, len: usize| text.get(from..from + len).unwrap_or(text);
    match SUITES.iter().find(|row| row.0.as_bytes() == suite) {
        Some(&(_, key, salt)) => {
            cx.leaf(&KEY_AND_SALT, parameter.info, 0);
            if let (Some(key_bytes), Some(salt_bytes)) = (decoded.get(..key), decoded.get(key..key + salt)) {
                cx.own_text(&KEY, place(0, key), key_bytes, 0);
                cx.own_text(&SALT, place(key, salt), salt_bytes, 0);
            }
        }
        None => cx.own_text(&KEY_AND_SALT, place(0, decoded.len()), &decoded, 0),
    }
    if let Some(lifetime) = parameter.lifetime {
        cx.leaf(&LIFETIME, lifetime, 0);
    }
    if let Some((mki, length)) = parameter.mki {
        cx.leaf(&MKI, mki, 0);
        cx.leaf(&MKI_LENGTH, length, 0);
        if number(length).is_none() {
            cx.expert(&INVALID_MKI_LENGTH, length);
        }
    }
}
