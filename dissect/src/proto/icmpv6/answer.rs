//! What echo requests and their replies tell of each other, RFC 4443, 4.

use crate::proto::icmp::echo::write_time;
use crate::{Area, Severity, Show, fields};

fields! {
    /// The packet of the reply.
    pub(super) RESPONSE_IN = "icmpv6.resp_in", "Response In", Show::packet(), "RFC 4443, 4.1";
    /// The packet of the request.
    pub(super) RESPONSE_TO = "icmpv6.resp_to", "Response To", Show::packet(), "RFC 4443, 4.2";
    /// How long the reply took, in milliseconds.
    pub(super) TIME = "icmpv6.resptime", "Response Time", Show::double().write(write_time), "RFC 4443, 4.2";
    /// No reply is in the capture.
    pub(super) NONE = "icmpv6.no_resp", "No response seen", Show::group(), "RFC 4443, 4.1";
    /// No reply is in the capture.
    pub(super) REMARK = "icmpv6.resp_not_found", "No response seen to ICMPv6 request", Show::expert(Severity::Warn, Area::Sequence), "RFC 4443, 4.1";
}
