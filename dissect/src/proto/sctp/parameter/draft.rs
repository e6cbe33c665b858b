//! Parameters of drafts, whose layouts may still change: named, and shown as bytes.

use super::{Kind, ParameterType, bare};
use crate::{Show, fields};

fields! {
    /// A DTLS key management parameter: the ways in which the sender can set keys for the DTLS chunk up.
    pub DTLS_GROUP = "sctp.parameter", "DTLS Key Management parameter", Show::group().repeats(), "draft-ietf-tsvwg-sctp-dtls-chunk";
    /// A disable restart parameter: the sender asks that an association is never restarted, for the sake of NATs.
    pub RESTART_GROUP = "sctp.parameter", "Disable Restart parameter", Show::group().repeats(), "draft-ietf-tsvwg-natsupp";
    /// A VTags parameter: the verification tags of an association, for the sake of NATs.
    pub VTAGS_GROUP = "sctp.parameter", "VTags parameter", Show::group().repeats(), "draft-ietf-tsvwg-natsupp";
}

pub(super) static DTLS_KEY_MANAGEMENT: Kind =
    Kind { code: ParameterType::DTLS_KEY_MANAGEMENT, group: &DTLS_GROUP, value: bare, fields: FIELDS };
pub(super) static DISABLE_RESTART: Kind =
    Kind { code: ParameterType::DISABLE_RESTART, group: &RESTART_GROUP, value: bare, fields: &[] };
pub(super) static VTAGS: Kind =
    Kind { code: ParameterType::VTAGS, group: &VTAGS_GROUP, value: bare, fields: &[] };
