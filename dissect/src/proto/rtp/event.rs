//! Telephone events in RTP, RFC 4733.

use super::ENCODINGS;
use crate::{Claim, Codes, Cx, Protocol, Show, fields, header};

/// The name of the encoding.
pub const ENCODING: &str = "telephone-event";

/// The payload type that telephone events mostly have: taken for one where nothing was said of it, as Wireshark does.
pub const USUAL_TYPE: u8 = 101;

fields! {
    /// A telephone event.
    ROOT = "rtpevent", "RFC 2833 RTP Event", Show::protocol(), "RFC 4733, 2.3";
    /// Which event it is.
    EVENT = "rtpevent.event_id", "Event ID", Show::u8().codes(&EVENTS), "RFC 4733, 2.3.1";
    /// The event has ended: its duration is all of it.
    END = "rtpevent.end_of_event", "End of Event", Show::flag().words("True", "False").mask(0x80), "RFC 4733, 2.3.2";
    /// Reserved: zero, and ignored by who receives it.
    RESERVED = "rtpevent.reserved", "Reserved", Show::flag().words("True", "False").mask(0x40), "RFC 4733, 2.3.3";
    /// The power level of a tone, in dBm0 with the sign dropped.
    VOLUME = "rtpevent.volume", "Volume", Show::u8().mask(0x3f), "RFC 4733, 2.3.4";
    /// How long the event has lasted, in units of the timestamp.
    DURATION = "rtpevent.duration", "Event Duration", Show::u16(), "RFC 4733, 2.3.5";
}

header! {
    /// The payload of an event.
    pub struct Block {
        /// Which event it is.
        pub event: u8 => EVENT,
        /// Its end, a reserved bit, its volume.
        pub flags: u8 => VOLUME, by hand,
        /// How long it has lasted, in units of the timestamp.
        pub duration: u16 => DURATION,
    }
}

impl Block {
    /// Whether the event has ended.
    pub fn has_ended(&self) -> bool {
        self.flags & 0x80 != 0
    }
    /// The power level, in dBm0 with the sign dropped.
    pub fn volume(&self) -> u8 {
        self.flags & 0x3f
    }
}

static EVENTS: Codes = Codes {
    unknown: "Unknown",
    names: &[
        (0, "DTMF Zero 0"),
        (1, "DTMF One 1"),
        (2, "DTMF Two 2"),
        (3, "DTMF Three 3"),
        (4, "DTMF Four 4"),
        (5, "DTMF Five 5"),
        (6, "DTMF Six 6"),
        (7, "DTMF Seven 7"),
        (8, "DTMF Eight 8"),
        (9, "DTMF Nine 9"),
        (10, "DTMF Star *"),
        (11, "DTMF Pound #"),
        (12, "DTMF A"),
        (13, "DTMF B"),
        (14, "DTMF C"),
        (15, "DTMF D"),
        (16, "Flash"),
        (32, "Fax ANS"),
        (33, "Fax /ANS"),
        (34, "Fax ANSam"),
        (35, "Fax /ANSam"),
        (36, "Fax CNG"),
        (37, "V.21 channel 1, 0 bit"),
        (38, "V.21 channel 1, 1 bit"),
        (39, "V.21 channel 2, 0 bit"),
        (40, "V.21 channel 2, 1 bit"),
        (49, "Fax CT"),
        (54, "V.21 preamble flag"),
        (64, "Off Hook"),
        (65, "On Hook"),
        (66, "Dial tone"),
        (70, "Ringing tone"),
        (72, "Busy tone"),
        (73, "Congestion tone"),
        (74, "Special information tone"),
        (75, "Comfort tone"),
        (79, "Call waiting tone"),
        (89, "Ring"),
    ],
};

/// Telephone events.
pub static PROTOCOL: Protocol = Protocol {
    claims: &[Claim::Text(&ENCODINGS, ENCODING)],
    tables: &[],
    ..Protocol::new("rtpevent", "RTP EVENT", "RFC 2833 RTP Event", "RFC 4733", walk, &[FIELDS])
};

fn walk(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    cx.column(PROTOCOL.title);
    let block = Block::parse(bytes).ok().map(|(_, block)| block);
    if let (Some(info), Some(event)) = (cx.info(), bytes.first()) {
        info.str("Payload type=RTP Event, ").str(EVENTS.name_or_unknown(u64::from(*event)));
        if EVENTS.name(u64::from(*event)).is_none() {
            info.str(" (").dec(u64::from(*event)).str(")");
        }
        info.str(if block.is_some_and(|block| block.has_ended()) { " (end)" } else { "" });
    }
    cx.group(&ROOT, bytes, |cx| {
        let at = |from, to| bytes.get(from..to).unwrap_or(&[]);
        let Some(block) = block else {
            Block::dissect(cx, bytes);
            return;
        };
        cx.leaf(&EVENT, at(0, 1), block.event.into());
        cx.flags(&[&END, &RESERVED, &VOLUME], at(1, 2), block.flags.into());
        cx.leaf(&DURATION, at(2, 4), block.duration.into());
    });
    true
}
