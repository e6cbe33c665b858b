//! Internet Control Message Protocol, RFC 792, with what came after it: router discovery (RFC 1256), address masks
//! (RFC 950), multi-part messages (RFC 4884) and extended echo (RFC 8335).

pub mod code;
pub mod echo;
pub mod extension;
pub mod mobile;

use crate::checksum;
use crate::header::number;
use crate::proto::ethernet::ETHERTYPES;
use crate::proto::ip::{PROTOCOLS, STATUS};
use crate::tree::Item;
use crate::{Area, Base, Claim, Cx, Field, Malformed, Out, Protocol, Severity, Show, fields, header};
pub use code::Type;
use code::{TYPES, code_names};
use echo::Echo;

fields! {
    /// A control message.
    ROOT = "icmp", "Internet Control Message Protocol", Show::protocol(), "RFC 792";
    /// What the message is.
    TYPE = "icmp.type", "Type", Show::u8().codes(&TYPES), "RFC 792";
    /// More on what the message is.
    CODE = "icmp.code", "Code", Show::u8().write(write_code), "RFC 792";
    /// The checksum over the message.
    CHECKSUM = "icmp.checksum", "Checksum", Show::u16().hex(), "RFC 792";
    /// Whether the checksum is right.
    CHECKSUM_STATUS = "icmp.checksum.status", "Checksum Status", Show::u8().codes(&STATUS), "sctpdump";
    /// The checksum is wrong.
    BAD_CHECKSUM = "icmp.checksum_bad", "Bad checksum", Show::expert(Severity::Warn, Area::Checksum), "RFC 792";
    /// Not used.
    UNUSED = "icmp.unused", "Unused", Show::bytes().repeats(), "RFC 792";
    /// Matches replies with requests, often one for each process that asks.
    ID = "icmp.ident", "Identifier (BE)", Show::u16().base(Base::DecHex), "RFC 792";
    /// The identifier in the other byte order, as some systems write it.
    ID_LE = "icmp.ident_le", "Identifier (LE)", Show::u16().base(Base::DecHex), "sctpdump";
    /// Matches replies with requests, counting them.
    SEQUENCE = "icmp.seq", "Sequence Number (BE)", Show::u16().base(Base::DecHex), "RFC 792";
    /// The sequence number in the other byte order, as some systems write it.
    SEQUENCE_LE = "icmp.seq_le", "Sequence Number (LE)", Show::u16().base(Base::DecHex), "sctpdump";
    /// When the request was sent, as the usual ping writes it into its data.
    DATA_TIME = "icmp.data_time", "Timestamp from icmp data", Show::moment(), "sctpdump";
    /// How long that was ago.
    DATA_TIME_RELATIVE = "icmp.data_time_relative", "Timestamp from icmp data (relative)", Show::duration().unit(" seconds"), "sctpdump";
    /// The MTU of the link that the packet did not fit.
    MTU = "icmp.mtu", "MTU of next hop", Show::u16(), "RFC 1191, 4";
    /// The router to use.
    GATEWAY = "icmp.redir_gw", "Gateway Address", Show::ipv4(), "RFC 792";
    /// The byte of the quoted packet in which the error is.
    POINTER = "icmp.pointer", "Pointer", Show::u32(), "RFC 792";
    /// The length of the quoted packet in units of 4 bytes; 0 if no extension follows it.
    LENGTH = "icmp.length", "Length", Show::u8(), "RFC 4884, 4";
    /// The length of the quoted packet in bytes.
    LENGTH_BYTES = "icmp.length.original_datagram", "Length of original datagram", Show::u16(), "RFC 4884, 4";
    /// How many routers are advertised.
    ROUTERS = "icmp.num_addrs", "Number of addresses", Show::u8(), "RFC 1256, 3";
    /// The size of an entry in units of 4 bytes.
    ENTRY_SIZE = "icmp.addr_entry_size", "Address entry size", Show::u8(), "RFC 1256, 3";
    /// How long the routers may be used.
    LIFETIME = "icmp.lifetime", "Lifetime", Show::u16().unit(" seconds"), "RFC 1256, 3";
    /// A router.
    ROUTER = "icmp.router_address", "Router address", Show::ipv4().repeats(), "RFC 1256, 3";
    /// The router with the highest is to be used.
    PREFERENCE = "icmp.pref_level", "Preference level", Show::i32().repeats(), "RFC 1256, 3";
    /// When the request was sent, in milliseconds since midnight UT.
    ORIGINATE = "icmp.originate_timestamp", "Originate Timestamp", Show::u32(), "RFC 792";
    /// When the request was received.
    RECEIVE = "icmp.receive_timestamp", "Receive Timestamp", Show::u32(), "RFC 792";
    /// When the reply was sent.
    TRANSMIT = "icmp.transmit_timestamp", "Transmit Timestamp", Show::u32(), "RFC 792";
    /// The mask of the subnet.
    MASK = "icmp.address_mask", "Address Mask", Show::ipv4(), "RFC 950, I";
    /// Counts extended requests.
    EXTENDED_SEQUENCE = "icmp.ext.echo.seq", "Sequence Number", Show::u8().base(Base::DecHex), "RFC 8335, 2";
    /// Must be zero.
    REQUEST_RESERVED = "icmp.ext.echo.req.res", "Reserved", Show::u8().hex().mask(0xfe), "RFC 8335, 2";
    /// The interface asked about is one of the asked node's own.
    LOCAL = "icmp.ext.echo.req.local", "Local bit", Show::flag().mask(1), "RFC 8335, 2";
    /// The state of the neighbor asked about.
    STATE = "icmp.ext.echo.rsp.state", "State", Show::u8().mask(0xe0).codes(&code::STATES), "RFC 8335, 3";
    /// Must be zero.
    REPLY_RESERVED = "icmp.ext.echo.rsp.res", "Reserved", Show::u8().hex().mask(0x18), "RFC 8335, 3";
    /// The interface is active.
    ACTIVE = "icmp.ext.echo.rsp.active", "Active bit", Show::flag().mask(4), "RFC 8335, 3";
    /// IPv4 runs on it.
    HAS_IPV4 = "icmp.ext.echo.rsp.ipv4", "IPv4 bit", Show::flag().mask(2), "RFC 8335, 3";
    /// IPv6 runs on it.
    HAS_IPV6 = "icmp.ext.echo.rsp.ipv6", "IPv6 bit", Show::flag().mask(1), "RFC 8335, 3";
}

header! {
    /// What every message begins with.
    pub struct Header {
        /// What the message is.
        pub kind: u8 => TYPE,
        /// More on what the message is.
        pub code: u8 => CODE,
        /// The checksum over the message.
        pub checksum: u16 => CHECKSUM, by hand,
    }
}

header! {
    /// What matches replies with requests.
    pub struct Query {
        /// Often one for each process that asks.
        pub id: u16 => ID,
        /// Counts the requests.
        pub sequence: u16 => SEQUENCE,
    }
}

/// ICMP.
pub static PROTOCOL: Protocol = Protocol {
    claims: &[Claim::Number(&PROTOCOLS, 1)],
    tables: &[&ETHERTYPES],
    alone: &[FIELDS, extension::FIELDS, mobile::FIELDS],
    state: Some(|| Box::new(echo::Echoes::default())),
    learns_first: true,
    ..Protocol::new(
        "icmp",
        "ICMP",
        "Internet Control Message Protocol",
        "RFC 792",
        walk,
        &[FIELDS, echo::FIELDS, extension::FIELDS, mobile::FIELDS],
    )
};

fn walk(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    cx.column(PROTOCOL.title);
    cx.group(&ROOT, bytes, |cx| {
        let Some((header, rest)) = Header::dissect(cx, bytes) else { return };
        let echo = match Type(header.kind) {
            Type::ECHO_REQUEST | Type::ECHO_REPLY if header.code == 0 && Sum::may_be_right(cx, bytes, 0) => {
                echo::remember(cx, header.kind == Type::ECHO_REQUEST.0, rest)
            }
            _ => None,
        };
        write_info(cx, header, rest);
        if let Some(echo) = &echo {
            echo.summarize(cx);
        }
        if cx.dissecting() || cx.learns() {
            SUM.check(cx, header.checksum, bytes, 0);
            message(cx, header, rest, echo.map(|echo| (echo, bytes)));
        }
    });
    true
}

/// The width that the name of a message takes in the summary line, so that what follows stands in a column.
const NAME_WIDTH: usize = 20;

fn write_info(cx: &mut Cx<'_>, header: Header, rest: &[u8]) {
    let hops = cx.hops;
    let Some(info) = cx.info() else { return };
    let name = name(header);
    info.str(name).spaces(NAME_WIDTH.saturating_sub(name.len()));
    match Query::parse(rest) {
        Ok((_, query)) if Type(header.kind).is_query() => {
            info.str(" id=").hex_0x(query.id.into(), 4).str(", seq=").dec(query.sequence.into());
            info.byte(b'/').dec(query.sequence.swap_bytes().into()).str(", ttl=").dec(hops.into());
        }
        _ => {
            if let Some(codes) = code_names(header.kind) {
                info.str(" (").str(codes.name_or_unknown(header.code.into())).byte(b')');
            }
        }
    }
}

/// The name of a message. Mobile IP's router advertisements are known by their codes.
fn name(header: Header) -> &'static str {
    match (Type(header.kind), header.code) {
        (Type::ROUTER_ADVERTISEMENT, 0 | 16) => "Mobile IP Advertisement",
        _ => TYPES.name_or_unknown(header.kind.into()),
    }
}

static SUM: Sum = Sum { checksum: &CHECKSUM, status: &CHECKSUM_STATUS, bad: &BAD_CHECKSUM };

/// The fields of a checksum.
pub(crate) struct Sum {
    pub(crate) checksum: &'static Field,
    pub(crate) status: &'static Field,
    pub(crate) bad: &'static Field,
}

impl Sum {
    /// Whether a message that is learnt from is not known to be damaged. `start` is the sum over what comes before it.
    pub(crate) fn may_be_right(cx: &Cx<'_>, bytes: &[u8], start: u64) -> bool {
        !cx.learns() || cx.cut > 0 || checksum::fold(checksum::add(start, bytes)) == 0xffff
    }
    /// Adds the checksum of a message and whether it is right. `start` is the sum over what comes before the message.
    pub(crate) fn check(&self, cx: &mut Cx<'_>, found: u16, bytes: &[u8], start: u64) {
        let (own, place) = (bytes.get(2..4).unwrap_or(&[]), bytes.get(2..2).unwrap_or(&[]));
        cx.leaf(self.checksum, own, found.into());
        if cx.quoted || cx.cut > 0 {
            cx.generated(self.status, place, 2);
            return;
        }
        let is_right = checksum::fold(checksum::add(start, bytes)) == 0xffff;
        if !is_right {
            cx.expert(self.bad, place);
        }
        cx.generated(self.status, place, u64::from(is_right));
    }
}

/// Adds what stands behind the checksum.
fn message(cx: &mut Cx<'_>, header: Header, rest: &[u8], echo: Option<(Echo, &[u8])>) {
    match Type(header.kind) {
        Type::ECHO_REQUEST | Type::ECHO_REPLY => {
            if let Some(data) = query(cx, rest) {
                if let Some((echo, message)) = echo {
                    echo.emit(cx, &echo::ICMP, message);
                }
                echo_data(cx, data);
            }
        }
        Type::UNREACHABLE if header.code == code::FRAGMENTATION_NEEDED => {
            error(cx, rest, true, |cx, fixed| {
                gap(cx, fixed, 0, 2);
                let own = fixed.get(2..4).unwrap_or(&[]);
                cx.leaf(&MTU, own, number(own));
            });
        }
        Type::UNREACHABLE | Type::TIME_EXCEEDED => error(cx, rest, true, |cx, fixed| gap(cx, fixed, 0, 4)),
        Type::PARAMETER_PROBLEM => error(cx, rest, true, |cx, fixed| {
            cx.leaf(&POINTER, fixed.get(..1).unwrap_or(&[]), fixed.first().copied().unwrap_or(0).into());
            gap(cx, fixed, 1, 4);
        }),
        Type::SOURCE_QUENCH => error(cx, rest, false, |_, _| ()),
        Type::REDIRECT => error(cx, rest, false, |cx, fixed| numbers(cx, fixed, &[&GATEWAY])),
        Type::ROUTER_ADVERTISEMENT => routers(cx, header, rest),
        Type::TIMESTAMP_REQUEST | Type::TIMESTAMP_REPLY => {
            if let Some(times) = query(cx, rest) {
                numbers(cx, times, &[&ORIGINATE, &RECEIVE, &TRANSMIT]);
            }
        }
        Type::MASK_REQUEST | Type::MASK_REPLY => {
            if let Some(mask) = query(cx, rest) {
                numbers(cx, mask, &[&MASK]);
            }
        }
        Type::INFORMATION_REQUEST | Type::INFORMATION_REPLY => drop(query(cx, rest)),
        Type::EXTENDED_REQUEST => {
            if let Some(interface) = extended(cx, rest, &[&REQUEST_RESERVED, &LOCAL]) {
                extension::walk(cx, interface);
            }
        }
        Type::EXTENDED_REPLY => {
            // Only the request names an interface.
            let bits: [&'static Field; 5] = [&STATE, &REPLY_RESERVED, &ACTIVE, &HAS_IPV4, &HAS_IPV6];
            if let Some(behind) = extended(cx, rest, &bits) {
                cx.data(behind);
            }
        }
        _ => {}
    }
}

/// Numbers of 4 bytes one after the other.
fn numbers(cx: &mut Cx<'_>, bytes: &[u8], fields: &[&'static Field]) {
    for (at, field) in fields.iter().enumerate() {
        let rest = bytes.get(at * 4..).unwrap_or(&[]);
        match rest.first_chunk::<4>() {
            Some(own) => cx.leaf(field, own, u32::from_be_bytes(*own).into()),
            None => return cx.malformed(bytes, Malformed::short(field, at * 4, 4, rest.len())),
        }
    }
}

/// Identifier and sequence number; gives what follows.
fn query<'b>(cx: &mut Cx<'_>, rest: &'b [u8]) -> Option<&'b [u8]> {
    let Ok((data, query)) = Query::parse(rest) else {
        Query::dissect(cx, rest);
        return None;
    };
    let at = |from, to| rest.get(from..to).unwrap_or(&[]);
    cx.leaf(&ID, at(0, 2), query.id.into());
    cx.generated(&ID_LE, at(0, 2), query.id.swap_bytes().into());
    cx.leaf(&SEQUENCE, at(2, 4), query.sequence.into());
    cx.generated(&SEQUENCE_LE, at(2, 4), query.sequence.swap_bytes().into());
    Some(data)
}

const SECOND: i64 = 1_000_000_000;
/// How far a time in the data may be from the packet's to be taken for one.
const FARTHEST: i64 = 86_400 * SECOND;

/// The data of an echo message. Ping writes the time first; that is told by its being near the packet's.
fn echo_data(cx: &mut Cx<'_>, data: &[u8]) {
    let now = cx.packet.time.map(|time| time.nanoseconds() as i64);
    let told = data.first_chunk::<8>().zip(now).and_then(|(time, now)| {
        let (seconds, micros) = time.split_at(4);
        let four = |bytes: &[u8]| bytes.first_chunk::<4>().copied().unwrap_or_default();
        let little = (u32::from_le_bytes(four(seconds)), u32::from_le_bytes(four(micros)));
        let big = (u32::from_be_bytes(four(seconds)), u32::from_be_bytes(four(micros)));
        let mut times = [little, big].into_iter().filter(|(_, micros)| *micros < 1_000_000);
        times.find_map(|(seconds, micros)| {
            let then = i64::from(seconds) * SECOND + i64::from(micros) * 1000;
            let ago = now.checked_sub(then)?;
            (ago.abs() <= FARTHEST).then_some((time, then, ago))
        })
    });
    let mut rest = data;
    if let Some((own, then, ago)) = told {
        cx.leaf(&DATA_TIME, own, then as u64);
        cx.generated(&DATA_TIME_RELATIVE, own, ago as u64);
        rest = data.get(8..).unwrap_or(&[]);
    }
    cx.data(rest);
}

/// The least length that a quoted packet has where extensions follow it, RFC 4884, 5.
const LEAST_QUOTE: usize = 128;

/// An error: four bytes, the quoted packet, and extensions behind it. The length of the quote may be told in the second
/// of the four bytes.
fn error(cx: &mut Cx<'_>, rest: &[u8], has_length: bool, show: impl FnOnce(&mut Cx<'_>, &[u8])) {
    let Some((fixed, quoted)) = rest.split_at_checked(4) else {
        return cx.malformed(rest, Malformed::short(&UNUSED, 0, 4, rest.len()));
    };
    show(cx, fixed);
    let length = if has_length { quote_length(fixed) } else { 0 };
    extension::quote_and_walk(cx, 0x800, quoted, length, LEAST_QUOTE);
}

/// The length of the quoted packet that an error tells in its second byte.
fn quote_length(fixed: &[u8]) -> usize {
    fixed.get(1).map_or(0, |words| usize::from(*words) * 4)
}

/// Some of an error's four bytes that are not used, but for the length that may stand among them.
fn gap(cx: &mut Cx<'_>, fixed: &[u8], from: usize, to: usize) {
    let unused = |cx: &mut Cx<'_>, from: usize, to| {
        if from < to {
            cx.leaf(&UNUSED, fixed.get(from..to).unwrap_or(&[]), 0);
        }
    };
    let length = quote_length(fixed);
    if length == 0 {
        return unused(cx, from, to);
    }
    unused(cx, from, 1);
    let own = fixed.get(1..2).unwrap_or(&[]);
    cx.leaf(&LENGTH, own, length as u64 / 4);
    cx.generated(&LENGTH_BYTES, own, length as u64);
    unused(cx, 2, to);
}

fn routers(cx: &mut Cx<'_>, header: Header, rest: &[u8]) {
    let Some((&[count, size, a, b], mut list)) = rest.split_first_chunk::<4>() else {
        return cx.malformed(rest, Malformed::short(&LIFETIME, 0, 4, rest.len()));
    };
    let at = |from, to| rest.get(from..to).unwrap_or(&[]);
    cx.leaf(&ROUTERS, at(0, 1), count.into());
    cx.leaf(&ENTRY_SIZE, at(1, 2), size.into());
    cx.leaf(&LIFETIME, at(2, 4), u16::from_be_bytes([a, b]).into());
    let size = usize::from(size) * 4;
    // Entries of a later format may be longer; the first two words are known.
    if size < 8 {
        return;
    }
    for _ in 0..count {
        let Some((entry, behind)) = list.split_at_checked(size) else {
            return cx.malformed(list, Malformed::short(&ROUTER, 0, size, list.len()));
        };
        let (router, preference) = entry.split_at(4);
        let number = |bytes: &[u8]| bytes.first_chunk::<4>().map_or(0, |bytes| u32::from_be_bytes(*bytes));
        cx.leaf(&ROUTER, router, number(router).into());
        let own = preference.get(..4).unwrap_or(preference);
        cx.leaf(&PREFERENCE, own, i64::from(number(own) as i32) as u64);
        list = behind;
    }
    if matches!(header.code, 0 | 16) {
        mobile::walk(cx, list);
    }
}

/// What an extended echo message begins with; gives what follows.
fn extended<'b>(cx: &mut Cx<'_>, rest: &'b [u8], flags: &[&'static Field]) -> Option<&'b [u8]> {
    let Some((&[a, b, sequence, bits], behind)) = rest.split_first_chunk::<4>() else {
        cx.malformed(rest, Malformed::short(&ID, 0, 4, rest.len()));
        return None;
    };
    let at = |from, to| rest.get(from..to).unwrap_or(&[]);
    cx.leaf(&ID, at(0, 2), u16::from_be_bytes([a, b]).into());
    cx.generated(&ID_LE, at(0, 2), u16::from_le_bytes([a, b]).into());
    cx.leaf(&EXTENDED_SEQUENCE, at(2, 3), sequence.into());
    cx.flags(flags, at(3, 4), bits.into());
    Some(behind)
}

fn write_code(item: Item<'_>, out: &mut Out) {
    code::write_code(item, out, code_names);
}

#[cfg(test)]
mod tests;
