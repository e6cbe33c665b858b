//! Addresses with names and parameters, RFC 3261, 20.10: `"Bob" <sip:bob@example.com;lr>;tag=1`.

use super::header::NUMBER_INVALID;
use super::text::{
    Params, find, is_space, is_token, near, number, quoted_len, split, trim, trim_end, trim_start, unquote,
};
use super::uri::Uri;
use crate::{Area, Cx, Field, Severity, Show, fields};

fields! {
    /// Quotes, brackets, white space or separators stand where they must not.
    pub INVALID = "sip.address.invalid", "Address breaks the grammar", Show::expert(Severity::Warn, Area::Malformed), "RFC 3261, 25.1";
}

/// The fields that a header shows of its addresses.
#[derive(Debug)]
pub(super) struct AddressFields {
    pub(super) display: &'static Field,
    pub(super) uri: &'static Field,
    pub(super) user: &'static Field,
    pub(super) host: &'static Field,
    pub(super) port: &'static Field,
    pub(super) param: &'static Field,
    /// A parameter of the header, outside of the brackets.
    pub(super) parameter: &'static Field,
    /// The parameter whose value has a field of its own.
    pub(super) named: Option<(&'static str, &'static Field)>,
}

/// A name-addr or addr-spec with its header parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NameAddr<'a> {
    /// The display name as it stands: with its quotes, or with the white space before the bracket.
    pub display: Option<&'a [u8]>,
    /// The URI, without brackets.
    pub uri: Uri<'a>,
    /// The header parameters, from the first `;` on.
    pub params: &'a [u8],
    /// Whether it follows the grammar: quotes and brackets closed, no white space or bare `?` in the URI, an unquoted name
    /// made of tokens, no empty parameter at the end.
    pub exact: bool,
}

impl<'a> NameAddr<'a> {
    /// Takes one address apart; the rest begins with the comma before the next one, or is empty. Nothing for nothing.
    /// An unquoted name with commas, which is against the grammar, is a name when `single` says that no list is meant.
    pub fn parse(input: &'a [u8], single: bool) -> (Option<NameAddr<'a>>, &'a [u8]) {
        let input = trim_start(input);
        let name = if input.first() == Some(&b'"') { quoted_len(input) } else { 0 };
        let (quoted, behind) = split(input, name);
        let is_closed = name == 0 || name > 1 && quoted.last() == Some(&b'"');
        let stop = behind.iter().position(|byte| match byte {
            b'<' | b';' => true,
            b',' => !single,
            _ => false,
        });
        let at = stop.unwrap_or(behind.len());
        let bracket = at + name;
        if behind.get(at) == Some(&b'<') {
            let display = if name > 0 { split(input, name).0 } else { split(input, bracket).0 };
            let inside = input.get(bracket + 1..).unwrap_or(&[]);
            let end = near(inside, [b'>']);
            let (uri, rest) = split(inside, end.unwrap_or(inside.len()));
            let rest = rest.get(1..).unwrap_or(&[]);
            let (params, rest) = split(rest, find(rest, b',', b','));
            let is_name = |byte: &u8| is_token(*byte) || is_space(*byte) || *byte >= 0x80;
            let exact = is_closed
                && end.is_some()
                && !uri.iter().any(|byte| is_space(*byte))
                && (name > 0 || display.iter().all(is_name))
                && !ends_empty(params);
            let display = Some(display).filter(|display| !display.is_empty());
            return (Some(NameAddr { display, uri: Uri::parse(trim(uri)), params, exact }), rest);
        }
        // Without brackets all parameters are the header's.
        let (address, rest) = split(behind, at);
        let (params, rest) = split(rest, find(rest, b',', b','));
        let address = NameAddr {
            display: (name > 0).then(|| split(input, name).0),
            uri: Uri::parse(trim(address)),
            params,
            exact: name == 0 && near(address, [b'?']).is_none() && !ends_empty(params),
        };
        let is_empty = address.display.is_none() && address.uri.bytes.is_empty() && trim(params).is_empty();
        ((!is_empty).then_some(address), rest)
    }
    /// The header parameters.
    pub fn params(&self) -> Params<'a> {
        Params::new(self.params)
    }
    /// The value of the tag parameter, RFC 3261, 19.3.
    pub fn tag(&self) -> Option<&'a [u8]> {
        self.params().find(|param| param.is("tag"))?.value
    }
    pub(super) fn emit(&self, cx: &mut Cx<'_>, fields: &'static AddressFields) {
        if let Some(display) = self.display {
            super::leaf(cx, fields.display, display);
        }
        if !self.uri.bytes.is_empty() {
            self.uri.emit(cx, self.uri.bytes, fields);
        }
        for param in self.params() {
            match (fields.named, param.value) {
                (Some((name, field)), Some(value)) if param.is(name) => cx.leaf(field, unquote(value), 0),
                _ => super::leaf(cx, fields.parameter, param.bytes),
            }
            if param.is("expires") && !param.value.is_some_and(|value| number(value).1) {
                cx.expert(&NUMBER_INVALID, param.bytes);
            }
        }
        if !self.exact || !self.uri.is_exact() {
            cx.expert(&INVALID, self.uri.bytes);
        }
    }
}

/// Whether an empty parameter stands at the end.
pub(super) fn ends_empty(params: &[u8]) -> bool {
    matches!(trim_end(params).last(), Some(b';'))
}

/// The addresses of a list.
#[derive(Clone, Debug)]
pub struct NameAddrs<'a> {
    rest: &'a [u8],
}

impl<'a> NameAddrs<'a> {
    /// The addresses of a header's value.
    pub fn new(value: &'a [u8]) -> NameAddrs<'a> {
        NameAddrs { rest: value }
    }
}

impl<'a> Iterator for NameAddrs<'a> {
    type Item = NameAddr<'a>;
    fn next(&mut self) -> Option<NameAddr<'a>> {
        while !self.rest.is_empty() {
            let (address, rest) = NameAddr::parse(self.rest, false);
            self.rest = rest.get(1..).unwrap_or(&[]);
            if address.is_some() {
                return address;
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_brackets_and_parameters_are_told_apart() {
        let value = br#""A, \"B\"" <sip:a:pw@[::1]:5061;lr?x=y>;tag=1;q, sips:c@d;tag=2, Bob <tel:+1;ext=2>"#;
        let all: Vec<_> = NameAddrs::new(value).collect();
        assert_eq!(all.len(), 3);
        assert_eq!(all[0].display, Some(&br#""A, \"B\"""#[..]));
        let uri = all[0].uri;
        assert_eq!(
            (uri.user, uri.user_name(), uri.host),
            (Some(&b"a:pw"[..]), Some(&b"a"[..]), &b"[::1]"[..])
        );
        assert_eq!((uri.port, uri.params, uri.headers), (Some(&b"5061"[..]), &b";lr"[..], Some(&b"x=y"[..])));
        assert_eq!((all[0].tag(), all[1].tag(), all[2].tag()), (Some(&b"1"[..]), Some(&b"2"[..]), None));
        assert_eq!((all[1].uri.scheme, all[1].uri.params), (&b"sips"[..], &b""[..]));
        assert_eq!((all[2].uri.opaque, all[2].uri.params), (&b"+1"[..], &b";ext=2"[..]));
        let (watson, _) = NameAddr::parse(b"Watson, Thomas <sip:t@e.org>", true);
        assert_eq!(watson.and_then(|address| address.display), Some(&b"Watson, Thomas "[..]));
    }
}
