//! The parameters of chunks, RFC 9260, 3.2.1: a type, a length and a value.
//!
//! Each type has a file (or shares one with its RFC's), where it declares a `Kind`. To add one: write its file, its
//! code in [`ParameterType`], and its line in `KINDS`.
//!
//! ```
//! use dissect::proto::sctp::parameter::{Ipv4Address, ParameterType, Parameters};
//! let mut parameters = Parameters::new(&[0, 5, 0, 8, 10, 77, 1, 1, 0xc0, 0, 0, 4]);
//! let address = parameters.next().unwrap().unwrap();
//! assert_eq!(address.kind, ParameterType::IPV4_ADDRESS);
//! let (_, value) = Ipv4Address::parse(address.value).unwrap();
//! assert_eq!(value.address.to_be_bytes(), [10, 77, 1, 1]);
//! assert_eq!(parameters.next().unwrap().unwrap().kind.name(), Some("Forward TSN supported"));
//! assert!(parameters.next().is_none());
//! ```

// All values are shown by functions of one signature, also those that can't go wrong.
#![allow(clippy::unnecessary_wraps)]

pub mod adaptation_layer;
pub mod address_configuration;
pub mod authentication;
pub mod cookie_preservative;
pub mod draft;
pub mod ecn;
pub mod forward_tsn_supported;
pub mod heartbeat_info;
pub mod host_name_address;
pub mod ipv4_address;
pub mod ipv6_address;
pub mod padding;
pub mod reconfiguration;
pub mod state_cookie;
pub mod supported_address_types;
pub mod supported_extensions;
#[cfg(test)]
pub(crate) mod tests;
pub mod unrecognized_parameter;
pub mod zero_checksum;

pub use adaptation_layer::AdaptationLayerIndication;
pub use address_configuration::CorrelationId;
pub use authentication::{ChunkList, HmacIdentifier, RequestedHmacAlgorithm};
pub use cookie_preservative::CookiePreservative;
pub use host_name_address::HostNameAddress;
pub use ipv4_address::Ipv4Address;
pub use ipv6_address::Ipv6Address;
pub use reconfiguration::{
    AddIncomingStreams, AddOutgoingStreams, IncomingReset, OutgoingReset, ReconfigurationResponse,
    ReconfigurationResult, ResetAll,
};
pub use supported_address_types::SupportedAddressTypes;
pub use supported_extensions::SupportedExtensions;
pub use zero_checksum::ZeroChecksumAcceptable;

use super::tlv::{self, Tlv, Tlvs};
use crate::tree::Item;
use crate::{Area, Cx, Field, Malformed, Out, Severity, Show, codes, fields};

codes! {
    /// The type of a parameter, from the registry of chunk parameter types that RFC 9260, 15.2 asks for.
    pub ParameterType: u16, PARAMETER_TYPES, "Unknown" {
        /// Heartbeat info, RFC 9260, 3.3.5.
        HEARTBEAT_INFO = 0x0001, "Heartbeat info";
        /// IPv4 address, RFC 9260, 3.3.2.1.
        IPV4_ADDRESS = 0x0005, "IPv4 address";
        /// IPv6 address, RFC 9260, 3.3.2.1.
        IPV6_ADDRESS = 0x0006, "IPv6 address";
        /// State cookie, RFC 9260, 3.3.3.1.
        STATE_COOKIE = 0x0007, "State cookie";
        /// Unrecognized parameter, RFC 9260, 3.3.3.1.
        UNRECOGNIZED_PARAMETER = 0x0008, "Unrecognized parameter";
        /// Cookie preservative, RFC 9260, 3.3.2.1.
        COOKIE_PRESERVATIVE = 0x0009, "Cookie preservative";
        /// Host name address, RFC 9260, 3.3.2.1: deprecated.
        HOST_NAME_ADDRESS = 0x000b, "Hostname address";
        /// Supported address types, RFC 9260, 3.3.2.1.
        SUPPORTED_ADDRESS_TYPES = 0x000c, "Supported address types";
        /// Outgoing SSN reset request, RFC 6525, 4.1.
        OUTGOING_SSN_RESET_REQUEST = 0x000d, "Outgoing SSN reset request";
        /// Incoming SSN reset request, RFC 6525, 4.2.
        INCOMING_SSN_RESET_REQUEST = 0x000e, "Incoming SSN reset request";
        /// SSN/TSN reset request, RFC 6525, 4.3.
        SSN_TSN_RESET_REQUEST = 0x000f, "SSN/TSN reset request";
        /// Re-configuration response, RFC 6525, 4.4.
        RECONFIGURATION_RESPONSE = 0x0010, "Re-configuration response";
        /// Add outgoing streams request, RFC 6525, 4.5.
        ADD_OUTGOING_STREAMS_REQUEST = 0x0011, "Add outgoing streams request";
        /// Add incoming streams request, RFC 6525, 4.6.
        ADD_INCOMING_STREAMS_REQUEST = 0x0012, "Add incoming streams request";
        /// ECN capable, RFC 9260, 3.3.2.
        ECN_CAPABLE = 0x8000, "ECN";
        /// Zero checksum acceptable, RFC 9653, 4.
        ZERO_CHECKSUM_ACCEPTABLE = 0x8001, "Zero Checksum Acceptable";
        /// Random, RFC 4895, 3.1.
        RANDOM = 0x8002, "Random";
        /// Chunk list, RFC 4895, 3.2.
        CHUNK_LIST = 0x8003, "Authenticated Chunk list";
        /// Requested HMAC algorithm, RFC 4895, 3.3.
        REQUESTED_HMAC_ALGORITHM = 0x8004, "Requested HMAC Algorithm";
        /// Padding, RFC 4820, 4.
        PADDING = 0x8005, "Padding";
        /// DTLS key management, draft-ietf-tsvwg-sctp-dtls-chunk.
        DTLS_KEY_MANAGEMENT = 0x8006, "DTLS Key Management (draft)";
        /// Supported extensions, RFC 5061, 4.2.7.
        SUPPORTED_EXTENSIONS = 0x8008, "Supported Extensions";
        /// Forward TSN supported, RFC 3758, 3.1.
        FORWARD_TSN_SUPPORTED = 0xc000, "Forward TSN supported";
        /// Add IP address, RFC 5061, 4.2.1.
        ADD_IP_ADDRESS = 0xc001, "Add IP address";
        /// Delete IP address, RFC 5061, 4.2.2.
        DELETE_IP_ADDRESS = 0xc002, "Delete IP address";
        /// Error cause indication, RFC 5061, 4.2.3.
        ERROR_CAUSE_INDICATION = 0xc003, "Error cause indication";
        /// Set primary address, RFC 5061, 4.2.4.
        SET_PRIMARY_ADDRESS = 0xc004, "Set primary address";
        /// Success indication, RFC 5061, 4.2.5.
        SUCCESS_INDICATION = 0xc005, "Success report";
        /// Adaptation layer indication, RFC 5061, 4.2.6.
        ADAPTATION_LAYER_INDICATION = 0xc006, "Adaptation Layer Indication";
        /// Disable restart, draft-ietf-tsvwg-natsupp.
        DISABLE_RESTART = 0xc007, "Disable Restart (draft)";
        /// VTags, draft-ietf-tsvwg-natsupp.
        VTAGS = 0xc008, "VTags (draft)";
    }
}

fields! {
    /// A parameter of a type that nobody registered.
    pub UNKNOWN = "sctp.parameter", "Unknown parameter", Show::group().repeats().write(unknown_line), "RFC 9260, 3.2.1";
    /// What the parameter is. Its two highest bits say what to do when it is unknown.
    pub TYPE = "sctp.parameter_type", "Parameter type", Show::u16().hex().codes(&PARAMETER_TYPES), "RFC 9260, 3.2.1";
    /// Whether a receiver that does not know the parameter goes on with the chunk.
    pub BIT_1 = "sctp.parameter_bit_1", "Bit",
        Show::flag().mask(0x8000).words("Skip parameter and continue processing of the chunk", "Stop processing of chunk"),
        "RFC 9260, 3.2.2";
    /// Whether a receiver that does not know the parameter reports it.
    pub BIT_2 = "sctp.parameter_bit_2", "Bit", Show::flag().mask(0x4000).words("Do report", "Do not report"), "RFC 9260, 3.2.2";
    /// The length of type, length and value, without padding.
    pub LENGTH = "sctp.parameter_length", "Parameter length", Show::u16(), "RFC 9260, 3.2.1";
    /// The value of a parameter whose type says no more of it.
    pub VALUE = "sctp.parameter_value", "Parameter value", Show::bytes(), "RFC 9260, 3.2.1";
    /// Bytes of the value beyond those that the type has.
    pub SURPLUS = "sctp.parameter_surplus", "Bytes beyond what the parameter type has", Show::bytes(), "RFC 9260, 3.2.1";
    /// The zeros that fill the last word.
    pub PADDING = "sctp.parameter_padding", "Parameter padding", Show::bytes(), "RFC 9260, 3.2.1";
    /// The chunk length counts the padding of its last parameter, which it should not.
    pub PADDING_COUNTED = "sctp.parameter_padding.expert",
        "The padding of this final parameter should be the padding of the chunk.",
        Show::expert(Severity::Note, Area::Malformed), "RFC 9260, 3.2";
    /// The length is below the 4 bytes of type and length.
    pub LENGTH_BAD = "sctp.parameter_length.bad", "Parameter length bad",
        Show::expert(Severity::Error, Area::Malformed), "RFC 9260, 3.2.1";
    /// Parameters and causes stand in each other more deeply than any protocol has it.
    pub TOO_DEEP = "sctp.parameter_nesting.expert", "Parameters and causes are nested too deeply to go on",
        Show::expert(Severity::Warn, Area::Undecoded), "RFC 9260, 3.2.1";
}

/// How deeply parameters and causes may stand in each other. RFC 5061 needs four: an error cause indication, a cause, a
/// delete request, an address.
pub const MOST_NESTED: u8 = 8;

/// The list of these, which may stand in others.
pub(super) type Family = tlv::Family<ParameterType>;
/// A parameter type: what its group is and how its value is shown.
pub(super) type Kind = tlv::Kind<ParameterType>;

/// Every parameter type, in ascending order.
pub(super) static KINDS: &[&Kind] = &[
    &heartbeat_info::KIND,
    &ipv4_address::KIND,
    &ipv6_address::KIND,
    &state_cookie::KIND,
    &unrecognized_parameter::KIND,
    &cookie_preservative::KIND,
    &host_name_address::KIND,
    &supported_address_types::KIND,
    &reconfiguration::OUTGOING_RESET,
    &reconfiguration::INCOMING_RESET,
    &reconfiguration::RESET_ALL,
    &reconfiguration::RESPONSE,
    &reconfiguration::ADD_OUTGOING,
    &reconfiguration::ADD_INCOMING,
    &ecn::KIND,
    &zero_checksum::KIND,
    &authentication::RANDOM,
    &authentication::CHUNKS,
    &authentication::HMACS,
    &padding::KIND,
    &draft::DTLS_KEY_MANAGEMENT,
    &supported_extensions::KIND,
    &forward_tsn_supported::KIND,
    &address_configuration::ADD,
    &address_configuration::DELETE,
    &address_configuration::ERROR,
    &address_configuration::SET_PRIMARY,
    &address_configuration::SUCCESS,
    &adaptation_layer::KIND,
    &draft::DISABLE_RESTART,
    &draft::VTAGS,
];

/// The fields of this file and of each type's.
pub(super) static ALL_FIELDS: [&[&Field]; KINDS.len() + 1] = tlv::all_fields(FIELDS, KINDS);

/// What parameters have of their own.
static PARAMETERS: Family = tlv::Family {
    code: &TYPE,
    code_bits: &[&BIT_1, &BIT_2],
    length: &LENGTH,
    length_bad: &LENGTH_BAD,
    value: &VALUE,
    surplus: &SURPLUS,
    padding: &PADDING,
    padding_counted: Some(&PADDING_COUNTED),
    kinds: KINDS,
    unknown: &UNKNOWN,
    unknown_value: bare,
};

impl tlv::Code for ParameterType {
    const FAMILY: &'static Family = &PARAMETERS;
}

impl From<ParameterType> for u16 {
    fn from(kind: ParameterType) -> u16 {
        kind.0
    }
}

/// A parameter as it stands on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter<'a> {
    /// What it is.
    pub kind: ParameterType,
    /// The length of type, length and value in bytes, without padding.
    pub length: u16,
    /// The value.
    pub value: &'a [u8],
    /// The bytes that fill the last word.
    pub padding: &'a [u8],
}

/// Iterates over the parameters that stand one after another in some bytes. After an error there is no more: nobody
/// knows where the next one starts.
#[derive(Clone, Debug)]
pub struct Parameters<'a> {
    frames: Tlvs<'a>,
}

impl<'a> Parameters<'a> {
    /// The parameters in the bytes.
    pub fn new(bytes: &'a [u8]) -> Parameters<'a> {
        Parameters { frames: Tlvs::new(bytes) }
    }
}

impl<'a> Iterator for Parameters<'a> {
    type Item = Result<Parameter<'a>, Malformed>;

    fn next(&mut self) -> Option<Self::Item> {
        let frame = self.frames.next::<ParameterType>()?;
        Some(frame.map(|Tlv { code, length, value, padding, .. }| Parameter {
            kind: ParameterType(code),
            length,
            value,
            padding,
        }))
    }
}

/// Adds the parameters that stand one after another in `bytes`.
pub fn dissect_all(cx: &mut Cx<'_>, bytes: &[u8]) {
    if cx.dissecting() {
        Family::dissect_list(cx, bytes, 0);
    }
}

/// The value of a type that says no more of it: its bytes.
pub(super) fn bare<'b>(cx: &mut Cx<'_>, bytes: &'b [u8], _: u8) -> Option<&'b [u8]> {
    if !bytes.is_empty() {
        cx.leaf(&VALUE, bytes, 0);
    }
    Some(&[])
}

fn unknown_line(item: Item<'_>, out: &mut Out) {
    let value = item.child(&VALUE).map_or(0, |value| value.node.len);
    out.str(" (Type ").dec(item.number(&TYPE).unwrap_or(0)).str(", value length: ");
    bytes_counted(out, value.into()).byte(b')');
}

/// Writes a number of bytes, with the word in the singular for one.
pub(super) fn bytes_counted(out: &mut Out, count: u64) -> &mut Out {
    out.dec(count).str(if count == 1 { " byte" } else { " bytes" })
}

/// Writes what stands between commas.
pub(super) fn with_commas<'t>(
    out: &mut Out,
    items: impl Iterator<Item = Item<'t>>,
    write: fn(&Item<'_>, &mut Out),
) {
    for (at, item) in items.enumerate() {
        if at > 0 {
            out.str(", ");
        }
        write(&item, out);
    }
}

/// Writes the name of a number.
pub(super) fn write_name(item: &Item<'_>, out: &mut Out) {
    if let Some(codes) = item.node.field.show.codes {
        out.str(codes.name_or_unknown(item.node.value));
    }
}

/// Writes the first address that stands in a group, in whatever parameters it stands there.
pub(super) fn write_address(item: &Item<'_>, out: &mut Out) -> bool {
    item.children().any(|child| match child.node.field.show.kind {
        crate::Kind::Ipv4 => {
            out.ipv4(child.node.value as u32);
            true
        }
        crate::Kind::Ipv6 => match child.bytes().first_chunk::<16>() {
            Some(bytes) => {
                out.ipv6(*bytes);
                true
            }
            None => false,
        },
        crate::Kind::None => write_address(&child, out),
        _ => false,
    })
}
