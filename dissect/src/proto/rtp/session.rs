//! What is known of an end before its first packet comes: what SDP negotiated.

use crate::Cx;
use crate::flow::expected::Expectation;
use std::sync::Arc;

/// How an end was set up: what its packets can't say themselves. Who announces RTP or RTCP gives it, in an `Arc`, to
/// [`Cx::expect`].
///
/// ```
/// use dissect::proto::rtp::{Format, Session};
/// let session = Session {
///     formats: vec![Format { payload_type: 101, encoding: "telephone-event".into(), clock_rate: 8000 }],
///     ..Session::new("SDP")
/// };
/// assert_eq!(session.format(101).unwrap().clock_rate, 8000);
/// assert!(session.format(0).is_none());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Session {
    /// Who set it up: `SDP`.
    pub method: &'static str,
    /// The payload types that were given a name: SDP's `a=rtpmap`, RFC 8866, 6.6.
    pub formats: Vec<Format>,
    /// RTCP comes to RTP's own port: SDP's `a=rtcp-mux`, RFC 5761.
    pub muxed: bool,
    /// What comes is encrypted: profiles `RTP/SAVP` and `RTP/SAVPF`, RFC 3711.
    pub secure: bool,
}

/// A payload type and what it stands for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Format {
    /// The payload type, below 128.
    pub payload_type: u8,
    /// The name of the encoding as it was said: `PCMU`, `telephone-event`.
    pub encoding: String,
    /// How many units of the timestamp make a second; 0 where it was not said.
    pub clock_rate: u32,
}

impl Session {
    /// A session that knows nothing yet but who set it up.
    pub const fn new(method: &'static str) -> Session {
        Session { method, formats: Vec::new(), muxed: false, secure: false }
    }
    /// What the bytes being walked were expected by and the packet that set it up, while learning.
    pub(crate) fn of(cx: &Cx<'_>) -> Option<(Arc<Session>, u64)> {
        let expectation = cx.expectation()?;
        Some((Session::said(expectation)?, expectation.since))
    }
    /// The session that was said, if one was.
    pub(super) fn said(expectation: &Expectation) -> Option<Arc<Session>> {
        Arc::clone(&expectation.said).downcast().ok()
    }
    /// What a payload type stands for, if it was said. The first one holds.
    pub fn format(&self, payload_type: u8) -> Option<&Format> {
        self.formats.iter().find(|format| format.payload_type == payload_type)
    }
}
