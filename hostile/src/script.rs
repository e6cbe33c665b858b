//! Packets made of parts: with right lengths and checksums, between two hosts that go on with each other; then damaged.

use dissect::capture::{LinkType, Packet, Time};
use dissect::{checksum, proto::sctp};

/// The port of SIP.
pub const SIP: u16 = 5060;

/// The most packets of a script.
const MOST_PACKETS: usize = 96;

/// Packets, as a script makes them one after the other.
#[derive(Debug, Default)]
pub struct Script {
    packets: Vec<Made>,
    /// The next sequence number of each side of the TCP connection.
    sequence: [u32; 2],
    /// The next TSN of each side of the SCTP association.
    tsn: [u32; 2],
    time: i64,
}

/// A packet that was made.
#[derive(Debug)]
struct Made {
    link: LinkType,
    bytes: Vec<u8>,
    /// Bytes that the snap length cut off.
    cut: u32,
    time: i64,
}

/// How a step differs from the plain case.
#[derive(Clone, Copy, Debug)]
struct Flags(u8);

impl Flags {
    fn side(self) -> usize {
        usize::from(self.0 & 1)
    }
    fn has(self, bit: u8) -> bool {
        self.0 & bit != 0
    }
}

/// A second pair of addresses.
const OTHER_PATH: u8 = 2;
/// IPv6.
const SIX: u8 = 4;
/// Cut by the snap length.
const CUT: u8 = 8;
/// Broken in one byte, after lengths and checksums were made right: the body's last three bytes say where and how.
const BROKEN: u8 = 16;
/// Sent twice.
const TWICE: u8 = 32;
/// Behind a hole.
const HOLE: u8 = 64;
/// Before what was sent last.
const BACK: u8 = 128;

impl Script {
    /// What the bytes say: steps of a kind, flags, a length in two bytes, and so many bytes.
    pub fn read(mut input: &[u8]) -> Script {
        let mut script = Script::default();
        while let [kind, flags, high, low, rest @ ..] = input {
            let length = usize::from(u16::from_be_bytes([*high, *low])).min(rest.len());
            let (body, next) = rest.split_at(length);
            script.step(*kind, Flags(*flags), body);
            input = next;
            if script.packets.len() >= MOST_PACKETS {
                break;
            }
        }
        script
    }
    /// The packets, numbered from 1.
    pub fn packets(&self) -> impl Iterator<Item = Packet<'_>> {
        self.packets.iter().enumerate().map(|(at, made)| Packet {
            number: at as u64 + 1,
            time: Time::from_nanoseconds(made.time.into()),
            original: made.bytes.len() as u32 + made.cut,
            ..Packet::new(made.link, &made.bytes)
        })
    }
    fn step(&mut self, kind: u8, flags: Flags, body: &[u8]) {
        let (body, broken) =
            if flags.has(BROKEN) { body.split_at(body.len().saturating_sub(3)) } else { (body, &[][..]) };
        let from = self.packets.len();
        match kind % 12 {
            // A frame as it is, of any link type; the same on Ethernet, made right.
            0 => {
                if let [high, low, frame @ ..] = body {
                    self.push(LinkType(u16::from_be_bytes([*high, *low])), frame.to_vec());
                }
            }
            1 => {
                let mut bytes = body.to_vec();
                mend(LinkType::ETHERNET, &mut bytes);
                self.push(LinkType::ETHERNET, bytes);
            }
            2 => self.carried(flags, 132, body),
            3 => self.carried(flags, 17, body),
            4 => self.carried(flags, 6, body),
            5 => self.udp(flags.side(), SIP, SIP, body),
            6 => {
                let skip = if flags.has(HOLE) { 100 } else { 0 };
                let skip = if flags.has(BACK) { -(body.len() as i32) / 2 } else { skip };
                self.tcp(flags.side(), body, skip);
            }
            // Any protocol of IP: tunnels among them.
            7 => {
                if let [protocol, payload @ ..] = body {
                    self.carried(flags, *protocol, payload);
                }
            }
            8 => self.fragments(body),
            9 => self.quote(body),
            10 => {
                let step = body.iter().fold(0, |sum, byte| sum << 7 ^ i64::from(*byte as i8));
                self.time = self.time.wrapping_add(step);
            }
            _ => self.data(flags, body),
        }
        for made in &mut self.packets[from..] {
            damage(&mut made.bytes, broken);
            if flags.has(CUT) {
                let left = made.bytes.len() * 3 / 4;
                made.cut = (made.bytes.len() - left) as u32;
                made.bytes.truncate(left);
            }
        }
        if flags.has(TWICE)
            && let Some(last) = self.packets.last()
        {
            let again = Made { link: last.link, bytes: last.bytes.clone(), cut: last.cut, time: last.time };
            self.packets.push(again);
        }
    }
    fn push(&mut self, link: LinkType, bytes: Vec<u8>) {
        self.time += 1_000_000;
        let time = 1_700_000_000_000_000_000_i64.wrapping_add(self.time);
        self.packets.push(Made { link, bytes, cut: 0, time });
    }
    /// A payload in IP, its length and checksum right.
    fn carried(&mut self, flags: Flags, protocol: u8, payload: &[u8]) {
        let [from, to] = if flags.side() == 0 { [1, 2] } else { [2, 1] };
        let net = u8::from(flags.has(OTHER_PATH));
        let six = flags.has(SIX);
        let mut bytes = if six {
            let address = |host| [0x20, 1, 0x0d, 0xb8, 0, net, 0, 0, 0, 0, 0, 0, 0, 0, 0, host];
            [&[0x60, 0, 0, 0, 0, 0, protocol, 64][..], &address(from), &address(to), payload].concat()
        } else {
            let id = self.packets.len() as u8;
            let head = [0x45, 0, 0, 0, 0, id, 0, 0, 64, protocol, 0, 0, 10, 0, net, from, 10, 0, net, to];
            [&head, payload].concat()
        };
        let link = if six { LinkType::IPV6 } else { LinkType::IPV4 };
        mend(link, &mut bytes);
        self.push(link, bytes);
    }
    /// A datagram.
    pub fn udp(&mut self, side: usize, from: u16, to: u16, payload: &[u8]) {
        let head = [&from.to_be_bytes()[..], &to.to_be_bytes(), &[0; 4]].concat();
        self.carried(Flags(side as u8), 17, &[&head, payload].concat());
    }
    /// The next segment of a connection on SIP's port, so many bytes behind the last or before its end.
    pub fn tcp(&mut self, side: usize, payload: &[u8], skip: i32) {
        let start = self.sequence[side].wrapping_add_signed(skip);
        let acknowledged = self.sequence[1 - side];
        let [from, to] = if side == 0 { [40_000_u16, SIP] } else { [SIP, 40_000] };
        let head = [
            &from.to_be_bytes()[..],
            &to.to_be_bytes(),
            &start.wrapping_add(1).to_be_bytes(),
            &acknowledged.wrapping_add(1).to_be_bytes(),
            &[0x50, 0x18, 0xff, 0, 0, 0, 0, 0],
        ];
        self.carried(Flags(side as u8), 6, &[&head.concat(), payload].concat());
        let end = start.wrapping_add(payload.len() as u32);
        if end.wrapping_sub(self.sequence[side]) < 1 << 31 {
            self.sequence[side] = end;
        }
    }
    /// DATA chunks of one association: each with its flags, its stream, its protocol and its length, then its bytes; a SACK
    /// for the other side's behind them.
    fn data(&mut self, flags: Flags, mut body: &[u8]) {
        let side = flags.side();
        let ports = if side == 0 { [0x9c, 0x40, 0x11, 0x5c] } else { [0x11, 0x5c, 0x9c, 0x40] };
        let mut packet = [&ports[..], &[0, 0, 0, side as u8 + 1], &[0; 4]].concat();
        if flags.has(HOLE) {
            self.tsn[side] = self.tsn[side].wrapping_add(3);
        }
        if flags.has(BACK) {
            self.tsn[side] = self.tsn[side].wrapping_sub(2);
        }
        while let [chunk_flags, stream, ppid, length, rest @ ..] = body {
            let length = usize::from(*length).min(rest.len());
            let (payload, next) = rest.split_at(length);
            packet.extend([0, chunk_flags & 15]);
            packet.extend((16 + length as u16).to_be_bytes());
            packet.extend(self.tsn[side].to_be_bytes());
            packet.extend([0, stream & 3, 0, stream >> 2, 0, 0, 0, *ppid]);
            packet.extend_from_slice(payload);
            packet.resize(packet.len().next_multiple_of(4), 0);
            self.tsn[side] = self.tsn[side].wrapping_add(1);
            body = next;
        }
        let acknowledged = self.tsn[1 - side].wrapping_sub(1);
        packet.extend([3, 0, 0, 20]);
        packet.extend(acknowledged.to_be_bytes());
        packet.extend([0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 0, chunk_gap(body)]);
        self.carried(flags, 132, &packet);
    }
    /// The last packet again, as fragments of IPv4.
    fn fragments(&mut self, body: &[u8]) {
        let Some(last) =
            self.packets.last().filter(|last| last.link == LinkType::IPV4 && last.bytes.len() > 20)
        else {
            return;
        };
        let (head, payload) = last.bytes.split_at(20);
        let (head, payload) = (head.to_vec(), payload.to_vec());
        let piece = usize::from(body.first().copied().unwrap_or(2)).clamp(1, 60) * 8;
        let count = payload.len().div_ceil(piece);
        for at in 0..count.min(12) {
            // Which piece comes, and how far its end laps over the next.
            let said = body.get(at + 1).copied().unwrap_or(at as u8);
            let which = usize::from(said & 15) % count;
            let start = which * piece;
            let end = (start + piece + usize::from(said >> 6) * 8).min(payload.len());
            let mut bytes = [&head[..], &payload[start..end]].concat();
            let offset = (start / 8) as u16 | if end < payload.len() { 0x2000 } else { 0 };
            bytes[6..8].copy_from_slice(&offset.to_be_bytes());
            mend(LinkType::IPV4, &mut bytes);
            self.push(LinkType::IPV4, bytes);
        }
    }
    /// An ICMP message that quotes the last packet.
    fn quote(&mut self, body: &[u8]) {
        let Some(last) = self.packets.last().filter(|last| last.link == LinkType::IPV4) else { return };
        let kept = usize::from(body.get(2).copied().unwrap_or(28)).min(last.bytes.len());
        let head = [body.first().copied().unwrap_or(3), body.get(1).copied().unwrap_or(3), 0, 0, 0, 0, 0, 0];
        let message = [&head[..], &last.bytes[..kept]].concat();
        self.carried(Flags(1), 1, &message);
    }
}

/// The end of a gap block: what is left of the body, or the least.
fn chunk_gap(body: &[u8]) -> u8 {
    body.first().copied().unwrap_or(3)
}

/// Changes one byte: where, in 65536ths, and by what.
pub fn damage(bytes: &mut [u8], broken: &[u8]) {
    if let [high, low, by] = broken {
        let at = usize::from(u16::from_be_bytes([*high, *low])) * bytes.len() / 65_536;
        if let Some(byte) = bytes.get_mut(at) {
            *byte ^= by;
        }
    }
}

/// Makes the lengths and checksums of a packet right, as far as IP can be found in it: IPv4, IPv6, UDP, TCP, SCTP, ICMP.
pub fn mend(link: LinkType, bytes: &mut [u8]) {
    match link {
        LinkType::ETHERNET => {
            let mut at = 12;
            while let Some([a, b]) = bytes.get(at..at + 2) {
                match [*a, *b] {
                    [0x81, 0] | [0x88, 0xa8] => at += 4,
                    ether_type => return mend_carried(ether_type, &mut bytes[at + 2..]),
                }
            }
        }
        LinkType::LINUX_SLL if bytes.len() > 16 => mend_carried([bytes[14], bytes[15]], &mut bytes[16..]),
        LinkType::LINUX_SLL2 if bytes.len() > 20 => mend_carried([bytes[0], bytes[1]], &mut bytes[20..]),
        LinkType::IPV4 => mend_ipv4(bytes),
        LinkType::IPV6 => mend_ipv6(bytes),
        LinkType::RAW | LinkType::DLT_RAW => match bytes.first().map(|byte| byte >> 4) {
            Some(4) => mend_ipv4(bytes),
            Some(6) => mend_ipv6(bytes),
            _ => {}
        },
        _ => {}
    }
}

/// The same for what an EtherType says of the bytes.
fn mend_carried(ether_type: [u8; 2], bytes: &mut [u8]) {
    match ether_type {
        [8, 0] => mend_ipv4(bytes),
        [0x86, 0xdd] => mend_ipv6(bytes),
        _ => {}
    }
}

fn mend_ipv4(bytes: &mut [u8]) {
    let length = bytes.len().min(0xffff);
    let bytes = &mut bytes[..length];
    let Some(head) =
        bytes.first().map(|byte| usize::from(byte & 15) * 4).filter(|head| (20..=length).contains(head))
    else {
        return;
    };
    bytes[0] = 0x40 | bytes[0] & 15;
    bytes[2..4].copy_from_slice(&(length as u16).to_be_bytes());
    bytes[10..12].fill(0);
    let sum = !checksum::fold(checksum::add(0, &bytes[..head]));
    bytes[10..12].copy_from_slice(&sum.to_be_bytes());
    // A fragment's checksum is that of the whole.
    if [bytes[6] & 0x3f, bytes[7]] != [0, 0] {
        return;
    }
    let protocol = bytes[9];
    let pseudo = checksum::add(u64::from(protocol) + (length - head) as u64, &bytes[12..20]);
    mend_payload(protocol, pseudo, &mut bytes[head..]);
}

fn mend_ipv6(bytes: &mut [u8]) {
    let length = bytes.len().min(0xffff + 40);
    let bytes = &mut bytes[..length];
    if length < 40 {
        return;
    }
    bytes[0] = 0x60 | bytes[0] & 15;
    bytes[4..6].copy_from_slice(&((length - 40) as u16).to_be_bytes());
    let protocol = bytes[6];
    let pseudo = checksum::add(u64::from(protocol) + (length - 40) as u64, &bytes[8..40]);
    mend_payload(protocol, pseudo, &mut bytes[40..]);
    // Tunnels in it.
    if protocol == 4 {
        mend_ipv4(&mut bytes[40..]);
    }
}

fn mend_payload(protocol: u8, pseudo: u64, payload: &mut [u8]) {
    let length = payload.len();
    let at = match protocol {
        4 => return mend_ipv4(payload),
        41 => return mend_ipv6(payload),
        132 => {
            if let Some(sum) = sctp::checksum::crc32c(payload)
                && let Some(place) = payload.get_mut(8..12)
            {
                place.copy_from_slice(&sum.to_be_bytes());
            }
            return;
        }
        17 if length >= 8 => {
            payload[4..6].copy_from_slice(&(length.min(0xffff) as u16).to_be_bytes());
            6
        }
        6 if length >= 20 => 16,
        1 | 58 if length >= 8 => 2,
        _ => return,
    };
    payload[at..at + 2].fill(0);
    let pseudo = if protocol == 1 { 0 } else { pseudo };
    let sum = !checksum::fold(checksum::add(pseudo, payload));
    payload[at..at + 2].copy_from_slice(&sum.to_be_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use dissect::{Dissector, See, Tree};

    #[test]
    fn what_is_mended_has_right_lengths_and_checksums() {
        let mut script = Script::default();
        script.udp(0, 7, 9, b"hello");
        script.tcp(1, b"hello", 0);
        for six in [0, SIX] {
            script.step(11, Flags(six), &[3, 1, 0, 5, b'h', b'e', b'l', b'l', b'o']);
            script.carried(Flags(six), 1, &[8, 0, 0, 0, 0, 1, 0, 1]);
        }
        let (dissector, mut tree) = (Dissector::default(), Tree::new());
        let mut sums = 0;
        for packet in script.packets() {
            dissector.dissect(&See::alone(), &packet, &mut tree);
            for node in tree.nodes() {
                let name = node.field.name;
                if name.ends_with("checksum.status") {
                    assert_ne!(node.value, 0, "{name} of packet {}", packet.number);
                    sums += 1;
                }
                assert!(!name.starts_with("_ws."), "{name} in packet {}", packet.number);
            }
        }
        assert!(sums >= 6, "{sums}");
    }

    #[test]
    fn fragments_make_the_packet_again() {
        let mut script = Script::default();
        script.udp(0, 7, 9, &[7; 100]);
        script.step(8, Flags(0), &[4]);
        let (dissector, mut tree) = (Dissector::default(), Tree::new());
        let mut memory = dissector.memory();
        let mut ports = 0;
        for packet in script.packets() {
            dissector.dissect(&mut memory, &packet, &mut tree);
            ports += tree.find("udp.dstport").count();
        }
        assert_eq!((ports, script.packets().count()), (2, 5));
    }
}
