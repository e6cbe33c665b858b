//! Via, RFC 3261, 20.42: the way of a message, one element behind the other.

use super::text::{Params, find, near, number, split, trim, trim_end, trim_start};
use super::uri::host_len;
use crate::{Area, Cx, Field, Severity, Show, fields};

fields! {
    /// Over what it was sent.
    pub TRANSPORT = "sip.Via.transport", "Transport", Show::text().repeats(), "RFC 3261, 20.42";
    /// Who sent it.
    pub ADDRESS = "sip.Via.sent-by.address", "Sent-by Address", Show::text().repeats(), "RFC 3261, 20.42";
    /// From which port; the answer goes there.
    pub PORT = "sip.Via.sent-by.port", "Sent-by port", Show::u16().repeats(), "RFC 3261, 20.42";
    /// The port is no number from 1 to 65535.
    pub PORT_INVALID = "sip.Via.sent-by.port.invalid", "Invalid SIP Via sent-by-port", Show::expert(Severity::Note, Area::Protocol), "RFC 3261, 20.42";
    /// An element has no sender or an empty parameter.
    pub INVALID = "sip.Via.invalid", "Via breaks the grammar", Show::expert(Severity::Warn, Area::Malformed), "RFC 3261, 20.42";
    /// The branch is the magic cookie and nothing else, so it names no transaction.
    pub BRANCH_INVALID = "sip.Via.branch.invalid", "Branch has nothing behind its magic cookie", Show::expert(Severity::Warn, Area::Protocol), "RFC 3261, 8.1.1.7";
    /// Names the transaction.
    pub BRANCH = "sip.Via.branch", "Branch", Show::text().repeats(), "RFC 3261, 8.1.1.7";
    /// The multicast address for the answer.
    pub MADDR = "sip.Via.maddr", "Maddr", Show::text().repeats(), "RFC 3261, 18.1.1";
    /// The port it really came from, or a wish to be told.
    pub RPORT = "sip.Via.rport", "RPort", Show::text().repeats(), "RFC 3581, 3";
    /// The address it really came from.
    pub RECEIVED = "sip.Via.received", "Received", Show::text().repeats(), "RFC 3261, 18.2.1";
    /// How far a multicast goes.
    pub TTL = "sip.Via.ttl", "TTL", Show::text().repeats(), "RFC 3261, 20.42";
    /// How answers may be compressed.
    pub COMP = "sip.Via.comp", "Comp", Show::text().repeats(), "RFC 3486, 5";
    /// Names the sender's compressor.
    pub SIGCOMP_ID = "sip.Via.sigcomp-id", "Sigcomp identifier", Show::text().repeats(), "RFC 5049, 9.1";
    /// Overload control: how much less to send.
    pub OC = "sip.Via.oc", "Overload Control", Show::text().repeats(), "RFC 7339, 4.1";
    /// Overload control: how much less to send, as a number.
    pub OC_VAL = "sip.Via.oc_val", "Overload Control Value", Show::u32().repeats(), "RFC 7339, 4.1";
    /// Overload control: for how many milliseconds.
    pub OC_VALIDITY = "sip.Via.oc_validity", "Overload Control Validity", Show::text().repeats(), "RFC 7339, 4.3";
    /// Overload control: which news is newer.
    pub OC_SEQ = "sip.Via.oc_seq", "Overload Control Sequence", Show::text().repeats(), "RFC 7339, 4.4";
    /// Overload control: which news is newer, as a moment.
    pub OC_SEQ_TS = "sip.Via.oc_seq.ts", "Overload Control Sequence Time Stamp", Show::moment().repeats(), "RFC 7339, 4.4";
    /// Overload control: by which algorithm.
    pub OC_ALGO = "sip.Via.oc_algo", "Overload Control Algorithm", Show::text().repeats(), "RFC 7339, 4.2";
    /// Whether the home network's breakout is on the way.
    pub BE_ROUTE = "sip.Via.be_route", "be-route", Show::text().repeats(), "RFC 8055, 5";
    /// Another parameter.
    pub PARAM = "sip.Via.param", "Via parameter", Show::text().repeats(), "RFC 3261, 20.42";
}

/// The parameters that have fields of their own.
static PARAMS: &[(&str, &Field)] = &[
    ("branch", &BRANCH),
    ("rport", &RPORT),
    ("received", &RECEIVED),
    ("maddr", &MADDR),
    ("ttl", &TTL),
    ("comp", &COMP),
    ("sigcomp-id", &SIGCOMP_ID),
    ("oc", &OC),
    ("oc-validity", &OC_VALIDITY),
    ("oc-seq", &OC_SEQ),
    ("oc-algo", &OC_ALGO),
    ("be-route", &BE_ROUTE),
];

/// One element of a Via header.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Via<'a> {
    /// Name and version: `SIP/2.0`.
    pub protocol: &'a [u8],
    /// The transport: `UDP`.
    pub transport: &'a [u8],
    /// The sender's host; an IPv6 address without its brackets.
    pub host: &'a [u8],
    /// The sender's port, as it stands.
    pub port: Option<&'a [u8]>,
    /// The parameters, from the first `;` on.
    pub params: &'a [u8],
}

impl<'a> Via<'a> {
    /// Takes one element apart; the rest begins with the comma before the next one, or is empty.
    pub fn parse(input: &'a [u8]) -> (Via<'a>, &'a [u8]) {
        let (element, rest) = split(input, find(input, b',', b','));
        let element = trim(element);
        // `SIP / 2.0 / UDP`, white space around the slashes.
        let first = near(element, [b'/']).unwrap_or(element.len());
        let behind = element.get(first + 1..).unwrap_or(&[]);
        let Some(second) = near(behind, [b'/']) else {
            return (Via { protocol: element, ..Via::default() }, rest);
        };
        let protocol = trim_end(split(element, first + 1 + second).0);
        let behind = trim_start(behind.get(second + 1..).unwrap_or(&[]));
        let blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b';');
        let (transport, behind) = split(behind, behind.iter().position(blank).unwrap_or(behind.len()));
        let behind = trim_start(behind);
        let (host, behind) = split(behind, host_len(behind));
        let host = host.strip_prefix(b"[").map_or(host, |host| host.strip_suffix(b"]").unwrap_or(host));
        let behind = trim_start(behind);
        let (port, params) = split(behind, near(behind, [b';']).unwrap_or(behind.len()));
        let port = port.strip_prefix(b":").map(trim);
        (Via { protocol, transport, host, port, params }, rest)
    }
    /// The sender's port as a number.
    pub fn port_number(&self) -> Option<u16> {
        match number(self.port?) {
            (port, true) if port > 0 => u16::try_from(port).ok(),
            _ => None,
        }
    }
    /// The parameters.
    pub fn params(&self) -> Params<'a> {
        Params::new(self.params)
    }
    /// The value of the branch parameter, which names the transaction.
    pub fn branch(&self) -> Option<&'a [u8]> {
        self.params().find(|param| param.is("branch"))?.value
    }
    fn emit(&self, cx: &mut Cx<'_>) {
        if !self.transport.is_empty() {
            cx.leaf(&TRANSPORT, self.transport, 0);
        }
        if !self.host.is_empty() {
            cx.leaf(&ADDRESS, self.host, 0);
        }
        if let Some(port) = self.port {
            match self.port_number() {
                Some(number) => cx.leaf(&PORT, port, number.into()),
                None => cx.expert(&PORT_INVALID, port),
            }
        }
        for param in self.params() {
            let field = PARAMS.iter().find(|row| param.is(row.0)).map(|row| row.1);
            let value = param.value.unwrap_or(param.bytes);
            match field {
                Some(field) => super::leaf(cx, field, value),
                None => super::leaf(cx, &PARAM, param.bytes),
            }
            if field == Some(&BRANCH) && value.eq_ignore_ascii_case(b"z9hG4bK") {
                cx.expert(&BRANCH_INVALID, value);
            }
            if field == Some(&OC) && param.value.is_some() {
                cx.leaf(&OC_VAL, value, number(value).0.into());
            }
            if field == Some(&OC_SEQ)
                && let Some(nanoseconds) = seconds(value)
            {
                cx.leaf(&OC_SEQ_TS, value, nanoseconds);
            }
        }
        if self.host.is_empty() || super::address::ends_empty(self.params) {
            cx.expert(&INVALID, self.protocol);
        }
    }
}

/// Seconds with a fraction of up to nine digits, in nanoseconds.
fn seconds(text: &[u8]) -> Option<u64> {
    let (whole, fraction) = split(text, near(text, [b'.'])?);
    let digits = fraction.get(1..).filter(|digits| digits.len() <= 9)?;
    let (whole, fraction) = (number(whole), number(digits));
    let unit = 10u64.pow(9 - digits.len() as u32);
    (whole.1 && fraction.1).then(|| u64::from(whole.0) * 1_000_000_000 + u64::from(fraction.0) * unit)
}

/// Adds the elements of a Via header.
pub(super) fn dissect(cx: &mut Cx<'_>, value: &[u8]) {
    let mut rest = value;
    while !rest.is_empty() {
        let (via, more) = Via::parse(rest);
        via.emit(cx);
        rest = more.get(1..).unwrap_or(&[]);
    }
}
