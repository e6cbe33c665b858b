//! The error causes of ERROR and ABORT chunks, RFC 9260, 3.3.10: a code, a length and a value.
//!
//! Each code has a file (or shares one with its like), where it declares a `Kind`. To add one: write its file, its
//! code in [`CauseCode`], and its line in `KINDS`.
//!
//! ```
//! use dissect::proto::sctp::cause::{CauseCode, Causes, StaleCookie};
//! let mut causes = Causes::new(&[0, 3, 0, 8, 0, 0, 4, 210, 0, 12, 0, 7, b'b', b'y', b'e', 0]);
//! let stale = causes.next().unwrap().unwrap();
//! assert_eq!(StaleCookie::parse(stale.value).unwrap().1.staleness, 1234);
//! let abort = causes.next().unwrap().unwrap();
//! assert_eq!((abort.code, abort.value), (CauseCode::USER_INITIATED_ABORT, &b"bye"[..]));
//! assert!(causes.next().is_none());
//! ```

// All values are shown by functions of one signature, also those that can't go wrong.
#![allow(clippy::unnecessary_wraps)]

pub mod address_configuration;
pub mod addresses;
pub mod invalid_stream_identifier;
pub mod missing_mandatory_parameter;
pub mod no_user_data;
pub mod plain;
pub mod reason;
pub mod stale_cookie;
#[cfg(test)]
mod tests;
pub mod unrecognized_chunk_type;
pub mod unrecognized_parameters;
pub mod unsupported_hmac_identifier;

pub use invalid_stream_identifier::InvalidStreamIdentifier;
pub use missing_mandatory_parameter::MissingMandatoryParameter;
pub use no_user_data::NoUserData;
pub use stale_cookie::StaleCookie;
pub use unsupported_hmac_identifier::UnsupportedHmacIdentifier;

use super::parameter::bytes_counted;
use super::tlv::{self, Tlv, Tlvs};
use crate::tree::Item;
use crate::{Area, Cx, Field, Malformed, Out, Severity, Show, codes, fields};

codes! {
    /// What went wrong, from the registry of error causes that RFC 9260, 15.3 asks for.
    pub CauseCode: u16, CAUSE_CODES, "Unknown" {
        /// Invalid stream identifier, RFC 9260, 3.3.10.1.
        INVALID_STREAM_IDENTIFIER = 0x0001, "Invalid stream identifier";
        /// Missing mandatory parameter, RFC 9260, 3.3.10.2.
        MISSING_MANDATORY_PARAMETER = 0x0002, "Missing mandatory parameter";
        /// Stale cookie, RFC 9260, 3.3.10.3.
        STALE_COOKIE = 0x0003, "Stale cookie error";
        /// Out of resource, RFC 9260, 3.3.10.4.
        OUT_OF_RESOURCE = 0x0004, "Out of resource";
        /// Unresolvable address, RFC 9260, 3.3.10.5.
        UNRESOLVABLE_ADDRESS = 0x0005, "Unresolvable address";
        /// Unrecognized chunk type, RFC 9260, 3.3.10.6.
        UNRECOGNIZED_CHUNK_TYPE = 0x0006, "Unrecognized chunk type";
        /// Invalid mandatory parameter, RFC 9260, 3.3.10.7.
        INVALID_MANDATORY_PARAMETER = 0x0007, "Invalid mandatory parameter";
        /// Unrecognized parameters, RFC 9260, 3.3.10.8.
        UNRECOGNIZED_PARAMETERS = 0x0008, "Unrecognized parameters";
        /// No user data, RFC 9260, 3.3.10.9.
        NO_USER_DATA = 0x0009, "No user data";
        /// Cookie received while shutting down, RFC 9260, 3.3.10.10.
        COOKIE_RECEIVED_WHILE_SHUTTING_DOWN = 0x000a, "Cookie received while shutting down";
        /// Restart of an association with new addresses, RFC 9260, 3.3.10.11.
        RESTART_WITH_NEW_ADDRESSES = 0x000b, "Restart of an association with new addresses";
        /// User-initiated abort, RFC 9260, 3.3.10.12.
        USER_INITIATED_ABORT = 0x000c, "User initiated ABORT";
        /// Protocol violation, RFC 9260, 3.3.10.13.
        PROTOCOL_VIOLATION = 0x000d, "Protocol violation";
        /// Request to delete last remaining IP address, RFC 5061, 4.3.1.
        DELETE_LAST_ADDRESS = 0x00a0, "Request to delete last address";
        /// Operation refused due to resource shortage, RFC 5061, 4.3.2.
        RESOURCE_SHORTAGE = 0x00a1, "Operation refused due to resource shortage";
        /// Request to delete source IP address, RFC 5061, 4.3.3.
        DELETE_SOURCE_ADDRESS = 0x00a2, "Request to delete source address";
        /// Association aborted due to illegal ASCONF-ACK, RFC 5061, 4.3.4.
        ILLEGAL_ASCONF_ACK = 0x00a3, "Association Aborted due to illegal ASCONF-ACK";
        /// Request refused: no authorization, RFC 5061, 4.3.5.
        NO_AUTHORIZATION = 0x00a4, "Request refused - no authorization";
        /// Unsupported HMAC identifier, RFC 4895, 4.
        UNSUPPORTED_HMAC_IDENTIFIER = 0x0105, "Unsupported HMAC identifier";
    }
}

fields! {
    /// An error cause of a code that nobody registered.
    pub UNKNOWN = "sctp.cause", "Unknown cause", Show::group().repeats().write(unknown_line), "RFC 9260, 3.3.10";
    /// What went wrong.
    pub CODE = "sctp.cause_code", "Cause code", Show::u16().hex().codes(&CAUSE_CODES), "RFC 9260, 3.3.10";
    /// The length of code, length and value, without padding.
    pub LENGTH = "sctp.cause_length", "Cause length", Show::u16(), "RFC 9260, 3.3.10";
    /// What the sender says of it, as it likes.
    pub INFORMATION = "sctp.cause_information", "Cause information", Show::bytes(), "RFC 9260, 3.3.10";
    /// Bytes of the value beyond those that the code has.
    pub SURPLUS = "sctp.cause_surplus", "Bytes beyond what the cause has", Show::bytes(), "RFC 9260, 3.3.10";
    /// The zeros that fill the last word.
    pub PADDING = "sctp.cause_padding", "Cause padding", Show::bytes(), "RFC 9260, 3.3.10";
    /// The length is below the 4 bytes of code and length.
    pub LENGTH_BAD = "sctp.cause_length.bad", "Cause length bad", Show::expert(Severity::Error, Area::Malformed), "RFC 9260, 3.3.10";
}

/// The list of these, which may stand in others.
pub(super) type Family = tlv::Family<CauseCode>;
/// A cause code: what its group is and how its value is shown, as a parameter's is.
pub(super) type Kind = tlv::Kind<CauseCode>;

/// Every cause code, in ascending order.
pub(super) static KINDS: &[&Kind] = &[
    &invalid_stream_identifier::KIND,
    &missing_mandatory_parameter::KIND,
    &stale_cookie::KIND,
    &plain::OUT_OF_RESOURCE,
    &addresses::UNRESOLVABLE,
    &unrecognized_chunk_type::KIND,
    &plain::INVALID_MANDATORY_PARAMETER,
    &unrecognized_parameters::KIND,
    &no_user_data::KIND,
    &plain::COOKIE_WHILE_SHUTTING_DOWN,
    &addresses::RESTART,
    &reason::USER_INITIATED_ABORT,
    &reason::PROTOCOL_VIOLATION,
    &address_configuration::DELETE_LAST,
    &address_configuration::RESOURCE_SHORTAGE,
    &address_configuration::DELETE_SOURCE,
    &address_configuration::ILLEGAL_ACK,
    &address_configuration::NO_AUTHORIZATION,
    &unsupported_hmac_identifier::KIND,
];

/// The fields of this file and of each code's.
pub(super) static ALL_FIELDS: [&[&Field]; KINDS.len() + 1] = tlv::all_fields(FIELDS, KINDS);

/// What causes have of their own.
static CAUSES: Family = tlv::Family {
    code: &CODE,
    code_bits: &[],
    length: &LENGTH,
    length_bad: &LENGTH_BAD,
    value: &INFORMATION,
    surplus: &SURPLUS,
    padding: &PADDING,
    padding_counted: None,
    kinds: KINDS,
    unknown: &UNKNOWN,
    unknown_value: information,
};

impl tlv::Code for CauseCode {
    const FAMILY: &'static Family = &CAUSES;
}

impl From<CauseCode> for u16 {
    fn from(code: CauseCode) -> u16 {
        code.0
    }
}

/// An error cause as it stands on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cause<'a> {
    /// What went wrong.
    pub code: CauseCode,
    /// The length of code, length and value in bytes, without padding.
    pub length: u16,
    /// The value.
    pub value: &'a [u8],
    /// The bytes that fill the last word.
    pub padding: &'a [u8],
}

/// Iterates over the error causes that stand one after another in some bytes. After an error there is no more: nobody
/// knows where the next one starts.
#[derive(Clone, Debug)]
pub struct Causes<'a> {
    frames: Tlvs<'a>,
}

impl<'a> Causes<'a> {
    /// The causes in the bytes.
    pub fn new(bytes: &'a [u8]) -> Causes<'a> {
        Causes { frames: Tlvs::new(bytes) }
    }
}

impl<'a> Iterator for Causes<'a> {
    type Item = Result<Cause<'a>, Malformed>;

    fn next(&mut self) -> Option<Self::Item> {
        let frame = self.frames.next::<CauseCode>()?;
        Some(frame.map(|Tlv { code, length, value, padding, .. }| Cause {
            code: CauseCode(code),
            length,
            value,
            padding,
        }))
    }
}

/// Adds the error causes that stand one after another in `bytes`.
pub fn dissect_all(cx: &mut Cx<'_>, bytes: &[u8]) {
    if cx.dissecting() {
        Family::dissect_list(cx, bytes, 0);
    }
}

/// The value of a cause that says no more of it: its bytes.
pub(super) fn information<'b>(cx: &mut Cx<'_>, bytes: &'b [u8], _: u8) -> Option<&'b [u8]> {
    if !bytes.is_empty() {
        cx.leaf(&INFORMATION, bytes, 0);
    }
    Some(&[])
}

/// Writes the code and the size of the information.
pub(super) fn unknown_line(item: Item<'_>, out: &mut Out) {
    let length = item.child(&INFORMATION).map_or(0, |information| information.node.len);
    out.str(" (Code: ").dec(item.number(&CODE).unwrap_or(0)).str(", information length: ");
    bytes_counted(out, length.into()).byte(b')');
}
