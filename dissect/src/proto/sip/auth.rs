//! Challenges and credentials, RFC 3261, 20.7, 20.27 and 22.4; digest, RFC 7616 and RFC 8760; AKA, RFC 3310.

use super::text::{List, Param, is_space, split, trim, trim_start};
use crate::{Cx, Field, Show, fields};

fields! {
    /// A header of authentication, whole.
    pub AUTH = "sip.auth", "Authentication", Show::text().repeats(), "RFC 3261, 22";
    /// By which scheme.
    pub SCHEME = "sip.auth.scheme", "Authentication Scheme", Show::text().repeats(), "RFC 3261, 22.4";
    /// The answer to the challenge.
    pub RESPONSE = "sip.auth.digest.response", "Digest Authentication Response", Show::text().repeats(), "RFC 7616, 3.4";
    /// How often the nonce was used.
    pub NC = "sip.auth.nc", "Nonce Count", Show::text().repeats(), "RFC 7616, 3.4";
    /// The name of the user.
    pub USERNAME = "sip.auth.username", "Username", Show::text().repeats(), "RFC 7616, 3.4";
    /// For what the password is.
    pub REALM = "sip.auth.realm", "Realm", Show::text().repeats(), "RFC 7616, 3.3";
    /// The challenge.
    pub NONCE = "sip.auth.nonce", "Nonce Value", Show::text().repeats(), "RFC 7616, 3.3";
    /// The digest algorithm.
    pub ALGORITHM = "sip.auth.algorithm", "Algorithm", Show::text().repeats(), "RFC 7616, 3.3";
    /// To be given back unchanged.
    pub OPAQUE = "sip.auth.opaque", "Opaque Value", Show::text().repeats(), "RFC 7616, 3.3";
    /// What is protected.
    pub QOP = "sip.auth.qop", "QOP", Show::text().repeats(), "RFC 7616, 3.3";
    /// The client's own nonce.
    pub CNONCE = "sip.auth.cnonce", "CNonce Value", Show::text().repeats(), "RFC 7616, 3.4";
    /// For which URI.
    pub URI = "sip.auth.uri", "Authentication URI", Show::text().repeats(), "RFC 7616, 3.4";
    /// For which URIs.
    pub DOMAIN = "sip.auth.domain", "Authentication Domain", Show::text().repeats(), "RFC 7616, 3.3";
    /// Whether only the nonce was too old.
    pub STALE = "sip.auth.stale", "Stale Flag", Show::text().repeats(), "RFC 7616, 3.3";
    /// A SIM card's wish to synchronise.
    pub AUTS = "sip.auth.auts", "Authentication Token", Show::text().repeats(), "RFC 3310, 3.4";
    /// The server's own proof.
    pub RSPAUTH = "sip.auth.rspauth", "Response auth", Show::text().repeats(), "RFC 7616, 3.5";
    /// The nonce to use next.
    pub NEXTNONCE = "sip.auth.nextnonce", "Next Nonce", Show::text().repeats(), "RFC 7616, 3.5";
    /// The integrity key, between proxies.
    pub IK = "sip.auth.ik", "Integrity Key", Show::text().repeats(), "3GPP TS 24.229, 7.2A.1";
    /// The ciphering key, between proxies.
    pub CK = "sip.auth.ck", "Cyphering Key", Show::text().repeats(), "3GPP TS 24.229, 7.2A.1";
    /// Another parameter.
    pub PARAM = "sip.auth.param", "Authentication parameter", Show::text().repeats(), "RFC 3261, 25.1";
}

/// The parameters that have fields of their own.
static PARAMS: &[(&str, &Field)] = &[
    ("username", &USERNAME),
    ("realm", &REALM),
    ("nonce", &NONCE),
    ("uri", &URI),
    ("response", &RESPONSE),
    ("algorithm", &ALGORITHM),
    ("cnonce", &CNONCE),
    ("opaque", &OPAQUE),
    ("qop", &QOP),
    ("nc", &NC),
    ("domain", &DOMAIN),
    ("stale", &STALE),
    ("auts", &AUTS),
    ("rspauth", &RSPAUTH),
    ("nextnonce", &NEXTNONCE),
    ("ik", &IK),
    ("ck", &CK),
];

/// A challenge or credentials: a scheme and parameters, whose values may be quoted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Auth<'a> {
    /// The scheme: `Digest`. Empty in Authentication-Info, which has none.
    pub scheme: &'a [u8],
    /// The parameters.
    pub params: &'a [u8],
}

impl<'a> Auth<'a> {
    /// Takes the value of WWW-Authenticate, Proxy-Authenticate, Authorization or Proxy-Authorization apart.
    pub fn parse(value: &'a [u8]) -> Auth<'a> {
        let value = trim_start(value);
        let (scheme, params) =
            split(value, value.iter().position(|byte| is_space(*byte)).unwrap_or(value.len()));
        Auth { scheme, params: trim_start(params) }
    }
    /// The parameters.
    pub fn params(&self) -> impl Iterator<Item = Param<'a>> + use<'a> {
        List::new(self.params).filter(|piece| !trim(piece).is_empty()).map(Param::parse)
    }
    /// The value of a parameter, with its quotes if it has some.
    pub fn param(&self, name: &str) -> Option<&'a [u8]> {
        self.params().find(|param| param.is(name))?.value
    }
    fn emit(&self, cx: &mut Cx<'_>) {
        if !self.scheme.is_empty() {
            cx.leaf(&SCHEME, self.scheme, 0);
        }
        for param in self.params() {
            match (PARAMS.iter().find(|row| param.is(row.0)), param.value) {
                (Some((_, field)), Some(value)) => super::leaf(cx, field, value),
                _ => super::leaf(cx, &PARAM, trim(param.bytes)),
            }
        }
    }
}

/// Adds the scheme and parameters of a challenge or of credentials.
pub(super) fn dissect(cx: &mut Cx<'_>, value: &[u8]) {
    Auth::parse(value).emit(cx);
}

/// Adds the parameters of Authentication-Info, RFC 3261, 20.6.
pub(super) fn dissect_info(cx: &mut Cx<'_>, value: &[u8]) {
    Auth { scheme: &[], params: value }.emit(cx);
}
