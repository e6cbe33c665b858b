//! Attributes, RFC 8866, 5.13: `a=name` or `a=name:value`, of the session or of a medium.
//!
//! To add one: write its line in `KNOWN`. One whose value is words needs only their fields; another needs a function.

pub mod candidate;
pub mod crypto;
pub mod format;
pub mod h264;
pub mod key_management;

pub use candidate::Candidate;
pub use crypto::Crypto;
pub use format::{FormatParameters, RtpMap};

use super::line::{Line, Words, split};
use super::{MISSING_FIELDS, Seen, put};
use crate::{Cx, Field, Show, fields};

fields! {
    /// An attribute of the session.
    SESSION = "sdp.session_attr", "Session Attribute (a)", Show::text().repeats(), "RFC 8866, 5.13";
    /// Its name.
    SESSION_NAME = "sdp.session_attr.field", "Session Attribute Fieldname", Show::text(), "RFC 8866, 5.13";
    /// Its value.
    SESSION_VALUE = "sdp.session_attr.value", "Session Attribute Value", Show::text(), "RFC 8866, 5.13";
    /// An attribute of a medium.
    MEDIA = "sdp.media_attr", "Media Attribute (a)", Show::text().repeats(), "RFC 8866, 5.13";
    /// Its name.
    MEDIA_NAME = "sdp.media_attribute.field", "Media Attribute Fieldname", Show::text(), "RFC 8866, 5.13";
    /// Its value.
    MEDIA_VALUE = "sdp.media_attribute.value", "Media Attribute Value", Show::text(), "RFC 8866, 5.13";
    /// How long a packet of the medium plays, in milliseconds.
    PTIME = "sdp.ptime", "Packet time in ms", Show::text(), "RFC 8866, 6.4";
    /// How long it may play at most, in milliseconds.
    MAXPTIME = "sdp.maxptime", "Maximum packet time in ms", Show::text(), "RFC 8866, 6.5";
    /// Which port of SCTP the association has, above DTLS.
    SCTP_PORT = "sdp.sctp_port", "SCTP port", Show::u16(), "RFC 8841, 5";
    /// The largest message that is taken, in bytes; 0 for any.
    MAX_MESSAGE_SIZE = "sdp.max_message_size", "Maximum message size", Show::u64(), "RFC 8841, 6";
    /// Which port of SCTP the association has, in the form of the drafts.
    SCTPMAP_PORT = "sdp.sctpmap.port", "SCTP port", Show::u16(), "draft-ietf-mmusic-sctp-sdp-05, 4";
    /// What the association carries: `webrtc-datachannel`.
    SCTPMAP_APPLICATION = "sdp.sctpmap.application", "Application", Show::text(), "draft-ietf-mmusic-sctp-sdp-05, 4";
    /// How many streams it has.
    SCTPMAP_STREAMS = "sdp.sctpmap.streams", "Streams", Show::text(), "draft-ietf-mmusic-sctp-sdp-05, 4";
    /// Who opens the connection: `active`, `passive`, `actpass`, `holdconn`.
    SETUP = "sdp.setup", "Setup role", Show::text(), "RFC 4145, 4";
    /// By which name groups know the medium.
    MID = "sdp.mid", "Media identification", Show::text(), "RFC 5888, 4";
    /// What the media of a group are to each other: `BUNDLE`, `LS`, `FID`.
    GROUP_SEMANTICS = "sdp.group.semantics", "Group semantics", Show::text(), "RFC 5888, 5";
    /// A medium of the group.
    GROUP_MID = "sdp.group.mid", "Group member", Show::text().repeats(), "RFC 5888, 5";
    /// To which port RTCP goes.
    RTCP_PORT = "sdp.rtcp.port", "RTCP port", Show::u16(), "RFC 3605, 2.1";
    /// The hash of a certificate: its function.
    FINGERPRINT_HASH = "sdp.fingerprint.hash", "Hash function", Show::text(), "RFC 8122, 5";
    /// The hash of a certificate.
    FINGERPRINT = "sdp.fingerprint.value", "Fingerprint", Show::text(), "RFC 8122, 5";
    /// The user name of ICE's checks.
    ICE_UFRAG = "sdp.ice_ufrag", "ICE user name fragment", Show::text(), "RFC 8839, 5.4";
    /// The password of ICE's checks.
    ICE_PWD = "sdp.ice_pwd", "ICE password", Show::text(), "RFC 8839, 5.4";
}

/// The value of an `a=` line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attribute<'a> {
    /// Its name.
    pub name: &'a [u8],
    /// Its value; none for a property such as `sendrecv`.
    pub value: Option<&'a [u8]>,
}

impl<'a> Attribute<'a> {
    /// Reads the value of an `a=` line, RFC 8866, 5.13.
    pub fn parse(value: &'a [u8]) -> Attribute<'a> {
        let (name, value) = split(value, b':');
        Attribute { name, value }
    }
    /// Whether it has the name. Case does not matter: some senders write names as they like.
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name.as_bytes())
    }
}

/// How an attribute's value is shown.
enum Form {
    /// As text and, under it, as words: a field each, the last for all further words.
    Words(&'static [&'static Field]),
    /// As what the function adds instead of the text.
    By(for<'b> fn(&mut Cx<'_>, &'b [u8], &mut Seen<'b>)),
}

/// Where an attribute may stand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    Session,
    Media,
    Both,
}

/// An attribute whose value is understood.
struct Known {
    name: &'static str,
    at: At,
    form: Form,
}

macro_rules! known {
    ($($name:literal, $at:ident, $form:ident $what:expr;)*) => {
        /// The attributes whose values are understood.
        static KNOWN: &[Known] = &[$(Known { name: $name, at: At::$at, form: Form::$form($what) }),*];
    };
}

known! {
    "candidate", Media, By candidate::emit;
    "crypto", Media, By crypto::emit;
    "fingerprint", Both, Words &[&FINGERPRINT_HASH, &FINGERPRINT];
    "fmtp", Media, By format::emit_parameters;
    "group", Session, Words &[&GROUP_SEMANTICS, &GROUP_MID];
    "ice-pwd", Both, Words &[&ICE_PWD];
    "ice-ufrag", Both, Words &[&ICE_UFRAG];
    "ipbcp", Session, By key_management::emit_ipbcp;
    "key-mgmt", Both, By key_management::emit;
    "max-message-size", Media, Words &[&MAX_MESSAGE_SIZE];
    "maxptime", Media, Words &[&MAXPTIME];
    "mid", Media, Words &[&MID];
    "ptime", Media, Words &[&PTIME];
    "rtcp", Media, Words &[&RTCP_PORT];
    "rtpmap", Media, By format::emit_map;
    "sctp-port", Media, Words &[&SCTP_PORT];
    "sctpmap", Media, Words &[&SCTPMAP_PORT, &SCTPMAP_APPLICATION, &SCTPMAP_STREAMS];
    "setup", Both, Words &[&SETUP];
}

/// Adds an `a=` line to the tree.
pub(super) fn emit<'b>(cx: &mut Cx<'_>, line: &Line<'b>, seen: &mut Seen<'b>) {
    let (field, name, text, here) = if seen.media {
        (&MEDIA, &MEDIA_NAME, &MEDIA_VALUE, At::Media)
    } else {
        (&SESSION, &SESSION_NAME, &SESSION_VALUE, At::Session)
    };
    let attribute = Attribute::parse(line.value);
    cx.part(field, line.whole, line.value, |cx| {
        let Some(value) = attribute.value else { return };
        cx.leaf(name, attribute.name, 0);
        // A value of a medium's attribute may stand behind spaces; a session's is shown as it stands.
        let value = if seen.media { value.trim_ascii_start() } else { value };
        if value.is_empty() {
            return cx.expert(&MISSING_FIELDS, value);
        }
        let known = KNOWN.iter().find(|known| attribute.is(known.name));
        match known.filter(|known| known.at == here || known.at == At::Both).map(|known| &known.form) {
            Some(Form::By(emit)) => emit(cx, value, seen),
            Some(Form::Words(fields)) => cx.group(text, value, |cx| emit_words(cx, value, fields)),
            None => cx.leaf(text, value, 0),
        }
    });
}

fn emit_words(cx: &mut Cx<'_>, value: &[u8], fields: &[&'static Field]) {
    let mut words = Words::new(value);
    for (at, field) in fields.iter().enumerate() {
        if at + 1 == fields.len() && field.show.repeats {
            for word in words.by_ref() {
                put(cx, field, &word);
            }
        } else if let Some(word) = words.next() {
            put(cx, field, &word);
        }
    }
}
