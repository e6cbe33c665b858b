//! The names of types and codes.

use crate::proto::icmp::code::{EXTENDED_REPLY_NAMES, EXTENDED_REQUEST_NAMES};
use crate::{Codes, codes};

codes! {
    /// What a message is.
    pub Type: u8, TYPES, "Unknown" {
        /// A packet could not be delivered.
        UNREACHABLE = 1, "Destination Unreachable";
        /// A packet did not fit the next link.
        TOO_BIG = 2, "Packet Too Big";
        /// A packet took too many hops, or its fragments too long.
        TIME_EXCEEDED = 3, "Time Exceeded";
        /// A packet's headers are wrong.
        PARAMETER_PROBLEM = 4, "Parameter Problem";
        /// Private experimentation.
        EXPERIMENT_1 = 100, "Private experimentation";
        /// Private experimentation.
        EXPERIMENT_2 = 101, "Private experimentation";
        /// Reserved for expansion of ICMPv6 error messages.
        RESERVED_ERRORS = 127, "Reserved for expansion of ICMPv6 error messages";
        /// Echo (ping) request.
        ECHO_REQUEST = 128, "Echo (ping) request";
        /// Echo (ping) reply.
        ECHO_REPLY = 129, "Echo (ping) reply";
        /// Multicast Listener Query.
        LISTENER_QUERY = 130, "Multicast Listener Query";
        /// Multicast Listener Report.
        LISTENER_REPORT = 131, "Multicast Listener Report";
        /// Multicast Listener Done.
        LISTENER_DONE = 132, "Multicast Listener Done";
        /// Router Solicitation.
        ROUTER_SOLICITATION = 133, "Router Solicitation";
        /// Router Advertisement.
        ROUTER_ADVERTISEMENT = 134, "Router Advertisement";
        /// Neighbor Solicitation.
        NEIGHBOR_SOLICITATION = 135, "Neighbor Solicitation";
        /// Neighbor Advertisement.
        NEIGHBOR_ADVERTISEMENT = 136, "Neighbor Advertisement";
        /// Redirect.
        REDIRECT = 137, "Redirect";
        /// Router Renumbering.
        ROUTER_RENUMBERING = 138, "Router Renumbering";
        /// Node Information Query.
        INFORMATION_QUERY = 139, "Node Information Query";
        /// Node Information Reply.
        INFORMATION_REPLY = 140, "Node Information Reply";
        /// Inverse Neighbor Discovery Solicitation.
        INVERSE_SOLICITATION = 141, "Inverse Neighbor Discovery Solicitation";
        /// Inverse Neighbor Discovery Advertisement.
        INVERSE_ADVERTISEMENT = 142, "Inverse Neighbor Discovery Advertisement";
        /// Multicast Listener Report Message v2.
        LISTENER_REPORT_2 = 143, "Multicast Listener Report Message v2";
        /// Home Agent Address Discovery Request.
        HOME_AGENT_REQUEST = 144, "Home Agent Address Discovery Request";
        /// Home Agent Address Discovery Reply.
        HOME_AGENT_REPLY = 145, "Home Agent Address Discovery Reply";
        /// Mobile Prefix Solicitation.
        PREFIX_SOLICITATION = 146, "Mobile Prefix Solicitation";
        /// Mobile Prefix Advertisement.
        PREFIX_ADVERTISEMENT = 147, "Mobile Prefix Advertisement";
        /// Certification Path Solicitation.
        PATH_SOLICITATION = 148, "Certification Path Solicitation";
        /// Certification Path Advertisement.
        PATH_ADVERTISEMENT = 149, "Certification Path Advertisement";
        /// Experimental Mobility.
        EXPERIMENTAL_MOBILITY = 150, "Experimental Mobility";
        /// Multicast Router Advertisement.
        ROUTER_FOUND = 151, "Multicast Router Advertisement";
        /// Multicast Router Solicitation.
        ROUTER_SEARCH = 152, "Multicast Router Solicitation";
        /// Multicast Router Termination.
        ROUTER_END = 153, "Multicast Router Termination";
        /// FMIPv6.
        FAST_MOBILITY = 154, "FMIPv6";
        /// RPL Control.
        RPL = 155, "RPL Control";
        /// Locator Update.
        LOCATOR_UPDATE = 156, "Locator Update";
        /// Duplicate Address Request.
        DUPLICATE_REQUEST = 157, "Duplicate Address Request";
        /// Duplicate Address Confirmation.
        DUPLICATE_CONFIRMATION = 158, "Duplicate Address Confirmation";
        /// MPL Control Message.
        MPL_CONTROL = 159, "MPL Control Message";
        /// Extended Echo request.
        EXTENDED_REQUEST = 160, "Extended Echo request";
        /// Extended Echo reply.
        EXTENDED_REPLY = 161, "Extended Echo reply";
        /// Private experimentation.
        EXPERIMENT_3 = 200, "Private experimentation";
        /// Private experimentation.
        EXPERIMENT_4 = 201, "Private experimentation";
        /// Reserved for expansion of ICMPv6 informational messages.
        RESERVED_MESSAGES = 255, "Reserved for expansion of ICMPv6 informational messages";
    }
}

/// How routers and routes are preferred, RFC 4191, 2.1.
pub(super) static PREFERENCES: Codes =
    Codes { unknown: "Unknown", names: &[(0, "Medium"), (1, "High"), (2, "Reserved"), (3, "Low")] };

/// The codes of Destination Unreachable.
static UNREACHABLE_CODES: Codes = Codes {
    unknown: "Unknown",
    names: &[
        (0, "no route to destination"),
        (1, "Administratively prohibited"),
        (2, "Beyond scope of source address"),
        (3, "Address unreachable"),
        (4, "Port unreachable"),
        (5, "Source address failed ingress/egress policy"),
        (6, "Reject route to destination"),
        (7, "Error in Source Routing Header"),
    ],
};

/// The codes of Time Exceeded.
static TIME_EXCEEDED_CODES: Codes = Codes {
    unknown: "Unknown",
    names: &[(0, "hop limit exceeded in transit"), (1, "fragment reassembly time exceeded")],
};

/// The codes of Parameter Problem.
static PARAMETER_PROBLEM_CODES: Codes = Codes {
    unknown: "Unknown",
    names: &[
        (0, "erroneous header field encountered"),
        (1, "unrecognized Next Header type encountered"),
        (2, "unrecognized IPv6 option encountered"),
        (3, "IPv6 First Fragment has incomplete IPv6 Header Chain"),
    ],
};

/// The codes of Router Renumbering.
static ROUTER_RENUMBERING_CODES: Codes =
    Codes { unknown: "Unknown", names: &[(0, "Command"), (1, "Result"), (255, "Sequence number reset")] };

/// The codes of Node Information Query.
static INFORMATION_QUERY_CODES: Codes = Codes {
    unknown: "Unknown",
    names: &[
        (0, "Query subject = IPv6 addresses"),
        (1, "Query subject = DNS name or empty"),
        (2, "Query subject = IPv4 addresses"),
    ],
};

/// The codes of Node Information Reply.
static INFORMATION_REPLY_CODES: Codes =
    Codes { unknown: "Unknown", names: &[(0, "Successful"), (1, "Refused"), (2, "Unknown query type")] };

/// The codes of RPL Control.
static RPL_CODES: Codes = Codes {
    unknown: "Unknown",
    names: &[
        (0, "DODAG Information Solicitation"),
        (1, "DODAG Information Object"),
        (2, "Destination Advertisement Object"),
        (3, "Destination Advertisement Object Acknowledgment"),
        (4, "P2P Discovery Reply Object"),
        (5, "P2P Discovery Reply Object Acknowledgement"),
        (128, "Secure DODAG Information Solicitation"),
        (129, "Secure DODAG Information Object"),
        (130, "Secure Destination Advertisement Object"),
        (131, "Secure Destination Advertisement Object Acknowledgment"),
        (132, "P2P Secure Discovery Reply Object"),
        (133, "P2P Secure Discovery Reply Object Acknowledgement"),
        (138, "Consistency Check"),
    ],
};

/// The codes of Extended Echo request.
static EXTENDED_REQUEST_CODES: Codes = Codes { unknown: "Unknown", names: EXTENDED_REQUEST_NAMES };

/// The codes of Extended Echo reply.
static EXTENDED_REPLY_CODES: Codes = Codes { unknown: "Unknown", names: EXTENDED_REPLY_NAMES };

/// The names of the codes of a type that has some.
pub(super) fn code_names(kind: u8) -> Option<&'static Codes> {
    Some(match Type(kind) {
        Type::UNREACHABLE => &UNREACHABLE_CODES,
        Type::TIME_EXCEEDED => &TIME_EXCEEDED_CODES,
        Type::PARAMETER_PROBLEM => &PARAMETER_PROBLEM_CODES,
        Type::ROUTER_RENUMBERING => &ROUTER_RENUMBERING_CODES,
        Type::INFORMATION_QUERY => &INFORMATION_QUERY_CODES,
        Type::INFORMATION_REPLY => &INFORMATION_REPLY_CODES,
        Type::RPL => &RPL_CODES,
        Type::EXTENDED_REQUEST => &EXTENDED_REQUEST_CODES,
        Type::EXTENDED_REPLY => &EXTENDED_REPLY_CODES,
        _ => return None,
    })
}
