//! URIs of every scheme, RFC 3261, 19.1; RFC 3966 (tel); RFC 8141 (urn).

use super::address::AddressFields;
use super::text::{is_space, is_token, near, split};
use crate::{Cx, Show, fields};

fields! {
    /// To whom a request goes now.
    pub R_URI = "sip.r-uri", "Request-URI", Show::text(), "RFC 3261, 8.1.1.1";
    /// Its user, with a password if there is one.
    pub R_URI_USER = "sip.r-uri.user", "Request-URI User Part", Show::text(), "RFC 3261, 19.1.1";
    /// Its host.
    pub R_URI_HOST = "sip.r-uri.host", "Request-URI Host Part", Show::text(), "RFC 3261, 19.1.1";
    /// Its port.
    pub R_URI_PORT = "sip.r-uri.port", "Request-URI Host Port", Show::text(), "RFC 3261, 19.1.1";
    /// A parameter of it.
    pub R_URI_PARAM = "sip.r-uri.param", "Request URI parameter", Show::text().repeats(), "RFC 3261, 19.1.1";
    /// A display name, which a Request-URI must not have.
    pub R_URI_DISPLAY = "sip.r-uri.display.info", "Request-URI display info", Show::text(), "RFC 3261, 19.1.1";
    /// The scheme of a URI other than sip and sips.
    pub SCHEME = "sip.uri.scheme", "URI scheme", Show::text(), "RFC 3986, 3.1";
    /// The number of a tel URI.
    pub NUMBER = "sip.uri.number", "Telephone number", Show::text(), "RFC 3966, 3";
    /// A parameter of a tel URI.
    pub PARAM = "sip.uri.param", "URI parameter", Show::text().repeats(), "RFC 3966, 3";
    /// What stands behind the scheme of another URI.
    pub OPAQUE = "sip.uri.opaque", "URI of another scheme", Show::text(), "RFC 3986, 3";
    /// Headers for a request that the URI asks for.
    pub HEADERS = "sip.uri.headers", "URI headers", Show::text(), "RFC 3261, 19.1.1";
}

/// The fields of a Request-URI.
pub(super) static REQUEST_URI: AddressFields = AddressFields {
    display: &R_URI_DISPLAY,
    uri: &R_URI,
    user: &R_URI_USER,
    host: &R_URI_HOST,
    port: &R_URI_PORT,
    param: &R_URI_PARAM,
    parameter: &PARAM,
    named: None,
};

/// A URI taken apart. Parsing it never fails: what a scheme does not have is empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Uri<'a> {
    /// All of it.
    pub bytes: &'a [u8],
    /// The scheme, without the colon: `sip`. Empty where there is none.
    pub scheme: &'a [u8],
    /// What is between the scheme and the parameters, for schemes other than sip and sips: the number of a tel URI, the
    /// name of a urn.
    pub opaque: &'a [u8],
    /// The user, with `:` and a password where there is one.
    pub user: Option<&'a [u8]>,
    /// The host; an IPv6 address with its brackets.
    pub host: &'a [u8],
    /// The port's digits.
    pub port: Option<&'a [u8]>,
    /// The parameters, from the first `;` on.
    pub params: &'a [u8],
    /// The headers behind `?`.
    pub headers: Option<&'a [u8]>,
}

/// The length of a scheme in front of a colon, RFC 3986, 3.1.
pub(super) fn scheme_len(uri: &[u8]) -> Option<usize> {
    let len =
        uri.iter().position(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.')))?;
    (uri.get(len) == Some(&b':') && uri.first().is_some_and(u8::is_ascii_alphabetic)).then_some(len)
}

/// The length of a host in front of a port, parameters, headers, white space or the end; an IPv6 address stands in brackets.
/// A sign that no host has is shown with it.
pub(super) fn host_len(bytes: &[u8]) -> usize {
    if bytes.first() == Some(&b'[') {
        return near(bytes, [b']']).map_or(bytes.len(), |end| end + 1);
    }
    let ends =
        |byte: &u8| matches!(byte, b':' | b';' | b'?' | b'<' | b'>' | b',' | b'/' | b'"') || is_space(*byte);
    bytes.iter().position(ends).unwrap_or(bytes.len())
}

impl<'a> Uri<'a> {
    /// Takes a URI apart.
    pub fn parse(bytes: &'a [u8]) -> Uri<'a> {
        let Some(len) = scheme_len(bytes) else { return Uri { bytes, opaque: bytes, ..Uri::default() } };
        let (scheme, rest) = split(bytes, len);
        let rest = rest.get(1..).unwrap_or(&[]);
        if !scheme.eq_ignore_ascii_case(b"sip") && !scheme.eq_ignore_ascii_case(b"sips") {
            let end = if scheme.eq_ignore_ascii_case(b"tel") { near(rest, [b';']) } else { None };
            let (opaque, params) = split(rest, end.unwrap_or(rest.len()));
            return Uri { bytes, scheme, opaque, params, ..Uri::default() };
        }
        let (user, rest) = match near(rest, [b'@']) {
            Some(at) => (rest.get(..at), rest.get(at + 1..).unwrap_or(&[])),
            None => (None, rest),
        };
        let (host, rest) = split(rest, host_len(rest));
        let (port, rest) = match rest {
            [b':', rest @ ..] => {
                let (port, rest) = split(rest, near(rest, [b';', b'?', b'>']).unwrap_or(rest.len()));
                (Some(port), rest)
            }
            rest => (None, rest),
        };
        let (params, headers) = split(rest, near(rest, [b'?']).unwrap_or(rest.len()));
        Uri { bytes, scheme, opaque: &[], user, host, port, params, headers: headers.get(1..) }
    }
    /// Whether the scheme is sip or sips.
    pub fn is_sip(&self) -> bool {
        matches!(self.scheme.len(), 3 | 4)
            && self.scheme.get(..3).is_some_and(|s| s.eq_ignore_ascii_case(b"sip"))
    }
    /// Whether a sip or sips URI has a host of the signs that one may have and, if a port, one of digits. Other schemes are
    /// not judged.
    pub fn is_exact(&self) -> bool {
        let digits = |port: &[u8]| matches!(port.len(), 1..=5) && port.iter().all(u8::is_ascii_digit);
        let named = || match self.host {
            [] => false,
            [b'[', ..] => true,
            host => host.iter().all(|byte| is_token(*byte)),
        };
        !self.is_sip() || named() && self.port.is_none_or(digits)
    }
    /// The user without the password.
    pub fn user_name(&self) -> Option<&'a [u8]> {
        self.user.map(|user| split(user, near(user, [b':']).unwrap_or(user.len())).0)
    }
    /// The parameters.
    pub fn params(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        self.params.split(|byte| *byte == b';').filter(|param| !param.is_empty())
    }
    /// Adds the URI, which `bytes` hold, and its parts.
    pub(super) fn emit(&self, cx: &mut Cx<'_>, bytes: &[u8], fields: &'static AddressFields) {
        cx.group(fields.uri, bytes, |cx| {
            if !self.is_sip() {
                return self.emit_other(cx);
            }
            if let Some(user) = self.user.filter(|user| !user.is_empty()) {
                cx.leaf(fields.user, user, 0);
            }
            cx.leaf(fields.host, self.host, 0);
            if let Some(port) = self.port.filter(|port| !port.is_empty()) {
                cx.leaf(fields.port, port, 0);
            }
            for param in self.params() {
                cx.leaf(fields.param, param, 0);
            }
            if let Some(headers) = self.headers {
                cx.leaf(&HEADERS, headers, 0);
            }
        });
    }
    fn emit_other(&self, cx: &mut Cx<'_>) {
        if !self.scheme.is_empty() {
            cx.leaf(&SCHEME, self.scheme, 0);
        }
        let field = if self.scheme.eq_ignore_ascii_case(b"tel") { &NUMBER } else { &OPAQUE };
        if !self.opaque.is_empty() {
            cx.leaf(field, self.opaque, 0);
        }
        for param in self.params() {
            cx.leaf(&PARAM, param, 0);
        }
    }
}
