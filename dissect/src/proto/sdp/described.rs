//! A medium with what belongs to it: its address, its ports, its formats. What RTP and the reports on calls read.

use super::Noted;
use super::attribute::RtpMap;
use super::line::{Lines, Words, lines, number};
use super::media::Media;
use super::session::Connection;
use crate::proto::rtp::{self, Format, Session};
use crate::proto::{rtcp, udp};
use crate::{Address, Cx};
use hashbrown::DefaultHashBuilder;
use std::hash::BuildHasher;
use std::net::Ipv6Addr;
use std::sync::Arc;

/// How many media of one description are announced.
pub const MOST_MEDIA: usize = 16;

/// How many ports in a row of one medium are announced.
const MOST_PORTS: u16 = 8;

/// How many formats of one medium are told.
const MOST_FORMATS: usize = 64;

/// How many bytes of `a=rtpmap` lines are kept to know them again.
const MOST_MAPS: usize = 1 << 11;

/// How many payload types have their names looked up.
const MOST_NAMES: usize = 16;

/// How many bytes the name of an encoding may have to be told.
const MOST_NAME: usize = 64;

/// A medium of a description, RFC 8866, 5.14, with the lines that belong to it.
///
/// ```
/// use dissect::{Address, proto::sdp::described};
/// let text = b"v=0\r\nc=IN IP4 10.0.0.1\r\nm=audio 6000 RTP/AVP 0\r\nm=video 6002 RTP/AVP 96\r\na=rtcp:7000\r\n";
/// let media: Vec<_> = described(text).collect();
/// assert_eq!(media[0].address(), Address::Ipv4(0x0a00_0001));
/// assert_eq!((media[1].media.port(), media[1].rtcp()), (Some(6002), Some((Address::Ipv4(0x0a00_0001), 7000))));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Described<'a> {
    /// The `m=` line.
    pub media: Media<'a>,
    /// The `c=` line that holds for it: its own, else the session's.
    pub connection: Option<Connection<'a>>,
    /// The lines behind its `m=` line, up to the next one.
    pub lines: &'a [u8],
    /// Of these lines those from the first `a=rtpmap` to the last.
    maps: &'a [u8],
    /// The address of the connection.
    address: Address,
    /// Which way it goes, as who describes it sees it: its own `a=` line, else the session's.
    pub direction: Direction,
    /// The value of its first `a=rtcp`, RFC 3605.
    rtcp: Option<&'a [u8]>,
    is_muxed: bool,
}

/// Which way a medium goes, RFC 8866, 6.7: how it is put on hold (RFC 3264, 8.4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Direction {
    /// Both ways, also if nothing is said.
    #[default]
    Both,
    /// Who describes it only sends.
    SendOnly,
    /// Who describes it only receives.
    ReceiveOnly,
    /// Neither.
    Inactive,
}

impl Direction {
    /// The word that SDP has for it.
    pub const fn word(self) -> &'static str {
        match self {
            Direction::Both => "sendrecv",
            Direction::SendOnly => "sendonly",
            Direction::ReceiveOnly => "recvonly",
            Direction::Inactive => "inactive",
        }
    }
    /// The direction that an attribute of this text says.
    fn of(text: &[u8]) -> Option<Direction> {
        Some(match text.first_chunk::<8>().filter(|_| text.len() == 8)? {
            b"sendrecv" => Direction::Both,
            b"sendonly" => Direction::SendOnly,
            b"recvonly" => Direction::ReceiveOnly,
            b"inactive" => Direction::Inactive,
            _ => return None,
        })
    }
}

/// The media of a description.
pub fn described(bytes: &[u8]) -> impl Iterator<Item = Described<'_>> {
    let mut rest = lines(bytes);
    let (mut session, mut next) = (Place::default(), None);
    for line in rest.by_ref() {
        match line.kind {
            b'c' => session = Place { direction: session.direction, ..Place::parse(line.value) },
            b'a' => session.direction = Direction::of(line.value).unwrap_or(session.direction),
            b'm' => {
                next = Some(line.value);
                break;
            }
            _ => {}
        }
    }
    std::iter::from_fn(move || one(&mut rest, &mut next, session))
}

/// A `c=` line, the address that it says, and the direction.
#[derive(Clone, Copy, Default)]
struct Place<'a> {
    connection: Option<Connection<'a>>,
    address: Address,
    direction: Direction,
}

impl<'a> Place<'a> {
    fn parse(value: &'a [u8]) -> Place<'a> {
        let connection = Connection::parse(value);
        Place {
            connection: Some(connection),
            address: address(connection.address),
            direction: Direction::Both,
        }
    }
}

/// The medium of the `m=` line `next`; then `next` is that of the following one.
fn one<'a>(rest: &mut Lines<'a>, next: &mut Option<&'a [u8]>, session: Place<'a>) -> Option<Described<'a>> {
    let media = Media::parse(next.take()?);
    let (behind, mut place) = (rest.rest(), session);
    let (mut rtcp, mut is_muxed, mut maps) = (None, false, None);
    let end = loop {
        let at = behind.len() - rest.rest().len();
        let Some(line) = rest.next() else { break at };
        match line.kind {
            b'c' => place = Place { direction: place.direction, ..Place::parse(line.value) },
            b'm' => {
                *next = Some(line.value);
                break at;
            }
            b'a' => match line.value {
                [b'r', b't', b'p', b'm', b'a', b'p', b':', ..] => {
                    let (from, _) = maps.unwrap_or((at, 0));
                    maps = Some((from, behind.len() - rest.rest().len()));
                }
                [b'r', b't', b'c', b'p', b':', value @ ..] => rtcp = rtcp.or(Some(value)),
                b"rtcp-mux" => is_muxed = true,
                value => place.direction = Direction::of(value).unwrap_or(place.direction),
            },
            _ => {}
        }
    };
    let (from, to) = maps.unwrap_or((0, 0));
    let [lines, maps] = [behind.get(..end), behind.get(from..to)].map(Option::unwrap_or_default);
    let Place { connection, address, direction } = place;
    Some(Described { media, connection, lines, maps, address, direction, rtcp, is_muxed })
}

impl<'a> Described<'a> {
    /// Where it is sent to; none where that is a name, or the zeros with which RFC 2543 put it on hold.
    pub fn address(&self) -> Address {
        self.address
    }
    /// The values of its `a=` lines of this name; empty for one without value.
    pub fn attributes(&self, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
        attributes(self.lines, name)
    }
    /// What its payload types mean, by `a=rtpmap`.
    pub fn rtp_maps(&self) -> impl Iterator<Item = RtpMap<'a>> {
        attributes(self.maps, "rtpmap").map(RtpMap::parse)
    }
    /// The lines from the first `a=rtpmap` to the last: all that payload types follow from.
    pub(crate) fn maps(&self) -> &'a [u8] {
        self.maps
    }
    /// The names of its formats: by `a=rtpmap`, else by RFC 3551, 6, else as they stand.
    pub fn codecs(&self) -> impl Iterator<Item = &'a [u8]> {
        let is_rtp = self.media.is_rtp();
        let mut maps = [(&[][..], &[][..]); MOST_NAMES];
        let told = self.rtp_maps().map(|map| (map.format, map.encoding));
        maps.iter_mut().zip(told).for_each(|(slot, map)| *slot = map);
        self.media.formats().map(move |format| {
            let mapped = maps.iter().find(|map| is_rtp && map.0 == format).map(|map| map.1);
            let assigned = || {
                let number = number(format).filter(|_| is_rtp)?;
                ENCODINGS.iter().find(|row| row.0 == number).map(|row| row.1.as_bytes())
            };
            mapped.or_else(assigned).unwrap_or(format)
        })
    }
    /// Whether RTCP may come to RTP's own port, RFC 5761.
    pub fn is_muxed(&self) -> bool {
        self.is_muxed
    }
    /// Where RTCP comes: what `a=rtcp` says (RFC 3605), else the port behind RTP's.
    pub fn rtcp(&self) -> Option<(Address, u16)> {
        let Some(value) = self.rtcp else {
            return Some((self.address(), self.media.port()?.checked_add(1)?));
        };
        let mut words = Words::new(value.trim_ascii());
        let port = number(words.next()?.text).and_then(|port| u16::try_from(port).ok())?;
        let own = words.nth(2).map(|word| address(word.text));
        Some((own.unwrap_or_else(|| self.address()), port))
    }
    /// The ports to which RTP comes: those in a row are pairs, RTP's first (RFC 8866, 5.14).
    fn ports(&self) -> impl Iterator<Item = u16> {
        let first = self.media.port().unwrap_or(0);
        let count = self.media.port_count.and_then(number).map_or(1, |count| count.min(MOST_PORTS.into()));
        (0..count.max(1) as u16).filter_map(move |at| first.checked_add(2 * at))
    }
    /// What RTP is told of it.
    fn session(&self) -> Session {
        let maps = self.rtp_maps().filter(|map| map.encoding.len() <= MOST_NAME).take(MOST_FORMATS);
        let format = |map: RtpMap<'_>| {
            let payload_type = number(map.format).and_then(|number| u8::try_from(number).ok())?;
            let encoding = String::from_utf8_lossy(map.encoding).into_owned();
            let clock_rate = map.clock_rate().and_then(|rate| u32::try_from(rate).ok()).unwrap_or(0);
            (payload_type < 128).then_some(Format { payload_type, encoding, clock_rate })
        };
        let formats = maps.filter_map(format).collect();
        Session { formats, muxed: self.is_muxed(), secure: self.is_secure(), ..Session::new("SDP") }
    }
    fn is_secure(&self) -> bool {
        self.media.protocol.ends_with(b"/SAVP") || self.media.protocol.ends_with(b"/SAVPF")
    }
}

/// The values of the `a=` lines of this name; empty for one without value.
fn attributes<'a>(text: &'a [u8], name: &'a str) -> impl Iterator<Item = &'a [u8]> {
    lines(text).filter(|line| line.kind == b'a').filter_map(move |line| {
        match line.value.strip_prefix(name.as_bytes())? {
            [] => Some(&[][..]),
            [b':', value @ ..] => Some(value),
            _ => None,
        }
    })
}

/// How many sessions are kept to be told again: phones say the same of most of their calls. A power of two.
const MOST_KNOWN: usize = 1 << 8;

/// What RTP was told last, each by what was said of it. The hash is keyed at random, since senders choose what they say.
#[derive(Debug, Default)]
pub(super) struct Sessions {
    known: Vec<Option<Known>>,
    hasher: DefaultHashBuilder,
}

/// A session, and the lines that it was made of.
#[derive(Debug)]
struct Known {
    maps: Box<[u8]>,
    session: Arc<Session>,
}

impl Sessions {
    /// What RTP is told of a medium.
    fn of(&mut self, one: &Described<'_>) -> Arc<Session> {
        let (muxed, secure) = (one.is_muxed(), one.is_secure());
        let at = self.hasher.hash_one((one.maps, muxed, secure)) as usize % MOST_KNOWN;
        if self.known.is_empty() {
            self.known.resize_with(MOST_KNOWN, || None);
        }
        let is_same = |known: &&Known| {
            (known.session.muxed, known.session.secure) == (muxed, secure) && *known.maps == *one.maps
        };
        if let Some(known) = self.known.get(at).and_then(Option::as_ref).filter(is_same) {
            return Arc::clone(&known.session);
        }
        let session = Arc::new(one.session());
        if let Some(slot) = self.known.get_mut(at).filter(|_| one.maps.len() <= MOST_MAPS) {
            *slot = Some(Known { maps: one.maps.into(), session: Arc::clone(&session) });
        }
        session
    }
}

/// The encodings of the payload types that RFC 3551, 6 assigns, and that are in use.
static ENCODINGS: &[(u64, &str)] = &[
    (0, "PCMU"),
    (3, "GSM"),
    (4, "G723"),
    (8, "PCMA"),
    (9, "G722"),
    (13, "CN"),
    (15, "G728"),
    (18, "G729"),
    (26, "JPEG"),
    (31, "H261"),
    (32, "MPV"),
    (33, "MP2T"),
    (34, "H263"),
];

/// An address as text. The zeros of RFC 2543 are none.
fn address(text: &[u8]) -> Address {
    match ipv4(text) {
        Some(0) => return Address::None,
        Some(address) => return Address::Ipv4(address),
        None => {}
    }
    match std::str::from_utf8(text).ok().and_then(|text| text.parse::<Ipv6Addr>().ok()) {
        Some(address) if !address.is_unspecified() => Address::Ipv6(address.octets()),
        _ => Address::None,
    }
}

/// An IPv4 address of four decimal numbers without leading zeros, as [`std::net::Ipv4Addr`] reads it.
fn ipv4(text: &[u8]) -> Option<u32> {
    let (mut address, mut number, mut digits, mut dots) = (0, 0, 0, 0);
    for byte in text {
        match byte {
            b'0'..=b'9' if digits == 0 || number > 0 => {
                number = number * 10 + u32::from(byte & 15);
                digits += 1;
            }
            b'.' if digits > 0 && dots < 3 => {
                address = address << 8 | number;
                dots += 1;
                (number, digits) = (0, 0);
            }
            _ => return None,
        }
        if number > 255 {
            return None;
        }
    }
    (digits > 0 && dots == 3).then_some(address << 8 | number)
}

/// Says where the RTP and the RTCP of a description will come: RFC 3264, RFC 3550, 11. Answers the number of the last
/// end of RTP, for [`Cx::session_at`].
pub(super) fn announce(cx: &mut Cx<'_>, bytes: &[u8]) -> u32 {
    let mut end = 0;
    for one in described(bytes).take(MOST_MEDIA) {
        let (address, Some(port @ 1..)) = (one.address(), one.media.port()) else { continue };
        if address == Address::None || !one.media.is_rtp() {
            continue;
        }
        let mut known = None;
        cx.amend(|noted: &mut Noted, _| known = Some(noted.sessions.of(&one)));
        let Some(session) = known else { return 0 };
        for port in one.ports() {
            end = cx.expect(&udp::PORTS, (address, port), &rtp::PROTOCOL, session.clone());
        }
        match one.rtcp() {
            Some((address, own)) if own != port && address != Address::None => {
                let name = cx.session.take();
                cx.expect(&udp::PORTS, (address, own), &rtcp::PROTOCOL, session);
                cx.session = name;
            }
            _ => {}
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::LinkType;
    use crate::{Dissector, Ends, Packet};

    const TEXT: &[u8] = b"v=0\r\nc=IN IP4 10.0.0.1/127\r\nt=0 0\r\nm=audio 6000/2 RTP/AVP 0 101\r\na=rtpmap:0 PCMU/8000\r\n\
        a=rtpmap:101 telephone-event/8000\r\nm=video 0 RTP/AVP 96\r\nm=video 6010 UDP/TLS/RTP/SAVPF 96\r\n\
        c=IN IP6 2001:db8::1\r\na=rtcp-mux\r\na=rtcp:6011 IN IP4 10.0.0.2\r\nm=application 6020 UDP/DTLS/SCTP x\r\n\
        m=audio 6030 RTP/AVP 8\r\nc=IN IP4 0.0.0.0\r\n";

    #[test]
    fn each_medium_has_its_own_lines() {
        let media: Vec<_> = described(TEXT).collect();
        let kinds: Vec<_> = media.iter().map(|one| (one.media.media, one.media.port())).collect();
        let expected: [(&[u8], Option<u16>); 5] = [
            (b"audio", Some(6000)),
            (b"video", Some(0)),
            (b"video", Some(6010)),
            (b"application", Some(6020)),
            (b"audio", Some(6030)),
        ];
        assert_eq!(kinds, expected);
        assert_eq!(media[0].address(), Address::Ipv4(0x0a00_0001));
        assert_eq!(media[0].rtcp(), Some((Address::Ipv4(0x0a00_0001), 6001)));
        let maps: Vec<_> = media[0].rtp_maps().map(|map| (map.encoding, map.clock_rate())).collect();
        assert_eq!(maps, [(&b"PCMU"[..], Some(8000)), (b"telephone-event", Some(8000))]);
        assert_eq!(media[0].codecs().collect::<Vec<_>>(), [&b"PCMU"[..], b"telephone-event"]);
        assert_eq!(
            (media[1].codecs().next(), media[4].codecs().next()),
            (Some(&b"96"[..]), Some(&b"PCMA"[..]))
        );
        assert!(!media[0].is_muxed() && media[2].is_muxed());
        assert!(matches!(media[2].address(), Address::Ipv6([0x20, 1, 0x0d, 0xb8, .., 1])));
        assert_eq!(media[2].rtcp(), Some((Address::Ipv4(0x0a00_0002), 6011)));
        assert!(media[1].lines.is_empty() && media[4].address() == Address::None);
        assert_eq!(described(b"").count() + described(b"v=0\r\nm=").count(), 1);
        assert_eq!(described(b"m=a 65535 RTP/AVP 0").next().unwrap().rtcp(), None);
    }

    /// Who is expected at an end behind a packet with the text, and what was said of it.
    fn expected(address: Address, port: u16) -> Option<(&'static str, Session)> {
        let dissector = Dissector::default();
        let mut memory = dissector.memory();
        let message = [b"SIP/2.0 200 OK\r\nc: application/sdp\r\n\r\n", TEXT].concat();
        let bytes = datagram(&message);
        let packet = Packet { number: 7, ..Packet::new(LinkType::IPV4, &bytes) };
        dissector.learn(&mut memory, &packet);
        let ends = Ends { destination: address, destination_port: port, ..Ends::default() };
        let found = memory.expected.said(memory.expected.find(&udp::PORTS, &ends)?)?;
        let session = found.said.downcast_ref::<Session>().unwrap();
        assert_eq!((found.packet, session.method), (7, "SDP"));
        Some((dissector.protocols()[usize::from(found.protocol)].name, session.clone()))
    }

    fn datagram(payload: &[u8]) -> Vec<u8> {
        let len = (28 + payload.len()) as u16;
        let mut bytes = vec![0x45, 0, (len >> 8) as u8, len as u8, 0, 0, 0, 0, 64, 17, 0, 0];
        bytes.extend([10, 0, 0, 9, 10, 0, 0, 8, 0x13, 0xc4, 0x13, 0xc4]);
        bytes.extend([((len - 20) >> 8) as u8, (len - 20) as u8, 0, 0]);
        bytes.extend(payload);
        bytes
    }

    #[test]
    fn a_direction_holds_for_its_medium_and_the_sessions_for_the_others() {
        let text = b"v=0\r\na=recvonly\r\nm=audio 1 RTP/AVP 0\r\na=inactive\r\nm=audio 2 RTP/AVP 0\r\nc=IN IP4 h\r\nm=audio 3 RTP/AVP 0\r\na=sendonlyx\r\na=sendonly\r\nm=audio 4 RTP/AVP 0\r\na=sendrecv\r\n";
        let words: Vec<_> = described(text).map(|one| one.direction.word()).collect();
        assert_eq!(words, ["inactive", "recvonly", "sendonly", "sendrecv"]);
        assert_eq!(described(b"m=audio 1 RTP/AVP 0").next().unwrap().direction, Direction::Both);
    }

    #[test]
    fn addresses_are_read_as_ever() {
        for text in [
            "1.2.3.4",
            "255.255.255.255",
            "0.0.0.1",
            "256.1.1.1",
            "1.2.3",
            "1.2.3.4.5",
            "01.2.3.4",
            "1..2.3",
            "1.2.3.",
            ".1.2.3",
            "",
            "1.2.3.4x",
            "00.1.1.1",
            "1.2.3.0",
            "::1",
            "999999999999.1.1.1",
        ] {
            let right = text.parse::<std::net::Ipv4Addr>().ok().map(std::net::Ipv4Addr::to_bits);
            assert_eq!(ipv4(text.as_bytes()), right, "{text}");
        }
        assert_eq!((address(b"0.0.0.0"), address(b"::"), address(b"h")), Default::default());
    }

    #[test]
    fn what_is_said_again_is_told_again() {
        let mut sessions = Sessions::default();
        let text = |maps: &str, transport: &str| {
            format!("m=audio 6000 {transport} 0 96\r\na=ptime:20\r\n{maps}a=x\r\n")
        };
        let mut of = |text: String| sessions.of(&described(text.as_bytes()).next().unwrap());
        let (one, other) =
            ("a=rtpmap:0 PCMU/8000\r\na=fmtp:0 x\r\na=rtpmap:96 opus/48000\r\n", "a=rtpmap:96 VP8/90000\r\n");
        let first = of(text(one, "RTP/AVP"));
        assert_eq!(first.formats.len(), 2);
        assert!(Arc::ptr_eq(&first, &of(text(one, "RTP/AVP"))));
        for different in [
            text(one, "RTP/SAVP"),
            text(other, "RTP/AVP"),
            text("", "RTP/AVP"),
            text(one, "RTP/AVP") + "a=rtcp-mux\r\n",
        ] {
            let session = of(different);
            assert!(!Arc::ptr_eq(&first, &session) && *session != *first);
        }
        for at in 0..4 * MOST_KNOWN {
            assert_eq!(
                of(text(&format!("a=rtpmap:{} x/8000\r\n", at % 128), "RTP/AVP")).formats[0].payload_type
                    as usize,
                at % 128
            );
        }
        assert_eq!(sessions.known.len(), MOST_KNOWN);
    }

    #[test]
    fn rtp_and_rtcp_are_announced() {
        let (one, two) = (Address::Ipv4(0x0a00_0001), Address::Ipv4(0x0a00_0002));
        for (address, port, name) in
            [(one, 6000, "rtp"), (one, 6002, "rtp"), (one, 6001, "rtcp"), (two, 6011, "rtcp")]
        {
            assert_eq!(expected(address, port).unwrap().0, name, "{port}");
        }
        for (address, port) in [(one, 6004), (one, 6003), (one, 6020), (one, 6010), (one, 6030), (two, 6000)]
        {
            assert_eq!(expected(address, port), None, "{port}");
        }
        let session = expected(one, 6000).unwrap().1;
        assert_eq!((session.muxed, session.secure), (false, false));
        assert_eq!(session.format(101).unwrap().encoding, "telephone-event");
        assert_eq!(session.format(0).unwrap().clock_rate, 8000);
        let session = expected(two, 6011).unwrap().1;
        assert_eq!((session.muxed, session.secure), (true, true));
    }

    #[test]
    fn what_one_description_announces_is_bounded() {
        let text = "c=IN IP4 10.0.0.1\nm=audio 6000/65535 RTP/AVP 0\n".to_owned()
            + &"m=audio 9 RTP/AVP 0\n".repeat(100);
        let count = described(text.as_bytes()).take(MOST_MEDIA).count();
        assert_eq!(count, MOST_MEDIA);
        assert_eq!(described(text.as_bytes()).next().unwrap().ports().count(), usize::from(MOST_PORTS));
    }
}
