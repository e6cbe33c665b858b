//! WebRTC Data Channel Establishment Protocol, RFC 8832, and the form its draft had before
//! (draft-jesup-rtcweb-data-protocol).
//!
//! ```
//! use dissect::proto::dcep::{ChannelType, Open};
//! let (rest, open) = Open::parse(&[0, 1, 0, 0, 0, 0, 0, 0, 2, 0, 0, b'h', b'i']).unwrap();
//! assert_eq!(ChannelType(open.channel_type).name(), Some("DATA_CHANNEL_RELIABLE"));
//! assert_eq!((open.priority, open.label_length, rest), (256, 2, &b"hi"[..]));
//! ```

#[cfg(test)]
mod tests;

use crate::proto::sctp::ppid::{PPIDS, Ppid};
use crate::{Area, Claim, Cx, Field, Malformed, Protocol, Severity, Show, codes, fields, header};

codes! {
    /// What a message is, RFC 8832, 8.2.1.
    pub MessageType: u8, MESSAGE_TYPES, "Unknown" {
        /// The request of the draft: reserved since.
        OLD_OPEN = 0, "DATA_CHANNEL_OPEN_REQUEST";
        /// The response of the draft: reserved since.
        OLD_RESPONSE = 1, "DATA_CHANNEL_OPEN_RESPONSE";
        /// DATA_CHANNEL_ACK, RFC 8832, 5.2.
        ACK = 2, "DATA_CHANNEL_ACK";
        /// DATA_CHANNEL_OPEN, RFC 8832, 5.1.
        OPEN = 3, "DATA_CHANNEL_OPEN_REQUEST";
    }
}

codes! {
    /// How reliable a channel is, and whether it keeps the order: RFC 8832, 5.1.
    pub ChannelType: u8, CHANNEL_TYPES, "Unknown" {
        /// Reliable.
        RELIABLE = 0x00, "DATA_CHANNEL_RELIABLE";
        /// Given up after so many retransmissions.
        PARTIAL_RELIABLE_REXMIT = 0x01, "DATA_CHANNEL_PARTIAL_RELIABLE_REXMIT";
        /// Given up after so many milliseconds.
        PARTIAL_RELIABLE_TIMED = 0x02, "DATA_CHANNEL_PARTIAL_RELIABLE_TIMED";
        /// Reliable, in any order.
        RELIABLE_UNORDERED = 0x80, "DATA_CHANNEL_RELIABLE_UNORDERED";
        /// Given up after so many retransmissions, in any order.
        PARTIAL_RELIABLE_REXMIT_UNORDERED = 0x81, "DATA_CHANNEL_PARTIAL_RELIABLE_REXMIT_UNORDERED";
        /// Given up after so many milliseconds, in any order.
        PARTIAL_RELIABLE_TIMED_UNORDERED = 0x82, "DATA_CHANNEL_PARTIAL_RELIABLE_TIMED_UNORDERED";
    }
}

fields! {
    /// A message that opens a data channel or agrees to it.
    ROOT = "rtcdc", "WebRTC Data Channel Establishment Protocol", Show::protocol(), "RFC 8832";
    /// What the message is.
    pub MESSAGE_TYPE = "rtcdc.message_type", "Message type", Show::u8().codes(&MESSAGE_TYPES), "RFC 8832, 5";
    /// How reliable the channel is, and whether it keeps the order.
    pub CHANNEL_TYPE = "rtcdc.channel_type", "Channel type", Show::u8().codes(&CHANNEL_TYPES), "RFC 8832, 5.1";
    /// The priority of the channel: 128 below normal, 256 normal, 512 high, 1024 extra high.
    pub PRIORITY = "rtcdc.priority", "Priority", Show::u16(), "RFC 8832, 5.1";
    /// The number of retransmissions or milliseconds after which a partially reliable channel gives a message up.
    pub RELIABILITY = "rtcdc.reliability_parameter", "Reliability parameter", Show::u32(), "RFC 8832, 5.1";
    /// How long the label is, in bytes.
    pub LABEL_LENGTH = "rtcdc.label_length", "Label length", Show::u16(), "RFC 8832, 5.1";
    /// How long the name of the protocol is, in bytes.
    pub PROTOCOL_LENGTH = "rtcdc.protocol_length", "Protocol length", Show::u16(), "RFC 8832, 5.1";
    /// The name of the channel.
    pub LABEL = "rtcdc.label", "Label", Show::text(), "RFC 8832, 5.1";
    /// What is spoken on the channel: a name from the WebSocket subprotocol registry, or none.
    pub SUBPROTOCOL = "rtcdc.protocol", "Protocol", Show::text(), "RFC 8832, 5.1";
    /// The flags of a message of the draft.
    pub FLAGS = "rtcdc.flags", "Flags", Show::u16().hex(), "draft-jesup-rtcweb-data-protocol";
    /// Reserved: zero, and ignored by who receives it.
    pub FLAGS_RESERVED = "rtcdc.flags_reserved", "Reserved", Show::u16().hex().mask(0xfffe), "draft-jesup-rtcweb-data-protocol";
    /// Whether messages may come in any order.
    pub UNORDERED = "rtcdc.flags_unordered_allowed", "Unordered allowed",
        Show::flag().mask(0x0001).words("True", "False"), "draft-jesup-rtcweb-data-protocol";
    /// Whether the response of the draft is a refusal.
    pub ERROR = "rtcdc.error", "Error", Show::u8(), "draft-jesup-rtcweb-data-protocol";
    /// The stream of the other direction.
    pub REVERSE_STREAM = "rtcdc.reverse_stream_id", "Reverse stream identifier", Show::u16(), "draft-jesup-rtcweb-data-protocol";
    /// The message has bytes that it should not have.
    pub TOO_LONG = "rtcdc.message_too_long", "Message too long", Show::expert(Severity::Error, Area::Malformed), "RFC 8832, 5.2";
    /// The channel type is none of RFC 8832's.
    pub UNKNOWN_CHANNEL_TYPE = "rtcdc.channel_type.unknown", "Unknown channel type", Show::expert(Severity::Warn, Area::Protocol), "RFC 8832, 5.1";
    /// A reliable channel has no use for the reliability parameter, which has to be zero.
    pub RELIABILITY_NOT_ZERO = "rtcdc.reliability_parameter.non_zero", "Reliability parameter non zero for reliable channel",
        Show::expert(Severity::Warn, Area::Protocol), "RFC 8832, 5.1";
    /// The lengths of label and protocol do not add up to what follows.
    pub INCONSISTENT_LENGTHS = "rtcdc.inconsistent_label_and_parameter_length", "Inconsistent label and parameter length",
        Show::expert(Severity::Error, Area::Malformed), "RFC 8832, 5.1";
    /// The message type is none of RFC 8832's.
    pub UNKNOWN_MESSAGE_TYPE = "rtcdc.message_type.unknown", "Unknown message type", Show::expert(Severity::Warn, Area::Protocol), "RFC 8832, 5";
}

header! {
    /// A DATA_CHANNEL_OPEN message behind its type. The label and the name of the protocol follow.
    pub struct Open {
        /// How reliable the channel is: a [`ChannelType`].
        pub channel_type: u8 => CHANNEL_TYPE,
        /// The priority of the channel.
        pub priority: u16 => PRIORITY,
        /// The number of retransmissions or milliseconds after which a message is given up.
        pub reliability: u32 => RELIABILITY,
        /// How long the label is, in bytes.
        pub label_length: u16 => LABEL_LENGTH,
        /// How long the name of the protocol is, in bytes.
        pub protocol_length: u16 => PROTOCOL_LENGTH,
    }
}

header! {
    /// The request of the draft behind its type. The label follows, up to the end.
    pub struct OldOpen {
        /// How reliable the channel is: a [`ChannelType`].
        pub channel_type: u8 => CHANNEL_TYPE,
        /// Whether messages may come in any order.
        pub flags: u16 => FLAGS,
        /// The number of retransmissions or milliseconds after which a message is given up.
        pub reliability: u16 => RELIABILITY,
        /// The priority of the channel.
        pub priority: u16 => PRIORITY,
    }
}

header! {
    /// The response of the draft behind its type.
    pub struct OldResponse {
        /// Zero, or why the request was refused.
        pub error: u8 => ERROR,
        /// The flags.
        pub flags: u16 => FLAGS,
        /// The stream of the other direction.
        pub reverse_stream: u16 => REVERSE_STREAM,
    }
}

/// WebRTC Data Channel Establishment Protocol.
pub static PROTOCOL: Protocol = Protocol {
    claims: &[Claim::Number(&PPIDS, Ppid::WEBRTC_CONTROL.0)],
    tables: &[],
    ..Protocol::new(
        "rtcdc",
        "RTCDC",
        "WebRTC Data Channel Establishment Protocol",
        "RFC 8832",
        walk,
        &[FIELDS],
    )
};

fn walk(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    cx.column(PROTOCOL.title);
    let kind = bytes.first().map(|kind| MessageType(*kind));
    if let (Some(info), Some(kind)) = (cx.info(), kind) {
        info.str(kind.name().unwrap_or("reserved"));
    }
    if !cx.showing() {
        return true;
    }
    cx.group(&ROOT, bytes, |cx| {
        let (Some(kind), Some((own, rest))) = (kind, bytes.split_at_checked(1)) else {
            cx.malformed(bytes, Malformed::short(&MESSAGE_TYPE, 0, 1, 0));
            return;
        };
        cx.group_with(&MESSAGE_TYPE, own, kind.0.into(), |cx| {
            if kind.name().is_none() {
                cx.expert(&UNKNOWN_MESSAGE_TYPE, own);
            }
        });
        match kind {
            MessageType::OPEN => dissect_open(cx, rest),
            MessageType::ACK if !rest.is_empty() => cx.expert(&TOO_LONG, rest),
            MessageType::OLD_OPEN => dissect_old_open(cx, rest),
            MessageType::OLD_RESPONSE => dissect_old_response(cx, rest),
            _ => {}
        }
    });
    true
}

fn dissect_open(cx: &mut Cx<'_>, bytes: &[u8]) {
    let Some((open, rest)) = Open::dissect(cx, bytes) else { return };
    let kind = ChannelType(open.channel_type);
    if kind.name().is_none() {
        cx.expert(&UNKNOWN_CHANNEL_TYPE, bytes.get(..1).unwrap_or(&[]));
    }
    let reliable = matches!(kind, ChannelType::RELIABLE | ChannelType::RELIABLE_UNORDERED);
    if reliable && open.reliability > 0 {
        cx.expert(&RELIABILITY_NOT_ZERO, bytes.get(3..7).unwrap_or(&[]));
    }
    if usize::from(open.label_length) + usize::from(open.protocol_length) != rest.len() {
        cx.expert(&INCONSISTENT_LENGTHS, bytes.get(7..11).unwrap_or(&[]));
    }
    let Some(rest) = dissect_text(cx, &LABEL, rest, open.label_length) else { return };
    dissect_text(cx, &SUBPROTOCOL, rest, open.protocol_length);
}

/// Adds a text of so many bytes and gives what follows it; as far as it goes, where there are fewer.
fn dissect_text<'b>(
    cx: &mut Cx<'_>,
    field: &'static Field,
    bytes: &'b [u8],
    length: u16,
) -> Option<&'b [u8]> {
    let found = bytes.split_at_checked(length.into());
    cx.leaf(field, found.map_or(bytes, |(text, _)| text), 0);
    if found.is_none() {
        cx.malformed(bytes, Malformed::short(field, 0, length.into(), bytes.len()));
    }
    found.map(|(_, rest)| rest)
}

fn dissect_old_open(cx: &mut Cx<'_>, bytes: &[u8]) {
    let Ok((label, open)) = OldOpen::parse(bytes) else {
        OldOpen::dissect(cx, bytes);
        return;
    };
    let flags = bytes.get(1..3).unwrap_or(&[]);
    cx.leaf(&CHANNEL_TYPE, bytes.get(..1).unwrap_or(&[]), open.channel_type.into());
    cx.group_with(&FLAGS, flags, open.flags.into(), |cx| {
        cx.flags(&[&FLAGS_RESERVED, &UNORDERED], flags, open.flags.into());
    });
    cx.leaf(&RELIABILITY, bytes.get(3..5).unwrap_or(&[]), open.reliability.into());
    cx.leaf(&PRIORITY, bytes.get(5..7).unwrap_or(&[]), open.priority.into());
    cx.leaf(&LABEL, label, 0);
}

fn dissect_old_response(cx: &mut Cx<'_>, bytes: &[u8]) {
    if bytes.len() > OldResponse::LEN {
        cx.expert(&TOO_LONG, bytes.get(OldResponse::LEN..).unwrap_or(&[]));
    }
    OldResponse::dissect(cx, bytes);
}
