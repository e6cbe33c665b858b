//! The parameters of RE-CONFIG chunks, RFC 6525, 4: streams reset and added.

use super::{Kind, ParameterType};
use crate::{Cx, Show, codes, fields, header};

codes! {
    /// What became of a request, RFC 6525, 4.4.
    pub ReconfigurationResult: u32, RESULTS, "Unknown" {
        /// Success, nothing to do.
        NOTHING_TO_DO = 0, "Nothing to do";
        /// Success, performed.
        PERFORMED = 1, "Performed";
        /// Denied.
        DENIED = 2, "Denied";
        /// Error: a wrong stream sequence number.
        WRONG_SSN = 3, "Error - Wrong SSN";
        /// Error: another request is in progress.
        IN_PROGRESS_ALREADY = 4, "Error - Request already in progress";
        /// Error: a bad request sequence number.
        BAD_SEQUENCE_NUMBER = 5, "Error - Bad sequence number";
        /// In progress.
        IN_PROGRESS = 6, "In progress";
    }
}

fields! {
    /// An outgoing SSN reset request.
    pub OUTGOING_RESET_GROUP = "sctp.parameter", "Outgoing SSN reset request parameter", Show::group().repeats(), "RFC 6525, 4.1";
    /// An incoming SSN reset request.
    pub INCOMING_RESET_GROUP = "sctp.parameter", "Incoming SSN reset request parameter", Show::group().repeats(), "RFC 6525, 4.2";
    /// An SSN/TSN reset request.
    pub RESET_ALL_GROUP = "sctp.parameter", "SSN/TSN reset request parameter", Show::group().repeats(), "RFC 6525, 4.3";
    /// A re-configuration response.
    pub RESPONSE_GROUP = "sctp.parameter", "Re-configuration response parameter", Show::group().repeats(), "RFC 6525, 4.4";
    /// An add outgoing streams request.
    pub ADD_OUTGOING_GROUP = "sctp.parameter", "Add outgoing streams request parameter", Show::group().repeats(), "RFC 6525, 4.5";
    /// An add incoming streams request.
    pub ADD_INCOMING_GROUP = "sctp.parameter", "Add incoming streams request parameter", Show::group().repeats(), "RFC 6525, 4.6";
    /// The number of this request: it begins with the sender's initial TSN.
    pub REQUEST = "sctp.parameter_reconfig_request_sequence_number", "Re-configuration request sequence number", Show::u32(), "RFC 6525, 4.1";
    /// The number of the request that this answers.
    pub RESPONSE_TO = "sctp.parameter_reconfig_response_sequence_number", "Re-configuration response sequence number", Show::u32(), "RFC 6525, 4.1";
    /// The last TSN that the sender has assigned.
    pub LAST_ASSIGNED_TSN = "sctp.parameter_senders_last_assigned_tsn", "Senders last assigned TSN", Show::u32(), "RFC 6525, 4.1";
    /// A stream to reset. Without any, all are.
    pub STREAM = "sctp.parameter_reconfig_sid", "Stream Identifier", Show::u16().repeats(), "RFC 6525, 4.1";
    /// What became of the request.
    pub RESULT = "sctp.parameter_reconfig_response_result", "Result", Show::u32().codes(&RESULTS), "RFC 6525, 4.4";
    /// The TSN that the sender of the response will assign next.
    pub SENDERS_NEXT_TSN = "sctp.parameter_senders_next_tsn", "Senders next TSN", Show::u32(), "RFC 6525, 4.4";
    /// The TSN that the receiver of the response has to assign next.
    pub RECEIVERS_NEXT_TSN = "sctp.parameter_receivers_next_tsn", "Receivers next TSN", Show::u32(), "RFC 6525, 4.4";
    /// How many outgoing streams the sender wants more.
    pub OUTGOING_STREAMS = "sctp.parameter_add_outgoing_streams_number", "Number of streams", Show::u16(), "RFC 6525, 4.5";
    /// Reserved: zero, and ignored by who receives it.
    pub OUTGOING_RESERVED = "sctp.parameter_add_outgoing_streams_reserved", "Reserved", Show::u16(), "RFC 6525, 4.5";
    /// How many incoming streams the sender wants more.
    pub INCOMING_STREAMS = "sctp.parameter_add_incoming_streams_number", "Number of streams", Show::u16(), "RFC 6525, 4.6";
    /// Reserved: zero, and ignored by who receives it.
    pub INCOMING_RESERVED = "sctp.parameter_add_incoming_streams_reserved", "Reserved", Show::u16(), "RFC 6525, 4.6";
}

header! {
    /// The beginning of an outgoing SSN reset request; the streams follow.
    pub struct OutgoingReset {
        /// The number of this request.
        pub request: u32 => REQUEST,
        /// The number of the incoming SSN reset request that this answers, or that of the last request seen.
        pub response_to: u32 => RESPONSE_TO,
        /// The last TSN that the sender has assigned.
        pub last_assigned_tsn: u32 => LAST_ASSIGNED_TSN,
    }
}

header! {
    /// The beginning of an incoming SSN reset request; the streams follow.
    pub struct IncomingReset {
        /// The number of this request.
        pub request: u32 => REQUEST,
    }
}

header! {
    /// The value of an SSN/TSN reset request.
    pub struct ResetAll {
        /// The number of this request.
        pub request: u32 => REQUEST,
    }
}

header! {
    /// The beginning of a re-configuration response; [`NextTsns`] may follow.
    pub struct ReconfigurationResponse {
        /// The number of the request that this answers.
        pub response_to: u32 => RESPONSE_TO,
        /// What became of it: a [`ReconfigurationResult`].
        pub result: u32 => RESULT,
    }
}

header! {
    /// The end of a response to an SSN/TSN reset request.
    pub struct NextTsns {
        /// The TSN that the sender of the response will assign next.
        pub senders: u32 => SENDERS_NEXT_TSN,
        /// The TSN that the receiver of the response has to assign next.
        pub receivers: u32 => RECEIVERS_NEXT_TSN,
    }
}

header! {
    /// The value of an add outgoing streams request.
    pub struct AddOutgoingStreams {
        /// The number of this request.
        pub request: u32 => REQUEST,
        /// How many streams more.
        pub streams: u16 => OUTGOING_STREAMS,
        /// Reserved: zero, and ignored by who receives it.
        pub reserved: u16 => OUTGOING_RESERVED,
    }
}

header! {
    /// The value of an add incoming streams request.
    pub struct AddIncomingStreams {
        /// The number of this request.
        pub request: u32 => REQUEST,
        /// How many streams more.
        pub streams: u16 => INCOMING_STREAMS,
        /// Reserved: zero, and ignored by who receives it.
        pub reserved: u16 => INCOMING_RESERVED,
    }
}

/// The stream identifiers that follow the beginning of a reset request.
///
/// ```
/// use dissect::proto::sctp::parameter::{OutgoingReset, reconfiguration::streams};
/// let value = [0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 7, 0, 9];
/// let (rest, reset) = OutgoingReset::parse(&value).unwrap();
/// assert_eq!(reset.last_assigned_tsn, 3);
/// assert_eq!(streams(rest).collect::<Vec<_>>(), [7, 9]);
/// ```
pub fn streams(rest: &[u8]) -> impl Iterator<Item = u16> {
    rest.as_chunks::<2>().0.iter().map(|pair| u16::from_be_bytes(*pair))
}

pub(super) static OUTGOING_RESET: Kind = Kind {
    code: ParameterType::OUTGOING_SSN_RESET_REQUEST,
    group: &OUTGOING_RESET_GROUP,
    value: outgoing_reset,
    fields: FIELDS,
};
pub(super) static INCOMING_RESET: Kind = Kind {
    code: ParameterType::INCOMING_SSN_RESET_REQUEST,
    group: &INCOMING_RESET_GROUP,
    value: incoming_reset,
    fields: &[],
};
pub(super) static RESET_ALL: Kind = Kind {
    code: ParameterType::SSN_TSN_RESET_REQUEST,
    group: &RESET_ALL_GROUP,
    value: reset_all,
    fields: &[],
};
pub(super) static RESPONSE: Kind = Kind {
    code: ParameterType::RECONFIGURATION_RESPONSE,
    group: &RESPONSE_GROUP,
    value: response,
    fields: &[],
};
pub(super) static ADD_OUTGOING: Kind = Kind {
    code: ParameterType::ADD_OUTGOING_STREAMS_REQUEST,
    group: &ADD_OUTGOING_GROUP,
    value: add_outgoing,
    fields: &[],
};
pub(super) static ADD_INCOMING: Kind = Kind {
    code: ParameterType::ADD_INCOMING_STREAMS_REQUEST,
    group: &ADD_INCOMING_GROUP,
    value: add_incoming,
    fields: &[],
};

fn outgoing_reset<'b>(cx: &mut Cx<'_>, bytes: &'b [u8], _: u8) -> Option<&'b [u8]> {
    let (_, rest) = OutgoingReset::dissect(cx, bytes)?;
    Some(emit_streams(cx, rest))
}

fn incoming_reset<'b>(cx: &mut Cx<'_>, bytes: &'b [u8], _: u8) -> Option<&'b [u8]> {
    let (_, rest) = IncomingReset::dissect(cx, bytes)?;
    Some(emit_streams(cx, rest))
}

fn reset_all<'b>(cx: &mut Cx<'_>, bytes: &'b [u8], _: u8) -> Option<&'b [u8]> {
    ResetAll::dissect(cx, bytes).map(|(_, rest)| rest)
}

fn response<'b>(cx: &mut Cx<'_>, bytes: &'b [u8], _: u8) -> Option<&'b [u8]> {
    let (_, rest) = ReconfigurationResponse::dissect(cx, bytes)?;
    match rest.len() {
        0 => Some(rest),
        _ => NextTsns::dissect(cx, rest).map(|(_, rest)| rest),
    }
}

fn add_outgoing<'b>(cx: &mut Cx<'_>, bytes: &'b [u8], _: u8) -> Option<&'b [u8]> {
    AddOutgoingStreams::dissect(cx, bytes).map(|(_, rest)| rest)
}

fn add_incoming<'b>(cx: &mut Cx<'_>, bytes: &'b [u8], _: u8) -> Option<&'b [u8]> {
    AddIncomingStreams::dissect(cx, bytes).map(|(_, rest)| rest)
}

fn emit_streams<'b>(cx: &mut Cx<'_>, bytes: &'b [u8]) -> &'b [u8] {
    let (pairs, rest) = bytes.as_chunks::<2>();
    for pair in pairs {
        cx.leaf(&STREAM, pair, u16::from_be_bytes(*pair).into());
    }
    rest
}
