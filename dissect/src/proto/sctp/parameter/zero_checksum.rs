//! Zero checksum acceptable, RFC 9653, 4: the sender takes packets without a checksum, as something below has checked.

use super::{Kind, ParameterType};
use crate::tree::Item;
use crate::{Cx, Out, Show, codes, fields, header};

codes! {
    /// A way in which errors are detected without the checksum, from the registry of RFC 9653, 8.
    pub ErrorDetectionMethod: u32, ERROR_DETECTION_METHODS, "Unknown" {
        /// Reserved.
        RESERVED = 0, "Reserved";
        /// SCTP over DTLS, RFC 9653, 6.
        SCTP_OVER_DTLS = 1, "SCTP over DTLS";
    }
}

fields! {
    /// A zero checksum acceptable parameter.
    pub GROUP = "sctp.parameter", "Zero Checksum Acceptable parameter", Show::group().repeats().write(line), "RFC 9653, 4";
    /// What detects errors in place of the checksum.
    pub METHOD = "sctp.edmid", "Error detection method identifier", Show::u32().codes(&ERROR_DETECTION_METHODS), "RFC 9653, 4";
}

header! {
    /// The value of a zero checksum acceptable parameter.
    pub struct ZeroChecksumAcceptable {
        /// What detects errors in place of the checksum: an [`ErrorDetectionMethod`].
        pub method: u32 => METHOD,
    }
}

pub(super) static KIND: Kind =
    Kind { code: ParameterType::ZERO_CHECKSUM_ACCEPTABLE, group: &GROUP, value, fields: FIELDS };

fn value<'b>(cx: &mut Cx<'_>, bytes: &'b [u8], _: u8) -> Option<&'b [u8]> {
    ZeroChecksumAcceptable::dissect(cx, bytes).map(|(_, rest)| rest)
}

fn line(item: Item<'_>, out: &mut Out) {
    if let Some(method) = item.number(&METHOD) {
        out.str(" (Method: ").str(ERROR_DETECTION_METHODS.name_or_unknown(method)).byte(b')');
    }
}
