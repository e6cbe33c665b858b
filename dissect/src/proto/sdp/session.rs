//! The lines that describe the session, RFC 8866, 5.1 to 5.12. Those of them that may stand under a medium too are here
//! as well.

use super::line::{Line, Words, split};
use super::{MISSING_FIELDS, put, words};
use crate::tree::Item;
use crate::{Cx, Out, Show, fields};

fields! {
    /// The version of the protocol: 0.
    VERSION = "sdp.version", "Session Description Protocol Version (v)", Show::text().repeats(), "RFC 8866, 5.1";
    /// Who made the description, and which it is of this maker's.
    OWNER = "sdp.owner", "Owner/Creator, Session Id (o)", Show::text().repeats(), "RFC 8866, 5.2";
    /// The maker's login on its host, or a hyphen.
    OWNER_USERNAME = "sdp.owner.username", "Owner Username", Show::text(), "RFC 8866, 5.2";
    /// A number that makes the description unique with the other parts but the version.
    OWNER_SESSION = "sdp.owner.sessionid", "Session ID", Show::text(), "RFC 8866, 5.2";
    /// Grows with each change of the description.
    OWNER_VERSION = "sdp.owner.version", "Session Version", Show::text(), "RFC 8866, 5.2";
    /// The type of network: IN, the Internet.
    OWNER_NETWORK = "sdp.owner.network_type", "Owner Network Type", Show::text(), "RFC 8866, 5.2";
    /// The type of the address that follows.
    OWNER_ADDRESS_TYPE = "sdp.owner.address_type", "Owner Address Type", Show::text(), "RFC 8866, 5.2";
    /// The host on which the description was made.
    OWNER_ADDRESS = "sdp.owner.address", "Owner Address", Show::text(), "RFC 8866, 5.2";
    /// The name of the session.
    NAME = "sdp.session_name", "Session Name (s)", Show::text().repeats(), "RFC 8866, 5.3";
    /// Words about the session.
    INFORMATION = "sdp.session_info", "Session Information (i)", Show::text().repeats(), "RFC 8866, 5.4";
    /// Where more is said about the session.
    URI = "sdp.uri", "URI of Description (u)", Show::text().repeats(), "RFC 8866, 5.5";
    /// Whom to write to.
    EMAIL = "sdp.email", "E-mail Address (e)", Show::text().repeats(), "RFC 8866, 5.6";
    /// Whom to call.
    PHONE = "sdp.phone", "Phone Number (p)", Show::text().repeats(), "RFC 8866, 5.6";
    /// Where the media go.
    CONNECTION = "sdp.connection_info", "Connection Information (c)", Show::text().repeats(), "RFC 8866, 5.7";
    /// The type of network: IN, the Internet.
    CONNECTION_NETWORK = "sdp.connection_info.network_type", "Connection Network Type", Show::text(), "RFC 8866, 5.7";
    /// The type of the address that follows.
    CONNECTION_ADDRESS_TYPE = "sdp.connection_info.address_type", "Connection Address Type", Show::text(), "RFC 8866, 5.7";
    /// The address, or the first one.
    CONNECTION_ADDRESS = "sdp.connection_info.address", "Connection Address", Show::text(), "RFC 8866, 5.7";
    /// How many hops multicast over IPv4 may go.
    CONNECTION_TTL = "sdp.connection_info.ttl", "Connection TTL", Show::text(), "RFC 8866, 5.7";
    /// How many addresses in a row are used.
    CONNECTION_COUNT = "sdp.connection_info.num_addr", "Connection Number of Addresses", Show::text(), "RFC 8866, 5.7";
    /// How much bandwidth is proposed.
    BANDWIDTH = "sdp.bandwidth", "Bandwidth Information (b)", Show::text().repeats(), "RFC 8866, 5.8";
    /// What the bandwidth is that of.
    BANDWIDTH_TYPE = "sdp.bandwidth.modifier", "Bandwidth Modifier", Show::text().write(write_modifier), "RFC 8866, 5.8";
    /// The bandwidth in the unit of its type: kilobits per second for AS and CT, bits per second for TIAS, RR and RS.
    BANDWIDTH_VALUE = "sdp.bandwidth.value", "Bandwidth Value", Show::text(), "RFC 8866, 5.8";
    /// When the session is active.
    TIME = "sdp.time", "Time Description, active time (t)", Show::text().repeats(), "RFC 8866, 5.9";
    /// From when, in seconds since 1900; 0 for always.
    TIME_START = "sdp.time.start", "Session Start Time", Show::text(), "RFC 8866, 5.9";
    /// Until when, in seconds since 1900; 0 for without end.
    TIME_STOP = "sdp.time.stop", "Session Stop Time", Show::text(), "RFC 8866, 5.9";
    /// When it is active again.
    REPEAT = "sdp.repeat_time", "Repeat Time (r)", Show::text().repeats(), "RFC 8866, 5.10";
    /// After how long it is active again.
    REPEAT_INTERVAL = "sdp.repeat_time.interval", "Repeat Interval", Show::text(), "RFC 8866, 5.10";
    /// For how long it is active.
    REPEAT_DURATION = "sdp.repeat_time.duration", "Repeat Duration", Show::text(), "RFC 8866, 5.10";
    /// How long after the start it is active.
    REPEAT_OFFSET = "sdp.repeat_time.offset", "Repeat Offset", Show::text().repeats(), "RFC 8866, 5.10";
    /// How the clock changes between the repeats.
    ZONE = "sdp.timezone", "Time Zone Adjustments (z)", Show::text().repeats(), "RFC 8866, 5.11";
    /// When the clock changes.
    ZONE_TIME = "sdp.timezone.time", "Timezone Time", Show::text().repeats(), "RFC 8866, 5.11";
    /// By how much the clock changes.
    ZONE_OFFSET = "sdp.timezone.offset", "Timezone Offset", Show::text().repeats(), "RFC 8866, 5.11";
    /// A key for the media, or where to get it. Out of use.
    KEY = "sdp.encryption_key", "Encryption Key (k)", Show::text().repeats(), "RFC 8866, 5.12";
    /// How the key is given.
    KEY_TYPE = "sdp.encryption_key.type", "Key Type", Show::text(), "RFC 8866, 5.12";
    /// The key, or where it is.
    KEY_DATA = "sdp.encryption_key.data", "Key Data", Show::text(), "RFC 8866, 5.12";
}

/// Adds a line of these to the tree; whether it is one.
pub(super) fn emit(cx: &mut Cx<'_>, line: &Line<'_>) -> bool {
    let (field, parts): (_, fn(&mut Cx<'_>, &[u8])) = match line.kind {
        b'v' => (&VERSION, |_, _| ()),
        b'o' => (&OWNER, owner),
        b's' => (&NAME, |_, _| ()),
        b'i' => (&INFORMATION, |_, _| ()),
        b'u' => (&URI, |_, _| ()),
        b'e' => (&EMAIL, |_, _| ()),
        b'p' => (&PHONE, |_, _| ()),
        b'c' => (&CONNECTION, connection),
        b'b' => (&BANDWIDTH, bandwidth),
        b't' => (&TIME, |cx, value| words(cx, value, &[&TIME_START, &TIME_STOP])),
        b'r' => (&REPEAT, repeat),
        b'z' => (&ZONE, zone),
        b'k' => (&KEY, key),
        _ => return false,
    };
    cx.part(field, line.whole, line.value, |cx| parts(cx, line.value));
    true
}

/// The value of an `o=` line. Parts that are missing are empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin<'a> {
    /// The maker's login on its host, or a hyphen.
    pub username: &'a [u8],
    /// A number that makes the description unique with the other parts but the version.
    pub session_id: &'a [u8],
    /// Grows with each change of the description.
    pub session_version: &'a [u8],
    /// The type of network: IN, the Internet.
    pub network_type: &'a [u8],
    /// The type of the address: IP4 or IP6.
    pub address_type: &'a [u8],
    /// The host on which the description was made.
    pub address: &'a [u8],
}

impl<'a> Origin<'a> {
    /// Reads the value of an `o=` line, RFC 8866, 5.2.
    ///
    /// ```
    /// let origin = dissect::proto::sdp::Origin::parse(b"- 3724394400 3724394405 IN IP4 198.51.100.1");
    /// assert_eq!((origin.session_version, origin.address), (&b"3724394405"[..], &b"198.51.100.1"[..]));
    /// ```
    pub fn parse(value: &'a [u8]) -> Origin<'a> {
        let mut words = Words::new(value);
        let mut next = || words.next().map_or(&[][..], |word| word.text);
        Origin {
            username: next(),
            session_id: next(),
            session_version: next(),
            network_type: next(),
            address_type: next(),
            address: next(),
        }
    }
}

fn owner(cx: &mut Cx<'_>, value: &[u8]) {
    let parts = [
        &OWNER_USERNAME,
        &OWNER_SESSION,
        &OWNER_VERSION,
        &OWNER_NETWORK,
        &OWNER_ADDRESS_TYPE,
        &OWNER_ADDRESS,
    ];
    words(cx, value, &parts);
}

/// The value of a `c=` line. Parts that are missing are empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Connection<'a> {
    /// The type of network: IN, the Internet.
    pub network_type: &'a [u8],
    /// The type of the address: IP4 or IP6.
    pub address_type: &'a [u8],
    /// The address, or the first one.
    pub address: &'a [u8],
    /// How many hops multicast over IPv4 may go.
    pub ttl: Option<&'a [u8]>,
    /// How many addresses in a row are used.
    pub count: Option<&'a [u8]>,
}

impl<'a> Connection<'a> {
    /// Reads the value of a `c=` line, RFC 8866, 5.7. Multicast over IPv6 has a count and no TTL.
    ///
    /// ```
    /// use dissect::proto::sdp::Connection;
    /// let connection = Connection::parse(b"IN IP4 233.252.0.1/127/3");
    /// assert_eq!((connection.address, connection.ttl), (&b"233.252.0.1"[..], Some(&b"127"[..])));
    /// assert_eq!(Connection::parse(b"IN IP6 ff00::db8:0:101/3").count, Some(&b"3"[..]));
    /// ```
    pub fn parse(value: &'a [u8]) -> Connection<'a> {
        let mut words = Words::new(value);
        let (network_type, address_type) = (words.next(), words.next());
        let [network_type, address_type, whole] = [network_type, address_type, words.remainder()]
            .map(|word| word.map_or(&[][..], |word| word.text));
        let (address, numbers) = split(whole, b'/');
        let (ttl, count) = match numbers {
            Some(count) if address_type.eq_ignore_ascii_case(b"IP6") => (None, Some(count)),
            Some(numbers) => {
                let (ttl, count) = split(numbers, b'/');
                (Some(ttl), count)
            }
            None => (None, None),
        };
        Connection { network_type, address_type, address, ttl, count }
    }
}

fn connection(cx: &mut Cx<'_>, value: &[u8]) {
    let mut words = Words::new(value);
    for field in [&CONNECTION_NETWORK, &CONNECTION_ADDRESS_TYPE] {
        let Some(word) = words.next() else { break };
        put(cx, field, &word);
    }
    let Connection { address, ttl, count, .. } = Connection::parse(value);
    if address.is_empty() {
        return cx.expert(&MISSING_FIELDS, words.rest());
    }
    cx.leaf(&CONNECTION_ADDRESS, address, 0);
    for (field, number) in [(&CONNECTION_TTL, ttl), (&CONNECTION_COUNT, count)] {
        match number {
            Some([]) => cx.expert(&MISSING_FIELDS, words.rest()),
            Some(number) => cx.leaf(field, number, 0),
            None => {}
        }
    }
}

/// The value of a `b=` line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bandwidth<'a> {
    /// What the bandwidth is that of: `AS`, `CT`, `TIAS`.
    pub kind: &'a [u8],
    /// How much, in the unit of its type.
    pub value: &'a [u8],
}

impl<'a> Bandwidth<'a> {
    /// Reads the value of a `b=` line, RFC 8866, 5.8; nothing without a colon.
    pub fn parse(value: &'a [u8]) -> Option<Bandwidth<'a>> {
        let (kind, value) = split(value, b':');
        Some(Bandwidth { kind, value: value? })
    }
}

fn bandwidth(cx: &mut Cx<'_>, value: &[u8]) {
    let Some(Bandwidth { kind, value }) = Bandwidth::parse(value) else {
        return cx.expert(&MISSING_FIELDS, value);
    };
    cx.leaf(&BANDWIDTH_TYPE, kind, 0);
    cx.leaf(&BANDWIDTH_VALUE, value, 0);
}

/// What the types of bandwidth mean, and their unit.
static BANDWIDTH_TYPES: &[(&str, &str)] = &[
    ("CT", "Conference Total, kb/s"),
    ("AS", "Application Specific, kb/s"),
    ("TIAS", "Transport Independent Application Specific maximum, b/s"),
    ("RS", "RTCP of senders, b/s"),
    ("RR", "RTCP of receivers, b/s"),
];

fn write_modifier(item: Item<'_>, out: &mut Out) {
    out.text(item.bytes());
    if let Some((_, meaning)) = BANDWIDTH_TYPES.iter().find(|row| row.0.as_bytes() == item.bytes()) {
        out.str(" [").str(meaning).byte(b']');
    }
}

fn repeat(cx: &mut Cx<'_>, value: &[u8]) {
    let mut words = Words::new(value);
    let mut count = 0;
    for word in words.by_ref() {
        put(cx, [&REPEAT_INTERVAL, &REPEAT_DURATION].get(count).unwrap_or(&&REPEAT_OFFSET), &word);
        count += 1;
    }
    if count < 3 {
        cx.expert(&MISSING_FIELDS, words.rest());
    }
}

fn zone(cx: &mut Cx<'_>, value: &[u8]) {
    let mut words = Words::new(value);
    let mut count = 0;
    for word in words.by_ref() {
        put(cx, if count % 2 == 0 { &ZONE_TIME } else { &ZONE_OFFSET }, &word);
        count += 1;
    }
    if count == 0 || count % 2 == 1 {
        cx.expert(&MISSING_FIELDS, words.rest());
    }
}

/// The value of a `k=` line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key<'a> {
    /// How the key is given: `clear`, `base64`, `uri` or `prompt`.
    pub method: &'a [u8],
    /// The key, or where it is.
    pub data: Option<&'a [u8]>,
}

impl<'a> Key<'a> {
    /// Reads the value of a `k=` line, RFC 8866, 5.12.
    pub fn parse(value: &'a [u8]) -> Key<'a> {
        let (method, data) = split(value, b':');
        Key { method, data }
    }
}

fn key(cx: &mut Cx<'_>, value: &[u8]) {
    let Key { method, data } = Key::parse(value);
    let Some(data) = data else { return };
    cx.leaf(&KEY_TYPE, method, 0);
    if !data.is_empty() {
        cx.leaf(&KEY_DATA, data, 0);
    }
}
