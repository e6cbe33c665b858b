//! Reason, RFC 3326: why, as a SIP status or a cause of the telephone network.

use super::text::{List, Param, Params, number, trim, unquote};
use crate::{Base, Codes, Cx, Show, fields};

fields! {
    /// Whose causes these are.
    pub PROTOCOL = "sip.reason_protocols", "Reason protocols", Show::text().repeats(), "RFC 3326, 2";
    /// A cause of ISDN and SS7.
    pub CAUSE_Q850 = "sip.reason_cause_q850", "Cause", Show::u32().base(Base::DecHex).codes(&Q850_CAUSES).repeats(), "RFC 3326, 2";
    /// A status code.
    pub CAUSE_SIP = "sip.reason_cause_sip", "Cause", Show::u32().codes(&STATUS_CODES).repeats(), "RFC 3326, 2";
    /// A cause of another protocol.
    pub CAUSE_OTHER = "sip.reason_cause_other", "Cause", Show::u32().repeats(), "RFC 3326, 2";
    /// The cause in words.
    pub TEXT = "sip.reason_text", "Text", Show::text().repeats(), "RFC 3326, 2";
    /// Another parameter.
    pub PARAM = "sip.reason_param", "Reason parameter", Show::text().repeats(), "RFC 3326, 2";
}

/// One reason of a Reason header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reason<'a> {
    /// The protocol: `SIP`, `Q.850`.
    pub protocol: &'a [u8],
    /// The parameters, from the first `;` on.
    pub params: &'a [u8],
}

impl<'a> Reason<'a> {
    /// Takes one reason of the list apart.
    pub fn parse(piece: &'a [u8]) -> Reason<'a> {
        let (protocol, params) = super::text::split(piece, super::text::find(piece, b';', b';'));
        Reason { protocol: trim(protocol), params }
    }
    /// The parameters.
    pub fn params(&self) -> Params<'a> {
        Params::new(self.params)
    }
    /// The cause.
    pub fn cause(&self) -> Option<u32> {
        let value = self.params().find(|param| param.is("cause"))?.value?;
        Some(number(value)).filter(|cause| cause.1).map(|cause| cause.0)
    }
}

/// Adds the reasons of a Reason header.
pub(super) fn dissect(cx: &mut Cx<'_>, value: &[u8]) {
    for piece in List::new(value) {
        let reason = Reason::parse(piece);
        if !reason.protocol.is_empty() {
            cx.leaf(&PROTOCOL, reason.protocol, 0);
        }
        let cause = match reason.protocol {
            name if name.eq_ignore_ascii_case(b"Q.850") => &CAUSE_Q850,
            name if name.eq_ignore_ascii_case(b"SIP") => &CAUSE_SIP,
            _ => &CAUSE_OTHER,
        };
        for param in reason.params() {
            match param {
                Param { value: Some(value), .. } if param.is("cause") => {
                    cx.leaf(cause, value, number(value).0.into());
                }
                Param { value: Some(value), .. } if param.is("text") => {
                    super::leaf(cx, &TEXT, unquote(value));
                }
                Param { bytes, .. } => super::leaf(cx, &PARAM, trim(bytes)),
            }
        }
    }
}

/// The status codes registered with IANA, with the phrases of their RFCs.
pub static STATUS_CODES: Codes = Codes {
    unknown: "Unknown",
    names: &[
        (100, "Trying"),
        (180, "Ringing"),
        (181, "Call Is Being Forwarded"),
        (182, "Queued"),
        (183, "Session Progress"),
        (199, "Early Dialog Terminated"),
        (200, "OK"),
        (202, "Accepted"),
        (204, "No Notification"),
        (300, "Multiple Choices"),
        (301, "Moved Permanently"),
        (302, "Moved Temporarily"),
        (305, "Use Proxy"),
        (380, "Alternative Service"),
        (400, "Bad Request"),
        (401, "Unauthorized"),
        (402, "Payment Required"),
        (403, "Forbidden"),
        (404, "Not Found"),
        (405, "Method Not Allowed"),
        (406, "Not Acceptable"),
        (407, "Proxy Authentication Required"),
        (408, "Request Timeout"),
        (410, "Gone"),
        (412, "Conditional Request Failed"),
        (413, "Request Entity Too Large"),
        (414, "Request-URI Too Long"),
        (415, "Unsupported Media Type"),
        (416, "Unsupported URI Scheme"),
        (417, "Unknown Resource-Priority"),
        (420, "Bad Extension"),
        (421, "Extension Required"),
        (422, "Session Interval Too Small"),
        (423, "Interval Too Brief"),
        (424, "Bad Location Information"),
        (425, "Bad Alert Message"),
        (428, "Use Identity Header"),
        (429, "Provide Referrer Identity"),
        (430, "Flow Failed"),
        (433, "Anonymity Disallowed"),
        (436, "Bad Identity Info"),
        (437, "Unsupported Credential"),
        (438, "Invalid Identity Header"),
        (439, "First Hop Lacks Outbound Support"),
        (440, "Max-Breadth Exceeded"),
        (469, "Bad Info Package"),
        (470, "Consent Needed"),
        (480, "Temporarily Unavailable"),
        (481, "Call/Transaction Does Not Exist"),
        (482, "Loop Detected"),
        (483, "Too Many Hops"),
        (484, "Address Incomplete"),
        (485, "Ambiguous"),
        (486, "Busy Here"),
        (487, "Request Terminated"),
        (488, "Not Acceptable Here"),
        (489, "Bad Event"),
        (491, "Request Pending"),
        (493, "Undecipherable"),
        (494, "Security Agreement Required"),
        (500, "Server Internal Error"),
        (501, "Not Implemented"),
        (502, "Bad Gateway"),
        (503, "Service Unavailable"),
        (504, "Server Time-out"),
        (505, "Version Not Supported"),
        (513, "Message Too Large"),
        (555, "Push Notification Service Not Supported"),
        (580, "Precondition Failure"),
        (600, "Busy Everywhere"),
        (603, "Decline"),
        (604, "Does Not Exist Anywhere"),
        (606, "Not Acceptable"),
        (607, "Unwanted"),
        (608, "Rejected"),
    ],
};

/// The cause values of ITU-T Q.850.
pub static Q850_CAUSES: Codes = Codes {
    unknown: "Unknown",
    names: &[
        (1, "Unallocated (unassigned) number"),
        (2, "No route to specified transit network"),
        (3, "No route to destination"),
        (4, "Send special information tone"),
        (5, "Misdialled trunk prefix"),
        (6, "Channel unacceptable"),
        (7, "Call awarded and being delivered in an established channel"),
        (8, "Preemption"),
        (9, "Preemption - circuit reserved for reuse"),
        (14, "QoR: ported number"),
        (16, "Normal call clearing"),
        (17, "User busy"),
        (18, "No user responding"),
        (19, "No answer from user (user alerted)"),
        (20, "Subscriber absent"),
        (21, "Call rejected"),
        (22, "Number changed"),
        (23, "Redirection to new destination"),
        (24, "Call rejected due to feature at the destination"),
        (25, "Exchange routing error"),
        (26, "Non-selected user clearing"),
        (27, "Destination out of order"),
        (28, "Invalid number format (address incomplete)"),
        (29, "Facility rejected"),
        (30, "Response to STATUS ENQUIRY"),
        (31, "Normal, unspecified"),
        (34, "No circuit/channel available"),
        (38, "Network out of order"),
        (39, "Permanent frame mode connection out of service"),
        (40, "Permanent frame mode connection operational"),
        (41, "Temporary failure"),
        (42, "Switching equipment congestion"),
        (43, "Access information discarded"),
        (44, "Requested circuit/channel not available"),
        (46, "Precedence call blocked"),
        (47, "Resource unavailable, unspecified"),
        (49, "Quality of service not available"),
        (50, "Requested facility not subscribed"),
        (53, "Outgoing calls barred within CUG"),
        (55, "Incoming calls barred within CUG"),
        (57, "Bearer capability not authorized"),
        (58, "Bearer capability not presently available"),
        (62, "Inconsistency in designated outgoing access information and subscriber class"),
        (63, "Service or option not available, unspecified"),
        (65, "Bearer capability not implemented"),
        (66, "Channel type not implemented"),
        (69, "Requested facility not implemented"),
        (70, "Only restricted digital information bearer capability is available"),
        (79, "Service or option not implemented, unspecified"),
        (81, "Invalid call reference value"),
        (82, "Identified channel does not exist"),
        (83, "A suspended call exists, but this call identity does not"),
        (84, "Call identity in use"),
        (85, "No call suspended"),
        (86, "Call having the requested call identity has been cleared"),
        (87, "User not member of CUG"),
        (88, "Incompatible destination"),
        (90, "Non-existent CUG"),
        (91, "Invalid transit network selection"),
        (95, "Invalid message, unspecified"),
        (96, "Mandatory information element is missing"),
        (97, "Message type non-existent or not implemented"),
        (98, "Message not compatible with call state or message type non-existent or not implemented"),
        (99, "Information element/parameter non-existent or not implemented"),
        (100, "Invalid information element contents"),
        (101, "Message not compatible with call state"),
        (102, "Recovery on timer expiry"),
        (103, "Parameter non-existent or not implemented, passed on"),
        (110, "Message with unrecognized parameter, discarded"),
        (111, "Protocol error, unspecified"),
        (127, "Interworking, unspecified"),
    ],
};
