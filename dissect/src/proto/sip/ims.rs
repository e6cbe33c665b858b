//! Headers of IMS: security agreement (RFC 3329, 3GPP TS 33.203), access networks and charging (RFC 7315), feature
//! capabilities (RFC 6809), session identifiers (RFC 7989).

use super::text::{List, Param, Params, find, number, split, trim};
use crate::tree::Node;
use crate::{Area, Base, Cx, Field, Kind, Severity, Show, fields};

fields! {
    /// A security mechanism that is offered or chosen.
    pub MECHANISM = "sip.sec_mechanism", "[Security-mechanism]", Show::text().repeats(), "RFC 3329, 2.2";
    /// The integrity algorithm.
    pub ALG = "sip.sec_mechanism.alg", "alg", Show::text().repeats(), "3GPP TS 33.203, H";
    /// The encryption algorithm.
    pub EALG = "sip.sec_mechanism.ealg", "ealg", Show::text().repeats(), "3GPP TS 33.203, H";
    /// The IPsec protocol.
    pub PROT = "sip.sec_mechanism.prot", "prot", Show::text().repeats(), "3GPP TS 33.203, H";
    /// The security parameter index to the client's port.
    pub SPI_C = "sip.sec_mechanism.spi_c", "spi-c", Show::u32().base(Base::DecHex).repeats(), "3GPP TS 33.203, H";
    /// The security parameter index to the server's port.
    pub SPI_S = "sip.sec_mechanism.spi_s", "spi-s", Show::u32().base(Base::DecHex).repeats(), "3GPP TS 33.203, H";
    /// The client's port, by an old name.
    pub PORT1 = "sip.sec_mechanism.port1", "port1", Show::u16().repeats(), "3GPP TS 33.203, H";
    /// The protected client port.
    pub PORT_C = "sip.sec_mechanism.port_c", "port-c", Show::u16().repeats(), "3GPP TS 33.203, H";
    /// The server's port, by an old name.
    pub PORT2 = "sip.sec_mechanism.port2", "port2", Show::u16().repeats(), "3GPP TS 33.203, H";
    /// The protected server port.
    pub PORT_S = "sip.sec_mechanism.port_s", "port-s", Show::u16().repeats(), "3GPP TS 33.203, H";
    /// Another parameter of a mechanism.
    pub MECHANISM_PARAM = "sip.sec_mechanism.param", "Parameter", Show::text().repeats(), "RFC 3329, 2.2";
    /// A number in the mechanism is none.
    pub MECHANISM_MALFORMED = "sip.sec_mechanism.malformed", "SIP Security-mechanism header malformed", Show::expert(Severity::Warn, Area::Malformed), "RFC 3329, 2.2";
    /// What kind of network the phone is in.
    pub ACCESS_TYPE = "sip.P-Access-Network-Info.access-type", "access-type", Show::text().repeats(), "RFC 7315, 5.4";
    /// Its cell in UTRAN or E-UTRAN.
    pub UTRAN_CELL = "sip.P-Access-Network-Info.utran-cell-id-3gpp", "utran-cell-id-3gpp", Show::text().repeats(), "RFC 7315, 5.4";
    /// Something else about the access network.
    pub ACCESS_PARAM = "sip.P-Access-Network-Info.param", "Access network parameter", Show::text().repeats(), "RFC 7315, 5.4";
    /// Names what is charged.
    pub ICID_VALUE = "sip.icid_value", "icid-value", Show::text(), "RFC 7315, 4.6.1";
    /// Who made the name.
    pub ICID_GEN_ADDR = "sip.icid_gen_addr", "icid-gen-addr", Show::text(), "RFC 7315, 4.6.1";
    /// Another parameter of charging.
    pub CHARGING_PARAM = "sip.P-Charging-Vector.param", "Charging parameter", Show::text().repeats(), "RFC 7315, 5.6";
    /// A capability.
    pub FEATURE_CAP = "sip.feature_cap", "Feature Cap", Show::text().repeats(), "RFC 6809, 6.3";
    /// The identifier of the session.
    pub SESS_ID = "sip.Session-ID.sess_id", "sess-id", Show::bytes(), "RFC 7329, 5";
    /// The identifier is no hexadecimal number of 16 bytes.
    pub SESS_ID_INVALID = "sip.Session-ID.sess_id.invalid", "Session ID cannot be empty", Show::expert(Severity::Warn, Area::Protocol), "RFC 7989, 5";
    /// The sender's half of the identifier.
    pub LOCAL_UUID = "sip.Session-ID.local_uuid", "local-uuid", Show::text(), "RFC 7989, 5";
    /// The other end's half of the identifier.
    pub REMOTE_UUID = "sip.Session-ID.remote_uuid", "remote-uuid", Show::text(), "RFC 7989, 5";
    /// Whether the session is to be logged.
    pub LOGME = "sip.Session-ID.logme", "logme", Show::flag(), "RFC 8497, 4.1";
    /// Another parameter.
    pub SESSION_PARAM = "sip.Session-ID.param", "param", Show::text().repeats(), "RFC 7989, 5";
}

type Named = [(&'static str, &'static Field)];

static MECHANISM_PARAMS: &Named = &[
    ("alg", &ALG),
    ("ealg", &EALG),
    ("prot", &PROT),
    ("spi-c", &SPI_C),
    ("spi-s", &SPI_S),
    ("port1", &PORT1),
    ("port2", &PORT2),
    ("port-c", &PORT_C),
    ("port-s", &PORT_S),
];
static ACCESS_PARAMS: &Named = &[("utran-cell-id-3gpp", &UTRAN_CELL)];
static CHARGING_PARAMS: &Named = &[("icid-value", &ICID_VALUE), ("icid-gen-addr", &ICID_GEN_ADDR)];

/// Adds parameters by their names, others as `other`. A value that should be a number and is none is remarked on.
fn params(cx: &mut Cx<'_>, params: Params<'_>, named: &Named, other: &'static Field) {
    for param in params {
        match (named.iter().find(|row| param.is(row.0)), param.value) {
            (Some((_, field)), Some(value)) => match field.show.kind {
                Kind::Unsigned(bits) => {
                    let (number, whole) = number(value);
                    if whole && u64::from(number) < 1 << bits {
                        cx.leaf(field, value, number.into());
                    } else {
                        cx.expert(&MECHANISM_MALFORMED, value);
                    }
                }
                _ => super::leaf(cx, field, value),
            },
            _ => super::leaf(cx, other, trim(param.bytes)),
        }
    }
}

/// A list of words, each with parameters.
fn list(cx: &mut Cx<'_>, value: &[u8], word: &'static Field, named: &Named, other: &'static Field) {
    for piece in List::new(value) {
        let (name, rest) = split(piece, find(piece, b';', b';'));
        let name = trim(name);
        if !name.is_empty() {
            cx.leaf(word, name, 0);
        }
        params(cx, Params::new(rest), named, other);
    }
}

/// Adds the mechanisms of Security-Client, Security-Server and Security-Verify.
pub(super) fn security(cx: &mut Cx<'_>, value: &[u8]) {
    list(cx, value, &MECHANISM, MECHANISM_PARAMS, &MECHANISM_PARAM);
}

/// Adds the networks of P-Access-Network-Info.
pub(super) fn access_network(cx: &mut Cx<'_>, value: &[u8]) {
    list(cx, value, &ACCESS_TYPE, ACCESS_PARAMS, &ACCESS_PARAM);
}

/// Adds the parameters of P-Charging-Vector.
pub(super) fn charging(cx: &mut Cx<'_>, value: &[u8]) {
    params(cx, Params::new(value), CHARGING_PARAMS, &CHARGING_PARAM);
}

/// Adds the capabilities of Feature-Caps.
pub(super) fn feature_caps(cx: &mut Cx<'_>, value: &[u8]) {
    for piece in List::new(value) {
        for Param { bytes, .. } in Params::new(piece) {
            let bytes = trim(bytes);
            super::leaf(cx, &FEATURE_CAP, bytes.strip_prefix(b"+").unwrap_or(bytes));
        }
    }
}

/// The 16 bytes of 32 hexadecimal digits.
fn uuid(digits: &[u8]) -> Option<[u8; 16]> {
    let mut uuid = [0; 16];
    if digits.len() != 32 {
        return None;
    }
    for (byte, pair) in uuid.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    pair_is_hex(digits).then_some(uuid)
}

fn pair_is_hex(digits: &[u8]) -> bool {
    digits.iter().all(u8::is_ascii_hexdigit)
}

fn emit_uuid(cx: &mut Cx<'_>, field: &'static Field, digits: &[u8]) {
    let mut from = 0;
    let pieces = [8, 4, 4, 4, 12].into_iter().flat_map(|len| {
        let piece = digits.get(from..from + len).unwrap_or(&[]);
        from += len;
        [if from == len { &b""[..] } else { b"-" }, piece]
    });
    cx.joined(field, digits, pieces, |_| ());
}

/// Adds the identifiers of Session-ID.
pub(super) fn session_id(cx: &mut Cx<'_>, value: &[u8]) {
    let (id, rest) = split(value, find(value, b';', b';'));
    let id = trim(id);
    let is_pair = Params::new(rest).any(|param| param.is("remote"));
    match uuid(id) {
        Some(bytes) => {
            let marks = if is_pair { Node::HIDDEN } else { 0 };
            cx.own_text(&SESS_ID, id, &bytes, marks);
            if is_pair {
                emit_uuid(cx, &LOCAL_UUID, id);
            }
        }
        None => cx.expert(&SESS_ID_INVALID, id),
    }
    for param in Params::new(rest) {
        match param.value {
            Some(value) if param.is("remote") && uuid(value).is_some() => emit_uuid(cx, &REMOTE_UUID, value),
            None if param.is("logme") => cx.leaf(&LOGME, param.name, 1),
            _ => super::leaf(cx, &SESSION_PARAM, trim(param.bytes)),
        }
    }
}
